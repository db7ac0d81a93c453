package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"syscall"
	"time"
)

var _ = register(
	&row{
		number: 10, name: "wall", fault: "the session dies in the middle, and the medium says so by 401, by a redirect, or by its form with 200",
		required: "signs in once and goes on where it stood: nothing is asked for twice but the up to three tickets that the verification tried",
		once:     3, figure: 12, setting: setting{records: 800}, play: hitTheWall,
	},
	&row{
		number: 11, name: "locked", fault: "a captcha, a second step or a locked account, when linking and when the session of a link dies",
		required: "AUTH_FAILED by what it is, told once, and no further sign-in",
		once:     2, figure: 6, setting: setting{records: 100}, play: lockOut,
	},
	&row{
		number: 12, name: "session", fault: "the session dies while two processes want it: sixteen ask at once; its owner is frozen and another takes over",
		required: "one sign-in for each session that died",
		once:     3, figure: 50, setting: setting{records: 500}, play: shareSession,
	},
	&row{
		number: 13, name: "password", fault: "the password is changed at the medium while linked",
		required: "one refused sign-in, INVALID_CREDENTIALS, nothing scheduled; registered again it goes on with nothing lost",
		once:     1, figure: 5, setting: setting{records: 200}, play: changePassword,
	},
)

// hitTheWall lets sessions die twice in an import, each time at another place.
func hitTheWall(ctx context.Context, s *stage) error {
	// A new session must have lived for a while before it may die of age.
	const lives = 110
	for n := range s.times {
		how := []string{"401", "redirect", "form"}[n%3]
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		first := 4 + s.rand.IntN(400)
		err = errors.Join(
			s.medium.order(ctx, "site", map[string]any{"signedOut": how}),
			s.medium.breaks(ctx, l.Email, fault{"do": "expire", "after": first, "times": 1}, fault{"do": "expire", "after": first + lives + s.rand.IntN(400), "times": 1}),
			s.register(ctx, l),
		)
		if err != nil {
			return err
		}
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return fmt.Errorf("by %s: %w", how, err)
		}
		died, err := s.medium.played(ctx, l.Email)
		if err != nil {
			return err
		}
		l.SignIns = 1 + died
		st, err := s.standing(ctx, l)
		if err != nil {
			return err
		}
		twice, err := s.askedTwice(ctx, l)
		if err != nil {
			return err
		}
		s.see("by %s: %d sessions died, %d runs, %d tickets asked for twice", how, died, st.over, twice)
		if died != 2 || st.over != 1 || twice > triedAtFirst {
			return fmt.Errorf("%s: by %s: %d sessions died, %d runs, %d tickets were asked for twice", l.Email, how, died, st.over, twice)
		}
	}
	return nil
}

// triedAtFirst is how many tickets a verification may look at, and with them another run asks for twice.
const triedAtFirst = 3

// askedTwice is how many tickets were served to an account more than once.
func (s *stage) askedTwice(ctx context.Context, l *link) (int, error) {
	asked, err := s.medium.ledger(ctx, l.Email)
	if err != nil {
		return 0, err
	}
	times := map[int]int{}
	for _, line := range asked {
		if line.Kind == "ticket" && line.Status == 200 {
			times[line.Number]++
		}
	}
	twice := 0
	for _, n := range times {
		if n > 1 {
			twice++
		}
	}
	return twice, nil
}

// obstacles are what stands between a password and a session, by persona.
var obstacles = []struct{ persona, reason string }{
	{"captcha", "TWO_FACTOR_REQUIRED"}, {"twofactor", "TWO_FACTOR_REQUIRED"}, {"locked", "ACCOUNT_LOCKED"},
}

// lockOut has accounts be stopped by an obstacle: new ones, and some that were linked before.
func lockOut(ctx context.Context, s *stage) error {
	first := s.rand.IntN(len(obstacles))
	for n := range s.times {
		o := obstacles[(first+n)%len(obstacles)]
		before := n%2 == 1
		l, err := s.obstructed(ctx, o.persona, before)
		if err != nil {
			return err
		}
		st, err := s.until(ctx, l, time.Minute, "needs somebody", func(st standing) bool { return st.account == "AUTH_FAILED" && !st.leased })
		if err != nil {
			return err
		}
		if st.reason != o.reason || st.schedule {
			return fmt.Errorf("%s failed by %s and should by %s; scheduled: %v", l.Email, st.reason, o.reason, st.schedule)
		}
		if err := s.silent(ctx, l); err != nil {
			return err
		}
		told, err := s.toldOfFailure(ctx, l)
		if err != nil {
			return err
		}
		asked, err := s.medium.ledger(ctx, l.Email)
		if err != nil {
			return err
		}
		s.see("%s (linked before: %v): %d sign-ins, told %d times", o.persona, before, asked.count("signin"), told)
		if signIns := asked.count("signin"); signIns != l.SignIns || told != 1 {
			return fmt.Errorf("%s: %d sign-ins, and %d are explained; told %d times", l.Email, signIns, l.SignIns, told)
		}
	}
	return nil
}

func (s *stage) obstructed(ctx context.Context, persona string, linkedBefore bool) (*link, error) {
	if !linkedBefore {
		l, err := s.newLink(ctx, persona)
		if err != nil {
			return nil, err
		}
		l.Status, l.Reason, l.Part, l.SignIns = "AUTH_FAILED", reasonOf(persona), true, 1
		return l, s.register(ctx, l)
	}
	l, err := s.linked(ctx)
	if err != nil {
		return nil, err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return nil, err
	}
	l.Status, l.Run, l.Reason, l.SignIns = "AUTH_FAILED", "FAILED", reasonOf(persona), 2
	return l, errors.Join(
		s.medium.order(ctx, "accounts", map[string]any{"email": l.Email, "persona": persona}),
		s.medium.expireSessions(ctx, l), s.press(ctx, l),
	)
}

