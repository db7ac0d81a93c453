package observe

import (
	"context"
	"net/http"
	"slices"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"renkei/graph"
)

// Door observes GraphQL and jobs, in figures and in traces.
type Door struct {
	*Metrics
	tracing *Tracing
}

// NewDoor puts figures and traces together.
func NewDoor(m *Metrics, t *Tracing) *Door { return &Door{m, t} }

var _ graph.Observer = (*Door)(nil)

// OperationBegan implements graph.Observer. What follows in a subscription keeps the trace's id but is not recorded: it
// may go on for days.
func (d *Door) OperationBegan(ctx context.Context, kind string) (context.Context, func([]string)) {
	began := time.Now()
	ctx, span := d.tracing.start(ctx, "GraphQL "+kind, trace.WithAttributes(attribute.String("graphql.operation.type", kind)))
	if kind == "subscription" {
		ctx = quiet(ctx)
	}
	return ctx, func(errs []string) {
		outcome := outcomeOf(errs)
		d.operations.WithLabelValues(kind, outcome).Inc()
		if kind != "subscription" {
			d.operationSeconds.WithLabelValues(kind).Observe(time.Since(began).Seconds())
		}
		if outcome == "failed" || outcome == "unavailable" {
			span.SetStatus(codes.Error, "")
		}
		if len(errs) > 0 {
			span.SetAttributes(attribute.StringSlice("renkei.error.codes", errs))
		}
		span.End()
	}
}

// outcomeOf tells what we did wrong, and what could not be done for a moment, from what was refused.
func outcomeOf(errs []string) string {
	switch {
	case slices.Contains(errs, "INTERNAL"):
		return "failed"
	case slices.Contains(errs, "UNAVAILABLE"):
		return "unavailable"
	case len(errs) > 0:
		return "refused"
	}
	return "ok"
}

// SubscriptionOpened implements graph.Observer.
func (d *Door) SubscriptionOpened() func() {
	d.subscriptions.Inc()
	return d.subscriptions.Dec
}

// EventSent implements graph.Observer.
func (d *Door) EventSent() { d.eventsSent.Inc() }

// FieldBegan implements graph.Observer.
func (d *Door) FieldBegan(ctx context.Context, field string) (context.Context, func()) {
	ctx, span := d.tracing.start(ctx, field)
	return ctx, func() { span.End() }
}

// ErrorShown implements graph.Observer.
func (d *Door) ErrorShown(code string) {
	if code == "" {
		code = "none"
	}
	d.errors.WithLabelValues(code).Inc()
}

// StreamDropped implements graph.Observer.
func (d *Door) StreamDropped(transport string) { d.dropped.WithLabelValues(transport).Inc() }

// TraceID implements graph.Observer.
func (d *Door) TraceID(ctx context.Context) string { return TraceID(ctx) }

// HTTP counts and traces the requests of a handler by the class that route gives them. Whoever asks from elsewhere than
// behind a trusted proxy may name a trace, but does not become a part of it.
func (d *Door) HTTP(next http.Handler, route func(*http.Request) string, trusted func(*http.Request) bool) http.Handler {
	counted := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		answer := &answered{ResponseWriter: w}
		class := route(r)
		// A panic that breaks the connection passes by here too.
		defer func() {
			d.httpRequests.WithLabelValues(class, answer.class()).Inc()
			if !answer.stream {
				d.httpSeconds.WithLabelValues(class).Observe(time.Since(began).Seconds())
			}
		}()
		next.ServeHTTP(answer, r)
	})
	return d.tracing.handler(counted, route, trusted)
}

// answered notes what was answered. Unwrap gives whoever needs more of it the writer itself.
type answered struct {
	http.ResponseWriter
	status int
	stream bool
}

// WriteHeader implements http.ResponseWriter.
func (a *answered) WriteHeader(status int) {
	if a.status == 0 && status >= http.StatusOK || status == http.StatusSwitchingProtocols {
		a.status = status
		a.stream = status == http.StatusSwitchingProtocols || a.Header().Get("Content-Type") == "text/event-stream"
	}
	a.ResponseWriter.WriteHeader(status)
}

// Write implements http.ResponseWriter.
func (a *answered) Write(p []byte) (int, error) {
	if a.status == 0 {
		a.status, a.stream = http.StatusOK, a.Header().Get("Content-Type") == "text/event-stream"
	}
	return a.ResponseWriter.Write(p)
}

// Unwrap lets http.ResponseController reach deadlines, Flush and Hijack.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// class is the status; "none" where the connection broke off before there was one.
func (a *answered) class() string {
	if a.status == 0 {
		return "none"
	}
	return strconv.Itoa(a.status)
}
