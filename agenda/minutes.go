package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser/minutes"
	"minuted/parser/when"
)

// minutesMail takes minutes: the scribe gets an echo, everybody the digest
// after the hold. Of somebody whom nothing proves they are asked about first.
func (b *Book) minutesMail(r *request) Outcome {
	if !r.who.proven {
		return b.ask(r)
	}
	r.fileMinutes()
	var days []string
	for _, m := range r.mail.Minutes.Meetings {
		days = append(days, m.Date)
	}
	return r.finish(Outcome{Did: "minutes", Detail: strings.Join(days, " ")})
}

// recent is how old minutes may be that are told to everybody. Older ones are
// history that somebody brings along.
const recent = 14

// fileMinutes takes each meeting of the mail, the oldest first, so that ids
// rise with time.
func (r *request) fileMinutes() {
	page := r.mail.Minutes
	meetings := slices.Clone(page.Meetings)
	slices.SortStableFunc(meetings, func(x, y minutes.Meeting) int { return cmp.Compare(x.Date, y.Date) })
	today := when.DateOf(r.at.In(r.b.team.zone()))
	for i, m := range meetings {
		record := &minuting{request: r, meeting: m, last: i == len(meetings)-1}
		date := when.Date(m.Date)
		record.past = r.who.operator || date != "" && today.Sub(date) > recent
		record.file()
	}
	for _, p := range page.Pinned {
		r.b.pinText(r, p.Text)
	}
}

// pinText makes a pinned line of a page an item that stays on every agenda.
func (b *Book) pinText(r *request, text string) {
	for _, it := range b.Items() {
		if fold(it.Title) == fold(text) {
			b.editItem(it.ID).Pinned = true
			return
		}
	}
	it := b.newItem()
	it.Title, it.State, it.Pinned, it.Submitter, it.Filed, it.Last = text, OpenItem, true, r.who.handle, r.at, r.at
}

// minuting is the filing of one meeting's minutes.
type minuting struct {
	*request
	meeting minutes.Meeting
	past    bool // history: filed without letters
	last    bool // of its page: what it carries over is still to be discussed
	call    *Call
	old     *Minutes // of this call, where they are mailed again
	change  MinutesChange
	at      time.Time   // when what it says happened
	items   map[int]int // line of a topic -> item
}

func (m *minuting) file() {
	m.call = m.b.keepCall(m.b.callMinuted(m.meeting, m.request))
	m.at = m.request.at
	if m.past {
		m.at = m.call.ends()
	}
	m.old = m.call.Minutes
	if m.old != nil && m.old.Text == m.text() {
		return // the same again
	}
	m.change.First = m.old == nil
	m.items = map[int]int{}
	plan := m.listed()
	m.call.Minutes = m.minutes()
	m.takeTopics()
	m.takeActions()
	m.takeDecisions()
	m.returnUnreached(plan)
	m.compare()
	m.finish()
}

// callMinuted is the call that the minutes are of: on their day, or the one
// whose letter is answered, or the last one.
func (b *Book) callMinuted(m minutes.Meeting, r *request) Call {
	if m.Date == "" {
		if r.who.card != nil && r.who.card.Call != "" {
			if c, ok := b.Call(r.who.card.Call); ok {
				return c
			}
		}
		if c, ok := b.lastCall(r.at); ok {
			return c
		}
		m.Date = string(when.DateOf(r.at.In(b.team.zone())))
	}
	if second, ok := b.Call(m.Date + ".2"); ok && second.Start.Before(r.at) {
		if first, _ := b.Call(m.Date); first.Minutes != nil && fold(first.Minutes.Heading) != fold(m.Heading) {
			return second
		}
	}
	if c, ok := b.Call(m.Date); ok {
		return c
	}
	return b.unforeseen(when.Date(m.Date))
}

func (b *Book) lastCall(at time.Time) (Call, bool) {
	for _, c := range slices.Backward(b.callsBetween(at.AddDate(0, 0, -recent), at)) {
		if !c.Cancelled {
			return c, true
		}
	}
	return Call{}, false
}

// unforeseen is a call that only its minutes tell of: at the usual time of the day.
func (b *Book) unforeseen(date when.Date) Call {
	c := Call{ID: string(date), Start: date.In(b.team.zone()).UTC(), Length: time.Hour, AdHoc: true}
	if len(b.team.Series) > 0 {
		s := b.team.Series[0]
		c.Start, c.Length = wall(date, s.Time, s.zone(b.team.zone())).UTC(), s.Length
	}
	return c
}

