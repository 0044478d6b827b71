package minutes

import "strings"

// nothings are the words by which a line under "Actions" says that there is none.
var nothings = set("none nothing no n/a na nil - keine keiner aucune aucun ninguna ninguno nessuna geen tba")

// isNothing recognises "None", "No action", "AI: none - still waiting", "N/A".
func isNothing(s string) bool {
	s = strings.ToLower(strings.Trim(plain(s), " *_.()[]<>–—…"))
	if nothings[s] || s == "" {
		return true
	}
	if len(s) > 300 {
		return false
	}
	first, rest, _ := strings.Cut(s, " ")
	switch strings.TrimRight(first, ".,:;-") {
	case "none", "nothing", "n/a":
		return rest == "" || first != strings.TrimRight(first, ".,:;-") || strings.IndexAny(rest, "-–—(") == 0 || nothingTail[firstWord(rest)]
	case "no", "keine", "aucune", "ninguna":
		return nothingNoun[strings.Trim(firstWord(rest), ".,")] || nothingNoun[strings.Trim(firstWord(strings.TrimPrefix(rest, "new ")), ".,")]
	}
	return false
}

var nothingTail = set("at this so yet for today new recorded identified assigned noted reported")
var nothingNoun = set("action actions ai ais items action-items decision decisions update updates aufgaben beschlüsse tâche acción todos tasks open outstanding")

func firstWord(s string) string {
	w, _, _ := strings.Cut(strings.TrimSpace(s), " ")
	return w
}

// blanks are the words of templates. A line of nothing else was never filled in.
var blanks = set(`name names your owner owners who what when date due text action actions item items task tasks description person by the to do xx xxx xyz
	yyyy mm dd of insert add here placeholder assignee action-item todo tbd lorem foo bar handle username github e.g. example topic brief deadline initials
	next step steps assigned responsible status please fill in this one two 1 2 3`)

// isBlank recognises "@name: action", "[owner] - [task]", "Action 1", "…".
func isBlank(s string) bool {
	if len(s) > 80 {
		return false
	}
	words := strings.FieldsFunc(strings.ToLower(s), func(c rune) bool {
		return !(c >= 'a' && c <= 'z' || c >= '0' && c <= '9' || c >= 0x80 || c == '.')
	})
	real := 0
	for _, w := range words {
		if w = strings.Trim(w, "….–—"); w != "" && !blanks[w] {
			real++
		}
	}
	return real == 0
}

// maxRefused is the longest text behind a marker that may still say nothing.
const maxRefused = 120

// refuse says why a line that stands or looks like an action is none; empty if
// it is one.
func (r *reader) refuse(text string, m mark, c ctx) string {
	if m.name != "" && !m.plural && len(text) > maxRefused {
		return "" // too long to say nothing
	}
	bare := plain(text)
	switch {
	case isNothing(bare):
		return "it says that there is none"
	case isBlank(bare) && m.owner == "" && m.speaker == "":
		return "a template that was not filled in"
	case m.name == "" && len(bare) > 2 && (bare[0] == '[' && bare[len(bare)-1] == ']' || bare[0] == '(' && bare[len(bare)-1] == ')') && strings.LastIndexAny(bare, "[(") == 0:
		return "an aside in brackets"
	case m.name == "" && nextMeeting(bare):
		return "it tells of the next meeting"
	case m.plural && isNames(strings.TrimRight(bare, ".")):
		return "it only names who has actions"
	}
	return ""
}

// nextMeeting recognises "Next call: 11 March", which often ends a list of actions.
func nextMeeting(s string) bool {
	head, ok := runIn(s)
	if !ok || len(s) > 120 {
		return false
	}
	words := strings.Fields(strings.ToLower(head))
	return len(words) > 1 && len(words) < 5 && (words[0] == "next" || words[0] == "nächster" || words[0] == "nächste" || words[0] == "prochaine" || words[0] == "próxima") &&
		words[1] != "step" && words[1] != "steps" && words[1] != "action"
}

