package graph_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

const (
	asJSON     = "application/json"
	asResponse = "application/graphql-response+json"
)

// audit is a clause of GraphQL over HTTP, under the number that the npm package graphql-http gives it.
type audit struct {
	id, says string
	byGet    bool
	// kind is the Content-Type; JSON where empty.
	kind, accept string
	// send is the body, or the query of a GET.
	send map[string]any
	raw  string
	// least and most are the status.
	least, most int
	contentType string
	// without is a member that the answer must not have.
	without string
}

func clause(id, says, accept string, send map[string]any, status int) audit {
	return audit{id: id, says: says, accept: accept, send: send, least: status, most: status}
}

func (a audit) lacking(member string) audit {
	a.without = member
	return a
}

func (a audit) typed(contentType string) audit {
	a.contentType = contentType
	return a
}

func (a audit) between(least, most int) audit {
	a.least, a.most = least, most
	return a
}

func (a audit) get() audit {
	a.byGet = true
	return a
}

func (a audit) posting(kind, raw string) audit {
	a.kind, a.raw = kind, raw
	return a
}

// audits are all 61 of graphql-http 1.23.1.
func audits() []audit {
	ask := func(more ...any) map[string]any {
		m := map[string]any{"query": "{ __typename }"}
		for i := 0; i < len(more); i += 2 {
			m[more[i].(string)] = more[i+1]
		}
		return m
	}
	byName := ask("query", "query Type($name: String!) { __type(name: $name) { name } }", "variables", vars{"name": "sometype"})
	named := ask("query", "query Query { __typename }", "operationName", "Query")
	unparsable, unknown := ask("query", "{"), ask("query", "{ f31403dfe404bccbb0e835f2629c6a7 }")
	uncoercible := ask("query", "query CoerceFailure($id: ID!) { __typename }", "variables", vars{"id": nil})
	list := []audit{
		clause("22EB", "the newer kind is answered in kind", asResponse, ask(), 200).typed(asResponse),
		clause("4655", "JSON is answered in kind", asJSON, ask(), 200).typed(asJSON),
		clause("47DE", "whoever takes anything gets JSON", "*/*", ask(), 200).typed(asJSON),
		clause("80D8", "whoever does not say gets JSON", "", ask(), 200).typed(asJSON),
		clause("82A3", "an answer is UTF-8", "", ask(), 200),
		clause("BF61", "a request may be UTF-8", "", ask("query", `{ __type(name: "Run🏃Swim🏊") { name } }`), 200).posting("application/json; charset=utf-8", ""),
		clause("78D5", "a request is UTF-8 where it does not say", "", ask(), 200),
		clause("2C94", "POST is taken", "", ask(), 200),
		clause("5A70", "GET is taken", "", ask(), 200).get(),
		clause("9C48", "GET changes nothing", asResponse, ask("query", "mutation { __typename }"), 405).get(),
		clause("9ABE", "a POST says what it brings", "", nil, 400).posting("text/plain;charset=UTF-8", `{"query":"{ __typename }"}`),
		clause("03D4", "JSON is taken", "", ask(), 200),
		clause("A5BF", "a POST brings something", "", nil, 400),
		clause("423L", "a query is missed", asResponse, map[string]any{"notquery": "{ __typename }"}, 400),
		clause("34A2", "a query is a string, newer kind", asResponse, ask(), 200),
		clause("13EE", "a query is a string", asJSON, ask(), 200).lacking("errors"),
		clause("8161", "an operation is named by a string, newer kind", asResponse, named, 200),
		clause("B8B3", "an operation is named by a string", asJSON, named, 200).lacking("errors"),
		clause("2EA1", "variables are an object, newer kind", asResponse, byName, 200),
		clause("28B9", "variables are an object", asJSON, byName, 200).lacking("errors"),
		clause("D6D5", "variables stand in an address, newer kind", asResponse, byName, 200).get().lacking("errors"),
		clause("6A70", "variables stand in an address", asJSON, byName, 200).get().lacking("errors"),
		clause("428F", "extensions are an object, newer kind", asResponse, ask("extensions", vars{"some": "value"}), 200),
		clause("1B7A", "extensions are an object", asJSON, ask("extensions", vars{"some": "value"}), 200).lacking("errors"),
		clause("B6DC", "what is no JSON is answered", asJSON, nil, 0).posting("", `{ "not a JSON`).between(200, 499),
		clause("BCF8", "what is no JSON is a bad request", asJSON, nil, 400).posting("", `{ "not a JSON`),
		clause("B7N8", "what is no JSON is a bad request, newer kind", asResponse, nil, 400).posting("", `{ "not a JSON`),
		clause("8764", "a misspelt query is refused", "", map[string]any{"qeury": "{ __typename }"}, 0).between(400, 599),
		clause("3E3A", "a misspelt query is a bad request", "", map[string]any{"qeury": "{ __typename }"}, 400),
		clause("572B", "what cannot be parsed is 200 as JSON", asJSON, unparsable, 200),
		clause("FDE2", "what is not valid is 200 as JSON", asJSON, unknown, 200),
		clause("7B9B", "a variable that does not fit is 200 as JSON", asJSON, uncoercible, 200),
		clause("865D", "what cannot be parsed is refused", asResponse, unparsable, 0).between(400, 599),
		clause("556A", "what cannot be parsed is a bad request", asResponse, unparsable, 400),
		clause("D586", "what cannot be parsed has no data", asResponse, unparsable, 400).lacking("data"),
		clause("51FE", "what is not valid is refused", asResponse, unknown, 0).between(400, 599),
		clause("74FF", "what is not valid is a bad request", asResponse, unknown, 400),
		clause("5E5B", "what is not valid has no data", asResponse, unknown, 400).lacking("data"),
		clause("86EE", "a variable that does not fit is a bad request", asResponse, uncoercible, 400),
	}
	for i, wrong := range []any{vars{"an": "object"}, 0, false, []string{"array"}} {
		list = append(list,
			clause(fmt.Sprint("LKJ", i), "a query of another type is a bad request", "", ask("query", wrong), 400),
			clause(fmt.Sprint("6C0", i), "an operation named by another type is a bad request", "", ask("operationName", wrong), 400),
		)
	}
	for i, wrong := range []any{"string", 0, false, []string{"array"}} {
		list = append(list,
			clause(fmt.Sprint("476", i), "variables of another type are a bad request", "", ask("variables", wrong), 400),
			clause(fmt.Sprint("58B", i), "extensions of another type are a bad request", "", ask("extensions", wrong), 400),
		)
	}
	for i, name := range []string{"variables", "operationName", "extensions"} {
		list = append(list,
			clause(fmt.Sprint("94B", i), "null is nothing, newer kind", asResponse, ask(name, nil), 200).lacking("errors"),
			clause(fmt.Sprint("022", i), "null is nothing", asJSON, ask(name, nil), 200).lacking("errors"),
		)
	}
	return list
}

