package parser

import "slices"

// phrases knows words that stand in a row, by the first of them.
type phrases map[string][]phrase

type phrase struct {
	words []string
	entry *entry
}

func newPhrases(table []entry, kinds ...string) phrases {
	index := phrases{}
	for i := range table {
		if !slices.Contains(kinds, table[i].kind) {
			continue
		}
		for _, text := range table[i].words {
			words := lexWords(text)
			index[words[0]] = append(index[words[0]], phrase{words, &table[i]})
		}
	}
	return index
}

// at finds the longest phrase that begins with the i-th word.
func (ps phrases) at(words []string, i int) (found phrase) {
	for _, p := range ps[words[i]] {
		if len(p.words) > len(found.words) && startsWith(words[i:], p.words) {
			found = p
		}
	}
	return found
}

// find returns the last phrase that stands anywhere in words.
func (ps phrases) find(words []string) (at int, found phrase) {
	for i := len(words) - 1; i >= 0; i-- {
		if p := ps.at(words, i); p.entry != nil {
			return i, p
		}
	}
	return -1, phrase{}
}

func startsWith(words, begin []string) bool {
	return len(words) >= len(begin) && slices.Equal(words[:len(begin)], begin)
}

var (
	attributionTable = readTable("attributions")
	openers          = newPhrases(attributionTable, "opener")
	verbs            = newPhrases(attributionTable, "verb", "saying")
	quoters          = newPhrases(attributionTable, "quote")
	gluedVerbs       = newGluedVerbs(attributionTable)
)

// unspaced are the languages that write words without blanks between them.
var unspaced = []string{"ja", "ko", "th", "zh"}

// newGluedVerbs lists the verbs of scripts that write no blanks, so that a
// verb may stand at the end of a name.
func newGluedVerbs(table []entry) []phrase {
	var list []phrase
	for i := range table {
		for _, words := range table[i].words {
			if table[i].kind == "verb" && slices.Contains(unspaced, table[i].lang) {
				list = append(list, phrase{lexWords(words), &table[i]})
			}
		}
	}
	return list
}
