-- Companies, their people and the tokens that open the API for them.

-- +goose Up
-- +goose StatementBegin
-- new_id makes a UUIDv7, so that rows made in sets get ids as index-friendly as those made in Go. Behind
-- the milliseconds stand the microseconds (RFC 9562, method 3), as in Go's: lists in the order of ids are
-- in the order in which things were made.
CREATE FUNCTION new_id() RETURNS uuid LANGUAGE sql VOLATILE PARALLEL SAFE AS $$
    SELECT encode(
        overlay(overlay(uuid_send(gen_random_uuid())
            PLACING substring(int8send(us / 1000) FROM 3) FROM 1 FOR 6)
            PLACING substring(int8send(28672 + (us % 1000) * 4096 / 1000) FROM 7) FROM 7 FOR 2),
        'hex')::uuid
    FROM (SELECT floor(extract(epoch FROM clock_timestamp()) * 1000000)::bigint AS us) now
$$;
-- +goose StatementEnd

CREATE TABLE companies (
    id         uuid        PRIMARY KEY,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE members (
    company_id uuid        NOT NULL REFERENCES companies (id),
    id         uuid        NOT NULL,
    name       text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    email      text        NOT NULL CHECK (char_length(email) BETWEEN 3 AND 254),
    roles      text[]      NOT NULL CHECK (cardinality(roles) > 0 AND roles <@ ARRAY['ADMIN', 'RECRUITER', 'COORDINATOR']),
    created_at timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, id)
);
CREATE UNIQUE INDEX members_one_per_email ON members (company_id, lower(email));

CREATE TABLE api_tokens (
    company_id   uuid        NOT NULL,
    id           uuid        NOT NULL,
    member_id    uuid        NOT NULL,
    name         text        NOT NULL CHECK (char_length(name) BETWEEN 1 AND 200),
    -- SHA-256 of the token. The token has 256 random bits, so a slow hash would add nothing.
    hash         bytea       NOT NULL CHECK (octet_length(hash) = 32),
    created_at   timestamptz NOT NULL DEFAULT now(),
    expires_at   timestamptz,
    last_used_at timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, member_id) REFERENCES members (company_id, id)
);
CREATE UNIQUE INDEX api_tokens_by_hash ON api_tokens (hash);

-- company_counters is the row that a transaction locks last: it gives a company's events their
-- gap-free numbers in the order of commits, and holds the two figures that every inbox event shows.
CREATE TABLE company_counters (
    company_id uuid   PRIMARY KEY REFERENCES companies (id),
    seq        bigint NOT NULL DEFAULT 0,
    waiting    bigint NOT NULL DEFAULT 0 CHECK (waiting >= 0),
    routed     bigint NOT NULL DEFAULT 0 CHECK (routed >= 0)
) WITH (fillfactor = 50);

-- events are what subscribers read, past their cursor.
CREATE TABLE events (
    company_id uuid        NOT NULL,
    seq        bigint      NOT NULL,
    kind       text        NOT NULL CHECK (kind IN ('ACCOUNT', 'RUN', 'INBOX')),
    -- The account, for kinds ACCOUNT and RUN.
    account_id uuid        CHECK ((account_id IS NULL) = (kind = 'INBOX')),
    payload    jsonb       NOT NULL,
    at         timestamptz NOT NULL DEFAULT now(),
    PRIMARY KEY (company_id, seq)
);
CREATE INDEX events_by_kind ON events (company_id, kind, seq);
CREATE INDEX events_by_age ON events USING brin (at);
