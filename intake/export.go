package intake

import (
	"context"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
)

// ExportedEntry is an entry with all that a row about it tells.
type ExportedEntry struct {
	Entry     InboxEntry
	Candidate Candidate
	// Member is the name of the one who decided, if somebody did.
	Member string
	// Application is nil where the entry has become none.
	Application *Application
	Opening     Opening
	Step        SelectionStep
}

// ExportedApplication is an application with all that a row about it tells.
type ExportedApplication struct {
	Application Application
	Candidate   Candidate
	Opening     Opening
	Step        SelectionStep
	// Entry is nil for one that came from nowhere.
	Entry *InboxEntry
}

// auditWithin is how long it may take to write down that an export has ended, whoever has left by then.
const auditWithin = 5 * time.Second

// ExportInbox hands over entries, the latest application first and a batch at a time. That it begins is written
// down before anything is read, and how it ended, with how many, behind that; what cannot be written down is an
// error. Whole is what batch took without an error: batch is to send what it is given. It ends with
// ErrUnauthenticated when what the actor came with does.
func (s *Service) ExportInbox(ctx context.Context, actor Actor, f InboxFilter, batch func([]ExportedEntry) error) error {
	detail := map[string]any{"kind": "INBOX"}
	note(detail, "state", f.State)
	note(detail, "medium", f.Medium)
	note(detail, "run", f.RunID)
	note(detail, "opening", f.OpeningID)
	note(detail, "waitingReason", f.WaitingReason)
	note(detail, "file", f.FileImportID)
	return s.exportPeople(ctx, actor, detail, func(page Keyset) (int, string, error) {
		entries, err := s.Inbox(ctx, actor, f, page)
		if err != nil || len(entries) == 0 {
			return 0, "", err
		}
		more := len(entries) > exportBatch
		entries = entries[:min(len(entries), exportBatch)]
		rows, err := s.exportedEntries(ctx, actor, entries)
		if err != nil {
			return 0, "", err
		}
		after := ""
		if last := entries[len(entries)-1]; more {
			after = PlaceOf(last.AppliedAt, last.ID)
		}
		return len(rows), after, batch(rows)
	})
}

// ExportApplications hands over applications: see ExportInbox.
func (s *Service) ExportApplications(ctx context.Context, actor Actor, f ApplicationFilter, batch func([]ExportedApplication) error) error {
	detail := map[string]any{"kind": "APPLICATIONS"}
	note(detail, "opening", f.OpeningID)
	note(detail, "step", f.StepID)
	note(detail, "outcome", f.Outcome)
	return s.exportPeople(ctx, actor, detail, func(page Keyset) (int, string, error) {
		applications, err := s.Applications(ctx, actor, f, page)
		if err != nil || len(applications) == 0 {
			return 0, "", err
		}
		more := len(applications) > exportBatch
		applications = applications[:min(len(applications), exportBatch)]
		rows, err := s.exportedApplications(ctx, actor, applications)
		if err != nil {
			return 0, "", err
		}
		after := ""
		if last := applications[len(applications)-1]; more {
			after = PlaceOf(last.AppliedAt, last.ID)
		}
		return len(rows), after, batch(rows)
	})
}

// note puts what a filter asks for into a line's detail: states and ids, never what somebody searches for.
func note[T any](detail map[string]any, name string, value *T) {
	if value != nil {
		detail[name] = *value
	}
}

// exportPeople calls next for one batch after the other. next returns how many people it has handed over, some of
// them perhaps in vain, and where to go on, empty at the end.
func (s *Service) exportPeople(ctx context.Context, actor Actor, detail map[string]any, next func(Keyset) (int, string, error)) (err error) {
	q := s.as(actor, recruiters)
	if err := audit(ctx, q, actor, AuditPeopleExported, nil, detail); err != nil {
		return err
	}
	count := 0
	defer func() {
		ended := maps.Clone(detail)
		ended["count"], ended["whole"] = count, err == nil
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), auditWithin)
		defer cancel()
		if failed := audit(ctx, q, actor, AuditExportEnded, nil, ended); err == nil {
			err = failed
		}
	}()
	page := Keyset{First: exportBatch, most: exportBatch}
	for {
		if err := s.stands(ctx, actor); err != nil {
			return err
		}
		n, after, err := next(page)
		count += n
		if err != nil || after == "" {
			return err
		}
		page.After = after
	}
}

