package intake

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
)

// crowd makes a service with a company, and a transaction that keeps everybody from its log.
func crowd(t *testing.T) (s *Service, actor Actor, shut func() (open func())) {
	t.Helper()
	pool := dbtest.New(t)
	s = New(dbtest.Program(t, pool), nil, nil, nil, Settings{}, zerolog.Nop())
	company, err := s.CreateCompany(t.Context(), "株式会社サンプル")
	require.NoError(t, err)
	actor = Actor{Company: company, Member: Member{Roles: []Role{RoleRecruiter}}}
	return s, actor, func() func() {
		tx, err := pool.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), "LOCK company_counters IN ACCESS EXCLUSIVE MODE")
		require.NoError(t, err)
		return func() { require.NoError(t, tx.Rollback(t.Context())) }
	}
}

// waiting is how many wait for the first look at a company's inbox.
func (s *Service) waiting(actor Actor) (n int) {
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	for _, at := range s.watchers.tails[actor.Company.ID] {
		t, _ := at.tail.(*tail[InboxEvent])
		t.mu.Lock()
		for _, r := range t.wanted {
			n += r.waiting
		}
		t.mu.Unlock()
	}
	return n
}

func TestOfManyWhoComeAtOnceOneReads(t *testing.T) {
	t.Parallel()
	s, actor, shut := crowd(t)
	open := shut()
	ctx, leave := context.WithCancel(t.Context())
	defer leave()
	const many = 500
	var group sync.WaitGroup
	first := make(chan InboxEvent, many)
	for range many {
		events, err := s.WatchInbox(ctx, actor, nil)
		require.NoError(t, err)
		group.Go(func() {
			for e := range events {
				first <- e
			}
		})
	}
	// The first reads, or tries to; all others wait for the one who comes next.
	require.Eventually(t, func() bool { return s.waiting(actor) == many-1 }, 30*time.Second, time.Millisecond)
	open()
	stamps := make(map[time.Time]bool)
	for range many {
		stamps[(<-first).At] = true
	}
	require.LessOrEqual(t, len(stamps), 2, "each read has a time of its own")
	leave()
	group.Wait()
	require.Empty(t, s.watchers.tails, "and nothing is left when they have gone")
}

func TestWhereTheReaderLeavesAnotherReads(t *testing.T) {
	t.Parallel()
	s, actor, shut := crowd(t)
	open := shut()
	reader, leave := context.WithCancel(t.Context())
	defer leave()
	gone := make(chan error, 1)
	tl, end := join(s, actor.Company.ID, stream[InboxEvent]{kind: eventInbox})
	defer end()
	go func() {
		_, err := tl.together(reader, 0)
		gone <- err
	}()
	require.Eventually(t, func() bool { return len(tl.turn) == 1 && s.waiting(actor) == 0 }, 30*time.Second, time.Millisecond)
	type outcome struct {
		piece piece[InboxEvent]
		err   error
	}
	others := make(chan outcome, 3)
	for range 3 {
		go func() {
			p, err := tl.together(t.Context(), 0)
			others <- outcome{p, err}
		}()
	}
	require.Eventually(t, func() bool { return s.waiting(actor) == 3 }, 30*time.Second, time.Millisecond)
	leave()
	require.ErrorIs(t, <-gone, context.Canceled)
	open()
	for range 3 {
		o := <-others
		require.NoError(t, o.err)
		require.Zero(t, o.piece.end)
		require.Equal(t, 1, o.piece.era)
	}
	require.Zero(t, s.waiting(actor))
}

func TestALossIsSaidOnceUntilItIsOver(t *testing.T) {
	t.Parallel()
	log := &counting{}
	tl := &tail[InboxEvent]{service: &Service{log: zerolog.New(log)}}
	for range 3 {
		for range 10 {
			tl.note(errors.New("away"))
		}
		tl.note(nil)
	}
	require.Equal(t, 3, log.lines)
}

type counting struct{ lines int }

func (c *counting) Write(p []byte) (int, error) {
	c.lines++
	return len(p), nil
}
