package parser

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// statusGroup is what a delivery report says of one recipient (RFC 3464
// section 2.3). A report may have one that only describes the whole mail.
type statusGroup struct {
	recipients []string // Final-, Original-, X-Actual-Recipient, the best first
	final      bool     // there was a Final-Recipient
	action     string   // failed, delayed, delivered, relayed, expanded or ""
	implied    bool     // the action is what the status implies
	status     string
	messageID  string
}

// deliveryReport finds reports in the form of RFC 3464. Where the mail calls
// itself one, its parts are believed; elsewhere (a delivery-status part in a
// mixed mail, its fields as plain text) the sender must look like a daemon,
// since people forward such parts with a question above them.
func (o *origin) deliveryReport() (Class, string) {
	declared := o.reportType() == "delivery-status" || o.root.mediaType == "message/delivery-status" || o.mail.Header.Get("From") == ""
	if !declared && !o.daemonLikely() {
		return "", ""
	}
	groups := o.text().groups
	if len(groups) == 0 {
		if o.reportType() == "delivery-status" {
			return BounceClass, "multipart/report of type delivery-status, without its fields"
		}
		return "", ""
	}
	for _, g := range groups {
		if g.action == "failed" || g.action == "delayed" {
			return BounceClass, "delivery status with Action: " + g.action + " (RFC 3464)"
		}
	}
	return Delivered, "delivery status with Action: " + groups[0].action + " (RFC 3464)"
}

// bounceInWords finds bounces that say so only to people. One sign is never
// enough: postmasters write letters too, and people quote bounces.
func (o *origin) bounceInWords() (Class, string) {
	if len(o.failed) > 0 {
		return BounceClass, "X-Failed-Recipients: " + strings.Join(o.failed, ", ")
	}
	switch o.sesNotice().kind {
	case "bounce":
		return BounceClass, "a bounce notice of Amazon SES"
	case "delivery":
		return Delivered, "a delivery notice of Amazon SES"
	}
	if s := wordingIn(o.subject, successPhrases); s != "" && (o.daemon() != "" || o.isNull) {
		return Delivered, "subject of a success report of " + s
	}
	return when(BounceClass, o.bounceSigns().verdict())
}

// bounceSigns is what speaks for a bounce that has no fields: who seems to
// write, and what is said. Empty strings are signs that are missing.
type bounceSigns struct {
	daemon  string // the author's name is one of a mail server
	machine string // the author's address takes no mail
	null    bool   // the null sender
	subject string // the program that begins its subjects so
	said    string // the program that uses such words
	names   bool   // somebody is named as recipient
	code    bool   // there is an SMTP reply
	returns bool   // the mail that failed is there
	answers bool   // it is a reply in a thread that names nobody as reports do: a postmaster may be a person
	bare    bool   // the author has no name, as gateways have none
}

// bounceSigns reads the text only where the header makes a bounce likely.
func (o *origin) bounceSigns() bounceSigns {
	s := bounceSigns{daemon: o.daemon(), machine: machineName(o.fromLocal()), null: o.isNull, subject: o.bounceSubject()}
	if s.daemon == "" && s.machine == "" && s.subject == "" && !s.null {
		return s
	}
	t := o.text()
	s.said, s.code, s.returns = t.failurePhrase(), t.hasReplyCode(), t.returned != ""
	s.names = s.said != "" && len(o.recipientsInWords()) > 0
	s.answers = len(o.mail.InReplyTo) > 0 && subjectKind(o.mail.Subject) == replySubject && !o.namesInReport()
	s.bare = o.hasNoName()
	return s
}

// hasNoName tells whether the author has no name, or only that of the address.
func (o *origin) hasNoName() bool {
	if o.mail.From == nil {
		return true
	}
	name := strings.ToLower(o.mail.From.Name)
	return name == "" || name == strings.ToLower(o.mail.From.Address) || name == o.fromLocal()
}

// verdict says in words why the signs make a bounce, or "".
func (s bounceSigns) verdict() string {
	trace := s.code || s.returns
	words := "with the words of " + first(s.subject, s.said)
	switch {
	case s.answers && !s.null && !s.returns:
		return ""
	case s.daemon != "" && (s.subject != "" || s.said != "" && (trace || s.null || s.names)):
		return "sent by " + s.daemon + ", " + words
	case s.null && (s.subject != "" || s.said != "" && trace):
		return "sent by nobody (Return-Path: <>), " + words
	case s.machine != "" && s.said != "" && s.returns:
		return "sent by " + s.machine + " with the mail that failed, " + words
	case s.subject != "" && s.said != "" && (s.returns || s.bare && (s.code || s.names)):
		return "subject of " + s.subject + ", with the words of " + s.said
	case (s.daemon != "" || s.null) && s.code && s.returns:
		return "sent by a mail server, with an SMTP reply and the mail that failed"
	case s.daemon != "" && !strings.HasPrefix(s.daemon, "post") && (trace || s.null):
		return "sent by " + s.daemon + ", with an SMTP reply or the mail that failed"
	}
	return ""
}

