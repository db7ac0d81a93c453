package intake_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestATokenOpensItsCompanyUntilItExpires(t *testing.T) {
	t.Parallel()
	b := setup(t)
	token, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI", Expires: time.Hour})
	require.NoError(t, err)
	require.Regexp(t, `^renkei_pat_[A-Za-z0-9_-]{43}_[0-9a-f]{8}$`, token)
	actor, err := b.svc.ActorByToken(t.Context(), token)
	require.NoError(t, err)
	require.Equal(t, b.actor.Company, actor.Company)
	require.Equal(t, b.actor.Member, actor.Member)
	require.Equal(t, intake.ByToken, actor.Credential.Kind)
	for _, contents := range b.everything(t) {
		require.NotContains(t, contents, strings.TrimPrefix(token, "renkei_pat_"), "only its hash is kept")
	}
	require.Equal(t, 1, b.number(t, "SELECT count(last_used_at) FROM api_tokens"))

	b.exec(t, "UPDATE api_tokens SET expires_at = now()")
	_, err = b.svc.ActorByToken(t.Context(), token)
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
	for _, wrong := range []string{"", "renkei_", "renkei_x", "renkei_pat_", strings.TrimPrefix(token, "renkei_"), strings.TrimPrefix(token, "renkei_pat_"), token + "x", strings.ToUpper(token), "' OR 1=1 --"} {
		_, err := b.svc.ActorByToken(t.Context(), wrong)
		require.ErrorIs(t, err, intake.ErrUnauthenticated)
	}
}

func TestWhatMakesNoMemberNoTokenAndNoCompanyIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	before := b.everything(t)
	member := func(change func(*intake.NewMember)) error {
		in := intake.NewMember{CompanyID: b.actor.Company.ID, Name: "田中", Email: "tanaka@example.com", Roles: []intake.Role{intake.RoleCoordinator}}
		change(&in)
		_, err := b.svc.CreateMember(t.Context(), in)
		return err
	}
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Name = " " }), "INVALID name")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Name = "a\x00b" }), "INVALID name")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Email = "x" }), "INVALID email")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Roles = nil }), "REQUIRED roles")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Roles = []intake.Role{"OWNER"} }), "INVALID roles")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.Email = "SATO@example.com" }), "ALREADY_EXISTS email")
	requireUserErrors(t, member(func(m *intake.NewMember) { m.CompanyID = uuid.New() }), "NOT_FOUND company")
	token := func(n intake.NewToken) error { _, err := b.svc.CreateToken(t.Context(), n); return err }
	requireUserErrors(t, token(intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: uuid.New(), Name: "x"}), "NOT_FOUND member")
	requireUserErrors(t, token(intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID}), "INVALID name")
	requireUserErrors(t, token(intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "x", Expires: -1}), "INVALID expires")
	for _, name := range []string{"", " ", strings.Repeat("社", 201)} {
		_, err := b.svc.CreateCompany(t.Context(), name)
		requireUserErrors(t, err, "INVALID name")
	}
	b.requireUnchanged(t, before)
}

func TestAnIDNamesItsKindWithinItsCompanyOnly(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	other := b.company(t, "別の会社")
	account, err := b.svc.Accounts(t.Context(), b.actor, new(intake.MediumWantedly))
	require.NoError(t, err)
	rules, err := b.svc.Rules(t.Context(), b.actor, intake.RuleFilter{}, intake.Keyset{First: 1})
	require.NoError(t, err)
	for kind, id := range map[string]uuid.UUID{
		"MediumAccount": account[0].ID, "ImportRun": b.runs(t, account[0].ID)[0].ID, "Candidate": application.CandidateID,
		"InboxEntry": *application.EntryID, "RoutingRule": rules[0].ID, "Opening": opening.ID, "Application": application.ID,
		"Member": b.actor.Member.ID, "Company": b.actor.Company.ID,
	} {
		got, err := b.svc.KindOf(t.Context(), b.actor, id)
		require.NoError(t, err)
		require.Equal(t, kind, got)
		_, err = b.svc.KindOf(t.Context(), other, id)
		require.ErrorIs(t, err, intake.ErrNotFound, kind)
	}
	_, err = b.svc.KindOf(t.Context(), b.actor, uuid.New())
	require.ErrorIs(t, err, intake.ErrNotFound)
}

// What another company asks for by id it does not find, exactly as if it were not there.
func TestNothingOfACompanyIsReadByAnother(t *testing.T) {
	t.Parallel()
	b := setup(t)
	application, opening := b.selected(t)
	other := b.company(t, "別の会社")
	account := b.entries(t)[0].AccountID
	ids := []uuid.UUID{*account, b.runs(t, *account)[0].ID, application.ID, application.CandidateID, *application.EntryID, opening.ID, b.actor.Member.ID}
	for name, read := range map[string]func(intake.Actor) (int, error){
		"accounts": func(a intake.Actor) (int, error) {
			m, err := b.svc.AccountsByID(t.Context(), a, ids)
			return len(m), err
		},
		"runs": func(a intake.Actor) (int, error) { m, err := b.svc.RunsByID(t.Context(), a, ids); return len(m), err },
		"candidates": func(a intake.Actor) (int, error) {
			m, err := b.svc.CandidatesByID(t.Context(), a, ids)
			return len(m), err
		},
		"entries": func(a intake.Actor) (int, error) {
			m, err := b.svc.InboxEntriesByID(t.Context(), a, ids)
			return len(m), err
		},
		"openings": func(a intake.Actor) (int, error) {
			m, err := b.svc.OpeningsByID(t.Context(), a, ids)
			return len(m), err
		},
		"steps": func(a intake.Actor) (int, error) {
			m, err := b.svc.StepsByOpening(t.Context(), a, ids)
			return len(m), err
		},
		"applications": func(a intake.Actor) (int, error) {
			m, err := b.svc.ApplicationsByID(t.Context(), a, ids)
			return len(m), err
		},
		"of a person": func(a intake.Actor) (int, error) {
			m, err := b.svc.ApplicationsByCandidate(t.Context(), a, ids)
			return len(m), err
		},
		"of an entry": func(a intake.Actor) (int, error) {
			m, err := b.svc.ApplicationsByEntry(t.Context(), a, ids)
			return len(m), err
		},
		"history": func(a intake.Actor) (int, error) {
			m, err := b.svc.HistoryByApplication(t.Context(), a, ids)
			return len(m), err
		},
		"members": func(a intake.Actor) (int, error) {
			m, err := b.svc.MembersByID(t.Context(), a, ids)
			return len(m), err
		},
		"inbox":     func(a intake.Actor) (int, error) { return b.svc.CountInbox(t.Context(), a, intake.InboxFilter{}) },
		"all runs":  func(a intake.Actor) (int, error) { return b.svc.CountRuns(t.Context(), a, nil) },
		"all rules": func(a intake.Actor) (int, error) { return b.svc.CountRules(t.Context(), a, intake.RuleFilter{}) },
	} {
		n, err := read(b.actor)
		require.NoError(t, err, name)
		require.Equal(t, 1, n, name)
		n, err = read(other)
		require.NoError(t, err, name)
		require.Zero(t, n, name)
	}
}
