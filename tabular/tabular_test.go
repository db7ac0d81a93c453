package tabular_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"renkei/tabular"
)

// read reads a whole file as Detect says.
func read(file string) (tabular.Format, []tabular.Row, error) {
	f, err := tabular.Detect(strings.NewReader(file))
	if err != nil {
		return f, nil, err
	}
	var rows []tabular.Row
	for row, err := range tabular.Rows(strings.NewReader(file), f) {
		if err != nil {
			return f, rows, err
		}
		rows = append(rows, row)
	}
	return f, rows, nil
}

func requireReason(t *testing.T, err error, reason tabular.Reason, line int) {
	t.Helper()
	wrong, ok := tabular.AsError(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, reason, wrong.Reason)
	require.Equal(t, line, wrong.Line)
}

func TestCSVWithAQuoteThatIsNotClosedEndsAtItsLine(t *testing.T) {
	t.Parallel()
	for name, file := range map[string]string{
		"at the end":                   "氏名,職種\n\n山田,営業\n\"佐藤,営業",
		"before a line":                "氏名,職種\n\n山田,営業\n\"佐藤,営業\n鈴木,開発\n",
		"before another quote":         "氏名,職種\n\n山田,営業\n\"佐藤,営業\n鈴木,\"開発\"\n田中,営業\n",
		"before more than a line's":    "氏名,職種\n\n山田,営業\n\"佐藤,営業\n" + strings.Repeat("鈴木,開発\n", 100_000),
		"behind a cell of three lines": "氏名,職\n\"山\n田\n\",\"佐藤\n",
	} {
		line := 4
		if strings.HasPrefix(name, "behind") {
			line = 2
		}
		_, rows, err := read(file)
		requireReason(t, err, tabular.UnclosedQuote, line)
		require.LessOrEqual(t, len(rows), 2, name)
		require.NotContains(t, err.Error(), "佐藤")
	}
}

func TestCSVLineThatIsTooLongEndsTheFileAndSwallowsNothing(t *testing.T) {
	t.Parallel()
	_, rows, err := read("氏名,職種\n山田,\"営\n業\"\n" + strings.Repeat("x", tabular.MaxRecord+10_000) + "\n")
	requireReason(t, err, tabular.LineTooLong, 4)
	require.Len(t, rows, 2)
}

func TestCSVLineWithABadQuoteIsOneLineAndTheNextIsWhole(t *testing.T) {
	t.Parallel()
	_, rows, err := read("氏名,職種\n山\"田,営業\n\"佐藤\"さん,営業\n鈴木,開発\n\"田中\"x")
	require.NoError(t, err)
	require.Equal(t, []tabular.Row{
		{Line: 1, Cells: []string{"氏名", "職種"}},
		{Line: 2, Cells: []string{"山\"田,営業"}, Fault: tabular.BadQuotes},
		{Line: 3, Cells: []string{"\"佐藤\"さん,営業"}, Fault: tabular.BadQuotes},
		{Line: 4, Cells: []string{"鈴木", "開発"}},
		{Line: 5, Cells: []string{"\"田中\"x"}, Fault: tabular.BadQuotes},
	}, rows)
	// Where a line lies across what is read at once, and behind empty ones.
	long := strings.Repeat("髙,", 20_000) + "a\"b"
	_, rows, err = read("氏名,職種\r\n\r\n" + strings.Repeat("山田,営業\r\n", 1000) + "\n\r\n" + long + "\r\n鈴木,開発\n")
	require.NoError(t, err)
	require.Equal(t, tabular.Row{Line: 1005, Cells: []string{long}, Fault: tabular.BadQuotes}, rows[1001])
	require.Equal(t, []string{"鈴木", "開発"}, rows[1002].Cells)
}

