// Package dbtest gives each test a real Postgres: a database of its own, cloned from a migrated
// template, or a transaction that is rolled back.
//
// The server is TEST_DATABASE_URL's if that is set; else a container where a Docker daemon answers;
// else a private cluster of local binaries. It is started once per test binary and stopped by Main.
package dbtest

import (
	"context"
	"fmt"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"renkei/db"
)

const (
	// zone is not UTC, so that whoever forgets to convert is found out.
	zone          = "Asia/Tokyo"
	poolSize      = 8
	startTimeout  = 3 * time.Minute
	createTimeout = time.Minute
)

// server is the one that this test binary uses.
type server struct {
	// admin connects to a database from which others are created.
	admin    string
	template string
	stop     func(context.Context) error
}

var (
	once     sync.Once
	started  *server
	errStart error
)

// Main runs a package's tests, stops the server and fails where goroutines are left behind. Call it
// from TestMain.
func Main(m *testing.M) {
	if os.Getenv(guarding) != "" {
		os.Exit(guard(os.Args[1:]))
	}
	code := m.Run()
	if started != nil {
		if err := started.close(); err != nil {
			fmt.Fprintln(os.Stderr, "dbtest:", err)
			code = max(code, 1)
		}
	}
	if code == 0 {
		if err := goleak.Find(goleak.IgnoreTopFunction("github.com/testcontainers/testcontainers-go.(*Reaper).connect.func1")); err != nil {
			fmt.Fprintln(os.Stderr, "dbtest: goroutines are left behind:", err)
			code = 1
		}
	}
	os.Exit(code)
}

// New returns a pool on a database of the test's own, migrated and empty. Its login sees everything;
// Program gives what the program has.
func New(tb testing.TB) *pgxpool.Pool {
	tb.Helper()
	pool, err := db.OpenOwner(context.Background(), URL(tb), poolSize)
	require.NoError(tb, err)
	tb.Cleanup(pool.Close)
	return pool
}

// Program returns a pool on the same database under the role that the program works under.
func Program(tb testing.TB, pool *pgxpool.Pool) *pgxpool.Pool {
	tb.Helper()
	program, err := db.Open(context.Background(), pool.Config().ConnString(), poolSize)
	require.NoError(tb, err)
	tb.Cleanup(program.Close)
	return program
}

// URL returns the connection string of a database of the test's own, migrated and empty. It is dropped
// when the test ends.
func URL(tb testing.TB) string {
	tb.Helper()
	s := shared(tb)
	name := "renkei_test_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	s.exec(tb, fmt.Sprintf("CREATE DATABASE %s TEMPLATE %s", name, s.template))
	target := onDatabase(tb, s.admin, name)
	tb.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), createTimeout)
		defer cancel()
		require.Empty(tb, canaries(ctx, tb, target), "secrets stand in the database")
		s.exec(tb, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)")
	})
	return target
}

// Empty returns the connection string of a database with nothing in it, not even a schema.
func Empty(tb testing.TB) string {
	tb.Helper()
	s := shared(tb)
	name := "renkei_empty_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	s.exec(tb, "CREATE DATABASE "+name)
	tb.Cleanup(func() { s.exec(tb, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	return onDatabase(tb, s.admin, name)
}

// Tx returns a transaction on a database that tests share; it is rolled back when the test ends.
func Tx(tb testing.TB) pgx.Tx {
	tb.Helper()
	ctx := context.Background()
	s := shared(tb)
	conn, err := pgx.Connect(ctx, onDatabase(tb, s.admin, s.template+"_shared"))
	require.NoError(tb, err)
	tx, err := conn.Begin(ctx)
	require.NoError(tb, err)
	tb.Cleanup(func() {
		require.NoError(tb, tx.Rollback(ctx))
		require.NoError(tb, conn.Close(ctx))
	})
	return tx
}

func shared(tb testing.TB) *server {
	tb.Helper()
	once.Do(func() {
		ctx, cancel := context.WithTimeout(context.Background(), startTimeout)
		defer cancel()
		started, errStart = start(ctx)
	})
	require.NoError(tb, errStart, "a Postgres for the tests")
	return started
}

func start(ctx context.Context) (*server, error) {
	s, err := find(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.makeTemplate(ctx); err != nil {
		return nil, fmt.Errorf("%w (and stopping: %v)", err, s.stop(ctx)) //nolint:errorlint // one cause is enough
	}
	return s, nil
}

// makeTemplate migrates a database once; a clone of it costs a tenth of that.
func (s *server) makeTemplate(ctx context.Context) error {
	s.template = "renkei_template_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	if err := s.run(ctx, "CREATE DATABASE "+s.template); err != nil {
		return err
	}
	target, err := withDatabase(s.admin, s.template)
	if err != nil {
		return err
	}
	if _, err := db.Migrate(ctx, target); err != nil {
		return err
	}
	return s.run(ctx, fmt.Sprintf("CREATE DATABASE %s_shared TEMPLATE %s", s.template, s.template))
}

func (s *server) close() error {
	ctx, cancel := context.WithTimeout(context.Background(), createTimeout)
	defer cancel()
	for _, name := range []string{s.template + "_shared", s.template} {
		if err := s.run(ctx, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)"); err != nil {
			return err
		}
	}
	return s.stop(ctx)
}

func (s *server) exec(tb testing.TB, sql string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), createTimeout)
	defer cancel()
	require.NoError(tb, s.run(ctx, sql))
}

func (s *server) run(ctx context.Context, sql string) error {
	conn, err := pgx.Connect(ctx, s.admin)
	if err != nil {
		return fmt.Errorf("connect to the tests' Postgres: %w", err)
	}
	defer conn.Close(ctx) //nolint:errcheck // a connection used once
	if _, err := conn.Exec(ctx, sql); err != nil {
		return fmt.Errorf("%s: %w", sql, err)
	}
	return nil
}

func onDatabase(tb testing.TB, admin, name string) string {
	tb.Helper()
	target, err := withDatabase(admin, name)
	require.NoError(tb, err)
	return target
}

// withDatabase names another database, and the tests' time zone, in a connection URL.
func withDatabase(admin, name string) (string, error) {
	u, err := url.Parse(admin)
	if err != nil {
		return "", fmt.Errorf("the tests' database URL: %w", err)
	}
	q := u.Query()
	q.Set("timezone", zone)
	u.Path, u.RawQuery = "/"+name, q.Encode()
	return u.String(), nil
}
