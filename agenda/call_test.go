package agenda

import (
	"slices"
	"testing"
	"time"

	"minuted/parser"
	"minuted/parser/when"
)

func starts(t *testing.T, s Series, from, to string) []string {
	team := architecture(t)
	team.Series = []Series{s}
	var out []string
	for _, o := range team.foresee(instant(t, from), instant(t, to)) {
		if !o.start.Before(instant(t, from)) && o.start.Before(instant(t, to)) {
			out = append(out, o.id+" "+o.start.Format("15:04"))
		}
	}
	return out
}

func TestSeries(t *testing.T) {
	monday := []time.Weekday{time.Monday}
	sunday := []time.Weekday{time.Sunday}
	saoPaulo, err := time.LoadLocation("America/Sao_Paulo")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]struct {
		series Series
		from   string
		to     string
		want   []string
	}{
		"keeps its wall time over both changes of clocks": {Series{Days: monday, Time: 16 * time.Hour}, "2017-03-20 00:00", "2017-04-04 00:00", []string{"2017-03-20 16:00", "2017-03-27 15:00", "2017-04-03 15:00"}},
		"autumn": {Series{Days: monday, Time: 16 * time.Hour}, "2017-10-23 00:00", "2017-10-31 00:00", []string{"2017-10-23 15:00", "2017-10-30 16:00"}},
		"an hour that the clocks leave out is one call":      {Series{Days: sunday, Time: 90 * time.Minute}, "2017-03-26 00:00", "2017-03-27 00:00", []string{"2017-03-26 01:30"}},
		"a midnight that the clocks leave out is on its day": {Series{Days: sunday, Time: 30 * time.Minute, Zone: saoPaulo}, "2017-10-14 00:00", "2017-10-16 00:00", []string{"2017-10-15 03:30"}},
		"an hour that comes twice is one call":               {Series{Days: sunday, Time: 90 * time.Minute}, "2017-10-28 12:00", "2017-10-30 00:00", []string{"2017-10-29 01:30"}},
		"every two weeks, counted from a week":               {Series{Days: []time.Weekday{time.Monday, time.Thursday}, Time: 16 * time.Hour, Every: 2, Since: "2017-01-05"}, "2017-01-01 00:00", "2017-02-01 00:00", []string{"2017-01-05 16:00", "2017-01-16 16:00", "2017-01-19 16:00", "2017-01-30 16:00"}},
		"every three weeks, after years":                     {Series{Days: monday, Time: 16 * time.Hour, Every: 3, Since: "2010-01-04"}, "2017-01-01 00:00", "2017-02-01 00:00", []string{"2017-01-09 16:00", "2017-01-30 16:00"}},
		"not before it began":                                {Series{Days: monday, Time: 16 * time.Hour, Since: "2017-01-17"}, "2017-01-01 00:00", "2017-01-25 00:00", []string{"2017-01-23 16:00"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			if got := starts(t, test.series, test.from, test.to); !slices.Equal(got, test.want) {
				t.Errorf("%v, want %v", got, test.want)
			}
		})
	}
}

func TestDaysOffHaveNoCall(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.team.DaysOff = []when.Date{"2017-01-30"}
	s.reopen()
	if c, _ := s.book.NextCall(s.now); c.ID != "2017-02-02" {
		t.Errorf("the next call is %s, want the first that is not on a day off", c.ID)
	}
}

