package main

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"renkei/wantedly/wantedlysim"
)

// slotIsFar puts the slots of all accounts, which lie anywhere, behind any retry.
func (w *world) slotIsFar(t *testing.T) {
	t.Helper()
	_, err := w.pool.Exec(t.Context(), "UPDATE medium_accounts SET next_import_at = now() + interval '7 hours'")
	require.NoError(t, err)
}

// linkedAndImported links a login and waits until its first import is over.
func (w *world) linkedAndImported(t *testing.T, c client, email string) (account, *stream) {
	t.Helper()
	runs := overWebSocket(t, c, "importRunChanged", watchRuns, nil)
	linked := w.link(t, c, email)
	told := until(t, runs, runEnded)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
	return linked, runs
}

func TestImportNowAnswersWithTheRunThatThereIs(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	p := w.start(t)
	linked, runs := w.linkedAndImported(t, p.client, "ok@"+domain)
	w.site.shut(everything)

	// Eight at once, then one while it is under way: one run.
	const many = 8
	answers := make([]importPayload, many)
	var group errgroup.Group
	for i := range many {
		group.Go(func() (err error) {
			answers[i], err = try[importPayload](t.Context(), p.client, "importNow", importNow, vars{"id": linked.ID})
			return err
		})
	}
	require.NoError(t, group.Wait())
	until(t, runs, func(e runEvent) bool { return e.Run.Status == "RUNNING" })
	first := 0
	for _, a := range append(slices.Clone(answers), p.importNow(t, linked.ID)) {
		require.Empty(t, a.Errors)
		require.Equal(t, answers[0].Run.ID, a.Run.ID)
		require.Equal(t, "MANUAL", a.Run.Trigger)
		if !a.AlreadyQueued {
			first++
		}
	}
	require.Equal(t, 1, first)

	w.site.open()
	told := until(t, runs, runEnded)
	done := told[len(told)-1].Run
	require.Equal(t, answers[0].Run.ID, done.ID)
	require.Equal(t, "SUCCEEDED", done.Status)
	require.Equal(t, 4, done.Known)
	require.Zero(t, done.Imported)
	require.Len(t, p.runs(t), 2)
	require.Equal(t, 1, w.sim.Journal("ok@"+domain).SignIns)
}

func TestImportNowBringsAWaitingRetryForward(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t, func(c *config) { c.retryAfter = func(int) time.Duration { return time.Hour } })
	email := "ok@" + domain
	linked, runs := w.linkedAndImported(t, p.client, email)
	w.slotIsFar(t)
	w.sim.AddTicket(domain, wantedlysim.TicketSpec{})
	w.sim.SetPersona(email, "down")

	started := p.importNow(t, linked.ID)
	told := until(t, runs, func(e runEvent) bool { return e.Run.Status == "QUEUED" && e.Run.ID != started.Run.ID })
	var failed importRun
	for _, e := range told {
		if ended(e.Run) {
			failed = e.Run
		}
	}
	retry := told[len(told)-1].Run
	require.Equal(t, started.Run.ID, failed.ID)
	require.Equal(t, "FAILED", failed.Status)
	require.Equal(t, "MEDIUM_UNAVAILABLE", failed.Failure.Reason)
	require.Equal(t, "MANUAL", retry.Trigger, "what made the first try happen")
	require.WithinDuration(t, time.Now().Add(time.Hour), retry.DueAt, 10*time.Minute)
	a := p.account(t, linked.ID)
	require.Equal(t, "LINKED", a.Status)
	require.Equal(t, "DELAYED", a.Health)
	require.Equal(t, "MEDIUM_UNAVAILABLE", a.Failure.Reason)
	require.WithinDuration(t, retry.DueAt, *a.NextImportAt, time.Second)
	requireActions(t, a, "STOP", "IMPORT_NOW")

	w.sim.SetPersona(email, "ok")
	forward := p.importNow(t, linked.ID)
	require.True(t, forward.AlreadyQueued)
	require.Equal(t, retry.ID, forward.Run.ID)
	require.WithinDuration(t, time.Now(), forward.Run.DueAt, 10*time.Second)
	told = until(t, runs, runEnded)
	require.Equal(t, retry.ID, told[len(told)-1].Run.ID)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
	p.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	require.Nil(t, p.account(t, linked.ID).Failure)
	require.Len(t, p.runs(t), 3)
}

func TestImportThatKeepsFailingWaitsForItsNextSlot(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	p := w.start(t, func(c *config) { c.retryAfter = func(int) time.Duration { return time.Hour } })
	email := "ok@" + domain
	linked, runs := w.linkedAndImported(t, p.client, email)
	slot := *p.account(t, linked.ID).NextImportAt
	w.sim.SetPersona(email, "down")
	const tries = 5
	for try := range tries {
		require.Equal(t, try > 0, p.importNow(t, linked.ID).AlreadyQueued, "each retry is brought forward")
		told := until(t, runs, runEnded)
		require.Equal(t, "FAILED", told[len(told)-1].Run.Status)
	}
	require.Len(t, p.runs(t), 1+tries)
	a := p.account(t, linked.ID)
	require.Equal(t, "LINKED", a.Status)
	require.Equal(t, "DELAYED", a.Health)
	require.Equal(t, "MEDIUM_UNAVAILABLE", a.Failure.Reason)
	require.Equal(t, slot, *a.NextImportAt)
	require.Equal(t, 1, w.sim.Journal(email).SignIns, "the password stays at home")
}

