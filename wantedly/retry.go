package wantedly

import (
	"context"
	"errors"
	"math/rand/v2"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/hashicorp/go-retryablehttp"
)

const (
	// maxTries is how often a request is made in one place.
	maxTries = 4
	// backoffFrom is the longest wait before the second try; it doubles with each.
	backoffFrom = 200 * time.Millisecond
	// patience is the longest Retry-After that is waited for in place.
	patience = 10 * time.Second
	// restUntold is how long an account is left alone that is told to slow down, and not for how long.
	restUntold = time.Minute
	// maxRetryAfter is the longest that is believed.
	maxRetryAfter = 24 * time.Hour
)

// retries makes requests through rt, again where policy says so.
func (c *Client) retries(rt http.RoundTripper, policy retryablehttp.CheckRetry) *retryablehttp.Client {
	return &retryablehttp.Client{
		HTTPClient: &http.Client{
			Transport:     rt,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		RetryMax:     maxTries - 1,
		RetryWaitMin: backoffFrom,
		CheckRetry:   policy,
		Backoff:      backoff,
		ErrorHandler: retryablehttp.PassthroughErrorHandler,
	}
}

// retryRead repeats what does no harm when it is done twice.
func (c *Client) retryRead(ctx context.Context, resp *http.Response, err error) (bool, error) {
	if err != nil {
		return ctx.Err() == nil && broken(err), nil
	}
	switch resp.StatusCode {
	case http.StatusTooManyRequests:
		d := retryAfter(resp, c.now())
		return d > 0 && d <= patience, nil
	case http.StatusInternalServerError, http.StatusBadGateway, http.StatusServiceUnavailable, http.StatusGatewayTimeout:
		return retryAfter(resp, c.now()) <= patience, nil
	}
	return false, nil
}

// retryCredentials repeats only what the site says it did not look at.
func (c *Client) retryCredentials(ctx context.Context, resp *http.Response, err error) (bool, error) {
	notLookedAt := err == nil &&
		(resp.StatusCode == http.StatusTooManyRequests || resp.StatusCode == http.StatusServiceUnavailable)
	if !notLookedAt {
		return false, nil
	}
	return c.retryRead(ctx, resp, nil)
}

// broken reports whether a request failed for a reason that may pass in a moment.
func broken(err error) bool {
	return !isSourceError(err) && !errors.Is(err, errTimedOut) && !errors.Is(err, errTooLarge)
}

// backoff is exponential with full jitter. The lane waits for Retry-After.
func backoff(from, _ time.Duration, attempt int, _ *http.Response) time.Duration {
	return rand.N(from << attempt) //nolint:gosec // how long to wait is no secret
}

// retryAfter is how long an answer asks to be left alone: in seconds, or until a date. A 429 always asks for some time.
func retryAfter(resp *http.Response, now time.Time) time.Duration {
	d := askedFor(resp, now)
	if d == 0 && resp.StatusCode == http.StatusTooManyRequests {
		return restUntold
	}
	return d
}

func askedFor(resp *http.Response, now time.Time) time.Duration {
	value := strings.TrimSpace(resp.Header.Get("Retry-After"))
	d := time.Duration(0)
	if seconds, err := strconv.ParseInt(value, 10, 64); err == nil {
		d = time.Duration(min(seconds, int64(maxRetryAfter/time.Second))) * time.Second
	} else if date, err := http.ParseTime(value); err == nil {
		d = date.Sub(now)
	}
	return min(max(d, 0), maxRetryAfter)
}