func TestEmptyAgenda(t *testing.T) {
	t.Run("says so, and the call is cancelled at the time of the final agenda", func(t *testing.T) {
		s := begin(t, "2017-01-27 10:00")
		s.until("2017-01-30 14:59")
		if s.count(EmptyAgenda) != 3 || s.count(AgendaPreview) != 0 || s.count(CancelledCall) != 0 {
			t.Fatalf("letters: %v", s.log)
		}
		s.until("2017-01-30 15:00")
		if o := s.letter(CancelledCall, "kostas"); o.Invite != "" || !s.call("2017-01-30").Cancelled {
			t.Errorf("%+v: want cancelled, and nothing in the calendar to take away", o)
		}
		s.until("2017-02-01 12:00")
		if s.count(Nudge) != 0 {
			t.Error("minutes of a cancelled call were asked for")
		}
	})
	t.Run("keep keeps the call", func(t *testing.T) {
		s := begin(t, "2017-01-27 10:00")
		s.until("2017-01-29 18:00")
		s.answer(s.letter(EmptyAgenda, "kostas"), say("keep", ""))
		s.until("2017-01-30 15:00")
		if s.count(CancelledCall) != 0 || s.count(AgendaFinal) != 3 || s.call("2017-01-30").Kept != "kostas" {
			t.Errorf("letters: %v", s.log)
		}
	})
	t.Run("a topic that comes meanwhile keeps the call", func(t *testing.T) {
		s := begin(t, "2017-01-27 10:00")
		s.until("2017-01-30 09:00")
		s.topic("shaun@example.com", "Device trees")
		s.until("2017-01-30 15:00")
		if o := s.letter(AgendaFinal, "shaun"); o.Invite != "REQUEST" || s.count(CancelledCall) != 0 {
			t.Errorf("final %+v, want it with the invitation that the empty agenda did not carry", o)
		}
	})
	t.Run("keep brings back a cancelled call", func(t *testing.T) {
		s := begin(t, "2017-01-27 10:00")
		s.until("2017-01-30 15:10")
		s.answer(s.letter(CancelledCall, "shaun"), say("keep", ""))
		s.until("2017-01-30 15:11")
		if c := s.call("2017-01-30"); c.Cancelled || s.count(AgendaFinal) != 3 {
			t.Errorf("%+v, want the call back and announced; %v", c, s.log)
		}
	})
}

func TestAfterAPauseOneAgendaIsOfUse(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 15:20") // the daemon slept since Friday
	useful := 0
	for _, o := range s.letters {
		if o.Person == "shaun" && o.Receipt == nil && s.now.Before(o.Until) {
			useful++
		}
	}
	if o := s.letter(AgendaFinal, "shaun"); useful != 1 || !o.Until.Equal(instant(t, "2017-01-30 16:00")) {
		t.Errorf("%d letters are still of use, want the final agenda alone", useful)
	}
}

func TestWaitingItemsAreNoReasonToMeet(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.mail("sam@customer.example", parser.Mail{Kind: parser.Untagged, Subject: "Hello"})
	s.until("2017-01-29 16:00")
	if s.count(EmptyAgenda) != 3 {
		t.Errorf("letters: %v", s.log)
	}
	if p := s.book.Plan("2017-01-30"); len(p.Waiting) != 1 || !p.Empty() {
		t.Errorf("plan %+v", p)
	}
}

func TestAdHocCall(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.answer(s.letter(ReceiptLetter, "shaun"), say("call", "2017-01-28 12:00 about trees"))
	s.until("2017-01-27 12:00")
	if o := s.letter(AgendaPreview, "alexis"); o.Call != "2017-01-28" {
		t.Errorf("preview %+v, want that of the call, a day before", o)
	}
	s.answer(s.letter(ReceiptLetter, "shaun"), say("call", "2017-01-27 13:00"))
	if s.until("2017-01-27 12:01"); s.letter(AgendaFinal, "alexis").Call != "2017-01-27" || s.call("2017-01-27").Preview {
		t.Errorf("a call within the hour wants one agenda, at once: %v", s.log)
	}
}

func TestCancelledCallLeavesTheCalendar(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-29 17:00")
	s.answer(s.letter(AgendaPreview, "shaun"), say("skip", ""))
	if o := s.letter(CancelledCall, "kostas"); o.Invite != "CANCEL" || s.call("2017-01-30").Sequence != 1 {
		t.Errorf("%+v, want CANCEL with a higher sequence", o)
	}
	s.answer(s.letter(CancelledCall, "shaun"), say("keep", ""))
	s.until("2017-01-30 15:00")
	if o := s.letter(AgendaPreview, "kostas"); o.Invite != "REQUEST" || o.Key != "agenda.20170130.5.kostas" || s.call("2017-01-30").Sequence != 2 {
		t.Errorf("%+v sequence %d, want the entry back", o, s.call("2017-01-30").Sequence)
	}
}

