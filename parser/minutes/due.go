package minutes

import (
	"time"
)

// due finds words that say by when, and a date where the words are sure.
func (a *Action) due(base time.Time) {
	if a.DueText == nil {
		if words := dueWords(a.Text); words != "" {
			a.DueText = &words
		}
	}
	if a.DueText == nil || base.IsZero() {
		return
	}
	if day, ok := dueDate(*a.DueText, base); ok {
		iso := day.Format(time.DateOnly)
		a.Due = &iso
	}
}

// dueWords is the part of a sentence that names a deadline, as written.
func dueWords(text string) string { return "" }

// dueDate reads a deadline. It refuses what it does not know.
func dueDate(words string, base time.Time) (time.Time, bool) { return time.Time{}, false }
