package minutes

import (
	"strings"
	"time"
)

// segment reads one meeting, or the front of a page.
func (r *reader) segment(s segment) {
	if s.front {
		r.front(s.nodes)
		return
	}
	r.meeting = &Meeting{Links: []Link{}, Topics: []Topic{}, Decisions: []Decision{}, Actions: []Action{}}
	r.root, r.lastItem, r.known, r.linked = nil, nil, map[string]int{}, map[string]bool{}
	r.people = roster{}
	for _, p := range r.opts.People {
		r.people.add(p)
	}
	r.title = nil
	root := tree(s.nodes)
	r.begin(s)
	r.survey(s)
	r.gather(root)
	r.walk(root.kids, ctx{top: true, front: true})
	r.meeting.Topics = closed(r.root)
	r.page.Meetings = append(r.page.Meetings, *r.meeting)
}

// survey finds out the habits of a meeting's minutes before they are read.
func (r *reader) survey(s segment) {
	r.boxes, r.ticking = boxesEverywhere(s.nodes), ticking(s.nodes)
	r.sectioned, r.lists, r.lastTalk = false, false, 0
	if r.title == nil {
		r.title = titleOf(s)
	}
	for _, n := range s.nodes {
		if n.speaker != "" {
			r.people.add(n.speaker)
		}
		r.lists = r.lists || n.label.kind == actions || n.label.kind == restated || n.label.kind == open
		topic := n.shape == heading && n != r.title && n != s.start && (n.label.kind == none || n.label.kind == notes)
		r.sectioned = r.sectioned || topic
		if topic || n.shape == numbered && n.indent == 0 && n.label.kind == none {
			r.lastTalk = n.n
		}
	}
}

// titleOf is the heading that names the meeting: the dated one, or the first if
// it stands above all others or says so.
func titleOf(s segment) *node {
	if s.start != nil && (len(s.nodes) == 0 || s.nodes[0].n > s.start.n) {
		return nil // its heading was cut off already
	}
	var first *node
	alone := true
	for _, n := range s.nodes {
		switch {
		case n.shape != heading:
		case first == nil:
			first = n
		case n.level <= first.level:
			alone = false
		}
	}
	if first == nil || first.label.kind != none && first != s.start {
		return nil
	}
	if alone || first == s.start || meetingWords(first.text) {
		return first
	}
	return nil
}

// meetingWords reports whether a heading calls itself a meeting.
func meetingWords(s string) bool {
	low := " " + phrase(plain(s)) + " "
	for _, w := range [...]string{"meeting", "minutes", "teleconference", "telecon", "telco", "weekly", "call", "sync", "standup", "summit", "protokoll",
		"besprechung", "réunion", "compte rendu", "reunión", "acta", "notes"} {
		if strings.Contains(low, " "+w+" ") || strings.Contains(low, " "+w+"s ") {
			return true
		}
	}
	return false
}

// begin reads the heading of a meeting: date, end, label, venue.
func (r *reader) begin(s segment) {
	m := r.meeting
	if s.start != nil {
		m.Line, m.Heading = s.start.n, plain(s.start.text)
		m.date(s.date)
		m.aside(s.start.text[min(len(s.start.text), s.date.end):])
		r.say(m.Line, "meeting", m.Date)
		r.oddDate(m.Line, s.date)
	} else {
		r.undated(s.nodes)
	}
	r.base, _ = time.Parse(time.DateOnly, m.Date)
}

func (m *Meeting) date(d found) {
	m.Date = d.day.Format(time.DateOnly)
	if !d.until.IsZero() {
		end := d.until.Format(time.DateOnly)
		m.EndDate = &end
	}
}

// aside reads "(ad-hoc @ London office)" behind the date.
func (m *Meeting) aside(s string) {
	open, end := strings.IndexByte(s, '('), strings.LastIndexByte(s, ')')
	if open < 0 || end < open {
		return
	}
	what, where, ok := strings.Cut(s[open+1:end], "@")
	what = strings.Trim(what, " ,")
	if ok {
		m.Venue = strings.TrimSpace(where)
	}
	if p := phrase(what); p == "ad hoc" || p == "adhoc" {
		m.Label = "ad-hoc"
	} else if ok {
		m.Label = what
	}
}

