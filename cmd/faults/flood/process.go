package flood

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	readyWithin = 30 * time.Second
	stopWithin  = 15 * time.Second
)

// allowFiles lets this process, and those that it starts, open so many files.
func allowFiles(n int) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("ask how many files may be open: %w", err)
	}
	if limit.Cur >= uint64(n) { //nolint:gosec // it is positive
		return nil
	}
	limit.Cur = min(limit.Max, uint64(n))                                                             //nolint:gosec // it is positive
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil || limit.Cur < uint64(n) { //nolint:gosec // it is positive
		return fmt.Errorf("%d files must be open at once, and the system allows %d: raise `ulimit -Hn` (%w)", n, limit.Max, errors.Join(err, os.ErrPermission))
	}
	return nil
}

// process is the program at work.
type process struct {
	cmd     *exec.Cmd
	address string
	inside  string
	log     *os.File
	ended   chan error
}

// start runs the program and waits until it is ready.
func start(ctx context.Context, program, databaseURL, key string) (*process, error) {
	address, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	inside, err := freeAddress(ctx)
	if err != nil {
		return nil, err
	}
	log, err := os.CreateTemp("", "renkei-flood-*.log")
	if err != nil {
		return nil, fmt.Errorf("make a log: %w", err)
	}
	p := &process{address: address, inside: inside, log: log, ended: make(chan error, 1)}
	p.cmd = exec.Command(program, "serve", "--api-only") //nolint:noctx // ours, and it ends with stop
	p.cmd.Stdout, p.cmd.Stderr = log, log
	p.cmd.Env = append(os.Environ(),
		"RENKEI_DATABASE_URL="+databaseURL, "RENKEI_MASTER_KEYS="+key, "RENKEI_WANTEDLY_URL=http://127.0.0.1:1",
		"RENKEI_LISTEN="+address, "RENKEI_METRICS_LISTEN="+inside, "RENKEI_LOG_LEVEL=warn", "RENKEI_LOG_FORMAT=json")
	if err := p.cmd.Start(); err != nil {
		return nil, fmt.Errorf("start %s: %w", program, err)
	}
	go func() { p.ended <- p.cmd.Wait() }()
	if err := p.ready(ctx); err != nil {
		said, _ := os.ReadFile(log.Name())
		return nil, errors.Join(fmt.Errorf("%w: %s", err, said), p.stop())
	}
	return p, nil
}

// freeAddress is one that nobody listened on a moment ago.
func freeAddress(ctx context.Context) (string, error) {
	l, err := (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", fmt.Errorf("find an address: %w", err)
	}
	return l.Addr().String(), l.Close()
}

func (p *process) ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	ticker := time.NewTicker(50 * time.Millisecond)
	defer ticker.Stop()
	for {
		if _, err := get(ctx, "http://"+p.address+"/readyz"); err == nil {
			return nil
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the program is not ready: %w", ctx.Err())
		case err := <-p.ended:
			p.ended <- err
			return fmt.Errorf("the program ended: %w", err)
		case <-ticker.C:
		}
	}
}

func get(ctx context.Context, url string) (string, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return "", err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return "", err
	}
	defer response.Body.Close() //nolint:errcheck // it was read
	if response.StatusCode != http.StatusOK {
		return "", errors.New(response.Status)
	}
	first, err := bufio.NewReader(response.Body).ReadString('\n')
	if err != nil && !errors.Is(err, io.EOF) {
		return "", err
	}
	return first, nil
}

// stop tells the program to stop, and makes it where it does not.
func (p *process) stop() error {
	defer os.Remove(p.log.Name()) //nolint:errcheck // a temporary file
	defer p.log.Close()           //nolint:errcheck // written by another process
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil && !errors.Is(err, os.ErrProcessDone) {
		return fmt.Errorf("stop the program: %w", err)
	}
	select {
	case err := <-p.ended:
		return err
	case <-time.After(stopWithin):
		return errors.Join(errors.New("the program did not stop"), p.cmd.Process.Kill(), <-p.ended)
	}
}

// Vitals are what a process holds.
type Vitals struct {
	RSS               int64
	Goroutines, Files int
	// CPU is what it has used.
	CPU time.Duration
}

