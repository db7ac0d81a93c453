package graph

import (
	"context"
	"errors"
	"net/http"
	"strings"

	"github.com/99designs/gqlgen/graphql"
	"github.com/coder/websocket"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/ast"
	"golang.org/x/text/language"

	"renkei/intake"
)

type (
	actorKey    struct{}
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

// greetSocket reads who asks from the parameters of a WebSocket's connection, where a browser can put
// them. Whom it does not let in it gives a code to close with.
func greetSocket(ctx context.Context, service *intake.Service, params map[string]any) (context.Context, websocket.StatusCode, string) {
	if spoken, _ := params["acceptLanguage"].(string); spoken != "" {
		ctx = withLanguage(ctx, spoken)
	}
	for _, name := range []string{"authorization", "Authorization"} {
		header, _ := params[name].(string)
		if header == "" {
			continue
		}
		signed, err := withActor(ctx, service, header)
		switch {
		case errors.Is(err, intake.ErrUnauthenticated):
			return ctx, closeForbidden, codeUnauthenticated
		case err != nil:
			zerolog.Ctx(ctx).Error().Err(err).Str("request", requestID(ctx)).Msg("WebSocket refused")
			return ctx, websocket.StatusInternalError, codeInternal
		}
		return signed, 0, ""
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
		return graphql.OneShot(errorResponse(codeUnauthenticated, "send `Authorization: Bearer <token>`; `renkei token create` makes one"))
	}
	return next(ctx)
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
