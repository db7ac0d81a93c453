package observe

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/exaring/otelpgx"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracegrpc"
	"go.opentelemetry.io/otel/exporters/otlp/otlptrace/otlptracehttp"
	metricnoop "go.opentelemetry.io/otel/metric/noop"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
	"go.opentelemetry.io/otel/trace/noop"
)

// flushWithin is the traces' share of the ten seconds in which the process stops.
const flushWithin = time.Second

// Tracing makes spans and sends them off; where it is off it makes none.
type Tracing struct {
	provider trace.TracerProvider
	tracer   trace.Tracer
	sdk      *sdktrace.TracerProvider
}

// Protocol is how traces are sent; empty where none are.
type Protocol string

// The protocols of OTLP that there are, as OpenTelemetry's variables call them.
const (
	ProtocolHTTP Protocol = "http/protobuf"
	ProtocolGRPC Protocol = "grpc"
)

// TracingWanted is how OpenTelemetry's standard variables ask for traces to be sent, which they do where an OTLP endpoint is
// named and neither OTEL_SDK_DISABLED nor OTEL_TRACES_EXPORTER forbids it: by HTTP unless they name another protocol. Its
// error names a variable that asks for what there is not.
func TracingWanted(getenv func(string) string) (Protocol, error) {
	first := func(names ...string) string {
		for _, name := range names {
			if v := strings.TrimSpace(getenv(name)); v != "" {
				return v
			}
		}
		return ""
	}
	exporter := first("OTEL_TRACES_EXPORTER")
	switch {
	case strings.EqualFold(first("OTEL_SDK_DISABLED"), "true"), exporter == "none",
		first("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "OTEL_EXPORTER_OTLP_ENDPOINT") == "":
		return "", nil
	case exporter != "" && exporter != "otlp":
		return "", fmt.Errorf("OTEL_TRACES_EXPORTER is %q; it should be otlp or none", exporter)
	}
	switch protocol := Protocol(first("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL")); protocol {
	case "", ProtocolHTTP:
		return ProtocolHTTP, nil
	case ProtocolGRPC:
		return ProtocolGRPC, nil
	default:
		return "", fmt.Errorf("OTEL_EXPORTER_OTLP_PROTOCOL is %q; it should be %s or %s", protocol, ProtocolHTTP, ProtocolGRPC)
	}
}

// NoTracing traces nothing and costs nothing.
func NoTracing() *Tracing { return newTracing(noop.NewTracerProvider(), nil) }

// NewTracing sends spans by a protocol, as the standard variables of OpenTelemetry say. It starts goroutines that end with Stop.
func NewTracing(ctx context.Context, by Protocol, version string, log zerolog.Logger) (*Tracing, error) {
	client := otlptracehttp.NewClient()
	if by == ProtocolGRPC {
		client = otlptracegrpc.NewClient()
	}
	exporter, err := otlptrace.New(ctx, client)
	if err != nil {
		return nil, fmt.Errorf("make the exporter of traces: %w", err)
	}
	// What goes wrong with sending is the process's, whichever exporter it is of.
	otel.SetErrorHandler(otel.ErrorHandlerFunc(func(err error) { log.Warn().Err(err).Msg("traces cannot be sent") }))
	return ExportTo(ctx, exporter, version)
}

// ExportTo is NewTracing with an exporter.
func ExportTo(ctx context.Context, exporter sdktrace.SpanExporter, version string) (*Tracing, error) {
	// The last word is the environment's: OTEL_SERVICE_NAME, OTEL_RESOURCE_ATTRIBUTES.
	what, err := resource.New(ctx, resource.WithTelemetrySDK(), resource.WithAttributes(
		attribute.String("service.name", "renkei"), attribute.String("service.version", version)), resource.WithFromEnv())
	if err != nil && !errors.Is(err, resource.ErrPartialResource) {
		return nil, fmt.Errorf("describe the process to the tracer: %w", err)
	}
	sdk := sdktrace.NewTracerProvider(sdktrace.WithBatcher(redacting{exporter}), sdktrace.WithResource(what))
	return newTracing(sdk, sdk), nil
}

func newTracing(provider trace.TracerProvider, sdk *sdktrace.TracerProvider) *Tracing {
	return &Tracing{provider: provider, tracer: provider.Tracer("renkei"), sdk: sdk}
}

// Stop sends what is left, for a second at most.
func (t *Tracing) Stop(ctx context.Context) error {
	if t.sdk == nil {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, flushWithin)
	defer cancel()
	if err := t.sdk.Shutdown(ctx); err != nil {
		return fmt.Errorf("send the last traces: %w", err)
	}
	return nil
}

func (t *Tracing) start(ctx context.Context, name string, options ...trace.SpanStartOption) (context.Context, trace.Span) {
	return t.tracer.Start(ctx, name, options...)
}

// SQL traces the statements of a pool, by their names and without what they were given; nil where tracing is off. What
// nobody asked for, such as looking for work each second, is of no trace and leaves none.
func (t *Tracing) SQL() pgx.QueryTracer {
	if t.sdk == nil {
		return nil
	}
	all := otelpgx.NewTracer(
		otelpgx.WithTracerProvider(t.provider), otelpgx.WithMeterProvider(metricnoop.NewMeterProvider()),
		otelpgx.WithDisableSQLStatementInAttributes(), otelpgx.WithDisableConnectionDetailsInAttributes(),
		otelpgx.WithSpanNameFunc(statementName),
	)
	return statements{all, all, all}
}

// statements are what is traced of a pool: not that a connection prepares one, once, or opens.
type statements struct {
	pgx.QueryTracer
	pgx.BatchTracer
	pgxpool.AcquireTracer
}

// statementName is the name that a statement of db/queries begins with, or else its first word.
func statementName(sql string) string {
	if named, ok := strings.CutPrefix(sql, "-- name: "); ok {
		name, _, _ := strings.Cut(named, " ")
		return name
	}
	words := strings.Fields(sql)
	if len(words) == 0 {
		return "statement"
	}
	return strings.ToLower(strings.TrimRight(words[0], ";"))
}

// handler traces requests.
func (t *Tracing) handler(next http.Handler, route func(*http.Request) string, trusted func(*http.Request) bool) http.Handler {
	if t.sdk == nil {
		return next
	}
	return otelhttp.NewHandler(next, "request",
		otelhttp.WithTracerProvider(t.provider), otelhttp.WithMeterProvider(metricnoop.NewMeterProvider()),
		otelhttp.WithPropagators(propagation.TraceContext{}),
		otelhttp.WithPublicEndpointFn(func(r *http.Request) bool { return !trusted(r) }),
		// Each operation on a WebSocket is a trace of its own: the connection may stay for days.
		otelhttp.WithFilter(func(r *http.Request) bool { return route(r) != routeHealth && route(r) != routeSocket }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string { return methodOf(r) + " " + route(r) }),
	)
}

// methodOf is a method that there is: anybody may write any word there.
func methodOf(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead, http.MethodPost, http.MethodOptions:
		return r.Method
	}
	return "HTTP"
}

