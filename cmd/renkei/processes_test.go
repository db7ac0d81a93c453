package main

import (
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"renkei/wantedly/wantedlysim"
)

func TestTwoProcessesImportOnceAndTellEachOther(t *testing.T) {
	t.Parallel()
	const many = 1000
	w := setup(t, wantedlysim.Options{Tickets: many})
	a, b := w.start(t), w.start(t)
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	inbox := overSSE(t, a.client, "inboxChanged", watchInbox, nil)
	runs := overWebSocket(t, a.client, "importRunChanged", watchRuns, nil)
	statuses := overWebSocket(t, a.client, "accountStatusChanged", watchStatus, nil)
	registered := b.register(t, email, password)
	until(t, statuses, func(e statusEvent) bool { return e.Account.ID == registered.ID && e.Account.Status == "LINKED" })
	// Others ask for the same run, again and again, on both.
	for _, c := range []client{a.client, b.client, a.client} {
		require.True(t, c.importNow(t, registered.ID).AlreadyQueued)
	}
	told := until(t, runs, runEnded)
	requireGrows(t, told)
	done := told[len(told)-1].Run
	require.Equal(t, "SUCCEEDED", done.Status)
	require.Equal(t, []int{many, 0, many}, []int{done.Seen, done.Known, done.Imported})
	until(t, inbox, func(e inboxEvent) bool { return e.WaitingCount == many })
	for _, c := range []client{a.client, b.client} {
		all := c.runs(t)
		require.Len(t, all, 1)
		requireAddsUp(t, all[0])
	}
	b.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	j := w.sim.Journal(email)
	require.Equal(t, 1, j.SignIns)
	require.Zero(t, j.Overlaps)
	require.Equal(t, many+1, j.Tickets, "each once, and one by the verification")
}

func TestOfTwoRegistrationsAtOnceOneSucceeds(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	processes := []*process{w.start(t), w.start(t)}
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	race := func(with string) (id string) {
		const many = 8
		answers := make([]accountPayload, many)
		var group errgroup.Group
		for i := range many {
			group.Go(func() (err error) {
				answers[i], err = try[accountPayload](t.Context(), processes[i%2].client, "registerAccount", registerAccount, registration(email, with))
				return err
			})
		}
		require.NoError(t, group.Wait())
		for _, a := range answers {
			if a.Account != nil {
				require.Empty(t, id, "only one succeeds")
				id = a.Account.ID
				continue
			}
			require.Equal(t, "ALREADY_EXISTS", a.Errors[0].Code)
			require.Equal(t, []string{"input", "email"}, a.Errors[0].Field)
		}
		require.NotEmpty(t, id)
		return id
	}
	statuses := overWebSocket(t, processes[0].client, "accountStatusChanged", watchStatus, nil)
	w.site.shut(everything)
	first := race(wrongPassword)
	w.site.open()
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "AUTH_FAILED" })
	require.Equal(t, 1, w.sim.Journal(email).Refused)

	w.site.shut(everything)
	require.Equal(t, first, race(password))
	w.site.open()
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "LINKED" })
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
}

func TestKilledProcessLosesNobodyAndDoublesNobody(t *testing.T) {
	t.Parallel()
	const many = 600
	w := setup(t, wantedlysim.Options{BigTickets: many})
	email := "big@" + domain
	w.sim.SetPassword(email, password)
	imported := func() int { return w.count(t, "SELECT coalesce(sum(imported), 0) FROM import_runs") }
	held := func() bool { return w.site.waiting() == 1 }
	w.site.shut(once(ticket(250)))
	first := w.spawn(t)
	first.register(t, email, password)
	eventually(t, "the import is held midway", held)
	first.kill()
	left := imported()
	require.Positive(t, left)
	require.Less(t, left, many)
	w.site.open()

	// Started again, it goes on; killed again, another that is alive goes on.
	w.site.shut(once(ticket(450)))
	second := w.spawn(t)
	eventually(t, "the import is held further on", func() bool { return held() && imported() > left })
	third := w.start(t)
	statuses := overSSE(t, third.client, "accountStatusChanged", watchStatus, nil)
	runs := overWebSocket(t, third.client, "importRunChanged", watchRuns, nil)
	second.kill()
	require.Less(t, imported(), many)
	w.site.open()

	told := until(t, runs, runEnded)
	requireGrows(t, told)
	done := told[len(told)-1].Run
	require.Equal(t, "SUCCEEDED", done.Status)
	require.Equal(t, many, done.Imported)
	require.Zero(t, done.Invalid+done.Hidden)
	until(t, statuses, func(e statusEvent) bool { return e.Account.Status == "LINKED" })
	all := third.runs(t)
	require.Len(t, all, 1, "one run, whoever works on it")
	requireAddsUp(t, all[0])
	w.requireStored(t, w.sim.Tickets(companyOf("big"), 1, 0))
	require.Equal(t, many, third.inboxSize(t))
	require.Equal(t, 1, w.sim.Journal(email).SignIns, "the session outlives the process")
	require.Equal(t, []int{many, 0}, []int{done.Seen, done.Known}, "what a run has imported it does not count as known when it goes on")
}

