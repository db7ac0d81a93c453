-- name: CountTry :one
-- How long to wait before the next try; nothing where this one is counted and may be made.
SELECT count_try(@key::bytea, @span::interval, @enough::int)::interval AS wait;

-- name: TouchTries :execrows
-- Changes nothing, and takes as long as telling the audit log.
UPDATE sign_in_tries SET tries = tries WHERE key = @key;

-- name: ForgetTries :execrows
DELETE FROM sign_in_tries WHERE key = @key;

-- name: PruneTries :execrows
DELETE FROM sign_in_tries WHERE key = ANY (ARRAY(SELECT t.key FROM sign_in_tries t WHERE t.expires_at < now() LIMIT @max_rows));

-- name: MembersToSignIn :many
-- Whom an e-mail address may stand for: in several companies, several, whoever has been a member longest first.
SELECT c.id AS company_id, c.name AS company_name, m.id, m.name, m.email, m.roles, m.revision, coalesce(m.password_hash, '')::text AS password_hash
FROM members m JOIN companies c ON c.id = m.company_id
WHERE lower(m.email) = lower(@email::text) AND (sqlc.narg(company_id)::uuid IS NULL OR m.company_id = sqlc.narg(company_id))
  AND m.disabled_at IS NULL AND m.password_hash IS NOT NULL
ORDER BY m.joined_at, m.id LIMIT @max_rows;

-- name: MemberByIdentity :one
-- Who is bound to an identity of a provider; of several companies' the one of the last time.
SELECT c.id AS company_id, c.name AS company_name, m.id, m.name, m.email, m.roles, m.revision
FROM members m JOIN companies c ON c.id = m.company_id
WHERE m.oidc_issuer = @issuer::text AND m.oidc_subject = @subject::text AND m.disabled_at IS NULL
  AND (sqlc.narg(company_id)::uuid IS NULL OR m.company_id = sqlc.narg(company_id))
ORDER BY m.last_signed_in_at DESC NULLS LAST, m.id LIMIT 1;

-- name: MembersToBind :many
-- Who has an e-mail address and is bound to no identity yet; two are one too many.
SELECT m.company_id, m.id FROM members m
WHERE lower(m.email) = lower(@email::text) AND m.oidc_subject IS NULL AND m.disabled_at IS NULL
  AND (sqlc.narg(company_id)::uuid IS NULL OR m.company_id = sqlc.narg(company_id))
ORDER BY m.id LIMIT 2;

-- name: BindIdentity :execrows
-- The first binding stays.
UPDATE members SET oidc_issuer = @issuer::text, oidc_subject = @subject::text, joined_at = coalesce(joined_at, now())
WHERE company_id = @company_id AND id = @id AND oidc_subject IS NULL AND disabled_at IS NULL;

-- name: PasswordOf :one
SELECT coalesce(password_hash, '') AS password_hash FROM members WHERE company_id = @company_id AND id = @id AND disabled_at IS NULL;

-- name: SetPassword :one
-- Raises the revision: whoever has just come in by the old password begins no session any more.
UPDATE members SET password_hash = @password_hash::text, joined_at = coalesce(joined_at, now()), revision = revision + 1
WHERE company_id = @company_id AND id = @id AND disabled_at IS NULL
RETURNING revision;

-- name: RenewPasswordHash :execrows
-- The same password in another notation; it may have been changed meanwhile.
UPDATE members SET password_hash = @password_hash::text
WHERE company_id = @company_id AND id = @id AND password_hash = @old_hash::text;

-- name: SignedIn :execrows
UPDATE members SET last_signed_in_at = now() WHERE company_id = @company_id AND id = @id AND disabled_at IS NULL;

-- name: LinkByHash :one
-- A one-time link that works, and whom it is for.
SELECT l.company_id, c.name AS company_name, l.id, m.id AS member_id, m.name AS member_name, m.email, m.roles, m.revision
FROM one_time_links l
JOIN members m ON m.company_id = l.company_id AND m.id = l.member_id
JOIN companies c ON c.id = l.company_id
WHERE l.hash = @hash AND l.purpose = @purpose AND l.used_at IS NULL AND l.expires_at > now() AND m.disabled_at IS NULL
  -- Who has joined by another way needs no invitation.
  AND (l.purpose <> 'INVITATION' OR m.joined_at IS NULL);

-- name: UseLink :execrows
-- Of any number who use a link at the same instant, one does.
UPDATE one_time_links SET used_at = clock_timestamp()
WHERE company_id = @company_id AND id = @id AND used_at IS NULL AND expires_at > now();

-- name: SpendLinks :execrows
-- The other links that would set the member's password.
UPDATE one_time_links SET used_at = clock_timestamp() WHERE company_id = @company_id AND member_id = @member_id AND used_at IS NULL;

