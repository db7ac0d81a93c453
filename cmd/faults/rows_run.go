package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"time"
)

var _ = register(
	&row{
		number: 14, name: "race", fault: "sixteen at once ask two processes for one account's import, again and again",
		required: "one run, and the others are told of it; the medium is never asked by two at once",
		once:     10, figure: 500, setting: setting{records: 100}, play: raceForRuns,
	},
	&row{
		number: 17, name: "stop", fault: "停止 pressed at any instant: while verifying, in a page, in its commit, after the end, twice",
		required: "stopped within 3 s; what is in stays and is counted; nothing is written after it",
		once:     5, figure: 200, setting: setting{records: 1500}, play: stopAnytime,
	},
	&row{
		number: 18, name: "rules", fault: "rules made and deleted all through an import",
		required: "every entry is where its last decision put it, with its explanation",
		once:     1, figure: 5, play: changeRules,
	},
	&row{
		number: 28, name: "deadlock", fault: "two imports bring in the same people, and an outsider locks them against the order",
		required: "it is tried again inside; nobody is in twice",
		once:     5, figure: 50, play: lockAgainst,
	},
)

func raceForRuns(ctx context.Context, s *stage) error {
	const askers = 16
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	if err := s.calm(ctx); err != nil {
		return err
	}
	for n := range s.times {
		// Who asks when a run is over gets another, and rightly so: it has to outlast the race.
		if err := s.medium.breaks(ctx, l.Email, fault{"do": "hold", "kind": "list"}); err != nil {
			return err
		}
		runs, err := s.askAtOnce(ctx, l, askers)
		if err != nil {
			return err
		}
		if err := s.medium.breaks(ctx, l.Email); err != nil {
			return err
		}
		if len(runs) != 1 {
			return fmt.Errorf("race %d: %d runs were answered: %v", n+1, len(runs), runs)
		}
		if err := s.ended(ctx, l); err != nil {
			return err
		}
	}
	var made int
	if err := s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1", l.Account).Scan(&made); err != nil {
		return err
	}
	j, err := s.medium.journal(ctx, l.Email)
	if err != nil {
		return err
	}
	s.see("%d races of %d: %d runs with the first; the medium was asked by two at once %d times", s.times, askers, made, j.Overlaps)
	if made != s.times+1 || j.Overlaps > 0 {
		return errors.New("a race was won twice")
	}
	return nil
}

// askAtOnce has many ask for an import and returns how often each run was answered.
func (s *stage) askAtOnce(ctx context.Context, l *link, many int) (map[string]int, error) {
	all := s.alive()
	var mu sync.Mutex
	var errs []error
	runs := map[string]int{}
	var askers sync.WaitGroup
	for i := range many {
		askers.Go(func() {
			var answer struct{ Run struct{ ID string } }
			err := l.ask(ctx, all[i%len(all)], "importNow", importNow, vars{"id": l.Account}, &answer)
			mu.Lock()
			defer mu.Unlock()
			errs = append(errs, err)
			if err == nil {
				runs[answer.Run.ID]++
			}
		})
	}
	askers.Wait()
	return runs, errors.Join(errs...)
}

// ended waits until an account has no run under way.
func (s *stage) ended(ctx context.Context, l *link) error {
	return within(ctx, time.Minute, l.Email+" has no run under way", func(ctx context.Context) (bool, error) {
		var n int
		err := s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND finished_at IS NULL", l.Account).Scan(&n)
		return n == 0, err
	})
}

// stopAnytime registers accounts and stops them at any instant, and lets each import to its end at last.
func stopAnytime(ctx context.Context, s *stage) error {
	const links = 10
	var took []time.Duration
	late := 0
	for n := range s.times {
		var l *link
		var err error
		if n < links {
			if l, err = s.newLink(ctx, "ok"); err != nil {
				return err
			}
		} else {
			l = s.links[n%links]
		}
		l.SignIns++
		if err := s.register(ctx, l); err != nil {
			return err
		}
		pause(ctx, time.Duration(s.rand.IntN(2500))*time.Millisecond)
		at := time.Now()
		if err := l.ask(ctx, s.any(), "stopAccount", stopAccount, vars{"id": l.Account}, nil); err != nil {
			return fmt.Errorf("stop: %w", err)
		}
		if s.rand.IntN(3) == 0 {
			// Twice: it says that it is stopped already.
			refused := &refusal{}
			if err := l.ask(ctx, s.any(), "stopAccount", stopAccount, vars{"id": l.Account}, nil); !errors.As(err, &refused) || refused.Code != "INVALID_STATE" {
				return fmt.Errorf("a second stop: %w", err)
			}
		}
		if err := s.ended(ctx, l); err != nil {
			return err
		}
		took = append(took, time.Since(at))
		written, err := s.writtenAfterStop(ctx, l)
		if err != nil {
			return err
		}
		late += written
	}
	for _, l := range s.links {
		l.SignIns++
		if err := s.register(ctx, l); err != nil {
			return err
		}
	}
	s.see("%d stops; %s; %d pages stored after a stop", len(took), spread("stopped in", took), late)
	if worst := percentile(took, 1); worst > seenWithin {
		return fmt.Errorf("stopped only after %s", worst)
	}
	if late > 0 {
		return fmt.Errorf("%d pages were stored after a stop", late)
	}
	return nil
}

