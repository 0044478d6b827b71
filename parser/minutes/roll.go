package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// roll is who was there, while it is collected: boxes only count as attendance
// once one of them is ticked.
type roll struct {
	present, unticked, absent []string
	chairs                    []string
	ticked                    bool
	said                      bool // the minutes have such a list at all
}

// gather reads who was there, who not and who wrote before anything else is
// read, so that the names are known when owners are looked for. Labels whose
// content are no names lose their meaning.
func (r *reader) gather(root *node) {
	var all roll
	r.roll(root, &all)
	m := r.meeting
	if all.ticked {
		all.absent = append(all.absent, all.unticked...)
	} else if len(all.present) == 0 {
		all.unticked = nil
	}
	if len(all.present) > 0 {
		for _, name := range all.chairs {
			if !strings.Contains(strings.Join(all.present, "\n"), name) {
				all.present = append(all.present, name)
			}
		}
		m.Attendees = all.present
	}
	m.Absent = all.absent
	for _, name := range append(append(append([]string{}, all.present...), all.absent...), m.Scribe) {
		r.people.add(name)
	}
}

func (r *reader) roll(n *node, all *roll) {
	for _, k := range n.kids {
		switch k.label.kind {
		case attendees, absent, chair, scribe:
			if !r.called(k, all) {
				k.label = label{}
			}
		case actions, prior, restated, decisions:
			continue
		case none:
			if k.shape == heading && all.said && rollCall(k) {
				k.label.kind = attendees
				r.called(k, all)
			}
		}
		r.roll(k, all)
	}
}

// called reads one list of people and reports whether it was one.
func (r *reader) called(n *node, all *roll) bool {
	var here roll
	here.names(n.label.rest, n)
	here.list(n)
	found := append(here.present, here.unticked...)
	if len(found)+len(here.absent) == 0 {
		return n.label.rest == "" && len(n.kids) == 0 || strings.HasPrefix(n.label.rest, "(")
	}
	detail := strings.Join(found, ", ")
	switch n.label.kind {
	case attendees:
		all.said, all.ticked = true, all.ticked || here.ticked
		all.add(here)
		r.say(n.n, "attendees", detail)
	case absent:
		all.absent = merge(all.absent, found)
		r.say(n.n, "absent", detail)
	case scribe:
		if r.meeting.Scribe == "" {
			r.meeting.Scribe = found[0]
		}
		r.say(n.n, "scribe", detail)
	case chair:
		if n.shape == heading && len(n.kids) > 0 { // listed apart from the others, but there
			all.chairs = found
		}
		r.say(n.n, "chair", detail)
	}
	return true
}

func (all *roll) add(here roll) {
	all.present = merge(all.present, here.present)
	all.unticked = merge(all.unticked, here.unticked)
	all.absent = merge(all.absent, here.absent)
}

// maxPeople is the longest roll call; what is longer is no list of people.
const maxPeople = 500

// merge adds those names to a list that are not in it yet.
func merge(list, more []string) []string {
next:
	for _, m := range more {
		if len(list) == maxPeople {
			return list
		}
		for _, have := range list {
			if strings.EqualFold(have, m) {
				continue next
			}
		}
		list = append(list, m)
	}
	return list
}

// list reads the names below a label: items, plain lines where there are no
// items, tables, and labels below it ("Team members: …", "### Guests").
func (all *roll) list(n *node) {
	listed := hasItems(n)
	if inLines(n) {
		n, listed = &node{kids: n.kids[:firstItem(n)]}, false
	}
	for _, k := range n.kids {
		switch {
		case k.shape == cells:
			all.table(k)
		case k.label.kind == absent || k.label.kind == scribe || k.label.kind == chair || k.label.kind == linked || k.label.kind == dateline:
		case k.shape == heading || k.label.kind == attendees:
			if k.label.rest != "" {
				all.names(k.label.rest, k)
			}
			all.list(k)
		case k.shape == prose && listed:
		default:
			all.names(k.text, k)
		}
	}
}

// inLines reports whether the people of a section stand in plain lines above
// items that have nothing to do with them.
func inLines(n *node) bool {
	at := firstItem(n)
	for _, k := range n.kids[:at] {
		if k.shape == prose && k.label.kind == none && len(people(k.text, false)) > 0 {
			return true
		}
	}
	return false
}

// firstItem is the index of the first item among the children of a node.
func firstItem(n *node) int {
	for i, k := range n.kids {
		if k.shape == bullet || k.shape == numbered || k.shape == cells {
			return i
		}
	}
	return len(n.kids)
}

// names adds the people of one line.
func (all *roll) names(s string, n *node) {
	if s == "" || len(s) > 3000 {
		return
	}
	struck := strings.HasPrefix(strings.TrimLeft(s, "*_ "), "~~")
	for _, name := range people(s, n.shape == bullet && n.label.rest == "" || n.shape == numbered) {
		switch {
		case struck:
			all.absent = merge(all.absent, []string{name})
		case n.box == openBox:
			all.unticked = merge(all.unticked, []string{name})
		default:
			all.ticked = all.ticked || n.box == tickedBox
			all.present = merge(all.present, []string{name})
		}
	}
}

