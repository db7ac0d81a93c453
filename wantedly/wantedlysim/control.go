package wantedlysim

import (
	"time"
)

// TicketSpec is a ticket to add. What is empty is made up.
type TicketSpec struct {
	Position string    // title of the posting; a new one is opened when nobody has it
	Name     string    // of the applicant, who is then somebody new
	Kind     string    // APPLIED or SCOUT_REPLIED
	At       time.Time // now when zero
}

// TicketInfo is what a perfect importer would know of a ticket.
type TicketInfo struct {
	Number     int       `json:"number"`
	At         time.Time `json:"at"`
	Position   string    `json:"position"`
	PositionID int       `json:"positionId"`
	PersonID   int       `json:"personId"`
	Name       string    `json:"name"`
	Kind       string    `json:"kind"`
	Handled    bool      `json:"handled"`
}

// AddTicket adds a ticket to the company of a domain and returns its number.
func (s *Server) AddTicket(domain string, spec TicketSpec) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.company(domain)
	now := s.opts.Now()
	c.count(now)
	a := added{at: spec.At, kind: spec.Kind, name: spec.Name, place: -1}
	if a.at.IsZero() {
		a.at = now
	}
	if spec.Position != "" {
		a.place = c.posting(spec.Position)
	}
	return c.add(a)
}

// HandleTicket moves a ticket out of pending; it reports whether there is such a ticket.
func (s *Server) HandleTicket(domain string, number int) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.company(domain)
	if _, ok := c.ticket(number); !ok {
		return false
	}
	c.handled[number] = true
	return true
}

// SpoilTicket makes a ticket one that cannot be read, or mends it.
func (s *Server) SpoilTicket(domain string, number int, spoilt bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.company(domain).spoilt[number] = spoilt
}

// RenamePosting gives a posting another title, also on the tickets that it has; it reports whether
// there is such a posting.
func (s *Server) RenamePosting(domain, from, to string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.company(domain)
	for i := range c.postings {
		if c.title(i) == from {
			c.renamed[i] = to
			return true
		}
	}
	return false
}

// atLeast keeps arrivals from coming faster than they can be made up.
func atLeast(every time.Duration) time.Duration {
	if every <= 0 {
		return 0
	}
	return max(every, 10*time.Millisecond)
}

// SetArrivalEvery sets how often a ticket comes to the company of a domain; 0 stops that, and
// 10 ms is the shortest. With no domain it holds for every company, also for those to come.
func (s *Server) SetArrivalEvery(domain string, every time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	now := s.opts.Now()
	every = atLeast(every)
	set := func(c *company) {
		c.count(now)
		c.every, c.lastAt = every, now
	}
	if domain != "" {
		set(s.company(domain))
		return
	}
	s.arrivals = every
	for _, c := range s.companies {
		set(c)
	}
}

// SetLatency sets how long each answer to an account takes; with no e-mail each answer at all.
func (s *Server) SetLatency(email string, d time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if email == "" {
		s.latency = d
		return
	}
	s.account(email).latency = d
}

// SetPassword changes an account's password; its sessions go on.
func (s *Server) SetPassword(email, password string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.account(email)
	a.password, a.changed = password, false
}

// SetPersona makes an account behave like another row of the table; its company stays.
func (s *Server) SetPersona(email, persona string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.account(email).persona = persona
}

// EndFirstImport makes drift and changed behave as after the first import.
func (s *Server) EndFirstImport(email string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a := s.account(email); a.endFirstImport() {
		s.expire(a)
	}
}

// ExpireSessions ends the sessions of an account, or with no e-mail of everybody; it returns how
// many there were.
func (s *Server) ExpireSessions(email string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	if email == "" {
		return s.expire(nil)
	}
	return s.expire(s.account(email))
}

// SetSite changes what holds for everybody.
func (s *Server) SetSite(change func(*Site)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change(&s.site)
}

// Journal tells what an account asked for.
func (s *Server) Journal(email string) Journal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.account(email).journal.clone()
}

// ResetJournal starts counting anew.
func (s *Server) ResetJournal(email string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	j := &s.account(email).journal
	*j = Journal{Statuses: map[int]int{}, running: j.running}
}

// Profile tells what the person behind a ticket tells of themselves; nil where there is no such ticket.
func (s *Server) Profile(domain string, number int) map[string]any {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.company(domain)
	t, ok := c.ticket(number)
	if !ok {
		return nil
	}
	return c.profile(t, s.start)
}

// Tickets tells what a perfect importer would know of a company's tickets from a number on, lowest
// first; limit 0 is all of them.
func (s *Server) Tickets(domain string, from, limit int) []TicketInfo {
	s.mu.Lock()
	defer s.mu.Unlock()
	c := s.company(domain)
	top := c.count(s.opts.Now())
	list := []TicketInfo{}
	for n := max(from, 1); n <= top && (limit <= 0 || len(list) < limit); n++ {
		t, _ := c.ticket(n)
		kind := kindOwn
		if t.scout {
			kind = kindScout
		}
		list = append(list, TicketInfo{
			Number: n, At: t.at, Position: t.title, PositionID: t.projectID, PersonID: t.personID,
			Name: t.name, Kind: kind, Handled: t.handled,
		})
	}
	return list
}
