-- What the openings were called when an application was moved from one to another: its explanation tells of the move,
-- and is the same whatever they are called later. Lines from before this know only what they are called now.

-- +goose Up
ALTER TABLE selection_events
    ADD COLUMN from_opening_name text,
    ADD COLUMN opening_name text,
    ADD CONSTRAINT selection_events_rerouted CHECK ((from_opening_name IS NULL) = (opening_name IS NULL)) NOT VALID;

-- +goose Down
ALTER TABLE selection_events DROP COLUMN from_opening_name, DROP COLUMN opening_name;
