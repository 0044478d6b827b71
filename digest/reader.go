package digest

import (
	"fmt"
	"strings"
	"time"
	"unicode"

	"minuted/agenda"
	"minuted/parser/when"
)

// reader is who reads a letter, when, and where: all times and days of a letter
// are the reader's own.
type reader struct {
	handle string
	name   string // as spoken to
	full   string
	to     string
	zone   *time.Location
	now    time.Time
}

func readerOf(team agenda.Team, o agenda.Order) reader {
	r := reader{handle: o.Person, to: o.To, zone: team.Zone}
	if p, ok := person(team, o.Person); ok {
		r.name, r.full = firstName(p.Name), p.Name
		if p.Zone != nil {
			r.zone = p.Zone
		}
		if r.to == "" {
			r.to = p.Address
		}
	}
	if r.zone == nil {
		r.zone = time.UTC
	}
	r.now = o.At.In(r.zone)
	return r
}

// firstName is how a person is spoken to: the first word of the name that is
// no title ("Dr."), behind the comma where the family's name stands first.
func firstName(name string) string {
	if before, behind, ok := strings.Cut(name, ", "); ok && isDegree(behind) {
		name = before
	} else if ok {
		name = behind
	}
	for word := range strings.FieldsSeq(name) {
		if !strings.HasSuffix(word, ".") {
			return word
		}
	}
	return name
}

// isDegree tells "PhD", "MD" and "Jr." behind a name from a first name there.
func isDegree(s string) bool {
	return strings.HasSuffix(s, ".") || strings.ContainsFunc(s[min(1, len(s)):], unicode.IsUpper) && !strings.Contains(s, " ")
}

func person(team agenda.Team, handle string) (agenda.Person, bool) {
	for _, p := range team.People {
		if p.Handle == handle && handle != "" {
			return p, true
		}
	}
	return agenda.Person{}, false
}

func (r reader) today() when.Date { return when.DateOf(r.now) }

// clock says "16:00".
func (r reader) clock(t time.Time) string { return t.In(r.zone).Format("15:04") }

// place says "in London": the zone by its city.
func (r reader) place() string {
	name := r.zone.String()
	area, city, ok := strings.Cut(name, "/")
	if !ok || area == "Etc" {
		return strings.TrimPrefix(name, "Etc/")
	}
	if i := strings.LastIndexByte(city, '/'); i >= 0 {
		city = city[i+1:]
	}
	return "in " + strings.ReplaceAll(city, "_", " ")
}

// weekday says "Thursday" for days of the next week, else the date.
func (r reader) weekday(d when.Date) string {
	if away := d.Sub(r.today()); away >= 0 && away < 7 {
		return d.Weekday().String()
	}
	return r.day(d)
}

// day says "Monday 6 February", with the year where it could be misread.
func (r reader) day(d when.Date) string {
	t := d.In(time.UTC)
	if away := d.Sub(r.today()); away > 300 || away < -300 {
		return t.Format("Monday 2 January 2006")
	}
	return t.Format("Monday 2 January")
}

// date says "26 January".
func (r reader) date(d when.Date) string {
	_, date, _ := strings.Cut(r.day(d), " ")
	return date
}

// short says "Thu 2 Feb", as subjects do.
func (r reader) short(d when.Date) string { return d.In(time.UTC).Format("Mon 2 Jan") }

// named says "tomorrow, Friday 3 February".
func (r reader) named(d when.Date) string {
	if near := r.near(d); near != "" {
		return near + ", " + r.day(d)
	}
	return r.day(d)
}

func (r reader) near(d when.Date) string {
	switch d.Sub(r.today()) {
	case -1:
		return "yesterday"
	case 0:
		return "today"
	case 1:
		return "tomorrow"
	}
	return ""
}

// soon says "tomorrow", "on Monday", "on 6 March", as part of a sentence.
func (r reader) soon(d when.Date) string {
	if near := r.near(d); near != "" {
		return near
	}
	away := d.Sub(r.today())
	if away > -7 && away < 7 {
		return "on " + d.Weekday().String()
	}
	return "on " + r.date(d)
}

// manyDays is from where on ages are told in months.
const manyDays = 60

// days says "1 day", "16 days", "3 months".
func days(n int) string {
	switch {
	case n == 1:
		return "1 day"
	case n <= manyDays:
		return fmt.Sprintf("%d days", n)
	case n < 730:
		return fmt.Sprintf("%d months", (n+15)/30)
	}
	return fmt.Sprintf("%d years", n/365)
}

// since returns how many days ago something was, by the reader's calendar.
func (r reader) since(t time.Time) int { return r.today().Sub(when.DateOf(t.In(r.zone))) }

// age says "16 days", and nothing about today.
func (r reader) age(t time.Time) string {
	if n := r.since(t); n > 0 && !t.IsZero() {
		return days(n)
	}
	return ""
}

// ago says "this morning", "6 hours ago", "yesterday", "2 days ago".
func (r reader) ago(t time.Time) string {
	switch n := r.since(t); {
	case t.IsZero() || n < 0:
		return ""
	case n == 1:
		return "yesterday"
	case n > 1:
		return days(n) + " ago"
	case t.In(r.zone).Hour() < 12 && r.now.Hour() >= 12:
		return "this morning"
	}
	switch hours := int(r.now.Sub(t).Hours()); hours {
	case 0:
		return "just now"
	case 1:
		return "an hour ago"
	default:
		return fmt.Sprintf("%d hours ago", hours)
	}
}

// lasting says "an hour", "45 minutes", "a day".
func lasting(d time.Duration) string {
	switch minutes := int(d.Minutes()); {
	case minutes == 60:
		return "an hour"
	case minutes == 24*60:
		return "a day"
	case minutes == 1:
		return "a minute"
	case minutes%(24*60) == 0:
		return fmt.Sprintf("%d days", minutes/(24*60))
	case minutes%60 == 0:
		return fmt.Sprintf("%d hours", minutes/60)
	default:
		return fmt.Sprintf("%d minutes", minutes)
	}
}

// greeting says "Good morning" by the reader's clock.
func (r reader) greeting() string {
	switch h := r.now.Hour(); {
	case h < 12:
		return "Good morning"
	case h < 18:
		return "Good afternoon"
	default:
		return "Good evening"
	}
}
