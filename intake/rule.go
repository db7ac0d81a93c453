package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// RoutingRule is a 振り分けルール: applications for this position of this medium go to this opening.
type RoutingRule struct {
	ID           uuid.UUID
	Medium       Medium
	PositionName string
	// NormalizedPositionName is what is compared.
	NormalizedPositionName string
	OpeningID              uuid.UUID
	CreatedAt              time.Time
	Revision               int
}

// RoutingRuleAction is something that can be done to a rule.
type RoutingRuleAction string

// The actions.
const (
	ActionUpdateRule RoutingRuleAction = "UPDATE"
	ActionDeleteRule RoutingRuleAction = "DELETE"
)

// RoutingRuleActionState says whether an action is possible now.
type RoutingRuleActionState struct {
	Action RoutingRuleAction
	Possible
}

// AvailableActions lists every action and whether the actor's roles allow it: a rule that is there can be changed and
// deleted whatever became of its opening.
func (r RoutingRule) AvailableActions(actor Actor) []RoutingRuleActionState {
	can := actor.forThose(recruiting, textForRecruiting, nil)
	return []RoutingRuleActionState{{ActionUpdateRule, can}, {ActionDeleteRule, can}}
}

// RuleMatches is what a rule has routed so far, whatever became of it since.
type RuleMatches struct {
	Count  int
	LastAt *time.Time
	// Quiet: it has, but not in the last 90 days.
	Quiet bool
}

// RuleHealth says whether a rule still does something.
type RuleHealth string

// How rules are. The first that holds counts.
const (
	RuleOpeningClosed RuleHealth = "OPENING_CLOSED"
	RuleNeverMatched  RuleHealth = "NEVER_MATCHED"
	RuleQuiet         RuleHealth = "QUIET"
	RuleHealthy       RuleHealth = "HEALTHY"
)

// Health is how a rule is that leads to the opening.
func (m RuleMatches) Health(opening Opening) RuleHealth {
	switch {
	case opening.Status == OpeningClosed:
		return RuleOpeningClosed
	case m.Count == 0:
		return RuleNeverMatched
	case m.Quiet:
		return RuleQuiet
	}
	return RuleHealthy
}

// RuleInput is what a rule is made of.
type RuleInput struct {
	Medium       Medium
	PositionName string
	OpeningID    uuid.UUID
}

// RoutingPreview is what saving a rule would do to the data as it stands.
type RoutingPreview struct {
	WouldRoute int
	// Rule is what was asked about.
	Rule RuleInput
	// ConflictsWith is the rule that already speaks for this position.
	ConflictsWith *RoutingRule
	// OpeningClosed: it could not be saved.
	OpeningClosed bool
	// Errors are what saving it would say of what was entered.
	Errors []UserError
	// Filter finds the entries that would be routed; nil when none would.
	Filter *InboxFilter
}

const (
	maxPositionName = 500
	fieldInput      = "input"
)

// CreateRule saves a rule and routes what waits and matches, in one transaction. It returns how many
// it routed. UserErrors: REQUIRED, TOO_LONG, ALREADY_EXISTS at positionName; NOT_FOUND or INVALID_STATE
// at openingId.
func (s *Service) CreateRule(ctx context.Context, actor Actor, in RuleInput) (RoutingRule, int, error) {
	if err := actor.must(recruiting); err != nil {
		return RoutingRule{}, 0, err
	}
	if err := checkRule(in); err != nil {
		return RoutingRule{}, 0, err
	}
	var rule RoutingRule
	var routed int
	err := s.changeRules(ctx, actor, "create rule", func(ctx context.Context, q *dbgen.Queries, told *events) error {
		if err := openOpening(ctx, q, actor, in.OpeningID); err != nil {
			return err
		}
		near := nearNameOf(in.PositionName)
		row, err := q.InsertRule(ctx, dbgen.InsertRuleParams{
			CompanyID: actor.Company.ID, Medium: string(in.Medium), PositionName: strings.TrimSpace(in.PositionName),
			NormalizedPositionName: NormalizePositionName(in.PositionName),
			FoldedName:             near.folded, TrigramName: near.trigrams, OpeningID: in.OpeningID,
		})
		if db.IsNoRows(err) {
			return ruleExists()
		}
		if err != nil {
			return fmt.Errorf("insert rule: %w", err)
		}
		rule = routingRule(row)
		if routed, err = sweepRule(ctx, q, told, actor, row); err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditRuleCreated, &row.ID, map[string]any{"opening": in.OpeningID, "routed": routed})
	})
	return rule, routed, err
}

