package intake

import (
	"context"
	"fmt"
	"slices"
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
	ID        uuid.UUID
	Name      string
	Status    OpeningStatus
	CreatedAt time.Time
	Revision  int
}

// SelectionStepKind is what happens at a step.
type SelectionStepKind string

// The kinds of steps.
const (
	StepEntry             SelectionStepKind = "ENTRY"
	StepDocumentScreening SelectionStepKind = "DOCUMENT_SCREENING"
	StepInterview         SelectionStepKind = "INTERVIEW"
	StepFinalInterview    SelectionStepKind = "FINAL_INTERVIEW"
	StepOffer             SelectionStepKind = "OFFER"
	StepOfferAccepted     SelectionStepKind = "OFFER_ACCEPTED"
	StepJoined            SelectionStepKind = "JOINED"
)

// SelectionStep is one place in an opening's 選考フロー.
type SelectionStep struct {
	ID        uuid.UUID
	OpeningID uuid.UUID
	Kind      SelectionStepKind
	Name      string
	Position  int
}

// OpeningInput is what an opening is made of. Steps nil: the default flow, or those it has.
type OpeningInput struct {
	Name  string
	Steps []SelectionStepInput
}

// SelectionStepInput is one step; ID names one that the opening has already.
type SelectionStepInput struct {
	ID   *uuid.UUID
	Kind SelectionStepKind
	Name string
}

// defaultSteps is the flow that most companies begin with.
var defaultSteps = []SelectionStepInput{
	{Kind: StepEntry, Name: "応募受付"},
	{Kind: StepDocumentScreening, Name: "書類選考"},
	{Kind: StepInterview, Name: "一次面接"},
	{Kind: StepInterview, Name: "二次面接"},
	{Kind: StepFinalInterview, Name: "最終面接"},
	{Kind: StepOffer, Name: "内定"},
	{Kind: StepOfferAccepted, Name: "内定承諾"},
	{Kind: StepJoined, Name: "入社"},
}

const (
	maxOpeningName = 100
	maxStepName    = 100
	maxSteps       = 30
)

var textOpeningClosed = Text{"この求人は終了しています。", "This opening is closed."}

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
		CompanyID: actor.Company.ID, Name: strings.TrimSpace(in.Name), FoldedName: near.folded, TrigramName: near.trigrams,
	}
	for _, st := range in.Steps {
		p.StepKinds, p.StepNames = append(p.StepKinds, string(st.Kind)), append(p.StepNames, strings.TrimSpace(st.Name))
	}
	var out Opening
	err := s.change(ctx, actor, recruiting, func(_ pgx.Tx, q *dbgen.Queries) error {
		row, err := q.InsertOpening(ctx, p)
		if err != nil {
			return fmt.Errorf("insert opening: %w", err)
		}
		out = opening(dbgen.Opening(row))
		return audit(ctx, q, actor, AuditOpeningCreated, &row.ID, map[string]any{"steps": len(in.Steps)})
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

// UpdateOpening renames an opening and, where steps are given, puts them in place of those it has: a
// step that an application stands or has stood on cannot be left out. UserErrors name what is wrong.
func (s *Service) UpdateOpening(ctx context.Context, actor Actor, id uuid.UUID, in OpeningInput, expectedRevision *int) (Opening, error) {
	if err := actor.must(recruiting); err != nil {
		return Opening{}, err
	}
	if err := checkOpening(in).err(); err != nil {
		return Opening{}, err
	}
	var out Opening
	// What is routed meanwhile would go to a first step that is being replaced.
	err := s.changeRules(ctx, actor, func(q *dbgen.Queries, _ *events) error {
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
		row, err := q.RenameOpening(ctx, dbgen.RenameOpeningParams{
			CompanyID: actor.Company.ID, ID: id, Name: strings.TrimSpace(in.Name), FoldedName: near.folded, TrigramName: near.trigrams,
		})
		if err != nil {
			return fmt.Errorf("rename opening: %w", err)
		}
		out = opening(row)
		detail := map[string]any{"revision": row.Revision, "renamed": row.Name != before.Name}
		if in.Steps != nil {
			detail["steps"] = len(in.Steps)
		}
		return audit(ctx, q, actor, AuditOpeningUpdated, &id, detail)
	})
	return out, err
}

func putSteps(ctx context.Context, q *dbgen.Queries, actor Actor, openingID uuid.UUID, steps []SelectionStepInput) error {
	has, err := q.StepsByOpening(ctx, dbgen.StepsByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: []uuid.UUID{openingID}})
	if err != nil {
		return fmt.Errorf("read steps: %w", err)
	}
	var c check
	p := dbgen.PutStepsParams{CompanyID: actor.Company.ID, OpeningID: openingID}
	for i, st := range steps {
		id := newID()
		if st.ID != nil {
			id = *st.ID
			known := slices.ContainsFunc(has, func(h dbgen.SelectionStep) bool { return h.ID == id })
			if !known || slices.Contains(p.Ids, id) {
				c.add(CodeNotFound, Text{"このステップは見つかりません。", "There is no such step."}, fieldInput, "steps", fmt.Sprint(i), "id")
			}
		}
		p.Ids, p.Kinds, p.Names = append(p.Ids, id), append(p.Kinds, string(st.Kind)), append(p.Names, strings.TrimSpace(st.Name))
	}
	used, err := q.StepsInUse(ctx, dbgen.StepsInUseParams{CompanyID: actor.Company.ID, OpeningID: openingID})
	if err != nil {
		return fmt.Errorf("look for steps in use: %w", err)
	}
	for _, u := range used {
		if !slices.Contains(p.Ids, u) {
			c.add(CodeInvalidState, Text{"応募がある選考ステップは削除できません。", "A step that an application stands or has stood on cannot be removed."}, fieldInput, "steps")
		}
	}
	if err := c.err(); err != nil {
		return err
	}
	if err := q.DeleteSteps(ctx, dbgen.DeleteStepsParams{CompanyID: actor.Company.ID, OpeningID: openingID, Keep: p.Ids}); err != nil {
		return fmt.Errorf("delete steps: %w", err)
	}
	return wrap("put steps", q.PutSteps(ctx, p))
}

// CloseOpening closes an opening: what comes for it then waits. UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) CloseOpening(ctx context.Context, actor Actor, id uuid.UUID) (Opening, error) {
	return s.setOpeningStatus(ctx, actor, id, OpeningClosed, textOpeningClosed)
}

