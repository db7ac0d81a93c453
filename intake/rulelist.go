package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// RuleFilter narrows the rules; nil means any.
type RuleFilter struct {
	Medium    *Medium
	OpeningID *uuid.UUID
	// Search is looked for within the position's name, compared as rules compare.
	Search *string
	Health *RuleHealth
}

func (f RuleFilter) search() *string {
	if f.Search == nil {
		return nil
	}
	n := NormalizePositionName(*f.Search)
	return &n
}

// Rules returns rules, the latest first.
func (s *Service) Rules(ctx context.Context, actor Actor, f RuleFilter, page Keyset) ([]RoutingRule, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).Rules(ctx, dbgen.RulesParams{
		CompanyID: actor.Company.ID, Medium: (*string)(f.Medium), OpeningID: f.OpeningID, Search: f.search(), Health: (*string)(f.Health),
		After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return mapRows(rows, routingRule), nil
}

// CountRules counts what Rules would return in all.
func (s *Service) CountRules(ctx context.Context, actor Actor, f RuleFilter) (int, error) {
	n, err := s.as(actor, recruiting).CountRules(ctx, dbgen.CountRulesParams{
		CompanyID: actor.Company.ID, Medium: (*string)(f.Medium), OpeningID: f.OpeningID, Search: f.search(), Health: (*string)(f.Health),
	})
	return int(n), wrap("count rules", err)
}

// RulesByID returns the rules among ids, by id.
func (s *Service) RulesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]RoutingRule, error) {
	rows, err := s.as(actor, recruiting).RulesByID(ctx, dbgen.RulesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return byID(mapRows(rows, routingRule), func(r RoutingRule) uuid.UUID { return r.ID }), nil
}

// RulesByOpening returns the rules of each opening.
func (s *Service) RulesByOpening(ctx context.Context, actor Actor, openingIDs []uuid.UUID) (map[uuid.UUID][]RoutingRule, error) {
	rows, err := s.as(actor, recruiting).RulesByOpening(ctx, dbgen.RulesByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: openingIDs})
	if err != nil {
		return nil, fmt.Errorf("read rules: %w", err)
	}
	return group(mapRows(rows, routingRule), func(r RoutingRule) uuid.UUID { return r.OpeningID }), nil
}

// RuleMatchesByID returns what each rule has routed.
func (s *Service) RuleMatchesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]RuleMatches, error) {
	rows, err := s.as(actor, recruiting).RuleMatches(ctx, dbgen.RuleMatchesParams{CompanyID: actor.Company.ID, RuleIds: ids})
	if err != nil {
		return nil, fmt.Errorf("count matches: %w", err)
	}
	matches := make(map[uuid.UUID]RuleMatches, len(rows))
	for _, r := range rows {
		matches[r.RuleID] = RuleMatches{Count: int(r.Matched), LastAt: &r.LastMatchedAt, Quiet: r.Quiet}
	}
	return matches, nil
}

func routingRule(r dbgen.RoutingRule) RoutingRule {
	return RoutingRule{
		ID: r.ID, Medium: Medium(r.Medium), PositionName: r.PositionName,
		NormalizedPositionName: r.NormalizedPositionName, OpeningID: r.OpeningID,
		CreatedAt: r.CreatedAt, Revision: int(r.Revision),
	}
}
