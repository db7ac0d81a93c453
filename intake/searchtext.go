package intake

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// MaxSearch is how many characters may be looked for at once.
const MaxSearch = 200

const (
	// fieldEnd stands between the fields of a text. It is in no field and in no word: nothing is found across two fields.
	fieldEnd = " "
	// maxTerms bounds the lists that one search reads; what they let through too much, the texts hold back.
	maxTerms = 24
)

// variants are characters of names that people write one for the other and that NFKC keeps apart.
var variants = map[rune]rune{
	'髙': '高', '﨑': '崎', '碕': '崎', '嵜': '崎', '濵': '浜', '濱': '浜', '邊': '辺', '邉': '辺', '齋': '斎', '齊': '斎', '斉': '斎',
	'澤': '沢', '國': '国', '廣': '広', '櫻': '桜', '嶋': '島', '嶌': '島', '眞': '真', '德': '徳', '惠': '恵', '冨': '富', '𠮷': '吉',
	'栁': '柳', '瀨': '瀬', '會': '会', '學': '学', '槇': '槙', '藪': '薮', '曾': '曽', '縣': '県', '圓': '円', '龍': '竜', '瀧': '滝',
	'條': '条', '淺': '浅', '豐': '豊', '寶': '宝', '實': '実', '榮': '栄', '萬': '万', '與': '与', '舘': '館', '檜': '桧', '渕': '淵', '靜': '静',
}

// fold is how texts and what is looked for in them are compared: NFKC, lower case, hiragana for katakana, one
// character for its variants, and nothing that is invisible. White space stays, for whoever wants to split there.
func fold(s string) string {
	if strings.ContainsFunc(s, isOdd) {
		s = norm.NFKC.String(strings.Map(visible, strings.ToValidUTF8(s, "\ufffd")))
	}
	return strings.Map(func(r rune) rune {
		switch {
		case r >= 'ァ' && r <= 'ヶ', r == 'ヽ', r == 'ヾ':
			return r - ('ァ' - 'ぁ')
		case isWave(r):
			return '~'
		case isDash(r):
			return '-'
		}
		if r < '一' {
			return unicode.ToLower(r)
		}
		if plain, known := variants[r]; known {
			return plain
		}
		return unicode.ToLower(r)
	}, s)
}

// isOdd knows what NFKC may change and what nobody sees: whatever is not ASCII, plain kana or a common kanji. Most texts
// have none of it, and to look is cheaper than to normalise.
func isOdd(r rune) bool {
	switch {
	case r >= ' ' && r <= '~', r >= 'ぁ' && r <= 'ゖ', r >= 'ァ' && r <= 'ヺ', r == 'ー', r >= '一' && r <= '龥':
		return false
	}
	return true
}

// squeeze is fold without white space, and without the dot between the parts of a name.
func squeeze(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsSpace(r) || r == '・' {
			return -1
		}
		return r
	}, fold(s))
}

// searchText is what a candidate is found by: the fields that are stored in plain.
func searchText(c Candidate) string {
	fields := []string{squeeze(c.Name)}
	add := func(s *string) {
		if s == nil {
			return
		}
		if f := squeeze(*s); f != "" && !slices.Contains(fields, f) {
			fields = append(fields, f)
		}
	}
	add(c.CurrentPosition)
	for _, w := range c.WorkHistories {
		add(w.CompanyName)
		add(w.Position)
	}
	for _, e := range c.Educations {
		add(e.SchoolName)
		add(e.Major)
	}
	for i := range c.Skills {
		add(&c.Skills[i])
	}
	return strings.Join(fields, fieldEnd)
}

// words are what somebody looks for, each folded: all of them must be found. Nothing to look for is no word.
func words(search *string) ([]string, error) {
	if search == nil {
		return nil, nil
	}
	if utf8.RuneCountInString(*search) > MaxSearch {
		return nil, ErrLongSearch
	}
	var all []string
	for _, w := range strings.FieldsFunc(fold(*search), unicode.IsSpace) {
		// A dot alone is looked for as nothing, like white space.
		if w = strings.ReplaceAll(w, "・", ""); w != "" && !slices.Contains(all, w) {
			all = append(all, w)
		}
	}
	return all, nil
}

// patterns are words for LIKE.
func patterns(words []string) []string {
	escape := strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`)
	return mapRows(words, func(w string) string { return "%" + escape.Replace(w) + "%" })
}

// holds reports whether a text holds all words.
func holds(text string, words []string) bool {
	return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(text, w) })
}

// terms are what a text is listed under: each character, each two side by side, and each three of ASCII, of whose
// pairs there are too few to tell words apart.
func terms(text string, f func(term string)) {
	for field := range strings.SplitSeq(text, fieldEnd) {
		// The beginnings of the two characters before.
		before, last := -1, -1
		for i, r := range field {
			end := i + utf8.RuneLen(r)
			f(field[i:end])
			if last >= 0 {
				f(field[last:end])
			}
			if before >= 0 && end-before == 3 {
				f(field[before:end])
			}
			before, last = last, i
		}
	}
}

// lookups are terms that every text has that holds all words. They are as long as can be, and not too many.
func lookups(words []string) []string {
	var all []string
	add := func(term string) {
		if len(all) < maxTerms && !slices.Contains(all, term) {
			all = append(all, term)
		}
	}
	for _, w := range words {
		r := []rune(w)
		ascii := func(from, to int) bool { return to <= len(r) && len(string(r[from:to])) == to-from }
		if len(r) == 1 {
			add(w)
		}
		for i := range len(r) - 1 {
			switch {
			case ascii(i, i+3):
				add(string(r[i : i+3]))
			case ascii(i, i+2) && i > 0 && ascii(i-1, i+2):
				// Part of the three before.
			default:
				add(string(r[i : i+2]))
			}
		}
	}
	return all
}
