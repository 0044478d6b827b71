package parser

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestAnswers reads testdata/answers: answers to letters of this program as
// mail programs write them, and beside each the commands and the ticked boxes
// that are to be found in it.
func TestAnswers(t *testing.T) {
	files, err := filepath.Glob("testdata/answers/*.eml")
	if err != nil || len(files) == 0 {
		t.Fatal("no answers", err)
	}
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".eml"), func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			want := readExpectation(t, strings.TrimSuffix(file, ".eml")+".want")
			for _, end := range []string{"\n", "\r\n"} {
				m := Parse(bytes.ReplaceAll(raw, []byte("\n"), []byte(end)), Options{Tags: []string{"stations"}})
				for field, value := range want {
					if got := answerField(t, m, field); got != value {
						t.Errorf("line end %q: %s are\n%s\nwant\n%s\nin %q", end, field, got, value, m.Reply)
					}
				}
				if m.Minutes != nil {
					t.Errorf("line end %q: it is read as minutes", end)
				}
			}
		})
	}
}

// answerField renders a field of an answer as expectations write it.
func answerField(t *testing.T, m Mail, field string) string {
	t.Helper()
	switch field {
	case "commands":
		return told(m.Commands)
	case "ticked":
		return told(m.Ticked)
	case "ref":
		return m.Ref
	}
	t.Fatalf("unknown field %q", field)
	return ""
}
