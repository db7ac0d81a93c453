-- name: Candidates :many
-- The latest first, each person once, with whether anybody was merged into them.
SELECT sqlc.embed(c), EXISTS (SELECT FROM candidates m WHERE m.company_id = c.company_id AND m.merged_into = c.id) AS several
FROM candidates c WHERE c.company_id = @company_id AND c.id < @before AND c.merged_into IS NULL ORDER BY c.id DESC LIMIT @max_rows;

-- name: CountCandidates :one
SELECT count(*) FROM candidates WHERE company_id = @company_id AND merged_into IS NULL;

-- name: LooseMatches :many
-- Of the candidates in no segment, those whose text holds all patterns, the latest first. OFFSET 0: read in that
-- order until there are enough, whatever the planner thinks of the patterns.
SELECT l.candidate_id FROM (
    SELECT s.candidate_id, s.text FROM candidate_search s
    WHERE s.company_id = @company_id AND s.segment IS NULL AND s.candidate_id < @before
    ORDER BY s.candidate_id DESC OFFSET 0
) l
WHERE l.text LIKE ALL (@patterns::text[])
ORDER BY l.candidate_id DESC LIMIT @max_rows;

-- name: SearchSegments :many
-- Those that hold somebody before an id, the latest first.
SELECT segment, last_id FROM search_segments
WHERE company_id = @company_id AND first_id < @before ORDER BY last_id DESC, segment;

-- name: SearchLists :many
SELECT segment, term, places FROM search_terms
WHERE company_id = @company_id AND term = ANY(@terms::text[]) AND segment = ANY(@segments::int[]) ORDER BY segment, term;

-- name: CheckPlaces :many
-- Who stands at these places, in their order, and whether their texts hold all patterns. Looked up one by one,
-- whatever the planner thinks of their number.
SELECT c.candidate_id, c.matches::bool AS matches
FROM (
    SELECT unnest(@segments::int[]) AS segment, unnest(@places::int[]) AS place, generate_subscripts(@segments::int[], 1) AS n
) t
JOIN LATERAL (
    SELECT s.candidate_id, s.text LIKE ALL (@patterns::text[]) AS matches FROM candidate_search s
    WHERE s.company_id = @company_id AND s.segment = t.segment AND s.place = t.place::smallint LIMIT 1
) c ON true
ORDER BY t.n;

-- name: ApplicationsOfCandidates :many
-- The latest applications of these candidates, as far as the rest lets them through.
SELECT x.id FROM (SELECT unnest(@candidate_ids::uuid[]) AS id) t
JOIN LATERAL (
    SELECT a.id, a.applied_at FROM applications a
    WHERE a.company_id = @company_id AND a.candidate_id = t.id
      AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
      AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
      AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL)
      AND (a.applied_at, a.id) < (@before_at::timestamptz, @before_id::uuid)
    OFFSET 0
) x ON true
ORDER BY x.applied_at DESC, x.id DESC LIMIT @max_rows;

-- name: ApplicationsByText :many
-- The same for what many candidates have: read from the latest on until there are enough. The subselect is none
-- that a plan could turn into a look at all texts.
SELECT a.id FROM applications a
WHERE a.company_id = @company_id
  AND (sqlc.narg(opening_id)::uuid IS NULL OR a.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(step_id)::uuid IS NULL OR a.step_id = sqlc.narg(step_id))
  AND a.outcome = coalesce(sqlc.narg(outcome), a.outcome) AND (a.outcome <> 'ROUTING_UNDONE' OR sqlc.narg(outcome)::text IS NOT NULL)
  AND (a.applied_at, a.id) < (@before_at::timestamptz, @before_id::uuid)
  AND (SELECT s.text LIKE ALL (@patterns::text[]) FROM candidate_search s WHERE s.company_id = @company_id AND s.candidate_id = a.candidate_id)
ORDER BY a.applied_at DESC, a.id DESC LIMIT @max_rows;

