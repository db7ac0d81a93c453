package intake_test

import (
	"fmt"
	"slices"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// TestTwoAccountsThatReadTheSameApplicationsAtOnce… in whatever order they come: neither may make the
// other fail, not even as the victim of a deadlock.
func TestTwoAccountsThatReadTheSameApplicationsAtOnceBringThemInOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.rule(t, "営業", b.opening(t, "営業").ID)
	accounts := []uuid.UUID{b.linked(t, "a@example.com").ID, b.linked(t, "b@example.com").ID}
	for _, id := range accounts {
		b.importNext(t, id)
	}
	const rounds, size, people = 12, 60, 7
	for round := range rounds {
		var there, back []intake.SourceApplication
		for i := range size {
			n := 1 + round*size + i
			there = append(there, appliedBy(n, fmt.Sprintf("person-%d", n%people), []string{"営業", "開発"}[n%2]))
		}
		back = slices.Clone(there)
		// What is asked for again comes in any order.
		slices.Reverse(back)
		tasks := make([]intake.Task, len(accounts))
		for i, id := range accounts {
			_, _, err := b.svc.ImportNow(t.Context(), b.actor, id)
			require.NoError(t, err)
			tasks[i] = b.task(t, id)
		}
		cursor := fmt.Sprint(round + 1)
		errs := make([]error, len(accounts))
		var wg sync.WaitGroup
		for i, applications := range [][]intake.SourceApplication{there, back} {
			svc := b.process(&fakeSource{read: reads(pageOf(fmt.Sprint(round)), pageOf(cursor, applications...))})
			wg.Go(func() { errs[i] = svc.Import(t.Context(), tasks[i]) })
		}
		wg.Wait()
		require.NoError(t, errs[0])
		require.NoError(t, errs[1])
	}
	require.Equal(t, rounds*size, b.number(t, "SELECT count(*) FROM inbox_entries"))
	require.Equal(t, people, b.number(t, "SELECT count(*) FROM candidates"))
	for _, id := range accounts {
		require.Equal(t, rounds*size, b.number(t, "SELECT sum(seen) FROM import_runs WHERE account_id = $1", id))
	}
	b.requireInvariants(t)
}
