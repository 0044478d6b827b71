package agenda

import (
	"slices"
	"strings"
	"time"
	"unicode"

	"minuted/parser/when"
)

// Person returns a member of the team by handle.
func (b *Book) Person(handle string) (Person, bool) { return b.person(handle) }

func (b *Book) person(handle string) (Person, bool) {
	for _, p := range b.team.People {
		if p.Handle == handle {
			return p, true
		}
	}
	return Person{}, false
}

// readers are the people who get a kind of letter: all but those who stopped
// it, and those whose address fails.
func (b *Book) readers(kind string) []Person {
	var out []Person
	for _, p := range b.team.People {
		if m := b.Member(p.Handle); !m.Paused && !slices.Contains(m.Stopped, kind) {
			out = append(out, p)
		}
	}
	return out
}

// writer is the person whose address it is. Addresses are compared as ASCII
// without case: domains know no case, and no provider in use tells Sam@ from sam@.
func (t Team) writer(address string) (Person, bool) {
	for _, p := range t.People {
		if strings.EqualFold(p.Address, address) || slices.ContainsFunc(p.Addresses, func(a string) bool { return strings.EqualFold(a, address) }) {
			return p, true
		}
	}
	return Person{}, false
}

// named finds the people whom a word of minutes or of a command can mean, best
// kind of match first: handle or address, then full name or alias, then first
// name. More than one is for the writer to settle.
func (t Team) named(word string) []Person {
	word = strings.TrimSpace(strings.TrimPrefix(strings.TrimSpace(word), "@"))
	for _, match := range []func(Person, string) bool{byHandle, byName, byFirstName} {
		var found []Person
		for _, p := range t.People {
			if match(p, word) {
				found = append(found, p)
			}
		}
		if len(found) > 0 {
			return found
		}
	}
	return nil
}

func byHandle(p Person, word string) bool {
	return strings.EqualFold(p.Handle, word) || strings.EqualFold(p.Address, word) ||
		slices.ContainsFunc(p.Addresses, func(a string) bool { return strings.EqualFold(a, word) })
}

func byName(p Person, word string) bool {
	same := func(name string) bool { return fold(name) == fold(word) }
	return same(p.Name) || slices.ContainsFunc(p.Aliases, same)
}

func byFirstName(p Person, word string) bool {
	first, _, _ := strings.Cut(fold(p.Name), " ")
	return first == fold(word) && first != ""
}

// fold writes a name or a title so that case, punctuation and spacing do not
// tell two spellings apart.
func fold(text string) string {
	return strings.Join(strings.FieldsFunc(strings.ToLower(text), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r)
	}), " ")
}

func (p Person) zone(t Team) *time.Location {
	if p.Zone != nil {
		return p.Zone
	}
	return t.zone()
}

// works says whether a day is a working day of the person.
func (t Team) works(p Person, day when.Date) bool {
	if slices.Contains(t.DaysOff, day) {
		return false
	}
	if len(p.Days) == 0 {
		return day.Weekday() != time.Saturday && day.Weekday() != time.Sunday
	}
	return slices.Contains(p.Days, day.Weekday())
}

// morning is when the person begins to work on the first working day from day on.
func (b *Book) morning(p Person, day when.Date) time.Time {
	for range 60 { // nobody has two months of days off in the calendar; rather write than wait for ever
		if b.team.works(p, day) {
			break
		}
		day = day.AddDays(1)
	}
	from := p.From
	if from == 0 {
		from = 9 * time.Hour
	}
	return wall(day, from, p.zone(b.team)).UTC()
}
