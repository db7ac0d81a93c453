package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// ImportTrigger is what made a run happen.
type ImportTrigger string

// The triggers.
const (
	TriggerSchedule     ImportTrigger = "SCHEDULE"
	TriggerManual       ImportTrigger = "MANUAL"
	TriggerVerification ImportTrigger = "VERIFICATION"
)

// ImportRunStatus is how far a run has come.
type ImportRunStatus string

// The states of a run. QUARANTINED: what the medium sent no longer looks as it did, and none of that was
// written; what came in before stays.
const (
	RunQueued      ImportRunStatus = "QUEUED"
	RunRunning     ImportRunStatus = "RUNNING"
	RunSucceeded   ImportRunStatus = "SUCCEEDED"
	RunQuarantined ImportRunStatus = "QUARANTINED"
	RunFailed      ImportRunStatus = "FAILED"
	RunCancelled   ImportRunStatus = "CANCELLED"
)

// ImportRun is one attempt to bring in what is new. Seen = Known + Imported + Invalid, and Imported =
// Routed + Waiting, at each instant; Routed and Waiting are as they were when the run imported them.
type ImportRun struct {
	ID         uuid.UUID       `json:"id"`
	AccountID  uuid.UUID       `json:"accountId"`
	Trigger    ImportTrigger   `json:"trigger"`
	Status     ImportRunStatus `json:"status"`
	DueAt      time.Time       `json:"dueAt"`
	StartedAt  *time.Time      `json:"startedAt,omitempty"`
	FinishedAt *time.Time      `json:"finishedAt,omitempty"`
	Seen       int             `json:"seen"`
	Known      int             `json:"known"`
	Imported   int             `json:"imported"`
	Routed     int             `json:"routed"`
	Waiting    int             `json:"waiting"`
	Invalid    int             `json:"invalid"`
	// Hidden counts the applications that the medium has but did not let the account open.
	Hidden  int          `json:"hidden"`
	Failure *LinkFailure `json:"failure,omitempty"`
	// Quarantine is why the medium's answers, or the rest of them, were not believed.
	Quarantine *Quarantine `json:"quarantine,omitempty"`
}

// ImportNow runs an account's import at once. Where a run is queued or under way already it returns
// that one, and a retry that is waiting comes forward. UserErrors: NOT_FOUND, INVALID_STATE unless
// the account is linked.
func (s *Service) ImportNow(ctx context.Context, actor Actor, accountID uuid.UUID) (run ImportRun, alreadyQueued bool, err error) {
	err = s.change(ctx, actor, admins, "import now", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		account, err := q.LockAccount(ctx, dbgen.LockAccountParams{CompanyID: actor.Company.ID, ID: accountID})
		if db.IsNoRows(err) {
			return notFound("accountId")
		}
		if err != nil {
			return fmt.Errorf("lock account: %w", err)
		}
		if account.Status != string(StatusLinked) {
			return refuse(CodeInvalidState, textNotLinked, "accountId")
		}
		active, err := q.ActiveRun(ctx, dbgen.ActiveRunParams{CompanyID: actor.Company.ID, AccountID: accountID})
		if err != nil && !db.IsNoRows(err) {
			return fmt.Errorf("look for a run: %w", err)
		}
		alreadyQueued = err == nil
		var told events
		if run, err = s.wakeRun(ctx, tx, q, &told, account, active, alreadyQueued); err != nil || told.none() {
			return err
		}
		if err := audit(ctx, q, actor, AuditImportRequested, &account.ID, nil); err != nil {
			return err
		}
		return told.append(ctx, q)
	})
	return run, alreadyQueued, err
}

