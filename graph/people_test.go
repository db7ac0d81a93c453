package graph_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/graph"
	"renkei/intake"
)

// publicURL is where the links of these tests lead.
const publicURL = "https://renkei.example.com"

func openPublic(t *testing.T) *door {
	t.Helper()
	return open(t, func(p *plan) { p.options = graph.Options{PublicURL: publicURL + "/"} })
}

func (c company) invite(t *testing.T, name string) uuid.UUID {
	t.Helper()
	member, _, err := c.service.InviteMember(t.Context(), c.actor, intake.Invitation{
		Name: name, Email: name + "@example.com", Roles: []intake.Role{intake.RoleCoordinator},
	})
	require.NoError(t, err)
	return member.ID
}

func TestWhoCannotBeInvitedIsNamedFieldByField(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	query := `mutation ($in: InviteMemberInput!) { inviteMember(input: $in) { member { id } invitationUrl expiresAt errors { code field } } }`
	for want, in := range map[string]vars{
		`[{"code":"INVALID","field":["input","name"]},{"code":"INVALID","field":["input","email"]},{"code":"REQUIRED","field":["input","roles"]}]`: {
			"name": " ", "email": "nobody", "roles": []string{},
		},
		`[{"code":"ALREADY_EXISTS","field":["input","email"]}]`: {"name": "x", "email": "HANAKO@example.com", "roles": []string{"ADMIN"}},
	} {
		answer := dig(t, c.ask(t, query, vars{"in": in}), "inviteMember")
		require.JSONEq(t, `{"member":null,"invitationUrl":null,"expiresAt":null,"errors":`+want+`}`, string(encode(t, answer)))
	}
	c.refused(t, "BAD_USER_INPUT", query, vars{"in": vars{"name": "x", "email": "x@example.com", "roles": []string{"OWNER"}}})
}

func TestALinkHoldsItsSecretWhereNoServerSeesIt(t *testing.T) {
	t.Parallel()
	c := openPublic(t).company(t, "甲社")
	invited := dig(t, c.ask(t, `mutation { inviteMember(input: {name: "鈴木", email: "suzuki@example.com", roles: [RECRUITER]}) {
		member { id status roles invitedAt joinedAt availableActions { action enabled reason } } invitationUrl expiresAt errors { code } } }`, nil), "inviteMember")
	require.Equal(t, "INVITED", digString(t, invited, "member", "status"))
	require.Regexp(t, `^`+publicURL+`/invitation#[A-Za-z0-9_-]{43}$`, digString(t, invited, "invitationUrl"))
	requireSoon(t, 72*time.Hour, digString(t, invited, "expiresAt"))
	possible := make(map[string]any)
	for _, a := range digList(t, invited, "member", "availableActions") {
		possible[digString(t, a, "action")] = dig(t, a, "enabled")
		require.Equal(t, dig(t, a, "enabled"), dig(t, a, "reason") == nil, a)
	}
	require.Equal(t, map[string]any{"CHANGE_ROLES": true, "INVITE_AGAIN": true, "RESET_PASSWORD": false, "DISABLE": true, "ENABLE": false}, possible)

	again := dig(t, c.ask(t, `mutation ($id: ID!) { inviteMemberAgain(id: $id) { invitationUrl errors { code } } }`,
		vars{"id": dig(t, invited, "member", "id")}), "inviteMemberAgain")
	require.NotEqual(t, dig(t, invited, "invitationUrl"), dig(t, again, "invitationUrl"))

	reset := dig(t, c.ask(t, `mutation ($id: ID!) { resetMemberPassword(id: $id) { passwordResetUrl expiresAt errors { code } } }`,
		vars{"id": c.actor.Member.ID}), "resetMemberPassword")
	require.Regexp(t, `^`+publicURL+`/password-reset#[A-Za-z0-9_-]{43}$`, digString(t, reset, "passwordResetUrl"))
	requireSoon(t, time.Hour, digString(t, reset, "expiresAt"))

	for _, url := range []string{digString(t, invited, "invitationUrl"), digString(t, again, "invitationUrl"), digString(t, reset, "passwordResetUrl")} {
		_, secret, _ := strings.Cut(url, "#")
		require.NotContains(t, c.contents(t)+c.log.String(), secret, "only its hash is kept")
	}
}

func requireSoon(t *testing.T, within time.Duration, at string) {
	t.Helper()
	instant, err := time.Parse(time.RFC3339, at)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now().Add(within), instant, patience)
}

func TestColleaguesSeeNamesAndRolesAndNoMore(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	recruiter := f.colleague(t, intake.RoleRecruiter)
	all := `id name email roles status invitedAt joinedAt lastSignedInAt revision availableActions { action } tokens { name }`
	member := func(c company, id uuid.UUID) any {
		return dig(t, c.ask(t, `query ($id: ID!) { node(id: $id) { ... on Member { `+all+` } } }`, vars{"id": id}), "node")
	}
	require.JSONEq(t, `{"id":"`+f.actor.Member.ID.String()+`","name":"山田花子","email":"","roles":["ADMIN","RECRUITER"],"status":null,"invitedAt":null,
		"joinedAt":null,"lastSignedInAt":null,"revision":null,"availableActions":null,"tokens":null}`, string(encode(t, member(recruiter, f.actor.Member.ID))))

	histories := recruiter.ask(t, `{ applications { nodes { history { by } } } }`, nil)
	require.Contains(t, string(encode(t, histories)), "山田花子")

	self := member(recruiter, recruiter.actor.Member.ID)
	require.Equal(t, recruiter.actor.Member.Email, digString(t, self, "email"))
	require.Equal(t, "ACTIVE", digString(t, self, "status"))
	require.Len(t, digList(t, self, "tokens"), 1)
	require.JSONEq(t, string(encode(t, self)), string(encode(t, dig(t, recruiter.ask(t, `{ viewer { member { `+all+` } } }`, nil), "viewer", "member"))))
	for _, enabled := range digList(t, recruiter.ask(t, `{ viewer { member { availableActions { enabled reason } } } }`, nil), "viewer", "member", "availableActions") {
		require.Equal(t, false, dig(t, enabled, "enabled"))
		require.NotEmpty(t, digString(t, enabled, "reason"))
	}
	seen := member(f.company, recruiter.actor.Member.ID)
	require.Equal(t, recruiter.actor.Member.Email, digString(t, seen, "email"), "an ADMIN sees all")
	require.Len(t, digList(t, seen, "tokens"), 1)
}

