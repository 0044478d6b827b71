package minutes

import "strings"

// ownersOf finds who promised, from the surest place to the least sure: the
// marker, a name with a colon in front, "Kim and Lee to …", a known name in
// front, who spoke, "… that Kim will …".
func (a *Action) ownersOf(text *string, m mark, people roster) {
	if m.owner != "" {
		for _, p := range splitNames(m.owner) {
			a.own(p)
		}
	}
	if len(a.Owners) > 0 {
		return
	}
	if rest, ok := a.leading(*text, people); ok {
		*text = strings.TrimPrefix(rest, "to ")
		return
	}
	if a.subject(*text, people) || m.name != "" && a.nickname(*text) || a.boldFirst(*text) || a.later(*text, people) || a.knownFirst(*text, people) {
		return
	}
	if m.speaker != "" {
		a.takeNames(m.speaker, people)
		return
	}
	a.promised(*text, people)
}

// leading takes owners off the front: "@kim @lee …", "[Kim] …", "(kim) …",
// "Kim: …", "**Kim:** …", "For Kim: …", "Kim -- …".
func (a *Action) leading(text string, people roster) (string, bool) {
	if strings.HasPrefix(strings.TrimLeft(text, "*_"), "@") {
		return a.handles(strings.TrimLeft(text, "*_"))
	}
	if rest, ok := a.bracketed(text, people); ok {
		return rest, true
	}
	if name, _, end := linkAt(text, 0); end > 0 && strings.HasPrefix(text, "[") && (isName(name) || people.knows(name)) { // "[@kim](https://…): …"
		a.own(name)
		return strings.TrimLeft(text[end:], ":-–— "), true
	}
	if head, ok := runIn(text); ok && a.head(head, people) {
		rest := strings.TrimSpace(strings.TrimLeft(text[len(head)+1:], "*_"))
		if strings.HasPrefix(head, "**") && strings.Count(head, "**") == 1 { // "**Kim: **write"
			rest = strings.TrimPrefix(rest, "**")
		}
		return strings.TrimSpace(rest), true
	}
	for _, dash := range [...]string{" -- ", " - ", " – ", " — ", " → ", " -> ", " | "} {
		if head, rest, ok := strings.Cut(text, dash); ok && len(head) < 60 && a.dashed(head, dash, people) {
			return strings.TrimSpace(rest), true
		}
	}
	return text, false
}

func (a *Action) handles(text string) (string, bool) {
	rest := text
	for {
		t := strings.TrimLeft(rest, " ,&/*_")
		t = strings.TrimPrefix(strings.TrimPrefix(t, "and @"), "@")
		if len(t) == len(strings.TrimLeft(rest, " ,&/*_")) {
			break
		}
		end := strings.IndexAny(t+" ", " ,:&/*")
		a.own(strings.TrimRight(t[:end], ".-"))
		rest = t[end:]
	}
	rest = strings.TrimLeft(rest, ":-–—*_ ")
	if rest == "" {
		return text, len(a.Owners) > 0
	}
	return rest, len(a.Owners) > 0
}

func (a *Action) bracketed(text string, people roster) (string, bool) {
	t := strings.TrimLeft(text, "*_\\")
	if t == "" || t[0] != '[' && t[0] != '(' && t[0] != '<' {
		return text, false
	}
	end := strings.IndexAny(t[:min(len(t), 60)], "])>")
	if end < 2 || strings.HasPrefix(t[end+1:], "(") {
		return text, false
	}
	inner := strings.TrimRight(t[1:end], "\\")
	if !a.takeNames(inner, people) && !nobody[strings.ToLower(inner)] {
		return text, false
	}
	return strings.TrimLeft(t[end+1:], ":-–—*_ "), true
}

// head decides whether the words before a colon are owners: known people,
// handles, or what can only be a name. "???" and "TBD" are nobody.
func (a *Action) head(head string, people roster) bool {
	name := strings.Trim(plain(head), " *_")
	for _, by := range [...]string{"For ", "for ", "Owner ", "On ", "To "} {
		name = strings.TrimPrefix(name, by)
	}
	if nobody[strings.ToLower(name)] {
		return true
	}
	if strings.EqualFold(name, "all") || strings.EqualFold(name, "everyone") {
		a.own(name)
		return true
	}
	if strings.Contains(name, "(") {
		name = strings.TrimSpace(name[:strings.Index(name, "(")])
	}
	return len(name) <= 60 && a.takeNames(name, people)
}

func (a *Action) dashed(head, dash string, people roster) bool {
	name := strings.Trim(head, " *_")
	if people.knows(name) || dash == " -- " && isName(name) || len(people) == 0 && isName(name) && !strings.Contains(name, " ") && name != strings.ToUpper(name) {
		a.own(name)
		return true
	}
	parts := splitNames(name)
	for _, p := range parts {
		if !people.knows(p) && !(dash == " → " && isName(p)) {
			return false
		}
	}
	return len(parts) > 0 && a.takeNames(name, people)
}

// cues are the words that make what stands in front of them the one who does it.
var cues = set("to will should shall must needs need has have → agreed agrees volunteers volunteered promised wird soll sollte muss übernimmt va doit fera devra debe hará deve farà zal moet kümmert")

