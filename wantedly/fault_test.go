package wantedly_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"runtime/debug"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

// flood answers with 50 MB.
func flood(w http.ResponseWriter, _ *http.Request) {
	chunk := bytes.Repeat([]byte("<p>x"), 1<<14)
	for range 50 << 20 / len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
}

// bomb answers with 50 MB that are 50 kB on the way.
func bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	flood(gzipped{w, z}, nil)
	_ = z.Close()
}

type gzipped struct {
	http.ResponseWriter
	z io.Writer
}

func (g gzipped) Write(b []byte) (int, error) { return g.z.Write(b) }

// cutOff promises more than it sends.
func cutOff(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Length", strconv.Itoa(len(body)+100))
	_, _ = io.WriteString(w, body)
	w.(http.Flusher).Flush()
	panic(http.ErrAbortHandler)
}

func TestFloodLeavesMemoryFlat(t *testing.T) { //nolint:paralleltest // it looks at the memory of the whole process
	s, url := newSite(t, 3)
	s.list = flood
	c := newClient(t, wantedly.Config{BaseURL: url})
	// Garbage is to be collected as soon as it is there, and not to be measured.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 5 {
		h := read(t.Context(), c, intake.Login{Credentials: credentials("ok@acme.example")}, everything())
		requireReason(t, intake.FailureUnexpectedResponse, h.err)
	}
	runtime.ReadMemStats(&after)
	// The server is in this process too, and the race detector doubles what is measured.
	require.Less(t, after.Sys-before.Sys, uint64(128<<20))
}

func TestTroubleThatPasses(t *testing.T) {
	t.Parallel()
	for name, trouble := range map[string]http.HandlerFunc{
		"500":                    answer(500, ""),
		"502":                    answer(502, ""),
		"a reset":                func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) },
		"a cut-off body":         func(w http.ResponseWriter, _ *http.Request) { cutOff(w, `{"data":{`) },
		"429 with no wait to it": retryLater(429, "1"),
		"503 until a date":       retryLater(503, time.Now().Add(time.Second).UTC().Format(http.TimeFormat)),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 3)
			var asked atomic.Int32
			s.ticket = func(w http.ResponseWriter, r *http.Request, _ int) bool {
				if asked.Add(1) > 2 {
					return false
				}
				trouble(w, r)
				return true
			}
			h := read(t.Context(), newClient(t, wantedly.Config{BaseURL: url}),
				intake.Login{Credentials: credentials("ok@acme.example")}, everything())
			require.NoError(t, h.err)
			require.Equal(t, []string{"1", "2", "3"}, h.ids())
		})
	}
}

func retryLater(status int, after string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", after)
		w.WriteHeader(status)
	}
}

func TestLongRetryAfterIsHandedOnAndKept(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		answer   http.HandlerFunc
		want     intake.FailureReason
		min, max time.Duration
	}{
		"429 in seconds":  {retryLater(429, "120"), intake.FailureRateLimited, 119 * time.Second, 2 * time.Minute},
		"429 by date":     {retryLater(429, time.Now().Add(time.Hour).UTC().Format(http.TimeFormat)), intake.FailureRateLimited, 50 * time.Minute, time.Hour},
		"503 in seconds":  {retryLater(503, "60"), intake.FailureMediumUnavailable, 59 * time.Second, time.Minute},
		"for ever":        {retryLater(429, "99999999999"), intake.FailureRateLimited, time.Hour, 24 * time.Hour},
		"429 without":     {retryLater(429, ""), intake.FailureRateLimited, 59 * time.Second, time.Minute},
		"429 since 1999":  {retryLater(429, "Fri, 31 Dec 1999 23:59:59 GMT"), intake.FailureRateLimited, 59 * time.Second, time.Minute},
		"429 with a word": {retryLater(429, "soon"), intake.FailureRateLimited, 59 * time.Second, time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 10)
			s.ticket = func(w http.ResponseWriter, r *http.Request, n int) bool {
				if n == 4 {
					tc.answer(w, r)
				}
				return n == 4
			}
			c := newClient(t, wantedly.Config{BaseURL: url})
			login := intake.Login{Credentials: credentials("ok@acme.example")}
			h := read(t.Context(), c, login, everything())
			se := sourceError(t, tc.want, h.err)
			require.Equal(t, []string{"1", "2", "3"}, h.ids(), "what was read is yielded")
			require.Equal(t, "3", h.last().Cursor)
			require.GreaterOrEqual(t, se.RetryAfter, tc.min)
			require.LessOrEqual(t, se.RetryAfter, tc.max)
			if tc.min == 0 {
				return
			}
			before := s.asked()
			_, err := c.Verify(t.Context(), login.Credentials)
			se = sourceError(t, tc.want, err)
			require.Positive(t, se.RetryAfter)
			require.Equal(t, before, s.asked(), "the account is left alone")
			_, err = c.Verify(t.Context(), credentials("other@acme.example"))
			require.NoError(t, err, "others are not")
		})
	}
}

// roundTrip is a network of one function.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func respond(r *http.Request, status int, contentType, body string) *http.Response {
	return &http.Response{
		StatusCode: status, Request: r, Body: io.NopCloser(strings.NewReader(body)),
		Header: http.Header{"Content-Type": {contentType}}, ContentLength: int64(len(body)),
	}
}

