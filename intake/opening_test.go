package intake_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func (b *testBundle) steps(t *testing.T, openingID uuid.UUID) []intake.SelectionStep {
	t.Helper()
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{openingID})
	require.NoError(t, err)
	return steps[openingID]
}

func stepNames(steps []intake.SelectionStep) (names []string) {
	for i, s := range steps {
		if s.Position != i+1 {
			names = append(names, fmt.Sprintf("%d?", s.Position))
		}
		names = append(names, s.Name)
	}
	return names
}

func TestAnOpeningBeginsWithTheUsualSteps(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "  営業  ")
	require.Equal(t, "営業", opening.Name)
	require.Equal(t, intake.OpeningOpen, opening.Status)
	steps := b.steps(t, opening.ID)
	require.Equal(t, []string{"応募受付", "書類選考", "一次面接", "二次面接", "最終面接", "内定", "内定承諾", "入社"}, stepNames(steps))
	require.Equal(t, intake.StepEntry, steps[0].Kind)
	found, err := b.svc.StepsByID(t.Context(), b.actor, []uuid.UUID{steps[3].ID, uuid.New()})
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]intake.SelectionStep{steps[3].ID: steps[3]}, found)
}

func TestAnOpeningThatCannotBeIsToldWhyAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, other := b.opening(t, "営業"), b.opening(t, "開発")
	mine, theirs := b.steps(t, opening.ID)[0].ID, b.steps(t, other.ID)[0].ID
	before := b.everything(t)
	step := func(name string) intake.SelectionStepInput {
		return intake.SelectionStepInput{Kind: intake.StepInterview, Name: name}
	}
	for name, tc := range map[string]struct {
		in           intake.OpeningInput
		made, change []string
	}{
		"no name":           {intake.OpeningInput{Name: " \u3000"}, []string{"REQUIRED input.name"}, []string{"REQUIRED input.name"}},
		"101 characters":    {intake.OpeningInput{Name: strings.Repeat("職", 101)}, []string{"TOO_LONG input.name"}, []string{"TOO_LONG input.name"}},
		"a NUL":             {intake.OpeningInput{Name: "a\x00"}, []string{"INVALID input.name"}, []string{"INVALID input.name"}},
		"no steps":          {intake.OpeningInput{Name: "x", Steps: []intake.SelectionStepInput{}}, []string{"REQUIRED input.steps"}, []string{"REQUIRED input.steps"}},
		"31 steps":          {intake.OpeningInput{Name: "x", Steps: make31()}, []string{"TOO_LONG input.steps"}, []string{"TOO_LONG input.steps"}},
		"a step of no name": {intake.OpeningInput{Name: "x", Steps: []intake.SelectionStepInput{step("a"), step("")}}, []string{"REQUIRED input.steps.1.name"}, []string{"REQUIRED input.steps.1.name"}},
		"a step that is another opening's": {
			intake.OpeningInput{Name: "x", Steps: []intake.SelectionStepInput{{ID: &theirs, Kind: intake.StepEntry, Name: "a"}}},
			[]string{"NOT_FOUND input.steps.0.id"},
			[]string{"NOT_FOUND input.steps.0.id"},
		},
		"a step twice": {
			intake.OpeningInput{Name: "x", Steps: []intake.SelectionStepInput{{ID: &mine, Kind: intake.StepEntry, Name: "a"}, {ID: &mine, Kind: intake.StepEntry, Name: "b"}}},
			[]string{"NOT_FOUND input.steps.0.id", "NOT_FOUND input.steps.1.id"},
			[]string{"NOT_FOUND input.steps.1.id"},
		},
	} {
		_, err := b.svc.CreateOpening(t.Context(), b.actor, tc.in)
		require.Error(t, err, name)
		requireUserErrors(t, err, tc.made...)
		_, err = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, tc.in, nil)
		require.Error(t, err, name)
		requireUserErrors(t, err, tc.change...)
	}
	_, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "x"}, new(2))
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, uuid.New(), intake.OpeningInput{Name: "x"}, nil)
	requireUserErrors(t, err, "NOT_FOUND id")
	_, err = b.svc.ReopenOpening(t.Context(), b.actor, opening.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.CloseOpening(t.Context(), b.company(t, "別の会社"), opening.ID)
	requireUserErrors(t, err, "NOT_FOUND id")
	for _, table := range []string{"openings", "selection_steps", "events"} {
		require.Equal(t, before[table], b.everything(t)[table])
	}
}

