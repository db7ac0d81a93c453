package intake

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/tabular"
)

func TestFileDatesAreReadAsPeopleWriteThem(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"2026-11-23":                "2026-11-23T00:00:00+09:00",
		"2026/1/5 9:30":             "2026-01-05T09:30:00+09:00",
		"2026年1月5日":                 "2026-01-05T00:00:00+09:00",
		"2026年1月5日(月) 9時30分":        "2026-01-05T09:30:00+09:00",
		"２０２６／１／５　９：３０":             "2026-01-05T09:30:00+09:00",
		"20260105":                  "2026-01-05T00:00:00+09:00",
		"20260105093015":            "2026-01-05T09:30:15+09:00",
		"2026.1.5":                  "2026-01-05T00:00:00+09:00",
		"2026-01-05T09:30:15Z":      "2026-01-05T09:30:15Z",
		"2026-01-05T09:30:15.123Z":  "2026-01-05T09:30:15Z",
		"2026-01-05 09:30:15+0100":  "2026-01-05T09:30:15+01:00",
		"2026-01-05 09:30:15-08:30": "2026-01-05T09:30:15-08:30",
		"2026-01-05 09:30 JST":      "2026-01-05T09:30:00+09:00",
		"令和8年1月5日":                  "2026-01-05T00:00:00+09:00",
		"令和元年5月1日":                  "2019-05-01T00:00:00+09:00",
		"H30.4.1":                   "2018-04-01T00:00:00+09:00",
		"46349":                     "2026-11-23T00:00:00+09:00",
		"46349.395833333336":        "2026-11-23T09:30:00+09:00",
		"2024-02-29":                "2024-02-29T00:00:00+09:00",
	} {
		at, ok := parseFileDate(text)
		require.True(t, ok, text)
		wanted, err := time.Parse(time.RFC3339, want)
		require.NoError(t, err)
		require.True(t, wanted.Equal(at), "%s is %s", text, at)
	}
}

func TestFileDatesThatAreNoneAreRefused(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"", "昨日", "2026-02-30", "2026-13-01", "2026-00-10", "2026-1-5 24:00", "2026-1-5 9:60", "1/5/2026", "26-01-05", "2026-01", "1234", "463490",
		"2026-01-05x", "2026-01-05 09:30:15+15:00", "2026-01-05 09:30+1", "2026-1-5 9", "-46349", "46349,5", "令和年1月1日", "2026年1月5日午後",
	} {
		_, ok := parseFileDate(text)
		require.False(t, ok, text)
	}
}

func FuzzFileDate(f *testing.F) {
	for _, text := range []string{"2026年1月5日(月) 9時30分", "令和元年5月1日", "46349.4", "2026-01-05T09:30:15.1+09:00", "20260105093015"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if at, ok := parseFileDate(text); ok {
			require.GreaterOrEqual(t, at.Year(), 0)
			require.LessOrEqual(t, at.Year(), 9999)
		}
	})
}

func TestFileColumnsAreKnownByTheNamesThatPeopleGiveThem(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]FileField{
		"氏名": FieldName, " お 名 前 ": FieldName, "候補者名": FieldName, "NAME": FieldName, "ｎａｍｅ": FieldName, "氏名（漢字）": FieldName, "氏名※": FieldName,
		"姓": FieldFamilyName, "名": FieldGivenName, "ﾌﾘｶﾞﾅ": FieldKana, "Ｅ－ｍａｉｌ": FieldEmail, "メールアドレス": FieldEmail, "携帯": FieldPhone,
		"募集ポジション名": FieldPositionName, "求人名": FieldPositionName, "応募職種": FieldPositionName, "職種": FieldCurrentPosition, "現職": FieldCurrentPosition,
		"応募日": FieldAppliedAt, "エントリー日": FieldAppliedAt, "応募ID": FieldApplicationID, "応募Ｎｏ．": FieldApplicationID, "会員番号": FieldPersonID, "候補者ID": FieldPersonID,
		"会社名": FieldEmployer, "最終学歴": FieldSchool, "スキル": FieldSkills, "自己PR": FieldIntroduction, "自己ＰＲ": FieldIntroduction, "居住地": FieldLocation,
		"URL": FieldProfileURL, "スカウト": FieldKind, "応募経路": FieldKind,
	} {
		require.Equal(t, []FileColumn{{want, header}}, proposeColumns([]string{"選考メモ", header, ""}), header)
	}
	require.Equal(t, []FileColumn{{FieldName, "氏名"}}, proposeColumns([]string{"Name", "氏名", "お名前"}), "one column a field")
	for _, f := range fileFields {
		for _, header := range f.headers {
			require.Len(t, proposeColumns([]string{header}), 1, "%s is of one field", header)
		}
	}
}

