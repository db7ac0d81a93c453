package intake_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// editedFields are what the audit log says of each edit, the oldest first.
func (b *testBundle) editedFields(t *testing.T) []string {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT detail->'fields' FROM audit_log WHERE action = 'CANDIDATE_UPDATED' ORDER BY n")
	require.NoError(t, err)
	lines, err := pgx.CollectRows(rows, pgx.RowTo[json.RawMessage])
	require.NoError(t, err)
	said := []string{}
	for _, l := range lines {
		var fields []string
		require.NoError(t, json.Unmarshal(l, &fields))
		said = append(said, strings.Join(fields, " "))
	}
	return said
}

func TestAContactIsEditedAndNothingThatCameFromTheMedium(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	before := b.candidate(t, a.CandidateID)

	c := b.edit(t, a.CandidateID, intake.ContactEdit{Email: given(" kanari@example.com "), Phone: given("+81 90－1234－5678"), Note: given("kanari-memo\n二行目")})
	require.Equal(t, []any{"kanari@example.com", "+81 90-1234-5678", "kanari-memo\n二行目", 2}, []any{*c.Email, *c.Phone, *c.Note, c.Revision})
	require.Equal(t, c, b.candidate(t, a.CandidateID))
	for _, text := range []string{"kanari@example.com", "1234-5678", "kanari-memo"} {
		require.Empty(t, b.tablesWith(t, text), "sealed")
	}

	// What is left out stays; what is blank or null goes.
	c = b.edit(t, a.CandidateID, intake.ContactEdit{Email: intake.Edit{Given: true}, Note: given(" \n")})
	require.Equal(t, []any{(*string)(nil), "+81 90-1234-5678", (*string)(nil), 3}, []any{c.Email, *c.Phone, c.Note, c.Revision})
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidates WHERE email_index IS NOT NULL"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM candidates WHERE phone_index IS NOT NULL"))

	// What changes nothing leaves no trace.
	was := b.everything(t)
	b.edit(t, a.CandidateID, intake.ContactEdit{Phone: given("+81 90-1234-5678"), Email: given("")})
	b.edit(t, a.CandidateID, intake.ContactEdit{})
	b.requireUnchanged(t, was)
	require.Equal(t, []string{"EMAIL PHONE NOTE", "EMAIL NOTE"}, b.editedFields(t))

	c.Phone, c.Revision = nil, 1
	require.Equal(t, before, c)
}

func TestAContactThatIsNoneIsRefusedWithAllThatIsWrong(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	before := b.everything(t)
	try := func(e intake.ContactEdit) error {
		_, err := b.svc.UpdateCandidate(t.Context(), b.actor, a.CandidateID, e, nil)
		return err
	}
	for _, email := range []string{"x", "a@", "山田 <y@example.com>", "a@example.com,b@example.com", "a b@example.com", strings.Repeat("a", 250) + "@example.com", "a\u200b@example.com"} {
		requireUserErrors(t, try(intake.ContactEdit{Email: given(email)}), "INVALID input.email")
	}
	for _, phone := range []string{"12345", "123456789012345678901", "0x1234567", "tel:0312345678", "\u0000123456", "03" + strings.Repeat("-", 50) + "12345678", "٠١٢٣٤٥٦٧", "------"} {
		requireUserErrors(t, try(intake.ContactEdit{Phone: given(phone)}), "INVALID input.phone")
	}
	requireUserErrors(t, try(intake.ContactEdit{Note: given(strings.Repeat("字", 10_001))}), "TOO_LONG input.note")
	requireUserErrors(t, try(intake.ContactEdit{Email: given("x"), Phone: given("x"), Note: given("\u0000x")}),
		"INVALID input.email", "INVALID input.phone", "INVALID input.note")
	_, err := b.svc.UpdateCandidate(t.Context(), b.actor, uuid.New(), intake.ContactEdit{Note: given("x")}, nil)
	requireUserErrors(t, err, "NOT_FOUND id")
	_, err = b.svc.UpdateCandidate(t.Context(), b.actor, a.CandidateID, intake.ContactEdit{Note: given("x")}, new(2))
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	b.requireUnchanged(t, before)
	require.NoError(t, try(intake.ContactEdit{Note: given(strings.Repeat("字", 10_000)), Phone: given("(03) 1234 5678"[1:3] + " 1234 5678")}))
}

