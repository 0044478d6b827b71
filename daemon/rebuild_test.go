package daemon_test

import (
	"testing"
	"time"

	"minuted/cli/demo/servers"
)

func TestARebuildThatIsCutShortIsBegunAgain(t *testing.T) {
	w := newWorld(t, winter, withArchive)
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
