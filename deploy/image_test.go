//go:build image

// Not part of `make test`: who runs this is root, and makes mounts and a root of its own.
package deploy_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/stretchr/testify/require"

	"renkei/db/embedded"
	"renkei/intake"
	"renkei/wantedly/wantedlysim"
)

const (
	patience = 60 * time.Second
	// nobody is the image's user.
	nobody = "65532"
)

// image is a root of its own that holds what the Dockerfile puts there.
type image struct {
	root string
	env  []string
}

func TestTheImageRunsAloneOnAReadOnlyRootAsNobody(t *testing.T) {
	t.Parallel()
	require.Zero(t, os.Geteuid(), "`make image` needs root: it makes mounts")
	sim := httptest.NewServer(wantedlysim.New(wantedlysim.Options{}))
	defer sim.Close()
	i := build(t)
	database := startPostgres(t)
	keys := filepath.Join(i.root, "keys")
	require.NoError(t, os.WriteFile(keys, []byte(intake.NewMasterKey()+"\n"), 0o400))
	require.NoError(t, os.Chown(keys, 65532, 65532))
	i.env = append(i.env,
		"RENKEI_DATABASE_URL="+database.as("renkei_program", "c4nary-program"), "RENKEI_MASTER_KEYS_FILE=/keys", "RENKEI_WANTEDLY_URL="+sim.URL,
		"RENKEI_LISTEN=127.0.0.1:0", "RENKEI_WORKERS=4")

	owner := i.with("RENKEI_OWNER_DATABASE_URL=" + database.as("renkei_owner", "c4nary-owner"))
	require.Contains(t, owner.run(t, "migrate", "up"), "the schema is current")
	require.Contains(t, i.run(t, "company", "create", "株式会社サンプル"), "created company")
	require.Regexp(t, `(?m)^ok +login `, i.run(t, "doctor"))

	address, said, stop := i.serve(t)
	require.Eventually(t, func() bool { return status(t, "http://"+address()+"/readyz") == http.StatusOK }, patience, 20*time.Millisecond, "%s", said)
	require.Equal(t, http.StatusOK, status(t, "http://"+address()+"/schema.graphql"))
	require.Contains(t, read(t, "http://"+address()+"/"), `<div id="root">`, "the console is inside")
	require.NoError(t, stop(), "%s", said)
	require.NotContains(t, said.String(), "could leave them")
	require.NotContains(t, said.String(), "c4nary")
}

// build does what the Dockerfile says, in a folder.
func build(t *testing.T) *image {
	t.Helper()
	text, err := os.ReadFile("../Dockerfile")
	require.NoError(t, err)
	line := regexp.MustCompile(`(?m)^RUN (CGO_ENABLED=0 go build .*)$`).FindSubmatch(text)
	require.NotNil(t, line, "the Dockerfile builds the program")
	require.Regexp(t, `(?m)^COPY --from=console /src/web/dist/console web/dist/console$`, string(text), "what `make console` writes here")
	require.Regexp(t, `(?m)^FROM scratch$`, string(text))
	require.Regexp(t, `(?m)^USER `+nobody+`:`+nobody+`$`, string(text))
	root := t.TempDir()
	for _, folder := range []string{"data", "etc/ssl/certs"} {
		require.NoError(t, os.MkdirAll(filepath.Join(root, folder), 0o755))
	}
	const certificates = "/etc/ssl/certs/ca-certificates.crt"
	pem, err := os.ReadFile(certificates)
	require.NoError(t, err, "apt-get install ca-certificates")
	require.NoError(t, os.WriteFile(filepath.Join(root, certificates), pem, 0o644))
	command := exec.Command("sh", "-ec", strings.ReplaceAll(string(line[1]), "/out/", root+"/"))
	command.Dir, command.Env = "..", append(os.Environ(), "VERSION=image")
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	i := &image{root: root}
	i.env = regexp.MustCompile(`RENKEI_[A-Z_]+=\S+`).FindAllString(string(text), -1)
	// t.TempDir is for its owner alone.
	for at := root; at != os.TempDir() && at != "/"; at = filepath.Dir(at) {
		require.NoError(t, os.Chmod(at, 0o755))
	}
	require.Equal(t, "image\n", i.run(t, "version"))
	return i
}

func (i *image) with(env ...string) *image {
	return &image{root: i.root, env: append(append([]string{}, i.env...), env...)}
}

// enclosed sees nothing but the image, may write nowhere but to /data, and is nobody. What it execs has the process id of
// whoever started it.
const enclosed = `
root=$ROOT
unset ROOT
mount --bind "$root" "$root"
mount -o remount,bind,ro "$root"
mount -t tmpfs -o mode=0700,uid=65532,gid=65532,noexec,nosuid,nodev tmpfs "$root/data"
if touch "$root/written" 2>/dev/null; then
  echo 'the root can be written to' >&2
  exit 99
fi
exec chroot --userspec=65532:65532 --groups= "$root" /renkei "$@"`

