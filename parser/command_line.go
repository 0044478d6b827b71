package parser

import (
	"regexp"
	"strings"
	"unicode"
	"unicode/utf8"
)

var (
	// doubled is a word with its link behind it, as Outlook writes links in
	// text; marked is the same of editors that know markdown.
	doubled    = regexp.MustCompile(`(\S+?)\s?<((?:https?://|mailto:|tel:)[^\s<>]+)>`)
	marked     = regexp.MustCompile(`\[([^\[\]]+)\]\(((?:https?://|mailto:)[^\s()]+)\)`)
	linkedID   = regexp.MustCompile(`(?i)\b([AT][-\x{2010}-\x{2013}]\d{1,9})\s?\(https?://[^\s()]+\)`)
	looseIDs   = regexp.MustCompile(`(?i)^([a-z]+:?\s+)?((?:[AT][\s-]?\d{1,6}\b(?:\s*(?:,|&|\band\b)\s*|\s+|:\s*|$))+)(.*)$`)
	looseID    = regexp.MustCompile(`(?i)\b([AT])\s?(\d)`)
	offeredURL = regexp.MustCompile(`\?\S*body=`)
)

// courtesies stand in front of a command, or behind it, and say nothing.
var courtesies = map[string]bool{"please": true, "pls": true, "plz": true, "kindly": true, "bitte": true}

// fillers stand between an id and its verb and say nothing: "A-17 has now been
// done", "A-3 and A-5 are both done". What says that it is not so ("not",
// "almost", "will be") is no filler.
var fillers = map[string]bool{
	"is": true, "are": true, "was": true, "were": true, "has": true, "have": true, "been": true, "now": true, "as": true, "to": true,
	"both": true, "all": true, "already": true, "just": true, "finally": true, "'s": true, "’s": true,
}

// sayings begin a sentence that may be no more than a command: "It's done",
// "I have finished A-17", "mark A-17 as done".
var sayings = map[string]bool{
	"i": true, "we": true, "it": true, "its": true, "that": true, "thats": true, "this": true, "all": true, "both": true, "mark": true, "set": true, "now": true, "already": true,
}

var (
	itIs  = regexp.MustCompile(`(?i)^(?:(?:it|that|this|all|both)(?:['’]?s| is| are| has been)?(?: now| all| both| already)*|now|already)\s+(done|finished|completed|fixed|closed|resolved)[.! ]*$`)
	iHave = regexp.MustCompile(`(?i)^(?:i|we)(?:['’]ve| have)?(?: now| just| already| also)*\s+(done|finished|completed|fixed|closed|resolved)\s+(?:with\s+)?`)
	// Some programs leave the blanks of a ready answer as its link writes them.
	codedBlank = regexp.MustCompile(`(?i)^[AT]-\d{1,9}(?:\+|%20)[a-z]`)
	markAs     = regexp.MustCompile(`(?i)^(?:mark|set)\s+`)
	emoticon   = regexp.MustCompile(`(?:\s*[:;=]['o^-]?[)(DPp])+\s*$`)
	nextID     = regexp.MustCompile(`(?i)(?:[.,;&]\s*|\s(?:and|und|then)\s+)(?:and\s+|und\s+|then\s+)?[#(\[]?([AT]-\d{1,9})\b`)
)

// tidyLine takes out of a line what editors and mail programs add to it:
// characters that nobody sees, blanks of other widths, links behind words that
// are links already, and what people say out of politeness.
func tidyLine(line string) string {
	text := narrow(strings.Map(visible, line))
	if coded := codedBlank.FindString(text); coded != "" && !strings.Contains(text, "://") {
		text = strings.NewReplacer("%20", " ", "+", " ").Replace(text)
	}
	text = strings.TrimPrefix(text, bullet.FindString(text))
	text = strings.TrimLeftFunc(text, func(r rune) bool { return decorates(r) || unicode.IsSpace(r) })
	text = emoticon.ReplaceAllString(text, "")
	text = strings.TrimFunc(strings.Trim(strings.TrimSpace(text), "*_`\"“”„‟«»‘’'"), unicode.IsSpace)
	if strings.Contains(text, "://") || strings.Contains(text, "mailto:") {
		text = tidyLinks(text)
	}
	if strings.HasPrefix(text, "(") && strings.HasSuffix(text, ")") {
		text = text[1 : len(text)-1]
	}
	text = afterAddress(text)
	if first, others, ok := strings.Cut(text, " "); ok && courtesies[strings.ToLower(strings.Trim(first, ","))] {
		text = others
	}
	return withoutLead(hyphenated(linkLast(text)))
}

