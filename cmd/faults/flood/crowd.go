package flood

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/coder/websocket"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"
)

const (
	subprotocol = "graphql-transport-ws"
	greeting    = `{"type":"connection_init"}`
	pong        = `{"type":"pong"}`
	// pongEvery is how often a silent client that pretends to be there says so.
	pongEvery = 5 * time.Second
	// comeBack is how soon a silent client that was let go is there again.
	comeBack = 30 * time.Second
	// silentBuffer is what the network holds for somebody who does not read.
	silentBuffer = 4 << 10
	dialTries    = 5

	subscription = `subscription ($after: String) { openingChanged(after: $after) { cursor at capacity } }`
)

// crowd is everybody who subscribes.
type crowd struct {
	readers []*reader
	silent  int
	dropped atomic.Int64
	letGo   atomic.Int64
	left    sync.WaitGroup
}

// open opens all sockets; they stay open until ctx ends.
func (w *world) open(ctx context.Context, p *process, o Options) (*crowd, error) {
	all := &crowd{silent: int(float64(o.Sockets) * o.Silent)}
	opening, opened := errgroup.WithContext(ctx)
	opening.SetLimit(dialAtOnce)
	for n := range o.Sockets {
		c := w.companies[n%len(w.companies)]
		d := dialler{address: p.address, token: c.tokens[n/len(w.companies)%len(c.tokens)]}
		if n < all.silent {
			d.buffer = silentBuffer
			opening.Go(func() error {
				conn, err := d.subscribe(opened, "")
				if err == nil {
					all.left.Go(func() { all.holdStill(ctx, d, conn, n%2 == 0) })
				}
				return err
			})
			continue
		}
		r := &reader{company: c.actor.Company.ID, dialler: d, book: w.book}
		all.readers = append(all.readers, r)
		opening.Go(func() error {
			conn, err := r.begin(opened)
			if err == nil {
				all.left.Go(func() { r.stay(ctx, conn, &all.dropped) })
			}
			return err
		})
	}
	if err := opening.Wait(); err != nil {
		return nil, fmt.Errorf("open %d sockets: %w", o.Sockets, err)
	}
	return all, nil
}

// await waits until everybody has had everything, or long enough.
func (c *crowd) await(ctx context.Context, told map[uuid.UUID][]int64) {
	ctx, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	ticker := time.NewTicker(10 * time.Millisecond)
	defer ticker.Stop()
	for _, r := range c.readers {
		all := told[r.company]
		for len(all) > 0 && r.last.Load() < all[len(all)-1] {
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}
}

// count compares what arrived with what was told.
func (c *crowd) count(report *Report, told map[uuid.UUID][]int64) {
	for _, all := range told {
		report.Events += int64(len(all))
	}
	for _, r := range c.readers {
		all := told[r.company]
		behind, _ := slices.BinarySearch(all, r.first+1)
		report.Lost += max(0, int64(len(all)-behind)-r.got)
		report.Deliveries += r.got
		report.Doubled += r.doubled
	}
	report.Dropped, report.LetGo = c.dropped.Load(), c.letGo.Load()
}

// holdStill never reads. It either says nothing more or says again and again that it is there; when the process
// has had enough it comes back.
func (c *crowd) holdStill(ctx context.Context, d dialler, conn *websocket.Conn, pretends bool) {
	for conn != nil {
		back := time.NewTimer(comeBack)
		ticker := time.NewTicker(pongEvery)
		for gone := false; !gone; {
			select {
			case <-ctx.Done():
				back.Stop()
				ticker.Stop()
				_ = conn.CloseNow()
				return
			case <-back.C:
				gone = !pretends
			case <-ticker.C:
				gone = pretends && conn.Write(ctx, websocket.MessageText, []byte(pong)) != nil
			}
		}
		ticker.Stop()
		_ = conn.CloseNow()
		c.letGo.Add(1)
		var err error
		if conn, err = d.subscribe(ctx, ""); err != nil {
			return
		}
	}
}

// dialler opens the sockets of a member.
type dialler struct {
	address, token string
	// buffer bounds what the network holds for who does not read; 0 as it comes.
	buffer int
}

// subscribe opens a socket and subscribes behind a cursor; nothing has been read of what comes. It tries again, as
// clients do: where everybody comes at once, not everybody is greeted in time.
func (d dialler) subscribe(ctx context.Context, after string) (conn *websocket.Conn, err error) {
	for range dialTries {
		if conn, err = d.try(ctx, after); err == nil || ctx.Err() != nil {
			break
		}
	}
	return conn, err
}

func (d dialler) try(ctx context.Context, after string) (*websocket.Conn, error) {
	tcp := &net.Dialer{}
	transport := &http.Transport{DialContext: func(ctx context.Context, network, address string) (net.Conn, error) {
		conn, err := tcp.DialContext(ctx, network, address)
		if tcp, ok := conn.(*net.TCPConn); ok && d.buffer > 0 {
			err = errors.Join(err, tcp.SetReadBuffer(d.buffer))
		}
		return conn, err
	}}
	dialling, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	conn, _, err := websocket.Dial(dialling, "ws://"+d.address+"/graphql", &websocket.DialOptions{ //nolint:bodyclose // the connection's
		HTTPClient: &http.Client{Transport: transport}, Subprotocols: []string{subprotocol},
		HTTPHeader: http.Header{"Authorization": {"Bearer " + d.token}},
	})
	if err != nil {
		return nil, fmt.Errorf("dial: %w", err)
	}
	variables := map[string]any{}
	if after != "" {
		variables["after"] = after
	}
	payload, err := json.Marshal(map[string]any{
		"id": "1", "type": "subscribe", "payload": map[string]any{"query": subscription, "variables": variables},
	})
	if err == nil {
		err = conn.Write(dialling, websocket.MessageText, []byte(greeting))
	}
	if err == nil {
		// The answer comes before anything else does.
		if _, _, err = conn.Read(dialling); err == nil {
			err = conn.Write(dialling, websocket.MessageText, payload)
		}
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("subscribe: %w", err), conn.CloseNow())
	}
	return conn, nil
}

