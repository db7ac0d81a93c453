// The stage that the console's tests play on: a Postgres of its own, a simulator of Wantedly, and the real program
// with the console in it, as it is built from this tree. It says where all is in one line of JSON and ends with its
// standard input or a signal.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"time"

	"renkei/db/embedded"
)

const (
	readyWithin = 2 * time.Minute
	stopWithin  = 15 * time.Second
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx); err != nil {
		fmt.Fprintln(os.Stderr, "stage:", err)
		os.Exit(1)
	}
}

func run(ctx context.Context) (err error) {
	listen := flag.String("listen", "127.0.0.1:0", "where the stage is told what to do")
	sourceDir := flag.String("source", ".", "the tree that the program is built from")
	flag.Parse()
	dir, err := os.MkdirTemp("", "renkei-stage-")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if err := os.Chmod(dir, 0o755); err != nil { //nolint:gosec // Postgres, which is somebody else, has to get in
		return err
	}
	program := filepath.Join(dir, "renkei")
	build := exec.CommandContext(ctx, "go", "build", "-o", program, "./cmd/renkei") //nolint:gosec // our own
	build.Dir, build.Stdout, build.Stderr = *sourceDir, os.Stderr, os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("build the program: %w", err)
	}
	postgres, err := embedded.Start(ctx, embedded.Options{
		DataDir: filepath.Join(dir, "postgres"), CacheDir: filepath.Join(dir, "cache"), Bin: os.Getenv("RENKEI_POSTGRES_BIN"), Fast: true,
	})
	if err != nil {
		return err
	}
	defer func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
		defer cancel()
		err = errors.Join(err, postgres.Stop(stopping))
	}()
	s := &stage{dir: dir, program: program, databaseURL: postgres.URL(""), doors: make(map[string]*door), held: make(map[string]context.CancelFunc)}
	defer s.strike()
	if err := s.set(ctx); err != nil {
		return err
	}
	socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", *listen)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: s.routes(), ReadHeaderTimeout: stopWithin}
	context.AfterFunc(ctx, func() { _ = server.Close() })
	said, err := json.Marshal(s.places())
	if err != nil {
		return err
	}
	fmt.Println(string(said))
	if err := server.Serve(socket); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

// command runs one of the program's commands to its end, and returns the last word that it prints.
func (s *stage) command(ctx context.Context, input string, args ...string) (string, error) {
	c := exec.CommandContext(ctx, s.program, args...) //nolint:gosec // our own
	c.Env = s.environment()
	c.Stdin = strings.NewReader(input)
	said, err := c.Output()
	if failed, ok := errors.AsType[*exec.ExitError](err); ok {
		return "", fmt.Errorf("renkei %s: %s", strings.Join(args[:2], " "), failed.Stderr)
	}
	words := strings.Fields(string(said))
	if err != nil || len(words) == 0 {
		return "", errors.Join(err, fmt.Errorf("renkei %s said nothing", strings.Join(args[:2], " ")))
	}
	return words[len(words)-1], nil
}

// start starts one of the program's commands that serves until it is stopped; its log is in the stage's folder.
func (s *stage) start(args ...string) error {
	log, err := os.Create(filepath.Join(s.dir, args[0]+".log"))
	if err != nil {
		return err
	}
	defer log.Close() //nolint:errcheck // the process has its own
	//nolint:gosec,noctx // our own; it is stopped at the end, in its turn
	c := exec.Command(s.program, args...)
	c.Env, c.Stdout, c.Stderr = s.environment(), log, log
	if err := c.Start(); err != nil {
		return err
	}
	p := &process{Cmd: c, gone: make(chan struct{})}
	s.processes = append(s.processes, p)
	go func() {
		_ = c.Wait()
		close(p.gone)
	}()
	return nil
}

// strike ends what was started, the last first.
func (s *stage) strike() {
	for _, c := range slices.Backward(s.processes) {
		_ = c.Process.Signal(syscall.SIGTERM) // it may be gone already
		kill := time.AfterFunc(stopWithin, func() { _ = c.Process.Kill() })
		<-c.gone
		kill.Stop()
	}
	if log, err := os.ReadFile(filepath.Join(s.dir, "serve.log")); err == nil {
		for line := range strings.SplitSeq(string(log), "\n") {
			if strings.Contains(line, `"level":"error"`) || strings.Contains(line, "panic") {
				fmt.Fprintln(os.Stderr, "the program said:", line)
			}
		}
	}
}

// process is one of the program's that serves.
type process struct {
	*exec.Cmd
	gone chan struct{}
}

// reach waits until a place of a process' answers with 200.
func reach(ctx context.Context, p *process, url string) error {
	ctx, cancel := context.WithTimeout(ctx, readyWithin)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
		if err != nil {
			return err
		}
		resp, err := http.DefaultClient.Do(req)
		if err == nil {
			_, _ = io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-p.gone:
			return fmt.Errorf("%s has ended: %s", filepath.Base(p.Path), p.ProcessState)
		case <-ctx.Done():
			return fmt.Errorf("%s does not answer: %w", url, errors.Join(ctx.Err(), err))
		case <-time.After(50 * time.Millisecond):
		}
	}
}
