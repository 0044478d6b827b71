// Package spell finds the known word that somebody most likely meant.
package spell

import "unicode/utf8"

// Nearest returns the candidate that is fewest typing slips away from word, the
// first of several, and whether it is near enough to be worth asking about: one
// slip for words of three or four letters, two for longer ones. A slip is a
// letter added, left out, changed, or swapped with its neighbour (Damerau 1964:
// four of five misspellings are one of these). Both are compared as given, so
// lower the case first.
func Nearest(word string, candidates []string) (string, bool) {
	best, least := "", allowed(word)+1
	for _, c := range candidates {
		if d := distance(word, c, least); d < least {
			best, least = c, d
		}
	}
	return best, best != ""
}

func allowed(word string) int {
	switch n := utf8.RuneCountInString(word); {
	case n < 3:
		return 0
	case n < 5:
		return 1
	default:
		return 2
	}
}

// distance counts slips between a and b, and gives up at enough.
func distance(a, b string, enough int) int {
	from, to := []rune(a), []rune(b)
	if diff := len(from) - len(to); diff >= enough || -diff >= enough {
		return enough
	}
	before, above := make([]int, len(to)+1), make([]int, len(to)+1)
	for j := range above {
		above[j] = j
	}
	for i := 1; i <= len(from); i++ {
		row := make([]int, len(to)+1)
		row[0] = i
		for j := 1; j <= len(to); j++ {
			row[j] = min(above[j]+1, row[j-1]+1, above[j-1]+unequal(from[i-1], to[j-1]))
			if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
				row[j] = min(row[j], before[j-2]+1)
			}
		}
		before, above = above, row
	}
	return above[len(to)]
}

func unequal(a, b rune) int {
	if a == b {
		return 0
	}
	return 1
}
