package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/jackc/pgx/v5"

	"renkei/db/embedded"
)

// cluster is a Postgres that can be crashed. It stays at one address, on TCP, whatever becomes of it.
type cluster struct {
	opts embedded.Options

	mu     sync.Mutex
	server *embedded.Server
	door   net.Listener
	closed chan struct{}
}

// startCluster runs a Postgres that loses nothing: fsync is on.
func startCluster(ctx context.Context, dir string, settings map[string]string) (*cluster, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = filepath.Join(dir, "cache")
	}
	c := &cluster{
		opts: embedded.Options{
			DataDir: filepath.Join(dir, "postgres"), CacheDir: filepath.Join(cache, "renkei"), Bin: os.Getenv("RENKEI_POSTGRES_BIN"), Settings: settings,
		},
		closed: make(chan struct{}),
	}
	if c.server, err = embedded.Start(ctx, c.opts); err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	if c.door, err = (&net.ListenConfig{}).Listen(ctx, "tcp", "127.0.0.1:0"); err != nil {
		return nil, errors.Join(err, c.server.Stop(ctx))
	}
	go c.open()
	return c, nil
}

// open joins each connection to the server's socket, which is not on TCP.
func (c *cluster) open() {
	defer close(c.closed)
	for {
		conn, err := c.door.Accept()
		if err != nil {
			return
		}
		go c.join(conn)
	}
}

func (c *cluster) join(conn net.Conn) {
	defer conn.Close() //nolint:errcheck // one end or the other is gone
	socket, err := c.socket()
	if err != nil {
		return
	}
	server, err := net.Dial("unix", socket) //nolint:noctx // it is on this machine and answers at once
	if err != nil {
		return
	}
	defer server.Close() //nolint:errcheck // one end or the other is gone
	ended := make(chan struct{}, 2)
	pipe := func(to, from net.Conn) {
		_, _ = io.Copy(to, from) // its end is all that matters
		ended <- struct{}{}
	}
	go pipe(server, conn)
	go pipe(conn, server)
	<-ended
}

func (c *cluster) socket() (string, error) {
	u, err := url.Parse(c.url("postgres", ""))
	if err != nil {
		return "", err
	}
	return filepath.Join(u.Query().Get("host"), ".s.PGSQL."+u.Query().Get("port")), nil
}

// url reaches a database directly, over the socket; who names the connection in the server's books.
func (c *cluster) url(database, who string) string {
	c.mu.Lock()
	defer c.mu.Unlock()
	u := c.server.URL(database)
	if who != "" {
		u += "&application_name=" + url.QueryEscape(who)
	}
	return u
}

// tcp reaches a database at an address that leads here, such as a proxy's.
func tcp(address, database, who string) string {
	query := url.Values{"sslmode": {"disable"}, "application_name": {who}}
	u := url.URL{Scheme: "postgres", User: url.User("postgres"), Host: address, Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

func (c *cluster) address() string { return c.door.Addr().String() }

// exec runs statements on a database as a superuser.
func (c *cluster) exec(ctx context.Context, database string, statements ...string) error {
	conn, err := pgx.Connect(ctx, c.url(database, "faults"))
	if err != nil {
		return err
	}
	defer conn.Close(context.WithoutCancel(ctx)) //nolint:errcheck // what matters is committed
	for _, s := range statements {
		if _, err := conn.Exec(ctx, s); err != nil {
			return err
		}
	}
	return nil
}

// crash stops the server as `pg_ctl -m immediate` does: nothing is written, and it recovers at its next start.
func (c *cluster) crash(ctx context.Context) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if pid, err := postmaster(c.opts.DataDir); err == nil {
		_ = syscall.Kill(pid, syscall.SIGQUIT) // it may have gone by itself
		for syscall.Kill(pid, 0) == nil {
			pause(ctx, time.Millisecond)
		}
	}
	// It says that the server has ended by itself, which is what was wanted.
	_ = c.server.Stop(ctx)
}

// start runs a crashed server again.
func (c *cluster) start(ctx context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	server, err := embedded.Start(ctx, c.opts)
	if err == nil {
		c.server = server
	}
	return err
}

func (c *cluster) stop(ctx context.Context) error {
	err := c.door.Close()
	<-c.closed
	c.mu.Lock()
	defer c.mu.Unlock()
	return errors.Join(err, c.server.Stop(ctx))
}

func postmaster(home string) (int, error) {
	text, err := os.ReadFile(filepath.Join(home, "postmaster.pid"))
	if err != nil {
		return 0, fmt.Errorf("find Postgres: %w", err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	return strconv.Atoi(first)
}
