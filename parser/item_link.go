package parser

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// maxItemLinks bounds the links of one mail.
const maxItemLinks = 100

// findLinks returns the links in the sender's own words and in what is
// forwarded, in order, each once, without what tracking services wrapped
// around them. Of an HTML text the links count whose words stand there.
func (m *Mail) findLinks() []string {
	texts := []string{m.Reply}
	for _, f := range m.Forwards {
		texts = append(texts, f.Body)
	}
	var list []string
	for _, l := range m.links {
		if isWebLink(l.url) && saidIn(texts, l) {
			list = m.addLink(list, l.url)
		}
	}
	for _, text := range texts {
		for _, found := range textLinks(text) {
			list = m.addLink(list, found)
		}
	}
	return list
}

func isWebLink(link string) bool {
	return strings.HasPrefix(link, "http://") || strings.HasPrefix(link, "https://")
}

// saidIn says whether a link of the HTML stands in one of the texts.
func saidIn(texts []string, l link) bool {
	said := l.text
	if said == "" {
		said = l.url
	}
	for _, text := range texts {
		if strings.Contains(text, said) {
			return true
		}
	}
	return false
}

func (m *Mail) addLink(list []string, found string) []string {
	if len(list) >= maxItemLinks || len(list) > 0 && list[len(list)-1] == found {
		return list
	}
	clean, wrapper := cleanLink(found)
	if wrapper != "" {
		m.problem("link-wrapper", wrapper+": "+clean)
	}
	if slices.Contains(list, clean) {
		return list
	}
	return append(list, clean)
}

// textLinks finds the links in a text. A link in angle brackets may be
// wrapped (RFC 3986 appendix C); any other ends at a blank, and marks behind
// it belong to the sentence.
func textLinks(text string) []string {
	var list []string
	for at := 0; len(list) < maxItemLinks; {
		start := nextLink(text, at)
		if start < 0 {
			break
		}
		link, end := cutLink(text, start)
		at = end
		if strings.HasPrefix(link, "www.") {
			link = "http://" + link
		}
		if len(link) > len("https://") {
			list = append(list, link)
		}
	}
	return list
}

// nextLink finds where the next link begins: http:, https: or www. at the
// beginning of a word.
func nextLink(text string, at int) int {
	for at < len(text) {
		mark := strings.Index(text[at:], "://")
		near := text[at:]
		if mark >= 0 {
			near = near[:mark]
		}
		www := strings.Index(near, "www.")
		if mark < 0 && www < 0 {
			return -1
		}
		if www >= 0 {
			if at += www; at == 0 || strings.IndexByte(" \t\n(<[\"'>*", text[at-1]) >= 0 {
				return at
			}
			at += len("www.")
			continue
		}
		at += mark
		for _, scheme := range []string{"https", "http"} {
			if strings.HasSuffix(lower(text[max(0, at-5):at]), scheme) {
				return at - len(scheme)
			}
		}
		at += len("://")
	}
	return -1
}

// maxLink is the longest link in bytes that browsers are sure to take.
const maxLink = 8192

func cutLink(text string, start int) (link string, end int) {
	rest := text[start:min(len(text), start+maxLink)]
	if start > 0 && text[start-1] == '<' {
		if end := strings.IndexByte(rest, '>'); end > 0 && strings.Count(rest[:end], "\n") <= 3 && !strings.Contains(rest[:end], "<") {
			return strings.Join(strings.Fields(rest[:end]), ""), start + end
		}
	}
	size := linkEnd(rest)
	if size < 0 {
		size = len(rest)
	}
	link = strings.TrimRight(rest[:size], ".,;:!?*_'’”»…")
	for _, pair := range []string{"()", "[]", "{}"} {
		for strings.HasSuffix(link, pair[1:]) && strings.Count(link, pair[1:]) > strings.Count(link, pair[:1]) {
			link = strings.TrimRight(link[:len(link)-1], ".,;:!?")
		}
	}
	return link, start + size
}

// linkEnd finds the first sign that no link holds.
func linkEnd(text string) int {
	for i := range len(text) {
		switch c := text[i]; {
		case c <= '|' && strings.IndexByte(" \t\n\r<>\"`|", c) >= 0:
			return i
		case c >= utf8.RuneSelf && (strings.HasPrefix(text[i:], "\u00a0") || strings.HasPrefix(text[i:], "\u200b")):
			return i
		}
	}
	return -1
}
