package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/wantedly/wantedlysim"
)

// course registers a login and returns what a subscriber sees until the verification has ended.
func (w *world) course(t *testing.T, c client, subscribe open, email, with string) []statusEvent {
	t.Helper()
	// Nothing is answered before アカウント認証中 has been seen.
	w.site.shut(everything)
	s := subscribe(t, c, "accountStatusChanged", watchStatus, nil)
	registered := c.register(t, email, with)
	requireActions(t, registered, "STOP")
	course := until(t, s, func(statusEvent) bool { return true })
	w.site.open()
	course = append(course, until(t, s, func(e statusEvent) bool { return e.Account.Status != "VERIFYING" })...)
	require.Len(t, course, 2)
	require.Nil(t, course[0].PreviousStatus)
	require.Equal(t, "VERIFYING", course[0].Account.Status)
	require.Equal(t, "VERIFYING", *course[1].PreviousStatus)
	for _, e := range course {
		require.Equal(t, registered.ID, e.Account.ID)
		require.Equal(t, email, e.Account.Email)
	}
	return course
}

// requireRefused is an account whose verification ended badly: nothing is scheduled, nothing was imported.
func requireRefused(t *testing.T, c client, told account, status, reason string) {
	t.Helper()
	for _, a := range []account{told, c.account(t, told.ID)} {
		require.Equal(t, status, a.Status)
		require.Equal(t, reason, a.Failure.Reason)
		require.NotEmpty(t, a.Failure.Message)
		require.Nil(t, a.NextImportAt)
		require.Nil(t, a.LinkedAt)
		requireActions(t, a, "REGISTER", "STOP")
	}
	require.Empty(t, c.runs(t))
	require.Empty(t, c.inbox(t))
}

func TestAccountThatAPersonCanMendFailsAtOnceAndSaysWhy(t *testing.T) {
	t.Parallel()
	for name, persona := range map[string]struct {
		word, password, reason string
		subscribe              open
		signIns, refused       int
	}{
		"another password": {"ok", wrongPassword, "INVALID_CREDENTIALS", overWebSocket, 0, 1},
		"noperm":           {"noperm", password, "NO_CANDIDATE_PERMISSION", overSSE, 1, 0},
		"twofactor":        {"twofactor", password, "TWO_FACTOR_REQUIRED", overWebSocket, 1, 0},
		"locked":           {"locked", password, "ACCOUNT_LOCKED", overSSE, 1, 0},
		"captcha":          {"captcha", password, "TWO_FACTOR_REQUIRED", overWebSocket, 1, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := setup(t, wantedlysim.Options{})
			p := w.start(t)
			email := persona.word + "@" + domain
			w.sim.SetPassword(email, password)
			course := w.course(t, p.client, persona.subscribe, email, persona.password)
			requireRefused(t, p.client, course[1].Account, "AUTH_FAILED", persona.reason)
			j := w.sim.Journal(email)
			require.Equal(t, persona.signIns, j.SignIns)
			require.Equal(t, persona.refused, j.Refused, "a password that was refused is not tried again")
			require.Zero(t, j.Overlaps)
			require.Zero(t, w.count(t, "SELECT count(*) FROM medium_accounts WHERE credential IS NOT NULL OR session IS NOT NULL"))

			// Mended, it is entered again under its own id.
			w.sim.SetPersona(email, "ok")
			again := w.link(t, p.client, email)
			require.Equal(t, course[1].Account.ID, again.ID)
		})
	}
}

func TestSiteInTroubleEndsAVerificationInTime(t *testing.T) {
	t.Parallel()
	for word, persona := range map[string]struct {
		reason    string
		subscribe open
		timeout   time.Duration
		// answers are those to the account that were not 200, by status.
		answers map[int]int
		signIns int
	}{
		"down":      {"MEDIUM_UNAVAILABLE", overWebSocket, time.Second, nil, 0},
		"ratelimit": {"RATE_LIMITED", overSSE, time.Second, map[int]int{429: 1}, 0},
		"garbage":   {"UNEXPECTED_RESPONSE", overWebSocket, 8 * time.Hour, nil, 3},
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			w := setup(t, wantedlysim.Options{})
			p := w.start(t, func(c *config) {
				c.VerifyTimeout = persona.timeout
				c.retryAfter = func(int) time.Duration { return 0 }
			})
			email := word + "@" + domain
			w.sim.SetPassword(email, password)
			course := w.course(t, p.client, persona.subscribe, email, password)
			requireRefused(t, p.client, course[1].Account, "SYSTEM_ERROR", persona.reason)
			j := w.sim.Journal(email)
			require.Equal(t, persona.signIns, j.SignIns)
			require.Zero(t, j.Refused)
			if persona.answers != nil {
				require.Equal(t, persona.answers, j.Statuses)
				return // it asked to be left alone for longer than this test lasts
			}

			// Back again, it is entered under its own id.
			w.sim.SetPersona(email, "ok")
			require.Equal(t, course[1].Account.ID, w.link(t, p.client, email).ID)
		})
	}
}

