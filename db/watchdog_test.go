package db_test

import (
	"context"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
)

const (
	// eventuallyWithin is for conditions that a busy machine takes its time over.
	eventuallyWithin = 30 * time.Second
	// toldWithin is how long somebody waits at most for a database that has fallen silent: five seconds, and so many
	// more on a machine with other things to do as are still less than the statement that is under way takes.
	toldWithin = 20 * time.Second
	// foundOut is less than it takes to find it out.
	foundOut = 3 * time.Second
)

// watched opens a pool with a watchdog at work, both on url.
func watched(t *testing.T, url string, change ...func(*db.Watchdog)) (*pgxpool.Pool, *db.Watchdog) {
	t.Helper()
	w := db.NewWatchdog(url, zerolog.Nop())
	for _, f := range change {
		f(w)
	}
	pool, err := db.Open(t.Context(), url, 4, db.Watched(w))
	require.NoError(t, err)
	ctx, stop := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		w.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
		pool.Close()
	})
	return pool, w
}

// watchdogAsks waits until the watchdog has a connection, and returns the server's number of it.
func watchdogAsks(t *testing.T, direct *pgxpool.Pool, but int) (pid int) {
	t.Helper()
	require.Eventually(t, func() bool {
		return direct.QueryRow(t.Context(), `SELECT pid FROM pg_stat_activity
			WHERE datname = current_database() AND application_name = 'renkei-watchdog' AND pid <> $1`, but).Scan(&pid) == nil
	}, eventuallyWithin, 10*time.Millisecond)
	return pid
}

func TestWhoWaitsForADatabaseThatFellSilentIsToldSo(t *testing.T) {
	t.Parallel()
	direct := dbtest.New(t)
	relay := dbtest.NewRelay(t, direct.Config().ConnString())
	pool, w := watched(t, relay.URL)
	lost := make(chan bool, 100)
	listener := db.Listener{
		URL: relay.URL, Channel: "c", Heard: func(string) {}, Connected: func(is bool) { lost <- is }, Watchdog: w, Log: zerolog.Nop(),
	}
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	go func() { _ = listener.Run(ctx) }()
	require.True(t, await(t, lost))
	watchdogAsks(t, direct, 0)

	// One statement is under way, and every other connection lies idle.
	waiting := make(chan error, 2)
	go func() {
		_, err := pool.Exec(t.Context(), "SELECT pg_sleep(25)")
		waiting <- err
	}()
	require.Eventually(t, func() bool {
		var n int
		return direct.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'SELECT pg_sleep%'").Scan(&n) == nil && n == 1
	}, eventuallyWithin, 10*time.Millisecond)
	relay.Swallow()
	at := time.Now()
	go func() {
		_, err := pool.Exec(t.Context(), "SELECT 1")
		waiting <- err
	}()
	for range 2 {
		err := await(t, waiting)
		require.Error(t, err)
		require.NotErrorIs(t, err, context.Canceled, "nobody cancelled it")
		require.Less(t, time.Since(at), toldWithin)
	}
	require.False(t, await(t, lost), "subscribers are told by looking from here on")
	asked := time.Now()
	_, err := pool.Exec(t.Context(), "SELECT 1")
	require.Error(t, err)
	require.Less(t, time.Since(asked), foundOut, "nobody waits for what is known to be away")

	relay.Heal()
	require.Eventually(t, func() bool { return pool.Ping(t.Context()) == nil }, eventuallyWithin, 10*time.Millisecond)
	require.True(t, func() bool {
		for {
			if await(t, lost) {
				return true
			}
		}
	}())
}

func TestWhatAServerThatAnswersTakesItsTimeOverIsLeftAlone(t *testing.T) {
	t.Parallel()
	direct := dbtest.New(t)
	pool, _ := watched(t, direct.Config().ConnString(), func(w *db.Watchdog) { w.SetPatience(2 * time.Second) })
	watchdogAsks(t, direct, 0)
	// Longer than a question and its patience, twice over.
	_, err := pool.Exec(t.Context(), "SELECT pg_sleep(7)")
	require.NoError(t, err)
}

func TestAWatchdogThatLosesItsConnectionCutsNobody(t *testing.T) {
	t.Parallel()
	direct := dbtest.New(t)
	pool, _ := watched(t, direct.Config().ConnString())
	conn, err := pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	pid := 0
	for range 3 {
		pid = watchdogAsks(t, direct, pid)
		_, err := direct.Exec(t.Context(), "SELECT pg_terminate_backend($1)", pid)
		require.NoError(t, err)
	}
	watchdogAsks(t, direct, pid)
	_, err = conn.Exec(t.Context(), "SELECT 1")
	require.NoError(t, err)
}
