package intake_test

import (
	"crypto/sha256"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// sessionHash is the hash of the cookie with this number.
func sessionHash(n int) []byte {
	sum := sha256.Sum256(fmt.Append(nil, "cookie ", n))
	return sum[:]
}

// startSession signs a member in with cookie n and returns whom it then stands for.
func (d *doorBundle) startSession(t *testing.T, member intake.Member, n int) intake.Actor {
	t.Helper()
	actor := intake.Actor{Company: d.actor.Company, Member: member, Address: home}
	actor.Credential.MemberRevision = d.number(t, "SELECT revision FROM members WHERE id = $1", actor.Member.ID)
	id, err := d.svc.StartSession(t.Context(), actor, intake.NewSession{TokenHash: sessionHash(n), Data: []byte("data"), UserAgent: "Browser"})
	require.NoError(t, err)
	found, err := d.svc.SessionByToken(t.Context(), sessionHash(n))
	require.NoError(t, err)
	require.Equal(t, id, found.Actor.Credential.ID)
	require.Equal(t, member, found.Actor.Member)
	return found.Actor
}

func (d *doorBundle) requireClosed(t *testing.T, n int) {
	t.Helper()
	_, err := d.svc.SessionByToken(t.Context(), sessionHash(n))
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
}

func TestASessionEndsWithTimeWithItsMemberAndByHand(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	for name, end := range map[string]string{
		"unused for half a day": "UPDATE sessions SET expires_at = now()",
		"ended":                 "UPDATE sessions SET ended_at = now()",
		"its member disabled":   "UPDATE members SET disabled_at = now()",
	} {
		n := len(name)
		d.startSession(t, d.member, n)
		d.exec(t, end)
		_, err := d.svc.SessionByToken(t.Context(), sessionHash(n))
		require.ErrorIs(t, err, intake.ErrUnauthenticated, name)
		d.exec(t, "UPDATE members SET disabled_at = NULL")
		d.exec(t, "DELETE FROM sessions")
	}
	_, err := d.svc.SessionByToken(t.Context(), nil)
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
	d.exec(t, "UPDATE members SET disabled_at = now()")
	_, err = d.svc.StartSession(t.Context(), intake.Actor{Company: d.actor.Company, Member: d.member}, intake.NewSession{TokenHash: sessionHash(1), Data: []byte{}})
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
}

func TestASessionThatDisablingEndedStaysEnded(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.startSession(t, d.member, 1)
	_, err := d.svc.DisableMember(t.Context(), d.actor, d.member.ID, nil)
	require.NoError(t, err)
	d.requireClosed(t, 1)
	_, err = d.svc.EnableMember(t.Context(), d.actor, d.member.ID)
	require.NoError(t, err)
	d.requireClosed(t, 1)
	_, err = d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.NoError(t, err)
}

func TestASessionIsSeenOnceAMinuteAndLivesAWeekAtMost(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.startSession(t, d.member, 1)
	seen := func() (last, expires time.Time) {
		_, err := d.svc.SessionByToken(t.Context(), sessionHash(1))
		require.NoError(t, err)
		require.NoError(t, d.pool.QueryRow(t.Context(), "SELECT last_seen_at, expires_at FROM sessions").Scan(&last, &expires))
		return last, expires
	}
	first, expires := seen()
	require.WithinDuration(t, time.Now().Add(12*time.Hour), expires, time.Minute)
	again, _ := seen()
	require.Equal(t, first, again)
	d.exec(t, "UPDATE sessions SET last_seen_at = now() - interval '61 seconds', expires_at = now() + interval '1 hour'")
	_, expires = seen()
	require.WithinDuration(t, time.Now().Add(12*time.Hour), expires, time.Minute)
	d.exec(t, "UPDATE sessions SET last_seen_at = now() - interval '1 hour', created_at = now() - interval '6 days 23 hours'")
	_, expires = seen()
	require.WithinDuration(t, time.Now().Add(time.Hour), expires, time.Minute)
}

func TestChangedRolesCountAtOnceAndAskForAnotherCookie(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.startSession(t, d.member, 1)
	d.exec(t, "UPDATE members SET roles = '{COORDINATOR}', revision = revision + 1 WHERE id = $1", d.member.ID)
	found, err := d.svc.SessionByToken(t.Context(), sessionHash(1))
	require.NoError(t, err)
	require.Equal(t, []intake.Role{intake.RoleCoordinator}, found.Actor.Member.Roles)
	require.True(t, found.RolesChanged)

	// Of many at the same instant one renews it, and nobody is thrown out.
	var renewed atomic.Int64
	var twins sync.WaitGroup
	for i := range 20 {
		twins.Go(func() {
			err := d.svc.RenewSession(t.Context(), found.Actor, intake.Renewal{
				OldHash: found.TokenHash, NewHash: sessionHash(100 + i), Data: []byte("data"), Gracious: true,
			})
			if err == nil {
				renewed.Add(1)
			}
		})
	}
	twins.Wait()
	require.EqualValues(t, 1, renewed.Load())
	late, err := d.svc.SessionByToken(t.Context(), sessionHash(1))
	require.NoError(t, err, "a request that was under way")
	require.False(t, late.RolesChanged)
	require.Equal(t, found.Actor.Credential.ID, late.Actor.Credential.ID)
	d.exec(t, "UPDATE sessions SET renewed_at = now() - interval '31 seconds'")
	d.requireClosed(t, 1)

	require.NoError(t, d.svc.RenewSession(t.Context(), late.Actor, intake.Renewal{OldHash: late.TokenHash, NewHash: sessionHash(2), Data: []byte("data")}))
	_, err = d.svc.SessionByToken(t.Context(), late.TokenHash)
	require.ErrorIs(t, err, intake.ErrUnauthenticated, "without grace")
}

func TestOneSeesAndEndsOnesOwnSessionsAndAnAdminEverybodys(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	mine := d.startSession(t, d.member, 1)
	d.startSession(t, d.member, 2)
	other := d.join(t, d.actor.Company.ID, "other@example.com", goodPassword)
	others := d.startSession(t, other, 3)
	stranger := d.company(t, "別の会社")

	list, err := d.svc.Sessions(t.Context(), mine, d.member.ID)
	require.NoError(t, err)
	require.Len(t, list, 2)
	for _, s := range list {
		require.Equal(t, s.ID == mine.Credential.ID, s.Current)
		require.Equal(t, "Browser", s.UserAgent)
		require.Equal(t, home, s.Address)
	}
	_, err = d.svc.Sessions(t.Context(), mine, other.ID)
	require.ErrorIs(t, err, intake.ErrForbidden)
	list, err = d.svc.Sessions(t.Context(), d.actor, other.ID)
	require.NoError(t, err)
	require.Len(t, list, 1)
	list, err = d.svc.Sessions(t.Context(), stranger, other.ID)
	require.NoError(t, err)
	require.Empty(t, list)

	requireUserErrors(t, d.svc.EndSession(t.Context(), mine, others.Credential.ID), "NOT_FOUND id")
	requireUserErrors(t, d.svc.EndSession(t.Context(), stranger, others.Credential.ID), "NOT_FOUND id")
	requireUserErrors(t, d.svc.EndSession(t.Context(), mine, uuid.New()), "NOT_FOUND id")
	d.requireAudited(t, "SESSION_ENDED", 0)
	require.NoError(t, d.svc.EndSession(t.Context(), d.actor, others.Credential.ID))
	requireUserErrors(t, d.svc.EndSession(t.Context(), d.actor, others.Credential.ID), "NOT_FOUND id")
	d.requireClosed(t, 3)
	n, err := d.svc.EndOtherSessions(t.Context(), mine)
	require.NoError(t, err)
	require.Equal(t, 1, n)
	d.requireClosed(t, 2)
	require.NoError(t, d.svc.SignOut(t.Context(), mine))
	require.NoError(t, d.svc.SignOut(t.Context(), mine))
	d.requireClosed(t, 1)
	d.requireAudited(t, "SESSION_ENDED", 2)
	d.requireAudited(t, "SIGNED_OUT", 1)
	d.requireAudited(t, "SIGNED_IN", 3)
}

func TestWhatABrowserSaysOfItselfIsCutToSize(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	actor := intake.Actor{Company: d.actor.Company, Member: d.member, Address: "192.0.2.1"}
	actor.Credential.MemberRevision = 1
	_, err := d.svc.StartSession(t.Context(), actor, intake.NewSession{TokenHash: sessionHash(1), Data: []byte{}, UserAgent: "\x00\xff" + strings.Repeat("門", 5000)})
	require.NoError(t, err)
	require.Equal(t, 200, d.number(t, "SELECT char_length(user_agent) FROM sessions"))
}

func TestEndedCredentialsAreFoundInOneGo(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	none, err := d.svc.EndedCredentials(t.Context(), nil)
	require.NoError(t, err)
	require.Empty(t, none)

	token := func() intake.Actor {
		secret, err := d.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: d.actor.Company.ID, MemberID: d.member.ID, Name: "CI", Expires: time.Hour})
		require.NoError(t, err)
		actor, err := d.svc.ActorByToken(t.Context(), secret)
		require.NoError(t, err)
		return actor
	}
	member := func(n int) intake.Actor {
		m := d.join(t, d.actor.Company.ID, fmt.Sprint(n, "@example.com"), goodPassword)
		return d.startSession(t, m, 10+n)
	}
	byOIDC := func(expires time.Duration) intake.Actor {
		a := d.startSession(t, d.member, int(expires))
		a.Credential = intake.Credential{Kind: intake.ByOIDC, ExpiresAt: new(time.Now().Add(expires)), MemberRevision: a.Credential.MemberRevision}
		return a
	}
	good := []intake.Actor{d.startSession(t, d.member, 1), token(), byOIDC(time.Hour)}
	ended, idle := d.startSession(t, d.member, 2), d.startSession(t, d.member, 3)
	revoked, expired := token(), token()
	disabled, promoted := member(4), member(5)
	moved := good[0]
	moved.Company.ID = d.company(t, "別の会社").Company.ID
	bad := []intake.Actor{ended, idle, revoked, expired, disabled, promoted, byOIDC(-time.Second), moved}

	var held []intake.Held
	for _, a := range append(append([]intake.Actor{}, good...), bad...) {
		held = append(held, a.Held())
	}
	first, err := d.svc.EndedCredentials(t.Context(), held)
	require.NoError(t, err)
	require.ElementsMatch(t, []intake.Held{held[9], held[10]}, first)
	d.exec(t, "UPDATE sessions SET ended_at = now() WHERE id = $1", ended.Credential.ID)
	d.exec(t, "UPDATE sessions SET expires_at = now() WHERE id = $1", idle.Credential.ID)
	d.exec(t, "UPDATE api_tokens SET revoked_at = now() WHERE id = $1", revoked.Credential.ID)
	d.exec(t, "UPDATE api_tokens SET expires_at = now() WHERE id = $1", expired.Credential.ID)
	d.exec(t, "UPDATE members SET disabled_at = now() WHERE id = $1", disabled.Member.ID)
	d.exec(t, "UPDATE members SET revision = revision + 1 WHERE id = $1", promoted.Member.ID)
	got, err := d.svc.EndedCredentials(t.Context(), held)
	require.NoError(t, err)
	require.Equal(t, held[len(good):], got)
}
