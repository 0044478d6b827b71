package parser

import (
	"bytes"
	"fmt"
	"strings"
)

// The limits of a mail. They bound work and memory before anything is read
// into them; ordinary mail stays a tenth below each.
const (
	maxBytes       = 25 << 20  // what Gmail and Outlook accept
	maxHeaderBytes = 128 << 10 // of the mail, and of each mail and part inside it
	maxNesting     = 20        // multiparts and mails inside each other
	maxParts       = 200
	maxReceived    = 50  // a loop, by then: RFC 5321 section 6.3 asks for 100 at most
	maxAddresses   = 500 // in From, To, Cc and the like together
	// maxDecoded bounds what transfer encodings unpack to, over all parts: a
	// mail inside a mail inside a mail is otherwise unpacked at each level.
	maxDecoded = 40 << 20
)

// scanner finds the parts of a mail in one pass over its bytes and counts
// them on the way, so that a mail over a limit is left at that point. It
// holds the multiparts that are open, outermost first: a delimiter of an
// outer one ends all that are inside it, closed or not.
type scanner struct {
	notes   *notes
	limit   *Limit
	parts   int // so far
	decoded int // bytes that transfer encodings were unpacked to
}

// frame is a multipart whose parts are being found.
type frame struct {
	part     *part
	boundary string
	closed   bool // its last delimiter was seen
}

// level is the pass over one run of bytes: the mail, or an encoded mail in it.
type level struct {
	*scanner
	raw     []byte
	parent  *part // of all that is found here; nil for the mail itself
	frames  []frame
	current *part // whose body the bytes at hand belong to; nil: an epilogue
	start   int   // of that body
}

// over records the limit that was crossed first.
func (s *scanner) over(name string, value, max int) {
	if s.limit == nil && value > max {
		s.limit = &Limit{Name: name, Value: value, Max: max}
	}
}

// checkHeader applies the limits that a mail's own header shows.
func (s *scanner) checkHeader(h Header) {
	received, addresses := 0, 0
	for _, field := range h {
		switch {
		case strings.EqualFold(field.Name, "Received"):
			received++
		case holdsAddresses(field.Name):
			addresses += countAddresses(field.Value)
		}
	}
	s.over("received", received, maxReceived)
	s.over("addresses", addresses, maxAddresses)
}

// scan reads raw as one mail below parent, nil for the mail itself.
func (s *scanner) scan(raw []byte, parent *part) *part {
	l := &level{scanner: s, raw: raw, parent: parent}
	root, at := l.open(0, parent, "text/plain")
	l.scanBody(at)
	return root
}

// open reads the header at at, adds the part that begins there and returns
// where its body begins.
func (l *level) open(at int, parent *part, byDefault string) (*part, int) {
	header, length := readHeader(l.raw[at:], l.notes)
	l.over("headers", length, maxHeaderBytes)
	p := newPart(header, parent, byDefault, l.notes)
	if parent != nil {
		l.parts++
		l.over("parts", l.parts, maxParts)
		l.over("nesting", p.depth, maxNesting)
	}
	at += length
	l.current, l.start = p, at
	if l.limit != nil {
		return p, at
	}
	return p, l.enter(p, at)
}

// enter prepares for what stands inside a part. An encoded mail waits until
// its bytes are complete.
func (l *level) enter(p *part, at int) int {
	switch {
	case p.isMultipart():
		l.frames = append(l.frames, frame{part: p, boundary: l.boundary(p, at)})
	case p.isMessage() && identity[p.encoding]:
		p.start = at
		p.message, at = l.open(at, p, "text/plain")
	}
	return at
}

// boundary returns the declared boundary, or else the one that a line after
// the header shows. Blanks at its end are forbidden (RFC 2046 section 5.1.1)
// and lost on the way more often than meant; they count where lines show them.
func (l *level) boundary(p *part, at int) string {
	boundary := p.params["boundary"]
	trimmed := strings.TrimRight(boundary, " \t")
	if trimmed != boundary && !bytes.Contains(l.raw[at:], []byte("\n--"+boundary)) {
		boundary = trimmed
	}
	if boundary == "" {
		boundary = guessBoundary(l.raw[at:])
		l.notes.add("boundary", fmt.Sprintf("%s names no boundary, %q is taken", p.mediaType, boundary))
	}
	return boundary
}

// guessBoundary looks for a delimiter line that a part header follows, in
// the first lines of a multipart.
func guessBoundary(b []byte) string {
	const within = 40
	at := 0
	for range within {
		line, next := cutLine(b, at)
		at = next
		if len(line) < 3 || !bytes.HasPrefix(line, []byte("--")) {
			continue
		}
		header, _ := cutLine(b, at)
		if len(header) == 0 || bytes.HasPrefix(bytes.ToLower(header), []byte("content-")) {
			return string(bytes.TrimRight(line[2:], " \t"))
		}
	}
	return ""
}

