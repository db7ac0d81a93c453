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

// ErrBadLink says that a one-time link was never made, is used up, or has expired.
var ErrBadLink = errors.New("link does not work, or not any more")

// Invited is what an invitation says to whoever holds its link.
type Invited struct {
	Company     string
	Name, Email string
}

// LookAtInvitation reads an invitation without accepting it. It fails with ErrBadLink or a ThrottledError.
func (s *Service) LookAtInvitation(ctx context.Context, secret Secret, address string) (Invited, error) {
	l, err := s.oneTimeLink(ctx, LinkInvitation, secret, address)
	if err != nil {
		return Invited{}, err
	}
	return Invited{Company: l.CompanyName, Name: l.MemberName, Email: l.Email}, nil
}

// AcceptInvitation lets a member who was invited choose a password. The link works once.
func (s *Service) AcceptInvitation(ctx context.Context, secret, password Secret, address string) (Actor, error) {
	return s.useLink(ctx, LinkInvitation, AuditInvitationAccepted, "accept invitation", secret, password, address)
}

// ResetPassword lets a member who was given a link for it choose another password, and ends all of the member's
// sessions. The link works once.
func (s *Service) ResetPassword(ctx context.Context, secret, password Secret, address string) (Actor, error) {
	return s.useLink(ctx, LinkPasswordReset, AuditPasswordReset, "reset password", secret, password, address)
}

func (s *Service) oneTimeLink(ctx context.Context, purpose LinkPurpose, secret Secret, address string) (dbgen.LinkByHashRow, error) {
	if err := s.countAddress(ctx, address); err != nil {
		return dbgen.LinkByHashRow{}, err
	}
	l, err := s.across().LinkByHash(ctx, dbgen.LinkByHashParams{Hash: hashOf(secret.Reveal()), Purpose: string(purpose)})
	if db.IsNoRows(err) {
		return l, ErrBadLink
	}
	return l, wrap("look up link", err)
}

func (s *Service) useLink(
	ctx context.Context, purpose LinkPurpose, action AuditAction, act Act, secret, password Secret, address string,
) (Actor, error) {
	l, err := s.oneTimeLink(ctx, purpose, secret, address)
	if err != nil {
		return Actor{}, err
	}
	if err := checkPassword(password, l.Email, "password"); err != nil {
		return Actor{}, err
	}
	hash, err := s.hasher.hash(ctx, password)
	if err != nil {
		return Actor{}, err
	}
	actor := Actor{
		Company: Company{ID: l.CompanyID, Name: l.CompanyName},
		Member:  Member{ID: l.MemberID, Name: l.MemberName, Email: l.Email, Roles: roles(l.Roles)},

		Credential: Credential{MemberRevision: int(l.Revision)}, Address: address,
	}
	err = s.begin(ctx, l.CompanyID, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := takeLink(ctx, q, l); err != nil {
			return err
		}
		ended, err := setPassword(ctx, q, &actor, hash, uuid.Nil)
		if err != nil {
			return err
		}
		return audit(ctx, q, actor, action, &l.MemberID, map[string]any{"sessionsEnded": ended})
	})
	if err != nil {
		return Actor{}, err
	}
	_, err = s.across().ForgetTries(ctx, memberKey(l.CompanyID, l.MemberID))
	return actor, wrap("forget tries", err)
}

// takeLink uses a link up, or fails with ErrBadLink. The member is locked first, as by whoever ends links.
func takeLink(ctx context.Context, q *dbgen.Queries, l dbgen.LinkByHashRow) error {
	found, err := q.SignedIn(ctx, dbgen.SignedInParams{CompanyID: l.CompanyID, ID: l.MemberID})
	if err != nil {
		return fmt.Errorf("note sign-in: %w", err)
	}
	used, err := q.UseLink(ctx, dbgen.UseLinkParams{CompanyID: l.CompanyID, ID: l.ID})
	if err != nil {
		return fmt.Errorf("use link: %w", err)
	}
	if found == 0 || used == 0 {
		return ErrBadLink
	}
	return nil
}
