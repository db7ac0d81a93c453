-- The recruiter's inbox: filters, actions that can be undone, and invalid records that are asked for again.

-- +goose Up
-- UNDONE: a rule has an open opening for it, but its routing by that rule, at that revision, was taken back. The
-- entry then keeps the rule's id and revision, also while it is excluded: as long as they are the rule's, no sweep
-- routes it. Whoever changes the rule asks anew.
ALTER TABLE inbox_entries
    DROP CONSTRAINT inbox_entries_waiting_reason_check,
    ADD CONSTRAINT inbox_entries_waiting_reason_check CHECK (waiting_reason IN ('NO_RULE', 'OPENING_CLOSED', 'UNDONE')),
    ADD CONSTRAINT undone_names_the_rule CHECK (waiting_reason <> 'UNDONE' OR (rule_id IS NOT NULL AND rule_revision IS NOT NULL AND rule_position_name IS NOT NULL));
ALTER TABLE routing_decisions
    DROP CONSTRAINT routing_decisions_waiting_reason_check,
    ADD CONSTRAINT routing_decisions_waiting_reason_check CHECK (waiting_reason IN ('NO_RULE', 'OPENING_CLOSED', 'UNDONE')),
    -- As it then was called: the opening that it went to, that was closed, or that it was taken back from.
    ADD COLUMN opening_name text;

-- Rising, as entries come in: read from the end, and split where it grows.
CREATE INDEX inbox_entries_by_opening ON inbox_entries (company_id, opening_id, applied_at, id) WHERE opening_id IS NOT NULL;
CREATE INDEX inbox_entries_by_import ON inbox_entries (company_id, imported_at, applied_at, id);
CREATE INDEX inbox_entries_by_reason ON inbox_entries (company_id, waiting_reason, applied_at, id) WHERE waiting_reason IS NOT NULL;
-- How many wait of each medium, and since when, from the index alone.
CREATE INDEX inbox_entries_waiting_since ON inbox_entries (company_id, medium, imported_at, applied_at) WHERE state = 'WAITING';

-- Waiting and routed are counted already; who was excluded is few or many, and told at once too.
ALTER TABLE company_counters ADD COLUMN excluded bigint NOT NULL DEFAULT 0 CHECK (excluded >= 0);
ALTER TABLE inbox_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE company_counters NO FORCE ROW LEVEL SECURITY;
UPDATE company_counters k SET excluded = (SELECT count(*) FROM inbox_entries e WHERE e.company_id = k.company_id AND e.state = 'EXCLUDED');
ALTER TABLE inbox_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE company_counters FORCE ROW LEVEL SECURITY;

-- What somebody did to many entries at once, or to one. No entry is named: the decisions say whose they are.
CREATE TABLE routing_actions (
    company_id    uuid        NOT NULL,
    id            uuid        NOT NULL,
    kind          text        NOT NULL CHECK (kind IN ('ROUTE', 'EXCLUDE', 'RESTORE', 'RULE', 'RULES_IMPORTED', 'OPENING_REOPENED')),
    member_id     uuid        NOT NULL,
    -- The rule whose first sweep it was. No reference: this outlives it.
    rule_id       uuid,
    rule_revision int,
    opening_id    uuid,
    at            timestamptz NOT NULL DEFAULT now(),
    entries       int         NOT NULL CHECK (entries > 0),
    undone_at     timestamptz,
    undone_by     uuid,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, member_id) REFERENCES members (company_id, id),
    FOREIGN KEY (company_id, undone_by) REFERENCES members (company_id, id),
    FOREIGN KEY (company_id, opening_id) REFERENCES openings (company_id, id),
    CONSTRAINT action_says_what CHECK (
        (rule_id IS NOT NULL) = (kind = 'RULE') AND (rule_revision IS NOT NULL) = (kind = 'RULE')
        AND (opening_id IS NOT NULL) = (kind IN ('ROUTE', 'RULE', 'OPENING_REOPENED'))),
    CONSTRAINT undone_by_somebody CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE UNIQUE INDEX routing_actions_one_per_revision ON routing_actions (company_id, rule_id, rule_revision) WHERE rule_id IS NOT NULL;
-- What was done stays said; that it was undone is said once.
CALL wall('routing_actions', 'SELECT, INSERT, UPDATE (undone_at, undone_by)');

