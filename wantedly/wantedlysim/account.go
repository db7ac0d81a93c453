package wantedlysim

import (
	"maps"
	"strings"
	"time"
)

// defaultPassword opens every account.
const defaultPassword = "password"

// firstImportLooks is how many looks at page 1 of the tickets there are up to the first import's.
const firstImportLooks = 2

// account is somebody who signs in.
type account struct {
	email    string
	persona  string
	password string
	company  *company
	latency  time.Duration

	looks    int  // at page 1 of the tickets
	imported bool // the first import is over
	changed  bool // the password no longer works
	answers  int  // counted for flaky
	refusals int  // 503s of flaky
	rubbish  int  // counted for garbage
	expired  bool // the session of expire has died
	journal  Journal
}

// Journal is what an account asked for.
type Journal struct {
	// SignIns were answered by letting in, or by a second step; Refused by refusing the password;
	// BadTokens by 422.
	SignIns   int `json:"signIns"`
	Refused   int `json:"refused"`
	BadTokens int `json:"badTokens"`
	// Lists, Tickets and People are the requests to the three paths of the hiring API.
	Lists   int `json:"lists"`
	Tickets int `json:"tickets"`
	People  int `json:"people"`
	// Statuses counts the answers by status; what a dead session asks for is in it too.
	Statuses map[int]int `json:"statuses"`
	// Overlaps counts requests that began while another of the account was being answered.
	Overlaps int `json:"overlaps"`

	running int
}

func (j Journal) clone() Journal {
	j.Statuses = maps.Clone(j.Statuses)
	return j
}

func (j *Journal) count(kind string) {
	switch kind {
	case "list":
		j.Lists++
	case "ticket":
		j.Tickets++
	case "person":
		j.People++
	}
}

// personaOf is the first word of an e-mail address.
func personaOf(email string) string {
	end := strings.IndexFunc(email, func(r rune) bool { return r < 'a' || r > 'z' })
	if end < 0 {
		return email
	}
	return email[:end]
}

// account finds or makes the account of an e-mail address. The caller holds s.mu.
func (s *Server) account(email string) *account {
	email = strings.ToLower(strings.TrimSpace(email))
	if a := s.accounts[email]; a != nil {
		return a
	}
	a := &account{
		email:    email,
		persona:  personaOf(email),
		password: defaultPassword,
		journal:  Journal{Statuses: map[int]int{}},
	}
	_, domain, _ := strings.Cut(email, "@")
	if a.persona == "big" {
		domain = "big@" + domain
	}
	a.company = s.company(domain)
	s.accounts[email] = a
	return a
}

// look counts a look at page 1 of the tickets; the third ends the first import. It reports
// whether the account's sessions die of it.
func (a *account) look() (dies bool) {
	a.looks++
	if a.looks > firstImportLooks {
		return a.endFirstImport()
	}
	return false
}

func (a *account) endFirstImport() (dies bool) {
	first := !a.imported
	a.imported = true
	if a.persona == "changed" && first {
		a.changed = true
		return true
	}
	return false
}

func (a *account) accepts(password string) bool {
	return !a.changed && password == a.password
}

// sees reports whether the account may open a ticket.
func (a *account) sees(number int) bool {
	return a.persona != "partial" || number%3 != 0
}

func (a *account) drifted() bool { return a.persona == "drift" && a.imported }
