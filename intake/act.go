package intake

import (
	"context"
	"errors"
	"slices"

	"renkei/db"
)

// acting runs f as an act of which the observer is told.
func (s *Service) acting(ctx context.Context, act Act, f func(ctx context.Context) error) (err error) {
	ctx, ended := s.settings.Observer.ActBegan(ctx, act)
	// Where f panics it failed.
	failed := true
	defer func() { ended(failed) }()
	err = f(ctx)
	failed = err != nil && !isAnswer(err)
	return err
}

// answers are the errors that say no, that others came first, or that nobody waits any more: nothing is broken.
var answers = []error{
	ErrNotFound, ErrUnauthenticated, ErrForbidden, ErrOccupied, ErrKeyRefused, ErrBadLink, ErrWrongPassword,
	errLeaseLost, errFileLost, errPostponed, errAllWell, errOvertaken, errOnlyTried, context.Canceled,
}

// isAnswer reports whether an error is an ordinary answer to what was asked.
func isAnswer(err error) bool {
	if _, ok := errors.AsType[UserErrors](err); ok || db.IsBusy(err) || refused(err) {
		return true
	}
	return slices.ContainsFunc(answers, func(answer error) bool { return errors.Is(err, answer) })
}
