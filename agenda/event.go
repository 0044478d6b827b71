package agenda

import (
	"cmp"
	"time"
)

// event is one thing that falls due: an agenda, the release of minutes, the
// end of a call, a week, a person's reminders.
type event struct {
	at   time.Time
	name string // orders what is due at the same instant
	fire func(at time.Time) Outcome
}

// Next returns when something is due next, or the zero time for nothing.
func (b *Book) Next() time.Time {
	e, ok := b.due()
	if !ok {
		return time.Time{}
	}
	return e.at
}

// Fire lets the earliest thing that is due by now happen, at its own instant;
// false says that nothing was due. After a pause it is called again and again,
// so that everything happens in order.
func (b *Book) Fire(now time.Time) (Outcome, bool) {
	e, ok := b.due()
	if !ok || e.at.After(now) {
		return Outcome{}, false
	}
	at := b.advance(e.at)
	out := e.fire(at)
	out.At = at
	b.tellUnreached(out.Orders)
	return out, true
}

// due finds the earliest event. It looks at what is open only.
func (b *Book) due() (event, bool) {
	if b.clock().IsZero() {
		return event{}, false
	}
	var first event
	found := false
	for _, events := range [][]event{b.callEvents(), b.weeklyEvents(), b.reminderEvents()} {
		for _, e := range events {
			if !found || cmp.Or(e.at.Compare(first.at), cmp.Compare(e.name, first.name)) < 0 {
				first, found = e, true
			}
		}
	}
	return first, found
}

// callEvents are the events of recorded calls, and of those that the series
// foresee up to the first whose preview is still to come.
func (b *Book) callEvents() []event {
	var out []event
	now := b.clock()
	for _, c := range b.calls {
		out = append(out, b.eventsOf(*c)...)
	}
	for _, o := range b.occurrences(now, now.AddDate(0, 3, 0)) {
		if b.calls[callKey(o.id)] != nil {
			continue
		}
		c := b.foreseen(o)
		out = append(out, b.eventsOf(c)...)
		if !c.Start.Add(-b.team.Preview).Before(now) {
			break
		}
	}
	return out
}

// eventsOf are the events of one call that are still to come. What was due
// before time began is not made up for.
func (b *Book) eventsOf(c Call) []event {
	var out []event
	add := func(at time.Time, name string, fire func(string, time.Time) Outcome) {
		if !at.Before(b.clock()) {
			out = append(out, event{at, name + " " + c.ID, func(at time.Time) Outcome { return fire(c.ID, at) }})
		}
	}
	if m := c.Minutes; m != nil && !m.Release.IsZero() {
		add(later(m.Release, b.clock()), "release", b.release)
	}
	if c.Cancelled || c.Minutes != nil {
		return out
	}
	preview, final := c.Start.Add(-b.team.Preview), c.Start.Add(-b.team.Final)
	if !c.Preview && !c.Final && c.Announced.Before(final) { // one agenda is enough for a call within the hour
		add(later(preview, c.Announced), "preview", b.preview)
	}
	if !c.Final {
		add(later(final, c.Announced), "second final", b.final)
	}
	if c.Final && !c.Nudged {
		add(b.nudgeTime(c), "nudge", b.nudge)
	}
	return out
}

func later(a, b time.Time) time.Time {
	if a.Before(b) {
		return b
	}
	return a
}
