package db

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// OldestServer is the oldest Postgres that will do, as server_version_num.
const OldestServer = 150000

// Server is what a login sees of the server behind it.
type Server struct {
	// VersionNumber is such as 150004, Version what people call it.
	VersionNumber int
	Version       string
	// Replica tells that the server follows another and takes no writes.
	Replica bool
	// Local tells that the connection does not leave this machine, Encrypted that it uses TLS, and Verified that
	// the server had to show who it is.
	Local, Encrypted, Verified bool
	// Connections is how many logins such as this one may have in all, InUse how many the server has now.
	Connections, InUse int
	// RoundTrip is how long one question took. Now is the server's clock, and it was asked between Asked and
	// Asked plus RoundTrip by ours.
	RoundTrip  time.Duration
	Now, Asked time.Time
}

// Look connects once, as whoever url names, under no role, and changes nothing. now is this machine's clock.
func Look(ctx context.Context, url string, now func() time.Time) (s Server, err error) {
	conn, err := connect(ctx, url)
	if err != nil {
		return s, err
	}
	defer closeSoon(ctx, conn)
	s.Local, s.Encrypted, s.Verified = security(conn)
	// What is asked for the first time is prepared first: that is no measure of the way.
	if err := conn.Ping(ctx); err != nil {
		return s, fmt.Errorf("reach database: %w", err)
	}
	s.Asked = now()
	began := time.Now()
	if err := conn.QueryRow(ctx, "SELECT clock_timestamp()", pgx.QueryExecModeSimpleProtocol).Scan(&s.Now); err != nil {
		return s, fmt.Errorf("ask for the time: %w", err)
	}
	s.RoundTrip = time.Since(began)
	// Postgres 16 has connections that it keeps back for others besides superusers. Those of others can be counted, not seen.
	err = conn.QueryRow(ctx, `
		SELECT current_setting('server_version_num')::int, split_part(current_setting('server_version'), ' ', 1), pg_is_in_recovery(),
			current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
				- coalesce(current_setting('reserved_connections', true)::int, 0),
			(SELECT sum(numbackends)::int FROM pg_stat_database WHERE datid <> 0)`,
		pgx.QueryExecModeSimpleProtocol).Scan(&s.VersionNumber, &s.Version, &s.Replica, &s.Connections, &s.InUse)
	if err != nil {
		return s, fmt.Errorf("look at the server: %w", err)
	}
	return s, nil
}

func connect(ctx context.Context, url string) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(url)
	if err != nil {
		return nil, fmt.Errorf("parse database URL: %w", err)
	}
	config.ConnectTimeout = connectTimeout
	setDefault(config.RuntimeParams, "application_name", "renkei-doctor")
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return nil, fmt.Errorf("reach database: %w", err)
	}
	return conn, nil
}

// closeSoon ends a connection that is of no more use, whatever closing it says.
func closeSoon(ctx context.Context, conn *pgx.Conn) {
	closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	_ = conn.Close(closing)
}

func security(conn *pgx.Conn) (local, encrypted, verified bool) {
	wire := conn.PgConn().Conn()
	switch address := wire.RemoteAddr().(type) {
	case *net.UnixAddr:
		local = true
	case *net.TCPAddr:
		local = address.IP.IsLoopback()
	default: // some other way, of which nothing is known
	}
	secured, encrypted := wire.(*tls.Conn)
	// With verify-ca pgx checks the certificate by itself; with require nobody does.
	if config := conn.Config().TLSConfig; encrypted && config != nil {
		verified = secured.ConnectionState().VerifiedChains != nil || config.VerifyPeerCertificate != nil
	}
	return local, encrypted, verified
}

// SchemaGap is how a database differs from what this program knows.
type SchemaGap struct {
	// Missing are the names of migrations that the database lacks, Unknown those that it has and this
	// program does not know: a newer one was there.
	Missing, Unknown []string
}

// CompareSchema compares the schema, and then the tables of the job queue, with what this program knows. It returns
// ErrSchemaBehind for a database that was never migrated.
func CompareSchema(ctx context.Context, pool *pgxpool.Pool) (schema, queue SchemaGap, err error) {
	readable, err := schemaReadable(ctx, pool)
	if err != nil {
		return schema, queue, err
	}
	if !readable {
		return schema, queue, ErrSchemaBehind
	}
	all, err := Migrations(ctx, pool)
	if err != nil {
		return schema, queue, err
	}
	last, lastOfQueue := int64(0), int64(0)
	for _, m := range all {
		if m.queue {
			lastOfQueue = max(lastOfQueue, m.version)
			queue.miss(m)
			continue
		}
		last = max(last, m.version)
		schema.miss(m)
	}
	rows, err := pool.Query(ctx, "SELECT version_id FROM goose_db_version WHERE is_applied AND version_id > $1 ORDER BY version_id", last)
	if err != nil {
		return schema, queue, fmt.Errorf("read schema's state: %w", err)
	}
	newer, err := pgx.CollectRows(rows, pgx.RowTo[int64])
	if err != nil {
		return schema, queue, fmt.Errorf("read schema's state: %w", err)
	}
	for _, version := range newer {
		schema.Unknown = append(schema.Unknown, fmt.Sprintf("%05d", version))
	}
	queue.Unknown, err = newerQueue(ctx, pool, lastOfQueue)
	return schema, queue, err
}

func (g *SchemaGap) miss(m Migration) {
	if !m.Applied {
		g.Missing = append(g.Missing, m.Name)
	}
}

// newerQueue are the queue's migrations that come after the last one that this program knows.
func newerQueue(ctx context.Context, pool *pgxpool.Pool, last int64) ([]string, error) {
	existing, err := queueVersions(ctx, pool)
	if err != nil {
		return nil, err
	}
	var newer []string
	for _, v := range existing {
		if int64(v) > last {
			newer = append(newer, fmt.Sprintf("queue %03d", v))
		}
	}
	return newer, nil
}

// HearMyself sends a notification over one connection to speak, and waits for it on another, to hear; it
// returns how long that took. Nobody else listens on its channel.
func HearMyself(ctx context.Context, speak, hear string) (time.Duration, error) {
	listener, err := connect(ctx, hear)
	if err != nil {
		return 0, err
	}
	defer closeSoon(ctx, listener)
	speaker, err := connect(ctx, speak)
	if err != nil {
		return 0, err
	}
	defer closeSoon(ctx, speaker)
	channel := "renkei_doctor_" + uuid.NewString()
	if _, err := listener.Exec(ctx, "LISTEN "+pgx.Identifier{channel}.Sanitize()); err != nil {
		return 0, fmt.Errorf("listen: %w", err)
	}
	began := time.Now()
	if _, err := speaker.Exec(ctx, "SELECT pg_notify($1, '')", pgx.QueryExecModeSimpleProtocol, channel); err != nil {
		return 0, fmt.Errorf("notify: %w", err)
	}
	if _, err := listener.WaitForNotification(ctx); err != nil {
		return 0, fmt.Errorf("hear the notification: %w", err)
	}
	return time.Since(began), nil
}
