package main

import (
	"context"
	"errors"
	"fmt"
	stdlog "log"
	"net"
	"net/http"
	"time"

	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"golang.org/x/sync/errgroup"

	"renkei/db"
	"renkei/intake"
)

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

// closeDoor takes no new connection, answers what is asked, and closes. A client that keeps its connection may be
// sending on it at the very instant in which it is closed, and would not know whether it was heard: so each is told with
// one more answer that it was the last (see saysGoodbye). Who asks nothing in that time is closed without.
func (a *app) closeDoor(ctx context.Context, servers []*http.Server) error {
	if a.door != nil {
		a.door.CloseStreams()
		if err := a.socket.Close(); err != nil {
			a.log.Warn().Err(err).Msg("the socket does not close")
		}
		<-time.After(a.config.lastWords)
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
