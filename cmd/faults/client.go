package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"sync"
	"time"

	"renkei/cmd/faults/judge"
)

// client is a frontend: it knows the API, and nothing of the program.
type client struct {
	token string
	// answers keeps what the program answered.
	answers *recording
}

type vars map[string]any

// refusal is an answer that is no success.
type refusal struct {
	Code, Message string
	status        int
}

func (r *refusal) Error() string { return fmt.Sprintf("%d %s: %s", r.status, r.Code, r.Message) }

func (c client) post(ctx context.Context, address, accept, query string, v vars) (*http.Response, error) {
	body, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+address+"/graphql", bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", accept)
	req.Header.Set("Authorization", "Bearer "+c.token)
	return http.DefaultClient.Do(req)
}

// askWithin is longer than the program may take for anything.
const askWithin = 40 * time.Second

// ask asks a process for one field. What comes instead of an answer is a *refusal, or the network's error.
func (c client) ask(ctx context.Context, p *process, field, query string, v vars, into any) error {
	if p == nil {
		return errors.New("nobody is there to be asked")
	}
	ctx, cancel := context.WithTimeout(ctx, askWithin)
	defer cancel()
	resp, err := c.post(ctx, p.address, "application/graphql-response+json, application/json", query, v)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	body, err := io.ReadAll(io.TeeReader(resp.Body, c.answers))
	if err != nil {
		return err
	}
	fmt.Fprintln(c.answers)
	var answer struct {
		Data   map[string]json.RawMessage
		Errors []struct {
			Message    string
			Extensions struct{ Code string }
		}
	}
	if err := json.Unmarshal(body, &answer); err != nil {
		return &refusal{Message: string(tail(body)), status: resp.StatusCode}
	}
	if len(answer.Errors) > 0 {
		return &refusal{Code: answer.Errors[0].Extensions.Code, Message: answer.Errors[0].Message, status: resp.StatusCode}
	}
	var errs struct {
		Errors []struct{ Code, Message string }
	}
	if json.Unmarshal(answer.Data[field], &errs) == nil && len(errs.Errors) > 0 {
		return &refusal{Code: errs.Errors[0].Code, Message: errs.Errors[0].Message, status: resp.StatusCode}
	}
	if into == nil {
		return nil
	}
	return json.Unmarshal(answer.Data[field], into)
}

const (
	registerAccount = "mutation ($input: RegisterAccountInput!) { registerAccount(input: $input) { account { id status } errors { code message } } }"
	stopAccount     = "mutation ($id: ID!) { stopAccount(id: $id) { account { id status } errors { code message } } }"
	importNow       = "mutation ($id: ID!) { importNow(accountId: $id) { alreadyQueued run { id status } errors { code message } } }"
	createOpening   = "mutation ($input: OpeningInput!) { createOpening(input: $input) { opening { id } errors { code message } } }"
	createRule      = "mutation ($input: RoutingRuleInput!) { createRoutingRule(input: $input) { rule { id } errors { code message } } }"
	deleteRule      = "mutation ($id: ID!) { deleteRoutingRule(id: $id) { errors { code message } } }"
	watchRuns       = "subscription ($after: String) { importRunChanged(after: $after) { cursor run { id status seen imported } } }"

	// lookBack reaches behind the medium's first application.
	lookBack = 29 * 24 * time.Hour
)

// watcher is a client that watches a company's runs and comes back by cursor, to whichever process answers.
type watcher struct {
	company string

	mu     sync.Mutex
	events []judge.Event
	// came is when each of them did.
	came  []time.Time
	comes int
	stop  context.CancelFunc
	ended chan struct{}
	// open is closed when somebody has let it in for the first time: from then on it misses nothing.
	open   chan struct{}
	opened sync.Once
}

// watch begins to watch; heard ends it.
func (c client) watch(ctx context.Context, company string, addresses func() []string) *watcher {
	ctx, stop := context.WithCancel(ctx)
	w := &watcher{company: company, stop: stop, ended: make(chan struct{}), open: make(chan struct{})}
	go func() {
		defer close(w.ended)
		for ctx.Err() == nil {
			open := addresses()
			if len(open) > 0 {
				// However it ended, it is opened again.
				_ = w.read(ctx, c, open[w.comes%len(open)])
			}
			w.comes++
			pause(ctx, 100*time.Millisecond)
		}
	}()
	return w
}

func (w *watcher) read(ctx context.Context, c client, address string) error {
	v := vars{}
	if last := w.last(); last != "" {
		v["after"] = last
	}
	resp, err := c.post(ctx, address, "text/event-stream", watchRuns, v)
	if err != nil {
		return err
	}
	defer resp.Body.Close() //nolint:errcheck // cut off
	if resp.StatusCode == http.StatusOK {
		w.opened.Do(func() { close(w.open) })
	}
	lines := bufio.NewReader(io.TeeReader(resp.Body, c.answers))
	for {
		line, err := lines.ReadString('\n')
		if err != nil {
			return err
		}
		if data, ok := strings.CutPrefix(strings.TrimSpace(line), "data: "); ok && data != "" {
			if err := w.told([]byte(data)); err != nil {
				return err
			}
		}
	}
}

func (w *watcher) told(raw []byte) error {
	var answer struct {
		Data struct {
			ImportRunChanged struct {
				Cursor string
				Run    struct {
					ID, Status     string
					Seen, Imported int
				}
			}
		}
		Errors []struct{ Message string }
	}
	if err := json.Unmarshal(raw, &answer); err != nil {
		return err
	}
	if len(answer.Errors) > 0 {
		return errors.New(answer.Errors[0].Message)
	}
	e := answer.Data.ImportRunChanged
	w.mu.Lock()
	defer w.mu.Unlock()
	w.came = append(w.came, time.Now())
	w.events = append(w.events, judge.Event{Cursor: e.Cursor, Run: e.Run.ID, Status: e.Run.Status, Seen: e.Run.Seen, Imported: e.Run.Imported})
	return nil
}

func (w *watcher) last() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	if len(w.events) == 0 {
		return ""
	}
	return w.events[len(w.events)-1].Cursor
}

// arrivals is when each event came.
func (w *watcher) arrivals() []time.Time {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Clone(w.came)
}

func (w *watcher) count() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.events)
}

// knows reports whether it was told that a run came to stand so.
func (w *watcher) knows(status string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.ContainsFunc(w.events, func(e judge.Event) bool { return e.Status == status })
}

// heard stops watching and returns what came.
func (w *watcher) heard() judge.Heard {
	w.stop()
	<-w.ended
	return judge.Heard{Company: w.company, Events: w.events}
}
