package parser

import "strings"

// separator is a line that sets an original apart from the sender's words.
type separator struct {
	first, last int
	depth       int
	forward     bool         // its words say that the original was forwarded
	spoken      bool         // it has words: it is more than a rule
	habit       *entry       // whose words they are
	head        *head        // the header lines that follow it, if any
	attribution *attribution // or the attribution, as Yandex and Proton print it
}

var (
	separatorTable = readTable("separators")
	dashedWords    = byWords(separatorTable, "forward", "original")
	endWords       = byWords(separatorTable, "end")
	beginWords     = byWords(separatorTable, "begin")
	prefixWords    = byWords(separatorTable, "prefix")
	namedWords     = byWords(separatorTable, "named")
	aboveWords     = byWords(separatorTable, "above")
)

const (
	// maxSeparator is the longest separator in bytes, without its dashes.
	maxSeparator = 120
	// ruleMarks are what rules and the dashes around words are drawn with.
	ruleMarks = "-*_=~‐‑‒–—―"
)

// separatorAt reads the separator on line i, or nil. A rule without words
// counts only with header lines below it.
func (p *prose) separatorAt(i int) *separator {
	text := p.at(i)
	s := p.spokenSeparator(i, text)
	if s == nil && !isRule(text) {
		return nil
	}
	if s == nil {
		s = &separator{first: i, last: i, depth: p.depth(i)}
	}
	if s.head == nil {
		p.findHead(s)
	}
	if !s.spoken && s.head == nil {
		return nil
	}
	return s
}

// findHead looks for header lines below a separator, or for an attribution.
func (p *prose) findHead(s *separator) {
	next := p.next(s.last + 1)
	if next >= len(p.lines) || next > s.last+4 {
		return
	}
	if s.head = p.headAt(next, s.spoken); s.head == nil && s.spoken {
		if p.findAttribution(s, next); s.attribution != nil {
			return
		}
		if s.head = p.looseHead(next); s.head == nil {
			s.head = p.foreignHead(next)
		}
	}
	if s.head != nil {
		s.last, s.depth = s.head.last, s.head.depth
		p.skipRule(s)
	}
}

// findAttribution looks for an attribution that begins on line first, right
// below a separator.
func (p *prose) findAttribution(s *separator, first int) {
	for i := first; i < len(p.lines) && i < first+maxWrapped && !p.blank(i); i++ {
		a := p.attributionEnding(i)
		if a != nil && a.first == first && a.cut == 0 && a.dated {
			s.attribution, s.last = a, i
			return
		}
	}
}

// skipRule skips the rule that SquirrelMail prints below the header lines as
// well, and Zoho's separator, which it prints once more.
func (p *prose) skipRule(s *separator) {
	next := p.next(s.last + 1)
	if !s.spoken || next >= len(p.lines) || p.depth(next) != s.depth {
		return
	}
	text := p.at(next)
	if next == s.last+1 && isRule(text) || text == p.at(s.first) {
		s.last = next
	}
}

// spokenSeparator knows separators by their words.
func (p *prose) spokenSeparator(i int, text string) *separator {
	if text == "" {
		return nil
	}
	s := &separator{first: i, last: i, depth: p.depth(i), spoken: true}
	if strings.IndexByte("-*_=~", text[0]) >= 0 || text[0] == 0xe2 {
		return p.dashedSeparator(s, text)
	}
	if len(text) > maxSeparator || leadOf(text)&leadSeparator == 0 {
		return nil
	}
	words := lower(trimInvisible(strings.TrimRight(trimInvisible(text), " :：….")))
	if e := beginWords[words]; e != nil {
		s.habit, s.forward = e, true
		return s
	}
	if e := opening(prefixWords, words); e != nil {
		s.habit = e
		return s
	}
	return p.lowSeparator(s, words)
}

// opening returns the entry whose words a line begins with.
func opening(table map[string]*entry, line string) *entry {
	for words, e := range table {
		if strings.HasPrefix(line, words) {
			return e
		}
	}
	return nil
}

// lowSeparator knows the separators without dashes that people might write,
// too: header lines must follow at once. Orange prints the date beside its words.
func (p *prose) lowSeparator(s *separator, words string) *separator {
	above := opening(aboveWords, words)
	if s.habit = dashedWords[words]; s.habit == nil {
		s.habit = above
	}
	if s.habit == nil || s.last+1 >= len(p.lines) {
		return nil
	}
	if s.head = p.headAt(s.last+1, false); s.head == nil {
		return nil
	}
	if above != nil && !s.head.has("date") {
		_, date, _ := strings.Cut(words, lower(above.words[0]))
		s.head.fields = append(s.head.fields, headField{"date", strings.TrimLeft(date, " :")})
	}
	s.last, s.depth, s.forward = s.head.last, s.head.depth, s.habit.kind == "forward"
	return s
}

// dashedSeparator reads "----- words -----". Header lines may follow on the
// same line where line breaks were lost.
func (p *prose) dashedSeparator(s *separator, text string) *separator {
	inner := strings.TrimLeft(text, ruleMarks+" ")
	if dashes := len(text) - len(inner); dashes < 2 || inner == "" {
		return nil
	}
	words := strings.TrimRight(inner, ruleMarks+" :")
	if e := dashedWords[lower(words)]; e != nil && len(words) < len(inner) {
		s.habit, s.forward = e, e.kind == "forward"
		return s
	}
	if e := opening(namedWords, lower(clip(words, maxSeparator))); e != nil && len(words) < len(inner) {
		s.habit, s.forward = e, true
		return s
	}
	if e := opening(prefixWords, lower(clip(words, maxSeparator))); e != nil {
		s.habit = e
		return s
	}
	if p.gluedSeparator(s, inner) {
		return s
	}
	return p.foreignSeparator(s, text)
}

