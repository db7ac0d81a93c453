package intake_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// keyed is a process that holds keys of its own.
type keyed struct {
	testBundle
	holder *intake.KeyHolder
}

// keyless is the bundle's database, seen with other keys, by a process that has not joined.
func (b *testBundle) keyless(t *testing.T, keys ...string) *keyed {
	t.Helper()
	k := &keyed{testBundle: *b}
	k.vault = vault(t, keys...)
	k.svc = k.process(b.source)
	return k
}

// joins starts a process with these keys.
func (b *testBundle) joins(t *testing.T, name string, keys ...string) *keyed {
	t.Helper()
	k := b.keyless(t, keys...)
	var err error
	k.holder, err = k.svc.JoinVault(t.Context(), name)
	require.NoError(t, err)
	return k
}

// refresh is one turn of a process that keeps its keys.
func (k *keyed) refresh(t *testing.T) {
	t.Helper()
	require.NoError(t, k.holder.Refresh(t.Context()))
}

// dies makes a process look as if it had said nothing for a while.
func (b *testBundle) dies(t *testing.T, name string) {
	t.Helper()
	b.exec(t, "UPDATE vault_holders SET seen_at = now() - interval '16 seconds' WHERE name = $1", name)
}

// idOf is the id of a key.
func idOf(t *testing.T, key string) intake.KeyID {
	t.Helper()
	return vault(t, key).Keys()[0]
}

// underKey counts the values that a key sealed.
func (b *testBundle) underKey(t *testing.T, key string) int {
	t.Helper()
	n := 0
	for _, column := range []string{"medium_accounts.credential", "medium_accounts.session", "invalid_records.sample", "import_runs.sample"} {
		table, name, _ := strings.Cut(column, ".")
		n += b.number(t, "SELECT count(*) FROM "+table+" WHERE sealed_under("+name+") = $1", int64(idOf(t, key)))
	}
	return n
}

func (b *testBundle) primary(t *testing.T) intake.KeyID {
	t.Helper()
	return intake.KeyID(b.number(t, "SELECT id FROM vault_keys WHERE state = 'PRIMARY'"))
}

func (b *testBundle) state(t *testing.T, key string) string {
	t.Helper()
	var state string
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT state FROM vault_keys WHERE id = $1", int64(idOf(t, key))).Scan(&state))
	return state
}

func (b *testBundle) resealJobs(t *testing.T) int {
	t.Helper()
	return b.number(t, "SELECT count(*) FROM river_job WHERE kind = 'reseal'")
}

func TestAKeyIsNotPromotedWhileALivingProcessLacksIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	before := b.joins(t, "before", old)
	after := b.joins(t, "after", fresh, old)
	refused := func() {
		after.refresh(t)
		_, err := after.svc.PromoteKey(t.Context(), intake.Promotion{})
		require.ErrorIs(t, err, intake.ErrKeyRefused)
		require.ErrorContains(t, err, "before")
		require.NotContains(t, err.Error(), "after")
		require.Equal(t, idOf(t, old), b.primary(t))
	}
	refused()

	// During the overlap, each reads what the other wrote.
	account := after.register(t, "a@example.com")
	require.Equal(t, 1, b.underKey(t, old))
	require.NoError(t, before.svc.Verify(t.Context(), before.task(t, account.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, account.ID).Status)
	require.NoError(t, after.svc.Import(t.Context(), after.task(t, account.ID)))
	require.Zero(t, b.underKey(t, fresh))
	refused()

	// The last that lacks it has gone.
	b.dies(t, "before")
	after.refresh(t)
	require.Equal(t, idOf(t, fresh), b.primary(t))
	require.Equal(t, 1, b.resealJobs(t), "queued with the promotion")
	after.refresh(t)
	second := after.register(t, "b@example.com")
	require.Equal(t, 1, b.underKey(t, fresh))

	// It was only frozen: it says so, leaves what it cannot open to others, and is not let in again.
	require.ErrorContains(t, before.holder.Refresh(t.Context()), "lacks key "+idOf(t, fresh).String())
	require.NoError(t, before.svc.Verify(t.Context(), b.task(t, second.ID)))
	require.Equal(t, intake.StatusVerifying, b.account(t, second.ID).Status)
	_, err := before.svc.JoinVault(t.Context(), "before, again")
	var unfit *intake.KeysError
	require.ErrorAs(t, err, &unfit)
	require.NoError(t, after.svc.Verify(t.Context(), b.task(t, second.ID)))
	require.Equal(t, intake.StatusLinked, b.account(t, second.ID).Status)
}

