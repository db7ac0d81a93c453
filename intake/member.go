package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// MemberStatus says whether a member can come in.
type MemberStatus string

// The states of a member: 招待中, 有効, 無効.
const (
	MemberInvited  MemberStatus = "INVITED"
	MemberActive   MemberStatus = "ACTIVE"
	MemberDisabled MemberStatus = "DISABLED"
)

// Member is a person of a company. Everybody sees the names and roles of colleagues; the rest is for the
// member and for an ADMIN, and empty for others.
type Member struct {
	ID    uuid.UUID
	Name  string
	Email string
	Roles []Role
	// Status and what follows are also nil where they were not asked for, such as in an Actor.
	Status         *MemberStatus
	InvitedAt      *time.Time
	JoinedAt       *time.Time
	LastSignedInAt *time.Time
	Revision       *int
	// lastAdmin is the only administrator who can come in.
	lastAdmin bool
}

// MemberAction is something that can be done to a member.
type MemberAction string

// The actions.
const (
	ActionChangeRoles   MemberAction = "CHANGE_ROLES"
	ActionInviteAgain   MemberAction = "INVITE_AGAIN"
	ActionResetPassword MemberAction = "RESET_PASSWORD" // #nosec G101 -- an action, not a password
	ActionDisable       MemberAction = "DISABLE"
	ActionEnable        MemberAction = "ENABLE"
)

// memberActions are all there are, in the order in which they are shown.
var memberActions = []MemberAction{ActionChangeRoles, ActionInviteAgain, ActionResetPassword, ActionDisable, ActionEnable}

// MemberActionState says whether an action is possible now.
type MemberActionState struct {
	Action MemberAction
	// WhyNot is nil when the action is possible.
	WhyNot *Text
}

// AvailableActions lists every action and whether the member's state, and the actor's roles, allow it; nil
// where the actor does not see the member's state.
func (m Member) AvailableActions(actor Actor) []MemberActionState {
	if m.Status == nil {
		return nil
	}
	states := make([]MemberActionState, len(memberActions))
	for i, action := range memberActions {
		states[i] = MemberActionState{Action: action, WhyNot: whyNot(action, *m.Status, m.lastAdmin)}
		if !actor.may(admins) {
			states[i].WhyNot = &textMembersForAdmins
		}
	}
	return states
}

// whyNot says why a member in this state does not allow an action, or nil.
func whyNot(action MemberAction, status MemberStatus, lastAdmin bool) *Text {
	switch {
	case action == ActionEnable && status != MemberDisabled:
		return &textNotDisabled
	case action == ActionInviteAgain && status == MemberActive:
		return &textHasJoined
	case action != ActionEnable && status == MemberDisabled:
		return &textIsDisabled
	case action == ActionResetPassword && status == MemberInvited:
		return &textHasNotJoined
	case action == ActionDisable && lastAdmin:
		return &textLastAdmin
	}
	return nil
}

var (
	textMembersForAdmins = Text{"メンバーを管理できるのは管理者だけです。", "Only an administrator can manage members."}
	textNotDisabled      = Text{"このメンバーは無効になっていません。", "This member is not disabled."}
	textIsDisabled       = Text{"このメンバーは無効になっています。先に有効にしてください。", "This member is disabled. Enable them first."}
	textHasJoined        = Text{"このメンバーはすでに参加しています。", "This member has joined already."}
	textHasNotJoined     = Text{"このメンバーはまだ参加していません。もう一度招待してください。", "This member has not joined yet. Invite them again."}
	textLastAdmin        = Text{"最後の管理者です。先にほかの管理者を決めてください。", "This is the last administrator. Make somebody else one first."}
)

// NewMember is what CreateMember takes.
type NewMember struct {
	CompanyID   uuid.UUID
	Name, Email string
	Roles       []Role
	// Password is empty for somebody who does not sign in with one, or chooses it by an invitation.
	Password Secret
}