// people are the names of a line: one person with what belongs to it if it is
// an item, several between commas otherwise.
func people(s string, item bool) []string {
	s = plain(s)
	if head, ok := runIn(s); ok {
		s = afterHead(head, s[len(head)+1:], &item)
	}
	if end := strings.LastIndexByte(s, ']'); end > 0 && item {
		if open := strings.LastIndexByte(s[:end], '['); open > 0 { // "Joe Beda, Tim St. Clair [Heptio]"
			s, item = strings.TrimRight(s[:open], " ,"), false
		}
	}
	if item {
		if name, ok := person(s); ok {
			return []string{name}
		}
		return nil
	}
	var out []string
	for _, part := range outside(s) {
		if name, ok := person(part); ok {
			out = append(out, name)
		}
	}
	return out
}

// afterHead decides what "JRG: Jaime Rodríguez", "Acme: Kim, Lee" and "Kim: notes" mean.
func afterHead(head, rest string, item *bool) string {
	rest = strings.TrimSpace(rest)
	if head == strings.ToUpper(head) && len(head) <= 5 || rest == "" {
		return rest
	}
	*item = false
	return rest
}

// outside splits a list at the commas and semicolons that are not in brackets.
func outside(s string) []string {
	s = ands.Replace(s)
	var out []string
	depth, from := 0, 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(', '[':
			depth++
		case ')', ']':
			depth--
		case ',', ';', '|', '·':
			if depth <= 0 {
				out = append(out, s[from:i])
				from = i + 1
			}
		}
	}
	return append(out, s[from:])
}

var ands = strings.NewReplacer(" and ", ", ", " & ", ", ", " und ", ", ", " et ", ", ", " y ", ", ")

// person takes the name out of "Kim Lee (@kim), Acme - left early".
func person(s string) (string, bool) {
	s = strings.TrimSpace(strings.Trim(strings.TrimSpace(s), "*_.…~"))
	end := len(s)
	for _, sign := range [...]string{" - ", " – ", " — ", " -- ", ", ", " [", "[", " {", " <", "\t", " @", ": ", " / "} {
		if at := strings.Index(s, sign); at > 0 && at < end {
			end = at
		}
	}
	if at := strings.IndexByte(s, '('); at > 0 && at < end && !nameGoesOn(s[at:]) {
		end = at
	}
	name := strings.Trim(strings.TrimSpace(s[:end]), "*_,;:")
	name = strings.TrimPrefix(name, "@")
	return name, isPerson(name)
}

// nameGoesOn is true of "(Vicky) Brasseur".
func nameGoesOn(s string) bool {
	end := strings.IndexByte(s, ')')
	if end < 0 || end+2 >= len(s) || s[end+1] != ' ' {
		return false
	}
	first, _ := utf8.DecodeRuneInString(s[end+2:])
	return unicode.IsUpper(first)
}

// isPerson refuses what lists of people hold beside people: counts, sentences,
// groups and the words of an empty template.
func isPerson(name string) bool {
	words := strings.Fields(name)
	if len(words) == 0 || len(words) > 6 || strings.ContainsAny(name, "/?!<>|=\"#") || utf8.RuneCountInString(name) < 2 {
		return false
	}
	first, _ := utf8.DecodeRuneInString(name)
	low := strings.ToLower(words[len(words)-1])
	if !unicode.IsLetter(first) || bots[strings.ToLower(name)] || noPerson[strings.ToLower(name)] || len(words) > 1 && groupEnds[low] {
		return false
	}
	if len(words) == 1 {
		return true
	}
	last, _ := utf8.DecodeRuneInString(strings.TrimLeft(words[len(words)-1], "("))
	return !unicode.IsLower(first) && !unicode.IsLower(last) || len(words) == 2 && unicode.IsUpper(last)
}

var noPerson = set(`name names none n/a na tbd tbc nobody everyone all you affiliation company attendee attendees text initials organization organisation
	present absent regrets apologies yes no quorum guests others member members various several see list team unknown nobody. keine aucun ninguno here chair host`)

var groupEnds = set(`council maintainers directors members committee team teams group groups board representatives project projects community staff
	attendees participants people contributors foundation society others below above list total quorum`)

// rollCall reports whether all items of a section are people behind boxes, as
// in attendance that is kept in several lists.
func rollCall(n *node) bool {
	people, ticked := 0, false
	for _, k := range n.kids {
		if k.shape != bullet {
			continue
		}
		name, ok := person(plain(k.text))
		if k.box == noBox || !ok || !strings.Contains(name, " ") || notNames[strings.ToLower(strings.Fields(name)[0])] {
			return false
		}
		people++
		ticked = ticked || k.box == tickedBox
	}
	return people > 1 && ticked
}
