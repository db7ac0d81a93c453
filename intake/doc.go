// Package intake is the domain: it links a company to a medium, brings its applicants in, routes
// them to openings, and tells whoever watches. It owns the words, the rules, the changes of state
// and their transactions; graph and jobs are two doors into it.
//
// # Words
//
//	Medium          求人媒体          a site on which people apply
//	MediumAccount   媒体アカウント    the login on a medium, and the state of its link (連携状況)
//	Source                            the adapter through which a medium is read
//	ImportRun       取り込み          one attempt to bring in what is new
//	Candidate       候補者            a person, as first seen
//	InboxEntry      応募情報          one application on the medium, before and after routing
//	RoutingRule     振り分けルール    medium and position name → opening
//	Opening         求人              the company's own; never called a job
//	Application     応募              a candidate's selection (選考状況) for an opening
//	SelectionStep   選考ステップ      where an application stands
//	Member          メンバー          a person of the company, with roles
//	OneTimeLink                       what opens the door once: an invitation (招待), a password's reset
//	Token                             an API token, which opens the door for a member
//	Erasure         消去              the receipt that somebody was erased, in numbers
//	job                               a piece of background work, and nothing else
//
// # The life of an account
//
//	           register                    right              stop
//	UNLINKED ───────────▶ VERIFYING ───────────────▶ LINKED ─────────▶ UNLINKED
//	                       │  │  ▲                     │
//	       refused, no     │  │  │ register again      └─ refused, or no right any more ──▶ AUTH_FAILED
//	       right to see    │  │  └──────────────┐         (down, slow or changed: stays LINKED)
//	                       ▼  ▼ cannot tell     │
//	             AUTH_FAILED  SYSTEM_ERROR ─────┘     stop works from every state but UNLINKED
//
// # What keeps it true
//
// A change of state, its event and its job commit in one transaction. A job only wakes somebody up:
// it carries the account's epoch and the number of the wake-up it was made for, and does nothing
// where either has moved on. Who works on an account holds its lease, renewed each second on the
// database's clock; each page begins with a compare-and-swap on lease, epoch and cursor, so that a
// worker that was frozen, stopped or replaced writes nothing. Locks are taken in one order: rules,
// account, run, people and entries; members, then their tokens and links; the audit log, and the company's
// counters last.
package intake
