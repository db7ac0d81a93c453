package intake_test

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"hash/crc32"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestATokenThatCannotBeIsNotMade(t *testing.T) {
	t.Parallel()
	b := setup(t)
	invited, _ := b.invited(t, "suzuki@example.com", intake.RoleAdmin)
	before := b.everything(t)
	create := func(in intake.TokenInput) error {
		_, _, err := b.svc.CreateOwnToken(t.Context(), b.actor, in)
		return err
	}
	requireUserErrors(t, create(intake.TokenInput{}), "INVALID input.name")
	requireUserErrors(t, create(intake.TokenInput{Name: " \t"}), "INVALID input.name")
	requireUserErrors(t, create(intake.TokenInput{Name: strings.Repeat("名", 201)}), "INVALID input.name")
	requireUserErrors(t, create(intake.TokenInput{Name: "a\x00"}), "INVALID input.name")
	for _, days := range []int{-1, 0, 367, 1 << 40} {
		requireUserErrors(t, create(intake.TokenInput{Name: "CI", ExpiresInDays: &days}), "INVALID input.expiresInDays")
	}
	_, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: invited.ID, Name: "CI"})
	requireUserErrors(t, err, "INVALID_STATE member")
	b.requireUnchanged(t, before)
}

func TestATokenMakesNoneThatOutlivesIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	soon := time.Now().Add(48 * time.Hour)
	actor := b.actor
	actor.Credential = intake.Credential{Kind: intake.ByToken, ID: uuid.New(), ExpiresAt: &soon}
	for _, days := range []*int{nil, new(3)} {
		_, _, err := b.svc.CreateOwnToken(t.Context(), actor, intake.TokenInput{Name: "CI", ExpiresInDays: days})
		requireUserErrors(t, err, "INVALID input.expiresInDays")
	}
	_, _, err := b.svc.CreateOwnToken(t.Context(), actor, intake.TokenInput{Name: "CI", ExpiresInDays: new(1)})
	require.NoError(t, err)
	actor.Credential.Kind = intake.BySession
	_, _, err = b.svc.CreateOwnToken(t.Context(), actor, intake.TokenInput{Name: "CI"})
	require.NoError(t, err, "who signed in by hand may")
}

func TestAMemberHasFiftyTokensThatWorkAndNoMore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ctx := context.WithoutCancel(t.Context())
	results := make(chan error, 60)
	for range cap(results) {
		go func() {
			_, _, err := b.svc.CreateOwnToken(ctx, b.actor, intake.TokenInput{Name: "CI", ExpiresInDays: new(1)})
			results <- err
		}()
	}
	made := 0
	for range cap(results) {
		if err := await(t, results); err == nil {
			made++
		} else {
			requireUserErrors(t, err, "INVALID_STATE input")
		}
	}
	require.Equal(t, 50, made)
	_, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI"})
	requireUserErrors(t, err, "INVALID_STATE member")

	// One that has expired, and one that is revoked, leave room.
	b.exec(t, "UPDATE api_tokens SET expires_at = now() WHERE id = (SELECT min(id::text)::uuid FROM api_tokens)")
	tokens, err := b.svc.TokensByMember(t.Context(), b.actor, []uuid.UUID{b.actor.Member.ID})
	require.NoError(t, err)
	_, err = b.svc.RevokeToken(t.Context(), b.actor, tokens[b.actor.Member.ID][0].ID)
	require.NoError(t, err)
	for range 2 {
		_, _, err := b.svc.CreateOwnToken(t.Context(), b.actor, intake.TokenInput{Name: "CI"})
		require.NoError(t, err)
	}
}

