package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"runtime"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"renkei/db"
	"renkei/db/dbgen"
)

// errLeaseLost ends the work of somebody who has been replaced, or stopped.
var errLeaseLost = errors.New("the account's lease is no longer ours")

// handOverTimeout bounds what a worker that is told to go may still say to the database.
const handOverTimeout = 2 * time.Second

// storeTimeout bounds how long the outcome of a task may take to be stored.
const storeTimeout = 30 * time.Second

// claim takes the account's lease for the task, or returns ErrNotFound where the task no longer
// counts: an older epoch or wake-up, another status, or somebody else at work.
func (s *Service) claim(ctx context.Context, q *dbgen.Queries, task Task, status LinkStatus) (dbgen.ClaimAccountRow, error) {
	owner := uuid.New()
	row, err := q.ClaimAccount(ctx, dbgen.ClaimAccountParams{
		LeaseOwner: &owner, Lease: s.settings.Lease, CompanyID: task.CompanyID, ID: task.AccountID,
		Epoch: task.Epoch, Wake: task.Wake, Status: string(status),
	})
	if db.IsNoRows(err) {
		return row, ErrNotFound
	}
	if err != nil {
		return row, fmt.Errorf("claim account: %w", err)
	}
	return row, nil
}

// errPanicked is what becomes of a panic under a lease: were it passed on, the account would be revived
// and the medium asked again every few seconds.
var errPanicked = errors.New("panicked")

// heartbeat keeps a lease for as long as somebody works under it.
type heartbeat struct {
	lease time.Duration
	// renew reports how many rows are still ours.
	renew func(context.Context) (int64, error)
	// lost ends the work of somebody who has been replaced, or stopped.
	lost error
}

// underLease runs f with a context that ends, with the heartbeat's error, once the lease is lost. While busy is
// held, a transaction of f has the row: nobody can take the lease, and nobody can renew it.
func (s *Service) underLease(ctx context.Context, beat heartbeat, busy *sync.Mutex, f func(context.Context) error) error {
	working, lose := context.WithCancelCause(ctx)
	renewed := make(chan struct{})
	go func() {
		defer close(renewed)
		beat.keep(working, busy, lose)
	}()
	err := s.catching(ctx, func() error { return f(working) })
	cause := context.Cause(working)
	lose(nil)
	<-renewed
	// What is done, and what was refused, is told all the same: whether it may be stored is decided there.
	if errors.Is(cause, beat.lost) && err != nil && !refused(err) {
		return beat.lost
	}
	return err
}

func (s *Service) catching(ctx context.Context, f func() error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			s.log.Error().Ctx(ctx).Str("panic", PanicText(p)).Bytes("stack", debug.Stack()).Msg("panicked at work")
			err = errPanicked
		}
	}()
	return f()
}

// PanicText says what panicked, and not with what: that may be somebody's name. What Go itself says of a slip is about the
// program alone.
func PanicText(p any) string {
	if slip, ok := p.(runtime.Error); ok {
		return slip.Error()
	}
	return fmt.Sprintf("a %T", p)
}

// passing reports whether an error is that of a database that is away, or in each other's way: whoever
// comes next may fare better. Anything else would come again.
func passing(err error) bool {
	if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
		// Connections, rollbacks for another's sake, resources, and an operator's doing; but not a
		// statement that took too long, as it would again.
		return refusal.Code != "57014" &&
			slices.Contains([]string{"08", "25", "40", "53", "55", "57", "58"}, refusal.Code[:2])
	}
	// Not net.Error, which an errno of the file system is too.
	_, network := errors.AsType[*net.OpError](err)
	_, connecting := errors.AsType[*pgconn.ConnectError](err)
	return network || connecting || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.Is(err, context.DeadlineExceeded) || pgconn.SafeToRetry(err)
}

// Unavailable reports whether err is that of a service that is away, has no room or took too long: mostly the database, but a
// key service or an identity provider ends alike. Nothing is wrong with what was asked for, and whoever asks again may
// fare better. A change may have been made all the same.
func Unavailable(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return !errors.Is(err, context.Canceled) && (ok && refusal.Code == "57014" || passing(err))
}

func (h heartbeat) keep(ctx context.Context, busy *sync.Mutex, lose context.CancelCauseFunc) {
	ticker := time.NewTicker(h.lease / 4)
	defer ticker.Stop()
	lastRenewed := time.Now()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		asked := time.Now()
		if !busy.TryLock() {
			lastRenewed = asked
			continue
		}
		renewing, cancel := context.WithTimeout(ctx, h.lease)
		n, err := h.renew(renewing)
		cancel()
		busy.Unlock()
		switch {
		case err == nil && n == 1:
			lastRenewed = asked
		case err == nil, time.Since(lastRenewed) > h.lease:
			lose(h.lost)
			return
		}
	}
}

func (s *Service) heartbeatOf(account dbgen.MediumAccount) heartbeat {
	return heartbeat{lease: s.settings.Lease, lost: errLeaseLost, renew: func(ctx context.Context) (int64, error) {
		return s.beat(account.CompanyID).RenewLease(ctx, s.leaseOf(account))
	}}
}

func (s *Service) leaseOf(account dbgen.MediumAccount) dbgen.RenewLeaseParams {
	return dbgen.RenewLeaseParams{
		Lease: s.settings.Lease, CompanyID: account.CompanyID, ID: account.ID, LeaseOwner: account.LeaseOwner,
	}
}