func TestOfTwoWhoEditAtOnceTheSecondIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	for round := range 10 {
		results := make([]<-chan error, 2)
		for i := range results {
			results[i] = start(t, func() error {
				_, err := b.svc.UpdateCandidate(t.Context(), b.actor, a.CandidateID, intake.ContactEdit{Note: given(fmt.Sprint(round, " by ", i))}, new(round+1))
				return err
			})
		}
		one, two := await(t, results[0]), await(t, results[1])
		require.NotEqual(t, one == nil, two == nil, "%v, %v", one, two)
		winner := 0
		if one != nil {
			winner, two = 1, one
		}
		requireUserErrors(t, two, "REVISION_CONFLICT expectedRevision")
		require.Equal(t, fmt.Sprint(round, " by ", winner), *b.candidate(t, a.CandidateID).Note)
	}
}

func TestSomebodyStoredInPlainIsSealedWhenTheyAreEdited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	a := b.canaryRouted(t)
	before := b.candidate(t, a.CandidateID)
	b.storedInPlain(t, a)
	c := b.edit(t, a.CandidateID, intake.ContactEdit{Note: given("メモ")})
	c.Note, c.Revision, before.Email = nil, 1, c.Email
	require.Equal(t, before, c)
	for _, text := range sealedCanaries {
		require.NotContains(t, b.tablesWith(t, text), "candidates", text)
	}
}

func TestWhoIsEditedWhileTheyAreSealedAnewLosesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	k := b.joins(t, "one", old, fresh)
	b.svc = k.svc
	var people []uuid.UUID
	page := intake.Page{Cursor: "60"}
	for n := range 60 {
		page.Applications = append(page.Applications, applied(n, "開発"))
	}
	b.imported(t, "a@example.com", page)
	for n := range 60 {
		people = append(people, *b.person(t, fmt.Sprint("person-", n)))
	}
	_, err := k.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	k.refresh(t)
	resealing := start(t, func() error { return k.svc.Reseal(t.Context()) })
	for n, id := range people {
		b.edit(t, id, intake.ContactEdit{Note: given(fmt.Sprint("memo ", n))})
	}
	require.NoError(t, await(t, resealing))
	b.exec(t, "UPDATE vault_reseals SET next_at = now() WHERE finished_at IS NULL")
	require.NoError(t, k.svc.Reseal(t.Context()))
	require.Zero(t, b.underKey(t, old))
	for n, id := range people {
		require.Equal(t, fmt.Sprint("memo ", n), *b.candidate(t, id).Note)
	}
}

