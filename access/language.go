package access

import (
	"golang.org/x/text/language"

	"renkei/intake"
)

var languages = language.NewMatcher([]language.Tag{language.Japanese, language.English})

// Language is the one to answer in, by an Accept-Language header: Japanese unless English is asked for.
func Language(acceptLanguage string) intake.Language {
	if tags, _, err := language.ParseAcceptLanguage(acceptLanguage); err == nil && len(tags) > 0 {
		// Without confidence it is a guess from the script.
		if _, i, sure := languages.Match(tags...); i == 1 && sure > language.No {
			return intake.English
		}
	}
	return intake.Japanese
}
