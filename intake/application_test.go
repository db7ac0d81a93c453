package intake_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func (b *testBundle) applications(t *testing.T) []intake.Application {
	t.Helper()
	applications, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 100})
	require.NoError(t, err)
	return applications
}

// selected is one application, at the first step of the opening.
func (b *testBundle) selected(t *testing.T) (intake.Application, intake.Opening) {
	t.Helper()
	opening := b.opening(t, "営業")
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	return b.applications(t)[0], opening
}

func TestASelectionIsMovedEndedAndTakenUpAgainAndItsHistoryTells(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	other := b.opening(t, "開発")
	steps, otherSteps := b.steps(t, opening.ID), b.steps(t, other.ID)
	require.Equal(t, steps[0].ID, application.StepID)
	change := func(note string) intake.Change {
		return intake.Change{ID: application.ID, Note: &note, ExpectedRevision: &application.Revision}
	}
	did := func(a intake.Application, err error) {
		t.Helper()
		require.NoError(t, err)
		require.Equal(t, application.Revision+1, a.Revision)
		application = a
	}
	did(b.svc.MoveApplication(t.Context(), b.actor, change("通過"), steps[2].ID))
	did(b.svc.CloseApplication(t.Context(), b.actor, change("辞退"), intake.OutcomeWithdrawn))
	require.Equal(t, intake.OutcomeWithdrawn, application.Outcome)
	did(b.svc.ReopenApplication(t.Context(), b.actor, change("やっぱり")))
	require.Equal(t, steps[2].ID, application.StepID, "at the step at which it ended")
	did(b.svc.RerouteApplication(t.Context(), b.actor, change("開発へ"), other.ID))
	require.Equal(t, otherSteps[0].ID, application.StepID)
	require.Equal(t, other.ID, application.OpeningID)

	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application.ID})
	require.NoError(t, err)
	lines := history[application.ID]
	require.Len(t, lines, 5)
	require.Equal(t, intake.DecidedByRule, lines[0].Decider)
	require.Nil(t, lines[0].FromStepID)
	require.Equal(t, "振り分けルール", lines[0].By("").JA)
	for i, want := range []struct {
		from, to uuid.UUID
		outcome  intake.SelectionOutcome
		note     string
	}{
		{steps[0].ID, steps[2].ID, intake.OutcomeInProgress, "通過"},
		{steps[2].ID, steps[2].ID, intake.OutcomeWithdrawn, "辞退"},
		{steps[2].ID, steps[2].ID, intake.OutcomeInProgress, "やっぱり"},
		{steps[2].ID, otherSteps[0].ID, intake.OutcomeInProgress, "開発へ"},
	} {
		line := lines[i+1]
		require.Equal(t, intake.DecidedByMember, line.Decider)
		require.Equal(t, b.actor.Member.ID, *line.MemberID)
		require.Equal(t, [2]uuid.UUID{want.from, want.to}, [2]uuid.UUID{*line.FromStepID, *line.ToStepID})
		require.Equal(t, want.outcome, line.Outcome)
		require.Equal(t, want.note, *line.Note)
	}
	b.requireInvariants(t)
}

func TestWhatCannotBeDoneWithAnApplicationIsToldAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	other, closed := b.opening(t, "開発"), b.opening(t, "終了")
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	step, foreign := b.steps(t, opening.ID)[1].ID, b.steps(t, other.ID)[1].ID
	stranger := b.company(t, "別の会社")
	before := b.everything(t)

	plain := intake.Change{ID: application.ID}
	move := func(actor intake.Actor, c intake.Change, step uuid.UUID) error {
		_, err := b.svc.MoveApplication(t.Context(), actor, c, step)
		return err
	}
	end := func(c intake.Change, o intake.SelectionOutcome) error {
		_, err := b.svc.CloseApplication(t.Context(), b.actor, c, o)
		return err
	}
	reroute := func(c intake.Change, opening uuid.UUID) error {
		_, err := b.svc.RerouteApplication(t.Context(), b.actor, c, opening)
		return err
	}
	reopen := func() error {
		_, err := b.svc.ReopenApplication(t.Context(), b.actor, plain)
		return err
	}
	requireUserErrors(t, move(b.actor, plain, foreign), "NOT_FOUND stepId")
	requireUserErrors(t, move(b.actor, plain, uuid.New()), "NOT_FOUND stepId")
	requireUserErrors(t, move(b.actor, intake.Change{ID: uuid.New()}, step), "NOT_FOUND id")
	requireUserErrors(t, move(stranger, plain, step), "NOT_FOUND id")
	requireUserErrors(t, move(b.actor, intake.Change{ID: application.ID, ExpectedRevision: new(2)}, step), "REVISION_CONFLICT expectedRevision")
	requireUserErrors(t, move(b.actor, intake.Change{ID: application.ID, Note: new(strings.Repeat("あ", 5001))}, step), "TOO_LONG note")
	requireUserErrors(t, move(b.actor, intake.Change{ID: application.ID, Note: new("a\x00b")}, step), "INVALID note")
	requireUserErrors(t, end(plain, intake.OutcomeInProgress), "INVALID outcome")
	requireUserErrors(t, reopen(), "INVALID_STATE id")
	requireUserErrors(t, reroute(plain, opening.ID), "INVALID_STATE openingId")
	requireUserErrors(t, reroute(plain, closed.ID), "INVALID_STATE openingId")
	requireUserErrors(t, reroute(plain, uuid.New()), "NOT_FOUND openingId")
	b.requireUnchanged(t, before)

	require.NoError(t, end(plain, intake.OutcomeRejected))
	before = b.everything(t)
	requireUserErrors(t, move(b.actor, plain, step), "INVALID_STATE id")
	requireUserErrors(t, end(plain, intake.OutcomeJoined), "INVALID_STATE id")
	requireUserErrors(t, reroute(plain, other.ID), "INVALID_STATE id")
	b.requireUnchanged(t, before)
}

