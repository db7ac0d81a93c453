package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"renkei/db"
)

// need is one thing that a process needs, and how it stands. Why says nothing of where things are: anybody may read it.
type need struct {
	Name string `json:"name"`
	// State is ok, warning, failed or unknown.
	State string `json:"state"`
	Why   string `json:"why,omitempty"`
	// summary is the first line where this is what fails.
	summary string
}

// readiness looks at everything that a process needs to do its work, what matters most first. A warning leaves it ready.
func (a *app) readiness(ctx context.Context) []need {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	stopping := need{Name: "stopping", State: "ok"}
	if a.stopping.Load() {
		stopping = need{stopping.Name, "failed", "the process has been told to stop", "stopping"}
	}
	database, schema := need{Name: "database", State: "ok"}, need{Name: "schema", State: "ok"}
	if err := a.health.Ping(ctx); err != nil {
		database = need{database.Name, "failed", "it does not answer within two seconds, or not to this login; the log says more", "database does not answer"}
		schema = need{Name: schema.Name, State: "unknown", Why: "the database does not answer"}
	} else if err := db.CheckVersion(ctx, a.health); err != nil {
		schema = need{schema.Name, "failed", "it is older than this program, or cannot be read: run `renkei migrate up`", "schema is behind"}
	}
	pool := need{Name: "pool", State: "ok"}
	if a.crowded.Load() {
		pool = need{pool.Name, "failed", "whoever asks waits longer than two seconds for one of the process' connections", "all connections are taken"}
	}
	workers := need{Name: "workers", State: "ok"}
	switch {
	case a.runner == nil:
		workers.Why = "none in this process"
	case !a.runner.Running():
		workers = need{workers.Name, "failed", "they have not started, or have stopped", "workers do not run"}
	}
	listener := need{Name: "listener", State: "ok"}
	if !a.listening.Load() {
		listener = need{Name: listener.Name, State: "warning", Why: "the connection that hears of changes is away: subscribers are told by looking each second"}
	}
	return []need{stopping, database, schema, pool, workers, listener}
}

const (
	// crowdedAfter is how long somebody waits for a connection in a process that is not ready, and roomyWithin how soon one is
	// to be had in one that is ready again. What lies between changes nothing.
	crowdedAfter = 2 * time.Second
	roomyWithin  = time.Second
	queueUpEvery = time.Second
)

// queueUp waits for a connection each second, behind everybody who asked before: they are handed out in the order of asking.
// A moment in which all are taken passes; where nobody gets one for as long as that, more requests only make it worse.
func (a *app) queueUp(ctx context.Context) {
	for ctx.Err() == nil {
		began := time.Now()
		asking, cancel := context.WithTimeout(ctx, crowdedAfter)
		conn, err := a.pool.Acquire(asking)
		cancel()
		waited := time.Since(began)
		switch s := a.pool.Stat(); {
		case err == nil:
			conn.Release()
			if waited <= roomyWithin {
				a.crowded.Store(false)
			}
		case errors.Is(err, context.DeadlineExceeded) && s.AcquiredConns() == s.MaxConns():
			a.crowded.Store(true)
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(queueUpEvery):
		}
	}
}

// fitEvery is how often a process looks at itself for those who must not wait.
const fitEvery = time.Second

// lookAfterItself keeps what /readyz says, for figures: a database that is away would hold up each scrape.
func (a *app) lookAfterItself(ctx context.Context) {
	for ctx.Err() == nil {
		_, ready := readyLine(a.readiness(ctx))
		a.fit.Store(ready)
		select {
		case <-ctx.Done():
		case <-time.After(fitEvery):
		}
	}
}

// readyLine is the first line: "ready", or what fails.
func readyLine(checks []need) (line string, ready bool) {
	for _, c := range checks {
		if c.State == "failed" {
			return c.summary, false
		}
	}
	return "ready", true
}

// ready tells whether the process can do its work, and if not, why: lines of text, the verdict first, or JSON for whoever
// asks for that.
func (a *app) ready(w http.ResponseWriter, r *http.Request) {
	checks := a.readiness(r.Context())
	line, ready := readyLine(checks)
	status := http.StatusOK
	if !ready {
		status = http.StatusServiceUnavailable
	}
	if strings.Contains(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(status)
		// The client may be gone; there is nobody to tell.
		_ = json.NewEncoder(w).Encode(struct {
			Ready  bool   `json:"ready"`
			Status string `json:"status"`
			Checks []need `json:"checks"`
		}{ready, line, checks})
		return
	}
	var body strings.Builder
	body.WriteString(line)
	for _, c := range checks {
		body.WriteString("\n" + c.Name + ": " + c.State)
		if c.Why != "" {
			body.WriteString(" (" + c.Why + ")")
		}
	}
	answer(w, status, body.String())
}

func alive(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "alive") }

func answer(w http.ResponseWriter, status int, line string) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	w.WriteHeader(status)
	// The client may be gone; there is nobody to tell.
	_, _ = io.WriteString(w, line+"\n")
}