// undated looks for the date in the lines at the top, in the front matter, then
// in the name of the file, and takes the given one last.
func (r *reader) undated(nodes []*node) {
	m := r.meeting
	if len(nodes) > 0 {
		m.Line = nodes[0].n
	}
	for _, n := range nodes {
		if n.shape == heading && n.level < handmade && n.label.kind == none {
			m.Line, m.Heading = n.n, plain(n.text)
			break
		}
	}
	if r.topDate(nodes, true) || r.topDate(nodes, false) || r.matterDate() {
		return
	}
	if d, ok := nameDate(r.opts.Name); ok {
		m.date(d)
	} else {
		m.Date = r.opts.Date
	}
	r.oddDate(max(m.Line, 1), found{})
}

// nameDate finds the date in the name of a file, "cores-tg_2020-12-04.md", or
// else in the folders above it.
func nameDate(name string) (found, bool) {
	for _, s := range [...]string{name[strings.LastIndexByte(name, '/')+1:], name} {
		s = strings.NewReplacer("_", "-", "/", "-").Replace(s)
		for i := 1; i < len(s); i++ {
			if digitAt(s, i) && !digitAt(s, i-1) && (i == 1 || !digitAt(s, i-2)) {
				s = s[:i-1] + " " + s[i:]
			}
		}
		if d, ok := dateIn(s); ok {
			return d, true
		}
	}
	return found{}, false
}

// top is how many paragraphs and items make the top of minutes.
const top = 30

// topDate takes the date of a "Date:" line, or of any short line at the top.
func (r *reader) topDate(nodes []*node, labelled bool) bool {
	for i, n := range nodes[:min(len(nodes), top)] {
		text := n.text
		switch {
		case n.label.kind == dateline && n.label.rest != "":
			text = n.label.rest
		case labelled, n.shape == bullet && i > 3, len(text) > 120, n.marked:
			continue
		}
		if d, ok := dateIn(text); ok {
			r.meeting.date(d)
			if r.meeting.Heading == "" && n.shape == prose && n.label.kind == none && len(text) <= 80 && dominates(text, d) {
				r.meeting.Line, r.meeting.Heading, r.title = n.n, plain(text), n
			}
			r.say(n.n, "date", r.meeting.Date)
			r.oddDate(n.n, d)
			return true
		}
	}
	return false
}

func (r *reader) matterDate() bool {
	for _, named := range [...]string{"date", "title", "description", ""} {
		for _, row := range r.matter {
			name, value, ok := strings.Cut(row.raw, ":")
			if !ok || named != "" && strings.TrimSpace(name) != named {
				continue
			}
			if d, ok := dateIn(strings.Trim(value, " \"'")); ok {
				r.meeting.date(d)
				r.say(row.n, "date", r.meeting.Date)
				return true
			}
		}
	}
	return false
}

// front reads what stands above the meetings of a page.
func (r *reader) front(nodes []*node) {
	here, begun := none, false
	for _, n := range nodes {
		switch {
		case n.shape == heading:
			here = n.label.kind
			if here == pinned || here == archive {
				if !begun {
					r.preamble(n.n)
				}
				begun = true
				r.say(n.n, "heading", n.text)
			}
		case here == pinned && (n.shape == bullet || n.shape == numbered):
			r.pin(n)
		}
	}
}

// preamble keeps the text above the pinned items, as it is.
func (r *reader) preamble(end int) {
	var b strings.Builder
	for _, row := range r.rows {
		if row.n >= end {
			break
		}
		b.WriteString(row.raw + "\n")
	}
	r.page.Preamble = strings.TrimSpace(b.String())
}

func (r *reader) pin(n *node) {
	r.page.Pinned = append(r.page.Pinned, Pinned{Line: n.n, Text: n.text})
	r.say(n.n, "pinned", n.text)
}

// closed turns growing topics into finished ones.
func closed(in []*topic) []Topic {
	out := make([]Topic, 0, len(in))
	for _, t := range in {
		t.Topics = closed(t.kids)
		out = append(out, t.Topic)
	}
	return out
}

// boxesEverywhere reports whether a page uses task boxes as plain bullets.
func boxesEverywhere(nodes []*node) bool {
	boxed, items := 0, 0
	for _, n := range nodes {
		if n.shape == bullet || n.shape == numbered {
			items++
			if n.box != noBox {
				boxed++
			}
		}
	}
	return boxed*2 > items && boxed > 8
}
