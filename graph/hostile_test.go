package graph_test

import (
	"bufio"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// attack is a request that somebody makes who means no good.
type attack struct {
	name   string
	method string
	// at is behind the address.
	at      string
	headers map[string]string
	body    io.Reader
	// upload is a body of many megabytes, which takes longer to send than to refuse.
	upload bool
}

// endless is as much of the same as is wanted.
func endless(text string, bytes int64) io.Reader {
	return io.LimitReader(&loop{text: text}, bytes)
}

type loop struct {
	text string
	at   int
}

// Read implements io.Reader.
func (l *loop) Read(p []byte) (int, error) {
	n := copy(p, l.text[l.at:])
	l.at = (l.at + n) % len(l.text)
	return n, nil
}

func queries() map[string]string {
	fragments := func(n int, on, each, last string) string {
		var text strings.Builder
		for i := range n {
			fmt.Fprintf(&text, " fragment f%d on %s { %s }", i, on, strings.ReplaceAll(each, "%d", fmt.Sprint(i+1)))
		}
		return text.String() + fmt.Sprintf(" fragment f%d on %s { %s }", n, on, last)
	}
	return map[string]string{
		"deep":                               strings.Repeat("{ a ", 400) + strings.Repeat("}", 400),
		"deeper than tokens":                 strings.Repeat("{a", 30_000),
		"deep and valid":                     `{ openings(first: 1) { nodes ` + strings.Repeat(`{ rules { opening `, 150) + `{ id }` + strings.Repeat(` } }`, 150) + ` } }`,
		"deep lists":                         `{ node(id: ` + strings.Repeat("[", 450) + strings.Repeat("]", 450) + `) { id } }`,
		"deep objects":                       `{ node(id: ` + strings.Repeat("{a:", 200) + "1" + strings.Repeat("}", 200) + `) { id } }`,
		"deep types":                         `query ($a: ` + strings.Repeat("[", 400) + "Int" + strings.Repeat("]", 400) + `) { __typename }`,
		"deep inline fragments":              `{ viewer ` + strings.Repeat("{ ... ", 300) + "{ roles }" + strings.Repeat(" }", 300) + ` }`,
		"wide":                               `{ viewer {` + strings.Repeat(" roles", 900) + ` } }`,
		"wide with objects":                  `{` + strings.Repeat(" viewer { roles }", 230) + ` }`,
		"wider than tokens":                  `{ viewer {` + strings.Repeat(" roles", 10_000) + ` } }`,
		"wide below the limit":               `{ viewer {` + strings.Repeat(" member { id }", 148) + ` } }`,
		"wide and unknown":                   `{ viewer {` + many(298, "x%d") + ` } }`,
		"aliases":                            `{` + many(300, "a%d: viewer { roles }") + ` }`,
		"aliases within":                     `{ viewer {` + many(300, "a%d: roles") + ` } }`,
		"the same alias of all":              `{ viewer {` + many(15, "a: roles a: member { id }") + ` } }`,
		"an endless alias":                   `{ ` + strings.Repeat("a", 60_000) + `: __typename }`,
		"an endless field":                   `{ ` + strings.Repeat("a", 60_000) + ` }`,
		"an endless argument":                `{ node(` + strings.Repeat("a", 60_000) + `: 1) { id } }`,
		"an endless type":                    `{ ...f } fragment f on ` + strings.Repeat("A", 60_000) + ` { id }`,
		"an endless directive":               `{ __typename @` + strings.Repeat("a", 60_000) + ` }`,
		"an endless enum":                    `{ inbox(state: ` + strings.Repeat("A", 60_000) + `) { totalCount } }`,
		"an endless text":                    `{ inbox(first: "` + strings.Repeat("あ", 20_000) + `") { totalCount } }`,
		"ten endless fields":                 `{ viewer {` + many(10, strings.Repeat("a", 6_000)+"%d") + ` } }`,
		"an endless comment":                 `{ __typename } #` + strings.Repeat("a", 60_000),
		"endless comments":                   strings.Repeat("#\n", 30_000) + `{ nothing }`,
		"endless commas":                     `{ nothing` + strings.Repeat(",", 60_000) + ` }`,
		"fragments that double":              `{ viewer { ...f0 } }` + fragments(28, "Viewer", "...f%d ...f%d", "roles"),
		"fragments that double in lists":     `{ openings(first: 1) { nodes { ...f0 } } }` + fragments(28, "Opening", "...f%d ...f%d", "rules { id }"),
		"fragments that double unused":       `{ __typename }` + fragments(28, "Viewer", "...f%d ...f%d", "roles"),
		"fragments that double introspected": `{ __schema { types { ...f0 } } }` + fragments(28, "__Type", "...f%d ...f%d", "name"),
		"fragments that double below fields": `{ openings(first: 1) { nodes { ...f0 } } }` + fragments(28, "Opening", "a: rules { opening { ...f%d } } b: rules { opening { ...f%d } }", "id"),
		"fragments in a line":                `{ viewer { ...f0 } }` + fragments(120, "Viewer", "...f%d", "roles"),
		"fragments in a circle":              `{ viewer { ...f0 } }` + fragments(100, "Viewer", "...f%d", "...f0"),
		"fragments in many circles":          `{ viewer { ...f0 } }` + fragments(60, "Viewer", "...f%d ...f0", "...f0"),
		"a fragment in itself":               `{ viewer { ...f } } fragment f on Viewer { ...f roles }`,
		"a fragment below itself":            `{ viewer { ...f } } fragment f on Viewer { company { ...f } }`,
		"fragments of the same name":         `{ viewer { ...f } }` + strings.Repeat(` fragment f on Viewer { roles }`, 100),
		"unused fragments":                   `{ __typename }` + many(120, `fragment u%d on Viewer { roles }`),
		"spreads of nothing":                 `{ viewer {` + many(400, "...n%d") + ` } }`,
		"spreads that cannot be":             `{ viewer {` + strings.Repeat(" ...f", 20) + ` } } fragment f on Opening {` + strings.Repeat(" id", 10) + ` }`,
		"conflicting fields":                 `{ viewer {` + many(14, "x: roles x: member { id }") + ` } }`,
		"conflicts in fragments":             `{ node(id: "x") {` + many(20, `... on Opening { x: id } ... on Member { x: name }`) + ` } }`,
		"conflicting arguments":              `{` + many(9, `inbox(first: %d) { totalCount }`) + ` }`,
		"directives":                         `{ __typename` + strings.Repeat(" @a", 490) + ` }`,
		"ten thousand directives":            `{ __typename` + strings.Repeat(" @bad", 10_000) + ` }`,
		"directives on the operation":        `query` + strings.Repeat(" @skip(if: true)", 100) + ` { __typename }`,
		"directives on variables":            `query (` + many(100, "$v%d: Int @a") + `) { __typename }`,
		"directives on fragments":            `{ viewer {` + strings.Repeat(" ... @skip(if: true) { roles }", 60) + ` } }`,
		"directives within the limit":        `{ __typename` + strings.Repeat(" @bad", 20) + ` }`,
		"operations":                         strings.Repeat(`{ __typename } `, 240),
		"operations of the same name":        strings.Repeat(`query A { __typename } `, 190),
		"variables that nobody uses":         `query (` + many(240, "$v%d: Int") + `) { __typename }`,
		"variables that are not there":       `{ inbox(` + many(240, "a%d: $v%d") + `) { totalCount } }`,
		"the same variable":                  `query (` + strings.Repeat(" $v: Int", 240) + `) { __typename }`,
		"a number without end":               `{ inbox(first: ` + strings.Repeat("9", 60_000) + `) { totalCount } }`,
		"a number beyond all":                `{ inbox(first: 1e999999999) { totalCount } }`,
		"a negative number without end":      `{ inbox(first: -` + strings.Repeat("9", 30_000) + `.` + strings.Repeat("9", 30_000) + `) { totalCount } }`,
		"a NUL in a text":                    `{ inbox(positionName: "\u0000") { totalCount } }`,
		"a NUL in a search":                  `{ applications(search: "a\u0000b") { totalCount } }`,
		"a lone surrogate in a text":         `{ inbox(positionName: "\uD800") { totalCount } }`,
		"a control character":                "{ \x01 }",
		"rows without number":                `{ importRuns(first: 100) { nodes { entries(first: 100) { nodes { account { importRuns(first: 100) { nodes { id } } } } } } } }`,
		"introspection":                      explorers,
		"introspection without end":          `{ __schema { types { fields { type { fields { type { fields { type { fields { name } } } } } } } } } }`,
		"introspection in a circle":          `{ __schema { types { ...f } } } fragment f on __Type { fields { type { ...f } } }`,
		"a thousand sign-ins":                `mutation {` + many(100, `m%d: stopAccount(id: "x") { errors { code } }`) + ` }`,
		"a subscription of all":              `subscription {` + many(10, `a%d: inboxChanged { cursor }`) + ` }`,
		"a schema":                           `type Query { a: Int }` + strings.Repeat(` extend type Query { b: Int }`, 50),
		"nothing":                            ` `,
		"a byte order mark":                  "\ufeff{ nothing }",
		"text from right to left":            "{ \u202e }",
		"an unterminated block":              `{ node(id: """` + strings.Repeat("a\n", 20_000),
		"a block that is all indentation":    `{ node(id: """` + strings.Repeat(strings.Repeat(" ", 100)+"\n", 500) + `""") { id } }`,
		"escapes":                            `{ node(id: "` + strings.Repeat(`\u3042`, 9_000) + `") { id } }`,
	}
}

func attacks(tb testing.TB) []attack {
	tb.Helper()
	var all []attack
	post := func(name, body string) { all = append(all, attack{name: name, body: strings.NewReader(body)}) }
	for name, query := range queries() {
		raw, err := json.Marshal(map[string]any{"query": query})
		require.NoError(tb, err)
		post(name, string(raw))
	}
	of := func(variables string) string {
		return `{"query":"query ($id: ID!) { node(id: $id) { id } }","variables":` + variables + `}`
	}
	for name, body := range map[string]string{
		"variables without number":       of(`{"id":"x"` + strings.Repeat(`,"a":1`, 10_000) + `}`),
		"deep variables":                 of(`{"id":` + strings.Repeat("[", 9_000) + strings.Repeat("]", 9_000) + `}`),
		"variables deeper than allowed":  of(`{"id":` + strings.Repeat("[", 20_000) + strings.Repeat("]", 20_000) + `}`),
		"deep objects as variables":      of(`{"id":` + strings.Repeat(`{"a":`, 5_000) + `1` + strings.Repeat("}", 5_000) + `}`),
		"a variable without end":         of(`{"id":"` + strings.Repeat("x", 60_000) + `"}`),
		"a number for a variable":        of(`{"id":` + strings.Repeat("9", 60_000) + `}`),
		"a number out of bounds":         of(`{"id":1e999}`),
		"an exponent without end":        of(`{"id":1e` + strings.Repeat("9", 50_000) + `}`),
		"a lone surrogate in a variable": of(`{"id":"\ud800"}`),
		"a NUL in a variable":            of(`{"id":"\u0000"}`),
		"a name without end":             of(`{"` + strings.Repeat("x", 60_000) + `":1}`),
		"an operation's endless name":    `{"query":"{ __typename }","operationName":"` + strings.Repeat("x", 60_000) + `"}`,
		"an array":                       `[` + strings.Repeat(`{"query":"{ __typename }"},`, 1_000) + `{"query":"{ __typename }"}]`,
		"an array of one":                `[{"query":"{ __typename }"}]`,
		"an empty array":                 `[]`,
		"brackets":                       strings.Repeat("[", 60_000),
		"braces":                         strings.Repeat(`{"a":`, 12_000),
		"bad JSON":                       `{"query":"{ __typename }"`,
		"JSON and more":                  `{"query":"{ __typename }"} x`,
		"the query twice":                `{"query":"{ __typename }","query":"{ nothing }"}`,
		"bad UTF-8":                      "{\"query\":\"{ nothing \xff\xfe }\"}",
		"UTF-16":                         "\xff\xfe{\x00}\x00",
		"nothing at all":                 "",
		"a NUL":                          "\x00",
		"a form in JSON's clothes":       "query=%7B+__typename+%7D",
		"a persisted query":              `{"extensions":{"persistedQuery":{"version":1,"sha256Hash":"x"}}}`,
		"a body just too long":           `{"query":"{ __typename }","x":"` + strings.Repeat("x", 64<<10) + `"}`,
	} {
		post("body: "+name, body)
	}
	for name, kind := range map[string]string{
		"a form": "application/x-www-form-urlencoded", "parts": "multipart/form-data; boundary=x", "plain text": "text/plain",
		"a query": "application/graphql", "another charset": "application/json; charset=utf-16", "nonsense": "\"", "an endless kind": "application/json; a=" + strings.Repeat("b", 5_000),
	} {
		all = append(all, attack{
			name: "kind: " + name, body: strings.NewReader(`{"query":"mutation { stopAccount(id: \"x\") { errors { code } } }"}`), headers: map[string]string{"Content-Type": kind},
		})
	}
	for name, query := range map[string]string{
		"a mutation": "query=" + url.QueryEscape(`mutation { __typename }`), "no query": "", "bad escapes": "query=%zz", "semicolons": "query=a;b",
		"bad UTF-8": "query=%ff%fe", "bad variables": "query=%7B__typename%7D&variables=%5B", "deep": "query=" + url.QueryEscape(strings.Repeat("{a", 5_000)),
		"many parameters": strings.Repeat("query=%7B&", 3_000), "an endless query": "query=" + strings.Repeat("a", 65<<10),
	} {
		all = append(all, attack{name: "get: " + name, method: http.MethodGet, at: "?" + query})
	}
	for _, method := range []string{"PUT", "DELETE", "PATCH", "TRACE", "QUERY"} {
		all = append(all, attack{name: "method: " + method, method: method, body: strings.NewReader(`{"query":"{ __typename }"}`)})
	}
	for name, text := range map[string]string{"of zeros": "\x00", "of brackets": "[", "of text": `{"query":"`, "of queries": `{"query":"{ __typename }"},`} {
		all = append(all, attack{name: "100 MB " + name, body: endless(text, 100<<20), upload: true})
	}
	all = append(all,
		attack{name: "100 MB of events", body: endless("[", 100<<20), upload: true, headers: map[string]string{"Accept": "text/event-stream"}},
		attack{name: "an endless Accept", body: strings.NewReader(`{"query":"{ nothing }"}`), headers: map[string]string{"Accept": strings.Repeat("a/b;q=0.1,", 3_000)}},
		attack{name: "a strange upgrade", method: http.MethodGet, headers: map[string]string{"Connection": "Upgrade", "Upgrade": "websocket"}},
		attack{name: "an upgrade by POST", body: strings.NewReader(`{}`), headers: map[string]string{"Connection": "Upgrade", "Upgrade": "WebSocket", "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x"}},
		attack{name: "an endless token", body: strings.NewReader(`{"query":"{ nothing }"}`), headers: map[string]string{"Authorization": "Bearer " + strings.Repeat("x", 20_000)}},
	)
	return all
}

// suffer sends an attack over a connection of its own and returns the answer and the processor's time that it took,
// which is the same on a machine with other things to do.
func (a attack) suffer(tb testing.TB, c company) (status int, raw []byte, took time.Duration) {
	tb.Helper()
	method := a.method
	if method == "" {
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(tb.Context(), method, c.url+a.at, a.body)
	require.NoError(tb, err, a.name)
	r.Header.Set("Content-Type", asJSON)
	r.Header.Set("Authorization", "Bearer "+c.token)
	for name, value := range a.headers {
		r.Header.Set(name, value)
	}
	conn, err := (&net.Dialer{}).DialContext(tb.Context(), "tcp", strings.TrimSuffix(strings.TrimPrefix(c.url, "http://"), "/graphql"))
	require.NoError(tb, err)
	defer conn.Close() //nolint:errcheck // whatever is left is of no interest
	began := worked(tb)
	sent := make(chan struct{})
	go func() {
		defer close(sent)
		// Who is refused early cannot say all.
		_ = r.Write(conn)
	}()
	require.NoError(tb, conn.SetDeadline(time.Now().Add(patience)))
	response, err := http.ReadResponse(bufio.NewReader(conn), r)
	require.NoError(tb, err, a.name)
	defer response.Body.Close() //nolint:errcheck // read to its end below
	raw, err = io.ReadAll(response.Body)
	require.NoError(tb, err, a.name)
	_ = conn.Close()
	<-sent
	return response.StatusCode, raw, worked(tb) - began
}

// worked is the processor's time that this process has had.
func worked(tb testing.TB) time.Duration {
	tb.Helper()
	var usage syscall.Rusage
	require.NoError(tb, syscall.Getrusage(syscall.RUSAGE_SELF, &usage))
	return time.Duration(usage.Utime.Nano() + usage.Stime.Nano())
}

// haste bounds what an answer costs: several times what it does under the race detector.
const (
	haste       = 2 * time.Second
	uploadHaste = 8 * time.Second
)

func TestNoAttackTakesLongOrMuch(t *testing.T) { //nolint:paralleltest // it measures memory
	c := open(t).company(t, "甲社")
	recruiter := c.colleague(t, intake.RoleRecruiter)
	list := attacks(t)
	require.GreaterOrEqual(t, len(list), 100)
	before := heap()
	for _, a := range list {
		status, raw, took := a.suffer(t, recruiter)
		require.Less(t, status, 500, "%s: %s", a.name, raw)
		require.LessOrEqual(t, len(raw), 16<<10, a.name)
		if a.upload {
			require.Less(t, took, uploadHaste, a.name)
		} else {
			require.Less(t, took, haste, a.name)
		}
		require.NotContains(t, string(raw), "INTERNAL", a.name)
	}
	require.Less(t, heap(), before+16<<20, "what was refused leaves nothing behind")
	require.NotContains(t, recruiter.log.String(), `"level":"error"`)
	require.NotNil(t, recruiter.ask(t, whoAmI, nil))
}

// heap is what is in use.
func heap() uint64 {
	runtime.GC()
	runtime.GC()
	var stats runtime.MemStats
	runtime.ReadMemStats(&stats)
	return stats.HeapAlloc
}