// linesOf reads lines as a file of a medium with these columns.
func linesOf(medium Medium, headers []string, lines ...[]string) ([]arrival, []badLine) {
	reader := &fileReader{
		medium: medium, position: "営業", uploaded: time.Date(2026, 11, 23, 0, 0, 0, 0, time.UTC), key: indexKey{NewSecret("key")}, met: make(map[string]int),
	}
	reader.at = layoutOf(&check{}, proposeColumns(headers), headers, true)
	var page fileLines
	for n, cells := range lines {
		page.add(reader.read(tabular.Row{Line: n + 2, Cells: cells}))
	}
	return page.good, page.bad
}

func TestFileLinesThatCannotComeInSayWhy(t *testing.T) {
	t.Parallel()
	headers := []string{"氏名", "求人名", "応募日", "応募ID", "会員番号", "自己PR"}
	for _, test := range []struct {
		cells  []string
		reason BadLineReason
		field  FileField
	}{
		{[]string{"", "開発"}, BadNameMissing, FieldName},
		{[]string{" \u200b　", "開発"}, BadNameMissing, FieldName},
		{[]string{strings.Repeat("山", 201), "開発"}, BadNameTooLong, FieldName},
		{[]string{"山田", "\u200b"}, BadPositionMissing, FieldPositionName},
		{[]string{"山田", strings.Repeat("職", 501)}, BadPositionTooLong, FieldPositionName},
		{[]string{"山田", "開発", "きのう"}, BadDate, FieldAppliedAt},
		{[]string{"山田", "開発", "2026-11-24"}, BadInstant, FieldAppliedAt},
		{[]string{"山田", "開発", "1989-12-31"}, BadInstant, FieldAppliedAt},
		{[]string{"山田", "開発", "", strings.Repeat("1", 201)}, BadIDTooLong, FieldApplicationID},
		{[]string{"山田", "開発", "", "", strings.Repeat("1", 201)}, BadIDTooLong, FieldPersonID},
		{[]string{"山田", "開発", "", "", "", "a\x00b"}, BadCharacters, FieldIntroduction},
		{[]string{"山\ufffd", "開発"}, BadCharacters, FieldName},
	} {
		good, bad := linesOf(MediumDoda, headers, test.cells)
		require.Empty(t, good, test.reason)
		require.Equal(t, []badLine{{2, test.reason, test.field, test.cells}}, bad)
		require.NotEqual(t, BadLineReason("").Text(), bad[0].reason.Text())
	}
}

func TestFileLineTellsAllThatItsColumnsHold(t *testing.T) {
	t.Parallel()
	good, bad := linesOf(MediumDoda,
		[]string{"姓", "名", "フリガナ", "メールアドレス", "電話番号", "応募職種", "応募日時", "応募ID", "会員番号", "職種", "会社名", "学校名", "スキル", "自己PR", "住所", "URL", "応募URL", "応募経路"},
		[]string{
			"髙橋", "一郎", "タカハシ", "Ichiro@Example.com", "０９０-１２３４-５６７８", "開発", "2026/1/5 9:30", "A-1", "M-1", "SRE", "例社", "例大学", "Go、SQL, Go", "はじめまして。",
			"東京都", "https://example.com/p", "https://example.com/a", "スカウト経由",
		}, []string{"", "", "スズキ", "not an address", "なし", "", "", "", "", "", "", "", "", "", "", "javascript:alert(1)", "//x", "直接応募"})
	require.Empty(t, bad)
	text := func(s string) *string { return &s }
	require.Equal(t, arrival{
		SourceApplication: SourceApplication{
			ExternalID: "A-1", Kind: EntryScoutReplied, PositionName: "開発", AppliedAt: time.Date(2026, 1, 5, 0, 30, 0, 0, time.UTC), URL: "https://example.com/a",
			Person: SourcePerson{
				ExternalID: "M-1", Name: "髙橋 一郎", Location: text("東京都"), CurrentPosition: text("SRE"), Introduction: text("はじめまして。"),
				ProfileURL: text("https://example.com/p"), WorkHistories: []WorkHistory{{CompanyName: text("例社"), Position: text("SRE")}},
				Educations: []Education{{SchoolName: text("例大学")}}, Skills: []string{"Go", "SQL", "Go"},
			},
		},
		Email: text("Ichiro@Example.com"), Phone: text("090-1234-5678"),
	}, good[0])
	second := good[1]
	require.Equal(t, []string{"スズキ", "営業", ""}, []string{second.Person.Name, second.PositionName, second.URL})
	require.Nil(t, second.Email, "an address that is none is left out, and nobody with it")
	require.Nil(t, second.Phone)
	require.Nil(t, second.Person.ProfileURL)
	require.Equal(t, EntryApplied, second.Kind)
	require.True(t, second.undated)
	require.True(t, strings.HasPrefix(second.ExternalID, ours) && second.Person.ExternalID == second.ExternalID)
}

