//go:build !linux

package embedded

import (
	"os/exec"
	"strconv"
	"strings"
	"syscall"
)

// dieWithUs is for Linux only; elsewhere the watcher does it alone.
func dieWithUs(*exec.Cmd, syscall.Signal) {}

// isPostmaster is false for a process that is gone. ps does not tell where an argument ends: a folder with a space in
// its name is found by its text.
func isPostmaster(pid int, home string) bool {
	//nolint:noctx // it answers at once, and a cut-off answer would pass for a process that is gone
	line, err := exec.Command("ps", "-p", strconv.Itoa(pid), "-o", "command=").Output()
	if err != nil {
		return false
	}
	program, rest, _ := strings.Cut(strings.TrimSpace(string(line)), " -D ")
	args := []string{program}
	if rest != "" {
		args = append(args, "-D", rest)
		if strings.HasPrefix(rest+" ", home+" ") {
			args[2] = home
		}
	}
	return looksLikePostmaster(args, home)
}
