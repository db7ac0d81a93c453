package intake_test

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func misshapen(id, shape string) intake.SourceInvalid {
	return intake.SourceInvalid{ExternalID: id, Reason: intake.InvalidShape, Detail: "data.project: missing", Shape: []byte(shape)}
}

// strangePage is a page of a medium that has changed: most of a good many records have lost their shape.
func strangePage(cursor string) intake.Page {
	page := intake.Page{Cursor: cursor}
	for n := range 4 {
		page.Applications = append(page.Applications, applied(90+n, "営業"))
	}
	for n := range 5 {
		page.Invalid = append(page.Invalid, misshapen(fmt.Sprint(94+n), fmt.Sprintf(`{"n":%d}`, n)))
	}
	return page
}

func TestAFewOddRecordsAreNoReasonToStop(t *testing.T) {
	t.Parallel()
	for name, page := range map[string]intake.Page{
		"alone on their page":          {Cursor: "9", Invalid: []intake.SourceInvalid{misshapen("1", "{}"), misshapen("2", "{}"), misshapen("3", "{}"), misshapen("4", "{}")}},
		"a minority":                   {Cursor: "9", Invalid: strangePage("").Invalid, Applications: []intake.SourceApplication{applied(1, "a"), applied(2, "a"), applied(3, "a"), applied(4, "a"), applied(5, "a")}},
		"of values that cannot be":     {Cursor: "9", Invalid: values(9)},
		"nothing at all":               {Cursor: "9"},
		"one, and what it may not see": {Cursor: "9", Invalid: []intake.SourceInvalid{misshapen("1", "{}")}, Hidden: []string{"2", "3"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			account := b.imported(t, "a@example.com", page)
			run := b.runs(t, account.ID)[0]
			require.Equal(t, len(page.Invalid), run.Invalid)
			require.Equal(t, len(page.Applications), run.Imported)
			b.requireInvariants(t)
		})
	}
}

func values(n int) (invalid []intake.SourceInvalid) {
	for i := range n {
		invalid = append(invalid, intake.SourceInvalid{ExternalID: fmt.Sprint(100 + i), Reason: intake.InvalidValue, Detail: "name: empty"})
	}
	return invalid
}

func TestAMediumThatItsSourceSaysHasChangedIsQuarantinedByOneRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = reads(intake.Page{Cursor: "1", Changed: true, Invalid: []intake.SourceInvalid{misshapen("1", `{"n":0}`)}})
	require.Equal(t, intake.RunQuarantined, b.importNext(t, account.ID).Status)
	require.Zero(t, b.number(t, "SELECT count(*) FROM invalid_records"))
	b.requireInvariants(t)
}

func TestAMediumThatHasChangedIsQuarantined(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = reads(strangePage("98"))
	before := b.everything(t)
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, intake.FailureUnexpectedResponse, run.Failure.Reason)
	require.Zero(t, run.Seen+run.Imported+run.Invalid)
	after := b.everything(t)
	for _, table := range []string{"candidates", "inbox_entries", "applications", "invalid_records", "hidden_applications"} {
		require.Equal(t, before[table], after[table], table)
	}
	require.Zero(t, b.number(t, "SELECT length(cursor) FROM medium_accounts"), "what was not understood is read again")

	var sample []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT sample FROM import_runs WHERE id = $1", run.ID).Scan(&sample))
	opened, err := b.vault.Open(sample, b.actor.Company.ID, account.ID, "sample")
	require.NoError(t, err)
	require.JSONEq(t, `{"n":4}`, opened.Reveal())
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusLinked, account.Status)
	require.Equal(t, intake.HealthDelayed, account.Health)
	b.requireInvariants(t)
}

