package parser

import (
	"regexp"
	"strings"
	"unicode"
)

var (
	// doubled is a word with its link behind it, as Outlook writes links in
	// text; marked is the same of editors that know markdown.
	doubled    = regexp.MustCompile(`(\S+?)\s?<((?:https?://|mailto:|tel:)[^\s<>]+)>`)
	marked     = regexp.MustCompile(`\[([^\[\]]+)\]\(((?:https?://|mailto:)[^\s()]+)\)`)
	linkedID   = regexp.MustCompile(`(?i)\b([AT][-\x{2010}-\x{2013}]\d{1,9})\s?\(https?://[^\s()]+\)`)
	looseIDs   = regexp.MustCompile(`(?i)^([a-z]+:?\s+)?((?:[AT][\s-]?\d{1,6}\b(?:\s*(?:,|&|\band\b)\s*|\s+|:\s*|$))+)(.*)$`)
	looseID    = regexp.MustCompile(`(?i)\b([AT])\s?(\d)`)
	offeredURL = regexp.MustCompile(`\?\S*body=`)
)

// courtesies stand in front of a command and say nothing.
var courtesies = map[string]bool{"please": true, "pls": true, "plz": true, "kindly": true, "bitte": true}

// tidyLine takes out of a line what editors and mail programs add to it:
// characters that nobody sees, blanks of other widths, links behind words that
// are links already, and what people say out of politeness.
func tidyLine(line string) string {
	text := strings.Map(visible, line)
	text = strings.TrimPrefix(text, bullet.FindString(text))
	text = strings.TrimFunc(strings.Trim(strings.TrimSpace(text), "*_`\"“”„‟«»‘’'"), unicode.IsSpace)
	if strings.Contains(text, "://") || strings.Contains(text, "mailto:") {
		text = tidyLinks(text)
	}
	if first, others, ok := strings.Cut(text, " "); ok && courtesies[strings.ToLower(strings.Trim(first, ","))] {
		text = others
	}
	return hyphenated(text)
}

// visible drops characters without width and makes every blank a plain one.
func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r) || r == '\ufe0f':
		return -1
	case unicode.IsSpace(r):
		return ' '
	case r == '\u2212': // a minus sign, of spreadsheets and phones
		return '-'
	}
	return r
}

// tidyLinks leaves each link once, as its target. An id is never a link: where
// it became one, a tracker of the company took it for its own.
func tidyLinks(text string) string {
	text = marked.ReplaceAllString(text, "$1<$2>")
	text = linkedID.ReplaceAllString(text, "$1")
	text = doubled.ReplaceAllStringFunc(text, func(both string) string {
		match := doubled.FindStringSubmatch(both)
		switch said := match[1]; {
		case strings.Contains(said, "://") || strings.Contains(said, "@") || idWord.MatchString(said) || strings.HasPrefix(match[2], "tel:"):
			return said
		default:
			return said + " " + match[2]
		}
	})
	words := strings.Fields(text)
	for i, w := range words {
		if anchor.MatchString(w) {
			words[i], _ = cleanLink(strings.Trim(w, "<>"))
		}
	}
	return strings.Join(words, " ")
}

// hyphenated gives ids back the hyphen that they lose where they are dictated
// or typed on a phone, if a verb makes sure that they are ids: A4 is paper, too.
func hyphenated(text string) string {
	match := looseIDs.FindStringSubmatch(text)
	if match == nil {
		return text
	}
	lead, ids, rest := match[1], match[2], match[3]
	word, _, _ := strings.Cut(rest, " ")
	if lead != "" {
		word = strings.TrimSpace(lead)
		if strings.TrimSpace(rest) != "" {
			return text
		}
	}
	if v, ok := verbOf(word); (!ok || v.object == onNothing || v.name == "minutes") && !duration.MatchString(rest) && word != "is" && word != "as" {
		return text
	}
	return lead + looseID.ReplaceAllString(ids, "$1-$2") + rest
}

// bareOf drops what follows the rest of a command and carries nothing: thanks,
// and pictures. Where words are the point of a command they all stay.
func bareOf(v verb, rest string) string {
	if v.rest == restWords {
		return rest
	}
	rest = strings.TrimRightFunc(rest, func(r rune) bool { return unicode.IsSymbol(r) && r != '+' || unicode.IsSpace(r) })
	rest = strings.Trim(rest, "“”\"")
	if closes(rest) {
		return ""
	}
	if at := strings.LastIndexAny(strings.TrimRight(rest, " .!"), ",.;!–—"); at > 0 && closes(strings.TrimLeft(rest[at:], ",.;!–— ")) {
		return strings.TrimRight(rest[:at], " ,.;")
	}
	return rest
}

// offers says that a line is one of our ready answers, not one that was given: it
// has the mark of our text, or behind it, or on the next line, a link that
// writes a mail, as programs put it there when they turn our page into text.
func offers(line, next string) bool {
	return strings.HasPrefix(line, "->") || writesMail(line) || strings.HasPrefix(next, "<") && writesMail(next)
}

func writesMail(text string) bool {
	return strings.Contains(text, "body=") && offeredURL.MatchString(text)
}
