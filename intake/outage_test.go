package intake_test

import (
	"context"
	"fmt"
	"iter"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

// tenant is a company with an account.
type tenant struct {
	actor   intake.Actor
	account uuid.UUID
}

// tenants are companies with a linked account each, whose first import waits.
func (b *testBundle) tenants(t *testing.T, n int, persona string) []tenant {
	t.Helper()
	list := make([]tenant, n)
	for i := range list {
		b.actor = b.company(t, fmt.Sprintf("%s %d", persona, i))
		list[i] = tenant{b.actor, b.linked(t, emailOf(persona, i)).ID}
	}
	return list
}

func emailOf(persona string, i int) string { return fmt.Sprintf("%s-%d@c%d.example", persona, i, i) }

func (b *testBundle) importOf(t *testing.T, who tenant) {
	t.Helper()
	require.NoError(t, b.svc.Import(t.Context(), b.task(t, who.account)))
}

func (b *testBundle) accountOf(t *testing.T, who tenant) intake.MediumAccount {
	t.Helper()
	a, err := b.svc.Account(t.Context(), who.actor, who.account)
	require.NoError(t, err)
	return a
}

// soon has a medium that is away left alone for a moment only, which is longer than a slow machine takes to ask it a few times.
func soon(s *intake.Settings) {
	s.OutageWait = 3 * time.Second
	s.RetryAfter = func(int) time.Duration { return time.Millisecond }
}

// site is the simulator, and the domain with its connector.
func (b *testBundle) site(t *testing.T, change ...func(*intake.Settings)) *wantedlysim.Server {
	t.Helper()
	sim := wantedlysim.New(wantedlysim.Options{Tickets: 1})
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	client, err := wantedly.New(wantedly.Config{BaseURL: server.URL, Rate: 1e9})
	require.NoError(t, err)
	t.Cleanup(client.Close)
	b.svc = b.process(client, change...)
	for i := range 30 {
		for _, persona := range []string{"ok", "fine"} {
			sim.SetPassword(emailOf(persona, i), password)
		}
	}
	return sim
}

func TestAMediumThatIsAwayForManyIsLeftAloneAndComesBackByItself(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sim := b.site(t, soon)
	all := b.tenants(t, 30, "ok")
	for i := range all {
		sim.SetPersona(emailOf("ok", i), "down")
		sim.ResetJournal(emailOf("ok", i))
	}
	for _, who := range all {
		b.importOf(t, who)
	}
	require.Len(t, b.svc.Outages(), 1)
	asked, failed := 0, 0
	for i, who := range all {
		for _, n := range sim.Journal(emailOf("ok", i)).Statuses {
			asked += n
		}
		account := b.accountOf(t, who)
		require.Equal(t, intake.StatusLinked, account.Status)
		require.Equal(t, intake.HealthDelayed, account.Health)
		require.Equal(t, intake.FailureMediumUnavailable, account.Failure.Reason)
		runs, err := b.svc.Runs(t.Context(), who.actor, nil, intake.Keyset{First: 10})
		require.NoError(t, err)
		require.Equal(t, intake.RunQueued, runs[0].Status)
		failed += len(runs) - 1
	}
	require.LessOrEqual(t, asked, 6*4, "three found it out, and hardly anybody tried after them")
	require.LessOrEqual(t, failed, 6)
	open, err := b.svc.OpenOutages(t.Context())
	require.NoError(t, err)
	require.Len(t, open, 1)
	require.Equal(t, intake.MediumWantedly, open[0].Medium)
	b.requireInvariants(t)

	for i := range all {
		sim.SetPersona(emailOf("ok", i), "ok")
	}
	require.Eventually(t, func() bool {
		done := 0
		for _, who := range all {
			if b.accountOf(t, who).LastImportedAt != nil {
				done++
				continue
			}
			b.importOf(t, who)
		}
		return done == len(all)
	}, patience, 10*time.Millisecond)
	require.Empty(t, b.svc.Outages())
	open, err = b.svc.OpenOutages(t.Context())
	require.NoError(t, err)
	require.Empty(t, open)
	b.requireInvariants(t)
}

func TestOneAccountThatGetsNoAnswerIsNoOutage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sim := b.site(t, soon)
	down := b.tenants(t, 1, "ok")[0]
	sim.SetPersona(emailOf("ok", 0), "down")
	for range 5 {
		b.importOf(t, down)
	}
	for _, who := range b.tenants(t, 3, "fine") {
		b.importOf(t, who)
		require.NotNil(t, b.accountOf(t, who).LastImportedAt)
	}
	require.Empty(t, b.svc.Outages())
	require.Equal(t, 5, b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'FAILED'"), "it has its five tries")
}

func TestWhatIsNoOutageShutsNobodyOut(t *testing.T) {
	t.Parallel()
	for name, err := range map[string]error{
		"asked to slow down": trouble(intake.FailureRateLimited), "not understood": trouble(intake.FailureUnexpectedResponse),
		"refused": trouble(intake.FailureInvalidCredentials), "our own trouble": trouble(intake.FailureInternal),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			all := b.tenants(t, 5, "a")
			b.source.read = readsUntil(err)
			for _, who := range all {
				b.importOf(t, who)
			}
			require.Empty(t, b.svc.Outages())
			require.Equal(t, 5, b.number(t, "SELECT count(*) FROM import_runs WHERE finished_at IS NOT NULL"))
		})
	}
}

