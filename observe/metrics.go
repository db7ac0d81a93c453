package observe

import (
	"net/http"
	"runtime"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/rs/zerolog"

	"renkei/intake"
)

// Metrics counts what a process does. It is safe for concurrent use.
type Metrics struct {
	registry *prometheus.Registry
	log      zerolog.Logger

	httpRequests *prometheus.CounterVec
	httpSeconds  *prometheus.HistogramVec

	operations       *prometheus.CounterVec
	operationSeconds *prometheus.HistogramVec
	errors           *prometheus.CounterVec
	subscriptions    prometheus.Gauge
	eventsSent       prometheus.Counter
	dropped          *prometheus.CounterVec

	runs            *prometheus.CounterVec
	runSeconds      *prometheus.HistogramVec
	pages           *prometheus.CounterVec
	imported        *prometheus.CounterVec
	routed          *prometheus.CounterVec
	waiting         *prometheus.CounterVec
	invalid         *prometheus.CounterVec
	files           *prometheus.CounterVec
	verifications   *prometheus.CounterVec
	verifySeconds   *prometheus.HistogramVec
	leasesLost      *prometheus.CounterVec
	revived         *prometheus.CounterVec
	mediumRequests  *prometheus.CounterVec
	mediumSeconds   *prometheus.HistogramVec
	mediumSignIns   *prometheus.CounterVec
	jobs            *prometheus.CounterVec
	jobSeconds      *prometheus.HistogramVec
	jobWait         *prometheus.HistogramVec
	passwordsHashed prometheus.Counter
	deliveries      *prometheus.CounterVec
}

// The buckets are few: each is a series for each set of labels.
var (
	// answerBuckets are for what somebody waits for.
	answerBuckets = []float64{.005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30}
	// workBuckets are for work in the background, from a second to a day.
	workBuckets = []float64{.1, .5, 1, 2.5, 5, 15, 60, 300, 900, 3600, 4 * 3600, 24 * 3600}
)

// NewMetrics makes a registry of its own, with the figures of Go, of the process and of the build. media are those that
// accounts can be linked of.
func NewMetrics(version string, media []intake.Medium, log zerolog.Logger) *Metrics {
	m := &Metrics{registry: prometheus.NewRegistry(), log: log}
	build := prometheus.NewGauge(prometheus.GaugeOpts{
		Name: "renkei_build_info", Help: "Always 1; the labels say what runs.",
		ConstLabels: prometheus.Labels{"version": version, "goversion": runtime.Version()},
	})
	build.Set(1)
	m.registry.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}), build)
	m.countDoor()
	m.countDomain()
	m.countWork()
	m.begin(media)
	return m
}

func (m *Metrics) countDoor() {
	m.httpRequests = m.counters("renkei_http_requests_total", "Requests answered, by class of route and status.", "route", "status")
	m.httpSeconds = m.histograms("renkei_http_request_seconds", "How long requests took, streams left out.", answerBuckets, "route")
	m.operations = m.counters("renkei_graphql_operations_total", "GraphQL operations, by kind and how they ended: ok, refused, unavailable, failed.", "kind", "outcome")
	m.operationSeconds = m.histograms("renkei_graphql_operation_seconds", "How long queries and mutations took.", answerBuckets, "kind")
	m.errors = m.counters("renkei_graphql_errors_total", "GraphQL errors shown, by code.", "code")
	m.subscriptions = m.gauge("renkei_subscriptions_open", "Subscriptions that are open on this process.")
	m.eventsSent = m.counter("renkei_stream_events_sent_total", "Events handed to subscribers.")
	m.dropped = m.counters("renkei_streams_dropped_total", "Streams given up because their client did not take what was sent.", "transport")
}

