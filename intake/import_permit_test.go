package intake_test

import (
	"context"
	"iter"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestWhoWasReplacedWhileFrozenMayNotSignIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.linked(t, "a@example.com")
	g := newGate(t)
	var before, after error
	frozen := b.frozen(&fakeSource{read: func(ctx context.Context, login intake.Login, _ intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			before = login.Permit(ctx)
			g.pass()
			after = login.Permit(ctx)
			yield(intake.Page{}, after)
		}
	}})
	task := b.task(t, account.ID)
	ended := start(t, func() error { return frozen.Import(t.Context(), task) })
	await(t, g.reached)

	b.killed(t, account.ID)
	_, err := b.svc.Revive(t.Context())
	require.NoError(t, err)
	b.source.read = reads(threePages()...)
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)

	unchanged := b.everything(t)
	close(g.open)
	require.NoError(t, await(t, ended))
	require.NoError(t, before, "who holds the lease may")
	require.Error(t, after, "who has lost it may not")
	b.requireUnchanged(t, unchanged)
	b.requireInvariants(t)
}
