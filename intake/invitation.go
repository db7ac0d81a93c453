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

// LinkPurpose is what a one-time link is good for.
type LinkPurpose string

// The purposes.
const (
	LinkInvitation    LinkPurpose = "INVITATION"
	LinkPasswordReset LinkPurpose = "PASSWORD_RESET"
)

// How long a link works.
const (
	invitationLife    = 72 * time.Hour
	passwordResetLife = time.Hour
)

// OneTimeLink is what opens the door once. Only its hash is kept: it cannot be shown again.
type OneTimeLink struct {
	Secret    Secret
	ExpiresAt time.Time
}

// Invitation is what InviteMember takes.
type Invitation struct {
	Name, Email string
	Roles       []Role
}

// InviteMember adds a member, who comes in by the link that is returned. UserErrors: what is wrong with the
// input; ALREADY_EXISTS when the company has a member of this e-mail.
func (s *Service) InviteMember(ctx context.Context, actor Actor, in Invitation) (Member, OneTimeLink, error) {
	if err := actor.must(admins); err != nil {
		return Member{}, OneTimeLink{}, err
	}
	member, err := newMember(in.Name, in.Email, in.Roles, fieldInput)
	if err != nil {
		return Member{}, OneTimeLink{}, err
	}
	return s.makeLink(ctx, actor, member.ID, LinkInvitation, AuditMemberInvited, "invite member", func(ctx context.Context, q *dbgen.Queries) error {
		err := q.InviteMember(ctx, dbgen.InviteMemberParams{
			CompanyID: actor.Company.ID, ID: member.ID, Name: member.Name, Email: member.Email, Roles: namesOf(member.Roles),
		})
		if db.Violates(err, "members_one_per_email") {
			return memberExists(fieldInput, "email")
		}
		return wrap("invite member", err)
	})
}

// InviteMemberAgain makes a new link for somebody who has not joined yet; the old one opens nothing any more.
// UserErrors: NOT_FOUND, INVALID_STATE for somebody who has joined or is disabled.
func (s *Service) InviteMemberAgain(ctx context.Context, actor Actor, id uuid.UUID) (Member, OneTimeLink, error) {
	return s.makeLink(ctx, actor, id, LinkInvitation, AuditInvitationRenewed, "invite member again", func(ctx context.Context, q *dbgen.Queries) error {
		if err := allows(ctx, q, actor, id, ActionInviteAgain); err != nil {
			return err
		}
		return wrap("note invitation", q.NoteInvitation(ctx, dbgen.NoteInvitationParams{CompanyID: actor.Company.ID, ID: id}))
	})
}

// ResetMemberPassword makes a link by which a member chooses another password, for an administrator to hand
// over. The password that the member has stays good until then. UserErrors: NOT_FOUND, INVALID_STATE for
// somebody who has not joined or is disabled.
func (s *Service) ResetMemberPassword(ctx context.Context, actor Actor, id uuid.UUID) (Member, OneTimeLink, error) {
	return s.makeLink(ctx, actor, id, LinkPasswordReset, AuditPasswordResetLink, "reset member's password", func(ctx context.Context, q *dbgen.Queries) error {
		return allows(ctx, q, actor, id, ActionResetPassword)
	})
}

// makeLink makes a link for a member behind whatever first does, and ends the one before it.
func (s *Service) makeLink(ctx context.Context, actor Actor, id uuid.UUID, purpose LinkPurpose, action AuditAction, act Act, first func(context.Context, *dbgen.Queries) error) (Member, OneTimeLink, error) {
	life := invitationLife
	if purpose == LinkPasswordReset {
		life = passwordResetLife
	}
	secret := randomText()
	link := OneTimeLink{Secret: NewSecret(secret)}
	var member Member
	err := s.change(ctx, actor, admins, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := first(ctx, q); err != nil {
			return err
		}
		if _, err := q.EndLinks(ctx, dbgen.EndLinksParams{CompanyID: actor.Company.ID, MemberID: id, Purpose: (*string)(&purpose)}); err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		var err error
		link.ExpiresAt, err = q.InsertLink(ctx, dbgen.InsertLinkParams{
			CompanyID: actor.Company.ID, MemberID: id, Purpose: string(purpose), Hash: hashOf(secret), Lifetime: life,
		})
		if err != nil {
			return fmt.Errorf("insert link: %w", err)
		}
		if member, err = readMember(ctx, q, actor, id); err != nil {
			return err
		}
		return audit(ctx, q, actor, action, &id, map[string]any{"roles": member.Roles, "expiresAt": link.ExpiresAt})
	})
	if err != nil {
		return Member{}, OneTimeLink{}, err
	}
	return member, link, nil
}

// allows locks a member and refuses what their state does not allow.
func allows(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID, action MemberAction) error {
	m, err := q.LockMember(ctx, dbgen.LockMemberParams{CompanyID: actor.Company.ID, ID: id})
	if db.IsNoRows(err) {
		return notFound("id")
	}
	if err != nil {
		return fmt.Errorf("lock member: %w", err)
	}
	if reason := whyNot(action, statusOf(m.JoinedAt, m.DisabledAt), false); reason != nil {
		return refuse(CodeInvalidState, *reason, "id")
	}
	return nil
}
