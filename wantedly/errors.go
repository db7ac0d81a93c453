package wantedly

import (
	"context"
	"errors"
	"fmt"
	"net"
	"syscall"
	"time"

	"renkei/intake"
)

// What a request can come to. None of these leaves the package bare.
var (
	// errSignedOut: the site wants somebody to sign in.
	errSignedOut = errors.New("the session is over")
	// errForbidden and errGone: a path that this account may not open, or that is not there.
	errForbidden = errors.New("forbidden")
	errGone      = errors.New("not there")
	// errNotJSON, errTooLarge and errCutOff: an answer that is there but cannot be read.
	errNotJSON  = errors.New("not JSON")
	errTooLarge = errors.New("larger than 4 MiB")
	errCutOff   = errors.New("cut off")
	// errTimedOut: a request took longer than Config.RequestTimeout.
	errTimedOut = errors.New("no answer in time")
	// errStatus: a status that means nothing here.
	errStatus = errors.New("status")
	// errStopped: nobody wants more pages.
	errStopped = errors.New("stopped")
)

// fail makes a SourceError. What it says must hold nothing that the site or a person sent.
func fail(reason intake.FailureReason, format string, args ...any) error {
	return &intake.SourceError{Reason: reason, Err: fmt.Errorf(format, args...)}
}

func unexpected(format string, args ...any) error {
	return fail(intake.FailureUnexpectedResponse, format, args...)
}

// sampled adds the shape of what came to an error that says that it was not understood.
func sampled(err error, shape []byte) error {
	if se, ok := intake.AsSourceError(err); ok && se.Reason == intake.FailureUnexpectedResponse {
		return &intake.SourceError{Reason: se.Reason, Err: se.Err, Sample: shape}
	}
	return err
}

// unreadable reports whether err is an answer that cannot be read, for one record no more than that.
func unreadable(err error) bool {
	return errors.Is(err, errNotJSON) || errors.Is(err, errTooLarge) || errors.Is(err, errCutOff)
}

// recordFailed reports whether err, of a ticket or a person, may be no more than that record's: the
// site did not answer for it, but did not ask to be left alone either.
func (v *visit) recordFailed(err error) bool {
	se, ok := intake.AsSourceError(err)
	if !ok || se.RetryAfter > patience || !v.alive { // not alive: it was the sign-in on the way that failed
		return false
	}
	return se.Reason == intake.FailureMediumUnavailable || se.Reason == intake.FailureTimedOut || errors.Is(se, errStatus)
}

// transportError says what a request without an answer means.
func transportError(ctx context.Context, err error) error {
	var timeout net.Error
	switch {
	case isSourceError(err):
		// Also where nobody waits for it any more: what the site has said, it need not be asked again.
		se, _ := intake.AsSourceError(err)
		return se
	case ctx.Err() != nil:
		return ctx.Err()
	case errors.Is(err, errTimedOut), errors.As(err, &timeout) && timeout.Timeout():
		return fail(intake.FailureTimedOut, "%w", errTimedOut)
	case errors.Is(err, errTooLarge):
		return unexpected("%w", errTooLarge)
	case errors.Is(err, errCutOff):
		return unexpected("%w", errCutOff)
	}
	return fail(intake.FailureMediumUnavailable, "%s", describe(err))
}

func isSourceError(err error) bool {
	_, ok := intake.AsSourceError(err)
	return ok
}

// describe says what is wrong with a connection. The errors of net/http may quote what a server
// sent, so only what is known to be harmless is taken from them.
func describe(err error) string {
	var (
		dns   *net.DNSError
		errno syscall.Errno
	)
	switch {
	case errors.As(err, &dns):
		return "the host is not known"
	case errors.As(err, &errno):
		return errno.Error()
	}
	return "the connection broke"
}

// statusError says what a status that ends a request means; nil when it does not end it.
func statusError(status int, retryAfter time.Duration) error {
	switch {
	case status == 429:
		return resting(intake.FailureRateLimited, retryAfter, "status 429")
	case status >= 500:
		return resting(intake.FailureMediumUnavailable, retryAfter, fmt.Sprintf("status %d", status))
	}
	return nil
}

func resting(reason intake.FailureReason, d time.Duration, why string) error {
	return &intake.SourceError{Reason: reason, RetryAfter: d, Err: errors.New(why)}
}
