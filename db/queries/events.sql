-- name: AppendEvents :many
-- Numbers the events of one transaction, one company after the other in the order of their ids so
-- that two transactions cannot wait for each other, moves the inbox's two figures, and wakes those
-- who watch. Nothing else is locked after this.
WITH input AS (
    SELECT unnest(@company_ids::uuid[]) AS company_id, unnest(@kinds::text[]) AS kind,
           unnest(@subject_ids::uuid[]) AS subject_id, unnest(@payloads::text[]) AS payload,
           generate_subscripts(@kinds::text[], 1) AS n
), counts AS (
    SELECT company_id, count(*) AS c FROM input GROUP BY company_id
), locked AS (
    SELECT k.company_id FROM company_counters k
    WHERE k.company_id IN (SELECT counts.company_id FROM counts)
    ORDER BY k.company_id FOR UPDATE
), bumped AS (
    UPDATE company_counters k
    SET seq = k.seq + counts.c, waiting = k.waiting + @waiting::bigint, routed = k.routed + @routed::bigint,
        excluded = k.excluded + @excluded::bigint
    FROM counts JOIN locked USING (company_id)
    WHERE k.company_id = counts.company_id
    RETURNING k.company_id, k.seq - counts.c AS base, k.waiting, k.routed
), appended AS (
    INSERT INTO events (company_id, seq, kind, account_id, subject_id, payload)
    SELECT i.company_id,
           b.base + row_number() OVER (PARTITION BY i.company_id ORDER BY i.n),
           i.kind,
           CASE WHEN i.kind IN ('ACCOUNT', 'RUN') THEN i.subject_id END,
           CASE WHEN i.kind NOT IN ('ACCOUNT', 'RUN', 'INBOX') THEN i.subject_id END,
           CASE WHEN i.kind = 'INBOX'
                THEN jsonb_build_object('waitingCount', b.waiting, 'routedCount', b.routed)
                ELSE i.payload::jsonb END
    FROM input i JOIN bumped b USING (company_id)
    RETURNING company_id, seq
)
SELECT a.company_id, a.seq, pg_notify(@channel::text, a.company_id::text)::text AS notified
FROM (SELECT company_id, max(seq) AS seq FROM appended GROUP BY company_id) a
ORDER BY a.company_id;

-- name: EventsAfter :many
-- A watcher's next events, with how far the company's log reaches in both directions; a row with seq 0
-- says that alone. One statement, and so one snapshot and one round trip.
SELECT k.seq AS log_seq,
       coalesce((SELECT min(o.seq) FROM events o WHERE o.company_id = k.company_id), k.seq + 1)::bigint AS log_oldest,
       coalesce(e.seq, 0)::bigint AS seq, e.account_id, e.subject_id, coalesce(e.payload, '{}')::jsonb AS payload,
       coalesce(e.at, now())::timestamptz AS at
FROM company_counters k
LEFT JOIN LATERAL (
    SELECT v.seq, v.account_id, v.subject_id, v.payload, v.at FROM events v
    WHERE v.company_id = k.company_id AND v.kind = @kind AND v.seq > @after AND v.seq <= k.seq
      AND (sqlc.narg(account_id)::uuid IS NULL OR v.account_id = sqlc.narg(account_id))
      AND (sqlc.narg(subject_id)::uuid IS NULL OR v.subject_id = sqlc.narg(subject_id))
    ORDER BY v.seq LIMIT @max_rows
) e ON true
WHERE k.company_id = @company_id
ORDER BY e.seq;

-- name: EventLog :one
-- How far the log has come, and the inbox's figures.
SELECT seq, waiting, routed FROM company_counters WHERE company_id = @company_id;

-- name: PruneEvents :execrows
-- Old events go in the order of their numbers, so that what is left of a log has no gap.
DELETE FROM events WHERE ctid = ANY (ARRAY(
    SELECT e.ctid FROM events e
    WHERE e.company_id = @company_id AND e.seq <= (
        SELECT max(o.seq) FROM events o WHERE o.company_id = @company_id AND o.at < now() - @age::interval)
    ORDER BY e.seq LIMIT @max_rows
));

-- name: CompaniesWithOldEvents :many
SELECT DISTINCT e.company_id FROM events e WHERE e.at < now() - @age::interval ORDER BY e.company_id LIMIT @max_rows;
