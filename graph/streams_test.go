package graph_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime/pprof"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

func TestWhenStreamsAreClosedASocketIsAskedToComeBack(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	idle, watching := c.connect(t, nil), c.connect(t, nil)
	watching.subscribe(t, "1", watchInbox, nil)
	require.Equal(t, "next", watching.receive(t).Type)
	c.graph.CloseStreams()
	for _, s := range []socket{idle, watching} {
		m, err := s.poll(t)
		require.Error(t, err, "no message that would look like an end: %v", m)
		require.Equal(t, websocket.StatusServiceRestart, websocket.CloseStatus(err))
	}
	late, _, err := c.dial(t, nil)
	require.NoError(t, err)
	require.Equal(t, websocket.StatusServiceRestart, late.closed(t))
}

func TestWhenStreamsAreClosedAnEventStreamBreaksOff(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	streams := []*stream{c.streamByPost(t, watchInbox, nil), c.streamByGet(t, watchInbox, nil)}
	for _, s := range streams {
		require.Equal(t, "next", s.receive(t).name)
	}
	c.graph.CloseStreams()
	for _, s := range streams {
		e, err := s.poll()
		require.ErrorIs(t, err, io.ErrUnexpectedEOF, "%v", e)
	}
	r := c.request(t, http.MethodPost, c.url, string(encode(t, map[string]any{"query": watchInbox})))
	r.Header.Set("Accept", "text/event-stream")
	response, err := c.client.Do(r)
	if err == nil {
		_, err = io.ReadAll(response.Body)
		require.NoError(t, response.Body.Close())
	}
	require.Error(t, err, "a new one breaks off too")

	require.Equal(t, "甲社", digString(t, c.ask(t, whoAmI, nil), "viewer", "company", "name"), "requests are still answered")
	c.graph.CloseStreams()
}

func TestAServerWhoseStreamsAreClosedShutsDownAtOnce(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	server := httptest.NewServer(c.graph)
	t.Cleanup(server.Close)
	c.url, c.client = server.URL+"/graphql", server.Client()
	s := c.streamByPost(t, watchInbox, nil)
	require.Equal(t, "next", s.receive(t).name)
	c.graph.CloseStreams()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, server.Config.Shutdown(ctx))
}

func TestWhoUnsubscribesOrLeavesIsNoLongerReadFor(t *testing.T) {
	t.Parallel()
	var c company
	// What the server starts carries its label.
	pprof.Do(t.Context(), pprof.Labels("test", t.Name()), func(context.Context) { c = open(t).company(t, "甲社") }) //nolint:contextcheck // the label is inherited
	s, by, also := c.connect(t, nil), c.streamByPost(t, watchInbox, nil), c.connect(t, nil)
	require.Equal(t, "next", by.receive(t).name)
	for _, id := range []string{"1", "2"} {
		s.subscribe(t, id, watchInbox, nil)
		require.Equal(t, "next", s.receive(t).Type)
	}
	also.subscribe(t, "1", watchInbox, nil)
	require.Equal(t, "next", also.receive(t).Type)
	require.Equal(t, 4, watching(t))

	s.send(t, message{ID: "1", Type: "complete"})
	require.Eventually(t, func() bool { return watching(t) == 3 }, patience, time.Millisecond)
	by.leave()
	require.Eventually(t, func() bool { return watching(t) == 2 }, patience, time.Millisecond)
	require.NoError(t, s.conn.CloseNow())
	require.Eventually(t, func() bool { return watching(t) == 1 }, patience, time.Millisecond)
	c.graph.CloseStreams()
	require.Equal(t, websocket.StatusServiceRestart, also.closed(t))
	require.Eventually(t, func() bool { return watching(t) == 0 }, patience, time.Millisecond)
}

// watching counts the goroutines that deliver to the subscribers of this test's server.
func watching(t *testing.T) int {
	t.Helper()
	var profile strings.Builder
	require.NoError(t, pprof.Lookup("goroutine").WriteTo(&profile, 1))
	count := 0
	_, groups, _ := strings.Cut(profile.String(), "\n")
	for group := range strings.SplitSeq(groups, "\n\n") {
		if strings.Contains(group, `"test":"`+t.Name()+`"`) && strings.Contains(group, "graph.deliver") {
			many, _, _ := strings.Cut(group, " ")
			n, err := strconv.Atoi(many)
			require.NoError(t, err, group)
			count += n
		}
	}
	return count
}

// slow is a server whose connections hold little, so that a client that does not read is soon felt.
func slow(p *plan) {
	p.tune = func(server *httptest.Server) {
		server.Config.ConnContext = func(ctx context.Context, conn net.Conn) context.Context {
			// Less is taken for as little as can be.
			_ = conn.(*net.TCPConn).SetWriteBuffer(4 << 10)
			return ctx
		}
	}
}

