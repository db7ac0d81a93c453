-- What applicants wrote of themselves, sealed; people who are forgotten, and stay so.

-- +goose Up
-- Keys of a company's own, made by the program and sealed by the vault. They stay the same when the
-- vault's keys change: what was hashed with them must be found again.
CREATE TABLE company_keys (
    company_id uuid        NOT NULL REFERENCES companies (id),
    id         uuid        NOT NULL,
    -- INDEX: what keyed hashes are made with, to find by them what is not written down.
    purpose    text        NOT NULL CHECK (purpose IN ('INDEX')),
    sealed     bytea       NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT company_keys_one_per_purpose UNIQUE (company_id, purpose)
);
CALL wall('company_keys', 'SELECT, INSERT, UPDATE');

ALTER TABLE candidates
    -- Location, tagline, introduction, aspiration, descriptions, links, profile URL and e-mail as one JSON,
    -- sealed. Where it is null the row is of an older version and those stand in its columns; where it is
    -- not, these are empty.
    ADD COLUMN sealed      bytea,
    -- HMAC-SHA-256 of the e-mail, to find it again; it is equal where the e-mail is.
    ADD COLUMN email_index bytea CHECK (octet_length(email_index) = 32),
    ADD CONSTRAINT sealed_leaves_nothing_plain CHECK (sealed IS NULL OR (
        location IS NULL AND tagline IS NULL AND introduction IS NULL AND aspiration IS NULL
        AND email IS NULL AND profile_url IS NULL AND links = '[]'));
CREATE INDEX candidates_by_email ON candidates (company_id, email_index) WHERE email_index IS NOT NULL;
CREATE INDEX candidates_to_seal ON candidates (company_id, id) WHERE sealed IS NULL;

ALTER TABLE selection_events
    ADD COLUMN sealed_note bytea,
    ADD CONSTRAINT note_is_in_one_place CHECK (note IS NULL OR sealed_note IS NULL);
CREATE INDEX selection_events_to_seal ON selection_events (company_id, application_id, n) WHERE note IS NOT NULL;
-- History is written once; only its notes are sealed, and sealed again.
GRANT UPDATE (note, sealed_note) ON selection_events TO renkei_app;

-- Which companies have something left to seal, and nothing else of it.
CREATE POLICY across ON candidates TO renkei_keeper USING (sealed IS NULL);
GRANT SELECT (company_id) ON candidates TO renkei_keeper;
CREATE POLICY across ON selection_events TO renkei_keeper USING (note IS NOT NULL);
GRANT SELECT (company_id) ON selection_events TO renkei_keeper;

-- The receipts: what was erased when, in numbers. No person can be told from them.
CREATE TABLE erasures (
    company_id   uuid        NOT NULL REFERENCES companies (id),
    id           uuid        NOT NULL,
    reason       text        NOT NULL CHECK (reason IN ('REQUEST', 'RETENTION')),
    -- The member who asked for it; null where the company's retention did. No reference: it is a record.
    requested_by uuid,
    at           timestamptz NOT NULL,
    -- Rows, by table.
    counts       jsonb       NOT NULL,
    PRIMARY KEY (company_id, id)
);
CALL wall('erasures', 'SELECT, INSERT');

-- The tombstones: an application that one of these people made up to erased_at does not come in again.
CREATE TABLE erased_people (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL DEFAULT new_id(),
    medium      text        NOT NULL CHECK (medium IN ('WANTEDLY')),
    -- HMAC-SHA-256 of the medium's own id of the person, with the company's index key.
    person_hash bytea       NOT NULL CHECK (octet_length(person_hash) = 32),
    erased_at   timestamptz NOT NULL,
    PRIMARY KEY (company_id, id),
    CONSTRAINT erased_people_one_per_person UNIQUE (company_id, medium, person_hash),
    FOREIGN KEY (company_id) REFERENCES companies (id)
);
CALL wall('erased_people', 'SELECT, INSERT, UPDATE');

GRANT DELETE ON candidates, inbox_entries, applications, selection_events, invalid_records TO renkei_app;
-- The same columns in another order, so that the constraint's index also finds a candidate's entries.
ALTER TABLE inbox_entries
    DROP CONSTRAINT inbox_entries_one_per_application,
    ADD CONSTRAINT inbox_entries_one_per_application UNIQUE (company_id, candidate_id, medium, external_id, applied_at);

-- Of what a run imported, what has been erased since: the counters tell what happened, and still add up.
ALTER TABLE import_runs
    ADD COLUMN erased int NOT NULL DEFAULT 0,
    ADD CONSTRAINT no_more_erased_than_imported CHECK (erased BETWEEN 0 AND imported);

ALTER TABLE companies
    -- How long candidates stay whose selection ended without joining; null: for as long as nobody erases them.
    ADD COLUMN retention_months int CHECK (retention_months BETWEEN 1 AND 120);
GRANT UPDATE (retention_months) ON companies TO renkei_app;
GRANT SELECT (retention_months) ON companies TO renkei_keeper;
