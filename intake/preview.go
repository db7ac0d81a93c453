package intake

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"renkei/db/dbgen"
)

// RoutedByHand is what members have sent to an opening of late that a rule would have spared them.
type RoutedByHand struct {
	Count int
	// Examples are some of them, the latest application first.
	Examples []InboxEntry
}

// NearName is a position name that is much like a rule's, and that the rule does not match.
type NearName struct {
	PositionName           string
	NormalizedPositionName string
	Count                  int
	Score                  float64
}

const (
	// previewDays is how far a preview looks back unless asked, maxPreviewDays the most that it does.
	previewDays    = 90
	maxPreviewDays = 365
	maxExamples    = 5
	maxNearNames   = 10
	// maxOtherNames is how many names are looked through for near ones, those with the most applications first.
	maxOtherNames = 2000
)

// ErrPreviewDays says that a preview was asked to look back further than it does.
var ErrPreviewDays = errors.New("`days` is out of bounds")

func lookingBack(days *int) (int32, error) {
	if days == nil {
		return previewDays, nil
	}
	if *days < 1 || *days > maxPreviewDays {
		return 0, fmt.Errorf("%w: it is 1 to %d", ErrPreviewDays, maxPreviewDays)
	}
	return int32(*days), nil
}

// CaughtByRule counts the entries that members have sent to the rule's opening in the last days (90 by default), and that it would
// have caught.
func (s *Service) CaughtByRule(ctx context.Context, actor Actor, in RuleInput, days *int) (RoutedByHand, error) {
	n, err := lookingBack(days)
	if err != nil {
		return RoutedByHand{}, err
	}
	rows, err := s.as(actor, recruiting).CaughtByHand(ctx, dbgen.CaughtByHandParams{
		CompanyID: actor.Company.ID, OpeningID: &in.OpeningID, Days: n, Medium: string(in.Medium),
		NormalizedPositionName: NormalizePositionName(in.PositionName), MaxRows: maxExamples,
	})
	if err != nil {
		return RoutedByHand{}, fmt.Errorf("read what was routed by hand: %w", err)
	}
	caught := RoutedByHand{Examples: mapRows(rows, func(r dbgen.CaughtByHandRow) InboxEntry { return inboxEntry(r.InboxEntry) })}
	if len(rows) > 0 {
		caught.Count = int(rows[0].Entries)
	}
	return caught, nil
}

// MissedByRule returns the near names under which members have sent entries to the rule's opening in the last days (90 by default), and
// which it would not have caught, the most alike first.
func (s *Service) MissedByRule(ctx context.Context, actor Actor, in RuleInput, days *int) ([]NearName, error) {
	n, err := lookingBack(days)
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).OtherNamesByHand(ctx, dbgen.OtherNamesByHandParams{
		CompanyID: actor.Company.ID, OpeningID: &in.OpeningID, Days: n, Medium: string(in.Medium),
		NormalizedPositionName: NormalizePositionName(in.PositionName), MaxRows: maxOtherNames,
	})
	if err != nil {
		return nil, fmt.Errorf("read what was routed by hand: %w", err)
	}
	return s.near(ctx, actor, in, mapRows(rows, func(r dbgen.OtherNamesByHandRow) NearName {
		return NearName{PositionName: r.PositionName, NormalizedPositionName: r.NormalizedPositionName, Count: int(r.Entries)}
	}))
}

// NearWaitingNames returns the waiting names that are near a rule's and would stay, the most alike first.
func (s *Service) NearWaitingNames(ctx context.Context, actor Actor, in RuleInput) ([]NearName, error) {
	rows, err := s.as(actor, recruiting).OtherWaitingNames(ctx, dbgen.OtherWaitingNamesParams{
		CompanyID: actor.Company.ID, Medium: string(in.Medium),
		NormalizedPositionName: NormalizePositionName(in.PositionName), MaxRows: maxOtherNames,
	})
	if err != nil {
		return nil, fmt.Errorf("read waiting names: %w", err)
	}
	return s.near(ctx, actor, in, mapRows(rows, func(r dbgen.OtherWaitingNamesRow) NearName {
		return NearName{PositionName: r.PositionName, NormalizedPositionName: r.NormalizedPositionName, Count: int(r.Entries)}
	}))
}

// near leaves of some names those that are much like the rule's.
func (s *Service) near(ctx context.Context, actor Actor, in RuleInput, names []NearName) ([]NearName, error) {
	asked := nearNameOf(in.PositionName)
	rough := newNearest([]string{asked.folded}, 2*maxNearNames)
	forms := mapRows(names, func(n NearName) nearName { return nearNameOf(n.NormalizedPositionName) })
	for i, form := range forms {
		rough.compare(i, form.folded)
	}
	found, p := []NearName{}, dbgen.LikenessOfNamesParams{TrigramName: asked.trigrams}
	for _, r := range rough.chosen[0] {
		found, p.TrigramNames = append(found, names[r.n]), append(p.TrigramNames, forms[r.n].trigrams)
	}
	if len(found) == 0 {
		return found, nil
	}
	scores, err := s.as(actor, recruiting).LikenessOfNames(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("compare names: %w", err)
	}
	for i := range found {
		found[i].Score = rounded(scores[i])
	}
	found = slices.DeleteFunc(found, func(n NearName) bool { return n.Score < leastLikeness })
	slices.SortStableFunc(found, func(a, b NearName) int {
		return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(b.Count, a.Count))
	})
	return found[:min(len(found), maxNearNames)], nil
}
