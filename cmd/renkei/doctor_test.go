package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/stretchr/testify/require"

	"renkei/db"
	"renkei/db/dbtest"
	"renkei/intake"
	"renkei/wantedly/wantedlysim"
)

// superuser names, beside the settings, the login that may do anything in the world's database.
const superuser = "superuser"

// healthy is a world in which the doctor finds nothing: the program's own login, and somebody who can sign in.
func healthy(t *testing.T) *world {
	t.Helper()
	sim := httptest.NewServer(wantedlysim.New(wantedlysim.Options{}))
	t.Cleanup(sim.Close)
	address, err := url.Parse(dbtest.URL(t))
	require.NoError(t, err)
	w := &world{env: map[string]string{
		superuser: address.String(), "RENKEI_MASTER_KEYS": intake.NewMasterKey(), "RENKEI_WANTEDLY_URL": sim.URL, "RENKEI_DATA_DIR": t.TempDir(),
		"RENKEI_LISTEN": "127.0.0.1:0", "RENKEI_WORKERS": "4",
	}}
	login := "renkei_doctor_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	w.as(t, superuser, "CREATE ROLE "+login+" LOGIN NOINHERIT PASSWORD 'one' IN ROLE renkei_app, renkei_keeper")
	w.as(t, superuser, "ALTER ROLE "+login+" SET role = 'renkei_app'")
	t.Cleanup(func() { w.as(t, superuser, "DROP ROLE "+login) })
	address.User = url.UserPassword(login, "one")
	w.env["RENKEI_DATABASE_URL"] = address.String()
	w.company = w.command(t, "company", "create", "株式会社テスト")
	w.administrator(t, password)
	w.env["RENKEI_OPERATING_COMPANY"] = w.company
	return w
}

func (w *world) administrator(t *testing.T, typed string) {
	t.Helper()
	var out, err bytes.Buffer
	code := run(t.Context(), []string{"member", "create", "--company", w.company, "--email", uuid.NewString() + "@" + domain, "--name", "A", "--roles", "ADMIN"},
		streams{in: strings.NewReader(typed), out: &out, err: &err}, w.getenv)
	require.Equal(t, exitDone, code, err.String())
}

// as asks the world's database as one of its logins.
func (w *world) as(t *testing.T, login, sql string, args ...any) {
	t.Helper()
	ctx := context.WithoutCancel(t.Context())
	conn, err := pgx.Connect(ctx, w.env[login])
	require.NoError(t, err)
	_, err = conn.Exec(ctx, sql, args...)
	require.NoError(t, err, sql)
	require.NoError(t, conn.Close(ctx))
}

// examined is what the doctor finds, by check.
func examined(t *testing.T, getenv func(string) string, change ...func(*doctor)) map[string]finding {
	t.Helper()
	c, err := load(getenv)
	d := &doctor{config: c, unfit: err, now: time.Now, free: func(string) (uint64, error) { return 10 << 30, nil }, patience: patience}
	for _, f := range change {
		f(d)
	}
	found := make(map[string]finding)
	for _, f := range d.examine(t.Context(), func(finding) {}) {
		require.NotContains(t, found, f.Check)
		require.NotContains(t, f.line(), "\n")
		require.Equal(t, f.State == verdictWarn || f.State == verdictFail, f.Do != "", f.line())
		found[f.Check] = f
	}
	require.Len(t, found, len(d.checks()))
	return found
}

func requireFound(t *testing.T, found map[string]finding, name string, state verdict, holds ...string) {
	t.Helper()
	f := found[name]
	require.Equal(t, state, f.State, f.line())
	for _, part := range holds {
		require.Contains(t, f.line(), part)
	}
}

func requireAll(t *testing.T, found map[string]finding, but ...string) {
	t.Helper()
	found = maps.Clone(found)
	for _, name := range but {
		delete(found, name)
	}
	for name := range found {
		requireFound(t, found, name, verdictOK)
	}
}

