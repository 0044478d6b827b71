package minutes

import "strings"

// ctx is where the reader stands while it walks down the tree.
type ctx struct {
	kind   kind   // of the group the lines stand in
	top    bool   // directly under the meeting: items are topics
	front  bool   // before the first topic, where the meeting's links stand
	review bool   // somewhere in a review of earlier actions
	done   bool   // under "Completed" in a list of actions
	topic  *topic // nil outside of topics
	owners []string
	depth  int
	listed bool // the group has items, so its paragraphs are none
}

func (c ctx) line() int {
	if c.topic == nil {
		return 0
	}
	return c.topic.Line
}

// walk visits nodes in order. A box below a line like "the next steps we can
// take:" belongs to that line, though nothing is indented.
func (r *reader) walk(nodes []*node, c ctx) {
	introduced, listed := false, false
	for i, n := range nodes {
		if r.attaches(n) {
			continue
		}
		introduced = n.box != noBox && (introduced || i > 0 && introduces(nodes[i-1].text))
		at := c
		if introduced && c.kind == none {
			at.kind, at.listed = actions, true
		}
		if listed = (listed || i > 0 && flatLabel(nodes[i-1])) && follows(n, nodes[i-1]); listed && c.kind == none {
			at.kind, at.listed = actions, true
		}
		r.visit(n, at)
		if n.shape == heading {
			c.front = false
		}
	}
}

// flatLabel reports whether a bullet announces actions that nobody indented:
// "- Action items:", "- Kim to write", "- Lee to read".
func flatLabel(n *node) bool {
	return n.shape == bullet && n.label.kind == actions && n.label.rest == "" && len(n.kids) == 0
}

// follows reports whether n goes on with the list of the item above it.
func follows(n, above *node) bool {
	return n.shape == above.shape && n.indent == above.indent && !n.after && n.label.kind == none
}

// visit decides what one node is and goes on below it.
func (r *reader) visit(n *node, c ctx) {
	switch {
	case n == r.title && n.shape == prose:
	case n.shape == rule:
		if strings.HasPrefix(n.text, "==") {
			r.say(n.n, "separator", "")
		}
	case n.shape == cells:
		r.tabled(n, c)
	case len(n.kids) == 0 && (n.text == "" || n.text[0] == '<' && plain(n.text) == ""):
	case n.label.kind != none && r.labelled(n, c):
	case len(n.kids) == 0 && n.shape != heading && c.kind == none && nextMeeting(n.text):
		r.say(n.n, "next meeting", plain(n.text))
	case n.marked && r.markedLine(n, c):
	case c.kind == decisions || c.kind == conclusion:
		r.concluded(n, c)
	case c.kind == actions || c.kind == prior || c.kind == restated:
		r.grouped(n, c)
	case n.shape == heading:
		r.headed(n, c)
	case c.kind == upcoming:
		r.postponed(n, c)
	case r.boxedPromise(n, c):
	case r.ticking && r.stated(n, c):
	case c.front && c.topic == nil && r.linksOnly(n, r.sectioned):
	case c.top && (n.shape == bullet || n.shape == numbered):
		r.itemTopic(n, c)
	default:
		r.note(n, c)
	}
}

// labelled reads a label and what is under it; false where the label means
// nothing here.
func (r *reader) labelled(n *node, c ctx) bool {
	switch n.label.kind {
	case notes, group, agenda, archive:
		return r.talk(n, c)
	case attendees, absent, chair, scribe:
		r.rolled(n)
	case dateline, venue:
		r.about(n)
	case linked:
		return r.linkLine(n, c)
	case pinned:
		r.say(n.n, "heading", n.text)
		for _, k := range n.kids {
			r.pin(k)
		}
	case rules:
		r.say(n.n, "standing text", n.text)
	case actions, open, prior, restated, decisions, conclusion, upcoming:
		r.groupOf(n, c)
	default:
		return false
	}
	return true
}

