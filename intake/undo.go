package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// ActionKind is what somebody did to entries.
type ActionKind string

// The kinds of actions.
const (
	ActionRoute           ActionKind = "ROUTE"
	ActionExclude         ActionKind = "EXCLUDE"
	ActionRestore         ActionKind = "RESTORE"
	ActionRule            ActionKind = "RULE"
	ActionRulesImported   ActionKind = "RULES_IMPORTED"
	ActionOpeningReopened ActionKind = "OPENING_REOPENED"
)

// RoutingAction is something that somebody did to entries at once: by hand, by making or changing a rule, by
// reopening an opening. It names nobody who applied.
type RoutingAction struct {
	ID       uuid.UUID
	Kind     ActionKind
	MemberID uuid.UUID
	// RuleID and RuleRevision are of the rule whose first sweep it was; the rule may be gone.
	RuleID       *uuid.UUID
	RuleRevision *int
	// OpeningID is where the entries went.
	OpeningID  *uuid.UUID
	At         time.Time
	EntryCount int
	// Undoable: it was not undone yet, and lately enough done.
	Undoable      bool
	UndoableUntil time.Time
	UndoneAt      *time.Time
	UndoneBy      *uuid.UUID
}

// Undone reports whether it was undone.
func (a RoutingAction) Undone() bool { return a.UndoneAt != nil }

// RoutingUndone is what came of undoing an action.
type RoutingUndone struct {
	Action RoutingAction
	// UndoneCount is how many entries are back where they were.
	UndoneCount int
	// RefusedCount is how many are not, those who were erased since apart; Refused are the first of them.
	RefusedCount int
	Refused      []Refusal
	ErasedCount  int
}

const (
	// undoWithin is how long an action, or a merge, can be undone.
	undoWithin = 15 * time.Minute
	// maxRefused is how many refusals are told one by one: a rule may have routed a hundred thousand.
	maxRefused = 500
)

// noteAction writes an action on so many entries down. The decisions made by it bear its id.
func noteAction(ctx context.Context, q *dbgen.Queries, actor Actor, p dbgen.InsertRoutingActionParams, entries int) (*RoutingAction, error) {
	p.CompanyID, p.MemberID, p.Entries = actor.Company.ID, actor.Member.ID, int32(entries) //nolint:gosec // fewer than there are people
	row, err := q.InsertRoutingAction(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("note action: %w", err)
	}
	action := routingAction(row, true)
	return &action, nil
}

// UndoRouting takes an action back within 15 minutes, once: each entry whose latest decision is still of this action
// and whose selection has not begun goes back to where it was. Nothing is deleted: the application stays with the
// outcome ROUTING_UNDONE. It routes nobody: where a rule would, the entry waits until that rule is another. (Who restores
// an entry wants it to go on; who undoes takes a mistake back, and nothing new is to come of that.)
// UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) UndoRouting(ctx context.Context, actor Actor, id uuid.UUID) (RoutingUndone, error) {
	var out RoutingUndone
	err := s.change(ctx, actor, recruiting, "undo routing", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		out = RoutingUndone{}
		if err := q.AllowTime(ctx); err != nil {
			return fmt.Errorf("allow time: %w", err)
		}
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		action, err := lockAction(ctx, q, actor, id)
		if err != nil {
			return err
		}
		able, err := out.sort(ctx, q, actor, action)
		if err != nil {
			return err
		}
		to := undoneTo(action.Kind)
		var told events
		if len(able) > 0 {
			if err := takeBack(ctx, q, &told, actor, able, to); err != nil {
				return err
			}
		}
		row, err := q.EndRoutingAction(ctx, dbgen.EndRoutingActionParams{CompanyID: actor.Company.ID, ID: id, MemberID: &actor.Member.ID})
		if err != nil {
			return fmt.Errorf("end action: %w", err)
		}
		out.Action, out.UndoneCount = routingAction(row, false), len(able)
		err = audit(ctx, q, actor, AuditRoutingUndone, &id, map[string]any{
			"kind": action.Kind, "count": out.UndoneCount, "refused": out.RefusedCount, "erased": out.ErasedCount,
		})
		if err != nil {
			return err
		}
		told.inboxMoved(actor.Company.ID, movedBack(able, to))
		return told.append(ctx, q)
	})
	return out, err
}

