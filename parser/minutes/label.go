package minutes

import "strings"

// kind is what a heading or label says that the lines under it are.
type kind int

const (
	none       kind = iota
	actions         // promises
	prior           // promises of an earlier meeting, reviewed
	open            // "Open actions": a review, unless it ends the minutes
	restated        // "Action items, by person": the same ones again
	decisions       // what was decided
	conclusion      // decisions, unless somebody "will"
	attendees       // who was there
	absent          // who was not
	chair           // who led; was there
	scribe          // who wrote
	dateline        // when
	venue           // where
	linked          // recording, agenda, documents
	agenda          // a list of topics, perhaps talked about further down
	notes           // the talk itself: its items are topics
	group           // "Notes", "Context" under a topic
	topical         // "Topic: …" of a chat log
	pinned          // items that stay on every agenda
	archive         // "Recent meeting notes": the meetings themselves
	upcoming        // for the next agenda
	rules           // code of conduct, antitrust policy and other standing text
)

// label is what a line says about the lines below it, or behind its colon.
type label struct {
	kind kind
	rest string // what follows the colon, with its markdown
}

// labelOf reads a heading, a bullet or a paragraph as a label.
func labelOf(n *node) label {
	link := n.shape != heading && strings.Contains(n.text, "://") // "[Agenda](https://…)" leads to one and is none
	if k := kindOf(n.text, n.shape == heading); k != none && !link {
		return label{kind: k}
	}
	head, ok := runIn(n.text)
	if !ok {
		return plusLabel(n.text)
	}
	rest := strings.TrimSpace(strings.TrimLeft(n.text[len(head)+1:], "*_"))
	k := kindOf(head, true)
	if k == none || rest == "" || rest[0] == '(' && rest[len(rest)-1] == ')' { // "Attendees: (please add yourself)"
		return label{kind: k}
	}
	if !withRest[k] || k == notes && n.shape != heading {
		return label{}
	}
	return label{kind: k, rest: rest}
}

// withRest are the labels that may have their content on the same line. Markers
// (actions, decisions) have rules of their own.
var withRest = map[kind]bool{attendees: true, absent: true, chair: true, scribe: true, dateline: true, venue: true,
	linked: true, topical: true}

// plusLabel reads the words that chat bots of the W3C and of IRC understand:
// "present+ kim", "#topic Budget", "Agendum 3. Budget".
func plusLabel(s string) label {
	word, rest, _ := strings.Cut(s, " ")
	k := none
	if len(word) <= 13 {
		k = bot[strings.ToLower(word)]
	}
	if k == none {
		return label{}
	}
	return label{kind: k, rest: strings.TrimSpace(rest)}
}

var bot = map[string]kind{"present+": attendees, "regrets+": absent, "scribe+": scribe, "chair+": chair, "scribenick:": scribe,
	"#topic": topical, "#subtopic": topical, "#startmeeting": topical, "#chair": chair, "#link": linked, "#meetingtopic": venue}

// maxLabel is the longest line that is still a label.
const maxLabel = 70

// kindOf finds out what a heading or the words before a colon announce.
// A bullet or paragraph needs the whole line to be the label.
func kindOf(s string, sure bool) kind {
	if s == "" || len(s) > maxLabel {
		return none
	}
	if !sure && s[len(s)-1] == '.' {
		return none
	}
	p := phrase(unbracketed(plain(s)))
	if p == "" {
		return none
	}
	k, whole := kinds[p]
	if !whole && strings.Count(p, " ") <= 7 {
		k = vocabulary(strings.Fields(p))
	}
	if k == actions && strings.ContainsAny(s, "([") && looksBack(s[strings.IndexAny(s, "(["):]) { // "Actions (carried over)"
		return prior
	}
	return k
}

// unbracketed drops a final "(5 min)" or "[10:00]" and a number in front.
func unbracketed(s string) string {
	t := strings.TrimRight(s, ": ")
	if at := strings.IndexAny(t, "(["); at > 0 && (t[len(t)-1] == ')' || t[len(t)-1] == ']') {
		s = t[:at]
	}
	return strings.TrimLeft(s, "0123456789.) ")
}

// vocabulary recognises labels that are put together from known words:
// "Action items / next steps", "Review of last week's action items".
func vocabulary(words []string) kind {
	if strings.HasSuffix(strings.Join(words, " "), "by person") {
		return restated
	}
	seen, leads, on := map[part]int{}, false, false
	for i, w := range words {
		p := parts[w]
		if p == 0 {
			return none
		}
		seen[p]++
		leads = leads || p == wordFollow && i == 0
		on = on || w == "on"
	}
	switch {
	case leads && !on && seen[wordPast] == 0: // "Follow-up actions" are new; an "action follow-up" looks back
		return actions
	case seen[wordAction] > 0 && (seen[wordPast] > 0 || seen[wordFollow] > 0):
		return prior
	case seen[wordAction] > 0 && seen[wordOpen] > 0:
		return open
	case seen[wordAction] > 0:
		return actions
	case seen[wordDecision] > 0 && seen[wordTalk] == 0:
		return decisions
	case seen[wordAbsent] > 0:
		return absent
	case seen[wordPeople] > 0 && seen[wordTalk] == 0:
		return attendees
	case seen[wordTalk] > 0:
		return notes
	}
	return none
}
