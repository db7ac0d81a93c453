package main

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// frozenFor is longer than a lease.
const frozenFor = 7 * time.Second

var _ = register(&row{
	number: 2, name: "freeze", fault: "SIGSTOP of the process that owns a run, for 7 s",
	required: "another goes on; whoever thaws writes nothing under the old lease",
	once:     1, figure: 50, setting: setting{processes: 3}, play: freezeOwners,
})

// freezeOwners freezes whoever owns a run until another has taken it over, and thaws them.
func freezeOwners(ctx context.Context, s *stage) error {
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
		p.signal(syscall.SIGSTOP)
		hit, err := s.stillHeld(ctx, l, h)
		if err != nil {
			return err
		}
		waited, err := time.Duration(0), error(nil)
		if hit {
			waited, err = s.resumed(ctx, l, p.name, at)
		}
		pause(ctx, frozenFor-time.Since(at))
		p.signal(syscall.SIGCONT)
		if err != nil {
			return fmt.Errorf("freeze %d, of %s: %w", hits+1, p.name, err)
		}
		if !hit {
			misses++
			continue
		}
		hits++
		took = append(took, waited)
		// Whether it dropped its work or ended, somebody serves there again.
		if p.ended() {
			if _, err := s.start(ctx); err != nil {
				return err
			}
		} else if err := p.ready(ctx); err != nil {
			return fmt.Errorf("after the thaw: %w", err)
		}
		if hits%10 == 0 {
			fmt.Fprintf(s.bench.out, "   %d freezes, %s\n", hits, spread("taken over in", took))
		}
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	s.see("%d freezes hit the owner, %d missed; %d applications; %s", len(took), misses, len(s.links)*s.each, spread("taken over in", took))
	if worst := percentile(took, 1); worst > resumeWithin {
		return fmt.Errorf("a run went on only after %s", worst)
	}
	return nil
}
