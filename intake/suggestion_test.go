package intake_test

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// suggestions are those for what waits, by the name that is shown.
func (b *testBundle) suggestions(t *testing.T) map[string][]intake.RoutingSuggestion {
	t.Helper()
	waiting, err := b.svc.WaitingPositions(t.Context(), b.actor, intake.MaxPage)
	require.NoError(t, err)
	var keys []intake.PositionKey
	for _, w := range waiting {
		keys = append(keys, w.Key())
	}
	found, err := b.svc.SuggestionsByPosition(t.Context(), b.actor, keys)
	require.NoError(t, err)
	byName := make(map[string][]intake.RoutingSuggestion)
	for _, w := range waiting {
		byName[w.PositionName] = found[w.Key()]
	}
	return byName
}

// ruleOn makes a rule of another medium than Wantedly.
func (b *testBundle) ruleOn(t *testing.T, medium intake.Medium, position string, openingID uuid.UUID) intake.RoutingRule {
	t.Helper()
	rule, _, err := b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{Medium: medium, PositionName: position, OpeningID: openingID})
	require.NoError(t, err)
	return rule
}

func (b *testBundle) close(t *testing.T, openingID uuid.UUID) {
	t.Helper()
	_, err := b.svc.CloseOpening(t.Context(), b.actor, openingID)
	require.NoError(t, err)
}

// consideredRule is as it stands with an entry.
type consideredRule struct {
	Rule, Opening             uuid.UUID
	Revision                  int
	PositionName, Medium, Why string
	Score                     float64
}

// considered are what stands with the entry of an external application, and with its latest decision.
func (b *testBundle) considered(t *testing.T, n int) []consideredRule {
	t.Helper()
	var latest, decided []byte
	require.NoError(t, b.pool.QueryRow(t.Context(), `
		SELECT e.considered, d.considered FROM inbox_entries e JOIN routing_decisions d ON d.company_id = e.company_id AND d.entry_id = e.id
		WHERE e.external_id = $1 ORDER BY d.id DESC LIMIT 1`, fmt.Sprint(n)).Scan(&latest, &decided))
	require.Equal(t, string(latest), string(decided))
	if latest == nil {
		return nil
	}
	var rules []consideredRule
	require.NoError(t, json.Unmarshal(latest, &rules))
	return rules
}

func reasons(rules []consideredRule) (why []string) {
	for _, r := range rules {
		why = append(why, r.Why+" "+r.PositionName)
	}
	return why
}

func TestNothingNearIsNothingSuggested(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.imported(t, "a@example.com", pageOf("3", applied(1, "経理"), applied(2, "👨‍💻"), applied(3, strings.Repeat("職", 700))))
	require.Len(t, b.suggestions(t), 3)
	for name, near := range b.suggestions(t) {
		require.Empty(t, near, name)
	}
	b.rule(t, "バックエンドエンジニア", b.opening(t, "開発").ID)
	for name, near := range b.suggestions(t) {
		require.Empty(t, near, name)
	}
	none, err := b.svc.SuggestionsByPosition(t.Context(), b.actor, nil)
	require.NoError(t, err)
	require.Empty(t, none)
	for n := 1; n <= 3; n++ {
		require.Nil(t, b.considered(t, n))
	}
}

func TestWhatLeadsToAClosedOpeningIsNotSuggested(t *testing.T) {
	t.Parallel()
	b := setup(t)
	byRule, byName := b.opening(t, "開発"), b.opening(t, "【急募】営業")
	b.rule(t, "営業（2）", byRule.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	require.Len(t, b.suggestions(t)["営業"], 2)
	b.close(t, byRule.ID)
	b.close(t, byName.ID)
	require.Empty(t, b.suggestions(t)["営業"])
}

func TestAPositionWhoseRuleLeadsToAClosedOpeningSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", opening.ID)
	b.close(t, opening.ID)
	b.imported(t, "a@example.com", pageOf("2", applied(1, "営業"), applied(2, "開発")))
	waiting, err := b.svc.WaitingPositions(t.Context(), b.actor, 10)
	require.NoError(t, err)
	closed := make(map[string]*uuid.UUID)
	for _, w := range waiting {
		closed[w.NormalizedPositionName] = w.ClosedOpeningID
	}
	require.Equal(t, map[string]*uuid.UUID{"営業": &opening.ID, "開発": nil}, closed)
	require.Equal(t, []consideredRule{{
		Rule: rule.ID, Opening: opening.ID, Revision: 1, PositionName: "営業", Medium: "WANTEDLY", Why: "OPENING_CLOSED", Score: 1,
	}}, b.considered(t, 1))
	require.Nil(t, b.considered(t, 2))
}