-- name: PositionNames :many
-- The positions of a company, each once, in their order: a look at the index for each, until there are enough.
WITH RECURSIVE position AS (
    (SELECT e.normalized_position_name AS name FROM inbox_entries e WHERE e.company_id = @company_id ORDER BY e.normalized_position_name LIMIT 1)
    UNION ALL
    SELECT (
        SELECT e.normalized_position_name FROM inbox_entries e
        WHERE e.company_id = @company_id AND e.normalized_position_name > p.name ORDER BY e.normalized_position_name LIMIT 1
    ) FROM position p WHERE p.name IS NOT NULL
)
SELECT p.name::text AS name FROM (SELECT name FROM position WHERE name IS NOT NULL LIMIT @max_rows) p ORDER BY p.name;

-- name: EntriesOfCandidates :many
-- The latest entries of these candidates or with these positions, as far as the rest lets them through.
SELECT x.id FROM (
    SELECT c.id, c.applied_at FROM (SELECT unnest(@candidate_ids::uuid[]) AS id) t
    JOIN LATERAL (
        SELECT e.id, e.applied_at FROM inbox_entries e
        WHERE e.company_id = @company_id AND e.candidate_id = t.id AND NOT e.normalized_position_name = ANY(@position_names::text[])
          AND (sqlc.narg(state)::text IS NULL OR e.state = sqlc.narg(state))
          AND (sqlc.narg(medium)::text IS NULL OR e.medium = sqlc.narg(medium))
          AND (sqlc.narg(normalized_position_name)::text IS NULL OR e.normalized_position_name = sqlc.narg(normalized_position_name))
          AND (sqlc.narg(run_id)::uuid IS NULL OR e.run_id = sqlc.narg(run_id))
          AND (sqlc.narg(file_import_id)::uuid IS NULL OR e.file_import_id = sqlc.narg(file_import_id))
          AND (sqlc.narg(opening_id)::uuid IS NULL OR e.opening_id = sqlc.narg(opening_id))
          AND (sqlc.narg(waiting_reason)::text IS NULL OR e.waiting_reason = sqlc.narg(waiting_reason))
          AND (sqlc.narg(applied_since)::timestamptz IS NULL OR e.applied_at >= sqlc.narg(applied_since))
          AND (sqlc.narg(imported_since)::timestamptz IS NULL OR e.imported_at >= sqlc.narg(imported_since))
          AND (e.applied_at, e.id) < (@before_at::timestamptz, @before_id::uuid)
        OFFSET 0
    ) c ON true
    UNION ALL
    SELECT p.id, p.applied_at FROM (SELECT unnest(@position_names::text[]) AS name) t
    JOIN LATERAL (
        SELECT e.id, e.applied_at FROM inbox_entries e
        WHERE e.company_id = @company_id AND e.normalized_position_name = t.name
          AND (sqlc.narg(state)::text IS NULL OR e.state = sqlc.narg(state))
          AND (sqlc.narg(medium)::text IS NULL OR e.medium = sqlc.narg(medium))
          AND (sqlc.narg(normalized_position_name)::text IS NULL OR e.normalized_position_name = sqlc.narg(normalized_position_name))
          AND (sqlc.narg(run_id)::uuid IS NULL OR e.run_id = sqlc.narg(run_id))
          AND (sqlc.narg(file_import_id)::uuid IS NULL OR e.file_import_id = sqlc.narg(file_import_id))
          AND (sqlc.narg(opening_id)::uuid IS NULL OR e.opening_id = sqlc.narg(opening_id))
          AND (sqlc.narg(waiting_reason)::text IS NULL OR e.waiting_reason = sqlc.narg(waiting_reason))
          AND (sqlc.narg(applied_since)::timestamptz IS NULL OR e.applied_at >= sqlc.narg(applied_since))
          AND (sqlc.narg(imported_since)::timestamptz IS NULL OR e.imported_at >= sqlc.narg(imported_since))
          AND (e.applied_at, e.id) < (@before_at::timestamptz, @before_id::uuid)
        ORDER BY e.applied_at DESC, e.id DESC LIMIT @max_rows::int
    ) p ON true
) x
ORDER BY x.applied_at DESC, x.id DESC LIMIT @max_rows::int;

