package wantedly

import (
	"context"
	"strings"
	"sync"
	"time"

	"golang.org/x/time/rate"

	"renkei/intake"
)

// maxLanes is how many accounts may be remembered before idle ones are forgotten.
const maxLanes = 10_000

// lanes hold the manners of each account across calls.
type lanes struct {
	limit rate.Limit
	now   func() time.Time

	mu      sync.Mutex
	byEmail map[string]*lane
}

// lane is where the requests of one account go one after the other.
type lane struct {
	limiter *rate.Limiter
	turn    chan struct{} // full while a request is under way
	now     func() time.Time
	users   int // guarded by lanes.mu

	mu     sync.Mutex
	until  time.Time // nothing is asked before
	reason intake.FailureReason
}

func newLanes(limit rate.Limit, now func() time.Time) *lanes {
	return &lanes{limit: limit, now: now, byEmail: map[string]*lane{}}
}

// enter finds the lane of an account; leave must be called once.
func (ls *lanes) enter(email string) (l *lane, leave func()) {
	email = strings.ToLower(strings.TrimSpace(email))
	ls.mu.Lock()
	defer ls.mu.Unlock()
	l = ls.byEmail[email]
	if l == nil {
		ls.forget()
		l = &lane{limiter: rate.NewLimiter(ls.limit, 1), turn: make(chan struct{}, 1), now: ls.now}
		ls.byEmail[email] = l
	}
	l.users++
	return l, func() {
		ls.mu.Lock()
		defer ls.mu.Unlock()
		l.users--
	}
}

// forget drops lanes that a new one could replace without anybody noticing.
func (ls *lanes) forget() {
	if len(ls.byEmail) < maxLanes {
		return
	}
	for email, l := range ls.byEmail {
		if l.users == 0 && l.limiter.Tokens() >= 1 && l.rest() <= 0 {
			delete(ls.byEmail, email)
		}
	}
}

// take waits until a request may be made; release must be called after its answer is read.
func (l *lane) take(ctx context.Context) (release func(), err error) {
	select {
	case l.turn <- struct{}{}:
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	release = func() { <-l.turn }
	if err := l.wait(ctx); err != nil {
		release()
		return nil, err
	}
	return release, nil
}

func (l *lane) wait(ctx context.Context) error {
	rest := l.rest()
	if rest > patience {
		l.mu.Lock()
		defer l.mu.Unlock()
		return resting(l.reason, rest, "the medium asked to be left alone")
	}
	if err := sleep(ctx, rest); err != nil {
		return err
	}
	r := l.limiter.Reserve()
	if err := sleep(ctx, r.Delay()); err != nil {
		r.Cancel()
		return err
	}
	return nil
}

// rest is how long the account is to be left alone.
func (l *lane) rest() time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.until.Sub(l.now())
}

// leaveAlone keeps requests back for d.
func (l *lane) leaveAlone(d time.Duration, reason intake.FailureReason) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.until, l.reason = l.now().Add(d), reason
}

// sleep waits for d, or for ctx to end.
func sleep(ctx context.Context, d time.Duration) error {
	if d <= 0 {
		return ctx.Err()
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-t.C:
		return nil
	}
}
