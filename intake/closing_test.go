package intake_test

import (
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestEachReasonExplainsTheOutcomesItIsOfferedForAndNoOther(t *testing.T) {
	t.Parallel()
	both := []intake.SelectionOutcome{intake.OutcomeRejected, intake.OutcomeWithdrawn}
	for reason, want := range map[intake.ClosingReason][]intake.SelectionOutcome{
		intake.ReasonSkills: both[:1], intake.ReasonRequirements: both[:1], intake.ReasonPositionFilled: both[:1],
		intake.ReasonOtherOffer: both[1:], intake.ReasonDuties: both[1:], intake.ReasonDuration: both[1:], intake.ReasonPersonal: both[1:],
		intake.ReasonCulture: both, intake.ReasonConditions: both, intake.ReasonUnreachable: both, intake.ReasonOther: both,
		"WHIM": nil,
	} {
		for _, outcome := range []intake.SelectionOutcome{
			intake.OutcomeInProgress, intake.OutcomeJoined, intake.OutcomeRejected, intake.OutcomeWithdrawn, intake.OutcomeClosedAsDuplicate, intake.OutcomeRoutingUndone,
		} {
			offered := false
			for _, class := range intake.ClosingReasons(&outcome) {
				offered = offered || class.Reason == reason
			}
			require.Equal(t, offered, reason.Explains(outcome), "%s %s", reason, outcome)
			require.Equal(t, offered, slices.Contains(want, outcome), "%s %s", reason, outcome)
		}
	}
	require.Len(t, intake.ClosingReasons(nil), 11)
	for _, class := range intake.ClosingReasons(nil) {
		require.NotEmpty(t, class.Name.JA)
		require.NotEmpty(t, class.Name.EN)
		require.Equal(t, class, class.Reason.Class())
	}
}

func TestASelectionEndsForThreeReasonsAtMostThatFitItsOutcome(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, _ := b.selected(t)
	end := func(o intake.SelectionOutcome, reasons ...intake.ClosingReason) error {
		_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: application.ID, Reasons: reasons}, o)
		return err
	}
	before := b.everything(t)
	requireUserErrors(t, end(intake.OutcomeRejected, intake.ReasonSkills, intake.ReasonCulture, intake.ReasonConditions, intake.ReasonOther), "TOO_LONG reasons")
	requireUserErrors(t, end(intake.OutcomeRejected, intake.ReasonSkills, intake.ReasonOtherOffer), "INVALID reasons.1")
	requireUserErrors(t, end(intake.OutcomeWithdrawn, intake.ReasonSkills), "INVALID reasons.0")
	requireUserErrors(t, end(intake.OutcomeWithdrawn, intake.ReasonDuties, intake.ReasonDuties), "INVALID reasons.1")
	requireUserErrors(t, end(intake.OutcomeJoined, intake.ReasonOther), "INVALID reasons.0")
	requireUserErrors(t, end(intake.OutcomeClosedAsDuplicate, intake.ReasonOther), "INVALID reasons.0")
	requireUserErrors(t, end(intake.OutcomeRoutingUndone), "INVALID outcome")
	b.requireUnchanged(t, before)

	three := []intake.ClosingReason{intake.ReasonDuties, intake.ReasonConditions, intake.ReasonPersonal}
	require.NoError(t, end(intake.OutcomeWithdrawn, three...))
	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application.ID})
	require.NoError(t, err)
	require.Equal(t, three, history[application.ID][1].Reasons)
	require.Empty(t, history[application.ID][0].Reasons)
	b.requireInvariants(t)
}

func TestSomebodyJoinsFromWhateverStepAndThatCanBeTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, _ := b.selected(t)
	joined, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, intake.OutcomeJoined)
	require.NoError(t, err)
	require.Equal(t, application.StepID, joined.StepID)
	back, err := b.svc.ReopenApplication(t.Context(), b.actor, intake.Change{ID: application.ID})
	require.NoError(t, err)
	require.Equal(t, intake.OutcomeInProgress, back.Outcome)
}

func TestOfTwoWhoActAtOnceTheSecondSeesWhatTheFirstDid(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	steps := b.steps(t, opening.ID)
	read := intake.Change{ID: application.ID, ExpectedRevision: &application.Revision}
	_, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID, Note: new("通過"), ExpectedRevision: read.ExpectedRevision}, steps[1].ID)
	require.NoError(t, err)
	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: application.ID, Reasons: []intake.ClosingReason{intake.ReasonOther}}, intake.OutcomeRejected)
	require.NoError(t, err)
	before := b.everything(t)
	_, err = b.svc.MoveApplication(t.Context(), b.actor, read, steps[2].ID)
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	b.requireUnchanged(t, before)

	var conflict *intake.ApplicationConflict
	require.ErrorAs(t, err, &conflict)
	require.Equal(t, 3, conflict.Application.Revision)
	require.Equal(t, intake.OutcomeRejected, conflict.Application.Outcome)
	require.Equal(t, steps[1].ID, conflict.Application.StepID)
	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application.ID})
	require.NoError(t, err)
	require.Equal(t, history[application.ID][1:], conflict.Changes(history[application.ID]))
	require.Equal(t, "通過", *conflict.Changes(history[application.ID])[0].Note)
	for i, line := range history[application.ID] {
		require.Equal(t, i+1, line.Revision)
	}
	_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: application.ID, ExpectedRevision: new(9)}, steps[2].ID)
	require.ErrorAs(t, err, &conflict)
	require.Empty(t, conflict.Changes(history[application.ID]), "a revision that has not come yet")
}

func TestWhatCanBeDoneFollowsFromStateAndRoles(t *testing.T) {
	t.Parallel()
	coordinator := intake.Actor{Member: intake.Member{Roles: []intake.Role{intake.RoleCoordinator}}}
	admin := intake.Actor{Member: intake.Member{Roles: []intake.Role{intake.RoleAdmin}}}
	able := func(a intake.Application, actor intake.Actor) (names []intake.ApplicationAction) {
		for _, state := range a.AvailableActions(actor) {
			if state.WhyNot == nil {
				names = append(names, state.Action)
			}
		}
		return names
	}
	for outcome, want := range map[intake.SelectionOutcome][]intake.ApplicationAction{
		intake.OutcomeInProgress:        {intake.ActionMoveApplication, intake.ActionCloseApplication, intake.ActionRerouteApplication},
		intake.OutcomeJoined:            {intake.ActionReopenApplication},
		intake.OutcomeRejected:          {intake.ActionReopenApplication},
		intake.OutcomeWithdrawn:         {intake.ActionReopenApplication},
		intake.OutcomeClosedAsDuplicate: {intake.ActionReopenApplication},
		intake.OutcomeRoutingUndone:     nil,
	} {
		require.Equal(t, want, able(intake.Application{Outcome: outcome}, coordinator), outcome)
		require.Empty(t, able(intake.Application{Outcome: outcome}, admin))
	}
	for status, want := range map[intake.OpeningStatus][]bool{intake.OpeningOpen: {true, true, false}, intake.OpeningClosed: {true, false, true}} {
		for i, state := range (intake.Opening{Status: status}).AvailableActions(coordinator) {
			require.Equal(t, want[i], state.WhyNot == nil, "%s %s", status, state.Action)
		}
		for _, state := range (intake.Opening{Status: status}).AvailableActions(admin) {
			require.NotNil(t, state.WhyNot)
		}
	}
}
