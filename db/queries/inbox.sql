-- name: InboxEntries :many
SELECT * FROM inbox_entries
WHERE company_id = @company_id
  AND (sqlc.narg(state)::text IS NULL OR state = sqlc.narg(state))
  AND (sqlc.narg(medium)::text IS NULL OR medium = sqlc.narg(medium))
  AND (sqlc.narg(normalized_position_name)::text IS NULL OR normalized_position_name = sqlc.narg(normalized_position_name))
  AND (sqlc.narg(run_id)::uuid IS NULL OR run_id = sqlc.narg(run_id))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(waiting_reason)::text IS NULL OR waiting_reason = sqlc.narg(waiting_reason))
  AND (sqlc.narg(applied_since)::timestamptz IS NULL OR applied_at >= sqlc.narg(applied_since))
  AND (sqlc.narg(imported_since)::timestamptz IS NULL OR imported_at >= sqlc.narg(imported_since))
  AND (sqlc.narg(file_import_id)::uuid IS NULL OR file_import_id = sqlc.narg(file_import_id))
  AND (sqlc.narg(after_at)::timestamptz IS NULL OR (applied_at, id) < (sqlc.narg(after_at), sqlc.narg(after_id)::uuid))
ORDER BY applied_at DESC, id DESC LIMIT @max_rows;

-- name: CountInboxEntries :one
SELECT count(*) FROM inbox_entries
WHERE company_id = @company_id
  AND (sqlc.narg(state)::text IS NULL OR state = sqlc.narg(state))
  AND (sqlc.narg(medium)::text IS NULL OR medium = sqlc.narg(medium))
  AND (sqlc.narg(normalized_position_name)::text IS NULL OR normalized_position_name = sqlc.narg(normalized_position_name))
  AND (sqlc.narg(run_id)::uuid IS NULL OR run_id = sqlc.narg(run_id))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(waiting_reason)::text IS NULL OR waiting_reason = sqlc.narg(waiting_reason))
  AND (sqlc.narg(applied_since)::timestamptz IS NULL OR applied_at >= sqlc.narg(applied_since))
  AND (sqlc.narg(imported_since)::timestamptz IS NULL OR imported_at >= sqlc.narg(imported_since))
  AND (sqlc.narg(file_import_id)::uuid IS NULL OR file_import_id = sqlc.narg(file_import_id));

-- name: InboxEntriesByID :many
SELECT * FROM inbox_entries WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: WaitingPositions :many
-- The name shown is the one that the latest of them bears. Where a rule fits all the same, its opening is closed, or
-- its routing was taken back.
SELECT w.*, r.id AS rule_id, o.id AS closed_opening_id FROM (
    SELECT e.medium, e.normalized_position_name, count(*) AS waiting, min(e.applied_at)::timestamptz AS oldest_applied_at,
           ((array_agg(e.position_name ORDER BY e.applied_at DESC))[1])::text AS position_name
    FROM inbox_entries e
    WHERE e.company_id = @company_id AND e.state = 'WAITING'
    GROUP BY e.medium, e.normalized_position_name
    ORDER BY waiting DESC, e.medium, e.normalized_position_name
    LIMIT @max_rows
) w
LEFT JOIN routing_rules r ON r.company_id = @company_id AND r.medium = w.medium AND r.normalized_position_name = w.normalized_position_name
LEFT JOIN openings o ON o.company_id = @company_id AND o.id = r.opening_id AND o.status = 'CLOSED'
ORDER BY w.waiting DESC, w.medium, w.normalized_position_name;

-- name: RouteWaiting :one
-- Routes what waits and matches a rule, in sets: the entries of one position, of one opening's
-- rules, or some entries. Nothing that is routed already moves.
WITH routed AS (
    UPDATE inbox_entries e SET
        state = 'ROUTED', waiting_reason = NULL, decided_by = 'RULE', decided_at = now(), member_id = NULL,
        rule_id = r.id, rule_revision = r.revision, rule_position_name = r.position_name, opening_id = r.opening_id,
        considered = (sqlc.narg(considered)::jsonb) -> e.medium::text -> e.normalized_position_name,
        action_id = @action_id::uuid
    FROM routing_rules r
    JOIN openings o ON o.company_id = r.company_id AND o.id = r.opening_id AND o.status = 'OPEN'
    WHERE e.company_id = @company_id AND e.state = 'WAITING'
      AND r.company_id = e.company_id AND r.medium = e.medium AND r.normalized_position_name = e.normalized_position_name
      AND (sqlc.narg(rule_id)::uuid IS NULL OR r.id = sqlc.narg(rule_id))
      AND (sqlc.narg(opening_id)::uuid IS NULL OR r.opening_id = sqlc.narg(opening_id))
      AND (sqlc.narg(entry_ids)::uuid[] IS NULL OR e.id = ANY(sqlc.narg(entry_ids)))
      -- Nor by a rule that still is the one whose routing was taken back.
      AND (e.rule_id, e.rule_revision) IS DISTINCT FROM (r.id, r.revision)
    RETURNING e.id, e.candidate_id, e.applied_at, r.opening_id
), application AS (
    INSERT INTO applications (company_id, candidate_id, opening_id, entry_id, step_id, applied_at)
    SELECT @company_id, e.candidate_id, e.opening_id, e.id, s.id, e.applied_at
    FROM routed e
    JOIN LATERAL (
        SELECT st.id FROM selection_steps st
        WHERE st.company_id = @company_id AND st.opening_id = e.opening_id ORDER BY st.position LIMIT 1
    ) s ON true
    RETURNING id, step_id, opening_id
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, to_step_id, outcome)
    SELECT @company_id, a.id, 1, 'RULE', a.step_id, 'IN_PROGRESS' FROM application a
)
SELECT coalesce(array_agg(a.id ORDER BY a.id), '{}')::uuid[] AS application_ids,
       coalesce(array_agg(a.opening_id ORDER BY a.id), '{}')::uuid[] AS application_openings
FROM application a;

-- name: ExplainWaiting :exec
-- Keeps the reason of what waits for one position true when its rule came, went or was closed. Whoever decided on it before
-- has not decided this.
UPDATE inbox_entries e SET
    waiting_reason = w.reason, decided_by = 'SYSTEM', decided_at = now(), member_id = NULL, considered = sqlc.narg(considered)::jsonb,
    rule_id = CASE WHEN w.reason = 'UNDONE' THEN e.rule_id END,
    rule_revision = CASE WHEN w.reason = 'UNDONE' THEN e.rule_revision END,
    rule_position_name = CASE WHEN w.reason = 'UNDONE' THEN e.rule_position_name END
FROM (
    SELECT x.id, CASE
        WHEN r.id IS NULL THEN 'NO_RULE'
        WHEN (x.rule_id, x.rule_revision) IS NOT DISTINCT FROM (r.id, r.revision) THEN 'UNDONE'
        ELSE 'OPENING_CLOSED' END AS reason
    FROM inbox_entries x
    LEFT JOIN routing_rules r ON r.company_id = x.company_id AND r.medium = x.medium AND r.normalized_position_name = x.normalized_position_name
    WHERE x.company_id = @company_id AND x.medium = @medium AND x.normalized_position_name = @normalized_position_name AND x.state = 'WAITING'
) w
WHERE e.company_id = @company_id AND e.id = w.id AND e.state = 'WAITING' AND e.waiting_reason <> w.reason;

