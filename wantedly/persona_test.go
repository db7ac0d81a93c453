package wantedly_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

func TestVerifyTellsWhyAnAccountDoesNotWork(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]intake.FailureReason{
		"noperm":    intake.FailureNoCandidatePermission,
		"twofactor": intake.FailureTwoFactorRequired,
		"captcha":   intake.FailureTwoFactorRequired,
		"locked":    intake.FailureAccountLocked,
		"down":      intake.FailureMediumUnavailable,
		"ratelimit": intake.FailureRateLimited,
		"garbage":   intake.FailureUnexpectedResponse,
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{})
			creds := credentials(word + "@acme.example")
			session, err := b.client.Verify(t.Context(), creds)
			se := sourceError(t, want, err)
			require.True(t, session.IsZero())
			require.NotContains(t, err.Error(), "acme")
			require.Equal(t, word == "ratelimit", se.RetryAfter > 0)
			require.LessOrEqual(t, b.sim.Journal(creds.Email).SignIns, 1)
		})
	}
}

func TestVerifyThenReadUsesOneSession(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	login := intake.Login{Credentials: credentials("ok@acme.example")}
	var err error
	login.Session, err = b.client.Verify(t.Context(), login.Credentials)
	require.NoError(t, err)

	h := read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	want := b.sim.Tickets("acme.example", 1, 0)
	got := h.applications()
	require.Len(t, got, len(want))
	for i, a := range got {
		requireTicket(t, b.url, want[i], a)
	}
	require.Equal(t, "24", h.last().Cursor)
	require.Equal(t, login.Session.Reveal(), h.last().Session.Reveal())
	j := b.sim.Journal(login.Email)
	require.Equal(t, 1, j.SignIns)
	require.Zero(t, j.Overlaps)
}

func requireTicket(t *testing.T, base string, want wantedlysim.TicketInfo, got intake.SourceApplication) {
	t.Helper()
	require.Equal(t, strconv.Itoa(want.Number), got.ExternalID)
	require.Equal(t, want.Kind, string(got.Kind))
	require.Equal(t, want.Position, got.PositionName)
	require.Equal(t, strconv.Itoa(want.PositionID), got.PositionID)
	require.True(t, want.At.Equal(got.AppliedAt))
	require.Equal(t, base+"/enterprise/tickets/"+got.ExternalID, got.URL)
	require.Equal(t, strconv.Itoa(want.PersonID), got.Person.ExternalID)
	require.Equal(t, want.Name, got.Person.Name)
	require.NotEmpty(t, got.Person.Skills)
}

func TestReadGoesOnBehindItsCursor(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	login := intake.Login{Credentials: credentials("ok@acme.example")}
	since := everything()
	h := read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	login.Session, since.Cursor = h.last().Session, h.last().Cursor

	h = read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	require.Len(t, h.pages, 1, "one page even when nothing is new")
	require.Empty(t, h.applications())
	require.Len(t, h.last().Behind, 20)
	require.Equal(t, "24", h.last().Cursor)

	// Somebody at the company handles one of the new ones at once: it is read all the same.
	n := b.sim.AddTicket("acme.example", wantedlysim.TicketSpec{Position: "新しい募集", Name: "山田 花子", Kind: "SCOUT_REPLIED"})
	b.sim.AddTicket("acme.example", wantedlysim.TicketSpec{})
	require.True(t, b.sim.HandleTicket("acme.example", n))
	h = read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	require.Equal(t, []string{"25", "26"}, h.ids())
	require.Equal(t, "山田 花子", h.applications()[0].Person.Name)
	require.Equal(t, intake.EntryScoutReplied, h.applications()[0].Kind)
	require.Equal(t, "26", h.last().Cursor)
	require.Equal(t, 1, b.sim.Journal(login.Email).SignIns)
}

func TestFirstImportFromNowCostsLittle(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{})
	login := intake.Login{Credentials: credentials("big@acme.example")}
	h := read(t.Context(), b.client, login, intake.Position{ImportFrom: time.Now()})
	require.NoError(t, h.err)
	require.Empty(t, h.applications())
	require.Equal(t, "10000", h.last().Cursor)
	j := b.sim.Journal(login.Email)
	require.Equal(t, 1, j.Lists)
	require.LessOrEqual(t, j.Tickets, 2)
}

func TestFirstImportBeginsWhereItIsTold(t *testing.T) {
	t.Parallel()
	for _, days := range []int{1, 3, 10, 24, 26} {
		t.Run(fmt.Sprint(days, " days"), func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{Tickets: 100})
			from := time.Now().AddDate(0, 0, -days)
			want := []string{}
			for _, ticket := range b.sim.Tickets("acme.example", 1, 0) {
				if !ticket.At.Before(from) {
					want = append(want, strconv.Itoa(ticket.Number))
				}
			}
			login := intake.Login{Credentials: credentials("ok@acme.example")}
			h := read(t.Context(), b.client, login, intake.Position{ImportFrom: from})
			require.NoError(t, h.err)
			require.Equal(t, want, h.ids())
			require.Empty(t, h.hidden())
			require.Equal(t, "100", h.last().Cursor)
			require.LessOrEqual(t, b.sim.Journal(login.Email).Tickets, len(want)+7, "what was opened is not opened again")
		})
	}
}

func TestReadYieldsPagesOfFifty(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{BigTickets: 120})
	h := read(t.Context(), b.client, intake.Login{Credentials: credentials("big@acme.example")}, everything())
	require.NoError(t, h.err)
	require.Len(t, h.pages, 3)
	for i, cursor := range []string{"50", "100", "120"} {
		require.Equal(t, cursor, h.pages[i].Cursor)
	}
}

