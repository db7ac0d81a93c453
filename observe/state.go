package observe

import (
	"context"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/rs/zerolog"

	"renkei/db"
	"renkei/intake"
)

const (
	// stateFresh is how long figures over all companies are good for, at least.
	stateFresh = 10 * time.Second
	// stateShare: reading them takes a fiftieth of the time, however many accounts there are, as long as they are no older
	// than stateOldest.
	stateShare  = 50
	stateOldest = time.Minute
	// stateWithin bounds one reading, and so a scrape, which Prometheus gives ten seconds.
	stateWithin = 8 * time.Second
)

// State is what holds for the whole installation, whichever process says it.
type State struct {
	Vitals intake.Vitals
	Queue  []db.QueueState
}

// stateReader is the State as figures. Each scrape shows what was read last; it is read anew when it is no longer fresh.
type stateReader struct {
	queues []string
	read   func(context.Context) (State, error)
	log    zerolog.Logger
	now    func() time.Time

	mu    sync.Mutex
	last  State
	known bool
	err   error
	took  time.Duration
	next  time.Time

	accounts, stale, lag, waiting, oldestWaiting, incidents *prometheus.Desc
	keys, reseals, readOnly                                 *prometheus.Desc
	queueJobs, queueOldest                                  *prometheus.Desc
	up, seconds                                             *prometheus.Desc
}

// ShowState shows what read returns, of the queues named also that they are empty. Where it cannot be read, the figures are missing rather than old, and
// renkei_state_up is 0.
func (m *Metrics) ShowState(queues []string, read func(context.Context) (State, error)) {
	m.registry.MustRegister(newStateReader(queues, read, m.log))
}

func newStateReader(queues []string, read func(context.Context) (State, error), log zerolog.Logger) *stateReader {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help+" The same on every process: take max, not sum.", labels, nil)
	}
	return &stateReader{
		queues: queues, read: read, log: log, now: time.Now,
		accounts:      desc("renkei_accounts", "Accounts of all companies, by status.", "status"),
		stale:         desc("renkei_accounts_stale", "Linked accounts without an import for longer than an interval and a half."),
		lag:           desc("renkei_imports_due_lag_seconds", "How long ago the import was due that has waited longest to be taken."),
		waiting:       desc("renkei_inbox_waiting", "Applications that wait for somebody to route them."),
		oldestWaiting: desc("renkei_inbox_oldest_waiting_seconds", "How long the first of them has waited."),
		incidents:     desc("renkei_incidents_open", "Incidents of all companies that are open, by kind.", "kind"),
		keys:          desc("renkei_vault_keys", "Keys of the vault, by state.", "state"),
		reseals:       desc("renkei_vault_reseals_unfinished", "Keys under which something is still sealed and should not be."),
		readOnly:      desc("renkei_database_read_only", "1 where the database takes no changes: a standby, or one told to."),
		queueJobs:     desc("renkei_queue_jobs", "Jobs that are not over, or were given up, by queue and state.", "queue", "state"),
		queueOldest:   desc("renkei_queue_oldest_available_seconds", "How long the first job that could run has waited for a worker.", "queue"),
		up:            desc("renkei_state_up", "1 where the figures over all companies could be read."),
		seconds:       desc("renkei_state_read_seconds", "How long reading them took."),
	}
}

// Describe implements prometheus.Collector.
func (s *stateReader) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{
		s.accounts, s.stale, s.lag, s.waiting, s.oldestWaiting, s.incidents, s.keys, s.reseals, s.readOnly, s.queueJobs, s.queueOldest, s.up, s.seconds,
	} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (s *stateReader) Collect(to chan<- prometheus.Metric) {
	state, took, ok := s.fresh()
	gauge := func(d *prometheus.Desc, v float64, labels ...string) {
		to <- prometheus.MustNewConstMetric(d, prometheus.GaugeValue, v, labels...)
	}
	gauge(s.up, flag(ok))
	gauge(s.seconds, took.Seconds())
	if !ok {
		return
	}
	v := state.Vitals
	for status, n := range v.Accounts {
		gauge(s.accounts, float64(n), string(status))
	}
	for state, n := range v.Keys {
		gauge(s.keys, float64(n), string(state))
	}
	for kind, n := range v.Incidents {
		gauge(s.incidents, float64(n), string(kind))
	}
	gauge(s.stale, float64(v.Stale))
	gauge(s.lag, v.DueLag.Seconds())
	gauge(s.waiting, float64(v.Waiting))
	gauge(s.oldestWaiting, v.OldestWaiting.Seconds())
	gauge(s.reseals, float64(v.ResealsUnfinished))
	gauge(s.readOnly, flag(v.ReadOnly))
	s.collectQueue(state.Queue, gauge)
}

