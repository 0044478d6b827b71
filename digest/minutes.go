package digest

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"minuted/agenda"
	"minuted/parser/when"
)

// minutesView is the minutes digest.
type minutesView struct {
	basics
	NewForYou int
	Topics    int
	Scribe    string
	Attached  bool
	People    string
	Alone     bool // one person only
	ByYou     bool // the reader took them
	Links     []Link
	Decided   *list[decisionView]
	Discussed *list[talkView]
	Back      *list[talkView]
	Opened    *list[actionView]
	Closed    *list[actionView]
	Open      *owedList
}

type decisionView struct {
	ID   string // of the topic, where it is known
	Text Words
	Link Link
	Call string // 26 January
}

// talkView is a topic as the minutes tell it.
type talkView struct {
	ID      string
	Title   Words
	Notes   Words
	Reason  Words
	Longer  string
	Decided bool   // a decision of it stands above
	Opened  string // where it has no notes
	Closed  string // A-13, done at once
	Several bool   // of these
}

func (d *draft) minutesView() minutesView {
	call, _ := d.book.Call(d.order.Call)
	m := minutesOf(call)
	opened, closed := d.split(m)
	v := minutesView{
		basics: d.basics(), Scribe: d.nameOf(m.Scribe), ByYou: m.Scribe == d.reader.handle && m.Scribe != "", Topics: topLevel(m.Topics),
		People: d.names(m.Attendees), Alone: len(m.Attendees) == 1, Links: recordings(m.Links), NewForYou: d.mine(opened),
		Decided: most(d, d.decisions(m.Decisions), 10),
		Opened:  most(d, d.actions(opened), 15),
		Closed:  most(d, d.actions(append(closed, d.known(m.Closed)...)), 10),
		Open:    d.owed(),
	}
	v.Yours = d.yours(idsOf(opened), nil)
	settle(v.Opened, v.Yours)
	discussed, back := d.talks(m)
	v.Discussed, v.Back = most(d, discussed, 10), most(d, back, 10)
	if next, ok := d.book.NextCall(call.Start); ok {
		view := d.call(next)
		v.Next = &view
	}
	v.Attached = d.attachMinutes(call)
	return v
}

// minutesOf returns the minutes of a call; a call without has empty ones.
func minutesOf(c agenda.Call) agenda.Minutes {
	if c.Minutes == nil {
		return agenda.Minutes{}
	}
	return *c.Minutes
}

// attachMinutes attaches the text as it was mailed.
func (d *draft) attachMinutes(c agenda.Call) bool {
	text := minutesOf(c).Text
	if strings.TrimSpace(text) == "" {
		return false
	}
	d.attach = &attachment{name: "minutes-" + c.ID + ".md", text: text}
	return true
}

// split parts the actions that minutes made into those that are open and those
// that were done at once.
func (d *draft) split(m agenda.Minutes) (opened, closed []agenda.Action) {
	for _, a := range promises(d.known(m.Actions)) {
		if a.State == agenda.OpenAction {
			opened = append(opened, a)
		} else {
			closed = append(closed, a)
		}
	}
	return opened, closed
}

func (d *draft) mine(actions []agenda.Action) (n int) {
	for _, a := range actions {
		if slices.Contains(a.Owners, d.reader.handle) {
			n++
		}
	}
	return n
}

func idsOf(actions []agenda.Action) map[int]bool {
	ids := make(map[int]bool, len(actions))
	for _, a := range actions {
		ids[a.ID] = true
	}
	return ids
}

// settle marks what stands in the panel; what it had no room for stays here.
func settle(l *list[actionView], y yoursView) {
	for i := 0; l != nil && i < len(l.Shown); i++ {
		l.Shown[i].Yours = slices.ContainsFunc(y.Actions, func(own actionView) bool { return own.ID == l.Shown[i].ID })
	}
}

func topLevel(topics []agenda.Topic) (n int) {
	for _, t := range topics {
		if t.Depth == 0 {
			n++
		}
	}
	return n
}

// recordings are the links of minutes that are worth their place in the
// letter: where the call can be heard again.
func recordings(links []agenda.Link) (list []Link) {
	for _, l := range links {
		if l.Kind == "recording" {
			list = append(list, linksOf([]string{l.URL}, 1)...)
		}
	}
	return list
}

// mostNames is how many are named of those who were there.
const mostNames = 12

// names says who was there, by the names of the team where they are known.
func (d *draft) names(written []string) string {
	var names []string
	for _, name := range written[:min(mostNames, len(written))] {
		names = append(names, d.nameOf(name))
	}
	if more := len(written) - mostNames; more > 0 {
		names = append(names, fmt.Sprintf("%d more", more))
	}
	return and(names)
}

