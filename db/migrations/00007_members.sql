-- Members who sign in, are invited, and leave.

-- +goose Up
ALTER TABLE members
    -- argon2id in its own notation; null for somebody who has not chosen a password.
    ADD COLUMN password_hash     text        CHECK (password_hash LIKE '$argon2id$%'),
    -- Who this is to the identity provider; one person may be a member of several companies.
    ADD COLUMN oidc_issuer       text,
    ADD COLUMN oidc_subject      text,
    ADD COLUMN invited_at        timestamptz,
    ADD COLUMN joined_at         timestamptz,
    ADD COLUMN last_signed_in_at timestamptz,
    ADD COLUMN disabled_at       timestamptz,
    -- Raised by whatever changes what the member may do.
    ADD COLUMN revision          int         NOT NULL DEFAULT 1,
    ADD CONSTRAINT oidc_identity_is_whole CHECK ((oidc_issuer IS NULL) = (oidc_subject IS NULL));
CREATE UNIQUE INDEX members_one_per_identity ON members (company_id, oidc_issuer, oidc_subject) WHERE oidc_subject IS NOT NULL;
-- To sign in, one has an address and no company yet.
CREATE INDEX members_by_email ON members (lower(email));
CREATE INDEX members_by_identity ON members (oidc_issuer, oidc_subject) WHERE oidc_subject IS NOT NULL;

ALTER TABLE api_tokens
    ADD COLUMN revoked_at timestamptz,
    ADD COLUMN created_by uuid;
CREATE INDEX api_tokens_by_member ON api_tokens (company_id, member_id);

-- Links that work once: to accept an invitation, to choose another password.
CREATE TABLE one_time_links (
    company_id uuid        NOT NULL,
    id         uuid        NOT NULL DEFAULT new_id(),
    member_id  uuid        NOT NULL,
    purpose    text        NOT NULL CHECK (purpose IN ('INVITATION', 'PASSWORD_RESET')),
    -- SHA-256 of the link's secret, which has 256 random bits.
    hash       bytea       NOT NULL CHECK (octet_length(hash) = 32),
    created_at timestamptz NOT NULL DEFAULT now(),
    expires_at timestamptz NOT NULL,
    used_at    timestamptz,
    PRIMARY KEY (company_id, id),
    FOREIGN KEY (company_id, member_id) REFERENCES members (company_id, id)
);
CREATE UNIQUE INDEX one_time_links_by_hash ON one_time_links (hash);
CREATE INDEX one_time_links_by_member ON one_time_links (company_id, member_id, purpose);

CALL wall('one_time_links', 'SELECT, INSERT, UPDATE, DELETE');
CREATE POLICY across ON one_time_links TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, member_id, purpose, hash, expires_at, used_at) ON one_time_links TO renkei_keeper;
GRANT SELECT (password_hash, oidc_issuer, oidc_subject, joined_at, last_signed_in_at, disabled_at, revision) ON members TO renkei_keeper;
