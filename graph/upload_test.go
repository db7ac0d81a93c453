package graph_test

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/graph"
	"renkei/intake"
)

const (
	importRules = `mutation ($file: Upload!) { importRoutingRules(file: $file) {
		created updated unchanged routedCount lineErrors { line code message field } errors { code message field } } }`
	boundary = "x-boundary"
	ruleHead = "求人媒体,募集ポジション名,振り分け先求人\n"
)

// part is one of a form.
type part struct{ name, file, text string }

func (p part) String() string {
	file := ""
	if p.file != "" {
		file = `; filename="` + p.file + `"`
	}
	return "--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + p.name + "\"" + file + "\r\n\r\n" + p.text + "\r\n"
}

func form(parts ...part) string {
	var text strings.Builder
	for _, p := range parts {
		text.WriteString(p.String())
	}
	return text.String() + "--" + boundary + "--\r\n"
}

func asked(query string) part {
	return part{name: "operations", text: fmt.Sprintf(`{"query": %q, "variables": {"file": null}}`, query)}
}

var theMap = part{name: "map", text: `{"0": ["variables.file"]}`}

func ruleFile(text string) part { return part{name: "0", file: "rules.csv", text: text} }

// upload is a request that sends a form.
func (c company) upload(t *testing.T, body string) *http.Request {
	t.Helper()
	r := c.request(t, http.MethodPost, c.url, body)
	r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
	r.Header.Set("GraphQL-Require-Preflight", "1")
	return r
}

// imports rules and returns what the mutation says.
func (c company) importsRules(t *testing.T, csv string) any {
	t.Helper()
	a := read(t, c.client, c.upload(t, form(asked(importRules), theMap, ruleFile(csv))))
	require.Equal(t, http.StatusOK, a.status, a.raw)
	require.Empty(t, a.Errors, a.raw)
	return dig(t, a.Data, "importRoutingRules")
}

func TestAnUploadThatIsNotWellMadeIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := open(t, func(p *plan) { p.options.UploadFolder = folder }).company(t, "甲社")
	secret := "改行" + canary
	file := ruleFile(secret)
	good := form(asked(importRules), theMap, file)
	mapping := func(text string) part { return part{name: "map", text: text} }
	many := []part{asked(importRules), theMap, file}
	for n := range 10_000 {
		many = append(many, part{name: fmt.Sprint("more", n), text: secret})
	}
	for name, body := range map[string]string{
		"nothing":                              "",
		"no form":                              secret,
		"no parts":                             "--" + boundary + "--\r\n",
		"files first":                          form(file, asked(importRules), theMap),
		"a file before the map":                form(asked(importRules), file, theMap),
		"no map":                               form(asked(importRules)),
		"no operations":                        form(theMap, file),
		"no file":                              form(asked(importRules), theMap),
		"another file":                         form(asked(importRules), theMap, part{name: "1", file: "x", text: secret}),
		"the file twice":                       form(asked(importRules), theMap, file, file),
		"operations twice":                     form(asked(importRules), asked(importRules), theMap, file),
		"operations at the end":                form(asked(importRules), theMap, file, asked(importRules)),
		"ten thousand parts":                   form(many...),
		"a batch":                              form(part{name: "operations", text: `[{"query": "{ serverTime }"}]`}, mapping(`{"0": ["0.variables.file"]}`), file),
		"operations that are no JSON":          form(part{name: "operations", text: `{"query": "` + secret}, theMap, file),
		"a map that is none":                   form(asked(importRules), mapping(`["variables.file"]`), file),
		"a map that is cut off":                form(asked(importRules), mapping(`{"0": ["variables.file"]`), file),
		"a map with more behind it":            form(asked(importRules), mapping(`{"0": ["variables.file"]} {}`), file),
		"a map of maps":                        form(asked(importRules), mapping(`{"0": {"0": "variables.file"}}`), file),
		"a map of numbers":                     form(asked(importRules), mapping(`{"0": [0]}`), file),
		"a map without files":                  form(asked(importRules), mapping(`{}`), file),
		"a file without a place":               form(asked(importRules), mapping(`{"0": []}`), file),
		"a file in two places":                 form(asked(importRules), mapping(`{"0": ["variables.file", "variables.file"]}`), file),
		"a file that is named twice":           form(asked(importRules), mapping(`{"0": ["variables.file"], "0": ["variables.file"]}`), file),
		"two files":                            form(asked(importRules), mapping(`{"0": ["variables.file"], "1": ["variables.file"]}`), file, part{name: "1", file: "x", text: secret}),
		"a place outside":                      form(asked(importRules), mapping(`{"0": ["query"]}`), file),
		"a place that is none":                 form(asked(importRules), mapping(`{"0": ["variables.other"]}`), file),
		"a place that is deep":                 form(asked(importRules), mapping(`{"0": ["variables.file.0.x"]}`), file),
		"a place below zero":                   form(asked(importRules), mapping(`{"0": ["variables.-1"]}`), file),
		"all variables":                        form(asked(importRules), mapping(`{"0": ["variables"]}`), file),
		"a map that is too long":               form(asked(importRules), mapping(`{"0": ["`+strings.Repeat("x", 64<<10)+`"]}`), file),
		"operations too long":                  form(asked(importRules+strings.Repeat(" ", 64<<10)), theMap, file),
		"trailing bytes":                       good + secret,
		"much that trails":                     good + strings.Repeat(secret, 10_000),
		"no end":                               strings.TrimSuffix(good, "--\r\n"),
		"cut off in the file":                  good[:len(good)-len(boundary)-20],
		"cut off in the map":                   good[:strings.Index(good, "variables.file")],
		"headers without an end":               "--" + boundary + "\r\n" + strings.Repeat("X: y\r\n", 20_000),
		"a preamble without an end":            strings.Repeat("x", 200_000),
		"an unknown operation":                 form(asked("mutation ($file: Upload!) { nothing(file: $file) { x } }"), theMap, file),
		"an operation without a file":          form(asked("query ($file: String) { serverTime }"), theMap, file),
		"a file that nobody asked for":         form(part{name: "operations", text: `{"query": "{ serverTime }", "variables": {"file": null}}`}, theMap, file),
		"a file where an instant is asked for": form(asked("query ($file: DateTime) { auditLog(from: $file) { nodes { n } } }"), theMap, file),
	} {
		a := read(t, c.client, c.upload(t, body))
		require.GreaterOrEqual(t, len(a.Errors), 1, "%s: %s", name, a.raw)
		require.Contains(t, []int{200, 400, 413}, a.status, name)
		requireRefused(t, "BAD_USER_INPUT", a)
		require.NotContains(t, a.raw, canary, name)
		require.Less(t, len(a.raw), 2000, name)
	}
	for _, kind := range []string{
		"multipart/form-data", "multipart/form-data; boundary=", "multipart/form-data; boundary=" + strings.Repeat("x", 71),
		"multipart/form-data; boundary=other", "Multipart/Form-Data;boundary", "multipart/mixed; boundary=" + boundary,
	} {
		r := c.upload(t, good)
		r.Header.Set("Content-Type", kind)
		a := read(t, c.client, r)
		require.Equal(t, http.StatusBadRequest, a.status, kind)
		requireRefused(t, "BAD_USER_INPUT", a)
	}
	require.NotContains(t, c.log.String(), canary)
	require.Empty(t, digList(t, c.ask(t, `{ routingRules { nodes { id } } }`, nil), "routingRules", "nodes"))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAnUploadWithoutThePreflightHeaderIsRefused(t *testing.T) {
	t.Parallel()
	c := open(t, befriended).company(t, "甲社")
	good := form(asked(importRules), theMap, ruleFile(ruleHead))
	r := c.upload(t, good)
	r.Header.Del("GraphQL-Require-Preflight")
	a := read(t, c.client, r)
	require.Equal(t, http.StatusBadRequest, a.status)
	requireRefused(t, "BAD_USER_INPUT", a)
	require.Contains(t, a.raw, "GraphQL-Require-Preflight")
	for _, name := range []string{"graphql-require-preflight", "Apollo-Require-Preflight"} {
		r := c.upload(t, good)
		r.Header.Del("GraphQL-Require-Preflight")
		r.Header.Set(name, "true")
		require.Equal(t, http.StatusOK, read(t, c.client, r).status)
	}
	r = c.request(t, http.MethodOptions, c.url, "")
	r.Header.Set("Origin", friend)
	r.Header.Set("Access-Control-Request-Method", http.MethodPost)
	r.Header.Set("Access-Control-Request-Headers", "apollo-require-preflight,authorization,content-type,graphql-require-preflight")
	require.Contains(t, read(t, c.client, r).header.Get("Access-Control-Allow-Headers"), "graphql-require-preflight")
}

