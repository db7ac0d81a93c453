package embedded

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"sync"
	"time"
)

const (
	superuser       = "postgres"
	defaultDatabase = "renkei"
)

// ErrInUse means that another process runs the cluster, or is about to.
var ErrInUse = errors.New("already in use")

// Options says where the cluster and the binaries live. DataDir is required, CacheDir only where Postgres has to be
// fetched.
type Options struct {
	DataDir  string            // where the cluster lives; made when missing
	CacheDir string            // where fetched binaries are kept
	Bin      string            // a folder of server binaries (RENKEI_POSTGRES_BIN) to use instead of any other
	Fast     bool              // no fsync: for tests, whose data may be lost
	Settings map[string]string // further server settings, such as max_connections
	Progress func(string)      // gets one line a step, from one goroutine; nil is silent

	skipInstalled bool   // tests: as if no Postgres were installed
	npmLock       []byte // tests: instead of the embedded lock file
}

// Server is a running Postgres that belongs to this process: it ends with Stop, or by itself when the process dies.
type Server struct {
	home    string
	sockets string
	lock    *lock
	process *process

	once    sync.Once
	stopped error
}

// Start runs the cluster in o.DataDir, which it initialises when the folder is missing or empty, and returns when the
// database "renkei" accepts connections. ctx bounds the start, not the server's life; when it ends early, nothing is
// left running.
//
// It returns ErrInUse while another process runs the cluster. It refuses, and touches nothing, where the folder holds
// something else, or a cluster of another major version than the binaries at hand.
func Start(ctx context.Context, o Options) (*Server, error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	home, who, err := place(ctx, o.DataDir)
	if err != nil {
		return nil, err
	}
	if home != o.DataDir {
		o.say("%s cannot be reached by the user %s, and Postgres does not run as root: keeping the database in %s",
			o.DataDir, who.name, home)
	}
	if err := makeDir(filepath.Dir(home)); err != nil {
		return nil, fmt.Errorf("make the folder of the database: %w", err)
	}
	lock, err := acquire(home+".lock", who)
	if err != nil {
		return nil, fmt.Errorf("the database in %s is %w", home, err)
	}
	s := &Server{home: home, lock: lock}
	if err := s.start(ctx, &o, who); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

func (s *Server) start(ctx context.Context, o *Options, who account) error {
	major, err := clusterMajor(s.home)
	if err != nil {
		return err
	}
	if major != 0 {
		if err := who.mayRun(ctx, s.home); err != nil {
			return err
		}
	}
	bin, err := o.find(ctx, who, s.home, major)
	if err != nil {
		return err
	}
	o.say("using Postgres %s in %s", bin.version, bin.dir)
	if major == 0 {
		if err := o.initialise(ctx, who, bin, s.home); err != nil {
			return err
		}
	}
	if err := o.awaitFormer(ctx, s.home); err != nil {
		return err
	}
	if s.sockets, err = socketDir(ctx, s.home, who); err != nil {
		return err
	}
	o.say("starting Postgres on the data in %s", s.home)
	//nolint:contextcheck // ctx is for the start, the server outlives it
	s.process, err = launch(who, s.home, filepath.Join(bin.dir, "postgres"), o.serverArgs(s.home, s.sockets)...)
	if err != nil {
		return err
	}
	if err := o.awaitReady(ctx, s); err != nil {
		// ctx may be over, and the server has to go all the same.
		grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
		defer cancel()
		return errors.Join(err, s.process.stop(grace))
	}
	o.say("Postgres is ready")
	return nil
}

// URL returns the connection string of a database, of "renkei" for "". It works for the user who called Start.
func (s *Server) URL(database string) string {
	if database == "" {
		database = defaultDatabase
	}
	query := url.Values{"host": {s.sockets}, "port": {socketPort}, "sslmode": {"disable"}}
	u := url.URL{Scheme: "postgres", User: url.User(superuser), Path: "/" + database, RawQuery: query.Encode()}
	return u.String()
}

// Stop closes the connections, shuts the server down cleanly and gives the data directory free. When ctx ends first,
// the server is stopped at once, which loses nothing but has it recover at the next start, and ctx's error is returned.
// Stop also tells when the server had ended by itself. Further calls return what the first did.
func (s *Server) Stop(ctx context.Context) error {
	s.once.Do(func() {
		var err error
		if s.process.ended() {
			err = fmt.Errorf("ended by itself (%v):\n%s", s.process.cmd.ProcessState, logTail(s.home))
		} else {
			err = s.process.stop(ctx)
		}
		if err != nil {
			err = fmt.Errorf("postgres in %s: %w", s.home, err)
		}
		s.stopped = errors.Join(err, s.release())
	})
	return s.stopped
}

func (s *Server) release() error {
	var err error
	if s.sockets != "" {
		err = os.RemoveAll(s.sockets)
	}
	return errors.Join(err, s.lock.release())
}

var settingName = regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.]*$`)

// check makes the paths absolute and follows a data directory that is a link, so that one cluster has one lock.
func (o *Options) check() error {
	if o.DataDir == "" {
		return errors.New("no data directory given")
	}
	for name := range o.Settings {
		if !settingName.MatchString(name) {
			return fmt.Errorf("%q is no name of a Postgres setting", name)
		}
	}
	for _, path := range []*string{&o.DataDir, &o.CacheDir, &o.Bin} {
		if *path == "" {
			continue
		}
		abs, err := filepath.Abs(*path)
		if err != nil {
			return err
		}
		*path = abs
	}
	target, err := filepath.EvalSymlinks(o.DataDir)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err == nil {
		o.DataDir = target
	}
	return err
}

func (o *Options) serverArgs(home, sockets string) []string {
	settings := map[string]string{}
	if o.Fast {
		settings = map[string]string{"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
	}
	maps.Copy(settings, o.Settings)
	args := []string{"-D", home}
	for name, value := range settings {
		args = append(args, "-c", name+"="+value)
	}
	// Last, so that neither a setting nor the cluster's postgresql.conf opens a port or moves the socket.
	return slices.Concat(args, []string{
		"-c", "listen_addresses=",
		"-c", "port=" + socketPort,
		"-c", "unix_socket_directories=" + sockets,
		"-c", "unix_socket_permissions=0700",
		"-c", "logging_collector=off",
		"-c", "log_destination=stderr",
	})
}

func (o *Options) say(format string, args ...any) {
	if o.Progress != nil {
		o.Progress(fmt.Sprintf(format, args...))
	}
}

// during tells every few seconds that the work goes on, and returns its error.
func (o *Options) during(what string, work func() error) error {
	o.say("%s", what)
	done := make(chan error, 1)
	go func() { done <- work() }()
	begin, tick := time.Now(), time.NewTicker(5*time.Second)
	defer tick.Stop()
	for {
		select {
		case err := <-done:
			return err
		case <-tick.C:
			o.say("%s (%d s)", what, int(time.Since(begin).Seconds()))
		}
	}
}
