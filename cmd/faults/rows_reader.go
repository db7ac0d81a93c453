package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"strconv"
	"strings"
	"time"
)

const (
	// stalled is how many subscribers stop reading, among one who does.
	stalled = 50
	// late bounds how late an event may be for whoever reads.
	late = time.Second
	// growth is what the stalled may cost a process.
	growth = 64 << 10 // KiB
)

var _ = register(&row{
	number: 25, name: "reader", fault: "fifty subscribers stop reading while a company imports",
	required: "the others' events are no later than 1 s, memory stays flat (64 MiB)",
	once:     1, figure: 5, setting: setting{processes: 1}, play: stopReading,
})

// stopReading opens streams from which nobody reads, and imports.
func stopReading(ctx context.Context, s *stage) error {
	p := s.any()
	var worst time.Duration
	before, err := resident(p)
	if err != nil {
		return err
	}
	for range s.times {
		l, err := s.newLink(ctx, "ok")
		if err != nil {
			return err
		}
		var idle []net.Conn
		for range stalled {
			conn, err := openAndIgnore(ctx, p, l)
			if err != nil {
				return err
			}
			idle = append(idle, conn)
		}
		if err := s.register(ctx, l); err != nil {
			return err
		}
		if err := s.underWay(ctx, l, 1); err != nil {
			return err
		}
		if err := s.ended(ctx, l); err != nil {
			return err
		}
		// The end is an event like any other.
		began := time.Now()
		err = within(ctx, time.Minute, "a reader is told of the end", func(context.Context) (bool, error) {
			for _, w := range s.watchers {
				if w.company == l.Company && w.knows("SUCCEEDED") {
					return true, nil
				}
			}
			return false, nil
		})
		worst = max(worst, time.Since(began))
		for _, conn := range idle {
			_ = conn.Close() // it was never of use
		}
		if err != nil {
			return err
		}
	}
	after, err := resident(p)
	if err != nil {
		return err
	}
	s.see("%d × %d stalled; a reader knew of the end after %.2f s; memory %+d MiB", s.times, stalled, worst.Seconds(), (after-before)/1024)
	if worst > late {
		return fmt.Errorf("an event came after %s", worst)
	}
	if after-before > growth {
		return errors.New("the stalled cost too much memory")
	}
	return nil
}

// openAndIgnore subscribes over a connection with hardly any room, and reads nothing.
func openAndIgnore(ctx context.Context, p *process, l *link) (net.Conn, error) {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", p.address)
	if err != nil {
		return nil, err
	}
	if tcp, ok := conn.(*net.TCPConn); ok {
		_ = tcp.SetReadBuffer(4096) // what cannot be made small is filled
	}
	body := `{"query":"subscription { importRunChanged { cursor run { id status seen imported known routed waiting invalid hidden } } }"}`
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
