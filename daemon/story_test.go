package daemon_test

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
	"time"
)

// The stories under testdata/story are the manual of the daemon: mail in, days
// pass, letters out. A line that is not indented is a verb; the indented lines
// below it belong to it:
//
//	config                       lines for the team's part of the configuration; a key replaces what stands there
//	at 2017-01-30 10:00          time passes, in London, with a pass each quarter of an hour
//	mail PERSON                  header fields, a blank line, a body: somebody writes to the team
//	answer PERSON KIND           a body: somebody answers the newest letter of that kind to them, quoting it
//	letter KIND PERSON           a letter has left; the lines stand in it in this order. "subject: …" is its subject
//	no letters                   nothing more has left
//	forget                       letters that left are not looked at
//	restart                      the daemon is killed and another one starts
//	state                        the lines stand in this order in the list of items, actions and calls
//
// After each story Redis is wiped and rebuilt from the mailbox: the records must
// be the same, and nothing may leave.
func TestStories(t *testing.T) {
	files, err := filepath.Glob("testdata/story/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no stories: %v", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			t.Parallel()
			play(t, readStory(t, file))
		})
	}
}

// verse is one verb with its words and the lines below it.
type verse struct {
	number int
	words  []string
	text   string
}

func readStory(t *testing.T, file string) []verse {
	t.Helper()
	f, err := os.Open(file)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var story []verse
	scanner := bufio.NewScanner(f)
	for n := 1; scanner.Scan(); n++ {
		line := scanner.Text()
		switch {
		case strings.HasPrefix(line, "#"):
		case line == "" && len(story) == 0:
		case line == "" || line[0] == ' ':
			last := &story[len(story)-1]
			last.text += strings.TrimPrefix(line, "    ") + "\n"
		default:
			story = append(story, verse{number: n, words: strings.Fields(line)})
		}
	}
	for i := range story {
		story[i].text = strings.TrimRight(story[i].text, "\n")
	}
	return story
}

// stage is a story being played.
type stage struct {
	*world
	config string
	mail   []letter // what left and was not looked at yet
	all    []letter // what left at all
	verse  verse

	unproven []byte // the last mail that nothing proves
}

var verbs = map[string]func(*stage){
	"config": (*stage).playConfig, "at": (*stage).playAt, "mail": (*stage).playMail, "answer": (*stage).playAnswer,
	"letter": (*stage).playLetter, "no": (*stage).playNoLetters, "forget": (*stage).playForget, "restart": (*stage).playRestart,
	"state": (*stage).playState,
}

func play(t *testing.T, story []verse) {
	s := &stage{world: &world{t: t}}
	defer s.keepLetters(t)
	for _, v := range story {
		verb := verbs[v.words[0]]
		if verb == nil {
			t.Fatalf("line %d: there is no verb %s", v.number, v.words[0])
		}
		s.verse = v
		verb(s)
		s.look()
	}
	s.rebuild()
}

func (s *stage) fail(format string, args ...any) {
	s.t.Helper()
	s.t.Fatalf("line %d, %s: %s", s.verse.number, strings.Join(s.verse.words, " "), fmt.Sprintf(format, args...))
}

// look collects what has left.
func (s *stage) look() {
	if s.daemon == nil {
		return
	}
	fresh := s.letters()
	s.mail, s.all = append(s.mail, fresh...), append(s.all, fresh...)
}

func (s *stage) playConfig() {
	s.config = s.verse.text
	if s.daemon != nil {
		s.reconfigure()
	}
}

// instant reads a day and a time, in London.
func (s *stage) instant(text string) time.Time {
	zone, err := time.LoadLocation("Europe/London")
	if err != nil {
		s.t.Fatal(err)
	}
	at, err := time.ParseInLocation("2006-01-02 15:04", text, zone)
	if err != nil {
		s.fail("%v", err)
	}
	return at
}

func (s *stage) playAt() {
	at := s.instant(strings.Join(s.verse.words[1:], " "))
	if s.daemon == nil {
		s.world = newWorld(s.t, at, s.config)
		s.pass()
		return
	}
	s.advance(at)
}

func (s *stage) playMail() { s.deliver(s.write(s.verse.words[1], s.verse.text)) }

func (s *stage) playAnswer() {
	person, kind := s.verse.words[1], s.verse.words[2]
	for i := len(s.all) - 1; i >= 0; i-- {
		if l := s.all[i]; l.kind == kind && l.to == person {
			s.deliver(s.answer(person, l, s.verse.text))
			return
		}
	}
	s.fail("there is no such letter")
}

