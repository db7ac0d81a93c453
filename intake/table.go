package intake

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"slices"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
)

// table is what a file holds, row by row.
type table struct {
	header []string
	rows   []tableRow
	// broken is the line from which on the file could not be read; 0 where it was read to its end.
	broken int
}

type tableRow struct {
	// line is where it begins in the file.
	line  int
	cells []string
}

var (
	errTableTooLarge = errors.New("the file is too large")
	errTableTooLong  = errors.New("the file has too many rows")
	errTableUnknown  = errors.New("the file is in no encoding that is known")
)

// readTable reads a CSV in UTF-8, with or without BOM, or in Shift_JIS as Windows writes it, parted by commas or
// tabs. Rows without anything in them are passed over.
func readTable(file io.Reader, maxBytes int64, maxRows int) (table, error) {
	raw, err := io.ReadAll(io.LimitReader(file, maxBytes+1))
	if err != nil {
		return table{}, fmt.Errorf("read file: %w", err)
	}
	if int64(len(raw)) > maxBytes {
		return table{}, errTableTooLarge
	}
	if raw, err = inUTF8(raw); err != nil {
		return table{}, err
	}
	reader := csv.NewReader(bytes.NewReader(raw))
	reader.FieldsPerRecord = -1
	first, _, _ := bytes.Cut(raw, []byte("\n"))
	if !bytes.ContainsRune(first, ',') && bytes.ContainsRune(first, '\t') {
		reader.Comma = '\t'
	}
	var t table
	for {
		cells, err := reader.Read()
		wrong, is := errors.AsType[*csv.ParseError](err)
		switch {
		case errors.Is(err, io.EOF):
			return t, nil
		case is:
			t.broken = wrong.StartLine
			return t, nil
		case err != nil:
			return t, fmt.Errorf("read file: %w", err)
		case !slices.ContainsFunc(cells, func(c string) bool { return c != "" }):
			continue
		case t.header == nil:
			t.header = cells
			continue
		case len(t.rows) == maxRows:
			return t, errTableTooLong
		}
		line, _ := reader.FieldPos(0)
		t.rows = append(t.rows, tableRow{line, cells})
	}
}

func inUTF8(raw []byte) ([]byte, error) {
	raw = bytes.TrimPrefix(raw, []byte("\ufeff"))
	if utf8.Valid(raw) {
		return raw, nil
	}
	decoded, err := japanese.ShiftJIS.NewDecoder().Bytes(raw)
	if err != nil || bytes.ContainsRune(decoded, utf8.RuneError) {
		return nil, errTableUnknown
	}
	return decoded, nil
}

// cell is a row's in a column; empty where the row is shorter, and for column -1.
func (r tableRow) cell(column int) string {
	if column < 0 || column >= len(r.cells) {
		return ""
	}
	return PlainCell(r.cells[column])
}
