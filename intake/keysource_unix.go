//go:build unix

package intake

import (
	"io/fs"
	"os"
	"syscall"
)

// giveTo gives a file to the owner of another: root may rotate the keys of a program that is not root.
func giveTo(file *os.File, like fs.FileInfo) error {
	stat, ok := like.Sys().(*syscall.Stat_t)
	if !ok || int(stat.Uid) == os.Geteuid() {
		return nil
	}
	return file.Chown(int(stat.Uid), int(stat.Gid))
}
