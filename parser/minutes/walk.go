package minutes

import "strings"

// ctx is where the reader stands while it walks down the tree.
type ctx struct {
	kind   kind
	top    bool // directly under the meeting: items are topics
	topic  *topic
	owners []string
	depth  int
	quoted bool
}

func (r *reader) walk(nodes []*node, c ctx) {
	for _, n := range nodes {
		r.visit(n, c)
	}
}

// visit decides what one node is and goes on below it.
func (r *reader) visit(n *node, c ctx) {
	switch {
	case n.shape == rule:
		if strings.HasPrefix(n.text, "==") {
			r.say(n.n, "separator", "")
		}
	case n.shape == cells:
		r.tabled(n, c)
	case n.label.kind != none && r.labelled(n, c):
	case n.marked && r.markedLine(n, c):
	case c.kind == actions || c.kind == prior:
		r.grouped(n, c)
	case n.shape == heading:
		r.headed(n, c)
	case c.top && (n.shape == bullet || n.shape == numbered):
		r.itemTopic(n, c)
	default:
		r.note(n, c)
	}
}

// headed begins a topic at a heading.
func (r *reader) headed(n *node, c ctx) {
	if c.top && n.level == 1 && r.meeting.Heading == plain(n.text) {
		r.walk(n.kids, c)
		return
	}
	t := r.newTopic(n, c)
	t.Heading = true
	r.walk(n.kids, ctx{topic: t})
}

// itemTopic begins a topic at a first-level bullet.
func (r *reader) itemTopic(n *node, c ctx) {
	t := r.newTopic(n, c)
	r.walk(n.kids, ctx{topic: t})
}

func (r *reader) newTopic(n *node, c ctx) *topic {
	t := &topic{Topic: Topic{Line: n.n, Title: title(n.text), URLs: urls(n.text), Notes: []string{}}}
	if c.topic != nil {
		c.topic.kids = append(c.topic.kids, t)
	} else {
		r.root = append(r.root, t)
	}
	r.say(n.n, "topic", t.Title)
	return t
}

// title is the text of a topic line, without the reference behind a dash
// ("… - [Front link](url)").
func title(s string) string {
	spans := addresses(s)
	if len(spans) > 0 {
		last := spans[len(spans)-1]
		front := strings.TrimRight(s[:last.start], " ")
		if strings.Trim(s[last.end:], " )]") == "" && strings.HasSuffix(front, " -") && len(front) > 2 && s[last.start] == '[' {
			s = strings.TrimSpace(strings.TrimSuffix(front, "-"))
		}
	}
	return plain(s)
}

// labelled reads a label and what is under it; false where the label means
// nothing here.
func (r *reader) labelled(n *node, c ctx) bool {
	switch n.label.kind {
	case notes, group, agenda:
		if c.topic != nil {
			c.topic.Points = append(c.topic.Points, Point{Line: n.n, Text: n.text, Depth: c.depth, Label: true})
			c.depth++
			r.say(n.n, "label", n.text)
			r.walk(n.kids, c)
			return true
		}
		r.walk(n.kids, ctx{top: true})
		return true
	case actions, open:
		c.kind = actions
	case prior, restated:
		c.kind = prior
	case attendees, absent, chair, scribe, dateline, venue, linked:
		return true
	default:
		return false
	}
	r.say(n.n, "label", n.text)
	r.walk(n.kids, c)
	return true
}

// markedLine reads a line with a marker.
func (r *reader) markedLine(n *node, c ctx) bool {
	switch n.mark.word {
	case isAction, isShort:
		r.promise(n, n.mark.rest, n.mark, c)
	case isDecision:
		r.decide(n, n.mark.rest, c)
	default:
		return false
	}
	return true
}

func (r *reader) promise(n *node, text string, m mark, c ctx) {
	a := r.action(n, text, m)
	if c.topic != nil {
		a.TopicLine = c.topic.Line
		c.topic.items++
	}
	for _, k := range n.kids {
		a.Details = append(a.Details, k.text)
		a.EndLine = max(a.EndLine, k.end)
	}
	r.meeting.Actions = append(r.meeting.Actions, a)
	as := "action"
	if a.Done {
		as = "done action"
	}
	r.say(n.n, as, a.Text)
}

