package intake_test

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// entriesTouched is how many entries a plan looked at.
func (p plan) entriesTouched(t *testing.T) int {
	t.Helper()
	n := 0
	if p.Relation == "inbox_entries" && p.Loops > 0 {
		require.NotEqual(t, "Seq Scan", p.Kind)
		n = int((p.Rows + p.Removed) * p.Loops)
	}
	for _, child := range p.Plans {
		n += child.entriesTouched(t)
	}
	return n
}

func TestTheInboxOfAHundredThousandEntriesIsReadByItsIndexes(t *testing.T) {
	t.Parallel()
	b := setup(t)
	ears := &overheard{name: "InboxEntries"}
	config := b.program.Config()
	config.ConnConfig.Tracer, config.MaxConns = ears, 1
	pool, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	listening := *b
	listening.program = pool
	svc := listening.process(b.source)
	big, small := b.opening(t, "大").ID, b.opening(t, "小").ID
	candidate := uuid.New()
	const entries = 100_000
	b.exec(t, `INSERT INTO candidates (company_id, id, medium, external_person_id, name) VALUES ($1, $2, 'WANTEDLY', 'p', '山田')`, b.actor.Company.ID, candidate)
	// One a minute, imported in the order of their numbers, which is another one; almost all of them routed to one opening.
	b.asOwner(t, `INSERT INTO inbox_entries (company_id, medium, kind, external_id, position_name, normalized_position_name, candidate_id,
			applied_at, imported_at, state, decided_by, member_id, opening_id, waiting_reason)
		SELECT $1, 'WANTEDLY', 'APPLIED', n, 'x', 'x', $2, '2026-01-01T00:00:00Z'::timestamptz + (n * 7919 % 100000) * interval '1 minute',
		       '2026-01-01T00:00:00Z'::timestamptz + n * interval '1 minute',
		       CASE WHEN n % 50 = 0 THEN 'WAITING' WHEN n % 1000 = 1 THEN 'EXCLUDED' ELSE 'ROUTED' END, 'MEMBER', $3,
		       CASE WHEN n % 50 = 0 OR n % 1000 = 1 THEN NULL WHEN n % 1000 = 7 THEN $5::uuid ELSE $4::uuid END,
		       CASE WHEN n % 5000 = 0 THEN 'OPENING_CLOSED' WHEN n % 50 = 0 THEN 'NO_RULE' END
		FROM generate_series(1, $6::int) n`, b.actor.Company.ID, candidate, b.actor.Member.ID, big, small, entries)
	b.exec(t, "UPDATE company_counters SET waiting = 2000, routed = 97900, excluded = 100 WHERE company_id = $1", b.actor.Company.ID)
	b.exec(t, "VACUUM ANALYZE inbox_entries")
	at := func(n int) *time.Time { return new(time.Date(2026, 1, 1, 0, n, 0, 0, time.UTC)) }
	for name, c := range map[string]struct {
		filter intake.InboxFilter
		found  int
		most   int
	}{
		"the latest":                         {found: 51, most: 60},
		"to the opening that gets all":       {filter: intake.InboxFilter{OpeningID: &big}, found: 51, most: 60},
		"to an opening that gets few":        {filter: intake.InboxFilter{OpeningID: &small}, found: 51, most: 110},
		"to an opening that is not there":    {filter: intake.InboxFilter{OpeningID: new(uuid.New())}, most: 1},
		"what waits for an opening":          {filter: intake.InboxFilter{WaitingReason: new(intake.WaitingForOpening)}, found: 20, most: 30},
		"what waits for a rule":              {filter: intake.InboxFilter{WaitingReason: new(intake.WaitingForRule)}, found: 51, most: 60},
		"what was undone":                    {filter: intake.InboxFilter{WaitingReason: new(intake.WaitingUndone)}, most: 1},
		"applied for lately":                 {filter: intake.InboxFilter{AppliedSince: at(99_990)}, found: 10, most: 20},
		"applied for since long":             {filter: intake.InboxFilter{AppliedSince: at(10)}, found: 51, most: 60},
		"imported lately":                    {filter: intake.InboxFilter{ImportedSince: at(99_990)}, found: 11, most: 20},
		"imported since long":                {filter: intake.InboxFilter{ImportedSince: at(10)}, found: 51, most: 60},
		"imported since half of the time":    {filter: intake.InboxFilter{ImportedSince: at(50_000)}, found: 51, most: 200},
		"what waits, imported lately":        {filter: intake.InboxFilter{State: new(intake.StateWaiting), ImportedSince: at(99_900)}, found: 3, most: 120},
		"what waits, applied for lately":     {filter: intake.InboxFilter{State: new(intake.StateWaiting), AppliedSince: at(99_000)}, found: 20, most: 30},
		"applied for lately, to few":         {filter: intake.InboxFilter{OpeningID: &small, AppliedSince: at(90_000)}, found: 10, most: 20},
		"imported in a time that is to come": {filter: intake.InboxFilter{ImportedSince: at(200_000)}, most: 1},
	} {
		found, err := svc.Inbox(t.Context(), b.actor, c.filter, intake.Keyset{First: 50})
		require.NoError(t, err, name)
		require.Len(t, found, c.found, name)
		var explained []byte
		require.NoError(t, db.Within(pool, b.actor.Company.ID).QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+ears.sql, ears.args...).Scan(&explained))
		var plans []struct{ Plan plan }
		require.NoError(t, json.Unmarshal(explained, &plans))
		touched := plans[0].Plan.entriesTouched(t)
		t.Logf("%s: %d entries looked at", name, touched)
		require.LessOrEqual(t, touched, c.most, "%s: %s", name, explained)
	}

	ears.name = "InboxSummary"
	sum, err := svc.InboxSummary(t.Context(), b.actor)
	require.NoError(t, err)
	require.Equal(t, 2000, sum.ByMedium[0].Waiting)
	require.Equal(t, *at(50), *sum.OldestWaitingImportedAt)
	var explained []byte
	require.NoError(t, db.Within(pool, b.actor.Company.ID).QueryRow(t.Context(), "EXPLAIN (ANALYZE, FORMAT JSON) "+ears.sql, ears.args...).Scan(&explained))
	var plans []struct{ Plan plan }
	require.NoError(t, json.Unmarshal(explained, &plans))
	require.LessOrEqual(t, plans[0].Plan.entriesTouched(t), 2000, "what waits and nothing else: %s", explained)
}
