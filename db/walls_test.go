package db_test

import (
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
)

func TestEveryTableOfCompaniesStandsBehindTheWall(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	rows, err := pool.Query(t.Context(), `
		SELECT c.relname FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p')
		  AND (c.relname = 'companies' OR EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id'))
		  AND NOT (c.relrowsecurity AND c.relforcerowsecurity AND EXISTS (
		      SELECT FROM pg_policy p WHERE p.polrelid = c.oid AND p.polname = 'within_company' AND p.polcmd = '*'
		        AND p.polroles = ARRAY[(SELECT oid FROM pg_roles WHERE rolname = 'renkei_app')]
		        AND pg_get_expr(p.polqual, p.polrelid) LIKE '%( SELECT (current_setting(''renkei.company''::text))::uuid AS current_setting)%'))
		ORDER BY c.relname`)
	require.NoError(t, err)
	bare, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, bare, "each has a company_id but no wall: CALL wall(…) in its migration")
}

// Tables of everybody's, with what each may hold.
var shared = map[string]string{
	"goose_db_version":   "the schema's version",
	"vault_keys":         "which master keys there are: their ids and states",
	"vault_holders":      "which processes hold which of them",
	"vault_reseals":      "how far re-sealing has come",
	"medium_outages":     "when a medium was away for several companies at once",
	"medium_generations": "when an operator took a medium as it looked for usual",
	"sign_in_tries":      "when strangers tried to get in, under hashes: before somebody is known there is no company",
}

func TestATableThatIsNobodysIsKnownByName(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	rows, err := pool.Query(t.Context(), `
		SELECT c.relname FROM pg_class c
		WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND c.relname <> 'companies' AND c.relname NOT LIKE 'river\_%'
		  AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'company_id') ORDER BY c.relname`)
	require.NoError(t, err)
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	for _, name := range names {
		require.Contains(t, shared, name, "a table without a company_id is seen by all")
	}
}

func TestTheProgramsRolesOwnNothingAndBypassNothing(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	for _, role := range []string{"renkei_app", "renkei_keeper"} {
		var mighty bool
		require.NoError(t, pool.QueryRow(t.Context(), `
			SELECT r.rolsuper OR r.rolbypassrls OR r.rolcreaterole OR r.rolcreatedb OR r.rolcanlogin
			    OR EXISTS (SELECT FROM pg_class c WHERE c.relowner = r.oid)
			    OR EXISTS (SELECT FROM pg_auth_members m WHERE m.member = r.oid)
			FROM pg_roles r WHERE r.rolname = $1`, role).Scan(&mighty))
		require.False(t, mighty, role)
	}
}

func TestWhatIsSealedAndWhoAppliedIsNotForTheKeeper(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	for _, forbidden := range []string{
		"SELECT credential FROM medium_accounts", "SELECT session FROM medium_accounts", "SELECT * FROM candidates",
		"SELECT * FROM inbox_entries", "SELECT * FROM applications", "SELECT * FROM routing_rules", "SELECT * FROM audit_log",
		"SELECT sample FROM import_runs", "SELECT look FROM import_runs", "SELECT changes FROM import_runs", "SELECT account_id FROM medium_looks", "SELECT name FROM candidates", "SELECT sealed FROM candidates",
		"SELECT note FROM selection_events", "SELECT sealed_note FROM selection_events", "SELECT * FROM company_keys",
		"SELECT * FROM erased_people", "SELECT * FROM erasures",
		"SELECT text FROM candidate_search", "SELECT candidate_id FROM candidate_search", "SELECT * FROM search_terms", "SELECT * FROM search_segments",
		"SELECT sealed FROM file_imports", "SELECT fingerprint FROM file_imports",
		"SELECT sealed FROM file_chunks", "SELECT sealed FROM file_bad_lines", "SELECT * FROM file_mappings",
		"SELECT sealed FROM notification_endpoints", "SELECT host FROM notification_endpoints", "SELECT reason FROM incidents", "SELECT member_id FROM deliveries",
		"SELECT email FROM medium_accounts", "SELECT mail_on FROM members", "SELECT position_name FROM inbox_entries", "UPDATE inbox_entries SET state = 'ROUTED'",
		"DELETE FROM medium_outages", "UPDATE medium_looks SET look = '{}'", "DELETE FROM incidents", "DELETE FROM deliveries",
		"SELECT candidate_id FROM inbox_entries", "UPDATE deliveries SET state = 'SENT'", "UPDATE incidents SET reason = NULL",
		"UPDATE sessions SET member_id = member_id", "UPDATE sessions SET ended_at = NULL", "UPDATE members SET password_hash = NULL",
	} {
		err := db.BeginAcross(t.Context(), dbtest.Program(t, pool), func(tx pgx.Tx) error {
			_, err := tx.Exec(t.Context(), forbidden)
			return err
		})
		require.ErrorContains(t, err, "permission denied", forbidden)
	}
}

func TestTheKeeperSeesThatThereIsSomethingToSealAndNothingMore(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	program := dbtest.Program(t, pool)
	toSeal := func(table string) (n int) {
		require.NoError(t, db.Across(program).QueryRow(t.Context(), "SELECT count(company_id) FROM "+table).Scan(&n))
		return n
	}
	require.Equal(t, 2, toSeal("candidates"))
	require.Zero(t, toSeal("selection_events"))
	_, err = pool.Exec(t.Context(), "UPDATE candidates SET sealed = 'x'; UPDATE selection_events SET note = 'よい'")
	require.NoError(t, err)
	require.Zero(t, toSeal("candidates"))
	require.Equal(t, 1, toSeal("selection_events"))
}

