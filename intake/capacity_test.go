package intake_test

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// seats gives an opening a capacity, or takes it away.
func (b *testBundle) seats(t *testing.T, o intake.Opening, most *int) intake.Opening {
	t.Helper()
	changed, err := b.svc.UpdateOpening(t.Context(), b.actor, o.ID, intake.OpeningInput{Name: o.Name, Capacity: &intake.Capacity{Most: most}}, nil)
	require.NoError(t, err)
	return changed
}

// warnings are how full an opening was each time that it was told to be full.
func (b *testBundle) warnings(t *testing.T, openingID uuid.UUID) []int {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT (payload->>'filled')::int FROM events WHERE kind = 'OPENING' AND subject_id = $1 AND payload->>'kind' = 'CAPACITY_REACHED' ORDER BY seq", openingID)
	require.NoError(t, err)
	filled, err := pgx.CollectRows(rows, pgx.RowTo[int])
	require.NoError(t, err)
	return filled
}

func (b *testBundle) counts(t *testing.T, openingID uuid.UUID) intake.OpeningCounts {
	t.Helper()
	counts, err := b.svc.CountsByOpening(t.Context(), b.actor, []uuid.UUID{openingID})
	require.NoError(t, err)
	return counts[openingID]
}

func TestACapacityThatCannotBeIsToldAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	before := b.everything(t)
	for _, most := range []int{0, -1, 10_001} {
		in := intake.OpeningInput{Name: "x", Capacity: &intake.Capacity{Most: &most}}
		_, err := b.svc.CreateOpening(t.Context(), b.actor, in)
		requireUserErrors(t, err, "INVALID input.capacity")
		_, err = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, in, nil)
		requireUserErrors(t, err, "INVALID input.capacity")
	}
	b.requireUnchanged(t, before)
}

func TestACapacityLeftOutStaysAndNoneTakesItAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, err := b.svc.CreateOpening(t.Context(), b.actor, intake.OpeningInput{Name: "営業", Capacity: &intake.Capacity{Most: new(3)}})
	require.NoError(t, err)
	require.Equal(t, 3, *opening.Capacity)
	opening, err = b.svc.UpdateOpening(t.Context(), b.actor, opening.ID, intake.OpeningInput{Name: "営業部"}, nil)
	require.NoError(t, err)
	require.Equal(t, 3, *opening.Capacity)
	require.Nil(t, b.seats(t, opening, nil).Capacity)
	require.Equal(t, 10_000, *b.seats(t, opening, new(10_000)).Capacity)
	plain := b.opening(t, "開発")
	require.Nil(t, plain.Capacity)
	require.False(t, plain.IsFull(b.counts(t, plain.ID)))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM opening_fills"), "who has no capacity is not watched")
}

func TestBeyondItsCapacityAnOpeningTakesPeopleAllTheSameAndSaysSoOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.seats(t, b.opening(t, "営業"), new(2))
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	require.Empty(t, b.warnings(t, opening.ID))
	require.False(t, opening.IsFull(b.counts(t, opening.ID)))
	b.imported(t, "b@example.com", pageOf("12", applied(11, "営業"), applied(12, "営業")))
	require.Equal(t, []int{3}, b.warnings(t, opening.ID))
	require.True(t, opening.IsFull(b.counts(t, opening.ID)))
	b.imported(t, "c@example.com", pageOf("21", applied(21, "営業")))
	require.Equal(t, 4, b.counts(t, opening.ID).Filled())
	require.Equal(t, []int{3}, b.warnings(t, opening.ID), "not for every further person")

	all := b.applications(t)
	end := func(a intake.Application, o intake.SelectionOutcome) {
		t.Helper()
		_, err := b.svc.CloseApplication(t.Context(), b.actor, intake.Change{ID: a.ID}, o)
		require.NoError(t, err)
	}
	end(all[0], intake.OutcomeJoined)
	require.Equal(t, 4, b.counts(t, opening.ID).Filled(), "who has joined fills a seat")
	for _, a := range all[1:] {
		end(a, intake.OutcomeWithdrawn)
	}
	require.Equal(t, 1, b.counts(t, opening.ID).Filled())
	require.Equal(t, []int{3}, b.warnings(t, opening.ID))
	b.requireInvariants(t)

	_, err := b.svc.ReopenApplication(t.Context(), b.actor, intake.Change{ID: all[1].ID})
	require.NoError(t, err)
	require.Equal(t, []int{3, 2}, b.warnings(t, opening.ID), "it was below, so it is told again")
	b.requireInvariants(t)
}

