package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"

	"github.com/coder/websocket"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/graph"
	"renkei/intake"
)

// rotten is a door whose database is gone, to which everybody is a recruiter.
func rotten(tb testing.TB, log *logbook) http.Handler {
	tb.Helper()
	return rottenWith(tb, graph.Options{Log: zerolog.New(log)})
}

func rottenWith(tb testing.TB, options graph.Options) http.Handler {
	tb.Helper()
	pool, err := pgxpool.New(context.Background(), "postgres://nobody@127.0.0.1:1/nothing")
	require.NoError(tb, err)
	pool.Close()
	service := intake.New(pool, nil, nil, nil, intake.Settings{}, zerolog.Nop())
	recruiter := administrator()
	recruiter.Member.Roles = []intake.Role{intake.RoleRecruiter}
	return graph.As(recruiter, graph.NewServer(service, options))
}

func FuzzBody(f *testing.F) {
	for _, body := range brokenBodies() {
		f.Add([]byte(body), false)
	}
	for _, query := range queries() {
		raw, err := json.Marshal(map[string]any{"query": query})
		require.NoError(f, err)
		f.Add(raw, true)
	}
	for _, request := range leaks() {
		raw, err := json.Marshal(request)
		require.NoError(f, err)
		f.Add(raw, true)
		f.Add(raw, false)
	}
	log := &logbook{}
	door := rotten(f, log)
	f.Fuzz(func(t *testing.T, body []byte, newer bool) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", asJSON)
		if newer {
			r.Header.Set("Accept", asResponse)
		}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		require.Less(t, w.Code, 500, "%s", w.Body)
		require.LessOrEqual(t, w.Body.Len(), 16<<10)
		require.True(t, json.Valid(w.Body.Bytes()), "%s", w.Body)
		require.NotContains(t, w.Body.String(), canary)
		require.NotContains(t, log.take(), canary)
	})
}

// codes are those with which a socket may be closed upon what a client says.
var codes = []websocket.StatusCode{1009, 4400, 4401, 4409, 4429}

func FuzzFrame(f *testing.F) {
	hello := "{\"type\":\"connection_init\"}\n"
	for _, said := range []string{
		"", "{}", "null", "[]", "{", "\xff", `{"type":1}`, hello, `{"type":"ping"}`, `{"type":"subscribe","id":"1"}`,
		`{"type":"connection_init","payload":[1]}`, hello + hello, hello + `{"type":"complete","id":"1"}`, hello + `{"type":"next","id":"1"}`,
		hello + `{"type":"subscribe","id":"1","payload":{"query":"{ viewer { roles } }"}}` + "\n" + `{"type":"complete","id":"1"}`,
		hello + `{"type":"subscribe","id":"1","payload":{"query":"{ nothing }","variables":{"x":"` + canary + `"}}}`,
		hello + `{"type":"subscribe","id":"1","payload":{"query":"subscription { inboxChanged { cursor } }"}}` + "\n" + `{"type":"subscribe","id":"1","payload":{"query":"{"}}`,
		hello + `{"type":"subscribe","id":"1","payload":{"query":"query ($n: Int) { inbox(first: $n) { totalCount } }","variables":{"n":"` + canary + `"}}}`,
		hello + `{"type":"ping","payload":{"x":"` + canary + `"}}`,
	} {
		f.Add([]byte(said), false)
		f.Add([]byte(said), true)
	}
	log := &logbook{}
	d := openIndoors(f, rotten(f, log))
	f.Fuzz(func(t *testing.T, said []byte, binary bool) {
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		defer cancel()
		conn, _, err := websocket.Dial(ctx, "ws://door/graphql", &websocket.DialOptions{HTTPClient: d.client, Subprotocols: []string{transportWS}}) //nolint:bodyclose // the connection's
		require.NoError(t, err)
		defer conn.CloseNow() //nolint:errcheck // it is over
		go speak(ctx, conn, said, binary)
		for {
			_, raw, err := conn.Read(ctx)
			if err != nil {
				require.NoError(t, ctx.Err(), "it does not come to an end")
				require.Contains(t, codes, websocket.CloseStatus(err), "%v", err)
				break
			}
			var m message
			require.NoError(t, json.Unmarshal(raw, &m))
			require.LessOrEqual(t, len(raw), 16<<10)
			require.True(t, slices.Contains([]string{"connection_ack", "next", "error", "complete", "pong", "ping"}, m.Type), m.Type)
			require.NotContains(t, string(raw), canary)
			if m.Type == "error" {
				require.NotContains(t, string(raw), "INTERNAL")
			}
		}
		require.NotContains(t, log.take(), canary)
		<-d.ended
	})
}

// speak sends a message for each line, and then one that is none, so that it comes to an end.
func speak(ctx context.Context, conn *websocket.Conn, said []byte, binary bool) {
	kind := websocket.MessageText
	for line := range bytes.SplitSeq(said, []byte("\n")) {
		if conn.Write(ctx, kind, line) != nil {
			return
		}
		if binary {
			kind = websocket.MessageBinary
		}
	}
	_ = conn.Write(ctx, websocket.MessageText, []byte("good-bye"))
}
