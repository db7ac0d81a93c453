package intake_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// cast imports one application of each of these people, in their order, and returns their ids.
func (b *testBundle) cast(t *testing.T, people ...string) []uuid.UUID {
	t.Helper()
	b.rule(t, "営業", b.opening(t, "営業").ID)
	page := intake.Page{Cursor: fmt.Sprint(len(people))}
	for n, person := range people {
		page.Applications = append(page.Applications, appliedBy(n+1, person, "営業"))
	}
	b.imported(t, "a@example.com", page)
	ids := make([]uuid.UUID, len(people))
	for i, person := range people {
		ids[i] = *b.person(t, person)
	}
	return ids
}

func (b *testBundle) merge(t *testing.T, into, from uuid.UUID) intake.CandidateMerge {
	t.Helper()
	m, err := b.svc.MergeCandidates(t.Context(), b.actor, into, from, nil)
	require.NoError(t, err)
	return m
}

func (b *testBundle) undoMerge(t *testing.T, m intake.CandidateMerge) {
	t.Helper()
	_, err := b.svc.UndoMerge(t.Context(), b.actor, m.ID)
	require.NoError(t, err)
}

func (b *testBundle) edit(t *testing.T, id uuid.UUID, e intake.ContactEdit) intake.Candidate {
	t.Helper()
	c, err := b.svc.UpdateCandidate(t.Context(), b.actor, id, e, nil)
	require.NoError(t, err)
	return c
}

func given(value string) intake.Edit { return intake.Edit{Given: true, Value: &value} }

// merged are those who stand for others, as "from>into" by their places in ids, in that order.
func (b *testBundle) merged(t *testing.T, ids []uuid.UUID) []string {
	t.Helper()
	found, err := b.svc.OwnProfilesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	all := []string{}
	for i, id := range ids {
		if into := found[id].MergedInto; into != nil {
			all = append(all, fmt.Sprint(i, ">", slices.Index(ids, *into)))
		}
	}
	return all
}

func TestMergedCandidatesAreReadAsOnePersonAndPartedAsTheyWere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "yamada", "other yamada", "somebody else")
	a, o := ids[0], ids[1]
	b.edit(t, o, intake.ContactEdit{Email: given("o@example.com"), Phone: given("090-0000-0001"), Note: given("二人目")})
	b.edit(t, a, intake.ContactEdit{Phone: given("090-0000-0002")})
	before := b.everything(t)

	m := b.merge(t, a, o)
	require.Equal(t, []any{a, o, b.actor.Member.ID}, []any{m.IntoID, m.FromID, m.MemberID})
	people, err := b.svc.CandidatesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, people, 3)
	require.Equal(t, people[a], people[o], "whichever id leads to them")
	require.Equal(t, a, people[o].ID)
	require.Equal(t, "o@example.com", *people[a].Email, "of the other where the one who stands has none")
	require.Equal(t, "090-0000-0002", *people[a].Phone)
	require.Nil(t, people[a].Note)
	applications, err := b.svc.ApplicationsByCandidate(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, applications[a], 2)
	require.Equal(t, applications[a], applications[o])
	require.Equal(t, []uuid.UUID{o, a}, []uuid.UUID{applications[a][0].CandidateID, applications[a][1].CandidateID}, "the latest first; each where it was")
	require.Len(t, applications[ids[2]], 1)
	entries, err := b.svc.EntriesByCandidate(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, entries[a], 2)
	require.Equal(t, entries[a], entries[o])
	others, err := b.svc.MergedFromByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, others, 1)
	require.Len(t, others[a], 1)
	require.Equal(t, []any{o, "応募者 other yamada", "二人目", "090-0000-0001"}, []any{others[a][0].ID, others[a][0].Name, *others[a][0].Note, *others[a][0].Phone})
	b.requireInvariants(t)

	b.undoMerge(t, m)
	after := b.everything(t)
	for _, table := range []string{"inbox_entries", "applications", "selection_events", "routing_decisions", "events", "company_counters", "dismissed_duplicates"} {
		require.Equal(t, before[table], after[table], table)
	}
	require.Zero(t, b.number(t, "SELECT count(*) FROM candidates WHERE merged_into IS NOT NULL"))
	people, err = b.svc.CandidatesByID(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Equal(t, o, people[o].ID)
	require.Nil(t, people[a].Email)
	merges, err := b.svc.MergesByCandidate(t.Context(), b.actor, ids)
	require.NoError(t, err)
	require.Len(t, merges[a], 1)
	require.Equal(t, merges[a], merges[o])
	require.Equal(t, &b.actor.Member.ID, merges[a][0].UndoneBy)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'CANDIDATES_MERGED' AND subject_id = $1", a))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'MERGE_UNDONE' AND subject_id = $1", a))
	b.requireInvariants(t)
}