// decorates says whether a sign in front of a line is a picture. A tick or a box is none.
func decorates(r rune) bool {
	return unicode.Is(unicode.So, r) && !strings.ContainsRune("☑☒☐✅✓✔", r)
}

// narrow makes the wide letters and digits of East Asian keyboards plain ones,
// where a line begins with an id in them.
func narrow(text string) string {
	wide := func(r rune) rune {
		if r > 0xff00 && r < 0xff5f {
			return r - 0xfee0
		}
		return r
	}
	plain := strings.Map(wide, text)
	if plain == text || idLead.MatchString(text) || !idLead.MatchString(plain) {
		return text
	}
	return plain
}

// addresses says whether a line that begins like a greeting or a closing goes on with a command.
func addresses(line string) bool {
	text := tidyLinks(strings.Map(visible, line))
	return afterAddress(text) != text
}

// afterAddress drops "Hi Sam,", "Sam," and "Thanks!" from in front of a command: an id,
// or one word that is a verb.
func afterAddress(text string) string {
	head, rest, ok := cutAny(text, ",.!:–—")
	first := strings.ToLower(firstOf(head))
	named := len(strings.Fields(head)) == 1 && !strings.ContainsAny(head, "0123456789") && strings.HasPrefix(text[len(head):], ",") && unicode.IsUpper([]rune(head)[0])
	if !ok || len(strings.Fields(head)) > 3 || !named && !greetings[first] && !closings[first] && !closings[strings.ToLower(head)] {
		return text
	}
	rest = strings.TrimSpace(rest)
	if ids, more := leadingIDs(hyphenated(rest)); len(ids) > 0 && isVerb(firstOf(withoutFillers(more))) || len(strings.Fields(rest)) == 1 && isVerb(rest) {
		return rest
	}
	return text
}

func cutAny(text, signs string) (before, after string, found bool) {
	at := strings.IndexAny(text, signs)
	if at < 0 {
		return text, "", false
	}
	_, size := utf8.DecodeRuneInString(text[at:])
	return text[:at], text[at+size:], true
}

// linkLast puts a link that stands in front of an id and its verb behind them.
func linkLast(text string) string {
	first, rest, ok := strings.Cut(text, " ")
	if !ok || !anchor.MatchString(first) {
		return text
	}
	if ids, more := leadingIDs(strings.TrimLeft(rest, " :–—-")); len(ids) > 0 && isVerb(firstOf(withoutFillers(more))) {
		return strings.TrimLeft(rest, " :–—-") + " " + first
	}
	return text
}

// withoutLead makes a command of a sentence that is nothing more: "It's done",
// "I have finished A-17", "mark A-17 as done".
func withoutLead(text string) string {
	if said := itIs.FindStringSubmatch(withoutThanks(text)); said != nil {
		return said[1]
	}
	if said := iHave.FindStringSubmatch(text); said != nil {
		if ids, rest := leadingIDs(text[len(said[0]):]); len(ids) > 0 && strings.Trim(withoutThanks(rest), " .!") == "" {
			return said[1] + " " + text[len(said[0]):]
		}
	}
	if lead := markAs.FindString(text); lead != "" {
		if ids, _ := leadingIDs(text[len(lead):]); len(ids) > 0 {
			return text[len(lead):]
		}
	}
	return text
}

func withoutFillers(text string) string {
	for {
		first, rest, ok := strings.Cut(text, " ")
		if !ok || !fillers[strings.ToLower(first)] {
			return text
		}
		text = strings.TrimSpace(rest)
	}
}

// sentences parts "A-3 done, A-5 drop" in front of each id that begins another
// command. Words behind an id may name other ids, so that each part but the
// last must be whole: ids and a verb that takes no sentence.
func sentences(text string) []string {
	var parts []string
	begin := 0
	for _, at := range nextID.FindAllStringSubmatchIndex(text, -1) {
		ids, rest := leadingIDs(text[begin:at[0]])
		v, ok := verbOf(firstOf(withoutFillers(rest)))
		if len(ids) > 0 && ok && v.rest != restWords {
			parts = append(parts, text[begin:at[0]])
			begin = at[2]
		}
	}
	return append(parts, text[begin:])
}