func (s *stateReader) collectQueue(queue []db.QueueState, gauge func(*prometheus.Desc, float64, ...string)) {
	type place struct{ queue, state string }
	jobs, oldest := make(map[place]int64), make(map[string]time.Duration)
	for _, name := range s.queues {
		jobs[place{name, "available"}], jobs[place{name, "discarded"}], oldest[name] = 0, 0, 0
	}
	for _, q := range queue {
		jobs[place{q.Queue, q.State}] = q.Jobs
		if q.State == "available" {
			oldest[q.Queue] = q.Oldest
		}
	}
	for p, n := range jobs {
		gauge(s.queueJobs, float64(n), p.queue, p.state)
	}
	for name, age := range oldest {
		gauge(s.queueOldest, age.Seconds(), name)
	}
}

// fresh is the state, read by one scrape at a time. After a failure it is not tried again at once either, but soon.
func (s *stateReader) fresh() (State, time.Duration, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.now().After(s.next) {
		ctx, cancel := context.WithTimeout(context.Background(), stateWithin)
		defer cancel()
		began := s.now()
		s.last, s.err = s.read(ctx)
		s.known = s.err == nil
		s.took = s.now().Sub(began)
		s.next = s.now().Add(min(max(stateFresh, stateShare*s.took), stateOldest))
		if s.err != nil {
			// However long that took: mostly the database is being switched over, and is back in seconds.
			s.next = s.now().Add(stateFresh)
			s.log.Warn().Err(s.err).Msg("figures over all companies cannot be read")
		}
	}
	return s.last, s.took, s.known
}

func flag(on bool) float64 {
	if on {
		return 1
	}
	return 0
}

// awayReader shows which media are away.
type awayReader struct {
	media []intake.Medium
	away  func() []intake.Medium
	desc  *prometheus.Desc
}

// ShowAway shows which of the media this process has found away, and leaves alone.
func (m *Metrics) ShowAway(media []intake.Medium, away func() []intake.Medium) {
	m.registry.MustRegister(&awayReader{media: media, away: away, desc: prometheus.NewDesc(
		"renkei_medium_away", "1 where this process leaves a medium alone, since it did not answer several companies.", []string{"medium"}, nil,
	)})
}

// Describe implements prometheus.Collector.
func (a *awayReader) Describe(to chan<- *prometheus.Desc) { to <- a.desc }

// Collect implements prometheus.Collector.
func (a *awayReader) Collect(to chan<- prometheus.Metric) {
	away := a.away()
	for _, medium := range a.media {
		to <- prometheus.MustNewConstMetric(a.desc, prometheus.GaugeValue, flag(slices.Contains(away, medium)), string(medium))
	}
}

// poolReader shows how a pool of connections stands.
type poolReader struct {
	pools                                     map[string]*pgxpool.Pool
	connections, maximum, waits, waited, gone *prometheus.Desc
}

// ShowPools shows pools by their names.
func (m *Metrics) ShowPools(pools map[string]*pgxpool.Pool) {
	desc := func(name, help string, labels ...string) *prometheus.Desc {
		return prometheus.NewDesc(name, help, append([]string{"pool"}, labels...), nil)
	}
	m.registry.MustRegister(&poolReader{
		pools:       pools,
		connections: desc("renkei_database_connections", "Connections of a pool, by state: acquired, idle, opening.", "state"),
		maximum:     desc("renkei_database_connections_max", "Connections that a pool may have."),
		waits:       desc("renkei_database_waits_total", "Times that somebody had to wait for a connection."),
		waited:      desc("renkei_database_wait_seconds_total", "How long they waited in all."),
		gone:        desc("renkei_database_waits_given_up_total", "Times that somebody did not wait to the end."),
	})
}

// Describe implements prometheus.Collector.
func (p *poolReader) Describe(to chan<- *prometheus.Desc) {
	for _, d := range []*prometheus.Desc{p.connections, p.maximum, p.waits, p.waited, p.gone} {
		to <- d
	}
}

// Collect implements prometheus.Collector.
func (p *poolReader) Collect(to chan<- prometheus.Metric) {
	for name, pool := range p.pools {
		stat := pool.Stat()
		for state, n := range map[string]int32{"acquired": stat.AcquiredConns(), "idle": stat.IdleConns(), "opening": stat.ConstructingConns()} {
			to <- prometheus.MustNewConstMetric(p.connections, prometheus.GaugeValue, float64(n), name, state)
		}
		to <- prometheus.MustNewConstMetric(p.maximum, prometheus.GaugeValue, float64(stat.MaxConns()), name)
		to <- prometheus.MustNewConstMetric(p.waits, prometheus.CounterValue, float64(stat.EmptyAcquireCount()), name)
		to <- prometheus.MustNewConstMetric(p.waited, prometheus.CounterValue, stat.EmptyAcquireWaitTime().Seconds(), name)
		to <- prometheus.MustNewConstMetric(p.gone, prometheus.CounterValue, float64(stat.CanceledAcquireCount()), name)
	}
}
