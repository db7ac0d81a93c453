package wantedly_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

// look is how the site looked in all of a haul.
func (h haul) look() intake.Look {
	all := intake.Look{Fields: map[string]intake.Share{}}
	for _, p := range h.pages {
		for path, s := range p.Look.Fields {
			sum := all.Fields[path]
			all.Fields[path] = intake.Share{There: sum.There + s.There, Of: sum.Of + s.Of}
		}
		all.Others = append(all.Others, p.Look.Others...)
		if p.Look.SignIn != nil {
			all.SignIn = p.Look.SignIn
		}
		all.New, all.Known = all.New+p.Look.New, all.Known+p.Look.Known
	}
	return all
}

func TestAFieldThatTheSiteLeavesOutIsSeenToBeGone(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	login := intake.Login{Credentials: credentials("ok@acme.example")}
	h := read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	usual := h.look()
	require.Equal(t, intake.Share{There: 24, Of: 24}, usual.Fields["profile.statement"])
	require.Equal(t, intake.Share{There: 24, Of: 24}, usual.Fields["ticket.data.project.title"])
	require.Positive(t, usual.Fields["profile.working_histories[].company_name"].There)
	require.Equal(t, []string{"POST /user/sign_in", "authenticity_token", "commit", "user[email]", "user[password]"}, usual.SignIn)
	require.Zero(t, usual.New+usual.Known, "a first import knows nothing of either")

	b.sim.SetSite(func(s *wantedlysim.Site) {
		s.Without, s.Extra, s.FormAction = []string{"statement"}, "pronouns", "/login;v=1?x=canary"
	})
	h = read(t.Context(), b.client, login, since("20"))
	require.NoError(t, h.err)
	now := h.look()
	require.Equal(t, intake.Share{Of: 4}, now.Fields["profile.statement"])
	require.Contains(t, now.Others, "profile.pronouns")
	require.Equal(t, "POST /login", now.SignIn[0])
	require.Equal(t, 4, now.New)
	require.Equal(t, 16, now.Known)
}

func TestAnAnswerThatIsNotUnderstoodLeavesItsShapeAndNoValue(t *testing.T) {
	t.Parallel()
	sampled := func(change func(*wantedlysim.Site), email string) string {
		b := setupSim(t, wantedlysim.Options{})
		b.sim.SetSite(change)
		b.sim.EndFirstImport(email)
		h := read(t.Context(), b.client, intake.Login{Credentials: credentials(email)}, everything())
		return string(sourceError(t, intake.FailureUnexpectedResponse, h.err).Sample)
	}
	require.JSONEq(t, `{"signIn": ["POST /user/sign_in", "authenticity_token", "commit", "user[email]", "user[password]"]}`,
		sampled(func(s *wantedlysim.Site) { s.NoToken = true }, "ok@acme.example"))
	require.JSONEq(t, `{"data": {"applications": [{"state": "string", "ticket_no": "number"}]}}`,
		sampled(func(*wantedlysim.Site) {}, "drift@acme.example"))
}

func TestALookHoldsNoValue(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	s.page = func(w http.ResponseWriter, _ *http.Request) {
		s.html(w, strings.NewReplacer("/user/sign_in", "/user/sign_in/canary0123456789", `<input name="user[email]">`,
			`<input name="user[email]" value="canary"><input name="canary0123456789"><input name="canary canary">`).Replace(plainForm))
	}
	s.person = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		s.json(w, map[string]any{"user": map[string]any{"name": "canary", "canary@mail.invalid": 1}, "introduction": "canary", "canary canary": "canary"}) //nolint:dupword // a field that nobody would have
		return true
	}
	h := read(t.Context(), newClient(t, wantedly.Config{BaseURL: url}), intake.Login{Credentials: credentials("ok@acme.example")}, everything())
	require.NoError(t, h.err)
	for _, p := range h.pages {
		told, err := json.Marshal(p.Look)
		require.NoError(t, err)
		require.NotContains(t, string(told), "canary")
		for _, sample := range p.Look.Samples {
			require.NotContains(t, string(sample), "canary")
		}
	}
	require.Equal(t, "POST /user/sign_in/*", strings.Replace(h.look().SignIn[0], "GET", "POST", 1))
}

