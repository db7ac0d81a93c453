package intake_test

import (
	"context"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// threePages are what most tests of a broken import read.
func threePages() []intake.Page {
	return []intake.Page{
		pageOf("2", applied(1, "営業"), applied(2, "デザイナー")),
		pageOf("4", applied(3, "営業"), applied(4, "デザイナー")),
		pageOf("6", applied(5, "営業"), applied(6, "デザイナー")),
	}
}

// stopsAfter is a medium that waits at the gate behind its first n pages.
func stopsAfter(n int, g *gate, pages ...intake.Page) readFunc {
	return func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			for i, p := range pages {
				if i == n {
					g.pass()
				}
				if !yield(p, nil) {
					return
				}
			}
			if n == len(pages) {
				g.pass()
			}
		}
	}
}

func TestAFrozenWorkerThatWakesUpWritesNothing(t *testing.T) {
	t.Parallel()
	for n := range 4 {
		t.Run(fmt.Sprintf("frozen behind page %d", n), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.rule(t, "営業", b.opening(t, "営業").ID)
			account := b.linked(t, "a@example.com")
			g, pages := newGate(t), threePages()
			frozen := b.frozen(&fakeSource{read: stopsAfter(n, g, pages...)})
			task := b.task(t, account.ID)
			ended := start(t, func() error { return frozen.Import(t.Context(), task) })
			await(t, g.reached)
			require.Len(t, b.entries(t), 2*n)
			b.requireInvariants(t)

			b.killed(t, account.ID)
			_, err := b.svc.Revive(t.Context())
			require.NoError(t, err)
			b.source.read = reads(pages...)
			run := b.importNext(t, account.ID)
			require.Equal(t, intake.RunSucceeded, run.Status)
			require.Equal(t, [3]int{6, 0, 6}, [3]int{run.Seen, run.Known, run.Imported}, "it goes on behind the last whole page")
			require.Len(t, b.runs(t, account.ID), 1, "it is the same run")

			before := b.everything(t)
			close(g.open)
			require.NoError(t, await(t, ended))
			b.requireUnchanged(t, before)
			require.Len(t, b.entries(t), 6)
			b.requireInvariants(t)
		})
	}
}

func TestAFrozenWorkerThatWakesUpBeforeItsSuccessorHasStoredAnythingWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	g, h := newGate(t), newGate(t)
	frozen := b.frozen(&fakeSource{read: stopsAfter(0, g, threePages()...)})
	task := b.task(t, account.ID)
	ended := start(t, func() error { return frozen.Import(t.Context(), task) })
	await(t, g.reached)
	b.killed(t, account.ID)
	_, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	b.source.read = stopsAfter(0, h, threePages()...)
	next := b.task(t, account.ID)
	successor := start(t, func() error { return b.svc.Import(t.Context(), next) })
	await(t, h.reached)

	close(g.open)
	require.NoError(t, await(t, ended))
	require.Empty(t, b.entries(t), "run, cursor and epoch are as they were: the lease alone tells the two apart")
	close(h.open)
	require.NoError(t, await(t, successor))
	require.Equal(t, intake.RunSucceeded, b.runs(t, account.ID)[0].Status)
	require.Len(t, b.entries(t), 6)
	b.requireInvariants(t)
}

func TestAFrozenWorkerThatWakesUpDuringTheNextImportWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	g := newGate(t)
	frozen := b.frozen(&fakeSource{read: stopsAfter(0, g, threePages()...)})
	task := b.task(t, account.ID)
	ended := start(t, func() error { return frozen.Import(t.Context(), task) })
	await(t, g.reached)
	b.killed(t, account.ID)
	_, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	b.importNext(t, account.ID) // it finds nothing: the cursor is where the frozen one knew it

	h := newGate(t)
	b.source.read = stopsAfter(0, h, threePages()...)
	_, _, err = b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	next := b.task(t, account.ID)
	second := start(t, func() error { return b.svc.Import(t.Context(), next) })
	await(t, h.reached)
	close(g.open)
	require.NoError(t, await(t, ended))
	require.Empty(t, b.entries(t), "cursor and epoch are as they were, but its run has ended")
	close(h.open)
	require.NoError(t, await(t, second))
	require.Len(t, b.entries(t), 6)
	b.requireInvariants(t)
}

func TestAFailureThatAFrozenWorkerReportsIsNotHeard(t *testing.T) {
	t.Parallel()
	for _, reason := range []intake.FailureReason{intake.FailureInvalidCredentials, intake.FailureMediumUnavailable, intake.FailureUnexpectedResponse} {
		t.Run(string(reason), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			account := b.linked(t, "a@example.com")
			g := newGate(t)
			frozen := b.frozen(&fakeSource{read: func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
				return func(yield func(intake.Page, error) bool) {
					g.pass()
					yield(intake.Page{}, trouble(reason))
				}
			}})
			task := b.task(t, account.ID)
			ended := start(t, func() error { return frozen.Import(t.Context(), task) })
			await(t, g.reached)
			b.killed(t, account.ID)
			_, err := b.svc.Revive(t.Context())
			require.NoError(t, err)
			before := b.everything(t)
			close(g.open)
			require.NoError(t, await(t, ended))
			b.requireUnchanged(t, before)
		})
	}
}

