package intake_test

import (
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// waiting imports n entries for a position and returns their ids, the latest application first.
func (b *testBundle) waiting(t *testing.T, n int, position string) []uuid.UUID {
	t.Helper()
	var applications []intake.SourceApplication
	for i := range n {
		applications = append(applications, applied(i+1, position))
	}
	b.imported(t, "a@example.com", pageOf("1", applications...))
	ids := make([]uuid.UUID, 0, n)
	for after := ""; len(ids) < n; {
		page, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{}, intake.Keyset{First: 100, After: after})
		require.NoError(t, err)
		page = page[:min(len(page), 100)]
		for _, e := range page {
			ids = append(ids, e.ID)
		}
		after = intake.PlaceOf(page[len(page)-1].AppliedAt, page[len(page)-1].ID)
	}
	return ids
}

func (b *testBundle) entry(t *testing.T, id uuid.UUID) intake.InboxEntry {
	t.Helper()
	found, err := b.svc.InboxEntriesByID(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	return found[id]
}

// why is an entry's last decision, as people read it.
func (b *testBundle) why(t *testing.T, id uuid.UUID) string {
	t.Helper()
	decisions, err := b.svc.DecisionsByEntry(t.Context(), b.actor, []uuid.UUID{id})
	require.NoError(t, err)
	all := decisions[id]
	return all[len(all)-1].Explanation.Summary("佐藤").JA
}

// states counts the entries by where and why they are.
func (b *testBundle) states(t *testing.T) map[string]int {
	t.Helper()
	states := make(map[string]int)
	for _, e := range b.entries(t) {
		key := string(e.State)
		if e.Explanation.WaitingReason != nil {
			key = string(*e.Explanation.WaitingReason)
		}
		states[key]++
	}
	return states
}

func (b *testBundle) undo(t *testing.T, id uuid.UUID) intake.RoutingUndone {
	t.Helper()
	undone, err := b.svc.UndoRouting(t.Context(), b.actor, id)
	require.NoError(t, err)
	b.requireInvariants(t)
	return undone
}

func (b *testBundle) applicationOf(t *testing.T, entry uuid.UUID) intake.Application {
	t.Helper()
	found, err := b.svc.ApplicationsByEntry(t.Context(), b.actor, []uuid.UUID{entry})
	require.NoError(t, err)
	return found[entry]
}

func (b *testBundle) sweepOf(t *testing.T, rule intake.RoutingRule) intake.RoutingAction {
	t.Helper()
	action, err := b.svc.FirstSweep(t.Context(), b.actor, rule)
	require.NoError(t, err)
	return action
}

func refusals(refused []intake.Refusal) map[uuid.UUID]string {
	all := make(map[uuid.UUID]string)
	for _, r := range refused {
		all[r.ID] = fmt.Sprint(r.Code, " ", r.Text.EN)
	}
	return all
}

func TestBulkActionsRefuseWhatTheyCannotTakeAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, closed := b.opening(t, "求人").ID, b.opening(t, "終了").ID
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed)
	require.NoError(t, err)
	ids := b.waiting(t, 1, "営業")
	many := make([]uuid.UUID, 501)
	for i := range many {
		many[i] = uuid.New()
	}
	before := b.everything(t)
	for _, do := range []func([]uuid.UUID) error{
		func(ids []uuid.UUID) error {
			_, err := b.svc.RouteEntries(t.Context(), b.actor, ids, opening)
			return err
		},
		func(ids []uuid.UUID) error { _, err := b.svc.ExcludeEntries(t.Context(), b.actor, ids); return err },
		func(ids []uuid.UUID) error { _, err := b.svc.RestoreEntries(t.Context(), b.actor, ids); return err },
	} {
		requireUserErrors(t, do(many), "TOO_LONG ids")
		requireUserErrors(t, do(nil), "REQUIRED ids")
		require.NoError(t, do(append(many[:500], many[:500]...)), "500 of them, each twice")
	}
	_, err = b.svc.RouteEntries(t.Context(), b.actor, ids, closed)
	requireUserErrors(t, err, "INVALID_STATE openingId")
	_, err = b.svc.RouteEntries(t.Context(), b.actor, ids, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND openingId")
	decided, err := b.svc.ExcludeEntries(t.Context(), b.company(t, "別の会社"), ids)
	require.NoError(t, err)
	require.Equal(t, map[uuid.UUID]string{ids[0]: "NOT_FOUND Not found."}, refusals(decided.Refused))
	require.Nil(t, decided.Action)
	require.Equal(t, intake.StateWaiting, b.entry(t, ids[0]).State)
	require.Equal(t, before["inbox_entries"], b.everything(t)["inbox_entries"])
	require.Equal(t, before["audit_log"], b.everything(t)["audit_log"])
}

