package intake_test

import (
	"context"
	"fmt"
	"iter"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// looks counts how often a log is read, and all that is asked.
type looks struct{ events, states, all atomic.Int64 }

func (l *looks) count(sql string) {
	l.all.Add(1)
	switch {
	case strings.Contains(sql, "-- name: EventsAfter "):
		l.events.Add(1)
	case strings.Contains(sql, "-- name: EventLog "):
		l.states.Add(1)
	}
}

func (l *looks) TraceQueryStart(ctx context.Context, _ *pgx.Conn, q pgx.TraceQueryStartData) context.Context {
	l.count(q.SQL)
	return ctx
}

func (*looks) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func (*looks) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

func (l *looks) TraceBatchQuery(_ context.Context, _ *pgx.Conn, q pgx.TraceBatchQueryData) {
	l.count(q.SQL)
}

func (*looks) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// counted has the service's looks at its logs counted.
func (b *testBundle) counted(t *testing.T) *looks {
	t.Helper()
	l := &looks{}
	config := b.program.Config()
	config.ConnConfig.Tracer = l
	program, err := pgxpool.NewWithConfig(t.Context(), config)
	require.NoError(t, err)
	t.Cleanup(program.Close)
	b.program = program
	b.svc = b.process(b.source)
	return l
}

// tell appends events of a kind about a subject, each a transaction of its own, and wakes whoever watches.
func (b *testBundle) tell(t *testing.T, kind string, subject uuid.UUID, payloads ...string) {
	t.Helper()
	for _, p := range payloads {
		b.exec(t, `WITH k AS (UPDATE company_counters SET seq = seq + 1 WHERE company_id = $1 RETURNING seq)
			INSERT INTO events (company_id, seq, kind, account_id, subject_id, payload)
			SELECT $1, seq, $2::text, CASE WHEN $2 IN ('ACCOUNT', 'RUN') THEN $3::uuid END, CASE WHEN $2 NOT IN ('ACCOUNT', 'RUN', 'INBOX') THEN $3::uuid END, $4::jsonb FROM k`,
			b.actor.Company.ID, kind, subject, p)
		b.svc.WakeWatchers(b.actor.Company.ID)
	}
}

func inboxOf(waiting int) string {
	return fmt.Sprintf(`{"waitingCount": %d, "routedCount": 0}`, waiting)
}

func sizes(events []intake.InboxEvent) []int {
	out := make([]int, len(events))
	for i, e := range events {
		out[i] = e.WaitingCount
	}
	return out
}

func TestThoseWhoWatchTheSameAreReadForOnce(t *testing.T) {
	t.Parallel()
	b := setup(t)
	read := b.counted(t)
	watchers := make([]watched[intake.InboxEvent], 100)
	for i := range watchers {
		watchers[i] = b.inboxEvents(t, nil)
		watchers[i].next(t, 1)
	}
	before := read.events.Load()
	for n := range 5 {
		b.tell(t, "INBOX", uuid.Nil, inboxOf(n))
		want := watchers[0].next(t, 1)
		require.Equal(t, []int{n}, sizes(want))
		for _, w := range watchers[1:] {
			require.Equal(t, want, w.next(t, 1))
		}
	}
	// One for each wake-up; a busy machine may see the clock's too.
	require.Less(t, read.events.Load()-before, int64(5+10))
}

func TestWhoComesBackSoonIsNotReadForAtAll(t *testing.T) {
	t.Parallel()
	b := setup(t)
	read := b.counted(t)
	stays := b.inboxEvents(t, nil)
	zero := stays.next(t, 1)[0]
	b.tell(t, "INBOX", uuid.Nil, inboxOf(1), inboxOf(2), inboxOf(3))
	seen := stays.next(t, 3)
	before := read.events.Load()
	for range 50 {
		back := b.inboxEvents(t, &zero.Cursor)
		require.Equal(t, seen, back.next(t, 3))
		back.stop()
	}
	require.Less(t, read.events.Load()-before, int64(10))
}

func TestWhoTakesNothingHoldsNobodyUpAndMissesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	slow, quick := b.inboxEvents(t, nil), b.inboxEvents(t, nil)
	slow.next(t, 1)
	quick.next(t, 1)
	const many = 450 // more than is kept, and than is read at once
	for n := range many {
		b.tell(t, "INBOX", uuid.Nil, inboxOf(n))
		require.Equal(t, []int{n}, sizes(quick.next(t, 1)))
	}
	for n, e := range slow.next(t, many) {
		require.Equal(t, n, e.WaitingCount)
	}
	b.tell(t, "INBOX", uuid.Nil, inboxOf(many))
	require.Equal(t, slow.next(t, 1), quick.next(t, 1))
}