// wakeRun queues a run, or brings the one that waits for its retry forward. It tells nothing of one that is under way.
func (s *Service) wakeRun(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount, row dbgen.ImportRun, queued bool) (ImportRun, error) {
	var err error
	switch {
	case !queued:
		row, err = q.QueueRun(ctx, dbgen.QueueRunParams{
			CompanyID: account.CompanyID, AccountID: account.ID, Epoch: account.Epoch, Trigger: string(TriggerManual),
		})
	case row.Status == string(RunQueued):
		// Also where a job is on its way already: it may have been lost, and one too many does no harm.
		row, err = q.BringRunForward(ctx, dbgen.BringRunForwardParams{CompanyID: row.CompanyID, ID: row.ID})
	default:
		return importRun(row), nil
	}
	if err != nil {
		return ImportRun{}, fmt.Errorf("queue run: %w", err)
	}
	woken, err := q.WakeAccount(ctx, dbgen.WakeAccountParams{CompanyID: account.CompanyID, ID: account.ID, Anew: !queued})
	if err != nil {
		return ImportRun{}, fmt.Errorf("wake account: %w", err)
	}
	if err := s.queue.ImportAccounts(ctx, tx, []Task{taskOf(woken)}, 0); err != nil {
		return ImportRun{}, fmt.Errorf("queue import: %w", err)
	}
	told.runChanged(account.CompanyID, importRun(row))
	return importRun(row), nil
}

// runEnd is what is told of a run that did not succeed.
type runEnd struct {
	reason *FailureReason
	// sample, sealed, and changes are of a medium that no longer looks as it did.
	sample  []byte
	changes []string
}

// endRun ends the account's run, if one is queued or under way.
func (s *Service) endRun(ctx context.Context, q *dbgen.Queries, told *events, account dbgen.MediumAccount, status ImportRunStatus, end runEnd) error {
	row, err := q.FinishRun(ctx, dbgen.FinishRunParams{
		Status: string(status), FailureReason: (*string)(end.reason), Sample: end.sample, Changes: end.changes,
		CompanyID: account.CompanyID, AccountID: account.ID,
	})
	if db.IsNoRows(err) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("end run: %w", err)
	}
	told.runChanged(account.CompanyID, importRun(row))
	return nil
}

// Runs returns a company's runs, the latest first; of one account, or of all.
func (s *Service) Runs(ctx context.Context, actor Actor, accountID *uuid.UUID, page Keyset) ([]ImportRun, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, anyMember).Runs(ctx, dbgen.RunsParams{CompanyID: actor.Company.ID, AccountID: accountID, After: after, MaxRows: page.maxRows()})
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	return mapRows(rows, importRun), nil
}

// CountRuns counts what Runs would return in all.
func (s *Service) CountRuns(ctx context.Context, actor Actor, accountID *uuid.UUID) (int, error) {
	n, err := s.as(actor, anyMember).CountRuns(ctx, dbgen.CountRunsParams{CompanyID: actor.Company.ID, AccountID: accountID})
	return int(n), wrap("count runs", err)
}

// RunsByID returns the runs among ids, by id.
func (s *Service) RunsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]ImportRun, error) {
	rows, err := s.as(actor, anyMember).RunsByID(ctx, dbgen.RunsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read runs: %w", err)
	}
	return byID(mapRows(rows, importRun), func(r ImportRun) uuid.UUID { return r.ID }), nil
}

func importRun(r dbgen.ImportRun) ImportRun {
	run := ImportRun{
		ID: r.ID, AccountID: r.AccountID, Trigger: ImportTrigger(r.Trigger), Status: ImportRunStatus(r.Status),
		DueAt: r.DueAt, StartedAt: r.StartedAt, FinishedAt: r.FinishedAt,
		Seen: int(r.Seen), Known: int(r.Known), Imported: int(r.Imported), Routed: int(r.Routed),
		Waiting: int(r.Waiting), Invalid: int(r.Invalid), Hidden: int(r.Hidden),
	}
	if r.FailureReason != nil && r.FinishedAt != nil {
		run.Failure = &LinkFailure{Reason: FailureReason(*r.FailureReason), OccurredAt: *r.FinishedAt}
	}
	if len(r.Changes) > 0 {
		run.Quarantine = &Quarantine{Changes: r.Changes}
	}
	return run
}
