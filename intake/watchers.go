package intake

import (
	"context"
	"sync"

	"github.com/google/uuid"
)

// watchers are those who wait in this process.
type watchers struct {
	mu sync.Mutex
	// tails are by company and what is watched of it, each with those who watch it.
	tails map[uuid.UUID]map[subject]*seat
	reads chan struct{}
}

// subject is what is watched of a company: a kind of events, of something or, where that is the zero id, of all.
type subject struct {
	kind string
	id   uuid.UUID
}

// seat is a tail of some type at work.
type seat struct {
	// tail is a *tail of the type that its kind of events has.
	tail     any
	watching int
	woken    chan<- struct{}
	// end stops it and waits until it has stopped.
	end func()
}

func newWatchers() *watchers {
	return &watchers{tails: make(map[uuid.UUID]map[subject]*seat), reads: make(chan struct{}, watchReads)}
}

// read waits for leave to ask the database.
func (w *watchers) read(ctx context.Context) (leave func(), err error) {
	select {
	case w.reads <- struct{}{}:
		return func() { <-w.reads }, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// join takes part in a tail, which works as long as somebody does.
func join[T any](s *Service, companyID uuid.UUID, st stream[T]) (t *tail[T], leave func()) {
	what := subject{kind: st.kind}
	for _, id := range []*uuid.UUID{st.accountID, st.subjectID} {
		if id != nil {
			what.id = *id
		}
	}
	w := s.watchers
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.tails[companyID] == nil {
		w.tails[companyID] = make(map[subject]*seat)
	}
	at := w.tails[companyID][what]
	if at == nil {
		at = sit(s, companyID, st)
		w.tails[companyID][what] = at
	}
	at.watching++
	return at.tail.(*tail[T]), func() { w.leave(companyID, what, at) } //nolint:forcetypeassert // a kind has one type
}

func sit[T any](s *Service, companyID uuid.UUID, st stream[T]) *seat {
	woken, ended := make(chan struct{}, 1), make(chan struct{})
	t := &tail[T]{
		service: s, companyID: companyID, stream: st, woken: woken, era: 1,
		moved: make(chan struct{}), wanted: make(map[int64]*reading[T]), turn: make(chan struct{}, 1),
	}
	// It outlives whoever came first.
	ctx, stop := context.WithCancel(context.Background())
	go func() {
		defer close(ended)
		t.run(ctx)
	}()
	return &seat{tail: t, woken: woken, end: func() { stop(); <-ended }}
}

func (w *watchers) leave(companyID uuid.UUID, what subject, at *seat) {
	w.mu.Lock()
	at.watching--
	last := at.watching == 0
	if last {
		delete(w.tails[companyID], what)
		if len(w.tails[companyID]) == 0 {
			delete(w.tails, companyID)
		}
	}
	w.mu.Unlock()
	if last {
		at.end()
	}
}

// WakeWatchers makes the watchers of a company look at its log.
func (s *Service) WakeWatchers(companyID uuid.UUID) {
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	wakeAll(s.watchers.tails[companyID])
}

// WakeAllWatchers makes every watcher look: for when it is not known who ought to.
func (s *Service) WakeAllWatchers() {
	s.watchers.mu.Lock()
	defer s.watchers.mu.Unlock()
	for _, tails := range s.watchers.tails {
		wakeAll(tails)
	}
}

func wakeAll(tails map[subject]*seat) {
	for _, at := range tails {
		wake(at.woken)
	}
}

func wake(woken chan<- struct{}) {
	select {
	case woken <- struct{}{}:
	default:
	}
}
