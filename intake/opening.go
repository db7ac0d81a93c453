package intake

import (
	"context"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

// OpeningStatus says whether an opening takes applications.
type OpeningStatus string

// The states of an opening.
const (
	OpeningOpen   OpeningStatus = "OPEN"
	OpeningClosed OpeningStatus = "CLOSED"
)

// Opening is a 求人 of the company's own.
type Opening struct {
	ID     uuid.UUID
	Name   string
	Status OpeningStatus
	// Capacity is the 定員; nil for an opening that takes any number.
	Capacity  *int
	CreatedAt time.Time
	Revision  int
}

// OpeningInput is what an opening is made of. Steps nil: the default flow, or those it has.
type OpeningInput struct {
	Name  string
	Steps []SelectionStepInput
	// Capacity nil: none, or what it has.
	Capacity *Capacity
}

const maxOpeningName = 100

var (
	textOpeningClosed = Text{"この求人は終了しています。", "This opening is closed."}
	textOpeningOpen   = Text{"この求人は募集中です。", "This opening is open."}
	textForRecruiting = Text{"採用担当者と採用コーディネーターだけができます。", "Only recruiters and coordinators can do this."}
)

// CreateOpening makes an opening. UserErrors name what is wrong with the input.
func (s *Service) CreateOpening(ctx context.Context, actor Actor, in OpeningInput) (Opening, error) {
	if err := actor.must(recruiting); err != nil {
		return Opening{}, err
	}
	if in.Steps == nil {
		in.Steps = defaultSteps
	}
	c := checkOpening(in)
	for i, st := range in.Steps {
		if st.ID != nil {
			c.add(CodeNotFound, Text{"このステップは見つかりません。", "There is no such step."}, fieldInput, "steps", fmt.Sprint(i), "id")
		}
	}
	if err := c.err(); err != nil {
		return Opening{}, err
	}
	near := nearNameOf(in.Name)
	p := dbgen.InsertOpeningParams{
		CompanyID: actor.Company.ID, Name: strings.TrimSpace(in.Name), FoldedName: near.folded, TrigramName: near.trigrams, Capacity: in.Capacity.seats(nil),
	}
	for _, st := range in.Steps {
		p.StepKinds, p.StepNames = append(p.StepKinds, string(st.Kind)), append(p.StepNames, strings.TrimSpace(st.Name))
	}
	var out Opening
	err := s.change(ctx, actor, recruiting, "create opening", func(ctx context.Context, _ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.InsertOpening(ctx, p)
		if err != nil {
			return fmt.Errorf("insert opening: %w", err)
		}
		if err := resetFill(ctx, q, dbgen.Opening{}, dbgen.Opening(row)); err != nil {
			return err
		}
		out = opening(dbgen.Opening(row))
		if err := audit(ctx, q, actor, AuditOpeningCreated, &row.ID, map[string]any{"steps": len(in.Steps)}); err != nil {
			return err
		}
		var told events
		told.openingChanged(actor.Company.ID, out, 0)
		return told.append(ctx, q)
	})
	return out, err
}

func checkOpening(in OpeningInput) *check {
	c := &check{}
	checkName(c, in.Name, maxOpeningName, fieldInput, "name")
	if in.Steps != nil && len(in.Steps) == 0 {
		c.add(CodeRequired, Text{"選考ステップを1つ以上指定してください。", "An opening has at least one step."}, fieldInput, "steps")
	}
	if len(in.Steps) > maxSteps {
		c.add(CodeTooLong, Text{"選考ステップは30までです。", "An opening has at most 30 steps."}, fieldInput, "steps")
	}
	in.Capacity.check(c)
	for i, st := range in.Steps {
		checkName(c, st.Name, maxStepName, fieldInput, "steps", fmt.Sprint(i), "name")
	}
	return c
}

func checkName(c *check, name string, most int, field ...string) {
	switch {
	case strings.TrimSpace(strings.Map(visible, name)) == "":
		c.add(CodeRequired, Text{"名前を入力してください。", "Enter a name."}, field...)
	case utf8.RuneCountInString(strings.TrimSpace(name)) > most:
		c.add(CodeTooLong, Text{fmt.Sprintf("名前は%d文字までです。", most), fmt.Sprintf("A name has at most %d characters.", most)}, field...)
	case !storable(name):
		c.add(CodeInvalid, textBadCharacters, field...)
	}
}

// UpdateOpening renames an opening, gives it another capacity and, where steps are given, puts them in place
// of those it has: a step that an application stands or has stood on cannot be left out, and those on which
// one stands keep their order. UserErrors name what is wrong.
func (s *Service) UpdateOpening(ctx context.Context, actor Actor, id uuid.UUID, in OpeningInput, expectedRevision *int) (Opening, error) {
	if err := actor.must(recruiting); err != nil {
		return Opening{}, err
	}
	if err := checkOpening(in).err(); err != nil {
		return Opening{}, err
	}
	var out Opening
	// What is routed meanwhile would go to a first step that is being replaced.
	err := s.changeRules(ctx, actor, "update opening", func(ctx context.Context, q *dbgen.Queries, told *events) error {
		before, err := lockOpening(ctx, q, actor, id)
		if err != nil {
			return err
		}
		if expectedRevision != nil && *expectedRevision != int(before.Revision) {
			return revisionConflict()
		}
		if in.Steps != nil {
			if err := putSteps(ctx, q, actor, id, in.Steps); err != nil {
				return err
			}
		}
		near := nearNameOf(in.Name)
		row, err := q.UpdateOpening(ctx, dbgen.UpdateOpeningParams{
			CompanyID: actor.Company.ID, ID: id, Name: strings.TrimSpace(in.Name), FoldedName: near.folded, TrigramName: near.trigrams,
			Capacity: in.Capacity.seats(before.Capacity),
		})
		if err != nil {
			return fmt.Errorf("update opening: %w", err)
		}
		if err := resetFill(ctx, q, before, row); err != nil {
			return err
		}
		out = opening(row)
		if err := tellOpening(ctx, q, told, actor, out); err != nil {
			return err
		}
		detail := map[string]any{"revision": row.Revision, "renamed": row.Name != before.Name}
		if in.Steps != nil {
			detail["steps"] = len(in.Steps)
		}
		if in.Capacity != nil {
			detail["capacity"] = row.Capacity
		}
		return audit(ctx, q, actor, AuditOpeningUpdated, &id, detail)
	})
	return out, err
}

// CloseOpening closes an opening: what comes for it then waits. UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) CloseOpening(ctx context.Context, actor Actor, id uuid.UUID) (Opening, error) {
	return s.setOpeningStatus(ctx, actor, id, OpeningClosed, textOpeningClosed, "close opening")
}

