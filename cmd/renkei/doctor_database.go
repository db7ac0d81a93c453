package main

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"renkei/db"
	"renkei/intake"
	"renkei/jobs"
)

const (
	farDatabase = 50 * time.Millisecond
	// Leases, sessions and one-time links go by the server's clock, logs and what a KMS signs by ours.
	skewWarn = 2 * time.Second
	skewFail = 30 * time.Second
	// slowNotice is when watchers would hear of a change later than they do without being told.
	slowNotice = time.Second
	// Somebody looks on while a verification waits; imports of many companies may fall due together.
	lagVerify = time.Minute
	lagWarn   = 10 * time.Minute
	lagFail   = time.Hour
	// longReseal is when a re-sealing should have come to its end.
	longReseal = 24 * time.Hour
	// pastPooler are the connections of a process that always lead to the server itself: heartbeats, the
	// listener and the watchdog.
	pastPooler = pulseConnections + 2
	// extraConnections are those beside its pool: these, health, and the queue's own listener.
	extraConnections = pastPooler + 2
	doctorPool       = 2
)

func (d *doctor) database(ctx context.Context) finding {
	if d.config.DatabaseURL == "" {
		return broken("set RENKEI_DATABASE_URL", "there is no address of a database")
	}
	s, err := db.Look(ctx, d.config.DatabaseURL, d.now)
	if err != nil {
		return broken("check host, port, name, login and password of RENKEI_DATABASE_URL, the server's pg_hba.conf and that it runs", "%v", err)
	}
	text := fmt.Sprintf("Postgres %s, %s away, %s", s.Version, s.RoundTrip.Round(10*time.Microsecond), protection(s))
	f := fine("%s", text)
	switch {
	case s.VersionNumber < db.OldestServer:
		return broken("upgrade the server: 15 is the oldest that will do", "%s", text)
	case s.Replica:
		return broken("name the primary in RENKEI_DATABASE_URL, or all servers and target_session_attrs=read-write", "%s, but a replica that takes no writes", text)
	case !s.Local && !s.Encrypted:
		f = doubtful("add sslmode=verify-full to RENKEI_DATABASE_URL: passwords of members and what candidates are called cross the network", "%s", text)
	case !s.Local && !s.Verified:
		f = doubtful("use sslmode=verify-full (and sslrootcert): anybody on the way could pose as the server", "%s", text)
	case s.RoundTrip > farDatabase:
		f = doubtful("bring program and database closer together: each request asks several times", "%s", text)
	}
	f.learn = func() { d.server = s }
	return f
}

func protection(s db.Server) string {
	switch {
	case s.Encrypted && s.Verified:
		return "with TLS"
	case s.Encrypted:
		return "with TLS, but nobody checks who the server is"
	case s.Local:
		return "without TLS, on this machine"
	}
	return "without TLS"
}

func (d *doctor) clock(context.Context) finding {
	skew := d.server.Now.Sub(d.server.Asked.Add(d.server.RoundTrip / 2)).Round(time.Millisecond)
	text := fmt.Sprintf("the server's is %s ahead of this machine's", skew)
	if skew < 0 {
		text = fmt.Sprintf("the server's is %s behind this machine's", -skew)
	}
	const do = "have both machines keep time (chrony, systemd-timesyncd)"
	switch {
	case skew.Abs() > skewFail:
		return broken(do, "%s", text)
	case skew.Abs() > skewWarn:
		return doubtful(do, "%s", text)
	}
	return fine("%s", text)
}

func (d *doctor) listen(ctx context.Context) finding {
	took, err := db.HearMyself(ctx, d.config.DatabaseURL, d.config.direct())
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return broken("a pooler in transaction mode swallows notifications: give the listener the server's own address (docs/operations.md#pgbouncer)",
			"a notification was sent and never heard")
	case err != nil:
		return broken("changes reach subscribers through LISTEN: see that the login may connect twice, to RENKEI_DIRECT_DATABASE_URL where that is set", "%v", err)
	case took > slowNotice:
		return doubtful("look at the server's load: subscribers hear of changes this late", "a notification took %s", took.Round(time.Millisecond))
	}
	return fine("a notification took %s", took.Round(10*time.Microsecond))
}

func (d *doctor) login(ctx context.Context) finding {
	pool, err := d.config.open(ctx, doctorPool)
	if errors.Is(err, db.ErrSchemaBehind) {
		return broken("run `renkei migrate up`", "the server has not the roles of the program")
	}
	if errors.Is(err, db.ErrPooler) {
		return broken("set RENKEI_DIRECT_DATABASE_URL to the server's own address (docs/operations.md#pgbouncer)", "%v", err)
	}
	if errors.Is(err, db.ErrPoolerRole) {
		return broken("see docs/operations.md#pgbouncer", "%v", err)
	}
	if err != nil {
		return broken("see docs/security.md#giving-the-program-its-own-login", "%v", err)
	}
	f := fine("works as the program's roles and could not leave its walls")
	if err := db.CheckWalls(ctx, pool); err != nil {
		f = doubtful("give the program a login of its own: docs/security.md#giving-the-program-its-own-login", "%v", err)
	}
	f.learn = func() { d.pool = pool }
	return f
}

