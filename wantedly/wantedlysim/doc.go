// Package wantedlysim plays Wantedly's site, as far as the connector needs it, over HTTP. It knows
// nothing of the rest of this project, so that it can tell when the connector and it disagree.
//
// # Accounts
//
// The password is "password" for everybody. What happens is told by the first word ([a-z]+) of the
// e-mail address, so that ok@…, ok-2@… and ok+acme@… are three accounts that behave alike. Every
// word that is not in the table behaves like ok. Each e-mail domain is one company: its accounts see
// the same tickets.
//
//	ok          signs in; tickets are there, new ones arrive when a rate is set
//	noperm      signs in, then 403 on every path of the hiring pages
//	twofactor   is sent to a second step after the password
//	locked      is sent to the page of a locked account
//	captcha     is sent to a challenge
//	slow        every answer takes Options.SlowDelay
//	flaky       every third answer is a 503, by turns with and without Retry-After: 1
//	down        503, always
//	ratelimit   429 with Options.RetryAfter, always
//	drift       after the first import fields have other names, and a sign-in page asked for with
//	            a cookie of this account has no token
//	garbage     the hiring API answers, in turn, with HTML, cut-off JSON, a 50 MB body, wrong types
//	expire      the session dies once: at the first look past page 1 or at its eighth answer
//	changed     after the first import the session is dead and the password is refused
//	partial     a 担当 account: a third of the numbers is not listed and answers 404 or 403
//	big         a company of its own (one for each domain) with 10,000 tickets
//
// Only the sign-in page does not know who asks, and is the same for everybody.
//
// "After the first import" is: from the third time on that the account asks for page 1 of its
// tickets (the first is the verification, the second the first import), or when the control API
// says so.
//
// # Paths
//
//	GET  /signin_or_signup                           the form, its token and a session cookie
//	POST /user/sign_in                               422 without a valid token and cookie
//	GET  /api/internal/enterprise/tickets            state=pending, sort_type=number_reverse, page
//	GET  /api/internal/enterprise/tickets/{number}
//	GET  /api/internal/enterprise/users/{id}         candidacy_id must be one of that person's
//	GET  /api/v1/projects                            q, page; public
//	GET  /enterprise/tickets/{number}                what a person sees
//	GET  /                                           says who does what
//
// Answers hold e-mail addresses (…@mail.invalid), ages, messages and comments (both with
// "秘密のメッセージ"), as the real site's may, so that a test can prove that none of them comes in.
// Applicants, companies and dates are made up from Options.Seed, the same each time.
//
// # Control
//
// With Options.Control on, JSON over HTTP below /_control; without it these paths are 404. The same
// is there as methods of Server. Durations are Go's ("1500ms"), times RFC 3339; a field that is
// absent changes nothing.
//
//	POST   /_control/tickets           {domain, position, name, kind, at, count} → {numbers}
//	POST   /_control/tickets/handle    {domain, number}            moves a ticket out of pending
//	GET    /_control/tickets           ?domain=&from=&limit=       what a perfect importer would know
//	GET    /_control/profile           ?domain=&number=            what the person behind a ticket tells of themselves
//	POST   /_control/postings/rename   {domain, from, to}
//	POST   /_control/arrivals          {domain, every}             "0s" stops; no domain: all of them
//	POST   /_control/latency           {email, delay}              no email: every answer
//	POST   /_control/accounts          {email, persona, password, imported}
//	POST   /_control/sessions/expire   {email}                     no email: every session
//	POST   /_control/site              {refusal, signedOut, token, pageIgnored, listingKept, without,
//	                                    extra, formAction, listEmptied}
//	POST   /_control/faults            {email, faults}             no email: for everybody; see Fault
//	GET    /_control/faults            ?email=                     and how often each was played
//	GET    /_control/poisoned          ?email=                     what "poison" makes unreadable
//	GET    /_control/journal           ?email=                     what an account asked for
//	DELETE /_control/journal           ?email=                     starts counting anew
//	GET    /_control/ledger            ?after=                     every answer with Options.Ledger, a line each
//
// kind is APPLIED or SCOUT_REPLIED. refusal says how a wrong password is answered: "401", "form" (the
// form again, 200) or "redirect" (to the form). signedOut says how a dead session is answered on an
// API path: "401", "redirect" or "form". token false takes the token off every sign-in page.
// listingKept leaves the listing of drift as it was: only its tickets and people change. The next are
// changes that everybody sees and that hurt nobody at once: without leaves fields out of every profile
// (["introduction"]), extra adds one to tickets and profiles, formAction sends the sign-in form elsewhere
// than it is taken, and listEmptied lists nothing while telling how much there is.
package wantedlysim
