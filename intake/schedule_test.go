package intake_test

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"iter"
	"maps"
	"math"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
)

// scheduleDays is how long a simulation of the schedule goes on: `go test ./intake -run Schedule -days 10000`.
var scheduleDays = flag.Int("days", 30, "days that the schedule is simulated for")

const (
	every      = 8 * time.Hour
	sweepEvery = time.Minute
	// simLease is long, so that an import of hours does not renew it thousands of times.
	simLease = 10 * time.Minute
	// ahead is how much later the database thinks it is than the process: whoever asked the process' clock
	// would be far off.
	ahead = 26 * 365 * 24 * time.Hour
)

// simulated is the domain in a bubble in which time passes when nobody has anything to do. The statements are
// the real ones, on a real database, to which the bubble's time is now(): a function that is found before
// Postgres' own. A statement under way holds the bubble's clock: waiting for the network is not being idle.
type simulated struct {
	svc    *intake.Service
	actor  intake.Actor
	owner  *pgxpool.Pool
	jobs   sync.WaitGroup
	source *moody
	// works: jobs are worked, as soon as they may be.
	works bool
}

const simClock = `
	CREATE SCHEMA sim;
	GRANT USAGE ON SCHEMA sim TO PUBLIC;
	CREATE FUNCTION sim.now() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT current_setting('sim.now')::timestamptz $$;
	CREATE FUNCTION sim.clock_timestamp() RETURNS timestamptz LANGUAGE sql STABLE AS $$ SELECT current_setting('sim.now')::timestamptz $$;
	DO $$ DECLARE c record; BEGIN
		FOR c IN SELECT table_name, column_name, column_default FROM information_schema.columns
			WHERE table_schema = 'public' AND column_default ~ '^(now|clock_timestamp)\(\)' AND table_name NOT LIKE 'river%'
		LOOP
			EXECUTE format('ALTER TABLE public.%I ALTER %I SET DEFAULT sim.%s', c.table_name, c.column_name, c.column_default);
		END LOOP;
	END $$;`

// killed is the context's key of what says that whoever works under it is dead: it reaches no database.
type killed struct{}

var errKilled = errors.New("killed")

// tick brings the bubble's time to a connection that is about to be used.
func tick(ctx context.Context, conn *pgx.Conn) (bool, error) {
	if dead, ok := ctx.Value(killed{}).(*atomic.Bool); ok && dead.Load() {
		return true, errKilled
	}
	_, err := conn.Exec(ctx, "SELECT set_config('sim.now', $1, false)", time.Now().Add(ahead).UTC().Format(time.RFC3339Nano))
	return err == nil, err
}

// inBubble runs f in simulated time. Every year holds the changes to and from summer time.
func inBubble(t *testing.T, works bool, f func(t *testing.T, sim *simulated)) {
	t.Helper()
	owner := dbtest.New(t)
	_, err := owner.Exec(t.Context(), simClock)
	require.NoError(t, err)
	program := dbtest.Program(t, owner).Config()
	vault, err := intake.NewVault(intake.NewSecret(intake.NewMasterKey()))
	require.NoError(t, err)
	synctest.Test(t, func(t *testing.T) {
		sim := &simulated{works: works, source: &moody{working: make(map[string]int)}}
		pool := func(c *pgxpool.Config) *pgxpool.Pool {
			c.ConnConfig.RuntimeParams["search_path"] = "sim, public, pg_catalog"
			c.ConnConfig.RuntimeParams["timezone"] = "America/New_York"
			c.PrepareConn = tick
			c.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
			const never = 100 * 365 * 24 * time.Hour
			c.HealthCheckPeriod, c.MaxConnLifetime, c.MaxConnIdleTime = never, never, never
			p, err := pgxpool.NewWithConfig(t.Context(), c)
			require.NoError(t, err)
			t.Cleanup(p.Close)
			return p
		}
		sim.owner = pool(owner.Config())
		sources := map[intake.Medium]intake.Source{intake.MediumWantedly: sim.source}
		sim.svc = intake.New(pool(program), sim, sources, vault, intake.Settings{Lease: simLease}, zerolog.Nop())
		company, err := sim.svc.CreateCompany(t.Context(), "株式会社サンプル")
		require.NoError(t, err)
		sim.actor = intake.Actor{Company: company, Member: intake.Member{ID: uuid.New(), Roles: []intake.Role{intake.RoleAdmin}}}
		f(t, sim)
		sim.jobs.Wait()
	})
}

// VerifyAccount implements intake.Queue.
func (sim *simulated) VerifyAccount(_ context.Context, _ pgx.Tx, task intake.Task, delay time.Duration) error {
	sim.work(delay, func() { sim.source.note(sim.svc.Verify(context.Background(), task)) }) //nolint:contextcheck // a job has its own
	return nil
}

