package when

import (
	"slices"
	"strings"
	"time"
)

// introduces are the words in front of a date that say nothing about which.
var introduces = map[string]bool{"by": true, "on": true, "until": true, "till": true, "til": true, "due": true, "before": true, "for": true, "to": true}

// named are days by name, as days from today.
var named = map[string]int{
	"today": 0, "tonight": 0, "eod": 0, "cob": 0, "end of day": 0, "end of the day": 0, "end of today": 0,
	"tomorrow": 1, "tmrw": 1, "tmr": 1, "day after tomorrow": 2, "the day after tomorrow": 2,
	"next week": 7, "a fortnight": 14, "fortnight": 14,
}

var weekdays = map[string]time.Weekday{
	"mon": time.Monday, "monday": time.Monday,
	"tue": time.Tuesday, "tues": time.Tuesday, "tuesday": time.Tuesday,
	"wed": time.Wednesday, "weds": time.Wednesday, "wednesday": time.Wednesday,
	"thu": time.Thursday, "thur": time.Thursday, "thurs": time.Thursday, "thursday": time.Thursday,
	"fri": time.Friday, "friday": time.Friday,
	"sat": time.Saturday, "saturday": time.Saturday,
	"sun": time.Sunday, "sunday": time.Sunday,
}

var months = map[string]time.Month{
	"jan": time.January, "january": time.January,
	"feb": time.February, "february": time.February,
	"mar": time.March, "march": time.March,
	"apr": time.April, "april": time.April,
	"may": time.May,
	"jun": time.June, "june": time.June,
	"jul": time.July, "july": time.July,
	"aug": time.August, "august": time.August,
	"sep": time.September, "sept": time.September, "september": time.September,
	"oct": time.October, "october": time.October,
	"nov": time.November, "november": time.November,
	"dec": time.December, "december": time.December,
}

// units are spans: d days, w weeks, m months, y years.
var units = map[string]rune{
	"d": 'd', "day": 'd', "days": 'd',
	"w": 'w', "wk": 'w', "wks": 'w', "week": 'w', "weeks": 'w',
	"mo": 'm', "month": 'm', "months": 'm',
	"y": 'y', "year": 'y', "years": 'y',
}

// numbers are the small ones that people write in words.
var numbers = map[string]int{"two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12}

// foreign are words of other languages for Guess: the answer to them shows the
// English date. To add a language, add its line.
var foreign = foreignWords(
	"heute morgen montag dienstag mittwoch donnerstag freitag samstag sonntag",     // German
	"aujourd'hui demain lundi mardi mercredi jeudi vendredi samedi dimanche",       // French
	"hoy mañana lunes martes miércoles jueves viernes sábado domingo",              // Spanish
	"oggi domani lunedì martedì mercoledì giovedì venerdì sabato domenica",         // Italian
	"hoje amanhã segunda terça quarta quinta sexta sábado domingo",                 // Portuguese
	"vandaag morgen maandag dinsdag woensdag donderdag vrijdag zaterdag zondag",    // Dutch
	"σήμερα αύριο δευτέρα τρίτη τετάρτη πέμπτη παρασκευή σάββατο κυριακή",          // Greek
	"сегодня завтра понедельник вторник среда четверг пятница суббота воскресенье", // Russian
	"dzisiaj jutro poniedziałek wtorek środa czwartek piątek sobota niedziela",     // Polish
)

// foreignWords makes a table of lines, each with the words for these in this order.
func foreignWords(lines ...string) map[string]string {
	english := strings.Fields("today tomorrow monday tuesday wednesday thursday friday saturday sunday")
	out := map[string]string{}
	for _, line := range lines {
		for i, word := range strings.Fields(line) {
			out[word] = english[i]
		}
	}
	return out
}

// vocabulary is every word that Day knows, sorted, for Guess.
var vocabulary, known = words()

func words() ([]string, map[string]bool) {
	set := map[string]bool{"next": true, "this": true, "in": true, "of": true, "end": true, "eow": true, "eom": true, "eoq": true, "eoy": true, "quarter": true}
	for w := range introduces {
		set[w] = true
	}
	for _, w := range []string{"today", "tonight", "tomorrow", "eod", "fortnight", "after", "day"} {
		set[w] = true
	}
	for w := range weekdays {
		set[w] = true
	}
	for w := range months {
		set[w] = true
	}
	for w := range units {
		set[w] = true
	}
	for w := range numbers {
		set[w] = true
	}
	var list []string
	for w := range set {
		if len(w) > 2 {
			list = append(list, w)
		}
	}
	// Whole words come first: of two equally near ones the longer is what people mistype.
	slices.SortFunc(list, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		if a < b {
			return -1
		}
		return 1
	})
	return list, set
}
