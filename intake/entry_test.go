package intake_test

import (
	"errors"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func isUserError(err error) bool {
	_, is := errors.AsType[intake.UserErrors](err)
	return is
}

func TestAnEntryIsRoutedByHand(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	entry, opening := b.entries(t)[0], b.opening(t, "求人")
	routed, err := b.svc.RouteEntry(t.Context(), b.actor, entry.ID, opening.ID)
	require.NoError(t, err)
	require.Equal(t, intake.StateRouted, routed.State)
	require.Equal(t, b.actor.Member.ID, *routed.Explanation.MemberID)
	require.Equal(t, "佐藤さんが手動で振り分けました。", routed.Explanation.Summary("佐藤").JA)
	require.Equal(t, routed, b.entries(t)[0])

	applications, err := b.svc.ApplicationsByEntry(t.Context(), b.actor, []uuid.UUID{entry.ID})
	require.NoError(t, err)
	application := applications[entry.ID]
	require.Equal(t, opening.ID, application.OpeningID)
	require.Equal(t, entry.AppliedAt, application.AppliedAt)
	history, err := b.svc.HistoryByApplication(t.Context(), b.actor, []uuid.UUID{application.ID})
	require.NoError(t, err)
	require.Len(t, history[application.ID], 1)
	require.Equal(t, intake.DecidedByMember, history[application.ID][0].Decider)
	b.requireInvariants(t)

	b.rule(t, "営業", b.opening(t, "別の求人").ID)
	require.Equal(t, routed, b.entries(t)[0], "a rule moves nobody who is routed")
}

func TestAnEntryThatIsExcludedStaysSoUntilItIsRestored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "経理")))
	opening := b.opening(t, "求人")
	for _, e := range b.entries(t) {
		excluded, err := b.svc.ExcludeEntry(t.Context(), b.actor, e.ID)
		require.NoError(t, err)
		require.Equal(t, intake.StateExcluded, excluded.State)
		require.Contains(t, excluded.Explanation.Summary("佐藤").EN, "佐藤")
	}
	_, routed := b.rule(t, "営業", opening.ID)
	require.Zero(t, routed)
	b.requireInvariants(t)

	matched, err := b.svc.RestoreEntry(t.Context(), b.actor, b.entries(t)[1].ID)
	require.NoError(t, err)
	require.Equal(t, intake.StateRouted, matched.State, "a rule has come meanwhile")
	require.Equal(t, intake.DecidedByRule, matched.Explanation.Decider)
	waits, err := b.svc.RestoreEntry(t.Context(), b.actor, b.entries(t)[0].ID)
	require.NoError(t, err)
	require.Equal(t, intake.StateWaiting, waits.State)
	require.False(t, waits.Explanation.OpeningClosed)
	b.requireInvariants(t)
}

func TestWhatCannotBeDoneWithAnEntryIsToldAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("3", applied(1, "営業"), applied(2, "営業"), applied(3, "営業")))
	opening, closed := b.opening(t, "求人"), b.opening(t, "終了")
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	entries := b.entries(t)
	routed, excluded, waiting := entries[0].ID, entries[1].ID, entries[2].ID
	_, err = b.svc.RouteEntry(t.Context(), b.actor, routed, opening.ID)
	require.NoError(t, err)
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, excluded)
	require.NoError(t, err)
	other := b.company(t, "別の会社")
	before := b.everything(t)

	route := func(actor intake.Actor, id, openingID uuid.UUID) error {
		_, err := b.svc.RouteEntry(t.Context(), actor, id, openingID)
		return err
	}
	requireUserErrors(t, route(b.actor, routed, opening.ID), "INVALID_STATE id")
	requireUserErrors(t, route(b.actor, excluded, opening.ID), "INVALID_STATE id")
	requireUserErrors(t, route(b.actor, waiting, closed.ID), "INVALID_STATE openingId")
	requireUserErrors(t, route(b.actor, waiting, uuid.New()), "NOT_FOUND openingId")
	requireUserErrors(t, route(b.actor, uuid.New(), opening.ID), "NOT_FOUND id")
	requireUserErrors(t, route(other, waiting, opening.ID), "NOT_FOUND id")
	for _, id := range []uuid.UUID{routed, excluded} {
		_, err = b.svc.ExcludeEntry(t.Context(), b.actor, id)
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	for _, id := range []uuid.UUID{routed, waiting} {
		_, err = b.svc.RestoreEntry(t.Context(), b.actor, id)
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	b.requireUnchanged(t, before)
}

func TestOfManyWhoDecideOnOneEntryOneDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	entry, opening := b.entries(t)[0].ID, b.opening(t, "求人").ID
	errs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			if i%2 == 0 {
				_, errs[i] = b.svc.RouteEntry(t.Context(), b.actor, entry, opening)
				return
			}
			_, errs[i] = b.svc.ExcludeEntry(t.Context(), b.actor, entry)
		})
	}
	wg.Wait()
	decided := 0
	for _, err := range errs {
		if err == nil {
			decided++
			continue
		}
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	require.Equal(t, 1, decided)
	b.requireInvariants(t)
}

func TestTheInboxIsReadPageByPageAndNarrowed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	same := applied(3, "経理")
	same.AppliedAt = firstApplied.Add(2 * 60 * 1e9)
	account := b.imported(t, "a@example.com", pageOf("4", applied(1, "営業"), applied(2, "営 業"), same, applied(4, "営　業")))
	b.rule(t, "営業", b.opening(t, "求人").ID)
	var seen []uuid.UUID
	after := ""
	for {
		page, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{}, intake.Keyset{First: 1, After: after})
		require.NoError(t, err)
		seen = append(seen, page[0].ID)
		if len(page) == 1 {
			break
		}
		after = intake.PlaceOf(page[0].AppliedAt, page[0].ID)
	}
	var all []uuid.UUID
	for _, e := range b.entries(t) {
		all = append(all, e.ID)
	}
	require.Equal(t, all, seen)

	run, routed, waiting := b.runs(t, account.ID)[0].ID, intake.StateRouted, intake.StateWaiting
	for _, tc := range []struct {
		f    intake.InboxFilter
		want int
	}{
		{intake.InboxFilter{}, 4},
		{intake.InboxFilter{State: &routed}, 1},
		{intake.InboxFilter{State: &waiting}, 3},
		{intake.InboxFilter{PositionName: new(" 営\u00a0業")}, 2},
		{intake.InboxFilter{Medium: new(intake.MediumWantedly), RunID: &run}, 4},
		{intake.InboxFilter{RunID: new(uuid.New())}, 0},
	} {
		n, err := b.svc.CountInbox(t.Context(), b.actor, tc.f)
		require.NoError(t, err)
		require.Equal(t, tc.want, n)
		found, err := b.svc.Inbox(t.Context(), b.actor, tc.f, intake.Keyset{First: 10})
		require.NoError(t, err)
		require.Len(t, found, tc.want)
	}
	positions, err := b.svc.WaitingPositions(t.Context(), b.actor, 10)
	require.NoError(t, err)
	require.Len(t, positions, 2)
	require.Equal(t, 2, positions[0].Count)
	require.Equal(t, "営　業", positions[0].PositionName, "as the latest of them writes it")
	for _, garbage := range []string{"x", "!!", "MTIz", "MS4x"} {
		_, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{}, intake.Keyset{First: 1, After: garbage})
		require.ErrorIs(t, err, intake.ErrBadCursor)
	}
}
