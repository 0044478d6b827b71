package digest

import (
	"fmt"
	"slices"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
)

// basics is what every letter can say.
type basics struct {
	Team      Words
	Address   string
	Tag       string
	Reader    string // as spoken to: "Kostas"
	Handle    string
	Call      callView
	Next      *callView // the call after that
	Yours     yoursView
	Unreached []string // a sentence each: whom letters did not reach
}

func (d *draft) basics() basics {
	b := basics{
		Team: whole(d.team.Name), Address: d.team.Address, Reader: d.reader.name, Handle: d.reader.handle,
	}
	if len(d.team.Tags) > 0 {
		b.Tag = "#" + d.team.Tags[0]
	}
	if call, ok := d.book.Call(d.order.Call); ok {
		b.Call = d.call(call)
	}
	b.Unreached = d.unreached(d.order.Unreached)
	return b
}

// unreached says whom which letters did not reach, and since when: a sentence a person.
func (d *draft) unreached(all []agenda.Unreached) (sentences []string) {
	kinds, since := map[string][]string{}, map[string]when.Date{}
	var people []string
	for _, u := range all {
		if kinds[u.Person] == nil {
			people = append(people, u.Person)
			since[u.Person] = when.DateOf(u.Since.In(d.reader.zone))
		}
		if kind := "the " + letterNames[families[u.Letter]]; !slices.Contains(kinds[u.Person], kind) {
			kinds[u.Person] = append(kinds[u.Person], kind)
		}
	}
	for _, p := range people {
		who := d.nameOf(p)
		if p == d.reader.handle {
			who = "You"
		}
		sentences = append(sentences, fmt.Sprintf("%s, since %s: %s came back.", who, d.reader.day(since[p]), and(kinds[p])))
	}
	return sentences
}

// letterNames are what readers call the kinds of letter.
var letterNames = map[string]string{
	"agenda": "agenda", "minutes": "minutes", "weekly": "weekly digest", "reminder": "reminder", "receipt": "receipt",
}

// callView is a call as the reader meets it.
type callView struct {
	Short    string // Thu 2 Feb
	Day      string // Thursday 2 February
	DayNamed string // Today, Thursday 2 February
	Weekday  string // Thursday
	Soon     string // tomorrow
	Time     string // 16:00
	End      string // 17:00
	Place    string // in London
	Minutes  int
	Where    string
	Words    Words  // what an ad-hoc call is about
	Shift    string // "an hour later, at 17:00" where clocks changed since the last call
}

func (d *draft) call(c agenda.Call) callView {
	day := when.DateOf(c.Start.In(d.reader.zone))
	return callView{
		Short: d.reader.short(day), Day: d.reader.day(day), DayNamed: upperFirst(d.reader.named(day)),
		Weekday: d.reader.weekday(day), Soon: d.reader.soon(day),
		Time: d.reader.clock(c.Start), End: d.reader.clock(c.Start.Add(c.Length)), Place: d.reader.place(),
		Minutes: int(c.Length.Minutes()), Where: where(c.Where), Words: stopped(sentence(c.Words)), Shift: d.shift(c),
	}
}

// where is a link where it is one, else the name of a room.
func where(s string) string {
	if link := linkOf(s); link != "" {
		return link.String()
	}
	return cut(s).String()
}

// shift says how far a change of clocks moves a call for the reader, against
// the call before it in its series.
func (d *draft) shift(c agenda.Call) string {
	previous, ok := previousInSeries(d.team, c)
	if !ok {
		return ""
	}
	minutes := func(t time.Time) int { t = t.In(d.reader.zone); return t.Hour()*60 + t.Minute() }
	moved := (minutes(c.Start)-minutes(previous)+36*60)%(24*60) - 12*60
	switch {
	case moved > 0:
		return lasting(time.Duration(moved)*time.Minute) + " later"
	case moved < 0:
		return lasting(time.Duration(-moved)*time.Minute) + " earlier"
	}
	return ""
}

// previousInSeries returns when the call before c was, by the series that c
// belongs to: same wall clock, in the zone of the series.
func previousInSeries(team agenda.Team, c agenda.Call) (time.Time, bool) {
	for _, s := range team.Series {
		if !c.AdHoc && s.Zone != nil && holds(s, c.Start.In(s.Zone)) {
			return before(s, c.Start.In(s.Zone)), true
		}
	}
	return time.Time{}, false
}

// holds says whether a series has a call at that time of its own zone.
func holds(s agenda.Series, start time.Time) bool {
	clock := time.Duration(start.Hour())*time.Hour + time.Duration(start.Minute())*time.Minute
	return clock == s.Time && slices.Contains(s.Days, start.Weekday())
}

// before returns the call of a series before one that it holds.
func before(s agenda.Series, start time.Time) time.Time {
	previous := start.AddDate(0, 0, -1)
	for !slices.Contains(s.Days, previous.Weekday()) {
		previous = previous.AddDate(0, 0, -1)
	}
	if sinceMonday(previous) >= sinceMonday(start) { // it was in an earlier week
		return previous.AddDate(0, 0, -7*(max(1, s.Every)-1))
	}
	return previous
}

func sinceMonday(t time.Time) int { return (int(t.Weekday()) + 6) % 7 }
