package minutes

import "strings"

// action makes a record of a line that is one: the sentence, who, whether
// done, by when, and the links.
func (r *reader) action(n *node, text string, m mark) Action {
	a := Action{Line: n.n, EndLine: n.end, Owners: []string{}, Links: urls(text), ResolvingLinks: []string{}, Marker: m.name}
	text = a.strike(text, m.struck)
	a.Done = a.Done || n.box == tickedBox
	text = a.opening(text)
	text = a.ending(text, r.people)
	a.ownersOf(&text, m, r.people)
	a.Text = strings.TrimSpace(text)
	a.carry()
	a.due(r.base)
	return a
}

// strike takes the struck sentence and keeps what follows it as the tail: a
// struck action is done, and links behind it say by what.
func (a *Action) strike(text string, opened bool) string {
	if !opened {
		rest, ok := strings.CutPrefix(text, "~~")
		if !ok {
			return text
		}
		text = rest
	}
	at := strings.LastIndex(text, "~~")
	if at > 0 && isNames(text[:at]) && len(strings.Fields(unlinked(text[at+2:]))) > 1 { // "~~Kim~~ Lee to write it"
		return strings.TrimSpace(text[at+2:])
	}
	a.Done = true
	if at < 0 {
		return text
	}
	a.Tail = strings.TrimSpace(text[at+2:])
	if a.Tail != "" {
		a.ResolvingLinks = urls(a.Tail)
		if note := strings.Trim(plain(unlinked(a.Tail)), " -–—:;,.()[]>"); note != "" {
			a.ResolutionNote = &note
		}
	}
	return strings.TrimSpace(text[:at])
}

var ticks = [...]string{"✅", "✔️", "✔", "☑️", "☑", "[done]", "[DONE]", "[Done]", "(done)", "(DONE)", "DONE:", "DONE -", "Done:", "[x]", "[X]", ":white_check_mark:"}

// opening takes off what stands in front of the sentence: blanks, a dash, a
// sign that it is done.
func (a *Action) opening(text string) string {
	text = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(text), "- "))
	if rest, ok := tickOf(text); ok {
		a.Done = true
		return rest
	}
	if rest, ok := strings.CutPrefix(text, "[ ]"); ok {
		return strings.TrimSpace(rest)
	}
	return text
}

