package agenda

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"minuted/parser"
)

// An actionVerb changes an action, an itemVerb an item; they return what was
// and what is now, or what was not understood. A plainVerb needs no object.
type (
	actionVerb func(r *request, a *Action, argument string) (Change, *Misread)
	itemVerb   func(r *request, it *Item, argument string) (Change, *Misread)
	plainVerb  func(r *request, argument string) *Misread
)

// actionVerbs, itemVerbs and plainVerbs are all that people can say (DESIGN
// chapter 5). To add a command, add a line here and one to the grammar of
// package parser.
var actionVerbs = map[string]actionVerb{
	"done": doneAction, "reopen": reopenAction, "drop": dropAction, "owner": ownAction,
	"due": dueAction, "snooze": snoozeAction, "note": noteAction,
}

var itemVerbs = map[string]itemVerb{
	"accept": acceptItem, "drop": dropItem, "reopen": reopenItem, "pin": pinItem, "unpin": unpinItem,
	"postpone": postponeItem, "vote": voteItem, "minutes": minutesItem, "area": areaItem, "title": titleItem,
}

var plainVerbs = map[string]plainVerb{
	"agenda": page("agenda"), "mine": page("mine"), "help": page("help"), "find": find,
	"stop": stop, "resume": resume,
	"call": callVerb, "skip": skip, "keep": keep, "hold": hold, "send": send,
}

// verbsOnMail need the mail itself; they are apart because they carry out
// commands in their turn.
func (r *request) onMail(verb string) (func() *Misread, bool) {
	switch verb {
	case "undo":
		return r.undo, true
	case "yes":
		return r.yes, true
	}
	return nil, false
}

// commanded carries out the commands of a mail, or asks its writer whether
// they were meant.
func (b *Book) commanded(r *request) Outcome {
	if !r.who.proven && !r.confirms() {
		return b.ask(r)
	}
	if len(r.mail.Tags) > 0 { // a tag and commands in one mail
		b.file(r)
	}
	r.run()
	return r.finish(Outcome{Did: "command", Detail: r.summary()})
}

// maxCommands is how many commands one mail may hold.
const maxCommands = 50

// run carries out what the mail asks for, line by line.
func (r *request) run() {
	if r.who.card != nil && r.b.Member(r.who.handle).Failing > 0 {
		r.b.editMember(r.who.handle).Failing = 0 // an answer shows that letters arrive
	}
	commands := r.commands()
	if len(commands) > maxCommands || r.cutShort() {
		commands = commands[:maxCommands]
		r.refuse(Misread{Reason: "too many", Line: commands[maxCommands-1].Line, Sentence: fmt.Sprintf("Only the first %d commands of a mail are carried out, up to this one.", maxCommands)})
	}
	r.strangeTicks()
	for i, c := range commands {
		if slices.ContainsFunc(commands[:i], func(before parser.Command) bool { return sameCommand(before, c) }) {
			continue // said twice, or a box ticked and the word written
		}
		if miss := r.carryOut(c); miss != nil {
			miss.Line = cmp.Or(miss.Line, c.Line)
			r.refuse(*miss)
		}
	}
}

// sameCommand says whether a command says what another said before.
func sameCommand(a, b parser.Command) bool {
	return a.Verb == b.Verb && len(a.IDs) > 0 && slices.Equal(a.IDs, b.IDs) && a.Argument == b.Argument && a.Error == b.Error
}

// cutShort says whether the parser left commands out already.
func (r *request) cutShort() bool {
	return len(r.mail.Commands) == maxCommands &&
		slices.ContainsFunc(r.mail.Problems, func(p parser.Problem) bool { return p.Code == "too-many-commands" })
}

// commands are those of the mail that count.
func (r *request) commands() []parser.Command { return append(r.ticked(), r.mail.Commands...) }

// ticked are the boxes that count: those of actions that the answered letter
// showed to this very person. Quoted minutes have boxes of their own, and a link
// that the letter showed already is no evidence.
func (r *request) ticked() []parser.Command {
	var out []parser.Command
	for _, c := range r.mail.Ticked {
		shown := func(id string) bool { return r.who.card != nil && slices.Contains(r.who.card.Shown, id) }
		if len(c.IDs) > 0 && !slices.ContainsFunc(c.IDs, func(id string) bool { return !shown(id) }) {
			c.Argument = r.b.newLinks(c)
			out = append(out, c)
		}
	}
	return out
}