func TestAccountThatWorksBringsEverybodyInOnce(t *testing.T) {
	t.Parallel()
	for word, persona := range map[string]struct {
		sim       wantedlysim.Options
		subscribe open
		signIns   int
	}{
		"ok":     {wantedlysim.Options{}, overWebSocket, 1},
		"slow":   {wantedlysim.Options{Tickets: 8, SlowDelay: 50 * time.Millisecond}, overSSE, 1},
		"flaky":  {wantedlysim.Options{Tickets: 4}, overWebSocket, 1},
		"expire": {wantedlysim.Options{Tickets: 50}, overSSE, 2},
		"big":    {wantedlysim.Options{BigTickets: 220}, overWebSocket, 1},
	} {
		t.Run(word, func(t *testing.T) {
			t.Parallel()
			w := setup(t, persona.sim)
			p := w.start(t)
			email := word + "@" + domain
			w.sim.SetPassword(email, password)
			opening := p.makeRule(t, "SRE")
			runs := persona.subscribe(t, p.client, "importRunChanged", watchRuns, nil)
			inbox := persona.subscribe(t, p.client, "inboxChanged", watchInbox, nil)
			course := w.course(t, p.client, persona.subscribe, email, password)
			linked := course[1].Account
			require.Equal(t, "LINKED", linked.Status)
			requireActions(t, linked, "STOP", "IMPORT_NOW")

			tickets := w.sim.Tickets(companyOf(word), 1, 0)
			told := until(t, runs, runEnded)
			done := told[len(told)-1].Run
			require.Equal(t, "SUCCEEDED", done.Status)
			require.Equal(t, "VERIFICATION", done.Trigger)
			require.Equal(t, linked.ID, done.Account.ID)
			require.Nil(t, done.Failure)
			require.Equal(t, len(tickets), done.Seen)
			require.Equal(t, len(tickets), done.Imported)
			requireGrows(t, told)
			inboxed := until(t, inbox, func(e inboxEvent) bool { return e.WaitingCount+e.RoutedCount == len(tickets) })
			require.Equal(t, done.Routed, inboxed[len(inboxed)-1].RoutedCount)
			require.NotZero(t, done.Waiting)

			all := p.runs(t)
			require.Len(t, all, 1)
			requireAddsUp(t, all[0])
			p.requireInbox(t, tickets)
			for _, e := range p.inbox(t) {
				require.Equal(t, e.PositionName == "SRE", e.State == "ROUTED")
				if e.State == "ROUTED" {
					require.Equal(t, opening, e.Application.Opening.ID)
				}
			}
			a := p.account(t, linked.ID)
			require.Equal(t, "HEALTHY", a.Health)
			require.Nil(t, a.Failure)
			require.NotNil(t, a.LastImportedAt)
			require.False(t, a.NextImportAt.Before(*a.LinkedAt), "anywhere in the slot")
			require.False(t, a.NextImportAt.After(a.LinkedAt.Add(8*time.Hour)))

			j := w.sim.Journal(email)
			require.Equal(t, persona.signIns, j.SignIns, "a session is used until it dies")
			require.Zero(t, j.Refused)
			require.Zero(t, j.Overlaps, "one request at a time")
		})
	}
}

// companyOf is the simulator's name for who is behind a login.
func companyOf(word string) string {
	if word == "big" {
		return "big@" + domain
	}
	return domain
}

// makeRule sends a position's applicants to an opening of its own.
func (c client) makeRule(t *testing.T, position string) (openingID string) {
	t.Helper()
	type payload struct {
		Opening struct{ ID string }
		Errors  userErrors
	}
	made := ask[payload](t, c, "createOpening",
		"mutation ($name: String!) { createOpening(input: {name: $name}) { opening { id } errors { code } } }", vars{"name": position + "（中途）"})
	require.Empty(t, made.Errors)
	rule := ask[payload](t, c, "createRoutingRule", `mutation ($position: String!, $opening: ID!) {
		createRoutingRule(input: {medium: WANTEDLY, positionName: $position, openingId: $opening}) { errors { code } } }`,
		vars{"position": position, "opening": made.Opening.ID})
	require.Empty(t, rule.Errors)
	return made.Opening.ID
}

// requireGrows makes sure that no counter of a run goes back, and that each adds up at each instant.
func requireGrows(t *testing.T, told []runEvent) {
	t.Helper()
	var before importRun
	for _, e := range told {
		r := e.Run
		require.Equal(t, r.Seen, r.Known+r.Imported+r.Invalid)
		require.Equal(t, r.Imported, r.Routed+r.Waiting)
		if r.ID == before.ID {
			require.GreaterOrEqual(t, r.Seen, before.Seen)
			require.GreaterOrEqual(t, r.Imported, before.Imported)
		}
		before = r
	}
}

