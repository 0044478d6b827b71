package parser

import "strings"

// isFlowed says whether the lines of a text were wrapped by its program and
// are to be joined again (RFC 3676). Those of a file stand as in the file,
// though some programs name it flowed as they do their own text.
func (p *part) isFlowed() bool {
	return p.filename == "" && p.disposition != "attachment" && p.mediaType == "text/plain" && strings.EqualFold(p.params["format"], "flowed")
}

// unflow joins the lines that a program wrapped: those that end in a blank,
// with the next one of the same quote depth. Where delsp is set that blank
// was put there with the break. A signature's "-- " is a line of its own
// (RFC 3676 section 4.3), and a change of depth ends a paragraph, flowed or
// not (section 4.5).
func unflow(text string, delsp bool) string {
	if !strings.Contains(text, " \n") && !strings.HasPrefix(text, " ") && !strings.Contains(text, "\n ") {
		return text
	}
	var out strings.Builder
	out.Grow(len(text))
	open, depth := false, 0
	for line := range strings.Lines(text) {
		line, ended := strings.CutSuffix(line, "\n")
		marks, said := cutFlowMarks(line)
		delimits := said == "-- "
		// A blank line was meant, though the line above ends in a blank.
		if open && (marks != depth || delimits || said == "") {
			out.WriteByte('\n')
			open = false
		}
		if !open {
			writeFlowMarks(&out, marks, said)
		}
		depth = marks
		open = ended && !delimits && strings.HasSuffix(said, " ")
		if open && delsp {
			said = said[:len(said)-1]
		}
		out.WriteString(said)
		if ended && !open {
			out.WriteByte('\n')
		}
	}
	return out.String()
}

// cutFlowMarks counts the quote marks of a line and takes off the blank that
// keeps a line from looking like something else (section 4.4). Some programs
// write blanks between the marks, against the rules.
func cutFlowMarks(line string) (marks int, said string) {
	for strings.HasPrefix(line, ">") {
		marks++
		line = line[1:]
		if strings.HasPrefix(line, " >") {
			line = line[1:]
		}
	}
	return marks, strings.TrimPrefix(line, " ")
}

func writeFlowMarks(out *strings.Builder, marks int, said string) {
	for range marks {
		out.WriteByte('>')
	}
	if marks > 0 && said != "" {
		out.WriteByte(' ')
	}
}
