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
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"time"
)

// readyWithin is how long a process may take to serve on a busy machine.
const readyWithin = 60 * time.Second

// process is the program at work. Each life of it has a name of its own, by which the database knows its connections
// and the medium its requests.
type process struct {
	name    string
	address string
	// metrics is where it tells of itself.
	metrics string
	// clock is how wrong its clock is, empty where it is right.
	clock   string
	logFile string

	began time.Time
	cmd   *exec.Cmd
	gone  chan struct{}
	exit  error
}

var servingAt = regexp.MustCompile(`"address":"([0-9.:]+)"`)

// spawn runs `renkei serve`, or another command that serves, until it is stopped or killed.
func spawn(ctx context.Context, dir, name, program string, env map[string]string, args ...string) (*process, error) {
	p := &process{name: name, logFile: filepath.Join(dir, name+".log"), gone: make(chan struct{})}
	log, err := os.Create(p.logFile)
	if err != nil {
		return nil, err
	}
	defer log.Close() //nolint:errcheck // the process has its own
	//nolint:gosec // it was built by us
	p.cmd = exec.CommandContext(context.WithoutCancel(ctx), program, args...)
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = environment(env)
	p.began = time.Now()
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", name, err)
	}
	go func() {
		p.exit = p.cmd.Wait()
		close(p.gone)
	}()
	return p, nil
}

// environment is ours without settings of the program, and env.
func environment(env map[string]string) []string {
	var out []string
	for _, e := range os.Environ() {
		if !strings.HasPrefix(e, "RENKEI_") {
			out = append(out, e)
		}
	}
	for name, value := range env {
		out = append(out, name+"="+value)
	}
	return out
}

// serving waits until the log says where the process serves.
func (p *process) serving(ctx context.Context, pattern *regexp.Regexp) error {
	return within(ctx, readyWithin, p.name+" serves", func(context.Context) (bool, error) {
		text, err := os.ReadFile(p.logFile)
		if err != nil {
			return false, err
		}
		if found := pattern.FindSubmatch(text); found != nil {
			p.address = string(found[1])
			return true, nil
		}
		if p.ended() {
			return false, fmt.Errorf("%s ended: %w\n%s", p.name, p.exit, tail(text))
		}
		return false, nil
	})
}

// firstLine is how far the time of the log's first line is from when it was written.
func (p *process) firstLine() (off time.Duration, err error) {
	text, err := os.ReadFile(p.logFile)
	if err != nil {
		return 0, err
	}
	first, _, _ := bytes.Cut(text, []byte("\n"))
	var line struct{ Time time.Time }
	if err := json.Unmarshal(first, &line); err != nil {
		return 0, fmt.Errorf("read %s's log: %w", p.name, err)
	}
	return line.Time.Sub(p.began), nil
}

// ready waits until the process says that it is.
func (p *process) ready(ctx context.Context) error {
	return within(ctx, readyWithin, p.name+" is ready", func(ctx context.Context) (bool, error) {
		return p.status(ctx, "/readyz") == http.StatusOK, nil
	})
}

// status is that of a path, 0 where there is no answer.
func (p *process) status(ctx context.Context, path string) int {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+p.address+path, nil)
	if err != nil {
		return 0
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0
	}
	_ = resp.Body.Close() // its status is all that is wanted
	return resp.StatusCode
}

func (p *process) ended() bool {
	select {
	case <-p.gone:
		return true
	default:
		return false
	}
}

func (p *process) signal(sig syscall.Signal) {
	_ = p.cmd.Process.Signal(sig) // it may have ended already, which gone tells
}

// kill is kill -9, and returns when the process is gone.
func (p *process) kill() {
	p.signal(syscall.SIGKILL)
	<-p.gone
}

// stop asks the process to end and returns after how long it had.
func (p *process) stop(ctx context.Context) (time.Duration, error) {
	began := time.Now()
	p.signal(syscall.SIGTERM)
	timer := time.NewTimer(stopWithin)
	defer timer.Stop()
	select {
	case <-p.gone:
		return time.Since(began), p.exit
	case <-timer.C:
	case <-ctx.Done():
	}
	p.kill()
	return time.Since(began), fmt.Errorf("%s did not stop within %s", p.name, stopWithin)
}

// call runs a command of the program to its end and returns the last word that it says.
func call(ctx context.Context, program string, env map[string]string, args ...string) (string, error) {
	//nolint:gosec // it was built by us
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Env = environment(env)
	var said strings.Builder
	cmd.Stderr = &said
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s: %w: %s", strings.Join(args, " "), err, said.String())
	}
	words := strings.Fields(string(out))
	if len(words) == 0 {
		return "", nil
	}
	return words[len(words)-1], nil
}

func tail(text []byte) []byte { return text[max(0, len(text)-2000):] }

// within asks again and again until something is so.
func within(ctx context.Context, patience time.Duration, what string, is func(context.Context) (bool, error)) error {
	ctx, cancel := context.WithTimeoutCause(ctx, patience, fmt.Errorf("not within %s: %s", patience, what))
	defer cancel()
	ticker := time.NewTicker(20 * time.Millisecond)
	defer ticker.Stop()
	for {
		ok, err := is(ctx)
		if ctx.Err() != nil {
			return errors.Join(context.Cause(ctx), err)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", what, err)
		}
		if ok {
			return nil
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-ticker.C:
		}
	}
}

// pause waits, or ends with ctx.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}

// recording keeps what passes through.
type recording struct {
	mu   sync.Mutex
	file *os.File
	w    *bufio.Writer
}

func newRecording(path string) (*recording, error) {
	file, err := os.Create(path)
	if err != nil {
		return nil, err
	}
	return &recording{file: file, w: bufio.NewWriter(file)}, nil
}

func (r *recording) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.w.Write(p)
}

func (r *recording) flush() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.w.Flush()
}

var _ io.Writer = (*recording)(nil)
