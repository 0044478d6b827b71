package parser

import (
	"bytes"
	"fmt"
	"strings"
)

// Parse reads the bytes of one mail. It never fails: what was odd stands in
// Problems, and a mail over a limit has Limit set. Of such a mail the header,
// the beginning of the text and the names of files are told as far as they
// were reached, so that whoever looks into it knows it again; no question is
// put to it.
func Parse(raw []byte, o Options) (m Mail) {
	// A fault of ours must not stop the mails behind this one: the mail is
	// quarantined with its bytes, and the fault named.
	defer func() {
		if fault := recover(); fault != nil {
			m.Limit = &Limit{Name: "internal"}
			m.problem("internal", fmt.Sprint(fault))
		}
	}()
	m.Reasons = map[string]string{}
	root := read(raw, &m)
	if m.Limit != nil {
		glance(root, &m)
		return m
	}
	ask(root, &m, o)
	return m
}

// read finds the parts of a mail and reads its header. Over a limit it
// returns with that much.
func read(raw []byte, m *Mail) *part {
	s := scanner{notes: (*notes)(&m.Problems)}
	s.over("size", len(raw), maxBytes)
	if s.limit != nil {
		raw = raw[:maxHeaderBytes]
	}
	raw = trimStart(raw, s.notes)
	root := s.scan(raw, nil)
	s.checkHeader(root.header)
	readHeaderFields(root.header, m)
	m.Limit = s.limit
	return root
}

// maxGlance is how much of the text of a mail over a limit is told: enough to
// know it again.
const maxGlance = 2048

// glance reads what was reached of a mail over a limit.
func glance(root *part, m *Mail) {
	b := readBody(root)
	b.texts = b.texts[:min(len(b.texts), 1)]
	for _, p := range b.texts {
		p.body = p.body[:min(len(p.body), 16*maxGlance)]
	}
	b.readText(m)
	m.Text = strings.ToValidUTF8(m.Text[:min(len(m.Text), maxGlance)], "")
	b.readAttachments(m)
	for i := range m.Attachments {
		m.Attachments[i].Data = nil
	}
}

// trimStart drops what stands before the header, and gives a mail of an old
// Macintosh, whose lines end in CR alone, lines.
func trimStart(raw []byte, n *notes) []byte {
	if bytes.HasPrefix(raw, []byte("\xef\xbb\xbf")) {
		n.add("bom", "")
		raw = raw[3:]
	}
	if isMacintosh(raw) {
		n.add("cr-only", "")
		raw = bytes.ReplaceAll(bytes.ReplaceAll(raw, []byte("\r\n"), []byte("\n")), []byte("\r"), []byte("\n"))
	}
	if start := blankLines(raw); start > 0 {
		n.add("leading-blank", "")
		raw = raw[start:]
	}
	return raw
}

// isMacintosh says whether lines end in CR alone, but for the few that a
// server has put in front.
func isMacintosh(raw []byte) bool {
	const enough, few = 4096, 10
	start := raw[:min(len(raw), enough)]
	pairs := bytes.Count(start, []byte("\r\n"))
	bare := bytes.Count(start, []byte("\r")) - pairs
	ends := bytes.Count(start, []byte("\n"))
	return bare > 0 && ends == 0 && bytes.IndexByte(raw, '\n') < 0 || bare > few*ends
}

// blankLines returns how many bytes of blank lines b begins with.
func blankLines(b []byte) int {
	at := 0
	for at < len(b) {
		line, next := cutLine(b, at)
		if len(bytes.Trim(line, " \t\r")) > 0 {
			break
		}
		at = next
	}
	return at
}

// readHeaderFields fills what the header alone says.
func readHeaderFields(h Header, m *Mail) {
	n := (*notes)(&m.Problems)
	m.Header = h
	m.MessageID = messageID(h.Get("Message-ID"), n)
	m.InReplyTo = messageIDs(h.Get("In-Reply-To"))
	m.References = messageIDs(h.Get("References"))
	m.Subject = h.Text("Subject")
	m.Date = readDate(h.Get("Date"), n)
	readPeople(h, m, n)
	for _, name := range []string{"Delivered-To", "X-Original-To", "Envelope-To"} {
		for _, a := range h.addresses(name, n) {
			m.Delivered = append(m.Delivered, a.Address)
		}
	}
}

func readPeople(h Header, m *Mail, n *notes) {
	from := h.addresses("From", n)
	m.Froms = len(from)
	if len(from) > 0 {
		m.From = &from[0]
	}
	if len(from) > 1 {
		n.add("from-several", fmt.Sprintf("%d mailboxes", len(from)))
	}
	if sender := h.addresses("Sender", n); len(sender) > 0 {
		m.Sender = &sender[0]
	}
	m.To = h.addresses("To", n)
	m.Cc = h.addresses("Cc", n)
	m.ReplyTo = h.addresses("Reply-To", n)
}

// ask puts the questions to a mail, in the order in which an answer makes
// the later ones idle.
func ask(root *part, m *Mail, o Options) {
	b := readBody(root)
	html := b.readText(m)
	b.readAttachments(m)
	readCalendar(m)
	classify(root, m)
	words := newProse(m.Text)
	words.whole = html != ""
	readForwards(root, m, words)
	readReply(m, words)
	if shown := b.betterHTML(m, words); shown != "" {
		html = shown
	}
	readItem(m, o)
	readMinutes(m, html, o)
	readCommands(m)
	m.Kind, m.Reasons["kind"] = kind(m)
}

// kind decides what a mail asks for.
func kind(m *Mail) (Kind, string) {
	switch {
	case m.Bounce != nil || reports[m.Class]:
		return Report, "it reports on a mail that was sent"
	case m.Automatic:
		return Nothing, "a program wrote it"
	case m.Minutes != nil:
		return MinutesKind, m.Reasons["minutes"]
	case len(m.Commands) > 0 || len(m.Ticked) > 0:
		return CommandKind, "its own words hold commands"
	case len(m.Tags) > 0:
		return ItemKind, "it has a tag"
	case len(m.InReplyTo) > 0 || len(m.References) > 0:
		return FollowUp, "it answers a mail"
	}
	return Untagged, "it has no tag, no command and answers nothing"
}

// reports are the classes that tell what became of a mail.
var reports = map[Class]bool{BounceClass: true, Delivered: true, FeedbackReport: true, MDN: true}