-- name: EntriesByText :many
-- The same for what many candidates have: see ApplicationsByText.
SELECT e.id FROM inbox_entries e
WHERE e.company_id = @company_id
  AND (sqlc.narg(state)::text IS NULL OR e.state = sqlc.narg(state))
  AND (sqlc.narg(medium)::text IS NULL OR e.medium = sqlc.narg(medium))
  AND (sqlc.narg(normalized_position_name)::text IS NULL OR e.normalized_position_name = sqlc.narg(normalized_position_name))
  AND (sqlc.narg(run_id)::uuid IS NULL OR e.run_id = sqlc.narg(run_id))
  AND (sqlc.narg(file_import_id)::uuid IS NULL OR e.file_import_id = sqlc.narg(file_import_id))
  AND (sqlc.narg(opening_id)::uuid IS NULL OR e.opening_id = sqlc.narg(opening_id))
  AND (sqlc.narg(waiting_reason)::text IS NULL OR e.waiting_reason = sqlc.narg(waiting_reason))
  AND (sqlc.narg(applied_since)::timestamptz IS NULL OR e.applied_at >= sqlc.narg(applied_since))
  AND (sqlc.narg(imported_since)::timestamptz IS NULL OR e.imported_at >= sqlc.narg(imported_since))
  AND (e.applied_at, e.id) < (@before_at::timestamptz, @before_id::uuid)
  AND (e.normalized_position_name = ANY(@position_names::text[]) OR (
      SELECT s.text LIKE ALL (@patterns::text[]) FROM candidate_search s WHERE s.company_id = @company_id AND s.candidate_id = e.candidate_id))
ORDER BY e.applied_at DESC, e.id DESC LIMIT @max_rows;

-- name: CompaniesToIndex :many
-- Those with so many texts in no segment that they make one, and those with candidates of before. The keeper sees no
-- other texts, and may not ask which those are.
WITH RECURSIVE company AS (
    (SELECT s.company_id AS id FROM candidate_search s ORDER BY s.company_id LIMIT 1)
    UNION ALL
    SELECT (SELECT s.company_id FROM candidate_search s WHERE s.company_id > c.id ORDER BY s.company_id LIMIT 1)
    FROM company c WHERE c.id IS NOT NULL
)
SELECT c.id::uuid AS id FROM company c
WHERE EXISTS (SELECT FROM candidate_search s WHERE s.company_id = c.id OFFSET sqlc.arg(size)::int - 1 LIMIT 1)
UNION SELECT b.company_id FROM search_backfills b ORDER BY id;

-- name: LockSegments :exec
-- One after another: the numbers of segments have no gaps to fill.
SELECT pg_advisory_xact_lock(hashtextextended('search:' || sqlc.arg(company_id)::uuid::text, 0));

-- name: TextsToIndex :many
-- The oldest in no segment, locked: nobody is forgotten meanwhile.
SELECT candidate_id, text FROM candidate_search
WHERE company_id = @company_id AND segment IS NULL ORDER BY candidate_id LIMIT @max_rows FOR UPDATE;

-- name: InsertSegment :one
INSERT INTO search_segments (company_id, segment, first_id, last_id)
SELECT @company_id, coalesce(max(s.segment), 0) + 1, @first_id, @last_id FROM search_segments s WHERE s.company_id = @company_id
RETURNING segment;

-- name: InsertTerms :exec
INSERT INTO search_terms (company_id, term, segment, places)
SELECT @company_id, t.term, @segment, t.places
FROM (SELECT unnest(@terms::text[]) AS term, unnest(@places::bytea[]) AS places) t
ORDER BY t.term COLLATE "C";

-- name: PlaceTexts :exec
UPDATE candidate_search c SET segment = @segment, place = t.n - 1
FROM (SELECT unnest(@candidate_ids::uuid[]) AS id, generate_subscripts(@candidate_ids::uuid[], 1) AS n) t
WHERE c.company_id = @company_id AND c.candidate_id = t.id;

