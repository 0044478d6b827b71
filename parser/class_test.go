package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClassify reads every mail of testdata/classes and compares what it is
// taken for with the .want file beside it, whose first line says why the mail
// is there. A line that is left out is not compared.
func TestClassify(t *testing.T) {
	mails, err := filepath.Glob("testdata/classes/*.eml")
	if err != nil || len(mails) == 0 {
		t.Fatalf("no mails in testdata/classes: %v", err)
	}
	for _, name := range mails {
		raw, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		want := readWant(t, strings.TrimSuffix(name, ".eml")+".want")
		name = strings.TrimSuffix(filepath.Base(name), ".eml")
		t.Run(name+"/LF", func(t *testing.T) { checkClass(t, raw, want) })
		crlf := bytes.ReplaceAll(raw, []byte("\n"), []byte("\r\n"))
		t.Run(name+"/CRLF", func(t *testing.T) { checkClass(t, crlf, want) })
	}
}

func readWant(t *testing.T, name string) map[string]string {
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{}
	for line := range strings.Lines(string(text)) {
		if strings.HasPrefix(line, "#") {
			continue
		}
		key, value, _ := strings.Cut(line, ":")
		want[key] = strings.TrimSpace(value)
	}
	return want
}

func checkClass(t *testing.T, raw []byte, want map[string]string) {
	m := Parse(raw, Options{})
	got := seenAs(m)
	for key, value := range want {
		if got[key] != value {
			t.Errorf("%s: got %q, want %q (class by %s)", key, got[key], value, m.Reasons["class"])
		}
	}
	if _, ok := want["away"]; !ok && m.Away != nil {
		t.Errorf("taken for an absence until %q", m.Away.Until)
	}
	if m.Automatic != (m.Class != Human && m.Class != List) {
		t.Errorf("automatic is %v for class %s", m.Automatic, m.Class)
	}
	if m.Reasons["class"] == "" {
		t.Error("no reason given")
	}
}

// seenAs writes what a mail was taken for in the words of the .want files.
func seenAs(m Mail) map[string]string {
	seen := map[string]string{"class": string(m.Class), "may_answer": "no"}
	if m.MayAnswer {
		seen["may_answer"] = "yes"
	}
	if b := m.Bounce; b != nil {
		seen["recipients"] = strings.Join(b.Recipients, ", ")
		seen["aliases"] = strings.Join(b.Aliases, ", ")
		seen["status"], seen["action"], seen["message_id"] = b.Status, b.Action, b.MessageID
	}
	if m.Away != nil {
		seen["away"] = first(m.Away.Until, "unknown")
	}
	return seen
}
