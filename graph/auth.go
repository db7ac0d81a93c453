package graph

import (
	"context"
	"errors"
	"net/http"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/access"
	"renkei/intake"
)

type (
	actorKey    struct{}
	addressKey  struct{}
	languageKey struct{}
)

// actor is who asks. Every operation but __typename has one: see requireActor.
func actor(ctx context.Context) intake.Actor {
	a, _ := ctx.Value(actorKey{}).(intake.Actor)
	return a
}

// ActorOf is who asks, where Authenticate has let somebody in; the zero Actor otherwise.
func ActorOf(ctx context.Context) intake.Actor { return actor(ctx) }

// Authenticate finds out who asks, as for GraphQL, for another handler. A bad token is refused here; a request
// without any goes on without an actor.
func (s *Server) Authenticate(next http.Handler) http.Handler { return authenticate(s.who, next) }

// in says a text in the language of the request.
func in(ctx context.Context, t intake.Text) string {
	l, _ := ctx.Value(languageKey{}).(intake.Language)
	return t.In(l)
}

func withLanguage(ctx context.Context, acceptLanguage string) context.Context {
	return context.WithValue(ctx, languageKey{}, access.Language(acceptLanguage))
}

// Authenticator says who asks. access.Porter knows every way, access.Tokens API tokens alone.
type Authenticator interface {
	// Request returns who a request is from: the zero Actor where it does not say, ErrUnauthenticated where what it
	// says lets nobody in. It may set headers of the response.
	Request(w http.ResponseWriter, r *http.Request) (intake.Actor, error)
	// Bearer returns whom an Authorization header lets in from an address. company is the id of one of the
	// companies that the credential may stand for, or empty.
	Bearer(ctx context.Context, authorization, company, address string) (intake.Actor, error)
	// Address is where a request came from.
	Address(r *http.Request) string
}

// authenticate puts who asks, from where and in which language, into the request's context. A request without a
// credential goes on without an actor; one with a bad one is refused, since whoever sent it believes in it.
func authenticate(who Authenticator, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withLanguage(r.Context(), r.Header.Get("Accept-Language"))
		a, err := who.Request(w, r)
		if err != nil {
			refuseRequest(w, r, away(err))
			return
		}
		if known(a) {
			ctx = context.WithValue(ctx, actorKey{}, a)
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(ctx, addressKey{}, who.Address(r))))
	})
}

// greetSocket reads who asks from the parameters of a WebSocket's connection, where a browser can put
// them. Whom it does not let in it gives a code to close with.
func greetSocket(ctx context.Context, who Authenticator, params map[string]any) (context.Context, websocket.StatusCode, string) {
	if spoken, _ := params["acceptLanguage"].(string); spoken != "" {
		ctx = withLanguage(ctx, spoken)
	}
	for _, name := range []string{"authorization", "Authorization"} {
		header, _ := params[name].(string)
		if header == "" {
			continue
		}
		company, _ := params["company"].(string)
		address, _ := ctx.Value(addressKey{}).(string)
		a, err := who.Bearer(ctx, header, company, address)
		switch {
		case errors.Is(err, intake.ErrUnauthenticated):
			return ctx, closeForbidden, codeUnauthenticated
		case intake.Unavailable(err):
			// A client takes an internal error for the end.
			zerolog.Ctx(ctx).Warn().Err(err).Str("request", requestID(ctx)).Msg("WebSocket put off")
			return ctx, websocket.StatusTryAgainLater, codeUnavailable
		case err != nil:
			zerolog.Ctx(ctx).Error().Err(err).Str("request", requestID(ctx)).Msg("WebSocket refused")
			return ctx, websocket.StatusInternalError, codeInternal
		}
		return context.WithValue(ctx, actorKey{}, a), 0, ""
	}
	if !known(actor(ctx)) {
		return ctx, closeForbidden, codeUnauthenticated
	}
	return ctx, 0, ""
}

// known reports whether an actor is somebody.
func known(a intake.Actor) bool { return a.Member.Roles != nil }

// requireActor refuses every operation of somebody unknown but one that asks for nothing but __typename.
func requireActor(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if !known(actor(ctx)) && !asksForNothing(graphql.GetOperationContext(ctx).Operation) {
		return graphql.OneShot(strangersAnswer())
	}
	return next(ctx)
}

func strangersAnswer() *graphql.Response {
	return errorResponse(codeUnauthenticated, "send `Authorization: Bearer <token>`; `renkei token create` makes one")
}

func asksForNothing(op *ast.OperationDefinition) bool {
	for _, s := range op.SelectionSet {
		field, ok := s.(*ast.Field)
		if !ok || field.Name != "__typename" {
			return false
		}
	}
	return true
}
