package intake_test

import (
	"context"
	"encoding/hex"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestARegistrationThatCannotBeIsToldWhyAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.linked(t, "linked@example.com")
	b.register(t, "Verifying@example.com")
	before := b.everything(t)

	for name, tc := range map[string]struct {
		change func(*intake.Registration)
		want   []string
	}{
		"no e-mail":                   {func(r *intake.Registration) { r.Email = "" }, []string{"REQUIRED input.email"}},
		"an e-mail of spaces":         {func(r *intake.Registration) { r.Email = " \t " }, []string{"REQUIRED input.email"}},
		"no @":                        {func(r *intake.Registration) { r.Email = "nobody" }, []string{"INVALID input.email"}},
		"a name and an address":       {func(r *intake.Registration) { r.Email = "A <a@example.com>" }, []string{"INVALID input.email"}},
		"two addresses":               {func(r *intake.Registration) { r.Email = "a@example.com,b@example.com" }, []string{"INVALID input.email"}},
		"a space within":              {func(r *intake.Registration) { r.Email = "a b@example.com" }, []string{"INVALID input.email"}},
		"a NUL":                       {func(r *intake.Registration) { r.Email = "a\x00@example.com" }, []string{"INVALID input.email"}},
		"a header smuggled in":        {func(r *intake.Registration) { r.Email = "a@example.com\r\nBcc: x@example.com" }, []string{"INVALID input.email"}},
		"an endless e-mail":           {func(r *intake.Registration) { r.Email = strings.Repeat("a", 250) + "@example.com" }, []string{"TOO_LONG input.email"}},
		"no password":                 {func(r *intake.Registration) { r.Password = intake.Secret{} }, []string{"REQUIRED input.password"}},
		"a password of 1,025 bytes":   {func(r *intake.Registration) { r.Password = intake.NewSecret(strings.Repeat("p", 1025)) }, []string{"TOO_LONG input.password"}},
		"343 kanji are 1,029 bytes":   {func(r *intake.Registration) { r.Password = intake.NewSecret(strings.Repeat("鍵", 343)) }, []string{"TOO_LONG input.password"}},
		"a beginning in the future":   {func(r *intake.Registration) { r.ImportFrom = new(time.Now().Add(time.Hour)) }, []string{"INVALID input.importFrom"}},
		"a beginning 31 days back":    {func(r *intake.Registration) { r.ImportFrom = new(time.Now().AddDate(0, 0, -31)) }, []string{"INVALID input.importFrom"}},
		"the year 1":                  {func(r *intake.Registration) { r.ImportFrom = &time.Time{} }, []string{"INVALID input.importFrom"}},
		"a medium that nobody knows":  {func(r *intake.Registration) { r.Medium = "INDEED" }, []string{"INVALID input.medium"}},
		"a login that is linked":      {func(r *intake.Registration) { r.Email = "linked@example.com" }, []string{"ALREADY_EXISTS input.email"}},
		"the same in capitals":        {func(r *intake.Registration) { r.Email = " LINKED@Example.COM " }, []string{"ALREADY_EXISTS input.email"}},
		"a login that is in progress": {func(r *intake.Registration) { r.Email = "verifying@example.com" }, []string{"ALREADY_EXISTS input.email"}},
		"all of it at once": {
			func(r *intake.Registration) {
				*r = intake.Registration{Medium: "x", Email: "x", ImportFrom: new(time.Now().AddDate(1, 0, 0))}
			},
			[]string{"INVALID input.medium", "INVALID input.email", "REQUIRED input.password", "INVALID input.importFrom"},
		},
	} {
		in := b.registration("new@example.com")
		tc.change(&in)
		_, err := b.svc.Register(t.Context(), b.actor, in)
		require.Error(t, err, name)
		requireUserErrors(t, err, tc.want...)
	}
	b.requireUnchanged(t, before)
}

func TestARegistrationAtTheVeryEdgeIsAccepted(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for email, change := range map[string]func(*intake.Registration){
		"password@example.com": func(r *intake.Registration) { r.Password = intake.NewSecret(strings.Repeat("p", 1024)) },
		"far-back@example.com": func(r *intake.Registration) { r.ImportFrom = new(time.Now().Add(-30 * 24 * time.Hour)) },
		"clock@example.com":    func(r *intake.Registration) { r.ImportFrom = new(time.Now().Add(30 * time.Second)) },
		strings.Repeat("a", 60) + "@" + strings.Repeat("b", 60) + ".example.com": func(*intake.Registration) {},
	} {
		in := b.registration(email)
		change(&in)
		account, err := b.svc.Register(t.Context(), b.actor, in)
		require.NoError(t, err, email)
		require.Equal(t, intake.StatusVerifying, account.Status)
		require.Equal(t, email, account.Email)
	}
}

