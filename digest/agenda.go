package digest

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"minuted/agenda"
	"minuted/parser/when"
)

// agendaView is the preview and the final agenda.
type agendaView struct {
	basics
	Topics  int
	Planned int
	Full    bool
	Over    bool   // more is planned than the call is long
	Lead    string // "an hour": how long before the call the final agenda comes
	Coming  string // 3 coming, 1 not
	Pinned  *topicList
	Carried *topicList
	New     *topicList
	Stuck   *list[actionView]
	Waiting *list[topicView]
	Changed *list[changedView]
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
	v := d.planView(plan, mostTopics)
	var own []topicView
	for _, list := range []*topicList{v.Pinned, v.Carried, v.New} {
		own = append(own, list.own()...)
	}
	v.Yours = d.yours(nil, own)
	v.settleOwn()
	if d.order.Kind == agenda.AgendaFinal && !d.order.Unseen {
		v.Changed = most(d, d.changed(plan), mostTopics)
	}
	return v
}

// planView shows what is planned for a call, room topics of it.
func (d *draft) planView(plan agenda.Plan, room int) agendaView {
	v := agendaView{
		basics: d.basics(), Planned: plan.Minutes, Lead: lasting(d.team.Final),
		Topics: len(plan.Pinned) + len(plan.Carried) + len(plan.New),
		Full:   plan.Minutes == int(plan.Call.Length.Minutes()), Over: plan.Minutes > int(plan.Call.Length.Minutes()), Coming: coming(plan.Call.Coming),
	}
	v.Call = d.call(plan.Call)
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
// showed and that went since, topics that came, and own actions that are done.
func (d *draft) changed(plan agenda.Plan) (changes []changedView) {
	now := map[string]bool{}
	for _, i := range plan.Listed() {
		now[i.Ref()] = true
		if len(plan.Call.Shown) > 0 && !slices.Contains(plan.Call.Shown, i.Ref()) {
			changes = append(changes, changedView{i.Ref(), titleOf(i), "is new"})
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
	return append(changes, d.ownClosed(plan)...)
}

// ownClosed are the reader's actions that were closed since the preview, which
// stood in the reader's own panel and not on the list.
func (d *draft) ownClosed(plan agenda.Plan) (changes []changedView) {
	for _, a := range promises(plan.Closed) {
		if slices.Contains(a.Owners, d.reader.handle) && !slices.Contains(plan.Call.Shown, a.Ref()) {
			changes = append(changes, d.closed(a))
		}
	}
	return changes
}

func (d *draft) closed(a agenda.Action) changedView {
	return changedView{a.Ref(), cut(d.deed(a)), "is " + string(a.State) + d.by(a.ClosedBy)}
}

// gone says what became of something that the preview showed.
func (d *draft) gone(ref string) (changedView, bool) {
	id, err := strconv.Atoi(ref[2:])
	if err != nil {
		return changedView{}, false
	}
	if strings.HasPrefix(ref, "T-") {
		item, ok := d.book.Item(id)
		return changedView{ref, titleOf(item), d.fateOf(item)}, ok && d.fateOf(item) != ""
	}
	action, ok := d.book.Action(id)
	if !ok || action.State == agenda.OpenAction {
		return changedView{}, false
	}
	return d.closed(action), true
}

func (d *draft) fateOf(i agenda.Item) string {
	switch i.State {
	case agenda.Postponed:
		if i.Until != "" {
			return "moved to " + d.reader.day(i.Until) + d.by(i.Postponer)
		}
		return "moved to the next call" + d.by(i.Postponer)
	case agenda.Dropped:
		return "is dropped" + d.by(i.ClosedBy)
	case agenda.Discussed:
		return "is settled" + d.by(i.ClosedBy)
	}
	return ""
}

// by says " (you)" or " (Andrei)", and nothing of what minutes closed.
func (d *draft) by(handle string) string {
	if _, minuted := d.book.Call(handle); minuted || handle == "" {
		return ""
	}
	if handle == d.reader.handle {
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
	Topics   int    // that wait for the next call
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
		v.Next, v.Topics = &view, len(d.book.Plan(next.ID).Listed())
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
