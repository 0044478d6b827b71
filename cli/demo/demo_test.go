package demo

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

func TestRun_tells_a_week_in_which_each_kind_of_letter_goes_out(t *testing.T) {
	var out bytes.Buffer
	folder := filepath.Join(t.TempDir(), "letters")
	if err := Run(t.Context(), Options{Out: &out, Keep: folder}); err != nil {
		t.Fatalf("%v after\n%s", err, out.String())
	}
	for _, kind := range []string{"agenda", "minutes", "weekly", "reminder", "receipt"} {
		if kept, _ := filepath.Glob(filepath.Join(folder, "*-"+kind+"-*.eml")); len(kept) == 0 {
			t.Errorf("no letter of the kind %s was kept", kind)
		}
		if kept, _ := filepath.Glob(filepath.Join(folder, "*-"+kind+"-*.html")); len(kept) == 0 {
			t.Errorf("no HTML of the kind %s was kept", kind)
		}
		if !strings.Contains(out.String(), "\n"+kind+" to ") {
			t.Errorf("no letter of the kind %s was shown", kind)
		}
	}
	_, weekly, _ := strings.Cut(out.String(), "\nweekly to ")
	_, closed, _ := strings.Cut(weekly, "  | Closed\n")
	if !strings.Contains(closed, "https://github.com/resin-os/resinhup/pull/57") {
		t.Errorf("the weekly digest does not tell what Shaun has done:\n%s", weekly)
	}
}

func TestRun_fits_a_terminal_and_keeps_its_codes_apart(t *testing.T) {
	var words, codes bytes.Buffer
	if err := Run(t.Context(), Options{Out: &words, Codes: &codes}); err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(words.String()) {
		if utf8.RuneCountInString(line) > 81 && !strings.Contains(line, "https://") {
			t.Errorf("wider than 80 columns: %q", line)
		}
	}
	if bytes.ContainsRune(words.Bytes(), '\x1b') || !bytes.ContainsRune(codes.Bytes(), '\x1b') {
		t.Error("codes of the terminal stand among the words")
	}
}

func TestRun_leaves_nothing_behind(t *testing.T) {
	t.Setenv("TMPDIR", t.TempDir())
	if err := Run(t.Context(), Options{Out: &bytes.Buffer{}}); err != nil {
		t.Fatal(err)
	}
	if left, _ := os.ReadDir(os.Getenv("TMPDIR")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

func TestReadStory_reads_who_does_what_when(t *testing.T) {
	acts, err := readStory("# comment\nFri 27 Jan 2017 10:00\nshaun answers minutes with gmail\n  A-2 done\n\n  thanks\nend\n", time.UTC)
	want := act{
		at: time.Date(2017, 1, 27, 10, 0, 0, 0, time.UTC), who: "shaun", verb: "answers", object: "minutes",
		program: "gmail", words: "A-2 done\nthanks\n",
	}
	if err != nil || len(acts) != 2 || acts[0] != want {
		t.Errorf("read %+v, %v", acts, err)
	}
}

func TestReadStory_refuses_what_is_no_story(t *testing.T) {
	for _, text := range []string{"", "Fri 27 Jan 2017 10:00\n", "shaun does\nend\n", "shaun answers minutes\n"} {
		if acts, err := readStory(text, time.UTC); err == nil {
			t.Errorf("%q was read as %+v", text, acts)
		}
	}
}
