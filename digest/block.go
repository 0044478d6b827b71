package digest

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/bidi"
)

// A letter is composed as one list of blocks, which is printed twice. So text
// and HTML have the same words in the same order.

// block is one piece of a letter.
type block struct {
	Kind    string // opening, heading, panel, paragraph, entry, answers, facts, bars, code, foot
	ID      string // of an entry
	Tick    bool   // the entry can be ticked
	Tight   bool   // the entry stands close to its neighbour
	Head    line
	Quiet   line // the rest of a heading
	Quote   line // somebody's line that the entry is about
	Notes   []line
	Answers []answer
	Buttons bool
	Rows    []row
	Inner   []block // of a panel
}

// line is text that may be wrapped anywhere between its words.
type line []span

// span is a run of text of one kind: text, id, words, auto, link or answer.
// Words in which right-to-left text occurs are auto.
type span struct {
	Kind string
	Text string
	Href string
}

// row is a fact, or a bar of a length.
type row struct {
	Label, Value line
	Length       int
	Percent      int
}

// Short says that the label need not be broken, even on a phone set to large type.
func (r row) Short() bool { return len(r.Label.String()) <= 14 }

// answer is a ready answer: its label is the command.
type answer struct {
	Label string
	Href  string
}

// Long says that the label may have to be broken, on a phone set to large type.
func (a answer) Long() bool { return len(a.Label) > 18 }

// script is a letter on its way from the output of a template to its blocks.
type script struct {
	subject string
	blocks  []block
	open    *block // takes indented lines, or goes on with the next line
	foot    bool
	panel   *block
}

// read makes blocks of what a template wrote; package templates says how.
func read(text string) (subject string, blocks []block, err error) {
	var s script
	for n, raw := range strings.Split(text, "\n") {
		if err := s.line(strings.TrimRightFunc(raw, unicode.IsSpace)); err != nil {
			return "", nil, fmt.Errorf("line %d of the letter: %w", n+1, err)
		}
	}
	s.flush()
	s.closePanel()
	tighten(s.blocks)
	return s.subject, s.blocks, nil
}

func (s *script) line(raw string) error {
	text := strings.TrimLeft(raw, " ")
	subject, isSubject := strings.CutPrefix(text, "Subject: ")
	switch {
	case isSubject && s.subject == "" && len(s.blocks) == 0:
		s.subject = strip(subject)
	case text == "":
		s.blank()
	case s.foot:
		s.open.Notes = append(s.open.Notes, spans(text))
	case strings.HasPrefix(raw, "  ") && s.open != nil && s.open.Kind == "entry":
		return s.belongs(text)
	default:
		return s.begin(text)
	}
	return nil
}

// blank ends a paragraph; entries go on, because templates leave empty lines
// where they choose to say nothing.
func (s *script) blank() {
	if s.open != nil && s.open.Kind == "paragraph" {
		s.flush()
	}
}

// belongs adds an indented line to the entry above.
func (s *script) belongs(text string) error {
	if rest, ok := strings.CutPrefix(text, "-> "); ok {
		s.open.Answers = append(s.open.Answers, answers(rest)...)
		return nil
	}
	if rest, ok := strings.CutPrefix(text, "=> "); ok {
		s.open.Answers = append(s.open.Answers, answers(rest)...)
		s.open.Buttons = true
		return nil
	}
	s.open.Notes = append(s.open.Notes, spans(text))
	return nil
}

// signs are what a line can begin with.
var signs = []struct {
	sign  string
	begin func(s *script, rest string) error
}{
	{"## [", (*script).beginPanel},
	{"## ", (*script).beginHeading},
	{"# ", (*script).beginOpening},
	{"[ ] ", func(s *script, rest string) error { return s.beginEntry(rest, true) }},
	{"* ", func(s *script, rest string) error { return s.beginEntry(rest, false) }},
	{"- ", (*script).beginPlainEntry},
	{"> ", (*script).beginQuote},
	{"-> ", (*script).beginAnswers},
	{"=> ", (*script).beginButtons},
	{"| ", (*script).beginFact},
	{"% ", (*script).beginBar},
	{"$ ", (*script).beginCode},
	{"---", (*script).beginFoot},
}

