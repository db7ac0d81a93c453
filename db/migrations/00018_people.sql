-- One person in several rows: who was merged into whom, and who is not the same as somebody else after all.

-- +goose Up
-- Whoever owns the tables sees nothing of them while the walls stand.
ALTER TABLE candidates NO FORCE ROW LEVEL SECURITY;
ALTER TABLE candidates
    -- The one who stands for both. Flat: who stands for others is merged into nobody. Every row keeps its own
    -- entries, applications and profile, so that a merge loses nothing and is undone exactly.
    ADD COLUMN merged_into uuid CONSTRAINT not_merged_into_itself CHECK (merged_into <> id),
    ADD FOREIGN KEY (company_id, merged_into) REFERENCES candidates (company_id, id),
    -- Equal in all rows of one person. A column, since an index behind a wall is only used with what cannot leak.
    ADD COLUMN person_id uuid NOT NULL GENERATED ALWAYS AS (coalesce(merged_into, id)) STORED;
ALTER TABLE candidates FORCE ROW LEVEL SECURITY;
CREATE INDEX candidates_by_person ON candidates (company_id, person_id);
-- For the reference, when somebody is erased.
CREATE INDEX candidates_merged ON candidates (company_id, merged_into) WHERE merged_into IS NOT NULL;

-- Walked in their order in search of equal ones, and told there whose rows they are.
DROP INDEX candidates_by_name, candidates_by_email, candidates_by_phone;
CREATE INDEX candidates_by_name ON candidates (company_id, normalized_name, id) INCLUDE (person_id);
CREATE INDEX candidates_by_email ON candidates (company_id, email_index, id) INCLUDE (person_id) WHERE email_index IS NOT NULL;
CREATE INDEX candidates_by_phone ON candidates (company_id, phone_index, id) INCLUDE (person_id) WHERE phone_index IS NOT NULL;

-- Each merge, and whether it was taken back.
CREATE TABLE candidate_merges (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL DEFAULT new_id(),
    into_id    uuid        NOT NULL,
    from_id    uuid        NOT NULL CONSTRAINT two_are_merged CHECK (from_id <> into_id),
    -- Those who had been merged into from_id before, and went along.
    moved      uuid[]      NOT NULL,
    member_id  uuid        NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    undone_at  timestamptz,
    undone_by  uuid,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, into_id) REFERENCES candidates (company_id, id),
    FOREIGN KEY (company_id, from_id) REFERENCES candidates (company_id, id),
    CONSTRAINT undoing_is_whole CHECK ((undone_at IS NULL) = (undone_by IS NULL))
);
CREATE INDEX candidate_merges_by_into ON candidate_merges (company_id, into_id, id);
-- Nobody is merged twice without being parted in between.
CREATE UNIQUE INDEX candidate_merges_one_standing ON candidate_merges (company_id, from_id) WHERE undone_at IS NULL;
CREATE INDEX candidate_merges_by_from ON candidate_merges (company_id, from_id);
CALL wall('candidate_merges', 'SELECT, INSERT, UPDATE (undone_at, undone_by), DELETE');

-- Pairs of whom somebody said that they are two people.
CREATE TABLE dismissed_duplicates (
    company_id   uuid        NOT NULL,
    -- The smaller id first: a pair has no direction.
    candidate_id uuid        NOT NULL,
    other_id     uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    at           timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, candidate_id, other_id),
    FOREIGN KEY (company_id, candidate_id) REFERENCES candidates (company_id, id),
    FOREIGN KEY (company_id, other_id) REFERENCES candidates (company_id, id),
    CONSTRAINT smaller_id_first CHECK (candidate_id < other_id)
);
CREATE INDEX dismissed_duplicates_by_other ON dismissed_duplicates (company_id, other_id);
CALL wall('dismissed_duplicates', 'SELECT, INSERT, DELETE');