func (m *Metrics) countDomain() {
	m.runs = m.counters("renkei_import_runs_total", "Import runs that ended here, by medium, trigger, outcome and reason.", "medium", "trigger", "outcome", "reason")
	m.runSeconds = m.histograms("renkei_import_run_seconds", "How long import runs took, from their first worker on.", workBuckets, "medium", "outcome")
	m.pages = m.counters("renkei_import_pages_total", "Pages stored.", "medium")
	m.imported = m.counters("renkei_applications_imported_total", "Applications that came in by import runs.", "medium")
	m.routed = m.counters("renkei_applications_routed_total", "Applications that a rule routed as they came in.", "medium")
	m.waiting = m.counters("renkei_applications_waiting_total", "Applications that came in and waited for somebody to route them.", "medium")
	m.invalid = m.counters("renkei_records_invalid_total", "Records of a medium that could not be read.", "medium")
	m.files = m.counters("renkei_file_imports_total", "File imports that ended here, by outcome.", "outcome")
	m.verifications = m.counters("renkei_verifications_total", "Verifications that ended here, by medium, the status they led to and reason.", "medium", "outcome", "reason")
	m.verifySeconds = m.histograms("renkei_verification_seconds", "How long verifications took, from the registration on.", workBuckets, "medium")
	m.leasesLost = m.counters("renkei_leases_lost_total", "Times that a worker found its work to be somebody else's, or stopped.", "work")
	m.revived = m.counters("renkei_work_revived_total", "Work taken over from workers that died, or whose wake-up never came.", "work")
	m.deliveries = m.counters("renkei_deliveries_total", "Tries to tell somebody of an incident, by channel, how far that brought the delivery and trouble.", "channel", "state", "trouble")
	m.passwordsHashed = m.counter("renkei_passwords_hashed_total", "Passwords hashed: the dearest thing that a stranger can ask for.")
}

func (m *Metrics) countWork() {
	m.mediumRequests = m.counters("renkei_medium_requests_total", "Requests to a medium, by class of route and of answer: 2xx, 3xx, 4xx, 429, 5xx, timeout, unreachable, cancelled.", "medium", "route", "answer")
	m.mediumSeconds = m.histograms("renkei_medium_request_seconds", "How long a medium took to answer, the wait for our own turn left out.", answerBuckets, "medium", "route")
	m.mediumSignIns = m.counters("renkei_medium_sign_ins_total", "Sign-ins at a medium, by outcome: accepted, refused, failed.", "medium", "outcome")
	m.jobs = m.counters("renkei_jobs_total", "Jobs worked, by kind and outcome: ok, failed, panicked.", "kind", "outcome")
	m.jobSeconds = m.histograms("renkei_job_seconds", "How long jobs took.", workBuckets, "kind")
	m.jobWait = m.histograms("renkei_job_wait_seconds", "How long jobs waited for a worker once they could have run.", workBuckets, "queue")
}

// Handler serves /metrics. What cannot be read is left out of the answer, and said in the log.
func (m *Metrics) Handler() http.Handler {
	return promhttp.InstrumentMetricHandler(m.registry, promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{
		ErrorLog: complaints{m.log}, ErrorHandling: promhttp.ContinueOnError, MaxRequestsInFlight: 4, EnableOpenMetrics: true,
	}))
}

// Gauge reads a figure whenever somebody scrapes. value must not wait.
func (m *Metrics) Gauge(name, help string, value func() float64) {
	m.registry.MustRegister(prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, value))
}

// complaints logs what the scrape complains of.
type complaints struct{ log zerolog.Logger }

// Println implements promhttp.Logger.
func (c complaints) Println(v ...any) {
	c.log.Warn().Interface("complaint", v).Msg("metrics are incomplete")
}

func (m *Metrics) counter(name, help string) prometheus.Counter {
	c := prometheus.NewCounter(prometheus.CounterOpts{Name: name, Help: help})
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) gauge(name, help string) prometheus.Gauge {
	g := prometheus.NewGauge(prometheus.GaugeOpts{Name: name, Help: help})
	m.registry.MustRegister(g)
	return g
}

func (m *Metrics) counters(name, help string, labels ...string) *prometheus.CounterVec {
	c := prometheus.NewCounterVec(prometheus.CounterOpts{Name: name, Help: help}, labels)
	m.registry.MustRegister(c)
	return c
}

func (m *Metrics) histograms(name, help string, buckets []float64, labels ...string) *prometheus.HistogramVec {
	h := prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: name, Help: help, Buckets: buckets}, labels)
	m.registry.MustRegister(h)
	return h
}
