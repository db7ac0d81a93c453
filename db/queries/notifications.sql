-- name: OpenIncident :many
-- No row: it is open already.
WITH opened AS (
    INSERT INTO incidents (company_id, kind, account_id, medium, reason)
    SELECT c.id, @kind, sqlc.narg(account_id), @medium, sqlc.narg(reason) FROM companies c WHERE c.id = @company_id
    ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT * FROM opened ORDER BY id;

-- name: OpenStaleIncidents :many
-- Links that have brought nothing in for so long, and at which nobody is at work: a first import may take a day. Where the
-- medium has changed, that has been said.
WITH opened AS (
    INSERT INTO incidents (company_id, kind, account_id, medium, since)
    SELECT a.company_id, 'STALE', a.id, a.medium, greatest(a.linked_at, a.last_imported_at)
    FROM medium_accounts a
    WHERE a.company_id = @company_id AND a.status = 'LINKED' AND greatest(a.linked_at, a.last_imported_at) < now() - @silence::interval
      AND (a.lease_until IS NULL OR a.lease_until < now())
      AND NOT EXISTS (SELECT FROM incidents i WHERE i.company_id = a.company_id AND i.account_id = a.id AND i.kind = 'QUARANTINED' AND i.resolved_at IS NULL)
    ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT * FROM opened ORDER BY id;

-- name: OpenWaitingIncident :many
WITH opened AS (
    INSERT INTO incidents (company_id, kind, waiting, since)
    SELECT e.company_id, 'WAITING', count(*), min(e.decided_at)
    FROM inbox_entries e
    WHERE e.company_id = @company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval
    GROUP BY e.company_id
    ON CONFLICT DO NOTHING
    RETURNING *
)
SELECT * FROM opened ORDER BY id;

-- name: SupersedeWaitingIncident :many
-- Those who wait too long are twice as many as somebody was told, and ten more: that is told anew, and no sooner than some
-- time after. Only so many of them are looked at.
WITH resolved AS (
    UPDATE incidents i SET resolved_at = now(), resolution = 'SUPERSEDED'
    WHERE i.company_id = @company_id AND i.kind = 'WAITING' AND i.resolved_at IS NULL AND i.opened_at < now() - @rest::interval
      AND EXISTS (
        SELECT FROM inbox_entries e WHERE e.company_id = i.company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval
        ORDER BY e.decided_at OFFSET greatest(2 * i.waiting, i.waiting + 10) - 1)
    RETURNING i.*
)
SELECT * FROM resolved ORDER BY id;

-- name: ResolveIncidents :many
-- Those of one account. Where it failed, only those that say something else.
WITH resolved AS (
    UPDATE incidents SET resolved_at = now(), resolution = @resolution::text
    WHERE company_id = @company_id AND account_id = @account_id AND kind = ANY(@kinds::text[]) AND resolved_at IS NULL
      AND (sqlc.narg(failed_by)::text IS NULL OR kind <> 'LINK_FAILED' OR reason IS DISTINCT FROM sqlc.narg(failed_by)::text)
    RETURNING *
)
SELECT * FROM resolved ORDER BY id;

-- name: ResolvePassedIncidents :many
-- Those that time brings and ends.
WITH resolved AS (
    UPDATE incidents i SET resolved_at = now(), resolution = 'MENDED'
    WHERE i.company_id = @company_id AND i.resolved_at IS NULL AND (
        i.kind = 'STALE' AND NOT EXISTS (
            SELECT FROM medium_accounts a WHERE a.company_id = i.company_id AND a.id = i.account_id AND a.status = 'LINKED'
              AND greatest(a.linked_at, a.last_imported_at) < now() - @silence::interval)
        OR i.kind = 'WAITING' AND NOT EXISTS (
            SELECT FROM inbox_entries e WHERE e.company_id = i.company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval))
    RETURNING i.*
)
SELECT * FROM resolved ORDER BY id;

-- name: ResolveMediumIncidents :many
-- Those of whole media, but of these.
WITH resolved AS (
    UPDATE incidents SET resolved_at = now(), resolution = 'MENDED'
    WHERE company_id = @company_id AND kind = @kind AND account_id IS NULL AND resolved_at IS NULL AND NOT medium::text = ANY(@but::text[])
    RETURNING *
)
SELECT * FROM resolved ORDER BY id;

-- name: TellOfIncidents :many
-- Whoever wants to hear of them and can come in, and every place that does. What is about a whole medium is for
-- administrators.
WITH told AS (
    INSERT INTO deliveries (company_id, incident_id, phase, member_id, endpoint_id)
    SELECT i.company_id, i.id, 'OPENED', m.id, NULL::uuid
    FROM incidents i JOIN members m ON m.company_id = i.company_id
    WHERE i.company_id = @company_id AND i.id = ANY(@ids::uuid[]) AND @mails::bool AND m.joined_at IS NOT NULL AND m.disabled_at IS NULL
      AND (i.kind = 'WAITING' OR i.account_id IS NOT NULL OR 'ADMIN' = ANY(m.roles))
      AND CASE WHEN m.mail_on IS NOT NULL THEN i.kind = ANY(m.mail_on)
          ELSE 'ADMIN' = ANY(m.roles) AND i.kind = ANY(@for_admins::text[]) OR 'RECRUITER' = ANY(m.roles) AND i.kind = ANY(@for_recruiters::text[]) END
    UNION ALL
    SELECT i.company_id, i.id, 'OPENED', NULL, e.id
    FROM incidents i JOIN notification_endpoints e ON e.company_id = i.company_id
    WHERE i.company_id = @company_id AND i.id = ANY(@ids::uuid[]) AND e.disabled_at IS NULL AND e.removed_at IS NULL AND i.kind = ANY(e.kinds)
    ON CONFLICT DO NOTHING
    RETURNING id, endpoint_id
)
SELECT id, endpoint_id FROM told ORDER BY id;

-- name: LockDeliveries :many
SELECT id FROM deliveries
WHERE company_id = @company_id AND incident_id = ANY(@incident_ids::uuid[]) AND phase = 'OPENED' AND repeats IS NULL ORDER BY id FOR UPDATE;

-- name: OvertakeDeliveries :exec
-- All is well before they were told that it is not. What somebody is sending at this moment arrives.
UPDATE deliveries SET state = 'OVERTAKEN', next_at = NULL, ended_at = now()
WHERE company_id = @company_id AND incident_id = ANY(@incident_ids::uuid[]) AND phase = 'OPENED' AND repeats IS NULL
  AND ended_at IS NULL AND lease_owner IS NULL;

-- name: TellOfResolutions :many
-- Whoever was told, or may have been. No second mail where another one says more.
WITH told AS (
    INSERT INTO deliveries (company_id, incident_id, phase, member_id, endpoint_id)
    SELECT d.company_id, d.incident_id, 'RESOLVED', d.member_id, d.endpoint_id
    FROM deliveries d JOIN incidents i ON i.company_id = d.company_id AND i.id = d.incident_id
    WHERE d.company_id = @company_id AND d.incident_id = ANY(@incident_ids::uuid[]) AND d.phase = 'OPENED' AND d.repeats IS NULL
      AND d.tried_at IS NOT NULL AND d.state <> 'GIVEN_UP' AND (i.resolution <> 'SUPERSEDED' OR d.endpoint_id IS NOT NULL)
    ON CONFLICT DO NOTHING
    RETURNING id, endpoint_id
)
SELECT id, endpoint_id FROM told ORDER BY id;

-- name: CompaniesToWatch :many
-- Where something stands still that nobody has been told of, or does so no more. What is well is not looked at: not its
-- accounts, and of those who wait only the first of each company.
SELECT w.company_id FROM company_counters w
WHERE w.company_id > @after AND w.company_id IN (
    SELECT a.company_id FROM medium_accounts a
    WHERE a.status = 'LINKED' AND greatest(a.linked_at, a.last_imported_at) < now() - @silence::interval
      AND (a.lease_until IS NULL OR a.lease_until < now())
      AND NOT EXISTS (SELECT FROM incidents i WHERE i.company_id = a.company_id AND i.account_id = a.id AND i.kind IN ('STALE', 'QUARANTINED') AND i.resolved_at IS NULL)
    UNION
    SELECT i.company_id FROM incidents i JOIN medium_accounts a ON a.company_id = i.company_id AND a.id = i.account_id
    WHERE i.kind = 'STALE' AND i.resolved_at IS NULL
      AND NOT (a.status = 'LINKED' AND greatest(a.linked_at, a.last_imported_at) < now() - @silence::interval)
    UNION
    SELECT k.company_id FROM company_counters k
    WHERE k.waiting > 0
      AND NOT EXISTS (SELECT FROM incidents i WHERE i.company_id = k.company_id AND i.kind = 'WAITING' AND i.resolved_at IS NULL)
      AND EXISTS (SELECT FROM inbox_entries e WHERE e.company_id = k.company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval)
    UNION
    SELECT i.company_id FROM incidents i
    WHERE i.kind = 'WAITING' AND i.resolved_at IS NULL
      AND NOT EXISTS (SELECT FROM inbox_entries e WHERE e.company_id = i.company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval)
    UNION
    -- See SupersedeWaitingIncident.
    SELECT i.company_id FROM incidents i JOIN company_counters k ON k.company_id = i.company_id
    WHERE i.kind = 'WAITING' AND i.resolved_at IS NULL AND i.opened_at < now() - @rest::interval
      AND k.waiting >= greatest(2 * i.waiting, i.waiting + 10)
      AND EXISTS (
        SELECT FROM inbox_entries e WHERE e.company_id = i.company_id AND e.state = 'WAITING' AND e.decided_at < now() - @patience::interval
        ORDER BY e.decided_at OFFSET greatest(2 * i.waiting, i.waiting + 10) - 1)
)
ORDER BY w.company_id LIMIT @max_rows;

-- name: OpenIncidents :many
SELECT kind, count(*) AS incidents FROM incidents WHERE resolved_at IS NULL GROUP BY kind ORDER BY kind;

-- name: QuarantinedMedia :many
SELECT DISTINCT medium::text AS medium FROM incidents
WHERE kind = 'QUARANTINED' AND account_id IS NOT NULL AND resolved_at IS NULL ORDER BY 1;

-- name: ReviveDeliveries :many
-- Deliveries whose worker died, or whose job was lost.
WITH stuck AS (
    SELECT company_id, id FROM deliveries
    WHERE next_at < now() AND (lease_until < now() OR lease_until IS NULL AND next_at < now() - @patience::interval)
    ORDER BY company_id, id LIMIT @max_rows FOR UPDATE SKIP LOCKED
), revived AS (
    UPDATE deliveries d SET next_at = now(), lease_owner = NULL, lease_until = NULL
    FROM stuck WHERE d.company_id = stuck.company_id AND d.id = stuck.id
    RETURNING d.company_id, d.id, d.endpoint_id, d.attempts
)
SELECT * FROM revived ORDER BY company_id, id;

-- name: ClaimDelivery :one
-- For the try that a job was made for, and while its endpoint is told nothing else; two who come at once meet at
-- deliveries_in_turn.
UPDATE deliveries d SET attempts = attempts + 1, tried_at = clock_timestamp(), lease_owner = @lease_owner, lease_until = clock_timestamp() + @lease::interval
WHERE d.company_id = @company_id AND d.id = @id AND d.ended_at IS NULL AND d.attempts = @attempt AND (d.lease_until IS NULL OR d.lease_until < clock_timestamp())
  AND NOT EXISTS (
    SELECT FROM deliveries o
    WHERE o.company_id = @company_id AND o.endpoint_id IS NOT NULL AND o.endpoint_id = d.endpoint_id AND o.lease_owner IS NOT NULL AND o.id <> d.id)
RETURNING *;

-- name: PostponeDelivery :execrows
-- The try that a job was made for, if somebody may still make it.
UPDATE deliveries SET next_at = now() + @delay::interval
WHERE company_id = @company_id AND id = @id AND ended_at IS NULL AND attempts = @attempt AND (lease_until IS NULL OR lease_until < clock_timestamp());

-- name: GiveDeliveryBack :execrows
-- A try that was broken off on our side is none.
UPDATE deliveries SET attempts = attempts - 1, next_at = now(), lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner;

-- name: FinishDelivery :execrows
UPDATE deliveries SET
    state = @state, trouble = sqlc.narg(trouble), status = sqlc.narg(status),
    next_at = CASE WHEN @state IN ('PENDING', 'FAILED') THEN now() + @delay::interval END,
    ended_at = CASE WHEN @state NOT IN ('PENDING', 'FAILED') THEN now() END,
    lease_owner = NULL, lease_until = NULL
WHERE company_id = @company_id AND id = @id AND lease_owner = @lease_owner;

-- name: InsertDelivery :one
INSERT INTO deliveries (company_id, incident_id, phase, member_id, endpoint_id, repeats)
VALUES (@company_id, sqlc.narg(incident_id), @phase, sqlc.narg(member_id), sqlc.narg(endpoint_id), sqlc.narg(repeats))
RETURNING *;

-- name: Told :one
-- Who is told, of which company, and how they want it.
SELECT c.name AS company_name,
       m.email AS member_email, m.language AS member_language, coalesce(m.joined_at IS NOT NULL AND m.disabled_at IS NULL, false)::bool AS member_here,
       e.channel AS endpoint_channel, e.language AS endpoint_language, e.sealed AS endpoint_sealed, e.revision AS endpoint_revision,
       (e.id IS NOT NULL AND e.disabled_at IS NULL AND e.removed_at IS NULL)::bool AS endpoint_here
FROM companies c
LEFT JOIN members m ON m.company_id = c.id AND m.id = sqlc.narg(member_id)
LEFT JOIN notification_endpoints e ON e.company_id = c.id AND e.id = sqlc.narg(endpoint_id)
WHERE c.id = @company_id;

-- name: Incidents :many
SELECT * FROM incidents
WHERE company_id = @company_id AND (sqlc.narg(open)::bool IS NULL OR (resolved_at IS NULL) = sqlc.narg(open)::bool)
  AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id))
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountIncidents :one
SELECT count(*) FROM incidents
WHERE company_id = @company_id AND (sqlc.narg(open)::bool IS NULL OR (resolved_at IS NULL) = sqlc.narg(open)::bool)
  AND (sqlc.narg(account_id)::uuid IS NULL OR account_id = sqlc.narg(account_id));

