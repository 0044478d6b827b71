package parser

import (
	"regexp"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"minuted/parser/spell"
	dates "minuted/parser/when"
)

// maxCommands is how many commands of one mail are read (DESIGN chapter 6); the
// rest becomes one Problem.
const maxCommands = 50

// wrapWidth is the shortest line that a mail program may have broken: the
// programs known break between 65 and 80 columns.
const wrapWidth = 60

// refLength is how many letters a token has: 128 bits in base32.
const refLength = 26

var (
	idWord     = regexp.MustCompile(`(?i)^[AT]\s?[-\x{2010}-\x{2013}]\s?\d{1,9}\b`)
	idLead     = regexp.MustCompile(`(?i)^[#(\[]?([AT])\s?[-\x{2010}-\x{2013}]\s?(\d{1,9})\b[)\]]?`)
	idMore     = regexp.MustCompile(`(?i)^[\s,;:&=/+–—>*]*(?:and\s+|und\s+|& ?)?[#(\[]?([AT])\s?[-\x{2010}-\x{2013}]\s?(\d{1,9})\b[)\]]?`)
	idShort    = regexp.MustCompile(`^\s?[,/&]\s?(\d{1,9})(?:[\s,/&:]|$)`)
	idQuoted   = regexp.MustCompile(`(?i)\b([AT])-(\d{1,9})\b`)
	refLine    = regexp.MustCompile(`(?i)^(|.*\S)\s*\bref:?\s+([a-z2-7]{26})$`) // alone, but for programs that make one line of two
	tokenLine  = regexp.MustCompile(`(?i)^\s*[a-z2-7]{26}\s*$`)
	wordBehind = regexp.MustCompile(`(?i)\s[-–—:=>→]+\s*(?:done|finished|completed|closed|fixed)[.! ]*$`)
	bullet     = regexp.MustCompile(`^(?:-+>\s*|[-*•+–→]\s+|\d{1,2}[.)]\s+)`)
	duration   = regexp.MustCompile(`(?i)^(\d{1,3})\s?(?:(m|min|mins|minutes)|(?:h|hr|hour|hours))\.?$`)
	anchor     = regexp.MustCompile(`^<?https?://\S+$`)
)

// readCommands fills Commands, Ticked and Ref from the sender's own words. Text
// that is quoted, or stands below a closing or a ready answer of a letter of ours, is never read.
func readCommands(m *Mail) {
	r := commandReader{above: quotedAbove(m.Text), tagged: len(m.Tags) > 0}
	lines := strings.Split(m.Reply, "\n")
	pasted := letterBegins(m.Reply, lines)
	for i, line := range lines {
		next := lines[min(i+1, len(lines)-1)]
		r.ended = r.ended || i >= pasted || offers(strings.TrimSpace(line), next) && !r.copied(line)
		line = strings.TrimFunc(line, unicode.IsSpace)
		if strings.EqualFold(line, "ref") && tokenLine.MatchString(next) { // broken in two
			line += " " + strings.TrimSpace(next)
		}
		r.read(line, i+1, utf8.RuneCountInString(lines[i]))
	}
	m.Commands, m.Ref = r.commands, r.ref
	if r.prose {
		m.Commands = withIDs(m.Commands)
	}
	if len(m.Commands) == 0 {
		m.Commands = subjectCommand(m)
	}
	if len(m.Commands) > maxCommands {
		m.Commands = m.Commands[:maxCommands]
		m.Problems = append(m.Problems, Problem{"too-many-commands", "only the first 50 were read"})
	}
	m.Ticked = tickedBoxes(m.Quoted)
}

// commandReader reads the lines of an answer from the top.
type commandReader struct {
	commands []Command
	ref      string
	above    []answered // the own lines of the mail that are still to come
	prose    bool       // words stood before the first command: bare commandVerbs do not count
	tagged   bool
	open     bool // the last line may go on in the next
	heads    bool // the last command is a heading ("Done:") for the ids on the lines below
	ended    bool // the words of commands are over; only a ref line may follow
}

