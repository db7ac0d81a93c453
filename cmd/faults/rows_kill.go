package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
)

const (
	// resumeWithin and resumeMostly bound how long a run may stand still when its owner is killed.
	resumeWithin = 10 * time.Second
	resumeMostly = 5 * time.Second
	// enough are so many that a percentile means something.
	enough = 20
	// abreast is how many accounts import at once.
	abreast = 3
)

var _ = register(&row{
	number: 1, name: "kill", fault: "kill -9 of the process that owns a run",
	required: "goes on at the last committed page within 10 s (p95 5 s)",
	once:     1, figure: 200, play: killOwners,
})

// crowd keeps some imports under way, until as many records as wanted have been asked for.
type crowd struct {
	s      *stage
	active []*link
	asked  int
}

// topUp registers accounts until enough import at once.
func (c *crowd) topUp(ctx context.Context, wanted bool) error {
	if err := c.drop(ctx); err != nil {
		return err
	}
	for len(c.active) < min(abreast, max(1, c.s.times)) && (wanted || c.asked < c.s.records) {
		l, err := c.s.linked(ctx)
		if err != nil {
			return err
		}
		c.active = append(c.active, l)
		c.asked += c.s.each
	}
	return nil
}

// drop forgets who is through.
func (c *crowd) drop(ctx context.Context) (err error) {
	c.active = slices.DeleteFunc(c.active, func(l *link) bool {
		var n int
		err = errors.Join(err, c.s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND finished_at IS NOT NULL", l.Account).Scan(&n))
		return n > 0
	})
	return err
}

// finish imports what is still to be asked for, and waits for all.
func (c *crowd) finish(ctx context.Context) error {
	for {
		if err := c.topUp(ctx, false); err != nil {
			return err
		}
		if len(c.active) == 0 {
			return nil
		}
		pause(ctx, 200*time.Millisecond)
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
}

// owner draws an account whose import is under way, at an instant that the seed decides, and finds who owns it; nil
// where none is any more.
func (c *crowd) owner(ctx context.Context) (*link, holding, *process, error) {
	l := c.active[c.s.rand.IntN(len(c.active))]
	pause(ctx, time.Duration(c.s.rand.IntN(600))*time.Millisecond)
	h, err := c.s.holder(ctx, l)
	if err != nil {
		return nil, h, nil, err
	}
	p := c.s.named(h.who)
	if p == nil || h.status != "RUNNING" || h.imported == 0 {
		return nil, h, nil, nil
	}
	return l, h, p, nil
}

// killOwners kills whoever owns a run, until as many kills as wanted have hit one.
func killOwners(ctx context.Context, s *stage) error {
	c := &crowd{s: s}
	var took []time.Duration
	misses := 0
	for hits := 0; hits < s.times; {
		if err := c.topUp(ctx, true); err != nil {
			return err
		}
		l, h, p, err := c.owner(ctx)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		at := time.Now()
		p.kill()
		hit, err := s.stillHeld(ctx, l, h)
		if err != nil {
			return err
		}
		if _, err := s.start(ctx); err != nil {
			return err
		}
		if !hit {
			misses++
			continue
		}
		hits++
		waited, err := s.resumed(ctx, l, p.name, at)
		if err != nil {
			return fmt.Errorf("kill %d, of %s: %w", hits, p.name, err)
		}
		took = append(took, waited)
		if hits%10 == 0 {
			fmt.Fprintf(s.bench.out, "   %d kills, %s\n", hits, spread("resumed in", took))
		}
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	s.see("%d kills hit the owner, %d missed; %d applications; %s", len(took), misses, len(s.links)*s.each, spread("resumed in", took))
	return requireResumed(took)
}

func requireResumed(took []time.Duration) error {
	if worst := percentile(took, 1); worst > resumeWithin {
		return fmt.Errorf("a run went on only after %s", worst)
	}
	if p95 := percentile(took, 0.95); len(took) >= enough && p95 > resumeMostly {
		return fmt.Errorf("one run in twenty went on only after %s or more", p95)
	}
	return nil
}

// stillHeld reports whether a lease is still that of somebody who was killed: only then did the kill hit an owner.
func (s *stage) stillHeld(ctx context.Context, l *link, h holding) (bool, error) {
	now, err := s.holder(ctx, l)
	return now.owner == h.owner && now.status == "RUNNING", err
}

// resumed waits until somebody else has stored a page, or ended the run, and returns how long that took.
func (s *stage) resumed(ctx context.Context, l *link, dead string, since time.Time) (took time.Duration, err error) {
	err = within(ctx, time.Minute, "somebody else goes on", func(ctx context.Context) (bool, error) {
		var at *time.Time
		err := s.pool.QueryRow(ctx, `SELECT min(at) FROM (
				SELECT at FROM witness.pages WHERE account_id = $1 AND who <> $2 AND at > $3
				UNION ALL SELECT at FROM witness.runs WHERE account_id = $1 AND who <> $2 AND at > $3 AND new_status NOT IN ('QUEUED', 'RUNNING')) t`,
			l.Account, dead, since).Scan(&at)
		if at != nil {
			took = at.Sub(since)
		}
		return at != nil, err
	})
	return took, err
}