-- name: IncidentsByID :many
SELECT * FROM incidents WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: Deliveries :many
SELECT * FROM deliveries
WHERE company_id = @company_id AND (sqlc.narg(incident_id)::uuid IS NULL OR incident_id = sqlc.narg(incident_id))
  AND (sqlc.narg(endpoint_id)::uuid IS NULL OR endpoint_id = sqlc.narg(endpoint_id))
  AND (sqlc.narg(after)::uuid IS NULL OR id < sqlc.narg(after))
ORDER BY id DESC LIMIT @max_rows;

-- name: CountDeliveries :one
SELECT count(*) FROM deliveries
WHERE company_id = @company_id AND (sqlc.narg(incident_id)::uuid IS NULL OR incident_id = sqlc.narg(incident_id))
  AND (sqlc.narg(endpoint_id)::uuid IS NULL OR endpoint_id = sqlc.narg(endpoint_id));

-- name: DeliveriesByID :many
SELECT * FROM deliveries WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: LockDelivery :one
SELECT * FROM deliveries WHERE company_id = @company_id AND id = @id FOR UPDATE;

-- name: CountRepeats :one
-- Repeats of a message that are still on their way.
SELECT count(*) FROM deliveries WHERE company_id = @company_id AND repeats = @repeats AND ended_at IS NULL;

