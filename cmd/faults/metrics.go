package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// free is an address that nobody listens on.
func free(ctx context.Context) (string, error) {
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return socket.Addr().String(), socket.Close()
}

// scrape is what a process says of itself at /metrics.
func (p *process) scrape(ctx context.Context) (string, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.metrics+"/metrics", nil)
	if err != nil {
		return "", err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return "", err
	}
	defer resp.Body.Close() //nolint:errcheck // read whole
	text, err := io.ReadAll(resp.Body)
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answers /metrics with %s", p.name, resp.Status)
	}
	return string(text), err
}

// counted is a counter's value, 0 where it has none yet.
func (p *process) counted(ctx context.Context, name string) (int, error) {
	text, err := p.scrape(ctx)
	if err != nil {
		return 0, err
	}
	for line := range strings.Lines(text) {
		if value, ok := strings.CutPrefix(line, name+" "); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(value), 64)
			return int(n), err
		}
	}
	return 0, nil
}

// scrapes are files of what the processes that are alive say of themselves.
func (s *stage) scrapes(ctx context.Context) (files []string, err error) {
	for _, p := range s.serving() {
		text, err := p.scrape(ctx)
		if err != nil {
			return nil, err
		}
		file := filepath.Join(s.dir, p.name+".metrics")
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			return nil, err
		}
		files = append(files, file)
	}
	return files, nil
}
