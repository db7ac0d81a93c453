package dbtest

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestOnlyFoldersOfBinariesThatWereKilledAreSwept(t *testing.T) {
	t.Parallel()
	folder := t.TempDir()
	made := func(name string) *os.File {
		require.NoError(t, os.Mkdir(filepath.Join(folder, name), 0o700))
		f, err := os.Create(filepath.Join(folder, name, "postgres.lock"))
		require.NoError(t, err)
		t.Cleanup(func() { require.NoError(t, f.Close()) })
		old := time.Now().Add(-time.Hour)
		require.NoError(t, os.Chtimes(f.Name(), old, old))
		return f
	}
	made(prefix + "killed")
	made("another")
	require.NoError(t, syscall.Flock(int(made(prefix+"running").Fd()), syscall.LOCK_EX))
	now := time.Now()
	require.NoError(t, os.Chtimes(made(prefix+"beginning").Name(), now, now))
	sweep(folder)
	require.NoDirExists(t, filepath.Join(folder, prefix+"killed"))
	for _, name := range []string{"another", prefix + "running", prefix + "beginning"} {
		require.DirExists(t, filepath.Join(folder, name))
	}
}
