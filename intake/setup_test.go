package intake_test

import (
	"context"
	"encoding/json"
	"fmt"
	"iter"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
	"renkei/intake"
	"renkei/jobs"
)

// patience is how long a test waits for what must happen, on a machine with other things to do.
const patience = 30 * time.Second

// password is every account's.
var password = dbtest.Canary("password")

// testBundle is the domain on a database of its own, with one company and a medium that does as it
// is told. No worker runs: a test plays the worker, with the tasks that stand in River's table.
type testBundle struct {
	pool *pgxpool.Pool
	// program sees what the program sees.
	program *pgxpool.Pool
	queue   intake.Queue
	vault   *intake.Vault
	source  *fakeSource
	svc     *intake.Service
	actor   intake.Actor
}

func setup(t *testing.T, change ...func(*intake.Settings)) *testBundle {
	t.Helper()
	queue, err := jobs.NewQueue()
	require.NoError(t, err)
	vault, err := intake.NewVault(intake.NewSecret(intake.NewMasterKey()))
	require.NoError(t, err)
	pool := dbtest.New(t)
	b := &testBundle{pool: pool, program: dbtest.Program(t, pool), queue: queue, vault: vault, source: &fakeSource{}}
	b.svc = b.process(b.source, change...)
	b.actor = b.company(t, "株式会社サンプル")
	return b
}

// process is the domain as one more process would run it.
func (b *testBundle) process(source intake.Source, change ...func(*intake.Settings)) *intake.Service {
	var settings intake.Settings
	for _, f := range change {
		f(&settings)
	}
	sources := map[intake.Medium]intake.Source{intake.MediumWantedly: source}
	return intake.New(b.program, b.queue, sources, b.vault, settings, zerolog.Nop())
}

// frozen is a process that does not notice when its lease runs out.
func (b *testBundle) frozen(source intake.Source) *intake.Service {
	return b.process(source, func(s *intake.Settings) { s.Lease = time.Hour })
}

// crowded has the service work with so many connections to the database.
func (b *testBundle) crowded(t *testing.T, connections int) {
	t.Helper()
	program, err := db.Open(t.Context(), b.pool.Config().ConnString(), connections)
	require.NoError(t, err)
	t.Cleanup(program.Close)
	b.program = program
	b.svc = b.process(b.source)
}

// requireNoDeadlock makes sure that nobody was thrown out for another, be it that they tried again.
func (b *testBundle) requireNoDeadlock(t *testing.T) {
	t.Helper()
	require.Zero(t, b.number(t, "SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()"))
}

// company makes a company and somebody in it.
func (b *testBundle) company(t *testing.T, name string) intake.Actor {
	t.Helper()
	company, err := b.svc.CreateCompany(t.Context(), name)
	require.NoError(t, err)
	member, err := b.svc.CreateMember(t.Context(), intake.NewMember{
		CompanyID: company.ID, Name: "佐藤", Email: "sato@example.com", Roles: []intake.Role{intake.RoleAdmin, intake.RoleRecruiter},
	})
	require.NoError(t, err)
	// That they were made is a matter of other tests: here the audit log begins with what a test does.
	b.exec(t, "DELETE FROM audit_log WHERE company_id = $1", company.ID)
	return intake.Actor{Company: company, Member: member, Credential: intake.Credential{MemberRevision: 1}}
}

// fakeSource is a medium made of two functions. Without them, every login is right and nobody applies.
type fakeSource struct {
	verify func(context.Context, intake.Credentials) (intake.Secret, error)
	read   func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error]
}

func (f *fakeSource) Verify(ctx context.Context, c intake.Credentials) (intake.Secret, error) {
	if f.verify == nil {
		return intake.NewSecret(dbtest.Canary("session of " + c.Email)), nil
	}
	return f.verify(ctx, c)
}

func (f *fakeSource) Read(ctx context.Context, login intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
	if f.read == nil {
		return func(func(intake.Page, error) bool) {}
	}
	return f.read(ctx, login, since)
}

// readFunc is a Source's Read.
type readFunc func(context.Context, intake.Login, intake.Position) iter.Seq2[intake.Page, error]

// reads is a medium with these pages: who comes with the cursor of one gets those behind it.
func reads(pages ...intake.Page) readFunc { return readsUntil(nil, pages...) }

// readsUntil is a medium that fails behind its last page.
func readsUntil(err error, pages ...intake.Page) readFunc {
	return func(_ context.Context, _ intake.Login, since intake.Position) iter.Seq2[intake.Page, error] {
		return func(yield func(intake.Page, error) bool) {
			behind := since.Cursor == ""
			for _, p := range pages {
				if behind && !yield(p, nil) {
					return
				}
				behind = behind || p.Cursor == since.Cursor
			}
			if err != nil {
				yield(intake.Page{}, err)
			}
		}
	}
}

