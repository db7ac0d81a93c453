package observe

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/sdk/trace/tracetest"
	"go.opentelemetry.io/otel/trace"

	"renkei/jobs"
)

// traced is a door whose spans are kept until they are told.
func traced(t *testing.T) (d *Door, told func() tracetest.SpanStubs) {
	t.Helper()
	exporter := tracetest.NewInMemoryExporter()
	tracing, err := ExportTo(t.Context(), keeping{exporter}, "v1")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, tracing.Stop(context.WithoutCancel(t.Context()))) })
	d = newDoor()
	d.tracing = tracing
	return d, func() tracetest.SpanStubs {
		require.NoError(t, tracing.sdk.ForceFlush(t.Context()))
		return exporter.GetSpans()
	}
}

// keeping keeps what it has when it is shut down.
type keeping struct{ *tracetest.InMemoryExporter }

func (keeping) Shutdown(context.Context) error { return nil }

func TestTracesAreOffUnlessACollectorIsNamedAndNothingForbidsIt(t *testing.T) {
	t.Parallel()
	const here = "http://collector:4318"
	for _, c := range []struct {
		env    map[string]string
		wanted Protocol
		wrong  string
	}{
		{env: nil},
		{env: map[string]string{"OTEL_TRACES_EXPORTER": "otlp"}},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": " "}},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here}, wanted: ProtocolHTTP},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_TRACES_ENDPOINT": here, "OTEL_TRACES_EXPORTER": "otlp", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf"}, wanted: ProtocolHTTP},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_EXPORTER_OTLP_PROTOCOL": " grpc"}, wanted: ProtocolGRPC},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_EXPORTER_OTLP_PROTOCOL": "grpc", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/protobuf"}, wanted: ProtocolHTTP},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_SDK_DISABLED": "TRUE"}},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_TRACES_EXPORTER": "none"}},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_TRACES_EXPORTER": "jaeger"}, wrong: "OTEL_TRACES_EXPORTER"},
		{env: map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": here, "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL": "http/json"}, wrong: "PROTOCOL"},
	} {
		wanted, err := TracingWanted(func(name string) string { return c.env[name] })
		require.Equal(t, c.wanted, wanted, c.env)
		if c.wrong == "" {
			require.NoError(t, err)
		} else {
			require.ErrorContains(t, err, c.wrong)
		}
	}
}

func TestAnActIsAPartOfWhatWasAskedForAndOfNothingElse(t *testing.T) {
	t.Parallel()
	d, told := traced(t)
	ctx, request := d.tracing.start(t.Context(), "request")
	for _, failed := range []bool{false, true} {
		within, ended := d.ActBegan(ctx, "register account")
		require.NotEqual(t, ctx, within)
		ended(failed)
	}
	// A heartbeat, which nobody asked for, and what follows in a subscription.
	for _, alone := range []context.Context{t.Context(), quiet(ctx)} {
		within, ended := d.ActBegan(alone, "hold vault keys")
		require.Equal(t, alone, within)
		ended(true)
	}
	spans := told()
	require.Len(t, spans, 2)
	for i, status := range []sdktrace.Status{{}, {Code: codes.Error}} {
		require.Equal(t, "register account", spans[i].Name)
		require.Equal(t, request.SpanContext().SpanID(), spans[i].Parent.SpanID())
		require.Equal(t, status, spans[i].Status)
		require.Empty(t, spans[i].Attributes)
	}
	request.End()
}

// BenchmarkAnActThatNobodyTraces is what each change pays where traces are off.
func BenchmarkAnActThatNobodyTraces(b *testing.B) {
	d := newDoor()
	b.ReportAllocs()
	for b.Loop() {
		_, ended := d.ActBegan(b.Context(), "register account")
		ended(false)
	}
}

func TestWhereNothingIsTracedNothingIsMade(t *testing.T) {
	t.Parallel() // TestMain finds goroutines that are left.
	off := NoTracing()
	require.Nil(t, off.SQL(), "statements have no tracer at all")
	served, trace := false, "none yet"
	next := http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		served, trace = true, TraceID(r.Context())
	})
	off.handler(next, Route, nil).ServeHTTP(httptest.NewRecorder(), httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/graphql", nil))
	require.True(t, served)
	require.Empty(t, trace)
	ctx, span := off.start(t.Context(), "x")
	require.False(t, span.IsRecording())
	require.Empty(t, TraceID(ctx))
	require.Empty(t, newDoor().Carry(t.Context()))
	require.NoError(t, off.Stop(t.Context()))
}