func TestABulkActionDoesWhatItCanAndListsWhatItCannot(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 6, "営業")
	opening := b.opening(t, "求人").ID
	_, err := b.svc.ExcludeEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	missing := uuid.New()
	events := b.number(t, "SELECT count(*) FROM events WHERE kind = 'INBOX'")
	lines := b.number(t, "SELECT count(*) FROM audit_log")

	decided, err := b.svc.RouteEntries(t.Context(), b.actor, []uuid.UUID{ids[1], missing, ids[0], ids[2], ids[1]}, opening)
	require.NoError(t, err)
	require.Len(t, decided.Entries, 2, "one that is named twice counts once")
	require.Equal(t, map[uuid.UUID]string{
		missing: "NOT_FOUND Not found.", ids[0]: "INVALID_STATE Only an entry that waits can be routed.",
	}, refusals(decided.Refused))
	require.Equal(t, 2, decided.Action.EntryCount)
	require.True(t, decided.Action.Undoable)
	for _, e := range decided.Entries {
		require.Equal(t, intake.StateRouted, e.State)
		require.Equal(t, decided.Action.ID, *e.Explanation.ActionID)
	}
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM events WHERE kind = 'INBOX'")-events)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log")-lines)
	line, detail := b.last(t)
	require.Equal(t, intake.AuditEntriesRouted, line.Action)
	require.Equal(t, decided.Action.ID, *line.SubjectID)
	require.JSONEq(t, encode(t, vars{"count": 2, "refused": 2, "opening": opening}), encode(t, detail))
	require.Equal(t, "佐藤さんが応募情報2件を手動で振り分けました。", line.Summary("佐藤").JA)
	require.Equal(t, "佐藤さんが求人「求人」に手動で振り分けました。", b.why(t, ids[1]))
	b.requireInvariants(t)

	b.rule(t, "別の職種", opening)
	excluded, err := b.svc.ExcludeEntries(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, excluded.Entries, 3)
	b.rule(t, "営業", opening)
	restored, err := b.svc.RestoreEntries(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, restored.Entries, 4)
	require.Equal(t, map[string]int{"ROUTED": 6}, b.states(t), "a rule has come meanwhile")
	b.requireInvariants(t)

	undone := b.undo(t, restored.Action.ID)
	require.Equal(t, 4, undone.UndoneCount)
	require.Equal(t, map[string]int{"ROUTED": 2, "EXCLUDED": 4}, b.states(t), "back to where they were")
}

func TestFiveHundredEntriesAreRoutedAndTakenBackAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 500, "営業")
	decided, err := b.svc.RouteEntries(t.Context(), b.actor, ids, b.opening(t, "求人").ID)
	require.NoError(t, err)
	require.Len(t, decided.Entries, 500)
	require.Equal(t, 500, b.undo(t, decided.Action.ID).UndoneCount)
	require.Equal(t, 500, b.number(t, "SELECT count(*) FROM applications WHERE outcome = 'ROUTING_UNDONE'"))
	require.Equal(t, 500, b.number(t, "SELECT waiting FROM company_counters WHERE company_id = $1", b.actor.Company.ID))
}

func TestTheSameBulkActionTwiceAtOnceIsDoneOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 40, "営業")
	opening := b.opening(t, "求人").ID
	decided := make([]intake.EntriesDecided, 6)
	errs := make([]error, len(decided))
	var wg sync.WaitGroup
	for i := range decided {
		mine := append([]uuid.UUID(nil), ids...)
		rand.Shuffle(len(mine), func(i, j int) { mine[i], mine[j] = mine[j], mine[i] })
		wg.Go(func() { decided[i], errs[i] = b.svc.RouteEntries(t.Context(), b.actor, mine, opening) })
	}
	wg.Wait()
	done := 0
	for i := range decided {
		require.NoError(t, errs[i])
		require.Len(t, ids, len(decided[i].Entries)+len(decided[i].Refused))
		done += len(decided[i].Entries)
	}
	require.Equal(t, len(ids), done)
	b.requireInvariants(t)
}

func TestAnActionIsUndoneOnceAndInTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 2, "営業")
	late, err := b.svc.ExcludeEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	early, err := b.svc.ExcludeEntry(t.Context(), b.actor, ids[1])
	require.NoError(t, err)
	b.exec(t, "UPDATE routing_actions SET at = now() - interval '15 minutes' WHERE id = $1", *late.Explanation.ActionID)
	b.exec(t, "UPDATE routing_actions SET at = now() - interval '14 minutes 50 seconds' WHERE id = $1", *early.Explanation.ActionID)
	_, err = b.svc.UndoRouting(t.Context(), b.actor, *late.Explanation.ActionID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.UndoRouting(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
	_, err = b.svc.UndoRouting(t.Context(), b.company(t, "別の会社"), *early.Explanation.ActionID)
	requireUserErrors(t, err, "NOT_FOUND id")

	errs := make([]error, 5)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = b.svc.UndoRouting(t.Context(), b.actor, *early.Explanation.ActionID) })
	}
	wg.Wait()
	done := 0
	for _, err := range errs {
		if err == nil {
			done++
			continue
		}
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	require.Equal(t, 1, done, "a second undo is refused")
	require.Equal(t, map[string]int{"EXCLUDED": 1, "NO_RULE": 1}, b.states(t))
	actions, err := b.svc.RoutingActions(t.Context(), b.actor, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, actions, 2)
	require.True(t, actions[0].Undone())
	require.Equal(t, b.actor.Member.ID, *actions[0].UndoneBy)
	require.False(t, actions[0].Undoable)
	require.False(t, actions[1].Undone())
	require.False(t, actions[1].Undoable)
	b.requireInvariants(t)
}

func TestUndoLeavesAloneWhatHasMovedOnAndSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 6, "営業")
	opening, other := b.opening(t, "求人").ID, b.opening(t, "別の求人").ID
	rule, routed := b.rule(t, "営業", opening)
	require.Equal(t, 6, routed)
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{opening})
	require.NoError(t, err)
	_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: b.applicationOf(t, ids[0]).ID}, steps[opening][1].ID)
	require.NoError(t, err)
	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: b.applicationOf(t, ids[1]).ID}, intake.OutcomeRejected)
	require.NoError(t, err)
	_, err = b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: b.applicationOf(t, ids[2]).ID}, other)
	require.NoError(t, err)
	_, err = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: b.applicationOf(t, ids[3]).ID, Note: new("よい")}, steps[opening][0].ID)
	require.NoError(t, err)
	_, err = b.svc.EraseCandidate(t.Context(), b.actor, b.entry(t, ids[4]).CandidateID, intake.ErasedOnRequest)
	require.NoError(t, err)

	undone := b.undo(t, b.sweepOf(t, rule).ID)
	require.Equal(t, 1, undone.UndoneCount)
	require.Equal(t, 4, undone.RefusedCount)
	require.Equal(t, 1, undone.ErasedCount)
	require.Equal(t, map[uuid.UUID]string{
		ids[0]: "INVALID_STATE Its selection has begun.", ids[1]: "INVALID_STATE Its selection has ended.",
		ids[2]: "INVALID_STATE It was moved to another opening.", ids[3]: "INVALID_STATE Its selection has begun.",
	}, refusals(undone.Refused))
	require.Equal(t, map[string]int{"ROUTED": 4, "UNDONE": 1}, b.states(t))

	history := b.number(t, "SELECT count(*) FROM selection_events h JOIN applications a ON a.id = h.application_id WHERE a.entry_id = $1", ids[5])
	require.Equal(t, 2, history, "nothing is deleted: a line is added")
	require.Zero(t, b.number(t, "SELECT count(*) FROM applications WHERE entry_id = $1 AND outcome <> 'ROUTING_UNDONE'", ids[5]))
	counts, err := b.svc.CountsByOpening(t.Context(), b.actor, []uuid.UUID{opening})
	require.NoError(t, err)
	require.Equal(t, 3, counts[opening].Total(), "it counts nowhere")
	_, err = b.svc.RouteEntry(t.Context(), b.actor, ids[5], other)
	require.NoError(t, err, "by hand it goes anywhere")
	b.requireInvariants(t)
}

func TestUndoOfASinglePieceThatSomebodyDecidedOnAgainIsRefusedForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 2, "営業")
	excluded, err := b.svc.ExcludeEntries(t.Context(), b.actor, ids)
	require.NoError(t, err)
	_, err = b.svc.RestoreEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	undone := b.undo(t, excluded.Action.ID)
	require.Equal(t, map[uuid.UUID]string{ids[0]: "INVALID_STATE Somebody has decided on it again since."}, refusals(undone.Refused))
	require.Equal(t, map[string]int{"EXCLUDED": 1, "NO_RULE": 1}, b.states(t))
}

