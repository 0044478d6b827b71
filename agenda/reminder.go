package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser/when"
)

// undated is how many days after it was opened an action without a due date is
// first reminded of.
const undated = 7

// pauses are the days between the first reminder and the next ones. After the
// last the action goes on the agenda instead (DESIGN chapter 8).
var pauses = [...]int{1, 3, 7}

// firstReminder is the day of the first reminder: one before it is due, but
// not on the day the action was made.
func (b *Book) firstReminder(a *Action) when.Date {
	opened := when.DateOf(a.Opened.In(b.team.zone()))
	if a.Due == "" {
		return opened.AddDays(undated)
	}
	return max(a.Due.AddDays(-1), opened.AddDays(1))
}

// reschedule begins an action's reminders anew, not before today.
func (b *Book) reschedule(a *Action) {
	tomorrow := when.DateOf(b.clock().In(b.team.zone())).AddDays(1)
	a.Remind = max(b.firstReminder(a), tomorrow)
	if a.Due == "" {
		a.Remind = max(a.Remind, tomorrow.AddDays(undated-1))
	}
	a.Reminded, a.Told, a.Stuck, a.Snooze = 0, nil, false, ""
}

// remindable are the owners whom a reminder can reach, now or after an absence.
func (b *Book) remindable(a *Action) []string {
	var out []string
	for _, h := range a.Owners {
		m := b.Member(h)
		_, known := b.person(h)
		stopped := slices.Contains(m.Stopped, "reminders") && m.Until == ""
		if known && !m.Paused && !stopped {
			out = append(out, h)
		}
	}
	return out
}

// reminderEvents are one event a person: the first working morning on which
// something is to be reminded of.
func (b *Book) reminderEvents() []event {
	first := map[string]when.Date{}
	for _, a := range b.actions {
		if a.State != OpenAction || a.Remind == "" {
			continue
		}
		for _, h := range b.remindable(a) {
			day := max(a.Remind, a.Snooze)
			if had, ok := first[h]; !slices.Contains(a.Told, h) && (!ok || day < had) {
				first[h] = day
			}
		}
	}
	var out []event
	for _, p := range b.team.People {
		if day, ok := first[p.Handle]; ok {
			at := b.reminderMorning(p, day)
			out = append(out, event{at, "remind " + p.Handle, func(at time.Time) Outcome { return b.remind(p, at) }})
		}
	}
	return out
}

// reminderMorning is the person's first working morning from day on that is
// not past, not within an absence, and not on a day that had its reminder.
func (b *Book) reminderMorning(p Person, day when.Date) time.Time {
	m := b.Member(p.Handle)
	day = max(day, m.Away, when.DateOf(b.clock().In(p.zone(b.team))))
	if slices.Contains(m.Stopped, "reminders") {
		day = max(day, m.Until)
	}
	if m.Reminded != "" {
		day = max(day, m.Reminded.AddDays(1))
	}
	at := b.morning(p, day)
	if at.Before(b.clock()) {
		at = b.morning(p, day.AddDays(1))
	}
	return at
}

// remind writes to one person about all that is to be reminded of by today.
func (b *Book) remind(p Person, at time.Time) Outcome {
	today := when.DateOf(at.In(p.zone(b.team)))
	list := b.actionsWhere(func(a *Action) bool {
		return a.State == OpenAction && a.Remind != "" && max(a.Remind, a.Snooze) <= today &&
			slices.Contains(b.remindable(a), p.Handle) && !slices.Contains(a.Told, p.Handle)
	})
	slices.SortStableFunc(list, dueFirst)
	b.editMember(p.Handle).Reminded = today
	var ids []string
	for _, a := range list {
		ids = append(ids, a.Ref())
		b.reminded(b.editAction(a.ID), p.Handle, today)
	}
	order := Order{
		Kind: Reminder, Key: letterKey("reminder", strings.ReplaceAll(string(today), "-", ""), p.Handle),
		Person: p.Handle, At: at, Until: endOfDay(at, p.zone(b.team)), Ids: ids,
	}
	return Outcome{Did: "reminder", Detail: fmt.Sprint(p.Handle, " ", strings.Join(ids, " ")), Orders: []Order{order}}
}

// dueFirst orders a reminder: what is due first, then what has no date, oldest first.
func dueFirst(x, y Action) int {
	never := when.Date("9999-12-31")
	return cmp.Or(cmp.Compare(cmp.Or(x.Due, never), cmp.Or(y.Due, never)), x.Opened.Compare(y.Opened), cmp.Compare(x.ID, y.ID))
}

// reminded moves an action on when each owner who can be reached has had this
// round's reminder.
func (b *Book) reminded(a *Action, handle string, today when.Date) {
	a.Told = append(a.Told, handle)
	for _, h := range b.remindable(a) {
		if !slices.Contains(a.Told, h) {
			return
		}
	}
	a.Told = nil
	a.Reminded++
	if a.Reminded > len(pauses) {
		a.Stuck, a.Remind = true, ""
		return
	}
	a.Remind = today.AddDays(pauses[a.Reminded-1])
}
