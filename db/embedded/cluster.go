package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// clusterMajor returns the major version of the cluster in dir, 0 where dir is missing or empty.
func clusterMajor(dir string) (int, error) {
	empty, err := isEmpty(dir)
	if err != nil || empty {
		return 0, err
	}
	text, err := os.ReadFile(filepath.Join(dir, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return 0, fmt.Errorf("%s is not empty and holds no Postgres cluster: left untouched, name another folder", dir)
	}
	if err != nil {
		return 0, err
	}
	number, _, _ := strings.Cut(strings.TrimSpace(string(text)), ".")
	major, err := strconv.Atoi(number)
	if err != nil || major == 0 {
		return 0, fmt.Errorf("%s is no Postgres cluster of a known version: its PG_VERSION says %q", dir, text)
	}
	return major, nil
}

func isEmpty(dir string) (bool, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, os.ErrNotExist) {
		return true, nil
	}
	return len(entries) == 0, err
}

// initialise makes the cluster under another name and renames it, so that a half made one never looks like a cluster.
func (o *Options) initialise(ctx context.Context, who account, bin binaries, home string) error {
	removeLeftovers(home + ".initdb-*")
	unfinished, err := os.MkdirTemp(filepath.Dir(home), filepath.Base(home)+".initdb-*")
	if err != nil {
		return err
	}
	err = who.own(unfinished)
	if err == nil {
		// The C locale is the one that every build on every system has, and never changes under an index.
		// "trust" because the folder of the socket is the guard: only this user and root can enter it, and these
		// can read the data files anyway; a password would add a secret to keep, and no safety.
		args := []string{"-D", unfinished, "-U", superuser, "--encoding=UTF8", "--locale=C", "--auth=trust"}
		if o.Fast {
			args = append(args, "--no-sync")
		}
		err = o.during("making a new database cluster in "+home, func() error {
			return run(who.command(ctx, filepath.Join(bin.dir, "initdb"), args...))
		})
	}
	if err == nil {
		err = rename(unfinished, home)
	}
	if err != nil {
		return errors.Join(fmt.Errorf("make a database cluster in %s: %w", home, err), os.RemoveAll(unfinished))
	}
	return nil
}

// rename also syncs the folder: a cluster that a power cut gave its unfinished name back would be swept away.
func rename(from, to string) error {
	// Not os.Rename: this one replaces an empty folder, and never one with anything in it.
	if err := syscall.Rename(from, to); err != nil {
		return fmt.Errorf("rename %s to %s: %w", from, to, err)
	}
	dir, err := os.Open(filepath.Dir(to))
	if err != nil {
		return err
	}
	return errors.Join(dir.Sync(), dir.Close())
}

// removeLeftovers sweeps folders that a killed run did not finish; the caller holds the lock of what they belong to.
func removeLeftovers(pattern string) {
	found, err := filepath.Glob(pattern)
	if err != nil {
		return // the path has characters that Glob takes for a pattern
	}
	for _, dir := range found {
		_ = os.RemoveAll(dir) // what resists only wastes space, until the next time
	}
}

// awaitFormer waits for the server of a former process, which shuts down after that was killed, and has Postgres see
// that a pid file is stale when its number went to another program.
func (o *Options) awaitFormer(ctx context.Context, home string) error {
	path := filepath.Join(home, "postmaster.pid")
	text, err := os.ReadFile(path)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	first, rest, _ := strings.Cut(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimPrefix(strings.TrimSpace(first), "-"))
	if err != nil || errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) {
		return nil // Postgres knows what to do
	}
	if !isPostmaster(pid, home) {
		return disown(path, rest)
	}
	o.say("waiting for the former Postgres (process %d) to finish", pid)
	patience, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for isPostmaster(pid, home) {
		select {
		case <-patience.Done():
			return fmt.Errorf("another Postgres (process %d) still runs on the data in %s: stop it first: %w",
				pid, home, patience.Err())
		case <-tick.C:
		}
	}
	return nil
}

// disown puts our own number into the pid file: Postgres takes its parent's for stale and still checks, by the other
// lines, whether processes of the crashed server are attached to its memory. Removing the file would skip that check.
func disown(path, rest string) error {
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_TRUNC|syscall.O_NOFOLLOW, 0)
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(file, "%d\n%s", os.Getpid(), rest)
	return errors.Join(err, file.Close())
}

// looksLikePostmaster errs on the side of yes: only another program, or a server told to use another folder, is none.
func looksLikePostmaster(args []string, home string) bool {
	name := filepath.Base(args[0])
	if name != "postgres" && name != "postmaster" {
		return false
	}
	for i, arg := range args[1:] {
		if arg == "-D" && i+2 < len(args) {
			return args[i+2] == home
		}
	}
	return true
}

func openLog(home string) (*os.File, error) {
	path := home + ".log"
	if err := os.Rename(path, path+".1"); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	// O_EXCL: root may be writing into another user's folder, and must not follow what that user put there.
	return os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
}

func logTail(home string) string {
	text, err := os.ReadFile(home + ".log")
	if err != nil {
		return err.Error()
	}
	return tail(string(text))
}

func tail(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return strings.Join(lines[max(0, len(lines)-8):], "\n")
}
