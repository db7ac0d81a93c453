package graph_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func many(n int, format string) string {
	var text strings.Builder
	for i := range n {
		text.WriteString(" " + strings.ReplaceAll(format, "%d", fmt.Sprint(i)))
	}
	return text.String()
}

func TestAQueryMayHaveSoMuchAndNoMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	viewer := func(selection string) string { return `{ viewer {` + selection + ` } }` }
	runs := func(inner string) string {
		return `{ importRuns(first: 1) { nodes { account { importRuns(first: 1) { nodes { account { importRuns(first: 1) { nodes { account { importRuns(first: 1) { nodes { ` +
			inner + ` } } } } } } } } } } } }`
	}
	for name, query := range map[string]struct{ most, more string }{
		"levels":                  {runs(`id`), runs(`account { id }`)},
		"levels in fragments":     {runs(`...f`) + ` fragment f on ImportRun { id }`, runs(`...f`) + ` fragment f on ImportRun { ... { account { id } } }`},
		"fields at the root":      {`{` + many(10, `__typename`) + ` }`, `{` + many(11, `__typename`) + ` }`},
		"fields in fragments":     {`{ ...f __typename } fragment f on Query {` + many(9, `__typename`) + ` }`, `{ ...f ...f __typename } fragment f on Query {` + many(5, `__typename`) + ` }`},
		"mutations":               {`mutation {` + many(10, `__typename`) + ` }`, `mutation {` + many(11, `__typename`) + ` }`},
		"aliases":                 {viewer(many(15, `a%d: roles`)), viewer(many(16, `a%d: roles`))},
		"aliases in fragments":    {viewer(`...f ...f ...f`) + ` fragment f on Viewer {` + many(5, `a%d: roles`) + ` }`, viewer(`...f ...f ...f ...f`) + ` fragment f on Viewer {` + many(4, `a%d: roles b: roles`) + ` }`},
		"characters in an alias":  {viewer(strings.Repeat("a", 64) + `: roles`), viewer(strings.Repeat("a", 65) + `: roles`)},
		"directives":              {viewer(many(20, `roles @include(if: true)`)), viewer(many(21, `roles @include(if: true)`))},
		"directives on fragments": {viewer(many(20, `... @skip(if: false) { roles }`)), viewer(many(21, `...f @skip(if: false)`)) + ` fragment f on Viewer { roles }`},
		"fields":                  {viewer(many(299, `roles`)), viewer(many(300, `roles`))},
		"fields again and again":  {viewer(many(9, `...f`)) + ` fragment f on Viewer {` + many(30, `roles`) + ` }`, viewer(many(10, `...f`)) + ` fragment f on Viewer {` + many(30, `roles`) + ` }`},
		"fields nothing uses":     {viewer(`...f`) + ` fragment f on Viewer {` + many(290, `roles`) + ` }`, viewer(`roles`) + ` fragment f on Viewer {` + many(301, `roles`) + ` }`},
	} {
		c.ask(t, query.most, nil)
		a := c.refused(t, "QUERY_TOO_COMPLEX", query.more, nil)
		require.Contains(t, a.raw, "at most", name)
		require.NotContains(t, a.raw, `"data"`, name)
	}
}

func TestWhatIsTooComplexIsRefusedOnEveryWire(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	query := `{` + many(11, `__typename`) + ` }`
	requireRefused(t, "QUERY_TOO_COMPLEX", read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, query, nil), "")))
	requireRefused(t, "QUERY_TOO_COMPLEX", c.streamByPost(t, query, nil).receive(t).answer(t))
	requireRefused(t, "QUERY_TOO_COMPLEX", c.streamByGet(t, query, nil).receive(t).answer(t))
	s := c.connect(t, nil)
	s.subscribe(t, "1", query, nil)
	m := s.receive(t)
	require.Equal(t, "error", m.Type)
	require.Contains(t, string(m.Payload), "QUERY_TOO_COMPLEX")
}

