package graph_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

const (
	whoAmI   = `{ viewer { member { name } company { name } roles } }`
	watchAll = `subscription { accountStatusChanged { account { id status } previousStatus cursor at } }`
)

// badAuthorizations are headers that nobody is let in with.
func badAuthorizations(t *testing.T, c company) map[string]string {
	t.Helper()
	return map[string]string{
		"a token that nobody made":      "Bearer renkei_nobody",
		"a token of another kind":       "Bearer ghp_0123456789",
		"a token that has expired":      "Bearer " + c.newToken(t, time.Microsecond),
		"another scheme":                "Basic " + c.token,
		"a token without a scheme":      c.token,
		"a scheme without a token":      "Bearer",
		"a token that lost its end":     "Bearer " + c.token[:len(c.token)-1],
		"a token with something behind": "Bearer " + c.token + " and more",
	}
}

func TestARequestWithABadTokenIsRefusedOnEveryTransport(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for name, authorization := range badAuthorizations(t, c) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			bad := c
			bad.token, bad.headers = "", map[string]string{"Authorization": authorization}
			for _, a := range []answer{
				bad.try(t, whoAmI, nil),
				bad.try(t, `{ __typename }`, nil),
				read(t, bad.client, bad.request(t, http.MethodGet, byGet(t, bad.url, whoAmI, nil), "")),
			} {
				require.Equal(t, http.StatusUnauthorized, a.status, a.raw)
				require.Equal(t, "Bearer", a.header.Get("WWW-Authenticate"))
				requireRefused(t, "UNAUTHENTICATED", a)
				require.NotContains(t, a.raw, c.token)
			}
			require.Equal(t, http.StatusUnauthorized, bad.streamByPost(t, watchAll, nil).response.StatusCode)
			require.Equal(t, http.StatusUnauthorized, bad.streamByGet(t, watchAll, nil).response.StatusCode)

			_, response, err := bad.dial(t, http.Header{"Authorization": {authorization}})
			require.Error(t, err)
			require.Equal(t, http.StatusUnauthorized, response.status)
			require.Equal(t, websocket.StatusCode(4403), bad.greet(t, map[string]any{"authorization": authorization}))
		})
	}
	require.NotContains(t, c.log.String()+standardLog.String(), c.token)
}

// greet opens a WebSocket with these parameters and returns the code with which it is closed.
func (c company) greet(t *testing.T, params any) websocket.StatusCode {
	t.Helper()
	s, _, err := c.dial(t, nil)
	require.NoError(t, err)
	s.send(t, message{Type: "connection_init", Payload: encode(t, params)})
	return s.closed(t)
}

func TestARequestWithoutATokenIsRefusedOnEveryTransport(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	c.token = ""
	for _, a := range []answer{
		c.try(t, whoAmI, nil),
		c.try(t, `mutation { stopAccount(id: "0197b3f0-0000-7000-8000-000000000000") { errors { code } } }`, nil),
		c.try(t, watchAll, nil),
		read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, whoAmI, nil), "")),
		c.streamByPost(t, watchAll, nil).receive(t).answer(t),
		c.streamByGet(t, watchAll, nil).receive(t).answer(t),
	} {
		requireRefused(t, "UNAUTHENTICATED", a)
		require.Nil(t, a.Data)
	}
	require.Equal(t, websocket.StatusCode(4403), c.greet(t, map[string]any{}))
	require.Equal(t, websocket.StatusCode(4403), c.greet(t, nil))
}

func TestASocketWhoseParametersAreNoObjectIsClosed(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, params := range []any{[]int{1}, "renkei", 1, true} {
		require.Equal(t, websocket.StatusCode(4400), c.greet(t, params), "%v", params)
	}
}

