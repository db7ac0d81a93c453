package main

import (
	"context"
	"errors"
	"net/http"
	"net/netip"
	"slices"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"

	"renkei/db"
	"renkei/intake"
	"renkei/jobs"
	"renkei/observe"
)

// openEyes makes what counts and traces the process.
func openEyes(ctx context.Context, c config, log zerolog.Logger) (*observe.Door, *observe.Tracing, error) {
	tracing := observe.NoTracing()
	var err error
	switch {
	case c.traceTo != nil:
		tracing, err = observe.ExportTo(ctx, c.traceTo, version)
	case c.Traces != "":
		tracing, err = observe.NewTracing(ctx, c.Traces, version, log)
	}
	if err != nil {
		return nil, nil, err
	}
	return observe.NewDoor(observe.NewMetrics(version, []intake.Medium{intake.MediumWantedly}, log), tracing), tracing, nil
}

// show has a scrape read what is no count: how things stand.
func (a *app) show() {
	a.eyes.ShowPools(map[string]*pgxpool.Pool{"main": a.pool, "health": a.health, "pulse": a.pulse})
	a.eyes.ShowState(jobs.Queues(), func(ctx context.Context) (observe.State, error) {
		vitals, err := a.service.Vitals(ctx)
		if err != nil {
			return observe.State{}, err
		}
		queue, err := db.ReadQueue(ctx, a.pool)
		return observe.State{Vitals: vitals, Queue: queue}, err
	})
	a.eyes.ShowAway([]intake.Medium{intake.MediumWantedly}, func() []intake.Medium {
		outages := a.service.Outages()
		away := make([]intake.Medium, 0, len(outages))
		for _, o := range outages {
			away = append(away, o.Medium)
		}
		return away
	})
	a.eyes.Gauge("renkei_ready", "1 where the process can do its work: what /readyz said a moment ago.", func() float64 {
		if a.fit.Load() {
			return 1
		}
		return 0
	})
	a.eyes.Gauge("renkei_listener_connected", "1 while the connection that hears of changes stands.", func() float64 {
		if a.listening.Load() {
			return 1
		}
		return 0
	})
	a.eyes.Gauge("renkei_streams_open", "WebSockets and event streams that are open on this process.", func() float64 {
		if a.door == nil {
			return 0
		}
		return float64(a.door.OpenStreams())
	})
}

// sourceAsked tells of a medium's requests.
func sourceAsked(eyes *observe.Door, medium intake.Medium) func(context.Context, string, string) (context.Context, func(int, error)) {
	return func(ctx context.Context, method, route string) (context.Context, func(int, error)) {
		return eyes.MediumAsked(ctx, medium, method, route)
	}
}

// fromTrustedProxy reports whether a request comes from one of the proxies that are believed.
func (c config) fromTrustedProxy(r *http.Request) bool {
	peer, err := netip.ParseAddrPort(r.RemoteAddr)
	if err != nil {
		return false
	}
	address := peer.Addr().Unmap().WithZone("")
	return slices.ContainsFunc(c.TrustedProxies, func(p netip.Prefix) bool { return p.Contains(address) })
}

// stopTracing sends what is left; that it cannot be sent is no failure of the process.
func (a *app) stopTracing(ctx context.Context) {
	if err := a.tracing.Stop(ctx); err != nil && !errors.Is(err, context.Canceled) {
		a.log.Warn().Err(err).Msg("the last traces are lost")
	}
}
