package access

import (
	"crypto/sha256"
	_ "embed" // for the page
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"regexp"
	"strings"

	"renkei/intake"
)

// The pages that one-time links lead to. A link's secret stands behind its #, which browsers keep to
// themselves: only the page's own script reads it.
const (
	invitationPage    = "/invitation"
	passwordResetPage = "/password-reset"
)

//go:embed pages/link.html
var linkTemplate string

// page is what a browser is given: a document, and the policy that lets nothing but its own script and style
// do anything.
type page struct{ document, policy string }

// pages are the pages of every path and language.
type pages map[string]map[intake.Language]page

func newPages() (pages, error) {
	t, err := template.New("link").Parse(linkTemplate)
	if err != nil {
		return nil, fmt.Errorf("read page of links: %w", err)
	}
	all := make(pages)
	for _, path := range []string{invitationPage, passwordResetPage} {
		all[path] = make(map[intake.Language]page)
		for _, language := range []intake.Language{intake.Japanese, intake.English} {
			var document strings.Builder
			if err := t.Execute(&document, words{Path: path, Language: language}); err != nil {
				return nil, fmt.Errorf("make page %s in %s: %w", path, language, err)
			}
			all[path][language] = page{document.String(), policyOf(document.String())}
		}
	}
	return all, nil
}

// words are what the template asks for.
type words struct {
	Path     string
	Language intake.Language
}

// Invites tells an invitation from a new password.
func (w words) Invites() bool { return w.Path == invitationPage }

// In says something in the page's language.
func (w words) In(ja, en string) string { return intake.Text{JA: ja, EN: en}.In(w.Language) }

var (
	inlineScript = regexp.MustCompile(`(?s)<script>(.*?)</script>`)
	inlineStyle  = regexp.MustCompile(`(?s)<style>(.*?)</style>`)
)

func policyOf(document string) string {
	return "default-src 'none'; script-src " + hashes(inlineScript, document) + "; style-src " + hashes(inlineStyle, document) +
		"; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'"
}

// hashes are what a policy knows the inline parts of a document by.
func hashes(parts *regexp.Regexp, document string) string {
	var all []string
	for _, m := range parts.FindAllStringSubmatch(document, -1) {
		sum := sha256.Sum256([]byte(m[1]))
		all = append(all, "'sha256-"+base64.StdEncoding.EncodeToString(sum[:])+"'")
	}
	return strings.Join(all, " ")
}

func (p *Porter) showPage(w http.ResponseWriter, r *http.Request) error {
	language := Language(r.Header.Get("Accept-Language"))
	page := p.pages[r.URL.Path][language]
	h := w.Header()
	h.Set("Content-Security-Policy", page.policy)
	h.Set("Content-Type", "text/html; charset=utf-8")
	h.Set("Content-Language", string(language))
	h.Set("Vary", "Accept-Language")
	// The client may be gone; there is nobody to tell.
	_, _ = io.WriteString(w, page.document)
	return nil
}
