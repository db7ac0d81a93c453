package wantedly

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"renkei/intake"
)

// maxNumber is the highest number that is one: JSON's numbers are exact up to here.
const maxNumber = 1<<53 - 1

// ticket is an application as …/tickets/{number} tells it.
type ticket struct {
	number    int64
	at        time.Time
	projectID string
	title     string
	candidate string
	candidacy string // "" when there is none
	kind      intake.EntryKind
}

// parseTicket reads a ticket strictly where it matters; its error is an *invalid.
func parseTicket(body []byte, number int64, now time.Time) (ticket, error) {
	t, err := readTicket(body, number, now)
	return t, withShape(err, body)
}

func withShape(err error, body []byte) error {
	if inv, ok := asInvalid(err); ok {
		inv.shape = shapeOf(body)
	}
	return err
}

func readTicket(body []byte, number int64, now time.Time) (ticket, error) {
	root, err := parseObject("", body)
	if err != nil {
		return ticket{}, err
	}
	data, err := root.object("data")
	if err != nil {
		return ticket{}, err
	}
	t := ticket{number: number, kind: intake.EntryApplied}
	if err := data.checkNumber(number); err != nil {
		return ticket{}, err
	}
	if t.at, err = data.instant("created_at", now); err != nil {
		return ticket{}, err
	}
	if t.projectID, t.title, err = data.project(); err != nil {
		return ticket{}, err
	}
	candidate, err := data.object("candidate")
	if err != nil {
		return ticket{}, err
	}
	if t.candidate, err = candidate.id("id"); err != nil {
		return ticket{}, err
	}
	if candidacy, err := data.object("candidacy"); err == nil {
		t.candidacy = candidacy.optionalID("id")
	}
	if typeName(data.members["scout"]) == "object" {
		t.kind = intake.EntryScoutReplied
	}
	return t, nil
}

func (o object) checkNumber(number int64) error {
	id, err := o.id("number")
	if err != nil {
		return err
	}
	if n, ok := parseNumber(id); !ok || n != number {
		return badValue("%snumber: not the one asked for", o.path)
	}
	return nil
}

func (o object) instant(key string, now time.Time) (time.Time, error) {
	s, err := o.text(key)
	if err != nil {
		return time.Time{}, err
	}
	at, err := time.Parse(time.RFC3339Nano, s)
	switch {
	case err != nil && isFarFuture(s):
		return time.Time{}, badValue("%s%s: not a time", o.path, key)
	case err != nil:
		return time.Time{}, badShape("%s%s: a string, not a time as it was written", o.path, key)
	}
	if at.Year() < 2000 || at.After(now.AddDate(0, 0, 1)) {
		return time.Time{}, badValue("%s%s: not a time when somebody can have applied", o.path, key)
	}
	return at, nil
}

// farFuture is how a year of more than four digits begins.
var farFuture = regexp.MustCompile(`^\+?[0-9]{5,}(-[0-9])`)

// isFarFuture reports whether s is a time as it should be written, but for a year that time.Parse
// does not know.
func isFarFuture(s string) bool {
	_, err := time.Parse(time.RFC3339Nano, farFuture.ReplaceAllString(s, "2004$1"))
	return err == nil
}

func (o object) project() (id, title string, err error) {
	p, err := o.object("project")
	if err != nil {
		return "", "", err
	}
	if title, err = p.text("title"); err != nil {
		return "", "", err
	}
	if title, err = p.bounded("title", title, maxTitle); err != nil {
		return "", "", err
	}
	return p.optionalID("id"), title, nil
}

// bounded cleans what must be there and must not be cut.
func (o object) bounded(key, s string, most int) (string, error) {
	s = clean(s, most+1)
	switch {
	case strings.TrimSpace(s) == "":
		return "", badValue("%s%s: empty", o.path, key)
	case utf8.RuneCountInString(s) > most:
		return "", badValue("%s%s: longer than %d characters", o.path, key, most)
	}
	// Bytes that are not UTF-8 are another charset, be it one kanji in a name. Of what was escaped, one is half an
	// emoji; many were another charset before.
	if !utf8.Valid(o.members[key]) {
		return "", badValue("%s%s: not UTF-8", o.path, key)
	}
	if bad := strings.Count(s, "\ufffd"); bad > 1 && 2*bad >= utf8.RuneCountInString(s) {
		return "", badValue("%s%s: not UTF-8", o.path, key)
	}
	return s, nil
}

// parseNumber reads a ticket's number.
func parseNumber(s string) (int64, bool) {
	n, err := strconv.ParseInt(s, 10, 64)
	return n, err == nil && n > 0 && n <= maxNumber
}

func formatNumber(n int64) string { return strconv.FormatInt(n, 10) }
