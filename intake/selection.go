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

// SelectionAction is what happened to applications.
type SelectionAction string

// The actions. UNROUTED: their routing was taken back.
const (
	SelectionRouted   SelectionAction = "ROUTED"
	SelectionMoved    SelectionAction = "MOVED"
	SelectionClosed   SelectionAction = "CLOSED"
	SelectionReopened SelectionAction = "REOPENED"
	SelectionRerouted SelectionAction = "REROUTED"
	SelectionUnrouted SelectionAction = "UNROUTED"
)

// SelectionChange says that applications to an opening changed, or came or left, in one transaction.
type SelectionChange struct {
	Cursor    string
	At        time.Time
	OpeningID uuid.UUID
	// Action is nil in the first, which only says where the log stands.
	Action *SelectionAction
	// ApplicationIDs are the first maxChanged of them.
	ApplicationIDs []uuid.UUID
	// Count is how many there are.
	Count int
}

// maxChanged is how many applications an event names: who sees more changed reads the board anew.
const maxChanged = 100

type selectionPayload struct {
	Action       SelectionAction `json:"action"`
	Applications []uuid.UUID     `json:"applications"`
	Count        int             `json:"count"`
}

// selectionChanged tells that the same happened to applications, in one event an opening: openings[i] is that
// which ids[i] stands at, or has left.
func (e *events) selectionChanged(companyID uuid.UUID, action SelectionAction, ids, openings []uuid.UUID) {
	byOpening := make(map[uuid.UUID][]uuid.UUID)
	for i, opening := range openings {
		byOpening[opening] = append(byOpening[opening], ids[i])
	}
	for _, opening := range inOrder(openings) {
		changed := byOpening[opening]
		e.add(companyID, eventSelection, opening, selectionPayload{Action: action, Applications: changed[:min(len(changed), maxChanged)], Count: len(changed)})
	}
}

// newApplications are those that a page, a sweep or a hand opened, and the openings that they are to.
type newApplications struct{ ids, openings []uuid.UUID }

// tellRouted tells that applications were opened: whom a page, a sweep or a hand routed. It locks, as warnFull does.
func tellRouted(ctx context.Context, q *dbgen.Queries, told *events, companyID uuid.UUID, routed newApplications) error {
	told.selectionChanged(companyID, SelectionRouted, routed.ids, routed.openings)
	return warnFull(ctx, q, told, companyID, inOrder(routed.openings))
}

// inOrder is each id once, in one order for all.
func inOrder(ids []uuid.UUID) []uuid.UUID {
	once := append([]uuid.UUID{}, ids...)
	slices.SortFunc(once, func(a, b uuid.UUID) int { return slices.Compare(a[:], b[:]) })
	return slices.Compact(once)
}

// WatchSelection yields the changes of an opening's applications behind the cursor; see WatchAccounts. Without a
// cursor, the first says where the log stands, for who reads the board next. ErrNotFound.
func (s *Service) WatchSelection(ctx context.Context, actor Actor, openingID uuid.UUID, after *string) (iter.Seq[SelectionChange], error) {
	if err := s.checkOpening(ctx, actor, &openingID); err != nil {
		return nil, err
	}
	return watch(ctx, s, actor, stream[SelectionChange]{
		kind: eventSelection, subjectID: &openingID,
		current: func(context.Context, *dbgen.Queries) ([]SelectionChange, error) {
			return []SelectionChange{{OpeningID: openingID, ApplicationIDs: []uuid.UUID{}}}, nil
		},
		decode: func(_ context.Context, rows []dbgen.EventsAfterRow) ([]SelectionChange, error) {
			out := make([]SelectionChange, len(rows))
			for i, r := range rows {
				var p selectionPayload
				if err := json.Unmarshal(r.Payload, &p); err != nil {
					return nil, fmt.Errorf("decode event %d: %w", r.Seq, err)
				}
				out[i] = SelectionChange{OpeningID: *r.SubjectID, Action: &p.Action, ApplicationIDs: p.Applications, Count: p.Count}
			}
			return out, nil
		},
		stamp: func(e *SelectionChange, cursor string, at time.Time) { e.Cursor, e.At = cursor, at },
	}, after)
}
