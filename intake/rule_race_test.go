package intake_test

import (
	"context"
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// TestARuleAndAPageThatAreStoredAtOnceMissNobody: whichever commits first, the other sees it. So after
// both nothing waits for a rule that is there.
func TestARuleAndAPageThatAreStoredAtOnceMissNobody(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "求人")
	accounts := []uuid.UUID{b.linked(t, "a@example.com").ID, b.linked(t, "b@example.com").ID}
	for _, id := range accounts {
		b.importNext(t, id)
	}
	const rounds, size = 30, 20
	for round := range rounds {
		position := fmt.Sprintf("ポジション%d", round)
		var tasks []intake.Task
		for _, id := range accounts {
			_, _, err := b.svc.ImportNow(t.Context(), b.actor, id)
			require.NoError(t, err)
			tasks = append(tasks, b.task(t, id))
		}
		errs := make([]error, 3)
		var wg sync.WaitGroup
		for i := range accounts {
			var page []intake.SourceApplication
			for k := range size {
				page = append(page, applied(1+(round*len(accounts)+i)*size+k, position))
			}
			svc := b.process(&fakeSource{read: reads(pageOf(fmt.Sprint(round)), pageOf(fmt.Sprint(round+1), page...))})
			wg.Go(func() { errs[i] = svc.Import(t.Context(), tasks[i]) })
		}
		wg.Go(func() {
			_, _, errs[2] = b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{Medium: intake.MediumWantedly, PositionName: position, OpeningID: opening.ID})
		})
		wg.Wait()
		for _, err := range errs {
			require.NoError(t, err)
		}
	}
	require.Equal(t, rounds*size*len(accounts), b.number(t, "SELECT count(*) FROM inbox_entries WHERE state = 'ROUTED'"))
	b.requireInvariants(t)
}

// TestWhileAnOpeningIsClosedAndOpened… pages come, rules change and people route by hand.
func TestWhileAnOpeningIsClosedAndOpenedAgainNobodyIsLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, other := b.opening(t, "営業"), b.opening(t, "受け皿")
	rule, _ := b.rule(t, "営業", opening.ID)
	account := b.linked(t, "a@example.com")
	var pages []intake.Page
	for n := range 60 {
		pages = append(pages, pageOf(fmt.Sprint(n+1), applied(2*n, "営業"), applied(2*n+1, "経理")))
	}
	b.source.read = reads(pages...)
	task := b.task(t, account.ID)

	ctx, done := context.WithCancel(t.Context())
	var errs sync.Map
	var wg sync.WaitGroup
	// beside does f again and again until the import is done.
	beside := func(f func(i int) error) {
		wg.Go(func() {
			for i := 0; ctx.Err() == nil; i++ {
				if err := f(i); err != nil {
					errs.Store(err.Error(), err)
				}
			}
		})
	}
	beside(func(i int) error {
		change := b.svc.CloseOpening
		if i%2 == 1 {
			change = b.svc.ReopenOpening
		}
		_, err := change(t.Context(), b.actor, opening.ID)
		return err
	})
	beside(func(i int) error {
		_, _, err := b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{
			Medium: intake.MediumWantedly, PositionName: []string{"営業", "経理"}[i%2], OpeningID: other.ID,
		}, nil)
		return err
	})
	beside(func(int) error {
		state := intake.StateWaiting
		waiting, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{State: &state}, intake.Keyset{First: 1})
		if err != nil || len(waiting) == 0 {
			return err
		}
		if _, err = b.svc.RouteEntry(t.Context(), b.actor, waiting[0].ID, other.ID); isUserError(err) {
			return nil // somebody was faster
		}
		return err
	})
	beside(func(int) error { return b.broken(t.Context()) })
	err := b.svc.Import(t.Context(), task)
	done()
	wg.Wait()
	require.NoError(t, err)
	errs.Range(func(text, _ any) bool {
		require.Fail(t, "an error beside the import", text)
		return true
	})
	require.Len(t, b.entries(t), intake.MaxPage+1)
	require.Equal(t, 120, b.number(t, "SELECT count(*) FROM inbox_entries"))
	b.requireInvariants(t)
}
