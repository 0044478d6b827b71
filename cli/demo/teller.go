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
	actor      string          // who acted last
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

func (t *teller) act(a act, typed string) {
	t.heading(a.at)
	t.say("\n")
	t.paint(blue, fmt.Sprintf("%s %s", cast[a.who], deeds[a.verb]))
	if name := programs[a.program].name; name != "" {
		t.say(", with %s", name)
	}
	t.say("\n")
	t.box(excerpt(typed))
	t.actor = a.who
}

// excerpt is the beginning of a long text.
func excerpt(text string) string {
	lines := strings.SplitAfter(text, "\n")
	const enough = 12
	if len(lines) <= enough {
		return text
	}
	return strings.Join(lines[:enough], "") + fmt.Sprintf("(and %d more lines)\n", len(lines)-enough-1)
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

// letters tells of the letters of one pass, kind by kind.
func (t *teller) letters(letters []letter) {
	for len(letters) > 0 {
		kind := letters[0].kind
		same := func(l letter) bool { return l.kind == kind }
		t.kind(slices.DeleteFunc(slices.Clone(letters), func(l letter) bool { return !same(l) }))
		letters = slices.DeleteFunc(slices.Clone(letters), same)
	}
}

// kind tells of letters of one kind, and shows one copy: that of who acted
// last, since it answers what was just read.
func (t *teller) kind(letters []letter) {
	slices.SortFunc(letters, func(a, b letter) int { return strings.Compare(a.to, b.to) })
	shown := letters[max(0, slices.IndexFunc(letters, func(l letter) bool { return l.to == t.actor }))]
	var readers []string
	for _, l := range letters {
		readers = append(readers, cast[l.to])
	}
	t.heading(shown.at)
	t.say("\n")
	first := !t.known[shown.kind]
	t.known[shown.kind] = true
	if first {
		t.say("%s\n", introductions[shown.kind])
	}
	t.paint(blue, fmt.Sprintf("%s to %s", shown.kind, strings.Join(readers, ", ")))
	t.say("\n")
	if len(readers) > 1 {
		t.say("The copy of %s:\n", cast[shown.to])
	}
	t.box("Subject: " + shown.subject + "\n\n" + body(shown.text, first))
}

// body is a letter's text. The last lines, how to answer and how to stop, are
// alike in letters of one kind: they are shown with the first.
func body(text string, first bool) string {
	if foot := strings.LastIndex(text, "\n\n\nYou get this"); foot > 0 && !first {
		return text[:foot]
	}
	return text
}

// width is how many columns a box has for its text.
const width = 76

// box shows text of a mail behind a bar. Long lines are broken between words.
func (t *teller) box(text string) {
	for line := range strings.Lines(strings.TrimRight(text, "\n") + "\n") {
		for _, piece := range broken(strings.TrimRight(line, "\r\n")) {
			t.paint(quiet, "  |")
			t.say("%s\n", strings.TrimRight(" "+piece, " "))
		}
	}
}

// broken breaks a line between words into pieces that fit a box.
func broken(line string) []string {
	var pieces []string
	for len(line) > width {
		at := strings.LastIndex(line[:width+1], " ")
		if at <= 0 {
			break
		}
		pieces, line = append(pieces, line[:at]), line[at+1:]
	}
	return append(pieces, line)
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
(From the source, go run . stands for minuted.)
`, acts, letters, took.Seconds())
}

// join tells how to take part with a mail program.
func (t *teller) join(s *stage) {
	t.say("\n")
	t.paint(bold, "The servers stay up")
	t.say(`; the clock runs on from here. Join with a mail program:

  account    shaun@example.org, or another of the six
  password   %s
  IMAP       127.0.0.1 port %d, no TLS
  SMTP       127.0.0.1 port %d, no TLS, no login
  write to   %s

Answer one of the letters in your inbox, or forward something with
#architecture. End it with Ctrl-C.
`, password, s.imap.Port(), s.smtp.Port(), team)
}
