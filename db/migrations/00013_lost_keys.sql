-- Who gives up a master key that is lost gives up the companies' keys that it sealed, and the tombstones that were
-- made with those: nothing matches them any more.

-- +goose Up
-- The keeper removes what nobody can open, and nothing else.
DROP POLICY resealing ON company_keys;
CREATE POLICY resealing ON company_keys FOR SELECT TO renkei_keeper USING (sealed_key IS NOT NULL);
CREATE POLICY lost ON company_keys FOR DELETE TO renkei_keeper
    USING (sealed_key IN (SELECT id FROM vault_keys WHERE state = 'DISABLED'));
GRANT DELETE ON company_keys TO renkei_keeper;
-- Of the tombstones, it finds those of companies that have no key.
CREATE POLICY lost ON erased_people TO renkei_keeper
    USING (NOT EXISTS (SELECT FROM company_keys k WHERE k.company_id = erased_people.company_id));
GRANT SELECT (company_id), DELETE ON erased_people TO renkei_keeper;
