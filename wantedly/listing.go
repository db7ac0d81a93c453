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
)

// listed is a line of the listing.
type listed struct {
	number int64
	at     time.Time // zero when the listing does not say
}

// list asks for a page of the tickets, newest first.
func (v *visit) list(ctx context.Context, page int) ([]listed, error) {
	body, err := v.ask(ctx, listPath, url.Values{
		"sort_type": {"number_reverse"}, "page": {strconv.Itoa(page)},
	})
	switch {
	case errors.Is(err, errForbidden):
		return nil, fail(intake.FailureNoCandidatePermission, "the list of tickets: %w", err)
	case errors.Is(err, errGone):
		return nil, unexpected("the list of tickets: %w", err)
	case err != nil:
		return nil, err
	}
	return parseListing(body, page)
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
	return elements, nil
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
		done, err := r.meet(ctx, lines, news)
		if done || err != nil {
			return err
		}
		if len(seen) > maxListed {
			return unexpected("the list of tickets does not end")
		}
	}
}

// meet takes a page in; it reports whether the listing need not go on.
func (r *reading) meet(ctx context.Context, lines, news []listed) (done bool, err error) {
	if len(news) > 0 {
		r.highest = max(r.highest, news[0].number)
	}
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
