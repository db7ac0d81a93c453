package intake

import (
	"context"
	"fmt"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// SelectionOutcome is how a selection stands or ended.
type SelectionOutcome string

// The outcomes: 選考中, 入社, 不合格, 辞退, 重複応募として終了.
const (
	OutcomeInProgress        SelectionOutcome = "IN_PROGRESS"
	OutcomeJoined            SelectionOutcome = "JOINED"
	OutcomeRejected          SelectionOutcome = "REJECTED"
	OutcomeWithdrawn         SelectionOutcome = "WITHDRAWN"
	OutcomeClosedAsDuplicate SelectionOutcome = "CLOSED_AS_DUPLICATE"
	// OutcomeRoutingUndone: it was routed, and that was taken back. It is history, and in no list.
	OutcomeRoutingUndone SelectionOutcome = "ROUTING_UNDONE"
)

// Application is a candidate's selection for an opening (応募).
type Application struct {
	ID          uuid.UUID
	CandidateID uuid.UUID
	OpeningID   uuid.UUID
	EntryID     *uuid.UUID
	StepID      uuid.UUID
	Outcome     SelectionOutcome
	AppliedAt   time.Time
	Revision    int
}

// SelectionEvent is one line of an application's history.
type SelectionEvent struct {
	ApplicationID uuid.UUID
	At            time.Time
	Decider       Decider
	MemberID      *uuid.UUID
	FromStepID    *uuid.UUID
	ToStepID      *uuid.UUID
	Outcome       SelectionOutcome
	Note          *string
}

// By names who did it; member is the name of the one in MemberID, if any.
func (e SelectionEvent) By(member string) Text {
	return RoutingExplanation{Decider: e.Decider}.DecidedBy(member)
}

const maxNote = 5000

// Change says what is done to an application, by whom it was read at which revision, and a note.
type Change struct {
	ID               uuid.UUID
	Note             *string
	ExpectedRevision *int
}

var textNotInProgress = Text{"この応募の選考は終了しています。", "This application's selection has ended."}

// MoveApplication moves an application to another step of its opening. UserErrors: NOT_FOUND,
// INVALID_STATE when its selection has ended, REVISION_CONFLICT.
func (s *Service) MoveApplication(ctx context.Context, actor Actor, c Change, stepID uuid.UUID) (Application, error) {
	return s.changeApplication(ctx, actor, c, AuditApplicationMoved, func(q *dbgen.Queries, a *dbgen.Application) error {
		if a.Outcome != string(OutcomeInProgress) {
			return refuse(CodeInvalidState, textNotInProgress, "id")
		}
		steps, err := q.StepsByOpening(ctx, dbgen.StepsByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: []uuid.UUID{a.OpeningID}})
		if err != nil {
			return fmt.Errorf("read steps: %w", err)
		}
		for _, st := range steps {
			if st.ID == stepID {
				a.StepID = stepID
				return nil
			}
		}
		return notFound("stepId")
	})
}

// CloseApplication ends a selection. UserErrors: NOT_FOUND, INVALID, INVALID_STATE, REVISION_CONFLICT.
func (s *Service) CloseApplication(ctx context.Context, actor Actor, c Change, outcome SelectionOutcome) (Application, error) {
	if err := actor.must(recruiting); err != nil {
		return Application{}, err
	}
	if outcome == OutcomeInProgress || outcome == OutcomeRoutingUndone {
		return Application{}, refuse(CodeInvalid, Text{"終了の結果を選んでください。", "Choose how the selection ends."}, "outcome")
	}
	return s.changeApplication(ctx, actor, c, AuditApplicationClosed, func(_ *dbgen.Queries, a *dbgen.Application) error {
		if a.Outcome != string(OutcomeInProgress) {
			return refuse(CodeInvalidState, textNotInProgress, "id")
		}
		a.Outcome = string(outcome)
		return nil
	})
}

