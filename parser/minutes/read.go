package minutes

import (
	"slices"
	"strings"
	"time"
)

// Read reads the minutes of one call or of a whole page of calls. It never
// fails: what is odd becomes a Problem, what is unknown stays a note.
func Read(text []byte, o Options) Page {
	rows, matter := scan(text)
	flat := join(rows)
	r := &reader{rows: rows, matter: matter, page: Page{Pinned: []Pinned{}, Meetings: []Meeting{}, Problems: []Problem{}}, opts: o}
	r.page.Lines = make([]Line, 0, len(flat))
	r.oddRows(text)
	for _, n := range flat {
		r.oddText(n)
	}
	for _, s := range segments(flat) {
		r.segment(s)
	}
	r.finish()
	return r.page
}

// reader collects what is found while it goes through the meetings of a text.
type reader struct {
	page   Page
	opts   Options
	people roster
	base   time.Time

	meeting *Meeting
	root    []*topic
	title   *node          // the heading that names the meeting
	known   map[string]int // actions of the meeting by key: index + 1
	linked  map[string]bool

	lastItem *topic // the last first-level bullet that is a topic
	rows     []row
	matter   []row // front matter of the file

	boxes     bool // boxes are this meeting's ordinary bullets
	ticking   bool // items end with "(done)" and "(todo)"
	sectioned bool // topics are headings
	lists     bool // actions are listed, perhaps once more
	lastTalk  int  // line of the last topic or note
}

// topic is a Topic while it grows.
type topic struct {
	Topic
	kids    []*topic
	depth   int
	actions int
	carried bool // its only action says that it comes back
}

// segment is the part of a text that is one meeting, or what stands before the first.
type segment struct {
	nodes []*node
	start *node // the dated heading; nil for a text without one
	date  found
	front bool // stands before the meetings of a page
}

// segments cuts a page into its meetings. A meeting begins at a heading with a
// date, on the highest level where there are such headings.
func segments(flat []*node) []segment {
	starts := dated(flat)
	if len(starts) == 0 || len(starts) == 1 && !runningPage(flat[:starts[0].at]) {
		s := segment{nodes: flat}
		if len(starts) == 1 && early(flat, starts[0].at) {
			s.start, s.date = flat[starts[0].at], starts[0].date
		}
		return []segment{s}
	}
	out := []segment{{nodes: flat[:starts[0].at], front: true}}
	for i, s := range starts {
		end := len(flat)
		if i+1 < len(starts) {
			end = starts[i+1].at
		}
		out = append(out, segment{nodes: flat[s.at+1 : end], start: flat[s.at], date: s.date})
	}
	return out
}

// start is where a meeting begins in the flat list.
type start struct {
	at   int
	date found
}

// dated finds the headings that begin meetings.
func dated(flat []*node) []start {
	byLevel := map[int][]start{}
	year := ""
	for i, n := range flat {
		if n.shape != heading && !dateLine(n) {
			continue
		}
		d, ok := dateIn(n.text)
		if y := yearOnly(n.text); y != "" {
			year = y
		} else if !ok && year != "" && n.shape == heading { // "# 2017", then "## Jan 30"
			d, ok = dateIn(n.text + " " + year)
			d.end = min(d.end, len(n.text))
		}
		if ok && dominates(n.text, d) {
			level := n.level
			if n.shape != heading {
				level = handmade + 1
			}
			byLevel[level] = append(byLevel[level], start{i, d})
		}
	}
	for level := 1; level <= handmade+1; level++ {
		if len(byLevel[level]) > 1 && distinct(byLevel[level]) {
			return byLevel[level]
		}
	}
	for level := 1; level <= handmade; level++ {
		if len(byLevel[level]) > 0 {
			return byLevel[level][:1]
		}
	}
	return nil
}

// yearOnly is the year that a heading like "2017" or "2017 meetings" stands for.
func yearOnly(text string) string {
	first := firstWord(text)
	if len(first) == 4 && (strings.HasPrefix(first, "20") || strings.HasPrefix(first, "19")) && strings.Trim(first, "0123456789") == "" && len(text) < 30 {
		if _, dated := dateIn(text); !dated {
			return first
		}
	}
	return ""
}

// early reports whether a heading is one of the first, and so names the meeting.
func early(flat []*node, at int) bool {
	before := 0
	for _, n := range flat[:at] {
		if n.shape == heading {
			before++
		}
	}
	return before < 3
}

func distinct(starts []start) bool {
	for _, s := range starts[1:] {
		if !s.date.day.Equal(starts[0].date.day) {
			return true
		}
	}
	return false
}

// dateLine reports whether a paragraph is a date and hardly anything else, and
// so begins a meeting where nothing is a heading.
func dateLine(n *node) bool {
	if n.shape != prose || n.indent > 0 || len(n.text) > 40 || n.end != n.n || n.label.kind != none {
		return false
	}
	d, ok := dateIn(n.text)
	return ok && !strings.Contains(n.text[:d.start], ":") && len(strings.Fields(n.text[:d.start])) <= 2
}

// dominates reports whether a heading is a date with a few words around it,
// like "Team meeting, 3 Dec 2016 (ad-hoc @ London)", and not a sentence with a date in it.
func dominates(text string, d found) bool {
	around := text[:d.start] + " " + text[min(len(text), d.end):]
	return len(strings.Fields(around)) <= 12 && !strings.Contains(around, "://")
}

// runningPage reports whether the text above a single dated heading is the
// front of a page of meetings: pinned items, or a heading for past meetings.
func runningPage(front []*node) bool {
	for _, n := range front {
		if n.shape == heading && (n.label.kind == pinned || n.label.kind == archive) {
			return true
		}
	}
	return false
}

// finish puts the findings in the order of their lines.
func (r *reader) finish() {
	slices.SortStableFunc(r.page.Lines, func(a, b Line) int { return a.Number - b.Number })
	slices.SortStableFunc(r.page.Problems, func(a, b Problem) int { return a.Line - b.Line })
}

func (r *reader) say(n int, as, detail string) {
	r.page.Lines = append(r.page.Lines, Line{Number: n, As: as, Detail: detail})
}

func (r *reader) problem(n int, code, detail string) {
	r.page.Problems = append(r.page.Problems, Problem{Line: n, Code: code, Detail: detail})
}
