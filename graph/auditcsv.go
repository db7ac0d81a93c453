package graph

import (
	"context"
	"encoding/csv"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/rs/zerolog"

	"renkei/intake"
)

// batchTime is how long a client may take for a batch of lines. The server's own time is for all of an
// answer, and a log has no longest length.
const batchTime = 30 * time.Second

var errBadInstant = errors.New("not an instant of RFC 3339, such as 2026-04-01T00:00:00+09:00")

// serveAudit gives the audit log as a file for spreadsheets: from the first line at or after `from` to the
// last before `to`, or all of it.
func serveAudit(service *intake.Service) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := exportAudit(w, r, service); err != nil {
			refuseRequest(w, r, err)
		}
	})
}

// exportAudit returns an error as long as nothing is sent. Behind that it cuts the connection, so that half a
// log does not pass for one.
func exportAudit(w http.ResponseWriter, r *http.Request, service *intake.Service) error {
	ctx := r.Context()
	a := actor(ctx)
	if a.Member.Roles == nil {
		return intake.ErrUnauthenticated
	}
	from, err := instant(r.URL.Query(), "from")
	if err != nil {
		return err
	}
	to, err := instant(r.URL.Query(), "to")
	if err != nil {
		return err
	}
	sheet := auditSheet{service: service, actor: a, to: w, names: make(map[uuid.UUID]string)}
	err = service.ExportAudit(ctx, a, from, to, func(lines []intake.AuditLine) error { return sheet.write(ctx, lines) })
	if err == nil {
		err = sheet.begin()
	}
	if err != nil && sheet.csv != nil {
		zerolog.Ctx(ctx).Error().Err(err).Str("request", requestID(ctx)).Msg("export of the audit log is cut off")
		panic(http.ErrAbortHandler)
	}
	return err
}

func instant(query url.Values, name string) (*time.Time, error) {
	if !query.Has(name) {
		return nil, nil
	}
	at, err := time.Parse(time.RFC3339Nano, query.Get(name))
	if err != nil {
		return nil, fmt.Errorf("`%s` is %w", name, errBadInstant)
	}
	return &at, nil
}

// auditSheet writes lines of the audit log as CSV.
type auditSheet struct {
	service *intake.Service
	actor   intake.Actor
	to      http.ResponseWriter
	csv     *csv.Writer
	// names are those of the members met so far.
	names map[uuid.UUID]string
}

var auditColumns = []string{
	"n", "at", "actor", "memberId", "memberName", "credential", "credentialId", "address", "action", "summary", "subjectId", "detail",
	"previous", "hash",
}

// begin sends what comes before the first line, once.
func (s *auditSheet) begin() error {
	if s.csv != nil {
		return nil
	}
	h := s.to.Header()
	h.Set("Content-Type", "text/csv; charset=utf-8; header=present")
	h.Set("Content-Disposition", `attachment; filename="audit.csv"`)
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	s.csv = csv.NewWriter(s.to)
	s.csv.UseCRLF = true
	// Excel takes a file for UTF-8 only if it says so.
	if _, err := io.WriteString(s.to, "\ufeff"); err != nil {
		return err
	}
	return s.send([][]string{auditColumns})
}

func (s *auditSheet) write(ctx context.Context, lines []intake.AuditLine) error {
	if err := s.learnNames(ctx, lines); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = s.row(ctx, l)
	}
	return s.send(rows)
}

func (s *auditSheet) send(rows [][]string) error {
	// A writer without deadlines has nobody at its end.
	if err := http.NewResponseController(s.to).SetWriteDeadline(time.Now().Add(batchTime)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	return s.csv.WriteAll(rows)
}

func (s *auditSheet) learnNames(ctx context.Context, lines []intake.AuditLine) error {
	var unknown []uuid.UUID
	for _, l := range lines {
		if l.MemberID == nil {
			continue
		}
		if _, known := s.names[*l.MemberID]; !known {
			s.names[*l.MemberID] = ""
			unknown = append(unknown, *l.MemberID)
		}
	}
	if len(unknown) == 0 {
		return nil
	}
	members, err := s.service.MembersByID(ctx, s.actor, unknown)
	for id, m := range members {
		s.names[id] = m.Name
	}
	return err
}

func (s *auditSheet) row(ctx context.Context, l intake.AuditLine) []string {
	name := ""
	if l.MemberID != nil {
		name = s.names[*l.MemberID]
	}
	row := []string{
		strconv.Itoa(l.N), l.At.UTC().Format(time.RFC3339Nano), string(l.Actor), maybe(l.MemberID), name, string(l.Credential), maybe(l.CredentialID),
		l.Address, string(l.Action), in(ctx, l.Summary(name)), maybe(l.SubjectID), l.Detail, hex.EncodeToString(l.Previous), hex.EncodeToString(l.Hash),
	}
	for i, cell := range row {
		row[i] = harmless(cell)
	}
	return row
}

func maybe(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}

// formulas are how a spreadsheet knows a formula; a Japanese one takes the wide signs too.
const formulas = "=+-@\t\r\n＝＋－＠"

// harmless makes a cell one that no spreadsheet calculates.
func harmless(cell string) string {
	if first, _ := utf8.DecodeRuneInString(cell); cell != "" && strings.ContainsRune(formulas, first) {
		return "'" + cell
	}
	return cell
}