func lockAction(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID) (RoutingAction, error) {
	row, err := q.LockRoutingAction(ctx, dbgen.LockRoutingActionParams{CompanyID: actor.Company.ID, ID: id, UndoWithin: undoWithin})
	switch {
	case db.IsNoRows(err):
		return RoutingAction{}, notFound("id")
	case err != nil:
		return RoutingAction{}, fmt.Errorf("lock action: %w", err)
	}
	action := routingAction(row.RoutingAction, row.Undoable)
	if why := action.whyNotUndo(); why != nil {
		return RoutingAction{}, refuse(CodeInvalidState, *why, "id")
	}
	return action, nil
}

var (
	textActionUndone  = Text{"この操作はすでに取り消されています。", "This has been undone already."}
	textActionTooLate = Text{"取り消せるのは操作から15分以内です。", "This can be undone for 15 minutes only."}
)

// whyNotUndo says why an action cannot be undone, or nil.
func (a RoutingAction) whyNotUndo() *Text {
	switch {
	case a.UndoneAt != nil:
		return &textActionUndone
	case !a.Undoable:
		return &textActionTooLate
	}
	return nil
}

// UndoAction is something that can be done to what can be taken back.
type UndoAction string

// ActionUndo is the only one.
const ActionUndo UndoAction = "UNDO"

// UndoActionState says whether something can be taken back now.
type UndoActionState struct {
	Action UndoAction
	// Until is when it is too late, or was.
	Until time.Time
	Possible
}

// AvailableActions says whether the action can be undone now, and by the actor.
func (a RoutingAction) AvailableActions(actor Actor) []UndoActionState {
	return []UndoActionState{{ActionUndo, a.UndoableUntil, actor.forThose(recruiting, textForRecruiting, a.whyNotUndo())}}
}

// undoneTo is the state in which an action found its entries.
func undoneTo(kind ActionKind) RoutingState {
	if kind == ActionRestore {
		return StateExcluded
	}
	return StateWaiting
}

// sort locks the entries of an action with their applications, parts those that can go back from those that cannot,
// and says why.
func (u *RoutingUndone) sort(ctx context.Context, q *dbgen.Queries, actor Actor, action RoutingAction) ([]dbgen.LockEntriesOfActionRow, error) {
	entries, err := q.LockEntriesOfAction(ctx, dbgen.LockEntriesOfActionParams{CompanyID: actor.Company.ID, ActionID: action.ID})
	if err != nil {
		return nil, fmt.Errorf("lock entries: %w", err)
	}
	ids := mapRows(entries, func(e dbgen.LockEntriesOfActionRow) uuid.UUID { return e.ID })
	live, err := q.LockApplicationsOfEntries(ctx, dbgen.LockApplicationsOfEntriesParams{CompanyID: actor.Company.ID, EntryIds: ids})
	if err != nil {
		return nil, fmt.Errorf("lock applications: %w", err)
	}
	applications := byID(live, func(a dbgen.Application) uuid.UUID { return *a.EntryID })
	u.Refused, u.ErasedCount = []Refusal{}, action.EntryCount-len(entries)
	var able []dbgen.LockEntriesOfActionRow
	for _, e := range entries {
		var why *Text
		if e.ActionID == nil || *e.ActionID != action.ID {
			why = &Text{"その後、別の操作が行われています。", "Somebody has decided on it again since."}
		} else if a, routed := applications[e.ID]; routed {
			why = begun(a, e)
		}
		if why == nil {
			able = append(able, e)
			continue
		}
		u.RefusedCount++
		if len(u.Refused) < maxRefused {
			u.Refused = append(u.Refused, Refusal{e.ID, CodeInvalidState, *why})
		}
	}
	return able, nil
}

// begun says what has been done with an application since it was opened; nil: nothing.
func begun(a dbgen.Application, e dbgen.LockEntriesOfActionRow) *Text {
	switch {
	case a.Outcome != string(OutcomeInProgress):
		return &Text{"選考が終了しています。", "Its selection has ended."}
	case e.OpeningID == nil || a.OpeningID != *e.OpeningID:
		return &Text{"別の求人に移されています。", "It was moved to another opening."}
	case a.Revision > 1:
		return &Text{"選考が始まっています。", "Its selection has begun."}
	}
	return nil
}

