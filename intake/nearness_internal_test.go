package intake

import (
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestNamesThatDifferInDecorationFoldToOne(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"営業": {
			"営業", "【急募】営業", "営業【急募】", "【急募】【未経験歓迎】営業", "[急募]営業", "＜急募＞営業", "《大募集》営業", "〔新着〕営業", "≪急募≫営業",
			"★急募★営業", "★残業なし★営業★高収入★", "☆営業☆", "急募！！営業", "営業（急募！）", "積極採用中/営業", "営業 未経験歓迎", "未経験者歓迎！営業",
			"営業-0121", "営業－０１２１", "営業_2", "営業(2)", "営業（２）", "営業№3", "営業 No.3", "営業＃4", "営業-1-2", "⭐️営業🔥", "営\u200b業", "「営業」", "営業・", " 営業 ",
			"【営業】", "営業-0121【急募】", "【急募】営業-0121",
		},
		"採用担当":      {"採用担当", "採⽤担当", "【急募】採⽤担当", "採用\u200d担当"},
		"サンプル営業":    {"㈱サンプル 営業", "(株)サンプル営業", "（株）サンプル　営業", "株式会社サンプル・営業", "㍿サンプル営業", "有限会社サンプル営業", "㈲サンプル営業", "(有)サンプル営業", "サンプル(株)営業", "サンプル株式会社 営業"},
		"webエンジニア":  {"Webエンジニア", "ＷＥＢ エンジニア", "web・エンジニア", "Webｴﾝｼﾞﾆｱ", "WEB-エンジニア", "Web_エンジニア", "Web/エンジニア", "NEW! Webエンジニア", "Webエンジニア(フルリモート可)"},
		"未経験でも安心営業": {"未経験でも安心〜営業", "未経験でも安心～営業", "未経験でも安心 営業"},
		"sre":       {"SRE", "【東京】SRE", "フルリモート / SRE", "sre 学歴不問"},
		"営業東京":      {"営業（東京）", "営業(東京)", "営業 東京", "営業／東京", "営業-東京"},
		"c++エンジニア":  {"C++エンジニア", "Ｃ＋＋ エンジニア"},
		"c#エンジニア":   {"C#エンジニア"},
		"newton研究員": {"Newton研究員"},
		"20卒":       {"20卒", "２０卒"},
		"第1営業部":     {"第1営業部", "第１営業部", "第①営業部"},
		"急募":        {"急募", "【急募】", "★急募★", "急募！"},
		"株式会社":      {"株式会社", "㍿"},
		"★★★":       {"★★★"},
		"👨💻":        {"👨‍💻"},
		"【】":        {"【】"},
		"12":        {"12", "-12", "(12)"},
		"":          {"", " ", "\u3000", "\u200b\ufeff"},
		"想いをカタチに営業": {"「想いをカタチに」営業募集中！"},
	} {
		for _, name := range names {
			folded, _ := foldName(name)
			require.Equal(t, want, folded, "%q", name)
		}
	}
}

func TestNamesThatMeanDifferentThingsFoldApart(t *testing.T) {
	t.Parallel()
	names := []string{
		"営業", "営業東京", "営業大阪", "法人営業", "営業企画", "営業ー", "SRE", "PM", "C++", "C#", "C", "Java", "JavaScript", "20卒", "21卒",
		"第1営業部", "第2営業部", "iOSエンジニア", "Androidエンジニア", "正社員 営業", "アルバイト 営業", "業務委託 営業", "力", "カ", "ロ", "口", "★", "☆", "急募", "",
	}
	seen := make(map[string]string)
	for _, name := range names {
		folded, _ := foldName(name)
		require.NotContains(t, seen, folded, "%q and %q", name, seen[folded])
		seen[folded] = name
	}
}

func TestFoldingTellsWhatItTookOff(t *testing.T) {
	t.Parallel()
	for name, want := range map[string][]string{
		"営業":           nil,
		"【急募】営業":       {"【急募】"},
		"＜ＮＥＷ＞営業-0121": {"<NEW>", "-0121"},
		"㈱サンプル 営業":     {"(株)"},
		"★残業なし★営業 (2)": {"★残業なし★", "(2)"},
		"【急募】":         nil,
		"株式会社サンプル 有限会社サンプル": {"株式会社", "有限会社"},
	} {
		_, taken := foldName(name)
		require.Equal(t, want, taken, "%q", name)
	}
}

