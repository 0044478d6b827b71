package parser

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// The dates here are those that mail programs print for people, in their
// language. They are read word by word, since each locale has its own order.

var (
	calendarTable = readTable("calendar")
	monthNumbers  = newCalendar("month")
	dayNumbers    = newCalendar("day")
	noonNumbers   = newCalendar("noon")
	zoneOffsets   = newZones()
)

// newCalendar indexes one kind of name: each to its number. A name that
// languages number differently, like the Czech and the Croatian listopad,
// keeps all its numbers.
func newCalendar(kind string) map[string][]calendarName {
	index := map[string][]calendarName{}
	for _, e := range calendarTable {
		if e.kind != kind {
			continue
		}
		for _, numbered := range e.words {
			number, names, _ := strings.Cut(numbered, "=")
			n, err := strconv.Atoi(number)
			if err != nil {
				panic("table calendar: a number is needed: " + numbered)
			}
			for _, name := range strings.Fields(names) {
				index[lower(name)] = append(index[lower(name)], calendarName{n, e.lang})
			}
		}
	}
	return index
}

type calendarName struct {
	number int
	lang   string
}

func newZones() map[string]string {
	index := map[string]string{}
	for _, e := range readTable("zones") {
		for _, name := range e.words {
			index[name] = e.kind
		}
	}
	return index
}

// isCalendarWord knows names of months and days. Names of one letter, as
// Estonian has them for days, are too common to count.
func isCalendarWord(word string) bool {
	return len(word) > 1 && (monthNumbers[word] != nil || dayNumbers[word] != nil)
}

func isMonth(word string) bool { return monthNumbers[word] != nil }

// printedDate is a date as far as it was read.
type printedDate struct {
	year, month, day int
	hour, min, sec   int
	timed            bool
	noon             int // 1 before, 2 after
	dotted           bool
	zone             string         // +02:00, or "" where none was printed
	spare            []calendarName // months that a word before the day may mean
	spareLang        string
	numbers          []int // day, month and year where they are digits only, in their order
	monthNamed       bool
	latin            bool // noon was AM or PM without dots, as Americans write it
}

// readPrintedDate turns a date as a program printed it into RFC 3339, with an
// offset only where one was printed, and without a time where none was. lang
// is the language of the other lines, for names that languages share.
func readPrintedDate(text, lang string) string {
	var d printedDate
	for _, token := range dateTokens(text) {
		d.take(token, lang)
	}
	d.order()
	return d.String()
}

// dateTokens cuts a date into numbers with what binds them (12:46, 28/10/2021,
// +0300), and names. East Asian dates have no blanks: 2022年9月19日.
func dateTokens(text string) []string {
	text = dateMarks.Replace(monthPhrases.Replace(foldDigits(text)))
	var tokens []string
	for _, field := range strings.FieldsFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || r == ',' || r == '(' || r == ')' || r == '[' || r == ']' || r == '،' || r == '，' || r == '、' || isInvisible(r)
	}) {
		tokens = append(tokens, splitScripts(field)...)
	}
	return tokens
}

var dateMarks = strings.NewReplacer("a.m.", "antemeridiem", "p.m.", "postmeridiem", "a. m.", "antemeridiem", "p. m.", "postmeridiem", "π.μ.", "πμ", "μ.μ.", "μμ",
	"fm.", "fm", "em.", "em", "d. u.", "du", "d. e.", "de", "年", "/", "月", "/", "日", " ", "년", "/", "월", "/", "일", " ", "时", ":", "時", ":", "点", ":", "點", ":", "分", ":", "秒", " ",
	"시 ", ":", "시", ":", "분 ", ":", "분", ":", "초", " ", "غرينتش", "GMT", "น.", " ",
	"׳", "", "\u200e", "", "\u200f", "", "\u202f", " ", "–", "-", "tháng", " ", "Tháng", " ", "thg", " ",
	"Th 2", "", "Th 3", "", "Th 4", "", "Th 5", "", "Th 6", "", "Th 7", "")

// monthPhrases are the names of months that a date would be cut inside of.
var monthPhrases = newMonthPhrases()

