package digest

import (
	"strings"
	"testing"
	"time"

	arran "github.com/arran4/golang-ical"
	"github.com/emersion/go-ical"

	"minuted/agenda"
)

// invitation writes the agenda with a calendar part.
func invitation(t *testing.T, kind agenda.Kind, change func(*sample)) written {
	t.Helper()
	s := usualCase(t)
	change(s)
	order, _ := s.order(kind)
	w, _ := write(t, s, order)
	return w
}

func asItIs(*sample) {}

func TestAnInvitationIsReadByOtherPrograms(t *testing.T) {
	w := invitation(t, agenda.AgendaPreview, func(s *sample) {
		s.call.Sequence = 3
		s.call.Where = `Room "A"; 2nd floor, behind the stairs that lead to the roof and to the café at the other end`
		s.team.Name = "Café, stations; and more"
	})
	for name, read := range map[string]func(*testing.T, string) map[string]string{"go-ical": readGoICal, "golang-ical": readArran} {
		t.Run(name, func(t *testing.T) {
			got := read(t, w.calendar)
			for property, want := range map[string]string{
				"METHOD": "REQUEST", "UID": "call.2017-02-02.stations@example.com", "SEQUENCE": "3", "STATUS": "CONFIRMED",
				"start": "2017-02-02T16:00:00Z", "end": "2017-02-02T17:00:00Z", "DTSTAMP": "20170201T160000Z",
				"SUMMARY": "Café, stations; and more", "ORGANIZER": "mailto:stations@example.com", "ATTENDEE": "mailto:ada@example.com",
				"LOCATION": `Room "A"; 2nd floor, behind the stairs that lead to the roof and to the café at the other end`,
			} {
				if got[property] != want {
					t.Errorf("%s is %q, not %q", property, got[property], want)
				}
			}
		})
	}
}

func readGoICal(t *testing.T, text string) map[string]string {
	t.Helper()
	cal, err := ical.NewDecoder(strings.NewReader(text)).Decode()
	if err != nil {
		t.Fatal(err)
	}
	events := cal.Events()
	if len(events) != 1 {
		t.Fatalf("there are %d events", len(events))
	}
	got := map[string]string{"METHOD": cal.Props.Get("METHOD").Value}
	for name := range events[0].Props {
		p := events[0].Props.Get(name)
		got[name] = p.Value
		if text, err := p.Text(); err == nil && (name == "SUMMARY" || name == "LOCATION") {
			got[name] = text
		}
	}
	start, err := events[0].DateTimeStart(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	end, err := events[0].DateTimeEnd(time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	got["start"], got["end"] = start.Format(time.RFC3339), end.Format(time.RFC3339)
	return got
}

func readArran(t *testing.T, text string) map[string]string {
	t.Helper()
	cal, err := arran.ParseCalendar(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	if len(cal.Events()) != 1 {
		t.Fatalf("there are %d events", len(cal.Events()))
	}
	got := map[string]string{}
	for _, p := range cal.CalendarProperties {
		got[p.IANAToken] = p.Value
	}
	event := cal.Events()[0]
	for _, p := range event.Properties {
		got[p.IANAToken] = p.Value
	}
	start, err := event.GetStartAt()
	if err != nil {
		t.Fatal(err)
	}
	end, err := event.GetEndAt()
	if err != nil {
		t.Fatal(err)
	}
	got["start"], got["end"] = start.UTC().Format(time.RFC3339), end.UTC().Format(time.RFC3339)
	return got
}

func TestAnInvitationKeepsToWhatAllProgramsRead(t *testing.T) {
	w := invitation(t, agenda.AgendaPreview, func(s *sample) { s.team.Name = strings.Repeat("長い名前の", 12) })
	if !strings.Contains(string(w.Bytes), "text/calendar; method=REQUEST; charset=UTF-8") {
		t.Error("the content type does not bear the method")
	}
	if w.attachments["invite.ics"] != w.calendar || len(w.attachments) != 1 {
		t.Errorf("the attachments are %v", w.attachments)
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(w.calendar, "\r\n"), "\r\n") {
		if len(line) > 75 || strings.Contains(line, "\n") {
			t.Errorf("the line %q takes %d octets", line, len(line))
		}
	}
	for _, unwanted := range []string{"VTIMEZONE", "RRULE", "TZID"} {
		if strings.Contains(w.calendar, unwanted) {
			t.Errorf("there is a %s", unwanted)
		}
	}
}

func TestACancelledCallLeavesTheCalendar(t *testing.T) {
	first := readGoICal(t, invitation(t, agenda.AgendaPreview, asItIs).calendar)
	cancelled := invitation(t, agenda.CancelledCall, func(s *sample) { s.call.Sequence = 1 })
	last := readGoICal(t, cancelled.calendar)
	if last["METHOD"] != "CANCEL" || last["STATUS"] != "CANCELLED" || last["UID"] != first["UID"] || last["SEQUENCE"] <= first["SEQUENCE"] {
		t.Errorf("first %v, last %v", first, last)
	}
	if !strings.Contains(string(cancelled.Bytes), "text/calendar; method=CANCEL") {
		t.Error("the content type does not say CANCEL")
	}
}

func TestATeamWithItsOwnCalendarEntryGetsNone(t *testing.T) {
	for mode, want := range map[string]struct{ part, file bool }{"invite": {true, true}, "attach": {false, true}, "none": {false, false}} {
		w := invitation(t, agenda.AgendaPreview, func(s *sample) { s.team.Calendar = mode })
		if part, file := w.calendar != "", w.attachments["invite.ics"] != ""; part != want.part || file != want.file {
			t.Errorf("%s: a part %v, a file %v", mode, part, file)
		}
	}
}

func TestAnAgendaThatMovesNothingHasNoCalendarPart(t *testing.T) {
	w := invitation(t, agenda.AgendaFinal, asItIs)
	if w.calendar != "" || len(w.attachments) > 0 {
		t.Errorf("there is %q with %v", w.calendar, w.attachments)
	}
}