func TestWhoWasMergedGoesAlongAndMergesAreUndoneFromTheTop(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c", "d", "e")
	first := b.merge(t, ids[0], ids[1])
	second := b.merge(t, ids[2], ids[0])
	require.Equal(t, []string{"0>2", "1>2"}, b.merged(t, ids))
	third := b.merge(t, ids[2], ids[3])
	_, err := b.svc.UndoMerge(t.Context(), b.actor, first.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	fourth := b.merge(t, ids[4], ids[2])
	require.Equal(t, []string{"0>4", "1>4", "2>4", "3>4"}, b.merged(t, ids))
	b.requireInvariants(t)
	for _, m := range []intake.CandidateMerge{first, second, third} {
		_, err = b.svc.UndoMerge(t.Context(), b.actor, m.ID)
		requireUserErrors(t, err, "INVALID_STATE id")
	}
	b.undoMerge(t, fourth)
	require.Equal(t, []string{"0>2", "1>2", "3>2"}, b.merged(t, ids))
	b.undoMerge(t, second)
	require.Equal(t, []string{"1>0", "3>2"}, b.merged(t, ids), "others who came later stay")
	b.requireInvariants(t)
	b.undoMerge(t, third)
	b.undoMerge(t, first)
	require.Empty(t, b.merged(t, ids))
	_, err = b.svc.UndoMerge(t.Context(), b.actor, first.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	b.requireInvariants(t)
}

func TestAMergeThatMakesNoSenseChangesNothingAndItsPreviewSaysWhy(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c", "gone")
	b.erase(t, ids[3])
	b.merge(t, ids[0], ids[1])
	for _, c := range []struct {
		into, from uuid.UUID
		refused    []string
	}{
		{ids[0], ids[0], []string{"INVALID fromId"}},
		{ids[0], ids[1], []string{"INVALID_STATE fromId"}},
		{ids[1], ids[0], []string{"INVALID_STATE fromId"}},
		{ids[1], ids[2], []string{"INVALID_STATE intoId"}},
		{ids[2], ids[1], []string{"INVALID_STATE fromId"}},
	} {
		_, err := b.svc.MergeCandidates(t.Context(), b.actor, c.into, c.from, nil)
		requireUserErrors(t, err, c.refused...)
		preview, err := b.svc.PreviewMerge(t.Context(), b.actor, c.into, c.from)
		require.NoError(t, err)
		require.False(t, preview.Allowed())
		requireUserErrors(t, preview.Errors, c.refused...)
	}
	foreign := b.actor
	foreign.Company.ID = b.company(t, "別の会社").Company.ID
	before := b.everything(t)
	for _, missing := range []uuid.UUID{ids[3], uuid.New()} {
		_, err := b.svc.MergeCandidates(t.Context(), b.actor, ids[0], missing, nil)
		requireUserErrors(t, err, "NOT_FOUND fromId")
		_, err = b.svc.MergeCandidates(t.Context(), b.actor, missing, ids[0], nil)
		requireUserErrors(t, err, "NOT_FOUND intoId")
		_, err = b.svc.PreviewMerge(t.Context(), b.actor, ids[0], missing)
		require.ErrorIs(t, err, intake.ErrNotFound)
		_, err = b.svc.UndoMerge(t.Context(), b.actor, missing)
		requireUserErrors(t, err, "NOT_FOUND id")
	}
	_, err := b.svc.MergeCandidates(t.Context(), foreign, ids[0], ids[2], nil)
	requireUserErrors(t, err, "NOT_FOUND intoId")
	_, err = b.svc.MergeCandidates(t.Context(), b.actor, ids[0], ids[2], &intake.MergeRevisions{Into: 1, From: 1})
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevisions")
	_, err = b.svc.MergeCandidates(t.Context(), b.actor, ids[0], ids[2], &intake.MergeRevisions{Into: 2, From: 2})
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevisions")
	b.requireUnchanged(t, before)
	_, err = b.svc.MergeCandidates(t.Context(), b.actor, ids[0], ids[2], &intake.MergeRevisions{Into: 2, From: 1})
	require.NoError(t, err)
}

func TestAMergePreviewTellsWhatWouldStandAndWritesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c")
	b.edit(t, ids[1], intake.ContactEdit{Email: given("b@example.com"), Phone: given("0312345678")})
	b.edit(t, ids[0], intake.ContactEdit{Phone: given("0387654321")})
	b.merge(t, ids[1], ids[2])
	before := b.everything(t)
	preview, err := b.svc.PreviewMerge(t.Context(), b.actor, ids[0], ids[1])
	require.NoError(t, err)
	b.requireUnchanged(t, before)
	require.True(t, preview.Allowed())
	require.Equal(t, []any{"b@example.com", "0387654321", 3, 3}, []any{*preview.Email, *preview.Phone, preview.ApplicationCount, preview.EntryCount})
	require.Len(t, preview.SameOpenings, 1)
	require.Len(t, preview.SameOpenings[0].Applications, 3)
	require.Equal(t, ids[0], preview.SameOpenings[0].Applications[0].CandidateID)

	b.merge(t, ids[0], ids[1])
	person, err := b.svc.CandidatesByID(t.Context(), b.actor, ids[:1])
	require.NoError(t, err)
	require.Equal(t, []any{preview.Email, preview.Phone}, []any{person[ids[0]].Email, person[ids[0]].Phone}, "as it was foretold")
	require.Equal(t, 3, b.number(t, "SELECT count(*) FROM applications WHERE outcome = 'IN_PROGRESS'"), "all stay")

	_, err = b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: preview.SameOpenings[0].Applications[1].ID}, intake.OutcomeClosedAsDuplicate)
	require.NoError(t, err)
	b.requireInvariants(t)
}

