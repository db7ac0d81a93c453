package graph_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// say sends a text as it is.
func (s socket) say(t *testing.T, kind websocket.MessageType, text string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	require.NoError(t, s.conn.Write(ctx, kind, []byte(text)))
}

// hello opens a WebSocket that has said nothing.
func (c company) hello(t *testing.T) socket {
	t.Helper()
	s, _, err := c.dial(t, nil)
	require.NoError(t, err)
	return s
}

func TestWhoBreaksTheProtocolIsClosedWithItsCode(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	forever := `{"id":"1","type":"subscribe","payload":{"query":"subscription { inboxChanged { cursor } }"}}`
	late := func(text string) func(*testing.T) socket {
		return func(t *testing.T) socket {
			t.Helper()
			s := c.connect(t, nil)
			s.say(t, websocket.MessageText, text)
			return s
		}
	}
	early := func(text string) func(*testing.T) socket {
		return func(t *testing.T) socket {
			t.Helper()
			s := c.hello(t)
			s.say(t, websocket.MessageText, text)
			return s
		}
	}
	offering := func(protocols ...string) func(*testing.T) socket {
		return func(t *testing.T) socket {
			t.Helper()
			conn, _, err := websocket.Dial(t.Context(), c.url, &websocket.DialOptions{Subprotocols: protocols}) //nolint:bodyclose // the connection's
			require.NoError(t, err)
			t.Cleanup(func() { _ = conn.CloseNow() })
			return socket{conn: conn}
		}
	}
	for name, probe := range map[string]struct {
		code websocket.StatusCode
		do   func(*testing.T) socket
	}{
		"no subprotocol":               {4406, offering()},
		"the dead subprotocol":         {4406, offering("graphql-ws")},
		"another subprotocol":          {4406, offering("graphql-transport-ws-2")},
		"a subscription before init":   {4401, early(forever)},
		"an init that is a list":       {4400, early(`{"type":"connection_init","payload":[1]}`)},
		"an init that is a text":       {4400, early(`{"type":"connection_init","payload":"x"}`)},
		"a second init":                {4429, late(`{"type":"connection_init"}`)},
		"no JSON before init":          {4400, early(`{`)},
		"no JSON":                      {4400, late(`{"type"`)},
		"more than one JSON":           {4400, late(`{"type":"ping"}{"type":"ping"}`)},
		"a list":                       {4400, late(`[{"type":"ping"}]`)},
		"null":                         {4400, late(`null`)},
		"bytes that are no text":       {4400, late("{\"type\":\"ping\",\"id\":\"\xff\"}")},
		"an unknown type":              {4400, late(`{"type":"start"}`)},
		"a type of the server's":       {4400, late(`{"id":"1","type":"next"}`)},
		"no type":                      {4400, late(`{"id":"1"}`)},
		"a type that is a number":      {4400, late(`{"type":1}`)},
		"a subscription without an id": {4400, late(strings.Replace(forever, `"id":"1",`, "", 1))},
		"an empty id":                  {4400, late(strings.Replace(forever, `"1"`, `""`, 1))},
		"an endless id":                {4400, late(strings.Replace(forever, `"1"`, `"`+strings.Repeat("1", 257)+`"`, 1))},
		"an id that is a number":       {4400, late(strings.Replace(forever, `"1"`, `1`, 1))},
		"a complete without an id":     {4400, late(`{"type":"complete"}`)},
		"a ping with a number":         {4400, late(`{"type":"ping","payload":1}`)},
		"no payload":                   {4400, late(`{"id":"1","type":"subscribe"}`)},
		"no query":                     {4400, late(`{"id":"1","type":"subscribe","payload":{}}`)},
		"a query that is a number":     {4400, late(`{"id":"1","type":"subscribe","payload":{"query":1}}`)},
		"several operations":           {4400, late(`{"id":"1","type":"subscribe","payload":[{"query":"{ __typename }"}]}`)},
		"2 MB":                         {1009, late(strings.Repeat(" ", 2<<20))},
		"2 MB before init":             {1009, early(strings.Repeat(" ", 2<<20))},
		"an id twice": {4409, func(t *testing.T) socket {
			t.Helper()
			s := late(forever)(t)
			require.Equal(t, "next", s.receive(t).Type)
			s.say(t, websocket.MessageText, forever)
			return s
		}},
		"binary": {4400, func(t *testing.T) socket {
			t.Helper()
			s := c.connect(t, nil)
			s.say(t, websocket.MessageBinary, `{"type":"ping"}`)
			return s
		}},
		"51 subscriptions": {4429, func(t *testing.T) socket {
			t.Helper()
			s := c.connect(t, nil)
			for n := range 50 {
				s.subscribe(t, fmt.Sprint(n), watchInbox, nil)
				require.Equal(t, "next", s.receive(t).Type)
			}
			s.subscribe(t, "more", watchInbox, nil)
			return s
		}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, probe.code, probe.do(t).closed(t))
		})
	}
}

func TestWhatMayComeAtAnyTimeDoesNoHarm(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, s := range []socket{c.hello(t), c.connect(t, nil)} {
		for _, harmless := range []string{
			`{"type":"pong"}`, `{"type":"pong","payload":{"a":1}}`, `{"id":"nobody","type":"complete"}`,
		} {
			s.say(t, websocket.MessageText, harmless)
		}
		for _, ping := range []string{`{"type":"ping"}`, `{"type":"ping","payload":null}`, `{"type":"ping","payload":{"a":"` + canary + `"}}`} {
			s.say(t, websocket.MessageText, ping)
			require.Equal(t, message{Type: "pong"}, s.receive(t))
		}
	}
}

