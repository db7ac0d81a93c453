package graph

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net/http"
	"strings"
)

var errBadBody = errors.New("a request is one JSON object with a string `query` and, where needed, `variables`, `operationName` and `extensions`")

// body is what a GraphQL request holds.
type body struct {
	Query         string         `json:"query"`
	OperationName string         `json:"operationName,omitempty"`
	Variables     map[string]any `json:"variables,omitempty"`
	Extensions    map[string]any `json:"extensions,omitempty"`
}

type byGetKey struct{}

// acceptBody reads a request's body within its limit and makes sure that it is one. gqlgen's transports
// would do that too, but answer with, and log, the whole body: passwords and all.
func acceptBody(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var err error
		switch {
		case r.Method == http.MethodPost:
			r, err = readBody(w, r)
		case r.Method == http.MethodGet && wantsEvents(r):
			r, err = bodyFromQuery(r)
		}
		if err != nil {
			refuseRequest(w, r, err)
			return
		}
		next.ServeHTTP(w, r)
	})
}

func readBody(w http.ResponseWriter, r *http.Request) (*http.Request, error) {
	if kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type")); err != nil || kind != "application/json" {
		return r, fmt.Errorf("%w; its Content-Type is application/json", errBadBody)
	}
	raw, err := io.ReadAll(http.MaxBytesReader(w, r.Body, bodyLimit))
	if err != nil {
		return r, fmt.Errorf("read body: %w", err)
	}
	// The decoder's own error may quote what it could not read.
	var b body
	if err := json.Unmarshal(raw, &b); err != nil {
		return r, errBadBody
	}
	return withBody(r, raw), nil
}

// bodyFromQuery lets an event stream be opened by GET, as a browser's EventSource does.
func bodyFromQuery(r *http.Request) (*http.Request, error) {
	q := r.URL.Query()
	b := body{Query: q.Get("query"), OperationName: q.Get("operationName")}
	for name, into := range map[string]*map[string]any{"variables": &b.Variables, "extensions": &b.Extensions} {
		if text := q.Get(name); text != "" {
			if err := json.Unmarshal([]byte(text), into); err != nil {
				return r, errBadBody
			}
		}
	}
	raw, err := json.Marshal(b)
	if err != nil {
		return r, errBadBody
	}
	r = withBody(r, raw).WithContext(context.WithValue(r.Context(), byGetKey{}, true))
	r.Method = http.MethodPost
	r.Header.Set("Content-Type", "application/json")
	return r, nil
}

func withBody(r *http.Request, raw []byte) *http.Request {
	r = r.Clone(r.Context())
	r.Body, r.ContentLength = io.NopCloser(bytes.NewReader(raw)), int64(len(raw))
	return r
}

func wantsEvents(r *http.Request) bool {
	return strings.Contains(r.Header.Get("Accept"), "text/event-stream")
}
