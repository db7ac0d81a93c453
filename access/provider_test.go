package access_test

import (
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	"github.com/stretchr/testify/require"

	"renkei/access"
	"renkei/intake"
)

const (
	clientID     = "renkei-console"
	clientSecret = "c4nary-client-secret"
	audience     = "renkei-api"
)

// idp is an identity provider as a test wants it.
type idp struct {
	*httptest.Server

	mu   sync.Mutex
	keys []*rsa.PrivateKey
	down bool
	// grants are the codes that were handed out, each good once.
	grants map[string]grant
	// changes are made to each ID token.
	changes   map[string]any
	keyAsked  int
	discovery int
}

type grant struct{ nonce, challenge, redirect string }

// rsaKeys are made once: they take long.
var rsaKeys = sync.OnceValue(func() []*rsa.PrivateKey {
	keys := make([]*rsa.PrivateKey, 3)
	for i := range keys {
		var err error
		if keys[i], err = rsa.GenerateKey(rand.Reader, 2048); err != nil {
			panic(err)
		}
	}
	return keys
})

func newIDP(t *testing.T) *idp {
	t.Helper()
	p := &idp{keys: rsaKeys()[:1], grants: map[string]grant{}}
	mux := http.NewServeMux()
	mux.HandleFunc("GET /.well-known/openid-configuration", func(w http.ResponseWriter, _ *http.Request) {
		p.discovery++
		_ = json.NewEncoder(w).Encode(map[string]any{
			"issuer": p.URL, "authorization_endpoint": p.URL + "/authorize", "token_endpoint": p.URL + "/token", "jwks_uri": p.URL + "/keys",
			"id_token_signing_alg_values_supported": []string{"RS256", "none", "HS256"},
		})
	})
	mux.HandleFunc("GET /keys", func(w http.ResponseWriter, _ *http.Request) {
		p.keyAsked++
		var set jose.JSONWebKeySet
		for i, k := range p.keys {
			set.Keys = append(set.Keys, jose.JSONWebKey{Key: k.Public(), KeyID: kid(i, k), Algorithm: "RS256", Use: "sig"})
		}
		_ = json.NewEncoder(w).Encode(set)
	})
	mux.HandleFunc("POST /token", p.token)
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		p.mu.Lock()
		defer p.mu.Unlock()
		if p.down {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		mux.ServeHTTP(w, r)
	}))
	t.Cleanup(p.Close)
	return p
}

func kid(_ int, k *rsa.PrivateKey) string { return k.N.Text(62)[:8] }

// with changes the provider while nobody asks it.
func (p *idp) with(change func()) {
	p.mu.Lock()
	defer p.mu.Unlock()
	change()
}

func (p *idp) token(w http.ResponseWriter, r *http.Request) {
	id, secret, _ := r.BasicAuth()
	code := r.FormValue("code")
	g, known := p.grants[code]
	delete(p.grants, code)
	challenge := sha256.Sum256([]byte(r.FormValue("code_verifier")))
	if !known || id != clientID || secret != url.QueryEscape(clientSecret) || r.FormValue("redirect_uri") != g.redirect ||
		base64.RawURLEncoding.EncodeToString(challenge[:]) != g.challenge {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusBadRequest)
		_, _ = w.Write([]byte(`{"error":"invalid_grant"}`))
		return
	}
	said := p.claims(clientID)
	said["nonce"] = g.nonce
	maps.Copy(said, p.changes)
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(map[string]any{
		"access_token": "c4nary-access", "token_type": "Bearer", "expires_in": 300, "id_token": sign(jose.RS256, p.keys[0], kid(0, p.keys[0]), said),
	})
}

// claims are a good token's.
func (p *idp) claims(audience string) map[string]any {
	now := time.Now().Unix()
	return map[string]any{
		"iss": p.URL, "sub": "tanaka-1", "aud": audience, "iat": now, "nbf": now, "exp": now + 300, "email": email, "email_verified": true,
	}
}

func sign(algorithm jose.SignatureAlgorithm, key any, kid string, claims map[string]any) string {
	signer, err := jose.NewSigner(jose.SigningKey{Algorithm: algorithm, Key: key}, (&jose.SignerOptions{}).WithType("JWT").WithHeader("kid", kid))
	if err != nil {
		panic(err)
	}
	token, err := jwt.Signed(signer).Claims(claims).Serialize()
	if err != nil {
		panic(err)
	}
	return token
}

// bearer is a good token with these changes.
func (p *idp) bearer(changes map[string]any) string {
	said := p.claims(audience)
	maps.Copy(said, changes)
	return sign(jose.RS256, p.keys[0], kid(0, p.keys[0]), said)
}

