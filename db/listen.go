package db

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
)

const (
	// listenPing bounds how long a connection that died silently goes unnoticed.
	listenPing     = 20 * time.Second
	listenRetryMin = 100 * time.Millisecond
	listenRetryMax = 5 * time.Second
)

// Listener hears the notifications of one channel on a connection of its own, which it renews for
// as long as it runs.
type Listener struct {
	// URL names the server itself, not a pooler in transaction mode: LISTEN does not pass through.
	URL     string
	Channel string
	// Heard is called with each payload, in order.
	Heard func(payload string)
	// Connected is called with true after each connect and with false after each loss. Between the
	// two, notifications may have been missed.
	Connected func(bool)
	// Watchdog, where there is one, cuts the connection when the server falls silent.
	Watchdog *Watchdog
	Log      zerolog.Logger
}

// Run listens until ctx ends and returns its error.
func (l *Listener) Run(ctx context.Context) error {
	delay := listenRetryMin
	for {
		began := time.Now()
		err := l.listen(ctx)
		l.Connected(false)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		l.Log.Warn().Err(err).Msg("listening connection lost")
		if time.Since(began) > listenRetryMax {
			delay = listenRetryMin
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(delay):
		}
		delay = min(delay*2, listenRetryMax)
	}
}

func (l *Listener) listen(ctx context.Context) error {
	config, err := pgx.ParseConfig(l.URL)
	if err != nil {
		return fmt.Errorf("parse database URL: %w", err)
	}
	prepare(config)
	if l.Watchdog != nil {
		l.Watchdog.guard(config)
	}
	setDefault(config.RuntimeParams, "application_name", "renkei-listen")
	conn, err := pgx.ConnectConfig(ctx, config)
	if err != nil {
		return fmt.Errorf("connect listener: %w", err)
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		// The connection is of no more use, whatever closing it says.
		_ = conn.Close(closing)
	}()
	var pid uint32
	if err := conn.QueryRow(ctx, "SELECT pg_backend_pid()").Scan(&pid); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	if pid != conn.PgConn().PID() {
		return fmt.Errorf("listen: %w", ErrPooler)
	}
	if _, err := conn.Exec(ctx, "LISTEN "+pgx.Identifier{l.Channel}.Sanitize()); err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	l.Connected(true)
	for {
		if err := l.wait(ctx, conn); err != nil {
			return err
		}
	}
}

// wait hears one notification, or makes sure after a while of silence that the server is still there.
func (l *Listener) wait(ctx context.Context, conn *pgx.Conn) error {
	silence, cancel := context.WithTimeout(ctx, listenPing)
	defer cancel()
	n, err := conn.WaitForNotification(silence)
	if err == nil {
		l.Heard(n.Payload)
		return nil
	}
	if ctx.Err() != nil || !errors.Is(err, context.DeadlineExceeded) {
		return fmt.Errorf("wait for notification: %w", err)
	}
	pinging, cancelPing := context.WithTimeout(ctx, connectTimeout)
	defer cancelPing()
	if err := conn.Ping(pinging); err != nil {
		return fmt.Errorf("ping listener: %w", err)
	}
	return nil
}
