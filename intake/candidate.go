package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// EntryKind tells a candidate's own application from a reply to a scout.
type EntryKind string

// The kinds of an application on a medium.
const (
	EntryApplied      EntryKind = "APPLIED"
	EntryScoutReplied EntryKind = "SCOUT_REPLIED"
)

// WorkHistory is one place where a candidate worked. Dates are as the medium writes them.
type WorkHistory struct {
	CompanyName *string `json:"companyName,omitempty"`
	Position    *string `json:"position,omitempty"`
	Description *string `json:"description,omitempty"`
	StartedOn   *string `json:"startedOn,omitempty"`
	EndedOn     *string `json:"endedOn,omitempty"`
}

// Education is one school of a candidate.
type Education struct {
	SchoolName  *string `json:"schoolName,omitempty"`
	Major       *string `json:"major,omitempty"`
	Description *string `json:"description,omitempty"`
	GraduatedOn *string `json:"graduatedOn,omitempty"`
}

// Link is something a candidate shows elsewhere; its URL is http or https.
type Link struct {
	Title *string `json:"title,omitempty"`
	URL   string  `json:"url"`
}

// Candidate is a person as first seen. Email and Phone are ours: no linked medium gives them.
type Candidate struct {
	ID              uuid.UUID
	Name            string
	Location        *string
	CurrentPosition *string
	Tagline         *string
	Introduction    *string
	// Aspiration is このさきやってみたいこと.
	Aspiration    *string
	WorkHistories []WorkHistory
	Educations    []Education
	Skills        []string
	Links         []Link
	Email         *string
	Phone         *string
	ProfileURL    *string
	ImportedAt    time.Time
	// ChangedAt is when a later import first saw that the medium tells another story of them; nothing of it came in.
	ChangedAt *time.Time
	Revision  int
}

// CandidatesByID returns the candidates among ids, by id. Whoever shows them says so: see CandidatesRead.
func (s *Service) CandidatesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Candidate, error) {
	rows, err := s.as(actor, recruiting).CandidatesByID(ctx, dbgen.CandidatesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	candidates := make(map[uuid.UUID]Candidate, len(rows))
	for _, r := range rows {
		c, err := s.candidate(r)
		if err != nil {
			return nil, err
		}
		candidates[r.ID] = c
	}
	return candidates, nil
}

// candidate puts a row together again, also one that an older version stored in plain.
func (s *Service) candidate(r dbgen.Candidate) (Candidate, error) {
	c := Candidate{
		ID: r.ID, Name: r.Name, Location: r.Location, CurrentPosition: r.CurrentPosition, Tagline: r.Tagline,
		Introduction: r.Introduction, Aspiration: r.Aspiration, Email: r.Email, ProfileURL: r.ProfileUrl, ImportedAt: r.ImportedAt,
		ChangedAt: r.MediumChangedAt, Revision: int(r.Revision),
	}
	for _, list := range []struct {
		raw  json.RawMessage
		into any
	}{{r.WorkHistories, &c.WorkHistories}, {r.Educations, &c.Educations}, {r.Skills, &c.Skills}, {r.Links, &c.Links}} {
		if err := json.Unmarshal(list.raw, list.into); err != nil {
			return Candidate{}, fmt.Errorf("decode candidate %s: %w", r.ID, err)
		}
	}
	if r.Sealed == nil {
		return c, nil
	}
	if s.lost(r.Sealed) {
		return c, nil
	}
	return c, s.vault.openProfile(r.CompanyID, r.Sealed, &c)
}
