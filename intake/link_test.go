package intake_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// makeLink makes a one-time link.
func (d *doorBundle) makeLink(t *testing.T, member uuid.UUID, purpose, secret string, lives time.Duration) {
	t.Helper()
	hash := sha256.Sum256([]byte(secret))
	d.exec(t, "INSERT INTO one_time_links (company_id, member_id, purpose, hash, expires_at) VALUES ($1, $2, $3, $4, now() + $5::interval)",
		d.actor.Company.ID, member, purpose, hash[:], lives)
}

func TestALinkThatDoesNotWorkChangesNothing(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	gone := d.join(t, d.actor.Company.ID, "gone@example.com", goodPassword)
	d.exec(t, "UPDATE members SET disabled_at = now() WHERE id = $1", gone.ID)
	d.makeLink(t, d.member.ID, "INVITATION", "late", -time.Second)
	d.makeLink(t, d.member.ID, "INVITATION", "used", time.Hour)
	d.exec(t, "UPDATE one_time_links SET used_at = now()")
	d.makeLink(t, d.member.ID, "PASSWORD_RESET", "another purpose", time.Hour)
	d.makeLink(t, gone.ID, "INVITATION", "of somebody disabled", time.Hour)
	d.exec(t, "UPDATE members SET joined_at = NULL")
	d.makeLink(t, d.member.ID, "INVITATION", "good", time.Hour)
	d.exec(t, "DELETE FROM sign_in_tries")
	d.hashings.Store(0)
	before := d.everything(t)
	for _, secret := range []string{"late", "used", "another purpose", "of somebody disabled", "", "GOOD", "good "} {
		_, err := d.svc.AcceptInvitation(t.Context(), intake.NewSecret(secret), intake.NewSecret(goodPassword), home)
		require.ErrorIs(t, err, intake.ErrBadLink, secret)
		_, err = d.svc.LookAtInvitation(t.Context(), intake.NewSecret(secret), home)
		require.ErrorIs(t, err, intake.ErrBadLink, secret)
	}
	require.Zero(t, d.hashings.Load(), "a stranger costs nothing")
	_, err := d.svc.AcceptInvitation(t.Context(), intake.NewSecret("good"), intake.NewSecret("password"), home)
	requireUserErrors(t, err, "INVALID password")
	d.exec(t, "DELETE FROM sign_in_tries")
	d.requireUnchanged(t, before)
}

func TestAnInvitationIsAcceptedByOneOfTwins(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.exec(t, "UPDATE members SET password_hash = NULL, invited_at = now(), joined_at = NULL WHERE id = $1", d.member.ID)
	d.makeLink(t, d.member.ID, "INVITATION", "the one", 72*time.Hour)
	seen, err := d.svc.LookAtInvitation(t.Context(), intake.NewSecret("the one"), home)
	require.NoError(t, err)
	require.Equal(t, intake.Invited{Company: d.actor.Company.Name, Name: d.member.Name, Email: d.member.Email}, seen)

	password := func(n int) string { return fmt.Sprint(goodPassword, n) }
	var winner atomic.Int64
	var won, lost atomic.Int64
	var twins sync.WaitGroup
	for i := range 20 {
		twins.Go(func() {
			actor, err := d.svc.AcceptInvitation(t.Context(), intake.NewSecret("the one"), intake.NewSecret(password(i)), fmt.Sprint("198.51.100.", i))
			switch {
			case err == nil && actor.Member.ID == d.member.ID:
				won.Add(1)
				winner.Store(int64(i))
			case errors.Is(err, intake.ErrBadLink):
				lost.Add(1)
			}
		})
	}
	twins.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, 19, lost.Load())
	_, err = d.signIn(t.Context(), d.member.Email, password(int(winner.Load())), home)
	require.NoError(t, err)
	require.Equal(t, 1, d.number(t, "SELECT count(joined_at) FROM members WHERE id = $1", d.member.ID))
	d.requireAudited(t, "INVITATION_ACCEPTED", 1)
}

func TestAResetEndsEverySessionAndEveryOtherLink(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	other := d.join(t, d.actor.Company.ID, "other@example.com", goodPassword)
	d.startSession(t, other, 9)
	d.startSession(t, d.member, 1)
	d.startSession(t, d.member, 2)
	for _, secret := range []string{"first", "second"} {
		d.makeLink(t, d.member.ID, "PASSWORD_RESET", secret, time.Hour)
	}
	for range 5 {
		_, err := d.signIn(t.Context(), d.member.Email, wrongPassword, home)
		require.ErrorIs(t, err, intake.ErrWrongPassword)
	}
	const next = "c4nary-新しい合言葉"
	_, err := d.svc.ResetPassword(t.Context(), intake.NewSecret("second"), intake.NewSecret(next), home)
	require.NoError(t, err)
	d.requireClosed(t, 1)
	d.requireClosed(t, 2)
	_, err = d.svc.SessionByToken(t.Context(), sessionHash(9))
	require.NoError(t, err, "somebody else's goes on")
	_, err = d.svc.ResetPassword(t.Context(), intake.NewSecret("first"), intake.NewSecret(goodPassword), home)
	require.ErrorIs(t, err, intake.ErrBadLink)
	_, err = d.signIn(t.Context(), d.member.Email, next, home)
	require.NoError(t, err, "the tries before are forgiven")
	d.requireAudited(t, "PASSWORD_RESET", 1)
}
