package embedded

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

const (
	childDir = "RENKEI_TEST_EMBEDDED_CHILD"
	// patience is for what a busy machine takes its time over.
	patience = 60 * time.Second
)

// child runs a server until it is killed.
func child(dir string) {
	s, err := Start(context.Background(), Options{DataDir: dir, Fast: true})
	if err != nil {
		panic(err)
	}
	fmt.Println(s.process.cmd.Process.Pid)
	select {}
}

func TestKilledProcessLeavesNoHalfMadeCluster(t *testing.T) {
	t.Parallel()
	b := killedHalfway(t)

	require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
	left, err := filepath.Glob(b.options.DataDir + ".initdb-*")
	require.NoError(t, err)
	require.Empty(t, left)
	require.Eventually(t, func() bool { return !b.making(t) }, patience, 50*time.Millisecond)
}

// killedHalfway kills a process while it makes its cluster: another one where that was made before the kill came.
func killedHalfway(t *testing.T) *testBundle {
	t.Helper()
	for {
		b := setup(t)
		cmd := exec.Command(os.Args[0])
		cmd.Env = append(os.Environ(), childDir+"="+b.options.DataDir)
		require.NoError(t, cmd.Start())
		made := func() bool {
			_, err := os.Stat(b.options.DataDir)
			return !errors.Is(err, fs.ErrNotExist)
		}
		require.Eventually(t, func() bool { return b.making(t) || made() }, patience, 5*time.Millisecond)
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
		if !made() {
			return b
		}
		// What runs in it ends before its folder is removed.
		require.NoError(t, b.start(t).Stop(t.Context()))
	}
}

// making reports whether a cluster is being made.
func (b *testBundle) making(t *testing.T) bool {
	t.Helper()
	return len(processesOf(t, b.options.DataDir+".initdb-")) > 0
}

func TestKilledProcessLeavesNoServer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	pid, kill := startChild(t, b.options.DataDir)
	require.NotEmpty(t, processesOf(t, b.dir))
	kill()
	// At once: the former server may still be at its shutdown.
	s := b.start(t)
	require.Equal(t, "1", query(t, s, "SELECT '1'"))
	require.False(t, isPostmaster(pid, s.home), "the former one is gone")
	require.NoError(t, s.Stop(t.Context()))
	log, err := os.ReadFile(b.options.DataDir + ".log")
	require.NoError(t, err)
	require.NotContains(t, string(log), "not properly shut down")
}

func TestKilledWatcherAndProcessLeaveNoServer(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		return // the watcher is all there is
	}
	b := setup(t)
	_, kill := startChild(t, b.options.DataDir)
	watcher := processesOf(t, "watcher of "+b.options.DataDir)
	require.Len(t, watcher, 1)
	pid, err := strconv.Atoi(strings.Fields(watcher[0])[0])
	require.NoError(t, err)
	require.NoError(t, syscall.Kill(pid, syscall.SIGKILL))
	kill()
	require.Eventually(t, func() bool { return len(processesOf(t, b.dir)) == 0 }, patience, 50*time.Millisecond)
	b.start(t) // uses, then removes the empty folder of the socket
}

// startChild runs a server in another process and returns the server's number and a way to kill that process.
func startChild(t *testing.T, dir string) (int, func()) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), childDir+"="+dir)
	cmd.Stderr = os.Stderr
	out, err := cmd.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, cmd.Start())
	var pid int
	_, err = fmt.Fscanln(out, &pid)
	require.NoError(t, err)
	return pid, func() {
		require.NoError(t, cmd.Process.Kill())
		require.Error(t, cmd.Wait())
	}
}

func TestKilledServerIsReportedAndRecovers(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, err := Start(t.Context(), b.options)
	require.NoError(t, err)
	pidFile := filepath.Join(s.home, "postmaster.pid")
	require.NoError(t, s.process.cmd.Process.Kill())
	<-s.process.done
	require.ErrorContains(t, s.Stop(t.Context()), "ended by itself")

	// The number in the pid file went to a program of the same user meanwhile.
	text, err := os.ReadFile(pidFile)
	require.NoError(t, err)
	who := account{}
	if os.Geteuid() == 0 {
		who, err = unprivileged()
		require.NoError(t, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	other := who.command(ctx, "/bin/sh", "-c", "read -r _")
	in, err := other.StdinPipe()
	require.NoError(t, err)
	require.NoError(t, other.Start())
	defer func() {
		require.NoError(t, in.Close())
		cancel()
		require.Error(t, other.Wait())
	}()
	_, rest, _ := strings.Cut(string(text), "\n")
	require.NoError(t, os.WriteFile(pidFile, fmt.Appendf(nil, "%d\n%s", other.Process.Pid, rest), 0o600))
	require.Eventually(t, func() bool { return len(processesOf(t, s.home)) == 0 }, patience, 50*time.Millisecond)
	require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
}

func TestCancelledStartLeavesNothingRunning(t *testing.T) {
	t.Parallel()
	steps := []string{"using Postgres", "making a new", "starting Postgres"}
	for _, step := range steps {
		t.Run(step, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			ctx, cancel := context.WithCancel(t.Context())
			defer cancel()
			options := b.options
			options.Progress = func(line string) {
				if strings.HasPrefix(line, step) {
					cancel()
				}
			}
			_, err := Start(ctx, options)
			require.ErrorIs(t, err, context.Canceled)
			require.Empty(t, processesOf(t, b.dir))
			left, err := filepath.Glob(options.DataDir + ".initdb-*")
			require.NoError(t, err)
			require.Empty(t, left)
			require.NoDirExists(t, filepath.Join(os.TempDir(), "renkei-pg-"+short(options.DataDir)))
			require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
		})
	}
}

func TestImpatientStopIsImmediate(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s, err := Start(t.Context(), b.options)
	require.NoError(t, err)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.ErrorIs(t, s.Stop(ctx), context.Canceled)
	require.Empty(t, processesOf(t, b.dir))
	require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
}
