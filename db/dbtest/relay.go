package dbtest

import (
	"context"
	"net"
	"net/url"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"
)

// Relay stands before a database like a network, and can begin to swallow whatever is sent, with no word to anybody.
type Relay struct {
	// URL leads to the database through the relay.
	URL string

	network, address string
	silent           atomic.Bool
	mu               sync.Mutex
	open             []net.Conn
	closed           bool
}

// NewRelay puts a relay before a database until the test ends.
func NewRelay(tb testing.TB, target string) *Relay {
	tb.Helper()
	config, err := pgx.ParseConfig(target)
	require.NoError(tb, err)
	socket, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	r := &Relay{}
	r.network, r.address = pgconn.NetworkAddress(config.Host, config.Port)
	u, err := url.Parse(target)
	require.NoError(tb, err)
	query := u.Query()
	query.Del("host")
	query.Del("port")
	u.Host, u.RawQuery = socket.Addr().String(), query.Encode()
	r.URL = u.String()
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		r.serve(socket)
	}()
	tb.Cleanup(func() {
		require.NoError(tb, socket.Close())
		<-ended
		r.closeAll(true)
	})
	return r
}

// Swallow begins: connections are accepted, and nothing comes of them.
func (r *Relay) Swallow() { r.silent.Store(true) }

// Heal lets new connections through. What was swallowed does not come back: the old ones are closed.
func (r *Relay) Heal() {
	r.silent.Store(false)
	r.closeAll(false)
}

func (r *Relay) closeAll(forGood bool) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, conn := range r.open {
		_ = conn.Close() // it may have been closed from the other side
	}
	r.open, r.closed = nil, forGood
}

func (r *Relay) keep(conns ...net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.open = append(r.open, conns...)
	if r.closed {
		for _, conn := range conns {
			_ = conn.Close()
		}
	}
}

func (r *Relay) serve(socket net.Listener) {
	for {
		near, err := socket.Accept()
		if err != nil {
			return
		}
		far, err := (&net.Dialer{}).DialContext(context.Background(), r.network, r.address)
		if err != nil {
			_ = near.Close()
			continue
		}
		r.keep(near, far)
		go r.pass(near, far)
		go r.pass(far, near)
	}
}

// pass hands on what comes, or swallows it.
func (r *Relay) pass(from, to net.Conn) {
	buffer := make([]byte, 32<<10)
	for {
		n, err := from.Read(buffer)
		if r.silent.Load() {
			if err != nil {
				return
			}
			continue
		}
		if n > 0 {
			if _, refused := to.Write(buffer[:n]); refused != nil {
				err = refused
			}
		}
		if err != nil {
			_, _ = from.Close(), to.Close()
			return
		}
	}
}
