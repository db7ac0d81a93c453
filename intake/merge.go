package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// CandidateMerge says that one candidate stands for another, and whether that was taken back.
type CandidateMerge struct {
	ID             uuid.UUID
	IntoID, FromID uuid.UUID
	MemberID       uuid.UUID
	At             time.Time
	UndoneAt       *time.Time
	UndoneBy       *uuid.UUID
	// fresh: it is not too late to take it back. buried: the one who stands has been merged into somebody else since.
	fresh, buried bool
}

// UndoableUntil is when it is too late to take the merge back.
func (m CandidateMerge) UndoableUntil() time.Time { return m.At.Add(undoWithin) }

// MergeRevisions are the revisions at which two candidates were read.
type MergeRevisions struct{ Into, From int }

// SameOpening is an opening to which both candidates have a live application.
type SameOpening struct {
	OpeningID    uuid.UUID
	Applications []Application
}

// MergePreview is what MergeCandidates would come to.
type MergePreview struct {
	IntoID, FromID uuid.UUID
	// Errors are why it would be refused.
	Errors UserErrors
	// Email and Phone are how the person would be reached.
	Email, Phone                 *string
	ApplicationCount, EntryCount int
	SameOpenings                 []SameOpening
}

// Allowed reports whether MergeCandidates would do it.
func (p MergePreview) Allowed() bool { return len(p.Errors) == 0 }

var (
	textOneAlready   = Text{"すでに統合されています。", "These have been merged already."}
	textMergedByNow  = Text{"この応募者はすでに別の応募者に統合されています。最新の内容を確認してください。", "This candidate has been merged into another. Look at it again."}
	textWithOneself  = Text{"同じ応募者どうしは統合できません。", "A candidate cannot be merged with themselves."}
	textUndoTooLate  = Text{"統合の取り消しは15分以内に限られます。", "A merge can be taken back for 15 minutes."}
	textUndoneBefore = Text{"この統合はすでに取り消されています。", "This merge has been taken back already."}
	textBuried       = Text{"統合先の応募者がその後さらに統合されています。先にそちらを取り消してください。", "The candidate has been merged further since. Take that back first."}
)

// MergeCandidates has one candidate stand for another, with whoever that one stands for. Nothing is moved, copied or
// lost: each keeps its entries, applications and profile, shown as those of one person. UserErrors: NOT_FOUND,
// INVALID for one and the same, INVALID_STATE where one has been merged by now, REVISION_CONFLICT.
func (s *Service) MergeCandidates(ctx context.Context, actor Actor, intoID, fromID uuid.UUID, expected *MergeRevisions) (CandidateMerge, error) {
	var merge CandidateMerge
	err := s.alone(ctx, actor, "merge candidates", func(ctx context.Context, q *dbgen.Queries) error {
		if err := lockToMerge(ctx, q, actor.Company.ID, intoID, fromID, expected); err != nil {
			return err
		}
		row, err := q.Merge(ctx, dbgen.MergeParams{
			CompanyID: actor.Company.ID, ID: newID(), IntoID: intoID, FromID: fromID, MemberID: actor.Member.ID,
		})
		if err != nil {
			return fmt.Errorf("merge candidates: %w", err)
		}
		merge = candidateMerge(row, true, false)
		return audit(ctx, q, actor, AuditCandidatesMerged, &intoID, map[string]any{"merge": row.ID, "from": fromID, "along": len(row.Moved)})
	})
	return merge, err
}

// alone acts while nobody else merges or erases, and no page is stored: whoever locks many people does so beside
// nobody who locks them in another order.
func (s *Service) alone(ctx context.Context, actor Actor, act Act, f func(ctx context.Context, q *dbgen.Queries) error) error {
	return s.change(ctx, actor, recruiting, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.LockRules(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("lock rules: %w", err)
		}
		return f(ctx, q)
	})
}