// visible drops characters without width and makes every blank a plain one.
func visible(r rune) rune {
	switch {
	case unicode.Is(unicode.Cf, r) || r == '\ufe0f':
		return -1
	case unicode.IsSpace(r):
		return ' '
	case r == '\u2212': // a minus sign, of spreadsheets and phones
		return '-'
	}
	return r
}

// tidyLinks leaves each link once, as its target. An id is never a link: where
// it became one, a tracker of the company took it for its own.
func tidyLinks(text string) string {
	text = marked.ReplaceAllString(text, "$1<$2>")
	text = linkedID.ReplaceAllString(text, "$1")
	text = doubled.ReplaceAllStringFunc(text, func(both string) string {
		match := doubled.FindStringSubmatch(both)
		switch said := match[1]; {
		case strings.Contains(said, "://") || strings.Contains(said, "@") || idWord.MatchString(said) || strings.HasPrefix(match[2], "tel:"):
			return said
		default:
			return said + " " + match[2]
		}
	})
	words := strings.Fields(text)
	for i, w := range words {
		if anchor.MatchString(w) {
			words[i], _ = cleanLink(strings.Trim(w, "<>"))
		}
	}
	return strings.Join(words, " ")
}

// hyphenated gives ids back the hyphen that they lose where they are dictated
// or typed on a phone, if a verb makes sure that they are ids: A4 is paper, too.
func hyphenated(text string) string {
	match := looseIDs.FindStringSubmatch(text)
	if match == nil {
		return text
	}
	lead, ids, rest := match[1], match[2], match[3]
	word, _, _ := strings.Cut(rest, " ")
	if lead != "" {
		word = strings.TrimSpace(lead)
		if strings.TrimSpace(rest) != "" {
			return text
		}
	}
	if v, ok := verbOf(word); (!ok || v.object == onNothing || v.name == "minutes") && !duration.MatchString(rest) && word != "is" && word != "as" {
		return text
	}
	return lead + looseID.ReplaceAllString(ids, "$1-$2") + rest
}

// bareOf drops what follows the rest of a command and carries nothing: thanks,
// and pictures. Where words are the point of a command they all stay.
func bareOf(v verb, rest string) string {
	if v.rest == restWords {
		return rest
	}
	rest = strings.TrimRightFunc(rest, func(r rune) bool { return unicode.IsSymbol(r) && r != '+' || unicode.IsSpace(r) })
	return withoutThanks(strings.Trim(rest, "“”\""))
}

// withoutThanks drops what is said out of politeness at the end.
func withoutThanks(rest string) string {
	if closes(rest) {
		return ""
	}
	if at := strings.LastIndexAny(strings.TrimRight(rest, " .!"), ",.;!–—"); at > 0 && closes(strings.TrimLeft(rest[at:], ",.;!–— ")) {
		rest = strings.TrimRight(rest[:at], " ,.;")
	}
	if at := strings.LastIndexAny(rest, " "); at >= 0 && courtesies[strings.ToLower(strings.Trim(rest[at:], " .!"))] || at < 0 && courtesies[strings.ToLower(strings.Trim(rest, " .!"))] {
		rest = strings.TrimRight(rest[:max(at, 0)], " ,")
	}
	return rest
}

// offers says that a line is one of our ready answers, not one that was given: it
// has the mark of our text, or behind it, or on the next line, a link that
// writes a mail, as programs put it there when they turn our page into text.
func offers(line, next string) bool {
	return strings.HasPrefix(line, "->") || writesMail(line) || strings.HasPrefix(next, "<") && writesMail(next)
}

// copied says whether somebody wrote a ready answer down with its mark: one
// command, where no prose went before as it does in our letters.
func (r *commandReader) copied(line string) bool {
	said, marked := strings.CutPrefix(strings.TrimSpace(line), "->")
	return marked && !r.prose && !r.ended && !strings.Contains(strings.TrimSpace(said), "  ") && !writesMail(line)
}

func writesMail(text string) bool {
	return strings.Contains(text, "body=") && offeredURL.MatchString(text)
}
