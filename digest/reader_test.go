package digest

import (
	"strings"
	"testing"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
)

// readerIn reads in a zone on Wednesday 1 February 2017, 16:00 UTC.
func readerIn(t *testing.T, name string) reader {
	t.Helper()
	z := zone(t, name)
	return reader{handle: "ada", name: "Ada", zone: z, now: wednesday.In(z)}
}

func TestDaysAreSaidByNameNearToday(t *testing.T) {
	r := readerIn(t, "Europe/London")
	for day, want := range map[when.Date][3]string{
		"2017-01-31": {"yesterday, Tuesday 31 January", "yesterday", "Tuesday 31 January"},
		"2017-02-01": {"today, Wednesday 1 February", "today", "Wednesday"},
		"2017-02-02": {"tomorrow, Thursday 2 February", "tomorrow", "Thursday"},
		"2017-02-06": {"Monday 6 February", "on Monday", "Monday"},
		"2017-02-08": {"Wednesday 8 February", "on 8 February", "Wednesday 8 February"},
		"2018-02-06": {"Tuesday 6 February 2018", "on 6 February 2018", "Tuesday 6 February 2018"},
	} {
		if got := [3]string{r.named(day), r.soon(day), r.weekday(day)}; got != want {
			t.Errorf("%s: %q", day, got)
		}
	}
}

func TestAgesAreInDaysToSixtyThenInMonths(t *testing.T) {
	for n, want := range map[int]string{1: "1 day", 2: "2 days", 60: "60 days", 61: "2 months", 100: "3 months", 700: "23 months", 1000: "2 years"} {
		if got := days(n); got != want {
			t.Errorf("%d: %q", n, got)
		}
	}
}

func TestAgoSaysHowLongByTheReadersCalendar(t *testing.T) {
	r := readerIn(t, "Europe/London")
	for at, want := range map[time.Time]string{
		wednesday.Add(-10 * time.Minute):    "just now",
		wednesday.Add(-90 * time.Minute):    "an hour ago",
		wednesday.Add(-3 * time.Hour):       "3 hours ago",
		wednesday.Add(-6 * time.Hour):       "this morning",
		wednesday.Add(-17 * time.Hour):      "yesterday",
		wednesday.Add(-48 * time.Hour):      "2 days ago",
		wednesday.Add(-90 * 24 * time.Hour): "3 months ago",
		{}:                                  "",
	} {
		if got := r.ago(at); got != want {
			t.Errorf("%s: %q", at, got)
		}
	}
}

func TestAPlaceIsTheCityOfTheZone(t *testing.T) {
	for name, want := range map[string]string{
		"Europe/London": "in London", "America/New_York": "in New York", "America/Argentina/Buenos_Aires": "in Buenos Aires", "UTC": "UTC", "Etc/UTC": "UTC",
	} {
		if got := readerIn(t, name).place(); got != want {
			t.Errorf("%s: %q", name, got)
		}
	}
}

// TestAChangeOfClocksIsTold: calls are on Mondays and Thursdays at 16:00 in
// London, where clocks change on 26 March 2017; in New York they did on 12 March.
func TestAChangeOfClocksIsTold(t *testing.T) {
	for _, c := range []struct{ name, reader, call, want string }{
		{"nothing for who lives where the series does", "Europe/London", "2017-03-27T15:00:00Z", ""},
		{"one hour later after the reader's own change", "America/New_York", "2017-03-13T16:00:00Z", "an hour later"},
		{"said once, at the first call after it", "America/New_York", "2017-03-16T16:00:00Z", ""},
		{"back again after the change of the series", "America/New_York", "2017-03-27T15:00:00Z", "an hour earlier"},
		{"one hour earlier where clocks never change", "Asia/Kolkata", "2017-03-27T15:00:00Z", "an hour earlier"},
		{"nothing in a quiet week", "Asia/Kolkata", "2017-03-20T16:00:00Z", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := draft{Writer: Writer{team: sampleTeam(t)}, reader: readerIn(t, c.reader)}
			start, err := time.Parse(time.RFC3339, c.call)
			if err != nil {
				t.Fatal(err)
			}
			if got := d.shift(agenda.Call{Start: start}); got != c.want {
				t.Errorf("the call is %q", got)
			}
		})
	}
}

func TestAChangeOfClocksStandsInTheAgenda(t *testing.T) {
	s := newSample(sampleTeam(t), time.Date(2017, 3, 26, 16, 0, 0, 0, time.UTC))
	order, _ := s.order(agenda.AgendaPreview)
	order.Person = "cem"
	w, _ := write(t, s, order)
	text := strings.Join(strings.Fields(w.text), " ")
	if want := "Monday 27 March, 11:00 to 12:00 in New York. Planned: 50 of 60 minutes. The clocks have changed: for you the call is an hour earlier than last time."; !strings.Contains(text, want) {
		t.Errorf("the agenda says %s", w.text)
	}
}
