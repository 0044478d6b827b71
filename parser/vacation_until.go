package parser

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"
)

// longestAbsence bounds what is believed: a date further away belongs to
// something else in the text, or to a reply that was forgotten.
const longestAbsence = 400 * 24 * time.Hour

// longestWithoutYear tells a day to come from one that is past, where no year
// stands beside it.
const longestWithoutYear = 270 * 24 * time.Hour

// maxAbsenceText is how much of a vacation reply is searched for a date. It
// stands in the first sentences.
const maxAbsenceText = 4 << 10

// awayUntil finds the date until which a text says its writer is away, as
// YYYY-MM-DD, or "". Day and month without a year mean the next such day
// after the mail. Where a numeric date can be read two ways, the nearer
// future one counts: replies are sent during the absence.
func awayUntil(text string, sent time.Time) string {
	if sent.IsZero() {
		return ""
	}
	text = paragraphLines(lower(text[:min(len(text), maxAbsenceText)]))
	today := time.Date(sent.Year(), sent.Month(), sent.Day(), 0, 0, 0, 0, time.UTC)
	var days []time.Time
	for _, span := range untilSpans(text) {
		if day := span.day(today); !day.Before(today) && day.Sub(today) <= longestAbsence {
			days = append(days, day)
		}
	}
	if len(days) == 0 {
		return ""
	}
	return endOfAbsence(days, today).Format(time.DateOnly)
}

// paragraphLines makes one line of each paragraph: mail programs wrap in front of
// a date as well.
func paragraphLines(text string) string {
	paragraphs := strings.Split(text, "\n\n")
	for i := range paragraphs {
		paragraphs[i] = strings.ReplaceAll(paragraphs[i], "\n", " ")
	}
	return strings.Join(paragraphs, "\n")
}

// sameReturn is how far the last day of an absence and the day of return lie
// apart: a long weekend.
const sameReturn = 4 * 24 * time.Hour

// endOfAbsence picks the end of the absence that is under way: the nearest day,
// or a later one close behind it ("until 8 March, back on 11 March"), but not
// that of the next absence. Today is the beginning, where another day is named.
func endOfAbsence(days []time.Time, today time.Time) time.Time {
	slices.SortFunc(days, time.Time.Compare)
	end := days[0]
	for _, day := range days[1:] {
		if end.Equal(today) || day.Sub(end) <= sameReturn {
			end = day
		}
	}
	return end
}

// untilSpan is the text beside words for "until" that should hold a date.
type untilSpan struct {
	text      string
	inclusive bool // the day itself is still away
	behind    bool // the words stand behind the date
}

// day is the date that stands beside the words: nothing but days of the week
// and small words may stand between them, since "send it to Bob before 12
// March" tells no absence. It is the zero time where there is none.
func (s untilSpan) day(today time.Time) time.Time {
	var found datePlace
	if s.behind {
		found = lastDate(s.text, today)
	} else {
		found = firstDate(s.text, today)
	}
	if len(found.days) == 0 {
		return time.Time{}
	}
	before, after := s.text[:found.start], s.text[found.end:]
	if s.behind && !mayStandBetween(after) || !s.behind && !mayStandBetween(before) {
		return time.Time{}
	}
	if s.inclusive || !s.behind && isInclusive(after) {
		return found.days[0].AddDate(0, 0, 1)
	}
	return found.days[0]
}

// mayStandBetween tells whether a text is made of days of the week and of the
// small words of the table.
func mayStandBetween(gap string) bool {
	for _, word := range strings.FieldsFunc(gap, func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsMark(r) && !unicode.IsDigit(r) && r != '@'
	}) {
		if !smallWords[word] && !isWeekday(word) {
			return false
		}
	}
	return true
}

// isWeekday knows the days of the week, inflected as well: their first three
// letters tell.
func isWeekday(word string) bool {
	stem, ok := stemOf(word)
	return ok && weekdayStems[stem] || dayNumbers[word] != nil
}

var weekdayStems = newStems(dayNumbers)

func newStems(names map[string][]calendarName) map[string]bool {
	stems := map[string]bool{}
	for name := range names {
		if stem, ok := stemOf(name); ok {
			stems[stem] = true
		}
	}
	return stems
}

// stemOf returns the first three letters of a word of at least four.
func stemOf(word string) (string, bool) {
	n := 0
	for i := range word {
		if n == 3 {
			return word[:i], true
		}
		n++
	}
	return "", false
}

