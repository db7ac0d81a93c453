package intake

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"renkei/db"
	"renkei/db/dbgen"
)

// pairBounds are how much of the company one request goes through.
type pairBounds struct {
	// candidates and pairs bound a look, and looks the request.
	candidates, pairs int32
	looks             int
}

var usualPairBounds = pairBounds{candidates: 100_000, pairs: 400, looks: 6}

// PossibleDuplicates goes through the pairs of a company: those with an e-mail in common, with a phone number, with a name.
// What was dismissed or merged is not among them; nothing is kept for it, so that later edits count.
func (s *Service) PossibleDuplicates(ctx context.Context, actor Actor, k Keyset) (DuplicatePage, error) {
	return s.possibleDuplicates(ctx, actor, k, usualPairBounds)
}

func (s *Service) possibleDuplicates(ctx context.Context, actor Actor, k Keyset, bounds pairBounds) (DuplicatePage, error) {
	page := DuplicatePage{End: k.After}
	if err := actor.must(recruiting); err != nil {
		return page, err
	}
	at, err := pairPlaceOf(k.After)
	if err != nil {
		return page, err
	}
	first := int(k.maxRows()) - 1
	q, met := s.as(actor, recruiting), make(map[[2]uuid.UUID]bool)
	for range bounds.looks {
		look, err := bounds.look(ctx, q, actor.Company.ID, at)
		if err != nil {
			return page, err
		}
		pairs, err := look.weigh(ctx, q, actor.Company.ID)
		if err != nil {
			return page, err
		}
		for _, p := range pairs {
			if met[[2]uuid.UUID{p.CandidateID, p.OtherID}] {
				continue
			}
			if len(page.Pairs) == first {
				page.More = true
				return page, nil
			}
			met[[2]uuid.UUID{p.CandidateID, p.OtherID}], met[[2]uuid.UUID{p.OtherID, p.CandidateID}] = true, true
			page.Pairs, page.End = append(page.Pairs, p), p.Cursor
		}
		if look.next == nil {
			return page, nil
		}
		at = *look.next
	}
	page.End, page.More = at.cursor(), true
	return page, nil
}

// pairPlace is a place in the walk through the pairs: a row, in the order of what it is compared by, and the last of
// those behind it that it was paired with.
type pairPlace struct {
	by        DuplicateReason
	key       string
	id, other uuid.UUID
}

func (p pairPlace) cursor() string {
	key := base64.RawURLEncoding.EncodeToString([]byte(p.key))
	return base64.RawURLEncoding.EncodeToString([]byte(strings.Join([]string{string(p.by), key, p.id.String(), p.other.String()}, ".")))
}

func pairPlaceOf(cursor string) (pairPlace, error) {
	if cursor == "" {
		return pairPlace{by: SameEmail}, nil
	}
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return pairPlace{}, ErrBadCursor
	}
	parts := strings.Split(string(raw), ".")
	if len(parts) != 4 {
		return pairPlace{}, ErrBadCursor
	}
	p := pairPlace{by: DuplicateReason(parts[0])}
	key, errKey := base64.RawURLEncoding.DecodeString(parts[1])
	p.key = string(key)
	var errID, errOther error
	p.id, errID = uuid.Parse(parts[2])
	p.other, errOther = uuid.Parse(parts[3])
	known := p.by == SameEmail || p.by == SamePhone || p.by == SameName && storable(p.key)
	if errKey != nil || errID != nil || errOther != nil || !known {
		return pairPlace{}, ErrBadCursor
	}
	return p, nil
}

// pairMet is two rows with something in common, and whose they are.
type pairMet struct {
	place               pairPlace
	person, otherPerson uuid.UUID
}

// pairLooked is what a look found, and where the next begins.
type pairLooked struct {
	by   DuplicateReason
	met  []pairMet
	next *pairPlace
}

