package judge

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	allRuns      = "SELECT count(*) FROM import_runs"
	allAccounts  = "SELECT count(*) FROM medium_accounts"
	allCompanies = "SELECT count(*) FROM companies"
)

// untrue is I3: the status is true.
func untrue(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	err := errors.Join(
		zero(ctx, conn, f, "runs that have not ended", allRuns, "SELECT count(*) FROM import_runs WHERE status = 'RUNNING' OR status = 'QUEUED' AND due_at < now() - interval '10 seconds'"),
		zero(ctx, conn, f, "accounts whose lease nobody gave back", allAccounts, "SELECT count(*) FROM medium_accounts WHERE lease_owner IS NOT NULL"),
		zero(ctx, conn, f, "runs that did not import what they say", allRuns, `SELECT count(*) FROM import_runs u
			WHERE imported - erased <> (SELECT count(*) FROM inbox_entries e WHERE e.company_id = u.company_id AND e.run_id = u.id)`),
		zero(ctx, conn, f, "companies whose inbox has other figures than entries", allCompanies, `SELECT count(*) FROM company_counters k
			LEFT JOIN (SELECT company_id, count(*) FILTER (WHERE state = 'WAITING') AS waiting, count(*) FILTER (WHERE state = 'ROUTED') AS routed
				FROM inbox_entries GROUP BY 1) e USING (company_id)
			WHERE k.waiting <> coalesce(e.waiting, 0) OR k.routed <> coalesce(e.routed, 0)`),
		zero(ctx, conn, f, "entries that are routed and no application, or one and not routed", "SELECT count(*) FROM inbox_entries", `SELECT count(*) FROM inbox_entries e
			WHERE (e.state = 'ROUTED')::int <> (SELECT count(*) FROM applications a WHERE a.company_id = e.company_id AND a.entry_id = e.id AND a.outcome <> 'ROUTING_UNDONE')`),
		notTold(ctx, conn, c, f),
	)
	allowed := c.OwnerlessAllowed
	if allowed == 0 {
		allowed = 10 * time.Second
	}
	if c.Watched.Longest > allowed {
		f.complain("a run was RUNNING with nobody at work for %.1f s", c.Watched.Longest.Seconds())
	}
	if c.Watched.Looks == 0 || c.Watched.Err != nil {
		f.complain("nobody looked for runs without an owner to the end: %d looks, %v", c.Watched.Looks, c.Watched.Err)
	}
	for _, l := range c.Links {
		if err := errors.Join(err, untrueOf(ctx, conn, f, l)); err != nil {
			return fmt.Errorf("%s: %w", l.Email, err)
		}
	}
	return err
}

func untrueOf(ctx context.Context, conn *pgx.Conn, f *Finding, l Link) error {
	var status string
	var run, reason *string
	var invalid int
	err := conn.QueryRow(ctx, `SELECT a.status, u.status, coalesce(u.failure_reason, a.failure_reason),
			(SELECT count(*) FROM invalid_records r WHERE r.company_id = a.company_id AND r.account_id = a.id)
		FROM medium_accounts a LEFT JOIN LATERAL (
			SELECT * FROM import_runs u WHERE u.company_id = a.company_id AND u.account_id = a.id AND u.status <> 'QUEUED' ORDER BY u.id DESC LIMIT 1) u ON true
		WHERE a.company_id = $1 AND a.id = $2`, l.Company, l.Account).Scan(&status, &run, &reason, &invalid)
	if err != nil {
		return err
	}
	f.Checked++
	if want := or(l.Status, "LINKED"); want != status {
		f.complain("%s is %s and should be %s", l.Email, status, want)
	}
	if want := or(l.Run, "SUCCEEDED"); want != or(deref(run), want) || l.Run != "" && run == nil {
		f.complain("%s: its run is %s and should be %s", l.Email, deref(run), want)
	}
	if l.Reason != deref(reason) {
		f.complain("%s failed by %q and should by %q", l.Email, deref(reason), l.Reason)
	}
	if l.Invalid != invalid {
		f.complain("%s: %d records are kept as unreadable, and should be %d", l.Email, invalid, l.Invalid)
	}
	return nil
}

