-- Links to the media, and their runs.

-- +goose Up
CREATE TABLE medium_accounts (
    company_id              uuid        NOT NULL REFERENCES companies (id),
    id                      uuid        NOT NULL,
    medium                  text        NOT NULL CHECK (medium IN ('WANTEDLY')),
    email                   text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    status                  text        NOT NULL CHECK (status IN ('UNLINKED', 'VERIFYING', 'LINKED', 'AUTH_FAILED', 'SYSTEM_ERROR')),
    -- What last went wrong. While VERIFYING it is the trouble met so far, shown to nobody yet.
    failure_reason          text        CHECK (failure_reason IN (
        'INVALID_CREDENTIALS', 'NO_CANDIDATE_PERMISSION', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_LOCKED',
        'MEDIUM_UNAVAILABLE', 'RATE_LIMITED', 'UNEXPECTED_RESPONSE', 'TIMED_OUT', 'INTERNAL')),
    failed_at               timestamptz,
    -- Tries of the present verification or slot that failed.
    attempts                int         NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    import_from             timestamptz NOT NULL,
    -- Everything up to here, in the medium's own terms, is settled; '' before the first page.
    cursor                  text        NOT NULL DEFAULT '',
    verification_started_at timestamptz,
    linked_at               timestamptz,
    stopped_at              timestamptz,
    last_imported_at        timestamptz,
    next_import_at          timestamptz,
    -- Sealed by the vault. They live only as long as somebody may need them.
    credential              bytea,
    session                 bytea,
    -- Raised by each registration and each stop; what was begun under an older one no longer counts.
    epoch                   bigint      NOT NULL DEFAULT 1,
    -- An account with work to do has either a wake-up coming (wake_at, and a job that carries the
    -- number of that wake-up) or somebody at work on it (the lease). Where both ran out, it is revived.
    wake                    bigint      NOT NULL DEFAULT 0,
    wake_at                 timestamptz,
    lease_owner             uuid,
    lease_until             timestamptz,
    revision                int         NOT NULL DEFAULT 1,
    created_at              timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT failure_is_told       CHECK (status NOT IN ('AUTH_FAILED', 'SYSTEM_ERROR') OR failure_reason IS NOT NULL),
    CONSTRAINT failure_has_a_time    CHECK ((failure_reason IS NULL) = (failed_at IS NULL)),
    CONSTRAINT credential_when_used  CHECK ((credential IS NOT NULL) = (status IN ('VERIFYING', 'LINKED'))),
    CONSTRAINT session_when_used     CHECK (session IS NULL OR status IN ('VERIFYING', 'LINKED')),
    CONSTRAINT scheduled_when_linked CHECK ((next_import_at IS NOT NULL) = (status = 'LINKED')),
    CONSTRAINT lease_is_whole        CHECK ((lease_owner IS NULL) = (lease_until IS NULL)),
    CONSTRAINT work_when_live        CHECK (status IN ('VERIFYING', 'LINKED') OR (lease_owner IS NULL AND wake_at IS NULL))
) WITH (fillfactor = 80);
-- One row per company, medium and login, whatever its status: a login that comes back finds what it
-- had imported, and two live links of one login cannot be.
CREATE UNIQUE INDEX medium_accounts_one_per_login ON medium_accounts (company_id, medium, lower(email));
CREATE INDEX medium_accounts_due ON medium_accounts (next_import_at) WHERE next_import_at IS NOT NULL;
CREATE INDEX medium_accounts_waking ON medium_accounts (wake_at) WHERE wake_at IS NOT NULL;
CREATE INDEX medium_accounts_leased ON medium_accounts (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX medium_accounts_verifying ON medium_accounts (verification_started_at) WHERE status = 'VERIFYING';

CREATE TABLE import_runs (
    company_id     uuid        NOT NULL,
    id             uuid        NOT NULL DEFAULT new_id(),
    account_id     uuid        NOT NULL,
    epoch          bigint      NOT NULL,
    trigger        text        NOT NULL CHECK (trigger IN ('SCHEDULE', 'MANUAL', 'VERIFICATION')),
    status         text        NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'QUARANTINED', 'FAILED', 'CANCELLED')),
    queued_at      timestamptz NOT NULL DEFAULT now(),
    due_at         timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz,
    finished_at    timestamptz,
    seen           int         NOT NULL DEFAULT 0 CHECK (seen >= 0),
    known          int         NOT NULL DEFAULT 0 CHECK (known >= 0),
    imported       int         NOT NULL DEFAULT 0 CHECK (imported >= 0),
    routed         int         NOT NULL DEFAULT 0 CHECK (routed >= 0),
    waiting        int         NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    invalid        int         NOT NULL DEFAULT 0 CHECK (invalid >= 0),
    hidden         int         NOT NULL DEFAULT 0 CHECK (hidden >= 0),
    failure_reason text        CHECK (failure_reason IN (
        'INVALID_CREDENTIALS', 'NO_CANDIDATE_PERMISSION', 'TWO_FACTOR_REQUIRED', 'ACCOUNT_LOCKED',
        'MEDIUM_UNAVAILABLE', 'RATE_LIMITED', 'UNEXPECTED_RESPONSE', 'TIMED_OUT', 'INTERNAL')),
    -- The shape of what came when it no longer looked as it did, sealed.
    sample         bytea,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id),
    CONSTRAINT imported_adds_up      CHECK (imported = routed + waiting),
    CONSTRAINT seen_adds_up          CHECK (seen = known + imported + invalid),
    CONSTRAINT quarantine_wrote_none CHECK (status <> 'QUARANTINED' OR (imported = 0 AND invalid = 0)),
    CONSTRAINT failure_is_told       CHECK ((failure_reason IS NOT NULL) = (status IN ('QUARANTINED', 'FAILED'))),
    CONSTRAINT end_has_a_time        CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING')))
) WITH (fillfactor = 80);
CREATE UNIQUE INDEX import_runs_one_active ON import_runs (company_id, account_id) WHERE status IN ('QUEUED', 'RUNNING');
CREATE INDEX import_runs_by_account ON import_runs (company_id, account_id, id DESC);

-- Records of the medium that could not be read: kept, listed, in nobody's way.
CREATE TABLE invalid_records (
    company_id  uuid        NOT NULL,
    id          uuid        NOT NULL DEFAULT new_id(),
    account_id  uuid        NOT NULL,
    run_id      uuid        NOT NULL,
    external_id text        NOT NULL,
    reason      text        NOT NULL CHECK (reason IN ('SHAPE', 'VALUE')),
    detail      text        NOT NULL,
    url         text,
    -- The shape of what came, without any value, sealed.
    sample      bytea,
    occurred_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    UNIQUE (company_id, run_id, external_id),
    FOREIGN KEY (company_id, run_id) REFERENCES import_runs (company_id, id),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id)
);

-- Applications that the medium has but does not let the account open: asked for again a few times
-- (they may have been in the making), and counted, since many of them mean that it sees only a part.
CREATE TABLE hidden_applications (
    company_id  uuid        NOT NULL,
    account_id  uuid        NOT NULL,
    external_id text        NOT NULL,
    asked       int         NOT NULL DEFAULT 1,
    first_at    timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, account_id, external_id),
    FOREIGN KEY (company_id, account_id) REFERENCES medium_accounts (company_id, id)
);
