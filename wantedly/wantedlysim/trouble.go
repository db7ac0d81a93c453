package wantedlysim

import (
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"
)

// recorder remembers the status of an answer.
type recorder struct {
	http.ResponseWriter
	status int
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// begin and end put an answer to an account into its journal.
func (s *Server) begin(w http.ResponseWriter, a *account) *recorder {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.journal.running > 0 {
		a.journal.Overlaps++
	}
	a.journal.running++
	note(w, a)
	return &recorder{ResponseWriter: w}
}

func (s *Server) end(a *account, r *recorder) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a.journal.running--
	a.journal.Statuses[r.status]++
}

// delay is how long an account waits for each answer.
func (s *Server) delay(a *account) time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	if a.latency == 0 && a.persona == "slow" {
		return s.opts.SlowDelay
	}
	return a.latency
}

// troubled plays the personas whose server is in trouble; it reports whether it answered. The
// caller holds s.mu.
func (s *Server) troubled(w http.ResponseWriter, a *account) bool {
	switch a.persona {
	case "down":
		http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
		return true
	case "ratelimit":
		w.Header().Set("Retry-After", strconv.Itoa(int(s.opts.RetryAfter.Round(time.Second).Seconds())))
		http.Error(w, "429 Too Many Requests", http.StatusTooManyRequests)
		return true
	case "flaky":
		return flaky(w, a)
	}
	return false
}

func flaky(w http.ResponseWriter, a *account) bool {
	a.answers++
	if a.answers%3 != 0 {
		return false
	}
	a.refusals++
	if a.refusals%2 == 0 {
		w.Header().Set("Retry-After", "1")
	}
	http.Error(w, "503 Service Unavailable", http.StatusServiceUnavailable)
	return true
}

// garbage answers with one kind of rubbish after the other; it reports whether it did.
func (s *Server) garbage(w http.ResponseWriter, a *account) bool {
	s.mu.Lock()
	kind := a.rubbish % 4
	a.rubbish++
	s.mu.Unlock()
	switch kind {
	case 0:
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		io.WriteString(w, "<!DOCTYPE html><title>メンテナンス中</title><h1>ただいまメンテナンス中です</h1>")
	case 1:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		io.WriteString(w, `{"data":{"tickets":[{"number":12,"state":"pen`)
	case 2:
		flood(w)
	default:
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fmt.Fprint(w, `{"data":{"tickets":{"number":"twelve"},"number":[],"created_at":0,"project":"x"},"user":17}`)
	}
	return true
}

// flood writes a 50 MB body.
func flood(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	io.WriteString(w, `{"data":{"tickets":[{"number":1,"padding":"`)
	chunk := []byte(strings.Repeat("x", 1<<16))
	for range 50 << 20 / len(chunk) {
		if _, err := w.Write(chunk); err != nil {
			return
		}
	}
	io.WriteString(w, `"}]}}`)
}
