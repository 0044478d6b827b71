package parser

import (
	"strings"
	"testing"
)

// told writes commands as "verb ids argument", one a line, and slips with their guess.
func told(commands []Command) string {
	var lines []string
	for _, c := range commands {
		words := append([]string{c.Verb}, c.IDs...)
		if c.Argument != "" {
			words = append(words, c.Argument)
		}
		if c.Error != "" {
			words = []string{"slip:", c.Guess}
		}
		lines = append(lines, strings.Join(words, " "))
	}
	return strings.Join(lines, "\n")
}

func TestReadCommands(t *testing.T) {
	cases := []struct{ name, reply, want string }{
		{"a bare answer", "done", "done"},
		{"an answer with a full stop", "Done.", "done"},
		{"a bare answer with a link", "done https://example.com/pull/7", "done https://example.com/pull/7"},
		{"a bare answer with words", "Done, see the wiki", "done see the wiki"},
		{"an id in front", "A-17 done", "done A-17"},
		{"an id behind", "done A-17", "done A-17"},
		{"forgiving of case and marks", "* a-17: DONE!", "done A-17"},
		{"forgiving of a hyphen that an editor made long", "A–17 done", "done A-17"},
		{"a sentence", "A-17 is done", "done A-17"},
		{"several ids", "A-3, A-5 and A-7 done", "done A-3 A-5 A-7"},
		{"a link", "A-17 done https://example.com/1", "done A-17 https://example.com/1"},
		{"a link on the next line", "A-17 done\nhttps://example.com/1", "done A-17 https://example.com/1"},
		{"a ticked box", "[x] A-17", "done A-17"},
		{"a ticked box with a no-break space", "[x]\u00a0A-17  Write it up", "done A-17"},
		{"an empty box", "[ ] A-17", ""},
		{"several lines", "A-1 done\nA-2 drop no longer needed\nT-4 postpone next", "done A-1\ndrop A-2 no longer needed\npostpone T-4 next"},
		{"a greeting first", "Hi all,\n\nA-1 done\n\nBest,\nSam", "done A-1"},
		{"a closing ends it", "A-1 done\nThanks,\nA-2 done", "done A-1"},
		{"a signature ends it", "A-1 done\n--\ndrop", "done A-1"},
		{"prose ends it", "A-1 done\nThe rest waits until the API is there and somebody has time.\nA-2 done", "done A-1"},
		{"words before, then ids", "I had a good look at these yesterday.\nA-1 done", "done A-1"},
		{"words before a bare verb", "I had a good look at these yesterday.\ndone", ""},
		{"prose that begins with a verb", "Done with this whole discussion if you ask me", ""},
		{"prose about calls", "Call me back tomorrow", ""},
		{"prose about keeping", "Keep up the good work", ""},
		{"a sentence about an action", "A-17 turned out to be much harder than it looked", ""},
		{"owners", "A-17 owner @sam, @eve", "owner A-17 @sam, @eve"},
		{"a date", "A-17 due fri", "due A-17 fri"},
		{"a vote", "T-4 +1", "vote T-4"},
		{"minutes", "T-4 15m", "minutes T-4 15m"},
		{"minutes in words", "T-4 15 minutes", "minutes T-4 15m"},
		{"an ad-hoc call", "call 2016-12-03 16:00 about the outage", "call 2016-12-03 16:00 about the outage"},
		{"a slip", "A-17 dnoe", "slip: A-17 done"},
		{"two commands on one line", "A-12 done    A-12 due 1w", "slip: "},
		{"ready answers of a letter", "For you:\n-> A-12 done", ""},
		{"several ready answers of a letter", "-> A-12 done    A-12 drop", ""},
		{"a ready answer that was written down with its mark", "-> A-12 done\n-> A-17 due fri", "done A-12\ndue A-17 fri"},
		{"a stop", "stop reminders", "stop reminders"},
		{"prose about stopping", "stop it please", ""},
		{"a wrapped note", "A-17 note the vendor says that the new firmware comes in the second\nweek of March", "note A-17 the vendor says that the new firmware comes in the second week of March"},
		{"a numbered list", "1. A-1 done\n2. A-2 done", "done A-1\ndone A-2"},
		{"bold text", "**A-17 done**", "done A-17"},
		{"ids without their hyphen", "done A12, T 4", "done A-12 T-4"},
		{"paper is no action", "A4 paper is out", ""},
		{"a time is no topic", "T 4 minutes to go", ""},
		{"thanks behind a day", "A-17 due fri, thanks!", "due A-17 fri"},
		{"thanks in a note", "A-17 note Sam says thanks", "note A-17 Sam says thanks"},
		{"a picture behind a reason", "A-17 drop not needed 🎉", "drop A-17 not needed"},
		{"a tracking link", "A-17 done https://example.com/9?utm_source=mail", "done A-17 https://example.com/9"},
		{"a word with its link behind it", "A-17 done see the wiki<https://example.com/w>", "done A-17 see the wiki https://example.com/w"},
		{"a telephone number in a signature", "A-17 done\nAda Byron\ncall 020 7946 0958", "done A-17"},
		{"a stop alone", "stop", "stop"},
		{"a skip alone", "skip", "skip"},
		{"leading zeros", "A-007 done", "done A-7"},
	}
	for _, c := range cases {
		for _, eol := range []string{"\n", "\r\n"} {
			m := Mail{Reply: strings.ReplaceAll(c.reply, "\n", eol)}
			m.Text = m.Reply
			readCommands(&m)
			if got := told(m.Commands); got != c.want {
				t.Errorf("%s (%q): got\n%s\nwant\n%s", c.name, eol, got, c.want)
			}
		}
	}
}