// A table that refers to a person, directly or not, must be emptied of them before they can go: whoever adds
// one adds it to ForgetCandidates, and to this list.
func TestEveryTableThatNamesAPersonIsKnownToForgetting(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	rows, err := pool.Query(t.Context(), `
		WITH RECURSIVE naming (oid) AS (
			SELECT 'candidates'::regclass::oid
			UNION SELECT c.conrelid FROM pg_constraint c JOIN naming n ON c.confrelid = n.oid WHERE c.contype = 'f'
		), named AS (
			SELECT a.attrelid AS oid FROM pg_attribute a JOIN pg_class r ON r.oid = a.attrelid AND r.relkind IN ('r', 'p')
			WHERE r.relnamespace = 'public'::regnamespace AND NOT a.attisdropped
			  AND a.attname IN ('candidate_id', 'entry_id', 'application_id', 'external_id', 'external_person_id')
		)
		SELECT DISTINCT oid::regclass::text FROM (SELECT oid FROM naming UNION SELECT oid FROM named) x ORDER BY 1`)
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Equal(t, []string{"applications", "candidate_merges", "candidate_search", "candidates", "dismissed_duplicates", "hidden_applications", "inbox_entries", "invalid_records", "routing_decisions", "selection_events"}, tables)
}

// twoCompanies has one of everything, and another company beside it.
func twoCompanies(t *testing.T) (one, other db.Walled, oneID, otherID uuid.UUID) {
	t.Helper()
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	oneID, otherID = uuid.MustParse("10000000-0000-0000-0000-000000000001"), uuid.MustParse("10000000-0000-0000-0000-000000000002")
	program := dbtest.Program(t, pool)
	return db.Within(program, oneID), db.Within(program, otherID), oneID, otherID
}

func TestAForgottenConditionFindsTheOwnCompanyAlone(t *testing.T) {
	t.Parallel()
	_, other, one, id := twoCompanies(t)
	rows, err := other.Query(t.Context(), "SELECT company_id FROM openings UNION ALL SELECT company_id FROM members UNION ALL SELECT id FROM companies UNION ALL SELECT company_id FROM candidates")
	require.NoError(t, err)
	seen, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.NoError(t, err)
	require.Equal(t, []uuid.UUID{id, id, id}, seen)
	tag, err := other.Exec(t.Context(), "UPDATE openings SET name = 'taken' WHERE company_id = $1", one)
	require.NoError(t, err)
	require.Zero(t, tag.RowsAffected())
	_, err = other.Exec(t.Context(), "INSERT INTO openings (company_id, name) VALUES ($1, 'planted')", one)
	require.ErrorContains(t, err, "violates row-level security")
	var n int
	require.NoError(t, other.QueryRow(t.Context(), "SELECT count(*) FROM candidates").Scan(&n))
	require.Zero(t, n)
}

func TestAStatementThatNamesNoCompanyFails(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	_, err := pool.Exec(t.Context(), aCompany)
	require.NoError(t, err)
	program := dbtest.Program(t, pool)
	_, err = program.Exec(t.Context(), "SELECT * FROM openings")
	require.Error(t, err)
	// Also on a connection on which a company was named before.
	require.NoError(t, db.BeginWithin(t.Context(), program, uuid.New(), db.ReadWrite, func(tx pgx.Tx) error {
		_, err := tx.Exec(t.Context(), "SELECT * FROM openings")
		return err
	}))
	for range 2 * program.Config().MaxConns {
		_, err = program.Exec(t.Context(), "SELECT * FROM openings")
		require.Error(t, err)
	}
	_, err = program.Exec(t.Context(), "ALTER TABLE openings DISABLE ROW LEVEL SECURITY")
	require.ErrorContains(t, err, "must be owner")
}

func TestAStatementThatFailsAtItsEndSaysSo(t *testing.T) {
	t.Parallel()
	one, _, id, _ := twoCompanies(t)
	// The order of steps is checked when the transaction ends.
	_, err := one.Exec(t.Context(), `INSERT INTO selection_steps (company_id, opening_id, kind, name, position)
		VALUES ($1, '50000000-0000-0000-0000-000000000001', 'ENTRY', '二つ目', 1)`, id)
	require.ErrorContains(t, err, "duplicate key")
	require.ErrorContains(t, one.QueryRow(t.Context(), `INSERT INTO selection_steps (company_id, opening_id, kind, name, position)
		VALUES ($1, '50000000-0000-0000-0000-000000000001', 'ENTRY', '二つ目', 1) RETURNING id`, id).Scan(new(uuid.UUID)), "duplicate key")
	rows, err := one.Query(t.Context(), `INSERT INTO selection_steps (company_id, opening_id, kind, name, position)
		VALUES ($1, '50000000-0000-0000-0000-000000000001', 'ENTRY', '二つ目', 1) RETURNING id`, id)
	require.NoError(t, err)
	_, err = pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	require.ErrorContains(t, err, "duplicate key")
}