// listed are the items that stood on the call's agenda.
func (m *minuting) listed() []int {
	if m.past {
		return nil
	}
	if m.call.Listed != nil {
		return m.call.Listed
	}
	return idsOf(m.b.Plan(m.call.ID).Listed())
}

// minutes begins the record of the call with what stands above its topics.
func (m *minuting) minutes() *Minutes {
	out := &Minutes{
		Scribe: m.who.handle, Mail: m.mail.MessageID, Subject: m.mail.Subject, Arrived: m.at,
		Heading: m.meeting.Heading, Label: m.meeting.Label, Venue: m.meeting.Venue,
		Attendees: m.meeting.Attendees, Absent: m.meeting.Absent, Text: m.text(),
	}
	if m.meeting.EndDate != nil {
		out.EndDate = when.Date(*m.meeting.EndDate)
	}
	for _, l := range m.meeting.Links {
		out.Links = append(out.Links, Link(l))
	}
	if m.old != nil {
		out.Sent, out.Arrived, out.Scribe, out.Held = m.old.Sent, m.old.Arrived, m.old.Scribe, m.old.Held
	}
	return out
}

// text is the meeting's part of the page, from its heading to the next one.
func (m *minuting) text() string {
	page, source := m.mail.Minutes, m.source()
	if len(page.Meetings) == 1 {
		return source
	}
	lines := strings.Split(source, "\n")
	end := len(lines) + 1
	for _, other := range page.Meetings {
		if other.Line > m.meeting.Line {
			end = min(end, other.Line)
		}
	}
	from := min(max(m.meeting.Line-1, 0), len(lines))
	return strings.Join(lines[from:max(from, min(end-1, len(lines)))], "\n")
}

// source is the text that holds the minutes: the file or the words in which the
// meeting's heading stands where the reader found it.
func (m *minuting) source() string {
	places := []string{m.mail.Reply, m.mail.Text}
	for _, a := range m.mail.Attachments {
		places = append([]string{string(a.Data)}, places...)
	}
	for _, text := range places {
		text = strings.ReplaceAll(text, "\r\n", "\n")
		lines := strings.Split(text, "\n")
		n := m.meeting.Line
		if n >= 1 && n <= len(lines) && m.meeting.Heading != "" && strings.Contains(fold(lines[n-1]), fold(m.meeting.Heading)) {
			return text
		}
	}
	return m.mail.Text
}

// takeTopics matches the topics to items: what was discussed leaves the list,
// what needs more comes back.
func (m *minuting) takeTopics() {
	var walk func(topics []minutes.Topic, depth int)
	walk = func(topics []minutes.Topic, depth int) {
		for _, t := range topics {
			m.takeTopic(t, depth)
			walk(t.Topics, depth+1)
		}
	}
	walk(m.meeting.Topics, 0)
}

func (m *minuting) takeTopic(t minutes.Topic, depth int) {
	topic := Topic{Title: t.Title, Depth: depth, Links: t.URLs, Notes: t.Notes, CarryOver: t.CarryOver, Reason: t.Reason}
	it := m.b.itemNamed(t.Title, t.URLs)
	topic.Known = it != nil
	if it == nil && t.CarryOver && m.carries() {
		it = m.b.newItem()
		it.Title, it.State, it.Submitter, it.Links, it.Filed, it.Last = t.Title, OpenItem, m.who.handle, t.URLs, m.at, m.at
	}
	if it != nil {
		topic.Item = it.ID
		m.items[t.Line] = it.ID
		m.discuss(m.b.editItem(it.ID), t)
	}
	m.call.Minutes.Topics = append(m.call.Minutes.Topics, topic)
}

// carries says whether what this meeting left open is still to be discussed:
// not where the same page has later meetings.
func (m *minuting) carries() bool { return m.last || !m.past }

// discuss moves an item on by what the minutes say of it.
func (m *minuting) discuss(it *Item, t minutes.Topic) {
	again := it.From == m.call.ID || it.ClosedBy == m.call.ID // these minutes were mailed before
	switch {
	case t.CarryOver:
		if !again {
			it.Calls++
		}
		it.reopen()
		it.Calls = max(it.Calls, 1)
		it.Reason, it.From = cmp.Or(strings.TrimRight(t.Reason, ". "), "Needs more discussion"), m.call.ID
	case it.Pinned:
		it.Reason, it.From = "", ""
	default:
		it.reopen()
		it.State, it.Closed, it.ClosedBy = Discussed, m.at, m.call.ID
		it.Reason, it.From = "", ""
		m.endCarried(it.ID)
	}
}