// ReopenApplication takes a selection up again at the step at which it ended.
func (s *Service) ReopenApplication(ctx context.Context, actor Actor, c Change) (Application, error) {
	return s.changeApplication(ctx, actor, c, AuditApplicationReopened, func(_ *dbgen.Queries, a *dbgen.Application) error {
		if a.Outcome == string(OutcomeRoutingUndone) {
			return refuse(CodeInvalidState, Text{"この応募の振り分けは取り消されています。", "This application's routing was taken back."}, "id")
		}
		if a.Outcome == string(OutcomeInProgress) {
			return refuse(CodeInvalidState, Text{"この応募は選考中です。", "This application's selection is under way."}, "id")
		}
		a.Outcome = string(OutcomeInProgress)
		return nil
	})
}

// RerouteApplication moves an application to the first step of another opening; its history stays.
func (s *Service) RerouteApplication(ctx context.Context, actor Actor, c Change, openingID uuid.UUID) (Application, error) {
	return s.changeApplication(ctx, actor, c, AuditApplicationRerouted, func(q *dbgen.Queries, a *dbgen.Application) error {
		if a.Outcome != string(OutcomeInProgress) {
			return refuse(CodeInvalidState, textNotInProgress, "id")
		}
		if a.OpeningID == openingID {
			return refuse(CodeInvalidState, Text{"すでにこの求人の応募です。", "This application is to that opening already."}, "openingId")
		}
		o, err := q.ShareOpening(ctx, dbgen.ShareOpeningParams{CompanyID: actor.Company.ID, ID: openingID})
		if db.IsNoRows(err) {
			return notFound("openingId")
		}
		if err != nil {
			return fmt.Errorf("look up opening: %w", err)
		}
		if o.Status != string(OpeningOpen) {
			return refuse(CodeInvalidState, textOpeningClosed, "openingId")
		}
		steps, err := q.StepsByOpening(ctx, dbgen.StepsByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: []uuid.UUID{openingID}})
		if err != nil {
			return fmt.Errorf("read steps: %w", err)
		}
		a.OpeningID, a.StepID = openingID, steps[0].ID
		return nil
	})
}

// changeApplication locks an application, lets change alter it, and stores it with a line of history and one
// of the audit log.
func (s *Service) changeApplication(ctx context.Context, actor Actor, c Change, action AuditAction, change func(*dbgen.Queries, *dbgen.Application) error) (Application, error) {
	if err := actor.must(recruiting); err != nil {
		return Application{}, err
	}
	if c.Note != nil {
		switch {
		case utf8.RuneCountInString(*c.Note) > maxNote:
			return Application{}, refuse(CodeTooLong, Text{"メモは5000文字までです。", "A note has at most 5,000 characters."}, "note")
		case !storable(*c.Note):
			return Application{}, refuse(CodeInvalid, textBadCharacters, "note")
		}
	}
	sealed, err := s.vault.sealNote(actor.Company.ID, c.ID, c.Note)
	if err != nil {
		return Application{}, err
	}
	var out Application
	err = s.change(ctx, actor, recruiting, func(_ pgx.Tx, q *dbgen.Queries) error {
		// The steps of an opening stand still while somebody moves along them.
		if err := q.ShareRules(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		a, err := q.LockApplication(ctx, dbgen.LockApplicationParams{CompanyID: actor.Company.ID, ID: c.ID})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock application: %w", err)
		}
		if c.ExpectedRevision != nil && *c.ExpectedRevision != int(a.Revision) {
			return revisionConflict()
		}
		from := a
		if err := change(q, &a); err != nil {
			return err
		}
		row, err := q.MoveApplication(ctx, dbgen.MoveApplicationParams{
			CompanyID: actor.Company.ID, ID: c.ID, OpeningID: a.OpeningID, StepID: a.StepID, Outcome: a.Outcome,
			MemberID: &actor.Member.ID, FromStepID: &from.StepID, SealedNote: sealed,
		})
		if err != nil {
			return fmt.Errorf("move application: %w", err)
		}
		out = application(dbgen.Application(row))
		return audit(ctx, q, actor, action, &c.ID, map[string]any{
			"fromOpening": from.OpeningID, "opening": row.OpeningID, "fromStep": from.StepID, "step": row.StepID,
			"fromOutcome": from.Outcome, "outcome": row.Outcome, "revision": row.Revision,
		})
	})
	return out, err
}

