package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// StepCount is how many applications stand at a step, by how they stand or ended.
type StepCount struct {
	Step      SelectionStep
	byOutcome map[SelectionOutcome]int
}

// Count is how many stand there, however their selections stand.
func (c StepCount) Count() int {
	n := 0
	for _, some := range c.byOutcome {
		n += some
	}
	return n
}

// InProgress is how many of them are under way.
func (c StepCount) InProgress() int { return c.Of(OutcomeInProgress) }

// Of is how many of them have this outcome.
func (c StepCount) Of(o SelectionOutcome) int { return c.byOutcome[o] }

// OutcomeCount is how many applications to an opening have an outcome.
type OutcomeCount struct {
	Outcome SelectionOutcome
	Count   int
}

// OpeningCounts is how many applied to an opening, by step in the flow's order: all of one instant.
type OpeningCounts []StepCount

// Total is 応募総数.
func (c OpeningCounts) Total() int {
	n := 0
	for _, s := range c {
		n += s.Count()
	}
	return n
}

// Filled is how many seats are taken: by those under way and those who joined.
func (c OpeningCounts) Filled() int { return c.of(OutcomeInProgress) + c.of(OutcomeJoined) }

// At is how many stand at a step.
func (c OpeningCounts) At(stepID uuid.UUID) StepCount {
	for _, s := range c {
		if s.Step.ID == stepID {
			return s
		}
	}
	return StepCount{}
}

// ByOutcome is each outcome's count, those of which there are none too.
func (c OpeningCounts) ByOutcome() []OutcomeCount {
	return mapRows(countedOutcomes, func(o SelectionOutcome) OutcomeCount { return OutcomeCount{o, c.of(o)} })
}

func (c OpeningCounts) of(o SelectionOutcome) int {
	n := 0
	for _, s := range c {
		n += s.Of(o)
	}
	return n
}

// countedOutcomes are all but that of what was taken back, which counts nowhere.
var countedOutcomes = []SelectionOutcome{OutcomeInProgress, OutcomeJoined, OutcomeRejected, OutcomeWithdrawn, OutcomeClosedAsDuplicate}

// IsFull reports whether as many as the capacity are in.
func (o Opening) IsFull(counts OpeningCounts) bool {
	return o.Capacity != nil && counts.Filled() >= *o.Capacity
}

// CountsByOpening counts the applications to each opening, all in one statement.
func (s *Service) CountsByOpening(ctx context.Context, actor Actor, openingIDs []uuid.UUID) (map[uuid.UUID]OpeningCounts, error) {
	rows, err := s.as(actor, recruiting).OpeningCounts(ctx, dbgen.OpeningCountsParams{CompanyID: actor.Company.ID, OpeningIds: openingIDs})
	if err != nil {
		return nil, fmt.Errorf("count applications: %w", err)
	}
	counts := make(map[uuid.UUID]OpeningCounts, len(openingIDs))
	for _, r := range rows {
		step := selectionStep(r.SelectionStep)
		of := counts[step.OpeningID]
		if n := len(of); n == 0 || of[n-1].Step.ID != step.ID {
			of = append(of, StepCount{Step: step, byOutcome: make(map[SelectionOutcome]int)})
		}
		if r.Outcome != "" {
			of[len(of)-1].byOutcome[SelectionOutcome(r.Outcome)] = int(r.Applications)
		}
		counts[step.OpeningID] = of
	}
	return counts, nil
}
