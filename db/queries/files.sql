-- name: InsertFileImport :exec
INSERT INTO file_imports (company_id, id, medium, member_id, fingerprint, sealed, size, lease_until)
VALUES (@company_id, @id, @medium, @member_id, @fingerprint, @sealed, @size, now() + @patience::interval);

-- name: InsertFileChunk :exec
INSERT INTO file_chunks (company_id, id, file_id, n, sealed) VALUES (@company_id, @id, @file_id, @n, @sealed);

-- name: FileChunk :one
SELECT id, sealed FROM file_chunks WHERE company_id = @company_id AND file_id = @file_id AND n = @n;

-- name: DropFileChunks :exec
DELETE FROM file_chunks WHERE company_id = @company_id AND file_id = @file_id;

-- name: FileImportOnce :one
-- What the same file came to before.
SELECT * FROM file_imports
WHERE company_id = @company_id AND fingerprint = @fingerprint AND status IN ('QUEUED', 'RUNNING', 'SUCCEEDED');

-- name: LockFiles :exec
-- Whoever uploads a file takes turns with others of the company.
SELECT pg_advisory_xact_lock(hashtextextended('files:' || sqlc.arg(company_id)::uuid::text, 0));

-- name: CountFilesAtWork :one
SELECT count(*) FROM file_imports WHERE company_id = @company_id AND status IN ('QUEUED', 'RUNNING');

-- name: FileImports :many
SELECT * FROM file_imports
WHERE company_id = @company_id AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountFileImports :one
SELECT count(*) FROM file_imports WHERE company_id = @company_id;

-- name: FileImportsByID :many
SELECT * FROM file_imports WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: FileImportsAtWork :many
-- The one, or those that are not over and the latest.
SELECT * FROM file_imports f
WHERE f.company_id = @company_id AND (sqlc.narg(id)::uuid = f.id OR sqlc.narg(id)::uuid IS NULL AND (
    f.status IN ('QUEUED', 'RUNNING')
    OR f.id = (SELECT l.id FROM file_imports l WHERE l.company_id = @company_id ORDER BY l.id DESC LIMIT 1)))
ORDER BY f.id;

-- name: ClaimFileImport :one
-- Of those who come for it one gets it, unless its worker has said nothing for a while.
UPDATE file_imports SET
    status = 'RUNNING', started_at = coalesce(started_at, now()), attempts = attempts + 1,
    lease_owner = @lease_owner, lease_until = clock_timestamp() + @lease::interval
WHERE company_id = @company_id AND id = @id AND (status = 'QUEUED' OR status = 'RUNNING' AND (lease_owner IS NULL OR lease_until < clock_timestamp()))
RETURNING *;

-- name: RenewFileImport :execrows
UPDATE file_imports SET lease_until = clock_timestamp() + @lease::interval
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING' AND lease_owner = @lease_owner;

-- name: HandOverFileImport :exec
-- Whoever looks next for work that was left behind finds it. To stop is no failure.
UPDATE file_imports SET lease_owner = NULL, lease_until = clock_timestamp(), attempts = greatest(attempts - 1, 0)
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING' AND lease_owner = @lease_owner;

-- name: ReviveFileImports :many
-- Each is given to one of those who look, with time for its job to begin.
UPDATE file_imports f SET lease_until = now() + @patience::interval, lease_owner = NULL
FROM (
    SELECT l.company_id, l.id FROM file_imports l WHERE l.lease_until < now() ORDER BY l.lease_until LIMIT @max_rows FOR UPDATE SKIP LOCKED
) lost
WHERE f.company_id = lost.company_id AND f.id = lost.id
RETURNING f.company_id, f.id;

-- name: CountFileLines :one
UPDATE file_imports SET lines = @lines::int
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING' AND lease_owner = @lease_owner
RETURNING *;

-- name: AdvanceFileImport :execrows
-- The fence before each page: whoever lost the lease or the place writes nothing.
UPDATE file_imports SET lease_until = clock_timestamp() + @lease::interval
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING' AND lease_owner = @lease_owner AND done = @done;

