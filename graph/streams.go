package graph

import (
	"errors"
	"maps"
	"slices"
	"sync"

	"github.com/coder/websocket"
	"github.com/google/uuid"

	"renkei/intake"
)

// streamsPerMember bounds the WebSockets and event streams that one person holds open on a process: every
// tab of a browser has one.
const streamsPerMember = 100

var errTooManyStreams = errors.New("too many open streams: close some")

// streams are the open WebSockets and event streams of this process, and the one place from which they
// are ended.
type streams struct {
	mu     sync.Mutex
	closed bool
	open   map[*openStream]struct{}
	held   map[uuid.UUID]int
}

// openStream is one of them.
type openStream struct {
	all *streams
	// end is called once or more, never waits, and leaves taking it off to the stream itself.
	end func(code websocket.StatusCode, reason string)
	// actor is who opened it, once that is known.
	actor intake.Actor
}

func newStreams() *streams {
	return &streams{open: make(map[*openStream]struct{}), held: make(map[uuid.UUID]int)}
}

// add notes how to end a stream: a WebSocket with a code and a reason, while an event stream is cut off.
// It is ended at once where all are. Call left when it has ended.
func (s *streams) add(end func(code websocket.StatusCode, reason string)) *openStream {
	o := &openStream{all: s, end: end}
	s.mu.Lock()
	closed := s.closed
	if !closed {
		s.open[o] = struct{}{}
	}
	s.mu.Unlock()
	if closed {
		end(websocket.StatusServiceRestart, reasonRestart)
	}
	return o
}

const reasonRestart = "service restart"

// openedBy notes whose stream it is, and reports whether they may have one more.
func (o *openStream) openedBy(a intake.Actor) bool {
	o.all.mu.Lock()
	defer o.all.mu.Unlock()
	if _, open := o.all.open[o]; !open || !known(a) {
		return true
	}
	if o.all.held[a.Member.ID] >= streamsPerMember {
		return false
	}
	o.actor = a
	o.all.held[a.Member.ID]++
	return true
}

func (o *openStream) left() {
	o.all.mu.Lock()
	defer o.all.mu.Unlock()
	if _, open := o.all.open[o]; !open {
		return
	}
	delete(o.all.open, o)
	if id := o.actor.Member.ID; o.all.held[id] > 1 {
		o.all.held[id]--
	} else {
		delete(o.all.held, id)
	}
}

// credentials are what those hold who opened a stream, each once.
func (s *streams) credentials() []intake.Held {
	s.mu.Lock()
	defer s.mu.Unlock()
	distinct := make(map[intake.Held]struct{})
	for o := range s.open {
		if known(o.actor) {
			distinct[o.actor.Held()] = struct{}{}
		}
	}
	return slices.Collect(maps.Keys(distinct))
}

// endOf ends the streams of some of those who opened one.
func (s *streams) endOf(whose func(intake.Actor) bool, code websocket.StatusCode, reason string) {
	s.mu.Lock()
	var ends []*openStream
	for o := range s.open {
		if known(o.actor) && whose(o.actor) {
			ends = append(ends, o)
		}
	}
	s.mu.Unlock()
	for _, o := range ends {
		o.end(code, reason)
	}
}

// closeAll ends every stream, and those to come, so that their clients come back.
func (s *streams) closeAll() {
	s.mu.Lock()
	open := s.open
	s.closed, s.open = true, make(map[*openStream]struct{})
	s.mu.Unlock()
	for o := range open {
		o.end(websocket.StatusServiceRestart, reasonRestart)
	}
}
