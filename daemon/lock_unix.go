//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package daemon

import (
	"os"
	"syscall"
)

// lock locks a file for this open file, until it is closed or the process ends.
func lock(f *os.File) bool { return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil }
