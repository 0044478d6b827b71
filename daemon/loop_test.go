package daemon_test

import (
	"bytes"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"minuted/cli/demo/servers"
	"minuted/daemon"
)

// correspondents answer each letter of ours as machines do; reply returns the
// mail, or nothing.
var correspondents = map[string]func(w *world, from string, l letter) []byte{
	"vacation responder": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: Automatic reply: "+l.subject+"\nAuto-Submitted: auto-replied\nIn-Reply-To: <"+l.id+">\n\nI am away. A-1 done\n")
	},
	"vacation responder that marks nothing": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: Out of office: "+l.subject+"\n\nI am out of the office until further notice and will answer when I am back.\n")
	},
	"ticket system": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\nYour request was received. Somebody will look at it.\n", w.mails, l.subject))
	},
	"ticket system that keeps the thread": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: Re: [#%d] %s\nIn-Reply-To: <%s>\n\nThank you, your request was received.\n", w.mails, l.subject, l.id))
	},
	"ticket system that quotes the letter": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: Re: [#%d] %s\nIn-Reply-To: <%s>\n\nWe have received your message:\n\n> %s\n", w.mails, l.subject, l.id,
			strings.ReplaceAll(strings.ReplaceAll(l.text, "\r", ""), "\n", "\n> ")))
	},
	"bouncing address": func(w *world, from string, l letter) []byte {
		return bounceOf(from, l.id)
	},
	"ticket system that repeats the letter without a mark": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\nYour request was received:\n\n%s\n", w.mails, l.subject, l.text))
	},
	"ticket system that repeats nothing but the letter": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\n%s\n", w.mails, l.subject, l.text))
	},
	"redirect rule": func(w *world, from string, l letter) []byte {
		return append([]byte("Resent-From: "+from+"\r\nResent-To: "+teamAddress+"\r\n"), l.raw...)
	},
	"rule that forwards as a new mail": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: FW: "+l.subject+"\n\n\n-----Original Message-----\nFrom: Architecture calls <"+teamAddress+">\nSent: Monday\nTo: "+from+"\nSubject: "+l.subject+"\n\n"+l.text)
	},
	"list that sends our letters on": func(w *world, from string, l letter) []byte {
		return append([]byte("List-Id: <all.example.com>\r\nPrecedence: list\r\nSender: all-bounces@example.com\r\n"), l.raw...)
	},
	"list that takes our marks off": func(w *world, from string, l letter) []byte {
		return w.write(teamAddress, "Subject: [all] "+l.subject+"\nList-Id: <all.example.com>\nPrecedence: list\n\n"+l.text)
	},
}

// robots write in a member's name, with all proofs, and commands that a person could
// write; nothing marks them. The first answer is to the mail that wakes them.
var robots = map[string]func(w *world, from string, l letter) []byte{
	"robot that says done": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: Re: "+l.subject+"\nTo: "+l.replyTo+"\nIn-Reply-To: <"+l.id+">\n\ndone\n")
	},
	"robot with one command": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\nA-1 done\n", w.mails, l.subject))
	},
	"robot with a note": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%[1]d] %[2]s\n\nA-1 note ticket #%[1]d was opened\n", w.mails, l.subject))
	},
	"robot with a date": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: "+l.subject+"\n\nA-1 due 2w\n")
	},
	"robot that asks": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\nhelp\n", w.mails, l.subject))
	},
	"robot that asks for the list": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: [#%d] %s\n\nagenda\nmine\n", w.mails, l.subject))
	},
	"robot that takes back": func(w *world, from string, l letter) []byte {
		return w.write(from, "Subject: Re: "+l.subject+"\nTo: "+l.replyTo+"\nIn-Reply-To: <"+l.id+">\n\nundo\n")
	},
	"robot that errs": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: Re: %s\n\nA-%d done\nA-1 due ticket%d\n", l.subject, w.mails+100, w.mails))
	},
	"robot that files what it was sent": func(w *world, from string, l letter) []byte {
		return w.write(from, fmt.Sprintf("Subject: #architecture ticket %d of %s\n\nSee below\n\n%s\n", w.mails, w.clock.Format(time.DateTime), l.text))
	},
	"robot whom nothing proves": func(w *world, from string, l letter) []byte {
		_, raw, _ := bytes.Cut(w.write(from, "Subject: Re: "+l.subject+"\n\nA-1 done\n"), []byte("\r\n"))
		return raw
	},
}

// paces are how often a machine looks at its mail.
var paces = map[string]time.Duration{"at once": 0, "hourly": time.Hour, "daily": 24 * time.Hour}

// Ten days, in which a machine answers each letter, at once or when it looks. It
// begins with a mail of its own, which has a command in it: as a stranger it gets
// nothing, as a member two answers at the most, beside the letters that members
// get anyway.
func TestTenDaysOfAMachineGetTwoAnswersAtMost(t *testing.T) {
	for name, reply := range correspondents {
		for pace, every := range paces {
			t.Run(name+" of a member "+pace, func(t *testing.T) {
				t.Parallel()
				tenDays(t, "kostas@example.com", reply, every, 2)
			})
		}
		t.Run(name+" of a stranger", func(t *testing.T) {
			t.Parallel()
			tenDays(t, "sam@customer.example", reply, 0, 0)
		})
	}
}

