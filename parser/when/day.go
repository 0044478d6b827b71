package when

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"

	"minuted/parser/spell"
)

// Day reads a day as people type it, counted from base in base's own location:
//
//	2017-02-10   2017/02/10   10.2.2017   25/02   10 feb   feb 10   10th of february 2017
//	today   tomorrow   fri   this friday   next monday
//	2w   3 days   in two weeks   a month
//	eod   eow   eom   eoq   eoy   end of next week   end of february
//
// Words before it that only introduce a date (by, on, until, due) and
// punctuation around it are passed over. A weekday is the first one after
// today; "next" is the one in the coming calendar week, which begins on Monday. A
// day without a year is the first such day that is not past. What it does not
// know it refuses: 02/03 above all, which half of the world reads the other way
// round. Where only one reading is a day (25/02), it is that.
func Day(text string, base time.Time) (Date, bool) {
	words := tokens(text)
	for len(words) > 1 && introduces[words[0]] {
		words = words[1:]
	}
	if len(words) == 0 || len(words) > 5 {
		return "", false
	}
	for _, form := range []func([]string, time.Time) (Date, bool){
		isoDay, dottedDay, slashedDay, namedDay, weekday, distant, endOf, dayOfMonth,
	} {
		if d, ok := form(words, base); ok {
			return d, true
		}
	}
	return "", false
}

// Guess returns what text may mean, the likelier first, at most two days: each
// unknown word is replaced by the nearest known one, or by the English one where it
// is that of another language; 3/2 is taken both ways, and a day that
// its month does not have for the last of the month. It is for a question, never for a change.
func Guess(text string, base time.Time) []Date {
	if both := readings(strings.TrimSpace(text), base); len(both) > 0 {
		return both
	}
	words := tokens(strings.ReplaceAll(text, "/", "."))
	for i, w := range words {
		if english, ok := foreign[w]; ok {
			words[i] = english
			continue
		}
		if known[w] || unicode.IsDigit(rune(w[0])) {
			continue
		}
		if near, ok := spell.Nearest(w, vocabulary); ok {
			words[i] = near
		}
	}
	if d, ok := Day(strings.Join(words, " "), base); ok {
		return []Date{d}
	}
	return lastOfMonth(words, base)
}

// lastOfMonth takes "31 feb" for the end of February, and drops a weekday that
// does not fall on the day it stands in front of.
func lastOfMonth(w []string, base time.Time) []Date {
	if len(w) > 1 {
		if _, isDay := weekdays[w[0]]; isDay {
			w = w[1:]
		}
	}
	if len(w) < 2 {
		return nil
	}
	if d, ok := dayOfMonth(w, base); ok {
		return []Date{d}
	}
	for i, word := range w {
		n, err := strconv.Atoi(strings.TrimRight(word, "sthndr"))
		for n := n - 1; err == nil && n > 27 && n < 31; n-- {
			shorter := slices.Clone(w)
			shorter[i] = strconv.Itoa(n)
			if d, ok := dayOfMonth(shorter, base); ok {
				return []Date{d}
			}
		}
	}
	return nil
}

// Clock reads a time of the day: 16:00, 16.30, 16h, 4pm, 4:30 pm.
func Clock(text string) (sinceMidnight time.Duration, ok bool) {
	s := strings.ReplaceAll(strings.ToLower(strings.TrimSpace(text)), " ", "")
	half := 0
	switch {
	case strings.HasSuffix(s, "am"):
		s, half = s[:len(s)-2], 1
	case strings.HasSuffix(s, "pm"):
		s, half = s[:len(s)-2], 2
	case strings.HasSuffix(s, "h"):
		s = s[:len(s)-1] + ":00"
	}
	hours, minutes, split := strings.Cut(strings.Replace(s, ".", ":", 1), ":")
	if !split && half == 0 {
		return 0, false
	}
	if !split {
		minutes = "00"
	}
	h, err := strconv.Atoi(hours)
	m, err2 := strconv.Atoi(minutes)
	if err != nil || err2 != nil || len(minutes) != 2 || len(hours) > 2 || h < 0 || m < 0 || m > 59 {
		return 0, false
	}
	if half > 0 {
		if h < 1 || h > 12 {
			return 0, false
		}
		h = h%12 + 12*(half-1)
	}
	if h > 23 {
		return 0, false
	}
	return time.Duration(h)*time.Hour + time.Duration(m)*time.Minute, true
}