func TestTheDoctorFindsNothingWhereNothingIsWrongAndChangesNothing(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	_, said, stop := background(t, w.getenv, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	requireAll(t, examined(t, w.getenv))
	require.Equal(t, exitDone, stop(), said.String())

	before := w.rows(t)
	text := call(w.getenv, "doctor")
	require.Equal(t, exitDone, text.code, text.out+text.err)
	require.Empty(t, text.err)
	lines := strings.Split(strings.TrimSpace(text.out), "\n")
	require.Len(t, lines, 16)
	for _, line := range lines {
		require.Regexp(t, `^(ok|warn) +[a-z]+ +\S`, line)
	}
	machine := call(w.getenv, "doctor", "--json")
	require.Equal(t, exitDone, machine.code, machine.err)
	var report struct {
		Healthy bool
		Checks  []finding
	}
	require.NoError(t, json.Unmarshal([]byte(machine.out), &report))
	require.True(t, report.Healthy)
	require.Len(t, report.Checks, 16)
	require.Equal(t, before, w.rows(t))
	folder, err := os.ReadDir(w.env["RENKEI_DATA_DIR"])
	require.NoError(t, err)
	require.Empty(t, folder)
}

// rows is how often each table of the world's database was written to.
func (w *world) rows(t *testing.T) string {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), w.env[superuser])
	require.NoError(t, err)
	defer conn.Close(t.Context()) //nolint:errcheck // a connection used once
	// Others tell what they counted at the latest when they end.
	eventually(t, "nobody else is at the database", func() bool {
		var others int
		return conn.QueryRow(t.Context(), `SELECT count(*) FROM pg_stat_activity
			WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()`).Scan(&others) == nil && others == 0
	})
	var text string
	require.NoError(t, conn.QueryRow(t.Context(), `SELECT pg_stat_force_next_flush()::text || string_agg(format('%s %s %s %s', relname, n_tup_ins, n_tup_upd, n_tup_del), ';' ORDER BY relname)
		FROM pg_stat_user_tables`).Scan(&text))
	return text
}

func TestTheDoctorNamesEveryBadSettingAndGoesOn(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	got := call(w.with("RENKEI_WORKERS", "none", "RENKEI_LOG_LEVEL", "loud", "RENKEI_OIDC_AUDIENCE", "api"), "doctor")
	require.Equal(t, exitFailed, got.code)
	require.Regexp(t, `(?m)^fail +settings +RENKEI_WORKERS is "none".*RENKEI_LOG_LEVEL is "loud".*RENKEI_OIDC_ISSUER is not set`, got.out)
	require.Regexp(t, `(?m)^ok +schema `, got.out)
	require.Equal(t, "renkei: 1 of 16 checks failed: settings\n", got.err)

	none := examined(t, environment())
	requireFound(t, none, "settings", verdictFail, "RENKEI_DATABASE_URL is not set", "RENKEI_MASTER_KEYS is not set", "RENKEI_WANTEDLY_URL is not set")
	requireFound(t, none, "database", verdictFail, "RENKEI_DATABASE_URL")
	requireFound(t, none, "queue", verdictSkipped, "skipped: database")
	requireFound(t, none, "medium", verdictFail, "RENKEI_WANTEDLY_URL")
	require.Equal(t, exitUsage, call(environment(), "doctor", "everything").code)
}

func TestTheDoctorSkipsWhatNeedsADatabaseThatIsDown(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	found := examined(t, w.with("RENKEI_DATABASE_URL", "postgres://renkei:c4nary-dsn@127.0.0.1:1/renkei"))
	requireFound(t, found, "database", verdictFail, "refused", "→ check host")
	for _, name := range []string{"clock", "listen", "login", "schema", "keys", "connections", "members", "queue", "work"} {
		requireFound(t, found, name, verdictSkipped, "skipped: database")
		delete(found, name)
	}
	requireAll(t, found, "database")
}