func TestCSVCellThatIsTooLongIsOneLine(t *testing.T) {
	t.Parallel()
	_, rows, err := read("氏名,自己PR\n山田," + strings.Repeat("x", tabular.MaxField+1) + "\n鈴木," + strings.Repeat("x", tabular.MaxField) + "\n" + strings.Repeat("a,", 1200))
	require.NoError(t, err)
	require.Len(t, rows, 4)
	require.Equal(t, tabular.Row{Line: 2, Cells: []string{"山田", strings.Repeat("x", tabular.MaxField+1)}, Fault: tabular.FieldTooBig}, rows[1])
	require.Empty(t, rows[2].Fault)
	require.Equal(t, tabular.TooManyCols, rows[3].Fault)
	require.Len(t, rows[3].Cells, tabular.MaxColumns)
}

func TestCSVOfAHundredThousandLinesIsReadAndOneMoreIsRefused(t *testing.T) {
	t.Parallel()
	file := "氏名,職種\n" + strings.Repeat("山田,営業\n\n,\n", tabular.MaxLines)
	_, rows, err := read(file)
	require.NoError(t, err, "empty lines do not count")
	require.Len(t, rows, tabular.MaxLines+1)
	_, rows, err = read(file + "山田,営業\n")
	requireReason(t, err, tabular.TooManyLines, 3*tabular.MaxLines+2)
	require.Len(t, rows, tabular.MaxLines+1)
}

func TestFilesThatAreNoTablesAreRefused(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		file   string
		reason tabular.Reason
	}{
		"nothing":            {"", tabular.Empty},
		"white space":        {" \r\n\n\t\n", tabular.Empty},
		"an older workbook":  {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + strings.Repeat("\x00", 600), tabular.Protected},
		"a zip of no sheets": {zipped(t, map[string]string{"a.txt": "x"}), tabular.Unreadable},
		"half a zip":         {"PK\x03\x04 and no more", tabular.Unreadable},
		"a picture":          {"\x89PNG\r\n\x1a\n" + strings.Repeat("\x00\x01\x02\x03", 100), tabular.Unreadable},
	} {
		_, rows, err := read(test.file)
		require.Empty(t, rows, name)
		wrong, ok := tabular.AsError(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, test.reason, wrong.Reason, "%s: %v", name, errors.Unwrap(wrong))
	}
}

func TestFilesThatAreTooLargeAreRefusedBeforeTheyAreRead(t *testing.T) {
	t.Parallel()
	xs := endless(strings.Repeat("x", 1<<16))
	for name, beginning := range map[string]string{"csv": "氏名,職種\n", "utf-16": "\xff\xfea\x00", "xlsx": "PK\x03\x04"} {
		_, err := tabular.Detect(io.MultiReader(strings.NewReader(beginning), io.LimitReader(xs, tabular.MaxSize)))
		requireReason(t, err, tabular.TooLarge, 0)
		_, err = tabular.Detect(io.MultiReader(strings.NewReader(beginning), io.LimitReader(xs, int64(tabular.MaxSize-len(beginning)))))
		require.NoError(t, err, name)
	}
}

// endless is a file that says the same all the time.
type endless string

func (e endless) Read(p []byte) (int, error) { return copy(p, e), nil }

func TestAReaderThatFailsIsNoFaultOfTheFile(t *testing.T) {
	t.Parallel()
	broken := func() io.Reader {
		return io.MultiReader(strings.NewReader("氏名,職種\n山田,営業\n"), failing{})
	}
	_, err := tabular.Detect(broken())
	require.ErrorIs(t, err, io.ErrClosedPipe)
	for _, f := range []tabular.Format{{Kind: tabular.CSV, Encoding: tabular.UTF8, Separator: ','}, {Kind: tabular.XLSX}} {
		for _, err = range tabular.Rows(broken(), f) {
			if err != nil {
				break
			}
		}
		require.ErrorIs(t, err, io.ErrClosedPipe)
		_, ok := tabular.AsError(err)
		require.False(t, ok)
	}
}

type failing struct{}

func (failing) Read([]byte) (int, error) { return 0, io.ErrClosedPipe }