func TestAFewThatGetNoAnswerAmongManyThatDoAreNoOutage(t *testing.T) {
	t.Parallel()
	b := setup(t)
	well, unwell := b.tenants(t, 7, "a"), b.tenants(t, 6, "b")
	timedOut := readsUntil(trouble(intake.FailureTimedOut))
	b.source.read = timedOut
	b.importOf(t, unwell[0])
	b.source.read = reads()
	for _, who := range well {
		b.importOf(t, who)
	}
	b.source.read = timedOut
	for _, who := range unwell[1:] {
		b.importOf(t, who)
	}
	require.Empty(t, b.svc.Outages())
	who := b.tenants(t, 2, "c")
	b.importOf(t, who[0])
	b.importOf(t, who[1])
	require.Len(t, b.svc.Outages(), 1, "half of them are")
}

// away makes the medium away for three companies.
func (b *testBundle) goneAway(t *testing.T) {
	t.Helper()
	all := b.tenants(t, 3, "gone")
	b.source.read = readsUntil(trouble(intake.FailureMediumUnavailable))
	for _, who := range all {
		b.importOf(t, who)
	}
	require.Len(t, b.svc.Outages(), 1)
}

func TestAVerificationWaitsForAMediumThatIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t, soon)
	b.goneAway(t)
	account := b.register(t, "new@example.com")
	var asked atomic.Int32
	b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
		asked.Add(1)
		return intake.NewSecret("session"), nil
	}
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Zero(t, asked.Load())
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusVerifying, account.Status)
	require.Nil(t, account.Failure, "it is not yet a failure")
	require.Equal(t, "MEDIUM_UNAVAILABLE 0", b.trouble(t, account.ID), "and none of its tries is used up")
	b.requireInvariants(t)

	require.Eventually(t, func() bool {
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
		return b.account(t, account.ID).Status == intake.StatusLinked
	}, patience, 20*time.Millisecond)
	require.EqualValues(t, 1, asked.Load())
	require.Empty(t, b.svc.Outages(), "whoever signs in has found it back")
}

// TestAVerificationThatWaitsForAMediumEndsInTime, and is tried for a last time at its end.
func TestAVerificationThatWaitsForAMediumEndsInTime(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.goneAway(t)
	account := b.register(t, "new@example.com")
	since := func(sql string) {
		b.exec(t, "UPDATE medium_accounts SET verification_started_at = now() - "+sql+" WHERE id = $1", account.ID)
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	}
	since("interval '7 hours 59 minutes 50 seconds'")
	require.Equal(t, intake.StatusVerifying, b.account(t, account.ID).Status)
	require.Equal(t, 1, b.number(t, `
		SELECT count(*) FROM medium_accounts WHERE id = $1 AND wake_at < verification_started_at + interval '8 hours 1 second'`, account.ID))
	since("interval '8 hours'")
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusSystemError, account.Status)
	require.Equal(t, intake.FailureMediumUnavailable, account.Failure.Reason)
	b.requireInvariants(t)
}

