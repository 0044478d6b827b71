package cli

import (
	"syscall"
	"testing"
)

func TestKeepNoCore_lets_nothing_dump_or_read_the_memory(t *testing.T) {
	const prGetDumpable, prSetDumpable = 3, 4
	KeepNoCore()
	t.Cleanup(func() { syscall.RawSyscall(syscall.SYS_PRCTL, prSetDumpable, 1, 0) })
	if dumpable, _, err := syscall.RawSyscall(syscall.SYS_PRCTL, prGetDumpable, 0, 0); dumpable != 0 || err != 0 {
		t.Errorf("the kernel says %d, %v", dumpable, err)
	}
	var core syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_CORE, &core); err != nil || core.Max != 0 {
		t.Errorf("core files of up to %d bytes, %v", core.Max, err)
	}
}
