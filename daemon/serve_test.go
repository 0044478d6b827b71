package daemon_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"minuted/daemon"
)

// TestServe_starts_without_its_servers_and_goes_on_when_they_are_there says what it
// waits for, one thing after the other.
func TestServe_starts_without_its_servers_and_goes_on_when_they_are_there(t *testing.T) {
	w, l := behindLines(t)
	w.arrive(w.write("shaun", topic(1)))
	w.daemon.Close()
	for _, line := range l {
		line.Stop()
	}
	said := make(chan string, 1)
	ctx, cancel := context.WithCancel(t.Context())
	w.pace = daemon.Pace{Retry: 10 * time.Millisecond, RetryMax: 50 * time.Millisecond, Look: 50 * time.Millisecond}
	w.waiting = func(_, why string) {
		select {
		case said <- why:
		case <-ctx.Done():
		}
	}
	w.start()
	ended := make(chan error)
	go func() { ended <- w.daemon.Serve(ctx) }()
	for _, step := range []struct{ line, waits string }{
		{"redis", "is Redis running"}, {"imap", "nobody answers there"}, {"smtp", "connect to"}, {"", ""},
	} {
		hear(t, said, step.waits)
		if step.line == "" {
			break
		}
		if err := l[step.line].Start(); err != nil {
			t.Fatal(err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
	w.recover()
	w.wantTopics(1)
}

// hear waits until a daemon says what it waits for; empty: that it works.
func hear(t *testing.T, said <-chan string, want string) {
	t.Helper()
	late := time.After(within)
	last := ""
	for {
		select {
		case last = <-said:
			if last == want || want != "" && strings.Contains(last, want) {
				return
			}
		case <-late:
			t.Fatalf("it never said %q, but %q", want, last)
		}
	}
}
