package minutes

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// mark is a marker found in a line: "**[Action item 1]:**", "AI (kim):", "#agreed".
type mark struct {
	name    string // as written, without brackets and emphasis
	word    word
	plural  bool   // "Actions: …" often only names who has some
	prior   bool   // "Pending action:", "Last week's AI:"
	owner   string // inside the marker: "AI (kim):"
	speaker string // before it: "[kim] AI:"
	struck  bool   // "~~" opened before the marker
	tracked bool   // "ACTION-12": has a number in a tracker
	rest    string // the sentence behind it
	state   string // "[PENDING] ACTION: …"
	midline bool
}

// word is what a marker's word marks.
type word int

const (
	isAction word = iota + 1
	isShort       // AI, AP, AR: needs more than the word alone
	isDecision
	isProposal
)

var markers = map[string]word{
	"action": isAction, "actions": isAction, "todo": isAction, "todos": isAction, "to-do": isAction, "aktion": isAction, "aufgabe": isAction,
	"acción": isAction, "accion": isAction, "tarea": isAction, "tâche": isAction, "azione": isAction, "actie": isAction, "actiepunt": isAction,
	"maßnahme": isAction, "massnahme": isAction, "ação": isAction, "actionitem": isAction, "task": isShort,
	"ai": isShort, "ais": isShort, "ap": isShort, "ar": isShort, "next": isShort, "follow-up": isShort, "followup": isShort,
	"agreed": isDecision, "agreement": isDecision, "decision": isDecision, "decided": isDecision, "resolved": isDecision,
	"resolution": isDecision, "consensus": isDecision, "approved": isDecision, "beschluss": isDecision, "beschluß": isDecision, "entscheidung": isDecision,
	"décision": isDecision, "decisión": isDecision, "acuerdo": isDecision, "decisione": isDecision, "besluit": isDecision, "accepted": isDecision,
	"proposed": isProposal, "proposal": isProposal, "vorschlag": isProposal,
}

// behind are words that belong to a marker's word.
var behind = set("item items point points required needed request step steps")

// before are words in front of a marker's word: true where they say that the
// action is an earlier one.
var before = map[string]bool{"pending": true, "previous": true, "last": true, "week's": true, "weeks": true, "week’s": true, "meeting's": true,
	"meeting’s": true, "prior": true, "old": true, "outstanding": true, "past": true, "open": true, "existing": true, "ongoing": true, "earlier": true,
	"carried-over": true, "offene": true, "new": false, "key": false, "follow-up": false, "#": false}

// markerIn finds a marker at the start of a text, behind the name of who spoke,
// behind the end of a sentence, or in brackets at the end.
func markerIn(s string) (mark, bool) {
	if m, ok := markerAt(s); ok {
		return m, true
	}
	if m, ok := spokenMarker(s); ok {
		return m, true
	}
	if m, ok := lastMarker(s); ok {
		return m, true
	}
	return midMarker(s)
}

// markerAt reads a marker at the very start of a text.
func markerAt(s string) (mark, bool) {
	m := mark{}
	s = m.status(s)
	c := cursor{s: s}
	c.open()
	m.struck = c.struck
	if c.ticked {
		m.state = "done"
	}
	start := c.i
	if !c.word(&m) {
		return m, false
	}
	m.name = strings.TrimSpace(c.s[start:c.i])
	closed := c.close()
	m.owner = c.owner()
	closed = c.close() || closed
	sep := c.separator()
	if sep {
		c.close()
	}
	if strings.HasPrefix(c.s[c.i:], "</") { // "<b>ACTION:</b>"
		c.i += tagWidth(c.s[c.i:])
	}
	m.rest = c.finish()
	return m, m.convincing(sep, closed || c.hash)
}

