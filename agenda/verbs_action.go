package agenda

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"minuted/parser/when"
)

func doneAction(r *request, a *Action, argument string) (Change, *Misread) {
	links, words := linksAndWords(argument)
	was := actionWords(*a, r.at, r.zone)
	r.b.closeAction(a, DoneAction, r.who.handle, r.at)
	a.Evidence = addMissing(a.Evidence, links...)
	if words != "" {
		a.Note = words
	}
	return Change{Was: was, Now: "done", Links: links}, nil
}

// closeAction ends an action. One that was closed before keeps its day: it was
// counted then.
func (b *Book) closeAction(a *Action, state State, by string, at time.Time) {
	if a.State != state {
		a.Closed, a.ClosedBy = at, by
	}
	a.State, a.Stuck, a.Remind, a.Told = state, false, "", nil
}

func reopenAction(r *request, a *Action, argument string) (Change, *Misread) {
	was := actionWords(*a, r.at, r.zone)
	if a.State != OpenAction {
		a.State, a.Closed, a.ClosedBy = OpenAction, time.Time{}, ""
		r.b.reschedule(a)
	}
	if argument != "" {
		a.Notes = append(a.Notes, argument)
	}
	return Change{Was: was, Now: "open"}, nil
}

func dropAction(r *request, a *Action, argument string) (Change, *Misread) {
	was := actionWords(*a, r.at, r.zone)
	if argument != "" || a.State != Dropped {
		a.Note = argument
	}
	r.b.closeAction(a, Dropped, r.who.handle, r.at)
	return Change{Was: was, Now: "dropped"}, nil
}

func ownAction(r *request, a *Action, argument string) (Change, *Misread) {
	was := r.b.ownerWords(*a)
	var owners []string
	for _, word := range peopleIn(argument) {
		found := r.b.meant(r.who.handle, word)
		if len(found) != 1 {
			return Change{}, r.whoIs(a, word, found)
		}
		owners = addMissing(owners, found[0].Handle)
	}
	if len(owners) == 0 {
		return Change{}, r.whoIs(a, argument, nil)
	}
	a.Owners, a.Unknown = owners, nil
	if a.State == OpenAction {
		r.b.reschedule(a)
	}
	return Change{Was: was, Now: r.b.ownerWords(*a)}, nil
}

// meant is who a word of a command means; "me" is who writes.
func (b *Book) meant(writer, word string) []Person {
	if strings.EqualFold(strings.TrimPrefix(word, "@"), "me") {
		word = writer
	}
	return b.team.named(word)
}

// whoIs asks for an owner that is not known, or could be several people.
func (r *request) whoIs(a *Action, word string, found []Person) *Misread {
	miss := &Misread{Reason: "unknown owner", Sentence: fmt.Sprintf("Nobody on the team is called %s.", strings.TrimSpace(word))}
	if len(found) > 1 {
		miss.Sentence = fmt.Sprintf("%s can be %d people.", word, len(found))
	} else if strings.TrimSpace(word) == "" {
		miss.Sentence = "owner needs a name."
	}
	if len(found) == 0 {
		found = r.b.nearest(word)
	}
	for _, p := range found {
		miss.Ready = append(miss.Ready, fmt.Sprintf("%s owner @%s", a.Ref(), p.Handle))
	}
	return miss
}

// nearest are the people whose names begin alike, else everybody, five at most.
func (b *Book) nearest(word string) []Person {
	word = fold(word)
	var near []Person
	for _, p := range b.team.People {
		if word != "" && (strings.HasPrefix(fold(p.Name), word[:1]) || strings.HasPrefix(p.Handle, word[:1])) {
			near = append(near, p)
		}
	}
	if len(near) == 0 {
		near = b.team.People
	}
	return near[:min(len(near), 5)]
}

