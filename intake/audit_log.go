package intake

import (
	"context"
	"fmt"
	"math"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// ActorMember is in the audit log what a member is there.
const ActorMember ActorKind = "MEMBER"

// AuditLine is one line of a company's audit log.
type AuditLine struct {
	CompanyID uuid.UUID
	// N is its number: from 1, without a gap.
	N     int
	At    time.Time
	Actor ActorKind
	// MemberID is nil for actors who are no members.
	MemberID     *uuid.UUID
	Credential   CredentialKind
	CredentialID *uuid.UUID
	Address      string
	Action       AuditAction
	SubjectID    *uuid.UUID
	// Detail is a JSON object of numbers, states and ids.
	Detail string
	// Previous is the hash of the line before, and Hash what Sum should be.
	Previous, Hash []byte
}

// AuditFilter narrows the audit log; nil means any.
type AuditFilter struct {
	Action              *AuditAction
	MemberID, SubjectID *uuid.UUID
	// From is the first instant, To the first one behind.
	From, To *time.Time
}

// AuditLog returns lines of the audit log, the latest first.
func (s *Service) AuditLog(ctx context.Context, actor Actor, f AuditFilter, page Keyset) ([]AuditLine, error) {
	if err := actor.must(admins); err != nil {
		return nil, err
	}
	after, err := page.number()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, admins).AuditLines(ctx, dbgen.AuditLinesParams{
		CompanyID: actor.Company.ID, Action: (*string)(f.Action), MemberID: f.MemberID, SubjectID: f.SubjectID,
		Since: f.From, Until: f.To, After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read the audit log: %w", err)
	}
	return mapRows(rows, func(r dbgen.AuditLinesRow) AuditLine { return auditLine(dbgen.AuditChainRow(r)) }), nil
}

// CountAuditLog counts what AuditLog would return in all.
func (s *Service) CountAuditLog(ctx context.Context, actor Actor, f AuditFilter) (int, error) {
	n, err := s.as(actor, admins).CountAuditLines(ctx, dbgen.CountAuditLinesParams{
		CompanyID: actor.Company.ID, Action: (*string)(f.Action), MemberID: f.MemberID, SubjectID: f.SubjectID, Since: f.From, Until: f.To,
	})
	return int(n), wrap("count the audit log", err)
}

// ExportAudit hands over the audit log from the first line between two instants to the last, in order and a
// batch at a time; nil means from its beginning, or to its end. That it was exported is written down first,
// so that the whole log ends with that line.
func (s *Service) ExportAudit(ctx context.Context, actor Actor, from, to *time.Time, batch func([]AuditLine) error) error {
	detail := make(map[string]any)
	for name, at := range map[string]*time.Time{"from": from, "to": to} {
		if at != nil {
			detail[name] = at.UTC()
		}
	}
	q := s.as(actor, admins)
	if err := audit(ctx, q, actor, AuditExported, nil, detail); err != nil {
		return err
	}
	span, err := q.AuditSpan(ctx, dbgen.AuditSpanParams{CompanyID: actor.Company.ID, Since: from, Until: to})
	if err != nil {
		return fmt.Errorf("look for the audit log's ends: %w", err)
	}
	return eachAuditLine(ctx, q, actor.Company.ID, span.Low-1, span.High, batch)
}

const auditBatch = 1000

// eachAuditLine hands over the lines behind one as far as another, a batch at a time.
func eachAuditLine(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, after, upTo int64, batch func([]AuditLine) error) error {
	for {
		rows, err := q.AuditChain(ctx, dbgen.AuditChainParams{CompanyID: companyID, After: after, UpTo: upTo, MaxRows: auditBatch})
		if err != nil {
			return fmt.Errorf("read the audit log: %w", err)
		}
		if len(rows) > 0 {
			if err := batch(mapRows(rows, auditLine)); err != nil {
				return err
			}
		}
		if len(rows) < auditBatch {
			return nil
		}
		after = rows[len(rows)-1].N
	}
}

// wholeLog hands over every line that there is, also of numbers that no line should have.
func wholeLog(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, batch func([]AuditLine) error) error {
	return eachAuditLine(ctx, q, companyID, math.MinInt64, math.MaxInt64, batch)
}

func auditLine(r dbgen.AuditChainRow) AuditLine {
	return AuditLine{
		CompanyID: r.CompanyID, N: int(r.N), At: r.At, Actor: ActorKind(r.Actor), MemberID: r.MemberID,
		Credential: CredentialKind(r.Credential), CredentialID: r.CredentialID, Address: r.Address,
		Action: AuditAction(r.Action), SubjectID: r.SubjectID, Detail: r.Detail, Previous: r.Previous, Hash: r.Hash,
	}
}