func TestHoweverSomebodyComesInACapacityIsWatched(t *testing.T) {
	t.Parallel()
	for name, way := range map[string]func(*testing.T, *testBundle, intake.Opening){
		"by a rule's sweep": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			b.rule(t, "営業", o.ID)
		},
		"by hand": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			_, err := b.svc.RouteEntry(t.Context(), b.actor, b.entries(t)[0].ID, o.ID)
			require.NoError(t, err)
		},
		"from another opening": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			b.rule(t, "営業", b.opening(t, "別").ID)
			_, err := b.svc.RerouteApplication(t.Context(), b.actor, intake.Change{ID: b.applications(t)[0].ID}, o.ID)
			require.NoError(t, err)
		},
		"when the opening opens again": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			b.exec(t, "UPDATE openings SET status = 'CLOSED' WHERE id = $1", o.ID)
			b.exec(t, "INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, opening_id) VALUES ($1, 'WANTEDLY', '営業', '営業', $2)", b.actor.Company.ID, o.ID)
			_, err := b.svc.ReopenOpening(t.Context(), b.actor, o.ID)
			require.NoError(t, err)
		},
		"out of 対象外": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			entry := b.entries(t)[0]
			_, err := b.svc.ExcludeEntry(t.Context(), b.actor, entry.ID)
			require.NoError(t, err)
			b.rule(t, "営業", o.ID)
			_, err = b.svc.RestoreEntry(t.Context(), b.actor, entry.ID)
			require.NoError(t, err)
		},
		"before there was a capacity": func(t *testing.T, b *testBundle, o intake.Opening) {
			t.Helper()
			b.seats(t, o, nil)
			b.rule(t, "営業", o.ID)
			require.Empty(t, b.warnings(t, o.ID))
			b.seats(t, o, new(1))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
			opening := b.seats(t, b.opening(t, "営業"), new(1))
			way(t, b, opening)
			require.Equal(t, 1, b.counts(t, opening.ID).Filled())
			require.Equal(t, []int{1}, b.warnings(t, opening.ID))
			b.requireInvariants(t)

			// Whoever is erased leaves a seat.
			_, err := b.svc.EraseCandidate(t.Context(), b.actor, b.applications(t)[0].CandidateID, intake.ErasedOnRequest)
			require.NoError(t, err)
			b.requireInvariants(t)
			b.imported(t, "b@example.com", pageOf("9", applied(9, "何か")))
			_, err = b.svc.RouteEntry(t.Context(), b.actor, b.entries(t)[0].ID, opening.ID)
			require.NoError(t, err)
			require.Equal(t, []int{1, 1}, b.warnings(t, opening.ID))
		})
	}
}

func TestOfManyWhoFillTheLastSeatsAtOnceOneWarns(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const people = 24
	var page intake.Page
	for n := range people {
		page.Applications = append(page.Applications, applied(n+1, "営業"))
	}
	page.Cursor = fmt.Sprint(people)
	b.imported(t, "a@example.com", page)
	openings := []intake.Opening{b.seats(t, b.opening(t, "営業"), new(people/2)), b.seats(t, b.opening(t, "開発"), new(people/2))}
	entries := b.entries(t)
	var wg sync.WaitGroup
	errs := make([]error, people)
	for i := range people {
		wg.Go(func() { _, errs[i] = b.svc.RouteEntry(t.Context(), b.actor, entries[i].ID, openings[i%2].ID) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	for _, o := range openings {
		require.Equal(t, []int{people / 2}, b.warnings(t, o.ID))
	}
	b.requireInvariants(t)
}

func TestOpeningsAreWatchedAsTheyChangeAndFillUp(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.listen(t)
	opening, other := b.seats(t, b.opening(t, "営業"), new(1)), b.opening(t, "開発")
	_, err := b.svc.WatchOpenings(t.Context(), b.company(t, "別の会社"), &opening.ID, nil)
	require.ErrorIs(t, err, intake.ErrNotFound)
	one := b.openingEvents(t, &opening.ID, nil)
	first := one.next(t, 1)[0]
	require.Equal(t, intake.OpeningEvent{Cursor: first.Cursor, At: first.At, Kind: intake.OpeningWasChanged, OpeningID: opening.ID, Capacity: new(1)}, first)
	all := b.openingEvents(t, nil, nil)
	state := all.next(t, 2)
	require.Equal(t, []uuid.UUID{opening.ID, other.ID}, []uuid.UUID{state[0].OpeningID, state[1].OpeningID})

	_, err = b.svc.CloseOpening(t.Context(), b.actor, other.ID)
	require.NoError(t, err)
	require.Equal(t, other.ID, all.next(t, 1)[0].OpeningID)
	b.rule(t, "営業", opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	for _, events := range []watched[intake.OpeningEvent]{one, all} {
		e := events.next(t, 1)[0]
		require.Equal(t, intake.OpeningEvent{Cursor: e.Cursor, At: e.At, Kind: intake.OpeningCapacityReached, OpeningID: opening.ID, Filled: 1, Capacity: new(1)}, e)
	}
	again := b.openingEvents(t, &opening.ID, &first.Cursor)
	require.Equal(t, intake.OpeningCapacityReached, again.next(t, 1)[0].Kind, "what was missed comes first")
}

func (b *testBundle) openingEvents(t *testing.T, id *uuid.UUID, after *string) watched[intake.OpeningEvent] {
	t.Helper()
	return watching(t, func(ctx context.Context) (iter.Seq[intake.OpeningEvent], error) {
		return b.svc.WatchOpenings(ctx, b.actor, id, after)
	})
}
