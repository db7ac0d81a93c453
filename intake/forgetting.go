package intake

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db/dbgen"
)

// ErasureReason is why a candidate was erased.
type ErasureReason string

// The reasons: somebody asked for it, or the company keeps people no longer than that.
const (
	ErasedOnRequest ErasureReason = "REQUEST"
	ErasedByAge     ErasureReason = "RETENTION"
)

// ErasureCounts are the rows that an erasure removes.
type ErasureCounts struct {
	Candidates         int `json:"candidates"`
	Entries            int `json:"entries"`
	Applications       int `json:"applications"`
	SelectionEvents    int `json:"selectionEvents"`
	RoutingDecisions   int `json:"routingDecisions"`
	InvalidRecords     int `json:"invalidRecords"`
	HiddenApplications int `json:"hiddenApplications"`
	Dismissals         int `json:"dismissals"`
	Merges             int `json:"merges"`
}

// Erasure is a receipt: that somebody was erased, and how much it was. Nothing in it tells whom.
type Erasure struct {
	ID       uuid.UUID
	ErasedAt time.Time
	Reason   ErasureReason
	// MemberID is who asked for it; nil where the company's retention did.
	MemberID *uuid.UUID
	Counts   ErasureCounts
}

const (
	// forgetBatch is how many candidates are erased in one transaction: meanwhile no page is stored.
	forgetBatch = 200
	// maxRetention is ten years in months.
	maxRetention = 120
)

// EraseCandidate removes a person with everything that names them, from whichever of their ids, for good, and leaves tombstones: an
// application that they made up to now does not come in again, one that they make later does. It returns the
// receipt. UserErrors: NOT_FOUND, INVALID unless the reason is a request.
func (s *Service) EraseCandidate(ctx context.Context, actor Actor, id uuid.UUID, reason ErasureReason) (Erasure, error) {
	if err := actor.must(recruiters); err != nil {
		return Erasure{}, err
	}
	if reason != ErasedOnRequest {
		return Erasure{}, refuse(CodeInvalid, Text{"保存期間による削除は自動で行われます。", "What has been kept long enough is erased by itself; this is a request."}, "reason")
	}
	erased, err := s.erase(ctx, actor, reason, "erase candidate", func(context.Context, *dbgen.Queries) ([]uuid.UUID, error) { return []uuid.UUID{id}, nil })
	if errors.Is(err, ErrNotFound) {
		return Erasure{}, notFound("id")
	}
	return erased, err
}

// PreviewErasure says what EraseCandidate would remove; nothing is written. ErrNotFound where the company has
// no such candidate.
func (s *Service) PreviewErasure(ctx context.Context, actor Actor, id uuid.UUID) (ErasureCounts, error) {
	row, err := s.as(actor, recruiters).CountErasure(ctx, dbgen.CountErasureParams{CompanyID: actor.Company.ID, ID: id})
	if err != nil {
		return ErasureCounts{}, fmt.Errorf("count what would be erased: %w", err)
	}
	if row.Candidates == 0 {
		return ErasureCounts{}, ErrNotFound
	}
	return erasureCounts(dbgen.ForgetCandidatesRow{
		Candidates: row.Candidates, Entries: row.Entries, Applications: row.Applications, SelectionEvents: row.SelectionEvents,
		RoutingDecisions: row.RoutingDecisions,
		InvalidRecords:   row.InvalidRecords, HiddenApplications: row.HiddenApplications, Dismissals: row.Dismissals, Merges: row.Merges,
	}), nil
}