func make31() (steps []intake.SelectionStepInput) {
	for n := range 31 {
		steps = append(steps, intake.SelectionStepInput{Kind: intake.StepInterview, Name: fmt.Sprint(n)})
	}
	return steps
}

func TestStepsChangePlacesComeAndGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	steps := b.steps(t, opening.ID)
	var in []intake.SelectionStepInput
	for i := len(steps) - 1; i >= 0; i-- {
		if i != 3 {
			in = append(in, intake.SelectionStepInput{ID: &steps[i].ID, Kind: steps[i].Kind, Name: steps[i].Name})
		}
	}
	in = append(in, intake.SelectionStepInput{Kind: intake.StepInterview, Name: "面談"})
	changed, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "営業部", Steps: in}, new(1))
	require.NoError(t, err)
	require.Equal(t, 2, changed.Revision)
	require.Equal(t, "営業部", changed.Name)
	after := b.steps(t, opening.ID)
	require.Equal(t, []string{"入社", "内定承諾", "内定", "最終面接", "一次面接", "書類選考", "応募受付", "面談"}, stepNames(after))
	require.Equal(t, steps[7].ID, after[0].ID)
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "営業部"}, nil)
	require.NoError(t, err)
	require.Equal(t, after, b.steps(t, opening.ID), "without steps given they stay")
}

func TestStepsOnWhichSomebodyStandsKeepTheirOrderAndTheOthersGoAnywhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "営業")))
	steps, all := b.steps(t, opening.ID), b.applications(t)
	_, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, steps[4].ID)
	require.NoError(t, err)
	put := func(order ...int) error {
		in := intake.OpeningInput{Name: "営業"}
		for _, i := range order {
			step := intake.SelectionStepInput{Kind: intake.StepInterview, Name: "追加"}
			if i >= 0 {
				step = intake.SelectionStepInput{ID: &steps[i].ID, Kind: steps[i].Kind, Name: steps[i].Name + "改"}
			}
			in.Steps = append(in.Steps, step)
		}
		_, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, in, nil)
		return err
	}
	before := b.everything(t)
	requireUserErrors(t, put(4, 0, 1, 2, 3, 5, 6, 7), "INVALID_STATE input.steps")
	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	requireUserErrors(t, put(1, 4, 0, 2, 3, 5, 6, 7), "INVALID_STATE input.steps")
	require.Equal(t, before["selection_steps"], b.everything(t)["selection_steps"])
	require.NoError(t, put(-1, 7, 0, 3, -1, 4, 6, 5, 2, 1), "renamed, added, and moved around those two")
	require.Equal(t, []string{"追加", "入社改", "応募受付改", "二次面接改", "追加", "最終面接改", "内定承諾改", "内定改", "一次面接改", "書類選考改"}, stepNames(b.steps(t, opening.ID)))
	_, err = b.svc.ReopenApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID})
	require.NoError(t, err)
	_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, steps[0].ID)
	require.NoError(t, err)
	require.NoError(t, put(4, 0, 1, 2, 3, 5, 6, 7), "nobody stands on the one any more")
	b.requireInvariants(t)
}

