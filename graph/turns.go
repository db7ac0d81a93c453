package graph

import (
	"sync"

	"github.com/google/uuid"
)

// turns let a member do something once at a time, and a process a few times.
type turns struct {
	// taken is the error for one who has a turn, full that for one too many.
	taken, full error
	most        int

	mu  sync.Mutex
	has map[uuid.UUID]struct{}
}

func newTurns(most int, taken, full error) *turns {
	return &turns{most: most, taken: taken, full: full, has: make(map[uuid.UUID]struct{})}
}

// take begins a member's turn; call over, once, at its end.
func (t *turns) take(memberID uuid.UUID) (over func(), err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if _, taken := t.has[memberID]; taken {
		return nil, t.taken
	}
	if len(t.has) >= t.most {
		return nil, t.full
	}
	t.has[memberID] = struct{}{}
	return func() {
		t.mu.Lock()
		defer t.mu.Unlock()
		delete(t.has, memberID)
	}, nil
}
