package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestMails reads testdata/mails: each mail has beside it what is to be read
// in it, below a line that says why the mail is there. Adding two files adds
// a case.
func TestMails(t *testing.T) {
	files, err := filepath.Glob("testdata/mails/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal("no mails", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			raw = bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n"))
			want := readExpectation(t, strings.TrimSuffix(file, ".eml")+".want")
			for _, end := range []string{"\n", "\r\n"} {
				m := Parse(bytes.ReplaceAll(raw, []byte("\n"), []byte(end)), Options{})
				for field, value := range want {
					if got := wantField(t, m, field); got != value {
						t.Errorf("line end %q: %s is\n%s\nwant\n%s", end, field, got, value)
					}
				}
			}
		})
	}
}

// readExpectation reads the fields of an expectation.
func readExpectation(t *testing.T, file string) map[string]string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	sections := strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n== ")
	if !strings.HasPrefix(sections[0], "# ") || len(sections) < 2 {
		t.Fatalf("%s: a line that says why and a field are needed", file)
	}
	want := map[string]string{}
	for _, section := range sections[1:] {
		field, value, _ := strings.Cut(section, "\n")
		want[field] = strings.TrimSuffix(value, "\n")
	}
	return want
}

// wantField renders a field of a mail as expectations write it.
func wantField(t *testing.T, m Mail, field string) string {
	t.Helper()
	switch field {
	case "reply":
		return m.Reply
	case "quoted":
		return m.Quoted
	case "title":
		return m.Title
	case "summary":
		return m.Summary
	case "tags":
		return strings.Join(m.Tags, "\n")
	case "links":
		return strings.Join(m.Links, "\n")
	case "forwards":
		var lines []string
		for _, f := range m.Forwards {
			lines = append(lines, f.Subject+" | "+people(f.From)+" | "+f.Date)
		}
		return strings.Join(lines, "\n")
	}
	t.Fatalf("unknown field %q", field)
	return ""
}
