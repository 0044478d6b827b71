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

func readReport(root *part) *reportText {
	t := &reportText{}
	var said, returned strings.Builder
	var fields []string
	walkReport(root, func(p *part) {
		switch {
		case p.mediaType == "message/delivery-status" || p.mediaType == "message/global-delivery-status":
			fields = append(fields, statusText(p))
		case p.mediaType == "text/rfc822-headers" || p.mediaType == "message/global-headers" || p.message != nil:
			returned.WriteString(headerText(p))
		case isReportText(p):
			before, after := cutReturned(limit(readable(p)))
			if said.Len() < maxReportText {
				said.WriteString(before + "\n")
			}
			returned.WriteString(after)
		}
	})
	t.said, t.returned = said.String(), limit(returned.String())
	t.plain = squeeze(strings.ToLower(t.said))
	for _, f := range fields {
		t.groups = append(t.groups, readStatus(f)...)
	}
	if len(t.groups) == 0 { // a broken boundary leaves the fields in the text
		t.groups = namedGroups(readStatus(t.said))
	}
	return t
}

// walkReport visits the reporter's own parts. A report whose parts lie all
// inside one carried mail (Mirapoint wraps its report so) is read from there.
func walkReport(root *part, visit func(*part)) {
	root.walk(func(p *part) bool {
		visit(p)
		return p.message == nil || p.message.mediaType == "multipart/report" && p.mediaType == "message/rfc822"
	})
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
		b.Write(q.body)
		return true
	})
	return b.String()
}

func headerText(p *part) string {
	if p.message != nil {
		return fieldLines(p.message.header)
	}
	return string(p.body)
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

// readable gives the text of a part; of HTML its words, blocks on lines of
// their own, which is all that is needed to find addresses and phrases.
func readable(p *part) string {
	if p.mediaType != "text/html" {
		return p.text()
	}
	text := htmlInvisible.ReplaceAllString(limit(p.text()), " ")
	text = htmlBlock.ReplaceAllString(text, "\n")
	text = htmlTag.ReplaceAllString(text, " ")
	return htmlEntities.Replace(text)
}

var (
	htmlInvisible = regexp.MustCompile(`(?is)<(?:style|script|head)\b.*?</(?:style|script|head)>`)
	htmlBlock     = regexp.MustCompile(`(?i)</?(?:p|br|div|td|tr|li|h[1-6]|pre)\b[^>]*>`)
	htmlTag       = regexp.MustCompile(`<[a-zA-Z/!][^>@]*>`)
	htmlEntities  = strings.NewReplacer("&lt;", "<", "&gt;", ">", "&quot;", `"`, "&#39;", "'", "&nbsp;", " ", "&#64;", "@", "&amp;", "&")
)

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
	line = squeeze(strings.ToLower(strings.Trim(line, " \t\r\n-=*_:.>")))
	for _, s := range returnedMarks {
		if strings.HasPrefix(line, s.phrase) {
			return true
		}
	}
	return false
}

// failurePhrase returns the program whose words for a failure stand in the
// report, or "".
func (t *reportText) failurePhrase() string {
	for _, s := range failurePhrases {
		if strings.Contains(t.plain, s.phrase) {
			return s.program
		}
	}
	return ""
}

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
	for _, s := range delayPhrases {
		if strings.Contains(subject, s.phrase) || strings.Contains(t.plain, s.phrase) {
			return "delayed"
		}
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

// mailAddress is an address as reports print it. Quotes and brackets are
// left out, so that "<a@b.example>:" and "'a@b.example'" give the same.
var mailAddress = regexp.MustCompile(`[^\s<>"'(),:;@\[\]|*]+@[\pL\pN-]+(?:\.[\pL\pN-]+)+`)

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
