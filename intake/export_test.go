package intake

import "context"

// PossibleDuplicatesWithin goes through less of the company in a request than PossibleDuplicates does.
func (s *Service) PossibleDuplicatesWithin(ctx context.Context, actor Actor, k Keyset, candidates, pairs int32, looks int) (DuplicatePage, error) {
	return s.possibleDuplicates(ctx, actor, k, pairBounds{candidates: candidates, pairs: pairs, looks: looks})
}
