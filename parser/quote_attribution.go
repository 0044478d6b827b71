package parser

import (
	"slices"
	"strings"
)

// attribution is the line above a quotation that says who wrote it and when.
// Programs wrap it, so it may take several lines.
type attribution struct {
	first, last int    // the lines it stands on
	cut         int    // bytes of its first line that are the sender's own words
	text        string // all of it, on one line
	habit       *entry // the verb it was known by; nil for a date and an address without verb
	weight      int    // how much of who and when it says
	dated       bool
}

const (
	// maxAttribution is the longest attribution in bytes: a long name and a
	// long address, wrapped.
	maxAttribution = 500
	// maxWrapped is how many lines one is wrapped to. Polymail needs five.
	maxWrapped = 6
)

// attributionEnding returns the attribution that ends on line i, or nil.
// It looks back from the end, so that of several lines that might begin one
// the nearest wins: people write sentences that begin with "On", too.
func (p *prose) attributionEnding(i int) *attribution {
	end := p.at(i)
	if len(end) > maxAttribution || !p.closes(i, end) || p.looks > maxLooks {
		return nil
	}
	p.looks++
	var best *attribution
	text := ""
	for first := i; first >= 0 && first > i-maxWrapped; first-- {
		line := p.at(first)
		if line == "" && !p.splitAddress(first, i) || first < i && p.depth(first) > 0 {
			break
		}
		if text = joinWrapped(line, text); len(text) > maxAttribution {
			break
		}
		a := p.judge(first, i, text)
		if line == "" || a == nil {
			continue
		}
		opened := startsLikeAttribution(a.text)
		if opened && a.dated && (a.habit != nil || hasAddress(a.text)) {
			return a
		}
		if best == nil || a.weight > best.weight || opened && a.weight == best.weight {
			best = a
		}
	}
	return best
}

// joinWrapped puts a line in front of what it was wrapped to.
func joinWrapped(line, rest string) string {
	if soft, ok := strings.CutSuffix(line, "="); ok {
		return soft + rest // quoted-printable that was never decoded
	}
	return strings.TrimSpace(line + " " + rest)
}

// withVerb returns the attribution that a goes on to be on the next line,
// where that says only "wrote:", or a itself.
func (p *prose) withVerb(a *attribution) *attribution {
	if a.habit != nil || a.last+1 >= len(p.lines) || len(p.at(a.last+1)) > 30 {
		return a
	}
	longer := p.attributionEnding(a.last + 1)
	if longer == nil || longer.first > a.first {
		return a
	}
	return longer
}

// closes says whether a line may end an attribution: with a colon, with
// dashes, with a verb, or with an address.
func (p *prose) closes(i int, end string) bool {
	if end == "" {
		return false
	}
	if p.depth(i) > 0 {
		// ">:" and "> wrote:" are the rest of a wrapped address.
		return i > 0 && len(end) < 20 && strings.HasSuffix(end, ":") && strings.Contains(p.at(i-1), "<") || end == ":"
	}
	switch end[len(end)-1] {
	case ':', '>', '-', ')':
		return true
	}
	if strings.IndexByte(end, '@') > 0 && hasClock(end) && p.quoteFollows(i) {
		return true // Nextcloud ends with the date
	}
	if strings.HasSuffix(end, "：") || isDigit(end[0]) && strings.Contains(end, " GMT") || strings.IndexByte(end, '>') > 0 && strings.Contains(end, ":>") {
		return true
	}
	// The verb can be last, or the name: "<a@x> wrote", "Am 3.5. schrieb Ann".
	return finalWords[lower(finalWord(end))] || leadOf(end)&leadAttribution != 0 && hasDigit(end)
}

// finalWords are the last words of attributions that end without a colon.
var finalWords = newFinalWords()

func newFinalWords() map[string]bool {
	final := map[string]bool{}
	for _, e := range attributionTable {
		for _, words := range e.words {
			if e.kind == "verb" || e.kind == "saying" || e.kind == "filler" && e.lang == "sv" {
				parts := lexWords(words)
				if last := parts[len(parts)-1]; len(last) > 2 { // not the a of napisał(a)
					final[last] = true
				}
			}
		}
	}
	return final
}

