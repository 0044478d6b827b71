package cli

import (
	"fmt"
	"io"
	"strings"
	"unicode"
)

// escaping writes text to a terminal so that nothing in it can act on the
// terminal: people's mail may hold control sequences that retitle windows, type
// keys or hide text (bidirectional marks).
type escaping struct{ w io.Writer }

// Write shows each control character but tab and line break as its number, and
// bytes that are no UTF-8 as the replacement character: C1 controls are among them.
func (e escaping) Write(text []byte) (int, error) {
	var out strings.Builder
	for _, r := range string(text) {
		if actsOnTerminal(r) {
			fmt.Fprintf(&out, "\\u%04x", r)
		} else {
			out.WriteRune(r)
		}
	}
	_, err := io.WriteString(e.w, out.String())
	return len(text), err
}

// actsOnTerminal holds for the controls C0 and C1 and for format characters
// other than the joiners that emoji and some scripts need.
func actsOnTerminal(r rune) bool {
	if r == '\n' || r == '\t' || r == '\u200c' || r == '\u200d' {
		return false
	}
	return unicode.IsControl(r) || unicode.Is(unicode.Cf, r)
}
