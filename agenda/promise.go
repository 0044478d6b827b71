package agenda

import (
	"fmt"
	"slices"
	"strings"

	"minuted/parser/minutes"
	"minuted/parser/when"
)

// takeActions opens the actions of the minutes, closes those that are done, and
// knows those again that stood in these minutes before, or in earlier ones.
func (m *minuting) takeActions() {
	known := m.knownAgain()
	for i, a := range m.meeting.Actions {
		if m.onlyReturns(a) {
			continue
		}
		id := known[i]
		if id == 0 {
			id = m.restated(a)
		}
		if id == 0 {
			id = m.open(a)
		} else {
			m.update(m.b.editAction(id), a)
		}
		act := m.b.editAction(id)
		if act.Call == m.call.ID {
			act.Place = i + 1
		}
		m.call.Minutes.Actions = append(m.call.Minutes.Actions, id)
		m.hang(id, a.TopicLine)
	}
	for _, a := range m.meeting.PriorActions {
		if id := m.restated(a); id != 0 {
			m.update(m.b.editAction(id), a)
			m.call.Minutes.Actions = append(m.call.Minutes.Actions, id)
		}
	}
	m.removeMissing()
}

// onlyReturns says whether an action is no promise but says that its topic needs
// another call ("Needs more discussion"): the topic's return says that. Records
// of the past keep it, so that an export gives the page as it was.
func (m *minuting) onlyReturns(a minutes.Action) bool {
	return !m.past && a.CarryOver && !a.Done && len(a.Owners) == 0 && a.TopicLine > 0
}

// knownAgain matches the actions to those of the same call's minutes as they
// were mailed before, so that they keep their ids.
func (m *minuting) knownAgain() map[int]int {
	out := map[int]int{}
	if m.old == nil {
		return out
	}
	var ids []int
	var before []minutes.Action
	for _, id := range m.old.Actions {
		if a := m.b.actions[actionKey(id)]; a != nil {
			ids = append(ids, id)
			before = append(before, minutes.Action{Text: a.Text, Owners: a.Owners})
		}
	}
	for _, p := range minutes.Match(before, m.meeting.Actions) {
		if p.Old >= 0 && p.New >= 0 {
			out[p.New] = ids[p.Old]
		}
	}
	return out
}

// restated finds the open action of an earlier call that the minutes repeat.
func (m *minuting) restated(a minutes.Action) int {
	need := sameWords
	if !a.Prior {
		if m.past {
			return 0 // two calls of the past may well have made the same promise twice
		}
		need = 1 // only word for word
	}
	best, likeness := 0, 0.0
	for _, old := range m.b.Actions() {
		if l := alike(old.Text, a.Text); l >= need && l > likeness && m.sameOwners(old, a) {
			best, likeness = old.ID, l
		}
	}
	return best
}

// sameOwners says whether the owners do not speak against a match.
func (m *minuting) sameOwners(old Action, a minutes.Action) bool {
	handles, _ := m.b.owners(a.Owners)
	return len(handles) == 0 || len(old.Owners) == 0 || slices.Equal(handles, old.Owners)
}

func (m *minuting) open(a minutes.Action) int {
	act := m.b.newAction()
	act.Text, act.Call, act.Opened, act.Carry = a.Text, m.call.ID, m.at, a.CarryOver
	act.Links, act.Said = a.Links, strings.Join(a.Details, " ")
	act.Owners, act.Unknown = m.b.owners(a.Owners)
	act.Due, act.DueText = dueOf(a)
	if a.Done {
		m.resolve(act, a)
	} else {
		m.schedule(act)
		m.change.Added = append(m.change.Added, act.ID)
		m.doubt(act, a)
	}
	return act.ID
}

// schedule sets an action's reminders. One of the past whose time is over goes
// to the agenda at once: nobody wants ten reminders of last year.
func (m *minuting) schedule(act *Action) {
	act.Remind = m.b.firstReminder(act)
	if m.past && act.Remind < when.DateOf(m.request.at.In(m.b.team.zone())) {
		act.Remind, act.Stuck = "", true
	}
}

func (m *minuting) resolve(act *Action, a minutes.Action) {
	m.b.closeAction(act, DoneAction, m.call.ID, m.at)
	act.Evidence = addMissing(act.Evidence, a.ResolvingLinks...)
	if a.ResolutionNote != nil {
		act.Note = *a.ResolutionNote
	}
}

func dueOf(a minutes.Action) (when.Date, string) {
	var due, text string
	if a.Due != nil {
		due = *a.Due
	}
	if a.DueText != nil {
		text = *a.DueText
	}
	return when.Date(due), text
}

