package db

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
)

const (
	// askEvery lies between two questions whether the server is there, and silentFor is how long it may leave one
	// unanswered: whoever waits for a server that has fallen silent is told within their sum. One that is merely
	// overloaded answers in time on a connection that stands: nothing is read, planned or locked for it.
	askEvery  = time.Second
	silentFor = 3 * time.Second
	// heldUp is how much later than that a process hears of it that was not let run itself: then it knows nothing.
	heldUp = time.Second
	// askAgainEvery lies between two tries to find a server that was lost.
	askAgainEvery = 250 * time.Millisecond
)

// errSilent is what a connection fails with that is wanted while the server is away.
var errSilent = errors.New("the database has fallen silent")

// Watchdog asks the server, on a connection of its own, whether it is there. A network that swallows everything says
// nothing: whoever waits for an answer would wait until the system gives the connection up. Once the server has fallen
// silent every connection that is Watched is cut, so that what is under way ends at once with a network's error, and none
// is opened until it is back. What a server that answers takes its time over is left alone, however long.
type Watchdog struct {
	url string
	log zerolog.Logger
	// patience is silentFor, but for tests.
	patience time.Duration

	mu sync.Mutex
	// here ends when the server falls silent; leave ends it.
	here  context.Context //nolint:containedctx // it is no call's, but the server's presence
	leave context.CancelFunc
}

// NewWatchdog watches over the server that url names: itself, not a pooler, where a question may queue. It takes the server to
// be there until Run finds otherwise.
func NewWatchdog(url string, log zerolog.Logger) *Watchdog {
	w := &Watchdog{url: url, log: log, patience: silentFor}
	w.here, w.leave = context.WithCancel(context.Background())
	return w
}

// Watched has a watchdog cut the pool's connections.
func Watched(w *Watchdog) Option {
	return func(c *pgxpool.Config) { w.guard(c.ConnConfig) }
}

// Run asks until ctx ends.
func (w *Watchdog) Run(ctx context.Context) {
	for ctx.Err() == nil {
		err := w.watch(ctx)
		if ctx.Err() == nil {
			w.log.Debug().Err(err).Msg("the watchdog's connection is lost")
			wait(ctx, askAgainEvery)
		}
	}
}

// watch asks on one connection for as long as it stands.
func (w *Watchdog) watch(ctx context.Context) error {
	conn, err := w.connect(ctx)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	// That it refuses is an answer too: whoever wants a connection hears it for himself.
	w.heard(!timedOut(err))
	if err != nil {
		return err
	}
	defer func() {
		closing, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
		defer cancel()
		// The connection is of no more use, whatever closing it says.
		_ = conn.Close(closing)
	}()
	for {
		wait(ctx, askEvery)
		asked := time.Now()
		asking, cancel := context.WithTimeout(ctx, w.patience)
		err := conn.Ping(asking)
		cancel()
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case err == nil:
			continue
		case timedOut(err) && time.Since(asked) < w.patience+heldUp:
			w.heard(false)
		}
		return err
	}
}

func (w *Watchdog) connect(ctx context.Context) (*pgx.Conn, error) {
	config, err := pgx.ParseConfig(w.url)
	if err != nil {
		return nil, fmt.Errorf("parse database URL: %w", err)
	}
	prepare(config)
	config.ConnectTimeout = w.patience
	setDefault(config.RuntimeParams, "application_name", "renkei-watchdog")
	return pgx.ConnectConfig(ctx, config)
}

// heard notes whether the server has answered.
func (w *Watchdog) heard(answered bool) {
	w.mu.Lock()
	defer w.mu.Unlock()
	switch away := w.here.Err() != nil; {
	case !answered && !away:
		w.log.Error().Dur("for", w.patience).Msg("the database has fallen silent: its connections are cut")
		w.leave()
	case answered && away:
		w.log.Info().Msg("the database answers again")
		w.here, w.leave = context.WithCancel(context.Background())
	}
}

func (w *Watchdog) presence() context.Context {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.here
}

// guard has connections end with the server's presence, from the first look for its address on.
func (w *Watchdog) guard(config *pgx.ConnConfig) {
	lookup, dial := config.LookupFunc, config.DialFunc
	config.LookupFunc = func(ctx context.Context, host string) (addresses []string, err error) {
		err = during(ctx, w.presence(), func(ctx context.Context) error {
			addresses, err = lookup(ctx, host)
			return err
		})
		return addresses, err
	}
	config.DialFunc = func(ctx context.Context, network, address string) (net.Conn, error) {
		here := w.presence()
		// Not what is returned, which is written once more while the server may fall silent.
		var conn net.Conn
		err := during(ctx, here, func(ctx context.Context) (err error) {
			conn, err = dial(ctx, network, address)
			return err
		})
		if err != nil {
			return nil, err
		}
		return &watchedConn{Conn: conn, forget: context.AfterFunc(here, func() { //nolint:contextcheck // the server's presence is nobody's call
			_ = conn.Close() // nobody hears from it any more
		})}, nil
	}
}

// during does something that ends with the server's presence, in an error of the network.
func during(ctx, here context.Context, f func(context.Context) error) error {
	if here.Err() != nil {
		return &net.OpError{Op: "dial", Net: "tcp", Err: errSilent}
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer context.AfterFunc(here, cancel)()
	err := f(ctx)
	if err != nil && here.Err() != nil {
		// Not err: nobody cancelled what was asked for.
		return &net.OpError{Op: "dial", Net: "tcp", Err: errSilent}
	}
	return err
}

// watchedConn is a connection that a Watchdog may cut.
type watchedConn struct {
	net.Conn
	forget func() bool
}

// Close implements net.Conn.
func (c *watchedConn) Close() error {
	c.forget()
	return c.Conn.Close()
}

func timedOut(err error) bool {
	network, ok := errors.AsType[net.Error](err)
	return ok && network.Timeout()
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