// splitAddress says whether a blank line stands inside an address, as
// Polymail writes it: the name, a blank line, "<", "mailto:…", "> wrote:".
func (p *prose) splitAddress(blank, last int) bool {
	return blank < last && strings.HasPrefix(p.at(blank+1), "<")
}

// startsLikeAttribution says whether a text begins as attributions do: with a
// date, or with a word that leads to one.
func startsLikeAttribution(text string) bool {
	text = strings.TrimLeft(text, "-– ")
	head := text
	if len(head) > 60 {
		head = head[:60]
	}
	if !hasDigit(head) {
		return false
	}
	words := lexWords(head)
	if len(words) == 0 {
		return false
	}
	if words[0][0] >= '0' && words[0][0] <= '9' {
		return true
	}
	if isCalendarWord(words[0]) {
		// A month with its year behind it is the rest of a date that was wrapped.
		return !isMonth(words[0]) || len(words) < 2 || !isYear(words[1])
	}
	opener := openers.at(words, 0)
	return opener.entry != nil && len(words) > len(opener.words) && leadsToDate(words[len(opener.words):]) ||
		strings.HasPrefix(text, "在") || strings.HasPrefix(text, "於")
}

// leadsToDate says whether a date begins within the next words: "On the
// morning of 3 May" is prose, "On Wed, 3 May" is not.
func leadsToDate(words []string) bool {
	for i, word := range words {
		if i > 2 {
			return false
		}
		if word[0] >= '0' && word[0] <= '9' || isCalendarWord(word) {
			return true
		}
	}
	return false
}

// judge decides whether the lines first to last, joined, are an attribution.
func (p *prose) judge(first, last int, text string) *attribution {
	text, cut := cutOwnWords(text, p.quoteFollows(last))
	text = foldDigits(text)
	a := &attribution{first: first, last: last, cut: cut, text: text}
	words := lexWords(text)
	if len(words) == 0 {
		return nil
	}
	at, verb := verbs.find(words)
	if at < 0 {
		verb = gluedVerb(words)
	}
	if verb.entry == nil {
		verb = quoters.at(words, 0)
	}
	if at >= 0 && verb.entry.kind == "saying" && !hasAddress(text) && !p.quoteFollows(last) {
		return nil // At 10:15 Bob said:
	}
	a.habit = verb.entry
	sign := evidence{
		closed: endsOpen(text), verb: verb.entry != nil, verbLast: at >= 0 && at+len(verb.words) == len(words),
		address: hasAddress(text), date: hasPrintedDate(text, words), time: hasClock(text), opened: startsLikeAttribution(text),
		dashed: strings.HasPrefix(text, "---") && strings.HasSuffix(text, "---"), quoted: p.quoteFollows(last),
		shaped: hasShape(text, words), ended: endsInDate(text), grouped: isGroupWise(text),
		self: at >= 0 && (isSelf(words, at-1) || isSelf(words, at+len(verb.words))), slashed: len(text) > 4 && text[4] == '/',
	}
	a.weight, a.dated = sign.weight(), sign.date
	if sign.enough(words) || sign.verb && sign.opened && sign.time && p.headFollows(last) {
		return a
	}
	return nil
}

// evidence is what speaks for an attribution.
type evidence struct {
	closed   bool // it ends with a colon
	verb     bool // somebody wrote
	verbLast bool
	address  bool
	date     bool
	time     bool
	opened   bool // it begins with a date or what leads to one
	dashed   bool // dashes stand around it
	quoted   bool // a quote follows
	self     bool // it is the sender who wrote, here and now
	slashed  bool // it begins with a date like 2013/7/20, as people seldom write it
	shaped   bool // a date stands close to a name with its address in <>, whatever the words are
	ended    bool // a number is the last that it says
	grouped  bool // it stands between marks as GroupWise sets them
}

