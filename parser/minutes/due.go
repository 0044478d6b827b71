package minutes

import (
	"strings"
	"time"

	"minuted/parser/when"
)

// due finds the words that say by when, and the day where the words are sure.
// An action that is done needs no day any more.
func (a *Action) due(base time.Time) {
	if a.DueText == nil {
		if words := dueWords(a.Text); words != "" {
			a.DueText = &words
		}
	}
	if a.DueText == nil || a.Done || base.IsZero() {
		return
	}
	if day, ok := dueDay(*a.DueText, base); ok {
		iso := string(day)
		a.Due = &iso
	}
}

// dueDay reads a deadline, counted from the day of the meeting. It refuses what
// it does not know, but takes the dates that minutes themselves are headed with.
func dueDay(words string, base time.Time) (when.Date, bool) {
	if day, ok := when.Day(numerals.Replace(withoutBy(words)), base); ok {
		return day, true
	}
	if f, ok := dateIn(words); ok && !f.unsure {
		return when.DateOf(f.day), true
	}
	return "", false
}

// introducers are the words in front of a deadline. Those behind which anything
// but a deadline may stand ("by Kim") need a time after them.
var introducers = set("by before until till due deadline within in latest bis vor spätestens avant dici d'ici para antes entro até voor")

func withoutBy(words string) string {
	first, rest, ok := strings.Cut(words, " ")
	if ok && introducers[strings.ToLower(strings.Trim(first, ":"))] && !strings.EqualFold(first, "in") {
		return rest
	}
	return words
}

// numerals are the numbers that people write out.
var numerals = strings.NewReplacer("two ", "2 ", "three ", "3 ", "four ", "4 ", "five ", "5 ", "six ", "6 ", "ten ", "10 ")

// maxDueWords is the longest deadline: "end of the week after next".
const maxDueWords = 6

// sample is any day: it is only asked whether words are a deadline at all.
var sample = time.Date(2017, 1, 30, 12, 0, 0, 0, time.UTC)

// dueWords is the part of a sentence that names a deadline, as written: "by end
// of next week", "in two weeks", "tomorrow" at the end.
func dueWords(text string) string {
	if len(text) > 600 {
		text = text[:600]
	}
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], ' ')
		if end < 0 {
			end = len(text) - at
		}
		end += at
		if introduced(text[at:end]) {
			words := strings.Fields(text[at:min(len(text), end+80)])
			for n := min(maxDueWords, len(words)-1); n > 0; n-- {
				if deadline(words[0], words[1:1+n]) {
					return strings.Trim(strings.Join(words[:1+n], " "), "().,;:!*_")
				}
			}
		}
		at = end + 1
	}
	words := strings.Fields(text[max(0, len(text)-40):])
	for n := min(3, len(words)-1); n > 0; n-- {
		last := strings.Trim(strings.Join(words[len(words)-n:], " "), "().,;:!*_")
		if lastWords[strings.ToLower(last)] {
			return last
		}
	}
	return ""
}

// introduced reports whether a word may stand in front of a deadline. Most
// words are too long, which costs nothing to see.
func introduced(w string) bool {
	return len(w) > 1 && len(w) <= 12 && introducers[strings.ToLower(strings.Trim(w, "(:"))]
}

// lastWords are deadlines that need no word in front when they end a sentence.
var lastWords = map[string]bool{"tomorrow": true, "today": true, "next week": true, "this week": true, "eod": true, "eow": true, "asap": true,
	"end of week": true, "end of the week": true, "end of month": true, "next month": true, "this month": true, "two weeks": true, "tonight": true,
	"morgen": true, "nächste woche": true, "demain": true, "mañana": true}

// deadline reports whether words are a time. What follows "in" must count days
// or weeks; "in May" tells of anything.
func deadline(by string, words []string) bool {
	by = strings.ToLower(strings.Trim(by, "(:"))
	s := strings.Trim(strings.Join(words, " "), "().,;:!*_")
	if by == "in" || by == "within" {
		last := strings.ToLower(strings.Trim(words[len(words)-1], "().,;:!s"))
		if len(words) > 3 || last != "day" && last != "week" && last != "month" && last != "hour" {
			return false
		}
		s = "in " + s
	}
	if lastWords[strings.ToLower(s)] || events[strings.ToLower(s)] {
		return true
	}
	if _, ok := when.Day(numerals.Replace(s), sample); ok {
		return true
	}
	if f, ok := dateIn(s); ok {
		return f.start == 0 && f.end >= len(s)-1
	}
	return false
}

// events are deadlines that no calendar knows.
var events = map[string]bool{"next meeting": true, "the next meeting": true, "next call": true, "the next call": true, "next time": true,
	"our next meeting": true, "our next call": true, "f2f": true, "the f2f": true, "next f2f": true, "release": true, "the release": true,
	"nächsten treffen": true, "la prochaine réunion": true, "la próxima reunión": true}
