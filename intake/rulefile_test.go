package intake_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"

	"renkei/intake"
)

const ruleHead = "求人媒体,募集ポジション名,振り分け先求人\n"

// importRules imports a file in which nothing is wrong.
func (b *testBundle) importRules(t *testing.T, file string) intake.RuleImport {
	t.Helper()
	done, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(file), false)
	require.NoError(t, err)
	require.Empty(t, done.Lines)
	return done
}

// rules are all of them by their position's name.
func (b *testBundle) rules(t *testing.T) map[string]intake.RoutingRule {
	t.Helper()
	all := make(map[string]intake.RoutingRule)
	require.NoError(t, b.svc.ExportRules(t.Context(), b.actor, func(lines []intake.RuleLine) error {
		for _, l := range lines {
			all[l.Rule.PositionName] = l.Rule
		}
		return nil
	}))
	return all
}

// told is a line's error as "LINE CODE FIELD".
func told(lines []intake.RuleLineError) []string {
	var all []string
	for _, l := range lines {
		one := fmt.Sprint(l.Line, " ", l.Code)
		if l.Field != nil {
			one += " " + string(*l.Field)
		}
		all = append(all, one)
	}
	return all
}

func TestRuleFileWithAWrongLineChangesNothingAndListsThemAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opening(t, "サーバーサイド")
	closed := b.opening(t, "終了")
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	b.opening(t, "双子")
	b.opening(t, "双子")
	stranger := b.company(t, "他社")
	theirs, err := b.svc.CreateOpening(t.Context(), stranger, intake.OpeningInput{Name: "他社の求人"})
	require.NoError(t, err)
	file := "求人媒体,募集ポジション名,振り分け先求人,求人ID\n" +
		"Wantedly,よい行,サーバーサイド,\n" + // 2
		"ウォンテッド,知らない媒体,サーバーサイド,\n" +
		",媒体がない,サーバーサイド,\n" +
		"doda,,サーバーサイド,\n" +
		"doda,\u200b\u3000,サーバーサイド,\n" + // 6
		"doda," + strings.Repeat("長", 501) + ",サーバーサイド,\n" +
		"doda,\"二\n行\",ない求人,\n" + // 8, 9
		"doda,終了した,終了,\n" + // 10
		"doda,どちら,双子,\n" +
		"doda,求人がない,,\n" +
		"doda,長い求人," + strings.Repeat("長", 101) + ",\n" +
		"doda,番号,,12\n" + // 14
		"doda,ない番号,サーバーサイド," + uuid.NewString() + "\n" +
		"doda,他社の番号,サーバーサイド," + theirs.ID.String() + "\n" +
		"doda,他社の名前,他社の求人,\n" + // 17
		"doda,ＡＢＣ　エンジニア,サーバーサイド,\n" +
		"DODA,abc エンジニア,サーバーサイド,\n" + // not the same: case counts
		"ﾄﾞｰﾀﾞ,x,サーバーサイド,\n" + // 20
		"doda,ABC エンジニア,サーバーサイド,\n" +
		"\n,,,\n" + // nothing in them
		"doda,a\x00,サーバーサイド,\n" + // 24
		"doda\n" +
		"doda,引\"用,サーバーサイド,\n" + // 26: no more than this line
		"doda,その先,ない求人,\n" +
		"doda," + strings.Repeat("長", 64<<10) + ",サーバーサイド,\n" +
		"doda,列が多い,サーバーサイド" + strings.Repeat(",", 1000) + "\n" + // 29
		"doda,\"閉じない,サーバーサイド,\n" + // 30: where reading ends
		"doda,読まれない,ない求人,\n"
	before := b.everything(t)
	for _, dry := range []bool{true, false} {
		done, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(file), dry)
		require.NoError(t, err)
		require.Zero(t, done.Created+done.Updated+done.Unchanged+done.Routed)
		require.Equal(t, []string{
			"3 INVALID MEDIUM", "4 INVALID MEDIUM", "5 REQUIRED POSITION_NAME", "6 REQUIRED POSITION_NAME", "7 TOO_LONG POSITION_NAME",
			"8 NOT_FOUND OPENING", "10 INVALID_STATE OPENING", "11 INVALID OPENING", "12 REQUIRED OPENING", "13 TOO_LONG OPENING",
			"14 INVALID OPENING_ID", "15 NOT_FOUND OPENING_ID", "16 NOT_FOUND OPENING_ID", "17 NOT_FOUND OPENING", "20 INVALID MEDIUM",
			"21 ALREADY_EXISTS POSITION_NAME", "24 INVALID POSITION_NAME", "25 REQUIRED POSITION_NAME", "25 REQUIRED OPENING", "26 INVALID",
			"27 NOT_FOUND OPENING", "28 TOO_LONG", "29 TOO_LONG", "30 INVALID",
		}, told(done.Lines))
		for _, l := range done.Lines {
			require.NotEmpty(t, l.Text.JA)
			require.NotEmpty(t, l.Text.EN)
			require.NotContains(t, l.Text.JA+l.Text.EN, "他社")
		}
		require.Contains(t, done.Lines[15].Text.JA, "18行目")
	}
	b.requireUnchanged(t, before)
}