func TestAListingThatLostWhatItHadIsNoQuietDay(t *testing.T) {
	t.Parallel()
	t.Run("empty, and says that there are some", func(t *testing.T) {
		t.Parallel()
		b := setupSim(t, wantedlysim.Options{})
		b.sim.SetSite(func(s *wantedlysim.Site) { s.ListEmptied = true })
		h := read(t.Context(), b.client, intake.Login{Credentials: credentials("ok@acme.example")}, since("24"))
		requireReason(t, intake.FailureUnexpectedResponse, h.err)
	})
	t.Run("far below the last that was read", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 49)
		requireReason(t, intake.FailureUnexpectedResponse, b.read(t, since("100")).err)
		require.NoError(t, b.read(t, since("99")).err, "the newest may have been deleted")
	})
	t.Run("empty", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 0)
		h := b.read(t, since("24"))
		require.NoError(t, h.err)
		require.Equal(t, "24", h.last().Cursor)
	})
}

// trickle sends a byte now and then, and never ends.
func trickle(w http.ResponseWriter, r *http.Request) {
	for {
		if _, err := w.Write([]byte(" ")); err != nil {
			return
		}
		w.(http.Flusher).Flush()
		select {
		case <-r.Context().Done():
			return
		case <-time.After(20 * time.Millisecond):
		}
	}
}

func TestAnAnswerThatTricklesIsGivenUpAndHoldsBackNobodyElse(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	var slow atomic.Bool
	slow.Store(true)
	s.list = func(w http.ResponseWriter, r *http.Request) {
		if slow.CompareAndSwap(true, false) {
			trickle(w, r)
			return
		}
		s.listing(w, r)
	}
	c := newClient(t, wantedly.Config{BaseURL: url, RequestTimeout: 3 * time.Second})
	waited := make(chan error, 1)
	go func() {
		_, err := c.Verify(t.Context(), credentials("slow@acme.example"))
		waited <- err
	}()
	require.Eventually(t, func() bool { return !slow.Load() }, 30*time.Second, time.Millisecond)
	_, err := c.Verify(t.Context(), credentials("ok@acme.example"))
	require.NoError(t, err)
	requireReason(t, intake.FailureTimedOut, <-waited)
}

func TestATruncatedGzipIsTriedAgain(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 1)
	var whole bytes.Buffer
	z := gzip.NewWriter(&whole)
	_, err := z.Write([]byte(`{"data":{"tickets":[{"number":1}]}}` + strings.Repeat(" ", 1000)))
	require.NoError(t, err)
	require.NoError(t, z.Close())
	var asked atomic.Int32
	s.list = func(w http.ResponseWriter, _ *http.Request) {
		body := whole.Bytes()
		if asked.Add(1) < 3 {
			body = body[:len(body)/2]
		}
		w.Header().Set("Content-Encoding", "gzip")
		_, _ = w.Write(body)
	}
	h := read(t.Context(), newClient(t, wantedly.Config{BaseURL: url}), intake.Login{Credentials: credentials("ok@acme.example")}, everything())
	require.NoError(t, h.err)
	require.Equal(t, []string{"1"}, h.ids())
}

func TestAGzipBombLeavesMemoryFlat(t *testing.T) { //nolint:paralleltest // it looks at the memory of the whole process
	s, url := newSite(t, 3)
	s.list = bomb
	c := newClient(t, wantedly.Config{BaseURL: url})
	// Garbage is to be collected as soon as it is there, and not to be measured.
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 3 {
		h := read(t.Context(), c, intake.Login{Credentials: credentials("ok@acme.example")}, everything())
		requireReason(t, intake.FailureUnexpectedResponse, h.err)
	}
	runtime.ReadMemStats(&after)
	require.Less(t, after.Sys-before.Sys, uint64(128<<20))
}

func TestAnAccountThatIsToldToSlowDownAsksOnceInAWindow(t *testing.T) {
	t.Parallel()
	inBubble(t, 3, func(t *testing.T, b siteBundle) {
		t.Helper()
		b.list = answer(429, "")
		for range 5 {
			h := b.read(t, since("1"))
			requireReason(t, intake.FailureRateLimited, h.err)
			<-time.After(10 * time.Second)
		}
		require.Equal(t, 1, b.asked()["list"], "within a minute")
		<-time.After(11 * time.Second)
		b.list = b.listing
		require.NoError(t, b.read(t, since("1")).err)
	})
}

func TestTheFirstAnswerOfTheHiringAPIIsTold(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]int{
		"ok@acme.example": 1, "noperm@acme.example": 1,
		"down@acme.example": 0, // its sign-in page is there
	} {
		b := setupSim(t, wantedlysim.Options{})
		told := 0
		from := everything()
		from.Answered = func() { told++ }
		_ = read(t.Context(), b.client, intake.Login{Credentials: credentials(email)}, from)
		require.Equal(t, want, told, email)
	}
}
