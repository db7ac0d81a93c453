package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// IncidentKind is a way in which something stands still.
type IncidentKind string

// The kinds. A quarantine without an account, and an outage, are a whole medium's, and matter to the company
// that operates the server.
const (
	IncidentLinkFailed   IncidentKind = "LINK_FAILED"
	IncidentStale        IncidentKind = "STALE"
	IncidentWaiting      IncidentKind = "WAITING"
	IncidentQuarantined  IncidentKind = "QUARANTINED"
	IncidentMediumOutage IncidentKind = "MEDIUM_OUTAGE"
)

// incidentKinds are all there are, in the order in which they are kept.
var incidentKinds = []IncidentKind{IncidentLinkFailed, IncidentStale, IncidentWaiting, IncidentQuarantined, IncidentMediumOutage}

// IncidentResolution is how an incident ended.
type IncidentResolution string

// The ends: the cause is gone; the link was stopped; another incident says more of the same link, or of far more people who wait.
const (
	ResolvedMended     IncidentResolution = "MENDED"
	ResolvedStopped    IncidentResolution = "STOPPED"
	ResolvedSuperseded IncidentResolution = "SUPERSEDED"
)

// Incident is something that stands still, or stood. A company has at most one open of a kind and account.
type Incident struct {
	ID        uuid.UUID      `json:"id"`
	Kind      IncidentKind   `json:"kind"`
	AccountID *uuid.UUID     `json:"accountId,omitempty"`
	Medium    *Medium        `json:"medium,omitempty"`
	Reason    *FailureReason `json:"reason,omitempty"`
	// Waiting is how many waited for too long when it was opened.
	Waiting *int `json:"waiting,omitempty"`
	// Since is when the trouble began; OpenedAt is when it was noticed.
	Since      time.Time           `json:"since"`
	OpenedAt   time.Time           `json:"openedAt"`
	ResolvedAt *time.Time          `json:"resolvedAt,omitempty"`
	Resolution *IncidentResolution `json:"resolution,omitempty"`
}

// IncidentFilter says which incidents; the zero value means all.
type IncidentFilter struct {
	Open      *bool
	AccountID *uuid.UUID
}

// Incidents returns a company's incidents, the latest first.
func (s *Service) Incidents(ctx context.Context, actor Actor, f IncidentFilter, page Keyset) ([]Incident, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, anyMember).Incidents(ctx, dbgen.IncidentsParams{
		CompanyID: actor.Company.ID, Open: f.Open, AccountID: f.AccountID, After: after, MaxRows: page.maxRows(),
	})
	return mapRows(rows, incident), wrap("read incidents", err)
}

// CountIncidents counts what Incidents would return in all.
func (s *Service) CountIncidents(ctx context.Context, actor Actor, f IncidentFilter) (int, error) {
	n, err := s.as(actor, anyMember).CountIncidents(ctx, dbgen.CountIncidentsParams{CompanyID: actor.Company.ID, Open: f.Open, AccountID: f.AccountID})
	return int(n), wrap("count incidents", err)
}

// IncidentsByID returns the incidents among ids, by id.
func (s *Service) IncidentsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Incident, error) {
	rows, err := s.as(actor, anyMember).IncidentsByID(ctx, dbgen.IncidentsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read incidents: %w", err)
	}
	return byID(mapRows(rows, incident), func(i Incident) uuid.UUID { return i.ID }), nil
}

func incident(r dbgen.Incident) Incident {
	i := Incident{
		ID: r.ID, Kind: IncidentKind(r.Kind), AccountID: r.AccountID, Medium: (*Medium)(r.Medium), Reason: (*FailureReason)(r.Reason),
		Since: r.Since, OpenedAt: r.OpenedAt, ResolvedAt: r.ResolvedAt, Resolution: (*IncidentResolution)(r.Resolution),
	}
	if r.Waiting != nil {
		i.Waiting = new(int(*r.Waiting))
	}
	return i
}