func TestOfManyWhoRegisterOneLoginAtOnceOneWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	race := func() (won int) {
		errs := make([]error, 16)
		var wg sync.WaitGroup
		for i := range errs {
			wg.Go(func() { _, errs[i] = b.svc.Register(t.Context(), b.actor, b.registration("one@example.com")) })
		}
		wg.Wait()
		for _, err := range errs {
			if err == nil {
				won++
				continue
			}
			requireUserErrors(t, err, "ALREADY_EXISTS input.email")
		}
		return won
	}

	require.Equal(t, 1, race())
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM medium_accounts"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM river_job"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM events"))

	b.exec(t, "UPDATE medium_accounts SET status = 'SYSTEM_ERROR', failure_reason = 'INTERNAL', failed_at = now(), credential = NULL, wake_at = NULL")
	require.Equal(t, 1, race(), "again, after a failure")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM medium_accounts"))
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM river_job"))
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM events"))
}

func TestALoginThatComesBackKeepsItsIDAndWhatItImported(t *testing.T) {
	t.Parallel()
	for name, end := range map[string]struct {
		verdict error
		stop    bool
		status  intake.LinkStatus
	}{
		"after its credentials were refused": {verdict: trouble(intake.FailureInvalidCredentials), status: intake.StatusAuthFailed},
		"after we failed":                    {verdict: trouble(intake.FailureInternal), status: intake.StatusSystemError},
		"after it was stopped":               {stop: true, status: intake.StatusUnlinked},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			first := b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
			_, err := b.svc.Stop(t.Context(), b.actor, first.ID)
			require.NoError(t, err)
			if !end.stop {
				b.register(t, "a@example.com")
				b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) { return intake.Secret{}, end.verdict }
				require.NoError(t, b.svc.Verify(t.Context(), b.task(t, first.ID)))
			}
			ended := b.account(t, first.ID)
			require.Equal(t, end.status, ended.Status)

			in := b.registration("A@example.com")
			in.Password = intake.NewSecret("another")
			again, err := b.svc.Register(t.Context(), b.actor, in)
			require.NoError(t, err)
			require.Equal(t, first.ID, again.ID)
			require.Equal(t, intake.StatusVerifying, again.Status)
			require.Equal(t, "A@example.com", again.Email, "as it was typed last")
			require.Nil(t, again.Failure)
			require.Nil(t, again.StoppedAt)
			require.Greater(t, again.Revision, ended.Revision)
			require.Len(t, b.entries(t), 1)

			var tried string
			b.source.verify = func(_ context.Context, c intake.Credentials) (intake.Secret, error) {
				tried = c.Password.Reveal()
				return intake.NewSecret("session"), nil
			}
			require.NoError(t, b.svc.Verify(t.Context(), b.task(t, first.ID)))
			require.Equal(t, "another", tried)
			require.Equal(t, intake.RunSucceeded, b.importNext(t, first.ID).Status)
			require.Len(t, b.entries(t), 1, "what it knows is not brought in twice")
		})
	}
}

func TestImportingBeginsWhereItWasAskedTo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	cursor := func() (c string) {
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT cursor FROM medium_accounts").Scan(&c))
		return c
	}
	fail := func() {
		b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
			return intake.Secret{}, trouble(intake.FailureInvalidCredentials)
		}
		var id [16]byte
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT id FROM medium_accounts").Scan(&id))
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, id)))
		b.source.verify = nil
	}
	again := func(from *time.Time) intake.MediumAccount {
		in := b.registration("a@example.com")
		in.ImportFrom = from
		account, err := b.svc.Register(t.Context(), b.actor, in)
		require.NoError(t, err)
		return account
	}

	account := again(nil)
	require.WithinDuration(t, time.Now(), account.ImportFrom, time.Minute, "from now on")
	first := account.ImportFrom
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	b.source.read = reads(pageOf("7"))
	b.importNext(t, account.ID)
	require.Equal(t, "7", cursor())

	_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	account = again(nil)
	require.True(t, account.ImportFrom.After(first), "what came while the link was stopped is left alone")
	require.Empty(t, cursor())

	b.exec(t, "UPDATE medium_accounts SET cursor = '9'")
	stopped := account.ImportFrom
	fail()
	account = again(nil)
	require.Equal(t, stopped, account.ImportFrom, "as before, for one that failed")
	require.Equal(t, "9", cursor())

	fail()
	back := time.Now().Add(-72 * time.Hour).UTC().Truncate(time.Microsecond)
	account = again(&back)
	require.Equal(t, back, account.ImportFrom)
	require.Empty(t, cursor(), "what lies between is read again")
}

