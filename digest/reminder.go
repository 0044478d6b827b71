package digest

import (
	"slices"
	"strconv"
	"strings"

	"minuted/agenda"
	"minuted/parser/when"
)

// reminderView is one person's open actions, due first.
type reminderView struct {
	basics
	Greeting string
	Actions  []promiseView
	More     int
	All      int
	First    *promiseView
	Title    Words // of the only action, as a subject has room for it
	Second   *promiseView
	Others   int    // behind the second, for the subject
	NextDay  string // tomorrow, on Monday: when the next reminder comes
	Last     string // reminded of for the last time
	Lasts    int    // how many
	Example  string // a filled-in answer
	Snooze   string // one answer that postpones all
}

// longestTitle is how much of a title a subject takes behind what is due when.
const longestTitle = 40

type promiseView struct {
	actionView
	Soon  string // tomorrow, on Monday: when it is due
	Said  Words  // the sentence that it came from
	Given string // 16 January: the call that it came from
	Notes []Words
}

func (d *draft) reminderView() any {
	var all []promiseView
	v := reminderView{basics: d.basics(), Greeting: d.reader.greeting()}
	for _, id := range d.order.Ids {
		if a, ok := d.book.Action(numberOf(id)); ok {
			all = append(all, d.promise(a))
		}
	}
	shown := most(d, all, mostYours)
	if shown == nil {
		return nil
	}
	v.Actions, v.More, v.All = shown.Shown, shown.More, shown.All
	v.First = &all[0]
	if len(all) == 1 {
		// Answers repeat the subject: a tag in it would file them as topics.
		v.Title = Words(shorten(strings.ReplaceAll(string(all[0].Text), "#", ""), longestTitle))
	}
	if len(all) > 1 {
		v.Second, v.Others = &all[1], len(all)-2
	}
	v.Example = v.Actions[0].ID + " done" + d.example(v.Actions[0])
	v.Snooze = snooze(v.Actions)
	v.NextDay = d.nextReminder()
	last := d.lastTime()
	v.Last, v.Lasts = and(last), len(last)
	return v
}

// nextReminder is the first day on which one of the actions comes up again.
func (d *draft) nextReminder() string {
	var next when.Date
	for _, id := range d.order.Ids {
		a, _ := d.book.Action(numberOf(id))
		if a.Remind > d.reader.today() && (next == "" || a.Remind < next) {
			next = a.Remind
		}
	}
	if next == "" {
		return ""
	}
	return d.reader.soon(next)
}

// lastTime are the actions that go on the agenda instead of into another reminder.
func (d *draft) lastTime() (refs []string) {
	for _, id := range d.order.Ids {
		if a, ok := d.book.Action(numberOf(id)); ok && a.Stuck {
			refs = append(refs, a.Ref())
		}
	}
	return refs
}

// numberOf returns the number of "A-12".
func numberOf(id string) int {
	_, digits, _ := strings.Cut(id, "-")
	n, err := strconv.Atoi(digits)
	if err != nil {
		return 0
	}
	return n
}

func (d *draft) promise(a agenda.Action) promiseView {
	v := promiseView{actionView: d.action(a), Said: cut(d.said(a))}
	for _, note := range a.Notes {
		v.Notes = append(v.Notes, cut(note))
	}
	if a.Due != "" {
		v.Soon = d.reader.soon(a.Due)
	}
	if call, ok := d.book.Call(a.Call); ok {
		v.Given = d.reader.date(when.DateOf(call.Start.In(d.reader.zone)))
	}
	return v
}

// said is the note that an action came with; that its topic returns says nothing about it.
func (d *draft) said(a agenda.Action) string {
	call, _ := d.book.Call(a.Call)
	for _, t := range minutesOf(call).Topics {
		if slices.Contains(t.Actions, a.ID) && t.Reason != "" && sameWords(a.Said, t.Reason) {
			return ""
		}
	}
	return a.Said
}

// example shows what may stand behind done: an address beside the one that the
// action knows.
func (d *draft) example(v promiseView) string {
	if len(v.Links) > 0 {
		host, _, _ := strings.Cut(strings.TrimPrefix(string(v.Links[0]), "https://"), "/")
		if !strings.Contains(host, ":") && len(host) < 40 {
			return " https://" + host + "/…"
		}
	}
	return ", more in the next call"
}

func snooze(actions []promiseView) string {
	var ids []string
	for _, a := range actions {
		ids = append(ids, a.ID)
	}
	return strings.Join(ids, " ") + " snooze 1w"
}
