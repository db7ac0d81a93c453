package wantedly_test

import (
	"net/http"
	"slices"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

// answerer reports whether it answered for a record.
type answerer = func(w http.ResponseWriter, r *http.Request, n int) bool

// Ways for a ticket to be odd.
func misshapen(b siteBundle) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		b.json(w, map[string]any{"data": map[string]any{"no": 1}})
	}
}

func notDated(b siteBundle, n int) http.HandlerFunc {
	ticket := b.ticketJSON(n)
	ticket["created_at"] = "1970-01-01T00:00:00Z"
	return func(w http.ResponseWriter, _ *http.Request) { b.json(w, map[string]any{"data": ticket}) }
}

// one answers with one ticket.
func (b siteBundle) one(ticket map[string]any) answerer {
	return func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		b.json(w, map[string]any{"data": ticket})
		return true
	}
}

// odd makes tickets odd in one way.
func (b siteBundle) odd(how string, numbers ...int) answerer {
	return func(w http.ResponseWriter, r *http.Request, n int) bool {
		if !slices.Contains(numbers, n) {
			return false
		}
		map[string]http.HandlerFunc{
			"shape": misshapen(b), "value": notDated(b, n), "html": answer(200, "<p>x"), "404": answer(404, "{}"),
			"403": answer(403, "{}"), "429": retryLater(429, "120"), "500": answer(500, "{}"),
		}[how](w, r)
		return true
	}
}

// both is one after the other.
func both(fs ...answerer) answerer {
	return func(w http.ResponseWriter, r *http.Request, n int) bool {
		for _, f := range fs {
			if f(w, r, n) {
				return true
			}
		}
		return false
	}
}

func TestOddPageIsJudgedByARecordThatCouldBeRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		top     int // 4 is settled already
		tickets func(b siteBundle) answerer
		want    bool
		control int // tickets asked for beyond the new ones
	}{
		"one odd shape":            {5, func(b siteBundle) answerer { return b.odd("shape", 5) }, false, 1},
		"one odd value":            {5, func(b siteBundle) answerer { return b.odd("value", 5) }, false, 1},
		"one that is not JSON":     {5, func(b siteBundle) answerer { return b.odd("html", 5) }, false, 1},
		"everything has changed":   {5, func(b siteBundle) answerer { return b.odd("shape", 4, 5) }, true, 1},
		"the control is HTML":      {5, func(b siteBundle) answerer { return both(b.odd("shape", 5), b.odd("html", 4)) }, true, 1},
		"the control is gone":      {5, func(b siteBundle) answerer { return both(b.odd("shape", 5), b.odd("404", 4)) }, true, 1},
		"the control is forbidden": {5, func(b siteBundle) answerer { return both(b.odd("shape", 5), b.odd("403", 4)) }, true, 1},
		"an odd value, no control": {5, func(b siteBundle) answerer { return both(b.odd("value", 5), b.odd("404", 4)) }, false, 1},
		"values of one kind":       {7, func(b siteBundle) answerer { return b.odd("value", 4, 5, 6, 7) }, true, 1},
		"values, the control well": {7, func(b siteBundle) answerer { return b.odd("value", 5, 6, 7) }, false, 1},
		"values, no control":       {7, func(b siteBundle) answerer { return both(b.odd("value", 5, 6, 7), b.odd("404", 4)) }, true, 1},
		"two odd ones of six":      {10, func(b siteBundle) answerer { return b.odd("shape", 5, 9) }, false, 0},
		"one of two":               {6, func(b siteBundle) answerer { return b.odd("shape", 5) }, false, 0},
		"the last read well":       {7, func(b siteBundle) answerer { return b.odd("shape", 4, 5, 7) }, false, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupSite(t, tc.top)
			b.ticket = tc.tickets(b)
			h := b.read(t, since("4"))
			require.NoError(t, h.err)
			require.Len(t, h.pages, 1)
			require.Equal(t, tc.want, h.last().Changed)
			require.NotEmpty(t, h.invalid())
			require.Len(t, h.last().Behind, 4)
			require.Equal(t, tc.top-4+tc.control, b.asked()["ticket"])
			if !tc.want {
				require.Equal(t, strconv.Itoa(tc.top), h.last().Cursor, "the cursor moves on")
			}
		})
	}
}

func TestPersonTellsThatTheSiteChangedToo(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 5)
	b.person = func(w http.ResponseWriter, _ *http.Request, _ int) bool {
		b.json(w, map[string]any{"profile": map[string]any{"fullName": "canary"}})
		return true
	}
	h := b.read(t, since("4"))
	require.NoError(t, h.err)
	require.True(t, h.last().Changed)
	require.Equal(t, 2, b.asked()["person"])
}

