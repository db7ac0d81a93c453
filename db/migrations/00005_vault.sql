-- The vault's keys: which there are, which of them seals, who holds them, and what is to be sealed anew.

-- +goose Up
CREATE TABLE vault_keys (
    -- Made from the key itself; it stands before whatever the key sealed.
    id          bigint      PRIMARY KEY CHECK (id BETWEEN 0 AND 4294967295),
    -- ADDED opens; it has sealed nothing as long as it was never promoted. PRIMARY seals. DISABLED is
    -- not needed any more, and seals never again.
    state       text        NOT NULL DEFAULT 'ADDED' CHECK (state IN ('ADDED', 'PRIMARY', 'DISABLED')),
    added_at    timestamptz NOT NULL DEFAULT clock_timestamp(),
    promoted_at timestamptz,
    disabled_at timestamptz,
    CONSTRAINT primary_was_promoted   CHECK (state <> 'PRIMARY' OR promoted_at IS NOT NULL),
    CONSTRAINT disabling_has_a_time   CHECK ((disabled_at IS NULL) = (state <> 'DISABLED'))
);
CREATE UNIQUE INDEX vault_keys_one_primary ON vault_keys ((true)) WHERE state = 'PRIMARY';

-- The processes at work, as they last said themselves.
CREATE TABLE vault_holders (
    process    uuid        PRIMARY KEY,
    -- Host and process id, for people.
    name       text        NOT NULL,
    key_ids    bigint[]    NOT NULL,
    seals_with bigint      NOT NULL,
    seen_at    timestamptz NOT NULL DEFAULT now()
);

-- How far the re-sealing of what an old key sealed has come.
CREATE TABLE vault_reseals (
    key_id        bigint      PRIMARY KEY REFERENCES vault_keys (id),
    -- The last row looked at in this pass; '' and nil before the first.
    place         text        NOT NULL DEFAULT '',
    after_company uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    after_id      uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    resealed      bigint      NOT NULL DEFAULT 0,
    -- Of this pass: what was sealed anew, and what the key does not open though it bears its id.
    pass_resealed bigint      NOT NULL DEFAULT 0,
    unreadable    bigint      NOT NULL DEFAULT 0,
    started_at    timestamptz NOT NULL DEFAULT now(),
    -- When somebody else goes on, unless this is moved on or it is finished.
    next_at       timestamptz NOT NULL DEFAULT now(),
    finished_at   timestamptz
);

-- +goose StatementBegin
-- sealed_under is the id of the key under which a value is sealed: Tink writes 1 and the id before it.
CREATE FUNCTION sealed_under(sealed bytea) RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
    SELECT CASE WHEN substring(sealed FROM 1 FOR 1) = '\x01' AND octet_length(sealed) > 5
        THEN ('x' || encode(substring(sealed FROM 2 FOR 4), 'hex'))::bit(32)::bigint END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- vault_may_seal is false for what is sealed under a key that is disabled. Until the transaction ends, the key
-- cannot be: whoever disables it takes the lock for himself.
CREATE FUNCTION vault_may_seal(sealed bytea) RETURNS boolean LANGUAGE plpgsql VOLATILE AS $$
DECLARE
    key bigint := sealed_under(sealed);
BEGIN
    IF key IS NULL THEN
        RETURN true;
    END IF;
    PERFORM pg_advisory_xact_lock_shared(hashtextextended('vault:' || key, 0));
    RETURN NOT EXISTS (SELECT FROM vault_keys WHERE id = key AND state = 'DISABLED');
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- vault_refuse refuses a row with a code that says: try again, with the key that seals by now.
CREATE FUNCTION vault_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%.%: sealed under a key that is disabled', TG_TABLE_NAME, TG_ARGV[0]
        USING ERRCODE = 'object_not_in_prerequisite_state';
END
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- seal_column is for each column of sealed values, of a table with the key (company_id, id). It gives the table a
-- column X_key, which says under which key the value is sealed, so that who counts and finds them need not see
-- them; and the watch that none is written under a key that is disabled.
CREATE FUNCTION seal_column(place regclass, sealed name) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
    base text := (SELECT relname FROM pg_class WHERE oid = place) || '_' || sealed;
    key  text := sealed || '_key';
BEGIN
    EXECUTE format('ALTER TABLE %s ADD COLUMN %I bigint GENERATED ALWAYS AS (sealed_under(%I)) STORED', place, key, sealed);
    EXECUTE format('CREATE INDEX %I ON %s (%I, company_id, id) WHERE %I IS NOT NULL', base || '_key', place, key, key);
    EXECUTE format('CREATE TRIGGER %I BEFORE INSERT ON %s FOR EACH ROW
        WHEN (NEW.%I IS NOT NULL AND NOT vault_may_seal(NEW.%I)) EXECUTE FUNCTION vault_refuse(%L)', base || '_insert', place, sealed, sealed, sealed);
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OF %I ON %s FOR EACH ROW
        WHEN (NEW.%I IS DISTINCT FROM OLD.%I AND NOT vault_may_seal(NEW.%I)) EXECUTE FUNCTION vault_refuse(%L)',
        base || '_update', sealed, place, sealed, sealed, sealed, sealed);
END
$$;
-- +goose StatementEnd

SELECT seal_column('medium_accounts', 'credential');
SELECT seal_column('medium_accounts', 'session');
SELECT seal_column('invalid_records', 'sample');
SELECT seal_column('import_runs', 'sample');

-- What was sealed before there was this list. The first process says which of them seals. An owner who is no
-- superuser sees no row behind the walls: they stand open for this one look.
ALTER TABLE medium_accounts NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invalid_records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE import_runs NO FORCE ROW LEVEL SECURITY;
INSERT INTO vault_keys (id, promoted_at)
SELECT DISTINCT key, now() FROM (
    SELECT sealed_under(credential) AS key FROM medium_accounts
    UNION SELECT sealed_under(session) FROM medium_accounts
    UNION SELECT sealed_under(sample) FROM invalid_records
    UNION SELECT sealed_under(sample) FROM import_runs
) used WHERE key IS NOT NULL;
ALTER TABLE medium_accounts FORCE ROW LEVEL SECURITY;
ALTER TABLE invalid_records FORCE ROW LEVEL SECURITY;
ALTER TABLE import_runs FORCE ROW LEVEL SECURITY;

-- The keys are the program's own, and no company's. Of what they sealed, the keeper sees where it stands and under
-- which key, no more.
GRANT SELECT, INSERT, UPDATE ON vault_keys, vault_reseals TO renkei_app, renkei_keeper;
GRANT SELECT, INSERT, UPDATE, DELETE ON vault_holders TO renkei_app, renkei_keeper;
GRANT SELECT (credential_key, session_key) ON medium_accounts TO renkei_keeper;
GRANT SELECT (sample_key) ON import_runs TO renkei_keeper;
CREATE POLICY across ON invalid_records TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, sample_key) ON invalid_records TO renkei_keeper;
