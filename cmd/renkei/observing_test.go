package main

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	collector "go.opentelemetry.io/proto/otlp/collector/trace/v1"
	tracespb "go.opentelemetry.io/proto/otlp/trace/v1"
	"go.yaml.in/yaml/v3"
	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/proto"

	"renkei/wantedly/wantedlysim"
)

// inside gives the process an internal address, and returns it.
func (w *world) inside(t *testing.T) client {
	t.Helper()
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, probe.Close())
	w.env["RENKEI_METRICS_LISTEN"] = probe.Addr().String()
	return client{address: probe.Addr().String()}
}

// scrape is what Prometheus would read: the samples by their series.
func (c client) scrape(t *testing.T) map[string]string {
	t.Helper()
	resp, text := c.request(t, http.MethodGet, "/metrics", "")
	require.Equal(t, http.StatusOK, resp.StatusCode, text)
	samples := make(map[string]string)
	for line := range strings.Lines(text) {
		line = strings.TrimSpace(line)
		if i := strings.LastIndex(line, " "); i > 0 && !strings.HasPrefix(line, "#") {
			samples[line[:i]] = line[i+1:]
		}
	}
	return samples
}

// families are the names of what is scraped.
func families(samples map[string]string) map[string]bool {
	names := make(map[string]bool)
	for series := range samples {
		name, _, _ := strings.Cut(series, "{")
		names[name] = true
	}
	return names
}

func TestAScrapeTellsWhatTheProcessDidAndNotForWhom(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 4})
	inside := w.inside(t)
	p := w.start(t)
	linked, runs := w.linkedAndImported(t, p.client, "ok@"+domain)
	p.importNow(t, linked.ID)
	until(t, runs, runEnded)
	_, err := try[string](t.Context(), p.client, "x", "{ nothing }", nil)
	require.Error(t, err)
	require.Equal(t, http.StatusNotFound, p.status(t, "/"+linked.ID))
	require.Equal(t, http.StatusNotFound, p.status(t, "/metrics"), "figures are not for everybody")

	var samples map[string]string
	eventually(t, "counted", func() bool {
		samples = inside.scrape(t)
		return samples[`renkei_import_runs_total{medium="WANTEDLY",outcome="SUCCEEDED",reason="",trigger="MANUAL"}`] == "1" &&
			samples[`renkei_jobs_total{kind="import_account",outcome="ok"}`] == "2" && samples["renkei_ready"] == "1"
	})
	for series, want := range map[string]string{
		`renkei_ready`:              "1",
		`renkei_state_up`:           "1",
		`renkei_listener_connected`: "1",
		`renkei_subscriptions_open`: "2",
		`renkei_streams_open`:       "2",
		`renkei_applications_imported_total{medium="WANTEDLY"}`:                    "4",
		`renkei_applications_waiting_total{medium="WANTEDLY"}`:                     "4",
		`renkei_applications_routed_total{medium="WANTEDLY"}`:                      "0",
		`renkei_import_run_seconds_count{medium="WANTEDLY",outcome="SUCCEEDED"}`:   "2",
		`renkei_verifications_total{medium="WANTEDLY",outcome="LINKED",reason=""}`: "1",
		`renkei_medium_sign_ins_total{medium="WANTEDLY",outcome="accepted"}`:       "1",
		`renkei_graphql_errors_total{code="BAD_USER_INPUT"}`:                       "1",
		`renkei_graphql_operations_total{kind="mutation",outcome="ok"}`:            "2",
		`renkei_http_requests_total{route="other",status="404"}`:                   "2",
		`renkei_jobs_total{kind="verify_account",outcome="ok"}`:                    "1",
		`renkei_jobs_total{kind="import_account",outcome="ok"}`:                    "2",
		`renkei_database_read_only`:                                                "0",
		`renkei_vault_keys{state="PRIMARY"}`:                                       "1",
	} {
		require.Equal(t, want, samples[series], series)
	}
	page := fmt.Sprint(samples)
	for _, private := range []string{linked.ID, w.company, domain, w.token} {
		require.NotContains(t, page, private)
	}

	promised := promised(t)
	require.Greater(t, len(promised), 30)
	there := families(samples)
	for name, where := range promised {
		require.True(t, there[name], "%s speaks of %s, which nobody counts", where, name)
	}
}

// metricName is one of ours, or of the process.
var metricName = regexp.MustCompile(`\b(renkei_[a-z_]+|process_[a-z_]+|go_[a-z_]+)\b`)

