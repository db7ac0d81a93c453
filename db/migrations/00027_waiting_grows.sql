-- Whether far more wait by now than somebody was told of is asked each minute, of all companies.

-- +goose Up
GRANT SELECT (waiting, opened_at) ON incidents TO renkei_keeper;

-- +goose Down
REVOKE SELECT (waiting, opened_at) ON incidents FROM renkei_keeper;