// lockToMerge locks both candidates with all whom they stand for, or says why they are not to be merged.
func lockToMerge(ctx context.Context, q *dbgen.Queries, companyID, intoID, fromID uuid.UUID, expected *MergeRevisions) error {
	rows, err := q.LockPeople(ctx, dbgen.LockPeopleParams{CompanyID: companyID, Ids: []uuid.UUID{intoID, fromID}})
	if err != nil {
		return fmt.Errorf("lock candidates: %w", err)
	}
	people := byID(rows, func(r dbgen.LockPeopleRow) uuid.UUID { return r.ID })
	into, known := people[intoID]
	if !known {
		return notFound("intoId")
	}
	from, known := people[fromID]
	if !known {
		return notFound("fromId")
	}
	if err := mayMerge(into, from).err(); err != nil {
		return err
	}
	if expected != nil && (expected.Into != int(into.Revision) || expected.From != int(from.Revision)) {
		return refuse(CodeRevisionConflict, textRevisionConflict, "expectedRevisions")
	}
	return nil
}

// mayMerge says why two candidates are not to be merged.
func mayMerge(into, from dbgen.LockPeopleRow) *check {
	var c check
	switch {
	case into.ID == from.ID:
		c.add(CodeInvalid, textWithOneself, "fromId")
	case into.MergedInto != nil && *into.MergedInto == from.ID || from.MergedInto != nil && *from.MergedInto == into.ID:
		c.add(CodeInvalidState, textOneAlready, "fromId")
	default:
		if into.MergedInto != nil {
			c.add(CodeInvalidState, textMergedByNow, "intoId")
		}
		if from.MergedInto != nil {
			c.add(CodeInvalidState, textMergedByNow, "fromId")
		}
	}
	return &c
}

// UndoMerge parts two candidates as they were, within 15 minutes. UserErrors: NOT_FOUND, INVALID_STATE where that
// has been done, is too late, or the one who stands has been merged into somebody else since.
func (s *Service) UndoMerge(ctx context.Context, actor Actor, id uuid.UUID) (CandidateMerge, error) {
	var undone CandidateMerge
	err := s.alone(ctx, actor, "undo merge", func(ctx context.Context, q *dbgen.Queries) error {
		row, err := q.LockMerge(ctx, dbgen.LockMergeParams{CompanyID: actor.Company.ID, ID: id, Undoable: undoWithin})
		if db.IsNoRows(err) {
			return notFound("id")
		}
		if err != nil {
			return fmt.Errorf("lock merge: %w", err)
		}
		m := row.CandidateMerge
		if why := candidateMerge(m, row.Fresh, row.Buried).whyNotUndo(); why != nil {
			return refuse(CodeInvalidState, *why, "id")
		}
		if _, err := q.LockPeople(ctx, dbgen.LockPeopleParams{CompanyID: actor.Company.ID, Ids: append(m.Moved, m.IntoID, m.FromID)}); err != nil {
			return fmt.Errorf("lock candidates: %w", err)
		}
		after, err := q.UndoMerge(ctx, dbgen.UndoMergeParams{CompanyID: actor.Company.ID, ID: id, MemberID: actor.Member.ID})
		if err != nil {
			return fmt.Errorf("undo merge: %w", err)
		}
		undone = candidateMerge(dbgen.CandidateMerge(after), row.Fresh, row.Buried)
		return audit(ctx, q, actor, AuditMergeUndone, &m.IntoID, map[string]any{"merge": id, "from": m.FromID, "along": len(m.Moved)})
	})
	return undone, err
}

// whyNotUndo says why a merge cannot be taken back, or nil.
func (m CandidateMerge) whyNotUndo() *Text {
	switch {
	case m.UndoneAt != nil:
		return &textUndoneBefore
	case !m.fresh:
		return &textUndoTooLate
	case m.buried:
		return &textBuried
	}
	return nil
}

// AvailableActions says whether the merge can be taken back now, and by the actor.
func (m CandidateMerge) AvailableActions(actor Actor) []UndoActionState {
	return []UndoActionState{{ActionUndo, m.UndoableUntil(), actor.forThose(recruiting, textForRecruiting, m.whyNotUndo())}}
}