func TestImportsComeInOnTheirOwnAndLoseNobody(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t, func(c *config) { c.ImportInterval = time.Second })
	email := "ok@" + domain
	linked, runs := w.linkedAndImported(t, p.client, email)
	inbox := overSSE(t, p.client, "inboxChanged", watchInbox, nil)
	until(t, inbox, func(e inboxEvent) bool { return e.WaitingCount == 24 })

	// One import waits before its first look while somebody applies and is handled at once.
	w.site.shut(everything)
	eventually(t, "an import begins", func() bool { return w.site.waiting() > 0 })
	w.sim.AddTicket(domain, wantedlysim.TicketSpec{Name: "後藤 のぞみ"})
	require.True(t, w.sim.HandleTicket(domain, w.sim.AddTicket(domain, wantedlysim.TicketSpec{Name: "近藤 まこと"})))
	w.sim.AddTicket(domain, wantedlysim.TicketSpec{Kind: "SCOUT_REPLIED"})
	w.site.open()
	until(t, inbox, func(e inboxEvent) bool { return e.WaitingCount == 27 })
	p.requireInbox(t, w.sim.Tickets(domain, 1, 0))

	told := until(t, runs, func(e runEvent) bool { return ended(e.Run) && e.Run.Imported == 3 })
	requireGrows(t, told)
	done := told[len(told)-1].Run
	require.Equal(t, "SCHEDULE", done.Trigger)
	require.Equal(t, "SUCCEEDED", done.Status)
	slot := *p.account(t, linked.ID).NextImportAt
	until(t, runs, func(e runEvent) bool { return ended(e.Run) && e.Run.ID > done.ID })
	require.True(t, p.account(t, linked.ID).NextImportAt.After(slot), "the schedule goes on")
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
	require.Zero(t, w.sim.Journal(email).Overlaps)
}

func TestStopInTheMiddleLeavesWhatCameInAndNothingMore(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{BigTickets: 230})
	p := w.start(t)
	email := "big@" + domain
	tickets := w.sim.Tickets(companyOf("big"), 1, 0)
	w.sim.SetPassword(email, password)
	w.site.shut(ticket(120))
	runs := overSSE(t, p.client, "importRunChanged", watchRuns, nil)
	registered := p.register(t, email, password)
	until(t, runs, func(e runEvent) bool { return e.Run.Imported > 0 })
	eventually(t, "the import is held", func() bool { return w.site.waiting() == 1 })

	statuses := overWebSocket(t, p.client, "accountStatusChanged", watchStatus, nil)
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "LINKED" })
	stopped := p.stopLink(t, registered.ID)
	require.Equal(t, "UNLINKED", stopped.Status)
	require.NotNil(t, stopped.StoppedAt)
	require.Nil(t, stopped.NextImportAt)
	requireActions(t, stopped, "REGISTER")
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "UNLINKED" })
	told := until(t, runs, runEnded)
	require.Equal(t, "CANCELLED", told[len(told)-1].Run.Status)
	require.Nil(t, told[len(told)-1].Run.Failure)
	eventually(t, "the worker gives up", func() bool { return w.site.waiting() == 0 })
	w.site.open()
	require.Len(t, p.runs(t), 1)
	imported := told[len(told)-1].Run.Imported
	require.Positive(t, imported)
	require.Equal(t, imported, p.inboxSize(t))
	require.Zero(t, w.count(t, "SELECT count(*) FROM medium_accounts WHERE credential IS NOT NULL OR session IS NOT NULL"))
	require.Equal(t, "INVALID_STATE", ask[accountPayload](t, p.client, "stopAccount", stopAccount, vars{"id": registered.ID}).Errors[0].Code)

	// The same login goes on under the same id, with nobody twice.
	again := w.link(t, p.client, email)
	require.Equal(t, registered.ID, again.ID)
	told = until(t, runs, runEnded)
	second := told[len(told)-1].Run
	require.Equal(t, "SUCCEEDED", second.Status)
	require.Equal(t, []int{230, 100, 130}, []int{second.Seen, second.Known, second.Imported})
	p.requireInbox(t, tickets)

	// Another login of the same company of the medium sees the same people.
	other := w.link(t, p.client, "big-2@"+domain)
	require.NotEqual(t, registered.ID, other.ID)
	told = until(t, runs, runEnded)
	third := told[len(told)-1].Run
	require.Equal(t, other.ID, third.Account.ID)
	require.Equal(t, []int{230, 230, 0}, []int{third.Seen, third.Known, third.Imported})
	p.requireInbox(t, tickets)
}

func TestLinkStoppedWhileItIsVerifiedStaysStopped(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	w.site.shut(everything)
	statuses := overWebSocket(t, p.client, "accountStatusChanged", watchStatus, nil)
	registered := p.register(t, "ok@"+domain, password)
	eventually(t, "the verification is held", func() bool { return w.site.waiting() == 1 })
	p.stopLink(t, registered.ID)
	eventually(t, "the worker gives up", func() bool { return w.site.waiting() == 0 })
	w.site.open()
	told := until(t, statuses, func(e statusEvent) bool { return e.Account.Status != "VERIFYING" })
	require.Equal(t, "UNLINKED", told[len(told)-1].Account.Status)
	require.Zero(t, w.sim.Journal("ok@"+domain).Refused)
	require.Empty(t, p.runs(t))
}