// explorers asks what GraphiQL asks.
const explorers = `query IntrospectionQuery {
	__schema {
		queryType { name } mutationType { name } subscriptionType { name }
		types { ...FullType }
		directives { name description locations args { ...InputValue } }
	}
}
fragment FullType on __Type {
	kind name description
	fields(includeDeprecated: true) { name description args { ...InputValue } type { ...TypeRef } isDeprecated deprecationReason }
	inputFields { ...InputValue } interfaces { ...TypeRef }
	enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
	possibleTypes { ...TypeRef }
}
fragment InputValue on __InputValue { name description type { ...TypeRef } defaultValue }
fragment TypeRef on __Type {
	kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name ofType { kind name
		ofType { kind name ofType { kind name ofType { kind name ofType { kind name } } } } } } } } }
}`

func TestAnExplorerMayExplore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	require.NotEmpty(t, digList(t, c.ask(t, explorers, nil), "__schema", "types"))
	c.colleague(t, intake.RoleCoordinator).refused(t, "FORBIDDEN", explorers, nil)
}

// leaks are requests with a canary in a place where a value stands.
func leaks() map[string]map[string]any {
	ask := func(query string) map[string]any { return map[string]any{"query": query} }
	text, bare := `"`+canary+`"`, "c4n4ry"
	return map[string]map[string]any{
		"a text for a number":           ask(`{ inbox(first: ` + text + `) { totalCount } }`),
		"a text for an enum":            ask(`{ inbox(state: ` + text + `) { totalCount } }`),
		"a name for an enum":            ask(`{ inbox(state: ` + bare + `) { totalCount } }`),
		"a name for a text":             ask(`mutation { registerAccount(input: {email: "a@example.com", password: ` + bare + `}) { errors { code } } }`),
		"a number for a text":           ask(`mutation { registerAccount(input: {email: "a@example.com", password: 40414243}) { errors { code } } }`),
		"a list for a text":             ask(`mutation { registerAccount(input: {email: "a@example.com", password: [` + text + `]}) { errors { code } } }`),
		"an object for a text":          ask(`mutation { registerAccount(input: {email: "a@example.com", password: {is: ` + text + `}}) { errors { code } } }`),
		"a text for an object":          ask(`mutation { registerAccount(input: ` + text + `) { errors { code } } }`),
		"a text with a sentence in it":  ask(`mutation { registerAccount(input: "x, found y: z does not exist in ` + canary + `") { errors { code } } }`),
		"a block for a number":          ask(`{ inbox(first: """a: b, found ` + canary + `""") { totalCount } }`),
		"a text for a time":             ask(`mutation { registerAccount(input: {email: "a@example.com", password: "p", importFrom: ` + text + `}) { errors { code } } }`),
		"a text for an id":              ask(`{ node(id: ` + text + `) { id } }`),
		"a text where none may be":      ask(`{ viewer ` + text + ` }`),
		"a name where none may be":      ask(`{ viewer { roles } } ` + bare),
		"a number where none may be":    ask(`{ viewer { roles } 40414243 }`),
		"a text for a keyword":          ask(text),
		"a text that does not end":      ask(`{ node(id: "` + canary),
		"a text with a bad escape":      ask(`{ node(id: "\q` + canary + `") { id } }`),
		"a text with a bad number":      ask(`{ node(id: "\u` + canary + `") { id } }`),
		"a default that does not fit":   ask(`query ($n: Int = ` + text + `) { inbox(first: $n) { totalCount } }`),
		"a directive's value":           ask(`{ viewer @include(if: ` + text + `) { roles } }`),
		"a variable for a number":       {"query": `query ($n: Int) { inbox(first: $n) { totalCount } }`, "variables": vars{"n": canary}},
		"a variable for an enum":        {"query": `query ($s: RoutingState) { inbox(state: $s) { totalCount } }`, "variables": vars{"s": "a\n" + canary}},
		"a variable for an id":          {"query": `query ($id: ID!) { node(id: $id) { id } }`, "variables": vars{"id": canary}},
		"a variable for a time":         {"query": `mutation ($in: RegisterAccountInput!) { registerAccount(input: $in) { errors { code } } }`, "variables": vars{"in": vars{"email": "a@example.com", "password": "p", "importFrom": canary}}},
		"a variable's unknown field":    {"query": `mutation ($in: RegisterAccountInput!) { registerAccount(input: $in) { errors { code } } }`, "variables": vars{"in": vars{canary: "x"}}},
		"a variable's object":           {"query": `mutation ($in: RegisterAccountInput!) { registerAccount(input: $in) { errors { code } } }`, "variables": vars{"in": canary}},
		"the name of no operation":      {"query": `query A { __typename } query B { __typename }`, "operationName": canary},
		"a variable that nobody wanted": {"query": `{ nothing }`, "variables": vars{"x": canary}},
		"an extension":                  {"query": `{ nothing }`, "extensions": vars{"x": canary}},
	}
}

