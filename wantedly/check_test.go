package wantedly_test

import (
	"fmt"
	"net/http"
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
	facts, err := checked(t, b.client, "ok@acme.example")
	require.NoError(t, err)
	require.Empty(t, broken(facts))
	var notSeen []string
	for words, f := range facts {
		if f.Verdict == wantedly.NotSeen {
			notSeen = append(notSeen, words)
		}
	}
	require.Len(t, notSeen, 2, "what only wrong sign-ins show: %v", notSeen)
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
