package parser

import (
	"regexp"
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

var (
	idWord   = regexp.MustCompile(`(?i)^[AT]\s?[-\x{2010}-\x{2013}]\s?\d{1,9}\b`)
	idQuoted = regexp.MustCompile(`(?i)\b([AT])-(\d{1,9})\b`)
	refLine  = regexp.MustCompile(`(?i)^ref:?\s+([a-z2-7]{26})$`)
	bullet   = regexp.MustCompile(`^(?:[-*•+–]\s+|\d{1,2}[.)]\s+)`)
	duration = regexp.MustCompile(`(?i)^(\d{1,3})\s?(?:m|min|mins|minutes)\.?$`)
	anchor   = regexp.MustCompile(`^<?https?://\S+$`)
)

// readCommands fills Commands, Ticked and Ref from the sender's own words. Text
// that is quoted, or stands below a closing or a ready answer of a letter of ours, is never read.
func readCommands(m *Mail) {
	r := commandReader{above: quotedAbove(m.Text), tagged: len(m.Tags) > 0, pasted: m.Pasted}
	lines := strings.Split(m.Reply, "\n")
	for i, line := range lines {
		next := lines[min(i+1, len(lines)-1)]
		r.ended = r.ended || offers(strings.TrimSpace(line), next)
		r.read(strings.TrimFunc(line, unicode.IsSpace), i+1, utf8.RuneCountInString(line))
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

// letterFoot begins the last lines of each letter of ours. Where it stands among
// somebody's own words, a letter was pasted there or quoted without marks: then
// only the first paragraph is surely theirs.
const letterFoot = "You get this because"

// commandReader reads the lines of an answer from the top.
type commandReader struct {
	commands []Command
	ref      string
	above    []answered // the own lines of the mail that are still to come
	prose    bool       // words stood before the first command: bare commandVerbs do not count
	tagged   bool
	pasted   bool // a letter of ours stands among the words, without any mark
	open     bool // the last line may go on in the next
	ended    bool // the words of commands are over; only a ref line may follow
}

// read takes one line.
func (r *commandReader) read(line string, number, width int) {
	under := r.under(line)
	if match := refLine.FindStringSubmatch(line); match != nil {
		r.ref = strings.ToLower(match[1])
		return
	}
	wasOpen := r.open
	r.open = false
	switch {
	case line == "" || r.ended:
		r.ended = r.ended || r.pasted && (r.prose || len(r.commands) > 0)
		return
	case line == "--" || line == "—" || closes(line):
		r.ended = true
		return
	}
	if wasOpen && r.continues(line) {
		r.extend(line, width)
		return
	}
	c, ok := r.command(line)
	if !ok {
		r.pass(line)
		return
	}
	if len(c.IDs) == 0 && under != "" && acts(c.Verb, under) {
		c.IDs = []string{under}
	}
	c.Number = number
	r.commands = append(r.commands, c)
	r.open = c.Error == "" && (width >= wrapWidth || takesLink(c))
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
	_, isCommand := r.command(line)
	return !isCommand && last.Argument != "" && (v.rest == restWords || v.rest == restAnything) && utf8.RuneCountInString(last.Line) >= wrapWidth
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
	_, isVerb := verbWords[word]
	return !isVerb && !courtesies[word]
}

// command reads one line, or says that it is none.
func (r *commandReader) command(line string) (Command, bool) {
	if plain(line) {
		return Command{}, false
	}
	c := Command{Line: line, IDs: []string{}}
	text := tidyLine(line)
	if tick := tickMark.FindString(text); tick != "" {
		c.IDs, text = leadingIDs(strings.TrimSpace(text[len(tick):]))
		c.Verb, c.Argument = "done", firstLink(text)
		return c, len(c.IDs) > 0
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
	for _, filler := range []string{"is ", "are ", "was ", "as ", "to "} {
		text = strings.TrimPrefix(text, filler)
	}
	first, others, _ := strings.Cut(text, " ")
	if match := duration.FindStringSubmatch(text); match != nil {
		c.Verb, c.Argument = "minutes", match[1]+"m"
		return c, true
	}
	v, ok := verbOf(first)
	if !ok {
		return misspelt(c, text, first, others)
	}
	c.Verb, c.Argument = v.name, bareOf(v, argument(others))
	if second, more := leadingIDs(c.Argument); v.object == onNothing || (len(second) > 0 && strings.TrimSpace(more) != "") {
		c.Error = "That line holds more than one command. One a line is read."
	}
	return c, true
}

func misspelt(c Command, text, first, others string) (Command, bool) {
	const slip = 5 // words; longer ones are sentences about the action
	if text == "" || len(strings.Fields(text)) > slip {
		return c, false
	}
	c.Error = "There is no command " + strings.Trim(first, ".,:;!") + "."
	if near, ok := spell.Nearest(strings.ToLower(strings.Trim(first, ".,:;!")), verbNames); ok {
		c.Guess = strings.TrimSpace(strings.Join(c.IDs, " ") + " " + near + " " + argument(others))
	}
	return c, true
}

// bareCommand reads a line that begins with a verb.
func bareCommand(c Command, text string) (Command, bool) {
	first, others, _ := strings.Cut(text, " ")
	v, ok := verbOf(first)
	if !ok {
		return c, false
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
	switch v.rest {
	case restNothing:
		return n == 0
	case restDay:
		return n == 0 && v.alone || n > 0 && n <= 4 && (v.name != "stop" || stopsKind(rest))
	case restPeople:
		return n > 0 && n <= 4
	case restWord:
		return n <= 2 && (v.name == "help" || v.name == "resume" || n > 0)
	case restWords:
		return n > 0 && (v.name != "call" || callsOn(rest))
	default: // anything: "done", "done https://…", "done, see the wiki"
		return n == 0 || anchor.MatchString(strings.Fields(rest)[0]) || strings.ContainsAny(first[len(first)-1:], ",:;.!-")
	}
}

func stopsKind(rest string) bool {
	first, _, _ := strings.Cut(strings.ToLower(rest), " ")
	return stops[strings.Trim(first, ".,")]
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
	return strings.Trim(strings.TrimSpace(text), "<>*_`")
}

// leadingIDs reads "A-3, A-5 and A-7:" and returns the ids and what follows.
func leadingIDs(text string) ([]string, string) {
	ids := []string{}
	rest := text
	for {
		found := idWord.FindString(rest)
		if found == "" {
			break
		}
		digits := strings.TrimLeftFunc(found[1:], func(r rune) bool { return !unicode.IsDigit(r) })
		number := strings.TrimLeft(digits[:len(digits)-1], "0") + digits[len(digits)-1:]
		ids = append(ids, strings.ToUpper(found[:1])+"-"+number)
		rest = strings.TrimLeft(rest[len(found):], " \t\u00a0,:;&=–—>*`")
		rest = strings.TrimPrefix(strings.TrimPrefix(rest, "- "), "and ")
	}
	return ids, rest
}

func firstLink(text string) string {
	for _, w := range strings.Fields(text) {
		if anchor.MatchString(w) {
			return strings.Trim(w, "<>")
		}
	}
	return ""
}

func closes(line string) bool {
	head, _, _ := strings.Cut(line, ",")
	return closings[strings.ToLower(strings.Trim(head, " .!:;-"))]
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
