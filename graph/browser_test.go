package graph_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestPlaygroundIsServedToBrowsersAlone(t *testing.T) {
	t.Parallel()
	on := open(t, func(p *plan) { p.options.Playground = true }).company(t, "甲社")
	ask := func(c company, url, accept string) answer {
		r := c.request(t, http.MethodGet, url, "")
		r.Header.Set("Accept", accept)
		return read(t, c.client, r)
	}
	browser := "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
	page := ask(on, on.url, browser)
	require.Equal(t, http.StatusOK, page.status)
	require.Contains(t, page.header.Get("Content-Type"), "text/html")
	require.Contains(t, page.raw, "Renkei")
	policy := page.header.Get("Content-Security-Policy")
	require.Regexp(t, `script-src 'sha256-[^']+' https://`, policy, "its own script, known by its hash")
	require.NotRegexp(t, `script-src [^;]*unsafe`, policy)
	stranger := on
	stranger.token = ""
	require.Equal(t, http.StatusOK, ask(stranger, on.url, browser).status, "the page itself is no secret")

	require.NotNil(t, ask(on, byGet(t, on.url, `{ serverTime }`, nil), browser).Data, "a query is a query in a browser too")
	for _, accept := range []string{"*/*", "application/json", "", "application/graphql-response+json"} {
		require.NotContains(t, ask(on, on.url, accept).raw, "<html", accept)
	}
	off := open(t).company(t, "乙社")
	require.NotContains(t, ask(off, off.url, browser).raw, "<html")
}

const friend, foreigner = "https://app.example.com", "https://evil.example.com"

func befriended(p *plan) { p.options.AllowedOrigins = []string{friend} }

func TestAPageOfAFriendlyOriginMayAsk(t *testing.T) {
	t.Parallel()
	c := open(t, befriended).company(t, "甲社")
	preflight := func(origin, method, headers string) answer {
		r := c.request(t, http.MethodOptions, c.url, "")
		r.Header.Del("Authorization")
		r.Header.Set("Origin", origin)
		r.Header.Set("Access-Control-Request-Method", method)
		r.Header.Set("Access-Control-Request-Headers", headers)
		return read(t, c.client, r)
	}
	allowed := preflight(friend, http.MethodPost, "accept-language,authorization,content-type")
	require.Equal(t, http.StatusNoContent, allowed.status)
	require.Equal(t, friend, allowed.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "POST", allowed.header.Get("Access-Control-Allow-Methods"))
	require.Equal(t, "accept-language,authorization,content-type", allowed.header.Get("Access-Control-Allow-Headers"))
	require.Empty(t, allowed.header.Get("Access-Control-Allow-Credentials"))
	for _, refused := range []answer{
		preflight(foreigner, http.MethodPost, "content-type"), preflight("null", http.MethodPost, "content-type"),
		preflight(friend+".evil.example.com", http.MethodPost, "content-type"), preflight(friend, http.MethodDelete, "content-type"),
		preflight(friend, http.MethodPost, "cookie"),
	} {
		require.Empty(t, refused.header.Get("Access-Control-Allow-Origin"))
	}

	from := c
	from.headers = map[string]string{"Origin": friend}
	a := from.try(t, whoAmI, nil)
	require.Equal(t, friend, a.header.Get("Access-Control-Allow-Origin"))
	require.Equal(t, "X-Request-Id", a.header.Get("Access-Control-Expose-Headers"))
	require.Contains(t, a.header.Values("Vary"), "Origin")
	require.Equal(t, friend, from.streamByPost(t, whoAmI, nil).response.Header.Get("Access-Control-Allow-Origin"))
	from.headers = map[string]string{"Origin": foreigner}
	require.Empty(t, from.try(t, whoAmI, nil).header.Get("Access-Control-Allow-Origin"))
}

func TestEvenARefusalCanBeReadByAFriendlyPage(t *testing.T) {
	t.Parallel()
	c := open(t, befriended).company(t, "甲社")
	c.token, c.headers = "renkei_nobody", map[string]string{"Origin": friend}
	a := c.try(t, whoAmI, nil)
	require.Equal(t, http.StatusUnauthorized, a.status)
	require.Equal(t, friend, a.header.Get("Access-Control-Allow-Origin"))
}

func TestASocketFromAForeignOriginIsRefused(t *testing.T) {
	t.Parallel()
	c := open(t, befriended).company(t, "甲社")
	for _, origin := range []string{foreigner, "null", friend + ".evil.example.com", "http://app.example.com", "https://app.example.com:8443", "%%"} {
		_, response, err := c.dial(t, http.Header{"Origin": {origin}})
		require.Error(t, err, origin)
		require.Equal(t, http.StatusForbidden, response.status, origin)
	}
	for _, origin := range []string{friend, "HTTPS://APP.example.com", c.url[:len(c.url)-len("/graphql")]} {
		_, response, err := c.dial(t, http.Header{"Origin": {origin}})
		require.NoError(t, err, origin)
		require.Equal(t, http.StatusSwitchingProtocols, response.status)
	}
}

func TestWithoutFriendsASocketComesFromOurOwnOriginAlone(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	_, response, err := c.dial(t, http.Header{"Origin": {friend}})
	require.Error(t, err)
	require.Equal(t, http.StatusForbidden, response.status)
}
