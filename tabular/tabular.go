package tabular

import (
	"errors"
	"fmt"
	"io"
	"iter"
)

// The bounds of what is read.
const (
	// MaxSize is the longest file.
	MaxSize = 64 << 20
	// MaxLines is how many lines a file may have that are not empty, besides the first.
	MaxLines = 100_000
	// MaxField is the longest cell, in bytes of UTF-8: a line with a longer one is marked.
	MaxField = 64 << 10
	// MaxRecord is the longest line, in bytes of UTF-8: there a file ends, since nearly always a quote is not closed.
	MaxRecord = 256 << 10
	// MaxColumns is how many cells of a line are looked at.
	MaxColumns = 1000
)

// Kind is what a file is.
type Kind string

// The kinds of files, told by what is in them and not by their names.
const (
	CSV  Kind = "CSV"
	XLSX Kind = "XLSX"
)

// Encoding is how a CSV writes its characters.
type Encoding string

// The encodings. CP932 is Windows' Shift_JIS, with ①, ㈱ and 髙.
const (
	UTF8    Encoding = "UTF_8"
	UTF16LE Encoding = "UTF_16_LE"
	UTF16BE Encoding = "UTF_16_BE"
	CP932   Encoding = "CP932"
)

// Format is how a file is to be read.
type Format struct {
	Kind Kind
	// Encoding and Separator are of a CSV.
	Encoding  Encoding
	Separator rune
	// Doubtful says that a U+FFFD need not be the file's own, but may stand for what is no character.
	Doubtful bool
	// Folder is where an XLSX is unpacked, in a folder of its own that nobody else can read; empty is os.TempDir().
	Folder string
}

// Row is a line that is not empty.
type Row struct {
	// Line is where it begins, from 1: as an editor counts lines, and a spreadsheet rows.
	Line int
	// Cells are as many as the line has.
	Cells []string
	// Fault says that the line cannot be trusted; Cells are then what it says all the same: after BadQuotes the whole
	// line as one, after FieldTooBig also those that are too long. MaxRecord holds.
	Fault Fault
}

// Fault is what is wrong with one line, while those behind it are not touched.
type Fault string

// The faults: a quote where none may be, a cell longer than MaxField, more cells than MaxColumns.
const (
	BadQuotes   Fault = "BAD_QUOTES"
	FieldTooBig Fault = "FIELD_TOO_LONG"
	TooManyCols Fault = "TOO_MANY_COLUMNS"
)

// Reason is why a file cannot be read to its end.
type Reason string

// The reasons.
const (
	// Unreadable: this is no CSV and no XLSX, or a broken one.
	Unreadable Reason = "UNREADABLE"
	// Protected: a password is asked for, or it is of the kind before XLSX; the two look alike.
	Protected Reason = "PROTECTED"
	// Empty: there is no line.
	Empty Reason = "EMPTY"
	// UnclosedQuote: what follows the quote in Error.Line would all be one cell.
	UnclosedQuote Reason = "UNCLOSED_QUOTE"
	// LineTooLong: the line is longer than MaxRecord.
	LineTooLong Reason = "LINE_TOO_LONG"
	// TooManyLines: there are more than MaxLines, or more empty rows than a spreadsheet has.
	TooManyLines Reason = "TOO_MANY_LINES"
	// TooLarge: the file, or what it unpacks to, is larger than anybody's list of applicants.
	TooLarge Reason = "TOO_LARGE"
)

// Error says why a file cannot be read to its end. It quotes nothing of the file.
type Error struct {
	Reason Reason
	// Line is where, or 0.
	Line int
	err  error
}

func (e *Error) Error() string {
	text := "file: " + string(e.Reason)
	if e.Line > 0 {
		text += fmt.Sprintf(" at line %d", e.Line)
	}
	return text
}

func (e *Error) Unwrap() error { return e.err }

// AsError finds the Error in err, if there is one. Any other error is the reader's own.
func AsError(err error) (*Error, bool) { return errors.AsType[*Error](err) }

// Rows reads the lines of a file that are not empty. It ends with the first error: an *Error where it is the file's.
// Lines up to MaxLines behind the first are read, and one more is an error.
func Rows(file io.Reader, f Format) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		count := 0
		rows := csvRows(file, f)
		if f.Kind == XLSX {
			rows = xlsxRows(file, f.Folder)
		}
		for row, err := range rows {
			if err != nil {
				yield(Row{}, err)
				return
			}
			if blank(row) {
				continue
			}
			if count++; count > MaxLines+1 {
				yield(Row{}, &Error{Reason: TooManyLines, Line: row.Line})
				return
			}
			if !yield(bounded(row), nil) {
				return
			}
		}
	}
}

// blank reports whether a line holds nothing, as the last ones of a spreadsheet often do.
func blank(row Row) bool {
	for _, cell := range row.Cells {
		if cell != "" {
			return false
		}
	}
	return row.Fault == ""
}

func bounded(row Row) Row {
	if len(row.Cells) > MaxColumns {
		return Row{Line: row.Line, Cells: row.Cells[:MaxColumns], Fault: TooManyCols}
	}
	for _, cell := range row.Cells {
		if len(cell) > MaxField && row.Fault == "" {
			row.Fault = FieldTooBig
		}
	}
	return row
}
