package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql/handler/transport"
)

// streams are the open WebSockets and event streams of this process.
type streams struct {
	mu     sync.Mutex
	closed bool
	open   map[*func()]struct{}
}

func newStreams() *streams { return &streams{open: make(map[*func()]struct{})} }

// add notes how to close a stream; it is closed at once where all are. Call left when it has ended.
func (s *streams) add(end func()) (left func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		end()
		return func() {}
	}
	key := &end
	s.open[key] = struct{}{}
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.open, key)
	}
}

func (s *streams) closeAll() {
	s.mu.Lock()
	open := s.open
	s.closed, s.open = true, make(map[*func()]struct{})
	s.mu.Unlock()
	for end := range open {
		(*end)()
	}
}

// closeServiceRestart is the WebSocket code that asks a client to come back.
const closeServiceRestart = 1012

// webSockets accepts WebSockets as gqlgen does and keeps account of them.
type webSockets struct {
	streams *streams
	gqlgen  transport.CoderWebsocketImplementation
}

// Accept implements transport.WebsocketImplementation.
func (ws *webSockets) Accept(w http.ResponseWriter, r *http.Request, o transport.WebsocketAcceptOptions) (transport.WebsocketConn, error) {
	// The older protocol is dead, and neither it nor none would be kept alive or ended as it should.
	o.Subprotocols = []string{subprotocol}
	if !speaks(r, subprotocol) {
		return nil, errSubprotocol
	}
	conn, err := ws.gqlgen.Accept(w, r, o)
	if err != nil {
		return nil, fmt.Errorf("accept WebSocket: %w", err)
	}
	full, ok := conn.(fullConn)
	if !ok {
		return nil, fmt.Errorf("accept WebSocket: %T has no deadlines", conn)
	}
	counted := &countedConn{fullConn: full}
	counted.left = ws.streams.add(func() {
		// The peer may be gone; either way it no longer waits for us.
		_ = full.WriteClose(closeServiceRestart, "service restart")
	})
	// gqlgen forgets one whose connection_init it cannot read. A close that is under way goes on.
	context.AfterFunc(r.Context(), func() { _ = counted.Close() })
	return counted, nil
}

const subprotocol = "graphql-transport-ws"

var errSubprotocol = errors.New("a WebSocket here speaks graphql-transport-ws")

// speaks reports whether a client offers a subprotocol.
func speaks(r *http.Request, protocol string) bool {
	for _, header := range r.Header.Values("Sec-WebSocket-Protocol") {
		for offered := range strings.SplitSeq(header, ",") {
			if strings.TrimSpace(offered) == protocol {
				return true
			}
		}
	}
	return false
}

// fullConn is all that gqlgen makes use of.
type fullConn interface {
	transport.WebsocketConn
	transport.WebsocketReadLimiter
	transport.WebsocketReadDeadliner
}

// countedConn is struck off when it is closed.
type countedConn struct {
	fullConn
	left func()
}

// WriteJSON implements transport.WebsocketConn. gqlgen would wait for ever for a client that has
// stopped reading, with its pings waiting behind.
func (c *countedConn) WriteJSON(message any) error {
	patience := time.AfterFunc(eventWrite, func() { _ = c.Close() })
	defer patience.Stop()
	return c.fullConn.WriteJSON(message)
}

// Close implements transport.WebsocketConn.
func (c *countedConn) Close() error {
	c.left()
	return c.fullConn.Close()
}

// WriteClose implements transport.WebsocketConn.
func (c *countedConn) WriteClose(code int, message string) error {
	c.left()
	return c.fullConn.WriteClose(code, message)
}

// eventWrite is how long a client may take to accept an event before it is given up.
const eventWrite = 20 * time.Second

// guardEventStreams stands between gqlgen's event streams and the connection. gqlgen v0.17.98 keeps a
// stream alive from a goroutine that may still write when the handler has returned, which ends the
// process; it lets a client that stops reading hold on for ever; and it tells a client whose stream is
// cut off at a restart that it is complete, so that the client never comes back.
func guardEventStreams(s *streams, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !wantsEvents(r) || r.Header.Get("Upgrade") != "" {
			next.ServeHTTP(w, r)
			return
		}
		ctx, cancel := context.WithCancel(r.Context())
		defer cancel()
		guard := &eventWriter{ResponseWriter: w, control: http.NewResponseController(w)}
		var cut atomic.Bool
		left := s.add(func() {
			cut.Store(true)
			guard.cut()
			cancel()
		})
		defer left()
		next.ServeHTTP(guard, r.WithContext(ctx))
		guard.end()
		if cut.Load() {
			// Breaks the connection instead of ending the response.
			panic(http.ErrAbortHandler)
		}
		// The connection may serve other requests, which have their own time.
		_ = guard.control.SetWriteDeadline(time.Time{})
	})
}

// eventWriter passes writes on until it has ended.
type eventWriter struct {
	http.ResponseWriter
	control *http.ResponseController

	mu    sync.Mutex
	ended atomic.Bool
}

// Write implements http.ResponseWriter.
func (w *eventWriter) Write(p []byte) (int, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.ended.Load() {
		return len(p), nil
	}
	// The server's time for a request is no time for a stream: each event has its own.
	if err := errors.Join(w.control.SetReadDeadline(time.Time{}), w.control.SetWriteDeadline(time.Now().Add(eventWrite))); err != nil {
		return 0, fmt.Errorf("set deadlines: %w", err)
	}
	if w.ended.Load() {
		// cut has come in between, and its deadline is gone.
		return len(p), nil
	}
	return w.ResponseWriter.Write(p)
}

// WriteHeader implements http.ResponseWriter.
func (w *eventWriter) WriteHeader(status int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended.Load() {
		w.ResponseWriter.WriteHeader(status)
	}
}

// Flush implements http.Flusher, which gqlgen asks for.
func (w *eventWriter) Flush() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.ended.Load() {
		// A client that is gone is noticed by its context.
		_ = w.control.Flush()
	}
}

// cut makes all further writes do nothing and does not wait for a client that does not read.
func (w *eventWriter) cut() {
	w.ended.Store(true)
	if w.mu.TryLock() {
		w.mu.Unlock()
		return
	}
	// Lets go whoever is held up in a write.
	_ = w.control.SetWriteDeadline(time.Now())
}

// end makes all further writes do nothing, and waits for the one that is under way.
func (w *eventWriter) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.ended.Store(true)
}
