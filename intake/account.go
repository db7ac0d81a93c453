package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// LinkStatus is the 連携状況 of an account.
type LinkStatus string

// The five states of a link.
const (
	StatusUnlinked    LinkStatus = "UNLINKED"     // 未連携
	StatusVerifying   LinkStatus = "VERIFYING"    // アカウント認証中
	StatusLinked      LinkStatus = "LINKED"       // 連携中
	StatusAuthFailed  LinkStatus = "AUTH_FAILED"  // アカウント認証失敗
	StatusSystemError LinkStatus = "SYSTEM_ERROR" // エラーにより認証失敗
)

// mayBecome holds every legal move of a status: to → from.
var mayBecome = map[LinkStatus][]string{
	StatusVerifying:   {string(StatusUnlinked), string(StatusAuthFailed), string(StatusSystemError)},
	StatusLinked:      {string(StatusVerifying)},
	StatusAuthFailed:  {string(StatusVerifying), string(StatusLinked)},
	StatusSystemError: {string(StatusVerifying)},
	StatusUnlinked:    {string(StatusVerifying), string(StatusLinked), string(StatusAuthFailed), string(StatusSystemError)},
}

// ImportHealth says whether a link does its work on time; it is not the status.
type ImportHealth string

// The degrees of health. DELAYED: the last run failed, or the next is late. STALE: nothing came in
// for an interval and a half.
const (
	HealthHealthy ImportHealth = "HEALTHY"
	HealthDelayed ImportHealth = "DELAYED"
	HealthStale   ImportHealth = "STALE"
)

// LinkFailure is what went wrong with a link or a run, and when.
type LinkFailure struct {
	Reason     FailureReason `json:"reason"`
	OccurredAt time.Time     `json:"occurredAt"`
}

// MediumAccount is a login on a medium and the state of its link. It holds no secret.
type MediumAccount struct {
	ID     uuid.UUID `json:"id"`
	Medium Medium    `json:"medium"`
	// Email is left out of events: they need not keep it.
	Email                 string       `json:"-"`
	Status                LinkStatus   `json:"status"`
	Failure               *LinkFailure `json:"failure,omitempty"`
	Health                ImportHealth `json:"-"`
	VerificationStartedAt *time.Time   `json:"verificationStartedAt,omitempty"`
	LinkedAt              *time.Time   `json:"linkedAt,omitempty"`
	StoppedAt             *time.Time   `json:"stoppedAt,omitempty"`
	LastImportedAt        *time.Time   `json:"lastImportedAt,omitempty"`
	NextImportAt          *time.Time   `json:"nextImportAt,omitempty"`
	ImportFrom            time.Time    `json:"importFrom"`
	Revision              int          `json:"revision"`
}

// AccountAction is something that can be done to an account.
type AccountAction string

// The actions.
const (
	ActionRegister  AccountAction = "REGISTER"
	ActionStop      AccountAction = "STOP"
	ActionImportNow AccountAction = "IMPORT_NOW"
)

// AccountActionState says whether an action is possible now.
type AccountActionState struct {
	Action AccountAction
	// WhyNot is nil when the action is possible.
	WhyNot *Text
}

// AvailableActions lists every action and whether the account's state, and the actor's roles, allow it.
func (a MediumAccount) AvailableActions(actor Actor) []AccountActionState {
	states := []AccountActionState{{Action: ActionRegister}, {Action: ActionStop}, {Action: ActionImportNow}}
	if a.Status == StatusVerifying || a.Status == StatusLinked {
		states[0].WhyNot = &Text{"連携を停止してから登録してください。", "Stop the link before registering again."}
	}
	if a.Status == StatusUnlinked {
		states[1].WhyNot = &textAlreadyStopped
	}
	if a.Status != StatusLinked {
		states[2].WhyNot = &textNotLinked
	}
	if !actor.may(admins) {
		for i := range states {
			states[i].WhyNot = &textForAdmins
		}
	}
	return states
}

var (
	textAlreadyStopped = Text{"連携はすでに停止しています。", "The link is stopped already."}
	textForAdmins      = Text{"連携の設定ができるのは管理者だけです。", "Only an administrator can change a link."}
	textNotLinked      = Text{"連携中のアカウントだけが取り込めます。", "Only a linked account can import."}
)

// credentialField and sessionField name what the vault seals for an account.
const (
	credentialField = "password"
	sessionField    = "session"
)

// Account returns one account, or ErrNotFound.
func (s *Service) Account(ctx context.Context, actor Actor, id uuid.UUID) (MediumAccount, error) {
	found, err := s.AccountsByID(ctx, actor, []uuid.UUID{id})
	return one(found, id, err)
}

// Accounts returns the company's accounts, the oldest first; of one medium, or of all.
func (s *Service) Accounts(ctx context.Context, actor Actor, medium *Medium) ([]MediumAccount, error) {
	rows, err := s.as(actor, anyMember).Accounts(ctx, dbgen.AccountsParams{CompanyID: actor.Company.ID, Medium: (*string)(medium)})
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	accounts := make([]MediumAccount, len(rows))
	for i, r := range rows {
		accounts[i] = s.account(r)
	}
	return accounts, nil
}

// AccountsByID returns the accounts among ids, by id.
func (s *Service) AccountsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]MediumAccount, error) {
	rows, err := s.as(actor, anyMember).AccountsByID(ctx, dbgen.AccountsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read accounts: %w", err)
	}
	accounts := make(map[uuid.UUID]MediumAccount, len(rows))
	for _, r := range rows {
		accounts[r.ID] = s.account(r)
	}
	return accounts, nil
}

