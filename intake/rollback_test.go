package intake_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// rollsBack has the database give up, for another's sake, the first transactions that come to do something.
func (b *testBundle) rollsBack(t *testing.T, times int, state, comes string) {
	t.Helper()
	b.exec(t, "CREATE SEQUENCE given_up")
	b.exec(t, fmt.Sprintf(`CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$
		BEGIN IF nextval('given_up') <= %d THEN RAISE EXCEPTION 'given up' USING ERRCODE = '%s'; END IF; RETURN NEW; END $$`, times, state))
	b.exec(t, "CREATE TRIGGER give_up "+comes+" EXECUTE FUNCTION give_up()")
}

// requireGivenUp makes sure that it came to that.
func (b *testBundle) requireGivenUp(t *testing.T, times int) {
	t.Helper()
	require.Greater(t, b.number(t, "SELECT last_value FROM given_up"), times)
}

const onMove = "BEFORE UPDATE ON medium_accounts FOR EACH ROW WHEN (OLD.status <> NEW.status)"

func TestAVerificationWhoseOutcomeIsRolledBackIsStoredAgainAndNotAskedAgain(t *testing.T) {
	t.Parallel()
	for _, state := range []string{"40P01", "40001", "55P03", "57P01", "53100"} {
		for status, says := range map[intake.LinkStatus]*intake.SourceError{
			intake.StatusLinked:      nil,
			intake.StatusAuthFailed:  trouble(intake.FailureInvalidCredentials),
			intake.StatusSystemError: trouble(intake.FailureInternal),
		} {
			t.Run(state+" "+string(status), func(t *testing.T) {
				t.Parallel()
				b := setup(t)
				asked := 0
				b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
					asked++
					if says != nil {
						return intake.Secret{}, says
					}
					return intake.NewSecret("session"), nil
				}
				account := b.register(t, "a@example.com")
				b.rollsBack(t, 2, state, onMove)
				require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
				b.requireGivenUp(t, 2)
				require.Equal(t, 1, asked)
				require.Equal(t, status, b.account(t, account.ID).Status)
				b.requireInvariants(t)
			})
		}
	}
}

func TestAVerificationThatIsPutOffIsPutOffEvenWhenThatIsRolledBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked := 0
	b.source.verify = says(trouble(intake.FailureMediumUnavailable), &asked)
	account := b.register(t, "a@example.com")
	b.rollsBack(t, 1, "40P01", "BEFORE UPDATE ON medium_accounts FOR EACH ROW WHEN (OLD.attempts <> NEW.attempts)")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	b.requireGivenUp(t, 1)
	require.Equal(t, 1, asked)
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
}

func TestAPageThatIsRolledBackIsStoredAgainWithItsSession(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	read := 0
	b.source.read = func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		read++
		page := pageOf("1", applied(1, "営業"), applied(2, "営業"))
		page.Session = intake.NewSecret("another session")
		return func(yield func(intake.Page, error) bool) { yield(page, nil) }
	}
	b.rollsBack(t, 2, "40P01", "BEFORE UPDATE ON import_runs FOR EACH ROW WHEN (OLD.seen <> NEW.seen)")
	run := b.importNext(t, account.ID)
	b.requireGivenUp(t, 2)
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, []int{2, 2}, []int{run.Seen, run.Imported})
	require.Equal(t, 1, read)
	b.requireInvariants(t)
}

func TestCredentialsThatAnImportFindsRefusedAreNotTriedAgainWhenThatIsRolledBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	read := 0
	b.source.read = func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		read++
		return func(yield func(intake.Page, error) bool) {
			yield(intake.Page{}, trouble(intake.FailureInvalidCredentials))
		}
	}
	b.rollsBack(t, 2, "40P01", onMove)
	require.NoError(t, b.svc.Import(t.Context(), b.task(t, account.ID)))
	b.requireGivenUp(t, 2)
	require.Equal(t, 1, read)
	require.Equal(t, intake.StatusAuthFailed, b.account(t, account.ID).Status)
}

func TestWhatCannotBeStoredIsLetGoOfWhenTheProcessIsToldToStop(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	account := b.register(t, "a@example.com")
	b.rollsBack(t, 1_000_000, "40P01", onMove)
	task := b.task(t, account.ID)
	ended := start(t, func() error { return b.svc.Verify(ctx, task) })
	require.Eventually(t, func() bool { return b.number(t, "SELECT last_value FROM given_up") > 1 }, patience, 10*time.Millisecond)
	stop()
	require.Error(t, await(t, ended))
}

func TestNobodyElseIsSentToAskWhileAnOutcomeIsBeingStoredAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked := 0
	svc := b.process(&fakeSource{verify: says(nil, &asked)}, func(s *intake.Settings) { s.Lease = 3 * time.Second })
	account := b.register(t, "a@example.com")
	// Longer than the lease, all told.
	b.rollsBack(t, 8, "40P01", onMove)
	task := b.task(t, account.ID)
	ended := start(t, func() error { return svc.Verify(t.Context(), task) })
	require.Eventually(t, func() bool {
		n, err := b.svc.Revive(t.Context())
		require.NoError(t, err)
		require.Zero(t, n)
		return b.account(t, account.ID).Status == intake.StatusLinked
	}, patience, 20*time.Millisecond)
	require.NoError(t, await(t, ended))
	b.requireGivenUp(t, 8)
	require.Equal(t, 1, asked)
}
