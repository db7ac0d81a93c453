package wantedly_test

import (
	"encoding/json"
	"errors"
	"html"
	"net/url"
	"strings"
	"testing"
	"time"
	"unicode"
	"unicode/utf8"

	"renkei/wantedly"
)

func FuzzRecords(f *testing.F) {
	for _, seed := range []string{
		`{"data":{"number":5,"created_at":"2026-11-20T09:30:00.000+09:00","project":{"id":1,"title":"x"},"candidate":{"id":1},"candidacy":{"id":1}}}`,
		`{"user":{"name":"a","age":3},"location":"x","working_histories":[{"started_on":"2020"}],"skill_taggings":[{"tag":{"name":"Go"}}],"portfolio_items":[{"url":"https://x.example"}]}`,
		`{"data":{"tickets":[{"number":2},{"number":"1"}]}}`,
		`{"user":{"name":"\ud800\u0000"}}`, `[[[[]]]]`, `{"":null}`, `1e999`, `"`,
	} {
		f.Add([]byte(seed))
	}
	now := time.Date(2026, 11, 22, 0, 0, 0, 0, time.UTC)
	f.Fuzz(func(t *testing.T, body []byte) {
		p, err := wantedly.ParsePerson(body, "1")
		checkInvalid(t, err)
		if err == nil && (strings.TrimSpace(p.Name) == "" || !utf8.ValidString(p.Name) || strings.Contains(p.Name, "\x00")) {
			t.Fatalf("name %q", p.Name)
		}
		checkInvalid(t, wantedly.ParseTicket(body, 5, now))
		numbers, err := wantedly.ParseListing(body)
		for i := 1; err == nil && i < len(numbers); i++ {
			if numbers[i] >= numbers[i-1] || numbers[i] < 1 {
				t.Fatalf("numbers %v", numbers)
			}
		}
	})
}

func checkInvalid(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		return
	}
	_, _, shape, ok := wantedly.InvalidOf(err)
	if !ok || !json.Valid(shape) {
		t.Fatal(errors.Unwrap(err), string(shape))
	}
}

func FuzzSignInPage(f *testing.F) {
	for _, seed := range []string{
		plainForm, `<meta content='&amp;' name=csrf-token>`, `<meta name="csrf-token"`, `<!--`, `<script><meta name="csrf-token" content="x">`, "<\x00\xff",
	} {
		f.Add([]byte(seed), "text/html; charset=utf-8")
	}
	f.Fuzz(func(t *testing.T, body []byte, contentType string) {
		token, _ := wantedly.ParsePage(body, contentType)
		if strings.TrimSpace(token) != token {
			t.Fatalf("token %q", token)
		}
	})
}

// FuzzPageToken writes a token into a page as Rails does; it is to be read as it was written.
func FuzzPageToken(f *testing.F) {
	for _, seed := range []string{"", " ", "dG9rZW4=", `"><script>`, "&amp;&quot;", "</head>", "\u3000トークン", "a\rb\nc", "\x00\xff"} {
		f.Add(seed, "ようこそ</title>")
		f.Add(seed, `<form action="/signin"><input name="user[email]">`)
	}
	f.Fuzz(func(t *testing.T, token, text string) {
		if !utf8.ValidString(token) || strings.ContainsAny(token, "\x00\r") {
			return // no page can hold those
		}
		body := `<!DOCTYPE html><html><head><meta charset="utf-8"><meta name="csrf-token" content="` + html.EscapeString(token) + `"><title>` +
			html.EscapeString(text) + `</title></head><body></body></html>`
		read, form := wantedly.ParsePage([]byte(body), "text/html; charset=utf-8")
		if read != strings.TrimSpace(token) || form {
			t.Fatalf("read %q, form %v", read, form)
		}
	})
}

func FuzzTexts(f *testing.F) {
	for _, seed := range []string{
		"", "taro@mail.example", "t\x00aro＠mail.example", `"taro yamada"@mail.example`, "a%40b.example,c@d.example", "@taro.dev", "\xff\x7f\t\n", "あ@b.exampl",
	} {
		f.Add(seed, uint16(20_000))
		f.Add(seed, uint16(5))
	}
	f.Fuzz(func(t *testing.T, s string, most uint16) {
		c := wantedly.Clean(s, int(most))
		if !utf8.ValidString(c) || utf8.RuneCountInString(c) > int(most) || strings.ContainsAny(c, "\x00\r\x1b\x7f") {
			t.Fatalf("%q became %q", s, c)
		}
		if again := wantedly.Clean(c, int(most)); again != c {
			t.Fatalf("%q became %q and then %q", s, c, again)
		}
	})
}

func FuzzLinks(f *testing.F) {
	for _, seed := range []string{
		"", "https://x.example/a?b=c#d", "javascript:alert(1)", "http://a@x.example", "http://a:b@x/", "https://x.example/?m=taro%2540mail.example", "HTTPS://X.EXAMPLE",
		" https://x.example/あ ", "https://[::1]:80/%zz", "//x.example", "https://x.example/?a=\x97", `http://x.e"mple`,
	} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, s string) {
		link := wantedly.WebLink(s)
		if link == "" {
			return
		}
		u, err := url.Parse(link)
		if err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Host == "" || u.User != nil ||
			strings.ContainsAny(u.Host, " \"'<>") || !utf8.ValidString(link) || strings.ContainsFunc(link, unicode.IsControl) {
			t.Fatalf("%q became %q: %v", s, link, err)
		}
		if again := wantedly.WebLink(link); again != link {
			t.Fatalf("%q became %q and then %q", s, link, again)
		}
	})
}
