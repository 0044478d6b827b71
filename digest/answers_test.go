package daemon_test

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// testdata/answers holds answers of people to the letters of one team, as their
// mail programs write them, with what each is to change and to be told. A file
// is a family of answers; in it
//
//	case NAME                    begins one; a comment above it says why it is there
//	client NAME                  the mail program that wrote it: testdata/answers/clients/NAME.eml. Usual: gmail_web
//	answer PERSON KIND           which letter is answered. Usual: shaun minutes
//	from NAME <ADDRESS>          somebody else writes it
//	unproven                     the provider vouches for nobody
//	later DAYS                   it comes that many days later
//	tick ID MARK [WORDS]         the box of an id in the quoted letter is given this mark; _ is a no-break space
//	edit OLD => NEW              a change of the finished mail
//	words                        what the person wrote, in the indented lines
//	raw                          instead of client and words: the whole mail. {TO}, {ID}, {SUBJECT}, {TEXT}, {QUOTED}, {TOKEN} are filled in
//	then                         words of a second answer, to the receipt of the first
//	changes                      what is different afterwards, a field a line; nothing where it is missing
//	says                         lines of the receipt, in this order; nothing is to leave where it is missing
//	never                        lines that the receipt must not have
//
// Each case begins on Monday 30 January 2017, 15:10, with the letters of scene.
func TestAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no answers: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			for _, c := range readAnswers(t, file) {
				t.Run(c.name, func(t *testing.T) {
					t.Parallel()
					c.try(t)
				})
			}
		})
	}
}

// answered is one case.
type answered struct {
	name, client, person, kind, from string
	unproven                         bool
	days                             int
	ticks, edits                     [][2]string
	words, raw, then, says, never    string
	changes                          string
}

func readAnswers(t *testing.T, file string) []answered {
	t.Helper()
	var out []answered
	for _, v := range readStory(t, file) {
		if v.words[0] == "case" {
			out = append(out, answered{name: v.words[1], client: "gmail_web", person: "shaun", kind: "minutes"})
			continue
		}
		if !out[len(out)-1].take(v) {
			t.Fatalf("%s:%d: what is %s?", file, v.number, v.words[0])
		}
	}
	return out
}

func (c *answered) take(v verse) bool {
	rest := strings.Join(v.words[1:], " ")
	switch v.words[0] {
	case "client":
		c.client = rest
	case "answer":
		c.person, c.kind = v.words[1], v.words[2]
	case "from":
		c.from = rest
	case "unproven":
		c.unproven = true
	case "later":
		fmt.Sscan(rest, &c.days)
	case "tick":
		id, mark, _ := strings.Cut(rest, " ")
		c.ticks = append(c.ticks, [2]string{id, strings.ReplaceAll(mark, "_", "\u00a0")})
	case "edit":
		old, now, _ := strings.Cut(rest, " => ")
		c.edits = append(c.edits, [2]string{old, now})
	case "words":
		c.words = v.text
	case "raw":
		c.raw = v.text
	case "then":
		c.then = v.text
	case "changes":
		c.changes = v.text
	case "says":
		c.says = v.text
	case "never":
		c.never = v.text
	default:
		return false
	}
	return true
}

func (c answered) try(t *testing.T) {
	w, earlier := scene(t)
	w.clock = w.clock.Add(time.Duration(c.days) * 24 * time.Hour)
	w.pass()
	w.letters()
	before := w.facts()
	raw := c.mail(t, w, newestOf(t, earlier, c.kind, c.person))
	w.deliver(raw)
	left := w.letters()
	if c.then != "" {
		w.deliver(w.answer(left[0].to, left[0], c.then))
		left = append(left, w.letters()...)
	}
	if got, want := changes(before, w.facts()), sorted(c.changes); got != want {
		t.Errorf("changes\n%s\nwant\n%s", got, want)
	}
	c.told(t, left)
	if t.Failed() {
		t.Logf("the mail:\n%s", strings.ReplaceAll(string(raw), "\r\n", "\n"))
	}
}

