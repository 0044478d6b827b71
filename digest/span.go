package digest

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/bidi"
)

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
			return l.add(ownSpans(text))
		}
		l = l.add(ownSpans(text[:at]))
		marked, rest, _ := strings.Cut(text[at+1:], string(markEnd))
		l = l.add(foreignSpans(text[at], marked))
		text = rest
	}
	return l
}

// add puts spans behind a line, and joins text with text.
func (l line) add(more line) line {
	for _, s := range more {
		if last := len(l) - 1; last >= 0 && l[last].Kind == "" && s.Kind == "" {
			l[last].Text += s.Text
			continue
		}
		l = append(l, s)
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
	return splitAt(ids, text, func(id string) span { return span{Kind: "id", Text: id} })
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
	return splitAt(special, text, func(found string) span {
		if label := strings.Trim(found, "<>"); label != found {
			return span{Kind: "answer", Text: label}
		}
		return span{Kind: "id", Text: found}
	})
}

// splitAt splits text at what a pattern finds, into spans of that and of the
// rest. Most text holds neither sign that ids and ready answers need, and is not
// searched.
func splitAt(pattern *regexp.Regexp, text string, found func(string) span) (l line) {
	if text != "" && !strings.ContainsAny(text, "-<") {
		return line{{Text: text}}
	}
	last := 0
	for _, at := range pattern.FindAllStringIndex(text, -1) {
		if at[0] > last {
			l = append(l, span{Text: text[last:at[0]]})
		}
		l = append(l, found(text[at[0]:at[1]]))
		last = at[1]
	}
	if last < len(text) {
		l = append(l, span{Text: text[last:]})
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

// size is how many bytes the text of a line has.
func (l line) size() (n int) {
	for _, s := range l {
		n += len(s.Text)
	}
	return n
}

// String returns the text of a line.
func (l line) String() string {
	var b strings.Builder
	for _, s := range l {
		b.WriteString(s.Text)
	}
	return b.String()
}
