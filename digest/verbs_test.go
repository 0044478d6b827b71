package digest

import (
	"strings"
	"testing"

	"minuted/agenda"
)

// verbRow is one verb of DESIGN chapter 5 and what is tried with it.
type verbRow struct {
	verb    string
	first   string // said before, so that there is something to do
	one     string // of one id
	two     string // of two
	bare    string // without an id, in answer to onto
	onto    string // "giovanni reminder" shows A-4 alone, "shaun receipt" T-1
	sure    bool   // the weekly shows one thing that it can mean
	wrong   string // of an id that there is not
	other   string // of the other kind of id
	closed  string // of something that is over
	answer  string // what is said about that; empty: it is done
	missing string // with its rest left out
	wants   string // what is said about that
	field   string // of the records that it changes
}

// verbRows is every verb that acts on ids. What a row leaves out does not exist for the verb.
var verbRows = []verbRow{
	{verb: "done", one: "A-1 done", two: "A-1 A-2 done", bare: "done", onto: "giovanni reminder", wrong: "A-99 done", other: "T-1 done", closed: "A-6 done", answer: "A-6 is done already", field: "state"},
	{verb: "done with a link", one: "A-1 done https://example.com/1", two: "A-1 A-2 done https://example.com/1", bare: "done https://example.com/1", onto: "giovanni reminder", wrong: "A-99 done https://example.com/1", other: "T-1 done https://example.com/1", closed: "A-6 done https://example.com/1", field: "evidence"},
	{verb: "reopen", first: "A-1 A-2 A-4 done", one: "A-1 reopen", two: "A-1, A-2 reopen", bare: "reopen", onto: "giovanni reminder", wrong: "A-99 reopen", closed: "A-3 reopen", answer: "A-3 is open already", field: "state"},
	{verb: "reopen a topic", first: "T-1, T-2 drop", one: "T-1 reopen", two: "T-1, T-2 reopen", bare: "reopen", onto: "shaun receipt", sure: true, wrong: "T-99 reopen", field: "state"},
	{verb: "drop", one: "A-1 drop", two: "A-1 and A-2 drop", bare: "drop", onto: "giovanni reminder", wrong: "A-99 drop", first: "A-5 drop never mind", closed: "A-5 drop", answer: "A-5 is dropped already", field: "state"},
	{verb: "drop a topic", one: "T-1 drop", two: "T-1 and T-2 drop", bare: "drop", onto: "shaun receipt", wrong: "T-99 drop", first: "T-3 drop spam", closed: "T-3 drop", answer: "T-3 is dropped already", field: "state"},
	{verb: "owner", one: "A-1 owner @kostas", two: "A-1 A-2 owner @kostas", bare: "owner @kostas", onto: "giovanni reminder", wrong: "A-99 owner @kostas", other: "T-1 owner @kostas", closed: "A-6 owner @kostas", missing: "A-1 owner", wants: "owner needs a name", field: "owners"},
	{verb: "due", one: "A-1 due 2017-02-10", two: "A-1 A-2 due 2017-02-10", bare: "due 2017-02-10", onto: "giovanni reminder", wrong: "A-99 due 2017-02-10", other: "T-1 due 2017-02-10", closed: "A-6 due 2017-02-10", missing: "A-1 due", wants: "A day is missing", field: "due"},
	{verb: "note", one: "A-1 note it rains", two: "A-1 A-2 note it rains", bare: "note it rains", onto: "giovanni reminder", wrong: "A-99 note it rains", other: "T-1 note it rains", closed: "A-6 note it rains", missing: "A-1 note", wants: "The words of the note are missing", field: "notes"},
	{verb: "snooze", one: "A-1 snooze 1w", two: "A-1 A-2 snooze 1w", bare: "snooze 1w", onto: "giovanni reminder", wrong: "A-99 snooze 1w", other: "T-1 snooze 1w", closed: "A-6 snooze 1w", answer: "A-6 is done already", missing: "A-1 snooze", wants: "A day is missing", field: "snooze"},
	{verb: "accept", one: "T-3 accept", bare: "accept", onto: "shaun agenda", wrong: "T-99 accept", other: "A-1 accept", closed: "T-1 accept", answer: "T-1 is on the list already", field: "state"},
	{verb: "pin", one: "T-1 pin", two: "T-1 T-2 pin", bare: "pin", onto: "shaun receipt", wrong: "T-99 pin", other: "A-1 pin", first: "T-2 drop", closed: "T-2 pin", field: "pinned"},
	{verb: "unpin", first: "T-1 T-2 pin", one: "T-1 unpin", two: "T-1 T-2 unpin", bare: "unpin", onto: "shaun receipt", wrong: "T-99 unpin", other: "A-1 unpin", closed: "T-3 unpin", answer: "T-3 is not pinned", field: "pinned"},
	{verb: "postpone", one: "T-1 postpone", two: "T-1 T-2 postpone", bare: "postpone", onto: "shaun receipt", wrong: "T-99 postpone", other: "A-1 postpone", field: "until"},
	{verb: "postpone to a day", one: "T-1 postpone 2017-02-06", two: "T-1 T-2 postpone 2017-02-06", bare: "postpone 2017-02-06", onto: "shaun receipt", wrong: "T-99 postpone 2017-02-06", other: "A-1 postpone 2017-02-06", missing: "T-1 postpone to", wants: "to is not a day", field: "until"},
	{verb: "vote", one: "T-1 +1", two: "T-1 T-2 +1", bare: "+1", onto: "shaun receipt", wrong: "T-99 +1", other: "A-1 +1", first: "T-3 drop", closed: "T-3 +1", answer: "T-3 is dropped. -> T-3 reopen", field: "votes"},
	{verb: "minutes", one: "T-1 15m", two: "T-1 T-2 15m", bare: "minutes 15", onto: "shaun receipt", wrong: "T-99 15m", other: "A-1 15m", missing: "T-1 0m", wants: "0m is not a length", field: "minutes"},
	{verb: "area", one: "T-1 area cli", two: "T-1 T-2 area cli", bare: "area cli", onto: "shaun receipt", wrong: "T-99 area cli", other: "A-1 area cli", missing: "T-1 area", wants: "There is no area", field: "area"},
	{verb: "title", one: "T-1 title Who signs", two: "T-1 T-2 title Who signs", bare: "title Who signs", onto: "shaun receipt", wrong: "T-99 title Who signs", other: "A-1 title Who signs", missing: "T-1 title", wants: "The new title is missing", field: "title"},
}

