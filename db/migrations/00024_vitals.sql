-- What operators see over all companies: how many links stand how, and since when somebody waits. Never whose, and
-- never who.

-- +goose Up
GRANT SELECT (linked_at, last_imported_at) ON medium_accounts TO renkei_keeper;
CREATE POLICY vitals ON inbox_entries FOR SELECT TO renkei_keeper USING (state = 'WAITING');
GRANT SELECT (company_id, medium, state, imported_at) ON inbox_entries TO renkei_keeper;