// stalled is a body whose file never comes.
func stalled(t *testing.T, before string) (io.Reader, func()) {
	t.Helper()
	reader, writer := io.Pipe()
	go func() { _, _ = io.WriteString(writer, before) }()
	return io.MultiReader(reader), func() { _ = writer.CloseWithError(io.ErrUnexpectedEOF) }
}

func TestWhoMayNotSendAFileIsRefusedBeforeItIsRead(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := open(t, func(p *plan) { p.options.UploadFolder = folder }).company(t, "甲社")
	nobody := c
	nobody.token = ""
	imposter := c
	imposter.token = "renkei_nobody"
	for name, one := range map[string]struct {
		who   company
		query string
		code  string
	}{
		"nobody":           {nobody, importRules, "UNAUTHENTICATED"},
		"an imposter":      {imposter, importRules, "UNAUTHENTICATED"},
		"an administrator": {c.colleague(t, intake.RoleAdmin), importRules, "FORBIDDEN"},
		"by a fragment":    {c.colleague(t, intake.RoleAdmin), `mutation ($file: Upload!) { ... { ...f } } fragment f on Mutation { x: importRoutingRules(file: $file) { created } }`, "FORBIDDEN"},
		"skipped":          {c.colleague(t, intake.RoleAdmin), `mutation ($file: Upload!) { importRoutingRules(file: $file) @skip(if: true) { created } }`, "FORBIDDEN"},
		"too much at once": {c, `mutation ($file: Upload!) { a: importRoutingRules(file: $file) { ...f } b: importRoutingRules(file: $file) { ...f } c: importRoutingRules(file: $file) { ...f } } fragment f on ImportRoutingRulesPayload { lineErrors { line } }`, "QUERY_TOO_COMPLEX"},
		"too deep":         {c, `query ($file: Upload) ` + strings.Repeat("{ a ", 20) + strings.Repeat("}", 20), "QUERY_TOO_COMPLEX"},
	} {
		body, cut := stalled(t, asked(one.query).String()+theMap.String()+strings.TrimSuffix(ruleFile("begun").String(), "\r\n"))
		r := one.who.upload(t, "")
		r.Body, r.ContentLength = io.NopCloser(body), -1
		if name == "too much at once" {
			r.Header.Set("Accept", asResponse)
		}
		a := read(t, c.client, r)
		cut()
		requireRefused(t, one.code, a)
	}
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestAFileThatIsTooLargeIsRefused(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	c := open(t, func(p *plan) { p.options.UploadFolder = folder }).company(t, "甲社")
	head := asked(importRules).String() + theMap.String() + strings.TrimSuffix(ruleFile("").String(), "\r\n")
	for _, announced := range []bool{true, false} {
		r := c.upload(t, "")
		size := int64(64<<20 + 1)
		r.Body = io.NopCloser(io.MultiReader(strings.NewReader(head), endless(strings.Repeat("x", 32<<10), size), strings.NewReader("\r\n--"+boundary+"--\r\n")))
		r.ContentLength = -1
		if announced {
			r.ContentLength = int64(len(head)) + size + int64(len(boundary)) + 8
		}
		a := read(t, c.client, r)
		require.Equal(t, http.StatusRequestEntityTooLarge, a.status, a.raw)
		requireRefused(t, "BAD_USER_INPUT", a)
		require.Contains(t, a.raw, "64 MB")
	}
	// The rules' own limit is lower, and said as what a person can mend.
	r := c.upload(t, "")
	r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader(head), endless(strings.Repeat("x", 32<<10), 64<<20), strings.NewReader("\r\n--"+boundary+"--\r\n"))), -1
	a := read(t, c.client, r)
	require.Equal(t, "TOO_LONG", digString(t, a.Data, "importRoutingRules", "errors", 0, "code"), a.raw)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

// onFirstRead is a body that tells when somebody first reads it.
type onFirstRead struct {
	io.ReadCloser
	tell func()
}

