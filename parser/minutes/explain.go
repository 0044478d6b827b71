package minutes

import (
	"fmt"
	"sort"
	"strings"
	"unicode"
)

// Explain tells a scribe how a text was read: each line that meant something
// with its number and what it was taken for, then each line that looks like an
// action and was not taken, and why. text are the bytes that were read.
func Explain(p Page, text []byte) string {
	e := &explanation{rows: split(text), lines: map[int][]Line{}}
	for _, l := range p.Lines {
		e.lines[l.Number] = append(e.lines[l.Number], l)
	}
	e.summary(p)
	for _, pin := range p.Pinned {
		e.line(pin.Line, "pinned", pin.Text)
	}
	for _, m := range p.Meetings {
		e.meeting(m, p.Lines)
	}
	e.refused(p)
	e.odd(p)
	return e.b.String()
}

// explanation is the report while it is written.
type explanation struct {
	b     strings.Builder
	rows  []row
	lines map[int][]Line
}

func (e *explanation) summary(p Page) {
	topics, actions, done, nobody, decisions, earlier := 0, 0, 0, 0, 0, 0
	for _, m := range p.Meetings {
		topics += countTopics(m.Topics)
		decisions += len(m.Decisions)
		earlier += len(m.PriorActions)
		for _, a := range m.Actions {
			actions++
			if a.Done {
				done++
			} else if len(a.Owners) == 0 {
				nobody++
			}
		}
	}
	if len(p.Meetings) == 0 || topics+actions+decisions == 0 {
		e.b.WriteString("No minutes were found: no topics, no actions, no decisions.\n")
		return
	}
	parts := []string{count(len(p.Meetings), "meeting"), count(topics, "topic"), count(decisions, "decision"), count(actions, "action")}
	e.b.WriteString(strings.Join(parts, ", "))
	var notes []string
	if done > 0 {
		notes = append(notes, fmt.Sprintf("%d done", done))
	}
	if nobody > 0 {
		notes = append(notes, fmt.Sprintf("%d open without an owner", nobody))
	}
	if len(notes) > 0 {
		fmt.Fprintf(&e.b, " (%s)", strings.Join(notes, ", "))
	}
	if earlier > 0 {
		fmt.Fprintf(&e.b, ", and %s of earlier meetings", count(earlier, "action"))
	}
	e.b.WriteString(".\n")
}

func countTopics(topics []Topic) int {
	n := len(topics)
	for _, t := range topics {
		n += countTopics(t.Topics)
	}
	return n
}

