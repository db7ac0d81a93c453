package wantedlysim

import (
	"bytes"
	"encoding/json"
	"math/rand/v2"
	"net/http"
	"slices"
	"strings"
)

// mutate breaks an answer in one of the ways in which sites do. What says nothing wrong when it is missing, such as whether
// somebody was scouted, is left alone: nobody could tell.
func (h hit) mutate(w http.ResponseWriter, r *http.Request) {
	rec := h.real(r)
	if rec.Code != http.StatusOK {
		send(w, rec, rec.Body.Bytes())
		return
	}
	draw := rand.New(rand.NewPCG(h.Seed, uint64(h.nth)))
	body := mutations[draw.IntN(len(mutations))](rec.Body.Bytes(), draw)
	rec.Header().Del("Content-Length")
	send(w, rec, body)
}

var mutations = []func([]byte, *rand.Rand) []byte{
	func([]byte, *rand.Rand) []byte {
		return []byte("<!DOCTYPE html><title>メンテナンス中</title><h1>ただいまメンテナンス中です</h1>")
	},
	func(body []byte, draw *rand.Rand) []byte { return body[:draw.IntN(len(body))] },
	func([]byte, *rand.Rand) []byte { return []byte("null") },
	func([]byte, *rand.Rand) []byte {
		return []byte(`{"data":{"tickets":[]},"user":{},"_metadata":{"total_objects":120}}`)
	},
	flip, flip, change, change, change, change, change, change,
}

// flip puts another sign where one of JSON's own stood.
func flip(body []byte, draw *rand.Rand) []byte {
	const signs = `{}[]:,"`
	var places []int
	inside := false
	for i := 0; i < len(body); i++ {
		switch {
		case inside && body[i] == '\\':
			i++
		case body[i] == '"':
			inside = !inside
			places = append(places, i)
		case !inside && strings.IndexByte(signs, body[i]) >= 0:
			places = append(places, i)
		}
	}
	out := bytes.Clone(body)
	if len(places) == 0 {
		return out
	}
	at := places[draw.IntN(len(places))]
	others := strings.ReplaceAll(signs, string(out[at]), "")
	out[at] = others[draw.IntN(len(others))]
	return out
}

// needed are the fields without which nothing can be known, in a listing, a ticket or a profile.
var needed = []string{"data", "tickets", "number", "created_at", "project", "title", "candidate", "id", "user", "name"}

// member is a field of an object somewhere in an answer.
type member struct {
	in  map[string]any
	key string
}

// change renames, drops or retypes one field that is needed.
func change(body []byte, draw *rand.Rand) []byte {
	var answer map[string]any
	d := json.NewDecoder(bytes.NewReader(body))
	d.UseNumber()
	if d.Decode(&answer) != nil {
		return body
	}
	all := members(answer, "")
	m := all[draw.IntN(len(all))]
	was := m.in[m.key]
	switch draw.IntN(4) {
	case 0:
		delete(m.in, m.key)
		m.in["new_"+m.key] = was
	case 1:
		delete(m.in, m.key)
	case 2:
		m.in[m.key] = nil
	default:
		m.in[m.key] = retyped(was)
	}
	// What was JSON is again.
	out, _ := json.Marshal(answer)
	return out
}

// members are the fields of an answer that are needed; keys are walked in order, so that a seed draws the same each time.
func members(object map[string]any, of string) []member {
	var all []member
	keys := make([]string, 0, len(object))
	for key := range object {
		keys = append(keys, key)
	}
	slices.Sort(keys)
	for _, key := range keys {
		if !slices.Contains(needed, key) || key == "id" && of != "candidate" {
			continue
		}
		all = append(all, member{in: object, key: key})
		switch value := object[key].(type) {
		case map[string]any:
			all = append(all, members(value, key)...)
		case []any:
			for _, element := range value {
				if inner, ok := element.(map[string]any); ok {
					all = append(all, members(inner, key)...)
				}
			}
		}
	}
	return all
}

func retyped(value any) any {
	switch value.(type) {
	case map[string]any:
		return []any{}
	case []any:
		return map[string]any{}
	case string:
		return 17
	case json.Number:
		return []any{"x"}
	}
	return "x"
}
