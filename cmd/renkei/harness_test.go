package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
	"renkei/intake"
	"renkei/wantedly/wantedlysim"
)

const (
	// asChild makes the test binary the program itself.
	asChild = "RENKEI_TEST_AS_CHILD"
	// patience is for conditions that a busy machine takes its time over.
	patience = 60 * time.Second
	tick     = 10 * time.Millisecond
	// stopWithin is what the program promises.
	stopWithin = 10 * time.Second

	domain = "hr.example"
	// Neither is in a log, an event or a row.
	password      = "c4nary-password"
	wrongPassword = "c4nary-mistyped"
)

func TestMain(m *testing.M) {
	setUpLogging()
	if os.Getenv(asChild) == "" {
		dbtest.Main(m)
		return
	}
	go func() {
		// Standard input ends with the parent, however that ended.
		_, _ = io.Copy(io.Discard, os.Stdin)
		os.Exit(3)
	}()
	main()
}

// world is all there is around the program: a database, Wantedly, and a company with a token.
type world struct {
	sim  *wantedlysim.Server
	site *gate
	pool *pgxpool.Pool
	env  map[string]string
	log  *lockedBuffer

	company string
	token   string
	// jobsMayFail is for when the database goes away.
	jobsMayFail bool
}

func setup(t *testing.T, opts wantedlysim.Options) *world {
	t.Helper()
	return setupOn(t, opts, dbtest.URL(t))
}

func setupOn(t *testing.T, opts wantedlysim.Options, url string) *world {
	t.Helper()
	w := &world{sim: wantedlysim.New(opts), log: &lockedBuffer{}}
	w.site = &gate{next: w.sim}
	site := httptest.NewServer(w.site)
	t.Cleanup(func() {
		w.site.open()
		site.Close()
	})
	var err error
	w.pool, err = db.OpenOwner(t.Context(), url, 4)
	require.NoError(t, err)
	t.Cleanup(w.pool.Close)
	w.env = map[string]string{
		"RENKEI_DATABASE_URL": url, "RENKEI_MASTER_KEYS": intake.NewMasterKey(), "RENKEI_WANTEDLY_URL": site.URL,
		"RENKEI_WANTEDLY_RATE": "1000000", "RENKEI_LISTEN": "127.0.0.1:0", "RENKEI_WORKERS": "4",
		"RENKEI_LOG_LEVEL": "debug", "RENKEI_LOG_FORMAT": "json",
	}
	w.company = w.command(t, "company", "create", "株式会社テスト")
	member := w.command(t, "member", "create", "--company", w.company, "--email", "saiyo@"+domain, "--name", "採用 花子", "--roles", "admin,RECRUITER")
	w.token = w.command(t, "token", "create", "--company", w.company, "--member", member)
	// After every process has stopped.
	t.Cleanup(func() { w.audit(t) })
	return w
}

// colleague is a frontend of another member of the company.
func (w *world) colleague(t *testing.T, c client, name, roles string) client {
	t.Helper()
	member := w.command(t, "member", "create", "--company", w.company, "--email", uuid.NewString()+"@"+domain, "--name", name, "--roles", roles)
	return client{address: c.address, token: w.command(t, "token", "create", "--company", w.company, "--member", member)}
}

func (w *world) getenv(name string) string { return w.env[name] }

// command runs a command that succeeds and returns the last word that it says.
func (w *world) command(t *testing.T, args ...string) string {
	t.Helper()
	said := call(w.getenv, args...)
	require.Equal(t, exitDone, said.code, "%s", said.err)
	words := strings.Fields(said.out)
	return words[len(words)-1]
}

// outcome is what a command said, and how it ended.
type outcome struct {
	code     int
	out, err string
}

func call(getenv func(string) string, args ...string) outcome {
	var out, err bytes.Buffer
	code := run(context.Background(), args, streams{in: strings.NewReader(""), out: &out, err: &err}, getenv)
	return outcome{code, out.String(), err.String()}
}

// process is the program at work, in this process or in one of its own.
type process struct {
	client
	// stop tells it to stop and returns after how long, and how, it ended.
	stop func() (took time.Duration, err error)
	// kill is for one in a process of its own.
	kill func()
}

// start runs the program until the test ends.
func (w *world) start(t *testing.T, change ...func(*config)) *process {
	t.Helper()
	c, err := load(w.getenv)
	require.NoError(t, err)
	for _, f := range change {
		f(&c)
	}
	return w.startParts(t, c, parts{api: true, workers: true})
}