func (d *draft) decisions(list []agenda.Decision) (views []decisionView) {
	for _, decision := range list {
		view := decisionView{ID: itemRef(decision.Item), Text: Words(begun(string(cut(decision.Text))))}
		if links := linksOf([]string{decision.Link}, 1); len(links) > 0 {
			view.Link = links[0]
		}
		views = append(views, view)
	}
	return views
}

// talks tells the topics of the minutes, and apart from them those that return.
func (d *draft) talks(m agenda.Minutes) (discussed, back []talkView) {
	for _, t := range folded(m.Topics) {
		view := talkView{ID: itemRef(t.Item), Title: topicTitle(t.Topic), Notes: cut(joined(without(t.Notes, t.Reason))), Reason: sentence(t.Reason)}
		item, _ := d.book.Item(t.Item)
		view.Longer = d.topic(item).Longer
		view.Decided = decidedOf(m, t.Topic) > 0
		opened, closed := d.refsOf(t.Actions)
		view.Opened, view.Closed, view.Several = and(opened), and(closed), len(closed) > 1
		switch {
		case t.CarryOver:
			if view.Reason == "" {
				view.Reason = "Needs more discussion"
			}
			back = append(back, view)
		default:
			discussed = append(discussed, view)
		}
	}
	return discussed, back
}

// without leaves out notes that only say why the topic returns.
func without(notes []string, reason string) (rest []string) {
	for _, note := range notes {
		if reason == "" || !sameWords(note, reason) {
			rest = append(rest, note)
		}
	}
	return rest
}

func sameWords(a, b string) bool {
	return strings.EqualFold(strings.Trim(clean(a), " .!;:"), strings.Trim(clean(b), " .!;:"))
}

// decidedOf counts the decisions of a topic.
func decidedOf(m agenda.Minutes, t agenda.Topic) (n int) {
	for _, decision := range m.Decisions {
		if decision.Item == t.Item && t.Item > 0 {
			n++
		}
	}
	return n
}

// refsOf are the ids of actions, of those that are open apart from the others.
func (d *draft) refsOf(ids []int) (opened, closed []string) {
	for _, a := range promises(d.known(ids)) {
		if a.State == agenda.OpenAction {
			opened = append(opened, a.Ref())
		} else {
			closed = append(closed, a.Ref())
		}
	}
	return opened, closed
}

// foldedTopic is a topic with the points below it.
type foldedTopic struct {
	agenda.Topic
	points int
}

// folded puts the points of a topic into it: their titles are its notes, their
// actions its own. A point that returns stays a topic.
func folded(topics []agenda.Topic) (list []foldedTopic) {
	for _, t := range topics {
		if t.Depth == 0 || t.CarryOver || len(list) == 0 {
			t.Notes, t.Actions = slices.Clone(t.Notes), slices.Clone(t.Actions)
			list = append(list, foldedTopic{Topic: t})
			continue
		}
		parent := &list[len(list)-1]
		parent.points++
		parent.Notes = append(parent.Notes, t.Title)
		parent.Actions = append(parent.Actions, t.Actions...)
	}
	return list
}

// topicTitle is the title of a topic without its id, which stands before it.
func topicTitle(t agenda.Topic) Words {
	return cut(withoutID(t.Title, itemRef(t.Item)))
}

// withoutID takes the id off the beginning of a title: it stands before it anyway.
func withoutID(title, ref string) string {
	rest, found := strings.CutPrefix(clean(title), ref)
	if rest = strings.TrimLeft(rest, " :.-"); ref == "" || !found || rest == "" {
		return title
	}
	return rest
}

// joined puts notes behind each other as sentences.
func joined(notes []string) string {
	var said []string
	for _, note := range notes {
		note = clean(note)
		if note == "" {
			continue
		}
		if !strings.ContainsAny(note[len(note)-1:], ".!?:;…") {
			note += "."
		}
		said = append(said, begun(note))
	}
	return strings.Join(said, " ")
}

// begun begins a sentence, but not with another spelling of an address or of a
// name such as resinHUP.
func begun(note string) string {
	first, _, _ := strings.Cut(note, " ")
	if strings.ContainsFunc(first, func(r rune) bool { return !unicode.IsLower(r) && !strings.ContainsRune(",;'’", r) }) {
		return note
	}
	return upperFirst(note)
}

// owedList is what is open, by owner.
type owedList struct {
	list[owedView]
	Actions int
}

type owedView struct {
	Name  string // empty: nobody
	IDs   string
	More  int
	Count int
	Days  int
	Age   string // of the oldest; empty: today's
}

func (d *draft) owed() *owedList { return d.owedBy(d.book.Owed()) }