// ImportAccounts implements intake.Queue.
func (sim *simulated) ImportAccounts(_ context.Context, _ pgx.Tx, tasks []intake.Task, delay time.Duration) error {
	if !sim.works {
		return nil
	}
	for _, task := range tasks {
		sim.work(delay, func() { //nolint:contextcheck // a job has its own
			var dead atomic.Bool
			err := sim.svc.Import(context.WithValue(context.Background(), killed{}, &dead), task)
			if dead.Load() {
				// As those do who look for the dead every second.
				pause(simLease + time.Second)
				_, err = sim.svc.Revive(context.Background())
			}
			sim.source.note(err)
		})
	}
	return nil
}

// work begins a job when its transaction is over: as long as it commits, no time passes.
// Deliver sends nothing: nobody is told here.
func (sim *simulated) Deliver(context.Context, pgx.Tx, []intake.DeliveryTask, time.Duration) error {
	return nil
}

func (sim *simulated) work(delay time.Duration, job func()) {
	sim.jobs.Go(func() {
		pause(delay + time.Second)
		job()
	})
}

// ImportFile implements intake.Queue.
func (*simulated) ImportFile(context.Context, pgx.Tx, intake.FileTask) error { return nil }

// Reseal implements intake.Queue.
func (*simulated) Reseal(context.Context, pgx.Tx) error { return nil }

func pause(d time.Duration) { <-time.After(d) }

// link makes n linked accounts within the same minute.
func (sim *simulated) link(t *testing.T, n int) {
	t.Helper()
	for i := range n {
		_, err := sim.svc.Register(t.Context(), sim.actor, intake.Registration{
			Medium: intake.MediumWantedly, Email: fmt.Sprintf("%d@example.com", i), Password: intake.NewSecret(password),
		})
		require.NoError(t, err)
	}
	pause(2 * time.Second)
	synctest.Wait()
	var linked int
	require.Eventually(t, func() bool {
		require.NoError(t, sim.owner.QueryRow(t.Context(), "SELECT count(*) FROM medium_accounts WHERE status = 'LINKED'").Scan(&linked))
		return linked == n
	}, time.Minute, time.Second)
}

// slots are when each account is due.
func (sim *simulated) slots(t *testing.T) map[uuid.UUID]time.Time {
	t.Helper()
	type slot struct {
		ID           uuid.UUID
		NextImportAt time.Time
	}
	rows, err := sim.owner.Query(t.Context(), "SELECT id, next_import_at FROM medium_accounts ORDER BY id")
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowToStructByName[slot])
	require.NoError(t, err)
	slots := make(map[uuid.UUID]time.Time)
	for _, s := range all {
		slots[s.ID] = s.NextImportAt.Add(-ahead)
	}
	return slots
}

// sweepDue waits until the first account is due, and on until somebody sweeps: that is every minute, but the sweeps
// between find nothing.
func (sim *simulated) sweepDue(t *testing.T, slots map[uuid.UUID]time.Time) (due map[uuid.UUID]time.Time) {
	t.Helper()
	first := slices.MinFunc(slices.Collect(maps.Values(slots)), time.Time.Compare)
	at := first.Truncate(sweepEvery).Add(sweepEvery)
	pause(time.Until(at))
	due = make(map[uuid.UUID]time.Time)
	for id, slot := range slots {
		if !slot.After(time.Now()) {
			due[id] = slot
		}
	}
	n, err := sim.svc.Sweep(t.Context())
	require.NoError(t, err)
	require.Equal(t, len(due), n)
	return due
}

// moody is a medium that takes its time, fails now and then, takes longer than a slot, or has its reader killed.
type moody struct {
	mu       sync.Mutex
	working  map[string]int
	overlaps int
	kinds    [4]int
	errs     []error
}

func (*moody) Verify(context.Context, intake.Credentials) (intake.Secret, error) {
	return intake.NewSecret("session"), nil
}

func (m *moody) note(err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err != nil {
		m.errs = append(m.errs, err)
	}
}

// enter counts who reads an account, and draws how it will go.
func (m *moody) enter(email string) (mood int, takes time.Duration) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.working[email]++; m.working[email] > 1 {
		m.overlaps++
	}
	takes = time.Minute + rand.N(10*time.Minute)
	switch dice := rand.IntN(1000); {
	case dice < 5:
		mood, takes = 1, every+rand.N(12*time.Hour)
	case dice < 50:
		mood = 2
	case dice < 70:
		mood = 3
	}
	m.kinds[mood]++
	return mood, takes
}

func (m *moody) leave(email string) {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.working[email]--
}

func (m *moody) Read(ctx context.Context, login intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		mood, takes := m.enter(login.Email)
		defer m.leave(login.Email)
		select {
		case <-ctx.Done():
			yield(intake.Page{}, ctx.Err())
			return
		case <-time.After(takes):
		}
		switch mood {
		case 2:
			yield(intake.Page{}, trouble(intake.FailureMediumUnavailable))
		case 3:
			if dead, ok := ctx.Value(killed{}).(*atomic.Bool); ok {
				dead.Store(true)
			}
			yield(intake.Page{}, errKilled)
		}
	}
}

// span is a run from when it was queued to its end.
type span struct{ Queued, Started, Finished time.Time }

