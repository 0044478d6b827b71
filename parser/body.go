package parser

import (
	"path"
	"strings"
)

// body is the text of a mail: the parts that a reader sees one below the
// other, and what else there is.
type body struct {
	texts []*part
	rest  []*part // everything that is no text of the mail: its attachments
	html  *part   // the HTML that says the same as the text, nil without one
}

// readBody sorts the parts of a mail into its text and its attachments. A
// mail of nothing but named texts is read from those.
func readBody(root *part) body {
	var b body
	b.add(root)
	for _, p := range b.rest {
		if len(b.texts) > 0 && b.texts[0].filename == "" {
			break
		}
		if isBodyType(p.mediaType) && p.disposition == "" {
			b.texts = append(b.texts, p)
		}
	}
	return b
}

func (b *body) add(p *part) {
	switch {
	case p.mediaType == "multipart/alternative":
		b.addBest(p)
	case p.mediaType == "multipart/related":
		b.addRelated(p)
	case p.isMultipart():
		for _, child := range p.parts {
			b.add(child)
		}
	default:
		if p.isBody() {
			b.texts = append(b.texts, p)
		}
		if !p.isBody() || p.filename != "" {
			b.rest = append(b.rest, p)
		}
	}
}

// addBest takes of a multipart/alternative the plain text, where it says
// anything, or else the first alternative that has text. Two plain texts
// cannot be alternatives: a program misnamed them, and both are taken.
// Alternatives that are no text (an invitation, a video) count as attachments.
func (b *body) addBest(p *part) {
	var best body
	rank := 0
	for _, child := range p.parts {
		var one body
		one.add(child)
		best.rest = append(best.rest, one.rest...)
		if only := one.onlyHTML(); only != nil {
			b.html = only
			if rank == rankPlain {
				continue // it need not be decoded
			}
		}
		switch r := one.rank(); {
		case r > rank:
			best.texts, rank = one.texts, r
		case r == rank && r == rankPlain:
			best.texts = append(best.texts, one.texts...)
		}
	}
	b.texts = append(b.texts, best.texts...)
	b.rest = append(b.rest, best.rest...)
}

// onlyHTML returns the text of a body where that is one HTML part, or nil.
func (b *body) onlyHTML() *part {
	if len(b.texts) == 1 && b.texts[0].mediaType == "text/html" {
		return b.texts[0]
	}
	return nil
}

// The ranks of alternatives; one without words has none.
const (
	rankOther = 1 + iota
	rankHTML
	rankPlain
)

func (b *body) rank() int {
	best := 0
	for _, p := range b.texts {
		switch {
		case strings.TrimSpace(p.text()) == "":
		case p.mediaType == "text/plain":
			best = rankPlain
		case p.mediaType == "text/html":
			best = max(best, rankHTML)
		default:
			best = max(best, rankOther)
		}
	}
	return best
}

// addRelated takes the root of a multipart/related (RFC 2387 section 3.2)
// for text; everything else in it that has a name to be asked for by belongs
// to that, like pictures. A text without one would never be seen.
func (b *body) addRelated(p *part) {
	root := relatedRoot(p)
	for _, child := range p.parts {
		if child == root || child.isMultipart() || child.isBody() && !child.isReferred() {
			b.add(child)
		} else {
			b.rest = append(b.rest, child)
		}
	}
}

// isReferred says whether another part may show this one in its place: by an
// id or an address (RFC 2392, RFC 2557).
func (p *part) isReferred() bool {
	return p.filename != "" || p.header.Has("Content-ID") || p.header.Has("Content-Location")
}

func relatedRoot(p *part) *part {
	if start := p.params["start"]; start != "" {
		for _, child := range p.parts {
			if child.header.Get("Content-ID") == start {
				return child
			}
		}
	}
	for _, child := range p.parts {
		if child.isBody() || child.isMultipart() {
			return child
		}
	}
	return nil
}

// isBody says whether a leaf is shown as text of its mail. Apple Mail sends
// texts between pictures as parts of their own. A name makes a part a file,
// except where it asks to be shown (RFC 2183 section 2.1).
func (p *part) isBody() bool {
	if !p.isText() || p.disposition == "attachment" || fileTypes[p.mediaType] {
		return false
	}
	return p.filename == "" || p.disposition == "inline" && isBodyType(p.mediaType)
}

