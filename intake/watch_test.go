package intake_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// listen wakes the service's watchers, as a process does.
func (b *testBundle) listen(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	connected := make(chan struct{}, 100)
	listener := db.Listener{
		URL: b.pool.Config().ConnString(), Channel: intake.EventsChannel, Log: zerolog.Nop(),
		Heard: func(payload string) {
			if id, err := uuid.Parse(payload); err == nil {
				b.svc.WakeWatchers(id)
			}
		},
		Connected: func(is bool) {
			if is {
				b.svc.WakeAllWatchers()
				connected <- struct{}{}
			}
		},
	}
	ended := start(t, func() error { return listener.Run(ctx) })
	t.Cleanup(func() {
		stop()
		require.ErrorIs(t, <-ended, context.Canceled)
	})
	await(t, connected)
}

// watched gives what a watcher sees, one by one, until stop is called or the test ends.
type watched[T any] struct {
	events <-chan T
	stop   func()
}

// watching starts one of the service's watchers.
func watching[T any](t *testing.T, open func(context.Context) (iter.Seq[T], error)) watched[T] {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	events, err := open(ctx)
	require.NoError(t, err)
	out, ended := make(chan T), make(chan struct{})
	go func() {
		defer close(ended)
		for e := range events {
			select {
			case out <- e:
			case <-ctx.Done():
				return
			}
		}
	}()
	end := func() { stop(); <-ended }
	t.Cleanup(end)
	return watched[T]{out, end}
}

func (w watched[T]) next(t *testing.T, n int) []T {
	t.Helper()
	out := make([]T, n)
	for i := range out {
		out[i] = await(t, w.events)
	}
	return out
}

func (b *testBundle) accountEvents(t *testing.T, actor intake.Actor, id *uuid.UUID, after *string) watched[intake.AccountEvent] {
	t.Helper()
	return watching(t, func(ctx context.Context) (iter.Seq[intake.AccountEvent], error) {
		return b.svc.WatchAccounts(ctx, actor, id, after)
	})
}

func (b *testBundle) runEvents(t *testing.T, id *uuid.UUID, after *string) watched[intake.ImportRunEvent] {
	t.Helper()
	return watching(t, func(ctx context.Context) (iter.Seq[intake.ImportRunEvent], error) {
		return b.svc.WatchRuns(ctx, b.actor, id, after)
	})
}

func (b *testBundle) inboxEvents(t *testing.T, after *string) watched[intake.InboxEvent] {
	t.Helper()
	return watching(t, func(ctx context.Context) (iter.Seq[intake.InboxEvent], error) {
		return b.svc.WatchInbox(ctx, b.actor, after)
	})
}

func statuses(events []intake.AccountEvent) (out []intake.LinkStatus) {
	for _, e := range events {
		out = append(out, e.Account.Status)
	}
	return out
}

func TestAWatcherWithoutACursorSeesHowThingsStandAndThenWhatHappens(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	first, second := b.imported(t, "a@example.com", pageOf("1", applied(1, "営業"))), b.register(t, "b@example.com")

	accounts := b.accountEvents(t, b.actor, nil, nil)
	now := accounts.next(t, 2)
	require.Equal(t, []intake.LinkStatus{intake.StatusLinked, intake.StatusVerifying}, statuses(now))
	require.Nil(t, now[0].PreviousStatus)
	require.Equal(t, b.account(t, first.ID), now[0].Account)
	one := b.accountEvents(t, b.actor, &second.ID, nil)
	require.Equal(t, second.ID, one.next(t, 1)[0].Account.ID)
	runs := b.runEvents(t, nil, nil)
	require.Equal(t, intake.RunSucceeded, runs.next(t, 1)[0].Run.Status)
	inbox := b.inboxEvents(t, nil)
	require.Equal(t, 1, inbox.next(t, 1)[0].WaitingCount)

	_, err := b.svc.Stop(t.Context(), b.actor, first.ID)
	require.NoError(t, err)
	stopped := accounts.next(t, 1)[0]
	require.Equal(t, intake.StatusUnlinked, stopped.Account.Status)
	require.Equal(t, intake.StatusLinked, *stopped.PreviousStatus)
	require.Equal(t, "a@example.com", stopped.Account.Email)
	require.WithinDuration(t, time.Now(), stopped.At, time.Minute)

	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, second.ID)))
	require.Equal(t, second.ID, one.next(t, 1)[0].Account.ID, "of the other account it heard nothing")
	require.Equal(t, second.ID, runs.next(t, 1)[0].Run.AccountID)
	b.rule(t, "営業", b.opening(t, "営業").ID)
	routed := inbox.next(t, 1)[0]
	require.Equal(t, [2]int{0, 1}, [2]int{routed.WaitingCount, routed.RoutedCount})
}

