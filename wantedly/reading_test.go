package wantedly_test

import (
	"compress/gzip"
	"net/http"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
)

type siteBundle struct {
	*site
	url    string
	client *wantedly.Client
	login  intake.Login
}

func setupSite(t *testing.T, top int) siteBundle {
	t.Helper()
	s, url := newSite(t, top)
	return siteBundle{
		site: s, url: url, client: newClient(t, wantedly.Config{BaseURL: url}),
		login: intake.Login{Credentials: credentials("ok@acme.example")},
	}
}

func (b siteBundle) read(t *testing.T, since intake.Position) haul {
	t.Helper()
	return read(t.Context(), b.client, b.login, since)
}

func since(cursor string, again ...string) intake.Position {
	p := everything()
	p.Cursor, p.Again = cursor, again
	return p
}

func TestForbiddenTickets(t *testing.T) {
	t.Parallel()
	forbid := func(numbers ...int) func(http.ResponseWriter, *http.Request, int) bool {
		return func(w http.ResponseWriter, _ *http.Request, n int) bool {
			if !slices.Contains(numbers, n) {
				return false
			}
			w.WriteHeader(http.StatusForbidden)
			return true
		}
	}
	t.Run("one is hidden", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 5)
		b.ticket, b.person = forbid(1), forbid(3)
		h := b.read(t, since(""))
		require.NoError(t, h.err)
		require.Equal(t, []string{"2", "4", "5"}, h.ids())
		require.Equal(t, []string{"1", "3"}, h.hidden())
	})
	t.Run("the only new one is hidden", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 5)
		b.ticket = forbid(5)
		h := b.read(t, since("4"))
		require.NoError(t, h.err)
		require.Equal(t, []string{"5"}, h.hidden())
		require.Equal(t, "5", h.last().Cursor)
	})
	t.Run("all of them are a matter of rights", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 5)
		b.person = forbid(1, 2, 3, 4, 5)
		h := b.read(t, since("1"))
		requireReason(t, intake.FailureNoCandidatePermission, h.err)
		require.Empty(t, h.hidden())
		require.Equal(t, "1", h.last().Cursor, "nothing is settled")
		_, err := b.client.Verify(t.Context(), b.login.Credentials)
		requireReason(t, intake.FailureNoCandidatePermission, err)
	})
	t.Run("a verification opens another when one is gone", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 5)
		b.ticket = forbid(5, 3)
		_, err := b.client.Verify(t.Context(), b.login.Credentials)
		require.NoError(t, err)
	})
}

func TestSessionThatDies(t *testing.T) {
	t.Parallel()
	for name, dead := range map[string]http.HandlerFunc{
		"302": redirect("/signin_or_signup"), "302 to sign_in": redirect("/users/sign_in?x"), "401": answer(401, "{}"), "the form": answer(200, plainForm),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupSite(t, 5)
			b.login.Session = intake.NewSecret(`{"_huntr_session_production":"old"}`)
			var deaths atomic.Int32
			b.ticket = func(w http.ResponseWriter, r *http.Request, n int) bool {
				if n == 3 && deaths.Add(1) == 1 {
					dead(w, r)
					return true
				}
				return false
			}
			h := b.read(t, since(""))
			require.NoError(t, h.err)
			require.Equal(t, []string{"1", "2", "3", "4", "5"}, h.ids())
			require.Equal(t, 1, b.asked()["password"])
			require.Equal(t, 1, b.asked()["list"])
		})
		t.Run(name+" twice", func(t *testing.T) {
			t.Parallel()
			b := setupSite(t, 5)
			var deaths atomic.Int32
			b.ticket = func(w http.ResponseWriter, r *http.Request, n int) bool {
				if n == 3 && deaths.Add(1) == 1 || n == 4 {
					dead(w, r)
					return true
				}
				return false
			}
			h := b.read(t, since("1"))
			requireReason(t, intake.FailureUnexpectedResponse, h.err)
			require.Equal(t, []string{"2", "3"}, h.ids())
			require.Equal(t, 2, b.asked()["password"], "once for want of a session, once when it died")
		})
	}
}

func TestSessionThatIsNone(t *testing.T) {
	t.Parallel()
	for _, session := range []string{"{}", "x", `{"a":1}`, "null"} {
		b := setupSite(t, 1)
		b.login.Session = intake.NewSecret(session)
		h := b.read(t, since(""))
		require.NoError(t, h.err)
		require.Equal(t, 1, b.asked()["password"])
	}
}

