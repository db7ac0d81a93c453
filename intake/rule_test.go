package intake_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestARuleThatCannotBeSavedIsToldWhyAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, closed := b.opening(t, "営業"), b.opening(t, "終了")
	existing, _ := b.rule(t, "営業（東京）", opening.ID)
	other, _ := b.rule(t, "開発", opening.ID)
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	theirs, err := b.svc.CreateOpening(t.Context(), b.company(t, "別の会社"), intake.OpeningInput{Name: "よそ"})
	require.NoError(t, err)
	before := b.everything(t)

	for name, tc := range map[string]struct {
		change func(*intake.RuleInput)
		want   []string
	}{
		"no name":                      {func(r *intake.RuleInput) { r.PositionName = "" }, []string{"REQUIRED input.positionName"}},
		"nothing that can be seen":     {func(r *intake.RuleInput) { r.PositionName = " \u3000\u200b\u00a0" }, []string{"REQUIRED input.positionName"}},
		"501 characters":               {func(r *intake.RuleInput) { r.PositionName = strings.Repeat("職", 501) }, []string{"TOO_LONG input.positionName"}},
		"a NUL":                        {func(r *intake.RuleInput) { r.PositionName = "営\x00業" }, []string{"INVALID input.positionName"}},
		"no UTF-8":                     {func(r *intake.RuleInput) { r.PositionName = "営\xff業" }, []string{"INVALID input.positionName"}},
		"a medium that nobody knows":   {func(r *intake.RuleInput) { r.Medium = "INDEED" }, []string{"INVALID input.medium"}},
		"a position that has a rule":   {func(r *intake.RuleInput) { r.PositionName = "営業(東京)" }, []string{"ALREADY_EXISTS input.positionName"}},
		"an opening that is closed":    {func(r *intake.RuleInput) { r.OpeningID = closed.ID }, []string{"INVALID_STATE input.openingId"}},
		"an opening that is not":       {func(r *intake.RuleInput) { r.OpeningID = uuid.New() }, []string{"NOT_FOUND input.openingId"}},
		"another company's opening":    {func(r *intake.RuleInput) { r.OpeningID = theirs.ID }, []string{"NOT_FOUND input.openingId"}},
		"two things wrong at one time": {func(r *intake.RuleInput) { r.Medium, r.PositionName = "x", "" }, []string{"INVALID input.medium", "REQUIRED input.positionName"}},
	} {
		in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "デザイナー", OpeningID: opening.ID}
		tc.change(&in)
		_, _, err := b.svc.CreateRule(t.Context(), b.actor, in)
		require.Error(t, err, name)
		requireUserErrors(t, err, tc.want...)
		_, _, err = b.svc.UpdateRule(t.Context(), b.actor, other.ID, in, nil)
		require.Error(t, err, name)
		requireUserErrors(t, err, tc.want...)
	}
	fine := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "デザイナー", OpeningID: opening.ID}
	_, _, err = b.svc.UpdateRule(t.Context(), b.actor, existing.ID, fine, new(7))
	requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	_, _, err = b.svc.UpdateRule(t.Context(), b.actor, uuid.New(), fine, nil)
	requireUserErrors(t, err, "NOT_FOUND id")
	err = b.svc.DeleteRule(t.Context(), b.actor, uuid.New())
	requireUserErrors(t, err, "NOT_FOUND id")
	b.requireUnchanged(t, before)
}

func TestARuleRoutesWhatWaitsForIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("4", applied(1, "営業〜東京"), applied(2, "営業～東京"), applied(3, "営業~東京"), applied(4, "営業ー東京")))
	opening := b.opening(t, "営業")
	in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "  営業\u223c東京 ", OpeningID: opening.ID}
	preview, err := b.svc.PreviewRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Equal(t, 3, preview.WouldRoute)
	require.Nil(t, preview.ConflictsWith)
	matching, err := b.svc.Inbox(t.Context(), b.actor, *preview.Filter, intake.Keyset{First: 10})
	require.NoError(t, err)
	require.Len(t, matching, 3)

	rule, routed, err := b.svc.CreateRule(t.Context(), b.actor, in)
	require.NoError(t, err)
	require.Equal(t, 3, routed)
	require.Equal(t, "営業\u223c東京", rule.PositionName, "as it was typed, trimmed")
	require.Equal(t, "営業~東京", rule.NormalizedPositionName)
	b.requireInvariants(t)

	entries := b.entries(t)
	require.Equal(t, intake.StateWaiting, entries[0].State, "the long vowel is a letter")
	for _, e := range entries[1:] {
		require.Equal(t, intake.StateRouted, e.State)
		require.Equal(t, rule.ID, *e.Explanation.RuleID)
		require.Equal(t, 1, *e.Explanation.RuleRevision)
		require.Contains(t, e.Explanation.Summary("").JA, "第1版")
	}
	matches, err := b.svc.RuleMatchesByID(t.Context(), b.actor, []uuid.UUID{rule.ID})
	require.NoError(t, err)
	require.Equal(t, 3, matches[rule.ID].Count)
	preview, err = b.svc.PreviewRule(t.Context(), b.actor, in, nil)
	require.NoError(t, err)
	require.Equal(t, rule.ID, preview.ConflictsWith.ID)
	require.Equal(t, 1, b.number(t, "SELECT (payload->>'waitingCount')::int FROM events ORDER BY seq DESC LIMIT 1"))
}

