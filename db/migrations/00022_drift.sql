-- Media that change, and media that are away.

-- +goose Up
ALTER TABLE import_runs
    -- How the medium looked to the run: which fields its records had, and no value of theirs.
    ADD COLUMN look    jsonb,
    -- What no longer looked as it did, as paths; where a run ended for that.
    ADD COLUMN changes text[],
    ADD CONSTRAINT changes_when_unexpected CHECK (changes IS NULL OR failure_reason IS NOT DISTINCT FROM 'UNEXPECTED_RESPONSE') NOT VALID;

-- How the medium has looked to an account: what its next page is compared with. Beside the account, whose row is
-- written anew each second while an import runs.
CREATE TABLE medium_looks (
    company_id uuid        NOT NULL,
    account_id uuid        NOT NULL,
    medium     text        NOT NULL,
    -- That of its medium when its import began: one of an older generation counts as none.
    generation bigint      NOT NULL DEFAULT 0,
    look       jsonb       NOT NULL,
    updated_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, account_id),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id)
);
CREATE INDEX medium_looks_latest ON medium_looks (medium, generation, updated_at);
CALL wall('medium_looks', 'SELECT, INSERT, UPDATE');
-- The fields are the medium's own, and the same for all: an account that is new is compared with the others'.
CREATE POLICY across ON medium_looks TO renkei_keeper USING (true);
GRANT SELECT (medium, generation, look, updated_at) ON medium_looks TO renkei_keeper;

-- How often an operator has taken a medium as it then looked for usual, and when last. No company's own. No row: never.
CREATE TABLE medium_generations (
    medium      text        PRIMARY KEY,
    generation  bigint      NOT NULL DEFAULT 1,
    accepted_at timestamptz NOT NULL DEFAULT now()
);
GRANT SELECT ON medium_generations TO renkei_app;
GRANT SELECT, INSERT, UPDATE ON medium_generations TO renkei_keeper;

-- When a medium was away for many companies at once. No company's own.
CREATE TABLE medium_outages (
    id       uuid        PRIMARY KEY DEFAULT new_id(),
    medium   text        NOT NULL,
    began_at timestamptz NOT NULL DEFAULT now(),
    -- When somebody last found it away: a process that dies does not keep an outage open for ever.
    seen_at  timestamptz NOT NULL DEFAULT now(),
    ended_at timestamptz
);
CREATE UNIQUE INDEX medium_outages_one_open ON medium_outages (medium) WHERE ended_at IS NULL;
GRANT SELECT, INSERT, UPDATE ON medium_outages TO renkei_keeper;

-- +goose Down
DROP TABLE medium_outages;
DROP TABLE medium_generations;
DROP TABLE medium_looks;
ALTER TABLE import_runs DROP COLUMN changes, DROP COLUMN look;
