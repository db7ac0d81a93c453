package graph

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/text/language"

	"renkei/intake"
)

type (
	actorKey    struct{}
	languageKey struct{}
)

// actor is who asks. Every operation but introspection has one: see requireActor.
func actor(ctx context.Context) intake.Actor {
	a, _ := ctx.Value(actorKey{}).(intake.Actor)
	return a
}

// ActorOf is who asks, where Authenticate has let somebody in; the zero Actor otherwise.
func ActorOf(ctx context.Context) intake.Actor { return actor(ctx) }

// Authenticate finds out who asks, as for GraphQL, for another handler. A bad token is refused here; a request
// without any goes on without an actor.
func (s *Server) Authenticate(next http.Handler) http.Handler { return authenticate(s.service, next) }

// in says a text in the language of the request.
func in(ctx context.Context, t intake.Text) string {
	l, _ := ctx.Value(languageKey{}).(intake.Language)
	return t.In(l)
}

var languages = language.NewMatcher([]language.Tag{language.Japanese, language.English})

func withLanguage(ctx context.Context, acceptLanguage string) context.Context {
	spoken := intake.Japanese
	if tags, _, err := language.ParseAcceptLanguage(acceptLanguage); err == nil && len(tags) > 0 {
		// Without confidence it is a guess from the script.
		if _, i, sure := languages.Match(tags...); i == 1 && sure > language.No {
			spoken = intake.English
		}
	}
	return context.WithValue(ctx, languageKey{}, spoken)
}

// authenticate puts who asks, and in which language, into the request's context. A request without a
// token goes on without an actor; one with a bad token is refused, since whoever sent it believes in it.
func authenticate(service *intake.Service, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := withLanguage(r.Context(), r.Header.Get("Accept-Language"))
		if header := r.Header.Get("Authorization"); header != "" {
			var err error
			if ctx, err = withActor(ctx, service, header); err != nil {
				refuseRequest(w, r, err)
				return
			}
		}
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func withActor(ctx context.Context, service *intake.Service, authorization string) (context.Context, error) {
	scheme, token, _ := strings.Cut(authorization, " ")
	if !strings.EqualFold(scheme, "Bearer") {
		return ctx, intake.ErrUnauthenticated
	}
	a, err := service.ActorByToken(ctx, strings.TrimSpace(token))
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, actorKey{}, a), nil
}

// closeForbidden is what the graphql-transport-ws protocol asks to close with when connection_init is
// refused.
const closeForbidden = 4403

// initWebSocket reads who asks from the parameters of the connection, where a browser can put them.
func initWebSocket(service *intake.Service) transport.WebsocketInitFunc {
	return func(ctx context.Context, params transport.InitPayload) (context.Context, *transport.InitPayload, error) {
		if spoken := params.GetString("acceptLanguage"); spoken != "" {
			ctx = withLanguage(ctx, spoken)
		}
		if header := params.Authorization(); header != "" {
			var err error
			if ctx, err = withActor(ctx, service, header); err != nil {
				return refuseWebSocket(ctx, err)
			}
		}
		if actor(ctx).Member.Roles == nil {
			return refuseWebSocket(ctx, intake.ErrUnauthenticated)
		}
		return ctx, nil, nil
	}
}

func refuseWebSocket(ctx context.Context, err error) (context.Context, *transport.InitPayload, error) {
	code, reason := codeInternal, closeInternal
	if errors.Is(err, intake.ErrUnauthenticated) {
		code, reason = codeUnauthenticated, closeForbidden
	} else {
		zerolog.Ctx(ctx).Error().Err(err).Str("request", requestID(ctx)).Msg("WebSocket refused")
	}
	ctx = transport.WithWebsocketCloseCode(transport.AppendCloseReason(ctx, code), reason)
	return ctx, nil, errors.New(code)
}

// requireActor refuses every operation of somebody unknown but a look at the schema, which is public.
func requireActor(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if actor(ctx).Member.Roles == nil && !onlyIntrospects(graphql.GetOperationContext(ctx).Operation) {
		return graphql.OneShot(errorResponse(codeUnauthenticated, "send `Authorization: Bearer <token>`; `renkei token create` makes one"))
	}
	return next(ctx)
}

func onlyIntrospects(op *ast.OperationDefinition) bool {
	for _, s := range op.SelectionSet {
		field, ok := s.(*ast.Field)
		if !ok || !strings.HasPrefix(field.Name, "__") {
			return false
		}
	}
	return true
}