func TestEachEncodingOfCSVIsToldByWhatIsInTheFile(t *testing.T) {
	t.Parallel()
	const text = "氏名,会社名,職種\r\n髙橋 一郎,㈱①商事,営業～企画\r\n﨑山 花子,例社,\"開発\r\n（二行目）\"\r\n"
	want := []tabular.Row{
		{Line: 1, Cells: []string{"氏名", "会社名", "職種"}},
		{Line: 2, Cells: []string{"髙橋 一郎", "㈱①商事", "営業～企画"}},
		{Line: 3, Cells: []string{"﨑山 花子", "例社", "開発\n（二行目）"}},
	}
	encode := func(s string, err error) string {
		require.NoError(t, err)
		return s
	}
	for encoding, file := range map[tabular.Encoding]string{
		tabular.UTF8:    text,
		"with a mark":   "\ufeff" + text,
		tabular.CP932:   encode(japanese.ShiftJIS.NewEncoder().String(text)),
		tabular.UTF16LE: encode(unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(text)),
		tabular.UTF16BE: encode(unicode.UTF16(unicode.BigEndian, unicode.UseBOM).NewEncoder().String(text)),
	} {
		f, rows, err := read(file)
		require.NoError(t, err)
		require.Equal(t, want, rows, encoding)
		if encoding != "with a mark" {
			require.Equal(t, encoding, f.Encoding)
		}
	}
	// As Windows writes them, byte by byte.
	_, rows, err := read("\x8e\x81\x96\xbc,x\n\xfb\xfc,\x87\x8a\x87\x40\n\xfa\xb1,\x81\x60\n")
	require.NoError(t, err)
	require.Equal(t, [][]string{{"氏名", "x"}, {"髙", "㈱①"}, {"﨑", "～"}}, [][]string{rows[0].Cells, rows[1].Cells, rows[2].Cells})
}

func TestWhatIsNoUTF8ShowsWhereverItStands(t *testing.T) {
	t.Parallel()
	late, err := japanese.ShiftJIS.NewEncoder().String("山田,営業\n")
	require.NoError(t, err)
	f, rows, err := read(strings.Repeat("Yamada,Sales\n", 10_000) + late)
	require.NoError(t, err)
	require.Equal(t, tabular.CP932, f.Encoding)
	require.Equal(t, []string{"山田", "営業"}, rows[10_000].Cells)
	require.True(t, f.Doubtful)

	f, rows, err = read(strings.Repeat("山田,営業\n", 10_000) + "佐\xe8藤,営業\n")
	require.NoError(t, err)
	require.Equal(t, tabular.UTF8, f.Encoding, "a character is broken, not the file")
	require.Equal(t, "佐\ufffd藤", rows[10_000].Cells[0])
	require.True(t, f.Doubtful)
	f, rows, err = read("佐\ufffd藤,営業\n")
	require.NoError(t, err)
	require.Equal(t, "佐\ufffd藤", rows[0].Cells[0])
	require.False(t, f.Doubtful, "it is the file's own")
	for cut := range 5 { // where a character lies across two parts of the file
		f, _, err = read(strings.Repeat("x", cut) + strings.Repeat("山", 60_000))
		require.NoError(t, err)
		require.Equal(t, tabular.UTF8, f.Encoding)
	}
}

func TestSeparatorIsWhatTheFirstLinesHaveMostOf(t *testing.T) {
	t.Parallel()
	for file, want := range map[string]rune{
		"氏名,職種\n": ',',
		"氏名\t職種\n山田,太郎\t営業,企画,開発\n": '\t',
		"氏名;職種\n山田;営業\n":            ';',
		"\"氏,名,か,な\";職種\n":          ';',
		"氏名\n山田\n":                  ',',
		"\n\n氏名\t職種,求人\tメール\n":      '\t',
		"氏名\n山田;営業\n佐藤;開発,営業\n":     ';',
	} {
		f, _, err := read(file)
		require.NoError(t, err)
		require.Equal(t, string(want), string(f.Separator), file)
	}
}

