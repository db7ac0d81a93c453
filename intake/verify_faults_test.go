package intake_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestAVerificationWhoseWorkerDiedIsGivenToAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g := newGate(t)
	dead := b.frozen(&fakeSource{verify: func(context.Context, intake.Credentials) (intake.Secret, error) {
		g.pass()
		return intake.Secret{}, trouble(intake.FailureInvalidCredentials)
	}})
	account := b.register(t, "a@example.com")
	task := b.task(t, account.ID)
	ended := start(t, func() error { return dead.Verify(t.Context(), task) })
	await(t, g.reached)

	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "while the lease runs nobody else is called")
	b.killed(t, account.ID)
	n, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	require.NotEqual(t, task, b.task(t, account.ID))
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)

	before := b.everything(t)
	close(g.open)
	require.NoError(t, await(t, ended), "the dead one comes back")
	b.requireUnchanged(t, before, "and what it says no longer counts")
}

func TestAWorkerThatLostItsLeaseLetsGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g := newGate(t)
	slow := b.process(&fakeSource{verify: func(ctx context.Context, _ intake.Credentials) (intake.Secret, error) {
		return intake.Secret{}, g.passWith(ctx)
	}}, func(s *intake.Settings) { s.Lease = 250 * time.Millisecond })
	account := b.register(t, "a@example.com")
	task := b.task(t, account.ID)
	ended := start(t, func() error { return slow.Verify(t.Context(), task) })
	await(t, g.reached)

	b.exec(t, "UPDATE medium_accounts SET lease_owner = $1, lease_until = now() + interval '1 hour'", uuid.New())
	before := b.everything(t)
	require.NoError(t, await(t, ended), "its context ends without the gate being opened")
	b.requireUnchanged(t, before)
}

func TestALeaseIsKeptForAsLongAsTheWorkTakes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g := newGate(t)
	account := b.register(t, "a@example.com")
	task := b.task(t, account.ID)
	b.source.verify = func(ctx context.Context, _ intake.Credentials) (intake.Secret, error) {
		return intake.NewSecret("session"), g.passWith(ctx)
	}
	svc := b.process(b.source, func(s *intake.Settings) { s.Lease = 2 * time.Second })
	ended := start(t, func() error { return svc.Verify(t.Context(), task) })
	await(t, g.reached)
	until := func() (at time.Time) {
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT lease_until FROM medium_accounts").Scan(&at))
		return at
	}
	first := until()
	require.Eventually(t, func() bool { return until().After(first.Add(2 * time.Second)) }, patience, 20*time.Millisecond)
	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	close(g.open)
	require.NoError(t, await(t, ended))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
}

func TestAProcessThatIsToldToStopHandsItsVerificationOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	g := newGate(t)
	b.source.verify = func(ctx context.Context, _ intake.Credentials) (intake.Secret, error) {
		return intake.Secret{}, g.passWith(ctx)
	}
	account := b.register(t, "a@example.com")
	task := b.task(t, account.ID)
	ended := start(t, func() error { return b.svc.Verify(ctx, task) })
	await(t, g.reached)
	stop()
	require.NoError(t, await(t, ended))

	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
	next, at := b.queued(t, account.ID)
	require.Equal(t, task.Wake+1, next.Wake)
	require.WithinDuration(t, time.Now(), at, time.Minute, "at once")
	require.Zero(t, b.number(t, "SELECT attempts + num_nonnulls(lease_owner, failure_reason) FROM medium_accounts"), "it is no failure")
	b.source.verify = nil
	require.NoError(t, b.svc.Verify(t.Context(), next))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
}

func TestAHandOverOfWhatIsNoLongerOursIsNoError(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	account := b.register(t, "a@example.com")
	frozen := b.frozen(&fakeSource{verify: func(ctx context.Context, _ intake.Credentials) (intake.Secret, error) {
		_, err := b.svc.Stop(ctx, b.actor, account.ID)
		stop()
		if err != nil {
			return intake.Secret{}, err
		}
		return intake.Secret{}, ctx.Err()
	}})
	require.NoError(t, frozen.Verify(ctx, b.task(t, account.ID)))
	require.Equal(t, intake.StatusUnlinked, b.account(t, account.ID).Status)
}

func TestAWakeUpThatNeverComesIsMadeGood(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	linked := b.linked(t, "b@example.com")
	b.exec(t, "DELETE FROM river_job") // somebody tidied up
	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n, "a queue may be late")
	b.exec(t, "UPDATE medium_accounts SET wake_at = now() - interval '16 minutes'")
	n, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Equal(t, 2, n)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
	require.Equal(t, intake.RunSucceeded, b.importNext(t, linked.ID).Status)
}

func TestWhoRevivesAtTheSameTimeRevivesOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, email := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		b.register(t, email)
	}
	b.exec(t, "UPDATE medium_accounts SET wake_at = now() - interval '1 hour'")
	counts := make(chan int, 8)
	for range cap(counts) {
		start(t, func() error {
			n, err := b.svc.Revive(t.Context())
			counts <- n
			return err
		})
	}
	total := 0
	for range cap(counts) {
		total += await(t, counts)
	}
	require.Equal(t, 3, total)
	require.Equal(t, 6, b.number(t, "SELECT count(*) FROM river_job"))
}

func TestAProcessThatLacksTheKeyLeavesTheCredentialToOneThatHasIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	other, err := intake.NewVault(intake.NewSecret(intake.NewMasterKey()))
	require.NoError(t, err)
	keyless := *b
	keyless.vault = other
	require.NoError(t, keyless.process(b.source).Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
}