// read takes one line.
func (r *commandReader) read(line string, number, width int) {
	under := r.under(line)
	if match := refOf(line); match != nil {
		r.ref = strings.ToLower(match[2])
		line = match[1]
		if line == "" {
			return
		}
	}
	wasOpen := r.open
	r.open = false
	switch {
	case line == "" || r.ended:
		return
	case line == "--" || line == "—" || closes(line) && !addresses(line):
		r.ended = true
		return
	}
	if wasOpen && r.continues(line) {
		r.extend(line, width)
		return
	}
	if r.heads = r.heads && r.list(line); r.heads {
		return
	}
	found := r.commandsIn(line)
	if len(found) == 0 {
		r.pass(line)
		return
	}
	for _, c := range found {
		if len(c.IDs) == 0 && under != "" && acts(c.Verb, under) {
			c.IDs = []string{under}
		}
		c.Number = number
		r.commands = append(r.commands, c)
		r.open = c.Error == "" && (width >= wrapWidth || takesLink(c))
		r.heads = len(c.IDs) == 0 && c.Argument == "" && strings.HasSuffix(line, ":")
	}
}

// refOf finds the token at the end of a line, and what stands before it. Nearly
// all lines have no blank where one stands before a token, and are not searched.
func refOf(line string) []string {
	if at := len(line) - refLength - 1; at < 0 || line[at] != ' ' && line[at] != '\t' {
		return nil
	}
	return refLine.FindStringSubmatch(line)
}

// list takes a line of nothing but ids below a command that heads a list.
func (r *commandReader) list(line string) bool {
	ids, rest := leadingIDs(tidyLine(line))
	if len(ids) == 0 || strings.Trim(rest, " .") != "" {
		return false
	}
	last := &r.commands[len(r.commands)-1]
	last.IDs = append(last.IDs, ids...)
	last.Line += "\n" + line
	return true
}

// pass goes over a line that is no command: a greeting, words before the first
// command, or the prose that ends the reading.
func (r *commandReader) pass(line string) {
	switch {
	case len(r.commands) > 0:
		r.ended = true
	case !greets(line):
		r.prose = true
	}
}

func (r *commandReader) continues(line string) bool {
	if anchor.MatchString(line) {
		return true
	}
	last := r.commands[len(r.commands)-1]
	v, _ := verbOf(last.Verb)
	return len(r.commandsIn(line)) == 0 && last.Argument != "" && (v.rest == restWords || v.rest == restAnything) && utf8.RuneCountInString(last.Line) >= wrapWidth
}

func (r *commandReader) extend(line string, width int) {
	last := &r.commands[len(r.commands)-1]
	last.Argument = strings.TrimSpace(last.Argument + " " + strings.Trim(tidyLinks(line), "<>"))
	last.Line += "\n" + line
	r.open = width >= wrapWidth
}

// takesLink says whether a link on the next line belongs to the command.
func takesLink(c Command) bool { return c.Verb == "done" || c.Verb == "note" || c.Verb == "drop" }

// plain says that a line is certainly no command: it begins with a word that is
// neither a verb nor an id. Nearly all lines of all mails are plain, and
// this is much quicker than reading them as commands.
func plain(line string) bool {
	end := 0
	for end < len(line) && (line[end]|0x20 >= 'a' && line[end]|0x20 <= 'z') {
		end++
	}
	switch {
	case end < 2: // an id, a bullet, a box, a mark
		return false
	case end < len(line) && line[end] >= utf8.RuneSelf:
		return false
	}
	word := strings.ToLower(line[:end])
	if end < len(line) && line[end] == ',' && idWord.MatchString(strings.TrimLeft(line[end+1:], " ")) {
		return false // "Sam, A-17 done"
	}
	may, known := starts[word]
	return !known || may == mayEndSo && !mayCommand(line)
}

// start is what a first word makes of a line.
type start int

const (
	mayBeginSo start = iota // a command can begin with it, or what stands above commands
	mayEndSo                // a sentence with it can say as much as a command
)

// starts are all words that such a line begins with.
var starts = func() map[string]start {
	words := map[string]start{"http": mayBeginSo, "https": mayBeginSo}
	for word := range sayings {
		words[word] = mayEndSo
	}
	for _, list := range []map[string]bool{courtesies, greetings, closings} {
		for word := range list {
			words[word] = mayBeginSo
		}
	}
	for word := range verbWords {
		words[word] = mayBeginSo
	}
	for word := range foreignVerbs {
		words[word] = mayBeginSo
	}
	return words
}()

