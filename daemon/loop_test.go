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
}

// Ten days, in which a machine answers each letter at once. It begins with a
// mail of its own, which has a command in it: as a stranger it gets nothing, as
// a member two answers at the most, beside the letters that members get anyway.
func TestTenDaysOfAMachineGetTwoAnswersAtMost(t *testing.T) {
	for name, reply := range correspondents {
		for _, who := range []string{"kostas@example.com", "sam@customer.example"} {
			t.Run(name+" "+who, func(t *testing.T) {
				t.Parallel()
				w, _ := afterMinutes(t, "weekly: off")
				w.deliver(w.write(who, "Subject: hello\n\nA-98 done\n"))
				answers := 0
				for end := w.clock.Add(10 * 24 * time.Hour); w.clock.Before(end); w.hour() {
					answers += w.converse(who, reply, end)
				}
				if most := map[bool]int{true: 2}[who == "kostas@example.com"]; answers > most {
					t.Errorf("%d answers, want at most %d", answers, most)
				}
			})
		}
	}
}

// hour lets an hour pass at once.
func (w *world) hour() {
	w.clock = w.clock.Add(time.Hour)
	w.pass()
}

// converse lets somebody answer what came, until nothing comes any more, and
// counts the answers among it.
func (w *world) converse(who string, reply func(*world, string, letter) []byte, end time.Time) (answers int) {
	for {
		letters := w.lettersTo(who)
		if len(letters) == 0 || w.clock.After(end) {
			return answers
		}
		for _, l := range letters {
			if bytes.Contains(l.raw, []byte("Auto-Submitted: auto-replied")) {
				answers++
			}
			w.deliver(reply(w, who, l))
		}
	}
}

func (w *world) lettersTo(address string) (out []letter) {
	for _, l := range w.letters() {
		if l.to == strings.TrimSuffix(address, "@example.com") {
			out = append(out, l)
		}
	}
	return out
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
