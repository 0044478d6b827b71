package digest

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/mail"
	"regexp"
	"slices"
	"strings"

	gomail "github.com/wneessen/go-mail"

	"minuted/agenda"
)

// attachment is a file that a letter brings.
type attachment struct {
	name string
	text string
}

// pack makes the finished bytes of a letter.
func (d *draft) pack() (Letter, error) {
	m := gomail.NewMsg(gomail.WithNoDefaultUserAgent(), gomail.WithEncoding(gomail.EncodingQP))
	m.FromMailAddress(&mail.Address{Name: clean(d.team.Name), Address: d.team.Address})
	m.AddToMailAddress(&mail.Address{Name: clean(d.reader.full), Address: d.reader.to})
	if d.token != "" {
		m.ReplyToMailAddress(&mail.Address{Address: d.replyTo()})
	}
	m.Subject(d.subject)
	m.SetDateWithValue(d.order.At.UTC())
	m.SetMessageIDWithValue(d.messageID())
	d.headers(m)
	m.SetBodyString(gomail.TypeTextPlain, bodyHere)
	m.AddAlternativeString(gomail.TypeTextHTML, bodyHere)
	if err := d.enclose(m); err != nil {
		return Letter{}, err
	}
	var out bytes.Buffer
	out.Grow(usualHead)
	if _, err := m.WriteTo(&out); err != nil {
		return Letter{}, fmt.Errorf("compose message: %w", err)
	}
	return Letter{
		Key: d.order.Key, Kind: d.order.Kind, Person: d.order.Person,
		From: cmp.Or(d.from, d.replyTo()), To: d.recipients(), At: d.order.At, Until: d.order.Until,
		MessageID: d.messageID(), Subject: d.subject, Bytes: fillIn(d.fixBoundaries(out.Bytes()), d.text, d.html),
	}, nil
}

// usualHead is room for most letters without their text and HTML.
const usualHead = 4 << 10

// bodyHere stands for the text and the HTML of a letter while go-mail writes
// all around them. Headers hold no empty line, so that the first places where it
// is alone between an empty line and a boundary are theirs.
const bodyHere = "body"

// fillIn puts text and HTML where they belong, each in the form that go-mail
// has announced for it, quoted-printable.
func fillIn(message []byte, bodies ...string) []byte {
	size := len(message)
	for _, body := range bodies {
		size += len(body) + len(body)/4 // most letters grow by less
	}
	full := make([]byte, 0, size)
	for _, body := range bodies {
		before, after, _ := bytes.Cut(message, []byte("\r\n\r\n"+bodyHere+"\r\n--"))
		full = append(append(full, before...), "\r\n\r\n"...)
		full = append(appendQuoted(full, body), "\r\n--"...)
		message = after
	}
	return append(full, message...)
}

// recipients are the reader and the archive, which shows what relays made of a letter.
func (d *draft) recipients() []string {
	if d.team.Archive == "" {
		return []string{d.reader.to}
	}
	return []string{d.reader.to, d.team.Archive}
}

func (d *draft) headers(m *gomail.Msg) {
	local, domain, _ := strings.Cut(d.team.Address, "@")
	set := func(name, value string) { m.SetGenHeader(gomail.Header(name), value) }
	set("Minuted-Kind", families[d.order.Kind])
	set("Minuted-Letter", d.team.Mark(d.order.Key))
	set("List-Id", listID(clean(d.team.Name), cmp.Or(d.team.Slug, local), domain))
	set("Auto-Submitted", d.submitted())
	set("X-Auto-Response-Suppress", "All") // Exchange
	if stop := stops[d.order.Kind]; stop != "" && d.token != "" {
		set("List-Unsubscribe", "<mailto:"+escape(d.replyTo(), "@")+"?subject="+escape("stop "+stop, "")+">")
	}
	parent, references := d.thread()
	if parent != "" {
		set("In-Reply-To", parent)
		set("References", references)
	}
}

// families are the six kinds that the header Minuted-Kind tells apart.
var families = map[agenda.Kind]string{
	agenda.AgendaPreview: "agenda", agenda.AgendaFinal: "agenda", agenda.EmptyAgenda: "agenda", agenda.CancelledCall: "agenda",
	agenda.MinutesDigest: "minutes", agenda.MinutesCorrected: "minutes",
	agenda.WeeklyDigest: "weekly",
	agenda.Reminder:     "reminder", agenda.Nudge: "reminder",
	agenda.ReceiptLetter: "receipt", agenda.EchoLetter: "receipt", agenda.Question: "receipt",
	agenda.Notice: "notice",
}

// stops are the words behind "stop" that end letters of a kind.
var stops = map[agenda.Kind]string{
	agenda.AgendaPreview: "agenda", agenda.AgendaFinal: "agenda", agenda.EmptyAgenda: "agenda", agenda.CancelledCall: "agenda",
	agenda.MinutesDigest: "minutes", agenda.MinutesCorrected: "minutes", agenda.Nudge: "minutes",
	agenda.WeeklyDigest: "weekly", agenda.Reminder: "reminders",
}

// submitted says auto-replied for what answers a mail (RFC 3834 section 5).
func (d *draft) submitted() string {
	if d.order.Answer != nil {
		return "auto-replied"
	}
	return "auto-generated"
}

