package intake

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// nearName is what is kept of a name to find those that nearly fit. No one is ever routed by it.
type nearName struct {
	// folded is the name without what is put around it.
	folded string
	// trigrams is the same for pg_trgm, which sees nothing but ASCII where the database's locale is C.
	trigrams string
}

func nearNameOf(name string) nearName {
	folded, _ := foldName(name)
	return nearName{folded: folded, trigrams: trigramText(folded)}
}

// NearForms are what is stored with a rule or an opening of this name, beside the name.
func NearForms(name string) (folded, trigrams string) {
	near := nearNameOf(name)
	return near.folded, near.trigrams
}

// What is put around a name. Each is taken off at an end, as long as something of the name is left.
const (
	// inBrackets: whatever stands in brackets that are no parentheses. Those hold the place or the team as often as not.
	inBrackets = `【[^】]*】|\[[^\]]*\]|<[^>]*>|《[^》]*》|〈[^〉]*〉|≪[^≫]*≫|«[^»]*»|〔[^〕]*〕`
	// inMarks: ★残業なし★.
	inMarks = `[\p{So}※][^\p{So}※]+[\p{So}※]`
	calls   = `急募|至急|大募集|募集中|(?:積極|大量)採用中?|増員(?:募集)?|新着|注目求人|残り\d+名|` +
		`未経験者?(?:歓迎|OK|可)|経験者(?:歓迎|優遇)|第二新卒(?:歓迎|OK|可)|学歴不問|` +
		`(?:フル)?リモート(?:ワーク|勤務)?(?:OK|可|あり)|フルリモート|在宅(?:勤務|ワーク)?(?:OK|可|あり)|副業(?:OK|可)|` +
		`\b(?:new|hot|urgent|now hiring)\b`
	company = `株式会社|有限会社|合同会社|\((?:株|有|同)\)`
	// around is what may stand between them.
	around = `[\s!?…・/|,、。:~\-_]*`
)

var (
	legalForm  = regexp.MustCompile(company)
	atTheFront = regexp.MustCompile(`(?i)^` + around + `(` + inBrackets + `|` + inMarks + `|\((?:` + calls + `)!*\)|` + calls + `)`)
	atTheBack  = regexp.MustCompile(`(?i)(` + inBrackets + `|` + inMarks + `|\((?:` + calls + `)!*\)|` + calls +
		// -0121, _2, (2), No.3: the same posting once more.
		`|[-_#]\s?\d{1,6}|\(\d{1,4}\)|\bno\.?\s?\d{1,6})` + around + `$`)
)

// foldName folds a name so that those fall together which differ in no more than what is put around them, the
// legal form of a company, a running number, case, spaces and separators. It also tells what it took off, as it
// stood there. Of a name that is nothing but decoration, all is left.
func foldName(name string) (folded string, taken []string) {
	name = NormalizePositionName(name)
	rest := name
	for range maxTaken {
		left, piece := takeOff(rest)
		if piece == "" {
			break
		}
		rest, taken = left, append(taken, piece)
	}
	for _, form := range legalForm.FindAllString(rest, -1) {
		if left := strings.Replace(rest, form, "", 1); strings.ContainsFunc(left, isRead) {
			rest, taken = left, append(taken, form)
		}
	}
	if folded = bare(rest); folded == "" {
		return strings.ToLower(name), nil
	}
	return folded, taken
}

// takeOff takes one thing off an end of a name, where something is left then.
func takeOff(name string) (left, piece string) {
	front := name[:endOf(name, longestPiece)]
	if at := atTheFront.FindStringSubmatchIndex(front); at != nil && strings.ContainsFunc(name[at[1]:], isRead) {
		return name[at[1]:], name[at[2]:at[3]]
	}
	before := startOf(name, longestPiece)
	if at := atTheBack.FindStringSubmatchIndex(name[before:]); at != nil && strings.ContainsFunc(name[:before+at[0]], isRead) {
		return name[:before+at[0]], name[before+at[2] : before+at[3]]
	}
	return name, ""
}

// endOf is where the first n runes of a name end.
func endOf(name string, n int) int {
	for i := range name {
		if n--; n < 0 {
			return i
		}
	}
	return len(name)
}

// startOf is where the last n runes of a name begin.
func startOf(name string, n int) int {
	start := len(name)
	for ; n > 0 && start > 0; n-- {
		_, size := utf8.DecodeLastRuneInString(name[:start])
		start -= size
	}
	return start
}

// bare is what is read of a name, in lower case.
func bare(name string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if isRead(r) {
			return r
		}
		return -1
	}, name))
}

// isRead knows letters and digits, and what tells C++ from C#.
func isRead(r rune) bool {
	return unicode.IsLetter(r) || unicode.IsMark(r) || unicode.IsNumber(r) || r == '+' || r == '#'
}

