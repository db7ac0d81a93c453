package intake

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

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
