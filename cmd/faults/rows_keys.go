package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"
)

var _ = register(
	&row{
		number: 21, name: "keys", fault: "the master key is rotated and promoted in the middle of imports",
		required: "nothing becomes unreadable, everything is re-sealed",
		once:     1, figure: 5, play: rotateKeys,
	},
)

// rotateKeys starts processes that read their keys from a file, and rotates it under them.
func rotateKeys(ctx context.Context, s *stage) error {
	file := filepath.Join(s.dir, "keys")
	if err := os.WriteFile(file, []byte(s.env["RENKEI_MASTER_KEYS"]+"\n"), 0o600); err != nil {
		return err
	}
	former := s.alive()
	s.env["RENKEI_MASTER_KEYS"], s.env["RENKEI_MASTER_KEYS_FILE"] = "", file
	for _, p := range former {
		if _, err := p.stop(ctx); err != nil {
			return err
		}
		if _, err := s.start(ctx); err != nil {
			return err
		}
	}
	var took []time.Duration
	for range s.times {
		l, err := s.linked(ctx)
		if err != nil {
			return err
		}
		sealed, err := s.rotate(ctx)
		if err != nil {
			return err
		}
		took = append(took, sealed)
		if err := s.ended(ctx, l); err != nil {
			return err
		}
	}
	read, err := s.readBack(ctx)
	if err != nil {
		return err
	}
	s.see("%d rotations; %s; %d people read back", s.times, spread("all is sealed anew in", took), read)
	return nil
}

// rotate adds a key, promotes it as soon as every process has it, and waits until all is sealed under it.
func (s *stage) rotate(ctx context.Context) (time.Duration, error) {
	if _, err := s.keyCommand(ctx, "keys", "rotate"); err != nil {
		return 0, err
	}
	text, err := os.ReadFile(s.env["RENKEI_MASTER_KEYS_FILE"])
	if err != nil {
		return 0, err
	}
	s.mu.Lock()
	s.canaries = append(s.canaries, lastLine(text))
	s.mu.Unlock()
	err = within(ctx, time.Minute, "every process has the key", func(ctx context.Context) (bool, error) {
		_, err := s.keyCommand(ctx, "keys", "rotate", "--promote")
		return err == nil, nil
	})
	if err != nil {
		return 0, err
	}
	at := time.Now()
	err = within(ctx, 2*time.Minute, "all is sealed under the new key", func(ctx context.Context) (bool, error) {
		var left int
		err := s.pool.QueryRow(ctx, `SELECT (SELECT count(*) FROM candidates WHERE sealed_key <> p.id) + (SELECT count(*) FROM medium_accounts WHERE credential_key <> p.id)
			FROM vault_keys p WHERE p.state = 'PRIMARY'`).Scan(&left)
		return left == 0, err
	})
	return time.Since(at), err
}

func lastLine(text []byte) string {
	lines := strings.Fields(string(text))
	return lines[len(lines)-1]
}

func (s *stage) keyCommand(ctx context.Context, args ...string) (string, error) {
	return call(ctx, s.bench.program, map[string]string{
		"RENKEI_DATABASE_URL": s.cluster.url(s.database, "command"), "RENKEI_MASTER_KEYS_FILE": s.env["RENKEI_MASTER_KEYS_FILE"],
	}, args...)
}

// readBack asks each process for sealed fields of people of every company.
func (s *stage) readBack(ctx context.Context) (int, error) {
	read := 0
	for _, p := range s.alive() {
		for _, l := range s.links {
			var answer struct {
				Nodes []struct {
					Candidate struct{ Name, Introduction *string }
				}
			}
			const query = "query { inbox(first: 50) { nodes { candidate { name introduction } } } }"
			if err := l.ask(ctx, p, "inbox", query, nil, &answer); err != nil {
				return read, fmt.Errorf("read people back: %w", err)
			}
			for _, n := range answer.Nodes {
				if n.Candidate.Introduction != nil {
					read++
				}
			}
		}
	}
	if read == 0 {
		return 0, errors.New("nothing sealed was read back")
	}
	return read, nil
}