func TestNothingButWhatIsAllowedLeavesTheProcess(t *testing.T) {
	t.Parallel()
	const canary = "c4nary"
	d, told := traced(t)
	state, err := trace.ParseTraceState("vendor=" + canary)
	require.NoError(t, err)
	other := trace.NewSpanContext(trace.SpanContextConfig{TraceID: trace.TraceID{1}, SpanID: trace.SpanID{2}, TraceState: state})
	_, span := d.tracing.start(t.Context(), "statement",
		trace.WithAttributes(attribute.String("db.query.text", canary), attribute.String("url.full", canary), attribute.String("http.request.method", "GET")),
		trace.WithLinks(trace.Link{SpanContext: other, Attributes: []attribute.KeyValue{attribute.String("who", canary)}}))
	span.RecordError(errors.New(`invalid input syntax for type uuid: "` + canary + `"`))
	span.AddEvent(canary)
	span.SetStatus(codes.Error, canary)
	span.SetAttributes(attribute.String("client.address", canary))
	span.End()
	spans := told()
	require.Len(t, spans, 1)
	require.Equal(t, []attribute.KeyValue{attribute.String("http.request.method", "GET")}, spans[0].Attributes)
	require.Empty(t, spans[0].Events)
	require.Equal(t, sdktrace.Status{Code: codes.Error}, spans[0].Status)
	require.Len(t, spans[0].Links, 1)
	require.Empty(t, spans[0].Links[0].Attributes)
	require.Zero(t, spans[0].Links[0].SpanContext.TraceState().Len())
}

func TestAStrangersTraceIsNamedAndNotJoined(t *testing.T) {
	t.Parallel()
	const theirs = "0af7651916cd43dd8448eb211c80319c"
	for _, trusted := range []bool{false, true} {
		d, told := traced(t)
		var within string
		h := d.HTTP(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) { within = TraceID(r.Context()) }), Route, func(*http.Request) bool { return trusted })
		r := httptest.NewRequestWithContext(t.Context(), "PROPFIND", "/c4nary?token=c4nary", nil)
		r.Header.Set("Traceparent", "00-"+theirs+"-b7ad6b7169203331-01")
		r.Header.Set("User-Agent", "c4nary")
		r.Header.Set("Baggage", "who=c4nary")
		h.ServeHTTP(httptest.NewRecorder(), r)
		spans := told()
		require.Len(t, spans, 1)
		require.Equal(t, "HTTP other", spans[0].Name)
		require.Equal(t, within, spans[0].SpanContext.TraceID().String())
		require.Equal(t, trusted, within == theirs)
		if !trusted {
			require.Equal(t, theirs, spans[0].Links[0].SpanContext.TraceID().String())
		}
		for _, a := range spans[0].Attributes {
			require.NotContains(t, a.Value.String(), "c4nary", a.Key)
		}
	}
}

func TestASubscriptionIsABeginningAndNotDaysOfStatements(t *testing.T) {
	t.Parallel()
	d, told := traced(t)
	ctx, ended := d.OperationBegan(t.Context(), "subscription")
	ended(nil)
	_, span := d.tracing.start(ctx, "EventsAfter")
	span.End()
	spans := told()
	require.Len(t, spans, 1)
	require.Equal(t, "GraphQL subscription", spans[0].Name)
	require.Equal(t, spans[0].SpanContext.TraceID().String(), TraceID(ctx), "an error of it is still found")
}

func TestAJobOfARequestGoesOnWithItsTraceAndAJobsJobOnlyNamesIt(t *testing.T) {
	t.Parallel()
	d, told := traced(t)
	ctx, span := d.tracing.start(t.Context(), "request")
	carried := d.Carry(ctx)
	require.NotEmpty(t, carried)
	span.End()
	for _, own := range []bool{false, true} {
		_, ended := d.JobBegan(t.Context(), jobs.Job{Kind: "import_account", Queue: "import", Trace: carried, Own: own})
		ended(jobs.OutcomeFailed)
	}
	_, ended := d.JobBegan(t.Context(), jobs.Job{Kind: "sweep", Queue: "default", Trace: "nonsense"})
	ended(jobs.OutcomeOK)
	spans := told()
	require.Len(t, spans, 4)
	request, same, own, alone := spans[0], spans[1], spans[2], spans[3]
	require.Equal(t, request.SpanContext.TraceID(), same.SpanContext.TraceID())
	require.Equal(t, request.SpanContext.SpanID(), same.Parent.SpanID())
	require.Equal(t, codes.Error, same.Status.Code)
	require.NotEqual(t, request.SpanContext.TraceID(), own.SpanContext.TraceID())
	require.Equal(t, request.SpanContext.SpanID(), own.Links[0].SpanContext.SpanID())
	require.Empty(t, alone.Links)
	require.False(t, alone.Parent.IsValid())
}

func TestAStatementIsCalledByItsName(t *testing.T) {
	t.Parallel()
	for sql, want := range map[string]string{
		"-- name: ClaimAccount :one\nUPDATE medium_accounts":    "ClaimAccount",
		"BEGIN; SELECT set_config('renkei.company', 'x', true)": "begin",
		"  SELECT 'secret'": "select",
		"":                  "statement",
	} {
		require.Equal(t, want, statementName(sql))
	}
}

func TestALineSaysItsTraceWhereItKnowsIt(t *testing.T) {
	t.Parallel()
	d, _ := traced(t)
	var said strings.Builder
	log := zerolog.New(&said).Hook(LogTrace())
	ctx, span := d.tracing.start(t.Context(), "request")
	defer span.End()
	log.Info().Ctx(ctx).Msg("traced")
	log.Info().Ctx(t.Context()).Msg("not traced")
	log.Info().Msg("no context")
	require.Equal(t, 1, strings.Count(said.String(), "trace_id"))
	require.Contains(t, said.String(), `"trace_id":"`+TraceID(ctx)+`"`)
}
