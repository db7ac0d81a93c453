package graph

import (
	"context"

	"github.com/google/uuid"
	"github.com/vikstrous/dataloadgen"

	"renkei/graph/graphgen"
	"renkei/intake"
)

// columns loads pages of boards' columns, all of a board in one statement.
func columns(a intake.Actor, wait dataloadgen.Option, s *intake.Service) *dataloadgen.Loader[intake.ColumnPage, []intake.Application] {
	return dataloadgen.NewLoader(func(ctx context.Context, pages []intake.ColumnPage) ([][]intake.Application, []error) {
		found, err := s.ColumnPages(ctx, a, pages)
		if err != nil {
			return nil, []error{err}
		}
		values := make([][]intake.Application, len(pages))
		for i, p := range pages {
			values[i] = found[p]
		}
		return values, nil
	}, wait)
}

func (r *Resolver) column(ctx context.Context, first *int, after *string, c intake.BoardColumn) (graphgen.ApplicationConnection, error) {
	return applicationPages(ctx, first, after,
		func(k intake.Keyset) ([]intake.Application, error) {
			return load(ctx).columns.Load(ctx, intake.ColumnPage{OpeningID: c.Step.OpeningID, StepID: c.Step.ID, Outcome: c.Outcome, Keyset: k})
		},
		func() (int, error) { return c.Count, nil })
}

// counts are how many applied to an opening, as they are at one instant of the response.
func counts(ctx context.Context, openingID uuid.UUID) (intake.OpeningCounts, error) {
	return load(ctx).counts.Load(ctx, openingID)
}

// rerouted is the opening of one of the two steps of a line of history, where they are of two.
func rerouted(ctx context.Context, e *intake.SelectionEvent, end *uuid.UUID) (*intake.Opening, error) {
	if e.FromStepID == nil || e.ToStepID == nil {
		return nil, nil
	}
	steps, err := load(ctx).steps.LoadAll(ctx, []uuid.UUID{*e.FromStepID, *e.ToStepID, *end})
	if err != nil || steps[0].OpeningID == steps[1].OpeningID {
		return nil, err
	}
	return pointer(load(ctx).openings.Load(ctx, steps[2].OpeningID))
}

// tooltip is why an action is not possible; nil where it is.
func tooltip(ctx context.Context, whyNot *intake.Text) *string {
	if whyNot == nil {
		return nil
	}
	reason := in(ctx, *whyNot)
	return &reason
}
