-- name: CompanyKey :one
SELECT id, sealed FROM company_keys WHERE company_id = @company_id AND purpose = @purpose;

-- name: InsertCompanyKey :exec
-- Whoever comes second finds the key of the first.
INSERT INTO company_keys (company_id, id, purpose, sealed) VALUES (@company_id, @id, @purpose, @sealed)
ON CONFLICT (company_id, purpose) DO NOTHING;

-- name: CompaniesToSeal :many
-- Of the rows under no key, the keeper sees those that are still to be sealed, and may not ask which those are.
SELECT company_id FROM candidates WHERE sealed_key IS NULL
UNION SELECT company_id FROM selection_events WHERE sealed_note_key IS NULL ORDER BY company_id;

-- name: CandidatesToSeal :many
SELECT sqlc.embed(c), c.xmin::text AS version FROM candidates c
WHERE c.company_id = @company_id AND c.sealed IS NULL ORDER BY c.id LIMIT @max_rows;

-- name: SealCandidates :execrows
-- Each only where it still is what was sealed. Whoever is locked is passed over: pages lock in another order.
WITH free AS MATERIALIZED (
    SELECT x.id FROM candidates x WHERE x.company_id = @company_id AND x.id = ANY(@ids::uuid[])
    ORDER BY x.id FOR NO KEY UPDATE SKIP LOCKED
)
UPDATE candidates c SET
    sealed = t.sealed, email_index = t.email_index, work_histories = t.work_histories::jsonb, educations = t.educations::jsonb,
    location = NULL, tagline = NULL, introduction = NULL, aspiration = NULL, links = '[]', email = NULL, profile_url = NULL
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@versions::text[]) AS version, unnest(@sealed::bytea[]) AS sealed,
           unnest(@email_indexes::bytea[]) AS email_index, unnest(@work_histories::text[]) AS work_histories,
           unnest(@educations::text[]) AS educations
) t
JOIN free f ON f.id = t.id
WHERE c.company_id = @company_id AND c.id = t.id AND c.sealed IS NULL AND c.xmin::text = t.version;

-- name: NotesToSeal :many
SELECT application_id, n, note::text AS note FROM selection_events
WHERE company_id = @company_id AND note IS NOT NULL ORDER BY application_id, n LIMIT @max_rows;

-- name: SealNotes :execrows
UPDATE selection_events h SET note = NULL, sealed_note = t.sealed
FROM (
    SELECT unnest(@application_ids::uuid[]) AS application_id, unnest(@ns::int[]) AS n, unnest(@sealed::bytea[]) AS sealed
) t
WHERE h.company_id = @company_id AND h.application_id = t.application_id AND h.n = t.n AND h.note IS NOT NULL;

-- name: CountErasure :one
-- What ForgetCandidates would remove with the person whom an id names; no candidates where the company has none of it.
WITH person AS MATERIALIZED (
    SELECT c.id FROM candidates q JOIN candidates c ON c.company_id = q.company_id AND c.person_id = q.person_id
    WHERE q.company_id = @company_id AND q.id = @id
), entry AS MATERIALIZED (
    SELECT e.id, e.account_id, e.external_id FROM inbox_entries e JOIN person p ON e.candidate_id = p.id WHERE e.company_id = @company_id
), application AS MATERIALIZED (
    SELECT a.id FROM applications a JOIN person p ON a.candidate_id = p.id WHERE a.company_id = @company_id
)
SELECT (SELECT count(*) FROM person) AS candidates,
       (SELECT count(*) FROM entry) AS entries,
       (SELECT count(*) FROM application) AS applications,
       (SELECT count(*) FROM application a JOIN selection_events h ON h.company_id = @company_id AND h.application_id = a.id) AS selection_events,
       (SELECT count(*) FROM entry e JOIN routing_decisions d ON d.company_id = @company_id AND d.entry_id = e.id) AS routing_decisions,
       (SELECT count(*) FROM entry e
        JOIN invalid_records i ON i.company_id = @company_id AND i.account_id = e.account_id AND i.external_id = e.external_id) AS invalid_records,
       (SELECT count(*) FROM entry e
        JOIN hidden_applications h ON h.company_id = @company_id AND h.account_id = e.account_id AND h.external_id = e.external_id) AS hidden_applications,
       (SELECT count(*) FROM dismissed_duplicates x
        WHERE x.company_id = @company_id AND (x.candidate_id IN (SELECT p.id FROM person p) OR x.other_id IN (SELECT p.id FROM person p))) AS dismissals,
       (SELECT count(*) FROM candidate_merges m
        WHERE m.company_id = @company_id AND (ARRAY[m.into_id, m.from_id] || m.moved) && ARRAY(SELECT p.id FROM person p)) AS merges;

