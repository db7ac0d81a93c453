package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// backfillBatch is how many candidates of before search get their texts in one transaction.
const backfillBatch = 1000

// IndexSearch puts the candidates who came in lately into segments, wherever there are enough of them, and gives those
// their texts who came in before there was a search. It reports how many it was. It may be stopped anywhere, and
// called by any number of processes. Candidates are found without it as well, only the slower the more there are.
func (s *Service) IndexSearch(ctx context.Context) (int, error) {
	companies, err := s.across().CompaniesToIndex(ctx, int32(s.settings.SearchSegment)) //nolint:gosec // at most segmentSize
	if err != nil {
		return 0, fmt.Errorf("look for what is to be indexed: %w", err)
	}
	total := 0
	var errs []error
	for _, id := range companies {
		for _, batch := range []func(context.Context, uuid.UUID) (int, error){s.backfillTexts, s.addSegment} {
			n, err := untilDone(ctx, id, batch)
			total += n
			errs = append(errs, err)
		}
	}
	return total, errors.Join(errs...)
}

// addSegment makes a segment of the oldest that are in none, or nothing where they are too few for one.
func (s *Service) addSegment(ctx context.Context, companyID uuid.UUID) (int, error) {
	which := dbgen.TextsToIndexParams{CompanyID: companyID, MaxRows: int32(s.settings.SearchSegment)} //nolint:gosec // at most segmentSize
	texts, err := s.of(companyID).TextsToIndex(ctx, which)
	if err != nil {
		return 0, fmt.Errorf("read texts: %w", err)
	}
	if len(texts) < s.settings.SearchSegment {
		return 0, nil
	}
	// Before the transaction: it takes seconds, in which whoever is to be forgotten would have to wait.
	lists := listsOf(texts)
	n := 0
	err = s.begin(ctx, companyID, "add search segment", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockSegments(ctx, companyID); err != nil {
			return fmt.Errorf("lock segments: %w", err)
		}
		again, err := q.TextsToIndex(ctx, which)
		if err != nil {
			return fmt.Errorf("read texts again: %w", err)
		}
		if !slices.Equal(again, texts) {
			return nil // changed meanwhile, or in a twin's segment: the next call takes what is left
		}
		n = len(texts)
		return storeSegment(ctx, q, companyID, texts, lists)
	})
	return n, err
}

// listsOf are the places of each term in texts.
func listsOf(texts []dbgen.TextsToIndexRow) map[string][]uint16 {
	lists := make(map[string][]uint16)
	for i, t := range texts {
		place := uint16(i)
		terms(t.Text, func(term string) {
			if list := lists[term]; len(list) == 0 || list[len(list)-1] != place {
				lists[term] = append(list, place)
			}
		})
	}
	return lists
}

func storeSegment(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, texts []dbgen.TextsToIndexRow, lists map[string][]uint16) error {
	segment, err := q.InsertSegment(ctx, dbgen.InsertSegmentParams{
		CompanyID: companyID, FirstID: texts[0].CandidateID, LastID: texts[len(texts)-1].CandidateID,
	})
	if err != nil {
		return fmt.Errorf("insert segment: %w", err)
	}
	p := dbgen.InsertTermsParams{CompanyID: companyID, Segment: segment}
	for term, list := range lists {
		p.Terms = append(p.Terms, term)
		p.Places = append(p.Places, encodeList(list))
	}
	if err := q.InsertTerms(ctx, p); err != nil {
		return fmt.Errorf("insert lists: %w", err)
	}
	err = q.PlaceTexts(ctx, dbgen.PlaceTextsParams{
		CompanyID: companyID, Segment: &segment, CandidateIds: mapRows(texts, func(t dbgen.TextsToIndexRow) uuid.UUID { return t.CandidateID }),
	})
	return wrap("place texts", err)
}

// backfillTexts gives the next candidates their texts who may have none, and has their names compared as Go compares
// them: a migration has folded those of before in SQL, which knows less of it.
func (s *Service) backfillTexts(ctx context.Context, companyID uuid.UUID) (int, error) {
	n := 0
	err := s.begin(ctx, companyID, "fill in search texts", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		at, err := q.Backfill(ctx, companyID)
		if db.IsNoRows(err) {
			return nil
		}
		if err != nil {
			return fmt.Errorf("read progress: %w", err)
		}
		rows, err := q.CandidatesWithoutText(ctx, dbgen.CandidatesWithoutTextParams{CompanyID: companyID, AfterID: at.AfterID, MaxRows: backfillBatch})
		if err != nil {
			return fmt.Errorf("read candidates: %w", err)
		}
		if len(rows) == 0 {
			if at.Last {
				return wrap("end backfill", q.EndBackfill(ctx, companyID))
			}
			return nil
		}
		p := dbgen.InsertTextsParams{CompanyID: companyID}
		for _, r := range rows {
			text, err := storedText(r)
			if err != nil {
				return err
			}
			p.CandidateIds = append(p.CandidateIds, r.ID)
			p.Texts = append(p.Texts, text)
		}
		if _, err := q.InsertTexts(ctx, p); err != nil {
			return fmt.Errorf("insert texts: %w", err)
		}
		if n, err = foldNames(ctx, q, companyID, rows); err != nil || n == 0 {
			return err
		}
		return wrap("note progress", q.MoveBackfill(ctx, dbgen.MoveBackfillParams{CompanyID: companyID, AfterID: rows[n-1].ID}))
	})
	return n, err
}

