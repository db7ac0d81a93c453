package main

import (
	"bytes"
	"context"
	"io"
	"maps"
	"net"
	"net/http"
	"net/netip"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/intake"
	"renkei/wantedly/wantedlysim"
)

// environment is what a process finds; pairs are names and values.
func environment(pairs ...string) func(string) string {
	env := make(map[string]string)
	for i := 0; i < len(pairs); i += 2 {
		env[pairs[i]] = pairs[i+1]
	}
	return func(name string) string { return env[name] }
}

// requireComplaint makes sure that a command failed with one line on standard error.
func requireComplaint(t *testing.T, code int, got outcome, holds ...string) {
	t.Helper()
	require.Equal(t, code, got.code, got.err)
	require.Empty(t, got.out)
	lines := strings.Split(strings.TrimSuffix(got.err, "\n"), "\n")
	if code == exitFailed {
		require.Len(t, lines, 1, got.err)
	}
	for _, part := range holds {
		require.Contains(t, lines[0], part)
	}
}

func TestBadSettingIsNamedWithWhatItHoldsAndWhatItShould(t *testing.T) {
	t.Parallel()
	for name, bad := range map[string][]string{
		"RENKEI_LISTEN":          {"8080", "localhost:", "127.0.0.1:99999"},
		"RENKEI_METRICS_LISTEN":  {"metrics"},
		"RENKEI_PUBLIC_URL":      {"renkei.example", "ftp://renkei.example"},
		"RENKEI_ALLOWED_ORIGINS": {"https://app.example/path", "*"},
		"RENKEI_WANTEDLY_URL":    {"www.wantedly.com", "https://"},
		"RENKEI_WANTEDLY_RATE":   {"0", "-1", "NaN", "fast"},
		"RENKEI_IMPORT_INTERVAL": {"8", "999ms", "-8h"},
		"RENKEI_VERIFY_TIMEOUT":  {"soon", "0s"},
		"RENKEI_DRAIN":           {"2", "-1s", "6s"},
		"RENKEI_WORKERS":         {"0", "1.5", "10001"},
		"RENKEI_PLAYGROUND":      {"perhaps"},
		"RENKEI_LOG_LEVEL":       {"loud"},
		"RENKEI_LOG_FORMAT":      {"xml"},
		"RENKEI_TRUSTED_PROXIES": {"10.0.0.1", "proxy", "10.0.0.0/8,x"},
		"RENKEI_OIDC_ISSUER":     {"id.example", "http://id.example", "https://id.example/?a=b"},

		"RENKEI_OIDC_CLIENT_SECRET_FILE": {"/nowhere/at/all"},
	} {
		for _, value := range bad {
			got := call(environment(name, value), "serve")
			requireComplaint(t, exitUsage, got, name, `"`+value+`"`, "it should be ")
		}
	}
	all := call(environment("RENKEI_WORKERS", "none", "RENKEI_LISTEN", "here"), "serve")
	requireComplaint(t, exitUsage, all, `RENKEI_WORKERS is "none"`, `RENKEI_LISTEN is "here"`)
}