// mayCommand says whether a line that begins as a sentence can end as a command.
func mayCommand(line string) bool {
	for i := range len(line) {
		switch line[i] {
		case '-':
			if i > 0 && (line[i-1]|0x20 == 'a' || line[i-1]|0x20 == 't') {
				return true
			}
		case 'd', 'f', 'c', 'r':
			for _, deed := range deeds {
				if strings.HasPrefix(line[i:], deed) {
					return true
				}
			}
		}
	}
	return false
}

// deeds are how sentences say that something is done.
var deeds = []string{"done", "finish", "complete", "fixed", "closed", "resolved"}

// commandsIn reads one line: a command, several of which each names its ids
// ("A-3 done, A-5 drop"), or none.
func (r *commandReader) commandsIn(line string) []Command {
	if plain(line) {
		return nil
	}
	text := tidyLine(line)
	if parts := sentences(text); len(parts) > 1 {
		var all []Command
		for _, part := range parts {
			if c, ok := r.command(line, part); ok {
				all = append(all, c)
			}
		}
		if len(all) == len(parts) {
			return all
		}
	}
	if c, ok := r.command(line, text); ok {
		return []Command{c}
	}
	return nil
}

// command reads a line that was tidied, or says that it is none.
func (r *commandReader) command(line, text string) (Command, bool) {
	c := Command{Line: line, IDs: []string{}}
	if tick := tickMark.FindString(text); tick != "" {
		ids, rest := leadingIDs(strings.TrimSpace(text[len(tick):]))
		if _, isVerb := verbOf(text); !isVerb {
			c.IDs, c.Verb, c.Argument = ids, "done", firstLink(rest)
			return c, len(c.IDs) > 0
		}
	}
	if openBox.MatchString(text) {
		return c, false
	}
	c.IDs, text = leadingIDs(text)
	if len(c.IDs) > 0 {
		return idCommand(c, text)
	}
	c, ok := bareCommand(c, text)
	if ok && r.tagged {
		return c, len(c.IDs) > 0
	}
	return c, ok
}

// idCommand reads what follows ids: a verb and its rest. A sentence about an
// action ("A-17 is harder than it looked") is prose; a short rest is a slip.
func idCommand(c Command, text string) (Command, bool) {
	text = withoutFillers(text)
	first, others, _ := strings.Cut(text, " ")
	if match := duration.FindStringSubmatch(text); match != nil {
		c.Verb, c.Argument = "minutes", match[1]+"m"
		if match[2] == "" { // hours; of more than two digits none is meant
			hours, _ := strconv.Atoi(match[1])
			c.Argument = strconv.Itoa(60*hours) + "m"
		}
		return c, true
	}
	v, ok := verbOf(first)
	if !ok {
		return misspelt(c, text, first, others)
	}
	c.Verb, c.Argument = v.name, bareOf(v, argument(others))
	_, more := leadingIDs(c.Argument)
	if v.object == onNothing || more != c.Argument && isVerb(firstOf(withoutFillers(more))) {
		c.Error = "That line holds more than one command. One a line is read."
	}
	return c, true
}

func misspelt(c Command, text, first, others string) (Command, bool) {
	const slip = 5                                                  // words; longer ones are sentences about the action
	if match := wordBehind.FindStringSubmatch(text); match != nil { // the line of the letter, and the word behind it
		c.Verb = "done"
		return c, true
	}
	if text == "" || len(strings.Fields(text)) > slip {
		return c, false
	}
	c.Error = "There is no command " + strings.Trim(first, ".,:;!") + "."
	if english, ok := foreignVerb(text); ok {
		c.Guess = strings.Join(c.IDs, " ") + " " + english
	} else if near, ok := spell.Nearest(strings.ToLower(strings.Trim(first, ".,:;!")), verbNames); ok {
		c.Guess = strings.TrimSpace(strings.Join(c.IDs, " ") + " " + near + " " + argument(others))
	}
	return c, true
}

