package intake_test

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// overheard is the latest statement of a name, as it went to the database.
type overheard struct {
	name string
	sql  string
	args []any
}

// TraceQueryStart implements pgx.QueryTracer.
func (*overheard) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	return ctx
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*overheard) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// TraceBatchStart implements pgx.BatchTracer.
func (*overheard) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (o *overheard) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	if strings.HasPrefix(data.SQL, "-- name: "+o.name+" ") {
		o.sql, o.args = data.SQL, data.Args
	}
}

// TraceBatchEnd implements pgx.BatchTracer.
func (*overheard) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// plan is a node of what EXPLAIN tells.
type plan struct {
	Kind     string  `json:"Node Type"`
	Relation string  `json:"Relation Name"`
	Rows     float64 `json:"Actual Rows"`
	Removed  float64 `json:"Rows Removed by Filter"`
	Loops    float64 `json:"Actual Loops"`
	Plans    []plan
}

// touched is how many lines of the log were looked at.
func (p plan) touched(t *testing.T) int {
	t.Helper()
	n := 0
	if p.Relation == "audit_log" && p.Loops > 0 {
		require.NotEqual(t, "Seq Scan", p.Kind)
		n = int((p.Rows + p.Removed) * p.Loops)
	}
	for _, child := range p.Plans {
		n += child.touched(t)
	}
	return n
}

func TestAuditOfAHundredThousandLinesIsReadByItsIndexes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ears := &overheard{name: "AuditLines"}
	config := b.program.Config()
	config.ConnConfig.Tracer, config.MaxConns = ears, 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	listening := *b
	listening.program = pool
	svc := listening.process(b.source)
	const lines = 100_000
	busy, quiet, seldom, subject := b.actor.Member.ID, uuid.New(), intake.AuditRuleDeleted, uuid.New()
	// A line a minute: mostly reading, by whoever is there; now and then something else.
	b.asOwner(t, `INSERT INTO audit_log (company_id, n, at, actor, member_id, action, subject_id, previous, hash)
		SELECT $1, n, '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute', 'MEMBER', CASE WHEN n % 1000 = 7 THEN $2::uuid ELSE $3::uuid END,
		       CASE WHEN n % 1000 = 3 THEN 'RULE_DELETED' ELSE 'CANDIDATES_READ' END, CASE WHEN n % 5000 = 0 THEN $4::uuid ELSE gen_random_uuid() END,
		       sha256(''), sha256('')
		FROM generate_series(1, $5::bigint) n`, b.actor.Company.ID, quiet, busy, subject, lines)
	b.exec(t, "VACUUM ANALYZE audit_log")
	at := func(n int) *time.Time {
		return new(time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC))
	}
	for name, c := range map[string]struct {
		filter intake.AuditFilter
		after  string
		found  int
		first  int
	}{
		"the latest":                     {found: 51, first: lines},
		"a page in the middle":           {after: intake.NumberOf(50_000), found: 51, first: 49_999},
		"an action that is rare":         {filter: intake.AuditFilter{Action: &seldom}, found: 51, first: 99_003},
		"a member who does little":       {filter: intake.AuditFilter{MemberID: &quiet}, found: 51, first: 99_007},
		"what was done to one thing":     {filter: intake.AuditFilter{SubjectID: &subject}, found: 20, first: 100_000},
		"a member who never did that":    {filter: intake.AuditFilter{Action: &seldom, MemberID: &quiet}, found: 0},
		"an hour long ago":               {filter: intake.AuditFilter{From: at(1000), To: at(1060)}, found: 51, first: 1059},
		"before an instant long ago":     {filter: intake.AuditFilter{To: at(1000)}, found: 51, first: 999},
		"since lately":                   {filter: intake.AuditFilter{From: at(99_990)}, found: 11, first: 100_000},
		"something rare since lately":    {filter: intake.AuditFilter{Action: &seldom, From: at(99_000)}, found: 1, first: 99_003},
		"something rare long ago":        {filter: intake.AuditFilter{Action: &seldom, From: at(1000), To: at(1060)}, found: 1, first: 1003},
		"a page of an hour long ago":     {filter: intake.AuditFilter{From: at(1000), To: at(1060)}, after: intake.NumberOf(1010), found: 10, first: 1009},
		"one thing, before an instant":   {filter: intake.AuditFilter{SubjectID: &subject, To: at(6000)}, found: 1, first: 5000},
		"what is not there at that time": {filter: intake.AuditFilter{From: at(200_000)}, found: 0},
	} {
		found, err := svc.AuditLog(t.Context(), b.actor, c.filter, intake.Keyset{First: 50, After: c.after})
		require.NoError(t, err, name)
		require.Len(t, found, c.found, name)
		if c.found > 0 {
			require.Equal(t, c.first, found[0].N, name)
		}
		var explained []byte
		require.NoError(t, db.Within(pool, b.actor.Company.ID).QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+ears.sql, ears.args...).Scan(&explained))
		var plans []struct{ Plan plan }
		require.NoError(t, json.Unmarshal(explained, &plans))
		// The numbers of the longest time asked for above, and a little.
		touched := plans[0].Plan.touched(t)
		t.Logf("%s: %d lines looked at", name, touched)
		require.Less(t, touched, 7500, "%s: %s", name, explained)
		if c.filter.From == nil && c.filter.To == nil {
			require.Less(t, touched, 500, "%s: %s", name, explained)
		}
	}
	// A plan made once for all would use no index.
	for range 10 {
		_, err := svc.AuditLog(t.Context(), b.actor, intake.AuditFilter{Action: &seldom}, intake.Keyset{First: 50})
		require.NoError(t, err)
	}
	var general int
	require.NoError(t, pool.QueryRow(t.Context(), "SELECT sum(generic_plans) FROM pg_prepared_statements WHERE statement LIKE '-- name: AuditLines %'").Scan(&general))
	require.Zero(t, general)
}
