package main

import (
	"bufio"
	"context"
	"encoding/csv"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptrace"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

// restarts is more where there is time: go test ./cmd/renkei -run RollingRestart -restarts 20
var restarts = flag.Int("restarts", 2, "rolling restarts of two processes behind a proxy")

const (
	createOpening = "mutation ($input: OpeningInput!) { createOpening(input: $input) { opening { id }" + errorFields + "} }"
	watchOpenings = "subscription ($after: String) { openingChanged(after: $after) { cursor opening { id } } }"
	// loadEvery lies between two things that a client of the load asks for.
	loadEvery = 20 * time.Millisecond
)

// proxy is haproxy before two processes, which it asks whether they are ready.
type proxy struct{ address, control string }

func beforeBoth(t *testing.T, one, other string) proxy {
	t.Helper()
	p := proxy{address: dbtest.FreeAddress(t), control: dbtest.FreeAddress(t)}
	path := filepath.Join(t.TempDir(), "haproxy.cfg")
	require.NoError(t, os.WriteFile(path, fmt.Appendf(nil, `
defaults
	mode http
	timeout connect 2s
	timeout client 60s
	timeout server 60s
	timeout tunnel 1h
	timeout check 1500ms
frontend all
	bind %s
	default_backend renkei
backend renkei
	balance roundrobin
	option httpchk GET /readyz
	http-check expect status 200
	default-server check inter 200ms fall 2 rise 1
	server one %s
	server other %s
frontend control
	bind %s
	stats enable
	stats uri /stats
`, p.address, one, other, p.control), 0o600))
	dbtest.Launch(t, p.address, "apt-get install haproxy", "haproxy", "-db", "-f", path)
	return p
}

// requireBothUp waits until the proxy sends requests to both.
func (p proxy) requireBothUp(t *testing.T) {
	t.Helper()
	eventually(t, "the proxy sees both", func() bool {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "http://"+p.control+"/stats;csv", nil)
		require.NoError(t, err)
		resp, err := http.DefaultClient.Do(req)
		if err != nil {
			return false
		}
		defer resp.Body.Close() //nolint:errcheck // read whole
		rows, err := csv.NewReader(resp.Body).ReadAll()
		require.NoError(t, err)
		up := 0
		for _, row := range rows {
			if row[0] == "renkei" && (row[1] == "one" || row[1] == "other") && row[17] == "UP" {
				up++
			}
		}
		return up == 2
	})
}

// pressure is clients that read and change without a pause.
type pressure struct {
	made, read, refused atomic.Int64
	mu                  sync.Mutex
	// acknowledged are the names of the openings that were made; failed is what went wrong.
	acknowledged []string
	failed       []string
	stop         func()
}

// underLoad has several clients make and list openings until stopped. may says which errors may be.
func underLoad(t *testing.T, c client, clients int, may func(status int, body string, err error) bool) *pressure {
	t.Helper()
	l := &pressure{}
	ctx, cancel := context.WithCancel(t.Context())
	var working sync.WaitGroup
	for n := range clients {
		transport := &http.Transport{}
		browser := &http.Client{Transport: transport, Timeout: patience}
		working.Go(func() {
			defer transport.CloseIdleConnections()
			ticker := time.NewTicker(loadEvery)
			defer ticker.Stop()
			for i := 0; ; i++ {
				select {
				case <-ctx.Done():
					return
				case <-ticker.C:
				}
				l.once(c, browser, fmt.Sprintf("募集 %d-%d", n, i), may) //nolint:contextcheck // a request that has begun is waited for
			}
		})
	}
	l.stop = sync.OnceFunc(func() { cancel(); working.Wait() })
	t.Cleanup(l.stop)
	return l
}

func (l *pressure) once(c client, browser *http.Client, name string, may func(int, string, error) bool) {
	for _, ask := range []struct {
		query string
		vars  vars
		good  string
	}{
		{createOpening, vars{"input": vars{"name": name, "capacity": 3}}, `{"data":{"createOpening":{"opening":{"id":`},
		{"{ openings(first: 5) { nodes { id name } } inbox(first: 5) { totalCount } }", nil, `{"data":{"openings":{"nodes":[`},
	} {
		status, body, err := c.with(browser, ask.query, ask.vars)
		good := err == nil && status == http.StatusOK && strings.HasPrefix(body, ask.good)
		l.mu.Lock()
		switch {
		case good && ask.vars != nil:
			l.acknowledged = append(l.acknowledged, name)
			l.made.Add(1)
		case good:
			l.read.Add(1)
		case may(status, body, err):
			l.refused.Add(1)
		default:
			l.failed = append(l.failed, fmt.Sprintf("%s: %d %s %v", time.Now().Format(time.StampMilli), status, body, err))
		}
		l.mu.Unlock()
	}
}

