package intake_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func (b *testBundle) decisions(t *testing.T, id uuid.UUID) []intake.RoutingDecision {
	t.Helper()
	decisions, err := b.svc.DecisionsByEntry(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	return decisions[id]
}

func TestAnExplanationIsWordForWordTheSameWhateverBecomesOfRuleAndOpening(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, closed := b.opening(t, "求人").ID, b.opening(t, "終了した求人").ID
	rule, _ := b.rule(t, "営業", opening)
	gone, _ := b.rule(t, "経理", closed)
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed)
	require.NoError(t, err)
	b.imported(t, "a@example.com", pageOf("3", applied(1, "【東京】 営業"), applied(2, "営 業"), applied(3, "経理"), applied(4, "ＥＮ 営業")))
	_, _, err = b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{Medium: rule.Medium, PositionName: "EN 営業", OpeningID: opening}, nil)
	require.NoError(t, err)
	byRule, closedOne, byHand := b.entries(t)[0].ID, b.entries(t)[1].ID, b.entries(t)[2].ID
	_, err = b.svc.RouteEntry(t.Context(), b.actor, byHand, opening)
	require.NoError(t, err)
	b.exec(t, `UPDATE inbox_entries SET considered = '[{"rule": "0190b9a2-0000-7000-8000-000000000001", "revision": 2, "positionName": "営業", "medium": "DODA", "why": "OTHER_MEDIUM", "score": 0.5},
		{"rule": "0190b9a2-0000-7000-8000-000000000002", "why": "TOMORROW", "opening": "x"}, {"why": "SIMILAR"}, 7]', decided_at = now() WHERE id = $1`, byHand)
	before := map[uuid.UUID][]intake.RoutingDecision{}
	for _, id := range []uuid.UUID{byRule, closedOne, byHand} {
		before[id] = b.decisions(t, id)
	}
	require.Equal(t, "募集ポジション名「ＥＮ 営業」が振り分けルール「EN 営業」（第2版）に一致したため、求人「求人」に自動で振り分けました。", b.why(t, byRule))
	require.Equal(t, "佐藤さんが求人「求人」に手動で振り分けました。", b.why(t, byHand))
	last := before[byRule][len(before[byRule])-1].Explanation
	require.Equal(t, "ＥＮ 営業", last.RawPositionName)
	require.Equal(t, "EN 営業", last.NormalizedPositionName)
	require.Equal(t, "EN 営業", *last.RuleNormalizedPositionName())
	require.Equal(t, opening, *last.OpeningID)
	require.NotNil(t, last.ActionID)
	considered := before[byHand][len(before[byHand])-1].Explanation.Considered
	require.Len(t, considered, 2, "what cannot be read is passed over")
	require.Equal(t, intake.ConsideredOtherMedium, considered[0].Reason)
	require.InDelta(t, 0.5, *considered[0].Score, 0)
	require.Equal(t, intake.ConsideredOther, considered[1].Reason)
	require.Nil(t, considered[1].Medium)

	_, _, err = b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{Medium: rule.Medium, PositionName: "総務", OpeningID: opening}, nil)
	require.NoError(t, err)
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, rule.ID))
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, opening, intake.OpeningInput{Name: "改名"}, nil)
	require.NoError(t, err)
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, closed, intake.OpeningInput{Name: "改名"}, nil)
	require.NoError(t, err)
	for id, want := range before {
		require.Equal(t, want, b.decisions(t, id))
	}
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, gone.ID))
	require.Equal(t, before[closedOne], b.decisions(t, closedOne)[:len(before[closedOne])], "a line is added, none is changed")
	require.Equal(t, "募集ポジション名「経理」に一致する振り分けルールがないため、滞留しています。", b.why(t, closedOne))
}

func TestDecisionsAreKeptInTheirOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.waiting(t, 1, "営業")[0]
	_, err := b.svc.ExcludeEntry(t.Context(), b.actor, id)
	require.NoError(t, err)
	b.rule(t, "営業", b.opening(t, "求人").ID)
	restored, err := b.svc.RestoreEntry(t.Context(), b.actor, id)
	require.NoError(t, err)
	b.undo(t, *restored.Explanation.ActionID)
	var states []intake.RoutingState
	for _, d := range b.decisions(t, id) {
		states = append(states, d.State)
		require.NotEmpty(t, d.Explanation.Summary("佐藤").EN)
	}
	require.Equal(t, []intake.RoutingState{intake.StateWaiting, intake.StateExcluded, intake.StateWaiting, intake.StateRouted, intake.StateExcluded}, states)
	require.Equal(t, "佐藤さんが対象外にしました。", b.why(t, id))
}

func TestTheInboxSummaryIsWhatTheInboxHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	empty, err := b.svc.InboxSummary(t.Context(), b.actor)
	require.NoError(t, err)
	require.Equal(t, intake.InboxSummary{ByMedium: []intake.InboxMediumSummary{}}, empty)
	ids := b.waiting(t, 6, "営業")
	b.exec(t, "UPDATE inbox_entries SET imported_at = '2026-02-01T00:00:00Z' WHERE id = $1", ids[2])
	_, err = b.svc.ExcludeEntries(t.Context(), b.actor, ids[4:])
	require.NoError(t, err)
	_, err = b.svc.RouteEntry(t.Context(), b.actor, ids[3], b.opening(t, "求人").ID)
	require.NoError(t, err)
	sum, err := b.svc.InboxSummary(t.Context(), b.actor)
	require.NoError(t, err)
	require.Equal(t, []int{3, 1, 2}, []int{sum.Waiting, sum.Routed, sum.Excluded})
	require.Equal(t, b.entry(t, ids[2]).AppliedAt, *sum.OldestWaitingAt)
	require.Equal(t, b.entry(t, ids[2]).ImportedAt, *sum.OldestWaitingImportedAt)
	require.Equal(t, []intake.InboxMediumSummary{{intake.MediumWantedly, 3, *sum.OldestWaitingAt, *sum.OldestWaitingImportedAt}}, sum.ByMedium)
	_, err = b.svc.EraseCandidate(t.Context(), b.actor, b.entry(t, ids[5]).CandidateID, intake.ErasedOnRequest)
	require.NoError(t, err)
	sum, err = b.svc.InboxSummary(t.Context(), b.actor)
	require.NoError(t, err)
	require.Equal(t, 1, sum.Excluded)
	b.requireInvariants(t)
}

func TestAnExplanationTellsOfEachLaterMoveToAnotherOpening(t *testing.T) {
	t.Parallel()
	b := setup(t)
	from, to := b.opening(t, "営業").ID, b.opening(t, "CS部").ID
	id := b.waiting(t, 1, "営業")[0]
	_, err := b.svc.RouteEntry(t.Context(), b.actor, id, from)
	require.NoError(t, err)
	application := b.applicationOf(t, id)
	_, err = b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, to)
	require.NoError(t, err)
	_, err = b.svc.UpdateOpening(t.Context(), b.actor, to, intake.OpeningInput{Name: "改名"}, nil)
	require.NoError(t, err)
	require.Equal(t, "佐藤さんが求人「営業」に手動で振り分けました。その後、佐藤さんが求人「営業」から求人「CS部」に移しました。", b.why(t, id))

	_, err = b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: application.ID}, from)
	require.NoError(t, err)
	decisions := b.decisions(t, id)
	last := decisions[len(decisions)-1].Explanation
	require.Equal(t, from, *last.OpeningID, "where it went first stays")
	require.Len(t, last.Reroutings, 2)
	require.Equal(t, []uuid.UUID{to, from}, []uuid.UUID{last.Reroutings[0].OpeningID, last.Reroutings[1].OpeningID})
	require.Equal(t, "改名", last.Reroutings[1].FromOpeningName)
	require.Equal(t, b.actor.Member.ID, *last.Reroutings[0].MemberID)
	require.Empty(t, decisions[0].Explanation.Reroutings, "while it waited nobody moved it")
	require.Equal(t, "Routed by hand to the opening “営業” by 佐藤. Later 佐藤 moved it from the opening “営業” to the opening “CS部”. Later 佐藤 moved it from the opening “改名” to the opening “営業”.", last.Summary("佐藤").EN)
}