func TestFilePeopleAreOneByNumberOrAddressAndNeverByName(t *testing.T) {
	t.Parallel()
	headers := []string{"氏名", "メールアドレス", "会員番号", "応募ID", "求人名"}
	person := func(medium Medium, cells ...string) string {
		good, bad := linesOf(medium, headers, cells)
		require.Empty(t, bad)
		return good[0].Person.ExternalID
	}
	require.Equal(t, person(MediumDoda, "山田", "A@example.com", "", "", "営業"), person(MediumDoda, "山田 太郎", "a@example.com", "", "", "開発"))
	require.NotEqual(t, person(MediumDoda, "山田", "", "", "", "営業"), person(MediumDoda, "山田", "", "", "", "開発"))
	require.Equal(t, "7", person(MediumDoda, "山田", "a@example.com", "7"))
	require.Equal(t, person(MediumDoda, "山田", "", "", "A1", "営業"), person(MediumDoda, "山田", "", "", "A1", "営業（東京）"), "an application is one person's")
	require.NotEqual(t, "7", person(MediumOther, "山田", "", "7"), "of several sites each has a number 7")
	require.NotEqual(t, person(MediumOther, "山田", "", "7"), person(MediumOther, "佐藤", "", "7"))
	require.Equal(t, person(MediumOther, "山田　太郎", "", "7"), person(MediumOther, "山田 太郎", "", "7"))

	same := []string{"山田", "", "", "", "営業"}
	good, _ := linesOf(MediumDoda, headers, same, same)
	require.NotEqual(t, good[0].ExternalID, good[1].ExternalID, "two equal lines are two applications")
	again, _ := linesOf(MediumDoda, []string{"お名前", "メモ", "?", "??", "募集職種"}, []string{" 山田　", "", "", "", "営業", " "}, same)
	require.Equal(t, []string{good[0].ExternalID, good[1].ExternalID}, []string{again[0].ExternalID, again[1].ExternalID}, "and known again, whatever the columns are called")
	without := []string{"氏名"}
	sales, _ := linesOf(MediumDoda, without, []string{"山田"})
	development := &fileReader{medium: MediumDoda, position: "開発", key: indexKey{NewSecret("key")}, met: make(map[string]int), at: layout{FieldName: 0}}
	a, bad := development.read(tabular.Row{Line: 2, Cells: []string{"山田"}})
	require.Nil(t, bad)
	require.NotEqual(t, sales[0].ExternalID, a.ExternalID, "a file for another position says something else")
}

func TestPhoneNumbersOfFilesAreThoseThatMembersMayType(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"０９０－１２３４－５６７８": "090-1234-5678", "+81 90 1234 5678": "+81 90 1234 5678", "03(1234)5678": "03 1234 5678", "（03）1234-5678": "03 1234-5678",
		"なし(0)": "", "0": "", "-": "", "": "", "090-1234-5678 / 03-1234-5678": "", strings.Repeat("1", 21): "",
	} {
		good, bad := linesOf(MediumDoda, []string{"氏名", "電話番号"}, []string{"山田", text})
		require.Empty(t, bad, text)
		require.Equal(t, want, orEmpty(good[0].Phone), text)
	}
}
