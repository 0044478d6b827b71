package minutes

import (
	"sort"
	"strings"
	"time"
)

func sortLines(lines []Line) {
	sort.SliceStable(lines, func(i, j int) bool { return lines[i].Number < lines[j].Number })
}

// segment reads one meeting, or the front of a page.
func (r *reader) segment(s segment) {
	if s.front {
		r.front(s.nodes)
		return
	}
	r.meeting = &Meeting{Links: []Link{}, Topics: []Topic{}, Decisions: []Decision{}, Actions: []Action{}}
	r.root = nil
	r.people = roster{}
	for _, p := range r.opts.People {
		r.people.add(p)
	}
	root := tree(s.nodes)
	r.begin(s)
	r.gather(root)
	r.boxes = boxesEverywhere(s.nodes)
	r.walk(root.kids, ctx{top: true})
	r.meeting.Topics = closed(r.root)
	r.page.Meetings = append(r.page.Meetings, *r.meeting)
}

// begin reads the heading of a meeting: date, end, label, venue.
func (r *reader) begin(s segment) {
	m := r.meeting
	m.Line = 1
	if s.start != nil {
		m.Line, m.Heading = s.start.n, plain(s.start.text)
		m.date(s.date)
		m.aside(s.start.text[min(len(s.start.text), s.date.end):])
		r.say(m.Line, "meeting", m.Date)
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

// undated looks for the date in the lines at the top, then in the name of the
// file, and takes the given one last.
func (r *reader) undated(nodes []*node) {
	m := r.meeting
	if len(nodes) > 0 {
		m.Line = nodes[0].n
	}
	for i, n := range nodes {
		if i > 40 {
			break
		}
		if n.shape == heading && m.Heading == "" && n.label.kind == none {
			m.Line, m.Heading = n.n, plain(n.text)
		}
		text := n.text
		if n.label.kind == dateline && n.label.rest != "" {
			text = n.label.rest
		} else if n.shape == bullet && i > 3 || len(text) > 100 {
			continue
		}
		if d, ok := dateIn(text); ok {
			m.date(d)
			r.say(n.n, "date", m.Date)
			return
		}
	}
	if d, ok := dateIn(strings.ReplaceAll(r.opts.Name, "_", "-")); ok {
		m.date(d)
	} else {
		m.Date = r.opts.Date
	}
}

// front reads what stands above the meetings of a page.
func (r *reader) front(nodes []*node) {
	here := none
	for _, n := range nodes {
		switch {
		case n.shape == heading:
			here = n.label.kind
			if here == pinned || here == archive {
				r.say(n.n, "heading", n.text)
			}
		case here == pinned && (n.shape == bullet || n.shape == numbered):
			r.pin(n)
		}
	}
}

func (r *reader) pin(n *node) {
	r.page.Pinned = append(r.page.Pinned, Pinned{Line: n.n, Text: n.text})
	r.say(n.n, "pinned", n.text)
}

// closed turns growing topics into finished ones.
func closed(in []*topic) []Topic {
	out := []Topic{}
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
