package intake

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/sony/gobreaker/v2"

	"renkei/db"
	"renkei/db/dbgen"
)

// When a medium counts as away, rather than some of its accounts.
const (
	// outageCompanies is for how many companies a medium must have failed: one company's trouble, be it with many
	// accounts, is its own. Where there are fewer, each account's retries are all there is, and few enough.
	outageCompanies = 3
	// outageShare is the least share of them among the companies that the medium was lately asked for.
	outageShare = 0.5
	// outageWindow is how long ago lately is: long enough for a few retries, and short enough that what was well
	// before it went away does not speak for it for long.
	outageWindow = 2 * time.Minute
	// maxOutagePause bounds how far apart those who wait come back. It grows with how long the medium is away.
	maxOutagePause = 5 * time.Minute
	// outageForgotten is when an outage that nobody has found lately is over, or nobody's any more.
	outageForgotten = 15 * time.Minute
	// tellTimeout bounds how long it may take to write down that an outage began or ended.
	tellTimeout = 5 * time.Second
)

// Outage is a medium that is away for many companies at once.
type Outage struct {
	Medium Medium
	Since  time.Time
}

// Outages are the media that are away as this process has found them, and it leaves them alone.
func (s *Service) Outages() []Outage {
	var open []Outage
	for _, m := range media {
		if g := s.gates[m]; g != nil {
			if since := g.awaySince(); !since.IsZero() {
				open = append(open, Outage{Medium: m, Since: since})
			}
		}
	}
	return open
}

// OpenOutages are the media that are away as any process has found them.
func (s *Service) OpenOutages(ctx context.Context) ([]Outage, error) {
	rows, err := s.across().OpenOutages(ctx, outageForgotten)
	if err != nil {
		return nil, fmt.Errorf("read outages: %w", err)
	}
	return mapRows(rows, func(r dbgen.OpenOutagesRow) Outage { return Outage{Medium: Medium(r.Medium), Since: r.BeganAt} }), nil
}

// mediumGate keeps accounts from a medium that is away. It is shut when the medium fails for several companies at once,
// and after a while lets one account try. Each process has its own: what it knows, it knows from what it asked itself, and
// needs no database to know it.
type mediumGate struct {
	breaker *gobreaker.TwoStepCircuitBreaker[struct{}]
	wait    time.Duration
	// told is told when the medium is found away, again and again, and once when it is back.
	told func(ctx context.Context, away bool)

	mu sync.Mutex
	// latest is what the medium last did for a company.
	latest map[uuid.UUID]answer
	// away is since when the medium is; zero while it is not.
	away time.Time
	// shutUntil is when somebody may try.
	shutUntil time.Time
}

// answer is how asking a medium went.
type answer struct {
	at   time.Time
	away bool
	// since is when it was first found away without having been there in between.
	since time.Time
}

// errAway is what a gate's breaker counts.
var errAway = errors.New("the medium is away")

func newMediumGate(m Medium, wait time.Duration, told func(ctx context.Context, away bool)) *mediumGate {
	g := &mediumGate{wait: wait, told: told, latest: make(map[uuid.UUID]answer)}
	g.breaker = gobreaker.NewTwoStepCircuitBreaker[struct{}](gobreaker.Settings{
		Name: string(m), Timeout: wait,
		ReadyToTrip:   func(gobreaker.Counts) bool { return g.widespread(time.Now()) },
		IsSuccessful:  func(err error) bool { return err == nil },
		IsExcluded:    func(err error) bool { return err != nil && !errors.Is(err, errAway) },
		OnStateChange: func(_ string, _, to gobreaker.State) { g.turned(to, time.Now()) },
	})
	return g
}

// turned notes what the gate has come to.
func (g *mediumGate) turned(to gobreaker.State, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	switch to {
	case gobreaker.StateOpen:
		if g.away.IsZero() {
			g.away = now
		}
		g.shutUntil = now.Add(g.wait)
	case gobreaker.StateClosed:
		g.away = time.Time{}
		clear(g.latest)
	case gobreaker.StateHalfOpen:
	}
}

// widespread reports whether the medium lately failed for enough companies, and for enough of those that were asked for since
// the first of them: that it was well before says nothing of now, and of a day's rush it would take as many to outweigh it.
func (g *mediumGate) widespread(now time.Time) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	first := now
	for company, a := range g.latest {
		switch {
		case now.Sub(a.at) > outageWindow:
			delete(g.latest, company)
		case a.away && a.since.Before(first):
			first = a.since
		}
	}
	failed, asked := 0, 0
	for _, a := range g.latest {
		if a.away {
			failed++
		}
		if a.away || a.at.After(first) {
			asked++
		}
	}
	return failed >= outageCompanies && float64(failed) >= outageShare*float64(asked)
}

func (g *mediumGate) awaySince() time.Time {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.away
}

// pass is leave to ask a medium for a company; whoever has it tells how it went.
type pass struct {
	gate    *mediumGate
	company uuid.UUID
	done    func(error) // nil once it was told
}

