package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

const (
	noticeBatch = 500
	// watchedCompanies is how many of those in trouble are found at once: each look costs the same.
	watchedCompanies = 10_000
	// incidentsKept is how long an incident that is over, and what was sent about it, is kept.
	incidentsKept = 90 * 24 * time.Hour
	// waitingRest lies at least between two incidents of ever more people who wait.
	waitingRest = 24 * time.Hour
	// deliveryPatience is how late a delivery may be before its job is taken for lost.
	deliveryPatience = 15 * time.Minute
)

// Notice finds what time brings: links that have brought nothing in for too long, people who wait for too long, and
// media that have changed for somebody or are away for many. It opens and resolves what is about them, and gives deliveries whose worker died to
// another. It is called each minute, by any number of processes.
func (s *Service) Notice(ctx context.Context) error {
	return errors.Join(s.noticeCompanies(ctx), s.noticeQuarantines(ctx), s.noticeOutages(ctx), s.reviveDeliveries(ctx))
}

// silence is from when on a link that has brought nothing in is stale.
func (s *Service) silence() time.Duration { return s.settings.ImportInterval * 3 / 2 }

func (s *Service) noticeCompanies(ctx context.Context) error {
	var errs []error
	after := uuid.Nil
	for {
		companies, err := s.across().CompaniesToWatch(ctx, dbgen.CompaniesToWatchParams{
			After: after, Silence: s.silence(), Patience: s.settings.NotifyWaiting, Rest: waitingRest, MaxRows: watchedCompanies,
		})
		if err != nil {
			return errors.Join(append(errs, fmt.Errorf("look for what stands still: %w", err))...)
		}
		for _, id := range companies {
			errs = append(errs, s.noticeCompany(ctx, id))
			after = id
		}
		if len(companies) < watchedCompanies {
			return errors.Join(errs...)
		}
	}
}

func (s *Service) noticeCompany(ctx context.Context, id uuid.UUID) error {
	return s.notice(ctx, id, "notice incidents", func(ctx context.Context, q *dbgen.Queries, n noticing) error {
		passed, err := q.ResolvePassedIncidents(ctx, dbgen.ResolvePassedIncidentsParams{CompanyID: id, Silence: s.silence(), Patience: s.settings.NotifyWaiting})
		if err != nil {
			return fmt.Errorf("resolve incidents: %w", err)
		}
		if err := n.resolved(ctx, mapRows(passed, func(r dbgen.ResolvePassedIncidentsRow) Incident { return incident(dbgen.Incident(r)) })); err != nil {
			return err
		}
		grown, err := q.SupersedeWaitingIncident(ctx, dbgen.SupersedeWaitingIncidentParams{CompanyID: id, Patience: s.settings.NotifyWaiting, Rest: waitingRest})
		if err != nil {
			return fmt.Errorf("supersede incident of who waits: %w", err)
		}
		if err := n.resolved(ctx, mapRows(grown, func(r dbgen.SupersedeWaitingIncidentRow) Incident { return incident(dbgen.Incident(r)) })); err != nil {
			return err
		}
		stale, err := q.OpenStaleIncidents(ctx, dbgen.OpenStaleIncidentsParams{CompanyID: id, Silence: s.silence()})
		if err != nil {
			return fmt.Errorf("open incidents of stale links: %w", err)
		}
		waiting, err := q.OpenWaitingIncident(ctx, dbgen.OpenWaitingIncidentParams{CompanyID: id, Patience: s.settings.NotifyWaiting})
		if err != nil {
			return fmt.Errorf("open incident of who waits: %w", err)
		}
		opened := mapRows(stale, func(r dbgen.OpenStaleIncidentsRow) Incident { return incident(dbgen.Incident(r)) })
		return n.opened(ctx, append(opened, mapRows(waiting, func(r dbgen.OpenWaitingIncidentRow) Incident { return incident(dbgen.Incident(r)) })...))
	})
}

// notice runs what changes a company's incidents, with its events as its last act.
func (s *Service) notice(ctx context.Context, companyID uuid.UUID, act Act, f func(context.Context, *dbgen.Queries, noticing) error) error {
	return s.begin(ctx, companyID, act, func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		var told events
		if err := f(ctx, q, noticing{s, tx, q, &told, companyID}); err != nil {
			return err
		}
		return told.append(ctx, q)
	})
}

