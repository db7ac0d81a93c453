package intake

import (
	"bytes"
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// maxDecided is how many entries are decided on at once.
const maxDecided = 500

// Refusal says why nothing was done with one of many things: entries, applications or records.
type Refusal struct {
	ID   uuid.UUID
	Code UserErrorCode
	Text Text
}

// EntriesDecided is what came of deciding on many entries at once.
type EntriesDecided struct {
	// Entries are those that were decided on, as they now are.
	Entries []InboxEntry
	// Refused are the others, in the order in which they were named.
	Refused []Refusal
	// Action can be undone; nil where nothing was done.
	Action *RoutingAction
}

// decidable says on which entries one decides in a way.
type decidable struct {
	// from is the state that an entry must be in.
	from RoutingState
	// refusal says that it is not.
	refusal Text
}

var (
	routable   = decidable{StateWaiting, Text{"滞留中の応募情報だけを振り分けられます。", "Only an entry that waits can be routed."}}
	excludable = decidable{StateWaiting, Text{"滞留中の応募情報だけを対象外にできます。", "Only an entry that waits can be excluded."}}
	restorable = decidable{StateExcluded, Text{"対象外の応募情報だけを元に戻せます。", "Only an excluded entry can be restored."}}
)

// whyNot says why an entry in this state is not decided on, or nil.
func (d decidable) whyNot(state RoutingState) *Text {
	if state != d.from {
		return &d.refusal
	}
	return nil
}

// InboxEntryAction is something that can be done to an entry.
type InboxEntryAction string

// The actions.
const (
	ActionRouteEntry   InboxEntryAction = "ROUTE"
	ActionExcludeEntry InboxEntryAction = "EXCLUDE"
	ActionRestoreEntry InboxEntryAction = "RESTORE"
)

// InboxEntryActionState says whether an action is possible now.
type InboxEntryActionState struct {
	Action InboxEntryAction
	Possible
}

// AvailableActions lists every action and whether the entry's state, and the actor's roles, allow it.
func (e InboxEntry) AvailableActions(actor Actor) []InboxEntryActionState {
	can := func(d decidable) Possible { return actor.forThose(recruiting, textForRecruiting, d.whyNot(e.State)) }
	return []InboxEntryActionState{
		{ActionRouteEntry, can(routable)}, {ActionExcludeEntry, can(excludable)}, {ActionRestoreEntry, can(restorable)},
	}
}

// deciding is one way to decide on entries by hand.
type deciding struct {
	decidable
	kind ActionKind
	act  Act
	// one and many are what the audit log calls it.
	one, many AuditAction
	openingID *uuid.UUID
	// do decides on entries that are locked and in the state that they must be in, and says which applications it
	// opened; found are all that were named.
	do func(ctx context.Context, q *dbgen.Queries, actor Actor, actionID uuid.UUID, ids []uuid.UUID, found []dbgen.InboxEntry) (newApplications, error)
}

func routingTo(openingID uuid.UUID) deciding {
	return deciding{
		decidable: routable, kind: ActionRoute, act: "route entries", openingID: &openingID, one: AuditEntryRouted, many: AuditEntriesRouted,
		do: func(ctx context.Context, q *dbgen.Queries, actor Actor, actionID uuid.UUID, ids []uuid.UUID, _ []dbgen.InboxEntry) (newApplications, error) {
			routed, err := q.RouteEntries(ctx, dbgen.RouteEntriesParams{
				CompanyID: actor.Company.ID, Ids: ids, MemberID: &actor.Member.ID, OpeningID: openingID, ActionID: &actionID,
			})
			return newApplications{routed.ApplicationIds, routed.ApplicationOpenings}, wrap("route entries", err)
		},
	}
}

var excluding = deciding{
	decidable: excludable, kind: ActionExclude, act: "exclude entries", one: AuditEntryExcluded, many: AuditEntriesExcluded,
	do: func(ctx context.Context, q *dbgen.Queries, actor Actor, actionID uuid.UUID, ids []uuid.UUID, _ []dbgen.InboxEntry) (newApplications, error) {
		_, err := q.ExcludeEntries(ctx, dbgen.ExcludeEntriesParams{
			CompanyID: actor.Company.ID, Ids: ids, MemberID: &actor.Member.ID, ActionID: &actionID,
		})
		return newApplications{}, wrap("exclude entries", err)
	},
}

var restoring = deciding{
	decidable: restorable, kind: ActionRestore, act: "restore entries", one: AuditEntryRestored, many: AuditEntriesRestored,
	do: func(ctx context.Context, q *dbgen.Queries, actor Actor, actionID uuid.UUID, ids []uuid.UUID, found []dbgen.InboxEntry) (newApplications, error) {
		near, err := considerEntries(ctx, q, actor.Company.ID, found)
		if err != nil {
			return newApplications{}, err
		}
		if _, err := q.RestoreEntries(ctx, dbgen.RestoreEntriesParams{
			CompanyID: actor.Company.ID, Ids: ids, MemberID: &actor.Member.ID, ActionID: &actionID, Considered: near,
		}); err != nil {
			return newApplications{}, fmt.Errorf("restore entries: %w", err)
		}
		return sweep(ctx, q, dbgen.RouteWaitingParams{CompanyID: actor.Company.ID, EntryIds: ids, ActionID: actionID})
	},
}

// RouteEntries routes waiting entries by hand, all that can be, and says of the others why not. UserErrors:
// REQUIRED or TOO_LONG at ids, NOT_FOUND or INVALID_STATE at openingId.
func (s *Service) RouteEntries(ctx context.Context, actor Actor, ids []uuid.UUID, openingID uuid.UUID) (EntriesDecided, error) {
	return s.decideMany(ctx, actor, ids, routingTo(openingID))
}

// ExcludeEntries sets waiting entries aside, all that can be, and says of the others why not. UserErrors: REQUIRED or
// TOO_LONG at ids.
func (s *Service) ExcludeEntries(ctx context.Context, actor Actor, ids []uuid.UUID) (EntriesDecided, error) {
	return s.decideMany(ctx, actor, ids, excluding)
}

// RestoreEntries takes excluded entries back, all that can be, and says of the others why not. Where a rule fits by
// now, an entry is routed at once. UserErrors: REQUIRED or TOO_LONG at ids.
func (s *Service) RestoreEntries(ctx context.Context, actor Actor, ids []uuid.UUID) (EntriesDecided, error) {
	return s.decideMany(ctx, actor, ids, restoring)
}

func (s *Service) decideMany(ctx context.Context, actor Actor, ids []uuid.UUID, d deciding) (EntriesDecided, error) {
	if err := actor.must(recruiting); err != nil {
		return EntriesDecided{}, err
	}
	ids = distinct(ids)
	if err := checkIDs(ids, maxDecided); err != nil {
		return EntriesDecided{}, err
	}
	return s.decide(ctx, actor, ids, d, func(decided EntriesDecided) auditedAction {
		return auditedAction{d.many, decided.Action.ID, map[string]any{"count": len(decided.Entries), "refused": len(decided.Refused)}}
	})
}

// decideOne decides on a single entry; why nothing was done with it is the error.
func (s *Service) decideOne(ctx context.Context, actor Actor, id uuid.UUID, d deciding) (InboxEntry, error) {
	decided, err := s.decide(ctx, actor, []uuid.UUID{id}, d, func(decided EntriesDecided) auditedAction {
		return auditedAction{d.one, id, map[string]any{"from": d.from, "state": decided.Entries[0].State}}
	})
	switch {
	case err != nil:
		return InboxEntry{}, err
	case len(decided.Refused) > 0:
		return InboxEntry{}, refuse(decided.Refused[0].Code, decided.Refused[0].Text, "id")
	}
	return decided.Entries[0], nil
}

// auditedAction is a line of the audit log.
type auditedAction struct {
	action  AuditAction
	subject uuid.UUID
	detail  map[string]any
}

// decide decides on all entries that it can, with the company's rules standing still, and tells of it.
func (s *Service) decide(ctx context.Context, actor Actor, ids []uuid.UUID, d deciding, audited func(EntriesDecided) auditedAction) (EntriesDecided, error) {
	var decided EntriesDecided
	err := s.change(ctx, actor, recruiting, d.act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		decided = EntriesDecided{}
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		before, err := q.LockEntries(ctx, dbgen.LockEntriesParams{CompanyID: actor.Company.ID, Ids: ids})
		if err != nil {
			return fmt.Errorf("lock entries: %w", err)
		}
		var able []uuid.UUID
		able, decided.Refused = d.sort(ids, before)
		if len(able) == 0 {
			return nil
		}
		if err := takesApplications(ctx, q, actor, d.openingID); err != nil {
			return err
		}
		action := newID()
		routed, err := d.do(ctx, q, actor, action, able, before)
		if err != nil {
			return err
		}
		var told events
		if err := tellRouted(ctx, q, &told, actor.Company.ID, routed); err != nil {
			return err
		}
		return s.tellDecided(ctx, q, &told, actor, d, action, able, &decided, audited)
	})
	return decided, err
}