// endCarried closes the "needs more discussion" of earlier minutes: it was discussed.
func (m *minuting) endCarried(item int) {
	for _, a := range m.b.Actions() {
		if a.Carry && a.Item == item && a.Call != m.call.ID {
			m.b.closeAction(m.b.editAction(a.ID), DoneAction, m.call.ID, m.at)
			m.change.Closed = append(m.change.Closed, a.ID)
			m.call.Minutes.Closed = append(m.call.Minutes.Closed, a.ID)
		}
	}
}

// returnUnreached brings back what stood on the agenda and was not mentioned. A
// call about something else, such as an outage, was not to reach it.
func (m *minuting) returnUnreached(listed []int) {
	if m.call.AdHoc && m.call.Words != "" {
		return
	}
	mentioned := map[int]bool{}
	for _, t := range m.call.Minutes.Topics {
		mentioned[t.Item] = true
	}
	for _, id := range listed {
		it := m.b.items[itemKey(id)]
		if it == nil || mentioned[id] || it.Pinned || it.From == m.call.ID {
			continue
		}
		closedHere := it.State == Discussed && it.ClosedBy == m.call.ID
		putOff := it.State == Postponed && it.Until <= m.call.Day() // to this call, at the latest
		if it.State != OpenItem && !putOff && !closedHere {
			continue
		}
		it = m.b.editItem(id)
		it.reopen()
		it.Calls++
		it.Reason, it.From = "not reached", m.call.ID
	}
}

// itemNamed finds the live item that a topic is about: by its id in the title,
// by a link, by the title as people write it again.
func (b *Book) itemNamed(title string, links []string) *Item {
	for _, id := range idInText.FindAllString(title, -1) {
		if it := b.items[keyOf(id)]; it != nil && strings.HasPrefix(id, "T-") {
			return it
		}
	}
	items := b.itemsWhere(func(it *Item) bool { open, _ := b.life(it); return open && it.State != Waiting })
	slices.SortStableFunc(items, func(x, y Item) int { return -compareBool(x.live(), y.live()) })
	for _, it := range items {
		if sharesLink(it.Links, links) || fold(it.Title) == fold(title) {
			return b.items[itemKey(it.ID)]
		}
	}
	for _, it := range items {
		if it.live() && alike(it.Title, title) >= sameTitle {
			return b.items[itemKey(it.ID)]
		}
	}
	return nil
}

func compareBool(x, y bool) int {
	if x == y {
		return 0
	}
	if x {
		return 1
	}
	return -1
}

func sharesLink(x, y []string) bool {
	return slices.ContainsFunc(x, func(l string) bool { return slices.Contains(y, l) })
}

// takeDecisions keeps the decisions with the item that they belong to.
func (m *minuting) takeDecisions() {
	for _, d := range m.meeting.Decisions {
		links, _ := linksAndWords(d.Text)
		decision := Decision{Item: m.items[d.TopicLine], Text: d.Text}
		if len(links) > 0 {
			decision.Link = links[0]
		}
		m.call.Minutes.Decisions = append(m.call.Minutes.Decisions, decision)
	}
}

// compare notes how topics and decisions differ from the minutes mailed before.
func (m *minuting) compare() {
	if m.old == nil {
		return
	}
	m.change.Topics = textEdits(topicTexts(m.old.Topics), topicTexts(m.call.Minutes.Topics))
	m.change.Decided = textEdits(decisionTexts(m.old.Decisions), decisionTexts(m.call.Minutes.Decisions))
}

// passage is something that minutes say, and the item that it is about.
type passage struct {
	item int
	said string
}

func topicTexts(topics []Topic) (out []passage) {
	for _, t := range topics {
		said := t.Title
		if t.CarryOver {
			said += " (" + cmp.Or(strings.TrimRight(t.Reason, ". "), "needs more discussion") + ")"
		}
		out = append(out, passage{t.Item, said})
	}
	return out
}

func decisionTexts(decisions []Decision) (out []passage) {
	for _, d := range decisions {
		out = append(out, passage{d.Item, d.Text})
	}
	return out
}