// erase removes the candidates that pick names, while no page is stored and nobody routes: ErrNotFound where
// that is none.
func (s *Service) erase(ctx context.Context, actor Actor, reason ErasureReason, act Act, pick func(context.Context, *dbgen.Queries) ([]uuid.UUID, error)) (Erasure, error) {
	key, err := s.indexKey(ctx, actor.Company.ID)
	if err != nil {
		return Erasure{}, err
	}
	var receipt Erasure
	err = s.begin(ctx, actor.Company.ID, act, func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		if err := q.AllowTime(ctx); err != nil {
			return fmt.Errorf("allow time: %w", err)
		}
		if err := q.LockRules(ctx, actor.Company.ID); err != nil {
			return fmt.Errorf("lock rules: %w", err)
		}
		ids, err := pick(ctx, q)
		if err != nil {
			return err
		}
		var told events
		if receipt, err = forget(ctx, q, &told, actor, key, reason, ids); err != nil {
			return err
		}
		err = audit(ctx, q, actor, AuditCandidateErased, &receipt.ID, map[string]any{"reason": reason, "counts": receipt.Counts})
		if err != nil {
			return err
		}
		return told.append(ctx, q)
	})
	return receipt, err
}

// forget removes people, remembers that they are not to come back, and writes the receipt.
func forget(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, key indexKey, reason ErasureReason, ids []uuid.UUID) (Erasure, error) {
	people, err := q.PeopleToForget(ctx, dbgen.PeopleToForgetParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return Erasure{}, fmt.Errorf("lock candidates: %w", err)
	}
	if len(people) == 0 {
		return Erasure{}, ErrNotFound
	}
	p := dbgen.RememberErasedParams{CompanyID: actor.Company.ID, ID: newID(), Reason: string(reason)}
	if actor.Member.ID != uuid.Nil {
		p.RequestedBy = &actor.Member.ID
	}
	// Of a person in several rows, any may have been asked for.
	ids = mapRows(people, func(r dbgen.PeopleToForgetRow) uuid.UUID { return r.ID })
	for _, person := range people {
		p.Media = append(p.Media, person.Medium)
		p.PersonHashes = append(p.PersonHashes, key.person(person.Medium, person.ExternalPersonID))
	}
	if err := forgetTexts(ctx, q, actor.Company.ID, ids); err != nil {
		return Erasure{}, err
	}
	gone, err := q.ForgetCandidates(ctx, dbgen.ForgetCandidatesParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return Erasure{}, fmt.Errorf("remove candidates: %w", err)
	}
	told.inboxMoved(actor.Company.ID, inboxMove{-int(gone.Waiting), -int(gone.Routed), -int(gone.Excluded)})
	// Those who are gone leave seats.
	if err := warnFull(ctx, q, told, actor.Company.ID, nil); err != nil {
		return Erasure{}, err
	}
	if p.Counts, err = json.Marshal(erasureCounts(gone)); err != nil {
		return Erasure{}, fmt.Errorf("encode counts: %w", err)
	}
	row, err := q.RememberErased(ctx, p)
	if err != nil {
		return Erasure{}, fmt.Errorf("write receipt: %w", err)
	}
	return erasure(row)
}

// Erasures returns the receipts, the latest first.
func (s *Service) Erasures(ctx context.Context, actor Actor, page Keyset) ([]Erasure, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiters).Erasures(ctx, dbgen.ErasuresParams{
		CompanyID: actor.Company.ID, After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	return erasuresOf(rows)
}

// CountErasures counts what Erasures would return in all.
func (s *Service) CountErasures(ctx context.Context, actor Actor) (int, error) {
	n, err := s.as(actor, recruiters).CountErasures(ctx, actor.Company.ID)
	return int(n), wrap("count erasures", err)
}

// ErasuresByID returns the receipts among ids, by id.
func (s *Service) ErasuresByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Erasure, error) {
	rows, err := s.as(actor, recruiters).ErasuresByID(ctx, dbgen.ErasuresByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read erasures: %w", err)
	}
	receipts, err := erasuresOf(rows)
	return byID(receipts, func(e Erasure) uuid.UUID { return e.ID }), err
}

func erasuresOf(rows []dbgen.Erasure) ([]Erasure, error) {
	receipts := make([]Erasure, len(rows))
	for i, r := range rows {
		var err error
		if receipts[i], err = erasure(r); err != nil {
			return nil, err
		}
	}
	return receipts, nil
}