func TestReadingStopsWhenTheSiteChangesOnTheWay(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 300)
	var opened atomic.Int64
	b.ticket = func(w http.ResponseWriter, r *http.Request, _ int) bool {
		if opened.Add(1) <= 60 {
			return false
		}
		misshapen(b)(w, r)
		return true
	}
	h := b.read(t, intake.Position{})
	require.NoError(t, h.err)
	require.Len(t, h.pages, 2)
	require.False(t, h.pages[0].Changed)
	require.Len(t, h.pages[1].Applications, 10)
	require.True(t, h.last().Changed)
	require.Less(t, b.asked()["ticket"], 110, "nothing more is asked for")
}

func TestOddOnesBesideASiteThatIsWell(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 130)
	numbers := []int{}
	for n := 11; n <= 110; n++ {
		numbers = append(numbers, n)
	}
	b.ticket = b.odd("shape", numbers...)
	h := b.read(t, since("5"))
	require.NoError(t, h.err)
	require.Len(t, h.invalid(), 100)
	require.Len(t, h.applications(), 25)
	require.Equal(t, "130", h.last().Cursor)
	for _, p := range h.pages {
		require.False(t, p.Changed)
	}
	require.Equal(t, 125+2, b.asked()["ticket"], "one control for each page that needs one")
}

func TestFirstImportWaitsForMoreThanOneOddRecord(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 9)
	var seconds atomic.Int64
	b.ticket = func(w http.ResponseWriter, r *http.Request, n int) bool {
		seconds.Add(6)
		return b.odd("shape", 1)(w, r, n)
	}
	cfg := wantedly.WithClock(wantedly.Config{BaseURL: b.url}, func() time.Time {
		return time.Now().Add(time.Duration(seconds.Load()) * time.Second)
	})
	h := read(t.Context(), newClient(t, cfg), b.login, everything())
	require.NoError(t, h.err)
	require.Len(t, h.applications(), 8)
	for _, p := range h.pages {
		require.False(t, p.Changed)
	}
}

func TestFirstImportWithoutAControl(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 3)
	b.ticket = b.odd("shape", 1, 2, 3)
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	require.True(t, h.last().Changed)
	require.Equal(t, 3, b.asked()["ticket"])
}

func TestPageThatCannotBeJudgedIsLeftToTheNextRun(t *testing.T) {
	t.Parallel()
	for how, want := range map[string]intake.FailureReason{
		"429": intake.FailureRateLimited, "500": intake.FailureMediumUnavailable,
	} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			inBubble(t, 5, func(t *testing.T, b siteBundle) {
				t.Helper()
				b.ticket = both(b.odd("shape", 5), b.odd(how, 4))
				h := b.read(t, since("4"))
				requireReason(t, want, h.err)
				require.Len(t, h.pages, 1, "for the session")
				require.Equal(t, "4", h.last().Cursor)
				require.Empty(t, h.invalid())
				require.False(t, h.last().Changed)
			})
		})
	}
	t.Run("an error before it is told", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 6)
		b.ticket = both(b.odd("shape", 5), b.odd("429", 6))
		h := b.read(t, since("4"))
		require.Equal(t, 2*time.Minute, sourceError(t, intake.FailureRateLimited, h.err).RetryAfter.Round(time.Minute))
		require.Equal(t, "4", h.last().Cursor)
		require.Empty(t, h.invalid())
	})
}

func TestDriftBehindAListingThatIsKept(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	b.sim.SetSite(func(s *wantedlysim.Site) { s.ListingKept = true })
	login := intake.Login{Credentials: credentials("drift@acme.example")}
	h := read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	login.Session = h.last().Session
	b.sim.EndFirstImport(login.Email)

	h = read(t.Context(), b.client, login, since("24"))
	require.NoError(t, h.err, "nothing is new, so that nothing shows")
	require.False(t, h.last().Changed)
	require.Empty(t, h.invalid())

	b.sim.AddTicket("acme.example", wantedlysim.TicketSpec{})
	h = read(t.Context(), b.client, login, since("24"))
	require.NoError(t, h.err)
	require.True(t, h.last().Changed)
	require.Len(t, h.invalid(), 1)

	login.Credentials, login.Session = credentials("ok@acme.example"), intake.Secret{}
	h = read(t.Context(), b.client, login, since("24"))
	require.NoError(t, h.err)
	require.Equal(t, []string{"25"}, h.ids())
}

func TestWhatIsAskedAgainAndStillOddSaysNothingOfTheSite(t *testing.T) {
	t.Parallel()
	for _, how := range []string{"shape", "value", "html"} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := setupSite(t, 6)
			b.ticket = b.odd(how, 1, 2, 3, 4)
			h := b.read(t, since("5", "1", "2", "3", "4"))
			require.NoError(t, h.err)
			require.False(t, h.last().Changed)
			require.Equal(t, []string{"6"}, h.ids())
			require.Len(t, h.invalid(), 4)

			// Nothing new at all, and no control.
			h = b.read(t, since("6", "1", "2", "3", "4"))
			require.NoError(t, h.err)
			require.False(t, h.last().Changed)
			require.Len(t, h.invalid(), 4)

			b.ticket = nil
			h = b.read(t, since("6", "1", "2"))
			require.Equal(t, []string{"1", "2"}, h.ids(), "they were mended")
		})
	}
}
