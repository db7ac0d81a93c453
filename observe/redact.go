package observe

import (
	"context"
	"slices"

	"go.opentelemetry.io/otel/attribute"
	sdktrace "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"
)

// told are the attributes that leave the process. Libraries add others with each version: addresses, whole URLs,
// statements, texts of errors with what somebody typed. They stay here.
var told = []attribute.Key{
	"db.response.status_code", "db.system.name", "graphql.operation.type", "http.request.method", "http.response.status_code",
	"http.route", "pgx.rows_affected", "pgx.sql_state", "renkei.answer", "renkei.error.codes", "renkei.job.kind", "renkei.job.queue", "renkei.medium",
	"url.scheme", "url.template",
}

// redacting lets nothing but what is in told through to an exporter: no other attribute, no event, no text.
type redacting struct{ sdktrace.SpanExporter }

// ExportSpans implements sdktrace.SpanExporter.
func (r redacting) ExportSpans(ctx context.Context, spans []sdktrace.ReadOnlySpan) error {
	out := make([]sdktrace.ReadOnlySpan, len(spans))
	for i, s := range spans {
		out[i] = redacted{s}
	}
	return r.SpanExporter.ExportSpans(ctx, out)
}

type redacted struct{ sdktrace.ReadOnlySpan }

// Attributes implements sdktrace.ReadOnlySpan.
func (r redacted) Attributes() []attribute.KeyValue {
	// The SDK's own slice is not ours to change.
	return slices.DeleteFunc(slices.Clone(r.ReadOnlySpan.Attributes()), func(a attribute.KeyValue) bool {
		return !slices.Contains(told, a.Key)
	})
}

// Events implements sdktrace.ReadOnlySpan: they repeat errors with their texts.
func (r redacted) Events() []sdktrace.Event { return nil }

// Links implements sdktrace.ReadOnlySpan: where they lead, and nothing of theirs.
func (r redacted) Links() []sdktrace.Link {
	links := slices.Clone(r.ReadOnlySpan.Links())
	for i := range links {
		links[i].Attributes, links[i].SpanContext = nil, links[i].SpanContext.WithTraceState(trace.TraceState{})
	}
	return links
}

// Status implements sdktrace.ReadOnlySpan, without the text.
func (r redacted) Status() sdktrace.Status {
	return sdktrace.Status{Code: r.ReadOnlySpan.Status().Code}
}