func TestCountsAreByStepAndOutcomeAndLeaveOutWhatWasTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, empty := b.opening(t, "営業"), b.opening(t, "開発")
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("4", applied(1, "営業"), applied(2, "営業"), applied(3, "営業"), applied(4, "営業")))
	steps, all := b.steps(t, opening.ID), b.applications(t)
	_, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: all[0].ID}, steps[2].ID)
	require.NoError(t, err)
	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: all[1].ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	b.exec(t, "UPDATE applications SET outcome = 'ROUTING_UNDONE' WHERE id = $1", all[2].ID)
	counts, err := b.svc.CountsByOpening(t.Context(), b.actor, []uuid.UUID{opening.ID, empty.ID})
	require.NoError(t, err)
	c := counts[opening.ID]
	require.Len(t, c, 8)
	require.Equal(t, []int{3, 2}, []int{c.Total(), c.Filled()})
	require.Equal(t, []int{2, 1}, []int{c[0].Count(), c[0].InProgress()})
	require.Equal(t, []int{1, 1}, []int{c.At(steps[2].ID).Count(), c[2].InProgress()})
	require.Zero(t, c.At(uuid.New()).Count())
	require.Equal(t, []intake.OutcomeCount{
		{Outcome: intake.OutcomeInProgress, Count: 2},
		{Outcome: intake.OutcomeJoined},
		{Outcome: intake.OutcomeRejected, Count: 1},
		{Outcome: intake.OutcomeWithdrawn},
		{Outcome: intake.OutcomeClosedAsDuplicate},
	}, c.ByOutcome())
	require.Len(t, counts[empty.ID], 8)
	require.Zero(t, counts[empty.ID].Total())
	theirs, err := b.svc.CountsByOpening(t.Context(), b.company(t, "別の会社"), []uuid.UUID{opening.ID})
	require.NoError(t, err)
	require.Empty(t, theirs)
}

func TestAStepOnWhichSomebodyStandsOrHasStoodCannotBeRemoved(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, other := b.opening(t, "営業"), b.opening(t, "開発")
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	application := b.applications(t)[0]
	steps := b.steps(t, opening.ID)
	application, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, steps[2].ID)
	require.NoError(t, err)
	keep := func(ids ...int) error {
		var in []intake.SelectionStepInput
		for _, i := range ids {
			in = append(in, intake.SelectionStepInput{ID: &steps[i].ID, Kind: steps[i].Kind, Name: steps[i].Name})
		}
		_, err := b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "営業", Steps: in}, nil)
		return err
	}
	requireUserErrors(t, keep(0, 1), "INVALID_STATE input.steps")
	requireUserErrors(t, keep(1, 2), "INVALID_STATE input.steps")
	require.NoError(t, keep(2, 0))
	_, err = b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, other.ID)
	require.NoError(t, err)
	requireUserErrors(t, keep(2), "INVALID_STATE input.steps")
	requireUserErrors(t, keep(0), "INVALID_STATE input.steps")
	require.NoError(t, keep(0, 2))
	b.requireInvariants(t)
}

func TestWhatComesForAClosedOpeningWaitsUntilItOpens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", opening.ID)
	closed, err := b.svc.CloseOpening(t.Context(), b.actor, opening.ID)
	require.NoError(t, err)
	require.Equal(t, intake.OpeningClosed, closed.Status)
	_, err = b.svc.CloseOpening(t.Context(), b.actor, opening.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "開発")))
	entries := b.entries(t)
	require.True(t, entries[1].Explanation.OpeningClosed)
	require.Contains(t, entries[1].Explanation.Summary("").JA, "終了しているため")
	require.False(t, entries[0].Explanation.OpeningClosed)
	b.requireInvariants(t)
	preview, err := b.svc.PreviewRule(t.Context(), b.actor, intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "開発", OpeningID: opening.ID}, nil)
	require.NoError(t, err)
	require.True(t, preview.OpeningClosed)
	require.Zero(t, preview.WouldRoute)
	require.Nil(t, preview.Filter)

	_, err = b.svc.ReopenOpening(t.Context(), b.actor, opening.ID)
	require.NoError(t, err)
	entries = b.entries(t)
	require.Equal(t, intake.StateRouted, entries[1].State)
	require.Equal(t, intake.StateWaiting, entries[0].State)
	b.requireInvariants(t)

	_, err = b.svc.CloseOpening(t.Context(), b.actor, opening.ID)
	require.NoError(t, err)
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, entries[0].ID)
	require.NoError(t, err)
	b.imported(t, "b@example.com", pageOf("9", applied(9, "営業")))
	require.True(t, b.entries(t)[0].Explanation.OpeningClosed)
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, rule.ID))
	require.False(t, b.entries(t)[0].Explanation.OpeningClosed, "the rule is gone, and that is the reason now")
	b.requireInvariants(t)
}

