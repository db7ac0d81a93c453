package wantedly

import (
	"bytes"
	"io"
	"regexp"
	"strings"

	"golang.org/x/net/html"
	"golang.org/x/net/html/charset"

	"renkei/intake"
)

// page is what matters of an HTML page.
type page struct {
	token         string   // of the first csrf-token that holds something
	signInForm    bool     // somebody could sign in here
	passwordField bool     // there is a field user[password]
	form          []string // of the first form with a password: what it is sent to, and its fields; see formLook
}

var (
	// A word boundary keeps /designing out.
	signInWords = regexp.MustCompile(`(^|[^a-z])(sign|log)[_-]?in([^a-z]|$)`)
	stepWords   = regexp.MustCompile(`two[_-]?factor|verification|challenge|captcha`)
	lockWords   = regexp.MustCompile(`(^|[^bn])locked`) // neither blocked nor unlocked
)

func isSignInPath(path string) bool { return signInWords.MatchString(strings.ToLower(path)) }

// hurdle says what a path means that stands between a password and a session.
func hurdle(path string) error {
	path = strings.ToLower(path)
	switch {
	case stepWords.MatchString(path):
		return fail(intake.FailureTwoFactorRequired, "the site wants a second step")
	case lockWords.MatchString(path):
		return fail(intake.FailureAccountLocked, "the site says that the account is locked")
	}
	return nil
}

// looksLikeHTML reports whether an answer is a page, whatever its Content-Type says.
func looksLikeHTML(body []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(body, "\ufeff \t\r\n"), []byte("<"))
}

// readPage reads an answer as HTML; what is not HTML holds nothing.
func readPage(r *reply) page {
	if !looksLikeHTML(r.body) {
		return page{}
	}
	return parsePage(r.body, r.contentType)
}

func parsePage(body []byte, contentType string) page {
	var p page
	var in io.Reader = bytes.NewReader(body)
	if decoded, err := charset.NewReader(bytes.NewReader(body), contentType); err == nil {
		in = decoded
	}
	z := html.NewTokenizer(in)
	var open formLook
	for {
		switch z.Next() {
		case html.ErrorToken:
			p.close(open)
			return p
		case html.StartTagToken, html.SelfClosingTagToken:
			p.see(z, &open)
		case html.EndTagToken:
			if name, _ := z.TagName(); string(name) == "form" {
				p.close(open)
				open = formLook{}
			}
		default: // text and the rest say nothing
		}
	}
}

func (p *page) see(z *html.Tokenizer, open *formLook) {
	name, more := z.TagName()
	tag := string(name)
	if tag != "meta" && tag != "input" && tag != "form" {
		return
	}
	attrs := map[string]string{}
	for more {
		var key, value []byte
		key, value, more = z.TagAttr()
		if _, twice := attrs[string(key)]; !twice { // the first one counts, as in a browser
			attrs[string(key)] = string(value)
		}
	}
	switch tag {
	case "meta":
		if p.token == "" && strings.EqualFold(strings.TrimSpace(attrs["name"]), "csrf-token") {
			p.token = strings.TrimSpace(attrs["content"])
		}
	case "input":
		p.passwordField = p.passwordField || attrs["name"] == passwordName
		p.signInForm = p.signInForm || p.passwordField || attrs["name"] == emailName
		open.fields = append(open.fields, attrs["name"])
	case "form":
		*open = formLook{method: attrs["method"], action: attrs["action"]}
		p.signInForm = p.signInForm || isSignInPath(attrs["action"])
	}
}