// storing is the context in which the outcome of a task is stored. It goes on, for a moment, when this
// process is told to stop: to ask the medium again would be to try a password twice.
func storing(ctx context.Context) (context.Context, context.CancelFunc) {
	storing, cancel := context.WithTimeout(context.WithoutCancel(ctx), storeTimeout)
	told := context.AfterFunc(ctx, func() { time.AfterFunc(handOverTimeout, cancel) })
	return storing, func() {
		told()
		cancel()
	}
}

// rolledBack reports whether an error says that a transaction was given up for another's sake, and nothing of it is left.
func rolledBack(err error) bool {
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (refusal.Code == "40001" || refusal.Code == "40P01")
}

const (
	insistAfter   = 50 * time.Millisecond
	maxInsistWait = time.Second
)

// insist begins a transaction under an account's lease anew, for as long as ctx goes on, where it failed of what may not come
// again: what it stores would else have to be asked of the medium once more, with another sign-in. Where it was committed
// unheard of, the lease is no longer ours.
func (s *Service) insist(ctx context.Context, account dbgen.MediumAccount, mayPass func(error) bool, act Act, f func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error) error {
	for delay := insistAfter; ; delay = min(2*delay, maxInsistWait) {
		err := s.begin(ctx, account.CompanyID, act, f)
		if err == nil || !mayPass(err) || ctx.Err() != nil {
			return err
		}
		// Nobody else does; and nobody may take the account to ask again meanwhile.
		_, lost := s.beat(account.CompanyID).RenewLease(ctx, s.leaseOf(account))
		s.log.Info().Ctx(ctx).Err(errors.Join(err, lost)).Stringer("account", account.ID).Msg("could not be stored: once more")
		select {
		case <-ctx.Done():
			return err
		case <-time.After(delay):
		}
	}
}

// fenced is the error of a statement that finds its row only while the lease is ours.
func fenced(doing string, err error) error {
	if db.IsNoRows(err) {
		return errLeaseLost
	}
	return wrap(doing, err)
}

// handOver gives the work back when this process is told to stop, so that another goes on at once.
func (s *Service) handOver(ctx context.Context, account dbgen.MediumAccount) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handOverTimeout)
	defer cancel()
	return s.begin(ctx, account.CompanyID, "hand account over", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		row, err := q.PauseAccount(ctx, dbgen.PauseAccountParams{
			CompanyID: account.CompanyID, ID: account.ID, LeaseOwner: account.LeaseOwner,
		})
		if err != nil {
			return fenced("pause account", err)
		}
		return s.wakeWorker(ctx, tx, LinkStatus(row.Status), []Task{taskOf(row)})
	})
}

// wakeWorker queues what an account in this status has to have done, at once.
func (s *Service) wakeWorker(ctx context.Context, tx pgx.Tx, status LinkStatus, tasks []Task) error {
	if len(tasks) == 0 {
		return nil
	}
	if status == StatusLinked {
		return s.queue.ImportAccounts(ctx, tx, tasks, 0)
	}
	for _, t := range tasks {
		if err := s.queue.VerifyAccount(ctx, tx, t, 0); err != nil {
			return err
		}
	}
	return nil
}

const (
	reviveBatch = 200
	// wakePatience is how late a wake-up may be before it is taken for lost. Queued work is committed
	// with its account, so only a job that somebody deleted or cancelled by hand is.
	wakePatience = 15 * time.Minute
)

// Revive gives the accounts and files whose worker died, or whose wake-up never came, to somebody else. It
// reports how many.
func (s *Service) Revive(ctx context.Context) (int, error) {
	accounts, accountsErr := s.reviveAccounts(ctx)
	s.settings.Observer.WorkRevived(WorkAccount, accounts)
	files, filesErr := s.reviveFiles(ctx)
	s.settings.Observer.WorkRevived(WorkFile, files)
	return accounts + files, errors.Join(accountsErr, filesErr)
}

func (s *Service) reviveAccounts(ctx context.Context) (int, error) {
	n := 0
	err := s.beginPulse(ctx, func(tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.ReviveAccounts(ctx, dbgen.ReviveAccountsParams{Patience: wakePatience, MaxRows: reviveBatch})
		if err != nil {
			return fmt.Errorf("find dead workers' accounts: %w", err)
		}
		n = len(rows)
		byStatus := make(map[LinkStatus][]Task)
		for _, r := range rows {
			status := LinkStatus(r.Status)
			byStatus[status] = append(byStatus[status], Task{CompanyID: r.CompanyID, AccountID: r.ID, Epoch: r.Epoch, Wake: r.Wake})
		}
		for status, tasks := range byStatus {
			if err := s.wakeWorker(ctx, tx, status, tasks); err != nil {
				return fmt.Errorf("wake somebody: %w", err)
			}
		}
		return nil
	})
	if err != nil {
		return 0, err
	}
	return n, nil
}

// retryAfter is how long a task that failed n times waits: 2 s, 8 s, 32 s, … up to 15 minutes, spread
// so that many that failed together do not come back together.
func (s *Service) retryAfter(failures int) time.Duration {
	if s.settings.RetryAfter != nil {
		return s.settings.RetryAfter(failures)
	}
	delay := 2 * time.Second << (2 * min(failures-1, 5))
	delay = min(delay, 15*time.Minute)
	return spread(delay)
}