func TestRecordsThatAreNotJSON(t *testing.T) {
	t.Parallel()
	html := func(numbers ...int) func(http.ResponseWriter, *http.Request, int) bool {
		return func(w http.ResponseWriter, r *http.Request, n int) bool {
			for i, f := range numbers {
				if f == n {
					[]http.HandlerFunc{answer(200, "<p>名前 太郎</p>"), answer(200, `{"user":{"na`), flood}[i%3](w, r)
					return true
				}
			}
			return false
		}
	}
	t.Run("one or two hold nobody back", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 6)
		b.person = html(2, 3, 6)
		h := b.read(t, since(""))
		require.NoError(t, h.err)
		require.Equal(t, []string{"1", "4", "5"}, h.ids())
		require.Len(t, h.invalid(), 3)
		for _, inv := range h.invalid() {
			require.Equal(t, intake.InvalidShape, inv.Reason)
			require.JSONEq(t, `"not JSON"`, string(inv.Shape))
			require.NotContains(t, inv.Detail, "太郎")
			require.Contains(t, inv.URL, "/enterprise/tickets/"+inv.ExternalID)
		}
	})
	t.Run("three in a row end the run", func(t *testing.T) {
		t.Parallel()
		b := setupSite(t, 9)
		b.person = html(3, 4, 5)
		h := b.read(t, since(""))
		requireReason(t, intake.FailureUnexpectedResponse, h.err)
		require.Equal(t, []string{"1", "2"}, h.ids())
		require.Empty(t, h.invalid())
		require.Equal(t, "2", h.last().Cursor)
	})
}

func TestGzipAndCharsets(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 2)
	b.person = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		body := `{"user":{"name":"山田"}}`
		if n == 1 {
			w.Header().Set("Content-Encoding", "gzip")
			z := gzip.NewWriter(w)
			defer func() { _ = z.Close() }()
			_, _ = z.Write([]byte("\ufeff" + body))
			return true
		}
		w.Header().Set("Content-Type", "application/json; charset=Shift_JIS")
		_, _ = w.Write([]byte("{\"user\":{\"name\":\"\x8eR\x93c\"}}"))
		return true
	}
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	for _, a := range h.applications() {
		require.Equal(t, "山田", a.Person.Name)
	}
}

func TestAWrongCharsetMakesNobodyAnotherName(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 4)
	// The last has one kanji, of which one byte is a letter.
	bodies := []string{`{"user":{"name":"山田"}}`, "{\"user\":{\"name\":\"\x8eR\x93c\"}}", `{"user":{"name":"山田"}}`, "{\"user\":{\"name\":\"Maria \x8eR\"}}"}
	b.person = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		charset := []string{"Shift_JIS", "UTF-8", "UTF-8", "UTF-8"}[n-1]
		w.Header().Set("Content-Type", "application/json; charset="+charset)
		_, _ = w.Write([]byte(bodies[n-1]))
		return true
	}
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	require.Equal(t, []string{"1", "3"}, h.ids())
	for _, a := range h.applications() {
		require.Equal(t, "山田", a.Person.Name, "what reads as UTF-8 is")
	}
	require.Len(t, h.invalid(), 2)
	for _, record := range h.invalid() {
		require.Equal(t, "user.name: not UTF-8", record.Detail)
	}
}

func TestOlderOnesAreLeftAlone(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 10)
	p := since("2")
	p.ImportFrom = b.at(6)
	h := b.read(t, p)
	require.NoError(t, h.err)
	require.Equal(t, []string{"6", "7", "8", "9", "10"}, h.ids())
	require.Equal(t, 5, b.asked()["person"])
	require.Empty(t, h.invalid())
}

func TestFirstImportWithTicketsThatCannotBeDated(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 60)
	b.ticket = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		switch n % 5 {
		case 0:
			w.WriteHeader(http.StatusNotFound)
		case 1:
			b.json(w, map[string]any{"data": map[string]any{"number": n}})
		}
		return n%5 < 2
	}
	p := since("")
	p.ImportFrom = b.at(32)
	h := b.read(t, p)
	require.NoError(t, h.err)
	require.Equal(t, "32", h.ids()[0])
	require.Len(t, h.applications(), 18)
	require.Equal(t, "60", h.last().Cursor)
}

func TestChangedSiteAtTheFirstImport(t *testing.T) {
	t.Parallel()
	b := setupSite(t, 300)
	b.ticket = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		b.json(w, map[string]any{"data": map[string]any{"no": n, "who": "canary"}})
		return true
	}
	h := b.read(t, since(""))
	require.NoError(t, h.err)
	require.Len(t, h.invalid(), 20, "one page is enough to see it")
	require.Equal(t, "data.number: missing", h.invalid()[0].Detail)
	require.JSONEq(t, `{"data":{"no":"number","who":"string"}}`, string(h.invalid()[0].Shape))
}