func TestAMediumThatChangesInTheMiddleIsQuarantinedAtOnceAndItsEarlierPagesStay(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = reads(pageOf("2", applied(1, "営業"), applied(2, "営業")), strangePage("98"))
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunQuarantined, run.Status)
	require.Equal(t, intake.FailureUnexpectedResponse, run.Failure.Reason)
	require.Equal(t, []string{"data.project: missing"}, run.Quarantine.Changes)
	require.Equal(t, 2, run.Seen)
	require.Equal(t, 2, run.Imported)
	require.Zero(t, run.Invalid)
	require.Equal(t, 1, b.number(t, "SELECT count(sample) FROM import_runs"))
	require.Len(t, b.entries(t), 2)
	require.Equal(t, "2", b.cursor(t, account.ID), "the rest is read again")
	open, err := b.svc.Incidents(t.Context(), b.actor, intake.IncidentFilter{Open: new(true), AccountID: &account.ID}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, open, 1, "and nobody waits for a retry to be told")
	require.Equal(t, intake.IncidentQuarantined, open[0].Kind)
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusLinked, account.Status)
	require.Equal(t, intake.HealthDelayed, account.Health)
	require.Equal(t, intake.RunQueued, b.runs(t, account.ID)[0].Status)

	require.Equal(t, intake.RunQuarantined, b.importNext(t, account.ID).Status)
	b.source.read = reads(pageOf("2"), pageOf("3", applied(3, "営業")))
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	all, err := b.svc.Incidents(t.Context(), b.actor, intake.IncidentFilter{AccountID: &account.ID}, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, all, 1, "told once, however often it is tried")
	require.Equal(t, intake.ResolvedMended, *all[0].Resolution)
	b.requireInvariants(t)
}

func TestWhatAPersonCanMendEndsTheLinkAtOnce(t *testing.T) {
	t.Parallel()
	for _, reason := range []intake.FailureReason{
		intake.FailureInvalidCredentials, intake.FailureNoCandidatePermission, intake.FailureTwoFactorRequired, intake.FailureAccountLocked,
	} {
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			account := b.linked(t, "a@example.com")
			b.source.read = readsUntil(trouble(reason), pageOf("1", applied(1, "営業")))
			task := b.task(t, account.ID)
			run := b.importNext(t, account.ID)
			require.Equal(t, intake.RunFailed, run.Status)
			require.Equal(t, reason, run.Failure.Reason)
			require.Equal(t, 1, run.Imported, "what was read before is kept")

			account = b.account(t, account.ID)
			require.Equal(t, intake.StatusAuthFailed, account.Status)
			require.Equal(t, reason, account.Failure.Reason)
			require.Nil(t, account.NextImportAt)
			require.Zero(t, b.secrets(t, account.ID))
			require.Len(t, b.runs(t, account.ID), 1, "no run is queued")
			require.Equal(t, task, b.task(t, account.ID), "and no job")
			b.exec(t, "UPDATE medium_accounts SET wake_at = NULL")
			n, err := b.svc.Sweep(t.Context())
			require.NoError(t, err)
			require.Zero(t, n)
			b.requireInvariants(t)
		})
	}
}

func TestAnImportThatFailsIsTriedFiveTimesInASlotEachAsARunOfItsOwn(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) {
		s.RetryAfter = func(failures int) time.Duration { return time.Duration(failures) * 10 * time.Minute }
	})
	account := b.linked(t, "a@example.com")
	// The slot, which lies anywhere, is not to come before a retry.
	b.exec(t, "UPDATE medium_accounts SET next_import_at = now() + interval '7 hours'")
	for try := 1; try <= 5; try++ {
		cause := error(trouble(intake.FailureMediumUnavailable))
		if try == 2 {
			cause = &intake.SourceError{Reason: intake.FailureRateLimited, RetryAfter: time.Hour, Err: errors.New("429")}
		}
		b.source.read = readsUntil(cause)
		stale := b.task(t, account.ID)
		run := b.importNext(t, account.ID)
		require.Equal(t, intake.RunFailed, run.Status)
		require.NotNil(t, run.FinishedAt)
		after := b.account(t, account.ID)
		require.Equal(t, intake.StatusLinked, after.Status)
		require.Equal(t, run.Failure.Reason, after.Failure.Reason)
		require.Equal(t, intake.HealthDelayed, after.Health)
		require.NoError(t, b.svc.Import(t.Context(), stale))
		runs := b.runs(t, account.ID)
		b.requireInvariants(t)
		if try == 5 {
			require.Len(t, runs, 5, "the rest waits for the next slot")
			require.Equal(t, stale, b.task(t, account.ID))
			continue
		}
		require.Len(t, runs, try+1)
		require.Equal(t, intake.RunQueued, runs[0].Status)
		require.Equal(t, intake.TriggerVerification, runs[0].Trigger, "the retry is for what the first was for")
		wait := time.Duration(try) * 10 * time.Minute
		if try == 2 {
			wait = time.Hour
		}
		_, at := b.queued(t, account.ID)
		require.WithinDuration(t, time.Now().Add(wait), at, time.Minute)
		require.WithinDuration(t, at, runs[0].DueAt, time.Minute)
		require.WithinDuration(t, at, *after.NextImportAt, time.Minute, "that is when it imports next")
	}
	require.Nil(t, b.account(t, account.ID).LastImportedAt)

	b.exec(t, "UPDATE medium_accounts SET next_import_at = now()")
	n, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)
	b.importNext(t, account.ID)
	require.Equal(t, intake.RunQueued, b.runs(t, account.ID)[0].Status, "in the next slot there are five again")

	b.source.read = nil
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	account = b.account(t, account.ID)
	require.Nil(t, account.Failure)
	require.Equal(t, intake.HealthHealthy, account.Health)
	require.Zero(t, b.number(t, "SELECT attempts FROM medium_accounts"))
}

