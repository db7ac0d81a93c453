package wantedly_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"

	"renkei/intake"
	"renkei/wantedly"
	"renkei/wantedly/wantedlysim"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// fast is a rate that nobody notices.
const fast = 1e9

func serve(t *testing.T, h http.Handler) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return srv.URL
}

func newClient(t *testing.T, cfg wantedly.Config) *wantedly.Client {
	t.Helper()
	if cfg.Rate == 0 {
		cfg.Rate = fast
	}
	c, err := wantedly.New(cfg)
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func credentials(email string) intake.Credentials {
	return intake.Credentials{Email: email, Password: intake.NewSecret("password")}
}

// simBundle is a client on a simulator.
type simBundle struct {
	sim    *wantedlysim.Server
	url    string
	client *wantedly.Client
}

func setupSim(t *testing.T, opts wantedlysim.Options) simBundle {
	t.Helper()
	sim := wantedlysim.New(opts)
	url := serve(t, sim)
	return simBundle{sim: sim, url: url, client: newClient(t, wantedly.Config{BaseURL: url})}
}

// haul is what a Read yielded.
type haul struct {
	pages []intake.Page
	err   error
}

func read(ctx context.Context, c *wantedly.Client, login intake.Login, since intake.Position) haul {
	var h haul
	for p, err := range c.Read(ctx, login, since) {
		if err != nil {
			h.err = err
			continue
		}
		h.pages = append(h.pages, p)
	}
	return h
}

func (h haul) applications() []intake.SourceApplication {
	var all []intake.SourceApplication
	for _, p := range h.pages {
		all = append(all, p.Applications...)
	}
	return all
}

func (h haul) invalid() []intake.SourceInvalid {
	var all []intake.SourceInvalid
	for _, p := range h.pages {
		all = append(all, p.Invalid...)
	}
	return all
}

func (h haul) ids() []string {
	ids := []string{}
	for _, a := range h.applications() {
		ids = append(ids, a.ExternalID)
	}
	return ids
}

func (h haul) hidden() []string {
	ids := []string{}
	for _, p := range h.pages {
		ids = append(ids, p.Hidden...)
	}
	return ids
}

func (h haul) last() intake.Page { return h.pages[len(h.pages)-1] }

func requireReason(t *testing.T, want intake.FailureReason, err error) {
	t.Helper()
	require.Equal(t, want, sourceError(t, want, err).Reason)
}

func sourceError(t *testing.T, want intake.FailureReason, err error) *intake.SourceError {
	t.Helper()
	se, ok := intake.AsSourceError(err)
	require.True(t, ok, "%v", err)
	require.Equal(t, want, se.Reason, "%v", err)
	return se
}

// everything is a Position that leaves nothing out.
func everything() intake.Position { return intake.Position{ImportFrom: time.Now().AddDate(0, -2, 0)} }