func count(n int, what string) string {
	switch n {
	case 0:
		return "no " + what + "s"
	case 1:
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// meeting lists the lines of one meeting in their order.
func (e *explanation) meeting(m Meeting, lines []Line) {
	heading, when := printable(m.Heading), m.Date
	if when == "" {
		when = "no date was found"
	}
	if m.EndDate != nil {
		when += " to " + *m.EndDate
	}
	if heading == "" {
		heading = "Meeting"
	}
	fmt.Fprintf(&e.b, "\n%s (%s)\n", clip(heading, 100), when)
	acts := map[int][]Action{}
	for _, a := range append(append([]Action{}, m.Actions...), m.PriorActions...) {
		acts[a.Line] = append(acts[a.Line], a)
	}
	end := e.endOf(m, lines)
	for _, l := range lines {
		if l.Number < m.Line && l.As != "date" || l.Number >= end || l.As == "not an action" || l.As == "meeting" || l.As == "pinned" {
			continue
		}
		if l.As == "note" {
			l.Detail = plain(l.Detail)
		}
		e.line(l.Number, l.As, l.Detail)
		for _, a := range acts[l.Number] {
			if l.As == "action" || l.As == "earlier action" {
				e.facts(a)
			}
		}
		if l.As == "action" || l.As == "earlier action" {
			delete(acts, l.Number)
		}
	}
}

// endOf is the line of the next meeting.
func (e *explanation) endOf(m Meeting, lines []Line) int {
	for _, l := range lines {
		if l.As == "meeting" && l.Number > m.Line {
			return l.Number
		}
	}
	return len(e.rows) + 1
}

const indent = 28

func (e *explanation) line(n int, as, detail string) {
	e.write(fmt.Sprintf("%6d  %-18s  ", n, as), detail)
}

// facts are what is known of an action, below its line.
func (e *explanation) facts(a Action) {
	var facts []string
	switch {
	case len(a.Owners) > 0:
		facts = append(facts, "owner "+strings.Join(a.Owners, ", "))
	case !a.Done && !a.Prior:
		facts = append(facts, "nobody is named")
	}
	if a.Done {
		facts = append(facts, "done")
	}
	switch {
	case a.Due != nil:
		facts = append(facts, "due "+*a.Due)
	case a.DueText != nil && !a.Done:
		facts = append(facts, "due “"+*a.DueText+"”, which is no date that is known here")
	}
	if a.CarryOver {
		facts = append(facts, "the topic comes back")
	}
	if a.ResolutionNote != nil {
		facts = append(facts, "“"+*a.ResolutionNote+"”")
	}
	facts = append(facts, a.Links...)
	e.write(strings.Repeat(" ", indent), strings.Join(facts, "; "))
}

// refused lists what looks like an action and is none.
func (e *explanation) refused(p Page) {
	reasons := map[int]string{}
	for _, l := range p.Lines {
		if l.As == "not an action" || l.As == "not a decision" {
			reasons[l.Number] = l.Detail
		}
	}
	for _, r := range e.rows {
		if _, known := reasons[r.n]; !known && namesAction(r.raw) {
			if why := e.why(r); why != "" {
				reasons[r.n] = why
			}
		}
	}
	if len(reasons) == 0 {
		return
	}
	numbers := make([]int, 0, len(reasons))
	for n := range reasons {
		numbers = append(numbers, n)
	}
	sort.Ints(numbers)
	e.b.WriteString("\nNot taken, though it looks like an action or decision:\n")
	for _, n := range numbers {
		e.write(fmt.Sprintf("%6d  ", n), clip(strings.TrimSpace(e.rows[n-1].raw), 200))
		e.write(strings.Repeat(" ", 8), "→ "+reasons[n])
	}
	e.b.WriteString("A line that begins with “Action:” is always taken, as in: Action: Kim to write the spec by 10 Feb\n")
}

// namesAction reports whether a line has a word of a marker in it.
func namesAction(s string) bool {
	low := strings.ToLower(s)
	for _, w := range [...]string{"action", "todo"} {
		at := strings.Index(low, w)
		if at < 0 || wordAt(low, at-1) {
			continue
		}
		if end := at + len(w); !wordAt(low, end) || strings.HasPrefix(low[end:], "s") && !wordAt(low, end+1) {
			return true
		}
	}
	return false
}

// why explains by what a line was taken for that it is no action.
func (e *explanation) why(r row) string {
	for _, l := range e.lines[r.n] {
		switch l.As {
		case "topic", "planned":
			return "it is the title of a topic"
		case "note", "detail":
			return "the word stands inside a sentence, not in front"
		}
	}
	return ""
}

func (e *explanation) odd(p Page) {
	if len(p.Problems) == 0 {
		return
	}
	e.b.WriteString("\nOdd, but read all the same:\n")
	for _, x := range p.Problems {
		e.write(fmt.Sprintf("%6d  ", x.Line), x.Detail)
	}
}

// columns of the report: what a terminal and a mail show without wrapping.
const width = 96

// write puts text behind a head and wraps it below itself.
func (e *explanation) write(head, text string) {
	words := strings.Fields(printable(text))
	e.b.WriteString(head)
	margin := len([]rune(head))
	at := margin
	for i, w := range words {
		n := len([]rune(w))
		if i > 0 && at+1+n > width {
			e.b.WriteString("\n" + strings.Repeat(" ", margin))
			at = margin
		} else if i > 0 {
			e.b.WriteByte(' ')
			at++
		}
		e.b.WriteString(w)
		at += n
	}
	e.b.WriteByte('\n')
}

func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	return string(r[:n-1]) + "…"
}

// printable shows characters that would steer a terminal or turn text around,
// instead of sending them there.
func printable(s string) string {
	if strings.IndexFunc(s, steers) < 0 {
		return s
	}
	var b strings.Builder
	for _, c := range s {
		if c == '\t' {
			b.WriteByte(' ')
		} else if steers(c) {
			fmt.Fprintf(&b, `\u%04x`, c)
		} else {
			b.WriteRune(c)
		}
	}
	return b.String()
}

func steers(c rune) bool {
	return unicode.IsControl(c) || unicode.Is(unicode.Cf, c) || c == '\u2028' || c == '\u2029'
}
