package agenda

import (
	"cmp"
	"net/mail"
	"slices"
	"strings"
	"unicode/utf8"
)

// Lesson is a rule that people taught by giving areas to topics: it would have
// given them the same. It goes into the configuration, where areas are.
type Lesson struct {
	Area  string
	Key   string // words or senders
	Value string
	Items []int // the topics that taught it
}

// enough is how many topics must agree: one is chance.
const enough = 2

// shortest is the shortest word of a title that tells something; shorter ones
// are mostly grammar.
const shortest = 4

// Lessons are what the areas that people gave have in common, and no topic of
// another area has.
func (b *Book) Lessons() []Lesson {
	taught, against := map[[2]string][]Item{}, map[[2]string][]Item{}
	for _, it := range b.AllItems() {
		for _, sign := range signsOf(it) {
			if it.Taught {
				taught[sign] = append(taught[sign], it)
			}
			if it.Area != "" {
				against[sign] = append(against[sign], it)
			}
		}
	}
	var out []Lesson
	for sign, items := range taught {
		area := items[0].Area
		other := func(it Item) bool { return it.Area != area }
		if len(items) >= enough && !slices.ContainsFunc(against[sign], other) && !b.team.knowsSign(area, sign) {
			out = append(out, Lesson{area, sign[0], sign[1], idsOf(items)})
		}
	}
	slices.SortFunc(out, func(x, y Lesson) int {
		return cmp.Or(strings.Compare(x.Area, y.Area), strings.Compare(x.Key, y.Key), strings.Compare(x.Value, y.Value))
	})
	return out
}

// signsOf are the words and the sender by which a rule could know an item.
func signsOf(it Item) [][2]string {
	var signs [][2]string
	for word := range wordSet(it.Title) {
		if utf8.RuneCountInString(word) >= shortest {
			signs = append(signs, [2]string{"words", word})
		}
	}
	if author, err := mail.ParseAddress(it.Author); err == nil {
		signs = append(signs, [2]string{"senders", strings.ToLower(author.Address)})
	}
	return signs
}

// knowsSign says whether the configuration has the rule already.
func (t Team) knowsSign(area string, sign [2]string) bool {
	return slices.ContainsFunc(t.Areas, func(a Area) bool {
		return a.Name == area && (containsFold(a.Words, sign[1]) || containsFold(a.Senders, sign[1]))
	})
}
