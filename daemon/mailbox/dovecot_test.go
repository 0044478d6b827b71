//go:build unix

package mailbox

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"minuted/cli/demo/servers"
)

// dovecot starts a real server that ends with the test. A missing one skips the
// test, unless servers are required.
func dovecot(t testing.TB, settings ...string) *servers.Dovecot {
	t.Helper()
	server, err := servers.StartDovecot(t.TempDir(), map[string]string{user: secret}, settings...)
	if errors.Is(err, servers.ErrMissing) && !strings.Contains(os.Getenv("MINUTED_REQUIRE"), "servers") {
		t.Skip(err)
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(server.Stop)
	return server
}

func deliverReal(t testing.TB, server *servers.Dovecot, from, to int, padding string) {
	t.Helper()
	for i := from; i <= to; i++ {
		raw := append(numbered(i), padding...)
		if err := server.Deliver(user, fmt.Sprintf("%010d.test", i), raw, start.Add(time.Duration(i)*time.Second)); err != nil {
			t.Fatal(err)
		}
	}
}

func TestDovecot_reads_files_away_and_replays(t *testing.T) {
	server := dovecot(t)
	deliverReal(t, server, 1, 70, "")
	m := open(t, configFor(server.Port))
	first := fetch(t, m, 0, nil, 64)
	want(t, "mails and more", fmt.Sprint(len(first.Mails), first.More), "64 true")
	want(t, "arrived", first.Mails[0].Arrived, start.Add(time.Second))
	rest := fetch(t, m, first.last(), nil, 64)
	want(t, "mails and more", fmt.Sprint(len(rest.Mails), rest.More), "6 false")
	for range 2 { // the second time all are gone
		if err := m.FileAway(t.Context(), first.Validity, uidsOf(first.Mails), "done/2017"); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Append(t.Context(), "told", numbered(99), start); err != nil {
		t.Fatal(err)
	}
	replayed := 0
	if err := m.Replay(t.Context(), "done/2017", func(Mail) error { replayed++; return nil }); err != nil {
		t.Fatal(err)
	}
	want(t, "replayed", replayed, 64)
	for id, there := range map[string]bool{"m1@example.org": true, "m70@example.org": true, "m99@example.org": true, "m98@example.org": false} {
		if found, err := m.Holds(t.Context(), "Message-ID", "<"+id+">"); err != nil || found != there {
			t.Errorf("%s: %v, %v, want %v", id, found, err, there)
		}
	}
	report, err := m.Check(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	want(t, "left, filed, filing", fmt.Sprintln(report.Mails, report.Filed, report.Filing), "6 map[minuted.done.2017:64 minuted.told:1] MOVE\n")
	deliverReal(t, server, 71, 71, "")
	wantUIDs(t, fetch(t, m, rest.last(), nil, 64).Mails, rest.last()+1)
}

func TestDovecot_rings_the_bell(t *testing.T) {
	server := dovecot(t)
	m := open(t, configFor(server.Port))
	if err := m.Wait(t.Context()); err != nil {
		t.Fatal(err)
	}
	rung := make(chan error)
	go func() { rung <- m.Wait(t.Context()) }()
	deliverReal(t, server, 1, 1, "")
	if err := <-rung; err != nil {
		t.Fatal(err)
	}
	wantUIDs(t, fetch(t, m, 0, nil, 64).Mails, 1)
}

func TestDovecot_stopped_is_noticed_and_survived(t *testing.T) {
	server := dovecot(t)
	deliverReal(t, server, 1, 2, "")
	m := open(t, configFor(server.Port))
	fetch(t, m, 0, nil, 64)
	m.session.guard.mu.Lock() // from now on; on a busy machine the first answers take longer
	m.session.guard.busy = soon
	m.session.guard.mu.Unlock()
	server.Pause()
	_, err := m.Fetch(t.Context(), 2, nil, 64)
	wantError(t, err, true)
	server.Resume()
	server.Kill()
	_, err = m.Fetch(t.Context(), 2, nil, 64)
	wantError(t, err, true)
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	batch, err := m.Fetch(t.Context(), 0, nil, 64)
	for range 10 { // a connection may still fall to a child of the killed server
		if err == nil {
			break
		}
		batch, err = m.Fetch(t.Context(), 0, nil, 64)
	}
	if err != nil {
		t.Fatal(err)
	}
	wantUIDs(t, batch.Mails, 1, 2)
}

// BenchmarkCatchUp reads and files away 20,000 mails of 8 kB, as after a long absence.
func BenchmarkCatchUp(b *testing.B) {
	const count = 20000
	for b.Loop() {
		b.StopTimer()
		server := dovecot(b)
		deliverReal(b, server, 1, count, strings.Repeat(strings.Repeat("x", 70)+"\r\n", 115))
		m := New(configFor(server.Port), discard())
		before := b.Elapsed()
		b.StartTimer()
		seen, after, more := 0, uint32(0), true
		var done []uint32
		var validity uint32
		for more {
			batch, err := m.Fetch(b.Context(), after, nil, 64)
			if err != nil {
				b.Fatal(err)
			}
			seen, more, validity = seen+len(batch.Mails), batch.More, batch.Validity
			after = batch.last()
			done = append(done, uidsOf(batch.Mails)...)
		}
		b.ReportMetric((b.Elapsed() - before).Seconds(), "s/read")
		if err := m.FileAway(b.Context(), validity, done, "done"); err != nil {
			b.Fatal(err)
		}
		b.StopTimer()
		if seen != count {
			b.Fatalf("%d mails", seen)
		}
		m.Close()
		server.Stop()
		b.StartTimer()
	}
}
