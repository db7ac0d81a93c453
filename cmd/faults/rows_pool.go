package main

import (
	"context"
	"errors"
	"fmt"
	"time"
)

var _ = register(&row{
	number: 27, name: "pool", fault: "every statement on a table hangs behind somebody's lock until the pool is used up",
	required: "behind a lock of 34 s a statement is refused as UNAVAILABLE after its 30 s (within 32 s) and never before, behind one of 8 s none is; " +
		"the others are answered within 2 s of the lock's end; liveness stays green, readiness turns red",
	// An import's page waits behind the lock with the account's row in hand: until its statement ends no lease can be renewed.
	once: 2, figure: 6, setting: setting{ownerless: statementWithin + 5*time.Second}, play: exhaustPool,
})

const (
	// statementWithin is the program's promise of a statement: it ends by then, and is refused as UNAVAILABLE. Who waits
	// for a connection has the time of those before them as well.
	statementWithin = 30 * time.Second
	// promptly is what an answer may take once nothing is in its way.
	promptly = 2 * time.Second
)

// answer is what came of a request, and when.
type answer struct {
	took time.Duration
	err  error
}

// code is the type of a refusal, empty for an answer.
func (a answer) code() string {
	if a.err == nil {
		return ""
	}
	if refused, ok := errors.AsType[*refusal](a.err); ok {
		return refused.Code
	}
	return "network"
}

// askOpenings asks for what takes a statement.
func (c client) askOpenings(ctx context.Context, p *process) answer {
	began := time.Now()
	err := c.ask(ctx, p, "openings", "query { openings(first: 1) { totalCount } }", nil, nil)
	return answer{time.Since(began), err}
}

// exhaustPool locks what every request here needs, until no connection is left: for longer than a statement may take, and
// for less.
func exhaustPool(ctx context.Context, s *stage) error {
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	var answered, refused []time.Duration
	for n := range s.times {
		hold := []time.Duration{statementWithin + 2*promptly, 8 * time.Second}[n%2]
		all, err := s.lockedOut(ctx, l, hold)
		if err != nil {
			return err
		}
		before := len(refused)
		for _, a := range all {
			switch code := a.code(); code {
			case "":
				answered = append(answered, a.took)
				if a.took > hold+promptly {
					err = fmt.Errorf("an answer came after %s, behind a lock of %s", a.took, hold)
				}
			case "UNAVAILABLE":
				refused = append(refused, a.took)
				if a.took < statementWithin || a.took > statementWithin+promptly {
					err = fmt.Errorf("a refusal came after %s", a.took)
				}
			default:
				err = fmt.Errorf("a request ended as %s: %w", code, a.err)
			}
		}
		switch {
		case err != nil:
			return err
		case hold > statementWithin && len(refused) == before:
			return fmt.Errorf("nobody was refused behind a lock of %s", hold)
		case hold < statementWithin && len(refused) > before:
			return fmt.Errorf("somebody was refused behind a lock of %s", hold)
		}
		for _, p := range s.alive() {
			if err := p.ready(ctx); err != nil {
				return fmt.Errorf("after the lock: %w", err)
			}
		}
	}
	s.see("%d locks; %d requests refused as UNAVAILABLE, %s; %d answered, %s", s.times,
		len(refused), spread("after", refused), len(answered), spread("after", answered))
	return nil
}

// lockedOut holds a lock for some seconds while many ask one process for what is behind it.
func (s *stage) lockedOut(ctx context.Context, l *link, hold time.Duration) ([]answer, error) {
	const many = 60
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback(ctx) //nolint:errcheck // that is all it is for
	if _, err := tx.Exec(ctx, "LOCK TABLE openings IN ACCESS EXCLUSIVE MODE"); err != nil {
		return nil, err
	}
	p := s.any()
	began, answers := time.Now(), make(chan answer, many)
	for range many {
		go func() { answers <- l.askOpenings(ctx, p) }()
	}
	// Readiness is looked at while no statement has come to its end yet.
	pause(ctx, min(hold, statementWithin)-promptly)
	if p.status(ctx, "/healthz") != 200 {
		return nil, fmt.Errorf("%s is not alive while its pool is used up", p.name)
	}
	if p.status(ctx, "/readyz") == 200 {
		return nil, fmt.Errorf("%s says that it is ready while its pool is used up", p.name)
	}
	pause(ctx, hold-time.Since(began))
	if err := tx.Rollback(ctx); err != nil {
		return nil, err
	}
	all := make([]answer, many)
	for i := range all {
		all[i] = <-answers
	}
	return all, nil
}
