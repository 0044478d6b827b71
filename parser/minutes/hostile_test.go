package minutes

import (
	"strings"
	"testing"
	"time"
)

const megabyte = 1 << 20

// repeated is about a megabyte of s.
func repeated(s string) string { return strings.Repeat(s, megabyte/len(s)) }

// nested is a megabyte of items, each one blank further in.
func nested(item string) string {
	var b strings.Builder
	for i := 0; b.Len() < megabyte; i++ {
		b.WriteString(strings.Repeat(" ", i) + item + "\n")
	}
	return b.String()
}

// different is a megabyte of lines of which none is like the other.
func different(line string) string {
	var b strings.Builder
	for i := 0; b.Len() < megabyte; i++ {
		n := ""
		for x := i; x > 0; x /= 26 {
			n += string(rune('a' + x%26))
		}
		b.WriteString(strings.ReplaceAll(line, "#", n) + "\n")
	}
	return b.String()
}

// A megabyte of anything is read within a second of processor time.
func TestHostile_megabytes_are_cheap(t *testing.T) {
	for name, text := range map[string]string{
		"brackets":           repeated("["),
		"ends of links":      repeated("]("),
		"begun links":        repeated("[a]("),
		"links and tags":     repeated("[a](<b"),
		"emphasis":           repeated("**a"),
		"mixed emphasis":     repeated("*a _b "),
		"strikes":            "- Action: ~~" + repeated("~~a"),
		"nested bullets":     nested("- a"),
		"nested boxes":       nested("- [ ] a"),
		"nested actions":     nested("- Action: a"),
		"nested owners":      "# Actions\n" + nested("- Kim:"),
		"headings":           repeated("# a\n"),
		"dated headings":     repeated("# 2017-01-30\n- a\n"),
		"dates in a line":    repeated("30 Jan "),
		"actions":            repeated("- Action: Kim to do it by Friday (Kim)\n"),
		"owners of one":      "Action: " + repeated("Kim, "),
		"parentheses of one": "- Action: " + repeated("(a)"),
		"links of one":       "- Action: " + repeated("http://a "),
		"open address":       "http://" + strings.Repeat("(", megabyte/2) + strings.Repeat(")", megabyte/2),
		"cells":              repeated("| a ") + "|",
		"rows":               "|Action|Owner|\n|--|--|\n" + repeated("|a|b|\n"),
		"lists in a cell":    "|Action|\n|--|\n|" + repeated("<li>a") + "|\n",
		"fences":             repeated("```a\nb\n"),
		"comments":           repeated("<!--\n"),
		"quotes":             repeated(">"),
		"people":             "## Attendees\n" + different("- Kim #"),
		"meeting links":      different("https://example.org/#\n"),
		"labels":             repeated("a:\n"),
		"one long paragraph": repeated("a line that was broken where mail programs break lines, here\n"),
		"chat":               repeated("<a> b\n"),
		"lone CR":            repeated("\r"),
		"not UTF-8":          repeated("\xff"),
		"NUL":                repeated("\x00"),
	} {
		t.Run(name, func(t *testing.T) {
			var page Page
			for what, run := range map[string]func(){
				"Read":  func() { page = Read([]byte(text), Options{}) },
				"Looks": func() { Looks([]byte(text), "minutes") },
			} {
				if took := spent(run); took > time.Second*slowdown {
					t.Errorf("%s takes %v", what, took)
				}
			}
			if took := spent(func() { Explain(page, []byte(text)) }); took > 3*time.Second*slowdown {
				t.Errorf("Explain takes %v", took)
			}
		})
	}
}

// Whatever the bytes: no panic, each line number within the text, no control
// character in the report, and what is written can be read.
func FuzzRead(f *testing.F) {
	for _, s := range []string{
		"### 30 Jan 2017\n\n* Topic\n  * ~~**[Action item]:** Write spec~~ https://example.org\n",
		"Attendees: Kim, Sam\n\nAI (kim): do it by Friday\n", "| Action | Owner |\n|--|--|\n| a | Kim |\n",
		"15:00 <kim> #action sam to go\n15:01 <sam> a\n15:02 <sam> b\n", "# 28-29 Nov 2016\n> ACTION: x\n\x1b[31m\u202e", "---\ndate: 2017-01-30\n---\n1. a\n- b\n",
		"**", "[x](", "- ", "#", "```", "<!--", "Action:", "~~", "\xff\xfe", "a\r\rb", "- [ ] @", "AI (", "(done)", "1.", "|", "| |\n|-", "+-+\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		page := Read(text, Options{Name: "2017-01-30.md", People: []string{"Kim Lee"}})
		lines := len(split(text))
		for _, l := range page.Lines {
			if l.Number < 1 || l.Number > lines {
				t.Fatalf("line %d of %d: %v", l.Number, lines, l)
			}
		}
		for _, m := range page.Meetings {
			for _, a := range append(m.Actions, m.PriorActions...) {
				if a.Line < 1 || a.EndLine > lines || a.EndLine < a.Line {
					t.Fatalf("an action on lines %d to %d of %d", a.Line, a.EndLine, lines)
				}
			}
		}
		if at := strings.IndexFunc(Explain(page, text), func(c rune) bool { return c != '\n' && steers(c) }); at >= 0 {
			t.Fatal("a control character in the report")
		}
		Read(Write(page), Options{})
		Looks(text, "")
		Match(nil, nil)
	})
}
