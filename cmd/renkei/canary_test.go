package main

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime/pprof"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

// secrets are what must not be found, by what they are, in every form in which they might stand somewhere.
type secrets struct {
	mu    sync.Mutex
	forms map[string][]string
	made  map[string]bool
}

func newSecrets() *secrets { return &secrets{forms: map[string][]string{}, made: map[string]bool{}} }

// canary makes a secret.
func (s *secrets) canary(name string) string {
	value := dbtest.Canary(name)
	s.note(name, value)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.made[name] = true
	return value
}

// note takes in a secret that the program or the medium made.
func (s *secrets) note(name, value string) {
	// One that is empty would be everywhere.
	if value == "" {
		return
	}
	quoted, _ := json.Marshal(value) // a string always encodes
	forms := []string{
		value, hex.EncodeToString([]byte(value)), strings.TrimRight(base64.StdEncoding.EncodeToString([]byte(value)), "="),
		base64.RawURLEncoding.EncodeToString([]byte(value)), url.QueryEscape(value), url.PathEscape(value), html.EscapeString(value),
		strings.Trim(string(quoted), `"`),
	}
	slices.Sort(forms)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.forms[name] = slices.Compact(forms)
}

// in names the secrets that stand in a text, but for those that may.
func (s *secrets) in(text string, may ...string) []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []string
	for name, forms := range s.forms {
		if !slices.Contains(may, name) && slices.ContainsFunc(forms, func(form string) bool { return strings.Contains(text, form) }) {
			found = append(found, name)
		}
	}
	slices.Sort(found)
	return found
}

// tally is how many there are in all, and how many of them are canaries.
func (s *secrets) tally() (all, made int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.forms), len(s.made)
}

// heard is something that the program said to somebody, and which secrets it may hold.
type heard struct {
	from, text string
	may        []string
}

// life is what happens to the program, and what it says meanwhile.
type life struct {
	*world
	*secrets
	// personal is no secret, and yet nothing for a log.
	personal *secrets
	door     client
	inside   client
	streams  []*stream
	traces   *collecting
	said     []heard
}

// ours is how a page of the program's own origin asks.
var ours = []string{"Content-Type", "application/json", "Sec-Fetch-Site", "same-origin"}

func (l *life) hear(from, text string) { l.said = append(l.said, heard{from: from, text: text}) }

// owns lets the latest answer, and no other, hold secrets: it is how their owner gets them.
func (l *life) owns(names ...string) {
	last := &l.said[len(l.said)-1]
	last.may = append(last.may, names...)
}

func (l *life) send(t *testing.T, method, path, body string, headers ...string) (answered, string) {
	t.Helper()
	resp, text := l.door.request(t, method, path, body, headers...)
	l.hear(method+" "+path, headersOf(t, resp)+text)
	return resp, text
}

func headersOf(t *testing.T, resp answered) string {
	t.Helper()
	var head strings.Builder
	require.NoError(t, resp.Header.Write(&head))
	return head.String()
}

// refused sends what nobody takes.
func (l *life) refused(t *testing.T, method, path, body string, headers ...string) {
	t.Helper()
	resp, text := l.send(t, method, path, body, headers...)
	require.GreaterOrEqual(t, resp.StatusCode, 400, "%s %s: %s", method, path, text)
	require.NotEqual(t, http.StatusTooManyRequests, resp.StatusCode, "%s %s", method, path)
}

// ask is an operation of the administrator's program.
func (l *life) ask(t *testing.T, query string, v vars, headers ...string) string {
	t.Helper()
	body, err := json.Marshal(vars{"query": query, "variables": v})
	require.NoError(t, err)
	if len(headers) == 0 {
		headers = []string{"Authorization", "Bearer " + l.token}
	}
	_, text := l.send(t, http.MethodPost, "/graphql", string(body), append(headers, "Content-Type", "application/json")...)
	return text
}

// asked is ask for what goes well, and the text at the end of a path through the answer's data.
func (l *life) asked(t *testing.T, query string, v vars, path ...string) string {
	t.Helper()
	text := l.ask(t, query, v)
	require.NotContains(t, text, `"code"`)
	return at(t, text, append([]string{"data"}, path...)...)
}

func at(t *testing.T, text string, path ...string) string {
	t.Helper()
	var value any
	require.NoError(t, json.Unmarshal([]byte(text), &value), text)
	for _, step := range path {
		if list, is := value.([]any); is {
			require.NotEmpty(t, list, "%s: %s", step, text)
			value = list[0]
		}
		object, is := value.(map[string]any)
		require.True(t, is, "%s: %s", step, text)
		value = object[step]
	}
	found, is := value.(string)
	require.True(t, is, "%v: %s", path, text)
	return found
}

// cookie is the session that an answer began; it is its owner's.
func (l *life) cookie(t *testing.T, whose string, resp answered) string {
	t.Helper()
	c, err := http.ParseSetCookie(resp.Header.Get("Set-Cookie"))
	require.NoError(t, err, whose)
	require.NotEmpty(t, c.Value, whose)
	name := "session cookie " + whose
	l.note(name, c.Value)
	l.owns(name)
	return c.Name + "=" + c.Value
}

// enter sends what begins a session.
func (l *life) enter(t *testing.T, whose, path, body string, headers ...string) string {
	t.Helper()
	resp, text := l.send(t, http.MethodPost, path, body, append(headers, ours...)...)
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	return l.cookie(t, whose, resp)
}

// linkSecret is what stands behind the # of a one-time link, which is its owner's.
func (l *life) linkSecret(name, link string) string {
	_, secret, _ := strings.Cut(link, "#")
	l.note(name, secret)
	l.owns(name)
	return secret
}

// typing runs a command with something on its standard input.
func (l *life) typing(t *testing.T, typed string, args ...string) outcome {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), args, streams{in: strings.NewReader(typed), out: &out, err: &err}, l.getenv)
	l.hear("renkei "+strings.Join(args[:2], " "), out.String()+err.String())
	return outcome{code, out.String(), err.String()}
}

// medium stands before the simulator: it takes down what secrets that hands out, and offers more than it does.
type medium struct {
	next    http.Handler
	secrets *secrets

	mu     sync.Mutex
	whose  map[string]string
	served map[string]int
	// told are the canaries that a profile holds and that a recruiter may read, by field.
	told map[string]string
	// hidden are those that nobody here may.
	hidden map[string]string
}

