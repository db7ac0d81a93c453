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
	"github.com/99designs/gqlgen/graphql/executor"
	"github.com/rs/cors"
	"github.com/rs/zerolog"

	"renkei/access"
	"renkei/graph/graphgen"
	"renkei/intake"
)

//go:embed schema/*.graphqls
var schemaFiles embed.FS

const (
	// bodyLimit bounds a request, and a message on a WebSocket.
	bodyLimit = 64 << 10
	// bodyWithin is how long a client may take to say what it wants.
	bodyWithin       = 10 * time.Second
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
	// Authenticator says who asks; nil knows API tokens alone.
	Authenticator Authenticator
	// PublicURL is where people reach the program, such as https://renkei.example.com: one-time links begin
	// with it.
	PublicURL string
	// UploadFolder is where an upload lies while it is looked at; empty for the system's own.
	UploadFolder string
	Log          zerolog.Logger
	// Observer, where it is set, is told what happens.
	Observer Observer
	// Trusted reports whether a request may name itself by X-Request-Id; nil for none.
	Trusted func(*http.Request) bool

	// sseKeepAlive is shorter in tests.
	sseKeepAlive time.Duration
	// loadWait is longer in tests: there it must not count how busy the machine is.
	loadWait time.Duration
}

// Server serves POST and GET /graphql, its WebSocket and its event streams, /schema.graphql and the files
// for spreadsheets: see Sheets.
type Server struct {
	http.Handler
	streams *streams
	service *intake.Service
	who     Authenticator
	log     zerolog.Logger
}

// NewServer makes the GraphQL door of a service.
func NewServer(service *intake.Service, o Options) *Server {
	if o.sseKeepAlive == 0 {
		o.sseKeepAlive = sseKeepAlive
	}
	if o.loadWait == 0 {
		o.loadWait = loadWait
	}
	if o.Authenticator == nil {
		o.Authenticator = access.Tokens{Service: service}
	}
	if o.Observer == nil {
		o.Observer = nobody{}
	}
	s := &Server{streams: newStreams(), service: service, who: o.Authenticator, log: o.Log}
	door := &endpoint{
		exec: newExecutor(service, o), who: o.Authenticator, streams: s.streams, origins: o.AllowedOrigins, keepAlive: o.sseKeepAlive,
		uploads: newTurns(uploadsAtOnce, errTooManyUploads, errUploadsAreTaken), folder: o.UploadFolder,
		observer: o.Observer,
	}
	endpoint := authenticate(o.Authenticator, door)
	if o.Playground {
		endpoint = offerPlayground(endpoint)
	}
	mux := http.NewServeMux()
	mux.Handle("/graphql", endpoint)
	mux.HandleFunc("GET /schema.graphql", serveSchema)
	exports := newTurns(exportsAtOnce, errTooManyExports, errExportsAreTaken)
	mux.Handle("GET /audit.csv", authenticate(o.Authenticator, serveAudit(service)))
	mux.Handle("GET /routing-rules.csv", authenticate(o.Authenticator, serveRules(service)))
	mux.Handle("GET /inbox.csv", authenticate(o.Authenticator, serveInbox(service, exports)))
	mux.Handle("GET /applications.csv", authenticate(o.Authenticator, serveApplications(service, exports)))
	mux.Handle("GET /file-imports/{id}/bad-lines.csv", authenticate(o.Authenticator, serveBadLines(service, exports)))
	s.Handler = withRequestID(o, withLog(o.Log, allowOrigins(o.AllowedOrigins, mux)))
	return s
}

// Sheets are the addresses of the files for spreadsheets.
func Sheets() []string {
	return []string{"/audit.csv", "/routing-rules.csv", "/inbox.csv", "/applications.csv", "/file-imports/"}
}

// CloseStreams ends every WebSocket and event stream so that clients come back elsewhere by cursor, and
// refuses new ones. Call it before http.Server.Shutdown, which waits for event streams and forgets
// WebSockets.
func (s *Server) CloseStreams() { s.streams.closeAll() }

// credentialsEvery is how often it is made sure that whoever holds a stream open may still come in.
const credentialsEvery = 2 * time.Second

const reasonEnded = "your sign-in has ended, or your roles have changed: connect again"

// OpenStreams is how many WebSockets and event streams are open.
func (s *Server) OpenStreams() int {
	s.streams.mu.Lock()
	defer s.streams.mu.Unlock()
	return len(s.streams.open)
}

// EndStreams ends the streams of those whose session or token has ended, or whose roles have changed, until
// ctx ends. What the database cannot be asked about stays open until it can.
func (s *Server) EndStreams(ctx context.Context) {
	ticker := time.NewTicker(credentialsEvery)
	defer ticker.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-ticker.C:
		}
		ended, err := s.service.EndedCredentials(ctx, s.streams.credentials())
		if err != nil {
			if ctx.Err() == nil {
				s.log.Warn().Err(err).Msg("who holds streams open cannot be looked at")
			}
			continue
		}
		if len(ended) > 0 {
			s.streams.endOf(func(a intake.Actor) bool { return slices.Contains(ended, a.Held()) }, closeUnauthorized, reasonEnded)
		}
	}
}

func newExecutor(service *intake.Service, o Options) *executor.Executor {
	schema := graphgen.NewExecutableSchema(graphgen.Config{
		Resolvers:  &Resolver{service: service, publicURL: strings.TrimSuffix(o.PublicURL, "/")},
		Directives: graphgen.DirectiveRoot{HasRole: hasRole},
	})
	e := executor.New(schema)
	known := newQueries()
	e.SetQueryCache(known)
	e.SetParserTokenLimit(tokenLimit)
	e.SetDisableSuggestion(true)
	e.SetDefaultRulesFn(rulesWithoutSuggestions)
	e.Use(guard{known})
	e.AroundOperations(observeOperation(o.Observer))
	e.AroundOperations(requireActor)
	e.AroundOperations(refuseDefer)
	e.AroundOperations(limitCost)
	e.AroundOperations(logOperation(o.Log))
	e.AroundOperations(takeFiles(schema.Schema()))
	e.AroundResponses(withLoaders(service, o.loadWait))
	e.AroundResponses(noteReading(service, o))
	e.AroundRootFields(observeField(o.Observer))
	e.AroundFields(markResolverErrors)
	e.SetErrorPresenter(present(o))
	e.SetRecoverFunc(recovered)
	return e
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
		AllowedHeaders: []string{"Authorization", "Content-Type", "Accept", "Accept-Language", "Renkei-Company", preflightHeaders[0], preflightHeaders[1]},
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

// logOperation logs what was asked for, by name: never the variables, which hold passwords.
func logOperation(log zerolog.Logger) graphql.OperationMiddleware {
	return func(ctx context.Context, next graphql.OperationHandler) graphql.ResponseHandler {
		oc := graphql.GetOperationContext(ctx)
		log.Debug().Ctx(ctx).Str("request", requestID(ctx)).Str("kind", string(oc.Operation.Operation)).Str("operation", oc.Operation.Name).
			Stringer("company", actor(ctx).Company.ID).Stringer("member", actor(ctx).Member.ID).Msg("operation")
		return next(ctx)
	}
}