// promise reads an action and files it: as new, as an earlier one, as a
// repetition, or not at all.
func (r *reader) promise(n *node, text string, m mark, c ctx) {
	if why := r.refuse(text, m, c); why != "" && !(m.name != "" && len(n.kids) > 0 && isBlank(plain(text))) {
		r.say(n.n, "not an action", why)
		r.under(n, c)
		return
	}
	a := r.action(n, text, m)
	a.Done = a.Done || c.done || m.state == "done" || m.state == "closed" || m.state == "dropped"
	if len(a.Owners) == 0 {
		a.Owners = append(a.Owners, c.owners...)
	}
	r.below(n, &a, c)
	switch {
	case m.prior || c.review && (m.name == "" && c.kind == prior || a.Done || n.quoted || m.tracked):
		r.keepPrior(n, a, c)
	case r.repeats(a, m, c):
		r.say(n.n, "said before", a.Text)
	default:
		r.keep(n, a, c)
	}
}

// keep files a new action.
func (r *reader) keep(n *node, a Action, c ctx) {
	a.TopicLine = c.line()
	a.due(r.base)
	if c.topic != nil {
		c.topic.note(a)
	}
	if r.lists {
		if k := key(a.Text); r.known[k] == 0 {
			r.known[k] = len(r.meeting.Actions) + 1
		}
	}
	r.meeting.Actions = append(r.meeting.Actions, a)
	r.say(n.n, "action", a.Text)
}

// keepPrior files an action of an earlier meeting.
func (r *reader) keepPrior(n *node, a Action, c ctx) {
	a.Prior, a.TopicLine = true, c.line()
	a.due(r.base)
	r.meeting.PriorActions = append(r.meeting.PriorActions, a)
	r.say(n.n, "earlier action", a.Text)
}

// note tells a topic of an action under it: if needing more talk is all that
// came of the topic, it comes back.
func (t *topic) note(a Action) {
	t.actions++
	switch {
	case t.actions == 1 && a.CarryOver && !a.Done:
		t.CarryOver, t.Reason, t.carried = true, plain(a.Text), true
	case t.carried:
		t.CarryOver, t.Reason, t.carried = false, "", false
	}
}

// repeats reports whether an action in a list was read before in the same
// meeting, as in the summaries of chat bots; what the list adds is kept.
func (r *reader) repeats(a Action, m mark, c ctx) bool {
	if c.kind != restated && (c.kind != actions || m.name != "") {
		return false
	}
	k := key(a.Text)
	at := r.known[k]
	if at == 0 {
		at = r.shortened(k)
	}
	if at == 0 || len(k) < 8 {
		return false
	}
	old := &r.meeting.Actions[at-1]
	if len(old.Owners) == 0 {
		old.Owners = a.Owners
	}
	old.Done = old.Done || a.Done
	return true
}

// shortened finds the action that a line in a list tells again with fewer or
// more words at its end.
func (r *reader) shortened(k string) int {
	const lately = 50
	for i := len(r.meeting.Actions) - 1; i >= max(0, len(r.meeting.Actions)-lately) && len(k) >= 12; i-- {
		old := r.meeting.Actions[i]
		if have := key(old.Text); old.Marker != "" && len(have) >= 12 && (strings.HasPrefix(have, k) || strings.HasPrefix(k, have)) {
			return i + 1
		}
	}
	return 0
}

// key is a text without all that people change when they copy it.
func key(s string) string { return strings.ReplaceAll(phrase(plain(s)), " ", "") }

// below reads what stands under an action: its owner, date and state in lines
// of their own, promises in their own right, and details.
func (r *reader) below(n *node, a *Action, c ctx) {
	for _, k := range n.kids {
		text := plain(k.text)
		switch {
		case k.shape == heading, k.shape == cells, k.marked && k.mark.word <= isShort, k.box != noBox && !r.boxes && c.kind == actions:
			r.visit(k, c)
			continue
		case len(text) < 100 && a.fields(strings.TrimRight(text, "."), r.people):
			r.say(k.n, "owner or date", text)
		case a.reports(text):
			r.say(k.n, "state", text)
		default:
			if alone := urls(k.text); len(alone) > 0 && strings.Trim(unlinked(k.text), " -:") == "" { // "file an issue", and here it is
				a.Links, a.ResolvingLinks = append(a.Links, alone...), append(a.ResolvingLinks, alone...)
			}
			a.Details = append(a.Details, k.text)
			r.say(k.n, "detail", text)
			r.details(k, a)
		}
		a.EndLine = max(a.EndLine, k.end)
	}
}

