package judge

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"
)

// queue is I5: River agrees, of every kind of job.
func queue(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	return errors.Join(accountJobs(ctx, conn, f), deliverJobs(ctx, conn, f), upkeepJobs(ctx, conn, c, f))
}

// accountJobs carry the number of the wake-up that they were made for; one with an older number counts for nothing, so
// that what a killed process left as running may stay so.
func accountJobs(ctx context.Context, conn *pgx.Conn, f *Finding) error {
	const jobs = "SELECT count(*) FROM river_job WHERE kind IN ('import_account', 'verify_account')"
	const counts = ` river_job j JOIN medium_accounts a ON a.company_id = (j.args->>'company_id')::uuid AND a.id = (j.args->>'account_id')::uuid
		AND a.epoch = (j.args->>'epoch')::bigint AND a.wake = (j.args->>'wake')::bigint
		WHERE j.kind IN ('import_account', 'verify_account') `
	return errors.Join(
		zero(ctx, conn, f, "jobs that are running and nobody's", jobs, "SELECT count(*) FROM "+counts+
			"AND j.state = 'running' AND (a.wake_at IS NOT NULL OR a.lease_until < now())"),
		zero(ctx, conn, f, "jobs that were given up with nothing said of it", jobs, "SELECT count(*) FROM "+counts+
			"AND j.state = 'discarded' AND a.failure_reason IS NULL"),
		zero(ctx, conn, f, "wake-ups that wait for no job", allAccounts, `SELECT count(*) FROM medium_accounts a
			WHERE a.wake_at < now() - interval '10 seconds' AND NOT EXISTS (SELECT FROM river_job j
				WHERE j.kind IN ('import_account', 'verify_account') AND j.state NOT IN ('completed', 'cancelled', 'discarded')
				AND j.args->>'account_id' = a.id::text AND (j.args->>'wake')::bigint = a.wake)`),
	)
}

// deliverJobs carry the number of the try that they were made for, in the same way.
func deliverJobs(ctx context.Context, conn *pgx.Conn, f *Finding) error {
	const jobs = "SELECT count(*) FROM river_job WHERE kind = 'deliver'"
	const counts = ` river_job j JOIN deliveries d ON d.company_id = (j.args->>'company_id')::uuid AND d.id = (j.args->>'delivery_id')::uuid
		AND d.attempts = (j.args->>'attempt')::int WHERE j.kind = 'deliver' AND d.ended_at IS NULL `
	return errors.Join(
		zero(ctx, conn, f, "deliveries whose job is running and nobody's", jobs, "SELECT count(*) FROM "+counts+
			"AND j.state = 'running' AND (d.lease_until IS NULL OR d.lease_until < now()) AND d.next_at < now() - interval '10 seconds'"),
		zero(ctx, conn, f, "deliveries whose job was given up", jobs, "SELECT count(*) FROM "+counts+"AND j.state = 'discarded'"),
		zero(ctx, conn, f, "deliveries that are due and wait for no job", "SELECT count(*) FROM deliveries", `SELECT count(*) FROM deliveries d
			WHERE d.next_at < now() - interval '10 seconds' AND NOT EXISTS (SELECT FROM river_job j
				WHERE j.kind = 'deliver' AND j.state NOT IN ('completed', 'cancelled', 'discarded') AND j.args->>'delivery_id' = d.id::text)`),
	)
}

// upkeepJobs are all others, which know no row of their own: one that was given up is made good by a later one, and is
// explained only where something was taken away from it. A dead process's may stay running; a living one's ends.
func upkeepJobs(ctx context.Context, conn *pgx.Conn, c Case, f *Finding) error {
	const others = " FROM river_job j WHERE j.kind NOT IN ('import_account', 'verify_account', 'deliver') "
	const failed = "j.state IN ('discarded', 'retryable', 'cancelled')"
	err := zero(ctx, conn, f, "upkeep jobs that often run were given up, and none came through later", "SELECT count(*)"+others, "SELECT count(*)"+others+
		"AND "+failed+` AND j.kind IN ('sweep', 'notice')
			AND NOT EXISTS (SELECT FROM river_job l WHERE l.kind = j.kind AND l.id > j.id AND l.state IN ('completed', 'available', 'running', 'scheduled'))`)
	if c.Disturbed {
		return err
	}
	return errors.Join(err,
		zero(ctx, conn, f, "upkeep jobs that were given up though nothing was taken away", "SELECT count(*)"+others, "SELECT count(*)"+others+"AND "+failed),
		zero(ctx, conn, f, "upkeep jobs that run for more than a minute, of nobody who died", "SELECT count(*)"+others, "SELECT count(*)"+others+
			"AND j.state = 'running' AND j.attempted_at < now() - interval '1 minute'"),
	)
}
