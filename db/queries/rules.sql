-- name: InsertRule :one
INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, opening_id)
VALUES (@company_id, @medium, @position_name, @normalized_position_name, @opening_id)
ON CONFLICT ON CONSTRAINT routing_rules_one_per_position DO NOTHING
RETURNING *;

-- name: LockRule :one
SELECT * FROM routing_rules WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: UpdateRule :one
UPDATE routing_rules SET
    medium = @medium, position_name = @position_name, normalized_position_name = @normalized_position_name,
    opening_id = @opening_id, revision = revision + 1
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: DeleteRule :one
DELETE FROM routing_rules WHERE company_id = @company_id AND id = @id RETURNING *;

-- name: RuleByPosition :one
SELECT * FROM routing_rules
WHERE company_id = @company_id AND medium = @medium AND normalized_position_name = @normalized_position_name;

-- name: Rules :many
SELECT * FROM routing_rules
WHERE company_id = @company_id
  AND (sqlc.narg(medium)::text IS NULL OR medium = sqlc.narg(medium))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(normalized_position_name), lower(sqlc.narg(search))) > 0)
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountRules :one
SELECT count(*) FROM routing_rules
WHERE company_id = @company_id
  AND (sqlc.narg(medium)::text IS NULL OR medium = sqlc.narg(medium))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(normalized_position_name), lower(sqlc.narg(search))) > 0);

-- name: RulesByID :many
SELECT * FROM routing_rules WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: RulesByOpening :many
SELECT * FROM routing_rules WHERE company_id = @company_id AND opening_id = ANY(@opening_ids::uuid[]) ORDER BY opening_id, id;

-- name: RuleMatches :many
-- What each rule has routed. Counted when asked, so that importing locks no rule.
SELECT rule_id::uuid AS rule_id, count(*) AS matched, max(decided_at)::timestamptz AS last_matched_at FROM inbox_entries
WHERE company_id = @company_id AND rule_id = ANY(@rule_ids::uuid[]) AND decided_by = 'RULE'
GROUP BY rule_id ORDER BY rule_id;
