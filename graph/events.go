package graph

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/vektah/gqlparser/v2/ast"
)

const (
	sseKeepAlive = 15 * time.Second
	// eventWrite is how long a client may take to accept an event before it is given up.
	eventWrite = 20 * time.Second
)

// eventStream is an open text/event-stream: that of graphql-sse's "distinct connections".
//
// gqlgen v0.17.98 keeps a stream alive from a goroutine that may still write when the handler has
// returned, which ends the process; it lets a client that stops reading hold on for ever; and it tells a
// client whose stream is cut off at a restart that it is complete, so that the client never comes back.
// Ours goes when gqlgen's does better.
type eventStream struct {
	w       http.ResponseWriter
	control *http.ResponseController

	mu      sync.Mutex
	cut     atomic.Bool
	cancel  context.CancelFunc
	keepers sync.WaitGroup
}

// serveEvents answers with an event for each response and then `complete`. A stream that is ended from
// here breaks off instead, so that its client comes back.
func (e *endpoint) serveEvents(w http.ResponseWriter, r *http.Request, params *graphql.RawParams) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	s := &eventStream{w: w, control: http.NewResponseController(w), cancel: cancel}
	entry := e.streams.add(s.end)
	defer entry.left()
	if !entry.openedBy(actor(ctx)) {
		refuseRequest(w, r, errTooManyStreams)
		return
	}
	responses, operation, err := e.execute(ctx, params, func(op ast.Operation) error { return mayBy(r.Method, op) })
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kindEvents)
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Accel-Buffering", "no")
	if err := s.pass(ctx, operation, responses, e.keepAlive); err != nil {
		if errors.Is(err, os.ErrDeadlineExceeded) {
			e.observer.StreamDropped("sse")
		}
		// Breaks the connection instead of ending the response.
		panic(http.ErrAbortHandler)
	}
	// The connection may serve other requests, which have their own time.
	_ = s.control.SetWriteDeadline(time.Time{})
}

// pass sends responses until there are no more, and returns an error unless the client knows it.
func (s *eventStream) pass(ctx, operation context.Context, responses graphql.ResponseHandler, every time.Duration) error {
	defer s.keepers.Wait()
	defer s.cancel()
	if err := s.write(":\n\n"); err != nil {
		return err
	}
	s.keepers.Go(func() { s.keep(ctx, every) })
	for response := responses(operation); response != nil; response = responses(operation) {
		if err := s.write(fmt.Sprintf("event: next\ndata: %s\n\n", encodeResponse(response))); err != nil {
			return err
		}
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	s.cancel()
	s.keepers.Wait()
	// Without data a browser would not notice it.
	return s.write("event: complete\ndata:\n\n")
}

// keep sends comments, by which both sides notice that the other is gone.
func (s *eventStream) keep(ctx context.Context, every time.Duration) {
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			if s.write(": alive\n\n") != nil {
				s.cancel()
				return
			}
		}
	}
}

var errCut = errors.New("the stream is cut")

func (s *eventStream) write(text string) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	// The server's time for a request is no time for a stream: each event has its own.
	if err := errors.Join(s.control.SetReadDeadline(time.Time{}), s.control.SetWriteDeadline(time.Now().Add(eventWrite))); err != nil {
		return fmt.Errorf("set deadlines: %w", err)
	}
	if s.cut.Load() {
		// By now end would have no deadline of its own to let go by.
		return errCut
	}
	if _, err := s.w.Write([]byte(text)); err != nil {
		return fmt.Errorf("write event: %w", err)
	}
	if err := s.control.Flush(); err != nil {
		return fmt.Errorf("flush event: %w", err)
	}
	return nil
}

// end cuts the stream off and does not wait for a client that does not read. There is nowhere to say why.
func (s *eventStream) end(websocket.StatusCode, string) {
	s.cut.Store(true)
	s.cancel()
	if s.mu.TryLock() {
		s.mu.Unlock()
		return
	}
	// Lets go whoever is held up in a write.
	_ = s.control.SetWriteDeadline(time.Now())
}
