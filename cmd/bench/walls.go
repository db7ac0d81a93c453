package main

import (
	"context"
	"errors"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"renkei/db"
	"renkei/db/dbgen"
)

// reads is how many pages a contestant reads in a round.
const reads = 500

// measureWalls races a page of the inbox behind the walls, one round trip, against the same page as the
// tables' owner, whom nothing holds, and against one that names its company in messages of its own.
func measureWalls(ctx context.Context, owner *pgxpool.Pool, companyID uuid.UUID, rounds int) error {
	program, err := db.Open(ctx, owner.Config().ConnString(), 2)
	if err != nil {
		return err
	}
	defer program.Close()
	page := dbgen.InboxEntriesParams{CompanyID: companyID, MaxRows: 21}
	repeat := func(read func() error) func(context.Context) error {
		return func(context.Context) error {
			for range reads {
				if err := read(); err != nil {
					return err
				}
			}
			return nil
		}
	}
	full := func(q *dbgen.Queries) error {
		rows, err := q.InboxEntries(ctx, page)
		if err == nil && len(rows) < 21 {
			err = errors.New("the page is not full")
		}
		return err
	}
	contestants := []contestant{
		{name: "renkei: behind the walls, one round trip", run: repeat(func() error {
			return full(dbgen.New(db.Within(program, companyID)))
		})},
		{name: "no walls: as the tables' owner", run: repeat(func() error { return full(dbgen.New(owner)) })},
		{name: "walls in four round trips", run: repeat(func() error {
			return pgx.BeginFunc(ctx, program, func(tx pgx.Tx) error {
				if _, err := tx.Exec(ctx, "SELECT set_config('renkei.company', $1, true)", companyID.String()); err != nil {
					return err
				}
				return full(dbgen.New(tx))
			})
		})},
	}
	times, err := race(ctx, rounds, contestants...)
	if err == nil {
		report("a page of 20 of the inbox", contestants, times, reads)
	}
	return err
}
