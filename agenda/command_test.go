package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minuted/parser"
)

// afterJanuary is the story on Monday 30 January 2017, 18:00: T-1 discussed,
// T-2 carried over, T-3 and T-4 open and waiting, A-1 Shaun's, A-2 of Kostas and
// somebody unknown, A-3 done.
func afterJanuary(t *testing.T) *story {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "resinHUP next steps")
	s.topic("alexis@example.com", "Device trees")
	s.until("2017-01-30 16:00")
	s.topic("alexis@example.com", "Signed images")
	s.mail("sam@customer.example", parser.Mail{Kind: parser.Untagged, Subject: "How long do you keep logs"})
	s.until("2017-01-30 17:00")
	s.minutes(s.letter(AgendaFinal, "alexis"), january(), "the minutes")
	s.until("2017-01-30 18:00")
	return s
}

func TestCommands(t *testing.T) {
	tests := map[string]struct {
		say  parser.Command
		want string // of the receipt: "ID: was -> now" of each change
		then func(s *story) bool
	}{
		"done": {say("done", "", "A-1"), "A-1: open since today -> done", func(s *story) bool { return s.action(1).State == DoneAction }},
		"done with words and a link": {say("done", "see https://example.com/1, it works", "A-1"), "A-1: open since today -> done", func(s *story) bool {
			a := s.action(1)
			return a.Evidence[0] == "https://example.com/1" && a.Note == "see it works"
		}},
		"done for several": {say("done", "", "A-1", "A-2"), "A-1: open since today -> done; A-2: open since today -> done", nil},
		"reopen an action": {say("reopen", "", "A-3"), "A-3: done -> open", func(s *story) bool {
			a := s.action(3)
			return a.State == OpenAction && a.Closed.IsZero() && a.Remind > "2017-01-30"
		}},
		"reopen a topic": {say("reopen", "", "T-1"), "T-1: discussed on Monday 30 January 2017 -> on the list", func(s *story) bool { return s.item(1).State == OpenItem }},
		"drop an action": {say("drop", "not needed", "A-1"), "A-1: open since today -> dropped", func(s *story) bool { a := s.action(1); return a.State == Dropped && a.Note == "not needed" }},
		"drop a topic":   {say("drop", "stale", "T-2"), "T-2: on the list -> dropped", func(s *story) bool { return s.item(2).Drop == "stale" }},
		"owner by handle": {say("owner", "@shaun", "A-2"), "A-2: Kostas Lekkas and Bob -> Shaun", func(s *story) bool {
			a := s.action(2)
			return slices.Equal(a.Owners, []string{"shaun"}) && a.Unknown == nil
		}},
		"owners, several":                 {say("owner", "Costas and alexis@example.com", "A-1"), "A-1: Shaun -> Kostas Lekkas and Alexis", nil},
		"owner me":                        {say("owner", "me", "A-2"), "A-2: Kostas Lekkas and Bob -> Shaun", nil},
		"due by weekday":                  {say("due", "fri", "A-1"), "A-1: due Monday 6 February 2017 -> due Friday 3 February 2017", func(s *story) bool { return s.action(1).Remind == "2017-02-02" }},
		"due in two weeks":                {say("due", "2w", "A-2"), "A-2: no due date -> due Monday 13 February 2017", nil},
		"snooze":                          {say("snooze", "1w", "A-1"), "A-1: reminders -> no reminder before Monday 6 February 2017", func(s *story) bool { return s.action(1).Remind == "2017-02-06" }},
		"note":                            {say("note", "asked the printers", "A-1"), "A-1:  -> asked the printers", func(s *story) bool { return s.action(1).Notes[0] == "asked the printers" }},
		"accept":                          {say("accept", "", "T-4"), "T-4: waits: not on the team -> on the list", func(s *story) bool { return s.item(4).State == OpenItem }},
		"pin":                             {say("pin", "", "T-2"), "T-2: on the list -> pinned", func(s *story) bool { return s.item(2).Pinned }},
		"unpin":                           {say("unpin", "", "T-2"), "! T-2 is not pinned. [show T-2]", nil},
		"postpone to the call after next": {say("postpone", "", "T-3"), "T-3: on the list -> postponed to Monday 6 February 2017", func(s *story) bool { it := s.item(3); return it.Calls == 1 && it.Reason == "Postponed on 30 January" }},
		"postpone to a day":               {say("postpone", "10 feb", "T-3"), "T-3: on the list -> postponed to Friday 10 February 2017", nil},
		"vote":                            {say("vote", "", "T-3"), "T-3:  -> 1 vote", func(s *story) bool { return s.item(3).Votes[0] == "shaun" }},
		"minutes":                         {say("minutes", "15m", "T-3"), "T-3: 10 minutes -> 15 minutes", nil},
		"area by its tag":                 {say("area", "#device", "T-3"), "T-3:  -> devices", nil},
		"title":                           {say("title", "Signed images for everybody", "T-3"), "T-3: Signed images -> Signed images for everybody", nil},
		"stop reminders until":            {say("stop", "reminders until 10 feb"), ": on -> stopped until Friday 10 February 2017", func(s *story) bool { return s.book.Member("shaun").Until == "2017-02-10" }},
		"stop all":                        {say("stop", "all"), ": on -> stopped", func(s *story) bool { return len(s.book.Member("shaun").Stopped) == 4 }},
		"call":                            {say("call", "10 feb 15:00 about the release"), "2017-02-10:  -> Friday 10 February 2017, 15:00", func(s *story) bool { return s.call("2017-02-10").Words == "about the release" }},
		"a second call on a day":          {say("call", "2017-02-02 18:00"), "2017-02-02.2:  -> Thursday 2 February 2017, 18:00", nil},
		"skip":                            {say("skip", "2017-02-02"), "2017-02-02: Thursday 2 February 2017, 16:00 -> cancelled", func(s *story) bool { return s.count(CancelledCall) == 3 }},
		"keep":                            {say("keep", ""), "2017-02-02:  -> Thursday 2 February 2017, 16:00", nil},

		"an id that does not exist": {say("done", "", "A-99"), "! There is no A-99. The last one is A-3. [A-1 done]", nil},
		"a topic cannot be done":    {say("done", "", "T-2"), "! T-2 is a topic, and done is for actions. [show T-2 | help]", nil},
		"an action cannot be moved": {say("postpone", "", "A-1"), "! A-1 is an action, and postpone is for topics. [show A-1 | help]", nil},
		"a date that is not known":  {say("due", "02/03", "A-1"), "! 02/03 is not a day that is known here. Write it like this: [A-1 due 2017-03-02 | A-1 due 2017-02-03]", nil},
		"a date with a slip":        {say("due", "firday", "A-1"), "! firday is not a day that is known here. Write it like this: [A-1 due 2017-02-03]", nil},
		"a date that is past":       {say("due", "2017-01-02", "A-1"), "! Monday 2 January 2017 is past. [A-1 due 2017-02-06]", nil},
		"an owner who is not known": {say("owner", "Kosta", "A-1"), "! Nobody on the team is called Kosta. [A-1 owner @kostas]", nil},
		"an area that is not known": {say("area", "frontend", "T-3"), "! There is no area frontend. [T-3 area devices | T-3 area backend]", nil},
		"a call that is past":       {say("call", "2016-12-03 16:00"), "! Saturday 3 December 2016 is past. [call 2017-02-06 16:00]", nil},
		"skip where there is none":  {say("skip", "2017-02-04"), "! There is no call on Saturday 4 February 2017. [skip 2017-02-02]", nil},
		"nothing to send":           {say("send", ""), "! No minutes of yours are waiting, so there is nothing to send. []", nil},
		"nothing to confirm":        {say("yes", ""), "! Nothing waits for a yes: it is done already, or older than 14 days. []", nil},
		"what the parser refused":   {parser.Command{Line: "A-17 doen", Error: "There is no command doen.", Guess: "A-17 done"}, "! There is no command doen. [A-17 done]", nil},

		"mine":   {say("mine", ""), "? mine  [] [1]", nil},
		"show":   {say("show", "", "T-2", "A-2"), "? show T-2 A-2 [2] [2]", nil},
		"find":   {say("find", "spec"), "? find spec [] [2]", nil},
		"agenda": {say("agenda", ""), "? agenda  [] []", nil},
		"help":   {say("help", ""), "? help  [] []", nil},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := afterJanuary(t)
			s.answer(s.letter(MinutesDigest, "shaun"), test.say)
			if got := summary(s.receipt()); got != test.want {
				t.Errorf("the receipt says\n%s\nwant\n%s", got, test.want)
			}
			if test.then != nil && !test.then(s) {
				t.Errorf("the records do not show it:\n%s", strings.Join(s.log, "\n"))
			}
		})
	}
}

