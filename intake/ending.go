package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// sampleField names what the vault seals of a record that could not be read.
const sampleField = "sample"

// succeed ends the run and gives the account back until its next slot.
func (im *importing) succeed(ctx context.Context) error {
	return im.ended(RunSucceeded, "", im.s.insist(ctx, im.account, passing, "succeed run", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		account, err := q.RestAccount(ctx, dbgen.RestAccountParams{
			CompanyID: im.account.CompanyID, ID: im.account.ID, LeaseOwner: im.account.LeaseOwner,
		})
		if err != nil {
			return fenced("rest account", err)
		}
		if err := q.ForgetHidden(ctx, dbgen.ForgetHiddenParams{
			CompanyID: im.account.CompanyID, AccountID: im.account.ID, ExternalIds: im.again,
		}); err != nil {
			return fmt.Errorf("forget hidden applications: %w", err)
		}
		var told events
		if err := im.s.endRun(ctx, q, &told, account, RunSucceeded, runEnd{}); err != nil {
			return err
		}
		if err := im.goOn(ctx, tx, q, &told); err != nil {
			return err
		}
		if err := im.s.noticeRun(ctx, tx, q, &told, account, RunSucceeded, nil); err != nil {
			return err
		}
		return told.append(ctx, q)
	}))
}

// fail ends the run with its reason. What a person can mend ends the link too; anything else is tried
// again within the slot, as a run of its own, and then at the next slot.
func (im *importing) fail(ctx context.Context, trouble *SourceError) error {
	im.s.log.Info().Ctx(ctx).Err(trouble.Err).Stringer("account", im.account.ID).Stringer("run", im.run.ID).
		Str("reason", string(trouble.Reason)).Msg("import failed")
	status := RunFailed
	if trouble.Reason == FailureUnexpectedResponse {
		// Whatever pages were read well before it: they stay, and nobody waits for a retry to be told.
		status = RunQuarantined
	}
	if len(im.sample) == 0 {
		im.sample = trouble.Sample
	}
	sample, err := im.sealSample()
	if err != nil {
		return err
	}
	delay := max(im.s.retryAfter(int(im.account.Attempts)+1), trouble.RetryAfter)
	if im.isAway(trouble) {
		delay = max(delay, im.gate().pause())
	}
	return im.ended(status, trouble.Reason, im.s.insist(ctx, im.account, passing, "fail run", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		var told events
		account, err := im.release(ctx, q, &told, trouble, delay)
		if err != nil {
			return err
		}
		if err := im.s.endRun(ctx, q, &told, account, status, runEnd{reason: &trouble.Reason, sample: sample, changes: im.changesOf(trouble)}); err != nil {
			return err
		}
		if account.WakeAt != nil {
			if err := im.queueRetry(ctx, tx, q, &told, account, delay); err != nil {
				return err
			}
		}
		if err := im.noticeFailure(ctx, tx, q, &told, account, status, trouble.Reason); err != nil {
			return err
		}
		return told.append(ctx, q)
	}))
}

// ended tells the observer of a run whose end is stored, and passes the error of storing it on.
func (im *importing) ended(status ImportRunStatus, reason FailureReason, err error) error {
	if err == nil {
		end := RunEnd{Medium: Medium(im.account.Medium), Trigger: im.run.Trigger, Status: status, Reason: reason}
		if im.run.StartedAt != nil {
			end.Took = time.Since(*im.run.StartedAt)
		}
		im.s.settings.Observer.RunEnded(end)
	}
	return err
}

// release gives the account back after a failed run: for good, until the next slot, or, with a wake-up
// to come, until a retry.
func (im *importing) release(ctx context.Context, q *dbgen.Queries, told *events, trouble *SourceError, delay time.Duration) (dbgen.MediumAccount, error) {
	reason := string(trouble.Reason)
	switch {
	case trouble.Reason.PersonCanMend():
		row, err := move(ctx, q, im.account.CompanyID, im.account.ID, dbgen.MoveAccountParams{
			ToStatus: string(StatusAuthFailed), FailureReason: &reason, LeaseOwner: im.account.LeaseOwner,
		})
		if err == nil {
			told.accountMoved(row.CompanyID, previousStatus(&im.account), im.s.account(row))
		}
		return row, err
	case im.isAway(trouble):
		row, err := q.PostponeAccount(ctx, dbgen.PostponeAccountParams{
			Delay: delay, CompanyID: im.account.CompanyID, ID: im.account.ID, LeaseOwner: im.account.LeaseOwner,
		})
		return row, fenced("postpone account", err)
	case int(im.account.Attempts)+1 >= importTries:
		row, err := q.RestAccount(ctx, dbgen.RestAccountParams{
			FailureReason: &reason, CompanyID: im.account.CompanyID, ID: im.account.ID, LeaseOwner: im.account.LeaseOwner,
		})
		return row, fenced("rest account", err)
	}
	row, err := q.WakeAccountLater(ctx, dbgen.WakeAccountLaterParams{
		FailureReason: &reason, Delay: delay, CompanyID: im.account.CompanyID, ID: im.account.ID,
		LeaseOwner: im.account.LeaseOwner,
	})
	return row, fenced("put import off", err)
}

// isAway reports whether the run failed for what keeps everybody from its medium. Whoever tries then does so for all, and
// uses up none of the account's tries: otherwise all of a few accounts would rest for hours, and nobody would find the medium
// back.
func (im *importing) isAway(trouble *SourceError) bool {
	return trouble.meansAway() && !im.gate().awaySince().IsZero()
}

func (im *importing) gate() *mediumGate { return im.s.gates[Medium(im.account.Medium)] }

// queueRetry queues the next run and the job that wakes somebody for it.
func (im *importing) queueRetry(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount, delay time.Duration) error {
	if err := im.s.queue.ImportAccounts(ctx, tx, []Task{taskOf(account)}, delay); err != nil {
		return fmt.Errorf("queue retry: %w", err)
	}
	next, err := q.QueueRun(ctx, dbgen.QueueRunParams{
		CompanyID: account.CompanyID, AccountID: account.ID, Epoch: account.Epoch, Trigger: string(im.run.Trigger), Delay: delay,
	})
	if err != nil {
		return fmt.Errorf("queue retry's run: %w", err)
	}
	told.runChanged(account.CompanyID, importRun(next))
	return nil
}

// changesOf is what an administrator is told to have changed: paths, or what the source found, of which neither tells a value.
func (im *importing) changesOf(trouble *SourceError) []string {
	switch {
	case trouble.Reason != FailureUnexpectedResponse:
		return nil
	case len(im.changes) == 0:
		return []string{trouble.Err.Error()}
	}
	return im.changes[:min(len(im.changes), maxChanges)]
}

func (im *importing) sealSample() ([]byte, error) {
	if len(im.sample) == 0 {
		return nil, nil
	}
	return im.s.vault.Seal(NewSecret(string(im.sample)), im.account.CompanyID, im.account.ID, sampleField)
}
