package cli

import "syscall"

// KeepNoCore lets a crash leave no image of the memory, in which mails and
// passwords stand: neither a file (setrlimit(2)) nor to a program that collects
// them (prctl(2): PR_SET_DUMPABLE). Others of the same user may not read it either.
func KeepNoCore() {
	const prSetDumpable = 4
	syscall.Setrlimit(syscall.RLIMIT_CORE, &syscall.Rlimit{}) // to lower a limit is always allowed
	syscall.RawSyscall(syscall.SYS_PRCTL, prSetDumpable, 0, 0)
}
