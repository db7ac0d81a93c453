package intake

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"slices"
	"time"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

// Capacity is the 定員 that an opening is to have; Most nil for none. Beyond it people are routed all the
// same: it warns, and holds back nobody.
type Capacity struct{ Most *int }

const maxCapacity = 10_000

func (c *Capacity) check(in *check) {
	if c != nil && c.Most != nil && (*c.Most < 1 || *c.Most > maxCapacity) {
		in.add(CodeInvalid, Text{"定員は1〜10,000人で指定してください。", "A capacity is 1 to 10,000."}, fieldInput, "capacity")
	}
}

// seats is the capacity as stored; where none is given, that of before.
func (c *Capacity) seats(before *int32) *int32 {
	switch {
	case c == nil:
		return before
	case c.Most == nil:
		return nil
	}
	return new(int32(*c.Most)) //nolint:gosec // at most maxCapacity
}

// resetFill begins to watch an opening that has come to have a capacity.
func resetFill(ctx context.Context, q *dbgen.Queries, before, after dbgen.Opening) error {
	if after.Capacity == nil || before.Capacity != nil {
		return nil
	}
	return wrap("watch capacity", q.ResetFill(ctx, dbgen.ResetFillParams{CompanyID: after.CompanyID, OpeningID: after.ID}))
}

// warnFull tells, of those openings, which have come to be full and which are so no more. Whoever lets somebody
// in or out calls it, behind what else the transaction locks and before its audit lines: it locks the openings'
// fills until the transaction ends. nil stands for all of the company's. Openings without a capacity cost one
// look for all of them.
func warnFull(ctx context.Context, q *dbgen.Queries, told *events, companyID uuid.UUID, openingIDs []uuid.UUID) error {
	if openingIDs != nil && len(openingIDs) == 0 {
		return nil
	}
	fills, err := q.LockFills(ctx, dbgen.LockFillsParams{CompanyID: companyID, OpeningIds: openingIDs})
	if err != nil {
		return fmt.Errorf("lock fills: %w", err)
	}
	if len(fills) == 0 {
		return nil
	}
	// Now that they are locked: who was here before us is counted.
	filled, err := filledOf(ctx, q, companyID, mapRows(fills, func(f dbgen.LockFillsRow) uuid.UUID { return f.OpeningID }))
	if err != nil {
		return err
	}
	var turned []uuid.UUID
	for _, f := range fills {
		n := filled[f.OpeningID]
		full := n >= int(f.Capacity)
		if full == f.Reached {
			continue
		}
		turned = append(turned, f.OpeningID)
		kind := OpeningWasChanged
		if full {
			kind = OpeningCapacityReached
		}
		told.add(companyID, eventOpening, f.OpeningID, openingEventPayload{Kind: kind, Filled: n, Capacity: new(int(f.Capacity))})
	}
	if len(turned) == 0 {
		return nil
	}
	return wrap("turn fills", q.TurnFills(ctx, dbgen.TurnFillsParams{CompanyID: companyID, OpeningIds: turned}))
}

func filledOf(ctx context.Context, q *dbgen.Queries, companyID uuid.UUID, ids []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := q.FilledByOpening(ctx, dbgen.FilledByOpeningParams{CompanyID: companyID, OpeningIds: ids})
	if err != nil {
		return nil, fmt.Errorf("count who fills openings: %w", err)
	}
	filled := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		filled[r.OpeningID] = int(r.Filled)
	}
	return filled, nil
}

// OpeningEventKind is what happened to an opening.
type OpeningEventKind string

// The kinds: it was made, changed, closed or opened again, or is no longer full; or as many as its capacity are in.
const (
	OpeningWasChanged      OpeningEventKind = "CHANGED"
	OpeningCapacityReached OpeningEventKind = "CAPACITY_REACHED"
)

// OpeningEvent is something that happened to an opening, with how full it then was.
type OpeningEvent struct {
	Cursor    string
	At        time.Time
	Kind      OpeningEventKind
	OpeningID uuid.UUID
	Filled    int
	Capacity  *int
}