func TestASuggestionSaysInWordsWhatDiffers(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		waiting, rule string
		score         float64
		ja, en        string
	}{
		"a decoration":            {"【急募】営業", "営業", 1, "振り分けルール「営業」と、「【急募】」を除くと一致します。", "Differs from the rule “営業” only in “【急募】”."},
		"a decoration of its own": {"営業", "★急募★営業", 1, "振り分けルール「★急募★営業」と、「★急募★」を除くと一致します。", "Differs from the rule “★急募★営業” only in “★急募★”."},
		"two decorations":         {"＜急募＞営業", "営業-0121", 1, "振り分けルール「営業-0121」と、「<急募>」「-0121」を除くと一致します。", "Differs from the rule “営業-0121” only in “<急募>”, “-0121”."},
		"the legal form":          {"㈱サンプル営業", "サンプル 営業", 1, "振り分けルール「サンプル 営業」と、「(株)」を除くと一致します。", "Differs from the rule “サンプル 営業” only in “(株)”."},
		"case and spaces":         {"Webエンジニア", "WEB　ｴﾝｼﾞﾆｱ", 1, "振り分けルール「WEB　ｴﾝｼﾞﾆｱ」と、大文字と小文字、空白、記号を除くと一致します。", "Differs from the rule “WEB　ｴﾝｼﾞﾆｱ” only in case, spaces and signs."},
		"a letter or two":         {"カスタマサクセス", "カスタマーサクセス", 0.76, "振り分けルール「カスタマーサクセス」と名前が似ています（76%）。", "Is called much like the rule “カスタマーサクセス” (76%)."},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			opening := b.opening(t, "xyz")
			rule, _ := b.rule(t, tc.rule, opening.ID)
			b.imported(t, "a@example.com", pageOf("1", applied(1, tc.waiting)))
			require.Equal(t, []intake.RoutingSuggestion{{
				Kind: intake.SuggestRule, OpeningID: opening.ID, RuleID: &rule.ID, FromName: tc.rule, Score: tc.score, Reason: intake.Text{JA: tc.ja, EN: tc.en},
			}}, b.suggestions(t)[tc.waiting])
			why := map[bool]string{true: "DECORATION ", false: "SIMILAR "}[tc.score == 1]
			require.Equal(t, []string{why + strings.TrimSpace(tc.rule)}, reasons(b.considered(t, 1)))
		})
	}
}

func TestTheBestThreeOpeningsAreSuggestedEachOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sales, other, corporate, third := b.opening(t, "法人営業"), b.opening(t, "よそ"), b.opening(t, "法人営業部"), b.opening(t, "法人営業担当")
	b.rule(t, "【大募集】法人営業", sales.ID)
	b.rule(t, "法人営業-2", sales.ID)
	elsewhere := b.ruleOn(t, intake.MediumDoda, "法人営業", other.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "法人営業")))
	near := b.suggestions(t)["法人営業"]
	require.Len(t, near, 3)
	require.Equal(t, intake.RoutingSuggestion{
		Kind: intake.SuggestRule, OpeningID: other.ID, RuleID: &elsewhere.ID, FromName: "法人営業", Score: 1,
		Reason: intake.Text{JA: "dodaの振り分けルール「法人営業」と同じ名前です。", EN: "Has the name of the rule “法人営業” for doda."},
	}, near[0])
	require.Equal(t, sales.ID, near[1].OpeningID)
	require.Equal(t, intake.SuggestOpening, near[1].Kind, "it bears the very name, as none of its rules does")
	require.InDelta(t, 1, near[1].Score, 0)
	require.Contains(t, []uuid.UUID{corporate.ID, third.ID}, near[2].OpeningID)
	require.Equal(t, intake.SuggestOpening, near[2].Kind)
	require.Nil(t, near[2].RuleID)
	require.Less(t, near[2].Score, 1.0)
	require.Equal(t, []string{"OTHER_MEDIUM 法人営業", "DECORATION 【大募集】法人営業", "DECORATION 法人営業-2"}, reasons(b.considered(t, 1)))
}

