package wantedly_test

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
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