func reasonOf(persona string) string {
	return obstacles[slices.IndexFunc(obstacles, func(o struct{ persona, reason string }) bool { return o.persona == persona })].reason
}

// shareSession has sessions die while several ask for an import, and once while the run's owner is frozen.
func shareSession(ctx context.Context, s *stage) error {
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return err
	}
	l.SignIns = 1
	for range s.times {
		if err := errors.Join(s.arrive(ctx, l, 3), s.medium.expireSessions(ctx, l), s.pressMany(ctx, l)); err != nil {
			return err
		}
		l.SignIns++
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return err
		}
	}
	signIns, err := s.signedIn(ctx, l)
	if err != nil {
		return err
	}
	s.see("%d sessions died, %d sign-ins with the first", s.times, signIns)
	if signIns != l.SignIns {
		return fmt.Errorf("%s: %d sign-ins, and %d are explained", l.Email, signIns, l.SignIns)
	}
	for range max(1, s.times/10) {
		if err := s.dieFrozen(ctx); err != nil {
			return err
		}
	}
	return nil
}

func (s *stage) signedIn(ctx context.Context, l *link) (int, error) {
	asked, err := s.medium.ledger(ctx, l.Email)
	return asked.count("signin"), err
}

// pressMany has sixteen press 今すぐ取り込む at once, on all processes.
func (s *stage) pressMany(ctx context.Context, l *link) error {
	all := s.alive()
	errs := make([]error, 16)
	var pressing sync.WaitGroup
	for i := range errs {
		pressing.Go(func() { errs[i] = l.ask(ctx, all[i%len(all)], "importNow", importNow, vars{"id": l.Account}, nil) })
	}
	pressing.Wait()
	return errors.Join(errs...)
}

// dieFrozen freezes a run's owner while it waits for an answer, lets the session die, and thaws it when another has signed in
// and gone on.
func (s *stage) dieFrozen(ctx context.Context) error {
	l, err := s.newLink(ctx, "ok")
	if err != nil {
		return err
	}
	err = errors.Join(s.medium.breaks(ctx, l.Email, fault{"do": "stall", "pause": "5s", "after": 100 + s.rand.IntN(200), "times": 1}), s.register(ctx, l), s.stuck(ctx, l))
	if err != nil {
		return err
	}
	h, err := s.holder(ctx, l)
	if err != nil {
		return err
	}
	p := s.named(h.who)
	if p == nil {
		return fmt.Errorf("%s: nobody holds the run that waits", l.Email)
	}
	at := time.Now()
	p.signal(syscall.SIGSTOP)
	l.SignIns = 2
	err = s.medium.expireSessions(ctx, l)
	var took time.Duration
	if err == nil {
		took, err = s.resumed(ctx, l, p.name, at)
	}
	pause(ctx, frozenFor-time.Since(at))
	p.signal(syscall.SIGCONT)
	if err != nil {
		return err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return err
	}
	if p.ended() {
		if _, err := s.start(ctx); err != nil {
			return err
		}
	}
	signIns, err := s.signedIn(ctx, l)
	if err != nil {
		return err
	}
	s.see("frozen with the session dead: taken over in %.1f s, %d sign-ins with the first", took.Seconds(), signIns)
	if signIns != l.SignIns {
		return fmt.Errorf("%s: %d sign-ins, and %d are explained", l.Email, signIns, l.SignIns)
	}
	return nil
}

// changePassword changes a password at the medium, and registers the new one when nobody has tried the old one again.
func changePassword(ctx context.Context, s *stage) error {
	l, err := s.linked(ctx)
	if err != nil {
		return err
	}
	if err := s.succeeded(ctx, l, time.Minute); err != nil {
		return err
	}
	l.SignIns = 1
	for n := range s.times {
		l.password = fmt.Sprintf("%s%d-%s", passwordPrefix, n, l.password)
		err := errors.Join(
			s.medium.order(ctx, "site", map[string]any{"refusal": []string{"401", "form", "redirect"}[s.rand.IntN(3)]}),
			s.medium.order(ctx, "accounts", map[string]any{"email": l.Email, "password": l.password}),
			s.medium.expireSessions(ctx, l), s.arrive(ctx, l, 20), s.press(ctx, l),
		)
		if err != nil {
			return err
		}
		st, err := s.until(ctx, l, time.Minute, "needs the new password", func(st standing) bool { return st.account == "AUTH_FAILED" && !st.leased })
		if err != nil {
			return err
		}
		if st.reason != "INVALID_CREDENTIALS" || st.schedule {
			return fmt.Errorf("%s failed by %s; scheduled: %v", l.Email, st.reason, st.schedule)
		}
		if err := s.silent(ctx, l); err != nil {
			return err
		}
		j, err := s.medium.journal(ctx, l.Email)
		if err != nil {
			return err
		}
		if j.Refused != n+1 {
			return fmt.Errorf("%s: %d passwords were refused after %d changes", l.Email, j.Refused, n+1)
		}
		l.SignIns++
		if err := s.register(ctx, l); err != nil {
			return err
		}
		if err := s.succeeded(ctx, l, time.Minute); err != nil {
			return err
		}
	}
	s.see("%d changes, a refused sign-in for each", s.times)
	return nil
}
