package judge_test

import (
	"context"
	"errors"
	"fmt"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/stretchr/testify/require"

	"renkei/cmd/faults/judge"
	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

func TestMain(m *testing.M) { dbtest.Main(m) }

func TestTheJudgeSharesNoCodeWithTheProgram(t *testing.T) {
	t.Parallel()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "renkei/cmd/faults/judge").Output()
	require.NoError(t, err)
	for dep := range strings.FieldsSeq(string(out)) {
		if strings.HasPrefix(dep, "renkei/") {
			require.Equal(t, "renkei/cmd/faults/judge", dep)
		}
	}
}

// bundle is a world in which everything is right: two applications, of two people, in one run.
type bundle struct {
	pool *pgxpool.Pool
	judge.Case
}

func setup(t *testing.T) *bundle {
	t.Helper()
	url := dbtest.URL(t)
	require.NoError(t, judge.Install(t.Context(), url))
	pool, err := pgxpool.New(t.Context(), url)
	require.NoError(t, err)
	t.Cleanup(pool.Close)
	sim := wantedlysim.New(wantedlysim.Options{Tickets: 2, Control: true, Ledger: true})
	site := httptest.NewServer(sim)
	t.Cleanup(site.Close)
	b := &bundle{pool: pool, Case: judge.Case{
		Database: url, Medium: site.URL, Canaries: []string{"c4nary-"}, Watched: judge.Watched{Looks: 1}, Mark: regexp.MustCompile(`m4rk-[a-z]+`),
	}}
	l := judge.Link{Company: uuid.NewString(), Account: uuid.NewString(), Email: "ok@hr.example", Domain: "hr.example"}
	b.Links, b.Companies = []judge.Link{l}, map[string]string{l.Company: "m4rk-own", uuid.NewString(): "m4rk-other"}
	b.exec(t, "INSERT INTO companies (id, name) VALUES ($1, '甲社')", l.Company)
	b.exec(t, "INSERT INTO company_counters (company_id, seq, waiting) VALUES ($1, 2, 2)", l.Company)
	b.exec(t, `INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, credential, next_import_at, linked_at)
		VALUES ($1, $2, 'WANTEDLY', $3, 'LINKED', now(), '\x00', now() + interval '8 hours', now())`, l.Company, l.Account, l.Email)
	run := uuid.NewString()
	b.exec(t, `INSERT INTO import_runs (company_id, id, account_id, epoch, trigger, status, finished_at, seen, imported, waiting)
		VALUES ($1, $2, $3, 1, 'MANUAL', 'SUCCEEDED', now(), 2, 2, 2)`, l.Company, run, l.Account)
	for seq, status := range []string{"RUNNING", "SUCCEEDED"} {
		b.exec(t, `INSERT INTO events (company_id, seq, kind, account_id, payload)
			VALUES ($1, $2, 'RUN', $3, jsonb_build_object('id', $4::text, 'status', $5::text))`, l.Company, seq+1, l.Account, run, status)
	}
	b.Heard = []judge.Heard{{Company: l.Company, Events: []judge.Event{{Cursor: "1", Run: run, Status: "RUNNING"}, {Cursor: "2", Run: run, Status: "SUCCEEDED"}}}}
	b.exec(t, `INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('import_account', '{}', 1, 'completed', now())`)
	signIn(t, b.Medium, l.Email, 1, 2)
	for _, ticket := range sim.Tickets("hr.example", 1, 0) {
		candidate, entry := uuid.NewString(), uuid.NewString()
		b.exec(t, `INSERT INTO candidates (company_id, id, medium, external_person_id, name, normalized_name) VALUES ($1, $2, 'WANTEDLY', $3, $4, $4)`,
			l.Company, candidate, fmt.Sprint(ticket.PersonID), ticket.Name)
		b.exec(t, `INSERT INTO inbox_entries (company_id, id, medium, account_id, run_id, kind, external_id, external_url, position_id, position_name,
				normalized_position_name, candidate_id, applied_at, state, decided_by, waiting_reason)
			VALUES ($1, $2, 'WANTEDLY', $3, $4, $5, $6::text, $6::text, $7, $8, $8, $9, $10, 'WAITING', 'SYSTEM', 'NO_RULE')`,
			l.Company, entry, l.Account, run, ticket.Kind, fmt.Sprint(ticket.Number), fmt.Sprint(ticket.PositionID), ticket.Position, candidate, ticket.At)
		b.exec(t, `INSERT INTO routing_decisions (company_id, entry_id, state, decided_by, waiting_reason)
			SELECT $1, $2, 'WAITING', 'SYSTEM', 'NO_RULE' WHERE NOT EXISTS (SELECT FROM routing_decisions WHERE entry_id = $2)`, l.Company, entry)
	}
	return b
}