// HiddenByAccount counts, by account, the applications that the medium has but does not let the
// account open. More than a few suggest a 担当 account, which sees only a part.
func (s *Service) HiddenByAccount(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := s.as(actor, anyMember).HiddenByAccount(ctx, dbgen.HiddenByAccountParams{CompanyID: actor.Company.ID, AccountIds: ids})
	if err != nil {
		return nil, fmt.Errorf("count hidden applications: %w", err)
	}
	counts := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		counts[r.AccountID] = int(r.Hidden)
	}
	return counts, nil
}

// account is a row as people see it.
func (s *Service) account(r dbgen.MediumAccount) MediumAccount {
	a := MediumAccount{
		ID: r.ID, Medium: Medium(r.Medium), Email: r.Email, Status: LinkStatus(r.Status),
		VerificationStartedAt: r.VerificationStartedAt, LinkedAt: r.LinkedAt, StoppedAt: r.StoppedAt,
		LastImportedAt: r.LastImportedAt, NextImportAt: r.NextImportAt, ImportFrom: r.ImportFrom, Revision: int(r.Revision),
	}
	// Trouble met while verifying is not yet a failure.
	if r.FailureReason != nil && a.Status != StatusVerifying {
		a.Failure = &LinkFailure{Reason: FailureReason(*r.FailureReason), OccurredAt: *r.FailedAt}
	}
	// A retry comes before the next slot.
	if a.Status == StatusLinked && r.WakeAt != nil && r.WakeAt.Before(*r.NextImportAt) {
		a.NextImportAt = r.WakeAt
	}
	return s.withHealth(a)
}

// withHealth adds what depends on the hour.
func (s *Service) withHealth(a MediumAccount) MediumAccount {
	a.Health = health(a, s.settings.ImportInterval, time.Now())
	return a
}

func health(a MediumAccount, interval time.Duration, now time.Time) ImportHealth {
	if a.LinkedAt == nil || a.Status == StatusUnlinked || a.Status == StatusVerifying {
		return HealthHealthy
	}
	last := *a.LinkedAt
	if a.LastImportedAt != nil && a.LastImportedAt.After(last) {
		last = *a.LastImportedAt
	}
	silent := now.Sub(last)
	switch {
	case silent > interval*3/2:
		return HealthStale
	case a.Failure != nil, silent > interval+max(interval/20, time.Minute):
		return HealthDelayed
	}
	return HealthHealthy
}

// Stop ends a link (停止). The credential is destroyed, the run under way is cancelled; rules, entries
// and history stay. UserErrors: NOT_FOUND, INVALID_STATE when it is stopped already.
func (s *Service) Stop(ctx context.Context, actor Actor, id uuid.UUID) (MediumAccount, error) {
	var account MediumAccount
	err := s.change(ctx, actor, admins, "stop account", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		before, err := q.LockAccount(ctx, dbgen.LockAccountParams{CompanyID: actor.Company.ID, ID: id})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock account: %w", err)
		}
		row, err := move(ctx, q, actor.Company.ID, id, dbgen.MoveAccountParams{ToStatus: string(StatusUnlinked)})
		if errors.Is(err, errLeaseLost) {
			return refuse(CodeInvalidState, textAlreadyStopped, "id")
		}
		if err != nil {
			return err
		}
		var told events
		if err := s.endRun(ctx, q, &told, row, RunCancelled, runEnd{}); err != nil {
			return err
		}
		if err := s.noticeMove(ctx, tx, q, &told, row); err != nil {
			return err
		}
		account = s.account(row)
		previous := LinkStatus(before.Status)
		if err := audit(ctx, q, actor, AuditAccountStopped, &id, map[string]any{"from": previous}); err != nil {
			return err
		}
		told.accountMoved(actor.Company.ID, &previous, account)
		return told.append(ctx, q)
	})
	return account, err
}

// move changes a status where the present one allows it; nobody else writes that column. It returns
// errLeaseLost where it does not, or where the lease or epoch named in p no longer holds.
func move(ctx context.Context, q *dbgen.Queries, companyID, id uuid.UUID, p dbgen.MoveAccountParams) (dbgen.MediumAccount, error) {
	p.CompanyID, p.ID, p.FromStatuses = companyID, id, mayBecome[LinkStatus(p.ToStatus)]
	row, err := q.MoveAccount(ctx, p)
	return row, fenced("move account to "+p.ToStatus, err)
}

// moved tells of a move and returns the account as it now is.
func (s *Service) moved(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, previous *dbgen.MediumAccount, row dbgen.MediumAccount) (MediumAccount, error) {
	account := s.account(row)
	var told events
	if err := s.noticeMove(ctx, tx, q, &told, row); err != nil {
		return account, err
	}
	told.accountMoved(row.CompanyID, previousStatus(previous), account)
	return account, told.append(ctx, q)
}

func previousStatus(row *dbgen.MediumAccount) *LinkStatus {
	if row == nil {
		return nil
	}
	status := LinkStatus(row.Status)
	return &status
}

func taskOf(row dbgen.MediumAccount) Task {
	return Task{CompanyID: row.CompanyID, AccountID: row.ID, Epoch: row.Epoch, Wake: row.Wake}
}

// one picks id from what was found.
func one[T any](found map[uuid.UUID]T, id uuid.UUID, err error) (T, error) {
	if err != nil {
		var zero T
		return zero, err
	}
	value, ok := found[id]
	if !ok {
		return value, ErrNotFound
	}
	return value, nil
}