-- name: CountTests :one
SELECT count(*) FROM deliveries WHERE company_id = @company_id AND phase = 'TEST' AND created_at > now() - @age::interval;

-- name: LockEndpoints :exec
-- Whoever adds one, or sends a test, takes turns with others of the company.
SELECT pg_advisory_xact_lock(hashtextextended('endpoints:' || sqlc.arg(company_id)::uuid::text, 0));

-- name: Endpoints :many
SELECT * FROM notification_endpoints WHERE company_id = @company_id AND removed_at IS NULL ORDER BY id;

-- name: EndpointsByID :many
-- Also one that was removed: what was sent to it still names it.
SELECT * FROM notification_endpoints WHERE company_id = @company_id AND id = ANY(@ids::uuid[]) ORDER BY id;

-- name: LockEndpoint :one
SELECT * FROM notification_endpoints WHERE company_id = @company_id AND id = @id AND removed_at IS NULL FOR NO KEY UPDATE;

-- name: InsertEndpoint :one
INSERT INTO notification_endpoints (company_id, id, channel, name, host, sealed, kinds, language)
VALUES (@company_id, @id, @channel, @name, @host, @sealed, @kinds, @language)
RETURNING *;

-- name: UpdateEndpoint :one
UPDATE notification_endpoints SET
    name = @name, host = @host, sealed = @sealed, kinds = @kinds, language = @language, revision = revision + 1
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: SetEndpointDisabled :one
-- Where a revision is given, as it was then.
UPDATE notification_endpoints SET disabled_at = CASE WHEN @disabled::bool THEN now() END, revision = revision + 1
WHERE company_id = @company_id AND id = @id AND (sqlc.narg(revision)::int IS NULL OR revision = sqlc.narg(revision)::int)
RETURNING *;

