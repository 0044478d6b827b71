package minutes

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// records are the meetings of a page without the places where they stood, as
// text to compare.
func records(p Page) string {
	var meetings []Meeting
	raw, err := json.Marshal(p.Meetings)
	if err != nil {
		panic(err)
	}
	if err := json.Unmarshal(raw, &meetings); err != nil {
		panic(err)
	}
	for i := range meetings {
		m := &meetings[i]
		at := map[int]int{}
		for n, t := range flatten(m.Topics) {
			at[t.Line] = n + 1
		}
		for n := range m.Actions {
			placeless(&m.Actions[n], at)
		}
		for n := range m.PriorActions {
			placeless(&m.PriorActions[n], at)
		}
		for n := range m.Decisions {
			m.Decisions[n].Line, m.Decisions[n].TopicLine = 0, at[m.Decisions[n].TopicLine]
		}
		m.Line = 0
		unplaced(m.Topics)
		m.Points = nil
	}
	out, err := json.MarshalIndent(struct {
		Pinned   int
		Meetings []Meeting
	}{len(p.Pinned), meetings}, "", " ")
	if err != nil {
		panic(err)
	}
	return string(out)
}

// placeless drops from an action where and how it was written.
func placeless(a *Action, at map[int]int) {
	a.Line, a.EndLine, a.TopicLine, a.Marker, a.Tail = 0, 0, at[a.TopicLine], "", ""
}

func unplaced(topics []Topic) {
	for i := range topics {
		topics[i].Line, topics[i].Points, topics[i].Tail = 0, nil, ""
		unplaced(topics[i].Topics)
	}
}

// What is written is read again as the same meetings, whatever they hold.
func TestWrite_reads_back_as_the_same_meetings(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		page := somePage(t)
		out := Write(page)
		again := Read(out, Options{})
		if diff := lineDiff(records(page), records(again)); diff != "" {
			t.Fatalf("%s\n%s", out, diff)
		}
		if again := string(Write(again)); again != string(out) {
			t.Fatalf("written twice it is not the same\n%s\nand\n%s", out, again)
		}
	})
}

// drawn draws a page of meetings; lines rises, as lines do.
type drawn struct {
	*rapid.T
	line int
	m    *Meeting
}

func somePage(t *rapid.T) Page {
	d := &drawn{T: t}
	p := Page{Preamble: rapid.SampledFrom([]string{"", "# Calls\n\nNotes of our calls."}).Draw(t, "preamble")}
	for range rapid.IntRange(0, 2).Draw(t, "pins") {
		p.Pinned = append(p.Pinned, Pinned{Text: d.sentence("pin")})
	}
	for i := range rapid.IntRange(1, 4).Draw(t, "meetings") {
		p.Meetings = append(p.Meetings, d.meeting(i))
	}
	return p
}

func (d *drawn) next() int {
	d.line++
	return d.line
}

// words of sentences: some look like markdown, HTML, markers, names or dates.
var words = []string{"write", "the", "spec", "resinHUP", "`docker pull`", "<device-type>", "a_b_c", "50%", "C++", "e.g.", "2.x", "(3 initially)", "“quoted”",
	"ÄÖÜ", "日本", "[hq/541](https://example.org/541)", "https://example.org/a_(b)", "action", "API/UI", "R&D", "now", "AT&T;", "#12", "@home", "needs", "more"}

func (d *drawn) sentence(what string) string {
	list := rapid.SliceOfN(rapid.SampledFrom(words), 1, 7).Draw(d.T, what)
	return "We " + strings.Join(list, " ") + " it"
}

func (d *drawn) meeting(i int) Meeting {
	m := Meeting{Line: d.next(), Links: []Link{}, Topics: []Topic{}, Decisions: []Decision{}, Actions: []Action{}}
	d.m = &m
	m.Date = fmt.Sprintf("20%02d-%02d-%02d", 30-i, rapid.IntRange(1, 12).Draw(d.T, "month"), rapid.IntRange(1, 27).Draw(d.T, "day"))
	if rapid.Bool().Draw(d.T, "two days") {
		end := m.Date[:8] + fmt.Sprintf("%02d", rapid.IntRange(28, 28).Draw(d.T, "end"))
		m.EndDate = &end
	}
	if rapid.Bool().Draw(d.T, "adhoc") {
		m.Label = "ad-hoc"
		m.Venue = rapid.SampledFrom([]string{"", "London office"}).Draw(d.T, "venue")
	}
	m.Heading = headingOf(m)
	if rapid.Bool().Draw(d.T, "roll") {
		m.Attendees = []string{"Kim Lee", "Sam", "Ann O'Neil"}
		m.Absent = rapid.SampledFrom([][]string{nil, {"Bob Ray"}}).Draw(d.T, "absent")
		m.Scribe = rapid.SampledFrom([]string{"", "Sam"}).Draw(d.T, "scribe")
	}
	if rapid.Bool().Draw(d.T, "agenda") {
		m.Links = append(m.Links, Link{Kind: "agenda", URL: "https://example.org/flow/1", Text: "Flow Agenda"})
	}
	headings := rapid.Bool().Draw(d.T, "headings")
	for range rapid.IntRange(0, 3).Draw(d.T, "topics") {
		m.Topics = append(m.Topics, d.topic(headings, 0))
	}
	if rapid.Bool().Draw(d.T, "doc") {
		m.Links = append(m.Links, Link{Kind: "doc", URL: "https://docs.google.com/document/d/1/edit"})
	}
	return m
}

