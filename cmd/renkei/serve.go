package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"renkei/access"
	"renkei/db"
	"renkei/graph"
	"renkei/intake"
	"renkei/jobs"
	"renkei/notify"
	"renkei/observe"
	"renkei/wantedly"
	"renkei/web"
)

const (
	// Everything is over within 10 seconds of being told to stop: last words, requests, then jobs.
	lastWords    = 300 * time.Millisecond
	stopRequests = 3 * time.Second
	stopJobs     = 2 * time.Second

	readHeaderTimeout = 5 * time.Second
	readTimeout       = 30 * time.Second
	// writeTimeout lets go of a client that does not read; streams have times of their own.
	writeTimeout   = 6 * time.Minute
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 32 << 10
	readyTimeout   = 2 * time.Second

	// maxSweepPeriod is how late an import may be; a short interval is looked after more often.
	maxSweepPeriod = time.Minute
	sweepsPerSlot  = 20
	// connections that are not a worker's: requests, watchers, the queue itself.
	spareConnections = 15
	// pulseConnections renew leases and find dead workers' tasks, past a pooler where there is one.
	pulseConnections = 2
)

func serveCommand(ctx context.Context, i *invocation) error {
	apiOnly := i.flags.Bool("api-only", false, "")
	workersOnly := i.flags.Bool("workers-only", false, "")
	if _, err := i.parse(0); err != nil {
		return err
	}
	if *apiOnly && *workersOnly {
		return fmt.Errorf("%w: --api-only and --workers-only exclude each other", errUsage)
	}
	if err := i.config.require("RENKEI_DATABASE_URL", "RENKEI_MASTER_KEYS", "RENKEI_WANTEDLY_URL"); err != nil {
		return err
	}
	app, err := newApp(ctx, i.config, i.log, parts{api: !*workersOnly, workers: !*apiOnly})
	if err != nil {
		return err
	}
	return app.run(ctx)
}

// parts are what a process does.
type parts struct{ api, workers bool }

// app is the whole program, put together.
type app struct {
	config config
	log    zerolog.Logger
	medium *wantedly.Client
	pool   *pgxpool.Pool
	// health asks the database how it is, whoever holds the pool's connections.
	health *pgxpool.Pool
	// pulse keeps leases, whoever holds the pool's connections.
	pulse   *pgxpool.Pool
	service *intake.Service
	keys    *intake.KeyHolder
	runner  *jobs.Runner
	door    *graph.Server
	porter  *access.Porter
	console http.Handler
	// queuePage is River's own.
	queuePage *jobs.Console
	socket    net.Listener
	eyes      *observe.Door
	tracing   *observe.Tracing
	// watchdog cuts all connections when the database falls silent.
	watchdog *db.Watchdog
	// listening while the connection stands that hears of changes.
	listening atomic.Bool
	// crowded while whoever wants a connection of the pool waits too long for it.
	crowded atomic.Bool
	// fit is what /readyz said a moment ago.
	fit atomic.Bool
	// stopping makes the process unready before it takes no more requests.
	stopping atomic.Bool
}

