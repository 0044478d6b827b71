package minutes

import (
	"bytes"
	"strings"
)

// Looks reports whether a text is the minutes of a call at all, by its subject
// and by what stands at the start of its lines. It is careful: ordinary mail,
// answers and forwards never are, as nobody wants a record of every thread. It
// is cheap, too: one pass over the lines, without reading them as minutes.
func Looks(text []byte, subject string) bool {
	kind := subjectKind(subject)
	if kind == forwarded {
		return false
	}
	seen := signals(text)
	switch {
	case seen.quoted > seen.lines/3:
		return false
	case kind == answered:
		return seen.dated > 0 && seen.heads > 0 && seen.marked+seen.labels >= 2
	case kind == named:
		return seen.marked+seen.labels+seen.heads >= 1
	}
	return seen.dated > 0 && (seen.labels >= 2 || seen.labels+seen.marked >= 2 && seen.heads > 0) || seen.labels >= 3 && seen.marked > 0
}

// subjects that decide by themselves.
const (
	plainSubject = iota
	named        // says that these are minutes
	answered
	forwarded
)

var answers = [...]string{"re:", "aw:", "sv:", "antw:", "ant:", "rép:", "rif:", "re :", "odp:", "vs:"}
var forwards = [...]string{"fw:", "fwd:", "wg:", "tr:", "i:", "rv:", "enc:", "doorst:", "fwd :"}
var minutesWords = [...]string{"minutes", "meeting notes", "call notes", "notes from", "protokoll", "compte rendu", "compte-rendu", "procès-verbal", "acta de", "acta reunión",
	"verbale", "ata de", "notulen", "mötesprotokoll", "referat", "meeting record"}

func subjectKind(subject string) int {
	low := strings.ToLower(strings.TrimSpace(subject))
	for _, p := range forwards {
		if strings.HasPrefix(low, p) {
			return forwarded
		}
	}
	for _, p := range answers {
		if strings.HasPrefix(low, p) {
			return answered
		}
	}
	for _, w := range minutesWords {
		at := strings.Index(low, w)
		if at >= 0 && !(at > 1 && w == "minutes" && amount(low[:at])) {
			return named
		}
	}
	return plainSubject
}

// amount reports whether what stands before "minutes" counts them.
func amount(before string) bool {
	before = strings.TrimSpace(before)
	last := before[strings.LastIndexByte(before, ' ')+1:]
	switch last {
	case "few", "five", "ten", "fifteen", "twenty", "thirty", "some", "two", "three", "last", "spare":
		return true
	}
	return last != "" && digitAt(last, len(last)-1)
}

// seen counts what minutes are made of.
type seen struct {
	lines, quoted int
	dated         int // headings or lines that are a date
	heads         int // headings
	labels        int // "Attendees", "Action items", "Decisions", "Agenda"
	marked        int // lines with a marker
}

// maxLooked is how much of a text decides.
const maxLooked = 64 << 10

func signals(text []byte) seen {
	var s seen
	text = text[:min(len(text), maxLooked)]
	for len(text) > 0 {
		line := text
		if end := bytes.IndexByte(text, '\n'); end >= 0 {
			line, text = text[:end], text[end+1:]
		} else {
			text = nil
		}
		line = bytes.TrimSpace(line)
		if len(line) == 0 {
			continue
		}
		s.lines++
		if line[0] == '>' {
			s.quoted++
			continue
		}
		s.line(line)
	}
	return s
}

// line looks at one line. Most lines of ordinary mail are long or end like a
// sentence and are done with at once.
func (s *seen) line(line []byte) {
	body := bytes.TrimLeft(line, "#*-_~[ \t")
	head := len(line) > 1 && line[0] == '#' && (line[1] == '#' || line[1] == ' ')
	if head {
		s.heads++
	}
	if len(body) == 0 {
		return
	}
	if len(line) <= maxLabel {
		text := string(body)
		if head || len(text) < 48 {
			if d, ok := dateIn(text); ok && (head && dominates(text, d) || d.start < 2 && len(text) < 40) {
				s.dated++
			}
		}
		if label := strings.TrimRight(text, "*_: "); label != "" && len(label) < len(text)+1 {
			s.label(text, head || len(label) < len(text))
		}
	}
	if c := body[0] | 0x20; c == 'a' || c == 't' || c == 'd' || c == 'r' || c == 'c' {
		if m, ok := markerAt(string(line[:min(len(line), 120)])); ok && m.word <= isDecision && m.rest != "" {
			s.marked++
		} else if m, ok := markerAt(strings.TrimLeft(string(line[:min(len(line), 120)]), "-* ")); ok && m.word <= isDecision && m.rest != "" {
			s.marked++
		}
	}
}

func (s *seen) label(text string, sure bool) {
	if head, ok := runIn(text); ok {
		text = head
	} else if !sure {
		return
	}
	switch kindOf(text, true) {
	case actions, prior, open, decisions, attendees, absent, scribe, agenda:
		s.labels++
	}
}
