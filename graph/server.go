package graph

import (
	"context"
	"embed"
	"io/fs"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/99designs/gqlgen/graphql"
	"github.com/99designs/gqlgen/graphql/handler"
	"github.com/99designs/gqlgen/graphql/handler/extension"
	"github.com/99designs/gqlgen/graphql/handler/lru"
	"github.com/99designs/gqlgen/graphql/handler/transport"
	"github.com/coder/websocket"
	"github.com/rs/cors"
	"github.com/rs/zerolog"
	"github.com/vektah/gqlparser/v2/ast"

	"renkei/graph/graphgen"
	"renkei/intake"
)

//go:embed schema/*.graphqls
var schemaFiles embed.FS

const (
	// bodyLimit bounds a request, and a message on a WebSocket.
	bodyLimit = 1 << 20
	// tokenLimit bounds a query. Validation takes time with its square: 1,000 tokens take 0.2 s at worst.
	tokenLimit       = 1000
	webSocketInit    = 5 * time.Second
	webSocketPing    = 10 * time.Second
	sseKeepAlive     = 15 * time.Second
	queriesCached    = 1000
	corsPreflightAge = 10 * time.Minute
	// answerWithin bounds a query or mutation: saving a rule may route a hundred thousand entries.
	answerWithin = 5 * time.Minute
)

// Options say how the door is hung.
type Options struct {
	// AllowedOrigins are the origins, such as https://app.example.com, from which browsers may come
	// besides the server's own.
	AllowedOrigins []string
	// Playground serves GraphiQL to browsers.
	Playground bool
	Log        zerolog.Logger

	// sseKeepAlive is shorter in tests.
	sseKeepAlive time.Duration
	// loadWait is longer in tests: there it must not count how busy the machine is.
	loadWait time.Duration
}

// Server serves POST and GET /graphql, its WebSocket and its event streams, and /schema.graphql.
type Server struct {
	http.Handler
	streams *streams
	service *intake.Service
}

// NewServer makes the GraphQL door of a service.
func NewServer(service *intake.Service, o Options) *Server {
	if o.sseKeepAlive == 0 {
		o.sseKeepAlive = sseKeepAlive
	}
	if o.loadWait == 0 {
		o.loadWait = loadWait
	}
	s := &Server{streams: newStreams(), service: service}
	executor := newExecutor(service, o, s.streams)

	endpoint := guardEventStreams(s.streams, boundTime(acceptBody(executor)))
	endpoint = authenticate(service, endpoint)
	if o.Playground {
		endpoint = offerPlayground(endpoint)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", endpoint)
	mux.HandleFunc("GET /schema.graphql", serveSchema)
	s.Handler = withRequestID(withLog(o.Log, allowOrigins(o.AllowedOrigins, mux)))
	return s
}

// CloseStreams ends every WebSocket and event stream so that clients come back elsewhere by cursor, and
// refuses new ones. Call it before http.Server.Shutdown, which waits for event streams and forgets
// WebSockets.
func (s *Server) CloseStreams() { s.streams.closeAll() }

func newExecutor(service *intake.Service, o Options, streams *streams) *handler.Server {
	h := handler.New(graphgen.NewExecutableSchema(graphgen.Config{
		Resolvers:  &Resolver{service: service},
		Directives: graphgen.DirectiveRoot{HasRole: hasRole},
	}))
	h.AddTransport(transport.Websocket{
		Implementation: &webSockets{
			streams: streams,
			gqlgen:  transport.CoderWebsocketImplementation{AcceptOptions: websocket.AcceptOptions{OriginPatterns: o.AllowedOrigins}},
		},
		InitFunc:         initWebSocket(service),
		InitTimeout:      webSocketInit,
		PingPongInterval: webSocketPing,
		PayloadReadLimit: new(int64(bodyLimit)),
	})
	// Before POST: both take JSON, and the first that fits serves.
	h.AddTransport(transport.SSE{KeepAlivePingInterval: o.sseKeepAlive})
	h.AddTransport(transport.Options{})
	h.AddTransport(transport.GET{})
	h.AddTransport(transport.POST{})
	h.SetQueryCache(lru.New[*ast.QueryDocument](queriesCached))
	h.SetParserTokenLimit(tokenLimit)
	h.Use(extension.Introspection{})
	h.AroundOperations(requireActor)
	h.AroundOperations(refuseMutationByGet)
	h.AroundOperations(limitCost)
	h.AroundOperations(logOperation(o.Log))
	h.AroundResponses(capErrors)
	h.AroundResponses(withLoaders(service, o.loadWait))
	h.AroundFields(markResolverErrors)
	h.SetErrorPresenter(present(o.Log))
	h.SetRecoverFunc(recovered)
	return h
}

// boundTime ends what takes longer than anybody waits for, but no stream.
func boundTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !wantsEvents(r) && r.Header.Get("Upgrade") == "" {
			ctx, cancel := context.WithTimeout(r.Context(), answerWithin)
			defer cancel()
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

func withLog(log zerolog.Logger, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(log.WithContext(r.Context())))
	})
}

