package graph

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/99designs/gqlgen/graphql"
)

// The kinds of answers that a client may accept.
const (
	kindJSON     = "application/json"
	kindResponse = "application/graphql-response+json"
	kindEvents   = "text/event-stream"
)

var kinds = map[string]string{
	"*/*": kindJSON, "application/*": kindJSON, kindJSON: kindJSON, kindResponse: kindResponse, kindEvents: kindEvents,
}

// accepted is the kind of answer that a client likes best, and the first of those that it likes as much.
// Empty where we have none of them.
func accepted(r *http.Request) string {
	ranges := strings.Join(r.Header.Values("Accept"), ",")
	if strings.TrimSpace(ranges) == "" {
		return kindJSON
	}
	best, liked := "", 0.0
	for one := range strings.SplitSeq(ranges, ",") {
		media, parameters, err := mime.ParseMediaType(one)
		if err != nil {
			continue
		}
		q := 1.0
		if weight, given := parameters["q"]; given {
			if q, err = strconv.ParseFloat(weight, 64); err != nil {
				continue
			}
		}
		if kind := kinds[media]; kind != "" && q > liked {
			best, liked = kind, q
		}
	}
	return best
}

var (
	errBadBody = errors.New("a request is one JSON object with a string `query` and, where needed, `variables`, `operationName` and `extensions`")
	errMethod  = errors.New("a request is a POST, or a GET where it changes nothing")
	errAccept  = errors.New("an answer is application/graphql-response+json, application/json or text/event-stream")
)

// readRequest reads what is asked for. No error of it repeats what was sent: there may be a password in it.
func readRequest(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	switch r.Method {
	case http.MethodPost:
		return readBody(w, r)
	case http.MethodGet:
		return readURL(r)
	default:
		return nil, errMethod
	}
}

func readBody(w http.ResponseWriter, r *http.Request) (*graphql.RawParams, error) {
	kind, parameters, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if charset, given := parameters["charset"]; err != nil || kind != kindJSON || given && !strings.EqualFold(charset, "utf-8") {
		return nil, fmt.Errorf("%w; its Content-Type is application/json, in UTF-8", errBadBody)
	}
	control := http.NewResponseController(w)
	// Not every connection has deadlines; the server has its own time besides.
	_ = control.SetReadDeadline(time.Now().Add(bodyWithin))
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		return nil, fmt.Errorf("read body: %w", err)
	}
	_ = control.SetReadDeadline(time.Time{})
	return decodeRequest(raw)
}

func readURL(r *http.Request) (*graphql.RawParams, error) {
	if len(r.URL.RawQuery) > bodyLimit {
		return nil, &http.MaxBytesError{Limit: bodyLimit}
	}
	values, err := url.ParseQuery(r.URL.RawQuery)
	if err != nil {
		return nil, errBadBody
	}
	request := map[string]any{"query": values.Get("query"), "operationName": values.Get("operationName")}
	for _, name := range []string{"variables", "extensions"} {
		if text := values.Get(name); text != "" {
			request[name] = json.RawMessage(text)
		}
	}
	for _, text := range values {
		if !utf8.ValidString(strings.Join(text, "")) {
			return nil, errBadBody
		}
	}
	raw, err := json.Marshal(request)
	if err != nil {
		return nil, errBadBody
	}
	return decodeRequest(raw)
}

// decodeRequest makes sure that what was sent is a request and nothing else.
func decodeRequest(raw []byte) (*graphql.RawParams, error) {
	if !utf8.Valid(raw) {
		return nil, errBadBody
	}
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.UseNumber()
	var params graphql.RawParams
	// The decoder's own error may quote what it could not read.
	if err := decoder.Decode(&params); err != nil || params.Query == "" {
		return nil, errBadBody
	}
	if _, err := decoder.Token(); !errors.Is(err, io.EOF) {
		return nil, errBadBody
	}
	if !storable(params.Variables) {
		return nil, fmt.Errorf("%w; no number in it is out of bounds and no text has a NUL", errBadBody)
	}
	return &params, nil
}

// storable reports whether values are such as a computer can keep.
func storable(value any) bool {
	switch value := value.(type) {
	case json.Number:
		_, err := value.Float64()
		return err == nil
	case string:
		return !strings.ContainsRune(value, 0)
	case []any:
		for _, one := range value {
			if !storable(one) {
				return false
			}
		}
	case map[string]any:
		for name, one := range value {
			if !storable(name) || !storable(one) {
				return false
			}
		}
	}
	return true
}
