package intake

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
