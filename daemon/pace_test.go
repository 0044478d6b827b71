package daemon

import (
	"testing"
	"time"

	"minuted/daemon/mailbox"
	"minuted/daemon/outbox"
)

func TestPace_notices_a_half_dead_line_in_90_seconds(t *testing.T) {
	for server, silence := range map[string]time.Duration{
		"IMAP": mailbox.DefaultIdleTimeout + mailbox.DefaultCmdTimeout,
		"SMTP": outbox.DefaultTimeout,
	} {
		if silence > 90*time.Second {
			t.Errorf("a silent server for %s is noticed after %s", server, silence)
		}
	}
}

func TestPace_looks_for_a_server_within_30_seconds_then_less_often(t *testing.T) {
	pace := Pace{}.withDefaults()
	before := time.Duration(0)
	for faults := range patience {
		wait := pace.backOff(faults)
		if wait > 30*time.Second || wait < before {
			t.Errorf("after %d faults it waits %s, after %s", faults, wait, before)
		}
		before = wait
	}
	if wait := pace.backOff(patience); wait != 5*time.Minute {
		t.Errorf("for long it waits %s", wait)
	}
}
