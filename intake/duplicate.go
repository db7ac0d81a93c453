package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// Certainty is how sure it is that two candidates are one person. The same person of one medium is one candidate anyhow.
type Certainty string

// The certainties: two things agree; an e-mail or a phone number; a name.
const (
	DuplicateCertain Certainty = "CERTAIN"
	DuplicateStrong  Certainty = "STRONG"
	DuplicateHint    Certainty = "HINT"
)

// DuplicateReason is something that two candidates have in common.
type DuplicateReason string

// The reasons. Each is compared in one way of writing.
const (
	SameEmail DuplicateReason = "SAME_EMAIL"
	SamePhone DuplicateReason = "SAME_PHONE"
	SameName  DuplicateReason = "SAME_NAME"
)

// Likeness is what two candidates have in common.
type Likeness struct {
	Certainty Certainty
	Reasons   []DuplicateReason
}

// PossibleDuplicate is somebody who may be the same person as a candidate.
type PossibleDuplicate struct {
	Likeness
	CandidateID uuid.UUID
	// Who said that they are two, and when; nil where nobody did.
	DismissedBy *uuid.UUID
	DismissedAt *time.Time
}

// Dismissed reports whether somebody said that they are two.
func (d PossibleDuplicate) Dismissed() bool { return d.DismissedAt != nil }

// PossibleDuplicatePair is two candidates who may be one person.
type PossibleDuplicatePair struct {
	Likeness
	CandidateID, OtherID uuid.UUID
	Cursor               string
}

// DuplicatePage is a page of pairs. It may hold fewer than were asked for, even none, and yet not be the last: a
// request looks through so many candidates and no more.
type DuplicatePage struct {
	Pairs []PossibleDuplicatePair
	// End is where the next page begins, and More whether there may be one.
	End  string
	More bool
}

const (
	// maxDuplicates is how many are shown of one candidate, and looked for by each reason.
	maxDuplicates = 20
	// pairNeighbours is with how many behind them, of those with whom they have something in common, somebody is
	// paired: in a group of more, such as all who are called 佐藤健, pairs would be too many to go through.
	pairNeighbours = 5
)

// DuplicatesByID returns who may be the same person as each candidate, by the candidate's id: the most certain first.
func (s *Service) DuplicatesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]PossibleDuplicate, error) {
	return s.duplicates(ctx, actor, ids, false)
}

// DuplicatesAndDismissedByID is DuplicatesByID with those who were dismissed, at the end.
func (s *Service) DuplicatesAndDismissedByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]PossibleDuplicate, error) {
	return s.duplicates(ctx, actor, ids, true)
}

func (s *Service) duplicates(ctx context.Context, actor Actor, ids []uuid.UUID, dismissed bool) (map[uuid.UUID][]PossibleDuplicate, error) {
	rows, err := s.as(actor, recruiting).PossibleDuplicates(ctx, dbgen.PossibleDuplicatesParams{
		CompanyID: actor.Company.ID, Ids: ids, IncludeDismissed: dismissed, MaxRows: maxDuplicates,
	})
	if err != nil {
		return nil, fmt.Errorf("look for duplicates: %w", err)
	}
	found := make(map[uuid.UUID][]PossibleDuplicate)
	for _, r := range rows {
		if len(found[r.Person]) < maxDuplicates {
			found[r.Person] = append(found[r.Person], PossibleDuplicate{
				Likeness: likeness(r.SameEmail, r.SamePhone, r.SameName), CandidateID: r.Other, DismissedBy: r.MemberID, DismissedAt: r.DismissedAt,
			})
		}
	}
	return found, nil
}

func likeness(email, phone, name bool) Likeness {
	l := Likeness{Certainty: DuplicateHint}
	for _, r := range []struct {
		is     bool
		reason DuplicateReason
	}{{email, SameEmail}, {phone, SamePhone}, {name, SameName}} {
		if r.is {
			l.Reasons = append(l.Reasons, r.reason)
		}
	}
	switch {
	case len(l.Reasons) > 1:
		l.Certainty = DuplicateCertain
	case email || phone:
		l.Certainty = DuplicateStrong
	}
	return l
}