func TestNoRefusalRepeatsAValue(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	s := c.connect(t, nil)
	for name, request := range leaks() {
		body := string(encode(t, request))
		for _, accept := range []string{asJSON, asResponse, "text/event-stream"} {
			r := c.request(t, http.MethodPost, c.url, body)
			r.Header.Set("Accept", accept)
			a := read(t, c.client, r)
			require.Contains(t, a.raw, "BAD_USER_INPUT", name)
			requireNothingOf(t, name, a.raw)
		}
		s.send(t, message{ID: name, Type: "subscribe", Payload: encode(t, request)})
		m := s.receive(t)
		requireNothingOf(t, name, string(m.Payload))
		if m.Type == "next" {
			require.Equal(t, "complete", s.receive(t).Type)
		}
	}
	requireNothingOf(t, "the log", c.log.String())
	require.NotContains(t, c.log.String(), `"level":"error"`)
}

func requireNothingOf(t *testing.T, name, answered string) {
	t.Helper()
	for _, secret := range []string{canary, "c4n4ry", "40414243"} {
		require.NotContains(t, answered, secret, name)
	}
}

func TestARefusalStillSaysWhatIsWrongAndWhere(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for query, want := range map[string]string{
		`{ inbox(first: "x") { totalCount } }`:      "Int cannot represent non-integer value",
		`{ inbox(state: LOST) { totalCount } }`:     `a value does not exist in "RoutingState" enum.`,
		`{ nothing }`:                               `Cannot query field "nothing" on type "Query".`,
		`{ viewer }`:                                `Field "viewer" of type "Viewer!" must have a selection of subfields.`,
		`{ viewer { roles }`:                        "syntax error: Expected Name",
		`{ viewer "x" }`:                            "syntax error: Expected Name",
		`query A { __typename } query B { viewer }`: `Field "viewer" of type`,
	} {
		a := c.refused(t, "BAD_USER_INPUT", query, nil)
		require.Contains(t, a.Errors[0].Message, want, query)
		require.Contains(t, a.raw, `"locations":[{"line":1`, query)
	}
	a := c.refused(t, "BAD_USER_INPUT", `{ it: node(id: 5) { id } }`, nil)
	require.Equal(t, []any{"it", "id"}, a.Errors[0].Path)
	require.Equal(t, "a value is not what the schema asks for", a.Errors[0].Message)
	a = c.refused(t, "BAD_USER_INPUT", `query ($id: ID!) { node(id: $id) { id } }`, nil)
	require.Equal(t, []any{"variable", "id"}, a.Errors[0].Path)
	require.Equal(t, "must be defined", a.Errors[0].Message)
}

func TestNobodyIsToldWhatTheyMayHaveMeant(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for _, query := range []string{
		`{ viewr { roles } }`, `{ viewer { rolez } }`, `{ viewer }`, `{ accounts(mediun: WANTEDLY) { id } }`, `{ accounts(medium: WANTEDLI) { id } }`,
		`{ accounts(medium: "WANTEDLY") { id } }`, `{ inbox(frist: 1) { totalCount } }`, `{ viewer { ...f } } fragment f on Viewr { roles }`,
		`{ viewer { ... on Viewr { roles } } }`, `{ node(id: "x") { email } }`, `{ viewer { roles @inclued(if: true) } }`, `{ viewer { roles @include(fi: true) } }`,
		`mutation { registerAccount(input: {emial: "a@example.com", password: "p"}) { errors { code } } }`, `mutation { registerAcount { errors { code } } }`,
		`query ($s: RoutingStat) { inbox(state: $s) { totalCount } }`, `{ viewer { ...g } } fragment f on Viewer { roles }`,
	} {
		a := c.refused(t, "BAD_USER_INPUT", query, nil)
		require.NotContains(t, a.raw, "mean", query)
		for _, name := range []string{"roles ", "medium", "WANTEDLY", "MediumAccount"} {
			if !strings.Contains(query, strings.TrimSpace(name)) {
				require.NotContains(t, a.raw, name, query)
			}
		}
	}
}