func (p *idp) options(o *access.Options) {
	o.OIDC = access.OIDC{Issuer: p.URL, Audience: audience, ClientID: clientID, ClientSecret: intake.NewSecret(clientSecret)}
}

// authorize is the person's part at the provider: it hands out a code for what the browser was sent with.
func (p *idp) authorize(t *testing.T, a answer) (code, state string) {
	t.Helper()
	require.Equal(t, http.StatusFound, a.StatusCode, a.raw)
	to, err := a.Location()
	require.NoError(t, err)
	q := to.Query()
	require.Equal(t, p.URL+"/authorize", to.Scheme+"://"+to.Host+to.Path)
	require.Equal(t, "code", q.Get("response_type"))
	require.Equal(t, "S256", q.Get("code_challenge_method"))
	require.Equal(t, public+"/auth/oidc/callback", q.Get("redirect_uri"))
	code = fmt.Sprint("c4nary-code-", time.Now().UnixNano())
	p.with(func() {
		p.grants[code] = grant{nonce: q.Get("nonce"), challenge: q.Get("code_challenge"), redirect: q.Get("redirect_uri")}
	})
	return code, q.Get("state")
}

func callback(code, state string) string {
	return "/auth/oidc/callback?" + url.Values{"code": {code}, "state": {state}}.Encode()
}

// navigate follows a link as a browser does.
func (b *browser) navigate(t *testing.T, path, site string) answer {
	t.Helper()
	b.headers["Sec-Fetch-Site"] = site
	defer delete(b.headers, "Sec-Fetch-Site")
	return b.send(t, http.MethodGet, path, "")
}

func TestOIDCBearerTokensThatAreNotForUsLetNobodyIn(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	b.join(t, b.company.ID, "unverified@example.com")
	now := time.Now().Unix()
	public, err := x509.MarshalPKIXPublicKey(p.keys[0].Public())
	require.NoError(t, err)
	pemKey := pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: public})
	unsigned := base64.RawURLEncoding.EncodeToString([]byte(`{"alg":"none","typ":"JWT"}`))
	said, err := json.Marshal(p.claims(audience))
	require.NoError(t, err)
	good := p.bearer(nil)
	tokens := map[string]string{
		"for somebody else":              p.bearer(map[string]any{"aud": "another"}),
		"for the console":                p.bearer(map[string]any{"aud": clientID}),
		"for nobody":                     p.bearer(map[string]any{"aud": []string{}}),
		"of another issuer":              p.bearer(map[string]any{"iss": "https://evil.example.com"}),
		"expired":                        p.bearer(map[string]any{"exp": now - 61}),
		"that never expires":             p.bearer(map[string]any{"exp": nil}),
		"not good yet":                   p.bearer(map[string]any{"nbf": now + 600}),
		"without a subject":              p.bearer(map[string]any{"sub": ""}),
		"of an address not verified":     p.bearer(map[string]any{"sub": "x", "email_verified": false, "email": "unverified@example.com"}),
		"of an address not mentioned":    p.bearer(map[string]any{"sub": "y", "email_verified": nil, "email": "unverified@example.com"}),
		"of a stranger":                  p.bearer(map[string]any{"sub": "z", "email": "nobody@example.com"}),
		"signed with nothing":            unsigned + "." + base64.RawURLEncoding.EncodeToString(said) + ".",
		"signed with the public key":     sign(jose.HS256, pemKey, kid(0, p.keys[0]), p.claims(audience)),
		"signed with a key of their own": sign(jose.RS256, rsaKeys()[2], kid(0, p.keys[0]), p.claims(audience)),
		"of a key that nobody knows":     sign(jose.RS256, rsaKeys()[2], "nobody's", p.claims(audience)),
		"that was changed":               good[:len(good)-8] + "AAAAAAAA",
		"in JSON":                        `{"payload":"a.b.c"}`,
		"too long":                       "a." + string(make([]byte, 0)) + base64.RawURLEncoding.EncodeToString(make([]byte, 17<<10)) + ".c",
	}
	at := b.browser()
	for name, token := range tokens {
		at.headers["Authorization"] = "Bearer " + token
		a := at.post(t, "/graphql", whoAmI)
		require.Equal(t, http.StatusUnauthorized, a.StatusCode, "%s: %s", name, a.raw)
	}
	require.Zero(t, b.number(t, "SELECT count(oidc_subject) FROM members"))
	at.headers["Authorization"] = "Bearer " + good
	at.requireKnown(t)
}

