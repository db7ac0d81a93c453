package intake

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"slices"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// PositionKey is what a rule speaks for: a normalised name on a medium.
type PositionKey struct {
	Medium         Medium
	NormalizedName string
}

// consideredRule is how a rule that came near and lost is kept with the decision, as it then stood.
type consideredRule struct {
	Rule         uuid.UUID        `json:"rule"`
	Revision     int              `json:"revision"`
	PositionName string           `json:"positionName"`
	Medium       Medium           `json:"medium"`
	Opening      uuid.UUID        `json:"opening"`
	Why          ConsideredReason `json:"why"`
	Score        float64          `json:"score"`
}

const (
	maxConsidered = 5
	maxSimilar    = 3
	// leastLikeness is where names begin to be alike. Of a table of pairs of real names it keeps four fifths of
	// those that mean the same, and loses as many of those that do not.
	leastLikeness = 0.4
	// maxCompared is how many names pg_trgm compares each name with.
	maxCompared = 20
)

// considered are the rules that came near positions and lost, where there are any.
type considered map[PositionKey][]consideredRule

// consider finds them, while the company's rules stand still. Where every position has its rule that is one query.
func consider(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, positions []PositionKey) (considered, error) {
	if len(positions) == 0 {
		return considered{}, nil
	}
	p := dbgen.RulesAroundParams{CompanyID: companyID}
	for _, at := range positions {
		folded, _ := foldName(at.NormalizedName)
		p.Media = append(p.Media, string(at.Medium))
		p.NormalizedPositionNames = append(p.NormalizedPositionNames, at.NormalizedName)
		p.FoldedNames = append(p.FoldedNames, folded)
	}
	rows, err := q.RulesAround(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("look for rules around: %w", err)
	}
	found, matched := make(considered), make(map[PositionKey]bool)
	for _, r := range rows {
		at := positions[r.N-1]
		reason := ConsideredDecoration
		switch {
		case r.Matches:
			matched[at] = true
			if r.Open {
				continue
			}
			reason = ConsideredOpeningClosed
		case Medium(r.Medium) != at.Medium:
			reason = ConsideredOtherMedium
		}
		found[at] = append(found[at], consideredRule{
			Rule: r.ID, Revision: int(r.Revision), PositionName: r.PositionName, Medium: Medium(r.Medium), Opening: r.OpeningID, Why: reason, Score: 1,
		})
	}
	unmatched := slices.DeleteFunc(slices.Clone(positions), func(at PositionKey) bool { return matched[at] })
	if err := found.similar(ctx, q, companyID, unmatched); err != nil {
		return nil, err
	}
	for at, rules := range found {
		slices.SortStableFunc(rules, func(a, b consideredRule) int {
			return cmp.Compare(slices.Index(consideredInOrder, a.Why), slices.Index(consideredInOrder, b.Why))
		})
		found[at] = rules[:min(len(rules), maxConsidered)]
	}
	return found, nil
}

// consideredInOrder is the order in which the reasons are told.
var consideredInOrder = []ConsideredReason{ConsideredOpeningClosed, ConsideredOtherMedium, ConsideredDecoration, ConsideredSimilar}

// similar adds the rules of the same medium that are most like positions without one.
func (c considered) similar(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, positions []PositionKey) error {
	if len(positions) == 0 {
		return nil
	}
	byMedium := make(map[Medium][]PositionKey)
	for _, at := range positions {
		byMedium[at.Medium] = append(byMedium[at.Medium], at)
	}
	for medium, positions := range byMedium {
		rules, err := q.FoldedRules(ctx, dbgen.FoldedRulesParams{CompanyID: companyID, Medium: string(medium)})
		if err != nil {
			return fmt.Errorf("read folded rules: %w", err)
		}
		alike, err := likenesses(ctx, q, companyID, positions, mapRows(rules, func(r dbgen.FoldedRulesRow) target { return target(r) }))
		if err != nil {
			return err
		}
		for at, rules := range alike {
			added := 0
			for _, r := range rules {
				known := slices.ContainsFunc(c[at], func(k consideredRule) bool { return k.Rule == *r.RuleID })
				if known || added == maxSimilar {
					continue
				}
				added++
				c[at] = append(c[at], consideredRule{
					Rule: *r.RuleID, Revision: int(*r.Revision), PositionName: *r.PositionName, Medium: Medium(r.Medium),
					Opening: r.OpeningID, Why: ConsideredSimilar, Score: r.Score,
				})
			}
		}
	}
	return nil
}