func (p *process) vitals(ctx context.Context) (v Vitals, err error) {
	if v, err = p.size(); err != nil {
		return v, err
	}
	said, err := get(ctx, "http://"+p.inside+"/debug/pprof/goroutine?debug=1")
	if err != nil {
		return v, fmt.Errorf("count goroutines: %w", err)
	}
	_, total, _ := strings.Cut(strings.TrimSpace(said), "total ")
	if v.Goroutines, err = strconv.Atoi(total); err != nil {
		return v, fmt.Errorf("count goroutines: %w", err)
	}
	return v, nil
}

// size is what the system knows of the process, which costs it nothing.
func (p *process) size() (v Vitals, err error) {
	dir := fmt.Sprintf("/proc/%d/", p.cmd.Process.Pid)
	status, err := os.ReadFile(dir + "status")
	if err != nil {
		return v, fmt.Errorf("look at the process: %w", err)
	}
	_, rest, _ := strings.Cut(string(status), "VmRSS:")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return v, errors.New("the process has no memory")
	}
	kilo, err := strconv.ParseInt(fields[0], 10, 64)
	if err != nil {
		return v, fmt.Errorf("the process' memory: %w", err)
	}
	v.RSS = kilo << 10
	if v.CPU, err = p.used(); err != nil {
		return v, err
	}
	files, err := os.ReadDir(dir + "fd")
	if err != nil {
		return v, fmt.Errorf("count files: %w", err)
	}
	v.Files = len(files)
	return v, nil
}

// clockTick is the unit of /proc/pid/stat, on every Linux there is.
const clockTick = 10 * time.Millisecond

// used is the process' time on the processor.
func (p *process) used() (time.Duration, error) {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", p.cmd.Process.Pid))
	if err != nil {
		return 0, fmt.Errorf("look at the process: %w", err)
	}
	// Behind the name, which may hold anything: user and system time are the 14th and 15th field of all.
	fields := strings.Fields(string(stat[bytes.LastIndexByte(stat, ')')+1:]))
	var ticks int64
	for _, f := range fields[11:13] {
		n, err := strconv.ParseInt(f, 10, 64)
		if err != nil {
			return 0, fmt.Errorf("the process' time: %w", err)
		}
		ticks += n
	}
	return time.Duration(ticks) * clockTick, nil
}

// settled waits until the process holds what it held before, or long enough, and says what it holds.
func (p *process) settled(ctx context.Context, before Vitals) (v Vitals, err error) {
	ctx, cancel := context.WithTimeout(ctx, drain)
	defer cancel()
	for {
		last, err := p.vitals(ctx)
		if ctx.Err() != nil {
			return v, nil
		}
		if err != nil {
			return v, err
		}
		v = last
		if v.Goroutines <= before.Goroutines+slack && v.Files <= before.Files+slack {
			return v, nil
		}
		select {
		case <-ctx.Done():
			return v, nil
		case <-time.After(100 * time.Millisecond):
		}
	}
}

// pulse is what a process held from time to time.
type pulse struct {
	cancel context.CancelFunc
	ended  chan struct{}
	seen   []Vitals
	err    error
}

func (p *process) watch(ctx context.Context, every time.Duration) *pulse {
	ctx, cancel := context.WithCancel(ctx)
	w := &pulse{cancel: cancel, ended: make(chan struct{})}
	go func() {
		defer close(w.ended)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		for {
			v, err := p.size()
			if err != nil {
				w.err = err
				return
			}
			w.seen = append(w.seen, v)
			select {
			case <-ctx.Done():
				return
			case <-ticker.C:
			}
		}
	}()
	return w
}

func (w *pulse) stop() error {
	w.cancel()
	<-w.ended
	return w.err
}

// quarter is the median of a quarter of the time, the first being 0.
func (w *pulse) quarter(n int) Vitals {
	part := slices.Clone(w.seen[len(w.seen)*n/4 : max(len(w.seen)*(n+1)/4, len(w.seen)*n/4+1)])
	slices.SortFunc(part, func(a, b Vitals) int { return int(a.RSS - b.RSS) })
	return part[len(part)/2]
}
