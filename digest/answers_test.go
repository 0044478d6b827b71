package digest

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"maps"
	"mime/quotedprintable"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"minuted/agenda"
	"minuted/parser"
	"minuted/templates"
)

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

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
//	tick ID MARK [WORDS]         the box of an id in the quoted letter is given this mark; ~ is a blank, _ a no-break one
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
	sc := playScene(t)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			for _, c := range readAnswers(t, file) {
				t.Run(c.name, func(t *testing.T) { c.try(t, sc) })
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
	raw, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var out []answered
	var said []verse
	for n, line := range strings.Split(string(raw), "\n") {
		switch {
		case strings.HasPrefix(line, "#"), line == "" && len(said) == 0:
		case line == "" || line[0] == ' ':
			said[len(said)-1].text += strings.TrimPrefix(line, "    ") + "\n"
		default:
			said = append(said, verse{number: n + 1, words: strings.Fields(line)})
		}
	}
	for _, v := range said {
		v.text = strings.TrimRight(v.text, "\n")
		if v.words[0] == "case" {
			out = append(out, answered{name: v.words[1], client: "gmail_web", person: "shaun", kind: "minutes"})
		} else if len(out) == 0 || !out[len(out)-1].take(v) {
			t.Fatalf("%s:%d: what is %s?", file, v.number, v.words[0])
		}
	}
	return out
}

