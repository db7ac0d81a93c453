-- name: AdvanceCursor :execrows
-- The fence before each page: whoever lost the lease, the epoch or the place writes nothing; how the medium looked goes
-- with it, and is gone where the transaction is.
WITH looked AS (
    INSERT INTO medium_looks (company_id, account_id, medium, generation, look)
    SELECT @company_id::uuid, @id::uuid, @medium::text, @generation::bigint, sqlc.narg(look)::jsonb
    WHERE sqlc.narg(look)::jsonb IS NOT NULL
    ON CONFLICT (company_id, account_id) DO UPDATE SET
        generation = excluded.generation, look = excluded.look, updated_at = now()
)
UPDATE medium_accounts a SET
    cursor = @new_cursor, session = coalesce(sqlc.narg(new_session)::bytea, a.session)
WHERE a.company_id = @company_id AND a.id = @id AND a.status = 'LINKED'
  AND a.lease_owner = @lease_owner AND a.epoch = @epoch AND a.cursor = @old_cursor;

-- name: ShareRules :exec
-- Pages of a company may be stored side by side, but not beside a change of its rules.
SELECT pg_advisory_xact_lock_shared(hashtextextended('rules:' || sqlc.arg(company_id)::uuid::text, 0));

-- name: ShareRulesSoon :exec
-- The same for somebody who sits and waits: a rule may have a hundred thousand to route.
SELECT pg_advisory_xact_lock_shared(hashtextextended('rules:' || sqlc.arg(company_id)::uuid::text, 0))
WHERE set_config('lock_timeout', sqlc.arg(patience)::text, true) <> '';

-- name: AllowTime :exec
-- For what may route a hundred thousand entries at once, and think about ten thousand names in between.
SELECT set_config('statement_timeout', '600000', true), set_config('idle_in_transaction_session_timeout', '60000', true);

-- name: LockRules :exec
SELECT pg_advisory_xact_lock(hashtextextended('rules:' || sqlc.arg(company_id)::uuid::text, 0));

-- name: InsertCandidates :exec
-- A statement of its own: the entries that follow must see a person whom a twin has just brought in. Each
-- person is named once. Whoever was erased comes back with an application made since, and not without. Those who
-- are new get the text that they are searched by; the ids of the others are not among these.
WITH candidate AS (
INSERT INTO candidates AS c (
    company_id, id, medium, external_person_id, name, normalized_name, current_position, work_histories, educations, skills,
    sealed, email_index, phone_index, content_hash
)
SELECT @company_id, t.id, @medium, t.person_id, t.name, t.normalized_name, nullif(t.current_position, ''),
       t.work_histories::jsonb, t.educations::jsonb, t.skills::jsonb, t.sealed, t.email_index, t.phone_index, t.content_hash
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@person_ids::text[]) AS person_id, unnest(@person_hashes::bytea[]) AS hash,
           unnest(@last_applied_ats::timestamptz[]) AS last_applied_at, unnest(@names::text[]) AS name,
           unnest(@normalized_names::text[]) AS normalized_name, unnest(@email_indexes::bytea[]) AS email_index,
           unnest(@phone_indexes::bytea[]) AS phone_index, unnest(@content_hashes::bytea[]) AS content_hash,
           unnest(@current_positions::text[]) AS current_position, unnest(@work_histories::text[]) AS work_histories,
           unnest(@educations::text[]) AS educations, unnest(@skills::text[]) AS skills, unnest(@sealed::bytea[]) AS sealed
) t
LEFT JOIN LATERAL (
    SELECT p.erased_at FROM erased_people p
    WHERE p.company_id = @company_id AND p.medium = @medium AND p.person_hash = t.hash LIMIT 1
) erased ON true
WHERE erased.erased_at IS NULL OR t.last_applied_at > erased.erased_at
-- In one order for all: accounts that bring in the same people must not wait for each other.
ORDER BY t.person_id
ON CONFLICT (company_id, medium, external_person_id) DO UPDATE SET
    -- Whoever came without a story, as by a file, begins with the first that the medium tells.
    content_hash = coalesce(c.content_hash, excluded.content_hash),
    medium_changed_at = CASE WHEN c.content_hash <> excluded.content_hash THEN now() END
    WHERE (c.content_hash <> excluded.content_hash) <> (c.medium_changed_at IS NOT NULL)
       OR c.content_hash IS NULL AND excluded.content_hash IS NOT NULL
RETURNING c.id
)
INSERT INTO candidate_search (company_id, candidate_id, text)
SELECT @company_id, t.id, t.text
FROM (SELECT unnest(@ids::uuid[]) AS id, unnest(@texts::text[]) AS text) t
-- IS TRUE, so that it stays a look into a hash table, whatever the planner thinks of the numbers.
WHERE (t.id IN (SELECT c.id FROM candidate c)) IS TRUE;

