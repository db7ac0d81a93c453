package graph_test

import (
	"context"
	"encoding/base64"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"renkei/intake"
)

// listed is how many items each list of a long company has.
const listed = 7

// long is a company whose lists all have several pages.
type long struct {
	company
	account, run, endpoint uuid.UUID
	last                   int
}

func fillLong(t *testing.T, c company) *long {
	t.Helper()
	l := &long{company: c}
	opening := c.opening(t, "求人 1")
	for n := 2; n <= listed; n++ {
		c.opening(t, fmt.Sprint("求人 ", n))
	}
	for n := range listed {
		c.rule(t, fmt.Sprint("募集 ", n), opening.ID)
	}
	for n := 2; n <= listed; n++ {
		c.invite(t, fmt.Sprint("member", n))
	}
	l.account = c.link(t, "hr@example.com")
	var page intake.Page
	for l.last = range listed {
		// Some at the same instant: the id decides.
		a := application("募集 1", l.last, l.last)
		a.AppliedAt = a.AppliedAt.Truncate(3 * time.Minute)
		page.Applications = append(page.Applications, a)
		page.Invalid = append(page.Invalid, intake.SourceInvalid{
			ExternalID: fmt.Sprint(100 + l.last), Reason: intake.InvalidValue, Detail: "x", Shape: []byte("{}"),
		})
	}
	c.imports(t, l.account, page)
	for range listed - 1 {
		c.importsAgain(t, l.account)
	}
	runs, err := c.service.Runs(t.Context(), c.actor, nil, intake.Keyset{First: 100})
	require.NoError(t, err)
	l.run = runs[len(runs)-1].ID
	endpoint, _, err := c.service.AddEndpoint(t.Context(), c.actor, intake.ChannelSlack, intake.EndpointInput{
		Name: "監視", URL: new(hook), Kinds: []intake.IncidentKind{intake.IncidentLinkFailed},
	})
	require.NoError(t, err)
	l.endpoint = endpoint.ID
	for n := range listed {
		c.fails(t, fmt.Sprintf("failing%d@example.com", n))
	}
	return l
}

// list is one of the lists, and how something new comes to its head.
type list struct {
	// field is asked with the arguments of a page in place of %s.
	field string
	path  []any
	grow  func(t *testing.T, l *long)
}

func lists() map[string]list {
	apply := func(t *testing.T, l *long) {
		t.Helper()
		l.last++
		l.importsAgain(t, l.account, intake.Page{Applications: []intake.SourceApplication{application("募集 1", l.last+1000, l.last)}})
	}
	importAgain := func(t *testing.T, l *long) {
		t.Helper()
		l.importsAgain(t, l.account)
	}
	fail := func(t *testing.T, l *long) {
		t.Helper()
		l.last++
		l.fails(t, fmt.Sprintf("new%d@example.com", l.last))
	}
	return map[string]list{
		"incidents":                {`incidents(%s)`, []any{"incidents"}, fail},
		"a part of the incidents":  {`incidents(%s, open: true)`, []any{"incidents"}, fail},
		"an endpoint's deliveries": {`node(id: $endpoint) { ... on NotificationEndpoint { deliveries(%s)`, []any{"node", "deliveries"}, fail},
		"importRuns":               {`importRuns(%s)`, []any{"importRuns"}, importAgain},
		"an account's runs":        {`account(id: $account) { importRuns(%s)`, []any{"account", "importRuns"}, importAgain},
		"inbox":                    {`inbox(%s)`, []any{"inbox"}, apply},
		"a part of the inbox":      {`inbox(%s, state: ROUTED, medium: WANTEDLY, positionName: "募集　１")`, []any{"inbox"}, apply},
		"candidates":               {`candidates(%s)`, []any{"candidates"}, apply},
		"found candidates":         {`candidates(%s, search: "応募")`, []any{"candidates"}, apply},
		"found entries":            {`inbox(%s, search: "応募")`, []any{"inbox"}, apply},
		"a run's entries":          {`node(id: $run) { ... on ImportRun { entries(%s)`, []any{"node", "entries"}, apply},
		"a run's records":          {`node(id: $run) { ... on ImportRun { invalidRecords(%s)`, []any{"node", "invalidRecords"}, apply},
		"applications":             {`applications(%s)`, []any{"applications"}, apply},
		"a part of them":           {`applications(%s, outcome: IN_PROGRESS, search: "応募")`, []any{"applications"}, apply},
		"routingRules": {`routingRules(%s)`, []any{"routingRules"}, func(t *testing.T, l *long) {
			t.Helper()
			l.last++
			l.rule(t, fmt.Sprint("新しい募集 ", l.last), l.opening(t, "x").ID)
		}},
		"members": {`members(%s)`, []any{"members"}, func(t *testing.T, l *long) {
			t.Helper()
			l.last++
			l.invite(t, fmt.Sprint("new", l.last))
		}},
		"openings": {`openings(%s)`, []any{"openings"}, func(t *testing.T, l *long) {
			t.Helper()
			l.opening(t, "新しい求人")
		}},
	}
}

