package minutes

import (
	"sort"
	"strings"
)

// Pair is an action of the minutes as they were and as they are now, by index;
// -1 where there is none: removed, or added.
type Pair struct {
	Old, New int
}

// Match tells which action of corrected minutes is which of the old ones, so
// that they keep their ids. Equal texts are matched first, in their order, then
// like ones, the most alike first, and last those that kept their place and
// something of their text. Pairs come in the order of the new minutes; removed
// actions follow, in the order of the old.
func Match(old, new []Action) []Pair {
	m := newMatching(old, new)
	m.equal()
	m.alike()
	pairs := make([]Pair, 0, len(new)+len(old))
	for i, o := range m.of {
		pairs = append(pairs, Pair{Old: o, New: i})
	}
	for i, taken := range m.taken {
		if !taken {
			pairs = append(pairs, Pair{Old: i, New: -1})
		}
	}
	return pairs
}

// matching is who is matched with whom so far.
type matching struct {
	old, new           []Action
	oldWords, newWords [][]string
	of                 []int // of each new action the old one, or -1
	taken              []bool
}

func newMatching(old, new []Action) *matching {
	m := &matching{old: old, new: new, of: make([]int, len(new)), taken: make([]bool, len(old))}
	for i := range m.of {
		m.of[i] = -1
	}
	for _, a := range old {
		m.oldWords = append(m.oldWords, wordsOf(a))
	}
	for _, a := range new {
		m.newWords = append(m.newWords, wordsOf(a))
	}
	return m
}

// wordsOf are the different words of an action's text, sorted.
func wordsOf(a Action) []string {
	words := strings.Fields(phrase(plain(a.Text)))
	sort.Strings(words)
	out := words[:0]
	for i, w := range words {
		if i == 0 || w != words[i-1] {
			out = append(out, w)
		}
	}
	return out
}

func (m *matching) pair(o, n int) {
	m.of[n], m.taken[o] = o, true
}

// equal pairs the same texts, the first with the first.
func (m *matching) equal() {
	byText := map[string][]int{}
	for i, a := range m.old {
		k := key(a.Text)
		byText[k] = append(byText[k], i)
	}
	for i, a := range m.new {
		k := key(a.Text)
		if free := byText[k]; len(free) > 0 {
			m.pair(free[0], i)
			byText[k] = free[1:]
		}
	}
}

// like is how much of two texts must agree; less suffices where the action
// also stands at the same place, between the same neighbours.
const like, likeInPlace = 0.5, 0.25

// candidate is a possible pair and how alike its texts are.
type candidate struct {
	old, new int
	score    float64
}

// maxCandidates bounds the comparisons of long lists that have little in common.
const maxCandidates = 200_000

func (m *matching) alike() {
	var all []candidate
	for n := range m.new {
		for o := range m.old {
			if m.of[n] >= 0 || m.taken[o] || len(all) > maxCandidates {
				continue
			}
			if s := m.score(o, n); s > 0 {
				all = append(all, candidate{o, n, s})
			}
		}
	}
	sort.SliceStable(all, func(i, j int) bool { return all[i].score > all[j].score })
	for _, c := range all {
		if m.of[c.new] < 0 && !m.taken[c.old] {
			m.pair(c.old, c.new)
		}
	}
}

// score is how alike two actions are, 0 for not at all. The same owners and
// the same place count for something.
func (m *matching) score(o, n int) float64 {
	s := overlap(m.oldWords[o], m.newWords[n])
	placed := m.neighbours(o, n)
	if s < likeInPlace || s < like && !placed {
		return 0
	}
	if placed {
		s += 0.1
	}
	if len(m.old[o].Owners) > 0 && strings.EqualFold(strings.Join(m.old[o].Owners, ","), strings.Join(m.new[n].Owners, ",")) {
		s += 0.15
	}
	return s
}

// neighbours reports whether the actions before or behind both are a pair, or
// both begin or end the list.
func (m *matching) neighbours(o, n int) bool {
	before := o == 0 && n == 0 || o > 0 && n > 0 && m.of[n-1] == o-1
	lastOld, lastNew := o == len(m.old)-1, n == len(m.new)-1
	behind := lastOld && lastNew || !lastOld && !lastNew && m.of[n+1] == o+1
	return before || behind
}

// overlap is the share of words that two texts have in common, from 0 to 1.
func overlap(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	same, i, j := 0, 0, 0
	for i < len(a) && j < len(b) {
		switch {
		case a[i] == b[j]:
			same++
			i++
			j++
		case a[i] < b[j]:
			i++
		default:
			j++
		}
	}
	return 2 * float64(same) / float64(len(a)+len(b))
}
