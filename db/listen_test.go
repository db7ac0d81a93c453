package db_test

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
)

func await[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(30 * time.Second):
		require.FailNow(t, "waited in vain")
		panic("unreachable")
	}
}

func TestAListenerHearsInOrderAndComesBackAfterALoss(t *testing.T) {
	t.Parallel()
	url := dbtest.URL(t)
	pool, err := db.OpenOwner(t.Context(), url, 2)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	heard, connected := make(chan string, 100), make(chan bool, 100)
	listener := db.Listener{
		URL: url, Channel: "A strange; channel", Log: zerolog.Nop(),
		Heard: func(payload string) { heard <- payload }, Connected: func(is bool) { connected <- is },
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- listener.Run(ctx) }()
	require.True(t, await(t, connected))
	notify := func(payload string) {
		_, err := pool.Exec(t.Context(), "SELECT pg_notify($1, $2)", listener.Channel, payload)
		require.NoError(t, err)
	}
	for round := range 3 {
		for n := range 5 {
			notify(strconv.Itoa(10*round + n))
		}
		for n := range 5 {
			require.Equal(t, strconv.Itoa(10*round+n), await(t, heard))
		}
		_, err := pool.Exec(t.Context(), "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'renkei-listen'")
		require.NoError(t, err)
		require.False(t, await(t, connected), "whoever missed something is told")
		require.True(t, await(t, connected))
	}
	stop()
	require.ErrorIs(t, await(t, ended), context.Canceled)
	require.False(t, await(t, connected))
}

func TestAListenerThatNeverConnectsEndsWithItsContext(t *testing.T) {
	t.Parallel()
	lost := make(chan bool, 100)
	listener := db.Listener{
		URL: "postgres://nobody@127.0.0.1:1/nothing", Channel: "c", Log: zerolog.Nop(),
		Heard: func(string) {}, Connected: func(is bool) { lost <- is },
	}
	ctx, stop := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- listener.Run(ctx) }()
	require.False(t, await(t, lost))
	require.False(t, await(t, lost), "it tries again")
	stop()
	require.ErrorIs(t, await(t, ended), context.Canceled)
}

func TestAPoolReadsTimesAsUTCAndNamesItself(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	var at time.Time
	var zone, name, statement, idle string
	require.NoError(t, pool.QueryRow(t.Context(), `SELECT '2026-01-01 09:00+09'::timestamptz, current_setting('timezone'), current_setting('application_name'),
		current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')`).Scan(&at, &zone, &name, &statement, &idle))
	require.Equal(t, time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC), at)
	require.Equal(t, []string{"Asia/Tokyo", "renkei", "30s", "6s"}, []string{zone, name, statement, idle})
	_, err := db.OpenOwner(t.Context(), "postgres://nobody@127.0.0.1:1/nothing", 1)
	require.Error(t, err)
	_, err = db.OpenOwner(t.Context(), "::", 1)
	require.Error(t, err)
}