func TestTheSchemaIsExploredByAdministratorsAlone(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	schema, kind := `{ __schema { queryType { name } } __typename }`, `{ __type(name: "Viewer") { name } }`
	require.Equal(t, "Query", digString(t, c.ask(t, schema, nil), "__schema", "queryType", "name"))
	require.Equal(t, "Viewer", digString(t, c.ask(t, kind, nil), "__type", "name"))

	for _, role := range []intake.Role{intake.RoleRecruiter, intake.RoleCoordinator} {
		recruiter := c.colleague(t, role)
		for _, query := range []string{
			schema, kind, `{ serverTime it: __type(name: "Viewer") { name } }`,
			`{ ...a } fragment a on Query { ... { ...b } } fragment b on Query { __schema { queryType { name } } }`,
			`{ __schema @skip(if: true) { queryType { name } } }`,
		} {
			require.Nil(t, recruiter.refused(t, "FORBIDDEN", query, nil).Data)
			require.Nil(t, recruiter.streamByPost(t, query, nil).receive(t).answer(t).Data)
			s := recruiter.connect(t, nil)
			s.subscribe(t, "1", query, nil)
			require.Equal(t, "error", s.receive(t).Type)
		}
		require.Equal(t, "Query", digString(t, recruiter.ask(t, `{ __typename viewer { __typename } }`, nil), "__typename"))
	}
}

func TestAStrangerLearnsNothing(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	stranger := c
	stranger.token = ""
	require.Equal(t, "Query", digString(t, stranger.ask(t, `{ __typename }`, nil), "__typename"))
	for _, query := range []string{
		`{ __typename viewer { roles } }`,
		`{ __schema { queryType { name } } ... on Query { viewer { roles } } }`,
		`{ ...all } fragment all on Query { __typename viewer { roles } }`,
		`{ __typename: serverTime }`,
		`{ __schema { queryType { name } } }`,
		`{ __type(name: "Viewer") { name } }`,
		`query A { __typename } query B { serverTime }`,
		`subscription { __typename }`,
	} {
		body := map[string]any{"query": query, "operationName": map[bool]string{true: "B"}[query[:7] == "query A"]}
		a := read(t, stranger.client, stranger.request(t, http.MethodPost, stranger.url, string(encode(t, body))))
		require.NotEmpty(t, a.Errors, a.raw)
		require.Contains(t, []string{"UNAUTHENTICATED", "BAD_USER_INPUT"}, a.Errors[0].code(), a.raw)
		require.Nil(t, a.Data, a.raw)
	}
}

func TestATokenSaysWhoAsks(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.company(t, "甲社")
	d.company(t, "乙社")
	want := `{"viewer":{"member":{"name":"山田花子"},"company":{"name":"甲社"},"roles":["ADMIN","RECRUITER"]}}`
	require.JSONEq(t, want, string(encode(t, c.ask(t, whoAmI, nil))))

	c.headers = map[string]string{"Authorization": "bEARER   " + c.newToken(t, time.Hour)}
	c.token = ""
	require.JSONEq(t, want, string(encode(t, c.ask(t, whoAmI, nil))))
	byURL := read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, whoAmI, nil), ""))
	require.JSONEq(t, want, string(encode(t, byURL.Data)))
	require.JSONEq(t, want, string(encode(t, c.streamByPost(t, whoAmI, nil).receive(t).answer(t).Data)))
}

func TestASocketTakesItsTokenFromTheUpgradeToo(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s, _, err := c.dial(t, http.Header{"Authorization": {"Bearer " + c.token}})
	require.NoError(t, err)
	s.send(t, message{Type: "connection_init"})
	require.Equal(t, "connection_ack", s.receive(t).Type)
	s.subscribe(t, "1", whoAmI, nil)
	require.Equal(t, "甲社", digString(t, s.receive(t).answer(t).Data, "viewer", "company", "name"))
	require.Equal(t, "complete", s.receive(t).Type)
}

func TestASocketThatAsksBeforeItSaysWhoItIsIsClosed(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s, _, err := c.dial(t, nil)
	require.NoError(t, err)
	s.subscribe(t, "1", whoAmI, nil)
	require.Equal(t, websocket.StatusCode(4401), s.closed(t))
}