// strangeTicks tells about boxes that were ticked in a letter of ours and do not
// count: it went to somebody else, is too old, or never had them.
func (r *request) strangeTicks() {
	if len(r.mail.Ticked) == 0 || !r.b.answersOurs(r.mail) {
		return
	}
	counted := r.ticked()
	for _, c := range r.mail.Ticked {
		if slices.ContainsFunc(counted, func(t parser.Command) bool { return t.Line == c.Line }) {
			continue
		}
		var open []string
		for _, id := range c.IDs {
			if r.takes("done", id) {
				open = append(open, id+" done")
			}
		}
		if len(open) > 0 {
			r.refuse(Misread{Reason: "strange tick", Line: c.Line, Sentence: "A box counts in a letter to yourself that showed it, for 14 days.", Ready: open})
		}
	}
}

// newLinks are the links of a ticked box that its action does not have.
func (b *Book) newLinks(c parser.Command) string {
	links, _ := linksAndWords(c.Argument)
	for _, id := range c.IDs {
		if a := b.actions[keyOf(id)]; a != nil {
			links = slices.DeleteFunc(links, func(l string) bool { return slices.Contains(a.Links, l) })
		}
	}
	return strings.Join(links, " ")
}

func (r *request) carryOut(c parser.Command) *Misread {
	if c.Error != "" {
		miss := &Misread{Reason: "grammar", Sentence: c.Error, Ready: ready(c.Guess)}
		if len(c.IDs) == 0 && actionVerbs[c.Guess] != nil { // a word of another language, alone
			miss.Ready = nil
			for _, id := range r.candidates(c.Guess) {
				miss.Ready = append(miss.Ready, id+" "+c.Guess)
			}
		}
		return miss
	}
	if do, ok := r.onMail(c.Verb); ok {
		return do()
	}
	if do, ok := plainVerbs[c.Verb]; ok && len(c.IDs) == 0 {
		return do(r, c.Argument)
	}
	if c.Verb == "show" {
		return r.show(c)
	}
	ids, miss := r.objects(c)
	if miss != nil {
		return miss
	}
	for _, id := range ids {
		if miss := r.act(c, id); miss != nil {
			return miss
		}
	}
	return nil
}

func ready(lines ...string) []string {
	return slices.DeleteFunc(lines, func(l string) bool { return l == "" })
}

// objects are the ids of the command, or the one that the answered letter
// showed. Where it showed several, nothing is guessed.
func (r *request) objects(c parser.Command) ([]string, *Misread) {
	if len(c.IDs) > 0 {
		return c.IDs, nil
	}
	candidates := r.candidates(c.Verb)
	if len(candidates) == 1 && r.who.card != nil {
		return candidates, nil
	}
	miss := &Misread{Reason: "which one", Sentence: fmt.Sprintf("%s can mean more than one here. Say which:", c.Verb)}
	if len(candidates) == 0 {
		miss.Sentence = fmt.Sprintf("%s needs an id in front, such as A-17 or T-4.", c.Verb)
	}
	for _, id := range candidates {
		miss.Ready = append(miss.Ready, strings.TrimSpace(id+" "+c.Verb+" "+c.Argument))
	}
	return nil, miss
}

// maxReady is how many ready answers an error offers.
const maxReady = 10

// candidates are what a command without ids can mean: what the answered letter
// showed, else what the person owes.
func (r *request) candidates(verb string) []string {
	var out []string
	if r.who.card != nil {
		for _, id := range r.who.card.Shown {
			if r.takes(verb, id) {
				out = append(out, id)
			}
		}
	} else if actionVerbs[verb] != nil {
		for _, a := range r.b.actionsOf(r.who.handle) {
			out = append(out, a.Ref())
		}
	}
	return out[:min(len(out), maxReady)]
}

// takes says whether a verb has something to do on an id as it stands.
func (r *request) takes(verb, id string) bool {
	if a := r.b.actions[keyOf(id)]; a != nil && strings.HasPrefix(id, "A-") {
		return actionVerbs[verb] != nil && (a.State == OpenAction) == (verb != "reopen")
	}
	it := r.b.items[keyOf(id)]
	if it == nil || itemVerbs[verb] == nil {
		return false
	}
	switch verb {
	case "reopen":
		return !it.live()
	case "accept":
		return it.State == Waiting
	case "unpin":
		return it.Pinned
	}
	return it.live()
}