// oddNames draws names of what folding has to do with.
func oddNames(random *rand.Rand, n int) []string {
	pieces := []string{
		"営業", "エンジニア", "【", "】", "[", "]", "<", ">", "★", "急募", "未経験歓迎", "-0121", "_2", "(2)", "№3", "㈱", "(株)", "株式会社", " ", "　", "・", "/", "〜", "ｰ",
		"SRE", "c++", "⽤", "\u200b", "👨‍💻", "⭐️", "\x00", "\xff", "İ", "ﷺ", "が", "か\u3099", "\U00020bb7", "1", "new", "No.", "!",
	}
	var names []string
	for range n {
		name := ""
		for range random.IntN(8) {
			name += pieces[random.IntN(len(pieces))]
		}
		names = append(names, name)
	}
	return append(names, "", strings.Repeat("【急募】", 200)+"営業", strings.Repeat("職", 1000), strings.Repeat("ﷺ", 500), strings.Repeat("★", 600), strings.Repeat("(株)", 100),
		strings.Repeat("-1", 300), "営業"+strings.Repeat("【", 400))
}

func TestWhateverTheNameItsFoldedFormsCanBeStoredAndCompared(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for _, name := range oddNames(rand.New(rand.NewPCG(seed, 0)), 2000) {
		near := nearNameOf(name)
		require.True(t, utf8.ValidString(near.folded), "%q", name)
		require.LessOrEqual(t, utf8.RuneCountInString(near.folded), maxPositionName)
		require.LessOrEqual(t, len(near.folded), 2000, "an index holds it")
		require.Equal(t, NormalizePositionName(name) == "", near.folded == "", "%q", name)
		require.Equal(t, near.folded == "", near.trigrams == "", "%q", name)
		require.Equal(t, near, nearNameOf(NormalizePositionName(name)), "normalizing comes first: %q", name)
		require.NotContains(t, near.trigrams, "  ")
		for _, r := range near.trigrams {
			require.True(t, r == ' ' || r < utf8.RuneSelf && (unicode.IsLower(r) || unicode.IsDigit(r)), "%q in %q", r, near.trigrams)
		}
	}
}

func TestEveryRuneHasANumberOfItsOwn(t *testing.T) {
	t.Parallel()
	seen := make(map[string]rune, unicode.MaxRune)
	for r := rune(utf8.RuneSelf); r <= unicode.MaxRune; r++ {
		if !utf8.ValidRune(r) {
			continue
		}
		text := trigramText(string(r))
		if other, taken := seen[text]; taken {
			require.Fail(t, "one number for two", "%U and %U", r, other)
		}
		if len(text) != 3 && (len(text) != 4 || r < threeDigits) {
			require.Fail(t, "not a number's width", "%U: %q", r, text)
		}
		seen[text] = r
	}
	require.Equal(t, "web "+trigramText("エ")+trigramText("ン")+" 2", trigramText("webエン2"))
}

func TestOfManyNamesTheNearestAreChosen(t *testing.T) {
	t.Parallel()
	targets := []string{"営業", "法人営業", "営業企画", "バックエンドエンジニア", "経理", "営業", "", "ああああああああ", "人事労務"}
	asked := []string{"営業", "人事", "ああああ", "", "ぬ"}
	near := newNearest(asked, 2)
	for i, name := range targets {
		near.compare(i, name)
	}
	names := func(i int) (chosen []string) {
		for _, r := range near.chosen[i] {
			chosen = append(chosen, targets[r.n])
			require.Positive(t, r.score)
			require.LessOrEqual(t, r.score, 1.0)
		}
		return chosen
	}
	require.Equal(t, []string{"営業", "営業"}, names(0))
	require.Equal(t, 0, near.chosen[0][0].n, "of equals the first")
	require.Equal(t, []string{"人事労務"}, names(1))
	require.Equal(t, []string{"ああああああああ"}, names(2))
	require.Empty(t, names(3))
	require.Empty(t, names(4))
	require.True(t, slices.IsSortedFunc(near.chosen[0], func(a, b rough) int { return int(1000 * (b.score - a.score)) }))
}
