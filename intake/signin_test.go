package intake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/alexedwards/argon2id"
	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"golang.org/x/text/unicode/norm"

	"renkei/intake"
)

const (
	goodPassword  = "c4nary-門は開く"
	wrongPassword = "c4nary-mistyped"
	home          = "192.0.2.1"
)

// doorBundle is a company whose member has a password; hashings counts how often one was hashed.
type doorBundle struct {
	*testBundle
	hashings atomic.Int64
	member   intake.Member
}

func setupDoor(t *testing.T) *doorBundle {
	t.Helper()
	d := &doorBundle{}
	d.testBundle = setup(t, func(s *intake.Settings) { s.PasswordHashed = func() { d.hashings.Add(1) } })
	d.member = d.join(t, d.actor.Company.ID, "tanaka@example.com", goodPassword)
	d.hashings.Store(0)
	return d
}

// join adds a member with a password.
func (d *doorBundle) join(t *testing.T, company uuid.UUID, email, password string) intake.Member {
	t.Helper()
	member, err := d.svc.CreateMember(t.Context(), intake.NewMember{
		CompanyID: company, Name: "田中", Email: email, Roles: []intake.Role{intake.RoleRecruiter}, Password: intake.NewSecret(password),
	})
	require.NoError(t, err)
	return member
}

func (d *doorBundle) signIn(ctx context.Context, email, password, address string) (intake.Actor, error) {
	return d.svc.SignIn(ctx, email, intake.NewSecret(password), nil, address)
}

func (d *doorBundle) requireAudited(t *testing.T, action string, n int) {
	t.Helper()
	require.Equal(t, n, d.number(t, "SELECT count(*) FROM audit_log WHERE action = $1", action), action)
}

func TestEverySignInTakesExactlyOneHashingAndFailsAlike(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	d.join(t, d.actor.Company.ID, "gone@example.com", goodPassword)
	d.exec(t, "UPDATE members SET disabled_at = now() WHERE email = 'gone@example.com'")
	d.hashings.Store(0)
	i := 0
	for name, try := range map[string]struct {
		email, password string
		company         *uuid.UUID
	}{
		"a wrong password":                               {d.member.Email, wrongPassword, nil},
		"an unknown address":                             {"nobody@example.com", goodPassword, nil},
		"a member who was disabled":                      {"gone@example.com", goodPassword, nil},
		"a member without a password, by every password": {d.actor.Member.Email, goodPassword, nil},
		"the empty password":                             {d.member.Email, "", nil},
		"another company":                                {d.member.Email, goodPassword, new(uuid.New())},
		"what cannot be stored":                          {"a\x00@example.com", goodPassword, nil},
		"what is no address":                             {strings.Repeat("x", 5000), goodPassword, nil},
		"an address in other words":                      {"%@example.com", goodPassword, nil},
	} {
		i++
		d.hashings.Store(0)
		_, err := d.svc.SignIn(t.Context(), try.email, intake.NewSecret(try.password), try.company, fmt.Sprint("192.0.2.", i))
		require.Equal(t, intake.ErrWrongPassword, err, name)
		require.EqualValues(t, 1, d.hashings.Load(), name)
	}
	// Who is a member is told: nobody else is of a company.
	d.requireAudited(t, "SIGN_IN_FAILED", 2)
	require.Equal(t, 2, d.number(t, "SELECT count(*) FROM audit_log WHERE actor = 'NOBODY' AND member_id IS NULL AND subject_id IS NOT NULL AND address LIKE '192.0.2.%'"))
	require.Zero(t, d.number(t, "SELECT count(last_signed_in_at) FROM members"))

	d.hashings.Store(0)
	actor, err := d.signIn(t.Context(), "TANAKA@example.com", goodPassword, "192.0.2.200")
	require.NoError(t, err)
	require.EqualValues(t, 1, d.hashings.Load())
	require.Equal(t, d.actor.Company, actor.Company)
	require.Equal(t, d.member, actor.Member)
	require.Equal(t, "192.0.2.200", actor.Address)
	require.Equal(t, 1, d.number(t, "SELECT count(last_signed_in_at) FROM members"))
	for _, contents := range d.everything(t) {
		require.NotContains(t, contents, goodPassword)
		require.NotContains(t, contents, wrongPassword)
	}
}

