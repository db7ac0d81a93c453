package main

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"time"
)

const (
	// deadline is how long the program waits for one answer, and a little more.
	deadline = 35 * time.Second
	// aside is how long an import may take that has nothing to do with what is broken.
	aside = 20 * time.Second
	// stopSeen is how long it may take until 停止 is seen.
	stopSeen = 3 * time.Second
)

var _ = register(
	&row{
		number: 6, name: "slow", fault: "the medium takes 60 s to the first byte for one account, and answers another with a byte a second",
		required: "each answer has a deadline, 停止 is seen at once, and other accounts notice nothing",
		once:     1, figure: 2, setting: setting{records: 500}, play: slowMedium,
	},
	&row{
		number: 7, name: "limit", fault: "429 with a short and a long Retry-After, as seconds and as a date, and without",
		required: "waits as told, shows RATE_LIMITED, and asks at most once in a window, whoever presses what",
		once:     2, figure: 8, setting: setting{records: 500}, play: limitRate,
	},
	&row{
		number: 8, name: "errors", fault: "500, 502, 503, resets, gzip cut short, and charsets that are not so, in the middle of an import",
		required: "at most 4 tries, then FAILED by what it was, and the schedule is kept",
		once:     4, figure: 28, setting: setting{records: 500, garbled: true}, play: answerErrors,
	},
)

// slowMedium has two accounts wait for the medium, and a third import meanwhile. Then they are stopped, and where figures are
// wanted the program's deadline is waited for instead.
func slowMedium(ctx context.Context, s *stage) error {
	for n := range s.times {
		slow := []*link{}
		for _, f := range []fault{
			{"do": "stall", "pause": "60s"}, {"do": "trickle", "pause": "1s"},
		} {
			l, err := s.newLink(ctx, "ok")
			if err != nil {
				return err
			}
			// A page of the listing: without it nothing can go on.
			f["kind"], f["from"], f["times"] = "list", 2+s.rand.IntN(4), 1
			if err := errors.Join(s.medium.breaks(ctx, l.Email, f), s.register(ctx, l)); err != nil {
				return err
			}
			slow = append(slow, l)
		}
		for _, l := range slow {
			if err := s.stuck(ctx, l); err != nil {
				return err
			}
		}
		began := time.Now()
		well, err := s.linked(ctx)
		if err != nil {
			return err
		}
		if err := s.succeeded(ctx, well, aside); err != nil {
			return fmt.Errorf("beside slow ones: %w", err)
		}
		s.see("another account was imported in %.1f s meanwhile", time.Since(began).Seconds())
		for _, l := range slow {
			if n%2 == 0 {
				err = s.stopStuck(ctx, l)
			} else {
				err = s.timesOut(ctx, l)
			}
			if err != nil {
				return err
			}
		}
	}
	return nil
}

// stuck waits until an account's import waits for the medium.
func (s *stage) stuck(ctx context.Context, l *link) error {
	return within(ctx, time.Minute, l.Email+" waits for the medium", func(ctx context.Context) (bool, error) {
		n, err := s.medium.played(ctx, l.Email)
		return n > 0, err
	})
}

// stopStuck stops an account that waits for the medium, and registers it again.
func (s *stage) stopStuck(ctx context.Context, l *link) error {
	began := time.Now()
	if err := l.ask(ctx, s.any(), "stopAccount", stopAccount, vars{"id": l.Account}, nil); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if _, err := s.until(ctx, l, time.Minute, "has stopped", func(st standing) bool { return st.runs == st.over && !st.leased }); err != nil {
		return err
	}
	took := time.Since(began)
	s.see("停止 was seen in %.1f s", took.Seconds())
	if took > stopSeen {
		return fmt.Errorf("%s: 停止 was seen only after %s", l.Email, took)
	}
	l.SignIns = 2
	if err := s.register(ctx, l); err != nil {
		return err
	}
	return s.succeeded(ctx, l, time.Minute)
}

