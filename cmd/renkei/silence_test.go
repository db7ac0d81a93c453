package main

import (
	"context"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

const (
	// toldWithin is how long anybody waits at most for a database that has fallen silent: five seconds, and so many
	// more on a machine with other things to do as are still less than the network's own patience.
	toldWithin = 20 * time.Second
	// foundOut is less than it takes to find it out.
	foundOut = 3 * time.Second
)

func TestWhoAsksADatabaseThatFellSilentIsToldToComeAgain(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.jobsMayFail = true
	relay := dbtest.NewRelay(t, w.env["RENKEI_DATABASE_URL"])
	w.env["RENKEI_DATABASE_URL"] = relay.URL
	p := w.start(t)
	events := followAll(t, p.openingsOf(t))
	// The watchdog has a connection of its own by then.
	eventually(t, "watched", func() bool {
		return w.count(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'renkei-watchdog'") == 1
	})

	relay.Swallow()
	var asking sync.WaitGroup
	for _, query := range []string{createOpening, "{ openings(first: 1) { totalCount } }"} {
		asking.Go(func() {
			began := time.Now()
			status, body, err := p.with(http.DefaultClient, query, vars{"input": vars{"name": "途中", "capacity": 1}})
			if took := time.Since(began); err != nil || status != http.StatusServiceUnavailable || !strings.Contains(body, `"UNAVAILABLE"`) || took > toldWithin {
				t.Errorf("after %s: %d %s %v", took, status, body, err)
			}
		})
	}
	asking.Wait()
	began := time.Now()
	status, body, err := p.with(http.DefaultClient, "{ openings(first: 1) { totalCount } }", nil)
	require.NoError(t, err)
	require.Equal(t, http.StatusServiceUnavailable, status)
	require.Contains(t, body, `"UNAVAILABLE"`)
	require.Less(t, time.Since(began), foundOut, "by then it is known")
	require.Equal(t, http.StatusOK, p.status(t, "/healthz"))
	require.Equal(t, http.StatusServiceUnavailable, p.status(t, "/readyz"))

	relay.Heal()
	p.requireReady(t)
	status, body, err = p.with(http.DefaultClient, createOpening, vars{"input": vars{"name": "その後", "capacity": 1}})
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, status, body)
	requireWhole(t, p.client, events, w.count(t, openingEvents)-1)
}

// openingsOf makes the one opening that followers begin behind.
func (p *process) openingsOf(t *testing.T) client {
	t.Helper()
	_, _, err := p.with(http.DefaultClient, createOpening, vars{"input": vars{"name": "最初", "capacity": 1}})
	require.NoError(t, err)
	return p.client
}

func TestAProcessWhoseConnectionsAreAllTakenIsNotReadyButAlive(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	const list = "{ openings(first: 1) { totalCount } }"
	// crowd has more wait for a lock than there are connections, and returns what lets them go.
	crowd := func() (letGo func()) {
		tx, err := w.pool.Begin(t.Context())
		require.NoError(t, err)
		// Also where the test has failed: the pool waits for what was taken out of it.
		t.Cleanup(func() { _ = tx.Rollback(context.WithoutCancel(t.Context())) })
		_, err = tx.Exec(t.Context(), "LOCK TABLE openings IN ACCESS EXCLUSIVE MODE")
		require.NoError(t, err)
		var asking sync.WaitGroup
		for range 40 {
			asking.Go(func() {
				if status, body, err := p.with(http.DefaultClient, list, nil); err != nil || status != http.StatusOK {
					t.Errorf("%d %s %v", status, body, err)
				}
			})
		}
		eventually(t, "all connections are taken", func() bool {
			return w.count(t, "SELECT count(*) FROM pg_locks WHERE relation = 'openings'::regclass AND NOT granted") >= 4/2+spareConnections
		})
		return func() {
			require.NoError(t, tx.Rollback(t.Context()))
			asking.Wait()
		}
	}

	for moment := crowdedAfter; moment >= crowdedAfter; {
		began := time.Now()
		letGo := crowd()
		status := p.status(t, "/readyz")
		moment = time.Since(began)
		letGo()
		if moment < crowdedAfter {
			require.Equal(t, http.StatusOK, status, "a busy moment is none")
		}
		p.requireReady(t)
	}

	letGo := crowd()
	eventually(t, "not ready", func() bool { return p.status(t, "/readyz") == http.StatusServiceUnavailable })
	_, body := p.request(t, http.MethodGet, "/readyz", "")
	require.True(t, strings.HasPrefix(body, "all connections are taken\n"), body)
	require.Contains(t, body, "database: ok")
	require.Equal(t, http.StatusOK, p.status(t, "/healthz"))
	letGo()
	p.requireReady(t)
}