// newApp puts everything together and opens the socket; run makes it work.
func newApp(ctx context.Context, c config, log zerolog.Logger, p parts) (_ *app, err error) {
	vault, err := c.openVault(ctx)
	if err != nil {
		return nil, err
	}
	eyes, tracing, err := openEyes(ctx, c, log)
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, tracing.Stop(context.WithoutCancel(ctx)))
		}
	}()
	medium, err := wantedly.New(wantedly.Config{
		BaseURL: c.WantedlyURL, Rate: c.WantedlyRate, UserAgent: "renkei/" + version, Contact: c.Contact, Logger: log,
		Asking: sourceAsked(eyes, intake.MediumWantedly), SignedIn: func(err error) { eyes.MediumSignedIn(intake.MediumWantedly, err) },
	})
	if errors.Is(err, wantedly.ErrBadContact) {
		return nil, inSettings(fmt.Errorf("RENKEI_CONTACT: %w", err))
	}
	if err != nil {
		return nil, inSettings(fmt.Errorf("RENKEI_WANTEDLY_URL: %w", err))
	}
	queue, err := jobs.NewQueue(eyes)
	if err != nil {
		return nil, err
	}
	watchdog := db.NewWatchdog(c.direct(), log)
	// Workers wait for the medium most of their time, without a connection.
	pool, err := c.open(ctx, c.Workers/2+spareConnections, db.Traced(tracing.SQL()), db.Watched(watchdog))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			pool.Close()
		}
	}()
	if err := db.CheckSchema(ctx, pool); err != nil {
		return nil, err
	}
	health, err := c.open(ctx, 1, db.Watched(watchdog))
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			health.Close()
		}
	}()
	pulse, err := db.Open(ctx, c.direct(), pulseConnections, db.Watched(watchdog))
	if err != nil {
		return nil, fmt.Errorf("RENKEI_DIRECT_DATABASE_URL: %w", err)
	}
	defer func() {
		if err != nil {
			pulse.Close()
		}
	}()
	a := &app{config: c, log: log, medium: medium, pool: pool, health: health, pulse: pulse, watchdog: watchdog, eyes: eyes, tracing: tracing}
	notifier, err := notify.New(notify.Config{SMTP: c.SMTPURL, From: c.MailFrom, Private: c.NotifyPrivate, UserAgent: "renkei/" + version})
	if err != nil {
		return nil, inSettings(fmt.Errorf("RENKEI_SMTP_URL: %w", err))
	}
	a.service = intake.New(pool, queue, map[intake.Medium]intake.Source{intake.MediumWantedly: medium}, vault,
		intake.Settings{
			ImportInterval: c.ImportInterval, VerifyTimeout: c.VerifyTimeout, RetryAfter: c.retryAfter,
			PasswordHashed: eyes.PasswordHashed, Observer: eyes, Pulse: pulse,
			Notifier: notifier, NotifyWaiting: c.NotifyWaiting, NotifyPrivate: c.NotifyPrivate,
			OperatingCompany: c.OperatingCompany, PublicURL: c.PublicURL.String(), Support: c.Support,
		}, log)
	if p.workers {
		a.runner, err = jobs.NewRunner(pool, a.service, jobs.Config{
			Workers: c.Workers, SweepEvery: sweepPeriod(c.ImportInterval), StopWithin: stopJobs, PollOnly: c.DirectURL != "", Log: log, Observer: eyes,
		})
		if err != nil {
			return nil, err
		}
	}
	if p.api {
		a.porter, err = access.New(a.service, access.Options{
			PublicURL: c.PublicURL, AllowedOrigins: c.AllowedOrigins, TrustedProxies: c.TrustedProxies, OIDC: c.OIDC, Log: log,
		})
		if err != nil {
			return nil, err
		}
		uploads, err := c.uploadFolder()
		if err != nil {
			return nil, err
		}
		a.door = graph.NewServer(a.service, graph.Options{
			AllowedOrigins: c.origins(), Playground: c.Playground, Authenticator: a.porter, PublicURL: c.PublicURL.String(),
			UploadFolder: uploads, Log: log, Observer: eyes, Trusted: c.fromTrustedProxy,
		})
		if a.console, err = web.Handler(web.Settings{Support: c.Support, Demo: c.demo, Version: version}); err != nil {
			return nil, err
		}
		if c.OperatingCompany != uuid.Nil {
			if a.queuePage, err = jobs.NewConsole(pool, queuePath, log); err != nil {
				return nil, err
			}
		}
	}
	a.show()
	if a.socket, err = (&net.ListenConfig{}).Listen(ctx, "tcp", c.Listen); err != nil {
		return nil, fmt.Errorf("RENKEI_LISTEN: %w", err)
	}
	if err := a.joinVault(ctx); err != nil {
		return nil, errors.Join(err, a.socket.Close())
	}
	return a, nil
}

// joinVault is last: from then on others wait for this process to have a new key.
func (a *app) joinVault(ctx context.Context) (err error) {
	host, err := os.Hostname()
	if err != nil {
		host = "unknown host"
	}
	a.keys, err = a.service.JoinVault(ctx, fmt.Sprintf("%s pid %d", host, os.Getpid()))
	if _, unfit := errors.AsType[*intake.KeysError](err); unfit {
		setting, _ := a.config.keys()
		return inSettings(fmt.Errorf("%s: %w", setting, err))
	}
	return err
}

