package db_test

import (
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
)

// aCompany is one of everything, with ids that begin with the digit given.
const aCompany = landed + `;
	INSERT INTO candidate_search (company_id, candidate_id, text) VALUES ('10000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000001', '山田');
	INSERT INTO search_terms (company_id, term, segment, places) VALUES ('10000000-0000-0000-0000-000000000001', '山', 1, '\x0000');
	INSERT INTO routing_actions (company_id, id, kind, member_id, opening_id, entries)
		VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), 'ROUTE', '20000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000001', 1);
	INSERT INTO candidates (company_id, id, medium, external_person_id, name)
		VALUES ('10000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000002', 'WANTEDLY', 'p2', '山田');
	INSERT INTO candidate_merges (company_id, into_id, from_id, moved, member_id)
		VALUES ('10000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000002', '{}', '20000000-0000-0000-0000-000000000001');
	INSERT INTO dismissed_duplicates (company_id, candidate_id, other_id, member_id)
		VALUES ('10000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000002', '20000000-0000-0000-0000-000000000001');
	INSERT INTO file_imports (company_id, id, medium, member_id, fingerprint, size, lines, done, known, lease_until)
		VALUES ('10000000-0000-0000-0000-000000000001', 'a0000000-0000-0000-0000-000000000001', 'DODA', gen_random_uuid(), decode(repeat('ab', 32), 'hex'), 1, 2, 1, 1, now());
	INSERT INTO file_chunks (company_id, id, file_id, n, sealed) VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), 'a0000000-0000-0000-0000-000000000001', 0, 'x');
	INSERT INTO file_bad_lines (company_id, id, file_id, line, reason) VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), 'a0000000-0000-0000-0000-000000000001', 1, 'BAD_QUOTES');
	INSERT INTO file_mappings (company_id, medium, columns) VALUES ('10000000-0000-0000-0000-000000000001', 'DODA', '[]');
	INSERT INTO incidents (company_id, id, kind, account_id, medium, reason)
		VALUES ('10000000-0000-0000-0000-000000000001', 'b0000000-0000-0000-0000-000000000001', 'LINK_FAILED', '30000000-0000-0000-0000-000000000002', 'WANTEDLY', 'ACCOUNT_LOCKED');
	INSERT INTO notification_endpoints (company_id, id, channel, name, host, sealed, kinds, language)
		VALUES ('10000000-0000-0000-0000-000000000001', 'c0000000-0000-0000-0000-000000000001', 'SLACK', 'x', 'example.com', 'x', '{STALE}', 'ja');
	INSERT INTO deliveries (company_id, incident_id, phase, endpoint_id)
		VALUES ('10000000-0000-0000-0000-000000000001', 'b0000000-0000-0000-0000-000000000001', 'OPENED', 'c0000000-0000-0000-0000-000000000001')`

// landed is what of it a database of version 13 can hold.
const landed = `
	INSERT INTO companies (id, name) VALUES ('10000000-0000-0000-0000-000000000001', '会社');
	INSERT INTO company_counters (company_id) VALUES ('10000000-0000-0000-0000-000000000001');
	INSERT INTO members (company_id, id, name, email, roles)
		VALUES ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', '佐藤', 'sato@example.com', '{ADMIN}');
	INSERT INTO api_tokens (company_id, id, member_id, name, hash)
		VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), '20000000-0000-0000-0000-000000000001', 'CI', decode(repeat('ab', 32), 'hex'));
	INSERT INTO events (company_id, seq, kind, payload) VALUES ('10000000-0000-0000-0000-000000000001', 1, 'INBOX', '{}');
	INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, credential, next_import_at)
		VALUES ('10000000-0000-0000-0000-000000000001', '30000000-0000-0000-0000-000000000001', 'WANTEDLY', 'a@example.com', 'LINKED', now(), 'x', now()),
		       ('10000000-0000-0000-0000-000000000001', '30000000-0000-0000-0000-000000000002', 'WANTEDLY', 'b@example.com', 'UNLINKED', now(), NULL, NULL);
	INSERT INTO import_runs (company_id, id, account_id, epoch, trigger)
		VALUES ('10000000-0000-0000-0000-000000000001', '40000000-0000-0000-0000-000000000001', '30000000-0000-0000-0000-000000000001', 1, 'MANUAL');
	INSERT INTO openings (company_id, id, name)
		VALUES ('10000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000001', '営業'),
		       ('10000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000002', '開発');
	INSERT INTO selection_steps (company_id, id, opening_id, kind, name, position)
		VALUES ('10000000-0000-0000-0000-000000000001', '60000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000001', 'ENTRY', '応募', 1),
		       ('10000000-0000-0000-0000-000000000001', '60000000-0000-0000-0000-000000000002', '50000000-0000-0000-0000-000000000002', 'ENTRY', '応募', 1);
	INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, opening_id)
		VALUES ('10000000-0000-0000-0000-000000000001', 'WANTEDLY', '営業', '営業', '50000000-0000-0000-0000-000000000001');
	INSERT INTO candidates (company_id, id, medium, external_person_id, name)
		VALUES ('10000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000001', 'WANTEDLY', 'p1', '山田');
	INSERT INTO inbox_entries (company_id, id, medium, account_id, run_id, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason)
		VALUES ('10000000-0000-0000-0000-000000000001', '80000000-0000-0000-0000-000000000001', 'WANTEDLY', '30000000-0000-0000-0000-000000000001',
		        '40000000-0000-0000-0000-000000000001', 'APPLIED', '7', '営業', '営業', '70000000-0000-0000-0000-000000000001', '2026-01-01', 'WAITING', 'SYSTEM', 'NO_RULE');
	INSERT INTO applications (company_id, id, candidate_id, opening_id, entry_id, step_id, applied_at)
		VALUES ('10000000-0000-0000-0000-000000000001', '90000000-0000-0000-0000-000000000001', '70000000-0000-0000-0000-000000000001',
		        '50000000-0000-0000-0000-000000000001', '80000000-0000-0000-0000-000000000001', '60000000-0000-0000-0000-000000000001', '2026-01-01');
	INSERT INTO selection_events (company_id, application_id, n, decided_by, outcome)
		VALUES ('10000000-0000-0000-0000-000000000001', '90000000-0000-0000-0000-000000000001', 1, 'RULE', 'IN_PROGRESS');
	INSERT INTO one_time_links (company_id, member_id, purpose, hash, expires_at)
		VALUES ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', 'INVITATION', decode(repeat('ab', 32), 'hex'), now());
	INSERT INTO sessions (company_id, member_id, token_hash, data, member_revision, expires_at, address, user_agent)
		VALUES ('10000000-0000-0000-0000-000000000001', '20000000-0000-0000-0000-000000000001', decode(repeat('ab', 32), 'hex'), '', 1, now(), '', '');
	INSERT INTO sign_in_tries (key, tries, expires_at) VALUES (decode(repeat('ab', 32), 'hex'), '{}', now());
	INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
		VALUES ('10000000-0000-0000-0000-000000000001', 0, now(), 'SYSTEM', 'RULE_CREATED', '', '');
	INSERT INTO company_keys (company_id, id, purpose, sealed) VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), 'INDEX', 'x');
	INSERT INTO erasures (company_id, id, reason, at, counts) VALUES ('10000000-0000-0000-0000-000000000001', gen_random_uuid(), 'REQUEST', now(), '{}');
	INSERT INTO erased_people (company_id, medium, person_hash, erased_at)
		VALUES ('10000000-0000-0000-0000-000000000001', 'WANTEDLY', decode(repeat('ab', 32), 'hex'), now());
	INSERT INTO companies (id, name) VALUES ('10000000-0000-0000-0000-000000000002', '別の会社');
	INSERT INTO openings (company_id, id, name) VALUES ('10000000-0000-0000-0000-000000000002', '50000000-0000-0000-0000-000000000003', 'よそ');
	INSERT INTO members (company_id, id, name, email, roles)
		VALUES ('10000000-0000-0000-0000-000000000002', '20000000-0000-0000-0000-000000000002', '他人', 'x@example.com', '{ADMIN}')`