func TestPartialAccountLinksAndTellsWhatItCannotSee(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	email := "partial@" + domain
	runs := overWebSocket(t, p.client, "importRunChanged", watchRuns, nil)
	linked := w.link(t, p.client, email)
	until(t, runs, runEnded)

	var visible []wantedlysim.TicketInfo
	hidden := 0
	for _, ticket := range w.sim.Tickets(domain, 1, 23) { // 24 lies above all that it sees
		if ticket.Number%3 == 0 {
			hidden++
		} else {
			visible = append(visible, ticket)
		}
	}
	p.requireInbox(t, visible)
	run := p.runs(t)[0]
	require.Equal(t, "SUCCEEDED", run.Status)
	require.Equal(t, hidden, run.Hidden)
	require.Equal(t, len(visible), run.Seen)
	requireAddsUp(t, run)
	require.Equal(t, hidden, p.account(t, linked.ID).HiddenApplications)
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
}

func TestChangedMediumIsQuarantinedUntilItIsUnderstoodAgain(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t, func(c *config) { c.retryAfter = func(int) time.Duration { return time.Hour } })
	email := "drift@" + domain
	runs := overSSE(t, p.client, "importRunChanged", watchRuns, nil)
	statuses := overWebSocket(t, p.client, "accountStatusChanged", watchStatus, nil)
	linked := w.link(t, p.client, email)
	until(t, runs, runEnded)
	w.slotIsFar(t)
	w.sim.AddTicket(domain, wantedlysim.TicketSpec{Name: "後藤 のぞみ"})

	started := p.importNow(t, linked.ID)
	require.False(t, started.AlreadyQueued)
	told := until(t, runs, runEnded)
	quarantined := told[len(told)-1].Run
	require.Equal(t, started.Run.ID, quarantined.ID)
	require.Equal(t, "QUARANTINED", quarantined.Status)
	require.Equal(t, "UNEXPECTED_RESPONSE", quarantined.Failure.Reason)
	require.Zero(t, quarantined.Imported+quarantined.Invalid)
	p.requireInbox(t, w.sim.Tickets(domain, 1, 24))
	a := p.account(t, linked.ID)
	require.Equal(t, "LINKED", a.Status, "the link itself is not to blame")
	require.Equal(t, "DELAYED", a.Health)
	require.Equal(t, "UNEXPECTED_RESPONSE", a.Failure.Reason)
	require.WithinDuration(t, time.Now().Add(time.Hour), *a.NextImportAt, 10*time.Minute, "the retry")

	w.sim.SetPersona(email, "ok")
	require.True(t, p.importNow(t, linked.ID).AlreadyQueued)
	told = until(t, runs, runEnded)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
	p.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	a = p.account(t, linked.ID)
	require.Equal(t, "HEALTHY", a.Health)
	require.Nil(t, a.Failure)
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
	requireStopped(t, p.stop)
	require.LessOrEqual(t, len(statuses.events), 2, "no status changed but at the registration")
}

func TestPasswordThatStopsWorkingEndsTheLinkAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	email := "changed@" + domain
	runs := overWebSocket(t, p.client, "importRunChanged", watchRuns, nil)
	linked := w.link(t, p.client, email)
	until(t, runs, runEnded)
	statuses := overSSE(t, p.client, "accountStatusChanged", watchStatus, nil)
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "LINKED" })

	started := p.importNow(t, linked.ID)
	told := until(t, statuses, func(e statusEvent) bool { return e.Account.Status != "LINKED" })
	failed := told[len(told)-1]
	require.Equal(t, "LINKED", *failed.PreviousStatus)
	require.Equal(t, "AUTH_FAILED", failed.Account.Status)
	require.Equal(t, "INVALID_CREDENTIALS", failed.Account.Failure.Reason)
	require.Nil(t, failed.Account.NextImportAt)
	requireActions(t, failed.Account, "REGISTER", "STOP")
	all := p.runs(t)
	require.Len(t, all, 2, "no retry")
	require.Equal(t, started.Run.ID, all[1].ID)
	require.Equal(t, "FAILED", all[1].Status)
	require.Equal(t, "INVALID_CREDENTIALS", all[1].Failure.Reason)
	j := w.sim.Journal(email)
	require.Equal(t, 1, j.SignIns)
	require.Equal(t, 1, j.Refused)
	refusal := ask[importPayload](t, p.client, "importNow", importNow, vars{"id": linked.ID})
	require.Nil(t, refusal.Run)
	require.Equal(t, "INVALID_STATE", refusal.Errors[0].Code)

	// With the new password it goes on where it was.
	w.sim.AddTicket(domain, wantedlysim.TicketSpec{})
	again := w.link(t, p.client, email)
	require.Equal(t, linked.ID, again.ID)
	until(t, runs, func(e runEvent) bool { return ended(e.Run) && e.Run.ID > all[1].ID })
	p.requireInbox(t, w.sim.Tickets(domain, 1, 0))
}