// workbook makes an XLSX.
func workbook(t *testing.T, fill func(*excelize.File)) string {
	t.Helper()
	f := excelize.NewFile()
	fill(f)
	var b bytes.Buffer
	require.NoError(t, f.Write(&b))
	require.NoError(t, f.Close())
	return b.String()
}

// zipped makes a zip. What repeats itself is compressed once: the race detector would make minutes of it.
func zipped(tb testing.TB, parts map[string]string) string {
	tb.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for name, text := range parts {
		var p part
		for len(text) > 0 {
			piece := text[:min(len(text), repeats)]
			p.write(tb, piece)
			text = text[len(piece):]
		}
		p.into(tb, w, name)
	}
	require.NoError(tb, w.Close())
	return b.String()
}

// repeats is a size after which what is repeated in these tests begins anew: a text of 1, 6 or 11 bytes.
const repeats = 66 << 14

// part is one of a zip, in pieces that are compressed each by itself.
type part struct {
	last         string
	lastDeflated []byte
	deflated     bytes.Buffer
	sum          uint32
	size         uint64
}

func (p *part) write(tb testing.TB, piece string) {
	tb.Helper()
	if piece != p.last {
		var b bytes.Buffer
		w, err := flate.NewWriter(&b, flate.BestSpeed)
		require.NoError(tb, err)
		_, err = io.WriteString(w, piece)
		require.NoError(tb, err)
		require.NoError(tb, w.Flush())
		p.last, p.lastDeflated = piece, b.Bytes()
	}
	p.deflated.Write(p.lastDeflated)
	p.sum = crc32.Update(p.sum, crc32.IEEETable, []byte(piece))
	p.size += uint64(len(piece))
}

func (p *part) into(tb testing.TB, w *zip.Writer, name string) {
	tb.Helper()
	p.deflated.WriteString("\x01\x00\x00\xff\xff") // the last piece, of nothing
	to, err := w.CreateRaw(&zip.FileHeader{
		Name: name, Method: zip.Deflate, CRC32: p.sum,
		CompressedSize64: uint64(p.deflated.Len()), UncompressedSize64: p.size,
	})
	require.NoError(tb, err)
	_, err = to.Write(p.deflated.Bytes())
	require.NoError(tb, err)
}

// repacked changes a part of a zip.
func repacked(t *testing.T, file, name string, change func(string) string) string {
	t.Helper()
	parts := unzipped(t, file)
	parts[name] = change(parts[name])
	return zipped(t, parts)
}

func unzipped(tb testing.TB, file string) map[string]string {
	tb.Helper()
	r, err := zip.NewReader(strings.NewReader(file), int64(len(file)))
	require.NoError(tb, err)
	parts := make(map[string]string)
	for _, part := range r.File {
		from, err := part.Open()
		require.NoError(tb, err)
		text, err := io.ReadAll(from)
		require.NoError(tb, err)
		parts[part.Name] = string(text)
	}
	return parts
}

func TestXLSXIsReadAsPeopleSeeItWithDatesThatKeepTheirYear(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 11, 23, 9, 30, 0, 0, time.UTC)
	_, rows, err := read(workbook(t, func(f *excelize.File) {
		style := func(s excelize.Style) int {
			id, err := f.NewStyle(&s)
			require.NoError(t, err)
			return id
		}
		short, japan, phone := "m/d", `[$-411]ggge"年"m"月"d"日"`, "000-0000-0000"
		for cell, value := range map[string]any{
			"A1": "氏名", "B1": "応募日", "A3": "髙橋", "B3": at, "C3": at, "D3": 46349.0, "E3": 46349.0, "F3": 9012345678, "G3": 123456789012, "H3": true, "J3": "右端",
		} {
			require.NoError(t, f.SetCellValue("Sheet1", cell, value))
		}
		for cell, s := range map[string]excelize.Style{
			"B3": {NumFmt: 22}, "C3": {CustomNumFmt: &short}, "D3": {NumFmt: 14}, "E3": {CustomNumFmt: &japan}, "F3": {CustomNumFmt: &phone},
		} {
			require.NoError(t, f.SetCellStyle("Sheet1", cell, cell, style(s)))
		}
		require.NoError(t, f.SetCellFormula("Sheet1", "I3", "1+1"))
	}))
	require.NoError(t, err)
	require.Equal(t, []tabular.Row{
		{Line: 1, Cells: []string{"氏名", "応募日"}},
		{Line: 3, Cells: []string{"髙橋", "2026-11-23 09:30:00", "2026-11-23 09:30:00", "2026-11-23", "2026-11-23", "090-1234-5678", "123456789012", "TRUE", "", "右端"}},
	}, rows)
}