func TestAnIDIsFreeAgainAfterItsEnd(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s := c.connect(t, nil)
	for range 100 {
		s.subscribe(t, "1", `{ serverTime }`, nil)
		require.Equal(t, "next", s.receive(t).Type)
		require.Equal(t, "complete", s.receive(t).Type)
		s.subscribe(t, "1", watchInbox, nil)
		require.Equal(t, "next", s.receive(t).Type)
		s.send(t, message{ID: "1", Type: "complete"})
		s.subscribe(t, "1", `{ nothing }`, nil)
		require.Equal(t, "error", s.receive(t).Type)
	}
}

// graphql-ws takes a `complete` that comes behind an `error` for the end of whatever it asked for next.
func TestNothingFollowsAnErrorRoundAfterRound(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s := c.connect(t, nil)
	bad := []string{`{ nothing }`, `{`, `query ($id: ID!) { node(id: $id) { id } }`, `{ viewer { ...f } } fragment f on Viewer { ...f }`, `{` + strings.Repeat(" __typename", 11) + `}`}
	for round := range 200 {
		s.subscribe(t, "1", bad[round%len(bad)], nil)
		s.send(t, message{Type: "ping"})
		told := []string{}
		for len(told) < 2 {
			told = append(told, s.receive(t).Type)
		}
		require.ElementsMatch(t, []string{"error", "pong"}, told, "round %d", round)
		s.subscribe(t, "1", `{ __typename }`, nil)
		require.Equal(t, "next", s.receive(t).Type, "round %d", round)
		require.Equal(t, "complete", s.receive(t).Type, "round %d", round)
	}
}

func TestStreamsEndWithTheTokenThatOpenedThem(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.endStreams(t)
	other := c.colleague(t, intake.RoleRecruiter)
	s, by, waiting := c.connect(t, nil), c.streamByPost(t, watchInbox, nil), c.hello(t)
	s.subscribe(t, "1", watchInbox, nil)
	require.Equal(t, "next", s.receive(t).Type)
	require.Equal(t, "next", by.receive(t).name)
	stays, remains := other.connect(t, nil), other.streamByPost(t, watchInbox, nil)
	require.Equal(t, "next", remains.receive(t).name)

	_, err := c.pool.Exec(t.Context(), "UPDATE api_tokens SET revoked_at = now() WHERE member_id = $1", c.actor.Member.ID)
	require.NoError(t, err)
	_, err = s.poll(t)
	require.Equal(t, websocket.StatusCode(4401), websocket.CloseStatus(err), "nothing that looks like an end: %v", err)
	require.ErrorContains(t, err, "connect again")
	_, err = by.poll()
	require.ErrorContains(t, err, "unexpected EOF")
	waiting.send(t, message{Type: "ping"})
	require.Equal(t, "pong", waiting.receive(t).Type, "who that is, is not known yet")
	stays.subscribe(t, "1", whoAmI, nil)
	require.Equal(t, "next", stays.receive(t).Type)
	c.listen(t)
	c.imports(t, c.link(t, "hr@example.com"), applied(waitingPosition, 1, 1))
	require.Equal(t, "next", remains.receive(t).name)
}

func TestStreamsEndWhenTheirMemberIsDisabledOrGivenOtherRoles(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.endStreams(t)
	for _, change := range []string{"UPDATE members SET disabled_at = now() WHERE id = $1", "UPDATE members SET revision = revision + 1 WHERE id = $1"} {
		other := c.colleague(t, intake.RoleRecruiter)
		s := other.connect(t, nil)
		_, err := c.pool.Exec(t.Context(), change, other.actor.Member.ID)
		require.NoError(t, err)
		_, err = s.poll(t)
		require.Equal(t, websocket.StatusCode(4401), websocket.CloseStatus(err), "%s: %v", change, err)
	}
}

// endStreams looks after the open streams as a process that serves does.
func (d *door) endStreams(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		d.graph.EndStreams(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
}

func TestAMemberWhoOpensTooManyStreamsIsRefusedMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	sockets := make([]socket, 100)
	for i := range sockets {
		sockets[i] = c.connect(t, nil)
	}
	require.Equal(t, websocket.StatusCode(4429), c.greet(t, vars{"authorization": "Bearer " + c.token}))
	r := c.request(t, http.MethodPost, c.url, `{"query":"{ __typename }"}`)
	r.Header.Set("Accept", "text/event-stream")
	a := read(t, c.client, r)
	require.Equal(t, http.StatusTooManyRequests, a.status)
	requireRefused(t, "RATE_LIMITED", a)
	c.colleague(t, intake.RoleRecruiter).connect(t, nil)

	require.NoError(t, sockets[0].conn.Close(websocket.StatusNormalClosure, ""))
	require.Eventually(t, func() bool {
		s := c.hello(t)
		s.send(t, message{Type: "connection_init", Payload: encode(t, vars{"authorization": "Bearer " + c.token})})
		var m message
		return wsjson.Read(t.Context(), s.conn, &m) == nil
	}, patience, 10*time.Millisecond, "there is room for another")
}
