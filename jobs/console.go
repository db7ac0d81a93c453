package jobs

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"
	"github.com/rs/zerolog"
	"riverqueue.com/riverui"
)

// Console is River's own page about the queue: for those who run the server, over all companies. Whoever
// mounts it says who may see it.
type Console struct {
	ui *riverui.Handler
}

// NewConsole makes the page for a path such as /admin/jobs.
func NewConsole(pool *pgxpool.Pool, path string, log zerolog.Logger) (*Console, error) {
	logger := slog.New(zerolog.NewSlogHandler(log))
	client, err := river.NewClient(riverpgxv5.New(pool), &river.Config{Logger: logger})
	if err != nil {
		return nil, fmt.Errorf("make the queue's client: %w", err)
	}
	ui, err := riverui.NewHandler(&riverui.HandlerOpts{
		Endpoints: riverui.NewEndpoints[pgx.Tx](client, nil), JobListHideArgsByDefault: true, Logger: logger, Prefix: path,
	})
	if err != nil {
		return nil, fmt.Errorf("make the queue's page: %w", err)
	}
	return &Console{ui: ui}, nil
}

// Start begins to gather the figures that the page shows, until ctx ends.
func (c *Console) Start(ctx context.Context) error { return c.ui.Start(ctx) }

// ServeHTTP implements http.Handler.
func (c *Console) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !strings.Contains(r.URL.Path, "/api/") {
		c.ui.ServeHTTP(w, r)
		return
	}
	held := &heldAnswer{ResponseWriter: w, status: http.StatusOK}
	c.ui.ServeHTTP(held, r)
	held.send()
}

// heldAnswer keeps an answer back until what jobs were called with has been taken out: the page would only
// fold it away.
type heldAnswer struct {
	http.ResponseWriter
	status int
	body   bytes.Buffer
}

// WriteHeader implements http.ResponseWriter.
func (h *heldAnswer) WriteHeader(status int) { h.status = status }

// Write implements http.ResponseWriter.
func (h *heldAnswer) Write(p []byte) (int, error) { return h.body.Write(p) }

func (h *heldAnswer) send() {
	var answer any
	body := h.body.Bytes()
	if err := json.Unmarshal(body, &answer); err == nil {
		withoutArgs(answer)
		if kept, err := json.Marshal(answer); err == nil {
			body = kept
		}
	}
	h.Header().Del("Content-Length")
	h.ResponseWriter.WriteHeader(h.status)
	// The client may be gone; there is nobody to tell.
	_, _ = h.ResponseWriter.Write(body)
}

// withoutArgs empties every "args" of decoded JSON.
func withoutArgs(value any) {
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			if name == "args" {
				value[name] = map[string]any{}
				continue
			}
			withoutArgs(inner)
		}
	case []any:
		for _, inner := range value {
			withoutArgs(inner)
		}
	}
}
