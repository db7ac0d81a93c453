package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"sync/atomic"
	"time"
)

const (
	// refusedWithin is how long a request may hang while the database is away.
	refusedWithin = 2 * time.Second
	healedWithin  = 5 * time.Second
	// cutWithin is how long one may hang on a connection that says nothing any more.
	cutWithin = 5 * time.Second
	// seenWithin is how soon a stop is seen.
	seenWithin = 3 * time.Second
)

var _ = register(
	&row{
		number: 3, name: "postgres", fault: "Postgres restarted at once (-m immediate), under mutations and imports",
		required: "no acknowledged mutation lost, none twice; refusals are typed, within 2 s; healed within 5 s",
		once:     1, figure: 50, setting: setting{ownCluster: true, takesAway: true, ownerless: 15 * time.Second}, play: crashPostgres,
	},
	&row{
		number: 4, name: "cut", fault: "the network to Postgres swallows everything, for the process that owns a run",
		required: "requests are refused with a type within 5 s; the work is dropped and goes on elsewhere; all heals",
		once:     1, figure: 10, setting: setting{proxied: true, takesAway: true, env: map[string]string{}}, play: cutNetwork,
	},
	&row{
		number: 5, name: "listen", fault: "every LISTEN connection is cut, again and again, while links are stopped",
		required: "a stop is seen within 3 s, the live view goes on",
		once:     1, figure: 50, setting: setting{takesAway: true}, play: loseListener,
	},
	&row{
		number: 23, name: "disk", fault: "the disk under Postgres is full (tmpfs of 300 MB)",
		required: "mutations are refused with a type, nobody crashes, all heals when there is room; nothing acknowledged is lost",
		once:     1, figure: 5, cannot: noMount,
		setting: setting{ownCluster: true, takesAway: true, dir: smallDisk, ownerless: time.Minute, records: 4000, postgres: map[string]string{
			"min_wal_size": "32MB", "max_wal_size": "64MB", "shared_buffers": "32MB",
		}},
		play: fillDisk,
	},
)

func crashPostgres(ctx context.Context, s *stage) error {
	m, err := s.mutate(ctx, 10*time.Millisecond)
	if err != nil {
		return err
	}
	c := &crowd{s: s}
	var took []time.Duration
	for n := range s.times {
		if err := c.topUp(ctx, true); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		pause(ctx, time.Duration(s.rand.IntN(1000))*time.Millisecond)
		s.cluster.crash(ctx)
		pause(ctx, time.Duration(s.rand.IntN(1500))*time.Millisecond)
		if err := s.cluster.start(ctx); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		healed, err := m.healed(ctx, time.Now(), time.Minute)
		if err != nil {
			return errors.Join(fmt.Errorf("restart %d: %w", n+1, err), m.stop(ctx))
		}
		took = append(took, healed)
		if err := s.reachable(ctx); err != nil {
			return err
		}
	}
	if err := errors.Join(c.finish(ctx), m.stop(ctx)); err != nil {
		return err
	}
	s.see("%d restarts; %s", len(took), spread("healed in", took))
	if worst := percentile(took, 1); worst > healedWithin {
		return fmt.Errorf("healed only after %s", worst)
	}
	if m.slowest > refusedWithin {
		return fmt.Errorf("a refusal took %s", m.slowest)
	}
	return nil
}

// reachable waits until the bench's own connections are good again.
func (s *stage) reachable(ctx context.Context) error {
	return within(ctx, time.Minute, "Postgres answers us", func(ctx context.Context) (bool, error) {
		s.pool.Reset()
		return s.pool.Ping(ctx) == nil, nil
	})
}

