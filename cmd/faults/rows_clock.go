package main

import (
	"context"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// slot is how often accounts are imported while clocks are wrong.
const slot = 20 * time.Second

var _ = register(&row{
	number: 16, name: "clock", fault: "three processes, of which one's clock is ten minutes fast, one's ten minutes slow, and one's jumps between both, " +
		"over a change to summer time; owners are killed",
	required: "only Postgres' now() decides about leases and schedules: no slot is taken early or twice or 25 s late, nobody is robbed of a lease, " +
		"a dead one's goes on within 10 s, and no time that is stored is off by minutes",
	once: 1, figure: 10,
	setting: setting{processes: -1, records: 1500, env: map[string]string{"RENKEI_IMPORT_INTERVAL": slot.String()}},
	play:    skewClocks,
})

// slotLate is how late a slot may be taken: River's leader, who sweeps, is leader for 15 s after its last sign of life, and
// whoever is next asks every 6 s whether it still is.
const slotLate = 25 * time.Second

// clocks are FAULTS_CLOCK of the processes.
var clocks = []string{"600", "-600", "600/5"}

// skewClocks has processes that do not agree on the time share imports and schedules, and kills owners.
func skewClocks(ctx context.Context, s *stage) error {
	began, err := s.databaseTime(ctx)
	if err != nil {
		return err
	}
	program, err := s.skewed(ctx)
	if err != nil {
		return err
	}
	zone := filepath.Join(s.dir, "zone")
	if err := summerTime(zone, time.Now().Add(slot)); err != nil {
		return err
	}
	start := func(clock string) error {
		p, err := s.startAs(ctx, program, map[string]string{"FAULTS_CLOCK": clock, "TZ": zone})
		if err != nil {
			return err
		}
		return p.isOff(ctx, clock)
	}
	for _, clock := range clocks {
		if err := start(clock); err != nil {
			return err
		}
	}
	s.began = len(clocks)
	var took []time.Duration
	for n := range s.times {
		for len(s.links) < 3*(n+1) {
			if _, err := s.linked(ctx); err != nil {
				return err
			}
		}
		resumed, err := s.killSkewed(ctx, start)
		if err != nil {
			return err
		}
		took = append(took, resumed)
		pause(ctx, 2*slot)
	}
	// Before a right clock takes part.
	slots, worst, err := s.slots(ctx)
	if err := errors.Join(err, s.robbed(ctx), s.timesTrue(ctx, began), s.calmClocks(ctx)); err != nil {
		return err
	}
	s.see("%d owners killed; %s; %d slots taken, none early or twice, the worst %.1f s late", len(took), spread("taken over in", took), slots, worst.Seconds())
	if worst := percentile(took, 1); worst > resumeWithin {
		return fmt.Errorf("a run went on only after %s", worst)
	}
	if worst > slotLate {
		return fmt.Errorf("a slot was taken %s late", worst)
	}
	return nil
}

// killSkewed kills whoever owns a run that it has come to under way, and starts another with the same clock.
func (s *stage) killSkewed(ctx context.Context, start func(clock string) error) (took time.Duration, err error) {
	c := &crowd{s: s}
	for {
		if len(c.active) == 0 {
			l, err := s.linked(ctx)
			if err != nil {
				return 0, err
			}
			c.active = append(c.active, l)
		}
		l, _, p, err := c.owner(ctx)
		if err != nil {
			return 0, err
		}
		if p == nil {
			c.active = nil
			continue
		}
		at := time.Now()
		p.kill()
		if took, err = s.resumed(ctx, l, p.name, at); err != nil {
			return 0, err
		}
		return took, start(p.clock)
	}
}

// isOff makes sure that the process's clock is as wrong as it is meant to be: its log says so.
func (p *process) isOff(ctx context.Context, clock string) error {
	p.clock = clock
	off, err := p.firstLine()
	if err != nil {
		return err
	}
	if off.Abs() < 9*time.Minute || off.Abs() > 11*time.Minute || strings.HasPrefix(clock, "-") != (off < 0) && !strings.Contains(clock, "/") {
		return fmt.Errorf("%s is to be off by %s s and is by %s", p.name, clock, off)
	}
	return ctx.Err()
}

// databaseTime is what the database takes for now.
func (s *stage) databaseTime(ctx context.Context) (at time.Time, err error) {
	err = s.pool.QueryRow(ctx, "SELECT clock_timestamp()").Scan(&at)
	return at, err
}

// calmClocks ends what is scheduled so soon that there would never be calm: one process with a right clock and the usual
// interval takes the last slot of each account.
func (s *stage) calmClocks(ctx context.Context) error {
	for _, p := range s.alive() {
		if _, err := p.stop(ctx); err != nil {
			return err
		}
	}
	if _, err := s.startAs(ctx, s.bench.program, map[string]string{"RENKEI_IMPORT_INTERVAL": "8h"}); err != nil {
		return err
	}
	return within(ctx, 2*time.Minute, "the last slots were taken", func(ctx context.Context) (bool, error) {
		var soon int
		err := s.pool.QueryRow(ctx, "SELECT count(*) FROM medium_accounts WHERE next_import_at < now() + interval '2 minutes'").Scan(&soon)
		return soon == 0, err
	})
}

// slots compares, by the database's clock, each scheduled run with the slot that it was made for.
func (s *stage) slots(ctx context.Context) (taken int, late time.Duration, err error) {
	var early, twice, without int
	var seconds float64
	err = s.pool.QueryRow(ctx, `WITH taken AS (
			SELECT u.queued_at, w.due FROM import_runs u LEFT JOIN witness.slots w ON w.account_id = u.account_id AND w.began = u.queued_at
			WHERE u.trigger = 'SCHEDULE')
		SELECT count(*), count(*) FILTER (WHERE due > queued_at), count(*) FILTER (WHERE due IS NULL), coalesce(max(extract(epoch FROM queued_at - due)), 0),
			(SELECT count(*) FROM (SELECT FROM witness.slots GROUP BY account_id, due HAVING count(*) > 1) t)
		FROM taken`).Scan(&taken, &early, &without, &seconds, &twice)
	if err != nil {
		return 0, 0, fmt.Errorf("compare slots: %w", err)
	}
	if taken < len(s.links) || early+twice+without > 0 {
		return 0, 0, fmt.Errorf("of %d scheduled runs of %d accounts %d came early and %d had no slot; %d slots were taken twice", taken, len(s.links), early, without, twice)
	}
	return taken, time.Duration(seconds * float64(time.Second)), nil
}

// robbed returns an error where a lease was taken from somebody who held it, by the database's clock.
func (s *stage) robbed(ctx context.Context) error {
	var leases, robbed int
	err := s.pool.QueryRow(ctx, "SELECT count(*), count(*) FILTER (WHERE robbed) FROM witness.leases WHERE owner IS NOT NULL").Scan(&leases, &robbed)
	if err == nil && (leases == 0 || robbed > 0) {
		err = fmt.Errorf("%d of %d leases were taken from somebody who held them", robbed, leases)
	}
	return err
}

// happened are the columns that say when something was; those of the medium and of what is to come are not among them.
const happened = `SELECT c.table_name::text, c.column_name::text FROM information_schema.columns c JOIN information_schema.tables t USING (table_schema, table_name)
	WHERE c.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND c.data_type = 'timestamp with time zone' AND c.table_name NOT LIKE 'river%'
		AND c.table_name <> 'goose_db_version' AND (c.table_name, c.column_name) NOT IN (('inbox_entries', 'applied_at'), ('applications', 'applied_at'))
		AND c.column_name !~ '(^next_|_until$|^until$|expire|due|wake|import_from)' ORDER BY 1, 2`

// timesTrue returns an error where a time that is stored lies minutes before the beginning, or after now.
func (s *stage) timesTrue(ctx context.Context, began time.Time) error {
	rows, err := s.pool.Query(ctx, happened)
	if err != nil {
		return err
	}
	type column struct{ Table, Name string }
	columns, err := pgx.CollectRows(rows, pgx.RowToStructByPos[column])
	if err != nil {
		return err
	}
	var wrong []string
	looked := 0
	for _, c := range columns {
		name := pgx.Identifier{c.Name}.Sanitize()
		var all, off int
		err := s.pool.QueryRow(ctx, fmt.Sprintf("SELECT count(%[1]s), count(*) FILTER (WHERE %[1]s NOT BETWEEN $1::timestamptz - interval '1 minute' AND now() + interval '1 minute') FROM %[2]s",
			name, pgx.Identifier{c.Table}.Sanitize()), began).Scan(&all, &off)
		if err != nil {
			return fmt.Errorf("look through %s: %w", c.Table, err)
		}
		if looked += all; off > 0 {
			wrong = append(wrong, fmt.Sprintf("%s.%s (%d of %d)", c.Table, c.Name, off, all))
		}
	}
	if looked == 0 || wrong != nil {
		return fmt.Errorf("of %d stored times these are off: %s", looked, strings.Join(wrong, ", "))
	}
	s.see("%d stored times are true", looked)
	return nil
}
