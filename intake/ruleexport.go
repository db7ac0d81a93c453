package intake

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// exportBatch is how many rows of an export are read, and lie in memory, at a time.
const exportBatch = 500

// ExportRules hands over the rules, the latest first and a batch at a time.
func (s *Service) ExportRules(ctx context.Context, actor Actor, batch func([]RuleLine) error) error {
	page := Keyset{First: exportBatch, most: exportBatch}
	for {
		rules, err := s.Rules(ctx, actor, RuleFilter{}, page)
		if err != nil {
			return err
		}
		more := len(rules) > exportBatch
		rules = rules[:min(len(rules), exportBatch)]
		lines, err := s.ruleLines(ctx, actor, rules)
		if err == nil && len(lines) > 0 {
			err = batch(lines)
		}
		if err != nil || !more {
			return err
		}
		page.After = PlaceOf(time.Time{}, rules[len(rules)-1].ID)
	}
}

func (s *Service) ruleLines(ctx context.Context, actor Actor, rules []RoutingRule) ([]RuleLine, error) {
	var ids, openingIDs []uuid.UUID
	for _, r := range rules {
		ids, openingIDs = append(ids, r.ID), append(openingIDs, r.OpeningID)
	}
	openings, err := s.OpeningsByID(ctx, actor, openingIDs)
	if err != nil {
		return nil, err
	}
	matches, err := s.RuleMatchesByID(ctx, actor, ids)
	if err != nil {
		return nil, err
	}
	var names []string
	for _, o := range openings {
		names = append(names, o.Name)
	}
	named, err := s.as(actor, recruiting).OpeningsNamed(ctx, dbgen.OpeningsNamedParams{CompanyID: actor.Company.ID, Names: names})
	if err != nil {
		return nil, fmt.Errorf("look up openings: %w", err)
	}
	bearers := make(map[string]int)
	for _, o := range named {
		bearers[o.Name]++
	}
	lines := make([]RuleLine, len(rules))
	for i, r := range rules {
		name := openings[r.OpeningID].Name
		// A CSV does not tell the ends of lines apart.
		lines[i] = RuleLine{Rule: r, Opening: name, Ambiguous: bearers[name] > 1 || strings.Contains(name, "\r"), Matches: matches[r.ID]}
	}
	return lines, nil
}
