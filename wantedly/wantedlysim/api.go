package wantedlysim

import (
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"
)

// hiring wraps a path of the hiring API: who asks, what their persona does, what the journal says.
func (s *Server) hiring(kind string, answer func(http.ResponseWriter, *http.Request, *account)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		s.mu.Lock()
		ses := s.sessionOf(r)
		if ses == nil || ses.account == nil {
			s.refuse(w, r, ses, s.site.SignedOut)
			s.mu.Unlock()
			return
		}
		s.mu.Unlock()
		a := ses.account
		rec := s.begin(w, a)
		defer s.end(a, rec)
		if !wait(r, s.delay(a)) {
			return
		}
		if s.refused(rec, r, ses, kind) {
			return
		}
		if a.persona == "garbage" && s.garbage(rec, a) {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		answer(rec, r, a)
	}
}

// refused answers what the account may not have; it reports whether it did.
func (s *Server) refused(w http.ResponseWriter, r *http.Request, ses *session, kind string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := ses.account
	if s.troubled(w, a) {
		return true
	}
	s.age(ses, r, kind)
	if ses.dead {
		s.refuse(w, r, ses, s.site.SignedOut)
		return true
	}
	a.journal.count(kind)
	if a.persona == "noperm" {
		writeJSON(w, http.StatusForbidden, map[string]any{"error": "forbidden"})
		return true
	}
	return false
}

// age lets a session die where the persona says so.
func (s *Server) age(ses *session, r *http.Request, kind string) {
	a := ses.account
	if ses.dead {
		return
	}
	page := pageOf(r)
	ses.answers++
	if a.persona == "expire" && !a.expired && (kind == "list" && page > 1 || ses.answers >= 8) {
		a.expired, ses.dead = true, true
		return
	}
	if kind == "list" && page == 1 && a.look() {
		s.expire(a)
	}
}

func pageOf(r *http.Request) int {
	page, err := strconv.Atoi(r.URL.Query().Get("page"))
	if err != nil || page < 1 {
		return 1
	}
	return page
}

// list answers with a page of tickets. The caller holds s.mu.
func (s *Server) list(w http.ResponseWriter, r *http.Request, a *account) {
	query := r.URL.Query()
	page := pageOf(r)
	if s.site.PageIgnored {
		page = 1
	}
	pendingOnly := query.Get("state") == "pending"
	numbers := a.page(s.opts.Now(), page, s.opts.PageSize, pendingOnly)
	if query.Get("sort_type") != "number_reverse" {
		slices.Reverse(numbers)
	}
	drifted := a.drifted() && !s.site.ListingKept
	items := make([]map[string]any, 0, len(numbers))
	for _, n := range numbers {
		items = append(items, a.listed(n, drifted))
	}
	key := "tickets"
	if drifted {
		key = "applications"
	}
	if s.site.ListEmptied {
		writeJSON(w, http.StatusOK, map[string]any{
			"data": map[string]any{key: []any{}}, "_metadata": map[string]any{"total_objects": a.company.count(s.opts.Now())},
		})
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{"data": map[string]any{key: items}})
}

// page is a page of numbers, newest first.
func (a *account) page(now time.Time, page, size int, pendingOnly bool) []int {
	c := a.company
	top := c.count(now)
	skip := (page - 1) * size
	if a.persona != "partial" && !pendingOnly {
		top, skip = top-skip, 0 // no need to count them
	}
	numbers := make([]int, 0, size)
	for n := top; n >= 1 && len(numbers) < size; n-- {
		if !a.sees(n) || pendingOnly && c.handled[n] {
			continue
		}
		if skip > 0 {
			skip--
			continue
		}
		numbers = append(numbers, n)
	}
	return numbers
}

func (a *account) listed(number int, drifted bool) map[string]any {
	state := "pending"
	if a.company.handled[number] {
		state = "processed"
	}
	if drifted {
		return map[string]any{"ticket_no": number, "state": state}
	}
	return map[string]any{"number": number, "state": state, "unread": number%2 == 0}
}

