package wantedlysim

import (
	"net/http"
	"strings"
	"sync"
	"time"
)

// Options say what a Server plays. The zero value is what the demo uses, but for Control.
type Options struct {
	// Tickets is how many each company has at the start; 24 by default, none when negative.
	Tickets int
	// BigTickets is how many the company of a big account has; 10,000 by default.
	BigTickets int
	// PageSize is how many tickets a page of the listing shows; 20 by default.
	PageSize int
	// ArrivalEvery is how long it takes until the next ticket comes; 0: none comes by itself.
	ArrivalEvery time.Duration
	// SlowDelay is how long each answer to a slow account takes; 3 s by default.
	SlowDelay time.Duration
	// RetryAfter is what a ratelimit account is told; 30 s by default.
	RetryAfter time.Duration
	// Seed makes other people, companies and dates.
	Seed uint64
	// Control opens /_control.
	Control bool
	// Marked ends each person's name with their company's domain, so that they are known among another's.
	Marked bool
	// Ledger keeps every answer, for GET /_control/ledger: some 50 bytes each, for as long as the Server lives.
	Ledger bool
	// Now is the clock; time.Now by default.
	Now func() time.Time
}

// Server plays the site. It is an http.Handler; the caller serves it.
type Server struct {
	opts  Options
	start time.Time
	mux   *http.ServeMux
	// ledger is nil unless Options.Ledger is on.
	ledger *ledger

	mu        sync.Mutex
	accounts  map[string]*account
	companies map[string]*company
	sessions  map[string]*session
	latency   time.Duration
	arrivals  time.Duration
	site      Site
	// faults are what goes wrong for an account, or "" for everybody.
	faults map[string][]Fault
	// released are closed when the faults of an account are set anew.
	released map[string]chan struct{}
}

// Site is what holds for everybody.
type Site struct {
	// Refusal is how a wrong password is answered: RefuseStatus, RefuseForm or RefuseRedirect.
	Refusal string
	// SignedOut is how an API path answers without a session, by the same three.
	SignedOut string
	// NoToken takes the token off every sign-in page.
	NoToken bool
	// PageIgnored makes the listing show its first page whatever page is asked for.
	PageIgnored bool
	// ListingKept makes drift rename nothing in the listing, only in what it leads to.
	ListingKept bool
	// Without are fields of a profile that are left out for everybody, such as "introduction".
	Without []string
	// Extra is a field that each ticket and profile has besides; none when empty.
	Extra string
	// FormAction is where the sign-in page's form is sent to; the usual place when empty.
	FormAction string
	// ListEmptied makes the listing show nothing, and say how much there is.
	ListEmptied bool
}

// How a site that wants somebody to sign in says so.
const (
	RefuseStatus   = "401"
	RefuseForm     = "form"
	RefuseRedirect = "redirect"
)

// New makes a Server. It starts no goroutine.
func New(opts Options) *Server {
	opts.fill()
	s := &Server{
		opts:      opts,
		start:     opts.Now(),
		mux:       http.NewServeMux(),
		accounts:  map[string]*account{},
		companies: map[string]*company{},
		sessions:  map[string]*session{},
		faults:    map[string][]Fault{},
		released:  map[string]chan struct{}{},
		arrivals:  atLeast(opts.ArrivalEvery),
		site:      Site{Refusal: RefuseStatus, SignedOut: RefuseStatus},
	}
	if opts.Ledger {
		s.ledger = &ledger{byID: map[string]int32{}}
	}
	s.routes()
	return s
}

func (o *Options) fill() {
	if o.Tickets == 0 {
		o.Tickets = 24
	}
	o.Tickets = max(o.Tickets, 0)
	if o.BigTickets == 0 {
		o.BigTickets = 10_000
	}
	if o.PageSize <= 0 {
		o.PageSize = 20
	}
	if o.SlowDelay == 0 {
		o.SlowDelay = 3 * time.Second
	}
	if o.RetryAfter == 0 {
		o.RetryAfter = 30 * time.Second
	}
	if o.Now == nil {
		o.Now = time.Now
	}
}

func (s *Server) routes() {
	s.mux.HandleFunc("GET /{$}", s.index)
	s.mux.HandleFunc("GET "+signInPath, s.signInPage)
	s.mux.HandleFunc("POST "+signInPost, s.signIn)
	s.mux.HandleFunc("GET /user/two_factor", s.stepPage)
	s.mux.HandleFunc("GET /user/locked", s.stepPage)
	s.mux.HandleFunc("GET /challenge", s.stepPage)
	s.mux.HandleFunc("GET /enterprise", s.home)
	s.mux.HandleFunc("GET /enterprise/tickets/{number}", s.ticketPage)
	s.mux.HandleFunc("GET /api/internal/enterprise/tickets", s.hiring("list", s.list))
	s.mux.HandleFunc("GET /api/internal/enterprise/tickets/{number}", s.hiring("ticket", s.ticket))
	s.mux.HandleFunc("GET /api/internal/enterprise/users/{id}", s.hiring("person", s.person))
	s.mux.HandleFunc("GET /api/v1/projects", s.projects)
	if s.opts.Control {
		s.controlRoutes()
	}
}

// ServeHTTP answers as the site would.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	latency := s.latency
	s.mu.Unlock()
	if !wait(r, latency) {
		return
	}
	if s.ledger != nil && !strings.HasPrefix(r.URL.Path, "/_control/") {
		s.serveMetered(w, r)
		return
	}
	s.answer(w, r)
}

// wait reports whether the caller is still there after d.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-r.Context().Done():
		return false
	case <-t.C:
		return true
	}
}