func (b *bundle) exec(t *testing.T, query string, args ...any) {
	t.Helper()
	_, err := b.pool.Exec(t.Context(), query, args...)
	require.NoError(t, err, query)
}

func (b *bundle) verdict(t *testing.T) judge.Verdict {
	t.Helper()
	return judge.Judge(t.Context(), b.Case)
}

func TestAWorldInWhichAllIsRightHolds(t *testing.T) {
	t.Parallel()
	v := setup(t).verdict(t)
	require.True(t, v.Holds(), "%s", v)
}

func TestWhatCannotBeJudgedIsBroken(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Medium = "http://127.0.0.1:1"
	require.False(t, b.verdict(t)[0].Holds())
	b.Database = "postgres://127.0.0.1:1/nobody"
	for _, f := range b.verdict(t) {
		require.False(t, f.Holds())
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.False(t, judge.Judge(ctx, setup(t).Case).Holds())
}

func TestEveryPlantedBreakageIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	conn, err := pgx.Connect(t.Context(), b.Database)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, conn.Close(context.Background())) })
	for name, planted := range map[string]struct {
		invariant int
		query     string
	}{
		"an application is missing":           {0, "DELETE FROM routing_decisions; DELETE FROM inbox_entries WHERE external_id = '1'"},
		"an application has another name":     {0, "UPDATE candidates SET name = 'somebody else'"},
		"an application came at another time": {0, "UPDATE inbox_entries SET applied_at = applied_at + interval '1 second'"},
		"an application is in twice": {1, `ALTER TABLE inbox_entries DROP CONSTRAINT inbox_entries_one_per_account;
			UPDATE inbox_entries SET external_id = '1', applied_at = applied_at + interval '1 second'`},
		"a page without a lease": {1, `INSERT INTO witness.pages (at, account_id, who, owner, epoch, place)
			SELECT now(), id, 'p9', gen_random_uuid(), 1, '7' FROM medium_accounts`},
		"a run says more than it did":    {2, "UPDATE import_runs SET seen = 3, imported = 3, waiting = 3"},
		"a run never ends":               {2, "UPDATE import_runs SET status = 'RUNNING', finished_at = NULL"},
		"a link failed by another cause": {2, "UPDATE medium_accounts SET failure_reason = 'RATE_LIMITED', failed_at = now()"},
		"a run goes back":                {3, "UPDATE import_runs SET status = 'RUNNING', finished_at = NULL"},
		"a counter goes back":            {3, "UPDATE import_runs SET seen = 1, imported = 1, waiting = 1"},
		"events have a gap":              {3, "UPDATE events SET seq = 7 WHERE seq = 2"},
		"a run ends twice": {3, `INSERT INTO events (company_id, seq, kind, account_id, payload) SELECT company_id, 3, kind, account_id, payload FROM events WHERE seq = 2;
			UPDATE company_counters SET seq = 3`},
		"a job runs that is nobody's": {4, `INSERT INTO river_job (kind, args, max_attempts, state, attempted_at) SELECT 'import_account',
			jsonb_build_object('company_id', company_id, 'account_id', id, 'epoch', epoch, 'wake', wake), 1, 'running', now() FROM medium_accounts;
			UPDATE medium_accounts SET wake_at = now()`},
		"a password in a row":           {5, "UPDATE candidates SET tagline = 'c4nary-1'"},
		"a password in a row, as bytes": {5, "UPDATE medium_accounts SET credential = 'c4nary-1'"},
		"another company's people":      {5, "UPDATE candidates SET tagline = 'm4rk-own and m4rk-other'"},
		"a company's people in a job":   {5, `UPDATE river_job SET args = '{"name": "m4rk-own"}'`},
		"an upkeep job was given up":    {4, "INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('prune', '{}', 1, 'discarded', now())"},
		"an upkeep job never ends": {4, `INSERT INTO river_job (kind, args, max_attempts, state, attempted_at)
			VALUES ('reseal', '{}', 1, 'running', now() - interval '2 minutes')`},
		"what only the medium may say":    {5, "UPDATE events SET payload = payload || '{\"email\": \"a@mail.invalid\"}'"},
		"an inbox counts what is not":     {2, "UPDATE company_counters SET waiting = 1"},
		"an entry is where nobody put it": {3, "UPDATE routing_decisions SET state = 'EXCLUDED', decided_by = 'SYSTEM', waiting_reason = NULL"},
	} {
		// One world for all: each breakage is taken back.
		tx, err := conn.Begin(t.Context())
		require.NoError(t, err)
		_, err = tx.Exec(t.Context(), planted.query)
		require.NoError(t, err, name)
		v := judge.JudgeOn(t.Context(), conn, b.Case)
		require.NotEmpty(t, v[planted.invariant].Broken, "%s: %s", name, v)
		require.True(t, v[planted.invariant].Judged, name)
		require.NoError(t, tx.Rollback(t.Context()))
	}
	v := judge.JudgeOn(t.Context(), conn, b.Case)
	require.True(t, v.Holds(), "%s", v)
}

