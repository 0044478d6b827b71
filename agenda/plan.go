package agenda

import (
	"cmp"
	"slices"
	"time"

	"minuted/parser/when"
)

// DefaultMinutes is what a topic is given where nobody said how long it needs.
const DefaultMinutes = 10

// Plan returns what would be on the agenda of a call, by what is known now.
func (b *Book) Plan(callID string) Plan {
	call, _ := b.Call(callID)
	p := Plan{Call: call, Overrun: map[int]bool{}}
	for _, it := range b.Items() {
		switch {
		case it.State == Waiting:
			p.Waiting = append(p.Waiting, it)
		case it.State == Postponed && it.Until > call.Day():
			// for a later call
		case it.Pinned:
			p.Pinned = append(p.Pinned, it)
		case it.Calls > 0:
			p.Carried = append(p.Carried, it)
		default:
			p.New = append(p.New, it)
		}
	}
	slices.SortStableFunc(p.Carried, oftenFirst)
	slices.SortStableFunc(p.New, b.byArea)
	p.Stuck = b.stuck()
	p.Closed = b.closedSince(call.ToldAt)
	p.budget()
	return p
}

// oftenFirst orders what returns: what was put off most often comes first, so
// that nothing is put off for ever.
func oftenFirst(x, y Item) int {
	return cmp.Or(cmp.Compare(y.Calls, x.Calls), cmp.Compare(len(y.Votes), len(x.Votes)), cmp.Compare(x.ID, y.ID))
}

// byArea orders new items by area as the configuration lists them, the wanted
// first within one.
func (b *Book) byArea(x, y Item) int {
	return cmp.Or(
		cmp.Compare(b.team.areaPlace(x.Area), b.team.areaPlace(y.Area)),
		cmp.Compare(x.Area, y.Area),
		cmp.Compare(len(y.Votes), len(x.Votes)),
		cmp.Compare(x.ID, y.ID))
}

func (t Team) areaPlace(name string) int {
	i := slices.IndexFunc(t.Areas, func(a Area) bool { return a.Name == name })
	if i < 0 {
		return len(t.Areas)
	}
	return i
}

// budget adds up the minutes and marks what begins when the call is full.
func (p *Plan) budget() {
	full := int(p.Call.Length.Minutes())
	for _, list := range [][]Item{p.Pinned, p.Carried, p.New} {
		for _, it := range list {
			p.Minutes += it.Planned()
			if full > 0 && p.Minutes > full {
				p.Overrun[it.ID] = true
			}
		}
	}
}

// Planned is how many minutes the item is given.
func (it Item) Planned() int {
	if it.Minutes > 0 {
		return it.Minutes
	}
	return DefaultMinutes
}

// Listed returns the items of the plan in the order shown.
func (p Plan) Listed() []Item { return slices.Concat(p.Pinned, p.Carried, p.New) }

// shown returns the ids that an agenda shows.
func (p Plan) shown() []string {
	var out []string
	for _, it := range slices.Concat(p.Pinned, p.Carried, p.New) {
		out = append(out, it.Ref())
	}
	for _, a := range p.Stuck {
		out = append(out, a.Ref())
	}
	for _, it := range p.Waiting {
		out = append(out, it.Ref())
	}
	return out
}

// unowned is how long an action may lack an owner before the call asks for one.
const unowned = 14

// closedSince returns the actions that were done or dropped since a preview; none where there was none.
func (b *Book) closedSince(told time.Time) []Action {
	if told.IsZero() {
		return nil
	}
	return b.actionsWhere(func(a *Action) bool { return a.State != OpenAction && !a.Closed.Before(told) })
}

// stuck returns the actions that reminders cannot help: reminded in vain, or
// nobody to remind. Oldest first.
func (b *Book) stuck() []Action {
	today := when.DateOf(b.clock().In(b.team.zone()))
	out := b.actionsWhere(func(a *Action) bool {
		if a.State != OpenAction || a.Snooze > today || a.Carry && a.Item != 0 { // its topic is on the list itself
			return false
		}
		old := today.Sub(when.DateOf(a.Opened.In(b.team.zone()))) >= unowned
		return a.Stuck || old && len(b.remindable(a)) == 0
	})
	slices.SortStableFunc(out, func(x, y Action) int { return x.Opened.Compare(y.Opened) })
	return out
}

func (t Team) zone() *time.Location {
	if t.Zone != nil {
		return t.Zone
	}
	return time.UTC
}
