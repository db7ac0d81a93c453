package intake_test

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// colleague is somebody else of the company, who has joined.
func (b *testBundle) colleague(t *testing.T, roles ...intake.Role) intake.Actor {
	t.Helper()
	member, err := b.svc.CreateMember(t.Context(), intake.NewMember{
		CompanyID: b.actor.Company.ID, Name: "同僚", Email: uuid.NewString() + "@example.com", Roles: roles,
	})
	require.NoError(t, err)
	return intake.Actor{Company: b.actor.Company, Member: member}
}

// invited is somebody who has not joined yet.
func (b *testBundle) invited(t *testing.T, email string, roles ...intake.Role) (intake.Member, intake.OneTimeLink) {
	t.Helper()
	member, link, err := b.svc.InviteMember(t.Context(), b.actor, intake.Invitation{Name: "鈴木", Email: email, Roles: roles})
	require.NoError(t, err)
	return member, link
}

// auditLine is what a test looks at of the audit log.
type auditLine struct {
	Action, Actor string
	SubjectID     *uuid.UUID
	Detail        string
}

// audited are the company's lines behind the first n.
func (b *testBundle) audited(t *testing.T, n int) []auditLine {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT action, actor, subject_id, detail::text FROM audit_log WHERE company_id = $1 AND n > $2 ORDER BY n", b.actor.Company.ID, n)
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowToStructByPos[auditLine])
	require.NoError(t, err)
	return lines
}

func actionsOf(lines []auditLine) []string {
	actions := make([]string, len(lines))
	for i, l := range lines {
		actions[i] = l.Action
	}
	return actions
}

func TestAMemberWhoCannotBeInvitedChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.everything(t)
	invite := func(change func(*intake.Invitation)) error {
		in := intake.Invitation{Name: "鈴木", Email: "suzuki@example.com", Roles: []intake.Role{intake.RoleCoordinator}}
		change(&in)
		_, _, err := b.svc.InviteMember(t.Context(), b.actor, in)
		return err
	}
	requireUserErrors(t, invite(func(i *intake.Invitation) { *i = intake.Invitation{} }), "INVALID input.name", "INVALID input.email", "REQUIRED input.roles")
	requireUserErrors(t, invite(func(i *intake.Invitation) { i.Name = strings.Repeat("鈴", 201) }), "INVALID input.name")
	requireUserErrors(t, invite(func(i *intake.Invitation) { i.Name = "a\x00" }), "INVALID input.name")
	requireUserErrors(t, invite(func(i *intake.Invitation) { i.Email = "鈴木 <suzuki@example.com>" }), "INVALID input.email")
	requireUserErrors(t, invite(func(i *intake.Invitation) { i.Roles = []intake.Role{"OWNER"} }), "INVALID input.roles")
	requireUserErrors(t, invite(func(i *intake.Invitation) { i.Email = " SATO@Example.com " }), "ALREADY_EXISTS input.email")
	b.requireUnchanged(t, before)
}

func TestAnEmailIsTakenWithinItsCompanyOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.actor = b.company(t, "別の会社") // whose first member has the same address
	b.invited(t, "suzuki@example.com", intake.RoleAdmin)
	results := make(chan error, 20)
	for range cap(results) {
		go func() {
			_, _, err := b.svc.InviteMember(context.WithoutCancel(t.Context()), b.actor, intake.Invitation{Name: "双子", Email: "twin@example.com", Roles: []intake.Role{intake.RoleAdmin}})
			results <- err
		}()
	}
	made := 0
	for range cap(results) {
		if err := await(t, results); err == nil {
			made++
		} else {
			requireUserErrors(t, err, "ALREADY_EXISTS input.email")
		}
	}
	require.Equal(t, 1, made, "of twins one is invited")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM one_time_links l JOIN members m ON m.id = l.member_id WHERE m.email = 'twin@example.com'"))
}