func TestAKeyThatIsNeededAndMissingIsNamedAtTheStart(t *testing.T) {
	t.Parallel()
	b := setup(t)
	lost, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	holder := b.joins(t, "old", lost)
	account := holder.linked(t, "a@example.com")
	stranger := b.keyless(t, fresh)
	before := b.everything(t)
	_, err := stranger.svc.JoinVault(t.Context(), "new")
	var unfit *intake.KeysError
	require.ErrorAs(t, err, &unfit)
	require.ErrorContains(t, err, "key "+idOf(t, lost).String()+" is missing, under which 2 values are sealed")
	require.ErrorContains(t, err, "renkei keys forget "+idOf(t, lost).String())
	require.NotContains(t, err.Error(), lost)
	b.requireUnchanged(t, before, "who is refused leaves no trace")

	// While somebody has it, it is not lost.
	_, err = stranger.svc.ForgetKey(t.Context(), idOf(t, lost))
	require.ErrorIs(t, err, intake.ErrKeyRefused)
	require.ErrorContains(t, err, "old holds it")
	b.dies(t, "old")
	loss, err := stranger.svc.ForgetKey(t.Context(), idOf(t, lost))
	require.NoError(t, err)
	require.Equal(t, intake.Loss{Values: 2}, loss)
	_, err = stranger.svc.ForgetKey(t.Context(), idOf(t, lost))
	require.ErrorIs(t, err, intake.ErrKeyRefused)

	// The account has to be registered again, and can be.
	again := b.joins(t, "new", fresh)
	require.Equal(t, idOf(t, fresh), b.primary(t))
	require.Equal(t, intake.RunFailed, again.importNext(t, account.ID).Status)
	_, err = again.svc.Stop(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	again.linked(t, "a@example.com")
	require.Equal(t, 2, b.underKey(t, fresh))
}

func TestACompanyWhoseOwnKeyIsLostImportsAndErasesAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	lost, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	pages := []intake.Page{pageOf("2", appliedBy(1, "yamada", "営業"), appliedBy(2, "suzuki", "営業"))}
	one := b.joins(t, "one", lost)
	account := one.imported(t, "a@example.com", pages...)
	one.erase(t, *one.person(t, "yamada"))
	b.dies(t, "one")
	// Another company's key is sealed under one that stays.
	two := b.joins(t, "two", fresh, lost)
	two.refresh(t)
	two.actor = b.company(t, "別の会社")
	two.imported(t, "b@example.com", pages...)
	two.erase(t, *two.person(t, "yamada"))
	b.dies(t, "two")

	loss, err := b.keyless(t, fresh).svc.ForgetKey(t.Context(), idOf(t, lost))
	require.NoError(t, err)
	require.Equal(t, intake.Loss{Values: 4, Erased: 1}, loss, "password, session, a candidate and the company's key")
	for _, table := range []string{"company_keys", "erased_people"} {
		require.Equal(t, 1, b.number(t, "SELECT count(*) FROM "+table))
		require.Equal(t, 1, b.number(t, "SELECT count(*) FROM "+table+" WHERE company_id = $1", two.actor.Company.ID), "another company loses nothing")
	}

	three := b.joins(t, "three", fresh)
	three.registeredAgain(t, account)
	require.Equal(t, intake.RunSucceeded, three.importNext(t, account.ID).Status)
	require.NotNil(t, three.person(t, "yamada"), "nobody knows any more that they were erased")
	three.erase(t, *three.person(t, "yamada"))
	require.Equal(t, intake.RunSucceeded, three.importAgain(t, account.ID).Status)
	require.Nil(t, three.person(t, "yamada"))
}