func (d *doctor) schema(ctx context.Context) finding {
	schema, queue, err := db.CompareSchema(ctx, d.pool)
	if errors.Is(err, db.ErrSchemaBehind) {
		return broken("run `renkei migrate up`", "the database was never migrated")
	}
	if err != nil {
		return broken("run `renkei migrate status`", "%v", err)
	}
	if missing := append(schema.Missing, queue.Missing...); len(missing) > 0 {
		return broken("run `renkei migrate up`", "%d migrations are missing, from %s on", len(missing), missing[0])
	}
	tasks, err := jobs.NewQueue()
	if err != nil {
		return broken("report this", "%v", err)
	}
	service := intake.New(d.pool, tasks, nil, nil, intake.Settings{}, quiet())
	f := fine("current, the queue's tables too")
	if newer := append(schema.Unknown, queue.Unknown...); len(newer) > 0 {
		f = doubtful("fine while an upgrade is rolled out; otherwise run the newer program here too",
			"the database has %s, which this program (%s) does not know", strings.Join(newer, ", "), version)
	}
	f.learn = func() { d.service = service }
	return f
}

// connections looks whether there is room for all processes that live, and one more while they are exchanged.
func (d *doctor) connections(context.Context) finding {
	each, way := d.config.Workers/2+spareConnections+extraConnections, ""
	if d.config.DirectURL != "" {
		// The others are as many as the pooler allows.
		each, way = pastPooler, " past the pooler"
	}
	living := len(d.vault.Holders)
	wanted := each * (max(1, living) + 1)
	text := fmt.Sprintf("the server has room for %d and %d are in use; a process such as this takes up to %d%s, and %d are at work",
		d.server.Connections, d.server.InUse, each, way, living)
	if each > d.server.Connections {
		return broken("raise max_connections, lower RENKEI_WORKERS, or put PgBouncer in between", "%s", text)
	}
	if wanted > d.server.Connections {
		return doubtful("raise max_connections, lower RENKEI_WORKERS, or put PgBouncer in between: one more process, as while they are exchanged, may find no room", "%s", text)
	}
	return fine("%s", text)
}

func (d *doctor) queue(ctx context.Context) finding {
	states, err := db.ReadQueue(ctx, d.pool)
	if err != nil {
		return broken("run `renkei migrate status`", "%v", err)
	}
	lags, discarded := lagsOf(states)
	state := verdictOK
	var texts []string
	for _, l := range lags {
		texts = append(texts, fmt.Sprintf("%s: %d wait, the first for %s", l.queue, l.waiting, l.oldest.Round(time.Second)))
		switch {
		case l.oldest > lagFail:
			state = verdictFail
		case state == verdictOK && (l.oldest > lagWarn || l.queue == jobs.QueueVerify && l.oldest > lagVerify):
			state = verdictWarn
		}
	}
	if texts == nil {
		texts = []string{"nothing waits"}
	}
	text := strings.Join(texts, ", ")
	switch {
	case state != verdictOK:
		return finding{State: state, Found: text, Do: "see that a process with workers runs, then raise RENKEI_WORKERS or start another (docs/operations.md#sizing)"}
	case discarded > 0:
		return doubtful("read why at /admin/jobs or in the log (\"job failed\")", "%s; %d jobs were given up in the last days", text, discarded)
	}
	return fine("%s", text)
}

// lag is how far a queue is behind: jobs that could begin, and how long the first of them has been able to.
type lag struct {
	queue   string
	waiting int64
	oldest  time.Duration
}

// lagsOf are the queues in which jobs could begin, and how many jobs were given up in the last days; the queue forgets
// them after a week.
func lagsOf(states []db.QueueState) (lags []lag, discarded int64) {
	for _, s := range states {
		switch {
		case s.State == "discarded":
			discarded += s.Jobs
			continue
		case s.State == "running" || s.Due == 0:
			continue
		}
		// States of one queue follow each other.
		if len(lags) == 0 || lags[len(lags)-1].queue != s.Queue {
			lags = append(lags, lag{queue: s.Queue})
		}
		l := &lags[len(lags)-1]
		l.waiting, l.oldest = l.waiting+s.Due, max(l.oldest, s.Oldest)
	}
	return lags, discarded
}

func (d *doctor) work(ctx context.Context) finding {
	w, err := d.service.Workload(ctx)
	switch {
	case err != nil:
		return broken("run `renkei migrate status`", "%v", err)
	case w.Abandoned > 0:
		return doubtful("start `renkei serve`, or `serve --workers-only`: whichever process works takes it up within seconds",
			"%d accounts or files were left by a process that died, and nobody has taken them up", w.Abandoned)
	case w.Overdue > 0:
		return doubtful("see that a process with workers runs, and in its log why it does not sweep", "%d imports are overdue, and nobody has queued them", w.Overdue)
	}
	return fine("%d accounts are being worked on, none was left behind", w.Held)
}
