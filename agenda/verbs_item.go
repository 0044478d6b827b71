package agenda

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"minuted/parser/when"
)

func acceptItem(r *request, it *Item, _ string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	if it.State == Waiting {
		it.reopen()
	}
	return Change{Was: was, Now: itemWords(*it, r.zone)}, nil
}

func dropItem(r *request, it *Item, argument string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	if it.State != Dropped {
		it.Closed, it.ClosedBy = r.at, r.who.handle
	}
	if argument != "" || it.State != Dropped {
		it.Drop = argument
	}
	it.State, it.Pinned = Dropped, false
	return Change{Was: was, Now: "dropped"}, nil
}

func reopenItem(r *request, it *Item, _ string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	it.reopen()
	return Change{Was: was, Now: itemWords(*it, r.zone)}, nil
}

func pinItem(r *request, it *Item, _ string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	if !it.live() || it.State == Waiting {
		it.reopen()
	}
	it.Pinned = true
	return Change{Was: was, Now: itemWords(*it, r.zone)}, nil
}

func unpinItem(r *request, it *Item, _ string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	it.Pinned = false
	return Change{Was: was, Now: itemWords(*it, r.zone)}, nil
}

// postponeItem moves an item to a later call: the one after the next, or the
// first from a day on. It returns with one more to its count, so that nothing
// is put off without anybody noticing.
func postponeItem(r *request, it *Item, argument string) (Change, *Misread) {
	was := itemWords(*it, r.zone)
	until, miss := r.until(it, argument)
	if miss != nil {
		return Change{}, miss
	}
	if it.State != Postponed {
		it.Calls++
	}
	today := when.DateOf(r.at.In(r.b.team.zone()))
	it.reopen()
	it.State, it.Until, it.Reason = Postponed, until, "Postponed on "+dayMonth(today)
	it.Postponer = r.who.handle
	return Change{Was: was, Now: itemWords(*it, r.zone)}, nil
}

func (r *request) until(it *Item, argument string) (when.Date, *Misread) {
	next, ok := r.nextCall()
	if argument = strings.TrimSpace(argument); argument != "" && !strings.EqualFold(argument, "next") {
		return r.day(argument, it.Ref()+" postpone ")
	}
	if !ok {
		return when.DateOf(r.at.In(r.zone)).AddDays(7), nil
	}
	after, ok := r.b.NextCall(next.Start)
	if !ok {
		return next.Day().AddDays(1), nil
	}
	return after.Day(), nil
}

func voteItem(r *request, it *Item, _ string) (Change, *Misread) {
	if !it.live() { // nobody would ever count it
		return Change{}, &Misread{Reason: "not open", Sentence: it.Ref() + " is " + itemWords(*it, r.zone) + ".", Ready: []string{it.Ref() + " reopen"}}
	}
	it.Votes = addMissing(it.Votes, r.who.handle)
	return Change{Now: counted(len(it.Votes), "vote")}, nil
}

var digits = regexp.MustCompile(`^\d{1,3}`)

// maxPlanned is the longest that one topic may be given: a working day.
const maxPlanned = 480

func minutesItem(_ *request, it *Item, argument string) (Change, *Misread) {
	n, err := strconv.Atoi(digits.FindString(strings.TrimSpace(argument)))
	if err != nil || n < 1 || n > maxPlanned {
		return Change{}, &Misread{Reason: "unknown length", Sentence: fmt.Sprintf("%s is not a length in minutes.", argument), Ready: []string{it.Ref() + " 15m"}}
	}
	was := counted(it.Planned(), "minute")
	it.Minutes = n
	return Change{Was: was, Now: counted(n, "minute")}, nil
}

func areaItem(r *request, it *Item, argument string) (Change, *Misread) {
	name := strings.TrimPrefix(strings.TrimSpace(argument), "#")
	var names []string
	for _, a := range r.b.team.Areas {
		if strings.EqualFold(a.Name, name) || containsFold(a.Tags, name) {
			was := it.Area
			it.Area, it.Taught = a.Name, true
			return Change{Was: was, Now: a.Name}, nil
		}
		names = append(names, it.Ref()+" area "+a.Name)
	}
	return Change{}, &Misread{Reason: "unknown area", Sentence: fmt.Sprintf("There is no area %s.", name), Ready: names[:min(len(names), maxReady)]}
}

func titleItem(_ *request, it *Item, argument string) (Change, *Misread) {
	if strings.TrimSpace(argument) == "" {
		return Change{}, &Misread{Reason: "no words", Sentence: "The new title is missing.", Ready: []string{"show " + it.Ref()}}
	}
	was := it.Title
	it.Title = strings.TrimSpace(argument)
	return Change{Was: was, Now: it.Title}, nil
}

func page(verb string) plainVerb {
	return func(r *request, argument string) *Misread {
		p := Page{Verb: verb, Argument: argument}
		if verb == "mine" {
			for _, a := range r.b.actionsOf(r.who.handle) {
				p.Actions = append(p.Actions, a.ID)
			}
			for _, it := range r.b.Items() {
				if it.Submitter == r.who.handle {
					p.Items = append(p.Items, it.ID)
				}
			}
		}
		r.receipt.Pages = append(r.receipt.Pages, p)
		return nil
	}
}

// find looks through what is open or fresh, for all of the words.
func find(r *request, argument string) *Misread {
	words := strings.Fields(fold(argument))
	if len(words) == 0 {
		return &Misread{Reason: "no words", Sentence: "find needs a word to look for.", Ready: []string{"agenda", "mine"}}
	}
	has := func(text ...string) bool {
		folded := fold(strings.Join(text, " "))
		return !slices.ContainsFunc(words, func(w string) bool { return !strings.Contains(folded, w) })
	}
	p := Page{Verb: "find", Argument: argument}
	for _, it := range r.b.itemsWhere(func(it *Item) bool {
		open, _ := r.b.life(it)
		return open && has(it.Title, it.Summary, it.Area, it.Submitter)
	}) {
		p.Items = append(p.Items, it.ID)
	}
	for _, a := range r.b.actionsWhere(func(a *Action) bool {
		open, _ := r.b.life(a)
		return open && has(append([]string{a.Text, a.Topic}, a.Notes...)...)
	}) {
		p.Actions = append(p.Actions, a.ID)
	}
	r.receipt.Pages = append(r.receipt.Pages, p)
	return nil
}
