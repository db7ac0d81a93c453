package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

// River v0.51.1 has a job begin by the clock of whoever inserts it, and is asked for it by the database's: where the former
// is ten minutes fast, everything that it queues waits for ten minutes. It goes when River's leaves that to the database.

// begins is when a job that is inserted with the context and these options may begin, by the database's clock. What has
// a time of its own waits to be scheduled: where there is no delay the hook has to give it.
func begins(ctx context.Context, tx pgx.Tx, delay time.Duration) (context.Context, river.InsertOpts, error) {
	var at time.Time
	if err := tx.QueryRow(ctx, "SELECT now() + $1::interval", max(0, delay)).Scan(&at); err != nil {
		return ctx, river.InsertOpts{}, fmt.Errorf("ask for the time: %w", err)
	}
	if delay > 0 {
		return ctx, river.InsertOpts{ScheduledAt: at}, nil
	}
	return context.WithValue(ctx, beginning{}, at), river.InsertOpts{}, nil
}

// beginning is the context's key.
type beginning struct{}

// givenClock has jobs begin when their context says.
type givenClock struct{ river.HookDefaults }

// InsertBegin implements rivertype.HookInsertBegin.
func (givenClock) InsertBegin(ctx context.Context, params *rivertype.JobInsertParams) error {
	if at, ok := ctx.Value(beginning{}).(time.Time); ok {
		params.ScheduledAt = &at
	}
	return nil
}

// databaseClock has periodic jobs begin at once, by the database's clock.
type databaseClock struct {
	river.HookDefaults
	pool *pgxpool.Pool
}

// InsertBegin implements rivertype.HookInsertBegin.
func (c databaseClock) InsertBegin(ctx context.Context, params *rivertype.JobInsertParams) error {
	var now time.Time
	if err := c.pool.QueryRow(ctx, "SELECT now()").Scan(&now); err != nil {
		return fmt.Errorf("ask for the time: %w", err)
	}
	params.ScheduledAt = &now
	return nil
}
