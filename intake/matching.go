package intake

import (
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// NormalizePositionName is how a 募集ポジション名 is compared: NFKC (which folds full and half width,
// ㈱, and the Kangxi radicals that look like kanji), without invisible characters, runs of white space
// as one space, and the many waves and dashes as ~ and -. The long vowel mark ー is a letter and stays.
func NormalizePositionName(name string) string {
	var b strings.Builder
	b.Grow(len(name))
	space := false
	for _, r := range norm.NFKC.String(name) {
		switch {
		case isInvisible(r):
			continue
		case unicode.IsSpace(r):
			space = b.Len() > 0
			continue
		case isWave(r):
			r = '~'
		case isDash(r):
			r = '-'
		}
		if space {
			b.WriteByte(' ')
			space = false
		}
		b.WriteRune(r)
	}
	return b.String()
}

func isInvisible(r rune) bool {
	switch r {
	case '\u00ad', '\u200b', '\u200c', '\u200d', '\u2060', '\ufeff':
		return true
	}
	return r != '\n' && r != '\t' && r != '\r' && r != '\v' && r != '\f' && unicode.IsControl(r)
}

// isWave knows 〜 and its look-alikes; NFKC has turned ～ into ~ already.
func isWave(r rune) bool { return r == '\u301c' || r == '\u223c' || r == '\u3030' }

func isDash(r rune) bool {
	return r >= '\u2010' && r <= '\u2015' || r == '\u2212' || r == '\u2500' || r == '\ufe58' || r == '\u2043'
}
