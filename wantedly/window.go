package wantedly

import (
	"context"
	"errors"
	"slices"
	"time"

	"renkei/intake"
)

// maxHiddenBelow is how many numbers in a row may be hidden below a listing that ignores page
// before the search for older ones ends.
const maxHiddenBelow = 50

// meetFirst takes a page of a first import in: it ends where tickets are older than ImportFrom.
func (r *reading) meetFirst(ctx context.Context, lines, news []listed) (done bool, err error) {
	if len(lines) == 0 {
		return true, nil
	}
	if len(news) == 0 {
		return true, r.goBelow(ctx)
	}
	wanted, done, err := r.notOlder(ctx, news)
	for _, line := range news[:wanted] {
		r.listed[line.number] = true
		r.lowest = min(r.lowest, line.number)
	}
	return done || r.lowest == 1, err
}

// notOlder is how many of the lines, newest first, are not older than ImportFrom, and whether the
// others are.
func (r *reading) notOlder(ctx context.Context, lines []listed) (wanted int, done bool, err error) {
	if r.from.IsZero() {
		return len(lines), false, nil
	}
	r.garbled = false
	last, known, err := r.lastDated(ctx, lines)
	if err != nil || !known {
		return len(lines), known || r.garbled, err
	}
	if older, _, err := r.older(ctx, lines[last]); err != nil || !older {
		return len(lines), false, err
	}
	// Most first imports begin now: then the newest is older, and so is everything.
	if older, dated, err := r.older(ctx, lines[0]); err != nil || older && dated {
		return 0, true, err
	}
	wanted, err = r.boundary(ctx, lines[:last])
	return wanted, true, err
}

// lastDated finds the oldest line whose time can be told. None is: because the account may not
// open them, or because they cannot be read (r.garbled).
func (r *reading) lastDated(ctx context.Context, lines []listed) (last int, known bool, err error) {
	refused := 0
	for i, line := range slices.Backward(lines) {
		_, dated, err := r.older(ctx, line)
		if err != nil || dated {
			return i, dated, err
		}
		if errors.Is(r.opened[line.number].err, errForbidden) {
			refused++
		}
	}
	if refused == len(lines) && refused >= minRefused {
		return 0, false, fail(intake.FailureNoCandidatePermission, "every ticket of a page: %w", errForbidden)
	}
	return 0, false, nil
}

// boundary finds by halves how many lines are not older. A line that cannot be dated goes with the
// next older one.
func (r *reading) boundary(ctx context.Context, lines []listed) (int, error) {
	low, high := 1, len(lines) // the first is not older, what follows the last is
	for low < high {
		middle := (low + high) / 2
		probe := middle
		older, dated, err := r.older(ctx, lines[probe])
		for err == nil && !dated && probe+1 < high {
			probe++
			older, dated, err = r.older(ctx, lines[probe])
		}
		switch {
		case err != nil:
			return 0, err
		case dated && !older:
			low = probe + 1
		default:
			high = middle
		}
	}
	return low, nil
}

// older reports whether a ticket is older than ImportFrom, and whether that can be told.
func (r *reading) older(ctx context.Context, line listed) (older, dated bool, err error) {
	if !line.at.IsZero() && line.at.Year() >= 2000 && line.at.Before(r.visit.client.now().Add(24*time.Hour)) {
		return line.at.Before(r.from), true, nil
	}
	o, ok := r.probe(ctx, line.number)
	if !ok {
		return false, false, o.err
	}
	if _, ok := asInvalid(o.err); ok {
		r.garbled = true
	}
	if o.err != nil {
		return false, false, nil //nolint:nilerr // it is no more than a ticket that cannot be dated
	}
	return o.ticket.at.Before(r.from), true, nil
}

// goBelow looks by number for what a listing that ignores page does not show.
func (r *reading) goBelow(ctx context.Context) error {
	r.visit.client.log.Warn().Msg("wantedly: the listing seems to ignore page, going on by number")
	row := 0
	for n := r.lowest - 1; n > 0 && len(r.below) < maxGaps && row < maxHiddenBelow; n-- {
		older, dated, err := r.older(ctx, listed{number: n})
		switch {
		case err != nil:
			return err
		case older && dated:
			return nil
		case dated || r.opened[n].err == nil || !hidden(r.opened[n].err):
			row = 0
		default:
			row++
		}
		r.below = append(r.below, n)
	}
	// What is hidden below the last one that is not may be nothing at all.
	r.below = r.below[:len(r.below)-row]
	slices.Reverse(r.below)
	return nil
}