func TestWhoWatchesOneThingHearsNothingOfOthers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	one, two := b.opening(t, "営業"), b.opening(t, "開発")
	watch := func(id *uuid.UUID) watched[intake.OpeningEvent] {
		return watching(t, func(ctx context.Context) (iter.Seq[intake.OpeningEvent], error) {
			return b.svc.WatchOpenings(ctx, b.actor, id, nil)
		})
	}
	all, first, second := watch(nil), watch(&one.ID), watch(&two.ID)
	all.next(t, 2)
	first.next(t, 1)
	second.next(t, 1)
	for n := range 3 {
		filled := fmt.Sprintf(`{"kind": "CHANGED", "filled": %d}`, n)
		b.tell(t, "OPENING", one.ID, filled)
		b.tell(t, "OPENING", two.ID, filled)
		own := []intake.OpeningEvent{first.next(t, 1)[0], second.next(t, 1)[0]}
		require.Equal(t, []uuid.UUID{one.ID, two.ID}, []uuid.UUID{own[0].OpeningID, own[1].OpeningID})
		require.Equal(t, own, all.next(t, 2))
	}
}

func TestALogThatWasSetBackIsShownAnew(t *testing.T) {
	t.Parallel()
	b := setup(t)
	watcher := b.inboxEvents(t, nil)
	watcher.next(t, 1)
	b.tell(t, "INBOX", uuid.Nil, inboxOf(1), inboxOf(2), inboxOf(3))
	before := watcher.next(t, 3)
	// The database was restored from yesterday's copy.
	b.exec(t, "DELETE FROM events WHERE company_id = $1 AND seq > 1", b.actor.Company.ID)
	b.exec(t, "UPDATE company_counters SET seq = 1, waiting = 7 WHERE company_id = $1", b.actor.Company.ID)
	b.svc.WakeAllWatchers()
	require.Equal(t, []int{7}, sizes(watcher.next(t, 1)))
	late := b.inboxEvents(t, &before[2].Cursor)
	require.Equal(t, []int{7}, sizes(late.next(t, 1)), "also for who comes back")
	b.tell(t, "INBOX", uuid.Nil, inboxOf(8))
	require.Equal(t, []int{8}, sizes(watcher.next(t, 1)))
	require.Equal(t, []int{8}, sizes(late.next(t, 1)))
}

func TestWatchersThatComeAndGoSeeEachEventOnceAndInOrder(t *testing.T) {
	t.Parallel()
	b := setup(t)
	first := b.inboxEvents(t, nil)
	zero := first.next(t, 1)[0].Cursor
	const many, crowd = 300, 12
	var group sync.WaitGroup
	seen := make([][]int, crowd)
	for i := range crowd {
		group.Go(func() {
			dice := rand.New(rand.NewPCG(uint64(i), 1))
			cursor := zero
			for len(seen[i]) < many {
				ctx, leave := context.WithCancel(t.Context())
				events, err := b.svc.WatchInbox(ctx, b.actor, &cursor)
				if err != nil {
					leave()
					return
				}
				left := min(1+dice.IntN(40), many-len(seen[i]))
				for e := range events {
					seen[i], cursor = append(seen[i], e.WaitingCount), e.Cursor
					if left--; left == 0 {
						break
					}
				}
				leave()
			}
		})
	}
	want := make([]int, many)
	for n := range many {
		want[n] = n
		b.tell(t, "INBOX", uuid.Nil, inboxOf(n))
	}
	group.Wait()
	for i := range seen {
		require.Equal(t, want, seen[i], i)
	}
}
