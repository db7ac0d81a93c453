package jobs_test

import (
	"errors"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
)

type row struct {
	Kind, Queue, State string
	MaxAttempts        int16
	ScheduledAt        time.Time
	Args               map[string]any
}

func (b *testBundle) rows(t *testing.T) []row {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT kind, queue, state::text, max_attempts, scheduled_at, args FROM river_job ORDER BY id")
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[row])
	require.NoError(t, err)
	return out
}

func TestAJobIsThereOnceItsTransactionCommitsAndNotBefore(t *testing.T) {
	t.Parallel()
	b := setup(t)
	task := intake.Task{CompanyID: uuid.New(), AccountID: uuid.New(), Epoch: 3, Wake: 5}
	changedItsMind := errors.New("no")
	err := pgx.BeginFunc(t.Context(), b.pool, func(tx pgx.Tx) error {
		require.NoError(t, b.queue.VerifyAccount(t.Context(), tx, task, 0))
		require.NoError(t, b.queue.ImportAccounts(t.Context(), tx, []intake.Task{task, task}, time.Hour))
		require.Empty(t, b.rows(t))
		return changedItsMind
	})
	require.ErrorIs(t, err, changedItsMind)
	require.Empty(t, b.rows(t))

	require.NoError(t, pgx.BeginFunc(t.Context(), b.pool, func(tx pgx.Tx) error {
		require.NoError(t, b.queue.VerifyAccount(t.Context(), tx, task, 0))
		require.NoError(t, b.queue.VerifyAccount(t.Context(), tx, task, time.Minute))
		if err := b.queue.ImportAccounts(t.Context(), tx, []intake.Task{task, {Epoch: 1}}, time.Hour); err != nil {
			return err
		}
		for range 2 {
			if err := b.queue.ImportFile(t.Context(), tx, intake.FileTask{CompanyID: task.CompanyID, FileID: task.AccountID}); err != nil {
				return err
			}
		}
		return b.queue.Reseal(t.Context(), tx)
	}))
	rows := b.rows(t)
	require.Len(t, rows, 7, "none is taken for a duplicate of another")
	file := rows[5]
	require.Equal(t, row{
		Kind: "import_file", Queue: "import", State: "available", MaxAttempts: 10, ScheduledAt: file.ScheduledAt,
		Args: map[string]any{"company_id": task.CompanyID.String(), "file_id": task.AccountID.String()},
	}, file)
	require.Equal(t, row{Kind: "reseal", Queue: "vault", State: "available", MaxAttempts: 1, ScheduledAt: rows[6].ScheduledAt, Args: map[string]any{}}, rows[6])
	args := map[string]any{"company_id": task.CompanyID.String(), "account_id": task.AccountID.String(), "epoch": 3.0, "wake": 5.0}
	for i, want := range []struct {
		kind, queue, state string
		wait               time.Duration
	}{
		{"verify_account", "verify", "available", 0},
		{"verify_account", "verify", "scheduled", time.Minute},
		{"import_account", "import", "scheduled", time.Hour},
		{"import_account", "import", "scheduled", time.Hour},
	} {
		require.Equal(t, []string{want.kind, want.queue, want.state}, []string{rows[i].Kind, rows[i].Queue, rows[i].State})
		require.WithinDuration(t, time.Now().Add(want.wait), rows[i].ScheduledAt, 30*time.Second)
		require.Equal(t, int16(10), rows[i].MaxAttempts)
		if i < 3 {
			require.Equal(t, args, rows[i].Args, "a job carries four numbers and nothing else")
		}
	}
}

func TestAQueueThatCannotInsertSaysSo(t *testing.T) {
	t.Parallel()
	b := setup(t)
	_, err := b.pool.Exec(t.Context(), "DROP TABLE river_job CASCADE")
	require.NoError(t, err)
	_, err = b.svc.Register(t.Context(), b.actor, intake.Registration{Medium: intake.MediumWantedly, Email: "a@example.com", Password: intake.NewSecret(dbtest.Canary("password"))})
	require.ErrorContains(t, err, "verify_account")
	dbtest.RequireNoCanary(t, err.Error(), "an error")
	require.Zero(t, b.number(t, "SELECT count(*) FROM medium_accounts"))
}
