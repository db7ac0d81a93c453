package observe

import (
	"context"
	"errors"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"

	"renkei/intake"
	"renkei/jobs"
)

var (
	_ jobs.Observer   = (*Door)(nil)
	_ intake.Observer = (*Door)(nil)
)

// Carry implements jobs.Observer.
func (d *Door) Carry(ctx context.Context) string { return carry(ctx) }

// JobBegan implements jobs.Observer. A job goes on with the trace of the request that asked for it; what a job leaves
// behind is a trace of its own, linked to the first.
func (d *Door) JobBegan(ctx context.Context, job jobs.Job) (context.Context, func(jobs.Outcome)) {
	began := time.Now()
	d.jobWait.WithLabelValues(job.Queue).Observe(job.Waited.Seconds())
	options := []trace.SpanStartOption{
		trace.WithSpanKind(trace.SpanKindConsumer),
		trace.WithAttributes(attribute.String("renkei.job.kind", job.Kind), attribute.String("renkei.job.queue", job.Queue)),
	}
	if from := carried(job.Trace); from.IsValid() && job.Own {
		options = append(options, trace.WithNewRoot(), trace.WithLinks(trace.Link{SpanContext: from}))
	} else if from.IsValid() {
		ctx = trace.ContextWithRemoteSpanContext(ctx, from)
	}
	ctx, span := d.tracing.start(ctx, "job "+job.Kind, options...)
	return ctx, func(outcome jobs.Outcome) {
		d.jobs.WithLabelValues(job.Kind, string(outcome)).Inc()
		d.jobSeconds.WithLabelValues(job.Kind).Observe(time.Since(began).Seconds())
		if outcome != jobs.OutcomeOK {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// ActBegan implements intake.Observer. What nobody asked for is of no trace and leaves none, as with statements.
func (d *Door) ActBegan(ctx context.Context, act intake.Act) (context.Context, func(failed bool)) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(bool) {}
	}
	ctx, span := d.tracing.start(ctx, string(act))
	return ctx, func(failed bool) {
		if failed {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// MediumAsked tells of a request to a medium, and returns what is called with its answer. Nothing of ours goes along
// with it: a medium need not know our traces.
func (d *Door) MediumAsked(ctx context.Context, medium intake.Medium, method, route string) (context.Context, func(status int, err error)) {
	began := time.Now()
	ctx, span := d.tracing.start(ctx, method+" "+route, trace.WithSpanKind(trace.SpanKindClient), trace.WithAttributes(
		attribute.String("http.request.method", method), attribute.String("url.template", route), attribute.String("renkei.medium", string(medium))))
	return ctx, func(status int, err error) {
		class := answerClass(status, err)
		d.mediumRequests.WithLabelValues(string(medium), route, class).Inc()
		d.mediumSeconds.WithLabelValues(string(medium), route).Observe(time.Since(began).Seconds())
		span.SetAttributes(attribute.String("renkei.answer", class))
		if status != 0 {
			span.SetAttributes(attribute.Int("http.response.status_code", status))
		}
		if err != nil || status >= http.StatusInternalServerError {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

// MediumSignedIn counts a sign-in by what came of it.
func (d *Door) MediumSignedIn(medium intake.Medium, err error) {
	if errors.Is(err, context.Canceled) {
		return
	}
	outcome := "accepted"
	if trouble, ok := intake.AsSourceError(err); ok && trouble.Reason.PersonCanMend() {
		outcome = "refused"
	} else if err != nil {
		outcome = "failed"
	}
	d.mediumSignIns.WithLabelValues(string(medium), outcome).Inc()
}

func answerClass(status int, err error) string {
	switch {
	case errors.Is(err, context.Canceled):
		return "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		return "timeout"
	case status == 0:
		return "unreachable"
	case status == http.StatusTooManyRequests:
		return "429"
	}
	return strconv.Itoa(status/100) + "xx"
}