func (s *stage) playLetter() {
	kind, person := s.verse.words[1], s.verse.words[2]
	for i, l := range s.mail {
		if l.kind == kind && l.to == person {
			s.mail = append(s.mail[:i:i], s.mail[i+1:]...)
			s.compare(l)
			return
		}
	}
	var left []string
	for _, l := range s.mail {
		left = append(left, l.kind+" "+l.to+": "+l.subject)
	}
	s.fail("no such letter; there are\n%s", strings.Join(left, "\n"))
}

func (s *stage) compare(l letter) {
	lines := strings.Split(s.verse.text, "\n")
	if subject, ok := strings.CutPrefix(lines[0], "subject: "); ok {
		if l.subject != subject {
			s.fail("its subject is %q", l.subject)
		}
		lines = lines[1:]
	}
	s.inOrder(lines, strings.ReplaceAll(l.text, "\r\n", "\n"))
}

// inOrder wants each line to stand in the text, after the one before it. Blanks do not count.
func (s *stage) inOrder(lines []string, text string) {
	rest := squeeze(text)
	for _, line := range lines {
		want := squeeze(line)
		at := strings.Index(rest, want)
		if at < 0 {
			s.fail("%q is not there in\n%s", line, text)
		}
		rest = rest[at+len(want):]
	}
}

func squeeze(text string) string { return strings.Join(strings.Fields(text), " ") }

func (s *stage) playNoLetters() {
	for _, l := range s.mail {
		s.fail("%s to %s left: %s\n%s", l.kind, l.to, l.subject, l.text)
	}
}

func (s *stage) playForget() { s.mail = nil }

func (s *stage) playRestart() {
	s.daemon.Close()
	s.start()
	s.pass()
}

func (s *stage) playState() {
	s.inOrder(strings.Split(s.verse.text, "\n"), s.list())
}

// list tells what the team tracks, a line each.
func (s *stage) list() string {
	book, err := s.daemon.Book(context.Background(), "")
	if err != nil {
		s.t.Fatal(err)
	}
	var b strings.Builder
	for _, it := range book.AllItems() {
		fmt.Fprintf(&b, "T-%d %s %s\n", it.ID, it.State, it.Title)
	}
	for _, a := range book.AllActions() {
		fmt.Fprintf(&b, "A-%d %s %s (%s)\n", a.ID, a.State, a.Text, strings.Join(a.Owners, ", "))
	}
	return b.String()
}

// rebuild wipes Redis, works the records out anew from the mailbox and wants
// them to be as they were, with nothing sent.
func (s *stage) rebuild() {
	for s.pass(); len(s.imap.Mails(teamAddress, "INBOX")) > 0; { // the copies of what left
		s.pass()
	}
	s.look()
	aside := len(s.daemon.Status(context.Background())[0].Quarantined)
	before, sent := s.records(), len(s.all)
	if err := s.daemon.Rebuild(context.Background()); err != nil {
		s.t.Fatalf("rebuild: %v", err)
	}
	s.pass()
	s.look()
	after := s.records()
	for _, key := range union(before, after) {
		if before[key] != after[key] {
			s.t.Errorf("record %s after the rebuild:\n was %s\n is  %s", key, before[key], after[key])
		}
	}
	if now := len(s.daemon.Status(context.Background())[0].Quarantined); now != aside {
		s.t.Errorf("%d mails are set aside after the rebuild, %d were", now, aside)
	}
	for _, l := range s.all[sent:] {
		s.t.Errorf("the rebuild sent %s to %s: %s", l.kind, l.to, l.subject)
	}
}

// records are the team's records as they are stored.
func (w *world) records() map[string]string {
	out := map[string]string{}
	for _, hash := range []string{"open", "past"} {
		key := "minuted:{architecture}:" + hash
		fields, _ := w.redis.HKeys(key) // none where the key is missing
		for _, field := range fields {
			out[hash+" "+field] = pretty(w.redis.HGet(key, field))
		}
	}
	for _, key := range w.redis.Keys() {
		if _, brief, ok := strings.Cut(key, "}:brief:"); ok {
			value, _ := w.redis.Get(key) // none where it expired meanwhile
			out["brief "+brief] = pretty(value)
		}
	}
	return out
}

func pretty(text string) string {
	var v any
	if json.Unmarshal([]byte(text), &v) != nil {
		return text
	}
	out, _ := json.Marshal(v) // it was read from JSON
	return string(out)
}

func union(a, b map[string]string) []string {
	var keys []string
	for k := range a {
		keys = append(keys, k)
	}
	for k := range b {
		if _, both := a[k]; !both {
			keys = append(keys, k)
		}
	}
	sort.Strings(keys)
	return keys
}
