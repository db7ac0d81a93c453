package jobs

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"
	"github.com/rs/zerolog"

	"renkei/intake"
)

// Config says how a Runner works.
type Config struct {
	// Workers is how many jobs run at once.
	Workers int
	// SweepEvery lies between two looks for imports that are due.
	SweepEvery time.Duration
	// StopWithin is how long running jobs may take to finish when the Runner is told to stop; after
	// that they are cancelled, and hand their work over.
	StopWithin time.Duration
	// PollOnly looks for jobs every so often and listens for none: for a pool that leads to a pooler.
	PollOnly bool
	Log      zerolog.Logger
	// Observer, where it is set, is told of the jobs.
	Observer Observer
}

const (
	// reviveEvery adds to a lease that ran out: together they are how long a run stands still when its worker dies.
	reviveEvery = 500 * time.Millisecond
	pruneEvery  = time.Hour
	sealEvery   = time.Hour
	forgetEvery = 24 * time.Hour
	indexEvery  = 2 * time.Minute
	noticeEvery = time.Minute
	// fetchCooldown is how soon after one look for jobs the next may come: what a person waits for
	// must begin at once.
	fetchCooldown = 20 * time.Millisecond
	// pollEvery is how late it begins where nobody listens, and pollElsewhere where somebody does.
	pollEvery     = 200 * time.Millisecond
	pollElsewhere = time.Second
)

// Runner works the jobs of this process.
type Runner struct {
	client  *river.Client[pgx.Tx]
	service *intake.Service
	config  Config
	running atomic.Bool
}

// NewRunner prepares a Runner on a pool; Run starts it.
func NewRunner(pool *pgxpool.Pool, service *intake.Service, config Config) (*Runner, error) {
	if config.Observer == nil {
		config.Observer = nobody{}
	}
	workers := river.NewWorkers()
	river.AddWorker(workers, &verifyAccount{service: service})
	river.AddWorker(workers, &importAccount{service: service})
	river.AddWorker(workers, &importFile{service: service})
	river.AddWorker(workers, &sweep{service: service})
	river.AddWorker(workers, &prune{service: service})
	river.AddWorker(workers, &seal{service: service, log: config.Log})
	river.AddWorker(workers, &forget{service: service, log: config.Log})
	river.AddWorker(workers, &indexSearch{service: service, log: config.Log})
	river.AddWorker(workers, &reseal{service: service})
	river.AddWorker(workers, &deliver{service: service})
	river.AddWorker(workers, &notice{service: service})

	poll := pollElsewhere
	if config.PollOnly {
		poll = pollEvery
	}
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{
		Queues:     queues(config.Workers),
		Workers:    workers,
		Middleware: []rivertype.Middleware{&watching{observer: config.Observer}},
		Hooks:      []rivertype.Hook{&databaseClock{pool: pool}},
		PeriodicJobs: []*river.PeriodicJob{
			periodic(config.SweepEvery, sweepArgs{}),
			periodic(pruneEvery, pruneArgs{}),
			periodic(sealEvery, sealArgs{}),
			periodic(forgetEvery, forgetArgs{}),
			periodic(indexEvery, indexSearchArgs{}),
			periodic(min(noticeEvery, config.SweepEvery), noticeArgs{}),
		},
		PollOnly: config.PollOnly, FetchPollInterval: poll,
		// An older process leaves the kinds that it does not know to a newer one.
		FetchOnlyKnownKinds:  true,
		RescueStuckJobsAfter: rescueAfter,
		SoftStopTimeout:      config.StopWithin,
		Logger:               slog.New(zerolog.NewSlogHandler(config.Log.Level(max(zerolog.WarnLevel, config.Log.GetLevel())))),
		ErrorHandler:         &errorLog{config.Log},
	})
	if err != nil {
		return nil, fmt.Errorf("prepare workers: %w", err)
	}
	return &Runner{client: client, service: service, config: config}, nil
}

func periodic(every time.Duration, args river.JobArgs) *river.PeriodicJob {
	return river.NewPeriodicJob(river.PeriodicInterval(every),
		func() (river.JobArgs, *river.InsertOpts) { return args, nil },
		&river.PeriodicJobOpts{RunOnStart: true})
}

// Run works until ctx ends, then stops: running jobs get Config.StopWithin to finish and are cancelled
// after that. It returns when the last one has returned.
func (r *Runner) Run(ctx context.Context) error {
	if err := r.client.Start(ctx); err != nil {
		if ctx.Err() != nil {
			return nil //nolint:nilerr // told to stop before it had begun
		}
		return fmt.Errorf("start workers: %w", err)
	}
	r.running.Store(true)
	r.revive(ctx)
	r.running.Store(false)
	<-r.client.Stopped()
	return nil
}

// Running reports whether jobs are being worked.
func (r *Runner) Running() bool { return r.running.Load() }

// revive gives the work of processes that died to those that live. Not a periodic job of River's: that
// would stop for as long as its leader is the one that died.
func (r *Runner) revive(ctx context.Context) {
	ticker := time.NewTicker(reviveEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		n, err := r.service.Revive(ctx)
		switch {
		case err != nil && ctx.Err() == nil:
			r.config.Log.Warn().Err(err).Msg("cannot look for work that was left behind")
		case n > 0:
			r.config.Log.Info().Int("tasks", n).Msg("work that was left behind goes on")
		}
	}
}

// errorLog logs what a job could not store. River keeps the text too: the domain's errors hold no
// secret.
type errorLog struct{ log zerolog.Logger }

// HandleError implements river.ErrorHandler.
func (h *errorLog) HandleError(_ context.Context, job *rivertype.JobRow, err error) *river.ErrorHandlerResult {
	log := h.log
	if traced, ok := errors.AsType[*tracedError](err); ok && traced.trace != "" {
		log = log.With().Str("trace_id", traced.trace).Logger()
	}
	log.Error().Err(err).Str("job", job.Kind).Int64("job_id", job.ID).Int("attempt", job.Attempt).Msg("job failed")
	return nil
}

// HandlePanic implements river.ErrorHandler. The value is what watching has left of it.
func (h *errorLog) HandlePanic(_ context.Context, job *rivertype.JobRow, panicVal any, trace string) *river.ErrorHandlerResult {
	h.log.Error().Str("panic", fmt.Sprint(panicVal)).Str("trace", trace).Str("job", job.Kind).Int64("job_id", job.ID).Msg("job panicked")
	return nil
}