func newMonthPhrases() *strings.Replacer {
	var pairs [][2]string
	for name, months := range newCalendar("phrase") {
		month := " " + time.Month(months[0].number).String() + " "
		words := strings.Split(name, "_")
		pairs = append(pairs, [2]string{strings.Join(words, " "), month})
		for i := len(words) - 1; i >= 0; i-- {
			first, size := utf8.DecodeRuneInString(words[i])
			if upper := unicode.ToUpper(first); upper != first {
				words[i] = string(upper) + words[i][size:]
				pairs = append(pairs, [2]string{strings.Join(words, " "), month})
			}
		}
	}
	slices.SortFunc(pairs, func(a, b [2]string) int { return cmp.Or(len(b[0])-len(a[0]), strings.Compare(a[0], b[0])) })
	var list []string
	for _, p := range pairs {
		list = append(list, p[0], p[1])
	}
	return strings.NewReplacer(list...)
}

// splitScripts parts what East Asian dates glue together: 下午8:45.
func splitScripts(field string) []string {
	for i, r := range field {
		if i > 0 && r >= '0' && r <= '9' && field[i-1] >= 0x80 {
			return []string{field[:i], field[i:]}
		}
	}
	return []string{field}
}

func (d *printedDate) take(token, lang string) {
	switch {
	case d.takeZone(token):
	case isDigit(token[0]):
		d.takeDigits(token)
	default:
		d.takeName(token, lang)
	}
}

// takeZone reads a zone: +0300, GMT+3, UTC-07:00, CEST. A plain name in front
// of an offset says nothing yet.
func (d *printedDate) takeZone(token string) bool {
	offset := strings.TrimPrefix(strings.TrimPrefix(token, "GMT"), "UTC")
	if offset != "" && (offset[0] == '+' || strings.HasPrefix(offset, "-") || strings.HasPrefix(offset, "−")) {
		if zone := readOffset(offset); zone != "" && (d.timed || offset != token) {
			d.zone = zone
			return true
		}
		return false
	}
	zone := zoneOffset(token)
	if zone == "" || !d.timed {
		return false
	}
	if d.zone == "" {
		d.zone = zone
	}
	return true
}

func zoneOffset(name string) string { return zoneOffsets[name] }

// readOffset reads +3, +03, +0300 and +03:00.
func readOffset(s string) string {
	sign := "+"
	if s[0] != '+' {
		sign = "-"
	}
	digits := strings.ReplaceAll(strings.TrimLeft(s, "+-−"), ":", "")
	switch len(digits) {
	case 1, 2:
		digits = fmt.Sprintf("%02s00", digits)
	case 3:
		digits = "0" + digits
	}
	n, err := strconv.Atoi(digits)
	if err != nil || len(digits) != 4 || n > 1400 || n%100 > 59 {
		return ""
	}
	return sign + digits[:2] + ":" + digits[2:]
}

// takeDigits reads a token that begins with a digit: a time, a date of
// digits, or one number of a date.
func (d *printedDate) takeDigits(token string) {
	token = strings.TrimRight(token, ".,:;")
	date, clock, found := strings.Cut(token, "T")
	if found && strings.Count(date, "-") == 2 {
		d.takeDigits(date)
		token = clock
	}
	numbers, marks, rest := cutNumbers(token)
	switch {
	case marks == "":
		d.takeNumber(numbers[0], rest)
	case !d.timed && isClock(numbers, marks, d.hasDay()):
		d.takeClock(numbers, rest)
	case len(d.numbers) == 0:
		d.numbers = numbers
		d.dotted = marks[0] == '.'
		d.takeRest(rest)
	}
}

// hasDay says whether the day was read, so that 14.25 must be a time.
func (d *printedDate) hasDay() bool { return d.day > 0 || len(d.numbers) > 0 }

// cutNumbers cuts 28/10/2021 into its numbers and the marks between them.
func cutNumbers(token string) (numbers []int, marks, rest string) {
	for {
		i := 0
		for i < len(token) && isDigit(token[i]) {
			i++
		}
		n, _ := strconv.Atoi(token[:min(i, 9)])
		numbers = append(numbers, n)
		token = token[i:]
		if len(token) < 2 || !strings.Contains(":./-h", token[:1]) || !isDigit(token[1]) {
			return numbers, marks, token
		}
		marks += token[:1]
		token = token[1:]
	}
}

// isClock tells a time from a date. Finns, Danes and Italians write 14.25.
func isClock(numbers []int, marks string, afterDay bool) bool {
	if numbers[0] > 24 || numbers[1] > 59 {
		return false
	}
	return marks[0] == ':' || marks[0] == 'h' || marks[0] == '.' && afterDay
}

func (d *printedDate) takeClock(numbers []int, rest string) {
	d.hour, d.min, d.timed = numbers[0], numbers[1], true
	if len(numbers) > 2 && numbers[2] < 60 {
		d.sec = numbers[2]
	}
	d.takeRest(rest)
}

