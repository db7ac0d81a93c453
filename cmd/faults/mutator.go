package main

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"syscall"
	"time"
)

// mutator creates openings, one after the other, and knows which were acknowledged.
type mutator struct {
	s       *stage
	company string
	client  client
	every   time.Duration

	mu      sync.Mutex
	asked   int
	acked   []string
	at      []time.Time
	refused map[string]int
	slowest time.Duration
	untyped []string
	// cut were sent and not answered. unanswered of them had been taken all the same: they are done.
	cut        []string
	unanswered int
	stopping   context.CancelFunc
	ended      chan struct{}
}

// mutate begins to create openings of a company of its own, each on another process.
func (s *stage) mutate(ctx context.Context, every time.Duration) (*mutator, error) {
	id, c, err := s.company(ctx)
	if err != nil {
		return nil, err
	}
	m := &mutator{s: s, company: id, client: c, every: every, refused: make(map[string]int), ended: make(chan struct{})}
	ctx, m.stopping = context.WithCancel(ctx)
	go func() {
		defer close(m.ended)
		for ctx.Err() == nil {
			m.once(ctx)
			pause(ctx, m.every)
		}
	}()
	return m, nil
}

func (m *mutator) once(ctx context.Context) {
	all := m.s.serving()
	if len(all) == 0 {
		return
	}
	m.mu.Lock()
	m.asked++
	name := fmt.Sprintf("求人 %d", m.asked)
	p := all[m.asked%len(all)]
	m.mu.Unlock()
	began := time.Now()
	err := m.client.ask(ctx, p, "createOpening", createOpening, vars{"input": vars{"name": name}}, nil)
	for i := 1; i < len(all) && errors.Is(err, syscall.ECONNREFUSED); i++ {
		// Nobody took it: a proxy in between would give it to another, too.
		p = all[(m.asked+i)%len(all)]
		err = m.client.ask(ctx, p, "createOpening", createOpening, vars{"input": vars{"name": name}}, nil)
	}
	m.note(ctx, name, p, began, err)
}

func (m *mutator) note(ctx context.Context, name string, p *process, began time.Time, err error) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err == nil {
		m.acked, m.at = append(m.acked, name), append(m.at, time.Now())
		return
	}
	if ctx.Err() != nil {
		return
	}
	refused := &refusal{}
	typed := errors.As(err, &refused)
	if !typed && !errors.Is(err, syscall.ECONNREFUSED) {
		m.cut = append(m.cut, name)
	}
	if p.ended() {
		return // it was not refused, it was cut off
	}
	m.slowest = max(m.slowest, time.Since(began))
	if !typed {
		m.refused["network"]++
		return
	}
	m.refused[refused.Code]++
	if refused.Code != "UNAVAILABLE" {
		m.untyped = append(m.untyped, err.Error())
	}
}

// healed is how long after an instant the first mutation was acknowledged.
func (m *mutator) healed(ctx context.Context, since time.Time, patience time.Duration) (took time.Duration, err error) {
	err = within(ctx, patience, "a mutation is acknowledged", func(context.Context) (bool, error) {
		m.mu.Lock()
		defer m.mu.Unlock()
		for _, at := range m.at {
			if at.After(since) {
				took = at.Sub(since)
				return true, nil
			}
		}
		return false, nil
	})
	return took, err
}

// stop ends it and compares what was acknowledged with what is there.
func (m *mutator) stop(ctx context.Context) error {
	m.stopping()
	<-m.ended
	var lost, twice int
	if err := m.s.pool.QueryRow(ctx, "SELECT count(*) FROM openings WHERE company_id = $1 AND name = ANY ($2)", m.company, m.cut).Scan(&m.unanswered); err != nil {
		return fmt.Errorf("look for what was cut off: %w", err)
	}
	err := m.s.pool.QueryRow(ctx, `SELECT
			(SELECT count(*) FROM unnest($2::text[]) n WHERE NOT EXISTS (SELECT FROM openings o WHERE o.company_id = $1 AND o.name = n)),
			(SELECT count(*) FROM (SELECT FROM openings WHERE company_id = $1 GROUP BY name HAVING count(*) > 1) t)`, m.company, m.acked).Scan(&lost, &twice)
	if err != nil {
		return fmt.Errorf("compare mutations: %w", err)
	}
	refused := 0
	for _, n := range m.refused {
		refused += n
	}
	m.s.see("%d mutations acknowledged, %d refused %v (the slowest after %.1f s), %d lost, %d twice",
		len(m.acked), refused, m.refused, m.slowest.Seconds(), lost, twice)
	if len(m.cut) > 0 {
		m.s.see("%d were cut off, of which %d had been taken", len(m.cut), m.unanswered)
	}
	if lost+twice > 0 {
		return fmt.Errorf("%d acknowledged mutations are lost, %d were done twice", lost, twice)
	}
	if len(m.untyped) > 0 {
		return fmt.Errorf("%d refusals are not typed, such as %s", len(m.untyped), m.untyped[0])
	}
	return nil
}
