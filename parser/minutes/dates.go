package minutes

import (
	"strings"
	"time"
)

// found is a date in a text: where it stands and, for "28-29 Nov 2016", its end.
type found struct {
	start, end int // bytes
	day, until time.Time
	unsure     bool // "3/4/2019" could be read two ways
}

// token is a number or a word of a text that may be part of a date.
type token struct {
	text       string // words in small letters
	num        int    // of numbers
	start, end int
	sep        byte // what stands behind it: '-', '/', '.', ' ', ',' or another
}

// maxDateText is how far into a line a date is looked for.
const maxDateText = 300

// dateIn finds the first date of a text.
func dateIn(s string) (found, bool) {
	if len(s) > maxDateText {
		s = s[:maxDateText]
	}
	if !strings.ContainsAny(s, "0123456789") {
		return found{}, false
	}
	toks := tokens(s)
	for i := range toks {
		if at := toks[i].start; at > 0 && (wordAt(s, at-1) || s[at-1] == '-' && at > 1 && s[at-2] != ' ') {
			continue // "wac-20220705", "v1.2.2019"
		}
		for _, form := range forms {
			if f, ok := form(toks[i:]); ok {
				return f, true
			}
		}
	}
	return found{}, false
}

// forms are the ways to write a date, tried at each number or month.
var forms = [...]func([]token) (found, bool){yearFirst, dayMonth, monthDay, monthDayTime, slashed, packed}

func tokens(s string) []token {
	out := make([]token, 0, 8)
	for i := 0; i < len(s); {
		start := i
		switch {
		case digitAt(s, i):
			n := 0
			for digitAt(s, i) {
				n = min(n*10+int(s[i]-'0'), 1e9)
				i++
			}
			out = append(out, token{num: n, start: start, end: i, text: s[start:i]})
		case letterAt(s[i:]):
			for w := letterWidth(s[i:]); w > 0; w = letterWidth(s[i:]) {
				i += w
			}
			w := strings.ToLower(s[start:i])
			if len(out) > 0 && ordinal[w] && out[len(out)-1].end == start {
				out[len(out)-1].end = i
			} else if !dateFiller[w] {
				out = append(out, token{num: -1, start: start, end: i, text: w})
			}
		default:
			i++
			for i < len(s) && s[i] >= 0x80 && s[i] < 0xc0 {
				i++
			}
		}
		if len(out) > 0 && i <= len(s) {
			last := &out[len(out)-1]
			if last.sep == 0 && last.end < len(s) {
				last.sep = s[last.end]
				if strings.HasPrefix(s[last.end:], "–") || strings.HasPrefix(s[last.end:], " - ") || strings.HasPrefix(s[last.end:], " – ") {
					last.sep = '-'
				}
			}
		}
	}
	return out
}

var ordinal = set("st nd rd th er º")
var dateFiller = set("of de the den")

func monthOf(t token) time.Month { return monthNames[t.text] }

var monthNames = map[string]time.Month{
	"january": 1, "jan": 1, "januar": 1, "janvier": 1, "enero": 1, "gennaio": 1, "janeiro": 1, "januari": 1, "jänner": 1, "ene": 1,
	"february": 2, "feb": 2, "februar": 2, "février": 2, "fevrier": 2, "febrero": 2, "febbraio": 2, "fevereiro": 2, "februari": 2, "févr": 2,
	"march": 3, "mar": 3, "märz": 3, "maerz": 3, "mars": 3, "marzo": 3, "março": 3, "maart": 3, "mrz": 3,
	"april": 4, "apr": 4, "avril": 4, "abril": 4, "aprile": 4, "avr": 4, "abr": 4,
	"may": 5, "mai": 5, "mayo": 5, "maggio": 5, "maio": 5, "mei": 5,
	"june": 6, "jun": 6, "juni": 6, "juin": 6, "junio": 6, "giugno": 6, "junho": 6,
	"july": 7, "jul": 7, "juli": 7, "juillet": 7, "julio": 7, "luglio": 7, "julho": 7, "juil": 7,
	"august": 8, "aug": 8, "août": 8, "aout": 8, "agosto": 8, "augustus": 8,
	"september": 9, "sep": 9, "sept": 9, "septembre": 9, "septiembre": 9, "settembre": 9, "setembro": 9,
	"october": 10, "oct": 10, "oktober": 10, "okt": 10, "octobre": 10, "octubre": 10, "ottobre": 10, "outubro": 10,
	"november": 11, "nov": 11, "novembre": 11, "noviembre": 11, "novembro": 11,
	"december": 12, "dec": 12, "dezember": 12, "dez": 12, "décembre": 12, "decembre": 12, "diciembre": 12, "dicembre": 12, "dezembro": 12, "dic": 12, "déc": 12,
}

// yearFirst reads 2016-11-10, 2019.05.31, 2017/01/30, 2016-11-28/29 and "2017 Jan 30".
func yearFirst(t []token) (found, bool) {
	if len(t) < 3 || len(t[0].text) != 4 || t[2].num < 0 {
		return found{}, false
	}
	month := monthOf(t[1])
	if month == 0 {
		if t[0].sep != t[1].sep || strings.IndexByte("-./_", t[0].sep) < 0 || t[1].num < 1 {
			return found{}, false
		}
		month = time.Month(t[1].num)
	}
	f, ok := day(t[0].num, month, t[2].num)
	f.start, f.end = t[0].start, t[2].end
	return f, ok && len(t[2].text) <= 2
}