func TestXLSXFormulasAreNeverCalculated(t *testing.T) {
	t.Parallel()
	file := workbook(t, func(f *excelize.File) {
		require.NoError(t, f.SetCellValue("Sheet1", "A1", "氏名"))
		require.NoError(t, f.SetCellFormula("Sheet1", "A2", `HYPERLINK("https://example.com","x")`))
	})
	file = repacked(t, file, "xl/worksheets/sheet1.xml", func(xml string) string {
		require.Contains(t, xml, "</f>")
		return strings.Replace(xml, "</f>", "</f><v>山田</v>", 1)
	})
	_, rows, err := read(file)
	require.NoError(t, err)
	require.Equal(t, []string{"山田"}, rows[1].Cells, "as last calculated")
}

func TestXLSXSheetThatIsHiddenIsNotRead(t *testing.T) {
	t.Parallel()
	_, rows, err := read(workbook(t, func(f *excelize.File) {
		require.NoError(t, f.SetCellValue("Sheet1", "A1", "hidden"))
		for _, name := range []string{"応募者", "あと"} {
			_, err := f.NewSheet(name)
			require.NoError(t, err)
			require.NoError(t, f.SetCellValue(name, "A1", name))
		}
		f.SetActiveSheet(1)
		require.NoError(t, f.SetSheetVisible("Sheet1", false))
	}))
	require.NoError(t, err)
	require.Equal(t, []tabular.Row{{Line: 1, Cells: []string{"応募者"}}}, rows)
}

func TestXLSXThatUnpacksToTooMuchIsRefusedAndNothingIsLeft(t *testing.T) {
	t.Parallel()
	honest := workbook(t, func(f *excelize.File) { require.NoError(t, f.SetCellValue("Sheet1", "A1", "x")) })
	const megabytes = 1 << 20
	bomb := repacked(t, honest, "xl/media/image1.png", func(string) string { return strings.Repeat("\x00", 40*megabytes) })
	require.Less(t, len(bomb), megabytes)
	_, _, err := read(bomb)
	requireReason(t, err, tabular.TooLarge, 0)

	var sheet bytes.Buffer
	w := zip.NewWriter(&sheet)
	var zeros part
	for range 513 {
		zeros.write(t, strings.Repeat("\x00", megabytes))
	}
	zeros.into(t, w, "xl/worksheets/sheet1.xml")
	require.NoError(t, w.Close())
	_, _, err = read(sheet.String())
	requireReason(t, err, tabular.TooLarge, 0)

	_, _, err = read(repacked(t, honest, "xl/worksheets/sheet1.xml", func(xml string) string {
		return strings.Replace(xml, "<v>0</v>", "<v>99999999999</v>", 1)
	}))
	require.NoError(t, err, "a text that is not there is none")
	_, _, err = read(repacked(t, honest, "xl/worksheets/sheet1.xml", func(xml string) string {
		return strings.Replace(xml, `r="A1"`, `r="ZZZZZZ1"`, 1)
	}))
	requireReason(t, err, tabular.Unreadable, 1)
}

func TestXLSXOfEmptyRowsHasNoMoreThanASpreadsheet(t *testing.T) {
	t.Parallel()
	honest := workbook(t, func(f *excelize.File) { require.NoError(t, f.SetCellValue("Sheet1", "A1", "x")) })
	_, rows, err := read(repacked(t, honest, "xl/worksheets/sheet1.xml", func(xml string) string {
		return strings.Replace(xml, "</sheetData>", strings.Repeat("<row/>", excelize.TotalRows)+"</sheetData>", 1)
	}))
	requireReason(t, err, tabular.TooManyLines, excelize.TotalRows+1)
	require.Len(t, rows, 1)
}

