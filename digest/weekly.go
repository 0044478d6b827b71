package digest

import (
	"minuted/agenda"
	"minuted/parser/when"
)

// weeklyView is the weekly digest.
type weeklyView struct {
	basics
	Week          string // 23 January: the Monday that it began with
	Calls         int
	Decisions     int
	NewActions    int
	ClosedActions int
	Actions       int // open
	Topics        int // on the list for the next call
	Quiet, Busy   bool
	Decided       *list[decisionView]
	Opened        *list[actionView]
	Closed        *list[actionView]
	Open          *owedList
	Looking       *list[actionView]
}

// busyWeek is from how many decisions and new actions on a week counts as full;
// up to quietWeek it was quiet.
const (
	quietWeek = 5
	busyWeek  = 15
)

func (d *draft) weeklyView() weeklyView {
	week := d.book.Week(d.order.Week)
	v := weeklyView{
		basics: d.basics(), Week: d.reader.date(monday(when.DateOf(week.Span.To.In(d.reader.zone).Add(-1)))),
		Calls: len(week.Calls), Decisions: len(week.Decisions), Topics: week.Topics,
		NewActions: len(promises(week.Opened)), ClosedActions: len(week.Closed),
		Decided: most(d, d.decided(week), 10),
		Opened:  most(d, d.actions(stillOpen(week.Opened)), 15),
		Closed:  most(d, d.actions(week.Closed), 10),
		Open:    d.owedBy(week.Open),
		Looking: most(d, d.actions(nobodys(week)), 3),
	}
	happened := v.Decisions + v.NewActions + v.ClosedActions
	v.Quiet, v.Busy = happened <= quietWeek, happened >= busyWeek
	if v.Open != nil {
		v.Actions = v.Open.Actions
	}
	v.Yours = d.yours(idsOf(week.Opened), nil)
	settle(v.Opened, v.Yours)
	if week.Next != nil {
		view := d.call(*week.Next)
		v.Next = &view
	}
	return v
}

// stillOpen leaves out what was closed within the week: it stands below.
func stillOpen(actions []agenda.Action) (open []agenda.Action) {
	for _, a := range promises(actions) {
		if a.State == agenda.OpenAction {
			open = append(open, a)
		}
	}
	return open
}

// monday returns the Monday of a day's week.
func monday(d when.Date) when.Date { return d.AddDays(-(int(d.Weekday()) + 6) % 7) }

func (d *draft) decided(week agenda.Week) (views []decisionView) {
	for _, decided := range week.Decisions {
		view := d.decisions([]agenda.Decision{decided.Decision})[0]
		if call, ok := d.book.Call(decided.Call); ok {
			view.Call = d.reader.date(when.DateOf(call.Start.In(d.reader.zone)))
		}
		views = append(views, view)
	}
	return views
}

// nobodys are the open actions without an owner that are not new this week:
// the new ones stand above.
func nobodys(week agenda.Week) (actions []agenda.Action) {
	fresh := idsOf(week.Opened)
	for _, o := range week.Open {
		for _, a := range promises(o.Actions) {
			if o.Handle == "" && o.Name == "" && !fresh[a.ID] {
				actions = append(actions, a)
			}
		}
	}
	return actions
}
