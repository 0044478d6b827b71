package parser

import "strings"

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
	return decodeText(h.Get(name))
}
