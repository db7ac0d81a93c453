package intake

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// SuggestionKind says what a suggestion is made from.
type SuggestionKind string

// The kinds.
const (
	// SuggestRenamed: the posting itself was renamed, and there is a rule for its former name.
	SuggestRenamed SuggestionKind = "RENAMED_POSTING"
	// SuggestRule: there is a rule for nearly this name.
	SuggestRule SuggestionKind = "NEAR_RULE"
	// SuggestOpening: an opening has nearly this name.
	SuggestOpening SuggestionKind = "NEAR_OPENING"
)

// RoutingSuggestion is an opening that nearly fits a position. Nothing is ever routed by it.
type RoutingSuggestion struct {
	Kind      SuggestionKind
	OpeningID uuid.UUID
	// RuleID is the rule that leads there, if it is one.
	RuleID *uuid.UUID
	// FromName is the name that nearly fits: the rule's or the opening's.
	FromName string
	Score    float64
	Reason   Text
}

const maxSuggestions = 3

// SuggestionsByPosition returns what nearly fits each position, the best first. An opening that is closed is not
// suggested, nor a rule that leads to one, nor one opening twice.
func (s *Service) SuggestionsByPosition(ctx context.Context, actor Actor, positions []PositionKey) (map[PositionKey][]RoutingSuggestion, error) {
	q := s.as(actor, recruiting)
	rows, err := q.FoldedTargets(ctx, actor.Company.ID)
	if err != nil {
		return nil, fmt.Errorf("read folded names: %w", err)
	}
	alike, err := likenesses(ctx, q, actor.Company.ID, positions, mapRows(rows, func(r dbgen.FoldedTargetsRow) target { return target(r) }))
	if err != nil {
		return nil, err
	}
	renamed, err := renamedPostings(ctx, q, actor, positions)
	if err != nil {
		return nil, err
	}
	suggestions := make(map[PositionKey][]RoutingSuggestion, len(positions))
	for _, at := range positions {
		near := renamed[at]
		media := make(map[uuid.UUID]Medium)
		for _, r := range alike[at] {
			// It was open a moment ago; and a rule that matches is no suggestion.
			if r.Open && (r.RuleID == nil || at != PositionKey{Medium(r.Medium), *r.NormalizedPositionName}) {
				near = append(near, suggestion(r))
			}
			if r.RuleID != nil {
				media[*r.RuleID] = Medium(r.Medium)
			}
		}
		// Words only for what is kept: folding takes longer than all the rest.
		suggestions[at] = best(near, at.NormalizedName)
		for i := range suggestions[at] {
			suggestions[at][i].explain(at, media)
		}
	}
	return suggestions, nil
}

func renamedPostings(ctx context.Context, q *dbgen.Queries, actor Actor, positions []PositionKey) (map[PositionKey][]RoutingSuggestion, error) {
	p := dbgen.RenamedPostingsParams{CompanyID: actor.Company.ID, Media: []string{}, NormalizedPositionNames: []string{}}
	for _, at := range positions {
		p.Media = append(p.Media, string(at.Medium))
		p.NormalizedPositionNames = append(p.NormalizedPositionNames, at.NormalizedName)
	}
	rows, err := q.RenamedPostings(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("look for renamed postings: %w", err)
	}
	renamed := make(map[PositionKey][]RoutingSuggestion)
	for _, r := range rows {
		at := positions[r.N-1]
		renamed[at] = append(renamed[at], RoutingSuggestion{
			Kind: SuggestRenamed, OpeningID: r.OpeningID, RuleID: &r.RuleID, FromName: r.PositionName, Score: 1,
			Reason: Text{
				fmt.Sprintf("この募集の名前が「%s」から「%s」に変わりました。振り分けルールの募集ポジション名も変更できます。", r.PositionName, at.NormalizedName),
				fmt.Sprintf("This posting was called “%s” before it became “%s”: the rule can be renamed with it.", r.PositionName, at.NormalizedName),
			},
		})
	}
	return renamed, nil
}

