// Package db is Postgres: connecting, migrating, listening. It knows no word of the business; the
// statements are in queries, their Go in dbgen.
package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
)

const (
	// statementTimeout ends a statement that nobody can still be waiting for.
	statementTimeout = "30s"
	// idleInTransactionTimeout frees the locks of a process that was frozen in the middle of a page: another goes on
	// within ten seconds all the same.
	idleInTransactionTimeout = "6s"
	connectTimeout           = 5 * time.Second
)

// Open connects a pool of at most maxConns connections to the server that url names, as the program:
// under the role that sees one company at a time (see Within). Times are read as UTC. It returns an error
// when the server does not answer, ErrSchemaBehind where it has never been migrated, ErrPooler where a pooler
// stands before it; the caller closes the pool.
//
// A url of several hosts with target_session_attrs=read-write finds the one that takes changes, and finds it
// again when another has been promoted.
func Open(ctx context.Context, url string, maxConns int, options ...Option) (*pgxpool.Pool, error) {
	return open(ctx, url, terms{role: roleProgram, maxConns: maxConns, statementTimeout: statementTimeout}, options...)
}

// OpenPooled connects as Open does, through a pooler that lends a server's connection for one transaction:
// nothing is set on a session, and what Open asks of one each transaction brings along (see Within). It returns
// ErrPoolerRole where what is asked outside of a transaction, such as the queue's statements, would be asked as the login.
func OpenPooled(ctx context.Context, url string, maxConns int, options ...Option) (*pgxpool.Pool, error) {
	return open(ctx, url, terms{maxConns: maxConns, pooled: true}, options...)
}

// Option changes how a pool is opened.
type Option func(*pgxpool.Config)

// Traced has a tracer told of each statement; nil for none.
func Traced(tracer pgx.QueryTracer) Option {
	return func(c *pgxpool.Config) {
		if tracer != nil {
			c.ConnConfig.Tracer = tracer
		}
	}
}

// OpenOwner connects as whoever url names: for the schema's owner, who migrates, and for tests.
func OpenOwner(ctx context.Context, url string, maxConns int) (*pgxpool.Pool, error) {
	return open(ctx, url, terms{maxConns: maxConns, statementTimeout: statementTimeout})
}

// ErrPooler says that a connection that should lead to the server itself leads to a pooler.
var ErrPooler = errors.New("a pooler stands before this database: LISTEN and migrations need the server's own address, RENKEI_DIRECT_DATABASE_URL")

// ErrPoolerRole says that what is asked outside of a transaction would be asked as the login itself, past the walls.
var ErrPoolerRole = errors.New("behind a pooler, the login's sessions have to be " + roleProgram + " from their start")

// poolerRole says of which login, and what to do.
func poolerRole(login string) error {
	return fmt.Errorf("%w: run ALTER ROLE %s SET role = '%s' on the server, and have the pooler connect anew",
		ErrPoolerRole, pgx.Identifier{login}.Sanitize(), roleProgram)
}

// terms are what a pool is opened on.
type terms struct {
	// role is what a session works as, where that is not its login.
	role             string
	maxConns         int
	statementTimeout string
	// lockTimeout is the server's own where it is "".
	lockTimeout string
	pooled      bool
}

func open(ctx context.Context, url string, t terms, options ...Option) (*pgxpool.Pool, error) {
	config, err := pgxpool.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database URL: %w", err)
	}
	config.MaxConns = int32(max(1, min(t.maxConns, 10_000)))
	prepare(config.ConnConfig)
	setDefault(config.ConnConfig.RuntimeParams, "application_name", "renkei")
	if t.pooled {
		// What is prepared by name stays with one of the server's connections, and the next transaction has another. A
		// pooler that knows statements by name may be told of in the url.
		if !strings.Contains(url, "default_query_exec_mode=") {
			config.ConnConfig.DefaultQueryExecMode = pgx.QueryExecModeCacheDescribe
		}
	} else {
		setDefault(config.ConnConfig.RuntimeParams, "statement_timeout", t.statementTimeout)
		setDefault(config.ConnConfig.RuntimeParams, "idle_in_transaction_session_timeout", idleInTransactionTimeout)
		if t.lockTimeout != "" {
			setDefault(config.ConnConfig.RuntimeParams, "lock_timeout", t.lockTimeout)
		}
		if t.role != "" {
			config.ConnConfig.RuntimeParams["role"] = t.role
		}
	}
	config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error {
		conn.TypeMap().RegisterType(&pgtype.Type{
			Name: "timestamptz", OID: pgtype.TimestamptzOID, Codec: &pgtype.TimestamptzCodec{ScanLocation: time.UTC},
		})
		return nil
	}
	for _, change := range options {
		change(config)
	}
	pool, err := pgxpool.NewWithConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("open database pool: %w", err)
	}
	if err := t.check(ctx, pool); err != nil {
		pool.Close()
		return nil, err
	}
	return pool, nil
}

// check makes sure that the server answers, and that sessions are what was asked for: a pooler may have been
// told to overlook that.
func (t terms) check(ctx context.Context, pool *pgxpool.Pool) error {
	reached, err := Reach(ctx, pool)
	switch {
	case err != nil:
		return fmt.Errorf("reach database: %w", unreachable(err))
	case t.pooled && reached.User != roleProgram:
		return fmt.Errorf("reach database: %w", poolerRole(reached.User))
	case t.pooled:
		return nil
	case reached.Pooler, t.role != "" && reached.User != t.role:
		return fmt.Errorf("reach database: %w", ErrPooler)
	}
	return nil
}

// Reached is what a pool's connections lead to.
type Reached struct {
	// Pooler tells that they end before the server.
	Pooler bool
	// User is what a statement works as that brings no role along.
	User string
}

// Reach asks the server who it is talking to. A pooler gives its clients a number of its own.
func Reach(ctx context.Context, pool *pgxpool.Pool) (r Reached, err error) {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return r, err
	}
	defer conn.Release()
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid(), current_user::text").Scan(&pid, &r.User); err != nil {
		return r, err
	}
	r.Pooler = pid != conn.Conn().PgConn().PID()
	return r, nil
}

const (
	// silentAfter is when a quiet server is asked whether it is still there, and unheardFor how long it may
	// leave unheard what was sent: a machine that is gone does not say so.
	silentAfter = 5 * time.Second
	askAgain    = 2 * time.Second
	unheardFor  = 10 * time.Second

	readOnly = "25006"
)

// prepare sets what holds for every connection.
func prepare(config *pgx.ConnConfig) {
	config.ConnectTimeout = connectTimeout
	dialer := &net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: silentAfter, Interval: askAgain, Count: 3},
		Control:         giveUpUnheard,
	}
	config.DialFunc = dialer.DialContext
	// A server that has become another's replica goes on answering: whoever meets it looks for the other.
	fatal := config.OnPgError
	config.OnPgError = func(conn *pgconn.PgConn, err *pgconn.PgError) bool {
		return err.Code != readOnly && fatal(conn, err)
	}
}

// unreachable tells a server that has no roles yet, or does not lend them to this login, from one that
// does not answer.
func unreachable(err error) error {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && refusal.Code == "22023" && strings.Contains(refusal.Message, roleProgram):
		return fmt.Errorf("%w (missing: role %s)", ErrSchemaBehind, roleProgram)
	case ok && strings.Contains(refusal.Message, "unsupported startup parameter"):
		return fmt.Errorf("%w (%w)", ErrPooler, err)
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