// byName is what StorePage takes for entries of one medium; nil for nothing.
func (c considered) byName() (json.RawMessage, error) {
	names := make(map[string][]consideredRule, len(c))
	for at, rules := range c {
		names[at.NormalizedName] = rules
	}
	return marshalSome(names)
}

// byMedium is what RouteWaiting takes.
func (c considered) byMedium() (json.RawMessage, error) {
	media := make(map[Medium]map[string][]consideredRule)
	for at, rules := range c {
		if media[at.Medium] == nil {
			media[at.Medium] = make(map[string][]consideredRule)
		}
		media[at.Medium][at.NormalizedName] = rules
	}
	return marshalSome(media)
}

// of is what is kept with an entry of one position.
func (c considered) of(at PositionKey) (json.RawMessage, error) {
	if c[at] == nil {
		return nil, nil
	}
	raw, err := json.Marshal(c[at])
	return raw, wrap("write what was considered", err)
}

func marshalSome[K comparable, V any](m map[K]V) (json.RawMessage, error) {
	if len(m) == 0 {
		return nil, nil
	}
	raw, err := json.Marshal(m)
	return raw, wrap("write what was considered", err)
}

// considerEntries is consider for the positions of entries, by medium and name.
func considerEntries(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, entries []dbgen.InboxEntry) (json.RawMessage, error) {
	met := make(map[PositionKey]bool)
	for _, e := range entries {
		met[PositionKey{Medium(e.Medium), e.NormalizedPositionName}] = true
	}
	near, err := consider(ctx, q, companyID, slices.Collect(maps.Keys(met)))
	if err != nil {
		return nil, err
	}
	return near.byMedium()
}

// considerOne is consider for one position, as it is kept with an entry.
func considerOne(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, medium, normalized string) (json.RawMessage, error) {
	at := PositionKey{Medium(medium), normalized}
	found, err := consider(ctx, q, companyID, []PositionKey{at})
	if err != nil {
		return nil, err
	}
	return found.of(at)
}

// target is a rule or an opening that a name is compared with.
type target struct {
	ID         uuid.UUID
	FoldedName string
}

// likenesses compares positions with targets and returns what is alike, the most alike first. Go chooses what is worth
// it, by the pairs of runes that names share, and pg_trgm measures that.
func likenesses(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, positions []PositionKey, targets []target) (map[PositionKey][]dbgen.LikenessesRow, error) {
	names := mapRows(positions, func(at PositionKey) nearName { return nearNameOf(at.NormalizedName) })
	chosen := newNearest(mapRows(names, func(n nearName) string { return n.folded }), maxCompared)
	for i, t := range targets {
		chosen.compare(i, t.FoldedName)
	}
	p := dbgen.LikenessesParams{CompanyID: companyID}
	var asking []PositionKey
	for i, best := range chosen.chosen {
		for _, r := range best {
			p.Ids, p.TrigramNames = append(p.Ids, targets[r.n].ID), append(p.TrigramNames, names[i].trigrams)
			asking = append(asking, positions[i])
		}
	}
	alike := make(map[PositionKey][]dbgen.LikenessesRow)
	if len(asking) == 0 {
		return alike, nil
	}
	rows, err := q.Likenesses(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("compare names: %w", err)
	}
	for _, r := range rows {
		if r.Score = rounded(r.Score); r.Score >= leastLikeness {
			alike[asking[r.N-1]] = append(alike[asking[r.N-1]], r)
		}
	}
	for _, rows := range alike {
		slices.SortStableFunc(rows, func(a, b dbgen.LikenessesRow) int { return cmp.Compare(b.Score, a.Score) })
	}
	return alike, nil
}

// rounded leaves two digits, as much as anybody reads.
func rounded(score float64) float64 { return math.Round(score*100) / 100 }
