package parser

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// author returns who an attribution says wrote, and the date as printed.
func (a *attribution) author() (from *Address, date string) {
	text := noonMarks.Replace(strings.TrimLeft(dropInvisible(a.text), "->– "))
	at := strings.IndexByte(text, '@')
	if at < 0 {
		return nil, dateIn(text)
	}
	start := strings.LastIndexAny(text[:at], " <(:,;\"'[") + 1
	end := at + strings.IndexAny(text[at:]+" ", " <>),;\"']")
	before, _, _ := strings.Cut(text[:start], "<mailto:") // Polymail
	before = strings.TrimRight(before, "<( [")
	after := strings.TrimLeft(text[end:], ">)] ")
	name, lead := splitName(before)
	if date = dateIn(lead); date == "" {
		date = dateIn(after)
	}
	if inner, found := strings.CutPrefix(after, "("); found && name == "" {
		if inner, _, found = strings.Cut(inner, ")"); found && !hasDigit(inner) {
			name = unquoteName(inner) // ann@x (Ann Lee) writes:
		}
	}
	return &Address{Name: name, Address: text[start:end]}, date
}

// noonMarks puts together what the Spanish write with a blank inside.
var noonMarks = strings.NewReplacer("a. m.", "a.m.", "p. m.", "p.m.")

// splitName takes the name off the end of what stands before an address: what
// is in quotes, or what follows the date, the verb and words between them.
func splitName(text string) (name, lead string) {
	for _, pair := range []string{`""`, "“”", "„”", "„“", "«»", "''"} {
		open, size := utf8.DecodeRuneInString(pair)
		if inner, ok := strings.CutSuffix(text, pair[size:]); ok {
			if at := strings.LastIndex(inner, string(open)); at >= 0 {
				return unquoteName(inner[at:]), inner[:at]
			}
		}
	}
	start, spoken := 0, len(quoters.at(append(lexWords(text), ""), 0).words)
	for at, word := range fieldsAt(text) {
		spoken--
		if isLead(word, at == start) || spoken >= 0 {
			start = at + len(word)
			start += len(text[start:]) - len(strings.TrimLeft(text[start:], " ,，、—-"))
		}
	}
	return strings.TrimLeft(unquoteName(text[start:]), "( "), text[:start]
}

// fieldsAt yields the fields of a text and where each begins. East Asian
// programs write commas without blanks.
func fieldsAt(text string) func(func(int, string) bool) {
	parts := func(r rune) bool { return unicode.IsSpace(r) || r == '，' || r == '、' }
	return func(yield func(int, string) bool) {
		for at := 0; at < len(text); {
			r, size := utf8.DecodeRuneInString(text[at:])
			if parts(r) {
				at += size
				continue
			}
			end := at + strings.IndexFunc(text[at:]+" ", parts)
			if !yield(at, text[at:end]) {
				return
			}
			at = end
		}
	}
}

var leadWords = newLeadWords(attributionTable)

// newLeadWords collects the words that lead to a name.
func newLeadWords(table []entry) map[string]bool {
	leads := map[string]bool{}
	for _, e := range table {
		if e.kind == "self" {
			continue
		}
		for _, words := range e.words {
			for i, word := range lexWords(words) {
				if i == 0 || e.kind == "filler" || e.kind == "verb" || e.kind == "saying" {
					leads[word] = true
				}
			}
		}
	}
	return leads
}

// isLead says whether a word before a name belongs to the date or the verb.
// Names have such words in them, too ("Ann La Rosa"): a capital counts only
// where no name has begun.
func isLead(field string, first bool) bool {
	word := strings.Trim(field, ".,:()")
	if hasDigit(field) || zoneOffset(word) != "" || noonNumbers[lower(strings.ReplaceAll(word, ".", ""))] != nil {
		return true
	}
	folded := lower(word)
	if isCalendarWord(folded) {
		return true
	}
	known := true
	for _, piece := range lexWords(folded) {
		known = known && leadWords[piece]
	}
	return known && (first || folded == word)
}

// dateIn cuts the date out of a part of an attribution, from the first to the
// last word that can belong to it.
func dateIn(text string) string {
	first, last := -1, -1
	for at, field := range fieldsAt(text) {
		word := lower(strings.Trim(field, ".,:"))
		if hasDigit(field) || isCalendarWord(word) {
			if first < 0 {
				first = at
			}
			last = at + len(field)
		} else if zoneOffset(strings.Trim(field, ".,:")) != "" && first >= 0 {
			last = at + len(field)
		}
	}
	if first < 0 {
		return ""
	}
	return strings.TrimRight(text[first:last], ",: ")
}
