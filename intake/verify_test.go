package intake_test

import (
	"context"
	"errors"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
)

// says is a medium that answers a sign-in with err and counts how often it was asked. A right login
// gets a session.
func says(err error, asked *int) func(context.Context, intake.Credentials) (intake.Secret, error) {
	return func(context.Context, intake.Credentials) (intake.Secret, error) {
		*asked++
		if err != nil {
			return intake.Secret{}, err
		}
		return intake.NewSecret("session"), nil
	}
}

// secrets counts what the vault still keeps for an account.
func (b *testBundle) secrets(t *testing.T, id uuid.UUID) int {
	t.Helper()
	return b.number(t, "SELECT num_nonnulls(credential, session) FROM medium_accounts WHERE id = $1", id)
}

func TestARefusalIsTriedOnceAndEndsTheVerificationWithItsReason(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		says   error
		status intake.LinkStatus
		reason intake.FailureReason
	}{
		{trouble(intake.FailureInvalidCredentials), intake.StatusAuthFailed, intake.FailureInvalidCredentials},
		{trouble(intake.FailureNoCandidatePermission), intake.StatusAuthFailed, intake.FailureNoCandidatePermission},
		{trouble(intake.FailureTwoFactorRequired), intake.StatusAuthFailed, intake.FailureTwoFactorRequired},
		{trouble(intake.FailureAccountLocked), intake.StatusAuthFailed, intake.FailureAccountLocked},
		{trouble(intake.FailureInternal), intake.StatusSystemError, intake.FailureInternal},
		{errors.New("a bug in the adapter"), intake.StatusSystemError, intake.FailureInternal},
	} {
		t.Run(tc.says.Error(), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			asked := 0
			b.source.verify = says(tc.says, &asked)
			account := b.register(t, "a@example.com")
			require.Equal(t, 1, b.secrets(t, account.ID))
			task := b.task(t, account.ID)
			require.NoError(t, b.svc.Verify(t.Context(), task))

			account = b.account(t, account.ID)
			require.Equal(t, tc.status, account.Status)
			require.Equal(t, tc.reason, account.Failure.Reason)
			require.WithinDuration(t, time.Now(), account.Failure.OccurredAt, time.Minute)
			require.Nil(t, account.NextImportAt)
			require.Zero(t, b.secrets(t, account.ID), "a password that nobody may try is kept by nobody")

			before := b.everything(t)
			require.NoError(t, b.svc.Verify(t.Context(), task))
			n, err := b.svc.Revive(t.Context())
			require.NoError(t, err)
			require.Zero(t, n)
			require.Equal(t, 1, asked)
			b.requireUnchanged(t, before)
		})
	}
}

func TestARefusalThatComesAsTheProcessIsToldToStopIsStoredAndNotTriedAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	asked := 0
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		asked++
		stop()
		return intake.Secret{}, trouble(intake.FailureInvalidCredentials)
	}
	account := b.register(t, "a@example.com")
	require.NoError(t, b.svc.Verify(ctx, b.task(t, account.ID)))
	require.Equal(t, intake.StatusAuthFailed, b.account(t, account.ID).Status)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, 1, asked)
}

func TestASuccessThatComesAsTheProcessIsToldToStopIsStored(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		stop()
		return intake.NewSecret("session"), nil
	}
	account := b.register(t, "a@example.com")
	require.NoError(t, b.svc.Verify(ctx, b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
}

func TestTwoWorkersWithOneTaskAskTheMediumOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	g, asked := newGate(t), 0
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		asked++
		g.pass()
		return intake.Secret{}, trouble(intake.FailureInvalidCredentials)
	}
	account := b.register(t, "a@example.com")
	task := b.task(t, account.ID)
	first := start(t, func() error { return b.svc.Verify(t.Context(), task) })
	await(t, g.reached)
	require.NoError(t, b.process(b.source).Verify(t.Context(), task), "the other does nothing")
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
	close(g.open)
	require.NoError(t, await(t, first))
	require.Equal(t, intake.StatusAuthFailed, b.account(t, account.ID).Status)
	require.Equal(t, 1, asked)
}

func TestTheRightLoginIsLinkedAndItsFirstImportQueued(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.register(t, "a@example.com")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, before.ID)))

	account := b.account(t, before.ID)
	require.Equal(t, intake.StatusLinked, account.Status)
	require.NotNil(t, account.LinkedAt)
	require.Equal(t, before.ImportFrom, account.ImportFrom)
	require.Equal(t, intake.HealthHealthy, account.Health)
	var slot time.Duration
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT next_import_at - linked_at FROM medium_accounts").Scan(&slot))
	require.LessOrEqual(t, slot, 8*time.Hour)
	require.GreaterOrEqual(t, slot, time.Duration(0), "anywhere in the slot: see TestAccountsThatCameTogether")

	runs := b.runs(t, account.ID)
	require.Len(t, runs, 1)
	require.Equal(t, intake.TriggerVerification, runs[0].Trigger)
	require.Equal(t, intake.RunQueued, runs[0].Status)

	var login intake.Login
	b.source.read = func(_ context.Context, l intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		login = l
		return func(func(intake.Page, error) bool) {}
	}
	b.importNext(t, account.ID)
	require.Equal(t, dbtest.Canary("session of a@example.com"), login.Session.Reveal(), "the sign-in of the verification serves the import")
	require.Equal(t, password, login.Password.Reveal())
	require.Equal(t, "a@example.com", login.Email)
}

