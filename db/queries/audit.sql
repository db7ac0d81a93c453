-- name: AppendAudit :exec
-- The trigger numbers and chains it. After everything else that a transaction locks but the counters.
INSERT INTO audit_log (company_id, n, at, actor, member_id, credential, credential_id, address, action, subject_id, detail, previous, hash)
VALUES (
    @company_id, 0, now(), @actor, sqlc.narg(member_id), @credential, sqlc.narg(credential_id), @address, @action,
    sqlc.narg(subject_id), @detail::jsonb, '', ''
);

-- name: AuditLines :many
-- The latest first. Where instants are given, the numbers between them are looked up first, in the index by
-- time alone: left to itself, the planner walks back from the end of the log and throws away what is later.
WITH span AS MATERIALIZED (
    SELECT min(s.n + 0)::bigint AS low, max(s.n + 0)::bigint AS high FROM audit_log s
    WHERE s.company_id = @company_id
      AND (sqlc.narg(since)::timestamptz IS NULL OR s.at >= sqlc.narg(since))
      AND (sqlc.narg(until)::timestamptz IS NULL OR s.at < sqlc.narg(until))
)
SELECT l.company_id, l.n, l.at, l.actor, l.member_id, l.credential, l.credential_id, l.address, l.action, l.subject_id,
       l.detail::text AS detail, l.previous, l.hash
FROM audit_log l
WHERE l.company_id = @company_id
  AND (sqlc.narg(after)::bigint IS NULL OR l.n < sqlc.narg(after))
  AND (sqlc.narg(action)::text IS NULL OR l.action = sqlc.narg(action))
  AND (sqlc.narg(member_id)::uuid IS NULL OR l.member_id = sqlc.narg(member_id))
  AND (sqlc.narg(subject_id)::uuid IS NULL OR l.subject_id = sqlc.narg(subject_id))
  AND (sqlc.narg(since)::timestamptz IS NULL AND sqlc.narg(until)::timestamptz IS NULL
       OR l.n BETWEEN (SELECT span.low FROM span) AND (SELECT span.high FROM span))
  AND (sqlc.narg(since)::timestamptz IS NULL OR l.at >= sqlc.narg(since))
  AND (sqlc.narg(until)::timestamptz IS NULL OR l.at < sqlc.narg(until))
ORDER BY l.n DESC LIMIT @max_rows;

-- name: CountAuditLines :one
SELECT count(*) FROM audit_log
WHERE company_id = @company_id
  AND (sqlc.narg(action)::text IS NULL OR action = sqlc.narg(action))
  AND (sqlc.narg(member_id)::uuid IS NULL OR member_id = sqlc.narg(member_id))
  AND (sqlc.narg(subject_id)::uuid IS NULL OR subject_id = sqlc.narg(subject_id))
  AND (sqlc.narg(since)::timestamptz IS NULL OR at >= sqlc.narg(since))
  AND (sqlc.narg(until)::timestamptz IS NULL OR at < sqlc.narg(until));

-- name: AuditChain :many
-- The lines behind one, in the order of their numbers, as far as another.
SELECT company_id, n, at, actor, member_id, credential, credential_id, address, action, subject_id,
       detail::text AS detail, previous, hash
FROM audit_log
WHERE company_id = @company_id AND n > @after AND n <= @up_to
ORDER BY n LIMIT @max_rows;

-- name: AuditSpan :one
-- The numbers of the lines between two instants. n + 0, or the log would be walked in the order of its numbers.
SELECT coalesce(min(n + 0), 0)::bigint AS low, coalesce(max(n + 0), 0)::bigint AS high FROM audit_log
WHERE company_id = @company_id
  AND (sqlc.narg(since)::timestamptz IS NULL OR at >= sqlc.narg(since))
  AND (sqlc.narg(until)::timestamptz IS NULL OR at < sqlc.narg(until));
