package daemon_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"minuted/daemon"
)

// check looks at the mailbox's own mail and says which profile to set, or that
// the one that is set does not hold.
func TestCheckProposesTheProfileThatHoldsForEveryMail(t *testing.T) {
	const own, gmail = "Authentication-Results: mx.example.com; spf=pass smtp.mailfrom=example.com\r\n", "Authentication-Results: mx.google.com; dmarc=pass header.from=example.com\r\n"
	tests := []struct {
		claim, profile, authserv string
		headers                  func(n int) string
		good                     bool
		says                     string
	}{
		{"an own server", "", "", func(int) string { return own }, true, "set trust: {profile: own, authserv_id: mx.example.com}"},
		{"a provider", "", "", func(int) string { return gmail }, true, "set trust: {profile: gmail}"},
		{"a provider with a gap", "", "", func(n int) string { return map[bool]string{true: gmail}[n != 17] }, true, "no profile can be proposed: gmail fits 39 of 40 mails only"},
		{"no provider", "", "", func(int) string { return "" }, true, "no profile can be proposed: the mails bear no Authentication-Results"},
		{"the profile that is set holds", "gmail", "", func(int) string { return gmail }, true, "profile gmail fits the last 40 mails, all of them"},
		{"the profile that is set has a gap", "own", "mx.example.com", func(n int) string { return map[bool]string{true: own}[n != 17] }, false, "fits 39 of the last 40 mails only"},
		{"another profile is set", "gmail", "", func(int) string { return own }, false, "fits 0 of the last 40 mails only"},
	}
	for _, test := range tests {
		t.Run(test.claim, func(t *testing.T) {
			w := newWorld(t, time.Date(2017, 1, 25, 10, 0, 0, 0, time.UTC), "archive: "+teamAddress)
			for n := range 40 {
				w.deliverUnread([]byte(test.headers(n) + fmt.Sprintf("From: sam%d@customer.example\r\nMessage-ID: <%d@customer.example>\r\n\r\nhello\r\n", n, n)))
				if n == 20 {
					w.pass() // half of them is filed away, and with them what the daemon itself wrote
				}
			}
			w.daemon.Close()
			w.config.Teams[0].Trust.Profile, w.config.Teams[0].Trust.AuthservID = test.profile, test.authserv
			w.start()
			f := w.finding("trust")
			if f.Good != test.good || !strings.Contains(f.Text, test.says) {
				t.Errorf("%v %s\nwant %v, with: %s", f.Good, f.Text, test.good, test.says)
			}
		})
	}
}

func TestCheckSaysWhenThereIsTooLittleMailToTell(t *testing.T) {
	w := newWorld(t, time.Date(2017, 1, 25, 10, 0, 0, 0, time.UTC), "")
	if f := w.finding("trust"); !f.Good || !strings.Contains(f.Text, "too few") {
		t.Errorf("%v %s", f.Good, f.Text)
	}
}

func (w *world) finding(what string) daemon.Finding {
	w.t.Helper()
	for _, f := range w.daemon.Check(w.t.Context()) {
		if f.What == what {
			return f
		}
	}
	w.t.Fatalf("check says nothing about %s", what)
	return daemon.Finding{}
}

// Where the team's address is a list, all mail comes through it. A member is
// answered all the same, at their own address; the list gets nothing.
func TestAMemberWhoWritesThroughTheListIsAnsweredAtTheirOwnAddress(t *testing.T) {
	list := "List-Id: <architecture.lists.example.com>\nList-Post: <mailto:architecture@lists.example.com>\nReply-To: architecture@lists.example.com\nPrecedence: list\n"
	w, _ := afterMinutes(t, "")
	w.deliver(w.write("shaun", "Subject: [arch] A-1\n"+list+"\nA-1 done\n"))
	if got := kindsAndReaders(w.letters()); got != "receipt shaun" {
		t.Errorf("a command through the list: %q, want one receipt to Shaun", got)
	}
	w.deliver(w.write("shaun", "Subject: [arch] hello\n"+list+"\nhow is everybody?\n"))
	w.deliver(w.write("sam@customer.example", "Subject: [arch] A-2\n"+list+"\nA-2 done\n"))
	w.deliver(w.write("shaun", "Subject: [arch] A-2\nX-Auto-Response-Suppress: All\n"+list+"\nA-2 done\n"))
	if got := kindsAndReaders(w.letters()); got != "" {
		t.Errorf("talk, a stranger and a mail that wants no answer: %q", got)
	}
	for _, s := range w.smtp.Sent() {
		for _, to := range s.To {
			if strings.Contains(to, "lists") {
				t.Errorf("the list got a letter")
			}
		}
	}
}

