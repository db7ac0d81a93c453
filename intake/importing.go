package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	sweepBatch = 1000
	// importTries is how often an import is tried within one slot.
	importTries = 5
	// Applications that could not be opened are asked for again within this age, ever more rarely: their
	// numbers may have been given out before they could be seen, or somebody is put in charge of them.
	hiddenAge   = 30 * 24 * time.Hour
	hiddenBatch = 100
)

// Sweep queues the imports that are due, each once, and reports how many. It is called every so
// often, by any number of processes.
func (s *Service) Sweep(ctx context.Context) (int, error) {
	total := 0
	for {
		n, err := s.sweepBatch(ctx)
		total += n
		if err != nil || n < sweepBatch {
			return total, err
		}
	}
}

func (s *Service) sweepBatch(ctx context.Context) (int, error) {
	taken := 0
	err := s.beginAcross(ctx, "queue due imports", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.TakeDueAccounts(ctx, dbgen.TakeDueAccountsParams{
			MaxRows: sweepBatch, Every: s.settings.ImportInterval, Jitter: s.jitter(),
		})
		if err != nil {
			return fmt.Errorf("take due accounts: %w", err)
		}
		taken = len(rows)
		var told events
		tasks := make([]Task, 0, len(rows))
		for _, r := range rows {
			// One that is still at its last import only has its schedule moved on.
			if r.Woken {
				tasks = append(tasks, Task{CompanyID: r.CompanyID, AccountID: r.ID, Epoch: r.Epoch, Wake: r.Wake})
			}
			if r.Queued {
				told.runChanged(r.CompanyID, ImportRun{
					ID: r.RunID, AccountID: r.ID, Trigger: TriggerSchedule, Status: RunQueued, DueAt: r.SweptAt,
				})
			}
		}
		if len(tasks) == 0 {
			return nil
		}
		if err := s.queue.ImportAccounts(ctx, tx, tasks, 0); err != nil {
			return fmt.Errorf("queue imports: %w", err)
		}
		return told.append(ctx, q)
	})
	return taken, err
}

// Import works an account's run, from wherever it stands. A task that no longer counts does nothing.
// What the medium does wrong ends the run and is stored; an error means that nothing could be stored.
func (s *Service) Import(ctx context.Context, task Task) error {
	im, err := s.startImport(ctx, task)
	switch {
	case errors.Is(err, ErrNotFound):
		s.log.Debug().Stringer("account", task.AccountID).Int64("epoch", task.Epoch).Msg("import is out of date")
		return nil
	case errors.Is(err, errPostponed):
		s.log.Debug().Stringer("account", task.AccountID).Dur("for", im.away).Msg("the medium is away: import postponed")
		return nil
	case err != nil:
		return err
	}
	readErr := s.acting(ctx, "read medium", func(ctx context.Context) error {
		return s.underLease(ctx, s.heartbeatOf(im.account), &im.busy, im.read)
	})
	im.asking.tell(ctx, readErr)
	switch {
	case errors.Is(readErr, errLeaseLost):
		s.settings.Observer.LeaseLost(WorkImport)
		s.log.Info().Ctx(ctx).Stringer("run", im.run.ID).Msg("import left to another, or stopped")
		return nil
	case readErr != nil && ctx.Err() != nil && !refused(readErr):
		return s.ignoringLostLease(ctx, s.handOver(ctx, im.account))
	}
	ctx, cancel := storing(ctx)
	defer cancel()
	if readErr == nil {
		return s.ignoringLostLease(ctx, im.succeed(ctx))
	}
	if _, ok := AsSourceError(readErr); !ok && passing(readErr) {
		// The lease runs out, and whoever revives the account goes on where this run stands.
		return readErr
	}
	return s.ignoringLostLease(ctx, im.fail(ctx, asSourceError(readErr)))
}

// importing is one run while somebody works on it.
type importing struct {
	s *Service
	// busy is held while a page is being stored.
	busy    sync.Mutex
	account dbgen.MediumAccount
	run     ImportRun
	// again are the ids still to be asked for again.
	again []string
	// unsettled: the account has records that could not be read yet.
	unsettled bool
	// asking is leave to ask the medium; where there is none it is away for longer than away.
	asking *pass
	away   time.Duration
	// sample is the shape of what made the run be quarantined, and changes what no longer looked as it did.
	sample  []byte
	changes []string
	// usual is how the medium looked to the account before, look how it looked to this run.
	usual usualLook
	look  runLook
	// generation is the medium's, of usual; settled: an operator has accepted what the account is shown.
	generation int64
	settled    bool
	// index knows the people who were erased.
	index indexKey
}