// errAtTheDoor marks what befell a connection on which nothing was answered yet: its process may never have taken it.
var errAtTheDoor = errors.New("on a fresh connection")

// with asks without the courtesies of a test: it returns what came, as it came.
func (c client) with(browser *http.Client, query string, v vars) (status int, body string, err error) {
	asked, err := json.Marshal(map[string]any{"query": query, "variables": v})
	if err != nil {
		return 0, "", err
	}
	fresh := false
	ctx := httptrace.WithClientTrace(context.Background(), &httptrace.ClientTrace{GotConn: func(got httptrace.GotConnInfo) { fresh = !got.Reused }})
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.address+"/graphql", strings.NewReader(string(asked)))
	if err != nil {
		return 0, "", err
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set("Authorization", "Bearer "+c.token)
	resp, err := browser.Do(req)
	if err != nil && fresh {
		err = fmt.Errorf("%w: %w", errAtTheDoor, err)
	}
	if err != nil {
		return 0, "", err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	raw, err := io.ReadAll(resp.Body)
	return resp.StatusCode, string(raw), err
}

func (l *pressure) requireNoneFailed(t *testing.T) {
	t.Helper()
	l.mu.Lock()
	defer l.mu.Unlock()
	require.Empty(t, l.failed)
}

type openingEvent struct{ Cursor string }

// follower is a subscriber that comes back by its cursor as often as it is cut off.
type follower struct {
	open    open
	stream  *stream
	cursors []string
	resumed int
}

func follow(t *testing.T, c client, open open, after string) *follower {
	t.Helper()
	return &follower{open: open, stream: open(t, c, "openingChanged", watchOpenings, vars{"after": after}), cursors: []string{after}}
}

// hear takes what has come, and comes back where the stream has ended.
func (f *follower) hear(t *testing.T, c client) {
	t.Helper()
	for {
		select {
		case raw := <-f.stream.events:
			var e openingEvent
			require.NoError(t, json.Unmarshal(raw, &e))
			f.cursors = append(f.cursors, e.Cursor)
			continue
		default:
		}
		select {
		case <-f.stream.ended:
			if len(f.stream.events) > 0 {
				continue
			}
			require.False(t, f.stream.completed, "a client that is told so never comes back")
			f.stream = f.open(t, c, "openingChanged", watchOpenings, vars{"after": f.cursors[len(f.cursors)-1]})
			f.resumed++
		default:
			return
		}
	}
}

// followAll opens some of either kind, behind the one opening that there is.
func followAll(t *testing.T, c client) []*follower {
	t.Helper()
	first := overSSE(t, c, "openingChanged", watchOpenings, nil)
	before := until(t, first, func(openingEvent) bool { return true })[0].Cursor
	var all []*follower
	for range 3 {
		all = append(all, follow(t, c, overSSE, before), follow(t, c, overWebSocket, before))
	}
	return all
}

// requireWhole compares what followers heard with what the log says when it is read at once.
func requireWhole(t *testing.T, c client, all []*follower, events int) {
	t.Helper()
	for _, f := range all {
		eventually(t, "everything is heard", func() bool {
			f.hear(t, c)
			return len(f.cursors) > events
		})
	}
	whole := follow(t, c, overSSE, all[0].cursors[0])
	eventually(t, "the log is read", func() bool {
		whole.hear(t, c)
		return len(whole.cursors) > events
	})
	for _, f := range all {
		f.hear(t, c)
		require.Equal(t, whole.cursors, f.cursors, "each once, in order")
	}
}

const openingEvents = "SELECT count(*) FROM events WHERE kind = 'OPENING'"

func TestRollingRestartsFailNoRequestAndLoseNoEvent(t *testing.T) {
	t.Parallel()
	many := 500 * *restarts
	w := setup(t, wantedlysim.Options{Tickets: many})
	w.behindPgBouncer(t)
	// Longer than two looks of the proxy that wait in vain.
	w.env["RENKEI_DRAIN"] = "4s"
	w.env["RENKEI_LOG_LEVEL"] = "info"
	addresses := []string{dbtest.FreeAddress(t), dbtest.FreeAddress(t)}
	var apis, workers [2]*process
	for i := range apis {
		apis[i], workers[i] = w.spawnAt(t, addresses[i], "--api-only"), w.spawn(t, "--workers-only")
	}
	door := beforeBoth(t, addresses[0], addresses[1])
	door.requireBothUp(t)
	c := client{address: door.address, token: w.token}
	_, _, err := c.with(http.DefaultClient, createOpening, vars{"input": vars{"name": "最初", "capacity": 1}})
	require.NoError(t, err)
	followers := followAll(t, c)
	base := w.count(t, openingEvents)
	email := "ok@" + domain
	w.sim.SetPassword(email, password)
	c.register(t, email, password)
	l := underLoad(t, c, 4, func(int, string, error) bool { return false })

	for n := range *restarts {
		i := n % 2
		var working sync.WaitGroup
		working.Go(func() { _, _ = workers[i].stop() })
		requireStopped(t, apis[i].stop)
		working.Wait()
		for _, f := range followers {
			f.hear(t, c)
		}
		apis[i], workers[i] = w.spawnAt(t, addresses[i], "--api-only"), w.spawn(t, "--workers-only")
		door.requireBothUp(t)
		l.requireNoneFailed(t)
	}
	l.stop()
	l.requireNoneFailed(t)
	made := int(l.made.Load())
	require.Equal(t, base+made, w.count(t, openingEvents))
	requireWhole(t, c, followers, made)
	resumed := 0
	for _, f := range followers {
		resumed += f.resumed
	}
	require.GreaterOrEqual(t, resumed, *restarts, "streams were cut off")
	require.Equal(t, made+1, w.count(t, "SELECT count(*) FROM openings"), "all that was acknowledged, once")
	t.Logf("%d restarts: %d changes and %d queries, none failed; %d streams resumed %d times, %d events each", *restarts, made, l.read.Load(), len(followers), resumed, made)

	last := w.imported(t, c)
	require.Equal(t, []int{many, many, 0}, []int{last.Seen, last.Imported, last.Known})
	require.Equal(t, 1, w.sim.Journal(email).SignIns)
}

// imported waits for the one run that there is.
func (w *world) imported(t *testing.T, c client) importRun {
	t.Helper()
	eventually(t, "imported", func() bool { return w.count(t, "SELECT count(*) FROM import_runs WHERE finished_at IS NOT NULL") > 0 })
	all := c.runs(t)
	require.Len(t, all, 1)
	require.Nil(t, all[0].Failure)
	require.Equal(t, "SUCCEEDED", all[0].Status)
	requireAddsUp(t, all[0])
	return all[0]
}

func TestWhoKeepsAConnectionIsToldWhichAnswerIsTheLast(t *testing.T) {
	t.Parallel()
	p := setup(t, wantedlysim.Options{}).start(t, func(c *config) { c.lastWords = 3 * time.Second })
	conn, err := (&net.Dialer{}).DialContext(t.Context(), "tcp", p.address)
	require.NoError(t, err)
	defer conn.Close() //nolint:errcheck // closed from the other side
	answers := bufio.NewReader(conn)
	stopped := make(chan struct{})
	ticker := time.NewTicker(tick)
	defer ticker.Stop()
	for asked := 0; ; asked++ {
		if asked == 10 {
			go func() {
				defer close(stopped)
				_, _ = p.stop() // how it ended is looked at when the test ends
			}()
		}
		_, err := fmt.Fprintf(conn, "GET /healthz HTTP/1.1\r\nHost: %s\r\n\r\n", p.address)
		require.NoError(t, err)
		resp, err := http.ReadResponse(answers, nil)
		require.NoError(t, err, "after %d answers", asked)
		_, err = io.Copy(io.Discard, resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		if resp.Close {
			require.GreaterOrEqual(t, asked, 10)
			break
		}
		// It lies idle most of the time.
		<-ticker.C
	}
	<-stopped
}

func TestWhatWasTakenIsAnsweredByAProcessThatStops(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	made := 0
	for range 3 {
		p := w.start(t)
		// Whom nobody takes in may ask elsewhere; whoever was let in is answered.
		l := underLoad(t, p.client, 8, func(_ int, _ string, err error) bool {
			return errors.Is(err, syscall.ECONNREFUSED) || errors.Is(err, errAtTheDoor) && errors.Is(err, syscall.ECONNRESET)
		})
		eventually(t, "the load is on", func() bool { return l.made.Load() > 20 })
		requireStopped(t, p.stop)
		l.stop()
		l.requireNoneFailed(t)
		made += len(l.acknowledged)
		require.Equal(t, made, w.count(t, "SELECT count(*) FROM openings"), "what was made was acknowledged")
	}
}