func (e evidence) enough(words []string) bool {
	switch {
	case e.self && !e.quoted:
		return false // On 3 May I wrote:
	case e.verb && e.closed && (e.address || e.date && (e.opened && e.verbLast || e.time || e.quoted)):
		return true // On 3 May 2020, Ann wrote:
	case e.verb && e.quoted && (e.closed || e.verbLast || e.date && e.time):
		return true // Ann wrote: and a quote; alot: Quoting Ann (2020-11-23 10:15:00)
	case e.quoted && e.date && e.time && (e.address || e.closed) && (e.opened || e.ended) && len(words) < 20:
		return true // Ann Lee [2020-11-23 10:15 +0100]: and a quote, or a verb of no language in the table
	case e.grouped && e.date:
		return true // GroupWise: >>> Ann Lee 3.5.20 >>>
	case e.shaped && e.closed:
		return true // Gmail in its fifty other languages
	case e.verbLast && (e.dashed || e.address && e.opened):
		return true // Zoho and Android: ---- Ann wrote ----
	case e.verb && e.opened && e.address && e.date && e.time:
		return true // the Swedish Outlook: Den … skrev Ann <a@x> följande
	case e.address && e.opened && e.date && len(words) < 30 && (e.closed || e.quoted || e.slashed):
		return true // Gmail before 2014: 2013/7/20 Ann <a@x>
	case e.address && e.closed && e.quoted:
		return true // Ann <a@x>: and a quote
	case e.address && e.quoted && e.date && e.time && len(words) < 16:
		return true // Nextcloud: "Ann" a@x – 3 May 2020 10:15
	}
	return e.opened && e.time && e.date && len(words) < 12 && slices.Contains(words, "gmt")
}

var selves = byWords(attributionTable, "self")

func isSelf(words []string, i int) bool { return i >= 0 && i < len(words) && selves[words[i]] != nil }

// weight counts what an attribution says of who wrote and when.
func (e evidence) weight() int {
	n := 0
	for _, said := range []bool{e.verb, e.address, e.date, e.time} {
		if said {
			n++
		}
	}
	return n
}

// cutOwnWords finds an attribution that stands behind the sender's words on
// one line, as Yahoo's "--- On Wed, Ann wrote:" does when its line break is
// lost. Without dashes it takes a quote below to tell it from a sentence.
func cutOwnWords(text string, quoted bool) (string, int) {
	at := strings.Index(text, "--- ")
	if at > 0 && text[at-1] != '-' && startsLikeAttribution(text[at:]) {
		return text[at:], at
	}
	if !quoted || !endsOpen(text) || startsLikeAttribution(text) {
		return text, 0
	}
	for _, word := range glueOpeners {
		at := strings.LastIndex(text, word)
		if at > 0 && startsLikeAttribution(text[at+1:]) && hasClock(text[at:]) {
			return text[at+1:], at
		}
	}
	return text, 0
}

// glueOpeners are the openers that sentences seldom have inside: written with
// a capital, and no letter alone.
var glueOpeners = newGlueOpeners(attributionTable)

func newGlueOpeners(table []entry) []string {
	var list []string
	for _, e := range table {
		for _, word := range e.words {
			if e.kind == "opener" && len(word) > 1 && word[0] < 0x80 && !slices.Contains(list, " "+word+" ") {
				list = append(list, " "+word+" ")
			}
		}
	}
	return list
}

// hasShape says whether a text looks like an attribution whatever its
// language is: a year and a time, and a name with its address in <>, with few
// words around them.
func hasShape(text string, words []string) bool {
	open, shut := strings.IndexByte(text, '<'), strings.IndexByte(text, '>')
	if open < 0 || shut < open || !hasAddress(text[open:shut]) || !hasClock(text) || !slices.ContainsFunc(words, isYear) {
		return false
	}
	before, after := lexWords(text[:open]), lexWords(text[shut:])
	first := slices.IndexFunc(before, hasDigit)
	if first >= 0 {
		return first <= 3 && len(before) <= 20 && len(after) <= 4
	}
	return len(before) <= 8 && len(after) <= 14 && slices.ContainsFunc(after[:min(2, len(after))], hasDigit)
}

func isYear(word string) bool {
	return len(word) >= 4 && (word[:2] == "19" || word[:2] == "20" || word[:2] == "25") && isDigit(word[2]) && isDigit(word[3]) &&
		(len(word) == 4 || !isDigit(word[4]))
}

// endsInDate says whether a number is the last thing in a text, but for the
// marks behind it.
func endsInDate(text string) bool {
	text = strings.TrimRight(text, " :：)]-")
	if text == "" || isDigit(text[len(text)-1]) {
		return text != ""
	}
	last := text[strings.LastIndexByte(text, ' ')+1:]
	return zoneOffset(last) != "" || noonNumbers[lower(last)] != nil
}

