package main

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

func isNoRows(err error) bool { return errors.Is(err, pgx.ErrNoRows) }

// accountsPerCompany spreads the accounts as customers would.
const accountsPerCompany = 100

// measureSweep races the sweep over many accounts, 1 % due, against the bare claim of as many.
func measureSweep(ctx context.Context, pool *pgxpool.Pool, accounts, rounds int) error {
	if err := fillAccounts(ctx, pool, accounts); err != nil {
		return err
	}
	service, err := newService(ctx, pool, &feed{})
	if err != nil {
		return err
	}
	due := accounts / 100
	nth := 0
	prepare := func(ctx context.Context) error {
		nth++
		return makeDue(ctx, pool, due, nth)
	}
	contestants := []contestant{
		{name: "renkei: sweep, with runs, jobs and events", prepare: prepare, run: func(ctx context.Context) error {
			n, err := service.Sweep(ctx)
			if err == nil && n != due {
				err = fmt.Errorf("swept %d of %d", n, due)
			}
			return err
		}},
		{name: "bare claim: UPDATE … SKIP LOCKED, no work made", prepare: prepare, run: func(ctx context.Context) error {
			return claimBare(ctx, pool, due)
		}},
	}
	times, err := race(ctx, rounds, contestants...)
	if err != nil {
		return err
	}
	report(fmt.Sprintf("sweep, %d accounts, %d due", accounts, due), contestants, times, due)

	idle, err := race(ctx, rounds, contestant{name: "idle", run: func(ctx context.Context) error {
		_, err := service.Sweep(ctx)
		return err
	}})
	if err == nil {
		fmt.Printf("  an idle sweep takes %.2f ms\n", float64(idle[0].Microseconds())/1000)
	}
	return err
}

func fillAccounts(ctx context.Context, pool *pgxpool.Pool, accounts int) error {
	conn, err := pool.Acquire(ctx)
	if err != nil {
		return fmt.Errorf("reach database: %w", err)
	}
	defer conn.Release()
	for _, sql := range []string{
		"SET statement_timeout = 0",
		fmt.Sprintf(`INSERT INTO companies (id, name) SELECT new_id(), 'bench ' || n FROM generate_series(1, %d) n`, accounts/accountsPerCompany),
		`INSERT INTO company_counters (company_id) SELECT id FROM companies WHERE name LIKE 'bench %'`,
		fmt.Sprintf(`INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, linked_at, next_import_at, credential, session)
			SELECT id, new_id(), 'WANTEDLY', 'a' || n || '@example.com', 'LINKED', current_timestamp, now(), now() + random() * interval '8 hours' + interval '1 hour',
				decode(repeat('00', 60), 'hex'), decode(repeat('00', 300), 'hex')
			FROM companies, generate_series(1, %d) n WHERE name LIKE 'bench %%'`, accountsPerCompany),
		"VACUUM ANALYZE",
		"RESET statement_timeout",
	} {
		if _, err := conn.Exec(ctx, sql); err != nil {
			return fmt.Errorf("fill accounts: %w", err)
		}
	}
	return nil
}

// makeDue makes the nth hundredth of the accounts due; none has a run under way.
func makeDue(ctx context.Context, pool *pgxpool.Pool, due, nth int) error {
	_, err := pool.Exec(ctx, `UPDATE medium_accounts SET next_import_at = now() - random() * interval '1 minute'
		WHERE (company_id, id) IN (
			SELECT a.company_id, a.id FROM medium_accounts a
			WHERE a.email = 'a' || (1 + $1 % 100) || '@example.com'
			LIMIT $2)`, nth, due)
	if err != nil {
		return fmt.Errorf("make accounts due: %w", err)
	}
	// A run of an earlier round would keep the account from getting another.
	_, err = pool.Exec(ctx, `DELETE FROM import_runs WHERE status = 'QUEUED'`)
	return err
}

func claimBare(ctx context.Context, pool *pgxpool.Pool, due int) error {
	claimed := 0
	for claimed < due {
		tag, err := pool.Exec(ctx, `UPDATE medium_accounts a SET next_import_at = a.next_import_at + interval '8 hours'
			FROM (SELECT company_id, id FROM medium_accounts WHERE next_import_at <= now()
				ORDER BY next_import_at LIMIT 1000 FOR UPDATE SKIP LOCKED) d
			WHERE a.company_id = d.company_id AND a.id = d.id`)
		if err != nil {
			return fmt.Errorf("claim: %w", err)
		}
		if tag.RowsAffected() == 0 {
			return fmt.Errorf("claimed %d of %d", claimed, due)
		}
		claimed += int(tag.RowsAffected())
	}
	return nil
}
