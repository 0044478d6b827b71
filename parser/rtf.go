package parser

import (
	"bytes"
	"encoding/binary"
	"strings"
	"unicode/utf16"
)

// maxRTF bounds what a compressed RTF unpacks to. Outlook's markup takes five
// times the room of the words in it.
const maxRTF = 4 << 20

// rtfStart is what the dictionary holds at first (MS-OXRTFCP section 2.1.2.1).
const rtfStart = `{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0` +
	"\r\n" + `\par \pard\plain\f0\fs20\b\i\u\tab\tx`

// unpackRTF unpacks the RTF of a winmail.dat (MS-OXRTFCP), as far as it is whole.
func unpackRTF(b []byte) []byte {
	const head, packed, plain = 16, 0x75465a4c, 0x414c454d
	if len(b) < head {
		return nil
	}
	switch binary.LittleEndian.Uint32(b[8:]) {
	case plain:
		return b[head:min(len(b), maxRTF)]
	case packed:
		return unpackLZFu(b[head:])
	}
	return nil
}

// unpackLZFu unpacks runs of eight tokens, each a letter or a place in the
// last 4096 bytes and a length, as a byte of flags in front of them says.
func unpackLZFu(b []byte) []byte {
	const mask = 4095
	var dictionary [mask + 1]byte
	at := copy(dictionary[:], rtfStart)
	var out []byte
	put := func(c byte) {
		out = append(out, c)
		dictionary[at&mask] = c
		at++
	}
	for len(b) > 0 && len(out) < maxRTF {
		flags := b[0]
		b = b[1:]
		for bit := range 8 {
			if flags>>bit&1 == 0 {
				if len(b) == 0 {
					return out
				}
				put(b[0])
				b = b[1:]
				continue
			}
			if len(b) < 2 {
				return out
			}
			token := int(b[0])<<8 | int(b[1])
			b = b[2:]
			from, size := token>>4, token&15+2
			if from == at&mask {
				return out // the end mark
			}
			for i := range size {
				put(dictionary[(from+i)&mask])
			}
		}
	}
	return out
}

// rtfReader turns RTF into what it says: the HTML that Outlook wrapped into
// it (MS-OXRTFEX), or else plain text.
type rtfReader struct {
	charset string
	out     strings.Builder
	bytes   []byte   // letters of the charset, not yet decoded
	units   []uint16 // letters of \u, not yet decoded
	html    bool
	state   rtfState
	stack   []rtfState
	skip    int // letters that stand for the last \u
}

// rtfState is what a group changes until it ends.
type rtfState struct {
	hidden  bool // fonts, colours and the like
	tag     bool // it holds HTML
	wrapped bool // RTF that stands for the HTML beside it
	skips   int  // letters behind each \u for those that do not know it
}

const maxRTFGroups = 1000

// rtfDestinations are groups that hold no text of the mail.
var rtfDestinations = map[string]bool{
	"fonttbl": true, "colortbl": true, "stylesheet": true, "info": true, "pict": true, "object": true,
	"header": true, "footer": true, "listtable": true, "listoverridetable": true, "rsidtbl": true, "themedata": true,
}

// rtfBreaks are the control words that stand for letters.
var rtfBreaks = map[string]string{
	"par": "\n", "line": "\n", "sect": "\n", "page": "\n", "row": "\n", "cell": "\t", "tab": "\t",
	"lquote": "‘", "rquote": "’", "ldblquote": "“", "rdblquote": "”", "bullet": "•", "endash": "–", "emdash": "—",
}

// readRTF returns the text of an RTF, and whether it is HTML.
func readRTF(b []byte, charset string) (text string, isHTML bool) {
	if !bytes.HasPrefix(b, []byte(`{\rtf`)) {
		return "", false
	}
	r := rtfReader{charset: charset, state: rtfState{skips: 1}}
	for len(b) > 0 && r.out.Len() < maxText {
		b = r.token(b)
	}
	r.flush()
	return strings.TrimSpace(r.out.String()), r.html
}