// attaches adds "Owner: Kim" and "Due: Friday" to the action right above them,
// where nothing is indented.
func (r *reader) attaches(n *node) bool {
	list := r.meeting.Actions
	if len(list) == 0 || n.shape == heading || n.shape == cells || n.marked {
		return false
	}
	a := &list[len(list)-1]
	head, ok := runIn(n.text)
	if !ok || a.EndLine+1 != n.n || len(n.kids) > 0 {
		return false
	}
	switch column(plain(head)) {
	case ownerColumn, dueColumn:
		if !a.fields(plain(n.text), r.people) {
			return false
		}
		a.due(r.base)
	case stateColumn:
		if _, verdict := states[phrase(head)]; verdict || !a.reports(plain(n.text)) {
			return false
		}
	default:
		return false
	}
	a.EndLine = n.end
	r.say(n.n, "owner or date", plain(n.text))
	return true
}

func (r *reader) details(n *node, a *Action) {
	for _, k := range n.kids {
		a.Details = append(a.Details, k.text)
		a.EndLine = max(a.EndLine, k.end)
		r.say(k.n, "detail", plain(k.text))
		r.details(k, a)
	}
}

// reports reads a line below an action that tells how it stands: "Done.",
// "DONE (added in a comment)", "Status: closed".
func (a *Action) reports(text string) bool {
	text = strings.TrimSpace(strings.TrimPrefix(text, "Status:"))
	word := strings.ToLower(strings.TrimRight(firstWord(text), ".,:;!"))
	done, known := states[word]
	if _, whole := states[phrase(text)]; whole && !known {
		a.Done = a.Done || states[phrase(text)]
		return true
	}
	if !known || len(strings.Fields(text)) > 12 || !done && len(strings.Fields(text)) > 2 {
		return false
	}
	a.Done = a.Done || done
	if rest := strings.Trim(text[len(firstWord(text)):], " -–:().,"); rest != "" {
		a.ResolutionNote = &rest
	}
	return true
}

// grouped reads a line under an action heading: a name or subject with promises
// of its own below it, a promise, or a paragraph around the list.
func (r *reader) grouped(n *node, c ctx) {
	switch {
	case n.shape == heading:
		r.subgroup(n, c)
	case n.shape == prose && c.listed && !r.promises(n.text) || r.linksOnly(n, false):
		c.kind = none
		r.note(n, c)
	case n.shape == prose && len(n.text) > 400:
		c.kind = none
		r.note(n, c)
	case len(n.kids) > 0 && n.box == noBox && r.isOwner(n.text):
		kids := c
		kids.owners = splitNames(strings.TrimRight(plain(n.text), ": "))
		r.say(n.n, "owner", plain(n.text))
		r.walk(n.kids, kids)
	case len(n.kids) > 0 && n.box == noBox && r.groups(n):
		r.say(n.n, "subject", plain(n.text))
		r.walk(n.kids, c)
	case c.kind == prior:
		r.reviewed(n, c)
	default:
		r.promise(n, n.text, mark{}, c)
	}
}

// subgroup goes on below a heading in a list of actions: a person, a state or a subject.
func (r *reader) subgroup(n *node, c ctx) {
	text := strings.TrimRight(plain(n.text), ":")
	if states[phrase(text)] {
		c.done = true
	} else if looksBack(text) {
		c.kind, c.review = prior, true
	} else if isNames(text) || r.people.knows(text) {
		c.owners = splitNames(text)
	}
	c.listed = hasItems(n)
	r.say(n.n, "subject", text)
	r.walk(n.kids, c)
}

// looksBack recognises "From last week" and "Previous" within a list of actions.
func looksBack(text string) bool {
	words := strings.Fields(phrase(text))
	for _, w := range words {
		if parts[w] == wordPast && len(words) <= 5 {
			return true
		}
	}
	return false
}

func hasItems(n *node) bool {
	for _, k := range n.kids {
		if k.shape == bullet || k.shape == numbered || k.shape == cells {
			return true
		}
	}
	return false
}

