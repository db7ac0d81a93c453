package intake

import (
	"context"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// DismissDuplicate says that two candidates are two people: they are no longer shown as duplicates of each other. To
// say it twice changes nothing. It returns the first. UserErrors: NOT_FOUND, INVALID for one and the same,
// INVALID_STATE where they have been merged.
func (s *Service) DismissDuplicate(ctx context.Context, actor Actor, id, otherID uuid.UUID) (Candidate, error) {
	return s.judgePair(ctx, actor, id, otherID, AuditDuplicateDismissed, "dismiss duplicate", func(ctx context.Context, q *dbgen.Queries, id, otherID uuid.UUID) (int64, error) {
		return q.DismissDuplicate(ctx, dbgen.DismissDuplicateParams{
			CompanyID: actor.Company.ID, CandidateID: id, OtherID: otherID, MemberID: actor.Member.ID,
		})
	})
}

// RestoreDuplicate takes back what DismissDuplicate said.
func (s *Service) RestoreDuplicate(ctx context.Context, actor Actor, id, otherID uuid.UUID) (Candidate, error) {
	return s.judgePair(ctx, actor, id, otherID, AuditDuplicateRestored, "restore duplicate", func(ctx context.Context, q *dbgen.Queries, id, otherID uuid.UUID) (int64, error) {
		return q.RestoreDuplicate(ctx, dbgen.RestoreDuplicateParams{CompanyID: actor.Company.ID, CandidateID: id, OtherID: otherID})
	})
}

func (s *Service) judgePair(ctx context.Context, actor Actor, id, otherID uuid.UUID, action AuditAction, act Act, judge func(ctx context.Context, q *dbgen.Queries, id, otherID uuid.UUID) (int64, error)) (Candidate, error) {
	err := s.change(ctx, actor, recruiting, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := s.shareRules(ctx, q, actor); err != nil {
			return fmt.Errorf("share rules: %w", err)
		}
		people, err := standing(ctx, q, actor.Company.ID, id, otherID)
		if err != nil {
			return err
		}
		one, known := people[id]
		other, otherKnown := people[otherID]
		switch {
		case !known:
			return notFound("candidateId")
		case !otherKnown:
			return notFound("otherId")
		case id == otherID:
			return refuse(CodeInvalid, Text{"同じ応募者です。", "This is one and the same candidate."}, "otherId")
		case one == other:
			return refuse(CodeInvalidState, textOneAlready, "otherId")
		}
		n, err := judge(ctx, q, one, other)
		if err != nil {
			return fmt.Errorf("judge a pair: %w", err)
		}
		if n == 0 {
			return nil
		}
		return audit(ctx, q, actor, action, &one, map[string]any{"other": other})
	})
	if err != nil {
		return Candidate{}, err
	}
	return s.candidateNow(ctx, actor, id, "candidateId")
}

// standing is who stands for each of the rows.
func standing(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, ids ...uuid.UUID) (map[uuid.UUID]uuid.UUID, error) {
	rows, err := q.CandidateRowsByID(ctx, dbgen.CandidateRowsByIDParams{CompanyID: companyID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("look up candidates: %w", err)
	}
	people := make(map[uuid.UUID]uuid.UUID, len(rows))
	for _, r := range rows {
		people[r.ID] = r.ID
		if r.MergedInto != nil {
			people[r.ID] = *r.MergedInto
		}
	}
	return people, nil
}