func TestWhatWasTakenBackFromARuleWaitsUntilTheRuleIsAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 2, "営業")
	opening := b.opening(t, "求人").ID
	rule, _ := b.rule(t, "営業", opening)
	b.undo(t, b.sweepOf(t, rule).ID)
	require.Equal(t, map[string]int{"UNDONE": 2}, b.states(t))
	require.Equal(t, "佐藤さんが求人「求人」への振り分けを取り消しました。振り分けルール「営業」（第1版）は一致しますが、ルールが変更されるか、手動で振り分けられるまで、滞留しています。", b.why(t, ids[0]))
	require.Nil(t, b.entry(t, ids[0]).Explanation.ActionID)

	// Neither an import, nor reopening the opening, nor setting it aside and taking it back routes it.
	b.source.read = reads(pageOf("1"), pageOf("2", applied(3, "営業")))
	b.importAgain(t, *b.entry(t, ids[0]).AccountID)
	_, err := b.svc.CloseOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	b.requireInvariants(t)
	reopened, err := b.svc.ReopenOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	require.Equal(t, intake.OpeningOpen, reopened.Status)
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	require.Nil(t, b.entry(t, ids[0]).Explanation.RuleID, "no rule excluded it")
	restored, err := b.svc.RestoreEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	require.Equal(t, intake.WaitingUndone, *restored.Explanation.WaitingReason)
	require.Contains(t, b.why(t, ids[0]), "以前の操作が取り消されています。")
	b.requireInvariants(t)
	require.Equal(t, map[string]int{"UNDONE": 2, "ROUTED": 1}, b.states(t))

	// Saving the rule again asks anew.
	updated, routed, err := b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{Medium: rule.Medium, PositionName: rule.PositionName, OpeningID: opening}, nil)
	require.NoError(t, err)
	require.Equal(t, 2, routed)
	require.Equal(t, 2, b.sweepOf(t, updated).EntryCount)
	b.undo(t, b.sweepOf(t, updated).ID)

	// So does its name going elsewhere and coming back, and another rule in its place.
	_, _, err = b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{Medium: rule.Medium, PositionName: "経理", OpeningID: opening}, nil)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"NO_RULE": 2, "ROUTED": 1}, b.states(t))
	b.requireInvariants(t)
	_, routed = b.rule(t, "営業", opening)
	require.Equal(t, 2, routed)
	b.requireInvariants(t)
}

func TestUndoRoutesNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 4, "営業")
	opening, other := b.opening(t, "求人").ID, b.opening(t, "別の求人").ID
	excluded, err := b.svc.ExcludeEntries(t.Context(), b.actor, ids[:2])
	require.NoError(t, err)
	byHand, err := b.svc.RouteEntries(t.Context(), b.actor, ids[2:], other)
	require.NoError(t, err)
	b.rule(t, "営業", opening)
	b.undo(t, excluded.Action.ID)
	b.undo(t, byHand.Action.ID)
	require.Equal(t, map[string]int{"UNDONE": 4}, b.states(t), "a rule has come meanwhile; it is not what they were taken back for")
	require.Contains(t, b.why(t, ids[2]), "求人「別の求人」への振り分けを取り消しました。")
}

func TestAnExclusionThatWasUndoneIsNotCalledARouting(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 2, "営業")
	excluded, err := b.svc.ExcludeEntries(t.Context(), b.actor, ids[:1])
	require.NoError(t, err)
	b.undo(t, excluded.Action.ID)
	require.Equal(t, "対象外が取り消されました。募集ポジション名「営業」に一致する振り分けルールがないため、滞留しています。", b.why(t, ids[0]))
	require.Equal(t, "募集ポジション名「営業」に一致する振り分けルールがないため、滞留しています。", b.why(t, ids[1]))

	excluded, err = b.svc.ExcludeEntries(t.Context(), b.actor, ids)
	require.NoError(t, err)
	b.rule(t, "営業", b.opening(t, "求人").ID)
	b.undo(t, excluded.Action.ID)
	require.Equal(t, map[string]int{"UNDONE": 2}, b.states(t))
	require.Equal(t, "対象外が取り消されました。振り分けルール「営業」（第1版）は一致しますが、ルールが変更されるか、手動で振り分けられるまで、滞留しています。", b.why(t, ids[0]))

	// Set aside and restored, it waits for the same rule: whatever was taken back was no routing.
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	restored, err := b.svc.RestoreEntry(t.Context(), b.actor, ids[0])
	require.NoError(t, err)
	require.Equal(t, intake.WaitingUndone, *restored.Explanation.WaitingReason)
	require.Contains(t, b.why(t, ids[0]), "以前の操作が取り消されています。")
	refused, err := b.svc.RestoreEntries(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, refused.Refused, 2)
	routed, err := b.svc.RouteEntries(t.Context(), b.actor, ids[:1], b.opening(t, "別の求人").ID)
	require.NoError(t, err)
	again, err := b.svc.RouteEntries(t.Context(), b.actor, ids[:1], *routed.Action.OpeningID)
	require.NoError(t, err)
	require.Equal(t, "滞留中の応募情報だけを振り分けられます。", again.Refused[0].Text.JA)
}

