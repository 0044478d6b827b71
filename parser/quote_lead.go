package parser

import "strings"

// lead is what a line may be, by its first word. Most lines of a mail are
// none of it, and a look at one word says so.
type lead uint8

const (
	leadAttribution lead = 1 << iota
	leadSeparator
	leadDevice
	leadFooter
)

var lineLeads = newLeads()

func newLeads() map[string]lead {
	leads := map[string]lead{}
	mark := func(table []entry, kind string, l lead) {
		for _, e := range table {
			for _, words := range e.words {
				if e.kind == kind {
					leads[firstWord(lower(words))] |= l
				}
			}
		}
	}
	mark(attributionTable, "opener", leadAttribution)
	mark(separatorTable, "begin", leadSeparator)
	mark(separatorTable, "prefix", leadSeparator)
	mark(separatorTable, "original", leadSeparator)
	mark(separatorTable, "forward", leadSeparator)
	mark(separatorTable, "above", leadSeparator)
	mark(signatureTable, "device", leadDevice)
	mark(signatureTable, "list", leadFooter)
	mark(signatureTable, "legal", leadFooter)
	mark(signatureTable, "boiler", leadFooter)
	return leads
}

// leadOf looks up the first word of a line. Plain letters are folded in
// place, so that a line costs no memory.
func leadOf(text string) lead {
	var folded [32]byte
	n := 0
	for ; n < len(text) && !endsFirstWord(text[n]); n++ {
		if text[n] >= 0x80 || n == len(folded) {
			return lineLeads[lower(strings.TrimRight(firstWord(text), "："))]
		}
		folded[n] = text[n]
		if c := text[n]; c >= 'A' && c <= 'Z' {
			folded[n] = c + 'a' - 'A'
		}
	}
	return lineLeads[string(folded[:n])]
}

func endsFirstWord(c byte) bool { return c == ' ' || c == ',' || c == ':' }

func firstWord(text string) string {
	n := 0
	for n < len(text) && !endsFirstWord(text[n]) {
		n++
	}
	return text[:n]
}

// finalWord returns the last word of a line without the marks behind it.
func finalWord(text string) string {
	text = strings.TrimRight(text, " -.:)>*_")
	return text[strings.LastIndexByte(text, ' ')+1:]
}