// bareCommand reads a line that begins with a verb.
func bareCommand(c Command, text string) (Command, bool) {
	first, others, _ := strings.Cut(text, " ")
	v, ok := verbOf(first)
	if english, isForeign := foreignVerb(withoutThanks(text)); !ok && isForeign {
		c.Verb, c.Error, c.Guess = english, "There is no command "+strings.Trim(first, ".,:;!")+".", english
		return c, true
	}
	if !ok {
		return c, false
	}
	if with, more, _ := strings.Cut(others, " "); strings.EqualFold(with, "with") { // "done with A-17"
		if ids, _ := leadingIDs(more); len(ids) > 0 {
			others = more
		}
	}
	c.Verb, c.Argument = v.name, bareOf(v, argument(others))
	if ids, more := leadingIDs(c.Argument); len(ids) > 0 && v.object != onNothing {
		c.IDs, c.Argument = ids, argument(more)
		return c, true
	}
	return c, fits(v, c.Argument, first)
}

// fits says whether a bare verb with this rest is a command. Without an id to
// lean on it must be no more than the grammar asks for.
func fits(v verb, rest, first string) bool {
	n := len(strings.Fields(rest))
	if n > 0 && proseNext[strings.ToLower(strings.Trim(firstOf(rest), ".,"))] {
		return false
	}
	switch v.rest {
	case restNothing:
		return n == 0 || v.name == "undo" && n == 1 && pointsBack[strings.ToLower(strings.Trim(rest, ".!"))]
	case restDay:
		switch {
		case n == 0:
			return v.alone || strings.EqualFold(strings.Trim(first, ".!:"), v.name)
		case v.name == "stop":
			return n <= 8 && stopsKind(rest)
		}
		return n <= 2 && !strings.EqualFold(firstOf(rest), "to") || n <= 5 && isDay(rest)
	case restPeople:
		return n > 0 && n <= 4
	case restWord:
		switch v.name {
		case "help":
			return n <= 2
		case "resume":
			return n == 0 || n <= 4 && stopsKind(rest)
		case "minutes":
			return n > 0 && n <= 2 && unicode.IsDigit(rune(rest[0]))
		}
		return n > 0 && n <= 2
	case restWords:
		return n > 0 && (v.name != "call" || callsOn(rest))
	default: // anything: "done", "done https://…", "done, see the wiki"
		return n == 0 || anchor.MatchString(strings.Fields(rest)[0]) || strings.ContainsAny(first[len(first)-1:], ",:;.!-")
	}
}

// proseNext are words behind a verb that make it a sentence: "title is wrong", "find attached".
var proseNext = map[string]bool{
	"is": true, "are": true, "was": true, "were": true, "has": true, "have": true, "had": true, "will": true, "would": true, "should": true, "can": true,
	"attached": true, "enclosed": true, "below": true, "me": true, "us": true, "out": true, "off": true, "by": true,
}

// pointsBack are words behind undo that say no more than undo.
var pointsBack = map[string]bool{"that": true, "this": true, "it": true, "all": true, "everything": true, "last": true}

// isDay says whether words are a day, or nearly one.
func isDay(text string) bool {
	sample := time.Unix(0, 0).UTC()
	if _, ok := dates.Day(text, sample); ok {
		return true
	}
	return len(dates.Guess(text, sample)) > 0
}

// stopsKind says whether words name letters, as in "the weekly" or "sending me reminders".
func stopsKind(rest string) bool {
	for _, word := range strings.Fields(strings.ToLower(rest)) {
		word = strings.Trim(word, ".,")
		if stops[word] {
			return true
		}
		if !stopFillers[word] {
			return false
		}
	}
	return false
}

func isVerb(word string) bool {
	_, ok := verbOf(word)
	return ok
}

func firstOf(text string) string {
	first, _, _ := strings.Cut(text, " ")
	return first
}

// callsOn says whether words begin with a day in figures: prose does not ("call me back").
func callsOn(rest string) bool {
	_, ok := dates.Day(strings.Fields(rest)[0], time.Unix(0, 0).UTC())
	return ok || unicode.IsDigit(rune(rest[0]))
}

// acts says whether a verb may act on an id.
func acts(name, id string) bool {
	v, _ := verbOf(name)
	switch v.object {
	case onEither, onAny:
		return true
	case onActions:
		return id[0] == 'A'
	case onItems:
		return id[0] == 'T'
	}
	return false
}

