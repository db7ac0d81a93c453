package intake

import (
	"strings"
	"unicode/utf8"
)

// Language is one that Renkei speaks to people in.
type Language string

// The languages.
const (
	Japanese Language = "ja"
	English  Language = "en"
)

// Text is something said to a person, in every language.
type Text struct{ JA, EN string }

// In returns the text in a language; Japanese unless English is asked for.
func (t Text) In(l Language) string {
	if l == English {
		return t.EN
	}
	return t.JA
}

var textBadCharacters = Text{"使えない文字が含まれています。", "This holds characters that cannot be stored."}

// storable reports whether the database can hold s: it takes no NUL, and nothing but UTF-8.
func storable(s string) bool { return !strings.ContainsRune(s, 0) && utf8.ValidString(s) }

// searched makes what somebody looks for fit for the database; what cannot be stored is nowhere found.
func searched(s *string) *string {
	if s == nil || storable(*s) {
		return s
	}
	fit := strings.ToValidUTF8(strings.ReplaceAll(*s, "\x00", "\ufffd"), "\ufffd")
	return &fit
}
