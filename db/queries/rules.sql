-- name: InsertRule :one
INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, folded_name, trigram_name, opening_id)
VALUES (@company_id, @medium, @position_name, @normalized_position_name, @folded_name, @trigram_name, @opening_id)
ON CONFLICT ON CONSTRAINT routing_rules_one_per_position DO NOTHING
RETURNING *;

-- name: LockRule :one
SELECT * FROM routing_rules WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: UpdateRule :one
UPDATE routing_rules SET
    medium = @medium, position_name = @position_name, normalized_position_name = @normalized_position_name,
    folded_name = @folded_name, trigram_name = @trigram_name, opening_id = @opening_id, revision = revision + 1
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: DeleteRule :one
DELETE FROM routing_rules WHERE company_id = @company_id AND id = @id RETURNING *;

-- name: RuleByPosition :one
SELECT * FROM routing_rules
WHERE company_id = @company_id AND medium = @medium AND normalized_position_name = @normalized_position_name;

-- name: Rules :many
SELECT r.* FROM routing_rules r
LEFT JOIN LATERAL (
    -- The first of an index, whatever the planner thinks of the number of decisions.
    SELECT d.at FROM routing_decisions d
    WHERE d.company_id = @company_id AND d.rule_id = r.id AND d.decided_by = 'RULE' AND sqlc.narg(health)::text IS NOT NULL
    ORDER BY d.at DESC LIMIT 1
) last ON true
WHERE r.company_id = @company_id
  AND (sqlc.narg(medium)::text IS NULL OR r.medium = sqlc.narg(medium))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR r.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(r.normalized_position_name), lower(sqlc.narg(search))) > 0)
  AND (sqlc.narg(health)::text IS NULL OR sqlc.narg(health) = CASE
      WHEN EXISTS (SELECT FROM openings o WHERE o.company_id = @company_id AND o.id = r.opening_id AND o.status = 'CLOSED') THEN 'OPENING_CLOSED'
      WHEN last.at IS NULL THEN 'NEVER_MATCHED' WHEN last.at > now() - interval '90 days' THEN 'HEALTHY' ELSE 'QUIET' END)
  AND (sqlc.narg(after)::uuid IS NULL OR r.id < sqlc.narg(after))
ORDER BY r.id DESC LIMIT @max_rows;

-- name: CountRules :one
SELECT count(*) FROM routing_rules r
LEFT JOIN LATERAL (
    SELECT d.at FROM routing_decisions d
    WHERE d.company_id = @company_id AND d.rule_id = r.id AND d.decided_by = 'RULE' AND sqlc.narg(health)::text IS NOT NULL
    ORDER BY d.at DESC LIMIT 1
) last ON true
WHERE r.company_id = @company_id
  AND (sqlc.narg(medium)::text IS NULL OR r.medium = sqlc.narg(medium))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR r.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(r.normalized_position_name), lower(sqlc.narg(search))) > 0)
  AND (sqlc.narg(health)::text IS NULL OR sqlc.narg(health) = CASE
      WHEN EXISTS (SELECT FROM openings o WHERE o.company_id = @company_id AND o.id = r.opening_id AND o.status = 'CLOSED') THEN 'OPENING_CLOSED'
      WHEN last.at IS NULL THEN 'NEVER_MATCHED' WHEN last.at > now() - interval '90 days' THEN 'HEALTHY' ELSE 'QUIET' END);

-- name: RulesByID :many
SELECT * FROM routing_rules WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: RulesByOpening :many
SELECT * FROM routing_rules WHERE company_id = @company_id AND opening_id = ANY(@opening_ids::uuid[]) ORDER BY opening_id, id;

-- name: RuleMatches :many
-- What each rule has routed, each entry once, whatever became of it since. Counted when asked, so that importing
-- locks no rule.
SELECT rule_id::uuid AS rule_id, count(DISTINCT entry_id) AS matched, max(at)::timestamptz AS last_matched_at,
       (max(at) <= now() - interval '90 days')::bool AS quiet
FROM routing_decisions
WHERE company_id = @company_id AND rule_id = ANY(@rule_ids::uuid[]) AND decided_by = 'RULE'
GROUP BY rule_id ORDER BY rule_id;

-- name: RulesAt :many
-- The rules that speak for positions.
SELECT r.* FROM routing_rules r
JOIN (SELECT unnest(@media::text[]) AS medium, unnest(@normalized_position_names::text[]) AS name) t
    ON r.medium = t.medium AND r.normalized_position_name = t.name
WHERE r.company_id = @company_id
ORDER BY r.id;

-- name: PutRules :exec
-- A rule for each position, which is named once. One that there is keeps its spelling.
INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, folded_name, trigram_name, opening_id)
SELECT @company_id, t.medium, t.position_name, t.normalized_position_name, t.folded_name, t.trigram_name, t.opening_id
FROM (
    SELECT unnest(@media::text[]) AS medium, unnest(@position_names::text[]) AS position_name,
           unnest(@normalized_position_names::text[]) AS normalized_position_name, unnest(@folded_names::text[]) AS folded_name,
           unnest(@trigram_names::text[]) AS trigram_name, unnest(@opening_ids::uuid[]) AS opening_id
) t
ON CONFLICT ON CONSTRAINT routing_rules_one_per_position
DO UPDATE SET opening_id = excluded.opening_id, revision = routing_rules.revision + 1;
