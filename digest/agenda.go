package digest

import (
	"cmp"
	"fmt"
	"maps"
	"net/mail"
	"slices"
	"strconv"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
)

// basics is what every letter can say.
type basics struct {
	Team    Words
	Address string
	Tag     string
	Reader  string // as spoken to: "Kostas"
	Handle  string
	Call    callView
	Next    *callView // the call after that
	Yours   yoursView
}

func (d *draft) basics() basics {
	b := basics{
		Team: whole(d.team.Name), Address: d.team.Address, Reader: d.reader.name, Handle: d.reader.handle,
	}
	if len(d.team.Tags) > 0 {
		b.Tag = "#" + d.team.Tags[0]
	}
	if call, ok := d.book.Call(d.order.Call); ok {
		b.Call = d.call(call)
	}
	return b
}

// callView is a call as the reader meets it.
type callView struct {
	Short    string // Thu 2 Feb
	Day      string // Thursday 2 February
	DayNamed string // Today, Thursday 2 February
	Weekday  string // Thursday
	Soon     string // tomorrow
	Time     string // 16:00
	End      string // 17:00
	Place    string // in London
	Minutes  int
	Where    string
	Words    Words  // what an ad-hoc call is about
	Shift    string // "an hour later, at 17:00" where clocks changed since the last call
}

func (d *draft) call(c agenda.Call) callView {
	day := when.DateOf(c.Start.In(d.reader.zone))
	return callView{
		Short: d.reader.short(day), Day: d.reader.day(day), DayNamed: upperFirst(d.reader.named(day)),
		Weekday: d.reader.weekday(day), Soon: d.reader.soon(day),
		Time: d.reader.clock(c.Start), End: d.reader.clock(c.Start.Add(c.Length)), Place: d.reader.place(),
		Minutes: int(c.Length.Minutes()), Where: where(c.Where), Words: cut(c.Words), Shift: d.shift(c),
	}
}

// where is a link where it is one, else the name of a room.
func where(s string) string {
	if link := linkOf(s); link != "" {
		return link.String()
	}
	return cut(s).String()
}

// shift says how far a change of clocks moves a call for the reader, against
// the call before it in its series.
func (d *draft) shift(c agenda.Call) string {
	previous, ok := previousInSeries(d.team, c)
	if !ok {
		return ""
	}
	minutes := func(t time.Time) int { t = t.In(d.reader.zone); return t.Hour()*60 + t.Minute() }
	moved := (minutes(c.Start)-minutes(previous)+36*60)%(24*60) - 12*60
	switch {
	case moved > 0:
		return lasting(time.Duration(moved)*time.Minute) + " later"
	case moved < 0:
		return lasting(time.Duration(-moved)*time.Minute) + " earlier"
	}
	return ""
}

// previousInSeries returns when the call before c was, by the series that c
// belongs to: same wall clock, in the zone of the series.
func previousInSeries(team agenda.Team, c agenda.Call) (time.Time, bool) {
	for _, s := range team.Series {
		if c.AdHoc || s.Zone == nil {
			continue
		}
		start := c.Start.In(s.Zone)
		clock := time.Duration(start.Hour())*time.Hour + time.Duration(start.Minute())*time.Minute
		if clock != s.Time || !slices.Contains(s.Days, start.Weekday()) {
			continue
		}
		for back := 1; back <= 7; back++ {
			before := start.AddDate(0, 0, -back)
			if !slices.Contains(s.Days, before.Weekday()) {
				continue
			}
			if before.Weekday() >= start.Weekday() || back == 7 {
				before = before.AddDate(0, 0, -7*(max(1, s.Every)-1))
			}
			return before, true
		}
	}
	return time.Time{}, false
}

// yoursView is what waits for the reader.
type yoursView struct {
	Actions []actionView
	Topics  []topicView
	More    int
	All     int // actions
}

// Any says whether there is anything.
func (y yoursView) Any() bool { return len(y.Actions)+len(y.Topics) > 0 }

const mostYours = 5