func TestRuleFileThatIsNoneIsRefusedAsAWhole(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opening(t, "求人")
	long := strings.Builder{}
	long.WriteString(ruleHead)
	for n := range 10_001 {
		fmt.Fprintf(&long, "doda,%d,求人\n", n)
	}
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"empty":                 {"", []string{"REQUIRED file"}},
		"a BOM alone":           {"\ufeff", []string{"REQUIRED file"}},
		"no line":               {ruleHead, []string{"REQUIRED file"}},
		"blank lines":           {ruleHead + "\n,,\n\n", []string{"REQUIRED file"}},
		"no header":             {"doda,営業,求人\n", []string{"REQUIRED file", "REQUIRED file", "REQUIRED file"}},
		"no opening":            {"medium,position name\ndoda,営業\n", []string{"REQUIRED file"}},
		"a column twice":        {"medium,求人媒体,position name,opening\n,,,x\n", []string{"INVALID file"}},
		"too many lines":        {long.String(), []string{"TOO_LONG file"}},
		"too large":             {ruleHead + strings.Repeat("x", 16<<20), []string{"TOO_LONG file"}},
		"too large a workbook":  {"PK\x03\x04" + strings.Repeat("x", 16<<20), []string{"TOO_LONG file"}},
		"an encoding of others": {"\xff\xfd," + ruleHead, []string{"INVALID file"}},
		"a broken head":         {"\"求人媒体\"x,募集ポジション名,振り分け先求人\n", []string{"INVALID file"}},
		"an unclosed head":      {"求人媒体,\"募集ポジション名,振り分け先求人\n", []string{"INVALID file"}},
		"a picture":             {"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\xff\xff", []string{"INVALID file"}},
		"half a workbook":       {"PK\x03\x04 and no more", []string{"INVALID file"}},
		"an older workbook":     {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", []string{"INVALID file"}},
	} {
		_, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(c.file), false)
		var errs intake.UserErrors
		require.ErrorAs(t, err, &errs, name)
		requireUserErrors(t, err, c.want...)
	}
	_, err := b.svc.ImportRules(t.Context(), b.actor, failingFile{}, false)
	require.ErrorIs(t, err, io.ErrClosedPipe)
	stopped, stop := context.WithCancel(t.Context())
	stop()
	_, err = b.svc.ImportRules(stopped, b.actor, strings.NewReader(ruleHead+"doda,営業,求人\n"), false)
	require.ErrorIs(t, err, context.Canceled)
	require.Empty(t, b.rules(t))
}

func TestRuleFileWithBrokenCharactersNamesTheLineAndChangesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opening(t, "求人")
	windows, err := japanese.ShiftJIS.NewEncoder().String(ruleHead + "doda,営業,求人\n")
	require.NoError(t, err)
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"UTF-8":                   {ruleHead + "doda,営業,求人\ndoda,企\xe7画,求人\n\xff,開発,求人\n", []string{"3 INVALID POSITION_NAME", "4 INVALID MEDIUM"}},
		"Shift_JIS":               {windows + "doda,\x85\x40,x\n", []string{"3 INVALID POSITION_NAME"}},
		"in a column of no field": {strings.Replace(ruleHead, "\n", ",メモ\n", 1) + "doda,営業,求人,\xff\n", []string{"2 INVALID"}},
	} {
		done, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(c.file), false)
		require.NoError(t, err, name)
		require.Equal(t, c.want, told(done.Lines), name)
	}
	require.Empty(t, b.rules(t))
	require.Equal(t, 1, b.importRules(t, ruleHead+"doda,企\ufffd画,求人\n").Created, "a medium's own, which is exported so")
}

