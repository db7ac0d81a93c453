package intake_test

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// named is application n of somebody of this name.
func named(n int, name string) intake.SourceApplication {
	a := applied(n, "開発")
	a.Person.Name = name
	return a
}

// crowd imports somebody of each name, and returns their ids.
func (b *testBundle) namesakes(t *testing.T, names ...string) []uuid.UUID {
	t.Helper()
	page := intake.Page{Cursor: fmt.Sprint(len(names))}
	for n, name := range names {
		page.Applications = append(page.Applications, named(n, name))
	}
	b.imported(t, "a@example.com", page)
	ids := make([]uuid.UUID, len(names))
	for n := range names {
		ids[n] = *b.person(t, fmt.Sprint("person-", n))
	}
	return ids
}

// duplicates of somebody, as "place certainty reasons" by their places in ids; with "dismissed" where they are.
func (b *testBundle) duplicates(t *testing.T, ids []uuid.UUID, of int) []string {
	t.Helper()
	live, err := b.svc.DuplicatesByID(t.Context(), b.actor, []uuid.UUID{ids[of]})
	require.NoError(t, err)
	all, err := b.svc.DuplicatesAndDismissedByID(t.Context(), b.actor, []uuid.UUID{ids[of]})
	require.NoError(t, err)
	if len(live) > 0 {
		require.Equal(t, live[ids[of]], all[ids[of]][:len(live[ids[of]])], "those come first")
	}
	said := []string{}
	for n, d := range all[ids[of]] {
		require.Equal(t, n >= len(live[ids[of]]), d.Dismissed())
		line := fmt.Sprint(place(ids, d.CandidateID), " ", d.Certainty, " ", d.Reasons)
		if d.Dismissed() {
			require.Equal(t, &b.actor.Member.ID, d.DismissedBy)
			line += " dismissed"
		}
		said = append(said, line)
	}
	return said
}

func place(ids []uuid.UUID, id uuid.UUID) int {
	for n, one := range ids {
		if one == id {
			return n
		}
	}
	return -1
}

// pairs are all of the company's, read in pages of a size.
func (b *testBundle) pairs(t *testing.T, ids []uuid.UUID, size int) []string {
	t.Helper()
	said := []string{}
	for k := (intake.Keyset{First: size}); ; {
		page, err := b.svc.PossibleDuplicates(t.Context(), b.actor, k)
		require.NoError(t, err)
		require.LessOrEqual(t, len(page.Pairs), size)
		for _, p := range page.Pairs {
			said = append(said, fmt.Sprint(place(ids, p.CandidateID), "-", place(ids, p.OtherID), " ", p.Certainty, " ", p.Reasons))
		}
		if !page.More {
			return said
		}
		k.After = page.End
	}
}

func TestDuplicatesAreFoundByWhatIsComparedAndTheMostCertainComeFirst(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.namesakes(t, "佐藤 ⽤介", "佐藤用介", "ｻﾄｳ", "サトウ", "John　Smith", "john smith", "誰か", "別人")
	require.Equal(t, []string{"1 HINT [SAME_NAME]"}, b.duplicates(t, ids, 0))
	require.Equal(t, []string{"3 HINT [SAME_NAME]"}, b.duplicates(t, ids, 2))
	require.Equal(t, []string{"4 HINT [SAME_NAME]"}, b.duplicates(t, ids, 5))
	require.Empty(t, b.duplicates(t, ids, 6))

	// What is edited later counts at once.
	b.edit(t, ids[0], intake.ContactEdit{Email: given("Y@Example.com"), Phone: given("+81 90-1234-5678")})
	b.edit(t, ids[1], intake.ContactEdit{Phone: given("０９０ー１２３４ー５６７８")})
	b.edit(t, ids[7], intake.ContactEdit{Email: given("y@example.com")})
	require.Equal(t, []string{"1 CERTAIN [SAME_PHONE SAME_NAME]", "7 STRONG [SAME_EMAIL]"}, b.duplicates(t, ids, 0))
	require.Equal(t, []string{"0 STRONG [SAME_EMAIL]"}, b.duplicates(t, ids, 7))
	b.edit(t, ids[7], intake.ContactEdit{Email: intake.Edit{Given: true}})
	require.Equal(t, []string{"1 CERTAIN [SAME_PHONE SAME_NAME]"}, b.duplicates(t, ids, 0))

	// Of a person in several rows all count, and they are no duplicates of themselves.
	b.merge(t, ids[6], ids[0])
	require.Equal(t, []string{"1 CERTAIN [SAME_PHONE SAME_NAME]"}, b.duplicates(t, ids, 6))
	require.Equal(t, []string{"6 CERTAIN [SAME_PHONE SAME_NAME]"}, b.duplicates(t, ids, 1))
	b.merge(t, ids[6], ids[1])
	require.Empty(t, b.duplicates(t, ids, 6))
}

