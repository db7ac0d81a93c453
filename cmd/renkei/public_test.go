package main

import (
	"bytes"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

// answered is what a request got, its body apart.
type answered struct {
	StatusCode int
	Header     http.Header
}

// request sends one request with headers given in pairs, following no redirect.
func (c client) request(t *testing.T, method, path, body string, headers ...string) (answered, string) {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, "http://"+c.address+path, bytes.NewBufferString(body))
	require.NoError(t, err)
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	resp, err := http.DefaultTransport.RoundTrip(r)
	require.NoError(t, err)
	defer resp.Body.Close() //nolint:errcheck // read to its end
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	return answered{resp.StatusCode, resp.Header}, string(text)
}

func TestEveryAnswerTellsBrowsersToTrustNothing(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.env["RENKEI_PUBLIC_URL"] = "https://renkei.example"
	c := w.start(t).client
	for _, path := range []string{"/healthz", "/graphql", "/schema.graphql", "/nothing"} {
		resp, _ := c.request(t, http.MethodGet, path, "")
		for header, want := range map[string]string{
			"Content-Security-Policy": policyNothing, "X-Content-Type-Options": "nosniff", "X-Frame-Options": "DENY",
			"Referrer-Policy": "no-referrer", "Cache-Control": "no-store", "Cross-Origin-Opener-Policy": "same-origin",
			"Strict-Transport-Security": twoYears,
		} {
			require.Equal(t, want, resp.Header.Get(header), "%s of %s", header, path)
		}
		require.Empty(t, resp.Header.Get("Server"))
	}
	plain := setup(t, wantedlysim.Options{}).start(t).client
	resp, _ := plain.request(t, http.MethodGet, "/healthz", "")
	require.Empty(t, resp.Header.Get("Strict-Transport-Security"), "a server without https must not promise it")
}

func TestWhatAnotherOriginForgesIsRefused(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.env["RENKEI_PUBLIC_URL"], w.env["RENKEI_ALLOWED_ORIGINS"] = "https://renkei.example", "https://app.example"
	c := w.start(t).client
	const query, kind = `{"query":"{ __typename }"}`, "application/json"
	for _, forged := range [][]string{
		{"Origin", "https://evil.example"},
		{"Origin", "null"},
		{"Origin", "http://renkei.example"},
		{"Origin", "https://renkei.example.evil.example"},
		{"Origin", "https://app.example:444"},
		{"Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"},
		{"Sec-Fetch-Site", "same-site", "Origin", "https://sub.renkei.example"},
		{"Sec-Fetch-Site", "cross-site"},
		{"Sec-Fetch-Site", "same-site"},
	} {
		resp, _ := c.request(t, http.MethodPost, "/graphql", query, append(forged, "Content-Type", kind)...)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, forged)
		require.Empty(t, resp.Header.Get("Access-Control-Allow-Origin"), forged)
	}
	// What a form can send without asking first is no request at all.
	for _, form := range []string{"application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "text/plain"} {
		resp, _ := c.request(t, http.MethodPost, "/graphql", query, "Content-Type", form)
		require.GreaterOrEqual(t, resp.StatusCode, 400, form)
	}
	for _, streaming := range [][]string{
		{"Origin", "https://evil.example", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol", "graphql-transport-ws"},
		{"Origin", "null", "Upgrade", "websocket", "Connection", "Upgrade", "Sec-WebSocket-Version", "13", "Sec-WebSocket-Key", "dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Protocol", "graphql-transport-ws"},
		{"Origin", "https://evil.example", "Accept", "text/event-stream"},
	} {
		resp, _ := c.request(t, http.MethodGet, "/graphql", "", streaming...)
		require.Equal(t, http.StatusForbidden, resp.StatusCode, streaming)
	}
	// By another of its names, a page of this very host is still ours.
	resp, text := c.request(t, http.MethodGet, "/graphql?query=%7B__typename%7D", "", "Origin", "http://"+c.address, "Accept", "text/event-stream")
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	for _, welcome := range [][]string{
		{}, {"Origin", "https://renkei.example"}, {"Origin", "https://app.example", "Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-origin"},
	} {
		resp, text := c.request(t, http.MethodPost, "/graphql", query, append(welcome, "Content-Type", kind)...)
		require.Equal(t, http.StatusOK, resp.StatusCode, "%v: %s", welcome, text)
	}
}

