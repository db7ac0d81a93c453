package graph

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"regexp"
	"runtime/debug"

	"github.com/99designs/gqlgen/graphql"
	"github.com/google/uuid"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/gqlerror"

	"renkei/access"
	"renkei/intake"
)

// The codes in a GraphQL error's extensions.
const (
	codeUnauthenticated = "UNAUTHENTICATED"
	codeForbidden       = "FORBIDDEN"
	codeNotFound        = "NOT_FOUND"
	codeBadUserInput    = "BAD_USER_INPUT"
	codeQueryTooComplex = "QUERY_TOO_COMPLEX"
	codeRateLimited     = "RATE_LIMITED"
	codeUnavailable     = "UNAVAILABLE"
	codeInternal        = "INTERNAL"
)

type (
	requestIDKey struct{}
	traceIDKey   struct{}
)

// likeAnID is what a request may be called by a proxy.
var likeAnID = regexp.MustCompile(`^[0-9A-Za-z_-]{8,64}$`)

// withRequestID names a request, so that what the client saw is found in the log: as the proxy before us does, or by
// its trace, or anew.
func withRequestID(o Options, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		id := r.Header.Get("X-Request-Id")
		if !likeAnID.MatchString(id) || o.Trusted == nil || !o.Trusted(r) {
			id = cmp.Or(o.Observer.TraceID(r.Context()), uuid.NewString())
		}
		w.Header().Set("X-Request-Id", id)
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, traceIDKey{}, cmp.Or(o.Observer.TraceID(ctx), id))))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// traceID is what support looks a request up by: its trace, or its own name where nothing is traced.
func traceID(ctx context.Context) string {
	id, _ := ctx.Value(traceIDKey{}).(string)
	return id
}

// maxLocations bounds the places of one error: a circle of fragments has one for each.
const maxLocations = 5

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
func present(o Options) graphql.ErrorPresenterFunc {
	return func(ctx context.Context, err error) *gqlerror.Error {
		shown := graphql.DefaultErrorPresenter(ctx, err)
		var ours *resolverError
		var message string
		code, path := codeBadUserInput, shown.Path
		switch {
		case errors.As(err, &ours):
			code, message = describe(ours.err)
		case errors.Is(err, graphql.ErrInvalidNull):
			code, message = describe(err)
		case ourCode(shown.Extensions["code"]):
			code, message = fmt.Sprint(shown.Extensions["code"]), shown.Message
		default:
			message, path = withoutValues(shown)
		}
		out := &gqlerror.Error{
			Message: message, Path: path, Locations: shown.Locations[:min(len(shown.Locations), maxLocations)],
			Extensions: map[string]any{"code": code},
		}
		if code == codeInternal {
			out.Extensions["requestId"], out.Extensions["traceId"] = requestID(ctx), cmp.Or(o.Observer.TraceID(ctx), traceID(ctx))
			if !errors.Is(err, context.Canceled) {
				o.Log.Error().Ctx(ctx).Err(err).Str("request", requestID(ctx)).Stringer("path", shown.Path).Msg("request failed")
			}
		}
		if code == codeUnavailable {
			o.Log.Warn().Ctx(ctx).Err(err).Str("request", requestID(ctx)).Stringer("path", shown.Path).Msg("request cannot be answered now")
		}
		return out
	}
}

// ourCode knows the codes of the answers that do not come from a resolver.
func ourCode(code any) bool {
	return code == codeUnauthenticated || code == codeForbidden || code == codeInternal || code == codeQueryTooComplex ||
		code == codeBadUserInput
}

// serviceAway is also what is said of a change whose end nobody heard. Which service it was is in the log.
const serviceAway = "a service that this one needs does not answer for a moment: try again shortly; of a change, look first whether it was made"

// errAway marks a service's error where it could pass for one of the client's: both may end in the middle.
var errAway = errors.New("a service is away")

func away(err error) error {
	if errors.Is(err, access.ErrUnavailable) || !intake.Unavailable(err) {
		return err
	}
	return fmt.Errorf("%w: %w", errAway, err)
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
	case errors.Is(err, intake.ErrOccupied):
		return codeRateLimited, "somebody is changing many entries at once: try again shortly"
	case intake.Unavailable(err):
		return codeUnavailable, serviceAway
	case errors.Is(err, intake.ErrBadCursor), errors.Is(err, intake.ErrLongSearch), errors.Is(err, errPageSize), errors.Is(err, intake.ErrPreviewDays):
		return codeBadUserInput, err.Error()
	}
	return codeInternal, "internal error"
}

// recovered makes a panic an internal error, with its place for the log.
func recovered(_ context.Context, panicked any) error {
	return &resolverError{fmt.Errorf("panic: %s\n%s", intake.PanicText(panicked), debug.Stack())}
}