// ReopenOpening opens it again, and what waited for that is routed. UserErrors: NOT_FOUND, INVALID_STATE.
func (s *Service) ReopenOpening(ctx context.Context, actor Actor, id uuid.UUID) (Opening, error) {
	return s.setOpeningStatus(ctx, actor, id, OpeningOpen, Text{"この求人は募集中です。", "This opening is open."})
}

func (s *Service) setOpeningStatus(ctx context.Context, actor Actor, id uuid.UUID, status OpeningStatus, already Text) (Opening, error) {
	var out Opening
	err := s.changeRules(ctx, actor, func(q *dbgen.Queries, told *events) error {
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

// OpeningsByID returns the openings among ids, by id.
func (s *Service) OpeningsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]Opening, error) {
	rows, err := s.as(actor, recruiting).OpeningsByID(ctx, dbgen.OpeningsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read openings: %w", err)
	}
	return byID(mapRows(rows, opening), func(o Opening) uuid.UUID { return o.ID }), nil
}

// StepsByOpening returns each opening's steps, in their order.
func (s *Service) StepsByOpening(ctx context.Context, actor Actor, openingIDs []uuid.UUID) (map[uuid.UUID][]SelectionStep, error) {
	rows, err := s.as(actor, recruiting).StepsByOpening(ctx, dbgen.StepsByOpeningParams{CompanyID: actor.Company.ID, OpeningIds: openingIDs})
	if err != nil {
		return nil, fmt.Errorf("read steps: %w", err)
	}
	return group(mapRows(rows, selectionStep), func(st SelectionStep) uuid.UUID { return st.OpeningID }), nil
}

// StepsByID returns the steps among ids, by id.
func (s *Service) StepsByID(ctx context.Context, actor Actor, ids []uuid.UUID) (map[uuid.UUID]SelectionStep, error) {
	rows, err := s.as(actor, recruiting).StepsByID(ctx, dbgen.StepsByIDParams{CompanyID: actor.Company.ID, Ids: ids})
	if err != nil {
		return nil, fmt.Errorf("read steps: %w", err)
	}
	return byID(mapRows(rows, selectionStep), func(st SelectionStep) uuid.UUID { return st.ID }), nil
}

// ApplicationCounts counts the applications to each opening.
func (s *Service) ApplicationCounts(ctx context.Context, actor Actor, openingIDs []uuid.UUID) (map[uuid.UUID]int, error) {
	rows, err := s.as(actor, recruiting).ApplicationCounts(ctx, dbgen.ApplicationCountsParams{CompanyID: actor.Company.ID, OpeningIds: openingIDs})
	if err != nil {
		return nil, fmt.Errorf("count applications: %w", err)
	}
	counts := make(map[uuid.UUID]int, len(rows))
	for _, r := range rows {
		counts[r.OpeningID] = int(r.Applications)
	}
	return counts, nil
}

func opening(r dbgen.Opening) Opening {
	return Opening{ID: r.ID, Name: r.Name, Status: OpeningStatus(r.Status), CreatedAt: r.CreatedAt, Revision: int(r.Revision)}
}

func selectionStep(r dbgen.SelectionStep) SelectionStep {
	return SelectionStep{ID: r.ID, OpeningID: r.OpeningID, Kind: SelectionStepKind(r.Kind), Name: r.Name, Position: int(r.Position)}
}
