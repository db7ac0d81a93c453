package graph_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestACandidateIsErasedOnceAndTheReceiptIsListed(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	erase := `mutation ($id: ID!) { eraseCandidate(id: $id) { receipt { id erasedAt reason requestedBy { name } counts { candidates entries applications } } errors { code field } } }`
	preview := f.ask(t, `query ($id: ID!) { previewErasure(id: $id) { candidates entries applications } }`, vars{"id": f.candidate})
	done := f.ask(t, erase, vars{"id": f.candidate})
	require.Empty(t, dig(t, done, "eraseCandidate", "errors"))
	require.Equal(t, dig(t, preview, "previewErasure"), dig(t, done, "eraseCandidate", "receipt", "counts"))
	require.Equal(t, "REQUEST", digString(t, done, "eraseCandidate", "receipt", "reason"))
	require.Equal(t, f.actor.Member.Name, digString(t, done, "eraseCandidate", "receipt", "requestedBy", "name"))

	again := f.ask(t, erase, vars{"id": f.candidate})
	require.JSONEq(t, `{"receipt":null,"errors":[{"code":"NOT_FOUND","field":["id"]}]}`, string(encode(t, dig(t, again, "eraseCandidate"))))
	for _, id := range []uuid.UUID{f.candidate, f.routed.ID, f.application.ID} {
		require.Nil(t, dig(t, f.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": id}), "node"))
	}
	require.Nil(t, dig(t, f.ask(t, `query ($id: ID!) { previewErasure(id: $id) { entries } }`, vars{"id": f.candidate}), "previewErasure"))
	list := f.ask(t, `{ erasures(first: 1) { totalCount nodes { id } } }`, nil)
	require.InDelta(t, 2, dig(t, list, "erasures", "totalCount"), 0)
	require.Equal(t, dig(t, done, "eraseCandidate", "receipt", "id"), dig(t, list, "erasures", "nodes", 0, "id"))
}

func TestErasingIsForRecruitersAndRetentionForAdmins(t *testing.T) {
	t.Parallel()
	f := fill(t, open(t).company(t, "甲社"))
	candidate := `(id: "` + f.candidate.String() + `")`
	erasing := []string{
		`mutation { eraseCandidate` + candidate + ` { receipt { id } } }`,
		`{ previewErasure` + candidate + ` { entries } }`,
		`{ erasures { nodes { id } } }`,
	}
	retention := []string{`mutation { updateRetention(months: 1) { errors { code } } }`, `{ viewer { company { retentionMonths } } }`}
	for _, one := range []struct {
		role               intake.Role
		refused, permitted []string
	}{
		{intake.RoleCoordinator, append(erasing, retention...), nil},
		{intake.RoleAdmin, erasing, retention},
		{intake.RoleRecruiter, retention, erasing},
	} {
		c := f.only(t, one.role)
		for _, query := range one.refused {
			a := c.try(t, query, nil)
			require.Len(t, a.Errors, 1, query)
			require.Equal(t, "FORBIDDEN", a.Errors[0].code(), query)
		}
		receipt := dig(t, c.ask(t, `query ($id: ID!) { node(id: $id) { id } }`, vars{"id": f.erasure}), "node")
		require.Equal(t, one.role == intake.RoleRecruiter, receipt != nil, "as if there were none")
		for _, query := range one.permitted {
			require.Empty(t, c.try(t, query, nil).Errors, query)
		}
	}
}

// only is the company with somebody who holds one role.
func (f *full) only(t *testing.T, role intake.Role) company {
	t.Helper()
	c := f.company
	var err error
	c.actor.Member, err = c.service.CreateMember(t.Context(), intake.NewMember{
		CompanyID: c.actor.Company.ID, Name: "高橋", Email: string(role) + "@example.com", Roles: []intake.Role{role},
	})
	require.NoError(t, err)
	c.token = c.newToken(t, 0)
	return c
}

func TestTheRetentionIsShownAsItWasChosen(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	shown := `{ viewer { company { retentionMonths } } }`
	require.Nil(t, dig(t, c.ask(t, shown, nil), "viewer", "company", "retentionMonths"))
	chosen := c.ask(t, `mutation { updateRetention(months: 18) { company { retentionMonths } errors { code } } }`, nil)
	require.JSONEq(t, `{"company":{"retentionMonths":18},"errors":[]}`, string(encode(t, dig(t, chosen, "updateRetention"))))
	require.InDelta(t, 18, dig(t, c.ask(t, shown, nil), "viewer", "company", "retentionMonths"), 0)
	wrong := c.ask(t, `mutation { updateRetention(months: 121) { company { id } errors { code field } } }`, nil)
	require.JSONEq(t, `{"company":null,"errors":[{"code":"INVALID","field":["months"]}]}`, string(encode(t, dig(t, wrong, "updateRetention"))))
	off := c.ask(t, `mutation { updateRetention(months: null) { company { retentionMonths } errors { code } } }`, nil)
	require.JSONEq(t, `{"company":{"retentionMonths":null},"errors":[]}`, string(encode(t, dig(t, off, "updateRetention"))))
}