// groupOf goes on below "Action items", "Decisions" and the like.
func (r *reader) groupOf(n *node, c ctx) {
	c.front, c.kind = false, n.label.kind
	switch {
	case c.kind == open && r.continues(n): // before the talk it looks back
		c.kind = prior
	case c.kind == open:
		c.kind = actions
	}
	c.review = c.review || c.kind == prior
	c.listed = hasItems(n)
	r.say(n.n, groupNames[c.kind], plain(n.text))
	r.walk(n.kids, c)
}

// rolled goes on below a list of people, whose names are known already: other
// labels may stand there, and items that have nothing to do with it.
func (r *reader) rolled(n *node) {
	if head, ok := runIn(n.text); ok && strings.Contains(strings.ToLower(head), "action") {
		r.say(n.n, "not an action", plain(head)+" names a role")
	}
	apart := n.kids
	if inLines(n) {
		apart = n.kids[:firstItem(n)]
		r.walk(n.kids[firstItem(n):], ctx{top: true})
	}
	for _, k := range apart {
		if k.label.kind != none || k.marked {
			r.visit(k, ctx{front: true})
		}
	}
}

var groupNames = map[kind]string{actions: "actions follow", prior: "earlier actions follow", restated: "actions once more",
	decisions: "decisions follow", conclusion: "conclusions follow", upcoming: "for the next agenda"}

// talk goes on below "Notes" and "Agenda": at the top of a meeting their items
// are topics, inside a topic they are groups of notes.
func (r *reader) talk(n *node, c ctx) bool {
	if c.topic != nil {
		if n.label.rest != "" {
			return false
		}
		c.topic.Points = append(c.topic.Points, Point{Line: n.n, Text: n.text, Depth: c.depth, Label: true})
		c.depth++
		r.say(n.n, "label", plain(n.text))
		r.walk(n.kids, c)
		return true
	}
	r.say(n.n, "heading", plain(n.text))
	if n.label.kind == agenda && r.previews(n) {
		for _, k := range n.kids {
			r.say(k.n, "planned", plain(k.text))
		}
		return true
	}
	r.walk(n.kids, ctx{top: true})
	return true
}

// previews reports whether an agenda only lists what the minutes talk about
// further down.
func (r *reader) previews(n *node) bool {
	for _, k := range n.kids {
		if k.shape == heading || k.shape == cells || k.marked && k.mark.word <= isShort {
			return false
		}
	}
	return len(n.kids) > 0 && r.continues(n)
}

// continues reports whether talk of the meeting comes after a node.
func (r *reader) continues(n *node) bool { return r.lastTalk > n.n }

// about reads "Date: …" and "Location: Berlin".
func (r *reader) about(n *node) {
	as := "date"
	if n.label.kind == venue {
		as = "place"
		if r.meeting.Venue == "" {
			r.meeting.Venue = plain(n.label.rest)
		}
	}
	if _, dated := dateIn(n.label.rest); as != "date" || !dated { // the date was told before
		r.say(n.n, as, plain(n.label.rest))
	}
	for _, k := range n.kids {
		if k.shape != prose {
			r.visit(k, ctx{top: true, front: true})
		}
	}
}

// headed begins a topic at a heading. The title of the minutes is none.
func (r *reader) headed(n *node, c ctx) {
	if n == r.title {
		r.walk(n.kids, c)
		return
	}
	t := r.newTopic(n, c)
	t.Heading, r.lastItem = true, nil
	r.walk(n.kids, ctx{topic: t, review: c.review})
}

// itemTopic begins a topic at a bullet.
func (r *reader) itemTopic(n *node, c ctx) {
	t := r.newTopic(n, c)
	if c.top {
		r.lastItem = t
	}
	kids := ctx{topic: t, review: c.review}
	if introduces(n.text) {
		kids.kind, kids.listed = actions, true
	}
	r.walk(n.kids, kids)
}

