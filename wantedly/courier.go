package wantedly

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"

	"renkei/intake"
)

// maxBody bounds an answer, after decompression: hundreds of times what the site gives, and little enough for its lines to be
// read in less than 64 MB.
const maxBody = 4 << 20

// courier carries the requests of one call: in turn, at the account's rate, with the call's
// cookies, and back with the whole answer or none. It is the http.RoundTripper under the retries,
// because http.Client would add the cookies of its jar once more with each retry.
type courier struct {
	client *Client
	lane   *lane
	jar    http.CookieJar
}

// RoundTrip implements http.RoundTripper.
func (c *courier) RoundTrip(req *http.Request) (*http.Response, error) {
	release, err := c.lane.take(req.Context())
	if err != nil {
		if req.Body != nil {
			_ = req.Body.Close() // nothing was read from it
		}
		return nil, err
	}
	defer release()
	asking, told := c.client.asking(req.Context(), req.Method, route(req.URL.Path))
	ctx, cancel := context.WithTimeout(asking, c.client.timeout)
	defer cancel()
	resp, err := c.exchange(req.Clone(ctx))
	if err != nil && ctx.Err() != nil && req.Context().Err() == nil {
		told(0, context.DeadlineExceeded)
		return nil, errTimedOut
	}
	if err != nil {
		told(0, err)
		return nil, err
	}
	told(resp.StatusCode, nil)
	return resp, nil
}

func (c *courier) exchange(req *http.Request) (*http.Response, error) {
	req.Header.Set("User-Agent", c.client.agent)
	for _, cookie := range c.jar.Cookies(req.URL) {
		req.AddCookie(cookie)
	}
	resp, err := c.client.transport.RoundTrip(req)
	if err != nil {
		return nil, err
	}
	body, err := readBody(resp)
	if err != nil {
		return nil, err
	}
	resp.Body = io.NopCloser(bytes.NewReader(body))
	if _, err := resp.Location(); err != nil {
		resp.Header.Del("Location") // http.Client would call it a broken connection
	}
	c.jar.SetCookies(req.URL, resp.Cookies())
	c.heed(resp)
	return resp, nil
}

// readBody reads an answer whole and closes it; it stops at maxBody.
func readBody(resp *http.Response) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }() // what matters was read
	if resp.ContentLength > maxBody {
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(resp.Body, maxBody+1))
	switch {
	case len(body) > maxBody:
		return nil, errTooLarge
	case errors.Is(err, context.DeadlineExceeded), errors.Is(err, context.Canceled):
		return nil, err
	case err != nil:
		return nil, fmt.Errorf("%w: %w", errCutOff, err)
	}
	return body, nil
}

// heed keeps the account's requests back when the site asks for it.
func (c *courier) heed(resp *http.Response) {
	if resp.StatusCode != http.StatusTooManyRequests && resp.StatusCode != http.StatusServiceUnavailable {
		return
	}
	if d := retryAfter(resp, c.client.now()); d > 0 {
		reason := intake.FailureMediumUnavailable
		if resp.StatusCode == http.StatusTooManyRequests {
			reason = intake.FailureRateLimited
		}
		c.lane.leaveAlone(d, reason)
	}
}

// lenientJar takes Secure cookies over plain http, which only an operator's own base URL has.
type lenientJar struct{ http.CookieJar }

func (c *Client) newJar() http.CookieJar {
	jar := newCookieJar()
	if c.base.Scheme == "http" {
		return lenientJar{jar}
	}
	return jar
}
