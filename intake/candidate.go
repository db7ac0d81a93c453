package intake

import (
	"cmp"
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

// Candidate is a person as first seen. Email, Phone and Note are ours: no linked medium gives them.
type Candidate struct {
	ID              uuid.UUID
	Medium          Medium
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
	Note          *string
	ProfileURL    *string
	ImportedAt    time.Time
	// ChangedAt is when a later import first saw that the medium tells another story of them; nothing of it came in.
	ChangedAt *time.Time
	Revision  int
	// MergedInto stands for them; nil where they stand for themselves.
	MergedInto *uuid.UUID
}

// CandidatesByID returns the people among ids, by the id that was asked for: of somebody who was merged, the one who
// stands. Where that one's e-mail or phone number is not known, it is that of the first of the others who have one.
// Whoever shows them says so: see CandidatesRead.
func (s *Service) CandidatesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Candidate, error) {
	rows, err := s.as(actor, recruiting).CandidatesByID(ctx, dbgen.CandidatesByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	candidates := make(map[uuid.UUID]Candidate, len(rows))
	for _, r := range rows {
		person, met := candidates[r.Asked]
		if met && person.Email != nil && person.Phone != nil {
			continue
		}
		c, err := s.candidate(r.Candidate)
		if err != nil {
			return nil, err
		}
		if !met {
			person = c
		}
		c.lend(&person.Email, &person.Phone)
		candidates[r.Asked] = person
	}
	return candidates, nil
}

// lend gives somebody of whom it is not known how to reach them a candidate's e-mail and phone number.
func (c Candidate) lend(email, phone **string) {
	*email, *phone = cmp.Or(*email, c.Email), cmp.Or(*phone, c.Phone)
}

// candidate puts a row together again, also one that an older version stored in plain.
func (s *Service) candidate(r dbgen.Candidate) (Candidate, error) {
	c := Candidate{
		ID: r.ID, Medium: Medium(r.Medium), Name: r.Name, Location: r.Location, CurrentPosition: r.CurrentPosition, Tagline: r.Tagline,
		Introduction: r.Introduction, Aspiration: r.Aspiration, Email: r.Email, ProfileURL: r.ProfileUrl, ImportedAt: r.ImportedAt,
		ChangedAt: r.MediumChangedAt, Revision: int(r.Revision), MergedInto: r.MergedInto,
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
