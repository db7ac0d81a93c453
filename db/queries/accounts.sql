-- name: AccountByLogin :one
SELECT * FROM medium_accounts
WHERE company_id = @company_id AND medium = @medium AND lower(email) = lower(@email)
FOR UPDATE;

-- name: LockAccount :one
SELECT * FROM medium_accounts WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: LockAccounts :many
SELECT * FROM medium_accounts WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- name: InsertAccount :one
INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, verification_started_at, credential, wake, wake_at)
VALUES (@company_id, @id, @medium, @email, 'VERIFYING', coalesce(sqlc.narg(import_from)::timestamptz, now()), now(), @credential, 1, now())
ON CONFLICT (company_id, medium, lower(email)) DO NOTHING
RETURNING *;

-- name: MoveAccount :one
-- The only statement that changes a status. No row: the account was not in a state that allows it,
-- or the lease that it was asked under is no longer held.
UPDATE medium_accounts SET
    status                  = @to_status,
    email                   = coalesce(sqlc.narg(email), email),
    epoch                   = epoch + CASE WHEN @to_status IN ('VERIFYING', 'UNLINKED') THEN 1 ELSE 0 END,
    revision                = revision + 1,
    attempts                = 0,
    failure_reason          = sqlc.narg(failure_reason),
    failed_at               = CASE WHEN sqlc.narg(failure_reason)::text IS NOT NULL THEN now() END,
    import_from             = CASE WHEN @import_from_now::bool THEN now() ELSE coalesce(sqlc.narg(import_from), import_from) END,
    -- Another beginning: what lies between the two is read again, and known where it is known.
    cursor                  = CASE WHEN sqlc.narg(import_from)::timestamptz IS NULL AND NOT @import_from_now THEN cursor ELSE '' END,
    verification_started_at = CASE WHEN @to_status = 'VERIFYING' THEN now() ELSE verification_started_at END,
    linked_at               = CASE WHEN @to_status = 'LINKED' THEN now() ELSE linked_at END,
    stopped_at              = CASE @to_status WHEN 'UNLINKED' THEN now() WHEN 'VERIFYING' THEN NULL ELSE stopped_at END,
    next_import_at          = CASE WHEN @to_status = 'LINKED' THEN now() + @next_import_in::interval END,
    credential              = CASE @to_status WHEN 'VERIFYING' THEN sqlc.narg(credential)::bytea WHEN 'LINKED' THEN credential END,
    session                 = CASE WHEN @to_status = 'LINKED' THEN sqlc.narg(session)::bytea END,
    wake                    = wake + 1,
    wake_at                 = CASE WHEN @to_status IN ('VERIFYING', 'LINKED') THEN now() END,
    lease_owner             = NULL,
    lease_until             = NULL
WHERE company_id = @company_id AND id = @id AND status = ANY(@from_statuses::text[])
  AND (sqlc.narg(lease_owner)::uuid IS NULL OR lease_owner = sqlc.narg(lease_owner))
  AND (sqlc.narg(epoch)::bigint IS NULL OR epoch = sqlc.narg(epoch))
RETURNING *;

-- name: ClaimAccount :one
-- Takes the lease for the wake-up that a job was made for.
UPDATE medium_accounts SET
    lease_owner = @lease_owner, lease_until = clock_timestamp() + @lease::interval, wake_at = NULL
WHERE company_id = @company_id AND id = @id AND epoch = @epoch AND wake = @wake AND status = @status
  AND (lease_until IS NULL OR lease_until < clock_timestamp())
RETURNING sqlc.embed(medium_accounts), clock_timestamp()::timestamptz AS claimed_at;

-- name: RenewLease :execrows
UPDATE medium_accounts SET lease_until = clock_timestamp() + @lease::interval
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner;

-- name: WakeAccountLater :one
-- Gives the lease back after a failed try and says when the next one is due.
UPDATE medium_accounts SET
    attempts = attempts + 1, revision = revision + 1,
    failure_reason = @failure_reason, failed_at = now(),
    wake = wake + 1, wake_at = now() + @delay::interval, lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner
RETURNING *;

-- name: RestAccount :one
-- Gives the lease back at the end of a run: nothing is due before the next slot.
UPDATE medium_accounts SET
    attempts = CASE WHEN sqlc.narg(failure_reason)::text IS NULL THEN 0 ELSE attempts + 1 END,
    revision = revision + 1,
    failure_reason = sqlc.narg(failure_reason),
    failed_at = CASE WHEN sqlc.narg(failure_reason)::text IS NOT NULL THEN now() END,
    last_imported_at = CASE WHEN sqlc.narg(failure_reason)::text IS NULL THEN now() ELSE last_imported_at END,
    wake_at = NULL, lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner
