package wantedly_test

import (
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

// checked is what a check found, by the words of each fact.
func checked(t *testing.T, c *wantedly.Client, email string) (map[string]wantedly.Fact, error) {
	t.Helper()
	facts, err := c.Check(t.Context(), credentials(email))
	found := make(map[string]wantedly.Fact, len(facts))
	for _, f := range facts {
		require.NotEmpty(t, f.Section)
		require.NotContains(t, found, f.Words)
		found[f.Words] = f
		text := fmt.Sprint(f)
		for _, secret := range []string{"password\"", "mail.invalid", "秘密", "さん", email} {
			require.NotContains(t, text, secret)
		}
		require.Equal(t, f.Verdict == wantedly.Holds, f.Why == "", f.Words)
	}
	return found, err
}

// broken are the words of the facts that no longer hold, with what was found.
func broken(facts map[string]wantedly.Fact) []string {
	list := []string{}
	for words, f := range facts {
		if f.Verdict == wantedly.Broken {
			list = append(list, words+" | "+f.Why)
		}
	}
	return list
}

func TestCheckOfASiteAsItIsKnown(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	b.sim.Tickets("acme.example", 1, 0) // there are postings
	require.True(t, b.sim.HandleTicket("acme.example", 20))
	facts, err := checked(t, b.client, "ok@acme.example")
	require.NoError(t, err)
	require.Empty(t, broken(facts))
	var notSeen, notChecked []string
	for words, f := range facts {
		switch f.Verdict {
		case wantedly.NotSeen:
			notSeen = append(notSeen, words)
		case wantedly.NotChecked:
			notChecked = append(notChecked, words)
		case wantedly.Holds, wantedly.Broken, wantedly.Doubtful:
		}
	}
	require.Empty(t, notSeen)
	require.Len(t, notChecked, 6, "what harm or another account alone would show: %v", notChecked)
	j := b.sim.Journal("ok@acme.example")
	require.Equal(t, 1, j.SignIns)
	require.Zero(t, j.Refused+j.BadTokens+j.Overlaps)
	require.LessOrEqual(t, j.Lists+j.Tickets+j.People, 26)
}

func TestCheckOfASiteThatChanged(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		email  string
		change func(*wantedlysim.Site)
		want   string
	}{
		"renamed fields":   {"drift@acme.example", func(*wantedlysim.Site) {}, "the list of tickets is"},
		"renamed records":  {"drift@acme.example", func(s *wantedlysim.Site) { s.ListingKept = true }, "a ticket has number"},
		"rubbish":          {"garbage@acme.example", func(*wantedlysim.Site) {}, "not JSON but HTML"},
		"no token":         {"ok@acme.example", func(s *wantedlysim.Site) { s.NoToken = true }, "csrf-token | there is none"},
		"another form":     {"ok@acme.example", func(s *wantedlysim.Site) { s.FormAction = "/login" }, "it has no POST /user/sign_in"},
		"a page ignored":   {"ok@acme.example", func(s *wantedlysim.Site) { s.PageIgnored = true }, "page may be ignored"},
		"an emptied list":  {"ok@acme.example", func(s *wantedlysim.Site) { s.ListEmptied = true }, "says that there are some"},
		"a field that had": {"ok@acme.example", func(s *wantedlysim.Site) { s.Without = []string{"user"} }, "user: missing"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{})
			b.sim.SetSite(tc.change)
			b.sim.EndFirstImport(tc.email)
			facts, err := checked(t, b.client, tc.email)
			require.NoError(t, err)
			require.Contains(t, strings.Join(broken(facts), "\n"), tc.want)
		})
	}
}

func TestCheckSeesByAnAccountOfAnotherKindWhatTheUsualOneCannotShow(t *testing.T) {
	t.Parallel()
	const (
		steps    = "a second step, a challenge or a lock is a redirect to a path that says so"
		refused  = "an account that may not see candidates is answered with 403"
		oneByOne = "numbers rise by one, and an account that is shown a part sees gaps"
	)
	for email, words := range map[string]string{"twofactor@acme.example": steps, "locked@acme.example": steps, "noperm@acme.example": refused} {
		facts, err := checked(t, setupSim(t, wantedlysim.Options{}).client, email)
		require.Error(t, err)
		require.Equal(t, wantedly.Holds, facts[words].Verdict, email)
	}
	facts, err := checked(t, setupSim(t, wantedlysim.Options{}).client, "partial@acme.example")
	require.NoError(t, err)
	require.Equal(t, wantedly.NotSeen, facts[oneByOne].Verdict)
	require.Contains(t, facts[oneByOne].Why, "gaps")
	require.Equal(t, wantedly.NotChecked, facts[steps].Verdict)
}

