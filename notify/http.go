package notify

import (
	"bytes"
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"renkei/intake"
)

const (
	dialTimeout = 5 * time.Second
	// maxAnswer is how much of an answer is read: nothing of it is kept.
	maxAnswer     = 64 << 10
	maxHeader     = 32 << 10
	maxRetryAfter = 24 * time.Hour
)

// newHTTP is a client that follows nobody, keeps nothing open, and, unless it may, goes nowhere private. It uses no proxy:
// that would look names up by itself.
func newHTTP(config Config) *http.Client {
	dialer := &net.Dialer{Timeout: dialTimeout}
	if !config.Private {
		dialer.Control = publicOnly
	}
	return &http.Client{
		Timeout: config.Timeout,
		Transport: &http.Transport{
			DialContext: dialer.DialContext, TLSHandshakeTimeout: dialTimeout, MaxResponseHeaderBytes: maxHeader, DisableKeepAlives: true, DisableCompression: true,
		},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

// post sends JSON to an endpoint.
func (c *Client) post(ctx context.Context, address intake.Secret, body []byte, headers map[string]string) error {
	u, err := url.Parse(address.Reveal())
	if err != nil || u.Scheme != "https" && (u.Scheme != "http" || !c.config.Private) {
		return &intake.SendError{Trouble: intake.TroubleInsecure, Final: true}
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, u.String(), bytes.NewReader(body))
	if err != nil {
		return &intake.SendError{Trouble: intake.TroubleInternal, Final: true}
	}
	request.Header.Set("Content-Type", "application/json; charset=utf-8")
	request.Header.Set("User-Agent", c.config.UserAgent)
	for name, value := range headers {
		request.Header.Set(name, value)
	}
	response, err := c.http.Do(request)
	if err != nil {
		return notSent(err)
	}
	// However much it says, and however slowly: the status is what counts, and that has come.
	_, _ = io.CopyN(io.Discard, response.Body, maxAnswer)
	_ = response.Body.Close()
	return answered(response)
}

// answered is what an answer means.
func answered(r *http.Response) error {
	switch status := r.StatusCode; {
	case status >= 200 && status < 300:
		return nil
	case status >= 300 && status < 400:
		return &intake.SendError{Trouble: intake.TroubleRedirected, Status: status, Err: fmt.Errorf("redirects with %d", status)}
	case status == http.StatusGone:
		return &intake.SendError{Trouble: intake.TroubleRefused, Status: status, Final: true, Gone: true, Err: errors.New("is gone")}
	default:
		return &intake.SendError{Trouble: intake.TroubleRefused, Status: status, RetryAfter: retryAfter(r.Header, time.Now()), Err: fmt.Errorf("answers with %d", status)}
	}
}

// retryAfter is how long the other side asks to be left alone, as seconds or until a date, in bounds.
func retryAfter(h http.Header, now time.Time) time.Duration {
	given := h.Get("Retry-After")
	if seconds, err := strconv.ParseUint(given, 10, 32); err == nil {
		return min(time.Duration(seconds)*time.Second, maxRetryAfter)
	}
	until, err := http.ParseTime(given)
	if err != nil {
		return 0
	}
	return min(max(until.Sub(now), 0), maxRetryAfter)
}

// notSent says why nothing came back. Its text holds no address: whoever knows one may post there.
func notSent(err error) error {
	_, badTLS := errors.AsType[*tls.CertificateVerificationError](err)
	_, noTLS := errors.AsType[tls.RecordHeaderError](err)
	alert, refusedTLS := errors.AsType[tls.AlertError](err)
	timedOut, network := errors.AsType[net.Error](err)
	switch {
	case errors.Is(err, errPrivateAddress):
		return &intake.SendError{Trouble: intake.TroublePrivateAddress, Final: true, Err: errPrivateAddress}
	case badTLS:
		return &intake.SendError{Trouble: intake.TroubleInsecure, Err: errors.New("certificate cannot be trusted")}
	case noTLS:
		return &intake.SendError{Trouble: intake.TroubleInsecure, Err: errors.New("does not speak TLS")}
	case refusedTLS:
		return &intake.SendError{Trouble: intake.TroubleInsecure, Err: alert}
	case network && timedOut.Timeout(), errors.Is(err, context.Canceled):
		return &intake.SendError{Trouble: intake.TroubleTimedOut, Err: errors.New("did not answer in time")}
	}
	return &intake.SendError{Trouble: intake.TroubleNotReached, Err: errors.New("cannot be reached")}
}