// foldNames writes how names are compared where that is not what stands there, and returns how many of rows are done:
// those before the first whom somebody else has locked, who is for the next time.
func foldNames(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, rows []dbgen.CandidatesWithoutTextRow) (int, error) {
	p := dbgen.FoldNamesParams{CompanyID: companyID}
	for _, r := range rows {
		if name := NormalizeName(r.Name); name != r.NormalizedName {
			p.Ids = append(p.Ids, r.ID)
			p.NormalizedNames = append(p.NormalizedNames, name)
		}
	}
	if len(p.Ids) == 0 {
		return len(rows), nil
	}
	folded, err := q.FoldNames(ctx, p)
	if err != nil {
		return 0, fmt.Errorf("fold names: %w", err)
	}
	for i, id := range p.Ids {
		if i == len(folded) || folded[i] != id {
			return slices.IndexFunc(rows, func(r dbgen.CandidatesWithoutTextRow) bool { return r.ID == id }), nil
		}
	}
	return len(rows), nil
}

func storedText(r dbgen.CandidatesWithoutTextRow) (string, error) {
	c := Candidate{Name: r.Name, CurrentPosition: r.CurrentPosition}
	for _, list := range []struct {
		raw  json.RawMessage
		into any
	}{{r.WorkHistories, &c.WorkHistories}, {r.Educations, &c.Educations}, {r.Skills, &c.Skills}} {
		if err := json.Unmarshal(list.raw, list.into); err != nil {
			return "", fmt.Errorf("decode candidate %s: %w", r.ID, err)
		}
	}
	return searchText(c), nil
}

// forgetTexts removes what candidates are searched by: their texts, and their places from all lists. Whoever deletes
// candidates calls it, while the company's rules are locked.
func forgetTexts(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, ids []uuid.UUID) error {
	gone, err := q.ForgetTexts(ctx, dbgen.ForgetTextsParams{CompanyID: companyID, CandidateIds: ids})
	if err != nil {
		return fmt.Errorf("remove texts: %w", err)
	}
	for segment, texts := range group(gone, func(r dbgen.ForgetTextsRow) int32 { return r.Segment }) {
		if err := forgetPlaces(ctx, q, companyID, segment, texts); err != nil {
			return err
		}
	}
	return nil
}

func forgetPlaces(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, segment int32, texts []dbgen.ForgetTextsRow) error {
	listed := make(map[string]struct{})
	for _, t := range texts {
		terms(t.Text, func(term string) { listed[term] = struct{}{} })
	}
	lists, err := q.LockLists(ctx, dbgen.LockListsParams{CompanyID: companyID, Segment: segment, Terms: slices.Collect(maps.Keys(listed))})
	if err != nil {
		return fmt.Errorf("lock lists: %w", err)
	}
	change := dbgen.ChangeListsParams{CompanyID: companyID, Segment: segment}
	empty := dbgen.DeleteListsParams{CompanyID: companyID, Segment: segment, Terms: []string{}}
	for _, l := range lists {
		left := decodePlaces(l.Places)
		for _, t := range texts {
			left.remove(int(t.Place))
		}
		if left.count() == 0 {
			empty.Terms = append(empty.Terms, l.Term)
			continue
		}
		change.Terms = append(change.Terms, l.Term)
		change.Places = append(change.Places, left.encode())
	}
	if len(change.Terms) > 0 {
		if err := q.ChangeLists(ctx, change); err != nil {
			return fmt.Errorf("change lists: %w", err)
		}
	}
	if err := q.DeleteLists(ctx, empty); err != nil {
		return fmt.Errorf("delete lists: %w", err)
	}
	// The ids of those who are gone are not to stay as bounds.
	if err := q.MoveBounds(ctx, dbgen.MoveBoundsParams{CompanyID: companyID, Segment: segment}); err != nil {
		return fmt.Errorf("move bounds: %w", err)
	}
	return wrap("delete segment", q.DeleteEmptySegment(ctx, dbgen.DeleteEmptySegmentParams{CompanyID: companyID, Segment: segment}))
}
