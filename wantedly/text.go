package wantedly

import (
	"net/url"
	"strings"
	"unicode/utf8"
)

const (
	// maxText is how many characters of a free text are kept.
	maxText = 20_000
	// maxName and maxTitle are how long a name and a posting's title may be.
	maxName  = 200
	maxTitle = 500
	maxURL   = 2_000
)

// clean makes text fit for a database and a page: valid UTF-8, no control characters but line feeds
// and tabs, no e-mail address, at most so many characters.
func clean(s string, most int) string {
	s = strings.Map(func(r rune) rune {
		if r < ' ' && r != '\n' && r != '\t' || r == 0x7f {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "\ufffd"))
	s = withoutEmails(s)
	if utf8.RuneCountInString(s) <= most {
		return s
	}
	n := 0
	for i := range s {
		if n == most {
			return s[:i]
		}
		n++
	}
	return s
}

// webLink is a link that a person may be sent to; "" when it is not one, or tells an e-mail address.
func webLink(s string) string {
	s = strings.TrimSpace(s)
	u, err := url.Parse(s)
	if err != nil || !utf8.ValidString(s) || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || u.User != nil {
		return ""
	}
	if strings.ContainsAny(u.Host, `"'<>`) { // which url.Parse lets through
		return ""
	}
	if s = u.String(); len(s) > maxURL || tellsEmail(s) {
		return ""
	}
	return s
}