-- +goose StatementBegin
CREATE OR REPLACE FUNCTION note_first_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_decisions (company_id, entry_id, at, state, decided_by, member_id, rule_id, rule_revision,
                                   rule_position_name, opening_id, waiting_reason, considered, action_id, opening_name)
    SELECT n.company_id, n.id, n.decided_at, n.state, n.decided_by, n.member_id, n.rule_id, n.rule_revision,
           n.rule_position_name, n.opening_id, n.waiting_reason, n.considered, n.action_id,
           coalesce(o.name, CASE WHEN n.waiting_reason = 'OPENING_CLOSED' THEN (
                -- A rule fits, and its opening is closed.
                SELECT c.name FROM routing_rules r JOIN openings c ON c.company_id = r.company_id AND c.id = r.opening_id
                WHERE r.company_id = n.company_id AND r.medium = n.medium AND r.normalized_position_name = n.normalized_position_name)
           END)
    FROM now_there n
    LEFT JOIN LATERAL (SELECT p.name FROM openings p WHERE p.company_id = n.company_id AND p.id = n.opening_id LIMIT 1) o ON true;
    RETURN NULL;
END
$$;
CREATE OR REPLACE FUNCTION note_decisions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO routing_decisions (company_id, entry_id, at, state, decided_by, member_id, rule_id, rule_revision,
                                   rule_position_name, opening_id, waiting_reason, considered, action_id, opening_name)
    SELECT n.company_id, n.id, n.decided_at, n.state, n.decided_by, n.member_id, n.rule_id, n.rule_revision,
           n.rule_position_name, n.opening_id, n.waiting_reason, n.considered, n.action_id,
           (SELECT o.name FROM openings o WHERE o.company_id = n.company_id AND o.id = CASE
                WHEN n.opening_id IS NOT NULL THEN n.opening_id
                WHEN n.waiting_reason = 'OPENING_CLOSED' THEN (
                    SELECT r.opening_id FROM routing_rules r
                    WHERE r.company_id = n.company_id AND r.medium = n.medium AND r.normalized_position_name = n.normalized_position_name)
                -- It was taken back from there.
                ELSE b.opening_id
            END)
    FROM now_there n JOIN there_before b USING (company_id, id)
    WHERE (n.state, n.decided_by, n.decided_at) <> (b.state, b.decided_by, b.decided_at)
       OR n.rule_id IS DISTINCT FROM b.rule_id OR n.waiting_reason IS DISTINCT FROM b.waiting_reason;
    RETURN NULL;
END
$$;
-- +goose StatementEnd
ALTER TABLE routing_decisions NO FORCE ROW LEVEL SECURITY;
ALTER TABLE openings NO FORCE ROW LEVEL SECURITY;
UPDATE routing_decisions d SET opening_name = o.name FROM openings o
WHERE o.company_id = d.company_id AND o.id = d.opening_id;
ALTER TABLE routing_decisions FORCE ROW LEVEL SECURITY;
ALTER TABLE openings FORCE ROW LEVEL SECURITY;

-- An invalid record is read again when somebody asks for it, until it can be read.
ALTER TABLE invalid_records NO FORCE ROW LEVEL SECURITY;
ALTER TABLE inbox_entries NO FORCE ROW LEVEL SECURITY;
ALTER TABLE invalid_records
    -- How often it could not be read.
    ADD COLUMN attempts       int NOT NULL DEFAULT 1 CHECK (attempts > 0),
    -- When somebody asked for it again; until it has been tried.
    ADD COLUMN asked_again_at timestamptz,
    ADD COLUMN resolved_at    timestamptz,
    -- What it became, where this account brought it in.
    ADD COLUMN entry_id       uuid,
    ADD COLUMN state          text NOT NULL GENERATED ALWAYS AS (
        CASE WHEN resolved_at IS NOT NULL THEN 'RESOLVED' WHEN asked_again_at IS NOT NULL THEN 'RETRYING' ELSE 'OPEN' END) STORED,
    ADD FOREIGN KEY (company_id, entry_id) REFERENCES inbox_entries (company_id, id),
    ADD CONSTRAINT resolved_is_over CHECK (resolved_at IS NULL OR asked_again_at IS NULL),
    ADD CONSTRAINT entry_when_resolved CHECK (entry_id IS NULL OR resolved_at IS NOT NULL);
ALTER TABLE inbox_entries FORCE ROW LEVEL SECURITY;
ALTER TABLE invalid_records FORCE ROW LEVEL SECURITY;
CREATE INDEX invalid_records_by_number ON invalid_records (company_id, account_id, external_id);
CREATE INDEX invalid_records_by_state ON invalid_records (company_id, state, id DESC);
CREATE INDEX invalid_records_by_account ON invalid_records (company_id, account_id, id DESC);
CREATE INDEX invalid_records_by_entry ON invalid_records (company_id, entry_id) WHERE entry_id IS NOT NULL;