func TestXLSXRowThatIsTooLongEndsTheFile(t *testing.T) {
	t.Parallel()
	_, rows, err := read(workbook(t, func(f *excelize.File) {
		require.NoError(t, f.SetCellValue("Sheet1", "A1", "x"))
		for n := range 12 {
			cell, err := excelize.CoordinatesToCellName(n+1, 2)
			require.NoError(t, err)
			require.NoError(t, f.SetCellValue("Sheet1", cell, strings.Repeat("x", 30_000)))
		}
	}))
	requireReason(t, err, tabular.LineTooLong, 2)
	require.Len(t, rows, 1)
}

// someLines of six cells are enough for their sheet and for their texts to be unpacked onto the disk.
const someLines = 8_000

// inFolder reads a workbook that is unpacked in a folder, and tells look of each line.
func inFolder(t *testing.T, file, folder string, look func(tabular.Row) bool) {
	t.Helper()
	for row, err := range tabular.Rows(strings.NewReader(file), tabular.Format{Kind: tabular.XLSX, Folder: folder}) {
		require.NoError(t, err)
		if !look(row) {
			return
		}
	}
}

func TestXLSXIsUnpackedWhereItsReaderSaysAndHasNoNameThereOnceItIsRead(t *testing.T) {
	t.Parallel()
	for name, shared := range map[string]bool{"texts in cells": false, "shared texts": true} {
		file := bigWorkbook(t, someLines, 6, shared)
		folder := filepath.Join(t.TempDir(), "unpacked")
		read := 0
		inFolder(t, file, folder, func(row tabular.Row) bool {
			read++
			require.Equal(t, fmt.Sprintf("応募者 %d の項目 5", row.Line-1), row.Cells[5])
			if read%1000 == 1 {
				left, err := os.ReadDir(folder)
				require.NoError(t, err)
				require.Empty(t, left, name)
			}
			return true
		})
		require.Equal(t, someLines, read)
		inFolder(t, file, folder, func(tabular.Row) bool { return false })
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Empty(t, left)
	}
}

func TestXLSXIsUnpackedWhereNobodyElseCanRead(t *testing.T) {
	t.Parallel()
	folder := filepath.Join(t.TempDir(), "unpacked")
	// Its texts are unpacked, and no cell has asked for one yet.
	file := repacked(t, bigWorkbook(t, someLines, 6, true), "xl/worksheets/sheet1.xml", func(string) string {
		return `<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c></row></sheetData></worksheet>`
	})
	looked := false
	inFolder(t, file, folder, func(tabular.Row) bool {
		looked = true
		left, err := os.ReadDir(folder)
		require.NoError(t, err)
		require.Len(t, left, 1)
		info, err := left[0].Info()
		require.NoError(t, err)
		require.Equal(t, os.FileMode(0o700), info.Mode().Perm())
		return true
	})
	require.True(t, looked)
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Empty(t, left)
}

func TestSweepRemovesWhatKilledProcessesLeftAndNothingElse(t *testing.T) {
	t.Parallel()
	require.NoError(t, tabular.Sweep(filepath.Join(t.TempDir(), "not there"), time.Hour))
	folder := t.TempDir()
	old := time.Now().Add(-2 * time.Hour)
	for name, changed := range map[string]time.Time{"renkei-xlsx-old": old, "renkei-xlsx-new": time.Now(), "another": old} {
		dir := filepath.Join(folder, name)
		require.NoError(t, os.Mkdir(dir, 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(dir, "excelize-1"), []byte("山田"), 0o600))
		require.NoError(t, os.Chtimes(dir, changed, changed))
	}
	require.NoError(t, tabular.Sweep(folder, time.Hour))
	require.NoFileExists(t, filepath.Join(folder, "renkei-xlsx-old", "excelize-1"))
	require.NoDirExists(t, filepath.Join(folder, "renkei-xlsx-old"))
	require.DirExists(t, filepath.Join(folder, "renkei-xlsx-new"))
	require.DirExists(t, filepath.Join(folder, "another"))
}

