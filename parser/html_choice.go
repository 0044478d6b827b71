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

// signs are what every container of the table has in it, as it is written.
var signs = newSigns()

func newSigns() [][]byte {
	list := [][]byte{[]byte("<blockquote"), []byte("<BLOCKQUOTE")}
	for _, e := range readTable("containers") {
		for _, words := range e.words {
			words = strings.TrimPrefix(words, "style ")
			_, value, named := strings.Cut(strings.Trim(words, "[]"), "=")
			if !named {
				value = strings.TrimLeft(words, ".#")
			}
			longest := ""
			for _, piece := range strings.FieldsFunc(value, func(r rune) bool { return r == '…' || r == ' ' || r == ':' }) {
				if len(piece) > len(longest) {
					longest = piece
				}
			}
			list = append(list, []byte(longest))
		}
	}
	return list
}

// mayContain is a quick look whether HTML may have a container in it.
func mayContain(source []byte) bool {
	for _, sign := range signs {
		if bytes.Contains(source, sign) {
			return true
		}
	}
	return false
}
