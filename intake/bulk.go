package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// maxBulkSelection is how many applications are moved or closed at once, as recruiters are used to.
const maxBulkSelection = 50

const fieldApplications = "applications"

// ApplicationRevision names an application and, maybe, the revision at which it was read.
type ApplicationRevision struct {
	ID               uuid.UUID
	ExpectedRevision *int
}

// BulkChange says which applications are changed, which stand on one step, and what is noted on each. Of one that is
// named twice the first counts.
type BulkChange struct {
	Applications []ApplicationRevision
	Note         *string
	// Reasons say why selections end.
	Reasons []ClosingReason
}

// ApplicationRefusal is an application that a bulk change passed over, and why.
type ApplicationRefusal struct {
	Refusal
	// Conflict is what it conflicts with, for a REVISION_CONFLICT.
	Conflict *ApplicationConflict
}

// BulkResult is what came of a bulk change.
type BulkResult struct {
	// Applications are those that were changed, as they now are, in the order in which they were named.
	Applications []Application
	Refused      []ApplicationRefusal
}

// MoveApplications moves applications from the step on which they all stand to another of their opening: all that
// can be moved, in one transaction. To the step on which they stand, without a note, nothing changes. UserErrors, with which nothing is moved: REQUIRED or TOO_LONG for none or more
// than 50, INVALID for several steps, NOT_FOUND for the step.
func (s *Service) MoveApplications(ctx context.Context, actor Actor, b BulkChange, stepID uuid.UUID) (BulkResult, error) {
	return s.changeApplications(ctx, actor, b, AuditApplicationsMoved, SelectionMoved, "move applications", func(ctx context.Context, q *dbgen.Queries, a *dbgen.Application) error {
		steps, err := q.StepsByOpening(ctx, dbgen.StepsByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: []uuid.UUID{a.OpeningID}})
		if err != nil {
			return fmt.Errorf("read steps: %w", err)
		}
		if !slices.ContainsFunc(steps, func(st dbgen.SelectionStep) bool { return st.ID == stepID }) {
			return notFound("stepId")
		}
		a.StepID = stepID
		return nil
	})
}

// CloseApplications ends the selections of applications that stand on one step; see MoveApplications and
// CloseApplication.
func (s *Service) CloseApplications(ctx context.Context, actor Actor, b BulkChange, outcome SelectionOutcome) (BulkResult, error) {
	if err := actor.must(recruiting); err != nil {
		return BulkResult{}, err
	}
	if err := checkClosing(outcome, b.Reasons); err != nil {
		return BulkResult{}, err
	}
	return s.changeApplications(ctx, actor, b, AuditApplicationsClosed, SelectionClosed, "close applications", func(_ context.Context, _ *dbgen.Queries, a *dbgen.Application) error {
		a.Outcome = string(outcome)
		return nil
	})
}

// changeApplications locks applications in the order of their ids, lets change alter the one that stands for all,
// and stores those that can be changed.
func (s *Service) changeApplications(ctx context.Context, actor Actor, b BulkChange, audited AuditAction, telling SelectionAction, act Act,
	change func(context.Context, *dbgen.Queries, *dbgen.Application) error,
) (BulkResult, error) {
	if err := actor.must(recruiting); err != nil {
		return BulkResult{}, err
	}
	b.Applications = eachOnce(b.Applications)
	if err := b.check(); err != nil {
		return BulkResult{}, err
	}
	sealed, err := s.sealNoteOfEach(actor.Company.ID, b)
	if err != nil {
		return BulkResult{}, err
	}
	var out BulkResult
	err = s.change(ctx, actor, recruiting, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		// The steps of an opening stand still while somebody moves along them.
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		rows, err := q.LockApplications(ctx, dbgen.LockApplicationsParams{CompanyID: actor.Company.ID, Ids: b.ids()})
		if err != nil {
			return fmt.Errorf("lock applications: %w", err)
		}
		able, refused, err := b.sort(rows)
		if err != nil {
			return err
		}
		out = BulkResult{Applications: []Application{}, Refused: refused}
		if len(able) == 0 {
			return nil
		}
		from := able[0]
		to := from
		if err := change(ctx, q, &to); err != nil {
			return err
		}
		if stays(from, to, b.Note) {
			out.Applications = b.inOrder(able)
			return nil
		}
		p := dbgen.MoveApplicationsParams{
			CompanyID: actor.Company.ID, StepID: to.StepID, Outcome: to.Outcome, MemberID: &actor.Member.ID,
			FromStepID: &from.StepID, Reasons: reasonNames(b.Reasons),
		}
		for _, a := range able {
			p.Ids, p.SealedNotes = append(p.Ids, a.ID), append(p.SealedNotes, sealed[a.ID])
		}
		moved, err := q.MoveApplications(ctx, p)
		if err != nil {
			return fmt.Errorf("move applications: %w", err)
		}
		out.Applications = b.inOrder(mapRows(moved, func(r dbgen.MoveApplicationsRow) dbgen.Application { return dbgen.Application(r) }))
		return tellBulk(ctx, q, actor, audited, telling, from, to, p.Ids, len(refused))
	})
	return out, err
}