func TestAClientThatWasToldTwiceOrNotAtAllIsHeard(t *testing.T) {
	t.Parallel()
	b := setup(t)
	all := b.Heard[0].Events
	b.Heard[0].Events = all[:1]
	require.False(t, b.verdict(t)[3].Holds())
	b.Heard[0].Events = append(all[:2:2], all[1])
	require.False(t, b.verdict(t)[3].Holds())
}

func TestAWatcherThatSawNothingIsNoWitness(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Watched = judge.Watched{}
	require.NotEmpty(t, b.verdict(t)[2].Broken, "it never looked")
	b.Watched = judge.Watched{Looks: 9, Err: errors.New("no such table")}
	require.NotEmpty(t, b.verdict(t)[2].Broken, "it did not look to the end")

	b.Watched = judge.Watch(t.Context(), b.Database).Watched()
	require.NotEmpty(t, b.verdict(t)[2].Broken, "it was stopped before it looked")
}

func TestAnUpkeepJobThatDiedWithItsProcessIsExplained(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.exec(t, "INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('sweep', '{}', 1, 'discarded', now())")
	b.Disturbed = true
	require.NotEmpty(t, b.verdict(t)[4].Broken, "no sweep came through later")
	b.exec(t, "INSERT INTO river_job (kind, args, max_attempts, state, finalized_at) VALUES ('sweep', '{}', 1, 'completed', now())")
	require.True(t, b.verdict(t)[4].Holds(), "%s", b.verdict(t))
	b.Disturbed = false
	require.NotEmpty(t, b.verdict(t)[4].Broken, "nothing was taken away from it")
}

func TestADeliveryWhoseJobWasGivenUpIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	company, member, incident, delivery := b.Links[0].Company, uuid.NewString(), uuid.NewString(), uuid.NewString()
	b.exec(t, "INSERT INTO members (company_id, id, name, email, roles) VALUES ($1, $2, '採用 花子', 'saiyo@hr.example', '{ADMIN}')", company, member)
	b.exec(t, "INSERT INTO incidents (company_id, id, kind, account_id, medium) VALUES ($1, $2, 'STALE', $3, 'WANTEDLY')", company, incident, b.Links[0].Account)
	b.exec(t, "INSERT INTO deliveries (company_id, id, incident_id, phase, member_id) VALUES ($1, $2, $3, 'OPENED', $4)", company, delivery, incident, member)
	b.exec(t, `INSERT INTO river_job (kind, args, max_attempts, state) VALUES ('deliver',
		jsonb_build_object('company_id', $1::text, 'delivery_id', $2::text, 'attempt', 0), 1, 'available')`, company, delivery)
	require.True(t, b.verdict(t)[4].Holds(), "%s", b.verdict(t))
	b.exec(t, "UPDATE river_job SET state = 'discarded', finalized_at = now() WHERE kind = 'deliver'")
	require.NotEmpty(t, b.verdict(t)[4].Broken)
	b.exec(t, "UPDATE deliveries SET next_at = now() - interval '1 minute'")
	b.exec(t, "DELETE FROM river_job WHERE kind = 'deliver'")
	require.NotEmpty(t, b.verdict(t)[4].Broken, "it is due, and there is no job")
}