func TestAMergeIsTakenBackForAQuarterOfAnHourAndNoLonger(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b")
	m := b.merge(t, ids[0], ids[1])
	require.Equal(t, 15*time.Minute, m.UndoableUntil().Sub(m.At))
	b.exec(t, "UPDATE candidate_merges SET at = at - interval '15 minutes'")
	_, err := b.svc.UndoMerge(t.Context(), b.actor, m.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	b.exec(t, "UPDATE candidate_merges SET at = at + interval '1 minute'")
	b.undoMerge(t, m)
	b.merge(t, ids[1], ids[0])
	require.Equal(t, []string{"0>1"}, b.merged(t, ids), "and then the other way round")
}

func TestOfMergesThatCannotAllBeOneWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c")
	for round := range 12 {
		// In opposite directions, or in a circle.
		pairs := [][2]int{{0, 1}, {1, 0}}
		if round%2 == 1 {
			pairs = [][2]int{{0, 1}, {1, 2}, {2, 0}}
		}
		results := make([]<-chan error, len(pairs))
		for i, p := range pairs {
			results[i] = start(t, func() error {
				_, err := b.svc.MergeCandidates(t.Context(), b.actor, ids[p[0]], ids[p[1]], nil)
				return err
			})
		}
		done := 0
		for _, result := range results {
			err := await(t, result)
			if err == nil {
				done++
				continue
			}
			require.True(t, isUserError(err), err)
		}
		require.Equal(t, len(b.merged(t, ids)), done)
		require.Less(t, done, len(pairs))
		require.Positive(t, done)
		b.requireInvariants(t)
		b.exec(t, "UPDATE candidates SET merged_into = NULL; DELETE FROM candidate_merges")
	}
}

// TestAMergeLocksWholePeopleInTheOrderOfTheirRows… like whoever else locks several rows.
func TestAMergeLocksWholePeopleInTheOrderOfTheirRows(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c")
	slices.SortFunc(ids, func(a, b uuid.UUID) int { return bytes.Compare(a[:], b[:]) })
	first := b.merge(t, ids[2], ids[0])
	var merging <-chan error
	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(other pgx.Tx) error {
		lock := func(id uuid.UUID) error {
			_, err := other.Exec(t.Context(), "SELECT FROM candidates WHERE id = $1 FOR UPDATE", id)
			return err
		}
		if err := lock(ids[0]); err != nil {
			return err
		}
		merging = start(t, func() error {
			_, err := b.svc.MergeCandidates(t.Context(), b.actor, ids[1], ids[2], nil)
			return err
		})
		require.Eventually(t, func() bool {
			return b.number(t, "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'") == 1
		}, patience, 10*time.Millisecond)
		return lock(ids[1])
	}))
	require.NoError(t, await(t, merging))
	require.Equal(t, []string{"0>1", "2>1"}, b.merged(t, ids))
	_, err := b.svc.UndoMerge(t.Context(), b.actor, first.ID)
	requireUserErrors(t, err, "INVALID_STATE id")
	b.requireNoDeadlock(t)
}