func TestFlakyIsReadAllTheSame(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: 4})
	h := read(t.Context(), b.client, intake.Login{Credentials: credentials("flaky@acme.example")}, everything())
	require.NoError(t, h.err)
	require.Equal(t, []string{"1", "2", "3", "4"}, h.ids())
}

func TestExpiredSessionIsRenewedOnce(t *testing.T) {
	t.Parallel()
	for _, how := range []string{wantedlysim.RefuseStatus, wantedlysim.RefuseForm, wantedlysim.RefuseRedirect} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{Tickets: 50})
			b.sim.SetSite(func(s *wantedlysim.Site) { s.SignedOut = how })
			login := intake.Login{Credentials: credentials("expire@acme.example")}
			h := read(t.Context(), b.client, login, everything())
			require.NoError(t, h.err)
			require.Len(t, h.applications(), 50)
			require.Equal(t, 2, b.sim.Journal(login.Email).SignIns)
			require.NotEmpty(t, h.last().Session.Reveal())
		})
	}
}

func TestRefusedPasswordIsTriedOnce(t *testing.T) {
	t.Parallel()
	for _, how := range []string{wantedlysim.RefuseStatus, wantedlysim.RefuseForm, wantedlysim.RefuseRedirect} {
		t.Run(how, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{})
			b.sim.SetSite(func(s *wantedlysim.Site) { s.Refusal = how })
			creds := intake.Credentials{Email: "ok@acme.example", Password: intake.NewSecret("wr0ng-canary")}
			_, err := b.client.Verify(t.Context(), creds)
			requireReason(t, intake.FailureInvalidCredentials, err)
			require.NotContains(t, err.Error(), "wr0ng-canary")
			require.Equal(t, 1, b.sim.Journal(creds.Email).Refused)
		})
	}
}

func TestChangedAndDriftShowAfterTheFirstImport(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]intake.FailureReason{
		"changed": intake.FailureInvalidCredentials,
		"drift":   intake.FailureUnexpectedResponse,
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			b := setupSim(t, wantedlysim.Options{})
			login := intake.Login{Credentials: credentials(word + "@acme.example")}
			var err error
			login.Session, err = b.client.Verify(t.Context(), login.Credentials)
			require.NoError(t, err)
			since := everything()
			h := read(t.Context(), b.client, login, since)
			require.NoError(t, h.err)
			require.Len(t, h.applications(), 24)

			since.Cursor = h.last().Cursor
			h = read(t.Context(), b.client, login, since)
			requireReason(t, want, h.err)
			require.Empty(t, h.applications())
			require.LessOrEqual(t, b.sim.Journal(login.Email).Refused, 1)
		})
	}
}

func TestPartialAccountNamesWhatItMayNotSee(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: 12})
	login := intake.Login{Credentials: credentials("partial@acme.example")}
	since := everything()
	h := read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	require.Equal(t, []string{"1", "2", "4", "5", "7", "8", "10", "11"}, h.ids())
	require.Equal(t, []string{"3", "6", "9"}, h.hidden())

	// Another account of the company may; the person is read then, and the cursor stays.
	login.Credentials = credentials("ok@acme.example")
	since.Cursor, since.Again = "11", []string{"3", "9", "99", "no number"}
	h = read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	require.Equal(t, []string{"12", "3", "9"}, h.ids())
	require.Equal(t, []string{"99"}, h.hidden())
	require.Equal(t, "12", h.last().Cursor)
}

func TestWhatMustNotComeInDoesNot(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: 60})
	login := intake.Login{Credentials: credentials("ok@acme.example")}
	h := read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	b.sim.SetPersona(login.Email, "drift")
	b.sim.EndFirstImport(login.Email)
	drifted := read(t.Context(), b.client, login, everything())
	raw, err := json.Marshal([]any{h.pages, drifted.pages, fmt.Sprint(drifted.err)})
	require.NoError(t, err)
	for _, canary := range []string{"mail.invalid", "秘密のメッセージ", `"age"`, "acme.example"} {
		require.False(t, bytes.Contains(raw, []byte(canary)), canary)
	}
}

func TestSlowSiteTimesOut(t *testing.T) {
	t.Parallel()
	sim := wantedlysim.New(wantedlysim.Options{SlowDelay: time.Hour})
	c := newClient(t, wantedly.Config{BaseURL: serve(t, sim), RequestTimeout: 50 * time.Millisecond})
	_, err := c.Verify(t.Context(), credentials("slow@acme.example"))
	requireReason(t, intake.FailureTimedOut, err)
}

func TestListingThatIgnoresPageIsReadByNumber(t *testing.T) {
	t.Parallel()
	b := setupSim(t, wantedlysim.Options{Tickets: 60})
	b.sim.SetSite(func(s *wantedlysim.Site) { s.PageIgnored = true })
	login := intake.Login{Credentials: credentials("ok@acme.example")}
	h := read(t.Context(), b.client, login, everything())
	require.NoError(t, h.err)
	require.Len(t, h.applications(), 60)

	for range 30 {
		b.sim.AddTicket("acme.example", wantedlysim.TicketSpec{})
	}
	since := everything()
	since.Cursor = "60"
	h = read(t.Context(), b.client, login, since)
	require.NoError(t, h.err)
	require.Len(t, h.applications(), 30)
	require.Equal(t, "61", h.ids()[0])
}