func TestWhoeverIsSaidToBeSomebodyElseIsNotShownUntilThatIsTakenBack(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.namesakes(t, "佐藤", "佐藤", "佐藤", "別人")
	dismiss := func(one, other int) {
		t.Helper()
		c, err := b.svc.DismissDuplicate(t.Context(), b.actor, ids[one], ids[other])
		require.NoError(t, err)
		require.NotZero(t, c.ID)
	}
	dismiss(1, 0)
	dismiss(0, 1)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM dismissed_duplicates"), "a pair has no direction")
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'DUPLICATE_DISMISSED'"))
	require.Equal(t, []string{"2 HINT [SAME_NAME]", "1 HINT [SAME_NAME] dismissed"}, b.duplicates(t, ids, 0))
	require.Equal(t, []string{"2 HINT [SAME_NAME]", "0 HINT [SAME_NAME] dismissed"}, b.duplicates(t, ids, 1))
	require.Equal(t, []string{"0-2 HINT [SAME_NAME]", "1-2 HINT [SAME_NAME]"}, b.pairs(t, ids, 10))

	// It holds for the person: merged with somebody, they are still not the other.
	m := b.merge(t, ids[2], ids[1])
	require.Equal(t, []string{"2 HINT [SAME_NAME] dismissed"}, b.duplicates(t, ids, 0))
	require.Empty(t, b.pairs(t, ids, 10))
	dismiss(3, 2)
	require.Empty(t, b.duplicates(t, ids, 3), "dismissed, and nothing in common anyhow")
	_, err := b.svc.RestoreDuplicate(t.Context(), b.actor, ids[0], ids[2])
	require.NoError(t, err)
	require.Equal(t, []string{"2 HINT [SAME_NAME]"}, b.duplicates(t, ids, 0))
	require.Equal(t, []string{"0-2 HINT [SAME_NAME]"}, b.pairs(t, ids, 10))
	_, err = b.svc.RestoreDuplicate(t.Context(), b.actor, ids[0], ids[2])
	require.NoError(t, err)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'DUPLICATE_RESTORED'"))

	before := b.everything(t)
	for _, judge := range []func(one, other uuid.UUID) error{
		func(one, other uuid.UUID) error {
			_, err := b.svc.DismissDuplicate(t.Context(), b.actor, one, other)
			return err
		},
		func(one, other uuid.UUID) error {
			_, err := b.svc.RestoreDuplicate(t.Context(), b.actor, one, other)
			return err
		},
	} {
		requireUserErrors(t, judge(ids[1], ids[2]), "INVALID_STATE otherId")
		requireUserErrors(t, judge(ids[0], ids[0]), "INVALID otherId")
		requireUserErrors(t, judge(uuid.New(), ids[0]), "NOT_FOUND candidateId")
		requireUserErrors(t, judge(ids[0], uuid.New()), "NOT_FOUND otherId")
	}
	b.requireUnchanged(t, before)
	b.undoMerge(t, m)
}

