package db

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"path"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migration is one step of the schema.
type Migration struct {
	// Name is the file's, or the queue's own version.
	Name string
	// Applied tells whether the database has it.
	Applied bool

	version int64
	queue   bool
}

// migrationLock is the advisory lock under which a schema changes.
const migrationLock = 0x72656e6b6569 // "renkei"

const (
	// migrationLockTimeout is how long a migration waits for a lock: everybody who comes after it waits behind it.
	migrationLockTimeout = "3s"
	// lockTries is how often it comes back for one, each time after a longer while in which the others get on.
	lockTries = 10
	turnEvery = 100 * time.Millisecond
)

// Migrate brings the schema and the job queue's tables up to date and returns what it applied. Two
// processes that migrate at once take turns. A migration may take as long as it takes, but does not wait for
// locks for long: it tries again, and in the end returns an error that IsBusy knows.
func Migrate(ctx context.Context, url string) (applied []Migration, err error) {
	pool, err := open(ctx, url, terms{maxConns: 4, statementTimeout: "0", lockTimeout: migrationLockTimeout})
	if err != nil {
		return nil, err
	}
	defer pool.Close()
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return nil, fmt.Errorf("reach database: %w", err)
	}
	// The lock goes with the connection, which is not used again.
	defer func() { err = errors.Join(err, conn.Hijack().Close(context.WithoutCancel(ctx))) }()
	if err := takeTurn(ctx, conn); err != nil {
		return nil, fmt.Errorf("wait for another migration: %w", err)
	}
	for _, step := range []func(context.Context, *pgxpool.Pool) ([]Migration, error){migrateSchema, migrateQueue} {
		done, err := patiently(ctx, func() ([]Migration, error) { return step(ctx, pool) })
		applied = append(applied, done...)
		if err != nil {
			return applied, err
		}
	}
	_, err = patiently(ctx, func() ([]Migration, error) {
		_, err := conn.Exec(ctx, lendQueue)
		return nil, err
	})
	if err != nil {
		return applied, fmt.Errorf("lend the queue's tables to the program: %w", err)
	}
	return applied, nil
}

// takeTurn takes the lock under which a schema changes. Whoever waited for it in a statement would be waited for by an
// index that is made concurrently, for ever.
func takeTurn(ctx context.Context, conn *pgxpool.Conn) error {
	for {
		var ours bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", migrationLock).Scan(&ours); err != nil || ours {
			return err
		}
		if err := pause(ctx, turnEvery); err != nil {
			return err
		}
	}
}

