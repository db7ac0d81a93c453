-- What 00021 to 00023 left for later, because it reads whole tables: nobody who reads or writes waits for it. It can be
-- broken off at any line, and begun again.

-- +goose NO TRANSACTION
-- +goose Up
-- These locks hold nobody up, and whoever reads for an hour is waited for.
SET lock_timeout = 0;
ALTER TABLE selection_events VALIDATE CONSTRAINT selection_events_rerouted;
ALTER TABLE import_runs VALIDATE CONSTRAINT changes_when_unexpected;
ALTER TABLE events VALIDATE CONSTRAINT events_kind_check;
ALTER TABLE events VALIDATE CONSTRAINT events_say_of_what;

-- How long the longest of a company has waited is asked each minute. One that was broken off is there and of no use.
DROP INDEX CONCURRENTLY IF EXISTS inbox_entries_waiting_long;
CREATE INDEX CONCURRENTLY inbox_entries_waiting_long ON inbox_entries (company_id, decided_at) WHERE state = 'WAITING';

-- Which links have fallen silent is asked each minute: of a million, only those that have.
DROP INDEX CONCURRENTLY IF EXISTS medium_accounts_silent;
CREATE INDEX CONCURRENTLY medium_accounts_silent ON medium_accounts (greatest(linked_at, last_imported_at)) WHERE status = 'LINKED';
RESET lock_timeout;

-- +goose Down
DROP INDEX CONCURRENTLY IF EXISTS medium_accounts_silent;
DROP INDEX CONCURRENTLY IF EXISTS inbox_entries_waiting_long;
