package intake_test

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// invariants are what holds between any two transactions, whatever happened before. Each selects what
// breaks it.
var invariants = map[string]string{
	"the inbox's figures are what stands in it": `
		SELECT k.company_id::text FROM company_counters k
		WHERE k.waiting <> (SELECT count(*) FROM inbox_entries e WHERE e.company_id = k.company_id AND e.state = 'WAITING')
		   OR k.routed <> (SELECT count(*) FROM inbox_entries e WHERE e.company_id = k.company_id AND e.state = 'ROUTED')
		   OR k.excluded <> (SELECT count(*) FROM inbox_entries e WHERE e.company_id = k.company_id AND e.state = 'EXCLUDED')`,
	"nothing waits that a rule has an open opening for, unless its routing was taken back": `
		SELECT e.id::text FROM inbox_entries e
		JOIN routing_rules r USING (company_id, medium, normalized_position_name)
		JOIN openings o ON o.company_id = r.company_id AND o.id = r.opening_id
		WHERE e.state = 'WAITING' AND o.status = 'OPEN' AND (e.rule_id, e.rule_revision) IS DISTINCT FROM (r.id, r.revision)`,
	"what waits says truly why": `
		SELECT e.id::text FROM inbox_entries e
		LEFT JOIN routing_rules r USING (company_id, medium, normalized_position_name)
		WHERE e.state = 'WAITING' AND e.waiting_reason <> CASE
			WHEN r.id IS NULL THEN 'NO_RULE' WHEN (e.rule_id, e.rule_revision) IS NOT DISTINCT FROM (r.id, r.revision) THEN 'UNDONE' ELSE 'OPENING_CLOSED' END`,
	"who stands for others is merged into nobody, and is of the same company": `
		SELECT c.id::text FROM candidates c LEFT JOIN candidates s ON s.id = c.merged_into
		WHERE c.merged_into IS NOT NULL AND (s.id IS NULL OR s.merged_into IS NOT NULL OR s.company_id <> c.company_id)`,
	"whoever is merged is so by a merge that stands, and those of a merge are together": `
		SELECT c.id::text FROM candidates c
		WHERE (c.merged_into IS NOT NULL) <> EXISTS (
			SELECT FROM candidate_merges m WHERE m.company_id = c.company_id AND m.from_id = c.id AND m.undone_at IS NULL)
		UNION ALL
		SELECT m.id::text FROM candidate_merges m JOIN candidates i ON i.id = m.into_id JOIN candidates p ON p.id = ANY(m.from_id || m.moved)
		WHERE m.undone_at IS NULL AND p.person_id <> i.person_id`,
	"one entry for each application of the medium": `
		SELECT min(e.external_id) FROM inbox_entries e JOIN candidates c ON c.company_id = e.company_id AND c.id = e.candidate_id
		GROUP BY e.company_id, e.medium, c.external_person_id, e.external_id, e.applied_at HAVING count(*) > 1`,
	"the last decision about an entry is where it is": `
		SELECT e.id::text FROM inbox_entries e
		LEFT JOIN LATERAL (SELECT * FROM routing_decisions d WHERE d.company_id = e.company_id AND d.entry_id = e.id ORDER BY d.id DESC LIMIT 1) d ON true
		WHERE (d.state, d.decided_by, d.at, d.member_id, d.rule_id, d.rule_revision, d.rule_position_name, d.opening_id, d.waiting_reason, d.action_id)
		      IS DISTINCT FROM (e.state, e.decided_by, e.decided_at, e.member_id, e.rule_id, e.rule_revision, e.rule_position_name, e.opening_id, e.waiting_reason, e.action_id)`,
	"an action is of as many entries as it says, but for who was erased": `
		SELECT a.id::text FROM routing_actions a
		WHERE a.entries < (SELECT count(DISTINCT d.entry_id) FROM routing_decisions d WHERE d.company_id = a.company_id AND d.action_id = a.id)`,
	"nothing is still of an action that was undone, unless its selection has begun": `
		SELECT e.id::text FROM inbox_entries e JOIN routing_actions r ON r.company_id = e.company_id AND r.id = e.action_id
		LEFT JOIN applications a ON a.company_id = e.company_id AND a.entry_id = e.id AND a.outcome <> 'ROUTING_UNDONE'
		WHERE r.undone_at IS NOT NULL AND coalesce(a.revision, 1) = 1`,
	"what was taken back is history, and says so": `
		SELECT a.id::text FROM applications a WHERE a.outcome = 'ROUTING_UNDONE' AND a.revision <> 2`,
	"every routed entry has one live application, and only those": `
		SELECT coalesce(e.id, a.entry_id)::text FROM (SELECT * FROM inbox_entries WHERE state = 'ROUTED') e
		FULL JOIN (SELECT * FROM applications WHERE entry_id IS NOT NULL AND outcome <> 'ROUTING_UNDONE') a ON a.company_id = e.company_id AND a.entry_id = e.id
		WHERE a.id IS NULL OR e.id IS NULL OR a.candidate_id <> e.candidate_id OR a.applied_at <> e.applied_at`,
	"an application's history begins with 1, has no gap and ends where it stands": `
		SELECT a.id::text FROM applications a
		WHERE (SELECT array_agg(h.n ORDER BY h.n) FROM selection_events h WHERE h.company_id = a.company_id AND h.application_id = a.id)
		      IS DISTINCT FROM (SELECT array_agg(g) FROM generate_series(1, (SELECT count(*)::int FROM selection_events h WHERE h.company_id = a.company_id AND h.application_id = a.id)) g)
		   OR (SELECT (h.to_step_id, h.outcome) FROM selection_events h WHERE h.company_id = a.company_id AND h.application_id = a.id ORDER BY h.n DESC LIMIT 1)
		      IS DISTINCT FROM (a.step_id, a.outcome)`,
	"an application's revision is the number of its last line": `
		SELECT a.id::text FROM applications a
		WHERE a.revision <> (SELECT max(h.n) FROM selection_events h WHERE h.company_id = a.company_id AND h.application_id = a.id)`,
	"an application stands on a step of its opening": `
		SELECT a.id::text FROM applications a
		LEFT JOIN selection_steps s ON s.company_id = a.company_id AND s.id = a.step_id
		WHERE s.opening_id IS DISTINCT FROM a.opening_id`,
	"nobody moves but from where they stood": `
		SELECT h.application_id::text FROM (
			SELECT application_id, n, from_step_id, lag(to_step_id) OVER (PARTITION BY company_id, application_id ORDER BY n) AS stood FROM selection_events) h
		WHERE h.from_step_id IS DISTINCT FROM h.stood`,
	"what names somebody names those who are there": `
		SELECT m.id::text FROM candidate_merges m, unnest(m.moved) x (id) WHERE NOT EXISTS (SELECT FROM candidates c WHERE c.company_id = m.company_id AND c.id = x.id)
		UNION ALL SELECT e.id::text FROM inbox_entries e WHERE NOT EXISTS (SELECT FROM candidates c WHERE c.company_id = e.company_id AND c.id = e.candidate_id)
		UNION ALL SELECT a.id::text FROM applications a WHERE NOT EXISTS (SELECT FROM candidates c WHERE c.company_id = a.company_id AND c.id = a.candidate_id)
		UNION ALL SELECT h.application_id::text FROM selection_events h WHERE NOT EXISTS (SELECT FROM applications a WHERE a.company_id = h.company_id AND a.id = h.application_id)
		UNION ALL SELECT d.entry_id::text FROM routing_decisions d WHERE NOT EXISTS (SELECT FROM inbox_entries e WHERE e.company_id = d.company_id AND e.id = d.entry_id)
		UNION ALL SELECT s.candidate_id::text FROM candidate_search s WHERE NOT EXISTS (SELECT FROM candidates c WHERE c.company_id = s.company_id AND c.id = s.candidate_id)`,
	"a file is over or somebody will take it up, and its numbers add up": `
		SELECT f.id::text FROM file_imports f
		WHERE (f.finished_at IS NULL) <> (f.lease_until IS NOT NULL) OR f.done <> f.known + f.imported + f.invalid OR f.imported <> f.routed + f.waiting
		   OR f.invalid <> (SELECT count(*) FROM file_bad_lines l WHERE l.company_id = f.company_id AND l.file_id = f.id)
		   OR f.imported < (SELECT count(*) FROM inbox_entries e WHERE e.company_id = f.company_id AND e.file_import_id = f.id)`,
	"a file that is over is forgotten": `
		SELECT k.file_id::text FROM file_chunks k JOIN file_imports f ON f.company_id = k.company_id AND f.id = k.file_id WHERE f.finished_at IS NOT NULL`,
	"an opening is told to be full while it is": `
		SELECT o.id::text FROM openings o LEFT JOIN opening_fills f ON f.company_id = o.company_id AND f.opening_id = o.id
		WHERE o.capacity IS NOT NULL AND f.reached IS DISTINCT FROM ((
			SELECT count(*) FROM applications a WHERE a.company_id = o.company_id AND a.opening_id = o.id AND a.outcome IN ('IN_PROGRESS', 'JOINED')) >= o.capacity)`,
	"events are numbered without a gap, as far as the counter says": `
		SELECT k.company_id::text FROM company_counters k
		WHERE k.seq <> (SELECT count(*) FROM events e WHERE e.company_id = k.company_id)
		   OR k.seq <> (SELECT coalesce(max(e.seq), 0) FROM events e WHERE e.company_id = k.company_id)`,
	"the last inbox event shows the figures": `
		SELECT k.company_id::text FROM company_counters k
		JOIN LATERAL (SELECT payload FROM events e WHERE e.company_id = k.company_id AND e.kind = 'INBOX' ORDER BY e.seq DESC LIMIT 1) l ON true
		WHERE (l.payload->>'waitingCount')::bigint <> k.waiting OR (l.payload->>'routedCount')::bigint <> k.routed`,
	"the last event of an account tells its status": `
		SELECT a.id::text FROM medium_accounts a
		LEFT JOIN LATERAL (SELECT payload FROM events e WHERE e.company_id = a.company_id AND e.kind = 'ACCOUNT' AND e.account_id = a.id ORDER BY e.seq DESC LIMIT 1) l ON true
		WHERE l.payload->'account'->>'status' IS DISTINCT FROM a.status`,
	"the events of an account follow from each other": `
		SELECT e.seq::text FROM (
			SELECT seq, payload->>'previousStatus' AS said,
			       lag(payload->'account'->>'status') OVER (PARTITION BY company_id, account_id ORDER BY seq) AS was
			FROM events WHERE kind = 'ACCOUNT') e
		WHERE e.said IS DISTINCT FROM e.was`,
	"the last event of a run tells how it stands": `
		SELECT r.id::text FROM import_runs r
		LEFT JOIN LATERAL (SELECT payload FROM events e WHERE e.company_id = r.company_id AND e.kind = 'RUN' AND e.payload->>'id' = r.id::text ORDER BY e.seq DESC LIMIT 1) l ON true
		WHERE l.payload->>'status' IS DISTINCT FROM r.status OR (l.payload->>'imported')::int <> r.imported OR (l.payload->>'seen')::int <> r.seen`,
	"runs imported what the inbox holds, but for who was erased": `
		SELECT r.id::text FROM import_runs r
		WHERE r.imported - r.erased <> (SELECT count(*) FROM inbox_entries e WHERE e.company_id = r.company_id AND e.run_id = r.id)`,
	"only a linked account has a run ahead": `
		SELECT r.id::text FROM import_runs r JOIN medium_accounts a ON a.company_id = r.company_id AND a.id = r.account_id
		WHERE r.status IN ('QUEUED', 'RUNNING') AND (a.status <> 'LINKED' OR r.epoch <> a.epoch)`,
	"an account with work ahead is waited for or worked on": `
		SELECT a.id::text FROM medium_accounts a
		WHERE (a.status = 'VERIFYING' OR EXISTS (SELECT FROM import_runs r WHERE r.company_id = a.company_id AND r.account_id = a.id AND r.status IN ('QUEUED', 'RUNNING')))
		  AND a.wake_at IS NULL AND a.lease_owner IS NULL`,
}