// page asks for one page of a list.
func (l *long) page(t *testing.T, of list, arguments string) any {
	t.Helper()
	selection := ` { edges { cursor node { id } } nodes { id } totalCount pageInfo { hasNextPage hasPreviousPage startCursor endCursor } } `
	query := `query ($account: ID!, $run: ID!, $endpoint: ID!) { used: account(id: $account) { id } too: node(id: $run) { id } three: node(id: $endpoint) { id } ` +
		fmt.Sprintf(of.field, arguments) + selection
	for range len(of.path) - 1 {
		query += "}"
	}
	if of.path[0] == "node" {
		query += "}"
	}
	return dig(t, l.ask(t, query+"}", vars{"account": l.account, "run": l.run, "endpoint": l.endpoint}), of.path...)
}

func ids(t *testing.T, page any) []string {
	t.Helper()
	all := []string{}
	for _, node := range digList(t, page, "nodes") {
		all = append(all, digString(t, node, "id"))
	}
	return all
}

func TestPagingForwardMeetsEachItemOnceWhileNewOnesArrive(t *testing.T) {
	t.Parallel()
	l := fillLong(t, open(t).company(t, "甲社"))
	for name, of := range lists() {
		all := ids(t, l.page(t, of, `first: 100`))
		require.GreaterOrEqual(t, len(all), listed, name)
		require.Len(t, compact(all), len(all), name)

		var met []string
		for after := ""; ; {
			page := l.page(t, of, fmt.Sprintf(`first: 3, after: %q`, after))
			requireTruePage(t, page, after != "")
			met = append(met, ids(t, page)...)
			if dig(t, page, "pageInfo", "hasNextPage") == false {
				break
			}
			after = digString(t, page, "pageInfo", "endCursor")
			of.grow(t, l)
		}
		require.Equal(t, all, met, name)
	}
}

// requireTruePage makes sure that a page says the same in each way in which it says it.
func requireTruePage(t *testing.T, page any, behind bool) {
	t.Helper()
	edges := digList(t, page, "edges")
	require.NotEmpty(t, edges)
	nodes := []string{}
	for _, edge := range edges {
		nodes = append(nodes, digString(t, edge, "node", "id"))
	}
	require.Equal(t, nodes, ids(t, page))
	require.Equal(t, behind, dig(t, page, "pageInfo", "hasPreviousPage"))
	require.Equal(t, dig(t, edges, 0, "cursor"), dig(t, page, "pageInfo", "startCursor"))
	require.Equal(t, dig(t, edges, len(edges)-1, "cursor"), dig(t, page, "pageInfo", "endCursor"))
	require.GreaterOrEqual(t, dig(t, page, "totalCount"), float64(listed))
}

func TestTheBoundsOfAListAreTold(t *testing.T) {
	t.Parallel()
	l := fillLong(t, open(t).company(t, "甲社"))
	for name, of := range lists() {
		exact := l.page(t, of, fmt.Sprint(`first: `, listed))
		require.Equal(t, false, dig(t, exact, "pageInfo", "hasNextPage"), name)
		require.EqualValues(t, listed, dig(t, exact, "totalCount"), name)
		require.Equal(t, true, dig(t, l.page(t, of, fmt.Sprint(`first: `, listed-1)), "pageInfo", "hasNextPage"), name)
		require.JSONEq(t, fmt.Sprintf(`{"edges":[],"nodes":[],"totalCount":%d,"pageInfo":{"hasNextPage":true,"hasPreviousPage":false,"startCursor":null,"endCursor":null}}`, listed),
			string(encode(t, l.page(t, of, `first: 0`))), name)
		end := digString(t, exact, "pageInfo", "endCursor")
		require.JSONEq(t, fmt.Sprintf(`{"edges":[],"nodes":[],"totalCount":%d,"pageInfo":{"hasNextPage":false,"hasPreviousPage":true,"startCursor":null,"endCursor":null}}`, listed),
			string(encode(t, l.page(t, of, fmt.Sprintf(`after: %q`, end)))), name)
	}
}

