package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"maps"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/rs/zerolog"
	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

// repository is where the module is, seen from here.
const repository = "../.."

func securityPage(t *testing.T) string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(repository, "docs", "security.md"))
	require.NoError(t, err)
	return string(page)
}

// goFiles are the module's own files, parsed as far as mode says.
func goFiles(t *testing.T, mode parser.Mode) map[string]*ast.File {
	t.Helper()
	files := make(map[string]*ast.File)
	require.NoError(t, fs.WalkDir(os.DirFS(repository), ".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (path != "." && strings.HasPrefix(entry.Name(), ".") || slices.Contains([]string{"bin", "node_modules"}, entry.Name())):
			return fs.SkipDir
		case filepath.Ext(path) != ".go":
			return nil
		}
		files[path], err = parser.ParseFile(token.NewFileSet(), filepath.Join(repository, path), nil, mode)
		return err
	}))
	return files
}

func TestTheSecurityTablesNameTestsThatExist(t *testing.T) {
	t.Parallel()
	written := make(map[string]bool)
	for path, file := range goFiles(t, parser.SkipObjectResolution) {
		for _, d := range file.Decls {
			if f, ok := d.(*ast.FuncDecl); ok && strings.HasSuffix(path, "_test.go") && f.Recv == nil {
				written[f.Name.Name] = true
			}
		}
	}
	page, name := securityPage(t), regexp.MustCompile("`((?:Test|Fuzz)[A-Z][A-Za-z0-9]*)`")
	for _, m := range name.FindAllStringSubmatch(page, -1) {
		require.True(t, written[m[1]], "docs/security.md names %s, and there is no such test", m[1])
	}
	rows := func(row string) (total, tested int) {
		for _, line := range regexp.MustCompile(`(?m)^\| `+row+` \|.*$`).FindAllString(page, -1) {
			total++
			if name.MatchString(line) {
				tested++
			} else {
				require.Regexp(t, `not yet|operator's`, line)
			}
		}
		return total, tested
	}
	threats, _ := rows(`\d+`)
	require.Equal(t, 28, threats)
	items, tested := rows(`\d+\.\d+\.\d+`)
	require.Equal(t, 62, items)
	require.GreaterOrEqual(t, tested, 50)
	require.Contains(t, page, fmt.Sprintf("%d of the %d items", tested, items), "the page's own count")
}

// pageLogins runs what the page says in SQL on the server of a database, under names of the test's own, and
// returns the new database's address for each login.
func pageLogins(t *testing.T, page, admin string) map[string]string {
	t.Helper()
	block := regexp.MustCompile("(?s)```sql\n(.*?)```").FindStringSubmatch(page)
	require.NotNil(t, block)
	own := "_" + strings.ReplaceAll(uuid.NewString(), "-", "")
	script := regexp.MustCompile(`\brenkei(_owner|_program)?\b`).ReplaceAllString(block[1], "${0}"+own)
	conn, err := pgx.Connect(t.Context(), admin)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx := context.WithoutCancel(t.Context())
		for _, gone := range []string{"DATABASE renkei" + own + " WITH (FORCE)", "ROLE renkei_program" + own, "ROLE renkei_owner" + own} {
			_, err := conn.Exec(ctx, "DROP "+gone)
			require.NoError(t, err)
		}
		require.NoError(t, conn.Close(ctx))
	})
	for sql := range strings.SplitSeq(strings.TrimSuffix(strings.TrimSpace(script), ";"), ";") {
		// The two roles belong to the server, where other tests need them too.
		if !regexp.MustCompile(`CREATE ROLE renkei_(app|keeper)\b`).MatchString(sql) {
			_, err := conn.Exec(t.Context(), sql)
			require.NoError(t, err, sql)
		}
	}
	logins := make(map[string]string)
	for _, m := range regexp.MustCompile(`CREATE ROLE (renkei_[a-z]+)`+own+` LOGIN.* PASSWORD '(.*)'`).FindAllStringSubmatch(script, -1) {
		address, err := url.Parse(admin)
		require.NoError(t, err)
		address.User, address.Path = url.UserPassword(m[1]+own, m[2]), "/renkei"+own
		logins[m[1]] = address.String()
	}
	return logins
}

const wallsWarning = "its database login could leave them"

