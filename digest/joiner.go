package digest

import (
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// The joiners show nothing and yet change what stands around them: Persian words
// and Indian syllables are misspelt without them, and a family of emoji becomes
// its members. Anywhere else they only hide.
const (
	nonJoiner = '\u200c'
	joiner    = '\u200d'
)

func isJoiner(r rune) bool { return r == nonJoiner || r == joiner }

// settleJoiners leaves those joiners in a text that mean something where they
// stand (UAX #31 section 2.3, RFC 5892 appendix A, UTS #51 section 2.2), and
// removes the others.
func settleJoiners(s string) string {
	if !strings.ContainsFunc(s, isJoiner) {
		return s
	}
	words := strings.Split(s, " ")
	for i, word := range words {
		if strings.ContainsFunc(word, isJoiner) {
			words[i] = settled([]rune(word))
		}
	}
	return strings.Join(words, " ")
}

func settled(word []rune) string {
	var out strings.Builder
	for i, r := range word {
		if !isJoiner(r) || i > 0 && i+1 < len(word) && !isJoiner(word[i-1]) && belongs(word, i) {
			out.WriteRune(r)
		}
	}
	return out.String()
}

// belongs says whether the joiner at a place within a word means something there.
func belongs(word []rune, at int) bool {
	before, after := word[at-1], word[at+1]
	switch {
	case isVirama(before): // which half of an Indian syllable is written how
		return true
	case word[at] == nonJoiner:
		return parts(word, at)
	case isVirama(after): // Bengali ra before ya: র‍্য
		return unicode.Is(unicode.Lo, before)
	}
	return unites(word, at)
}

// isVirama tells the signs that take the vowel from a letter.
func isVirama(r rune) bool {
	const virama = 9 // its canonical combining class
	return norm.NFC.PropertiesString(string(r)).CCC() == virama
}

// parts says whether a non-joiner stands between letters that would else be
// written joined, as in Persian می‌خواهم. The letters' kinds are known to the
// rules for names of hosts, which allow it there and nowhere else.
func parts(word []rune, at int) bool {
	alone := make([]rune, 0, len(word))
	for i, r := range word {
		if i == at || !isJoiner(r) && !unicode.IsPunct(r) {
			alone = append(alone, r)
		}
	}
	_, err := joining.ToUnicode(string(alone))
	return err == nil
}

var joining = idna.New(idna.ValidateLabels(true), idna.CheckHyphens(false), idna.CheckJoiners(true), idna.StrictDomainName(false))

// unites says whether a joiner makes one picture of two emoji: only there does
// the text behind it belong to the same grapheme (UAX #29, GB11).
func unites(word []rune, at int) bool {
	before := string(word[:at+1])
	last := uniseg.NewGraphemes(string(word[:at+2]))
	for last.Next() {
		if _, end := last.Positions(); end > len(before) {
			start, _ := last.Positions()
			return start < len(before) && !unicode.IsMark(word[at+1])
		}
	}
	return false
}