// CreateMember adds a member to a company, at the server's console; they need no invitation. A second one of
// the same e-mail is ALREADY_EXISTS.
func (s *Service) CreateMember(ctx context.Context, n NewMember) (Member, error) {
	member, err := newMember(n.Name, n.Email, n.Roles)
	if err != nil {
		return Member{}, err
	}
	hash, err := s.firstHash(ctx, n.Password, member.Email)
	if err != nil {
		return Member{}, err
	}
	err = s.begin(ctx, n.CompanyID, "create member", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		made, err := q.CreateMember(ctx, dbgen.CreateMemberParams{
			CompanyID: n.CompanyID, ID: member.ID, Name: member.Name, Email: member.Email, Roles: namesOf(member.Roles), PasswordHash: hash,
		})
		switch {
		case db.Violates(err, "members_one_per_email"):
			return memberExists("email")
		case err != nil:
			return fmt.Errorf("create member: %w", err)
		case made == 0:
			return notFound("company")
		}
		return audit(ctx, q, OperatorOf(n.CompanyID), AuditMemberCreated, &member.ID, map[string]any{"roles": member.Roles})
	})
	if err != nil {
		return Member{}, err
	}
	return member, nil
}

// newMember is a member as somebody typed them in; path leads to the fields.
func newMember(name, email string, given []Role, path ...string) (Member, error) {
	m := Member{ID: newID(), Name: strings.TrimSpace(name), Email: strings.TrimSpace(email)}
	at := func(field string) []string { return append(slices.Clone(path), field) }
	var c check
	if m.Name == "" || utf8.RuneCountInString(m.Name) > 200 {
		c.add(CodeInvalid, Text{"氏名は1〜200文字で入力してください。", "A member's name has 1 to 200 characters."}, at("name")...)
	} else if !storable(m.Name) {
		c.add(CodeInvalid, textBadCharacters, at("name")...)
	}
	if !isEmail(m.Email) || !storable(m.Email) {
		c.add(CodeInvalid, textNotAnEmail, at("email")...)
	}
	m.Roles = c.roles(given, at("roles")...)
	return m, c.err()
}

// roles returns the roles that are given, each once, in their order.
func (c *check) roles(given []Role, field ...string) []Role {
	if len(given) == 0 {
		c.add(CodeRequired, Text{"役割を1つ以上指定してください。", "A member has at least one role."}, field...)
	}
	if slices.ContainsFunc(given, func(r Role) bool { return !slices.Contains(allRoles, r) }) {
		c.add(CodeInvalid, Text{"役割は ADMIN、RECRUITER、COORDINATOR から選んでください。", "A role is ADMIN, RECRUITER or COORDINATOR."}, field...)
	}
	var kept []Role
	for _, r := range allRoles {
		if slices.Contains(given, r) {
			kept = append(kept, r)
		}
	}
	return kept
}

func memberExists(field ...string) error {
	return refuse(CodeAlreadyExists, Text{"このメールアドレスのメンバーはすでにいます。", "There is a member with this e-mail address already."}, field...)
}

// UpdateMemberRoles changes what a member may do, from their next request on. UserErrors: REQUIRED or INVALID
// at roles, NOT_FOUND, REVISION_CONFLICT, INVALID_STATE for the last administrator and for a disabled member.
func (s *Service) UpdateMemberRoles(ctx context.Context, actor Actor, id uuid.UUID, given []Role, expectedRevision *int) (Member, error) {
	if err := actor.must(admins); err != nil {
		return Member{}, err
	}
	var c check
	wanted := c.roles(given, "roles")
	if err := c.err(); err != nil {
		return Member{}, err
	}
	return s.changeMember(ctx, actor, id, ActionChangeRoles, expectedRevision, "update member's roles", func(ctx context.Context, q *dbgen.Queries, m lockedMember) error {
		if m.lastAdmin && !slices.Contains(wanted, RoleAdmin) {
			return refuse(CodeInvalidState, textLastAdmin, "roles")
		}
		before := roles(m.Roles)
		if slices.Equal(before, wanted) {
			return nil
		}
		if err := q.SetMemberRoles(ctx, dbgen.SetMemberRolesParams{CompanyID: actor.Company.ID, ID: id, Roles: namesOf(wanted)}); err != nil {
			return fmt.Errorf("set roles: %w", err)
		}
		return audit(ctx, q, actor, AuditRolesChanged, &id, map[string]any{"from": before, "to": wanted})
	})
}

