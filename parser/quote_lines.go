package parser

import (
	"strings"
	"unicode/utf8"
)

const (
	// maxProse bounds how much of a text is read for quotes and forwards.
	// Nobody types that much; what is longer is a log or an attack.
	maxProse = 384 << 10
	// maxLooks bounds how many lines are looked at more closely, since they
	// may end an attribution or begin a block of header lines. A long digest
	// has some hundreds.
	maxLooks = 3000
)

// prose is a text cut into lines once. What reads it works on the numbers of
// lines.
type prose struct {
	text  string
	lines []proseLine

	marks  []mark // where originals begin, once they were looked for
	marked bool
	looks  int // how many lines were looked at more closely

	whole bool // no program has wrapped its lines: it was HTML
}

// proseLine is one line, as offsets, for a mail may have a million of them.
type proseLine struct {
	start, end int32 // without the line break
	body       int32 // where the text behind the quote marks begins
	depth      int32 // how many quote marks
}

// newProse cuts a text into lines and counts their quote marks.
func newProse(text string) *prose {
	if strings.IndexByte(text, '\r') >= 0 {
		text = carriage.Replace(text)
	}
	if len(text) > maxProse {
		text = strings.ToValidUTF8(text[:maxProse], "")
	}
	p := &prose{text: text, lines: make([]proseLine, 0, 1+strings.Count(text, "\n"))}
	for start := 0; start <= len(text); {
		end := strings.IndexByte(text[start:], '\n')
		if end < 0 {
			end = len(text) - start
		}
		p.lines = append(p.lines, newProseLine(text, start, start+end))
		start += end + 1
	}
	p.markInitials()
	p.unmarkLinks()
	return p
}

var carriage = strings.NewReplacer("\r\n", "\n", "\r", "\n")

func newProseLine(text string, start, end int) proseLine {
	l := proseLine{start: int32(start), end: int32(end), body: int32(start)}
	at, depth := countMarks(text[start:end])
	if depth > 0 {
		l.body, l.depth = int32(start+at), int32(depth)
	}
	return l
}

// countMarks counts the quote marks of a line (RFC 3676 section 4.5) and says
// where the text behind them begins. Programs put blanks before, between and
// after them. A row of marks that is answered at the end of the line is none:
// an ornament (">>> http://x <<<") or GroupWise's attribution (">>> Ann 3.5.20 >>>").
func countMarks(line string) (at, depth int) {
	for i, blanks := 0, 0; i < len(line); {
		if size := markSize(line[i:]); size > 0 {
			i += size
			at, depth, blanks = i, depth+1, 0
			continue
		}
		size := blankSize(line[i:])
		if blanks++; size == 0 || blanks > 4 || depth > 0 && blanks > 1 {
			break
		}
		i += size
	}
	if depth > 1 && (strings.HasSuffix(trimBlank(line), "<<") || isGroupWise(trimBlank(line))) {
		return 0, 0
	}
	if depth > 0 && at < len(line) && line[at] == ' ' {
		at++
	}
	return at, depth
}

func isGroupWise(line string) bool {
	return strings.HasPrefix(line, ">>> ") && strings.HasSuffix(line, " >>>") && hasDigit(line)
}

// markSize returns how many bytes of s a quote mark takes at its beginning.
// Japanese keyboards type a wide one.
func markSize(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == '>':
		return 1
	case s[0] >= 0x80 && strings.HasPrefix(s, "＞"):
		return len("＞")
	}
	return 0
}

// blankSize does the same for a blank.
func blankSize(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] == ' ' || s[0] == '\t':
		return 1
	case s[0] >= 0x80 && strings.HasPrefix(s, "\u00a0"):
		return len("\u00a0")
	}
	return 0
}

// markInitials finds quotes that are marked with initials, as Emacs and old
// gateways do: "AB> text", on at least two lines in a row.
func (p *prose) markInitials() {
	for i := 1; i < len(p.lines); i++ {
		prefix := initials(p.raw(i))
		if prefix == "" || initials(p.raw(i-1)) != prefix {
			continue
		}
		for _, l := range []*proseLine{&p.lines[i-1], &p.lines[i]} {
			l.body, l.depth = min(l.start+int32(len(prefix)), l.end), 1
		}
	}
}