func errorResponse(code, message string) *graphql.Response {
	return &graphql.Response{Errors: gqlerror.List{{Message: message, Extensions: map[string]any{"code": code}}}}
}

// refusals are the answers to what does not get as far as GraphQL. Where there is no text, the error's own
// says nothing that was sent.
var refusals = []struct {
	err    error
	status int
	code   string
	text   string
}{
	{errAway, http.StatusServiceUnavailable, codeUnavailable, serviceAway},
	{intake.ErrUnauthenticated, http.StatusUnauthorized, codeUnauthenticated, "the token is unknown or has expired"},
	{intake.ErrForbidden, http.StatusForbidden, codeForbidden, "your roles do not allow this"},
	{intake.ErrNotFound, http.StatusNotFound, codeNotFound, "there is nothing of this id"},
	{access.ErrUnavailable, http.StatusServiceUnavailable, codeUnavailable, "the identity provider does not answer: try again in a while"},
	{errBadBody, http.StatusBadRequest, codeBadUserInput, ""},
	{errAccept, http.StatusNotAcceptable, codeBadUserInput, ""},
	{errSubscription, http.StatusNotAcceptable, codeBadUserInput, ""},
	{errMethod, http.StatusMethodNotAllowed, codeBadUserInput, ""},
	{errMutation, http.StatusMethodNotAllowed, codeBadUserInput, ""},
	{errTooManyStreams, http.StatusTooManyRequests, codeRateLimited, ""},
	{errTooManyUploads, http.StatusTooManyRequests, codeRateLimited, ""},
	{errUploadsAreTaken, http.StatusTooManyRequests, codeRateLimited, ""},
	{errTooManyExports, http.StatusTooManyRequests, codeRateLimited, ""},
	{errExportsAreTaken, http.StatusTooManyRequests, codeRateLimited, ""},
	{errNoPreflight, http.StatusBadRequest, codeBadUserInput, ""},
	{errBadForm, http.StatusBadRequest, codeBadUserInput, ""},
	{errNoFileTaken, http.StatusBadRequest, codeBadUserInput, ""},
	{errFileTooLarge, http.StatusRequestEntityTooLarge, codeBadUserInput, ""},
	{errBadParameter, http.StatusBadRequest, codeBadUserInput, ""},
	{os.ErrDeadlineExceeded, http.StatusRequestTimeout, codeBadUserInput, "the request comes too slowly"},
	{io.ErrUnexpectedEOF, http.StatusBadRequest, codeBadUserInput, "the request is cut off"},
}

// refuseRequest answers a request that does not get as far as GraphQL.
func refuseRequest(w http.ResponseWriter, r *http.Request, err error) {
	readNoFurther(w, r)
	status, code, message := refusal(r, err)
	response := errorResponse(code, message)
	switch status {
	case http.StatusUnauthorized:
		w.Header().Set("WWW-Authenticate", "Bearer")
	case http.StatusMethodNotAllowed:
		w.Header().Set("Allow", allowedMethods)
	case http.StatusServiceUnavailable:
		zerolog.Ctx(r.Context()).Warn().Err(err).Str("request", requestID(r.Context())).Msg("request cannot be answered now")
	case http.StatusInternalServerError:
		zerolog.Ctx(r.Context()).Error().Ctx(r.Context()).Err(err).Str("request", requestID(r.Context())).Msg("request failed")
		response.Errors[0].Extensions["requestId"], response.Errors[0].Extensions["traceId"] = requestID(r.Context()), traceID(r.Context())
	}
	kind := kindJSON
	if accepted(r) == kindResponse {
		kind = kindResponse
	}
	w.Header().Set("Content-Type", kind)
	w.WriteHeader(status)
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write(encodeResponse(response))
}

func refusal(r *http.Request, err error) (status int, code, message string) {
	if tooLarge, is := errors.AsType[*http.MaxBytesError](err); is {
		return http.StatusRequestEntityTooLarge, codeBadUserInput, fmt.Sprintf("a request has at most %d bytes", tooLarge.Limit)
	}
	for _, known := range refusals {
		if !errors.Is(err, known.err) {
			continue
		}
		if known.text == "" {
			return known.status, known.code, err.Error()
		}
		return known.status, known.code, known.text
	}
	if errors.Is(r.Context().Err(), context.Canceled) {
		// The client left in the middle of its sentence.
		return http.StatusBadRequest, codeBadUserInput, "the request is cut off"
	}
	if intake.Unavailable(err) {
		return http.StatusServiceUnavailable, codeUnavailable, serviceAway
	}
	return http.StatusInternalServerError, codeInternal, "internal error"
}
