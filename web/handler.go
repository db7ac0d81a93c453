package web

import (
	"crypto/rand"
	"encoding/json"
	"errors"
	"fmt"
	"html"
	"io/fs"
	"mime"
	"net/http"
	"path"
	"slices"
	"strconv"
	"strings"
)

// Settings are what the console is told beside the API. Whoever opens its first page reads them.
type Settings struct {
	// Support is where お問い合わせ leads: an address of http, https or mailto; empty for nowhere.
	Support string
	// Demo is a sign-in that anybody may use; nil but in a demo on this machine.
	Demo    *SignIn
	Version string
}

// SignIn is an e-mail address and its password.
type SignIn struct {
	Email    string `json:"email"`
	Password string `json:"password"`
}

const (
	// What `npm run build` leaves in index.html to be filled in.
	nonceMark    = "RENKEI_NONCE"
	settingsMark = "RENKEI_SETTINGS"

	// forEver is for what bears a hash of its content in its name.
	forEver = "public, max-age=31536000, immutable"
	anHour  = "public, max-age=3600"

	stubPolicy = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)

// places are where the console's own addresses begin, as src/router.tsx has them; elsewhere is nothing, which the
// console says in its own words.
var places = []string{"", "sign-in", "links", "imports", "files", "inbox", "rules", "openings", "candidates", "incidents", "settings"}

// policy lets the console run its own scripts and nothing that stands in the page; styles that its components
// make as they are shown bear the nonce.
func policy(nonce string) string {
	return "default-src 'none'; script-src 'self'; style-src 'self' 'nonce-" + nonce + "'; img-src 'self' data:; font-src 'self'; " +
		"connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}

// Handler hands out the console: its files under /assets for good, its one page, never kept, wherever else a
// browser goes. What is not there is 404, for programs without a page.
func Handler(s Settings) (http.Handler, error) {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		return nil, err
	}
	return handlerOf(files, s)
}

func handlerOf(files fs.FS, s Settings) (http.Handler, error) {
	h, err := console(files, s)
	if err != nil {
		return nil, err
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		h(w, r)
	}), nil
}

func console(files fs.FS, s Settings) (http.HandlerFunc, error) {
	index, err := fs.ReadFile(files, "console/index.html")
	if errors.Is(err, fs.ErrNotExist) {
		return stub(files)
	}
	if err != nil {
		return nil, fmt.Errorf("read console: %w", err)
	}
	said, err := json.Marshal(struct {
		Support *string `json:"support"`
		Demo    *SignIn `json:"demo"`
		Version string  `json:"version"`
	}{linkOf(s.Support), s.Demo, s.Version})
	if err != nil {
		return nil, fmt.Errorf("write console's settings: %w", err)
	}
	page := strings.ReplaceAll(string(index), settingsMark, html.EscapeString(string(said)))
	built, err := fs.Sub(files, "console")
	if err != nil {
		return nil, err
	}
	return func(w http.ResponseWriter, r *http.Request) {
		name := strings.TrimPrefix(path.Clean(r.URL.Path), "/")
		if name != "index.html" && serveFile(w, r, built, name) {
			return
		}
		if !wantsPage(r) {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		nonce := rand.Text()
		w.Header().Set("Content-Security-Policy", policy(nonce))
		place, _, _ := strings.Cut(name, "/")
		status := http.StatusOK
		if !slices.Contains(places, place) {
			status = http.StatusNotFound
		}
		servePage(w, r, status, strings.ReplaceAll(page, nonceMark, nonce))
	}, nil
}

// linkOf makes an address that a browser can follow of what the operator set.
func linkOf(support string) *string {
	if support == "" {
		return nil
	}
	if !strings.Contains(support, ":") && strings.Contains(support, "@") {
		support = "mailto:" + support
	}
	for _, scheme := range []string{"https://", "http://", "mailto:"} {
		if strings.HasPrefix(support, scheme) {
			return &support
		}
	}
	return nil
}

// wantsPage tells a browser that goes somewhere from a program, or a page, that asks for a file.
func wantsPage(r *http.Request) bool {
	return r.URL.Path == "/" || strings.Contains(r.Header.Get("Accept"), "text/html") && !strings.HasPrefix(r.URL.Path, "/assets/")
}

func servePage(w http.ResponseWriter, r *http.Request, status int, page string) {
	h := w.Header()
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(page)))
	w.WriteHeader(status)
	if r.Method == http.MethodHead {
		return
	}
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write([]byte(page))
}

// encodings are the ways in which the build has compressed files, the best first.
var encodings = []struct{ name, suffix string }{{"br", ".br"}, {"gzip", ".gz"}}

// serveFile hands out a file that the build wrote, compressed if it can be; false where there is none.
func serveFile(w http.ResponseWriter, r *http.Request, built fs.FS, name string) bool {
	info, err := fs.Stat(built, name)
	if err != nil || info.IsDir() || strings.HasSuffix(name, ".br") || strings.HasSuffix(name, ".gz") {
		return false
	}
	kept := anHour
	if strings.HasPrefix(name, "assets/") {
		kept = forEver
	}
	h := w.Header()
	h.Set("Cache-Control", kept)
	h.Set("Content-Type", mime.TypeByExtension(path.Ext(name)))
	h.Set("Vary", "Accept-Encoding")
	for _, encoding := range encodings {
		if !accepts(r, encoding.name) {
			continue
		}
		if _, err := fs.Stat(built, name+encoding.suffix); err == nil {
			h.Set("Content-Encoding", encoding.name)
			name += encoding.suffix
			break
		}
	}
	http.ServeFileFS(w, r, built, name) //nolint:gosec // an fs.FS knows no way out of itself
	return true
}

func accepts(r *http.Request, encoding string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		name, weight, _ := strings.Cut(part, ";")
		if strings.TrimSpace(name) == encoding {
			return strings.ReplaceAll(weight, " ", "") != "q=0"
		}
	}
	return false
}

// stub says how to build the console.
func stub(files fs.FS) (http.HandlerFunc, error) {
	page, err := fs.ReadFile(files, "stub.html")
	if err != nil {
		return nil, fmt.Errorf("read console's stand-in: %w", err)
	}
	return func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path != "/" {
			http.Error(w, "not found", http.StatusNotFound)
			return
		}
		w.Header().Set("Content-Security-Policy", stubPolicy)
		servePage(w, r, http.StatusOK, string(page))
	}, nil
}
