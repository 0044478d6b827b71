package digest

import (
	"strings"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
)

// echoView tells a scribe how the minutes were read, before they go out.
type echoView struct {
	basics
	Subject   string
	Arrived   string
	Topics    int
	Decisions int
	Actions   int
	Goes      string // 17:56; empty: they are held
	Lead      string // 15 minutes
	First     bool
	People    int
	Doubts    *list[misreadView]
	Read      *list[readView]
	Loose     *list[actionView]
	Unread    *list[Words]
}

// readView is a topic as it was read.
type readView struct {
	ID      string
	Title   Words
	Known   bool
	Notes   int
	Points  int // topics below it
	Decided int
	Opened  string
	Closed  string
	News    int // actions that are open
	Struck  int // actions that were done at once
	Reason  Words
	Back    string // on Thursday
	HasBack bool
}

func (d *draft) echoView() echoView {
	call, _ := d.book.Call(d.order.Call)
	m := minutesOf(call)
	change := agenda.MinutesChange{First: true}
	if d.order.Minutes != nil {
		change = *d.order.Minutes
	}
	v := echoView{
		basics: d.basics(), Subject: d.answered(), Arrived: d.arrived(), Topics: topLevel(m.Topics),
		Decisions: len(m.Decisions), Actions: len(promises(d.known(m.Actions))), First: change.First, People: len(d.team.People),
		Doubts: most(d, d.misread(change.Doubts), 5),
		Read:   most(d, d.readTopics(call, m), mostTopics),
		Loose:  most(d, d.actions(d.loose(m)), mostTopics),
		Unread: most(d, sentences(change.Unread), 5),
	}
	if !m.Held && !m.Release.IsZero() {
		v.Goes = d.reader.clock(m.Release)
		v.Lead = lasting(m.Release.Sub(d.order.At).Round(time.Minute))
	}
	return v
}

func sentences(list []string) (words []Words) {
	for _, s := range list {
		words = append(words, Words(shorten(clean(s), 2*longestWords)))
	}
	return words
}

func (d *draft) readTopics(call agenda.Call, m agenda.Minutes) (views []readView) {
	back := ""
	if next, ok := d.book.NextCall(call.Start); ok {
		back = "on " + d.reader.weekday(when.DateOf(next.Start.In(d.reader.zone)))
	}
	for _, t := range folded(m.Topics) {
		v := readView{ID: itemRef(t.Item), Points: t.points, Decided: decidedOf(m, t.Topic), Title: topicTitle(t.Topic), Known: t.Known, Notes: len(without(t.Notes, t.Reason)), Reason: sentence(t.Reason), HasBack: t.CarryOver, Back: back}
		opened, closed := d.refsOf(t.Actions)
		v.News, v.Struck = len(opened), len(closed)
		v.Opened, v.Closed = strings.Join(opened, ", "), strings.Join(closed, ", ")
		views = append(views, v)
	}
	return views
}

// loose are the actions that stand under no topic.
func (d *draft) loose(m agenda.Minutes) (actions []agenda.Action) {
	under := map[int]bool{}
	for _, t := range m.Topics {
		for _, id := range t.Actions {
			under[id] = true
		}
	}
	for _, a := range promises(d.known(m.Actions)) {
		if !under[a.ID] {
			actions = append(actions, a)
		}
	}
	return actions
}
