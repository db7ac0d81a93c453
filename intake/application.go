package intake

import (
	"context"
	"fmt"
	"strings"
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
	// Reasons say why the selection ended.
	Reasons []ClosingReason
	// Revision is the application's that this line made: each change raises it by one and writes one line.
	Revision int
}

// By names who did it; member is the name of the one in MemberID, if any.
func (e SelectionEvent) By(member string) Text {
	return RoutingExplanation{Decider: e.Decider}.DecidedBy(member)
}

const maxNote = 5000

// Change says which application is changed, at which revision it was read, and what is noted.
type Change struct {
	ID               uuid.UUID
	Note             *string
	ExpectedRevision *int
	// Reasons say why a selection ends; no other change has any.
	Reasons []ClosingReason
}

const fieldID = "id"

var (
	textNotInProgress = Text{"この応募の選考は終了しています。", "This application's selection has ended."}
	textInProgress    = Text{"この応募は選考中です。", "This application's selection is under way."}
	textRoutingUndone = Text{"この応募の振り分けは取り消されています。", "This application's routing was taken back."}
)

// whyNotUnderWay says why a selection cannot go on; nil: it is under way.
func whyNotUnderWay(outcome SelectionOutcome) *Text {
	switch outcome {
	case OutcomeInProgress:
		return nil
	case OutcomeRoutingUndone:
		return &textRoutingUndone
	default:
		return &textNotInProgress
	}
}

// whyNotOver says why a selection cannot be taken up again; nil: it has ended.
func whyNotOver(outcome SelectionOutcome) *Text {
	switch outcome {
	case OutcomeInProgress:
		return &textInProgress
	case OutcomeRoutingUndone:
		return &textRoutingUndone
	default:
		return nil
	}
}

func mustBeUnderWay(a dbgen.Application, field string) error {
	if why := whyNotUnderWay(SelectionOutcome(a.Outcome)); why != nil {
		return refuse(CodeInvalidState, *why, field)
	}
	return nil
}

// applicationChange is a kind of change, as the audit log and those who watch are told of it.
type applicationChange struct {
	audited AuditAction
	told    SelectionAction
}

var (
	applicationMoved    = applicationChange{AuditApplicationMoved, SelectionMoved}
	applicationClosed   = applicationChange{AuditApplicationClosed, SelectionClosed}
	applicationReopened = applicationChange{AuditApplicationReopened, SelectionReopened}
	applicationRerouted = applicationChange{AuditApplicationRerouted, SelectionRerouted}
)

