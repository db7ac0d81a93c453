package graph

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/rs/zerolog"
)

const (
	subprotocol = "graphql-transport-ws"
	// socketInit is how long a client may take to say who it is.
	socketInit = 3 * time.Second
	socketPing = 10 * time.Second
	// socketSilence is when a client that answers no ping is given up.
	socketSilence = 2*socketPing + time.Second
	// socketClose is how long a client may take to say good-bye.
	socketClose = 5 * time.Second
	// operationsPerSocket bounds what runs for one client at a time.
	operationsPerSocket = 50
	// maxOperationID bounds what each message of an operation repeats.
	maxOperationID = 256
)

// The codes of graphql-transport-ws.
const (
	closeBadMessage   websocket.StatusCode = 4400
	closeUnauthorized websocket.StatusCode = 4401
	closeForbidden    websocket.StatusCode = 4403
	closeSubprotocol  websocket.StatusCode = 4406
	closeInitTimeout  websocket.StatusCode = 4408
	closeDuplicate    websocket.StatusCode = 4409
	closeTooMany      websocket.StatusCode = 4429
)

// socketMessage is a message of graphql-transport-ws, either way.
type socketMessage struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// socket is an open WebSocket that speaks graphql-transport-ws.
//
// gqlgen v0.17.98 sends `complete` after `error`, by which graphql-ws silently ends the next subscription
// of that number; it keeps a connection for ever whose connection_init it cannot read; lets one client
// subscribe without bound and twice under one number; closes with codes that are not the protocol's; and
// still speaks a protocol that is dead. Ours goes when gqlgen's does better.
type socket struct {
	*endpoint
	conn  *websocket.Conn
	line  net.Conn
	entry *openStream

	closeOnce sync.Once
	closing   atomic.Bool
	closed    chan struct{}

	// mu is held while something is written for an operation, so that nothing follows its end.
	mu         sync.Mutex
	operations map[string]*operation
	running    sync.WaitGroup
	count      atomic.Int32
}

// operation is one that runs on a socket; it is struck off before its end is told.
type operation struct {
	id     string
	cancel context.CancelFunc
}

func (e *endpoint) serveSocket(w http.ResponseWriter, r *http.Request) {
	line := &hijacker{ResponseWriter: w}
	conn, err := websocket.Accept(line, r, &websocket.AcceptOptions{Subprotocols: []string{subprotocol}, OriginPatterns: e.origins})
	if err != nil {
		return // it has been answered
	}
	conn.SetReadLimit(bodyLimit)
	s := &socket{endpoint: e, conn: conn, line: line.conn, closed: make(chan struct{}), operations: make(map[string]*operation)}
	s.entry = e.streams.add(s.close)
	defer s.entry.left()
	// Cancelled requests would break the connection without a word: it is closed instead.
	ctx, cancel := context.WithCancel(context.WithoutCancel(r.Context()))
	defer s.wait(cancel)
	defer s.survive(ctx)
	if conn.Subprotocol() != subprotocol {
		s.close(closeSubprotocol, "Subprotocol not acceptable")
		return
	}
	stop := context.AfterFunc(r.Context(), func() { s.close(websocket.StatusServiceRestart, reasonRestart) })
	defer stop()
	if ctx, ok := s.greet(ctx); ok {
		s.serve(ctx)
	}
}

// close begins to close with a code. What was closed already stays so.
func (s *socket) close(code websocket.StatusCode, reason string) {
	s.closeOnce.Do(func() {
		s.closing.Store(true)
		go func() {
			defer close(s.closed)
			// What comes in the middle of a message is read to its end, without any time of its own.
			_ = s.line.SetReadDeadline(time.Now().Add(socketClose))
			// The peer may be gone; either way it no longer waits for us.
			_ = s.conn.Close(code, reason)
		}()
	})
}

