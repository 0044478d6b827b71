package digest

import (
	"strings"
	"testing"

	"github.com/rivo/uniseg"

	"minuted/agenda"
)

func TestPeoplesWordsAreKeptOnOneLineAndCutAtAWord(t *testing.T) {
	for _, c := range []struct{ name, in, want string }{
		{"short words stay", "Device trees", "Device trees"},
		{"lines become one", "one\r\n two\tthree", "one two three"},
		{"what hides text goes", "in\u202evoice\u200b.\u2066exe\U000e0041", "invoice.exe"},
		{"control characters go", "bell\x07 and \x1b[31mred", "bell and [31mred"},
		{"broken bytes are shown as such", "a\xffb", "a\uFFFDb"},
		{"signs of a list before them go", "- [ ] > call Sam", "call Sam"},
		{"a sign inside stays", "a -> b", "a -> b"},
		{"links of Markdown become their text", "[Action] see [the proposal](https://example.com/x?y) now", "[Action] see the proposal now"},
		{"stress of Markdown goes", "**must** be *'careful'*", "must be 'careful'"},
		{"stars that stress nothing stay", "2 * 3 * 4", "2 * 3 * 4"},
		{"a number is no list", "-5 degrees", "-5 degrees"},
		{"long words end at a word", strings.Repeat("word ", 40), strings.TrimSpace(strings.Repeat("word ", 31)) + "…"},
		{"one long word is cut within", strings.Repeat("x", 300), strings.Repeat("x", 159) + "…"},
		{"marks stay on their letter", strings.Repeat("e\u0301", 300), strings.Repeat("e\u0301", 159) + "…"},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := string(cut(c.in)); got != c.want {
				t.Errorf("got %q", got)
			}
		})
	}
}

func TestLinksShowWhereTheyLead(t *testing.T) {
	for in, want := range map[string]Link{
		"https://example.com/a?b=c&d":      "https://example.com/a?b=c&d",
		"HTTP://example.com":               "http://example.com",
		"http://bücher.example/straße":     "http://xn--bcher-kva.example/stra%C3%9Fe",
		"http://аpple.com/":                "http://xn--pple-43d.com/",
		"https://google.com@evil.example/": "https://evil.example/",
		"javascript:alert(1)":              "",
		"ftp://example.com/":               "",
		"https://":                         "",
		"https://example.com/cut…":         "",
	} {
		if got := linkOf(in); got != want {
			t.Errorf("%q leads to %q, not %q", in, got, want)
		}
	}
}

// FuzzWordsStayWords puts any text where people's words stand in a letter:
// it must neither add entries and answers nor be lost.
func FuzzWordsStayWords(f *testing.F) {
	for _, seed := range hostile {
		f.Add(seed)
	}
	set := builtIn(f)
	f.Fuzz(func(t *testing.T, text string) {
		s := newSample(sampleTeam(t), wednesday)
		item := s.items[24]
		item.Title, item.Summary, item.Area = text, text, text
		s.plan.New[0] = item
		order, _ := s.order(agenda.AgendaPreview)
		d := draft{Writer: *NewWriter(s.team, "", set), book: unchanging(s), order: order, reader: readerOf(s.team, order), token: "token"}
		if err := d.compose(); err != nil {
			t.Fatal(err)
		}
		if got := strings.Join(shown(d.blocks), " "); got != "A-12 A-17 T-26 T-3 T-21 T-22 T-24 T-25 A-11 A-6 T-27" {
			t.Errorf("the letter shows %s", got)
		}
		if inText, inHTML := textSigns.Replace(textWords(d.text)), textSigns.Replace(htmlWords(t, d.html)); inText != inHTML {
			t.Errorf("text and HTML differ:\n%q\n%q", inText, inHTML)
		}
		for line := range strings.SplitSeq(d.text, "\n") {
			if uniseg.StringWidth(line) > columns && !strings.Contains(line, "http") {
				t.Errorf("the line %q is too wide", line)
			}
		}
	})
}