func (s *script) begin(text string) error {
	for _, sign := range signs {
		if rest, ok := strings.CutPrefix(text, sign.sign); ok {
			return sign.begin(s, rest)
		}
	}
	s.paragraph(text)
	return nil
}

func (s *script) paragraph(text string) {
	if s.open != nil && s.open.Kind == "paragraph" {
		s.open.Head = append(append(s.open.Head, span{Kind: "text", Text: " "}), spans(text)...)
		return
	}
	s.start(block{Kind: "paragraph", Head: spans(text)})
}

func (s *script) beginOpening(rest string) error {
	s.start(block{Kind: "opening", Head: spans(rest)})
	return nil
}

func (s *script) beginHeading(rest string) error {
	s.flush()
	s.closePanel()
	head, quiet, _ := cutBar(rest)
	s.start(block{Kind: "heading", Head: spans(head), Quiet: spans(quiet)})
	return nil
}

func (s *script) beginPanel(rest string) error {
	s.flush()
	s.closePanel()
	head, _, ok := strings.Cut(rest, "]")
	if !ok {
		return fmt.Errorf("the heading %q has no closing bracket", rest)
	}
	s.panel = &block{Kind: "panel", Head: spans(head)}
	return nil
}

func (s *script) beginEntry(rest string, tick bool) error {
	id, head, _ := strings.Cut(rest, " ")
	if !ids.MatchString(id) {
		return fmt.Errorf("the entry %q begins with no id", rest)
	}
	s.start(block{Kind: "entry", ID: id, Tick: tick, Head: spans(head)})
	return nil
}

func (s *script) beginPlainEntry(rest string) error {
	s.start(block{Kind: "entry", Head: spans(rest)})
	return nil
}

func (s *script) beginQuote(rest string) error {
	s.start(block{Kind: "entry", Quote: spans(rest)})
	return nil
}

func (s *script) beginAnswers(rest string) error {
	s.start(block{Kind: "answers", Answers: answers(rest)})
	return nil
}

func (s *script) beginButtons(rest string) error {
	s.start(block{Kind: "answers", Answers: answers(rest), Buttons: true})
	return nil
}

func (s *script) beginFact(rest string) error {
	label, value, ok := cutBar(rest)
	if !ok {
		return fmt.Errorf("the fact %q has no value", rest)
	}
	s.join("facts")
	s.open.Rows = append(s.open.Rows, row{Label: spans(label), Value: spans(value)})
	return nil
}

func (s *script) beginBar(rest string) error {
	name, rest, _ := cutBar(rest)
	digits, words, ok := cutBar(rest)
	length, err := strconv.Atoi(digits)
	if !ok || err != nil {
		return fmt.Errorf("the bar %q needs a name, a length and words", name)
	}
	s.join("bars")
	s.open.Rows = append(s.open.Rows, row{Label: spans(name), Value: spans(words), Length: length})
	return nil
}

// cutBar cuts a line at its first " | " outside of what people wrote.
func cutBar(text string) (before, after string, found bool) {
	for at := 0; at < len(text); at++ {
		switch {
		case text[at] == wordsBegin || text[at] == linkBegin:
			at += max(0, strings.IndexByte(text[at:], markEnd))
		case strings.HasPrefix(text[at:], " | "):
			return text[:at], text[at+len(" | "):], true
		}
	}
	return text, "", false
}

func (s *script) beginCode(rest string) error {
	s.join("code")
	s.open.Notes = append(s.open.Notes, spans(rest))
	return nil
}

func (s *script) beginFoot(string) error {
	s.flush()
	s.closePanel()
	s.start(block{Kind: "foot"})
	s.foot = true
	return nil
}

// join goes on with the open block if it is of that kind.
func (s *script) join(kind string) {
	if s.open == nil || s.open.Kind != kind {
		s.start(block{Kind: kind})
	}
}

func (s *script) start(b block) {
	s.flush()
	s.open = &b
}

func (s *script) flush() {
	if s.open == nil {
		return
	}
	if s.open.Kind == "bars" {
		scale(s.open.Rows)
	}
	if s.panel != nil {
		s.panel.Inner = append(s.panel.Inner, *s.open)
	} else {
		s.blocks = append(s.blocks, *s.open)
	}
	s.open = nil
}

