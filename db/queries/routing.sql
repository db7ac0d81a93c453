-- name: LockEntries :many
-- In the order of their ids: two who take the same must not wait for each other.
SELECT * FROM inbox_entries WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id FOR UPDATE;

-- name: RouteEntries :one
-- Routes waiting entries by hand, as a set.
WITH routed AS (
    UPDATE inbox_entries e SET
        state = 'ROUTED', waiting_reason = NULL, decided_by = 'MEMBER', decided_at = now(), member_id = @member_id,
        rule_id = NULL, rule_revision = NULL, rule_position_name = NULL, opening_id = @opening_id::uuid, action_id = @action_id
    WHERE e.company_id = @company_id AND e.id = ANY(@ids::uuid[]) AND e.state = 'WAITING'
    RETURNING e.id, e.candidate_id, e.applied_at
), application AS (
    INSERT INTO applications (company_id, candidate_id, opening_id, entry_id, step_id, applied_at)
    SELECT @company_id, e.candidate_id, @opening_id::uuid, e.id, s.id, e.applied_at
    FROM routed e, (
        SELECT st.id FROM selection_steps st
        WHERE st.company_id = @company_id AND st.opening_id = @opening_id::uuid ORDER BY st.position LIMIT 1
    ) s
    RETURNING id, step_id, opening_id
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, member_id, to_step_id, outcome)
    SELECT @company_id, a.id, 1, 'MEMBER', @member_id, a.step_id, 'IN_PROGRESS' FROM application a
)
SELECT coalesce(array_agg(a.id ORDER BY a.id), '{}')::uuid[] AS application_ids,
       coalesce(array_agg(a.opening_id ORDER BY a.id), '{}')::uuid[] AS application_openings
FROM application a;

-- name: ExcludeEntries :execrows
UPDATE inbox_entries SET
    state = 'EXCLUDED', waiting_reason = NULL, decided_by = 'MEMBER', decided_at = now(), member_id = @member_id, action_id = @action_id
WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) AND state = 'WAITING';

-- name: RestoreEntries :execrows
-- What a rule routed and somebody took back before it was excluded still waits for another word.
UPDATE inbox_entries e SET
    state = 'WAITING', decided_by = 'MEMBER', decided_at = now(), member_id = @member_id, action_id = @action_id,
    considered = (sqlc.narg(considered)::jsonb) -> e.medium::text -> e.normalized_position_name, waiting_reason = w.reason,
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
    WHERE x.company_id = @company_id AND x.id = ANY(@ids::uuid[])
) w
WHERE e.company_id = @company_id AND e.id = w.id AND e.state = 'EXCLUDED';

-- name: InsertRoutingAction :one
INSERT INTO routing_actions (company_id, id, kind, member_id, rule_id, rule_revision, opening_id, entries)
VALUES (@company_id, @id, @kind, @member_id, sqlc.narg(rule_id), sqlc.narg(rule_revision), sqlc.narg(opening_id), @entries)
RETURNING *;

-- name: LockRoutingAction :one
SELECT sqlc.embed(a), (a.undone_at IS NULL AND a.at > now() - @undo_within::interval)::bool AS undoable
FROM routing_actions a WHERE a.company_id = @company_id AND a.id = @id FOR UPDATE;

-- name: LockEntriesOfAction :many
-- Those about which the action decided, also where somebody has decided again since.
SELECT e.id, e.state, e.opening_id, e.action_id FROM inbox_entries e
WHERE e.company_id = @company_id AND e.id IN (
    SELECT d.entry_id FROM routing_decisions d WHERE d.company_id = @company_id AND d.action_id = @action_id::uuid)
ORDER BY e.id FOR UPDATE;

-- name: LockApplicationsOfEntries :many
SELECT * FROM applications
WHERE company_id = @company_id AND entry_id = ANY(@entry_ids::uuid[]) AND outcome <> 'ROUTING_UNDONE'
ORDER BY id FOR UPDATE;