// tickOf takes a sign that something is done off the front.
func tickOf(text string) (string, bool) {
	for _, t := range ticks {
		if rest, ok := strings.CutPrefix(text, t); ok {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

// states are words at the end of a line that say how an action stands.
var states = map[string]bool{"done": true, "closed": true, "completed": true, "complete": true, "finished": true, "resolved": true, "fixed": true,
	"erledigt": true, "fertig": true, "fait": true, "terminé": true, "hecho": true, "fatto": true, "feito": true, "gedaan": true, "merged": true,
	"todo": false, "to do": false, "open": false, "in progress": false, "pending": false, "ongoing": false, "wip": false, "not done": false,
	"not started": false, "offen": false, "en cours": false, "blocked": false, "pendiente": false}

// ending takes from the end of the sentence, one after the other, what is said
// about it: links in parentheses, "(Kim)", "- Kim", "(done)", "-> done.", "(due Friday)".
func (a *Action) ending(text string, people roster) string {
	if at := strings.LastIndex(text, "[recorded in"); at > 0 && strings.HasSuffix(strings.TrimSpace(text), "]") { // RRSAgent of the W3C
		text = text[:at]
	}
	for n := 0; n < 8; n++ {
		rest, ok := a.endLink(text)
		if !ok {
			rest, ok = a.endBracket(text, people)
		}
		if !ok {
			rest, ok = a.endDash(text, people)
		}
		if !ok {
			break
		}
		text = rest
	}
	return strings.TrimSpace(text)
}

// endLink takes a link off the end when it stands apart from the sentence: in
// parentheses or behind a dash.
func (a *Action) endLink(text string) (string, bool) {
	t := strings.TrimRight(text, " .")
	if !strings.HasSuffix(t, ")") && !strings.Contains(t[max(0, len(t)-300):], "://") {
		return text, false
	}
	spans := addresses(t)
	if len(spans) == 0 {
		return text, false
	}
	last := spans[len(spans)-1]
	behind, front := t[last.end:], strings.TrimRight(t[:last.start], " ")
	switch {
	case strings.Trim(behind, " )>") != "":
		return text, false
	case strings.HasSuffix(front, "(") && strings.HasPrefix(behind, ")"):
		front = strings.TrimRight(strings.TrimSuffix(front, "("), " -–")
	case strings.HasSuffix(front, " -"), strings.HasSuffix(front, " –"), strings.HasSuffix(front, " —"):
		front = strings.TrimRight(front, " -–—")
	default:
		return text, false
	}
	if front == "" {
		return text, false
	}
	a.Tail = strings.TrimSpace(strings.TrimPrefix(t[len(front):], " ") + " " + a.Tail)
	return front, true
}

// endBracket takes "(Kim)", "[Kim, Lee]", "(done)", "(todo)", "(done: note)", "(due Friday)".
func (a *Action) endBracket(text string, people roster) (string, bool) {
	t := strings.TrimRight(text, " .")
	if t == "" || t[len(t)-1] != ')' && t[len(t)-1] != ']' {
		return text, false
	}
	at := strings.LastIndexAny(t, "([")
	if at <= 0 || len(t)-at > 200 || t[at-1] == ']' {
		return text, false
	}
	inner, front := strings.TrimSpace(t[at+1:len(t)-1]), strings.TrimSpace(t[:at])
	if front == "" {
		return text, false
	}
	if done, known := states[phrase(inner)]; known {
		a.Done = a.Done || done
		return front, true
	}
	if word, note, ok := strings.Cut(inner, ":"); ok && states[phrase(word)] {
		note = strings.TrimSpace(note)
		a.Done, a.ResolutionNote = true, &note
		return front, true
	}
	if a.fields(inner, people) {
		return front, true
	}
	if len(a.Owners) == 0 && a.takeNames(inner, people) {
		return front, true
	}
	return text, false
}

// fields reads "Owner: Kim, due: Friday", "on Kim - due 2017-02-10", "due by Friday".
func (a *Action) fields(s string, people roster) bool {
	found := false
	for _, part := range strings.FieldsFunc(strings.ReplaceAll(s, " - ", ";"), func(c rune) bool { return c == ';' || c == ',' }) {
		part = strings.TrimSpace(part)
		word, rest, _ := strings.Cut(part, " ")
		name := strings.ToLower(strings.TrimRight(word, ":"))
		rest = strings.TrimSpace(rest)
		if head, behind, ok := strings.Cut(part, ":"); ok {
			name, rest = phrase(head), strings.TrimSpace(behind)
		}
		switch column(name) {
		case ownerColumn:
			found = a.takeNames(rest, people) || found
			continue
		case dueColumn:
			if rest != "" && a.DueText == nil {
				a.DueText = &rest
				found = true
			}
			continue
		}
		if name == "on" && isNames(rest) && rest != "" {
			found = a.takeNames(rest, people) || found
		} else if !found {
			return false
		} else {
			a.takeNames(part, people)
		}
	}
	return found
}

// endDash takes "- Kostas", "-> done.", "— @kim", "-- done".
func (a *Action) endDash(text string, people roster) (string, bool) {
	t := strings.TrimRight(text, " .")
	at, width := -1, 0
	for _, dash := range [...]string{" - ", " – ", " — ", " -- ", " -> ", " → ", " => ", " | "} {
		if i := strings.LastIndex(t[max(0, len(t)-80):], dash); i >= 0 && max(0, len(t)-80)+i > at {
			at, width = max(0, len(t)-80)+i, len(dash)
		}
	}
	if at < 0 {
		return text, false
	}
	inner, front := strings.TrimSpace(t[at+width:]), strings.TrimSpace(t[:at])
	if done, known := states[phrase(inner)]; known {
		a.Done = a.Done || done
		return front, front != ""
	}
	if words := strings.Fields(inner); a.DueText == nil && front != "" && len(words) > 0 && len(words) <= 4 && deadline("by", words) {
		a.DueText = &inner
		return front, true
	}
	if len(a.Owners) == 0 && front != "" && (a.takeNames(inner, people) || a.fields(inner, people)) {
		return front, true
	}
	return text, false
}

// takeNames makes owners of a list of names. All must be names; words in small
// letters only where somebody of that name is known.
func (a *Action) takeNames(s string, people roster) bool {
	parts := splitNames(s)
	if len(parts) == 0 || len(parts) > 12 {
		return false
	}
	for _, p := range parts {
		if !isName(p) && !people.knows(p) {
			return false
		}
	}
	for _, p := range parts {
		a.own(p)
	}
	return true
}

func (a *Action) own(name string) {
	name = strings.TrimPrefix(strings.Trim(plain(name), " .,:;()[]"), "@")
	if name == "" || nobody[strings.ToLower(name)] {
		return
	}
	for _, o := range a.Owners {
		if strings.EqualFold(o, name) {
			return
		}
	}
	a.Owners = append(a.Owners, name)
}

// deferrals are the words by which a text says that nothing was settled.
var deferrals = [...]string{"postponed", "postpone", "punt", "bumped to", "bump to", "deferred", "defer to", "revisit", "tabled", "carry over", "carried over",
	"discuss again", "discuss during", "discuss at", "discuss in the next", "discuss next", "moved to next", "move to next", "push to next", "followup when",
	"follow up when", "vertagt", "verschoben", "reporté", "aplazado"}

// carry finds out whether an action says that the topic comes back.
func (a *Action) carry() { a.CarryOver = carries(a.Text) }

func carries(text string) bool {
	low := phrase(text[:min(len(text), 40)])
	for _, d := range deferrals {
		if strings.HasPrefix(low, d) {
			return true
		}
	}
	if !strings.Contains(text, "need") && !strings.Contains(text, "Need") && !strings.Contains(text, "requir") && !strings.Contains(text, "Requir") {
		return false
	}
	return needsMore(phrase(text[:min(len(text), 2000)]))
}

var thinking = set("discussion research investigation thinking thought investigating discussing think discuss")

// needsMore recognises "needs more discussion", "requires investigation",
// "more research is required", "need to discuss more".
func needsMore(low string) bool {
	if !strings.Contains(low, "more ") && !strings.Contains(low, " more") && !strings.Contains(low, "investigation") && !strings.Contains(low, "discussion") {
		return false
	}
	words := strings.Fields(low)
	for i, w := range words {
		if !thinking[w] {
			continue
		}
		if needAround(words, i) {
			return true
		}
	}
	return false
}

// needAround looks for a need and, before verbs, a "more" within a few words.
func needAround(words []string, i int) bool {
	need, more := false, strings.HasSuffix(words[i], "tion") && i <= 3 || words[i] == "research" && i <= 3
	for j := max(0, i-4); j < min(len(words), i+5); j++ {
		switch words[j] {
		case "need", "needs", "needed", "require", "requires", "required":
			need = need || j < i+4
		case "more", "further":
			more = true
		}
	}
	return need && more
}
