package digest

import (
	"regexp"
	"slices"
	"strconv"
	"strings"

	"minuted/agenda"
	"minuted/parser/when"
)

// deed is what an action asks for. Minutes write "Nora to write to the town
// hall by 17 March"; letters show owner and day beside it, where they stay right
// when somebody else takes it over, so that here "Write to the town hall" is enough.
func (d *draft) deed(a agenda.Action) string {
	key := strconv.Itoa(a.ID) + " " + a.Text
	deed, ok := d.book.deeds[key]
	if !ok {
		deed = d.deedOf(a)
		d.book.deeds[key] = deed
	}
	return deed
}

func (d *draft) deedOf(a agenda.Action) string {
	text := d.withoutDay(a, clean(a.Text))
	at := toDo.FindStringIndex(text)
	if at == nil || !d.arePeople(text[:at[0]], a) {
		return begun(text)
	}
	return begun(text[at[1]:])
}

// toDo stands between who does it and what is to be done.
var toDo = regexp.MustCompile(` (?:to|will) `)

// byDay is the end of a sentence that says when something is due.
var byDay = regexp.MustCompile(`(?i),? \(?(?:by|until|before|due) ([^,;()]{1,24})\)?$`)

// withoutDay takes off the day, where it is one and the action has it.
func (d *draft) withoutDay(a agenda.Action, text string) string {
	m := byDay.FindStringSubmatchIndex(strings.TrimRight(text, ". "))
	if a.Due == "" || m == nil || m[0] == 0 {
		return text
	}
	if _, ok := when.Day(text[m[2]:m[3]], a.Opened.In(d.reader.zone)); !ok {
		return text
	}
	return text[:m[0]]
}

// arePeople says whether words are names of the team, or of owners as they
// were written, and nothing else.
func (d *draft) arePeople(words string, a agenda.Action) bool {
	for _, word := range listOfNames.Split(words, -1) {
		word = strings.TrimPrefix(strings.TrimSpace(word), "@")
		named := func(p agenda.Person) bool {
			return strings.EqualFold(word, p.Handle) || strings.EqualFold(word, p.Name) || strings.EqualFold(word, firstName(p.Name)) ||
				slices.ContainsFunc(p.Aliases, func(alias string) bool { return strings.EqualFold(word, alias) })
		}
		if word == "" || !slices.ContainsFunc(d.team.People, named) && !slices.Contains(a.Unknown, word) {
			return false
		}
	}
	return true
}

var listOfNames = regexp.MustCompile(`,? and |, |,? & | ?/ ?`)
