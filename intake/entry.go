package intake

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// RoutingState says where an entry has come to.
type RoutingState string

// The states of an entry: 振り分け済み, 滞留, 対象外.
const (
	StateRouted   RoutingState = "ROUTED"
	StateWaiting  RoutingState = "WAITING"
	StateExcluded RoutingState = "EXCLUDED"
)

// InboxEntry is one application on a medium (応募情報), before and after routing.
type InboxEntry struct {
	ID                     uuid.UUID
	Medium                 Medium
	AccountID              *uuid.UUID
	Kind                   EntryKind
	PositionName           string
	NormalizedPositionName string
	CandidateID            uuid.UUID
	ExternalURL            *string
	AppliedAt              time.Time
	ImportedAt             time.Time
	State                  RoutingState
	Explanation            RoutingExplanation
}

// Decider is who or what made a decision.
type Decider string

// The deciders. SYSTEM: nothing decided yet, so it waits.
const (
	DecidedByRule   Decider = "RULE"
	DecidedByMember Decider = "MEMBER"
	DecidedBySystem Decider = "SYSTEM"
)

// RoutingExplanation says why an entry went where it went, or why it waits. It names the rule as it
// then stood, and stays when the rule changes or goes.
type RoutingExplanation struct {
	State            RoutingState
	Decider          Decider
	DecidedAt        time.Time
	MemberID         *uuid.UUID
	RuleID           *uuid.UUID
	RuleRevision     *int
	RulePositionName *string
	// OpeningClosed: a rule fits, but its opening takes nobody at present.
	OpeningClosed bool
	PositionName  string
}

// DecidedBy names the decider; member is the name of the one in MemberID, if any.
func (x RoutingExplanation) DecidedBy(member string) Text {
	switch x.Decider {
	case DecidedByRule:
		return Text{"振り分けルール", "Routing rule"}
	case DecidedByMember:
		return Text{member, member}
	case DecidedBySystem:
	}
	return Text{"システム", "System"}
}

// Summary explains in a sentence.
func (x RoutingExplanation) Summary(member string) Text {
	switch {
	case x.State == StateRouted && x.Decider == DecidedByRule:
		return Text{
			fmt.Sprintf("募集ポジション名「%s」が振り分けルール「%s」（第%d版）に一致したため、自動で振り分けました。", x.PositionName, *x.RulePositionName, *x.RuleRevision),
			fmt.Sprintf("The position name “%s” matched the rule “%s” (revision %d), so it was routed on its own.", x.PositionName, *x.RulePositionName, *x.RuleRevision),
		}
	case x.State == StateRouted:
		return Text{fmt.Sprintf("%sさんが手動で振り分けました。", member), fmt.Sprintf("Routed by hand by %s.", member)}
	case x.State == StateExcluded:
		return Text{fmt.Sprintf("%sさんが対象外にしました。", member), fmt.Sprintf("Excluded by %s.", member)}
	case x.OpeningClosed:
		return Text{
			fmt.Sprintf("募集ポジション名「%s」に一致する振り分けルールがありますが、振り分け先の求人が終了しているため、待機しています。", x.PositionName),
			fmt.Sprintf("A rule matches the position name “%s”, but its opening is closed, so this waits.", x.PositionName),
		}
	}
	return Text{
		fmt.Sprintf("募集ポジション名「%s」に一致する振り分けルールがないため、待機しています。", x.PositionName),
		fmt.Sprintf("No rule matches the position name “%s”, so this waits.", x.PositionName),
	}
}

// InboxFilter narrows the inbox; nil means any.
type InboxFilter struct {
	State        *RoutingState
	Medium       *Medium
	PositionName *string
	RunID        *uuid.UUID
}

func (f InboxFilter) normalized() *string {
	if f.PositionName == nil {
		return nil
	}
	n := NormalizePositionName(*f.PositionName)
	return &n
}

// Inbox returns entries, the latest application first.
func (s *Service) Inbox(ctx context.Context, actor Actor, f InboxFilter, page Keyset) ([]InboxEntry, error) {
	at, id, err := page.place()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).InboxEntries(ctx, dbgen.InboxEntriesParams{
		CompanyID: actor.Company.ID, State: (*string)(f.State), Medium: (*string)(f.Medium),
		NormalizedPositionName: f.normalized(), RunID: f.RunID, AfterAt: at, AfterID: id, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read inbox: %w", err)
	}
	return mapRows(rows, inboxEntry), nil
}

