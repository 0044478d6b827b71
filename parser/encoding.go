package parser

import (
	"bytes"
	"encoding/base64"
	"strings"
)

// transferEncoding normalises a Content-Transfer-Encoding: "8bit;" and
// "7bit (ascii)" are written by real programs.
func transferEncoding(value string) string {
	value = strings.ToLower(strings.Trim(value, " \t\"'"))
	if end := strings.IndexAny(value, " \t;(,"); end >= 0 {
		value = value[:end]
	}
	return value
}

// decoders turns each transfer encoding into bytes. Library decoders stop at
// the first bad byte and lose the rest; these read on and name what was odd.
var decoders = map[string]func(b []byte, notes *notes) []byte{
	"quoted-printable": decodeQuotedPrintable,
	"base64":           decodeBase64,
	"x-uuencode":       decodeUU,
	"uuencode":         decodeUU,
	"x-uue":            decodeUU,
}

// identity are the encodings under which bytes stand for themselves.
var identity = map[string]bool{"": true, "7bit": true, "8bit": true, "binary": true}

// decodeQuotedPrintable decodes RFC 2045 section 6.7. A "=" that starts no
// code stands for itself.
func decodeQuotedPrintable(b []byte, notes *notes) []byte {
	out := make([]byte, 0, len(b))
	odd := 0
	for at := 0; at < len(b); {
		line, next := cutLine(b, at)
		ended := next > at+len(line)
		at = next
		line = bytes.TrimRight(line, " \t\r")
		soft := bytes.HasSuffix(line, []byte("="))
		if soft {
			line = line[:len(line)-1]
		}
		var bad int
		out, bad = appendUnquoted(out, line)
		odd += bad
		if ended && !soft {
			out = append(out, '\n')
		}
	}
	if odd > 0 {
		notes.add("quoted-printable", "a = that starts no code was kept")
	}
	return out
}

// appendUnquoted appends one line and counts the bad codes in it.
func appendUnquoted(out, line []byte) ([]byte, int) {
	bad := 0
	for {
		i := bytes.IndexByte(line, '=')
		if i < 0 {
			return append(out, line...), bad
		}
		out = append(out, line[:i]...)
		if i+2 < len(line) && isHex(line[i+1]) && isHex(line[i+2]) {
			out = append(out, unhex(line[i+1])<<4|unhex(line[i+2]))
			line = line[i+3:]
			continue
		}
		out = append(out, '=')
		line = line[i+1:]
		bad++
	}
}

func isHex(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'f' || 'A' <= c && c <= 'F'
}

func unhex(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c&^0x20 - 'A' + 10
}

// decodeBase64 decodes RFC 2045 section 6.8.
func decodeBase64(b []byte, notes *notes) []byte {
	out := make([]byte, base64.StdEncoding.DecodedLen(len(b)))
	if n, err := base64.StdEncoding.Decode(out, b); err == nil {
		return out[:n]
	}
	return salvageBase64(out[:0], b, notes)
}

// salvageBase64 decodes line by line up to the first line that cannot be
// base64: mailing lists append their footer in plain text. Stray bytes are
// dropped, and padding in the middle (joined pieces) starts afresh.
func salvageBase64(out, b []byte, notes *notes) []byte {
	if prose := firstProse(b); prose != nil {
		notes.add("base64", "it is none: "+quoteLine(prose))
		return b
	}
	notes.add("base64", "stray bytes or missing padding")
	var quad [4]byte
	n := 0
	for at := 0; at < len(b); {
		line, next := cutLine(b, at)
		at = next
		if isProse(line) {
			notes.add("base64-tail", quoteLine(line))
			break
		}
		for _, c := range line {
			if c == '=' {
				out = appendQuad(out, quad[:n])
				n = 0
			}
			if !isBase64(c) {
				continue
			}
			quad[n] = c
			if n++; n == 4 {
				out = appendQuad(out, quad[:])
				n = 0
			}
		}
	}
	return appendQuad(out, quad[:n])
}

// firstProse returns the first line that says something where that is no
// base64: a program that names the encoding without using it.
func firstProse(b []byte) []byte {
	for at := 0; at < len(b); {
		line, next := cutLine(b, at)
		at = next
		if len(bytes.TrimSpace(line)) == 0 {
			continue
		}
		if isProse(line) {
			return line
		}
		break
	}
	return nil
}

// isProse tells a footer from damaged base64: words with blanks between
// them, or a line of underscores or dashes.
func isProse(line []byte) bool {
	line = bytes.TrimSpace(line)
	foreign := 0
	for _, c := range line {
		if !isBase64(c) && c != '=' {
			foreign++
		}
	}
	return foreign > 0 && foreign*8 > len(line)
}

func isBase64(c byte) bool {
	return '0' <= c && c <= '9' || 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || c == '+' || c == '/'
}

// appendQuad decodes up to four letters; a single one left over holds no byte.
func appendQuad(out, quad []byte) []byte {
	if len(quad) < 2 {
		return out
	}
	out, err := base64.RawStdEncoding.AppendDecode(out, quad)
	if err != nil {
		return out
	}
	return out
}

// decodeUU decodes uuencode (POSIX uuencode), found in old mails by its
// begin line. Without one the bytes stay as they are.
func decodeUU(b []byte, notes *notes) []byte {
	at, ok := uuBegin(b)
	if !ok {
		notes.add("uuencode", "no begin line")
		return b
	}
	var out []byte
	for at < len(b) {
		line, next := cutLine(b, at)
		at = next
		if bytes.Equal(line, []byte("end")) || len(line) == 0 {
			break
		}
		out = appendUU(out, line)
	}
	return out
}

// uuBegin returns where the line after "begin 644 name" starts.
func uuBegin(b []byte) (int, bool) {
	for at := 0; at < len(b); {
		line, next := cutLine(b, at)
		if bytes.HasPrefix(line, []byte("begin ")) {
			return next, true
		}
		at = next
	}
	return 0, false
}

// appendUU decodes one line: a count, then four letters for three bytes.
func appendUU(out, line []byte) []byte {
	want := int(line[0]-' ') & 63
	line = line[1:]
	for want > 0 && len(line) > 0 {
		var q [4]byte
		for i := range q {
			if i < len(line) {
				q[i] = (line[i] - ' ') & 63
			}
		}
		three := []byte{q[0]<<2 | q[1]>>4, q[1]<<4 | q[2]>>2, q[2]<<6 | q[3]}
		out = append(out, three[:min(3, want)]...)
		want -= 3
		line = line[min(4, len(line)):]
	}
	return out
}

// decodedSize tells how long a body is when decoded, without decoding it.
func decodedSize(encoding string, raw []byte) int {
	if encoding != "base64" {
		return len(raw)
	}
	letters := 0
	for _, c := range raw {
		if isBase64(c) {
			letters++
		}
	}
	return letters * 3 / 4
}
