package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	"github.com/teambition/rrule-go"

	"minuted/parser/when"
)

// occurrence is one call that a series foresees.
type occurrence struct {
	id     string
	start  time.Time
	series int
}

// rota is the occurrences between two instants, worked out once: Next is asked
// before every mail.
type rota struct {
	from, to time.Time
	list     []occurrence
}

// occurrences returns what the series foresee from an instant on, up to another.
func (b *Book) occurrences(from, to time.Time) []occurrence {
	if b.rota.from.IsZero() || from.Before(b.rota.from) || to.After(b.rota.to) {
		b.rota = rota{from: from.AddDate(0, 0, -14), to: to.AddDate(0, 0, 90)}
		b.rota.list = b.team.foresee(b.rota.from, b.rota.to)
	}
	var out []occurrence
	for _, o := range b.rota.list {
		if !o.start.Before(from) && o.start.Before(to) {
			out = append(out, o)
		}
	}
	return out
}

// foresee works out the occurrences of all series, in order of time, without
// days off. A second call on a day gets the number 2.
func (t Team) foresee(from, to time.Time) []occurrence {
	var out []occurrence
	for i, s := range t.Series {
		// Whole days, so that the first of two calls on a day is always seen with the second.
		for _, start := range s.between(from.AddDate(0, 0, -2), to.AddDate(0, 0, 2), t.Zone) {
			day := when.DateOf(start.In(s.zone(t.Zone)))
			if !slices.Contains(t.DaysOff, day) {
				out = append(out, occurrence{string(day), start.UTC(), i})
			}
		}
	}
	slices.SortFunc(out, func(x, y occurrence) int {
		return cmp.Or(x.start.Compare(y.start), cmp.Compare(x.series, y.series))
	})
	return numbered(out)
}

func numbered(list []occurrence) []occurrence {
	seen := map[string]int{}
	for i, o := range list {
		seen[o.id]++
		if n := seen[o.id]; n > 1 {
			list[i].id = fmt.Sprintf("%s.%d", o.id, n)
		}
	}
	return list
}

func (s Series) zone(team *time.Location) *time.Location {
	if s.Zone != nil {
		return s.Zone
	}
	return team
}

// between returns the starts of a series: its wall time in its zone, whatever
// the clocks there do.
func (s Series) between(from, to time.Time, team *time.Location) []time.Time {
	zone := s.zone(team)
	// The days are worked out in UTC, since midnight may be left out in the zone.
	rule, err := rrule.NewRRule(rrule.ROption{
		Freq:      rrule.WEEKLY,
		Interval:  max(s.Every, 1),
		Dtstart:   s.anchor(from.AddDate(0, 0, -1), zone),
		Byweekday: weekdays(s.Days),
		Byhour:    []int{int(s.Time.Hours())},
		Byminute:  []int{int(s.Time.Minutes()) % 60},
	})
	if err != nil {
		return nil // the configuration was checked: nothing in it can make a rule wrong
	}
	var starts []time.Time
	for _, day := range rule.Between(from.AddDate(0, 0, -1), to.AddDate(0, 0, 1), true) {
		if start := wall(when.DateOf(day), s.Time, zone); !start.Before(from) && !start.After(to) {
			starts = append(starts, start)
		}
	}
	return starts
}

// anchor is the last Monday not after from that begins a week of the series,
// at the time of the call as if in UTC: counting from there costs the same after ten years.
func (s Series) anchor(from time.Time, zone *time.Location) time.Time {
	since := s.Since
	if since == "" {
		since = "1970-01-05"
	}
	monday := since.AddDays(-(int(since.Weekday()) + 6) % 7)
	step := 7 * max(s.Every, 1)
	days := when.DateOf(from.In(zone)).Sub(monday)
	day := monday.AddDays(max(0, days/step) * step)
	if day < s.Since {
		return wall(s.Since, s.Time, time.UTC)
	}
	return wall(day, s.Time, time.UTC)
}

// wall is a time of day on a day in a zone. One that the clocks leave out is as long
// after midnight as if they did not (RFC 5545 section 3.3.5).
func wall(day when.Date, clock time.Duration, zone *time.Location) time.Time {
	t := day.In(time.UTC)
	at := func(zone *time.Location) time.Time {
		return time.Date(t.Year(), t.Month(), t.Day(), int(clock.Hours()), int(clock.Minutes())%60, 0, 0, zone)
	}
	asked, got := at(time.UTC), at(zone)
	_, offset := got.Zone()
	if shown := got.Add(time.Duration(offset) * time.Second); shown.Before(asked) {
		got = got.Add(asked.Sub(shown)) // Go has read it with the offset after the gap, which is before it
	}
	return got
}

var weekdayRule = [...]rrule.Weekday{rrule.SU, rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA}

func weekdays(days []time.Weekday) []rrule.Weekday {
	var out []rrule.Weekday
	for _, d := range days {
		out = append(out, weekdayRule[d])
	}
	return out
}

// Call returns a call by its id: as recorded, or as a series foresees it.
func (b *Book) Call(id string) (Call, bool) {
	if c := b.calls[callKey(id)]; c != nil {
		return *c, true
	}
	day := Call{ID: id}.Day().In(time.UTC)
	if day.IsZero() {
		return Call{}, false
	}
	for _, o := range b.occurrences(day.AddDate(0, 0, -1), day.AddDate(0, 0, 2)) {
		if o.id == id {
			return b.foreseen(o), true
		}
	}
	return Call{}, false
}

func (b *Book) foreseen(o occurrence) Call {
	s := b.team.Series[o.series]
	return Call{ID: o.id, Start: o.start, Length: s.Length, Where: s.Where}
}

// NextCall returns the first call that starts after an instant and is not cancelled.
func (b *Book) NextCall(after time.Time) (Call, bool) {
	for _, c := range b.callsBetween(after, after.AddDate(1, 0, 0)) {
		if !c.Cancelled && c.Start.After(after) {
			return c, true
		}
	}
	return Call{}, false
}

// callsBetween returns recorded and foreseen calls in order of time.
func (b *Book) callsBetween(from, to time.Time) []Call {
	out := b.callsWhere(func(c *Call) bool { return !c.Start.Before(from) && c.Start.Before(to) })
	for _, o := range b.occurrences(from, to) {
		if b.calls[callKey(o.id)] == nil {
			out = append(out, b.foreseen(o))
		}
	}
	return byTime(out)
}

// keepCall makes a record of a call, if there is none yet, to be changed.
func (b *Book) keepCall(c Call) *Call {
	b.touch(callKey(c.ID))
	if b.calls[callKey(c.ID)] == nil {
		b.calls[callKey(c.ID)] = &c
	}
	return b.calls[callKey(c.ID)]
}