// UpdateRule changes a rule and routes what waits and now matches. Nothing that is routed moves. A
// revision that no longer holds is a REVISION_CONFLICT.
func (s *Service) UpdateRule(ctx context.Context, actor Actor, id uuid.UUID, in RuleInput, expectedRevision *int) (RoutingRule, int, error) {
	if err := actor.must(recruiting); err != nil {
		return RoutingRule{}, 0, err
	}
	if err := checkRule(in); err != nil {
		return RoutingRule{}, 0, err
	}
	var rule RoutingRule
	var routed int
	err := s.changeRules(ctx, actor, "update rule", func(ctx context.Context, q *dbgen.Queries, told *events) error {
		before, err := q.LockRule(ctx, dbgen.LockRuleParams{CompanyID: actor.Company.ID, ID: id})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock rule: %w", err)
		}
		if expectedRevision != nil && *expectedRevision != int(before.Revision) {
			return revisionConflict()
		}
		if err := openOpening(ctx, q, actor, in.OpeningID); err != nil {
			return err
		}
		near := nearNameOf(in.PositionName)
		row, err := q.UpdateRule(ctx, dbgen.UpdateRuleParams{
			CompanyID: actor.Company.ID, ID: id, Medium: string(in.Medium), PositionName: strings.TrimSpace(in.PositionName),
			NormalizedPositionName: NormalizePositionName(in.PositionName),
			FoldedName:             near.folded, TrigramName: near.trigrams, OpeningID: in.OpeningID,
		})
		if db.Violates(err, "routing_rules_one_per_position") {
			return ruleExists()
		}
		if err != nil {
			return fmt.Errorf("update rule: %w", err)
		}
		rule = routingRule(row)
		if routed, err = sweepRule(ctx, q, told, actor, row); err != nil {
			return err
		}
		if err := explainWaiting(ctx, q, before); err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditRuleUpdated, &id, map[string]any{"opening": in.OpeningID, "revision": row.Revision, "routed": routed})
	})
	return rule, routed, err
}

// DeleteRule removes a rule. What it routed stays where it is; what comes after waits.
func (s *Service) DeleteRule(ctx context.Context, actor Actor, id uuid.UUID) error {
	return s.changeRules(ctx, actor, "delete rule", func(ctx context.Context, q *dbgen.Queries, _ *events) error {
		row, err := q.DeleteRule(ctx, dbgen.DeleteRuleParams{CompanyID: actor.Company.ID, ID: id})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("delete rule: %w", err)
		}
		if err := explainWaiting(ctx, q, row); err != nil {
			return err
		}
		return audit(ctx, q, actor, AuditRuleDeleted, &id, map[string]any{"opening": row.OpeningID})
	})
}

// changeRules runs a change of a company's rules while no page is being stored: whoever is stored
// later sees the change, and the change sees whoever was stored before.
func (s *Service) changeRules(ctx context.Context, actor Actor, act Act, change func(context.Context, *dbgen.Queries, *events) error) error {
	return s.change(ctx, actor, recruiting, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.AllowTime(ctx); err != nil {
			return fmt.Errorf("allow time: %w", err)
		}
		if err := q.LockRules(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("lock rules: %w", err)
		}
		var told events
		if err := change(ctx, q, &told); err != nil {
			return err
		}
		return told.append(ctx, q)
	})
}

// sweepRule routes what waits for a rule as it now is.
func sweepRule(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, rule dbgen.RoutingRule) (int, error) {
	action := dbgen.InsertRoutingActionParams{
		Kind: string(ActionRule), RuleID: &rule.ID, RuleRevision: &rule.Revision, OpeningID: &rule.OpeningID,
	}
	return routeWaiting(ctx, q, told, actor, dbgen.RouteWaitingParams{RuleID: &rule.ID}, action)
}

// routeWaiting routes what waits and matches, as an action that can be undone, and tells of it.
func routeWaiting(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, which dbgen.RouteWaitingParams, action dbgen.InsertRoutingActionParams) (int, error) {
	action.ID = newID()
	which.CompanyID, which.ActionID = actor.Company.ID, action.ID
	routed, err := sweep(ctx, q, which)
	if err != nil || len(routed.ids) == 0 {
		return 0, err
	}
	if err := tellRouted(ctx, q, told, actor.Company.ID, routed); err != nil {
		return 0, err
	}
	n := len(routed.ids)
	told.inboxChanged(actor.Company.ID, -n, n)
	_, err = noteAction(ctx, q, actor, action, n)
	return n, err
}

