package intake

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/unicode/norm"
)

// fileZone is where instants are that a file gives without a zone: Japan has had one, and no summer time, since 1951.
var fileZone = time.FixedZone("Asia/Tokyo", 9*60*60)

// firstFileYear is the first year that an application of a file may be of.
const firstFileYear = 1990

var (
	// Year, month, day; hour, minute, second; zone.
	writtenDate = regexp.MustCompile(`^(\d{4})[-/.年] ?(\d{1,2})[-/.月] ?(\d{1,2})日?(?:\([月火水木金土日]\))?` +
		`(?:[T ]*(\d{1,2})[:時] ?(\d{1,2})分?(?::?(\d{1,2})(?:\.\d+)?秒?)?)? ?(Z|JST|[+-]\d{2}:?\d{2})?$`)
	compactDate = regexp.MustCompile(`^(\d{4})(\d{2})(\d{2})(?:(\d{2})(\d{2})(\d{2})?)?()$`)
	eraDate     = regexp.MustCompile(`^(令和|平成|R|H)(\d{1,2}|元)([-/.年])`)
	serialDate  = regexp.MustCompile(`^\d{5}(\.\d+)?$`)
)

// eras are the years before the first of each.
var eras = map[string]int{"令和": 2018, "R": 2018, "平成": 1988, "H": 1988}

// parseFileDate reads a day or an instant as people and spreadsheets write them; without a zone it is in Japan.
func parseFileDate(text string) (time.Time, bool) {
	text = strings.TrimSpace(norm.NFKC.String(text))
	if era := eraDate.FindStringSubmatch(text); era != nil {
		n, err := strconv.Atoi(era[2])
		if err != nil {
			n = 1 // 元年
		}
		text = strconv.Itoa(eras[era[1]]+n) + strings.TrimPrefix(text, era[1]+era[2])
	}
	if serialDate.MatchString(text) {
		days, err := strconv.ParseFloat(text, 64)
		if err != nil {
			return time.Time{}, false
		}
		// Excel's first of January 1900 is 1, and it knows a 29th of February of that year.
		zero := time.Date(1899, 12, 30, 0, 0, 0, 0, fileZone)
		return zero.Add(time.Duration(days*24*60*60+0.5) * time.Second), true
	}
	parts := writtenDate.FindStringSubmatch(text)
	if parts == nil {
		parts = compactDate.FindStringSubmatch(text)
	}
	if parts == nil {
		return time.Time{}, false
	}
	var n [6]int
	for i := range n {
		n[i], _ = strconv.Atoi(parts[i+1]) // digits, or nothing, which is 0
	}
	zone, ok := zoneOf(parts[7])
	if !ok || n[3] > 23 || n[4] > 59 || n[5] > 59 {
		return time.Time{}, false
	}
	at := time.Date(n[0], time.Month(n[1]), n[2], n[3], n[4], n[5], 0, zone)
	// The 30th of February would be one in March.
	return at, at.Year() == n[0] && int(at.Month()) == n[1] && at.Day() == n[2]
}

func zoneOf(text string) (*time.Location, bool) {
	switch text {
	case "", "JST":
		return fileZone, true
	case "Z":
		return time.UTC, true
	}
	digits := strings.ReplaceAll(text[1:], ":", "")
	hours, err := strconv.Atoi(digits[:2])
	minutes, err2 := strconv.Atoi(digits[2:])
	offset := hours*60*60 + minutes*60
	if text[0] == '-' {
		offset = -offset
	}
	return time.FixedZone("", offset), err == nil && err2 == nil && hours <= 14 && minutes <= 59
}
