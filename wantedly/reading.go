package wantedly

import (
	"context"
	"errors"
	"math"
	"net/url"
	"slices"
	"time"

	"renkei/intake"
)

const (
	// maxGaps is how many numbers that no listing showed are asked for in a run.
	maxGaps = 5_000
	// maxAgain bounds Position.Again.
	maxAgain = 10_000
)

// reading is one call of Read.
type reading struct {
	visit *visit
	from  time.Time // Position.ImportFrom
	since int64     // Position.Cursor
	first bool      // there was no cursor
	again []string
	tray  *tray

	listed  map[int64]bool   // to be read
	below   []int64          // to be read although no listing shows them
	highest int64            // of the listing
	lowest  int64            // of a first import
	opened  map[int64]opened // what was opened to find where a first import begins
	garbled bool             // one of them could not be read
	failing int              // of them in a row
}

type opened struct {
	ticket ticket
	err    error
}

func newReading(v *visit, since intake.Position, yield func(intake.Page, error) bool) (*reading, error) {
	r := &reading{
		visit: v, from: since.ImportFrom, first: since.Cursor == "", again: since.Again,
		listed: map[int64]bool{}, lowest: math.MaxInt64, opened: map[int64]opened{},
	}
	if !r.first {
		n, ok := parseNumber(since.Cursor)
		if !ok {
			return nil, fail(intake.FailureInternal, "the cursor is not a ticket's number")
		}
		r.since = n
	}
	r.tray = newTray(v, r.since, yield)
	return r, nil
}

// run reads; the tray yields on the way, and once more if an error ends it.
func (r *reading) run(ctx context.Context, session intake.Secret) error {
	err := r.read(ctx, session)
	if err != nil && !errors.Is(err, errStopped) {
		if stopped := r.tray.rescue(ctx); stopped != nil {
			return stopped
		}
	}
	return err
}

func (r *reading) read(ctx context.Context, session intake.Secret) error {
	r.tray.session = session
	if !r.visit.resume(session) {
		if err := r.visit.signIn(ctx); err != nil {
			return err
		}
	}
	if err := r.walk(ctx); err != nil {
		return err
	}
	for _, n := range r.numbers() {
		if err := r.take(ctx, n, false); err != nil {
			return err
		}
	}
	if err := r.tray.settleAll(max(r.highest, r.since)); err != nil {
		return err
	}
	for _, n := range r.askedAgain() {
		if err := r.take(ctx, n, true); err != nil {
			return err
		}
	}
	return r.tray.end(ctx)
}

// numbers are those to be read, rising: what was listed, and the highest of what was skipped.
func (r *reading) numbers() []int64 {
	low := r.since + 1
	if r.first {
		low = r.lowest
	}
	numbers := slices.Clone(r.below)
	for n := range r.listed {
		numbers = append(numbers, n)
	}
	gaps := len(r.below)
	n := r.highest
	for ; n >= low && gaps < maxGaps; n-- {
		if !r.listed[n] {
			numbers = append(numbers, n)
			gaps++
		}
	}
	if n >= low && gaps == maxGaps {
		r.visit.client.log.Warn().Int("asked", maxGaps).Msg("wantedly: too many skipped numbers, the lowest are not asked for")
	}
	slices.Sort(numbers)
	return numbers
}

// askedAgain are the numbers of Position.Again that were not read just now.
func (r *reading) askedAgain() []int64 {
	var numbers []int64
	for _, id := range r.again[:min(len(r.again), maxAgain)] {
		if n, ok := parseNumber(id); ok && !r.tray.settled[n] {
			numbers = append(numbers, n)
		}
	}
	slices.Sort(numbers)
	return slices.Compact(numbers)
}

// take reads one application and puts what came of it on the tray.
func (r *reading) take(ctx context.Context, number int64, again bool) error {
	o := outcome{number: number, again: again, listed: r.listed[number]}
	t, err := r.open(ctx, number)
	if err == nil && t.at.Before(r.from) {
		return r.tray.put(ctx, o) // left alone
	}
	var p intake.SourcePerson
	if err == nil {
		p, err = r.visit.person(ctx, t)
	}
	switch inv, ok := asInvalid(err); {
	case ok:
		o.invalid = inv
	case hidden(err):
		o.hidden, o.forbidden = true, errors.Is(err, errForbidden)
	case r.visit.recordFailed(err):
		o.failed = err
	case err != nil:
		return err
	default:
		o.application = r.visit.application(t, p)
	}
	return r.tray.put(ctx, o)
}

// open reads a ticket, unless it was opened to find where a first import begins.
func (r *reading) open(ctx context.Context, number int64) (ticket, error) {
	if o, ok := r.opened[number]; ok {
		delete(r.opened, number)
		return o.ticket, o.err
	}
	return r.visit.ticket(ctx, number)
}

// ticket asks for a ticket. Its error may be an *invalid, errForbidden or errGone.
func (v *visit) ticket(ctx context.Context, number int64) (ticket, error) {
	body, err := v.ask(ctx, listPath+"/"+formatNumber(number), nil)
	if err != nil {
		return ticket{}, recordError("ticket", err)
	}
	t, err := parseTicket(body, number, v.client.now())
	if err == nil {
		v.look.at(kindTicket, ticketFields, body)
	}
	return t, err
}

// person asks for the profile behind a ticket. Its errors are those of ticket.
func (v *visit) person(ctx context.Context, t ticket) (intake.SourcePerson, error) {
	query := url.Values{}
	if t.candidacy != "" {
		query.Set("candidacy_id", t.candidacy)
	}
	body, err := v.ask(ctx, personPath+"/"+t.candidate, query)
	if err != nil {
		return intake.SourcePerson{}, recordError("user", err)
	}
	p, err := parsePerson(body, t.candidate)
	if err == nil {
		v.look.at(kindProfile, profileFields, body)
	}
	return p, err
}

// recordError makes an answer that cannot be read a matter of its record alone.
func recordError(what string, err error) error {
	if !unreadable(err) {
		return err
	}
	se, _ := intake.AsSourceError(err)
	return &invalid{
		reason: intake.InvalidShape, detail: what + ": " + se.Err.Error(),
		shape: []byte(`"not JSON"`), noJSON: true,
	}
}

func asInvalid(err error) (*invalid, bool) {
	var inv *invalid
	ok := errors.As(err, &inv)
	return inv, ok
}

func hidden(err error) bool { return errors.Is(err, errForbidden) || errors.Is(err, errGone) }

func (v *visit) application(t ticket, p intake.SourcePerson) *intake.SourceApplication {
	return &intake.SourceApplication{
		ExternalID: formatNumber(t.number), Kind: t.kind, PositionID: t.projectID, PositionName: t.title,
		AppliedAt: t.at, URL: v.ticketURL(t.number), Person: p,
	}
}

// ticketURL is where a person sees a ticket.
func (v *visit) ticketURL(number int64) string {
	return v.at("/enterprise/tickets/" + formatNumber(number)).String()
}