// writtenAfterStop counts the pages that an account got while it was not linked.
func (s *stage) writtenAfterStop(ctx context.Context, l *link) (n int, err error) {
	err = s.pool.QueryRow(ctx, `SELECT count(*) FROM witness.pages p WHERE p.account_id = $1 AND p.at > (
		SELECT max(at) FROM witness.accounts a WHERE a.account_id = $1 AND a.new_status = 'UNLINKED')`, l.Account).Scan(&n)
	return n, err
}

// positions are titles that the medium has.
var positions = []string{"バックエンドエンジニア", "フロントエンドエンジニア", "プロダクトマネージャー", "カスタマーサクセス", "SRE"}

func changeRules(ctx context.Context, s *stage) error {
	made, deleted := 0, 0
	for range s.times {
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		var opening struct{ Opening struct{ ID string } }
		if err := l.ask(ctx, s.any(), "createOpening", createOpening, vars{"input": vars{"name": "求人"}}, &opening); err != nil {
			return err
		}
		if err := s.register(ctx, l); err != nil {
			return err
		}
		if err := s.underWay(ctx, l, 1); err != nil {
			return err
		}
		rules := map[string]string{}
		for s.underWayStill(ctx, l) {
			position := positions[s.rand.IntN(len(positions))]
			if id := rules[position]; id != "" {
				if err := l.ask(ctx, s.any(), "deleteRoutingRule", deleteRule, vars{"id": id}, nil); err != nil {
					return fmt.Errorf("delete a rule: %w", err)
				}
				delete(rules, position)
				deleted++
				continue
			}
			var rule struct{ Rule struct{ ID string } }
			input := vars{"medium": "WANTEDLY", "positionName": position, "openingId": opening.Opening.ID}
			if err := l.ask(ctx, s.any(), "createRoutingRule", createRule, vars{"input": input}, &rule); err != nil {
				return fmt.Errorf("make a rule: %w", err)
			}
			rules[position] = rule.Rule.ID
			made++
		}
	}
	var routed, unexplained int
	err := s.pool.QueryRow(ctx, `SELECT count(*), count(*) FILTER (WHERE decided_by = 'RULE' AND (rule_id IS NULL OR rule_position_name IS NULL))
		FROM inbox_entries WHERE state = 'ROUTED'`).Scan(&routed, &unexplained)
	if err != nil {
		return err
	}
	s.see("%d rules made, %d deleted while importing; %d entries routed, %d without an explanation", made, deleted, routed, unexplained)
	if made == 0 || unexplained > 0 {
		return errors.New("no rule was changed in time, or an entry lost its explanation")
	}
	return nil
}

func (s *stage) underWayStill(ctx context.Context, l *link) bool {
	var n int
	err := s.pool.QueryRow(ctx, "SELECT count(*) FROM import_runs WHERE account_id = $1 AND finished_at IS NULL", l.Account).Scan(&n)
	return err == nil && n > 0
}

// lockAgainst has two accounts of one company bring in the same people, while somebody else locks rows in another order.
func lockAgainst(ctx context.Context, s *stage) error {
	a, err := s.newLink(ctx, "ok")
	if err != nil {
		return err
	}
	b := &link{client: a.client, password: a.password}
	b.Company, b.Domain, b.Email = a.Company, a.Domain, "ok-2@"+a.Domain
	if err := s.medium.order(ctx, "accounts", map[string]any{"email": b.Email, "password": b.password}); err != nil {
		return err
	}
	s.links = append(s.links, b)
	for _, l := range []*link{a, b} {
		if err := s.register(ctx, l); err != nil {
			return err
		}
	}
	a.Twin, b.Twin = b.Account, a.Account
	// While they are being verified: what was found is stored again, not asked for again.
	early := 0
	for range 3 {
		lost, err := s.collide(ctx, a)
		if err != nil {
			return err
		}
		if !lost {
			early++
		}
	}
	for _, l := range []*link{a, b} {
		if err := s.underWay(ctx, l, 0); err != nil {
			return err
		}
	}
	met, won := 0, 0
	for met < s.times && s.underWayStill(ctx, a) {
		lost, err := s.collide(ctx, a)
		if err != nil {
			return err
		}
		met++
		if !lost {
			won++
		}
	}
	s.see("3 collisions with an outsider from the registration on and %d later, of which the program lost up to %d and %d", met, early, won)
	if met == 0 {
		return errors.New("the imports were through before anybody could get in their way")
	}
	return nil
}

// collide locks the inbox's counters, which a page takes last, and then the account, which it takes first. It reports
// whether the outsider was the one to give way.
func (s *stage) collide(ctx context.Context, l *link) (lost bool, err error) {
	tx, err := s.pool.Begin(ctx)
	if err != nil {
		return false, err
	}
	defer tx.Rollback(ctx) //nolint:errcheck // what it is for is done by then
	// The program is the one to look for a deadlock first.
	if _, err := tx.Exec(ctx, "SET LOCAL deadlock_timeout = '20s'"); err != nil {
		return false, err
	}
	if _, err := tx.Exec(ctx, "SELECT FROM company_counters WHERE company_id = $1 FOR UPDATE", l.Company); err != nil {
		return false, err
	}
	pause(ctx, 100*time.Millisecond)
	_, err = tx.Exec(ctx, "SELECT FROM medium_accounts WHERE company_id = $1 FOR UPDATE", l.Company)
	return err != nil, nil
}
