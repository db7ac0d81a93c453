package wantedly

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"
)

// noEmail stands where an e-mail address stood.
const noEmail = "（メールアドレス削除）"

const (
	wide = `Ａ-Ｚａ-ｚ０-９`
	// Legal, but not here: / ? & = #, so that https://example.com/@taro.example stays a link.
	localPart = `(?:"[^"\n]{1,64}"|[A-Za-z0-9` + wide + `._%+'!$*^` + "`" + `{|}~．＿％＋－-]+)`
	atSign    = `(?:[@＠﹫]|%40)`
	domain    = `(?:[A-Za-z0-9` + wide + `－-]+[.．])+[A-Za-zＡ-Ｚａ-ｚ][A-Za-z0-9` + wide + `－-]+`
)

var (
	email   = regexp.MustCompile(localPart + atSign + domain)
	escaped = regexp.MustCompile(`(?:%[0-9A-Fa-f]{2})+`)
)

// hasAt spares most texts the search for an address.
func hasAt(s string) bool { return strings.ContainsAny(s, "@＠﹫") || strings.Contains(s, "%40") }

// withoutEmails replaces what looks like an e-mail address.
func withoutEmails(s string) string {
	if !hasAt(s) {
		return s
	}
	return email.ReplaceAllLiteralString(s, noEmail)
}

// onlyEmail reports whether withoutEmails left nothing that somebody could be called.
func onlyEmail(s string) bool {
	rest := strings.ReplaceAll(s, noEmail, "")
	return rest != s && !strings.ContainsFunc(rest, func(r rune) bool { return unicode.IsLetter(r) || unicode.IsNumber(r) })
}

// tellsEmail reports whether a link holds an e-mail address, however often it is escaped.
func tellsEmail(link string) bool {
	const mostOften = 4
	for range mostOften {
		if hasAt(link) && email.MatchString(link) {
			return true
		}
		plain := escaped.ReplaceAllStringFunc(link, func(s string) string {
			s, _ = url.PathUnescape(s) // it is nothing but escapes
			return s
		})
		if plain == link {
			return false
		}
		link = plain
	}
	return true
}
