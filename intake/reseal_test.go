package intake_test

import (
	"context"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// samples puts n sealed samples into runs of an account.
func (k *keyed) samples(t *testing.T, account intake.MediumAccount, n int) {
	t.Helper()
	sealed := make([][]byte, n)
	for i := range sealed {
		var err error
		sealed[i], err = k.vault.Seal(intake.NewSecret(fmt.Sprint("sample ", i)), k.actor.Company.ID, account.ID, "sample")
		require.NoError(t, err)
	}
	k.exec(t, `INSERT INTO import_runs (company_id, account_id, epoch, trigger, status, failure_reason, finished_at, sample)
		SELECT $1, $2, 1, 'MANUAL', 'FAILED', 'INTERNAL', now(), unnest($3::bytea[])`, k.actor.Company.ID, account.ID, sealed)
}

// rotating is a database with n samples and an account's two secrets under an old key, and a process that has just
// promoted a new one.
func rotating(t *testing.T, b *testBundle, n int) (k *keyed, old, fresh string) {
	t.Helper()
	old, fresh = intake.NewMasterKey(), intake.NewMasterKey()
	k = b.joins(t, "one", old, fresh)
	k.samples(t, k.linked(t, "a@example.com"), n)
	_, err := k.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	k.refresh(t)
	return k, old, fresh
}

// requireOpen makes sure that every sealed value opens.
func (k *keyed) requireOpen(t *testing.T) (values int) {
	t.Helper()
	rows, err := k.pool.Query(t.Context(), `
		SELECT company_id, id, credential, 'password' FROM medium_accounts WHERE credential IS NOT NULL
		UNION ALL SELECT company_id, id, session, 'session' FROM medium_accounts WHERE session IS NOT NULL
		UNION ALL SELECT company_id, account_id, sample, 'sample' FROM import_runs WHERE sample IS NOT NULL
		UNION ALL SELECT company_id, account_id, sample, 'sample' FROM invalid_records WHERE sample IS NOT NULL`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var company, subject uuid.UUID
		var sealed []byte
		var field string
		require.NoError(t, rows.Scan(&company, &subject, &sealed, &field))
		value, err := k.vault.Open(sealed, company, subject, field)
		require.NoError(t, err)
		require.False(t, value.IsZero())
		values++
	}
	require.NoError(t, rows.Err())
	return values
}

func TestAResealingThatIsCutOffGoesOnWhereItStands(t *testing.T) {
	t.Parallel()
	const many = 2300
	b := setup(t)
	k, old, fresh := rotating(t, b, many)
	b.exec(t, `CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RAISE ''cut off''; END'`)
	b.exec(t, "CREATE TRIGGER cut BEFORE UPDATE ON vault_reseals FOR EACH ROW WHEN (NEW.resealed > 1100) EXECUTE FUNCTION cut()")
	require.ErrorContains(t, k.svc.Reseal(t.Context()), "cut off")
	done := b.underKey(t, fresh)
	require.Equal(t, 1002, done, "whole batches")
	require.Equal(t, many+2-done, b.underKey(t, old))
	require.Equal(t, many+2, k.requireOpen(t), "both keys open")
	require.Equal(t, "ADDED", b.state(t, old))

	// Nobody says anything any more; of two who notice, one queues the next.
	b.exec(t, "DROP TRIGGER cut ON vault_reseals")
	twin := b.joins(t, "two", old, fresh)
	require.Equal(t, 1, b.resealJobs(t))
	b.exec(t, "UPDATE vault_reseals SET next_at = now() - interval '1 second'")
	k.refresh(t)
	twin.refresh(t)
	require.Equal(t, 2, b.resealJobs(t))
	require.NoError(t, twin.svc.Reseal(t.Context()))
	require.Equal(t, many+2, b.number(t, "SELECT resealed FROM vault_reseals"), "each once")
	require.Equal(t, many+2, b.underKey(t, fresh))
	require.Equal(t, many+2, k.requireOpen(t))
	require.Equal(t, "DISABLED", b.state(t, old))
	b.joins(t, "without it", fresh)
}

func TestAProcessThatIsToldToStopHandsTheResealingOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	k, old, _ := rotating(t, b, 10)
	stopped, cancel := context.WithCancel(t.Context())
	b.exec(t, `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END'`)
	b.exec(t, "CREATE TRIGGER wait BEFORE UPDATE OF resealed ON vault_reseals FOR EACH ROW EXECUTE FUNCTION wait()")
	conn, err := b.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), "SELECT pg_advisory_lock(7)")
	require.NoError(t, err)
	ended := start(t, func() error { return k.svc.Reseal(stopped) })
	require.Eventually(t, func() bool {
		return b.number(t, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted") == 1
	}, patience, time.Millisecond)
	cancel()
	require.NoError(t, await(t, ended), "to stop is no failure")
	_, err = conn.Exec(t.Context(), "SELECT pg_advisory_unlock(7)")
	require.NoError(t, err)
	require.Equal(t, 12, b.underKey(t, old), "of a batch, all or nothing")
	k.refresh(t)
	require.Equal(t, 2, b.resealJobs(t), "and at once another")
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, "DISABLED", b.state(t, old))
}

func TestResealingTwiceAtOnceSealsEachValueOnce(t *testing.T) {
	t.Parallel()
	const many = 3000
	b := setup(t)
	k, old, fresh := rotating(t, b, many)
	twin := b.joins(t, "two", fresh, old)
	ended := []<-chan error{}
	for _, svc := range []*intake.Service{k.svc, twin.svc, k.svc} {
		ended = append(ended, start(t, func() error { return svc.Reseal(t.Context()) }))
	}
	for _, e := range ended {
		require.NoError(t, await(t, e))
	}
	require.Equal(t, many+2, b.number(t, "SELECT resealed FROM vault_reseals"))
	require.Equal(t, many+2, b.underKey(t, fresh))
	require.Equal(t, many+2, k.requireOpen(t))
	require.Equal(t, "DISABLED", b.state(t, old))
}

