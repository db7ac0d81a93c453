package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/coder/websocket/wsjson"
	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

// client is a frontend.
type client struct{ address, token string }

type vars map[string]any

// lookBack reaches behind the simulator's first ticket.
const lookBack = 29 * 24 * time.Hour

func (c client) requireReady(t *testing.T) {
	t.Helper()
	eventually(t, "ready", func() bool { return c.status(t, "/readyz") == http.StatusOK })
}

func (c client) status(t *testing.T, path string) int {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+c.address+path, nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	defer resp.Body.Close() //nolint:errcheck // its status is all that is wanted
	return resp.StatusCode
}

func (c client) post(ctx context.Context, accept, query string, v vars) (*http.Response, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	req.Header.Set("Authorization", "Bearer "+c.token)
	return http.DefaultClient.Do(req)
}

type graphErrors []struct{ Message string }

// try asks for a field and returns what came or why not.
func try[T any](ctx context.Context, c client, field, query string, v vars) (T, error) {
	var answer struct {
		Data   map[string]T
		Errors graphErrors
	}
	resp, err := c.post(ctx, "application/graphql-response+json, application/json", query, v)
	if err != nil {
		return answer.Data[field], err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	err = json.NewDecoder(resp.Body).Decode(&answer)
	if err == nil && len(answer.Errors) > 0 {
		err = errors.New(answer.Errors[0].Message)
	}
	return answer.Data[field], err
}

func ask[T any](t *testing.T, c client, field, query string, v vars) T {
	t.Helper()
	answer, err := try[T](t.Context(), c, field, query, v)
	require.NoError(t, err)
	return answer
}

type (
	linkFailure struct{ Reason, Message string }
	account     struct {
		ID, Email, Status, Health string
		Failure                   *linkFailure
		LinkedAt, StoppedAt       *time.Time
		LastImportedAt            *time.Time
		NextImportAt              *time.Time
		HiddenApplications        int
		AvailableActions          []struct {
			Action  string
			Enabled bool
			Reason  *string
		}
	}
	importRun struct {
		ID, Status, Trigger              string
		DueAt                            time.Time
		StartedAt, FinishedAt            *time.Time
		Seen, Known, Imported            int
		Routed, Waiting, Invalid, Hidden int
		Failure                          *linkFailure
		Account                          struct{ ID string }
		Entries, InvalidRecords          struct{ TotalCount int }
	}
	userErrors []struct {
		Code, Message string
		Field         []string
	}
	accountPayload struct {
		Account *account
		Errors  userErrors
	}
	importPayload struct {
		Run           *importRun
		AlreadyQueued bool
		Errors        userErrors
	}
	entry struct {
		ID, Kind, PositionName, State string
		ExternalURL                   string
		AppliedAt                     time.Time
		Account                       struct{ ID string }
		Candidate                     struct {
			ID, Name string
			Email    *string
		}
		Application *struct{ Opening struct{ ID string } }
	}
	page[T any] struct {
		Nodes    []T
		PageInfo struct {
			HasNextPage bool
			EndCursor   *string
		}
		TotalCount int
	}
	statusEvent struct {
		Cursor         string
		PreviousStatus *string
		Account        account
	}
	runEvent struct {
		Cursor string
		Run    importRun
	}
	inboxEvent struct {
		Cursor                    string
		WaitingCount, RoutedCount int
	}
)

const (
	accountFields = ` id email status health failure { reason message } linkedAt stoppedAt lastImportedAt nextImportAt
		hiddenApplications availableActions { action enabled reason } `
	runFields = ` id status trigger dueAt startedAt finishedAt seen known imported routed waiting invalid hidden
		failure { reason message } account { id } `
	errorFields = ` errors { code message field } `

	watchStatus = "subscription ($after: String) { accountStatusChanged(after: $after) { cursor previousStatus account {" + accountFields + "} } }"
	watchRuns   = "subscription ($after: String) { importRunChanged(after: $after) { cursor run {" + runFields + "} } }"
	watchInbox  = "subscription ($after: String) { inboxChanged(after: $after) { cursor waitingCount routedCount } }"

	registerAccount = "mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { account {" + accountFields + "} " + errorFields + "} }"
	stopAccount     = "mutation ($id: ID!) { stopAccount(id: $id) { account {" + accountFields + "} " + errorFields + "} }"
	importNow       = "mutation ($id: ID!) { importNow(accountId: $id) { alreadyQueued run {" + runFields + "} " + errorFields + "} }"
)

func registration(email, password string) vars {
	return vars{"input": vars{"email": email, "password": password, "importFrom": time.Now().Add(-lookBack)}}
}

func (c client) register(t *testing.T, email, password string) account {
	t.Helper()
	p := ask[accountPayload](t, c, "registerAccount", registerAccount, registration(email, password))
	require.Empty(t, p.Errors)
	require.Equal(t, "VERIFYING", p.Account.Status)
	require.Equal(t, email, p.Account.Email)
	return *p.Account
}

func (c client) stopLink(t *testing.T, id string) account {
	t.Helper()
	p := ask[accountPayload](t, c, "stopAccount", stopAccount, vars{"id": id})
	require.Empty(t, p.Errors)
	return *p.Account
}

func (c client) importNow(t *testing.T, id string) importPayload {
	t.Helper()
	p := ask[importPayload](t, c, "importNow", importNow, vars{"id": id})
	require.Empty(t, p.Errors)
	return p
}

func (c client) account(t *testing.T, id string) account {
	t.Helper()
	a := ask[*account](t, c, "account", "query ($id: ID!) { account(id: $id) {"+accountFields+"} }", vars{"id": id})
	require.NotNil(t, a)
	return *a
}

// runs are all of them, the first first.
func (c client) runs(t *testing.T) []importRun {
	t.Helper()
	p := ask[page[importRun]](t, c, "importRuns",
		"query { importRuns(first: 100) { totalCount nodes {"+runFields+"entries(first: 1) { totalCount } invalidRecords(first: 1) { totalCount } } } }", nil)
	require.Len(t, p.Nodes, p.TotalCount)
	for i, j := 0, len(p.Nodes)-1; i < j; i, j = i+1, j-1 {
		p.Nodes[i], p.Nodes[j] = p.Nodes[j], p.Nodes[i]
	}
	return p.Nodes
}

func (c client) inboxSize(t *testing.T) int {
	t.Helper()
	return ask[page[entry]](t, c, "inbox", "query { inbox(first: 1) { totalCount } }", nil).TotalCount
}

func (c client) inbox(t *testing.T) []entry {
	t.Helper()
	const query = `query ($after: String) { inbox(first: 100, after: $after) { totalCount pageInfo { hasNextPage endCursor } nodes {
		id kind positionName state externalUrl appliedAt account { id } candidate { id name email } application { opening { id } } } } }`
	var all []entry
	var after *string
	for {
		p := ask[page[entry]](t, c, "inbox", query, vars{"after": after})
		all, after = append(all, p.Nodes...), p.PageInfo.EndCursor
		if !p.PageInfo.HasNextPage {
			require.Len(t, all, p.TotalCount)
			return all
		}
	}
}

// requireInbox compares the inbox with what a perfect importer would know: everybody is in it once.
func (c client) requireInbox(t *testing.T, want []wantedlysim.TicketInfo) {
	t.Helper()
	got := make(map[int]entry)
	entries := c.inbox(t)
	require.Len(t, entries, len(want))
	for _, e := range entries {
		number, err := strconv.Atoi(e.ExternalURL[strings.LastIndex(e.ExternalURL, "/")+1:])
		require.NoError(t, err)
		got[number] = e
	}
	require.Len(t, got, len(want))
	people, candidates, ids := make(map[int]string), make(map[string]int), make(map[string]bool)
	for _, w := range want {
		e, ok := got[w.Number]
		require.True(t, ok, "ticket %d", w.Number)
		require.Equal(t, w.Position, e.PositionName)
		require.Equal(t, w.Kind, e.Kind)
		require.Equal(t, w.Name, e.Candidate.Name)
		require.True(t, w.At.Truncate(time.Millisecond).Equal(e.AppliedAt), "as precise as the site is")
		require.Nil(t, e.Candidate.Email)
		require.Equal(t, e.State == "ROUTED", e.Application != nil)
		people[w.PersonID], candidates[e.Candidate.ID] = e.Candidate.ID, w.PersonID
		ids[e.Candidate.ID+strconv.Itoa(w.PersonID)] = true
	}
	require.Len(t, ids, len(people), "one person, one candidate")
	require.Len(t, candidates, len(people), "one candidate, one person")
}

// requireActions says which of an account's actions are possible; the others say why not.
func requireActions(t *testing.T, a account, enabled ...string) {
	t.Helper()
	var possible []string
	for _, action := range a.AvailableActions {
		require.Equal(t, action.Enabled, action.Reason == nil)
		if action.Enabled {
			possible = append(possible, action.Action)
		}
	}
	require.Len(t, a.AvailableActions, 3)
	require.Equal(t, enabled, possible)
}

// requireAddsUp checks a run's counters against each other and against what can be listed.
func requireAddsUp(t *testing.T, r importRun) {
	t.Helper()
	require.Equal(t, r.Seen, r.Known+r.Imported+r.Invalid)
	require.Equal(t, r.Imported, r.Routed+r.Waiting)
	require.Equal(t, r.Imported, r.Entries.TotalCount)
	require.Equal(t, r.Invalid, r.InvalidRecords.TotalCount)
}

// stream is an open subscription.
type stream struct {
	field  string
	events chan json.RawMessage
	// ended is closed after the last event; completed and err say how.
	ended     chan struct{}
	completed bool
	err       error
}

func newStream(field string) *stream {
	return &stream{field: field, events: make(chan json.RawMessage, 10_000), ended: make(chan struct{})}
}

// told takes a GraphQL response; it is an error where that holds one.
func (s *stream) told(raw []byte) error {
	var response struct {
		Data   map[string]json.RawMessage
		Errors graphErrors
	}
	if err := json.Unmarshal(raw, &response); err != nil {
		return err
	}
	if len(response.Errors) > 0 {
		return errors.New(response.Errors[0].Message)
	}
	s.events <- response.Data[s.field]
	return nil
}

// until returns the events up to the first that is enough. It is patient for as long as there are any.
func until[T any](t *testing.T, s *stream, enough func(T) bool) []T {
	t.Helper()
	timer := time.NewTimer(patience)
	defer timer.Stop()
	var all []T
	for {
		select {
		case raw := <-s.events:
			timer.Reset(patience)
			var event T
			require.NoError(t, json.Unmarshal(raw, &event))
			all = append(all, event)
			if enough(event) {
				return all
			}
		case <-s.ended:
			// What came just before may be left.
			if len(s.events) == 0 {
				require.FailNow(t, "the stream has ended", "%v, after %+v", s.err, all[max(0, len(all)-1):])
			}
		case <-timer.C:
			require.FailNow(t, "nothing was enough", "%d events, at last %+v", len(all), all[max(0, len(all)-1):])
		}
	}
}

func (s *stream) requireEnd(t *testing.T) {
	t.Helper()
	select {
	case <-s.ended:
	case <-time.After(patience):
		require.FailNow(t, "the stream does not end")
	}
}

// open is how a subscription is opened: overWebSocket or overSSE.
type open func(t *testing.T, c client, field, query string, v vars) *stream

type wsMessage struct {
	Type    string          `json:"type"`
	ID      string          `json:"id,omitempty"`
	Payload json.RawMessage `json:"payload,omitempty"`
}

// overWebSocket subscribes by graphql-transport-ws.
func overWebSocket(t *testing.T, c client, field, query string, v vars) *stream {
	t.Helper()
	ctx := t.Context()
	conn, _, err := websocket.Dial(ctx, "ws://"+c.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the connection's
	require.NoError(t, err)
	require.Equal(t, "graphql-transport-ws", conn.Subprotocol())
	conn.SetReadLimit(1 << 20)
	t.Cleanup(func() { _ = conn.CloseNow() }) // the server may have closed it
	payload, err := json.Marshal(vars{"authorization": "Bearer " + c.token})
	require.NoError(t, err)
	require.NoError(t, wsjson.Write(ctx, conn, wsMessage{Type: "connection_init", Payload: payload}))
	var hello wsMessage
	require.NoError(t, wsjson.Read(ctx, conn, &hello))
	require.Equal(t, "connection_ack", hello.Type)
	payload, err = json.Marshal(vars{"query": query, "variables": v})
	require.NoError(t, err)
	require.NoError(t, wsjson.Write(ctx, conn, wsMessage{Type: "subscribe", ID: "1", Payload: payload}))
	s := newStream(field)
	go func() {
		defer close(s.ended)
		s.err = s.hear(ctx, conn)
	}()
	return s
}

func (s *stream) hear(ctx context.Context, conn *websocket.Conn) error {
	for {
		var m wsMessage
		if err := wsjson.Read(ctx, conn, &m); err != nil {
			return err
		}
		switch m.Type {
		case "ping":
			if err := wsjson.Write(ctx, conn, wsMessage{Type: "pong"}); err != nil {
				return err
			}
		case "next":
			if err := s.told(m.Payload); err != nil {
				return err
			}
		case "complete":
			s.completed = true
			return nil
		case "error":
			return errors.New(string(m.Payload))
		}
	}
}

// overSSE subscribes by server-sent events.
func overSSE(t *testing.T, c client, field, query string, v vars) *stream {
	t.Helper()
	resp, err := c.post(t.Context(), "text/event-stream", query, v) //nolint:bodyclose // below, where it ends
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode)
	require.Contains(t, resp.Header.Get("Content-Type"), "text/event-stream")
	s := newStream(field)
	go func() {
		defer close(s.ended)
		defer resp.Body.Close() //nolint:errcheck // read to its end
		s.err = s.read(resp.Body)
	}()
	return s
}

func (s *stream) read(body io.Reader) error {
	lines := bufio.NewReader(body)
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		line = strings.TrimSpace(line)
		if strings.HasPrefix(line, "event: complete") {
			s.completed = true
			return nil
		}
		if data, ok := strings.CutPrefix(line, "data: "); ok && data != "" {
			if err := s.told([]byte(data)); err != nil {
				return err
			}
		}
	}
}

// link watches how an account that works is registered and linked.
func (w *world) link(t *testing.T, c client, email string) account {
	t.Helper()
	w.sim.SetPassword(email, password)
	statuses := overWebSocket(t, c, "accountStatusChanged", watchStatus, nil)
	registered := c.register(t, email, password)
	until(t, statuses, func(e statusEvent) bool { return e.Account.ID == registered.ID && e.Account.Status == "LINKED" })
	return registered
}

// ended tells whether a run has come to its end.
func ended(r importRun) bool { return r.FinishedAt != nil }

func runEnded(e runEvent) bool { return ended(e.Run) }
