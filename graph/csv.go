package graph

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // the program may stand where there is none

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"renkei/intake"
)

const (
	// progressWithin is how long a client may take to accept a piece of a file. The server's own time is for all of
	// an answer, and a file has no longest length.
	progressWithin = 5 * time.Second
	// exportsAtOnce bounds the exports of a process.
	exportsAtOnce = 8
	defaultZone   = "Asia/Tokyo"
)

var (
	errBadParameter    = errors.New("a parameter of the address is not one of ours")
	errTooManyExports  = errors.New("one export at a time: wait for the other to end")
	errExportsAreTaken = errors.New("too many exports at once: try again in a while")
)

// serveSheet serves a file for spreadsheets. write returns an error as long as nothing is sent. Behind that the
// connection is cut, so that half a file does not pass for one.
func serveSheet(s *sheetOf, write func(*sheet, *http.Request) error) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		sheet := &sheet{of: s, to: &progress{to: w, control: http.NewResponseController(w)}, header: w.Header()}
		err := errUnknownActor(r)
		if err == nil {
			err = write(sheet, r)
		}
		if err == nil {
			err = sheet.end()
		}
		switch {
		case err != nil && sheet.csv != nil:
			zerolog.Ctx(r.Context()).Error().Err(err).Str("request", requestID(r.Context())).Msg("export of " + s.name + " is cut off")
			panic(http.ErrAbortHandler)
		case err != nil:
			refuseRequest(w, r, away(err))
		}
	})
}

func errUnknownActor(r *http.Request) error {
	if !known(actor(r.Context())) {
		return intake.ErrUnauthenticated
	}
	return nil
}

// sheetOf says what a file is called.
type sheetOf struct {
	name string
	// local is its name in Japanese, if it has one.
	local string
}

func (s *sheetOf) disposition() string {
	d := `attachment; filename="` + s.name + `"`
	if s.local != "" {
		d += "; filename*=UTF-8''" + url.PathEscape(s.local)
	}
	return d
}

// sheet is a CSV on its way out.
type sheet struct {
	of     *sheetOf
	to     *progress
	header http.Header
	csv    *csv.Writer
	// columns stand above the first row.
	columns []string
}

// begin sends what comes before the first row, once.
func (s *sheet) begin() error {
	if s.csv != nil {
		return nil
	}
	s.header.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	s.header.Set("Content-Disposition", s.of.disposition())
	s.header.Set("Cache-Control", "no-store")
	s.header.Set("X-Content-Type-Options", "nosniff")
	s.csv = csv.NewWriter(s.to)
	s.csv.UseCRLF = true
	// Excel takes a file for UTF-8 only if it says so.
	if _, err := io.WriteString(s.to, "\ufeff"); err != nil {
		return err
	}
	for i, name := range s.columns {
		s.columns[i] = intake.HarmlessCell(name)
	}
	return s.csv.WriteAll([][]string{s.columns})
}

// write sends rows, which no spreadsheet takes for formulas.
func (s *sheet) write(rows [][]string) error {
	if err := s.begin(); err != nil {
		return err
	}
	for _, row := range rows {
		for i, cell := range row {
			row[i] = intake.HarmlessCell(cell)
		}
	}
	return s.csv.WriteAll(rows)
}

// send writes rows that are to have left when it returns.
func (s *sheet) send(rows [][]string) error {
	if err := s.write(rows); err != nil {
		return err
	}
	return s.to.flush()
}

// end sends what the connection still holds back.
func (s *sheet) end() error {
	if err := s.begin(); err != nil {
		return err
	}
	return s.to.flush()
}

// progress is a connection that must go on taking in what it is sent.
type progress struct {
	to      io.Writer
	control *http.ResponseController
}

// Write implements io.Writer. A csv.Writer hands over a few kilobytes at a time.
func (p *progress) Write(b []byte) (int, error) {
	if err := p.hurry(progressWithin); err != nil {
		return 0, err
	}
	return p.to.Write(b)
}

func (p *progress) flush() error {
	if err := p.hurry(progressWithin); err != nil {
		return err
	}
	if err := p.control.Flush(); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// hurry gives what comes next its time. A writer without deadlines has nobody at its end.
func (p *progress) hurry(within time.Duration) error {
	if err := p.control.SetWriteDeadline(time.Now().Add(within)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return nil
}

// parameters reads the query of an address, and remembers what is wrong with it. No error of it repeats what was
// sent.
type parameters struct {
	values url.Values
	known  []string
	err    error
}

func (p *parameters) has(name string) bool {
	p.known = append(p.known, name)
	return p.values.Has(name)
}

func (p *parameters) wrong(name, why string) {
	if p.err == nil {
		p.err = fmt.Errorf("%w: `%s` %s", errBadParameter, name, why)
	}
}

// text is any.
func (p *parameters) text(name string) *string {
	if !p.has(name) {
		return nil
	}
	return new(p.values.Get(name))
}

func (p *parameters) id(name string) *uuid.UUID {
	if !p.has(name) {
		return nil
	}
	id, err := uuid.Parse(p.values.Get(name))
	if err != nil {
		p.wrong(name, "is no id")
	}
	return &id
}

// instant is a time of RFC 3339.
func (p *parameters) instant(name string) *time.Time {
	if !p.has(name) {
		return nil
	}
	at, err := time.Parse(time.RFC3339Nano, p.values.Get(name))
	if err != nil {
		p.wrong(name, "is no instant of RFC 3339, such as 2026-04-01T00:00:00+09:00")
	}
	return &at
}

// oneOf is one of a few values; nil where it is not given.
func oneOf[T ~string](p *parameters, name string, values ...T) *T {
	if !p.has(name) {
		return nil
	}
	value := T(p.values.Get(name))
	if !slices.Contains(values, value) {
		p.wrong(name, fmt.Sprint("is one of ", values))
	}
	return &value
}

// language is Japanese unless it is said.
func (p *parameters) language() intake.Language {
	if l := oneOf(p, "lang", intake.Japanese, intake.English); l != nil {
		return *l
	}
	return intake.Japanese
}

// zone is where the reader's clock stands.
func (p *parameters) zone() *time.Location {
	name := defaultZone
	if p.has("zone") {
		name = p.values.Get("zone")
	}
	zone, err := time.LoadLocation(name)
	if err != nil || name == "" || name == "Local" {
		p.wrong("zone", "is a name such as Asia/Tokyo or UTC")
		return time.UTC
	}
	return zone
}

// done returns what is wrong. A misspelt filter is: it would let everybody out.
func (p *parameters) done() error {
	for name := range p.values {
		if !slices.Contains(p.known, name) && p.err == nil {
			p.err = fmt.Errorf("%w: there are `%s`", errBadParameter, strings.Join(p.known, "`, `"))
		}
	}
	return p.err
}

// readParameters takes an address's query to pieces.
func readParameters(r *http.Request) *parameters {
	values, err := url.ParseQuery(r.URL.RawQuery)
	p := &parameters{values: values}
	if err != nil {
		p.err = errBadParameter
	}
	return p
}

// forSheets is how a spreadsheet knows an instant.
const forSheets = "2006-01-02 15:04:05"
