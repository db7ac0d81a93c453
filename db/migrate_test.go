package db_test

import (
	"context"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
)

func TestProcessesThatMigrateAtOnceTakeTurns(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	url := dbtest.Empty(t)
	pool, err := db.OpenOwner(ctx, url, 2)
	require.NoError(t, err)
	t.Cleanup(pool.Close)

	require.ErrorIs(t, db.CheckSchema(ctx, pool), db.ErrSchemaBehind)
	var wg sync.WaitGroup
	errs := make([]error, 3)
	for i := range errs {
		wg.Go(func() { _, errs[i] = db.Migrate(ctx, url) })
	}
	wg.Wait()
	for _, err := range errs {
		require.NoError(t, err)
	}
	require.NoError(t, db.CheckSchema(ctx, pool))
	again, err := db.Migrate(ctx, url)
	require.NoError(t, err)
	require.Empty(t, again)
}

func TestAMigrationDoesNotQueueEverybodyBehindALongReaderAndComesBack(t *testing.T) {
	t.Parallel()
	ctx := context.Background()
	target := dbtest.Empty(t)
	pool, err := db.OpenOwner(ctx, target, 2)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	require.NoError(t, db.MigrateTo(ctx, pool, 21))
	reader, err := pool.Begin(ctx)
	require.NoError(t, err)
	_, err = reader.Exec(ctx, "SELECT FROM import_runs")
	require.NoError(t, err)

	migrated := make(chan error, 1)
	go func() { _, err := db.Migrate(ctx, target+"&lock_timeout=1000"); migrated <- err }()
	waits := func() (n int) {
		require.NoError(t, pool.QueryRow(ctx, "SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'import_runs'::regclass").Scan(&n))
		return n
	}
	require.Eventually(t, func() bool { return waits() == 1 }, eventuallyWithin, 10*time.Millisecond)
	require.Eventually(t, func() bool { return waits() == 0 }, eventuallyWithin, 10*time.Millisecond, "others get on meanwhile")
	require.Empty(t, migrated, "it has not given up")
	require.NoError(t, reader.Rollback(ctx))
	require.NoError(t, await(t, migrated))
	require.NoError(t, db.CheckSchema(ctx, pool))
}

func TestWhatReadsWholeTablesIsDoneBehindEverybodysBack(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	var unchecked, useless []string
	require.NoError(t, pool.QueryRow(t.Context(), `
		SELECT (SELECT array_agg(conname::text) FROM pg_constraint WHERE NOT convalidated),
			(SELECT array_agg(indexrelid::regclass::text) FROM pg_index WHERE NOT indisvalid)`).Scan(&unchecked, &useless))
	require.Empty(t, unchecked)
	require.Empty(t, useless)

	// Broken off, and begun again while somebody reads and writes.
	for _, sql := range []string{
		"DELETE FROM goose_db_version WHERE version_id >= 25",
		"UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'inbox_entries_waiting_long'::regclass",
	} {
		_, err := pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	_, err := db.Migrate(t.Context(), pool.Config().ConnString())
	require.NoError(t, err)
	require.NoError(t, pool.QueryRow(t.Context(),
		"SELECT array_agg(indexrelid::regclass::text) FROM pg_index WHERE NOT indisvalid").Scan(&useless))
	require.Empty(t, useless)
}

func TestAProgramStartsOnASchemaThatANewerOneBrought(t *testing.T) {
	t.Parallel()
	pool := dbtest.New(t)
	for _, sql := range []string{
		"INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)",
		"INSERT INTO river_migration (line, version) VALUES ('main', 999)",
	} {
		_, err := pool.Exec(t.Context(), sql)
		require.NoError(t, err)
	}
	require.NoError(t, db.CheckSchema(t.Context(), dbtest.Program(t, pool)))
	schema, queue, err := db.CompareSchema(t.Context(), pool)
	require.NoError(t, err)
	require.Equal(t, db.SchemaGap{Unknown: []string{"99999"}}, schema)
	require.Equal(t, db.SchemaGap{Unknown: []string{"queue 999"}}, queue)
}

// The owner of the tables stands before the wall too, but for what this migration does.
func TestWhoWasAMemberBeforeThereWereInvitationsHasJoined(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	migration, err := os.ReadFile("migrations/00010_people.sql")
	require.NoError(t, err)
	_, up, found := strings.Cut(string(migration), "-- +goose Up\n")
	require.True(t, found)
	for _, sql := range []string{
		aCompany,
		"UPDATE members SET invited_at = now() WHERE email = 'x@example.com'",
		"CREATE ROLE renkei_test_plain_owner", "ALTER TABLE members OWNER TO renkei_test_plain_owner", "SET LOCAL ROLE renkei_test_plain_owner",
		up, "RESET ROLE",
	} {
		_, err := tx.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err, sql)
	}
	var joined, waiting int
	var forced bool
	require.NoError(t, tx.QueryRow(t.Context(), `
		SELECT count(*) FILTER (WHERE joined_at = created_at), count(*) FILTER (WHERE joined_at IS NULL AND invited_at IS NOT NULL),
		       (SELECT relforcerowsecurity FROM pg_class WHERE oid = 'members'::regclass) FROM members`).Scan(&joined, &waiting, &forced))
	require.Equal(t, []int{1, 1}, []int{joined, waiting})
	require.True(t, forced, "the wall stands again")
}