// best leaves the best for each opening of what is near a name.
func best(near []RoutingSuggestion, name string) []RoutingSuggestion {
	slices.SortStableFunc(near, func(a, b RoutingSuggestion) int {
		if a.Score != b.Score {
			return cmp.Compare(b.Score, a.Score)
		}
		return cmp.Or(cmp.Compare(a.rank(name), b.rank(name)), cmp.Compare(a.FromName, b.FromName), slices.Compare(a.OpeningID[:], b.OpeningID[:]))
	})
	kept := []RoutingSuggestion{}
	for _, n := range near {
		if len(kept) < maxSuggestions && !slices.ContainsFunc(kept, func(k RoutingSuggestion) bool { return k.OpeningID == n.OpeningID }) {
			kept = append(kept, n)
		}
	}
	return kept
}

// rank orders suggestions whose scores are the same: the posting itself, then what bears the very name, then what only
// nearly does; of these a rule before an opening, for somebody has decided it.
func (n *RoutingSuggestion) rank(name string) int {
	if n.Kind == SuggestRenamed {
		return 0
	}
	rank := 1
	if NormalizePositionName(n.FromName) != name {
		rank = 3
	}
	if n.Kind == SuggestOpening {
		rank++
	}
	return rank
}

func suggestion(r dbgen.LikenessesRow) RoutingSuggestion {
	if r.RuleID == nil {
		return RoutingSuggestion{Kind: SuggestOpening, OpeningID: r.OpeningID, FromName: r.OpeningName, Score: r.Score}
	}
	return RoutingSuggestion{Kind: SuggestRule, OpeningID: r.OpeningID, RuleID: r.RuleID, FromName: *r.PositionName, Score: r.Score}
}

// explain says why in words; media are those of the rules.
func (n *RoutingSuggestion) explain(at PositionKey, media map[uuid.UUID]Medium) {
	var what Text
	switch n.Kind {
	case SuggestRenamed:
		return
	case SuggestOpening:
		what = Text{fmt.Sprintf("求人「%s」", n.FromName), fmt.Sprintf("the opening “%s”", n.FromName)}
	case SuggestRule:
		what = Text{fmt.Sprintf("振り分けルール「%s」", n.FromName), fmt.Sprintf("the rule “%s”", n.FromName)}
		if m := media[*n.RuleID]; m != at.Medium {
			name := m.Name()
			what = Text{name.JA + "の" + what.JA, what.EN + " for " + name.EN}
		}
	}
	n.Reason = alikeInWords(what, at.NormalizedName, n.FromName, n.Score)
}

// alikeInWords says in words how a name is like that of something.
func alikeInWords(what Text, name, other string, score float64) Text {
	folded, taken := foldName(name)
	otherFolded, otherTaken := foldName(other)
	switch {
	case name == NormalizePositionName(other):
		return Text{what.JA + "と同じ名前です。", "Has the name of " + what.EN + "."}
	case folded != otherFolded:
		percent := int(math.Round(score * 100))
		return Text{
			fmt.Sprintf("%sと名前が似ています（%d%%）。", what.JA, percent),
			fmt.Sprintf("Is called much like %s (%d%%).", what.EN, percent),
		}
	}
	differ := append(without(taken, otherTaken), without(otherTaken, taken)...)
	if len(differ) == 0 {
		return Text{
			what.JA + "と、大文字と小文字、空白、記号を除くと一致します。",
			"Differs from " + what.EN + " only in case, spaces and signs.",
		}
	}
	return Text{
		fmt.Sprintf("%sと、「%s」を除くと一致します。", what.JA, strings.Join(differ, "」「")),
		fmt.Sprintf("Differs from %s only in “%s”.", what.EN, strings.Join(differ, "”, “")),
	}
}

// without returns those pieces that others do not have too.
func without(pieces, others []string) []string {
	return slices.DeleteFunc(slices.Clone(pieces), func(p string) bool { return slices.Contains(others, p) })
}