func (b *testBundle) requireInvariants(t *testing.T) {
	t.Helper()
	require.NoError(t, b.broken(t.Context()))
}

// broken is the first invariant that does not hold. Each is looked at by one statement, so that it may be
// asked while others are at work.
func (b *testBundle) broken(ctx context.Context) error { return b.anyOf(ctx, invariants) }

// anyOf is the first of these queries, each by what it breaks, that finds anything.
func (b *testBundle) anyOf(ctx context.Context, breaking map[string]string) (err error) {
	var asked pgx.Batch
	// To compile such a query takes longer than to run it.
	asked.Queue("SELECT set_config('jit', 'off', true)")
	names := slices.Sorted(maps.Keys(breaking))
	for _, name := range names {
		asked.Queue("SELECT coalesce(array_agg(x), '{}') FROM (" + breaking[name] + ") AS broken (x)")
	}
	results := b.pool.SendBatch(ctx, &asked)
	defer func() { err = errors.Join(err, results.Close()) }()
	if _, err := results.Exec(); err != nil {
		return fmt.Errorf("begin to look: %w", err)
	}
	for _, name := range names {
		var by []string
		if err := results.QueryRow().Scan(&by); err != nil {
			return fmt.Errorf("look whether %s: %w", name, err)
		}
		if len(by) > 0 {
			return fmt.Errorf("it does not hold that %s: %v", name, by)
		}
	}
	return nil
}