const (
	// maxTaken is how many things are taken off a name, each of at most longestPiece runes: whoever makes a name of
	// nothing else keeps nobody busy.
	maxTaken     = 8
	longestPiece = 60
)

const (
	// threeDigits is how many numbers base 36 has in three digits, fourDigits in four.
	threeDigits = 36 * 36 * 36
	fourDigits  = 36 * threeDigits
	// scatter is prime to both, so that each rune keeps a number of its own.
	scatter = 28657
)

// trigramText writes a folded name for pg_trgm: Latin letters and digits as they are, a word of them between
// spaces; any other rune as a number in base 36, three digits of it (four behind U+B63F), one behind the other without
// a space. So of the trigrams of two neighbours one is the first rune itself, and two are halves of the pair: names are
// alike that share runes, and more so if they share them in the same order. The numbers are scattered, since
// neighbours in Unicode begin with the same digits: without it all of katakana looks alike, and a space behind each
// rune leaves out their order and makes all runes alike that begin with the same digit.
func trigramText(folded string) string {
	var b strings.Builder
	b.Grow(3 * utf8.RuneCountInString(folded))
	latin := false
	for i, r := range folded {
		isLatin := r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r))
		if i > 0 && isLatin != latin {
			b.WriteByte(' ')
		}
		latin = isLatin
		switch {
		case isLatin:
			b.WriteRune(r)
		case r < threeDigits:
			writeDigits(&b, int64(r)*scatter%threeDigits, 3)
		default:
			writeDigits(&b, int64(r)*scatter%fourDigits, 4)
		}
	}
	return b.String()
}

func writeDigits(b *strings.Builder, n int64, digits int) {
	text := strconv.FormatInt(n, 36)
	b.WriteString("0000"[:digits-len(text)])
	b.WriteString(text)
}

// nearest chooses by a rough measure which names are worth being compared by pg_trgm.
type nearest struct {
	most int
	// by are the asked names that hold a pair of runes.
	by map[runePair]*asked
	// sizes are how many pairs each asked name has.
	sizes  []int
	chosen [][]rough
	// compared counts the names looked at; shared and touched are at work while one is.
	compared int
	shared   []int
	touched  []int
}

type runePair [2]rune

// asked are the names that hold a pair, each once, and when it was last met.
type asked struct {
	names []int
	met   int
}

// rough is a name that shares pairs of runes with an asked one.
type rough struct {
	n     int
	score float64
}

// leastRough is the share of pairs below which no two names are near by any measure.
const leastRough = 0.1

// newNearest asks for those of the names to come that are nearest to each of these, most of them each.
func newNearest(folded []string, most int) *nearest {
	s := &nearest{
		most: most, by: make(map[runePair]*asked), sizes: make([]int, len(folded)),
		chosen: make([][]rough, len(folded)), shared: make([]int, len(folded)),
	}
	for i, name := range folded {
		eachPair(name, func(p runePair) {
			at := s.by[p]
			if at == nil {
				at = &asked{}
				s.by[p] = at
			}
			if len(at.names) == 0 || at.names[len(at.names)-1] != i {
				at.names = append(at.names, i)
				s.sizes[i]++
			}
		})
	}
	return s
}

// compare looks at name n.
func (s *nearest) compare(n int, folded string) {
	s.compared++
	size := 0
	eachPair(folded, func(p runePair) {
		at := s.by[p]
		if at != nil && at.met == s.compared {
			return
		}
		size++
		if at == nil {
			return
		}
		at.met = s.compared
		for _, i := range at.names {
			if s.shared[i] == 0 {
				s.touched = append(s.touched, i)
			}
			s.shared[i]++
		}
	})
	for _, i := range s.touched {
		shared := float64(s.shared[i])
		s.shared[i] = 0
		s.keep(i, rough{n, shared / (float64(size+s.sizes[i]) - shared)})
	}
	s.touched = s.touched[:0]
}

// keep keeps the best, the best first.
func (s *nearest) keep(i int, r rough) {
	best := s.chosen[i]
	if r.score < leastRough || len(best) == s.most && r.score <= best[s.most-1].score {
		return
	}
	at, _ := slices.BinarySearchFunc(best, r, func(a, b rough) int {
		if a.score >= b.score {
			return -1
		}
		return 1
	})
	best = slices.Insert(best, at, r)
	s.chosen[i] = best[:min(len(best), s.most)]
}

// eachPair calls f with each pair of neighbouring runes; either end of the name is a neighbour too.
func eachPair(name string, f func(runePair)) {
	last := rune(0)
	for _, r := range name {
		f(runePair{last, r})
		last = r
	}
	if last != 0 {
		f(runePair{last, 0})
	}
}