func (a audit) request(t *testing.T, c company) *http.Request {
	t.Helper()
	if a.byGet {
		values := url.Values{}
		for name, value := range a.send {
			if text, is := value.(string); is {
				values.Set(name, text)
			} else {
				values.Set(name, string(encode(t, value)))
			}
		}
		return c.request(t, http.MethodGet, c.url+"?"+values.Encode(), "")
	}
	body := a.raw
	if a.send != nil {
		body = string(encode(t, a.send))
	}
	r := c.request(t, http.MethodPost, c.url, body)
	if a.kind != "" {
		r.Header.Set("Content-Type", a.kind)
	}
	return r
}

func TestGraphQLOverHTTPIsSpokenToTheLetter(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	seen := make(map[string]bool)
	for _, a := range audits() {
		seen[a.id] = true
		t.Run(a.id+" "+a.says, func(t *testing.T) {
			t.Parallel()
			r := a.request(t, c)
			if a.accept != "" {
				r.Header.Set("Accept", a.accept)
			}
			answered := read(t, c.client, r)
			require.GreaterOrEqual(t, answered.status, a.least, answered.raw)
			require.LessOrEqual(t, answered.status, a.most, answered.raw)
			require.Contains(t, answered.header.Get("Content-Type"), a.contentType)
			require.True(t, utf8.ValidString(answered.raw))
			var members map[string]json.RawMessage
			require.NoError(t, json.Unmarshal([]byte(answered.raw), &members), answered.raw)
			if a.without != "" {
				require.NotContains(t, members, a.without)
			}
		})
	}
	require.Len(t, seen, 61)
}

func TestAnAnswerIsOfTheKindThatIsLikedBest(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for accept, want := range map[string]string{
		"":                                      asJSON,
		"*/*":                                   asJSON,
		"application/*":                         asJSON,
		"APPLICATION/JSON":                      asJSON,
		asJSON + "; charset=utf-8":              asJSON,
		asResponse + "; charset=utf-8":          asResponse,
		asResponse + ", " + asJSON:              asResponse,
		asJSON + ", " + asResponse:              asJSON,
		asJSON + ";q=0.5, " + asResponse:        asResponse,
		"text/html, */*;q=0.1":                  asJSON,
		"text/event-stream":                     "text/event-stream",
		asJSON + ";q=0.5, text/event-stream":    "text/event-stream",
		asResponse + ", text/event-stream, */*": asResponse,
		"text/html":                             "",
		"application/xml, text/*":               "",
		asJSON + ";q=0":                         "",
		asJSON + ";q=much":                      "",
		";;;":                                   "",
		strings.Repeat("text/html,", 1000):      "",
	} {
		r := c.request(t, http.MethodPost, c.url, `{"query":"{ __typename }"}`)
		r.Header.Set("Accept", accept)
		a := read(t, c.client, r)
		if want == "" {
			require.Equal(t, http.StatusNotAcceptable, a.status, "%q", accept)
			requireRefused(t, "BAD_USER_INPUT", a)
			continue
		}
		require.Equal(t, http.StatusOK, a.status, "%q", accept)
		require.Equal(t, want, a.header.Get("Content-Type"), "%q", accept)
	}
}

func TestARefusalSaysByItsStatusWhatItIs(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	ask := func(c company, query string) answer {
		r := c.request(t, http.MethodPost, c.url, string(encode(t, map[string]any{"query": query})))
		r.Header.Set("Accept", asResponse)
		a := read(t, c.client, r)
		require.Equal(t, asResponse, a.header.Get("Content-Type"))
		require.NotContains(t, a.raw, `"data"`)
		return a
	}
	stranger := c
	stranger.token = ""
	require.Equal(t, http.StatusUnauthorized, ask(stranger, whoAmI).status)
	stranger.token = "renkei_nobody"
	require.Equal(t, http.StatusUnauthorized, ask(stranger, whoAmI).status)
	require.Equal(t, http.StatusForbidden, ask(c.colleague(t, "RECRUITER"), `{ __schema { queryType { name } } }`).status)
	require.Equal(t, http.StatusBadRequest, ask(c, `{ viewer { ...f } } fragment f on Viewer { roles ...f }`).status)
	require.Equal(t, http.StatusNotAcceptable, ask(c, watchAll).status)
}

func TestOptionsSayWhatIsAllowed(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	a := read(t, c.client, c.request(t, http.MethodOptions, c.url, ""))
	require.Equal(t, http.StatusNoContent, a.status)
	require.Equal(t, "GET, POST, OPTIONS", a.header.Get("Allow"))
}