// wait ends when nothing is left of the socket.
func (s *socket) wait(cancel context.CancelFunc) {
	cancel()
	s.closeOnce.Do(func() {
		s.closing.Store(true)
		_ = s.conn.CloseNow()
		close(s.closed)
	})
	s.running.Wait()
	<-s.closed
}

// hijacker remembers the connection under a WebSocket, which has deadlines.
type hijacker struct {
	http.ResponseWriter
	conn net.Conn
}

// Hijack implements http.Hijacker.
func (h *hijacker) Hijack() (net.Conn, *bufio.ReadWriter, error) {
	conn, buffers, err := http.NewResponseController(h.ResponseWriter).Hijack()
	h.conn = conn
	return conn, buffers, err
}

// survive closes what panics.
func (s *socket) survive(ctx context.Context) {
	if p := recover(); p != nil {
		zerolog.Ctx(ctx).Error().Ctx(ctx).Err(recovered(ctx, p)).Str("request", requestID(ctx)).Msg("WebSocket failed")
		s.close(websocket.StatusInternalError, codeInternal)
	}
}

// greet waits for connection_init and lets in who says it.
func (s *socket) greet(ctx context.Context) (context.Context, bool) {
	patience := time.AfterFunc(socketInit, func() { s.close(closeInitTimeout, "Connection initialisation timeout") })
	defer patience.Stop()
	for {
		m, ok := s.read(ctx)
		switch {
		case !ok:
			return ctx, false
		case m.Type == "connection_init":
			patience.Stop()
			return s.letIn(ctx, m.Payload)
		case m.Type == "subscribe":
			s.close(closeUnauthorized, "Unauthorized")
			return ctx, false
		case !s.converse(ctx, m):
			return ctx, false
		}
	}
}

func (s *socket) letIn(ctx context.Context, payload json.RawMessage) (context.Context, bool) {
	var params map[string]any
	if len(payload) > 0 && json.Unmarshal(payload, &params) != nil {
		s.close(closeBadMessage, "Invalid message")
		return ctx, false
	}
	ctx, code, reason := greetSocket(ctx, s.who, params)
	switch {
	case code != 0:
		s.close(code, reason)
	case !s.entry.openedBy(actor(ctx)):
		s.close(closeTooMany, "Too many connections")
	default:
		return ctx, s.write(ctx, socketMessage{Type: "connection_ack"})
	}
	return ctx, false
}

// serve takes messages until the connection ends.
func (s *socket) serve(ctx context.Context) {
	s.running.Go(func() { s.ping(ctx) })
	for {
		m, ok := s.read(ctx)
		switch {
		case !ok:
			return
		case m.Type == "connection_init":
			s.close(closeTooMany, "Too many initialisation requests")
			return
		case m.Type == "subscribe":
			if !s.subscribe(ctx, m) {
				return
			}
		case !s.converse(ctx, m):
			return
		}
	}
}

// read returns the next message, if it is one.
func (s *socket) read(ctx context.Context) (socketMessage, bool) {
	ctx, cancel := context.WithTimeout(ctx, socketSilence)
	defer cancel()
	var m socketMessage
	kind, raw, err := s.conn.Read(ctx)
	if errors.Is(err, websocket.ErrMessageTooBig) {
		// It has been said; without the rest being read the client would not hear it.
		s.close(websocket.StatusMessageTooBig, "")
	}
	if err != nil {
		return m, false
	}
	if kind != websocket.MessageText || !utf8.Valid(raw) || json.Unmarshal(raw, &m) != nil {
		s.close(closeBadMessage, "Invalid message")
		return m, false
	}
	return m, true
}

// converse takes the messages that may come at any time.
func (s *socket) converse(ctx context.Context, m socketMessage) bool {
	switch {
	case m.Type == "ping" && isObject(m.Payload):
		return s.write(ctx, socketMessage{Type: "pong"})
	case m.Type == "pong" && isObject(m.Payload):
		return true
	case m.Type == "complete" && m.ID != "":
		s.mu.Lock()
		defer s.mu.Unlock()
		if op := s.operations[m.ID]; op != nil {
			op.cancel()
			delete(s.operations, m.ID)
		}
		return true
	}
	s.close(closeBadMessage, "Invalid message")
	return false
}