-- name: PeopleToForget :many
-- All rows of the people whom the ids name, whichever of their rows each does. Locked: nobody seals them again meanwhile.
SELECT c.id, c.medium, c.external_person_id
FROM (SELECT DISTINCT x.person_id FROM candidates x WHERE x.company_id = @company_id AND x.id = ANY(@ids::uuid[])) q
JOIN candidates c ON c.company_id = @company_id AND c.person_id = q.person_id
ORDER BY c.id FOR UPDATE OF c;

-- name: ForgetCandidates :one
-- Removes candidates with all that is theirs. Only while the company's rules are locked: nobody then adds to it.
WITH entry AS (
    DELETE FROM inbox_entries e WHERE e.company_id = @company_id AND e.candidate_id = ANY(@ids::uuid[])
    RETURNING e.account_id, e.run_id, e.external_id, e.state
), application AS (
    DELETE FROM applications a WHERE a.company_id = @company_id AND a.candidate_id = ANY(@ids::uuid[]) RETURNING a.id
), history AS (
    DELETE FROM selection_events h USING applications a
    WHERE a.company_id = @company_id AND a.candidate_id = ANY(@ids::uuid[])
      AND h.company_id = a.company_id AND h.application_id = a.id
    RETURNING h.n
), decision AS (
    DELETE FROM routing_decisions d USING inbox_entries e
    WHERE e.company_id = @company_id AND e.candidate_id = ANY(@ids::uuid[]) AND d.company_id = e.company_id AND d.entry_id = e.id
    RETURNING d.id
), invalid AS (
    -- A number is a number within an account: elsewhere it may be somebody else's.
    DELETE FROM invalid_records i USING entry
    WHERE i.company_id = @company_id AND i.account_id = entry.account_id AND i.external_id = entry.external_id
    RETURNING i.id
), hidden AS (
    DELETE FROM hidden_applications h USING entry
    WHERE h.company_id = @company_id AND h.account_id = entry.account_id AND h.external_id = entry.external_id
    RETURNING h.external_id
), run AS (
    UPDATE import_runs r SET erased = r.erased + t.entries
    FROM (SELECT run_id, count(*)::int AS entries FROM entry GROUP BY run_id) t
    WHERE r.company_id = @company_id AND r.id = t.run_id
), dismissal AS (
    DELETE FROM dismissed_duplicates x
    WHERE x.company_id = @company_id AND (x.candidate_id = ANY(@ids::uuid[]) OR x.other_id = ANY(@ids::uuid[]))
    RETURNING x.at
), merge AS (
    DELETE FROM candidate_merges m
    WHERE m.company_id = @company_id AND (ARRAY[m.into_id, m.from_id] || m.moved) && @ids::uuid[]
    RETURNING m.id
), candidate AS (
    DELETE FROM candidates c WHERE c.company_id = @company_id AND c.id = ANY(@ids::uuid[]) RETURNING c.id
)
SELECT (SELECT count(*) FROM candidate) AS candidates,
       (SELECT count(*) FROM entry) AS entries,
       (SELECT count(*) FROM application) AS applications,
       (SELECT count(*) FROM history) AS selection_events,
       (SELECT count(*) FROM decision) AS routing_decisions,
       (SELECT count(*) FROM invalid) AS invalid_records,
       (SELECT count(*) FROM hidden) AS hidden_applications,
       (SELECT count(*) FROM dismissal) AS dismissals,
       (SELECT count(*) FROM merge) AS merges,
       (SELECT count(*) FROM entry WHERE state = 'WAITING') AS waiting,
       (SELECT count(*) FROM entry WHERE state = 'ROUTED') AS routed,
       (SELECT count(*) FROM entry WHERE state = 'EXCLUDED') AS excluded;