func TestOpeningsAreFoundAndCounted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := b.opening(t, "Sales 東京"), b.opening(t, "開発")
	_, err := b.svc.CloseOpening(t.Context(), b.actor, second.ID)
	require.NoError(t, err)
	b.rule(t, "営業", first.ID)
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "営業")))
	find := func(f intake.OpeningFilter) (names []string) {
		openings, err := b.svc.Openings(t.Context(), b.actor, f, intake.Keyset{First: 10})
		require.NoError(t, err)
		n, err := b.svc.CountOpenings(t.Context(), b.actor, f)
		require.NoError(t, err)
		require.Len(t, openings, n)
		for _, o := range openings {
			names = append(names, o.Name)
		}
		return names
	}
	require.Equal(t, []string{"開発", "Sales 東京"}, find(intake.OpeningFilter{}))
	require.Equal(t, []string{"Sales 東京"}, find(intake.OpeningFilter{Search: new("sALES")}))
	require.Equal(t, []string{"開発"}, find(intake.OpeningFilter{Status: new(intake.OpeningClosed)}))
	require.Empty(t, find(intake.OpeningFilter{Search: new("_")}), "it is no pattern")
	require.Empty(t, find(intake.OpeningFilter{Search: new("\x00")}), "and what no name can hold is in none")
	counts, err := b.svc.CountsByOpening(t.Context(), b.actor, []uuid.UUID{first.ID, second.ID})
	require.NoError(t, err)
	require.Equal(t, 2, counts[first.ID].Total())
	require.Zero(t, counts[second.ID].Total())
}

func TestTheBusiestOpeningsAreThoseWithTheMostUnderWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	few, closed, many := b.opening(t, "営業"), b.opening(t, "総務"), b.opening(t, "開発")
	b.opening(t, "まだ誰もいない")
	for name, id := range map[string]uuid.UUID{"営業": few.ID, "総務": closed.ID, "開発": many.ID} {
		b.rule(t, name, id)
	}
	b.imported(t, "a@example.com", pageOf("7",
		applied(1, "営業"), applied(2, "営業"), applied(3, "総務"), applied(4, "総務"), applied(5, "総務"), applied(6, "開発"), applied(7, "開発")))
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	busiest := func(actor intake.Actor, first int) (names []string) {
		openings, err := b.svc.BusiestOpenings(t.Context(), actor, first)
		require.NoError(t, err)
		for _, o := range openings {
			names = append(names, o.Name)
		}
		return names
	}
	require.Equal(t, []string{"開発", "営業"}, busiest(b.actor, 10), "the latest first where they are even")
	for _, a := range b.applications(t) {
		if a.OpeningID == many.ID {
			_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: a.ID}, intake.OutcomeRejected)
			require.NoError(t, err)
			break
		}
	}
	require.Equal(t, []string{"営業", "開発"}, busiest(b.actor, 10), "whose selection has ended does not count")
	require.Equal(t, []string{"営業"}, busiest(b.actor, 1))
	require.Empty(t, busiest(b.company(t, "別の会社"), 10))
}

func TestSelectionHasBegunWhenSomebodyIsMovedOnOrASelectionEnds(t *testing.T) {
	t.Parallel()
	for name, begin := range map[string]func(b *testBundle, a intake.Application, next uuid.UUID) error{
		"moved on": func(b *testBundle, a intake.Application, next uuid.UUID) error {
			_, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: a.ID}, next)
			return err
		},
		"ended": func(b *testBundle, a intake.Application, _ uuid.UUID) error {
			_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: a.ID}, intake.OutcomeWithdrawn)
			return err
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			begun := func(actor intake.Actor) bool {
				yes, err := b.svc.SelectionBegun(t.Context(), actor)
				require.NoError(t, err)
				return yes
			}
			opening := b.opening(t, "営業")
			b.rule(t, "営業", opening.ID)
			require.False(t, begun(b.actor))
			b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
			require.False(t, begun(b.actor), "who was routed stands at the first step")
			require.NoError(t, begin(b, b.applications(t)[0], b.steps(t, opening.ID)[1].ID))
			require.True(t, begun(b.actor))
			require.False(t, begun(b.company(t, "別の会社")))
		})
	}
}
