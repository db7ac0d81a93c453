package graph_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
)

// canary is a password that must turn up nowhere.
const canary = "c4n4ry-passw0rd"

// brokenBodies are bodies that hold a password and are no request.
func brokenBodies() map[string]string {
	mutation := `mutation { registerAccount(input: {email: \"a@example.com\", password: \"` + canary + `\"}) { errors { code } } }`
	request := `{"query":"` + mutation + `","variables":{"password":"` + canary + `"}}`
	return map[string]string{
		"an array of operations":    `[` + request + `,` + request + `]`,
		"an array of one":           `[` + request + `]`,
		"trailing bytes":            request + canary,
		"two requests":              request + "\n" + request,
		"an object cut short":       request[:len(request)-1],
		"no JSON":                   "query=" + canary,
		"a string":                  `"` + canary + `"`,
		"a number for a query":      `{"query":1,"variables":{"password":"` + canary + `"}}`,
		"a list for variables":      `{"query":"{ __typename }","variables":["` + canary + `"]}`,
		"a string for variables":    `{"query":"{ __typename }","variables":"` + canary + `"}`,
		"a string for extensions":   `{"query":"{ __typename }","extensions":"` + canary + `"}`,
		"a number for an operation": `{"query":"{ __typename }","operationName":7,"variables":{"password":"` + canary + `"}}`,
		"a number out of bounds":    `{"query":"{ __typename }","variables":{"n":1e999,"password":"` + canary + `"}}`,
		"bytes that are no text":    "\xff\xfe" + canary,
		"a body too large":          `{"query":"{ __typename }","variables":{"password":"` + strings.Repeat(canary, 80_000) + `"}}`,
		"nothing":                   "",
		"null":                      "null",
		"an empty object":           "{}",
		"no query":                  `{"variables":{"password":"` + canary + `"}}`,
	}
}

func TestABrokenBodyIsRefusedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for name, body := range brokenBodies() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := read(t, c.client, c.request(t, http.MethodPost, c.url, body))
			require.GreaterOrEqual(t, a.status, 400, a.raw)
			require.Less(t, a.status, 500, a.raw)
			requireRefused(t, "BAD_USER_INPUT", a)
			requireNoCanary(t, c, a)

			stream := c.request(t, http.MethodPost, c.url, body)
			stream.Header.Set("Accept", "text/event-stream")
			streamed := read(t, c.client, stream)
			requireNoCanary(t, c, streamed)
			require.Equal(t, a.status, streamed.status)
			requireRefused(t, "BAD_USER_INPUT", streamed)
		})
	}
	t.Cleanup(func() {
		require.NotContains(t, c.log.String(), canary)
		require.NotContains(t, standardLog.String(), canary)
	})
}

func requireNoCanary(t *testing.T, c company, a answer) {
	t.Helper()
	require.NotContains(t, a.raw, canary)
	require.NotContains(t, c.log.String(), canary)
	require.NotContains(t, standardLog.String(), canary)
	require.Less(t, len(a.raw), 1000)
}

func TestABodyOfAnotherKindIsRefused(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	good := `{"query":"{ __typename }"}`
	for _, kind := range []string{
		"", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/graphql",
		"application/jsonp", "application/json, text/plain", ";",
	} {
		for _, accept := range []string{"application/json", "text/event-stream"} {
			r := c.request(t, http.MethodPost, c.url, good)
			r.Header.Set("Content-Type", kind)
			r.Header.Set("Accept", accept)
			a := read(t, c.client, r)
			require.Equal(t, http.StatusBadRequest, a.status, "%q", kind)
			requireRefused(t, "BAD_USER_INPUT", a)
		}
	}
	r := c.request(t, http.MethodPost, c.url, good)
	r.Header.Set("Content-Type", "Application/JSON; charset=utf-8")
	require.Equal(t, http.StatusOK, read(t, c.client, r).status)
}

func TestOtherMethodsAreRefused(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, method := range []string{http.MethodPut, http.MethodDelete, http.MethodPatch, http.MethodHead, "BREW"} {
		a := read(t, c.client, c.request(t, method, c.url, `{"query":"{ __typename }"}`))
		require.Equal(t, http.StatusMethodNotAllowed, a.status)
		require.Equal(t, "GET, POST, OPTIONS", a.header.Get("Allow"))
	}
}

func TestABodyMayHave64KibibytesAndNoMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	body := func(bytes int) string {
		text := `{"query":"{ __typename }"}`
		return text + strings.Repeat(" ", bytes-len(text))
	}
	require.Equal(t, http.StatusOK, read(t, c.client, c.request(t, http.MethodPost, c.url, body(64<<10))).status)
	a := read(t, c.client, c.request(t, http.MethodPost, c.url, body(64<<10+1)))
	require.Equal(t, http.StatusRequestEntityTooLarge, a.status)
	requireRefused(t, "BAD_USER_INPUT", a)

	s := c.connect(t, nil)
	s.subscribe(t, "1", `{ __typename }`, vars{"more": strings.Repeat(" ", 64<<10)})
	require.Equal(t, websocket.StatusMessageTooBig, s.closed(t))
}