// look looks through the next candidates behind a place.
func (bounds pairBounds) look(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, at pairPlace) (pairLooked, error) {
	look := pairLooked{by: at.by}
	var err error
	var end pairPlace
	switch at.by {
	case SameEmail:
		var rows []dbgen.SameEmailBehindRow
		rows, err = q.SameEmailBehind(ctx, dbgen.SameEmailBehindParams{
			CompanyID: companyID, AfterKey: []byte(at.key), AfterID: at.id, AfterOther: at.other,
			Budget: bounds.candidates, Neighbours: pairNeighbours, MaxRows: bounds.pairs,
		})
		look.met = mapRows(rows, func(r dbgen.SameEmailBehindRow) pairMet {
			return pairMet{pairPlace{at.by, string(r.Place), r.ID, r.OtherID}, r.PersonID, r.OtherPersonID}
		})
		if err == nil && len(rows) < int(bounds.pairs) {
			var row dbgen.EmailPlaceRow
			row, err = q.EmailPlace(ctx, dbgen.EmailPlaceParams{CompanyID: companyID, AfterKey: []byte(at.key), AfterID: at.id, Budget: bounds.candidates - 1})
			end = pairPlace{by: at.by, key: string(row.Place), id: row.ID}
		}
	case SamePhone:
		var rows []dbgen.SamePhoneBehindRow
		rows, err = q.SamePhoneBehind(ctx, dbgen.SamePhoneBehindParams{
			CompanyID: companyID, AfterKey: []byte(at.key), AfterID: at.id, AfterOther: at.other,
			Budget: bounds.candidates, Neighbours: pairNeighbours, MaxRows: bounds.pairs,
		})
		look.met = mapRows(rows, func(r dbgen.SamePhoneBehindRow) pairMet {
			return pairMet{pairPlace{at.by, string(r.Place), r.ID, r.OtherID}, r.PersonID, r.OtherPersonID}
		})
		if err == nil && len(rows) < int(bounds.pairs) {
			var row dbgen.PhonePlaceRow
			row, err = q.PhonePlace(ctx, dbgen.PhonePlaceParams{CompanyID: companyID, AfterKey: []byte(at.key), AfterID: at.id, Budget: bounds.candidates - 1})
			end = pairPlace{by: at.by, key: string(row.Place), id: row.ID}
		}
	case SameName:
		var rows []dbgen.SameNameBehindRow
		rows, err = q.SameNameBehind(ctx, dbgen.SameNameBehindParams{
			CompanyID: companyID, AfterKey: at.key, AfterID: at.id, AfterOther: at.other,
			Budget: bounds.candidates, Neighbours: pairNeighbours, MaxRows: bounds.pairs,
		})
		look.met = mapRows(rows, func(r dbgen.SameNameBehindRow) pairMet {
			return pairMet{pairPlace{at.by, r.Place, r.ID, r.OtherID}, r.PersonID, r.OtherPersonID}
		})
		if err == nil && len(rows) < int(bounds.pairs) {
			var row dbgen.NamePlaceRow
			row, err = q.NamePlace(ctx, dbgen.NamePlaceParams{CompanyID: companyID, AfterKey: at.key, AfterID: at.id, Budget: bounds.candidates - 1})
			end = pairPlace{by: at.by, key: row.Place, id: row.ID}
		}
	}
	switch {
	case db.IsNoRows(err):
		look.next = at.by.next()
	case err != nil:
		return look, fmt.Errorf("look for pairs: %w", err)
	case len(look.met) == int(bounds.pairs):
		look.next = &look.met[len(look.met)-1].place
	default:
		look.next = &end
	}
	return look, nil
}

// next is where the walk by the next reason begins; nil behind the last.
func (r DuplicateReason) next() *pairPlace {
	switch r {
	case SameEmail:
		return &pairPlace{by: SamePhone}
	case SamePhone:
		return &pairPlace{by: SameName}
	case SameName:
	}
	return nil
}

