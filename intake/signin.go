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

// maxMemberships is how many companies' members one address is tried for where none is named.
const maxMemberships = 5

// SignIn returns who an e-mail address and a password stand for, or ErrWrongPassword, or a ThrottledError.
// Where several companies have a member of this address and none is named, it is the one whose password
// this is: no company can stand in the way of another's. An address that nobody has takes as long as one
// with a wrong password: one hashing.
func (s *Service) SignIn(ctx context.Context, email string, password Secret, companyID *uuid.UUID, address string) (Actor, error) {
	if !storable(email) || len(email) > 1000 {
		email = "" // nobody's
	}
	if err := s.countAddress(ctx, address); err != nil {
		return Actor{}, err
	}
	members, err := s.across().MembersToSignIn(ctx, dbgen.MembersToSignInParams{Email: email, CompanyID: companyID, MaxRows: maxMemberships})
	if err != nil {
		return Actor{}, fmt.Errorf("look up member: %w", err)
	}
	// Tries count for the one member; where that is not clear, for the address, which no success clears.
	key, one := emailKey(email), len(members) == 1
	if one {
		key = memberKey(members[0].CompanyID, members[0].ID)
	}
	if err := s.countTry(ctx, key, triesPerEmail); err != nil {
		return Actor{}, err
	}
	m, outdated, err := s.whosePassword(ctx, members, password)
	if errors.Is(err, ErrWrongPassword) {
		return Actor{}, s.failedToSignIn(ctx, members, key, address)
	}
	if err != nil {
		return Actor{}, err
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
	if !one {
		return actor, nil
	}
	_, err = s.across().ForgetTries(ctx, key)
	return actor, wrap("forget tries", err)
}

// whosePassword returns the first member whose password this is, or ErrWrongPassword.
func (s *Service) whosePassword(ctx context.Context, members []dbgen.MembersToSignInRow, password Secret) (m dbgen.MembersToSignInRow, outdated bool, err error) {
	if len(members) == 0 {
		members = append(members, m) // nobody, who takes a hashing too
	}
	for _, m := range members {
		right, outdated, err := s.hasher.verify(ctx, password, m.PasswordHash)
		if err != nil || right {
			return m, outdated, err
		}
	}
	return m, false, ErrWrongPassword
}

func (s *Service) signedIn(ctx context.Context, actor Actor, hash, renewed string) error {
	return s.begin(ctx, actor.Company.ID, "keep sign-in", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
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

// failedToSignIn tells the member's company, if it is clear who is meant, and otherwise takes as long.
func (s *Service) failedToSignIn(ctx context.Context, members []dbgen.MembersToSignInRow, key []byte, address string) error {
	var err error
	if len(members) != 1 {
		err = s.beginAcross(ctx, "keep failed sign-in", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
			_, err := q.TouchTries(ctx, key)
			return err
		})
	} else {
		m := members[0]
		err = s.begin(ctx, m.CompanyID, "keep failed sign-in", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
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
	key := memberKey(actor.Company.ID, actor.Member.ID)
	if err := s.countTry(ctx, key, triesPerEmail); err != nil {
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
	err = s.change(ctx, actor, anyMember, "change password", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		ended, err := setPassword(ctx, q, &actor, changed, actor.Credential.ID)
		if err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditPasswordChanged, &actor.Member.ID, map[string]any{"sessionsEnded": ended})
	})
	if err != nil {
		return err
	}
	_, err = s.across().ForgetTries(ctx, key)
	return wrap("forget tries", err)
}

// setPassword sets a member's password and ends what the old one opened, but for one session. The actor is of
// the new revision from then on.
func setPassword(ctx context.Context, q *dbgen.Queries, actor *Actor, hash string, but uuid.UUID) (ended int, err error) {
	company, member := actor.Company.ID, actor.Member.ID
	revision, err := q.SetPassword(ctx, dbgen.SetPasswordParams{CompanyID: company, ID: member, PasswordHash: hash})
	if db.IsNoRows(err) {
		return 0, ErrNotFound
	}
	if err != nil {
		return 0, fmt.Errorf("set password: %w", err)
	}
	actor.Credential.MemberRevision = int(revision)
	if _, err := q.SpendLinks(ctx, dbgen.SpendLinksParams{CompanyID: company, MemberID: member}); err != nil {
		return 0, fmt.Errorf("end links: %w", err)
	}
	sessions, err := q.EndSessions(ctx, dbgen.EndSessionsParams{CompanyID: company, MemberID: member, But: but})
	return len(sessions), wrap("end sessions", err)
}
