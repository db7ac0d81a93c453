package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// ApplicationFilter narrows the applications; nil means any.
type ApplicationFilter struct {
	OpeningID, StepID *uuid.UUID
	Outcome           *SelectionOutcome
	// Search finds candidates; see Candidates.
	Search *string
}

// Applications returns applications, the latest first.
func (s *Service) Applications(ctx context.Context, actor Actor, f ApplicationFilter, page Keyset) ([]Application, error) {
	at, id, err := page.place()
	if err != nil {
		return nil, err
	}
	if f.onSteps() {
		return s.applicationsOnSteps(ctx, actor, f, page)
	}
	var rows []dbgen.Application
	err = s.look(ctx, actor, f.Search, "search applications", func(q *dbgen.Queries) (err error) {
		rows, err = q.Applications(ctx, dbgen.ApplicationsParams{
			CompanyID: actor.Company.ID, OpeningID: f.OpeningID, StepID: f.StepID, Outcome: (*string)(f.Outcome),
			AfterAt: at, AfterID: id, MaxRows: page.maxRows(),
		})
		return wrap("read applications", err)
	}, func(ctx context.Context, found *finder) error {
		ids, err := found.applications(ctx, f, at, id, page.maxRows())
		if err != nil {
			return err
		}
		read, err := found.q.ApplicationsByID(ctx, dbgen.ApplicationsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
		rows = sorted(ids, byID(read, func(a dbgen.Application) uuid.UUID { return a.ID }))
		return wrap("read applications", err)
	})
	return mapRows(rows, application), err
}

// onSteps reports whether the index of steps and outcomes finds a page at once, where the one of applications
// in their order might look through all of an opening's.
func (f ApplicationFilter) onSteps() bool {
	return f.Search == nil && (f.StepID != nil || f.OpeningID != nil && f.Outcome != nil)
}

func (s *Service) applicationsOnSteps(ctx context.Context, actor Actor, f ApplicationFilter, page Keyset) ([]Application, error) {
	at, id, err := page.behind()
	if err != nil {
		return nil, err
	}
	p := dbgen.ApplicationsOnStepsParams{CompanyID: actor.Company.ID, OpeningID: f.OpeningID, StepID: f.StepID, AfterAt: at, AfterID: id, MaxRows: page.maxRows()}
	for _, o := range countedOutcomes {
		if f.Outcome == nil {
			p.Outcomes = append(p.Outcomes, string(o))
		}
	}
	if f.Outcome != nil {
		p.Outcomes = []string{string(*f.Outcome)}
	}
	rows, err := s.as(actor, recruiting).ApplicationsOnSteps(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return mapRows(rows, application), nil
}

// CountApplications counts what Applications would return in all; with a search, up to MaxSearchCounted.
func (s *Service) CountApplications(ctx context.Context, actor Actor, f ApplicationFilter) (int, error) {
	var n int
	err := s.look(ctx, actor, f.Search, "count applications found", func(q *dbgen.Queries) error {
		all, err := q.CountApplications(ctx, dbgen.CountApplicationsParams{
			CompanyID: actor.Company.ID, OpeningID: f.OpeningID, StepID: f.StepID, Outcome: (*string)(f.Outcome),
		})
		n = int(all)
		return wrap("count applications", err)
	}, func(ctx context.Context, found *finder) error {
		ids, err := found.applications(ctx, f, nil, nil, MaxSearchCounted)
		n = len(ids)
		return err
	})
	return n, err
}

// ApplicationsByID returns the applications among ids, by id.
func (s *Service) ApplicationsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByID(ctx, dbgen.ApplicationsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return byID(mapRows(rows, application), func(a Application) uuid.UUID { return a.ID }), nil
}

// ApplicationsByEntry returns the application that each entry became, by the entry's id.
func (s *Service) ApplicationsByEntry(ctx context.Context, actor Actor, entryIDs []uuid.UUID) (map[uuid.UUID]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByEntry(ctx, dbgen.ApplicationsByEntryParams{CompanyID: actor.Company.ID, EntryIds: entryIDs})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	return byID(mapRows(rows, application), func(a Application) uuid.UUID { return *a.EntryID }), nil
}

// ApplicationsByCandidate returns each person's applications, the latest first: those of whoever was merged with them too.
func (s *Service) ApplicationsByCandidate(ctx context.Context, actor Actor, candidateIDs []uuid.UUID) (map[uuid.UUID][]Application, error) {
	rows, err := s.as(actor, recruiting).ApplicationsByCandidate(ctx, dbgen.ApplicationsByCandidateParams{CompanyID: actor.Company.ID, CandidateIds: candidateIDs})
	if err != nil {
		return nil, fmt.Errorf("read applications: %w", err)
	}
	found := make(map[uuid.UUID][]Application)
	for _, r := range rows {
		found[r.Asked] = append(found[r.Asked], application(r.Application))
	}
	return found, nil
}

// HistoryByApplication returns each application's history, the oldest line first.
func (s *Service) HistoryByApplication(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]SelectionEvent, error) {
	rows, err := s.as(actor, recruiting).SelectionEventsByApplication(ctx, dbgen.SelectionEventsByApplicationParams{CompanyID: actor.Company.ID, ApplicationIds: ids})
	if err != nil {
		return nil, fmt.Errorf("read history: %w", err)
	}
	lines := make([]SelectionEvent, len(rows))
	for i, r := range rows {
		var note *string
		if !s.lost(r.SealedNote) {
			if note, err = s.vault.openNote(r); err != nil {
				return nil, err
			}
		}
		lines[i] = SelectionEvent{
			ApplicationID: r.ApplicationID, At: r.At, Decider: Decider(r.DecidedBy), MemberID: r.MemberID,
			FromStepID: r.FromStepID, ToStepID: r.ToStepID, Outcome: SelectionOutcome(r.Outcome), Note: note,
			Reasons: mapRows(r.Reasons, func(name string) ClosingReason { return ClosingReason(name) }), Revision: int(r.N),
		}
	}
	return group(lines, func(e SelectionEvent) uuid.UUID { return e.ApplicationID }), nil
}