// sweep routes what waits and matches, and keeps with it which other rules came near.
func sweep(ctx context.Context, q *dbgen.Queries, which dbgen.RouteWaitingParams) (newApplications, error) {
	rows, err := q.PositionsToRoute(ctx, dbgen.PositionsToRouteParams{
		CompanyID: which.CompanyID, RuleID: which.RuleID, OpeningID: which.OpeningID, EntryIds: which.EntryIds,
	})
	if err != nil {
		return newApplications{}, fmt.Errorf("look for what waits: %w", err)
	}
	if len(rows) == 0 {
		return newApplications{}, nil
	}
	near, err := consider(ctx, q, which.CompanyID, mapRows(rows, func(r dbgen.PositionsToRouteRow) PositionKey {
		return PositionKey{Medium(r.Medium), r.NormalizedPositionName}
	}))
	if err != nil {
		return newApplications{}, err
	}
	if which.Considered, err = near.byMedium(); err != nil {
		return newApplications{}, err
	}
	routed, err := q.RouteWaiting(ctx, which)
	return newApplications{routed.ApplicationIds, routed.ApplicationOpenings}, wrap("route what waits", err)
}

func explainWaiting(ctx context.Context, q *dbgen.Queries, rule dbgen.RoutingRule) error {
	near, err := considerOne(ctx, q, rule.CompanyID, rule.Medium, rule.NormalizedPositionName)
	if err != nil {
		return err
	}
	return wrap("explain what waits", q.ExplainWaiting(ctx, dbgen.ExplainWaitingParams{
		CompanyID: rule.CompanyID, Medium: rule.Medium, NormalizedPositionName: rule.NormalizedPositionName, Considered: near,
	}))
}

func openOpening(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID) error {
	opening, err := q.ShareOpening(ctx, dbgen.ShareOpeningParams{CompanyID: actor.Company.ID, ID: id})
	if db.IsNoRows(err) {
		return notFound(fieldInput, "openingId")
	}
	if err != nil {
		return fmt.Errorf("look up opening: %w", err)
	}
	if opening.Status != string(OpeningOpen) {
		return refuse(CodeInvalidState, textOpeningClosed, fieldInput, "openingId")
	}
	return nil
}

func checkRule(in RuleInput) error {
	var c check
	if !slices.Contains(media, in.Medium) {
		c.add(CodeInvalid, Text{"この求人媒体には対応していません。", "This medium is not supported."}, fieldInput, "medium")
	}
	switch {
	case NormalizePositionName(in.PositionName) == "":
		c.add(CodeRequired, Text{"募集ポジション名を入力してください。", "Enter the position name."}, fieldInput, "positionName")
	case utf8.RuneCountInString(in.PositionName) > maxPositionName:
		c.add(CodeTooLong, Text{"募集ポジション名は500文字までです。", "A position name has at most 500 characters."}, fieldInput, "positionName")
	case !storable(in.PositionName):
		c.add(CodeInvalid, textBadCharacters, fieldInput, "positionName")
	}
	return c.err()
}

func ruleExists() error {
	return refuse(CodeAlreadyExists,
		Text{"この募集ポジション名の振り分けルールはすでにあります。", "There is a rule for this position name already."},
		fieldInput, "positionName")
}

// PreviewRule says what saving a rule would do, or a change of the one that changing names; nothing is written. An
// opening that is not the company's is ErrNotFound.
func (s *Service) PreviewRule(ctx context.Context, actor Actor, in RuleInput, changing *uuid.UUID) (RoutingPreview, error) {
	openings, err := s.OpeningsByID(ctx, actor, []uuid.UUID{in.OpeningID})
	opening, err := one(openings, in.OpeningID, err)
	if err != nil {
		return RoutingPreview{}, err
	}
	p := RoutingPreview{Rule: in, OpeningClosed: opening.Status != OpeningOpen, Errors: []UserError{}}
	conflict, err := s.as(actor, recruiting).RuleByPosition(ctx, dbgen.RuleByPositionParams{
		CompanyID: actor.Company.ID, Medium: string(in.Medium), NormalizedPositionName: NormalizePositionName(in.PositionName),
	})
	switch {
	case err == nil && (changing == nil || conflict.ID != *changing):
		rule := routingRule(conflict)
		p.ConflictsWith = &rule
	case err != nil && !db.IsNoRows(err):
		return RoutingPreview{}, fmt.Errorf("look for a conflict: %w", err)
	}
	if errs, is := errors.AsType[UserErrors](checkRule(in)); is {
		p.Errors = errs
	}
	// What could not be saved routes nobody.
	if p.OpeningClosed || p.ConflictsWith != nil || len(p.Errors) > 0 {
		return p, nil
	}
	waiting := StateWaiting
	p.Filter = &InboxFilter{State: &waiting, Medium: &in.Medium, PositionName: &in.PositionName}
	p.WouldRoute, err = s.CountInbox(ctx, actor, *p.Filter)
	return p, err
}

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