// TestEveryVerb fills the matrix: each verb with its effect, its receipt, its undo,
// on several ids, without an id, by whom it may not be said, on an id that there
// is not, of the other kind, on what is over, and with its rest left out.
func TestEveryVerb(t *testing.T) {
	sc := playScene(t)
	sc.team.Areas = []agenda.Area{{Name: "cli"}, {Name: "devices"}}
	for _, row := range verbRows {
		t.Run(strings.ReplaceAll(row.verb, " ", "_"), func(t *testing.T) { row.try(t, sc) })
	}
}

// said is what a mail changed and what was answered.
type said struct{ changes, answer string }

// say lets somebody answer a letter ("shaun minutes"), after the row's first words.
func (row verbRow) say(t *testing.T, sc scene, onto, from, words string, unproven bool) (*stage, said) {
	t.Helper()
	s := sc.goOn(t)
	person, kind, _ := strings.Cut(onto, " ")
	if row.first != "" {
		first := answered{name: "first", client: "no_quote", person: "alexis", kind: "minutes", words: row.first}
		s.deliver(first.mail(t, s.scene))
	}
	c := answered{name: "matrix", client: "gmail_web", person: person, kind: kind, from: from, words: words, unproven: unproven}
	before := s.facts()
	raw := c.mail(t, sc)
	var text strings.Builder
	for _, l := range s.deliver(raw) {
		text.WriteString(squeeze(l.text) + " ")
	}
	return s, said{changes(before, s.facts()), text.String()}
}

