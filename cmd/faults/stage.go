package main

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"maps"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/cmd/faults/judge"
)

const (
	// calmWithin bounds how long the world may take to come to rest.
	calmWithin = 3 * time.Minute
	// told bounds how long a client may take to be told of what has happened.
	toldWithin = 15 * time.Second
	// stopWithin is what the program promises.
	stopWithin = 10 * time.Second

	passwordPrefix = "c4nary-"
	tokenPrefix    = "renkei_pat_"
)

// markPattern is what every company's mark looks like: its name holds it, its people's names, and its addresses.
var markPattern = regexp.MustCompile(`hr[0-9]+\.example`)

// stage is one run of a row: a database, a medium, processes of the program, companies and their links.
type stage struct {
	bench *bench
	row   *row
	seed  uint64
	// rand draws everything that the seed decides.
	rand *mrand.Rand
	// times is how many faults are wanted, records how many applications in all, each a company's.
	times, records, each int
	dir                  string
	// program is what commands are asked of: the bench's, but where two versions are played.
	program string

	cluster  *cluster
	database string
	pool     *pgxpool.Pool
	medium   *medium
	letters  *letterbox
	env      map[string]string
	watching *judge.Watcher

	mu        sync.Mutex
	processes []*process
	// proxies stand before Postgres, one for each process, where the row wants them.
	proxies map[string]*proxy
	// lives is how many processes there were, began how many at first.
	lives, began int
	// companies is how many there are.
	companies int
	logs      []string
	links     []*link
	watchers  []*watcher
	canaries  []string
	seen      []string
	// marks are the companies' marks, answers what each was answered.
	marks   map[string]string
	answers map[string]*recording
	// undo is what is to be taken back at the end, the last first.
	undo []func(context.Context) error
}

// link is an account of a company of its own.
type link struct {
	judge.Link
	client
	password string
}

// newStage sets the scene of a row.
func newStage(ctx context.Context, b *bench, r *row, seed uint64) (s *stage, err error) {
	s = &stage{bench: b, row: r, seed: seed, rand: mrand.New(mrand.NewPCG(seed, uint64(r.number))), times: r.once} //nolint:gosec // it is to be the same each time
	s.proxies, s.program = make(map[string]*proxy), b.program
	s.marks, s.answers = make(map[string]string), make(map[string]*recording)
	s.records, s.each = b.records, b.records
	if b.figures && r.figure > 0 {
		s.times = r.figure
	}
	if r.setting.records > 0 {
		s.records, s.each = r.setting.records, r.setting.records
	}
	if s.times > 1 && s.records > 20_000 {
		s.each = max(2000, s.records/s.times)
	}
	if s.dir, err = os.MkdirTemp(b.dir, fmt.Sprintf("%02d-%s-%d-", r.number, r.name, seed)); err != nil {
		return nil, err
	}
	if err := os.Chmod(s.dir, 0o755); err != nil { //nolint:gosec // Postgres, which is somebody else, has to get in
		return nil, err
	}
	if err := s.setUp(ctx); err != nil {
		return s, fmt.Errorf("set the scene: %w", err)
	}
	return s, nil
}

func (s *stage) setUp(ctx context.Context) (err error) {
	if s.letters, err = openLetterbox(); err != nil {
		return err
	}
	if err := s.openDatabase(ctx); err != nil {
		return err
	}
	if s.medium, err = startMedium(ctx, s.dir, s.each, s.seed); err != nil {
		return err
	}
	keys, err := call(ctx, s.bench.program, nil, "keys", "new")
	if err != nil {
		return err
	}
	// Passwords and tokens are known by how they begin: in a million rows nobody looks for hundreds of each.
	s.canaries = append(s.canaries, keys, passwordPrefix, tokenPrefix)
	s.env = map[string]string{
		"RENKEI_MASTER_KEYS": keys, "RENKEI_WANTEDLY_URL": s.medium.url(), "RENKEI_WANTEDLY_RATE": "1000000",
		"RENKEI_LISTEN": "127.0.0.1:0", "RENKEI_WORKERS": "16", "RENKEI_LOG_LEVEL": "debug", "RENKEI_LOG_FORMAT": "json",
		"RENKEI_SMTP_URL": "smtp://" + s.letters.at + "?tls=off", "RENKEI_MAIL_FROM": "renkei@faults.invalid",
		"RENKEI_DATA_DIR": filepath.Join(s.dir, "data"),
	}
	maps.Copy(s.env, s.row.setting.env)
	s.watching = judge.Watch(ctx, s.cluster.url(s.database, "faults-watch"))
	many := s.row.setting.processes
	if many == 0 {
		many = 2
	}
	s.began = max(0, many)
	for range s.began {
		if _, err := s.start(ctx); err != nil {
			return err
		}
	}
	return nil
}

