package wantedly_test

import (
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
)

func TestReadListings(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		list  func(s *site) http.HandlerFunc
		since intake.Position
		want  string
	}{
		"null tickets": {
			func(*site) http.HandlerFunc { return answer(200, `{"data":{"tickets":null}}`) }, since(""), "",
		},
		"numbers in words, extra fields, times": {
			func(s *site) http.HandlerFunc {
				return answer(200, fmt.Sprintf(`{"x":{"y":[1]},"data":{"total":3,"tickets":[{"number":"3","created_at":%q,"z":null},`+
					`{"number":2},{"nr":0},{"number":1,"created_at":"yesterday"}]}}`, s.at(3).Format(time.RFC3339)))
			}, since(""), "1 2 3",
		},
		"a line twice, two swapped": {
			func(*site) http.HandlerFunc {
				return answer(200, `{"data":{"tickets":[{"number":6},{"number":4},{"number":5},{"number":5},{"number":3},{"number":2}]}}`)
			}, since("2"), "3 4 5 6",
		},
		"an empty object past the end": {pagesOf(`{"data":{}}`), since(""), "2 3 4 5 6"},
		"null past the end":            {pagesOf(`{"data":null}`), since(""), "2 3 4 5 6"},
		"null tickets past the end":    {pagesOf(`{"data":{"tickets":null}}`), since(""), "2 3 4 5 6"},
		"page ignored": {
			func(s *site) http.HandlerFunc {
				return func(w http.ResponseWriter, _ *http.Request) { s.tickets(w, s.top, 2) }
			}, since("1"), "2 3 4 5 6",
		},
		"the last page for ever": {
			func(s *site) http.HandlerFunc {
				return func(w http.ResponseWriter, r *http.Request) {
					if r.FormValue("page") == "1" {
						s.tickets(w, 6, 4)
						return
					}
					s.tickets(w, 2, 4)
				}
			}, since(""), "1 2 3 4 5 6",
		},
		"rows that come while it is paged": {
			func(s *site) http.HandlerFunc {
				var calls atomic.Int64
				return func(w http.ResponseWriter, _ *http.Request) {
					page := int(calls.Add(1))
					s.tickets(w, s.top-2*(page-1)+page-1, 2) // one more each time
				}
			}, since("2"), "3 4 5 6",
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupSite(t, 6)
			b.list = tc.list(b.site)
			h := b.read(t, tc.since)
			require.NoError(t, h.err)
			require.Equal(t, tc.want, strings.Join(h.ids(), " "))
			require.Empty(t, h.hidden())
		})
	}
}

// pagesOf lists two pages of two and ends with an answer of its own.
func pagesOf(end string) func(s *site) http.HandlerFunc {
	return func(s *site) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			switch r.FormValue("page") {
			case "1":
				s.tickets(w, 6, 2)
			case "2":
				s.tickets(w, 4, 3)
			default:
				fmt.Fprint(w, end)
			}
		}
	}
}

func TestNothingThereYet(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 0)
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	require.Len(t, h.pages, 1)
	require.Empty(t, h.last().Cursor)
	require.NotEmpty(t, h.last().Session.Reveal())
	h = b.read(t, since("12"))
	require.NoError(t, h.err)
	require.Equal(t, "12", h.last().Cursor)
	requireReason(t, intake.FailureInternal, b.read(t, since("twelve")).err)
}

func TestSkippedNumbersAreAskedFor(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 9)
	b.list = func(w http.ResponseWriter, _ *http.Request) {
		b.json(w, map[string]any{"data": map[string]any{"tickets": []any{map[string]any{"number": 9}, map[string]any{"number": 7}, map[string]any{"number": 3}}}})
	}
	b.ticket = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		status := map[int]int{4: 404, 5: 403, 6: 410}[n]
		if status != 0 {
			w.WriteHeader(status)
		}
		return status != 0
	}
	h := b.read(t, since("3", "2", "5"))
	require.NoError(t, h.err)
	require.Equal(t, []string{"7", "8", "9", "2"}, h.ids())
	require.Equal(t, []string{"4", "5", "6"}, h.hidden())
	require.Equal(t, []string{"3"}, h.last().Behind)
	require.Equal(t, "9", h.last().Cursor)
}

func TestGapsAreBounded(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 9000)
	b.list = answer(200, `{"data":{"tickets":[{"number":9000},{"number":10}]}}`)
	b.ticket = func(w http.ResponseWriter, r *http.Request, n int) bool {
		if n%1000 != 0 && n != 10 {
			http.NotFound(w, r)
			return true
		}
		return false
	}
	h := b.read(t, intake.Position{Cursor: "9"})
	require.NoError(t, h.err)
	require.Equal(t, []string{"10", "4000", "5000", "6000", "7000", "8000", "9000"}, h.ids())
	require.Equal(t, 5002, b.asked()["ticket"])
}

func TestListingsThatAreNone(t *testing.T) {
	t.Parallel()
	list := func(body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, body) }
	}
	for name, tc := range map[string]struct {
		list http.HandlerFunc
		want intake.FailureReason
		asks int
	}{
		"HTML":            {list: answer(200, "<html>maintenance</html>")},
		"cut-off JSON":    {list: list(`{"data":{"tickets":[{"number":1`)},
		"nothing":         {list: list("")},
		"a cut-off body":  {list: func(w http.ResponseWriter, _ *http.Request) { cutOff(w, `{"data":`) }, asks: 4},
		"50 MB":           {list: flood},
		"a gzip bomb":     {list: bomb},
		"no data":         {list: list(`{}`)},
		"no tickets":      {list: list(`{"data":{"items":[]}}`)},
		"tickets a map":   {list: list(`{"data":{"tickets":{}}}`)},
		"no numbers":      {list: list(`{"data":{"tickets":[{"id":2},{"id":1}]}}`)},
		"wrong numbers":   {list: list(`{"data":{"tickets":[{"number":-1},{"number":1.5},{"number":"x"},{"number":1e30}]}}`)},
		"rising numbers":  {list: list(`{"data":{"tickets":[{"number":1},{"number":2}]}}`)},
		"mostly rising":   {list: list(`{"data":{"tickets":[{"number":2},{"number":1},{"number":1},{"number":3},{"number":4}]}}`)},
		"null":            {list: list(`{"data":null}`)},
		"an empty object": {list: list(`{"data":{}}`)},
		"404":             {list: answer(404, "{}")},
		"400":             {list: answer(400, "{}")},
		"403":             {list: answer(403, "{}"), want: intake.FailureNoCandidatePermission},
		"500":             {list: answer(500, "{}"), want: intake.FailureMediumUnavailable, asks: 4},
		"504":             {list: answer(504, "{}"), want: intake.FailureMediumUnavailable, asks: 4},
		"another host":    {list: redirect("http://elsewhere.example/signin")},
		"the second step": {list: redirect("/user/two_factor"), want: intake.FailureTwoFactorRequired},
		"429":             {list: answer(429, ""), want: intake.FailureRateLimited},
		"401":             {list: answer(401, "{}")},
		"the form":        {list: answer(200, plainForm)},
		"to the form":     {list: redirect("/signin_or_signup")},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, url := newSite(t, 3)
			s.list = tc.list
			want, asks := tc.want, max(tc.asks, 1)
			if want == "" {
				want = intake.FailureUnexpectedResponse
			}
			_, err := newClient(t, wantedly.Config{BaseURL: url}).Verify(t.Context(), credentials("ok@acme.example"))
			requireReason(t, want, err)
			require.Equal(t, asks, s.asked()["list"])
			require.Equal(t, 1, s.asked()["password"])
		})
	}
}