// DisableMember ends everything of a member's at once: their tokens are revoked and the links that they have
// not used are gone. UserErrors: NOT_FOUND, REVISION_CONFLICT, INVALID_STATE for the last administrator and
// for somebody who is disabled already.
func (s *Service) DisableMember(ctx context.Context, actor Actor, id uuid.UUID, expectedRevision *int) (Member, error) {
	return s.changeMember(ctx, actor, id, ActionDisable, expectedRevision, "disable member", func(ctx context.Context, q *dbgen.Queries, _ lockedMember) error {
		if err := q.DisableMember(ctx, dbgen.DisableMemberParams{CompanyID: actor.Company.ID, ID: id}); err != nil {
			return fmt.Errorf("disable member: %w", err)
		}
		tokens, err := q.RevokeTokens(ctx, dbgen.RevokeTokensParams{CompanyID: actor.Company.ID, MemberID: id})
		if err != nil {
			return fmt.Errorf("revoke tokens: %w", err)
		}
		links, err := q.EndLinks(ctx, dbgen.EndLinksParams{CompanyID: actor.Company.ID, MemberID: id})
		if err != nil {
			return fmt.Errorf("end links: %w", err)
		}
		sessions, err := q.EndSessions(ctx, dbgen.EndSessionsParams{CompanyID: actor.Company.ID, MemberID: id, But: uuid.Nil})
		if err != nil {
			return fmt.Errorf("end sessions: %w", err)
		}
		return audit(ctx, q, actor, AuditMemberDisabled, &id, map[string]any{"tokens": tokens, "links": links, "sessions": len(sessions)})
	})
}

// EnableMember lets a disabled member in again. What was ended stays ended: they sign in, or are invited,
// anew. UserErrors: NOT_FOUND, INVALID_STATE for somebody who is not disabled.
func (s *Service) EnableMember(ctx context.Context, actor Actor, id uuid.UUID) (Member, error) {
	return s.changeMember(ctx, actor, id, ActionEnable, nil, "enable member", func(ctx context.Context, q *dbgen.Queries, _ lockedMember) error {
		if err := q.EnableMember(ctx, dbgen.EnableMemberParams{CompanyID: actor.Company.ID, ID: id}); err != nil {
			return fmt.Errorf("enable member: %w", err)
		}
		return audit(ctx, q, actor, AuditMemberEnabled, &id, nil)
	})
}

// lockedMember is a member while nobody else changes any of the company's.
type lockedMember struct {
	dbgen.LockMembersRow
	lastAdmin bool
}

// changeMember runs a change of a member while all of the company's are locked, in order, and returns the
// member as they then are. It refuses what whyNot says, and an actor who is no administrator any more.
func (s *Service) changeMember(ctx context.Context, actor Actor, id uuid.UUID, action MemberAction, expectedRevision *int, act Act,
	change func(context.Context, *dbgen.Queries, lockedMember) error,
) (Member, error) {
	var member Member
	err := s.change(ctx, actor, admins, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		m, err := lockMember(ctx, q, actor, id)
		if err != nil {
			return err
		}
		if expectedRevision != nil && *expectedRevision != int(m.Revision) {
			return revisionConflict()
		}
		if reason := whyNot(action, statusOf(m.JoinedAt, m.DisabledAt), m.lastAdmin); reason != nil {
			return refuse(CodeInvalidState, *reason, "id")
		}
		if err := change(ctx, q, m); err != nil {
			return err
		}
		member, err = readMember(ctx, q, actor, id)
		return err
	})
	return member, err
}

