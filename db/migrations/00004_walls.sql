-- Walls between companies. The program works as renkei_app, which owns nothing and cannot see past
-- row-level security: a transaction names its company in renkei.company and finds that one's rows alone;
-- one that names none fails. What keeps the house running for all companies, such as looking for imports
-- that are due, works as renkei_keeper, which sees the few tables and columns that it needs.
--
-- Whoever adds a table with a company_id calls wall() for it; a test fails where that is forgotten.

-- +goose Up
-- +goose StatementBegin
DO $$
DECLARE
    name text;
BEGIN
    FOREACH name IN ARRAY ARRAY['renkei_app', 'renkei_keeper'] LOOP
        -- Roles are the server's, not the database's: another database may have made them.
        IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) THEN
            BEGIN
                EXECUTE format('CREATE ROLE %I NOLOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOBYPASSRLS', name);
            EXCEPTION WHEN duplicate_object OR unique_violation THEN
                -- A migration of another database was faster.
            END;
        END IF;
        -- So that one login will do where nobody sets up two; docs/security.md has the stricter way.
        -- From Postgres 16 on, whoever made a role may give it away, but not yet take it on.
        IF NOT pg_has_role(current_user, name, CASE WHEN current_setting('server_version_num')::int < 160000 THEN 'MEMBER' ELSE 'SET' END) THEN
            EXECUTE format('GRANT %I TO %I', name, current_user);
        END IF;
    END LOOP;
END
$$;
-- +goose StatementEnd

GRANT USAGE ON SCHEMA public TO renkei_app, renkei_keeper;

-- +goose StatementBegin
-- wall puts a table behind the wall and lets the program do with it what verbs says. key is the column
-- that holds the company.
CREATE PROCEDURE wall(tab regclass, verbs text, key text DEFAULT 'company_id') LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('ALTER TABLE %s ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY', tab);
    -- Asked once a statement, and usable by an index.
    EXECUTE format('CREATE POLICY within_company ON %s TO renkei_app USING (%I = (SELECT current_setting(''renkei.company'')::uuid))', tab, key);
    EXECUTE format('GRANT %s ON %s TO renkei_app', verbs, tab);
END
$$;
-- +goose StatementEnd

CALL wall('companies', 'SELECT, INSERT', 'id');
CALL wall('members', 'SELECT, INSERT, UPDATE');
CALL wall('api_tokens', 'SELECT, INSERT, UPDATE');
CALL wall('company_counters', 'SELECT, INSERT, UPDATE');
CALL wall('events', 'SELECT, INSERT, DELETE');
CALL wall('medium_accounts', 'SELECT, INSERT, UPDATE');
CALL wall('import_runs', 'SELECT, INSERT, UPDATE');
CALL wall('invalid_records', 'SELECT, INSERT, UPDATE');
CALL wall('hidden_applications', 'SELECT, INSERT, UPDATE, DELETE');
CALL wall('openings', 'SELECT, INSERT, UPDATE');
CALL wall('selection_steps', 'SELECT, INSERT, UPDATE, DELETE');
CALL wall('routing_rules', 'SELECT, INSERT, UPDATE, DELETE');
CALL wall('candidates', 'SELECT, INSERT, UPDATE');
CALL wall('inbox_entries', 'SELECT, INSERT, UPDATE');
CALL wall('applications', 'SELECT, INSERT, UPDATE');
-- History is written once.
CALL wall('selection_events', 'SELECT, INSERT');

-- Whom a token stands for.
CREATE POLICY across ON companies TO renkei_keeper USING (true);
GRANT SELECT (id, name) ON companies TO renkei_keeper;
CREATE POLICY across ON members TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, name, email, roles) ON members TO renkei_keeper;
CREATE POLICY across ON api_tokens TO renkei_keeper USING (true);
GRANT SELECT, UPDATE (last_used_at) ON api_tokens TO renkei_keeper;

-- What is due, stuck or overdue: never what is sealed.
CREATE POLICY across ON medium_accounts TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, status, epoch, wake, wake_at, attempts, next_import_at, verification_started_at, lease_owner, lease_until),
      UPDATE (wake, wake_at, attempts, next_import_at, lease_owner, lease_until) ON medium_accounts TO renkei_keeper;
CREATE POLICY across ON import_runs TO renkei_keeper USING (true);
GRANT SELECT (company_id, id, account_id, status), INSERT (company_id, id, account_id, epoch, trigger) ON import_runs TO renkei_keeper;
CREATE POLICY across ON company_counters TO renkei_keeper USING (true);
GRANT SELECT, UPDATE ON company_counters TO renkei_keeper;
CREATE POLICY across ON events TO renkei_keeper USING (true);
GRANT SELECT, INSERT ON events TO renkei_keeper;

-- To see whether the schema is current.
GRANT SELECT ON goose_db_version TO renkei_app;
