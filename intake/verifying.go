package intake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// unexpectedTries is how often a medium may answer a verification with what is not understood:
// waiting for hours would not teach us to.
const unexpectedTries = 3

// Verify does what a registration asked for: it signs in, makes sure that candidates can be seen,
// and moves the account to what it found. A task that no longer counts does nothing. An error means
// that nothing could be stored.
func (s *Service) Verify(ctx context.Context, task Task) error {
	claimed, err := s.claim(ctx, s.of(task.CompanyID), task, StatusVerifying)
	if errors.Is(err, ErrNotFound) {
		s.log.Debug().Stringer("account", task.AccountID).Int64("epoch", task.Epoch).Msg("verification is out of date")
		return nil
	}
	if err != nil {
		return err
	}
	account := claimed.MediumAccount
	asking, wait := s.gates[Medium(account.Medium)].enter(account.CompanyID)
	if asking == nil {
		left := s.verificationLeft(account, claimed.ClaimedAt)
		if left <= 0 {
			return s.giveUp(ctx, account, StatusSystemError, FailureMediumUnavailable)
		}
		wait = min(wait, left)
		return s.ignoringLostLease(ctx, s.begin(ctx, account.CompanyID, "postpone verification", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
			_, err := s.postpone(ctx, tx, q, account, wait)
			return err
		}))
	}
	var session Secret
	err = s.acting(ctx, "verify account", func(ctx context.Context) error {
		return s.underLease(ctx, s.heartbeatOf(account), new(sync.Mutex), func(ctx context.Context) error {
			login, err := s.login(account)
			if err != nil {
				return err
			}
			session, err = s.sources[Medium(account.Medium)].Verify(ctx, login.Credentials)
			return err
		})
	})
	asking.tell(ctx, err)
	switch {
	case errors.Is(err, errLeaseLost):
		s.settings.Observer.LeaseLost(WorkVerification)
		return nil
	case err != nil && ctx.Err() != nil && !refused(err):
		return s.ignoringLostLease(ctx, s.handOver(ctx, account))
	}
	ctx, cancel := storing(ctx)
	defer cancel()
	if err != nil {
		return s.verificationFailed(ctx, account, claimed.ClaimedAt, err)
	}
	return s.link(ctx, account, session)
}

// link makes a verified account LINKED and queues its first import.
func (s *Service) link(ctx context.Context, account dbgen.MediumAccount, session Secret) error {
	sealed, err := s.vault.Seal(session, account.CompanyID, account.ID, sessionField)
	if err != nil {
		return err
	}
	return s.ignoringLostLease(ctx, s.verified(account, StatusLinked, "", s.insist(ctx, account, passing, "link account", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		row, err := move(ctx, q, account.CompanyID, account.ID, dbgen.MoveAccountParams{
			ToStatus: string(StatusLinked), Session: sealed, LeaseOwner: account.LeaseOwner,
			// Anywhere in the slot: many may be linked in the same minute.
			NextImportIn: rand.N(s.settings.ImportInterval), //nolint:gosec // spreading load, not a secret
		})
		if err != nil {
			return err
		}
		run, err := q.QueueRun(ctx, dbgen.QueueRunParams{
			CompanyID: row.CompanyID, AccountID: row.ID, Epoch: row.Epoch, Trigger: string(TriggerVerification),
		})
		if err != nil {
			return fmt.Errorf("queue first import: %w", err)
		}
		if err := s.queue.ImportAccounts(ctx, tx, []Task{taskOf(row)}, 0); err != nil {
			return fmt.Errorf("queue first import: %w", err)
		}
		var told events
		if err := s.noticeMove(ctx, tx, q, &told, row); err != nil {
			return err
		}
		told.accountMoved(row.CompanyID, previousStatus(&account), s.account(row))
		told.runChanged(row.CompanyID, importRun(run))
		return told.append(ctx, q)
	})))
}

// verified tells the observer of a verification whose end is stored, and passes the error of storing it on.
func (s *Service) verified(account dbgen.MediumAccount, to LinkStatus, reason FailureReason, err error) error {
	if err == nil {
		end := VerificationEnd{Medium: Medium(account.Medium), Status: to, Reason: reason}
		if account.VerificationStartedAt != nil {
			end.Took = time.Since(*account.VerificationStartedAt)
		}
		s.settings.Observer.VerificationEnded(end)
	}
	return err
}

// verificationFailed gives up, or tries again later.
func (s *Service) verificationFailed(ctx context.Context, account dbgen.MediumAccount, now time.Time, cause error) error {
	trouble := asSourceError(cause)
	s.log.Info().Ctx(ctx).Err(trouble.Err).Stringer("account", account.ID).Str("reason", string(trouble.Reason)).Msg("verification failed")
	left := s.verificationLeft(account, now)
	// A key that this process lacks, another may have.
	hopeless := trouble.Reason == FailureInternal && !errors.Is(cause, errSealed) ||
		trouble.Reason == FailureUnexpectedResponse && int(account.Attempts)+1 >= unexpectedTries
	switch {
	case trouble.Reason.PersonCanMend():
		return s.giveUp(ctx, account, StatusAuthFailed, trouble.Reason)
	case left <= 0 || hopeless:
		return s.giveUp(ctx, account, StatusSystemError, trouble.Reason)
	}
	delay := min(max(s.retryAfter(int(account.Attempts)+1), trouble.RetryAfter), left)
	return s.ignoringLostLease(ctx, s.insist(ctx, account, passing, "put verification off", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		row, err := q.WakeAccountLater(ctx, dbgen.WakeAccountLaterParams{
			FailureReason: (*string)(&trouble.Reason), Delay: delay,
			CompanyID: account.CompanyID, ID: account.ID, LeaseOwner: account.LeaseOwner,
		})
		if err != nil {
			return fenced("put verification off", err)
		}
		return s.queue.VerifyAccount(ctx, tx, taskOf(row), delay)
	}))
}