func (b onFirstRead) Read(p []byte) (int, error) {
	b.tell()
	return b.ReadCloser.Read(p)
}

func TestAMemberUploadsOneFileAtATime(t *testing.T) {
	t.Parallel()
	reading := make(chan struct{})
	tell := sync.OnceFunc(func() { close(reading) })
	c := open(t, func(p *plan) {
		p.around = func(next http.Handler) http.Handler {
			return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				r.Body = onFirstRead{r.Body, tell}
				next.ServeHTTP(w, r)
			})
		}
	}).company(t, "甲社")
	other := c.colleague(t, intake.RoleCoordinator)
	body, cut := stalled(t, asked(importRules).String())
	first := make(chan int)
	r := c.upload(t, "")
	r.Body, r.ContentLength = io.NopCloser(body), -1
	go func() {
		response, err := c.client.Do(r)
		if err == nil {
			_ = response.Body.Close()
		}
		close(first)
	}()
	<-reading
	good := form(asked(importRules), theMap, ruleFile(ruleHead))
	a := read(t, c.client, c.upload(t, good))
	require.Equal(t, http.StatusTooManyRequests, a.status, a.raw)
	requireRefused(t, "RATE_LIMITED", a)
	require.Equal(t, http.StatusOK, read(t, c.client, other.upload(t, good)).status, "another member has another turn")
	cut()
	<-first
	require.Eventually(t, func() bool { return read(t, c.client, c.upload(t, good)).status == http.StatusOK }, patience, 10*time.Millisecond)
}

func TestAFileComesByAnUploadAlone(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for range 2 { // the second time the query is known
		for _, file := range []any{nil, "x", vars{}, 1} {
			a := c.refused(t, "BAD_USER_INPUT", importRules, vars{"file": file})
			require.Contains(t, a.raw, "multipart/form-data")
		}
		s := c.connect(t, nil)
		s.subscribe(t, "1", importRules, vars{"file": nil})
		said := s.receive(t)
		require.Equal(t, "error", said.Type)
		require.Contains(t, string(said.Payload), "multipart/form-data")
		byURL := read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, `query ($file: Upload) { serverTime }`, vars{"file": nil}), ""))
		requireRefused(t, "BAD_USER_INPUT", byURL)
		require.Contains(t, byURL.raw, "multipart/form-data")
		requireRefused(t, "BAD_USER_INPUT", c.streamByPost(t, importRules, vars{"file": nil}).receive(t).answer(t))
		c.importsRules(t, ruleHead+"Wantedly,x,y\n")
	}
	c.refused(t, "BAD_USER_INPUT", `mutation { importRoutingRules(file: "x") { created } }`, nil)
	r := c.upload(t, form(asked(importRules), theMap, ruleFile(ruleHead)))
	r.Header.Set("Accept", "text/event-stream")
	require.Equal(t, http.StatusNotAcceptable, read(t, c.client, r).status)
}

func TestAnUploadIsGoneWhateverHappens(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	d := open(t, func(p *plan) { p.options.UploadFolder = folder })
	c := d.company(t, "甲社")
	d.program.Close()
	// As if its signs were still good.
	door := httptest.NewServer(graph.As(c.actor, graph.NewServer(d.service, graph.Options{UploadFolder: folder, Log: zerolog.New(d.log)})))
	defer door.Close()
	r := c.upload(t, form(asked(importRules), theMap, ruleFile(ruleHead+"Wantedly,"+canary+",y\n")))
	r.URL.Host = strings.TrimPrefix(door.URL, "http://")
	r.Header.Del("Authorization")
	a := read(t, c.client, r)
	requireRefused(t, "INTERNAL", a)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
	require.NotContains(t, d.log.String()+a.raw, canary)
}

func TestAFolderThatIsGoneIsAnInternalError(t *testing.T) {
	t.Parallel()
	c := open(t, func(p *plan) { p.options.UploadFolder = t.TempDir() + "/gone" }).company(t, "甲社")
	a := read(t, c.client, c.upload(t, form(asked(importRules), theMap, ruleFile(ruleHead))))
	require.Equal(t, http.StatusInternalServerError, a.status)
	requireRefused(t, "INTERNAL", a)
	require.NotContains(t, a.raw, "gone")
}