// CountInbox counts what Inbox would return in all.
func (s *Service) CountInbox(ctx context.Context, actor Actor, f InboxFilter) (int, error) {
	n, err := s.as(actor, recruiting).CountInboxEntries(ctx, dbgen.CountInboxEntriesParams{
		CompanyID: actor.Company.ID, State: (*string)(f.State), Medium: (*string)(f.Medium),
		NormalizedPositionName: f.normalized(), RunID: f.RunID,
	})
	return int(n), wrap("count inbox", err)
}

// InboxEntriesByID returns the entries among ids, by id.
func (s *Service) InboxEntriesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]InboxEntry, error) {
	rows, err := s.as(actor, recruiting).InboxEntriesByID(ctx, dbgen.InboxEntriesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	return byID(mapRows(rows, inboxEntry), func(e InboxEntry) uuid.UUID { return e.ID }), nil
}

// WaitingPosition is what waits under one position name.
type WaitingPosition struct {
	Medium       Medium
	PositionName string
	// NormalizedPositionName is what is compared.
	NormalizedPositionName string
	Count                  int
	OldestAppliedAt        time.Time
	// ClosedOpeningID is the opening that its rule leads to, which is closed.
	ClosedOpeningID *uuid.UUID
}

// Key is what its suggestions are found by.
func (w WaitingPosition) Key() PositionKey { return PositionKey{w.Medium, w.NormalizedPositionName} }

// WaitingPositions returns the positions under which entries wait, those with the most first.
func (s *Service) WaitingPositions(ctx context.Context, actor Actor, first int) ([]WaitingPosition, error) {
	rows, err := s.as(actor, recruiting).WaitingPositions(ctx, dbgen.WaitingPositionsParams{
		CompanyID: actor.Company.ID, MaxRows: int32(max(0, min(first, MaxPage))),
	})
	if err != nil {
		return nil, fmt.Errorf("read waiting positions: %w", err)
	}
	return mapRows(rows, func(r dbgen.WaitingPositionsRow) WaitingPosition {
		return WaitingPosition{
			Medium: Medium(r.Medium), PositionName: r.PositionName, NormalizedPositionName: r.NormalizedPositionName,
			Count: int(r.Waiting), OldestAppliedAt: r.OldestAppliedAt, ClosedOpeningID: r.ClosedOpeningID,
		}
	}), nil
}

// RouteEntry routes one waiting entry by hand. UserErrors: NOT_FOUND, INVALID_STATE when the entry
// does not wait or the opening is closed.
func (s *Service) RouteEntry(ctx context.Context, actor Actor, id, openingID uuid.UUID) (InboxEntry, error) {
	detail := map[string]any{"opening": openingID}
	return s.changeEntry(ctx, actor, id, AuditEntryRouted, detail, func(q *dbgen.Queries, e dbgen.InboxEntry) error {
		opening, err := q.ShareOpening(ctx, dbgen.ShareOpeningParams{CompanyID: actor.Company.ID, ID: openingID})
		if db.IsNoRows(err) {
			return notFound("openingId")
		}
		if err != nil {
			return fmt.Errorf("look up opening: %w", err)
		}
		if opening.Status != string(OpeningOpen) {
			return refuse(CodeInvalidState, textOpeningClosed, "openingId")
		}
		n, err := q.RouteByHand(ctx, dbgen.RouteByHandParams{CompanyID: actor.Company.ID, ID: id, MemberID: &actor.Member.ID, OpeningID: &openingID})
		if err != nil {
			return fmt.Errorf("route entry: %w", err)
		}
		if n == 0 {
			return refuse(CodeInvalidState, Text{"待機中の応募情報だけを振り分けられます。", "Only an entry that waits can be routed."}, "id")
		}
		if _, err := q.InsertApplication(ctx, dbgen.InsertApplicationParams{
			CompanyID: actor.Company.ID, CandidateID: e.CandidateID, OpeningID: openingID, EntryID: &id,
			AppliedAt: e.AppliedAt, MemberID: &actor.Member.ID,
		}); err != nil {
			return fmt.Errorf("open application: %w", err)
		}
		return nil
	})
}

// ExcludeEntry sets one waiting entry aside (対象外). UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) ExcludeEntry(ctx context.Context, actor Actor, id uuid.UUID) (InboxEntry, error) {
	return s.changeEntry(ctx, actor, id, AuditEntryExcluded, nil, func(q *dbgen.Queries, _ dbgen.InboxEntry) error {
		n, err := q.ExcludeEntry(ctx, dbgen.ExcludeEntryParams{CompanyID: actor.Company.ID, ID: id, MemberID: &actor.Member.ID})
		if err == nil && n == 0 {
			return refuse(CodeInvalidState, Text{"待機中の応募情報だけを対象外にできます。", "Only an entry that waits can be excluded."}, "id")
		}
		return wrap("exclude entry", err)
	})
}