// promised are the metrics that the alerts and the dashboard speak of.
func promised(t *testing.T) map[string]string {
	t.Helper()
	names := make(map[string]string)
	for _, file := range []string{"../../deploy/prometheus/alerts.yaml", "../../deploy/grafana/renkei.json"} {
		text, err := os.ReadFile(filepath.FromSlash(file))
		require.NoError(t, err)
		for _, name := range metricName.FindAllString(string(text), -1) {
			names[name] = file
		}
	}
	return names
}

// alert is one of deploy/prometheus/alerts.yaml.
type alert struct {
	Alert       string
	Expr        string
	For         string
	Labels      map[string]string
	Annotations map[string]string
}

func alerts(t *testing.T) []alert {
	t.Helper()
	text, err := os.ReadFile(filepath.FromSlash("../../deploy/prometheus/alerts.yaml"))
	require.NoError(t, err)
	var file struct {
		Groups []struct {
			Name  string
			Rules []alert
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	var all []alert
	for _, g := range file.Groups {
		require.NotEmpty(t, g.Name)
		all = append(all, g.Rules...)
	}
	return all
}

func TestEveryAlertSaysWhatItMeansAndWhereToReadOn(t *testing.T) {
	t.Parallel()
	var names []string
	for _, a := range alerts(t) {
		require.Regexp(t, `^Renkei[A-Z][A-Za-z]+$`, a.Alert)
		require.NotContains(t, names, a.Alert)
		names = append(names, a.Alert)
		require.Equal(t, strings.Count(a.Expr, "("), strings.Count(a.Expr, ")"), a.Alert)
		require.Regexp(t, `renkei_|process_|up\{`, a.Expr)
		require.Contains(t, []string{"critical", "warning", "info"}, a.Labels["severity"], a.Alert)
		require.NotEmpty(t, a.Annotations["summary"], a.Alert)
		require.NotEmpty(t, a.Annotations["description"], a.Alert)
		require.Equal(t, "docs/operations.md#"+strings.ToLower(a.Alert), a.Annotations["runbook_url"])
	}
	require.Greater(t, len(names), 20)
	page, err := os.ReadFile(filepath.FromSlash("../../docs/operations.md"))
	require.NoError(t, err)
	for _, name := range names {
		require.Contains(t, string(page), "\n### "+name+"\n", "a runbook for each alert")
	}
}

func TestTheScrapeIsCalledWhatTheAlertsCallIt(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.FromSlash("../../deploy/prometheus/prometheus.yaml"))
	require.NoError(t, err)
	var file struct {
		RuleFiles     []string `yaml:"rule_files"`
		ScrapeConfigs []struct {
			JobName string `yaml:"job_name"`
		} `yaml:"scrape_configs"`
	}
	require.NoError(t, yaml.Unmarshal(text, &file))
	require.Equal(t, []string{"alerts.yaml"}, file.RuleFiles)
	require.Len(t, file.ScrapeConfigs, 1)
	job := regexp.MustCompile(`job="([^"]*)"`)
	for _, a := range alerts(t) {
		for _, named := range job.FindAllStringSubmatch(a.Expr, -1) {
			require.Equal(t, file.ScrapeConfigs[0].JobName, named[1], a.Alert)
		}
	}
}

func TestMemoryIsCollectedBeforeAContainersLimit(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"api", "workers"} {
		text, err := os.ReadFile(filepath.FromSlash("../../deploy/kubernetes/" + name + ".yaml"))
		require.NoError(t, err)
		require.Contains(t, string(text), "{ name: GOMEMLIMIT, value: 921MiB }", name)
		require.Regexp(t, `limits: \{[^}]*memory: 1Gi[,} ]`, string(text), "nine tenths of it")
	}
}

func TestTheDashboardHasAPanelForEachPart(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile(filepath.FromSlash("../../deploy/grafana/renkei.json"))
	require.NoError(t, err)
	var dashboard struct {
		Title  string
		Panels []struct {
			ID          int
			Type, Title string
			Targets     []struct{ Expr string }
		}
	}
	require.NoError(t, json.Unmarshal(text, &dashboard))
	var rows []string
	ids := make(map[int]bool)
	for _, p := range dashboard.Panels {
		require.False(t, ids[p.ID], "panel %d is there twice", p.ID)
		ids[p.ID] = true
		if p.Type == "row" {
			rows = append(rows, p.Title)
			continue
		}
		require.NotEmpty(t, p.Targets, p.Title)
		for _, target := range p.Targets {
			require.Regexp(t, metricName, target.Expr, p.Title)
			require.Equal(t, strings.Count(target.Expr, "("), strings.Count(target.Expr, ")"), p.Title)
		}
	}
	require.Subset(t, rows, []string{"Door", "Imports", "Medium", "Telling", "Queue", "Database", "Subscriptions"})
}

