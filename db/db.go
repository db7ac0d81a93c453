// Package db is Postgres: connecting, migrating, listening. It knows no word of the business; the
// statements are in queries, their Go in dbgen.
package db

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// statementTimeout ends a statement that nobody can still be waiting for.
	statementTimeout = 30 * time.Second
	// idleInTransactionTimeout frees the locks of a process that was frozen in the middle of a page: another goes on
	// within ten seconds all the same.
	idleInTransactionTimeout = 6 * time.Second
	connectTimeout           = 5 * time.Second
)

// Open connects a pool of at most maxConns connections to the server that url names, as the program:
// under the role that sees one company at a time (see Within). Times are read as UTC. It returns an error
// when the server does not answer, ErrSchemaBehind where it has never been migrated; the caller closes
// the pool.
func Open(ctx context.Context, url string, maxConns int) (*pgxpool.Pool, error) {
	return open(ctx, url, roleProgram, maxConns, statementTimeout)
}

// OpenOwner connects as whoever url names: for the schema's owner, who migrates, and for tests.
func OpenOwner(ctx context.Context, url string, maxConns int) (*pgxpool.Pool, error) {
	return open(ctx, url, "", maxConns, statementTimeout)
}

func open(ctx context.Context, url, role string, maxConns int, statementTimeout time.Duration) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database URL: %w", err)
	}
	config.MaxConns = int32(max(1, min(maxConns, 10_000)))
	config.ConnConfig.ConnectTimeout = connectTimeout
	setDefault(config.ConnConfig.RuntimeParams, "application_name", "renkei")
	setDefault(config.ConnConfig.RuntimeParams, "statement_timeout", milliseconds(statementTimeout))
	setDefault(config.ConnConfig.RuntimeParams, "idle_in_transaction_session_timeout", milliseconds(idleInTransactionTimeout))
	if role != "" {
		config.ConnConfig.RuntimeParams["role"] = role
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fmt.Errorf("reach database: %w", unreachable(err))
	}
	return pool, nil
}

// unreachable tells a server that has no roles yet, or does not lend them to this login, from one that
// does not answer.
func unreachable(err error) error {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && refusal.Code == "22023" && strings.Contains(refusal.Message, roleProgram):
		return fmt.Errorf("%w (missing: role %s)", ErrSchemaBehind, roleProgram)
	case ok && refusal.Code == "42501" && strings.Contains(refusal.Message, roleProgram):
		return fmt.Errorf("this login is not of the program's roles: GRANT %s, %s TO it (%w)", roleProgram, roleKeeper, err)
	}
	return err
}

func setDefault(params map[string]string, name, value string) {
	if _, set := params[name]; !set {
		params[name] = value
	}
}

func milliseconds(d time.Duration) string { return fmt.Sprint(d.Milliseconds()) }