func TestNobodyIsInvitedAgainOrGivenAPasswordInAStateThatDoesNotAllowIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	invited, _ := b.invited(t, "suzuki@example.com", intake.RoleCoordinator)
	gone, _ := b.invited(t, "gone@example.com", intake.RoleCoordinator)
	_, err := b.svc.DisableMember(t.Context(), b.actor, gone.ID, nil)
	require.NoError(t, err)
	stranger := b.company(t, "別の会社").Member
	before := b.everything(t)
	for id, want := range map[uuid.UUID][2]string{
		uuid.New():        {"NOT_FOUND id", "NOT_FOUND id"},
		stranger.ID:       {"NOT_FOUND id", "NOT_FOUND id"},
		gone.ID:           {"INVALID_STATE id", "INVALID_STATE id"},
		invited.ID:        {"", "INVALID_STATE id"},
		b.actor.Member.ID: {"INVALID_STATE id", ""},
	} {
		if want[0] != "" {
			_, _, err := b.svc.InviteMemberAgain(t.Context(), b.actor, id)
			requireUserErrors(t, err, want[0])
		}
		if want[1] != "" {
			_, _, err := b.svc.ResetMemberPassword(t.Context(), b.actor, id)
			requireUserErrors(t, err, want[1])
		}
	}
	b.requireUnchanged(t, before)
}

// links are the hashes of the links that a member has, and in how many minutes they end.
func (b *testBundle) links(t *testing.T, id uuid.UUID) map[string]int {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), //nolint:rowserrcheck // ForEachRow checks
		"SELECT purpose || ' ' || encode(hash, 'hex'), round(extract(epoch FROM expires_at - created_at) / 60)::int FROM one_time_links WHERE member_id = $1 AND used_at IS NULL ORDER BY id", id)
	require.NoError(t, err)
	links := make(map[string]int)
	var link string
	var minutes int
	_, err = pgx.ForEachRow(rows, []any{&link, &minutes}, func() error { links[link] = minutes; return nil })
	require.NoError(t, err)
	return links
}

func hashOf(purpose intake.LinkPurpose, l intake.OneTimeLink) string {
	return fmt.Sprintf("%s %x", purpose, sha256.Sum256([]byte(l.Secret.Reveal())))
}

func TestANewLinkEndsTheOneBeforeIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	member, first := b.invited(t, "suzuki@example.com", intake.RoleCoordinator)
	require.Equal(t, intake.MemberInvited, *member.Status)
	require.Len(t, first.Secret.Reveal(), 43, "256 bits")
	require.WithinDuration(t, time.Now().Add(72*time.Hour), first.ExpiresAt, patience)
	require.Equal(t, map[string]int{hashOf(intake.LinkInvitation, first): 72 * 60}, b.links(t, member.ID))

	// Also one that has expired, after which they may be invited all the same.
	b.exec(t, "UPDATE one_time_links SET expires_at = now() - interval '1 second'")
	again, second, err := b.svc.InviteMemberAgain(t.Context(), b.actor, member.ID)
	require.NoError(t, err)
	require.True(t, again.InvitedAt.After(*member.InvitedAt))
	require.Equal(t, map[string]int{hashOf(intake.LinkInvitation, second): 72 * 60}, b.links(t, member.ID))

	id := b.actor.Member.ID
	_, _, err = b.svc.ResetMemberPassword(t.Context(), b.actor, id)
	require.NoError(t, err)
	_, reset, err := b.svc.ResetMemberPassword(t.Context(), b.actor, id)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(time.Hour), reset.ExpiresAt, patience)
	require.Equal(t, map[string]int{hashOf(intake.LinkPasswordReset, reset): 60}, b.links(t, id))
	require.Len(t, b.links(t, member.ID), 1, "another's stays")

	results := make(chan error, 20)
	for range cap(results) {
		go func() {
			_, _, err := b.svc.InviteMemberAgain(context.WithoutCancel(t.Context()), b.actor, member.ID)
			results <- err
		}()
	}
	for range cap(results) {
		require.NoError(t, await(t, results))
	}
	require.Len(t, b.links(t, member.ID), 1, "of twins one link is left")
}

func TestALinkThatWasUsedStaysOnRecord(t *testing.T) {
	t.Parallel()
	b := setup(t)
	id := b.actor.Member.ID
	_, _, err := b.svc.ResetMemberPassword(t.Context(), b.actor, id)
	require.NoError(t, err)
	b.exec(t, "UPDATE one_time_links SET used_at = now()")
	_, _, err = b.svc.ResetMemberPassword(t.Context(), b.actor, id)
	require.NoError(t, err)
	require.Equal(t, 2, b.number(t, "SELECT count(*) FROM one_time_links"))
}

func TestRolesThatCannotBeChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	colleague := b.colleague(t, intake.RoleCoordinator).Member
	gone := b.colleague(t, intake.RoleCoordinator).Member
	_, err := b.svc.DisableMember(t.Context(), b.actor, gone.ID, nil)
	require.NoError(t, err)
	stranger := b.company(t, "別の会社").Member
	before := b.everything(t)
	admin := []intake.Role{intake.RoleAdmin}
	change := func(id uuid.UUID, roles []intake.Role, revision int) error {
		_, err := b.svc.UpdateMemberRoles(t.Context(), b.actor, id, roles, &revision)
		return err
	}
	requireUserErrors(t, change(colleague.ID, nil, 1), "REQUIRED roles")
	requireUserErrors(t, change(colleague.ID, []intake.Role{"OWNER"}, 1), "INVALID roles")
	requireUserErrors(t, change(colleague.ID, admin, 2), "REVISION_CONFLICT expectedRevision")
	requireUserErrors(t, change(uuid.New(), admin, 1), "NOT_FOUND id")
	requireUserErrors(t, change(stranger.ID, admin, 1), "NOT_FOUND id")
	requireUserErrors(t, change(gone.ID, admin, 2), "INVALID_STATE id")
	requireUserErrors(t, change(b.actor.Member.ID, []intake.Role{intake.RoleRecruiter}, 1), "INVALID_STATE roles")
	require.NoError(t, change(colleague.ID, []intake.Role{intake.RoleCoordinator}, 1), "what they have already")

	disable := func(id uuid.UUID, revision int) error {
		_, err := b.svc.DisableMember(t.Context(), b.actor, id, &revision)
		return err
	}
	requireUserErrors(t, disable(b.actor.Member.ID, 1), "INVALID_STATE id")
	requireUserErrors(t, disable(gone.ID, 2), "INVALID_STATE id")
	requireUserErrors(t, disable(colleague.ID, 7), "REVISION_CONFLICT expectedRevision")
	requireUserErrors(t, disable(uuid.New(), 1), "NOT_FOUND id")
	requireUserErrors(t, disable(stranger.ID, 1), "NOT_FOUND id")
	for id, want := range map[uuid.UUID]string{colleague.ID: "INVALID_STATE id", stranger.ID: "NOT_FOUND id", uuid.New(): "NOT_FOUND id"} {
		_, err := b.svc.EnableMember(t.Context(), b.actor, id)
		requireUserErrors(t, err, want)
	}
	b.requireUnchanged(t, before)
}

func TestOnlyAnAdministratorWhoCanComeInCountsAsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.invited(t, "suzuki@example.com", intake.RoleAdmin)
	other := b.colleague(t, intake.RoleAdmin)
	_, err := b.svc.DisableMember(t.Context(), b.actor, other.Member.ID, nil)
	require.NoError(t, err)
	_, err = b.svc.DisableMember(t.Context(), b.actor, b.actor.Member.ID, nil)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.DisableMember(t.Context(), other, b.actor.Member.ID, nil)
	require.ErrorIs(t, err, intake.ErrForbidden, "who was disabled since they came in")

	_, err = b.svc.EnableMember(t.Context(), b.actor, other.Member.ID)
	require.NoError(t, err)
	self, err := b.svc.UpdateMemberRoles(t.Context(), b.actor, b.actor.Member.ID, []intake.Role{intake.RoleCoordinator, intake.RoleRecruiter, intake.RoleRecruiter}, nil)
	require.NoError(t, err, "there is another again")
	require.Equal(t, []intake.Role{intake.RoleRecruiter, intake.RoleCoordinator}, self.Roles)
	require.Equal(t, 2, *self.Revision)
}

