package jobs

import (
	"context"
	"testing"
	"time"

	"github.com/riverqueue/river/rivertype"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
)

func TestAJobThatCouldNotBeStoredRunsAgainWithinAMinute(t *testing.T) {
	t.Parallel()
	for attempt, want := range map[int]time.Duration{0: time.Second, 1: 2 * time.Second, 5: 32 * time.Second, 6: time.Minute, 9: time.Minute, 1 << 40: time.Minute} {
		require.WithinDuration(t, time.Now().Add(want), soon(attempt), time.Second)
	}
}

func TestAJobBeginsByTheDatabasesClock(t *testing.T) {
	t.Parallel()
	tx, err := dbtest.New(t).Begin(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tx.Rollback(context.WithoutCancel(t.Context()))) })
	var now time.Time
	require.NoError(t, tx.QueryRow(t.Context(), "SELECT now()").Scan(&now))
	for _, delay := range []time.Duration{0, -time.Hour} {
		ctx, opts, err := begins(t.Context(), tx, delay)
		require.NoError(t, err)
		require.Zero(t, opts.ScheduledAt, "it would wait to be scheduled")
		fast := time.Now().Add(10 * time.Minute)
		params := &rivertype.JobInsertParams{ScheduledAt: &fast}
		require.NoError(t, givenClock{}.InsertBegin(ctx, params))
		require.True(t, now.Equal(*params.ScheduledAt), "%s", params.ScheduledAt)
	}
	_, opts, err := begins(t.Context(), tx, time.Hour)
	require.NoError(t, err)
	require.True(t, now.Add(time.Hour).Equal(opts.ScheduledAt), "%s", opts.ScheduledAt)
}

func TestAPeriodicJobBeginsByTheDatabasesClock(t *testing.T) {
	t.Parallel()
	fast := time.Now().Add(10 * time.Minute)
	params := &rivertype.JobInsertParams{ScheduledAt: &fast}
	require.NoError(t, databaseClock{pool: dbtest.New(t)}.InsertBegin(t.Context(), params))
	require.WithinDuration(t, time.Now(), *params.ScheduledAt, 5*time.Minute)
}
