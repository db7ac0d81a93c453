package intake_test

import (
	"context"
	"fmt"
	"iter"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// pipeline is an opening with n applications at its first step, the latest first.
func (b *testBundle) pipeline(t *testing.T, n int) (intake.Opening, []intake.Application) {
	t.Helper()
	opening := b.opening(t, "営業")
	b.rule(t, "営業", opening.ID)
	page := intake.Page{Cursor: fmt.Sprint(n)}
	for i := range n {
		page.Applications = append(page.Applications, applied(i+1, "営業"))
	}
	b.imported(t, "a@example.com", page)
	var all []intake.Application
	for after := ""; len(all) < n; after = intake.PlaceOf(all[len(all)-1].AppliedAt, all[len(all)-1].ID) {
		found, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{OpeningID: &opening.ID}, intake.Keyset{First: 99, After: after})
		require.NoError(t, err)
		require.NotEmpty(t, found)
		all = append(all, found[:min(len(found), 99)]...)
	}
	return opening, all
}

func naming(applications ...intake.Application) intake.BulkChange {
	var c intake.BulkChange
	for _, a := range applications {
		c.Applications = append(c.Applications, intake.ApplicationRevision{ID: a.ID, ExpectedRevision: &a.Revision})
	}
	return c
}

func TestABulkChangeThatCannotBeIsToldAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, all := b.pipeline(t, 52)
	steps, foreign := b.steps(t, opening.ID), b.steps(t, b.opening(t, "開発").ID)
	elsewhere, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: all[51].ID}, steps[3].ID)
	require.NoError(t, err)
	stranger := b.company(t, "別の会社")
	before := b.everything(t)
	move := func(actor intake.Actor, c intake.BulkChange, step uuid.UUID) error {
		_, err := b.svc.MoveApplications(t.Context(), actor, c, step)
		return err
	}
	long := naming(all[0])
	long.Note = new("a\x00b")
	requireUserErrors(t, move(b.actor, intake.BulkChange{}, steps[1].ID), "REQUIRED applications")
	requireUserErrors(t, move(b.actor, naming(all[:51]...), steps[1].ID), "TOO_LONG applications")
	requireUserErrors(t, move(b.actor, naming(all[0], elsewhere), steps[1].ID), "INVALID applications")
	requireUserErrors(t, move(b.actor, long, steps[1].ID), "INVALID note")
	requireUserErrors(t, move(b.actor, naming(all[0]), foreign[0].ID), "NOT_FOUND stepId")
	passedOver, err := b.svc.MoveApplications(t.Context(), stranger, naming(all[:2]...), steps[1].ID)
	require.NoError(t, err, "what nobody knows is refused one by one, as entries are")
	require.Equal(t, intake.BulkResult{Applications: []intake.Application{}, Refused: []intake.ApplicationRefusal{
		{Refusal: intake.Refusal{ID: all[0].ID, Code: intake.CodeNotFound, Text: intake.Text{JA: "見つかりません。", EN: "Not found."}}},
		{Refusal: intake.Refusal{ID: all[1].ID, Code: intake.CodeNotFound, Text: intake.Text{JA: "見つかりません。", EN: "Not found."}}},
	}}, passedOver)
	_, err = b.svc.CloseApplications(t.Context(), b.actor, naming(all[0]), intake.OutcomeInProgress)
	requireUserErrors(t, err, "INVALID outcome")
	wrong := naming(all[0])
	wrong.Reasons = []intake.ClosingReason{intake.ReasonSkills}
	_, err = b.svc.CloseApplications(t.Context(), b.actor, wrong, intake.OutcomeWithdrawn)
	requireUserErrors(t, err, "INVALID reasons.0")
	b.requireUnchanged(t, before)
}

