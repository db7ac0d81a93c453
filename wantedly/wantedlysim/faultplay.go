package wantedlysim

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"math"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"time"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/japanese"
)

const plainJSON = "application/json; charset=utf-8"

// faultRoutes are the part of the control API that sets faults.
func (s *Server) faultRoutes() {
	s.mux.HandleFunc("POST /_control/faults", func(w http.ResponseWriter, r *http.Request) {
		var o struct {
			Email  string
			Faults []Fault
		}
		d := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<20))
		d.DisallowUnknownFields()
		err := d.Decode(&o)
		for _, f := range o.Faults {
			if faults[f.Do] == nil && err == nil {
				err = fmt.Errorf("nothing is called %q", f.Do)
			}
		}
		if err != nil {
			writeJSON(w, http.StatusBadRequest, map[string]string{"error": err.Error()})
			return
		}
		s.SetFaults(o.Email, o.Faults)
		writeJSON(w, http.StatusOK, struct{}{})
	})
	s.mux.HandleFunc("GET /_control/faults", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"faults": s.Faults(r.URL.Query().Get("email"))})
	})
	s.mux.HandleFunc("GET /_control/poisoned", func(w http.ResponseWriter, r *http.Request) {
		writeJSON(w, http.StatusOK, map[string]any{"numbers": s.Poisoned(r.URL.Query().Get("email"))})
	})
}

// real is the answer as it should be.
func (h hit) real(r *http.Request) *httptest.ResponseRecorder {
	rec := httptest.NewRecorder()
	h.s.mux.ServeHTTP(rec, r)
	return rec
}

// send writes an answer with another body.
func send(w http.ResponseWriter, rec *httptest.ResponseRecorder, body []byte) {
	maps.Copy(w.Header(), rec.Header())
	w.WriteHeader(rec.Code)
	_, _ = w.Write(body) // the caller is gone if this fails
}

func (h hit) status(w http.ResponseWriter, _ *http.Request) {
	if left := h.until.Sub(h.s.opts.Now()); h.Pause > 0 && h.RetryAfter == "date" {
		w.Header().Set("Retry-After", h.until.Add(time.Second).UTC().Format(http.TimeFormat))
	} else if h.Pause > 0 {
		w.Header().Set("Retry-After", strconv.Itoa(int(math.Ceil(left.Seconds()))))
	} else if h.RetryAfter != "" {
		w.Header().Set("Retry-After", h.RetryAfter)
	}
	http.Error(w, fmt.Sprintf("%d %s", h.Status, http.StatusText(h.Status)), h.Status)
}

func (h hit) reset(w http.ResponseWriter, _ *http.Request) {
	conn, _, err := http.NewResponseController(w).Hijack()
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetLinger(0) // a reset rather than an end
	}
	_ = conn.Close() // it is gone either way
}

func (h hit) cut(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	var packed bytes.Buffer
	z := gzip.NewWriter(&packed)
	_, _ = z.Write(rec.Body.Bytes()) // into memory
	_ = z.Close()
	rec.Header().Set("Content-Encoding", "gzip")
	send(w, rec, packed.Bytes()[:packed.Len()*2/3])
}

func (h hit) mislabel(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	rec.Header().Set("Content-Type", "application/json; charset=Shift_JIS")
	send(w, rec, rec.Body.Bytes())
}

func (h hit) shiftJIS(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	body, err := encoding.ReplaceUnsupported(japanese.ShiftJIS.NewEncoder()).Bytes(rec.Body.Bytes())
	if err != nil {
		panic(http.ErrAbortHandler)
	}
	send(w, rec, body)
}

func (h hit) stall(w http.ResponseWriter, r *http.Request) {
	if wait(r, time.Duration(h.Pause)) {
		h.s.mux.ServeHTTP(w, r)
	}
}

func (h hit) hold(w http.ResponseWriter, r *http.Request) {
	select {
	case <-h.released:
		h.s.mux.ServeHTTP(w, r)
	case <-r.Context().Done():
	}
}

func (h hit) trickle(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	w.Header().Set("Content-Type", plainJSON)
	out := http.NewResponseController(w)
	for _, b := range rec.Body.Bytes() {
		if _, err := w.Write([]byte{b}); err != nil || out.Flush() != nil || !wait(r, time.Duration(h.Pause)) {
			return
		}
	}
}

// pad writes JSON of many bytes.
func pad(w io.Writer, many int) {
	const chunk = 1 << 16
	_, _ = io.WriteString(w, `{"data":{"tickets":[{"number":1,"padding":"`) // the caller is gone if this fails
	padding := []byte(strings.Repeat("x", chunk))
	for range many / chunk {
		if _, err := w.Write(padding); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `"}]}}`) // as above
}

func (h hit) huge(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", plainJSON)
	pad(w, h.Many)
}

func (h hit) bomb(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", plainJSON)
	w.Header().Set("Content-Encoding", "gzip")
	z := gzip.NewWriter(w)
	pad(z, h.Many)
	_ = z.Close() // the caller is gone if this fails
}

func (h hit) items(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", plainJSON)
	_, _ = io.WriteString(w, `{"data":{"tickets":[`) // the caller is gone if this fails
	top := 1_000_000_000 - (pageOf(r)-1)*h.Many
	var line []byte
	for i := range h.Many {
		line = append(line[:0], `{"number":`...)
		line = append(strconv.AppendInt(line, int64(top-i), 10), '}')
		if i < h.Many-1 {
			line = append(line, ',')
		}
		if _, err := w.Write(line); err != nil {
			return
		}
	}
	_, _ = io.WriteString(w, `]}}`) // as above
}

func (h hit) shift(w http.ResponseWriter, r *http.Request) {
	domain := h.a.company.domain
	for range h.Many {
		h.s.AddTicket(domain, TicketSpec{})
	}
	h.s.mux.ServeHTTP(w, r)
}

func (h hit) loop(w http.ResponseWriter, r *http.Request) {
	again := r.Clone(r.Context())
	query := again.URL.Query()
	query.Set("page", strconv.Itoa((pageOf(r)-1)%max(h.Many, 1)+1))
	again.URL = &url.URL{Path: r.URL.Path, RawQuery: query.Encode()}
	h.s.mux.ServeHTTP(w, again)
}

func (h hit) expire(w http.ResponseWriter, r *http.Request) {
	h.s.mu.Lock()
	h.s.expire(h.a)
	h.s.mu.Unlock()
	h.s.mux.ServeHTTP(w, r)
}
