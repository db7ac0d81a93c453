-- name: LockApplication :one
SELECT * FROM applications WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: MoveApplication :one
-- Moves an application and writes the line of its history that says so, with what the openings are called where it
-- goes from one to another.
WITH moved AS (
    UPDATE applications SET
        opening_id = @opening_id, step_id = @step_id, outcome = @outcome, revision = revision + 1
    WHERE applications.company_id = @company_id AND applications.id = @id
    RETURNING *
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, member_id, from_step_id, to_step_id, outcome, sealed_note, reasons, from_opening_name, opening_name)
    SELECT @company_id, m.id,
        (SELECT max(h.n) + 1 FROM selection_events h WHERE h.company_id = @company_id AND h.application_id = @id),
        'MEMBER', @member_id, @from_step_id, m.step_id, m.outcome, sqlc.narg(sealed_note)::bytea, @reasons::text[], r.from_name, r.name
    FROM moved m
    LEFT JOIN (
        SELECT f.name AS from_name, o.name
        FROM applications a JOIN openings f ON f.company_id = a.company_id AND f.id = a.opening_id
        JOIN openings o ON o.company_id = a.company_id AND o.id = @opening_id AND o.id <> f.id
        WHERE a.company_id = @company_id AND a.id = @id
    ) r ON true
)
SELECT * FROM moved;

-- name: LockApplications :many
SELECT * FROM applications WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- name: MoveApplications :many
-- Moves applications that stand on one step, or ends their selections, with a line of history each. Notes are
-- sealed one by one; an empty one is none.
WITH input AS (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@sealed_notes::bytea[]) AS sealed_note
), moved AS (
    UPDATE applications a SET step_id = @step_id, outcome = @outcome, revision = a.revision + 1
    FROM input i WHERE a.company_id = @company_id AND a.id = i.id
    RETURNING a.*
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, member_id, from_step_id, to_step_id, outcome, sealed_note, reasons)
    SELECT @company_id, m.id, l.n + 1, 'MEMBER', @member_id, @from_step_id, m.step_id, m.outcome, nullif(i.sealed_note, ''), @reasons::text[]
    FROM moved m JOIN input i ON i.id = m.id
    JOIN LATERAL (
        SELECT max(h.n) AS n FROM selection_events h WHERE h.company_id = @company_id AND h.application_id = m.id
    ) l ON true
)
SELECT * FROM moved ORDER BY id;

-- name: Applications :many
SELECT a.* FROM applications a
WHERE a.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
  AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL)
  AND (sqlc.narg(after_at)::timestamptz IS NULL OR (a.applied_at, a.id) < (sqlc.narg(after_at), sqlc.narg(after_id)::uuid))
ORDER BY a.applied_at DESC, a.id DESC LIMIT @max_rows;

-- name: ApplicationsOnSteps :many
-- A page of the applications to an opening or at a step, by outcome: the first of each step and outcome, which an
-- index gives in their order, merged.
SELECT p.* FROM selection_steps s
CROSS JOIN unnest(@outcomes::text[]) AS o (outcome)
CROSS JOIN LATERAL (
    SELECT * FROM applications a
    WHERE a.company_id = @company_id AND a.opening_id = s.opening_id AND a.step_id = s.id AND a.outcome = o.outcome
      AND (a.applied_at, a.id) < (@after_at::timestamptz, @after_id::uuid)
    ORDER BY a.applied_at DESC, a.id DESC LIMIT @max_rows
) p
WHERE s.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR s.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR s.id = sqlc.narg(step_id))
ORDER BY p.applied_at DESC, p.id DESC LIMIT @max_rows;

-- name: ApplicationsInColumns :many
-- Pages of several columns of boards, each behind a place of its own.
SELECT t.n::int AS page, p.*
FROM (
    SELECT unnest(@opening_ids::uuid[]) AS opening_id, unnest(@step_ids::uuid[]) AS step_id, unnest(@outcomes::text[]) AS outcome,
           unnest(@after_ats::timestamptz[]) AS after_at, unnest(@after_ids::uuid[]) AS after_id, unnest(@max_rows::int[]) AS max_rows,
           generate_subscripts(@opening_ids::uuid[], 1) AS n
) t
CROSS JOIN LATERAL (
    SELECT * FROM applications a
    WHERE a.company_id = @company_id AND a.opening_id = t.opening_id AND a.step_id = t.step_id AND a.outcome = t.outcome
      AND (a.applied_at, a.id) < (t.after_at, t.after_id)
    ORDER BY a.applied_at DESC, a.id DESC LIMIT t.max_rows
) p
ORDER BY t.n, p.applied_at DESC, p.id DESC;

-- name: CountApplications :one
SELECT count(*) FROM applications a
WHERE a.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
  AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL);

-- name: ApplicationsByID :many
SELECT * FROM applications WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: ApplicationsByEntry :many
SELECT * FROM applications WHERE company_id = @company_id AND entry_id = ANY(@entry_ids::uuid[]) AND outcome <> 'ROUTING_UNDONE' ORDER BY id;

-- name: SelectionEventsByApplication :many
SELECT * FROM selection_events WHERE company_id = @company_id AND application_id = ANY(@application_ids::uuid[]) ORDER BY application_id, n;
