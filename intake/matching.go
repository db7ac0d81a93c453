package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizePositionName is how a 募集ポジション名 is compared: NFKC (which folds full and half width,
// ㈱, and the Kangxi radicals that look like kanji), without invisible characters, runs of white space
// as one space, and the many waves and dashes as ~ and -. The long vowel mark ー is a letter and stays.
// At most 500 characters count: NFKC makes up to 18 of one, and no index could hold those.
func NormalizePositionName(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	length, space := 0, 0
	// What is invisible goes first: it may keep apart what NFKC puts together.
	for _, r := range norm.NFKC.String(strings.Map(visible, name)) {
		switch {
		case unicode.IsSpace(r):
			space = min(length, 1)
			continue
		case isWave(r):
			r = '~'
		case isDash(r):
			r = '-'
		}
		if length += space + 1; length > maxPositionName {
			break
		}
		if space > 0 {
			b.WriteByte(' ')
			space = 0
		}
		b.WriteRune(r)
	}
	return b.String()
}

// NormalizeName is how people's names are compared: as above, in lower case, with one character for its variants (髙
// is 高) and nothing between the parts.
func NormalizeName(name string) string {
	return strings.Map(func(r rune) rune {
		if r == ' ' || r == '・' {
			return -1
		}
		if plain, known := variants[r]; known {
			return plain
		}
		return r
	}, strings.ToLower(NormalizePositionName(name)))
}

// visible drops, for strings.Map, the characters that nobody sees: joiners, marks of direction, the
// selectors of a glyph's variant, controls other than white space.
func visible(r rune) rune {
	if unicode.In(r, unicode.Cf, unicode.Variation_Selector) || unicode.IsControl(r) && !unicode.IsSpace(r) {
		return -1
	}
	return r
}

// isWave knows 〜 and its look-alikes; NFKC has turned ～ into ~ already.
func isWave(r rune) bool { return r == '\u301c' || r == '\u223c' || r == '\u3030' }

func isDash(r rune) bool {
	return r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\u2500' || r == '\ufe58' || r == '\u2043'
}