// noticeMove opens and resolves what a change of an account's status means: a link that failed is told of once for each
// reason, and is over when it is linked again, or stopped; while it is being verified, that is not known yet. Call
// it before the audit log and the events.
func (s *Service) noticeMove(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount) error {
	n := noticing{s, tx, q, told, account.CompanyID}
	switch LinkStatus(account.Status) {
	case StatusAuthFailed, StatusSystemError:
		err := n.resolve(ctx, dbgen.ResolveIncidentsParams{
			AccountID: &account.ID, Resolution: string(ResolvedSuperseded), FailedBy: account.FailureReason,
			Kinds: kindNames(IncidentLinkFailed, IncidentStale, IncidentQuarantined),
		})
		if err != nil {
			return err
		}
		return n.open(ctx, dbgen.OpenIncidentParams{Kind: string(IncidentLinkFailed), AccountID: &account.ID, Medium: &account.Medium, Reason: account.FailureReason})
	case StatusLinked:
		return n.mended(ctx, account, IncidentLinkFailed)
	case StatusUnlinked:
		return n.resolve(ctx, dbgen.ResolveIncidentsParams{AccountID: &account.ID, Resolution: string(ResolvedStopped), Kinds: kindNames(incidentKinds...)})
	case StatusVerifying:
	}
	return nil
}

// noticeRun opens and resolves what the end of a run means for its account; see noticeMove.
func (s *Service) noticeRun(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount, status ImportRunStatus, reason *FailureReason) error {
	n := noticing{s, tx, q, told, account.CompanyID}
	switch status {
	case RunSucceeded:
		return n.mended(ctx, account, IncidentQuarantined, IncidentStale)
	case RunQuarantined:
		// It says why nothing comes in.
		err := n.resolve(ctx, dbgen.ResolveIncidentsParams{AccountID: &account.ID, Resolution: string(ResolvedSuperseded), Kinds: kindNames(IncidentStale)})
		if err != nil {
			return err
		}
		return n.open(ctx, dbgen.OpenIncidentParams{Kind: string(IncidentQuarantined), AccountID: &account.ID, Medium: &account.Medium, Reason: (*string)(reason)})
	case RunQueued, RunRunning, RunFailed, RunCancelled:
	}
	return nil
}

// noticeFailure opens what the failure of a run means: a link that ended with it says all there is to say.
func (im *importing) noticeFailure(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, told *events, account dbgen.MediumAccount, status ImportRunStatus, reason FailureReason) error {
	if LinkStatus(account.Status) != StatusLinked {
		return im.s.noticeMove(ctx, tx, q, told, account)
	}
	return im.s.noticeRun(ctx, tx, q, told, account, status, &reason)
}

// noticing is what happens to a company's incidents in a transaction.
type noticing struct {
	s         *Service
	tx        pgx.Tx
	q         *dbgen.Queries
	told      *events
	companyID uuid.UUID
}

func (n noticing) open(ctx context.Context, p dbgen.OpenIncidentParams) error {
	p.CompanyID = n.companyID
	rows, err := n.q.OpenIncident(ctx, p)
	if err != nil {
		return fmt.Errorf("open incident: %w", err)
	}
	return n.opened(ctx, mapRows(rows, func(r dbgen.OpenIncidentRow) Incident { return incident(dbgen.Incident(r)) }))
}

// opened tells everybody who wants to hear of them.
func (n noticing) opened(ctx context.Context, opened []Incident) error {
	if len(opened) == 0 {
		return nil
	}
	n.changed(opened)
	rows, err := n.q.TellOfIncidents(ctx, dbgen.TellOfIncidentsParams{
		CompanyID: n.companyID, Ids: incidentIDs(opened), Mails: n.s.mails(),
		ForAdmins: kindNames(mailedByDefault(RoleAdmin)...), ForRecruiters: kindNames(mailedByDefault(RoleRecruiter)...),
	})
	if err != nil {
		return fmt.Errorf("tell of incidents: %w", err)
	}
	return n.send(ctx, mapRows(rows, func(r dbgen.TellOfIncidentsRow) DeliveryTask { return deliveryTask(n.companyID, r.ID, r.EndpointID, 0) }))
}

func (n noticing) mended(ctx context.Context, account dbgen.MediumAccount, kinds ...IncidentKind) error {
	return n.resolve(ctx, dbgen.ResolveIncidentsParams{AccountID: &account.ID, Resolution: string(ResolvedMended), Kinds: kindNames(kinds...)})
}

