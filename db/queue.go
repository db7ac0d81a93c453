package db

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// QueueState is how many jobs of a queue stand in one of its states.
type QueueState struct {
	Queue, State string
	Jobs         int64
	// Due are those of them whose time has come.
	Due int64
	// Oldest is how long ago the first of these could have run; it says something of those that are to run.
	Oldest time.Duration
}

// ReadQueue counts the jobs that are not over, and those that were given up. One index serves it, however many are
// over.
func ReadQueue(ctx context.Context, pool *pgxpool.Pool) ([]QueueState, error) {
	rows, err := pool.Query(ctx, `-- name: ReadQueue
		SELECT queue, state::text, count(*), count(*) FILTER (WHERE scheduled_at <= now()),
			greatest(extract(epoch FROM now() - min(scheduled_at)), 0)::float8
		FROM river_job WHERE state IN ('available', 'running', 'retryable', 'scheduled', 'discarded')
		GROUP BY queue, state ORDER BY queue, state`)
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (QueueState, error) {
		var q QueueState
		var oldest float64
		err := row.Scan(&q.Queue, &q.State, &q.Jobs, &q.Due, &oldest)
		q.Oldest = time.Duration(oldest * float64(time.Second))
		return q, err
	})
	if err != nil {
		return nil, fmt.Errorf("read queue: %w", err)
	}
	return out, nil
}