// status takes "[NEW]", "[PENDING]" and "[DONE]" off, which W3C's minutes put in
// front of actions in their summary.
func (m *mark) status(s string) string {
	if s == "" || s[0] != '[' {
		return s
	}
	end := strings.IndexByte(s[:min(len(s), 14)], ']')
	if end < 0 {
		return s
	}
	switch state := strings.ToLower(s[1:end]); state {
	case "new", "pending", "done", "dropped", "closed", "ongoing", "continued", "unknown":
		m.state = state
		m.prior = state != "new"
		return strings.TrimSpace(s[end+1:])
	}
	return s
}

// convincing says whether the signs around a word make it a marker. Without a
// colon or dash a word needs brackets, emphasis, capitals or an owner.
func (m *mark) convincing(sep, closed bool) bool {
	shouted := m.name == strings.ToUpper(m.name) && len(m.name) > 3 && m.rest != "" && strings.IndexByte(".,;!?)/", m.rest[0]) < 0 &&
		!noMarker[strings.ToLower(strings.TrimRight(firstWord(m.rest), ":s"))]
	switch {
	case m.word == isShort && strings.EqualFold(m.name, "next"):
		return false
	case sep:
		return m.word != isShort || m.name != strings.ToLower(m.name)
	case m.owner != "":
		return m.rest != ""
	case m.word == isShort:
		return closed && m.rest != ""
	case closed:
		return m.rest != ""
	case m.word == isAction:
		return shouted || bareAction(m.rest)
	case m.word == isDecision:
		return shouted
	}
	return false
}

// noMarker are words that make another thing of "TODO" or "ACTION" before them.
var noMarker = set("list item comment section log plan board tracker file")

// bareAction takes "Action write it up - Kostas", written in haste without a
// colon: it needs an owner at its end, or "to" behind a name.
func bareAction(rest string) bool {
	at := strings.LastIndex(rest, " - ")
	if at > 0 && isName(strings.TrimSpace(rest[at+3:])) && letterAt(rest) && rest[0] >= 'a' {
		return true
	}
	for _, dash := range [...]string{" - ", " – ", " — "} { // "Action Kim - book a room"
		if who, what, ok := strings.Cut(rest, dash); ok && isNames(who) && what != "" {
			return true
		}
	}
	who, verb, _ := strings.Cut(rest, " to ")
	return verb != "" && isName(who) && !strings.Contains(who, " ")
}

// cursor walks over a marker and keeps in mind what it has opened.
type cursor struct {
	s      string
	i      int
	opened []string // emphasis and brackets that wait for their end
	struck bool
	hash   bool
	ticked bool
}

var decorations = [...]string{"~~", "**", "__", "*", "_", "`", "[", "(", `\[`}

func (c *cursor) open() {
next:
	for c.i < len(c.s) && len(c.opened) < 6 {
		rest := c.s[c.i:]
		for _, d := range decorations {
			if strings.HasPrefix(rest, d) {
				c.struck = c.struck || d == "~~"
				c.opened = append(c.opened, d)
				c.i += len(d)
				continue next
			}
		}
		if rest[0] == '<' {
			if n := tagWidth(rest); n > 0 {
				c.i += n
				continue
			}
		}
		switch r, size := utf8.DecodeRuneInString(rest); {
		case r == '#' && c.i == 0 && len(rest) > 1 && letterAt(rest[1:]):
			c.hash = true
			c.i++
		case r == ' ' && c.i > 0, r == '→', r == '➡', r == '⇒', r == '👉', r == '➔', r == '\ufe0f', r == '📌', r == '⚡', r == '🎯':
			c.i += size
		case r == '✅' || r == '✔' || r == '☑':
			c.ticked = true
			c.i += size
		case r >= 0x2000 && unicode.IsSymbol(r): // "❗ Action: …"
			c.i += size
		case strings.HasPrefix(rest, "=> "), strings.HasPrefix(rest, "-> "):
			c.i += 3
		default:
			return
		}
	}
}