func TestTheCompanysPairsAreListedOnceEachByWhatIsStrongest(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.namesakes(t, "佐藤", "鈴木", "佐藤", "鈴木", "鈴木", "高橋", "田中", "誰か")
	for n, e := range map[int]intake.ContactEdit{
		0: {Email: given("s@example.com"), Phone: given("09000000001")},
		2: {Email: given("s@example.com"), Phone: given("09000000001")},
		5: {Phone: given("09000000001")},
		6: {Phone: given("09000000002")}, 7: {Phone: given("09000000002")},
	} {
		b.edit(t, ids[n], e)
	}
	want := []string{"0-2 CERTAIN [SAME_EMAIL SAME_PHONE SAME_NAME]", "0-5 STRONG [SAME_PHONE]", "1-3 HINT [SAME_NAME]", "1-4 HINT [SAME_NAME]", "2-5 STRONG [SAME_PHONE]", "3-4 HINT [SAME_NAME]", "6-7 STRONG [SAME_PHONE]"}
	for _, size := range []int{1, 2, 3, 100} {
		got := b.pairs(t, ids, size)
		require.ElementsMatch(t, want, got, size)
		require.Equal(t, want[0], got[0], "an e-mail first")
		require.Contains(t, got[6], "SAME_NAME", "a name last")
	}
	// Two rows of one person are one.
	b.merge(t, ids[1], ids[4])
	require.NotContains(t, b.pairs(t, ids, 1), "1-4 HINT [SAME_NAME]")
	require.ElementsMatch(t, []string{want[0], want[1], want[4], want[6], "1-3 HINT [SAME_NAME]"}, b.pairs(t, ids, 2))
	empty, err := b.svc.PossibleDuplicates(t.Context(), b.company(t, "別の会社"), intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Empty(t, empty.Pairs)
	require.False(t, empty.More)
}

func TestANameThatFiveHundredBearIsGoneThroughInBounds(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, `INSERT INTO candidates (company_id, medium, external_person_id, name, normalized_name)
		SELECT $1, 'WANTEDLY', n::text, '佐藤健', '佐藤健' FROM generate_series(1, 500) n`, b.actor.Company.ID)
	var ids []uuid.UUID
	require.NoError(t, b.pool.QueryRow(t.Context(), "SELECT array_agg(id ORDER BY id) FROM candidates").Scan(&ids))
	require.Len(t, b.duplicates(t, ids, 250), 20)
	for n := range 40 {
		_, err := b.svc.DismissDuplicate(t.Context(), b.actor, ids[250], ids[499-n])
		require.NoError(t, err)
	}
	left := b.duplicates(t, ids, 250)
	require.Len(t, left, 20)
	require.Equal(t, "459 HINT [SAME_NAME]", left[0], "room for the next")

	pairs := b.pairs(t, ids, 100)
	require.Equal(t, 495*5+4+3+2+1, len(pairs)) //nolint:testifylint // they are too many to be printed
	seen := make(map[string]bool)
	for _, p := range pairs {
		require.False(t, seen[p], p)
		seen[p] = true
	}
}

func TestARequestLooksThroughSoManyCandidatesAndTheNextGoesOn(t *testing.T) {
	t.Parallel()
	b := setup(t)
	// A hundred who have nothing in common, then two, and so on: pairs at the borders of looks too.
	b.exec(t, `INSERT INTO candidates (company_id, medium, external_person_id, name, normalized_name)
		SELECT $1, 'WANTEDLY', n::text, 'x', lpad((n - n / 100)::text, 7, '0') FROM generate_series(1, 1010) n`, b.actor.Company.ID)
	for _, candidates := range []int32{7, 50, 99, 100, 101, 197} {
		for _, pairs := range []int32{1, 3, 400} {
			met, requests := make(map[uuid.UUID]bool), 0
			for k := (intake.Keyset{First: 2}); ; requests++ {
				page, err := b.svc.PossibleDuplicatesWithin(t.Context(), b.actor, k, candidates, pairs, 3)
				require.NoError(t, err)
				for _, p := range page.Pairs {
					require.False(t, met[p.CandidateID], "once")
					met[p.CandidateID] = true
				}
				if !page.More {
					break
				}
				require.NotEqual(t, k.After, page.End, "it goes on")
				k.After = page.End
			}
			require.Len(t, met, 10, "by %d, %d", candidates, pairs)
			require.GreaterOrEqual(t, requests, 1010/int(candidates)/3-1)
		}
	}
}

func TestACursorOfPairsThatWasNotMadeHereIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	nobody := uuid.Nil.String()
	for _, cursor := range []string{
		"x", "!", base64.RawURLEncoding.EncodeToString([]byte("SAME_NAME..." + nobody)),
		base64.RawURLEncoding.EncodeToString([]byte("SAME_FACE.." + nobody + "." + nobody)),
		base64.RawURLEncoding.EncodeToString([]byte("SAME_NAME.AA." + nobody + "." + nobody)),
		base64.RawURLEncoding.EncodeToString([]byte("SAME_EMAIL.!." + nobody + "." + nobody)),
	} {
		_, err := b.svc.PossibleDuplicates(t.Context(), b.actor, intake.Keyset{First: 1, After: cursor})
		require.ErrorIs(t, err, intake.ErrBadCursor, cursor)
	}
}
