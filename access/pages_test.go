package access_test

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"
)

var linkPages = []string{"/invitation", "/password-reset"}

func TestAPageOfALinkNeverSaysWhatItWasAskedWith(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.makeLink(t, "INVITATION", "c4nary-link")
	for _, path := range linkPages {
		plain := b.browser().send(t, http.MethodGet, path, "")
		at := b.signedIn(t)
		at.headers["Referer"] = public + path + "#c4nary-link"
		a := at.send(t, http.MethodGet, path+"?c4nary-link=<script>&name=c4nary-link", "")
		require.Equal(t, http.StatusOK, a.StatusCode)
		require.Equal(t, plain.raw, a.raw)
		require.Equal(t, plain.Header, a.Header)
		require.NotContains(t, a.raw, b.company.Name)
		require.Empty(t, a.Cookies())
	}
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM one_time_links WHERE used_at IS NULL"))
	require.NotContains(t, b.log.String(), "c4nary")
}

func TestAPageOfALinkIsOnlyRead(t *testing.T) {
	t.Parallel()
	at := setup(t).browser()
	for _, path := range linkPages {
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			require.Equal(t, http.StatusMethodNotAllowed, at.send(t, method, path, "{}").StatusCode, "%s %s", method, path)
		}
		for _, beside := range []string{path + "/", path + "/c4nary-link"} {
			require.Equal(t, http.StatusNotFound, at.send(t, http.MethodGet, beside, "").StatusCode, beside)
		}
	}
}

func TestAPageOfALinkMayDoNothingButWhatStandsInIt(t *testing.T) {
	t.Parallel()
	at := setup(t).browser()
	for _, path := range linkPages {
		for _, language := range []string{"ja", "en"} {
			at.headers["Accept-Language"] = language
			a := at.send(t, http.MethodGet, path, "")
			require.Equal(t, "text/html; charset=utf-8", a.Header.Get("Content-Type"))
			require.Equal(t, []string{"no-store"}, a.Header.Values("Cache-Control"))
			require.Equal(t, []string{"no-referrer"}, a.Header.Values("Referrer-Policy"))
			require.Equal(t, []string{"nosniff"}, a.Header.Values("X-Content-Type-Options"))
			require.Equal(t, []string{
				"default-src 'none'; script-src " + hashOfOnly(t, "script", a.raw) + "; style-src " + hashOfOnly(t, "style", a.raw) +
					"; connect-src 'self'; form-action 'none'; base-uri 'none'; frame-ancestors 'none'",
			}, a.Header.Values("Content-Security-Policy"))
			// What the policy would stop must not be there: it would only be missing.
			require.NotRegexp(t, `(?i)\s(?:style|on[a-z]+|src|action)=|https?://|<(?:link|img|iframe|base)\b`, a.raw)
			// Nor what makes HTML of a text.
			require.NotRegexp(t, `innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(`, a.raw)
		}
	}
}

// hashOfOnly is what a policy knows the one element of a kind by.
func hashOfOnly(t *testing.T, element, document string) string {
	t.Helper()
	require.Len(t, regexp.MustCompile(`<`+element+`\b`).FindAllString(document, -1), 1)
	found := regexp.MustCompile(`(?s)<` + element + `>(.+)</` + element + `>`).FindStringSubmatch(document)
	require.NotNil(t, found)
	sum := sha256.Sum256([]byte(found[1]))
	return "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
}

func TestAPageOfALinkSpeaksTheBrowsersLanguage(t *testing.T) {
	t.Parallel()
	at := setup(t).browser()
	for accept, want := range map[string]struct{ language, invitation, reset string }{
		"":                     {"ja", "招待", "パスワードの再設定"},
		"de":                   {"ja", "招待", "パスワードの再設定"},
		"ja-JP,en;q=0.5":       {"ja", "招待", "パスワードの再設定"},
		"en-GB,en;q=0.9,ja;q0": {"ja", "招待", "パスワードの再設定"},
		"en-GB,en;q=0.9":       {"en", "Invitation", "New password"},
	} {
		at.headers["Accept-Language"] = accept
		for path, title := range map[string]string{"/invitation": want.invitation, "/password-reset": want.reset} {
			a := at.send(t, http.MethodGet, path, "")
			require.Equal(t, want.language, a.Header.Get("Content-Language"), accept)
			require.Equal(t, "Accept-Language", a.Header.Get("Vary"))
			require.Contains(t, a.raw, `<html lang="`+want.language+`">`)
			require.Contains(t, a.raw, "<h1>"+title+"</h1>", accept)
		}
	}
}

func TestEveryFieldOfAPageOfALinkHasALabel(t *testing.T) {
	t.Parallel()
	at := setup(t).browser()
	for path, fields := range map[string]int{"/invitation": 4, "/password-reset": 3} {
		a := at.send(t, http.MethodGet, path, "")
		inputs := regexp.MustCompile(`<input id="([a-z]+)"[^>]*>`).FindAllStringSubmatch(a.raw, -1)
		require.Len(t, inputs, fields)
		for _, input := range inputs {
			require.Regexp(t, `<label for="`+input[1]+`">[^<]+</label>|<label class="tick">`+regexp.QuoteMeta(input[0])+`[^<]+</label>`, a.raw)
			// Without a name nothing is ever sent by the form itself.
			require.NotContains(t, input[0], "name=")
		}
		require.Contains(t, a.raw, `role="alert"`)
	}
}
