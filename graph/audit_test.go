package graph_test

import (
	"context"
	"encoding/csv"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/intake"
)

// beginning is how many lines a company begins with: it was made, and somebody with a token.
const beginning = 3

// requireAudited makes sure of whatever a test has written into audit logs: nobody has changed a line, and
// nothing stands in them but numbers, states, ids and instants.
func (d *door) requireAudited(t *testing.T) {
	t.Helper()
	ctx := context.Background()
	// Its own connection: some tests take the others away.
	pool, err := db.OpenOwner(ctx, d.dbURL, 1)
	require.NoError(t, err)
	defer pool.Close()
	program, err := db.Open(ctx, d.dbURL, 1)
	require.NoError(t, err)
	defer program.Close()
	service := intake.New(program, nil, nil, nil, intake.Settings{}, zerolog.Nop())
	companies, err := service.CompanyIDs(ctx)
	require.NoError(t, err)
	for _, id := range companies {
		_, err := service.VerifyAudit(ctx, id)
		require.NoError(t, err)
	}
	rows, err := pool.Query(ctx, `
		SELECT l.action || ': ' || text FROM audit_log l, jsonb_path_query(l.detail, 'strict $.** ? (@.type() == "string")') AS v, LATERAL (SELECT v #>> '{}' AS text) x
		WHERE text !~ '^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[A-Z][A-Z_]*|\d{4}-\d\d-\d\dT[0-9:.]+Z)$'
		UNION ALL
		SELECT l.action || ': ' || l.detail FROM audit_log l WHERE l.detail::text ~ '@|応募者|山田|花子|password|renkei_'`)
	require.NoError(t, err)
	leaks, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Empty(t, leaks, "numbers, states and ids alone")
}

// as is somebody else of the company, with these roles.
func (c company) as(t *testing.T, roles ...intake.Role) company {
	t.Helper()
	member, err := c.service.CreateMember(t.Context(), intake.NewMember{
		CompanyID: c.actor.Company.ID, Name: "鈴木一郎", Email: uuid.NewString() + "@example.com", Roles: roles,
	})
	require.NoError(t, err)
	c.actor.Member = member
	c.token = c.newToken(t, 0)
	return c
}

// readings are the counts of the lines that tell of reading in bulk, the oldest first.
func (c company) readings(t *testing.T) []int {
	t.Helper()
	rows, err := c.pool.Query(t.Context(), "SELECT (detail->>'count')::int FROM audit_log WHERE company_id = $1 AND action = 'CANDIDATES_READ' ORDER BY n", c.actor.Company.ID)
	require.NoError(t, err)
	counts, err := pgx.CollectRows(rows, pgx.RowTo[int])
	require.NoError(t, err)
	return counts
}

// applicants is a company that so many people have applied to.
func applicants(t *testing.T, d *door, n int) company {
	t.Helper()
	c := d.company(t, "甲社")
	c.rule(t, routedPosition, c.opening(t, "求人").ID)
	c.imports(t, c.link(t, "hr@example.com"), applied(routedPosition, 1, n))
	return c
}

const people = `{ inbox(first: %d) { nodes { candidate { name } } } }`

func TestPeopleWhoseReadingCannotBeWrittenDownAreNotShown(t *testing.T) {
	t.Parallel()
	c := applicants(t, open(t), 20)
	_, err := c.pool.Exec(t.Context(), "REVOKE INSERT ON audit_log FROM renkei_app")
	require.NoError(t, err)
	query := fmt.Sprintf(people, 20)
	s := c.connect(t, nil)
	for _, a := range []answer{
		c.try(t, query, nil),
		read(t, c.client, c.request(t, http.MethodGet, byGet(t, c.url, query, nil), "")),
		c.streamByPost(t, query, nil).receive(t).answer(t),
		c.overSocket(t, s, query, nil),
	} {
		requireRefused(t, "INTERNAL", a)
		require.NotEmpty(t, a.Errors[0].Extensions["requestId"])
		require.Nil(t, a.Data)
		require.NotContains(t, a.raw, "応募者")
		require.NotContains(t, a.raw, "audit")
	}
	require.Contains(t, c.log.String(), "append to the audit log")
	require.NotNil(t, c.ask(t, fmt.Sprintf(people, 9), nil), "a few are nobody's business")
}