// argument drops what people put between a verb and its rest, and the full stop behind a short one.
func argument(text string) string {
	text = strings.TrimLeft(text, " :=–—>-")
	if !strings.Contains(text, " ") {
		text = strings.TrimRight(text, ".,;")
	}
	text = strings.Trim(strings.TrimSpace(text), "<>*_`")
	if opened, ok := strings.CutPrefix(text, "\""); ok && !strings.Contains(opened, "\"") { // its end went with the end of the line
		text = opened
	}
	return strings.TrimLeft(text, "“„«")
}

// leadingIDs reads "A-3, A-5 and A-7:" and returns the ids and what follows. Of
// the second id on, the letter may be missing ("A-3, 5").
func leadingIDs(text string) ([]string, string) {
	ids := []string{}
	rest := text
	match := idLead.FindStringSubmatch(rest)
	for match != nil {
		ids = append(ids, strings.ToUpper(match[1])+"-"+withoutZeros(match[2]))
		rest = rest[len(match[0]):]
		for short := idShort.FindStringSubmatch(rest); short != nil; short = idShort.FindStringSubmatch(rest) {
			ids = append(ids, strings.ToUpper(match[1])+"-"+withoutZeros(short[1]))
			rest = rest[strings.Index(rest, short[1])+len(short[1]):]
		}
		match = idMore.FindStringSubmatch(rest)
	}
	if len(ids) == 0 {
		return ids, text
	}
	rest = strings.TrimLeft(rest, " \t\u00a0,:;&=–—>*`|")
	return ids, strings.TrimPrefix(strings.TrimPrefix(rest, "- "), "and ")
}

func withoutZeros(digits string) string {
	return strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:]
}

func firstLink(text string) string {
	for _, w := range strings.Fields(text) {
		if anchor.MatchString(w) {
			return strings.Trim(w, "<>")
		}
	}
	return ""
}

// longestClosing is in bytes, with room for capitals that are longer than their
// small letters.
var longestClosing = func() (longest int) {
	for words := range closings {
		longest = max(longest, 2*len(words))
	}
	return longest
}()

func closes(line string) bool {
	head, _, _ := strings.Cut(line, ",")
	head = strings.Trim(head, " .!:;-")
	return len(head) <= longestClosing && closings[strings.ToLower(head)]
}

func greets(line string) bool {
	first, _, _ := strings.Cut(line, " ")
	return greetings[strings.ToLower(strings.Trim(first, ",.!:"))] && len(strings.Fields(line)) <= 5
}

func withIDs(commands []Command) []Command {
	var kept []Command
	for _, c := range commands {
		if len(c.IDs) > 0 {
			kept = append(kept, c)
		}
	}
	return kept
}

// subjectCommand reads the unsubscribe mails that mail programs send by
// themselves: the subject is the command, the body is theirs (Gmail fills it
// with a sentence, RFC 2369 section 3.2 leaves it open).
func subjectCommand(m *Mail) []Command {
	c, ok := bareCommand(Command{Line: m.Subject, IDs: []string{}}, strings.TrimSpace(m.Subject))
	if v, _ := verbOf(c.Verb); !ok || !v.subject {
		return m.Commands
	}
	return []Command{c}
}

// answered is an own line of a mail and the id that stood in the quote right above it.
type answered struct{ line, id string }

// under returns the id in the quote right above a line of the answer.
func (r *commandReader) under(line string) string {
	for i, a := range r.above {
		if a.line == line && line != "" {
			r.above = r.above[i+1:]
			return a.id
		}
	}
	return ""
}

// quotedAbove lists the own lines of an answer that was written between quotes.
func quotedAbove(text string) []answered {
	if !strings.Contains(text, "\n>") && !strings.HasPrefix(text, ">") {
		return nil
	}
	var own []answered
	id := ""
	for line := range strings.Lines(text) {
		line = strings.TrimFunc(line, unicode.IsSpace)
		switch {
		case strings.HasPrefix(line, ">"):
			if ids := idQuoted.FindAllString(line, -1); len(ids) > 0 && !strings.Contains(line, "->") {
				id = strings.ToUpper(ids[0])
			}
		case line != "":
			own = append(own, answered{line, id})
			id = ""
		}
	}
	return own
}
