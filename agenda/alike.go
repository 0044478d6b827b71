package agenda

import "strings"

// How alike two texts must be, from 0 to 1.
const (
	sameTitle = 0.75 // a topic and an item
	sameWords = 0.6  // an action and itself, in the minutes of another call
)

// alike is the share of words that two texts have in common (Dice's
// coefficient): it forgives order, case, punctuation and a few words more.
func alike(x, y string) float64 {
	xs, ys := wordSet(x), wordSet(y)
	if len(xs)+len(ys) == 0 {
		return 1
	}
	common := 0
	for w := range xs {
		if ys[w] {
			common++
		}
	}
	return 2 * float64(common) / float64(len(xs)+len(ys))
}

func wordSet(text string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(fold(text)) {
		set[w] = true
	}
	return set
}