// summary writes a receipt in one line: changes, ! errors, ? pages.
func summary(r Receipt) string {
	var out []string
	for _, c := range r.Changes {
		out = append(out, fmt.Sprintf("%s: %s -> %s", c.ID, c.Was, c.Now))
	}
	for _, e := range r.Errors {
		out = append(out, fmt.Sprintf("! %s [%s]", e.Sentence, strings.Join(e.Ready, " | ")))
	}
	for _, p := range r.Pages {
		out = append(out, fmt.Sprintf("? %s %s %v %v", p.Verb, p.Argument, p.Items, p.Actions))
	}
	return strings.Join(out, "; ")
}

func TestBareCommands(t *testing.T) {
	t.Run("done answers a letter that shows one action", func(t *testing.T) {
		s := afterJanuary(t)
		s.until("2017-02-06 09:00")
		s.answer(s.letter(Reminder, "shaun"), say("done", ""))
		if got, want := summary(s.receipt()), "A-1: open for 7 days -> done"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("where it shows several, each gets a ready line", func(t *testing.T) {
		s := afterJanuary(t)
		s.answer(s.letter(MinutesDigest, "shaun"), say("done", ""))
		want := "! done can mean more than one here. Say which: [A-1 done | A-2 done]"
		if got := summary(s.receipt()); got != want || s.action(1).State != OpenAction {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("a ticked box counts only for what the letter showed to that person", func(t *testing.T) {
		s := afterJanuary(t)
		o := s.letter(MinutesDigest, "shaun") // shows
		s.mail("shaun@example.com", parser.Mail{
			Kind: parser.CommandKind, To: []parser.Address{{Address: "architecture+" + s.book.TokenOf(o) + "@example.com"}},
			Ticked: []parser.Command{say("done", "https://example.com/2", "A-2"), say("done", "", "A-3"), say("done", "", "A-99")},
		})
		if got, want := summary(s.receipt()), "A-2: open since today -> done"; got != want {
			t.Errorf("%s, want %s", got, want)
		}
	})
	t.Run("at most fifty are carried out", func(t *testing.T) {
		s := afterJanuary(t)
		var many []parser.Command
		for i := range 60 {
			many = append(many, say("note", fmt.Sprint(i), "A-1"))
		}
		s.answer(s.letter(MinutesDigest, "shaun"), many...)
		if n := len(s.action(1).Notes); n != 50 {
			t.Errorf("%d notes, want 50", n)
		}
		if e := s.receipt().Errors; len(e) != 1 {
			t.Errorf("errors %+v, want one sentence about the limit", e)
		}
	})
}

func TestEachVerbOfTheGrammarIsCarriedOut(t *testing.T) {
	r := &request{}
	for _, verb := range strings.Fields("done reopen drop owner due snooze note accept pin unpin postpone vote minutes area title agenda mine find help stop resume call skip keep hold send undo yes") {
		_, onMail := r.onMail(verb)
		if actionVerbs[verb] == nil && itemVerbs[verb] == nil && plainVerbs[verb] == nil && !onMail {
			t.Errorf("nothing carries out %s", verb)
		}
	}
}

func TestErrorsAreToldOncePerReasonAndDay(t *testing.T) {
	s := afterJanuary(t)
	o := s.letter(MinutesDigest, "shaun")
	s.answer(o, say("done", "", "A-99"))
	before := len(s.letters)
	s.answer(o, say("done", "", "A-98"))
	if len(s.letters) != before {
		t.Error("a second unknown id on the same day was answered")
	}
	s.answer(o, say("due", "firday", "A-1"))
	if len(s.letters) != before+1 {
		t.Error("another reason was not answered")
	}
	s.until("2017-01-31 18:01")
	before = s.count(ReceiptLetter)
	s.answer(o, say("done", "", "A-97"))
	if s.count(ReceiptLetter) != before+1 {
		t.Error("a day later the unknown id was not answered")
	}
}

func TestTeamGivesTwentyAnswersAnHour(t *testing.T) {
	s := afterJanuary(t)
	before := s.count(ReceiptLetter)
	o := s.letter(MinutesDigest, "shaun")
	s.now = s.now.Add(2 * time.Hour)
	for n := range 30 {
		s.answer(o, say("note", fmt.Sprintf("Part %c is soldered", 'a'+n), "A-1"))
	}
	if n := s.count(ReceiptLetter) - before; n != maxAnswers {
		t.Errorf("%d answers within a minute, want %d", n, maxAnswers)
	}
	if n := len(s.action(1).Notes); n != 30 {
		t.Errorf("%d notes: the changes must happen all the same, each once", n)
	}
}
