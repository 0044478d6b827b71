package daemon

import (
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"minuted/cli/demo/servers"
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

// Fail2ban as it is shipped shuts an address out after five refused logins in ten minutes.
func TestPace_tries_a_refused_login_a_few_times_in_ten_minutes(t *testing.T) {
	server, err := servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{"team": "secret"}, Now: time.Now})
	if err != nil {
		t.Fatal(err)
	}
	defer server.Close()
	m := mailbox.New(mailbox.Config{Host: "127.0.0.1", Port: server.Port(), TLS: "none", User: "team",
		Password: func() (string, error) { return "wrong", nil }}, slog.New(slog.DiscardHandler))
	defer m.Close()
	_, refused := m.Fetch(t.Context(), 0, nil, 1)
	pace := Pace{}.withDefaults()
	tries, passed := 1, time.Duration(0) // the bell tries once, and leaves it to the pass
	for faults := 0; passed < 10*time.Minute; faults++ {
		tries++
		passed += pace.after(fmt.Errorf("team: %w", refused), faults)
	}
	if tries >= 5 {
		t.Errorf("%d tries in %s", tries, passed)
	}
	if wait := pace.after(errors.New("the line was cut"), 0); wait != pace.backOff(0) {
		t.Errorf("after another fault it waits %s", wait)
	}
}
