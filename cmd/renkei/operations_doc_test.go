package main

import (
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"renkei/db/dbtest"
	"renkei/wantedly/wantedlysim"
)

// deployment is what an operator reads and runs, by its path.
func deployment(t *testing.T) map[string]string {
	t.Helper()
	files := make(map[string]string)
	root := os.DirFS(repository)
	read := func(path string) {
		text, err := fs.ReadFile(root, path)
		require.NoError(t, err)
		files[path] = string(text)
	}
	read("Dockerfile")
	read("docs/operations.md")
	require.NoError(t, fs.WalkDir(root, "deploy", func(path string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() && filepath.Ext(path) != ".go" {
			read(path)
		}
		return err
	}))
	require.Greater(t, len(files), 12)
	return files
}

func TestWhatOperatorsReadNamesSettingsAndCommandsThatExist(t *testing.T) {
	t.Parallel()
	// Compose's own: which image to run.
	known := []string{"RENKEI_IMAGE"}
	for _, s := range settings {
		known = append(known, s.name)
	}
	setting, command := regexp.MustCompile(`\bRENKEI_[A-Z_]+`), regexp.MustCompile("(?m)(?:`|^|> )renkei ([a-z-]+(?: [a-z]+)?)")
	for path, text := range deployment(t) {
		for _, name := range setting.FindAllString(text, -1) {
			require.Contains(t, known, name, path)
		}
		for _, m := range command.FindAllStringSubmatch(text, -1) {
			_, _, found := find(strings.Fields(m[1]))
			require.True(t, found, "%s: renkei %s", path, m[1])
		}
	}
}

func TestDeploymentsHaveAPlaceForWhatMayBeLeftOut(t *testing.T) {
	t.Parallel()
	var kubernetes strings.Builder
	files := deployment(t)
	for path, text := range files {
		if strings.HasPrefix(path, "deploy/kubernetes/") {
			kubernetes.WriteString(text)
		}
	}
	optional := []string{"RENKEI_SMTP_URL", "RENKEI_MAIL_FROM", "RENKEI_OPERATING_COMPANY", "RENKEI_DRAIN"}
	for _, name := range optional {
		require.Contains(t, kubernetes.String(), name)
		require.Contains(t, files["deploy/compose/compose.yaml"], name+": ${"+name+":-}", "empty is as good as not there")
		require.Contains(t, files["deploy/compose/.env.example"], "\n"+name+"=\n")
	}
	require.Contains(t, kubernetes.String(), "key: direct_database_url, optional: true")
	require.Contains(t, files["deploy/compose/pgbouncer.yaml"], "RENKEI_DIRECT_DATABASE_URL")
	out := files["deploy/kubernetes/network.yaml"]
	for _, port := range []string{"443", "465", "587", "4317", "4318", "5432", "6432"} {
		require.Contains(t, out, "{ protocol: TCP, port: "+port+" }")
	}
}

func TestTheOperatorsPageCountsConnectionsAsTheDoctorDoes(t *testing.T) {
	t.Parallel()
	require.Contains(t, deployment(t)["docs/operations.md"], fmt.Sprintf("`RENKEI_WORKERS` / 2 + %d,", spareConnections+extraConnections))
}

func TestWhatOperatorsReadLeadsSomewhere(t *testing.T) {
	t.Parallel()
	link, heading := regexp.MustCompile(`\]\(([^)#]*)(?:#([^)]+))?\)`), regexp.MustCompile(`(?m)^#+ (.+)$`)
	for _, m := range link.FindAllStringSubmatch(deployment(t)["docs/operations.md"], -1) {
		path := "operations.md"
		if m[1] != "" {
			path = m[1]
		}
		stat, err := os.Stat(filepath.Join(repository, "docs", path))
		require.NoError(t, err)
		if m[2] == "" || stat.IsDir() {
			continue
		}
		page, err := os.ReadFile(filepath.Join(repository, "docs", path))
		require.NoError(t, err)
		var anchors []string
		for _, h := range heading.FindAllStringSubmatch(string(page), -1) {
			words := regexp.MustCompile(`[^\p{L}\p{N} _-]`).ReplaceAllString(strings.ToLower(h[1]), "")
			anchors = append(anchors, strings.ReplaceAll(words, " ", "-"))
		}
		require.Contains(t, anchors, m[2], path)
	}
}

func TestARestoredDumpAndTheSameKeysAreAllThatIsNeeded(t *testing.T) {
	t.Parallel()
	w := setup(t, wantedlysim.Options{Tickets: 3})
	p := w.start(t)
	linked, _ := w.linkedAndImported(t, p.client, "ok@"+domain)
	requireStopped(t, p.stop)
	head := regexp.MustCompile(`head (\S+)`).FindStringSubmatch(call(w.getenv, "audit", "verify").out)
	require.NotNil(t, head)

	dump, empty := filepath.Join(t.TempDir(), "renkei.dump"), dbtest.Empty(t)
	for _, args := range [][]string{
		{"pg_dump", "--format=custom", "--file=" + dump, plainURL(t, w.env["RENKEI_DATABASE_URL"])},
		{"pg_restore", "--exit-on-error", "--no-owner", "--dbname=" + plainURL(t, empty), dump},
	} {
		said, err := exec.Command(args[0], args[1:]...).CombinedOutput()
		require.NoError(t, err, "%s (apt-get install postgresql-client)", said)
	}
	restored := w.with("RENKEI_DATABASE_URL", empty, "RENKEI_DATA_DIR", t.TempDir())
	doctor := call(restored, "doctor")
	require.Equal(t, exitDone, doctor.code, doctor.out)
	verified := call(restored, "audit", "verify", "--head", head[1])
	require.Equal(t, exitDone, verified.code, verified.err)

	_, said, stop := background(t, restored, "serve")
	eventually(t, "serving", func() bool { return servingAt.MatchString(said.String()) })
	c := client{address: servingAt.FindStringSubmatch(said.String())[1], token: w.token}
	c.requireReady(t)
	c.requireInbox(t, w.sim.Tickets(domain, 1, 0))
	// The password that was sealed before opens.
	run := c.importNow(t, linked.ID)
	eventually(t, "imported", func() bool {
		return slices.ContainsFunc(c.runs(t), func(r importRun) bool { return r.ID == run.Run.ID && r.Status == "SUCCEEDED" })
	})
	require.Equal(t, exitDone, stop(), said.String())
}

// plainURL is an address without what only pgx knows.
func plainURL(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	require.NoError(t, err)
	query := u.Query()
	query.Del("timezone")
	u.RawQuery = query.Encode()
	return u.String()
}
