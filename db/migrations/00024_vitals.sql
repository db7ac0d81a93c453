-- What operators see over all companies: how many links stand how, and since when somebody waits. Never whose, and
-- never who.

-- +goose Up
GRANT SELECT (medium, imported_at) ON inbox_entries TO renkei_keeper;

-- +goose Down
REVOKE SELECT (medium, imported_at) ON inbox_entries FROM renkei_keeper;