// takeRest reads what is glued to digits: 9:31AM, 10:28Z, 2021г.
func (d *printedDate) takeRest(rest string) {
	if rest = strings.Trim(rest, ".,:"); rest != "" && !d.takeZone(rest) {
		d.takeName(rest, "")
	}
}

// takeNumber takes one number for the day, the year, or the hour of "9 PM".
func (d *printedDate) takeNumber(n int, rest string) {
	switch {
	case n > 31 && n < 10000:
		d.year = n
	case d.day == 0 && n > 0:
		d.day = n
	case d.monthNamed && d.year == 0:
		d.year = n
	default:
		d.numbers = append(d.numbers, n)
	}
	// German and Slavic days of Gmail: 27. 10. 2021
	d.takeRest(strings.TrimPrefix(rest, "."))
}

// takeName takes the name of a month; days of the week say nothing new.
func (d *printedDate) takeName(token, lang string) {
	if names := monthNumbers[lower(strings.ReplaceAll(token, ".", ""))]; names != nil && !d.monthNamed && token[0] >= 0x80 {
		d.takeMonth(names, lang) // พ.ย.
		return
	}
	pieces := strings.FieldsFunc(lower(token), func(r rune) bool { return r == '.' || r == '-' || r == '/' || r == ',' })
	for _, name := range pieces {
		if isDigit(name[0]) {
			d.takeDigits(name) // March-19-11, 11-Apr-2011
			continue
		}
		if noon := noonNumbers[name]; noon != nil && d.noon == 0 && (d.timed || name[0] >= 0x80) {
			d.noon = noon[0].number
			d.latin = name == "am" || name == "pm"
			continue
		}
		if dayNumbers[name] != nil && d.day == 0 {
			d.spare, d.spareLang = monthNumbers[name], lang // mar is Tuesday or March
		} else if !d.monthNamed {
			d.takeMonth(monthNumbers[name], lang)
		}
	}
}

func (d *printedDate) takeMonth(names []calendarName, lang string) {
	if len(names) == 0 {
		return
	}
	d.month, d.monthNamed = names[0].number, true
	for _, name := range names {
		if name.lang == lang {
			d.month = name.number
		}
	}
}

// order says which number is the year, the month and the day. With a year in
// front the order is clear; else the day comes first, except where the time
// has AM or PM, since those who write that put the month first.
func (d *printedDate) order() {
	if !d.monthNamed && len(d.numbers) == 0 {
		d.takeMonth(d.spare, d.spareLang)
	}
	if len(d.numbers) == 0 {
		return
	}
	n := d.numbers
	if d.day > 0 && !d.monthNamed {
		n = append([]int{d.day}, n...) // 27. 10. 2021, in three tokens
	}
	if d.year > 0 && len(n) == 2 {
		n = append(n, d.year)
	}
	if len(n) < 3 || d.monthNamed {
		d.orderNamed(n)
		return
	}
	switch {
	case n[0] > 31:
		d.year, d.month, d.day = n[0], n[1], n[2]
	case n[1] > 12 || d.latin && n[0] <= 12 && !d.dotted:
		d.month, d.day, d.year = n[0], n[1], n[2]
	default:
		d.day, d.month, d.year = n[0], n[1], n[2]
	}
}

// orderNamed gives numbers to a date whose month has a name: 8 June, 2017.
func (d *printedDate) orderNamed(numbers []int) {
	for _, n := range numbers {
		switch {
		case d.day == 0 && n <= 31:
			d.day = n
		case d.year == 0:
			d.year = n
		case d.month == 0 && n <= 12:
			d.month = n
		}
	}
}

// String returns RFC 3339 as far as the date goes, "" where it is none.
func (d *printedDate) String() string {
	if d.year > 0 && d.year < 100 {
		d.year += 2000
	}
	if d.year > 2400 {
		d.year -= 543 // Thais count from Buddha
	}
	if d.year < 1970 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1 || d.day > 31 {
		return ""
	}
	t := time.Date(d.year, time.Month(d.month), d.day, 0, 0, 0, 0, time.UTC)
	if t.Day() != d.day {
		return ""
	}
	date := t.Format("2006-01-02")
	if !d.timed {
		return date
	}
	return fmt.Sprintf("%sT%02d:%02d:%02d%s", date, d.hour24(), d.min, d.sec, d.zone)
}

func (d *printedDate) hour24() int {
	switch {
	case d.noon == 2 && d.hour < 12:
		return d.hour + 12
	case d.noon == 1 && d.hour == 12:
		return 0
	}
	return d.hour % 24
}
