-- What recruiters do with those who came in: more media, the history of each decision, people who change.

-- +goose Up
-- Trusted since Postgres 13: whoever owns the database may create it.
CREATE EXTENSION IF NOT EXISTS pg_trgm;

-- As before, in one expression: only those are put into the statement that calls them, which takes half the time. In hex,
-- milliseconds and their 4096ths are 15 digits; the version goes between the two.
CREATE OR REPLACE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT (overlay(lpad(to_hex(floor(extract(epoch FROM clock_timestamp()) * 4096000)::bigint), 15, '0') PLACING '7' FROM 13 FOR 0)
        || right(gen_random_uuid()::text, 17))::uuid
$$;

-- medium is one of the media that the field names. Only some can be linked; the others' applicants come by file.
CREATE DOMAIN medium AS text CONSTRAINT medium_is_known CHECK (VALUE IN (
    'WANTEDLY', 'RIKUNABI_NEXT', 'DODA', 'GREEN', 'EN_TENSHOKU', 'MYNAVI_TENSHOKU', 'BIZREACH', 'OTHER'));
ALTER TABLE routing_rules DROP CONSTRAINT routing_rules_medium_check, ALTER COLUMN medium TYPE medium;
ALTER TABLE candidates    DROP CONSTRAINT candidates_medium_check,    ALTER COLUMN medium TYPE medium;
ALTER TABLE inbox_entries DROP CONSTRAINT inbox_entries_medium_check, ALTER COLUMN medium TYPE medium;
ALTER TABLE erased_people DROP CONSTRAINT erased_people_medium_check, ALTER COLUMN medium TYPE medium;

-- Whoever owns the tables sees nothing of them while the walls stand.
ALTER TABLE inbox_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE openings NO FORCE ROW LEVEL SECURITY;
ALTER TABLE applications NO FORCE ROW LEVEL SECURITY;
ALTER TABLE selection_events NO FORCE ROW LEVEL SECURITY;
ALTER TABLE selection_steps NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_entries
    -- Where the decision sent it. An application may have moved on since.
    ADD COLUMN opening_id     uuid,
    -- The rules that came near and lost, and why: [{"rule", "revision", "positionName", "medium", "opening", "why", "score"}].
    ADD COLUMN considered     jsonb,
    -- The bulk action, or the change of a rule, that this decision was a part of.
    ADD COLUMN action_id      uuid,
    -- The file that brought it, where no account did.
    ADD COLUMN file_import_id uuid,
    ADD FOREIGN KEY (company_id, opening_id) REFERENCES openings (company_id, id);
-- Where it went at first: the application may have gone elsewhere since.
UPDATE inbox_entries e SET opening_id = coalesce((
    SELECT s.opening_id FROM selection_events h JOIN selection_steps s ON s.company_id = h.company_id AND s.id = h.to_step_id
    WHERE h.company_id = a.company_id AND h.application_id = a.id AND h.n = 1), a.opening_id)
FROM applications a WHERE a.company_id = e.company_id AND a.entry_id = e.id AND e.state = 'ROUTED';
ALTER TABLE inbox_entries ADD CONSTRAINT routed_says_where CHECK ((opening_id IS NOT NULL) = (state = 'ROUTED'));
CREATE INDEX inbox_entries_by_file ON inbox_entries (company_id, file_import_id, applied_at DESC, id DESC) WHERE file_import_id IS NOT NULL;

-- Each decision about an entry, in order; never changed. The names compared stand in the entry, where nothing
-- changes them.
CREATE TABLE routing_decisions (
    company_id         uuid        NOT NULL,
    id                 uuid        NOT NULL DEFAULT new_id(),
    entry_id           uuid        NOT NULL,
    at                 timestamptz NOT NULL,
    state              text        NOT NULL CHECK (state IN ('ROUTED', 'WAITING', 'EXCLUDED')),
    decided_by         text        NOT NULL CHECK (decided_by IN ('RULE', 'MEMBER', 'SYSTEM')),
    member_id          uuid,
    -- The rule as it then stood. No reference: this outlives it.
    rule_id            uuid,
    rule_revision      int,
    rule_position_name text,
    opening_id         uuid,
    waiting_reason     text        CHECK (waiting_reason IN ('NO_RULE', 'OPENING_CLOSED')),
    considered         jsonb,
    action_id          uuid,
    PRIMARY KEY (company_id, entry_id, id),
    FOREIGN KEY (company_id, entry_id) REFERENCES inbox_entries (company_id, id)
);
CREATE INDEX routing_decisions_by_action ON routing_decisions (company_id, action_id) WHERE action_id IS NOT NULL;
-- By hand, to which opening, since when: what a rule would have caught.
CREATE INDEX routing_decisions_by_hand ON routing_decisions (company_id, opening_id, at) WHERE decided_by = 'MEMBER' AND opening_id IS NOT NULL;
CALL wall('routing_decisions', 'SELECT, INSERT, DELETE');

-- An entry holds its latest decision; whoever writes it cannot forget the history. A set at a time.
-- +goose StatementBegin
CREATE FUNCTION note_first_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_decisions (company_id, entry_id, at, state, decided_by, member_id, rule_id, rule_revision,
                                   rule_position_name, opening_id, waiting_reason, considered, action_id)
    SELECT n.company_id, n.id, n.decided_at, n.state, n.decided_by, n.member_id, n.rule_id, n.rule_revision,
           n.rule_position_name, n.opening_id, n.waiting_reason, n.considered, n.action_id
    FROM now_there n;
    RETURN NULL;
