package digest

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"minuted/agenda"
	"minuted/parser/when"
)

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
			own = append(own, promises(o.Actions)...)
		}
	}
	slices.SortStableFunc(own, func(a, b agenda.Action) int {
		return cmp.Or(cmp.Compare(urgency(a, fresh[a.ID]), urgency(b, fresh[b.ID])), a.Opened.Compare(b.Opened), cmp.Compare(a.ID, b.ID))
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

// urgency sorts what is new before what is due, and that before what is not.
func urgency(a agenda.Action, fresh bool) string {
	due := cmp.Or(string(a.Due), "9999")
	if fresh {
		return "0 " + due
	}
	return "1 " + due
}

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
		ID: a.Ref(), Text: cut(d.deed(a)), Owner: d.owners(a), Open: a.State == agenda.OpenAction,
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

// promises leaves out actions that only say that their topic returns: it is on
// the list itself.
func promises(actions []agenda.Action) (list []agenda.Action) {
	if !slices.ContainsFunc(actions, returns) {
		return actions
	}
	for _, a := range actions {
		if !returns(a) {
			list = append(list, a)
		}
	}
	return list
}

// returns says whether an action only says that its topic returns.
func returns(a agenda.Action) bool { return a.Carry && a.Item != 0 }

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

// nameOf returns how the team calls a person; an address that nobody has stays an address.
func (d *draft) nameOf(handle string) string {
	name := handle
	if p, ok := person(d.team, handle); ok {
		name = cmp.Or(d.called(p), handle)
	}
	return Words(shorten(clean(name), longestName)).String()
}

// called is a person's first name where nobody else on the team has it.
func (d *draft) called(p agenda.Person) string {
	first := firstName(p.Name)
	for _, other := range d.team.People {
		if other.Handle != p.Handle && strings.EqualFold(firstName(other.Name), first) {
			return p.Name
		}
	}
	return first
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
	_, size := utf8.DecodeRuneInString(s)
	return strings.ToUpper(s[:size]) + s[size:]
}
