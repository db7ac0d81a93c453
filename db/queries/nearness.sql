-- name: RulesAround :many
-- For each position the rule that matches it, first, and some of those whose name folds to the same.
SELECT t.n, r.id, r.medium, r.position_name, r.normalized_position_name, r.opening_id, r.revision, r.matches, (o.status = 'OPEN')::bool AS open
FROM (
    SELECT unnest(@media::text[]) AS medium, unnest(@normalized_position_names::text[]) AS normalized,
           unnest(@folded_names::text[]) AS folded, generate_subscripts(@media::text[], 1) AS n
) t
JOIN LATERAL (
    SELECT m.id, m.medium, m.position_name, m.normalized_position_name, m.opening_id, m.revision, true AS matches FROM routing_rules m
    WHERE m.company_id = @company_id AND m.medium = t.medium AND m.normalized_position_name = t.normalized
    UNION ALL
    (SELECT f.id, f.medium, f.position_name, f.normalized_position_name, f.opening_id, f.revision, false FROM routing_rules f
     WHERE f.company_id = @company_id AND f.folded_name = t.folded AND t.folded <> '' AND (f.medium, f.normalized_position_name) <> (t.medium, t.normalized)
     ORDER BY f.id LIMIT 20)
) r ON true
JOIN openings o ON o.company_id = @company_id AND o.id = r.opening_id
ORDER BY t.n, r.matches DESC, r.id;

-- name: FoldedRules :many
-- What a name is compared with, roughly and by Go: no operator of pg_trgm gets past row-level security to an index, and
-- similarity() takes 4 microseconds a pair.
SELECT id, folded_name FROM routing_rules
WHERE company_id = @company_id AND medium = @medium ORDER BY id;

-- name: FoldedTargets :many
-- The same for suggestions: the rules that lead somewhere, and the openings themselves.
SELECT r.id, r.folded_name FROM routing_rules r
JOIN openings o ON o.company_id = r.company_id AND o.id = r.opening_id AND o.status = 'OPEN'
WHERE r.company_id = @company_id
UNION ALL
SELECT p.id, p.folded_name FROM openings p WHERE p.company_id = @company_id AND p.status = 'OPEN'
ORDER BY 1;

-- name: Likenesses :many
-- How much rules and openings are like names, each being compared with the one beside it.
SELECT t.n, o.id AS opening_id, o.name AS opening_name, (o.status = 'OPEN')::bool AS open, r.id AS rule_id, r.revision, coalesce(r.medium::text, '')::text AS medium,
       r.position_name, r.normalized_position_name, similarity(coalesce(r.trigram_name, o.trigram_name), t.trigram_name)::float8 AS score
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@trigram_names::text[]) AS trigram_name, generate_subscripts(@ids::uuid[], 1) AS n
) t
LEFT JOIN routing_rules r ON r.company_id = @company_id AND r.id = t.id
JOIN openings o ON o.company_id = @company_id AND o.id = coalesce(r.opening_id, t.id)
ORDER BY t.n;

-- name: LikenessOfNames :many
SELECT similarity(t.trigram_name, @trigram_name)::float8 AS score
FROM (SELECT unnest(@trigram_names::text[]) AS trigram_name, generate_subscripts(@trigram_names::text[], 1) AS n) t
ORDER BY t.n;