// enter returns a pass, or nil and how long to stay away.
func (g *mediumGate) enter(company uuid.UUID) (*pass, time.Duration) {
	done, err := g.breaker.Allow()
	if err == nil {
		return &pass{gate: g, company: company, done: done}, 0
	}
	return nil, g.pause()
}

// pause is how long somebody is to stay away. Those who stay away do not come back together: half of as long as it has
// lasted lies between the first and the last of them.
func (g *mediumGate) pause() time.Duration {
	g.mu.Lock()
	defer g.mu.Unlock()
	now := time.Now()
	apart := min(max(now.Sub(g.away)/2, g.wait), maxOutagePause)
	return max(g.shutUntil.Sub(now), 0) + rand.N(apart+1) //nolint:gosec // spreading load, not a secret
}

// tell tells how it went, the first time that it is called. Only a medium that does not answer is away: one that refuses
// is there, and what is our own trouble says nothing of it. Nor does one that wants to be left alone by an account, unless it
// was away until then.
func (p *pass) tell(ctx context.Context, err error) {
	if p == nil || p.done == nil {
		return
	}
	counted := p.count(err)
	wasAway := !p.gate.awaySince().IsZero()
	p.done(counted)
	p.done = nil
	switch isAway := !p.gate.awaySince().IsZero(); {
	case isAway && errors.Is(counted, errAway):
		p.gate.told(ctx, true)
	case wasAway && !isAway:
		p.gate.told(ctx, false)
	}
}

// answered tells that the medium is there, for those who wait, although there is more to ask.
func (p *pass) answered(ctx context.Context) {
	p.tell(ctx, nil)
	if done, err := p.gate.breaker.Allow(); err == nil {
		p.done = done
	}
}

func (p *pass) count(err error) error {
	trouble, ok := AsSourceError(err)
	switch {
	case err == nil:
	case !ok || trouble.Reason == FailureInternal:
		return err
	case trouble.Reason == FailureRateLimited && p.gate.awaySince().IsZero():
		return err
	case trouble.meansAway():
		err = errAway
	default:
		err = nil
	}
	p.gate.mu.Lock()
	defer p.gate.mu.Unlock()
	now := answer{at: time.Now(), away: err != nil}
	now.since = now.at
	if before := p.gate.latest[p.company]; now.away && before.away {
		now.since = before.since
	}
	p.gate.latest[p.company] = now
	return err
}

// meansAway reports whether the medium did not answer.
func (e *SourceError) meansAway() bool {
	return e.Reason == FailureMediumUnavailable || e.Reason == FailureTimedOut
}

// outageTold writes down that a medium is away, or back, for whoever tells people.
func (s *Service) outageTold(ctx context.Context, m Medium, away bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tellTimeout)
	defer cancel()
	var err error
	if away {
		s.log.Warn().Ctx(ctx).Str("medium", string(m)).Msg("the medium is away for several companies: it is left alone")
		err = s.across().OutageSeen(ctx, dbgen.OutageSeenParams{Medium: string(m), Forgotten: outageForgotten})
	} else {
		s.log.Info().Ctx(ctx).Str("medium", string(m)).Msg("the medium is back")
		err = s.across().OutageOver(ctx, string(m))
	}
	if err != nil {
		s.log.Error().Ctx(ctx).Err(err).Str("medium", string(m)).Msg("an outage could not be written down")
	}
}

// postpone gives an account back that was not tried, since its medium is away: it stays as it is, its run stays queued,
// and none of its tries is used up. A run of an outage that lasts would otherwise fail and be followed by another every
// half minute, for each account. It reports false where the run was under way already: then it ends as a run that failed.
func (s *Service) postpone(ctx context.Context, tx pgx.Tx, q *dbgen.Queries, account dbgen.MediumAccount, delay time.Duration) (bool, error) {
	verifying := account.Status == string(StatusVerifying)
	var told events
	if !verifying {
		run, err := q.PostponeRun(ctx, dbgen.PostponeRunParams{
			CompanyID: account.CompanyID, AccountID: account.ID, Epoch: account.Epoch, Delay: delay,
		})
		if db.IsNoRows(err) {
			return false, nil
		}
		if err != nil {
			return false, fmt.Errorf("postpone run: %w", err)
		}
		told.runChanged(account.CompanyID, importRun(run))
	}
	previous := previousStatus(&account)
	row, err := q.PostponeAccount(ctx, dbgen.PostponeAccountParams{
		Delay: delay, CompanyID: account.CompanyID, ID: account.ID, LeaseOwner: account.LeaseOwner,
	})
	if err != nil {
		return false, fenced("postpone account", err)
	}
	if row.Revision != account.Revision {
		// No run has failed that would tell.
		told.accountMoved(account.CompanyID, previous, s.account(row))
	}
	if verifying {
		err = s.queue.VerifyAccount(ctx, tx, taskOf(row), delay)
	} else {
		err = s.queue.ImportAccounts(ctx, tx, []Task{taskOf(row)}, delay)
	}
	if err != nil {
		return false, fmt.Errorf("queue what is postponed: %w", err)
	}
	return true, told.append(ctx, q)
}