// word reads the words of a marker: "Pending action item 3".
func (c *cursor) word(m *mark) bool {
	if strings.HasPrefix(c.s[c.i:], "A/I") || strings.HasPrefix(c.s[c.i:], "A.I") {
		m.word, c.i = isShort, c.i+len("A/I")
		c.more(m)
		return true
	}
	for n := 0; n < 3; n++ {
		w, end := c.next()
		if w == "" {
			return false
		}
		if k := markers[w]; k != 0 {
			m.word, c.i = k, end
			m.plural = strings.HasSuffix(w, "s") && k != isDecision
			c.more(m)
			return true
		}
		if w == "to" && strings.HasPrefix(strings.ToLower(c.s[end:]), " do") && !letterAt(c.s[min(len(c.s), end+3):]) {
			m.word, c.i = isAction, end+3
			c.more(m)
			return true
		}
		past, known := before[w]
		if !known || end >= len(c.s) || c.s[end] != ' ' {
			return false
		}
		m.prior = m.prior || past
		c.i = end + 1
	}
	return false
}

// next is the word at the cursor in small letters, and where it ends.
func (c *cursor) next() (string, int) {
	i := c.i
	for i < len(c.s) && i < c.i+16 && (letterAt(c.s[i:]) || i > c.i && (c.s[i] == '\'' || c.s[i] == '-' && letterAt(c.s[i+1:]))) {
		i += max(1, letterWidth(c.s[i:]))
	}
	if i == c.i || i >= c.i+16 {
		return "", i
	}
	return strings.ToLower(c.s[c.i:i]), i
}

// more reads what may follow the word: "item", "required", "12".
func (c *cursor) more(m *mark) {
	defer c.plural()
	for n := 0; n < 2 && c.i < len(c.s) && c.s[c.i] == ' '; n++ {
		here := c.i
		c.i++
		w, end := c.next()
		if !behind[w] {
			c.i = here
			break
		}
		m.plural = strings.HasSuffix(w, "s")
		c.i = end
	}
	for _, from := range [...]string{" from last", " from the last", " from previous", " from the previous"} {
		if end := strings.IndexByte(c.s[c.i:min(len(c.s), c.i+50)], ':'); end > 0 && strings.HasPrefix(c.s[c.i:], from) {
			m.prior = true
			c.i += end
			return
		}
	}
	i := c.i
	if i < len(c.s) && (c.s[i] == ' ' || c.s[i] == '-' || c.s[i] == '#') {
		i++
	}
	if i < len(c.s) && c.s[i] == '#' {
		i++
	}
	start := i
	for digitAt(c.s, i) {
		i++
	}
	if i > start && i-start <= 5 && !wordAt(c.s, i) {
		m.tracked = c.s[start-1] == '-'
		c.i = i
	}
}

// plural skips the "(s)" of "Action item(s):".
func (c *cursor) plural() {
	if strings.HasPrefix(c.s[c.i:], "(s)") {
		c.i += len("(s)")
	}
}

// close consumes ends of what was opened, and reports whether there was any.
func (c *cursor) close() bool {
	any := false
	for len(c.opened) > 0 && c.i < len(c.s) {
		last := c.opened[len(c.opened)-1]
		end := last
		switch last {
		case "[":
			end = "]"
		case "(":
			end = ")"
		case `\[`:
			end = `\]`
		}
		rest := c.s[c.i:]
		trimmed := strings.TrimLeft(rest, " ")
		if !strings.HasPrefix(trimmed, end) || last == "~~" {
			break
		}
		c.i += len(rest) - len(trimmed) + len(end)
		c.opened = c.opened[:len(c.opened)-1]
		any = true
	}
	return any
}

