package dbtest

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// canary marks what must never be found where it does not belong.
const canary = "CANARY-"

// Canary is a secret for a test. Each test's database is searched for canaries before it is dropped: a
// password, a session or a token that stands there in the clear, or in hexadecimal, fails the test.
func Canary(name string) string { return canary + strings.ReplaceAll(name, " ", "-") + "-5f1c" }

// RequireNoCanary fails where text holds a canary.
func RequireNoCanary(tb testing.TB, text, where string) {
	tb.Helper()
	if at := strings.Index(text, canary); at >= 0 {
		require.Fail(tb, "a canary stands in "+where, "%q", text[max(0, at-60):min(len(text), at+60)])
	}
}

// canaries searches every column of every table. A row is written out once for both: that is what it costs.
func canaries(ctx context.Context, tb testing.TB, url string) []string {
	tb.Helper()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(tb, err)
	defer conn.Close(ctx) //nolint:errcheck // a connection used once
	var search string
	require.NoError(tb, conn.QueryRow(ctx, `
		SELECT coalesce(string_agg(format('SELECT * FROM (SELECT %L AS t, r::text AS r FROM %s r OFFSET 0) AS written WHERE r LIKE ''%%%s%%'' OR r LIKE ''%%%s%%''', oid::regclass, pg_class.oid::regclass, $1::text, $2::text), ' UNION ALL '), 'SELECT 1, 1 WHERE false')
		FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`, canary, fmt.Sprintf("%x", canary)).Scan(&search))
	rows, err := conn.Query(ctx, search+" LIMIT 5")
	require.NoError(tb, err)
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		var table, text string
		err := row.Scan(&table, &text)
		return table + ": " + text, err
	})
	require.NoError(tb, err)
	return found
}