func TestSettingsOfAProviderNeedEachOther(t *testing.T) {
	t.Parallel()
	requireComplaint(t, exitUsage, call(environment("RENKEI_OIDC_ISSUER", "https://id.example"), "serve"), "RENKEI_OIDC_AUDIENCE", "RENKEI_OIDC_CLIENT_ID")
	requireComplaint(t, exitUsage, call(environment("RENKEI_OIDC_AUDIENCE", "api"), "serve"), "RENKEI_OIDC_ISSUER is not set")
	requireComplaint(t, exitUsage, call(environment("RENKEI_OIDC_CLIENT_ID", "console"), "serve"), "RENKEI_OIDC_ISSUER is not set")
	secret := call(environment("RENKEI_OIDC_ISSUER", "https://id.example", "RENKEI_OIDC_AUDIENCE", "api", "RENKEI_OIDC_CLIENT_SECRET", "c4nary-s3cret"), "serve")
	requireComplaint(t, exitUsage, secret, "RENKEI_OIDC_CLIENT_ID is not set")
	require.NotContains(t, secret.err, "c4nary")

	file := filepath.Join(t.TempDir(), "secret")
	require.NoError(t, os.WriteFile(file, []byte("c4nary-s3cret\n"), 0o600))
	c, err := load(environment("RENKEI_OIDC_ISSUER", "http://127.0.0.1:5556/dex", "RENKEI_OIDC_CLIENT_ID", "console", "RENKEI_OIDC_CLIENT_SECRET_FILE", file,
		"RENKEI_TRUSTED_PROXIES", "10.0.0.0/8, fd00::1/8"))
	require.NoError(t, err)
	require.Equal(t, "c4nary-s3cret", c.OIDC.ClientSecret.Reveal())
	require.Equal(t, []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}, c.TrustedProxies)
}

func TestAPasswordComesFromStandardInputAndIsNeverShown(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	create := func(email, typed string) outcome {
		var out, err bytes.Buffer
		code := run(t.Context(), []string{"member", "create", "--company", w.company, "--email", email, "--name", "A", "--roles", "ADMIN"},
			streams{in: strings.NewReader(typed), out: &out, err: &err}, w.getenv)
		return outcome{code, out.String(), err.String()}
	}
	signIn := func(email, password string) (int, string) {
		url := "http://" + p.address + "/auth/sign-in"
		resp, err := http.Post(url, "application/json", strings.NewReader(`{"email":"`+email+`","password":"`+password+`"}`))
		require.NoError(t, err)
		body, err := io.ReadAll(resp.Body)
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		return resp.StatusCode, string(body)
	}
	weak := create("weak@"+domain, "c4nary\n")
	requireComplaint(t, exitFailed, weak, "password", "8 characters")
	require.NotContains(t, weak.err, "c4nary")
	for i, typed := range []string{password, password + "\n", password + "\r\nand more\n"} {
		email := string(rune('a'+i)) + "@" + domain
		made := create(email, typed)
		require.Equal(t, exitDone, made.code, made.err)
		require.NotContains(t, made.out+made.err, "c4nary")
		status, said := signIn(email, password)
		require.Equal(t, http.StatusOK, status, said)
		require.Contains(t, said, w.company)
	}
	require.Equal(t, exitDone, create("none@"+domain, "").code)
	status, said := signIn("none@"+domain, "")
	require.Equal(t, http.StatusUnauthorized, status, said)
}

func TestAPasswordTypedTwiceIsTheSameBothTimes(t *testing.T) {
	t.Parallel()
	typed := func(words ...string) (intake.Secret, error) {
		return (*invocation)(nil).askTwice(func(string) (string, error) {
			next := words[0]
			words = words[1:]
			return next, nil
		})
	}
	_, err := typed("one", "two")
	require.ErrorIs(t, err, errPasswordsDiffer)
	none, err := typed("")
	require.NoError(t, err)
	require.True(t, none.IsZero())
	same, err := typed(password, password)
	require.NoError(t, err)
	require.Equal(t, password, same.Reveal())
}

func TestMissingSettingsAreNamedAtOnce(t *testing.T) {
	t.Parallel()
	requireComplaint(t, exitUsage, call(environment(), "serve"),
		"RENKEI_DATABASE_URL is not set", "RENKEI_MASTER_KEYS is not set", "RENKEI_WANTEDLY_URL is not set", "it should be ")
	for _, command := range [][]string{{"migrate", "up"}, {"migrate", "status"}, {"company", "create", "A"}} {
		requireComplaint(t, exitUsage, call(environment(), command...), "RENKEI_DATABASE_URL is not set")
	}
}

