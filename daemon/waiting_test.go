package daemon_test

import (
	"testing"

	"minuted/cli/demo/servers"
)

func TestALetterThatWaitsOutlivesARebuild(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	w.smtp.Break(servers.SMTPFault{At: "CONNECT", Do: servers.Reply, Code: 421, Text: "later"})
	w.arrive(w.write("shaun", topic(1)))
	w.daemon.Once(t.Context()) // the letter cannot leave
	if err := w.daemon.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.smtp.Mend()
	w.recover()
	w.wantTopics(1)
}