-- name: StorePage :one
-- A page of applications as a set: entries, and those routed by the rules made applications at their first
-- step. What is known already is passed over and counted; so is what somebody applied for who was erased since.
WITH input AS (
    SELECT unnest(@external_ids::text[]) AS external_id, unnest(@kinds::text[]) AS kind,
           unnest(@position_ids::text[]) AS position_id, unnest(@position_names::text[]) AS position_name,
           unnest(@normalized_position_names::text[]) AS normalized, unnest(@person_ids::text[]) AS person_id,
           unnest(@person_hashes::bytea[]) AS person_hash, unnest(@urls::text[]) AS url, unnest(@applied_ats::timestamptz[]) AS applied_at,
           generate_subscripts(@external_ids::text[], 1) AS n
), entry AS (
    INSERT INTO inbox_entries (
        company_id, medium, account_id, run_id, kind, external_id, external_url, position_id, position_name,
        normalized_position_name, candidate_id, applied_at, state, decided_by, rule_id, rule_revision,
        rule_position_name, opening_id, waiting_reason, considered, file_import_id
    )
    SELECT @company_id, @medium, sqlc.narg(account_id)::uuid, sqlc.narg(run_id)::uuid, i.kind, i.external_id, nullif(i.url, ''), nullif(i.position_id, ''), i.position_name,
        i.normalized, c.id, i.applied_at,
        CASE WHEN o.id IS NULL THEN 'WAITING' ELSE 'ROUTED' END,
        CASE WHEN o.id IS NULL THEN 'SYSTEM' ELSE 'RULE' END,
        CASE WHEN o.id IS NOT NULL THEN r.id END,
        CASE WHEN o.id IS NOT NULL THEN r.revision END,
        CASE WHEN o.id IS NOT NULL THEN r.position_name END,
        o.id,
        CASE WHEN r.id IS NULL THEN 'NO_RULE' WHEN o.id IS NULL THEN 'OPENING_CLOSED' END,
        -- By the name that is compared; nothing where no rule came near.
        (sqlc.narg(considered)::jsonb) -> i.normalized,
        sqlc.narg(file_import_id)::uuid
    FROM input i
    -- Looked up one by one: a plan made while the table was small would read all of it later.
    JOIN LATERAL (
        SELECT p.id FROM candidates p
        WHERE p.company_id = @company_id AND p.medium = @medium AND p.external_person_id = i.person_id LIMIT 1
    ) c ON true
    LEFT JOIN LATERAL (
        SELECT f.erased_at FROM erased_people f
        WHERE f.company_id = @company_id AND f.medium = @medium AND f.person_hash = i.person_hash LIMIT 1
    ) erased ON true
    -- What a file has brought in is known by person and number, whatever instant it gave; and so is to a file
    -- whatever there is.
    LEFT JOIN LATERAL (
        SELECT l.id FROM inbox_entries l
        WHERE l.company_id = @company_id AND l.candidate_id = c.id AND l.medium = @medium AND l.external_id = i.external_id
          AND l.file_import_id IS NOT NULL LIMIT 1
    ) line ON true
    LEFT JOIN LATERAL (
        SELECT k.id FROM inbox_entries k
        WHERE sqlc.narg(file_import_id)::uuid IS NOT NULL AND k.company_id = @company_id AND k.candidate_id = c.id
          AND k.medium = @medium AND k.external_id = i.external_id LIMIT 1
    ) known ON true
    LEFT JOIN routing_rules r ON r.company_id = @company_id AND r.medium = @medium AND r.normalized_position_name = i.normalized
    LEFT JOIN openings o ON o.company_id = @company_id AND o.id = r.opening_id AND o.status = 'OPEN'
    WHERE (erased.erased_at IS NULL OR i.applied_at > erased.erased_at)
      AND line.id IS NULL AND known.id IS NULL
    -- In one order for all: accounts that bring in the same applications must not wait for each other.
    ORDER BY i.external_id, i.person_id, i.n
    ON CONFLICT DO NOTHING
    RETURNING id, candidate_id, applied_at, state, opening_id
), application AS (
    INSERT INTO applications (company_id, candidate_id, opening_id, entry_id, step_id, applied_at)
    SELECT @company_id, e.candidate_id, e.opening_id, e.id, s.id, e.applied_at
    FROM entry e
    JOIN LATERAL (
        SELECT st.id FROM selection_steps st
        WHERE st.company_id = @company_id AND st.opening_id = e.opening_id ORDER BY st.position LIMIT 1
    ) s ON true
    WHERE e.state = 'ROUTED'
    RETURNING id, step_id, opening_id
), history AS (
    INSERT INTO selection_events (company_id, application_id, n, decided_by, to_step_id, outcome)
    SELECT @company_id, a.id, 1, 'RULE', a.step_id, 'IN_PROGRESS' FROM application a
)
SELECT (SELECT count(*) FROM entry) AS imported,
       (SELECT count(*) FROM entry WHERE state = 'ROUTED') AS routed,
       (SELECT count(*) FROM input) AS given,
       (SELECT count(*) FROM (SELECT unnest(@behind::text[]) AS external_id) k, LATERAL (
            SELECT b.id FROM inbox_entries b
            WHERE b.company_id = @company_id AND b.account_id = sqlc.narg(account_id)::uuid AND b.external_id = k.external_id LIMIT 1
        ) b) AS behind,
       (SELECT coalesce(array_agg(DISTINCT opening_id) FILTER (WHERE opening_id IS NOT NULL), '{}') FROM entry)::uuid[] AS opening_ids,
       (SELECT coalesce(array_agg(a.id ORDER BY a.id), '{}') FROM application a)::uuid[] AS application_ids,
       (SELECT coalesce(array_agg(a.opening_id ORDER BY a.id), '{}') FROM application a)::uuid[] AS application_openings;