func TestReadCommands_between_quotes_act_on_the_id_above(t *testing.T) {
	m := Mail{
		Text:  "> [ ] A-12  Write the spec\n>           -> A-12 done    A-12 drop\n\ndone\n\n> [ ] A-17  Change it\n\ndue fri\n\n> A-18  Allow it\n\ndone\n",
		Reply: "done\n\ndue fri\n\ndone\n",
	}
	readCommands(&m)
	if got, want := told(m.Commands), "done A-12\ndue A-17 fri\ndone A-18"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestReadCommands_ticked_in_the_quote(t *testing.T) {
	m := Mail{Quoted: "[x] A-12  Write the spec https://example.com/9\n[ ] A-13  Other\n  [X]\u00a0A-14 More\nA-15 done\n"}
	readCommands(&m)
	if got, want := told(m.Ticked), "done A-12 https://example.com/9\ndone A-14"; got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if len(m.Commands) != 0 {
		t.Errorf("a quoted line ran: %v", m.Commands)
	}
}

func TestReadCommands_ref_is_read_wherever_it_stands(t *testing.T) {
	m := Mail{Reply: "A-12 done\n\nThanks\n\nref k7q2m4xht3bn6wvc5zjr2d7fpa"}
	readCommands(&m)
	if m.Ref != "k7q2m4xht3bn6wvc5zjr2d7fpa" || told(m.Commands) != "done A-12" {
		t.Errorf("ref %q, commands %s", m.Ref, told(m.Commands))
	}
}

func TestReadCommands_subject_of_an_unsubscribe_mail(t *testing.T) {
	m := Mail{Subject: "stop reminders", Reply: "This message was automatically generated by your mail program."}
	readCommands(&m)
	if got := told(m.Commands); got != "stop reminders" {
		t.Errorf("got %q", got)
	}
}

func TestReadCommands_a_tagged_mail_is_no_answer(t *testing.T) {
	m := Mail{Tags: []string{"architecture"}, Reply: "#architecture\nkeep"}
	readCommands(&m)
	if len(m.Commands) != 0 {
		t.Errorf("a tagged mail ran %v", m.Commands)
	}
}

func TestReadCommands_stops_at_fifty(t *testing.T) {
	m := Mail{Reply: strings.Repeat("A-1 done\n", 60)}
	readCommands(&m)
	if len(m.Commands) != maxCommands || len(m.Problems) != 1 {
		t.Errorf("%d commands, %d problems", len(m.Commands), len(m.Problems))
	}
}

func FuzzReadCommands(f *testing.F) {
	f.Add("A-17 done https://x\n> quoted\n[x] A-1", "> [x] A-3")
	f.Add("done A-\n+1\nT-4 15m\nA-1 A-2", "")
	f.Fuzz(func(t *testing.T, reply, quoted string) {
		m := Mail{Reply: reply, Text: reply, Quoted: quoted}
		readCommands(&m)
		for _, c := range append(m.Commands, m.Ticked...) {
			if _, ok := verbOf(c.Verb); !ok && c.Error == "" {
				t.Errorf("unknown verb %q from %q", c.Verb, c.Line)
			}
		}
	})
}