// ticket answers with a ticket. The caller holds s.mu.
func (s *Server) ticket(w http.ResponseWriter, r *http.Request, a *account) {
	number, _ := strconv.Atoi(r.PathValue("number"))
	a.company.count(s.opts.Now())
	t, ok := a.company.ticket(number)
	if !ok || !a.sees(number) {
		status := http.StatusNotFound
		if ok && number%2 == 0 {
			status = http.StatusForbidden
		}
		writeJSON(w, status, map[string]any{"error": http.StatusText(status)})
		return
	}
	data := map[string]any{
		"number":     t.number,
		"created_at": t.at.In(jst).Format("2006-01-02T15:04:05.000-07:00"),
		"project":    map[string]any{"id": t.projectID, "title": t.title},
		"candidate":  map[string]any{"id": t.personID, "email": "candidate@mail.invalid"},
		"candidacy":  map[string]any{"id": t.candidacy},
		"scout":      nil,
		"messages":   []any{map[string]any{"body": secret}},
	}
	if t.scout {
		data["scout"] = map[string]any{"id": t.number, "body": secret}
	}
	if a.company.spoilt[t.number] {
		delete(data, "project")
	}
	if a.drifted() {
		data = map[string]any{"id": t.number, "createdAt": data["created_at"], "job": data["project"], "applicant": data["candidate"]}
	}
	s.refit(data)
	writeJSON(w, http.StatusOK, map[string]any{"data": data})
}

// refit gives a record the field that the site has anew. The caller holds s.mu.
func (s *Server) refit(record map[string]any) {
	if s.site.Extra != "" {
		record[s.site.Extra] = "new"
	}
}

// person answers with a profile. The caller holds s.mu.
func (s *Server) person(w http.ResponseWriter, r *http.Request, a *account) {
	id, _ := strconv.Atoi(r.PathValue("id"))
	t, ok := a.company.candidacy(id, r.URL.Query().Get("candidacy_id"))
	if !ok || !a.sees(t.number) {
		writeJSON(w, http.StatusNotFound, map[string]any{"error": "not found"})
		return
	}
	profile := a.company.profile(t, s.start)
	if a.drifted() {
		profile = map[string]any{"profile": map[string]any{"fullName": t.name}, "email": profile["email"]}
	}
	for _, field := range s.site.Without {
		delete(profile, field)
	}
	s.refit(profile)
	writeJSON(w, http.StatusOK, profile)
}

// candidacy finds the ticket of a person by its candidacy, or the person's first.
func (c *company) candidacy(person int, candidacy string) (ticket, bool) {
	number := c.numberOf(person)
	if candidacy != "" {
		id, err := strconv.Atoi(candidacy)
		if err != nil {
			return ticket{}, false
		}
		number = c.numberOf(id - 500_000)
	}
	t, ok := c.ticket(number)
	return t, ok && t.personID == person
}

// projects answers with the postings of every company, which need no session.
func (s *Server) projects(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	all := []posting{}
	for _, c := range s.companies {
		for i := range c.postings {
			if title := c.title(i); strings.Contains(title, r.URL.Query().Get("q")) {
				all = append(all, posting{ID: c.projectID(i), Title: title})
			}
		}
	}
	slices.SortFunc(all, func(x, y posting) int { return x.ID - y.ID })
	const per = 10
	from := min((pageOf(r)-1)*per, len(all))
	writeJSON(w, http.StatusOK, map[string]any{
		"data":      all[from:min(from+per, len(all))],
		"_metadata": map[string]any{"total_objects": len(all), "per_page": per, "total_pages": (len(all) + per - 1) / per},
	})
}

type posting struct {
	ID    int    `json:"id"`
	Title string `json:"title"`
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	w.WriteHeader(status)
	// The caller is gone if this fails.
	_ = json.NewEncoder(w).Encode(v)
}
