package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser/when"
)

// preview sends the agenda a day before, or says that there is nothing on it.
func (b *Book) preview(id string, at time.Time) Outcome {
	found, _ := b.Call(id)
	call := b.keepCall(found)
	plan := b.Plan(id)
	call.Preview = true
	call.Empty = plan.Empty()
	call.Shown = plan.shown()
	kind, invite := AgendaPreview, ""
	if call.Empty {
		kind = EmptyAgenda
	} else {
		invite = b.invite(call)
	}
	call.Told, call.ToldAt = letterKey(family(kind), compact(call.ID), call.edition(1)), at
	return Outcome{Did: string(kind), Detail: id, Orders: b.callLetters(kind, call.edition(1), call, at, invite)}
}

// final sends the agenda an hour before, or cancels a call that nobody needs.
func (b *Book) final(id string, at time.Time) Outcome {
	found, _ := b.Call(id)
	call := b.keepCall(found)
	plan := b.Plan(id)
	call.Final = true
	if call.Empty && plan.Empty() && call.Kept == "" {
		return Outcome{Did: "cancelled", Detail: id + ": nothing on the list", Orders: b.cancel(call, at)}
	}
	call.Listed = idsOf(plan.Listed())
	return Outcome{Did: string(AgendaFinal), Detail: id, Orders: b.callLetters(AgendaFinal, call.edition(2), call, at, b.invite(call))}
}

// edition numbers the agendas of a call for their keys: 1 the preview, 2 the
// final, and on from there where the call was cancelled and came back.
func (c *Call) edition(n int) string { return fmt.Sprint(2*c.Sequence + n) }

func idsOf(items []Item) []int {
	var out []int
	for _, it := range items {
		out = append(out, it.ID)
	}
	return out
}

// invite says whether this letter carries the calendar entry: the first that
// announces the call, and each that changes it.
func (b *Book) invite(call *Call) string {
	if call.Invited || b.team.Calendar == "none" {
		return ""
	}
	call.Invited = true
	return "REQUEST"
}

// cancel takes a call off everybody's list.
func (b *Book) cancel(call *Call, at time.Time) []Order {
	call.Cancelled = true
	invite := ""
	if call.Invited {
		invite = "CANCEL"
	}
	call.Invited = false
	call.Sequence++
	return b.callLetters(CancelledCall, fmt.Sprint(call.Sequence), call, at, invite)
}

// revive puts a cancelled call back. The agenda that comes next announces it again.
func (b *Book) revive(call *Call, at time.Time) {
	call.Cancelled = false
	call.Sequence++
	call.Final = false
	call.Preview = call.Preview && at.After(call.Start.Add(-b.team.Final))
	call.Announced = at
}

// callLetters orders one letter for each person who wants agendas. It is of no
// use once the call begins, a preview once the final agenda is due: after a
// pause only the last of them goes.
func (b *Book) callLetters(kind Kind, number string, call *Call, at time.Time, invite string) []Order {
	until := call.Start
	if kind == AgendaPreview || kind == EmptyAgenda {
		until = call.Start.Add(-b.team.Final)
	}
	var out []Order
	for _, p := range b.readers("agenda") {
		out = append(out, Order{
			Kind: kind, Key: letterKey(family(kind), compact(call.ID), number, p.Handle), Person: p.Handle,
			At: at, Until: until, Call: call.ID, Invite: invite,
		})
	}
	return out
}

// family is the word that a letter's key begins with.
func family(kind Kind) string {
	switch kind {
	case AgendaPreview, AgendaFinal:
		return "agenda"
	case EmptyAgenda:
		return "empty"
	}
	return string(kind)
}

func letterKey(parts ...string) string { return strings.Join(parts, ".") }

// compact writes a call's id as letters' keys have it: 20170202, and 20170202-2.
func compact(id string) string {
	return strings.ReplaceAll(strings.ReplaceAll(id, "-", ""), ".", "-")
}

// nudgeTime is the scribe's first working morning after the call.
func (b *Book) nudgeTime(c Call) time.Time {
	p, ok := b.lastScribe(c)
	if !ok {
		return time.Time{} // past: nobody to ask
	}
	return b.morning(p, when.DateOf(c.ends().In(p.zone(b.team))).AddDays(1))
}

// lastScribe is who took the minutes of the last call before this one.
func (b *Book) lastScribe(c Call) (Person, bool) {
	earlier := b.callsWhere(func(x *Call) bool { return x.Minutes != nil && x.Start.Before(c.Start) })
	for _, x := range slices.Backward(earlier) {
		if p, ok := b.person(x.Minutes.Scribe); ok && !b.Member(p.Handle).Paused {
			return p, true
		}
	}
	return Person{}, false
}

// nudge asks for the minutes that are missing, once.
func (b *Book) nudge(id string, at time.Time) Outcome {
	call := b.editCall(id)
	call.Nudged = true
	p, ok := b.lastScribe(*call)
	if !ok {
		return Outcome{Did: "no nudge", Detail: id}
	}
	order := Order{Kind: Nudge, Key: letterKey("nudge", compact(id), p.Handle), Person: p.Handle, At: at, Until: b.nudgedUntil(at, p), Call: id}
	return Outcome{Did: "nudge", Detail: id + " " + p.Handle, Orders: []Order{order}}
}

// nudgedUntil is how long asking for minutes is of use: after the next call it is that
// one's which are asked for, so that a time of silence ends with one letter.
func (b *Book) nudgedUntil(at time.Time, p Person) time.Time {
	day := endOfDay(at, p.zone(b.team))
	week := day.AddDate(0, 0, 6)
	for _, next := range b.occurrences(at, week) {
		if next.start.After(day) {
			return next.start
		}
	}
	return week
}

func endOfDay(at time.Time, zone *time.Location) time.Time {
	return when.DateOf(at.In(zone)).AddDays(1).In(zone).UTC()
}