// startImport takes the account's lease for the task. It returns ErrNotFound where the task no longer counts, and
// errPostponed where the medium is away.
func (s *Service) startImport(ctx context.Context, task Task) (*importing, error) {
	im := &importing{s: s}
	postponed, started := false, false
	// Also after a panic: a pass that nobody gives back keeps everybody out for good.
	defer func() {
		if !started {
			im.asking.tell(ctx, errNotStarted)
		}
	}()
	err := s.begin(ctx, task.CompanyID, "start run", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		claimed, err := s.claim(ctx, q, task, StatusLinked)
		if err != nil {
			return err
		}
		im.account = claimed.MediumAccount
		if im.asking == nil {
			im.asking, im.away = s.gates[Medium(im.account.Medium)].enter(task.CompanyID)
		}
		if im.asking == nil {
			if postponed, err = s.postpone(ctx, tx, q, im.account, im.away); postponed || err != nil {
				return err
			}
		}
		return im.start(ctx, q)
	})
	if err == nil && postponed {
		err = errPostponed
	}
	started = err == nil
	return im, err
}

var (
	// errPostponed ends the work on an import whose medium is away.
	errPostponed = errors.New("the medium is away: postponed")
	// errNotStarted is how asking a medium went where nobody asked it.
	errNotStarted = errors.New("the import was not started")
)

// start begins the run, or goes on with it.
func (im *importing) start(ctx context.Context, q *dbgen.Queries) error {
	of := im.account
	started, err := q.StartRun(ctx, dbgen.StartRunParams{CompanyID: of.CompanyID, AccountID: of.ID, Epoch: of.Epoch, Medium: of.Medium})
	if db.IsNoRows(err) {
		return ErrNotFound
	}
	if err != nil {
		return fmt.Errorf("start run: %w", err)
	}
	im.run = importRun(started.ImportRun)
	if err := im.remember(started); err != nil {
		return err
	}
	im.again, err = q.HiddenToAskAgain(ctx, dbgen.HiddenToAskAgainParams{
		CompanyID: of.CompanyID, AccountID: of.ID, Every: im.s.settings.ImportInterval, Age: hiddenAge, MaxRows: hiddenBatch,
	})
	if err != nil {
		return fmt.Errorf("read hidden applications: %w", err)
	}
	if err := im.recall(ctx, q); err != nil {
		return err
	}
	var told events
	told.runChanged(of.CompanyID, im.run)
	return told.append(ctx, q)
}

// read brings in what is new, page by page.
func (im *importing) read(ctx context.Context) error {
	login, err := im.s.login(im.account)
	if err != nil {
		return &SourceError{Reason: FailureInternal, Err: err}
	}
	login.Permit = im.ours
	if im.index, err = im.s.indexKey(ctx, im.account.CompanyID); err != nil {
		return err
	}
	if im.asking == nil {
		// Somebody died over this run, and meanwhile the medium is away.
		return &SourceError{Reason: FailureMediumUnavailable, RetryAfter: im.away, Err: errAway}
	}
	since := Position{Cursor: im.account.Cursor, ImportFrom: im.account.ImportFrom, Again: slices.Clone(im.again)}
	since.Answered = func() { im.asking.answered(ctx) }
	for page, err := range im.s.sources[Medium(im.account.Medium)].Read(ctx, login, since) {
		if err != nil {
			return err
		}
		im.asking.answered(ctx)
		if err := im.judge(ctx, page); err != nil {
			return err
		}
		if err := im.store(ctx, page); err != nil {
			return err
		}
	}
	return ctx.Err()
}

// ours makes sure, in the database, that the lease is.
func (im *importing) ours(ctx context.Context) error {
	n, err := im.s.of(im.account.CompanyID).RenewLease(ctx, im.s.leaseOf(im.account))
	if err == nil && n == 0 {
		return errLeaseLost
	}
	return wrap("renew lease", err)
}
