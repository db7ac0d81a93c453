package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"time"
)

var _ = register(
	&row{
		number: 24, name: "term", fault: "SIGTERM of the process that owns a run, under load",
		required: "out within 10 s, the run handed over; nothing acknowledged is lost, nothing done twice; no request that was taken is left unanswered",
		once:     1, figure: 20, play: terminate,
	},
	&row{
		number: 26, name: "memory", fault: "a process may take no more memory (GOMEMLIMIT, then prlimit --as)",
		required: "no state is corrupt: it works on, or dies and another goes on",
		once:     1, figure: 10, cannot: noLimits, setting: setting{env: map[string]string{"GOMEMLIMIT": "24MiB"}}, play: starve,
	},
)

// terminate stops owners and starts others, while mutations go on. Who is refused a connection asks another process, as a
// proxy would; what is cut off in the moment of closing is looked for: where it is done, it had been taken.
func terminate(ctx context.Context, s *stage) error {
	m, err := s.mutate(ctx, 5*time.Millisecond)
	if err != nil {
		return err
	}
	c := &crowd{s: s}
	var left, took []time.Duration
	for len(took) < s.times {
		if err := c.topUp(ctx, true); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		l, _, p, err := c.owner(ctx)
		if err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		if p == nil {
			continue
		}
		at := time.Now()
		gone, err := p.stop(ctx)
		if err != nil {
			return errors.Join(err, m.stop(ctx))
		}
		now, err := s.holder(ctx, l)
		if err != nil {
			return err
		}
		// Whoever came to the end in the two seconds that it has left hands nothing over.
		if now.status == "RUNNING" {
			waited, err := s.resumed(ctx, l, p.name, at)
			if err != nil {
				return errors.Join(err, m.stop(ctx))
			}
			took, left = append(took, waited), append(left, gone)
		}
		if _, err := s.start(ctx); err != nil {
			return errors.Join(err, m.stop(ctx))
		}
	}
	if err := errors.Join(c.finish(ctx), m.stop(ctx)); err != nil {
		return err
	}
	s.see("%d SIGTERMs; %s; %s", len(took), spread("gone in", left), spread("handed over in", took))
	if m.unanswered > 0 {
		return fmt.Errorf("%d requests were taken and left unanswered", m.unanswered)
	}
	return nil
}

func noLimits(context.Context) string {
	if _, err := exec.LookPath("prlimit"); err != nil {
		return "prlimit is not installed"
	}
	return ""
}

// starve runs everything on very little, then has owners find none left.
func starve(ctx context.Context, s *stage) error {
	c := &crowd{s: s}
	var took []time.Duration
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
		if err := limitTo(ctx, p, 0); err != nil {
			return err
		}
		died, err := s.untilDead(ctx, l, p)
		if err != nil {
			return err
		}
		if !died {
			continue
		}
		if _, err := s.start(ctx); err != nil {
			return err
		}
		waited, err := s.resumed(ctx, l, p.name, at)
		if err != nil {
			return err
		}
		took = append(took, waited)
	}
	if err := c.finish(ctx); err != nil {
		return err
	}
	s.see("GOMEMLIMIT 24 MiB throughout; %d processes died for want of memory; %s", len(took), spread("resumed in", took))
	return nil
}

// limitTo lets a process have more megabytes than it has, and no further ones.
func limitTo(ctx context.Context, p *process, more int) error {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return err
	}
	_, after, _ := strings.Cut(string(status), "VmSize:")
	kilobytes, err := strconv.Atoi(strings.Fields(after)[0])
	if err != nil {
		return err
	}
	//nolint:gosec // numbers
	out, err := exec.CommandContext(ctx, "prlimit", "--pid", strconv.Itoa(p.cmd.Process.Pid), "--as="+strconv.Itoa((kilobytes+more*1024)*1024)).CombinedOutput()
	if err != nil {
		return fmt.Errorf("prlimit: %w: %s", err, out)
	}
	return nil
}

// untilDead asks a process for more and more until it ends; false where its work is done first.
func (s *stage) untilDead(ctx context.Context, l *link, p *process) (bool, error) {
	for range 200 {
		if p.ended() {
			return true, nil
		}
		for range 30 {
			go func() {
				_ = l.ask(ctx, p, "inbox", "query { inbox(first: 100) { nodes { id candidate { name introduction skills } } } }", nil, nil) // it may die of it
			}()
		}
		pause(ctx, 50*time.Millisecond)
		if !s.underWayStill(ctx, l) {
			break
		}
	}
	// It had enough: that is no death, and its work is done.
	p.kill()
	_, err := s.start(ctx)
	return false, err
}
