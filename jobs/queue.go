package jobs

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/riverqueue/river/rivertype"

	"renkei/intake"
)

// Queue implements intake.Queue: it inserts jobs in the caller's transaction and works none.
type Queue struct{ client *river.Client[pgx.Tx] }

// NewQueue makes a Queue. It needs no connection of its own. What an observer has jobs carry, they carry.
func NewQueue(observers ...Observer) (*Queue, error) {
	config := river.Config{Hooks: []rivertype.Hook{&givenClock{}}}
	for _, o := range observers {
		config.Middleware = append(config.Middleware, &carrying{observer: o})
	}
	client, err := river.NewClient(riverpgxv5.New(nil), &config)
	if err != nil {
		return nil, fmt.Errorf("prepare job queue: %w", err)
	}
	return &Queue{client: client}, nil
}

// VerifyAccount queues a verification, to begin after the delay.
func (q *Queue) VerifyAccount(ctx context.Context, tx pgx.Tx, task intake.Task, delay time.Duration) error {
	ctx, opts, err := begins(ctx, tx, delay)
	if err != nil {
		return err
	}
	if _, err := q.client.InsertTx(ctx, tx, verifyAccountArgs{argsOf(task)}, &opts); err != nil {
		return fmt.Errorf("insert verify_account: %w", err)
	}
	return nil
}

// ImportAccounts queues imports, to begin after the delay.
func (q *Queue) ImportAccounts(ctx context.Context, tx pgx.Tx, tasks []intake.Task, delay time.Duration) error {
	params := make([]river.InsertManyParams, len(tasks))
	ctx, opts, err := begins(ctx, tx, delay)
	if err != nil {
		return err
	}
	for i, t := range tasks {
		params[i] = river.InsertManyParams{Args: importAccountArgs{argsOf(t)}, InsertOpts: &opts}
	}
	if _, err := q.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("insert import_account: %w", err)
	}
	return nil
}

// ImportFile queues the import of a file.
func (q *Queue) ImportFile(ctx context.Context, tx pgx.Tx, task intake.FileTask) error {
	ctx, opts, err := begins(ctx, tx, 0)
	if err != nil {
		return err
	}
	args := importFileArgs{CompanyID: task.CompanyID, FileID: task.FileID}
	if _, err := q.client.InsertTx(ctx, tx, args, &opts); err != nil {
		return fmt.Errorf("insert import_file: %w", err)
	}
	return nil
}

// Reseal queues a re-sealing.
func (q *Queue) Reseal(ctx context.Context, tx pgx.Tx) error {
	ctx, opts, err := begins(ctx, tx, 0)
	if err != nil {
		return err
	}
	if _, err := q.client.InsertTx(ctx, tx, resealArgs{}, &opts); err != nil {
		return fmt.Errorf("insert reseal: %w", err)
	}
	return nil
}

// Deliver queues tries of deliveries, to begin after the delay.
func (q *Queue) Deliver(ctx context.Context, tx pgx.Tx, tasks []intake.DeliveryTask, delay time.Duration) error {
	params := make([]river.InsertManyParams, len(tasks))
	ctx, opts, err := begins(ctx, tx, delay)
	if err != nil {
		return err
	}
	for i, t := range tasks {
		own := opts
		if t.ToEndpoint {
			own.Queue = queueEndpoint
		}
		params[i] = river.InsertManyParams{Args: deliverArgs{t.CompanyID, t.DeliveryID, t.Attempt}, InsertOpts: &own}
	}
	if _, err := q.client.InsertManyFastTx(ctx, tx, params); err != nil {
		return fmt.Errorf("insert deliver: %w", err)
	}
	return nil
}
