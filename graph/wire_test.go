package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"
)

// transportWS is the name of the only protocol that we speak on a WebSocket.
const transportWS = "graphql-transport-ws"

// message is one of graphql-transport-ws.
type message struct {
	ID      string          `json:"id,omitempty"`
	Type    string          `json:"type"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

func (m message) answer(t *testing.T) answer {
	t.Helper()
	require.Equal(t, "next", m.Type, "%s", m.Payload)
	a := answer{raw: string(m.Payload)}
	require.NoError(t, json.Unmarshal(m.Payload, &a))
	return a
}

// socket is a client on a WebSocket.
type socket struct {
	conn *websocket.Conn
}

// handshake is how the server answered to an upgrade.
type handshake struct {
	status int
	header http.Header
}

// dial opens a WebSocket and says nothing yet.
func (d *door) dial(t *testing.T, header http.Header) (socket, handshake, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, response, err := websocket.Dial(ctx, "ws"+strings.TrimPrefix(d.url, "http"), &websocket.DialOptions{
		HTTPClient: d.client, Subprotocols: []string{transportWS}, HTTPHeader: header,
	})
	require.NotNil(t, response, "%v", err)
	if err == nil {
		conn.SetReadLimit(-1)
		t.Cleanup(func() { _ = conn.CloseNow() })
	} else {
		require.NoError(t, response.Body.Close())
	}
	return socket{conn: conn}, handshake{status: response.StatusCode, header: response.Header}, err
}

// connect opens a WebSocket and is let in.
func (c company) connect(t *testing.T, params map[string]any) socket {
	t.Helper()
	header := http.Header{}
	for name, value := range c.headers {
		header.Set(name, value)
	}
	s, _, err := c.dial(t, header)
	require.NoError(t, err)
	all := map[string]any{"authorization": "Bearer " + c.token}
	maps.Copy(all, params)
	s.send(t, message{Type: "connection_init", Payload: encode(t, all)})
	require.Equal(t, "connection_ack", s.receive(t).Type)
	return s
}

func (s socket) send(t *testing.T, m message) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, wsjson.Write(ctx, s.conn, m))
}

func (s socket) subscribe(t *testing.T, id, query string, variables vars) {
	t.Helper()
	s.send(t, message{ID: id, Type: "subscribe", Payload: encode(t, map[string]any{"query": query, "variables": variables})})
}

// receive returns the next message but pings.
func (s socket) receive(t *testing.T) message {
	t.Helper()
	m, err := s.poll(t)
	require.NoError(t, err)
	return m
}

func (s socket) poll(t *testing.T) (message, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	for {
		var m message
		if err := wsjson.Read(ctx, s.conn, &m); err != nil {
			return m, err
		}
		if m.Type != "ping" {
			return m, nil
		}
		if err := wsjson.Write(ctx, s.conn, message{Type: "pong"}); err != nil {
			return m, err
		}
	}
}

// closed waits until the server has closed and returns the code.
func (s socket) closed(t *testing.T) websocket.StatusCode {
	t.Helper()
	for {
		if _, err := s.poll(t); err != nil {
			require.NotErrorIs(t, err, context.DeadlineExceeded, "the server keeps the connection open")
			return websocket.CloseStatus(err)
		}
	}
}

// stream is a client on an event stream.
type stream struct {
	response *http.Response
	lines    *bufio.Reader
	leave    context.CancelFunc
}

// event is one of an event stream.
type event struct{ name, data string }

func (e event) answer(t *testing.T) answer {
	t.Helper()
	require.Equal(t, "next", e.name, e.data)
	a := answer{raw: e.data}
	require.NoError(t, json.Unmarshal([]byte(e.data), &a))
	return a
}

func (c company) stream(t *testing.T, r *http.Request) *stream {
	t.Helper()
	ctx, cancel := context.WithTimeout(r.Context(), patience)
	t.Cleanup(cancel)
	r = r.WithContext(ctx)
	r.Header.Set("Accept", "text/event-stream")
	response, err := c.client.Do(r)
	require.NoError(t, err)
	t.Cleanup(func() { _ = response.Body.Close() })
	return &stream{response: response, lines: bufio.NewReader(response.Body), leave: cancel}
}

// streamByPost opens an event stream.
func (c company) streamByPost(t *testing.T, query string, variables vars) *stream {
	t.Helper()
	return c.stream(t, c.request(t, http.MethodPost, c.url, string(encode(t, map[string]any{"query": query, "variables": variables}))))
}

// streamByGet opens an event stream as a browser's EventSource does.
func (c company) streamByGet(t *testing.T, query string, variables vars) *stream {
	t.Helper()
	return c.stream(t, c.request(t, http.MethodGet, byGet(t, c.url, query, variables), ""))
}

func byGet(t *testing.T, to, query string, variables vars) string {
	t.Helper()
	values := url.Values{"query": {query}}
	if variables != nil {
		values.Set("variables", string(encode(t, variables)))
	}
	return to + "?" + values.Encode()
}

// receive returns the next event.
func (s *stream) receive(t *testing.T) event {
	t.Helper()
	e, err := s.poll()
	require.NoError(t, err)
	return e
}

// poll returns the next event, or io.EOF where the response came to its end, or what broke it.
func (s *stream) poll() (event, error) {
	var e event
	for {
		line, err := s.lines.ReadString('\n')
		if err != nil {
			if errors.Is(err, io.EOF) && (line != "" || e != event{}) {
				err = io.ErrUnexpectedEOF
			}
			return event{}, err
		}
		line = strings.TrimSuffix(line, "\n")
		name, value, _ := strings.Cut(line, ": ")
		switch {
		case line == "" && e != event{}:
			return e, nil
		case name == "event":
			e.name = value
		case name == "data":
			e.data = value
		}
	}
}

func encode(t *testing.T, value any) json.RawMessage {
	t.Helper()
	raw, err := json.Marshal(value)
	require.NoError(t, err)
	return raw
}