func newMedium(next http.Handler, s *secrets) *medium {
	m := &medium{next: next, secrets: s, whose: map[string]string{}, served: map[string]int{}, told: map[string]string{}, hidden: map[string]string{}}
	for _, field := range []string{"location", "tagline", "introduction", "statement", "work", "education", "link-title", "link", "profile"} {
		m.told[field] = s.canary("candidate " + field)
	}
	for _, field := range []string{
		"email", "user-email", "phone", "birthday", "message", "scout", "comment", "field", "mail-in-introduction", "mailto", "ticket-email", "ticket-message",
		"bad-date", "bad-id", "bad-name", "bad-key", "name-that-is-an-address", "page", "header", "wrong-type", "location", "elsewhere", "cut-off", "status",
	} {
		m.hidden[field] = s.canary("medium " + field)
	}
	return m
}

var authenticityToken = regexp.MustCompile(`(?:name="csrf-token" content|name="authenticity_token" value)="([^"]+)"`)

// ServeHTTP implements http.Handler.
func (m *medium) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	form, _ := url.ParseQuery(string(body)) // what is no form has no e-mail address in it
	email := form.Get("user[email]")
	m.mu.Lock()
	defer m.mu.Unlock()
	if c, err := r.Cookie("_huntr_session_production"); err == nil && email == "" {
		email = m.whose[c.Value]
	}
	answer := httptest.NewRecorder()
	m.next.ServeHTTP(answer, r)
	for _, c := range answer.Result().Cookies() {
		m.secrets.note(fmt.Sprintf("medium's cookie %d", len(m.whose)), c.Value)
		m.whose[c.Value] = email
	}
	for _, found := range authenticityToken.FindAllStringSubmatch(answer.Body.String(), -1) {
		m.secrets.note("medium's token "+found[1][:8], html.UnescapeString(found[1]))
	}
	m.served[email+" "+r.URL.Path]++
	maps.Copy(w.Header(), answer.Header())
	w.Header().Set("X-Debug", m.hidden["header"])
	status, text := m.change(w.Header(), r, email, answer)
	w.WriteHeader(status)
	_, _ = io.WriteString(w, text) // the connector may be gone
}

// change is what the medium says in place of the simulator.
func (m *medium) change(h http.Header, r *http.Request, email string, answer *httptest.ResponseRecorder) (status int, text string) {
	persona, _, _ := strings.Cut(email, "@")
	path := r.URL.Path
	lists := path == "/api/internal/enterprise/tickets"
	switch {
	case lists && persona == "hostile-page":
		return http.StatusOK, "<!DOCTYPE html><title>" + m.hidden["page"] + "</title>" + m.hidden["page"]
	case lists && persona == "hostile-types":
		return http.StatusOK, `{"data":{"tickets":[{"number":"` + m.hidden["wrong-type"] + `","state":{"` + m.hidden["bad-key"] + `":1}}]}}`
	case lists && persona == "hostile-cut":
		return http.StatusOK, `{"data":{"tickets":[{"number":12,"state":"` + m.hidden["cut-off"]
	case lists && persona == "hostile-status":
		return http.StatusTeapot, m.hidden["status"]
	case lists && persona == "hostile-elsewhere":
		h.Set("Location", "https://evil.example/"+m.hidden["elsewhere"]+"?token="+m.hidden["elsewhere"])
		return http.StatusFound, ""
	case r.Method == http.MethodPost && persona == "hostile-location":
		h.Set("Location", "/two_factor/"+m.hidden["location"]+"?token="+m.hidden["location"])
		return http.StatusFound, ""
	case answer.Code != http.StatusOK || persona != "ok":
	case strings.HasPrefix(path, "/api/internal/enterprise/tickets/"):
		return answer.Code, m.ticket(answer.Body.Bytes())
	case strings.HasPrefix(path, "/api/internal/enterprise/users/"):
		return answer.Code, m.person(answer.Body.Bytes())
	}
	return answer.Code, answer.Body.String()
}

// ticket says more than it should, and some tickets say it where something else is expected.
func (m *medium) ticket(body []byte) string {
	var ticket struct {
		Data map[string]any `json:"data"`
	}
	if err := json.Unmarshal(body, &ticket); err != nil {
		return string(body)
	}
	d := ticket.Data
	d["messages"] = []any{vars{"body": m.hidden["ticket-message"]}}
	d["scout"] = vars{"id": 7, "body": m.hidden["scout"]}
	if c, is := d["candidate"].(map[string]any); is {
		c["email"] = m.hidden["ticket-email"] + "@mail.invalid"
	}
	switch d["number"] {
	case 20.0:
		d["created_at"] = m.hidden["bad-date"]
	case 21.0:
		d["candidate"] = vars{"id": vars{m.hidden["bad-key"]: m.hidden["bad-id"]}}
	}
	return encoded(ticket)
}

func (m *medium) person(body []byte) string {
	var p map[string]any
	if err := json.Unmarshal(body, &p); err != nil {
		return string(body)
	}
	user, _ := p["user"].(map[string]any)
	id, _ := user["id"].(float64)
	user["email"] = m.hidden["user-email"] + "@mail.invalid"
	user["url"] = "https://profile.example/" + m.told["profile"]
	switch int(id) % 1000 {
	case 22:
		user["name"] = vars{m.hidden["bad-key"]: m.hidden["bad-name"]}
	case 23:
		user["name"] = m.hidden["name-that-is-an-address"] + "@mail.invalid"
	}
	maps.Copy(p, vars{
		"email": m.hidden["email"] + "@mail.invalid", "phone": "090-1234-5678 " + m.hidden["phone"], "birthday": m.hidden["birthday"],
		"messages": []any{vars{"body": m.hidden["message"]}}, "comments": []any{vars{"body": m.hidden["comment"]}}, "private": m.hidden["field"],
		"location": m.told["location"], "tagline": m.told["tagline"], "statement": m.told["statement"],
		"introduction":      m.told["introduction"] + "\n" + m.hidden["mail-in-introduction"] + "@mail.invalid",
		"working_histories": []any{vars{"company_name": "株式会社つむぎ", "description": m.told["work"]}},
		"academic_records":  []any{vars{"school_name": "東都大学", "description": m.told["education"]}},
		"portfolio_items": []any{
			vars{"title": m.told["link-title"], "url": "https://portfolio.example/" + m.told["link"]},
			vars{"title": "連絡先", "url": "mailto:" + m.hidden["mailto"] + "@mail.invalid"},
		},
	})
	return encoded(p)
}