func TestPeopleAreNotShownInPartsTooSmallToBeNoted(t *testing.T) {
	t.Parallel()
	c := applicants(t, open(t), 20)
	s := c.connect(t, nil)
	for _, query := range []string{
		`{ inbox { nodes { id ... @defer { candidate { name } } } } }`,
		`{ inbox { nodes { ...who @defer(label: "x") } } } fragment who on InboxEntry { candidate { name } }`,
		`{ inbox { ...all } } fragment all on InboxEntryConnection { nodes { ... on InboxEntry { ... @defer(if: true) { candidate { name } } } } }`,
	} {
		for _, a := range []answer{c.try(t, query, nil), c.streamByPost(t, query, nil).receive(t).answer(t), c.overSocket(t, s, query, nil)} {
			requireRefused(t, "BAD_USER_INPUT", a)
			require.NotContains(t, a.raw, "応募者")
		}
	}
	require.Empty(t, c.readings(t))
}

func TestReadingTenPeopleOrMoreIsOneLineARequest(t *testing.T) {
	t.Parallel()
	// Loaders that ask at once ask often: the line is one all the same.
	c := applicants(t, open(t, func(p *plan) { p.options = p.options.WithLoadWait(time.Nanosecond) }), 30)
	s := c.connect(t, nil)
	first := c.ask(t, `{ inbox(first: 1) { nodes { candidate { id } } } }`, nil)
	one := digString(t, first, "inbox", "nodes", 0, "candidate", "id")
	for _, c2 := range []struct {
		query string
		want  []int
	}{
		{fmt.Sprintf(people, 9), nil},
		{`{ inbox(first: 30) { nodes { id application { id } } totalCount } applications(first: 30) { nodes { id } } }`, nil},
		{fmt.Sprintf(people, 10), []int{10}},
		{fmt.Sprintf(people, 20), []int{20}},
		{`{ inbox(first: 20) { nodes { candidate { name } application { candidate { name } } } } applications(first: 20) { nodes { candidate { name } } } }`, []int{20}},
		{`{ inbox(first: 5) { nodes { candidate { name } } } applications(first: 12) { nodes { candidate { name } } } node(id: "` + one + `") { id } }`, []int{12}},
		{`{ applications(first: 25) { nodes { entry { application { candidate { id } } } } } }`, []int{25}},
	} {
		for name, ask := range map[string]func() answer{
			"POST":      func() answer { return c.try(t, c2.query, nil) },
			"SSE":       func() answer { return c.streamByPost(t, c2.query, nil).receive(t).answer(t) },
			"WebSocket": func() answer { return c.overSocket(t, s, c2.query, nil) },
		} {
			before := len(c.readings(t))
			a := ask()
			require.Empty(t, a.Errors, a.raw)
			require.Equal(t, c2.want, slices.Clip(append([]int(nil), c.readings(t)[before:]...)), "%s: %s", name, c2.query)
		}
	}
	lines := digList(t, c.ask(t, `{ auditLog(first: 1, action: CANDIDATES_READ) { nodes { member { name } credential subjectId detail } } }`, nil), "auditLog", "nodes")
	require.JSONEq(t, `[{"member":{"name":"山田花子"},"credential":"TOKEN","subjectId":null,"detail":"{\"count\": 25}"}]`, string(encode(t, lines)))
}

const wholeLine = `n at actor member { id name } credential address action summary subjectId detail hash`

