-- name: CreateCompany :exec
WITH company AS (
    INSERT INTO companies (id, name) VALUES (@id, @name) RETURNING id
)
INSERT INTO company_counters (company_id) SELECT id FROM company;

-- name: ActorByToken :one
-- Who a token stands for. Its use is noted at most once a minute, so that reading stays reading.
WITH token AS (
    SELECT k.company_id, k.id, k.member_id, k.last_used_at, k.expires_at
    FROM api_tokens k
    JOIN members h ON h.company_id = k.company_id AND h.id = k.member_id
    WHERE k.hash = @hash AND k.revoked_at IS NULL AND (k.expires_at IS NULL OR k.expires_at > now()) AND h.disabled_at IS NULL
), used AS (
    UPDATE api_tokens t SET last_used_at = now() FROM token
    WHERE t.company_id = token.company_id AND t.id = token.id
      AND (token.last_used_at IS NULL OR token.last_used_at < now() - interval '1 minute')
)
SELECT c.id AS company_id, c.name AS company_name, m.id AS member_id, m.name AS member_name, m.email, m.roles, m.revision,
       token.id AS token_id, token.expires_at
FROM token
JOIN members m ON m.company_id = token.company_id AND m.id = token.member_id
JOIN companies c ON c.id = token.company_id;

-- name: KindOf :one
-- What an id names within a company.
SELECT 'MediumAccount' AS kind FROM medium_accounts a WHERE a.company_id = @company_id AND a.id = @id
UNION ALL SELECT 'ImportRun' FROM import_runs r WHERE r.company_id = @company_id AND r.id = @id
UNION ALL SELECT 'InvalidRecord' FROM invalid_records v WHERE v.company_id = @company_id AND v.id = @id
UNION ALL SELECT 'Candidate' FROM candidates c WHERE c.company_id = @company_id AND c.id = @id
UNION ALL SELECT 'InboxEntry' FROM inbox_entries e WHERE e.company_id = @company_id AND e.id = @id
UNION ALL SELECT 'RoutingRule' FROM routing_rules u WHERE u.company_id = @company_id AND u.id = @id
UNION ALL SELECT 'Opening' FROM openings o WHERE o.company_id = @company_id AND o.id = @id
UNION ALL SELECT 'Application' FROM applications p WHERE p.company_id = @company_id AND p.id = @id
UNION ALL SELECT 'RoutingAction' FROM routing_actions y WHERE y.company_id = @company_id AND y.id = @id
UNION ALL SELECT 'Erasure' FROM erasures x WHERE x.company_id = @company_id AND x.id = @id
UNION ALL SELECT 'ApplicantFileImport' FROM file_imports f WHERE f.company_id = @company_id AND f.id = @id
UNION ALL SELECT 'Incident' FROM incidents i WHERE i.company_id = @company_id AND i.id = @id
UNION ALL SELECT 'NotificationEndpoint' FROM notification_endpoints n WHERE n.company_id = @company_id AND n.id = @id AND n.removed_at IS NULL
UNION ALL SELECT 'NotificationDelivery' FROM deliveries d WHERE d.company_id = @company_id AND d.id = @id
UNION ALL SELECT 'Member' FROM members m WHERE m.company_id = @company_id AND m.id = @id
UNION ALL SELECT 'Company' FROM companies o WHERE o.id = @company_id AND o.id = @id
LIMIT 1;

-- name: CompanyIDs :many
-- All companies, for what looks after each of them.
SELECT id FROM companies WHERE id > @after ORDER BY id LIMIT @max_rows;
