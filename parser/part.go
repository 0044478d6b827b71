package parser

import (
	"bytes"
	"fmt"
	"path"
	"strings"
)

// maxText and maxLines are how much of a text part is read. Nobody writes as
// much in a mail; logs and dumps are that long.
const (
	maxText  = 1 << 20
	maxLines = 20_000
)

// part is one entity of a mail (RFC 2045 section 2.4): the mail itself, a
// part of a multipart, or the mail inside a message/rfc822 part.
type part struct {
	header      Header
	mediaType   string            // "text/plain", lower case, never empty
	params      map[string]string // of Content-Type, names in lower case
	disposition string            // "inline", "attachment" or "", lower case
	filename    string            // decoded
	encoding    string            // of transfer, lower case
	raw         []byte            // the body before decoding; of a multipart, what stands before its first part
	// body is decoded by its transfer encoding, not by its charset. It is nil
	// for a multipart and for parts that nobody reads (images, archives…).
	body    []byte
	size    int     // decoded bytes, also where body is nil
	parts   []*part // of a multipart
	message *part   // of a message/rfc822 or message/global, however encoded
	parent  *part   // nil for the mail itself
	start   int     // of a message that is not encoded: where its body begins
	depth   int     // how many parts this one is inside of
	notes   *notes
	decoded *string // what text returned before
	winmail *tnef   // what tnef returned before
}

// newPart reads what the header of a part says about its body.
func newPart(h Header, parent *part, byDefault string, n *notes) *part {
	p := &part{header: h, parent: parent, mediaType: byDefault, notes: n}
	if parent != nil {
		p.depth = parent.depth + 1
	}
	p.encoding = transferEncoding(h.Get("Content-Transfer-Encoding"))
	if value := h.Get("Content-Type"); value != "" {
		p.readType(value)
	}
	var disposition map[string]string
	if value := h.Get("Content-Disposition"); value != "" {
		p.disposition, disposition = mediaType(value)
	}
	p.filename = p.readName(disposition["filename"])
	return p
}

// readType reads a Content-Type. RFC 2045 section 5.2 has one that is no
// media type count as text; a lone "html" is plain enough to be believed.
func (p *part) readType(value string) {
	kind, params := mediaType(value)
	p.params = params
	switch {
	case strings.Count(kind, "/") == 1 && kind[0] != '/' && kind[len(kind)-1] != '/':
		p.mediaType = kind
		return
	case kind == "html":
		p.mediaType = "text/html"
	case strings.HasPrefix(kind, "multipart"):
		p.mediaType = "multipart/mixed"
	case params["name"] != "":
		p.mediaType = "application/octet-stream" // it names a file
	}
	p.notes.add("content-type", quoteLine([]byte(value))+" is taken as "+p.mediaType)
}

// readName returns the name for a file as it is written, from
// Content-Disposition or else Content-Type. Some come with folders of the
// sender's machine: they are words to show, nobody opens a file by them.
func (p *part) readName(filename string) string {
	if filename == "" {
		filename = p.params["name"]
	}
	if filename == "" {
		return ""
	}
	return strings.TrimSpace(p.header.decode(filename))
}

func (p *part) isMultipart() bool { return strings.HasPrefix(p.mediaType, "multipart/") }

func (p *part) isText() bool { return strings.HasPrefix(p.mediaType, "text/") }

// isMessage knows the types that hold a whole mail: RFC 2046 section 5.2.1,
// RFC 6532 section 3.7, and the news type of RFC 5537.
func (p *part) isMessage() bool {
	return p.mediaType == "message/rfc822" || p.mediaType == "message/global" || p.mediaType == "message/news"
}

// isRead says whether somebody reads the body, so that it has to be decoded.
func (p *part) isRead() bool {
	return p.isText() || p.isTNEF() || strings.HasPrefix(p.mediaType, "message/") || readTypes[p.mediaType] ||
		readNames[strings.ToLower(path.Ext(p.filename))]
}

// readTypes and readNames are read beside text/* and message/*.
var (
	readTypes = map[string]bool{"application/ics": true}
	readNames = map[string]bool{".eml": true, ".ics": true, ".markdown": true, ".md": true, ".txt": true}
)

// becomeText turns a multipart without parts into the text that it is.
func (p *part) becomeText() {
	p.mediaType = "text/plain"
	start := bytes.TrimLeft(p.raw[:min(len(p.raw), 512)], " \t\r\n")
	if bytes.HasPrefix(bytes.ToLower(start), []byte("<html")) || bytes.HasPrefix(bytes.ToLower(start), []byte("<!doctype")) {
		p.mediaType = "text/html"
	}
}

// text returns the body of a text part as UTF-8 with LF line ends and
// without NUL, at most maxText of it.
func (p *part) text() string {
	if p.decoded != nil {
		return *p.decoded
	}
	body := cutText(p.body)
	if len(body) < len(p.body) {
		p.notes.add("text-cut", fmt.Sprintf("the first %d bytes of %d are read", len(body), len(p.body)))
	}
	charset := p.params["charset"]
	if charset == "" && p.mediaType == "text/html" {
		charset = metaCharset(body)
	}
	text, problem := toUTF8(body, charset)
	if problem != "" {
		p.notes.add("charset", problem)
	}
	text = plainLines(text)
	if p.isFlowed() {
		text = unflow(text, strings.EqualFold(p.params["delsp"], "yes"))
	}
	p.decoded = &text
	return text
}

// cutText keeps of a long text what is read of it.
func cutText(b []byte) []byte {
	b = b[:min(len(b), maxText)]
	if bytes.Count(b, []byte("\n")) <= maxLines {
		return b
	}
	at := 0
	for range maxLines {
		at += bytes.IndexByte(b[at:], '\n') + 1
	}
	return b[:at]
}

// plainLines gives a text LF line ends and takes out NUL and a leading BOM.
func plainLines(text string) string {
	text = strings.TrimPrefix(text, "\ufeff")
	if strings.IndexByte(text, '\r') >= 0 {
		text = lineEnds.Replace(text)
	}
	if strings.IndexByte(text, 0) >= 0 {
		text = strings.ReplaceAll(text, "\x00", "")
	}
	return text
}

var lineEnds = strings.NewReplacer("\r\n", "\n", "\r", "\n")

// walk visits p and everything below it in file order. A visit that returns
// false keeps the walk out of what is below that part.
func (p *part) walk(visit func(*part) bool) {
	if p == nil || !visit(p) {
		return
	}
	for _, child := range p.parts {
		child.walk(visit)
	}
	p.message.walk(visit)
}