func TestTheDoctorKnowsAWrongPasswordAndShowsNone(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	server := listener(t, func(conn net.Conn) {
		backend := pgproto3.NewBackend(conn, conn)
		if _, err := backend.ReceiveStartupMessage(); err != nil {
			return
		}
		backend.Send(&pgproto3.AuthenticationCleartextPassword{})
		if backend.Flush() != nil {
			return
		}
		asked, err := backend.Receive()
		if err != nil {
			return
		}
		// A server may say anything.
		text := "password authentication failed: " + asked.(*pgproto3.PasswordMessage).Password
		backend.Send(&pgproto3.ErrorResponse{Severity: "FATAL", Code: "28P01", Message: text})
		_ = backend.Flush()
	})
	got := call(w.with("RENKEI_DATABASE_URL", "postgres://renkei:c4nary-dsn@"+server+"/renkei?sslmode=disable", "RENKEI_MASTER_KEYS", "c4nary-key",
		"RENKEI_OIDC_CLIENT_SECRET", "c4nary-s3cret", "RENKEI_SMTP_URL", "smtp://renkei:c4nary-mail@127.0.0.1:1"), "doctor")
	require.Equal(t, exitFailed, got.code)
	require.Regexp(t, `(?m)^fail +database .*password authentication failed: ….*28P01.*→.*password of RENKEI_DATABASE_URL`, got.out)
	require.NotContains(t, got.out+got.err, "c4nary")
	direct := call(w.with("RENKEI_DIRECT_DATABASE_URL", "postgres://renkei:c4nary-direct@"+server+"/renkei?sslmode=disable"), "doctor")
	require.Regexp(t, `(?m)^fail +listen .*password authentication failed: ….*→.*RENKEI_DIRECT_DATABASE_URL`, direct.out)
	require.NotContains(t, direct.out+direct.err, "c4nary")
	garbled := call(w.with("RENKEI_DATABASE_URL", "postgres://renkei:c4nary-dsn@[::1/renkei"), "doctor")
	require.Regexp(t, `(?m)^fail +database `, garbled.out)
	require.NotContains(t, garbled.out+garbled.err, "c4nary")
}

// listener answers each connection by serve until the test ends.
func listener(t *testing.T, serve func(net.Conn)) string {
	t.Helper()
	socket, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := socket.Accept()
			if err != nil {
				return
			}
			serve(conn)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() { _ = socket.Close(); <-done })
	return socket.Addr().String()
}

func TestTheDoctorLooksThroughAPoolerAndPastIt(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	direct := w.env["RENKEI_DATABASE_URL"]
	pooler := dbtest.Pooler(t, direct)
	both := []string{"RENKEI_DATABASE_URL", pooler, "RENKEI_DIRECT_DATABASE_URL", direct}
	found := examined(t, w.with(append(both, "RENKEI_WORKERS", "5000")...))
	requireAll(t, found)
	requireFound(t, found, "connections", verdictOK, "takes up to 4 past the pooler")
	require.NotContains(t, found["connections"].line(), "and 0 are in use")

	alone := examined(t, w.with("RENKEI_DATABASE_URL", pooler), func(d *doctor) { d.patience = checkPatience })
	requireFound(t, alone, "listen", verdictFail, "never heard", "docs/operations.md#pgbouncer")
	requireFound(t, alone, "login", verdictFail, "a pooler stands before this database", "→ set RENKEI_DIRECT_DATABASE_URL")

	w.as(t, superuser, "ALTER ROLE "+loginOf(t, direct)+" RESET role")
	bare := w.with("RENKEI_DATABASE_URL", dbtest.Pooler(t, direct), "RENKEI_DIRECT_DATABASE_URL", direct)
	what := "run ALTER ROLE " + loginOf(t, direct) + " SET role = 'renkei_app'"
	requireFound(t, examined(t, bare), "login", verdictFail, what, "docs/operations.md#pgbouncer")
	require.Contains(t, call(bare, "serve").err, what)
}

func TestTheDoctorNeverWaitsForLong(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	hold := make(chan struct{})
	silent := listener(t, func(net.Conn) { <-hold })
	defer close(hold)
	disk := make(chan struct{})
	defer close(disk)
	began := time.Now()
	found := examined(t, w.with("RENKEI_DATABASE_URL", "postgres://renkei@"+silent+"/renkei", "RENKEI_WANTEDLY_URL", "http://"+silent), func(d *doctor) {
		d.patience = 300 * time.Millisecond
		d.free = func(string) (uint64, error) { <-disk; return 0, nil }
	})
	require.Less(t, time.Since(began), patience/4)
	requireFound(t, found, "folder", verdictFail, "no answer within 300ms")
	requireFound(t, found, "database", verdictFail)
	requireFound(t, found, "medium", verdictFail, silent)
	requireFound(t, found, "keys", verdictSkipped, "skipped: database")
}