func TestAuditLogIsForAdminsOfTheCompanyAlone(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := applicants(t, d, 1)
	stranger := d.company(t, "乙社")
	for _, role := range []intake.Role{intake.RoleRecruiter, intake.RoleCoordinator} {
		somebody := c.as(t, role)
		somebody.refused(t, "FORBIDDEN", `{ auditLog { nodes { n } } }`, nil)
		response := read(t, c.client, somebody.request(t, http.MethodGet, somebody.sheetURL(nil), ""))
		require.Equal(t, http.StatusForbidden, response.status)
		requireRefused(t, "FORBIDDEN", response)
		require.NotContains(t, response.raw, "OPENING_CREATED")
	}
	admin := c.as(t, intake.RoleAdmin)
	require.NotEmpty(t, digList(t, admin.ask(t, `{ auditLog { nodes { n } } }`, nil), "auditLog", "nodes"))
	theirs := digList(t, stranger.ask(t, `query ($member: ID) { auditLog(memberId: $member) { nodes { n } } }`,
		vars{"member": c.actor.Member.ID}), "auditLog", "nodes")
	require.Empty(t, theirs)
	require.Len(t, stranger.sheet(t, nil), 1+beginning+1, "the names of the columns, and the export itself")
}

func TestAuditLogSaysWhoDidWhatInTheLanguageOfTheRequest(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	made := c.ask(t, `mutation { createOpening(input: {name: "経理"}) { opening { id } } }`, nil)
	opening := digString(t, made, "createOpening", "opening", "id")
	c.ask(t, `mutation ($id: ID!) { closeOpening(id: $id) { errors { code } } }`, vars{"id": opening})
	query := `query ($first: Int, $after: String, $subject: ID) { auditLog(first: $first, after: $after, subjectId: $subject) {
		totalCount pageInfo { hasNextPage hasPreviousPage endCursor } edges { cursor } nodes { ` + wholeLine + ` } } }`
	page := c.ask(t, query, vars{"first": 1, "subject": opening})
	line := dig(t, page, "auditLog", "nodes", 0)
	require.Equal(t, "山田花子さんが求人を終了しました。", digString(t, line, "summary"))
	require.Equal(t, "OPENING_CLOSED", digString(t, line, "action"))
	require.Equal(t, "MEMBER", digString(t, line, "actor"))
	require.Equal(t, "TOKEN", digString(t, line, "credential"))
	require.Equal(t, opening, digString(t, line, "subjectId"))
	require.JSONEq(t, `{"revision": 2}`, digString(t, line, "detail"))
	require.Regexp(t, "^[0-9a-f]{64}$", digString(t, line, "hash"))
	require.InDelta(t, 2, dig(t, page, "auditLog", "totalCount"), 0)
	require.Equal(t, true, dig(t, page, "auditLog", "pageInfo", "hasNextPage"))

	next := c.speaking("en").ask(t, query, vars{"first": 5, "after": digString(t, page, "auditLog", "pageInfo", "endCursor"), "subject": opening})
	require.Len(t, digList(t, next, "auditLog", "nodes"), 1)
	require.Equal(t, "山田花子 created an opening.", digString(t, next, "auditLog", "nodes", 0, "summary"))
	require.Equal(t, false, dig(t, next, "auditLog", "pageInfo", "hasNextPage"))
	for _, bad := range []string{`auditLog(after: "x")`, `auditLog(first: 101)`, `auditLog(first: -1)`, `auditLog(from: "yesterday")`, `auditLog(action: MOON_LANDED)`} {
		c.refused(t, "BAD_USER_INPUT", `{ `+bad+` { nodes { n } } }`, nil)
	}
}