// cutNetwork cuts off whoever owns a run, and asks them all the while.
func cutNetwork(ctx context.Context, s *stage) error {
	c := &crowd{s: s}
	var took, hung []time.Duration
	for len(took) < s.times {
		if err := c.topUp(ctx, true); err != nil {
			return err
		}
		l, _, p, err := c.owner(ctx)
		if err != nil {
			return err
		}
		if p == nil {
			continue
		}
		at := time.Now()
		if err := s.proxies[p.name].blackHole(); err != nil {
			return err
		}
		asked := make(chan answer, 1)
		go func() { asked <- l.askOpenings(ctx, p) }()
		waited, err := s.resumed(ctx, l, p.name, at)
		pause(ctx, frozenFor-time.Since(at))
		s.proxies[p.name].heal(ctx)
		refused := <-asked
		hung = append(hung, refused.took)
		if err != nil {
			return err
		}
		if code := refused.code(); code != "UNAVAILABLE" {
			return fmt.Errorf("cut %d: a request behind it was answered with %q: %w", len(took)+1, code, refused.err)
		}
		took = append(took, waited)
		if err := p.ready(ctx); err != nil {
			return fmt.Errorf("after the cut: %w", err)
		}
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	s.see("%d cuts; %s; %s", len(took), spread("taken over in", took), spread("a request was refused as UNAVAILABLE after", hung))
	if worst := percentile(hung, 1); worst > cutWithin {
		return fmt.Errorf("a refusal took %s", worst)
	}
	if worst := percentile(took, 1); worst > resumeWithin {
		return fmt.Errorf("a run went on only after %s", worst)
	}
	return nil
}

// loseListener stops links while nobody can be told by NOTIFY.
func loseListener(ctx context.Context, s *stage) error {
	deaf, hear := context.WithCancel(ctx)
	var cut atomic.Int64
	ended := make(chan struct{})
	go func() {
		defer close(ended)
		for deaf.Err() == nil {
			var n int64
			// LISTEN is the last that such a connection said.
			if s.pool.QueryRow(deaf, `SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity
				WHERE datname = current_database() AND state = 'idle' AND (query ILIKE 'LISTEN %' OR query = '-- ping')
				AND application_name LIKE 'p%'`).Scan(&n) == nil {
				cut.Add(n)
			}
			pause(deaf, 20*time.Millisecond)
		}
	}()
	var seen, told []time.Duration
	err := func() error {
		for range s.times {
			l, err := s.linked(ctx)
			if err != nil {
				return err
			}
			pause(ctx, time.Duration(s.rand.IntN(300))*time.Millisecond)
			worked, heard, err := s.stopSeen(ctx, l)
			if err != nil {
				return err
			}
			seen, told = append(seen, worked), append(told, heard)
		}
		return nil
	}()
	hear()
	<-ended
	if err != nil {
		return err
	}
	s.see("%d stops, %d LISTEN connections cut; %s; %s", len(seen), cut.Load(), spread("the medium was left alone in", seen), spread("clients told in", told))
	if cut.Load() == 0 {
		return errors.New("no LISTEN connection was found to be cut")
	}
	if worst := max(percentile(seen, 1), percentile(told, 1)); worst > seenWithin {
		return fmt.Errorf("a stop was seen only after %s", worst)
	}
	return nil
}

// stopSeen stops a link and returns how long its medium was still asked, and how long until a client that watches knew.
func (s *stage) stopSeen(ctx context.Context, l *link) (worked, told time.Duration, err error) {
	err = l.ask(ctx, s.any(), "stopAccount", stopAccount, vars{"id": l.Account}, nil)
	if away, ok := errors.AsType[*refusal](err); ok && away.Code == "UNAVAILABLE" {
		// Its connection had just been pinged and passed for one that listens: as the answer says, one presses again.
		err = l.ask(ctx, s.any(), "stopAccount", stopAccount, vars{"id": l.Account}, nil)
	}
	if err != nil {
		return 0, 0, fmt.Errorf("stop: %w", err)
	}
	at := time.Now()
	if err := s.expectStopped(ctx, l); err != nil {
		return 0, 0, err
	}
	err = within(ctx, time.Minute, "a client is told of the stop", func(context.Context) (bool, error) {
		for _, w := range s.watchers {
			if w.company == l.Company && w.knows(l.Run) {
				return true, nil
			}
		}
		return false, nil
	})
	told = time.Since(at)
	if err != nil {
		return 0, told, err
	}
	// What comes in the next two seconds was asked for too late.
	before, last := -1, at
	for began := time.Now(); time.Since(began) < 2*time.Second; {
		j, err := s.medium.journal(ctx, l.Email)
		if err != nil {
			return 0, told, err
		}
		if n := j.Lists + j.Tickets + j.People; n != before {
			if before >= 0 {
				last = time.Now()
			}
			before = n
		}
		pause(ctx, 50*time.Millisecond)
	}
	return last.Sub(at), told, nil
}

// expectStopped has the judge expect what a stop leaves behind.
func (s *stage) expectStopped(ctx context.Context, l *link) error {
	l.Status, l.Part = "UNLINKED", true
	return s.pool.QueryRow(ctx, "SELECT coalesce((SELECT status FROM import_runs WHERE account_id = $1 ORDER BY id DESC LIMIT 1), '')", l.Account).Scan(&l.Run)
}

// noMount says why a machine cannot have a small disk of its own.
func noMount(ctx context.Context) string {
	dir, err := os.MkdirTemp("", "renkei-mount-")
	if err != nil {
		return err.Error()
	}
	defer os.Remove(dir) //nolint:errcheck // it is empty
	//nolint:gosec // our own folder
	if out, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", "size=1m", "faults", dir).CombinedOutput(); err != nil {
		return "no tmpfs may be mounted: " + string(out)
	}
	//nolint:gosec // our own folder
	if err := exec.CommandContext(ctx, "umount", dir).Run(); err != nil {
		return "what is mounted cannot be taken away: " + err.Error()
	}
	return ""
}

