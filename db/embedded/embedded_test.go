package embedded

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		child(dir)
	}
	goleak.VerifyTestMain(m)
}

type testBundle struct {
	dir     string // a passable folder
	options Options

	mu    sync.Mutex
	steps []string
}

func setup(t *testing.T) *testBundle {
	t.Helper()
	//nolint:usetesting // t.TempDir is for its owner alone, and root's server runs as another
	dir, err := os.MkdirTemp("/tmp", "embedded-test-*")
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { require.NoError(t, os.RemoveAll(dir)) })
	b := &testBundle{dir: dir}
	b.options = Options{
		DataDir:  filepath.Join(dir, "made", "postgres"),
		CacheDir: filepath.Join(dir, "cache"),
		Fast:     true,
		Progress: func(step string) {
			b.mu.Lock()
			defer b.mu.Unlock()
			b.steps = append(b.steps, step)
		},
	}
	return b
}

func (b *testBundle) progress() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return strings.Join(b.steps, "\n")
}

func (b *testBundle) start(t *testing.T) *Server {
	t.Helper()
	s, err := Start(t.Context(), b.options)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Stop(context.Background())) })
	return s
}

func query(t *testing.T, s *Server, sql string) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL(""))
	require.NoError(t, err)
	defer func() { require.NoError(t, conn.Close(context.Background())) }()
	var out string
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&out))
	return out
}

// processesOf lists the processes with the text in their command line or, on Linux, their working directory: the
// server's children have the data directory only there.
func processesOf(t *testing.T, dir string) []string {
	t.Helper()
	out, err := exec.Command("ps", "-A", "-ww", "-o", "pid=,stat=,command=").Output()
	require.NoError(t, err)
	var found []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		cwd, err := os.Readlink("/proc/" + fields[0] + "/cwd")
		if err == nil {
			line += cwd
		}
		if strings.Contains(line, dir) && !strings.HasPrefix(fields[1], "Z") {
			found = append(found, line)
		}
	}
	return found
}

func TestDataOutlivesTheServer(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.Settings = map[string]string{"max_connections": "17", "listen_addresses": "127.0.0.1"}

	s := b.start(t)
	require.Equal(t, "17/UTF8/", query(t, s, `SELECT current_setting('max_connections') || '/' ||
		current_setting('server_encoding') || '/' || current_setting('listen_addresses')`))
	conn, err := pgx.Connect(t.Context(), s.URL(""))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "CREATE TABLE kept AS SELECT 'yes' AS it")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	sockets := s.sockets
	info, err := os.Stat(sockets)
	require.NoError(t, err)
	require.Equal(t, os.ModeDir|0o700, info.Mode())
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, s.Stop(t.Context()), "again")
	require.Empty(t, processesOf(t, b.dir))
	require.NoDirExists(t, sockets)
	require.Contains(t, b.progress(), "making a new database cluster")

	b.steps = nil
	s = b.start(t)
	require.Equal(t, "yes", query(t, s, "SELECT it FROM kept"))
	require.NotContains(t, b.progress(), "making a new")
	log, err := os.ReadFile(b.options.DataDir + ".log")
	require.NoError(t, err)
	require.NotContains(t, string(log), "recovery", "the stop was clean")
}

func TestMissingDatabaseIsMadeAgain(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.start(t)
	conn, err := pgx.Connect(t.Context(), s.URL("postgres"))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "DROP DATABASE renkei")
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	require.NoError(t, s.Stop(t.Context()))

	require.Equal(t, "renkei", query(t, b.start(t), "SELECT current_database()::text"))
}

func TestSecondStartIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	s := b.start(t)
	_, err := Start(t.Context(), b.options)
	require.ErrorIs(t, err, ErrInUse)
	require.ErrorContains(t, err, s.home)
	require.ErrorContains(t, err, "process "+strconv.Itoa(os.Getpid()))

	link := filepath.Join(b.dir, "link")
	require.NoError(t, os.Symlink(b.options.DataDir, link))
	b.options.DataDir = link
	_, err = Start(t.Context(), b.options)
	require.ErrorIs(t, err, ErrInUse, "by another name")
	require.Equal(t, "1", query(t, s, "SELECT '1'"))
}

func TestOneOfSimultaneousStartsWins(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.Progress = nil
	const starts = 4
	servers, errs := make([]*Server, starts), make([]error, starts)
	var wg sync.WaitGroup
	for i := range starts {
		wg.Go(func() { servers[i], errs[i] = Start(t.Context(), b.options) })
	}
	wg.Wait()
	won := 0
	for i := range starts {
		if errs[i] == nil {
			won++
			require.Equal(t, "1", query(t, servers[i], "SELECT '1'"))
			require.NoError(t, servers[i].Stop(t.Context()))
			continue
		}
		require.ErrorIs(t, errs[i], ErrInUse)
	}
	require.Equal(t, 1, won)
}

func TestEmptyFolderIsUsed(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, makeDir(b.options.DataDir))
	require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
}

func TestHalfMadeClusterIsSweptAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	leftover := b.options.DataDir + ".initdb-123"
	require.NoError(t, makeDir(filepath.Join(leftover, "base")))
	require.Equal(t, "1", query(t, b.start(t), "SELECT '1'"))
	require.NoDirExists(t, leftover)
}
