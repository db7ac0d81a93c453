package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// EventsChannel is the Postgres channel on which a company's id is told when its log has grown.
const EventsChannel = "renkei_events"

// The kinds of events.
const (
	eventAccount   = "ACCOUNT"
	eventRun       = "RUN"
	eventInbox     = "INBOX"
	eventOpening   = "OPENING"
	eventSelection = "SELECTION"
	eventFile      = "FILE"
	eventIncident  = "INCIDENT"
)

// events gathers what a transaction has to tell, to be appended as its last act: that locks the
// company's counters, and nothing may be locked after them.
type events struct {
	params dbgen.AppendEventsParams
	err    error
}

// accountMoved tells a change of status, or, with the same one before, that its medium is away. There is no previous one at
// the first registration.
func (e *events) accountMoved(companyID uuid.UUID, previous *LinkStatus, account MediumAccount) {
	e.add(companyID, eventAccount, account.ID, accountEventPayload{PreviousStatus: previous, Account: account})
}

// runChanged tells how a run stands.
func (e *events) runChanged(companyID uuid.UUID, run ImportRun) {
	e.add(companyID, eventRun, run.AccountID, run)
}

// inboxChanged tells that entries came to wait and to be routed, or ceased to. Only one company's
// inbox changes in a transaction.
func (e *events) inboxChanged(companyID uuid.UUID, waiting, routed int) {
	e.inboxMoved(companyID, inboxMove{waiting: waiting, routed: routed})
}

// inboxMove is by how much the number of entries in each state changes.
type inboxMove struct{ waiting, routed, excluded int }

// from notes that an entry leaves a state.
func (m *inboxMove) from(state RoutingState) { *m.of(state)-- }

// to notes that an entry comes into a state.
func (m *inboxMove) to(state RoutingState) { *m.of(state)++ }

func (m *inboxMove) of(state RoutingState) *int {
	switch state {
	case StateWaiting:
		return &m.waiting
	case StateRouted:
		return &m.routed
	case StateExcluded:
	}
	return &m.excluded
}

// inboxMoved tells the same of entries in any state; see inboxChanged.
func (e *events) inboxMoved(companyID uuid.UUID, m inboxMove) {
	if m == (inboxMove{}) {
		return
	}
	e.add(companyID, eventInbox, uuid.Nil, struct{}{})
	e.params.Waiting += int64(m.waiting)
	e.params.Routed += int64(m.routed)
	e.params.Excluded += int64(m.excluded)
}

// fileChanged tells how the import of a file stands.
func (e *events) fileChanged(companyID uuid.UUID, file FileImport) {
	e.add(companyID, eventFile, file.ID, file)
}

// incidentChanged tells that an incident was opened or resolved.
func (e *events) incidentChanged(companyID uuid.UUID, i Incident) {
	e.add(companyID, eventIncident, i.ID, i)
}

func (e *events) add(companyID uuid.UUID, kind string, subjectID uuid.UUID, payload any) {
	encoded, err := json.Marshal(payload)
	if err != nil {
		e.err = fmt.Errorf("encode %s event: %w", kind, err)
		return
	}
	e.params.CompanyIds = append(e.params.CompanyIds, companyID)
	e.params.Kinds = append(e.params.Kinds, kind)
	e.params.SubjectIds = append(e.params.SubjectIds, subjectID)
	e.params.Payloads = append(e.params.Payloads, string(encoded))
}

// none reports whether there is nothing to tell.
func (e *events) none() bool { return e.err == nil && len(e.params.Kinds) == 0 }

// append writes the events in q's transaction and wakes the watchers once it commits.
func (e *events) append(ctx context.Context, q *dbgen.Queries) error {
	if e.err != nil || len(e.params.Kinds) == 0 {
		return e.err
	}
	e.params.Channel = EventsChannel
	if _, err := q.AppendEvents(ctx, e.params); err != nil {
		return fmt.Errorf("append events: %w", err)
	}
	return nil
}

// Prune deletes the events that nobody can want any more, a batch at a time, the sessions that are long
// over, incidents too, and what files left of people who did not come in. A cursor older than that gets the current state first.
func (s *Service) Prune(ctx context.Context) error {
	// None waits for another that fails.
	return errors.Join(s.pruneEvents(ctx), s.pruneAccess(ctx), s.pruneFiles(ctx), s.pruneIncidents(ctx))
}

func (s *Service) pruneEvents(ctx context.Context) error {
	for {
		companies, err := s.across().CompaniesWithOldEvents(ctx, dbgen.CompaniesWithOldEventsParams{Age: eventsKept, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("find old events: %w", err)
		}
		for _, id := range companies {
			if _, err := s.of(id).PruneEvents(ctx, dbgen.PruneEventsParams{CompanyID: id, Age: eventsKept, MaxRows: pruneBatch}); err != nil {
				return fmt.Errorf("prune events: %w", err)
			}
		}
		if len(companies) == 0 {
			return nil
		}
	}
}