func tokens(text string) []string {
	var words []string
	for _, w := range strings.FieldsFunc(strings.ToLower(text), separates) {
		if w = strings.Trim(w, "."); w != "" {
			words = append(words, w)
		}
	}
	return words
}

// slashedDay reads 2017/02/10, which has one order everywhere, and 25/02 or
// 02/25/2017 where the calendar leaves one reading.
func slashedDay(w []string, base time.Time) (Date, bool) {
	if len(w) != 1 {
		return "", false
	}
	if t, err := time.Parse("2006/1/2", w[0]); err == nil {
		return DateOf(t), true
	}
	both := readings(w[0], base)
	if len(both) != 1 {
		return "", false
	}
	return both[0], true
}

// readings are the days that 3/2 can mean, the day first, then the month first.
func readings(text string, base time.Time) []Date {
	parts := strings.Split(text, "/")
	if len(parts) < 2 || len(parts) > 3 {
		return nil
	}
	first, err := strconv.Atoi(parts[0])
	second, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil {
		return nil
	}
	year := ""
	if len(parts) == 3 {
		year = parts[2]
	}
	var out []Date
	for _, order := range [][2]int{{first, second}, {second, first}} {
		if d, ok := calendarDay(order[0], time.Month(order[1]), year, base); ok && !slices.Contains(out, d) {
			out = append(out, d)
		}
	}
	return out
}

func separates(r rune) bool {
	return unicode.IsSpace(r) || strings.ContainsRune(",;:!?()\"'", r)
}

var dashes = strings.NewReplacer("–", "-", "‑", "-", "‐", "-", "−", "-")

func isoDay(w []string, _ time.Time) (Date, bool) {
	if len(w) != 1 {
		return "", false
	}
	t, err := time.Parse(layout, dashes.Replace(w[0])) // programs make en dashes of hyphens between figures
	return DateOf(t), err == nil
}

// dottedDay reads 10.2.2017 and 10.2., which only the day-first half of the world writes.
func dottedDay(w []string, base time.Time) (Date, bool) {
	parts := strings.Split(w[0], ".")
	if len(w) != 1 || len(parts) < 2 || len(parts) > 3 {
		return "", false
	}
	day, err := strconv.Atoi(parts[0])
	month, err2 := strconv.Atoi(parts[1])
	if err != nil || err2 != nil {
		return "", false
	}
	year := ""
	if len(parts) == 3 {
		year = parts[2]
	}
	return calendarDay(day, time.Month(month), year, base)
}

func namedDay(w []string, base time.Time) (Date, bool) {
	n, ok := named[strings.Join(w, " ")]
	return DateOf(base).AddDays(n), ok
}

func weekday(w []string, base time.Time) (Date, bool) {
	day, ok := weekdays[w[len(w)-1]]
	if !ok || len(w) > 2 {
		return "", false
	}
	today := DateOf(base)
	if len(w) == 1 {
		ahead := (int(day-today.Weekday())+6)%7 + 1
		return today.AddDays(ahead), true
	}
	monday := today.AddDays(-sinceMonday(today.Weekday()))
	switch w[0] {
	case "this":
		return monday.AddDays(sinceMonday(day)), true
	case "next":
		return monday.AddDays(7 + sinceMonday(day)), true
	}
	return "", false
}

func sinceMonday(d time.Weekday) int { return (int(d) + 6) % 7 }

// distant reads "2w", "3 days", "in 2 weeks", "a week". Bare "15m" is not a day: it means minutes elsewhere.
func distant(w []string, base time.Time) (Date, bool) {
	if len(w) > 1 && w[0] == "in" {
		w = w[1:]
	}
	if n, ok := numbers[w[0]]; ok {
		w = append([]string{strconv.Itoa(n)}, w[1:]...)
	}
	text := strings.Join(w, "")
	digits := len(text) - len(strings.TrimLeft(text, "0123456789"))
	n, err := strconv.Atoi(text[:digits])
	rest := text[digits:]
	if digits == 0 {
		n, err = 1, nil
		trimmed := strings.TrimPrefix(strings.TrimPrefix(rest, "a"), "n")
		if len(w) != 2 || (w[0] != "a" && w[0] != "an" && w[0] != "one") {
			return "", false
		}
		if w[0] == "one" {
			trimmed = strings.TrimPrefix(rest, "one")
		}
		rest = trimmed
	}
	unit, ok := units[rest]
	if err != nil || !ok || n > 1000 {
		return "", false
	}
	return DateOf(base).add(n, unit), true
}