// openDatabase makes a database of its own: a copy of the shared cluster's, or the only one of an own cluster.
func (s *stage) openDatabase(ctx context.Context) (err error) {
	s.cluster, s.database = s.bench.cluster, fmt.Sprintf("stage_%d_%d_%d", s.row.number, s.seed, time.Now().UnixNano())
	if s.row.setting.ownCluster {
		dir := s.dir
		if s.row.setting.dir != nil {
			if dir, err = s.row.setting.dir(ctx, s); err != nil {
				return err
			}
		}
		if s.cluster, err = startCluster(ctx, dir, s.row.setting.postgres); err != nil {
			return err
		}
		s.database = template
		if err := s.bench.migrate(ctx, s.cluster); err != nil {
			return err
		}
	} else if err := s.cluster.exec(ctx, "postgres", "CREATE DATABASE "+s.database+" TEMPLATE "+template); err != nil {
		return err
	}
	config, err := pgxpool.ParseConfig(s.cluster.url(s.database, "faults"))
	if err != nil {
		return err
	}
	config.MaxConns = 4
	s.pool, err = pgxpool.NewWithConfig(ctx, config)
	return err
}

// tearDown ends everything; what was found to be wrong keeps its folder.
func (s *stage) tearDown(ctx context.Context, keep bool) error {
	if s.watching != nil {
		s.watching.Watched()
	}
	for _, w := range s.watchers {
		w.heard()
	}
	for _, p := range s.alive() {
		p.signal(9)
		p.signal(18) // a frozen one dies as it thaws
		<-p.gone
	}
	if s.medium != nil {
		s.medium.kill()
	}
	if s.letters != nil {
		_ = s.letters.server.Close() // nobody writes any more
	}
	if s.pool != nil {
		s.pool.Close()
	}
	for _, p := range s.proxies {
		p.Stop()
	}
	var err error
	switch {
	case s.cluster == nil:
	case s.cluster != s.bench.cluster:
		err = s.cluster.stop(ctx)
	default:
		err = s.cluster.exec(ctx, "postgres", "DROP DATABASE IF EXISTS "+s.database+" WITH (FORCE)")
	}
	for _, back := range slices.Backward(s.undo) {
		err = errors.Join(err, back(ctx))
	}
	if keep {
		return err
	}
	return errors.Join(err, os.RemoveAll(s.dir))
}

// see notes something for the table.
func (s *stage) see(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.seen = append(s.seen, fmt.Sprintf(format, args...))
}

// start starts another process, under a name of its own.
func (s *stage) start(ctx context.Context) (*process, error) {
	return s.startAs(ctx, s.bench.program, nil)
}

// startAs starts another program, such as an older version, with further settings.
func (s *stage) startAs(ctx context.Context, program string, env map[string]string) (*process, error) {
	s.mu.Lock()
	s.lives++
	name := fmt.Sprintf("p%d", s.lives)
	s.mu.Unlock()
	metrics, err := free(ctx)
	if err != nil {
		return nil, err
	}
	settings := map[string]string{
		"RENKEI_DATABASE_URL": s.cluster.url(s.database, name), "RENKEI_CONTACT": name + "@faults.invalid", "RENKEI_METRICS_LISTEN": metrics,
	}
	if s.row.setting.proxied {
		between, err := startProxy(name, s.cluster.address())
		if err != nil {
			return nil, err
		}
		s.proxies[name] = between
		settings["RENKEI_DATABASE_URL"] = tcp(between.Listen, s.database, name)
	}
	for _, more := range []map[string]string{s.env, env} {
		maps.Copy(settings, more)
	}
	p, err := spawn(ctx, s.dir, name, program, settings, append([]string{"serve"}, s.row.setting.args...)...)
	if err != nil {
		return nil, err
	}
	p.metrics = metrics
	s.mu.Lock()
	s.processes = append(s.processes, p)
	s.logs = append(s.logs, p.logFile)
	s.mu.Unlock()
	if err := p.serving(ctx, servingAt); err != nil {
		return nil, err
	}
	return p, p.ready(ctx)
}

// alive are the processes that have not ended.
func (s *stage) alive() []*process {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.processes = slices.DeleteFunc(s.processes, (*process).ended)
	return slices.Clone(s.processes)
}

// serving are the processes that are alive and can be reached.
func (s *stage) serving() []*process {
	return slices.DeleteFunc(s.alive(), func(p *process) bool { return p.address == "" })
}