func TestRuleFileMakesChangesAndRoutesWhatWaitsOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	opening, other := b.opening(t, "サーバーサイド"), b.opening(t, "フロント, \"Web\"")
	b.rule(t, "変わる ルール", opening.ID)
	b.rule(t, "同じルール", opening.ID)
	b.rule(t, "触れないルール", opening.ID)
	b.imported(t, "a@example.com", pageOf("1", applied(1, "新しいルール"), applied(2, "新しいルール"), applied(3, "変わるルール２"), applied(4, "待つ")))
	kept := b.rules(t)
	file := "\ufeffＭｅｄｉｕｍ;x\n"
	_, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(file), false)
	require.Error(t, err)

	file = "\ufeffnote,Opening,Position Name,MEDIUM\r\n" +
		"読まれない,サーバーサイド,新しいルール,wantedly\r\n" +
		",\"フロント, \"\"Web\"\"\",変わる　ルール,Wantedly\r\n" +
		",サーバーサイド,同じルール,WANTEDLY\r\n" +
		",サーバーサイド,変わるルール2,Wantedly\r\n"
	before := b.everything(t)
	tried, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(file), true)
	require.NoError(t, err)
	b.requireUnchanged(t, before, "it was only tried")
	done := b.importRules(t, file)
	require.Equal(t, tried, done)
	require.Equal(t, intake.RuleImport{Created: 2, Updated: 1, Unchanged: 1, Routed: 3}, done)
	now := b.rules(t)
	require.Len(t, now, 5)
	require.Equal(t, kept["触れないルール"], now["触れないルール"])
	require.Equal(t, kept["同じルール"], now["同じルール"])
	require.Equal(t, other.ID, now["変わる ルール"].OpeningID, "it keeps its spelling")
	require.Equal(t, 2, now["変わる ルール"].Revision)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'RULES_IMPORTED'"))
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM inbox_entries WHERE state = 'WAITING'"))
	require.Equal(t, 1, b.number(t, "SELECT waiting FROM company_counters WHERE company_id = $1", b.actor.Company.ID))

	again := b.importRules(t, file)
	require.Equal(t, intake.RuleImport{Unchanged: 4}, again)
	require.Equal(t, 1, b.number(t, "SELECT count(*) FROM audit_log WHERE action = 'RULES_IMPORTED'"), "nothing was changed")
}

func TestRuleFileIsReadAsWindowsAndSpreadsheetsWriteIt(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.opening(t, "①㈱〜営業")
	text := "求人媒体\t募集ポジション名\t振り分け先求人\r\nリクナビNEXT\t営業～\t①㈱～営業\r\nマイナビ転職\t'=営業\t①㈱～営業\r\n"
	written, err := japanese.ShiftJIS.NewEncoder().String(text)
	require.NoError(t, err)
	// Windows has one wave for both: the name is as it then is.
	b.exec(t, "UPDATE openings SET name = '①㈱～営業'")
	require.Equal(t, 2, b.importRules(t, written).Created)
	require.Contains(t, b.rules(t), "=営業")
	require.Equal(t, 2, b.importRules(t, text).Unchanged, "UTF-8 with tabs")
	require.Equal(t, 2, b.importRules(t, strings.ReplaceAll("\ufeff"+text, "\t", ",")).Unchanged)
	require.Equal(t, 2, b.importRules(t, asWorkbook(t, text)).Unchanged, "XLSX")
	done, err := b.svc.ImportRules(t.Context(), b.actor, strings.NewReader(asWorkbook(t, text+"\r\ndoda\t\t①㈱～営業\r\n")), false)
	require.NoError(t, err)
	require.Equal(t, []string{"5 REQUIRED POSITION_NAME"}, told(done.Lines), "as a spreadsheet counts its rows")
}

// asWorkbook is a text with tabs as XLSX.
func asWorkbook(t *testing.T, text string) string {
	t.Helper()
	f := excelize.NewFile()
	for i, line := range strings.Split(strings.TrimSpace(text), "\r\n") {
		for j, cell := range strings.Split(line, "\t") {
			name, err := excelize.CoordinatesToCellName(j+1, i+1)
			require.NoError(t, err)
			require.NoError(t, f.SetCellStr("Sheet1", name, cell))
		}
	}
	var b strings.Builder
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.String()
}

func TestARuleToAClosedOrAmbiguousOpeningStaysAsItIs(t *testing.T) {
	t.Parallel()
	b := setup(t)
	closed, twin := b.opening(t, "終了"), b.opening(t, "双子")
	b.opening(t, "双子")
	b.rule(t, "終了へ", closed.ID)
	b.rule(t, "双子へ", twin.ID)
	_, err := b.svc.CloseOpening(t.Context(), b.actor, closed.ID)
	require.NoError(t, err)
	require.Equal(t, intake.RuleImport{Unchanged: 2}, b.importRules(t, ruleHead+"Wantedly,終了へ,終了\nWantedly,双子へ,双子\n"))
	// Of two that bear a name, the open one is meant.
	b.opening(t, "終了")
	require.Equal(t, intake.RuleImport{Created: 1, Unchanged: 1}, b.importRules(t, ruleHead+"Wantedly,終了へ,終了\ndoda,終了へ,終了\n"))
	done := b.importRules(t, "medium,position name,opening,opening id\nWantedly,終了へ,何でもよい,"+twin.ID.String()+"\n")
	require.Equal(t, intake.RuleImport{Updated: 1}, done, "the id counts")
}