func (i *image) command(ctx context.Context, args ...string) *exec.Cmd {
	command := exec.CommandContext(ctx, "unshare", append([]string{"--mount", "sh", "-euc", enclosed, "renkei"}, args...)...)
	command.Env = append([]string{"ROOT=" + i.root, "PATH=" + os.Getenv("PATH")}, i.env...)
	return command
}

func (i *image) run(t *testing.T, args ...string) string {
	t.Helper()
	command := i.command(t.Context(), args...)
	var out, errs bytes.Buffer
	command.Stdout, command.Stderr = &out, &errs
	require.NoError(t, command.Run(), "%s\n%s", out.String(), errs.String())
	return out.String()
}

// serve begins to serve and tells, once it is known, where.
func (i *image) serve(t *testing.T) (address func() string, said *lockedBuffer, stop func() error) {
	t.Helper()
	said = &lockedBuffer{}
	command := i.command(t.Context(), "serve")
	command.Stderr = said
	require.NoError(t, command.Start())
	ended := sync.OnceValue(command.Wait)
	t.Cleanup(func() { _ = command.Process.Kill(); _ = ended() })
	serving := regexp.MustCompile(`"address":"([0-9.:]+)"`)
	require.Eventually(t, func() bool { return serving.MatchString(said.String()) }, patience, 20*time.Millisecond, "%s", said)
	uid := regexp.MustCompile(`(?m)^Uid:\s+(\d+)\s+(\d+)`)
	is, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(command.Process.Pid), "status"))
	require.NoError(t, err)
	require.Equal(t, []string{nobody, nobody}, uid.FindStringSubmatch(string(is))[1:])
	return func() string { return serving.FindStringSubmatch(said.String())[1] }, said, func() error {
		require.NoError(t, command.Process.Signal(syscall.SIGTERM))
		return ended()
	}
}

func status(t *testing.T, address string) int {
	t.Helper()
	resp, err := http.Get(address)
	if err != nil {
		return 0
	}
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func read(t *testing.T, address string) string {
	t.Helper()
	resp, err := http.Get(address)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, errors.Join(err, resp.Body.Close()))
	return string(body)
}

// cluster is a Postgres as the compose file has it: new, with the logins that its script makes.
type cluster struct{ address string }

func startPostgres(t *testing.T) *cluster {
	t.Helper()
	server, err := embedded.Start(t.Context(), embedded.Options{DataDir: filepath.Join(t.TempDir(), "postgres"), CacheDir: t.TempDir()})
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, server.Stop(context.WithoutCancel(t.Context()))) })
	config, err := pgconn.ParseConfig(server.URL("postgres"))
	require.NoError(t, err)

	secrets := t.TempDir()
	for _, login := range []string{"owner", "program"} {
		require.NoError(t, os.WriteFile(filepath.Join(secrets, login), []byte("c4nary-"+login), 0o600))
	}
	// The script makes it, under the name that the private cluster begins with.
	conn, err := pgconn.Connect(t.Context(), server.URL("postgres"))
	require.NoError(t, err)
	_, err = conn.Exec(t.Context(), "DROP DATABASE renkei").ReadAll()
	require.NoError(t, err)
	require.NoError(t, conn.Close(t.Context()))
	script := exec.Command("sh", "compose/postgres/10-logins.sh")
	script.Env = append(os.Environ(), "PGHOST="+config.Host, "PGPORT="+strconv.Itoa(int(config.Port)), "PGDATABASE=postgres",
		"POSTGRES_USER="+config.User, "SECRETS="+secrets)
	out, err := script.CombinedOutput()
	require.NoError(t, err, "%s (psql: apt-get install postgresql-client)", out)
	return &cluster{address: overTCP(t, config.Host, config.Port)}
}

func (c *cluster) as(login, password string) string {
	u := url.URL{Scheme: "postgres", User: url.UserPassword(login, password), Host: c.address, Path: "/renkei", RawQuery: "sslmode=disable"}
	return u.String()
}

// overTCP leads to a server that listens on a socket in a folder, which the image does not have.
func overTCP(t *testing.T, host string, port uint16) string {
	t.Helper()
	network, address := pgconn.NetworkAddress(host, port)
	front, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	var under sync.WaitGroup
	t.Cleanup(func() { _ = front.Close(); under.Wait() })
	under.Go(func() {
		for {
			client, err := front.Accept()
			if err != nil {
				return
			}
			under.Go(func() { carry(client, network, address) })
		}
	})
	return front.Addr().String()
}

// carry ends with either side; what breaks off is for them to notice.
func carry(client net.Conn, network, address string) {
	defer func() { _ = client.Close() }()
	server, err := net.Dial(network, address)
	if err != nil {
		return
	}
	defer func() { _ = server.Close() }()
	go func() {
		_, _ = io.Copy(server, client)
		_ = server.Close()
	}()
	_, _ = io.Copy(client, server)
}

// lockedBuffer is a buffer for many writers.
type lockedBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}