// RestoreEntry takes an excluded entry back. Where a rule fits by now, it is routed at once.
// UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) RestoreEntry(ctx context.Context, actor Actor, id uuid.UUID) (InboxEntry, error) {
	return s.changeEntry(ctx, actor, id, AuditEntryRestored, nil, func(q *dbgen.Queries, e dbgen.InboxEntry) error {
		near, err := considerOne(ctx, q, actor.Company.ID, e.Medium, e.NormalizedPositionName)
		if err != nil {
			return err
		}
		n, err := q.RestoreEntry(ctx, dbgen.RestoreEntryParams{CompanyID: actor.Company.ID, ID: id, MemberID: &actor.Member.ID, Considered: near})
		if err == nil && n == 0 {
			return refuse(CodeInvalidState, Text{"対象外の応募情報だけを元に戻せます。", "Only an excluded entry can be restored."}, "id")
		}
		if err != nil {
			return fmt.Errorf("restore entry: %w", err)
		}
		_, err = sweep(ctx, q, dbgen.RouteWaitingParams{CompanyID: actor.Company.ID, EntryID: &id})
		return err
	})
}

// changeEntry changes one entry, with the company's rules standing still, and tells of it. The audit log
// gets detail and the entry's states.
func (s *Service) changeEntry(ctx context.Context, actor Actor, id uuid.UUID, action AuditAction, detail map[string]any, change func(*dbgen.Queries, dbgen.InboxEntry) error) (InboxEntry, error) {
	var entry InboxEntry
	err := s.change(ctx, actor, recruiting, func(_ pgx.Tx, q *dbgen.Queries) error {
		if err := q.ShareRules(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		key := dbgen.LockEntryParams{CompanyID: actor.Company.ID, ID: id}
		before, err := q.LockEntry(ctx, key)
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock entry: %w", err)
		}
		if err := change(q, before); err != nil {
			return err
		}
		after, err := q.LockEntry(ctx, key)
		if err != nil {
			return fmt.Errorf("read entry: %w", err)
		}
		entry = inboxEntry(after)
		states := map[string]any{"from": before.State, "state": after.State}
		maps.Copy(states, detail)
		if err := audit(ctx, q, actor, action, &id, states); err != nil {
			return err
		}
		var told events
		told.inboxChanged(actor.Company.ID,
			delta(before.State, after.State, StateWaiting), delta(before.State, after.State, StateRouted))
		return told.append(ctx, q)
	})
	return entry, err
}

// delta is by how much the number of entries in a state changes when one goes from before to after.
func delta(before, after string, state RoutingState) int {
	n := 0
	if after == string(state) {
		n++
	}
	if before == string(state) {
		n--
	}
	return n
}

func inboxEntry(r dbgen.InboxEntry) InboxEntry {
	e := InboxEntry{
		ID: r.ID, Medium: Medium(r.Medium), AccountID: r.AccountID, Kind: EntryKind(r.Kind),
		PositionName: r.PositionName, NormalizedPositionName: r.NormalizedPositionName, CandidateID: r.CandidateID,
		ExternalURL: r.ExternalUrl, AppliedAt: r.AppliedAt, ImportedAt: r.ImportedAt, State: RoutingState(r.State),
	}
	e.Explanation = RoutingExplanation{
		State: e.State, Decider: Decider(r.DecidedBy), DecidedAt: r.DecidedAt, MemberID: r.MemberID,
		RuleID: r.RuleID, RulePositionName: r.RulePositionName, PositionName: r.PositionName,
		OpeningClosed: r.WaitingReason != nil && *r.WaitingReason == waitingForOpening,
	}
	if r.RuleRevision != nil {
		n := int(*r.RuleRevision)
		e.Explanation.RuleRevision = &n
	}
	return e
}

const waitingForOpening = "OPENING_CLOSED"