// What a robot asks for is carried out, again and again; it is told so twice.
func TestTenDaysOfARobotGetTwoAnswersToTheSame(t *testing.T) {
	for name, reply := range robots {
		for _, pace := range []string{"at once", "hourly"} {
			t.Run(name+" "+pace, func(t *testing.T) {
				t.Parallel()
				tenDays(t, "kostas@example.com", reply, paces[pace], 3)
			})
		}
	}
}

// tenDays counts the answers that a machine gets which answers each letter, those
// of the days before included.
func tenDays(t *testing.T, who string, reply func(*world, string, letter) []byte, every time.Duration, most int) {
	w, earlier := afterMinutes(t, "")
	waiting := lettersTo(who, earlier)
	w.deliver(w.write(who, "Subject: hello\n\nA-98 done\n"))
	answers, looked := 0, w.clock
	for end := w.clock.Add(10 * 24 * time.Hour); w.clock.Before(end); w.hour() {
		waiting = append(waiting, lettersTo(who, w.letters())...)
		if w.clock.Sub(looked) < every {
			continue
		}
		looked = w.clock
		for len(waiting) > 0 && w.clock.Before(end) {
			batch := waiting
			waiting = nil
			for _, l := range batch {
				if bytes.Contains(l.raw, []byte("Auto-Submitted: auto-replied")) {
					answers++
				}
				w.deliver(reply(w, who, l))
			}
			if every == 0 { // it looks at its mail all the time
				waiting = lettersTo(who, w.letters())
			}
		}
	}
	if answers > most {
		t.Errorf("%d answers, want at most %d", answers, most)
	}
}

// hour lets an hour pass at once.
func (w *world) hour() {
	w.clock = w.clock.Add(time.Hour)
	w.pass()
}

func lettersTo(address string, all []letter) (out []letter) {
	for _, l := range all {
		if l.to == strings.TrimSuffix(address, "@example.com") {
			out = append(out, l)
		}
	}
	return out
}

// A second copy of the daemon on the same mailbox, with a Redis of its own, is
// refused; where it is told to go on all the same, the two do not answer each other.
func TestASecondDaemonOnTheSameMailboxIsNotAnswered(t *testing.T) {
	w, _ := afterMinutes(t, "")
	redis, err := servers.StartRedis(func() time.Time { return w.clock })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	for _, key := range []string{"k", "x"} { // a copy of its state, and one set up anew
		copied := w.config
		copied.Redis.URL, copied.Redis.OnEmpty = "redis://"+redis.Addr()+"/0", "refuse"
		second := func() *daemon.Daemon {
			d, err := daemon.New(copied, daemon.Options{Now: func() time.Time { return w.clock }, State: t.TempDir(),
				Keys: [][]byte{bytes.Repeat([]byte(key), 32)}, Log: slog.New(slog.DiscardHandler)})
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(func() { d.Close() })
			return d
		}
		if err := second().Once(t.Context()); err == nil {
			t.Error("it was not refused")
		}
		copied.Redis.OnEmpty = "rebuild"
		other := second()
		w.letters()
		w.deliver(w.write("kostas", "Subject: hello\n\nA-98 done\n"))
		answers := 0
		for end := w.clock.Add(10 * 24 * time.Hour); w.clock.Before(end); w.hour() {
			redis.Tick()
			if err := other.Once(t.Context()); err != nil {
				t.Fatal(err)
			}
			for _, l := range w.letters() {
				if bytes.Contains(l.raw, []byte("Auto-Submitted: auto-replied")) {
					answers++
				}
			}
		}
		if answers > 2 {
			t.Errorf("%d answers to one mail, want at most one of each", answers)
		}
		other.Close()
		redis.FlushDB()
	}
}

// An address that fails gets two letters in ten days; then it is paused, and the
// operator knows.
func TestABouncingAddressGetsTwoLetters(t *testing.T) {
	w, earlier := afterMinutes(t, "")
	sent, told := 0, 0
	count := func(letters []letter) {
		for _, l := range letters {
			switch l.to {
			case "kostas":
				sent++
				w.deliver(bounceOf("kostas@example.com", l.id))
			case "postmaster":
				if strings.Contains(l.text, "kostas@example.com") && strings.Contains(l.text, "resume") {
					told++
				}
			}
		}
	}
	count(earlier)
	for end := w.clock.Add(10 * 24 * time.Hour); w.clock.Before(end); w.hour() {
		count(w.letters())
	}
	if sent != 2 || told != 1 {
		t.Errorf("%d letters and %d notices to the operator, want 2 and 1", sent, told)
	}
}

