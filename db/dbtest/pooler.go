package dbtest

import (
	"fmt"
	"net"
	"net/url"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// LoginStatements are those of docs/security.md that make the program's login; a test compares.
const LoginStatements = `CREATE ROLE renkei_program LOGIN NOINHERIT PASSWORD 'another';
GRANT renkei_app, renkei_keeper TO renkei_program;
-- Its sessions begin within the walls: behind a pooler nothing else could say so.
ALTER ROLE renkei_program SET role = 'renkei_app';
`

// Login gives a database a login of its own as docs/security.md has it, which owns nothing, and returns its connection
// string. It is taken away when the test ends.
func Login(tb testing.TB, target string) string {
	tb.Helper()
	name := "renkei_program_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	onServer(tb, target, strings.NewReplacer("renkei_program", name, "another", name).Replace(LoginStatements))
	tb.Cleanup(func() { onServer(tb, target, "DROP ROLE "+name) })
	u, err := url.Parse(target)
	require.NoError(tb, err)
	u.User = url.UserPassword(name, name)
	return u.String()
}

func onServer(tb testing.TB, target string, statements ...string) {
	tb.Helper()
	s := &server{admin: target}
	for _, sql := range statements {
		s.exec(tb, sql)
	}
}

// Pooler puts PgBouncer in transaction mode before a database, with few connections that everybody shares, and
// returns the connection string that leads through it.
func Pooler(tb testing.TB, target string) string {
	tb.Helper()
	config, err := pgx.ParseConfig(target)
	require.NoError(tb, err)
	address := FreeAddress(tb)
	destination := fmt.Sprintf("host=%s port=%d dbname=%s user=%s", config.Host, config.Port, config.Database, config.User)
	if config.Password != "" {
		destination += " password=" + config.Password
	}
	settings := []string{
		"[databases]",
		"renkei = " + destination,
		"[pgbouncer]",
		"listen_addr = 127.0.0.1", "listen_port = " + portOf(tb, address), "unix_socket_dir =",
		"auth_type = any", "pool_mode = transaction", "default_pool_size = 4", "max_client_conn = 500",
	}
	if os.Geteuid() == 0 {
		settings = append(settings, "user = "+whoMayEnter(tb, config.Host))
	}
	// Not tb.TempDir, whose parent nobody else may enter.
	dir, err := os.MkdirTemp("", "renkei-pooler-") //nolint:usetesting // as said
	require.NoError(tb, err)
	tb.Cleanup(func() { require.NoError(tb, os.RemoveAll(dir)) })
	require.NoError(tb, os.Chmod(dir, 0o755))
	ini := filepath.Join(dir, "pgbouncer.ini")
	require.NoError(tb, os.WriteFile(ini, []byte(strings.Join(settings, "\n")+"\n"), 0o644))
	Launch(tb, address, "apt-get install pgbouncer", "pgbouncer", "-q", ini)
	u := url.URL{Scheme: "postgres", User: url.User("anybody"), Host: address, Path: "/renkei", RawQuery: url.Values{
		"sslmode": {"disable"}, "timezone": {zone},
	}.Encode()}
	return u.String()
}

// whoMayEnter is a user whom Postgres' folder of sockets lets in: PgBouncer does not run as root.
func whoMayEnter(tb testing.TB, host string) string {
	tb.Helper()
	info, err := os.Stat(host)
	if net.ParseIP(host) != nil || err != nil {
		return "nobody"
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	require.True(tb, ok)
	u, err := user.LookupId(strconv.Itoa(int(stat.Uid)))
	require.NoError(tb, err)
	return u.Username
}

// installed finds a program, also where Debian keeps those of servers.
func installed(tb testing.TB, missing, name string) string {
	tb.Helper()
	if path, err := exec.LookPath(name); err == nil {
		return path
	}
	for _, pattern := range []string{"/usr/sbin/", "/usr/local/sbin/", "/opt/homebrew/bin/", "/usr/lib/postgresql/*/bin/"} {
		found, err := filepath.Glob(pattern + name)
		require.NoError(tb, err)
		if len(found) > 0 {
			return found[len(found)-1]
		}
	}
	require.FailNow(tb, name+" is not installed", missing)
	return ""
}
