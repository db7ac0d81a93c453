-- name: LockApplication :one
SELECT * FROM applications WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: MoveApplication :one
-- Moves an application and writes the line of its history that says so.
WITH moved AS (
    UPDATE applications SET
        opening_id = @opening_id, step_id = @step_id, outcome = @outcome, revision = revision + 1
    WHERE applications.company_id = @company_id AND applications.id = @id
    RETURNING *
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, member_id, from_step_id, to_step_id, outcome, sealed_note)
    SELECT @company_id, m.id,
        (SELECT max(h.n) + 1 FROM selection_events h WHERE h.company_id = @company_id AND h.application_id = @id),
        'MEMBER', @member_id, @from_step_id, m.step_id, m.outcome, sqlc.narg(sealed_note)::bytea
    FROM moved m
)
SELECT * FROM moved;

-- name: Applications :many
SELECT a.* FROM applications a
WHERE a.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
  AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL)
  AND (sqlc.narg(search)::text IS NULL OR EXISTS (
      SELECT FROM candidates c WHERE c.company_id = a.company_id AND c.id = a.candidate_id
          AND strpos(lower(c.name), lower(sqlc.narg(search))) > 0))
  AND (sqlc.narg(after_at)::timestamptz IS NULL OR (a.applied_at, a.id) < (sqlc.narg(after_at), sqlc.narg(after_id)::uuid))
ORDER BY a.applied_at DESC, a.id DESC LIMIT @max_rows;

-- name: CountApplications :one
SELECT count(*) FROM applications a
WHERE a.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
  AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL)
  AND (sqlc.narg(search)::text IS NULL OR EXISTS (
      SELECT FROM candidates c WHERE c.company_id = a.company_id AND c.id = a.candidate_id
          AND strpos(lower(c.name), lower(sqlc.narg(search))) > 0));

-- name: ApplicationsByID :many
SELECT * FROM applications WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: ApplicationsByEntry :many
SELECT * FROM applications WHERE company_id = @company_id AND entry_id = ANY(@entry_ids::uuid[]) AND outcome <> 'ROUTING_UNDONE' ORDER BY id;

-- name: ApplicationsByCandidate :many
SELECT * FROM applications WHERE company_id = @company_id AND candidate_id = ANY(@candidate_ids::uuid[]) AND outcome <> 'ROUTING_UNDONE' ORDER BY candidate_id, applied_at DESC, id DESC;

-- name: SelectionEventsByApplication :many
SELECT * FROM selection_events WHERE company_id = @company_id AND application_id = ANY(@application_ids::uuid[]) ORDER BY application_id, n;