// textEdits pairs what was said with what is said now: the same words, then the
// same item or nearly the same words. What is left over was added or dropped.
func textEdits(was, now []passage) (edits []TextEdit) {
	was, now = without(was, now), without(now, was)
	for _, n := range now {
		at := slices.IndexFunc(was, func(w passage) bool { return w.item == n.item && w.item != 0 || alike(w.said, n.said) >= sameTitle })
		edit := TextEdit{Item: n.item, Now: n.said}
		if at >= 0 {
			edit.Was = was[at].said
			was = slices.Delete(was, at, at+1)
		}
		edits = append(edits, edit)
	}
	for _, w := range was {
		edits = append(edits, TextEdit{Item: w.item, Was: w.said})
	}
	return edits
}

// without returns the texts that the others do not hold, word for word.
func without(texts, others []passage) (out []passage) {
	for _, t := range texts {
		if !slices.ContainsFunc(others, func(o passage) bool { return fold(o.said) == fold(t.said) }) {
			out = append(out, t)
		}
	}
	return out
}

// finish orders the echo and starts the clock of the hold. History is told to nobody.
func (m *minuting) finish() {
	m.change.Unread = m.unread()
	if m.past {
		m.tellPast()
		return
	}
	m.doubtDate()
	m.pend()
	if !m.call.Minutes.Held {
		m.call.Minutes.Release = m.at.Add(m.b.team.Hold)
	}
	if !m.mail.MayAnswer {
		return
	}
	o := m.reply(EchoLetter)
	o.Key = letterKey(o.Key, compact(m.call.ID))
	o.Call, o.Minutes = m.call.ID, &m.change
	if m.who.operator && o.To == "" {
		return
	}
	m.orders = append(m.orders, o)
}

// pend keeps what the next letter to everybody will tell: all changes since the
// last one, where minutes are corrected before they went out.
func (m *minuting) pend() {
	pending := m.change
	if m.old != nil && m.old.Pending != nil {
		p := *m.old.Pending
		pending.First = p.First
		pending.Added = unique(append(slices.Clone(p.Added), m.change.Added...))
		pending.Closed = unique(append(slices.Clone(p.Closed), m.change.Closed...))
		pending.Removed = unique(append(slices.Clone(p.Removed), m.change.Removed...))
		pending.Edited = append(slices.Clone(p.Edited), m.change.Edited...)
		pending.Topics = append(slices.Clone(p.Topics), m.change.Topics...)
		pending.Decided = append(slices.Clone(p.Decided), m.change.Decided...)
	}
	pending.Added = slices.DeleteFunc(pending.Added, func(id int) bool { return slices.Contains(pending.Removed, id) })
	pending.Doubts, pending.Unread = nil, nil
	m.call.Minutes.Pending = &pending
}

func unique(ids []int) []int { return slices.Compact(slices.Sorted(slices.Values(ids))) }

// tellPast says to the scribe why nobody gets these minutes. Operators bring in
// whole pages and see them listed.
func (m *minuting) tellPast() {
	if !m.who.operator {
		m.changed(Change{ID: m.call.ID, Title: m.meeting.Heading, Verb: "filed", Now: fmt.Sprintf("filed, and sent to nobody: the call is more than %d days ago", recent)})
	}
}

// doubtDate asks about minutes of a call that has not begun: a year or a month
// is easily mistyped.
func (m *minuting) doubtDate() {
	if m.call.Start.After(m.at.Add(oneDay)) {
		m.change.Doubts = append(m.change.Doubts, Misread{
			Line: m.meeting.Heading, Sentence: "That call is still to come. If the date is wrong, hold these minutes and send them again with the right one.", Ready: []string{"hold"},
		})
	}
}

func (m *minuting) unread() []string {
	var out []string
	if m.meeting.Attendees == nil {
		out = append(out, "The people in the call. The line Attendees: is missing; nothing depends on it.")
	}
	return out
}

// release sends the minutes to everybody when the hold is over.
func (b *Book) release(id string, at time.Time) Outcome {
	call := b.editCall(id)
	m := call.Minutes
	m.Release = time.Time{}
	m.Sent++
	change := m.Pending
	m.Pending = nil
	kind := MinutesDigest
	if m.Sent > 1 {
		kind = MinutesCorrected
	}
	out := Outcome{Did: string(kind), Detail: id}
	for _, p := range b.readers("minutes") {
		out.Orders = append(out.Orders, Order{
			Kind: kind, Key: letterKey("minutes", compact(id), fmt.Sprint(m.Sent), p.Handle), Person: p.Handle,
			At: at, Call: id, Minutes: change,
		})
	}
	return out
}
