-- Applicants that come in by file.

-- +goose Up
CREATE TABLE file_imports (
    company_id     uuid        NOT NULL REFERENCES companies (id),
    id             uuid        NOT NULL,
    medium         medium      NOT NULL,
    -- Who uploaded it. No reference: it is a record.
    member_id      uuid        NOT NULL,
    status         text        NOT NULL DEFAULT 'QUEUED' CHECK (status IN ('QUEUED', 'RUNNING', 'SUCCEEDED', 'FAILED', 'CANCELLED')),
    -- HMAC-SHA-256 of the file's bytes, its medium and how it is read: the same again is the same import.
    fingerprint    bytea       NOT NULL CHECK (octet_length(fingerprint) = 32),
    -- The file's name, its first line and how it is read, as JSON, sealed. Gone with the bad lines.
    sealed         bytea,
    size           bigint      NOT NULL CHECK (size > 0),
    -- How many lines there are besides the first; null until they are counted, before anybody comes in.
    lines          int,
    -- How many of them are dealt with: where the next page begins.
    done           int         NOT NULL DEFAULT 0,
    known          int         NOT NULL DEFAULT 0 CHECK (known >= 0),
    imported       int         NOT NULL DEFAULT 0 CHECK (imported >= 0),
    routed         int         NOT NULL DEFAULT 0 CHECK (routed >= 0),
    waiting        int         NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    invalid        int         NOT NULL DEFAULT 0 CHECK (invalid >= 0),
    failure_reason text        CHECK (failure_reason IN ('UNREADABLE', 'PROTECTED', 'EMPTY', 'UNCLOSED_QUOTE', 'LINE_TOO_LONG', 'TOO_MANY_LINES', 'TOO_LARGE', 'INTERNAL')),
    failure_line   int         CHECK (failure_line > 0),
    -- Workers that took it up since its last page: one whom it kills may not be followed for ever.
    attempts       int         NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    -- While it is queued nobody has it, and whoever looks for work that was lost takes it up at this instant.
    lease_owner    uuid,
    lease_until    timestamptz,
    created_at     timestamptz NOT NULL DEFAULT now(),
    started_at     timestamptz,
    finished_at    timestamptz,
    PRIMARY KEY (company_id, id),
    CONSTRAINT file_imported_adds_up CHECK (imported = routed + waiting),
    CONSTRAINT file_done_adds_up     CHECK (done = known + imported + invalid),
    CONSTRAINT file_done_is_counted  CHECK (done <= coalesce(lines, 0)),
    CONSTRAINT file_is_done_whole    CHECK (status <> 'SUCCEEDED' OR (lines IS NOT NULL AND done = lines)),
    CONSTRAINT file_failure_is_told  CHECK ((failure_reason IS NOT NULL) = (status = 'FAILED') AND (failure_line IS NULL OR status = 'FAILED')),
    CONSTRAINT file_end_has_a_time   CHECK ((finished_at IS NULL) = (status IN ('QUEUED', 'RUNNING'))),
    CONSTRAINT file_work_when_live   CHECK ((lease_until IS NOT NULL) = (status IN ('QUEUED', 'RUNNING')) AND (lease_owner IS NULL OR status = 'RUNNING'))
) WITH (fillfactor = 80);
-- A file that failed, or was given up, may be tried again.
CREATE UNIQUE INDEX file_imports_once ON file_imports (company_id, fingerprint) WHERE status IN ('QUEUED', 'RUNNING', 'SUCCEEDED');
CREATE INDEX file_imports_left ON file_imports (lease_until) WHERE lease_until IS NOT NULL;
CREATE INDEX file_imports_old ON file_imports (finished_at) WHERE finished_at IS NOT NULL AND sealed IS NOT NULL;
CALL wall('file_imports', 'SELECT, INSERT, UPDATE');
SELECT seal_column('file_imports', 'sealed');

-- The file itself, in parts of a megabyte, for as long as it is being read.
CREATE TABLE file_chunks (
    company_id uuid  NOT NULL,
    -- Made of the file's id and n: a part opens in its own place alone.
    id         uuid  NOT NULL,
    file_id    uuid  NOT NULL,
    n          int   NOT NULL CHECK (n >= 0),
    sealed     bytea NOT NULL,
    PRIMARY KEY (company_id, id),
    CONSTRAINT file_chunks_one_per_place UNIQUE (company_id, file_id, n),
    FOREIGN KEY (company_id, file_id) REFERENCES file_imports (company_id, id)
);
-- Sealed, it does not get smaller.
ALTER TABLE file_chunks ALTER COLUMN sealed SET STORAGE EXTERNAL;
CALL wall('file_chunks', 'SELECT, INSERT, UPDATE, DELETE');
SELECT seal_column('file_chunks', 'sealed');

-- Lines that could not be taken in, for a month.
CREATE TABLE file_bad_lines (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL,
    file_id    uuid        NOT NULL,
    line       int         NOT NULL CHECK (line > 0),
    reason     text        NOT NULL CHECK (reason IN (
        'NAME_MISSING', 'NAME_TOO_LONG', 'POSITION_MISSING', 'POSITION_TOO_LONG', 'ID_TOO_LONG', 'DATE_UNREADABLE', 'DATE_IMPOSSIBLE',
        'BAD_CHARACTERS', 'BAD_QUOTES', 'FIELD_TOO_LONG', 'TOO_MANY_COLUMNS')),
    field      text,
    -- The line's cells as JSON, sealed: it names somebody whom nobody knows by an id.
    sealed     bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT file_bad_lines_one_per_line UNIQUE (company_id, file_id, line),
    FOREIGN KEY (company_id, file_id) REFERENCES file_imports (company_id, id)
);
CREATE INDEX file_bad_lines_by_age ON file_bad_lines (company_id, created_at);
CALL wall('file_bad_lines', 'SELECT, INSERT, UPDATE, DELETE');
SELECT seal_column('file_bad_lines', 'sealed');

-- How files of a medium were last read: which column is which.
CREATE TABLE file_mappings (
    company_id uuid        NOT NULL REFERENCES companies (id),
    id         uuid        NOT NULL DEFAULT new_id(),
    medium     medium      NOT NULL,
    -- [{"field", "header"}]
    columns    jsonb       NOT NULL,
    changed_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id),
    CONSTRAINT file_mappings_one_per_medium UNIQUE (company_id, medium)
);
CALL wall('file_mappings', 'SELECT, INSERT, UPDATE');

ALTER TABLE inbox_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE file_imports NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_entries ADD FOREIGN KEY (company_id, file_import_id) REFERENCES file_imports (company_id, id);
ALTER TABLE file_imports FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_entries FORCE ROW LEVEL SECURITY;
-- A line names its instant roughly or not at all: of those, person and number must do.
CREATE UNIQUE INDEX inbox_entries_one_per_line ON inbox_entries (company_id, candidate_id, medium, external_id) WHERE file_import_id IS NOT NULL;

-- What was left behind, and what is old: never what is in it.
CREATE POLICY across ON file_imports TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, status, lease_until, finished_at, sealed_key), UPDATE (lease_until, lease_owner) ON file_imports TO renkei_keeper;
CREATE POLICY resealing ON file_chunks TO renkei_keeper USING (sealed_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_key) ON file_chunks TO renkei_keeper;
CREATE POLICY resealing ON file_bad_lines TO renkei_keeper USING (sealed_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_key) ON file_bad_lines TO renkei_keeper;