// Every action that the domain tells of has a value in the schema, and words of its own.
func TestEachActionOfTheAuditLogIsInTheSchemaAndHasWords(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "../intake/audit.go", nil, 0)
	require.NoError(t, err)
	declared := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		spec, ok := n.(*ast.ValueSpec)
		if !ok || spec.Type == nil || fmt.Sprint(spec.Type) != "AuditAction" {
			return true
		}
		value, err := strconv.Unquote(spec.Values[0].(*ast.BasicLit).Value)
		require.NoError(t, err)
		declared[value] = true
		return true
	})
	promised := make(map[string]bool)
	for _, value := range served(t).Types["AuditAction"].EnumValues {
		promised[value.Name] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(declared)), slices.Sorted(maps.Keys(promised)))
	for action := range declared {
		text := intake.AuditLine{Actor: intake.ActorSystem, Action: intake.AuditAction(action), Detail: "{}"}.Summary("")
		require.NotContains(t, text.JA+text.EN, action)
	}
}

func (c company) sheetURL(query url.Values) string {
	return strings.TrimSuffix(c.url, "/graphql") + "/audit.csv?" + query.Encode()
}

// sheet is the log as a file, row by row.
func (c company) sheet(t *testing.T, query url.Values) [][]string {
	t.Helper()
	a := read(t, c.client, c.request(t, http.MethodGet, c.sheetURL(query), ""))
	require.Equal(t, http.StatusOK, a.status, a.raw)
	require.Equal(t, "text/csv; charset=utf-8; header=present", a.header.Get("Content-Type"))
	require.Equal(t, `attachment; filename="audit.csv"`, a.header.Get("Content-Disposition"))
	require.Equal(t, "no-store", a.header.Get("Cache-Control"))
	require.Equal(t, "nosniff", a.header.Get("X-Content-Type-Options"))
	require.True(t, strings.HasPrefix(a.raw, "\ufeffn,at,"), "Excel takes it for UTF-8")
	rows, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.raw, "\ufeff"))).ReadAll()
	require.NoError(t, err)
	return rows
}

func TestAuditSheetIsRefusedToWhoIsNobodyAndForWhatIsNoInstant(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	nobody := c
	nobody.token = ""
	require.Equal(t, http.StatusUnauthorized, read(t, c.client, nobody.request(t, http.MethodGet, c.sheetURL(nil), "")).status)
	for _, authorization := range badAuthorizations(t, c) {
		nobody.headers = map[string]string{"Authorization": authorization}
		require.Equal(t, http.StatusUnauthorized, read(t, c.client, nobody.request(t, http.MethodGet, c.sheetURL(nil), "")).status)
	}
	for _, bad := range []string{"", "yesterday", "2026-04-01", "2026-04-01T00:00:00", "1"} {
		for _, name := range []string{"from", "to"} {
			a := read(t, c.client, c.request(t, http.MethodGet, c.sheetURL(url.Values{name: {bad}}), ""))
			require.Equal(t, http.StatusBadRequest, a.status, bad)
			requireRefused(t, "BAD_USER_INPUT", a)
			require.Contains(t, a.raw, name)
		}
	}
	for _, misspelt := range []url.Values{{"form": {"2026-04-01T00:00:00Z"}}, {"lang": {"fr"}}} {
		a := read(t, c.client, c.request(t, http.MethodGet, c.sheetURL(misspelt), ""))
		require.Equal(t, http.StatusBadRequest, a.status, "or it would be the whole log")
		requireRefused(t, "BAD_USER_INPUT", a)
	}
	require.Equal(t, http.StatusMethodNotAllowed, read(t, c.client, c.request(t, http.MethodPost, c.sheetURL(nil), "{}")).status)
	require.Len(t, digList(t, c.ask(t, `{ auditLog { nodes { n } } }`, nil), "auditLog", "nodes"), beginning+1, "another token was made, but none of this was an export")
}