// owner reads who is named inside the marker: "AI (kim):", "ACTION[kim]:",
// "AI @kim", "Action on Kim:", "AP Kim, Lee:", and leaves out ", related".
func (c *cursor) owner() string {
	rest := c.s[c.i:]
	t := strings.TrimLeft(rest, " ")
	if t == "" {
		return ""
	}
	lead := len(rest) - len(t)
	if who, end := c.inside(t); end > 0 {
		c.i += lead + end
		return who
	}
	switch t[0] {
	case '(', '[', '<', '{':
		end := strings.IndexAny(t[:min(len(t), 60)], ")]>}")
		if end < 0 || strings.HasPrefix(t[end+1:], "(") || t[0] == '[' && lead > 0 && !isName(t[1:end]) {
			return ""
		}
		c.i += lead + end + 1
		return strings.TrimSpace(t[1:end])
	case '@':
		end := strings.IndexAny(t+" ", " :,")
		c.i += lead + end
		return t[:end]
	case ',', '/':
		if at := strings.IndexByte(t[:min(len(t), 30)], ':'); at > 0 {
			c.i += lead + at
		}
		return ""
	}
	at := strings.IndexAny(t[:min(len(t), 50)], ":")
	if at <= 0 || lead == 0 && len(c.opened) == 0 {
		return ""
	}
	who := strings.Trim(t[:at], " *_-–")
	for _, by := range [...]string{"on ", "for ", "by ", "to "} {
		if rest := who[min(len(who), len(by)):]; strings.EqualFold(who[:min(len(who), len(by))], by) && isNames(rest) {
			c.i += lead + at
			return rest
		}
	}
	if isNames(who) && who[0] >= 'A' {
		c.i += lead + at
		return who
	}
	return ""
}

// inside reads the names of "[AI Kim]" and "[ACTION: Kim]", up to the bracket
// that is still open, and where they end.
func (c *cursor) inside(t string) (who string, end int) {
	if len(c.opened) == 0 || c.opened[len(c.opened)-1] != "[" {
		return "", 0
	}
	end = strings.IndexByte(t[:min(len(t), 50)], ']')
	if end <= 0 {
		return "", 0
	}
	who = strings.TrimLeft(t[:end], ":-–— ")
	for _, by := range [...]string{"on ", "for ", "by "} {
		who = strings.TrimPrefix(who, by)
	}
	if !isNames(who) {
		return "", 0
	}
	return who, end
}

var separators = [...]string{":", "：", "--", "->", "=>", "→", "—", "–", "-", "|"}

func (c *cursor) separator() bool {
	rest := c.s[c.i:]
	t := strings.TrimLeft(rest, " \t")
	for _, sep := range separators {
		after, ok := strings.CutPrefix(t, sep)
		if !ok {
			continue
		}
		if sep == "-" && (len(rest) == len(t) && !strings.HasPrefix(after, " ") || after != "" && after[0] != ' ' && len(rest) == len(t)) {
			return false
		}
		c.i += len(rest) - len(after)
		return true
	}
	return false
}

// finish is the sentence behind the marker, without the ends of emphasis that
// was opened before it. The end of a strike stays, it says where the tail begins.
func (c *cursor) finish() string {
	rest := strings.TrimSpace(c.s[c.i:])
	for len(c.opened) > 0 {
		last := c.opened[len(c.opened)-1]
		c.opened = c.opened[:len(c.opened)-1]
		if last == "~~" {
			continue
		}
		switch last {
		case "[", `\[`:
			last = "]"
		case "(":
			last = ")"
		}
		if at := strings.LastIndex(rest, last); at >= 0 {
			rest = strings.TrimSpace(rest[:at] + rest[at+len(last):])
		}
	}
	rest = strings.TrimPrefix(rest, "- ")
	return strings.TrimSpace(rest)
}

// spokenMarker takes "Kim: ACTION: …" and "[kim] AI: …".
func spokenMarker(s string) (mark, bool) {
	who, rest := speakerOf(s)
	if who == "" {
		return mark{}, false
	}
	m, ok := markerAt(rest)
	if !ok || m.word == isProposal {
		return m, false
	}
	m.speaker = who
	return m, true
}

