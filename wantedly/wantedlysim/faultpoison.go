package wantedlysim

import (
	"bytes"
	"encoding/json"
	"net/http"
	"slices"
	"strings"
)

// The poisons. The last three make a record one that cannot be read.
const (
	poisonNone = iota
	poisonNUL
	poisonBytes
	poisonSurrogate
	poisonRightToLeft
	poisonEmoji
	poisonControl
	poisonYear
	poisonNoName
	poisonLong
	poisonMegabytes
)

// hugeField is more than a whole answer may have.
const hugeField = 10<<20 + 1

// poisonOf is what is wrong with a ticket, or with the person whose first ticket it is. A field of 10 MB is rare, since each
// is as many bytes to send.
func poisonOf(seed uint64, number int) int {
	if number%50 == 7 {
		return poisonMegabytes
	}
	if r := mix(seed, uint64(number)) % 20; r <= poisonLong {
		return int(r)
	}
	return poisonNone
}

// poison breaks what a ticket or a profile says.
func (h hit) poison(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	kind, number := kindOf(r)
	if rec.Code != http.StatusOK {
		send(w, rec, rec.Body.Bytes())
		return
	}
	body := rec.Body.Bytes()
	switch kind {
	case "ticket":
		body = poisonTicket(body, poisonOf(h.Seed, number))
	case "person":
		body = poisonPerson(body, poisonOf(h.Seed, h.a.company.numberOf(number)))
	}
	rec.Header().Del("Content-Length")
	send(w, rec, body)
}

func poisonTicket(body []byte, what int) []byte {
	switch what {
	case poisonYear:
		return between(body, `"created_at":"`, "99999-01-01T00:00:00.000+09:00", true)
	case poisonNUL:
		return between(body, `"title":"`, `\u0000`, false)
	case poisonControl:
		return between(body, `"title":"`, `\u0007\u001b`, false)
	}
	return body
}

func poisonPerson(body []byte, what int) []byte {
	const name, text = `"name":"`, `"location":"`
	switch what {
	case poisonNUL:
		body = between(body, name, `\u0000`, false)
		return between(body, text, `\u0000`, false)
	case poisonBytes:
		return between(body, text, "\xff\xfe\xc3\x28", false)
	case poisonSurrogate:
		return between(body, text, `\ud800 \udc00\udfff`, false)
	case poisonRightToLeft:
		return between(body, text, "\u202e\u05e9\u05dc\u05d5\u05dd \u0645\u0631\u062d\u0628\u0627\u2066", false)
	case poisonEmoji:
		return between(body, text, "👩‍👩‍👧‍👦🏳️‍🌈"+strings.Repeat("\u0301", 500), false)
	case poisonControl:
		return between(body, text, `\u0001\u007f\u009f`, false)
	case poisonNoName:
		return nameless(body, " \t　")
	case poisonLong:
		return nameless(body, strings.Repeat("長", 10_000))
	case poisonMegabytes:
		return append(bytes.TrimRight(body, "}\n"), (`,"essay":"` + strings.Repeat("x", hugeField) + `"}`)...)
	}
	return body
}

// between puts something at the beginning of a string, or in its place.
func between(body []byte, after, what string, instead bool) []byte {
	head, tail, found := bytes.Cut(body, []byte(after))
	if !found {
		return body
	}
	if instead {
		tail = tail[bytes.IndexByte(tail, '"'):]
	}
	return slices.Concat(head, []byte(after), []byte(what), tail)
}

// nameless gives a person another name.
func nameless(body []byte, name string) []byte {
	var profile map[string]any
	if json.Unmarshal(body, &profile) != nil {
		return body
	}
	if user, ok := profile["user"].(map[string]any); ok {
		user["name"] = name
	}
	// What was JSON is again.
	body, _ = json.Marshal(profile)
	return body
}

// Poisoned are the tickets that "poison" makes such that nobody can read them, for an account that has this fault.
func (s *Server) Poisoned(email string) []int {
	s.mu.Lock()
	defer s.mu.Unlock()
	a, numbers := s.account(email), []int{}
	for _, f := range s.faults[a.email] {
		if f.Do != "poison" {
			continue
		}
		for n := 1; n <= a.company.count(s.opts.Now()); n++ {
			t, _ := a.company.ticket(n)
			if poisonOf(f.Seed, n) == poisonYear || poisonOf(f.Seed, a.company.numberOf(t.personID)) >= poisonNoName {
				numbers = append(numbers, n)
			}
		}
	}
	return numbers
}
