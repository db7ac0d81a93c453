package jobs_test

import (
	"context"
	"errors"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

const (
	linked    = "SELECT FROM medium_accounts WHERE status = 'LINKED'"
	succeeded = "SELECT FROM import_runs WHERE status = 'SUCCEEDED'"
)

func TestARegistrationIsVerifiedAndImportedByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(t)
	b.run(t, &fakeSource{}, intake.Settings{})
	b.becomes(t, succeeded)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM inbox_entries"))
	b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM river_job WHERE kind LIKE '%_account' AND state <> 'completed')")
}

func TestAnImportThatIsDueWhenAProcessStartsBeginsAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.register(t)
	first := b.run(t, &fakeSource{}, intake.Settings{})
	b.becomes(t, succeeded)
	first.stop()
	_, err := b.pool.Exec(t.Context(), "UPDATE medium_accounts SET next_import_at = now() - interval '5 hours'")
	require.NoError(t, err)
	b.run(t, &fakeSource{}, intake.Settings{})
	b.becomes(t, "SELECT FROM import_runs WHERE status = 'SUCCEEDED' AND trigger = 'SCHEDULE'")
}

func TestWhatFailsIsTriedAgainWithoutAnybodysDoing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var signIns, reads atomic.Int32
	trouble := &intake.SourceError{Reason: intake.FailureMediumUnavailable, Err: errors.New("503")}
	b.run(t, &fakeSource{
		verify: func(context.Context) (intake.Secret, error) {
			if signIns.Add(1) < 2 {
				return intake.Secret{}, trouble
			}
			return intake.NewSecret("session"), nil
		},
		read: func(_ context.Context, _ intake.Position, yield func(intake.Page, error) bool) {
			if reads.Add(1) < 2 {
				yield(intake.Page{}, trouble)
			}
		},
	}, intake.Settings{RetryAfter: func(int) time.Duration { return time.Millisecond }})
	b.register(t)
	b.becomes(t, succeeded)
	require.Equal(t, int32(2), signIns.Load())
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'FAILED'"))
}

func TestRefusedCredentialsAreTriedOnceHoweverManyProcessesThereAre(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var signIns atomic.Int32
	source := &fakeSource{verify: func(context.Context) (intake.Secret, error) {
		signIns.Add(1)
		return intake.Secret{}, &intake.SourceError{Reason: intake.FailureInvalidCredentials, Err: errors.New("401")}
	}}
	for range 2 {
		b.run(t, source, intake.Settings{})
	}
	b.register(t)
	b.becomes(t, "SELECT FROM medium_accounts WHERE status = 'AUTH_FAILED'")
	b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM river_job WHERE kind = 'verify_account' AND state <> 'completed')")
	require.Equal(t, int32(1), signIns.Load())
}

func TestWhatAKilledProcessLeftBehindGoesOnWithinSeconds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	stuck, never := make(chan struct{}), make(chan struct{})
	// A worker that says nothing more, as one that was killed: nobody renews what it holds.
	dead := b.service(&fakeSource{read: func(_ context.Context, _ intake.Position, yield func(intake.Page, error) bool) {
		yield(page("1"), nil)
		close(stuck)
		<-never
	}}, intake.Settings{Lease: time.Hour})
	id := b.register(t)
	verifying := intake.Task{CompanyID: b.actor.Company.ID, AccountID: id, Epoch: 1, Wake: 1}
	require.NoError(t, dead.Verify(t.Context(), verifying))
	ended := make(chan error, 1)
	go func() {
		ended <- dead.Import(context.WithoutCancel(t.Context()), intake.Task{CompanyID: b.actor.Company.ID, AccountID: id, Epoch: 1, Wake: 2})
	}()
	t.Cleanup(func() {
		close(never)
		require.NoError(t, <-ended)
	})
	await(t, stuck)
	_, err := b.pool.Exec(t.Context(), "DELETE FROM river_job") // its own jobs look as if they were running, for an hour
	require.NoError(t, err)

	b.run(t, &fakeSource{read: func(_ context.Context, since intake.Position, yield func(intake.Page, error) bool) {
		if since.Cursor == "1" {
			yield(page("2"), nil)
		}
	}}, intake.Settings{})
	require.Zero(t, b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'SUCCEEDED'"))
	_, err = b.pool.Exec(t.Context(), "UPDATE medium_accounts SET lease_until = clock_timestamp()")
	require.NoError(t, err)
	b.becomes(t, succeeded)
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM inbox_entries"), "behind the last whole page, in the same run")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs"))
}