// spans are an account's runs in their order.
func (sim *simulated) spans(t *testing.T, account uuid.UUID) []span {
	t.Helper()
	rows, err := sim.owner.Query(t.Context(), `SELECT queued_at AS queued, started_at AS started, finished_at AS finished
		FROM import_runs WHERE account_id = $1 AND finished_at IS NOT NULL ORDER BY started_at`, account)
	require.NoError(t, err)
	spans, err := pgx.CollectRows(rows, pgx.RowToStructByName[span])
	require.NoError(t, err)
	for i := range spans {
		for _, at := range []*time.Time{&spans[i].Queued, &spans[i].Started, &spans[i].Finished} {
			*at = at.Add(-ahead)
		}
	}
	return spans
}

func TestScheduleRunsEveryAccountEveryEightHoursForAsLongAsItMay(t *testing.T) {
	t.Parallel()
	inBubble(t, true, func(t *testing.T, sim *simulated) { //nolint:thelper // it is the test
		const accounts = 3
		sim.link(t, accounts)
		began := time.Now()
		ends := began.Add(time.Duration(*scheduleDays) * 24 * time.Hour)
		taken := make(map[uuid.UUID][]time.Time)
		slots := sim.slots(t)
		for pruned := began; time.Now().Before(ends); {
			due := sim.sweepDue(t, slots)
			next := sim.slots(t)
			for id, slot := range due {
				taken[id] = append(taken[id], slot)
				require.Less(t, time.Since(slot), sweepEvery+time.Second, "late by no more than a sweep")
				require.LessOrEqual(t, next[id].Sub(slot), every, "from the slot itself: it does not drift")
				require.GreaterOrEqual(t, next[id].Sub(slot), every-every/50)
			}
			slots = next
			if time.Since(pruned) > 10*24*time.Hour {
				require.NoError(t, sim.svc.Prune(t.Context()))
				pruned = time.Now()
			}
		}
		lasted := time.Since(began)
		sim.jobs.Wait()
		require.Zero(t, sim.source.overlaps, "never two at once")
		require.Empty(t, sim.source.errs)
		require.Len(t, taken, accounts)
		runs := 0
		for id, slots := range taken {
			require.GreaterOrEqual(t, len(slots), int(lasted/every)-1)
			require.LessOrEqual(t, len(slots), int(lasted/(every-every/50))+1)
			spans := sim.spans(t, id)
			requireEachSlotKept(t, slots, spans)
			runs += len(spans)
		}
		t.Logf("%d days: %d accounts, %d runs, of which %d longer than a slot, %d failed, %d killed",
			*scheduleDays, accounts, runs, sim.source.kinds[1], sim.source.kinds[2], sim.source.kinds[3])
	})
}

// requireEachSlotKept makes sure that runs do not overlap, and that in each slot one began or was under way.
func requireEachSlotKept(t *testing.T, slots []time.Time, spans []span) {
	t.Helper()
	for i := range spans[1:] {
		require.False(t, spans[i+1].Started.Before(spans[i].Finished), "runs %d and the next overlap", i)
	}
	n := 0
	for _, slot := range slots {
		for n < len(spans)-1 && spans[n].Finished.Before(slot) {
			n++
		}
		// Under way, or queued, at the slot; or begun within a sweep of it.
		require.LessOrEqual(t, spans[n].Queued.Sub(slot), sweepEvery+2*time.Second, "nothing runs in the slot %s", slot)
	}
}

func TestScheduleSpreadsAccountsThatCameTogether(t *testing.T) {
	t.Parallel()
	inBubble(t, false, func(t *testing.T, sim *simulated) { //nolint:thelper // it is the test
		const accounts = 300
		sim.link(t, accounts)
		slots := sim.slots(t)
		requireEven(t, slots, "linked in the same minute")
		for began := time.Now(); time.Since(began) < 24*time.Hour; slots = sim.slots(t) {
			sim.sweepDue(t, slots)
		}
		requireEven(t, slots, "after a day")
		// Everything is down for a day and a half.
		pause(36 * time.Hour)
		n, err := sim.svc.Sweep(t.Context())
		require.NoError(t, err)
		require.Equal(t, accounts, n)
		slots = sim.slots(t)
		for _, slot := range slots {
			require.LessOrEqual(t, time.Until(slot), every)
		}
		requireEven(t, slots, "after everything was down")
	})
}

// requireEven is the test of Kolmogorov and Smirnov against the uniform distribution over a slot, at a level
// that chance does not reach in the life of a test suite.
func requireEven(t *testing.T, slots map[uuid.UUID]time.Time, when string) {
	t.Helper()
	now := time.Now()
	phases := make([]float64, 0, len(slots))
	for _, slot := range slots {
		phase := slot.Sub(now) % every
		phases = append(phases, float64((phase+every)%every)/float64(every))
	}
	slices.Sort(phases)
	n := float64(len(phases))
	var d float64
	for i, p := range phases {
		d = max(d, p-float64(i)/n, float64(i+1)/n-p)
	}
	require.Less(t, d, math.Sqrt(math.Log(2/1e-9)/(2*n)), "uneven %s", when)
}
