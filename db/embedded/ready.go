package embedded

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"path/filepath"
	"time"
)

// awaitReady waits until the default database is there and accepts connections. A recovery may take its time: only ctx
// bounds the wait.
func (o *Options) awaitReady(ctx context.Context, s *Server) error {
	begin, told := time.Now(), 0
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		err := ensureDatabase(ctx, filepath.Join(s.sockets, socketName))
		if err == nil {
			return nil
		}
		if answer, ok := errors.AsType[*serverError](err); ok && answer.code != cannotConnectNow {
			return err
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("wait for Postgres: %w (last: %w)", ctx.Err(), err)
		case <-s.process.done:
			return fmt.Errorf("postgres did not start (%v):\n%s", s.process.cmd.ProcessState, logTail(s.home))
		case <-tick.C:
		}
		if waited := int(time.Since(begin).Seconds()); waited >= told+5 {
			told = waited
			o.say("still starting (%d s)", waited)
		}
	}
}

// Of the protocol we need two questions and no more, too little to import a driver here.

const cannotConnectNow = "57P03" // it starts up, recovers or shuts down

type serverError struct{ code, message string }

func (e *serverError) Error() string { return fmt.Sprintf("postgres: %s (%s)", e.message, e.code) }

func ensureDatabase(ctx context.Context, socket string) error {
	conn, err := (&net.Dialer{}).DialContext(ctx, "unix", socket)
	if err != nil {
		return err
	}
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })() // the question in flight then fails
	err = greet(conn)
	var found bool
	if err == nil {
		found, err = ask(conn, "SELECT 1 FROM pg_database WHERE datname = '"+defaultDatabase+"'")
	}
	if err == nil && !found {
		_, err = ask(conn, "CREATE DATABASE "+defaultDatabase)
	}
	if err != nil {
		return errors.Join(err, conn.Close())
	}
	_, err = conn.Write(message('X', ""))
	return errors.Join(err, conn.Close())
}

func greet(conn net.Conn) error {
	const protocol = "\x00\x03\x00\x00"
	hello := message(0, protocol+"user\x00"+superuser+"\x00database\x00postgres\x00\x00")[1:]
	if _, err := conn.Write(hello); err != nil {
		return err
	}
	_, err := answer(conn)
	return err
}

// ask tells whether the query returned a row.
func ask(conn net.Conn, query string) (bool, error) {
	if _, err := conn.Write(message('Q', query+"\x00")); err != nil {
		return false, err
	}
	return answer(conn)
}

func message(kind byte, body string) []byte {
	//nolint:gosec // our questions are short
	out := binary.BigEndian.AppendUint32([]byte{kind}, uint32(len(body)+4))
	return append(out, body...)
}

// answer reads until the server is ready for the next question, and tells whether there was a row.
func answer(conn net.Conn) (row bool, err error) {
	for {
		var head [5]byte
		if _, err := io.ReadFull(conn, head[:]); err != nil {
			return false, err
		}
		body := make([]byte, binary.BigEndian.Uint32(head[1:])-4)
		if _, err := io.ReadFull(conn, body); err != nil {
			return false, err
		}
		switch head[0] {
		case 'E':
			return false, parseError(body)
		case 'R':
			if !bytes.Equal(body, make([]byte, 4)) {
				return false, &serverError{"28000", "the cluster's pg_hba.conf asks for a password"}
			}
		case 'D':
			row = true
		case 'Z':
			return row, nil
		}
	}
}

func parseError(body []byte) *serverError {
	e := &serverError{}
	for field := range bytes.SplitSeq(body, []byte{0}) {
		if len(field) == 0 {
			continue
		}
		switch text := string(field[1:]); field[0] {
		case 'C':
			e.code = text
		case 'M':
			e.message = text
		}
	}
	return e
}