-- name: CountFilePage :one
-- A page's numbers are the file's.
UPDATE file_imports SET
    done     = done + sqlc.arg(given)::int + sqlc.arg(invalid)::int,
    known    = known + sqlc.arg(given)::int - sqlc.arg(imported)::int,
    imported = imported + sqlc.arg(imported)::int,
    routed   = routed + sqlc.arg(routed)::int,
    waiting  = waiting + sqlc.arg(imported)::int - sqlc.arg(routed)::int,
    invalid  = invalid + sqlc.arg(invalid)::int,
    attempts = 0
WHERE company_id = @company_id AND id = @id AND status = 'RUNNING'
RETURNING *;

-- name: FinishFileImport :one
UPDATE file_imports SET
    status = @status, failure_reason = sqlc.narg(failure_reason), failure_line = sqlc.narg(failure_line)::int,
    finished_at = now(), lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id
  -- A worker ends what is its own; a person whatever is not over.
  AND (status = 'RUNNING' AND lease_owner = sqlc.narg(lease_owner)::uuid OR sqlc.narg(lease_owner)::uuid IS NULL AND status IN ('QUEUED', 'RUNNING'))
RETURNING *;

-- name: LockFileImport :one
SELECT * FROM file_imports WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: KnownLines :many
-- Of lines without a number, those that a file has brought in before, as whomever it took them for.
SELECT external_id FROM inbox_entries
WHERE company_id = @company_id AND account_id IS NULL AND medium = @medium AND external_id = ANY(@external_ids::text[])
ORDER BY external_id;

-- name: ErasedAmong :many
-- Who was erased, whenever that was.
SELECT p.person_hash FROM erased_people p
WHERE p.company_id = @company_id AND p.medium = @medium AND p.person_hash = ANY(@person_hashes::bytea[])
ORDER BY p.person_hash;

-- name: KeepBadLines :exec
INSERT INTO file_bad_lines (company_id, id, file_id, line, reason, field, sealed)
SELECT @company_id, t.id, @file_id, t.line, t.reason, nullif(t.field, ''), t.sealed
FROM (
    SELECT unnest(@ids::uuid[]) AS id, unnest(@lines::int[]) AS line, unnest(@reasons::text[]) AS reason,
           unnest(@fields::text[]) AS field, unnest(@sealed::bytea[]) AS sealed
) t;

-- name: BadLines :many
SELECT * FROM file_bad_lines
WHERE company_id = @company_id AND file_id = @file_id AND line > @after ORDER BY line LIMIT @max_rows;

-- name: CountBadLines :one
SELECT count(*) FROM file_bad_lines WHERE company_id = @company_id AND file_id = @file_id;

-- name: CompaniesWithOldFiles :many
SELECT DISTINCT f.company_id FROM file_imports f
WHERE f.finished_at < now() - @age::interval AND f.sealed_key IS NOT NULL ORDER BY f.company_id LIMIT @max_rows;

-- name: PruneFiles :execrows
-- What names people goes: the lines that did not come in, and the file's own name.
WITH old AS (
    SELECT f.id FROM file_imports f
    WHERE f.company_id = @company_id AND f.finished_at < now() - @age::interval AND f.sealed IS NOT NULL
    ORDER BY f.id LIMIT @max_rows FOR UPDATE
), line AS (
    DELETE FROM file_bad_lines b USING old WHERE b.company_id = @company_id AND b.file_id = old.id
)
UPDATE file_imports f SET sealed = NULL FROM old WHERE f.company_id = @company_id AND f.id = old.id;

-- name: FileMapping :one
SELECT columns FROM file_mappings WHERE company_id = @company_id AND medium = @medium;

-- name: RememberFileMapping :exec
INSERT INTO file_mappings (company_id, medium, columns) VALUES (@company_id, @medium, @columns)
ON CONFLICT (company_id, medium) DO UPDATE SET columns = excluded.columns, changed_at = now();
