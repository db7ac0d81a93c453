package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"regexp"
	"syscall"
	"time"

	"renkei/wantedly/wantedlysim"
)

// mediumCommand is the medium in a process of its own: the simulator, which keeps every answer that it gave.
func mediumCommand(args []string) error {
	flags := flag.NewFlagSet("medium", flag.ContinueOnError)
	tickets := flags.Int("tickets", 0, "applications of each company")
	page := flags.Int("page", 100, "applications on a page of the listing")
	seed := flags.Uint64("seed", 0, "makes other people")
	if err := flags.Parse(args); err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	fmt.Fprintf(os.Stderr, "{\"address\":\"%s\"}\n", socket.Addr())
	sim := wantedlysim.New(wantedlysim.Options{Tickets: *tickets, PageSize: *page, Seed: *seed, Marked: true, Control: true, Ledger: true})
	server := &http.Server{Handler: sim, ReadHeaderTimeout: 5 * time.Second}
	defer context.AfterFunc(ctx, func() { _ = server.Close() })() // that is how it ends
	if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// medium is the medium's process.
type medium struct{ *process }

var mediumAt = regexp.MustCompile(`"address":"([0-9.:]+)"`)

func startMedium(ctx context.Context, dir string, tickets int, seed uint64) (*medium, error) {
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	p, err := spawn(ctx, dir, "medium", self, map[string]string{asMedium: "1"}, "medium", "-tickets", fmt.Sprint(tickets), "-seed", fmt.Sprint(seed))
	if err != nil {
		return nil, err
	}
	return &medium{p}, p.serving(ctx, mediumAt)
}

func (m *medium) url() string { return "http://" + m.address }

// order changes how the medium behaves; see wantedlysim's control API.
func (m *medium) order(ctx context.Context, path string, body map[string]any) error {
	encoded, err := json.Marshal(body)
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url()+"/_control/"+path, bytes.NewReader(encoded))
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // its status is all that is wanted
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the medium answers %s with %s", path, resp.Status)
	}
	return nil
}

// journal is what an account asked for.
type journal struct {
	SignIns, Refused       int
	Lists, Tickets, People int
	Overlaps               int
	Statuses               map[string]int
}

func (m *medium) journal(ctx context.Context, email string) (j journal, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, m.url()+"/_control/journal?email="+email, nil)
	if err != nil {
		return j, err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return j, err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	return j, json.NewDecoder(resp.Body).Decode(&j)
}