// speakerOf cuts "Kim: …", "[kim] …", "(KW) …", "**Kim**: …" into who and what.
func speakerOf(s string) (who, what string) {
	if s == "" {
		return "", s
	}
	s = strings.ReplaceAll(strings.TrimPrefix(s, `\`), `\]`, "]")
	if end := strings.IndexAny(s[:min(len(s), 40)], "])"); end > 1 && (s[0] == '[' || s[0] == '(') {
		if who := s[1:end]; (isNames(who) || who == strings.ToLower(who) && !strings.Contains(who, " ") && !states[who]) && strings.HasPrefix(s[end+1:], " ") {
			return who, strings.TrimSpace(s[end+1:])
		}
		return "", s
	}
	head, ok := runIn(s)
	if !ok {
		return "", s
	}
	name := strings.Trim(head, "*_ ")
	if !isNames(name) {
		return "", s
	}
	return name, strings.TrimSpace(strings.TrimLeft(s[len(head)+1:], "*_"))
}

// maxTries bounds the places in one line where a marker is looked for.
const maxTries = 20

// midMarker takes "… subset of the code. **Action: Discuss with Doug**": a
// marker behind the end of a sentence, or one that emphasis or brackets set off.
func midMarker(s string) (mark, bool) {
	from := 0
	for n := 0; n < maxTries; n++ {
		at := nextCapital(s, from)
		if at < 0 {
			break
		}
		from = at + 1
		front := strings.TrimRight(s[:at], "*_[( \\~")
		set := front != "" && len(front) < at
		if !set || s[at-1] == ' ' && strings.IndexByte(".;!?)>-:", front[len(front)-1]) < 0 {
			continue
		}
		m, ok := markerAt(strings.TrimLeft(s[len(front):], " )"))
		signed := strings.ContainsAny(s[at:min(len(s), at+40)], ":])→")
		if ok && signed && m.word != isProposal && m.rest != "" {
			m.midline = true
			return m, true
		}
	}
	return mark{}, false
}

// capitals are the beginnings of markers within a line, where they are written
// with a capital.
var capitals = [...]string{"Ac", "AC", "AI", "AP", "AG", "Ag", "TODO", "DECISION", "RESOLVED"}

// nextCapital is the next place where a marker's word could begin.
func nextCapital(s string, from int) int {
	for i := from; i < len(s); i++ {
		if c := s[i]; c != 'A' && c != 'T' && c != 'D' && c != 'R' || wordAt(s, i-1) {
			continue
		}
		for _, w := range capitals {
			if strings.HasPrefix(s[i:], w) {
				return i
			}
		}
	}
	return -1
}

// lastMarker takes "Write the spec (AI: Kim)".
func lastMarker(s string) (mark, bool) {
	t := strings.TrimRight(s, " .*_")
	if !strings.HasSuffix(t, ")") && !strings.HasSuffix(t, "]") {
		return mark{}, false
	}
	at := strings.LastIndexAny(t[:len(t)-1], "([")
	if at <= 0 || len(t)-at > 50 {
		return mark{}, false
	}
	inner := t[at+1 : len(t)-1]
	if word := markers[strings.ToLower(inner)]; inner == strings.ToUpper(inner) && (word == isAction || word == isShort) { // "Kim to ask legal [AI]"
		return mark{name: inner, word: isAction, rest: strings.TrimSpace(strings.TrimRight(t[:at], "*_ "))}, true
	}
	m, ok := markerAt(inner + " ")
	if !ok || m.word != isAction && m.word != isShort {
		name, rest, _ := strings.Cut(inner, " ")
		if k := markers[strings.ToLower(name)]; k != isAction && !(k == isShort && name == strings.ToUpper(name)) || !isNames(rest) {
			return mark{}, false
		}
		m = mark{name: name, word: isAction, rest: rest}
	}
	if m.owner == "" {
		m.owner = m.rest
	}
	if !isNames(strings.TrimPrefix(m.owner, "@")) {
		return mark{}, false
	}
	m.rest = strings.TrimSpace(t[:at])
	return m, m.rest != ""
}