func TestMembersAreFoundByNameAndAddress(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	for search, want := range map[string][]any{"": {"鈴木一郎", "山田花子"}, "花子": {"山田花子"}, "ICHIRO@": {"鈴木一郎"}, "%": {}} {
		answer := f.ask(t, `query ($s: String) { members(search: $s) { nodes { name } totalCount } }`, vars{"s": search})
		names := []any{}
		for _, node := range digList(t, answer, "members", "nodes") {
			names = append(names, dig(t, node, "name"))
		}
		require.Equal(t, want, names, search)
		require.EqualValues(t, len(want), dig(t, answer, "members", "totalCount"), search)
	}
}

func TestADisabledMemberIsAtTheDoorNoMore(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	recruiter := c.colleague(t, intake.RoleRecruiter)
	id := vars{"id": recruiter.actor.Member.ID}
	disabled := c.ask(t, `mutation ($id: ID!) { disableMember(id: $id, expectedRevision: 1) { member { status revision tokens { revokedAt } } errors { code } } }`, id)
	require.Equal(t, "DISABLED", digString(t, disabled, "disableMember", "member", "status"))
	require.NotEmpty(t, digString(t, disabled, "disableMember", "member", "tokens", 0, "revokedAt"))
	recruiter.refused(t, "UNAUTHENTICATED", whoAmI, nil)

	enabled := c.ask(t, `mutation ($id: ID!) { enableMember(id: $id) { member { status revision } errors { code } } }`, id)
	require.JSONEq(t, `{"enableMember":{"member":{"status":"ACTIVE","revision":3},"errors":[]}}`, string(encode(t, enabled)))
	recruiter.refused(t, "UNAUTHENTICATED", whoAmI, nil)
	recruiter.token = recruiter.newToken(t, 0)
	recruiter.ask(t, whoAmI, nil)
}

func TestOtherRolesCountFromTheNextRequestOn(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	colleague := c.colleague(t, intake.RoleRecruiter)
	inbox := `{ inbox { totalCount } }`
	colleague.ask(t, inbox, nil)
	changed := c.ask(t, `mutation ($id: ID!) { updateMemberRoles(id: $id, roles: [ADMIN, ADMIN], expectedRevision: 1) { member { roles revision } errors { code } } }`,
		vars{"id": colleague.actor.Member.ID})
	require.JSONEq(t, `{"updateMemberRoles":{"member":{"roles":["ADMIN"],"revision":2},"errors":[]}}`, string(encode(t, changed)))
	colleague.refused(t, "FORBIDDEN", inbox, nil)
	colleague.ask(t, `{ members { totalCount } }`, nil)
}

func TestATokenIsShownOnceAndOpensUntilItIsRevoked(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社").colleague(t, intake.RoleCoordinator)
	made := dig(t, c.ask(t, `mutation { createToken(input: {name: " CI ", expiresInDays: 366}) {
		token { id name expiresAt revokedAt lastUsedAt member { name } } secret errors { code } } }`, nil), "createToken")
	require.Equal(t, "CI", digString(t, made, "token", "name"))
	requireSoon(t, 366*24*time.Hour, digString(t, made, "token", "expiresAt"))
	secret := digString(t, made, "secret")
	require.Regexp(t, `^renkei_pat_[A-Za-z0-9_-]{43}_[0-9a-f]{8}$`, secret)
	require.NotContains(t, c.contents(t)+c.log.String(), secret)

	other := c
	other.token = secret
	tokens := digList(t, other.ask(t, `{ viewer { tokens { id lastUsedAt } } }`, nil), "viewer", "tokens")
	require.Len(t, tokens, 2)
	require.Equal(t, dig(t, made, "token", "id"), dig(t, tokens, 0, "id"), "the latest first")
	require.NotNil(t, dig(t, tokens, 0, "lastUsedAt"))

	revoke := `mutation ($id: ID!) { revokeToken(id: $id) { token { revokedAt } errors { code field } } }`
	id := vars{"id": dig(t, made, "token", "id")}
	require.NotEmpty(t, digString(t, c.ask(t, revoke, id), "revokeToken", "token", "revokedAt"))
	other.refused(t, "UNAUTHENTICATED", whoAmI, nil)
	require.JSONEq(t, `{"revokeToken":{"token":null,"errors":[{"code":"INVALID_STATE","field":["id"]}]}}`, string(encode(t, c.ask(t, revoke, id))))
	require.Equal(t, dig(t, made, "token", "id"), dig(t, c.ask(t, `{ viewer { tokens { id } } }`, nil), "viewer", "tokens", 1, "id"), "those that work first")
}
