package parser

import "strings"

// separator is a line that sets an original apart from the sender's words.
type separator struct {
	first, last int
	depth       int
	forward     bool   // its words say that the original was forwarded
	spoken      bool   // it has words: it is more than a rule
	habit       *entry // whose words they are
	head        *head  // the header lines that follow it, if any
}

var (
	separatorTable = readTable("separators")
	dashedWords    = byWords(separatorTable, "forward", "original")
	beginWords     = byWords(separatorTable, "begin")
	prefixWords    = byWords(separatorTable, "prefix")
)

// maxSeparator is the longest separator in bytes, without its dashes.
const maxSeparator = 120

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

// findHead looks for header lines below a separator.
func (p *prose) findHead(s *separator) {
	next := p.next(s.last + 1)
	if next >= len(p.lines) || next > s.last+4 {
		return
	}
	if s.head = p.headAt(next, s.spoken); s.head == nil && s.spoken {
		s.head = p.foreignHead(next)
	}
	if s.head == nil {
		return
	}
	s.last, s.depth = s.head.last, s.head.depth
	// Zoho writes its separator once more below the header lines.
	if again := p.next(s.last + 1); s.spoken && again < len(p.lines) && p.at(again) == p.at(s.first) {
		s.last = again
	}
}

// spokenSeparator knows separators by their words.
func (p *prose) spokenSeparator(i int, text string) *separator {
	if text == "" {
		return nil
	}
	s := &separator{first: i, last: i, depth: p.depth(i), spoken: true}
	if text[0] == '-' || text[0] == '*' || text[0] == '_' || text[0] == '=' {
		return p.dashedSeparator(s, text)
	}
	if len(text) > maxSeparator || leadOf(text)&leadSeparator == 0 {
		return nil
	}
	words := lower(strings.TrimRight(strings.TrimSpace(text), " :：…."))
	if e := beginWords[strings.TrimRight(words, "\u00a0 ")]; e != nil {
		s.habit, s.forward = e, true
		return s
	}
	for prefix, e := range prefixWords {
		if strings.HasPrefix(words, prefix) {
			s.habit = e
			return s
		}
	}
	return nil
}

// dashedSeparator reads "----- words -----". Header lines may follow on the
// same line where line breaks were lost.
func (p *prose) dashedSeparator(s *separator, text string) *separator {
	inner := strings.TrimLeft(text, "-*_= ")
	dashes := len(text) - len(inner)
	end := dashesIn(inner)
	for end >= 0 {
		words := strings.Trim(inner[:end], " -*_=:")
		rest := strings.TrimLeft(inner[end:], "-*_= ")
		if e := dashedWords[lower(words)]; e != nil && dashes > 1 {
			s.habit, s.forward = e, e.kind == "forward"
			if rest != "" && dashedWords[lower(strings.Trim(rest, " -"))] == nil {
				s.head = readGlued(rest)
				if s.head != nil {
					s.head.first, s.head.last, s.head.depth = s.first, s.first, s.depth
				}
			}
			return s
		}
		skip := dashesIn(inner[end+2:])
		if skip < 0 || end > maxSeparator {
			break
		}
		end += 2 + skip
	}
	return p.foreignSeparator(s, text)
}

// dashesIn finds the dashes behind the words of a separator. Zoho writes "=".
func dashesIn(s string) int {
	dashes, equals := strings.Index(s, "--"), strings.Index(s, "==")
	if dashes < 0 || equals >= 0 && equals < dashes {
		return equals
	}
	return dashes
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
		s.head = p.foreignHead(next)
	}
	if s.head == nil {
		return nil
	}
	s.last, s.depth = s.head.last, s.head.depth
	return s
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
