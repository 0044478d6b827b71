package minutes

import (
	"bytes"
	"fmt"
	"sort"
	"strings"
	"time"
)

// Write is the page in the form of the founding one: pinned items, then the
// meetings under dated headings with "===" between them, topics as headings or
// first-level bullets, **[Action]:** with the owner in parentheses, and what is
// done struck through with its links behind. Reading it gives the same
// meetings, as far as they have dates. Fields that the form has no place for
// (kinds of links that their text does not tell) are left out.
func Write(p Page) []byte {
	w := &writer{}
	if p.Preamble != "" {
		w.put(strings.TrimSpace(p.Preamble), "")
	}
	if len(p.Pinned) > 0 {
		w.put("## Pinned Agenda Items", "")
		for _, pin := range p.Pinned {
			w.put("* " + pin.Text)
		}
		w.put("")
	}
	w.put("## Recent Meeting Notes", "")
	for i, m := range p.Meetings {
		if i > 0 {
			w.put("===", "")
		}
		w.meeting(m)
	}
	return append(bytes.TrimSpace(w.b.Bytes()), '\n')
}

// writer writes one meeting after the other.
type writer struct {
	b      bytes.Buffer
	m      Meeting
	people roster
	under  map[int][]entry // actions and decisions by the line of their topic
	blank  bool            // the last line is blank
}

func (w *writer) put(lines ...string) {
	for _, l := range lines {
		if l == "" && w.blank {
			continue
		}
		w.b.WriteString(l)
		w.b.WriteByte('\n')
		w.blank = l == ""
	}
}

func (w *writer) meeting(m Meeting) {
	w.m, w.people, w.under = m, roster{}, map[int][]entry{}
	for i := range m.Decisions {
		d := &m.Decisions[i]
		w.under[d.TopicLine] = append(w.under[d.TopicLine], entry{line: d.Line, decision: d})
	}
	for _, list := range [...][]Action{m.PriorActions, m.Actions} {
		for i := range list {
			w.under[list[i].TopicLine] = append(w.under[list[i].TopicLine], entry{line: list[i].Line, action: &list[i]})
		}
	}
	for _, name := range append(append([]string{m.Scribe}, m.Attendees...), m.Absent...) {
		w.people.add(name)
	}
	w.put("### "+headingOf(m), "")
	w.links(m.Links, false)
	w.names("Attendees", m.Attendees)
	w.names("Absent", m.Absent)
	if m.Scribe != "" {
		w.names("Scribe", []string{m.Scribe})
	}
	w.points(m.Points)
	if headed(m.Topics) {
		w.entries(w.entriesOf(0, nil), 0, "- ")
		for _, t := range m.Topics {
			w.section(t)
		}
	} else {
		w.entries(w.entriesOf(0, m.Topics), 0, "* ")
	}
	w.put("")
	w.links(m.Links, true)
}

// headingOf is the heading as it was, if it still says the date, else the date.
func headingOf(m Meeting) string {
	if d, ok := dateIn(m.Heading); ok && dominates(m.Heading, d) {
		again := Meeting{}
		again.date(d)
		again.aside(m.Heading[d.end:])
		if again.Date == m.Date && equalText(again.EndDate, m.EndDate) && again.Label == m.Label && (again.Venue == m.Venue || again.Venue == "") {
			return escaped(m.Heading)
		}
	}
	day, err := time.Parse(time.DateOnly, m.Date)
	if err != nil {
		return escaped(m.Heading)
	}
	heading := day.Format("2 Jan 2006")
	if m.EndDate != nil {
		if end, err := time.Parse(time.DateOnly, *m.EndDate); err == nil {
			heading = day.Format("2 Jan") + " - " + end.Format("2 Jan 2006")
		}
	}
	switch {
	case m.Venue != "":
		heading += fmt.Sprintf(" (%s @ %s)", m.Label, m.Venue)
	case m.Label != "":
		heading += fmt.Sprintf(" (%s)", m.Label)
	}
	return heading
}

func equalText(a, b *string) bool {
	return a == nil && b == nil || a != nil && b != nil && *a == *b
}

func headed(topics []Topic) bool {
	for _, t := range topics {
		if t.Heading {
			return true
		}
	}
	return false
}