// sort parts those that can be decided on, in the order of their ids, from those that cannot.
func (d deciding) sort(ids []uuid.UUID, found []dbgen.InboxEntry) (able []uuid.UUID, refused []Refusal) {
	states := make(map[uuid.UUID]RoutingState, len(found))
	for _, e := range found {
		states[e.ID] = RoutingState(e.State)
	}
	refused = []Refusal{}
	for _, id := range ids {
		state, known := states[id]
		if !known {
			refused = append(refused, Refusal{id, CodeNotFound, textNotFound})
		} else if why := d.whyNot(state); why != nil {
			refused = append(refused, Refusal{id, CodeInvalidState, *why})
		} else {
			able = append(able, id)
		}
	}
	return slices.SortedFunc(slices.Values(able), func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) }), refused
}

// takesApplications makes sure that an opening, if one is named, is there and open, and stays so.
func takesApplications(ctx context.Context, q *dbgen.Queries, actor Actor, openingID *uuid.UUID) error {
	if openingID == nil {
		return nil
	}
	opening, err := q.ShareOpening(ctx, dbgen.ShareOpeningParams{CompanyID: actor.Company.ID, ID: *openingID})
	switch {
	case db.IsNoRows(err):
		return notFound("openingId")
	case err != nil:
		return fmt.Errorf("look up opening: %w", err)
	case opening.Status != string(OpeningOpen):
		return refuse(CodeInvalidState, textOpeningClosed, "openingId")
	}
	return nil
}

