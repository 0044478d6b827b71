package agenda

import (
	"strings"
	"testing"

	"minuted/parser"
)

// Each verb's change is taken back whole: the records are as they were.
func TestUndo(t *testing.T) {
	for _, change := range []parser.Command{
		say("done", "https://example.com/1", "A-1"), say("reopen", "", "A-3"), say("drop", "why", "A-1"), say("owner", "@alexis", "A-1"),
		say("due", "2w", "A-1"), say("snooze", "2w", "A-1"), say("note", "words", "A-1"), say("accept", "", "T-4"), say("drop", "", "T-3"),
		say("pin", "", "T-3"), say("postpone", "", "T-3"), say("vote", "", "T-3"), say("minutes", "15m", "T-3"), say("area", "devices", "T-3"),
		say("title", "Other words", "T-3"), say("stop", "all"),
	} {
		t.Run(change.Line, func(t *testing.T) {
			s := afterJanuary(t)
			before := s.snapshot()
			s.answer(s.letter(MinutesDigest, "shaun"), change)
			s.until("2017-01-31 08:00")
			s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
			if r := s.receipt(); !r.Undone || len(r.Changes) != 1 || r.Changes[0].Verb != "undo "+change.Verb {
				t.Errorf("receipt %+v", r)
			}
			for _, key := range []string{"action:1", "action:3", "item:3", "item:4"} {
				if s.snapshot()[key] != before[key] {
					t.Errorf("%s is\n%s\nwas\n%s", key, s.snapshot()[key], before[key])
				}
			}
			if got := s.book.Member("shaun").Stopped; got != nil {
				t.Errorf("stopped %v", got)
			}
			s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
			if got := summary(s.receipt()); !strings.Contains(got, "nothing to undo") {
				t.Errorf("a second undo: %s", got)
			}
		})
	}
}

func TestUndoOfANewItemDropsIt(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
	if it := s.item(1); it.State != Dropped {
		t.Errorf("%+v", it)
	}
	s.topic("shaun@example.com", "Signed images")
	if s.item(2).Title != "Signed images" {
		t.Error("the id was given twice")
	}
}

func TestUndoOfACallCancelsIt(t *testing.T) {
	s := afterJanuary(t)
	s.answer(s.letter(MinutesDigest, "shaun"), say("call", "2017-02-10 15:00"))
	s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
	if !s.call("2017-02-10").Cancelled {
		t.Errorf("%+v", s.call("2017-02-10"))
	}
}

func TestUndoOfSkipBringsTheCallBack(t *testing.T) {
	s := afterJanuary(t)
	s.until("2017-02-01 17:00")
	s.answer(s.letter(AgendaPreview, "shaun"), say("skip", ""))
	s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
	s.until("2017-02-01 17:01")
	c := s.call("2017-02-02")
	if o := s.letter(AgendaPreview, "kostas"); c.Cancelled || c.Sequence != 2 || o.Invite != "REQUEST" || o.Key != "agenda.20170202.5.kostas" {
		t.Errorf("%+v with the letter %+v, want it announced again with a calendar entry that counts on", c, o)
	}
}

func TestUndoLeavesWhatWasChangedSince(t *testing.T) {
	s := afterJanuary(t)
	s.answer(s.letter(MinutesDigest, "shaun"), say("due", "2w", "A-1"), say("due", "2w", "A-2"))
	undo := s.letter(ReceiptLetter, "shaun")
	s.answer(s.letter(MinutesDigest, "kostas"), say("done", "", "A-2"))
	s.answer(undo, say("undo", ""))
	if a := s.action(1); a.Due != "2017-02-06" {
		t.Errorf("A-1 is %+v, want as before", a)
	}
	if a := s.action(2); a.State != DoneAction || a.Due != "2017-02-13" {
		t.Errorf("A-2 is %+v, want left as Kostas made it", a)
	}
	if got, want := summary(s.receipt()), "A-1: due Monday 13 February 2017 -> due Monday 6 February 2017; ! A-2 was changed again since, and stays as it is. [show A-2]"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestUndoIsForTwoWeeks(t *testing.T) {
	s := afterJanuary(t)
	s.answer(s.letter(MinutesDigest, "shaun"), say("vote", "", "T-3"))
	s.until("2017-02-14 18:01")
	s.answer(s.letter(WeeklyDigest, "shaun"), say("undo", ""))
	if got := summary(s.receipt()); !strings.Contains(got, "nothing to undo") {
		t.Errorf("%s", got)
	}
}

func TestUndoWithoutItsReceiptTakesTheLastChange(t *testing.T) {
	s := afterJanuary(t)
	o := s.letter(MinutesDigest, "shaun")
	s.answer(o, say("vote", "", "T-3"))
	s.answer(o, say("pin", "", "T-3"))
	s.answer(o, say("undo", ""))
	if it := s.item(3); it.Pinned || len(it.Votes) != 1 {
		t.Errorf("%+v", it)
	}
}

func TestUndoOfASkippedCallBringsItBack(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-29 16:00")
	s.answer(s.letter(AgendaPreview, "shaun"), say("skip", "2017-02-06")) // nothing is known yet of that call but that it is one of the series
	if !s.call("2017-02-06").Cancelled {
		t.Fatal("it was not skipped")
	}
	s.answer(s.letter(ReceiptLetter, "shaun"), say("undo", ""))
	if c := s.call("2017-02-06"); c.Cancelled {
		t.Errorf("%+v, want it to take place", c)
	}
	s.until("2017-02-06 15:00")
	if s.letter(AgendaFinal, "alexis").Call != "2017-02-06" {
		t.Error("no agenda for it")
	}
}
