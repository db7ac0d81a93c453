package intake_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestEventsAreNumberedWithoutAGapInTheOrderInWhichTheyBecomeVisible(t *testing.T) {
	t.Parallel()
	b := setup(t)
	other := b.company(t, "別の会社")
	const writers, rounds = 16, 6
	var done atomic.Bool
	holes := start(t, func() error {
		for !done.Load() {
			// At no instant is there a later event without all the earlier ones.
			var n int
			err := b.pool.QueryRow(t.Context(), "SELECT count(*) FROM (SELECT company_id FROM events GROUP BY company_id HAVING count(*) <> max(seq) OR min(seq) <> 1) x").Scan(&n)
			if err != nil || n > 0 {
				return fmt.Errorf("%d logs with a hole (%w)", n, err)
			}
		}
		return nil
	})
	var wg sync.WaitGroup
	errs := make([]error, writers)
	for i := range writers {
		wg.Go(func() {
			actor := []intake.Actor{b.actor, other}[i%2]
			for range rounds {
				account, err := b.svc.Register(t.Context(), actor, b.registration(fmt.Sprintf("w%d@example.com", i)))
				if err == nil {
					_, err = b.svc.Stop(t.Context(), actor, account.ID)
				}
				if err != nil {
					errs[i] = err
					return
				}
			}
		})
	}
	wg.Wait()
	done.Store(true)
	require.NoError(t, await(t, holes))
	for _, err := range errs {
		require.NoError(t, err)
	}
	for _, actor := range []intake.Actor{b.actor, other} {
		require.Equal(t, writers*rounds, b.number(t, "SELECT seq FROM company_counters WHERE company_id = $1", actor.Company.ID))
	}
	b.requireInvariants(t)
}

func TestSweepsOverManyCompaniesNumberEachLogAndDoNotWaitForEachOther(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `WITH c AS (INSERT INTO companies (id, name) SELECT gen_random_uuid(), '会社' FROM generate_series(1, 250) RETURNING id),
		k AS (INSERT INTO company_counters (company_id) SELECT id FROM c)
		INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, next_import_at, credential)
		SELECT id, gen_random_uuid(), 'WANTEDLY', n || '@example.com', 'LINKED', now(), now() - random() * interval '1 hour', 'x' FROM c, generate_series(1, 12) n`)
	var wg sync.WaitGroup
	errs := make([]error, 4)
	for i := range errs {
		wg.Go(func() { _, errs[i] = b.svc.Sweep(t.Context()) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err, "each company's counters are locked in one order")
	}
	require.Equal(t, 3000, b.number(t, "SELECT count(*) FROM events"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM (SELECT company_id FROM events GROUP BY company_id HAVING count(*) <> max(seq) OR min(seq) <> 1) x"))
}

func TestWatchersAreWokenByTheCommitAndByNothingBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	conn, err := b.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), "LISTEN "+intake.EventsChannel)
	require.NoError(t, err)
	b.register(t, "a@example.com")
	n, err := conn.Conn().WaitForNotification(t.Context())
	require.NoError(t, err)
	require.Equal(t, b.actor.Company.ID.String(), n.Payload)
	_, err = conn.Exec(t.Context(), "UNLISTEN *")
	require.NoError(t, err)
}

func TestEventsHoldNoLoginAndNoSecret(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "canary@example.com", pageOf("1", applied(1, "営業")))
	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	log := b.everything(t)["events"]
	require.NotContains(t, log, "canary")
	require.NotContains(t, log, "応募者", "nothing of a person")
	require.NotContains(t, b.everything(t)["river_job"], "canary")
}

func TestOldEventsArePruned(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO events (company_id, seq, kind, payload, at)
		SELECT $1, n, 'INBOX', '{}', now() - CASE WHEN n <= 6000 THEN interval '31 days' ELSE interval '29 days' END FROM generate_series(1, 6010) n`, b.actor.Company.ID)
	require.NoError(t, b.svc.Prune(t.Context()))
	require.Equal(t, 10, b.number(t, "SELECT count(*) FROM events"))
	require.Equal(t, 6001, b.number(t, "SELECT min(seq) FROM events"))
}

// The order in which a transaction's own events stand is the order in which they were told.
func TestWhatHappensTogetherIsToldInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	_, _, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	_, err = b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	rows, err := b.pool.Query(t.Context(), `SELECT kind || ' ' || coalesce(payload->'account'->>'status', payload->>'status', payload->>'waitingCount') FROM events ORDER BY seq`)
	require.NoError(t, err)
	told, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{
		"ACCOUNT VERIFYING", "ACCOUNT LINKED", "RUN QUEUED", "RUN RUNNING", "INBOX 1", "RUN RUNNING", "RUN SUCCEEDED",
		"RUN QUEUED", "RUN CANCELLED", "ACCOUNT UNLINKED",
	}, told)
}
