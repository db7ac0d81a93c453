package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/intake"
)

const (
	// onBoard is how many applied to the opening whose board is read, a tenth of them still under way.
	onBoard = 10_000
	// boardPages are read in a round, each behind the one before.
	boardPages = 40
	boardPage  = 20
)

// measureBoard races pages of a column of a large opening's board against the same pages by OFFSET, and
// against the order of all of the opening's applications, as without the board's index.
func measureBoard(ctx context.Context, owner *pgxpool.Pool, actor intake.Actor, rounds int) error {
	service, err := newService(ctx, owner, &feed{})
	if err != nil {
		return err
	}
	opening, err := fillBoard(ctx, owner, service, actor)
	if err != nil {
		return err
	}
	counts, err := service.CountsByOpening(ctx, actor, []uuid.UUID{opening})
	if err != nil {
		return err
	}
	column := intake.ColumnPage{OpeningID: opening, StepID: counts[opening][0].Step.ID, Outcome: intake.OutcomeInProgress, Keyset: intake.Keyset{First: boardPage}}
	if n := counts[opening].At(column.StepID).InProgress(); n < boardPages*boardPage {
		return fmt.Errorf("only %d stand in the column", n)
	}
	byHand := func(sql string) func(context.Context) error {
		return func(ctx context.Context) error {
			for page := range boardPages {
				rows, err := owner.Query(ctx, sql, actor.Company.ID, opening, column.StepID, page*boardPage)
				if err != nil {
					return err
				}
				ids, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
				if err == nil && len(ids) < boardPage {
					err = errors.New("the page is not full")
				}
				if err != nil {
					return err
				}
			}
			return nil
		}
	}
	const where = "FROM applications WHERE company_id = $1 AND opening_id = $2 AND step_id = $3 AND outcome = 'IN_PROGRESS' ORDER BY "
	contestants := []contestant{
		{name: "renkei: keyset pages, behind the walls", run: func(ctx context.Context) error { return readColumn(ctx, service, actor, column) }},
		{name: "OFFSET, no walls", run: byHand("SELECT id " + where + "applied_at DESC, id DESC LIMIT 20 OFFSET $4")},
		// An expression in the order keeps the index out.
		{name: "OFFSET without the index, no walls", run: byHand("SELECT id " + where + "applied_at + interval '0' DESC, id DESC LIMIT 20 OFFSET $4")},
	}
	times, err := race(ctx, rounds, contestants...)
	if err != nil {
		return err
	}
	report(fmt.Sprintf("a column of the board of an opening with %d applications, pages of %d", onBoard, boardPage), contestants, times, boardPages)
	counting, err := race(ctx, rounds, contestant{name: "counts", run: func(ctx context.Context) error {
		_, err := service.CountsByOpening(ctx, actor, []uuid.UUID{opening})
		return err
	}})
	if err == nil {
		fmt.Printf("  counting all its steps and outcomes takes %.2f ms\n", float64(counting[0].Microseconds())/1000)
	}
	return err
}

// readColumn reads a column page by page.
func readColumn(ctx context.Context, service *intake.Service, actor intake.Actor, page intake.ColumnPage) error {
	for range boardPages {
		found, err := service.ColumnPages(ctx, actor, []intake.ColumnPage{page})
		if err != nil {
			return err
		}
		rows := found[page]
		if len(rows) < boardPage {
			return errors.New("the page is not full")
		}
		last := rows[boardPage-1]
		page.Keyset.After = intake.PlaceOf(last.AppliedAt, last.ID)
	}
	return nil
}

// fillBoard makes an opening that many have applied to: the few under way stand at its first step, where most
// of the others ended.
func fillBoard(ctx context.Context, owner *pgxpool.Pool, service *intake.Service, actor intake.Actor) (uuid.UUID, error) {
	opening, err := service.CreateOpening(ctx, actor, intake.OpeningInput{Name: "board"})
	if err != nil {
		return uuid.Nil, err
	}
	_, err = owner.Exec(ctx, `INSERT INTO applications (company_id, candidate_id, opening_id, step_id, outcome, applied_at)
		SELECT $1, (SELECT id FROM candidates WHERE company_id = $1 LIMIT 1), $2, s.id, CASE WHEN n % 10 = 0 THEN 'IN_PROGRESS' ELSE 'REJECTED' END, now() - n * interval '1 minute'
		FROM generate_series(1, $3::int) n JOIN selection_steps s ON s.company_id = $1 AND s.opening_id = $2 AND s.position = CASE WHEN n % 7 = 1 THEN 2 ELSE 1 END`,
		actor.Company.ID, opening.ID, onBoard)
	if err != nil {
		return uuid.Nil, fmt.Errorf("fill board: %w", err)
	}
	_, err = owner.Exec(ctx, "VACUUM ANALYZE applications")
	return opening.ID, err
}