func TestAPasswordIsTheSameHoweverItIsComposed(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	const composed = "パスワードがきく"
	d.join(t, d.actor.Company.ID, "ga@example.com", composed)
	_, err := d.signIn(t.Context(), "ga@example.com", "ぱすわーどがきく", home)
	require.ErrorIs(t, err, intake.ErrWrongPassword)
	for _, same := range []string{composed, norm.NFD.String(composed), "ﾊﾟｽﾜｰﾄﾞがきく"} {
		_, err = d.signIn(t.Context(), "ga@example.com", same, home)
		require.NoError(t, err, same)
	}
}

func TestNoCompanyStandsInTheWayOfAnothersMember(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	other := d.company(t, "別の会社")
	const theirs = "their own passphrase"
	d.join(t, other.Company.ID, d.member.Email, theirs)
	in := func(password string, company *uuid.UUID) (uuid.UUID, error) {
		actor, err := d.svc.SignIn(t.Context(), d.member.Email, intake.NewSecret(password), company, home)
		return actor.Company.ID, err
	}
	for password, want := range map[string]uuid.UUID{goodPassword: d.actor.Company.ID, theirs: other.Company.ID} {
		got, err := in(password, nil)
		require.NoError(t, err)
		require.Equal(t, want, got, "whose password it is")
	}
	_, err := in(theirs, &d.actor.Company.ID)
	require.ErrorIs(t, err, intake.ErrWrongPassword)
	// Signing in there clears no try that was made here.
	refused := 0
	for range 8 {
		if _, err = in(wrongPassword, &d.actor.Company.ID); !errors.Is(err, intake.ErrWrongPassword) {
			refused++
		}
		_, err = in(theirs, &other.Company.ID)
		require.NoError(t, err)
	}
	require.Equal(t, 4, refused, "five tries, one of them above")
	require.Zero(t, d.number(t, "SELECT count(*) FROM audit_log WHERE action = 'SIGN_IN_FAILED' AND company_id <> $1", d.actor.Company.ID))
}

func TestASignInThatAPasswordChangeOvertakesBeginsNoSession(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	actor, err := d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.NoError(t, err)
	d.makeLink(t, d.member.ID, "PASSWORD_RESET", "reset", time.Hour)
	fresh, err := d.svc.ResetPassword(t.Context(), intake.NewSecret("reset"), intake.NewSecret("a fresh passphrase"), home)
	require.NoError(t, err)
	_, err = d.svc.StartSession(t.Context(), actor, intake.NewSession{TokenHash: make([]byte, 32), Data: []byte("{}")})
	require.ErrorIs(t, err, intake.ErrUnauthenticated, "it came in by the old password")
	_, err = d.svc.StartSession(t.Context(), fresh, intake.NewSession{TokenHash: make([]byte, 32), Data: []byte("{}")})
	require.NoError(t, err)
}

func TestAHashOfOtherParametersIsMadeAnew(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	old, err := argon2id.CreateHash(goodPassword, &argon2id.Params{Memory: 8 << 10, Iterations: 1, Parallelism: 1, SaltLength: 16, KeyLength: 32})
	require.NoError(t, err)
	d.exec(t, "UPDATE members SET password_hash = $1 WHERE id = $2", old, d.member.ID)
	hash := func() (h string) {
		require.NoError(t, d.pool.QueryRow(t.Context(), "SELECT password_hash FROM members WHERE id = $1", d.member.ID).Scan(&h))
		return h
	}
	_, err = d.signIn(t.Context(), d.member.Email, wrongPassword, home)
	require.ErrorIs(t, err, intake.ErrWrongPassword)
	require.Equal(t, old, hash())
	_, err = d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.NoError(t, err)
	require.Contains(t, hash(), "$argon2id$v=19$m=19456,t=2,p=1$")
	kept := hash()
	_, err = d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.NoError(t, err)
	require.Equal(t, kept, hash())
}