func or(s, other string) string {
	if s == "" {
		return other
	}
	return s
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// backwards is I4: history only moves on.
func backwards(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	const runMoves = "SELECT count(*) FROM witness.runs"
	err := errors.Join(
		zero(ctx, conn, f, "runs that went back", runMoves, `SELECT count(*) FROM witness.runs WHERE old_status IS NOT NULL AND NOT (
			old_status = new_status AND old_status IN ('QUEUED', 'RUNNING')
			OR old_status = 'QUEUED' AND new_status IN ('RUNNING', 'CANCELLED', 'FAILED')
			OR old_status = 'RUNNING' AND new_status IN ('SUCCEEDED', 'QUARANTINED', 'FAILED', 'CANCELLED'))`),
		zero(ctx, conn, f, "counters that went back", runMoves, "SELECT count(*) FROM witness.runs WHERE fell"),
		zero(ctx, conn, f, "links that moved where they must not", "SELECT count(*) FROM witness.accounts", `SELECT count(*) FROM witness.accounts
			WHERE old_status IS NOT NULL AND (old_status, new_status) NOT IN (
				('VERIFYING', 'LINKED'), ('VERIFYING', 'AUTH_FAILED'), ('VERIFYING', 'SYSTEM_ERROR'), ('VERIFYING', 'UNLINKED'),
				('LINKED', 'UNLINKED'), ('LINKED', 'AUTH_FAILED'),
				('UNLINKED', 'VERIFYING'), ('AUTH_FAILED', 'VERIFYING'), ('SYSTEM_ERROR', 'VERIFYING'),
				('AUTH_FAILED', 'UNLINKED'), ('SYSTEM_ERROR', 'UNLINKED'))`),
		zero(ctx, conn, f, "companies whose events have a gap", allCompanies, `SELECT count(*) FROM company_counters k
			LEFT JOIN (SELECT company_id, count(*) AS n, min(seq) AS low, max(seq) AS high FROM events GROUP BY 1) e USING (company_id)
			WHERE k.seq <> coalesce(e.n, 0) OR k.seq <> coalesce(e.high, 0) OR coalesce(e.low, 1) <> 1`),
		zero(ctx, conn, f, "runs that did not end once among the events", allRuns, `SELECT count(*) FROM import_runs u
			WHERE u.finished_at IS NOT NULL AND 1 <> (SELECT count(*) FROM events e WHERE e.company_id = u.company_id AND e.kind = 'RUN'
				AND e.payload->>'id' = u.id::text AND e.payload->>'status' = u.status)`),
		zero(ctx, conn, f, "events of a run after its end", "SELECT count(*) FROM events WHERE kind = 'RUN'", `SELECT count(*) FROM (
			SELECT payload->>'status' AS status, lead(payload->>'status') OVER (PARTITION BY company_id, payload->>'id' ORDER BY seq) AS next
			FROM events WHERE kind = 'RUN') e
			WHERE next IS NOT NULL AND status NOT IN ('QUEUED', 'RUNNING')`),
		zero(ctx, conn, f, "entries that are not where their last decision put them", "SELECT count(*) FROM inbox_entries", `SELECT count(*) FROM inbox_entries e
			LEFT JOIN LATERAL (SELECT d.state FROM routing_decisions d WHERE d.company_id = e.company_id AND d.entry_id = e.id ORDER BY d.id DESC LIMIT 1) last ON true
			WHERE last.state IS DISTINCT FROM e.state`),
	)
	for _, h := range c.Heard {
		if err := errors.Join(err, heard(ctx, conn, f, h)); err != nil {
			return err
		}
	}
	return err
}

// heard compares what a client was told with what happened.
func heard(ctx context.Context, conn *pgx.Conn, f *Finding, h Heard) error {
	rows, err := conn.Query(ctx, "SELECT payload->>'id', payload->>'status' FROM events WHERE company_id = $1 AND kind = 'RUN' ORDER BY seq", h.Company)
	if err != nil {
		return err
	}
	type told struct{ Run, Status string }
	happened, err := pgx.CollectRows(rows, pgx.RowToStructByPos[told])
	if err != nil {
		return err
	}
	f.Checked += len(happened)
	cursors := map[string]bool{}
	for i, e := range h.Events {
		if cursors[e.Cursor] {
			f.complain("a client was told event %s twice", e.Cursor)
		}
		cursors[e.Cursor] = true
		if i < len(happened) && happened[i] != (told{e.Run, e.Status}) {
			f.complain("a client's event %d is %s %s and should be %s %s", i, e.Run, e.Status, happened[i].Run, happened[i].Status)
		}
	}
	if len(h.Events) != len(happened) {
		f.complain("a client was told %d of %d events", len(h.Events), len(happened))
	}
	return nil
}
