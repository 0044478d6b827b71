package demo

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"
)

// teller tells the story in lines of at most 80 columns.
type teller struct {
	out, codes io.Writer
	zone       *time.Location
	now        time.Time       // the heading that was told last
	known      map[string]bool // kinds of letters that were introduced
}

// Codes of a terminal: ECMA-48 section 8.3.117 (SGR).
const (
	bold  = "\x1b[1m"
	quiet = "\x1b[2m"
	blue  = "\x1b[34m"
	plain = "\x1b[0m"
)

func (t *teller) paint(code, text string) {
	if t.codes != nil {
		io.WriteString(t.codes, code) // a terminal that is gone shows at the next word
		defer io.WriteString(t.codes, plain)
	}
	io.WriteString(t.out, text)
}

func (t *teller) say(format string, args ...any) { fmt.Fprintf(t.out, format, args...) }

func (t *teller) hello() {
	t.paint(bold, "A week of a team, by mail alone\n")
	t.say(`
Six people talk every Monday at 16:00. They write to architecture@example.org;
minuted reads that mailbox and writes to them. The mail servers and the store
run inside this process, the time is simulated, all else is the real program.
`)
}

// heading tells the time, once.
func (t *teller) heading(at time.Time) {
	if at = at.In(t.zone); !at.Equal(t.now) {
		t.say("\n")
		t.paint(bold, at.Format("Monday 2 January 2006, 15:04"))
		t.say("\n")
	}
	t.now = at
}

// deeds are how the acts of a story are told.
var deeds = map[string]string{
	"forwards": "forwards a thread",
	"mails":    "mails the minutes of the call",
	"answers":  "answers",
}

func (t *teller) act(a act) {
	t.heading(a.at)
	t.say("\n")
	t.paint(blue, fmt.Sprintf("%s %s", cast[a.who], deeds[a.verb]))
	if name := programs[a.program].name; name != "" {
		t.say(", with %s", name)
	}
	t.say("\n")
	t.box(a.words)
}

// introductions say what each kind of letter is for, when the first comes.
var introductions = map[string]string{
	"agenda":   "Before the call everybody gets the agenda, in their own time.",
	"receipt":  "Who wrote gets a receipt of what was understood.",
	"minutes":  "After a quarter of an hour for second thoughts, everybody gets the digest.",
	"reminder": "Before it is due, its owner gets a reminder.",
	"weekly":   "At the end of the week everybody gets the weekly digest.",
	"notice":   "Something needs an operator.",
}

// letters tells of the letters of one pass: of each kind the first reader's copy.
func (t *teller) letters(letters []letter) {
	for len(letters) > 0 {
		first := letters[0]
		same := func(l letter) bool { return l.kind == first.kind && l.subject == first.subject }
		var readers []string
		for _, l := range letters {
			if same(l) {
				readers = append(readers, cast[l.to])
			}
		}
		t.letter(first, readers)
		letters = slices.DeleteFunc(slices.Clone(letters), same)
	}
}

func (t *teller) letter(l letter, readers []string) {
	t.heading(l.at)
	t.say("\n")
	if t.known == nil {
		t.known = map[string]bool{}
	}
	if !t.known[l.kind] {
		t.say("%s\n", introductions[l.kind])
	}
	t.known[l.kind] = true
	t.paint(blue, fmt.Sprintf("%s to %s", l.kind, strings.Join(readers, ", ")))
	if len(readers) > 1 {
		t.say("; the copy of %s:", readers[0])
	}
	t.say("\n")
	t.box("Subject: " + l.subject + "\n\n" + l.text)
}

// box shows text of a mail behind a bar.
func (t *teller) box(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		t.paint(quiet, "  | ")
		t.say("%s", line)
	}
}

func (t *teller) goodbye(acts, letters int, took time.Duration) {
	t.say("\n")
	t.paint(bold, "That was the week")
	t.say(`: %d mails in, %d letters out, in %.1f seconds.

Where to look next:
  minuted demo --keep DIR    every letter as .eml and its HTML as .html
  minuted demo --stay        join the team with your own mail program
  README.md                  set it up for your team
  config.example.yaml        what can be configured
`, acts, letters, took.Seconds())
}

// join tells how to take part with a mail program.
func (t *teller) join(s *stage) {
	t.say("\n")
	t.paint(bold, "The servers stay up")
	t.say(`; the clock runs on from here. Join with a mail program:

  account    any of %s
  password   %s
  IMAP       127.0.0.1 port %d, no TLS
  SMTP       127.0.0.1 port %d, no TLS, no login
  write to   %s

Answer one of the letters in your inbox, or forward something with
#architecture. End it with Ctrl-C.
`, strings.Join(addresses(), ", "), password, s.imap.Port(), s.smtp.Port(), team)
}
