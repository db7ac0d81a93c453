package graph_test

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/graph"
	"renkei/intake"
)

// pipes is a network within a process, on which time can be made up.
type pipes struct {
	conns  chan net.Conn
	closed chan struct{}
}

// Accept implements net.Listener.
func (p *pipes) Accept() (net.Conn, error) {
	select {
	case c := <-p.conns:
		return c, nil
	case <-p.closed:
		return nil, net.ErrClosed
	}
}

// Close implements net.Listener.
func (p *pipes) Close() error {
	close(p.closed)
	return nil
}

// Addr implements net.Listener.
func (p *pipes) Addr() net.Addr { return &net.UnixAddr{Name: "pipe", Net: "unix"} }

func (p *pipes) dial(context.Context, string, string) (net.Conn, error) {
	ours, theirs := net.Pipe()
	p.conns <- theirs
	return ours, nil
}

func administrator() intake.Actor {
	return intake.Actor{
		Company: intake.Company{ID: uuid.New(), Name: "甲社"},
		Member:  intake.Member{ID: uuid.New(), Name: "山田花子", Roles: []intake.Role{intake.RoleAdmin}},
	}
}

// indoors is a door on pipes.
type indoors struct {
	*pipes
	client *http.Client
	// ended gets the time that each request took.
	ended chan time.Duration
}

func openIndoors(tb testing.TB, door http.Handler) *indoors {
	tb.Helper()
	d := &indoors{pipes: &pipes{conns: make(chan net.Conn), closed: make(chan struct{})}, ended: make(chan time.Duration, 100)}
	server := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		defer func() { d.ended <- time.Since(began) }()
		door.ServeHTTP(w, r)
	}), ReadHeaderTimeout: time.Minute}
	go func() { _ = server.Serve(d) }()
	transport := &http.Transport{DialContext: d.dial}
	d.client = &http.Client{Transport: transport}
	tb.Cleanup(func() {
		transport.CloseIdleConnections()
		_ = server.Close()
	})
	return d
}

func (d *indoors) socket(t *testing.T, first ...message) socket {
	t.Helper()
	conn, _, err := websocket.Dial(t.Context(), "ws://door/graphql", &websocket.DialOptions{HTTPClient: d.client, Subprotocols: []string{transportWS}}) //nolint:bodyclose // the connection's
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.CloseNow() })
	s := socket{conn: conn}
	for _, m := range first {
		s.send(t, m)
	}
	return s
}

// lonely is a door without a database, to which everybody is an administrator.
func lonely() http.Handler {
	return graph.As(administrator(), graph.NewServer(nowhere(), graph.Options{Log: zerolog.Nop()}))
}

// upgrade opens a WebSocket of which every byte is ours.
func (d *indoors) upgrade(tb testing.TB) (net.Conn, *bufio.Reader) {
	tb.Helper()
	conn, err := d.dial(context.Background(), "", "")
	require.NoError(tb, err)
	tb.Cleanup(func() { _ = conn.Close() })
	_, err = io.WriteString(conn, "GET /graphql HTTP/1.1\r\nHost: door\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"+
		"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: MDEyMzQ1Njc4OWFiY2RlZg==\r\nSec-WebSocket-Protocol: "+transportWS+"\r\n\r\n")
	require.NoError(tb, err)
	lines := bufio.NewReader(conn)
	response, err := http.ReadResponse(lines, nil)
	require.NoError(tb, err)
	require.NoError(tb, response.Body.Close())
	require.Equal(tb, http.StatusSwitchingProtocols, response.StatusCode)
	return conn, lines
}

func TestWhoDoesNotSayWhoTheyAreIsClosedAfterThreeSeconds(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openIndoors(t, lonely())
		for _, first := range [][]message{nil, {{Type: "pong"}}, {{ID: "1", Type: "complete"}}} {
			began := time.Now()
			s := d.socket(t, first...)
			require.Equal(t, websocket.StatusCode(4408), s.closed(t))
			require.Equal(t, 3*time.Second, time.Since(began))
			<-d.ended
		}
	})
}

