package intake_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// manyLinked makes n linked accounts, each due so much from now.
func (b *testBundle) manyLinked(t *testing.T, n int, due time.Duration) {
	t.Helper()
	b.exec(t, `INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, linked_at, next_import_at, credential)
		SELECT $1, gen_random_uuid(), 'WANTEDLY', 'many-' || n || '@example.com', 'LINKED', now() - interval '1 day', now(), now() + $3::interval, 'x'
		FROM generate_series(1, $2::int) n`, b.actor.Company.ID, n, due)
}

func TestSweepersThatRaceTakeEachDueAccountOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const due = 2300 // more than two batches
	b.manyLinked(t, due, -time.Minute)
	b.exec(t, "UPDATE medium_accounts SET email = 'not-yet-' || email, next_import_at = now() + interval '1 hour' WHERE id IN (SELECT id FROM medium_accounts LIMIT 300)")
	counts := make([]int, 4)
	errs := make([]error, 4)
	var wg sync.WaitGroup
	for i := range counts {
		wg.Go(func() { counts[i], errs[i] = b.svc.Sweep(t.Context()) })
	}
	wg.Wait()
	total := 0
	for i := range counts {
		require.NoError(t, errs[i])
		total += counts[i]
	}
	// One sweeper may find the last rows locked by another and leave them to it.
	require.Equal(t, due-300, total)
	require.Equal(t, due-300, b.number(t, "SELECT count(*) FROM river_job"))
	require.Equal(t, due-300, b.number(t, "SELECT count(DISTINCT account_id) FROM import_runs WHERE status = 'QUEUED' AND trigger = 'SCHEDULE'"))
	require.Equal(t, due-300, b.number(t, "SELECT count(*) FROM events"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM medium_accounts WHERE next_import_at <= now()"))
	again, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Zero(t, again)
}

func TestALateSweepDoesNotMoveTheSchedule(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.manyLinked(t, 200, -3*time.Hour)
	_, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	var low, high, spread time.Duration
	next := "(next_import_at - (linked_at - interval '3 hours'))"
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT min("+next+"), max("+next+"), max("+next+") - min("+next+") FROM medium_accounts").Scan(&low, &high, &spread))
	jitter := 8 * time.Hour / 50
	require.LessOrEqual(t, high, 8*time.Hour, "eight hours after the slot, not after the sweep")
	require.GreaterOrEqual(t, low, 8*time.Hour-jitter)
	require.Greater(t, spread, jitter/2, "those linked together do not stay together")
}

func TestASlotThatWasMissedAltogetherIsNotMadeUpForTwice(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.manyLinked(t, 20, -100*time.Hour) // everything was down for days
	n, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 20, n)
	require.Zero(t, b.number(t, "SELECT count(*) FROM medium_accounts WHERE next_import_at < linked_at OR next_import_at > now() + interval '8 hours'"))
	require.Equal(t, 20, b.number(t, "SELECT count(*) FROM import_runs"))
}

func TestASweepLeavesAnImportThatStillRunsAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	g := newGate(t)
	b.source.read = stopsAfter(0, g, pageOf("1", applied(1, "営業")))
	task := b.task(t, account.ID)
	ended := start(t, func() error { return b.svc.Import(t.Context(), task) })
	await(t, g.reached)
	b.exec(t, "UPDATE medium_accounts SET next_import_at = now()")
	n, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.Equal(t, task, b.task(t, account.ID))
	require.Len(t, b.runs(t, account.ID), 1)
	require.True(t, b.account(t, account.ID).NextImportAt.After(time.Now().Add(7*time.Hour)))
	close(g.open)
	require.NoError(t, await(t, ended))
	require.Equal(t, intake.RunSucceeded, b.runs(t, account.ID)[0].Status)
	b.requireInvariants(t)
}

func TestASweepPassesOverWhatSomebodyHolds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.manyLinked(t, 3, -time.Minute)
	hold, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	var held uuid.UUID
	require.NoError(t, hold.QueryRow(t.Context(), "SELECT id FROM medium_accounts LIMIT 1 FOR UPDATE").Scan(&held))
	n, err := b.svc.Sweep(t.Context())
	require.NoError(t, hold.Rollback(t.Context()))
	require.NoError(t, err)
	require.Equal(t, 2, n)
	n, err = b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n, "it is taken at the next one")
}
