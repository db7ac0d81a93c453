package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// BoardColumn is a step on an opening's board, with those who stand there and have an outcome.
type BoardColumn struct {
	Step    SelectionStep
	Outcome SelectionOutcome
	Count   int
}

// Board is an opening's columns, in the flow's order, of applications with one outcome.
func (c OpeningCounts) Board(outcome SelectionOutcome) []BoardColumn {
	return mapRows(c, func(s StepCount) BoardColumn {
		return BoardColumn{Step: s.Step, Outcome: outcome, Count: s.Of(outcome)}
	})
}

// ColumnPage asks for a page of a board's column.
type ColumnPage struct {
	OpeningID, StepID uuid.UUID
	Outcome           SelectionOutcome
	Keyset            Keyset
}

// ColumnPages returns pages of columns, the latest applications first, all in one statement.
func (s *Service) ColumnPages(ctx context.Context, actor Actor, pages []ColumnPage) (map[ColumnPage][]Application, error) {
	p := dbgen.ApplicationsInColumnsParams{CompanyID: actor.Company.ID}
	for _, c := range pages {
		at, id, err := c.Keyset.behind()
		if err != nil {
			return nil, err
		}
		p.OpeningIds, p.StepIds, p.Outcomes = append(p.OpeningIds, c.OpeningID), append(p.StepIds, c.StepID), append(p.Outcomes, string(c.Outcome))
		p.AfterAts, p.AfterIds, p.MaxRows = append(p.AfterAts, at), append(p.AfterIds, id), append(p.MaxRows, c.Keyset.maxRows())
	}
	rows, err := s.as(actor, recruiting).ApplicationsInColumns(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("read columns: %w", err)
	}
	found := make(map[ColumnPage][]Application, len(pages))
	for _, r := range rows {
		page := pages[r.Page-1]
		found[page] = append(found[page], application(dbgen.Application{
			CompanyID: r.CompanyID, ID: r.ID, CandidateID: r.CandidateID, OpeningID: r.OpeningID, EntryID: r.EntryID, StepID: r.StepID,
			Outcome: r.Outcome, AppliedAt: r.AppliedAt, Revision: r.Revision, CreatedAt: r.CreatedAt,
		}))
	}
	return found, nil
}
