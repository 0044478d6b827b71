package parser

import (
	"regexp"
	"strings"
)

// maxReportText bounds how much of a report is searched. The longest honest
// ones (Exchange in two languages with all headers) stay below a third of it.
const maxReportText = 64 << 10

// reportText is the readable part of a report, cut where the mail that
// failed begins.
type reportText struct {
	said     string        // what the reporter says
	plain    string        // said, lower case, blanks squeezed
	returned string        // the mail that came back, as far as it is text
	groups   []statusGroup // the recipients, where the report has fields
}

// text reads the report once.
func (o *origin) text() *reportText {
	if o.report == nil {
		o.report = readReport(o.root)
	}
	return o.report
}

// readReport reads the reporter's own parts. Where those say nothing of a
// recipient, a report may have been packed into another (Mirapoint, mail
// filters, list servers): then its fields are looked for in what came back.
func readReport(root *part) *reportText {
	t := &reportText{}
	root.walk(func(p *part) bool {
		t.add(p)
		return p.message == nil
	})
	t.said, t.returned = limit(t.said), limit(t.returned)
	t.plain = squeeze(lower(t.said))
	if len(t.groups) == 0 && strings.Contains(t.plain, "-recipient:") { // a broken boundary leaves the fields in the text
		t.groups = namedGroups(readStatus(t.said))
	}
	if len(t.groups) == 0 {
		root.walk(func(p *part) bool {
			t.addStatus(p)
			return true
		})
	}
	if len(t.groups) == 0 && strings.Contains(t.returned, "Final-Recipient:") {
		t.groups = namedGroups(readStatus(t.returned))
	}
	return t
}

func (t *reportText) add(p *part) {
	if p.parent != nil && p.header.Has("Message-ID") { // a mail without a message/rfc822 part around it
		t.returned += fieldLines(p.header)
	}
	switch {
	case len(t.said)+len(t.returned) > 2*maxReportText: // enough was read
	case p.mediaType == "text/rfc822-headers" || p.mediaType == "message/global-headers" || p.message != nil:
		t.returned += headerText(p)
	case isReportText(p):
		said, returned := cutReturned(limit(readable(p)))
		t.said += said + "\n"
		t.returned += returned
	default:
		t.addStatus(p)
	}
}

// addStatus reads the fields of a delivery-status part. Behind a broken
// boundary it holds the mail that failed as well.
func (t *reportText) addStatus(p *part) {
	if p.mediaType != "message/delivery-status" && p.mediaType != "message/global-delivery-status" {
		return
	}
	text := statusText(p)
	t.groups = append(t.groups, readStatus(text)...)
	if returnedID.MatchString(text) {
		t.returned += text
	}
}

// namedGroups keeps the groups that name a recipient: in free text a line
// "Status: …" alone proves nothing.
func namedGroups(groups []statusGroup) []statusGroup {
	var kept []statusGroup
	for _, g := range groups {
		if len(g.recipients) > 0 {
			kept = append(kept, g)
		}
	}
	return kept
}

// statusText gives the fields of a delivery-status part. Readers that take it
// for a container of headers leave them in the header or in parts below.
func statusText(p *part) string {
	var b strings.Builder
	p.walk(func(q *part) bool {
		if q != p {
			b.WriteString("\n" + fieldLines(q.header) + "\n")
		}
		b.WriteString(plainLines(beginning(q.body)))
		return true
	})
	return b.String()
}

// headerText gives the header of the mail that failed. Where a blank line
// stands before it, it is the body.
func headerText(p *part) string {
	switch {
	case p.message != nil && len(p.message.header) > 0:
		return fieldLines(p.message.header)
	case p.message != nil:
		return limit(p.message.text())
	}
	return plainLines(beginning(p.body))
}

func fieldLines(h Header) string {
	var b strings.Builder
	for _, f := range h {
		b.WriteString(f.Name + ": " + f.Value + "\n")
	}
	return b.String()
}

// isReportText picks the texts that a reporter wrote: a text part, and HTML
// only where no plain text says the same beside it.
func isReportText(p *part) bool {
	switch p.mediaType {
	case "text/plain":
		return true
	case "text/html":
		return p.parent == nil || !hasPlainChild(p.parent)
	}
	return false
}

func hasPlainChild(p *part) bool {
	for _, child := range p.parts {
		if child.mediaType == "text/plain" {
			return true
		}
	}
	return false
}

// readable gives the text of a part; of HTML as much as it shows.
func readable(p *part) string {
	if p.mediaType == "text/html" {
		return renderHTML(limit(p.text())).text
	}
	return p.text()
}

// beginning returns as much of a body as is searched.
func beginning(body []byte) string { return string(body[:min(len(body), maxReportText)]) }

func limit(s string) string {
	if len(s) > maxReportText {
		return s[:maxReportText]
	}
	return s
}

