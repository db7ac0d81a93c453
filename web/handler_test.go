package web

import (
	"encoding/json"
	"html"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/require"
)

// build is what `npm run build` leaves.
func build() fstest.MapFS {
	file := func(text string) *fstest.MapFile { return &fstest.MapFile{Data: []byte(text)} }
	return fstest.MapFS{
		"stub.html": file("<p>make build</p>"),
		"console/index.html": file(`<meta property="csp-nonce" nonce="RENKEI_NONCE"><meta name="renkei-settings" content="RENKEI_SETTINGS">` +
			`<script type="module" src="/assets/index-1.js" nonce="RENKEI_NONCE"></script>`),
		"console/icon.svg":          file("<svg/>"),
		"console/assets/index-1.js": file("plain"), "console/assets/index-1.js.br": file("brotli"), "console/assets/index-1.js.gz": file("gzip"),
	}
}

// get asks as a browser that goes somewhere does, unless headers say otherwise.
func get(t *testing.T, files fs.FS, s Settings, path string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	h, err := handlerOf(files, s)
	require.NoError(t, err)
	r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, path, http.NoBody)
	r.Header.Set("Accept", "text/html,application/xhtml+xml,*/*;q=0.8")
	for i := 0; i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestProgramsAreToldThatThereIsNothing(t *testing.T) {
	t.Parallel()
	for path, accept := range map[string]string{
		"/nothing": "application/json", "/grpahql": "*/*", "/assets/index-0.js": "text/html", "/assets/": "text/html",
		"/assets/index-1.js.br": "*/*", "/assets/..%2fstub.html": "*/*",
	} {
		w := get(t, build(), Settings{}, path, "Accept", accept)
		require.Equal(t, http.StatusNotFound, w.Code, path)
		require.NotContains(t, w.Header().Get("Cache-Control"), "public", path)
	}
	h, err := handlerOf(build(), Settings{})
	require.NoError(t, err)
	w := httptest.NewRecorder()
	h.ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", http.NoBody))
	require.Equal(t, http.StatusNotFound, w.Code)
}

func TestEveryPathOfTheConsoleIsItsOnePageUnderAPolicyOfItsOwn(t *testing.T) {
	t.Parallel()
	nonces := make(map[string]bool)
	for _, path := range []string{"/", "/inbox", "/candidates/0199", "/sign-in", "/settings/audit?action=SIGNED_IN"} {
		w := get(t, build(), Settings{}, path)
		require.Equal(t, http.StatusOK, w.Code, path)
		require.Equal(t, "text/html; charset=utf-8", w.Header().Get("Content-Type"))
		require.Empty(t, w.Header().Get("Cache-Control"), "what the server says of all answers stands: no-store")
		nonce := regexp.MustCompile(`'nonce-([A-Z2-7]{26,})'`).FindStringSubmatch(w.Header().Get("Content-Security-Policy"))
		require.NotNil(t, nonce, path)
		require.NotContains(t, w.Body.String(), nonceMark)
		require.Contains(t, w.Body.String(), `<meta property="csp-nonce" nonce="`+nonce[1]+`">`)
		require.NotContains(t, w.Header().Get("Content-Security-Policy"), "unsafe")
		require.Contains(t, w.Header().Get("Content-Security-Policy"), "script-src 'self';", "no script but the build's files")
		nonces[nonce[1]] = true
	}
	require.Len(t, nonces, 5, "each answer has its own")
}

func TestABrowserThatIsLostIsToldSoByTheConsole(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"/.env", "/admin", "/inboxes", "/index.html", "/wp-login.php"} {
		w := get(t, build(), Settings{}, path)
		require.Equal(t, http.StatusNotFound, w.Code, path)
		require.Contains(t, w.Body.String(), "/assets/index-1.js", path)
	}
}

func TestTheConsoleIsToldItsSettingsAsText(t *testing.T) {
	t.Parallel()
	content := func(s Settings) map[string]any {
		w := get(t, build(), s, "/")
		found := regexp.MustCompile(`name="renkei-settings" content="([^"]*)"`).FindStringSubmatch(w.Body.String())
		require.NotNil(t, found)
		var said map[string]any
		require.NoError(t, json.Unmarshal([]byte(html.UnescapeString(found[1])), &said))
		return said
	}
	require.Equal(t, map[string]any{"support": nil, "demo": nil, "version": `"><script>`}, content(Settings{Version: `"><script>`}))
	said := content(Settings{Demo: &SignIn{Email: "a@b.example", Password: "c"}})
	require.Equal(t, map[string]any{"email": "a@b.example", "password": "c"}, said["demo"])
	for support, link := range map[string]any{
		"hr@example.com": "mailto:hr@example.com", "https://example.com/help?a=b&c": "https://example.com/help?a=b&c",
		"mailto:hr@example.com": "mailto:hr@example.com", "javascript:alert(1)": nil, "内線 1234": nil,
	} {
		require.Equal(t, link, content(Settings{Support: support})["support"], support)
	}
}

func TestFilesWithAHashAreKeptForEverAndCompressed(t *testing.T) {
	t.Parallel()
	for accepts, want := range map[string][2]string{
		"gzip, deflate, br, zstd": {"br", "brotli"}, "gzip": {"gzip", "gzip"}, "br;q=0, gzip": {"gzip", "gzip"}, "": {"", "plain"},
	} {
		w := get(t, build(), Settings{}, "/assets/index-1.js", "Accept-Encoding", accepts)
		require.Equal(t, http.StatusOK, w.Code)
		require.Equal(t, want, [2]string{w.Header().Get("Content-Encoding"), w.Body.String()}, accepts)
		require.Equal(t, "public, max-age=31536000, immutable", w.Header().Get("Cache-Control"))
		require.Equal(t, "Accept-Encoding", w.Header().Get("Vary"))
		require.Contains(t, w.Header().Get("Content-Type"), "text/javascript")
	}
	icon := get(t, build(), Settings{}, "/icon.svg")
	require.Equal(t, "image/svg+xml", icon.Header().Get("Content-Type"))
	require.NotContains(t, icon.Header().Get("Cache-Control"), "immutable", "its name stays when it changes")
}

func TestWithoutABuildThePageSaysHowToMakeOne(t *testing.T) {
	t.Parallel()
	files := build()
	delete(files, "console/index.html")
	w := get(t, files, Settings{}, "/")
	require.Equal(t, http.StatusOK, w.Code)
	require.Contains(t, w.Body.String(), "make build")
	require.Equal(t, stubPolicy, w.Header().Get("Content-Security-Policy"))
	require.Equal(t, http.StatusNotFound, get(t, files, Settings{}, "/inbox").Code)
	_, err := Handler(Settings{})
	require.NoError(t, err, "whatever this tree was built with")
}
