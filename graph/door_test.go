package graph_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
	"renkei/graph"
	"renkei/intake"
	"renkei/jobs"
)

// patience bounds every wait: it is spent only where something is broken.
const patience = 30 * time.Second

// door is the whole of GraphQL on a database of its own.
type door struct {
	url     string
	dbURL   string
	client  *http.Client
	graph   *graph.Server
	service *intake.Service
	pool    *pgxpool.Pool
	program *pgxpool.Pool
	queue   *queue
	medium  *medium
	log     *logbook
}

// plan is what a test wants otherwise than most.
type plan struct {
	options graph.Options
	// instead replaces the queue.
	instead intake.Queue
	tracer  pgx.QueryTracer
	// around wraps the handler.
	around func(http.Handler) http.Handler
	// tune changes the server before it starts.
	tune func(*httptest.Server)
}

func open(t *testing.T, changes ...func(*plan)) *door {
	t.Helper()
	var p plan
	for _, change := range changes {
		change(&p)
	}
	own, err := jobs.NewQueue()
	require.NoError(t, err)
	vault, err := intake.NewVault(intake.NewSecret(intake.NewMasterKey()))
	require.NoError(t, err)
	d := &door{dbURL: dbtest.URL(t), log: &logbook{}, medium: &medium{}, queue: &queue{Queue: own}}
	if p.instead != nil {
		d.queue.Queue = p.instead
	}
	d.pool, err = db.OpenOwner(t.Context(), d.dbURL, 4)
	require.NoError(t, err)
	t.Cleanup(d.pool.Close)
	d.program = openPool(t, d.dbURL, p.tracer)
	log := zerolog.New(d.log)
	d.service = intake.New(d.program, d.queue, map[intake.Medium]intake.Source{intake.MediumWantedly: d.medium}, vault, intake.Settings{}, log)
	p.options.Log = log
	d.graph = graph.NewServer(d.service, p.options)
	var handler http.Handler = d.graph
	if p.around != nil {
		handler = p.around(handler)
	}
	server := httptest.NewUnstartedServer(handler)
	if p.tune != nil {
		p.tune(server)
	}
	server.Start()
	t.Cleanup(func() { d.requireAudited(t) })
	t.Cleanup(server.Close)
	d.url, d.client = server.URL+"/graphql", server.Client()
	return d
}

func openPool(t *testing.T, url string, tracer pgx.QueryTracer) *pgxpool.Pool {
	t.Helper()
	pool, err := db.Open(context.Background(), url, 8)
	require.NoError(t, err)
	if tracer != nil {
		config := pool.Config()
		pool.Close()
		config.ConnConfig.Tracer = tracer
		pool, err = pgxpool.NewWithConfig(context.Background(), config)
		require.NoError(t, err)
	}
	t.Cleanup(pool.Close)
	return pool
}

// listen wakes subscribers as a process that serves does.
func (d *door) listen(t *testing.T) {
	t.Helper()
	ctx, stop := context.WithCancel(context.Background())
	connected, ended := make(chan struct{}, 1), make(chan struct{})
	listener := db.Listener{
		URL: d.dbURL, Channel: intake.EventsChannel,
		Heard: func(string) { d.service.WakeAllWatchers() },
		Connected: func(now bool) {
			if now {
				connected <- struct{}{}
			}
		},
	}
	go func() {
		defer close(ended)
		_ = listener.Run(ctx)
	}()
	t.Cleanup(func() {
		stop()
		<-ended
	})
	<-connected
}

// company is a customer, with somebody of theirs at the door.
type company struct {
	*door
	actor intake.Actor
	token string
	// headers go with every request.
	headers map[string]string
}

func (d *door) company(t *testing.T, name string) company {
	t.Helper()
	made, err := d.service.CreateCompany(t.Context(), name)
	require.NoError(t, err)
	member, err := d.service.CreateMember(t.Context(), intake.NewMember{
		CompanyID: made.ID, Name: "山田花子", Email: "hanako@example.com", Roles: []intake.Role{intake.RoleAdmin, intake.RoleRecruiter},
	})
	require.NoError(t, err)
	c := company{door: d, actor: intake.Actor{Company: made, Member: member}}
	c.token = c.newToken(t, 0)
	return c
}