// maxDepth is how deep topics are nested in a record; what is deeper is kept as
// notes of the last one.
const maxDepth = 6

func (r *reader) newTopic(n *node, c ctx) *topic {
	sentence, tail := title(n.text)
	t := &topic{Topic: Topic{Line: n.n, Title: plain(sentence), Tail: tail, URLs: urls(n.text), Notes: []string{}}}
	if c.topic != nil {
		t.depth = c.topic.depth + 1
		c.topic.kids = append(c.topic.kids, t)
	} else {
		r.root = append(r.root, t)
	}
	r.say(n.n, "topic", t.Title)
	return t
}

// title cuts a topic line into its words and the references behind them
// ("… - [Front link](url)").
func title(s string) (words, tail string) {
	words = s
	spans := addresses(s)
	for i := len(spans) - 1; i >= 0; i-- {
		last := spans[i]
		front := strings.TrimRight(words[:last.start], " ")
		if strings.Trim(words[last.end:], " )]") != "" || !strings.HasSuffix(front, " -") || len(front) < 3 || s[last.start] != '[' {
			break
		}
		words = strings.TrimSpace(strings.TrimSuffix(front, "-"))
	}
	return words, strings.TrimSpace(s[len(words):])
}

// markedLine reads a line with a marker.
func (r *reader) markedLine(n *node, c ctx) bool {
	if c.topic == nil && c.top && n.shape == prose {
		c.topic = r.lastItem // "* Topic", a blank line, "AI: Kim to …"
	}
	switch n.mark.word {
	case isAction, isShort:
		r.promise(n, n.mark.rest, *n.mark, c)
	case isDecision:
		r.decide(n, n.mark.rest, c)
	default:
		r.say(n.n, "not a decision", "it is proposed")
		return false
	}
	return true
}

// decide files a decision; where the marker stands alone its items are the decisions.
func (r *reader) decide(n *node, text string, c ctx) {
	if isNothing(text) {
		r.say(n.n, "not a decision", "it says that there is none")
		return
	}
	r.decided(n.n, text, c)
	r.under(n, c)
}

// decided files a decision.
func (r *reader) decided(line int, text string, c ctx) {
	d := Decision{Line: line, TopicLine: c.line()}
	if strings.Contains(text, "://") {
		d.Links = urls(text)
	}
	var apart Action // a link behind the sentence is no part of it
	for rest, ok := apart.endLink(text); ok; rest, ok = apart.endLink(text) {
		text = rest
	}
	d.Text = plain(text)
	r.meeting.Decisions = append(r.meeting.Decisions, d)
	r.say(line, "decision", d.Text)
}

// under goes on below a line that was read: what is there are notes of the topic.
func (r *reader) under(n *node, c ctx) {
	c.kind, c.top, c.front = none, false, false
	if c.topic != nil || len(n.kids) == 0 {
		c.depth++
	}
	r.walk(n.kids, c)
}

// concluded reads a line under "Decisions" or "Conclusion". A conclusion that
// names who will do something is a promise.
func (r *reader) concluded(n *node, c ctx) {
	if n.shape == heading {
		r.walk(n.kids, c)
		return
	}
	if c.listed && n.shape == prose && !n.marked {
		c.kind = none
		r.note(n, c)
		return
	}
	if c.kind == conclusion && r.promises(n.text) {
		r.promise(n, n.text, mark{}, c)
		return
	}
	r.decide(n, n.text, c)
}

// postponed reads a line under "For the next agenda": a topic that comes back.
func (r *reader) postponed(n *node, c ctx) {
	if n.shape == prose || isNothing(plain(n.text)) || dateOnly(n.text) {
		r.say(n.n, "note", n.text)
		return
	}
	t := r.newTopic(n, ctx{})
	t.CarryOver, t.Reason = true, "for the next agenda"
}

func dateOnly(s string) bool {
	d, ok := dateIn(s)
	return ok && dominates(s, d) && len(s) < 80
}