-- name: Backfill :one
SELECT after_id, until < now() AS last FROM search_backfills WHERE company_id = @company_id FOR UPDATE;

-- name: CandidatesWithoutText :many
-- The next candidates of before, each with whether they have a text by now. Those of the last minute may still be
-- followed by one with a smaller id. Locked no further than that nobody forgets them meanwhile: pages lock in another
-- order.
SELECT c.id, c.name, c.normalized_name, c.current_position, c.work_histories, c.educations, c.skills FROM candidates c
WHERE c.company_id = @company_id AND c.id > @after_id AND c.imported_at < now() - interval '1 minute'
ORDER BY c.id LIMIT @max_rows FOR KEY SHARE;

-- name: FoldNames :many
-- Whoever is locked is passed over: pages lock in another order.
WITH free AS MATERIALIZED (
    SELECT c.id FROM candidates c WHERE c.company_id = @company_id AND c.id = ANY(@ids::uuid[])
    ORDER BY c.id FOR NO KEY UPDATE SKIP LOCKED
), folded AS (
    UPDATE candidates c SET normalized_name = t.normalized_name
    FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@normalized_names::text[]) AS normalized_name) t
    JOIN free f ON f.id = t.id
    WHERE c.company_id = @company_id AND c.id = t.id
    RETURNING c.id
)
SELECT id FROM folded ORDER BY id;

-- name: InsertTexts :execrows
INSERT INTO candidate_search (company_id, candidate_id, text)
SELECT @company_id, t.id, t.text FROM (SELECT unnest(@candidate_ids::uuid[]) AS id, unnest(@texts::text[]) AS text) t
ORDER BY t.id
ON CONFLICT (company_id, candidate_id) DO NOTHING;

-- name: MoveBackfill :exec
UPDATE search_backfills SET after_id = @after_id WHERE company_id = @company_id;

-- name: EndBackfill :exec
DELETE FROM search_backfills WHERE company_id = @company_id;

-- name: ForgetTexts :many
WITH gone AS (
    DELETE FROM candidate_search WHERE company_id = @company_id AND candidate_id = ANY(@candidate_ids::uuid[])
    RETURNING text, segment, place
)
SELECT text, segment::int AS segment, place::int AS place FROM gone WHERE segment IS NOT NULL ORDER BY segment, place;

-- name: LockLists :many
SELECT term, places FROM search_terms
WHERE company_id = @company_id AND segment = @segment AND term = ANY(@terms::text[]) ORDER BY term FOR UPDATE;

-- name: ChangeLists :exec
UPDATE search_terms s SET places = t.places
FROM (SELECT unnest(@terms::text[]) AS term, unnest(@places::bytea[]) AS places) t
WHERE s.company_id = @company_id AND s.segment = @segment AND s.term = t.term;

-- name: DeleteLists :exec
DELETE FROM search_terms WHERE company_id = @company_id AND segment = @segment AND term = ANY(@terms::text[]);

-- name: MoveBounds :exec
-- Of a segment to those who are left in it: they stand in the order of their ids.
UPDATE search_segments s SET first_id = f.candidate_id, last_id = l.candidate_id
FROM (SELECT c.candidate_id FROM candidate_search c WHERE c.company_id = @company_id AND c.segment = @segment ORDER BY c.place LIMIT 1) f,
     (SELECT c.candidate_id FROM candidate_search c WHERE c.company_id = @company_id AND c.segment = @segment ORDER BY c.place DESC LIMIT 1) l
WHERE s.company_id = @company_id AND s.segment = @segment AND (s.first_id, s.last_id) <> (f.candidate_id, l.candidate_id);

-- name: DeleteEmptySegment :exec
DELETE FROM search_segments s
WHERE s.company_id = @company_id AND s.segment = @segment
  AND NOT EXISTS (SELECT FROM candidate_search c WHERE c.company_id = @company_id AND c.segment = @segment);
