package parser

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// Get returns the value of the first field of that name, unfolded but not
// decoded, or "". Names compare without regard to case (RFC 5322 section 2.2).
func (h Header) Get(name string) string {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return h[i].Value
		}
	}
	return ""
}

// Has says whether there is a field of that name, even an empty one.
func (h Header) Has(name string) bool {
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			return true
		}
	}
	return false
}

// Values returns the values of all fields of that name, first to last.
func (h Header) Values(name string) []string {
	var values []string
	for i := range h {
		if strings.EqualFold(h[i].Name, name) {
			values = append(values, h[i].Value)
		}
	}
	return values
}

// Text returns the first field of that name as a reader sees it: encoded
// words (RFC 2047) decoded, raw 8-bit text turned into UTF-8.
func (h Header) Text(name string) string {
	return h.decode(h.Get(name))
}

// decode turns the value of one of h's fields into what a reader sees. Raw
// 8-bit fields are UTF-8 (RFC 6532); old programs write them in the charset
// of the body.
func (h Header) decode(value string) string {
	if utf8.ValidString(value) && !strings.Contains(value, "\x1b") {
		return decodeWords(value)
	}
	charset := ""
	if contentType := h.Get("Content-Type"); contentType != "" {
		_, params := mediaType(contentType)
		charset = params["charset"]
	}
	text, _ := toUTF8([]byte(value), charset)
	return decodeWords(text)
}

// wellKnown are names that show, after a line that is no field, that the
// header still goes on.
var wellKnown = map[string]bool{
	"bcc": true, "cc": true, "content-disposition": true, "content-id": true,
	"content-transfer-encoding": true, "content-type": true, "date": true,
	"delivered-to": true, "from": true, "in-reply-to": true, "message-id": true,
	"mime-version": true, "received": true, "references": true, "reply-to": true,
	"return-path": true, "sender": true, "subject": true, "to": true,
}

// headerReader repairs a header while it reads it. The repaired, unfolded
// text of all fields grows in text; spans says where each field stands in it.
type headerReader struct {
	text  []byte
	spans []fieldSpan
	notes *notes
}

type fieldSpan struct{ name, nameEnd, value, valueEnd int }

// readHeader reads the header at the start of b and returns it with the
// offset at which the body begins. What is longer than maxHeaderBytes is read
// to twice that, so that whoever looks into it finds a subject.
func readHeader(b []byte, n *notes) (Header, int) {
	r := headerReader{notes: n}
	b = b[:min(len(b), 2*maxHeaderBytes)]
	at := 0
	for at < len(b) {
		line, next := cutLine(b, at)
		if len(bytes.TrimRight(line, " \t")) == 0 && endsHeader(line, b[next:]) {
			at = next
			break
		}
		if !r.add(line, b[next:]) {
			break
		}
		at = next
	}
	return r.header(), at
}

// endsHeader says whether a blank line ends the header. One made of blanks
// is by RFC 5322 section 4.2 a fold, which programs write in the midst of a
// field, and others by mistake at the end.
func endsHeader(line, rest []byte) bool {
	if len(line) == 0 {
		return true
	}
	next, _ := cutLine(rest, 0)
	return !isFold(next) && fieldName(next) == nil
}

// add takes in one line. It returns false where the line belongs to a body
// that no blank line sets apart from its header.
func (r *headerReader) add(line, rest []byte) bool {
	if isFold(line) && len(r.spans) > 0 {
		r.fold(line)
		return true
	}
	if isFold(line) {
		r.notes.add("header-fold", quoteLine(line))
		line = bytes.TrimLeft(line, " \t")
	}
	if name := fieldName(line); name != nil {
		r.field(name, line)
		return true
	}
	if isFromLine(line) {
		r.notes.add("mbox-from", quoteLine(line))
		return true
	}
	if !hasDashes(line) && headerResumes(rest) {
		r.notes.add("header-line", quoteLine(line))
		return true
	}
	r.notes.add("no-blank-line", quoteLine(line))
	return false
}