func TestAQueryMayHaveAThousandTokensAndNoMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	query := func(tokens int) string {
		steps := strings.Repeat(` {kind: ENTRY, name: "a"}`, (tokens-20)/8)
		text := `mutation { createOpening(input: {name: "x", steps: [` + steps + `]}) { errors { code } } }`
		return text + strings.Repeat(" #", tokens)
	}
	require.NotEmpty(t, c.ask(t, query(1000), nil))
	a := c.refused(t, "QUERY_TOO_COMPLEX", query(1008), nil)
	require.Contains(t, a.raw, "1000 tokens")
	s := c.connect(t, nil)
	s.subscribe(t, "1", query(1008), nil)
	require.Equal(t, "error", s.receive(t).Type)
}

func TestAPageMayHaveAHundredItemsAndNoMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	account := c.link(t, "hr@example.com")
	c.imports(t, account, applied(waitingPosition, 1, 1))
	for _, list := range []string{
		`importRuns(first: $first) { totalCount }`,
		`inbox(first: $first) { totalCount }`,
		`routingRules(first: $first) { totalCount }`,
		`openings(first: $first) { totalCount }`,
		`applications(first: $first) { totalCount }`,
		`waitingPositions(first: $first) { count }`,
		`busiestOpenings(first: $first) { name }`,
		`accounts { importRuns(first: $first) { totalCount } }`,
		`importRuns(first: 1) { nodes { entries(first: $first) { totalCount } } }`,
		`importRuns(first: 1) { nodes { invalidRecords(first: $first) { totalCount } } }`,
	} {
		query := `query ($first: Int) { ` + list + ` }`
		for _, first := range []int{101, -1, 1 << 31, -1 << 40} {
			c.refused(t, "BAD_USER_INPUT", query, vars{"first": first})
		}
		for _, first := range []any{0, 100, nil} {
			c.ask(t, query, vars{"first": first})
		}
	}
}

func TestWhatCannotBeIsNamedAsBadInput(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, query := range []string{
		`{ node(id: "no-uuid") { id } }`,
		`{ node(id: "") { id } }`,
		`{ node(id: 5) { id } }`,
		`{ account(id: "0197b3f0-0000-7000-8000-00000000000g") { id } }`,
		`{ importRuns(accountId: "x") { totalCount } }`,
		`{ inbox(state: LOST) { totalCount } }`,
		`{ inbox(first: "three") { totalCount } }`,
		`{ accounts(medium: MONSTER) { id } }`,
		`mutation { stopAccount(id: "x") { errors { code } } }`,
		`mutation { closeApplication(id: "` + uuid.NewString() + `", outcome: WON) { errors { code } } }`,
		`mutation { registerAccount(input: {email: "a@example.com", password: "p", importFrom: "yesterday"}) { errors { code } } }`,
		`mutation { registerAccount(input: {email: "a@example.com"}) { errors { code } } }`,
		`{ nothing }`,
		`{ viewer }`,
		`{`,
		``,
		`query A { __typename } query B { __typename }`,
		`subscription { accountStatusChanged(after: "x") { cursor } }`,
		`subscription { accountStatusChanged(accountId: "x") { cursor } }`,
		`subscription { inboxChanged { cursor } accountStatusChanged { cursor } }`,
	} {
		c.refused(t, "BAD_USER_INPUT", query, nil)
	}
	c.refused(t, "BAD_USER_INPUT", `query ($state: RoutingState) { inbox(state: $state) { totalCount } }`, vars{"state": "LOST"})
	c.refused(t, "BAD_USER_INPUT", `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": nil})
	c.refused(t, "BAD_USER_INPUT", `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": []int{1}})
	require.NotContains(t, c.log.String(), `"level":"error"`)
}

func TestAMutationNeedsPost(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	mutation := `mutation { createOpening(input: {name: "x"}) { errors { code } } }`
	a := read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, mutation, nil), ""))
	require.Equal(t, http.StatusMethodNotAllowed, a.status, a.raw)
	requireRefused(t, "BAD_USER_INPUT", a)
	require.Equal(t, http.StatusMethodNotAllowed, c.streamByGet(t, mutation, nil).response.StatusCode)
	require.EqualValues(t, 0, dig(t, c.ask(t, `{ openings { totalCount } }`, nil), "openings", "totalCount"))

	by := c.streamByPost(t, mutation, nil)
	require.Empty(t, by.receive(t).answer(t).Errors)
	require.Equal(t, "complete", by.receive(t).name)
	require.EqualValues(t, 1, dig(t, c.ask(t, `{ openings { totalCount } }`, nil), "openings", "totalCount"))
}

func TestVariablesOfAGetThatAreNoObjectAreRefusedAndNeverRepeated(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, name := range []string{"variables", "extensions"} {
		for _, accept := range []string{"", "text/event-stream"} {
			r := c.request(t, http.MethodGet, c.url+"?query=%7B__typename%7D&"+name+"=%22"+canary+"%22", "")
			r.Header.Set("Accept", accept)
			a := read(t, c.client, r)
			require.Equal(t, http.StatusBadRequest, a.status, a.raw)
			requireNoCanary(t, c, a)
		}
	}
}

func TestOperationsAreLoggedWithoutTheirVariables(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.ask(t, `mutation Register($password: String!) {
		registerAccount(input: {email: "a@example.com", password: $password}) { errors { code } }
	}`, vars{"password": canary})
	c.ask(t, `mutation { registerAccount(input: {email: "b@example.com", password: "`+canary+`"}) { errors { code } } }`, nil)
	log := c.log.String()
	require.Contains(t, log, `"operation":"Register"`)
	require.Contains(t, log, c.actor.Member.ID.String())
	require.NotContains(t, log+standardLog.String(), canary)
}