// sheetOf writes rules as the door does.
func (b *testBundle) ruleSheet(t *testing.T, language intake.Language) string {
	t.Helper()
	var text strings.Builder
	w := csv.NewWriter(&text)
	w.UseCRLF = true
	var header []string
	for _, c := range intake.RuleColumns {
		header = append(header, c.Name().In(language))
	}
	require.NoError(t, w.Write(header))
	require.NoError(t, b.svc.ExportRules(t.Context(), b.actor, func(lines []intake.RuleLine) error {
		for _, l := range lines {
			id := ""
			if l.Ambiguous {
				id = l.Rule.OpeningID.String()
			}
			row := []string{l.Rule.Medium.Name().In(language), l.Rule.PositionName, l.Opening, id}
			for i := range row {
				row[i] = intake.HarmlessCell(row[i])
			}
			require.NoError(t, w.Write(row))
		}
		return nil
	}))
	w.Flush()
	return text.String()
}

func TestRulesThatAreExportedAndReadBackChangeNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	names := []string{
		"営業, \"法人\"", "二\n行", "二\r\n行目", "=1+1", "'=1+1", "''=1+1", "'引用", "+81", "-", "@所属", "＝全角", "－全角", "'", "''", "＠", "=\"x\"", "#", "a,b\tc",
		"【急募】営業☆🏃", strings.Repeat("長", 500), "\"", "'-x", "x'", "; DROP TABLE", "\ufffd",
	}
	for i, name := range names {
		opening := b.opening(t, fmt.Sprint("求人 ", i))
		if strings.HasPrefix(name, "二") || strings.HasPrefix(name, "=") || strings.HasPrefix(name, "'") {
			opening = b.opening(t, name)
		}
		_, _, err := b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{Medium: intake.AllMedia()[i%8], PositionName: name, OpeningID: opening.ID})
		require.NoError(t, err, "%q", name)
	}
	before := b.everything(t)
	for _, language := range []intake.Language{intake.Japanese, intake.English} {
		require.Equal(t, intake.RuleImport{Unchanged: len(names)}, b.importRules(t, b.ruleSheet(t, language)))
	}
	b.requireUnchanged(t, before)
}

func TestCellsThatAreMadeHarmlessAreMadePlainAgain(t *testing.T) {
	t.Parallel()
	for _, cell := range []string{"", "x", "'", "''", "'x", "=", "'=", "''=", "'''=1", "\t", "'\t", "\r", "\n", "＝", "'＝", "-'", "' =", "\xff", "'\xff"} {
		safe := intake.HarmlessCell(cell)
		require.Equal(t, cell, intake.PlainCell(safe), "%q", cell)
		if safe != "" {
			require.NotContains(t, "=+-@\t\r\n＝＋－＠", string([]rune(safe)[0]), "%q", cell)
		}
	}
	require.Equal(t, "'x", intake.PlainCell("'x"), "somebody's own")
}

// A statement for each line would take ten thousand of them.
func TestManyRulesAreReadInFewStatements(t *testing.T) {
	t.Parallel()
	const lines, openings = 2000, 500
	b := setup(t)
	asked := b.counted(t)
	var file strings.Builder
	file.WriteString(ruleHead)
	for n := range lines {
		fmt.Fprintf(&file, "doda,エンジニア %d,求人%d\n", n, n%openings)
	}
	b.exec(t, "INSERT INTO openings (company_id, name) SELECT $1, '求人' || n FROM generate_series(0, $2) n", b.actor.Company.ID, openings-1)
	b.exec(t, `INSERT INTO selection_steps (company_id, opening_id, kind, name, position) SELECT company_id, id, 'ENTRY', '応募受付', 1 FROM openings`)
	require.Equal(t, lines, b.importRules(t, file.String()).Created)
	require.Equal(t, lines, b.importRules(t, file.String()).Unchanged)
	require.Equal(t, lines, b.importRules(t, strings.ReplaceAll(file.String(), "求人1", "求人2")).Unchanged+b.number(t, "SELECT count(*) FROM routing_rules WHERE revision = 2"))
	t.Logf("%d statements for three files of %d lines", asked.all.Load(), lines)
	require.Less(t, asked.all.Load(), int64(lines/10))
	require.Len(t, b.rules(t), lines)
}
