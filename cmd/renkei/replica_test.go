package main

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

func TestAPromotedReplicaLosesNothingThatWasAcknowledged(t *testing.T) {
	t.Parallel()
	const many = 1500
	pair := dbtest.NewPair(t)
	w := setupOn(t, wantedlysim.Options{Tickets: many}, pair.URL)
	w.jobsMayFail = true
	w.env["RENKEI_LOG_LEVEL"] = "info"
	a, b := w.spawn(t), w.spawn(t)
	_, _, err := a.with(http.DefaultClient, createOpening, vars{"input": vars{"name": "最初", "capacity": 1}})
	require.NoError(t, err)
	followers := followAll(t, b.client)
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	a.register(t, email, password)
	imported := func() int { return w.count(t, "SELECT coalesce(sum(imported), 0) FROM import_runs") }
	eventually(t, "the import is under way", func() bool { return imported() >= 100 })
	tryAgain := func(status int, body string, err error) bool {
		return err == nil && strings.Contains(body, `"UNAVAILABLE"`) && (status == http.StatusServiceUnavailable || status == http.StatusOK)
	}
	l := underLoad(t, a.client, 2, tryAgain)
	eventually(t, "the load is on", func() bool { return l.made.Load() > 5 })
	require.Less(t, imported(), many)

	pair.KillPrimary(t)
	eventually(t, "requests are told to come again", func() bool { return l.refused.Load() > 0 })
	before := l.made.Load()
	asked := time.Now()
	pair.Promote(t)
	w.pool.Reset() // the test itself looks at the other one from here on
	eventually(t, "changes are made again", func() bool { return l.made.Load() > before })
	t.Logf("changes again %s after the promotion was asked for", time.Since(asked))
	last := w.imported(t, b.client)
	require.Equal(t, []int{many, many, 0}, []int{last.Seen, last.Imported, last.Known})
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
	l.stop()
	l.requireNoneFailed(t)

	require.Zero(t, w.count(t, "SELECT count(*) FROM (SELECT FROM openings GROUP BY name HAVING count(*) > 1) twice"))
	require.Equal(t, len(l.acknowledged), w.count(t, "SELECT count(*) FROM openings WHERE name = ANY ($1)", l.acknowledged), "nothing acknowledged is lost")
	events := w.count(t, openingEvents) - 1
	// A subscriber whose event could not be filled in is told so, and comes back by its cursor.
	requireWhole(t, b.client, followers, events)
}