// ReopenOpening opens it again, and what waited for that is routed. UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) ReopenOpening(ctx context.Context, actor Actor, id uuid.UUID) (Opening, error) {
	return s.setOpeningStatus(ctx, actor, id, OpeningOpen, textOpeningOpen, "reopen opening")
}

func (s *Service) setOpeningStatus(ctx context.Context, actor Actor, id uuid.UUID, status OpeningStatus, already Text, act Act) (Opening, error) {
	var out Opening
	err := s.changeRules(ctx, actor, act, func(ctx context.Context, q *dbgen.Queries, told *events) error {
		if _, err := lockOpening(ctx, q, actor, id); err != nil {
			return err
		}
		row, err := q.SetOpeningStatus(ctx, dbgen.SetOpeningStatusParams{CompanyID: actor.Company.ID, ID: id, Status: string(status)})
		if db.IsNoRows(err) {
			return refuse(CodeInvalidState, already, "id")
		}
		if err != nil {
			return fmt.Errorf("set opening's status: %w", err)
		}
		out = opening(row)
		action, detail := AuditOpeningClosed, map[string]any{"revision": row.Revision}
		if status == OpeningOpen {
			action = AuditOpeningReopened
			reopened := dbgen.InsertRoutingActionParams{Kind: string(ActionOpeningReopened), OpeningID: &id}
			if detail["routed"], err = routeWaiting(ctx, q, told, actor, dbgen.RouteWaitingParams{OpeningID: &id}, reopened); err != nil {
				return err
			}
		}
		if err := tellOpening(ctx, q, told, actor, out); err != nil {
			return err
		}
		return audit(ctx, q, actor, action, &id, detail)
	})
	return out, err
}