func encoded(v any) string {
	text, _ := json.Marshal(v) // it was JSON, or is ours
	return string(text)
}

// newProvider is an identity provider that knows nobody, and says why at length.
func newProvider(t *testing.T, s *secrets) string {
	t.Helper()
	complaint := s.canary("provider's complaint")
	mux := http.NewServeMux()
	site := httptest.NewServer(mux)
	t.Cleanup(site.Close)
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, encoded(vars{ // the program may be gone
			"issuer": site.URL, "authorization_endpoint": site.URL + "/authorize", "token_endpoint": site.URL + "/token", "jwks_uri": site.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256"},
		}))
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{"keys":[]}`) })
	mux.HandleFunc("POST /token", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = io.WriteString(w, encoded(vars{"error": "invalid_grant", "error_description": complaint}))
	})
	return site.URL
}

func TestNothingOfFiftySecretsLeaksAnywhere(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"json", "console"} {
		t.Run(format, func(t *testing.T) {
			t.Parallel()
			l, m := begin(t, format)
			p := l.spawn(t)
			l.door = p.client
			for field, query := range map[string]string{"accountStatusChanged": watchStatus, "importRunChanged": watchRuns, "inboxChanged": watchInbox} {
				l.streams = append(l.streams, overWebSocket(t, l.door, field, query, nil), overSSE(t, l.door, field, query, nil))
			}
			l.media(t, m)
			l.candidates(t, m)
			l.console(t)
			l.tokens(t)
			l.provider(t)
			l.queries(t)
			l.bodies(t)
			l.sockets(t)
			l.withoutDatabase(t)
			profiles := l.profiles(t)
			_, metrics := l.inside.request(t, http.MethodGet, "/metrics", "")
			profiles["../../metrics"] = metrics
			requireStopped(t, p.stop)

			profiles["../../traces"] = l.traces.said()
			require.Contains(t, profiles["../../traces"], "Mutation.registerAccount")
			l.listen()
			all, made := l.tally()
			require.GreaterOrEqual(t, made, 50)
			require.GreaterOrEqual(t, all-made, 20, "the program and the medium make some too")
			l.requireNothingLeaked(t, profiles)
			l.requireLeaksAreFound(t)
		})
	}
}

// begin is a world with as many secrets as it can have, before the program starts.
func begin(t *testing.T, format string) (*life, *medium) {
	t.Helper()
	l := &life{world: setup(t, wantedlysim.Options{}), secrets: newSecrets(), personal: newSecrets(), traces: collect(t)}
	m := newMedium(l.sim, l.secrets)
	l.site.next = m
	l.note("token of a command", l.token)
	l.personal.note("member's address", "saiyo@"+domain)
	l.personal.note("member's name", "採用 花子")
	for _, ticket := range l.sim.Tickets(domain, 1, 0) {
		l.personal.note(fmt.Sprint("candidate ", ticket.Number), ticket.Name)
	}

	database, err := url.Parse(l.env["RENKEI_DATABASE_URL"])
	require.NoError(t, err)
	if _, needs := database.User.Password(); !needs {
		// Who needs no password may have one.
		database.User = url.UserPassword(database.User.Username(), l.canary("database password"))
		l.env["RENKEI_DATABASE_URL"] = database.String()
	}
	fresh := lastWord(l.typing(t, "", "keys", "new"))
	for n, key := range []string{l.env["RENKEI_MASTER_KEYS"], fresh} {
		bytes, err := base64.StdEncoding.DecodeString(key)
		require.NoError(t, err)
		l.note(fmt.Sprint("master key ", n), key)
		l.note(fmt.Sprint("bytes of master key ", n), string(bytes))
	}
	l.owns("master key 1", "bytes of master key 1")
	l.env["RENKEI_MASTER_KEYS"] += "," + fresh

	probe, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, probe.Close())
	l.inside = client{address: probe.Addr().String()}
	maps.Copy(l.env, map[string]string{
		"RENKEI_LOG_LEVEL": "trace", "RENKEI_LOG_FORMAT": format, "RENKEI_METRICS_LISTEN": probe.Addr().String(),
		"OTEL_EXPORTER_OTLP_ENDPOINT": l.traces.address, "RENKEI_OPERATING_COMPANY": l.company, "RENKEI_OIDC_ISSUER": newProvider(t, l.secrets), "RENKEI_OIDC_AUDIENCE": "api",
		"RENKEI_OIDC_CLIENT_ID": "console", "RENKEI_OIDC_CLIENT_SECRET": l.canary("client secret"),
	})
	return l, m
}

const registers = "mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { account { id email status } " + errorFields + "} }"

// media links accounts whose passwords are right, wrong and good for nothing, with a site that says too much.
func (l *life) media(t *testing.T, m *medium) {
	t.Helper()
	for persona, right := range map[string]bool{
		"ok": true, "wrong": false, "twofactor": true, "locked": true, "captcha": true, "noperm": true, "garbage": true, "down": true,
		"hostile-page": true, "hostile-types": true, "hostile-cut": true, "hostile-status": true, "hostile-elsewhere": true, "hostile-location": true,
	} {
		email, password := persona+"@"+domain, l.canary("medium password of "+persona)
		if right {
			l.sim.SetPassword(email, password)
		}
		l.personal.note("account "+persona, email)
		l.asked(t, registers, registration(email, password), "registerAccount", "account", "id")
	}
	for password, v := range map[string]vars{
		"of a login that is linked": registration("ok@"+domain, l.canary("medium password of a login that is linked")),
		"of no address":             registration("nobody", l.canary("medium password of no address")),
		"that is too long":          registration("long@"+domain, l.canary("medium password that is too long")+strings.Repeat("x", 1100)),
		"of an address":             registration(l.canary("login that is no address"), l.canary("medium password of no login")),
	} {
		require.Contains(t, l.ask(t, registers, v), `"account":null`, password)
	}
	l.ask(t, registers, registration("x@"+domain, l.canary("medium password of nobody")), "Accept-Language", "en")
	eventually(t, "every login has been tried", func() bool {
		return l.count(t, "SELECT count(*) FROM medium_accounts WHERE status = 'VERIFYING' AND failure_reason IS NULL") == 0
	})
	eventually(t, "imported", func() bool { return l.count(t, "SELECT count(*) FROM import_runs WHERE status = 'SUCCEEDED'") == 1 })
	require.Equal(t, 4, l.count(t, "SELECT count(*) FROM invalid_records"), "what is in the wrong place")
	for _, kind := range []string{"page", "types", "cut", "status", "elsewhere", "location"} {
		path := "/api/internal/enterprise/tickets"
		if kind == "location" {
			path = "/user/sign_in"
		}
		m.mu.Lock()
		require.NotZero(t, m.served["hostile-"+kind+"@"+domain+" "+path], kind)
		m.mu.Unlock()
	}
	l.ask(t, "{ importRuns { nodes { failure { message } invalidRecords { nodes { externalId externalUrl message } } } } accounts { failure { message } } }", nil)
}

// candidates are read, moved, noted upon and forgotten.
func (l *life) candidates(t *testing.T, m *medium) {
	t.Helper()
	text := l.ask(t, `{ inbox(first: 100) { nodes { id candidate { id name location currentPosition tagline introduction aspiration email profileUrl skills
		workHistories { companyName position description } educations { schoolName major description } links { title url } } } } }`, nil)
	for field := range m.told {
		require.Contains(t, l.in(text), "candidate "+field, "what a recruiter reads is what was imported")
		l.owns("candidate " + field)
	}
	entry, person := at(t, text, "data", "inbox", "nodes", "id"), at(t, text, "data", "inbox", "nodes", "candidate", "id")
	opening := l.ask(t, "mutation ($name: String!) { createOpening(input: {name: $name}) { opening { id steps { id } } } }", vars{"name": "選考"})
	id, step := at(t, opening, "data", "createOpening", "opening", "id"), at(t, opening, "data", "createOpening", "opening", "steps", "id")
	application := l.asked(t, "mutation ($id: ID!, $opening: ID!) { routeEntry(id: $id, openingId: $opening) { entry { application { id } } errors { code } } }",
		vars{"id": entry, "opening": id}, "routeEntry", "entry", "application", "id")
	l.asked(t, `mutation ($id: ID!, $note: String) { closeApplication(id: $id, outcome: REJECTED, note: $note) { application { id history { note } } errors { code } } }`,
		vars{"id": application, "note": l.canary("note")}, "closeApplication", "application", "id")
	l.owns("note")
	require.Contains(t, l.ask(t, `mutation ($id: ID!, $step: ID!, $note: String) { moveApplication(id: $id, stepId: $step, note: $note) { application { id } errors { message } } }`,
		vars{"id": application, "step": step, "note": l.canary("note that was refused")}), `"application":null`)
	l.ask(t, "query ($s: String) { members(search: $s) { totalCount } applications(search: $s) { totalCount } }", vars{"s": l.canary("what somebody looks for")})
	l.asked(t, "mutation ($id: ID!) { eraseCandidate(id: $id) { receipt { id } errors { code } } }", vars{"id": person}, "eraseCandidate", "receipt", "id")
	l.send(t, http.MethodGet, "/audit.csv", "", "Authorization", "Bearer "+l.token)
	l.send(t, http.MethodGet, "/admin/jobs/api/jobs?state=completed", "", "Authorization", "Bearer "+l.token)
	l.send(t, http.MethodGet, "/admin/jobs/api/jobs?state="+l.canary("search in the queue"), "", "Authorization", "Bearer "+l.token)
}

func body(pairs ...string) string {
	object := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		object[pairs[i]] = pairs[i+1]
	}
	return encoded(object)
}

// console is how people sign in, mistype, forget and choose their passwords.
func (l *life) console(t *testing.T) {
	t.Helper()
	email := "hito@" + domain
	l.personal.note("address of who signs in", email)
	create := []string{"member", "create", "--company", l.company, "--email", email, "--name", "A", "--roles", "RECRUITER"}
	long := strings.Repeat("x", 130)
	require.Equal(t, exitFailed, l.typing(t, l.canary("typed password that is refused")+long+"\n", create...).code)
	first, second := l.canary("console password"), l.canary("console password that is new")
	made := l.typing(t, first+"\n", create...)
	require.Equal(t, exitDone, made.code, made.err)
	member := lastWord(made)

	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", email, "password", l.canary("console password that is wrong")), ours...)
	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", "stranger@"+domain, "password", l.canary("stranger's password")), ours...)
	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", l.canary("stranger's address"), "password", first), ours...)
	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", email, "password", l.canary("forged password")), "Content-Type", "application/json", "Sec-Fetch-Site", "cross-site")
	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", email, "password", l.canary("password of no company"), "companyId", l.canary("company that is no id")), ours...)
	cookie := l.enter(t, "of a password", "/auth/sign-in", body("email", email, "password", first), "User-Agent", "Firefox")
	who := append([]string{"Cookie", cookie}, ours...)
	require.Contains(t, l.ask(t, "{ viewer { member { name } sessions { address userAgent current } } }", nil, who...), `"current":true`)

	l.refused(t, http.MethodPost, "/auth/password", body("current", l.canary("present password that is wrong"), "new", second), who...)
	l.refused(t, http.MethodPost, "/auth/password", body("current", first, "new", l.canary("new password that is refused")+long), who...)
	l.refused(t, http.MethodPost, "/auth/password", body("current", first, "new", second), append([]string{"Cookie", "renkei=" + l.canary("made up cookie")}, ours...)...)
	cookie = l.enter(t, "of a new password", "/auth/password", body("current", first, "new", second), "Cookie", cookie)
	l.asked(t, "mutation ($id: ID!) { updateMemberRoles(id: $id, roles: [COORDINATOR]) { member { id } errors { code } } }", vars{"id": member}, "updateMemberRoles", "member", "id")
	resp, text := l.send(t, http.MethodPost, "/graphql", `{"query":"{ viewer { roles } }"}`, append([]string{"Cookie", cookie}, ours...)...)
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	cookie = l.cookie(t, "of other roles", resp)

	link := l.asked(t, "mutation ($id: ID!) { resetMemberPassword(id: $id) { passwordResetUrl errors { code } } }", vars{"id": member}, "resetMemberPassword", "passwordResetUrl")
	secret := l.linkSecret("password reset link", link)
	l.refused(t, http.MethodPost, "/auth/password-reset", body("secret", l.canary("made up reset link"), "password", l.canary("password of no link")), ours...)
	l.refused(t, http.MethodPost, "/auth/password-reset", body("secret", secret, "password", l.canary("reset password that is refused")+long), ours...)
	l.enter(t, "of a reset password", "/auth/password-reset", body("secret", secret, "password", l.canary("reset password")))
	l.refused(t, http.MethodPost, "/auth/password-reset", body("secret", secret, "password", l.canary("password of a used link")), ours...)
	l.refused(t, http.MethodPost, "/auth/password", body("current", second, "new", first), append([]string{"Cookie", cookie}, ours...)...)

	invited := l.ask(t, "mutation ($e: String!) { inviteMember(input: {name: \"B\", email: $e, roles: [ADMIN]}) { invitationUrl member { id } errors { code } } }", vars{"e": "guest@" + domain})
	old := l.linkSecret("invitation", at(t, invited, "data", "inviteMember", "invitationUrl"))
	again := l.asked(t, "mutation ($id: ID!) { inviteMemberAgain(id: $id) { invitationUrl errors { code } } }",
		vars{"id": at(t, invited, "data", "inviteMember", "member", "id")}, "inviteMemberAgain", "invitationUrl")
	secret = l.linkSecret("second invitation", again)
	l.refused(t, http.MethodPost, "/auth/invitation/look", body("secret", old), ours...)
	l.refused(t, http.MethodPost, "/auth/invitation/look", body("secret", l.canary("made up invitation")), ours...)
	l.send(t, http.MethodPost, "/auth/invitation/look", body("secret", secret), ours...)
	l.refused(t, http.MethodPost, "/auth/invitation", body("secret", secret, "password", "c "+l.canary("guest's password that is refused")+long), ours...)
	cookie = l.enter(t, "of an invitation", "/auth/invitation", body("secret", secret, "password", l.canary("guest's password")))
	l.send(t, http.MethodPost, "/auth/sign-out", "{}", append([]string{"Cookie", cookie}, ours...)...)
	l.ask(t, "{ members { nodes { email name } } auditLog(first: 100) { nodes { summary detail address } } }", nil)
}

// tokens are made, used, revoked, mistyped and sent where they have no business.
func (l *life) tokens(t *testing.T) {
	t.Helper()
	made := l.ask(t, "mutation { createToken(input: {name: \"t\"}) { secret token { id } errors { code } } }", nil)
	secret := at(t, made, "data", "createToken", "secret")
	l.note("token of a mutation", secret)
	l.owns("token of a mutation")
	require.Contains(t, l.ask(t, "{ viewer { tokens { id name } } }", nil, "Authorization", "Bearer "+secret), `"tokens"`)
	l.asked(t, "mutation ($id: ID!) { revokeToken(id: $id) { token { id } errors { code } } }", vars{"id": at(t, made, "data", "createToken", "token", "id")}, "revokeToken", "token", "id")
	for _, header := range []string{
		"Bearer " + secret, "Bearer renkei_pat_" + l.canary("made up token"), "Bearer renkei_" + l.canary("token of old"),
		"Basic " + base64.StdEncoding.EncodeToString([]byte("saiyo:"+l.canary("password of another scheme"))), l.canary("credential of no scheme"),
		"Bearer " + l.canary("token behind commas") + ",,,", "Bearer a." + l.canary("token with points") + ".b",
	} {
		for _, path := range []string{"/graphql", "/audit.csv", "/admin/jobs/"} {
			method := http.MethodGet
			if path == "/graphql" {
				method = http.MethodPost
			}
			l.refused(t, method, path, `{"query":"{ serverTime }"}`, "Authorization", header, "Content-Type", "application/json")
		}
		l.refused(t, http.MethodPost, "/graphql", `{"query":"subscription { inboxChanged { cursor } }"}`,
			"Authorization", header, "Content-Type", "application/json", "Accept", "text/event-stream")
	}
	token := l.canary("token in a URL")
	for _, path := range []string{"/graphql", "/nothing", "/auth/methods", "/auth/" + token, "/" + token, "/healthz", "/admin/jobs", "/schema.graphql"} {
		l.send(t, http.MethodGet, path+"?query=%7B__typename%7D&access_token="+token+"&password="+l.canary("password in a URL"), "")
	}
	l.send(t, http.MethodPost, "/auth/sign-in?password="+token, "{}", ours...)
}

// provider is what somebody brings from an identity provider, or says to.
func (l *life) provider(t *testing.T) {
	t.Helper()
	part := func(v vars) string { return base64.RawURLEncoding.EncodeToString([]byte(encoded(v))) }
	for name, claims := range map[string]vars{
		"of a key that nobody has": {"iss": l.env["RENKEI_OIDC_ISSUER"], "aud": "api", "sub": l.canary("subject"), "email": l.canary("claimed address") + "@" + domain, "exp": 1 << 40},
		"of another issuer":        {"iss": "https://" + l.canary("issuer") + ".example", "aud": "api"},
	} {
		jwt := part(vars{"alg": "RS256", "kid": l.canary("key id")}) + "." + part(claims) + "." + part(vars{"signature": l.canary("signature")})
		l.note("JWT "+name, jwt)
		l.refused(t, http.MethodPost, "/graphql", `{"query":"{ serverTime }"}`, "Authorization", "Bearer "+jwt, "Content-Type", "application/json",
			"Renkei-Company", l.company)
		l.refused(t, http.MethodPost, "/graphql", `{"query":"{ serverTime }"}`, "Authorization", "Bearer "+jwt, "Content-Type", "application/json",
			"Renkei-Company", l.canary("company in a header"))
	}
	resp, _ := l.send(t, http.MethodGet, "/auth/oidc/start?returnTo=%2F%3Ftoken%3D"+l.canary("where to return to"), "")
	require.Equal(t, http.StatusFound, resp.StatusCode)
	kept, err := http.ParseSetCookie(resp.Header.Get("Set-Cookie"))
	require.NoError(t, err)
	l.note("sign-in under way", kept.Value)
	began, err := base64.RawURLEncoding.DecodeString(kept.Value)
	require.NoError(t, err)
	for _, name := range []string{"state", "nonce", "verifier"} {
		l.note(name, at(t, string(began), name))
	}
	// The browser keeps all; the provider is told the first two.
	l.owns("sign-in under way", "state", "nonce", "verifier", "where to return to")
	state := at(t, string(began), "state")
	callback := "/auth/oidc/callback?" + url.Values{"code": {l.canary("code")}, "state": {state}}.Encode()
	l.refused(t, http.MethodGet, callback, "", "Cookie", kept.Name+"="+kept.Value)
	l.refused(t, http.MethodGet, "/auth/oidc/callback?code="+l.canary("code of nobody")+"&state="+l.canary("state of nobody"), "", "Cookie", kept.Name+"="+kept.Value)
	l.refused(t, http.MethodGet, callback+"&error="+l.canary("error")+"&error_description="+l.canary("error"), "", "Cookie", kept.Name+"="+l.canary("made up sign-in"))
}

// queries are wrong in every way, with a secret where the mistake is.
func (l *life) queries(t *testing.T) {
	t.Helper()
	const register = "mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { errors { code message } } }"
	for query, v := range map[string]vars{
		`mutation { registerAccount(input: {email: "a@example.com", password: ["` + l.canary("literal in a list") + `"]}) { errors { code } } }`:       nil,
		`mutation { registerAccount(input: {email: 7, password: "` + l.canary("literal beside a mistake") + `"}) { errors { code } } }`:                nil,
		`mutation { registerAccount(input: {email: "a@example.com", password: {a: "` + l.canary("literal in an object") + `"}}) { errors { code } } }`: nil,
		`mutation { registerAccount(input: "` + l.canary("literal for an input") + `") { errors { code } } }`:                                          nil,
		`mutation { registerAccount(input: {email: "a@example.com", password: "` + l.canary("literal that has no end"):                                 nil,
		`mutation { registerAccount(input: {password: "` + l.canary("literal in bad syntax") + `"} }`:                                                  nil,
		`"` + l.canary("literal in the place of a query") + `"`:                                                                                        nil,
		`"""` + l.canary("block") + `""" x`:                                                            nil,
		`{ account(id: "` + l.canary("literal id") + `") { id } }`:                                     nil,
		`{ account(id: 7, password: "` + l.canary("literal of an unknown argument") + `") { id } }`:    nil,
		`{ accounts(medium: "` + l.canary("literal for an enum") + `") { id } }`:                       nil,
		`{ openings(first: "` + l.canary("literal for a number") + `") { totalCount } }`:               nil,
		`{ importRuns(after: "` + l.canary("cursor") + `") { totalCount } }`:                           nil,
		`{ auditLog(from: "` + l.canary("instant") + `") { totalCount } }`:                             nil,
		`{ node(id: "` + l.canary("node") + `") { id } }`:                                              nil,
		`query ($n: Int = "` + l.canary("default value") + `") { openings(first: $n) { totalCount } }`: nil,
		`{ serverTime @include(if: "` + l.canary("argument of a directive") + `") }`:                   nil,
		register:            {"input": l.canary("variable for an input")},
		register + " ":      {"input": vars{"email": "a@example.com", "password": []string{l.canary("variable in a list")}}},
		register + "  ":     {"input": vars{"email": "a@example.com", "password": l.canary("variable beside an unknown one"), l.canary("unknown key"): 1}},
		register + "   ":    {"input": vars{"email": 7, "password": l.canary("variable beside a mistake")}},
		register + "    ":   {"input": vars{"email": "a@example.com", "password": l.canary("variable without end") + "\x00"}},
		register + "     ":  {"input": vars{"email": "a@example.com", "password": l.canary("variable"), "importFrom": l.canary("variable instant")}},
		register + "      ": {l.canary("variable name"): l.canary("variable that nobody knows")},
		"query ($id: ID!) { account(id: $id) { id } }":  {"id": l.canary("variable id")},
		"query ($id: ID!) { account(id: $id) { id } } ": {"id": vars{"a": l.canary("variable object")}},
	} {
		require.Contains(t, l.ask(t, query, v), `"errors"`, query)
		l.send(t, http.MethodPost, "/graphql", encoded(vars{"query": query, "variables": v}),
			"Authorization", "Bearer "+l.token, "Content-Type", "application/json", "Accept", "text/event-stream")
		l.send(t, http.MethodGet, "/graphql?"+url.Values{"query": {query}, "variables": {encoded(v)}}.Encode(), "", "Authorization", "Bearer "+l.token)
	}
}

// bodies are no requests at all.
func (l *life) bodies(t *testing.T) {
	t.Helper()
	secret := l.canary("body")
	for _, path := range []string{"/graphql", "/auth/sign-in", "/auth/password", "/auth/password-reset", "/auth/invitation", "/auth/invitation/look", "/auth/" + secret} {
		for _, text := range []string{
			secret, `{"password":"` + secret, `["` + secret + `"]`, `"` + secret + `"`, `{"email":["` + secret + `"],"password":{"a":"` + secret + `"},"secret":["` + secret + `"],"query":7}`,
			`{"query":"{ serverTime }","operationName":7,"variables":"` + secret + `","email":7}`, `{"password":"` + strings.Repeat(secret, 5000) + `"}`, "\xff" + secret,
		} {
			for _, kind := range []string{"application/json", "application/x-www-form-urlencoded", "multipart/form-data; boundary=" + secret, secret} {
				l.refused(t, http.MethodPost, path, text, append(slices.Clone(ours), "Authorization", "Bearer "+l.token, "Content-Type", kind)...)
			}
		}
		for _, header := range []string{"Accept", "Accept-Language", "Origin", "X-Forwarded-For", "X-Request-Id", "Renkei-Company", "Cookie", "If-None-Match", "Range", "Upgrade"} {
			l.send(t, http.MethodPost, path, "{}", append(slices.Clone(ours), header, l.canary("header "+header))...)
		}
		l.send(t, strings.ToUpper("x"+secret), path, secret)
	}
	l.send(t, http.MethodPost, "/graphql", `{"query":"{ serverTime }","operationName":"`+l.canary("operation name")+`","extensions":{"a":"`+l.canary("extension")+`"}}`,
		append(slices.Clone(ours), "Authorization", "Bearer "+l.token)...)
	// What is not even HTTP.
	for _, line := range []string{"GET /" + secret + " HTTP/9.9\r\n\r\n", "POST /graphql HTTP/1.1\r\nHost: x\r\n" + secret + "\r\n\r\n", secret + "\r\n\r\n", "\x16\x03\x01" + secret} {
		conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", l.door.address)
		require.NoError(t, err)
		_, err = io.WriteString(conn, line)
		require.NoError(t, err)
		require.NoError(t, conn.(*net.TCPConn).CloseWrite())
		answer, _ := io.ReadAll(conn) // it may be cut off
		require.NoError(t, conn.Close())
		l.hear("what is no HTTP", string(answer))
	}
}

// sockets are WebSockets on which something goes wrong.
func (l *life) sockets(t *testing.T) {
	t.Helper()
	hello := `{"type":"connection_init","payload":{"authorization":"Bearer ` + l.token + `"}}`
	secret := l.canary("WebSocket message")
	for _, messages := range [][]string{
		{secret},
		{`{"type":"` + secret + `"}`},
		{`{"type":"connection_init","payload":"` + secret + `"}`},
		{`{"type":"connection_init","payload":{"authorization":"Bearer ` + l.canary("token on a WebSocket") + `"}}`},
		{`{"type":"connection_init","payload":{"authorization":"` + l.canary("credential on a WebSocket") + `","company":"` + secret + `"}}`},
		{`{"type":"connection_init","payload":{"password":"` + secret + `"}}`},
		{hello, `{"type":"subscribe","id":"1","payload":"` + secret + `"}`},
		{hello, `{"type":"subscribe","id":"1","payload":{"query":"subscription { accountStatusChanged(accountId: \"` + l.canary("literal on a WebSocket") + `\") { cursor } }"}}`},
		{hello, `{"type":"subscribe","id":"1","payload":{"query":"subscription ($a: String) { inboxChanged(after: $a) { cursor } }","variables":{"a":"` + l.canary("cursor on a WebSocket") + `"}}}`},
		{hello, `{"type":"subscribe","id":"1","payload":{"query":"{ ` + "\\\"" + secret + `","variables":{"password":"` + secret + `"}}}`},
		{hello, `{"type":"ping","payload":"` + secret + `"}`},
		{hello, hello},
	} {
		l.hear("a WebSocket", l.converse(t, messages))
	}
	l.send(t, http.MethodGet, "/graphql?token="+secret, "", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "12",
		"Sec-WebSocket-Key", secret, "Sec-WebSocket-Protocol", secret)
}

// converse says messages on a WebSocket and returns what was said to them, until an end of it is told.
func (l *life) converse(t *testing.T, messages []string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	conn, _, err := websocket.Dial(ctx, "ws://"+l.door.address+"/graphql", &websocket.DialOptions{Subprotocols: []string{"graphql-transport-ws"}}) //nolint:bodyclose // the connection's
	require.NoError(t, err)
	defer conn.CloseNow() //nolint:errcheck // the server may have closed it
	for _, m := range messages {
		require.NoError(t, conn.Write(ctx, websocket.MessageText, []byte(m)))
	}
	var all strings.Builder
	for {
		_, raw, err := conn.Read(ctx)
		all.Write(raw)
		if err != nil || bytes.Contains(raw, []byte(`"type":"error"`)) || bytes.Contains(raw, []byte(`"type":"complete"`)) {
			require.NoError(t, ctx.Err(), "%s: no end of it is told: %s", messages, all.String())
			return all.String() + fmt.Sprint(err)
		}
	}
}

// withoutDatabase is what another program, whose database goes away, is told meanwhile.
func (l *life) withoutDatabase(t *testing.T) {
	t.Helper()
	w := setup(t, wantedlysim.Options{})
	w.env["RENKEI_LOG_LEVEL"], w.env["RENKEI_LOG_FORMAT"] = l.env["RENKEI_LOG_LEVEL"], l.env["RENKEI_LOG_FORMAT"]
	c, err := load(w.getenv)
	require.NoError(t, err)
	p := w.startParts(t, c, parts{api: true})
	var name string
	require.NoError(t, w.pool.QueryRow(t.Context(), "SELECT current_database()").Scan(&name))
	l.exec(t, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS false")
	l.exec(t, "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", name)

	door, token := l.door, l.token
	l.door, l.token = p.client, w.token
	l.note("token without a database", w.token)
	l.note("master key without a database", w.env["RENKEI_MASTER_KEYS"])
	eventually(t, "away", func() bool { return l.door.status(t, "/readyz") == http.StatusServiceUnavailable })
	require.Contains(t, l.ask(t, registers, registration("ok@"+domain, l.canary("medium password without a database"))), "UNAVAILABLE")
	l.refused(t, http.MethodPost, "/auth/sign-in", body("email", "saiyo@"+domain, "password", l.canary("console password without a database")), ours...)
	l.refused(t, http.MethodPost, "/auth/invitation", body("secret", l.canary("link without a database"), "password", l.canary("guest's password without a database")), ours...)
	l.refused(t, http.MethodPost, "/graphql", `{"query":"{ serverTime }"}`, append([]string{"Cookie", "renkei=" + l.canary("cookie without a database")}, ours...)...)
	l.hear("a WebSocket", l.converse(t, []string{`{"type":"connection_init","payload":{"authorization":"Bearer renkei_` + l.canary("token on a WebSocket without a database") + `"}}`}))
	l.door, l.token = door, token
	l.exec(t, "ALTER DATABASE "+name+" ALLOW_CONNECTIONS true")
	w.pool.Reset()
	requireStopped(t, p.stop)
	l.hear("the log without a database", w.log.String())
	require.Contains(t, w.log.String(), "request cannot be answered now")
}

// profiles are the pages that say what the program is doing.
func (l *life) profiles(t *testing.T) map[string]string {
	t.Helper()
	pages := make(map[string]string)
	paths := []string{"", "profile?seconds=1", "trace?seconds=1", "cmdline", "symbol"}
	for _, name := range []string{"allocs", "block", "goroutine", "heap", "mutex", "threadcreate"} {
		for debug := range 3 {
			paths = append(paths, fmt.Sprintf("%s?debug=%d", name, debug))
		}
	}
	for _, path := range paths {
		resp, text := l.inside.request(t, http.MethodGet, "/debug/pprof/"+path, "")
		pages[path] = headersOf(t, resp) + unpacked(t, text)
	}
	require.Contains(t, pages["goroutine?debug=2"], "renkei/")
	require.Contains(t, pages["heap?debug=1"], "renkei/")
	require.Contains(t, pages["heap?debug=0"], "renkei/")
	return pages
}

// unpacked is a profile as it is before it is packed.
func unpacked(t *testing.T, text string) string {
	t.Helper()
	if !strings.HasPrefix(text, "\x1f\x8b") {
		return text
	}
	packed, err := gzip.NewReader(strings.NewReader(text))
	require.NoError(t, err)
	all, err := io.ReadAll(packed)
	require.NoError(t, err)
	return string(all)
}

// listen takes down what came by the streams.
func (l *life) listen() {
	for _, s := range l.streams {
		<-s.ended
		close(s.events)
		for event := range s.events {
			l.hear("a stream of "+s.field, string(event))
		}
		l.hear("the end of a stream of "+s.field, fmt.Sprint(s.err))
	}
}

// leaks are the secrets that somebody was told who must not be.
func (l *life) leaks() []string {
	var found []string
	for _, h := range l.said {
		for _, name := range l.in(h.text, h.may...) {
			found = append(found, name+", in "+h.from)
		}
	}
	return found
}

func (l *life) requireNothingLeaked(t *testing.T, profiles map[string]string) {
	t.Helper()
	require.Empty(t, l.leaks(), "in answers")
	log := l.log.String()
	require.Contains(t, log, "verification failed")
	require.Contains(t, log, "operation")
	require.Empty(t, l.in(log), "in the log and what else the process said")
	require.Empty(t, l.personal.in(log), "in the log")
	for page, text := range profiles {
		require.Empty(t, l.in(text), "in /debug/pprof/%s", page)
		require.Empty(t, l.personal.in(text), "in /debug/pprof/%s", page)
	}
	require.Empty(t, l.in(l.dump(t)), "in tables")
	require.Empty(t, l.in(l.backup(t)), "in a dump")
	for _, table := range []string{"river_job", "audit_log"} {
		var rows string
		require.NoError(t, l.pool.QueryRow(t.Context(), "SELECT string_agg(r::text, ' ') FROM "+table+" r").Scan(&rows))
		require.NotEmpty(t, rows)
		require.Empty(t, l.personal.in(rows), "in %s", table)
	}
}

// backup is what pg_dump writes; empty where there is no such program.
func (l *life) backup(t *testing.T, options ...string) string {
	t.Helper()
	programs, err := filepath.Glob("/usr/lib/postgresql/*/bin/pg_dump")
	require.NoError(t, err)
	if len(programs) == 0 {
		return ""
	}
	database, err := url.Parse(l.pool.Config().ConnString())
	require.NoError(t, err)
	parameters := database.Query()
	parameters.Del("timezone") // which pgx takes, and Postgres' own programs do not
	database.RawQuery = parameters.Encode()
	text, err := exec.CommandContext(t.Context(), programs[len(programs)-1], append(options, "--dbname", database.String())...).CombinedOutput()
	require.NoError(t, err, "%s", text)
	require.Contains(t, string(text), "CREATE TABLE")
	return string(text)
}

func (l *life) exec(t *testing.T, statement string, args ...any) {
	t.Helper()
	_, err := l.pool.Exec(t.Context(), statement, args...)
	require.NoError(t, err)
}

// requireLeaksAreFound plants a secret in each kind of place: whoever looks for nothing finds nothing.
func (l *life) requireLeaksAreFound(t *testing.T) {
	t.Helper()
	const name = "planted"
	planted := l.canary(name)
	for _, format := range []string{"json", "console"} {
		for how, write := range map[string]func(*zerolog.Event) *zerolog.Event{
			"a field":  func(e *zerolog.Event) *zerolog.Event { return e.Str("password", planted) },
			"an error": func(e *zerolog.Event) *zerolog.Event { return e.Err(errors.New(planted)) },
			"bytes":    func(e *zerolog.Event) *zerolog.Event { return e.Hex("body", []byte(planted)) },
		} {
			var said lockedBuffer
			log := newLog(config{LogLevel: zerolog.TraceLevel, LogFormat: format}, &said)
			write(log.Trace()).Send()
			require.Equal(t, []string{name}, l.in(said.String()), "%s in a log", how)
		}
	}

	site := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("X-Echo", r.URL.Query().Get("header"))
		_, _ = io.WriteString(w, r.URL.Query().Get("body"))
	}))
	defer site.Close()
	l.door.address = site.Listener.Addr().String()
	for _, where := range []string{"header", "body"} {
		l.send(t, http.MethodGet, "/?"+where+"="+planted, "")
		require.Len(t, l.leaks(), 1, where)
		l.owns(name)
		require.Empty(t, l.leaks(), "its owner may have it")
	}

	for kind, value := range map[string]string{"text": "$1::text", "bytea": "convert_to($1, 'UTF8')", "jsonb": "jsonb_build_object('errors', ARRAY[$1::text])"} {
		l.exec(t, "CREATE TABLE planted (v "+kind+")")
		l.exec(t, "INSERT INTO planted SELECT "+value, planted)
		require.Equal(t, []string{name}, l.in(l.dump(t)), "%s in a table", kind)
		if text := l.backup(t, "--table=planted"); text != "" {
			require.Equal(t, []string{name}, l.in(text), "%s in a dump", kind)
		}
		l.exec(t, "DROP TABLE planted")
	}

	pprof.Do(t.Context(), pprof.Labels("token", planted), func(context.Context) {
		for debug := range 2 {
			var page bytes.Buffer
			require.NoError(t, pprof.Lookup("goroutine").WriteTo(&page, debug))
			require.Equal(t, []string{name}, l.in(unpacked(t, page.String())), "in a profile")
		}
	})
}