func smallDisk(ctx context.Context, s *stage) (string, error) {
	dir := filepath.Join(s.dir, "disk")
	if err := os.Mkdir(dir, 0o755); err != nil { //nolint:gosec // Postgres has to get in
		return "", err
	}
	//nolint:gosec // our own folder
	out, err := exec.CommandContext(ctx, "mount", "-t", "tmpfs", "-o", "size=300m,mode=755", "faults", dir).CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("mount: %w: %s", err, out)
	}
	s.undo = append(s.undo, func(ctx context.Context) error {
		return exec.CommandContext(ctx, "umount", dir).Run() //nolint:gosec // our own folder
	})
	return dir, nil
}

// fillDisk takes every byte under Postgres, and gives them back.
func fillDisk(ctx context.Context, s *stage) error {
	m, err := s.mutate(ctx, 10*time.Millisecond)
	if err != nil {
		return err
	}
	var took []time.Duration
	fell := 0
	for range s.times {
		if _, err := s.linked(ctx); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		filling := filepath.Join(s.dir, "disk", "full")
		if err := fill(filling); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		pause(ctx, 5*time.Second)
		for _, p := range s.alive() {
			if p.status(ctx, "/healthz") != 200 {
				return errors.Join(fmt.Errorf("%s is not alive while the disk is full", p.name), m.stop(ctx))
			}
		}
		if err := os.Remove(filling); err != nil {
			return err
		}
		at := time.Now()
		if s.pool.Ping(ctx) != nil {
			// Postgres itself gave up where it could not write its log.
			fell++
			s.cluster.crash(ctx)
			if err := s.cluster.start(ctx); err != nil {
				return errors.Join(err, m.stop(ctx))
			}
			at = time.Now()
		}
		healed, err := m.healed(ctx, at, time.Minute)
		if err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		took = append(took, healed)
		if err := s.reachable(ctx); err != nil {
			return err
		}
	}
	if err := m.stop(ctx); err != nil {
		return err
	}
	s.see("%d times full, Postgres itself fell %d times; %s", s.times, fell, spread("healed in", took))
	if len(m.refused) == 0 {
		return errors.New("no mutation was refused: the disk was not full")
	}
	return nil
}

// fill writes until there is no room.
func fill(path string) error {
	file, err := os.Create(path)
	if err != nil {
		return err
	}
	defer file.Close() //nolint:errcheck // its bytes do not matter
	for size := 1 << 20; size > 0; {
		if _, err := file.Write(make([]byte, size)); err != nil {
			size /= 2
		}
	}
	return nil
}