const invalidRecord = "INSERT INTO invalid_records (company_id, account_id, run_id, external_id, reason, detail, "

// Each statement does what must never be, to what aCompany made.
func TestTheDatabaseRefusesWhatMustNeverBe(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	_, err := tx.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	forbidden := map[string][]string{
		"members_language_check":                 {"UPDATE members SET language = 'fr'"},
		"members_mail_on_check":                  {"UPDATE members SET mail_on = '{WEATHER}'"},
		"incidents_kind_check":                   {"UPDATE incidents SET kind = 'WEATHER'"},
		"incidents_reason_check":                 {"UPDATE incidents SET reason = 'BAD_LUCK'"},
		"incidents_resolution_check":             {"UPDATE incidents SET resolution = 'LOST', resolved_at = now()"},
		"incidents_waiting_check":                {"UPDATE incidents SET kind = 'WAITING', account_id = NULL, medium = NULL, waiting = 0"},
		"incident_says_of_what":                  {"UPDATE incidents SET account_id = NULL", "UPDATE incidents SET medium = NULL", "UPDATE incidents SET kind = 'MEDIUM_OUTAGE'"},
		"incident_counts_who_waits":              {"UPDATE incidents SET waiting = 1"},
		"incident_end_is_whole":                  {"UPDATE incidents SET resolved_at = now()"},
		"incidents_one_open":                     {"INSERT INTO incidents (company_id, kind, account_id, medium) SELECT company_id, kind, account_id, medium FROM incidents"},
		"incidents_company_id_fkey":              {"INSERT INTO incidents (company_id, kind, waiting) VALUES (gen_random_uuid(), 'WAITING', 1)"},
		"incidents_company_id_account_id_fkey":   {"UPDATE incidents SET account_id = gen_random_uuid()"},
		"notification_endpoints_channel_check":   {"UPDATE notification_endpoints SET channel = 'PIGEON'"},
		"notification_endpoints_name_check":      {"UPDATE notification_endpoints SET name = ''"},
		"notification_endpoints_host_check":      {"UPDATE notification_endpoints SET host = ''"},
		"notification_endpoints_kinds_check":     {"UPDATE notification_endpoints SET kinds = '{}'", "UPDATE notification_endpoints SET kinds = '{WEATHER}'"},
		"notification_endpoints_language_check":  {"UPDATE notification_endpoints SET language = 'fr'"},
		"endpoint_has_an_address":                {"UPDATE notification_endpoints SET sealed = NULL"},
		"notification_endpoints_company_id_fkey": {"INSERT INTO notification_endpoints (company_id, id, channel, name, host, sealed, kinds, language) SELECT gen_random_uuid(), id, channel, name, host, sealed, kinds, language FROM notification_endpoints"},
		"deliveries_phase_check":                 {"UPDATE deliveries SET phase = 'MAYBE'"},
		"deliveries_state_check":                 {"UPDATE deliveries SET state = 'LOST', ended_at = now(), next_at = NULL"},
		"deliveries_attempts_check":              {"UPDATE deliveries SET attempts = -1"},
		"deliveries_trouble_check":               {"UPDATE deliveries SET trouble = 'BAD_LUCK'"},
		"deliveries_status_check":                {"UPDATE deliveries SET status = 7"},
		"deliveries_company_id_incident_id_fkey": {"UPDATE deliveries SET incident_id = gen_random_uuid()"},
		"deliveries_company_id_endpoint_id_fkey": {"UPDATE deliveries SET endpoint_id = gen_random_uuid()"},
		"deliveries_company_id_repeats_fkey":     {"UPDATE deliveries SET repeats = gen_random_uuid()"},
		"deliveries_once":                        {"INSERT INTO deliveries (company_id, incident_id, phase, endpoint_id) SELECT company_id, incident_id, phase, endpoint_id FROM deliveries"},
		"deliveries_in_turn": {`WITH leased AS (UPDATE deliveries SET lease_owner = gen_random_uuid(), lease_until = now() RETURNING *)
			INSERT INTO deliveries (company_id, phase, endpoint_id, lease_owner, lease_until) SELECT company_id, 'TEST', endpoint_id, lease_owner, lease_until FROM leased`},
		"delivery_tells_somebody":  {"UPDATE deliveries SET endpoint_id = NULL", "UPDATE deliveries SET member_id = gen_random_uuid()"},
		"delivery_is_of_something": {"UPDATE deliveries SET incident_id = NULL", "UPDATE deliveries SET phase = 'TEST'"},
		"delivery_end_is_whole":    {"UPDATE deliveries SET ended_at = now()", "UPDATE deliveries SET state = 'SENT'", "UPDATE deliveries SET next_at = NULL"},
		"delivery_lease_is_whole":  {"UPDATE deliveries SET lease_owner = gen_random_uuid()", "UPDATE deliveries SET lease_until = now()"},
		"delivery_trouble_is_told": {"UPDATE deliveries SET state = 'FAILED'"},
		"companies_name_check":     {"UPDATE companies SET name = ''", "UPDATE companies SET name = repeat('社', 201)"},
		"members_name_check":       {"UPDATE members SET name = ''"},
		"members_email_check":      {"UPDATE members SET email = 'a@'"},
		"members_roles_check":      {"UPDATE members SET roles = '{}'", "UPDATE members SET roles = '{ADMIN,OWNER}'"},
		"members_one_per_email": {
			"INSERT INTO members (company_id, id, name, email, roles) SELECT company_id, gen_random_uuid(), name, upper(email), roles FROM members",
		},
		"members_company_id_fkey":              {"UPDATE members SET company_id = gen_random_uuid() WHERE email LIKE 'x%'"},
		"api_tokens_hash_check":                {"UPDATE api_tokens SET hash = 'short'"},
		"api_tokens_name_check":                {"UPDATE api_tokens SET name = ''"},
		"api_tokens_by_hash":                   {"INSERT INTO api_tokens (company_id, id, member_id, name, hash) SELECT company_id, gen_random_uuid(), member_id, name, hash FROM api_tokens"},
		"api_tokens_company_id_member_id_fkey": {"UPDATE api_tokens SET member_id = '20000000-0000-0000-0000-000000000002'"},
		"company_counters_waiting_check":       {"UPDATE company_counters SET waiting = -1"},
		"company_counters_routed_check":        {"UPDATE company_counters SET routed = -1"},
		"events_kind_check":                    {"UPDATE events SET kind = 'OTHER', account_id = gen_random_uuid()"},
		"events_say_of_what":                   {"UPDATE events SET kind = 'ACCOUNT'", "UPDATE events SET account_id = gen_random_uuid()", "UPDATE events SET subject_id = gen_random_uuid()", "UPDATE events SET kind = 'FILE'"},
		"events_pkey":                          {"INSERT INTO events SELECT * FROM events"},

		"medium_accounts_medium_check":   {"UPDATE medium_accounts SET medium = 'INDEED'"},
		"medium_accounts_status_check":   {"UPDATE medium_accounts SET status = 'PAUSED' WHERE status = 'UNLINKED'"},
		"medium_accounts_attempts_check": {"UPDATE medium_accounts SET attempts = -1"},
		"medium_accounts_failure_reason_check": {
			"UPDATE medium_accounts SET failure_reason = 'BAD_LUCK', failed_at = now()",
		},
		"medium_accounts_one_per_login": {
			"INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from) SELECT company_id, gen_random_uuid(), medium, upper(email), 'UNLINKED', now() FROM medium_accounts LIMIT 1",
			"UPDATE medium_accounts SET email = 'A@Example.com' WHERE email LIKE 'b%'",
		},
		"failure_is_told": {
			"UPDATE medium_accounts SET status = 'AUTH_FAILED' WHERE status = 'UNLINKED'", "UPDATE medium_accounts SET status = 'SYSTEM_ERROR' WHERE status = 'UNLINKED'",
			"UPDATE import_runs SET status = 'FAILED', finished_at = now()", "UPDATE import_runs SET status = 'QUARANTINED', finished_at = now()",
			"UPDATE import_runs SET failure_reason = 'INTERNAL'",
		},
		"failure_has_a_time": {"UPDATE medium_accounts SET failure_reason = 'INTERNAL'", "UPDATE medium_accounts SET failed_at = now()"},
		"credential_when_used": {
			"UPDATE medium_accounts SET credential = 'x' WHERE status = 'UNLINKED'", "UPDATE medium_accounts SET credential = NULL WHERE status = 'LINKED'",
			"UPDATE medium_accounts SET status = 'VERIFYING' WHERE status = 'UNLINKED'",
		},
		"session_when_used":     {"UPDATE medium_accounts SET session = 'x' WHERE status = 'UNLINKED'"},
		"scheduled_when_linked": {"UPDATE medium_accounts SET next_import_at = now() WHERE status = 'UNLINKED'", "UPDATE medium_accounts SET next_import_at = NULL WHERE status = 'LINKED'"},
		"lease_is_whole":        {"UPDATE medium_accounts SET lease_owner = gen_random_uuid()", "UPDATE medium_accounts SET lease_until = now() WHERE status = 'LINKED'"},
		"work_when_live": {
			"UPDATE medium_accounts SET wake_at = now() WHERE status = 'UNLINKED'",
			"UPDATE medium_accounts SET lease_owner = gen_random_uuid(), lease_until = now() WHERE status = 'UNLINKED'",
		},

		"import_runs_trigger_check":               {"UPDATE import_runs SET trigger = 'BOREDOM'"},
		"import_runs_status_check":                {"UPDATE import_runs SET status = 'LOST', finished_at = now()"},
		"import_runs_one_active":                  {"INSERT INTO import_runs (company_id, account_id, epoch, trigger) SELECT company_id, account_id, 1, 'SCHEDULE' FROM import_runs"},
		"import_runs_company_id_account_id_fkey":  {"UPDATE import_runs SET account_id = gen_random_uuid()"},
		"imported_adds_up":                        {"UPDATE import_runs SET imported = 1, seen = 1", "UPDATE import_runs SET routed = 1", "UPDATE import_runs SET waiting = 1"},
		"seen_adds_up":                            {"UPDATE import_runs SET seen = 1", "UPDATE import_runs SET known = 1", "UPDATE import_runs SET invalid = 1"},
		"import_runs_failure_reason_check":        {"UPDATE import_runs SET status = 'FAILED', failure_reason = 'BAD_LUCK', finished_at = now()"},
		"import_runs_seen_check":                  {"UPDATE import_runs SET seen = -1"},
		"import_runs_known_check":                 {"UPDATE import_runs SET known = -1"},
		"import_runs_imported_check":              {"UPDATE import_runs SET imported = -1"},
		"import_runs_routed_check":                {"UPDATE import_runs SET routed = -1, waiting = 1"},
		"import_runs_waiting_check":               {"UPDATE import_runs SET waiting = -1, routed = 1"},
		"import_runs_invalid_check":               {"UPDATE import_runs SET invalid = -1"},
		"medium_accounts_email_check":             {"UPDATE medium_accounts SET email = 'a@'"},
		"inbox_entries_waiting_reason_check":      {"UPDATE inbox_entries SET waiting_reason = 'BORED'"},
		"import_runs_hidden_check":                {"UPDATE import_runs SET hidden = -1"},
		"changes_when_unexpected":                 {"UPDATE import_runs SET changes = '{a}'", "UPDATE import_runs SET status = 'FAILED', failure_reason = 'INTERNAL', finished_at = now(), changes = '{a}'"},
		"medium_looks_pkey":                       {"INSERT INTO medium_looks (company_id, account_id, medium, look) SELECT company_id, id, medium, '{}' FROM medium_accounts, generate_series(1, 2)"},
		"medium_looks_company_id_account_id_fkey": {"INSERT INTO medium_looks (company_id, account_id, medium, look) SELECT company_id, gen_random_uuid(), medium, '{}' FROM medium_accounts"},
		"medium_generations_pkey":                 {"INSERT INTO medium_generations (medium) SELECT 'WANTEDLY' FROM generate_series(1, 2)"},
		"medium_outages_one_open":                 {"INSERT INTO medium_outages (medium) SELECT 'WANTEDLY' FROM generate_series(1, 2)"},
		"end_has_a_time":                          {"UPDATE import_runs SET finished_at = now()", "UPDATE import_runs SET status = 'SUCCEEDED'"},
		"invalid_records_reason_check":            {"INSERT INTO invalid_records (company_id, account_id, run_id, external_id, reason, detail) SELECT company_id, account_id, id, '1', 'ODD', '' FROM import_runs"},
		"invalid_records_company_id_run_id_external_id_key": {
			"INSERT INTO invalid_records (company_id, account_id, run_id, external_id, reason, detail) SELECT company_id, account_id, id, '1', 'VALUE', '' FROM import_runs, generate_series(1, 2)",
		},
		"hidden_applications_pkey": {"INSERT INTO hidden_applications (company_id, account_id, external_id) SELECT company_id, id, '1' FROM medium_accounts, generate_series(1, 2)"},

		"vault_keys_id_check":    {"INSERT INTO vault_keys (id) VALUES (-1)", "INSERT INTO vault_keys (id) VALUES (4294967296)"},
		"vault_keys_state_check": {"INSERT INTO vault_keys (id, state) VALUES (1, 'LOST')"},
		"vault_keys_one_primary": {"INSERT INTO vault_keys (id, state, promoted_at) VALUES (1, 'PRIMARY', now()), (2, 'PRIMARY', now())"},
		"primary_was_promoted":   {"INSERT INTO vault_keys (id, state) VALUES (1, 'PRIMARY')"},
		"disabling_has_a_time":   {"INSERT INTO vault_keys (id, state) VALUES (1, 'DISABLED')", "INSERT INTO vault_keys (id, disabled_at) VALUES (1, now())"},

		"openings_name_check":            {"UPDATE openings SET name = ''", "UPDATE openings SET name = repeat('職', 101)"},
		"openings_capacity_check":        {"UPDATE openings SET capacity = 0", "UPDATE openings SET capacity = 10001"},
		"selection_events_rerouted":      {"UPDATE selection_events SET opening_name = 'x'", "UPDATE selection_events SET from_opening_name = 'x'"},
		"reasons_are_known":              {"UPDATE selection_events SET reasons = '{WHIM}'", "UPDATE selection_events SET reasons = '{NULL}'", "UPDATE selection_events SET reasons = '{SKILLS,OTHER,CULTURE,DUTIES}'"},
		"openings_status_check":          {"UPDATE openings SET status = 'FULL'"},
		"selection_steps_kind_check":     {"UPDATE selection_steps SET kind = 'LUNCH'"},
		"selection_steps_name_check":     {"UPDATE selection_steps SET name = ''"},
		"selection_steps_position_check": {"UPDATE selection_steps SET position = 0"},
		"selection_steps_company_id_opening_id_position_key": {
			"SET CONSTRAINTS ALL IMMEDIATE; INSERT INTO selection_steps (company_id, opening_id, kind, name, position) SELECT company_id, opening_id, kind, name, position FROM selection_steps",
		},
		"selection_steps_company_id_opening_id_fkey": {"UPDATE selection_steps SET opening_id = '50000000-0000-0000-0000-000000000003' WHERE id = '60000000-0000-0000-0000-000000000002'"},

		"routing_rules_one_per_position":               {"INSERT INTO routing_rules (company_id, medium, position_name, normalized_position_name, opening_id) SELECT company_id, medium, 'x', normalized_position_name, opening_id FROM routing_rules"},
		"routing_rules_position_name_check":            {"UPDATE routing_rules SET position_name = ''", "UPDATE routing_rules SET position_name = repeat('職', 501)"},
		"routing_rules_normalized_position_name_check": {"UPDATE routing_rules SET normalized_position_name = ''"},
		"routing_rules_company_id_opening_id_fkey":     {"UPDATE routing_rules SET opening_id = '50000000-0000-0000-0000-000000000003'", "UPDATE routing_rules SET opening_id = gen_random_uuid()"},

		"candidates_one_per_person": {"INSERT INTO candidates (company_id, medium, external_person_id, name) SELECT company_id, medium, external_person_id, '別名' FROM candidates WHERE external_person_id = 'p1'"},
		"candidates_name_check":     {"UPDATE candidates SET name = ''", "UPDATE candidates SET name = repeat('山', 201)"},

		"inbox_entries_one_per_account": {
			"INSERT INTO inbox_entries (company_id, medium, account_id, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason) SELECT company_id, medium, account_id, kind, external_id, 'x', 'x', candidate_id, now(), state, decided_by, waiting_reason FROM inbox_entries",
		},
		"inbox_entries_one_per_application": {
			"INSERT INTO inbox_entries (company_id, medium, account_id, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason) SELECT company_id, medium, '30000000-0000-0000-0000-000000000002', kind, external_id, 'x', 'x', candidate_id, applied_at, state, decided_by, waiting_reason FROM inbox_entries",
			"INSERT INTO inbox_entries (company_id, medium, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason) SELECT company_id, medium, kind, external_id, 'x', 'x', candidate_id, applied_at, state, decided_by, waiting_reason FROM inbox_entries",
		},
		"inbox_entries_kind_check":               {"UPDATE inbox_entries SET kind = 'LIKED'"},
		"inbox_entries_state_check":              {"UPDATE inbox_entries SET state = 'LOST', waiting_reason = NULL"},
		"inbox_entries_decided_by_check":         {"UPDATE inbox_entries SET decided_by = 'CHANCE'"},
		"waiting_says_why":                       {"UPDATE inbox_entries SET waiting_reason = NULL", "UPDATE inbox_entries SET state = 'EXCLUDED'"},
		"rule_is_named":                          {"UPDATE inbox_entries SET decided_by = 'RULE'", "UPDATE inbox_entries SET decided_by = 'RULE', rule_id = gen_random_uuid(), rule_position_name = 'x'"},
		"routed_says_where":                      {"UPDATE inbox_entries SET opening_id = '50000000-0000-0000-0000-000000000001'", "UPDATE inbox_entries SET state = 'ROUTED', waiting_reason = NULL"},
		"routing_decisions_state_check":          {"UPDATE routing_decisions SET state = 'LOST'"},
		"routing_decisions_decided_by_check":     {"UPDATE routing_decisions SET decided_by = 'CHANCE'"},
		"routing_decisions_waiting_reason_check": {"UPDATE routing_decisions SET waiting_reason = 'LAZY'"},
		"undone_names_the_rule":                  {"UPDATE inbox_entries SET waiting_reason = 'UNDONE'"},
		"company_counters_excluded_check":        {"UPDATE company_counters SET excluded = -1"},
		"routing_actions_kind_check":             {"UPDATE routing_actions SET kind = 'SIGH', opening_id = NULL"},
		"routing_actions_entries_check":          {"UPDATE routing_actions SET entries = 0"},
		"action_says_what":                       {"UPDATE routing_actions SET kind = 'RULE'", "UPDATE routing_actions SET kind = 'EXCLUDE'", "UPDATE routing_actions SET rule_id = gen_random_uuid()", "UPDATE routing_actions SET opening_id = NULL"},
		"undone_by_somebody":                     {"UPDATE routing_actions SET undone_at = now()", "UPDATE routing_actions SET undone_by = member_id"},
		"routing_actions_one_per_revision": {
			"INSERT INTO routing_actions (company_id, id, kind, member_id, rule_id, rule_revision, opening_id, entries) SELECT company_id, gen_random_uuid(), 'RULE', member_id, company_id, 1, opening_id, 1 FROM routing_actions, generate_series(1, 2)",
		},
		"routing_actions_company_id_member_id_fkey":  {"UPDATE routing_actions SET member_id = '20000000-0000-0000-0000-000000000002'"},
		"routing_actions_company_id_opening_id_fkey": {"UPDATE routing_actions SET opening_id = '50000000-0000-0000-0000-000000000003'"},
		"invalid_records_attempts_check":             {invalidRecord + "attempts) SELECT company_id, account_id, id, '1', 'VALUE', '', 0 FROM import_runs"},
		"resolved_is_over":                           {invalidRecord + "resolved_at, asked_again_at) SELECT company_id, account_id, id, '1', 'VALUE', '', now(), now() FROM import_runs"},
		"entry_when_resolved":                        {invalidRecord + "entry_id) SELECT company_id, account_id, id, '1', 'VALUE', '', '80000000-0000-0000-0000-000000000001' FROM import_runs"},
		"candidates_phone_index_check":               {"UPDATE candidates SET phone_index = 'short'"},
		"candidates_content_hash_check":              {"UPDATE candidates SET content_hash = 'short'"},
		"member_is_named":                            {"UPDATE inbox_entries SET decided_by = 'MEMBER'"},

		"not_merged_into_itself": {"UPDATE candidates SET merged_into = id"},
		"candidates_company_id_merged_into_fkey": {
			"UPDATE candidates SET merged_into = gen_random_uuid()",
			"INSERT INTO candidates (company_id, medium, external_person_id, name, merged_into) SELECT '10000000-0000-0000-0000-000000000002', medium, 'x', name, id FROM candidates WHERE external_person_id = 'p1'",
		},
		"two_are_merged":   {"UPDATE candidate_merges SET from_id = into_id"},
		"undoing_is_whole": {"UPDATE candidate_merges SET undone_at = now()", "UPDATE candidate_merges SET undone_by = member_id"},
		"candidate_merges_one_standing": {
			"INSERT INTO candidate_merges (company_id, into_id, from_id, moved, member_id) SELECT company_id, into_id, from_id, '{}', member_id FROM candidate_merges",
		},
		"smaller_id_first": {"UPDATE dismissed_duplicates SET candidate_id = other_id, other_id = candidate_id"},

		"applications_one_per_entry": {"INSERT INTO applications (company_id, candidate_id, opening_id, entry_id, step_id, applied_at) SELECT company_id, candidate_id, opening_id, entry_id, step_id, applied_at FROM applications"},
		"applications_outcome_check": {"UPDATE applications SET outcome = 'MAYBE'"},
		"applications_company_id_opening_id_step_id_fkey": {
			"UPDATE applications SET step_id = '60000000-0000-0000-0000-000000000002'", "UPDATE applications SET opening_id = '50000000-0000-0000-0000-000000000002'",
			"DELETE FROM selection_steps WHERE id = '60000000-0000-0000-0000-000000000001'",
		},
		"applications_company_id_candidate_id_fkey": {"UPDATE applications SET candidate_id = gen_random_uuid()"},
		"applications_company_id_entry_id_fkey":     {"DELETE FROM inbox_entries"},
		"selection_events_pkey":                     {"INSERT INTO selection_events (company_id, application_id, n, decided_by, outcome) SELECT company_id, application_id, n, decided_by, outcome FROM selection_events"},
		"selection_events_check":                    {"UPDATE selection_events SET decided_by = 'MEMBER'", "UPDATE selection_events SET member_id = gen_random_uuid()"},
		"selection_events_note_check":               {"UPDATE selection_events SET note = repeat('あ', 5001)"},
		"selection_events_outcome_check":            {"UPDATE selection_events SET outcome = 'MAYBE'"},
		"selection_events_decided_by_check":         {"UPDATE selection_events SET decided_by = 'SYSTEM'"},

		"members_password_hash_check":  {"UPDATE members SET password_hash = 'in the clear'"},
		"oidc_identity_is_whole":       {"UPDATE members SET oidc_issuer = 'https://id.example.com'"},
		"members_one_per_identity":     {"UPDATE members SET oidc_issuer = 'i', oidc_subject = 's'; INSERT INTO members (company_id, id, name, email, roles, oidc_issuer, oidc_subject) SELECT company_id, gen_random_uuid(), 'x', 'other@example.com', roles, 'i', 's' FROM members"},
		"one_time_links_purpose_check": {"UPDATE one_time_links SET purpose = 'FUN'"},
		"one_time_links_hash_check":    {"UPDATE one_time_links SET hash = ''"},
		"one_time_links_by_hash":       {"INSERT INTO one_time_links (company_id, member_id, purpose, hash, expires_at) SELECT company_id, member_id, purpose, hash, expires_at FROM one_time_links"},

		"companies_retention_months_check": {"UPDATE companies SET retention_months = 0", "UPDATE companies SET retention_months = 121"},
		"company_keys_purpose_check":       {"UPDATE company_keys SET purpose = 'FUN'"},
		"company_keys_one_per_purpose":     {"INSERT INTO company_keys (company_id, id, purpose, sealed) SELECT company_id, gen_random_uuid(), purpose, sealed FROM company_keys"},
		"candidates_email_index_check":     {"UPDATE candidates SET email_index = 'short'"},
		"sealed_leaves_nothing_plain": {
			"UPDATE candidates SET sealed = 'x', location = '東京'", "UPDATE candidates SET sealed = 'x', tagline = 'x'", "UPDATE candidates SET sealed = 'x', introduction = 'x'",
			"UPDATE candidates SET sealed = 'x', aspiration = 'x'", "UPDATE candidates SET sealed = 'x', email = 'x'", "UPDATE candidates SET sealed = 'x', profile_url = 'x'",
			"UPDATE candidates SET sealed = 'x', links = '[1]'",
		},
		"note_is_in_one_place":         {"UPDATE selection_events SET note = 'x', sealed_note = 'x'"},
		"no_more_erased_than_imported": {"UPDATE import_runs SET erased = 1", "UPDATE import_runs SET erased = -1"},
		"erasures_reason_check":        {"UPDATE erasures SET reason = 'WHIM'"},
		"medium_is_known": {
			"UPDATE erased_people SET medium = 'INDEED'", "UPDATE candidates SET medium = 'INDEED'", "UPDATE inbox_entries SET medium = 'INDEED'",
			"UPDATE routing_rules SET medium = 'INDEED'",
		},
		"erased_people_person_hash_check":    {"UPDATE erased_people SET person_hash = 'a name'"},
		"erased_people_one_per_person":       {"INSERT INTO erased_people (company_id, medium, person_hash, erased_at) SELECT company_id, medium, person_hash, now() FROM erased_people"},
		"sessions_token_hash_check":          {"UPDATE sessions SET token_hash = 'short'"},
		"sessions_previous_hash_check":       {"UPDATE sessions SET previous_hash = 'short', renewed_at = now()"},
		"sessions_data_check":                {"UPDATE sessions SET data = convert_to(repeat('x', 4097), 'UTF8')"},
		"sessions_address_check":             {"UPDATE sessions SET address = repeat('1', 101)"},
		"sessions_user_agent_check":          {"UPDATE sessions SET user_agent = repeat('x', 201)"},
		"sessions_by_token":                  {"INSERT INTO sessions (company_id, member_id, token_hash, data, member_revision, expires_at, address, user_agent) SELECT company_id, member_id, token_hash, data, 1, now(), '', '' FROM sessions"},
		"sessions_company_id_member_id_fkey": {"UPDATE sessions SET member_id = '20000000-0000-0000-0000-000000000002'"},
		"renewal_is_whole":                   {"UPDATE sessions SET renewed_at = now()", "UPDATE sessions SET previous_hash = token_hash"},
		"sign_in_tries_key_check":            {"UPDATE sign_in_tries SET key = 'sato@example.com'"},

		"place_is_in_a_segment":          {"UPDATE candidate_search SET segment = 1", "UPDATE candidate_search SET place = 1"},
		"candidate_search_place_check":   {"UPDATE candidate_search SET segment = 1, place = 8192", "UPDATE candidate_search SET segment = 1, place = -1"},
		"candidate_search_by_place":      {"UPDATE candidate_search SET segment = 1, place = 0; INSERT INTO candidate_search (company_id, candidate_id, text, segment, place) SELECT company_id, gen_random_uuid(), text, segment, place FROM candidate_search"},
		"search_terms_places_check":      {"UPDATE search_terms SET places = ''", "UPDATE search_terms SET places = convert_to(repeat('x', 1025), 'UTF8')"},
		"file_imports_status_check":      {"UPDATE file_imports SET status = 'LOST', finished_at = now(), lease_until = NULL"},
		"file_imports_fingerprint_check": {"UPDATE file_imports SET fingerprint = 'short'"},
		"file_imports_size_check":        {"UPDATE file_imports SET size = 0"},
		"file_imports_known_check":       {"UPDATE file_imports SET known = -1, done = -1"},
		"file_imports_imported_check":    {"UPDATE file_imports SET imported = -1, waiting = -1, done = 0"},
		"file_imports_routed_check":      {"UPDATE file_imports SET routed = -1, waiting = 1"},
		"file_imports_waiting_check":     {"UPDATE file_imports SET waiting = -1, routed = 1"},
		"file_imports_invalid_check":     {"UPDATE file_imports SET invalid = -1, done = 0"},
		"file_imports_attempts_check":    {"UPDATE file_imports SET attempts = -1"},
		"file_imports_failure_reason_check": {
			"UPDATE file_imports SET failure_reason = 'BAD_LUCK', status = 'FAILED', finished_at = now(), lease_until = NULL",
		},
		"file_imports_failure_line_check": {"UPDATE file_imports SET failure_line = 0, failure_reason = 'INTERNAL', status = 'FAILED', finished_at = now(), lease_until = NULL"},
		"file_imported_adds_up":           {"UPDATE file_imports SET imported = 1, done = 2", "UPDATE file_imports SET routed = 1"},
		"file_done_adds_up":               {"UPDATE file_imports SET known = 2", "UPDATE file_imports SET done = 2", "UPDATE file_imports SET invalid = 1"},
		"file_done_is_counted":            {"UPDATE file_imports SET lines = 0", "UPDATE file_imports SET lines = NULL"},
		"file_is_done_whole":              {"UPDATE file_imports SET status = 'SUCCEEDED', finished_at = now(), lease_until = NULL"},
		"file_failure_is_told":            {"UPDATE file_imports SET failure_reason = 'INTERNAL'", "UPDATE file_imports SET failure_line = 1", "UPDATE file_imports SET status = 'FAILED', finished_at = now(), lease_until = NULL"},
		"file_end_has_a_time":             {"UPDATE file_imports SET finished_at = now()", "UPDATE file_imports SET status = 'CANCELLED', lease_until = NULL"},
		"file_work_when_live":             {"UPDATE file_imports SET lease_until = NULL", "UPDATE file_imports SET lease_owner = gen_random_uuid()", "UPDATE file_imports SET status = 'CANCELLED', finished_at = now()"},
		"file_imports_once": {
			"INSERT INTO file_imports (company_id, id, medium, member_id, fingerprint, size, lease_until) SELECT company_id, gen_random_uuid(), medium, member_id, fingerprint, 1, now() FROM file_imports",
		},
		"file_chunks_n_check":          {"UPDATE file_chunks SET n = -1"},
		"file_chunks_one_per_place":    {"INSERT INTO file_chunks (company_id, id, file_id, n, sealed) SELECT company_id, gen_random_uuid(), file_id, n, sealed FROM file_chunks"},
		"file_bad_lines_line_check":    {"UPDATE file_bad_lines SET line = 0"},
		"file_bad_lines_reason_check":  {"UPDATE file_bad_lines SET reason = 'WHIM'"},
		"file_bad_lines_one_per_line":  {"INSERT INTO file_bad_lines (company_id, id, file_id, line, reason) SELECT company_id, gen_random_uuid(), file_id, line, reason FROM file_bad_lines"},
		"file_mappings_one_per_medium": {"INSERT INTO file_mappings (company_id, medium, columns) SELECT company_id, medium, columns FROM file_mappings"},
		"inbox_entries_one_per_line": {
			"UPDATE inbox_entries SET file_import_id = 'a0000000-0000-0000-0000-000000000001'; INSERT INTO inbox_entries (company_id, medium, file_import_id, kind, external_id, position_name, normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason) SELECT company_id, medium, file_import_id, kind, external_id, 'x', 'x', candidate_id, now(), state, decided_by, waiting_reason FROM inbox_entries",
		},

		"audit_log_action_check":     {"UPDATE audit_log SET action = 'whatever'"},
		"audit_log_actor_check":      {"UPDATE audit_log SET actor = 'GHOST'"},
		"audit_log_address_check":    {"UPDATE audit_log SET address = repeat('1', 101)"},
		"audit_log_check":            {"UPDATE audit_log SET actor = 'MEMBER'", "UPDATE audit_log SET member_id = gen_random_uuid()"},
		"audit_log_credential_check": {"UPDATE audit_log SET credential = 'CHARM'"},
		"audit_log_hash_check":       {"UPDATE audit_log SET hash = ''"},
	}
	for constraint, statements := range forbidden {
		for _, sql := range statements {
			require.Equal(t, constraint, violated(t, tx, sql), sql)
		}
	}
	rows, err := tx.Query(t.Context(), `
		SELECT conname FROM pg_constraint c JOIN pg_class r ON r.oid = c.conrelid
		WHERE r.relnamespace = 'public'::regnamespace AND conname <> 'selection_steps_company_id_opening_id_id_key' -- which the primary key implies
		  AND c.contype IN ('c', 'u') AND r.relname !~ '^(river|goose)_'
		UNION SELECT i.relname FROM pg_index x JOIN pg_class i ON i.oid = x.indexrelid JOIN pg_class r ON r.oid = x.indrelid
		WHERE r.relnamespace = 'public'::regnamespace AND x.indisunique AND NOT x.indisprimary
		  AND i.relname <> 'selection_steps_company_id_opening_id_id_key' AND r.relname !~ '^(river|goose)_'
		ORDER BY 1`)
	require.NoError(t, err)
	all, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for name := range forbidden {
		all = slices.DeleteFunc(all, func(c string) bool { return c == name })
	}
	require.Empty(t, all, "constraints that nothing above tries to break")
}

