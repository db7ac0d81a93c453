// Package observe is what operators see: the figures behind /metrics and the traces that leave by OTLP. Whoever has
// something to tell says so through an interface of its own (intake.Observer, graph.Observer, jobs.Observer,
// wantedly.Config.Asking) and knows neither Prometheus nor OpenTelemetry; Metrics and Tracing know both.
//
// No label and no attribute names a company, a person, an address or anything that was sent: labels are words of a
// short list, and of what a span holds only what the list in redact.go allows leaves the process.
package observe
