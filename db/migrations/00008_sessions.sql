-- Sessions of the console, and how often somebody tried to get in.

-- +goose Up
CREATE TABLE sessions (
    company_id      uuid        NOT NULL,
    id              uuid        NOT NULL DEFAULT new_id(),
    member_id       uuid        NOT NULL,
    -- SHA-256 of what stands in the cookie, which has 256 random bits.
    token_hash      bytea       NOT NULL CHECK (octet_length(token_hash) = 32),
    -- The cookie before its last renewal opens the session a few seconds longer: requests were under way.
    previous_hash   bytea       CHECK (octet_length(previous_hash) = 32),
    renewed_at      timestamptz,
    -- The company and the member, in scs's notation. Who they are is asked of the members each time.
    data            bytea       NOT NULL CHECK (octet_length(data) <= 4096),
    -- The member's when the cookie was made.
    member_revision int         NOT NULL,
    created_at      timestamptz NOT NULL DEFAULT now(),
    last_seen_at    timestamptz NOT NULL DEFAULT now(),
    expires_at      timestamptz NOT NULL,
    ended_at        timestamptz,
    address         text        NOT NULL CHECK (char_length(address) <= 100),
    user_agent      text        NOT NULL CHECK (char_length(user_agent) <= 200),
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, member_id) REFERENCES members (company_id, id),
    CONSTRAINT renewal_is_whole CHECK ((previous_hash IS NULL) = (renewed_at IS NULL))
);
CREATE UNIQUE INDEX sessions_by_token ON sessions (token_hash);
CREATE INDEX sessions_by_previous_token ON sessions (previous_hash) WHERE previous_hash IS NOT NULL;
CREATE INDEX sessions_by_member ON sessions (company_id, member_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

CALL wall('sessions', 'SELECT, INSERT, UPDATE, DELETE');
-- Whom a cookie stands for.
CREATE POLICY across ON sessions TO renkei_keeper USING (true);
GRANT SELECT, UPDATE (last_seen_at, expires_at), DELETE ON sessions TO renkei_keeper;

-- When somebody tried to get in, by whom they said they were and by where they came from. Of nobody's
-- company: it is about strangers.
CREATE TABLE sign_in_tries (
    -- SHA-256 of a kind and an e-mail or network address.
    key        bytea         PRIMARY KEY CHECK (octet_length(key) = 32),
    tries      timestamptz[] NOT NULL,
    -- Nobody asks for the row after this.
    expires_at timestamptz   NOT NULL
);
CREATE INDEX sign_in_tries_by_expiry ON sign_in_tries (expires_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON sign_in_tries TO renkei_keeper;

-- +goose StatementBegin
-- count_try counts a try, unless there were enough of them in the span: then it says how long it is until
-- there is room for another. Of any number at the same instant no more than enough are counted.
CREATE FUNCTION count_try(k bytea, span interval, enough int) RETURNS interval LANGUAGE plpgsql AS $$
DECLARE
    instant timestamptz := clock_timestamp();
BEGIN
    INSERT INTO sign_in_tries AS t (key, tries, expires_at) VALUES (k, ARRAY[instant], instant + span)
    ON CONFLICT (key) DO UPDATE
    SET tries = array(SELECT x FROM unnest(t.tries) x WHERE x > instant - span ORDER BY x) || instant, expires_at = instant + span
    WHERE (SELECT count(*) FROM unnest(t.tries) x WHERE x > instant - span) < enough;
    IF FOUND THEN
        RETURN interval '0';
    END IF;
    RETURN (SELECT greatest(min(x) + span - instant, interval '1 second') FROM sign_in_tries t, unnest(t.tries) x
            WHERE t.key = k AND x > instant - span);
END
$$;
-- +goose StatementEnd