END
$$;
CREATE FUNCTION note_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_decisions (company_id, entry_id, at, state, decided_by, member_id, rule_id, rule_revision,
                                   rule_position_name, opening_id, waiting_reason, considered, action_id)
    SELECT n.company_id, n.id, n.decided_at, n.state, n.decided_by, n.member_id, n.rule_id, n.rule_revision,
           n.rule_position_name, n.opening_id, n.waiting_reason, n.considered, n.action_id
    FROM now_there n JOIN there_before b USING (company_id, id)
    WHERE (n.state, n.decided_by, n.decided_at) <> (b.state, b.decided_by, b.decided_at)
       OR n.rule_id IS DISTINCT FROM b.rule_id OR n.waiting_reason IS DISTINCT FROM b.waiting_reason;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER note_first_decisions AFTER INSERT ON inbox_entries
    REFERENCING NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION note_first_decisions();
CREATE TRIGGER note_decisions AFTER UPDATE ON inbox_entries
    REFERENCING OLD TABLE AS there_before NEW TABLE AS now_there FOR EACH STATEMENT EXECUTE FUNCTION note_decisions();
ALTER TABLE routing_decisions NO FORCE ROW LEVEL SECURITY;
INSERT INTO routing_decisions (company_id, entry_id, at, state, decided_by, member_id, rule_id, rule_revision,
                               rule_position_name, opening_id, waiting_reason)
SELECT company_id, id, decided_at, state, decided_by, member_id, rule_id, rule_revision, rule_position_name, opening_id, waiting_reason
FROM inbox_entries;
ALTER TABLE routing_decisions FORCE ROW LEVEL SECURITY;
ALTER TABLE applications FORCE ROW LEVEL SECURITY;
ALTER TABLE selection_events FORCE ROW LEVEL SECURITY;
ALTER TABLE selection_steps FORCE ROW LEVEL SECURITY;
ALTER TABLE openings FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_entries FORCE ROW LEVEL SECURITY;

-- What was routed and taken back stays in the history. An entry has one application at most that was not.
ALTER TABLE applications
    DROP CONSTRAINT applications_one_per_entry,
    DROP CONSTRAINT applications_outcome_check,
    ADD CONSTRAINT applications_outcome_check CHECK (outcome IN (
        'IN_PROGRESS', 'JOINED', 'REJECTED', 'WITHDRAWN', 'CLOSED_AS_DUPLICATE', 'ROUTING_UNDONE'));
CREATE UNIQUE INDEX applications_one_per_entry ON applications (company_id, entry_id) WHERE outcome <> 'ROUTING_UNDONE';
CREATE INDEX applications_by_entry ON applications (company_id, entry_id);
ALTER TABLE selection_events
    DROP CONSTRAINT selection_events_outcome_check,
    ADD CONSTRAINT selection_events_outcome_check CHECK (outcome IN (
        'IN_PROGRESS', 'JOINED', 'REJECTED', 'WITHDRAWN', 'CLOSED_AS_DUPLICATE', 'ROUTING_UNDONE'));

-- Events of other things than accounts and their runs.
ALTER TABLE events
    ADD COLUMN subject_id uuid,
    DROP CONSTRAINT events_kind_check,
    DROP CONSTRAINT events_check,
    ADD CONSTRAINT events_kind_check CHECK (kind IN ('ACCOUNT', 'RUN', 'INBOX', 'OPENING', 'SELECTION', 'FILE')),
    -- The account, for kinds ACCOUNT and RUN; the opening, for OPENING and SELECTION; the file.
    ADD CONSTRAINT events_say_of_what CHECK (
        (account_id IS NOT NULL) = (kind IN ('ACCOUNT', 'RUN')) AND (subject_id IS NOT NULL) = (kind IN ('OPENING', 'SELECTION', 'FILE')));

ALTER TABLE candidates
    -- The name as names are compared: NFKC, lower case, nothing between its parts.
    ADD COLUMN normalized_name   text NOT NULL DEFAULT '',
    -- HMAC-SHA-256 of the phone number, as of the e-mail.
    ADD COLUMN phone_index       bytea CHECK (octet_length(phone_index) = 32),
    -- HMAC-SHA-256 of all that the medium told when the person came in, and when a later run first saw another.
    ADD COLUMN content_hash      bytea CHECK (octet_length(content_hash) = 32),
    ADD COLUMN medium_changed_at timestamptz,
    ADD COLUMN revision          int NOT NULL DEFAULT 1;
ALTER TABLE candidates NO FORCE ROW LEVEL SECURITY;
UPDATE candidates SET normalized_name = regexp_replace(lower(normalize(name, NFKC)), '[[:space:]　・]', '', 'g');
ALTER TABLE candidates FORCE ROW LEVEL SECURITY;
CREATE INDEX candidates_by_name ON candidates (company_id, normalized_name, id);
CREATE INDEX candidates_by_phone ON candidates (company_id, phone_index) WHERE phone_index IS NOT NULL;
