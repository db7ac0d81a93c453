package main

import (
	"bytes"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

// checkMedium runs the check against the simulator, with a password on standard input.
func checkMedium(t *testing.T, sim *wantedlysim.Server, password string, args ...string) outcome {
	t.Helper()
	server := httptest.NewServer(sim)
	t.Cleanup(server.Close)
	var out, err bytes.Buffer
	args = append([]string{"medium", "check", "--url", server.URL}, args...)
	code := run(t.Context(), args, streams{in: strings.NewReader(password), out: &out, err: &err}, environment("RENKEI_WANTEDLY_RATE", "1000"))
	return outcome{code, out.String(), err.String()}
}

func TestMediumCheckTellsFactByFactWhatHolds(t *testing.T) {
	t.Parallel()
	got := checkMedium(t, wantedlysim.New(wantedlysim.Options{}), "password\n", "--email", "ok@acme.example")
	require.Equal(t, exitDone, got.code, got.err)
	require.Contains(t, got.out, "signing in\n  GET /signin_or_signup is a page: holds\n")
	require.Contains(t, got.out, "a wrong password is a 401, or the form again: not checked: the account might be locked for it\n")
	require.NotContains(t, got.out, "NO LONGER")
	require.NotContains(t, got.out+got.err, "ok@acme.example")

	sim := wantedlysim.New(wantedlysim.Options{})
	sim.EndFirstImport("drift@acme.example")
	got = checkMedium(t, sim, "password\n", "--email", "drift@acme.example")
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.out, "{data: {tickets: [{number}]}}: NO LONGER HOLDS: ")
	require.Contains(t, got.err, "1 of 31 facts")
}

func TestMediumCheckFailsWhereAFieldMayBeGone(t *testing.T) {
	t.Parallel()
	sim := wantedlysim.New(wantedlysim.Options{})
	sim.SetSite(func(s *wantedlysim.Site) { s.Without = []string{"introduction"} })
	got := checkMedium(t, sim, "password\n", "--email", "ok@acme.example")
	require.Equal(t, exitFailed, got.code)
	require.Contains(t, got.out, "MAY BE GONE: in none of 10: [profile.introduction]: was it there before?\n")
	require.NotContains(t, got.out, "NO LONGER")
	require.Contains(t, got.err, "1 of 31 facts")
}

func TestMediumCheckThatCannotGoOnFails(t *testing.T) {
	t.Parallel()
	for email, want := range map[string]string{"ok@acme.example": "INVALID_CREDENTIALS", "down@acme.example": "MEDIUM_UNAVAILABLE"} {
		got := checkMedium(t, wantedlysim.New(wantedlysim.Options{}), map[bool]string{true: "Sesam0effne", false: "password"}[email[0] == 'o'], "--email", email)
		require.Equal(t, exitFailed, got.code)
		require.Contains(t, got.err, want)
		require.NotContains(t, got.out, "NO LONGER")
		require.NotContains(t, got.out+got.err, "Sesam")
	}
}

func TestMediumCommandsSayWhatTheyMiss(t *testing.T) {
	t.Parallel()
	requireComplaint(t, exitUsage, call(environment(), "medium", "check"), "--email is missing")
	requireComplaint(t, exitUsage, call(environment(), "medium", "check", "--email", "a@b.example"), "RENKEI_WANTEDLY_URL")
	requireComplaint(t, exitUsage, call(environment(), "medium", "check", "--email", "a@b.example", "--url", "http://127.0.0.1:1"), "password")
	requireComplaint(t, exitUsage, call(environment(), "medium", "accept", "GREEN"), "no account of GREEN")
}