// daemonLikely tells from the header alone whether a report may follow.
func (o *origin) daemonLikely() bool {
	return o.isNull || len(o.failed) > 0 || o.daemon() != "" || o.bounceSubject() != ""
}

// daemon returns the name under which mail servers write that the author
// bears, or "".
func (o *origin) daemon() string {
	local := o.fromLocal()
	for _, p := range daemonAddresses {
		if local == p.words || p.words == exchangeSystem && strings.HasPrefix(local, p.words) {
			return p.words
		}
	}
	if o.mail.From == nil {
		return ""
	}
	display := squeeze(lower(o.mail.From.Name))
	for _, p := range daemonNames {
		if display == p.words {
			return p.words
		}
	}
	return ""
}

// exchangeSystem begins the address of Exchange's system mailbox; the rest of
// it is a number.
const exchangeSystem = "microsoftexchange"

// bounceSubject returns the program whose subjects begin so, or end so behind
// the subject of the mail that failed; or "". A tag that a list put in front is
// passed over; a reply or forward is not. Only people ask "undelivered mail?".
func (o *origin) bounceSubject() string {
	subject := withoutListTag(o.subject)
	for i := range bounceSubjects {
		if rest, ok := strings.CutPrefix(subject, bounceSubjects[i].words); ok && !strings.HasPrefix(rest, "?") {
			return bounceSubjects[i].by.String()
		}
	}
	for i := range bounceEndings {
		if strings.HasSuffix(subject, bounceEndings[i].words) {
			return bounceEndings[i].by.String()
		}
	}
	return ""
}

func withoutListTag(subject string) string {
	if strings.HasPrefix(subject, "[") {
		if _, rest, ok := strings.Cut(subject, "] "); ok {
			return rest
		}
	}
	return subject
}

// failure gathers what a report says of the mail that failed, the surest
// source first: the fields of RFC 3464, the header of Exim and Gmail, the
// words of the report, and last the recipients of the returned mail.
func (o *origin) failure() *Bounce {
	t := o.text()
	b := &Bounce{MessageID: o.failedMessageID()}
	o.readGroups(b)
	if ses := o.sesNotice(); len(ses.recipients) > 0 {
		b.Recipients, b.MessageID = ses.recipients, first(ses.messageID, b.MessageID)
	}
	if len(b.Recipients) == 0 {
		b.Recipients = o.failed
	}
	if len(b.Recipients) == 0 {
		b.Recipients = o.recipientsInWords()
	}
	if len(b.Recipients) == 0 {
		b.Recipients = t.originalRecipients()
	}
	b.Recipients = unique(b.Recipients)
	b.Aliases = slices.DeleteFunc(unique(b.Aliases), func(a string) bool { return slices.Contains(b.Recipients, a) })
	b.Status = first(b.Status, t.statusInWords())
	if b.Action == "" && o.mail.Class == BounceClass {
		b.Action = t.actionInWords(o.subject)
	}
	return b
}

// readGroups fills b from the recipients that failed; where none did, from
// those that are late, and else from all.
func (o *origin) readGroups(b *Bounce) {
	groups := o.text().groups
	for _, action := range []string{"failed", "delayed", "delivered", "relayed", "expanded"} {
		for _, g := range groups {
			if g.action != action {
				continue
			}
			b.Action = action
			b.Status = first(b.Status, g.status)
			if len(g.recipients) > 0 {
				b.Recipients = append(b.Recipients, g.recipients[0])
				b.Aliases = append(b.Aliases, g.recipients[1:]...)
			}
		}
		if b.Action != "" {
			return
		}
	}
}

// failedMessageID finds the id of the mail that failed: in the report's own
// fields, in the returned mail, and else in the thread headers, which Gmail
// and Exchange set on their reports.
func (o *origin) failedMessageID() string {
	for _, g := range o.text().groups {
		if g.messageID != "" {
			return g.messageID
		}
	}
	if id := o.text().originalID(); id != "" {
		return id
	}
	for _, id := range append(o.mail.InReplyTo, o.mail.References...) {
		return id
	}
	return ""
}

// readStatus reads the fields of a delivery-status body. It bears what
// servers get wrong: no blank line between groups, lines without a colon,
// fields that are quoted or indented, and MIME headers in between.
func readStatus(body string) []statusGroup {
	var groups []statusGroup
	var group statusGroup
	flush := func() {
		if g, ok := group.whole(); ok {
			groups = append(groups, g)
		}
		group = statusGroup{messageID: group.messageID}
	}
	for _, f := range statusFields(body) {
		if f.Name == "" || f.Name == "final-recipient" && group.final {
			flush()
		}
		group.add(f)
	}
	flush()
	return withCommonAction(groups)
}

// withCommonAction gives the action that stands beside the fields of the
// whole mail (Boxbe) to the recipients, whose groups name none.
func withCommonAction(groups []statusGroup) []statusGroup {
	if len(groups) < 2 || len(groups[0].recipients) > 0 {
		return groups
	}
	for i := range groups[1:] {
		if g := &groups[i+1]; g.implied {
			g.action = groups[0].action
		}
	}
	return groups[1:]
}