func TestAuditSheetHoldsTheLogAndThatItWasExported(t *testing.T) {
	t.Parallel()
	c := open(t).company(t, "甲社")
	for n := range 3 {
		c.opening(t, fmt.Sprint("求人 ", n))
	}
	rows := c.sheet(t, nil)[beginning:]
	require.Len(t, rows, 1+3+1)
	for i, row := range rows[1:] {
		require.Equal(t, strconv.Itoa(beginning+i+1), row[0])
		require.Equal(t, "山田花子", row[4])
	}
	require.Equal(t, "AUDIT_EXPORTED", rows[4][8])
	require.Equal(t, "山田花子さんが監査ログをCSVで出力しました。", rows[4][9])
	require.Equal(t, rows[3][13], rows[4][12], "each holds the hash of the one before")
	english := c.speaking("en").sheet(t, url.Values{"from": {rows[2][1]}, "to": {rows[3][1]}})
	require.Len(t, english, 2)
	require.Equal(t, "山田花子 created an opening.", english[1][9])
	english = c.sheet(t, url.Values{"lang": {"en"}, "from": {rows[2][1]}, "to": {rows[3][1]}})
	require.Equal(t, "山田花子 created an opening.", english[1][9], "a link says the language of its page")
	all := c.sheet(t, nil)[beginning:]
	require.JSONEq(t, fmt.Sprintf(`{"from": %q, "to": %q}`, rows[2][1], rows[3][1]), all[5][11])
	require.Len(t, c.sheet(t, url.Values{"from": {"2100-01-01T00:00:00+09:00"}}), 1, "nothing but the names of the columns")
}

func TestAuditSheetIsHarmlessToSpreadsheets(t *testing.T) {
	t.Parallel()
	d := open(t)
	for _, name := range []string{
		`=HYPERLINK("http://example.com","x")`, "+1+1", "-1+1", "@SUM(A1)", "\tx", "\rx", "\nx", "＝1+1", "＋1", "－1", "＠x", "=", `=cmd|' /C calc'!A0`, "改\r\n行, \"引用\"",
	} {
		c := d.company(t, "甲社")
		_, err := c.pool.Exec(t.Context(), "UPDATE members SET name = $1 WHERE id = $2", name, c.actor.Member.ID)
		require.NoError(t, err)
		_, err = c.pool.Exec(t.Context(), `INSERT INTO audit_log (company_id, n, at, actor, address, action, previous, hash)
			VALUES ($1, 0, now(), 'NOBODY', $2, 'RULE_CREATED', '', '')`, c.actor.Company.ID, name)
		require.NoError(t, err)
		for _, row := range c.sheet(t, nil) {
			for _, cell := range row {
				if cell != "" {
					require.False(t, strings.ContainsRune("=+-@\t\r\n＝＋－＠", []rune(cell)[0]), "%q", cell)
				}
			}
		}
	}
}

func TestAuditSheetThatBreaksOffDoesNotLookWhole(t *testing.T) {
	t.Parallel()
	d := open(t)
	c := d.company(t, "甲社")
	_, err := c.pool.Exec(t.Context(), `INSERT INTO audit_log (company_id, n, at, actor, action, previous, hash)
		SELECT $1, 0, now(), 'SYSTEM', 'RULE_CREATED', '', '' FROM generate_series(1, 2500)`, c.actor.Company.ID)
	require.NoError(t, err)
	require.Len(t, c.sheet(t, nil), 1+beginning+2501)
	// Nobody can read this line any more.
	_, err = c.pool.Exec(t.Context(), "UPDATE audit_log SET at = 'infinity' WHERE n = 1500")
	require.NoError(t, err)
	response, err := c.client.Do(c.request(t, http.MethodGet, c.sheetURL(nil), ""))
	require.NoError(t, err)
	defer response.Body.Close() //nolint:errcheck // read to its end below
	begun, err := io.ReadAll(response.Body)
	require.ErrorIs(t, err, io.ErrUnexpectedEOF)
	require.Contains(t, string(begun), "RULE_CREATED")
	require.Contains(t, c.log.String(), "cut off")
	_, err = c.pool.Exec(t.Context(), "DELETE FROM audit_log")
	require.NoError(t, err)
}