type openingEventPayload struct {
	Kind     OpeningEventKind `json:"kind"`
	Filled   int              `json:"filled"`
	Capacity *int             `json:"capacity"`
}

// openingChanged tells that an opening is another than before.
func (e *events) openingChanged(companyID uuid.UUID, o Opening, filled int) {
	e.add(companyID, eventOpening, o.ID, openingEventPayload{Kind: OpeningWasChanged, Filled: filled, Capacity: o.Capacity})
}

// tellOpening tells that an opening was changed, and whether that has filled it.
func tellOpening(ctx context.Context, q *dbgen.Queries, told *events, actor Actor, o Opening) error {
	filled, err := filledOf(ctx, q, actor.Company.ID, []uuid.UUID{o.ID})
	if err != nil {
		return err
	}
	told.openingChanged(actor.Company.ID, o, filled[o.ID])
	return warnFull(ctx, q, told, actor.Company.ID, []uuid.UUID{o.ID})
}

// WatchOpenings yields what happens to one opening, or to all, behind the cursor; see WatchAccounts. Without a
// cursor, the opening, or the latest hundred, come first as they stand. UserErrors none; ErrNotFound.
func (s *Service) WatchOpenings(ctx context.Context, actor Actor, openingID *uuid.UUID, after *string) (iter.Seq[OpeningEvent], error) {
	if err := s.checkOpening(ctx, actor, openingID); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[OpeningEvent]{
		kind: eventOpening, subjectID: openingID,
		current: func(ctx context.Context, q *dbgen.Queries) ([]OpeningEvent, error) {
			return openingState(ctx, q, actor, openingID)
		},
		decode: func(_ context.Context, rows []dbgen.EventsAfterRow) ([]OpeningEvent, error) {
			out := make([]OpeningEvent, len(rows))
			for i, r := range rows {
				var p openingEventPayload
				if err := json.Unmarshal(r.Payload, &p); err != nil {
					return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
				}
				out[i] = OpeningEvent{Kind: p.Kind, OpeningID: *r.SubjectID, Filled: p.Filled, Capacity: p.Capacity}
			}
			return out, nil
		},
		stamp: func(e *OpeningEvent, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}

// openingState is how openings stand: one, or the latest of all.
func openingState(ctx context.Context, q *dbgen.Queries, actor Actor, id *uuid.UUID) ([]OpeningEvent, error) {
	var rows []dbgen.Opening
	var err error
	if id != nil {
		rows, err = q.OpeningsByID(ctx, dbgen.OpeningsByIDParams{CompanyID: actor.Company.ID, Ids: []uuid.UUID{*id}})
	} else {
		rows, err = q.Openings(ctx, dbgen.OpeningsParams{CompanyID: actor.Company.ID, MaxRows: MaxPage})
	}
	if err != nil {
		return nil, fmt.Errorf("read openings: %w", err)
	}
	filled, err := filledOf(ctx, q, actor.Company.ID, mapRows(rows, func(r dbgen.Opening) uuid.UUID { return r.ID }))
	if err != nil {
		return nil, err
	}
	state := make([]OpeningEvent, len(rows))
	for i, r := range rows {
		o := opening(r)
		state[i] = OpeningEvent{Kind: OpeningWasChanged, OpeningID: o.ID, Filled: filled[o.ID], Capacity: o.Capacity}
		if o.Capacity != nil && filled[o.ID] >= *o.Capacity {
			state[i].Kind = OpeningCapacityReached
		}
	}
	slices.Reverse(state)
	return state, nil
}

// checkOpening returns ErrNotFound for an opening that is not the actor's.
func (s *Service) checkOpening(ctx context.Context, actor Actor, id *uuid.UUID) error {
	if err := actor.must(recruiting); err != nil || id == nil {
		return err
	}
	found, err := s.OpeningsByID(ctx, actor, []uuid.UUID{*id})
	_, err = one(found, *id, err)
	return err
}