func TestAMoveToTheStepWhereSomebodyStandsChangesNothingUnlessItSaysSomething(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	steps := b.steps(t, opening.ID)
	bulk := intake.BulkChange{Applications: []intake.ApplicationRevision{{ID: application.ID}}}
	before := b.everything(t)
	for _, note := range []*string{nil, new(" ")} {
		stood, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID, Note: note}, steps[0].ID)
		require.NoError(t, err)
		require.Equal(t, application, stood)
		bulk.Note = note
		result, err := b.svc.MoveApplications(t.Context(), b.actor, bulk, steps[0].ID)
		require.NoError(t, err)
		require.Equal(t, intake.BulkResult{Applications: []intake.Application{application}, Refused: []intake.ApplicationRefusal{}}, result)
	}
	b.requireUnchanged(t, before)

	noted, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID, Note: new("電話した")}, steps[0].ID)
	require.NoError(t, err)
	require.Equal(t, application.Revision+1, noted.Revision)
	bulk.Note = new("もう一度")
	result, err := b.svc.MoveApplications(t.Context(), b.actor, bulk, steps[0].ID)
	require.NoError(t, err)
	require.Equal(t, application.Revision+2, result.Applications[0].Revision)
	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application.ID})
	require.NoError(t, err)
	require.Len(t, history[application.ID], 3)
	require.Equal(t, "電話した", *history[application.ID][1].Note)
	b.requireInvariants(t)
}

func TestOfManyWhoMoveAnApplicationFromTheSameRevisionOneDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	steps := b.steps(t, opening.ID)
	errs := make([]error, 14)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, errs[i] = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID, ExpectedRevision: new(1)}, steps[1+i%7].ID)
		})
	}
	wg.Wait()
	moved := 0
	for _, err := range errs {
		if err == nil {
			moved++
			continue
		}
		requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	}
	require.Equal(t, 1, moved)
	b.requireInvariants(t)
}

// TestStepsThatGoWhileSomebodyMovesOntoThem: one of the two is refused, and neither is an error of ours.
func TestAStepThatIsRemovedWhileSomebodyMovesOntoItIsNotBoth(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	for range 15 {
		steps := b.steps(t, opening.ID)
		last := steps[len(steps)-1]
		var keep []intake.SelectionStepInput
		for _, s := range steps[:len(steps)-1] {
			keep = append(keep, intake.SelectionStepInput{ID: &s.ID, Kind: s.Kind, Name: s.Name})
		}
		var moved, removed error
		var wg sync.WaitGroup
		wg.Go(func() {
			_, moved = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, last.ID)
		})
		wg.Go(func() {
			_, removed = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "営業", Steps: keep}, nil)
		})
		wg.Wait()
		require.NotEqual(t, moved == nil, removed == nil)
		if moved == nil {
			requireUserErrors(t, removed, "INVALID_STATE input.steps")
			_, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{
				Name: "営業", Steps: append(append(keep, intake.SelectionStepInput{ID: &last.ID, Kind: last.Kind, Name: last.Name}), intake.SelectionStepInput{Kind: intake.StepInterview, Name: "追加"}),
			}, nil)
			require.NoError(t, err)
			continue
		}
		requireUserErrors(t, moved, "NOT_FOUND stepId")
		_, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{
			Name: "営業", Steps: append(keep, intake.SelectionStepInput{Kind: intake.StepInterview, Name: "追加"}),
		}, nil)
		require.NoError(t, err)
	}
	b.requireInvariants(t)
}

func TestApplicationsAreReadPageByPageAndNarrowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sales, tech := b.opening(t, "営業"), b.opening(t, "開発")
	b.rule(t, "営業", sales.ID)
	b.rule(t, "開発", tech.ID)
	b.imported(t, "a@example.com", pageOf("4", applied(1, "営業"), applied(2, "開発"), applied(3, "営業"), applied(4, "営業")))
	all := b.applications(t)
	require.Len(t, all, 4)
	_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	first := b.steps(t, sales.ID)[0].ID
	rejected := intake.OutcomeRejected
	for name, tc := range map[string]struct {
		f    intake.ApplicationFilter
		want int
	}{
		"all": {intake.ApplicationFilter{}, 4}, "an opening": {intake.ApplicationFilter{OpeningID: &sales.ID}, 3},
		"a step": {intake.ApplicationFilter{StepID: &first}, 3}, "an outcome": {intake.ApplicationFilter{Outcome: &rejected}, 1},
		"a name": {intake.ApplicationFilter{Search: new("PERSON-2")}, 1}, "a pattern": {intake.ApplicationFilter{Search: new("%")}, 0},
		"nothing to see": {intake.ApplicationFilter{Search: new(" \x00\u200b")}, 4},
	} {
		n, err := b.svc.CountApplications(t.Context(), b.actor, tc.f)
		require.NoError(t, err, name)
		require.Equal(t, tc.want, n, name)
		found, err := b.svc.Applications(t.Context(), b.actor, tc.f, intake.Keyset{First: 10})
		require.NoError(t, err, name)
		require.Len(t, found, tc.want, name)
	}
	page, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 2, After: intake.PlaceOf(all[1].AppliedAt, all[1].ID)})
	require.NoError(t, err)
	require.Equal(t, all[2:], page)
}
