package intake

import (
	"context"
	"fmt"
	"slices"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// origin is where applications come from: a run of an account, or a file.
type origin struct {
	companyID                uuid.UUID
	medium                   Medium
	accountID, runID, fileID *uuid.UUID
}

// arrival is an application on its way in. How to reach somebody only a file tells.
type arrival struct {
	SourceApplication
	Email, Phone *string
	// undated: AppliedAt is only when it came to us.
	undated bool
}

// arrivals are applications turned on their side: Postgres takes them as arrays.
type arrivals struct {
	people  dbgen.InsertCandidatesParams
	entries dbgen.StorePageParams
}

// arrivals prepares applications for store. Each person is named and sealed once, as first seen.
func (s *Service) arrivals(key indexKey, from origin, applications []arrival) (arrivals, error) {
	in := arrivals{
		people: dbgen.InsertCandidatesParams{CompanyID: from.companyID, Medium: string(from.medium)},
		entries: dbgen.StorePageParams{
			CompanyID: from.companyID, Medium: string(from.medium), AccountID: from.accountID, RunID: from.runID,
			FileImportID: from.fileID, ExternalIds: []string{},
		},
	}
	met := make(map[string]int, len(applications))
	for _, a := range applications {
		n, known := met[a.Person.ExternalID]
		if !known {
			n = len(in.people.Ids)
			met[a.Person.ExternalID] = n
			if err := s.addPerson(key, from, &in.people, a); err != nil {
				return in, err
			}
		}
		if a.AppliedAt.After(in.people.LastAppliedAts[n]) {
			in.people.LastAppliedAts[n] = a.AppliedAt
		}
		e := &in.entries
		e.ExternalIds = append(e.ExternalIds, a.ExternalID)
		e.Kinds = append(e.Kinds, string(a.Kind))
		e.PositionIds = append(e.PositionIds, a.PositionID)
		e.PositionNames = append(e.PositionNames, a.PositionName)
		e.NormalizedPositionNames = append(e.NormalizedPositionNames, NormalizePositionName(a.PositionName))
		e.PersonIds = append(e.PersonIds, a.Person.ExternalID)
		e.PersonHashes = append(e.PersonHashes, in.people.PersonHashes[n])
		e.Urls = append(e.Urls, a.URL)
		e.AppliedAts = append(e.AppliedAts, a.AppliedAt)
	}
	return in, nil
}

func (s *Service) addPerson(key indexKey, from origin, p *dbgen.InsertCandidatesParams, a arrival) error {
	c := a.Person.candidate(newID())
	c.Email, c.Phone = a.Email, a.Phone
	stored, err := s.vault.sealProfile(p.CompanyID, c)
	if err != nil {
		return err
	}
	// A file tells less than its medium does: it is no story to compare another with.
	var content []byte
	if from.fileID == nil {
		if content, err = key.content(a.Person); err != nil {
			return err
		}
	}
	p.Ids = append(p.Ids, c.ID)
	p.PersonIds = append(p.PersonIds, a.Person.ExternalID)
	p.PersonHashes = append(p.PersonHashes, key.person(p.Medium, a.Person.ExternalID))
	p.LastAppliedAts = append(p.LastAppliedAts, a.AppliedAt)
	p.Names = append(p.Names, c.Name)
	p.NormalizedNames = append(p.NormalizedNames, NormalizeName(c.Name))
	p.CurrentPositions = append(p.CurrentPositions, orEmpty(c.CurrentPosition))
	p.WorkHistories = append(p.WorkHistories, stored.workHistories)
	p.Educations = append(p.Educations, stored.educations)
	p.Skills = append(p.Skills, stored.skills)
	p.Sealed = append(p.Sealed, stored.sealed)
	p.EmailIndexes = append(p.EmailIndexes, key.maybe(c.Email, key.email))
	p.PhoneIndexes = append(p.PhoneIndexes, key.maybe(c.Phone, key.phone))
	p.ContentHashes = append(p.ContentHashes, content)
	p.Texts = append(p.Texts, searchText(c))
	return nil
}

// store brings the applications in: people, entries, and applications where a rule says so. Call it while the
// company's rules stand still.
func (in arrivals) store(ctx context.Context, q *dbgen.Queries) (dbgen.StorePageRow, error) {
	if len(in.people.Ids) > 0 {
		if err := q.InsertCandidates(ctx, in.people); err != nil {
			return dbgen.StorePageRow{}, fmt.Errorf("insert candidates: %w", err)
		}
	}
	if err := in.consider(ctx, q); err != nil {
		return dbgen.StorePageRow{}, err
	}
	stored, err := q.StorePage(ctx, in.entries)
	return stored, wrap("store page", err)
}

// consider adds the rules that come near the page's positions and lose.
func (in *arrivals) consider(ctx context.Context, q *dbgen.Queries) error {
	names := slices.Clone(in.entries.NormalizedPositionNames)
	slices.Sort(names)
	found, err := consider(ctx, q, in.entries.CompanyID, mapRows(slices.Compact(names), func(name string) PositionKey {
		return PositionKey{Medium(in.entries.Medium), name}
	}))
	if err != nil {
		return err
	}
	in.entries.Considered, err = found.byName()
	return err
}