// Another team's daemon whose mailbox is a member of ours, and ours one of
// theirs: neither answers the other.
func TestTwoDaemonsDoNotTalkToEachOther(t *testing.T) {
	const other = "devices@example.com"
	w, _ := afterMinutes(t, "weekly: off")
	imap, err := servers.StartIMAP(servers.IMAPOptions{Accounts: map[string]string{teamAddress: "secret"}, Now: func() time.Time { return w.clock }})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(imap.Close)
	redis, err := servers.StartRedis(func() time.Time { return w.clock })
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(redis.Close)
	theirs := w.read("")
	theirs.Redis.URL = "redis://" + redis.Addr() + "/0"
	theirs.Teams[0].Mailbox.Port = daemon.Port(imap.Port())
	theirs.Teams[0].Address, theirs.Teams[0].SMTP.From = other, other
	theirs.Teams[0].People[0].Address = teamAddress
	second, err := daemon.New(theirs, daemon.Options{Now: func() time.Time { return w.clock }, State: t.TempDir(),
		Keys: [][]byte{bytes.Repeat([]byte("x"), 32)}, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { second.Close() })
	w.daemon.Close()
	w.config.Teams[0].People[1].Address = other
	w.start()

	w.deliver(w.write(other, "Subject: hello\n\nA-98 done\n")) // as if somebody wrote in the other's name
	answers, looked := 0, 0
	for end := w.clock.Add(10 * 24 * time.Hour); w.clock.Before(end); w.clock = w.clock.Add(time.Hour) {
		w.pass()
		redis.Tick()
		if err := second.Once(t.Context()); err != nil {
			t.Fatal(err)
		}
		sent := w.smtp.Sent()
		for _, s := range sent[looked:] {
			between := s.To[0] == other || s.To[0] == teamAddress
			if between && bytes.Contains(s.Raw, []byte("Auto-Submitted: auto-replied")) {
				answers++
			}
			box := map[string]*servers.IMAP{other: imap, teamAddress: w.imap}[s.To[0]]
			if box != nil {
				raw := append([]byte("Authentication-Results: mx.example.com; dmarc=pass header.from=example.com\r\n"), s.Raw...)
				if _, err := box.Deliver(teamAddress, raw, w.clock); err != nil {
					t.Fatal(err)
				}
			}
		}
		looked = len(sent)
	}
	if answers > 2 {
		t.Errorf("%d answers between the two, want at most 2", answers)
	}
}

// Whatever we send comes back twice, as it left and as mail programs and relays
// make it: with the mark taken off, with the automatic signs taken off, with another id.
func TestEveryLetterFedBackTwiceCausesNoLetter(t *testing.T) {
	strip := func(raw []byte, fields ...string) []byte {
		var out []byte
		head, body, _ := bytes.Cut(raw, []byte("\r\n\r\n"))
		drop := false
		for line := range bytes.Lines(append(head, '\r', '\n')) {
			if line[0] != ' ' && line[0] != '\t' {
				drop = false
				for _, f := range fields {
					drop = drop || strings.HasPrefix(strings.ToLower(string(line)), strings.ToLower(f)+":")
				}
			}
			if !drop {
				out = append(out, line...)
			}
		}
		return append(append(out, '\r', '\n'), body...)
	}
	w, all := afterMinutes(t, "")
	say := func(who, text string) {
		w.deliver(w.write(who, text))
		all = append(all, w.letters()...)
	}
	say("shaun", "Subject: Device trees\n\n#architecture which?\n")
	say("shaun", "Subject: x\n\nA-99 done\nhelp\nmine\nagenda\n")
	w.deliver([]byte("From: kostas@example.com\r\nSubject: x\r\nMessage-ID: <q@example.com>\r\n\r\nA-2 done\r\n")) // a question
	w.deliver([]byte("From: kostas@example.com\r\n" + strings.Repeat("X: y\r\n", 30000) + "\r\n"))                 // a notice
	for range 10 * 24 {
		w.hour()
		all = append(all, w.letters()...)
	}
	kinds := map[string]bool{}
	for _, l := range all {
		kinds[l.kind] = true
		for n, raw := range [][]byte{
			l.raw, strip(l.raw, "Minuted-Letter"), strip(l.raw, "Minuted-Letter", "Auto-Submitted", "X-Auto-Response-Suppress", "List-Id", "List-Unsubscribe", "Precedence", "Message-ID"),
		} {
			for range 2 {
				if _, err := w.imap.Deliver(teamAddress, append([]byte(vouched+fmt.Sprintf("X-Hop: %d\r\n", n)), raw...), w.clock); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	w.pass()
	if letters := w.letters(); len(letters) > 0 {
		t.Errorf("letters that came back were answered: %s", kindsAndReaders(letters))
	}
	for _, kind := range []string{"agenda", "minutes", "weekly", "reminder", "receipt", "notice"} {
		if !kinds[kind] {
			t.Errorf("no letter of the kind %s was fed back", kind)
		}
	}
}
