package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"renkei/db"
	"renkei/db/dbgen"
)

const (
	// watchBatch bounds what is read at once, and what a tail keeps.
	watchBatch = 100
	// tailAge is how long a tail keeps an event for those who are slower than others.
	tailAge = 30 * time.Second
	// watchPatience is how long a tail trusts that it would have been woken.
	watchPatience = 15 * time.Second
	// watchReads is how many reads for watchers a process does at once: whoever asks for something else
	// needs connections too.
	watchReads = 8
	// presentState stands for the position of those who have none.
	presentState = -1
)

// tail is the end of a company's log as all see it who watch the same in this process: one reads for all,
// once for each wake-up, and hands out what it has read. What it has handed out nobody changes. Whoever is
// not near the end reads for themselves until they are; so nobody waits for anybody, and a watcher that
// takes nothing costs nothing.
type tail[T any] struct {
	service   *Service
	companyID uuid.UUID
	stream    stream[T]
	// woken has room for one: to have been woken twice is to have been woken.
	woken chan struct{}

	mu sync.Mutex
	// placed: somebody has read where the log ends. Before that there is nothing to look behind.
	placed bool
	// events are those behind from, up to to. Nobody is served who stands before from.
	from, to int64
	events   []told[T]
	// era changes when the log turns out not to be the one that it was: pruned beyond to, or restored to
	// before it. Positions of another era are looked up in the log.
	era int
	// moved is closed when there is something new.
	moved chan struct{}
	// wanted are the reads that have not begun, by position.
	wanted map[int64]*reading[T]
	// turn is held by who reads for watchers that are not at the end.
	turn chan struct{}
	// failing: the last read did, and that has been said.
	failing bool
}

// told is an event with its place in the log.
type told[T any] struct {
	seq   int64
	event T
	// read is when it was.
	read time.Time
}

// piece is what was read of a log, up to end.
type piece[T any] struct {
	events []told[T]
	end    int64
	// more: the log goes on behind end.
	more bool
	// gone: the log does not hold what was asked for.
	gone bool
	// era is the tail's before the read.
	era int
}

// errNoLog says that a company has no counters, which it is made with.
var errNoLog = errors.New("the company has no log")

// run reads what comes until ctx ends.
func (t *tail[T]) run(ctx context.Context) {
	for {
		more, err := t.look(ctx)
		if ctx.Err() != nil {
			return
		}
		t.note(err)
		patience, woken := watchPatience, t.woken
		if err != nil {
			patience, woken = watchRetry, nil
		}
		if !more && !wait(ctx, woken, patience) {
			return
		}
	}
}

// note says once that watching is interrupted, and no more until it has gone on.
func (t *tail[T]) note(err error) {
	t.mu.Lock()
	was := t.failing
	t.failing = err != nil
	t.mu.Unlock()
	if err != nil && !was {
		t.service.log.Warn().Err(err).Str("kind", t.stream.kind).Stringer("company", t.companyID).Msg("watching interrupted")
	}
}

