-- Who is told when something stands still, and whether it reached them.

-- +goose Up
-- How somebody wants to be told. No reasons of their own: those of their roles.
ALTER TABLE members
    ADD COLUMN language text NOT NULL DEFAULT 'ja' CHECK (language IN ('ja', 'en')),
    ADD COLUMN mail_on  text[] CHECK (mail_on <@ ARRAY['LINK_FAILED', 'STALE', 'WAITING', 'QUARANTINED', 'MEDIUM_OUTAGE']);

-- What stands still, from when to when.
CREATE TABLE incidents (
    company_id  uuid        NOT NULL REFERENCES companies (id),
    id          uuid        NOT NULL DEFAULT new_id(),
    kind        text        NOT NULL CHECK (kind IN ('LINK_FAILED', 'STALE', 'WAITING', 'QUARANTINED', 'MEDIUM_OUTAGE')),
    -- The link that it is about; none where people wait, or where it is a whole medium's.
    account_id  uuid,
    medium      medium,
    reason      text        CHECK (reason IN (
        'INVALID_CREDENTIALS', 'NO_CANDIDATE_PERMISSION', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_LOCKED',
        'MEDIUM_UNAVAILABLE', 'RATE_LIMITED', 'UNEXPECTED_RESPONSE', 'TIMED_OUT', 'INTERNAL')),
    -- How many waited when it began.
    waiting     int         CHECK (waiting > 0),
    -- When the first of the trouble was: people waited, and nothing came in, before anybody could notice.
    since       timestamptz NOT NULL DEFAULT now(),
    opened_at   timestamptz NOT NULL DEFAULT now(),
    resolved_at timestamptz,
    -- MENDED: the cause is gone. STOPPED: the link was stopped. SUPERSEDED: another incident says more.
    resolution  text        CHECK (resolution IN ('MENDED', 'STOPPED', 'SUPERSEDED')),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id),
    CONSTRAINT incident_says_of_what CHECK (CASE kind
        WHEN 'WAITING' THEN account_id IS NULL AND medium IS NULL
        WHEN 'MEDIUM_OUTAGE' THEN account_id IS NULL AND medium IS NOT NULL
        WHEN 'QUARANTINED' THEN medium IS NOT NULL
        ELSE account_id IS NOT NULL AND medium IS NOT NULL END),
    CONSTRAINT incident_counts_who_waits CHECK ((waiting IS NOT NULL) = (kind = 'WAITING')),
    CONSTRAINT incident_end_is_whole CHECK ((resolved_at IS NULL) = (resolution IS NULL))
);
CREATE UNIQUE INDEX incidents_one_open ON incidents (company_id, account_id, kind, medium) NULLS NOT DISTINCT WHERE resolved_at IS NULL;
-- What is open of a kind, in all companies.
CREATE INDEX incidents_open ON incidents (kind, company_id, account_id) WHERE resolved_at IS NULL;
CREATE INDEX incidents_old ON incidents (resolved_at) WHERE resolved_at IS NOT NULL;
CALL wall('incidents', 'SELECT, INSERT, UPDATE, DELETE');

-- Where else a company is told: channels of a chat, programs.
CREATE TABLE notification_endpoints (
    company_id  uuid        NOT NULL REFERENCES companies (id),
    id          uuid        NOT NULL,
    channel     text        NOT NULL CHECK (channel IN ('SLACK', 'WEBHOOK')),
    name        text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 100),
    -- All of the address that is shown; the rest of it opens doors.
    host        text        NOT NULL CHECK (char_length(host) BETWEEN 1 AND 260),
    -- The address and the secrets that sign, as JSON, sealed; gone when it is removed.
    sealed      bytea,
    kinds       text[]      NOT NULL CHECK (cardinality(kinds) > 0 AND kinds <@ ARRAY['LINK_FAILED', 'STALE', 'WAITING', 'QUARANTINED', 'MEDIUM_OUTAGE']),
    language    text        NOT NULL CHECK (language IN ('ja', 'en')),
    revision    int         NOT NULL DEFAULT 1,
    created_at  timestamptz NOT NULL DEFAULT now(),
    disabled_at timestamptz,
    removed_at  timestamptz,
    PRIMARY KEY (company_id, id),
    CONSTRAINT endpoint_has_an_address CHECK ((sealed IS NULL) = (removed_at IS NOT NULL))
);
CALL wall('notification_endpoints', 'SELECT, INSERT, UPDATE');
SELECT seal_column('notification_endpoints', 'sealed');

