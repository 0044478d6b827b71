package parser

import "strings"

// readForwards sets Forwards: what the mail forwards, outermost first. A
// bounce carries the mail that failed; that is no forward.
func readForwards(root *part, m *Mail, p *prose) {
	if reports[m.Class] {
		return
	}
	kind := subjectKind(m.Subject)
	if kind == plainSubject && len(m.InReplyTo) > 0 {
		kind = replySubject
	}
	var how string
	m.Forwards, how = splitForward(p, m.Subject, kind)
	attached := attachedForwards(root)
	switch {
	case how != "":
		m.Reasons["forward"] = how
	case len(attached) > 0:
		m.Reasons["forward"] = "a mail is attached"
		attached[0].Comment, _, _ = trimReply(p)
	}
	m.Forwards = append(m.Forwards, attached...)
}

// subjectOf says what a subject's prefix makes of a mail.
type subjectOf int

const (
	plainSubject subjectOf = iota
	replySubject
	forwardSubject
	eitherSubject // a forward's in one language, a reply's in another
)

// maxNested is how many forwards inside each other are read.
const maxNested = 10

// splitForward returns what a text forwards, outermost first, and by which
// rule that was seen. A separator with words for it is enough. Header lines
// and "Original Message" stand above the original of a reply as well, so
// there the subject decides; and Outlook for Mac prints an attribution in
// both, so that only a subject with a forward's prefix makes it one.
func splitForward(p *prose, subject string, kind subjectOf) (list []Forward, how string) {
	for range maxNested {
		f, mark := p.forward(kind)
		if mark == nil {
			break
		}
		if mark.head == nil && (mark.separator == nil || f.Subject == "") {
			f.Subject, _ = trimSubject(subject)
		}
		if how == "" {
			how = mark.why()
		}
		list = append(list, f)
		p, subject = newProse(f.Body), f.Subject
		// Further down only words say for sure that a part was forwarded.
		if kind = subjectKind(subject); kind == plainSubject {
			kind = replySubject
		}
	}
	return list, how
}

// forward reads the first original of a text, if it is forwarded.
func (p *prose) forward(kind subjectOf) (Forward, *mark) {
	marks := p.findMarks()
	for i := range marks {
		m := &marks[i]
		if !m.forwards(kind) {
			if m.depth > 0 {
				continue // a quote of its own, not what the mail is about
			}
			return Forward{}, nil
		}
		f := m.original()
		f.Comment = p.wordsAbove(m, marks[:i])
		f.Body = strings.Trim(p.bodyBelow(m), "\n")
		return f, m
	}
	return Forward{}, nil
}

// forwards says whether the original below a mark is forwarded.
func (m *mark) forwards(kind subjectOf) bool {
	switch {
	case m.separator != nil && m.separator.forward:
		return true
	case m.attribution != nil:
		return kind == forwardSubject
	}
	if m.head == nil || kind == eitherSubject && answersIn(m.head.lang) {
		return false
	}
	return kind != replySubject
}

// original returns what a mark says of the original.
func (m *mark) original() Forward {
	switch {
	case m.head != nil:
		return m.head.original()
	case m.attribution == nil:
		return Forward{Via: "inline"}
	}
	f := Forward{Via: "inline"}
	f.From, f.DateText = m.attribution.author()
	lang := ""
	if m.attribution.habit != nil {
		lang = m.attribution.habit.lang
	}
	f.Date = readPrintedDate(f.DateText, lang)
	return f
}

// wordsAbove returns the forwarder's own words above a mark.
func (p *prose) wordsAbove(m *mark, before []mark) string {
	r := &replyReader{prose: p, marks: before}
	r.read(0, m.first)
	r.keepCut(m)
	r.cut = true // a rule right above the mark belongs to it
	return r.words()
}

// bodyBelow returns the body of the original below a mark, without the quote
// marks that the forwarder's program put in front of it.
func (p *prose) bodyBelow(m *mark) string {
	first, end := m.last+1, len(p.lines)
	if m.end > 0 {
		end = m.end
	}
	next := p.next(first)
	if next == end {
		return ""
	}
	depth := min(m.depth, p.depth(next)) // MailMate quotes the header lines only
	switch {
	case m.end > 0:
	case depth > 0:
		end = p.originalEnd(first, depth)
	case p.depth(next) > 0 && (m.head == nil || p.next(p.originalEnd(next, 1)) == end):
		depth = 1 // Missive quotes the body only
		end = p.originalEnd(first, depth)
	}
	body := p.unquoted(first, end, depth)
	if m.separator != nil && isKMail(p.raw(m.separator.first)) {
		body = trimRule(body)
	}
	if m.attribution != nil {
		body = unindent(body)
	}
	return body
}

// isKMail knows KMail's separator by its two blanks before and behind the words.
func isKMail(line string) bool {
	return strings.Contains(line, "-  ") && strings.Contains(line, "  -")
}

// trimRule takes off the rule that KMail prints below an original.
func trimRule(body string) string {
	body = strings.TrimRight(body, "\n")
	at := strings.LastIndexByte(body, '\n') + 1
	if isRule(body[at:]) {
		return body[:at]
	}
	return body
}

// unindent takes off the blanks that Outlook for Mac puts in front of each
// line of an original.
func unindent(body string) string {
	const indent = "    "
	for line := range strings.Lines(body) {
		if strings.TrimSpace(line) != "" && !strings.HasPrefix(line, indent) {
			return body
		}
	}
	return strings.ReplaceAll(strings.TrimPrefix(body, indent), "\n"+indent, "\n")
}

// originalEnd returns the line behind the last one that has the quote marks
// of an original. A line without them right between two that have them was
// broken from the upper one: a forwarder does not answer inside.
func (p *prose) originalEnd(i, depth int) int {
	for ; i < len(p.lines); i++ {
		if p.depth(i) >= depth || i+1 < len(p.lines) && p.depth(i+1) >= depth {
			continue
		}
		next := p.next(i)
		if next == len(p.lines) || p.depth(next) < depth {
			return i
		}
	}
	return len(p.lines)
}