func TestAnUndoThatMeetsAMergeEitherComesFirstOrIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b", "c")
	for range 12 {
		m := b.merge(t, ids[1], ids[0])
		undoing := make([]<-chan error, 2)
		for i := range undoing {
			undoing[i] = start(t, func() error { _, err := b.svc.UndoMerge(t.Context(), b.actor, m.ID); return err })
		}
		merging := start(t, func() error {
			_, err := b.svc.MergeCandidates(t.Context(), b.actor, ids[2], ids[1], nil)
			return err
		})
		require.NoError(t, await(t, merging))
		one, two := await(t, undoing[0]), await(t, undoing[1])
		require.False(t, one == nil && two == nil, "once at most")
		if one != nil && two != nil {
			requireUserErrors(t, one, "INVALID_STATE id")
			requireUserErrors(t, two, "INVALID_STATE id")
			require.Equal(t, []string{"0>2", "1>2"}, b.merged(t, ids))
		} else {
			require.Equal(t, []string{"1>2"}, b.merged(t, ids))
		}
		b.requireInvariants(t)
		b.exec(t, "UPDATE candidates SET merged_into = NULL; DELETE FROM candidate_merges")
	}
}

func TestWhatSomebodyMergedAppliesForLaterIsThePersons(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("2", appliedBy(1, "a", "開発"), appliedBy(2, "b", "開発")))
	a, o := *b.person(t, "a"), *b.person(t, "b")
	m := b.merge(t, a, o)
	b.source.read = reads(pageOf("2"), pageOf("3", appliedBy(3, "b", "開発")))
	require.Equal(t, 1, b.importAgain(t, account.ID).Imported)
	entries, err := b.svc.EntriesByCandidate(t.Context(), b.actor, []uuid.UUID{a})
	require.NoError(t, err)
	require.Len(t, entries[a], 3)
	b.undoMerge(t, m)
	entries, err = b.svc.EntriesByCandidate(t.Context(), b.actor, []uuid.UUID{a, o})
	require.NoError(t, err)
	require.Equal(t, []int{1, 2}, []int{len(entries[a]), len(entries[o])})
	b.requireInvariants(t)
}

func TestAnErasureTakesTheWholePersonFromWhicheverOfTheirIDs(t *testing.T) {
	t.Parallel()
	for asked := range 3 {
		t.Run(fmt.Sprint(asked), func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ids := b.cast(t, "a", "b", "c", "left", "parted")
			// Somebody who went along with a merge that was undone is named by it all the same.
			inner := b.merge(t, ids[0], ids[4])
			undone := b.merge(t, ids[3], ids[0])
			b.undoMerge(t, undone)
			b.undoMerge(t, inner)
			b.merge(t, ids[1], ids[0])
			b.merge(t, ids[2], ids[1])
			for _, other := range []uuid.UUID{ids[0], ids[4]} {
				_, err := b.svc.DismissDuplicate(t.Context(), b.actor, other, ids[3])
				require.NoError(t, err)
			}
			preview, err := b.svc.PreviewErasure(t.Context(), b.actor, ids[asked])
			require.NoError(t, err)
			receipt := b.erase(t, ids[asked])
			require.Equal(t, intake.ErasureCounts{
				Candidates: 3, Entries: 3, Applications: 3, SelectionEvents: 3, RoutingDecisions: 3, Dismissals: 1, Merges: 4,
			}, receipt.Counts)
			require.Equal(t, preview, receipt.Counts)
			for _, id := range ids[:3] {
				require.Empty(t, slices.DeleteFunc(b.tablesWith(t, id.String()), func(table string) bool { return table == "audit_log" }))
			}
			require.Equal(t, 3, b.number(t, "SELECT count(*) FROM erased_people"), "a tombstone for each")
			require.Equal(t, 1, b.number(t, "SELECT count(*) FROM dismissed_duplicates"))
			b.requireInvariants(t)
			_, err = b.svc.EraseCandidate(t.Context(), b.actor, ids[(asked+1)%3], intake.ErasedOnRequest)
			requireUserErrors(t, err, "NOT_FOUND id")

			b.erase(t, ids[4])
			require.Empty(t, slices.DeleteFunc(b.tablesWith(t, ids[4].String()), func(table string) bool { return table == "audit_log" }))
			require.NotNil(t, b.person(t, "left"))
		})
	}
}