func TestSecretSettingsAreNotRepeated(t *testing.T) {
	t.Parallel()
	const secret = "c4nary-s3cret"
	closed, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, closed.Close())
	for _, settings := range [][]string{
		{"RENKEI_MASTER_KEYS", secret},
		{"RENKEI_MASTER_KEYS", intake.NewMasterKey() + "," + secret},
		{"RENKEI_DATABASE_URL", "postgres://renkei:" + secret + "@127.0.0.1:port/renkei"},
		{"RENKEI_DATABASE_URL", "postgres://renkei:" + secret + "@" + closed.Addr().String() + "/renkei"},
		{"RENKEI_DATABASE_URL", "host=127.0.0.1 port=none user=renkei password=" + secret},
		{"RENKEI_DATABASE_URL", "postgres://renkei:" + secret + "%zz@127.0.0.1/renkei"},
	} {
		env := []string{
			"RENKEI_DATABASE_URL", "postgres://127.0.0.1:1/renkei", "RENKEI_WANTEDLY_URL", "http://127.0.0.1:1",
			"RENKEI_MASTER_KEYS", intake.NewMasterKey(),
		}
		got := call(environment(append(env, settings...)...), "serve")
		code := exitFailed
		if settings[0] == "RENKEI_MASTER_KEYS" {
			code = exitUsage
		}
		requireComplaint(t, code, got)
		require.NotContains(t, got.err, secret)
	}
}

func TestUnknownCommandAndWrongUsageSaySo(t *testing.T) {
	t.Parallel()
	requireComplaint(t, exitUsage, call(environment(), "fly"), `"fly"`, "renkei help")
	id := uuid.NewString()
	for _, args := range [][]string{
		{"company"},
		{"company", "create"},
		{"company", "create", "two", "words"},
		{"serve", "now"},
		{"serve", "--fast"},
		{"serve", "--api-only", "--workers-only"},
		{"migrate"},
		{"migrate", "down"},
		{"keys", "new", "two"},
		{"member", "create", "--company", "7", "--email", "a@b.example", "--name", "A", "--roles", "ADMIN"},
		{"member", "create", "--email", "a@b.example", "--name", "A", "--roles", "ADMIN"},
		{"token", "create", "--company", id},
		{"token", "create", "--company", id, "--member", id, "--expires", "soon"},
	} {
		got := call(environment(), args...)
		requireComplaint(t, exitUsage, got, "renkei: ")
	}
	for _, args := range [][]string{{}, {"help"}, {"--help"}} {
		got := call(environment(), args...)
		require.Equal(t, exitDone, got.code)
		for _, c := range commands() {
			require.Contains(t, got.out, "renkei "+c.name)
		}
		for _, s := range settings {
			require.Contains(t, got.out, s.name)
		}
	}
	got := call(environment(), "token", "create", "--help")
	require.Equal(t, exitDone, got.code)
	require.Contains(t, got.out, "usage: renkei token create --company ID")
	require.Equal(t, outcome{out: version + "\n"}, call(environment(), "version"))
}

func TestNewKeyIsGoodForTheVault(t *testing.T) {
	t.Parallel()
	first, second := call(environment(), "keys", "new"), call(environment(), "keys", "new")
	require.NotEqual(t, first, second)
	_, err := intake.NewVault(intake.NewSecret(strings.TrimSpace(first.out) + "," + strings.TrimSpace(second.out)))
	require.NoError(t, err)
}

