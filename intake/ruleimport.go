package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// RuleImport is what a file of rules did. Where a line was wrong, it did nothing.
type RuleImport struct {
	Created, Updated, Unchanged, Routed int
	Lines                               []RuleLineError
}

// errOnlyTried takes back what was only tried.
var errOnlyTried = errors.New("only tried")

// ImportRules reads a file of rules and routes what waits for them, in one transaction; where a line is wrong,
// nothing is changed and all that are wrong are returned. dryRun takes everything back. UserErrors at file:
// REQUIRED, INVALID, TOO_LONG.
func (s *Service) ImportRules(ctx context.Context, actor Actor, file io.ReadSeeker, dryRun bool) (RuleImport, error) {
	if err := actor.must(recruiting); err != nil {
		return RuleImport{}, err
	}
	f, err := readRuleFile(ctx, file)
	if err != nil {
		return RuleImport{}, err
	}
	var out RuleImport
	err = s.changeRules(ctx, actor, "import rules", func(ctx context.Context, q *dbgen.Queries, told *events) error {
		if err := f.resolve(ctx, q, actor); err != nil {
			return err
		}
		if out = f.result(); len(out.Lines) > 0 || out.Created+out.Updated == 0 {
			return nil
		}
		if err := q.PutRules(ctx, f.changes(actor)); err != nil {
			return fmt.Errorf("put rules: %w", err)
		}
		// Nothing else waits that a rule would route: one sweep will do, and every rule that changed has an open
		// opening, so that nothing of theirs goes on waiting.
		if out.Routed, err = routeWaiting(ctx, q, told, actor, dbgen.RouteWaitingParams{}, dbgen.InsertRoutingActionParams{Kind: string(ActionRulesImported)}); err != nil {
			return err
		}
		if dryRun {
			return errOnlyTried
		}
		return audit(ctx, q, actor, AuditRulesImported, nil, map[string]any{
			"created": out.Created, "updated": out.Updated, "unchanged": out.Unchanged, "routed": out.Routed,
		})
	})
	if err != nil && !errors.Is(err, errOnlyTried) {
		return RuleImport{}, err
	}
	return out, nil
}

// resolve finds each line's opening and says what becomes of the line.
func (f *ruleFile) resolve(ctx context.Context, q *dbgen.Queries, actor Actor) error {
	at := dbgen.RulesAtParams{CompanyID: actor.Company.ID}
	byName := dbgen.OpeningsNamedParams{CompanyID: actor.Company.ID}
	byID := dbgen.OpeningsByIDParams{CompanyID: actor.Company.ID}
	for _, l := range f.lines {
		at.Media, at.NormalizedPositionNames = append(at.Media, string(l.in.Medium)), append(at.NormalizedPositionNames, l.normalized)
		if l.id != nil {
			byID.Ids = append(byID.Ids, *l.id)
		} else {
			byName.Names = append(byName.Names, l.opening)
		}
	}
	rules, err := q.RulesAt(ctx, at)
	if err != nil {
		return fmt.Errorf("look up rules: %w", err)
	}
	named, err := q.OpeningsNamed(ctx, byName)
	if err != nil {
		return fmt.Errorf("look up openings: %w", err)
	}
	known, err := q.OpeningsByID(ctx, byID)
	if err != nil {
		return fmt.Errorf("look up openings: %w", err)
	}
	pointsAt := make(map[[2]string]uuid.UUID, len(rules))
	for _, r := range rules {
		pointsAt[[2]string{r.Medium, r.NormalizedPositionName}] = r.OpeningID
	}
	namesakes, openings := make(map[string][]dbgen.Opening), make(map[uuid.UUID][]dbgen.Opening)
	for _, o := range named {
		namesakes[o.Name] = append(namesakes[o.Name], o)
	}
	for _, o := range known {
		openings[o.ID] = []dbgen.Opening{o}
	}
	for _, l := range f.lines {
		candidates := namesakes[l.opening]
		if l.id != nil {
			candidates = openings[*l.id]
		}
		now, exists := pointsAt[[2]string{string(l.in.Medium), l.normalized}]
		f.decide(l, candidates, now, exists)
	}
	slices.SortStableFunc(f.wrong, func(a, b RuleLineError) int { return a.Line - b.Line })
	return nil
}

// decide chooses among the openings that a line may mean. A rule that points at one of them stays as it is, be
// that opening closed or not; a rule that is made or changed needs an open one.
func (f *ruleFile) decide(l *ruleLine, candidates []dbgen.Opening, now uuid.UUID, exists bool) {
	field := RuleColumnOpening
	if l.id != nil {
		field = RuleColumnID
	}
	if exists && slices.ContainsFunc(candidates, func(o dbgen.Opening) bool { return o.ID == now }) {
		l.does = ruleUnchanged
		return
	}
	open := slices.DeleteFunc(slices.Clone(candidates), func(o dbgen.Opening) bool { return o.Status != string(OpeningOpen) })
	switch {
	case len(candidates) == 0:
		f.refuse(l.line, CodeNotFound, Text{"この求人は見つかりません。", "There is no such opening."}, field)
	case len(open) == 0:
		f.refuse(l.line, CodeInvalidState, textOpeningClosed, field)
	case len(open) > 1:
		f.refuse(l.line, CodeInvalid, Text{
			fmt.Sprintf("同じ名前の求人が%d件あります。「求人ID」の列で指定してください。", len(open)),
			fmt.Sprintf("%d openings bear this name: say which in the column “Opening ID”.", len(open)),
		}, field)
	case exists:
		l.in.OpeningID, l.does = open[0].ID, ruleUpdated
	default:
		l.in.OpeningID, l.does = open[0].ID, ruleCreated
	}
}

func (f *ruleFile) result() RuleImport {
	if len(f.wrong) > 0 {
		return RuleImport{Lines: f.wrong}
	}
	var out RuleImport
	for _, l := range f.lines {
		switch l.does {
		case ruleCreated:
			out.Created++
		case ruleUpdated:
			out.Updated++
		case ruleUnchanged:
			out.Unchanged++
		case ruleWrong:
		}
	}
	return out
}

// changes are the lines that change something.
func (f *ruleFile) changes(actor Actor) dbgen.PutRulesParams {
	p := dbgen.PutRulesParams{CompanyID: actor.Company.ID}
	for _, l := range f.lines {
		if l.does == ruleUnchanged {
			continue
		}
		p.Media, p.PositionNames = append(p.Media, string(l.in.Medium)), append(p.PositionNames, l.in.PositionName)
		near := nearNameOf(l.in.PositionName)
		p.FoldedNames, p.TrigramNames = append(p.FoldedNames, near.folded), append(p.TrigramNames, near.trigrams)
		p.NormalizedPositionNames, p.OpeningIds = append(p.NormalizedPositionNames, l.normalized), append(p.OpeningIds, l.in.OpeningID)
	}
	return p
}