// noticeQuarantines tells the operator of each medium of which any run is quarantined.
func (s *Service) noticeQuarantines(ctx context.Context) error {
	if s.settings.OperatingCompany == uuid.Nil {
		return nil
	}
	media, err := s.across().QuarantinedMedia(ctx)
	if err != nil {
		return fmt.Errorf("look for quarantines: %w", err)
	}
	reason := string(FailureUnexpectedResponse)
	return s.tellOperator(ctx, IncidentQuarantined, media, &reason, media)
}

// noticeOutages tells the operator of each medium that is away for several companies at once.
func (s *Service) noticeOutages(ctx context.Context) error {
	if s.settings.OperatingCompany == uuid.Nil {
		return nil
	}
	outages, err := s.OpenOutages(ctx)
	if err != nil {
		return err
	}
	reason := string(FailureMediumUnavailable)
	away := mapRows(outages, func(o Outage) string { return string(o.Medium) })
	return s.tellOperator(ctx, IncidentMediumOutage, away, &reason, away)
}

// tellOperator opens an incident for each of the media, and resolves those of all others but some.
func (s *Service) tellOperator(ctx context.Context, kind IncidentKind, media []string, reason *string, but []string) error {
	company := s.settings.OperatingCompany
	return s.notice(ctx, company, "tell operator", func(ctx context.Context, q *dbgen.Queries, n noticing) error {
		over, err := q.ResolveMediumIncidents(ctx, dbgen.ResolveMediumIncidentsParams{CompanyID: company, Kind: string(kind), But: but})
		if err != nil {
			return fmt.Errorf("resolve incidents of media: %w", err)
		}
		if err := n.resolved(ctx, mapRows(over, func(r dbgen.ResolveMediumIncidentsRow) Incident { return incident(dbgen.Incident(r)) })); err != nil {
			return err
		}
		for _, m := range media {
			if err := n.open(ctx, dbgen.OpenIncidentParams{Kind: string(kind), Medium: &m, Reason: reason}); err != nil {
				return err
			}
		}
		return nil
	})
}

func (s *Service) reviveDeliveries(ctx context.Context) error {
	return s.beginAcross(ctx, "revive deliveries", func(ctx context.Context, tx pgx.Tx, q *dbgen.Queries) error {
		rows, err := q.ReviveDeliveries(ctx, dbgen.ReviveDeliveriesParams{Patience: deliveryPatience, MaxRows: noticeBatch})
		if err != nil {
			return fmt.Errorf("find deliveries that were left: %w", err)
		}
		if len(rows) == 0 {
			return nil
		}
		return s.queue.Deliver(ctx, tx, mapRows(rows, func(r dbgen.ReviveDeliveriesRow) DeliveryTask {
			return deliveryTask(r.CompanyID, r.ID, r.EndpointID, r.Attempts)
		}), 0)
	})
}

// pruneIncidents deletes what is long over, with what was sent about it.
func (s *Service) pruneIncidents(ctx context.Context) error {
	for {
		old, err := s.across().CompaniesWithOldIncidents(ctx, dbgen.CompaniesWithOldIncidentsParams{Age: incidentsKept, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("find old incidents: %w", err)
		}
		tests, err := s.across().CompaniesWithOldTests(ctx, dbgen.CompaniesWithOldTestsParams{Age: incidentsKept, MaxRows: pruneBatch})
		if err != nil {
			return fmt.Errorf("find old tests: %w", err)
		}
		for _, id := range old {
			if _, err := s.of(id).PruneIncidents(ctx, dbgen.PruneIncidentsParams{CompanyID: id, Age: incidentsKept, MaxRows: pruneBatch}); err != nil {
				return fmt.Errorf("prune incidents: %w", err)
			}
		}
		for _, id := range tests {
			if _, err := s.of(id).PruneTests(ctx, dbgen.PruneTestsParams{CompanyID: id, Age: incidentsKept, MaxRows: pruneBatch}); err != nil {
				return fmt.Errorf("prune tests: %w", err)
			}
		}
		if len(old)+len(tests) == 0 {
			return nil
		}
	}
}