// attack has pairs of administrators go against each other, or themselves, at the same instant, each pair in
// a company of its own, and returns how many came through in each.
func (b *testBundle) attack(t *testing.T, act func(actor, other intake.Actor) error) {
	t.Helper()
	for n := range 20 {
		b.actor = b.company(t, fmt.Sprint("会社 ", n))
		pair := [2]intake.Actor{b.colleague(t, intake.RoleAdmin), b.colleague(t, intake.RoleAdmin)}
		_, err := b.svc.DisableMember(t.Context(), pair[0], b.actor.Member.ID, nil)
		require.NoError(t, err)
		ready, results := make(chan struct{}), make(chan error, 2)
		for i := range pair {
			go func() {
				<-ready
				results <- act(pair[i], pair[1-i])
			}()
		}
		close(ready)
		errs := []error{await(t, results), await(t, results)}
		if errs[0] != nil {
			errs[0], errs[1] = errs[1], errs[0]
		}
		require.NoError(t, errs[0], "one is first")
		var mend intake.UserErrors
		if !errors.Is(errs[1], intake.ErrForbidden) {
			require.ErrorAs(t, errs[1], &mend)
			require.Equal(t, intake.CodeInvalidState, mend[0].Code)
		}
		require.Equal(t, 1, b.number(t, "SELECT count(*) FROM members WHERE company_id = $1 AND 'ADMIN' = ANY(roles) AND disabled_at IS NULL", b.actor.Company.ID))
	}
}

func TestOfTwoAdministratorsWhoDisableEachOtherOneIsLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := context.WithoutCancel(t.Context())
	b.attack(t, func(actor, other intake.Actor) error {
		_, err := b.svc.DisableMember(ctx, actor, other.Member.ID, nil)
		return err
	})
}

func TestOfTwoAdministratorsWhoResignOneIsLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := context.WithoutCancel(t.Context())
	b.attack(t, func(actor, _ intake.Actor) error {
		_, err := b.svc.UpdateMemberRoles(ctx, actor, actor.Member.ID, []intake.Role{intake.RoleRecruiter}, nil)
		return err
	})
}

func TestDisablingAMemberEndsAllThatIsTheirs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	colleague := b.colleague(t, intake.RoleAdmin)
	token, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: colleague.Member.ID, Name: "CI"})
	require.NoError(t, err)
	own, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI"})
	require.NoError(t, err)
	_, _, err = b.svc.ResetMemberPassword(t.Context(), b.actor, colleague.Member.ID)
	require.NoError(t, err)
	_, err = b.svc.ActorByToken(t.Context(), token)
	require.NoError(t, err)

	disabled, err := b.svc.DisableMember(t.Context(), b.actor, colleague.Member.ID, new(1))
	require.NoError(t, err)
	require.Equal(t, intake.MemberDisabled, *disabled.Status)
	require.Equal(t, 2, *disabled.Revision)
	require.Empty(t, b.links(t, colleague.Member.ID))
	_, err = b.svc.ActorByToken(t.Context(), token)
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
	_, err = b.svc.ActorByToken(t.Context(), own)
	require.NoError(t, err, "other members' stay")
	_, err = b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: colleague.Member.ID, Name: "CI"})
	requireUserErrors(t, err, "INVALID_STATE member")
	_, _, err = b.svc.CreateOwnToken(t.Context(), colleague, intake.TokenInput{Name: "CI"})
	requireUserErrors(t, err, "INVALID_STATE input")

	enabled, err := b.svc.EnableMember(t.Context(), b.actor, colleague.Member.ID)
	require.NoError(t, err)
	require.Equal(t, intake.MemberActive, *enabled.Status)
	require.Equal(t, 3, *enabled.Revision)
	_, err = b.svc.ActorByToken(t.Context(), token)
	require.ErrorIs(t, err, intake.ErrUnauthenticated, "what was ended stays ended")
}

// A token whose member is disabled opens nothing, even where it was not revoked with them.
func TestATokenOfADisabledMemberOpensNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI"})
	require.NoError(t, err)
	b.exec(t, "UPDATE members SET disabled_at = now()")
	_, err = b.svc.ActorByToken(t.Context(), token)
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
	require.Zero(t, b.number(t, "SELECT count(last_used_at) FROM api_tokens"))
}

