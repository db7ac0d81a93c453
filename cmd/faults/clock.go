package main

import (
	"context"
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// skew is a file that the standard library's package time gets, for a program whose clock can be set by FAULTS_CLOCK.
//
//go:embed clock/skew.go.txt
var skew []byte

// skewed builds the program with a wall clock that may be wrong. Its monotonic clock is right, as is a machine's whose clock
// somebody sets.
func (s *stage) skewed(ctx context.Context) (program string, err error) {
	root, err := exec.CommandContext(ctx, "go", "env", "GOROOT").Output()
	if err != nil {
		return "", fmt.Errorf("find the standard library: %w", err)
	}
	home := filepath.Join(strings.TrimSpace(string(root)), "src", "time")
	source, err := os.ReadFile(filepath.Join(home, "time.go"))
	if err != nil {
		return "", err
	}
	const now = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	if strings.Count(string(source), now) != 1 {
		return "", fmt.Errorf("this version of Go reads its clock otherwise: look at Now in %s", home)
	}
	changed, added := filepath.Join(s.dir, "time.go"), filepath.Join(s.dir, "skew.go")
	replace, err := json.Marshal(map[string]any{"Replace": map[string]string{
		filepath.Join(home, "time.go"): changed, filepath.Join(home, "faults.go"): added,
	}})
	if err != nil {
		return "", err
	}
	overlay := filepath.Join(s.dir, "overlay.json")
	for file, text := range map[string][]byte{
		changed: []byte(strings.Replace(string(source), now, now+"\tsec += faultsSkew(mono)\n", 1)), added: skew, overlay: replace,
	} {
		if err := os.WriteFile(file, text, 0o600); err != nil {
			return "", err
		}
	}
	program = filepath.Join(s.dir, "renkei-skewed")
	build := exec.CommandContext(ctx, "go", "build", "-overlay", overlay, "-o", program, "renkei/cmd/renkei") //nolint:gosec // our own folder
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return "", fmt.Errorf("build the program with another clock: %w", err)
	}
	return program, nil
}

// summerTime writes a time zone in which summer begins at an instant.
func summerTime(path string, at time.Time) error {
	file := append([]byte("TZif"), make([]byte, 16)...)
	for _, count := range []uint32{0, 0, 0, 1, 2, 8} { // a transition between two types, whose names take 8 bytes
		file = binary.BigEndian.AppendUint32(file, count)
	}
	file = binary.BigEndian.AppendUint32(file, uint32(at.Unix())) //nolint:gosec // before 2106
	file = append(file, 1)
	for name, hours := range []int32{9, 10} {
		file = binary.BigEndian.AppendUint32(file, uint32(hours*3600)) //nolint:gosec // both are small
		file = append(file, byte(name), byte(4*name))
	}
	file = append(file, "STD\x00DST\x00"...)
	return os.WriteFile(path, file, 0o600)
}
