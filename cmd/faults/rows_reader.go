package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"
)

const (
	// stalled is how many subscribers stop reading, among some who do.
	stalled = 50
	// readers is how many read, besides the one that each company has.
	readers = 5
	// late bounds how late an event may be for whoever reads.
	late = time.Second
	// growth is what the stalled may cost a process.
	growth = 64 << 10 // KiB
	// givenUpWithin is how long after the last event nobody may be held on to: the program has 20 s for each write.
	givenUpWithin = 25 * time.Second
)

var _ = register(&row{
	number: 25, name: "reader", fault: "fifty subscribers stop reading while a company imports",
	required: "each of the others' events is no later than 1 s, those who do not read are given up 25 s after the last event, memory stays flat (64 MiB)",
	once:     1, figure: 5, setting: setting{processes: 1, records: 4000}, play: stopReading,
})

// stopReading opens streams from which nobody reads, and imports.
func stopReading(ctx context.Context, s *stage) error {
	p := s.any()
	before, err := resident(p)
	if err != nil {
		return err
	}
	var lateness, given []time.Duration
	for n := range s.times {
		some, gone, err := s.amongStalled(ctx, p, (n+1)*stalled)
		if err != nil {
			return err
		}
		lateness, given = append(lateness, some...), append(given, gone)
	}
	after, err := resident(p)
	if err != nil {
		return err
	}
	s.see("%d × %d stalled; %s; %d deliveries to readers, %s; memory %+d MiB", s.times, stalled, spread("all given up in", given),
		len(lateness), spread("late", lateness), (after-before)/1024)
	if worst := percentile(lateness, 1); worst > late {
		return fmt.Errorf("an event came after %s", worst)
	}
	if after-before > growth {
		return errors.New("the stalled cost too much memory")
	}
	return nil
}

// amongStalled has some read and others not, and returns how late each event came to a reader, and how long after the last
// the process had given up as many streams as are wanted in all.
func (s *stage) amongStalled(ctx context.Context, p *process, inAll int) (lateness []time.Duration, given time.Duration, err error) {
	l, err := s.newLink(ctx, "ok")
	if err != nil {
		return nil, 0, err
	}
	for range readers {
		if err := s.watch(ctx, l.client, l.Company); err != nil {
			return nil, 0, err
		}
	}
	for range stalled {
		conn, err := openAndIgnore(ctx, p, l)
		if err != nil {
			return nil, 0, err
		}
		defer conn.Close() //nolint:errcheck // it was never of use
	}
	if err := errors.Join(s.register(ctx, l), s.underWay(ctx, l, 1), s.ended(ctx, l)); err != nil {
		return nil, 0, err
	}
	last := time.Now()
	err = within(ctx, givenUpWithin, "the process gives up who does not read", func(ctx context.Context) (bool, error) {
		gone, err := p.counted(ctx, `renkei_streams_dropped_total{transport="sse"}`)
		return gone >= inAll, err
	})
	if err != nil {
		return nil, 0, err
	}
	given = time.Since(last)
	lateness, err = s.lateness(ctx, l.Company)
	return lateness, given, err
}

// lateness is how long after it was written each event came to each of a company's watchers.
func (s *stage) lateness(ctx context.Context, company string) (all []time.Duration, err error) {
	rows, err := s.pool.Query(ctx, "SELECT at FROM events WHERE company_id = $1 AND kind = 'RUN' ORDER BY seq", company)
	if err != nil {
		return nil, err
	}
	written, err := pgx.CollectRows(rows, pgx.RowTo[time.Time])
	if err != nil {
		return nil, err
	}
	for _, w := range s.watchers {
		if w.company != company {
			continue
		}
		err := within(ctx, toldWithin, "a reader is told of everything", func(context.Context) (bool, error) { return w.count() >= len(written), nil })
		if err != nil {
			return nil, err
		}
		for i, at := range w.arrivals()[:len(written)] {
			all = append(all, at.Sub(written[i]))
		}
	}
	return all, nil
}

// fat asks for an event as large as one may be: what is held up is full soon.
func fat() string {
	var q strings.Builder
	q.WriteString("subscription { importRunChanged { cursor")
	for i := range 15 {
		fmt.Fprintf(&q, " %s%02d: run { id trigger status dueAt startedAt finishedAt seen known imported routed waiting invalid hidden }", strings.Repeat("a", 60), i)
	}
	q.WriteString(" } }")
	return q.String()
}

// openAndIgnore subscribes over a connection with hardly any room, and reads nothing.
func openAndIgnore(ctx context.Context, p *process, l *link) (net.Conn, error) {
	// Both must be known to the other side before it makes room for what it sends.
	dialer := &net.Dialer{Control: func(_, _ string, raw syscall.RawConn) error {
		var err error
		return errors.Join(raw.Control(func(fd uintptr) {
			err = errors.Join(
				syscall.SetsockoptInt(int(fd), syscall.SOL_SOCKET, syscall.SO_RCVBUF, 4096),
				syscall.SetsockoptInt(int(fd), syscall.IPPROTO_TCP, syscall.TCP_MAXSEG, 536))
		}), err)
	}}
	conn, err := dialer.DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, err
	}
	body := fmt.Sprintf(`{"query":%q}`, fat())
	_, err = fmt.Fprintf(conn, "POST /graphql HTTP/1.1\r\nHost: %s\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"+
		"Authorization: Bearer %s\r\nContent-Length: %d\r\n\r\n%s", p.address, l.token, len(body), body)
	return conn, err
}

// resident is a process's memory in KiB.
func resident(p *process) (int, error) {
	status, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", p.cmd.Process.Pid))
	if err != nil {
		return 0, err
	}
	_, after, _ := strings.Cut(string(status), "VmRSS:")
	return strconv.Atoi(strings.Fields(after)[0])
}
