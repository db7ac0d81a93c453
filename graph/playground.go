package graph

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"net/url"
	"regexp"
	"strings"

	"github.com/99designs/gqlgen/graphql/playground"
)

// offerPlayground serves GraphiQL to browsers that ask for a page.
func offerPlayground(next http.Handler) http.Handler {
	var page rendered
	playground.Handler("Renkei", "/graphql")(&page, &http.Request{Method: http.MethodGet, URL: &url.URL{Path: "/graphql"}})
	policy := playgroundPolicy(page.String())
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asksForPage := r.Method == http.MethodGet && r.Header.Get("Upgrade") == "" && !r.URL.Query().Has("query") &&
			strings.Contains(r.Header.Get("Accept"), "text/html")
		if asksForPage {
			w.Header().Set("Content-Security-Policy", policy)
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			// The client may be gone; there is nobody to tell.
			_, _ = w.Write(page.Bytes())
			return
		}
		next.ServeHTTP(w, r)
	})
}

// rendered takes a page down once, so that its policy can be made from it.
type rendered struct{ bytes.Buffer }

// Header implements http.ResponseWriter.
func (*rendered) Header() http.Header { return http.Header{} }

// WriteHeader implements http.ResponseWriter.
func (*rendered) WriteHeader(int) {}

var (
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	outerOrigin  = regexp.MustCompile(`(?:src|href)="(https://[^/"]+)`)
)

// playgroundPolicy lets the page run the one script that stands in it, known by its hash, and load what it
// names from where it names it, which it pins by hash itself.
func playgroundPolicy(html string) string {
	var scripts, origins []string
	for _, m := range inlineScript.FindAllStringSubmatch(html, -1) {
		hash := sha256.Sum256([]byte(m[1]))
		scripts = append(scripts, "'sha256-"+base64.StdEncoding.EncodeToString(hash[:])+"'")
	}
	for _, m := range outerOrigin.FindAllStringSubmatch(html, -1) {
		if !strings.Contains(strings.Join(origins, " "), m[1]) {
			origins = append(origins, m[1])
		}
	}
	from := strings.Join(origins, " ")
	return "default-src 'none'; script-src " + strings.Join(scripts, " ") + " " + from + "; style-src 'unsafe-inline' " + from +
		"; font-src data: " + from + "; img-src 'self' data:; connect-src 'self'; worker-src blob:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