// ApplicationFilter narrows the applications; nil means any.
type ApplicationFilter struct {
	OpeningID, StepID *uuid.UUID
	Outcome           *SelectionOutcome
	// Search is looked for within the candidate's name.
	Search *string
}

// Applications returns applications, the latest first.
func (s *Service) Applications(ctx context.Context, actor Actor, f ApplicationFilter, page Keyset) ([]Application, error) {
	at, id, err := page.place()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).Applications(ctx, dbgen.ApplicationsParams{
		CompanyID: actor.Company.ID, OpeningID: f.OpeningID, StepID: f.StepID, Outcome: (*string)(f.Outcome), Search: searched(f.Search),
		AfterAt: at, AfterID: id, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return mapRows(rows, application), nil
}

// CountApplications counts what Applications would return in all.
func (s *Service) CountApplications(ctx context.Context, actor Actor, f ApplicationFilter) (int, error) {
	n, err := s.as(actor, recruiting).CountApplications(ctx, dbgen.CountApplicationsParams{
		CompanyID: actor.Company.ID, OpeningID: f.OpeningID, StepID: f.StepID, Outcome: (*string)(f.Outcome), Search: searched(f.Search),
	})
	return int(n), wrap("count applications", err)
}

// ApplicationsByID returns the applications among ids, by id.
func (s *Service) ApplicationsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByID(ctx, dbgen.ApplicationsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return byID(mapRows(rows, application), func(a Application) uuid.UUID { return a.ID }), nil
}

// ApplicationsByEntry returns the application that each entry became, by the entry's id.
func (s *Service) ApplicationsByEntry(ctx context.Context, actor Actor, entryIDs []uuid.UUID) (map[uuid.UUID]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByEntry(ctx, dbgen.ApplicationsByEntryParams{CompanyID: actor.Company.ID, EntryIds: entryIDs})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return byID(mapRows(rows, application), func(a Application) uuid.UUID { return *a.EntryID }), nil
}

// ApplicationsByCandidate returns each candidate's applications, the latest first.
func (s *Service) ApplicationsByCandidate(ctx context.Context, actor Actor, candidateIDs []uuid.UUID) (map[uuid.UUID][]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByCandidate(ctx, dbgen.ApplicationsByCandidateParams{CompanyID: actor.Company.ID, CandidateIds: candidateIDs})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return group(mapRows(rows, application), func(a Application) uuid.UUID { return a.CandidateID }), nil
}

// HistoryByApplication returns each application's history, the oldest line first.
func (s *Service) HistoryByApplication(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]SelectionEvent, error) {
	rows, err := s.as(actor, recruiting).SelectionEventsByApplication(ctx, dbgen.SelectionEventsByApplicationParams{CompanyID: actor.Company.ID, ApplicationIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	lines := make([]SelectionEvent, len(rows))
	for i, r := range rows {
		var note *string
		if !s.lost(r.SealedNote) {
			if note, err = s.vault.openNote(r); err != nil {
				return nil, err
			}
		}
		lines[i] = SelectionEvent{
			ApplicationID: r.ApplicationID, At: r.At, Decider: Decider(r.DecidedBy), MemberID: r.MemberID,
			FromStepID: r.FromStepID, ToStepID: r.ToStepID, Outcome: SelectionOutcome(r.Outcome), Note: note,
		}
	}
	return group(lines, func(e SelectionEvent) uuid.UUID { return e.ApplicationID }), nil
}

func application(r dbgen.Application) Application {
	return Application{
		ID: r.ID, CandidateID: r.CandidateID, OpeningID: r.OpeningID, EntryID: r.EntryID, StepID: r.StepID,
		Outcome: SelectionOutcome(r.Outcome), AppliedAt: r.AppliedAt, Revision: int(r.Revision),
	}
}