func TestAProcessThatIsToldToStopHandsItsWorkToTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	reading := make(chan struct{})
	first := b.run(t, &fakeSource{read: func(ctx context.Context, _ intake.Position, yield func(intake.Page, error) bool) {
		if yield(page("1"), nil) {
			close(reading)
			<-ctx.Done()
			yield(intake.Page{}, ctx.Err())
		}
	}}, intake.Settings{})
	b.register(t)
	await(t, reading)
	first.stop()
	require.Zero(t, b.number(t, "SELECT count(lease_owner) FROM medium_accounts"))

	b.run(t, &fakeSource{read: func(_ context.Context, since intake.Position, yield func(intake.Page, error) bool) {
		if since.Cursor == "1" {
			yield(page("2"), nil)
		}
	}}, intake.Settings{})
	b.becomes(t, succeeded)
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM inbox_entries"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs"))
	require.Zero(t, b.number(t, "SELECT attempts FROM medium_accounts"), "to stop is no failure")
}

func TestAVerificationDoesNotWaitBehindImports(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open := make(chan struct{})
	b.run(t, &fakeSource{read: func(ctx context.Context, _ intake.Position, _ func(intake.Page, error) bool) {
		select {
		case <-open:
		case <-ctx.Done():
		}
	}}, intake.Settings{})
	for n := range 6 { // more imports than workers
		_, err := b.svc.Register(t.Context(), b.actor, intake.Registration{
			Medium: intake.MediumWantedly, Email: string(rune('a'+n)) + "@example.com", Password: intake.NewSecret("right"),
		})
		require.NoError(t, err)
		b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM medium_accounts WHERE status <> 'LINKED')")
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'SUCCEEDED'"))
	close(open)
	b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM import_runs WHERE status <> 'SUCCEEDED')")
}

func TestAKindOfJobFromTheFutureIsLeftForWhoKnowsIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.pool.Exec(t.Context(), "INSERT INTO river_job (kind, queue, args, max_attempts) VALUES ('from_the_future', 'import', '{}', 5)")
	require.NoError(t, err)
	b.register(t)
	b.run(t, &fakeSource{}, intake.Settings{})
	b.becomes(t, succeeded)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'from_the_future' AND state = 'available' AND attempt = 0"))
}