// addresses are those of the processes that are alive.
func (s *stage) addresses() []string {
	var all []string
	for _, p := range s.serving() {
		all = append(all, p.address)
	}
	return all
}

// named is the process of this name; nil where it has ended.
func (s *stage) named(name string) *process {
	for _, p := range s.alive() {
		if p.name == name {
			return p
		}
	}
	return nil
}

// any is a process that is alive.
func (s *stage) any() *process {
	all := s.alive()
	if len(all) == 0 {
		return nil
	}
	return all[s.rand.IntN(len(all))]
}

// command runs a command of the program on the stage's database.
func (s *stage) command(ctx context.Context, args ...string) (string, error) {
	return call(ctx, s.program, map[string]string{
		"RENKEI_DATABASE_URL": s.cluster.url(s.database, "command"), "RENKEI_MASTER_KEYS": s.env["RENKEI_MASTER_KEYS"],
	}, args...)
}

// company makes a company with a member who may do everything, and somebody who watches its runs.
func (s *stage) company(ctx context.Context) (id string, c client, err error) {
	s.mu.Lock()
	s.companies++
	mark := fmt.Sprintf("hr%d.example", s.companies)
	s.mu.Unlock()
	if id, err = s.command(ctx, "company", "create", "株式会社 "+mark); err != nil {
		return "", c, err
	}
	answers, err := newRecording(s.answersOf(id))
	if err != nil {
		return "", c, err
	}
	s.mu.Lock()
	s.marks[id], s.answers[id] = mark, answers
	s.mu.Unlock()
	member, err := s.command(ctx, "member", "create", "--company", id, "--email", "saiyo@"+id+".example", "--name", "採用 花子", "--roles", "ADMIN,RECRUITER")
	if err != nil {
		return "", c, err
	}
	token, err := s.command(ctx, "token", "create", "--company", id, "--member", member)
	if err != nil {
		return "", c, err
	}
	c = client{token: token, answers: answers}
	if !strings.HasPrefix(token, tokenPrefix) {
		return "", c, errors.New("a token no longer begins as the judge believes")
	}
	return id, c, s.watch(ctx, c, id)
}

// watch has somebody more watch a company's runs.
func (s *stage) watch(ctx context.Context, c client, company string) error {
	w := c.watch(context.WithoutCancel(ctx), company, s.addresses)
	s.mu.Lock()
	s.watchers = append(s.watchers, w)
	s.mu.Unlock()
	if len(s.addresses()) == 0 {
		return nil // it is let in as soon as somebody is there
	}
	return within(ctx, toldWithin, "somebody watches", func(context.Context) (bool, error) {
		select {
		case <-w.open:
			return true, nil
		default:
			return false, nil
		}
	})
}

// newLink makes a company and an account of the medium that behaves as persona does. It is not registered yet.
func (s *stage) newLink(ctx context.Context, persona string) (*link, error) {
	id, c, err := s.company(ctx)
	if err != nil {
		return nil, err
	}
	l := &link{client: c, password: passwordPrefix + rand.Text()}
	s.mu.Lock()
	l.Company, l.Domain = id, s.marks[id]
	s.mu.Unlock()
	l.Email = persona + "@" + l.Domain
	if err := s.medium.order(ctx, "accounts", map[string]any{"email": l.Email, "password": l.password}); err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.links = append(s.links, l)
	return l, nil
}

// register presses アカウント認証開始.
func (s *stage) register(ctx context.Context, l *link) error { return s.registerAt(ctx, s.any(), l) }

// registerAt presses it at a process.
func (s *stage) registerAt(ctx context.Context, p *process, l *link) error {
	var answer struct{ Account struct{ ID string } }
	err := l.ask(ctx, p, "registerAccount", registerAccount,
		vars{"input": vars{"email": l.Email, "password": l.password, "importFrom": time.Now().Add(-lookBack)}}, &answer)
	if err != nil {
		return fmt.Errorf("register %s: %w", l.Email, err)
	}
	l.Account = answer.Account.ID
	return nil
}

// linked makes an account that works, registers it and waits until its first import is under way.
func (s *stage) linked(ctx context.Context) (*link, error) {
	l, err := s.newLink(ctx, "ok")
	if err != nil {
		return nil, err
	}
	if err := s.register(ctx, l); err != nil {
		return nil, err
	}
	return l, s.underWay(ctx, l, 1)
}