// cutReturned divides a report where the mail that failed begins: at the
// line with which a program announces it, or at its first trace field.
func cutReturned(text string) (said, returned string) {
	at := 0
	for line := range strings.Lines(text) {
		if at > 0 && beginsReturned(line) {
			return text[:at], text[at:]
		}
		at += len(line)
	}
	return text, ""
}

func beginsReturned(line string) bool {
	if line == "\n" {
		return false
	}
	for _, field := range traceFields {
		if strings.HasPrefix(line, field) {
			return true
		}
	}
	return wordingAt(squeeze(lower(strings.Trim(line, " \t\r\n-=*_:.>"))), returnedMarks) != ""
}

// failurePhrase returns the program whose words for a failure stand in the
// report, or "".
func (t *reportText) failurePhrase() string { return wordingIn(t.plain, failurePhrases) }

// replyCode finds an SMTP reply that refuses, with or without the enhanced
// code of RFC 3463: "550 5.1.1", "said: 452", "(#5.7.1)".
var replyCode = regexp.MustCompile(`(?:^|[^\d.])(?:[45]\d\d[ -](?:#?[45]\.\d+\.\d+)?|#?[45]\.\d\.\d{1,3}(?:[^\d.]|$))`)

func (t *reportText) hasReplyCode() bool { return replyCode.MatchString(t.said) }

// enhancedStatus finds a code of RFC 3463, but no part of an IP address or a
// version number.
var enhancedStatus = regexp.MustCompile(`(?:^|[^\d.])([245]\.\d\.\d{1,3})(?:[^\d.]|\.\D|\.?$)`)

func statusIn(s string) string {
	if found := enhancedStatus.FindStringSubmatch(s); found != nil {
		return found[1]
	}
	return ""
}

func (t *reportText) statusInWords() string { return statusIn(t.said) }

// actionInWords tells a warning, after which the server goes on trying, from
// a failure.
func (t *reportText) actionInWords(subject string) string {
	if wordingIn(subject, delayPhrases) != "" || wordingIn(t.plain, delayPhrases) != "" {
		return "delayed"
	}
	return "failed"
}

// returnedID is the Message-ID field of the returned mail, also where it is
// indented or quoted (fml, hostcenter), or its value stands on the next line.
var returnedID = regexp.MustCompile(`(?im)^[ \t>]*message-id:\s*<([^<>\s]+)>`)

func (t *reportText) originalID() string {
	if found := returnedID.FindStringSubmatch(t.returned); found != nil {
		return found[1]
	}
	return ""
}

// returnedTo is the To field of the returned mail.
var returnedTo = regexp.MustCompile(`(?im)^[ \t>]*(?:x-failed-recipients|x-original-to|to):(.*(?:\n[ \t]+.*)*)`)

// originalRecipients names whom the returned mail was for. It is the last
// resort, and no guess where the mail went to several.
func (t *reportText) originalRecipients() []string {
	found := returnedTo.FindStringSubmatch(t.returned)
	if found == nil {
		found = returnedTo.FindStringSubmatch(t.said)
	}
	if found == nil {
		return nil
	}
	if to := unique(addressesIn(found[1])); len(to) == 1 {
		return to
	}
	return nil
}

var mailAddress = regexp.MustCompile(address)

// addressesIn returns the mail addresses of s in lower case.
func addressesIn(s string) []string {
	found := mailAddress.FindAllString(s, -1)
	for i := range found {
		found[i] = strings.ToLower(found[i])
	}
	return found
}

// recipientsInWords finds the failed recipients in the words of a report.
// The shapes are tried from the surest to the vaguest and the first that
// names somebody decides, so that an address in an explanation further down
// does not count beside one that stands on a line of its own.
func (o *origin) recipientsInWords() []string {
	said := o.text().said
	for _, s := range recipientShapes {
		var found []string
		for _, match := range s.shape.FindAllStringSubmatch(said, -1) {
			for _, address := range addressesIn(strings.Join(match[1:], " ")) {
				if !o.isParty(address) {
					found = append(found, address)
				}
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

// namesInReport tells whether a recipient stands where only reports write one:
// on a line of its own, or in an SMTP dialogue.
func (o *origin) namesInReport() bool {
	for _, s := range recipientShapes {
		if s.sure && s.shape.MatchString(o.text().said) {
			return true
		}
	}
	return false
}

// isParty tells whether an address is the reporter's or that of the sender
// who gets the report: reports name both, and neither failed.
func (o *origin) isParty(address string) bool {
	if o.mail.From != nil && strings.EqualFold(o.mail.From.Address, address) {
		return true
	}
	for _, to := range o.mail.To {
		if strings.EqualFold(to.Address, address) {
			return true
		}
	}
	return false
}
