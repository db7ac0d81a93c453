package intake_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// A rule may have a hundred thousand people to route, and nobody sits for a minute before a button.
func TestWhoeverMeetsALongChangeOfRulesIsToldSoAndNothingIsChanged(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.Patience = 50 * time.Millisecond })
	opening := b.opening(t, "営業")
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "経理")))
	applications, err := b.svc.Applications(t.Context(), b.actor, intake.ApplicationFilter{}, intake.Keyset{First: 1})
	require.NoError(t, err)
	waiting := intake.StateWaiting
	entries, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{State: &waiting}, intake.Keyset{First: 1})
	require.NoError(t, err)
	before := b.everything(t)

	tx, err := b.pool.Begin(t.Context())
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "SELECT pg_advisory_xact_lock(hashtextextended('rules:' || $1::uuid::text, 0))", b.actor.Company.ID)
	require.NoError(t, err)
	for name, change := range map[string]func() error{
		"move": func() error {
			_, err := b.svc.MoveApplication(t.Context(), b.actor, intake.Change{ID: applications[0].ID}, b.steps(t, opening.ID)[1].ID)
			return err
		},
		"route": func() error {
			_, err := b.svc.RouteEntry(t.Context(), b.actor, entries[0].ID, opening.ID)
			return err
		},
		"exclude": func() error {
			_, err := b.svc.ExcludeEntries(t.Context(), b.actor, []uuid.UUID{entries[0].ID})
			return err
		},
		"edit": func() error {
			_, err := b.svc.UpdateCandidate(t.Context(), b.actor, entries[0].CandidateID, intake.ContactEdit{Note: given("メモ")}, nil)
			return err
		},
	} {
		require.ErrorIs(t, change(), intake.ErrOccupied, name)
	}
	require.NoError(t, tx.Rollback(t.Context()))
	b.requireUnchanged(t, before)
	_, err = b.svc.RouteEntry(t.Context(), b.actor, entries[0].ID, opening.ID)
	require.NoError(t, err, "and a little later all is well")
}