// underWay waits until an account's run has imported this many, or is over.
func (s *stage) underWay(ctx context.Context, l *link, many int) error {
	return within(ctx, time.Minute, l.Email+" is under way", func(ctx context.Context) (bool, error) {
		var n int
		err := s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND (imported >= $2 OR finished_at IS NOT NULL)",
			l.Account, many).Scan(&n)
		return n > 0, err
	})
}

// holding is who holds an account's lease.
type holding struct {
	// who is the process's name, owner the lease's number; both empty where nobody does.
	who, owner string
	status     string
	imported   int
}

func (s *stage) holder(ctx context.Context, l *link) (h holding, err error) {
	err = s.pool.QueryRow(ctx, `SELECT coalesce(a.lease_owner::text, ''), coalesce(w.who, ''), coalesce(u.status, ''), coalesce(u.imported, 0)
		FROM medium_accounts a
		LEFT JOIN LATERAL (SELECT who FROM witness.leases w WHERE w.account_id = a.id AND w.owner = a.lease_owner ORDER BY n DESC LIMIT 1) w ON true
		LEFT JOIN LATERAL (SELECT status, imported FROM import_runs u WHERE u.account_id = a.id ORDER BY u.id DESC LIMIT 1) u ON true
		WHERE a.id = $1`, l.Account).Scan(&h.owner, &h.who, &h.status, &h.imported)
	return h, err
}

// calm waits until nobody has anything to do.
func (s *stage) calm(ctx context.Context) error {
	err := within(ctx, calmWithin, "all is calm", func(ctx context.Context) (bool, error) {
		var busy int
		err := s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM import_runs WHERE status IN ('QUEUED', 'RUNNING') AND due_at < now() + interval '1 minute')
			+ (SELECT count(*) FROM medium_accounts WHERE lease_owner IS NOT NULL OR status = 'VERIFYING' OR wake_at < now() + interval '1 minute')
			+ (SELECT count(*) FROM deliveries WHERE next_at < now() + interval '1 minute')`).Scan(&busy)
		return err == nil && busy == 0, nil
	})
	if err != nil {
		return err
	}
	return within(ctx, toldWithin, "every client was told", func(ctx context.Context) (bool, error) {
		for _, w := range s.watchers {
			var n int
			if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM events WHERE company_id = $1 AND kind = 'RUN'", w.company).Scan(&n); err != nil {
				return false, err
			}
			if w.count() < n {
				return false, nil
			}
		}
		return true, nil
	})
}

// answersOf is the file of what a company was answered.
func (s *stage) answersOf(company string) string { return filepath.Join(s.dir, "answers-"+company) }

// judged has the comparator look.
func (s *stage) judged(ctx context.Context) (judge.Verdict, error) {
	c := judge.Case{
		Database: s.cluster.url(s.database, "judge"), Medium: s.medium.url(), Canaries: s.canaries,
		Letters: s.letters.letters(), Repeated: s.lives - s.began,
		Watched: s.watching.Watched(), OwnerlessAllowed: s.row.setting.ownerless,
		Disturbed: s.lives > len(s.alive()) || s.row.setting.takesAway,
		Companies: s.marks, Mark: markPattern, Logs: s.logs, Answers: make(map[string]string),
	}
	for _, w := range s.watchers {
		c.Heard = append(c.Heard, w.heard())
	}
	for _, l := range s.links {
		if l.Account != "" {
			c.Links = append(c.Links, l.Link)
		}
	}
	var err error
	if c.Profiles, err = s.profiles(ctx); err != nil {
		return judge.Verdict{}, err
	}
	for id, answers := range s.answers {
		if err := answers.flush(); err != nil {
			return judge.Verdict{}, err
		}
		c.Answers[id] = s.answersOf(id)
	}
	if c.Metrics, err = s.scrapes(ctx); err != nil {
		return judge.Verdict{}, fmt.Errorf("scrape: %w", err)
	}
	return judge.Judge(ctx, c), nil
}

// times says how long some things took.
func spread(what string, took []time.Duration) string {
	if len(took) == 0 {
		return what + ": none"
	}
	sorted := slices.Sorted(slices.Values(took))
	at := func(share float64) string {
		return fmt.Sprintf("%.1f", sorted[min(len(sorted)-1, int(share*float64(len(sorted))))].Seconds())
	}
	if len(sorted) == 1 {
		return what + " " + at(0) + " s"
	}
	return strings.Join([]string{what, "p50", at(0.5), "p95", at(0.95), "worst", at(1), "s"}, " ")
}

// percentile is the time that this share of them took at most.
func percentile(took []time.Duration, share float64) time.Duration {
	sorted := slices.Sorted(slices.Values(took))
	return sorted[min(len(sorted)-1, int(share*float64(len(sorted))))]
}