// stands makes sure that what the actor came with has not ended.
func (s *Service) stands(ctx context.Context, actor Actor) error {
	ended, err := s.EndedCredentials(ctx, []Held{actor.Held()})
	if err == nil && len(ended) > 0 {
		return ErrUnauthenticated
	}
	return err
}

// exportedEntries gathers what rows about entries tell. Whoever was erased meanwhile has none.
func (s *Service) exportedEntries(ctx context.Context, actor Actor, entries []InboxEntry) ([]ExportedEntry, error) {
	var ids, candidateIDs, memberIDs []uuid.UUID
	for _, e := range entries {
		ids, candidateIDs = append(ids, e.ID), append(candidateIDs, e.CandidateID)
		if e.Explanation.MemberID != nil {
			memberIDs = append(memberIDs, *e.Explanation.MemberID)
		}
	}
	candidates, err := s.CandidatesByID(ctx, actor, candidateIDs)
	if err != nil {
		return nil, err
	}
	members, err := s.MembersByID(ctx, actor, memberIDs)
	if err != nil {
		return nil, err
	}
	applications, err := s.ApplicationsByEntry(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	openings, steps, err := s.standing(ctx, actor, maps.Values(applications))
	if err != nil {
		return nil, err
	}
	rows := make([]ExportedEntry, 0, len(entries))
	for _, e := range entries {
		row := ExportedEntry{Entry: e}
		var known bool
		if row.Candidate, known = candidates[e.CandidateID]; !known {
			continue
		}
		if e.Explanation.MemberID != nil {
			row.Member = members[*e.Explanation.MemberID].Name
		}
		if a, became := applications[e.ID]; became {
			row.Application, row.Opening, row.Step = &a, openings[a.OpeningID], steps[a.StepID]
		}
		rows = append(rows, row)
	}
	return rows, nil
}

func (s *Service) exportedApplications(ctx context.Context, actor Actor, applications []Application) ([]ExportedApplication, error) {
	var candidateIDs, entryIDs []uuid.UUID
	for _, a := range applications {
		candidateIDs = append(candidateIDs, a.CandidateID)
		if a.EntryID != nil {
			entryIDs = append(entryIDs, *a.EntryID)
		}
	}
	candidates, err := s.CandidatesByID(ctx, actor, candidateIDs)
	if err != nil {
		return nil, err
	}
	entries, err := s.InboxEntriesByID(ctx, actor, entryIDs)
	if err != nil {
		return nil, err
	}
	openings, steps, err := s.standing(ctx, actor, slices.Values(applications))
	if err != nil {
		return nil, err
	}
	rows := make([]ExportedApplication, 0, len(applications))
	for _, a := range applications {
		row := ExportedApplication{Application: a, Opening: openings[a.OpeningID], Step: steps[a.StepID]}
		var known bool
		if row.Candidate, known = candidates[a.CandidateID]; !known {
			continue
		}
		if a.EntryID != nil {
			if e, known := entries[*a.EntryID]; known {
				row.Entry = &e
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// standing are the openings and steps of applications.
func (s *Service) standing(ctx context.Context, actor Actor, applications iter.Seq[Application]) (map[uuid.UUID]Opening, map[uuid.UUID]SelectionStep, error) {
	var openingIDs, stepIDs []uuid.UUID
	for a := range applications {
		openingIDs, stepIDs = append(openingIDs, a.OpeningID), append(stepIDs, a.StepID)
	}
	openings, err := s.OpeningsByID(ctx, actor, openingIDs)
	if err != nil {
		return nil, nil, err
	}
	steps, err := s.StepsByID(ctx, actor, stepIDs)
	return openings, steps, err
}