func TestCheckNoticesThatPagesAreNumberedFromZeroAndThatStatesAreMixedUp(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 45)
	s.list = func(w http.ResponseWriter, r *http.Request) {
		page, _ := strconv.Atoi(r.FormValue("page"))
		if r.FormValue("state") == "pending" {
			s.json(w, map[string]any{"data": map[string]any{"tickets": []any{}}})
			return
		}
		s.tickets(w, s.top-page*s.pageSize, s.pageSize)
	}
	facts, err := checked(t, newClient(t, wantedly.Config{BaseURL: url}), "ok@acme.example")
	require.NoError(t, err)
	first := facts["pages are numbered from 1: page=1 is what is shown without page"]
	require.Equal(t, wantedly.Broken, first.Verdict)
	require.Equal(t, wantedly.Holds, facts["without state, as it is read, the list holds what was handled too"].Verdict, "all of them were")
	require.Equal(t, wantedly.Broken, facts["without a session a page redirects to a path with signin or sign_in"].Verdict, "it shows everything to everybody")
}

// What a run is quarantined for, a check must find too.
func TestCheckDoubtsAFieldThatNobodyHasAnyMore(t *testing.T) {
	t.Parallel()
	const words = "a profile has every field that is read"
	for name, tc := range map[string]struct {
		tickets int
		want    wantedly.Verdict
		why     string
	}{
		"enough people": {24, wantedly.Doubtful, "in none of 10: [profile.introduction profile.statement]"},
		"too few":       {4, wantedly.NotSeen, "in none of but 4 looked at: "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{Tickets: tc.tickets})
			b.sim.SetSite(func(s *wantedlysim.Site) { s.Without = []string{"introduction", "statement"} })
			facts, err := checked(t, b.client, "ok@acme.example")
			require.NoError(t, err)
			require.Empty(t, broken(facts))
			require.Equal(t, tc.want, facts[words].Verdict)
			require.Contains(t, facts[words].Why, tc.why)
		})
	}
}

func TestCheckThatCannotGoOnSaysWhyAndBlamesNoFact(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]intake.FailureReason{
		"noperm@acme.example": intake.FailureNoCandidatePermission, "down@acme.example": intake.FailureMediumUnavailable,
		"twofactor@acme.example": intake.FailureTwoFactorRequired, "ratelimit@acme.example": intake.FailureRateLimited,
		"locked@acme.example": intake.FailureAccountLocked, "wrong@acme.example": intake.FailureInvalidCredentials,
	} {
		t.Run(email, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{})
			b.sim.SetPassword("wrong@acme.example", "another")
			facts, err := checked(t, b.client, email)
			requireReason(t, want, err)
			require.Empty(t, broken(facts))
			j := b.sim.Journal(email)
			require.LessOrEqual(t, j.SignIns+j.Refused, 1)
		})
	}
}

func TestCheckOfACompanyWhereNobodyApplied(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: -1})
	facts, err := checked(t, b.client, "ok@acme.example")
	require.NoError(t, err)
	require.Empty(t, broken(facts))
	require.Equal(t, wantedly.NotSeen, facts["times are written as in RFC 3339"].Verdict)
	require.Equal(t, "nobody has applied", facts["it is newest first"].Why)
}

func TestCheckTellsShapesAndNoValues(t *testing.T) {
	t.Parallel()
	s, url := newSite(t, 3)
	s.ticket = func(w http.ResponseWriter, _ *http.Request, n int) bool {
		ticket := s.ticketJSON(n)
		ticket["created_at"] = "canary/2026"
		s.json(w, map[string]any{"data": ticket})
		return true
	}
	facts, err := checked(t, newClient(t, wantedly.Config{BaseURL: url}), "ok@acme.example")
	require.NoError(t, err)
	f := facts["times are written as in RFC 3339"]
	require.Equal(t, wantedly.Broken, f.Verdict)
	require.Contains(t, f.Why, `"created_at":"string"`)
	require.NotContains(t, f.Why, "canary")
}
