package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	mrand "math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"slices"
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
