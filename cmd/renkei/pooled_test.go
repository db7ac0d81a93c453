package main

import (
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

// behindPgBouncer has the program reach its database through PgBouncer, with a login that owns nothing.
func (w *world) behindPgBouncer(t *testing.T) {
	t.Helper()
	login := dbtest.Login(t, w.env["RENKEI_DATABASE_URL"])
	w.env["RENKEI_DATABASE_URL"], w.env["RENKEI_DIRECT_DATABASE_URL"] = dbtest.Pooler(t, login), login
}

func TestAPIsAndWorkersShareAPooler(t *testing.T) {
	t.Parallel()
	const many = 500
	w := setup(t, wantedlysim.Options{Tickets: many})
	w.behindPgBouncer(t)
	require.Contains(t, call(w.getenv, "migrate", "status").out, "applied", "past the pooler")
	a, b := w.spawn(t, "--api-only"), w.spawn(t, "--api-only")
	first, second := w.spawn(t, "--workers-only"), w.spawn(t, "--workers-only")
	require.Contains(t, w.log.String(), `"pooler":true`)
	require.NotContains(t, w.log.String(), "could leave them")

	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	inbox := overSSE(t, a.client, "inboxChanged", watchInbox, nil)
	runs := overWebSocket(t, b.client, "importRunChanged", watchRuns, nil)
	linked := a.register(t, email, password)
	until(t, inbox, func(e inboxEvent) bool { return e.WaitingCount == many })
	told := until(t, runs, runEnded)
	requireGrows(t, told)
	require.Equal(t, "SUCCEEDED", told[len(told)-1].Run.Status)
	b.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	require.Equal(t, 1, w.sim.Journal(email).SignIns)

	// One worker of two is enough, and either will do.
	requireStopped(t, first.stop)
	b.importNow(t, linked.ID)
	until(t, runs, runEnded)
	w.spawn(t, "--workers-only")
	requireStopped(t, second.stop)
	a.importNow(t, linked.ID)
	until(t, runs, runEnded)
	require.Len(t, b.runs(t), 3)
	require.NotContains(t, w.log.String(), "prepared statement")
}

func TestAPoolerIsNotTakenForTheServer(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.behindPgBouncer(t)
	direct := w.env["RENKEI_DIRECT_DATABASE_URL"]
	for name, wrong := range map[string]string{"RENKEI_DATABASE_URL": "", "RENKEI_DIRECT_DATABASE_URL": w.env["RENKEI_DATABASE_URL"]} {
		w.env["RENKEI_DIRECT_DATABASE_URL"] = wrong
		said := call(w.getenv, "serve")
		require.Equal(t, exitFailed, said.code)
		require.Contains(t, said.err, name+": reach database: a pooler stands before this database")
	}
	w.env["RENKEI_DIRECT_DATABASE_URL"] = direct
}