// PreviewMerge says what MergeCandidates would come to; nothing is written. ErrNotFound where the company lacks one of
// the two.
func (s *Service) PreviewMerge(ctx context.Context, actor Actor, intoID, fromID uuid.UUID) (MergePreview, error) {
	p := MergePreview{IntoID: intoID, FromID: fromID}
	q, ids := s.as(actor, recruiting), []uuid.UUID{intoID, fromID}
	rows, err := q.CandidateRowsByID(ctx, dbgen.CandidateRowsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return p, fmt.Errorf("look up candidates: %w", err)
	}
	found := byID(rows, func(r dbgen.Candidate) uuid.UUID { return r.ID })
	into, intoKnown := found[intoID]
	from, fromKnown := found[fromID]
	if !intoKnown || !fromKnown {
		return p, ErrNotFound
	}
	p.Errors = mayMerge(dbgen.LockPeopleRow{ID: into.ID, MergedInto: into.MergedInto}, dbgen.LockPeopleRow{ID: from.ID, MergedInto: from.MergedInto}).errs
	count, err := q.MergePreview(ctx, dbgen.MergePreviewParams{CompanyID: actor.Company.ID, IntoID: intoID, FromID: fromID})
	if err != nil {
		return p, fmt.Errorf("count what both have: %w", err)
	}
	p.ApplicationCount, p.EntryCount = int(count.Applications), int(count.Entries)
	people, err := s.CandidatesByID(ctx, actor, ids)
	if err != nil {
		return p, err
	}
	for _, c := range []Candidate{people[intoID], people[fromID]} {
		c.lend(&p.Email, &p.Phone)
	}
	applications, err := s.ApplicationsByCandidate(ctx, actor, ids)
	if err != nil {
		return p, err
	}
	if into.ID != from.ID {
		p.SameOpenings = sameOpenings(applications[intoID], applications[fromID])
	}
	return p, nil
}

// sameOpenings are those to which both have live applications.
func sameOpenings(ours, theirs []Application) []SameOpening {
	live := func(all []Application) map[uuid.UUID][]Application {
		var under []Application
		for _, a := range all {
			if a.Outcome == OutcomeInProgress {
				under = append(under, a)
			}
		}
		return group(under, func(a Application) uuid.UUID { return a.OpeningID })
	}
	here, there := live(ours), live(theirs)
	var both []SameOpening
	for _, a := range ours {
		if a.Outcome != OutcomeInProgress || len(there[a.OpeningID]) == 0 || here[a.OpeningID] == nil {
			continue
		}
		both = append(both, SameOpening{OpeningID: a.OpeningID, Applications: append(here[a.OpeningID], there[a.OpeningID]...)})
		delete(here, a.OpeningID)
	}
	return both
}

// MergedFromByID returns those for whom each candidate stands, by its id: each with a profile of its own.
func (s *Service) MergedFromByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]Candidate, error) {
	rows, err := s.as(actor, recruiting).MergedInto(ctx, dbgen.MergedIntoParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read merged candidates: %w", err)
	}
	candidates, err := s.candidates(rows)
	return group(candidates, func(c Candidate) uuid.UUID { return *c.MergedInto }), err
}

// OwnProfilesByID returns the candidates among ids, each as it was before anybody stood for it.
func (s *Service) OwnProfilesByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Candidate, error) {
	rows, err := s.as(actor, recruiting).CandidateRowsByID(ctx, dbgen.CandidateRowsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read candidates: %w", err)
	}
	candidates, err := s.candidates(rows)
	return byID(candidates, func(c Candidate) uuid.UUID { return c.ID }), err
}

// MergesByCandidate returns the merges that each person took part in, the latest first.
func (s *Service) MergesByCandidate(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID][]CandidateMerge, error) {
	rows, err := s.as(actor, recruiting).MergesByCandidate(ctx, dbgen.MergesByCandidateParams{CompanyID: actor.Company.ID, Ids: ids, Undoable: undoWithin})
	if err != nil {
		return nil, fmt.Errorf("read merges: %w", err)
	}
	merges := make(map[uuid.UUID][]CandidateMerge)
	for _, r := range rows {
		merges[r.Asked] = append(merges[r.Asked], candidateMerge(r.CandidateMerge, r.Fresh, r.Buried))
	}
	return merges, nil
}

func (s *Service) candidates(rows []dbgen.Candidate) ([]Candidate, error) {
	candidates, errs := make([]Candidate, len(rows)), make([]error, len(rows))
	for i, r := range rows {
		candidates[i], errs[i] = s.candidate(r)
	}
	return candidates, errors.Join(errs...)
}

func candidateMerge(r dbgen.CandidateMerge, fresh, buried bool) CandidateMerge {
	return CandidateMerge{
		ID: r.ID, IntoID: r.IntoID, FromID: r.FromID, MemberID: r.MemberID, At: r.At, UndoneAt: r.UndoneAt, UndoneBy: r.UndoneBy,
		fresh: fresh, buried: buried,
	}
}
