package digest

import (
	"fmt"
	"strconv"
	"strings"
	"unicode"
)

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
		s.open.Head = s.open.Head.add(line{{Text: " "}}).add(spans(text))
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
