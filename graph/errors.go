package graph

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"renkei/intake"
)

// The codes in a GraphQL error's extensions.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeNotFound        = "NOT_FOUND"
	codeBadUserInput    = "BAD_USER_INPUT"
	codeQueryTooComplex = "QUERY_TOO_COMPLEX"
	codeInternal        = "INTERNAL"
)

// closeInternal is RFC 6455's code for a server that met something unexpected.
const closeInternal = 1011

type requestIDKey struct{}

// withRequestID names a request, so that what the client saw is found in the log.
func withRequestID(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := uuid.NewString()
		w.Header().Set("X-Request-Id", id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id)))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// resolverError marks what a resolver returned. Any other error is gqlgen's own word about the query.
type resolverError struct{ err error }

func (e *resolverError) Error() string { return e.err.Error() }

func (e *resolverError) Unwrap() error { return e.err }

func markResolverErrors(ctx context.Context, next graphql.Resolver) (any, error) {
	value, err := next(ctx)
	if err != nil {
		return value, &resolverError{err}
	}
	return value, nil
}

// present turns errors into what a client may see. What it cannot mend is INTERNAL with the request's
// id, and in the log with its cause.
func present(log zerolog.Logger) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var ours *resolverError
		code, message := codeBadUserInput, shown.Message
		switch {
		case errors.As(err, &ours):
			code, message = describe(ours.err)
		case ourCode(shown.Extensions["code"]):
			code = fmt.Sprint(shown.Extensions["code"])
		}
		out := &gqlerror.Error{
			Message: message, Path: shown.Path, Locations: shown.Locations, Extensions: map[string]any{"code": code},
		}
		if code == codeInternal {
			out.Extensions["requestId"] = requestID(ctx)
			if !errors.Is(err, context.Canceled) {
				log.Error().Err(err).Str("request", requestID(ctx)).Stringer("path", shown.Path).Msg("request failed")
			}
		}
		return out
	}
}

// ourCode knows the codes of the answers that do not come from a resolver.
func ourCode(code any) bool {
	return code == codeUnauthenticated || code == codeInternal || code == codeQueryTooComplex
}

// describe says what a client may know of a resolver's error.
func describe(err error) (code, message string) {
	switch {
	case errors.Is(err, intake.ErrNotFound):
		return codeNotFound, "not found"
	case errors.Is(err, intake.ErrUnauthenticated):
		return codeUnauthenticated, "unauthenticated"
	case errors.Is(err, intake.ErrForbidden):
		return codeForbidden, "your roles do not allow this"
	case errors.Is(err, intake.ErrBadCursor), errors.Is(err, errPageSize):
		return codeBadUserInput, err.Error()
	}
	return codeInternal, "internal error"
}

// maxErrors bounds the errors of one response: there is one for each wrong field, and a small request may
// hold a thousand.
const maxErrors = 10

func capErrors(ctx context.Context, next graphql.ResponseHandler) *graphql.Response {
	response := next(ctx)
	if response != nil && len(response.Errors) > maxErrors {
		response.Errors = response.Errors[:maxErrors]
	}
	return response
}

// recovered makes a panic an internal error, with its place for the log.
func recovered(_ context.Context, panicked any) error {
	return &resolverError{fmt.Errorf("panic: %v\n%s", panicked, debug.Stack())}
}

func errorResponse(code, message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{Message: message, Extensions: map[string]any{"code": code}}}}
}

// refuseRequest answers a request that does not get as far as GraphQL.
func refuseRequest(w http.ResponseWriter, r *http.Request, err error) {
	status, code, message := http.StatusInternalServerError, codeInternal, "internal error"
	var tooLarge *http.MaxBytesError
	switch {
	case errors.Is(err, intake.ErrUnauthenticated):
		status, code, message = http.StatusUnauthorized, codeUnauthenticated, "the token is unknown or has expired"
		w.Header().Set("WWW-Authenticate", "Bearer")
	case errors.As(err, &tooLarge):
		status, code, message = http.StatusRequestEntityTooLarge, codeBadUserInput, fmt.Sprintf("a request has at most %d bytes", tooLarge.Limit)
	case errors.Is(err, errBadBody):
		status, code, message = http.StatusBadRequest, codeBadUserInput, err.Error()
	case errors.Is(r.Context().Err(), context.Canceled), errors.Is(err, io.ErrUnexpectedEOF):
		// The client left in the middle of its sentence.
		status, code, message = http.StatusBadRequest, codeBadUserInput, "the request is cut off"
	default:
		zerolog.Ctx(r.Context()).Error().Err(err).Str("request", requestID(r.Context())).Msg("request failed")
	}
	response := errorResponse(code, message)
	if code == codeInternal {
		response.Errors[0].Extensions["requestId"] = requestID(r.Context())
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	// The client may be gone; there is nobody to tell.
	_ = json.NewEncoder(w).Encode(map[string]any{"errors": response.Errors})
}