// violated is the constraint that a statement breaks; nothing is left of the statement.
func violated(t *testing.T, tx pgx.Tx, sql string) string {
	t.Helper()
	undone := errors.New("undone")
	var broken string
	err := pgx.BeginFunc(t.Context(), tx, func(inner pgx.Tx) error {
		_, err := inner.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		if refusal, ok := errors.AsType[*pgconn.PgError](err); ok {
			broken = refusal.ConstraintName
		}
		return undone
	})
	require.ErrorIs(t, err, undone)
	return broken
}

func TestStepsMayChangePlacesWithinATransaction(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	_, err := tx.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), `INSERT INTO selection_steps (company_id, opening_id, kind, name, position)
		VALUES ('10000000-0000-0000-0000-000000000001', '50000000-0000-0000-0000-000000000001', 'JOINED', '入社', 2)`)
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "UPDATE selection_steps SET position = 3 - position WHERE opening_id = '50000000-0000-0000-0000-000000000001'")
	require.NoError(t, err)
	_, err = tx.Exec(t.Context(), "SET CONSTRAINTS ALL IMMEDIATE")
	require.NoError(t, err)
}

func TestIDsMadeInSQLAreUUIDsOfVersion7ThatRiseWithTime(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	var wrong, falling int
	require.NoError(t, tx.QueryRow(t.Context(), `
		WITH made AS MATERIALIZED (SELECT n, new_id() AS id FROM generate_series(1, 5000) n)
		SELECT count(*) FILTER (WHERE substring(id::text FROM 15 FOR 1) <> '7' OR substring(id::text FROM 20 FOR 1) NOT IN ('8', '9', 'a', 'b')),
		       count(*) FILTER (WHERE left(id::text, 13) < before)
		FROM (SELECT id, lag(left(id::text, 13)) OVER (ORDER BY n) AS before FROM made) x`).Scan(&wrong, &falling))
	require.Zero(t, wrong)
	require.Zero(t, falling)
	var distinct int
	require.NoError(t, tx.QueryRow(context.Background(), "SELECT count(DISTINCT new_id()) FROM generate_series(1, 5000)").Scan(&distinct))
	require.Equal(t, 5000, distinct)
}
