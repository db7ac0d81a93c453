package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
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

// Registration is what Register takes.
type Registration struct {
	Medium   Medium
	Email    string
	Password Secret
	// ImportFrom is the instant from which applications are imported; nil means from now on, or, for
	// an account that failed, as before.
	ImportFrom *time.Time
}

const (
	maxPasswordBytes = 1024
	maxLookBack      = 30 * 24 * time.Hour
	// clockLeeway lets a client's clock differ a little.
	clockLeeway = time.Minute
)

// Register starts to verify an account (アカウント認証開始). An account that failed or was stopped is
// entered again under the same id, and what it imported is kept. UserErrors: what is wrong with the
// input; ALREADY_EXISTS when this login is being verified or linked already.
func (s *Service) Register(ctx context.Context, actor Actor, in Registration) (MediumAccount, error) {
	if err := actor.must(admins); err != nil {
		return MediumAccount{}, err
	}
	in.Email = strings.TrimSpace(in.Email)
	if err := s.checkRegistration(in, time.Now()); err != nil {
		return MediumAccount{}, err
	}
	var account MediumAccount
	err := s.change(ctx, actor, admins, "register account", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		existing, err := q.AccountByLogin(ctx, dbgen.AccountByLoginParams{
			CompanyID: actor.Company.ID, Medium: string(in.Medium), Email: in.Email,
		})
		switch {
		case db.IsNoRows(err):
			account, err = s.registerFirst(ctx, tx, q, actor, in)
		case err != nil:
			err = fmt.Errorf("look up login: %w", err)
		default:
			account, err = s.registerAgain(ctx, tx, q, actor, existing, in)
		}
		return err
	})
	return account, err
}

func (s *Service) checkRegistration(in Registration, now time.Time) error {
	var c check
	if _, known := s.sources[in.Medium]; !known {
		c.add(CodeInvalid, Text{"この求人媒体には対応していません。", "This medium is not supported."}, "input", "medium")
	}
	switch {
	case in.Email == "":
		c.add(CodeRequired, Text{"メールアドレスを入力してください。", "Enter the e-mail address."}, "input", "email")
	case len(in.Email) > 254:
		c.add(CodeTooLong, Text{"メールアドレスが長すぎます。", "The e-mail address is too long."}, "input", "email")
	case !isEmail(in.Email):
		c.add(CodeInvalid, textNotAnEmail, "input", "email")
	}
	switch {
	case in.Password.IsZero():
		c.add(CodeRequired, Text{"パスワードを入力してください。", "Enter the password."}, "input", "password")
	case len(in.Password.Reveal()) > maxPasswordBytes:
		c.add(CodeTooLong, Text{"パスワードが長すぎます。", "The password is too long."}, "input", "password")
	}
	if in.ImportFrom != nil {
		switch {
		case in.ImportFrom.After(now.Add(clockLeeway)):
			c.add(CodeInvalid, Text{"取り込み開始日時に未来は指定できません。", "Importing cannot start in the future."}, "input", "importFrom")
		case in.ImportFrom.Before(now.Add(-maxLookBack - clockLeeway)):
			c.add(CodeInvalid, Text{"取り込み開始日時は30日前までです。", "Importing can start at most 30 days back."}, "input", "importFrom")
		}
	}
	return c.err()
}

func (s *Service) registerFirst(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, actor Actor, in Registration) (MediumAccount, error) {
	id := newID()
	credential, err := s.vault.Seal(in.Password, actor.Company.ID, id, credentialField)
	if err != nil {
		return MediumAccount{}, err
	}
	row, err := q.InsertAccount(ctx, dbgen.InsertAccountParams{
		CompanyID: actor.Company.ID, ID: id, Medium: string(in.Medium), Email: in.Email,
		ImportFrom: in.ImportFrom, Credential: credential,
	})
	if db.IsNoRows(err) {
		// A twin was faster.
		return MediumAccount{}, alreadyLinked()
	}
	if err != nil {
		return MediumAccount{}, fmt.Errorf("insert account: %w", err)
	}
	return s.verifyingSince(ctx, tx, q, actor, nil, row)
}

func (s *Service) registerAgain(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, actor Actor, existing dbgen.MediumAccount, in Registration) (MediumAccount, error) {
	credential, err := s.vault.Seal(in.Password, existing.CompanyID, existing.ID, credentialField)
	if err != nil {
		return MediumAccount{}, err
	}
	row, err := move(ctx, q, existing.CompanyID, existing.ID, dbgen.MoveAccountParams{
		ToStatus: string(StatusVerifying), Email: &in.Email, ImportFrom: in.ImportFrom, Credential: credential,
		// What came while the link was stopped is left alone.
		ImportFromNow: in.ImportFrom == nil && existing.Status == string(StatusUnlinked),
	})
	if errors.Is(err, errLeaseLost) {
		return MediumAccount{}, alreadyLinked()
	}
	if err != nil {
		return MediumAccount{}, err
	}
	return s.verifyingSince(ctx, tx, q, actor, &existing, row)
}

// verifyingSince tells of a registration and queues the verification.
func (s *Service) verifyingSince(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, actor Actor, previous *dbgen.MediumAccount, row dbgen.MediumAccount) (MediumAccount, error) {
	if err := s.queue.VerifyAccount(ctx, tx, taskOf(row), 0); err != nil {
		return MediumAccount{}, fmt.Errorf("queue verification: %w", err)
	}
	if err := audit(ctx, q, actor, AuditAccountRegistered, &row.ID, map[string]any{"medium": row.Medium}); err != nil {
		return MediumAccount{}, err
	}
	return s.moved(ctx, tx, q, previous, row)
}

func alreadyLinked() error {
	return refuse(CodeAlreadyExists,
		Text{"このアカウントはすでに登録されています。変更するには、先に連携を停止してください。", "This account is registered already. To change it, stop the link first."},
		"input", "email")
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