// sweepPeriod is how often due imports are looked for.
func sweepPeriod(interval time.Duration) time.Duration {
	return min(maxSweepPeriod, max(time.Second, interval/sweepsPerSlot))
}

func (c config) origins() []string {
	return append([]string{originOf(c.PublicURL)}, c.AllowedOrigins...)
}

// uploadFolder is where uploads lie while they are looked at: with the program's own data where somebody says
// where that is, else where the system keeps what is temporary.
func (c config) uploadFolder() (string, error) {
	if !c.given["RENKEI_DATA_DIR"] {
		return "", nil
	}
	if err := os.MkdirAll(c.DataDir, 0o700); err != nil {
		return "", inSettings(fmt.Errorf("RENKEI_DATA_DIR: %w", err))
	}
	return c.DataDir, nil
}

// run works until ctx ends or a part fails, then takes everything down in order: the door, the jobs,
// the listener, the pool.
func (a *app) run(ctx context.Context) error {
	defer a.pool.Close()
	defer a.health.Close()
	defer a.pulse.Close()
	defer a.medium.Close()
	defer a.stopTracing(context.WithoutCancel(ctx))
	if a.porter != nil {
		defer a.porter.Close()
	}
	group, failed := errgroup.WithContext(ctx)
	working, stopWorking := context.WithCancel(context.WithoutCancel(ctx))
	defer stopWorking()
	listening, stopListening := context.WithCancel(context.WithoutCancel(ctx))
	defer stopListening()

	door, err := a.public()
	if err != nil {
		return errors.Join(err, a.socket.Close())
	}
	public := newHTTPServer(a.saysGoodbye(door), a.log)
	servers := []*http.Server{public}
	if a.queuePage != nil {
		if err := a.queuePage.Start(working); err != nil {
			return errors.Join(fmt.Errorf("start the queue's page: %w", err), a.socket.Close())
		}
	}
	if a.config.MetricsListen != "" {
		socket, err := (&net.ListenConfig{}).Listen(ctx, "tcp", a.config.MetricsListen)
		if err != nil {
			return errors.Join(fmt.Errorf("RENKEI_METRICS_LISTEN: %w", err), a.socket.Close())
		}
		internal := newHTTPServer(a.internal(), a.log)
		servers = append(servers, internal)
		group.Go(func() error { return serveOn(socket, internal) })
	}
	group.Go(func() error { return serveOn(a.socket, public) })
	if a.runner != nil {
		group.Go(func() error { return a.runner.Run(working) })
	}
	var ears errgroup.Group
	ears.Go(func() error { a.watchdog.Run(listening); return nil })
	ears.Go(func() error { a.queueUp(listening); return nil })
	ears.Go(func() error { a.lookAfterItself(listening); return nil })
	ears.Go(func() error { return a.listen(listening) })
	ears.Go(func() error { a.keys.Keep(listening); return nil })
	if a.door != nil {
		ears.Go(func() error { a.door.EndStreams(listening); return nil })
	}
	if reached, err := db.Reach(ctx, a.pool); err == nil {
		a.log.Info().Bool("pooler", reached.Pooler).Str("as", reached.User).Msg("database reached")
	}
	// The demo's own Postgres has one login, and nobody else's data.
	if err := db.CheckWalls(ctx, a.pool); err != nil && a.config.given["RENKEI_DATABASE_URL"] {
		a.log.Warn().Err(err).Msg("the program works behind its walls, but its database login could leave them: docs/security.md says how to give it another")
	}
	if ip := net.ParseIP(hostOf(a.config.Listen)); a.config.PublicURL.Scheme == "http" && (ip == nil || !ip.IsLoopback()) && hostOf(a.config.Listen) != "localhost" {
		a.log.Warn().Msg("passwords and cookies would cross the network in the clear: RENKEI_PUBLIC_URL is not https")
	}
	a.log.Info().Str("address", a.socket.Addr().String()).Str("version", version).Msg("serving")

	group.Go(func() error {
		<-failed.Done()
		a.stopping.Store(true)
		a.log.Info().Msg("stopping")
		defer stopWorking()
		if a.door != nil && a.config.Drain > 0 {
			// Nobody waits for jobs here: others take them up meanwhile.
			stopWorking()
			a.drain()
		}
		return a.closeDoor(context.WithoutCancel(ctx), servers)
	})
	err = group.Wait()
	stopListening()
	return errors.Join(err, ignoreCancelled(ears.Wait()))
}

