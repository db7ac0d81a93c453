-- name: AppendEvents :many
-- Numbers the events of one transaction, one company after the other in the order of their ids so
-- that two transactions cannot wait for each other, moves the inbox's two figures, and wakes those
-- who watch. Nothing else is locked after this.
WITH input AS (
    SELECT unnest(@company_ids::uuid[]) AS company_id, unnest(@kinds::text[]) AS kind,
           unnest(@account_ids::uuid[]) AS account_id, unnest(@payloads::text[]) AS payload,
           generate_subscripts(@kinds::text[], 1) AS n
), counts AS (
    SELECT company_id, count(*) AS c FROM input GROUP BY company_id
), locked AS (
    SELECT k.company_id FROM company_counters k
    WHERE k.company_id IN (SELECT counts.company_id FROM counts)
    ORDER BY k.company_id FOR UPDATE
), bumped AS (
    UPDATE company_counters k
    SET seq = k.seq + counts.c, waiting = k.waiting + @waiting::bigint, routed = k.routed + @routed::bigint
    FROM counts JOIN locked USING (company_id)
    WHERE k.company_id = counts.company_id
    RETURNING k.company_id, k.seq - counts.c AS base, k.waiting, k.routed
), appended AS (
    INSERT INTO events (company_id, seq, kind, account_id, payload)
    SELECT i.company_id,
           b.base + row_number() OVER (PARTITION BY i.company_id ORDER BY i.n),
           i.kind,
           CASE WHEN i.kind <> 'INBOX' THEN i.account_id END,
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
-- A watcher's next events, and how far the company's log had come when they were read.
SELECT e.seq, e.account_id, e.payload, e.at
FROM events e
WHERE e.company_id = @company_id AND e.kind = @kind AND e.seq > @after AND e.seq <= @until
  AND (sqlc.narg(account_id)::uuid IS NULL OR e.account_id = sqlc.narg(account_id))
ORDER BY e.seq
LIMIT @max_rows;

-- name: EventLog :one
-- How far the log has come, how far back it reaches, and the inbox's figures.
SELECT k.seq, k.waiting, k.routed,
       coalesce((SELECT min(e.seq) FROM events e WHERE e.company_id = k.company_id), k.seq + 1)::bigint AS oldest
FROM company_counters k WHERE k.company_id = @company_id;

-- name: PruneEvents :execrows
DELETE FROM events WHERE (company_id, seq) IN (
    SELECT e.company_id, e.seq FROM events e WHERE e.at < now() - @age::interval LIMIT @max_rows
);