func (n noticing) resolve(ctx context.Context, p dbgen.ResolveIncidentsParams) error {
	p.CompanyID = n.companyID
	rows, err := n.q.ResolveIncidents(ctx, p)
	if err != nil {
		return fmt.Errorf("resolve incidents: %w", err)
	}
	return n.resolved(ctx, mapRows(rows, func(r dbgen.ResolveIncidentsRow) Incident { return incident(dbgen.Incident(r)) }))
}

// resolved tells whoever was told of them. Who was not yet is told of neither.
func (n noticing) resolved(ctx context.Context, resolved []Incident) error {
	if len(resolved) == 0 {
		return nil
	}
	n.changed(resolved)
	ids := incidentIDs(resolved)
	// Whoever sends one at this moment has either begun by now, or never will.
	if _, err := n.q.LockDeliveries(ctx, dbgen.LockDeliveriesParams{CompanyID: n.companyID, IncidentIds: ids}); err != nil {
		return fmt.Errorf("lock deliveries: %w", err)
	}
	if err := n.q.OvertakeDeliveries(ctx, dbgen.OvertakeDeliveriesParams{CompanyID: n.companyID, IncidentIds: ids}); err != nil {
		return fmt.Errorf("overtake deliveries: %w", err)
	}
	rows, err := n.q.TellOfResolutions(ctx, dbgen.TellOfResolutionsParams{CompanyID: n.companyID, IncidentIds: ids})
	if err != nil {
		return fmt.Errorf("tell of resolutions: %w", err)
	}
	return n.send(ctx, mapRows(rows, func(r dbgen.TellOfResolutionsRow) DeliveryTask {
		return deliveryTask(n.companyID, r.ID, r.EndpointID, 0)
	}))
}

func (n noticing) changed(incidents []Incident) {
	for _, i := range incidents {
		n.told.incidentChanged(n.companyID, i)
	}
}

// send has somebody send deliveries that were never tried.
func (n noticing) send(ctx context.Context, tasks []DeliveryTask) error {
	if len(tasks) == 0 {
		return nil
	}
	return wrap("queue deliveries", n.s.queue.Deliver(ctx, n.tx, tasks, 0))
}

func incidentIDs(incidents []Incident) []uuid.UUID {
	return mapRows(incidents, func(i Incident) uuid.UUID { return i.ID })
}

func kindNames(kinds ...IncidentKind) []string {
	return mapRows(kinds, func(k IncidentKind) string { return string(k) })
}

func incidentKindsOf(names []string) []IncidentKind {
	return mapRows(names, func(n string) IncidentKind { return IncidentKind(n) })
}

// ordered returns the kinds among given, each once, in their order.
func ordered(given []IncidentKind) []IncidentKind {
	kept := []IncidentKind{}
	for _, k := range incidentKinds {
		if slices.Contains(given, k) {
			kept = append(kept, k)
		}
	}
	return kept
}

// IncidentEvent is an incident as it stood at an instant.
type IncidentEvent struct {
	Cursor   string
	At       time.Time
	Incident Incident
}

// WatchIncidents yields incidents as they are opened and resolved; see WatchAccounts. Without a cursor, those that are
// open come first.
func (s *Service) WatchIncidents(ctx context.Context, actor Actor, after *string) (iter.Seq[IncidentEvent], error) {
	if err := actor.must(anyMember); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[IncidentEvent]{
		kind: eventIncident,
		current: func(ctx context.Context, q *dbgen.Queries) ([]IncidentEvent, error) {
			var state []IncidentEvent
			p := dbgen.IncidentsParams{CompanyID: actor.Company.ID, Open: new(true), MaxRows: watchBatch}
			for {
				rows, err := q.Incidents(ctx, p)
				if err != nil {
					return nil, fmt.Errorf("read incidents: %w", err)
				}
				for _, r := range rows {
					state, p.After = append(state, IncidentEvent{Incident: incident(r)}), &r.ID
				}
				if len(rows) < watchBatch {
					return state, nil
				}
			}
		},
		decode: func(_ context.Context, rows []dbgen.EventsAfterRow) ([]IncidentEvent, error) {
			out := make([]IncidentEvent, len(rows))
			for i, r := range rows {
				if err := json.Unmarshal(r.Payload, &out[i].Incident); err != nil {
					return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
				}
			}
			return out, nil
		},
		stamp: func(e *IncidentEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}