// patiently goes on with a step where a lock was not to be had in time.
func patiently(ctx context.Context, step func() ([]Migration, error)) (applied []Migration, err error) {
	for try := 1; ; try++ {
		done, err := step()
		applied = append(applied, done...)
		if !IsBusy(err) || try == lockTries {
			return applied, err
		}
		if err := pause(ctx, time.Duration(try)*time.Second); err != nil {
			return applied, err
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}

// lendQueue lets the program use the queue's tables, which come and go with the queue's own migrations.
const lendQueue = `
	DO $$
	DECLARE t record;
	BEGIN
		FOR t IN SELECT c.relname, c.relkind FROM pg_class c
			WHERE c.relnamespace = 'public'::regnamespace AND c.relname LIKE 'river\_%' AND c.relkind IN ('r', 'S')
		LOOP
			IF t.relkind = 'S' THEN
				EXECUTE format('GRANT USAGE ON SEQUENCE %I TO renkei_app, renkei_keeper', t.relname);
			ELSE
				EXECUTE format('GRANT SELECT, INSERT, UPDATE, DELETE ON %I TO renkei_app', t.relname);
			END IF;
		END LOOP;
		GRANT SELECT, INSERT, UPDATE ON river_job TO renkei_keeper;
	END
	$$`

func migrateSchema(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	provider, closeProvider, err := newProvider(pool)
	if err != nil {
		return nil, err
	}
	defer closeProvider()
	results, err := provider.Up(ctx)
	if partial, ok := errors.AsType[*goose.PartialError](err); ok {
		results = partial.Applied
	}
	applied := make([]Migration, 0, len(results))
	for _, r := range results {
		applied = append(applied, Migration{Name: r.Source.Path, Applied: true})
	}
	if err != nil {
		return applied, fmt.Errorf("migrate schema: %w", err)
	}
	return applied, nil
}

func migrateQueue(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	queue, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, fmt.Errorf("migrate queue: %w", err)
	}
	done, err := queue.Migrate(ctx, rivermigrate.DirectionUp, nil)
	if err != nil {
		return nil, fmt.Errorf("migrate queue: %w", err)
	}
	applied := make([]Migration, 0, len(done.Versions))
	for _, v := range done.Versions {
		applied = append(applied, queueMigration(v.Version, v.Name, true))
	}
	return applied, nil
}

// Migrations lists every migration that this program knows, and whether the database has it.
func Migrations(ctx context.Context, pool *pgxpool.Pool) ([]Migration, error) {
	provider, closeProvider, err := newProvider(pool)
	if err != nil {
		return nil, err
	}
	defer closeProvider()
	statuses, err := provider.Status(ctx)
	if err != nil {
		return nil, fmt.Errorf("read schema's state: %w", err)
	}
	all := make([]Migration, 0, len(statuses))
	for _, s := range statuses {
		all = append(all, Migration{Name: s.Source.Path, Applied: s.State == goose.StateApplied, version: s.Source.Version})
	}

	queue, err := rivermigrate.New(riverpgxv5.New(pool), nil)
	if err != nil {
		return nil, fmt.Errorf("read queue's state: %w", err)
	}
	existing, err := queueVersions(ctx, pool)
	if err != nil {
		return nil, err
	}
	has := make(map[int]bool, len(existing))
	for _, v := range existing {
		has[v] = true
	}
	for _, v := range queue.AllVersions() {
		all = append(all, queueMigration(v.Version, v.Name, has[v.Version]))
	}
	return all, nil
}

// queueVersions are the queue's migrations that the database has. River's own list refuses one that a newer program
// brought, and then an older program, which works with it all the same, could not start again.
func queueVersions(ctx context.Context, pool *pgxpool.Pool) ([]int, error) {
	var there bool
	if err := pool.QueryRow(ctx, "SELECT to_regclass('river_migration') IS NOT NULL").Scan(&there); err != nil || !there {
		return nil, wrapState(err)
	}
	rows, err := pool.Query(ctx, "SELECT version::int FROM river_migration ORDER BY version")
	if err != nil {
		return nil, wrapState(err)
	}
	versions, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return versions, wrapState(err)
}

func wrapState(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("read queue's state: %w", err)
}

// ErrSchemaBehind says that the database lacks a migration that this program needs.
var ErrSchemaBehind = errors.New("the database's schema is behind this program: run `renkei migrate up`")

// CheckSchema returns ErrSchemaBehind when a migration is missing.
func CheckSchema(ctx context.Context, pool *pgxpool.Pool) error {
	readable, err := schemaReadable(ctx, pool)
	if err != nil {
		return err
	}
	if !readable {
		return ErrSchemaBehind
	}
	all, err := Migrations(ctx, pool)
	if err != nil {
		return err
	}
	for _, m := range all {
		if !m.Applied {
			return fmt.Errorf("%w (missing: %s)", ErrSchemaBehind, m.Name)
		}
	}
	return nil
}

// schemaReadable tells whether the database was ever migrated: the program may not so much as look at a schema that was
// never lent to it, and Migrations would begin one.
func schemaReadable(ctx context.Context, pool *pgxpool.Pool) (readable bool, err error) {
	err = pool.QueryRow(ctx, "SELECT coalesce(has_table_privilege(to_regclass('goose_db_version'), 'SELECT'), false)").Scan(&readable)
	if err != nil {
		return false, fmt.Errorf("read schema's state: %w", err)
	}
	return readable, nil
}

// CheckVersion returns ErrSchemaBehind where the schema's last migration is missing. It is one look at one row.
func CheckVersion(ctx context.Context, pool *pgxpool.Pool) error {
	names, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return fmt.Errorf("list migrations: %w", err)
	}
	newest, _, _ := strings.Cut(path.Base(slices.Max(names)), "_")
	version, err := strconv.ParseInt(newest, 10, 64)
	if err != nil {
		return fmt.Errorf("read a migration's number: %w", err)
	}
	var there bool
	if err := pool.QueryRow(ctx, "SELECT EXISTS (SELECT FROM goose_db_version WHERE version_id = $1 AND is_applied)", version).Scan(&there); err != nil {
		return fmt.Errorf("read schema's state: %w", err)
	}
	if !there {
		return ErrSchemaBehind
	}
	return nil
}

func queueMigration(version int, name string, applied bool) Migration {
	return Migration{Name: fmt.Sprintf("queue %03d %s", version, name), Applied: applied, version: int64(version), queue: true}
}

func newProvider(pool *pgxpool.Pool) (*goose.Provider, func(), error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, nil, fmt.Errorf("read migrations: %w", err)
	}
	conn := stdlib.OpenDBFromPool(pool)
	provider, err := goose.NewProvider(goose.DialectPostgres, conn, files)
	if err != nil {
		return nil, nil, errors.Join(fmt.Errorf("prepare migrations: %w", err), conn.Close())
	}
	// Closing the wrapper leaves the pool open; there is nothing of its own to lose.
	return provider, func() { _ = conn.Close() }, nil
}
