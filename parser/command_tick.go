package parser

import (
	"regexp"
	"strings"
	"unicode"
)

const aTick = `(?:\[[\s\x{a0}]*(?:[xXхХ]{1,3}|[vV✓✔√*]|[Dd]one|DONE|[Oo]k|OK|[Yy]es)[\s\x{a0}]*\]|[☑☒✅✓✔])`

// A box counts as ticked with whatever people put into it: keyboards have an x
// of their own in Cyrillic, and some tick with a v.
var (
	tickMark = regexp.MustCompile(`^` + aTick)
	someTick = regexp.MustCompile(aTick)
	openBox  = regexp.MustCompile(`^(?:\[[\s_]*\]|☐)`)
)

// tickedBoxes reads the boxes that were ticked in the quoted letter. Links
// behind the title are the evidence, also where they were broken onto the next
// line. A link that the letter showed itself is known to package agenda.
func tickedBoxes(quoted string) []Command {
	if !someTick.MatchString(quoted) {
		return nil // nearly always, and quicker than a look at each line
	}
	var ticked []Command
	open := false // the title of the last ticked box may go on
	for _, raw := range firstLevel(quoted) {
		line := strings.TrimFunc(strings.TrimLeft(strings.Map(visible, raw), " *•-|"), unicode.IsSpace)
		tick := tickMark.FindString(line)
		if tick == "" {
			if open = open && continuesTitle(line); open {
				last := &ticked[len(ticked)-1]
				last.Argument = strings.TrimSpace(last.Argument + " " + firstLink(tidyLinks(line)))
			}
			continue
		}
		ids, rest := leadingIDs(strings.Trim(line[len(tick):], " *_"))
		if open = len(ids) == 1; open {
			ticked = append(ticked, Command{Verb: "done", IDs: ids, Argument: firstLink(tidyLinks(rest)), Line: line})
		}
	}
	return ticked
}

// continuesTitle says whether a line below a ticked box can be the end of its
// title: a link, alone or behind the last words.
func continuesTitle(line string) bool {
	return strings.Contains(line, "://") && !openBox.MatchString(line) && !offers(line, "")
}

// firstLevel returns the lines of the letter that was quoted, without what was
// quoted in that: it was answered then.
func firstLevel(quoted string) []string {
	p := newProse(afterAttribution(quoted))
	end := len(p.lines)
	if marks := p.findMarks(); len(marks) > 0 {
		end = marks[0].first
	}
	var lines []string
	for i := range end {
		if p.depth(i) == 0 {
			lines = append(lines, p.raw(i))
		}
	}
	return lines
}

// afterAttribution drops the attribution that Apple Mail quotes with the letter.
func afterAttribution(quoted string) string {
	p := newProse(quoted)
	marks := p.findMarks()
	if len(marks) == 0 {
		return quoted
	}
	for i := range marks[0].first {
		if !p.blank(i) {
			return quoted
		}
	}
	return p.text[p.lines[marks[0].last].end:]
}