func TestTheLatestComesFirst(t *testing.T) {
	t.Parallel()
	l := fillLong(t, open(t).company(t, "甲社"))
	for field, key := range map[string]string{
		"importRuns": "dueAt", "inbox": "appliedAt", "applications": "appliedAt", "routingRules": "createdAt", "openings": "createdAt", "incidents": "openedAt",
	} {
		var before time.Time
		for i, node := range digList(t, l.ask(t, `{ `+field+` { nodes { at: `+key+` } } }`, nil), field, "nodes") {
			at, err := time.Parse(time.RFC3339, digString(t, node, "at"))
			require.NoError(t, err)
			// An id is true to the millisecond, and as late as the statement that made it.
			require.True(t, i == 0 || at.Before(before.Add(5*time.Millisecond)), "%s: %s behind %s", field, at, before)
			before = at
		}
	}
}

func TestACursorThatWeDidNotMakeIsBadInput(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	pack := base64.RawURLEncoding.EncodeToString
	for _, cursor := range []string{
		"x", "!", "あ", "MQ==", pack(nil) + "A", pack([]byte("1")), pack([]byte("1.")), pack([]byte("." + uuid.NewString())),
		pack([]byte("x." + uuid.NewString())), pack([]byte("1.not-a-uuid")), pack([]byte("99999999999999999999." + uuid.NewString())),
		pack([]byte{0, 255}),
	} {
		for field := range connections {
			c.refused(t, "BAD_USER_INPUT", `query ($after: String) { `+field+`(after: $after) { totalCount } }`, vars{"after": cursor})
		}
	}
	for _, cursor := range []string{"", "x", pack([]byte("2.5")), pack([]byte("1.-5")), pack([]byte("1.x")), pack([]byte("1.5.half")), pack([]byte("0." + uuid.NewString()))} {
		for _, field := range []string{"accountStatusChanged", "importRunChanged", "inboxChanged", "incidentChanged"} {
			query := `subscription ($after: String) { ` + field + `(after: $after) { cursor } }`
			requireRefused(t, "BAD_USER_INPUT", c.streamByPost(t, query, vars{"after": cursor}).receive(t).answer(t))
		}
	}
}

// statements counts the statements that a test's service sends, by name.
type statements struct {
	mu    sync.Mutex
	names []string
}

// TraceQueryStart implements pgx.QueryTracer.
func (s *statements) TraceQueryStart(ctx context.Context, _ *pgx.Conn, data pgx.TraceQueryStartData) context.Context {
	s.note(data.SQL)
	return ctx
}

// TraceBatchStart implements pgx.BatchTracer.
func (*statements) TraceBatchStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceBatchStartData) context.Context {
	return ctx
}

// TraceBatchQuery implements pgx.BatchTracer.
func (s *statements) TraceBatchQuery(_ context.Context, _ *pgx.Conn, data pgx.TraceBatchQueryData) {
	s.note(data.SQL)
}

// TraceBatchEnd implements pgx.BatchTracer.
func (*statements) TraceBatchEnd(context.Context, *pgx.Conn, pgx.TraceBatchEndData) {}

// note counts what has a name: what names the company travels with it.
func (s *statements) note(sql string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if queryName.MatchString(sql) {
		s.names = append(s.names, nameOf(sql))
	}
}

// TraceQueryEnd implements pgx.QueryTracer.
func (*statements) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

// during returns what was sent meanwhile, in the order of the names.
func (s *statements) during(f func()) []string {
	s.mu.Lock()
	s.names = nil
	s.mu.Unlock()
	f()
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Sorted(slices.Values(s.names))
}
