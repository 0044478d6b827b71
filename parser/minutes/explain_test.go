package minutes

import (
	"os"
	"strings"
	"testing"
)

// The report is what a scribe reads after mailing minutes, so it is kept whole.
func TestExplain_reads_well(t *testing.T) {
	text, err := os.ReadFile("testdata/explain/minutes.md")
	if err != nil {
		t.Fatal(err)
	}
	got := Explain(Read(text, Options{}), text)
	if *update {
		if err := os.WriteFile("testdata/explain/report.golden", []byte(got), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile("testdata/explain/report.golden")
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Error(lineDiff(string(want), got))
	}
}

func TestExplain_shows_control_characters_instead_of_sending_them(t *testing.T) {
	text := []byte("# Call 30 Jan 2017\n\n- Action: \x1b[2J wipe\u202e the\u0007 screen (Kim)\n- action \x1b]0;x\u0007\n")
	got := Explain(Read(text, Options{}), text)
	if at := strings.IndexFunc(got, func(c rune) bool { return c != '\n' && steers(c) }); at >= 0 {
		t.Errorf("%q", got[at:])
	}
	if !strings.Contains(got, `\u001b[2J wipe\u202e`) {
		t.Errorf("they are not shown:\n%s", got)
	}
}

func TestExplain_of_other_text_says_that_it_is_none(t *testing.T) {
	if got := Explain(Read([]byte("Hi Kim,\n\nsee you.\n"), Options{}), nil); !strings.HasPrefix(got, "No minutes were found") {
		t.Error(got)
	}
}
