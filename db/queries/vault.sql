-- None of this belongs to a company: it is about the program's own keys.

-- name: LockVault :exec
-- Whoever comes to hold keys, or says which of them seals, takes turns.
SELECT pg_advisory_xact_lock(hashtextextended('vault', 0));

-- name: NoteVaultKey :exec
INSERT INTO vault_keys (id) VALUES (@id) ON CONFLICT DO NOTHING;

-- name: VaultKeys :many
SELECT * FROM vault_keys ORDER BY added_at, id;

-- name: DemoteVaultKeys :exec
UPDATE vault_keys SET state = 'ADDED' WHERE state = 'PRIMARY';

-- name: PromoteVaultKey :execrows
UPDATE vault_keys SET state = 'PRIMARY', promoted_at = clock_timestamp() WHERE id = @id AND state = 'ADDED';

-- name: DisableVaultKey :execrows
UPDATE vault_keys SET state = 'DISABLED', disabled_at = clock_timestamp() WHERE id = @id AND state <> 'DISABLED';

-- name: TryKeyToItself :one
-- Fails where a transaction that sealed under the key is still under way.
SELECT pg_try_advisory_xact_lock(hashtextextended('vault:' || sqlc.arg(id)::bigint, 0))::bool;

-- name: HoldVaultKeys :exec
INSERT INTO vault_holders (process, name, key_ids, seals_with) VALUES (@process, @name, @key_ids, @seals_with)
ON CONFLICT (process) DO UPDATE SET
    name = excluded.name, key_ids = excluded.key_ids, seals_with = excluded.seals_with, seen_at = now();

-- name: LeaveVault :exec
DELETE FROM vault_holders WHERE process = @process;

-- name: ForgetDeadHolders :exec
DELETE FROM vault_holders WHERE seen_at < now() - @age::interval;

-- name: VaultHolders :many
-- The processes that live.
SELECT * FROM vault_holders WHERE seen_at > now() - @patience::interval ORDER BY name, process;

-- name: StartReseal :exec
INSERT INTO vault_reseals AS r (key_id, next_at) VALUES (@key_id, now() + @within::interval)
ON CONFLICT (key_id) DO UPDATE SET
    place = '', after_company = '00000000-0000-0000-0000-000000000000', after_id = '00000000-0000-0000-0000-000000000000',
    pass_resealed = 0, next_at = excluded.next_at, finished_at = NULL;

-- name: Reseal :one
SELECT * FROM vault_reseals WHERE key_id = @key_id AND finished_at IS NULL;

-- name: LockReseal :one
SELECT * FROM vault_reseals WHERE key_id = @key_id AND finished_at IS NULL FOR UPDATE;

-- name: MoveReseal :exec
UPDATE vault_reseals SET
    place = @place, after_company = @after_company, after_id = @after_id,
    resealed = resealed + @resealed::bigint, pass_resealed = pass_resealed + @resealed::bigint,
    unreadable = @unreadable, next_at = clock_timestamp() + @within::interval
WHERE key_id = @key_id;

-- name: EndPass :exec
UPDATE vault_reseals SET
    place = '', after_company = '00000000-0000-0000-0000-000000000000', after_id = '00000000-0000-0000-0000-000000000000',
    pass_resealed = 0, next_at = clock_timestamp() + @pause::interval
WHERE key_id = @key_id;

-- name: FinishReseal :exec
UPDATE vault_reseals SET finished_at = clock_timestamp() WHERE key_id = @key_id;

-- name: Reseals :many
SELECT * FROM vault_reseals ORDER BY started_at, key_id;

-- name: TakeDueReseals :execrows
-- What its worker has not said anything about for a while: somebody else is woken, once.
UPDATE vault_reseals SET next_at = now() + @within::interval WHERE finished_at IS NULL AND next_at < now();

-- name: OpenReseals :many
SELECT key_id FROM vault_reseals WHERE finished_at IS NULL ORDER BY started_at, key_id;

-- name: WakeReseals :exec
UPDATE vault_reseals SET next_at = clock_timestamp() WHERE finished_at IS NULL;

-- name: GiveUpCompanyKeys :many
-- Without it, a company gets another when it next needs one.
WITH gone AS (DELETE FROM company_keys WHERE sealed_key = @key_id::bigint RETURNING company_id)
SELECT company_id FROM gone ORDER BY company_id;

-- name: GiveUpTombstones :execrows
-- Those that were made with a company's key that is gone.
DELETE FROM erased_people WHERE company_id = ANY(@company_ids::uuid[]);
