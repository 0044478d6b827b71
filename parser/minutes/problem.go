package minutes

import (
	"strings"
	"unicode/utf8"
)

// Codes of Problem.
const (
	badUTF8       = "invalid-utf8"
	bracketLink   = "link-closed-by-bracket"
	openStrike    = "strike-without-end"
	unsureDate    = "date-two-ways"
	noDate        = "no-date"
	openFence     = "fence-without-end"
	noDateDetail  = "no date was found, neither in the text nor in the name of the file"
	openStrikeHow = "the strike has no end; all of the line counts as struck"
)

// oddRows notes what is odd about the bytes of lines.
func (r *reader) oddRows(text []byte) {
	if !utf8.Valid(text) {
		for i, line := range strings.Split(strings.ReplaceAll(string(text), "\r\n", "\n"), "\n") {
			if !utf8.ValidString(line) {
				r.problem(i+1, badUTF8, "not UTF-8; what could not be read is shown as \uFFFD")
				break // one is enough to send somebody looking
			}
		}
	}
	for _, row := range r.rows {
		if row.shape != code && (strings.HasPrefix(row.text, "```") || strings.HasPrefix(row.text, "~~~")) {
			r.problem(row.n, openFence, "a block of code begins and never ends; the lines below were read as minutes")
		}
	}
}

// oddText notes what is odd about the text of a node.
func (r *reader) oddText(n *node) {
	if at := strings.Index(n.text, "]("); at >= 0 && strings.HasSuffix(strings.TrimRight(n.text, " "), "]") {
		end := strings.IndexAny(n.text[at+2:], ")]")
		if end >= 0 && n.text[at+2+end] == ']' {
			r.problem(n.n, bracketLink, "the link is closed by ] and not by ); it was read all the same")
		}
	}
	if n.marked && n.mark.struck && !strings.Contains(n.mark.rest, "~~") {
		r.problem(n.n, openStrike, openStrikeHow)
	}
}

// oddDate notes a meeting without a date, or with one that could be another.
func (r *reader) oddDate(line int, d found) {
	switch {
	case r.meeting.Date == "":
		r.problem(line, noDate, noDateDetail)
	case d.unsure:
		r.problem(line, unsureDate, "could be read two ways and was taken for "+d.day.Format("2 January 2006")+"; 2017-01-30 is always clear")
	}
}
