-- name: InsertOpening :one
WITH opening AS (
    INSERT INTO openings (company_id, name, folded_name, trigram_name, capacity)
    VALUES (@company_id, @name, @folded_name, @trigram_name, sqlc.narg(capacity)) RETURNING *
), steps AS (
    INSERT INTO selection_steps (company_id, opening_id, kind, name, position)
    SELECT @company_id, opening.id, t.kind, t.name, t.n
    FROM opening, (
        SELECT unnest(@step_kinds::text[]) AS kind, unnest(@step_names::text[]) AS name,
               generate_subscripts(@step_kinds::text[], 1) AS n
    ) t
)
SELECT * FROM opening;

-- name: LockOpening :one
SELECT * FROM openings WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: ShareOpening :one
-- Held while something is routed to it, so that it is not closed meanwhile.
SELECT * FROM openings WHERE company_id = @company_id AND id = @id FOR SHARE;

-- name: UpdateOpening :one
UPDATE openings SET
    name = @name, folded_name = @folded_name, trigram_name = @trigram_name, capacity = sqlc.narg(capacity), revision = revision + 1
WHERE company_id = @company_id AND id = @id RETURNING *;

-- name: SetOpeningStatus :one
UPDATE openings SET status = @status, revision = revision + 1
WHERE company_id = @company_id AND id = @id AND status <> @status
RETURNING *;

-- name: Openings :many
SELECT * FROM openings
WHERE company_id = @company_id
  AND (sqlc.narg(status)::text IS NULL OR status = sqlc.narg(status))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(name), lower(sqlc.narg(search))) > 0)
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountOpenings :one
SELECT count(*) FROM openings
WHERE company_id = @company_id
  AND (sqlc.narg(status)::text IS NULL OR status = sqlc.narg(status))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(name), lower(sqlc.narg(search))) > 0);

-- name: BusiestOpenings :many
-- The open ones with somebody under way, those with the most first.
SELECT o.* FROM openings o
JOIN (
    SELECT a.opening_id, count(*) AS under_way FROM applications a
    WHERE a.company_id = @company_id AND a.outcome = 'IN_PROGRESS' GROUP BY a.opening_id
) b ON b.opening_id = o.id
WHERE o.company_id = @company_id AND o.status = 'OPEN'
ORDER BY b.under_way DESC, o.id DESC LIMIT @max_rows;

-- name: SelectionBegun :one
-- Whether anybody stands behind the first step of an opening, or a selection has ended.
SELECT EXISTS (
    SELECT FROM applications a JOIN selection_steps s ON s.company_id = a.company_id AND s.id = a.step_id
    WHERE a.company_id = @company_id AND a.outcome <> 'ROUTING_UNDONE' AND (a.outcome <> 'IN_PROGRESS' OR s.position > 1)
);

-- name: OpeningsByID :many
SELECT * FROM openings WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: OpeningsNamed :many
SELECT * FROM openings WHERE company_id = @company_id AND name = ANY(@names::text[]) ORDER BY id;

-- name: StepsByOpening :many
SELECT * FROM selection_steps WHERE company_id = @company_id AND opening_id = ANY(@opening_ids::uuid[]) ORDER BY opening_id, position;

-- name: StepsByID :many
SELECT * FROM selection_steps WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: OpeningCounts :many
-- The steps of openings with how many stand there, by outcome, of one instant. A step on which nobody stands
-- comes once, without an outcome.
SELECT sqlc.embed(s), coalesce(c.outcome, '')::text AS outcome, coalesce(c.applications, 0)::bigint AS applications
FROM selection_steps s
LEFT JOIN (
    SELECT a.opening_id, a.step_id, a.outcome, count(*) AS applications FROM applications a
    WHERE a.company_id = @company_id AND a.opening_id = ANY(@opening_ids::uuid[]) AND a.outcome <> 'ROUTING_UNDONE'
    GROUP BY a.opening_id, a.step_id, a.outcome
) c ON c.opening_id = s.opening_id AND c.step_id = s.id
WHERE s.company_id = @company_id AND s.opening_id = ANY(@opening_ids::uuid[])
ORDER BY s.opening_id, s.position, c.outcome;

-- name: FilledByOpening :many
-- How many of an opening's seats are taken: by those under way and those who joined.
SELECT opening_id, count(*) AS filled FROM applications
WHERE company_id = @company_id AND opening_id = ANY(@opening_ids::uuid[]) AND outcome IN ('IN_PROGRESS', 'JOINED')
GROUP BY opening_id ORDER BY opening_id;

-- name: ResetFill :exec
INSERT INTO opening_fills AS f (company_id, opening_id) VALUES (@company_id, @opening_id)
ON CONFLICT (company_id, opening_id) DO UPDATE SET reached = false;

-- name: LockFills :many
-- Those among the openings, or among all, that have a capacity: in one order for all who wait for each other.
SELECT f.opening_id, f.reached, o.capacity::int AS capacity
FROM opening_fills f JOIN openings o ON o.company_id = f.company_id AND o.id = f.opening_id
WHERE f.company_id = @company_id AND (sqlc.narg(opening_ids)::uuid[] IS NULL OR f.opening_id = ANY(sqlc.narg(opening_ids)))
  AND o.capacity IS NOT NULL
ORDER BY f.opening_id FOR UPDATE OF f;

-- name: TurnFills :exec
UPDATE opening_fills SET reached = NOT reached WHERE company_id = @company_id AND opening_id = ANY(@opening_ids::uuid[]);

-- name: StepsInUse :many
-- The steps on which an application stands or has stood.
-- Whoever stands on one, or has left it, came to it at some time.
SELECT s.id FROM selection_steps s
WHERE s.company_id = @company_id AND s.opening_id = @opening_id
  AND EXISTS (SELECT FROM selection_events h WHERE h.company_id = s.company_id AND h.to_step_id = s.id)
ORDER BY s.id;

-- name: StepsStoodOn :many
-- The steps on which somebody stands, in their order; it does not matter whether their selection is over.
SELECT s.id FROM selection_steps s
WHERE s.company_id = @company_id AND s.opening_id = @opening_id AND EXISTS (
    SELECT FROM applications a
    WHERE a.company_id = s.company_id AND a.opening_id = s.opening_id AND a.step_id = s.id AND a.outcome <> 'ROUTING_UNDONE')
ORDER BY s.position;

-- name: DeleteSteps :exec
DELETE FROM selection_steps WHERE company_id = @company_id AND opening_id = @opening_id AND NOT (id = ANY(@keep::uuid[]));

-- name: PutSteps :exec
INSERT INTO selection_steps (company_id, opening_id, id, kind, name, position)
SELECT @company_id, @opening_id, t.id, t.kind, t.name, t.n
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@kinds::text[]) AS kind, unnest(@names::text[]) AS name,
           generate_subscripts(@ids::uuid[], 1) AS n
) t
ON CONFLICT (company_id, id) DO UPDATE SET kind = excluded.kind, name = excluded.name, position = excluded.position;