func TestABulkChangeDoesWhatCanBeDoneAndSaysWhyNotOfTheRest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, all := b.pipeline(t, 53)
	steps := b.steps(t, opening.ID)
	moved, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, steps[5].ID)
	require.NoError(t, err)
	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: all[1].ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	ended := all[1]
	ended.Revision = 2
	change := naming(append([]intake.Application{all[0], ended, {ID: uuid.New(), Revision: 1}}, all[2:49]...)...)
	change.Note = new("まとめて通過")
	events := b.number(t, "SELECT count(*) FROM events")
	lines := b.number(t, "SELECT count(*) FROM audit_log")

	result, err := b.svc.MoveApplications(t.Context(), b.actor, change, steps[1].ID)
	require.NoError(t, err)
	require.Len(t, result.Applications, 47)
	for i, a := range result.Applications {
		require.Equal(t, all[2+i].ID, a.ID, "in the order in which they were named")
		require.Equal(t, []any{steps[1].ID, 2}, []any{a.StepID, a.Revision})
	}
	require.Len(t, result.Refused, 3)
	require.Equal(t, []intake.UserErrorCode{intake.CodeRevisionConflict, intake.CodeInvalidState, intake.CodeNotFound},
		[]intake.UserErrorCode{result.Refused[0].Code, result.Refused[1].Code, result.Refused[2].Code})
	require.Equal(t, moved, result.Refused[0].Conflict.Application)
	require.Nil(t, result.Refused[1].Conflict)
	require.Equal(t, change.Applications[2].ID, result.Refused[2].ID)
	require.NotEmpty(t, result.Refused[2].Text.JA)
	require.Equal(t, events+1, b.number(t, "SELECT count(*) FROM events"))
	require.Equal(t, lines+1, b.number(t, "SELECT count(*) FROM audit_log"))
	line, detail := b.last(t)
	require.Equal(t, intake.AuditApplicationsMoved, line.Action)
	require.Equal(t, opening.ID, *line.SubjectID)
	require.JSONEq(t, encode(t, vars{"count": 47, "refused": 3, "fromStep": steps[0].ID, "step": steps[1].ID, "outcome": "IN_PROGRESS"}), encode(t, detail))

	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{all[2].ID, all[48].ID})
	require.NoError(t, err)
	for _, lines := range history {
		require.Len(t, lines, 2)
		require.Equal(t, "まとめて通過", *lines[1].Note, "each can be read")
		require.Equal(t, []uuid.UUID{steps[0].ID, steps[1].ID}, []uuid.UUID{*lines[1].FromStepID, *lines[1].ToStepID})
	}
	b.requireInvariants(t)

	closing := naming(result.Applications[:10]...)
	closing.Reasons = []intake.ClosingReason{intake.ReasonSkills, intake.ReasonOther}
	closed, err := b.svc.CloseApplications(t.Context(), b.actor, closing, intake.OutcomeRejected)
	require.NoError(t, err)
	require.Len(t, closed.Applications, 10)
	require.Empty(t, closed.Refused)
	require.Equal(t, 37, b.counts(t, opening.ID).At(steps[1].ID).InProgress())
	line, _ = b.last(t)
	require.Equal(t, "佐藤 ended the selections of 10 applications.", line.Summary("佐藤").EN)
	before := b.everything(t)
	again, err := b.svc.CloseApplications(t.Context(), b.actor, closing, intake.OutcomeRejected)
	require.NoError(t, err)
	require.Len(t, again.Refused, 10)
	require.Empty(t, again.Applications)
	b.requireUnchanged(t, before, "where nothing can be done nothing is told")
	b.requireInvariants(t)
}

func TestAnApplicationThatIsNamedTwiceCountsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, all := b.pipeline(t, 50)
	steps, later := b.steps(t, opening.ID), all[0]
	later.Revision = 7
	result, err := b.svc.MoveApplications(t.Context(), b.actor, naming(append(all, later, all[1])...), steps[1].ID)
	require.NoError(t, err, "50 of them, two of them twice")
	require.Len(t, result.Applications, 50)
	require.Empty(t, result.Refused)
	require.Equal(t, 50, b.number(t, "SELECT count(*) FROM applications WHERE revision = 2"))
	_, detail := b.last(t)
	require.Contains(t, encode(t, detail), `"count":50`)
	b.requireInvariants(t)
}

func TestNothingIsDoneToAnApplicationWhoseRoutingWasTakenBackAndItIsSaidWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 1, "営業")
	opening, other := b.opening(t, "求人").ID, b.opening(t, "別の求人").ID
	decided, err := b.svc.RouteEntries(t.Context(), b.actor, ids, opening)
	require.NoError(t, err)
	gone := intake.Change{ID: b.applicationOf(t, ids[0]).ID}
	b.undo(t, decided.Action.ID)
	text := intake.Text{JA: "この応募の振り分けは取り消されています。", EN: "This application's routing was taken back."}
	step := b.steps(t, opening)[1].ID
	for name, do := range map[intake.ApplicationAction]func() error{
		intake.ActionMoveApplication: func() error { _, err := b.svc.MoveApplication(t.Context(), b.actor, gone, step); return err },
		intake.ActionCloseApplication: func() error {
			_, err := b.svc.CloseApplication(t.Context(), b.actor, gone, intake.OutcomeRejected)
			return err
		},
		intake.ActionReopenApplication:  func() error { _, err := b.svc.ReopenApplication(t.Context(), b.actor, gone); return err },
		intake.ActionRerouteApplication: func() error { _, err := b.svc.RerouteApplication(t.Context(), b.actor, gone, other); return err },
	} {
		require.Equal(t, intake.UserErrors{{Code: intake.CodeInvalidState, Text: text, Field: []string{"id"}}}, do(), name)
	}
	bulk, err := b.svc.MoveApplications(t.Context(), b.actor, intake.BulkChange{Applications: []intake.ApplicationRevision{{ID: gone.ID}}}, step)
	require.NoError(t, err)
	require.Equal(t, []intake.ApplicationRefusal{{Refusal: intake.Refusal{ID: gone.ID, Code: intake.CodeInvalidState, Text: text}}}, bulk.Refused)
	for _, can := range (intake.Application{Outcome: intake.OutcomeRoutingUndone}).AvailableActions(b.actor) {
		require.Equal(t, text, *can.WhyNot, can.Action)
	}
}

