package parser

import (
	"strconv"
	"strings"
	"time"
)

// layouts are the forms of nearly all mail, tried before the words.
var layouts = []string{"Mon, 2 Jan 2006 15:04:05 -0700", "2 Jan 2006 15:04:05 -0700"}

// readDate reads a Date field as RFC 5322 section 3.3 has it, or else word by
// word. It asks no zone tables, which differ between machines.
func readDate(value string, n *notes) time.Time {
	if value == "" {
		return time.Time{}
	}
	plain := value
	if comment := strings.IndexByte(value, '('); comment > 0 {
		plain = strings.TrimRight(value[:comment], " \t")
	}
	for _, layout := range layouts {
		if t, err := time.ParseInLocation(layout, plain, time.UTC); err == nil {
			return t
		}
	}
	t, zoned := salvageDate(value)
	if t.IsZero() || !zoned {
		n.add("date", quoteLine([]byte(value)))
	}
	return t
}

// zones are names that RFC 5322 section 4.3 knows, and those that programs
// write all the same. Seconds east of Greenwich.
var zones = map[string]int{
	"ut": 0, "utc": 0, "gmt": 0, "z": 0, "wet": 0,
	"est": -5 * 3600, "edt": -4 * 3600, "cst": -6 * 3600, "cdt": -5 * 3600,
	"mst": -7 * 3600, "mdt": -6 * 3600, "pst": -8 * 3600, "pdt": -7 * 3600,
	"bst": 3600, "met": 3600, "cet": 3600, "mez": 3600, "west": 3600,
	"mest": 2 * 3600, "cest": 2 * 3600, "mesz": 2 * 3600, "eet": 2 * 3600, "eest": 3 * 3600,
	"msk": 3 * 3600, "msd": 4 * 3600, "ist": 5*3600 + 1800,
	"hkt": 8 * 3600, "jst": 9 * 3600, "kst": 9 * 3600,
	"aest": 10 * 3600, "aedt": 11 * 3600, "nzst": 12 * 3600, "nzdt": 13 * 3600,
}

// months by the first three letters of their names, in the languages whose
// programs are known to translate the Date field.
var months = map[string]time.Month{
	"jan": 1, "feb": 2, "mar": 3, "mär": 3, "apr": 4, "may": 5, "mai": 5, "maj": 5,
	"jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "okt": 10, "nov": 11, "dec": 12, "dez": 12,
}

// dateWords is what the words of a date were taken for; -1 is not seen.
type dateWords struct {
	year, month, day     int
	hour, minute, second int
	offset               int
	zoned                bool
}

// salvageDate reads the words of a date in any order: names of months, a
// time by its colons, a zone by its sign or name, numbers by their size.
// Without a day, month or year there is no date. zoned says whether it had an
// offset; without one it counts as UTC.
func salvageDate(value string) (t time.Time, zoned bool) {
	d := dateWords{year: -1, month: -1, day: -1, hour: -1}
	split := func(r rune) bool { return r == ' ' || r == '\t' || r == ',' || r == '(' || r == ')' }
	for _, word := range strings.FieldsFunc(value, split) {
		d.take(word)
	}
	if d.year < 0 || d.month < 0 || d.day < 0 {
		return time.Time{}, false
	}
	zone := time.UTC
	if d.zoned {
		zone = time.FixedZone("", d.offset)
	}
	t = time.Date(d.year, time.Month(d.month), d.day, max(d.hour, 0), d.minute, d.second, 0, zone)
	if t.Day() != d.day || int(t.Month()) != d.month {
		return time.Time{}, false // the 31st of a month that has none
	}
	return t, d.zoned
}

// take reads one word, or the pieces of one like 2015-07-07T10:00:00Z.
func (d *dateWords) take(word string) {
	switch {
	case word == "":
	case strings.Count(word, "-") == 2 && word[0] != '-':
		date, clock, _ := strings.Cut(word, "T")
		for _, piece := range strings.Split(date, "-") {
			d.take(piece)
		}
		if clock != "" {
			d.take(clock)
		}
	case strings.Contains(word, ":") && word[0] != '+' && word[0] != '-':
		d.takeClock(word)
	case word[0] == '+' || word[0] == '-':
		d.takeOffset(word)
	case word[0] >= '0' && word[0] <= '9':
		d.takeNumber(word)
	default:
		d.takeName(strings.ToLower(strings.Trim(word, `."`)))
	}
}

func (d *dateWords) takeClock(word string) {
	if i := strings.IndexAny(word, "+-Zz"); i > 0 {
		d.takeZone(word[i:])
		word = word[:i]
	}
	hourText, rest, _ := strings.Cut(word, ":")
	minuteText, secondText, _ := strings.Cut(rest, ":")
	hour, err := strconv.Atoi(hourText)
	minute, err2 := strconv.Atoi(minuteText)
	if err != nil || err2 != nil || d.hour >= 0 || hour > 24 || minute > 59 {
		return
	}
	d.hour, d.minute = hour, minute
	secondText, _, _ = strings.Cut(secondText, ".")
	d.second, _ = strconv.Atoi(secondText) // 0 where there are none
}

func (d *dateWords) takeZone(word string) {
	if word[0] == '+' || word[0] == '-' {
		d.takeOffset(word)
		return
	}
	d.takeName(strings.ToLower(word))
}

// takeOffset reads +0200, +02:00, +200 and +2.
func (d *dateWords) takeOffset(word string) {
	digits := strings.ReplaceAll(word[1:], ":", "")
	n, err := strconv.Atoi(digits)
	if err != nil || d.zoned || n > 1400 {
		return
	}
	if len(digits) <= 2 {
		n *= 100
	}
	d.offset, d.zoned = n/100*3600+n%100*60, true
	if word[0] == '-' {
		d.offset = -d.offset
	}
}

// takeNumber takes a number for the day, then the month, or the year.
func (d *dateWords) takeNumber(word string) {
	n, err := strconv.Atoi(strings.TrimRight(word, ".thndrs"))
	switch {
	case err != nil:
	case n > 1900 && n < 10000 && d.year < 0:
		d.year = n
	case d.year >= 0 && d.month < 0 && n >= 1 && n <= 12:
		d.month = n // 2015-07-07
	case d.day < 0 && n >= 1 && n <= 31:
		d.day = n
	case d.year < 0 && n < 50:
		d.year = 2000 + n // RFC 5322 section 4.3
	case d.year < 0 && n < 1000:
		d.year = 1900 + n
	}
}

func (d *dateWords) takeName(word string) {
	letters := []rune(word)
	if len(letters) >= 3 && d.month < 0 {
		if month, ok := months[string(letters[:3])]; ok {
			d.month = int(month)
			return
		}
	}
	if offset, ok := zones[word]; ok && !d.zoned {
		d.offset, d.zoned = offset, true
	}
}