func lockOpening(ctx context.Context, q *dbgen.Queries, actor Actor, id uuid.UUID) (dbgen.Opening, error) {
	row, err := q.LockOpening(ctx, dbgen.LockOpeningParams{CompanyID: actor.Company.ID, ID: id})
	if db.IsNoRows(err) {
		return row, notFound("id")
	}
	return row, wrap("lock opening", err)
}

// OpeningAction is something that can be done to an opening.
type OpeningAction string

// The actions.
const (
	ActionUpdateOpening OpeningAction = "UPDATE"
	ActionCloseOpening  OpeningAction = "CLOSE"
	ActionReopenOpening OpeningAction = "REOPEN"
)

// OpeningActionState says whether an action is possible now.
type OpeningActionState struct {
	Action OpeningAction
	// WhyNot is nil when it is.
	WhyNot *Text
}

// AvailableActions lists every action and whether the opening's state, and the actor's roles, allow it.
func (o Opening) AvailableActions(actor Actor) []OpeningActionState {
	states := []OpeningActionState{{Action: ActionUpdateOpening}, {Action: ActionCloseOpening}, {Action: ActionReopenOpening}}
	if o.Status == OpeningClosed {
		states[1].WhyNot = &textOpeningClosed
	} else {
		states[2].WhyNot = &textOpeningOpen
	}
	if !actor.may(recruiting) {
		for i := range states {
			states[i].WhyNot = &textForRecruiting
		}
	}
	return states
}

// OpeningFilter narrows the openings; nil means any.
type OpeningFilter struct {
	Status *OpeningStatus
	Search *string
}

// Openings returns openings, the latest first.
func (s *Service) Openings(ctx context.Context, actor Actor, f OpeningFilter, page Keyset) ([]Opening, error) {
	after, err := page.id()
	if err != nil {
		return nil, err
	}
	rows, err := s.as(actor, recruiting).Openings(ctx, dbgen.OpeningsParams{
		CompanyID: actor.Company.ID, Status: (*string)(f.Status), Search: searched(f.Search), After: after, MaxRows: page.maxRows(),
	})
	if err != nil {
		return nil, fmt.Errorf("read openings: %w", err)
	}
	return mapRows(rows, opening), nil
}

// CountOpenings counts what Openings would return in all.
func (s *Service) CountOpenings(ctx context.Context, actor Actor, f OpeningFilter) (int, error) {
	n, err := s.as(actor, recruiting).CountOpenings(ctx, dbgen.CountOpeningsParams{CompanyID: actor.Company.ID, Status: (*string)(f.Status), Search: searched(f.Search)})
	return int(n), wrap("count openings", err)
}

// BusiestOpenings returns the open openings with somebody under way, those with the most first.
func (s *Service) BusiestOpenings(ctx context.Context, actor Actor, first int) ([]Opening, error) {
	rows, err := s.as(actor, recruiting).BusiestOpenings(ctx, dbgen.BusiestOpeningsParams{
		CompanyID: actor.Company.ID, MaxRows: int32(max(0, min(first, MaxPage))),
	})
	if err != nil {
		return nil, fmt.Errorf("read busiest openings: %w", err)
	}
	return mapRows(rows, opening), nil
}

// SelectionBegun reports whether anybody was ever moved on: somebody stands behind the first step of an opening, or a
// selection has ended.
func (s *Service) SelectionBegun(ctx context.Context, actor Actor) (bool, error) {
	begun, err := s.as(actor, recruiting).SelectionBegun(ctx, actor.Company.ID)
	return begun, wrap("look for a moved application", err)
}

// OpeningsByID returns the openings among ids, by id.
func (s *Service) OpeningsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Opening, error) {
	rows, err := s.as(actor, recruiting).OpeningsByID(ctx, dbgen.OpeningsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read openings: %w", err)
	}
	return byID(mapRows(rows, opening), func(o Opening) uuid.UUID { return o.ID }), nil
}

func opening(r dbgen.Opening) Opening {
	o := Opening{ID: r.ID, Name: r.Name, Status: OpeningStatus(r.Status), CreatedAt: r.CreatedAt, Revision: int(r.Revision)}
	if r.Capacity != nil {
		o.Capacity = new(int(*r.Capacity))
	}
	return o
}
