// Package when reads the few forms of dates that people type in mail and
// minutes, and refuses what it does not know.
//
// It is pure: what "friday" means depends on the instant that is handed in.
package when

import "time"

// Date is a day of the calendar, "2006-01-02"; empty is no day. Dates compare
// and sort as strings, and read well in JSON.
type Date string

const layout = "2006-01-02"

// DateOf returns the day of t in t's own location.
func DateOf(t time.Time) Date { return Date(t.Format(layout)) }

// In returns the first instant of the day in a zone, or the zero time for no day.
func (d Date) In(zone *time.Location) time.Time {
	t, err := time.ParseInLocation(layout, string(d), zone)
	if err != nil {
		return time.Time{}
	}
	return t
}

// AddDays returns the day n days later, or earlier for n below zero.
func (d Date) AddDays(n int) Date { return DateOf(d.In(time.UTC).AddDate(0, 0, n)) }

// Sub returns how many days lie between an earlier day and d.
func (d Date) Sub(earlier Date) int {
	return int(d.In(time.UTC).Sub(earlier.In(time.UTC)).Hours()) / 24
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.In(time.UTC).Weekday() }
