package wantedlysim

import (
	"hash/fnv"
	"slices"
	"time"
)

// span is how far back the first tickets go.
const span = 25 * 24 * time.Hour

var jst = time.FixedZone("JST", 9*60*60)

// company is what all accounts of a domain see. Its first tickets are worked out when they are
// asked for; only what differs from that is kept.
type company struct {
	domain string
	marked bool
	base   int // tickets at the start
	seed   uint64
	start  time.Time

	added    []added        // tickets base+1, base+2, …
	handled  map[int]bool   // no longer pending
	spoilt   map[int]bool   // answered without its posting
	postings []string       // titles by place; the id follows from it
	every    time.Duration  // between arrivals; 0: none
	lastAt   time.Time      // of the last arrival, or when the rate was set
	renamed  map[int]string // titles that somebody changed
}

// added is a ticket that was not there at the start.
type added struct {
	at    time.Time
	kind  string // "" as made up
	name  string // "" as made up
	place int    // of the posting; -1 as made up
}

// ticket is one of them, worked out.
type ticket struct {
	number    int
	at        time.Time
	place     int
	projectID int
	title     string
	personID  int
	candidacy int
	scout     bool
	name      string
	handled   bool
}

// company finds or makes the company of a domain. The caller holds s.mu.
func (s *Server) company(domain string) *company {
	if c := s.companies[domain]; c != nil {
		return c
	}
	h := fnv.New64a()
	h.Write([]byte(domain))
	c := &company{
		domain: domain, marked: s.opts.Marked, base: s.opts.Tickets, seed: mix(h.Sum64(), s.opts.Seed), start: s.start,
		handled: map[int]bool{}, spoilt: map[int]bool{}, renamed: map[int]string{}, postings: titles,
		every: s.arrivals, lastAt: s.start,
	}
	if len(domain) > 4 && domain[:4] == "big@" {
		c.base = s.opts.BigTickets
	}
	s.companies[domain] = c
	return c
}

// count is the highest number, after what has arrived by now came in.
func (c *company) count(now time.Time) int {
	for c.every > 0 && now.Sub(c.lastAt) >= c.every {
		c.lastAt = c.lastAt.Add(c.every)
		c.added = append(c.added, added{at: c.lastAt, place: -1})
	}
	return c.base + len(c.added)
}

// atBase is when a ticket of the start came: they rise over 25 days up to the start.
func (c *company) atBase(number int) time.Time {
	step := span / time.Duration(c.base)
	jitter := time.Duration(mix(c.seed, uint64(number)) % uint64(step/2+1))
	return c.start.Add(-span + time.Duration(number-1)*step + jitter).Truncate(time.Millisecond)
}

// ticket works out a ticket that has come already.
func (c *company) ticket(number int) (ticket, bool) {
	if number < 1 || number > c.base+len(c.added) {
		return ticket{}, false
	}
	who := c.applicant(number)
	r := mix(c.seed, uint64(number)*31+7)
	t := ticket{
		number: number, place: int(r % uint64(len(titles))), personID: c.personID(who),
		candidacy: c.personID(number) + 500_000, scout: r/64%4 == 0, handled: c.handled[number],
		name: c.nameOf(who),
	}
	if number <= c.base {
		t.at = c.atBase(number)
	} else {
		c.override(&t, c.added[number-c.base-1])
	}
	if who != number && number <= c.base {
		// Somebody who applies again applies to another posting.
		t.place = (int(mix(c.seed, uint64(who)*31+7)%uint64(len(titles))) + 1) % len(titles)
	}
	t.projectID = c.projectID(t.place)
	t.title = c.title(t.place)
	return t, true
}

func (c *company) override(t *ticket, a added) {
	t.at = a.at
	if a.place >= 0 {
		t.place = a.place
	}
	if a.kind != "" {
		t.scout = a.kind == kindScout
	}
	if a.name != "" {
		t.name = a.name
		t.personID = c.personID(t.number)
	}
}

// applicant is the number of the first ticket of whoever stands behind a number: every sixth is
// somebody who applied four tickets before.
func (c *company) applicant(number int) int {
	if number%6 == 0 && number <= c.base {
		return number - 4
	}
	return number
}

func (c *company) personID(number int) int { return int(c.seed%9_000+1)*1_000_000 + number }

func (c *company) projectID(place int) int { return int(c.seed%9_000+1)*1_000 + place + 1 }

// numberOf is the inverse of personID.
func (c *company) numberOf(personID int) int { return personID - int(c.seed%9_000+1)*1_000_000 }

func (c *company) title(place int) string {
	if t, ok := c.renamed[place]; ok {
		return t
	}
	return c.postings[place]
}

// posting finds the place of a title, or makes one. Titles behind those of the start are added's.
func (c *company) posting(title string) int {
	for i := range c.postings {
		if c.title(i) == title {
			return i
		}
	}
	c.postings = append(slices.Clip(c.postings), title)
	return len(c.postings) - 1
}

func (c *company) add(a added) int {
	if last := len(c.added); last > 0 && !a.at.After(c.added[last-1].at) {
		a.at = c.added[last-1].at.Add(time.Millisecond)
	}
	c.added = append(c.added, a)
	return c.base + len(c.added)
}

// mix scatters a and b (SplitMix64).
func mix(a, b uint64) uint64 {
	z := a + b*0x9E3779B97F4A7C15 + 0x9E3779B97F4A7C15
	z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9
	z = (z ^ (z >> 27)) * 0x94D049BB133111EB
	return z ^ (z >> 31)
}