func TestAnErasureThatMeetsAMergeTakesTheWholePersonOrWhatThenWasOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com")
	var pages []intake.Page
	for round := range 10 {
		n := 2 * round
		one, two := fmt.Sprint("a", round), fmt.Sprint("b", round)
		pages = append(pages, pageOf(fmt.Sprint(n+2), appliedBy(n+1, one, "開発"), appliedBy(n+2, two, "開発")))
		b.source.read = reads(pages...)
		require.Equal(t, 2, b.importAgain(t, account.ID).Imported)
		a, o := *b.person(t, one), *b.person(t, two)
		merging := start(t, func() error { _, err := b.svc.MergeCandidates(t.Context(), b.actor, a, o, nil); return err })
		receipt := b.erase(t, o)
		if err := await(t, merging); err != nil {
			requireUserErrors(t, err, "NOT_FOUND fromId")
			require.Equal(t, 1, receipt.Counts.Candidates)
			require.NotNil(t, b.person(t, one))
		} else {
			require.Equal(t, 2, receipt.Counts.Candidates)
			require.Nil(t, b.person(t, one))
		}
		require.Nil(t, b.person(t, two))
		require.Zero(t, b.number(t, "SELECT count(*) FROM candidate_merges"))
		b.requireInvariants(t)
	}
}

func TestRetentionJudgesAPersonAsOne(t *testing.T) {
	t.Parallel()
	b := setup(t)
	people := []string{"stands", "stands for", "under way", "merged into them", "rejected", "waits elsewhere", "alone"}
	ids := b.cast(t, people...)
	b.ended(t, intake.OutcomeRejected, 6, "stands", "stands for", "merged into them", "rejected", "alone")
	b.exec(t, "UPDATE applications SET outcome = 'CLOSED_AS_DUPLICATE' WHERE candidate_id = $1", ids[0])
	b.exec(t, "UPDATE selection_events SET outcome = 'CLOSED_AS_DUPLICATE' WHERE outcome = 'REJECTED' AND application_id = (SELECT id FROM applications WHERE candidate_id = $1)", ids[0])
	b.merge(t, ids[0], ids[1])
	b.merge(t, ids[2], ids[3])
	b.merge(t, ids[4], ids[5])
	_, err := b.svc.UpdateRetention(t.Context(), b.actor, new(6))
	require.NoError(t, err)
	n, err := b.svc.Forget(t.Context())
	require.NoError(t, err)
	require.Equal(t, 3, n)
	var left []string
	for _, person := range people {
		if b.person(t, person) != nil {
			left = append(left, person)
		}
	}
	require.Equal(t, []string{"under way", "merged into them", "rejected", "waits elsewhere"}, left)
	b.requireInvariants(t)
}

func TestPeopleAreMergedEditedAndJudgedByWhoConductsSelections(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ids := b.cast(t, "a", "b")
	m := b.merge(t, ids[0], ids[1])
	before := b.everything(t)
	admin := b.actor
	admin.Member.Roles = []intake.Role{intake.RoleAdmin}
	var errs []error
	try := func(_ any, err error) { errs = append(errs, err) }
	try(b.svc.MergeCandidates(t.Context(), admin, ids[0], ids[1], nil))
	try(b.svc.UndoMerge(t.Context(), admin, m.ID))
	try(b.svc.PreviewMerge(t.Context(), admin, ids[0], ids[1]))
	try(b.svc.UpdateCandidate(t.Context(), admin, ids[0], intake.ContactEdit{Note: given("x")}, nil))
	try(b.svc.DismissDuplicate(t.Context(), admin, ids[0], ids[1]))
	try(b.svc.RestoreDuplicate(t.Context(), admin, ids[0], ids[1]))
	try(b.svc.PossibleDuplicates(t.Context(), admin, intake.Keyset{First: 1}))
	try(b.svc.DuplicatesByID(t.Context(), admin, ids))
	try(b.svc.DuplicatesAndDismissedByID(t.Context(), admin, ids))
	try(b.svc.MergedFromByID(t.Context(), admin, ids))
	try(b.svc.OwnProfilesByID(t.Context(), admin, ids))
	try(b.svc.MergesByCandidate(t.Context(), admin, ids))
	try(b.svc.EntriesByCandidate(t.Context(), admin, ids))
	for n, err := range errs {
		require.ErrorIs(t, err, intake.ErrForbidden, n)
	}
	b.requireUnchanged(t, before)
}