func (c company) newToken(t *testing.T, expires time.Duration) string {
	t.Helper()
	token, err := c.service.CreateToken(t.Context(), intake.NewToken{
		CompanyID: c.actor.Company.ID, MemberID: c.actor.Member.ID, Name: "test", Expires: expires,
	})
	require.NoError(t, err)
	return token
}

// speaking is the same person with an Accept-Language.
func (c company) speaking(language string) company {
	c.headers = map[string]string{"Accept-Language": language}
	return c
}

type vars = map[string]any

// answer is what a request got.
type answer struct {
	Data   any        `json:"data"`
	Errors []gqlError `json:"errors"`

	status int
	header http.Header
	raw    string
}

type gqlError struct {
	Message    string         `json:"message"`
	Path       []any          `json:"path"`
	Extensions map[string]any `json:"extensions"`
}

func (e gqlError) code() string { return fmt.Sprint(e.Extensions["code"]) }

// try asks by POST and returns the answer, whatever it is.
func (c company) try(t *testing.T, query string, variables vars) answer {
	t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	require.NoError(t, err)
	return read(t, c.client, c.request(t, http.MethodPost, c.url, string(body)))
}

// ask asks by POST and requires that all went well.
func (c company) ask(t *testing.T, query string, variables vars) any {
	t.Helper()
	a := c.try(t, query, variables)
	require.Equal(t, http.StatusOK, a.status, a.raw)
	require.Empty(t, a.Errors, a.raw)
	return a.Data
}

// refused asks by POST and requires that it is refused with this code.
func (c company) refused(t *testing.T, code, query string, variables vars) answer {
	t.Helper()
	a := c.try(t, query, variables)
	requireRefused(t, code, a)
	return a
}

func requireRefused(t *testing.T, code string, a answer) {
	t.Helper()
	require.NotEmpty(t, a.Errors, a.raw)
	for _, e := range a.Errors {
		require.Equal(t, code, e.code(), a.raw)
	}
}

// request makes a request with the company's token, if it has one.
func (c company) request(t *testing.T, method, url, body string) *http.Request {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), method, url, bytes.NewBufferString(body))
	require.NoError(t, err)
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/json")
	}
	if c.token != "" {
		r.Header.Set("Authorization", "Bearer "+c.token)
	}
	for name, value := range c.headers {
		r.Header.Set(name, value)
	}
	return r
}

func read(t *testing.T, client *http.Client, r *http.Request) answer {
	t.Helper()
	response, err := client.Do(r)
	require.NoError(t, err)
	defer response.Body.Close() //nolint:errcheck // read to its end below
	raw, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	a := answer{status: response.StatusCode, header: response.Header, raw: string(raw)}
	// Not every refusal is JSON.
	_ = json.Unmarshal(raw, &a)
	return a
}

// dig follows a path of names and indexes into decoded JSON.
func dig(t *testing.T, value any, path ...any) any {
	t.Helper()
	for _, step := range path {
		switch step := step.(type) {
		case string:
			object, ok := value.(map[string]any)
			require.True(t, ok, "no object at %v of %v: %v", step, path, value)
			require.Contains(t, object, step)
			value = object[step]
		case int:
			list, ok := value.([]any)
			require.True(t, ok, "no list at %v of %v: %v", step, path, value)
			require.Greater(t, len(list), step, "%v of %v", step, path)
			value = list[step]
		}
	}
	return value
}

func digString(t *testing.T, value any, path ...any) string {
	t.Helper()
	text, ok := dig(t, value, path...).(string)
	require.True(t, ok, "%v of %v", path, value)
	return text
}

func digList(t *testing.T, value any, path ...any) []any {
	t.Helper()
	list, ok := dig(t, value, path...).([]any)
	require.True(t, ok, "%v of %v", path, value)
	return list
}
