package parser

import "strings"

// mark is a place in a text where an original begins: below an attribution,
// a separator or a block of header lines.
type mark struct {
	first, last int  // the lines it stands on
	depth       int  // quote marks of the original below it, as far as the mark says
	open        bool // the original has no quote marks: it goes on to the end
	end         int  // the line that says where an original without marks ends, if there is one
	attribution *attribution
	separator   *separator
	head        *head
}

// findMarks finds the places where originals begin, in order, once. An
// original without quote marks goes on to the end of the text, so nothing is
// looked for behind it.
func (p *prose) findMarks() []mark {
	if !p.marked {
		p.marks, p.marked = p.searchMarks(), true
	}
	return p.marks
}

func (p *prose) searchMarks() []mark {
	var list []mark
	for i := 0; i < len(p.lines); i++ {
		if p.blank(i) {
			continue
		}
		if end := p.fenceEnd(i); end > 0 {
			i = end
			continue
		}
		quoted := p.depth(i) > 0
		m := p.markAt(i)
		if m == nil {
			if quoted {
				i = p.quoteEnd(i) - 1
			}
			continue
		}
		m.open = !quoted && !p.quoteFollows(m.last)
		if m.open && m.separator != nil && m.separator.forward {
			m.end = p.endOf(m.separator)
			m.open = m.end == 0
		}
		list = append(list, *m)
		if m.open {
			break
		}
		i = max(m.last, m.end)
	}
	return list
}

// markAt returns the mark that ends on line i if it is an attribution, or
// else that begins there. Inside a quote only its first line is asked:
// Apple Mail quotes the mark together with the original.
func (p *prose) markAt(i int) *mark {
	if p.depth(i) == 0 || i > 0 && p.depth(i-1) == 0 {
		if a := p.attributionEnding(i); a != nil && p.depth(a.first) == 0 {
			a = p.withVerb(a)
			return &mark{first: a.first, last: a.last, attribution: a}
		}
	}
	if s := p.separatorAt(i); s != nil {
		return &mark{first: s.first, last: s.last, depth: s.depth, separator: s, head: s.head, attribution: s.attribution}
	}
	if h := p.headAt(i, false); h != nil {
		return &mark{first: h.first, last: h.last, depth: h.depth, head: h}
	}
	return nil
}

// quoteEnd returns the first line behind a quote that is not part of it.
// Blank lines without marks may stand inside.
func (p *prose) quoteEnd(i int) int {
	for end := i + 1; end < len(p.lines); end++ {
		if p.depth(end) > 0 || p.isWrapped(end) {
			continue
		}
		return end
	}
	return len(p.lines)
}

// isWrapped says whether a line without marks is the rest of the quoted line
// above it, which the sender's program broke after it had quoted it: a
// quoted line follows, and the line above was full or a link was open in it.
// An answer between quoted lines must never be lost this way.
func (p *prose) isWrapped(i int) bool {
	if p.whole || i == 0 || i+1 >= len(p.lines) || p.depth(i) > 0 || p.depth(i-1) == 0 || p.depth(i+1) == 0 {
		return false
	}
	text := p.at(i)
	if text == "" {
		return false
	}
	above := p.raw(i - 1)
	if strings.HasSuffix(above, "=") {
		return true // quoted-printable that was never decoded
	}
	if strings.HasPrefix(text, "(http") || strings.HasPrefix(text, "<http") ||
		strings.Contains(above, "http") && strings.Count(above, "(") > strings.Count(above, ")") {
		return true
	}
	first := text[:strings.IndexAny(text+" ", " \t")]
	const narrow, width = 60, 72
	full := len(above) >= narrow && len(above)+1+len(first) > width
	return full && first[0] >= 'a' && first[0] <= 'z' && !answerWords[strings.Trim(first, ".,!:")]
}

// fenceEnd returns the line that closes a block of code that line i opens, 0
// where it opens none. What looks like a signature in code is code.
func (p *prose) fenceEnd(i int) int {
	if p.depth(i) > 0 || !strings.HasPrefix(p.at(i), "```") {
		return 0
	}
	const longest = 2000
	for end := i + 1; end < len(p.lines) && end < i+longest; end++ {
		if strings.HasPrefix(p.at(end), "```") {
			return end
		}
	}
	return 0
}

// why says by which habit a mark was known.
func (m *mark) why() string {
	switch {
	case m.separator == nil && m.attribution != nil && m.attribution.habit != nil:
		return "an attribution of " + m.attribution.habit.String()
	case m.separator == nil && m.attribution != nil:
		return "a date and an address, as old Gmail attributes"
	case m.separator != nil && m.separator.habit != nil:
		return "a separator of " + m.separator.habit.String()
	case m.separator != nil:
		return "a rule with header lines below it"
	}
	return "header lines of an original"
}