// look reads on from where the tail ends.
func (t *tail[T]) look(ctx context.Context) (more bool, err error) {
	t.mu.Lock()
	placed, after := t.placed, t.to
	t.mu.Unlock()
	if !placed {
		return false, nil
	}
	p, err := t.behind(ctx, after)
	if err != nil {
		return false, err
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if p.gone {
		t.era++
		t.events, t.from = nil, p.end
	}
	t.to = p.end
	t.events = append(t.events, p.events...)
	t.forget()
	if p.gone || len(p.events) > 0 {
		close(t.moved)
		t.moved = make(chan struct{})
	}
	return p.more, nil
}

// forget drops what is old or too much. It is called with mu held.
func (t *tail[T]) forget() {
	old := time.Now().Add(-tailAge)
	n := slices.IndexFunc(t.events, func(e told[T]) bool { return e.read.After(old) })
	if n < 0 {
		n = len(t.events)
	}
	if n = max(n, len(t.events)-watchBatch); n > 0 {
		t.from = t.events[n-1].seq
		// Others may be reading the array.
		t.events = slices.Clone(t.events[n:])
	}
}

// serve gives a watcher what lies behind it and moves it on. Not within: the tail does not reach that far
// back, or it is not known whether there is such a place. With moved there is nothing more until that is closed.
func (t *tail[T]) serve(w *watcher[T]) (batch []told[T], moved <-chan struct{}, within bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	at := w.position.seq
	known := w.era == t.era || w.era == 0 && at <= t.to
	if !t.placed || at < t.from || !known {
		return nil, nil, false
	}
	w.era, w.position = t.era, &cursor{seq: max(at, t.to)}
	n, _ := slices.BinarySearchFunc(t.events, at+1, func(e told[T], seq int64) int { return int(e.seq - seq) })
	if n == len(t.events) {
		return nil, t.moved, true
	}
	return slices.Clip(t.events[n:]), nil, true
}

// place says where the log ends, to a tail that does not know.
func (t *tail[T]) place(end int64) {
	t.mu.Lock()
	placed := t.placed
	if !placed {
		t.placed, t.from, t.to = true, end, end
	}
	t.mu.Unlock()
	if !placed {
		// It may have been woken for what came since, when it could not look.
		wake(t.woken)
	}
}

// reading is a read for all who stand at the same position and ask before it begins.
type reading[T any] struct {
	waiting int
	done    chan struct{}
	piece   piece[T]
	err     error
}

// together reads what lies behind a position, or the present state. Of those who ask for the same, one
// reads; where they leave, another does.
func (t *tail[T]) together(ctx context.Context, after int64) (piece[T], error) {
	t.mu.Lock()
	r := t.wanted[after]
	if r == nil {
		r = &reading[T]{done: make(chan struct{})}
		t.wanted[after] = r
	}
	r.waiting++
	t.mu.Unlock()
	defer t.want(after, r, -1)
	select {
	case <-ctx.Done():
		return piece[T]{}, ctx.Err()
	case <-r.done:
		return r.piece, r.err
	case t.turn <- struct{}{}:
	}
	defer func() { <-t.turn }()
	select {
	case <-r.done:
		return r.piece, r.err
	default:
	}
	t.want(after, r, 0)
	p, err := t.begin(ctx, after)
	if ctx.Err() != nil {
		return p, ctx.Err()
	}
	t.note(err)
	r.piece, r.err = p, err
	close(r.done)
	return p, err
}

// want counts those who wait for a read; with 0 it begins, and who asks from now on wants a later one.
func (t *tail[T]) want(after int64, r *reading[T], n int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	r.waiting += n
	if (n == 0 || r.waiting == 0) && t.wanted[after] == r {
		delete(t.wanted, after)
	}
}

// begin reads, and lets the tail know where the log ends.
func (t *tail[T]) begin(ctx context.Context, after int64) (p piece[T], err error) {
	t.mu.Lock()
	era := t.era
	t.mu.Unlock()
	if after == presentState {
		p, err = t.state(ctx)
	} else {
		p, err = t.behind(ctx, after)
	}
	if err != nil {
		return piece[T]{}, err
	}
	p.era = era
	t.place(p.end)
	return p, nil
}

// behind reads the events behind a position, a batch of them.
func (t *tail[T]) behind(ctx context.Context, after int64) (p piece[T], err error) {
	leave, err := t.service.watchers.read(ctx)
	if err != nil {
		return p, err
	}
	defer leave()
	rows, err := t.service.of(t.companyID).EventsAfter(ctx, dbgen.EventsAfterParams{
		CompanyID: t.companyID, Kind: t.stream.kind, After: after, AccountID: t.stream.accountID, SubjectID: t.stream.subjectID, MaxRows: watchBatch,
	})
	if err == nil && len(rows) == 0 {
		err = errNoLog
	}
	if err != nil {
		return p, fmt.Errorf("read events: %w", err)
	}
	p.end = rows[0].LogSeq
	if p.gone = after > p.end || after+1 < rows[0].LogOldest; p.gone || rows[0].Seq == 0 {
		return p, nil
	}
	if p.more = len(rows) == watchBatch; p.more {
		p.end = rows[len(rows)-1].Seq
	}
	events, err := t.stream.decode(ctx, rows)
	if err != nil {
		return p, err
	}
	now := time.Now()
	p.events = make([]told[T], len(rows))
	for i, r := range rows {
		t.stream.stamp(&events[i], cursor{seq: r.Seq}.String(), r.At)
		p.events[i] = told[T]{seq: r.Seq, event: events[i], read: now}
	}
	return p, nil
}

// state is what comes first: the present. The cursor of each item but the last asks for all of it
// again, so that a connection lost in the middle costs nothing.
func (t *tail[T]) state(ctx context.Context) (p piece[T], err error) {
	leave, err := t.service.watchers.read(ctx)
	if err != nil {
		return p, err
	}
	defer leave()
	var items []T
	// One snapshot, so that the state and the place in the log belong together.
	err = db.BeginWithin(ctx, t.service.db, t.companyID, db.Snapshot, func(tx pgx.Tx) error {
		q := dbgen.New(tx)
		log, err := q.EventLog(ctx, t.companyID)
		if err != nil {
			return fmt.Errorf("read log's end: %w", err)
		}
		p.end = log.Seq
		items, err = t.stream.current(ctx, q)
		return err
	})
	if err != nil {
		return p, err
	}
	now := time.Now().UTC().Truncate(time.Microsecond)
	p.events = make([]told[T], len(items))
	for i := range items {
		at := cursor{seq: p.end, partial: i < len(items)-1}
		t.stream.stamp(&items[i], at.String(), now)
		p.events[i] = told[T]{seq: p.end, event: items[i]}
	}
	return p, nil
}