// weigh leaves those pairs that are to be shown here: of two people who have not been dismissed, where the first of their rows
// meet that are equal in this way, and only by the strongest way in which they are.
func (l pairLooked) weigh(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID) ([]PossibleDuplicatePair, error) {
	if len(l.met) == 0 {
		return nil, nil
	}
	people, err := peopleToWeigh(ctx, q, companyID, l.met)
	if err != nil {
		return nil, err
	}
	var pairs []PossibleDuplicatePair
	for _, m := range l.met {
		is, dismissed := people.compare(m.person, m.otherPerson)
		first := people.first(m.person, l.by, m.place.id) && people.first(m.otherPerson, l.by, m.place.other)
		if !dismissed && first && len(is.Reasons) > 0 && is.Reasons[0] == l.by {
			pairs = append(pairs, PossibleDuplicatePair{Likeness: is, CandidateID: m.person, OtherID: m.otherPerson, Cursor: m.place.cursor()})
		}
	}
	return pairs, nil
}

// weighed are people's rows, and those of whom somebody said that they are two.
type weighed struct {
	rows      map[uuid.UUID][]dbgen.RowsOfPeopleRow
	dismissed map[[2]uuid.UUID]bool
}

func peopleToWeigh(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, met []pairMet) (weighed, error) {
	w := weighed{dismissed: make(map[[2]uuid.UUID]bool)}
	var ids []uuid.UUID
	for _, m := range met {
		ids = append(ids, m.person, m.otherPerson)
	}
	rows, err := q.RowsOfPeople(ctx, dbgen.RowsOfPeopleParams{CompanyID: companyID, PersonIds: ids})
	if err != nil {
		return w, fmt.Errorf("read what people are compared by: %w", err)
	}
	w.rows = group(rows, func(r dbgen.RowsOfPeopleRow) uuid.UUID { return r.PersonID })
	whose := make(map[uuid.UUID]uuid.UUID, len(rows))
	ids = ids[:0]
	for _, r := range rows {
		whose[r.ID], ids = r.PersonID, append(ids, r.ID)
	}
	dismissed, err := q.DismissedAmong(ctx, dbgen.DismissedAmongParams{CompanyID: companyID, Ids: ids})
	if err != nil {
		return w, fmt.Errorf("read who is dismissed: %w", err)
	}
	for _, d := range dismissed {
		one, other := whose[d.CandidateID], whose[d.OtherID]
		w.dismissed[[2]uuid.UUID{one, other}], w.dismissed[[2]uuid.UUID{other, one}] = true, true
	}
	return w, nil
}

// compare says what two people have in common, and whether somebody said that they are two.
func (w weighed) compare(one, other uuid.UUID) (is Likeness, dismissed bool) {
	common := make(map[DuplicateReason]bool)
	for _, a := range w.rows[one] {
		for _, b := range w.rows[other] {
			for _, by := range []DuplicateReason{SameEmail, SamePhone, SameName} {
				key := comparedBy(a, by)
				common[by] = common[by] || key != "" && key == comparedBy(b, by)
			}
		}
	}
	return likeness(common[SameEmail], common[SamePhone], common[SameName]), w.dismissed[[2]uuid.UUID{one, other}]
}

// first reports whether a row is the first of its person's with what it is compared by.
func (w weighed) first(person uuid.UUID, by DuplicateReason, id uuid.UUID) bool {
	i := slices.IndexFunc(w.rows[person], func(r dbgen.RowsOfPeopleRow) bool { return r.ID == id })
	return i >= 0 && !slices.ContainsFunc(w.rows[person][:i], func(r dbgen.RowsOfPeopleRow) bool {
		return comparedBy(r, by) == comparedBy(w.rows[person][i], by)
	})
}

func comparedBy(r dbgen.RowsOfPeopleRow, by DuplicateReason) string {
	switch by {
	case SameEmail:
		return string(r.EmailIndex)
	case SamePhone:
		return string(r.PhoneIndex)
	case SameName:
	}
	return r.NormalizedName
}