func (d *drawn) topic(heading bool, depth int) Topic {
	t := Topic{Line: d.next(), Title: plain(d.title()), URLs: []string{}, Notes: []string{}, Topics: []Topic{}, Heading: heading && depth == 0}
	t.URLs = append(t.URLs, urls(t.Title)...)
	if len(t.URLs) == 0 && rapid.Bool().Draw(d.T, "linked") {
		t.URLs = append(t.URLs, "https://example.org/t/"+fmt.Sprint(t.Line))
	}
	for range rapid.IntRange(0, 3).Draw(d.T, "things") {
		switch rapid.IntRange(0, 4).Draw(d.T, "thing") {
		case 0, 1:
			text := d.sentence("note")
			t.Notes = append(t.Notes, text)
			t.Points = append(t.Points, Point{Line: d.next(), Text: text})
		case 2, 3:
			d.m.Actions = append(d.m.Actions, d.action(t.Line))
		case 4:
			text := plain(d.sentence("decision"))
			d.m.Decisions = append(d.m.Decisions, Decision{Line: d.next(), Text: text, TopicLine: t.Line, Links: links(text)})
		}
	}
	if depth < 2 {
		for range rapid.IntRange(0, 2-depth).Draw(d.T, "below") {
			t.Topics = append(t.Topics, d.topic(heading, depth+1))
		}
	}
	t.carries(d.m.Actions)
	return t
}

func links(text string) []string {
	if found := urls(text); len(found) > 0 {
		return found
	}
	return nil
}

// carries is the rule for topics that come back: one open action, which says so.
func (t *Topic) carries(all []Action) {
	var own []Action
	for _, a := range all {
		if a.TopicLine == t.Line {
			own = append(own, a)
		}
	}
	if len(own) == 1 && own[0].CarryOver && !own[0].Done {
		t.CarryOver, t.Reason = true, plain(own[0].Text)
	}
}

func (d *drawn) title() string {
	list := rapid.SliceOfN(rapid.SampledFrom([]string{"Supervisor", "update", "of", "<device-type>", "a_b", "2 * 3", "[sic]", "(EVRYTHNG request)", "C&A", "`x`", "\\d"}), 1, 5).Draw(d.T, "title")
	return "About " + strings.Join(list, " ")
}

func (d *drawn) action(topic int) Action {
	a := Action{Line: d.next(), TopicLine: topic, Owners: []string{}, ResolvingLinks: []string{}}
	a.Text = rapid.SampledFrom([]string{"Needs more discussion", "Write spec", d.sentence("action"), "Kim to write the spec", "let us see by end of next week"}).Draw(d.T, "text")
	a.Text = strings.TrimSpace(a.ending(a.Text, roster{})) // what stands at the end and means something is no part of the sentence
	a.Owners, a.Tail = []string{}, ""
	read := (&reader{people: roster{}}).action(&node{}, a.Text, mark{name: "Action"})
	a.Owners, a.CarryOver = read.Owners, read.CarryOver
	if len(a.Owners) == 0 {
		a.Owners = rapid.SampledFrom([][]string{{}, {"Kim"}, {"Kim Lee", "Sam"}, {"jdoe"}, {"Device team"}}).Draw(d.T, "owners")
	}
	a.Done = rapid.Bool().Draw(d.T, "done")
	a.Links = urls(a.Text)
	switch link := "https://example.org/pull/" + fmt.Sprint(a.Line); {
	case a.Done && rapid.Bool().Draw(d.T, "resolved"):
		a.ResolvingLinks = []string{link}
		a.Links = append(a.Links, link)
		note := "merged by somebody"
		a.ResolutionNote = rapid.SampledFrom([]*string{nil, &note}).Draw(d.T, "note")
	case !a.Done && rapid.Bool().Draw(d.T, "tracked"):
		a.Links = append(a.Links, link)
	}
	if words := dueWords(a.Text); words != "" {
		a.DueText = &words
	} else if rapid.Bool().Draw(d.T, "due") {
		day := "2031-02-10"
		a.DueText = &day
	}
	base := dayOf(d.m.Date)
	a.due(base)
	return a
}

func dayOf(iso string) time.Time {
	t, err := time.Parse(time.DateOnly, iso)
	if err != nil {
		panic(err)
	}
	return t
}