func TestMadeThingsAreNamedByTheLastWord(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	p := w.start(t)
	company := w.command(t, "company", "create", "株式会社 ふたつめ")
	require.NoError(t, uuid.Validate(company))
	member := w.command(t, "member", "create", "--company", company, "--email", "kimura@second.example", "--name", "木村 さくら", "--roles", "admin")
	require.NoError(t, uuid.Validate(member))
	token := w.command(t, "token", "create", "--company", company, "--member", member, "--name", "frontend", "--expires", "720h")

	type viewer struct {
		Member  struct{ ID, Name, Email string }
		Company struct{ ID, Name string }
		Roles   []string
	}
	c := client{address: p.address, token: token}
	v := ask[viewer](t, c, "viewer", "{ viewer { member { id name email } company { id name } roles } }", nil)
	require.Equal(t, member, v.Member.ID)
	require.Equal(t, "木村 さくら", v.Member.Name)
	require.Equal(t, company, v.Company.ID)
	require.Equal(t, "株式会社 ふたつめ", v.Company.Name)
	require.Equal(t, []string{"ADMIN"}, v.Roles)

	// A token opens its own company alone, and only while it lives.
	linked := w.link(t, p.client, "ok@"+domain)
	const query = "query ($id: ID!) { account(id: $id) { id } }"
	require.Nil(t, ask[*account](t, c, "account", query, vars{"id": linked.ID}))
	require.Equal(t, "NOT_FOUND", ask[accountPayload](t, c, "stopAccount", stopAccount, vars{"id": linked.ID}).Errors[0].Code)
	short := w.command(t, "token", "create", "--company", company, "--member", member, "--expires", "1ns")
	resp, err := client{address: p.address, token: short}.post(t.Context(), "application/json", "{ viewer { roles } }", nil)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, http.StatusUnauthorized, resp.StatusCode)

	// What cannot be made says why.
	id := uuid.NewString()
	create := func(email, name, roles, company string) outcome {
		return call(w.getenv, "member", "create", "--company", company, "--email", email, "--name", name, "--roles", roles)
	}
	requireComplaint(t, exitFailed, call(w.getenv, "company", "create", " "), "name")
	requireComplaint(t, exitFailed, create("KIMURA@second.example", "木村", "ADMIN", company), "email", "already")
	requireComplaint(t, exitFailed, create("kimura", "", "CHEF", company), "email", "name", "roles")
	requireComplaint(t, exitFailed, create("a@second.example", "A", "", company), "roles")
	requireComplaint(t, exitFailed, create("a@second.example", "A", "ADMIN", id), "company")
	requireComplaint(t, exitFailed, call(w.getenv, "token", "create", "--company", company, "--member", id), "member")
	requireComplaint(t, exitFailed, call(w.getenv, "token", "create", "--company", w.company, "--member", member), "member")
	requireComplaint(t, exitFailed, call(w.getenv, "token", "create", "--company", company, "--member", member, "--expires", "-1h"), "expires")
}

func TestSchemaThatIsBehindIsRefusedWithTheCommandToRun(t *testing.T) {
	t.Parallel()
	env := environment("RENKEI_DATABASE_URL", dbtest.Empty(t), "RENKEI_MASTER_KEYS", intake.NewMasterKey(),
		"RENKEI_WANTEDLY_URL", "http://127.0.0.1:1", "RENKEI_LISTEN", "127.0.0.1:0")
	requireComplaint(t, exitFailed, call(env, "serve"), "renkei migrate up")
	requireComplaint(t, exitFailed, call(env, "company", "create", "A"), "renkei migrate up")
	before := call(env, "migrate", "status")
	require.Equal(t, exitDone, before.code, before.err)
	require.NotContains(t, before.out, "applied")

	up := call(env, "migrate", "up")
	require.Equal(t, exitDone, up.code, up.err)
	require.Equal(t, strings.Count(before.out, "missing "), strings.Count(up.out, "applied "))
	require.Contains(t, up.out, "the schema is current")
	require.Equal(t, outcome{out: "the schema is current\n"}, call(env, "migrate", "up"))
	after := call(env, "migrate", "status")
	require.Equal(t, strings.ReplaceAll(before.out, "missing ", "applied "), after.out)
	require.Equal(t, exitDone, call(env, "company", "create", "A").code)
}

// background runs a command until the test ends and returns what it says and how to end it.
func background(t *testing.T, getenv func(string) string, args ...string) (out, err *lockedBuffer, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(t.Context())
	out, err = &lockedBuffer{}, &lockedBuffer{}
	code := make(chan int, 1)
	go func() { code <- run(ctx, args, streams{in: strings.NewReader(""), out: out, err: err}, getenv) }()
	return out, err, func() int {
		cancel()
		return <-code
	}
}

