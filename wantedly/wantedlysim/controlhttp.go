package wantedlysim

import (
	"encoding/json"
	"errors"
	"net/http"
	"strconv"
	"time"
)

// order is the body of a request to the control API; each path takes its own part of it.
type order struct {
	Domain, Email      string
	Position, Name     string
	Kind               string
	At                 time.Time
	Count, Number      int
	From, To           string
	Every, Delay       *duration
	Persona, Password  *string
	Imported           bool
	Refusal, SignedOut *string
	Token, PageIgnored *bool
	ListingKept        *bool
	ListEmptied        *bool
	Without            *[]string
	Extra, FormAction  *string
}

// duration is a duration as Go writes it.
type duration time.Duration

func (d *duration) UnmarshalText(b []byte) error {
	v, err := time.ParseDuration(string(b))
	*d = duration(v)
	return err
}

var errNoSuch = errors.New("no such thing")

func (s *Server) controlRoutes() {
	s.control("POST /_control/tickets", s.orderTickets)
	s.control("POST /_control/tickets/handle", func(o order) (any, error) {
		return found(s.HandleTicket(o.Domain, o.Number))
	})
	s.control("POST /_control/postings/rename", func(o order) (any, error) {
		return found(s.RenamePosting(o.Domain, o.From, o.To))
	})
	s.control("POST /_control/arrivals", func(o order) (any, error) {
		return s.orderDuration(o.Domain, o.Every, s.SetArrivalEvery)
	})
	s.control("POST /_control/latency", func(o order) (any, error) {
		return s.orderDuration(o.Email, o.Delay, s.SetLatency)
	})
	s.control("POST /_control/accounts", s.orderAccount)
	s.control("POST /_control/sessions/expire", func(o order) (any, error) {
		return map[string]int{"expired": s.ExpireSessions(o.Email)}, nil
	})
	s.control("POST /_control/site", s.orderSite)
	s.faultRoutes()
	s.mux.HandleFunc("GET /_control/tickets", s.showTickets)
	s.mux.HandleFunc("GET /_control/profile", func(w http.ResponseWriter, r *http.Request) {
		number, _ := strconv.Atoi(r.URL.Query().Get("number"))
		writeJSON(w, http.StatusOK, s.Profile(r.URL.Query().Get("domain"), number))
	})
	s.mux.HandleFunc("GET /_control/journal", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, s.Journal(r.URL.Query().Get("email")))
	})
	s.mux.HandleFunc("GET /_control/ledger", s.showLedger)
	s.mux.HandleFunc("DELETE /_control/journal", func(w http.ResponseWriter, r *http.Request) {
		s.ResetJournal(r.URL.Query().Get("email"))
		writeJSON(w, http.StatusOK, struct{}{})
	})
}

// control serves one order.
func (s *Server) control(pattern string, do func(order) (any, error)) {
	s.mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
		var o order
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 64<<10))
		d.DisallowUnknownFields()
		if err := d.Decode(&o); err != nil {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		answer, err := do(o)
		switch {
		case errors.Is(err, errNoSuch):
			writeJSON(w, http.StatusNotFound, map[string]string{"error": err.Error()})
		case err != nil:
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
		default:
			writeJSON(w, http.StatusOK, answer)
		}
	})
}

func found(ok bool) (any, error) {
	if !ok {
		return nil, errNoSuch
	}
	return struct{}{}, nil
}

func (s *Server) orderDuration(of string, d *duration, set func(string, time.Duration)) (any, error) {
	if d == nil {
		return nil, errors.New("the duration is missing")
	}
	set(of, time.Duration(*d))
	return struct{}{}, nil
}

func (s *Server) orderTickets(o order) (any, error) {
	if o.Domain == "" || o.Kind != "" && o.Kind != kindOwn && o.Kind != kindScout || o.Count > 10_000 {
		return nil, errors.New("domain is missing, kind is unknown, or count is above 10000")
	}
	numbers := make([]int, 0, max(o.Count, 1))
	for range max(o.Count, 1) {
		spec := TicketSpec{Position: o.Position, Name: o.Name, Kind: o.Kind, At: o.At}
		numbers = append(numbers, s.AddTicket(o.Domain, spec))
	}
	return map[string][]int{"numbers": numbers}, nil
}

func (s *Server) orderAccount(o order) (any, error) {
	if o.Email == "" {
		return nil, errors.New("email is missing")
	}
	if o.Persona != nil {
		s.SetPersona(o.Email, *o.Persona)
	}
	if o.Password != nil {
		s.SetPassword(o.Email, *o.Password)
	}
	if o.Imported {
		s.EndFirstImport(o.Email)
	}
	return struct{}{}, nil
}

func (s *Server) orderSite(o order) (any, error) {
	for _, how := range []*string{o.Refusal, o.SignedOut} {
		if how != nil && *how != RefuseStatus && *how != RefuseForm && *how != RefuseRedirect {
			return nil, errors.New(`refusal and signedOut are "401", "form" or "redirect"`)
		}
	}
	s.SetSite(func(site *Site) {
		if o.Refusal != nil {
			site.Refusal = *o.Refusal
		}
		if o.SignedOut != nil {
			site.SignedOut = *o.SignedOut
		}
		if o.Token != nil {
			site.NoToken = !*o.Token
		}
		if o.PageIgnored != nil {
			site.PageIgnored = *o.PageIgnored
		}
		if o.ListingKept != nil {
			site.ListingKept = *o.ListingKept
		}
		if o.ListEmptied != nil {
			site.ListEmptied = *o.ListEmptied
		}
		if o.Without != nil {
			site.Without = *o.Without
		}
		if o.Extra != nil {
			site.Extra = *o.Extra
		}
		if o.FormAction != nil {
			site.FormAction = *o.FormAction
		}
	})
	return struct{}{}, nil
}

func (s *Server) showTickets(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	from, _ := strconv.Atoi(q.Get("from"))
	limit, _ := strconv.Atoi(q.Get("limit"))
	writeJSON(w, http.StatusOK, map[string]any{"tickets": s.Tickets(q.Get("domain"), from, limit)})
}