// told compares what left with what was to be said.
func (c answered) told(t *testing.T, left []letter) {
	said, text := "", ""
	for _, l := range left {
		said += l.kind + " to " + l.to + ": " + l.subject + "\n" + strings.ReplaceAll(l.text, "\r\n", "\n") + "\n"
		text += squeeze(l.text) + " "
	}
	if (c.says == "") != (len(left) == 0) {
		t.Errorf("wanted %q, and this left:\n%s", c.says, said)
		return
	}
	for _, line := range strings.Split(c.never, "\n") {
		if line != "" && strings.Contains(text, squeeze(line)) {
			t.Errorf("%q is there in\n%s", line, said)
		}
	}
	for _, line := range strings.Split(c.says, "\n") {
		at := strings.Index(text, squeeze(line))
		if at < 0 {
			t.Errorf("%q is not there, or not in this order, in\n%s", line, said)
			return
		}
		text = text[at:]
	}
}

func newestOf(t *testing.T, letters []letter, kind, person string) letter {
	t.Helper()
	for _, l := range slices.Backward(letters) {
		if l.kind == kind && l.to == person {
			return l
		}
	}
	if kind != "nothing" {
		t.Fatalf("no letter %s to %s, but %s", kind, person, kindsAndReaders(letters))
	}
	return letter{to: person, subject: "hello", replyTo: teamAddress, id: "unknown@elsewhere.example"}
}