func TestOneRequestAtATimeAtTheRateOfTheAccount(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var mu sync.Mutex
		var times []time.Time
		running := 0
		network := func(r *http.Request) (*http.Response, error) {
			mu.Lock()
			times = append(times, time.Now())
			running++
			require.Equal(t, 1, running)
			mu.Unlock()
			<-time.After(300 * time.Millisecond)
			mu.Lock()
			defer mu.Unlock()
			running--
			switch {
			case r.Method == http.MethodPost:
				resp := respond(r, 302, "", "")
				resp.Header.Set("Location", "/home")
				return resp, nil
			case strings.HasPrefix(r.URL.Path, "/api"):
				return respond(r, 200, "application/json", `{"data":{"tickets":[]}}`), nil
			}
			return respond(r, 200, "text/html", `<meta name="csrf-token" content="t">`), nil
		}
		c, err := wantedly.New(wantedly.WithTransport(wantedly.Config{BaseURL: "https://wantedly.example", Rate: 2}, roundTrip(network)))
		require.NoError(t, err)
		var wg sync.WaitGroup
		wg.Go(func() {
			_, err := c.Verify(t.Context(), credentials("ok@acme.example"))
			require.NoError(t, err)
		})
		wg.Go(func() {
			h := read(t.Context(), c, intake.Login{Credentials: credentials("OK@acme.example ")}, everything())
			require.NoError(t, h.err)
		})
		wg.Wait()
		require.Len(t, times, 8)
		for i := 1; i < len(times); i++ {
			require.GreaterOrEqual(t, times[i].Sub(times[i-1]), 500*time.Millisecond)
		}
	})
}

func TestPageIsYieldedAfterFiveSeconds(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 9)
	var seconds atomic.Int64
	began := time.Now()
	s.person = func(http.ResponseWriter, *http.Request, int) bool {
		seconds.Add(2)
		return false
	}
	cfg := wantedly.WithClock(wantedly.Config{BaseURL: url, Rate: fast}, func() time.Time {
		return began.Add(time.Duration(seconds.Load()) * time.Second)
	})
	h := read(t.Context(), newClient(t, cfg), intake.Login{Credentials: credentials("ok@acme.example")}, everything())
	require.NoError(t, h.err)
	require.Len(t, h.pages, 3)
	require.Equal(t, "3", h.pages[0].Cursor)
	require.Equal(t, "9", h.last().Cursor)
}

func TestWaitingEndsWithTheContext(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s.list = func(w http.ResponseWriter, r *http.Request) {
		retryLater(503, "9")(w, r)
		cancel()
	}
	c := newClient(t, wantedly.Config{BaseURL: url})
	_, err := c.Verify(ctx, credentials("ok@acme.example"))
	require.ErrorIs(t, err, context.Canceled)
	require.False(t, isSourceError(err))

	slow := newClient(t, wantedly.Config{BaseURL: url, Rate: 0.001})
	ctx, stop := context.WithTimeout(t.Context(), 20*time.Millisecond)
	defer stop()
	_, err = slow.Verify(ctx, credentials("ok@acme.example"))
	require.ErrorIs(t, err, context.DeadlineExceeded)
}

func isSourceError(err error) bool {
	_, ok := intake.AsSourceError(err)
	return ok
}

func TestWhoeverReadsMayStop(t *testing.T) {
	t.Parallel()
	_, url := newSite(t, 120)
	c := newClient(t, wantedly.Config{BaseURL: url})
	for p, err := range c.Read(t.Context(), intake.Login{Credentials: credentials("ok@acme.example")}, everything()) {
		require.NoError(t, err)
		require.Equal(t, "50", p.Cursor)
		break
	}
}

func TestNewSessionIsYieldedBeforeAnError(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	s.list = answer(404, "{}")
	h := read(t.Context(), newClient(t, wantedly.Config{BaseURL: url}), intake.Login{Credentials: credentials("ok@acme.example")}, since("2"))
	requireReason(t, intake.FailureUnexpectedResponse, h.err)
	require.Len(t, h.pages, 1)
	require.Equal(t, "2", h.last().Cursor)

	login := intake.Login{Credentials: credentials("ok@acme.example"), Session: h.last().Session}
	h = read(t.Context(), newClient(t, wantedly.Config{BaseURL: url}), login, since("2"))
	requireReason(t, intake.FailureUnexpectedResponse, h.err)
	require.Empty(t, h.pages)
	require.Equal(t, 1, s.asked()["password"])
}

func TestOverTLS(t *testing.T) {
	t.Parallel()
	sim := wantedlysim.New(wantedlysim.Options{})
	srv := httptest.NewTLSServer(sim)
	t.Cleanup(srv.Close)
	cfg := wantedly.WithTransport(wantedly.Config{BaseURL: srv.URL + "/"}, srv.Client().Transport)
	h := read(t.Context(), newClient(t, cfg), intake.Login{Credentials: credentials("ok@acme.example")}, everything())
	require.NoError(t, h.err)
	require.Equal(t, srv.URL+"/enterprise/tickets/1", h.applications()[0].URL)
}
