package cli

import (
	"bytes"
	"fmt"
	"io"
	"unicode"
	"unicode/utf8"
)

// escaping writes text to a terminal so that nothing in it can act on the
// terminal: people's mail may hold control sequences that retitle windows, type
// keys or hide text (bidirectional marks).
type escaping struct{ w io.Writer }

// Write shows each control character but tab and line break as its number.
func (e escaping) Write(text []byte) (int, error) {
	_, err := e.w.Write(bytes.Join(escape(text), nil))
	return len(text), err
}

// escape returns text in pieces: as it is, or as the number of what may not pass.
func escape(text []byte) [][]byte {
	var pieces [][]byte
	start := 0
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if actsOnTerminal(r) || r == utf8.RuneError && size == 1 {
			pieces = append(pieces, text[start:i], fmt.Appendf(nil, "\\x%02x", text[i:i+size]))
			start = i + size
		}
		i += size
	}
	return append(pieces, text[start:])
}

// actsOnTerminal holds for the controls C0 and C1 and for format characters
// other than the joiners that emoji and some scripts need.
func actsOnTerminal(r rune) bool {
	if r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