// isInclusive tells whether the words right behind a date say that it is
// still a day of absence: "bis 8.3. inkl.".
func isInclusive(after string) bool {
	after = strings.TrimLeft(after, " .,()\u00a0г")
	for _, w := range inclusiveWords {
		if strings.HasPrefix(after, w.words) {
			return true
		}
	}
	return false
}

// untilSpans cuts the text after each word for "until" (before it in the
// languages that write it behind), up to the end of the paragraph.
func untilSpans(text string) []untilSpan {
	var spans []untilSpan
	for _, p := range untilPhrases {
		at := 0
		for n := strings.Index(text, p.words); n >= 0; n = strings.Index(text[at:], p.words) {
			n += at
			at = n + len(p.words)
			if !isWhole(text[:n], p.words, text[at:]) {
				continue
			}
			span := untilSpan{untilStop(text[at:], 80), p.inclusive, false}
			if p.behind {
				span = untilSpan{sinceStop(text[:n], 80), p.inclusive, true}
			}
			spans = append(spans, span)
		}
	}
	return spans
}

// untilPhrase is a word for "until" of the table.
type untilPhrase struct {
	words     string
	behind    bool // it stands behind the date
	inclusive bool // the day itself is still away
}

func newUntilPhrases(table []entry) []untilPhrase {
	var list []untilPhrase
	for _, kind := range []string{"until", "through", "until-behind", "through-behind"} {
		for _, p := range newWordings(table, kind) {
			list = append(list, untilPhrase{p.words, strings.HasSuffix(kind, "-behind"), strings.HasPrefix(kind, "through")})
		}
	}
	return list
}

// isWhole keeps "till" out of "still" and "bis" out of "Ibis". Scripts
// without blanks between words need no such care.
func isWhole(before, words, after string) bool {
	start, _ := utf8.DecodeRuneInString(words)
	end, _ := utf8.DecodeLastRuneInString(words)
	last, _ := utf8.DecodeLastRuneInString(before)
	next, _ := utf8.DecodeRuneInString(after)
	return !(isAlphabetic(start) && isAlphabetic(last)) && !(isAlphabetic(end) && isAlphabetic(next))
}

func isAlphabetic(r rune) bool {
	return unicode.IsLetter(r) && !unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul)
}

func untilStop(s string, n int) string {
	if i := strings.IndexAny(s, "\n;!?"); i >= 0 && i < n {
		return s[:i]
	}
	if len(s) > n {
		return s[:n]
	}
	return s
}

func sinceStop(s string, n int) string {
	if len(s) > n {
		s = s[len(s)-n:]
	}
	if i := strings.LastIndexAny(s, "\n;!?"); i >= 0 {
		return s[i:]
	}
	return s
}

var (
	isoDay     = regexp.MustCompile(`\b(\d{4})(?:-|[./] ?)(\d{1,2})(?:-|[./] ?)(\d{1,2})\b`)
	eastDay    = regexp.MustCompile(`(?:(\d{4})\s*[年년]\s*)?(\d{1,2})\s*[月월]\s*(\d{1,2})\s*[日일]`)
	numericDay = regexp.MustCompile(`\b(\d{1,2})([./-])\s?(\d{1,2})(?:[./-]\s?(\d{4}|\d{2}))?`)
	dayMonth   = regexp.MustCompile(`\b(\d{1,2})(?:st|nd|rd|th|er|º|°|ª|\.)?[ \-]{0,2}(?:of |de |d'|d’|da |do )?(\pL+)\.?(?:,?[ \-]+(?:de |del )?(\d{4}))?`)
	monthDay   = regexp.MustCompile(`(\pL+)\.? +(\d{1,2})(?:st|nd|rd|th)?\b(?:,? +(\d{4}))?`)
)

// datePlace is a date in a text: the days that it can mean, the likeliest
// first, and where it stands.
type datePlace struct {
	days       []time.Time
	start, end int
}

// firstDate returns the first date in s; without days where there is none.
func firstDate(s string, today time.Time) datePlace {
	found := datePlace{start: len(s) + 1}
	for _, read := range dateReaders {
		for _, loc := range read.form.FindAllStringSubmatchIndex(s, -1) {
			if loc[0] >= found.start || inNumber(s, loc) {
				continue
			}
			if days := read.days(groupsAt(s, loc), today); len(days) > 0 {
				found = datePlace{days, loc[0], loc[1]}
				break
			}
		}
	}
	return found
}

// lastDate returns the last date in s.
func lastDate(s string, today time.Time) datePlace {
	var last datePlace
	for at := 0; ; {
		next := firstDate(s[at:], today)
		if len(next.days) == 0 {
			return last
		}
		last = datePlace{next.days, at + next.start, at + next.end}
		at = last.end
	}
}

