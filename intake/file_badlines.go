package intake

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

func (b badLine) to() *FileField {
	if b.field == "" {
		return nil
	}
	return &b.field
}

// FileBadLines returns the lines of a file that could not come in, in their order. They are kept for a month.
func (s *Service) FileBadLines(ctx context.Context, actor Actor, fileID uuid.UUID, page Keyset) ([]BadLine, error) {
	if err := actor.must(recruiters); err != nil {
		return nil, err
	}
	after, err := page.number()
	if err != nil {
		return nil, err
	}
	p := dbgen.BadLinesParams{CompanyID: actor.Company.ID, FileID: fileID, MaxRows: page.maxRows()}
	if after != nil {
		p.After = int32(min(*after, 1<<30)) //nolint:gosec // it is small now
	}
	rows, err := s.as(actor, recruiters).BadLines(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("read bad lines: %w", err)
	}
	return mapRows(rows, badLineOf), nil
}

// CountFileBadLines counts what FileBadLines would return in all.
func (s *Service) CountFileBadLines(ctx context.Context, actor Actor, fileID uuid.UUID) (int, error) {
	n, err := s.as(actor, recruiters).CountBadLines(ctx, dbgen.CountBadLinesParams{CompanyID: actor.Company.ID, FileID: fileID})
	return int(n), wrap("count bad lines", err)
}

const badLineBatch = 500

// BadLines hands over the lines of a file that could not come in, with what they say, in order and a batch at a time,
// beside the names of the file's columns. At least one batch comes. That they were exported is written down first. It
// ends with ErrUnauthenticated when what the actor came with does.
func (s *Service) BadLines(ctx context.Context, actor Actor, fileID uuid.UUID, batch func(headers []string, lines []BadLine) error) error {
	q := s.as(actor, recruiters)
	found, err := q.FileImportsByID(ctx, dbgen.FileImportsByIDParams{CompanyID: actor.Company.ID, Ids: []uuid.UUID{fileID}})
	if err != nil {
		return fmt.Errorf("read file: %w", err)
	}
	if len(found) == 0 {
		return ErrNotFound
	}
	count, err := s.CountFileBadLines(ctx, actor, fileID)
	if err != nil {
		return err
	}
	if err := audit(ctx, q, actor, AuditBadLinesExported, &fileID, map[string]any{"count": count}); err != nil {
		return err
	}
	var plan filePlan
	if sealed := found[0].Sealed; sealed != nil && !s.lost(sealed) {
		if plan, err = s.openPlan(found[0]); err != nil {
			return err
		}
	}
	after := int32(0)
	for {
		if err := s.stands(ctx, actor); err != nil {
			return err
		}
		rows, err := q.BadLines(ctx, dbgen.BadLinesParams{CompanyID: actor.Company.ID, FileID: fileID, After: after, MaxRows: badLineBatch})
		if err != nil {
			return fmt.Errorf("read bad lines: %w", err)
		}
		lines := make([]BadLine, len(rows))
		for i, r := range rows {
			if lines[i], err = s.openBadLine(r); err != nil {
				return err
			}
			after = r.Line
		}
		if err := batch(plan.Headers, lines); err != nil {
			return err
		}
		if len(rows) < badLineBatch {
			return nil
		}
	}
}

func (s *Service) openBadLine(r dbgen.FileBadLine) (BadLine, error) {
	line := badLineOf(r)
	if r.Sealed == nil || s.lost(r.Sealed) {
		return line, nil
	}
	opened, err := s.vault.Open(r.Sealed, r.CompanyID, r.ID, badLineField)
	if err != nil {
		return line, fmt.Errorf("line %d of file %s: %w", r.Line, r.FileID, err)
	}
	return line, wrap("decode line", json.Unmarshal([]byte(opened.Reveal()), &line.Cells))
}

func badLineOf(r dbgen.FileBadLine) BadLine {
	line := BadLine{ID: r.ID, Line: int(r.Line), Reason: BadLineReason(r.Reason)}
	if r.Field != nil {
		field := FileField(*r.Field)
		line.Field = &field
	}
	return line
}
