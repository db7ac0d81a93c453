package access_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/access"
	"renkei/db/dbtest"
	"renkei/graph"
	"renkei/intake"
)

const (
	email         = "tanaka@example.com"
	goodPassword  = "c4nary-open-sesame"
	nextPassword  = "c4nary-other-words"
	wrongPassword = "c4nary-mistyped"
	public        = "https://renkei.example.com"
	friend        = "https://app.example.com"
	whoAmI        = `{"query":"{ viewer { member { email } roles } }"}`
)

// testBundle is the porter before a door, on a database of its own, with a company and a member.
type testBundle struct {
	pool    *pgxpool.Pool
	service *intake.Service
	porter  *access.Porter
	handler http.Handler
	log     *logbook
	company intake.Company
	member  intake.Member
}

func setup(t *testing.T, changes ...func(*access.Options)) *testBundle {
	t.Helper()
	b := &testBundle{pool: dbtest.New(t), log: &logbook{}}
	log := zerolog.New(zerolog.SyncWriter(b.log))
	b.service = intake.New(dbtest.Program(t, b.pool), nil, nil, nil, intake.Settings{}, log)
	address, err := url.Parse(public)
	require.NoError(t, err)
	o := access.Options{PublicURL: address, AllowedOrigins: []string{friend}, Log: log}
	for _, change := range changes {
		change(&o)
	}
	b.porter, err = access.New(b.service, o)
	require.NoError(t, err)
	t.Cleanup(b.porter.Close)
	mux := http.NewServeMux()
	mux.Handle("/", b.porter)
	mux.Handle("/graphql", graph.NewServer(b.service, graph.Options{Authenticator: b.porter, AllowedOrigins: []string{public, friend}, Log: log}))
	b.handler = mux
	b.company, err = b.service.CreateCompany(t.Context(), "株式会社サンプル")
	require.NoError(t, err)
	b.member = b.join(t, b.company.ID, email)
	t.Cleanup(func() {
		for _, canary := range []string{goodPassword, nextPassword, wrongPassword, "c4nary"} {
			require.NotContains(t, b.log.String(), canary)
		}
	})
	return b
}

func (b *testBundle) join(t *testing.T, company uuid.UUID, email string) intake.Member {
	t.Helper()
	member, err := b.service.CreateMember(t.Context(), intake.NewMember{
		CompanyID: company, Name: "田中", Email: email, Roles: []intake.Role{intake.RoleAdmin}, Password: intake.NewSecret(goodPassword),
	})
	require.NoError(t, err)
	return member
}

func (b *testBundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

func (b *testBundle) number(t *testing.T, sql string, args ...any) (n int) {
	t.Helper()
	require.NoError(t, b.pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// logbook keeps what is logged.
type logbook struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *logbook) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *logbook) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// browser keeps cookies and says where its page is from, as browsers do.
type browser struct {
	*testBundle
	cookies map[string]*http.Cookie
	// headers go with every request, over what the browser says itself.
	headers map[string]string
	from    string
}

func (b *testBundle) browser() *browser {
	return &browser{testBundle: b, cookies: map[string]*http.Cookie{}, headers: map[string]string{}, from: "192.0.2.1:4711"}
}

// answer is what a request got.
type answer struct {
	*http.Response
	raw string
}

func (a answer) code(t *testing.T) string {
	t.Helper()
	var said struct {
		Errors []struct {
			Code, Message string
			Extensions    struct{ Code string }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(a.raw), &said), a.raw)
	require.NotEmpty(t, said.Errors, a.raw)
	require.NotEmpty(t, said.Errors[0].Message)
	return said.Errors[0].Code + said.Errors[0].Extensions.Code
}

func (b *browser) send(t *testing.T, method, path, body string) answer {
	t.Helper()
	r := httptest.NewRequestWithContext(t.Context(), method, public+path, strings.NewReader(body))
	r.RemoteAddr = b.from
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Origin", public)
	}
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	r.Header.Set("User-Agent", "Browser/1.0")
	for name, value := range b.headers {
		r.Header.Set(name, value)
		if value == "" {
			r.Header.Del(name)
		}
	}
	for _, c := range b.cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	b.handler.ServeHTTP(w, r)
	a := answer{Response: w.Result()}
	defer a.Body.Close() //nolint:errcheck // a recording
	raw, err := io.ReadAll(a.Body)
	require.NoError(t, err)
	a.raw = string(raw)
	for _, c := range a.Cookies() {
		if c.MaxAge < 0 {
			delete(b.cookies, c.Name)
			continue
		}
		b.cookies[c.Name] = c
	}
	return a
}

func (b *browser) post(t *testing.T, path, body string) answer {
	t.Helper()
	return b.send(t, http.MethodPost, path, body)
}

func (b *browser) refused(t *testing.T, status int, code, path, body string) answer {
	t.Helper()
	a := b.post(t, path, body)
	require.Equal(t, status, a.StatusCode, a.raw)
	require.Equal(t, code, a.code(t))
	return a
}

func credentials(email, password string) string {
	return `{"email":"` + email + `","password":"` + password + `"}`
}

// signedIn is a browser with a session.
func (b *testBundle) signedIn(t *testing.T) *browser {
	t.Helper()
	at := b.browser()
	a := at.post(t, "/auth/sign-in", credentials(email, goodPassword))
	require.Equal(t, http.StatusOK, a.StatusCode, a.raw)
	return at
}

// cookie is what the browser holds of a session.
func (b *browser) cookie() string {
	if c := b.cookies["__Host-renkei"]; c != nil {
		return c.Value
	}
	return ""
}

// asks tells whether GraphQL knows the browser's user.
func (b *browser) requireKnown(t *testing.T) {
	t.Helper()
	a := b.post(t, "/graphql", whoAmI)
	require.Equal(t, http.StatusOK, a.StatusCode, a.raw)
	require.Contains(t, a.raw, email)
}

func (b *browser) requireUnknown(t *testing.T, status int) {
	t.Helper()
	require.Equal(t, "UNAUTHENTICATED", b.refused(t, status, "UNAUTHENTICATED", "/graphql", whoAmI).code(t))
}

// makeLink makes a one-time link.
func (b *testBundle) makeLink(t *testing.T, purpose, secret string) {
	t.Helper()
	hash := sha256.Sum256([]byte(secret))
	b.exec(t, "INSERT INTO one_time_links (company_id, member_id, purpose, hash, expires_at) VALUES ($1, $2, $3, $4, now() + $5::interval)",
		b.company.ID, b.member.ID, purpose, hash[:], time.Hour)
}

func trusting(networks ...string) func(*access.Options) {
	return func(o *access.Options) {
		for _, n := range networks {
			o.TrustedProxies = append(o.TrustedProxies, netip.MustParsePrefix(n))
		}
	}
}