func (r *reader) decide(n *node, text string, c ctx) {
	d := Decision{Line: n.n, Text: text}
	if c.topic != nil {
		d.TopicLine = c.topic.Line
	}
	r.meeting.Decisions = append(r.meeting.Decisions, d)
	r.say(n.n, "decision", text)
	r.walk(n.kids, c)
}

// grouped reads a line under an action heading.
func (r *reader) grouped(n *node, c ctx) {
	r.promise(n, n.text, mark{}, c)
}

// note keeps a line as it is; a bullet with an action or a Notes group of its
// own is a topic within the topic.
func (r *reader) note(n *node, c ctx) {
	if c.topic != nil && c.depth == 0 && c.topic.Heading && n.shape == bullet && ownsSomething(n) {
		r.itemTopic(n, c)
		return
	}
	if c.topic == nil {
		r.loose(n, c)
		return
	}
	if n.shape == prose && n.indent == 0 && r.standaloneLink(n) {
		return
	}
	c.topic.Notes = append(c.topic.Notes, n.text)
	c.topic.Points = append(c.topic.Points, Point{Line: n.n, Text: n.text, Depth: c.depth, Loose: n.shape == prose})
	r.say(n.n, "note", n.text)
	c.depth++
	r.walk(n.kids, c)
}

func ownsSomething(n *node) bool {
	for _, k := range n.kids {
		if k.marked && k.mark.word <= isShort || k.label.kind == notes || k.label.kind == group || k.label.kind == actions {
			return true
		}
	}
	return false
}

func (r *reader) loose(n *node, c ctx) {
	if r.standaloneLink(n) {
		return
	}
	r.meeting.Points = append(r.meeting.Points, Point{Line: n.n, Text: n.text, Depth: c.depth, Loose: n.shape == prose})
	c.depth++
	r.walk(n.kids, c)
}

// standaloneLink files a paragraph that is only a link with the meeting.
func (r *reader) standaloneLink(n *node) bool {
	spans := addresses(n.text)
	if len(spans) != 1 || spans[0].start != 0 || spans[0].end < len(n.text) {
		return false
	}
	text := ""
	if n.text[0] == '[' {
		text, _, _ = linkAt(n.text, 0)
	}
	r.link(n.n, spans[0].url, text)
	return true
}

func (r *reader) link(line int, url, text string) {
	k := linkKind(url, text)
	r.meeting.Links = append(r.meeting.Links, Link{Kind: k, URL: url, Text: text})
	r.say(line, "link", k+" "+url)
}

func linkKind(url, text string) string {
	low := strings.ToLower(text + " " + url)
	for _, k := range linkWords {
		if strings.Contains(low, k.word) {
			return k.kind
		}
	}
	return "other"
}

var linkWords = [...]struct{ word, kind string }{
	{"agenda", "agenda"}, {"record", "recording"}, {"youtube.com/watch", "recording"}, {"youtu.be/", "recording"}, {"video", "recording"},
	{"docs.google.com", "doc"}, {"hackmd.io", "doc"}, {"etherpad", "doc"}, {"notes", "doc"}, {"minutes", "doc"}, {"document", "doc"}, {"slides", "doc"},
}

func (r *reader) tabled(n *node, c ctx) {}

func (r *reader) gather(root *node) {
	var rec func(n *node)
	rec = func(n *node) {
		if n.label.kind == attendees {
			r.attend(n)
		}
		for _, k := range n.kids {
			rec(k)
		}
	}
	rec(root)
}

func (r *reader) attend(n *node) {
	r.say(n.n, "attendees", n.text)
	names := splitNames(n.label.rest)
	for _, k := range n.kids {
		names = append(names, k.text)
	}
	for _, name := range names {
		r.meeting.Attendees = append(r.meeting.Attendees, name)
		r.people.add(name)
	}
}

type columnKind int

const (
	noColumn columnKind = iota
	ownerColumn
	dueColumn
)

func column(s string) columnKind {
	switch s {
	case "owner", "owners", "assignee", "assigned", "who", "responsible", "dri":
		return ownerColumn
	case "due", "by", "deadline", "eta":
		return dueColumn
	}
	return noColumn
}
