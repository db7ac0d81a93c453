package intake_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestAPreviewLooksBackAYearAtMost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "営業", OpeningID: b.opening(t, "営業").ID}
	for _, days := range []int{-1, 0, 366, 1 << 40} {
		_, err := b.svc.CaughtByRule(t.Context(), b.actor, in, &days)
		require.ErrorIs(t, err, intake.ErrPreviewDays)
		_, err = b.svc.MissedByRule(t.Context(), b.actor, in, &days)
		require.ErrorIs(t, err, intake.ErrPreviewDays)
	}
}

func TestAPreviewTellsWhatItWouldHaveSparedPeople(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("9",
		applied(1, "営業"), applied(2, "営業 "), applied(3, "【急募】営業"), applied(4, "経理"), applied(5, "営業"), applied(6, "営業"),
		applied(7, "営業"), applied(8, "営業-2"), applied(9, "経理")))
	sales, other := b.opening(t, "営業"), b.opening(t, "よそ")
	byHand := func(n int, to uuid.UUID) {
		var id uuid.UUID
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id FROM inbox_entries WHERE external_id = $1::int::text", n).Scan(&id))
		_, err := b.svc.RouteEntry(t.Context(), b.actor, id, to)
		require.NoError(t, err)
	}
	for _, n := range []int{1, 2, 3, 4, 5} {
		byHand(n, sales.ID)
	}
	byHand(6, other.ID)
	b.exec(t, "UPDATE routing_decisions SET at = now() - interval '91 days' WHERE decided_by = 'MEMBER' AND entry_id = (SELECT id FROM inbox_entries WHERE external_id = '5')")

	in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "営業", OpeningID: sales.ID}
	caught, err := b.svc.CaughtByRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Equal(t, 2, caught.Count, "not those that went elsewhere, nor long ago, nor under another name")
	require.Len(t, caught.Examples, 2)
	require.Equal(t, "営業 ", caught.Examples[0].PositionName, "the latest first")
	caught, err = b.svc.CaughtByRule(t.Context(), b.actor, in, new(100))
	require.NoError(t, err)
	require.Equal(t, 3, caught.Count)
	missed, err := b.svc.MissedByRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Equal(t, []intake.NearName{{PositionName: "【急募】営業", NormalizedPositionName: "【急募】営業", Count: 1, Score: 1}}, missed)
	near, err := b.svc.NearWaitingNames(t.Context(), b.actor, in)
	require.NoError(t, err)
	require.Equal(t, []intake.NearName{{PositionName: "営業-2", NormalizedPositionName: "営業-2", Count: 1, Score: 1}}, near)

	in.Medium = intake.MediumDoda
	caught, err = b.svc.CaughtByRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Zero(t, caught.Count, "another medium")
	require.NotNil(t, caught.Examples)
}

func TestAPreviewOfAChangeIsNotInItsOwnWay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	closed, open := b.opening(t, "終了"), b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", closed.ID)
	b.close(t, closed.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "営業", OpeningID: open.ID}
	preview, err := b.svc.PreviewRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Equal(t, rule.ID, preview.ConflictsWith.ID)
	require.Zero(t, preview.WouldRoute, "a second rule for it is refused")
	preview, err = b.svc.PreviewRule(t.Context(), b.actor, in, &rule.ID)
	require.NoError(t, err)
	require.Nil(t, preview.ConflictsWith)
	require.Equal(t, 1, preview.WouldRoute)
}

func TestRulesThatDoNothingAreFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, closed := b.opening(t, "営業"), b.opening(t, "終了")
	healthy, _ := b.rule(t, "営業", opening.ID)
	quiet, _ := b.rule(t, "開発", opening.ID)
	never, _ := b.rule(t, "経理", opening.ID)
	shut, _ := b.rule(t, "人事", closed.ID)
	b.imported(t, "a@example.com", pageOf("4", applied(1, "営業"), applied(2, "営業"), applied(3, "開発"), applied(4, "人事")))
	b.close(t, closed.ID)
	b.exec(t, "UPDATE routing_decisions SET at = now() - interval '91 days' WHERE rule_id = $1", quiet.ID)
	want := map[uuid.UUID]intake.RuleHealth{
		healthy.ID: intake.RuleHealthy, quiet.ID: intake.RuleQuiet, never.ID: intake.RuleNeverMatched, shut.ID: intake.RuleOpeningClosed,
	}
	ids := []uuid.UUID{healthy.ID, quiet.ID, never.ID, shut.ID}
	matches, err := b.svc.RuleMatchesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	rules, err := b.svc.RulesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	openings, err := b.svc.OpeningsByID(t.Context(), b.actor, []uuid.UUID{opening.ID, closed.ID})
	require.NoError(t, err)
	for id, health := range want {
		require.Equal(t, health, matches[id].Health(openings[rules[id].OpeningID]))
		found, err := b.svc.Rules(t.Context(), b.actor, intake.RuleFilter{Health: &health}, intake.Keyset{First: 10})
		require.NoError(t, err)
		require.Len(t, found, 1, health)
		require.Equal(t, id, found[0].ID, "the filter and the field agree")
		n, err := b.svc.CountRules(t.Context(), b.actor, intake.RuleFilter{Health: &health})
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	require.Equal(t, 2, matches[healthy.ID].Count)

	// What was rerouted since was routed by it all the same.
	var application uuid.UUID
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id FROM applications WHERE opening_id = $1 LIMIT 1", opening.ID).Scan(&application))
	_, err = b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: application}, b.opening(t, "よそ").ID)
	require.NoError(t, err)
	again, err := b.svc.RuleMatchesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Equal(t, matches, again)
}
