package when

import (
	"slices"
	"testing"
	"time"
)

// wednesday is a Wednesday, 1 February 2017, late in the evening in London.
var wednesday = time.Date(2017, 2, 1, 22, 30, 0, 0, time.UTC)

func TestDay(t *testing.T) {
	cases := []struct {
		text string
		want Date // empty: refused
	}{
		{"2017-02-10", "2017-02-10"},
		{"10.2.2017", "2017-02-10"},
		{"10.2.", "2017-02-10"},
		{"10 feb", "2017-02-10"},
		{"Feb 10", "2017-02-10"},
		{"10th of February 2018", "2018-02-10"},
		{"February 10, 2018", "2018-02-10"},
		{"31 jan", "2018-01-31"}, // past: next year's
		{"fri 10 feb", "2017-02-10"},
		{"thu 10 feb", ""}, // a weekday that disagrees is refused
		{"31 feb", ""},
		{"today", "2017-02-01"},
		{"tomorrow", "2017-02-02"},
		{"fri", "2017-02-03"},
		{"Friday.", "2017-02-03"},
		{"wed", "2017-02-08"}, // on a Wednesday, the next one
		{"this friday", "2017-02-03"},
		{"next friday", "2017-02-10"},
		{"next monday", "2017-02-06"},
		{"by fri", "2017-02-03"},
		{"2w", "2017-02-15"},
		{"3 days", "2017-02-04"},
		{"in 2 weeks", "2017-02-15"},
		{"a week", "2017-02-08"},
		{"one month", "2017-03-01"},
		{"1mo", "2017-03-01"},
		{"next week", "2017-02-08"},
		{"eod", "2017-02-01"},
		{"eow", "2017-02-03"},
		{"end of next week", "2017-02-10"},
		{"by end of next week", "2017-02-10"},
		{"eom", "2017-02-28"},
		{"end of the month", "2017-02-28"},
		{"end of january", "2018-01-31"},
		{"eoq", "2017-03-31"},
		{"end of year", "2017-12-31"},
		{"2017/02/10", "2017-02-10"},
		{"2017–02–10", "2017-02-10"}, // programs make such dashes
		{"25/02", "2017-02-25"},      // one reading is left
		{"02/25/2018", "2018-02-25"},
		{"in two weeks", "2017-02-15"},
		{"three days", "2017-02-04"},
		{"31/31", ""},
		{"1/2/3/4", ""},
		{"02/03", ""},    // half of the world reads it the other way round
		{"15m", ""},      // minutes
		{"thirsday", ""}, // for Guess
		{"may be done", ""},
		{"", ""},
		{"sometime soon, when there is a quiet afternoon", ""},
	}
	for _, c := range cases {
		got, ok := Day(c.text, wednesday)
		if got != c.want && (ok || c.want != "") {
			t.Errorf("Day(%q) = %q, %v, want %q", c.text, got, ok, c.want)
		}
		if ok != (c.want != "") {
			t.Errorf("Day(%q) is known: %v", c.text, ok)
		}
	}
}

func TestDay_counts_from_the_readers_own_day(t *testing.T) {
	auckland, err := time.LoadLocation("Pacific/Auckland")
	if err != nil {
		t.Fatal(err)
	}
	if got, _ := Day("tomorrow", wednesday.In(auckland)); got != "2017-02-03" {
		t.Errorf("tomorrow in Auckland = %s, want 2017-02-03", got)
	}
}

func TestDay_keeps_a_month_within_the_shorter_one(t *testing.T) {
	base := time.Date(2017, 1, 31, 9, 0, 0, 0, time.UTC)
	if got, _ := Day("1 month", base); got != "2017-02-28" {
		t.Errorf("31 January and a month = %s, want 2017-02-28", got)
	}
}

func TestGuess(t *testing.T) {
	cases := []struct {
		text string
		want []Date
	}{
		{"thirsday", []Date{"2017-02-02"}},
		{"next mondya", []Date{"2017-02-06"}},
		{"3/2/2017", []Date{"2017-02-03", "2017-03-02"}},
		{"3/3", []Date{"2017-03-03"}},
		{"10 febuary", []Date{"2017-02-10"}},
		{"31 feb", []Date{"2017-02-28"}},
		{"30th of february 2018", []Date{"2018-02-28"}},
		{"thu 10 feb", []Date{"2017-02-10"}},
		{"Freitag", []Date{"2017-02-03"}},
		{"αύριο", []Date{"2017-02-02"}},
		{"32 feb", nil},
		{"qwertyuiop", nil},
	}
	for _, c := range cases {
		if got := Guess(c.text, wednesday); !slices.Equal(got, c.want) {
			t.Errorf("Guess(%q) = %q, want %q", c.text, got, c.want)
		}
	}
}

func TestClock(t *testing.T) {
	cases := []struct {
		text string
		want time.Duration
		ok   bool
	}{
		{"16:00", 16 * time.Hour, true},
		{"9.30", 9*time.Hour + 30*time.Minute, true},
		{"16h", 16 * time.Hour, true},
		{"4pm", 16 * time.Hour, true},
		{"12:15 am", 15 * time.Minute, true},
		{"12pm", 12 * time.Hour, true},
		{"25:00", 0, false},
		{"16:7", 0, false},
		{"16", 0, false},
		{"13pm", 0, false},
	}
	for _, c := range cases {
		if got, ok := Clock(c.text); got != c.want || ok != c.ok {
			t.Errorf("Clock(%q) = %v, %v, want %v, %v", c.text, got, ok, c.want, c.ok)
		}
	}
}

func FuzzDay(f *testing.F) {
	for _, s := range []string{"2017-02-10", "10.2.", "next fri", "in 2 weeks", "end of", "a", "9999999999999999999d", "10 feb 2017"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if d, ok := Day(s, wednesday); ok && d.In(time.UTC).IsZero() {
			t.Errorf("Day(%q) = %q, which is no day", s, d)
		}
		Guess(s, wednesday)
		Clock(s)
	})
}