// yours collects the reader's own actions, due ones first, then by age, and topics.
func (d *draft) yours(fresh map[int]bool, topics []topicView) yoursView {
	var own []agenda.Action
	for _, o := range d.book.Owed() {
		if o.Handle == d.reader.handle && o.Handle != "" {
			own = append(own, o.Actions...)
		}
	}
	slices.SortStableFunc(own, func(a, b agenda.Action) int {
		return cmp.Or(boolCompare(fresh[b.ID], fresh[a.ID]), cmp.Compare(dueOrder(a), dueOrder(b)), a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
	})
	y := yoursView{All: len(own)}
	shown := most(d, own, mostYours)
	if shown != nil {
		y.More = shown.More
		for _, a := range shown.Shown {
			view := d.action(a)
			view.New = fresh[a.ID]
			if view.New {
				view.Age = ""
			}
			y.Actions = append(y.Actions, view)
		}
	}
	if room := mostYours - len(y.Actions); room > 0 {
		y.Topics = topics[:min(room, len(topics))]
	}
	return y
}

func boolCompare(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return 1
	}
	return -1
}

// dueOrder sorts what is due before what is not.
func dueOrder(a agenda.Action) string { return cmp.Or(string(a.Due), "9999") }

// actionView is an action as letters show it.
type actionView struct {
	ID     string
	Text   Words
	Owner  string // names, "you" for the reader; empty: nobody yet
	Yours  bool
	Open   bool
	New    bool
	Due    string // Friday 3 February
	Late   string // 2 days
	Age    string // 16 days
	When   string // on Tuesday: when it was closed
	State  string // open, done on Tuesday
	Links  []Link
	Reader string // handle
}

func (d *draft) action(a agenda.Action) actionView {
	v := actionView{
		ID: a.Ref(), Text: cut(a.Text), Owner: d.owners(a), Open: a.State == agenda.OpenAction,
		Yours: slices.Contains(a.Owners, d.reader.handle), Age: d.reader.age(a.Opened),
		Links: linksOf(a.Links, 1), Reader: d.reader.handle,
	}
	if a.Due != "" {
		v.Due = d.reader.named(a.Due)
		if late := d.reader.today().Sub(a.Due); late > 0 {
			v.Due, v.Late = d.reader.day(a.Due), days(late)
		}
	}
	if !v.Open {
		v.Links = linksOf(append(slices.Clone(a.Evidence), a.Links...), 1)
		v.When = d.reader.soon(when.DateOf(a.Closed.In(d.reader.zone)))
		v.State = string(a.State) + " " + v.When
	}
	return v
}

func (d *draft) actions(list []agenda.Action) (views []actionView) {
	for _, a := range list {
		views = append(views, d.action(a))
	}
	return views
}

// known returns the actions with these ids.
func (d *draft) known(ids []int) (actions []agenda.Action) {
	for _, id := range ids {
		if a, ok := d.book.Action(id); ok {
			actions = append(actions, a)
		}
	}
	return actions
}

// itemRef is the id of an item, or nothing where there is none.
func itemRef(id int) string {
	if id == 0 {
		return ""
	}
	return agenda.Item{ID: id}.Ref()
}

// owners says "Shaun and Kostas"; owners whom nobody knows as they were written.
func (d *draft) owners(a agenda.Action) string {
	var names []string
	for _, handle := range a.Owners {
		names = append(names, d.nameOf(handle))
	}
	for _, name := range a.Unknown {
		names = append(names, d.nameOf(name))
	}
	return and(names)
}

// nameOf returns how a person is called; an address that nobody has stays an address.
func (d *draft) nameOf(handle string) string {
	name := handle
	if p, ok := person(d.team, handle); ok {
		name = cmp.Or(p.Name, handle)
	}
	return Words(shorten(clean(name), longestName)).String()
}

// longestName keeps a name from taking the place of what is said about it.
const longestName = 40