// add counts months so that 31 January and a month is the last day of February, not the third of March.
func (d Date) add(n int, unit rune) Date {
	switch unit {
	case 'd':
		return d.AddDays(n)
	case 'w':
		return d.AddDays(7 * n)
	case 'y':
		n *= 12
	}
	t := d.In(time.UTC)
	first := time.Date(t.Year(), t.Month()+time.Month(n), 1, 0, 0, 0, 0, time.UTC)
	last := first.AddDate(0, 1, -1).Day()
	return DateOf(first).AddDays(min(t.Day(), last) - 1)
}

// endOf reads eow and its longer spellings. The week of a team ends on Friday.
func endOf(w []string, base time.Time) (Date, bool) {
	text := strings.Join(w, " ")
	text = strings.Replace(text, "end of the ", "end of ", 1)
	text = strings.Replace(text, "end of this ", "end of ", 1)
	today := DateOf(base)
	friday := today.AddDays((int(time.Friday-today.Weekday()) + 7) % 7)
	switch text {
	case "eow", "end of week":
		return friday, true
	case "end of next week":
		monday := today.AddDays(7 - sinceMonday(today.Weekday()))
		return monday.AddDays(4), true
	case "eom", "end of month":
		return monthEnd(base.Year(), base.Month()), true
	case "end of next month":
		return monthEnd(base.Year(), base.Month()+1), true
	case "eoq", "end of quarter":
		return monthEnd(base.Year(), (base.Month()-1)/3*3+3), true
	case "eoy", "end of year":
		return monthEnd(base.Year(), time.December), true
	}
	month, ok := months[strings.TrimPrefix(text, "end of ")]
	if !ok || !strings.HasPrefix(text, "end of ") {
		return "", false
	}
	end := monthEnd(base.Year(), month)
	if end < today {
		end = monthEnd(base.Year()+1, month)
	}
	return end, true
}

func monthEnd(year int, month time.Month) Date {
	return DateOf(time.Date(year, month+1, 0, 0, 0, 0, 0, time.UTC))
}

// dayOfMonth reads "10 feb", "feb 10", "10th of february 2017", "fri 10 feb": a
// weekday in front is only believed where it agrees.
func dayOfMonth(w []string, base time.Time) (Date, bool) {
	day, isDay := weekdays[w[0]]
	if isDay {
		w = w[1:]
	}
	var number, year string
	var month time.Month
	for _, word := range w {
		named, isMonth := months[word]
		switch {
		case word == "of" || word == "the":
		case isMonth && month == 0:
			month = named
		case number == "" && len(word) <= 4 && word[0] <= '9':
			number = strings.TrimRight(word, "sthndr")
		case year == "" && len(word) == 4:
			year = word
		default:
			return "", false
		}
	}
	n, err := strconv.Atoi(number)
	if err != nil || month == 0 {
		return "", false
	}
	d, ok := calendarDay(n, month, year, base)
	if isDay && ok && d.Weekday() != day {
		return "", false
	}
	return d, ok
}

// calendarDay refuses days that no calendar has, such as 31 February.
func calendarDay(day int, month time.Month, year string, base time.Time) (Date, bool) {
	y := base.Year()
	if year != "" {
		var err error
		if y, err = strconv.Atoi(year); err != nil || y < 1900 || y > 9999 {
			return "", false
		}
	}
	t := time.Date(y, month, day, 0, 0, 0, 0, time.UTC)
	if t.Day() != day || t.Month() != month {
		return "", false
	}
	if year == "" && DateOf(t) < DateOf(base) {
		t = t.AddDate(1, 0, 0)
	}
	return DateOf(t), true
}
