package graph

import (
	"context"
	"encoding/hex"
	"net/http"
	"slices"
	"strconv"
	"time"

	"github.com/google/uuid"

	"renkei/intake"
)

// serveAudit gives the audit log as a file for spreadsheets: from the first line at or after `from` to the
// last before `to`, or all of it, in the language of the request unless `lang` says another.
func serveAudit(service *intake.Service) http.Handler {
	return serveSheet(&sheetOf{name: "audit.csv"}, func(to *sheet, r *http.Request) error {
		ctx := r.Context()
		p := readParameters(r)
		from, until := p.instant("from"), p.instant("to")
		if p.has("lang") {
			ctx = withLanguage(ctx, string(p.language()))
		}
		if err := p.done(); err != nil {
			return err
		}
		to.columns = slices.Clone(auditColumns)
		rows := auditSheet{service: service, actor: actor(ctx), to: to, names: make(map[uuid.UUID]string)}
		return service.ExportAudit(ctx, rows.actor, from, until, func(lines []intake.AuditLine) error { return rows.write(ctx, lines) })
	})
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