func TestAnEditThatWaitsForAResealingIsMadeOfWhatThatLeft(t *testing.T) {
	t.Parallel()
	b := setup(t)
	old, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	k := b.joins(t, "one", old, fresh)
	b.svc = k.svc
	a := b.canaryRouted(t)
	b.edit(t, a.CandidateID, intake.ContactEdit{Email: given("kanari@example.com")})
	_, err := k.svc.PromoteKey(t.Context(), intake.Promotion{})
	require.NoError(t, err)
	k.refresh(t)
	// The re-sealing has swapped the row and is about to commit.
	b.exec(t, `CREATE FUNCTION wait() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN PERFORM pg_advisory_xact_lock(7); RETURN NEW; END'`)
	b.exec(t, "CREATE TRIGGER wait AFTER UPDATE OF sealed ON candidates FOR EACH ROW WHEN (NEW.revision = OLD.revision) EXECUTE FUNCTION wait()")
	conn, err := b.pool.Acquire(t.Context())
	require.NoError(t, err)
	defer conn.Release()
	_, err = conn.Exec(t.Context(), "SELECT pg_advisory_lock(7)")
	require.NoError(t, err)
	resealing := start(t, func() error { return k.svc.Reseal(t.Context()) })
	waiting := func(n int) func() bool {
		return func() bool {
			return b.number(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == n
		}
	}
	require.Eventually(t, waiting(1), patience, 10*1e6)
	editing := start(t, func() error {
		_, err := b.svc.UpdateCandidate(t.Context(), b.actor, a.CandidateID, intake.ContactEdit{Note: given("kanari-memo")}, nil)
		return err
	})
	require.Eventually(t, waiting(2), patience, 10*1e6)
	_, err = conn.Exec(t.Context(), "SELECT pg_advisory_unlock(7)")
	require.NoError(t, err)
	require.NoError(t, await(t, resealing))
	require.NoError(t, await(t, editing))
	c := b.candidate(t, a.CandidateID)
	require.Equal(t, []string{"kanari-memo", "kanari@example.com", "kanari-tagline"}, []string{*c.Note, *c.Email, *c.Tagline})
	require.Zero(t, b.underKey(t, old))
}

func TestWhoseKeyIsLostIsShownButNotEdited(t *testing.T) {
	t.Parallel()
	b := setup(t)
	away, fresh := intake.NewMasterKey(), intake.NewMasterKey()
	without := b.joins(t, "without", fresh)
	b.dies(t, "without")
	with := b.joins(t, "with", away, fresh)
	with.refresh(t)
	a := with.canaryRouted(t)
	b.dies(t, "with")
	_, err := without.svc.ForgetKey(t.Context(), idOf(t, away))
	require.NoError(t, err)
	without.refresh(t)
	var sealed []byte
	read := func() []byte {
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT sealed FROM candidates WHERE id = $1", a.CandidateID).Scan(&sealed))
		return sealed
	}
	before := read()
	_, err = without.svc.UpdateCandidate(t.Context(), b.actor, a.CandidateID, intake.ContactEdit{Note: given("x")}, nil)
	requireUserErrors(t, err, "INVALID_STATE id")
	require.Equal(t, before, read())
}

func TestThatTheMediumTellsAnotherStoryIsShownAndNothingOfItComesIn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := canary(1, "開発")
	account := b.imported(t, "a@example.com", pageOf("1", first))
	id := *b.person(t, canaryPerson)
	b.edit(t, id, intake.ContactEdit{Note: given("メモ")})
	before := b.candidate(t, id)
	require.Nil(t, before.ChangedAt)
	require.Equal(t, "https://example.com/kanari-profile", *before.ProfileURL, "leads to what the medium tells now")
	row := func() string {
		var text string
		require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT (to_jsonb(c) - 'medium_changed_at')::text FROM candidates c WHERE id = $1", id).Scan(&text))
		return text
	}
	stored := row()
	n := 1
	comes := func(account intake.MediumAccount, change func(*intake.SourcePerson)) intake.Candidate {
		t.Helper()
		n++
		again := canary(n, "開発")
		change(&again.Person)
		b.source.read = func() readFunc {
			behind := b.account(t, account.ID)
			_ = behind
			return reads(pageOf(fmt.Sprint(n-1)), pageOf(fmt.Sprint(n), again))
		}()
		require.Equal(t, 1, b.importAgain(t, account.ID).Imported)
		require.Equal(t, stored, row(), "nothing else changes")
		return b.candidate(t, id)
	}
	other := func(p *intake.SourcePerson) { p.Tagline = new("another story") }
	same := func(*intake.SourcePerson) {}

	changed := comes(account, other)
	require.NotNil(t, changed.ChangedAt)
	require.Equal(t, "kanari-tagline", *changed.Tagline)
	later := comes(account, func(p *intake.SourcePerson) { p.Skills = []string{"Rust"} })
	require.Equal(t, changed.ChangedAt, later.ChangedAt, "since when it was first seen")
	require.Nil(t, comes(account, same).ChangedAt, "back to the first story")
	require.NotNil(t, comes(account, other).ChangedAt)
	require.Nil(t, comes(account, same).ChangedAt)
	require.Empty(t, b.tablesWith(t, "another story"))
	require.Equal(t, before, b.candidate(t, id))

	// Two accounts that tell it at once.
	twin := b.linked(t, "b@example.com")
	n++
	again := canary(n, "開発")
	other(&again.Person)
	b.source.read = reads(pageOf(fmt.Sprint(n-1)), pageOf(fmt.Sprint(n), again))
	_, _, err := b.svc.ImportNow(t.Context(), b.actor, account.ID)
	require.NoError(t, err)
	importing := make([]<-chan error, 2)
	for i, a := range []intake.MediumAccount{account, twin} {
		task := b.task(t, a.ID)
		importing[i] = start(t, func() error { return b.svc.Import(t.Context(), task) })
	}
	require.NoError(t, await(t, importing[0]))
	require.NoError(t, await(t, importing[1]))
	require.NotNil(t, b.candidate(t, id).ChangedAt)
	require.Equal(t, stored, row())
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM inbox_entries WHERE external_id = $1", fmt.Sprint(n)))
	b.requireInvariants(t)
}
