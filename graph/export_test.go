package graph

import (
	"context"
	"net/http"
	"time"

	"renkei/intake"
)

// WithKeepAlive sets how often event streams are kept alive.
func (o Options) WithKeepAlive(every time.Duration) Options {
	o.sseKeepAlive = every
	return o
}

// WithLoadWait sets how long loaders gather ids.
func (o Options) WithLoadWait(wait time.Duration) Options {
	o.loadWait = wait
	return o
}

// As takes whoever comes for somebody.
func As(a intake.Actor, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, a)))
	})
}