// timesOut waits until the program gives an answer up, and tries again by itself.
func (s *stage) timesOut(ctx context.Context, l *link) error {
	st, err := s.until(ctx, l, deadline, "has given the answer up", func(st standing) bool { return st.over > 0 })
	if err != nil {
		return err
	}
	// By now another may have followed.
	var run, reason string
	err = s.pool.QueryRow(ctx, "SELECT status, coalesce(failure_reason, '') FROM import_runs WHERE account_id = $1 ORDER BY id LIMIT 1", l.Account).Scan(&run, &reason)
	if err != nil {
		return err
	}
	if run != "FAILED" || reason != "TIMED_OUT" || st.account != "LINKED" {
		return fmt.Errorf("%s is %s, its run %s by %s", l.Email, st.account, run, reason)
	}
	return s.succeeded(ctx, l, time.Minute)
}

// window is a time in which the medium wants to be left alone.
type window struct {
	// fault has the medium ask for it.
	fault fault
	long  time.Duration
	// inPlace is whether the run waits for it; others end, and another goes on.
	inPlace bool
}

func (s *stage) windows() []window {
	at := 10 + s.rand.IntN(300)
	return []window{
		{long: 3 * time.Second, inPlace: true, fault: fault{"pause": "3s", "after": at, "times": 1}},
		{long: 12 * time.Second, fault: fault{"pause": "12s", "after": at, "times": 1}},
		{long: time.Second, fault: fault{"after": at, "times": 1}},
		{long: 14 * time.Second, fault: fault{"pause": "14s", "after": at, "times": 1, "retryAfter": "date"}},
	}
}

// limitRate has the medium ask accounts to leave it alone, and members press 今すぐ取り込む meanwhile.
func limitRate(ctx context.Context, s *stage) error {
	for n := range s.times {
		all := s.windows()
		w := all[n%len(all)]
		w.fault["do"], w.fault["status"] = "status", 429
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		if err := errors.Join(s.medium.breaks(ctx, l.Email, w.fault), s.register(ctx, l), s.stuck(ctx, l)); err != nil {
			return err
		}
		if !w.inPlace {
			st, err := s.until(ctx, l, 10*time.Second, "says why it waits", func(st standing) bool { return st.over > 0 })
			if err != nil {
				return err
			}
			if st.run != "FAILED" || st.reason != "RATE_LIMITED" || st.account != "LINKED" {
				return fmt.Errorf("%s is %s, its run %s by %s", l.Email, st.account, st.run, st.reason)
			}
		}
		if w.long > time.Second {
			for range 2 {
				if err := s.press(ctx, l); err != nil {
					return fmt.Errorf("import now: %w", err)
				}
			}
		}
		if err := s.succeeded(ctx, l, 2*time.Minute); err != nil {
			return err
		}
		if err := s.leftAlone(ctx, l, w); err != nil {
			return err
		}
	}
	return nil
}

// leftAlone counts the requests in a window.
func (s *stage) leftAlone(ctx context.Context, l *link, w window) error {
	asked, err := s.medium.ledger(ctx, l.Email)
	if err != nil {
		return err
	}
	var first time.Time
	within, refused := 0, 0
	for _, line := range asked {
		if line.Status == 429 {
			refused++
		}
		switch {
		case !first.IsZero() && line.At.Before(first.Add(w.long-100*time.Millisecond)):
			within++
		case line.Status == 429 && first.IsZero():
			first = line.At
		}
	}
	s.see("%d requests in a window of %s", within, w.long)
	if first.IsZero() {
		return errors.New("the medium never asked to be left alone")
	}
	if within > 1 {
		return fmt.Errorf("%s: %d requests in a window of %s", l.Email, within, w.long)
	}
	return nil
}

// wrong is a way in which answers go wrong, and what a run fails by that meets nothing else.
type wrong struct {
	name   string
	fault  fault
	reason string
	// more is how often Go's transport asks again by itself, where a connection that had been idle breaks.
	more int
}