func isBodyType(mediaType string) bool {
	return mediaType == "text/plain" || mediaType == "text/html"
}

// fileTypes are kinds of text that nobody reads as the text of a mail.
var fileTypes = map[string]bool{
	"text/calendar": true, "text/csv": true, "text/directory": true, "text/vcard": true, "text/x-vcard": true,
	"text/css": true, "text/rfc822-headers": true, "text/x-amp-html": true, "text/watch-html": true,
}

// readText sets Text. It returns the HTML that it was rendered from, or "".
// The text of a winmail.dat counts where there is no other.
func (b *body) readText(m *Mail) (html string) {
	html = b.readParts(m)
	if strings.TrimSpace(m.Text) != "" {
		return html
	}
	for _, p := range b.rest {
		t := p.tnef()
		if t == nil {
			continue
		}
		text, isHTML := t.body()
		if text = plainLines(text); isHTML {
			html, text = text, m.renderHTML(text)
		}
		m.Text = text
		m.Reasons["text"] = strings.TrimPrefix(m.Reasons["text"]+", from winmail.dat", ", ")
		break // Outlook writes one; to unpack many costs too much
	}
	return html
}

func (b *body) readParts(m *Mail) (html string) {
	if len(b.texts) == 1 && b.texts[0].mediaType != "text/html" {
		m.Text = b.texts[0].text()
		return ""
	}
	var texts, sources []string
	for _, p := range b.texts {
		text := p.text()
		if p.mediaType == "text/html" {
			sources = append(sources, text)
			text = m.renderHTML(text)
		}
		if strings.TrimSpace(text) != "" {
			texts = append(texts, text)
		}
	}
	m.Text = strings.Join(texts, "\n")
	return strings.Join(sources, "\n")
}

// renderHTML renders and notes what rendering left out.
func (m *Mail) renderHTML(source string) string {
	page := renderHTML(source)
	m.links = append(m.links, page.links...)
	if page.container != nil {
		m.Reasons["text"] = "in HTML, quoted as " + page.container.clients + " quote"
	}
	if page.hidden != "" {
		m.problem("hidden-text", quoteLine([]byte(page.hidden)))
	}
	return page.text
}

// maxKept bounds the text of an attachment that is handed on.
const maxKept = 1 << 20

// readAttachments sets Attachments.
func (b *body) readAttachments(m *Mail) {
	for _, p := range b.rest {
		a := Attachment{Name: p.filename, Type: p.mediaType, Size: p.size}
		if a.Name == "" && p.message != nil {
			a.Name = p.message.header.Text("Subject")
		}
		if p.isKept() {
			a.Data = []byte(p.text())
		}
		m.Attachments = append(m.Attachments, a)
		if p.isTNEF() {
			m.problem("tnef", a.Name)
			m.addFiles(p.tnef())
		}
	}
}

// maxFiles is how many files are told of, those inside of others among them.
const maxFiles = 2 * maxParts

// addFiles adds the files inside a winmail.dat behind it.
func (m *Mail) addFiles(t *tnef) {
	if t == nil {
		return
	}
	for _, f := range t.files {
		if len(m.Attachments) >= maxFiles {
			return
		}
		// It is read as the same file would be, were it attached by itself.
		p := part{mediaType: first(f.kind, "application/octet-stream"), filename: f.name, body: f.data, notes: (*notes)(&m.Problems)}
		a := Attachment{Name: strings.ToValidUTF8(f.name, "\ufffd"), Type: p.mediaType, Size: len(f.data)}
		if p.isKept() {
			a.Data = []byte(p.text())
		}
		m.Attachments = append(m.Attachments, a)
	}
}

// isKept says whether the text of a file is handed on: minutes and calendars
// come as such.
func (p *part) isKept() bool {
	if len(p.body) == 0 || len(p.body) > maxKept {
		return false
	}
	return p.isText() || p.mediaType == "application/ics" || readNames[strings.ToLower(path.Ext(p.filename))]
}