func TestAPostingThatWasRenamedSuggestsToRenameItsRule(t *testing.T) {
	t.Parallel()
	b := setup(t)
	sales := b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", sales.ID)
	moved := func(n int, posting, name string) intake.SourceApplication {
		a := applied(n, name)
		a.PositionID = posting
		return a
	}
	account := b.imported(t, "a@example.com", pageOf("4",
		moved(1, "p1", "営業"), moved(2, "p1", "未来をつくる仲間"), moved(3, "p2", "別の募集"), moved(4, "", "名無し")))
	near := b.suggestions(t)
	require.Empty(t, near["別の募集"], "another posting")
	require.Empty(t, near["名無し"], "no posting")
	require.Equal(t, []intake.RoutingSuggestion{{
		Kind: intake.SuggestRenamed, OpeningID: sales.ID, RuleID: &rule.ID, FromName: "営業", Score: 1,
		Reason: intake.Text{
			JA: "この募集の名前が「営業」から「未来をつくる仲間」に変わりました。振り分けルールの募集ポジション名も変更できます。",
			EN: "This posting was called “営業” before it became “未来をつくる仲間”: the rule can be renamed with it.",
		},
	}}, near["未来をつくる仲間"])

	renamed, routed, err := b.svc.UpdateRule(t.Context(), b.actor, rule.ID, intake.RuleInput{
		Medium: intake.MediumWantedly, PositionName: "未来をつくる仲間", OpeningID: sales.ID,
	}, new(1))
	require.NoError(t, err)
	require.Equal(t, 1, routed)
	require.NotContains(t, b.suggestions(t), "未来をつくる仲間")
	matches, err := b.svc.RuleMatchesByID(t.Context(), b.actor, []uuid.UUID{rule.ID})
	require.NoError(t, err)
	require.Equal(t, 2, matches[rule.ID].Count, "what it routed under its former name counts")
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, renamed.ID))
	b.source.read = reads(pageOf("4"), pageOf("5", moved(5, "p1", "また別の名前")))
	b.importAgain(t, account.ID)
	require.Empty(t, b.suggestions(t)["また別の名前"], "there is no rule any more")
}

func TestARoutedEntryKeepsWhichRulesCameNearAndLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	var others []string
	for i := range 8 {
		name := fmt.Sprintf("営業-%d", i)
		b.rule(t, name, opening.ID)
		others = append(others, "DECORATION "+name)
	}
	matching, _ := b.rule(t, "営業", opening.ID)
	account := b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	require.Equal(t, others[:5], reasons(b.considered(t, 1)), "five at most, and never the one that routed it")

	// Waiting, swept by a rule, restored: each decision knows its own.
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, matching.ID))
	b.source.read = reads(pageOf("1"), pageOf("2", applied(2, "営業部")))
	b.importAgain(t, account.ID)
	require.Equal(t, []string{"SIMILAR 営業-0", "SIMILAR 営業-1", "SIMILAR 営業-2"}, reasons(b.considered(t, 2)))
	_, routed := b.rule(t, "営業部", opening.ID)
	require.Equal(t, 1, routed)
	require.Nil(t, b.considered(t, 2), "it has its rule, and no other came near")
	b.requireInvariants(t)
}

func TestWhatWaitsKeepsTrueWhyEachRuleLost(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening := b.opening(t, "営業")
	rule, _ := b.rule(t, "営業", opening.ID)
	b.close(t, opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "営業")))
	require.Equal(t, []string{"OPENING_CLOSED 営業"}, reasons(b.considered(t, 1)))
	entry := b.entries(t)[0]
	_, err := b.svc.ExcludeEntry(t.Context(), b.actor, entry.ID)
	require.NoError(t, err)
	near := b.ruleOn(t, intake.MediumGreen, "営業", b.opening(t, "別").ID)
	_, err = b.svc.RestoreEntry(t.Context(), b.actor, entry.ID)
	require.NoError(t, err)
	require.Equal(t, []string{"OPENING_CLOSED 営業", "OTHER_MEDIUM 営業"}, reasons(b.considered(t, 1)))
	require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, rule.ID))
	require.Equal(t, []consideredRule{{
		Rule: near.ID, Opening: near.OpeningID, Revision: 1, PositionName: "営業", Medium: "GREEN", Why: "OTHER_MEDIUM", Score: 1,
	}}, b.considered(t, 1))
	_, err = b.svc.ExcludeEntry(t.Context(), b.actor, entry.ID)
	require.NoError(t, err)
	back, _ := b.rule(t, "営業", near.OpeningID)
	restored, err := b.svc.RestoreEntry(t.Context(), b.actor, entry.ID)
	require.NoError(t, err)
	require.Equal(t, back.ID, *restored.Explanation.RuleID)
	require.Equal(t, []string{"OTHER_MEDIUM 営業"}, reasons(b.considered(t, 1)))
	b.requireInvariants(t)
}

// oddPositions are names that mean the same, or nearly so, or nothing.
var oddPositions = []string{
	"営業", "【急募】営業", "営業-0121", "営業(2)", "★急募★営業", "営業（東京）", "営業　東京", "法人営業", "採⽤担当", "採用担当", "採用\u200b担当", "㈱サンプル", "(株)サンプル", "サンプル",
	"未経験〜歓迎", "未経験～歓迎", "Webエンジニア", "Ｗｅｂ ｴﾝｼﾞﾆｱ", "WEBエンジニア", "バックエンドエンジニア", "バックエンドエンジニア(Go)", "👨‍💻エンジニア⭐️", "👨‍💻", "C++", "C#",
	strings.Repeat("職", 500), strings.Repeat("職", 499), strings.Repeat("ﷺ", 40), "1", "SRE", "sre", "　", "",
}

