package embedded

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os/exec"
	"runtime"
	"syscall"
	"time"
)

// run is cmd.Run with the end of what the program said in its error.
func run(cmd *exec.Cmd) error {
	runtime.LockOSThread() // dieWithUs
	defer runtime.UnlockOSThread()
	dieWithUs(cmd, syscall.SIGTERM)
	var said bytes.Buffer
	cmd.Stdout, cmd.Stderr = &said, &said
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w\n%s", cmd.Path, err, tail(said.String()))
	}
	return nil
}

// process is the server's main process, which stops when we die: Linux signals it (dieWithUs), and everywhere a shell
// watches a pipe that closes with us. The shell alone would do unless somebody killed it; the signal is not on macOS.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the process is gone
	exit error         // set before done is closed
}

// The watcher gets the server's number, then either a line, when the server is gone, or the end of us.
const watcher = `read -r pid || exit 0; read -r over && exit 0; kill -INT "$pid"`

// launch starts the server and a goroutine that ends with it.
func launch(who account, home, program string, args ...string) (*process, error) {
	log, err := openLog(home)
	if err != nil {
		return nil, err
	}
	p := &process{cmd: who.command(context.Background(), program, args...), done: make(chan struct{})}
	p.cmd.Stdout, p.cmd.Stderr = log, log
	dieWithUs(p.cmd, syscall.SIGINT)
	started := make(chan error, 1)
	go p.keep(who, home, started)
	return p, errors.Join(<-started, log.Close())
}

func (p *process) keep(who account, home string, started chan<- error) {
	defer close(p.done)
	// Until the end: the kernel takes the death of the thread that forked for the death of the parent.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()

	shell := who.command(context.Background(), "/bin/sh", "-c", watcher, "watcher of "+home)
	pipe, err := shell.StdinPipe()
	if err != nil {
		started <- err
		return
	}
	if err := shell.Start(); err != nil {
		started <- errors.Join(err, pipe.Close())
		return
	}
	err = p.cmd.Start()
	if err == nil {
		_, err = fmt.Fprintln(pipe, p.cmd.Process.Pid)
		if err != nil {
			err = errors.Join(err, p.cmd.Process.Kill(), p.cmd.Wait())
		}
	}
	started <- err
	if err == nil {
		p.exit = p.cmd.Wait()
		_, err = fmt.Fprintln(pipe, "over")
	}
	// Whatever became of the watcher no longer matters; it must only be gone.
	_ = errors.Join(err, pipe.Close(), shell.Wait())
}

func (p *process) ended() bool {
	select {
	case <-p.done:
		return true
	default:
		return false
	}
}

// stop asks for a clean shutdown, and when ctx ends for an immediate one.
func (p *process) stop(ctx context.Context) error {
	p.signal(syscall.SIGINT)
	select {
	case <-p.done:
		return p.exit
	case <-ctx.Done():
	}
	p.signal(syscall.SIGQUIT)
	select {
	case <-p.done:
	case <-time.After(10 * time.Second):
		p.signal(syscall.SIGKILL)
		<-p.done
	}
	return fmt.Errorf("did not stop in time and was stopped at once, it recovers at its next start: %w", ctx.Err())
}

func (p *process) signal(sig syscall.Signal) {
	_ = p.cmd.Process.Signal(sig) // fails only when the process is gone, which done tells
}