// token reads one group mark, control word or letter and returns the rest.
func (r *rtfReader) token(b []byte) []byte {
	switch c := b[0]; c {
	case '{':
		r.flush()
		if len(r.stack) < maxRTFGroups {
			r.stack = append(r.stack, r.state)
		}
	case '}':
		r.flush()
		if n := len(r.stack); n > 0 {
			r.state, r.stack = r.stack[n-1], r.stack[:n-1]
		}
	case '\\':
		return r.control(b[1:])
	case '\r', '\n', 0:
	default:
		r.letter(c)
	}
	return b[1:]
}

// control reads what follows a backslash.
func (r *rtfReader) control(b []byte) []byte {
	if len(b) == 0 {
		return b
	}
	if isAlpha(b[0]) {
		return r.controlWord(b)
	}
	switch b[0] {
	case '\'':
		if len(b) > 2 && isHex(b[1]) && isHex(b[2]) {
			r.letter(unhex(b[1])<<4 | unhex(b[2]))
			return b[3:]
		}
	case '*':
		r.state.hidden = true // unless the word behind it is known
	case '~':
		r.say("\u00a0")
	case '_':
		r.say("-")
	case '\r', '\n':
		r.say("\n")
	case '\\', '{', '}':
		r.letter(b[0])
	}
	return b[1:]
}

func isAlpha(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// controlWord reads a word, its number, and the blank that ends it.
func (r *rtfReader) controlWord(b []byte) []byte {
	end := 0
	for end < len(b) && isAlpha(b[end]) {
		end++
	}
	word := string(b[:min(end, 32)])
	b = b[end:]
	number, numbered := 0, false
	negative := len(b) > 1 && b[0] == '-' && isDigit(b[1])
	if negative {
		b = b[1:]
	}
	for len(b) > 0 && isDigit(b[0]) {
		numbered = true
		if number < 1<<20 {
			number = number*10 + int(b[0]-'0')
		}
		b = b[1:]
	}
	if negative {
		number = -number
	}
	if len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	if word == "bin" {
		return b[min(max(number, 0), len(b)):]
	}
	r.word(word, number, numbered)
	return b
}

func (r *rtfReader) word(word string, number int, numbered bool) {
	switch {
	case word == "u" && numbered:
		r.unicode(uint16(number))
	case word == "uc":
		r.state.skips = max(number, 0)
	case word == "ansicpg":
		if name := codePage(uint32(max(number, 0))); name != "" {
			r.charset = name
		}
	case word == "fromhtml":
		r.html = true
	case word == "htmltag":
		r.flush()
		r.state.hidden, r.state.tag = false, true
	case word == "htmlrtf":
		r.flush()
		r.state.wrapped = !numbered || number != 0
	case rtfDestinations[word]:
		r.state.hidden = true
	case rtfBreaks[word] != "":
		r.say(rtfBreaks[word])
	}
}

// shown says whether text at hand is text of the mail.
func (r *rtfReader) shown() bool { return !r.state.hidden && !r.state.wrapped }

// letter takes in a byte of text.
func (r *rtfReader) letter(c byte) {
	if r.skip > 0 {
		r.skip--
		return
	}
	if !r.shown() {
		return
	}
	r.flushUnits()
	r.bytes = append(r.bytes, c)
}

// say takes in letters that a control word stands for.
func (r *rtfReader) say(s string) {
	r.flush()
	if r.shown() {
		r.out.WriteString(s)
	}
}

// unicode takes in one unit of UTF-16; two make a letter beyond the first plane.
func (r *rtfReader) unicode(unit uint16) {
	r.skip = r.state.skips
	if !r.shown() {
		return
	}
	r.flushBytes()
	r.units = append(r.units, unit)
}

func (r *rtfReader) flush() {
	r.flushBytes()
	r.flushUnits()
	r.skip = 0
}

func (r *rtfReader) flushBytes() {
	if len(r.bytes) > 0 {
		text, _ := toUTF8(r.bytes, r.charset)
		r.out.WriteString(text)
		r.bytes = r.bytes[:0]
	}
}

func (r *rtfReader) flushUnits() {
	if len(r.units) > 0 {
		r.out.WriteString(string(utf16.Decode(r.units)))
		r.units = r.units[:0]
	}
}