// links writes the agenda and recording above the topics, documents below.
func (w *writer) links(links []Link, below bool) {
	for _, l := range links {
		if (l.Kind == "doc") != below {
			continue
		}
		if l.Text == "" {
			w.put(l.URL, "")
		} else {
			w.put("["+l.Text+"]("+l.URL+")", "")
		}
	}
}

func (w *writer) names(label string, names []string) {
	if len(names) > 0 {
		w.put("#### " + label + ": " + strings.Join(names, ", "))
	}
}

func (w *writer) points(points []Point) {
	for _, p := range points {
		w.put("", p.Text, "")
	}
}

// section writes a topic that is a heading, and the topics below it as bullets.
func (w *writer) section(t Topic) {
	if !w.blank && !strings.HasPrefix(w.last(), "####") {
		w.put("")
	}
	w.put("#### "+titleLine(t), "")
	w.entries(w.entriesOf(t.Line, t.Topics, t.Points...), 0, "- ")
	w.put("")
}

func (w *writer) last() string {
	lines := bytes.Split(bytes.TrimRight(w.b.Bytes()[max(0, w.b.Len()-4000):], "\n"), []byte("\n"))
	return string(lines[len(lines)-1])
}

// titleLine is the title with its links: around it if it is one, behind it otherwise.
func titleLine(t Topic) string {
	title := escaped(t.Title)
	var apart []string
	within := urls(title)
	for _, u := range t.URLs {
		if !contains(within, u) {
			apart = append(apart, u)
		}
	}
	if len(apart) == 1 && len(within) == 0 {
		if text, url, end := linkAt("["+title+"]("+apart[0]+")", 0); end == len(title)+len(apart[0])+4 && text == title && url == apart[0] {
			return "[" + title + "](" + apart[0] + ")"
		}
	}
	if t.Tail != "" {
		return title + " " + t.Tail
	}
	for _, u := range apart {
		title += " - [link](" + u + ")"
	}
	return title
}

func contains(list []string, s string) bool {
	for _, l := range list {
		if l == s {
			return true
		}
	}
	return false
}