func TestWhatIsAnotherCompanysIsFoundWhereverItIs(t *testing.T) {
	t.Parallel()
	for name, planted := range map[string]struct {
		text  string
		where func(b *bundle, file, text string)
		found bool
	}{
		"its own in an answer":       {"a person of m4rk-own", answered, false},
		"another's in an answer":     {"a person of m4rk-other", answered, true},
		"its own in a letter":        {"a person of m4rk-own", written, false},
		"another's in a letter":      {"a person of m4rk-other", written, true},
		"a password in a letter":     {"c4nary-3", written, true},
		"anybody's in a log":         {"a person of m4rk-own", func(b *bundle, file, _ string) { b.Logs = []string{file} }, true},
		"anybody's in a metric":      {`people{name="m4rk-own"} 1`, func(b *bundle, file, _ string) { b.Metrics = []string{file} }, true},
		"a metric that tells no one": {"people 1", func(b *bundle, file, _ string) { b.Metrics = []string{file} }, false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.exec(t, "INSERT INTO members (company_id, id, name, email, roles) VALUES ($1, $2, '採用 花子', 'saiyo@hr.example', '{ADMIN}')", b.Links[0].Company, uuid.NewString())
			file := filepath.Join(t.TempDir(), "file")
			require.NoError(t, os.WriteFile(file, []byte(planted.text), 0o600))
			planted.where(b, file, planted.text)
			v := b.verdict(t)
			require.Equal(t, planted.found, !v[5].Holds(), "%s", v)
		})
	}
}

func answered(b *bundle, file, _ string) { b.Answers = map[string]string{b.Links[0].Company: file} }

func written(b *bundle, _, text string) {
	b.Letters = []judge.Letter{{To: "saiyo@hr.example", ID: "<1@faults.invalid>", Text: text}}
}

func TestAProfileThatIsNotAsTheMediumHasItIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.Profiles = []judge.Profile{{Domain: "hr.example", Number: 1}}
	require.False(t, b.verdict(t)[0].Holds(), "everything of theirs is lost")
}

func TestASecretInALogIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	file := filepath.Join(t.TempDir(), "log")
	require.NoError(t, os.WriteFile(file, []byte("a line\npassword=c4nary-2\n"), 0o600))
	b.Logs = []string{file}
	require.False(t, b.verdict(t)[5].Holds())
}

func TestASignInThatNothingExplainsIsFound(t *testing.T) {
	t.Parallel()
	b := setup(t)
	signIn(t, b.Medium, b.Links[0].Email, 1)
	require.False(t, b.verdict(t)[1].Holds())
	b.Links[0].SignIns = 2
	require.True(t, b.verdict(t)[1].Holds(), "%s", b.verdict(t))
}

func TestLettersAreHeldAgainstWhatIsSaidOfThem(t *testing.T) {
	t.Parallel()
	b := setup(t)
	company, account := b.Links[0].Company, b.Links[0].Account
	member, incident, delivery := uuid.NewString(), uuid.NewString(), uuid.NewString()
	b.exec(t, "INSERT INTO members (company_id, id, name, email, roles) VALUES ($1, $2, '採用 花子', 'saiyo@hr.example', '{ADMIN}')", company, member)
	b.exec(t, "INSERT INTO incidents (company_id, id, kind, account_id, medium) VALUES ($1, $2, 'STALE', $3, 'WANTEDLY')", company, incident, account)
	require.NotEmpty(t, b.verdict(t)[2].Broken, "nobody is told")
	b.exec(t, `INSERT INTO deliveries (company_id, id, incident_id, phase, member_id, state, attempts, next_at, tried_at, ended_at)
		VALUES ($1, $2, $3, 'OPENED', $4, 'SENT', 1, NULL, now(), now())`, company, delivery, incident, member)
	require.NotEmpty(t, b.verdict(t)[2].Broken, "it is said to be sent, and did not come")
	letter := judge.Letter{To: "saiyo@hr.example", ID: "<" + delivery + "@faults.invalid>", Text: "お知らせ"}
	b.Letters = []judge.Letter{letter}
	require.True(t, b.verdict(t).Holds(), "%s", b.verdict(t))
	b.Letters = []judge.Letter{letter, letter}
	require.False(t, b.verdict(t)[1].Holds(), "it came twice")
	b.Repeated = 1
	require.True(t, b.verdict(t)[1].Holds(), "a death explains it: %s", b.verdict(t))
	b.Letters = []judge.Letter{letter, {To: "somebody@else.example", ID: letter.ID}}
	require.False(t, b.verdict(t)[1].Holds(), "it came to somebody else")
	b.Letters = []judge.Letter{letter}
	b.exec(t, "DROP INDEX deliveries_once")
	b.exec(t, `INSERT INTO deliveries (company_id, id, incident_id, phase, member_id) VALUES ($1, $2, $3, 'OPENED', $4)`, company, uuid.NewString(), incident, member)
	require.False(t, b.verdict(t)[1].Holds(), "it is told twice")
}
