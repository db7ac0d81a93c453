-- Reading the log of who did what: by its time, besides what it has indexes for already.

-- +goose Up
-- Lines are numbered in the order of their times but where the clock was set back, so an instant is looked
-- up here and not in the order of numbers.
CREATE INDEX audit_log_by_time ON audit_log (company_id, at, n);