// lockMember locks all of the company's members and returns one.
func lockMember(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID) (lockedMember, error) {
	rows, err := q.LockMembers(ctx, actor.Company.ID)
	if err != nil {
		return lockedMember{}, fmt.Errorf("lock members: %w", err)
	}
	rules := func(r dbgen.LockMembersRow) bool {
		return r.JoinedAt != nil && r.DisabledAt == nil && slices.Contains(r.Roles, string(RoleAdmin))
	}
	// Somebody may have been faster than the actor, against the actor.
	if !slices.ContainsFunc(rows, func(r dbgen.LockMembersRow) bool { return r.ID == actor.Member.ID && rules(r) }) {
		return lockedMember{}, ErrForbidden
	}
	at := slices.IndexFunc(rows, func(r dbgen.LockMembersRow) bool { return r.ID == id })
	if at < 0 {
		return lockedMember{}, notFound("id")
	}
	m := lockedMember{LockMembersRow: rows[at]}
	m.lastAdmin = rules(rows[at]) && !slices.ContainsFunc(rows, func(r dbgen.LockMembersRow) bool { return r.ID != id && rules(r) })
	return m, nil
}

// readMember reads a member within a transaction.
func readMember(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID) (Member, error) {
	rows, err := q.MembersByID(ctx, dbgen.MembersByIDParams{CompanyID: actor.Company.ID, Ids: []uuid.UUID{id}})
	if err != nil {
		return Member{}, fmt.Errorf("read member: %w", err)
	}
	return one(byID(mapRows(rows, actor.sees), func(m Member) uuid.UUID { return m.ID }), id, nil)
}

// MembersByID returns the members among ids, by id.
func (s *Service) MembersByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Member, error) {
	rows, err := s.as(actor, anyMember).MembersByID(ctx, dbgen.MembersByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return byID(mapRows(rows, actor.sees), func(m Member) uuid.UUID { return m.ID }), nil
}

// Members returns the company's members, the latest first; those whose name or e-mail address holds search,
// or all.
func (s *Service) Members(ctx context.Context, actor Actor, search *string, page Keyset) ([]Member, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, admins).Members(ctx, dbgen.MembersParams{
		CompanyID: actor.Company.ID, Search: searched(search), After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read members: %w", err)
	}
	return mapRows(rows, func(r dbgen.MembersRow) Member { return actor.sees(dbgen.MembersByIDRow(r)) }), nil
}

// CountMembers counts what Members would return in all.
func (s *Service) CountMembers(ctx context.Context, actor Actor, search *string) (int, error) {
	n, err := s.as(actor, admins).CountMembers(ctx, dbgen.CountMembersParams{CompanyID: actor.Company.ID, Search: searched(search)})
	return int(n), wrap("count members", err)
}

// sees is a member as the actor may see them.
func (a Actor) sees(r dbgen.MembersByIDRow) Member {
	m := Member{ID: r.ID, Name: r.Name, Roles: roles(r.Roles)}
	if !a.may(admins) && a.Member.ID != r.ID {
		return m
	}
	status, revision := statusOf(r.JoinedAt, r.DisabledAt), int(r.Revision)
	m.Email, m.Status, m.Revision, m.lastAdmin = r.Email, &status, &revision, r.LastAdmin
	m.InvitedAt, m.JoinedAt, m.LastSignedInAt = r.InvitedAt, r.JoinedAt, r.LastSignedInAt
	return m
}

func statusOf(joinedAt, disabledAt *time.Time) MemberStatus {
	switch {
	case disabledAt != nil:
		return MemberDisabled
	case joinedAt == nil:
		return MemberInvited
	}
	return MemberActive
}

func roles(names []string) []Role { return mapRows(names, func(n string) Role { return Role(n) }) }

func namesOf(roles []Role) []string { return mapRows(roles, func(r Role) string { return string(r) }) }
