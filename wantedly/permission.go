package wantedly

import (
	"context"
	"errors"

	"renkei/intake"
)

// maxTried is how many of the newest tickets a verification opens to see one.
const maxTried = 3

// checkPermission makes sure that the account may see candidates. A single ticket that is gone,
// hidden, odd or without an answer is no reason to say no.
func (v *visit) checkPermission(ctx context.Context) error {
	lines, err := v.list(ctx, 1)
	if err != nil {
		return err
	}
	var refused, garbled int
	var failed []error
	for _, line := range lines[:min(len(lines), maxTried)] {
		err := v.tryOpen(ctx, line.number)
		inv, isInvalid := asInvalid(err)
		switch {
		case err == nil:
			return nil
		case errors.Is(err, errForbidden):
			refused++
		case isInvalid && inv.reason == intake.InvalidShape:
			garbled++
		case v.recordFailed(err):
			failed = append(failed, err)
		case !isInvalid && !hidden(err):
			return err
		}
	}
	tried := min(len(lines), maxTried)
	switch {
	case refused > 0 && refused == tried:
		return fail(intake.FailureNoCandidatePermission, "the newest tickets: %w", errForbidden)
	case garbled > 0 && garbled == tried:
		return unexpected("the newest tickets cannot be read")
	case len(failed) > 0 && len(failed) == tried:
		return failed[0]
	}
	return nil
}

func (v *visit) tryOpen(ctx context.Context, number int64) error {
	t, err := v.ticket(ctx, number)
	if err != nil {
		return err
	}
	_, err = v.person(ctx, t)
	return err
}