RETURNING *;

-- name: PauseAccount :one
-- Gives the lease back with the work unfinished: somebody goes on at once.
UPDATE medium_accounts SET wake = wake + 1, wake_at = now(), lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner
RETURNING *;

-- name: WakeAccount :one
-- Whoever asks for a run anew asks for all of its tries.
UPDATE medium_accounts SET
    wake = wake + 1, wake_at = now(), attempts = CASE WHEN @anew::bool THEN 0 ELSE attempts END
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: ReviveAccounts :many
-- Accounts whose worker died, or whose wake-up never came.
WITH stuck AS (
    SELECT company_id, id FROM medium_accounts
    -- now(), which an index can be asked with; nobody holds this transaction up.
    WHERE lease_until < now() OR wake_at < now() - @patience::interval
    ORDER BY company_id, id LIMIT @max_rows FOR UPDATE SKIP LOCKED
), revived AS (
    UPDATE medium_accounts a SET wake = a.wake + 1, wake_at = now(), lease_owner = NULL, lease_until = NULL
    FROM stuck WHERE a.company_id = stuck.company_id AND a.id = stuck.id
    RETURNING a.company_id, a.id, a.epoch, a.wake, a.status
)
SELECT * FROM revived ORDER BY company_id, id;

-- name: TakeDueAccounts :many
-- Moves the schedule of what is due on from its own time, so that it does not drift, and queues a
-- run for each that has none under way. One that somebody else queued at this very moment is woken all
-- the same. Those that missed a whole slot, as all do when everything was down, are spread over the next.
WITH due AS MATERIALIZED (
    SELECT a.company_id, a.id, a.epoch, new_id() AS run_id, EXISTS (
        SELECT FROM import_runs u
        WHERE u.company_id = a.company_id AND u.account_id = a.id AND u.status IN ('QUEUED', 'RUNNING')
    ) AS busy
    FROM medium_accounts a
    WHERE a.next_import_at <= now()
    ORDER BY a.next_import_at LIMIT @max_rows FOR UPDATE SKIP LOCKED
), queued AS (
    INSERT INTO import_runs (company_id, id, account_id, epoch, trigger)
    SELECT company_id, run_id, id, epoch, 'SCHEDULE' FROM due WHERE NOT busy
    ON CONFLICT DO NOTHING
    RETURNING import_runs.id
), moved AS (
    UPDATE medium_accounts a SET
        next_import_at = CASE
            WHEN a.next_import_at + @every::interval > now() THEN a.next_import_at + @every::interval
            ELSE now() + @every::interval
        END - random() * CASE WHEN a.next_import_at + @every::interval > now() THEN @jitter::interval ELSE @every::interval END,
        wake = a.wake + CASE WHEN due.busy THEN 0 ELSE 1 END,
        wake_at = CASE WHEN due.busy THEN a.wake_at ELSE now() END,
        attempts = CASE WHEN due.busy THEN a.attempts ELSE 0 END
    FROM due
    WHERE a.company_id = due.company_id AND a.id = due.id
    RETURNING a.company_id, a.id, a.epoch, a.wake, due.busy, due.run_id
)
SELECT m.company_id, m.id, m.epoch, m.wake, (NOT m.busy)::bool AS woken, m.run_id,
       -- Hashed, where a join would walk all for each.
       coalesce(m.run_id IN (SELECT q.id FROM queued q), false)::bool AS queued, now()::timestamptz AS swept_at
FROM moved m ORDER BY m.company_id, m.id;

-- name: OverdueVerifications :many
SELECT company_id, id, epoch FROM medium_accounts
WHERE status = 'VERIFYING' AND verification_started_at < now() - @age::interval
ORDER BY verification_started_at LIMIT @max_rows;

-- name: Accounts :many
SELECT * FROM medium_accounts
WHERE company_id = @company_id AND (sqlc.narg(medium)::text IS NULL OR medium = sqlc.narg(medium))
ORDER BY id;

-- name: AccountsByID :many
SELECT * FROM medium_accounts WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: HiddenByAccount :many
SELECT account_id, count(*) AS hidden FROM hidden_applications
WHERE company_id = @company_id AND account_id = ANY(@account_ids::uuid[])
GROUP BY account_id ORDER BY account_id;
