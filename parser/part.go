package parser

// part is one entity of a mail (RFC 2045 section 2.4): the mail itself, a
// part of a multipart, or the mail inside a message/rfc822 part.
type part struct {
	header      Header
	mediaType   string            // "text/plain", lower case, never empty
	params      map[string]string // of Content-Type, names in lower case
	disposition string            // "inline", "attachment" or "", lower case
	filename    string            // decoded, without any folder
	// body is decoded by its transfer encoding, not by its charset. It is nil
	// for a multipart and for parts that nobody reads (images, archives…).
	body    []byte
	size    int     // decoded bytes, also where body is nil
	parts   []*part // of a multipart
	message *part   // of a message/rfc822 or message/global, however encoded
	parent  *part   // nil for the mail itself
}

// text returns the body of a text part as UTF-8 with LF line ends.
func (p *part) text() string {
	return ""
}

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
