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
			source.refill(reader.InputOffset())
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
	// given is what was given out from where this line begins, and total and ends how much and how many ends of
	// lines in all.
	given []byte
	total int64
	ends  int
}

// refill begins a line at an offset.
func (r *ration) refill(offset int64) {
	r.left, r.lines = MaxRecord, 0
	r.given = r.since(offset)
}

// since is what was given out from an offset on that lies in this line.
func (r *ration) since(offset int64) []byte {
	return r.given[len(r.given)-min(int(r.total-offset), len(r.given)):]
}

// Read implements io.Reader.
func (r *ration) Read(p []byte) (int, error) {
	if r.left <= 0 {
		return 0, errRation
	}
	n, err := r.from.Read(p[:min(len(p), r.left)])
	r.given = append(r.given, p[:n]...)
	ends := bytes.Count(p[:n], newline)
	r.left, r.lines, r.total, r.ends = r.left-n, r.lines+ends, r.total+int64(n), r.ends+ends
	return n, err
}

var newline = []byte{'\n'}

// lineAt is the line that begins at an offset.
func (r *ration) lineAt(offset int64) int {
	return r.ends - bytes.Count(r.since(offset), newline) + 1
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
	text := r.given[:len(r.given)-len(r.since(offset))]
	return Row{Line: wrong.StartLine, Cells: []string{string(bytes.Trim(text, "\r\n"))}, Fault: BadQuotes}, nil
}

// endsOpen reports whether the last line leaves a quote open.
func (r *ration) endsOpen() bool {
	text := bytes.TrimRight(r.given, "\r\n")
	return bytes.Count(text[bytes.LastIndexByte(text, '\n')+1:], []byte{'"'})%2 == 1
}