func TestTheLoginOfTheSecurityPageServesAndIsNotWarnedOf(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.start(t)
	require.Contains(t, w.log.String(), wallsWarning, "the tests' own login may do anything")

	logins := pageLogins(t, securityPage(t), dbtest.Empty(t))
	env := maps.Clone(w.env)
	env["RENKEI_DATABASE_URL"], env["RENKEI_OWNER_DATABASE_URL"] = logins["renkei_program"], logins["renkei_owner"]
	page := &world{env: env}
	page.command(t, "migrate", "up")
	company := page.command(t, "company", "create", "株式会社サンプル")
	member := page.command(t, "member", "create", "--company", company, "--email", "a@"+domain, "--name", "見本 花子", "--roles", "ADMIN")
	_, said, stop := background(t, page.getenv, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	c := client{address: servingAt.FindStringSubmatch(said.String())[1], token: page.command(t, "token", "create", "--company", company, "--member", member)}
	c.requireReady(t)
	require.Equal(t, []string{"ADMIN"}, ask[struct{ Roles []string }](t, c, "viewer", "{ viewer { roles } }", nil).Roles)
	require.Equal(t, exitDone, stop(), said.String())
	require.NotContains(t, said.String(), wallsWarning)

	// Nor may it, without the two roles, so much as look.
	conn, err := pgx.Connect(t.Context(), logins["renkei_program"])
	require.NoError(t, err)
	var began string
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT current_user").Scan(&began))
	require.Equal(t, "renkei_app", began)
	_, err = conn.Exec(t.Context(), "SET ROLE NONE")
	require.NoError(t, err)
	for _, sql := range []string{"SELECT FROM candidates", "DROP TABLE candidates", "CREATE TABLE mine ()", "ALTER ROLE renkei_app BYPASSRLS"} {
		_, err = conn.Exec(t.Context(), sql)
		require.ErrorContains(t, err, "SQLSTATE 42501", sql)
	}
	require.NoError(t, conn.Close(t.Context()))
}

func TestEveryLoginOfTheProgramIsMadeAlike(t *testing.T) {
	t.Parallel()
	require.Contains(t, securityPage(t), dbtest.LoginStatements)
	script := deployment(t)["deploy/compose/postgres/10-logins.sh"]
	require.Contains(t, script, strings.ReplaceAll(dbtest.LoginStatements, "'another'", ":'program'"))
}

func TestTextIsNeverTakenForSQL(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	c := w.start(t).client
	type list struct{ Nodes []struct{ Name string } }
	search := func(text string) list {
		return ask[list](t, c, "openings", `query ($s: String) { openings(search: $s) { nodes { name } } }`, vars{"s": text})
	}
	for _, name := range []string{`x'; DROP TABLE openings; --`, `' OR '1'='1`, `x\' OR 1=1 --`, `$1`, `%s`, `x' UNION SELECT hash FROM api_tokens --`} {
		require.Empty(t, search(name).Nodes, name)
		c.request(t, http.MethodPost, "/graphql", string(securityJSON(t, vars{
			"query": `mutation ($n: String!) { createOpening(input: {name: $n}) { errors { code } } }`, "variables": vars{"n": name},
		})), "Authorization", "Bearer "+w.token, "Content-Type", "application/json")
		require.Equal(t, list{[]struct{ Name string }{{name}}}, search(name), "as it was written, and alone")
	}
	for _, wild := range []string{"x_; DROP", `%OR%`} {
		require.Empty(t, search(wild).Nodes, wild)
	}
}

func securityJSON(t *testing.T, v any) []byte {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return text
}

func TestACookieIsTooLongToGuessAndNeverTheSame(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{})
	w.env["RENKEI_PUBLIC_URL"] = "https://renkei.example"
	var out, errors bytes.Buffer
	require.Equal(t, exitDone, run(t.Context(), []string{"member", "create", "--company", w.company, "--email", "a@" + domain, "--name", "A", "--roles", "ADMIN"},
		streams{in: strings.NewReader(password), out: &out, err: &errors}, w.getenv), errors.String())
	c, seen := w.start(t).client, make(map[string]bool)
	for range 5 {
		a, text := c.request(t, http.MethodPost, "/auth/sign-in", string(securityJSON(t, vars{"email": "a@" + domain, "password": password})), "Content-Type", "application/json")
		require.Equal(t, http.StatusOK, a.StatusCode, text)
		cookie, err := http.ParseSetCookie(a.Header.Get("Set-Cookie"))
		require.NoError(t, err)
		require.Regexp(t, `^[A-Za-z0-9_-]{43}$`, cookie.Value, "256 bits")
		require.NotContains(t, text, cookie.Value)
		seen[cookie.Value] = true
	}
	require.Len(t, seen, 5)
}

func TestALineOfTheLogIsOneLineWhateverIsInIt(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"a\r\n{\"level\":\"info\"}", "\x1b[2J\x1b]0;x\a", "\u2028\u0085\x00\x7f", "\",\"level\":\"info\",\"x\":\"", "\xff\xfe"} {
		var out bytes.Buffer
		log := newLog(config{LogFormat: "json", LogLevel: zerolog.InfoLevel}, &out)
		log.Info().Str("field", text).Str(text, "name").Err(fmt.Errorf("refused: %s", text)).Msg(text)
		require.Equal(t, 1, strings.Count(out.String(), "\n"), "%q", out.String())
		require.NotContains(t, out.String(), "\r")
		require.NotContains(t, out.String(), "\x1b")
		var line map[string]string
		require.NoError(t, json.Unmarshal(out.Bytes(), &line))
		require.Equal(t, "info", line["level"])
	}
}

func TestNothingSealsButTheVaultAndNothingWeakIsUsed(t *testing.T) {
	t.Parallel()
	var seal, weak []string
	for path, file := range goFiles(t, parser.ImportsOnly) {
		if strings.HasSuffix(path, "_test.go") {
			continue
		}
		for _, spec := range file.Imports {
			name, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			switch {
			case slices.Contains([]string{"crypto/aes", "crypto/cipher", "crypto/des", "crypto/rc4", "crypto/md5", "crypto/sha1", "crypto/rsa"}, name),
				strings.HasPrefix(name, "golang.org/x/crypto/") && !strings.HasSuffix(name, "/argon2"):
				weak = append(weak, path+" imports "+name)
			case strings.HasPrefix(name, "github.com/tink-crypto/tink-go/v2/aead"):
				seal = append(seal, path)
			}
		}
	}
	slices.Sort(seal)
	require.Equal(t, []string{"intake/masterkey.go", "intake/vault.go"}, slices.Compact(seal))
	require.Empty(t, weak)
}

func TestEveryModuleIsKnownByItsChecksum(t *testing.T) {
	t.Parallel()
	info, ok := debug.ReadBuildInfo()
	require.True(t, ok)
	require.Greater(t, len(info.Deps), 20, "what `make sbom` lists")
	sums, err := os.ReadFile(filepath.Join(repository, "go.sum"))
	require.NoError(t, err)
	for _, m := range info.Deps {
		require.Nil(t, m.Replace, m.Path)
		require.Contains(t, string(sums), m.Path+" "+m.Version+" "+m.Sum)
		require.NotEmpty(t, m.Sum, m.Path)
	}
}