func TestTheDoctorKnowsALoginThatMayDoAnythingAndOneThatMayDoNothing(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	super := examined(t, w.with("RENKEI_DATABASE_URL", w.env[superuser]))
	requireFound(t, super, "login", verdictWarn, "superuser", "docs/security.md#giving-the-program-its-own-login")
	requireAll(t, super, "login")
	w.as(t, superuser, "CREATE TABLE mine ()")
	w.as(t, superuser, "ALTER TABLE mine OWNER TO "+loginOf(t, w.env["RENKEI_DATABASE_URL"]))
	requireFound(t, examined(t, w.getenv), "login", verdictWarn, "owns the tables")
	w.as(t, superuser, "DROP TABLE mine")

	w.as(t, superuser, "REVOKE renkei_app, renkei_keeper FROM "+loginOf(t, w.env["RENKEI_DATABASE_URL"]))
	stranger := examined(t, w.getenv)
	requireFound(t, stranger, "login", verdictFail, "GRANT renkei_app, renkei_keeper")
	requireFound(t, stranger, "schema", verdictSkipped, "skipped: login")
	requireFound(t, stranger, "clock", verdictOK)
}

func loginOf(t *testing.T, url string) string {
	t.Helper()
	config, err := pgx.ParseConfig(url)
	require.NoError(t, err)
	return pgx.Identifier{config.User}.Sanitize()
}

func TestTheDoctorKnowsASchemaThatIsBehindAndOneThatIsAhead(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	w.as(t, superuser, "INSERT INTO goose_db_version (version_id, is_applied) VALUES (99999, true)")
	w.as(t, superuser, "INSERT INTO river_migration (line, version) VALUES ('main', 9999)")
	ahead := examined(t, w.getenv)
	requireFound(t, ahead, "schema", verdictWarn, "99999", "queue 9999", "run the newer program")
	requireAll(t, ahead, "schema")

	w.as(t, superuser, "DELETE FROM goose_db_version WHERE version_id >= 20")
	behind := examined(t, w.getenv)
	requireFound(t, behind, "schema", verdictFail, "migrations are missing, from 00020", "renkei migrate up")
	requireFound(t, behind, "queue", verdictSkipped, "skipped: schema")

	empty := examined(t, w.with("RENKEI_DATABASE_URL", dbtest.Empty(t)))
	requireFound(t, empty, "schema", verdictFail, "never migrated", "renkei migrate up")
}

