package parser

import (
	"encoding/json"
	"os"
	"path/filepath"
	"sort"
	"strings"
	"testing"
)

// corpusFloors is how many cases of each kind were right when it was last
// measured. A change may raise them; one that lowers them has to say why.
var corpusFloors = map[string]int{
	"autoreplies": 59, "bounces": 483, "forwards": 196, "mime": 291, "replies": 266,
}

// corpusCases is how many cases each kind has, so that a corpus that lost
// files does not pass for one that is read badly.
var corpusCases = map[string]int{
	"autoreplies": 59, "bounces": 486, "forwards": 196, "mime": 300, "replies": 270,
}

// corpusCase is one labelled mail, and what Parse made of it.
type corpusCase struct {
	name     string
	expected expected
	mail     Mail
}

// expected is what expected.json says of a case. A field that is absent is not
// asserted; one that is null is asserted to be empty.
type expected map[string]any

func (l expected) has(name string) bool { _, ok := l[name]; return ok }

func (l expected) text(name string) string { s, _ := l[name].(string); return s }

func (l expected) truth(name string) bool { b, _ := l[name].(bool); return b }

func (l expected) texts(name string) []string {
	list, _ := l[name].([]any)
	var out []string
	for _, v := range list {
		s, _ := v.(string)
		out = append(out, s)
	}
	return out
}

func (l expected) labels(name string) []expected {
	list, _ := l[name].([]any)
	var out []expected
	for _, v := range list {
		m, _ := v.(map[string]any)
		out = append(out, m)
	}
	return out
}

func TestCorpusIsReadAtLeastAsWellAsBefore(t *testing.T) {
	root := corpusRoot(t)
	if root == "" {
		return
	}
	checks := map[string]func(expected, Mail) []string{
		"autoreplies": wrongClass, "bounces": wrongBounce, "forwards": wrongForward, "mime": wrongMIME, "replies": wrongReply,
	}
	for kind, check := range checks {
		t.Run(kind, func(t *testing.T) {
			right, cases := 0, readCorpus(t, filepath.Join(root, kind), kind)
			for _, c := range cases {
				wrong := check(c.expected, c.mail)
				if len(wrong) == 0 {
					right++
					continue
				}
				if testing.Verbose() {
					t.Logf("%s: %s", c.name, strings.Join(wrong, ", "))
				}
			}
			t.Logf("%d of %d right", right, len(cases))
			if len(cases) < corpusCases[kind] {
				t.Errorf("only %d cases of %d are there", len(cases), corpusCases[kind])
			}
			if right < corpusFloors[kind] {
				t.Errorf("%d right, %d were before", right, corpusFloors[kind])
			}
		})
	}
}

// TestCorpusLosesNoMail reads every file of the corpus whatever it is: the
// reader answers, and says of a mail over a limit which one.
func TestCorpusLosesNoMail(t *testing.T) {
	root := corpusRoot(t)
	if root == "" {
		return
	}
	files := 0
	err := filepath.WalkDir(root, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		files++
		m := Parse(raw, Options{})
		if m.Limit != nil && (m.Limit.Name == "internal" || m.Limit.Value <= m.Limit.Max) {
			t.Errorf("%s: %+v %v", path, *m.Limit, m.Problems)
		}
		return nil
	})
	if err != nil || files < 1000 {
		t.Errorf("%d files read: %v", files, err)
	}
}

// corpusRoot finds the corpus beside the repository. Without it, as in a
// plain checkout, the fixtures of the other tests stand alone.
func corpusRoot(t *testing.T) string {
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	for ; dir != filepath.Dir(dir); dir = filepath.Dir(dir) {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			break
		}
	}
	for _, above := range []string{"..", "../.."} {
		root := filepath.Join(dir, above, "shared", "corpus")
		if _, err := os.Stat(root); err == nil {
			return root
		}
	}
	t.Log("no ../shared/corpus beside the repository: nothing to measure")
	return ""
}

// readCorpus reads all labelled cases of one kind.
func readCorpus(t *testing.T, dir, kind string) []corpusCase {
	sources, err := filepath.Glob(filepath.Join(dir, "*", "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cases []corpusCase
	for _, source := range sources {
		text, err := os.ReadFile(source)
		if err != nil {
			t.Fatal(err)
		}
		var labels map[string]expected
		if err := json.Unmarshal(text, &labels); err != nil {
			t.Fatal(source, err)
		}
		for name, l := range labels {
			raw, err := os.ReadFile(filepath.Join(filepath.Dir(source), l.text("file")))
			if err != nil {
				t.Fatal(err)
			}
			if kind == "forwards" || kind == "replies" {
				raw = asMail(l, raw)
			}
			name = filepath.Base(filepath.Dir(source)) + "/" + name
			cases = append(cases, corpusCase{name: name, expected: l, mail: Parse(raw, Options{})})
		}
	}
	sort.Slice(cases, func(i, j int) bool { return cases[i].name < cases[j].name })
	return cases
}

// asMail gives a labelled body the header that its expected describes.
func asMail(l expected, body []byte) []byte {
	if isWholeMail(l) {
		return body
	}
	eol := "\n"
	if strings.Contains(string(body), "\r\n") {
		eol = "\r\n"
	}
	from, subject, kind := "sender@corp.example", "Hello", "text/plain"
	if name := l.text("from_name"); name != "" {
		from = `"` + name + `" <` + from + `>`
	}
	if s := l.text("outer_subject"); s != "" {
		subject = s
	}
	if l.text("format") == "html" {
		kind = "text/html"
	}
	head := []string{
		"From: " + from, "To: architecture@corp.example", "Subject: " + subject, "Message-ID: <case@corp.example>",
		"Date: Mon, 16 Nov 2026 10:00:00 +0000", "MIME-Version: 1.0",
		"Content-Type: " + kind + "; charset=utf-8", "Content-Transfer-Encoding: 8bit", "", "",
	}
	return append([]byte(strings.Join(head, eol)), body...)
}

func isWholeMail(l expected) bool {
	switch l.text("format") {
	case "text", "html":
		return false
	case "eml":
		return true
	}
	switch filepath.Ext(l.text("file")) {
	case ".eml", ".msg", ".raw", "":
		return true
	}
	return l.text("via") == "attachment"
}