func (r *headerReader) field(name, line []byte) {
	colon := bytes.IndexByte(line, ':')
	span := fieldSpan{name: len(r.text)}
	r.text = append(r.text, name...)
	span.nameEnd = len(r.text)
	span.value = span.nameEnd
	r.value(line[colon+1:])
	span.valueEnd = len(r.text)
	r.spans = append(r.spans, span)
}

// fold continues the last field. The line break and the blanks around it
// count as one blank (RFC 5322 section 2.2.3).
func (r *headerReader) fold(line []byte) {
	last := &r.spans[len(r.spans)-1]
	if last.valueEnd > last.value {
		r.text = append(r.text, ' ')
	}
	r.value(line)
	last.valueEnd = len(r.text)
}

// value appends the text of a line without the blanks around it, without
// NUL and with a blank for a bare CR: both come from broken gateways.
func (r *headerReader) value(line []byte) {
	line = bytes.Trim(line, " \t\r")
	if bytes.IndexByte(line, 0) < 0 && bytes.IndexByte(line, '\r') < 0 {
		r.text = append(r.text, line...)
		return
	}
	r.notes.add("header-control", quoteLine(line))
	for _, c := range line {
		switch c {
		case 0:
		case '\r':
			r.text = append(r.text, ' ')
		default:
			r.text = append(r.text, c)
		}
	}
}

// header cuts all fields from one string, so that a header costs two
// allocations however long it is.
func (r *headerReader) header() Header {
	text := string(r.text)
	h := make(Header, len(r.spans))
	for i, s := range r.spans {
		h[i] = Field{
			Name:  text[s.name:s.nameEnd],
			Value: strings.Trim(text[s.value:s.valueEnd], " \t"),
		}
	}
	return h
}

// fieldName returns the name of the field that begins on line, or nil. RFC
// 5322 section 4.5 allows blanks before the colon in old mails.
func fieldName(line []byte) []byte {
	colon := bytes.IndexByte(line, ':')
	if colon < 1 {
		return nil
	}
	name := bytes.TrimRight(line[:colon], " \t")
	for _, c := range name {
		if c <= ' ' || c > '~' {
			return nil
		}
	}
	return name
}

// headerResumes says whether a well-known field follows before the next
// blank line, within as many lines as a junk line is likely to wrap to.
func headerResumes(rest []byte) bool {
	const within = 10
	for range within {
		line, next := cutLine(rest, 0)
		if len(line) == 0 || hasDashes(line) {
			return false
		}
		if wellKnown[strings.ToLower(string(fieldName(line)))] {
			return true
		}
		rest = rest[next:]
	}
	return false
}

// isFromLine knows the line that sets mails apart in an mbox file, also
// where a second mbox writer escaped it.
func isFromLine(line []byte) bool {
	return bytes.HasPrefix(bytes.TrimLeft(line, ">"), []byte("From "))
}

// hasDashes knows the lines that may set parts apart.
func hasDashes(line []byte) bool { return bytes.HasPrefix(line, []byte("--")) }

func isFold(line []byte) bool {
	return len(line) > 0 && (line[0] == ' ' || line[0] == '\t')
}

// cutLine returns the line that begins at at, without its LF or CR LF, and
// where the next one begins.
func cutLine(b []byte, at int) (line []byte, next int) {
	end := bytes.IndexByte(b[at:], '\n')
	if end < 0 {
		return b[at:], len(b)
	}
	line = b[at : at+end]
	return bytes.TrimSuffix(line, []byte("\r")), at + end + 1
}

// quoteLine shortens a line for the detail of a problem.
func quoteLine(line []byte) string {
	const enough = 60
	if len(line) > enough {
		return strings.ToValidUTF8(string(line[:enough]), "�") + "…"
	}
	return strings.ToValidUTF8(string(line), "�")
}
