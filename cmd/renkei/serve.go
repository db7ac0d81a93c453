package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"sync/atomic"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

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

func hostOf(address string) string {
	host, _, _ := net.SplitHostPort(address) // it was checked when it was read
	return host
}