func TestOIDCBearerTokensLetTheirMemberInWithinAMinuteOfSkew(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	now := time.Now().Unix()
	at := b.browser()
	for _, changes := range []map[string]any{
		nil, {"exp": now - 30}, {"nbf": now + 50}, {"aud": []string{"other", audience}}, {"email_verified": false}, {"nbf": nil}, {"email": "else@example.com"},
	} {
		at.headers["Authorization"] = "bearer " + p.bearer(changes)
		at.requireKnown(t)
	}
	actor, err := b.porter.Bearer(t.Context(), "Bearer "+p.bearer(map[string]any{"exp": now + 100}), "", "192.0.2.9")
	require.NoError(t, err)
	require.Equal(t, intake.ByOIDC, actor.Credential.Kind)
	require.Equal(t, now+100, actor.Credential.ExpiresAt.Unix())
	require.Equal(t, "192.0.2.9", actor.Address)

	// Of several companies, the header chooses.
	other, err := b.service.CreateCompany(t.Context(), "別の会社")
	require.NoError(t, err)
	b.join(t, other.ID, email)
	at.headers["Authorization"] = "Bearer " + p.bearer(nil)
	for company, want := range map[string]string{other.ID.String(): "別の会社", b.company.ID.String(): "株式会社サンプル"} {
		at.headers["Renkei-Company"] = company
		require.Contains(t, at.post(t, "/graphql", `{"query":"{ viewer { company { name } } }"}`).raw, want)
	}
	for _, bad := range []string{"x", "0197b3f0-0000-7000-8000-000000000000"} {
		at.headers["Renkei-Company"] = bad
		at.requireUnknown(t, http.StatusUnauthorized)
	}
}

func TestOIDCKeysMayRotateAndAreNotAskedForByEverybody(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	at := b.browser()
	at.headers["Authorization"] = "Bearer " + p.bearer(nil)
	at.requireKnown(t)
	p.with(func() { p.keys = rsaKeys()[1:2] })
	at.headers["Authorization"] = "Bearer " + p.bearer(nil)
	at.requireKnown(t)
	for i := range 50 {
		_, err := b.porter.Bearer(t.Context(), "Bearer "+sign(jose.RS256, rsaKeys()[2], fmt.Sprint("made up ", i), p.claims(audience)), "", "")
		require.Error(t, err)
	}
	p.with(func() {
		require.Less(t, p.keyAsked, 20)
		require.Equal(t, 1, p.discovery)
	})
	at.requireKnown(t)
}

func TestOIDCProviderThatIsDownStopsNobodyElseAndIsAskedAgain(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	p.down = true
	b := setup(t, p.options)
	b.signedIn(t).requireKnown(t)
	at := b.browser()
	a := at.navigate(t, "/auth/oidc/start", "same-origin")
	require.Equal(t, http.StatusServiceUnavailable, a.StatusCode)
	require.Equal(t, "UNAVAILABLE", a.code(t))
	_, err := b.porter.Bearer(t.Context(), "Bearer "+p.bearer(nil), "", "")
	require.ErrorIs(t, err, access.ErrUnavailable)
	at.headers["Authorization"] = "Bearer " + p.bearer(nil)
	at.refused(t, http.StatusServiceUnavailable, "UNAVAILABLE", "/graphql", whoAmI)
	p.with(func() { p.down = false })
	require.Eventually(t, func() bool {
		_, err := b.porter.Bearer(t.Context(), "Bearer "+p.bearer(nil), "", "")
		return err == nil
	}, 30*time.Second, 100*time.Millisecond)

	// With keys that cannot be had nobody knows whether a token is good; those that are known go on.
	p.with(func() { p.down, p.keys = true, rsaKeys()[1:2] })
	_, err = b.porter.Bearer(t.Context(), "Bearer "+p.bearer(nil), "", "")
	require.ErrorIs(t, err, access.ErrUnavailable)
	p.with(func() { p.keys = rsaKeys()[:1] })
	_, err = b.porter.Bearer(t.Context(), "Bearer "+p.bearer(nil), "", "")
	require.NoError(t, err)
}

