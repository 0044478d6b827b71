//go:build unix && !linux

package servers

import "syscall"

// group puts a child and its own children into a group of their own, so that
// they can be ended together. Only Linux can end it with us.
func group() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }
