package tabular_test

import (
	"bytes"
	"maps"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/japanese"

	"renkei/tabular"
)

// requireSound makes sure of what a caller relies on, whatever the file is.
func requireSound(t *testing.T, file string) {
	t.Helper()
	f, rows, err := read(file)
	if err != nil {
		_, ok := tabular.AsError(err)
		require.True(t, ok, "only a reader that fails is no fault of the file: %v", err)
	}
	again, _, _ := read(file)
	require.Equal(t, f, again)
	line := 0
	for _, row := range rows {
		require.Greater(t, row.Line, line, "lines rise")
		line = row.Line
		require.LessOrEqual(t, len(row.Cells), tabular.MaxColumns)
		for _, cell := range row.Cells {
			most := tabular.MaxField
			if row.Fault != "" {
				most = tabular.MaxRecord
			}
			require.LessOrEqual(t, len(cell), most)
			if f.Kind == tabular.CSV {
				require.True(t, utf8.ValidString(cell))
			}
		}
	}
	if f.Kind == tabular.CSV {
		require.LessOrEqual(t, line, strings.Count(file, "\n")+1)
	}
}

func FuzzCSV(f *testing.F) {
	text := "氏名,職種\r\n髙橋,\"営業\n\"\"企画\"\"\"\n\n佐藤;x\ty,\"z"
	f.Add(text)
	f.Add("\ufeff" + text)
	f.Add("\xff\xfea\x00,\x00b\x00\n\x00")
	f.Add("\xfe\xff\x00a\x00\n")
	windows, err := japanese.ShiftJIS.NewEncoder().String(text)
	require.NoError(f, err)
	f.Add(windows)
	f.Add("a,b\n\"" + strings.Repeat("x,\n", 100_000))
	f.Fuzz(func(t *testing.T, file string) { requireSound(t, file) })
}

// FuzzXLSX changes the parts of a workbook that a table is read off; a changed zip is mostly no zip.
func FuzzXLSX(f *testing.F) {
	book := excelize.NewFile()
	require.NoError(f, book.SetSheetRow("Sheet1", "A1", &[]any{"氏名", 46349.4, true, "<&>"}))
	var whole bytes.Buffer
	require.NoError(f, book.Write(&whole))
	require.NoError(f, book.Close())
	parts := unzipped(f, whole.String())
	changed := []string{"xl/worksheets/sheet1.xml", "xl/sharedStrings.xml", "xl/styles.xml", "xl/workbook.xml"}
	f.Add(parts[changed[0]], parts[changed[1]], parts[changed[2]], parts[changed[3]])
	f.Add("<worksheet><sheetData><row r=\"3\"><c r=\"B3\" t=\"inlineStr\"><is><t>x</t></is></c></row></sheetData></worksheet>", "", "", parts[changed[3]])
	f.Fuzz(func(t *testing.T, sheet, texts, styles, book string) {
		file := maps.Clone(parts)
		for i, text := range []string{sheet, texts, styles, book} {
			file[changed[i]] = text
		}
		requireSound(t, zipped(t, file))
	})
}