func (w *world) startParts(t *testing.T, c config, p parts) *process {
	t.Helper()
	a, err := newApp(t.Context(), c, newLog(c, w.log), p)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(context.WithoutCancel(t.Context()))
	ended := make(chan error, 1)
	go func() { ended <- a.run(ctx) }()
	stop := sync.OnceValues(func() (time.Duration, error) {
		began := time.Now()
		cancel()
		err := <-ended
		return time.Since(began), err
	})
	t.Cleanup(func() { requireStopped(t, stop) })
	b := &process{client: client{address: a.socket.Addr().String(), token: w.token}, stop: stop}
	b.requireReady(t)
	return b
}

func requireStopped(t *testing.T, stop func() (took time.Duration, err error)) {
	t.Helper()
	took, err := stop()
	require.NoError(t, err)
	require.Less(t, took, stopWithin)
}

// servingAt is the address in the log, in either format.
var servingAt = regexp.MustCompile(`address(?:":"|=(?:\x1b\[0m)?)([0-9.:]+)`)

// spawn runs `renkei serve` in a process of its own.
func (w *world) spawn(t *testing.T, args ...string) *process {
	t.Helper()
	return w.spawnAt(t, w.env["RENKEI_LISTEN"], args...)
}

func (w *world) spawnAt(t *testing.T, address string, args ...string) *process {
	t.Helper()
	cmd := exec.Command(os.Args[0], append([]string{"serve"}, args...)...)
	cmd.Env = append(os.Environ(), asChild+"=1")
	for name, value := range w.env {
		cmd.Env = append(cmd.Env, name+"="+value)
	}
	cmd.Env = append(cmd.Env, "RENKEI_LISTEN="+address)
	said := &lockedBuffer{}
	cmd.Stderr = io.MultiWriter(said, w.log)
	cmd.Stdout = cmd.Stderr
	_, err := cmd.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	waited := sync.OnceValue(cmd.Wait)
	end := func(sig os.Signal) (time.Duration, error) {
		began := time.Now()
		_ = cmd.Process.Signal(sig) // it may have ended already
		err := waited()
		return time.Since(began), err
	}
	p := &process{
		stop: func() (time.Duration, error) { return end(syscall.SIGTERM) },
		kill: func() { _, _ = end(os.Kill) },
	}
	t.Cleanup(p.kill)
	require.Eventually(t, func() bool { return servingAt.MatchString(said.String()) }, patience, tick, "%s", said)
	p.client = client{address: servingAt.FindStringSubmatch(said.String())[1], token: w.token}
	p.requireReady(t)
	return p
}