-- name: RememberErased :one
-- The instant is that of the clock: the transaction may have begun before an application that it erases was made.
WITH now AS MATERIALIZED (SELECT clock_timestamp() AS at), erased AS (
    INSERT INTO erased_people AS p (company_id, medium, person_hash, erased_at)
    SELECT @company_id, t.medium, t.hash, now.at
    FROM now, (SELECT unnest(@media::text[]) AS medium, unnest(@person_hashes::bytea[]) AS hash) t
    ON CONFLICT (company_id, medium, person_hash) DO UPDATE SET erased_at = excluded.erased_at
)
INSERT INTO erasures (company_id, id, reason, requested_by, at, counts)
SELECT @company_id, @id, @reason, sqlc.narg(requested_by), now.at, @counts FROM now
RETURNING *;

-- name: Erasures :many
SELECT * FROM erasures
WHERE company_id = @company_id AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountErasures :one
SELECT count(*) FROM erasures WHERE company_id = @company_id;

-- name: ErasuresByID :many
SELECT * FROM erasures WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: Retention :one
SELECT retention_months FROM companies WHERE id = @company_id;

-- name: SetRetention :one
WITH before AS (
    SELECT o.id, o.retention_months FROM companies o WHERE o.id = @company_id FOR UPDATE
)
UPDATE companies c SET retention_months = sqlc.narg(months) FROM before
WHERE c.id = before.id
RETURNING before.retention_months;

-- name: CompaniesWithRetention :many
SELECT id FROM companies WHERE retention_months IS NOT NULL ORDER BY id;

-- name: CandidatesPastRetention :many
-- Those whom nobody wants to see any more: a selection ended as 不合格 or 辞退, none is under way or ended otherwise (a
-- duplicate says nothing of its own), nothing waits, and the last word was said long enough ago. Who was merged into
-- somebody is judged, and goes, with them.
SELECT c.id FROM companies o JOIN candidates c ON c.company_id = o.id
WHERE o.id = @company_id AND o.retention_months IS NOT NULL AND c.merged_into IS NULL
  AND (sqlc.narg(ids)::uuid[] IS NULL OR c.id = ANY(sqlc.narg(ids)))
  AND EXISTS (
      SELECT FROM candidates p JOIN applications a ON a.company_id = p.company_id AND a.candidate_id = p.id
      WHERE p.company_id = @company_id AND p.person_id = c.id AND a.outcome IN ('REJECTED', 'WITHDRAWN'))
  AND NOT EXISTS (
      SELECT FROM candidates p JOIN applications a ON a.company_id = p.company_id AND a.candidate_id = p.id
      WHERE p.company_id = @company_id AND p.person_id = c.id AND (
          a.outcome NOT IN ('REJECTED', 'WITHDRAWN', 'CLOSED_AS_DUPLICATE', 'ROUTING_UNDONE')
          OR EXISTS (
              SELECT FROM selection_events h
              WHERE h.company_id = @company_id AND h.application_id = a.id
                AND h.at > now() - make_interval(months => o.retention_months))))
  AND NOT EXISTS (
      SELECT FROM candidates p JOIN inbox_entries e ON e.company_id = p.company_id AND e.candidate_id = p.id
      WHERE p.company_id = @company_id AND p.person_id = c.id AND e.state = 'WAITING')
ORDER BY c.id LIMIT @max_rows;