// scanBody goes through the lines that may be delimiters, up to the end.
func (l *level) scanBody(at int) {
	for len(l.frames) > 0 && l.limit == nil {
		start := nextDashes(l.raw, at)
		if start < 0 {
			break
		}
		line, next := cutLine(l.raw, start)
		at = next
		if n, closes := l.match(line[2:]); n >= 0 {
			at = l.delimit(n, closes, start, next)
		}
	}
	end := len(l.raw)
	if l.limit != nil && len(l.frames) > 0 {
		if dashes := nextDashes(l.raw, at); dashes >= 0 {
			end = dashes // the part that was one too many ends here
		}
	}
	l.end(end)
	for _, f := range l.frames {
		l.leave(f)
	}
}

// nextDashes returns where the next line that begins with -- does, from the
// line start at on.
func nextDashes(b []byte, at int) int {
	if bytes.HasPrefix(b[at:], []byte("--")) {
		return at
	}
	i := bytes.Index(b[at:], []byte("\n--"))
	if i < 0 {
		return -1
	}
	return at + i + 1
}

// match returns the innermost open multipart that a line (without its
// dashes) delimits, or -1. One that was closed is taken only where no other
// fits: some programs close a multipart too early and go on.
func (l *level) match(line []byte) (n int, closes bool) {
	n = -1
	for i := len(l.frames) - 1; i >= 0; i-- {
		f := &l.frames[i]
		if f.boundary == "" || len(line) < len(f.boundary) || string(line[:len(f.boundary)]) != f.boundary {
			continue
		}
		rest := bytes.TrimRight(line[len(f.boundary):], " \t")
		dashes := bytes.HasPrefix(rest, []byte("--"))
		if len(rest) > 0 && !dashes {
			continue
		}
		if !f.closed {
			return i, dashes
		}
		if n < 0 {
			n, closes = i, dashes
		}
	}
	return n, closes
}

// delimit ends what is open inside frame n at a delimiter line, and opens the
// next part unless the line closes the multipart. It returns where to go on.
func (l *level) delimit(n int, closes bool, start, next int) int {
	l.end(start)
	for _, f := range l.frames[n+1:] {
		l.leave(f)
	}
	l.frames = l.frames[:n+1]
	f := &l.frames[n]
	if closes {
		f.closed = true
		return next
	}
	if f.closed {
		l.notes.add("part-after-end", "a part follows the closing delimiter of its multipart")
		f.closed = false
	}
	byDefault := "text/plain"
	if f.part.mediaType == "multipart/digest" {
		byDefault = "message/rfc822" // RFC 2046 section 5.1.5
	}
	child, at := l.open(next, f.part, byDefault)
	f.part.parts = append(f.part.parts, child)
	return at
}

// end ends the body of the current part. The line break before a delimiter
// belongs to the delimiter (RFC 2046 section 5.1.1).
func (l *level) end(at int) {
	p := l.current
	l.current = nil
	if at < len(l.raw) {
		at -= lineEnd(l.raw[:at])
	}
	if p == nil {
		l.measure(l.frames[len(l.frames)-1].part, at)
		return
	}
	p.raw = l.raw[l.start:max(at, l.start)]
	if !p.isMultipart() {
		l.unpack(p)
	}
	l.measure(p.parent, at)
}

// measure gives the mails that end, for now, at at their size.
func (l *level) measure(p *part, at int) {
	for ; p != l.parent; p = p.parent {
		if p.message != nil {
			p.size = max(at-p.start, 0)
		}
	}
}

// lineEnd returns how many bytes the line break at the end of b takes.
func lineEnd(b []byte) int {
	switch {
	case bytes.HasSuffix(b, []byte("\r\n")):
		return 2
	case bytes.HasSuffix(b, []byte("\n")):
		return 1
	}
	return 0
}

// leave notes how a multipart ended. One without parts is read as text.
func (l *level) leave(f frame) {
	switch {
	case l.limit != nil: // what is missing was not reached
	case len(f.part.parts) == 0:
		l.notes.add("no-parts", fmt.Sprintf("%s without parts is read as text", f.part.mediaType))
		f.part.becomeText()
		l.unpack(f.part)
	case !f.closed:
		l.notes.add("unclosed", fmt.Sprintf("%s is not closed", f.part.mediaType))
	}
}

// unpack decodes the body of a leaf, and reads an encoded mail.
func (l *level) unpack(p *part) {
	decode := decoders[p.encoding]
	switch {
	case decode == nil && !identity[p.encoding]:
		l.notes.add("transfer-encoding", fmt.Sprintf("unknown encoding %q, taken as it is", p.encoding))
		fallthrough
	case decode == nil:
		p.body, p.size = p.raw, len(p.raw)
		return
	case !p.isRead():
		p.size = decodedSize(p.encoding, p.raw)
		return
	case l.decoded+len(p.raw) > maxDecoded:
		l.notes.add("decoded", fmt.Sprintf("more than %d bytes to unpack, %s is left out", maxDecoded, p.mediaType))
		return
	}
	p.body = decode(p.raw, l.notes)
	p.size = len(p.body)
	l.decoded += p.size
	if p.isMessage() && l.limit == nil {
		p.message = l.scan(p.body, p)
	}
}
