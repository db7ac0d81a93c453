package main

import (
	"fmt"
	"net/http"
	"net/http/pprof"

	"renkei/graph"
	"renkei/intake"
	"renkei/observe"
)

// public is what stands on RENKEI_LISTEN.
func (a *app) public() (http.Handler, error) {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.ready)
	if a.door != nil {
		mux.Handle("/graphql", a.door)
		mux.Handle("GET /schema.graphql", a.door)
		for _, path := range graph.Sheets() {
			mux.Handle(path, a.door)
		}
		mux.Handle("/auth/", a.porter)
		mux.Handle("GET /invitation", a.porter)
		mux.Handle("GET /password-reset", a.porter)
		mux.Handle("/", a.console)
	}
	if a.queuePage != nil {
		mux.Handle(queuePath+"/", a.operatorsOnly(a.queuePage))
		// The mux's own redirection would say the query again.
		mux.Handle("GET "+queuePath, http.RedirectHandler(queuePath+"/", http.StatusFound))
	}
	handler, err := refuseForged(a.config.origins(), mux)
	if err != nil {
		return nil, fmt.Errorf("RENKEI_ALLOWED_ORIGINS: %w", err)
	}
	seen := a.eyes.HTTP(fromOurPages(a.config.origins(), handler), observe.Route, a.config.fromTrustedProxy)
	return withHeaders(a.config.PublicURL.Scheme == "https", seen), nil
}

// queuePath is where River's own page stands.
const queuePath = "/admin/jobs"

// operatorsOnly lets in the administrators of the company that runs this server. To anybody else who has
// signed in there is no such page.
func (a *app) operatorsOnly(next http.Handler) http.Handler {
	return a.door.Authenticate(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		actor := graph.ActorOf(r.Context())
		switch {
		case actor.Member.Roles == nil:
			w.Header().Set("WWW-Authenticate", "Bearer")
			answer(w, http.StatusUnauthorized, "sign in first")
		case actor.Company.ID != a.config.OperatingCompany || !actor.Holds(intake.RoleAdmin):
			answer(w, http.StatusNotFound, "not found")
		default:
			w.Header().Set("Content-Security-Policy", policyQueue)
			next.ServeHTTP(w, r)
		}
	}))
}

// internal is what stands on RENKEI_METRICS_LISTEN.
func (a *app) internal() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", alive)
	mux.HandleFunc("GET /readyz", a.ready)
	mux.Handle("GET /metrics", a.eyes.Handler())
	mux.HandleFunc("GET /debug/pprof/", pprof.Index)
	mux.HandleFunc("GET /debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("GET /debug/pprof/trace", pprof.Trace)
	return mux
}
