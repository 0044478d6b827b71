package minutes

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write what was read into testdata; read the diff before committing it")

// Each file of testdata shows one habit: a line on why it is there, the
// minutes, and what must be read from them. The minutes are read with LF and
// with CRLF.
func TestHabits(t *testing.T) {
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal("no fixtures", err)
	}
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".txt")
		t.Run(name, func(t *testing.T) {
			raw, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			why, rest, _ := strings.Cut(string(raw), "-- minutes --\n")
			text, want, _ := strings.Cut(rest, "-- read --\n")
			o := Options{Name: "calls_2017-01-30.md"}
			got := sketch(Read([]byte(text), o))
			if *update {
				out := why + "-- minutes --\n" + text + "-- read --\n" + got
				if err := os.WriteFile(file, []byte(out), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if got != want {
				t.Errorf("%s\n%s", why, lineDiff(want, got))
			}
			crlf := sketch(Read([]byte(strings.ReplaceAll(text, "\n", "\r\n")), o))
			if crlf != got {
				t.Errorf("with CRLF:\n%s", lineDiff(got, crlf))
			}
		})
	}
}

// sketch is a page in a few words, for people to read and compare.
func sketch(p Page) string {
	var b strings.Builder
	for _, pin := range p.Pinned {
		fmt.Fprintf(&b, "%d pinned %s\n", pin.Line, pin.Text)
	}
	for _, m := range p.Meetings {
		fmt.Fprintf(&b, "%d meeting %s", m.Line, m.Date)
		if m.EndDate != nil {
			fmt.Fprintf(&b, " to %s", *m.EndDate)
		}
		for _, s := range [...]struct{ name, value string }{{"label", m.Label}, {"venue", m.Venue}, {"scribe", m.Scribe}} {
			if s.value != "" {
				fmt.Fprintf(&b, ", %s %s", s.name, s.value)
			}
		}
		b.WriteString("\n")
		if m.Attendees != nil {
			fmt.Fprintf(&b, "  there: %s\n", strings.Join(m.Attendees, ", "))
		}
		if m.Absent != nil {
			fmt.Fprintf(&b, "  absent: %s\n", strings.Join(m.Absent, ", "))
		}
		for _, l := range m.Links {
			fmt.Fprintf(&b, "  %s: %s %s\n", l.Kind, l.URL, l.Text)
		}
		sketchTopics(&b, m.Topics, "  ")
		for _, d := range m.Decisions {
			fmt.Fprintf(&b, "  %d decided: %s\n", d.Line, d.Text)
		}
		sketchActions(&b, "action", m.Actions)
		sketchActions(&b, "earlier", m.PriorActions)
	}
	for _, l := range p.Lines {
		if l.As == "not an action" || l.As == "not a decision" {
			fmt.Fprintf(&b, "%d %s: %s\n", l.Number, l.As, l.Detail)
		}
	}
	return b.String()
}

func sketchTopics(b *strings.Builder, topics []Topic, margin string) {
	for _, t := range topics {
		fmt.Fprintf(b, "%s%d topic: %s", margin, t.Line, t.Title)
		if t.CarryOver {
			fmt.Fprintf(b, " (comes back: %s)", t.Reason)
		}
		fmt.Fprintf(b, ", %d notes\n", len(t.Notes))
		sketchTopics(b, t.Topics, margin+"  ")
	}
}

func sketchActions(b *strings.Builder, as string, list []Action) {
	for _, a := range list {
		fmt.Fprintf(b, "  %d %s: %s", a.Line, as, a.Text)
		if len(a.Owners) > 0 {
			fmt.Fprintf(b, " | owner %s", strings.Join(a.Owners, ", "))
		}
		if a.Done {
			b.WriteString(" | done")
		}
		if a.DueText != nil {
			fmt.Fprintf(b, " | due %q", *a.DueText)
		}
		if a.Due != nil {
			fmt.Fprintf(b, " = %s", *a.Due)
		}
		if len(a.ResolvingLinks) > 0 {
			fmt.Fprintf(b, " | by %s", strings.Join(a.ResolvingLinks, " "))
		}
		if a.ResolutionNote != nil {
			fmt.Fprintf(b, " | outcome %q", *a.ResolutionNote)
		}
		if len(a.Details) > 0 {
			fmt.Fprintf(b, " | details %q", a.Details)
		}
		b.WriteString("\n")
	}
}

// lineDiff shows the lines that only one of two texts has.
func lineDiff(want, got string) string {
	var b strings.Builder
	in := func(list []string, s string) bool {
		for _, l := range list {
			if l == s {
				return true
			}
		}
		return false
	}
	w, g := strings.Split(want, "\n"), strings.Split(got, "\n")
	for _, l := range w {
		if !in(g, l) {
			b.WriteString("- " + l + "\n")
		}
	}
	for _, l := range g {
		if !in(w, l) {
			b.WriteString("+ " + l + "\n")
		}
	}
	return b.String()
}