func (b *testBundle) selectionEvents(t *testing.T, openingID uuid.UUID, after *string) watched[intake.SelectionChange] {
	t.Helper()
	return watching(t, func(ctx context.Context) (iter.Seq[intake.SelectionChange], error) {
		return b.svc.WatchSelection(ctx, b.actor, openingID, after)
	})
}

func TestSelectionIsWatchedByEverybodyWhoHasTheBoardOpen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	_, err := b.svc.WatchSelection(t.Context(), b.actor, uuid.New(), nil)
	require.ErrorIs(t, err, intake.ErrNotFound)
	opening, all := b.pipeline(t, 3)
	other, steps := b.opening(t, "開発"), b.steps(t, opening.ID)
	boards := []watched[intake.SelectionChange]{b.selectionEvents(t, opening.ID, nil), b.selectionEvents(t, opening.ID, nil)}
	target := b.selectionEvents(t, other.ID, nil)
	var start string
	for _, w := range append(boards, target) {
		first := w.next(t, 1)[0]
		require.Nil(t, first.Action)
		require.Empty(t, first.ApplicationIDs)
		start = first.Cursor
	}
	see := func(w watched[intake.SelectionChange], of uuid.UUID, action intake.SelectionAction, ids ...uuid.UUID) {
		t.Helper()
		e := w.next(t, 1)[0]
		require.Equal(t, intake.SelectionChange{Cursor: e.Cursor, At: e.At, OpeningID: of, Action: &action, ApplicationIDs: ids, Count: len(ids)}, e)
	}
	one := intake.Change{ID: all[0].ID}
	did := func(_ any, err error) {
		t.Helper()
		require.NoError(t, err)
	}
	did(b.svc.MoveApplication(t.Context(), b.actor, one, steps[1].ID))
	did(b.svc.CloseApplication(t.Context(), b.actor, one, intake.OutcomeRejected))
	did(b.svc.ReopenApplication(t.Context(), b.actor, one))
	did(b.svc.RerouteApplication(t.Context(), b.actor, one, other.ID))
	did(b.svc.CloseApplications(t.Context(), b.actor, naming(all[1:]...), intake.OutcomeRejected))
	for _, board := range boards {
		for _, action := range []intake.SelectionAction{intake.SelectionMoved, intake.SelectionClosed, intake.SelectionReopened, intake.SelectionRerouted} {
			see(board, opening.ID, action, all[0].ID)
		}
		see(board, opening.ID, intake.SelectionClosed, all[1].ID, all[2].ID)
	}
	see(target, other.ID, intake.SelectionRerouted, all[0].ID)
	require.Equal(t, intake.SelectionMoved, *b.selectionEvents(t, opening.ID, &start).next(t, 1)[0].Action, "what was missed comes first")
}

func TestAThousandWhoAreRoutedAtOnceAreOneEventAnOpening(t *testing.T) {
	t.Parallel()
	b := setup(t)
	page := intake.Page{Cursor: "1000"}
	for n := range 1000 {
		page.Applications = append(page.Applications, applied(n+1, []string{"営業", "開発"}[n%2]))
	}
	sales, tech := b.opening(t, "営業"), b.opening(t, "開発")
	b.rule(t, "営業", sales.ID)
	b.imported(t, "a@example.com", page)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM events WHERE kind = 'SELECTION'"))
	b.rule(t, "開発", tech.ID)
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM events WHERE kind = 'SELECTION'"))
	for _, o := range []intake.Opening{sales, tech} {
		require.Equal(t, 500, b.number(t, "SELECT (payload->>'count')::int FROM events WHERE kind = 'SELECTION' AND subject_id = $1", o.ID))
		require.Equal(t, 100, b.number(t, "SELECT jsonb_array_length(payload->'applications') FROM events WHERE kind = 'SELECTION' AND subject_id = $1", o.ID))
	}
	require.Equal(t, 3, b.number(t, "SELECT count(DISTINCT key) FROM events, jsonb_object_keys(payload) key WHERE kind = 'SELECTION'"), "ids, an action and a number: nobody's data")
	b.requireInvariants(t)
}