// collecting takes traces as a collector does.
type collecting struct {
	address string

	mu    sync.Mutex
	spans []*tracespb.Span
	// text is all that came, as it reads.
	text strings.Builder
	// tenant is what the last header x-tenant said.
	tenant string
}

func collect(t *testing.T) *collecting {
	t.Helper()
	c := &collecting{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		var request collector.ExportTraceServiceRequest
		if err != nil || r.URL.Path != "/v1/traces" || proto.Unmarshal(body, &request) != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		c.take(r.Header.Get("X-Tenant"), &request)
	}))
	t.Cleanup(server.Close)
	c.address = server.URL
	return c
}

// collectGRPC is collect over gRPC.
func collectGRPC(t *testing.T) *collecting {
	t.Helper()
	c := &collecting{}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	server := grpc.NewServer()
	collector.RegisterTraceServiceServer(server, &exports{to: c})
	served := make(chan error, 1)
	go func() { served <- server.Serve(listener) }()
	t.Cleanup(func() {
		server.Stop()
		require.NoError(t, <-served)
	})
	c.address = "http://" + listener.Addr().String()
	return c
}

// exports is a collector's service over gRPC.
type exports struct {
	collector.UnimplementedTraceServiceServer
	to *collecting
}

func (e *exports) Export(ctx context.Context, request *collector.ExportTraceServiceRequest) (*collector.ExportTraceServiceResponse, error) {
	headers, _ := metadata.FromIncomingContext(ctx)
	e.to.take(strings.Join(headers.Get("x-tenant"), ","), request)
	return &collector.ExportTraceServiceResponse{}, nil
}

func (c *collecting) take(tenant string, request *collector.ExportTraceServiceRequest) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.tenant = tenant
	c.text.WriteString(request.String())
	for _, resource := range request.GetResourceSpans() {
		for _, scope := range resource.GetScopeSpans() {
			c.spans = append(c.spans, scope.GetSpans()...)
		}
	}
}

func (c *collecting) all() []*tracespb.Span {
	c.mu.Lock()
	defer c.mu.Unlock()
	return slices.Clone(c.spans)
}

func (c *collecting) said() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.text.String()
}

// spansNamed are the spans of a name.
func spansNamed(spans []*tracespb.Span, name string) []*tracespb.Span {
	return slices.DeleteFunc(slices.Clone(spans), func(s *tracespb.Span) bool { return s.GetName() != name })
}

// domainsWords is what a span may be called that is no request, no job and no statement.
var domainsWords = regexp.MustCompile(`^(GraphQL (query|mutation|subscription)|(Query|Mutation)\.[a-zA-Z]+|[a-z]+([ '-][a-z]+)*)$`)