// bigWorkbook has so many lines, no two of their texts alike: in the cells, or where Excel has them.
func bigWorkbook(t *testing.T, lines, columns int, shared bool) string {
	t.Helper()
	var sheet, texts strings.Builder
	for n := range lines {
		fmt.Fprintf(&sheet, `<row r="%d">`, n+1)
		for i := range columns {
			text := fmt.Sprintf("<t>応募者 %d の項目 %d</t>", n, i)
			at := fmt.Sprintf(`r="%c%d"`, 'A'+i, n+1)
			if shared {
				texts.WriteString("<si>" + text + "</si>")
				fmt.Fprintf(&sheet, `<c %s t="s"><v>%d</v></c>`, at, n*columns+i)
				continue
			}
			sheet.WriteString("<c " + at + ` t="inlineStr"><is>` + text + "</is></c>")
		}
		sheet.WriteString("</row>")
	}
	parts := unzipped(t, workbook(t, func(*excelize.File) {}))
	parts["xl/worksheets/sheet1.xml"] = "<worksheet><sheetData>" + sheet.String() + "</sheetData></worksheet>"
	parts["xl/sharedStrings.xml"] = sst + texts.String() + "</sst>"
	return zipped(t, parts)
}

const sst = `<sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main">`

// heapDuring is how much more there is on the heap, at most, while f runs. What is dead is collected at once, so that
// it hardly counts.
func heapDuring(f func()) int64 {
	defer debug.SetGCPercent(debug.SetGCPercent(10))
	runtime.GC()
	var before, now runtime.MemStats
	runtime.ReadMemStats(&before)
	done, most := make(chan struct{}), make(chan uint64)
	go func() {
		tick := time.NewTicker(2 * time.Millisecond)
		defer tick.Stop()
		highest := uint64(0)
		for {
			runtime.ReadMemStats(&now)
			highest = max(highest, now.HeapAlloc)
			select {
			case <-done:
				most <- highest
				return
			case <-tick.C:
			}
		}
	}()
	f()
	close(done)
	return int64(<-most) - int64(before.HeapAlloc)
}