func (s *script) closePanel() {
	if s.panel == nil {
		return
	}
	tighten(s.panel.Inner)
	s.blocks = append(s.blocks, *s.panel)
	s.panel = nil
}

// scale gives the longest bar the full width, and the shortest enough to be seen.
func scale(rows []row) {
	longest := 1
	for _, r := range rows {
		longest = max(longest, r.Length)
	}
	for i := range rows {
		rows[i].Percent = max(4, rows[i].Length*100/longest)
	}
}

// tighten moves entries together that are one short line each.
func tighten(blocks []block) {
	for i := 0; i < len(blocks); {
		end := i
		for end < len(blocks) && blocks[end].short() {
			end++
		}
		for j := i; j < end && end-i > 1; j++ {
			blocks[j].Tight = (j == i || blocks[j-1].Tight) && (end == len(blocks) || blocks[end].Kind != "entry")
		}
		i = max(end, i+1)
	}
}

// shortLine is how many bytes surely fit a line behind an id.
const shortLine = 56

func (b block) short() bool {
	return b.Kind == "entry" && len(b.Notes) == 0 && len(b.Answers) == 0 && b.Quote == nil && len(b.Head.String()) <= shortLine
}

// shown returns the ids of the entries, in order: what an answer may be about.
func shown(blocks []block) (list []string) {
	for _, b := range blocks {
		if b.ID != "" && !slices.Contains(list, b.ID) {
			list = append(list, b.ID)
		}
		for _, id := range shown(b.Inner) {
			if !slices.Contains(list, id) {
				list = append(list, id)
			}
		}
	}
	return list
}

// answers splits "A-12 done | A-12 due 1w".
func answers(text string) (list []answer) {
	for label := range strings.SplitSeq(strip(text), " | ") {
		if label = strings.TrimSpace(label); label != "" {
			list = append(list, answer{Label: label})
		}
	}
	return list
}

var ids = regexp.MustCompile(`\b[AT]-[0-9]+\b`)

// spans splits a line into our own text, with its ids and ready answers, and
// what people wrote.
func spans(text string) (l line) {
	for text != "" {
		at := strings.IndexAny(text, string(wordsBegin)+string(linkBegin))
		if at < 0 {
			return append(l, ownSpans(text)...)
		}
		l = append(l, ownSpans(text[:at])...)
		marked, rest, _ := strings.Cut(text[at+1:], string(markEnd))
		l = append(l, foreignSpans(text[at], marked)...)
		text = rest
	}
	return l
}

func foreignSpans(mark byte, text string) line {
	switch {
	case mark == linkBegin:
		return line{{Kind: "link", Text: text, Href: text}}
	case rightToLeft(text):
		return line{{Kind: "auto", Text: text}}
	}
	return splitAt(ids, text, "words", func(id string) span { return span{Kind: "id", Text: id} })
}

func rightToLeft(text string) bool {
	for _, r := range text {
		if r < 0x590 {
			continue
		}
		p, _ := bidi.LookupRune(r)
		if c := p.Class(); c == bidi.R || c == bidi.AL {
			return true
		}
	}
	return false
}

var special = regexp.MustCompile(`<[a-z0-9@+ -]+>|\b[AT]-[0-9]+\b`)

func ownSpans(text string) line {
	return splitAt(special, text, "text", func(found string) span {
		if label := strings.Trim(found, "<>"); label != found {
			return span{Kind: "answer", Text: label}
		}
		return span{Kind: "id", Text: found}
	})
}

// splitAt splits text at what a pattern finds, into spans of that and of the rest.
func splitAt(pattern *regexp.Regexp, text, rest string, found func(string) span) (l line) {
	last := 0
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		if at[0] > last {
			l = append(l, span{Kind: rest, Text: text[last:at[0]]})
		}
		l = append(l, found(text[at[0]:at[1]]))
		last = at[1]
	}
	if last < len(text) {
		l = append(l, span{Kind: rest, Text: text[last:]})
	}
	return l
}

// strip removes the marks, where a value stands in a place of its own.
func strip(text string) string {
	return strings.Map(func(r rune) rune {
		if r == wordsBegin || r == linkBegin || r == markEnd {
			return -1
		}
		return r
	}, text)
}

// String returns the text of a line.
func (l line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}
