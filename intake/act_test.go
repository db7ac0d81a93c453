package intake_test

import (
	"context"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// acts keeps what acts there were, in the order of their ends, and which of them failed.
type acts struct {
	intake.Observer
	mu     sync.Mutex
	ended  []intake.Act
	failed []intake.Act
}

func (o *acts) ActBegan(ctx context.Context, act intake.Act) (context.Context, func(bool)) {
	return ctx, func(failed bool) {
		o.mu.Lock()
		defer o.mu.Unlock()
		o.ended = append(o.ended, act)
		if failed {
			o.failed = append(o.failed, act)
		}
	}
}

func (*acts) VerificationEnded(intake.VerificationEnd) {}

func observed(o intake.Observer) func(*intake.Settings) {
	return func(s *intake.Settings) { s.Observer = o }
}

func TestAnActFailsWhereSomethingIsBrokenAndNotWhereItIsRefusedOrGivenUp(t *testing.T) {
	t.Parallel()
	seen := &acts{}
	b := setup(t, observed(seen))
	seen.ended = nil
	stranger := b.actor
	stranger.Member.Roles = []intake.Role{intake.RoleAdmin}
	_, err := b.svc.CreateOpening(t.Context(), stranger, intake.OpeningInput{Name: "x"})
	require.ErrorIs(t, err, intake.ErrForbidden)
	require.Empty(t, seen.ended, "nothing was begun")

	_, err = b.svc.CloseOpening(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
	_, err = b.svc.CreateOpening(t.Context(), b.actor, intake.OpeningInput{Name: "x"})
	require.NoError(t, err)
	left, leave := context.WithCancel(t.Context())
	leave()
	_, err = b.svc.CreateOpening(left, b.actor, intake.OpeningInput{Name: "x"})
	require.ErrorIs(t, err, context.Canceled)
	require.Equal(t, []intake.Act{"close opening", "create opening", "create opening"}, seen.ended)
	require.Empty(t, seen.failed)

	b.program.Close()
	_, err = b.svc.CreateOpening(t.Context(), b.actor, intake.OpeningInput{Name: "x"})
	require.Error(t, err)
	require.Equal(t, []intake.Act{"create opening"}, seen.failed)
}

func TestAMediumsWordAboutAPasswordIsAnAnswerAndItsSilenceIsNone(t *testing.T) {
	t.Parallel()
	for reason, failed := range map[intake.FailureReason][]intake.Act{
		intake.FailureInvalidCredentials: nil,
		intake.FailureMediumUnavailable:  {"verify account"},
	} {
		seen := &acts{}
		b := setup(t, observed(seen))
		b.source.verify = func(context.Context, intake.Credentials) (intake.Secret, error) {
			return intake.Secret{}, trouble(reason)
		}
		require.NoError(t, b.svc.Verify(t.Context(), b.task(t, b.register(t, "a@example.com").ID)))
		require.Contains(t, seen.ended, intake.Act("register account"))
		require.Contains(t, seen.ended, intake.Act("verify account"))
		require.Equal(t, failed, seen.failed, reason)
	}
}

func TestAnActThatPanicsFails(t *testing.T) {
	t.Parallel()
	seen := &acts{}
	b := setup(t, observed(seen))
	task := b.task(t, b.linked(t, "a@example.com").ID)
	tracer := b.collapsing(t)
	b.svc = b.process(b.source, observed(seen))
	tracer.armed.Store(true)
	require.Panics(t, func() { _ = b.svc.Import(t.Context(), task) })
	require.Equal(t, []intake.Act{"start run"}, seen.failed)
}
