package embedded

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// account is whom the server's programs run as; the zero value is ourselves.
type account struct {
	name       string
	credential *syscall.Credential
}

// unprivileged picks the user for a cluster that root starts. Either is there on nearly every system, and to make a
// user of our own would be to change somebody's machine.
func unprivileged() (account, error) {
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return accountOf(u)
		}
	}
	return account{}, errors.New("postgres refuses to run as root, and there is no user postgres or nobody to run it as")
}

func accountOf(u *user.User) (account, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return account{}, err
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return account{}, err
	}
	return account{u.Username, &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}}, nil
}

func (a account) uid() int {
	if a.credential == nil {
		return os.Geteuid()
	}
	return int(a.credential.Uid)
}

func (a account) own(path string) error {
	if a.credential == nil {
		return nil
	}
	return os.Lchown(path, int(a.credential.Uid), int(a.credential.Gid))
}

// command is exec.CommandContext as this account, in a session of its own (the terminal's Ctrl-C is for us, not for
// the server), without settings for Postgres or languages from the environment. When ctx ends, its whole group is killed.
func (a account) command(ctx context.Context, program string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, program, args...)
	cmd.Dir = "/" // our own may be closed to the account
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: a.credential}
	cmd.Cancel = func() error { return syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }
	cmd.WaitDelay = 5 * time.Second
	for _, entry := range os.Environ() {
		if !strings.HasPrefix(entry, "PG") && !strings.HasPrefix(entry, "LC_") && !strings.HasPrefix(entry, "LANG") {
			cmd.Env = append(cmd.Env, entry)
		}
	}
	cmd.Env = append(cmd.Env, "LC_ALL=C")
	return cmd
}

// reaches tells whether the account may enter dir. It asks the kernel by trying, since modes are not all of the truth.
func (a account) reaches(ctx context.Context, dir string) (bool, error) {
	if a.credential == nil {
		return true, nil
	}
	err := a.command(ctx, "/bin/sh", "-c", `cd "$1" 2>/dev/null`, "sh", dir).Run()
	if _, refused := errors.AsType[*exec.ExitError](err); refused && ctx.Err() == nil {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("become the user %s, since Postgres refuses to run as root: %w", a.name, err)
	}
	return true, nil
}

// mayRun tells why the account cannot run the cluster that lies in home.
func (a account) mayRun(ctx context.Context, home string) error {
	owner, err := ownerOf(home)
	if err != nil {
		return err
	}
	if owner == 0 && a.credential != nil {
		return fmt.Errorf("%s belongs to root, and Postgres refuses to run as root: give it to the user %s (chown -R)",
			home, a.name)
	}
	if owner != a.uid() {
		return fmt.Errorf("%s belongs to the user with id %d: start as that user", home, owner)
	}
	ok, err := a.reaches(ctx, filepath.Dir(home))
	if err == nil && !ok {
		err = fmt.Errorf("%s holds a database, but its owner %s cannot reach it: make the folders above it passable (chmod o+x)",
			home, a.name)
	}
	return err
}

func ownerOf(path string) (int, error) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, fmt.Errorf("%s: owner unknown", path)
	}
	return int(stat.Uid), nil
}