func TestATokenIsRevokedByItsMemberOrAnAdministratorAndNobodyElse(t *testing.T) {
	t.Parallel()
	b := setup(t)
	colleague, other := b.colleague(t, intake.RoleRecruiter), b.colleague(t, intake.RoleCoordinator)
	stranger := b.company(t, "別の会社")
	makeTwo := func() (first, second intake.Token, secret string) {
		first, opens, err := b.svc.CreateOwnToken(t.Context(), colleague, intake.TokenInput{Name: "一"})
		require.NoError(t, err)
		second, _, err = b.svc.CreateOwnToken(t.Context(), colleague, intake.TokenInput{Name: "二"})
		require.NoError(t, err)
		return first, second, opens.Reveal()
	}
	first, second, secret := makeTwo()
	before := b.everything(t)
	for _, actor := range []intake.Actor{other, stranger} {
		_, err := b.svc.RevokeToken(t.Context(), actor, first.ID)
		requireUserErrors(t, err, "NOT_FOUND id")
		_, err = b.svc.RevokeToken(t.Context(), actor, uuid.New())
		requireUserErrors(t, err, "NOT_FOUND id")
		found, err := b.svc.TokensByMember(t.Context(), actor, []uuid.UUID{colleague.Member.ID})
		require.NoError(t, err)
		require.Empty(t, found)
	}
	b.requireUnchanged(t, before)

	_, err := b.svc.ActorByToken(t.Context(), secret)
	require.NoError(t, err)
	revoked, err := b.svc.RevokeToken(t.Context(), colleague, first.ID)
	require.NoError(t, err)
	require.NotNil(t, revoked.RevokedAt)
	require.NotNil(t, revoked.LastUsedAt)
	_, err = b.svc.ActorByToken(t.Context(), secret)
	require.ErrorIs(t, err, intake.ErrUnauthenticated)
	_, err = b.svc.RevokeToken(t.Context(), b.actor, first.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	_, err = b.svc.RevokeToken(t.Context(), b.actor, second.ID)
	require.NoError(t, err, "an ADMIN may")
}

func TestOfAMembersTokensThoseThatWorkComeFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// More than are shown, all of them dead but two.
	b.exec(t, `INSERT INTO api_tokens (company_id, id, member_id, name, hash, revoked_at, expires_at)
		SELECT $1, new_id(), $2, n::text, decode(lpad(to_hex(n), 64, '0'), 'hex'),
		       CASE WHEN n % 2 = 0 THEN now() END, CASE WHEN n % 2 = 1 AND n > 3 THEN now() END FROM generate_series(1, 150) n`, b.actor.Company.ID, b.actor.Member.ID)
	found, err := b.svc.TokensByMember(t.Context(), b.actor, []uuid.UUID{b.actor.Member.ID, uuid.New()})
	require.NoError(t, err)
	tokens := found[b.actor.Member.ID]
	require.Len(t, tokens, 100)
	require.Equal(t, []string{"3", "1", "150", "149"}, []string{tokens[0].Name, tokens[1].Name, tokens[2].Name, tokens[3].Name})
}

// keep stores a token as the program once did.
func (b *testBundle) keep(t *testing.T, token string) {
	t.Helper()
	sum := sha256.Sum256([]byte(token))
	b.exec(t, "INSERT INTO api_tokens (company_id, id, member_id, name, hash) VALUES ($1, $2, $3, 'old', $4)",
		b.actor.Company.ID, uuid.New(), b.actor.Member.ID, sum[:])
}

func TestATokenOfTheOldFormOpensStill(t *testing.T) {
	t.Parallel()
	b := setup(t)
	random := make([]byte, 32)
	_, err := rand.Read(random)
	require.NoError(t, err)
	for _, token := range []string{"renkei_" + base64.RawURLEncoding.EncodeToString(random), "renkei_pat_" + base64.RawURLEncoding.EncodeToString(random)[:39]} {
		b.keep(t, token)
		actor, err := b.svc.ActorByToken(t.Context(), token)
		require.NoError(t, err, token)
		require.Equal(t, b.actor.Member, actor.Member)
	}
}

// Even a kept token opens nothing where its form is not right: nobody looks it up.
func TestATokenWithABadChecksumIsNotLookedUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	secret, err := b.svc.CreateToken(t.Context(), intake.NewToken{CompanyID: b.actor.Company.ID, MemberID: b.actor.Member.ID, Name: "CI"})
	require.NoError(t, err)
	body, sum := secret[:len(secret)-9], secret[len(secret)-8:]
	require.Equal(t, fmt.Sprintf("%08x", crc32.ChecksumIEEE([]byte(body))), sum)
	for _, wrong := range []string{
		body + "_00000000", body + "_" + strings.ToUpper(sum) + " ", body + "-" + sum, body + sum, body[:len(body)-1] + "!_" + sum,
		"renkei_pat_" + body[len(body)-42:] + "__" + sum, "Renkei_pat_" + secret[len("renkei_pat_"):], "renkei_" + strings.Repeat("!", 43), body,
	} {
		b.keep(t, wrong)
		_, err := b.svc.ActorByToken(t.Context(), wrong)
		require.ErrorIs(t, err, intake.ErrUnauthenticated, wrong)
	}
	_, err = b.svc.ActorByToken(t.Context(), secret)
	require.NoError(t, err)
}