func TestTheDoctorNamesAKeyThatIsMissing(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	_, said, stop := background(t, w.getenv, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	require.Equal(t, exitDone, stop(), said.String())
	lost := idOf(t, w.env["RENKEI_MASTER_KEYS"])
	found := examined(t, w.with("RENKEI_MASTER_KEYS", intake.NewMasterKey()))
	requireFound(t, found, "keys", verdictFail, lost+" is missing", "renkei keys forget")
	requireAll(t, found, "keys")
	requireFound(t, examined(t, w.with("RENKEI_MASTER_KEYS", "")), "keys", verdictFail, "RENKEI_MASTER_KEYS is not set")
	requireFound(t, examined(t, w.with("RENKEI_MASTER_KEYS", "", "RENKEI_MASTER_KEYS_FILE", filepath.Join(t.TempDir(), "none"))), "keys", verdictFail, "none")

	// A process that lacks what another seals with; a re-sealing that comes to no end.
	w.as(t, superuser, "INSERT INTO vault_holders (process, name, key_ids, seals_with) VALUES (gen_random_uuid(), 'other pid 7', ARRAY[7], 7)")
	requireFound(t, examined(t, w.getenv), "keys", verdictWarn, "other pid 7", lost)
	w.as(t, superuser, "DELETE FROM vault_holders")
	w.as(t, superuser, "INSERT INTO vault_reseals (key_id, next_at) SELECT id, now() FROM vault_keys")
	requireFound(t, examined(t, w.getenv), "keys", verdictOK, "is being sealed anew")
	requireFound(t, examined(t, w.getenv, func(d *doctor) { d.now = func() time.Time { return time.Now().Add(25 * time.Hour) } }), "keys", verdictWarn, "is being sealed anew since")
	w.as(t, superuser, "UPDATE vault_reseals SET unreadable = 3")
	requireFound(t, examined(t, w.getenv), "keys", verdictWarn, "3 values")
}

func TestTheDoctorKnowsClocksThatDisagree(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	for ahead, want := range map[time.Duration]verdict{
		time.Second: verdictOK, -time.Second: verdictOK, 5 * time.Second: verdictWarn, -5 * time.Second: verdictWarn,
		time.Minute: verdictFail, -time.Minute: verdictFail,
	} {
		found := examined(t, w.getenv, func(d *doctor) { d.now = func() time.Time { return time.Now().Add(ahead) } })
		direction := "behind"
		if ahead < 0 {
			direction = "ahead of"
		}
		requireFound(t, found, "clock", want, direction)
	}
}

func TestTheDoctorKnowsAMediumThatIsDownOrAnother(t *testing.T) {
	t.Parallel()
	for name, site := range map[string]struct {
		answer http.HandlerFunc
		state  verdict
		holds  string
	}{
		"is down":       {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusBadGateway) }, verdictWarn, "502"},
		"asks for time": {func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusTooManyRequests) }, verdictWarn, "429"},
		"sends on":      {func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/elsewhere", http.StatusFound) }, verdictWarn, "302"},
		"is another":    {func(w http.ResponseWriter, _ *http.Request) { answer(w, http.StatusOK, "<html>welcome</html>") }, verdictFail, "medium check"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			asked := 0
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				asked++
				site.answer(w, r)
			}))
			t.Cleanup(server.Close)
			found := examined(t, environment("RENKEI_WANTEDLY_URL", server.URL))
			requireFound(t, found, "medium", site.state, server.URL, site.holds)
			require.Equal(t, 1, asked)
		})
	}
	requireFound(t, examined(t, environment("RENKEI_WANTEDLY_URL", "http://127.0.0.1:1")), "medium", verdictFail, "refused", "firewall")
	requireFound(t, examined(t, environment("RENKEI_WANTEDLY_URL", "http://127.0.0.1:1", "RENKEI_CONTACT", "採用")), "medium", verdictFail, "RENKEI_CONTACT")
}

func TestTheDoctorSeesWhatWaitsAndWhatWasLeftBehind(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	job := func(queue, state, age string) {
		w.as(t, superuser, `INSERT INTO river_job (args, kind, max_attempts, queue, state, scheduled_at, finalized_at)
			VALUES ('{}', 'x', 1, $1, $2::river_job_state, now() - $3::interval, CASE WHEN $2 = 'discarded' THEN now() END)`, queue, state, age)
	}
	requireFound(t, examined(t, w.getenv), "queue", verdictOK, "nothing waits")
	job("import", "available", "2 minutes")
	job("import", "scheduled", "-1 hours")
	requireFound(t, examined(t, w.getenv), "queue", verdictOK, "import: 1 wait, the first for 2m")
	job("import", "discarded", "1 hour")
	requireFound(t, examined(t, w.getenv), "queue", verdictWarn, "1 jobs were given up")
	job("verify", "retryable", "2 minutes")
	requireFound(t, examined(t, w.getenv), "queue", verdictWarn, "verify: 1 wait", "RENKEI_WORKERS")
	job("import", "available", "2 hours")
	found := examined(t, w.getenv)
	requireFound(t, found, "queue", verdictFail, "import: 2 wait, the first for 2h0m")
	requireAll(t, found, "queue")

	account := `INSERT INTO medium_accounts (company_id, id, medium, email, status, import_from, verification_started_at, credential, linked_at, next_import_at, lease_owner, lease_until)
		VALUES ($1, gen_random_uuid(), 'WANTEDLY', $2, 'LINKED', now(), clock_timestamp(), '\x00', clock_timestamp(), now() + $3::interval, $4, now() + $5::interval)`
	w.as(t, superuser, account, w.company, "held@"+domain, "1 hour", uuid.New(), "5 seconds")
	requireFound(t, examined(t, w.getenv), "work", verdictOK, "1 accounts are being worked on")
	w.as(t, superuser, account, w.company, "late@"+domain, "-1 hour", nil, nil)
	requireFound(t, examined(t, w.getenv), "work", verdictWarn, "1 imports are overdue")
	w.as(t, superuser, account, w.company, "dead@"+domain, "1 hour", uuid.New(), "-1 minute")
	requireFound(t, examined(t, w.getenv), "work", verdictWarn, "1 accounts or files were left", "serve")
}