// inNumber tells whether a match is a piece of something longer: a version
// 2.11.3, an IP address, a telephone number.
func inNumber(s string, loc []int) bool {
	before, after := s[:loc[0]], s[loc[1]:]
	if strings.HasSuffix(before, ".") || strings.HasSuffix(before, "-") || strings.HasSuffix(before, "+") {
		return true
	}
	if after == "" {
		return false
	}
	if strings.ContainsRune(".-/", rune(after[0])) {
		after = after[1:]
	}
	return after != "" && '0' <= after[0] && after[0] <= '9'
}

func groupsAt(s string, loc []int) []string {
	groups := make([]string, len(loc)/2)
	for i := range groups {
		if loc[2*i] >= 0 {
			groups[i] = s[loc[2*i]:loc[2*i+1]]
		}
	}
	return groups
}

// dateReaders know the ways to write a day. Where two begin at the same
// place the earlier one counts.
var dateReaders = []struct {
	form *regexp.Regexp
	days func(g []string, today time.Time) []time.Time
}{
	{isoDay, func(g []string, today time.Time) []time.Time { return dayOf(g[1], month(g[2]), g[3], today) }},
	{eastDay, func(g []string, today time.Time) []time.Time { return dayOf(g[1], month(g[2]), g[3], today) }},
	{dayMonth, func(g []string, today time.Time) []time.Time { return dayOf(g[3], monthNamed(g[2]), g[1], today) }},
	{monthDay, func(g []string, today time.Time) []time.Time { return dayOf(g[3], monthBefore(g[1]), g[2], today) }},
	{numericDay, numericDays},
}

// numericDays reads 11.3., 11/3/2024 and 3/11/24. With dots the day comes
// first everywhere; with slashes both orders are in use.
func numericDays(g []string, today time.Time) []time.Time {
	dayFirst := dayOf(g[4], month(g[3]), g[1], today)
	if g[2] == "." {
		return dayFirst
	}
	monthFirst := dayOf(g[4], month(g[1]), g[3], today)
	if len(dayFirst) == 0 || len(monthFirst) == 0 {
		return append(dayFirst, monthFirst...)
	}
	if nearer(monthFirst[0], dayFirst[0], today) {
		return append(monthFirst, dayFirst...)
	}
	return append(dayFirst, monthFirst...)
}

// nearer tells whether a is the better guess: not past, and sooner.
func nearer(a, b, today time.Time) bool {
	if a.Before(today) != b.Before(today) {
		return b.Before(today)
	}
	return a.Before(b)
}

// dayOf builds a day, the next one after today where the year is left out.
func dayOf(year string, m time.Month, day string, today time.Time) []time.Time {
	d, _ := strconv.Atoi(day)
	if m < time.January || m > time.December || d < 1 || d > 31 {
		return nil
	}
	y, _ := strconv.Atoi(year)
	switch {
	case year == "":
		y = today.Year()
	case y < 100:
		y += 2000
	}
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	if year == "" && t.Before(today) {
		t = t.AddDate(1, 0, 0)
		if t.Sub(today) > longestWithoutYear {
			return nil
		}
	}
	if t.Day() != d { // 31 April
		return nil
	}
	return []time.Time{t}
}

func month(digits string) time.Month {
	n, _ := strconv.Atoi(digits)
	return time.Month(n)
}

// monthNamed knows a month by its name in any language, or by an abbreviation
// of at least three letters. A name that languages number differently (the
// Czech and the Croatian listopad) is no month.
func monthNamed(word string) time.Month {
	if utf8.RuneCountInString(word) < 3 {
		return 0
	}
	names := monthNumbers[word]
	for range 3 { // Estonian and Basque put endings behind: märtsini
		if _, size := utf8.DecodeLastRuneInString(word); names == nil && utf8.RuneCountInString(word) > 5 {
			word = word[:len(word)-size]
			names = monthNumbers[word]
		}
	}
	number := 0
	for _, name := range names {
		if number != 0 && name.number != number {
			return 0
		}
		number = name.number
	}
	return time.Month(number)
}

// monthBefore knows a month that stands before its day. English and
// Hungarian write so, and there "out 3 days" is not October (outubro).
func monthBefore(word string) time.Month {
	if word == "out" {
		return 0
	}
	return monthNamed(word)
}

// isoDate returns s where it is a date, else "".
func isoDate(s string) string {
	if _, err := time.Parse(time.DateOnly, s); err != nil {
		return ""
	}
	return s
}
