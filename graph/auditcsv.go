package graph

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"renkei/intake"
)

var errBadInstant = errors.New("not an instant of RFC 3339, such as 2026-04-01T00:00:00+09:00")

// serveAudit gives the audit log as a file for spreadsheets: from the first line at or after `from` to the
// last before `to`, or all of it.
func serveAudit(service *intake.Service) http.Handler {
	return serveSheet(&sheetOf{name: "audit.csv"}, func(to *sheet, r *http.Request) error {
		ctx := r.Context()
		from, err := instant(r.URL.Query(), "from")
		if err != nil {
			return err
		}
		until, err := instant(r.URL.Query(), "to")
		if err != nil {
			return err
		}
		to.columns = slices.Clone(auditColumns)
		rows := auditSheet{service: service, actor: actor(ctx), to: to, names: make(map[uuid.UUID]string)}
		return service.ExportAudit(ctx, rows.actor, from, until, func(lines []intake.AuditLine) error { return rows.write(ctx, lines) })
	})
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
	to      *sheet
	// names are those of the members met so far.
	names map[uuid.UUID]string
}

var auditColumns = []string{
	"n", "at", "actor", "memberId", "memberName", "credential", "credentialId", "address", "action", "summary", "subjectId", "detail",
	"previous", "hash",
}

func (s *auditSheet) write(ctx context.Context, lines []intake.AuditLine) error {
	if err := s.learnNames(ctx, lines); err != nil {
		return err
	}
	rows := make([][]string, len(lines))
	for i, l := range lines {
		rows[i] = s.row(ctx, l)
	}
	return s.to.write(rows)
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
	return []string{
		strconv.Itoa(l.N), l.At.UTC().Format(time.RFC3339Nano), string(l.Actor), maybe(l.MemberID), name, string(l.Credential), maybe(l.CredentialID),
		l.Address, string(l.Action), in(ctx, l.Summary(name)), maybe(l.SubjectID), l.Detail, hex.EncodeToString(l.Previous), hex.EncodeToString(l.Hash),
	}
}

func maybe(id *uuid.UUID) string {
	if id == nil {
		return ""
	}
	return id.String()
}