-- Each message to each of those who are told. What it says is made when it is sent.
CREATE TABLE deliveries (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL DEFAULT new_id(),
    -- None for a test.
    incident_id uuid,
    phase       text        NOT NULL CHECK (phase IN ('OPENED', 'RESOLVED', 'TEST')),
    -- No reference: whoever changes a member need not wait for an import.
    member_id   uuid,
    endpoint_id uuid,
    -- The first delivery of the message, where this one repeats it.
    repeats     uuid,
    -- FAILED is tried again; GIVEN_UP is not. OVERTAKEN: all was well again before it was sent.
    state       text        NOT NULL DEFAULT 'PENDING' CHECK (state IN ('PENDING', 'SENT', 'FAILED', 'GIVEN_UP', 'OVERTAKEN')),
    -- Tries that were begun; a job that was made for another number does nothing.
    attempts    int         NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    trouble     text        CHECK (trouble IN ('NOT_SET_UP', 'RECIPIENT_GONE', 'NOT_REACHED', 'TIMED_OUT', 'REFUSED', 'REDIRECTED', 'PRIVATE_ADDRESS', 'INSECURE', 'INTERNAL')),
    -- What the other side answered: of HTTP, or of SMTP.
    status      int         CHECK (status BETWEEN 100 AND 599),
    next_at     timestamptz DEFAULT now(),
    -- Whoever sends it has it until then.
    lease_owner uuid,
    lease_until timestamptz,
    created_at  timestamptz NOT NULL DEFAULT now(),
    tried_at    timestamptz,
    ended_at    timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, incident_id) REFERENCES incidents (company_id, id) ON DELETE CASCADE,
    FOREIGN KEY (company_id, endpoint_id) REFERENCES notification_endpoints (company_id, id),
    FOREIGN KEY (company_id, repeats) REFERENCES deliveries (company_id, id) ON DELETE CASCADE,
    CONSTRAINT delivery_tells_somebody CHECK ((member_id IS NULL) <> (endpoint_id IS NULL)),
    CONSTRAINT delivery_is_of_something CHECK ((incident_id IS NULL) = (phase = 'TEST')),
    CONSTRAINT delivery_end_is_whole CHECK ((ended_at IS NULL) = (next_at IS NOT NULL) AND (ended_at IS NULL) = (state IN ('PENDING', 'FAILED'))),
    CONSTRAINT delivery_lease_is_whole CHECK ((lease_owner IS NULL) = (lease_until IS NULL) AND (lease_owner IS NULL OR ended_at IS NULL)),
    CONSTRAINT delivery_trouble_is_told CHECK (state NOT IN ('FAILED', 'GIVEN_UP') OR trouble IS NOT NULL)
) WITH (fillfactor = 80);
-- What has to be told is told each of them once, whoever finds it twice.
CREATE UNIQUE INDEX deliveries_once ON deliveries (company_id, incident_id, phase, member_id, endpoint_id) NULLS NOT DISTINCT
    WHERE repeats IS NULL AND incident_id IS NOT NULL;
CREATE INDEX deliveries_of_incident ON deliveries (company_id, incident_id, id DESC) WHERE incident_id IS NOT NULL;
-- An endpoint is told one thing at a time: one that is slow holds up itself.
CREATE UNIQUE INDEX deliveries_in_turn ON deliveries (company_id, endpoint_id) WHERE lease_owner IS NOT NULL AND endpoint_id IS NOT NULL;
-- How many tests a company has sent is asked at each.
CREATE INDEX deliveries_tests ON deliveries (company_id, created_at) WHERE phase = 'TEST';
CREATE INDEX deliveries_by_endpoint ON deliveries (company_id, endpoint_id, id DESC) WHERE endpoint_id IS NOT NULL;
CREATE INDEX deliveries_repeats ON deliveries (company_id, repeats) WHERE repeats IS NOT NULL;
CREATE INDEX deliveries_left ON deliveries (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX deliveries_old ON deliveries (ended_at) WHERE ended_at IS NOT NULL;
CALL wall('deliveries', 'SELECT, INSERT, UPDATE, DELETE');

-- Where something stands still, in all companies: never who applied, and never an address.
CREATE POLICY across ON incidents TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, kind, account_id, medium, resolved_at) ON incidents TO renkei_keeper;
CREATE POLICY across ON deliveries TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, incident_id, endpoint_id, attempts, next_at, lease_until, ended_at), UPDATE (next_at, lease_owner, lease_until) ON deliveries TO renkei_keeper;
CREATE POLICY resealing ON notification_endpoints TO renkei_keeper USING (sealed_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_key) ON notification_endpoints TO renkei_keeper;
CREATE POLICY waiting ON inbox_entries TO renkei_keeper USING (state = 'WAITING');
GRANT SELECT (company_id, state, decided_at) ON inbox_entries TO renkei_keeper;
GRANT SELECT (medium, linked_at, last_imported_at) ON medium_accounts TO renkei_keeper;

-- Whoever watches hears of them. Last, since it holds everybody up; what is there is looked at in 00025.
ALTER TABLE events
    DROP CONSTRAINT events_kind_check,
    DROP CONSTRAINT events_say_of_what,
    ADD CONSTRAINT events_kind_check CHECK (kind IN ('ACCOUNT', 'RUN', 'INBOX', 'OPENING', 'SELECTION', 'FILE', 'INCIDENT')) NOT VALID,
    ADD CONSTRAINT events_say_of_what CHECK (
        (account_id IS NOT NULL) = (kind IN ('ACCOUNT', 'RUN')) AND (subject_id IS NOT NULL) = (kind IN ('OPENING', 'SELECTION', 'FILE', 'INCIDENT'))) NOT VALID;

-- +goose Down
ALTER TABLE events NO FORCE ROW LEVEL SECURITY;
DELETE FROM events WHERE kind = 'INCIDENT';
ALTER TABLE events FORCE ROW LEVEL SECURITY;
ALTER TABLE events
    DROP CONSTRAINT events_kind_check,
    DROP CONSTRAINT events_say_of_what,
    ADD CONSTRAINT events_kind_check CHECK (kind IN ('ACCOUNT', 'RUN', 'INBOX', 'OPENING', 'SELECTION', 'FILE')),
    ADD CONSTRAINT events_say_of_what CHECK (
        (account_id IS NOT NULL) = (kind IN ('ACCOUNT', 'RUN')) AND (subject_id IS NOT NULL) = (kind IN ('OPENING', 'SELECTION', 'FILE')));
REVOKE SELECT (medium, linked_at, last_imported_at) ON medium_accounts FROM renkei_keeper;
REVOKE SELECT (company_id, state, decided_at) ON inbox_entries FROM renkei_keeper;
DROP POLICY waiting ON inbox_entries;
DROP TABLE deliveries, notification_endpoints, incidents;
ALTER TABLE members DROP COLUMN language, DROP COLUMN mail_on;