// verificationLeft is how much is left of a verification's time.
func (s *Service) verificationLeft(account dbgen.MediumAccount, now time.Time) time.Duration {
	return account.VerificationStartedAt.Add(s.settings.VerifyTimeout).Sub(now)
}

// giveUp moves a verification to what it ended in.
func (s *Service) giveUp(ctx context.Context, account dbgen.MediumAccount, to LinkStatus, reason FailureReason) error {
	p := dbgen.MoveAccountParams{ToStatus: string(to), FailureReason: (*string)(&reason), LeaseOwner: account.LeaseOwner}
	if reason.PersonCanMend() {
		// A refusal of these credentials stays one, whoever holds the lease by now.
		p.LeaseOwner, p.Epoch = nil, &account.Epoch
	}
	return s.ignoringLostLease(ctx, s.verified(account, to, reason, s.insist(ctx, account, passing, "give verification up", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		now, err := q.LockAccount(ctx, dbgen.LockAccountParams{CompanyID: account.CompanyID, ID: account.ID})
		if err != nil {
			return fenced("lock account", err)
		}
		if now.Status != account.Status {
			// Somebody else has come to an end with it.
			return errLeaseLost
		}
		row, err := move(ctx, q, account.CompanyID, account.ID, p)
		if err != nil {
			return err
		}
		_, err = s.moved(ctx, tx, q, &account, row)
		return err
	})))
}

// ExpireVerifications ends the verifications that nobody came to an end with in time.
func (s *Service) ExpireVerifications(ctx context.Context) error {
	// Whoever is at work on one at the deadline gets a minute to finish it.
	overdue, err := s.across().OverdueVerifications(ctx, dbgen.OverdueVerificationsParams{
		Age: s.settings.VerifyTimeout + time.Minute, MaxRows: reviveBatch,
	})
	if err != nil {
		return fmt.Errorf("find overdue verifications: %w", err)
	}
	var errs []error
	for _, o := range overdue {
		var expired *dbgen.MediumAccount
		reason := string(FailureTimedOut)
		err := s.begin(ctx, o.CompanyID, "expire verification", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
			before, err := q.LockAccount(ctx, dbgen.LockAccountParams{CompanyID: o.CompanyID, ID: o.ID})
			if err != nil {
				return fmt.Errorf("lock account: %w", err)
			}
			if before.Status != string(StatusVerifying) || before.Epoch != o.Epoch {
				return nil
			}
			if before.FailureReason != nil {
				reason = *before.FailureReason
			}
			row, err := move(ctx, q, o.CompanyID, o.ID, dbgen.MoveAccountParams{ToStatus: string(StatusSystemError), FailureReason: &reason})
			if err != nil {
				return err
			}
			expired = &before
			_, err = s.moved(ctx, tx, q, &before, row)
			return err
		})
		if expired != nil {
			err = s.verified(*expired, StatusSystemError, FailureReason(reason), err)
		}
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

// login opens what the account signs in with.
func (s *Service) login(account dbgen.MediumAccount) (Login, error) {
	password, err := s.vault.Open(account.Credential, account.CompanyID, account.ID, credentialField)
	if err != nil {
		return Login{}, err
	}
	session, err := s.vault.Open(account.Session, account.CompanyID, account.ID, sessionField)
	if err != nil {
		return Login{}, err
	}
	return Login{Credentials: Credentials{Email: account.Email, Password: password}, Session: session}, nil
}

// asSourceError takes what is not the medium's trouble for ours.
func asSourceError(err error) *SourceError {
	if trouble, ok := AsSourceError(err); ok {
		return trouble
	}
	return &SourceError{Reason: FailureInternal, Err: err}
}

// refused reports whether the medium has said what it must not be asked twice.
func refused(err error) bool {
	trouble, ok := AsSourceError(err)
	return ok && trouble.Reason.PersonCanMend()
}

// ignoringLostLease passes over that somebody else has come in between: theirs is the last word.
func (s *Service) ignoringLostLease(ctx context.Context, err error) error {
	if errors.Is(err, errLeaseLost) {
		s.settings.Observer.LeaseLost(WorkAccount)
		s.log.Info().Ctx(ctx).Err(err).Msg("result dropped: the account is no longer ours")
		return nil
	}
	return err
}

// jitter is how far before its slot an import may come, so that accounts that came together do not stay
// together.
func (s *Service) jitter() time.Duration { return s.settings.ImportInterval / 50 }

// spread takes up to a fifth off a delay.
func spread(d time.Duration) time.Duration {
	return d - rand.N(d/5+1) //nolint:gosec // spreading load, not a secret
}