func erasure(r dbgen.Erasure) (Erasure, error) {
	e := Erasure{ID: r.ID, ErasedAt: r.At, Reason: ErasureReason(r.Reason), MemberID: r.RequestedBy}
	if err := json.Unmarshal(r.Counts, &e.Counts); err != nil {
		return Erasure{}, fmt.Errorf("decode erasure %s: %w", r.ID, err)
	}
	return e, nil
}

func erasureCounts(r dbgen.ForgetCandidatesRow) ErasureCounts {
	return ErasureCounts{
		Candidates: int(r.Candidates), Entries: int(r.Entries), Applications: int(r.Applications),
		SelectionEvents: int(r.SelectionEvents), RoutingDecisions: int(r.RoutingDecisions), InvalidRecords: int(r.InvalidRecords), HiddenApplications: int(r.HiddenApplications),
		Dismissals: int(r.Dismissals), Merges: int(r.Merges),
	}
}

// UpdateRetention says how many months candidates stay whose selection ended as 不合格 or 辞退; nil, as at the
// beginning, keeps them until somebody erases them. UserErrors: INVALID.
func (s *Service) UpdateRetention(ctx context.Context, actor Actor, months *int) (Company, error) {
	if err := actor.must(admins); err != nil {
		return Company{}, err
	}
	if months != nil && (*months < 1 || *months > maxRetention) {
		return Company{}, refuse(CodeInvalid, Text{"保存期間は1〜120か月で指定してください。", "Candidates are kept for 1 to 120 months."}, "months")
	}
	err := s.change(ctx, actor, admins, "update retention", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		var to *int32
		if months != nil {
			n := int32(*months) //nolint:gosec // at most maxRetention
			to = &n
		}
		before, err := q.SetRetention(ctx, dbgen.SetRetentionParams{CompanyID: actor.Company.ID, Months: to})
		if err != nil {
			return fmt.Errorf("set retention: %w", err)
		}
		return audit(ctx, q, actor, AuditRetentionChanged, &actor.Company.ID, map[string]any{"from": before, "to": to})
	})
	return actor.Company, err
}

// Retention is how many months candidates stay; see UpdateRetention.
func (s *Service) Retention(ctx context.Context, actor Actor) (*int, error) {
	months, err := s.as(actor, admins).Retention(ctx, actor.Company.ID)
	if err != nil || months == nil {
		return nil, wrap("read retention", err)
	}
	n := int(*months)
	return &n, nil
}

// Forget erases those whom their companies keep no longer, a batch at a time, each with its receipt, and
// reports how many. It may be stopped anywhere, and called by any number of processes. A company where it
// fails holds up no other.
func (s *Service) Forget(ctx context.Context) (int, error) {
	companies, err := s.across().CompaniesWithRetention(ctx)
	if err != nil {
		return 0, fmt.Errorf("look for retention: %w", err)
	}
	total := 0
	var errs []error
	for _, id := range companies {
		n, err := untilDone(ctx, id, s.forgetBatch)
		total += n
		errs = append(errs, err)
	}
	return total, errors.Join(errs...)
}

func (s *Service) forgetBatch(ctx context.Context, companyID uuid.UUID) (int, error) {
	// Looked for first without a lock, since mostly there is nobody.
	which := dbgen.CandidatesPastRetentionParams{CompanyID: companyID, MaxRows: forgetBatch}
	var err error
	if which.Ids, err = s.of(companyID).CandidatesPastRetention(ctx, which); err != nil {
		return 0, fmt.Errorf("look for candidates past retention: %w", err)
	}
	if len(which.Ids) == 0 {
		return 0, nil
	}
	system := Actor{Company: Company{ID: companyID}}
	receipt, err := s.erase(ctx, system, ErasedByAge, "erase those kept long enough", func(ctx context.Context, q *dbgen.Queries) ([]uuid.UUID, error) {
		// Somebody may have taken one up again since.
		ids, err := q.CandidatesPastRetention(ctx, which)
		return ids, wrap("look again", err)
	})
	if errors.Is(err, ErrNotFound) {
		return 0, nil
	}
	return receipt.Counts.Candidates, err
}
