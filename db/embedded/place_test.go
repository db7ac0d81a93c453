package embedded

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/user"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/require"
)

func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	require.NoError(t, filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		info, err := entry.Info()
		if err != nil {
			return err
		}
		files[path] = fmt.Sprint(info.Mode(), info.ModTime(), info.Size())
		if entry.Type().IsRegular() {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			files[path] += string(text)
		}
		return nil
	}))
	return files
}

func TestForeignFoldersAreRefusedUntouched(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, file, content string
		want                []string
	}{
		{"of an older major version", "PG_VERSION", "12\n", []string{"Postgres 12", "but here is Postgres "}},
		{"of a newer major version", "PG_VERSION", "99\n", []string{"Postgres 99", "nothing was touched"}},
		{"of a version in the old style", "PG_VERSION", "9.6\n", []string{"Postgres 9,"}},
		{"of no readable version", "PG_VERSION", "what\n", []string{"known version"}},
		{"with something else", "letter.txt", "dear", []string{"no Postgres cluster"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			b := setup(t)
			require.NoError(t, os.MkdirAll(b.options.DataDir, 0o755))
			require.NoError(t, os.Chmod(b.options.DataDir, 0o700))
			require.NoError(t, os.WriteFile(filepath.Join(b.options.DataDir, c.file), []byte(c.content), 0o600))
			if os.Geteuid() == 0 {
				who, err := unprivileged()
				require.NoError(t, err)
				require.NoError(t, who.own(b.options.DataDir))
			}
			require.NoError(t, os.Chmod(filepath.Dir(b.options.DataDir), 0o755))
			before := snapshot(t, b.options.DataDir)
			_, err := Start(t.Context(), b.options)
			for _, part := range c.want {
				require.ErrorContains(t, err, part)
			}
			require.ErrorContains(t, err, b.options.DataDir)
			require.Equal(t, before, snapshot(t, b.options.DataDir))
		})
	}
}

func TestClusterOfAnotherMajorIsRefusedUntouched(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, b.start(t).Stop(t.Context()))
	version := filepath.Join(b.options.DataDir, "PG_VERSION")
	require.NoError(t, os.WriteFile(version, []byte("42\n"), 0o600))
	before := snapshot(t, b.options.DataDir)
	_, err := Start(t.Context(), b.options)
	require.ErrorContains(t, err, "holds data of Postgres 42")
	require.Equal(t, before, snapshot(t, b.options.DataDir))
}

func TestLongPaths(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.options.DataDir = filepath.Join(b.dir, strings.Repeat("long", 40), strings.Repeat("name with spaces ", 9), "postgres")
	s := b.start(t)
	require.LessOrEqual(t, len(filepath.Join(s.sockets, socketName)), maxSocketPath)
	require.Equal(t, "1", query(t, s, "SELECT '1'"))
}

func TestLongTemporaryFolder(t *testing.T) {
	long := filepath.Join(os.TempDir(), strings.Repeat("x", 90))
	t.Setenv("TMPDIR", long)
	dir, err := socketDir(t.Context(), "/srv/"+t.Name(), account{})
	require.NoError(t, err)
	require.Equal(t, "/tmp", filepath.Dir(dir))
	require.NoError(t, os.Remove(dir))
}

func TestSocketFolderOfSomebodyElseIsRefused(t *testing.T) {
	t.Parallel()
	b := setup(t)
	open := filepath.Join(b.dir, "open")
	require.NoError(t, os.Mkdir(open, 0o700))
	require.NoError(t, makePrivate(open, account{}))
	require.NoError(t, os.Chmod(open, 0o770))
	require.ErrorContains(t, makePrivate(open, account{}), "not a private folder")
	link := filepath.Join(b.dir, "link")
	require.NoError(t, os.Symlink(b.dir, link))
	require.ErrorContains(t, makePrivate(link, account{}), "not a private folder")
}

func TestRootKeepsWhatOthersCannotReachElsewhere(t *testing.T) {
	t.Parallel()
	b := setup(t)
	closed := filepath.Join(b.dir, "closed")
	require.NoError(t, os.Mkdir(closed, 0o700))
	b.options.DataDir = filepath.Join(closed, "renkei", "postgres")
	home := b.options.DataDir
	if os.Geteuid() == 0 {
		home = filepath.Join(varLib+short(home), "postgres")
		t.Cleanup(func() { require.NoError(t, os.RemoveAll(filepath.Dir(home))) })
	}
	s := b.start(t)
	require.Equal(t, home, s.home)
	require.NoError(t, s.Stop(t.Context()))
	if home == b.options.DataDir {
		return
	}
	require.Contains(t, b.progress(), "keeping the database in "+home)

	// Data stays where it is found, on either side.
	require.NoError(t, os.Chmod(closed, 0o755))
	require.Equal(t, home, b.start(t).home)
	moved := filepath.Join(closed, "other", "postgres")
	b.options.DataDir = moved
	require.NoError(t, b.start(t).Stop(t.Context()))
	require.NoError(t, os.Chmod(closed, 0o700))
	_, err := Start(t.Context(), b.options)
	require.ErrorContains(t, err, moved+" holds a database, but its owner")
}

func TestRootRunsAClusterAsItsOwner(t *testing.T) {
	t.Parallel()
	b := setup(t)
	require.NoError(t, b.start(t).Stop(t.Context()))
	if os.Geteuid() != 0 {
		uid, err := ownerOf(b.options.DataDir)
		require.NoError(t, err)
		require.Equal(t, os.Geteuid(), uid)
		return
	}
	give := func(who account) {
		require.NoError(t, filepath.WalkDir(b.options.DataDir, func(path string, _ fs.DirEntry, err error) error {
			return errors.Join(err, who.own(path))
		}))
	}
	nobody, err := user.Lookup("nobody")
	require.NoError(t, err)
	who, err := accountOf(nobody)
	require.NoError(t, err)
	give(who)
	s := b.start(t)
	require.Equal(t, "1", query(t, s, "SELECT '1'"))
	require.NoError(t, s.Stop(t.Context()))

	give(account{credential: &syscall.Credential{}})
	_, err = Start(t.Context(), b.options)
	require.ErrorContains(t, err, "belongs to root")
}