-- name: CountPage :one
-- A page's numbers are the run's.
UPDATE import_runs SET
    seen     = seen + sqlc.arg(behind)::int + sqlc.arg(given)::int + sqlc.arg(invalid)::int,
    known    = known + sqlc.arg(behind)::int + sqlc.arg(given)::int - sqlc.arg(imported)::int,
    imported = imported + sqlc.arg(imported)::int,
    routed   = routed + sqlc.arg(routed)::int,
    waiting  = waiting + sqlc.arg(imported)::int - sqlc.arg(routed)::int,
    invalid  = invalid + sqlc.arg(invalid)::int,
    hidden   = hidden + sqlc.arg(hidden)::int,
    look     = coalesce(sqlc.narg(look)::jsonb, look)
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING'
RETURNING *;

-- name: KeepInvalidRecords :one
-- What was asked for again and still cannot be read stays the record that it is. Counted is what is new. The ids are
-- made in Go, where they rise within a page too.
WITH input AS (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@external_ids::text[]) AS external_id, unnest(@reasons::text[]) AS reason,
           unnest(@details::text[]) AS detail, unnest(@urls::text[]) AS url, unnest(@samples::bytea[]) AS sample
), again AS (
    UPDATE invalid_records i SET
        reason = t.reason, detail = t.detail, url = coalesce(nullif(t.url, ''), i.url), sample = t.sample,
        attempts = i.attempts + 1, asked_again_at = NULL
    FROM input t
    WHERE i.company_id = @company_id AND i.account_id = @account_id AND i.external_id = t.external_id AND i.asked_again_at IS NOT NULL
    RETURNING i.external_id
), kept AS (
    INSERT INTO invalid_records (company_id, id, account_id, run_id, external_id, reason, detail, url, sample)
    SELECT @company_id, t.id, @account_id, @run_id, t.external_id, t.reason, t.detail, nullif(t.url, ''), t.sample
    FROM input t WHERE t.external_id NOT IN (SELECT again.external_id FROM again)
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT count(*) FROM kept;

-- name: UnsettledRecords :many
-- An account's invalid records that could not be read yet, those asked for again first.
SELECT external_id, state FROM invalid_records
WHERE company_id = @company_id AND account_id = @account_id AND state IN ('OPEN', 'RETRYING')
ORDER BY state DESC, id LIMIT @max_rows;

-- name: ResolveRecords :exec
-- What could be read after all. Its entry is the account's own; another account may have brought it in before.
UPDATE invalid_records i SET
    resolved_at = now(), asked_again_at = NULL,
    entry_id = (SELECT e.id FROM inbox_entries e WHERE e.company_id = @company_id AND e.account_id = i.account_id AND e.external_id = i.external_id)
WHERE i.company_id = @company_id AND i.account_id = @account_id AND i.external_id = ANY(@external_ids::text[]) AND i.resolved_at IS NULL;

-- name: AskedInVain :exec
-- What was asked for again and was not there to be read.
UPDATE invalid_records SET attempts = attempts + 1, asked_again_at = NULL
WHERE company_id = @company_id AND account_id = @account_id AND external_id = ANY(@external_ids::text[]) AND asked_again_at IS NOT NULL;

-- name: AnyRetrying :one
SELECT EXISTS (SELECT FROM invalid_records WHERE company_id = @company_id AND account_id = @account_id AND state = 'RETRYING');

-- name: NoteHidden :exec
WITH opened AS (
    DELETE FROM hidden_applications h
    WHERE h.company_id = @company_id AND h.account_id = @account_id AND h.external_id = ANY(@opened::text[])
)
INSERT INTO hidden_applications AS h (company_id, account_id, external_id)
SELECT DISTINCT @company_id::uuid, @account_id::uuid, t.external_id FROM unnest(@hidden::text[]) AS t (external_id)
ON CONFLICT (company_id, account_id, external_id) DO UPDATE SET asked = h.asked + 1;

-- name: ForgetHidden :exec
-- What was asked for again and is no business of ours after all: it was made before the account's beginning.
DELETE FROM hidden_applications
WHERE company_id = @company_id AND account_id = @account_id AND external_id = ANY(@external_ids::text[]);

-- name: HiddenToAskAgain :many
SELECT external_id FROM hidden_applications
WHERE company_id = @company_id AND account_id = @account_id AND first_at > now() - @age::interval
  -- After 1, 3, 7, 15, … intervals; a tenth early, since an import is never quite on time.
  AND first_at + (power(2, asked) - 1.1) * @every::interval <= now()
ORDER BY first_at DESC, external_id LIMIT @max_rows;
