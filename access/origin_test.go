package access_test

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/coder/websocket"
	"github.com/stretchr/testify/require"
)

// Twelve ways in which another site's page would use the cookie of somebody signed in here.
func TestForgedRequestsGetNothingOutOfACookie(t *testing.T) {
	t.Parallel()
	b := setup(t)
	signedIn := b.signedIn(t)
	change := `{"current":"` + goodPassword + `","new":"` + nextPassword + `"}`
	for name, forged := range map[string]struct {
		method, path, body string
		headers            map[string]string
		status             int
	}{
		"a page of another site, by fetch":       {http.MethodPost, "/auth/password", change, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"}, http.StatusForbidden},
		"a page of a sister host":                {http.MethodPost, "/auth/password", change, map[string]string{"Sec-Fetch-Site": "same-site", "Origin": "https://other.example.com"}, http.StatusForbidden},
		"an old browser's page":                  {http.MethodPost, "/auth/password", change, map[string]string{"Sec-Fetch-Site": "", "Origin": "https://evil.example.com"}, http.StatusForbidden},
		"a page in a sandbox":                    {http.MethodPost, "/auth/password", change, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "null"}, http.StatusForbidden},
		"a form":                                 {http.MethodPost, "/auth/sign-out", "x=1", map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com", "Content-Type": "application/x-www-form-urlencoded"}, http.StatusForbidden},
		"a form that looks like JSON":            {http.MethodPost, "/auth/password", change, map[string]string{"Sec-Fetch-Site": "", "Origin": "", "Content-Type": "text/plain"}, http.StatusUnsupportedMediaType},
		"signing in as somebody else":            {http.MethodPost, "/auth/sign-in", credentials(email, goodPassword), map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"}, http.StatusForbidden},
		"GraphQL from another site":              {http.MethodPost, "/graphql", whoAmI, map[string]string{"Sec-Fetch-Site": "cross-site", "Origin": "https://evil.example.com"}, http.StatusOK},
		"GraphQL from a friend, who has a token": {http.MethodPost, "/graphql", whoAmI, map[string]string{"Sec-Fetch-Site": "same-site", "Origin": friend}, http.StatusOK},
		"GraphQL over plain HTTP":                {http.MethodPost, "/graphql", whoAmI, map[string]string{"Sec-Fetch-Site": "", "Origin": "http://renkei.example.com"}, http.StatusOK},
		"GraphQL of who knows":                   {http.MethodPost, "/graphql", whoAmI, map[string]string{"Sec-Fetch-Site": "", "Origin": ""}, http.StatusOK},
		"GraphQL by a link":                      {http.MethodGet, "/graphql?query=%7Bviewer%7Broles%7D%7D", "", map[string]string{"Sec-Fetch-Site": "cross-site", "Accept": "application/json"}, http.StatusOK},
	} {
		at := b.browser()
		at.cookies, at.headers = map[string]*http.Cookie{"": signedIn.cookies["__Host-renkei"]}, forged.headers
		a := at.send(t, forged.method, forged.path, forged.body)
		require.Equal(t, forged.status, a.StatusCode, "%s: %s", name, a.raw)
		require.NotContains(t, a.raw, "ADMIN", name)
		require.NotContains(t, a.raw, email, name)
		require.Empty(t, a.Cookies(), name)
		if strings.HasPrefix(forged.path, "/graphql") {
			require.Contains(t, a.raw, "UNAUTHENTICATED", name)
		}
	}
	signedIn.requireKnown(t)
}

func TestACookieOpensAWebSocketFromTheOwnOriginAlone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	at := b.signedIn(t)
	server := httptest.NewServer(b.handler)
	t.Cleanup(server.Close)
	greet := func(origin, site, cookie string) (string, error) {
		socket, response, err := websocket.Dial(t.Context(), server.URL+"/graphql", &websocket.DialOptions{
			Subprotocols: []string{"graphql-transport-ws"},
			HTTPHeader:   http.Header{"Origin": {origin}, "Sec-Fetch-Site": {site}, "Cookie": {"__Host-renkei=" + cookie}},
		})
		if response != nil && response.Body != nil {
			defer response.Body.Close() //nolint:errcheck // nothing in it
		}
		if err != nil {
			return "", err
		}
		defer socket.CloseNow() //nolint:errcheck // the test is over
		require.NoError(t, socket.Write(t.Context(), websocket.MessageText, []byte(`{"type":"connection_init"}`)))
		_, message, err := socket.Read(t.Context())
		return string(message), err
	}
	message, err := greet(public, "same-origin", at.cookie())
	require.NoError(t, err)
	require.Contains(t, message, "connection_ack")
	for name, try := range map[string][3]string{
		"a friend's page":     {friend, "same-site", at.cookie()},
		"a cookie that died":  {public, "same-origin", strings.Repeat("A", 43)},
		"no word of its site": {friend, "", at.cookie()},
	} {
		_, err := greet(try[0], try[1], try[2])
		require.Equal(t, websocket.StatusCode(4403), websocket.CloseStatus(err), name)
	}
	_, err = greet("https://evil.example.com", "cross-site", at.cookie())
	require.ErrorContains(t, err, "403")
}

func TestOnlyATrustedProxySaysWhoIsBehindIt(t *testing.T) {
	t.Parallel()
	alone, behind := setup(t), setup(t, trusting("10.0.0.0/8", "fd00::/8", "203.0.113.7/32"))
	for _, c := range []struct {
		peer    string
		forward []string
		trusted bool
		want    string
	}{
		{"192.0.2.1:1", []string{"198.51.100.1"}, false, "192.0.2.1"},
		{"192.0.2.1:1", []string{"198.51.100.1"}, true, "192.0.2.1"},
		{"10.0.0.1:1", []string{"198.51.100.1"}, true, "198.51.100.1"},
		{"10.0.0.1:1", []string{"198.51.100.1"}, false, "10.0.0.1"},
		{"10.0.0.1:1", nil, true, "10.0.0.1"},
		{"10.0.0.1:1", []string{"6.6.6.6, 198.51.100.1, 10.2.3.4"}, true, "198.51.100.1"},
		{"10.0.0.1:1", []string{"6.6.6.6", "198.51.100.1,203.0.113.7"}, true, "198.51.100.1"},
		{"10.0.0.1:1", []string{"10.0.0.9, 10.0.0.8"}, true, "10.0.0.9"},
		{"10.0.0.1:1", []string{"198.51.100.1, garbage, 10.0.0.8"}, true, "10.0.0.8"},
		{"10.0.0.1:1", []string{"198.51.100.1\r\nx: y"}, true, "10.0.0.1"},
		{"[fd00::1]:1", []string{"[2001:db8::1]:443"}, true, "2001:db8::1"},
		{"[::ffff:10.0.0.1]:1", []string{"::ffff:198.51.100.1"}, true, "198.51.100.1"},
		{"[fe80::1%eth0]:1", nil, true, "fe80::1"},
		{"@", []string{"198.51.100.1"}, true, ""},
	} {
		b := map[bool]*testBundle{true: behind, false: alone}[c.trusted]
		r := httptest.NewRequest(http.MethodGet, "/", nil)
		r.RemoteAddr = c.peer
		r.Header["X-Forwarded-For"] = c.forward
		require.Equal(t, c.want, b.porter.Address(r), "%+v", c)
	}
}
