package embedded

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
)

// dieWithUs has the kernel send the signal when the thread that starts cmd ends, so the caller keeps to its thread.
func dieWithUs(cmd *exec.Cmd, sig syscall.Signal) { cmd.SysProcAttr.Pdeathsig = sig }

// isPostmaster is false for a process that is gone.
func isPostmaster(pid int, home string) bool {
	line, err := os.ReadFile(fmt.Sprintf("/proc/%d/cmdline", pid))
	return err == nil && looksLikePostmaster(strings.Split(string(line), "\x00"), home)
}
