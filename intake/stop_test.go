package intake_test

import (
	"context"
	"iter"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestALinkCanBeStoppedInEveryStateButTheLast(t *testing.T) {
	t.Parallel()
	b := setup(t)
	asked := 0
	for from, bring := range map[intake.LinkStatus]func(*testing.T, string) uuid.UUID{
		intake.StatusVerifying: func(t *testing.T, email string) uuid.UUID { t.Helper(); return b.register(t, email).ID },
		intake.StatusLinked:    func(t *testing.T, email string) uuid.UUID { t.Helper(); return b.linked(t, email).ID },
		intake.StatusAuthFailed: func(t *testing.T, email string) uuid.UUID {
			t.Helper()
			account := b.register(t, email)
			b.source.verify = says(trouble(intake.FailureAccountLocked), &asked)
			require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
			b.source.verify = nil
			return account.ID
		},
		intake.StatusSystemError: func(t *testing.T, email string) uuid.UUID {
			t.Helper()
			account := b.register(t, email)
			b.source.verify = says(trouble(intake.FailureInternal), &asked)
			require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
			b.source.verify = nil
			return account.ID
		},
	} {
		id := bring(t, string(from)+"@example.com")
		require.Equal(t, from, b.account(t, id).Status)
		task := b.task(t, id)

		account, err := b.svc.Stop(t.Context(), b.actor, id)
		require.NoError(t, err, from)
		require.Equal(t, intake.StatusUnlinked, account.Status)
		require.NotNil(t, account.StoppedAt)
		require.Nil(t, account.NextImportAt)
		require.Nil(t, account.Failure, "a link that somebody stopped has not failed")
		require.Zero(t, b.secrets(t, id))
		require.Equal(t, account, b.account(t, id))
		for _, run := range b.runs(t, id) {
			require.Equal(t, intake.RunCancelled, run.Status)
		}

		before := b.everything(t)
		require.NoError(t, b.svc.Verify(t.Context(), task))
		require.NoError(t, b.svc.Import(t.Context(), task))
		_, err = b.svc.Stop(t.Context(), b.actor, id)
		requireUserErrors(t, err, "INVALID_STATE id")
		_, _, err = b.svc.ImportNow(t.Context(), b.actor, id)
		requireUserErrors(t, err, "INVALID_STATE accountId")
		b.requireUnchanged(t, before)
	}
	_, err := b.svc.Stop(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
}

func TestOfManyWhoStopAtOnceOneDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	errs := make([]error, 16)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() { _, errs[i] = b.svc.Stop(t.Context(), b.actor, account.ID) })
	}
	wg.Wait()
	stopped := 0
	for _, err := range errs {
		if err == nil {
			stopped++
			continue
		}
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	require.Equal(t, 1, stopped)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM events WHERE payload->'account'->>'status' = 'UNLINKED'"))
}

func TestNothingIsWrittenOnceAnImportIsStopped(t *testing.T) {
	t.Parallel()
	for name, worker := range map[string]func(*testBundle, intake.Source) *intake.Service{
		"by a worker that notices":        func(b *testBundle, s intake.Source) *intake.Service { return b.process(s) },
		"by one that is frozen meanwhile": func(b *testBundle, s intake.Source) *intake.Service { return b.frozen(s) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			account := b.linked(t, "a@example.com")
			g := newGate(t)
			source := &fakeSource{read: func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
				return func(yield func(intake.Page, error) bool) {
					if yield(pageOf("1", applied(1, "営業")), nil) {
						g.pass()
						yield(pageOf("2", applied(2, "営業")), nil)
					}
				}
			}}
			svc, task := worker(b, source), b.task(t, account.ID)
			ended := start(t, func() error { return svc.Import(t.Context(), task) })
			await(t, g.reached)
			_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
			require.NoError(t, err)
			before := b.everything(t)
			close(g.open)
			require.NoError(t, await(t, ended))
			b.requireUnchanged(t, before)

			run := b.runs(t, account.ID)[0]
			require.Equal(t, intake.RunCancelled, run.Status)
			require.Equal(t, 1, run.Imported, "what was stored before stays")
			require.Len(t, b.entries(t), 1)
		})
	}
}

func TestAVerificationThatEndsAfterTheStopChangesNothing(t *testing.T) {
	t.Parallel()
	for name, verdict := range map[string]error{
		"with a session": nil, "with a refusal": trouble(intake.FailureInvalidCredentials), "with trouble": trouble(intake.FailureMediumUnavailable),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			g := newGate(t)
			frozen := b.frozen(&fakeSource{verify: func(context.Context, intake.Credentials) (intake.Secret, error) {
				g.pass()
				return intake.NewSecret("session"), verdict
			}})
			account := b.register(t, "a@example.com")
			task := b.task(t, account.ID)
			ended := start(t, func() error { return frozen.Verify(t.Context(), task) })
			await(t, g.reached)
			_, err := b.svc.Stop(t.Context(), b.actor, account.ID)
			require.NoError(t, err)
			b.register(t, "a@example.com") // and it has begun anew
			before := b.everything(t)
			close(g.open)
			require.NoError(t, await(t, ended))
			b.requireUnchanged(t, before)
		})
	}
}
