package wantedly

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"net/url"
	"slices"
	"strconv"
	"time"

	"renkei/intake"
)

const (
	// maxListed is how many numbers a listing may show in one run.
	maxListed = 100_000
	// maxVanished is how far below the cursor the newest line may be: the newest tickets may have been deleted, but
	// where numbers begin anew nothing would ever be new.
	maxVanished = 50
)

// listed is a line of the listing.
type listed struct {
	number int64
	at     time.Time // zero when the listing does not say
}

// list asks for a page of the tickets, newest first.
func (v *visit) list(ctx context.Context, page int) ([]listed, error) {
	body, err := v.ask(ctx, listPath, listQuery(page))
	switch {
	case errors.Is(err, errForbidden):
		return nil, fail(intake.FailureNoCandidatePermission, "the list of tickets: %w", err)
	case errors.Is(err, errGone):
		return nil, unexpected("the list of tickets: %w", err)
	case err != nil:
		return nil, err
	}
	lines, err := parseListing(body, page)
	if err != nil {
		return nil, sampled(err, shapeOf(body))
	}
	v.look.listing(body, page)
	return lines, nil
}

// lines counts a page's lines for whoever reads not for the first time.
func (l *looking) lines(lines []listed, since int64) {
	for _, line := range lines {
		switch {
		case since == 0:
		case line.number <= since:
			l.Known++
		default:
			l.New++
		}
	}
}

// listing looks at the first line of a page.
func (l *looking) listing(body []byte, page int) {
	if elements, err := lineElements(body, page); err == nil && len(elements) > 0 {
		l.at(kindListing, listingFields, elements[0])
	}
}

func listQuery(page int) url.Values {
	return url.Values{"sort_type": {"number_reverse"}, "page": {strconv.Itoa(page)}}
}

// parseListing reads a page. A line without a number is left out, and found again by number: a page
// of which more than half is so is not a listing.
func parseListing(body []byte, page int) ([]listed, error) {
	elements, err := lineElements(body, page)
	if err != nil {
		return nil, err
	}
	lines := make([]listed, 0, len(elements))
	for _, element := range elements {
		if line, ok := parseLine(element); ok {
			lines = append(lines, line)
		}
	}
	if 2*len(lines) < len(elements) {
		return nil, unexpected("the list of tickets: lines without a number")
	}
	return newestFirst(lines)
}

// lineElements are the lines of a page as they came. Behind the first page there need not be any.
func lineElements(body []byte, page int) ([]json.RawMessage, error) {
	root, err := parseObject("", body)
	if err != nil {
		return nil, unexpected("the list of tickets: an answer that is no object")
	}
	data, err := root.object("data")
	if err != nil {
		if page > 1 && typeName(root.members["data"]) == "null" {
			return nil, nil
		}
		return nil, unexpected("the list of tickets: data: %s", wanted("an object", root.members["data"]))
	}
	raw := data.members["tickets"]
	elements, ok := readElements(raw, maxListed)
	none := typeName(raw) == "null" || page > 1 && len(raw) == 0
	if !ok && !none {
		return nil, unexpected("the list of tickets: data.tickets: %s", wanted("an array", raw))
	}
	if page == 1 && len(elements) == 0 && (saysMore(root) || saysMore(data)) {
		return nil, unexpected("the list of tickets: it is empty, and says that there are some")
	}
	return elements, nil
}

// saysMore reports whether an object counts things, itself or in what it says of itself.
func saysMore(o object) bool {
	for _, key := range []string{"total", "total_count", "total_objects", "count"} {
		if n, ok := parseNumber(o.optionalID(key)); ok && n > 0 {
			return true
		}
	}
	for _, key := range []string{"_metadata", "metadata", "meta", "pagination"} {
		if about, err := o.object(key); err == nil && saysMore(about) {
			return true
		}
	}
	return false
}

func parseLine(raw []byte) (listed, bool) {
	line, err := parseObject("", raw)
	if err != nil {
		return listed{}, false
	}
	n, ok := parseNumber(line.optionalID("number"))
	at, _ := time.Parse(time.RFC3339Nano, line.optionalText("created_at")) // zero when it is none
	return listed{number: n, at: at}, ok
}

func (o object) optionalText(key string) string {
	s, _ := readString(o.members[key])
	return s
}

// newestFirst puts a few lines right that came twice or out of order. When most of them rise it is
// another order.
func newestFirst(lines []listed) ([]listed, error) {
	seen := map[int64]bool{}
	lines = slices.DeleteFunc(lines, func(line listed) bool {
		twice := seen[line.number]
		seen[line.number] = true
		return twice
	})
	rising := 0
	for i := 1; i < len(lines); i++ {
		if lines[i].number > lines[i-1].number {
			rising++
		}
	}
	if rising > 0 && 2*rising > len(lines)-1 {
		return nil, unexpected("the list of tickets: not newest first")
	}
	slices.SortFunc(lines, func(a, b listed) int { return cmp.Compare(b.number, a.number) })
	return lines, nil
}

// walk goes through the listing until it meets what is known, or where the first import begins.
func (r *reading) walk(ctx context.Context) error {
	seen := map[int64]bool{}
	for page := 1; ; page++ {
		lines, err := r.visit.list(ctx, page)
		if err != nil {
			return err
		}
		news := lines[:0:0]
		for _, line := range lines {
			if !seen[line.number] {
				seen[line.number] = true
				news = append(news, line)
			}
		}
		if r.highest = max(r.highest, highest(news)); r.highest > 0 && r.since-r.highest > maxVanished {
			return unexpected("the list of tickets: the newest is %d below the last that was read", r.since-r.highest)
		}
		done, err := r.meet(ctx, lines, news)
		if done || err != nil {
			return err
		}
		if len(seen) > maxListed {
			return unexpected("the list of tickets does not end")
		}
	}
}

// highest is the number of the first line, the newest; 0 where there is none.
func highest(lines []listed) int64 {
	if len(lines) == 0 {
		return 0
	}
	return lines[0].number
}

// meet takes a page in; it reports whether the listing need not go on.
func (r *reading) meet(ctx context.Context, lines, news []listed) (done bool, err error) {
	r.visit.look.lines(news, r.since)
	if r.first {
		return r.meetFirst(ctx, lines, news)
	}
	for _, line := range news {
		if line.number <= r.since {
			r.tray.page.Behind = append(r.tray.page.Behind, formatNumber(line.number))
			r.tray.control.number = max(r.tray.control.number, line.number)
			done = true
		} else {
			r.listed[line.number] = true
		}
	}
	return done || len(news) == 0, nil
}