func TestServeAnswersWhereItIsToldTo(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	probe, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	internal := probe.Addr().String()
	require.NoError(t, probe.Close())
	env := maps.Clone(w.env)
	env["RENKEI_METRICS_LISTEN"] = internal
	getenv := func(name string) string { return env[name] }
	_, said, stop := background(t, getenv, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	c := client{address: servingAt.FindStringSubmatch(said.String())[1], token: w.token}
	c.requireReady(t)
	inside := client{address: internal}
	inside.requireReady(t)
	for path, status := range map[string]int{
		"/healthz": http.StatusOK, "/schema.graphql": http.StatusOK, "/debug/pprof/": http.StatusNotFound, "/admin": http.StatusNotFound,
	} {
		require.Equal(t, status, c.status(t, path), path)
	}
	require.Equal(t, http.StatusOK, inside.status(t, "/healthz"))
	require.Equal(t, http.StatusOK, inside.status(t, "/debug/pprof/"))
	require.Equal(t, http.StatusNotFound, inside.status(t, "/graphql"))

	// The address is taken now.
	env = maps.Clone(env)
	env["RENKEI_LISTEN"] = c.address
	requireComplaint(t, exitFailed, call(getenv, "serve"), "RENKEI_LISTEN", "in use")
	env["RENKEI_LISTEN"] = "127.0.0.1:0"
	taken := call(getenv, "serve")
	require.Equal(t, exitFailed, taken.code)
	require.Contains(t, taken.err, "RENKEI_METRICS_LISTEN")

	require.Equal(t, exitDone, stop())
	require.Zero(t, c.status(t, "/healthz"))
	require.Zero(t, inside.status(t, "/healthz"))
}

func TestSimulatorRunsAlone(t *testing.T) {
	t.Parallel()
	out, _, stop := background(t, environment(), "simulate-wantedly", "--listen", "127.0.0.1:0", "--tickets", "3")
	at := regexp.MustCompile(`http://(\S+)`)
	eventually(t, "serving", func() bool { return at.MatchString(out.String()) })
	address := at.FindStringSubmatch(out.String())[1]
	resp, err := http.Get("http://" + address + "/_control/tickets?domain=" + domain)
	require.NoError(t, err)
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	require.Equal(t, 3, bytes.Count(body, []byte(`"number"`)))
	require.Equal(t, exitDone, stop())
}

func TestTheDemoStaysAwayFromADatabaseInUse(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	env := w.with("RENKEI_DATA_DIR", t.TempDir())
	got := call(env, "demo")
	require.Equal(t, exitFailed, got.code, got.out)
	require.Contains(t, got.err, "not the demo's")
	require.Equal(t, 1, w.count(t, "SELECT count(*) FROM companies"))
	require.Zero(t, w.count(t, "SELECT count(*) FROM vault_holders"))

	// Nor does it migrate one that is behind.
	_, err := w.pool.Exec(t.Context(), "DELETE FROM goose_db_version WHERE version_id = (SELECT max(version_id) FROM goose_db_version)")
	require.NoError(t, err)
	before := w.count(t, "SELECT count(*) FROM goose_db_version")
	require.Contains(t, call(env, "demo").err, "not the demo's")
	require.Equal(t, before, w.count(t, "SELECT count(*) FROM goose_db_version"))
}

func TestTheDemoTakesAnEmptyDatabaseThatItIsGiven(t *testing.T) {
	t.Parallel()
	_, said, stop := background(t, environment("RENKEI_DATABASE_URL", dbtest.Empty(t), "RENKEI_DATA_DIR", t.TempDir(), "RENKEI_LISTEN", "127.0.0.1:0"), "demo")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	require.Equal(t, exitDone, stop(), said.String())
}