func TestASlotThatComesWhileARetryWaitsOnlyMovesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable))
	b.importNext(t, account.ID)
	task := b.task(t, account.ID)
	b.exec(t, "UPDATE medium_accounts SET next_import_at = now()")
	_, err := b.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, task, b.task(t, account.ID))
	require.Len(t, b.runs(t, account.ID), 2)
	b.requireInvariants(t)
}

func TestWhatGoesWrongOnOurSideIsAFailureOfOurs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = readsUntil(trouble(intake.FailureInternal))
	require.Equal(t, intake.FailureInternal, b.importNext(t, account.ID).Failure.Reason)

	// The master key was lost: what is sealed cannot be opened.
	b.exec(t, "UPDATE medium_accounts SET credential = 'not sealed by anybody'")
	b.source.read = func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		panic("nobody may be asked")
	}
	require.Equal(t, intake.FailureInternal, b.importNext(t, account.ID).Failure.Reason)
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
	b.requireInvariants(t)

	// A key that this process lacks, another may have: a deploy is under way.
	verifying := b.register(t, "b@example.com")
	b.exec(t, "UPDATE medium_accounts SET credential = 'not sealed by anybody'")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, verifying.ID)))
	require.Equal(t, intake.StatusVerifying, b.account(t, verifying.ID).Status)
	b.exec(t, "UPDATE medium_accounts SET verification_started_at = now() - interval '9 hours'")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, verifying.ID)))
	require.Equal(t, intake.StatusSystemError, b.account(t, verifying.ID).Status)
	require.Equal(t, intake.FailureInternal, b.account(t, verifying.ID).Failure.Reason)
}

func TestAPageThatTheDatabaseCannotHoldFailsTheRunInsteadOfBeingReadForEver(t *testing.T) {
	t.Parallel()
	for name, spoil := range map[string]func(*intake.SourceApplication){
		"a NUL in a name":         func(a *intake.SourceApplication) { a.Person.Name = "a\x00b" },
		"a name beyond all names": func(a *intake.SourceApplication) { a.Person.Name = string(make([]rune, 201)) },
		"a kind that is none":     func(a *intake.SourceApplication) { a.Kind = "LIKED" },
		"text that is not UTF-8":  func(a *intake.SourceApplication) { a.PositionName = "\xff\xfe" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			account := b.linked(t, "a@example.com")
			poison := applied(2, "営業")
			spoil(&poison)
			b.source.read = reads(pageOf("1", applied(1, "営業")), pageOf("2", poison))
			run := b.importNext(t, account.ID)
			require.Equal(t, intake.RunFailed, run.Status)
			require.Equal(t, intake.FailureInternal, run.Failure.Reason)
			require.Len(t, b.entries(t), 1)
			require.Equal(t, 1, b.number(t, "SELECT attempts FROM medium_accounts"))
			b.requireInvariants(t)
		})
	}
}

func TestAMediumThatMakesUsPanicIsNotAskedAgainAtOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	b.source.read = func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			yield(pageOf("1", applied(1, "営業")), nil)
			panic("index out of range")
		}
	}
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunFailed, run.Status)
	require.Equal(t, intake.FailureInternal, run.Failure.Reason)
	require.Equal(t, 1, run.Imported)
	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)
	b.requireInvariants(t)

	verifying := b.register(t, "b@example.com")
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) { panic("nil map") }
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, verifying.ID)))
	require.Equal(t, intake.StatusSystemError, b.account(t, verifying.ID).Status)
}