// note keeps a line as it is. A bullet with an action or a Notes group of its
// own is a topic within the topic.
func (r *reader) note(n *node, c ctx) {
	if c.topic != nil && c.depth == 0 && c.topic.depth < maxDepth && n.shape == bullet && (c.topic.Heading || ownsGroup(n)) && ownsSomething(n) {
		r.itemTopic(n, c)
		return
	}
	if n.shape == prose && n.indent == 0 && r.linksOnly(n, c.topic == nil || !strings.HasPrefix(n.text, "[")) {
		return
	}
	r.consents(n, c)
	p := Point{Line: n.n, Text: n.text, Depth: c.depth, Loose: n.shape == prose}
	if c.topic == nil {
		r.meeting.Points = append(r.meeting.Points, p)
	} else {
		c.topic.Notes = append(c.topic.Notes, n.text)
		c.topic.Points = append(c.topic.Points, p)
		c.topic.returns(n.text)
	}
	r.say(n.n, "note", n.text)
	if introduces(n.text) {
		c.kind, c.listed = actions, true
	}
	c.depth++
	r.walk(n.kids, c)
}

// ownsSomething reports whether a bullet is a topic of its own: it has an
// action, or notes in a group.
func ownsSomething(n *node) bool {
	for _, k := range n.kids {
		if k.marked && k.mark.word <= isShort && !k.mark.midline {
			return true
		}
	}
	return ownsGroup(n)
}

func ownsGroup(n *node) bool {
	for _, k := range n.kids {
		if (k.label.kind == notes || k.label.kind == group) && k.label.rest == "" {
			return true
		}
	}
	return false
}

// accords are the beginnings of sentences that tell of a decision.
var accords = [...]string{"there was consensus", "there is consensus", "it was agreed", "it was decided", "the group agreed", "the group decided",
	"we agreed", "we decided", "decided to", "agreed to", "agreed that", "the current consensus", "everyone agreed", "unanimously", "all agreed",
	"the committee agreed", "the team decided", "the team agreed", "resolved to", "motion carried", "motion passed", "motion approved", "beschlossen",
	"es wurde beschlossen", "il a été décidé", "il est décidé", "se acordó", "se decidió"}

// consents files a note as a decision as well when it tells of one.
func (r *reader) consents(n *node, c ctx) {
	if len(n.text) < 8 || len(n.text) > 1000 {
		return
	}
	low := strings.ToLower(n.text[:min(len(n.text), 40)])
	for _, a := range accords {
		if strings.HasPrefix(low, a) {
			r.decided(n.n, n.text, c)
			return
		}
	}
}

// returns marks a topic that was put off: "tabled", "postponed to Monday", "needs
// more discussion".
func (t *topic) returns(text string) {
	if t.CarryOver || len(text) > 300 {
		return
	}
	low := phrase(text)
	if beginsWithNeed(low) {
		t.CarryOver, t.Reason = true, plain(text)
		return
	}
	for _, d := range [...]string{"tabled", "postponed", "deferred", "not discussed", "not reached", "not covered", "no time", "skipped", "carried over", "ran out of time", "was postponed", "vertagt"} {
		at := strings.Index(low, d)
		if at == 0 || at > 0 && (d == "postponed" || d == "deferred" || d == "ran out of time") {
			t.CarryOver, t.Reason = true, plain(text)
			return
		}
	}
}

// beginsWithNeed says whether a note begins by asking for more talk. In the
// midst of a sentence it may be about anything.
func beginsWithNeed(low string) bool {
	const beginning = 4 // words: "needs some more discussion"
	words := strings.Fields(low)
	switch first := words[:min(len(words), beginning)]; {
	case len(first) < 2:
		return false
	case strings.HasPrefix(first[0], "need") || strings.HasPrefix(first[0], "require") || first[0] == "more" || first[0] == "further":
		return needsMore(strings.Join(first, " "))
	}
	return false
}