func TestASocketIsKeptWhileItsClientAnswers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openIndoors(t, lonely())
		s := d.socket(t, message{Type: "connection_init"})
		require.Equal(t, "connection_ack", s.receive(t).Type)
		began := time.Now()
		for range 100 {
			_, raw, err := s.conn.Read(t.Context())
			require.NoError(t, err)
			require.JSONEq(t, `{"type":"ping"}`, string(raw))
			s.send(t, message{Type: "pong"})
		}
		require.Equal(t, 1000*time.Second, time.Since(began))

		for {
			if _, _, err := s.conn.Read(t.Context()); err != nil {
				break
			}
		}
		require.Equal(t, 1021*time.Second, time.Since(began), "who answers no longer is given up")
		<-d.ended
	})
}

func TestASocketWhoseClientDoesNotReadIsGivenUp(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openIndoors(t, lonely())
		for _, first := range []message{{Type: "connection_init"}, {Type: "ping"}} {
			d.socket(t, first)
			require.LessOrEqual(t, <-d.ended, 30*time.Second)
		}
	})
}

func TestASocketWhoseClientStallsInAMessageIsGivenUp(t *testing.T) {
	t.Parallel()
	for name, length := range map[string]string{"that is too long": "\xff\x00\x00\x00\x00\x00\x20\x00\x00", "that is not": "\xfe\xff\x00"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				d := openIndoors(t, lonely())
				conn, answers := d.upgrade(t)
				go func() { _, _ = io.Copy(io.Discard, answers) }()
				// A masked text that is announced and does not come to its end.
				_, err := io.WriteString(conn, "\x81"+length+"\x00\x00\x00\x00"+strings.Repeat(" ", 60_000))
				require.NoError(t, err)
				// What is too long is read no further than it may be.
				go func() { _, _ = io.WriteString(conn, strings.Repeat(" ", 5_280)) }()
				require.LessOrEqual(t, <-d.ended, 15*time.Second)
			})
		})
	}
}

func TestNoSocketIsLeftBehind(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openIndoors(t, lonely())
		for range 100 {
			s := d.socket(t, message{Type: "connection_init", Payload: encode(t, []int{1})})
			require.Equal(t, websocket.StatusCode(4400), s.closed(t))
			require.Zero(t, <-d.ended)
		}
		// One that is gone without a word, at any time.
		for range 50 {
			s := d.socket(t, message{Type: "connection_init"})
			require.Equal(t, "connection_ack", s.receive(t).Type)
			s.subscribe(t, "1", `{ __typename }`, nil)
			require.NoError(t, s.conn.CloseNow())
			require.Zero(t, <-d.ended)
		}
	})
}

func TestASocketThatPanicsIsClosedAsAnInternalError(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		d := openIndoors(t, lonely())
		// There is no database to look for it in, not even one that is gone.
		s := d.socket(t, message{Type: "connection_init", Payload: encode(t, vars{"authorization": "Bearer renkei_" + strings.Repeat("c", 43)})})
		require.Equal(t, websocket.StatusInternalError, s.closed(t))
		<-d.ended
	})
}

func TestABodyThatComesTooSlowlyIsRefused(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{asJSON, asResponse, "text/event-stream"} {
		synctest.Test(t, func(t *testing.T) {
			d := openIndoors(t, lonely())
			// Every byte is ours: a client of Go's may take a broken pipe for the answer.
			conn, err := d.dial(context.Background(), "", "")
			require.NoError(t, err)
			written := make(chan struct{})
			go func() {
				defer close(written)
				_, err := io.WriteString(conn, "POST /graphql HTTP/1.1\r\nHost: door\r\nContent-Type: "+asJSON+"\r\nAccept: "+accept+"\r\nContent-Length: 1000\r\n\r\n")
				for err == nil {
					<-time.After(time.Second)
					_, err = io.WriteString(conn, " ")
				}
			}()
			response, err := http.ReadResponse(bufio.NewReader(conn), nil)
			require.NoError(t, err)
			raw, err := io.ReadAll(response.Body)
			require.NoError(t, err)
			require.Equal(t, http.StatusRequestTimeout, response.StatusCode)
			var a answer
			require.NoError(t, json.Unmarshal(raw, &a))
			a.raw = string(raw)
			requireRefused(t, "BAD_USER_INPUT", a)
			require.LessOrEqual(t, <-d.ended, 11*time.Second)
			require.NoError(t, response.Body.Close())
			require.NoError(t, conn.Close())
			<-written
		})
	}
}