// whole tells whether the group speaks of a recipient, and gives it the
// action that its status implies where it names none.
func (g statusGroup) whole() (statusGroup, bool) {
	if g.action == "" && g.status == "" || len(g.recipients) == 0 && g.action == "" {
		return g, false
	}
	if g.action == "" {
		g.action, g.implied = actionOfStatus(g.status), true
	}
	return g, true
}

func (g *statusGroup) add(f Field) {
	switch f.Name {
	case "final-recipient", "original-recipient", "x-actual-recipient":
		g.final = g.final || f.Name == "final-recipient"
		if address := recipientAddress(f.Value); address != "" {
			g.recipients = append(g.recipients, address)
			if f.Name == "final-recipient" { // what was tried counts more than what was written
				g.recipients[0], g.recipients[len(g.recipients)-1] = address, g.recipients[0]
			}
		}
	case "action":
		g.action = actionWord(f.Value)
	case "status":
		g.status = first(statusIn(f.Value), g.status)
	case "diagnostic-code":
		g.status = better(g.status, statusIn(f.Value))
	case "original-message-id", "x-original-message-id":
		g.messageID = strings.Trim(f.Value, "<> ")
	}
}

// better prefers the status in the other server's words where the report's
// own is a mere 5.0.0 or 4.0.0.
func better(status, diagnostic string) string {
	if status == "" || strings.HasSuffix(status, ".0.0") && diagnostic != "" {
		return diagnostic
	}
	return status
}

// statusFields splits a body into fields with names in lower case. A blank
// line gives a field without name.
func statusFields(body string) []Field {
	var fields []Field
	for line := range strings.SplitSeq(body, "\n") {
		trimmed := strings.TrimSpace(line)
		name, value, ok := strings.Cut(trimmed, ":")
		switch {
		case trimmed == "":
			if len(fields) > 0 && fields[len(fields)-1].Name != "" {
				fields = append(fields, Field{})
			}
		case ok && isFieldName(name) && (statusFieldNames[strings.ToLower(name)] || line[0] != ' ' && line[0] != '\t'):
			fields = append(fields, Field{strings.ToLower(name), strings.TrimSpace(value)})
		case len(fields) > 0 && fields[len(fields)-1].Name != "":
			fields[len(fields)-1].Value += " " + trimmed
		}
	}
	return fields
}

func isFieldName(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return s != ""
}

// statusFieldNames are read even where a server indents them, as Exchange
// and Lotus gateways do when they write them into their text.
var statusFieldNames = map[string]bool{
	"final-recipient": true, "original-recipient": true, "x-actual-recipient": true,
	"action": true, "status": true, "diagnostic-code": true, "reporting-mta": true,
}

// recipientAddress takes the address out of "rfc822; <A@b.example>". Of other
// address types (X.400, LDAP, a program that was piped to) only what looks
// like a mail address is of use.
func recipientAddress(value string) string {
	kind, address, ok := strings.Cut(value, ";")
	switch {
	case !ok:
		address = value
	case strings.EqualFold(strings.TrimSpace(kind), "utf-8"):
		address = unescapeUTF8(address)
	}
	found := addressesIn(address)
	if len(found) == 0 {
		return ""
	}
	return found[len(found)-1] // "|procmail #jo@host", "(expanded from …) jo@host"
}

// escapedRune is a character that a server which may only write ASCII writes
// as its number (RFC 6533 section 3, utf-8-addr-xtext and -unitext).
var escapedRune = regexp.MustCompile(`\\x\{([0-9A-Fa-f]{1,6})\}`)

func unescapeUTF8(address string) string {
	return escapedRune.ReplaceAllStringFunc(address, func(s string) string {
		n, _ := strconv.ParseUint(s[len(`\x{`):len(s)-1], 16, 32) // the pattern lets only hexadecimal digits through
		return string(rune(n))
	})
}

// actionWord reads Action, which some servers decorate: "failed (bad user)".
func actionWord(value string) string {
	value = strings.ToLower(strings.TrimSpace(value))
	for _, a := range [...]struct{ prefix, action string }{
		{"fail", "failed"}, {"delay", "delayed"}, {"deliver", "delivered"}, {"relay", "relayed"}, {"expand", "expanded"},
	} {
		if strings.HasPrefix(value, a.prefix) {
			return a.action
		}
	}
	return ""
}

// actionOfStatus tells what a status means by its class (RFC 3463 section 2).
func actionOfStatus(status string) string {
	switch status[0] {
	case '2':
		return "delivered"
	case '4':
		return "delayed"
	default:
		return "failed"
	}
}

func unique(addresses []string) []string {
	seen := map[string]bool{}
	kept := []string{}
	for _, a := range addresses {
		if !seen[a] {
			seen[a] = true
			kept = append(kept, a)
		}
	}
	return kept
}
