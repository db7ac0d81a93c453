-- Who was a member before there were invitations has joined.

-- +goose Up
-- No wall stands open for the owner either; this one is opened for a statement.
ALTER TABLE members NO FORCE ROW LEVEL SECURITY;
UPDATE members SET joined_at = created_at WHERE joined_at IS NULL AND invited_at IS NULL;
ALTER TABLE members FORCE ROW LEVEL SECURITY;