func TestUndoWhileTheOpeningIsClosedIsNotForgottenWhenItOpens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 2, "営業")
	opening := b.opening(t, "求人").ID
	_, err := b.svc.CloseOpening(t.Context(), b.actor, b.opening(t, "x").ID)
	require.NoError(t, err)
	rule, _ := b.rule(t, "営業", opening)
	_, err = b.svc.CloseOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	b.undo(t, b.sweepOf(t, rule).ID)
	_, err = b.svc.ReopenOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	require.Equal(t, map[string]int{"UNDONE": 2}, b.states(t))

	// What waited for the opening can be taken back from its reopening too.
	decided, err := b.svc.RouteEntries(t.Context(), b.actor, ids[:1], opening)
	require.NoError(t, err)
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, rule.ID))
	b.undo(t, decided.Action.ID)
	require.Equal(t, "佐藤さんが求人「求人」への振り分けを取り消しました。募集ポジション名「営業」に一致する振り分けルールがないため、滞留しています。", b.why(t, ids[0]))
}

func TestReopeningAnOpeningCanBeUndone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "求人").ID
	b.rule(t, "営業", opening)
	_, err := b.svc.CloseOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	ids := b.waiting(t, 3, "営業")
	require.Equal(t, "募集ポジション名「営業」に一致する振り分けルールがありますが、振り分け先の求人「求人」が終了しているため、滞留しています。", b.why(t, ids[0]))
	_, err = b.svc.ReopenOpening(t.Context(), b.actor, opening)
	require.NoError(t, err)
	actions, err := b.svc.RoutingActions(t.Context(), b.actor, intake.Keyset{First: 1})
	require.NoError(t, err)
	require.Equal(t, intake.ActionOpeningReopened, actions[0].Kind)
	require.Equal(t, 3, b.undo(t, actions[0].ID).UndoneCount)
	require.Equal(t, map[string]int{"UNDONE": 3}, b.states(t))
}

func TestUndoRacesMovesErasuresAndChangesOfTheRule(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.waiting(t, 12, "営業")
	opening := b.opening(t, "求人").ID
	steps, err := b.svc.StepsByOpening(t.Context(), b.actor, []uuid.UUID{opening})
	require.NoError(t, err)
	rule, _ := b.rule(t, "営業", opening)
	action := b.sweepOf(t, rule).ID
	var applications []uuid.UUID
	for _, id := range ids {
		applications = append(applications, b.applicationOf(t, id).ID)
	}
	var undone intake.RoutingUndone
	errs := make([]error, 7)
	moved := make([]error, 4)
	var wg sync.WaitGroup
	wg.Go(func() { undone, errs[0] = b.svc.UndoRouting(t.Context(), b.actor, action) })
	for i := range moved {
		wg.Go(func() {
			_, moved[i] = b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: applications[i]}, steps[opening][1].ID)
		})
	}
	for i := range 2 {
		candidate := b.entry(t, ids[4+i]).CandidateID
		wg.Go(func() { _, errs[1+i] = b.svc.EraseCandidate(t.Context(), b.actor, candidate, intake.ErasedOnRequest) })
	}
	wg.Go(func() {
		_, _, errs[3] = b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{Medium: rule.Medium, PositionName: "営業", OpeningID: opening}, nil)
	})
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	stayed := 0
	for _, err := range moved {
		if err == nil {
			stayed++
			continue
		}
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	require.Equal(t, stayed, undone.RefusedCount, "each was either moved or taken back")
	require.Equal(t, 12, undone.UndoneCount+undone.RefusedCount+undone.ErasedCount)
	b.requireInvariants(t)
}
