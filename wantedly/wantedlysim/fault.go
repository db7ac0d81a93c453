package wantedlysim

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is something that goes wrong with certain answers.
type Fault struct {
	// Kind is list, ticket, person or form; empty: the first three.
	Kind string `json:"kind,omitempty"`
	// From and To bound the number of the page, ticket or person; 0: no bound.
	From int `json:"from,omitempty"`
	To   int `json:"to,omitempty"`
	// After lets so many answers pass first, OneIn hits only one in so many of the others, as Seed draws them, and Times is
	// how many are hit; 0: all.
	After int `json:"after,omitempty"`
	OneIn int `json:"oneIn,omitempty"`
	Times int `json:"times,omitempty"`
	// Do is one of the list at faults.
	Do string `json:"do"`
	// Status and RetryAfter are for "status".
	Status     int    `json:"status,omitempty"`
	RetryAfter string `json:"retryAfter,omitempty"`
	// Pause is how long "stall" waits, and "trickle" before each byte. "status" goes on for so long from the first on, and
	// Retry-After says what is left of it, as a date where RetryAfter is "date".
	Pause duration `json:"pause,omitempty"`
	// Many is how many bytes "huge" and "bomb" have, how many lines "items" has, how many tickets "shift" adds, how many pages
	// "loop" has.
	Many int    `json:"many,omitempty"`
	Seed uint64 `json:"seed,omitempty"`
	// Passed and Played count the answers that were let pass, and those that were hit.
	Passed int `json:"passed"`
	Played int `json:"played"`

	until time.Time // for "status" with a Pause
}

// MarshalText writes a duration as Go does.
func (d duration) MarshalText() ([]byte, error) { return []byte(time.Duration(d).String()), nil }

// hit is a fault at work on one answer.
type hit struct {
	Fault
	s *Server
	a *account // nil: nobody is signed in
	// nth is how many answers it has hit with this one.
	nth int
	// released is closed when other faults are set in place of this one.
	released <-chan struct{}
}

// faults are what a Fault can do.
//
//	status    Status, and Retry-After where it is said
//	reset     the connection is reset
//	cut       gzip that ends in the middle, in an answer that does not
//	mislabel  UTF-8 that is said to be Shift_JIS
//	shiftjis  Shift_JIS that is said to be UTF-8
//	stall     nothing for Pause, then the answer
//	hold      nothing until the account's faults are set anew, then the answer
//	trickle   a byte, and then one each Pause
//	huge      Many bytes
//	bomb      Many bytes, of which gzip leaves one in a thousand
//	items     Many lines of a listing, each a new number
//	shift     Many tickets come first, so that the listing moves on
//	loop      the listing begins again after Many pages
//	mutate    something of the answer is broken
//	poison    what some records say is poison, and some cannot be read: see Poisoned
//	expire    the account's sessions die first
var faults = map[string]func(hit, http.ResponseWriter, *http.Request){
	"status":   hit.status,
	"reset":    hit.reset,
	"cut":      hit.cut,
	"mislabel": hit.mislabel,
	"shiftjis": hit.shiftJIS,
	"stall":    hit.stall,
	"hold":     hit.hold,
	"trickle":  hit.trickle,
	"huge":     hit.huge,
	"bomb":     hit.bomb,
	"items":    hit.items,
	"shift":    hit.shift,
	"loop":     hit.loop,
	"mutate":   hit.mutate,
	"poison":   hit.poison,
	"expire":   hit.expire,
}

// SetFaults sets what goes wrong for an account; with no e-mail for everybody, also who is not signed in.
func (s *Server) SetFaults(email string, list []Fault) {
	s.mu.Lock()
	defer s.mu.Unlock()
	email = strings.ToLower(email)
	s.faults[email] = slices.Clone(list)
	if before, ok := s.released[email]; ok {
		close(before)
	}
	s.released[email] = make(chan struct{})
}

// Faults tells what goes wrong, and how often it did.
func (s *Server) Faults(email string) []Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.faults[strings.ToLower(email)])
}

// answer answers a request, rightly unless a fault says otherwise.
func (s *Server) answer(w http.ResponseWriter, r *http.Request) {
	h, ok := s.faultOf(r)
	if !ok {
		s.mux.ServeHTTP(w, r)
		return
	}
	if h.a != nil {
		note(w, h.a)
	}
	faults[h.Do](h, w, r)
}

// faultOf is the first fault that hits a request.
func (s *Server) faultOf(r *http.Request) (hit, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.faults) == 0 {
		return hit{}, false
	}
	kind, number := kindOf(r)
	h := hit{s: s}
	if ses := s.sessionOf(r); ses != nil && !ses.dead {
		h.a = ses.account
	}
	of := []string{""}
	if h.a != nil {
		of = append(of, h.a.email)
	}
	for _, email := range of {
		list := s.faults[email]
		for i := range list {
			if list[i].hits(kind, number, s.opts.Now()) {
				h.Fault, h.nth = list[i], list[i].Played
				h.released = s.released[email]
				return h, true
			}
		}
	}
	return h, false
}

// hits reports whether a fault hits an answer, and counts.
func (f *Fault) hits(kind string, number int, now time.Time) bool {
	switch {
	case now.Before(f.until):
		f.Played++
		return true
	case f.Kind != "" && f.Kind != kind, f.Kind == "" && kind != "list" && kind != "ticket" && kind != "person":
		return false
	case f.From > 0 && number < f.From, f.To > 0 && number > f.To, f.Times > 0 && f.Played >= f.Times:
		return false
	}
	nth := f.Passed + f.Played
	if nth < f.After || f.OneIn > 1 && mix(f.Seed, uint64(nth))%uint64(f.OneIn) != 0 {
		f.Passed++
		return false
	}
	f.Played++
	if f.Do == "status" && f.Pause > 0 {
		f.until = now.Add(time.Duration(f.Pause))
	}
	return true
}
