package wantedly_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
)

// inBubble runs a test against a site without a network, where waiting takes no time.
func inBubble(t *testing.T, top int, test func(t *testing.T, b siteBundle)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		<-time.After(10 * 365 * 24 * time.Hour) // a bubble begins in 2000, before which nobody applied
		s, h := makeSite(top)
		cfg := wantedly.WithTransport(wantedly.Config{BaseURL: "http://wantedly.example"}, directly(h))
		test(t, siteBundle{site: s, client: newClient(t, cfg), login: intake.Login{Credentials: credentials("ok@acme.example")}})
	})
}

// directly asks a handler; one that hangs up breaks the connection.
func directly(h http.Handler) roundTrip {
	return func(r *http.Request) (resp *http.Response, err error) {
		defer func() {
			if recover() != nil {
				resp, err = nil, io.ErrUnexpectedEOF
			}
		}()
		w := httptest.NewRecorder()
		h.ServeHTTP(w, r)
		return w.Result(), r.Context().Err()
	}
}

// failing makes tickets or people fail in one way.
func (b *siteBundle) failing(path string, fail http.HandlerFunc, numbers ...int) {
	f := func(w http.ResponseWriter, r *http.Request, n int) bool {
		if slices.Contains(numbers, n) {
			fail(w, r)
			return true
		}
		return false
	}
	if path == "ticket" {
		b.ticket = f
	} else {
		b.person = f
	}
}

var (
	hangUp http.HandlerFunc = func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }
	hang   http.HandlerFunc = func(_ http.ResponseWriter, r *http.Request) { <-r.Context().Done() }
)

func TestRecordsWithoutAnAnswerArePutAside(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]http.HandlerFunc{
		"500": answer(500, ""), "501": answer(501, ""), "503": answer(503, ""), "503 with a wait": retryLater(503, "9"),
		"422": answer(422, "{}"), "hanging up": hangUp, "no answer": hang,
	} {
		for _, path := range []string{"ticket", "person"} {
			t.Run(path+" "+name, func(t *testing.T) {
				t.Parallel()
				inBubble(t, 8, func(t *testing.T, b siteBundle) {
					t.Helper()
					b.failing(path, fail, 3, 5, 6, 8)
					h := b.read(t, since("2"))
					require.NoError(t, h.err)
					require.Equal(t, []string{"4", "7"}, h.ids())
					require.Equal(t, []string{"3", "5", "6", "8"}, h.hidden())
					require.Equal(t, "8", h.last().Cursor)
					require.Empty(t, h.invalid())
				})
			})
		}
	}
}

func TestThreeRecordsInARowWithoutAnAnswerEndTheRun(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fail http.HandlerFunc
		want intake.FailureReason
	}{
		"500":        {answer(500, ""), intake.FailureMediumUnavailable},
		"501":        {answer(501, ""), intake.FailureMediumUnavailable},
		"hanging up": {hangUp, intake.FailureMediumUnavailable},
		"no answer":  {hang, intake.FailureTimedOut},
		"422":        {answer(422, "{}"), intake.FailureUnexpectedResponse},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			inBubble(t, 9, func(t *testing.T, b siteBundle) {
				t.Helper()
				b.failing("person", tc.fail, 4, 5, 6)
				h := b.read(t, since("2"))
				requireReason(t, tc.want, h.err)
				require.Equal(t, []string{"3"}, h.ids())
				require.Empty(t, h.hidden())
				require.Equal(t, "3", h.last().Cursor)
				require.Equal(t, 4, b.asked()["ticket"])
			})
		})
	}
}

func TestTooManyRequestsIsNeverPutAside(t *testing.T) {
	t.Parallel()
	for _, path := range []string{"ticket", "person"} {
		b := setupSite(t, 6)
		b.failing(path, retryLater(429, "90"), 6)
		h := b.read(t, since("4"))
		se := sourceError(t, intake.FailureRateLimited, h.err)
		require.Equal(t, 90*time.Second, se.RetryAfter)
		require.Equal(t, []string{"5"}, h.ids())
		require.Empty(t, h.hidden())
	}
}

func TestSignInOnTheWayIsNoRecord(t *testing.T) {
	t.Parallel()
	inBubble(t, 6, func(t *testing.T, b siteBundle) {
		t.Helper()
		b.login.Session = intake.NewSecret(`{"_huntr_session_production":"old"}`)
		b.failing("ticket", answer(401, "{}"), 5)
		b.page = func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }
		h := b.read(t, since("3"))
		requireReason(t, intake.FailureMediumUnavailable, h.err)
		require.Equal(t, []string{"4"}, h.ids())
		require.Empty(t, h.hidden())
	})
}

func TestWhatIsAskedAgainNeverEndsTheRun(t *testing.T) {
	t.Parallel()
	inBubble(t, 9, func(t *testing.T, b siteBundle) {
		t.Helper()
		b.failing("ticket", answer(501, ""), 2, 3, 4, 5, 8, 9)
		h := b.read(t, since("6", "2", "3", "4", "5", "6"))
		require.NoError(t, h.err)
		require.Equal(t, []string{"7", "6"}, h.ids())
		require.Equal(t, []string{"8", "9", "2", "3", "4", "5"}, h.hidden())
		require.Equal(t, "9", h.last().Cursor)
	})
}

func TestFirstImportPutsAsideWhatItCannotDate(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 60)
	b.failing("ticket", answer(501, ""), 41, 60, 21)
	p := since("")
	p.ImportFrom = b.at(32)
	h := b.read(t, p)
	require.NoError(t, h.err)
	require.Len(t, h.applications(), 27)
	require.Equal(t, []string{"41", "60"}, h.hidden())
	require.Equal(t, "60", h.last().Cursor)

	b = setupSite(t, 60)
	b.ticket = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		w.WriteHeader(http.StatusNotImplemented)
		return true
	}
	h = b.read(t, p)
	requireReason(t, intake.FailureMediumUnavailable, h.err)
	require.Equal(t, 3, b.asked()["ticket"])
}

func TestVerificationOpensAnotherWhenOneHasNoAnswer(t *testing.T) {
	t.Parallel()
	inBubble(t, 5, func(t *testing.T, b siteBundle) {
		t.Helper()
		b.failing("ticket", answer(501, ""), 5)
		_, err := b.client.Verify(t.Context(), b.login.Credentials)
		require.NoError(t, err)
		b.failing("person", answer(501, ""), 3, 4)
		_, err = b.client.Verify(t.Context(), b.login.Credentials)
		requireReason(t, intake.FailureMediumUnavailable, err)
	})
}