func (b *testBundle) trouble(t *testing.T, accountID uuid.UUID) (text string) {
	t.Helper()
	require.NoError(t, b.pool.QueryRow(t.Context(),
		"SELECT concat(failure_reason, ' ', attempts) FROM medium_accounts WHERE id = $1", accountID).Scan(&text))
	return text
}

func TestAMediumThatIsAwayIsTriedByOneAtATime(t *testing.T) {
	t.Parallel()
	b := setup(t, soon)
	waiting := b.tenants(t, 3, "waiting")
	b.goneAway(t)
	g := newGate(t)
	var asked atomic.Int32
	b.source.read = func(ctx context.Context, _ intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			if asked.Add(1) == 1 {
				_ = g.passWith(ctx)
			}
			yield(intake.Page{}, trouble(intake.FailureMediumUnavailable))
		}
	}
	var first <-chan error
	require.Eventually(t, func() bool {
		if first == nil {
			task := b.task(t, waiting[0].account)
			first = start(t, func() error { return b.svc.Import(context.WithoutCancel(t.Context()), task) })
		}
		select {
		case <-g.reached:
			return true
		case err := <-first:
			require.NoError(t, err)
			first = nil
			return false
		case <-time.After(50 * time.Millisecond):
			return false
		}
	}, patience, 20*time.Millisecond)
	for _, who := range waiting[1:] {
		b.importOf(t, who)
	}
	require.EqualValues(t, 1, asked.Load())
	close(g.open)
	require.NoError(t, await(t, first))
	b.importOf(t, waiting[1])
	require.EqualValues(t, 1, asked.Load(), "it is still away")
	b.requireInvariants(t)
}

// TestWhoeverTriesForAllUsesUpNoTries: otherwise a few accounts would soon rest until their next slots, nobody would find
// the medium away any more, and the outage would pass for mended.
func TestWhoeverTriesForAllUsesUpNoTries(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.OutageWait = 20 * time.Millisecond })
	all := b.tenants(t, 3, "gone")
	b.source.read = readsUntil(trouble(intake.FailureTimedOut))
	const tries = 5
	require.Eventually(t, func() bool {
		for _, who := range all {
			b.importOf(t, who)
		}
		return b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'FAILED'") > len(all)*tries
	}, patience, 5*time.Millisecond)
	require.Len(t, b.svc.Outages(), 1)
	require.Equal(t, len(all), b.number(t, "SELECT count(*) FROM medium_accounts WHERE wake_at IS NOT NULL"), "all come back")
	require.Equal(t, len(all), b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'QUEUED'"))
	b.requireInvariants(t)
}

func TestARunThatSomebodyDiedOverFailsWhereItsMediumIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := b.tenants(t, 1, "dead")[0]
	b.exec(t, "UPDATE import_runs SET status = 'RUNNING', started_at = now()")
	b.goneAway(t)
	b.importOf(t, who)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND status = 'FAILED'", who.account))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND status = 'QUEUED'", who.account))
	require.Equal(t, intake.StatusLinked, b.accountOf(t, who).Status)
}

func TestAnOutageThatNobodySeesAnyMoreIsOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.goneAway(t)
	b.exec(t, "UPDATE medium_outages SET seen_at = now() - interval '16 minutes'")
	open, err := b.svc.OpenOutages(t.Context())
	require.NoError(t, err)
	require.Empty(t, open)
}