// recruiters is a door without a database, to which everybody is a recruiter.
func recruiters(folder string) http.Handler {
	who := administrator()
	who.Member.Roles = []intake.Role{intake.RoleRecruiter}
	return graph.As(who, graph.NewServer(nowhere(), graph.Options{UploadFolder: folder, Log: zerolog.Nop()}))
}

func TestAnUploadThatComesTooSlowlyIsRefused(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		bytes        int
		least, most  time.Duration
		contentFirst string
	}{
		"a byte a second":            {1, 10 * time.Second, 12 * time.Second, ""},
		"slower than it should":      {32 << 10, 19 * time.Second, 30 * time.Second, ""},
		"a byte a second in the map": {1, 10 * time.Second, 12 * time.Second, "map"},
		"all the time in the world":  {80 << 10, 179 * time.Second, 181 * time.Second, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			folder := t.TempDir()
			synctest.Test(t, func(t *testing.T) {
				d := openIndoors(t, recruiters(folder))
				conn, err := d.dial(context.Background(), "", "")
				require.NoError(t, err)
				head := asked(importRules).String() + theMap.String() + strings.TrimSuffix(ruleFile("").String(), "\r\n")
				if c.contentFirst == "map" {
					head = asked(importRules).String()
				}
				written := make(chan struct{})
				go func() {
					defer close(written)
					_, err := io.WriteString(conn, "POST /graphql HTTP/1.1\r\nHost: door\r\nContent-Type: multipart/form-data; boundary="+boundary+
						"\r\nGraphQL-Require-Preflight: 1\r\nContent-Length: 60000000\r\n\r\n"+head)
					for err == nil {
						<-time.After(time.Second)
						_, err = io.WriteString(conn, strings.Repeat("x", c.bytes))
					}
				}()
				requireTooSlow(t, conn)
				took := <-d.ended
				require.GreaterOrEqual(t, took, c.least)
				require.LessOrEqual(t, took, c.most)
				require.NoError(t, conn.Close())
				<-written
				// The server lingers a little over a connection that it cuts.
				<-time.After(time.Second)
			})
			left, err := os.ReadDir(folder)
			require.NoError(t, err)
			require.Empty(t, left)
		})
	}
}

func requireTooSlow(t *testing.T, conn net.Conn) {
	t.Helper()
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	raw, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	require.NoError(t, response.Body.Close())
	require.Equal(t, http.StatusRequestTimeout, response.StatusCode, "%s", raw)
}

func FuzzMultipart(f *testing.F) {
	good := form(asked(importRules), theMap, ruleFile(ruleHead+"Wantedly,"+canary+",y\n"))
	for _, body := range []string{
		"", good, good + canary, form(), form(asked(importRules)), form(asked(importRules), theMap), form(theMap, asked(importRules)),
		form(asked(`{ serverTime }`), theMap, ruleFile(canary)), good[:len(good)/2], strings.ReplaceAll(good, "variables.file", "variables.0"),
		form(asked(importRules), part{name: "map", text: `{"0":["variables.file","variables.file"],"0":[]}`}, ruleFile(canary)),
		form(part{name: "operations", text: `{"query":"query ($f: [Upload]) { serverTime }","variables":{"f":[null,{"a":null}]}}`}, part{name: "map", text: `{"x":["variables.f.1.a"]}`}, ruleFile(canary)),
	} {
		f.Add([]byte(body), false)
		f.Add([]byte(body), true)
	}
	log, folder := &logbook{}, f.TempDir()
	door := rottenWith(f, graph.Options{UploadFolder: folder, Log: zerolog.New(log)})
	f.Fuzz(func(t *testing.T, body []byte, newer bool) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "multipart/form-data; boundary="+boundary)
		r.Header.Set("GraphQL-Require-Preflight", "1")
		if newer {
			r.Header.Set("Accept", asResponse)
		}
		w := httptest.NewRecorder()
		door.ServeHTTP(w, r)
		require.Less(t, w.Code, 500, "%s", w.Body)
		require.LessOrEqual(t, w.Body.Len(), 16<<10)
		require.NotContains(t, w.Body.String(), canary)
		require.NotContains(t, log.take(), canary)
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Empty(t, left)
	})
}
