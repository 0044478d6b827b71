package parser

import (
	"bytes"
	"slices"
	"strings"
)

// betterHTML reads the answer from the HTML beside a plain text where only the
// HTML shows what is quoted, and returns that HTML, or "". Plain text is
// believed as a rule: it is what its sender's program made for programs. But
// some programs write an original into it without quote marks, below a line
// in their user's language; then the containers of the HTML tell where the
// original begins, and where it ends.
func (b *body) betterHTML(m *Mail, plain *prose) string {
	if b.html == nil || len(b.texts) != 1 || b.texts[0].mediaType != "text/plain" || m.Automatic || len(m.Forwards) > 0 ||
		!plain.lacksQuotes(m) || !mayContain(b.html.body) {
		return ""
	}
	source := b.html.text()
	page := renderHTML(source)
	words := newProse(page.text)
	words.whole = true
	own, quoted, how := trimReply(words)
	if quoted == "" || !saysMore(own, words, m, plain) {
		return ""
	}
	m.Text, m.Reply, m.Quoted = page.text, own, quoted
	m.links = append(m.links, page.links...)
	m.Reasons["text"] = "its HTML shows what is quoted"
	if page.container != nil {
		m.Reasons["text"] += ", as " + page.container.clients + " write it"
	}
	if how != "" {
		m.Reasons["reply"] = how
	}
	return source
}

// lacksQuotes says whether quote marks are missing in an answer: there are
// none at all, or they do not stand in front of what a mark announces.
func (p *prose) lacksQuotes(m *Mail) bool {
	for _, mark := range p.findMarks() {
		if mark.open {
			return true
		}
	}
	return m.Quoted == "" && (len(m.InReplyTo) > 0 || len(m.References) > 0 || subjectKind(m.Subject) == replySubject)
}

// saysMore says whether own, read in the HTML, is to be preferred. All of it
// must stand in the plain text. Then it may set apart what the plain text did
// not, or keep an answer below the original, which the plain text cannot.
func saysMore(own string, page *prose, m *Mail, plain *prose) bool {
	words, seen := strings.Fields(own), strings.Fields(m.Reply)
	if len(words) == 0 || !standsIn(words, strings.Fields(plain.text)) {
		return false
	}
	if m.Quoted == "" || len(words) < len(seen) && standsIn(words, seen) {
		return len(words) < len(seen)
	}
	return page.answersBelow() && !slices.Equal(words, seen)
}

// answersBelow says whether own words stand somewhere below a quotation.
func (p *prose) answersBelow() bool {
	quoted := false
	for i := range p.lines {
		if p.depth(i) == 0 && quoted && !p.blank(i) {
			return true
		}
		quoted = quoted || p.depth(i) > 0
	}
	return false
}

// standsIn says whether words follow each other in all, others between them.
func standsIn(words, all []string) bool {
	for _, word := range words {
		at := slices.Index(all, word)
		if at < 0 {
			return false
		}
		all = all[at+1:]
	}
	return true
}

// mayContain is a quick look whether HTML may have a quotation in it: at its
// blockquotes, and at what stands behind each "=".
func mayContain(source []byte) bool {
	if bytes.Contains(source, []byte("<blockquote")) || bytes.Contains(source, []byte("<BLOCKQUOTE")) {
		return true
	}
	for at := bytes.IndexByte(source, '='); at >= 0; {
		if name := attributeName(source[:at]); tells(name) && isContainer(name, attributeValue(source[at+1:])) {
			return true
		}
		next := bytes.IndexByte(source[at+1:], '=')
		if next < 0 {
			break
		}
		at += 1 + next
	}
	return false
}

// tells says whether containers are known by attributes of that name.
func tells(name []byte) bool {
	switch string(name) {
	case "class", "id", "style":
		return true
	}
	return containers.names[string(name)]
}

// attributeName returns the letters at the end of b.
func attributeName(b []byte) []byte {
	const longest = 16
	start := len(b)
	for start > 0 && len(b)-start < longest && (isAlpha(b[start-1]) || b[start-1] == '-') {
		start--
	}
	return b[start:]
}

// attributeValue returns what stands at the beginning of b, in quotes or not.
func attributeValue(b []byte) []byte {
	const longest = 500
	b = b[:min(len(b), longest)]
	ends := " >"
	if len(b) > 0 && (b[0] == '"' || b[0] == '\'') {
		b, ends = b[1:], string(b[0])
	}
	if end := bytes.IndexAny(b, ends); end >= 0 {
		return b[:end]
	}
	return b
}

func isContainer(name, value []byte) bool {
	switch string(name) {
	case "class":
		var a attributes
		a.readClasses(value, nil)
		return a.container != nil
	case "id":
		return containers.find("#", value) != nil
	case "style":
		return bytes.Contains(value, []byte("border-top")) || bytes.Contains(value, []byte("BORDER-TOP"))
	}
	return containers.find(string(name)+"=", value) != nil
}
