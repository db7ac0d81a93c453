-- Who did what, for ever: lines are added and never changed, each with the hash of the one before.

-- +goose Up
CREATE TABLE audit_log (
    company_id uuid        NOT NULL REFERENCES companies (id),
    -- Gap-free from 1.
    n          bigint      NOT NULL,
    at         timestamptz NOT NULL,
    -- MEMBER: a person or their token. OPERATOR: somebody at the server's console. SYSTEM: the program itself.
    -- NOBODY: somebody who was not let in.
    actor      text        NOT NULL CHECK (actor IN ('MEMBER', 'OPERATOR', 'SYSTEM', 'NOBODY')),
    member_id  uuid        CHECK ((member_id IS NOT NULL) = (actor = 'MEMBER')),
    -- TOKEN, SESSION or OIDC, with the id of the first two.
    credential text        NOT NULL DEFAULT '' CHECK (credential IN ('', 'TOKEN', 'SESSION', 'OIDC')),
    credential_id uuid,
    address    text        NOT NULL DEFAULT '' CHECK (char_length(address) <= 100),
    action     text        NOT NULL CHECK (action ~ '^[A-Z][A-Z_]{2,60}$'),
    -- What it was done to. No reference: the line outlives it.
    subject_id uuid,
    -- Numbers, states and ids; never a person's data, never a secret.
    detail     jsonb       NOT NULL DEFAULT '{}',
    previous   bytea       NOT NULL,
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32),
    PRIMARY KEY (company_id, n)
);
CREATE INDEX audit_log_by_action ON audit_log (company_id, action, n);
CREATE INDEX audit_log_by_member ON audit_log (company_id, member_id, n) WHERE member_id IS NOT NULL;
CREATE INDEX audit_log_by_subject ON audit_log (company_id, subject_id, n) WHERE subject_id IS NOT NULL;

-- +goose StatementBegin
-- audit_text is what a line's hash is made of: every column, each with its length, so that nothing can be
-- moved from one into the next. intake.AuditLine says the same in Go.
CREATE FUNCTION audit_text(l audit_log) RETURNS text LANGUAGE sql IMMUTABLE AS $$
    SELECT string_agg(char_length(v) || ':' || v, ',' ORDER BY i)
    FROM unnest(ARRAY[
        l.company_id::text, l.n::text, (extract(epoch FROM l.at) * 1000000)::bigint::text, l.actor, coalesce(l.member_id::text, ''),
        l.credential, coalesce(l.credential_id::text, ''), l.address, l.action, coalesce(l.subject_id::text, ''), l.detail::text,
        encode(l.previous, 'hex')
    ]) WITH ORDINALITY AS t (v, i)
$$;
-- +goose StatementEnd

-- +goose StatementBegin
-- audit_chain numbers a line and ties it to the one before, one company at a time.
CREATE FUNCTION audit_chain() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    last audit_log;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('audit:' || NEW.company_id::text, 0));
    SELECT * INTO last FROM audit_log a WHERE a.company_id = NEW.company_id ORDER BY a.n DESC LIMIT 1;
    NEW.n := coalesce(last.n, 0) + 1;
    NEW.at := clock_timestamp();
    NEW.previous := coalesce(last.hash, '\x');
    NEW.hash := sha256(convert_to(audit_text(NEW), 'UTF8'));
    RETURN NEW;
END
$$;
-- +goose StatementEnd
CREATE TRIGGER audit_chain BEFORE INSERT ON audit_log FOR EACH ROW EXECUTE FUNCTION audit_chain();

CALL wall('audit_log', 'SELECT, INSERT');
