package jobs_test

import (
	"context"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
	"renkei/jobs"
)

const (
	patience = 30 * time.Second
	glance   = 10 * time.Millisecond
)

// testBundle is a database with a company in it, for which processes may be started.
type testBundle struct {
	pool *pgxpool.Pool
	// program sees what the program sees.
	program *pgxpool.Pool
	queue   *jobs.Queue
	vault   *intake.Vault
	svc     *intake.Service
	actor   intake.Actor
}

func setup(t *testing.T) *testBundle {
	t.Helper()
	queue, err := jobs.NewQueue()
	require.NoError(t, err)
	vault, err := intake.NewVault(intake.NewSecret(intake.NewMasterKey()))
	require.NoError(t, err)
	pool := dbtest.New(t)
	b := &testBundle{pool: pool, program: dbtest.Program(t, pool), queue: queue, vault: vault}
	b.svc = b.service(&fakeSource{}, intake.Settings{})
	company, err := b.svc.CreateCompany(t.Context(), "株式会社サンプル")
	require.NoError(t, err)
	b.actor = intake.Actor{Company: company, Member: intake.Member{Roles: []intake.Role{intake.RoleAdmin}}}
	return b
}

func (b *testBundle) service(source intake.Source, settings intake.Settings) *intake.Service {
	return intake.New(b.program, b.queue, map[intake.Medium]intake.Source{intake.MediumWantedly: source}, b.vault, settings, zerolog.Nop())
}

// fakeSource is a medium made of two functions. Without them, every login is right and one person applied.
type fakeSource struct {
	verify func(context.Context) (intake.Secret, error)
	read   func(ctx context.Context, since intake.Position, yield func(intake.Page, error) bool)
}

func (f *fakeSource) Verify(ctx context.Context, _ intake.Credentials) (intake.Secret, error) {
	if f.verify == nil {
		return intake.NewSecret(dbtest.Canary("session")), nil
	}
	return f.verify(ctx)
}

func (f *fakeSource) Read(ctx context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	return func(yield func(intake.Page, error) bool) {
		if f.read != nil {
			f.read(ctx, since, yield)
			return
		}
		if since.Cursor == "" {
			yield(page("1"), nil)
		}
	}
}

// page is one of a single application, of the number that is its cursor.
func page(n string) intake.Page {
	return intake.Page{Cursor: n, Applications: []intake.SourceApplication{{
		ExternalID: n, Kind: intake.EntryApplied, PositionName: "営業", AppliedAt: time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC),
		Person: intake.SourcePerson{ExternalID: "person-" + n, Name: "山田"},
	}}}
}

// runner is a process that works jobs until stop is called or the test ends.
type runner struct {
	*jobs.Runner
	stop func()
}

func (b *testBundle) run(t *testing.T, source intake.Source, settings intake.Settings) runner {
	t.Helper()
	r, err := jobs.NewRunner(b.program, b.service(source, settings), jobs.Config{
		Workers: 4, SweepEvery: time.Hour, StopWithin: 50 * time.Millisecond, Log: zerolog.Nop(),
	})
	require.NoError(t, err)
	require.False(t, r.Running())
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- r.Run(ctx) }()
	over := false
	stop := func() {
		if cancel(); over {
			return
		}
		over = true
		require.NoError(t, await(t, ended))
		require.False(t, r.Running())
	}
	t.Cleanup(stop)
	require.Eventually(t, r.Running, patience, glance)
	return runner{r, stop}
}

func (b *testBundle) register(t *testing.T) uuid.UUID {
	t.Helper()
	account, err := b.svc.Register(t.Context(), b.actor, intake.Registration{
		Medium: intake.MediumWantedly, Email: "a@example.com", Password: intake.NewSecret(dbtest.Canary("password")),
	})
	require.NoError(t, err)
	return account.ID
}

// becomes waits until sql, of the one account, is true.
func (b *testBundle) becomes(t *testing.T, sql string) {
	t.Helper()
	require.Eventually(t, func() bool {
		var is bool
		return b.pool.QueryRow(context.Background(), "SELECT EXISTS ("+sql+")").Scan(&is) == nil && is
	}, patience, glance, sql)
}

func (b *testBundle) number(t *testing.T, sql string) int {
	t.Helper()
	var n int
	require.NoError(t, b.pool.QueryRow(t.Context(), sql).Scan(&n))
	return n
}

func await[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		require.FailNow(t, "waited in vain")
		panic("unreachable")
	}
}