// bulky is more than the buffers between a server and a client hold.
const bulky = `subscription { importRunChanged { run { entries(first: 100) { nodes { candidate { introduction } } } } } }`

// bulk makes the answer to bulky large.
func (c company) bulk(t *testing.T) {
	t.Helper()
	page := applied(waitingPosition, 1, 100)
	for i := range page.Applications {
		page.Applications[i].Person.Introduction = new(strings.Repeat("長い自己紹介", 5_000))
	}
	c.imports(t, c.link(t, "hr@example.com"), page)
}

// deaf opens an event stream of which nobody reads more than the head.
func (c company) deaf(t *testing.T) net.Conn {
	t.Helper()
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", strings.TrimSuffix(strings.TrimPrefix(c.url, "http://"), "/graphql"))
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.(*net.TCPConn).SetReadBuffer(4<<10))
	r := c.request(t, http.MethodPost, c.url, string(encode(t, map[string]any{"query": bulky})))
	r.Header.Set("Accept", "text/event-stream")
	require.NoError(t, r.Write(conn))
	require.NoError(t, conn.SetReadDeadline(time.Now().Add(patience)))
	head := make([]byte, len("HTTP/1.1 200 OK"))
	_, err = io.ReadFull(conn, head)
	require.NoError(t, err)
	require.Equal(t, "HTTP/1.1 200 OK", string(head))
	return conn
}

// writes tells when a handler's writes are held up.
type writes struct {
	http.ResponseWriter
	// deadline moves each deadline for a write.
	deadline func(time.Time) time.Time
	began    func(int)
}

// Write implements http.ResponseWriter.
func (w *writes) Write(p []byte) (int, error) {
	w.began(len(p))
	return w.ResponseWriter.Write(p)
}

// SetWriteDeadline is asked for by http.ResponseController.
func (w *writes) SetWriteDeadline(at time.Time) error {
	return http.NewResponseController(w.ResponseWriter).SetWriteDeadline(w.deadline(at))
}

// Unwrap is asked for by http.ResponseController.
func (w *writes) Unwrap() http.ResponseWriter { return w.ResponseWriter }

func TestAClientThatDoesNotReadIsGivenUpAndHoldsUpNobody(t *testing.T) {
	t.Parallel()
	var given []time.Duration
	ended := make(chan struct{})
	c := open(t, slow, func(p *plan) {
		p.around = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Header.Get("X-Deaf") == "" {
					next.ServeHTTP(w, r)
					return
				}
				defer close(ended)
				next.ServeHTTP(&writes{ResponseWriter: w, began: func(int) {}, deadline: func(at time.Time) time.Time {
					if at.IsZero() {
						return at
					}
					given = append(given, time.Until(at))
					return time.Now().Add(100 * time.Millisecond)
				}}, r)
			})
		}
	}).company(t, "甲社")
	c.bulk(t)
	deaf := c
	deaf.headers = map[string]string{"X-Deaf": "yes"}
	deaf.deaf(t)

	s := c.connect(t, nil)
	s.subscribe(t, "1", watchInbox, nil)
	require.Equal(t, "next", s.receive(t).Type)
	hears := c.streamByPost(t, watchInbox, nil)
	require.Equal(t, "next", hears.receive(t).name)
	select {
	case <-ended:
	case <-time.After(patience):
		require.Fail(t, "a client that does not read is never given up")
	}
	require.NotEmpty(t, given)
	for _, d := range given {
		require.InDelta(t, 20, d.Seconds(), 15, "an event has its own time")
	}
}

func TestAClientThatDoesNotReadDoesNotHoldUpClosing(t *testing.T) {
	t.Parallel()
	stuck := make(chan struct{})
	c := open(t, slow, func(p *plan) {
		p.around = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				next.ServeHTTP(&writes{
					ResponseWriter: w, deadline: func(at time.Time) time.Time { return at },
					began: func(bytes int) {
						if bytes > 1<<20 {
							close(stuck)
						}
					},
				}, r)
			})
		}
	}).company(t, "甲社")
	c.bulk(t)
	c.deaf(t)
	<-stuck
	closed := make(chan struct{})
	go func() {
		defer close(closed)
		c.graph.CloseStreams()
	}()
	select {
	case <-closed:
	case <-time.After(10 * time.Second):
		require.Fail(t, "a client that does not read holds up the whole server's end")
	}
}

func TestARefusedRequestOnAStreamLeavesTheConnectionFit(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for range 3 {
		s := c.streamByPost(t, `{ nothing }`, nil)
		requireRefused(t, "BAD_USER_INPUT", s.receive(t).answer(t))
		require.Equal(t, "complete", s.receive(t).name)
		_, err := s.poll()
		require.ErrorIs(t, err, io.EOF)
		require.NotNil(t, c.ask(t, whoAmI, nil))
	}
}