-- name: RenamedPostings :many
-- The rules for the names under which those postings were routed before whose applications now wait under another.
-- Of a position the postings of some that wait do; of a posting each name is found by a step through the index.
WITH RECURSIVE posting AS (
    SELECT t.n, t.medium, t.normalized, p.position_id
    FROM (
        SELECT unnest(@media::text[]) AS medium, unnest(@normalized_position_names::text[]) AS normalized,
               generate_subscripts(@media::text[], 1) AS n
    ) t
    JOIN LATERAL (
        SELECT DISTINCT w.position_id FROM (
            SELECT e.position_id FROM inbox_entries e
            WHERE e.company_id = @company_id AND e.medium = t.medium AND e.normalized_position_name = t.normalized
              AND e.state = 'WAITING' AND e.position_id IS NOT NULL LIMIT 100
        ) w
    ) p ON true
), former AS (
    SELECT posting.n, posting.medium, posting.normalized AS now, posting.position_id, 1 AS step, (
        SELECT min(a.normalized_position_name) FROM inbox_entries a
        WHERE a.company_id = @company_id AND a.medium = posting.medium AND a.position_id = posting.position_id AND a.state = 'ROUTED'
    ) AS normalized
    FROM posting
    UNION ALL
    SELECT former.n, former.medium, former.now, former.position_id, former.step + 1, (
        SELECT min(b.normalized_position_name) FROM inbox_entries b
        WHERE b.company_id = @company_id AND b.medium = former.medium AND b.position_id = former.position_id AND b.state = 'ROUTED'
          AND b.normalized_position_name > former.normalized
    )
    FROM former WHERE former.normalized IS NOT NULL AND former.step < 20
)
SELECT DISTINCT f.n, r.id AS rule_id, r.position_name, r.opening_id
FROM former f
JOIN routing_rules r ON r.company_id = @company_id AND r.medium = f.medium AND r.normalized_position_name = f.normalized
JOIN openings o ON o.company_id = @company_id AND o.id = r.opening_id AND o.status = 'OPEN'
WHERE f.normalized <> f.now
ORDER BY f.n, r.id;

-- name: PositionsToRoute :many
-- The positions that RouteWaiting would route, each with the rule for it.
SELECT r.medium, r.normalized_position_name FROM routing_rules r
JOIN openings o ON o.company_id = r.company_id AND o.id = r.opening_id AND o.status = 'OPEN'
WHERE r.company_id = @company_id
  AND (sqlc.narg(rule_id)::uuid IS NULL OR r.id = sqlc.narg(rule_id))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR r.opening_id = sqlc.narg(opening_id))
  AND EXISTS (
      SELECT FROM inbox_entries e
      WHERE e.company_id = r.company_id AND e.medium = r.medium AND e.normalized_position_name = r.normalized_position_name
        AND e.state = 'WAITING' AND (sqlc.narg(entry_ids)::uuid[] IS NULL OR e.id = ANY(sqlc.narg(entry_ids)::uuid[])))
ORDER BY r.id;

-- name: OtherWaitingNames :many
-- The other names that wait, those with the most first.
SELECT e.normalized_position_name, count(*) AS entries, ((array_agg(e.position_name ORDER BY e.applied_at DESC))[1])::text AS position_name
FROM inbox_entries e
WHERE e.company_id = @company_id AND e.medium = @medium AND e.state = 'WAITING' AND e.normalized_position_name <> @normalized_position_name
GROUP BY e.normalized_position_name
ORDER BY entries DESC, e.normalized_position_name LIMIT @max_rows;

-- name: CaughtByHand :many
-- Entries of this position that members have sent to the opening of late, the latest application first, and how many there are.
WITH caught AS (
    SELECT DISTINCT d.entry_id FROM routing_decisions d
    JOIN inbox_entries e ON e.company_id = d.company_id AND e.id = d.entry_id
    WHERE d.company_id = @company_id AND d.opening_id = @opening_id AND d.decided_by = 'MEMBER'
      AND d.at > now() - make_interval(days => @days::int)
      AND e.medium = @medium AND e.normalized_position_name = @normalized_position_name
)
SELECT sqlc.embed(i), (SELECT count(*) FROM caught) AS entries
FROM caught JOIN inbox_entries i ON i.company_id = @company_id AND i.id = caught.entry_id
ORDER BY i.applied_at DESC, i.id DESC LIMIT @max_rows;

-- name: OtherNamesByHand :many
-- The other names whose applications members have sent to the opening of late, those with the most first.
SELECT e.normalized_position_name, count(DISTINCT e.id) AS entries, ((array_agg(e.position_name ORDER BY e.applied_at DESC))[1])::text AS position_name
FROM routing_decisions d
JOIN inbox_entries e ON e.company_id = d.company_id AND e.id = d.entry_id
WHERE d.company_id = @company_id AND d.opening_id = @opening_id AND d.decided_by = 'MEMBER'
  AND d.at > now() - make_interval(days => @days::int)
  AND e.medium = @medium AND e.normalized_position_name <> @normalized_position_name
GROUP BY e.normalized_position_name
ORDER BY entries DESC, e.normalized_position_name LIMIT @max_rows;