func TestTheDoctorMissesWhoCouldSignIn(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	w.company = w.command(t, "company", "create", "株式会社べつ")
	requireFound(t, examined(t, w.getenv), "members", verdictWarn, "1 of 2 companies")
	w.administrator(t, "")
	requireFound(t, examined(t, w.getenv), "members", verdictWarn, "1 of 2 companies")
	provider := []string{"RENKEI_OIDC_ISSUER", "https://id.example", "RENKEI_OIDC_CLIENT_ID", "console"}
	requireFound(t, examined(t, w.with(provider...)), "members", verdictOK)
	w.administrator(t, password)
	requireFound(t, examined(t, w.with("RENKEI_OPERATING_COMPANY", w.company)), "members", verdictOK, "2 companies")
	requireFound(t, examined(t, w.with("RENKEI_OPERATING_COMPANY", uuid.NewString())), "members", verdictFail, "there is no company")
	w.as(t, superuser, "UPDATE members SET disabled_at = now()")
	requireFound(t, examined(t, w.with(provider...)), "members", verdictWarn, "2 of 2 companies")
}

func TestTheDoctorWarnsWhereNobodyIsToldOfAMediumThatChanged(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	requireFound(t, examined(t, w.getenv), "operator", verdictOK, w.company)
	without := examined(t, w.with("RENKEI_OPERATING_COMPANY", ""))
	requireFound(t, without, "operator", verdictWarn, "no company is named", "set RENKEI_OPERATING_COMPANY")
	for name, f := range without {
		require.NotEqual(t, verdictFail, f.State, name)
	}
}

func TestTheDoctorLooksAtTheMachineAround(t *testing.T) {
	t.Parallel()
	w := healthy(t)
	space := func(free uint64) func(*doctor) {
		return func(d *doctor) { d.free = func(string) (uint64, error) { return free, nil } }
	}
	requireFound(t, examined(t, w.getenv, space(500<<20)), "folder", verdictWarn, "500 MB left")
	requireFound(t, examined(t, w.getenv, space(1<<20)), "folder", verdictFail, "make room")
	requireFound(t, examined(t, w.getenv, func(d *doctor) { d.free = func(string) (uint64, error) { return 0, errors.New("odd") } }), "folder", verdictWarn, "odd")
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	requireFound(t, examined(t, w.with("RENKEI_DATA_DIR", file)), "folder", verdictFail, "is not a folder")
	requireFound(t, examined(t, w.with("RENKEI_DATA_DIR", filepath.Join(t.TempDir(), "a", "b"))), "folder", verdictOK)

	requireFound(t, examined(t, w.with("RENKEI_LISTEN", "0.0.0.0:8080")), "address", verdictWarn, "RENKEI_PUBLIC_URL is not https")
	requireFound(t, examined(t, w.with("RENKEI_PUBLIC_URL", "https://renkei.example")), "address", verdictWarn, "RENKEI_TRUSTED_PROXIES")
	requireFound(t, examined(t, w.with("RENKEI_PUBLIC_URL", "https://renkei.example", "RENKEI_TRUSTED_PROXIES", "10.0.0.0/8")), "address", verdictOK)

	for workers, want := range map[int]verdict{40: verdictOK, 80: verdictWarn, 200: verdictFail} {
		d := &doctor{config: config{Workers: workers}, server: db.Server{Connections: 97}}
		f := d.connections(t.Context())
		require.Equal(t, want, f.State, f.line())
	}
}

func TestTheDoctorIsInTheHelp(t *testing.T) {
	t.Parallel()
	require.Regexp(t, `(?m)^  renkei doctor \[--json\]$`, call(environment(), "help").out)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	d := &doctor{now: time.Now, free: freeSpace, patience: patience}
	for _, f := range d.examine(ctx, func(finding) {}) {
		require.NotEqual(t, verdict(""), f.State, "somebody who is in a hurry gets an answer too")
	}
}