// isObject reports whether a payload is a JSON object, or none at all.
func isObject(payload json.RawMessage) bool {
	return len(payload) == 0 || bytes.Equal(payload, []byte("null")) || payload[0] == '{'
}

// subscribe begins an operation. Its number is free again when its end has been told, or when the client
// has ended it; it counts until it has ended here too.
func (s *socket) subscribe(ctx context.Context, m socketMessage) bool {
	params, err := decodeRequest(m.Payload)
	if err != nil || m.ID == "" || len(m.ID) > maxOperationID {
		s.close(closeBadMessage, "Invalid message")
		return false
	}
	ctx, cancel := context.WithCancel(graphql.StartOperationTrace(ctx))
	op := &operation{id: m.ID, cancel: cancel}
	s.mu.Lock()
	_, taken := s.operations[m.ID]
	if !taken {
		s.operations[m.ID] = op
	}
	s.mu.Unlock()
	if taken {
		cancel()
		s.close(closeDuplicate, "Subscriber already exists")
		return false
	}
	if s.count.Add(1) > operationsPerSocket {
		cancel()
		s.close(closeTooMany, "Too many subscriptions")
		return false
	}
	s.running.Go(func() {
		defer s.count.Add(-1)
		defer cancel()
		s.run(ctx, op, params)
	})
	return true
}

// run executes an operation and tells its responses and its end.
func (s *socket) run(ctx context.Context, op *operation, params *graphql.RawParams) {
	defer func() {
		if p := recover(); p != nil {
			payload, err := json.Marshal([]error{s.exec.PresentRecoveredError(ctx, p)})
			if err == nil {
				s.tell(ctx, op, "error", payload)
			}
		}
	}()
	oc, errs := s.exec.CreateOperationContext(ctx, params)
	operation := graphql.WithOperationContext(ctx, oc)
	if len(errs) > 0 {
		refused := s.exec.DispatchError(operation, errs)
		tellErrors(s.observer, refused.Errors)
		payload, err := json.Marshal(few(refused.Errors))
		if err != nil {
			panic(err) // they are ours
		}
		s.tell(ctx, op, "error", payload)
		return
	}
	responses, operation := s.exec.DispatchOperation(operation, oc)
	for response := responses(operation); response != nil; response = responses(operation) {
		s.tell(ctx, op, "next", encodeResponse(response))
	}
	if ctx.Err() == nil {
		s.tell(ctx, op, "complete", nil)
	}
}

// tell writes a message of an operation, unless its end has been told.
func (s *socket) tell(ctx context.Context, op *operation, kind string, payload json.RawMessage) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.operations[op.id] != op {
		return
	}
	if kind != "next" {
		delete(s.operations, op.id)
	}
	s.write(ctx, socketMessage{ID: op.id, Type: kind, Payload: payload})
}

// write gives up a client that does not take it.
func (s *socket) write(ctx context.Context, m socketMessage) bool {
	if s.closing.Load() {
		return false
	}
	raw, err := json.Marshal(m)
	if err != nil {
		panic(err) // it is made of JSON
	}
	// A message that is cut short would end the connection.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), eventWrite)
	defer cancel()
	err = s.conn.Write(ctx, websocket.MessageText, raw)
	if errors.Is(err, context.DeadlineExceeded) {
		s.observer.StreamDropped("websocket")
	}
	return err == nil
}

// ping asks whether the client is still there.
func (s *socket) ping(ctx context.Context) {
	ticker := time.NewTicker(socketPing)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
			s.write(ctx, socketMessage{Type: "ping"})
		}
	}
}
