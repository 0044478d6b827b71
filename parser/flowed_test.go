package parser

import (
	"strings"
	"testing"
)

func TestFlowedTextIsJoinedAgain(t *testing.T) {
	for name, c := range map[string]struct{ params, text, want string }{
		"a paragraph":                           {"", "We saw it \nagain.\nTwice.", "We saw it again.\nTwice."},
		"languages without blanks":              {"; delsp=yes", "日本 \n語", "日本語"},
		"a blank of one's own before the break": {"; DelSp=Yes", "two  \nwords", "two words"},
		"a command":                             {"", "A-17 done \nhttps://example.org/pull/98", "A-17 done https://example.org/pull/98"},
		"a quotation":                           {"", "> We saw it \n> again.\nYes.", "> We saw it again.\nYes."},
		"the depth changes":                     {"", "> We saw it \nYes.\n>> Really \n> it was", "> We saw it \nYes.\n>> Really \n> it was"},
		"blanks between marks":                  {"", "> > We saw \n> > it", ">> We saw it"},
		"a quotation under a flowed line":       {"", "I say \n> yes", "I say \n> yes"},
		"a signature":                           {"", "I say \n-- \nAnn \nLee", "I say \n-- \nAnn Lee"},
		"a quoted signature":                    {"", "> -- \n> Ann", "> -- \n> Ann"},
		"a stuffed line":                        {"", " From here\n >no quote\n  indented", "From here\n>no quote\n indented"},
		"a blank line ends a paragraph":         {"", "one \n\ntwo", "one \n\ntwo"},
		"the end":                               {"", "one \ntwo ", "one two "},
		"nothing to join":                       {"", "one\ntwo\n", "one\ntwo\n"},
	} {
		bothLineEnds(t, name, "Content-Type: text/plain; charset=utf-8; format=Flowed"+c.params+"\n\n"+c.text, func(t *testing.T, raw []byte) {
			if m := Parse(raw, Options{}); m.Text != c.want {
				t.Errorf("got %q, want %q", m.Text, c.want)
			}
		})
	}
}

func TestWrappedCommandIsReadWhole(t *testing.T) {
	const raw = "Subject: Re: A-17\nIn-Reply-To: <a@example.org>\nContent-Type: text/plain; format=flowed\n\n" +
		"A-17 note we have to order the sensors from the other \nsupplier, for the first has none\n\nOn 3 May 2017, Bob <bob@example.org> wrote:\n> A-17 is \n> due\n"
	bothLineEnds(t, "note", raw, func(t *testing.T, raw []byte) {
		m := Parse(raw, Options{})
		if len(m.Commands) != 1 || m.Commands[0].Argument != "we have to order the sensors from the other supplier, for the first has none" {
			t.Errorf("%+v in %q", m.Commands, m.Reply)
		}
		if m.Quoted != "A-17 is due" {
			t.Errorf("quoted %q", m.Quoted)
		}
	})
}

func TestTextThatDoesNotFlowKeepsItsLines(t *testing.T) {
	for _, kind := range []string{"text/plain", "text/plain; format=fixed", "text/html; format=flowed", "text/plain; format=flowed; name=notes.txt"} {
		raw := "Content-Type: " + kind + "\n\n<pre>one \n two</pre>"
		if m := Parse([]byte(raw), Options{}); !strings.Contains(m.Text, "one \n two") && !strings.Contains(m.Text, "one\n two") {
			t.Errorf("%s: %q", kind, m.Text)
		}
	}
}