func TestWhatAMemberAllowsIsWhatIsThenDone(t *testing.T) {
	t.Parallel()
	b := setup(t)
	colleague := b.colleague(t, intake.RoleRecruiter)
	gone := b.colleague(t, intake.RoleRecruiter).Member
	_, err := b.svc.DisableMember(t.Context(), b.actor, gone.ID, nil)
	require.NoError(t, err)
	invited, _ := b.invited(t, "suzuki@example.com", intake.RoleAdmin)
	do := map[intake.MemberAction]func(uuid.UUID) error{
		intake.ActionChangeRoles: func(id uuid.UUID) error {
			_, err := b.svc.UpdateMemberRoles(t.Context(), b.actor, id, []intake.Role{intake.RoleAdmin, intake.RoleRecruiter}, nil)
			return err
		},
		intake.ActionInviteAgain: func(id uuid.UUID) error {
			_, _, err := b.svc.InviteMemberAgain(t.Context(), b.actor, id)
			return err
		},
		intake.ActionResetPassword: func(id uuid.UUID) error {
			_, _, err := b.svc.ResetMemberPassword(t.Context(), b.actor, id)
			return err
		},
		intake.ActionDisable: func(id uuid.UUID) error { _, err := b.svc.DisableMember(t.Context(), b.actor, id, nil); return err },
		intake.ActionEnable:  func(id uuid.UUID) error { _, err := b.svc.EnableMember(t.Context(), b.actor, id); return err },
	}
	// Refusals first: they change nothing.
	for _, id := range []uuid.UUID{b.actor.Member.ID, colleague.Member.ID, gone.ID, invited.ID} {
		found, err := b.svc.MembersByID(t.Context(), b.actor, []uuid.UUID{id})
		require.NoError(t, err)
		require.Len(t, found[id].AvailableActions(b.actor), len(do))
		for _, state := range found[id].AvailableActions(b.actor) {
			if state.WhyNot != nil {
				requireUserErrors(t, do[state.Action](id), "INVALID_STATE id")
			}
		}
	}
	for id, possible := range map[uuid.UUID][]intake.MemberAction{
		b.actor.Member.ID:   {intake.ActionChangeRoles, intake.ActionResetPassword},
		colleague.Member.ID: {intake.ActionChangeRoles, intake.ActionResetPassword, intake.ActionDisable},
		gone.ID:             {intake.ActionEnable},
		invited.ID:          {intake.ActionChangeRoles, intake.ActionInviteAgain, intake.ActionDisable},
	} {
		found, err := b.svc.MembersByID(t.Context(), b.actor, []uuid.UUID{id})
		require.NoError(t, err)
		enabled := []intake.MemberAction{}
		for _, state := range found[id].AvailableActions(b.actor) {
			if state.WhyNot == nil {
				enabled = append(enabled, state.Action)
			}
		}
		require.Equal(t, possible, enabled)
		for _, action := range possible {
			if id != b.actor.Member.ID || action != intake.ActionChangeRoles {
				require.NoError(t, do[action](id), action)
			}
		}
	}
}

func TestOnlyAnAdministratorTouchesMembers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	recruiter := b.colleague(t, intake.RoleRecruiter, intake.RoleCoordinator)
	id, roles := recruiter.Member.ID, []intake.Role{intake.RoleAdmin}
	before := b.everything(t)
	for name, try := range map[string]func() error{
		"invite": func() error {
			_, _, err := b.svc.InviteMember(t.Context(), recruiter, intake.Invitation{Name: "鈴木", Email: "suzuki@example.com", Roles: roles})
			return err
		},
		"invite again": func() error { _, _, err := b.svc.InviteMemberAgain(t.Context(), recruiter, id); return err },
		"reset":        func() error { _, _, err := b.svc.ResetMemberPassword(t.Context(), recruiter, id); return err },
		"roles":        func() error { _, err := b.svc.UpdateMemberRoles(t.Context(), recruiter, id, roles, nil); return err },
		"disable":      func() error { _, err := b.svc.DisableMember(t.Context(), recruiter, id, nil); return err },
		"enable":       func() error { _, err := b.svc.EnableMember(t.Context(), recruiter, id); return err },
		"list": func() error {
			_, err := b.svc.Members(t.Context(), recruiter, nil, intake.Keyset{First: 1})
			return err
		},
		"count": func() error { _, err := b.svc.CountMembers(t.Context(), recruiter, nil); return err },
	} {
		require.ErrorIs(t, try(), intake.ErrForbidden, name)
	}
	b.requireUnchanged(t, before)
}