func initials(line string) string {
	for i := 0; i < len(line) && i < 4; i++ {
		if line[i] == '>' && i > 0 {
			return line[:i+1]
		}
		if line[i] < 'A' || line[i] > 'Z' {
			return ""
		}
	}
	return ""
}

// unmarkLinks finds the > that only ends a link in angle brackets, which a
// program broke in front of it.
func (p *prose) unmarkLinks() {
	for i := 1; i < len(p.lines); i++ {
		if p.depth(i) == 0 || p.depth(i-1) > 0 || !strings.HasPrefix(p.raw(i), ">") {
			continue
		}
		above := p.raw(i - 1)
		if open := strings.LastIndex(above, "<http"); open >= 0 && strings.IndexByte(above[open:], '>') < 0 {
			p.lines[i].body, p.lines[i].depth = p.lines[i].start, 0
		}
	}
}

// raw returns a line as it is written.
func (p *prose) raw(i int) string {
	return p.text[p.lines[i].start:p.lines[i].end]
}

// at returns what a line says: without quote marks, without blanks and
// invisible marks around it.
func (p *prose) at(i int) string {
	return trimInvisible(p.text[p.lines[i].body:p.lines[i].end])
}

func (p *prose) depth(i int) int { return int(p.lines[i].depth) }

func (p *prose) blank(i int) bool { return p.at(i) == "" }

// next returns the first line from i on that is not blank, or the number of
// lines.
func (p *prose) next(i int) int {
	for i < len(p.lines) && p.blank(i) {
		i++
	}
	return i
}

// unquoted joins lines with depth quote marks taken off each.
func (p *prose) unquoted(from, to, depth int) string {
	if depth == 0 {
		if from >= to {
			return ""
		}
		return p.text[p.lines[from].start:p.lines[to-1].end]
	}
	var out strings.Builder
	for i := from; i < to; i++ {
		out.WriteString(stripMarks(p.raw(i), depth))
		out.WriteByte('\n')
	}
	return out.String()
}

// stripMarks takes up to depth quote marks off a line.
func stripMarks(line string, depth int) string {
	for range depth {
		rest := line
		for size := blankSize(rest); size > 0; size = blankSize(rest) {
			rest = rest[size:]
		}
		size := markSize(rest)
		if size == 0 {
			return line
		}
		line = strings.TrimPrefix(rest[size:], " ")
	}
	return line
}

// trimInvisible trims blanks, and the marks that show nothing: byte order
// marks that Outlook leaves in the middle of a text, zero-width blanks, the
// marks of writing direction around Arabic and Hebrew.
func trimInvisible(s string) string {
	s = trimBlank(s)
	for s != "" && s[0] >= 0x80 {
		r, size := utf8.DecodeRuneInString(s)
		if !isInvisible(r) {
			break
		}
		s = trimBlank(s[size:])
	}
	for s != "" && s[len(s)-1] >= 0x80 {
		r, size := utf8.DecodeLastRuneInString(s)
		if !isInvisible(r) {
			break
		}
		s = trimBlank(s[:len(s)-size])
	}
	return s
}

// dropInvisible takes invisible marks out of a text.
func dropInvisible(s string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\u00a0' || r == '\u202f' || r == '\u3000':
			return ' '
		case isInvisible(r):
			return -1
		}
		return r
	}, s)
}

func trimBlank(s string) string {
	for s != "" && (s[0] == ' ' || s[0] == '\t' || s[0] == '\r' || s[0] == '\f') {
		s = s[1:]
	}
	for s != "" {
		last := s[len(s)-1]
		if last != ' ' && last != '\t' && last != '\r' && last != '\f' {
			break
		}
		s = s[:len(s)-1]
	}
	return s
}

func isInvisible(r rune) bool {
	switch {
	case r == '\u00a0' || r == '\ufeff' || r == '\u202f' || r == '\u3000' || r == '\u2060':
		return true
	case r >= '\u200b' && r <= '\u200f', r >= '\u202a' && r <= '\u202e', r >= '\u2066' && r <= '\u2069':
		return true
	}
	return false
}
