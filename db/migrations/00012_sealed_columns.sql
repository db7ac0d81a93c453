-- What candidates wrote, the notes on them and the companies' own keys are sealed anew like all the rest.

-- +goose Up
-- So that a line of history is found by its id, as every row is that holds something sealed.
ALTER TABLE selection_events ADD COLUMN id uuid NOT NULL DEFAULT new_id();
SELECT seal_column('candidates', 'sealed');
SELECT seal_column('selection_events', 'sealed_note');
SELECT seal_column('company_keys', 'sealed');

CREATE POLICY resealing ON candidates TO renkei_keeper USING (sealed_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_key) ON candidates TO renkei_keeper;
CREATE POLICY resealing ON selection_events TO renkei_keeper USING (sealed_note_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_note_key) ON selection_events TO renkei_keeper;
CREATE POLICY resealing ON company_keys TO renkei_keeper USING (sealed_key IS NOT NULL);
GRANT SELECT (company_id, id, sealed_key) ON company_keys TO renkei_keeper;
