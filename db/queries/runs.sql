-- name: QueueRun :one
INSERT INTO import_runs (company_id, account_id, epoch, trigger, due_at)
VALUES (@company_id, @account_id, @epoch, @trigger, now() + @delay::interval)
ON CONFLICT DO NOTHING
RETURNING *;

-- name: ActiveRun :one
SELECT * FROM import_runs
WHERE company_id = @company_id AND account_id = @account_id AND status IN ('QUEUED', 'RUNNING')
FOR UPDATE;

-- name: BringRunForward :one
UPDATE import_runs SET due_at = now()
WHERE company_id = @company_id AND id = @id AND status = 'QUEUED'
RETURNING *;

-- name: StartRun :one
-- How the medium looked to the account counts in the medium's generation alone; settled: the account was there when an
-- operator took the medium as it looked for usual.
UPDATE import_runs SET status = 'RUNNING', started_at = coalesce(started_at, now())
WHERE import_runs.company_id = @company_id AND import_runs.account_id = @account_id AND import_runs.epoch = @epoch AND import_runs.status IN ('QUEUED', 'RUNNING')
RETURNING sqlc.embed(import_runs), (
    SELECT l.look FROM medium_looks l WHERE l.company_id = @company_id AND l.account_id = @account_id
      AND l.generation = coalesce((SELECT g.generation FROM medium_generations g WHERE g.medium = @medium::text), 0)
)::jsonb AS looked,
coalesce((SELECT g.generation FROM medium_generations g WHERE g.medium = @medium::text), 0)::bigint AS generation,
EXISTS (
    SELECT FROM medium_generations g, medium_accounts a
    WHERE g.medium = @medium::text AND a.company_id = @company_id AND a.id = @account_id AND a.created_at <= g.accepted_at
) AS settled;

-- name: FinishRun :one
UPDATE import_runs SET
    status = @status, finished_at = now(), failure_reason = sqlc.narg(failure_reason), sample = sqlc.narg(sample)::bytea,
    changes = sqlc.narg(changes)::text[]
WHERE company_id = @company_id AND account_id = @account_id AND status IN ('QUEUED', 'RUNNING')
RETURNING *;

-- name: Runs :many
SELECT * FROM import_runs
WHERE company_id = @company_id
  AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id))
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountRuns :one
SELECT count(*) FROM import_runs
WHERE company_id = @company_id AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id));

-- name: RunsByID :many
SELECT * FROM import_runs WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: LatestRuns :many
-- The latest run of each account, or of one.
SELECT r.* FROM medium_accounts a, LATERAL (
    SELECT * FROM import_runs u WHERE u.company_id = a.company_id AND u.account_id = a.id ORDER BY u.id DESC LIMIT 1
) r
WHERE a.company_id = @company_id AND (sqlc.narg(account_id)::uuid IS NULL OR a.id = sqlc.narg(account_id))
ORDER BY a.id;

-- name: InvalidRecords :many
SELECT * FROM invalid_records
WHERE company_id = @company_id AND run_id = @run_id AND (sqlc.narg(after)::uuid IS NULL OR id > sqlc.narg(after))
ORDER BY id LIMIT @max_rows;

-- name: AllInvalidRecords :many
SELECT * FROM invalid_records
WHERE company_id = @company_id
  AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id))
  AND (sqlc.narg(state)::text IS NULL OR state = sqlc.narg(state))
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountAllInvalidRecords :one
SELECT count(*) FROM invalid_records
WHERE company_id = @company_id
  AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id))
  AND (sqlc.narg(state)::text IS NULL OR state = sqlc.narg(state));

-- name: InvalidRecordsByID :many
SELECT * FROM invalid_records WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: AskAgain :many
-- Those that are settled meanwhile are left alone. Called under the locks of their accounts, which pages take too.
WITH asked AS (
    UPDATE invalid_records SET asked_again_at = now()
    WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) AND resolved_at IS NULL
    RETURNING *
)
SELECT * FROM asked ORDER BY id;

-- name: CountInvalidRecords :one
SELECT count(*) FROM invalid_records WHERE company_id = @company_id AND run_id = @run_id;