// isOwner reports whether a line with lines below it only says who: "Kim:", "@kim".
func (r *reader) isOwner(s string) bool {
	name := strings.TrimSpace(strings.TrimRight(plain(s), ":-– "))
	if at := strings.Index(name, " ("); at > 0 {
		name = name[:at]
	}
	if name == "" || len(name) > 60 {
		return false
	}
	for _, p := range splitNames(name) {
		if !isName(p) && !r.people.knows(p) {
			return false
		}
	}
	return true
}

// groups reports whether a line is only the subject of the promises below it.
func (r *reader) groups(n *node) bool {
	if r.promises(n.text) || len(strings.Fields(n.text)) > 8 {
		return false
	}
	if strings.HasSuffix(n.text, ":") {
		return true
	}
	some := 0
	for _, k := range n.kids {
		if r.promises(k.text) {
			some++
		}
	}
	return some*2 > len(n.kids)
}

// promises reports whether a line says who does it.
func (r *reader) promises(text string) bool {
	if len(text) > 500 {
		return false
	}
	a := Action{}
	if _, ok := a.leading(text, r.people); ok && len(a.Owners) > 0 {
		return true
	}
	return a.subject(text, r.people)
}

// reviewed reads a line in a review of earlier actions. Where nobody is named
// and no state, it is what was said about them.
func (r *reader) reviewed(n *node, c ctx) {
	a := r.action(n, n.text, mark{})
	if len(a.Owners) == 0 && !a.Done && n.box == noBox {
		c.kind = none
		r.note(n, c)
		return
	}
	r.below(n, &a, c)
	r.keepPrior(n, a, c)
}

// boxedPromise takes a task box outside of any list of actions, if it says who,
// and the page does not use boxes for everything.
func (r *reader) boxedPromise(n *node, c ctx) bool {
	if n.box == noBox {
		return false
	}
	text := strings.TrimLeft(n.text, "*_")
	if r.boxes || !strings.HasPrefix(text, "@") && !(r.promises(n.text) && !strings.Contains(firstWord(text), ":")) {
		r.say(n.n, "not an action", "a box, but not in a list of actions")
		return false
	}
	r.promise(n, n.text, mark{}, c)
	return true
}

// stated takes an item that ends with "(todo)" or "(done)", on pages that mark
// their business so.
func (r *reader) stated(n *node, c ctx) bool {
	if n.shape == prose || stateOf(n.text) == "" {
		return false
	}
	a := r.action(n, n.text, mark{})
	if a.ResolutionNote != nil && strings.HasPrefix(strings.ToLower(*a.ResolutionNote), "agreed ") {
		r.decided(n.n, strings.TrimSpace((*a.ResolutionNote)[len("agreed "):]), c)
	}
	r.keep(n, a, c)
	r.walk(n.kids, c)
	return true
}

// stateOf is the state in parentheses at the end of a line: "done" of "(done: note)".
func stateOf(s string) string {
	t := strings.TrimRight(s, " .")
	if !strings.HasSuffix(t, ")") {
		return ""
	}
	inner := t[strings.LastIndexByte(t, '(')+1 : len(t)-1]
	word, _, _ := strings.Cut(inner, ":")
	word = phrase(word)
	if _, ok := states[word]; !ok {
		return ""
	}
	return word
}

// ticking reports whether a page marks its items with "(done)" and "(todo)":
// both must occur, one of them twice.
func ticking(nodes []*node) bool {
	done, todo := 0, 0
	for _, n := range nodes {
		if n.shape != bullet && n.shape != numbered {
			continue
		}
		switch word := stateOf(n.text); {
		case word == "":
		case states[word]:
			done++
		default:
			todo++
		}
	}
	return done > 0 && todo > 0 && done+todo > 2
}

// introduces reports whether a line announces the list below it: "… next steps
// we can take to get started, including:".
func introduces(s string) bool {
	t := strings.TrimRight(s, "*_ ")
	if !strings.HasSuffix(t, ":") || len(t) > 200 {
		return false
	}
	low := " " + phrase(t) + " "
	for _, w := range [...]string{" next steps ", " action items ", " following actions ", " follow ups ", " following tasks ", " nächsten schritte ", " prochaines étapes "} {
		if strings.Contains(low, w) {
			return true
		}
	}
	return false
}