// allowOrigins lets the frontends of other origins in. They send a token, never a cookie.
func allowOrigins(origins []string, next http.Handler) http.Handler {
	if len(origins) == 0 {
		return next
	}
	return cors.New(cors.Options{
		AllowedOrigins: origins,
		AllowedMethods: []string{http.MethodGet, http.MethodPost},
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept", "Accept-Language"},
		ExposedHeaders: []string{"X-Request-Id"},
		MaxAge:         int(corsPreflightAge.Seconds()),
	}).Handler(next)
}

// Schema is the SDL of the whole API.
func Schema() string {
	names, err := fs.Glob(schemaFiles, "schema/*.graphqls")
	if err != nil {
		panic(err) // the pattern is a constant
	}
	// The roots and their directive first, as a reader would want them.
	slices.SortFunc(names, func(a, b string) int {
		first := func(n string) int {
			if strings.HasSuffix(n, "/root.graphqls") {
				return 0
			}
			return 1
		}
		if d := first(a) - first(b); d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var sdl strings.Builder
	for _, name := range names {
		file, err := schemaFiles.ReadFile(name)
		if err != nil {
			panic(err) // embedded: it is there
		}
		sdl.Write(file)
		sdl.WriteString("\n")
	}
	return forReaders(sdl.String())
}

// buildDirective is how the schema talks to gqlgen; whoever reads it elsewhere need not listen.
var buildDirective = regexp.MustCompile(`(?s)"""[^"]*"""\s*directive @goField\(.*?FIELD_DEFINITION\n\n| @goField\([^)]*\)`)

func forReaders(sdl string) string { return buildDirective.ReplaceAllString(sdl, "") }

func serveSchema(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "text/plain; charset=utf-8")
	// The client may be gone; there is nobody to tell.
	_, _ = w.Write([]byte(Schema()))
}

// refuseMutationByGet keeps what changes something out of the event streams that a GET may open.
func refuseMutationByGet(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
	if ctx.Value(byGetKey{}) != nil && graphql.GetOperationContext(ctx).Operation.Operation == ast.Mutation {
		return graphql.OneShot(errorResponse(codeBadUserInput, "a mutation needs POST"))
	}
	return next(ctx)
}

// logOperation logs what was asked for, by name: never the variables, which hold passwords.
func logOperation(log zerolog.Logger) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		oc := graphql.GetOperationContext(ctx)
		log.Debug().Str("request", requestID(ctx)).Str("kind", string(oc.Operation.Operation)).Str("operation", oc.Operation.Name).
			Stringer("company", actor(ctx).Company.ID).Stringer("member", actor(ctx).Member.ID).Msg("operation")
		return next(ctx)
	}
}
