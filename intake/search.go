package intake

import (
	"bytes"
	"context"
	"fmt"
	"math"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// What a search counts up to: beyond it, a count says that there are as many or more.
const (
	MaxCandidatesCounted = 10_000
	MaxSearchCounted     = 1_000
)

const (
	// firstChecks is how many texts are looked at first, and maxChecks at once.
	firstChecks = 64
	maxChecks   = 4_096
	// maxPositions is how many names of positions are looked through.
	maxPositions = 20_000
	// firstSegments is how many segments are looked through first.
	firstSegments = 4
)

// Candidates returns candidates, the latest to come in first: all people, or those found by every word of search, also
// by what they were called before they were merged into somebody: these are shown as they were.
// ErrLongSearch where that is too long.
func (s *Service) Candidates(ctx context.Context, actor Actor, search *string, page Keyset) ([]Candidate, error) {
	before, err := page.id()
	if err != nil {
		return nil, err
	}
	if before == nil {
		before = &uuid.Max
	}
	var rows []dbgen.CandidatesRow
	err = s.look(ctx, actor, search, "search candidates", func(q *dbgen.Queries) (err error) {
		rows, err = q.Candidates(ctx, dbgen.CandidatesParams{CompanyID: actor.Company.ID, Before: *before, MaxRows: page.maxRows()})
		return wrap("read candidates", err)
	}, func(ctx context.Context, f *finder) error {
		ids, err := f.latest(ctx, *before, int(page.maxRows()))
		if err != nil {
			return err
		}
		found, err := f.q.CandidateRowsByID(ctx, dbgen.CandidateRowsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
		for _, c := range slices.Backward(found) {
			rows = append(rows, dbgen.CandidatesRow{Candidate: c, Several: c.MergedInto == nil})
		}
		return wrap("read candidates", err)
	})
	if err != nil {
		return nil, err
	}
	return s.people(ctx, actor, rows)
}

// people puts those who stand for several together, and shows the others as they are.
func (s *Service) people(ctx context.Context, actor Actor, rows []dbgen.CandidatesRow) ([]Candidate, error) {
	var several []uuid.UUID
	for _, r := range rows {
		if r.Several {
			several = append(several, r.Candidate.ID)
		}
	}
	var together map[uuid.UUID]Candidate
	if several != nil {
		var err error
		if together, err = s.CandidatesByID(ctx, actor, several); err != nil {
			return nil, err
		}
	}
	found := make([]Candidate, len(rows))
	for i, r := range rows {
		person, known := together[r.Candidate.ID]
		if !known {
			var err error
			if person, err = s.candidate(r.Candidate); err != nil {
				return nil, err
			}
		}
		found[i] = person
	}
	return found, nil
}

// CountCandidates counts what Candidates would return in all; with a search, up to MaxCandidatesCounted.
func (s *Service) CountCandidates(ctx context.Context, actor Actor, search *string) (int, error) {
	var n int
	err := s.look(ctx, actor, search, "count candidates found", func(q *dbgen.Queries) error {
		all, err := q.CountCandidates(ctx, actor.Company.ID)
		n = int(all)
		return wrap("count candidates", err)
	}, func(ctx context.Context, f *finder) error {
		ids, err := f.latest(ctx, uuid.Max, MaxCandidatesCounted)
		n = len(ids)
		return err
	})
	return n, err
}

// look runs find for a member, at one instant of the company; plain where there is nothing to look for.
func (s *Service) look(ctx context.Context, actor Actor, search *string, act Act, plain func(*dbgen.Queries) error, find func(context.Context, *finder) error) error {
	if err := actor.must(recruiting); err != nil {
		return err
	}
	sought, err := words(search)
	if err != nil {
		return err
	}
	if len(sought) == 0 {
		return plain(s.as(actor, recruiting))
	}
	return s.acting(ctx, act, func(ctx context.Context) error {
		return db.BeginWithin(ctx, s.db, actor.Company.ID, db.Snapshot, func(tx pgx.Tx) error {
			return find(ctx, &finder{
				q: dbgen.New(tx), companyID: actor.Company.ID, words: sought, patterns: patterns(sought), lookups: lookups(sought),
			})
		})
	})
}

// finder finds a company's candidates by words. Those who came in lately stand in no segment: their texts are read.
// The others' segments have lists of who has which characters side by side; whoever is in all lists that the words
// lead to has their text looked at.
type finder struct {
	q         *dbgen.Queries
	companyID uuid.UUID
	words     []string
	patterns  []string
	lookups   []string
}

// spot is where a candidate may stand who is sought.
type spot struct {
	// segment is an index into the segments looked through.
	segment, place int
}

// latest are those found whose ids come before one, the latest first, at most max.
func (f *finder) latest(ctx context.Context, before uuid.UUID, limit int) ([]uuid.UUID, error) {
	found, err := f.loose(ctx, before, limit)
	if err != nil {
		return nil, err
	}
	segments, err := f.segments(ctx, before)
	if err != nil {
		return nil, err
	}
	for from, size := 0, firstSegments; from < len(segments) && !enough(found, segments[from].LastID, limit); size *= 4 {
		to := min(from+size, len(segments))
		spots, err := f.spots(ctx, segments[from:to])
		if err != nil {
			return nil, err
		}
		if found, err = f.check(ctx, segments[from:], spots, found, before, limit); err != nil {
			return nil, err
		}
		from = to
	}
	slices.SortFunc(found, func(a, b uuid.UUID) int { return bytes.Compare(b[:], a[:]) })
	return found[:min(len(found), limit)], nil
}

func (f *finder) loose(ctx context.Context, before uuid.UUID, limit int) ([]uuid.UUID, error) {
	ids, err := f.q.LooseMatches(ctx, dbgen.LooseMatchesParams{
		CompanyID: f.companyID, Before: before, Patterns: f.patterns, MaxRows: int32(limit), //nolint:gosec // a page, or a count's bound
	})
	return ids, wrap("read texts", err)
}

func (f *finder) segments(ctx context.Context, before uuid.UUID) ([]dbgen.SearchSegmentsRow, error) {
	segments, err := f.q.SearchSegments(ctx, dbgen.SearchSegmentsParams{CompanyID: f.companyID, Before: before})
	return segments, wrap("read segments", err)
}

// enough reports whether so many of found come no later than whoever is still to be met, all of them up to bound.
func enough(found []uuid.UUID, bound uuid.UUID, limit int) bool {
	n := 0
	for _, id := range found {
		if bytes.Compare(id[:], bound[:]) >= 0 {
			n++
		}
	}
	return n >= limit
}

// spots are the places that are in all lists, segment by segment, the last place first.
func (f *finder) spots(ctx context.Context, segments []dbgen.SearchSegmentsRow) ([]spot, error) {
	p := dbgen.SearchListsParams{CompanyID: f.companyID, Terms: f.lookups}
	index := make(map[int32]int, len(segments))
	for i, s := range segments {
		p.Segments = append(p.Segments, s.Segment)
		index[s.Segment] = i
	}
	lists, err := f.q.SearchLists(ctx, p)
	if err != nil {
		return nil, fmt.Errorf("read lists: %w", err)
	}
	in, seen := make([]*places, len(segments)), make([]int, len(segments))
	for _, l := range lists {
		i := index[l.Segment]
		seen[i]++
		if in[i] == nil {
			in[i] = decodePlaces(l.Places)
			continue
		}
		in[i].keep(decodePlaces(l.Places))
	}
	var spots []spot
	for i := range segments {
		if seen[i] < len(f.lookups) {
			continue // a list that is not there is empty
		}
		for place := range in[i].descending {
			spots = append(spots, spot{i, place})
		}
	}
	return spots, nil
}

// check adds those of spots to found whose text holds all words, until there are enough. segments are those that the
// spots are in, and the ones behind.
func (f *finder) check(ctx context.Context, segments []dbgen.SearchSegmentsRow, spots []spot, found []uuid.UUID, before uuid.UUID, limit int) ([]uuid.UUID, error) {
	for size := max(firstChecks, min(2*limit, maxChecks)); len(spots) > 0; size = min(2*size, maxChecks) {
		n := min(size, len(spots))
		p := dbgen.CheckPlacesParams{CompanyID: f.companyID, Patterns: f.patterns}
		for _, s := range spots[:n] {
			p.Segments = append(p.Segments, segments[s.segment].Segment)
			p.Places = append(p.Places, int32(s.place)) //nolint:gosec // below segmentSize
		}
		checked, err := f.q.CheckPlaces(ctx, p)
		if err != nil {
			return nil, fmt.Errorf("check texts: %w", err)
		}
		for _, c := range checked {
			if c.Matches && bytes.Compare(c.CandidateID[:], before[:]) < 0 {
				found = append(found, c.CandidateID)
			}
		}
		last := spots[n-1].segment
		spots = spots[n:]
		if len(spots) == 0 || len(checked) == 0 {
			continue
		}
		// Within a segment ids fall from here on; the next segments end with theirs.
		bound := checked[len(checked)-1].CandidateID
		if last+1 < len(segments) && bytes.Compare(segments[last+1].LastID[:], bound[:]) > 0 {
			bound = segments[last+1].LastID
		}
		if enough(found, bound, limit) {
			return found, nil
		}
	}
	return found, nil
}

// few are all who are found, where they are few; else it reports false. Few are those for whom it takes no longer to
// look up what is theirs one by one than to meet a page of it on the way from the latest on: the root of ten times as
// many as there are.
func (f *finder) few(ctx context.Context) ([]uuid.UUID, bool, error) {
	segments, err := f.segments(ctx, uuid.Max)
	if err != nil {
		return nil, false, err
	}
	most := int(math.Sqrt(float64(10 * segmentSize * (len(segments) + 1))))
	found, err := f.loose(ctx, uuid.Max, most+1)
	if err != nil || len(found) > most {
		return nil, false, err
	}
	spots, err := f.spots(ctx, segments)
	if err != nil || len(found)+len(spots) > most {
		return nil, false, err
	}
	found, err = f.check(ctx, segments, spots, found, uuid.Max, most+1)
	return found, true, err
}

// beforePlace is a place in a list in the order of instants, as a bound that is always there.
func beforePlace(at *time.Time, id *uuid.UUID) (time.Time, uuid.UUID) {
	if at == nil {
		return time.UnixMicro(lastInstant), uuid.Max
	}
	return *at, *id
}

// applications are the ids of the applications whose candidates are found by all words, the latest first.
func (f *finder) applications(ctx context.Context, filter ApplicationFilter, at *time.Time, id *uuid.UUID, maxRows int32) ([]uuid.UUID, error) {
	beforeAt, beforeID := beforePlace(at, id)
	candidates, few, err := f.few(ctx)
	if err != nil {
		return nil, err
	}
	if few {
		ids, err := f.q.ApplicationsOfCandidates(ctx, dbgen.ApplicationsOfCandidatesParams{
			CompanyID: f.companyID, CandidateIds: candidates, OpeningID: filter.OpeningID, StepID: filter.StepID,
			Outcome: (*string)(filter.Outcome), BeforeAt: beforeAt, BeforeID: beforeID, MaxRows: maxRows,
		})
		return ids, wrap("find applications", err)
	}
	ids, err := f.q.ApplicationsByText(ctx, dbgen.ApplicationsByTextParams{
		CompanyID: f.companyID, Patterns: f.patterns, OpeningID: filter.OpeningID, StepID: filter.StepID,
		Outcome: (*string)(filter.Outcome), BeforeAt: beforeAt, BeforeID: beforeID, MaxRows: maxRows,
	})
	return ids, wrap("find applications", err)
}

// entries are the ids of the entries whose candidates are found by all words, or whose position's name holds all
// of them, the latest first.
func (f *finder) entries(ctx context.Context, filter InboxFilter, at *time.Time, id *uuid.UUID, maxRows int32) ([]uuid.UUID, error) {
	beforeAt, beforeID := beforePlace(at, id)
	positions, err := f.positions(ctx)
	if err != nil {
		return nil, err
	}
	candidates, few, err := f.few(ctx)
	if err != nil {
		return nil, err
	}
	if few {
		ids, err := f.q.EntriesOfCandidates(ctx, dbgen.EntriesOfCandidatesParams{
			CompanyID: f.companyID, CandidateIds: candidates, PositionNames: positions,
			State: (*string)(filter.State), Medium: (*string)(filter.Medium), NormalizedPositionName: filter.normalized(), RunID: filter.RunID, FileImportID: filter.FileImportID,
			OpeningID: filter.OpeningID, WaitingReason: (*string)(filter.WaitingReason), AppliedSince: filter.AppliedSince, ImportedSince: filter.ImportedSince,
			BeforeAt: beforeAt, BeforeID: beforeID, MaxRows: maxRows,
		})
		return ids, wrap("find entries", err)
	}
	ids, err := f.q.EntriesByText(ctx, dbgen.EntriesByTextParams{
		CompanyID: f.companyID, Patterns: f.patterns, PositionNames: positions,
		State: (*string)(filter.State), Medium: (*string)(filter.Medium), NormalizedPositionName: filter.normalized(), RunID: filter.RunID, FileImportID: filter.FileImportID,
		OpeningID: filter.OpeningID, WaitingReason: (*string)(filter.WaitingReason), AppliedSince: filter.AppliedSince, ImportedSince: filter.ImportedSince,
		BeforeAt: beforeAt, BeforeID: beforeID, MaxRows: maxRows,
	})
	return ids, wrap("find entries", err)
}

// positions are the names of positions, as rules compare them, that hold all words, among the first maxPositions.
func (f *finder) positions(ctx context.Context) ([]string, error) {
	all, err := f.q.PositionNames(ctx, dbgen.PositionNamesParams{CompanyID: f.companyID, MaxRows: maxPositions})
	if err != nil {
		return nil, fmt.Errorf("read positions: %w", err)
	}
	return slices.DeleteFunc(all, func(name string) bool { return !holds(squeeze(name), f.words) }), nil
}

// sorted are things in the order of their ids in a list.
func sorted[T any](ids []uuid.UUID, found map[uuid.UUID]T) []T {
	out := make([]T, 0, len(ids))
	for _, id := range ids {
		if thing, there := found[id]; there {
			out = append(out, thing)
		}
	}
	return out
}