// Everything that waits for somebody stands in the status, with its reason.
func TestStatusNamesWhatWaits(t *testing.T) {
	w := newWorld(t, time.Date(2017, 1, 26, 17, 0, 0, 0, time.UTC), "")
	w.pass()
	w.minutes()
	w.deliver(w.write("sam@customer.example", "Subject: Please look at this\n\nhello\n"))
	w.deliver([]byte("From: kostas@example.com\r\nSubject: x\r\nMessage-ID: <q@example.com>\r\n\r\nA-2 done\r\n"))
	w.deliver([]byte("From: eve@evil.example\r\nSubject: x\r\n" + strings.Repeat("X: y\r\n", 30000) + "\r\n"))
	s := w.daemon.Status(t.Context())[0]
	if s.Fault != "" || len(s.Unaccepted) != 1 || s.Unaccepted[0].Why == "" {
		t.Errorf("waits: %+v %s", s.Unaccepted, s.Fault)
	}
	if len(s.Asked) != 1 || s.Asked[0].Person != "kostas" || fmt.Sprint(s.Asked[0].Lines()) != "[A-2 done]" {
		t.Errorf("asked: %+v", s.Asked)
	}
	if len(s.Quarantined) != 1 || s.Quarantined[0].Why == "" || s.Quarantined[0].From == "" {
		t.Errorf("set aside: %+v", s.Quarantined)
	}
	if len(s.Held) != 1 {
		t.Errorf("held: %+v", s.Held)
	}
}

// What is logged of hostile mail cannot act on the terminal that shows it,
// begins no line of its own, and repeats nothing of a body.
func TestLogsEscapeWhatCameByMailAndHoldNoBodies(t *testing.T) {
	w := newWorld(t, time.Date(2017, 1, 25, 10, 0, 0, 0, time.UTC), "")
	var log bytes.Buffer
	w.daemon.Close()
	d, err := daemon.New(w.config, daemon.Options{Now: func() time.Time { return w.clock }, State: w.state, Keys: [][]byte{bytes.Repeat([]byte("k"), 32)},
		Log: slog.New(slog.NewTextHandler(&log, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	if err != nil {
		t.Fatal(err)
	}
	w.daemon = d
	const secret, escape = "the-words-of-the-body", "\x1b]0;owned\x07\u202e\u200b\nlevel=ERROR msg=forged"
	for n, head := range []string{
		"From: shaun@example.com\r\nSubject: " + escape + "\r\n",
		"From: \x1b[31m <x\x1b[0m@evil.example>\r\nSubject: x\r\n",
		"From: sam@customer.example\r\nSubject: =?utf-8?b?G10wO293bmVkBw==?= \u202e\r\nIn-Reply-To: <\x1b[2J@x>\r\n",
		"From: mailer-daemon@evil.example\r\nSubject: x\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=b\r\nX-Failed-Recipients: \x1b[1m@x\r\n",
	} {
		w.deliver([]byte(vouched + head + fmt.Sprintf("Message-ID: <\x1b[5m%d\u202e@evil.example>\r\n\r\n#architecture %s\r\nA-1 note %s\r\nA-1 done %s\r\n", n, secret, secret, secret)))
	}
	for line := range strings.Lines(log.String()) {
		if !strings.HasPrefix(line, "time=") || strings.ContainsAny(strings.TrimSuffix(line, "\n"), "\x1b\x07\u202e\u200b\r") {
			t.Errorf("this stands in the log: %q", line)
		}
	}
	for _, word := range []string{secret, "secret", strings.Repeat("k", 32)} {
		if strings.Contains(log.String(), word) {
			t.Errorf("%q stands in the log:\n%s", word, log.String())
		}
	}
	if strings.Count(log.String(), "msg=mail")-strings.Count(log.String(), "did=own") != 4 {
		t.Errorf("not each mail was logged:\n%s", log.String())
	}
}