func TestAnOutcomeThatCannotBeStoredIsStoredLater(t *testing.T) {
	t.Parallel()
	b := setup(t)
	var signIns atomic.Int32
	source := &fakeSource{}
	source.verify = func(ctx context.Context) (intake.Secret, error) {
		if signIns.Add(1) == 1 {
			// The database goes away with every connection, just as the answer comes.
			_, err := b.pool.Exec(ctx, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
			if err != nil {
				return intake.Secret{}, err
			}
		}
		return intake.NewSecret("session"), nil
	}
	b.run(t, source, intake.Settings{Lease: time.Second})
	b.register(t)
	b.becomes(t, linked)
	b.becomes(t, succeeded)
}

func TestWhatIsToBeSealedAndForgottenIsSeenToWithoutAnybodysDoing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	for _, sql := range []string{
		"INSERT INTO candidates (company_id, medium, external_person_id, name, tagline) SELECT id, 'WANTEDLY', '1', '山田', 'plain' FROM companies",
		"INSERT INTO openings (company_id, name) SELECT id, '営業' FROM companies",
		"INSERT INTO selection_steps (company_id, opening_id, kind, name, position) SELECT company_id, id, 'ENTRY', '応募', 1 FROM openings",
		"INSERT INTO candidates (company_id, medium, external_person_id, name) SELECT id, 'WANTEDLY', '2', '鈴木' FROM companies",
		`INSERT INTO applications (company_id, candidate_id, opening_id, step_id, outcome, applied_at)
			SELECT s.company_id, c.id, s.opening_id, s.id, 'REJECTED', now() FROM selection_steps s, candidates c WHERE c.external_person_id = '2'`,
		`INSERT INTO selection_events (company_id, application_id, n, at, decided_by, to_step_id, outcome)
			SELECT company_id, id, 1, now() - interval '3 months', 'RULE', step_id, 'REJECTED' FROM applications`,
	} {
		_, err := b.pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	_, err := b.svc.UpdateRetention(t.Context(), b.actor, new(2))
	require.NoError(t, err)
	b.run(t, &fakeSource{}, intake.Settings{})
	b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM candidates WHERE external_person_id = '2' OR sealed IS NULL)")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM candidates"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM erasures WHERE reason = 'RETENTION'"))
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM river_job WHERE queue = 'upkeep' AND kind IN ('seal', 'forget')"))
}

func TestWhatAnOldKeySealedIsSealedAnewByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	var err error
	b.vault, err = intake.NewVault(intake.NewSecret(old + "," + fresh))
	require.NoError(t, err)
	quick := intake.Settings{KeyBeat: 10 * time.Millisecond}
	b.svc = b.service(&fakeSource{}, quick)
	holder, err := b.svc.JoinVault(t.Context(), "api")
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	kept := make(chan struct{})
	go func() {
		defer close(kept)
		holder.Keep(ctx)
	}()
	t.Cleanup(func() {
		cancel()
		<-kept
	})
	b.run(t, &fakeSource{}, quick)
	b.register(t)
	b.becomes(t, succeeded)
	_, err = b.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	b.becomes(t, "SELECT FROM vault_keys WHERE state = 'DISABLED'")
	b.becomes(t, "SELECT FROM medium_accounts a JOIN vault_keys k ON k.id = a.credential_key AND k.id = a.session_key WHERE k.state = 'PRIMARY'")
	b.becomes(t, "SELECT WHERE NOT EXISTS (SELECT FROM river_job WHERE kind = 'reseal' AND state <> 'completed')")
}

func TestAFileThatWasHandedInComesInAlsoWhereItsWorkerDied(t *testing.T) {
	t.Parallel()
	b := setup(t)
	recruiter := b.actor
	recruiter.Member.Roles = []intake.Role{intake.RoleRecruiter}
	hand := func(content string) {
		_, _, err := b.svc.StartFileImport(t.Context(), recruiter, intake.FileUpload{
			Medium: intake.MediumDoda, Name: "a.csv", Content: strings.NewReader(content),
		})
		require.NoError(t, err)
	}
	hand("氏名,求人名\n山田,営業\n")
	// Its job is lost, and so is the one who worked at the other.
	_, err := b.pool.Exec(t.Context(), "DELETE FROM river_job")
	require.NoError(t, err)
	_, err = b.pool.Exec(t.Context(), "UPDATE file_imports SET status = 'RUNNING', lease_owner = gen_random_uuid(), lease_until = now()")
	require.NoError(t, err)
	b.run(t, &fakeSource{}, intake.Settings{})
	hand("氏名,求人名\n佐藤,営業\n")
	b.becomes(t, "SELECT FROM file_imports HAVING count(*) FILTER (WHERE status = 'SUCCEEDED' AND imported = 1) = 2")
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM inbox_entries"))
	require.Zero(t, b.number(t, "SELECT count(*) FROM file_chunks"))
}