func TestOneTraceLeadsFromAMutationOverTheDomainSQLAndAJobToTheMediumsRequest(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 3})
	c := collect(t)
	w.env["OTEL_EXPORTER_OTLP_ENDPOINT"], w.env["OTEL_BSP_SCHEDULE_DELAY"] = c.address, "100"
	w.env["OTEL_EXPORTER_OTLP_HEADERS"], w.env["OTEL_SERVICE_NAME"] = "x-tenant=ours", "renkei-here"
	p := w.spawn(t)
	linked, runs := w.linkedAndImported(t, p.client, "ok@"+domain)
	resp, err := p.post(t.Context(), "application/json", importNow, vars{"id": linked.ID})
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	trace := resp.Header.Get("X-Request-Id")
	require.Regexp(t, `^[0-9a-f]{32}$`, trace, "a request is called as its trace is")
	until(t, runs, runEnded)

	var mine []*tracespb.Span
	eventually(t, "the job's trace", func() bool {
		mine = slices.DeleteFunc(c.all(), func(s *tracespb.Span) bool { return hex.EncodeToString(s.GetTraceId()) != trace })
		return len(spansNamed(mine, "job import_account")) == 1
	})
	parents := make(map[string]*tracespb.Span)
	for _, s := range mine {
		parents[string(s.GetSpanId())] = s
	}
	path := func(s *tracespb.Span) (names []string) {
		for ; s != nil; s = parents[string(s.GetParentSpanId())] {
			names = append(names, s.GetName())
		}
		return names
	}
	// From the last to the first. The domain queued the job, and the job has the domain at work.
	door := []string{"import now", "Mutation.importNow", "GraphQL mutation", "POST graphql"}
	job := append([]string{"job import_account"}, door...)
	for last, way := range map[string][]string{
		"QueueRun":                             door,
		"StartRun":                             append([]string{"start run"}, job...),
		"AdvanceCursor":                        append([]string{"commit page", "read medium"}, job...),
		"FinishRun":                            append([]string{"succeed run"}, job...),
		"GET /api/internal/enterprise/tickets": append([]string{"read medium"}, job...),
	} {
		ends := spansNamed(mine, last)
		require.NotEmpty(t, ends, last)
		require.Equal(t, append([]string{last}, way...), path(ends[0]))
	}

	// What a job leaves behind is a trace of its own that says where it comes from.
	verified := spansNamed(c.all(), "job verify_account")
	require.Len(t, verified, 1)
	first := slices.DeleteFunc(spansNamed(c.all(), "job import_account"), func(s *tracespb.Span) bool { return len(s.GetLinks()) == 0 })
	require.Len(t, first, 1)
	require.Equal(t, verified[0].GetTraceId(), first[0].GetLinks()[0].GetTraceId())
	require.NotEqual(t, verified[0].GetTraceId(), first[0].GetTraceId())

	require.Contains(t, w.log.String(), `"trace_id":"`+trace+`"`, "the log's lines are found by it")
	require.Equal(t, "ours", c.tenant)
	require.Contains(t, c.said(), "renkei-here")
	for _, s := range c.all() {
		require.NotContains(t, []string{"GET health", "ReviveAccounts", "HoldVaultKeys", "hold vault keys"}, s.GetName(), "what nobody asked for is traced")
		if s.GetKind() == tracespb.Span_SPAN_KIND_INTERNAL {
			require.Regexp(t, domainsWords, s.GetName())
		}
	}
	for _, private := range []string{linked.ID, w.company, domain, password, w.token, "ok@", p.address} {
		require.NotContains(t, c.said(), private)
	}
	requireStopped(t, p.stop)
}

func TestTracesGoOverGRPCWhereTheProtocolSaysSo(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	c := collectGRPC(t)
	w.env["OTEL_EXPORTER_OTLP_ENDPOINT"], w.env["OTEL_EXPORTER_OTLP_PROTOCOL"], w.env["OTEL_BSP_SCHEDULE_DELAY"] = c.address, "grpc", "100"
	w.env["OTEL_EXPORTER_OTLP_HEADERS"], w.env["OTEL_SERVICE_NAME"] = "x-tenant=ours", "renkei-here"
	p := w.spawn(t)
	resp, body := p.request(t, http.MethodGet, "/schema.graphql", "")
	require.Equal(t, http.StatusOK, resp.StatusCode, body)
	trace := resp.Header.Get("X-Request-Id")
	require.Regexp(t, `^[0-9a-f]{32}$`, trace)
	eventually(t, "the request's trace", func() bool {
		return slices.ContainsFunc(c.all(), func(s *tracespb.Span) bool { return hex.EncodeToString(s.GetTraceId()) == trace })
	})
	requireStopped(t, p.stop)
	require.Contains(t, c.said(), "renkei-here")
	require.Equal(t, "ours", c.tenant)
}

func TestACollectorThatIsAwayHoldsUpNobody(t *testing.T) {
	t.Parallel()
	silent := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		<-r.Context().Done()
	}))
	t.Cleanup(silent.Close)
	// Nobody takes its connections.
	deaf, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, deaf.Close()) })
	for protocol, address := range map[string]string{"http/protobuf": silent.URL + "/v1/traces", "grpc": "http://" + deaf.Addr().String()} {
		t.Run(protocol, func(t *testing.T) {
			t.Parallel()
			w := setup(t, wantedlysim.Options{Tickets: 1})
			w.env["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"], w.env["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"] = address, protocol
			w.env["OTEL_BSP_SCHEDULE_DELAY"] = "50"
			p := w.spawn(t)
			w.linkedAndImported(t, p.client, "ok@"+domain)
			requireStopped(t, p.stop)
		})
	}
}