// mail composes the answer as the client writes it.
func (c answered) mail(t *testing.T, w *world, l letter) []byte {
	t.Helper()
	frame := c.raw
	if frame == "" {
		file, err := os.ReadFile(filepath.Join("testdata", "answers", "clients", c.client+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		frame = string(file)
	}
	for _, tick := range c.ticks {
		mark, words, _ := strings.Cut(tick[1], " ")
		l.text, l.html = ticked(l.text, tick[0], mark, words), ticked(l.html, tick[0], mark, words)
	}
	from := c.from
	if from == "" {
		from = strings.ToUpper(c.person[:1]) + c.person[1:] + " <" + address(c.person) + ">"
	}
	text := strings.TrimSpace(strings.ReplaceAll(l.text, "\r\n", "\n"))
	_, page, _ := strings.Cut(strings.ReplaceAll(l.html, "\r\n", "\n"), "<body")
	_, page, _ = strings.Cut(page, ">")
	page, _, _ = strings.Cut(page, "</body>")
	token := strings.TrimSuffix(strings.TrimPrefix(strings.Trim(l.replyTo, "<>"), "architecture+"), "@example.com")
	filled := strings.NewReplacer(
		"{FROM}", from, "{TO}", strings.Trim(l.replyTo, "<>"), "{ID}", l.id, "{SUBJECT}", l.subject, "{TEAM}", teamAddress,
		"{DATE}", w.clock.Format(time.RFC1123Z), "{TOKEN}", token, "{MAIL}", strings.ReplaceAll(c.name, " ", "."), "{PERSON}", address(c.person),
		"{TEXT}", text, "{QUOTED}", "> "+strings.ReplaceAll(text, "\n", "\n> "), "{BARS}", "| "+strings.ReplaceAll(text, "\n", "\n| "),
		"{PAGE}", page, "{WORDS}", c.words,
		"{WORDS_DIV}", each(c.words, "<div>%s</div>\n", "<div><br></div>\n"), "{WORDS_P}", each(c.words, "<p class=MsoNormal>%s<o:p></o:p></p>\n", "<p class=MsoNormal><o:p>&nbsp;</o:p></p>\n"),
		"{WORDS_BR}", strings.TrimSuffix(each(c.words, "%s<br>\n", "<br>\n"), "<br>\n"),
	).Replace(frame)
	for _, e := range c.edits {
		if !strings.Contains(filled, e[0]) {
			t.Fatalf("%q is not in the mail:\n%s", e[0], filled)
		}
		filled = strings.ReplaceAll(filled, e[0], strings.ReplaceAll(e[1], `\n`, "\n"))
	}
	raw := encodeParts(filled)
	if c.unproven || strings.Contains(strings.ToLower(string(raw[:60])), "authentication-results") {
		return raw
	}
	return w.received(raw, from)
}

// ticked puts another mark into the box of an id, and words behind its line.
func ticked(text, id, mark, words string) string {
	lines := strings.Split(text, "\n")
	for i, line := range lines {
		at := strings.Index(line, "[ ]")
		rest := ""
		if at >= 0 {
			rest = line[at+3:]
		}
		if stop := strings.Index(rest, "[ ]"); stop >= 0 {
			rest = rest[:stop]
		}
		if at < 0 || !strings.Contains(rest, id+"<") && !strings.Contains(rest, id+" ") {
			continue
		}
		lines[i] = line[:at] + mark + line[at+3:]
		if words != "" {
			lines[i] = strings.TrimRight(lines[i], "\r") + " " + words
		}
	}
	return strings.Join(lines, "\n")
}

func each(words, line, empty string) string {
	var b strings.Builder
	for _, l := range strings.Split(words, "\n") {
		if l == "" {
			b.WriteString(empty)
			continue
		}
		fmt.Fprintf(&b, line, html.EscapeString(l))
	}
	return b.String()
}

// encodeParts writes each part in the encoding that its header names, and ends lines with CRLF.
func encodeParts(text string) []byte {
	var out bytes.Buffer
	var boundary, encoding string
	var body []string
	inHead := true
	flush := func() {
		content := strings.Join(body, "\r\n")
		body = nil
		switch encoding {
		case "quoted-printable":
			q := quotedprintable.NewWriter(&out)
			q.Write([]byte(content))
			q.Close()
		case "base64":
			coded := base64.StdEncoding.EncodeToString([]byte(content))
			for len(coded) > 76 {
				out.WriteString(coded[:76] + "\r\n")
				coded = coded[76:]
			}
			out.WriteString(coded)
		default:
			out.WriteString(content)
		}
		out.WriteString("\r\n")
		encoding = ""
	}
	for _, line := range strings.Split(strings.TrimRight(text, "\n"), "\n") {
		isBoundary := boundary != "" && (strings.HasPrefix(line, "--"+boundary))
		switch {
		case isBoundary:
			if !inHead {
				flush()
			}
			out.WriteString(line + "\r\n")
			inHead = true
		case inHead:
			if _, after, ok := strings.Cut(line, `boundary="`); ok {
				boundary, _, _ = strings.Cut(after, `"`)
			}
			if value, ok := strings.CutPrefix(line, "Content-Transfer-Encoding: "); ok {
				encoding = value
			}
			out.WriteString(line + "\r\n")
			inHead = line != ""
		default:
			body = append(body, line)
		}
	}
	if !inHead {
		flush()
	}
	return out.Bytes()
}

// scenePeople are the team of the answers: somebody with two addresses in
// another zone, and two whose first name is the same.
const scenePeople = `people:
  - Shaun <shaun@example.com>
  - {name: Kostas Lekkas, address: kostas@example.com, addresses: [kl@home.example], aliases: [Costas], zone: Europe/Athens}
  - Alexis <alexis@example.com>
  - Giovanni <giovanni@example.com>
  - Sam Smith <sam.smith@example.com>
  - Sam Brown <sam.brown@example.com>`

// scene is a team on Monday 30 January 2017, 15:10, which got one letter of each
// kind. T-1 and T-2 are on the list, T-3 waits; Shaun owes, Kostas
// A-3, Giovanni A-4, nobody A-5, and Alexis has done A-6.
func scene(t *testing.T) (*world, []letter) {
	t.Helper()
	at := func(text string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", "2017-01-"+text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	w := newWorld(t, at("26 17:00"), scenePeople)
	w.pass()
	w.deliver(w.write("alexis", `Subject: Minutes of 26 Jan 2017

# 26 January 2017

Attendees: Shaun, Kostas, Alexis

## Kernel

- Decided: keep the old one until March
- **[Action]:** Write down what the kernel promises (Shaun)
- **[Action]:** Ask the vendor about overlays (Shaun)
- **[Action]:** Count the boards in the field by 31 Jan (Kostas)
- **[Action]:** Order new boards by 31 Jan (Giovanni)
- **[Action]:** Find out who pays
- **[Action]:** Clean the shelf (Alexis)
`))
	w.clock = at("26 17:30")
	w.pass()
	w.deliver(w.write("shaun", "Subject: Signed images\n\n#architecture Who holds the key?\n"))
	w.deliver(w.write("alexis", "Subject: Update stuck at zero\n\n#architecture People pull the plug.\n"))
	w.deliver(w.write("petra@customer.example", "Subject: How long do you keep logs\n\n#architecture We need a year.\n"))
	w.deliver(w.write("alexis", "Subject: x\n\nA-6 done\n"))
	for _, moment := range []string{"27 16:00", "29 16:00", "30 07:05", "30 09:00", "30 15:00", "30 15:10"} {
		w.clock = at(moment)
		w.pass()
	}
	return w, w.letters()
}

// factFields are the fields of records that a person's answer may change.
var factFields = map[string][]string{
	"item":   {"state", "title", "pinned", "area", "minutes", "votes", "until", "drop"},
	"action": {"state", "owners", "unknown", "due", "evidence", "note", "notes", "snooze"},
	"call":   {"start", "cancelled", "kept", "words", "coming", "minutes.held", "minutes.release", "minutes.sent"},
	"member": {"stopped", "until", "away"},
}

// facts are the fields of the team's records, each under "A-1 state".
func (w *world) facts() map[string]string {
	w.t.Helper()
	out := map[string]string{}
	for key, record := range w.records() {
		_, key, _ = strings.Cut(key, " ")
		kind, id, _ := strings.Cut(key, ":")
		var fields map[string]any
		if json.Unmarshal([]byte(record), &fields) != nil {
			continue
		}
		if minutes, ok := fields["minutes"].(map[string]any); ok {
			for k, v := range minutes {
				fields["minutes."+k] = v
			}
		}
		name := map[string]string{"item": "T-" + id, "action": "A-" + id, "call": "call " + id, "member": id}[kind]
		for _, f := range factFields[kind] {
			out[name+" "+f] = plainValue(fields[f])
		}
	}
	return out
}

func plainValue(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case []any:
		var words []string
		for _, e := range v {
			words = append(words, fmt.Sprint(e))
		}
		return strings.Join(words, ", ")
	}
	return fmt.Sprint(v)
}

func changes(before, after map[string]string) string {
	var lines []string
	for _, key := range union(before, after) {
		if before[key] != after[key] {
			lines = append(lines, strings.TrimSpace(key+" "+firstWord(after[key], "-")))
		}
	}
	return sorted(strings.Join(lines, "\n"))
}

func firstWord(word, otherwise string) string {
	if word == "" {
		return otherwise
	}
	return word
}

func sorted(lines string) string {
	all := strings.Split(strings.TrimSpace(lines), "\n")
	slices.Sort(all)
	return strings.Join(all, "\n")
}

// TestEveryClientsAnswers lets each mail program of testdata/answers/clients
// write the same answers, one after the other, to letters that it shapes in its
// own way: what is asked for happens once, and nothing else.
func TestEveryClientsAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/clients/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatalf("no clients: %v", err)
	}
	for _, file := range files {
		client := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(client, func(t *testing.T) {
			t.Parallel()
			w, earlier := scene(t)
			for n, c := range []answered{
				{person: "shaun", kind: "minutes", words: "Thanks for these, I will look at them tomorrow."},
				{person: "shaun", kind: "minutes", words: "A-1 done", changes: "A-1 state done", says: "A-1 is done"},
				{person: "shaun", kind: "weekly", words: "Hi all,\n\nA-2 due 10 Feb\n\nThanks!\nShaun", changes: "A-2 due 2017-02-10", says: "Friday 10 February"},
				{person: "shaun", kind: "agenda", words: "A-1 reopen\nA-2 owner Costas\nT-1 15m", changes: "A-1 state open-action\nA-2 owners kostas\nT-1 minutes 15", says: "Three changes are made\n-> undo"},
				{person: "kostas", kind: "reminder", words: "done https://example.com/boards/17", changes: "A-3 evidence https://example.com/boards/17\nA-3 state done", says: "A-3 is done"},
				{person: "giovanni", kind: "reminder", words: "On it.\n\nGio"},
				{person: "giovanni", kind: "reminder", words: "Done.\n\nGio", changes: "A-4 state done", says: "A-4 is done"},
			} {
				c.name, c.client = fmt.Sprint(client, n), client
				before := w.facts()
				raw := c.mail(t, w, newestOf(t, earlier, c.kind, c.person))
				w.deliver(raw)
				if got, want := changes(before, w.facts()), sorted(c.changes); got != want {
					t.Errorf("%q changes\n%s\nwant\n%s\nthe mail:\n%.1500s", c.words, got, want, raw)
				}
				c.told(t, w.letters())
			}
		})
	}
}
