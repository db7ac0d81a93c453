package graph

import (
	"context"
	"net/http"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/rs/zerolog"

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

// Run runs an operation for somebody, with variables that JSON cannot hold.
func Run(ctx context.Context, service *intake.Service, a intake.Actor, query string, variables map[string]any) *graphql.Response {
	exec := newExecutor(service, Options{Log: zerolog.Nop(), loadWait: loadWait})
	ctx = graphql.StartOperationTrace(context.WithValue(ctx, actorKey{}, a))
	oc, errs := exec.CreateOperationContext(ctx, &graphql.RawParams{Query: query, Variables: variables})
	if errs != nil {
		return exec.DispatchError(graphql.WithOperationContext(ctx, oc), errs)
	}
	responses, ctx := exec.DispatchOperation(ctx, oc)
	return responses(ctx)
}

// As takes whoever comes for somebody.
func As(a intake.Actor, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), actorKey{}, a)))
	})
}