func TestXLSXThatIsSmallAndWouldTakeMuchIsRefusedInLittleMemory(t *testing.T) { //nolint:paralleltest // the heap is everybody's
	const megabyte = 1 << 20
	honest := workbook(t, func(f *excelize.File) { require.NoError(t, f.SetCellValue("Sheet1", "A1", "氏名")) })
	made := func(sheet, texts string) string {
		file := repacked(t, honest, "xl/worksheets/sheet1.xml", func(string) string {
			return "<worksheet><sheetData><row><c t=\"str\"><v>氏名</v></c></row>" + sheet + "</sheetData></worksheet>"
		})
		return repacked(t, file, "xl/sharedStrings.xml", func(string) string { return sst + texts + "</sst>" })
	}
	text := func(size int) string { return "<si><t>" + strings.Repeat("x", size) + "</t></si>" }
	shared, big := `<c t="s"><v>0</v></c>`, tabular.MaxRecord
	repeating := workbook(t, func(f *excelize.File) {
		format := strings.Repeat("@", 200)
		style, err := f.NewStyle(&excelize.Style{CustomNumFmt: &format})
		require.NoError(t, err)
		require.NoError(t, f.SetSheetRow("Sheet1", "A1", &[]any{"x", "x", "x", "x", "x", "x", "x", "x"}))
		require.NoError(t, f.SetCellStyle("Sheet1", "A1", "H1", style))
	})
	for name, test := range map[string]struct {
		file   string
		reason tabular.Reason
		line   int
	}{
		"a text that is too long":            {made("<row>"+strings.Repeat(shared, 800)+"</row>", text(2*megabyte)), tabular.TooLarge, 0},
		"a text that many cells share":       {made("<row>"+strings.Repeat(shared, 800)+"</row>", text(big)), tabular.LineTooLong, 2},
		"a text whose number is indented":    {made("<row>"+strings.Repeat(`<c t="s"><v>`+strings.Repeat(" ", 99)+`0</v></c>`, 800)+"</row>", text(big)), tabular.LineTooLong, 2},
		"a text whose number is told twice":  {made("<row>"+strings.Repeat(`<c t="s"><v>9</v><v>0</v></c>`, 800)+"</row>", text(big)), tabular.LineTooLong, 2},
		"rows that are one":                  {made(strings.Repeat(`<row r="2">`+shared+"</row>", 800), text(big)), tabular.LineTooLong, 2},
		"a cell that is too long":            {made("<row><c t=\"inlineStr\"><is><t>"+strings.Repeat("x", 20*megabyte)+"</t></is></c></row>", ""), tabular.TooLarge, 0},
		"more cells than a spreadsheet has":  {made("<row>"+strings.Repeat("<c><f/></c>", megabyte)+"</row>", ""), tabular.LineTooLong, 2},
		"what is too long between the cells": {made("<row a=\""+strings.Repeat("x", 20*megabyte)+"\"/>", ""), tabular.TooLarge, 0},
		"a text of too many parts":           {made("<row>"+shared+"</row>", "<si>"+strings.Repeat("<r><t/></r>", megabyte)+"</si>"), tabular.TooLarge, 0},
		"a format that repeats its text": {repacked(t, repeating, "xl/sharedStrings.xml", func(string) string {
			return sst + text(big/8-1) + "</sst>"
		}), "", 0},
	} {
		require.Less(t, len(test.file), megabyte, name)
		var rows []tabular.Row
		var err error
		most := heapDuring(func() { _, rows, err = read(test.file) })
		require.Less(t, most, int64(16*megabyte), name)
		if test.reason == "" {
			require.NoError(t, err, name)
			require.Len(t, rows, 1)
			continue
		}
		wrong, ok := tabular.AsError(err)
		require.True(t, ok, "%s: %v", name, err)
		require.Equal(t, test.reason, wrong.Reason, "%s: %v", name, errors.Unwrap(wrong))
		require.Equal(t, test.line, wrong.Line, name)
	}
}

func TestXLSXWithTwoPartsOfOneNameIsRefused(t *testing.T) {
	t.Parallel()
	parts := unzipped(t, workbook(t, func(f *excelize.File) { require.NoError(t, f.SetCellValue("Sheet1", "A1", "x")) }))
	parts[`xl\SharedStrings.xml`] = parts["xl/sharedStrings.xml"]
	_, _, err := read(zipped(t, parts))
	requireReason(t, err, tabular.Unreadable, 0)
}

func TestManyLinesOfXLSXAndOfCSVAreReadInLittleMemory(t *testing.T) { //nolint:paralleltest // the heap is everybody's
	const lines, looks = 20_000, 10
	for name, file := range map[string]string{
		"xlsx": bigWorkbook(t, lines, 2, false),
		"csv":  strings.Repeat(strings.Repeat("応募者の項目,", 30)+"\n", lines),
	} {
		f, err := tabular.Detect(strings.NewReader(file))
		require.NoError(t, err)
		live := func() int64 {
			var now runtime.MemStats
			runtime.GC()
			runtime.ReadMemStats(&now)
			return int64(now.HeapAlloc)
		}
		before, most, rows := live(), int64(0), 0
		for _, err := range tabular.Rows(strings.NewReader(file), f) {
			require.NoError(t, err)
			if rows++; rows%(lines/looks) == 0 {
				most = max(most, live())
			}
		}
		require.Equal(t, lines, rows)
		t.Logf("%s: %d KB of file, %d KB of heap", name, len(file)>>10, (most-before)>>10)
		require.Less(t, most-before, int64(8<<20), name)
	}
}