// A rule of plain Latin letters folds in SQL to what Go makes of it, and Japanese to the same but for decorations.
func TestWhatThereWasBeforeNamesWereFoldedIsFoldedBySQL(t *testing.T) {
	t.Parallel()
	tx := dbtest.Tx(t)
	migration, err := os.ReadFile("migrations/00015_rules.sql")
	require.NoError(t, err)
	_, up, found := strings.Cut(string(migration), "-- +goose Up\n")
	require.True(t, found)
	for _, sql := range []string{
		aCompany,
		"UPDATE routing_rules SET position_name = 'Ｗｅｂ エンジニア (Go)', normalized_position_name = 'Web エンジニア (Go)', folded_name = '', trigram_name = ''",
		"UPDATE openings SET name = '\U00020bb7ｻﾝﾌﾟﾙ-2' WHERE name = '営業'",
		"CREATE ROLE renkei_test_rules_owner", "ALTER TABLE routing_rules OWNER TO renkei_test_rules_owner", "ALTER TABLE openings OWNER TO renkei_test_rules_owner",
		"GRANT CREATE, USAGE ON SCHEMA public TO renkei_test_rules_owner", "SET LOCAL ROLE renkei_test_rules_owner",
		onlyFolding(up), "RESET ROLE",
	} {
		_, err := tx.Exec(t.Context(), sql, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err, sql)
	}
	var rule, opening [2]string
	var forced bool
	require.NoError(t, tx.QueryRow(t.Context(), `
		SELECT r.folded_name, r.trigram_name, o.folded_name, o.trigram_name,
		       (SELECT bool_and(relforcerowsecurity) FROM pg_class WHERE oid IN ('routing_rules'::regclass, 'openings'::regclass))
		FROM routing_rules r JOIN openings o ON o.company_id = r.company_id AND o.id = r.opening_id`).Scan(
		&rule[0], &rule[1], &opening[0], &opening[1], &forced))
	require.Equal(t, [2]string{"webエンジニアgo", "web pm0s03jeg7iz0xu go"}, rule)
	require.Equal(t, [2]string{"\U00020bb7サンプル2", "gy87p2ds03kvbv3v 2"}, opening)
	require.True(t, forced, "the walls stand again")
}

// onlyFolding leaves of the migration what it does to rows: the columns are there.
func onlyFolding(up string) string {
	_, up, _ = strings.Cut(up, "its next change.\n")
	up, _, _ = strings.Cut(up, "CREATE INDEX")
	return up
}

// Whoever owns the tables stands before the walls too: what a migration does to rows, it must see.
func TestAPlainOwnerMigratesWhatIsThere(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	owner := "renkei_test_upgrader_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	everything := dbtest.New(t)
	exec := func(pool *pgxpool.Pool, sql string) {
		t.Helper()
		_, err := pool.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
		require.NoError(t, err, sql)
	}
	exec(everything, "CREATE ROLE "+owner+"; GRANT renkei_app, renkei_keeper TO "+owner)
	t.Cleanup(func() { _, _ = everything.Exec(context.Background(), "DROP ROLE "+owner) })
	address, err := url.Parse(dbtest.Empty(t))
	require.NoError(t, err)
	mighty, err := db.OpenOwner(ctx, address.String(), 1)
	require.NoError(t, err)
	t.Cleanup(mighty.Close)
	exec(mighty, "ALTER DATABASE "+mighty.Config().ConnConfig.Database+" OWNER TO "+owner+"; ALTER SCHEMA public OWNER TO "+owner)
	query := address.Query()
	query.Set("role", owner)
	address.RawQuery = query.Encode()
	plain, err := db.OpenOwner(ctx, address.String(), 2)
	require.NoError(t, err)
	t.Cleanup(plain.Close)

	require.NoError(t, db.MigrateTo(ctx, plain, 13))
	exec(mighty, landed)
	// Routed to one opening, and moved to another since.
	exec(mighty, "UPDATE selection_events SET to_step_id = '60000000-0000-0000-0000-000000000002'")
	exec(mighty, "UPDATE inbox_entries SET state = 'ROUTED', waiting_reason = NULL, decided_by = 'MEMBER', member_id = '20000000-0000-0000-0000-000000000001'")
	_, err = db.Migrate(ctx, address.String())
	require.NoError(t, err)
	var opening, decided, folded, name string
	require.NoError(t, mighty.QueryRow(ctx, `
		SELECT o.name, d.opening_name, r.folded_name, c.normalized_name
		FROM inbox_entries e JOIN openings o ON o.id = e.opening_id JOIN routing_decisions d ON d.entry_id = e.id
		JOIN candidates c ON c.person_id = e.candidate_id, routing_rules r`).Scan(&opening, &decided, &folded, &name))
	require.Equal(t, []string{"開発", "開発", "営業", "山田"}, []string{opening, decided, folded, name})
	var low int
	require.NoError(t, mighty.QueryRow(ctx, "SELECT count(*) FROM pg_class WHERE relrowsecurity AND NOT relforcerowsecurity").Scan(&low))
	require.Zero(t, low, "every wall stands again")
}