-- name: TakeBack :one
-- Puts entries back to where they were before an action: WAITING or EXCLUDED. Their applications stay as history, with
-- a line that says so. Nobody is routed by this: where a rule would, the entry waits until that rule is another.
WITH place AS (
    SELECT e.id, e.state, e.rule_id, e.rule_revision, e.rule_position_name,
           r.id AS fits_id, r.revision AS fits_revision, r.position_name AS fits_name,
           coalesce(r.status = 'OPEN' OR (e.rule_id, e.rule_revision) IS NOT DISTINCT FROM (r.id, r.revision), false) AS held
    FROM inbox_entries e
    LEFT JOIN LATERAL (
        SELECT u.id, u.revision, u.position_name, o.status FROM routing_rules u
        JOIN openings o ON o.company_id = u.company_id AND o.id = u.opening_id
        WHERE u.company_id = e.company_id AND u.medium = e.medium AND u.normalized_position_name = e.normalized_position_name LIMIT 1
    ) r ON true
    WHERE e.company_id = @company_id AND e.id = ANY(@ids::uuid[])
), taken AS (
    UPDATE applications a SET outcome = 'ROUTING_UNDONE', revision = a.revision + 1
    FROM place p
    WHERE a.company_id = @company_id AND a.entry_id = p.id AND a.outcome <> 'ROUTING_UNDONE'
    RETURNING a.id, a.step_id, a.opening_id
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, member_id, from_step_id, to_step_id, outcome)
    SELECT @company_id, t.id,
        (SELECT max(h.n) + 1 FROM selection_events h WHERE h.company_id = @company_id AND h.application_id = t.id),
        'MEMBER', @member_id, t.step_id, t.step_id, 'ROUTING_UNDONE'
    FROM taken t
), back AS (
    UPDATE inbox_entries e SET
        state = @state, decided_by = 'MEMBER', decided_at = now(), member_id = @member_id, opening_id = NULL, action_id = NULL,
        waiting_reason = CASE
            WHEN @state = 'EXCLUDED' THEN NULL WHEN p.fits_id IS NULL THEN 'NO_RULE' WHEN p.held THEN 'UNDONE' ELSE 'OPENING_CLOSED' END,
        rule_id = CASE WHEN @state = 'WAITING' AND p.held THEN p.fits_id WHEN @state = 'EXCLUDED' AND p.state = 'WAITING' THEN p.rule_id END,
        rule_revision = CASE WHEN @state = 'WAITING' AND p.held THEN p.fits_revision WHEN @state = 'EXCLUDED' AND p.state = 'WAITING' THEN p.rule_revision END,
        rule_position_name = CASE WHEN @state = 'WAITING' AND p.held THEN p.fits_name WHEN @state = 'EXCLUDED' AND p.state = 'WAITING' THEN p.rule_position_name END
    FROM place p
    WHERE e.company_id = @company_id AND e.id = p.id
)
SELECT coalesce(array_agg(t.id ORDER BY t.id), '{}')::uuid[] AS application_ids,
       coalesce(array_agg(t.opening_id ORDER BY t.id), '{}')::uuid[] AS application_openings
FROM taken t;

-- name: EndRoutingAction :one
UPDATE routing_actions SET undone_at = now(), undone_by = @member_id
WHERE company_id = @company_id AND id = @id AND undone_at IS NULL
RETURNING *;

-- name: RoutingActions :many
SELECT sqlc.embed(a), (a.undone_at IS NULL AND a.at > now() - @undo_within::interval)::bool AS undoable
FROM routing_actions a
WHERE a.company_id = @company_id AND (sqlc.narg(after)::uuid IS NULL OR a.id < sqlc.narg(after))
ORDER BY a.id DESC LIMIT @max_rows;

-- name: CountRoutingActions :one
SELECT count(*) FROM routing_actions WHERE company_id = @company_id;

-- name: RoutingActionsByID :many
SELECT sqlc.embed(a), (a.undone_at IS NULL AND a.at > now() - @undo_within::interval)::bool AS undoable
FROM routing_actions a WHERE a.company_id = @company_id AND a.id = ANY(@ids::uuid[]) ORDER BY a.id;

-- name: ActionOfRule :one
-- The first sweep of a rule at a revision; none where it routed nobody.
SELECT id FROM routing_actions WHERE company_id = @company_id AND rule_id = @rule_id::uuid AND rule_revision = @rule_revision::int;

-- name: DecisionsByEntry :many
SELECT sqlc.embed(d), e.medium, e.position_name, e.normalized_position_name
FROM routing_decisions d JOIN inbox_entries e ON e.company_id = d.company_id AND e.id = d.entry_id
WHERE d.company_id = @company_id AND d.entry_id = ANY(@entry_ids::uuid[])
ORDER BY d.entry_id, d.id;

-- name: ReroutingsByEntry :many
-- Where applications went after their routing: whose step is of another opening than the one before was rerouted.
SELECT a.entry_id::uuid AS entry_id, h.at, h.member_id, coalesce(m.name, '')::text AS member, f.opening_id AS from_opening_id, t.opening_id,
       coalesce(h.from_opening_name, o.name)::text AS from_opening_name, coalesce(h.opening_name, p.name)::text AS opening_name
FROM applications a
JOIN selection_events h ON h.company_id = a.company_id AND h.application_id = a.id
JOIN selection_steps f ON f.company_id = h.company_id AND f.id = h.from_step_id
JOIN selection_steps t ON t.company_id = h.company_id AND t.id = h.to_step_id AND t.opening_id <> f.opening_id
JOIN openings o ON o.company_id = f.company_id AND o.id = f.opening_id
JOIN openings p ON p.company_id = t.company_id AND p.id = t.opening_id
LEFT JOIN members m ON m.company_id = h.company_id AND m.id = h.member_id
WHERE a.company_id = @company_id AND a.entry_id = ANY(@entry_ids::uuid[])
ORDER BY a.entry_id, h.at, h.n;

-- name: InboxSummary :many
-- The inbox's figures, with those of each medium of which anything waits; one row without a medium where nothing does.
SELECT k.waiting, k.routed, k.excluded, coalesce(m.medium, '')::text AS medium, coalesce(m.waiting, 0)::bigint AS waiting_of_medium,
       coalesce(m.applied_at, now())::timestamptz AS oldest_applied_at, coalesce(m.imported_at, now())::timestamptz AS oldest_imported_at
FROM company_counters k
LEFT JOIN (
    SELECT e.medium::text AS medium, count(*) AS waiting, min(e.applied_at)::timestamptz AS applied_at, min(e.imported_at)::timestamptz AS imported_at
    FROM inbox_entries e WHERE e.company_id = @company_id AND e.state = 'WAITING'
    GROUP BY e.medium
) m ON true
WHERE k.company_id = @company_id
ORDER BY m.medium;