// gluedSeparator reads a separator with the header lines glued to it.
func (p *prose) gluedSeparator(s *separator, inner string) bool {
	for end := strings.Index(inner, "--"); end > 0 && end <= maxSeparator; {
		e := dashedWords[lower(strings.Trim(inner[:end], ruleMarks+" :"))]
		if e != nil {
			s.habit, s.forward = e, e.kind == "forward"
			if s.head = readGlued(strings.TrimLeft(inner[end:], ruleMarks+" ")); s.head != nil {
				s.head.first, s.head.last, s.head.depth = s.first, s.first, s.depth
			}
			return true
		}
		skip := strings.Index(inner[end+2:], "--")
		if skip < 0 {
			break
		}
		end += 2 + skip
	}
	return false
}

// endOf returns the line that ends a forwarded original without quote marks,
// the last line of it being above, or 0. Originals inside it have ends of their own.
func (p *prose) endOf(s *separator) int {
	inside, last := 1, 0
	for i := s.last + 1; i < len(p.lines); i++ {
		text := p.at(i)
		if len(text) < 4 || len(text) > maxSeparator || strings.IndexByte("-*_=", text[0]) < 0 || p.depth(i) != p.depth(s.first) {
			continue
		}
		words := lower(strings.Trim(text, ruleMarks+" :"))
		switch {
		case endWords[words] != nil:
			if last, inside = i, inside-1; inside == 0 {
				return i
			}
		case opening(namedWords, words) != nil || dashedWords[words] != nil && dashedWords[words].kind == "forward":
			inside++
		}
	}
	return last
}

// foreignSeparator knows a separator of a language that is not in the table
// by its dashes on both sides and the headers below it.
func (p *prose) foreignSeparator(s *separator, text string) *separator {
	const dashes = "----"
	words := strings.Trim(text, "- ")
	if !strings.HasPrefix(text, dashes) || !strings.HasSuffix(text, dashes) || words == "" || len(words) > maxSeparator {
		return nil
	}
	next := p.next(s.last + 1)
	if next >= len(p.lines) {
		return nil
	}
	if s.head = p.headAt(next, false); s.head == nil {
		if s.head = p.looseHead(next); s.head == nil {
			s.head = p.foreignHead(next)
		}
	}
	if s.head == nil {
		return nil
	}
	s.last, s.depth = s.head.last, s.head.depth
	return s
}

// looseHead reads header lines without colons: as a table, as NetEase's Mail
// Master prints them ("| From | Ann |"), or with a blank or a tab behind the
// name, as eM Client does.
func (p *prose) looseHead(i int) *head {
	h := &head{first: i, last: i, depth: p.depth(i)}
	for ; i < len(p.lines) && p.depth(i) == h.depth && len(h.fields) < 8; i++ {
		name, value := cutLoose(p.at(i))
		if name == nil || h.has(name.kind) {
			break
		}
		h.last = i
		h.add(name, value)
	}
	if !h.has("from") || !hasAddress(h.get("from")) || !h.has("date") && !h.has("subject") {
		return nil
	}
	return h
}

// cutLoose finds the name of a header at the beginning of a line: the longest
// that the table knows, of up to three words.
func cutLoose(line string) (name *entry, value string) {
	line, table := strings.CutPrefix(line, "| ")
	if table {
		label, rest, found := strings.Cut(line, " | ")
		if !found {
			return nil, ""
		}
		return headerNames[lower(trimInvisible(label))], trimInvisible(strings.TrimRight(rest, "| "))
	}
	end := 0
	for range 3 {
		size := strings.IndexAny(line[end:], " \t")
		if size < 0 || end+size > maxName {
			break
		}
		if e := headerNames[lower(line[:end+size])]; e != nil {
			name, value = e, trimInvisible(line[end+size:])
		}
		end += size + 1
	}
	return name, value
}

// foreignHead reads header lines of a language that is not in the table: at
// least three lines with a colon, one of them with an address. The first
// address is the sender's; what reads as a date is the date; the longest of
// what is left is taken for the subject.
func (p *prose) foreignHead(i int) *head {
	h := &head{first: i, last: i, depth: p.depth(i)}
	for ; i < len(p.lines) && p.depth(i) == h.depth && len(h.fields) < 8; i++ {
		text := strings.TrimLeft(p.at(i), "* ")
		at, size := findColon(text)
		if at <= 0 || strings.ContainsAny(text[:at], ".,!?@<>/") {
			break
		}
		h.last = i
		h.fields = append(h.fields, headField{"", trimInvisible(strings.TrimLeft(text[at+size:], "*"))})
	}
	if len(h.fields) < 3 || !h.guessKinds() {
		return nil
	}
	return h
}

func (h *head) guessKinds() bool {
	people := []string{"from", "to", "cc"}
	subject := -1
	for i := range h.fields {
		f := &h.fields[i]
		switch {
		case hasAddress(f.value) && len(people) > 0:
			f.kind, people = people[0], people[1:]
		case !h.has("date") && readPrintedDate(f.value, "") != "":
			f.kind = "date"
		case subject < 0 || len(f.value) > len(h.fields[subject].value):
			subject = i
		}
	}
	if subject >= 0 {
		h.fields[subject].kind = "subject"
	}
	return h.has("from") && h.has("date")
}

// isRule knows a line drawn with at least five dashes or underscores.
func isRule(text string) bool {
	return len(text) >= 5 && (strings.Trim(text, "_") == "" || strings.Trim(text, "- ") == "" || strings.Trim(text, "* ") == "")
}

// clip cuts a text for a look at how it begins.
func clip(text string, size int) string {
	if len(text) <= size {
		return text
	}
	return strings.ToValidUTF8(text[:size], "")
}