// saysGoodbye has proxies that keep connections use no old one for a process that stops.
func (a *app) saysGoodbye(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if a.stopping.Load() {
			w.Header().Set("Connection", "close")
		}
		next.ServeHTTP(w, r)
	})
}

// drain goes on answering until those who ask /readyz have heard that they should send nobody any more.
func (a *app) drain() {
	<-time.After(a.config.Drain)
}

func hostOf(address string) string {
	host, _, _ := net.SplitHostPort(address) // it was checked when it was read
	return host
}

// closeDoor takes no new connection, answers what is asked, and closes. A client that keeps its connection may be
// sending on it at the very instant in which it is closed, and would not know whether it was heard: so each is told with
// one more answer that it was the last (see saysGoodbye). Who asks nothing in that time is closed without.
func (a *app) closeDoor(ctx context.Context, servers []*http.Server) error {
	if a.door != nil {
		a.door.CloseStreams()
		if err := a.socket.Close(); err != nil {
			a.log.Warn().Err(err).Msg("the socket does not close")
		}
		<-time.After(lastWords)
	}
	ctx, cancel := context.WithTimeout(ctx, stopRequests)
	defer cancel()
	var errs []error
	for _, s := range servers {
		if err := s.Shutdown(ctx); err != nil {
			// Whoever has not finished by now is cut off.
			errs = append(errs, ignoreDeadline(err), s.Close())
		}
	}
	return errors.Join(errs...)
}

func ignoreCancelled(err error) error {
	if errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

func ignoreDeadline(err error) error {
	if errors.Is(err, context.DeadlineExceeded) {
		return nil
	}
	return err
}

// listen wakes the subscribers of this process. While the listening connection is away they are woken
// every so often instead.
func (a *app) listen(ctx context.Context) error {
	listener := &db.Listener{
		URL: a.config.direct(), Channel: intake.EventsChannel, Watchdog: a.watchdog, Log: a.log,
		Heard: func(payload string) {
			if id, err := uuid.Parse(payload); err == nil {
				a.service.WakeWatchers(id)
			}
		},
		Connected: func(now bool) {
			a.listening.Store(now)
			a.service.WakeAllWatchers()
		},
	}
	var group errgroup.Group
	group.Go(func() error { return listener.Run(ctx) })
	group.Go(func() error {
		ticker := time.NewTicker(time.Second)
		defer ticker.Stop()
		for {
			select {
			case <-ctx.Done():
				return nil
			case <-ticker.C:
				if !a.listening.Load() {
					a.service.WakeAllWatchers()
				}
			}
		}
	})
	return group.Wait()
}

func serveOn(socket net.Listener, s *http.Server) error {
	if err := s.Serve(socket); !errors.Is(err, http.ErrServerClosed) && !errors.Is(err, net.ErrClosed) {
		return fmt.Errorf("serve %s: %w", socket.Addr(), err)
	}
	return nil
}

func newHTTPServer(h http.Handler, log zerolog.Logger) *http.Server {
	return &http.Server{
		Handler: h, ReadHeaderTimeout: readHeaderTimeout, ReadTimeout: readTimeout, WriteTimeout: writeTimeout, IdleTimeout: idleTimeout,
		MaxHeaderBytes: maxHeaderBytes,
		ErrorLog:       stdlog.New(levelWriter{log, zerolog.DebugLevel}, "", 0),
	}
}

// levelWriter logs lines at a level.
type levelWriter struct {
	log   zerolog.Logger
	level zerolog.Level
}

// Write implements io.Writer.
func (w levelWriter) Write(p []byte) (int, error) {
	w.log.WithLevel(w.level).Msg(string(p))
	return len(p), nil
}
