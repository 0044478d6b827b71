package parser

import "strings"

// readReply sets Reply and Quoted: what the sender newly wrote, and apart
// from it what was quoted. Text that was rendered from HTML has quote marks
// where the HTML had containers of quotes, so it is read the same way.
//
// Known to be misread: an answer below an original that has no quote marks
// counts as quoted, for nothing sets it apart; a signature without delimiter
// counts as the sender's own; quotes that are marked with a name (Supercite) or
// drawn as tables (Notes) count as the sender's own, too; and so does the rest of a quoted line that a
// program broke far from its edge, since an answer must not be lost.
func readReply(m *Mail, p *prose) {
	var how string
	m.Reply, m.Quoted, how = trimReply(p)
	if how != "" {
		m.Reasons["reply"] = how
	}
}

// trimReply parts a text into what its sender newly wrote and what was
// quoted, and says by which rule. Closing words are kept; signatures behind
// their delimiter, lines of devices, of lists and of companies are dropped.
func trimReply(p *prose) (own, quoted, how string) {
	marks := p.findMarks()
	r := &replyReader{prose: p, marks: marks}
	r.read(0, len(p.lines))
	switch {
	case len(marks) > 0:
		how = "quoted below " + marks[0].why()
	case r.quoted.Len() > 0:
		how = "quoted behind quote marks"
	}
	return r.words(), strings.Trim(r.quoted.String(), "\n"), how
}

// replyReader collects the sender's own words, line by line.
type replyReader struct {
	*prose
	marks  []mark // those not yet reached
	own    strings.Builder
	quoted strings.Builder
	said   bool // there are own words already
	cut    bool // something was left out since the last own line
}

// read reads the lines from first up to end.
func (r *replyReader) read(first, end int) {
	i := r.skipBanner(first, end)
	for i < end {
		switch m := r.markFrom(i); {
		case m != nil && m.open:
			r.keepCut(m)
			r.quote(m.last+1, len(r.lines))
			return
		case m != nil && m.end > 0:
			r.keepCut(m)
			r.quote(m.last+1, m.end)
			i = m.end + 1
		case m != nil:
			r.keepCut(m)
			r.cut = true
			i = m.last + 1
		case r.depth(i) > 0:
			next := r.quoteEnd(i)
			r.quote(i, next)
			i = next
		default:
			i = r.readOwn(i, end)
		}
	}
}

// markFrom returns the mark that begins on line i. Marks inside a quote are
// quoted with it.
func (r *replyReader) markFrom(i int) *mark {
	for len(r.marks) > 0 && r.marks[0].first < i {
		r.marks = r.marks[1:]
	}
	if len(r.marks) == 0 || r.marks[0].first != i || r.depth(i) > 0 {
		return nil
	}
	return &r.marks[0]
}

// readOwn takes one line, or a block of code, for the sender's own, or
// leaves out what ends the own words. It returns the next line to read.
func (r *replyReader) readOwn(i, end int) int {
	if last := r.fenceEnd(i); last > 0 && last < end {
		for ; i <= last; i++ {
			r.keep(r.raw(i))
		}
		return i
	}
	switch r.footerAt(i, end) {
	case footerLine:
		r.cut = true
		return i + 1
	case footerBlock:
		return r.skipFooter(i, end)
	}
	r.keep(r.raw(i))
	return i + 1
}

// skipFooter skips to the next quote or mark: own words may follow that.
func (r *replyReader) skipFooter(i, end int) int {
	r.cut = true
	for i++; i < end; i++ {
		if r.depth(i) > 0 || r.markFrom(i) != nil {
			return i
		}
	}
	return end
}

// keep adds a line to the own words. Where something was left out in front
// of it, one blank line is enough.
func (r *replyReader) keep(line string) {
	blank := trimInvisible(line) == ""
	if blank && (!r.said || r.cut && strings.HasSuffix(r.own.String(), "\n\n")) {
		return
	}
	if !blank {
		r.said, r.cut = true, false
	}
	r.own.WriteString(strings.TrimRight(line, " \t"))
	r.own.WriteByte('\n')
}

// keepCut keeps own words that stand in front of a mark on its line.
func (r *replyReader) keepCut(m *mark) {
	if m.attribution != nil && m.attribution.cut > 0 {
		r.keep(r.at(m.first)[:m.attribution.cut])
	}
}

// quote adds lines to what was quoted, without the first of their marks:
// what was a quote in the quoted mail keeps the others.
func (r *replyReader) quote(from, to int) {
	r.cut = true
	for i := from; i < to; i++ {
		r.quoted.WriteString(strings.TrimRight(stripMarks(r.raw(i), 1), " \t"))
		r.quoted.WriteByte('\n')
	}
}

// words returns the own words, without a rule that led to what was left out.
func (r *replyReader) words() string {
	text := strings.TrimSpace(r.own.String())
	for r.cut {
		at := strings.LastIndexByte(text, '\n')
		last := trimInvisible(text[at+1:])
		if at < 0 || len(last) < 2 || strings.Trim(last, "-_=*—#") != "" {
			break
		}
		text = strings.TrimSpace(text[:at])
	}
	return text
}
