package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

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

// InboxFilter narrows the inbox; nil means any.
type InboxFilter struct {
	State        *RoutingState
	Medium       *Medium
	PositionName *string
	RunID        *uuid.UUID
	// OpeningID is where the routing sent it; the application may have moved on since.
	OpeningID     *uuid.UUID
	WaitingReason *WaitingReason
	// AppliedSince and ImportedSince are the first instants that count.
	AppliedSince, ImportedSince *time.Time
	// Search finds candidates, see Candidates, or names of positions.
	Search       *string
	FileImportID *uuid.UUID
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
	var rows []dbgen.InboxEntry
	err = s.look(ctx, actor, f.Search, "search inbox", func(q *dbgen.Queries) (err error) {
		rows, err = q.InboxEntries(ctx, dbgen.InboxEntriesParams{
			CompanyID: actor.Company.ID, State: (*string)(f.State), Medium: (*string)(f.Medium),
			NormalizedPositionName: f.normalized(), RunID: f.RunID, FileImportID: f.FileImportID,
			OpeningID: f.OpeningID, WaitingReason: (*string)(f.WaitingReason), AppliedSince: f.AppliedSince, ImportedSince: f.ImportedSince,
			AfterAt: at, AfterID: id, MaxRows: page.maxRows(),
		})
		return wrap("read inbox", err)
	}, func(ctx context.Context, found *finder) error {
		ids, err := found.entries(ctx, f, at, id, page.maxRows())
		if err != nil {
			return err
		}
		read, err := found.q.InboxEntriesByID(ctx, dbgen.InboxEntriesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
		rows = sorted(ids, byID(read, func(e dbgen.InboxEntry) uuid.UUID { return e.ID }))
		return wrap("read inbox", err)
	})
	return mapRows(rows, inboxEntry), err
}

// CountInbox counts what Inbox would return in all; with a search, up to MaxSearchCounted.
func (s *Service) CountInbox(ctx context.Context, actor Actor, f InboxFilter) (int, error) {
	var n int
	err := s.look(ctx, actor, f.Search, "count inbox found", func(q *dbgen.Queries) error {
		all, err := q.CountInboxEntries(ctx, dbgen.CountInboxEntriesParams{
			CompanyID: actor.Company.ID, State: (*string)(f.State), Medium: (*string)(f.Medium),
			NormalizedPositionName: f.normalized(), RunID: f.RunID, FileImportID: f.FileImportID,
			OpeningID: f.OpeningID, WaitingReason: (*string)(f.WaitingReason), AppliedSince: f.AppliedSince, ImportedSince: f.ImportedSince,
		})
		n = int(all)
		return wrap("count inbox", err)
	}, func(ctx context.Context, found *finder) error {
		ids, err := found.entries(ctx, f, nil, nil, MaxSearchCounted)
		n = len(ids)
		return err
	})
	return n, err
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
	// RuleID is the rule that there is for it all the same: its opening is closed, or its routing was taken back.
	RuleID *uuid.UUID
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
			Count: int(r.Waiting), OldestAppliedAt: r.OldestAppliedAt, RuleID: r.RuleID, ClosedOpeningID: r.ClosedOpeningID,
		}
	}), nil
}

// InboxSummary is the inbox in numbers, at one instant.
type InboxSummary struct {
	Waiting, Routed, Excluded int
	// The oldest of those that wait; nil where nothing does.
	OldestWaitingAt, OldestWaitingImportedAt *time.Time
	// ByMedium has those media of which anything waits.
	ByMedium []InboxMediumSummary
}

// InboxMediumSummary is what waits of one medium.
type InboxMediumSummary struct {
	Medium                                   Medium
	Waiting                                  int
	OldestWaitingAt, OldestWaitingImportedAt time.Time
}

// InboxSummary tells the inbox's figures.
func (s *Service) InboxSummary(ctx context.Context, actor Actor) (InboxSummary, error) {
	rows, err := s.as(actor, recruiting).InboxSummary(ctx, actor.Company.ID)
	if err != nil {
		return InboxSummary{}, fmt.Errorf("read the inbox's figures: %w", err)
	}
	sum := InboxSummary{ByMedium: []InboxMediumSummary{}}
	for _, r := range rows {
		sum.Waiting, sum.Routed, sum.Excluded = int(r.Waiting), int(r.Routed), int(r.Excluded)
		if r.WaitingOfMedium == 0 {
			continue
		}
		sum.ByMedium = append(sum.ByMedium, InboxMediumSummary{Medium(r.Medium), int(r.WaitingOfMedium), r.OldestAppliedAt, r.OldestImportedAt})
		sum.OldestWaitingAt = earlier(sum.OldestWaitingAt, r.OldestAppliedAt)
		sum.OldestWaitingImportedAt = earlier(sum.OldestWaitingImportedAt, r.OldestImportedAt)
	}
	return sum, nil
}

func earlier(a *time.Time, b time.Time) *time.Time {
	if a != nil && a.Before(b) {
		return a
	}
	return &b
}

// RouteEntry routes one waiting entry by hand. UserErrors: NOT_FOUND, INVALID_STATE when the entry
// does not wait or the opening is closed.
func (s *Service) RouteEntry(ctx context.Context, actor Actor, id, openingID uuid.UUID) (InboxEntry, error) {
	return s.decideOne(ctx, actor, id, routingTo(openingID))
}

// ExcludeEntry sets one waiting entry aside (対象外). UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) ExcludeEntry(ctx context.Context, actor Actor, id uuid.UUID) (InboxEntry, error) {
	return s.decideOne(ctx, actor, id, excluding)
}

// RestoreEntry takes an excluded entry back. Where a rule fits by now, it is routed at once.
// UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) RestoreEntry(ctx context.Context, actor Actor, id uuid.UUID) (InboxEntry, error) {
	return s.decideOne(ctx, actor, id, restoring)
}

// EntriesByCandidate returns each person's entries, the latest first: those of whoever was merged with them too.
func (s *Service) EntriesByCandidate(ctx context.Context, actor Actor, candidateIDs []uuid.UUID) (map[uuid.UUID][]InboxEntry, error) {
	rows, err := s.as(actor, recruiting).EntriesByCandidate(ctx, dbgen.EntriesByCandidateParams{CompanyID: actor.Company.ID, CandidateIds: candidateIDs})
	if err != nil {
		return nil, fmt.Errorf("read entries: %w", err)
	}
	found := make(map[uuid.UUID][]InboxEntry)
	for _, r := range rows {
		found[r.Asked] = append(found[r.Asked], inboxEntry(r.InboxEntry))
	}
	return found, nil
}

func inboxEntry(r dbgen.InboxEntry) InboxEntry {
	e := InboxEntry{
		ID: r.ID, Medium: Medium(r.Medium), AccountID: r.AccountID, Kind: EntryKind(r.Kind),
		PositionName: r.PositionName, NormalizedPositionName: r.NormalizedPositionName, CandidateID: r.CandidateID,
		ExternalURL: r.ExternalUrl, AppliedAt: r.AppliedAt, ImportedAt: r.ImportedAt, State: RoutingState(r.State),
	}
	e.Explanation = explanation(dbgen.RoutingDecision{
		At: r.DecidedAt, State: r.State, DecidedBy: r.DecidedBy, MemberID: r.MemberID, RuleID: r.RuleID, RuleRevision: r.RuleRevision,
		RulePositionName: r.RulePositionName, OpeningID: r.OpeningID, WaitingReason: r.WaitingReason, Considered: r.Considered,
		ActionID: r.ActionID,
	}, r.PositionName, r.NormalizedPositionName)
	return e
}
