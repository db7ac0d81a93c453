package intake

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// ErrWrongPassword says that e-mail address and password let nobody in. It does not say which is wrong.
var ErrWrongPassword = errors.New("e-mail address or password is wrong")

// SignIn returns who an e-mail address and a password stand for, or ErrWrongPassword, or a ThrottledError.
// Where several companies have a member of this address and none is named, it is the one who signed in
// last. An address that nobody has takes as long as a wrong password: one hashing.
func (s *Service) SignIn(ctx context.Context, email string, password Secret, companyID *uuid.UUID, address string) (Actor, error) {
	if !storable(email) || len(email) > 1000 {
		email = "" // nobody's
	}
	if err := s.countAddress(ctx, address); err != nil {
		return Actor{}, err
	}
	if err := s.countEmail(ctx, email); err != nil {
		return Actor{}, err
	}
	m, err := s.across().MemberToSignIn(ctx, dbgen.MemberToSignInParams{Email: email, CompanyID: companyID})
	if err != nil && !db.IsNoRows(err) {
		return Actor{}, fmt.Errorf("look up member: %w", err)
	}
	right, outdated, err := s.hasher.verify(ctx, password, m.PasswordHash)
	if err != nil {
		return Actor{}, err
	}
	if !right {
		return Actor{}, s.failedToSignIn(ctx, m, email, address)
	}
	actor := Actor{
		Company: Company{ID: m.CompanyID, Name: m.CompanyName},
		Member:  Member{ID: m.ID, Name: m.Name, Email: m.Email, Roles: roles(m.Roles)},

		Credential: Credential{MemberRevision: int(m.Revision)}, Address: address,
	}
	renewed := ""
	if outdated {
		if renewed, err = s.hasher.hash(ctx, password); err != nil {
			return Actor{}, err
		}
	}
	if err := s.signedIn(ctx, actor, m.PasswordHash, renewed); err != nil {
		return Actor{}, err
	}
	if _, err := s.across().ForgetTries(ctx, emailKey(email)); err != nil {
		return Actor{}, fmt.Errorf("forget tries: %w", err)
	}
	return actor, nil
}

func (s *Service) signedIn(ctx context.Context, actor Actor, hash, renewed string) error {
	return s.begin(ctx, actor.Company.ID, func(_ pgx.Tx, q *dbgen.Queries) error {
		found, err := q.SignedIn(ctx, dbgen.SignedInParams{CompanyID: actor.Company.ID, ID: actor.Member.ID})
		if err != nil {
			return fmt.Errorf("note sign-in: %w", err)
		}
		if found == 0 {
			return ErrWrongPassword // disabled meanwhile
		}
		if renewed == "" {
			return nil
		}
		_, err = q.RenewPasswordHash(ctx, dbgen.RenewPasswordHashParams{
			CompanyID: actor.Company.ID, ID: actor.Member.ID, OldHash: hash, PasswordHash: renewed,
		})
		return wrap("renew password's hash", err)
	})
}

// failedToSignIn tells the member's company, if there is a member, and otherwise takes as long.
func (s *Service) failedToSignIn(ctx context.Context, m dbgen.MemberToSignInRow, email, address string) error {
	var err error
	if m.ID == uuid.Nil {
		err = s.beginAcross(ctx, func(_ pgx.Tx, q *dbgen.Queries) error {
			_, err := q.TouchTries(ctx, emailKey(email))
			return err
		})
	} else {
		err = s.begin(ctx, m.CompanyID, func(_ pgx.Tx, q *dbgen.Queries) error {
			return audit(ctx, q, nobodyOf(m.CompanyID, address), AuditSignInFailed, &m.ID, nil)
		})
	}
	if err != nil {
		return fmt.Errorf("note failed sign-in: %w", err)
	}
	return ErrWrongPassword
}

// nobodyOf is somebody who was not let in to a company.
func nobodyOf(companyID uuid.UUID, address string) Actor {
	return Actor{Company: Company{ID: companyID}, Address: address, without: ActorNobody}
}

// ChangePassword gives a member who knows the present password another one. It ends the member's other
// sessions and the links that would set the password. A wrong present password is INVALID.
func (s *Service) ChangePassword(ctx context.Context, actor Actor, current, next Secret) error {
	if err := actor.must(anyMember); err != nil {
		return err
	}
	// Whoever found an open session must not find out the password.
	if err := s.countEmail(ctx, actor.Member.Email); err != nil {
		return err
	}
	hash, err := s.as(actor, anyMember).PasswordOf(ctx, dbgen.PasswordOfParams{CompanyID: actor.Company.ID, ID: actor.Member.ID})
	if err != nil && !db.IsNoRows(err) {
		return fmt.Errorf("read password's hash: %w", err)
	}
	right, _, err := s.hasher.verify(ctx, current, hash)
	if err != nil {
		return err
	}
	if !right {
		return refuse(CodeInvalid, Text{"現在のパスワードが正しくありません。", "The present password is wrong."}, "current")
	}
	if err := checkPassword(next, actor.Member.Email, "new"); err != nil {
		return err
	}
	changed, err := s.hasher.hash(ctx, next)
	if err != nil {
		return err
	}
	err = s.change(ctx, actor, anyMember, func(_ pgx.Tx, q *dbgen.Queries) error {
		ended, err := setPassword(ctx, q, actor, changed, actor.Credential.ID)
		if err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditPasswordChanged, &actor.Member.ID, map[string]any{"sessionsEnded": ended})
	})
	if err != nil {
		return err
	}
	_, err = s.across().ForgetTries(ctx, emailKey(actor.Member.Email))
	return wrap("forget tries", err)
}

// setPassword sets a member's password and ends what the old one opened, but for one session.
func setPassword(ctx context.Context, q *dbgen.Queries, actor Actor, hash string, but uuid.UUID) (ended int, err error) {
	company, member := actor.Company.ID, actor.Member.ID
	set, err := q.SetPassword(ctx, dbgen.SetPasswordParams{CompanyID: company, ID: member, PasswordHash: hash})
	if err != nil {
		return 0, fmt.Errorf("set password: %w", err)
	}
	if set == 0 {
		return 0, ErrNotFound
	}
	if _, err := q.SpendLinks(ctx, dbgen.SpendLinksParams{CompanyID: company, MemberID: member}); err != nil {
		return 0, fmt.Errorf("end links: %w", err)
	}
	sessions, err := q.EndSessions(ctx, dbgen.EndSessionsParams{CompanyID: company, MemberID: member, But: but})
	return len(sessions), wrap("end sessions", err)
}