func TestAPasswordThatEverybodyGuessesIsRefused(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	create := func(password string) error {
		_, err := d.svc.CreateMember(t.Context(), intake.NewMember{
			CompanyID: d.actor.Company.ID, Name: "新人", Email: "Newcomer@example.com", Roles: []intake.Role{intake.RoleAdmin}, Password: intake.NewSecret(password),
		})
		return err
	}
	for _, bad := range []string{
		"1234567", "門門門門門門門", "password1", "PassWord1", "ｐａｓｓｗｏｒｄ", "newcomer@EXAMPLE.com", "c4nary-\x00nul", "c4nary-\xff\xfe",
	} {
		requireUserErrors(t, create(bad), "INVALID password")
	}
	requireUserErrors(t, create(strings.Repeat("門", 129)), "TOO_LONG password")
	require.NoError(t, create(strings.Repeat("門", 128)))
	require.Zero(t, d.number(t, "SELECT count(*) FROM members WHERE email LIKE 'Newcomer%' AND password_hash IS NULL"))
}

func TestHashingWaitsForItsTurnAsLongAsItsContextAllows(t *testing.T) {
	t.Parallel()
	d := &doorBundle{}
	inside, let := make(chan struct{}, 10), make(chan struct{})
	var atOnce atomic.Int64
	var tooMany atomic.Bool
	d.testBundle = setup(t, func(s *intake.Settings) {
		s.PasswordHashed = func() {
			if atOnce.Add(1) > 2 {
				tooMany.Store(true)
			}
			inside <- struct{}{}
			<-let
			atOnce.Add(-1)
		}
	})
	var busy sync.WaitGroup
	for i := range 4 {
		busy.Go(func() { _, _ = d.signIn(t.Context(), fmt.Sprint(i), goodPassword, home) })
	}
	await(t, inside)
	await(t, inside)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	_, err := d.signIn(ctx, "late@example.com", goodPassword, home)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	close(let)
	busy.Wait()
	require.False(t, tooMany.Load())
}

func TestOfManyParallelTriesFiveAreEvaluated(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	var throttled, wrong atomic.Int64
	var tries sync.WaitGroup
	for i := range 200 {
		tries.Go(func() {
			_, err := d.signIn(t.Context(), d.member.Email, fmt.Sprint("guess number ", i), fmt.Sprint("198.51.100.", i))
			var slow *intake.ThrottledError
			switch {
			case errors.As(err, &slow) && slow.RetryAfter > 0 && slow.RetryAfter <= 15*time.Minute:
				throttled.Add(1)
			case err == intake.ErrWrongPassword: //nolint:errorlint // exactly that
				wrong.Add(1)
			}
		})
	}
	tries.Wait()
	require.EqualValues(t, 5, wrong.Load())
	require.EqualValues(t, 195, throttled.Load())
	require.EqualValues(t, 5, d.hashings.Load())

	// The right password is not heard either, in whatever letters the address is written.
	_, err := d.signIn(t.Context(), strings.ToUpper(d.member.Email), goodPassword, home)
	require.ErrorAs(t, err, new(*intake.ThrottledError))
	// Somebody else's is.
	d.join(t, d.actor.Company.ID, "else@example.com", goodPassword)
	_, err = d.signIn(t.Context(), "else@example.com", goodPassword, home)
	require.NoError(t, err)
	// After a quarter of an hour there are new tries.
	d.exec(t, "UPDATE sign_in_tries SET tries = array(SELECT x - interval '15 minutes' FROM unnest(tries) x)")
	_, err = d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.NoError(t, err)
}

func TestTriesOfUnknownAddressesAreThrottledAlike(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	for i := range 7 {
		_, err := d.signIn(t.Context(), "nobody@example.com", goodPassword, home)
		if i < 5 {
			require.ErrorIs(t, err, intake.ErrWrongPassword)
		} else {
			require.ErrorAs(t, err, new(*intake.ThrottledError))
		}
	}
}

func TestSuccessForgivesTheTriesBefore(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	for range 3 {
		for range 4 {
			_, err := d.signIn(t.Context(), d.member.Email, wrongPassword, home)
			require.ErrorIs(t, err, intake.ErrWrongPassword)
		}
		_, err := d.signIn(t.Context(), d.member.Email, goodPassword, home)
		require.NoError(t, err)
	}
}