-- name: RemoveEndpoint :one
UPDATE notification_endpoints SET sealed = NULL, removed_at = now(), revision = revision + 1
WHERE company_id = @company_id AND id = @id
RETURNING *;

-- name: MailPreferences :one
SELECT language, mail_on, roles FROM members WHERE company_id = @company_id AND id = @id;

-- name: SetMailPreferences :exec
UPDATE members SET language = coalesce(sqlc.narg(language), language), mail_on = CASE WHEN @choose::bool THEN sqlc.narg(mail_on)::text[] ELSE mail_on END
WHERE company_id = @company_id AND id = @id;

-- name: CompaniesWithOldIncidents :many
SELECT DISTINCT company_id FROM incidents WHERE resolved_at < now() - @age::interval ORDER BY company_id LIMIT @max_rows;

-- name: PruneIncidents :execrows
DELETE FROM incidents i
WHERE i.company_id = @company_id AND i.id IN (
    SELECT o.id FROM incidents o WHERE o.company_id = @company_id AND o.resolved_at < now() - @age::interval ORDER BY o.id LIMIT @max_rows);

-- name: CompaniesWithOldTests :many
SELECT DISTINCT company_id FROM deliveries WHERE ended_at < now() - @age::interval AND incident_id IS NULL ORDER BY company_id LIMIT @max_rows;

-- name: PruneTests :execrows
DELETE FROM deliveries d
WHERE d.company_id = @company_id AND d.id IN (
    SELECT o.id FROM deliveries o WHERE o.company_id = @company_id AND o.ended_at < now() - @age::interval AND o.incident_id IS NULL ORDER BY o.id LIMIT @max_rows);
