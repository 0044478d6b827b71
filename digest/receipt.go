package digest

import (
	"slices"
	"strings"

	"minuted/agenda"
	"minuted/parser/when"
)

// receiptView tells what a mail changed, what was not understood, and what it
// asked to see.
type receiptView struct {
	basics
	Subject string // of the mail that is answered
	Arrived string // 09:46
	Undone  bool
	Undo    bool // there is something to take back
	First   *changeView
	Changes int // several of one entry among them
	Changed *list[changeView]
	Misread *list[misreadView]
	Pages   []pageView
}

type changeView struct {
	ID       string
	Title    Words
	Verb     string
	Day      string // of a call, where it is about one
	Comes    string // the day of the call that a new topic comes up in
	Was, Now Words
	Links    []Link
	Said     Words // the words behind done or drop
	NowFirst Words // Now, as the beginning of a sentence
	Undone   bool
	Reopened bool         // what was taken back is open again
	Undo     bool         // offered under the last
	More     []changeView // what else the mail changed about the same
	Rest     int          // changes of it beyond these
}

type misreadView struct {
	Line     Words
	Sentence Words
	Ready    string
}

func (d *draft) receiptView() receiptView {
	r := agenda.Receipt{}
	if d.order.Receipt != nil {
		r = *d.order.Receipt
	}
	v := receiptView{basics: d.basics(), Subject: d.answered(), Arrived: d.arrived(), Undone: r.Undone}
	v.Changes = len(r.Changes)
	v.Changed = most(d, gathered(d.changes(r.Changes)), 20)
	v.Misread = most(d, d.misread(r.Errors), 5)
	for _, p := range r.Pages {
		v.Pages = append(v.Pages, d.page(p))
	}
	if v.Changed != nil {
		v.First = &v.Changed.Shown[0]
		v.Undo = !r.Undone && d.token != "" // operators undo on the command line
		v.Changed.Shown[len(v.Changed.Shown)-1].Undo = v.Undo && v.Changed.More == 0
	}
	return v
}

// gathered puts what happened to one thing into one entry.
func gathered(changes []changeView) (entries []changeView) {
	for _, c := range changes {
		at := slices.IndexFunc(entries, func(e changeView) bool { return e.ID != "" && e.ID == c.ID })
		if at < 0 {
			entries = append(entries, c)
			continue
		}
		if e := &entries[at]; len(e.More) < mostYours {
			e.More = append(e.More, c)
		} else {
			e.Rest++
		}
	}
	return entries
}

// answered is the subject of the mail that is answered, without prefixes.
func (d *draft) answered() string {
	if d.order.Answer == nil {
		return ""
	}
	subject := clean(d.order.Answer.Subject)
	for {
		rest, found := cutPrefixFold(subject, "re:")
		if !found {
			return Words(shorten(subject, longestSubject-len("Re: "))).String()
		}
		subject = strings.TrimSpace(rest)
	}
}

func cutPrefixFold(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return s, false
	}
	return s[len(prefix):], true
}

func (d *draft) arrived() string {
	if d.order.Answer == nil {
		return d.reader.clock(d.reader.now)
	}
	return d.reader.clock(d.order.Answer.Arrived)
}

func (d *draft) changes(list []agenda.Change) (views []changeView) {
	for _, c := range list {
		view := changeView{
			ID: refOf(c.ID), Title: cut(withoutID(c.Title, c.ID)), Was: cut(c.Was), Now: cut(c.Now),
		}
		view.Verb, view.Undone = strings.CutPrefix(c.Verb, "undo ")
		view.NowFirst, view.Reopened = sentence(c.Now), view.Undone && strings.HasPrefix(c.Now, "open ")
		if !view.Undone {
			view.Links = linksOf(c.Links, 3)
		}
		if view.Verb == "owner" {
			view.Was, view.Now = cut(d.asCalled(c.Was)), cut(d.asCalled(c.Now))
		}
		d.recall(&view)
		if call, ok := d.book.Call(c.ID); ok {
			view.Day = d.reader.day(when.DateOf(call.Start.In(d.reader.zone)))
		}
		if next, ok := d.book.NextCall(d.order.At); ok && !view.Undone && (view.Verb == "filed" || view.Verb == "accept") {
			view.Comes = d.reader.day(when.DateOf(next.Start.In(d.reader.zone)))
		}
		views = append(views, view)
	}
	return views
}

// recall adds what the book knows of an action and the change does not tell.
func (d *draft) recall(v *changeView) {
	if !strings.HasPrefix(v.ID, "A-") {
		return
	}
	a, ok := d.book.Action(numberOf(v.ID))
	if !ok {
		return
	}
	v.Title = cut(d.deed(a))
	if !v.Undone && v.Was != v.Now && (v.Verb == "done" || v.Verb == "drop") {
		v.Said = cut(a.Note)
	}
}

// refOf returns an id as an entry may begin with it; the date of a call is no such id.
func refOf(id string) string {
	if ids.FindString(id) == id {
		return id
	}
	return ""
}

func (d *draft) misread(list []agenda.Misread) (views []misreadView) {
	for _, m := range list {
		views = append(views, misreadView{Line: quote(m.Line), Sentence: Words(shorten(unticked(clean(m.Sentence)), 2*longestWords)), Ready: ready(m.Ready)})
	}
	return views
}

// ready joins the ready answers that fit a line; one that would have to be
// broken could not be sent.
func ready(answers []string) string {
	var fit []string
	for _, a := range answers {
		if a = clean(a); a != "" && len(a) <= columns-8 && !strings.Contains(a, "|") && len(fit) < 3 {
			fit = append(fit, a)
		}
	}
	return strings.Join(fit, " | ")
}

// pageView is something that was asked for.
type pageView struct {
	Verb     string
	Argument Words
	Address  string
	Reader   string
	Actions  []promiseView
	Items    []topicView
	Agenda   *agendaView
	Empty    bool
	More     int
}

// mostFound is the most that a page shows of actions, and of items: as much as a
// letter holds that is asked for where others say "And 7 more".
const mostFound = 80

func (d *draft) page(p agenda.Page) pageView {
	v := pageView{Verb: p.Verb, Argument: cut(p.Argument), Address: d.team.Address, Reader: d.reader.handle}
	var actions []promiseView
	for _, a := range d.known(p.Actions) {
		actions = append(actions, d.promise(a))
	}
	if found := most(d, actions, mostFound); found != nil {
		v.Actions, v.More = found.Shown, found.More
	}
	var items []topicView
	for _, id := range p.Items {
		if i, ok := d.book.Item(id); ok {
			items = append(items, d.topic(i))
		}
	}
	if found := most(d, items, mostFound); found != nil {
		v.Items, v.More = found.Shown, v.More+found.More
	}
	if next, ok := d.book.NextCall(d.order.At); ok && p.Verb == "agenda" {
		view := d.planView(d.book.Plan(next.ID), mostFound)
		v.Agenda = &view
	}
	v.Empty = len(v.Actions)+len(v.Items) == 0
	return v
}
