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