// escaped is a text that reads as itself in markdown.
func escaped(s string) string {
	if plain(s) == s {
		return s
	}
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		switch {
		case strings.IndexByte("\\*_`[]~<", s[i]) >= 0:
			b.WriteByte('\\')
		case s[i] == '&':
			b.WriteString("&amp;")
			continue
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// entry is a thing that stands under a topic, in its place.
type entry struct {
	line     int
	point    *Point
	topic    *Topic
	action   *Action
	decision *Decision
}

// entriesOf collects what stands under a topic (0: under none), in the order of its lines.
func (w *writer) entriesOf(line int, topics []Topic, points ...Point) []entry {
	var out []entry
	said := map[int]bool{}
	for i := range points {
		out = append(out, entry{line: points[i].Line, point: &points[i]})
		said[points[i].Line] = true
	}
	for _, e := range w.under[line] {
		if e.decision == nil || !said[e.line] {
			out = append(out, e)
		}
	}
	for i := range topics {
		out = append(out, entry{line: topics[i].Line, topic: &topics[i]})
	}
	sort.SliceStable(out, func(i, j int) bool { return out[i].line < out[j].line })
	return out
}

// entries writes what stands under a topic, depth levels in.
func (w *writer) entries(list []entry, depth int, sign string) {
	at := -1 // depth of the last note
	for _, e := range list {
		switch {
		case e.point != nil && e.point.Loose:
			w.put("", margin(depth)+e.point.Text, "")
			at = 0
			continue
		case e.point != nil:
			at = min(e.point.Depth, at+1)
			w.put(margin(depth+at) + sign + e.point.Text)
			continue
		case e.decision != nil:
			w.put(margin(depth) + sign + "**[Decision]:** " + decisionText(*e.decision))
		case e.action != nil:
			w.put(margin(depth) + sign + w.actionLine(*e.action))
			for _, d := range e.action.Details {
				w.put(margin(depth+1) + sign + d)
			}
		case e.topic != nil:
			w.bullet(*e.topic, depth, sign)
		}
		at = -1
	}
}

func margin(depth int) string { return strings.Repeat("  ", depth) }

// bullet writes a topic that is a bullet. One within another topic shows by a
// group of notes that it is more than a note, unless an action does.
func (w *writer) bullet(t Topic, depth int, sign string) {
	w.put(margin(depth) + sign + titleLine(t))
	list := w.entriesOf(t.Line, t.Topics, t.Points...)
	if sign == "* " && depth == 0 || shows(list, sign == "- " && depth == 0) {
		w.entries(list, depth+1, sign)
		return
	}
	w.put(margin(depth+1) + sign + "Notes")
	var notes, others []entry
	for _, e := range list {
		if e.point != nil {
			notes = append(notes, e)
		} else {
			others = append(others, e)
		}
	}
	w.entries(notes, depth+2, sign)
	w.entries(others, depth+1, sign)
}

// shows reports whether a bullet reads as a topic without help: it has a group
// of notes, or directly below a heading an action.
func shows(list []entry, direct bool) bool {
	for _, e := range list {
		if e.point != nil && e.point.Label || direct && e.action != nil && !e.action.Prior {
			return true
		}
	}
	return false
}

func decisionText(d Decision) string {
	text := escaped(d.Text)
	within := urls(text)
	for _, u := range d.Links {
		if !contains(within, u) {
			text += " (" + u + ")"
		}
	}
	return text
}

// actionLine is the line of an action. Owners and dates that the sentence does
// not tell are put behind it; of several ways to do so the first is taken that
// reads back as the same action.
func (w *writer) actionLine(a Action) string {
	ways := w.ways(a)
	for _, line := range ways {
		if w.readsAs(line, a) {
			return line
		}
	}
	return ways[0]
}

func (w *writer) ways(a Action) []string {
	owners := strings.Join(a.Owners, ", ")
	handles := "@" + strings.Join(a.Owners, ", @")
	due := ""
	if a.DueText != nil {
		due = " (due " + *a.DueText + ")"
	}
	text := a.Text
	var out []string
	for _, behind := range [...]string{"", due} {
		out = append(out, a.line("", text+behind))
		if owners != "" {
			out = append(out, a.line("", text+" ("+owners+")"+behind), a.line("", text+" ("+handles+")"+behind), a.line(" ("+owners+")", text+behind))
		}
	}
	return out
}

// line puts a sentence behind its marker, strikes it if it is done, and adds
// the tail: as it was, or the links and the note on the outcome.
func (a Action) line(owner, text string) string {
	name := a.Marker
	switch {
	case name == "":
		name = "Action"
	case strings.ContainsAny(name, "*_[]~"):
		name = strings.Trim(name, "*_[]~ ")
	}
	if a.Prior && !strings.HasPrefix(strings.ToLower(name), "pending") {
		name = "Pending action"
	}
	line := "**[" + name + "]" + owner + ":** " + text
	if a.Done {
		line = "~~" + line + "~~"
	}
	if tail := a.tail(); tail != "" {
		line += " " + tail
	}
	return line
}

func (a Action) tail() string {
	if a.Tail != "" {
		return a.Tail
	}
	within := urls(a.Text)
	var links []string
	for _, u := range a.Links {
		if !contains(within, u) {
			links = append(links, u)
		}
	}
	if a.Done {
		for _, u := range a.ResolvingLinks {
			if !contains(links, u) {
				links = append(links, u)
			}
		}
		tail := strings.Join(links, " ")
		if a.ResolutionNote != nil && tail != "" {
			return *a.ResolutionNote + " - " + tail
		} else if a.ResolutionNote != nil {
			return *a.ResolutionNote
		}
		return tail
	}
	for i, u := range links {
		links[i] = "(" + u + ")"
	}
	return strings.Join(links, " ")
}

// readsAs reports whether a line is read as this action.
func (w *writer) readsAs(line string, a Action) bool {
	m, ok := markerIn(line)
	if !ok || m.word > isShort || m.prior != a.Prior {
		return false
	}
	r := &reader{people: w.people}
	r.base, _ = time.Parse(time.DateOnly, w.m.Date)
	b := r.action(&node{}, m.rest, m)
	b.due(r.base)
	return b.Text == a.Text && strings.Join(b.Owners, ",") == strings.Join(a.Owners, ",") && b.Done == a.Done && equalText(b.DueText, a.DueText)
}