func TestAWatcherThatComesBackSeesWhatItMissedInOrderAndOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	start := b.inboxEvents(t, nil)
	zero := start.next(t, 1)[0]
	start.stop()
	// 130 inbox events and more of other kinds between them: more than a watcher reads at once.
	opening := b.opening(t, "営業")
	b.imported(t, "a@example.com", func() (pages []intake.Page) {
		for n := range 64 {
			pages = append(pages, pageOf(fmt.Sprint(n+1), applied(n, fmt.Sprint("p", n))))
		}
		return pages
	}()...)
	for n := range 64 {
		b.rule(t, fmt.Sprint("p", n), opening.ID)
	}
	all := b.inboxEvents(t, &zero.Cursor)
	want := all.next(t, 128)
	all.stop()
	for i, e := range want {
		require.Equal(t, [2]int{min(i+1, 127-i), max(0, i-63)}, [2]int{e.WaitingCount, e.RoutedCount}, i)
	}

	// Killed behind one or another.
	for i := 0; i < len(want); i += 9 {
		again := b.inboxEvents(t, &want[i].Cursor)
		k := min(3, len(want)-1-i)
		require.Equal(t, want[i+1:i+1+k], again.next(t, k))
		again.stop()
	}
	// And one connection after the other, each for one event.
	cursor := zero.Cursor
	for i := range want {
		again := b.inboxEvents(t, &cursor)
		e := again.next(t, 1)[0]
		again.stop()
		require.Equal(t, want[i], e)
		cursor = e.Cursor
	}
}

func TestACursorOlderThanTheLogGetsThePresentState(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	account := b.register(t, "a@example.com")
	first := b.accountEvents(t, b.actor, nil, nil)
	old := first.next(t, 1)[0].Cursor
	first.stop()
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	b.exec(t, "UPDATE events SET at = now() - interval '31 days' WHERE seq < (SELECT max(seq) FROM events)")
	err = b.svc.Prune(t.Context())
	require.NoError(t, err)

	back := b.accountEvents(t, b.actor, nil, &old)
	now := back.next(t, 1)[0]
	require.Equal(t, intake.StatusUnlinked, now.Account.Status)
	require.Nil(t, now.PreviousStatus, "it is a state, not an event")
	b.register(t, "a@example.com")
	require.Equal(t, intake.StatusVerifying, back.next(t, 1)[0].Account.Status)

	b.exec(t, "DELETE FROM events")
	require.Equal(t, intake.StatusVerifying, b.accountEvents(t, b.actor, nil, &old).next(t, 1)[0].Account.Status, "also where nothing is left of the log")
}

func TestAStateThatWasNotSentWholeIsSentAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for n := range 3 {
		b.register(t, fmt.Sprintf("%d@example.com", n))
	}
	whole := b.accountEvents(t, b.actor, nil, nil).next(t, 3)
	for _, partial := range whole[:2] {
		again := b.accountEvents(t, b.actor, nil, &partial.Cursor).next(t, 3)
		require.Equal(t, whole[0].Account, again[0].Account)
		require.Equal(t, whole[2].Account, again[2].Account)
	}
	behind := b.accountEvents(t, b.actor, nil, &whole[2].Cursor)
	b.register(t, "3@example.com")
	b.svc.WakeAllWatchers()
	require.Equal(t, "3@example.com", behind.next(t, 1)[0].Account.Email, "behind the last one only news come")
}

func TestAWatcherSeesNothingOfOtherCompanies(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	other := b.company(t, "別の会社")
	theirs, err := b.svc.Register(t.Context(), other, b.registration("theirs@example.com"))
	require.NoError(t, err)
	_, err = b.svc.WatchAccounts(t.Context(), b.actor, &theirs.ID, nil)
	require.ErrorIs(t, err, intake.ErrNotFound)
	_, err = b.svc.WatchRuns(t.Context(), b.actor, &theirs.ID, nil)
	require.ErrorIs(t, err, intake.ErrNotFound)

	ours := b.register(t, "ours@example.com")
	watcher := b.accountEvents(t, b.actor, nil, nil)
	require.Equal(t, ours.ID, watcher.next(t, 1)[0].Account.ID)
	_, err = b.svc.Stop(t.Context(), other, theirs.ID)
	require.NoError(t, err)
	_, err = b.svc.Stop(t.Context(), b.actor, ours.ID)
	require.NoError(t, err)
	require.Equal(t, ours.ID, watcher.next(t, 1)[0].Account.ID)
	// A cursor of another company's log is a place in one's own.
	foreign := b.accountEvents(t, other, nil, nil).next(t, 1)[0].Cursor
	strayed := b.accountEvents(t, b.actor, nil, &foreign)
	b.register(t, "ours@example.com")
	require.Equal(t, ours.ID, strayed.next(t, 1)[0].Account.ID)
}

func TestACursorThatIsNoneOfOursIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, garbage := range []string{"", "x", "MQ", "Mi4x", "MS4tMQ", "MS4xLng", "!"} {
		_, err := b.svc.WatchAccounts(t.Context(), b.actor, nil, &garbage)
		require.ErrorIs(t, err, intake.ErrBadCursor, garbage)
		_, err = b.svc.WatchRuns(t.Context(), b.actor, nil, &garbage)
		require.ErrorIs(t, err, intake.ErrBadCursor, garbage)
		_, err = b.svc.WatchInbox(t.Context(), b.actor, &garbage)
		require.ErrorIs(t, err, intake.ErrBadCursor, garbage)
	}
}