func TestAKeyRotatesWhileTwinsWrite(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	one, two := b.joins(t, "one", old, fresh), b.joins(t, "two", old, fresh)
	one.samples(t, one.linked(t, "first@example.com"), 1500)
	var written atomic.Int32
	over := make(chan struct{})
	write := func(k *keyed, name string) error {
		for n := 0; ; n++ {
			select {
			case <-over:
				return nil
			default:
			}
			account, err := k.svc.Register(context.WithoutCancel(t.Context()), b.actor, b.registration(fmt.Sprintf("%s-%d@example.com", name, n)))
			if err != nil {
				return err
			}
			written.Add(1)
			if n%3 > 0 {
				continue
			}
			if _, err := k.svc.Stop(context.WithoutCancel(t.Context()), b.actor, account.ID); err != nil {
				return err
			}
		}
	}
	writers := []<-chan error{start(t, func() error { return write(one, "one") }), start(t, func() error { return write(two, "two") })}
	grows := func() {
		at := written.Load()
		require.Eventually(t, func() bool { return written.Load() >= at+10 }, patience, time.Millisecond)
	}
	grows()
	_, err := one.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	one.refresh(t)
	grows()
	require.NoError(t, one.svc.Reseal(t.Context()))
	require.Equal(t, "ADDED", b.state(t, old), "the twin has not heard of it yet, and seals with the old one")
	grows()
	two.refresh(t)
	grows()
	require.Eventually(t, func() bool {
		require.NoError(t, two.svc.Reseal(t.Context()))
		return b.state(t, old) == "DISABLED"
	}, patience, time.Millisecond)
	grows()
	close(over)
	for _, w := range writers {
		require.NoError(t, await(t, w))
	}
	require.Zero(t, b.underKey(t, old))
	require.GreaterOrEqual(t, two.requireOpen(t), 1502)
	lean := b.joins(t, "without the old", fresh)
	lean.requireOpen(t)
}

func TestSwappedCiphertextsNeitherOpenNorAreSealedAnew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	k := b.joins(t, "one", old, fresh)
	other := b.company(t, "別の会社")
	account, twin := k.linked(t, "a@example.com"), k.linked(t, "b@example.com")
	foreign, err := k.svc.Register(t.Context(), other, b.registration("c@example.com"))
	require.NoError(t, err)
	lone := k.linked(t, "d@example.com")
	swap := func(sql string, args ...any) { b.exec(t, sql, args...) }
	// Between rows, between companies, between fields.
	swap("UPDATE medium_accounts a SET session = (SELECT session FROM medium_accounts WHERE id = $2) WHERE id = $1", account.ID, twin.ID)
	swap("UPDATE medium_accounts a SET credential = (SELECT credential FROM medium_accounts WHERE id = $2) WHERE id = $1", twin.ID, foreign.ID)
	swap("UPDATE medium_accounts a SET session = credential WHERE id = $1", lone.ID)
	_, err = k.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	k.refresh(t)
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, 3, b.underKey(t, old), "what does not open is left as it was")
	require.Equal(t, 4, b.underKey(t, fresh))
	require.Equal(t, "ADDED", b.state(t, old), "and so is its key")
	status, err := k.svc.VaultStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, int64(3), status.Keys[0].Reseal.Unreadable)
	require.Nil(t, status.Keys[0].Reseal.Finished)
	for _, id := range []uuid.UUID{account.ID, twin.ID, lone.ID} {
		require.Equal(t, intake.RunFailed, k.importNext(t, id).Status, "it is told from the medium's trouble")
	}
}

func TestARowThatSomebodyHoldsDoesNotHoldUpTheResealing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	k, old, fresh := rotating(t, b, 20)
	tx, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "SELECT FROM medium_accounts FOR UPDATE")
	require.NoError(t, err)
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, 20, b.underKey(t, fresh))
	require.Equal(t, 2, b.underKey(t, old))
	require.NoError(t, tx.Rollback(t.Context()))
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, "DISABLED", b.state(t, old))
}

func TestAKeyIsNotDisabledUnderATransactionThatSealedWithIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	k, old, _ := rotating(t, b, 5)
	stale := b.keyless(t, old)
	accounts, err := b.svc.Accounts(t.Context(), b.actor, nil)
	require.NoError(t, err)
	sealed, err := stale.vault.Seal(intake.NewSecret("late"), b.actor.Company.ID, accounts[0].ID, "sample")
	require.NoError(t, err)
	tx, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `INSERT INTO import_runs (company_id, account_id, epoch, trigger, status, failure_reason, finished_at, sample)
		SELECT company_id, id, 1, 'MANUAL', 'FAILED', 'INTERNAL', now(), $1 FROM medium_accounts`, sealed)
	require.NoError(t, err)
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, "ADDED", b.state(t, old))
	require.NoError(t, tx.Commit(t.Context()))
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Equal(t, "DISABLED", b.state(t, old))
	require.Zero(t, b.underKey(t, old))
	require.Equal(t, 8, k.requireOpen(t))
}

func TestWhoLacksAKeyLeavesTheResealingToOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	k, old, fresh := rotating(t, b, 5)
	for _, lacking := range []*keyed{b.keyless(t, old), b.keyless(t, fresh)} {
		require.ErrorContains(t, lacking.svc.Reseal(t.Context()), "lacks")
	}
	require.Equal(t, 7, b.underKey(t, old))
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.NoError(t, k.svc.Reseal(t.Context()), "nothing is left to do")
	require.Equal(t, 7, b.underKey(t, fresh))
}
