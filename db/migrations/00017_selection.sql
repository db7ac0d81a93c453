-- Selection: how many an opening takes, why a selection ended, and boards that answer at once.

-- +goose Up
-- 定員, where the opening has one. Beyond it people are routed all the same, and somebody is told.
ALTER TABLE openings ADD COLUMN capacity int CHECK (capacity BETWEEN 1 AND 10000);

-- Whether it was told that an opening's capacity is reached. A row for each opening that has, or had, a capacity:
-- whoever lets somebody in or out locks it, so that of two who fill the last two seats the second sees the first.
-- The opening's own row will not do: those who route hold that one together.
CREATE TABLE opening_fills (
    company_id uuid    NOT NULL,
    opening_id uuid    NOT NULL,
    reached    boolean NOT NULL DEFAULT false,
    PRIMARY KEY (company_id, opening_id),
    FOREIGN KEY (company_id, opening_id) REFERENCES openings (company_id, id)
);
CALL wall('opening_fills', 'SELECT, INSERT, UPDATE');

-- Why a selection ended: at most three classes.
ALTER TABLE selection_events ADD COLUMN reasons text[] NOT NULL DEFAULT '{}'
    CONSTRAINT reasons_are_known CHECK (cardinality(reasons) <= 3 AND reasons <@ ARRAY[
        'SKILLS', 'CULTURE', 'CONDITIONS', 'REQUIREMENTS', 'POSITION_FILLED', 'OTHER_OFFER', 'DUTIES', 'UNREACHABLE',
        'DURATION', 'PERSONAL', 'OTHER']);

-- A column of a board, page by page, and how many stand where and how, without a look at the rows.
CREATE INDEX applications_by_step ON applications (company_id, opening_id, step_id, outcome, applied_at, id);
