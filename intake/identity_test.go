package intake_test

import (
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func identity(subject, email string) intake.Identity {
	return intake.Identity{Issuer: "https://id.example.com", Subject: subject, Email: email, EmailVerified: true}
}

func TestAnOIDCIdentityOfNobodyGetsNothing(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.exec(t, "UPDATE members SET oidc_issuer = 'https://id.example.com', oidc_subject = 'sato' WHERE email = 'sato@example.com'")
	gone := d.join(t, d.actor.Company.ID, "gone@example.com", goodPassword)
	d.exec(t, "UPDATE members SET disabled_at = now() WHERE id = $1", gone.ID)
	before := d.everything(t)
	for name, id := range map[string]intake.Identity{
		"an address that nobody has":          identity("x", "nobody@example.com"),
		"an address that is not verified":     {Issuer: "https://id.example.com", Subject: "x", Email: d.member.Email},
		"no address":                          identity("x", ""),
		"no subject":                          identity("", d.member.Email),
		"no issuer":                           {Subject: "x", Email: d.member.Email, EmailVerified: true},
		"a member who was disabled":           identity("x", gone.Email),
		"a member who is somebody else there": identity("x", "sato@example.com"),
		"another provider's":                  {Issuer: "https://evil.example.com", Subject: "sato", Email: "sato@example.com", EmailVerified: true},
		"what cannot be stored":               identity("x\x00", d.member.Email),
		"a subject in other letters":          identity("SATO", "sato@example.com"),
	} {
		_, err := d.svc.ActorByIdentity(t.Context(), id, nil, home)
		require.ErrorIs(t, err, intake.ErrUnauthenticated, name)
	}
	_, err := d.svc.ActorByIdentity(t.Context(), identity("sato", "sato@example.com"), new(uuid.New()), home)
	require.ErrorIs(t, err, intake.ErrUnauthenticated, "another company")
	d.requireUnchanged(t, before)
}

func TestAVerifiedAddressIsBoundOnceAndTheSubjectCountsFromThen(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	var won, refused atomic.Int64
	var winner atomic.Value
	var twins sync.WaitGroup
	for i := range 20 {
		twins.Go(func() {
			subject := fmt.Sprint("subject ", i)
			actor, err := d.svc.ActorByIdentity(t.Context(), identity(subject, "TANAKA@example.com"), nil, home)
			switch {
			case err == nil && actor.Member.ID == d.member.ID:
				won.Add(1)
				winner.Store(subject)
			case errors.Is(err, intake.ErrUnauthenticated):
				refused.Add(1)
			}
		})
	}
	twins.Wait()
	require.EqualValues(t, 1, won.Load())
	require.EqualValues(t, 19, refused.Load())
	d.requireAudited(t, "OIDC_BOUND", 1)

	subject := winner.Load().(string)
	actor, err := d.svc.ActorByIdentity(t.Context(), intake.Identity{Issuer: "https://id.example.com", Subject: subject, Email: "married@example.com"}, nil, home)
	require.NoError(t, err, "whatever the address is now")
	require.Equal(t, d.member, actor.Member)
	require.Equal(t, intake.ByOIDC, actor.Credential.Kind)
	_, err = d.svc.ActorByIdentity(t.Context(), identity(subject, "sato@example.com"), nil, home)
	require.NoError(t, err)
	require.Equal(t, 1, d.number(t, "SELECT count(oidc_subject) FROM members"), "the subject counts, not the address")
}

func TestTwinsWithTheSameIdentityBothGetIn(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	var won atomic.Int64
	var twins sync.WaitGroup
	for range 20 {
		twins.Go(func() {
			if _, err := d.svc.ActorByIdentity(t.Context(), identity("one", d.member.Email), nil, home); err == nil {
				won.Add(1)
			}
		})
	}
	twins.Wait()
	require.EqualValues(t, 20, won.Load())
	d.requireAudited(t, "OIDC_BOUND", 1)
}

func TestAnOIDCIdentityOfSeveralCompaniesChooses(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	other := d.company(t, "別の会社")
	d.join(t, other.Company.ID, d.member.Email, goodPassword)
	in := func(company *uuid.UUID) uuid.UUID {
		actor, err := d.svc.SignInByIdentity(t.Context(), identity("one", d.member.Email), company, home)
		require.NoError(t, err)
		return actor.Company.ID
	}
	_, err := d.svc.SignInByIdentity(t.Context(), identity("one", d.member.Email), nil, home)
	require.ErrorIs(t, err, intake.ErrUnauthenticated, "any company can invite anybody: nobody is bound unless theirs is named")
	require.Equal(t, d.actor.Company.ID, in(&d.actor.Company.ID))
	require.Equal(t, other.Company.ID, in(&other.Company.ID))
	require.Equal(t, other.Company.ID, in(nil), "the last")
	require.Equal(t, d.actor.Company.ID, in(&d.actor.Company.ID))
}