// TestTheFirstAnswerOfAMediumLetsTheOthersIn, though whoever tried for all has a long listing to go through before its first page.
func TestTheFirstAnswerOfAMediumLetsTheOthersIn(t *testing.T) {
	t.Parallel()
	b := setup(t, soon)
	waiting := b.tenants(t, 3, "waiting")
	b.goneAway(t)
	g := newGate(t)
	var asked atomic.Int32
	b.source.read = func(ctx context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		return func(func(intake.Page, error) bool) {
			if asked.Add(1) == 1 {
				since.Answered()
				_ = g.passWith(ctx)
			}
		}
	}
	task := b.task(t, waiting[0].account)
	var first <-chan error
	require.Eventually(t, func() bool {
		if first == nil {
			task = b.task(t, waiting[0].account)
			first = start(t, func() error { return b.svc.Import(context.WithoutCancel(t.Context()), task) })
		}
		select {
		case <-g.reached:
			return true
		case err := <-first:
			require.NoError(t, err)
			first = nil
		case <-time.After(50 * time.Millisecond):
		}
		return false
	}, patience, 20*time.Millisecond)
	require.Empty(t, b.svc.Outages())
	for _, who := range waiting[1:] {
		b.importOf(t, who)
		require.NotNil(t, b.accountOf(t, who).LastImportedAt)
	}
	close(g.open)
	require.NoError(t, await(t, first))
	b.requireInvariants(t)
}

func TestAMediumThatAsksToSlowDownIsBack(t *testing.T) {
	t.Parallel()
	b := setup(t, soon)
	who := b.tenants(t, 1, "busy")[0]
	b.goneAway(t)
	b.source.read = readsUntil(trouble(intake.FailureRateLimited))
	require.Eventually(t, func() bool {
		b.importOf(t, who)
		return len(b.svc.Outages()) == 0
	}, patience, 20*time.Millisecond)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM import_runs WHERE failure_reason = 'RATE_LIMITED'"))
}

func TestThatAnAccountsMediumIsAwayIsToldOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	who := b.tenants(t, 1, "told")[0]
	b.goneAway(t)
	before := b.accountOf(t, who)
	for range 3 {
		b.importOf(t, who)
	}
	after := b.accountOf(t, who)
	require.Equal(t, before.Revision+1, after.Revision)
	require.Equal(t, 1, b.number(t, `
		SELECT count(*) FROM events WHERE account_id = $1 AND kind = 'ACCOUNT' AND payload->>'previousStatus' = 'LINKED'
		  AND payload->'account'->>'revision' = $2::text AND payload->'account'->'failure'->>'reason' = 'MEDIUM_UNAVAILABLE'`,
		who.account, fmt.Sprint(after.Revision)))

	b.actor = who.actor
	account := b.register(t, "new@example.com")
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	require.Equal(t, account.Revision, b.account(t, account.ID).Revision, "trouble met while verifying is not seen")
	b.requireInvariants(t)
}

// collapsing panics once it is armed, where an import begins.
type collapsing struct{ armed atomic.Bool }

// TraceQueryStart implements pgx.QueryTracer.
func (c *collapsing) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	if strings.HasPrefix(q.SQL, "-- name: StartRun ") && c.armed.CompareAndSwap(true, false) {
		panic("as the test wants it")
	}
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*collapsing) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// collapsing has the processes that are made from here on collapse when that is armed.
func (b *testBundle) collapsing(t *testing.T) *collapsing {
	t.Helper()
	config, tracer := b.program.Config(), new(collapsing)
	config.ConnConfig.Tracer = tracer
	program, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(program.Close)
	b.program = program
	return tracer
}

func TestAPanicBeforeTheMediumIsAskedLeavesTheTryToTheNext(t *testing.T) {
	t.Parallel()
	b := setup(t)
	tracer := b.collapsing(t)
	b.svc = b.process(b.source, soon)
	who := b.tenants(t, 1, "next")[0]
	b.goneAway(t)
	b.source.read = reads()
	tracer.armed.Store(true)
	panicked := func() (p any) {
		defer func() { p = recover() }()
		b.importOf(t, who)
		return nil
	}
	require.Eventually(t, func() bool { return panicked() != nil }, patience, 10*time.Millisecond, "once somebody may try")
	b.exec(t, "UPDATE medium_accounts SET lease_until = now() - interval '1 second' WHERE lease_until IS NOT NULL")
	require.Eventually(t, func() bool {
		b.importOf(t, who)
		return b.accountOf(t, who).LastImportedAt != nil
	}, patience, 10*time.Millisecond)
	require.Empty(t, b.svc.Outages())
	b.requireInvariants(t)
}