func (d *draft) owedBy(owed []agenda.Owed) *owedList {
	var l owedList
	var views []owedView
	counted := map[int]bool{} // an action of two owners is one action
	for _, o := range owed {
		if o.Actions = promises(o.Actions); len(o.Actions) == 0 {
			continue
		}
		for _, a := range o.Actions {
			counted[a.ID] = true
		}
		views = append(views, d.owner(o))
	}
	slices.SortStableFunc(views, func(a, b owedView) int { return b.Days - a.Days })
	shown := most(d, views, 8)
	if shown == nil {
		return nil
	}
	l.list, l.Actions = *shown, len(counted)
	return &l
}

// owner tells what one owner owes; three ids are enough to know which.
func (d *draft) owner(o agenda.Owed) owedView {
	v := owedView{Name: d.nameOf(cmp.Or(o.Handle, o.Name)), Count: len(o.Actions)}
	var ids []string
	for _, a := range o.Actions {
		ids = append(ids, a.Ref())
		v.Days = max(v.Days, d.reader.since(a.Opened))
	}
	if len(ids) > 4 {
		ids, v.More = ids[:3], len(ids)-3
	}
	v.IDs = strings.Join(ids, ", ")
	if v.Days > 0 {
		v.Age = days(v.Days)
	}
	return v
}

// correctedView says what mailing minutes again changed.
type correctedView struct {
	basics
	Scribe      string
	Attached    bool
	Differences int
	Yours       int // of them
	Edited      *list[editedView]
	Decided     *list[wordingView]
	Discussed   *list[wordingView]
	Added       *list[actionView]
	Removed     *list[actionView]
	Closed      *list[actionView]
}

type editedView struct {
	actionView
	Edits []editView
}

type editView struct {
	Field    string
	Was, Now Words
}

func (d *draft) correctedView() any {
	call, _ := d.book.Call(d.order.Call)
	change := agenda.MinutesChange{}
	if d.order.Minutes != nil {
		change = *d.order.Minutes
	}
	edited := d.edits(change.Edited)
	decided, discussed := wordings(change.Decided), wordings(change.Topics)
	differences := len(edited) + len(decided) + len(discussed) + len(change.Added) + len(change.Removed) + len(change.Closed)
	if differences == 0 {
		return nil
	}
	return correctedView{
		Yours:  mineOf(edited) + d.mine(d.known(change.Added)),
		basics: d.basics(), Scribe: d.nameOf(minutesOf(call).Scribe), Attached: d.attachMinutes(call), Differences: differences,
		Edited:  most(d, edited, 15),
		Decided: most(d, decided, 10), Discussed: most(d, discussed, 10),
		Added:   most(d, d.actions(d.known(change.Added)), 15),
		Removed: most(d, d.actions(d.known(change.Removed)), 15),
		Closed:  most(d, d.actions(d.known(change.Closed)), 15),
	}
}

func mineOf(edited []editedView) (n int) {
	for _, e := range edited {
		if e.Yours {
			n++
		}
	}
	return n
}

// wordingView is a decision or a topic that a correction changed.
type wordingView struct {
	ID       string
	Was, Now Words
}

func wordings(edits []agenda.TextEdit) (views []wordingView) {
	for _, e := range edits {
		views = append(views, wordingView{itemRef(e.Item), Words(begun(string(cut(e.Was)))), Words(begun(string(cut(e.Now))))})
	}
	return views
}

// edits gathers the changes of each action.
func (d *draft) edits(list []agenda.ActionEdit) (views []editedView) {
	for _, e := range list {
		edit := editView{Field: e.Field, Was: d.value(e.Field, e.Was), Now: d.value(e.Field, e.Now)}
		id := agenda.Action{ID: e.ID}.Ref()
		if at := slices.IndexFunc(views, func(v editedView) bool { return v.ID == id }); at >= 0 {
			views[at].Edits = append(views[at].Edits, edit)
			continue
		}
		a, _ := d.book.Action(e.ID)
		a.ID = e.ID
		views = append(views, editedView{actionView: d.action(a), Edits: []editView{edit}})
	}
	return views
}

// value says a field's value: days as days, people by name.
func (d *draft) value(field, value string) Words {
	if day := when.Date(value); field == "due" && !day.In(d.reader.zone).IsZero() {
		return Words(d.reader.day(day))
	}
	if value == "" {
		return map[string]Words{"owner": "nobody yet"}[field]
	}
	if field == "owner" {
		value = d.asCalled(value)
	}
	return cut(value)
}

// asCalled calls the people in a list of owners as letters call them.
func (d *draft) asCalled(owners string) string {
	for _, p := range d.team.People {
		if p.Name != "" {
			owners = strings.ReplaceAll(owners, p.Name, d.called(p))
		}
	}
	return owners
}
