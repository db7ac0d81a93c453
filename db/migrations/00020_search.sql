-- Finding candidates by any piece of what they are searched by: name, position, companies, schools, majors, skills.
-- Postgres' own ways do not help here: pg_trgm knows no Japanese in the C locale, and no operator for parts of texts
-- is leakproof, so behind row-level security none reaches a GIN index. Equality does.

-- +goose Up
-- What each candidate is searched by, folded in Go. Whoever has come in is found from then on: by reading the
-- texts until they are in a segment, by the segment's lists after that.
CREATE TABLE candidate_search (
    company_id   uuid        NOT NULL,
    candidate_id uuid        NOT NULL,
    text         text        COLLATE "C" NOT NULL,
    -- Where the candidate stands in the index.
    segment      int,
    place        smallint    CHECK (place BETWEEN 0 AND 8191),
    PRIMARY KEY (company_id, candidate_id),
    CONSTRAINT place_is_in_a_segment CHECK ((place IS NULL) = (segment IS NULL))
);
CREATE UNIQUE INDEX candidate_search_by_place ON candidate_search (company_id, segment, place) WHERE segment IS NOT NULL;
CREATE INDEX candidate_search_loose ON candidate_search (company_id, candidate_id) WHERE segment IS NULL;
CALL wall('candidate_search', 'SELECT, INSERT, UPDATE, DELETE');

-- Up to 8,192 candidates, standing in the order of their ids.
CREATE TABLE search_segments (
    company_id uuid NOT NULL REFERENCES companies (id),
    segment    int  NOT NULL,
    first_id   uuid NOT NULL,
    last_id    uuid NOT NULL,
    PRIMARY KEY (company_id, segment)
);
CALL wall('search_segments', 'SELECT, INSERT, UPDATE (first_id, last_id), DELETE');

-- The places of those in whose text one, two or three characters stand side by side: two bytes each, or, where they
-- are many, a bit for each place.
CREATE TABLE search_terms (
    company_id uuid  NOT NULL,
    term       text  COLLATE "C" NOT NULL,
    segment    int   NOT NULL,
    places     bytea NOT NULL CHECK (octet_length(places) BETWEEN 2 AND 1024),
    PRIMARY KEY (company_id, term, segment)
);
CALL wall('search_terms', 'SELECT, INSERT, UPDATE, DELETE');

-- Which companies have texts in no segment, and nothing else of them.
CREATE POLICY across ON candidate_search TO renkei_keeper USING (segment IS NULL);
GRANT SELECT (company_id) ON candidate_search TO renkei_keeper;

-- How far the candidates of before have got their texts. Kept for a day: a process of an older version may still
-- bring some in without.
CREATE TABLE search_backfills (
    company_id uuid        PRIMARY KEY REFERENCES companies (id),
    after_id   uuid        NOT NULL DEFAULT '00000000-0000-0000-0000-000000000000',
    until      timestamptz NOT NULL DEFAULT now() + interval '1 day'
);
-- Whoever owns the tables sees nothing of them while the walls stand.
ALTER TABLE companies NO FORCE ROW LEVEL SECURITY;
INSERT INTO search_backfills (company_id) SELECT id FROM companies;
ALTER TABLE companies FORCE ROW LEVEL SECURITY;
CALL wall('search_backfills', 'SELECT, UPDATE, DELETE');
CREATE POLICY across ON search_backfills TO renkei_keeper USING (true);
GRANT SELECT (company_id) ON search_backfills TO renkei_keeper;

-- For the entries of a position, and for the positions that there are.
CREATE INDEX inbox_entries_by_position ON inbox_entries (company_id, normalized_position_name, applied_at, id);