// listID is the header of RFC 2919; its phrase may be no encoded word in
// practice, so a name that needs one is left out.
func listID(name, slug, domain string) string {
	id := "<" + atom.ReplaceAllString(slug, "-") + "." + domain + ">"
	if plainPhrase.MatchString(name) {
		return name + " " + id
	}
	return id
}

var (
	atom        = regexp.MustCompile(`[^a-zA-Z0-9-]+`)
	plainPhrase = regexp.MustCompile(`^[a-zA-Z0-9 '-]+$`)
)

// thread says what a letter answers. The letters of one call share a root that
// is never sent: Gmail joins what has equal subjects and a reference in common,
// others what has the reference.
func (d *draft) thread() (parent, references string) {
	if a := d.order.Answer; a != nil {
		parent = bracket(a.MessageID)
		return parent, strings.TrimSpace(bracketAll(a.References) + " " + parent)
	}
	switch families[d.order.Kind] {
	case "agenda", "minutes":
		root := "<call." + strings.ReplaceAll(idSafe(d.order.Call), "-", "") + "@" + d.domain() + ">"
		if preview := d.preview(); preview != "" {
			return preview, root + " " + preview
		}
		return root, root
	}
	return "", ""
}

// preview returns the Message-ID of the preview that a final agenda goes on
// from: it is made anew of what it was made of.
func (d *draft) preview() string {
	call, ok := d.book.Call(d.order.Call)
	if !ok || d.order.Kind != agenda.AgendaFinal || d.order.Unseen || call.Told == "" {
		return ""
	}
	key := call.Told + "." + d.order.Person
	token := d.book.Token(d.order.Person, key, call.ToldAt.Add(agenda.Answerable))
	return "<" + idOf(key, token, d.domain()) + ">"
}

// mostReferences keeps the header within what servers accept; the first names
// the thread, the last the neighbours.
const mostReferences = 20

func bracketAll(ids []string) string {
	if len(ids) > mostReferences {
		ids = append(slices.Clone(ids[:1]), ids[len(ids)-mostReferences+1:]...)
	}
	var list []string
	for _, id := range ids {
		if b := bracket(id); b != "" {
			list = append(list, b)
		}
	}
	return strings.Join(list, " ")
}

// bracket returns a Message-ID that came by mail as a header may hold it, or
// nothing where it is none.
func bracket(id string) string {
	id = strings.Trim(id, "<> ")
	if id == "" || len(id) > 250 || strings.ContainsFunc(id, func(r rune) bool { return r <= ' ' || r > '~' || r == '<' || r == '>' }) {
		return ""
	}
	return "<" + id + ">"
}

func (d *draft) domain() string {
	_, domain, _ := strings.Cut(d.team.Address, "@")
	return domain
}

// messageID is made of the key and the token, so that an answer proves itself
// by its In-Reply-To, and the same letter always has the same.
func (d *draft) messageID() string { return idOf(d.order.Key, d.token, d.domain()) }

func idOf(key, token, domain string) string {
	id := idSafe(key)
	if token != "" {
		id += "." + token
	}
	return id + "@" + domain
}

var notInID = regexp.MustCompile(`[^a-zA-Z0-9_.-]+`)

// idSafe returns text as the left side of a Message-ID may hold it.
func idSafe(s string) string {
	if notInID.MatchString(s) {
		s = notInID.ReplaceAllString(s, "-")
	}
	return strings.Trim(s, ".")
}

// replyTo is the mailbox, with the token as sub-address where the server knows
// such.
func (d *draft) replyTo() string {
	local, domain, _ := strings.Cut(d.team.Address, "@")
	if d.token == "" || !d.team.SubAddress {
		return d.team.Address
	}
	return local + "+" + d.token + "@" + domain
}

// enclose adds the calendar part and the attachment. A letter with an
// invitation has no other attachment: some programs then show an empty page.
func (d *draft) enclose(m *gomail.Msg) error {
	if ics := d.calendar(); ics != "" {
		if d.team.Calendar != "attach" {
			m.AddAlternativeString(gomail.ContentType("text/calendar; method="+d.order.Invite), ics)
		}
		return m.AttachReader("invite.ics", strings.NewReader(ics), gomail.WithFileContentType("text/calendar; charset=utf-8"))
	}
	if d.attach != nil {
		return m.AttachReader(idSafe(d.attach.name), strings.NewReader(d.attach.text), gomail.WithFileContentType("text/markdown; charset=utf-8"))
	}
	return nil
}

// boundaryField is how go-mail writes the boundary of a multipart. It occurs
// nowhere else: parts are encoded so that no equals sign stands in them.
const boundaryField = "\r\n boundary="

// fixBoundaries replaces the boundaries, which go-mail draws by chance for each
// level of nesting, with ones that derive from the key. (Its SetBoundary gives
// one to all levels, which no reader can tell apart.)
func (d *draft) fixBoundaries(message []byte) []byte {
	for level, text := range bytes.Split(message, []byte(boundaryField))[1:] {
		drawn, _, _ := bytes.Cut(text, []byte("\r\n"))
		sum := sha256.Sum256(fmt.Appendf(nil, "%s %d", d.order.Key, level))
		message = bytes.ReplaceAll(message, drawn, []byte(hex.EncodeToString(sum[:16])))
	}
	return message
}