func TestNothingThatIsRoutedMovesWhenItsRuleChangesOrGoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	account := b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "開発")))
	sales, tech := b.opening(t, "営業"), b.opening(t, "開発")
	rule, _ := b.rule(t, "営業", sales.ID)
	routed := b.entries(t)[1]
	in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "開発", OpeningID: tech.ID}
	changed, n, err := b.svc.UpdateRule(t.Context(), b.actor, rule.ID, in, new(1))
	require.NoError(t, err)
	require.Equal(t, 1, n, "what waited for the new name is routed")
	require.Equal(t, 2, changed.Revision)
	require.Equal(t, routed, b.entries(t)[1], "the explanation names the rule as it then stood")
	b.requireInvariants(t)

	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, rule.ID))
	require.Equal(t, routed, b.entries(t)[1])
	require.Equal(t, intake.StateRouted, b.entries(t)[0].State)
	b.source.read = reads(pageOf("2"), pageOf("3", applied(3, "開発")))
	require.Equal(t, 1, b.importAgain(t, account.ID).Waiting, "what comes after waits")
	b.requireInvariants(t)
}

func TestARuleForANameThatNFKCMakesEndlessIsSavedAndMatches(t *testing.T) {
	t.Parallel()
	b := setup(t)
	name := strings.Repeat("\ufdfa", 500) // 18 characters each
	b.imported(t, "a@example.com", pageOf("1", applied(1, name)))
	_, routed := b.rule(t, name, b.opening(t, "営業").ID)
	require.Equal(t, 1, routed)
	b.requireInvariants(t)
}

func TestOfManyRulesForOnePositionSavedAtOnceOneIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	opening := b.opening(t, "営業")
	errs := make([]error, 12)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			_, _, errs[i] = b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "営業", OpeningID: opening.ID})
		})
	}
	wg.Wait()
	saved := 0
	for _, err := range errs {
		if err == nil {
			saved++
			continue
		}
		requireUserErrors(t, err, "ALREADY_EXISTS input.positionName")
	}
	require.Equal(t, 1, saved)
	b.requireInvariants(t)
}

func TestOfTwoWhoChangeARuleFromTheSameRevisionOneIsTold(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", opening.ID)
	errs := make([]error, 8)
	var wg sync.WaitGroup
	for i := range errs {
		wg.Go(func() {
			in := intake.RuleInput{Medium: intake.MediumWantedly, PositionName: "営業" + strings.Repeat("i", i), OpeningID: opening.ID}
			_, _, errs[i] = b.svc.UpdateRule(t.Context(), b.actor, rule.ID, in, &rule.Revision)
		})
	}
	wg.Wait()
	changed := 0
	for _, err := range errs {
		if err == nil {
			changed++
			continue
		}
		requireUserErrors(t, err, "REVISION_CONFLICT expectedRevision")
	}
	require.Equal(t, 1, changed)
}

func TestRulesAreFoundByWhatTheyMean(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sales, tech := b.opening(t, "営業"), b.opening(t, "開発")
	first, _ := b.rule(t, "営業（東京）", sales.ID)
	second, _ := b.rule(t, "ＧＯエンジニア", tech.ID)
	find := func(f intake.RuleFilter) (ids []uuid.UUID) {
		rules, err := b.svc.Rules(t.Context(), b.actor, f, intake.Keyset{First: 10})
		require.NoError(t, err)
		n, err := b.svc.CountRules(t.Context(), b.actor, f)
		require.NoError(t, err)
		require.Len(t, rules, n)
		for _, r := range rules {
			ids = append(ids, r.ID)
		}
		return ids
	}
	require.Equal(t, []uuid.UUID{second.ID, first.ID}, find(intake.RuleFilter{}))
	require.Equal(t, []uuid.UUID{first.ID}, find(intake.RuleFilter{Search: new("(東京)")}))
	require.Equal(t, []uuid.UUID{second.ID}, find(intake.RuleFilter{Search: new("ｇｏ")}))
	require.Equal(t, []uuid.UUID{first.ID}, find(intake.RuleFilter{OpeningID: &sales.ID}))
	require.Empty(t, find(intake.RuleFilter{Search: new("%")}))
	byOpening, err := b.svc.RulesByOpening(t.Context(), b.actor, []uuid.UUID{sales.ID, tech.ID})
	require.NoError(t, err)
	require.Len(t, byOpening[tech.ID], 1)
}