// MoveApplication moves an application to another step of its opening. To the step where it stands, without a note,
// nothing changes. UserErrors: NOT_FOUND,
// INVALID_STATE when its selection is not under way, REVISION_CONFLICT.
func (s *Service) MoveApplication(ctx context.Context, actor Actor, c Change, stepID uuid.UUID) (Application, error) {
	return s.changeApplication(ctx, actor, c, applicationMoved, "move application", func(ctx context.Context, q *dbgen.Queries, a *dbgen.Application) error {
		if err := mustBeUnderWay(*a, fieldID); err != nil {
			return err
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

// CloseApplication ends a selection, and may say why. 入社 is recorded at whatever step somebody stands: flows differ,
// and it can be taken back. UserErrors: NOT_FOUND, INVALID, TOO_LONG, INVALID_STATE, REVISION_CONFLICT.
func (s *Service) CloseApplication(ctx context.Context, actor Actor, c Change, outcome SelectionOutcome) (Application, error) {
	if err := actor.must(recruiting); err != nil {
		return Application{}, err
	}
	if err := checkClosing(outcome, c.Reasons); err != nil {
		return Application{}, err
	}
	return s.changeApplication(ctx, actor, c, applicationClosed, "close application", func(_ context.Context, _ *dbgen.Queries, a *dbgen.Application) error {
		if err := mustBeUnderWay(*a, fieldID); err != nil {
			return err
		}
		a.Outcome = string(outcome)
		return nil
	})
}

// ReopenApplication takes a selection up again at the step at which it ended.
func (s *Service) ReopenApplication(ctx context.Context, actor Actor, c Change) (Application, error) {
	return s.changeApplication(ctx, actor, c, applicationReopened, "reopen application", func(_ context.Context, _ *dbgen.Queries, a *dbgen.Application) error {
		if why := whyNotOver(SelectionOutcome(a.Outcome)); why != nil {
			return refuse(CodeInvalidState, *why, fieldID)
		}
		a.Outcome = string(OutcomeInProgress)
		return nil
	})
}

// RerouteApplication moves an application to the first step of another opening; its history stays.
func (s *Service) RerouteApplication(ctx context.Context, actor Actor, c Change, openingID uuid.UUID) (Application, error) {
	return s.changeApplication(ctx, actor, c, applicationRerouted, "reroute application", func(ctx context.Context, q *dbgen.Queries, a *dbgen.Application) error {
		if err := mustBeUnderWay(*a, fieldID); err != nil {
			return err
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

// changeApplication locks an application, lets change alter it, stores it with a line of history, and tells the
// audit log and those who watch.
func (s *Service) changeApplication(ctx context.Context, actor Actor, c Change, kind applicationChange, act Act,
	change func(context.Context, *dbgen.Queries, *dbgen.Application) error,
) (Application, error) {
	if err := actor.must(recruiting); err != nil {
		return Application{}, err
	}
	if err := checkNote(c.Note); err != nil {
		return Application{}, err
	}
	sealed, err := s.vault.sealNote(actor.Company.ID, c.ID, c.Note)
	if err != nil {
		return Application{}, err
	}
	var out Application
	err = s.change(ctx, actor, recruiting, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		// The steps of an opening stand still while somebody moves along them.
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		a, err := q.LockApplication(ctx, dbgen.LockApplicationParams{CompanyID: actor.Company.ID, ID: c.ID})
		if db.IsNoRows(err) {
			return notFound(fieldID)
		}
		if err != nil {
			return fmt.Errorf("lock application: %w", err)
		}
		if c.ExpectedRevision != nil && *c.ExpectedRevision != int(a.Revision) {
			return &ApplicationConflict{Application: application(a), ExpectedRevision: *c.ExpectedRevision}
		}
		from := a
		if err := change(ctx, q, &a); err != nil {
			return err
		}
		if stays(from, a, c.Note) {
			out = application(a)
			return nil
		}
		row, err := q.MoveApplication(ctx, dbgen.MoveApplicationParams{
			CompanyID: actor.Company.ID, ID: c.ID, OpeningID: a.OpeningID, StepID: a.StepID, Outcome: a.Outcome,
			MemberID: &actor.Member.ID, FromStepID: &from.StepID, SealedNote: sealed, Reasons: reasonNames(c.Reasons),
		})
		if err != nil {
			return fmt.Errorf("move application: %w", err)
		}
		out = application(dbgen.Application(row))
		return tellChange(ctx, q, actor, kind, from, dbgen.Application(row))
	})
	return out, err
}

// stays reports whether a change leaves an application as it is, and says nothing either: that is no line of history.
// A note is one.
func stays(from, to dbgen.Application, note *string) bool {
	return from.OpeningID == to.OpeningID && from.StepID == to.StepID && from.Outcome == to.Outcome &&
		strings.TrimSpace(orEmpty(note)) == ""
}

// tellChange tells the audit log and those who watch that an application was changed.
func tellChange(ctx context.Context, q *dbgen.Queries, actor Actor, kind applicationChange, from, to dbgen.Application) error {
	var told events
	ids, openings := []uuid.UUID{to.ID}, []uuid.UUID{to.OpeningID}
	if from.OpeningID != to.OpeningID {
		// It goes here and comes there.
		ids, openings = append(ids, to.ID), append(openings, from.OpeningID)
	}
	told.selectionChanged(actor.Company.ID, kind.told, ids, openings)
	if from.OpeningID != to.OpeningID || from.Outcome != to.Outcome {
		if err := warnFull(ctx, q, &told, actor.Company.ID, openings); err != nil {
			return err
		}
	}
	if err := audit(ctx, q, actor, kind.audited, &to.ID, map[string]any{
		"fromOpening": from.OpeningID, "opening": to.OpeningID, "fromStep": from.StepID, "step": to.StepID,
		"fromOutcome": from.Outcome, "outcome": to.Outcome, "revision": to.Revision,
	}); err != nil {
		return err
	}
	return told.append(ctx, q)
}

func checkNote(note *string) error {
	switch {
	case note == nil:
		return nil
	case utf8.RuneCountInString(*note) > maxNote:
		return refuse(CodeTooLong, Text{"メモは5000文字までです。", "A note has at most 5,000 characters."}, "note")
	case !storable(*note):
		return refuse(CodeInvalid, textBadCharacters, "note")
	}
	return nil
}

// ApplicationConflict is a REVISION_CONFLICT: somebody else changed the application since it was read.
type ApplicationConflict struct { //nolint:errname // it is a thing that people are shown, too
	// Application is as it now is.
	Application Application
	// ExpectedRevision is what it was thought to be.
	ExpectedRevision int
}

func (c *ApplicationConflict) Error() string { return c.Unwrap().Error() }

// Unwrap makes it the UserErrors that it is.
func (c *ApplicationConflict) Unwrap() error { return revisionConflict() }

// Changes are the lines of the application's history since the expected revision: who did what meanwhile.
func (c *ApplicationConflict) Changes(history []SelectionEvent) []SelectionEvent {
	since := []SelectionEvent{}
	for _, line := range history {
		if line.Revision > c.ExpectedRevision && line.Revision <= c.Application.Revision {
			since = append(since, line)
		}
	}
	return since
}

// ApplicationAction is something that can be done to an application.
type ApplicationAction string

// The actions.
const (
	ActionMoveApplication    ApplicationAction = "MOVE"
	ActionCloseApplication   ApplicationAction = "CLOSE"
	ActionReopenApplication  ApplicationAction = "REOPEN"
	ActionRerouteApplication ApplicationAction = "REROUTE"
)

// ApplicationActionState says whether an action is possible now.
type ApplicationActionState struct {
	Action ApplicationAction
	// WhyNot is nil when it is.
	WhyNot *Text
}

// AvailableActions lists every action and whether the application's state, and the actor's roles, allow it.
func (a Application) AvailableActions(actor Actor) []ApplicationActionState {
	underWay, over := whyNotUnderWay(a.Outcome), whyNotOver(a.Outcome)
	if !actor.may(recruiting) {
		underWay, over = &textForRecruiting, &textForRecruiting
	}
	return []ApplicationActionState{
		{ActionMoveApplication, underWay}, {ActionCloseApplication, underWay}, {ActionReopenApplication, over}, {ActionRerouteApplication, underWay},
	}
}

func application(r dbgen.Application) Application {
	return Application{
		ID: r.ID, CandidateID: r.CandidateID, OpeningID: r.OpeningID, EntryID: r.EntryID, StepID: r.StepID,
		Outcome: SelectionOutcome(r.Outcome), AppliedAt: r.AppliedAt, Revision: int(r.Revision),
	}
}
