-- Figures over all companies, for operators.

-- name: VitalsWithin :exec
-- Nobody waits long for a figure.
SELECT set_config('statement_timeout', '8000', true);

-- name: AccountVitals :many
-- Reads every account once: how often it may run depends on how long it took.
SELECT status, count(*) AS accounts,
       count(*) FILTER (WHERE status = 'LINKED' AND greatest(linked_at, last_imported_at) < now() - @silence::interval
                          AND (lease_until IS NULL OR lease_until < now())) AS stale
FROM medium_accounts GROUP BY status ORDER BY status;

-- name: Vitals :one
-- Of the inbox, a look at the first of each company that has somebody waiting.
SELECT
    coalesce(extract(epoch FROM now() - (SELECT min(a.next_import_at) FROM medium_accounts a WHERE a.next_import_at IS NOT NULL)), 0)::float8 AS due_lag,
    coalesce((SELECT sum(k.waiting) FROM company_counters k), 0)::bigint AS waiting,
    coalesce(extract(epoch FROM now() - (
        SELECT min(first.decided_at) FROM company_counters k CROSS JOIN LATERAL (
            SELECT e.decided_at FROM inbox_entries e
            WHERE e.company_id = k.company_id AND e.state = 'WAITING'
            ORDER BY e.decided_at LIMIT 1
        ) first
        WHERE k.waiting > 0)), 0)::float8 AS oldest_waiting,
    (SELECT count(*) FROM vault_reseals r WHERE r.finished_at IS NULL)::bigint AS reseals_unfinished,
    (pg_is_in_recovery() OR current_setting('transaction_read_only')::bool)::bool AS read_only;

-- name: KeyVitals :many
SELECT state, count(*) AS keys FROM vault_keys GROUP BY state ORDER BY state;