// tellBulk tells the audit log and those who watch, each once.
func tellBulk(ctx context.Context, q *dbgen.Queries, actor Actor, audited AuditAction, telling SelectionAction, from, to dbgen.Application, ids []uuid.UUID, refused int) error {
	var told events
	told.selectionChanged(actor.Company.ID, telling, ids, slices.Repeat([]uuid.UUID{from.OpeningID}, len(ids)))
	if from.Outcome != to.Outcome {
		if err := warnFull(ctx, q, &told, actor.Company.ID, []uuid.UUID{from.OpeningID}); err != nil {
			return err
		}
	}
	if err := audit(ctx, q, actor, audited, &from.OpeningID, map[string]any{
		"count": len(ids), "refused": refused, "fromStep": from.StepID, "step": to.StepID, "outcome": to.Outcome,
	}); err != nil {
		return err
	}
	return told.append(ctx, q)
}

func (b BulkChange) ids() []uuid.UUID {
	return mapRows(b.Applications, func(a ApplicationRevision) uuid.UUID { return a.ID })
}

// eachOnce keeps the first of each.
func eachOnce(named []ApplicationRevision) []ApplicationRevision {
	met := make(map[uuid.UUID]bool, len(named))
	return slices.DeleteFunc(slices.Clone(named), func(a ApplicationRevision) bool {
		again := met[a.ID]
		met[a.ID] = true
		return again
	})
}

func (b BulkChange) check() error {
	switch ids := b.ids(); {
	case len(ids) == 0:
		return refuse(CodeRequired, Text{"応募を選んでください。", "Choose applications."}, fieldApplications)
	case len(ids) > maxBulkSelection:
		return refuse(CodeTooLong, Text{"一度に変更できる応募は50件までです。", "At most 50 applications are changed at once."}, fieldApplications)
	}
	return checkNote(b.Note)
}

// sealNoteOfEach seals the note for each application: what is sealed is the application's own.
func (s *Service) sealNoteOfEach(companyID uuid.UUID, b BulkChange) (map[uuid.UUID][]byte, error) {
	sealed := make(map[uuid.UUID][]byte, len(b.Applications))
	for _, id := range b.ids() {
		note, err := s.vault.sealNote(companyID, id, b.Note)
		if err != nil {
			return nil, err
		}
		sealed[id] = append([]byte{}, note...)
	}
	return sealed, nil
}

// sort divides the applications into those that can be changed, which stand on one step, and those that cannot.
func (b BulkChange) sort(rows []dbgen.Application) (able []dbgen.Application, refused []ApplicationRefusal, err error) {
	found := byID(rows, func(a dbgen.Application) uuid.UUID { return a.ID })
	refused = []ApplicationRefusal{}
	for _, want := range b.Applications {
		a, known := found[want.ID]
		if why := want.whyNot(a, known); why != nil {
			refused = append(refused, refusal(want.ID, why))
			continue
		}
		able = append(able, a)
	}
	for _, a := range able {
		if a.OpeningID != able[0].OpeningID || a.StepID != able[0].StepID {
			return nil, nil, refuse(CodeInvalid, Text{
				"同じ求人の同じ選考ステップにある応募だけをまとめて変更できます。", "Only applications at one step of one opening are changed together.",
			}, fieldApplications)
		}
	}
	return able, refused, nil
}

// whyNot is why an application cannot be changed, or nil.
func (r ApplicationRevision) whyNot(a dbgen.Application, known bool) error {
	switch {
	case !known:
		return notFound(fieldApplications)
	case r.ExpectedRevision != nil && *r.ExpectedRevision != int(a.Revision):
		return &ApplicationConflict{Application: application(a), ExpectedRevision: *r.ExpectedRevision}
	}
	return mustBeUnderWay(a, fieldApplications)
}

func refusal(id uuid.UUID, why error) ApplicationRefusal {
	r := ApplicationRefusal{Refusal: Refusal{ID: id}}
	if errs, is := errors.AsType[UserErrors](why); is {
		r.Code, r.Text = errs[0].Code, errs[0].Text
	}
	if conflict, is := errors.AsType[*ApplicationConflict](why); is {
		r.Conflict = conflict
	}
	return r
}

// inOrder are applications in the order in which they were named.
func (b BulkChange) inOrder(rows []dbgen.Application) []Application {
	found := byID(rows, func(a dbgen.Application) uuid.UUID { return a.ID })
	out := make([]Application, 0, len(rows))
	for _, id := range b.ids() {
		if a, is := found[id]; is {
			out = append(out, application(a))
		}
	}
	return out
}