// audit makes sure that the books are right and that nothing is in them that must not be.
func (w *world) audit(t *testing.T) {
	t.Helper()
	for what, query := range map[string]string{
		"a company's events have no gap": `SELECT count(*) FROM company_counters k
			LEFT JOIN (SELECT company_id, count(*) AS n, min(seq) AS low, max(seq) AS high FROM events GROUP BY 1) e USING (company_id)
			WHERE k.seq <> coalesce(e.n, 0) OR k.seq <> coalesce(e.high, 0) OR coalesce(e.low, 1) <> 1`,
		"the inbox's figures are counts": `SELECT count(*) FROM company_counters k
			LEFT JOIN (SELECT company_id, count(*) FILTER (WHERE state = 'WAITING') AS waiting, count(*) FILTER (WHERE state = 'ROUTED') AS routed
				FROM inbox_entries GROUP BY 1) e USING (company_id)
			WHERE k.waiting <> coalesce(e.waiting, 0) OR k.routed <> coalesce(e.routed, 0)`,
		"the last inbox event tells them": `SELECT count(*) FROM company_counters k
			JOIN (SELECT DISTINCT ON (company_id) company_id, payload FROM events WHERE kind = 'INBOX' ORDER BY company_id, seq DESC) e USING (company_id)
			WHERE (e.payload->>'waitingCount')::bigint <> k.waiting OR (e.payload->>'routedCount')::bigint <> k.routed`,
		"an application is in once": `SELECT count(*) FROM
			(SELECT FROM inbox_entries WHERE external_url IS NOT NULL GROUP BY company_id, external_url HAVING count(*) > 1) twice`,
		"a run imported what it says": `SELECT count(*) FROM import_runs u
			WHERE imported - erased <> (SELECT count(*) FROM inbox_entries e WHERE e.run_id = u.id)
			   OR invalid <> (SELECT count(*) FROM invalid_records r WHERE r.run_id = u.id)`,
		"a file imported what it says": `SELECT count(*) FROM file_imports f
			WHERE imported <> (SELECT count(*) FROM inbox_entries e WHERE e.file_import_id = f.id)`,
		"what is routed is an application, and one": `SELECT count(*) FROM inbox_entries e
			WHERE (e.state = 'ROUTED')::int <> (SELECT count(*) FROM applications a WHERE a.entry_id = e.id AND a.outcome <> 'ROUTING_UNDONE')`,
		"an entry is where its last decision put it": `SELECT count(*) FROM inbox_entries e
			LEFT JOIN LATERAL (SELECT d.state FROM routing_decisions d WHERE d.entry_id = e.id ORDER BY d.id DESC LIMIT 1) last ON true
			WHERE last.state IS DISTINCT FROM e.state`,
		"nobody is a candidate without an application": `SELECT count(*) FROM candidates c
			WHERE NOT EXISTS (SELECT FROM inbox_entries e WHERE e.candidate_id = c.id)`,
		"who is idle holds no lease": `SELECT count(*) FROM medium_accounts WHERE lease_owner IS NOT NULL`,
		"no job failed":              `SELECT count(*) FROM river_job WHERE errors IS NOT NULL`,
	} {
		if what == "no job failed" && w.jobsMayFail {
			continue
		}
		require.Zero(t, w.count(t, query), what)
	}
	dump, log := w.dump(t), w.log.String()
	require.Contains(t, dump, w.company)
	for _, canary := range []string{
		"mail.invalid", "秘密のメッセージ", `"age"`, password, wrongPassword, w.token, "_huntr_session_production", w.env["RENKEI_MASTER_KEYS"],
	} {
		require.Zero(t, strings.Count(dump, canary), "the database holds %q", canary)
		require.Zero(t, strings.Count(log, canary), "the log holds %q", canary)
	}
}

func (w *world) count(t *testing.T, query string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, w.pool.QueryRow(context.WithoutCancel(t.Context()), query, args...).Scan(&n), query)
	return n
}

// dump is every row of every table.
func (w *world) dump(t *testing.T) string {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	rows, err := w.pool.Query(ctx, "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	var all strings.Builder
	for _, table := range tables {
		rows, err := w.pool.Query(ctx, "SELECT row_to_json(t)::text FROM "+pgx.Identifier{table}.Sanitize()+" t")
		require.NoError(t, err)
		lines, err := pgx.CollectRows(rows, pgx.RowTo[string])
		require.NoError(t, err)
		all.WriteString(strings.Join(lines, "\n"))
	}
	return all.String()
}

// gate stands before the simulator and can be shut.
type gate struct {
	next http.Handler

	mu      sync.Mutex
	shuts   func(*http.Request) bool
	opened  chan struct{}
	holding int
}

// shut holds back every request from the first on that fits, until open.
func (g *gate) shut(fits func(*http.Request) bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.shuts, g.opened = fits, make(chan struct{})
}

func (g *gate) open() {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shuts != nil {
		g.shuts = nil
		close(g.opened)
	}
}

// waiting is how many requests are held back.
func (g *gate) waiting() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.holding
}

func (g *gate) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	// A body that is not read hides that the client has gone.
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	g.mu.Lock()
	opened := g.opened
	held := g.shuts != nil && g.shuts(r)
	if held {
		g.holding++
	}
	g.mu.Unlock()
	if held {
		select {
		case <-opened:
		case <-r.Context().Done():
		}
		g.mu.Lock()
		g.holding--
		g.mu.Unlock()
	}
	g.next.ServeHTTP(w, r)
}

func everything(*http.Request) bool { return true }

// ticket fits a look at the ticket of this number.
func ticket(number int) func(*http.Request) bool {
	return func(r *http.Request) bool {
		return r.URL.Path == "/api/internal/enterprise/tickets/"+strconv.Itoa(number)
	}
}

// lockedBuffer is a buffer for many writers.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

func eventually(t *testing.T, what string, is func() bool) {
	t.Helper()
	require.Eventually(t, is, patience, tick, what)
}
