package parser

import (
	"regexp"
	"strings"
)

// letterFoot begins the last lines of each letter of ours. Where it stands among
// somebody's own words, a letter was pasted there or quoted without marks.
const letterFoot = "You get this because"

// letterLine is a line that only our letters have: a heading, an entry with its
// box or with its id set off, a ready answer, or what some begin with. The others
// begin with a sentence that is no command and go on with one of these; a test of
// package digest holds every letter against it.
var letterLine = regexp.MustCompile(`^\s*(?:(?:\[[\s\x{a0}]?\]|☐)\s*[AT]-\d|->|[AT]-\d+(?:[ \x{a0}]{2,}|\x{2002}|\t)\S|You get this because)` +
	`|^(?:Was it you,|Please look when you can|.*Everything else goes on\.$|The call starts in|The minutes are corrected|Do you have notes of|Here is what you asked|Nothing is changed yet|Nothing came in, so|There is no call on this day|Taken back, as if|That is done, thank you\.|.*\b\d{1,2}:\d\d to \d{1,2}:\d\d in )` +
	`|^(?:Yours|Pinned|Carried over|New|Stuck|Waits? for a member|Changed|Taking the minutes|Next call|Keep the call|Please look at|Read in your minutes|Actions outside|Not read|` +
	`Decided|Discussed|Back (?:on|next)|New actions|Closed|Still open|Looking for an owner|No longer in|Taken back|Not understood|What you can|How to write|Since the|Found:)\b[^.]*$`)

// letterBegins returns the first line that belongs to a letter of ours which
// stands among somebody's own words, or how many lines there are. What stands
// above it is theirs, but for the sentence that the letter begins with.
func letterBegins(reply string, lines []string) int {
	if strings.Contains(reply, letterFoot) {
		for i, line := range lines {
			if letterLine.MatchString(strings.TrimRight(line, " \r")) {
				return i
			}
		}
	}
	return len(lines)
}