// peopleIn splits "@sam, eve and joe". Of "Eve <eve@example.org>" it takes the address.
func peopleIn(argument string) []string {
	argument = strings.NewReplacer(" and ", ",", "&", ",", "+", ",", ";", ",", "/", ",").Replace(argument)
	var out []string
	for part := range strings.SplitSeq(argument, ",") {
		part = strings.TrimSpace(part)
		for _, filler := range []string{"to ", "is ", "now "} {
			part = strings.TrimPrefix(part, filler)
		}
		if _, address, ok := strings.Cut(part, "<"); ok && strings.Contains(address, "@") {
			part = strings.Trim(address, "<> ")
		}
		if words := strings.Fields(part); len(words) > 1 && strings.HasPrefix(words[1], "@") {
			out = append(out, words...) // "@sam @eve"
		} else if part != "" {
			out = append(out, part)
		}
	}
	return out
}

func dueAction(r *request, a *Action, argument string) (Change, *Misread) {
	was := dueWords(*a)
	day, miss := r.day(argument, a.Ref()+" due ")
	if miss != nil {
		return Change{}, miss
	}
	a.Due, a.DueText = day, ""
	if a.State == OpenAction {
		r.b.reschedule(a)
	}
	return Change{Was: was, Now: dueWords(*a)}, nil
}

// day reads a date in the zone of who wrote it; what is not known, or past, is
// refused with the nearest guess as a ready answer.
func (r *request) day(text, command string) (when.Date, *Misread) {
	base := r.at.In(r.zone)
	today := when.DateOf(base)
	d, ok := when.Day(text, base)
	if ok && d >= today {
		return d, nil
	}
	if ok {
		return "", &Misread{Reason: "past date", Sentence: longDate(d) + " is past.", Ready: []string{command + string(today.AddDays(7))}}
	}
	sentence := fmt.Sprintf("%s is not a day that is known here. Write it like this:", text)
	if strings.TrimSpace(text) == "" {
		sentence = "A day is missing. Write it like this:"
	}
	miss := &Misread{Reason: "unknown date", Sentence: sentence}
	for _, guess := range when.Guess(text, base) {
		if guess >= today {
			miss.Ready = append(miss.Ready, command+string(guess))
		}
	}
	if len(miss.Ready) == 0 {
		miss.Ready = []string{command + string(today.AddDays(7))}
	}
	return "", miss
}

func snoozeAction(r *request, a *Action, argument string) (Change, *Misread) {
	day, miss := r.day(argument, a.Ref()+" snooze ")
	if miss != nil {
		return Change{}, miss
	}
	if a.State != OpenAction {
		return Change{}, &Misread{Reason: "not open", Sentence: a.Ref() + " is " + string(a.State) + " already.", Ready: []string{a.Ref() + " reopen"}}
	}
	a.Snooze, a.Remind, a.Told = day, day, nil
	if a.Stuck { // one more round, now that somebody named a day
		a.Stuck, a.Reminded = false, len(pauses)
	}
	return Change{Was: "reminders", Now: "no reminder before " + longDate(day)}, nil
}

func noteAction(r *request, a *Action, argument string) (Change, *Misread) {
	if strings.TrimSpace(argument) == "" {
		return Change{}, &Misread{Reason: "no words", Sentence: "The words of the note are missing.", Ready: []string{"show " + a.Ref()}}
	}
	links, _ := linksAndWords(argument)
	a.Notes = append(a.Notes, argument)
	a.Links = addMissing(a.Links, links...)
	return Change{Now: argument, Links: links}, nil
}

// linksAndWords parts the links of an argument from its other words.
func linksAndWords(argument string) (links []string, words string) {
	var rest []string
	for _, w := range strings.Fields(argument) {
		bare := strings.Trim(w, "<>()[],;")
		if strings.HasPrefix(bare, "https://") || strings.HasPrefix(bare, "http://") {
			links = append(links, strings.TrimRight(bare, "."))
		} else {
			rest = append(rest, w)
		}
	}
	return links, strings.Join(rest, " ")
}

func addMissing(list []string, more ...string) []string {
	for _, m := range more {
		if !slices.Contains(list, m) {
			list = append(list, m)
		}
	}
	return list
}