func TestWhateverRulesThereAreAPreviewIsWhatSavingDoes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	account := b.linked(t, "a@example.com")
	openings := []uuid.UUID{b.opening(t, "営業").ID, b.opening(t, "Webエンジニア").ID, b.opening(t, "終了").ID}
	b.close(t, openings[2])
	var cursor string
	next := 1
	rules := make(map[uuid.UUID]intake.RoutingRule)
	for round := range 40 {
		if round%8 == 0 {
			page := intake.Page{}
			for range 20 {
				a := applied(next, oddPositions[random.IntN(len(oddPositions))])
				a.PositionID = fmt.Sprint("p", random.IntN(5))
				page.Applications = append(page.Applications, a)
				next++
			}
			page.Cursor = fmt.Sprint(next)
			b.source.read = reads(intake.Page{Cursor: cursor}, page)
			b.importAgain(t, account.ID)
			cursor = page.Cursor
		}
		in := intake.RuleInput{
			Medium: intake.MediumWantedly, PositionName: oddPositions[random.IntN(len(oddPositions))], OpeningID: openings[random.IntN(len(openings))],
		}
		before := map[string]string(nil)
		if round%10 == 0 {
			before = b.everything(t)
		}
		var changing *uuid.UUID
		for id := range rules {
			if random.IntN(3) == 0 {
				changing = &id
			}
			break
		}
		preview, err := b.svc.PreviewRule(t.Context(), b.actor, in, changing)
		require.NoError(t, err)
		near, err := b.svc.NearWaitingNames(t.Context(), b.actor, in)
		require.NoError(t, err)
		for _, n := range near {
			require.NotEqual(t, intake.NormalizePositionName(in.PositionName), n.NormalizedPositionName, "that one would go")
			require.Positive(t, n.Count)
		}
		waiting, err := b.svc.WaitingPositions(t.Context(), b.actor, intake.MaxPage)
		require.NoError(t, err)
		b.requireTrueSuggestions(t, waiting, rules)
		_, err = b.svc.CaughtByRule(t.Context(), b.actor, in, nil)
		require.NoError(t, err)
		_, err = b.svc.MissedByRule(t.Context(), b.actor, in, nil)
		require.NoError(t, err)
		if before != nil {
			b.requireUnchanged(t, before, "looking writes nothing")
		}

		var rule intake.RoutingRule
		var routed int
		if changing == nil {
			rule, routed, err = b.svc.CreateRule(t.Context(), b.actor, in)
		} else {
			rule, routed, err = b.svc.UpdateRule(t.Context(), b.actor, *changing, in, nil)
		}
		require.Equal(t, preview.WouldRoute, routed, "round %d: %+v", round, in)
		impossible := preview.OpeningClosed || preview.ConflictsWith != nil || intake.NormalizePositionName(in.PositionName) == ""
		require.Equal(t, impossible, err != nil, "round %d: %+v: %v", round, in, err)
		if err == nil {
			rules[rule.ID] = rule
		}
		if len(rules) > 6 {
			for id := range rules {
				require.NoError(t, b.svc.DeleteRule(t.Context(), b.actor, id))
				delete(rules, id)
				break
			}
		}
	}
	b.requireInvariants(t)
}

// requireTrueSuggestions makes sure that none is what a rule does already, none comes twice, and all are in order.
func (b *testBundle) requireTrueSuggestions(t *testing.T, waiting []intake.WaitingPosition, rules map[uuid.UUID]intake.RoutingRule) {
	t.Helper()
	var keys []intake.PositionKey
	for _, w := range waiting {
		keys = append(keys, w.Key())
	}
	found, err := b.svc.SuggestionsByPosition(t.Context(), b.actor, keys)
	require.NoError(t, err)
	for at, near := range found {
		require.LessOrEqual(t, len(near), 3)
		seen := make(map[uuid.UUID]bool)
		for i, n := range near {
			require.False(t, seen[n.OpeningID])
			seen[n.OpeningID] = true
			require.True(t, n.Score >= 0.4 && n.Score <= 1)
			require.NotEmpty(t, n.Reason.JA)
			require.NotEmpty(t, n.Reason.EN)
			if i > 0 {
				require.LessOrEqual(t, n.Score, near[i-1].Score)
			}
			if n.RuleID != nil {
				rule := rules[*n.RuleID]
				require.NotEqual(t, intake.PositionKey{Medium: rule.Medium, NormalizedName: rule.NormalizedPositionName}, at)
			}
		}
	}
}