func TestOIDCSignInBeginsASession(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	at := b.browser()
	require.JSONEq(t, fmt.Sprintf(`{"password":true,"oidc":{"issuer":%q,"start":"/auth/oidc/start"}}`, p.URL), at.navigate(t, "/auth/methods", "same-origin").raw)
	code, state := p.authorize(t, at.navigate(t, "/auth/oidc/start?returnTo=%2Finbox%3Ftab%3D1", "same-origin"))
	a := at.navigate(t, callback(code, state), "cross-site")
	require.Equal(t, http.StatusSeeOther, a.StatusCode, a.raw)
	require.Equal(t, "/inbox?tab=1", a.Header.Get("Location"))
	require.Len(t, at.cookies, 1, "what was kept for the way is gone")
	at.requireKnown(t)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'OIDC_BOUND'"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'SIGNED_IN'"))

	again := at.navigate(t, callback(code, state), "cross-site")
	require.Equal(t, http.StatusBadRequest, again.StatusCode, "nobody went there")
}

func TestOIDCSignInThatIsNotWhatBeganHereIsRefused(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	for name, c := range map[string]struct {
		changes map[string]any
		back    func(*browser, string, string) string
		status  int
	}{
		"a nonce of another sign-in": {map[string]any{"nonce": "another"}, nil, http.StatusUnauthorized},
		"no nonce":                   {map[string]any{"nonce": nil}, nil, http.StatusUnauthorized},
		"for another client":         {map[string]any{"aud": audience}, nil, http.StatusUnauthorized},
		"for two, given to another":  {map[string]any{"aud": []string{clientID, "x"}, "azp": "x"}, nil, http.StatusUnauthorized},
		"expired":                    {map[string]any{"exp": time.Now().Unix() - 61}, nil, http.StatusUnauthorized},
		"an address not verified":    {map[string]any{"sub": "x", "email_verified": false}, nil, http.StatusUnauthorized},
		"another state":              {nil, func(_ *browser, code, _ string) string { return callback(code, "another") }, http.StatusBadRequest},
		"no state":                   {nil, func(_ *browser, code, _ string) string { return callback(code, "") }, http.StatusBadRequest},
		"no code":                    {nil, func(_ *browser, _, state string) string { return callback("", state) + "&error=access_denied" }, http.StatusUnauthorized},
		"a code that nobody gave":    {nil, func(_ *browser, _, state string) string { return callback("made-up", state) }, http.StatusUnauthorized},
		"another issuer's answer": {nil, func(_ *browser, code, state string) string {
			return callback(code, state) + "&iss=https%3A%2F%2Fevil.example.com"
		}, http.StatusBadRequest},
		"a browser that did not begin": {nil, func(at *browser, code, state string) string {
			clear(at.cookies)
			return callback(code, state)
		}, http.StatusBadRequest},
		"a cookie that is garbage": {nil, func(at *browser, code, state string) string {
			for _, c := range at.cookies {
				c.Value = "garbage"
			}
			return callback(code, state)
		}, http.StatusBadRequest},
	} {
		at := b.browser()
		p.with(func() { p.changes = c.changes })
		code, state := p.authorize(t, at.navigate(t, "/auth/oidc/start", "same-origin"))
		to := callback(code, state)
		if c.back != nil {
			to = c.back(at, code, state)
		}
		a := at.navigate(t, to, "cross-site")
		require.Equal(t, c.status, a.StatusCode, "%s: %s", name, a.raw)
		require.Empty(t, at.cookie(), name)
	}
	// A code is good once, whoever holds on to the cookie.
	p.with(func() { p.changes = nil })
	at := b.browser()
	code, state := p.authorize(t, at.navigate(t, "/auth/oidc/start", "same-origin"))
	kept := at.cookies["__Host-renkei-oidc"]
	require.True(t, kept.Secure && kept.HttpOnly && kept.Path == "/" && kept.Domain == "")
	require.Equal(t, http.StatusSeeOther, at.navigate(t, callback(code, state), "cross-site").StatusCode)
	thief := b.browser()
	thief.cookies[kept.Name] = kept
	require.Equal(t, http.StatusUnauthorized, thief.navigate(t, callback(code, state), "cross-site").StatusCode)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM sessions"))
}

func TestOIDCSignInLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	p := newIDP(t)
	b := setup(t, p.options)
	for _, bad := range []string{
		"https://evil.example.com/", "//evil.example.com", "/\\evil.example.com", "\\\\evil.example.com", "/\t/evil.example.com", "javascript:alert(1)",
		"evil.example.com", "", "/\r\nSet-Cookie: x=y", "///evil.example.com", "%zz",
	} {
		at := b.browser()
		code, state := p.authorize(t, at.navigate(t, "/auth/oidc/start?"+url.Values{"returnTo": {bad}}.Encode(), "same-origin"))
		a := at.navigate(t, callback(code, state), "cross-site")
		require.Equal(t, http.StatusSeeOther, a.StatusCode, bad)
		require.Equal(t, "/", a.Header.Get("Location"), bad)
	}
}
