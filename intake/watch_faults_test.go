package intake_test

import (
	"sync"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

func TestAWatcherOutlivesTheLossOfTheDatabase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	account := b.register(t, "a@example.com")
	watcher := b.accountEvents(t, b.actor, nil, nil)
	watcher.next(t, 1)
	for range 3 {
		b.exec(t, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
		var stopped, again error
		require.Eventually(t, func() bool {
			_, stopped = b.svc.Stop(t.Context(), b.actor, account.ID)
			return stopped == nil || isUserError(stopped)
		}, patience, 1)
		require.Eventually(t, func() bool {
			_, again = b.svc.Register(t.Context(), b.actor, b.registration("a@example.com"))
			return again == nil || isUserError(again)
		}, patience, 1)
		require.Equal(t, []intake.LinkStatus{intake.StatusUnlinked, intake.StatusVerifying}, statuses(watcher.next(t, 2)), "each once")
	}
}

// TestWatchersNeedOneConnectionEach: were a second one needed while the first is held, as many watchers
// as the pool has connections would wait for each other for ever.
func TestAWatcherNeedsNoSecondConnectionWhileItHoldsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	from := b.accountEvents(t, b.actor, nil, nil).next(t, 1)[0].Cursor
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	b.source.read = reads(pageOf("1", applied(1, "営業")))
	b.importNext(t, account.ID)

	narrow, err := db.Open(t.Context(), b.pool.Config().ConnString(), 1)
	require.NoError(t, err)
	t.Cleanup(narrow.Close)
	one := *b
	one.pool = narrow
	one.svc = intake.New(narrow, b.queue, nil, b.vault, intake.Settings{}, zerolog.Nop())
	require.Equal(t, intake.StatusLinked, one.accountEvents(t, b.actor, nil, &from).next(t, 1)[0].Account.Status)
	require.Equal(t, intake.RunQueued, one.runEvents(t, nil, &from).next(t, 1)[0].Run.Status)
	require.Equal(t, 1, one.inboxEvents(t, &from).next(t, 1)[0].WaitingCount)
	require.Len(t, one.accountEvents(t, b.actor, &account.ID, nil).next(t, 1), 1)
}

func TestManyWatchersSeeTheSame(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	account := b.register(t, "a@example.com")
	watchers := make([]watched[intake.AccountEvent], 40)
	for i := range watchers {
		watchers[i] = b.accountEvents(t, b.actor, nil, nil)
		watchers[i].next(t, 1)
	}
	for range 3 {
		_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
		require.NoError(t, err)
		b.register(t, "a@example.com")
	}
	var wg sync.WaitGroup
	seen := make([][]intake.AccountEvent, len(watchers))
	for i, w := range watchers {
		wg.Go(func() {
			for e := range w.events {
				if seen[i] = append(seen[i], e); len(seen[i]) == 6 {
					return
				}
			}
		})
	}
	wg.Wait()
	for i := range seen {
		require.Equal(t, seen[0], seen[i])
	}
}