// TraceID is the trace that ctx belongs to; empty where nothing is traced.
func TraceID(ctx context.Context) string {
	if span := trace.SpanContextFromContext(ctx); span.HasTraceID() {
		return span.TraceID().String()
	}
	return ""
}

// LogTrace is the hook by which each line that knows its context says its trace.
func LogTrace() zerolog.Hook {
	return zerolog.HookFunc(func(e *zerolog.Event, _ zerolog.Level, _ string) {
		if id := TraceID(e.GetCtx()); id != "" {
			e.Str("trace_id", id)
		}
	})
}

// quiet keeps the trace's id and records nothing more.
func quiet(ctx context.Context) context.Context {
	span := trace.SpanContextFromContext(ctx)
	return trace.ContextWithSpanContext(ctx, span.WithTraceFlags(span.TraceFlags().WithSampled(false)))
}

// carry is the trace of ctx in the words of W3C's traceparent; empty where there is none.
func carry(ctx context.Context) string {
	words := make(propagation.MapCarrier)
	propagation.TraceContext{}.Inject(ctx, words)
	return words["traceparent"]
}

// carried reads what carry wrote.
func carried(traceparent string) trace.SpanContext {
	if traceparent == "" {
		return trace.SpanContext{}
	}
	ctx := propagation.TraceContext{}.Extract(context.Background(), propagation.MapCarrier{"traceparent": traceparent})
	return trace.SpanContextFromContext(ctx)
}
