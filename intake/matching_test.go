package intake_test

import (
	"math/rand/v2"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"renkei/intake"
)

func TestPositionNamesThatReadAlikeAreOneName(t *testing.T) {
	t.Parallel()
	for want, names := range map[string][]string{
		"採用担当":             {"採用担当", "採⽤担当", " 採用担当 ", "採用\u200b担当", "\ufeff採用担当", "採用担当\u200e", "\u202a採用担当\u202c", "\u3000採用担当\u00a0", "採用担当\n"},
		"(株)サンプル":          {"㈱サンプル", "(株)サンプル", "（株）サンプル", "㈱ｻﾝﾌﾟﾙ", "（株）サンフ\u309aル", "㈱サンフ\u200b\u309aル"},
		"営業(東京)":           {"営業(東京)", "営業（東京）", "営業﹙東京﹚"},
		"Web エンジニア":        {"Web エンジニア", "Ｗｅｂ　エンジニア", "Web\u00a0エンジニア", "Web \t エンジニア", "Web\u2003\u2002エンジニア", "Ｗｅｂ ｴﾝｼﾞﾆｱ"},
		"未経験~歓迎":           {"未経験~歓迎", "未経験〜歓迎", "未経験～歓迎", "未経験∼歓迎", "未経験〰歓迎"},
		"営業-東京":            {"営業-東京", "営業－東京", "営業‐東京", "営業‑東京", "営業–東京", "営業—東京", "営業―東京", "営業−東京", "営業─東京", "営業﹣東京", "営業﹘東京"},
		"営業ー東京":            {"営業ー東京", "営業ｰ東京"},
		"サーバー":             {"サーバー", "ｻｰﾊﾞｰ", "サーハ\u3099ー"},
		"👨💻エンジニア⭐":         {"👨‍💻エンジニア⭐️", "👨💻エンジニア⭐", "👨\u200d💻エンジニア⭐\ufe0e"},
		"葛飾":               {"葛飾", "葛\U000e0100飾"},
		"":                 {"", " ", "\u3000", "\u200b\u200d\ufeff", "\t\r\n\v\f", "\x00\x1f\x7f", "\u00ad", "\u2028\u2029"},
		"C++/C#":           {"C++/C#", "Ｃ＋＋／Ｃ＃", "C\u200b++/C#"},
		"20卒":              {"20卒", "２０卒", "²⁰卒"},
		"Ångström":         {"Ångström", "Ångström", "Ångström"},
		"a b":              {"a b", "a\u0085b", "a\u1680b", "a\u2028b", "a \u200b b"},
		"マーケティング/PR(業務委託)": {"マーケティング/PR(業務委託)", "ﾏｰｹﾃｨﾝｸﾞ／ＰＲ（業務委託）"},
		"【急募】営業!":          {"【急募】営業!", "【急募】営業！"},
		"人事・労務":            {"人事・労務", "人事･労務"},
		"Café":             {"Café", "Cafe\u0301"},
		"株式会社":             {"株式会社", "㍿"},
		"キログラム":            {"キログラム", "㌕"},
		"第1営業部":            {"第1営業部", "第１営業部", "第①営業部"},
		"リモートOK!!~まずはお話しましょう~": {"リモートＯＫ‼〜まずはお話しましょう〜"},
	} {
		for _, name := range names {
			require.Equal(t, want, intake.NormalizePositionName(name), "%q", name)
		}
	}
}

func TestPositionNamesThatReadDifferentlyStayApart(t *testing.T) {
	t.Parallel()
	names := []string{"営業", "営 業", "営業-", "営業ー", "営業~", "営業一", "Sales", "sales", "ハ", "バ", "パ", "営業A", "営業・A", "力", "カ", "ロ", "口", "ト", "卜"}
	seen := make(map[string]string)
	for _, name := range names {
		n := intake.NormalizePositionName(name)
		require.NotContains(t, seen, n, "%q and %q", name, seen[n])
		seen[n] = name
	}
}

func TestNormalizingTwiceIsNormalizingOnce(t *testing.T) {
	t.Parallel()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	// Most of what is drawn is what normalizing has to do with.
	odd := []rune(" \u3000\u00a0\t\n\u200b\u200d\ufeff\ufe0f〜～~∼-－—ーｰ㈱㍿⽤用ｶﾞか\u3099\u309a\u0301e\u0338´¨①ﬀ\u1100\u1161\u11a8가\u034f\ufdfa\U000e0100👨💻\x00\xff")
	for range 2000 {
		var b strings.Builder
		for range random.IntN(12) {
			switch random.IntN(4) {
			case 0:
				b.WriteRune(rune(random.IntN(unicode.MaxRune)))
			case 1:
				b.WriteByte(byte(random.UintN(256)))
			default:
				b.WriteRune(odd[random.IntN(len(odd))])
			}
		}
		once := intake.NormalizePositionName(b.String())
		require.Equal(t, once, intake.NormalizePositionName(once), "%q", b.String())
		require.True(t, utf8.ValidString(once))
		require.Equal(t, strings.TrimSpace(once), once)
		require.NotContains(t, once, "  ")
		require.NotContains(t, once, "\x00")
	}
}

func TestAnEndlessPositionNameIsComparedByItsBeginning(t *testing.T) {
	t.Parallel()
	for _, name := range []string{strings.Repeat("職", 100_000), strings.Repeat("\ufdfa", 500), strings.Repeat("a ", 500), strings.Repeat(" ", 100_000) + "x"} {
		n := intake.NormalizePositionName(name)
		require.LessOrEqual(t, utf8.RuneCountInString(n), 500)
		require.GreaterOrEqual(t, utf8.RuneCountInString(n), min(499, utf8.RuneCountInString(strings.TrimSpace(name))))
		require.Equal(t, n, intake.NormalizePositionName(n))
	}
	require.Equal(t, 500, utf8.RuneCountInString(intake.NormalizePositionName(strings.Repeat("職", 500))))
}
