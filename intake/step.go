package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/google/uuid"

	"renkei/db/dbgen"
)

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
	maxStepName = 100
	maxSteps    = 30
)

// putSteps puts steps in place of those that an opening has.
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
	if err := checkOrder(ctx, q, actor, openingID, p.Ids); err != nil {
		return err
	}
	if err := q.DeleteSteps(ctx, dbgen.DeleteStepsParams{CompanyID: actor.Company.ID, OpeningID: openingID, Keep: p.Ids}); err != nil {
		return fmt.Errorf("delete steps: %w", err)
	}
	return wrap("put steps", q.PutSteps(ctx, p))
}

// checkOrder refuses another order of the steps on which somebody stands, among themselves: who has come further
// would have fallen back. New and empty ones may go anywhere between them.
func checkOrder(ctx context.Context, q *dbgen.Queries, actor Actor, openingID uuid.UUID, order []uuid.UUID) error {
	stoodOn, err := q.StepsStoodOn(ctx, dbgen.StepsStoodOnParams{CompanyID: actor.Company.ID, OpeningID: openingID})
	if err != nil {
		return fmt.Errorf("look for steps with applications: %w", err)
	}
	if !slices.IsSortedFunc(stoodOn, func(a, b uuid.UUID) int { return slices.Index(order, a) - slices.Index(order, b) }) {
		return refuse(CodeInvalidState, Text{
			"応募がある選考ステップどうしの順番は変更できません。", "Steps on which applications stand keep their order among themselves.",
		}, fieldInput, "steps")
	}
	return nil
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

func selectionStep(r dbgen.SelectionStep) SelectionStep {
	return SelectionStep{ID: r.ID, OpeningID: r.OpeningID, Kind: SelectionStepKind(r.Kind), Name: r.Name, Position: int(r.Position)}
}
