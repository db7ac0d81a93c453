package dbtest

import (
	"bytes"
	"io"
	"net"
	"os"
	"os/exec"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// guarding makes the test binary run another program, for as long as its own standard input is open: a test
// that is killed leaves nothing running.
const guarding = "RENKEI_TEST_GUARDS"

const launchTimeout = 15 * time.Second

// Launch runs a server that listens on an address of this machine, until the test ends. missing says what to do
// where it is not installed.
func Launch(tb testing.TB, address, missing, program string, args ...string) {
	tb.Helper()
	path := installed(tb, missing, program)
	cmd := exec.Command(os.Args[0], append([]string{path}, args...)...) //nolint:noctx // it ends with its standard input
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), guarding+"=1")
	said := &lines{}
	cmd.Stdout, cmd.Stderr = said, said
	in, err := cmd.StdinPipe()
	require.NoError(tb, err)
	require.NoError(tb, cmd.Start())
	tb.Cleanup(func() {
		_ = in.Close()
		_ = cmd.Wait() // it was killed
	})
	require.Eventually(tb, func() bool {
		conn, err := (&net.Dialer{}).DialContext(tb.Context(), "tcp", address)
		return err == nil && conn.Close() == nil
	}, launchTimeout, 20*time.Millisecond, "%s does not listen: %s", program, said)
}

// guard is what a guarding test binary does in place of tests.
func guard(command []string) int {
	cmd := exec.Command(command[0], command[1:]...) //nolint:noctx // a test's, and it ends with standard input
	cmd.Stdout, cmd.Stderr = os.Stdout, os.Stderr
	if err := cmd.Start(); err != nil {
		return 1
	}
	go func() {
		_, _ = io.Copy(io.Discard, os.Stdin)
		_ = cmd.Process.Kill()
	}()
	if err := cmd.Wait(); err != nil {
		return 1
	}
	return 0
}

// FreeAddress is an address of this machine on which nothing listens.
func FreeAddress(tb testing.TB) string {
	tb.Helper()
	socket, err := (&net.ListenConfig{}).Listen(tb.Context(), "tcp", "127.0.0.1:0")
	require.NoError(tb, err)
	defer socket.Close() //nolint:errcheck // it was there for its number
	return socket.Addr().String()
}

func portOf(tb testing.TB, address string) string {
	tb.Helper()
	_, port, err := net.SplitHostPort(address)
	require.NoError(tb, err)
	_, err = strconv.Atoi(port)
	require.NoError(tb, err)
	return port
}

// lines is what a program said.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

// Write implements io.Writer.
func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

// String implements fmt.Stringer.
func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}
