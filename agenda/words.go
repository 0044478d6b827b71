package agenda

import (
	"fmt"
	"strings"
	"time"

	"minuted/parser/when"
)

// longDate says a day back as it was understood: Friday 3 February 2017.
func longDate(d when.Date) string { return d.In(time.UTC).Format("Monday 2 January 2006") }

func dayMonth(d when.Date) string { return d.In(time.UTC).Format("2 January") }

func counted(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

// actionWords says in a few words how an action stands: "open for 17 days".
func actionWords(a Action, at time.Time, zone *time.Location) string {
	switch a.State {
	case DoneAction, Dropped:
		return string(a.State)
	}
	days := when.DateOf(at.In(zone)).Sub(when.DateOf(a.Opened.In(zone)))
	if days <= 0 {
		return "open since today"
	}
	return "open for " + counted(days, "day")
}

func dueWords(a Action) string {
	if a.Due == "" {
		return "no due date"
	}
	return "due " + longDate(a.Due)
}

func (b *Book) ownerWords(a Action) string {
	var names []string
	for _, o := range b.ownersOf(a) {
		if o[1] != "" {
			names = append(names, o[1])
		}
	}
	if len(names) == 0 {
		return "nobody yet"
	}
	last := len(names) - 1
	if last == 0 {
		return names[0]
	}
	return strings.Join(names[:last], ", ") + " and " + names[last]
}

// itemWords says in a few words how an item stands.
func itemWords(it Item, zone *time.Location) string {
	switch it.State {
	case Waiting:
		return "waits: " + it.Why
	case Postponed:
		return "postponed to " + longDate(it.Until)
	case Discussed:
		return "discussed on " + longDate(when.DateOf(it.Closed.In(zone)))
	case Dropped:
		return "dropped"
	}
	if it.Pinned {
		return "pinned"
	}
	return "on the list"
}