// brokenQueue refuses every job.
type brokenQueue struct{ err error }

func (q brokenQueue) VerifyAccount(context.Context, pgx.Tx, intake.Task, time.Duration) error {
	return q.err
}

func (q brokenQueue) ImportAccounts(context.Context, pgx.Tx, []intake.Task, time.Duration) error {
	return q.err
}

func (q brokenQueue) ImportFile(context.Context, pgx.Tx, intake.FileTask) error { return q.err }

func (q brokenQueue) Reseal(context.Context, pgx.Tx) error { return q.err }

func (q brokenQueue) Deliver(context.Context, pgx.Tx, []intake.DeliveryTask, time.Duration) error {
	return q.err
}

func TestWhatCannotBeQueuedDidNotHappen(t *testing.T) {
	t.Parallel()
	b := setup(t)
	linked := b.imported(t, "linked@example.com")
	verifying := b.register(t, "verifying@example.com")
	task := b.task(t, verifying.ID)
	broken := errors.New("no queue today")
	svc := intake.New(b.program, brokenQueue{broken}, map[intake.Medium]intake.Source{intake.MediumWantedly: b.source}, b.vault, intake.Settings{}, zerolog.Nop())
	b.exec(t, "UPDATE medium_accounts SET next_import_at = now() - interval '1 minute' WHERE id = $1", linked.ID)
	before := b.everything(t)

	_, err := svc.Register(t.Context(), b.actor, b.registration("new@example.com"))
	require.ErrorIs(t, err, broken)
	_, _, err = svc.ImportNow(t.Context(), b.actor, linked.ID)
	require.ErrorIs(t, err, broken)
	_, err = svc.Sweep(t.Context())
	require.ErrorIs(t, err, broken)
	b.requireUnchanged(t, before)

	require.ErrorIs(t, svc.Verify(t.Context(), task), broken)
	require.Equal(t, intake.StatusVerifying, b.account(t, verifying.ID).Status)
	require.Empty(t, b.runs(t, verifying.ID))
	require.Equal(t, before["events"], b.everything(t)["events"])

	b.killed(t, verifying.ID)
	_, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, verifying.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, verifying.ID).Status, "nothing is lost: somebody else goes on")
}

func TestNoPasswordAndNoSessionStandsAnywhereInTheDatabase(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const password, session = "canary-password-7f3a", "canary-session-19be"
	in := b.registration("a@example.com")
	in.Password = intake.NewSecret(password)
	account, err := b.svc.Register(t.Context(), b.actor, in)
	require.NoError(t, err)
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		return intake.NewSecret(session), nil
	}
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable), intake.Page{Cursor: "1", Session: intake.NewSecret(session)})
	b.importNext(t, account.ID)

	for table, contents := range b.everything(t) {
		for _, canary := range []string{password, session} {
			require.NotContains(t, contents, canary, table)
			require.NotContains(t, contents, hex.EncodeToString([]byte(canary)), table)
		}
	}
}

func TestCompaniesMayHaveTheSameLogin(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ours := b.linked(t, "a@example.com")
	other := b.company(t, "別の会社")
	theirs, err := b.svc.Register(t.Context(), other, b.registration("a@example.com"))
	require.NoError(t, err)
	require.NotEqual(t, ours.ID, theirs.ID)

	_, err = b.svc.Account(t.Context(), other, ours.ID)
	require.ErrorIs(t, err, intake.ErrNotFound)
	_, err = b.svc.Stop(t.Context(), other, ours.ID)
	requireUserErrors(t, err, "NOT_FOUND id")
	_, _, err = b.svc.ImportNow(t.Context(), other, ours.ID)
	requireUserErrors(t, err, "NOT_FOUND accountId")
}
