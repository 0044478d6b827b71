package daemon_test

import (
	"strings"
	"testing"
	"time"

	"github.com/emersion/go-imap/v2"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// On a server that can neither move nor expunge by UID the record is kept all the
// same: handled mail is copied, stays where it is, and is not handled again.
func TestAServerThatCannotMoveKeepsTheRecord(t *testing.T) {
	w := newWorld(t, winter, "")
	w.daemon.Close()
	var err error
	w.imap.Close()
	w.imap, err = servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{teamAddress: "secret"}, Now: func() time.Time { return w.clock },
		Without: []imap.Cap{imap.CapMove, imap.CapUIDPlus, imap.CapIdle, imap.CapESearch}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.imap.Close)
	w.config.Teams[0].Mailbox.Port = daemon.Port(w.imap.Port())
	w.start()
	w.pass()
	for n := 1; n <= 3; n++ {
		w.deliver(w.write("shaun", topic(n)))
	}
	for _, f := range w.daemon.Check(t.Context()) {
		if f.What == "mailbox" && (!f.Good || !strings.Contains(f.Text, "neither MOVE nor UIDPLUS") || !strings.Contains(f.Text, "no IDLE")) {
			t.Errorf("check says %v %s", f.Good, f.Text)
		}
	}
	before := w.records()
	if err := w.daemon.Rebuild(t.Context()); err != nil {
		t.Fatal(err)
	}
	w.pass()
	after := w.records()
	for _, key := range []string{"open item:1", "open item:2", "open item:3"} {
		if before[key] == "" || before[key] != after[key] {
			t.Errorf("%s was\n%s, is\n%s", key, before[key], after[key])
		}
	}
	if n := len(w.imap.Mails(teamAddress, "INBOX")); n != 3 {
		t.Errorf("%d mails where they arrived, want 3", n)
	}
	if n := len(w.smtp.Sent()); n != 3 {
		t.Errorf("%d letters left, want 3 receipts", n)
	}
}

// A server that does not let us in is asked once for all the letters that wait.
func TestARefusedLoginIsNotTriedForEachLetter(t *testing.T) {
	w := newWorld(t, winter, "")
	w.pass()
	for n := 1; n <= 10; n++ {
		w.arrive(w.write([]string{"shaun", "kostas", "alexis"}[n%3], topic(n)))
	}
	tries := w.smtp.Connections()
	w.smtp.Break(servers.SMTPFault{At: "CONNECT", Do: servers.Reply, Code: 554, Text: "not you"})
	if err := w.daemon.Once(t.Context()); err == nil || !strings.Contains(err.Error(), "not you") {
		t.Errorf("error %v, want the server's words", err)
	}
	if tried := w.smtp.Connections() - tries; tried > 8 { // four are on their way at a time, and greet by EHLO and HELO
		t.Errorf("%d greetings", tried)
	}
	w.smtp.Mend()
	w.recover()
	w.wantTopics(10)
}

// Without an archive nobody knows whether a letter arrived whose server never
// answers at the end. It may arrive three times; then the operator is told.
func TestALetterThatIsNeverAnsweredIsNotRepeatedForDays(t *testing.T) {
	w := newWorld(t, winter, "archive: none\nweekly: off")
	w.pass()
	w.smtp.Break(servers.SMTPFault{At: "DATA", Do: servers.Swallow})
	w.arrive(w.write("shaun", topic(1)))
	for end := w.clock.Add(12 * time.Hour); w.clock.Before(end); w.clock = w.clock.Add(10 * time.Minute) {
		w.redis.Tick()
		w.daemon.Once(t.Context()) // with an error each time a letter has no answer
	}
	w.smtp.Mend()
	receipts := 0
	for _, s := range w.smtp.Sent() {
		if strings.Contains(string(s.Raw), "Minuted-Kind: receipt") {
			receipts++
		}
	}
	if receipts != 3 {
		t.Errorf("the receipt left %d times, want 3", receipts)
	}
	w.clock = w.clock.Add(5 * time.Hour)
	w.pass()
	if s := w.daemon.Status(t.Context())[0]; len(s.Failed) == 0 || !strings.Contains(s.Failed[0].Why, "did not say") {
		t.Errorf("status: %+v", s.Failed)
	}
}

// A server that says later for days (greylisting, a full mailbox) is asked again
// for three days, and then the operator is told.
func TestALetterThatIsPutOffForDays(t *testing.T) {
	for _, c := range []struct {
		name    string
		off     time.Duration // for how long the server says later
		arrives bool
	}{
		{"for an hour", time.Hour, true},
		{"for two and a half days", 60 * time.Hour, true},
		{"for ever", 100 * time.Hour, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, winter, "weekly: off")
			w.pass()
			w.smtp.Break(servers.SMTPFault{At: "RCPT", To: "shaun@example.com", Do: servers.Reply, Code: 451, Text: "come back later"})
			w.arrive(w.write("shaun", topic(1)))
			begin := w.clock
			receipt, told := time.Duration(-1), time.Duration(-1) // since the mail came
			for ; w.clock.Before(begin.Add(100 * time.Hour)); w.clock = w.clock.Add(15 * time.Minute) {
				if w.clock.Sub(begin) >= c.off {
					w.smtp.Mend()
				}
				w.redis.Tick()
				w.daemon.Once(t.Context()) // with an error each time a letter is put off
				for _, s := range w.smtp.Sent() {
					if strings.Contains(string(s.Raw), "Minuted-Kind: receipt") && receipt < 0 {
						receipt = w.clock.Sub(begin)
					}
					if strings.Contains(string(s.Raw), "Minuted-Kind: notice") && strings.Contains(string(s.Raw), "come back later") && told < 0 {
						told = w.clock.Sub(begin)
					}
				}
			}
			if c.arrives && (receipt < c.off || receipt > c.off+5*time.Hour || told >= 0) {
				t.Errorf("the receipt arrived after %v, the operator was told after %v", receipt, told)
			}
			if !c.arrives && (receipt >= 0 || told < 72*time.Hour || told > 80*time.Hour) {
				t.Errorf("the receipt arrived after %v, the operator was told after %v, want about 72h", receipt, told)
			}
		})
	}
}
