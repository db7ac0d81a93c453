package embedded

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"os/user"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

const (
	socketPort = "5432" // part of the socket's name, nothing listens on it
	socketName = ".s.PGSQL." + socketPort
	// Linux takes 107 bytes, macOS 103.
	maxSocketPath = 103
)

// Where root's clusters and binaries go when the folder asked for lies where no other user can go, as all of /root
// does. To open /root up is not ours to do, and a folder under /tmp would not outlive a restart of the machine; /var/lib
// and /var/cache are what the Filesystem Hierarchy Standard has for this, and only root can make folders there.
const (
	varLib   = "/var/lib/renkei-"
	varCache = "/var/cache/renkei-"
)

// place returns where the cluster asked for in dir lives, and who runs it. What exists already decides, so that no
// second, empty cluster ever appears beside one with data.
func place(ctx context.Context, dir string) (string, account, error) {
	if os.Geteuid() != 0 {
		return dir, account{}, nil
	}
	who, err := unprivileged()
	if err != nil {
		return "", account{}, err
	}
	moved := filepath.Join(varLib+short(dir), filepath.Base(dir))
	for _, home := range []string{dir, moved} {
		empty, err := isEmpty(home)
		if err != nil {
			return "", account{}, err
		}
		if empty {
			continue
		}
		uid, err := ownerOf(home)
		if err != nil {
			return "", account{}, err
		}
		if u, err := user.LookupId(strconv.Itoa(uid)); err == nil && uid != 0 {
			who, err = accountOf(u)
			return home, who, err
		}
		return home, who, nil
	}
	ok, err := who.reaches(ctx, existing(filepath.Dir(dir)))
	if ok {
		return dir, who, err
	}
	return moved, who, err
}

// existing returns the closest folder at or above dir that exists.
func existing(dir string) string {
	for {
		if _, err := os.Stat(dir); err == nil || dir == filepath.Dir(dir) {
			return dir
		}
		dir = filepath.Dir(dir)
	}
}

// makeDir is os.MkdirAll, except that what root makes is passable for the server's user whatever the umask.
func makeDir(dir string) error {
	mode := os.FileMode(0o700)
	if os.Geteuid() == 0 {
		mode = 0o755
	}
	err := os.Mkdir(dir, mode)
	if errors.Is(err, os.ErrNotExist) {
		if err := makeDir(filepath.Dir(dir)); err != nil {
			return err
		}
		err = os.Mkdir(dir, mode)
	}
	if errors.Is(err, os.ErrExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return os.Chmod(dir, mode)
}

// socketDir makes the folder of the cluster's socket: one that only the server's user can enter, under a short name
// that is the same each time.
func socketDir(ctx context.Context, home string, who account) (string, error) {
	for _, base := range []string{os.TempDir(), "/tmp"} {
		dir := filepath.Join(base, "renkei-pg-"+short(home))
		if !filepath.IsAbs(dir) || len(filepath.Join(dir, socketName)) > maxSocketPath {
			continue
		}
		if ok, err := who.reaches(ctx, base); err != nil {
			return "", err
		} else if !ok {
			continue
		}
		return dir, makePrivate(dir, who)
	}
	return "", errors.New("no folder for Postgres' socket: neither TMPDIR nor /tmp will do")
}

func makePrivate(dir string, who account) error {
	err := os.Mkdir(dir, 0o700)
	if err == nil {
		return errors.Join(os.Chmod(dir, 0o700), who.own(dir))
	}
	if !errors.Is(err, os.ErrExist) {
		return err
	}
	// Left by a run that was killed, or laid by somebody who waits for us to use it.
	info, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	uid, err := ownerOf(dir)
	if err != nil {
		return err
	}
	if info.Mode() != os.ModeDir|0o700 || uid != who.uid() {
		return fmt.Errorf("%s is not a private folder of Postgres' user: remove it", dir)
	}
	for _, name := range []string{socketName, socketName + ".lock"} {
		if err := os.Remove(filepath.Join(dir, name)); err != nil && !errors.Is(err, os.ErrNotExist) {
			return err
		}
	}
	return nil
}

func short(path string) string {
	sum := sha256.Sum256([]byte(path))
	return hex.EncodeToString(sum[:6])
}

// lock is held by one process at a time and ends with it, however it ends. Its file stays: to remove it would let two
// processes each lock a file of that name.
type lock struct{ file *os.File }

// acquire returns ErrInUse, with the number of the process that holds the lock, when there is one.
func acquire(path string, who account) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|syscall.O_NOFOLLOW, 0o600)
	if err == nil {
		err = who.own(path) // so that the owner of the cluster can start it without root next time
	} else if errors.Is(err, os.ErrExist) {
		file, err = os.OpenFile(path, os.O_RDWR|syscall.O_NOFOLLOW, 0)
	}
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			err = fmt.Errorf("%w by %s", ErrInUse, holder(path))
		}
		return nil, errors.Join(err, file.Close())
	}
	l := &lock{file}
	if err := errors.Join(file.Truncate(0), writeAt(file, strconv.Itoa(os.Getpid()))); err != nil {
		return nil, errors.Join(err, l.release())
	}
	return l, nil
}

// acquireSoon waits until the lock is free or ctx ends.
func acquireSoon(ctx context.Context, path string) (*lock, error) {
	tick := time.NewTicker(100 * time.Millisecond)
	defer tick.Stop()
	for {
		l, err := acquire(path, account{})
		if !errors.Is(err, ErrInUse) {
			return l, err
		}
		select {
		case <-ctx.Done():
			return nil, errors.Join(ctx.Err(), err)
		case <-tick.C:
		}
	}
}

// release unlocks before it closes: a child being forked may hold the file open for a moment longer.
func (l *lock) release() error {
	return errors.Join(syscall.Flock(int(l.file.Fd()), syscall.LOCK_UN), l.file.Close())
}

func holder(path string) string {
	text, err := os.ReadFile(path)
	if pid := strings.TrimSpace(string(text)); err == nil && pid != "" {
		return "process " + pid
	}
	return "another process"
}

func writeAt(file *os.File, text string) error {
	_, err := file.WriteAt([]byte(text), 0)
	return err
}
