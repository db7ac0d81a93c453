package wantedly_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
	"strconv"
	"sync"
	"testing"
	"time"
)

// site is another server of the same protocol than the simulator: minimal, and each answer can be
// replaced. Its tickets are 1..top, one an hour, the highest an hour old.
type site struct {
	top      int
	pageSize int
	page     func(w http.ResponseWriter, r *http.Request) // the sign-in page
	password func(w http.ResponseWriter, r *http.Request) // the answer to a password
	list     func(w http.ResponseWriter, r *http.Request)
	ticket   func(w http.ResponseWriter, r *http.Request, n int) bool // reports whether it answered
	person   func(w http.ResponseWriter, r *http.Request, n int) bool
	landing  func(w http.ResponseWriter, r *http.Request)

	mu    sync.Mutex
	count map[string]int
	start time.Time
}

const plainForm = `<html><head><meta name="csrf-token" content="token-1"></head><body>
<form action="/user/sign_in"><input name="user[email]"><input name="user[password]"></form></body></html>`

func newSite(t *testing.T, top int) (*site, string) {
	t.Helper()
	s, h := makeSite(top)
	return s, serve(t, h)
}

func makeSite(top int) (*site, http.Handler) {
	s := &site{top: top, pageSize: 20, count: map[string]int{}, start: time.Now()}
	s.page = func(w http.ResponseWriter, _ *http.Request) { s.html(w, plainForm) }
	s.password = func(w http.ResponseWriter, r *http.Request) { s.letIn(w, r) }
	s.landing = func(w http.ResponseWriter, _ *http.Request) { s.html(w, "<html>welcome</html>") }
	s.list = s.listing
	mux := http.NewServeMux()
	mux.HandleFunc("GET /signin_or_signup", s.counted("page", func(w http.ResponseWriter, r *http.Request) { s.page(w, r) }))
	mux.HandleFunc("POST /user/sign_in", s.counted("password", func(w http.ResponseWriter, r *http.Request) { s.password(w, r) }))
	mux.HandleFunc("GET /api/internal/enterprise/tickets", s.counted("list", func(w http.ResponseWriter, r *http.Request) { s.list(w, r) }))
	mux.HandleFunc("GET /api/internal/enterprise/tickets/{n}", s.counted("ticket", s.serveTicket))
	mux.HandleFunc("GET /api/internal/enterprise/users/{n}", s.counted("person", s.servePerson))
	mux.HandleFunc("GET /", s.counted("landing", func(w http.ResponseWriter, r *http.Request) { s.landing(w, r) }))
	return s, mux
}

func (s *site) counted(what string, h http.HandlerFunc) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		s.count[what]++
		s.mu.Unlock()
		h(w, r)
	}
}

// asked tells how often each kind of path was asked for.
func (s *site) asked() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return maps.Clone(s.count)
}

func (s *site) html(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	fmt.Fprint(w, body)
}

func (s *site) json(w http.ResponseWriter, v any) {
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(v)
}

func (s *site) letIn(w http.ResponseWriter, r *http.Request) {
	http.SetCookie(w, &http.Cookie{Name: "_huntr_session_production", Value: "in", Path: "/", Secure: true})
	http.Redirect(w, r, "/home", http.StatusFound)
}

func (s *site) at(n int) time.Time { return s.start.Add(time.Duration(n-s.top-1) * time.Hour) }

func (s *site) listing(w http.ResponseWriter, r *http.Request) {
	page, _ := strconv.Atoi(r.FormValue("page"))
	s.tickets(w, s.top-(max(page, 1)-1)*s.pageSize, s.pageSize)
}

// tickets lists at most so many tickets downwards.
func (s *site) tickets(w http.ResponseWriter, from, most int) {
	items := []any{}
	for n := from; n > 0 && len(items) < most; n-- {
		items = append(items, map[string]any{"number": n})
	}
	s.json(w, map[string]any{"data": map[string]any{"tickets": items}})
}

func (s *site) ticketJSON(n int) map[string]any {
	return map[string]any{
		"number": n, "created_at": s.at(n).Format(time.RFC3339Nano),
		"project":   map[string]any{"id": 7, "title": "エンジニア"},
		"candidate": map[string]any{"id": 1000 + n}, "candidacy": map[string]any{"id": 2000 + n},
	}
}

func (s *site) serveTicket(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	if s.ticket != nil && s.ticket(w, r, n) {
		return
	}
	if n < 1 || n > s.top {
		http.NotFound(w, r)
		return
	}
	s.json(w, map[string]any{"data": s.ticketJSON(n)})
}

func (s *site) servePerson(w http.ResponseWriter, r *http.Request) {
	n, _ := strconv.Atoi(r.PathValue("n"))
	n -= 1000
	if s.person != nil && s.person(w, r, n) {
		return
	}
	s.json(w, map[string]any{"user": map[string]any{"name": "応募者" + strconv.Itoa(n)}})
}