func TestPassingTroubleIsTriedAgainLaterAndLater(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) {
		s.RetryAfter = func(failures int) time.Duration { return time.Duration(failures) * 10 * time.Minute }
	})
	account := b.register(t, "a@example.com")
	asked := 0
	told := &intake.SourceError{Reason: intake.FailureRateLimited, RetryAfter: 2 * time.Hour, Err: errors.New("429")}
	for i, tc := range []struct {
		says error
		wait time.Duration
	}{
		{trouble(intake.FailureMediumUnavailable), 10 * time.Minute},
		{trouble(intake.FailureTimedOut), 20 * time.Minute},
		{trouble(intake.FailureUnexpectedResponse), 30 * time.Minute},
		{told, 2 * time.Hour},
		{trouble(intake.FailureMediumUnavailable), 50 * time.Minute},
	} {
		if i == 2 {
			continue // it is hopeless at the third try: see below
		}
		b.source.verify = says(tc.says, &asked)
		b.exec(t, "UPDATE medium_accounts SET attempts = $1", i)
		stale := b.task(t, account.ID)
		require.NoError(t, b.svc.Verify(t.Context(), stale))

		after := b.account(t, account.ID)
		require.Equal(t, intake.StatusVerifying, after.Status)
		require.Nil(t, after.Failure, "trouble that may pass is no failure yet")
		_, at := b.queued(t, account.ID)
		require.WithinDuration(t, time.Now().Add(tc.wait), at, time.Minute)
		var wake time.Time
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT wake_at FROM medium_accounts").Scan(&wake))
		require.WithinDuration(t, at, wake, time.Minute)
		before := asked
		require.NoError(t, b.svc.Verify(t.Context(), stale), "its task has had its turn")
		require.Equal(t, before, asked)
	}
	b.source.verify = nil
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
}

func TestAnAnswerThatNobodyUnderstandsIsTriedThreeTimes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	asked := 0
	b.source.verify = says(trouble(intake.FailureUnexpectedResponse), &asked)
	for range 3 {
		require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	}
	account = b.account(t, account.ID)
	require.Equal(t, 3, asked)
	require.Equal(t, intake.StatusSystemError, account.Status)
	require.Equal(t, intake.FailureUnexpectedResponse, account.Failure.Reason)
	require.Zero(t, b.secrets(t, account.ID))
}

func TestAVerificationGivesUpAtItsTimeoutWithTheRealReason(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	asked := 0
	b.source.verify = says(&intake.SourceError{
		Reason: intake.FailureRateLimited, RetryAfter: 24 * time.Hour, Err: errors.New("come back tomorrow"),
	}, &asked)

	b.exec(t, "UPDATE medium_accounts SET verification_started_at = now() - interval '7 hours 50 minutes'")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
	_, at := b.queued(t, account.ID)
	require.WithinDuration(t, time.Now().Add(10*time.Minute), at, time.Minute, "no wait goes beyond the end")

	b.exec(t, "UPDATE medium_accounts SET verification_started_at = now() - interval '8 hours'")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusSystemError, account.Status)
	require.Equal(t, intake.FailureRateLimited, account.Failure.Reason)
	require.Equal(t, 2, asked)
	require.Zero(t, b.secrets(t, account.ID))
}

func TestAVerificationThatNobodyEndsIsEnded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked := 0
	b.source.verify = says(trouble(intake.FailureMediumUnavailable), &asked)
	silent, troubled, young := b.register(t, "silent@example.com"), b.register(t, "troubled@example.com"), b.register(t, "young@example.com")
	b.source.verify = nil
	linked := b.linked(t, "linked@example.com")
	b.source.verify = says(trouble(intake.FailureMediumUnavailable), &asked)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, troubled.ID)))
	b.exec(t, "UPDATE medium_accounts SET verification_started_at = now() - interval '8 hours 2 minutes' WHERE id <> $1", young.ID)
	task := b.task(t, silent.ID)

	require.NoError(t, b.svc.ExpireVerifications(t.Context()))
	require.Equal(t, intake.FailureTimedOut, b.account(t, silent.ID).Failure.Reason)
	require.Equal(t, intake.FailureMediumUnavailable, b.account(t, troubled.ID).Failure.Reason)
	for _, id := range []uuid.UUID{silent.ID, troubled.ID} {
		require.Equal(t, intake.StatusSystemError, b.account(t, id).Status)
		require.Zero(t, b.secrets(t, id))
	}
	require.Equal(t, intake.StatusVerifying, b.account(t, young.ID).Status)
	require.Equal(t, intake.StatusLinked, b.account(t, linked.ID).Status)
	require.NoError(t, b.svc.Verify(t.Context(), task))
	require.Equal(t, 1, asked, "what comes after does nothing")
}

func TestATaskOfAnOlderRegistrationDoesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.register(t, "a@example.com")
	old := b.task(t, account.ID)
	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	b.register(t, "a@example.com")
	current := b.task(t, account.ID)
	require.NotEqual(t, old.Epoch, current.Epoch)
	asked := 0
	b.source.verify = says(nil, &asked)
	before := b.everything(t)

	olderWake, strange, elsewhere := current, current, current
	olderWake.Wake--
	strange.AccountID = uuid.New()
	elsewhere.CompanyID = uuid.New()
	for _, task := range []intake.Task{old, olderWake, strange, elsewhere} {
		require.NoError(t, b.svc.Verify(t.Context(), task))
		require.NoError(t, b.svc.Import(t.Context(), task))
	}
	require.NoError(t, b.svc.Import(t.Context(), current), "nor does an import of what is not linked")
	require.Zero(t, asked)
	b.requireUnchanged(t, before)
}
