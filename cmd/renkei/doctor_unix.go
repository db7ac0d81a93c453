//go:build linux || darwin

package main

import "syscall"

// freeSpace is how much room is left for whoever is not root.
func freeSpace(folder string) (uint64, error) {
	var s syscall.Statfs_t
	if err := syscall.Statfs(folder, &s); err != nil {
		return 0, err
	}
	return s.Bavail * uint64(s.Bsize), nil //nolint:gosec // a block has a size above 0
}

// mayWrite asks without writing.
func mayWrite(folder string) bool {
	const writeAndEnter = 0x2 | 0x1
	return syscall.Access(folder, writeAndEnter) == nil
}