func TestAMembersAddressAndStateAreForAdministratorsAndThemselves(t *testing.T) {
	t.Parallel()
	b := setup(t)
	colleague := b.colleague(t, intake.RoleRecruiter, intake.RoleCoordinator)
	ids := []uuid.UUID{b.actor.Member.ID, colleague.Member.ID}
	found, err := b.svc.MembersByID(t.Context(), colleague, ids)
	require.NoError(t, err)
	require.Equal(t, intake.Member{ID: ids[0], Name: "佐藤", Roles: b.actor.Member.Roles}, found[ids[0]])
	require.Nil(t, found[ids[0]].AvailableActions(colleague))
	require.Equal(t, colleague.Member.Email, found[ids[1]].Email)
	require.NotNil(t, found[ids[1]].Status)
	found, err = b.svc.MembersByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Equal(t, colleague.Member.Email, found[ids[1]].Email)
}

func TestWhatHappensToMembersAndTokensIsOnRecordWithoutTheirNames(t *testing.T) {
	t.Parallel()
	b := setup(t)
	made, err := b.svc.CreateCompany(t.Context(), "別の会社")
	require.NoError(t, err)
	_, err = b.svc.CreateMember(t.Context(), intake.NewMember{CompanyID: made.ID, Name: "田中", Email: "tanaka@example.com", Roles: []intake.Role{intake.RoleAdmin}})
	require.NoError(t, err)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'COMPANY_CREATED' AND actor = 'OPERATOR'"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'MEMBER_CREATED' AND actor = 'OPERATOR'"))
	member, link := b.invited(t, "suzuki@example.com", intake.RoleCoordinator)
	_, again, err := b.svc.InviteMemberAgain(t.Context(), b.actor, member.ID)
	require.NoError(t, err)
	_, reset, err := b.svc.ResetMemberPassword(t.Context(), b.actor, b.actor.Member.ID)
	require.NoError(t, err)
	_, err = b.svc.UpdateMemberRoles(t.Context(), b.actor, member.ID, []intake.Role{intake.RoleAdmin}, nil)
	require.NoError(t, err)
	_, err = b.svc.DisableMember(t.Context(), b.actor, member.ID, nil)
	require.NoError(t, err)
	_, err = b.svc.EnableMember(t.Context(), b.actor, member.ID)
	require.NoError(t, err)
	token, secret, err := b.svc.CreateOwnToken(t.Context(), b.actor, intake.TokenInput{Name: "CI"})
	require.NoError(t, err)
	_, err = b.svc.RevokeToken(t.Context(), b.actor, token.ID)
	require.NoError(t, err)
	byOperator, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI"})
	require.NoError(t, err)

	lines := b.audited(t, 0)
	require.Equal(t, []string{
		"MEMBER_INVITED", "INVITATION_RENEWED", "PASSWORD_RESET_LINK_MADE", "MEMBER_ROLES_CHANGED",
		"MEMBER_DISABLED", "MEMBER_ENABLED", "TOKEN_CREATED", "TOKEN_REVOKED", "TOKEN_CREATED",
	}, actionsOf(lines))
	for i, line := range lines {
		want := "MEMBER"
		if i == len(lines)-1 {
			want = "OPERATOR"
		}
		require.Equal(t, want, line.Actor, line.Action)
		require.NotNil(t, line.SubjectID, line.Action)
		for _, private := range []string{"鈴木", "佐藤", "example.com", "CI", link.Secret.Reveal(), again.Secret.Reveal(), reset.Secret.Reveal(), secret.Reveal(), byOperator} {
			require.NotContains(t, line.Detail, private, line.Action)
		}
	}
	require.JSONEq(t, `{"from":["COORDINATOR"],"to":["ADMIN"]}`, lines[3].Detail)
	require.JSONEq(t, `{"tokens":0,"links":1,"sessions":0}`, lines[4].Detail)
}