// verse is one line of a case, with the indented lines below it.
type verse struct {
	number int
	words  []string
	text   string
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
		c.ticks = append(c.ticks, [2]string{id, strings.NewReplacer("_", "\u00a0", "~", " ").Replace(mark)})
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

func (c answered) try(t *testing.T, sc scene) {
	s := sc.goOn(t)
	s.until(s.now.Add(time.Duration(c.days) * 24 * time.Hour))
	before := s.facts()
	raw := c.mail(t, sc)
	left := s.deliver(raw)
	if c.then != "" {
		first := newestOf(t, left, "receipt", c.person)
		c := answered{name: c.name + "2", client: "gmail_web", person: first.Person, kind: "receipt", words: c.then}
		left = append(slices.Clone(left), s.deliver(c.mail(t, s.scene))...)
	}
	if got, want := changes(before, s.facts()), sorted(c.changes); got != want {
		t.Errorf("changes\n%s\nwant\n%s", got, want)
	}
	c.told(t, left)
	if t.Failed() {
		t.Logf("the mail:\n%s", strings.ReplaceAll(string(raw), "\r\n", "\n"))
	}
}

// told compares what left with what was to be said.
func (c answered) told(t *testing.T, left []written) {
	said, text := "", ""
	for _, l := range left {
		if len(l.To) != 1 || !strings.HasSuffix(l.To[0], "@example.com") || l.Person == "" {
			t.Errorf("%s went to %s", l.Kind, l.To)
		}
		said += string(l.Kind) + " to " + l.Person + ": " + l.Subject + "\n" + strings.ReplaceAll(l.text, "\r\n", "\n") + "\n"
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

// newestOf is the last letter of a kind to a person: "receipt", "agenda", "minutes", "weekly", "reminder", "echo".
func newestOf(t *testing.T, letters []written, kind, person string) written {
	t.Helper()
	for _, l := range slices.Backward(letters) {
		if strings.HasPrefix(string(l.Kind)+" "+l.header.Get("Minuted-Kind"), kind) && l.Person == person || l.Person == person && l.header.Get("Minuted-Kind") == kind {
			return l
		}
	}
	t.Fatalf("no letter %s to %s", kind, person)
	return written{}
}

// mail composes the answer as the client writes it.
func (c answered) mail(t *testing.T, sc scene) []byte {
	t.Helper()
	l := newestOf(t, sc.letters, c.kind, c.person)
	frame := c.raw
	if frame == "" {
		file, err := os.ReadFile(filepath.Join("testdata", "answers", "clients", c.client+".eml"))
		if err != nil {
			t.Fatal(err)
		}
		frame = string(file)
	}
	for _, tick := range c.ticks {
		mark, words := tick[1], ""
		if at := strings.Index(mark, " http"); at >= 0 {
			mark, words = mark[:at], mark[at+1:]
		}
		l.text, l.html = ticked(l.text, tick[0], mark, words), ticked(l.html, tick[0], mark, words)
	}
	from := c.from
	if from == "" {
		from = strings.ToUpper(c.person[:1]) + c.person[1:] + " <" + c.person + "@example.com>"
	}
	text := strings.TrimSpace(strings.ReplaceAll(l.text, "\r\n", "\n"))
	_, page, _ := strings.Cut(strings.ReplaceAll(l.html, "\r\n", "\n"), "<body")
	_, page, _ = strings.Cut(page, ">")
	page, _, _ = strings.Cut(page, "</body>")
	to := strings.Trim(l.header.Get("Reply-To"), "<>")
	token := strings.TrimSuffix(strings.TrimPrefix(to, "architecture+"), "@example.com")
	filled := strings.NewReplacer(
		"{FROM}", from, "{TO}", to, "{ID}", l.MessageID, "{SUBJECT}", l.Subject, "{TEAM}", sceneAddress,
		"{DATE}", sc.now.Format(time.RFC1123Z), "{TOKEN}", token, "{MAIL}", strings.ReplaceAll(c.name, " ", "."), "{PERSON}", c.person+"@example.com",
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
	if c.unproven || strings.Contains(strings.ToLower(string(raw[:min(60, len(raw))])), "authentication-results") {
		return raw
	}
	return vouchedFor(from, raw)
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

// scene is a team on Monday 30 January 2017, 15:10, which got one letter of each
// kind. T-1 and T-2 are on the list, T-3 waits; Shaun owes, Kostas
// A-3, Giovanni A-4, nobody A-5, and Alexis has done A-6. Of it are kept its
// records, as the store has them, and its letters.
type scene struct {
	team    agenda.Team
	words   templates.Set // parsed once
	now     time.Time
	records map[string]agenda.Record
	letters []written
}

const (
	sceneAddress = "architecture@example.com"
	sceneServer  = "mx.example.com"
)

// sceneTeam has somebody with two addresses in another zone, and two whose first name is the same.
func sceneTeam(t *testing.T) agenda.Team {
	t.Helper()
	london, athens := zone(t, "Europe/London"), zone(t, "Europe/Athens")
	person := func(handle, name string) agenda.Person {
		return agenda.Person{Handle: handle, Name: name, Address: handle + "@example.com", Zone: london, From: 9 * time.Hour, To: 17 * time.Hour}
	}
	kostas := person("kostas", "Kostas Lekkas")
	kostas.Addresses, kostas.Aliases, kostas.Zone = []string{"kl@home.example"}, []string{"Costas"}, athens
	smith, brown := person("sam-smith", "Sam Smith"), person("sam-brown", "Sam Brown")
	smith.Address, brown.Address = "sam.smith@example.com", "sam.brown@example.com"
	return agenda.Team{
		Name: "Architecture calls", Slug: "architecture", Address: sceneAddress, SubAddress: true, Zone: london,
		People: []agenda.Person{person("shaun", "Shaun"), kostas, person("alexis", "Alexis"), person("giovanni", "Giovanni"), smith, brown},
		Series: []agenda.Series{{Days: []time.Weekday{time.Monday, time.Thursday}, Time: 16 * time.Hour, Every: 1, Zone: london, Length: time.Hour, Where: "https://meet.example.com/architecture"}},
		Tags:   []string{"architecture"}, Preview: 24 * time.Hour, Final: time.Hour, Hold: 15 * time.Minute,
		Weekly: agenda.Weekly{Day: time.Friday, Time: 16 * time.Hour}, Calendar: "invite", Operator: []string{"postmaster@example.com"},
		Trust: agenda.Trust{Profile: "own", AuthservID: sceneServer}, Keys: [][]byte{[]byte("a secret of thirty-two bytes....")},
	}
}

// playScene plays the days before.
func playScene(t *testing.T) scene {
	t.Helper()
	at := func(text string) time.Time {
		when, err := time.Parse("2006-01-02 15:04", "2017-01-"+text)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	s := &stage{T: t, scene: scene{team: sceneTeam(t), words: builtIn(t), now: at("26 17:00"), records: map[string]agenda.Record{}}}
	s.open()
	s.book.Begin(s.now)
	s.keep()
	s.from("alexis@example.com", "Minutes of 26 Jan 2017", `# 26 January 2017

Attendees: Shaun, Kostas, Alexis

## Kernel

- Decided: keep the old one until March
- **[Action]:** Write down what the kernel promises (Shaun)
- **[Action]:** Ask the vendor about overlays (Shaun)
- **[Action]:** Count the boards in the field by 31 Jan (Kostas)
- **[Action]:** Order new boards by 31 Jan (Giovanni)
- **[Action]:** Find out who pays
- **[Action]:** Clean the shelf (Alexis)`)
	s.until(at("26 17:30"))
	s.from("shaun@example.com", "Signed images", "#architecture Who holds the key?")
	s.from("alexis@example.com", "Update stuck at zero", "#architecture People pull the plug.")
	s.from("petra@customer.example", "How long do you keep logs", "#architecture We need a year.")
	s.from("alexis@example.com", "x", "A-6 done")
	s.until(at("30 15:10"))
	return s.scene
}

// stage is a scene that goes on.
type stage struct {
	*testing.T
	scene
	book   *agenda.Book
	writer *Writer
	uid    uint32
}

// goOn opens the book on the records of the scene. What is changed there is not changed in the scene.
func (sc scene) goOn(t *testing.T) *stage {
	s := &stage{T: t, scene: sc, uid: 1000}
	s.records = maps.Clone(sc.records)
	s.letters = slices.Clone(sc.letters)
	s.open()
	return s
}

func (s *stage) open() {
	s.Helper()
	var open []agenda.Record
	for _, key := range slices.Sorted(maps.Keys(s.records)) {
		if s.records[key].Open {
			open = append(open, s.records[key])
		}
	}
	book, err := agenda.Open(s.team, open)
	if err != nil {
		s.Fatal(err)
	}
	s.book, s.writer = book, NewWriter(s.team, "", s.words)
}

// keep stores what changed, and opens the book anew as the daemon may at any moment.
func (s *stage) keep() {
	for _, r := range s.book.Changes() {
		s.records[r.Key] = r
		if r.JSON == nil {
			delete(s.records, r.Key)
		}
	}
	s.open()
}

func (s *stage) take(o agenda.Outcome) {
	s.Helper()
	letters, err := s.writer.Letters(s.book, o)
	if err != nil {
		s.Fatal(err)
	}
	for _, l := range letters {
		s.letters = append(s.letters, readBack(s.T, l))
	}
	s.keep()
}

func (s *stage) until(at time.Time) {
	s.Helper()
	for {
		out, fired := s.book.Fire(at)
		if !fired {
			break
		}
		s.take(out)
	}
	s.now = at
}

// from brings a mail that its provider vouches for.
func (s *stage) from(address, subject, body string) {
	s.deliver(vouchedFor(address, []byte(fmt.Sprintf("From: %s\r\nTo: %s\r\nSubject: %s\r\nMessage-ID: <mail%d@example.com>\r\n\r\n%s\r\n",
		address, sceneAddress, subject, s.uid, strings.ReplaceAll(body, "\n", "\r\n")))))
}

// deliver lets a mail arrive now, and returns what it made leave.
func (s *stage) deliver(raw []byte) []written {
	s.Helper()
	before := len(s.letters)
	s.uid++
	m := parser.Parse(raw, parser.Options{Tags: s.team.Tags, Own: []string{s.team.Address}, Base: s.now})
	for range 4 { // as the daemon: until nothing more is named
		keys := s.book.Needs(m)
		if len(keys) == 0 {
			break
		}
		var found []agenda.Record
		for _, key := range keys {
			if r, ok := s.records[key]; ok {
				found = append(found, r)
			}
		}
		if err := s.book.Add(found); err != nil {
			s.Fatal(err)
		}
	}
	s.take(s.book.Apply(agenda.Incoming{Mail: m, Arrived: s.now, Mailbox: "INBOX", Validity: 1, UID: s.uid, Size: int64(len(raw)), Hash: fmt.Sprintf("%064x", s.uid)}))
	s.now = s.now.Add(time.Minute)
	return s.letters[before:]
}

// vouchedFor puts on top what the team's own mail server found of the sender.
func vouchedFor(from string, raw []byte) []byte {
	domain := strings.Trim(from[strings.LastIndex(from, "@")+1:], "> ")
	return append([]byte("Authentication-Results: "+sceneServer+"; dmarc=pass header.from="+domain+"\r\n"), raw...)
}

// factFields are the fields of records that a person's answer may change.
var factFields = map[string][]string{
	"item":   {"state", "title", "pinned", "area", "minutes", "votes", "until", "drop"},
	"action": {"state", "owners", "unknown", "due", "evidence", "note", "notes", "snooze"},
	"call":   {"start", "cancelled", "kept", "words", "coming", "minutes.held", "minutes.release", "minutes.sent"},
	"member": {"stopped", "until", "away"},
}

// facts are the fields of the team's records, each under "A-1 state".
func (s *stage) facts() map[string]string {
	s.Helper()
	out := map[string]string{}
	for key, record := range s.records {
		kind, id, _ := strings.Cut(key, ":")
		var fields map[string]any
		if factFields[kind] == nil {
			continue
		}
		if err := json.Unmarshal(record.JSON, &fields); err != nil {
			s.Fatal(err)
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
	keys := maps.Clone(before)
	maps.Copy(keys, after)
	for key := range keys {
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
	sc := playScene(t)
	for _, file := range files {
		client := strings.TrimSuffix(filepath.Base(file), ".eml")
		t.Run(client, func(t *testing.T) {
			s := sc.goOn(t)
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
				before := s.facts()
				raw := c.mail(t, sc)
				left := s.deliver(raw)
				if got, want := changes(before, s.facts()), sorted(c.changes); got != want {
					t.Errorf("%q changes\n%s\nwant\n%s\nthe mail:\n%.1500s", c.words, got, want, raw)
				}
				c.told(t, left)
			}
		})
	}
}