// foldDigits writes the digits of other scripts as 0 to 9.
func foldDigits(s string) string {
	if strings.IndexFunc(s, func(r rune) bool { return foreignDigit(r) >= 0 }) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if n := foreignDigit(r); n >= 0 {
			return '0' + n
		}
		return r
	}, s)
}

// foreignZeros are the zeros of scripts whose digits mail programs print:
// Arabic, Persian, Devanagari, Bengali, Gurmukhi, Gujarati, Tamil, Telugu,
// Kannada, Malayalam, Thai, Lao, Burmese, Khmer, and wide ones.
var foreignZeros = []rune{0x660, 0x6f0, 0x966, 0x9e6, 0xa66, 0xae6, 0xbe6, 0xc66, 0xce6, 0xd66, 0xe50, 0xed0, 0x1040, 0x17e0, 0xff10}

// foreignDigit returns the value of a digit of another script, or -1.
func foreignDigit(r rune) rune {
	if r < foreignZeros[0] {
		return -1
	}
	for _, zero := range foreignZeros {
		if r >= zero && r < zero+10 {
			return r - zero
		}
	}
	return -1
}

func endsOpen(text string) bool {
	text = strings.TrimRight(text, " -*_")
	return strings.HasSuffix(text, ":") || strings.HasSuffix(text, "：") || strings.Contains(text, ":>") && strings.Contains(text, "@")
}

func gluedVerb(words []string) phrase {
	last := words[len(words)-1]
	for _, p := range gluedVerbs {
		if strings.HasSuffix(last, p.words[len(p.words)-1]) {
			return p
		}
	}
	return phrase{}
}

// hasAddress looks for an address: letters around an @.
func hasAddress(text string) bool {
	at := strings.IndexByte(text, '@')
	return at > 0 && at+2 < len(text) && text[at-1] != ' ' && text[at+1] != ' '
}

func hasDigit(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] >= '0' && s[i] <= '9' {
			return true
		}
	}
	return false
}

// hasPrintedDate wants a number near the name of a month, or three numbers
// with the marks of a date between them.
func hasPrintedDate(text string, words []string) bool {
	if hasDateOfDigits(text) {
		return true
	}
	for i, word := range words {
		if !hasDigit(word) {
			continue
		}
		if strings.ContainsAny(word, "年月日년월일") {
			return true
		}
		for near := max(i-2, 0); near <= i+2 && near < len(words); near++ {
			if near != i && isMonth(words[near]) {
				return true
			}
		}
	}
	return hasDottedMonth(text)
}

// hasDottedMonth looks for a month with dots inside, as Thai shortens them: พ.ย.
func hasDottedMonth(text string) bool {
	for field := range strings.FieldsSeq(text) {
		if field[0] >= 0xe0 && strings.Count(field, ".") > 1 && isMonth(strings.ReplaceAll(field, ".", "")) {
			return true
		}
	}
	return false
}

// hasDateOfDigits looks for 23.11.2020, 23/11/20, 2020-11-23 and 23. 11. 2020.
func hasDateOfDigits(text string) bool {
	numbers := 0
	for i := 0; i < len(text); {
		if !isDigit(text[i]) {
			i++
			continue
		}
		for i < len(text) && isDigit(text[i]) {
			i++
		}
		if numbers++; numbers == 3 {
			return true
		}
		if i+1 >= len(text) || strings.IndexByte("./-", text[i]) < 0 {
			numbers = 0
			continue
		}
		if i++; text[i] == ' ' {
			i++
		}
		if i >= len(text) || !isDigit(text[i]) {
			numbers = 0
		}
	}
	return false
}

// hasClock looks for an hour and minutes: 9:31, 14.25, 10h30, 下午8:45.
func hasClock(text string) bool {
	for i := 1; i+2 < len(text); i++ {
		c := text[i]
		if (c == ':' || c == '.' || c == 'h') && isDigit(text[i-1]) && isDigit(text[i+1]) && isDigit(text[i+2]) {
			return true
		}
	}
	return false
}

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// quoteFollows says whether the next line that is not blank is a quote.
func (p *prose) quoteFollows(last int) bool {
	next := p.next(last + 1)
	return next < len(p.lines) && p.depth(next) > p.depth(last)
}

// headFollows says whether a header block stands right below.
func (p *prose) headFollows(last int) bool {
	next := p.next(last + 1)
	return next < len(p.lines) && p.headAt(next, true) != nil
}