func takeBack(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, entries []dbgen.LockEntriesOfActionRow, to RoutingState) error {
	taken, err := q.TakeBack(ctx, dbgen.TakeBackParams{
		CompanyID: actor.Company.ID, MemberID: &actor.Member.ID, State: string(to),
		Ids: mapRows(entries, func(e dbgen.LockEntriesOfActionRow) uuid.UUID { return e.ID }),
	})
	if err != nil {
		return fmt.Errorf("take back: %w", err)
	}
	told.selectionChanged(actor.Company.ID, SelectionUnrouted, taken.ApplicationIds, taken.ApplicationOpenings)
	return warnFull(ctx, q, told, actor.Company.ID, inOrder(taken.ApplicationOpenings))
}

func movedBack(entries []dbgen.LockEntriesOfActionRow, to RoutingState) inboxMove {
	var m inboxMove
	for _, e := range entries {
		m.from(RoutingState(e.State))
		m.to(to)
	}
	return m
}

// RoutingActions returns what was done to entries, the latest first.
func (s *Service) RoutingActions(ctx context.Context, actor Actor, page Keyset) ([]RoutingAction, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).RoutingActions(ctx, dbgen.RoutingActionsParams{
		CompanyID: actor.Company.ID, UndoWithin: undoWithin, After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read actions: %w", err)
	}
	return mapRows(rows, func(r dbgen.RoutingActionsRow) RoutingAction { return routingAction(r.RoutingAction, r.Undoable) }), nil
}

// CountRoutingActions counts what RoutingActions would return in all.
func (s *Service) CountRoutingActions(ctx context.Context, actor Actor) (int, error) {
	n, err := s.as(actor, recruiting).CountRoutingActions(ctx, actor.Company.ID)
	return int(n), wrap("count actions", err)
}

// RoutingActionsByID returns the actions among ids, by id.
func (s *Service) RoutingActionsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]RoutingAction, error) {
	rows, err := s.as(actor, recruiting).RoutingActionsByID(ctx, dbgen.RoutingActionsByIDParams{
		CompanyID: actor.Company.ID, UndoWithin: undoWithin, Ids: ids,
	})
	if err != nil {
		return nil, fmt.Errorf("read actions: %w", err)
	}
	actions := mapRows(rows, func(r dbgen.RoutingActionsByIDRow) RoutingAction { return routingAction(r.RoutingAction, r.Undoable) })
	return byID(actions, func(a RoutingAction) uuid.UUID { return a.ID }), nil
}

// FirstSweep is what a rule did when it came to be as it now is. ErrNotFound where it routed nobody.
func (s *Service) FirstSweep(ctx context.Context, actor Actor, rule RoutingRule) (RoutingAction, error) {
	id, err := s.as(actor, recruiting).ActionOfRule(ctx, dbgen.ActionOfRuleParams{
		CompanyID: actor.Company.ID, RuleID: rule.ID, RuleRevision: int32(rule.Revision), //nolint:gosec // it came out of one
	})
	if db.IsNoRows(err) {
		return RoutingAction{}, ErrNotFound
	}
	if err != nil {
		return RoutingAction{}, fmt.Errorf("look for the rule's first sweep: %w", err)
	}
	actions, err := s.RoutingActionsByID(ctx, actor, []uuid.UUID{id})
	return one(actions, id, err)
}

func routingAction(r dbgen.RoutingAction, undoable bool) RoutingAction {
	a := RoutingAction{
		ID: r.ID, Kind: ActionKind(r.Kind), MemberID: r.MemberID, RuleID: r.RuleID, OpeningID: r.OpeningID, At: r.At,
		EntryCount: int(r.Entries), Undoable: undoable, UndoableUntil: r.At.Add(undoWithin), UndoneAt: r.UndoneAt, UndoneBy: r.UndoneBy,
	}
	if r.RuleRevision != nil {
		n := int(*r.RuleRevision)
		a.RuleRevision = &n
	}
	return a
}
