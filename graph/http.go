package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/gqlerror"
)

// endpoint is /graphql: it speaks HTTP, event streams and WebSockets for gqlgen's executor.
//
// It stands in the place of gqlgen's own handler and transports. Those of v0.17.98 answer 422 where the
// GraphQL-over-HTTP specification says 200, say "data": null where nothing was executed, take a request
// without a query for one, and echo and log bodies, with the passwords in them; what is wrong with its
// streams is said where ours are. No option changes that. Ours go when gqlgen's do better.
type endpoint struct {
	exec      *executor.Executor
	who       Authenticator
	streams   *streams
	origins   []string
	keepAlive time.Duration
	uploads   *turns
	// folder is where uploads lie while they are looked at.
	folder   string
	observer Observer
}

// ServeHTTP implements http.Handler.
func (e *endpoint) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	defer e.survive(w, r)
	r = r.WithContext(graphql.StartOperationTrace(r.Context()))
	switch {
	case strings.EqualFold(r.Header.Get("Upgrade"), "websocket"):
		e.serveSocket(w, r)
	case r.Method == http.MethodOptions:
		w.Header().Set("Allow", allowedMethods)
		w.WriteHeader(http.StatusNoContent)
	default:
		e.serveRequest(w, r)
	}
}

// survive answers what panics, or breaks off what has been answered in part.
func (e *endpoint) survive(w http.ResponseWriter, r *http.Request) {
	p := recover()
	if p == nil {
		return
	}
	if p == http.ErrAbortHandler { //nolint:errorlint // it is thrown as it is
		panic(p)
	}
	err := recovered(r.Context(), p)
	if w.Header().Get("Content-Type") != "" {
		zerolog.Ctx(r.Context()).Error().Ctx(r.Context()).Err(err).Str("request", requestID(r.Context())).Msg("answer failed")
		panic(http.ErrAbortHandler)
	}
	refuseRequest(w, r, err)
}

const allowedMethods = "GET, POST, OPTIONS"

func (e *endpoint) serveRequest(w http.ResponseWriter, r *http.Request) {
	kind := accepted(r)
	if kind == "" {
		refuseRequest(w, r, errAccept)
		return
	}
	if isForm(r) {
		e.serveUpload(w, r, kind)
		return
	}
	params, err := readRequest(w, r)
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	if kind == kindEvents {
		params.Headers = r.Header
		e.serveEvents(w, r, params)
		return
	}
	e.answer(w, r, kind, params)
}

// answer executes an operation and sends its one response.
func (e *endpoint) answer(w http.ResponseWriter, r *http.Request, kind string, params *graphql.RawParams) {
	params.Headers = r.Header
	ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
	defer cancel()
	responses, ctx, err := e.execute(ctx, params, func(op ast.Operation) error {
		if op == ast.Subscription && known(actor(ctx)) {
			return errSubscription
		}
		return mayBy(r.Method, op)
	})
	if u := uploadOf(ctx); err == nil && u != nil {
		err = u.err
	}
	if err != nil {
		refuseRequest(w, r, err)
		return
	}
	response := responses(ctx)
	if response == nil {
		refuseRequest(w, r, ctx.Err())
		return
	}
	respond(w, kind, response)
}

func respond(w http.ResponseWriter, kind string, response *graphql.Response) {
	raw := encodeResponse(response)
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(statusOf(kind, response))
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write(raw)
}

var (
	errMutation     = errors.New("a mutation needs POST")
	errSubscription = errors.New("a subscription needs a WebSocket, or `Accept: text/event-stream`")
)

// mayBy keeps what changes something out of what any link may open.
func mayBy(method string, op ast.Operation) error {
	if op == ast.Mutation && method != http.MethodPost {
		return errMutation
	}
	return nil
}

// execute begins an operation, if it may be had this way. What is wrong with a query is a response too.
func (e *endpoint) execute(ctx context.Context, params *graphql.RawParams, may func(ast.Operation) error) (graphql.ResponseHandler, context.Context, error) {
	oc, errs := e.exec.CreateOperationContext(ctx, params)
	ctx = graphql.WithOperationContext(ctx, oc)
	if len(errs) > 0 {
		refused := e.exec.DispatchError(ctx, errs)
		tellErrors(e.observer, refused.Errors)
		return graphql.OneShot(refused), ctx, nil
	}
	if err := may(oc.Operation.Operation); err != nil {
		return nil, ctx, err
	}
	responses, ctx := e.exec.DispatchOperation(ctx, oc)
	return responses, ctx, nil
}

// statusOf is 200 for application/json, whatever is in it, and for whatever was executed.
func statusOf(kind string, response *graphql.Response) int {
	if kind == kindJSON || response.Data != nil || len(response.Errors) == 0 {
		return http.StatusOK
	}
	switch response.Errors[0].Extensions["code"] {
	case codeUnauthenticated:
		return http.StatusUnauthorized
	case codeForbidden:
		return http.StatusForbidden
	case codeInternal:
		return http.StatusInternalServerError
	case codeUnavailable:
		return http.StatusServiceUnavailable
	default:
		return http.StatusBadRequest
	}
}

// encodeResponse writes a response for the wire: without data where nothing was executed, and with few
// errors.
func encodeResponse(response *graphql.Response) []byte {
	raw, err := json.Marshal(struct {
		Errors gqlerror.List   `json:"errors,omitempty"`
		Data   json.RawMessage `json:"data,omitempty"`
	}{few(response.Errors), response.Data})
	if err != nil {
		panic(fmt.Errorf("encode response: %w", err)) // gqlgen made it
	}
	return raw
}

// maxErrors bounds the errors of one response: there is one for each wrong field, and a small request may
// hold hundreds.
const maxErrors = 10

func few(errs gqlerror.List) gqlerror.List { return errs[:min(len(errs), maxErrors)] }