// and says "a, b and c".
func and(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

func upperFirst(s string) string {
	if s == "" {
		return ""
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

// topicView is an item as letters show it.
type topicView struct {
	ID        string
	Title     Words
	Summary   Words
	Link      Link
	Area      string
	Who       string
	Author    string // who wrote it first, where that is somebody else
	Votes     int
	Ago       string
	Why       Words
	Reason    Words
	Nth       string // 2nd
	Old       bool   // three calls or more
	Minutes   int
	Longer    string // 15m: a ready answer
	Shorter   string // 5m
	MayNotFit bool
	Yours     bool
	First     bool // the reader brought it
	State     string
}

func (d *draft) topic(i agenda.Item) topicView {
	minutes := i.Planned()
	v := topicView{
		ID: i.Ref(), Title: cut(i.Title), Summary: cut(i.Summary), Area: cut(i.Area).String(),
		Who: d.nameOf(i.Submitter), Author: d.author(i), Votes: len(i.Votes), Ago: d.reader.ago(i.Filed), Why: sentence(i.Why), Reason: sentence(i.Reason),
		Old: i.Calls > 1, Minutes: minutes, Longer: fmt.Sprintf("%dm", minutes+5), Shorter: "5m",
		First: i.Submitter == d.reader.handle && d.reader.handle != "", State: upperFirst(string(i.State)),
	}
	if links := linksOf(i.Links, 1); len(links) > 0 {
		v.Link = links[0]
	}
	if i.Calls > 0 {
		v.Nth = ordinal(i.Calls + 1)
	}
	if minutes <= 5 {
		v.Shorter = v.Longer
	}
	return v
}

// author is who wrote the mail that somebody else brought.
func (d *draft) author(i agenda.Item) string {
	a, err := mail.ParseAddress(i.Author)
	if err != nil { // a name alone, as some programs leave of it
		return d.nameOf(i.Author)
	}
	if strings.EqualFold(a.Address, i.Submitter) {
		return ""
	}
	if p, ok := person(d.team, i.Submitter); ok && (strings.EqualFold(a.Address, p.Address) || slices.ContainsFunc(p.Addresses, func(own string) bool { return strings.EqualFold(own, a.Address) })) {
		return ""
	}
	return d.nameOf(cmp.Or(a.Name, a.Address))
}

// sentence returns a reason as the beginning of a sentence, without its stop.
func sentence(s string) Words { return Words(upperFirst(strings.TrimRight(string(cut(s)), "."))) }

func ordinal(n int) string {
	suffix := "th"
	if n%100 < 11 || n%100 > 13 {
		switch n % 10 {
		case 1:
			suffix = "st"
		case 2:
			suffix = "nd"
		case 3:
			suffix = "rd"
		}
	}
	return strconv.Itoa(n) + suffix
}

// agendaView is the preview and the final agenda.
type agendaView struct {
	basics
	Topics  int
	Planned int
	Full    bool
	Lead    string // "an hour": how long before the call the final agenda comes
	Coming  string // 3 coming, 1 not
	Pinned  *topicList
	Carried *topicList
	New     *topicList
	Stuck   *list[actionView]
	Waiting *list[topicView]
	Changed []changedView
}

type topicList struct {
	list[topicView]
	Minutes int
	Areas   bool
}

type changedView struct {
	ID    string
	Title Words
	Now   string
}

func (d *draft) agendaView() agendaView {
	plan := d.book.Plan(d.order.Call)
	v := d.planView(plan)
	var own []topicView
	for _, list := range []*topicList{v.Pinned, v.Carried, v.New} {
		own = append(own, list.own()...)
	}
	v.Yours = d.yours(nil, own)
	v.settleOwn()
	if d.order.Kind == agenda.AgendaFinal {
		v.Changed = d.changed(plan)
	}
	return v
}

// planView shows what is planned for a call.
func (d *draft) planView(plan agenda.Plan) agendaView {
	v := agendaView{
		basics: d.basics(), Planned: plan.Minutes, Lead: lasting(d.team.Final),
		Topics: len(plan.Pinned) + len(plan.Carried) + len(plan.New),
		Full:   plan.Minutes >= int(plan.Call.Length.Minutes()), Coming: coming(plan.Call.Coming),
	}
	v.Call = d.call(plan.Call)
	room := mostTopics
	v.Pinned = d.topics(plan, plan.Pinned, &room)
	v.Carried = d.topics(plan, plan.Carried, &room)
	v.New = d.topics(plan, plan.New, &room)
	v.Stuck = most(d, d.actions(plan.Stuck), 2)
	v.Waiting = most(d, d.topicViews(plan.Waiting), 3)
	return v
}

const mostTopics = 12

// topics shows items of a plan, and takes them from the room that is left for
// topics; each section shows three at least.
func (d *draft) topics(plan agenda.Plan, items []agenda.Item, room *int) *topicList {
	var views []topicView
	l := topicList{}
	areas := map[string]bool{}
	for _, i := range items {
		view := d.topic(i)
		view.MayNotFit = plan.Overrun[i.ID]
		l.Minutes += view.Minutes
		areas[i.Area] = true
		views = append(views, view)
	}
	shown := most(d, views, max(3, *room))
	if shown == nil {
		return nil
	}
	l.list, l.Areas = *shown, len(areas) > 1
	*room -= len(shown.Shown)
	return &l
}

// own returns the topics that the reader brought.
func (l *topicList) own() (own []topicView) {
	if l == nil {
		return nil
	}
	for _, t := range l.Shown {
		if t.First {
			own = append(own, t)
		}
	}
	return own
}

// settleOwn marks what stands in the panel, so that it is not repeated below.
func (v *agendaView) settleOwn() {
	for _, list := range []*topicList{v.Pinned, v.Carried, v.New} {
		for i := 0; list != nil && i < len(list.Shown); i++ {
			list.Shown[i].Yours = slices.ContainsFunc(v.Yours.Topics, func(t topicView) bool { return t.ID == list.Shown[i].ID })
		}
	}
}

func (d *draft) topicViews(items []agenda.Item) (views []topicView) {
	for _, i := range items {
		views = append(views, d.topic(i))
	}
	return views
}

// coming says "3 coming, 1 not".
func coming(answers map[string]string) string {
	counts := map[string]int{}
	for _, handle := range slices.Sorted(maps.Keys(answers)) {
		counts[answers[handle]]++
	}
	var said []string
	for _, a := range []struct{ answer, words string }{{"ACCEPTED", "coming"}, {"TENTATIVE", "perhaps"}, {"DECLINED", "not"}} {
		if n := counts[a.answer]; n > 0 {
			said = append(said, fmt.Sprintf("%d %s", n, a.words))
		}
	}
	return strings.Join(said, ", ")
}

// changed says what is different from the preview: topics and actions that it
// showed and that went since, and topics that came.
func (d *draft) changed(plan agenda.Plan) (changes []changedView) {
	now := map[string]bool{}
	for _, i := range plan.Listed() {
		now[i.Ref()] = true
		if len(plan.Call.Shown) > 0 && !slices.Contains(plan.Call.Shown, i.Ref()) {
			changes = append(changes, changedView{i.Ref(), cut(i.Title), "is new"})
		}
	}
	for _, ref := range plan.Call.Shown {
		if now[ref] {
			continue
		}
		if change, ok := d.gone(ref); ok {
			changes = append(changes, change)
		}
	}
	return changes
}

// gone says what became of something that the preview showed.
func (d *draft) gone(ref string) (changedView, bool) {
	id, err := strconv.Atoi(ref[2:])
	if err != nil {
		return changedView{}, false
	}
	if strings.HasPrefix(ref, "T-") {
		item, ok := d.book.Item(id)
		return changedView{ref, cut(item.Title), d.fateOf(item)}, ok && d.fateOf(item) != ""
	}
	action, ok := d.book.Action(id)
	if !ok || action.State == agenda.OpenAction {
		return changedView{}, false
	}
	return changedView{ref, cut(action.Text), "is " + string(action.State) + d.by(action.ClosedBy)}, true
}

func (d *draft) fateOf(i agenda.Item) string {
	switch i.State {
	case agenda.Postponed:
		if i.Until != "" {
			return "moved to " + d.reader.day(i.Until)
		}
		return "moved to the next call"
	case agenda.Dropped:
		return "is dropped" + d.by(i.ClosedBy)
	case agenda.Discussed:
		return "is settled" + d.by(i.ClosedBy)
	}
	return ""
}

// by says " (you)" or " (Andrei)".
func (d *draft) by(handle string) string {
	switch handle {
	case "":
		return ""
	case d.reader.handle:
		return " (you)"
	}
	return " (" + d.nameOf(handle) + ")"
}

// emptyView is the agenda with nothing on it, and the cancelled call.
type emptyView struct {
	basics
	Hour     string // how long the call would have been: "hour"
	Deadline string // at 17:00 that day
	Nothing  bool   // it is cancelled because nothing came in
}

func (d *draft) emptyView() emptyView {
	v := emptyView{basics: d.basics(), Hour: "hour"}
	v.Yours = d.yours(nil, nil)
	call, _ := d.book.Call(d.order.Call)
	if call.Length != time.Hour {
		v.Hour = "time"
	}
	v.Nothing = call.Empty
	v.Deadline = d.deadline(call)
	if next, ok := d.book.NextCall(call.Start); ok {
		view := d.call(next)
		v.Next = &view
	}
	return v
}

// deadline is until when somebody can keep a call: its final agenda's time.
func (d *draft) deadline(c agenda.Call) string {
	until := c.Start.Add(-d.team.Final)
	day := when.DateOf(until.In(d.reader.zone))
	if day == when.DateOf(c.Start.In(d.reader.zone)) {
		return "at " + d.reader.clock(until) + " that day"
	}
	return d.reader.soon(day) + " at " + d.reader.clock(until)
}
