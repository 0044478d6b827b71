package servers

import "syscall"

// group puts a child and its own children into a group of their own, so that
// they can be ended together, and ends it with us, however we end.
func group() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGKILL}
}