// pageOf is a page of applications that ends at the cursor.
func pageOf(cursor string, applications ...intake.SourceApplication) intake.Page {
	return intake.Page{Cursor: cursor, Applications: applications}
}

// firstApplied is when application 0 was made.
var firstApplied = time.Date(2026, 1, 5, 9, 0, 0, 0, time.UTC)

// applied is application n, by person n.
func applied(n int, position string) intake.SourceApplication {
	return appliedBy(n, fmt.Sprintf("person-%d", n), position)
}

// appliedBy is application n, by somebody in particular.
func appliedBy(n int, person, position string) intake.SourceApplication {
	return intake.SourceApplication{
		ExternalID: fmt.Sprint(n), Kind: intake.EntryApplied, PositionID: "p1", PositionName: position,
		AppliedAt: firstApplied.Add(time.Duration(n) * time.Minute), URL: fmt.Sprintf("https://www.wantedly.com/tickets/%d", n),
		Person: intake.SourcePerson{ExternalID: person, Name: "応募者 " + person, Skills: []string{"Go"}},
	}
}

func trouble(reason intake.FailureReason) *intake.SourceError {
	return &intake.SourceError{Reason: reason, Err: fmt.Errorf("as the test wants it: %s", reason)}
}

func (b *testBundle) registration(email string) intake.Registration {
	return intake.Registration{Medium: intake.MediumWantedly, Email: email, Password: intake.NewSecret(password)}
}

func (b *testBundle) register(t *testing.T, email string) intake.MediumAccount {
	t.Helper()
	account, err := b.svc.Register(t.Context(), b.actor, b.registration(email))
	require.NoError(t, err)
	return account
}

// linked registers an account and verifies it; its first import is queued.
func (b *testBundle) linked(t *testing.T, email string) intake.MediumAccount {
	t.Helper()
	account := b.register(t, email)
	require.NoError(t, b.svc.Verify(t.Context(), b.task(t, account.ID)))
	account = b.account(t, account.ID)
	require.Equal(t, intake.StatusLinked, account.Status)
	return account
}

// imported links an account and imports these pages.
func (b *testBundle) imported(t *testing.T, email string, pages ...intake.Page) intake.MediumAccount {
	t.Helper()
	account := b.linked(t, email)
	b.source.read = reads(pages...)
	require.Equal(t, intake.RunSucceeded, b.importNext(t, account.ID).Status)
	return account
}

// task is the account's latest.
func (b *testBundle) task(t *testing.T, accountID uuid.UUID) intake.Task {
	t.Helper()
	task, _ := b.queued(t, accountID)
	return task
}

// queued is the account's latest task, and when River would begin it.
func (b *testBundle) queued(t *testing.T, accountID uuid.UUID) (intake.Task, time.Time) {
	t.Helper()
	var raw []byte
	var at time.Time
	require.NoError(t, b.pool.QueryRow(t.Context(),
		"SELECT args, scheduled_at FROM river_job WHERE args->>'account_id' = $1 ORDER BY id DESC LIMIT 1", accountID).Scan(&raw, &at))
	var args struct {
		CompanyID   uuid.UUID `json:"company_id"`
		AccountID   uuid.UUID `json:"account_id"`
		Epoch, Wake int64
	}
	require.NoError(t, json.Unmarshal(raw, &args))
	return intake.Task{CompanyID: args.CompanyID, AccountID: args.AccountID, Epoch: args.Epoch, Wake: args.Wake}, at
}

// importNext works the account's latest task and returns the run that it was about.
func (b *testBundle) importNext(t *testing.T, accountID uuid.UUID) intake.ImportRun {
	t.Helper()
	before := b.runs(t, accountID)
	require.NoError(t, b.svc.Import(t.Context(), b.task(t, accountID)))
	found, err := b.svc.RunsByID(t.Context(), b.actor, []uuid.UUID{before[0].ID})
	require.NoError(t, err)
	return found[before[0].ID]
}

// importAgain asks for an import and works it.
func (b *testBundle) importAgain(t *testing.T, accountID uuid.UUID) intake.ImportRun {
	t.Helper()
	_, _, err := b.svc.ImportNow(t.Context(), b.actor, accountID)
	require.NoError(t, err)
	return b.importNext(t, accountID)
}

func (b *testBundle) account(t *testing.T, id uuid.UUID) intake.MediumAccount {
	t.Helper()
	account, err := b.svc.Account(t.Context(), b.actor, id)
	require.NoError(t, err)
	return account
}

// runs are the account's, the latest first.
func (b *testBundle) runs(t *testing.T, accountID uuid.UUID) []intake.ImportRun {
	t.Helper()
	runs, err := b.svc.Runs(t.Context(), b.actor, &accountID, intake.Keyset{First: intake.MaxPage})
	require.NoError(t, err)
	return runs
}

