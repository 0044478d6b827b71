package agenda

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"minuted/parser"
	"minuted/parser/minutes"
	"minuted/parser/when"
)

// promised is the story after minutes with the given actions, on Monday 30
// January 2017 at 17:00 in London.
func promised(t *testing.T, actions ...minutes.Action) *story {
	s := begin(t, "2017-01-30 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 17:00")
	page := january()
	page.Meetings[0].Actions = actions
	s.minutes(s.letter(AgendaFinal, "alexis"), page, "the minutes")
	return s
}

// reminders are the reminders so far: "shaun 02-06 09:00 A-1".
func (s *story) reminders() []string {
	var out []string
	for _, o := range s.letters {
		if o.Kind == Reminder {
			out = append(out, fmt.Sprintf("%s %s %s", o.Person, o.At.Format("01-02 15:04"), strings.Join(o.Ids, " ")))
		}
	}
	return out
}

func (s *story) reminded(want ...string) {
	s.Helper()
	if got := s.reminders(); !slices.Equal(got, want) {
		s.Errorf("reminders\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestReminders(t *testing.T) {
	due := func(day string, owners ...string) minutes.Action {
		return minutes.Action{Text: "Write the spec " + strings.Join(owners, " ") + day, Owners: owners, Due: text(day)}
	}
	tests := map[string]struct {
		actions []minutes.Action
		then    func(s *story)
		until   string
		want    []string
	}{
		"first a day before it is due, then after 1, 3 and 7 days": {[]minutes.Action{due("2017-02-08", "Shaun")}, nil, "2017-03-30 10:00",
			[]string{"shaun 02-07 09:00 A-1", "shaun 02-08 09:00 A-1", "shaun 02-13 09:00 A-1", "shaun 02-20 09:00 A-1"}},
		"without a day, a week after it was made": {[]minutes.Action{{Text: "Write", Owners: []string{"Shaun"}}}, nil, "2017-02-06 10:00",
			[]string{"shaun 02-06 09:00 A-1"}},
		"due at once, on the next morning": {[]minutes.Action{due("2017-01-30", "Shaun")}, nil, "2017-02-01 10:00",
			[]string{"shaun 01-31 09:00 A-1", "shaun 02-01 09:00 A-1"}},
		"not on a weekend": {[]minutes.Action{due("2017-02-05", "Shaun")}, nil, "2017-02-06 10:00",
			[]string{"shaun 02-06 09:00 A-1"}},
		"at the morning of the person's own zone": {[]minutes.Action{due("2017-02-08", "Costas")}, nil, "2017-02-07 10:00",
			[]string{"kostas 02-07 07:00 A-1"}},
		"one a day, with all that is due, due first": {[]minutes.Action{due("2017-02-10", "Shaun"), due("2017-02-08", "Shaun"), {Text: "Undated", Owners: []string{"Shaun"}}}, nil, "2017-02-08 10:00",
			[]string{"shaun 02-06 09:00 A-3", "shaun 02-07 09:00 A-2 A-3", "shaun 02-08 09:00 A-2"}},
		"to each owner": {[]minutes.Action{due("2017-02-08", "Shaun", "Costas")}, nil, "2017-02-08 10:00",
			[]string{"kostas 02-07 07:00 A-1", "shaun 02-07 09:00 A-1", "kostas 02-08 07:00 A-1", "shaun 02-08 09:00 A-1"}},
		"not to nobody":  {[]minutes.Action{due("2017-02-08", "Bob"), due("2017-02-08")}, nil, "2017-03-08 10:00", nil},
		"not after done": {[]minutes.Action{due("2017-02-08", "Shaun")}, func(s *story) { s.answer(s.letter(ReceiptLetter, "shaun"), say("done", "", "A-1")) }, "2017-03-08 10:00", nil},
		"not before the day that snooze names": {[]minutes.Action{due("2017-02-08", "Shaun")}, func(s *story) { s.answer(s.letter(ReceiptLetter, "shaun"), say("snooze", "2017-02-16", "A-1")) }, "2017-02-17 10:00",
			[]string{"shaun 02-16 09:00 A-1", "shaun 02-17 09:00 A-1"}},
		"not after stop": {[]minutes.Action{due("2017-02-08", "Shaun")}, func(s *story) { s.answer(s.letter(ReceiptLetter, "shaun"), say("stop", "reminders")) }, "2017-03-08 10:00", nil},
		"again from the day that stop until names": {[]minutes.Action{due("2017-02-08", "Shaun")}, func(s *story) { s.answer(s.letter(ReceiptLetter, "shaun"), say("stop", "reminders until 2017-02-14")) }, "2017-02-14 10:00",
			[]string{"shaun 02-14 09:00 A-1"}},
		"again after resume": {[]minutes.Action{due("2017-02-08", "Shaun")}, func(s *story) {
			s.answer(s.letter(ReceiptLetter, "shaun"), say("stop", ""), say("stop", "all"))
			s.until("2017-02-09 12:00")
			s.answer(s.letter(ReceiptLetter, "shaun"), say("resume", ""))
		}, "2017-02-10 10:00", []string{"shaun 02-10 09:00 A-1"}},
		"not while away, for three days": {[]minutes.Action{due("2017-01-30", "Shaun")}, func(s *story) {
			s.mail("shaun@example.com", parser.Mail{Class: parser.AutoReply, Automatic: true, Away: &parser.Away{}})
		}, "2017-02-02 10:00", []string{"shaun 02-02 09:00 A-1"}},
		"not while away, until the day it names": {[]minutes.Action{due("2017-01-30", "Shaun")}, func(s *story) {
			id := "agenda.20170130.2.shaun." + s.book.TokenOf(s.letter(AgendaFinal, "shaun")) + "@example.com"
			s.mail("shaun@example.com", parser.Mail{Class: parser.AutoReply, Automatic: true, Away: &parser.Away{Until: "2017-02-08"}, InReplyTo: []string{id}})
		}, "2017-02-08 10:00", []string{"shaun 02-08 09:00 A-1"}},
		"for three days only where nothing proves who is away": {[]minutes.Action{due("2017-01-30", "Shaun")}, func(s *story) {
			s.mail("shaun@example.com", parser.Mail{Class: parser.AutoReply, Automatic: true, Away: &parser.Away{Until: "2017-02-08"}})
		}, "2017-02-02 10:00", []string{"shaun 02-02 09:00 A-1"}},
		"a new date begins anew": {[]minutes.Action{due("2017-02-02", "Shaun")}, func(s *story) {
			s.until("2017-02-01 12:00")
			s.answer(s.letter(Reminder, "shaun"), say("due", "2017-02-20"))
		}, "2017-02-20 10:00", []string{"shaun 02-01 09:00 A-1", "shaun 02-20 09:00 A-1"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			s := promised(t, test.actions...)
			if test.then != nil {
				test.then(s)
			}
			s.T = t
			s.until(test.until)
			s.reminded(test.want...)
		})
	}
}

func TestAfterTheFourthReminderItIsOnTheAgenda(t *testing.T) {
	s := promised(t, minutes.Action{Text: "Write the spec", Owners: []string{"Shaun"}, Due: text("2017-01-31")})
	s.until("2017-02-10 09:00")
	if got := s.book.Plan("2017-02-13").Stuck; len(got) != 0 {
		t.Errorf("stuck too early: %+v", got)
	}
	s.until("2017-02-15 09:00")
	if got := s.book.Plan("2017-02-16").Stuck; len(got) != 1 || got[0].ID != 1 || len(s.reminders()) != 4 {
		t.Errorf("stuck %+v after %v", got, s.reminders())
	}
}

func TestActionThatNobodyOwnsIsOnTheAgendaAfterTwoWeeks(t *testing.T) {
	s := promised(t, minutes.Action{Text: "Write the spec"})
	s.until("2017-02-12 16:00")
	if got := s.book.Plan("2017-02-13").Stuck; len(got) != 0 {
		t.Errorf("too early: %+v", got)
	}
	s.until("2017-02-15 16:00")
	if got := s.book.Plan("2017-02-16").Stuck; len(got) != 1 {
		t.Errorf("stuck %+v", got)
	}
}

func TestDaysOffHaveNoReminder(t *testing.T) {
	s := promised(t, minutes.Action{Text: "Write the spec", Owners: []string{"Shaun"}, Due: text("2017-02-08")})
	s.team.DaysOff = []when.Date{"2017-02-07", "2017-02-08"}
	s.team.People[2].Days = []time.Weekday{time.Friday}
	s.reopen()
	s.until("2017-02-10 10:00")
	s.reminded("shaun 02-10 09:00 A-1")
}

func TestReminderIsOfNoUseTheNextDay(t *testing.T) {
	s := promised(t, minutes.Action{Text: "Write the spec", Owners: []string{"Costas"}, Due: text("2017-02-08")})
	s.until("2017-02-07 12:00")
	if got, want := s.letter(Reminder, "kostas").Until, instant(t, "2017-02-07 22:00"); !got.Equal(want) {
		t.Errorf("until %v, want midnight in Athens, %v", got, want)
	}
}

func TestWeekly(t *testing.T) {
	t.Run("a quiet week has none", func(t *testing.T) {
		s := begin(t, "2017-01-30 10:00")
		s.until("2017-02-20 10:00")
		if s.count(WeeklyDigest) != 0 {
			t.Errorf("%v", s.log)
		}
	})
	t.Run("after a pause the older ones are of no use", func(t *testing.T) {
		s := promised(t, minutes.Action{Text: "Write the spec", Owners: []string{"Shaun"}})
		s.until("2017-02-22 10:00")
		var weeks []string
		for _, o := range s.letters {
			if o.Kind == WeeklyDigest && o.Person == "shaun" {
				weeks = append(weeks, o.Key+" "+o.Week.From.Format("01-02 15:04")+" "+o.Until.Format("01-02 15:04"))
			}
		}
		want := []string{
			"weekly.20170203.shaun 01-30 10:00 02-10 15:00",
			"weekly.20170210.shaun 02-03 15:00 02-17 15:00",
			"weekly.20170217.shaun 02-10 15:00 02-24 15:00",
		}
		if !slices.Equal(weeks, want) {
			t.Errorf("%v, want %v", weeks, want)
		}
	})
	t.Run("tells decisions, what was opened and closed, and who owes what", func(t *testing.T) {
		s := afterJanuary(t)
		s.answer(s.letter(MinutesDigest, "shaun"), say("done", "", "A-1"))
		s.until("2017-02-03 15:00")
		w := s.book.Week(s.letter(WeeklyDigest, "shaun").Week)
		if len(w.Decisions) != 1 || w.Decisions[0].Call != "2017-01-30" || w.Decisions[0].Item != 1 || len(w.Opened) != 3 || len(w.Closed) != 2 {
			t.Errorf("%+v", w)
		}
		if len(w.Open) != 2 || w.Open[0].Name != "Bob" || w.Open[0].Handle != "" || w.Open[1].Handle != "kostas" || w.Open[1].Oldest != "2017-01-30" {
			t.Errorf("open %+v", w.Open)
		}
		if w.Next.ID != "2017-02-06" || w.Topics != 2 {
			t.Errorf("next %+v with %d topics", w.Next, w.Topics)
		}
	})
	t.Run("keeps its wall time when the clocks change", func(t *testing.T) {
		s := promised(t, minutes.Action{Text: "Write the spec", Owners: []string{"Shaun"}})
		s.until("2017-03-31 23:00")
		if at := s.letter(WeeklyDigest, "shaun").At; !at.Equal(instant(t, "2017-03-31 14:00")) {
			t.Errorf("at %v, want 15:00 of London's summer", at)
		}
	})
}

func TestClosedRecordsLeaveTheOpenOnes(t *testing.T) {
	s := afterJanuary(t)
	s.answer(s.letter(MinutesDigest, "shaun"), say("done", "", "A-1"), say("drop", "", "T-3"))
	s.until("2017-02-20 10:00")
	if !s.stored["action:1"].Open || !s.stored["item:3"].Open {
		t.Error("what was closed three weeks ago must still be at hand, for undo and corrections")
	}
	s.until("2017-03-20 10:00")
	for _, key := range []string{"action:1", "item:3", "call:2017-01-30"} {
		if s.stored[key].Open {
			t.Errorf("%s is still loaded at each start", key)
		}
	}
	s.answer(s.letter(WeeklyDigest, "shaun"), say("reopen", "", "A-1", "T-3"))
	if s.action(1).State != OpenAction || s.item(3).State != OpenItem || !s.stored["item:3"].Open {
		t.Error("what left can be brought back")
	}
}