func TestAProcessWhoseKMSIsSlowIsNotTakenForDead(t *testing.T) {
	t.Parallel()
	b := setup(t)
	key := intake.NewMasterKey()
	path := keyFile(t, key)
	source := intake.KeysInFile(path)
	source.KMSPatience = time.Hour
	k := &keyed{testBundle: *b}
	var err error
	k.vault, err = intake.OpenVault(t.Context(), source)
	require.NoError(t, err)
	k.svc = k.process(b.source)
	k.holder, err = k.svc.JoinVault(t.Context(), "one")
	require.NoError(t, err)

	b.dies(t, "one")
	writeKeys(t, path, key, "odd-kms://silent#AAAA", "odd-kms://silent#BBBB")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	turn := start(t, func() error { return k.holder.Refresh(ctx) })
	require.Eventually(t, func() bool {
		return b.number(t, "SELECT count(*) FROM vault_holders WHERE seen_at > now() - interval '15 seconds'") == 1
	}, patience, time.Millisecond)
	cancel()
	err = await(t, turn)
	require.ErrorIs(t, err, context.Canceled)
	require.NotContains(t, err.Error(), "does not answer", "it says that it lives before it asks the KMS")
	require.ErrorContains(t, k.holder.Refresh(t.Context()), "does not answer within 5s", "an hour would be too long")
}

func TestAKeyThatNeverSealedIsNotMissed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	used, abandoned := intake.NewMasterKey(), intake.NewMasterKey()
	b.joins(t, "one", used, abandoned)
	b.joins(t, "two", used)
	require.Equal(t, "ADDED", b.state(t, abandoned))

	_, err := b.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.ErrorContains(t, err, ": two")
	used2 := idOf(t, used)
	_, err = b.svc.PromoteKey(t.Context(), intake.Promotion{Key: &used2})
	require.ErrorContains(t, err, "is not new")
	unknown := idOf(t, intake.NewMasterKey())
	_, err = b.svc.PromoteKey(t.Context(), intake.Promotion{Key: &unknown})
	require.ErrorIs(t, err, intake.ErrKeyRefused)
	b.exec(t, "DELETE FROM vault_holders")
	_, err = b.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.ErrorContains(t, err, "nobody is there", "a key that nobody has would seal the next start out")
	require.Equal(t, used2, b.primary(t))
	id, err := b.svc.PromoteKey(t.Context(), intake.Promotion{Held: []intake.KeyID{idOf(t, abandoned)}})
	require.NoError(t, err)
	require.Equal(t, idOf(t, abandoned), id)
}

func TestAnOldKeyThatStandsFirstIsNotPromotedBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	one, two := b.joins(t, "one", old, fresh), b.joins(t, "two", old, fresh)
	id, err := b.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	require.Equal(t, idOf(t, fresh), id)
	for range 2 {
		one.refresh(t)
		two.refresh(t)
	}
	b.joins(t, "three", old, fresh).refresh(t)
	require.Equal(t, idOf(t, fresh), b.primary(t))
}

func TestProcessesThatStartAtOnceOnAFreshDatabaseSealWithOneKey(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first, second := intake.NewMasterKey(), intake.NewMasterKey()
	started := make([]<-chan error, 8)
	for i := range started {
		keys := []string{first, second}
		if i%2 == 1 {
			keys = []string{second, first}
		}
		k := b.keyless(t, keys...)
		started[i] = start(t, func() error {
			_, err := k.svc.JoinVault(t.Context(), fmt.Sprint("process ", i))
			return err
		})
	}
	for _, s := range started {
		require.NoError(t, await(t, s))
	}
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM vault_keys WHERE state = 'PRIMARY'"))
	require.Equal(t, 1, b.number(t, "SELECT count(DISTINCT seals_with) FROM vault_holders"))
	require.Equal(t, 8, b.number(t, "SELECT count(*) FROM vault_holders"))
}

func TestAValueUnderAKeyThatIsDisabledIsNotWritten(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	frozen := b.joins(t, "frozen", old, fresh)
	account := frozen.linked(t, "a@example.com")
	b.dies(t, "frozen")
	other := b.joins(t, "other", fresh, old)
	other.refresh(t)
	require.NoError(t, other.svc.Reseal(t.Context()))
	require.Equal(t, "DISABLED", b.state(t, old))
	require.Zero(t, b.underKey(t, old))

	before := b.everything(t)
	_, err := frozen.svc.Register(t.Context(), b.actor, b.registration("b@example.com"))
	refusal, ok := errors.AsType[*pgconn.PgError](err)
	require.True(t, ok, "%v", err)
	require.Equal(t, "55000", refusal.Code)
	require.NotContains(t, err.Error(), "right")
	b.requireUnchanged(t, before)

	// It learns which key seals, and goes on; what it has read stays readable meanwhile.
	b.source.read = reads(intake.Page{Cursor: "1", Session: intake.NewSecret("another session")})
	_, _, err = frozen.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	err = frozen.svc.Import(t.Context(), b.task(t, account.ID))
	require.Error(t, err, "put off, not failed")
	require.Zero(t, b.number(t, "SELECT count(*) FROM import_runs WHERE status = 'FAILED'"))
	frozen.refresh(t)
	b.killed(t, account.ID)
	_, err = b.svc.Revive(t.Context())
	require.NoError(t, err)
	require.Equal(t, intake.RunSucceeded, frozen.importNext(t, account.ID).Status)
	frozen.register(t, "b@example.com")
	require.Zero(t, b.underKey(t, old))
}