// subject reads "Kim and Lee to …", "Device team should …", "Rockett, Karen → to …".
func (a *Action) subject(text string, people roster) bool {
	if len(text) > 400 {
		text = text[:400]
	}
	words := strings.Fields(text)
	end := 0
	for end < len(words) && end < 14 && !cues[strings.Trim(words[end], "*_,")] {
		end++
	}
	if end == 0 || end == len(words) || end == 14 || end+1 < len(words) && words[end+1] == "be" && words[end] == "to" {
		return false
	}
	if (words[end] == "have" || words[end] == "has" || words[end] == "need") && (end+1 >= len(words) || words[end+1] != "to") {
		return false
	}
	return a.take(words[:end], people)
}

// take makes owners of the words of a subject, or refuses all of them. Of
// "Kim and the docs team" it is Kim who can be reminded.
func (a *Action) take(words []string, people roster) bool {
	whole := plain(strings.Join(words, " "))
	if at := strings.Index(whole, "("); at > 0 {
		whole = strings.TrimSpace(whole[:at])
	}
	if strings.HasPrefix(whole, "All ") && isGroup(whole) {
		a.own(whole)
		return true
	}
	var names, groups []string
	for _, p := range splitNames(whole) {
		switch {
		case people.knows(p):
			names = append(names, p)
		case isGroup(p):
			groups = append(groups, p)
		case isName(p):
			names = append(names, apart(p, people)...)
		default:
			return false
		}
	}
	if len(names) == 0 {
		names = groups
	}
	for _, name := range names {
		a.own(name)
	}
	return len(names) > 0
}

// isGroup recognises "Device team", "CPC voting members", "everybody".
func isGroup(s string) bool {
	words := strings.Fields(s)
	if len(words) == 0 || len(words) > 5 {
		return false
	}
	first := strings.ToLower(words[0])
	return groupNouns[strings.ToLower(words[len(words)-1])] && (len(words) == 1 || first == "all" || first == "the" || !notNames[first])
}

// apart splits "Jory Tobie" where a comma was forgotten between two known people.
func apart(name string, people roster) []string {
	words := strings.Fields(name)
	for _, w := range words {
		if len(words) < 2 || !people.knows(w) {
			return []string{name}
		}
	}
	return words
}

// nickname takes "sam to ask infra" behind a marker, as people are called in
// chats. Words that have a "to" behind them anyway are no names.
func (a *Action) nickname(text string) bool {
	words := strings.Fields(text[:min(len(text), 60)])
	if len(words) < 3 || words[1] != "to" && words[1] != "will" || words[2] == "be" || len(words[0]) > 15 {
		return false
	}
	who := words[0]
	if notNames[who] || beforeTo[who] || strings.Trim(who, "abcdefghijklmnopqrstuvwxyz0123456789_-") != "" || strings.HasSuffix(who, "ing") {
		return false
	}
	a.own(who)
	return true
}

var beforeTo = set(`want wants how try tries continue continues start starts begin ready going due able aim aims ask attempt forget like likes
	love used respond reply link links listen talk speak write wrote return switch move moved back up out proposal invitation access relevant related according
	needed planning commit decide decided agree agreed promise refer apply add adding subscribe migrate upgrade moving switching similar next team docs`)

// boldFirst takes "**Kim** sent the draft".
func (a *Action) boldFirst(text string) bool {
	rest, ok := strings.CutPrefix(text, "**")
	if !ok {
		return false
	}
	name, rest, ok := strings.Cut(rest, "**")
	if !ok || rest == "" || !isNames(name) {
		return false
	}
	for _, p := range splitNames(name) {
		a.own(p)
	}
	return len(a.Owners) > 0
}

// knownFirst takes "michelle make PR": a known name in front of a verb, unless
// the name is a verb itself ("Mark platform agnostic").
func (a *Action) knownFirst(text string, people roster) bool {
	word, rest, _ := strings.Cut(strings.TrimLeft(text, "*_"), " ")
	word = strings.Trim(word, "*_,:")
	if word == "" || verbs[strings.ToLower(word)] || !people[phrase(word)] {
		return false
	}
	if next, _, _ := strings.Cut(rest, " "); isNameWord(next, true) && people.knows(word+" "+next) {
		word += " " + next
	}
	a.own(word)
	return true
}

// later takes "Sean lost his access. Kim will restore it.": somebody known who
// will, at the start of a later sentence.
func (a *Action) later(text string, people roster) bool {
	for _, sentence := range strings.Split(text[:min(len(text), 400)], ". ")[1:] {
		words := strings.Fields(sentence)
		if len(words) > 2 && (words[1] == "will" || words[1] == "to") && people.knows(words[0]) {
			a.own(words[0])
			return true
		}
	}
	return false
}

// promised takes "…, that Kim will lead": a name and "will" further inside.
func (a *Action) promised(text string, people roster) {
	for _, will := range [...]string{" will ", " to follow up", " agreed to ", " volunteered to "} {
		at := strings.Index(text, will)
		if at < 0 {
			continue
		}
		front := strings.Fields(text[max(0, at-60):at])
		if len(front) == 0 {
			continue
		}
		who := strings.Trim(front[len(front)-1], "*_,.()")
		if people.knows(who) || len(front) > 1 && isName(who) && who != strings.ToUpper(who) {
			a.own(who)
			return
		}
	}
}