// reader is a subscriber that takes what comes.
type reader struct {
	company uuid.UUID
	dialler dialler
	book    *book
	cursor  string
	// first is where the log stood at the beginning; last is the latest event.
	first        int64
	last         atomic.Int64
	got, doubled int64
}

type event struct {
	Type    string
	Payload struct {
		Data struct {
			OpeningChanged struct {
				Cursor string
				At     time.Time
			}
		}
		Errors json.RawMessage
	}
}

// begin subscribes and takes the state that comes first.
func (r *reader) begin(ctx context.Context) (*websocket.Conn, error) {
	conn, err := r.dialler.subscribe(ctx, "")
	if err != nil {
		return nil, err
	}
	for {
		e, err := r.read(ctx, conn)
		if err != nil {
			return nil, errors.Join(err, conn.CloseNow())
		}
		if e.Type != "next" {
			continue
		}
		r.cursor = e.Payload.Data.OpeningChanged.Cursor
		if r.first, err = place(r.cursor); err != nil {
			return nil, errors.Join(fmt.Errorf("%w: %s", err, e.Payload.Errors), conn.CloseNow())
		}
		r.last.Store(r.first)
		return conn, nil
	}
}

// stay takes what comes until ctx ends; where the connection is lost it comes back by its cursor.
func (r *reader) stay(ctx context.Context, conn *websocket.Conn, dropped *atomic.Int64) {
	for {
		e, err := r.read(ctx, conn)
		switch {
		case ctx.Err() != nil:
			_ = conn.CloseNow()
			return
		case err != nil:
			dropped.Add(1)
			_ = conn.CloseNow()
			if conn, err = r.dialler.subscribe(ctx, r.cursor); err != nil {
				return
			}
		case e.Type == "next":
			r.take(e)
		}
	}
}

func (r *reader) read(ctx context.Context, conn *websocket.Conn) (e event, err error) {
	_, raw, err := conn.Read(ctx)
	if err != nil {
		return e, fmt.Errorf("read: %w", err)
	}
	if err := json.Unmarshal(raw, &e); err != nil {
		return e, fmt.Errorf("read %s: %w", raw, err)
	}
	if e.Type == "ping" {
		err = conn.Write(ctx, websocket.MessageText, []byte(pong))
	}
	return e, err
}

func (r *reader) take(e event) {
	now := time.Now()
	said := e.Payload.Data.OpeningChanged
	seq, err := place(said.Cursor)
	if err != nil || seq <= r.last.Load() {
		r.doubled++
		return
	}
	r.cursor = said.Cursor
	r.got++
	r.book.late(now.Sub(said.At))
	r.last.Store(seq)
}

// place is the number in a cursor.
func place(cursor string) (int64, error) {
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	if err != nil {
		return 0, fmt.Errorf("cursor %q: %w", cursor, err)
	}
	_, seq, _ := strings.Cut(string(raw), ".")
	seq, _, _ = strings.Cut(seq, ".")
	n, err := strconv.ParseInt(seq, 10, 64)
	if err != nil {
		return 0, fmt.Errorf("cursor %q: %w", cursor, err)
	}
	return n, nil
}

// book counts how late deliveries were, to the millisecond.
type book struct {
	millis []atomic.Int64
	max    atomic.Int64
}

func newBook() *book { return &book{millis: make([]atomic.Int64, 60_000)} }

func (b *book) late(d time.Duration) {
	b.millis[min(max(int(d.Milliseconds()), 0), len(b.millis)-1)].Add(1)
	for {
		was := b.max.Load()
		if int64(d) <= was || b.max.CompareAndSwap(was, int64(d)) {
			return
		}
	}
}

func (b *book) count(r *Report) {
	var all int64
	for i := range b.millis {
		all += b.millis[i].Load()
	}
	at := func(part float64) time.Duration {
		var n int64
		for i := range b.millis {
			if n += b.millis[i].Load(); float64(n) >= part*float64(all) {
				return time.Duration(i) * time.Millisecond
			}
		}
		return 0
	}
	r.P50, r.P99, r.Max = at(0.5), at(0.99), time.Duration(b.max.Load())
}