func TestWhatWasSealedBeforeTheDatabaseKnewKeysIsNeeded(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// As the migration finds it.
	account := b.linked(t, "a@example.com")
	sealed := b.vault.Keys()[0]
	b.exec(t, "INSERT INTO vault_keys (id, promoted_at) SELECT DISTINCT sealed_under(credential), now() FROM medium_accounts")
	fresh := b.keyless(t, intake.NewMasterKey())
	_, err := fresh.svc.JoinVault(t.Context(), "fresh")
	require.ErrorContains(t, err, sealed.String())
	_, err = b.svc.JoinVault(t.Context(), "b")
	require.NoError(t, err)
	require.Equal(t, sealed, b.primary(t))
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
}

func TestAProcessThatEndsHoldsNothing(t *testing.T) {
	t.Parallel()
	b := setup(t, func(s *intake.Settings) { s.KeyBeat = time.Millisecond })
	holder, err := b.process(b.source, func(s *intake.Settings) { s.KeyBeat = time.Millisecond }).JoinVault(t.Context(), "one")
	require.NoError(t, err)
	b.dies(t, "one")
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := start(t, func() struct{} { holder.Keep(ctx); return struct{}{} })
	require.Eventually(t, func() bool {
		return b.number(t, "SELECT count(*) FROM vault_holders WHERE seen_at > now() - interval '5 seconds'") == 1
	}, patience, time.Millisecond, "it says so again and again")
	cancel()
	await(t, ended)
	require.Zero(t, b.number(t, "SELECT count(*) FROM vault_holders"))
}

func TestTheStateOfTheKeysIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	one := b.joins(t, "one", old)
	one.linked(t, "a@example.com")
	require.NoError(t, b.svc.AddKeys(t.Context(), idOf(t, fresh)))
	status, err := b.svc.VaultStatus(t.Context())
	require.NoError(t, err)
	require.Len(t, status.Keys, 2)
	require.Equal(t, []intake.HolderStatus{{Name: "one", Keys: []intake.KeyID{idOf(t, old)}, SealsWith: idOf(t, old)}}, status.Holders)
	require.Equal(t, intake.KeyPrimary, status.Keys[0].State)
	require.Equal(t, int64(2), status.Keys[0].Sealed)
	require.True(t, status.Keys[0].Used)
	require.Nil(t, status.Keys[0].Reseal)
	require.Equal(t, intake.KeyAdded, status.Keys[1].State)
	require.False(t, status.Keys[1].Used)

	b.dies(t, "one")
	two := b.joins(t, "two", fresh, old)
	two.refresh(t)
	require.NoError(t, two.svc.Reseal(t.Context()))
	status, err = b.svc.VaultStatus(t.Context())
	require.NoError(t, err)
	require.Equal(t, intake.KeyDisabled, status.Keys[0].State)
	require.Zero(t, status.Keys[0].Sealed)
	require.Equal(t, int64(2), status.Keys[0].Reseal.Done)
	require.NotNil(t, status.Keys[0].Reseal.Finished)
	require.Equal(t, int64(2), status.Keys[1].Sealed)
	require.Equal(t, "two", status.Holders[0].Name)
}

func TestAKeysIDIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	for _, id := range []intake.KeyID{0, 1, 0xdeadbeef, 0xffffffff} {
		got, err := intake.ParseKeyID(id.String())
		require.NoError(t, err)
		require.Equal(t, id, got)
	}
	for _, text := range []string{"", "1", "deadbee", "deadbeeff", "deadbeeg", "+eadbeef", "-1234567", uuid.NewString()} {
		_, err := intake.ParseKeyID(text)
		require.Error(t, err, text)
	}
}