// act lets a verb act on one id.
func (r *request) act(c parser.Command, id string) *Misread {
	if !r.b.has(keyOf(id)) {
		return r.unknown(c, id)
	}
	before := string(r.b.text(keyOf(id)))
	var change Change
	var miss *Misread
	isAction := strings.HasPrefix(id, "A-")
	switch {
	case isAction && actionVerbs[c.Verb] != nil:
		a := r.b.editAction(number(id))
		change, miss = actionVerbs[c.Verb](r, a, c.Argument)
		change.Title = a.Text
	case !isAction && itemVerbs[c.Verb] != nil:
		it := r.b.editItem(number(id))
		change, miss = itemVerbs[c.Verb](r, it, c.Argument)
		change.Title = it.Title
	default:
		return r.wrongKind(c, id)
	}
	if miss != nil {
		return miss
	}
	change.ID, change.Verb = id, c.Verb
	if string(r.b.text(keyOf(id))) == before && isState[c.Verb] {
		return r.sameAsBefore(c, change)
	}
	r.changed(change)
	return nil
}

// isState are verbs after which something is so or is not. Days are said back
// in any case: "due 2w" means another one tomorrow.
var isState = map[string]bool{"done": true, "reopen": true, "drop": true, "accept": true, "pin": true, "unpin": true, "owner": true, "vote": true}

// sameAsBefore answers a command that asked for what is so already. A box stays
// ticked in a letter that is sent back twice: that says nothing new.
func (r *request) sameAsBefore(c parser.Command, change Change) *Misread {
	if slices.ContainsFunc(r.mail.Ticked, func(t parser.Command) bool { return t.Line == c.Line }) {
		return nil
	}
	var sentence string
	switch c.Verb {
	case "done", "reopen", "drop", "accept", "pin":
		sentence = change.ID + " is " + change.Now + " already."
	case "unpin":
		sentence = change.ID + " is not pinned."
	case "owner":
		sentence = change.ID + " is with " + change.Now + " already."
	case "vote":
		sentence = change.ID + " has your vote already."
	}
	return &Misread{Reason: "no change", Sentence: sentence, Ready: []string{"show " + change.ID}}
}

// unknown names an id that the team does not have, and what was perhaps meant.
func (r *request) unknown(c parser.Command, id string) *Misread {
	last, kind := r.b.register().Actions, "A"
	if strings.HasPrefix(id, "T-") {
		last, kind = r.b.register().Items, "T"
	}
	miss := &Misread{Reason: "unknown id", Sentence: fmt.Sprintf("There is no %s.", id)}
	if last > 0 {
		miss.Sentence = fmt.Sprintf("There is no %s. The last one is %s-%d.", id, kind, last)
	}
	if kind == "A" {
		for _, a := range r.b.actionsOf(r.who.handle) {
			miss.Ready = append(miss.Ready, strings.TrimSpace(a.Ref()+" "+c.Verb+" "+c.Argument))
		}
		miss.Ready = miss.Ready[:min(len(miss.Ready), 3)]
	}
	return miss
}

func (r *request) wrongKind(c parser.Command, id string) *Misread {
	if strings.HasPrefix(id, "A-") {
		return &Misread{Reason: "wrong kind", Sentence: fmt.Sprintf("%s is an action, and %s is for topics.", id, c.Verb), Ready: []string{"show " + id, "help"}}
	}
	return &Misread{Reason: "wrong kind", Sentence: fmt.Sprintf("%s is a topic, and %s is for actions.", id, c.Verb), Ready: []string{"show " + id, "help"}}
}

func (b *Book) actionsOf(handle string) []Action {
	return b.actionsWhere(func(a *Action) bool { return a.State == OpenAction && slices.Contains(a.Owners, handle) })
}

// summary names what was done, for the log.
func (r *request) summary() string {
	var out []string
	for _, c := range r.receipt.Changes {
		out = append(out, strings.TrimSpace(c.ID+" "+c.Verb))
	}
	if n := len(r.receipt.Errors); n > 0 {
		out = append(out, fmt.Sprintf("%d not understood", n))
	}
	return strings.Join(out, ", ")
}