func TestTriesFromOneNetworkAreThrottledWhomeverTheyNameAndWhateverTheyTry(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	for i := range 50 {
		// In IPv6 one customer has a whole network.
		address := fmt.Sprintf("2001:db8:1:2::%x", i+1)
		var err error
		switch i % 3 {
		case 0:
			_, err = d.signIn(t.Context(), fmt.Sprint("a", i, "@example.com"), goodPassword, address)
			require.ErrorIs(t, err, intake.ErrWrongPassword)
		case 1:
			_, err = d.svc.LookAtInvitation(t.Context(), intake.NewSecret("x"), address)
			require.ErrorIs(t, err, intake.ErrBadLink)
		default:
			_, err = d.svc.ResetPassword(t.Context(), intake.NewSecret("x"), intake.NewSecret(goodPassword), address)
			require.ErrorIs(t, err, intake.ErrBadLink)
		}
	}
	d.hashings.Store(0)
	_, err := d.signIn(t.Context(), d.member.Email, goodPassword, "2001:db8:1:2:ffff::1")
	require.ErrorAs(t, err, new(*intake.ThrottledError))
	require.Zero(t, d.hashings.Load())
	_, err = d.svc.AcceptInvitation(t.Context(), intake.NewSecret("x"), intake.NewSecret(goodPassword), "2001:db8:1:2::1")
	require.ErrorAs(t, err, new(*intake.ThrottledError))
	for _, other := range []string{"2001:db8:1:3::1", home, ""} {
		_, err = d.signIn(t.Context(), d.member.Email, goodPassword, other)
		require.NoError(t, err)
	}
}

func TestForgottenTriesAndOldSessionsArePruned(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	_, err := d.signIn(t.Context(), "nobody@example.com", goodPassword, home)
	require.ErrorIs(t, err, intake.ErrWrongPassword)
	d.startSession(t, d.member, 1)
	d.startSession(t, d.member, 2)
	require.NoError(t, d.svc.Prune(t.Context()))
	require.Equal(t, 2, d.number(t, "SELECT count(*) FROM sign_in_tries"))
	d.exec(t, "UPDATE sign_in_tries SET expires_at = now() - interval '1 second'")
	d.exec(t, "UPDATE sessions SET expires_at = now() - interval '31 days' WHERE token_hash = $1", sessionHash(1))
	require.NoError(t, d.svc.Prune(t.Context()))
	require.Zero(t, d.number(t, "SELECT count(*) FROM sign_in_tries"))
	require.Equal(t, 1, d.number(t, "SELECT count(*) FROM sessions"))
}

func TestAPasswordIsChangedByWhoKnowsThePresentOne(t *testing.T) {
	t.Parallel()
	d := setupDoor(t)
	const next = "c4nary-別の合言葉"
	actor := d.startSession(t, d.member, 1)
	d.startSession(t, d.member, 2)
	d.makeLink(t, d.member.ID, "PASSWORD_RESET", "reset", time.Hour)
	change := func(current, to string) error {
		return d.svc.ChangePassword(t.Context(), actor, intake.NewSecret(current), intake.NewSecret(to))
	}
	requireUserErrors(t, change(wrongPassword, next), "INVALID current")
	requireUserErrors(t, change(goodPassword, "short"), "INVALID new")
	require.Equal(t, 2, d.number(t, "SELECT count(*) FROM sessions WHERE ended_at IS NULL"))
	require.NoError(t, change(goodPassword, next))
	require.Equal(t, 1, d.number(t, "SELECT count(*) FROM sessions WHERE ended_at IS NULL AND id = $1", actor.Credential.ID))
	require.Equal(t, 1, d.number(t, "SELECT count(*) FROM sessions WHERE ended_at IS NOT NULL"))
	_, err := d.svc.ResetPassword(t.Context(), intake.NewSecret("reset"), intake.NewSecret(goodPassword), home)
	require.ErrorIs(t, err, intake.ErrBadLink)
	_, err = d.signIn(t.Context(), d.member.Email, goodPassword, home)
	require.ErrorIs(t, err, intake.ErrWrongPassword)
	_, err = d.signIn(t.Context(), d.member.Email, next, home)
	require.NoError(t, err)
	d.requireAudited(t, "PASSWORD_CHANGED", 1)

	// Whoever found an open session does not find out the password.
	for range 5 {
		requireUserErrors(t, change(wrongPassword, next), "INVALID current")
	}
	require.ErrorAs(t, change(next, goodPassword), new(*intake.ThrottledError))
}