// Paths that tools look for first.
var wordlist = strings.Fields(`
	/.env /.git/config /.git/HEAD /.htaccess /.well-known/security.json /actuator /actuator/env /actuator/health /admin /admin/ /admin/jobs
	/admin/jobs/ /admin/jobs/api/jobs /administrator /api /api/v1 /backup.sql /config /config.json /console /debug /debug/pprof /debug/pprof/
	/debug/pprof/heap /debug/pprof/goroutine /debug/pprof/profile /debug/vars /debug/requests /dump.sql /env /expvar /graphiql /graphql/console
	/graphql/playground /health /heapdump /info /jobs /livez /login /logs /metrics /metrics/ /monitoring /phpinfo.php /playground /pprof
	/prometheus /river /river/ /robots.txt /server-status /stats /status /swagger /swagger.json /sw.js /test /trace /v1/graphql
	/voyager /wp-login.php /altair`)

func TestWhatIsForOperatorsIsNotOnThePublicAddress(t *testing.T) {
	t.Parallel()
	require.GreaterOrEqual(t, len(wordlist), 60)
	w := setup(t, wantedlysim.Options{})
	c := w.start(t).client
	for _, path := range wordlist {
		resp, _ := c.request(t, http.MethodGet, path, "", "Authorization", "Bearer "+w.token, "Accept", "text/html")
		require.Equal(t, http.StatusNotFound, resp.StatusCode, path)
	}
}

func TestTheQueueIsForAdministratorsOfTheOperatingCompany(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.env["RENKEI_OPERATING_COMPANY"] = w.company
	member := func(company, email, roles string) string {
		id := w.command(t, "member", "create", "--company", company, "--email", email, "--name", "運用", "--roles", roles)
		return "Bearer " + w.command(t, "token", "create", "--company", company, "--member", id)
	}
	recruiter := member(w.company, "recruiter@example.com", "recruiter,coordinator")
	foreign := member(w.command(t, "company", "create", "よその会社"), "foreign@example.com", "admin")
	c := w.start(t).client
	linked := w.link(t, c, "ok@"+domain)

	for _, path := range []string{"/admin/jobs/", "/admin/jobs/api/jobs?state=completed", "/admin/jobs/api/queues", "/admin/jobs/assets/x.js"} {
		resp, text := c.request(t, http.MethodGet, path, "")
		require.Equal(t, http.StatusUnauthorized, resp.StatusCode, "%s: %s", path, text)
		resp, _ = c.request(t, http.MethodGet, path, "", "Authorization", "Bearer renkei_wrong")
		require.Equal(t, http.StatusUnauthorized, resp.StatusCode, path)
		for _, token := range []string{recruiter, foreign} {
			resp, text = c.request(t, http.MethodGet, path, "", "Authorization", token)
			require.Equal(t, http.StatusNotFound, resp.StatusCode, "%s: %s", path, text)
		}
	}
	admin := "Bearer " + w.token
	resp, page := c.request(t, http.MethodGet, "/admin/jobs/", "", "Authorization", admin, "Accept", "text/html")
	require.Equal(t, http.StatusOK, resp.StatusCode, page)
	require.Contains(t, page, "<title>River</title>")
	require.Equal(t, policyQueue, resp.Header.Get("Content-Security-Policy"))
	var list string
	require.Eventually(t, func() bool {
		// River notes what is done a moment later.
		resp, list = c.request(t, http.MethodGet, "/admin/jobs/api/jobs?state=completed", "", "Authorization", admin)
		return resp.StatusCode == http.StatusOK && strings.Contains(list, "verify_account")
	}, patience, tick, list)
	require.NotContains(t, list, linked.ID, "what a job was called with is nobody's business")
	require.NoError(t, uuid.Validate(linked.ID))
}