// entries are the inbox's, the latest application first.
func (b *testBundle) entries(t *testing.T) []intake.InboxEntry {
	t.Helper()
	entries, err := b.svc.Inbox(t.Context(), b.actor, intake.InboxFilter{}, intake.Keyset{First: intake.MaxPage})
	require.NoError(t, err)
	return entries
}

// opening makes an open one with the default steps.
func (b *testBundle) opening(t *testing.T, name string) intake.Opening {
	t.Helper()
	opening, err := b.svc.CreateOpening(t.Context(), b.actor, intake.OpeningInput{Name: name})
	require.NoError(t, err)
	return opening
}

// rule makes one and returns how many it routed.
func (b *testBundle) rule(t *testing.T, position string, openingID uuid.UUID) (intake.RoutingRule, int) {
	t.Helper()
	rule, routed, err := b.svc.CreateRule(t.Context(), b.actor, intake.RuleInput{
		Medium: intake.MediumWantedly, PositionName: position, OpeningID: openingID,
	})
	require.NoError(t, err)
	return rule, routed
}

// exec runs SQL that does what only time or an accident does.
func (b *testBundle) exec(t *testing.T, sql string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), sql, args...)
	require.NoError(t, err)
}

// number is the one that sql selects.
func (b *testBundle) number(t *testing.T, sql string, args ...any) int {
	t.Helper()
	var n int
	require.NoError(t, b.pool.QueryRow(t.Context(), sql, args...).Scan(&n))
	return n
}

// killed makes the account look as if whoever works on it had died.
func (b *testBundle) killed(t *testing.T, accountID uuid.UUID) {
	t.Helper()
	b.exec(t, "UPDATE medium_accounts SET lease_until = clock_timestamp() - interval '1 second' WHERE id = $1 AND lease_owner IS NOT NULL", accountID)
}

// everything is the database's whole contents by table, to be compared.
func (b *testBundle) everything(t *testing.T) map[string]string {
	t.Helper()
	rows, err := b.pool.Query(t.Context(), "SELECT relname FROM pg_stat_user_tables WHERE schemaname = 'public' ORDER BY relname")
	require.NoError(t, err)
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	require.NoError(t, err)
	require.Contains(t, tables, "medium_accounts")
	contents := make(map[string]string, len(tables))
	for _, table := range tables {
		var text string
		require.NoError(t, b.pool.QueryRow(t.Context(), fmt.Sprintf(
			"SELECT coalesce(string_agg(x::text, E'\\n' ORDER BY x::text), '') FROM %s x", pgx.Identifier{table}.Sanitize())).Scan(&text))
		contents[table] = text
	}
	return contents
}

// requireUnchanged makes sure that the database holds what it held before.
func (b *testBundle) requireUnchanged(t *testing.T, before map[string]string, msgAndArgs ...any) {
	t.Helper()
	for table, contents := range b.everything(t) {
		require.Equal(t, before[table], contents, append([]any{"%s: %s", table}, fmt.Sprint(msgAndArgs...))...)
	}
}

// requireUserErrors makes sure that err is exactly these, each as "CODE path.to.field".
func requireUserErrors(t *testing.T, err error, want ...string) {
	t.Helper()
	var errs intake.UserErrors
	require.ErrorAs(t, err, &errs)
	got := make([]string, len(errs))
	for i, e := range errs {
		got[i] = string(e.Code)
		for j, f := range e.Field {
			got[i] += map[bool]string{true: " ", false: "."}[j == 0] + f
		}
		require.NotEmpty(t, e.Text.JA)
		require.NotEmpty(t, e.Text.EN)
	}
	require.Equal(t, want, got)
}

// await waits for ch.
func await[T any](t *testing.T, ch <-chan T) T {
	t.Helper()
	select {
	case v := <-ch:
		return v
	case <-time.After(patience):
		require.FailNow(t, "waited in vain")
		panic("unreachable")
	}
}

// start runs f beside the test and hands over what it returns. The test waits for it before it ends.
func start[T any](t *testing.T, f func() T) <-chan T {
	t.Helper()
	result, ended := make(chan T, 1), make(chan struct{})
	go func() {
		defer close(ended)
		result <- f()
	}()
	t.Cleanup(func() { <-ended })
	return result
}

// gate is where a fake waits to be let on, at the latest when the test is over.
type gate struct {
	reached, open chan struct{}
	over          <-chan struct{}
}

func newGate(t *testing.T) *gate {
	t.Helper()
	return &gate{reached: make(chan struct{}), open: make(chan struct{}), over: t.Context().Done()}
}

// pass waits until the gate is opened, whatever becomes of anybody's context.
func (g *gate) pass() {
	close(g.reached)
	select {
	case <-g.open:
	case <-g.over:
	}
}

// passWith waits until the gate is opened or ctx ends.
func (g *gate) passWith(ctx context.Context) error {
	close(g.reached)
	select {
	case <-g.open:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