func TestAnImportThatLosesItsConnectionInTheMiddleOfAPageLeavesWholePages(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.rule(t, "営業", b.opening(t, "営業").ID)
	account := b.linked(t, "a@example.com")
	// Somebody holds the counters, which a page takes last: it is written, and not yet there.
	hold, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { _ = hold.Rollback(context.Background()) })
	first := true
	b.source.read = func(ctx context.Context, login intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			for p, err := range reads(threePages()...)(ctx, login, since) {
				if first && p.Cursor == "4" {
					_, err := hold.Exec(ctx, "SELECT FROM company_counters FOR UPDATE")
					require.NoError(t, err)
				}
				if !yield(p, err) {
					return
				}
			}
		}
	}
	task := b.task(t, account.ID)
	ended := start(t, func() error { return b.svc.Import(t.Context(), task) })
	require.Eventually(t, func() bool {
		var killed bool
		err := b.pool.QueryRow(t.Context(), `SELECT coalesce(bool_or(pg_terminate_backend(pid)), false) FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%AppendEvents%'`).Scan(&killed)
		return err == nil && killed
	}, patience, 10*time.Millisecond)
	require.Error(t, await(t, ended), "nothing could be stored: the queue hears of it")
	require.NoError(t, hold.Rollback(t.Context()))
	require.Len(t, b.entries(t), 2)
	b.requireInvariants(t)

	first = false
	b.killed(t, account.ID)
	_, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	run := b.importNext(t, account.ID)
	require.Equal(t, intake.RunSucceeded, run.Status)
	require.Equal(t, [2]int{6, 6}, [2]int{run.Seen, run.Imported})
	b.requireInvariants(t)
}

func TestAProcessThatIsToldToStopHandsItsImportOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	account := b.linked(t, "a@example.com")
	pages := threePages()
	b.source.read = func(ctx context.Context, _ intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			if yield(pages[0], nil) {
				stop()
				<-ctx.Done()
				yield(intake.Page{}, ctx.Err())
			}
		}
	}
	task := b.task(t, account.ID)
	require.NoError(t, b.svc.Import(ctx, task))
	run := b.runs(t, account.ID)[0]
	require.Equal(t, intake.RunRunning, run.Status)
	require.Nil(t, run.Failure)
	next, at := b.queued(t, account.ID)
	require.Equal(t, task.Wake+1, next.Wake)
	require.WithinDuration(t, time.Now(), at, time.Minute)

	b.source.read = reads(pages...)
	require.Equal(t, 6, b.importNext(t, account.ID).Imported)
	require.Len(t, b.entries(t), 6)
	b.requireInvariants(t)
}

func TestARefusalThatComesAsTheProcessIsToldToStopEndsTheLink(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx, stop := context.WithCancel(t.Context())
	account := b.linked(t, "a@example.com")
	b.source.read = func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			stop()
			yield(intake.Page{}, trouble(intake.FailureInvalidCredentials))
		}
	}
	require.NoError(t, b.svc.Import(ctx, b.task(t, account.ID)))
	require.Equal(t, intake.StatusAuthFailed, b.account(t, account.ID).Status)
	b.requireInvariants(t)
}

func TestAnImportThatLostItsLeaseLetsGo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	g := newGate(t)
	slow := b.process(&fakeSource{read: func(ctx context.Context, _ intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) { yield(intake.Page{}, g.passWith(ctx)) }
	}}, func(s *intake.Settings) { s.Lease = 250 * time.Millisecond })
	task := b.task(t, account.ID)
	ended := start(t, func() error { return slow.Import(t.Context(), task) })
	await(t, g.reached)
	b.exec(t, "UPDATE medium_accounts SET lease_owner = $1, lease_until = now() + interval '1 hour'", uuid.New())
	before := b.everything(t)
	require.NoError(t, await(t, ended))
	b.requireUnchanged(t, before)
}

func TestAPageThatWaitsForTheRulesKeepsItsLeaseAndLetsStopThrough(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account, other := b.linked(t, "a@example.com"), b.linked(t, "b@example.com")
	b.source.read = reads(pageOf("1", applied(1, "営業")))
	rules, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	lock := "SELECT pg_advisory_xact_lock(hashtextextended('rules:' || $1::text, 0))"
	_, err = rules.Exec(t.Context(), lock, b.actor.Company.ID.String())
	require.NoError(t, err)

	svc := b.process(b.source, func(s *intake.Settings) { s.Lease = 2 * time.Second })
	task, stopped := b.task(t, account.ID), b.task(t, other.ID)
	ended := start(t, func() error { return svc.Import(t.Context(), task) })
	second := start(t, func() error { return svc.Import(t.Context(), stopped) })
	waiting := "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
	require.Eventually(t, func() bool { return b.number(t, waiting) == 2 }, patience, 20*time.Millisecond)
	_, err = b.svc.Stop(t.Context(), b.actor, other.ID)
	require.NoError(t, err, "it does not wait for the rules")

	var first, now time.Time
	until := "SELECT lease_until FROM medium_accounts WHERE id = $1"
	require.NoError(t, b.pool.QueryRow(t.Context(), until, account.ID).Scan(&first))
	require.Eventually(t, func() bool {
		return b.pool.QueryRow(t.Context(), until, account.ID).Scan(&now) == nil && now.After(first.Add(3*time.Second))
	}, patience, 20*time.Millisecond)
	n, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Zero(t, n)

	require.NoError(t, rules.Rollback(t.Context()))
	require.NoError(t, await(t, ended))
	require.NoError(t, await(t, second))
	require.Equal(t, intake.RunSucceeded, b.runs(t, account.ID)[0].Status)
	require.Equal(t, intake.RunCancelled, b.runs(t, other.ID)[0].Status)
	require.Len(t, b.entries(t), 1)
	b.requireInvariants(t)
}