// requireStored is requireInbox for very many: it looks into the database.
func (w *world) requireStored(t *testing.T, want []wantedlysim.TicketInfo) {
	t.Helper()
	rows, err := w.pool.Query(t.Context(), `SELECT e.external_id::int AS number, e.position_name, e.position_id::int, e.kind, e.applied_at,
			c.external_person_id::bigint AS person_id, c.name
		FROM inbox_entries e JOIN candidates c ON c.company_id = e.company_id AND c.id = e.candidate_id ORDER BY 1`)
	require.NoError(t, err)
	type stored struct {
		Number       int
		PositionName string
		PositionID   int
		Kind         string
		AppliedAt    time.Time
		PersonID     int
		Name         string
	}
	got, err := pgx.CollectRows(rows, pgx.RowToStructByName[stored])
	require.NoError(t, err)
	require.Len(t, got, len(want))
	for i, w := range want {
		require.Equal(t, stored{w.Number, w.Position, w.PositionID, w.Kind, w.At.UTC().Truncate(time.Millisecond), w.PersonID, w.Name}, got[i])
	}
}

func TestAPIAndWorkersMayLiveApart(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	c, err := load(w.getenv)
	require.NoError(t, err)
	api := w.startParts(t, c, parts{api: true})
	workers := w.startParts(t, c, parts{workers: true})
	require.Equal(t, http.StatusNotFound, workers.status(t, "/graphql"))
	linked, runs := w.linkedAndImported(t, api.client, "ok@"+domain)
	requireStopped(t, workers.stop)

	// Nobody works: the run stays queued, and whoever asks gets that one.
	first := api.importNow(t, linked.ID)
	require.False(t, first.AlreadyQueued)
	second := api.importNow(t, linked.ID)
	require.True(t, second.AlreadyQueued)
	require.Equal(t, first.Run.ID, second.Run.ID)
	require.Equal(t, "QUEUED", second.Run.Status)
	w.startParts(t, c, parts{workers: true})
	told := until(t, runs, runEnded)
	require.Equal(t, first.Run.ID, told[len(told)-1].Run.ID)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
}

func TestStopLetsGoOfStreamsAndHandsTheImportOver(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 230})
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	stopping := w.spawn(t)
	w.site.shut(once(ticket(120)))
	events := overSSE(t, stopping.client, "importRunChanged", watchRuns, nil)
	socket := overWebSocket(t, stopping.client, "importRunChanged", watchRuns, nil)
	stopping.register(t, email, password)
	for _, s := range []*stream{events, socket} {
		until(t, s, func(e runEvent) bool { return e.Run.Imported > 0 })
	}
	eventually(t, "the import is held", func() bool { return w.site.waiting() == 1 })
	other := w.start(t)
	runs := overWebSocket(t, other.client, "importRunChanged", watchRuns, nil)

	looks := w.sim.Journal(email).Lists
	var owner uuid.UUID
	require.NoError(t, w.pool.QueryRow(t.Context(), "SELECT lease_owner FROM medium_accounts").Scan(&owner))
	requireStopped(t, stopping.stop)
	require.Zero(t, w.count(t, "SELECT count(*) FROM medium_accounts WHERE lease_owner = $1", owner), "handed over, not left to a lease")
	eventually(t, "the import goes on", func() bool { return w.sim.Journal(email).Lists > looks })
	for _, s := range []*stream{events, socket} {
		s.requireEnd(t)
		require.False(t, s.completed, "a client that is told so never comes back")
		require.Error(t, s.err)
	}
	require.Equal(t, websocket.StatusCode(1012), websocket.CloseStatus(socket.err))
	told := until(t, runs, runEnded)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
	require.Equal(t, 230, told[len(told)-1].Run.Imported)
	all := other.runs(t)
	require.Len(t, all, 1)
	requireAddsUp(t, all[0])
	other.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
	require.Equal(t, []int{230, 0}, []int{all[0].Seen, all[0].Known}, "what a run has imported it does not count as known when it goes on")
}

// once fits the first request that fits.
func once(fits func(*http.Request) bool) func(*http.Request) bool {
	var met sync.Once
	return func(r *http.Request) (first bool) {
		if fits(r) {
			met.Do(func() { first = true })
		}
		return first
	}
}

func TestSubscriberComesBackToAnotherProcessByCursor(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	a, b := w.start(t), w.start(t)
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	w.site.shut(everything)
	before := overSSE(t, a.client, "accountStatusChanged", watchStatus, nil)
	a.register(t, email, password)
	seen := until(t, before, func(statusEvent) bool { return true })
	requireStopped(t, a.stop)
	before.requireEnd(t)
	require.False(t, before.completed)
	w.site.open()
	eventually(t, "linked", func() bool {
		return w.count(t, "SELECT count(*) FROM medium_accounts WHERE status = 'LINKED'") == 1
	})
	after := overWebSocket(t, b.client, "accountStatusChanged", watchStatus, vars{"after": seen[0].Cursor})
	missed := until(t, after, func(e statusEvent) bool { return e.Account.Status == "LINKED" })
	require.Len(t, missed, 1, "each event once")
	require.Equal(t, "VERIFYING", *missed[0].PreviousStatus)
}