// tellDecided reads what became of the entries, and writes the action, the audit line and the event.
func (s *Service) tellDecided(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, d deciding, actionID uuid.UUID, ids []uuid.UUID, decided *EntriesDecided, audited func(EntriesDecided) auditedAction) error {
	after, err := q.InboxEntriesByID(ctx, dbgen.InboxEntriesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	decided.Entries = mapRows(after, inboxEntry)
	p := dbgen.InsertRoutingActionParams{ID: actionID, Kind: string(d.kind), OpeningID: d.openingID}
	if decided.Action, err = noteAction(ctx, q, actor, p, len(ids)); err != nil {
		return err
	}
	line := audited(*decided)
	if d.openingID != nil {
		line.detail["opening"] = *d.openingID
	}
	if err := audit(ctx, q, actor, line.action, &line.subject, line.detail); err != nil {
		return err
	}
	moved := inboxMove{}
	for _, e := range decided.Entries {
		moved.from(d.from)
		moved.to(e.State)
	}
	told.inboxMoved(actor.Company.ID, moved)
	return told.append(ctx, q)
}

// distinct keeps the first of each.
func distinct(ids []uuid.UUID) []uuid.UUID {
	met := make(map[uuid.UUID]bool, len(ids))
	return slices.DeleteFunc(slices.Clone(ids), func(id uuid.UUID) bool {
		again := met[id]
		met[id] = true
		return again
	})
}

func checkIDs(ids []uuid.UUID, most int) error {
	switch {
	case len(ids) == 0:
		return refuse(CodeRequired, Text{"対象を選んでください。", "Choose at least one."}, "ids")
	case len(ids) > most:
		return refuse(CodeTooLong, Text{fmt.Sprintf("一度に指定できるのは%d件までです。", most), fmt.Sprintf("At most %d at once.", most)}, "ids")
	}
	return nil
}