func (row verbRow) try(t *testing.T, sc scene) {
	const minutes = "shaun minutes"
	s, got := row.say(t, sc, minutes, "", row.one, false)
	if !strings.Contains(got.changes, " "+row.field+" ") || !strings.Contains(got.answer, "-> undo") {
		t.Errorf("%q changes %q and is answered %q", row.one, got.changes, got.answer)
	}
	row.undone(t, s, got)
	if row.two != "" {
		s, got := row.say(t, sc, minutes, "", row.two, false)
		if n := strings.Count(got.changes, " "+row.field+" "); n != 2 || !strings.Contains(got.answer, "Two changes") {
			t.Errorf("%q changes %q and is answered %q", row.two, got.changes, got.answer)
		}
		row.undone(t, s, got)
	}
	if _, got := row.say(t, sc, row.onto, "", row.bare, false); strings.Count(got.changes, " "+row.field+" ") != 1 {
		t.Errorf("%q to %s changes %q and is answered %q", row.bare, row.onto, got.changes, got.answer)
	}
	if _, got := row.say(t, sc, "alexis weekly", "", row.bare, false); got.changes != "" && !row.sure {
		t.Errorf("%q to a letter that shows several changes %q", row.bare, got.changes)
	}
	if _, got := row.say(t, sc, minutes, "Eve <eve@evil.example>", row.one, false); strings.Contains(got.changes, " "+row.field+" ") && row.field != "state" && row.field != "title" || got.answer != "" || !strings.Contains(got.changes, "T-4 state waiting") {
		t.Errorf("%q by an outsider changes %q and is answered %q", row.one, got.changes, got.answer)
	}
	if _, got := row.say(t, sc, minutes, "", row.one, true); got.changes != "" || !strings.Contains(got.answer, "Was it you, Shaun?") {
		t.Errorf("%q without proof changes %q and is answered %q", row.one, got.changes, got.answer)
	}
	row.refused(t, sc, row.wrong, "There is no "+row.wrong[:4])
	row.refused(t, sc, row.other, " and "+strings.Fields(row.verb)[0]+" is for ")
	row.refused(t, sc, row.missing, row.wants)
	if row.answer != "" {
		row.refused(t, sc, row.closed, row.answer)
	} else if row.closed != "" {
		if _, got := row.say(t, sc, minutes, "", row.closed, false); !strings.Contains(got.changes, " "+row.field+" ") {
			t.Errorf("%q changes %q and is answered %q", row.closed, got.changes, got.answer)
		}
	}
}

// undone answers the receipt with undo and wants everything to be as it was.
func (row verbRow) undone(t *testing.T, s *stage, before said) {
	t.Helper()
	was := s.facts()
	undo := answered{name: "undo", client: "gmail_web", person: "shaun", kind: "receipt", words: "undo"}
	letters := s.deliver(undo.mail(t, s.scene))
	if len(letters) != 1 || !strings.Contains(letters[0].text, "Taken back") {
		t.Errorf("undo of %q is answered by %d letters", row.one, len(letters))
	}
	if got := changes(was, s.facts()); strings.Count(got, "\n") != strings.Count(before.changes, "\n") {
		t.Errorf("undo changes %q, after %q", got, before.changes)
	}
}

// refused wants words to change nothing, and to be told why with a ready answer that is read without an error.
func (row verbRow) refused(t *testing.T, sc scene, words, why string) {
	t.Helper()
	if words == "" {
		return
	}
	s, got := row.say(t, sc, "shaun minutes", "", words, false)
	if got.changes != "" || !strings.Contains(got.answer, why) {
		t.Errorf("%q changes %q and is answered %q, want %q", words, got.changes, got.answer, why)
	}
	receipt := s.letters[len(s.letters)-1]
	for line := range strings.SplitSeq(receipt.text, "\n") {
		ready, found := strings.CutPrefix(strings.TrimSpace(line), "-> ")
		if !found {
			continue
		}
		for answer := range strings.SplitSeq(ready, "    ") {
			if m := asked(plainMail(answer)); len(m.Commands) != 1 || m.Commands[0].Error != "" {
				t.Errorf("%q offers %q, which is read as %+v", words, answer, m.Commands)
			}
		}
	}
}
