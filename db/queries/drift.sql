-- name: LooksOfMedium :many
-- How a medium has looked lately, to whichever company.
SELECT look FROM medium_looks
WHERE medium = @medium AND generation = @generation ORDER BY updated_at DESC LIMIT @max_rows;

-- name: AcceptLook :exec
-- From now on, as the medium looks is how it looks: what was seen in the generation before counts as nothing, also where
-- an import that is under way writes it once more.
INSERT INTO medium_generations (medium) VALUES (@medium)
ON CONFLICT (medium) DO UPDATE SET generation = medium_generations.generation + 1, accepted_at = now();

-- name: OutageSeen :exec
INSERT INTO medium_outages (medium) VALUES (@medium)
ON CONFLICT (medium) WHERE ended_at IS NULL DO UPDATE SET
    seen_at = now(),
    -- One that nobody has seen for so long was over; this is another.
    began_at = CASE WHEN medium_outages.seen_at < now() - @forgotten::interval THEN now() ELSE medium_outages.began_at END;

-- name: OutageOver :exec
UPDATE medium_outages SET ended_at = now() WHERE medium = @medium AND ended_at IS NULL;

-- name: OpenOutages :many
SELECT medium, began_at FROM medium_outages
WHERE ended_at IS NULL AND seen_at > now() - @forgotten::interval
ORDER BY began_at, medium;

-- name: PostponeAccount :one
-- Gives the lease back with nothing tried: the medium is away, and that is no failure of this account's.
UPDATE medium_accounts SET
    -- What is met while verifying nobody sees.
    revision = CASE WHEN status = 'VERIFYING' OR failure_reason = 'MEDIUM_UNAVAILABLE' THEN revision ELSE revision + 1 END,
    failed_at = CASE WHEN failure_reason = 'MEDIUM_UNAVAILABLE' THEN failed_at ELSE now() END,
    failure_reason = 'MEDIUM_UNAVAILABLE',
    wake = wake + 1, wake_at = now() + @delay::interval, lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner
RETURNING *;

-- name: PostponeRun :one
UPDATE import_runs SET due_at = now() + @delay::interval
WHERE company_id = @company_id AND account_id = @account_id AND epoch = @epoch AND status = 'QUEUED'
RETURNING *;