-- name: StartSession :one
INSERT INTO sessions (company_id, member_id, token_hash, data, member_revision, expires_at, address, user_agent)
SELECT m.company_id, m.id, @token_hash, @data, m.revision, now() + @idle::interval, @address, @user_agent
FROM members m WHERE m.company_id = @company_id AND m.id = @member_id AND m.disabled_at IS NULL AND m.revision = @member_revision
-- Whoever disables the member or changes the password ends the sessions that there are: this one is among them,
-- or is not begun.
FOR SHARE OF m
RETURNING id;

-- name: SessionByToken :one
-- Whom a cookie stands for. That it was seen is noted at most once a minute, so that reading stays reading.
WITH found AS (
    SELECT s.* FROM sessions s
    WHERE (s.token_hash = @hash OR (s.previous_hash = @hash AND s.renewed_at > now() - @grace::interval))
      AND s.ended_at IS NULL AND s.expires_at > now()
), seen AS (
    UPDATE sessions s SET last_seen_at = now(), expires_at = least(s.created_at + @lifetime::interval, now() + @idle::interval)
    FROM found WHERE s.company_id = found.company_id AND s.id = found.id AND found.last_seen_at < now() - interval '1 minute'
)
SELECT c.id AS company_id, c.name AS company_name, m.id AS member_id, m.name AS member_name, m.email, m.roles, m.revision,
       found.id, found.data, found.token_hash, found.member_revision
FROM found
JOIN members m ON m.company_id = found.company_id AND m.id = found.member_id AND m.disabled_at IS NULL
JOIN companies c ON c.id = found.company_id;

-- name: RenewSession :execrows
-- Gives a session another cookie. Of any number at the same instant, one does.
UPDATE sessions s
SET token_hash = @new_hash, data = @data, member_revision = m.revision,
    previous_hash = CASE WHEN @keeps_old::bool THEN s.token_hash END, renewed_at = CASE WHEN @keeps_old::bool THEN now() END
FROM members m
WHERE m.company_id = s.company_id AND m.id = s.member_id
  AND s.company_id = @company_id AND s.id = @id AND s.token_hash = @old_hash AND s.ended_at IS NULL;

-- name: Sessions :many
-- The latest seen first.
SELECT s.id, s.created_at, s.last_seen_at, s.address, s.user_agent FROM sessions s
WHERE s.company_id = @company_id AND s.member_id = @member_id AND s.ended_at IS NULL AND s.expires_at > now()
ORDER BY s.last_seen_at DESC, s.id DESC LIMIT @max_rows;

-- name: EndSession :one
UPDATE sessions SET ended_at = now()
WHERE company_id = @company_id AND id = @id AND ended_at IS NULL AND expires_at > now()
  AND (sqlc.narg(member_id)::uuid IS NULL OR member_id = sqlc.narg(member_id))
RETURNING member_id;

-- name: EndSessions :many
-- All of a member's but one, which keeps its present cookie alone.
WITH kept AS (
    UPDATE sessions k SET previous_hash = NULL, renewed_at = NULL
    WHERE k.company_id = @company_id AND k.member_id = @member_id AND k.id = @but
), ended AS (
    UPDATE sessions s SET ended_at = now()
    WHERE s.company_id = @company_id AND s.member_id = @member_id AND s.ended_at IS NULL AND s.expires_at > now() AND s.id <> @but
    RETURNING s.id
)
SELECT id FROM ended ORDER BY id;

-- name: PruneSessions :execrows
DELETE FROM sessions WHERE ctid = ANY (ARRAY(
    SELECT s.ctid FROM sessions s WHERE s.expires_at < now() - @age::interval LIMIT @max_rows
));

-- name: EndedCredentials :many
-- Which of these let nobody in any more, by their place in the list.
WITH held AS (
    SELECT unnest(@company_ids::uuid[]) AS company_id, unnest(@member_ids::uuid[]) AS member_id, unnest(@revisions::int[]) AS revision,
           unnest(@kinds::text[]) AS kind, unnest(@ids::uuid[]) AS id, unnest(@expires::timestamptz[]) AS expires_at,
           generate_subscripts(@kinds::text[], 1) AS n
)
SELECT h.n::int AS n FROM held h
LEFT JOIN members m ON m.company_id = h.company_id AND m.id = h.member_id
LEFT JOIN sessions s ON h.kind = 'SESSION' AND s.company_id = h.company_id AND s.id = h.id
LEFT JOIN api_tokens t ON h.kind = 'TOKEN' AND t.company_id = h.company_id AND t.id = h.id
WHERE m.id IS NULL OR m.disabled_at IS NOT NULL OR m.revision <> h.revision OR h.expires_at <= now()
   OR h.kind = 'SESSION' AND (s.id IS NULL OR s.ended_at IS NOT NULL OR s.expires_at <= now())
   OR h.kind = 'TOKEN' AND (t.id IS NULL OR t.revoked_at IS NOT NULL OR t.expires_at <= now())
ORDER BY h.n;
