package db

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
)

// The database's walls: every table that belongs to companies has row-level security, which holds for the
// owner too. The program works under a role that owns nothing and sees, in each transaction, the company
// that the transaction names, and without one nothing at all.
const (
	// roleProgram is what the program is.
	roleProgram = "renkei_app"
	// roleKeeper is what it becomes for work over all companies. It sees the few tables that this needs.
	roleKeeper = "renkei_keeper"

	// Every transaction says who it is, whatever its session is: behind a pooler that is just the login. There it
	// also brings the timeouts along, which sessions of our own have from their start.
	sqlBounds = ", CASE WHEN current_setting('statement_timeout') = '0' THEN set_config('statement_timeout', '" + statementTimeout + "', true) END" +
		", CASE WHEN current_setting('idle_in_transaction_session_timeout') = '0' THEN set_config('idle_in_transaction_session_timeout', '" + idleInTransactionTimeout + "', true) END"
	sqlSetProgram = "SELECT set_config('role', '" + roleProgram + "', true)" + sqlBounds + ", set_config('renkei.company', "
	sqlSetCompany = sqlSetProgram + "$1, true)"
	sqlSetKeeper  = "SELECT set_config('role', '" + roleKeeper + "', true)" + sqlBounds
)

// Mode is how a transaction begins.
type Mode string

// ReadWrite is the usual one. Snapshot reads everything as it stood at one instant.
const (
	ReadWrite Mode = "BEGIN"
	Snapshot  Mode = "BEGIN READ ONLY, ISOLATION LEVEL REPEATABLE READ"
)

// BeginWithin runs f in a transaction that sees one company, committed when f returns nil. Naming the
// company costs no round trip.
func BeginWithin(ctx context.Context, pool *pgxpool.Pool, companyID uuid.UUID, mode Mode, f func(pgx.Tx) error) error {
	// An id holds nothing but digits, letters and dashes.
	return begin(ctx, pool, mode, sqlSetProgram+"'"+companyID.String()+"', true)", f)
}

// BeginAcross runs f in a transaction for work over all companies.
func BeginAcross(ctx context.Context, pool *pgxpool.Pool, f func(pgx.Tx) error) error {
	return begin(ctx, pool, ReadWrite, sqlSetKeeper, f)
}

func begin(ctx context.Context, pool *pgxpool.Pool, mode Mode, set string, f func(pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, pool, pgx.TxOptions{BeginQuery: string(mode) + "; " + set}, f)
}

// Walled asks the pool statement by statement, each in a transaction of its own and one round trip with
// what says whose rows it may see.
type Walled struct {
	pool *pgxpool.Pool
	set  string
	args []any
}

// Within sees one company.
func Within(pool *pgxpool.Pool, companyID uuid.UUID) Walled {
	return Walled{pool: pool, set: sqlSetCompany, args: []any{companyID.String()}}
}

// Across is for work over all companies.
func Across(pool *pgxpool.Pool) Walled { return Walled{pool: pool, set: sqlSetKeeper} }

// send puts both statements on their way. What is pipelined without a BEGIN is one transaction, which ends
// with the batch.
func (w Walled) send(ctx context.Context, sql string, args []any) (pgx.BatchResults, error) {
	var b pgx.Batch
	b.Queue(w.set, w.args...)
	b.Queue(sql, args...)
	results := w.pool.SendBatch(ctx, &b)
	if _, err := results.Exec(); err != nil {
		return nil, errors.Join(err, results.Close())
	}
	return results, nil
}

// Exec runs a statement.
func (w Walled) Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error) {
	results, err := w.send(ctx, sql, args)
	if err != nil {
		return pgconn.CommandTag{}, err
	}
	tag, err := results.Exec()
	// The transaction ends here, and may fail here.
	if closing := results.Close(); err == nil {
		err = closing
	}
	return tag, err
}

// Query runs a statement that returns rows; the caller closes them.
func (w Walled) Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error) {
	results, err := w.send(ctx, sql, args)
	if err != nil {
		return nil, err
	}
	rows, err := results.Query() //nolint:rowserrcheck // the caller checks, through walledRows.Err
	if err != nil {
		return nil, errors.Join(err, results.Close())
	}
	return &walledRows{Rows: rows, results: results}, nil
}

// QueryRow runs a statement that returns at most one row.
func (w Walled) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	results, err := w.send(ctx, sql, args)
	if err != nil {
		return walledRow{err: err}
	}
	return walledRow{results: results}
}

// walledRows end their transaction when they are closed.
type walledRows struct {
	pgx.Rows
	results pgx.BatchResults
	err     error
	closed  bool
}

// Close implements pgx.Rows.
func (r *walledRows) Close() {
	if r.closed {
		return
	}
	r.closed = true
	r.Rows.Close()
	r.err = r.results.Close()
}

// Next implements pgx.Rows; after the last row there is nothing left to keep the connection for.
func (r *walledRows) Next() bool {
	more := r.Rows.Next()
	if !more {
		r.Close()
	}
	return more
}

// Err implements pgx.Rows.
func (r *walledRows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return err
	}
	return r.err
}

type walledRow struct {
	results pgx.BatchResults
	err     error
}

// Scan implements pgx.Row.
func (r walledRow) Scan(dest ...any) error {
	if r.err != nil {
		return r.err
	}
	err := r.results.QueryRow().Scan(dest...)
	if closing := r.results.Close(); err == nil {
		err = closing
	}
	return err
}

// CheckWalls reports why a login could leave the walls, or nil: it is a superuser, sees past row-level
// security, or owns what it should only use. The program starts all the same; the operator is told.
func CheckWalls(ctx context.Context, pool *pgxpool.Pool) error {
	var super, bypass, owns bool
	err := pool.QueryRow(ctx, `
		SELECT r.rolsuper, r.rolbypassrls, EXISTS (
			SELECT FROM pg_class c WHERE c.relowner = r.oid AND c.relnamespace = 'public'::regnamespace)
		FROM pg_roles r WHERE r.rolname = session_user`).Scan(&super, &bypass, &owns)
	switch {
	case err != nil:
		return fmt.Errorf("look at the database's role: %w", err)
	case super, bypass:
		return errors.New("the database login is a superuser or may bypass row-level security")
	case owns:
		return errors.New("the database login owns the tables")
	}
	return nil
}