// dayMonth reads "30 Jan 2017", "30. Januar 2017", "28-29 Nov 2016", "30 Nov - 1 Dec 2016".
func dayMonth(t []token) (found, bool) {
	if len(t) < 3 || t[0].num < 1 || len(t[0].text) > 2 {
		return found{}, false
	}
	if m := monthOf(t[1]); m != 0 {
		if y := year(t[2]); y > 0 {
			f, ok := day(y, m, t[0].num)
			f.start, f.end = t[0].start, t[2].end
			return f, ok
		}
		if len(t) >= 5 && t[2].num > 0 && monthOf(t[3]) != 0 && year(t[4]) > 0 && t[1].sep == '-' {
			return days(t, t[0], m, t[2], monthOf(t[3]), t[4])
		}
		return found{}, false
	}
	if len(t) >= 4 && t[0].sep == '-' && t[1].num > 0 && monthOf(t[2]) != 0 && year(t[3]) > 0 {
		return days(t, t[0], monthOf(t[2]), t[1], monthOf(t[2]), t[3])
	}
	return found{}, false
}

// monthDay reads "January 10, 2024", "Sept. 6, 2017", "Nov 28-29, 2016", "Nov 30 - Dec 1, 2016".
func monthDay(t []token) (found, bool) {
	m := monthOf(t[0])
	if m == 0 || len(t) < 3 || t[1].num < 1 || len(t[1].text) > 2 {
		return found{}, false
	}
	if y := year(t[2]); y > 0 && t[1].sep != '-' {
		f, ok := day(y, m, t[1].num)
		f.start, f.end = t[0].start, t[2].end
		return f, ok
	}
	if t[1].sep != '-' || len(t) < 4 {
		return found{}, false
	}
	if y := year(t[3]); y > 0 && t[2].num > 0 {
		return days(t, t[1], m, t[2], m, t[3])
	}
	if len(t) >= 5 && monthOf(t[2]) != 0 && t[3].num > 0 && year(t[4]) > 0 {
		return days(t, t[1], m, t[3], monthOf(t[2]), t[4])
	}
	return found{}, false
}

// monthDayTime reads "Jan 30 15:00:10 2017 UTC", as chat bots print it.
func monthDayTime(t []token) (found, bool) {
	m := monthOf(t[0])
	if m == 0 || len(t) < 5 || t[1].num < 1 || t[2].sep != ':' {
		return found{}, false
	}
	for _, last := range t[3:min(len(t), 7)] {
		if y := year(last); y > 0 && len(last.text) == 4 {
			f, ok := day(y, m, t[1].num)
			f.start, f.end = t[0].start, last.end
			return f, ok
		}
	}
	return found{}, false
}

// slashed reads 22/4/24, 1/30/2017, 30.01.2017 and 30-01-2017. Where both
// numbers could be months, dots mean the day first; slashes with a year in full
// mean the month first, which most English minutes do.
func slashed(t []token) (found, bool) {
	if len(t) < 3 || t[0].num < 1 || t[1].num < 1 || t[0].sep != t[1].sep || strings.IndexByte("/.-", t[0].sep) < 0 ||
		len(t[0].text) > 2 || len(t[1].text) > 2 || t[1].end+1 != t[2].start || t[0].end+1 != t[1].start {
		return found{}, false
	}
	y := year(t[2])
	if y == 0 && len(t[2].text) == 2 {
		y = 2000 + t[2].num
	}
	if y == 0 {
		return found{}, false
	}
	a, b := t[0].num, t[1].num
	dayFirst := a > 12 || t[0].sep != '/' && b <= 12
	d, m := b, a
	if dayFirst {
		d, m = a, b
	}
	f, ok := day(y, time.Month(m), d)
	f.start, f.end, f.unsure = t[0].start, t[2].end, t[0].sep == '/' && a <= 12 && b <= 12 && a != b
	return f, ok
}

// packed reads 20170130.
func packed(t []token) (found, bool) {
	if len(t[0].text) != 8 || t[0].num < 0 {
		return found{}, false
	}
	f, ok := day(t[0].num/10000, time.Month(t[0].num/100%100), t[0].num%100)
	f.start, f.end = t[0].start, t[0].end
	return f, ok
}

// year is the year a token names: four digits, or two behind an apostrophe.
func year(t token) int {
	if len(t.text) == 4 && t.num >= 1980 && t.num < 2100 {
		return t.num
	}
	return 0
}

func day(y int, m time.Month, d int) (found, bool) {
	t := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	return found{day: t}, t.Month() == m && t.Day() == d && y >= 1980 && y < 2100
}

func days(t []token, d1 token, m1 time.Month, d2 token, m2 time.Month, y token) (found, bool) {
	from, ok := day(year(y), m1, d1.num)
	to, ok2 := day(year(y), m2, d2.num)
	if from.day.After(to.day) { // 30 Dec - 2 Jan 2017
		from.day = from.day.AddDate(-1, 0, 0)
	}
	end := y.end
	return found{start: t[0].start, end: end, day: from.day, until: to.day}, ok && ok2
}