func TestMissingMinutesAreAskedForOnce(t *testing.T) {
	s := afterJanuary(t)
	s.until("2017-02-03 08:59")
	if s.count(Nudge) != 0 {
		t.Error("too early")
	}
	s.until("2017-02-20 12:00")
	var nudged []string
	for _, o := range s.letters {
		if o.Kind == Nudge {
			nudged = append(nudged, o.Person+" "+o.At.Format("2006-01-02 15:04")+" "+o.Call)
		}
	}
	want := []string{"alexis 2017-02-03 09:00 2017-02-02", "alexis 2017-02-07 09:00 2017-02-06", "alexis 2017-02-10 09:00 2017-02-09", "alexis 2017-02-14 09:00 2017-02-13", "alexis 2017-02-17 09:00 2017-02-16"}
	if !slices.Equal(nudged, want) {
		t.Errorf("%v, want %v", nudged, want)
	}
}

func TestTimeBeginsWithTheFirstMail(t *testing.T) {
	s := &story{T: t, team: architecture(t), stored: map[string]Record{}, now: instant(t, "2017-01-30 12:00")}
	s.reopen()
	if !s.book.Next().IsZero() {
		t.Error("something is due in a book that knows no time")
	}
	s.topic("shaun@example.com", "Device trees")
	s.until("2017-01-30 15:00")
	if s.count(AgendaPreview) != 0 || s.count(AgendaFinal) != 3 || s.count(WeeklyDigest) != 0 {
		t.Errorf("want what is due from now on only: %v", s.log)
	}
}

func TestPlanOrder(t *testing.T) {
	s := begin(t, "2017-01-27 10:00")
	for _, title := range []string{"Plain", "New firmware", "Wanted", "Old", "Older", "Pinned"} {
		s.topic("shaun@example.com", title)
	}
	o := s.letter(ReceiptLetter, "shaun")
	s.answer(o, say("vote", "", "T-3"), say("pin", "", "T-6"), say("minutes", "45m", "T-5"))
	for _, day := range []string{"2017-01-31", "2017-02-03"} {
		s.answer(o, say("postpone", "2017-02-02", "T-5"))
		if day == "2017-02-03" {
			s.answer(o, say("postpone", "2017-02-02", "T-4"))
		}
	}
	var order []string
	p := s.book.Plan("2017-02-02")
	for _, it := range p.Listed() {
		order = append(order, it.Title)
	}
	if want := []string{"Pinned", "Old", "Older", "New firmware", "Wanted", "Plain"}; !slices.Equal(order, want) {
		t.Errorf("%v, want %v", order, want)
	}
	if p.Minutes != 95 || !p.Overrun[5] || p.Overrun[4] {
		t.Errorf("%d minutes, overrun %v; want 95, and what begins when the hour is full", p.Minutes, p.Overrun)
	}
	if early := s.book.Plan("2017-01-30"); len(early.Carried) != 0 {
		t.Errorf("postponed items on an earlier agenda: %+v", early.Carried)
	}
}

// A call that people were told of stays when the configuration changes; status
// says so, and how to change it.
func TestAnAnnouncedCallThatTheConfigurationHasOtherwise(t *testing.T) {
	for name, c := range map[string]struct {
		change func(*Series)
		now    string // "": the configuration has no call on that day
		stale  bool
	}{
		"nothing changed": {func(*Series) {}, "", false},
		"another time":    {func(s *Series) { s.Time = 17 * time.Hour }, "17:00", true},
		"another day":     {func(s *Series) { s.Days = []time.Weekday{time.Tuesday} }, "", true},
	} {
		t.Run(name, func(t *testing.T) {
			s := begin(t, "2017-01-27 10:00")
			s.topic("shaun@example.com", "Device trees")
			s.until("2017-01-29 17:00")
			s.letter(AgendaPreview, "kostas") // of Monday's call
			s.team.Series = slices.Clone(s.team.Series)
			c.change(&s.team.Series[0])
			s.reopen()
			stale := s.book.Stale(s.now)
			if len(stale) > 0 != c.stale {
				t.Fatalf("stale: %+v", stale)
			}
			if !c.stale {
				return
			}
			now := ""
			if !stale[0].Now.IsZero() {
				now = stale[0].Now.Format("15:04")
			}
			if stale[0].Call.ID != "2017-01-30" || now != c.now {
				t.Errorf("call %s, now %q, want %q", stale[0].Call.ID, now, c.now)
			}
		})
	}
}