// owners matches owners as written to people. A name that could be several
// people, or is nobody's, stays as written, to be asked about.
func (b *Book) owners(names []string) (handles, unknown []string) {
	for _, name := range names {
		if found := b.team.named(name); len(found) == 1 {
			handles = addMissing(handles, found[0].Handle)
		} else {
			unknown = addMissing(unknown, name)
		}
	}
	return handles, unknown
}

// update brings a known action up to what the minutes now say, and notes each
// difference for the correction.
func (m *minuting) update(act *Action, a minutes.Action) {
	restated := act.Call != m.call.ID
	if !restated {
		m.edit(act, "text", &act.Text, a.Text)
		act.Carry = a.CarryOver
		act.Links = addMissing(act.Links, a.Links...)
	}
	if handles, unknown := m.b.owners(a.Owners); len(a.Owners) > 0 && !(slices.Equal(handles, act.Owners) && slices.Equal(unknown, act.Unknown)) {
		was := m.b.ownerWords(*act)
		act.Owners, act.Unknown = handles, unknown
		m.edited(act.ID, "owner", was, m.b.ownerWords(*act))
	}
	if due, text := dueOf(a); due != "" && due != act.Due {
		m.edited(act.ID, "due", string(act.Due), string(due))
		act.Due, act.DueText = due, text
		if act.State == OpenAction {
			m.b.reschedule(act)
		}
	}
	if a.Done && act.State == OpenAction {
		m.resolve(act, a)
		if restated {
			m.change.Closed = append(m.change.Closed, act.ID)
			m.call.Minutes.Closed = append(m.call.Minutes.Closed, act.ID)
		} else {
			m.edited(act.ID, "done", "open", "done")
		}
	}
}

func (m *minuting) edit(act *Action, field string, value *string, now string) {
	if *value != now {
		m.edited(act.ID, field, *value, now)
		*value = now
	}
}

func (m *minuting) edited(id int, field, was, now string) {
	m.change.Edited = append(m.change.Edited, ActionEdit{id, field, was, now})
}

// removeMissing drops the actions that the corrected minutes no longer have.
func (m *minuting) removeMissing() {
	if m.old == nil {
		return
	}
	for _, id := range m.old.Actions {
		act := m.b.actions[actionKey(id)]
		if act == nil || act.Call != m.call.ID || act.State == Dropped || slices.Contains(m.call.Minutes.Actions, id) {
			continue
		}
		act = m.b.editAction(id)
		m.b.closeAction(act, Dropped, m.who.handle, m.at)
		act.Note = "no longer in the minutes"
		m.change.Removed = append(m.change.Removed, id)
	}
}

// hang puts an action under its topic.
func (m *minuting) hang(id, topicLine int) {
	place := m.topicPlace(topicLine)
	if place < 0 {
		return
	}
	topic := &m.call.Minutes.Topics[place]
	topic.Actions = append(topic.Actions, id)
	if act := m.b.editAction(id); act.Call == m.call.ID {
		act.Topic, act.Item = topic.Title, topic.Item
		if act.Said == "" && len(topic.Notes) > 0 {
			act.Said = topic.Notes[len(topic.Notes)-1]
		}
	}
}

// topicPlace is the place of the topic at a line among the topics as they were taken.
func (m *minuting) topicPlace(line int) int {
	place, n := -1, 0
	var walk func([]minutes.Topic)
	walk = func(topics []minutes.Topic) {
		for _, t := range topics {
			if t.Line == line {
				place = n
			}
			n++
			walk(t.Topics)
		}
	}
	walk(m.meeting.Topics)
	return place
}

// doubt asks the scribe about owners that are missing or match nobody.
func (m *minuting) doubt(act *Action, a minutes.Action) {
	switch {
	case len(act.Unknown) > 0:
		m.change.Doubts = append(m.change.Doubts, Misread{
			Line: a.Text, Sentence: fmt.Sprintf("Nobody on the team is known as %s, so %s goes out with that name as written.", strings.Join(act.Unknown, ", "), act.Ref()),
			Ready: m.ownerReady(act),
		})
	case len(act.Owners) == 0:
		m.change.Doubts = append(m.change.Doubts, Misread{
			Line: a.Text, Sentence: fmt.Sprintf("%s has no owner. Unless you name somebody, it goes out as nobody yet.", act.Ref()),
			Ready: []string{fmt.Sprintf("%s owner @%s", act.Ref(), m.who.handle)},
		})
	}
}

func (m *minuting) ownerReady(act *Action) []string {
	var out []string
	for _, p := range m.b.nearest(act.Unknown[0]) {
		out = append(out, fmt.Sprintf("%s owner @%s", act.Ref(), p.Handle))
	}
	return out[:min(len(out), 3)]
}
