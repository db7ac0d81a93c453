package tabular

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"iter"
)

// csvRows reads a CSV. A quote that is not closed is told with its line, and nothing behind it is read.
func csvRows(file io.Reader, f Format) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		source := &ration{from: f.decoded(io.LimitReader(file, MaxSize))}
		reader := csv.NewReader(source)
		reader.Comma, reader.FieldsPerRecord = f.Separator, -1
		for {
			source.refill()
			next := source.lineAt(reader.InputOffset())
			cells, err := reader.Read()
			if errors.Is(err, io.EOF) {
				return
			}
			row := Row{Cells: cells}
			if err == nil {
				row.Line, _ = reader.FieldPos(0)
			} else if row, err = source.faulty(err, next, reader.InputOffset()); err != nil {
				yield(Row{}, err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
	}
}

var errRation = errors.New("the line is too long")

// ration lets a reader have so much for each line, since encoding/csv would take a whole file for a cell.
type ration struct {
	from io.Reader
	left int
	// lines are the ends of lines given out for this line.
	lines int
	// last is what was given out last, and total and ends how much and how many ends of lines in all.
	last  []byte
	total int64
	ends  int
}

func (r *ration) refill() { r.left, r.lines = MaxRecord, 0 }

// Read implements io.Reader.
func (r *ration) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRation
	}
	n, err := r.from.Read(p[:min(len(p), r.left)])
	if n > 0 {
		r.last = append(r.last[:0], p[:n]...)
	}
	ends := bytes.Count(p[:n], newline)
	r.left, r.lines, r.total, r.ends = r.left-n, r.lines+ends, r.total+int64(n), r.ends+ends
	return n, err
}

var newline = []byte{'\n'}

// lineAt is the line that begins at an offset: what lies behind it was given out last.
func (r *ration) lineAt(offset int64) int {
	ahead := min(int(r.total-offset), len(r.last))
	return r.ends - bytes.Count(r.last[len(r.last)-ahead:], newline) + 1
}

// faulty tells what is one line's fault from what ends the file. The line began at next, and ended at an offset.
func (r *ration) faulty(err error, next int, offset int64) (Row, error) {
	var wrong *csv.ParseError
	switch {
	case errors.Is(err, errRation) && r.lines > 0:
		return Row{}, &Error{Reason: UnclosedQuote, Line: next}
	case errors.Is(err, errRation):
		return Row{}, &Error{Reason: LineTooLong, Line: next}
	case !errors.As(err, &wrong):
		return Row{}, err
	case wrong.Line > wrong.StartLine, offset == r.total && r.endsOpen():
		// Lines that nobody meant to be one cell: which of them are applicants is anybody's guess.
		return Row{}, &Error{Reason: UnclosedQuote, Line: wrong.StartLine}
	}
	return Row{Line: wrong.StartLine, Fault: BadQuotes}, nil
}

// endsOpen reports whether the last line leaves a quote open.
func (r *ration) endsOpen() bool {
	text := bytes.TrimRight(r.last, "\r\n")
	return bytes.Count(text[bytes.LastIndexByte(text, '\n')+1:], []byte{'"'})%2 == 1
}
