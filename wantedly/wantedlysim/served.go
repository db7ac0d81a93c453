package wantedlysim

import (
	"encoding/json"
	"hash/crc32"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Served is one answer of the site, as the full journal keeps it.
type Served struct {
	// N counts answers from 1, in the order in which they ended.
	N  int       `json:"n"`
	At time.Time `json:"at"`
	// Email is the account's; nobody's for a stranger.
	Email string `json:"email,omitempty"`
	// From is the User-Agent of who asked.
	From string `json:"from"`
	// Kind is list, ticket, person, signin, form or other.
	Kind string `json:"kind"`
	// Number is that of the page, ticket or person.
	Number int `json:"number,omitempty"`
	Status int `json:"status"`
	// Bytes and Sum (CRC-32) are of the body.
	Bytes int    `json:"bytes"`
	Sum   uint32 `json:"sum"`
}

// ledger keeps every answer, in few bytes each: there may be millions.
type ledger struct {
	mu    sync.Mutex
	words []string
	byID  map[string]int32
	lines []line
}

type line struct {
	at                int64
	email, from, kind int32
	number            int32
	status            int32
	sum               uint32
	bytes             int64
}

// word finds the number of a word. The caller holds l.mu.
func (l *ledger) word(w string) int32 {
	if id, ok := l.byID[w]; ok {
		return id
	}
	id := int32(len(l.words))
	l.words = append(l.words, w)
	l.byID[w] = id
	return id
}

func (l *ledger) add(s Served) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line{
		at: s.At.UnixNano(), email: l.word(s.Email), from: l.word(s.From), kind: l.word(s.Kind), number: int32(s.Number),
		status: int32(s.Status), sum: s.Sum, bytes: int64(s.Bytes),
	})
}

// after returns the answers behind the n-th, many at most.
func (l *ledger) after(n, many int) []Served {
	l.mu.Lock()
	defer l.mu.Unlock()
	var out []Served
	for i := max(n, 0); i < len(l.lines) && len(out) < many; i++ {
		s := l.lines[i]
		out = append(out, Served{
			N: i + 1, At: time.Unix(0, s.at), Email: l.words[s.email], From: l.words[s.from], Kind: l.words[s.kind],
			Number: int(s.number), Status: int(s.status), Bytes: int(s.bytes), Sum: s.sum,
		})
	}
	return out
}

// meter measures an answer on its way out.
type meter struct {
	http.ResponseWriter
	status, bytes int
	sum           uint32
	email         string
}

// Unwrap lets http.ResponseController through.
func (m *meter) Unwrap() http.ResponseWriter { return m.ResponseWriter }

func (m *meter) WriteHeader(status int) {
	if m.status == 0 {
		m.status = status
	}
	m.ResponseWriter.WriteHeader(status)
}

func (m *meter) Write(b []byte) (int, error) {
	if m.status == 0 {
		m.status = http.StatusOK
	}
	n, err := m.ResponseWriter.Write(b)
	m.bytes += n
	m.sum = crc32.Update(m.sum, crc32.IEEETable, b[:n])
	return n, err
}

// note tells the full journal whose answer it is.
func note(w http.ResponseWriter, a *account) {
	if m, ok := w.(*meter); ok {
		m.email = a.email
	}
}

// serveMetered answers and writes it into the full journal, also where the handler gives up in the middle.
func (s *Server) serveMetered(w http.ResponseWriter, r *http.Request) {
	m := &meter{ResponseWriter: w}
	defer func() {
		served := Served{At: s.opts.Now(), Email: m.email, From: r.UserAgent(), Status: m.status, Bytes: m.bytes, Sum: m.sum}
		served.Kind, served.Number = kindOf(r)
		s.ledger.add(served)
	}()
	s.answer(m, r)
}

// kindOf says what a request asks for, by its path.
func kindOf(r *http.Request) (kind string, number int) {
	const tickets, people = "/api/internal/enterprise/tickets", "/api/internal/enterprise/users/"
	path := r.URL.Path
	switch {
	case path == tickets:
		return "list", pageOf(r)
	case strings.HasPrefix(path, tickets+"/"):
		number, _ = strconv.Atoi(path[len(tickets)+1:])
		return "ticket", number
	case strings.HasPrefix(path, people):
		number, _ = strconv.Atoi(path[len(people):])
		return "person", number
	case path == signInPost:
		return "signin", 0
	case path == signInPath:
		return "form", 0
	}
	return "other", 0
}

// Ledger returns the answers behind the n-th, limit at most; none unless Options.Ledger is on.
func (s *Server) Ledger(n, limit int) []Served {
	if s.ledger == nil {
		return nil
	}
	return s.ledger.after(n, limit)
}

// showLedger writes the answers behind the n-th, one JSON object a line.
func (s *Server) showLedger(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.URL.Query().Get("after"))
	w.Header().Set("Content-Type", "application/x-ndjson")
	lines := json.NewEncoder(w)
	for {
		some := s.Ledger(n, 1000)
		if len(some) == 0 {
			return
		}
		for _, served := range some {
			if lines.Encode(served) != nil {
				return // the caller is gone
			}
			n = served.N
		}
	}
}
