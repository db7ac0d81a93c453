package dbtest

import (
	"context"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/embedded"
)

// Pair is a Postgres and its streaming replica, which confirms each commit before that is acknowledged.
type Pair struct {
	// URL finds whichever of the two takes changes, in the database "renkei", migrated and empty.
	URL     string
	primary string
	replica *embedded.Server
}

// NewPair starts both, until the test ends.
func NewPair(tb testing.TB) *Pair {
	tb.Helper()
	ctx, cancel := context.WithTimeout(tb.Context(), startTimeout)
	defer cancel()
	// Not tb.TempDir, whose parent nobody else may enter.
	dir, err := os.MkdirTemp("", "renkei-pair-") //nolint:usetesting // as said
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(dir)) })
	// Started as root, Postgres runs as somebody else, who has to get in.
	require.NoError(tb, os.Chmod(dir, 0o755))
	p := &Pair{primary: filepath.Join(dir, "primary")}
	primary := startOne(ctx, tb, p.primary)
	_, err = db.Migrate(ctx, primary.URL(""))
	require.NoError(tb, err)

	second := filepath.Join(dir, "replica")
	at := socketsOf(tb, primary)
	backup := exec.CommandContext(ctx, installed(tb, "apt-get install postgresql", "pg_basebackup"),
		"--pgdata="+second, "--host="+at.Get("host"), "--port="+at.Get("port"), "--username=postgres",
		"--checkpoint=fast", "--wal-method=stream", "--write-recovery-conf")
	said, err := backup.CombinedOutput()
	require.NoError(tb, err, "%s", said)
	giveTo(tb, p.primary, second)
	p.replica = startOne(ctx, tb, second)
	onServer(tb, primary.URL(""), "ALTER SYSTEM SET synchronous_standby_names = '*'", "SELECT pg_reload_conf()")
	require.Eventually(tb, func() bool {
		conn, err := pgx.Connect(ctx, primary.URL(""))
		if err != nil {
			return false
		}
		defer conn.Close(ctx) //nolint:errcheck // a connection used once
		var synchronous bool
		err = conn.QueryRow(ctx, "SELECT count(*) = 1 FROM pg_stat_replication WHERE sync_state = 'sync'").Scan(&synchronous)
		return err == nil && synchronous
	}, launchTimeout, 50*time.Millisecond, "the replica does not follow")

	other := socketsOf(tb, p.replica)
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Path: "/renkei", RawQuery: url.Values{
		"host": {at.Get("host") + "," + other.Get("host")}, "port": {at.Get("port") + "," + other.Get("port")},
		"target_session_attrs": {"read-write"}, "sslmode": {"disable"}, "timezone": {zone},
	}.Encode()}
	p.URL = u.String()
	return p
}

func startOne(ctx context.Context, tb testing.TB, dir string) *embedded.Server {
	tb.Helper()
	pg, err := embedded.Start(ctx, embedded.Options{DataDir: dir, Bin: os.Getenv("RENKEI_POSTGRES_BIN"), Fast: true, Settings: map[string]string{
		"max_connections": "100", "synchronous_commit": "remote_apply",
	}})
	require.NoError(tb, err, "apt-get install postgresql")
	tb.Cleanup(func() {
		stopping, cancel := context.WithTimeout(context.WithoutCancel(ctx), createTimeout)
		defer cancel()
		_ = pg.Stop(stopping) // the test may have ended it
	})
	return pg
}

func socketsOf(tb testing.TB, pg *embedded.Server) url.Values {
	tb.Helper()
	u, err := url.Parse(pg.URL(""))
	require.NoError(tb, err)
	return u.Query()
}

// giveTo makes a copy belong to whom its original does.
func giveTo(tb testing.TB, original, dir string) {
	tb.Helper()
	info, err := os.Stat(original)
	require.NoError(tb, err)
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(tb, ok)
	require.NoError(tb, filepath.WalkDir(dir, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Lchown(path, int(stat.Uid), int(stat.Gid))
	}))
}

// KillPrimary ends the first server as a crash would: nothing is flushed, nobody is told.
func (p *Pair) KillPrimary(tb testing.TB) {
	tb.Helper()
	text, err := os.ReadFile(filepath.Join(p.primary, "postmaster.pid"))
	require.NoError(tb, err)
	first, _, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(first)
	require.NoError(tb, err)
	require.NoError(tb, syscall.Kill(pid, syscall.SIGQUIT))
}

// Promote makes the replica take changes.
func (p *Pair) Promote(tb testing.TB) {
	tb.Helper()
	onServer(tb, p.replica.URL(""), "SELECT pg_promote()")
}
