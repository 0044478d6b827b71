package daemon_test

import (
	"strings"
	"testing"
	"time"

	"minuted/cli/demo/servers"
)

func TestARebuildThatIsCutShortIsBegunAgain(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	for n := 1; n <= 80; n++ {
		w.clock = w.clock.Add(time.Minute)
		w.arrive(w.write("shaun", topic(n)))
	}
	w.recover()
	before, sent := w.records(), len(w.smtp.Sent())
	w.imap.Break(servers.Fault{At: "FETCH", Do: servers.Refuse, Text: "not now", After: 2})
	if err := w.daemon.Rebuild(t.Context()); err == nil {
		t.Fatal("the mailbox could not be read to its end, and nobody noticed")
	}
	if half := len(w.records()); half == 0 || half >= len(before) {
		t.Fatalf("%d of %d records: it was not cut short in its middle", half, len(before))
	}
	w.imap.Mend()
	w.daemon.Close()
	w.start()
	w.recover()
	after := w.records()
	for _, key := range union(before, after) {
		if before[key] != after[key] {
			t.Errorf("record %s\n was %s\n is  %s", key, before[key], after[key])
		}
	}
	if now := len(w.smtp.Sent()); now != sent {
		t.Errorf("%d letters left again", now-sent)
	}
}

// A Redis that holds nothing is the wrong one as likely as an empty one, so a
// start refuses it and names what would help, unless the configuration asks to
// work everything out anew.
func TestAnEmptyRedisIsRefusedOrRebuiltAsConfigured(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass() // the first start of a new team needs nothing
	w.deliver(w.write("shaun", topic(1)))
	w.recover()
	before, sent := w.records(), len(w.smtp.Sent())
	w.daemon.Close()
	w.redis.FlushDB()
	w.start()
	err := w.daemon.Once(t.Context())
	for _, named := range []string{"minuted rebuild", "redis.on_empty: rebuild", "redis.url"} {
		if err == nil || !strings.Contains(err.Error(), named) {
			t.Errorf("error %v, want one that names %s", err, named)
		}
	}
	if len(w.records()) > 0 {
		t.Error("it was refused, and written to")
	}
	w.daemon.Close()
	w.config.Redis.OnEmpty = "rebuild"
	w.start()
	w.recover()
	after := w.records()
	for _, key := range union(before, after) {
		if before[key] != after[key] {
			t.Errorf("record %s\n was %s\n is  %s", key, before[key], after[key])
		}
	}
	if now := len(w.smtp.Sent()); now != sent {
		t.Errorf("%d letters left again", now-sent)
	}
	w.deliver(w.write("shaun", topic(2)))
	w.recover()
	w.wantTopics(2)
}
