-- name: CreateMember :execrows
-- A member by the command line, who needs no invitation.
INSERT INTO members (company_id, id, name, email, roles, joined_at, password_hash)
SELECT @company_id, @id, @name, @email, @roles, now(), sqlc.narg(password_hash)
WHERE EXISTS (SELECT FROM companies WHERE companies.id = @company_id);

-- name: InviteMember :exec
INSERT INTO members (company_id, id, name, email, roles, invited_at)
VALUES (@company_id, @id, @name, @email, @roles, now());

-- name: LockMember :one
SELECT id, joined_at, disabled_at FROM members WHERE company_id = @company_id AND id = @id FOR NO KEY UPDATE;

-- name: LockMembers :many
-- All of the company's, always in one order: whether somebody is the last of their kind stays true until
-- the transaction ends.
SELECT id, roles, joined_at, disabled_at, revision FROM members WHERE company_id = @company_id ORDER BY id FOR NO KEY UPDATE;

-- name: SetMemberRoles :exec
UPDATE members SET roles = @roles, revision = revision + 1 WHERE company_id = @company_id AND id = @id;

-- name: DisableMember :exec
UPDATE members SET disabled_at = now(), revision = revision + 1 WHERE company_id = @company_id AND id = @id;

-- name: EnableMember :exec
UPDATE members SET disabled_at = NULL, revision = revision + 1 WHERE company_id = @company_id AND id = @id;

-- name: NoteInvitation :exec
UPDATE members SET invited_at = now() WHERE company_id = @company_id AND id = @id;

-- name: MembersByID :many
-- Somebody is the last administrator when nobody else is one who has joined and is not disabled.
SELECT m.id, m.name, m.email, m.roles, m.invited_at, m.joined_at, m.last_signed_in_at, m.disabled_at, m.revision, (
    'ADMIN' = ANY(m.roles) AND m.joined_at IS NOT NULL AND m.disabled_at IS NULL AND NOT EXISTS (
        SELECT FROM members o WHERE o.company_id = m.company_id AND o.id <> m.id
          AND 'ADMIN' = ANY(o.roles) AND o.joined_at IS NOT NULL AND o.disabled_at IS NULL))::boolean AS last_admin
FROM members m WHERE m.company_id = @company_id AND m.id = ANY(@ids::uuid[]) ORDER BY m.id;

-- name: Members :many
-- The latest first. What is searched stands somewhere in the name or the address.
SELECT m.id, m.name, m.email, m.roles, m.invited_at, m.joined_at, m.last_signed_in_at, m.disabled_at, m.revision, (
    'ADMIN' = ANY(m.roles) AND m.joined_at IS NOT NULL AND m.disabled_at IS NULL AND NOT EXISTS (
        SELECT FROM members o WHERE o.company_id = m.company_id AND o.id <> m.id
          AND 'ADMIN' = ANY(o.roles) AND o.joined_at IS NOT NULL AND o.disabled_at IS NULL))::boolean AS last_admin
FROM members m
WHERE m.company_id = @company_id
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(m.name), lower(sqlc.narg(search))) > 0 OR strpos(lower(m.email), lower(sqlc.narg(search))) > 0)
  AND (sqlc.narg(after)::uuid IS NULL OR m.id < sqlc.narg(after))
ORDER BY m.id DESC LIMIT @max_rows;

-- name: CountMembers :one
SELECT count(*) FROM members
WHERE company_id = @company_id
  AND (sqlc.narg(search)::text IS NULL OR strpos(lower(name), lower(sqlc.narg(search))) > 0 OR strpos(lower(email), lower(sqlc.narg(search))) > 0);

-- name: InsertLink :one
INSERT INTO one_time_links (company_id, member_id, purpose, hash, expires_at)
VALUES (@company_id, @member_id, @purpose, @hash, now() + @lifetime::interval)
RETURNING expires_at;

-- name: EndLinks :execrows
-- Links that nobody has used open nothing from now on: those for one purpose, or for all.
DELETE FROM one_time_links
WHERE company_id = @company_id AND member_id = @member_id AND used_at IS NULL
  AND (sqlc.narg(purpose)::text IS NULL OR purpose = sqlc.narg(purpose));

-- name: CountLiveTokens :one
SELECT count(*) FROM api_tokens
WHERE company_id = @company_id AND member_id = @member_id AND revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now());

-- name: InsertToken :one
INSERT INTO api_tokens (company_id, id, member_id, name, hash, expires_at, created_by)
VALUES (@company_id, @id, @member_id, @name, @hash, now() + sqlc.narg(expires)::interval, sqlc.narg(created_by))
RETURNING created_at, expires_at;

-- name: TokensByMember :many
-- Of each member those that work, then the latest of the others; no more than max_rows.
SELECT id, member_id, name, created_at, expires_at, last_used_at, revoked_at
FROM (
    SELECT *, row_number() OVER (PARTITION BY member_id ORDER BY
        (revoked_at IS NULL AND (expires_at IS NULL OR expires_at > now())) DESC, id DESC) AS place
    FROM api_tokens WHERE company_id = @company_id AND member_id = ANY(@member_ids::uuid[])
) t
WHERE place <= @max_rows::int
ORDER BY member_id, place;

-- name: RevokeToken :one
-- A token of this member, or of any.
UPDATE api_tokens SET revoked_at = now()
WHERE company_id = @company_id AND id = @id AND revoked_at IS NULL
  AND (sqlc.narg(member_id)::uuid IS NULL OR member_id = sqlc.narg(member_id))
RETURNING id, member_id, name, created_at, expires_at, last_used_at, revoked_at;

-- name: TokenExists :one
SELECT EXISTS (
    SELECT FROM api_tokens
    WHERE company_id = @company_id AND id = @id AND (sqlc.narg(member_id)::uuid IS NULL OR member_id = sqlc.narg(member_id))
);

-- name: RevokeTokens :execrows
UPDATE api_tokens SET revoked_at = now()
WHERE company_id = @company_id AND member_id = @member_id AND revoked_at IS NULL;