var wrongs = []wrong{
	{"500", fault{"do": "status", "status": 500}, "MEDIUM_UNAVAILABLE", 0},
	{"reset", fault{"do": "reset"}, "MEDIUM_UNAVAILABLE", 1},
	{"cut", fault{"do": "cut"}, "UNEXPECTED_RESPONSE", 0},
	{"mislabel", fault{"do": "mislabel"}, "", 0},
	{"502", fault{"do": "status", "status": 502}, "MEDIUM_UNAVAILABLE", 0},
	{"shiftjis", fault{"do": "shiftjis"}, "", 0},
	{"503", fault{"do": "status", "status": 503}, "MEDIUM_UNAVAILABLE", 0},
}

// with is a fault with more said of it.
func (f fault) with(more fault) fault {
	out := fault{}
	maps.Copy(out, f)
	maps.Copy(out, more)
	return out
}

// tries is how often one request is made.
const tries = 4

// answerErrors has answers go wrong: so rarely that the run gets over it, and then so often that it does not.
func answerErrors(ctx context.Context, s *stage) error {
	first := s.rand.IntN(len(wrongs))
	for n := range s.times {
		w := wrongs[(first+n)%len(wrongs)]
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		page := 2 + s.rand.IntN(3)
		faults := []fault{
			w.fault.with(fault{"kind": "ticket", "after": 5 + s.rand.IntN(100), "times": 1 + s.rand.IntN(tries-1)}),
			w.fault.with(fault{"kind": "person", "after": 5 + s.rand.IntN(100), "times": 1 + s.rand.IntN(tries-1)}),
			w.fault.with(fault{"kind": "list", "from": page, "to": page, "times": tries + w.more}),
		}
		if err := errors.Join(s.medium.breaks(ctx, l.Email, faults...), s.register(ctx, l)); err != nil {
			return err
		}
		if w.reason != "" {
			st, err := s.until(ctx, l, time.Minute, "fails", func(st standing) bool { return st.over > 0 })
			if err != nil {
				return err
			}
			if st.run != "FAILED" && st.run != "QUARANTINED" || st.reason != w.reason || st.account != "LINKED" || !st.schedule {
				return fmt.Errorf("%s: %s is %s, its run %s by %s, scheduled: %v", w.name, l.Email, st.account, st.run, st.reason, st.schedule)
			}
		}
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return fmt.Errorf("%s: %w", w.name, err)
		}
		if err := errors.Join(s.triedFour(ctx, l, w, page), s.readLater(ctx, l, w)); err != nil {
			return err
		}
	}
	return nil
}

// readLater has what could not be read, as where nobody said which charset it was in, be asked for again.
func (s *stage) readLater(ctx context.Context, l *link, w wrong) (err error) {
	if l.Invalid, err = s.retryUnreadable(ctx, l); err != nil || l.Invalid == 0 {
		return err
	}
	s.see("%s: %d records kept as unreadable, and read later", w.name, l.Invalid)
	if w.name != "shiftjis" {
		return fmt.Errorf("%s: %s: %d records were kept as unreadable", w.name, l.Email, l.Invalid)
	}
	st, err := s.until(ctx, l, time.Minute, "has read what was left", func(st standing) bool { return st.over > 1 && st.over == st.runs && !st.leased })
	if err == nil && st.imported != s.each {
		err = fmt.Errorf("%s: %s: %d of %d are in", w.name, l.Email, st.imported, s.each)
	}
	return err
}

// triedFour makes sure that a page was not asked for in vain more than four times in a row.
func (s *stage) triedFour(ctx context.Context, l *link, w wrong, page int) error {
	asked, err := s.medium.ledger(ctx, l.Email)
	if err != nil || w.reason == "" {
		return err
	}
	var at []time.Time
	for _, line := range asked {
		if line.Kind == "list" && line.Number == page {
			at = append(at, line.At)
		}
	}
	most := tries + w.more
	if len(at) <= most {
		return fmt.Errorf("%s: %s: page %d was asked for only %d times", w.name, l.Email, page, len(at))
	}
	again := at[most].Sub(at[most-1])
	s.see("%s: %d tries in %.1f s, again after %.1f s", w.name, most, at[most-1].Sub(at[0]).Seconds(), again.Seconds())
	if again < time.Second {
		return fmt.Errorf("%s: %s: page %d was asked for once more at once, after %d times", w.name, l.Email, page, most)
	}
	return nil
}
