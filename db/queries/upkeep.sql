-- What whoever runs the program looks at, over all companies.

-- name: WorkLeftBehind :one
-- Accounts and files whose worker has said nothing for a while, and whom nobody has revived since; what is due and was not
-- begun; what is being worked on.
SELECT ((SELECT count(*) FROM medium_accounts a WHERE a.lease_until < now() - @patience::interval)
        + (SELECT count(*) FROM file_imports f WHERE f.lease_until < now() - @patience::interval))::bigint AS abandoned,
       (SELECT count(*) FROM medium_accounts a WHERE a.lease_until >= now()) AS held,
       (SELECT count(*) FROM medium_accounts a WHERE a.status = 'LINKED' AND a.next_import_at < now() - @late::interval) AS overdue;

-- name: WhoAdministers :one
-- How many companies there are, how many of them have nobody who could sign in as an administrator, and whether the one that
-- runs the server is among them all. Where an identity provider is used, an address is enough.
SELECT count(*) AS companies,
       count(*) FILTER (WHERE NOT EXISTS (
           SELECT FROM members m WHERE m.company_id = c.id AND 'ADMIN' = ANY(m.roles) AND m.disabled_at IS NULL
             AND (m.password_hash IS NOT NULL OR m.oidc_subject IS NOT NULL OR @provider::bool))) AS without,
       count(*) FILTER (WHERE c.id = @operating) AS operating
FROM companies c;