func TestSettingsOfTracesThatCannotBeMetAreRefused(t *testing.T) {
	t.Parallel()
	for name, value := range map[string]string{"OTEL_TRACES_EXPORTER": "zipkin", "OTEL_EXPORTER_OTLP_PROTOCOL": "http/json"} {
		_, err := load(func(n string) string {
			return map[string]string{"OTEL_EXPORTER_OTLP_ENDPOINT": "http://collector:4318", name: value}[n]
		})
		require.ErrorContains(t, err, name)
	}
	c, err := load(func(string) string { return "" })
	require.NoError(t, err)
	require.Empty(t, c.Traces, "off where nobody names a collector")
}

func TestARequestIsCalledWhatATrustedProxyCallsIt(t *testing.T) {
	t.Parallel()
	const name, traceparent = "proxy-4711-abcdef", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
	w := setup(t, wantedlysim.Options{})
	stranger := w.start(t).client
	resp, _ := stranger.request(t, http.MethodGet, "/schema.graphql", "", "X-Request-Id", name)
	require.Regexp(t, `^[0-9a-f]{8}-`, resp.Header.Get("X-Request-Id"), "anybody may write anything there")

	w.env["RENKEI_TRUSTED_PROXIES"] = "127.0.0.0/8"
	trusted := w.start(t).client
	resp, _ = trusted.request(t, http.MethodGet, "/schema.graphql", "", "X-Request-Id", name)
	require.Equal(t, name, resp.Header.Get("X-Request-Id"))
	for _, unlike := range []string{"short", "with a space in it", strings.Repeat("a", 65), "<script>alert</script>"} {
		resp, _ = trusted.request(t, http.MethodGet, "/schema.graphql", "", "X-Request-Id", unlike, "Traceparent", traceparent)
		require.Regexp(t, `^[0-9a-f]{8}-`, resp.Header.Get("X-Request-Id"), unlike)
	}
}

func TestReadinessTellsWhyNotAndNothingOfWhere(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	inside := w.inside(t)
	p := w.start(t)
	for _, c := range []client{p.client, inside} {
		eventually(t, "hears", func() bool {
			_, body := c.request(t, http.MethodGet, "/readyz", "")
			return strings.Contains(body, "listener: ok")
		})
		resp, body := c.request(t, http.MethodGet, "/readyz", "")
		require.Equal(t, http.StatusOK, resp.StatusCode)
		require.Equal(t, "ready\nstopping: ok\ndatabase: ok\nschema: ok\npool: ok\nworkers: ok\nlistener: ok\n", body)
	}

	_, err := w.pool.Exec(t.Context(), "UPDATE goose_db_version SET is_applied = false WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
	require.NoError(t, err)
	resp, body := p.request(t, http.MethodGet, "/readyz", "")
	require.Equal(t, http.StatusServiceUnavailable, resp.StatusCode)
	require.True(t, strings.HasPrefix(body, "schema is behind\n"), body)
	require.Contains(t, body, "database: ok")
	_, err = w.pool.Exec(t.Context(), "UPDATE goose_db_version SET is_applied = true")
	require.NoError(t, err)

	other := setup(t, wantedlysim.Options{})
	var name string
	require.NoError(t, w.pool.QueryRow(t.Context(), "SELECT current_database()").Scan(&name))
	exec := func(statement string, args ...any) {
		_, err := other.pool.Exec(context.WithoutCancel(t.Context()), statement, args...)
		require.NoError(t, err)
	}
	exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS false")
	exec("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = $1", name)
	eventually(t, "away", func() bool { return p.status(t, "/readyz") == http.StatusServiceUnavailable })
	resp, body = p.request(t, http.MethodGet, "/readyz", "", "Accept", "application/json")
	require.Equal(t, "application/json", resp.Header.Get("Content-Type"))
	var told struct {
		Ready  bool
		Status string
		Checks []need
	}
	require.NoError(t, json.Unmarshal([]byte(body), &told))
	require.False(t, told.Ready)
	require.Equal(t, "database does not answer", told.Status)
	require.Contains(t, told.Checks, need{Name: "schema", State: "unknown", Why: "the database does not answer"})
	for _, private := range []string{name, "127.0.0.1", "postgres"} {
		require.NotContains(t, body, private)
	}
	eventually(t, "shown", func() bool { return inside.scrape(t)["renkei_ready"] == "0" })
	exec("ALTER DATABASE " + name + " ALLOW_CONNECTIONS true")
	w.pool.Reset()
	eventually(t, "back", func() bool { return p.status(t, "/readyz") == http.StatusOK })
}
