package parser

import (
	"embed"
	"slices"
	"strings"
	"unicode"
)

// What mail programs print differs by program and language. It stands in
// tables that can be extended without reading code; each says at its head
// what its columns mean.
//
//go:embed tables/*.txt
var tableFiles embed.FS

// entry is one line of a table.
type entry struct {
	kind    string
	lang    string
	clients string
	words   []string
}

// readTable reads a table of our own: it is part of the program, so a fault
// in it is a fault of the program.
func readTable(name string) []entry {
	text, err := tableFiles.ReadFile("tables/" + name + ".txt")
	if err != nil {
		panic(err)
	}
	var list []entry
	for line := range strings.Lines(string(text)) {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		column := strings.SplitN(line, " | ", 4)
		if len(column) != 4 {
			panic("table " + name + ": four columns are needed: " + line)
		}
		list = append(list, entry{column[0], column[1], column[2], splitWords(column[3])})
	}
	return list
}

func splitWords(column string) []string {
	words := strings.Split(column, ";")
	for i := range words {
		words[i] = strings.TrimSpace(words[i])
	}
	return words
}

// byWords indexes a table by its words, in lower case. Languages share
// words; the first to name one keeps it.
func byWords(table []entry, kinds ...string) map[string]*entry {
	index := map[string]*entry{}
	for i := range table {
		if len(kinds) > 0 && !slices.Contains(kinds, table[i].kind) {
			continue
		}
		for _, words := range table[i].words {
			if key := lower(words); index[key] == nil {
				index[key] = &table[i]
			}
		}
	}
	return index
}

// dropVowels drops the vowel marks that Apple writes above Arabic letters and
// others do not.
func dropVowels(s string) string {
	if strings.IndexByte(s, 0xd9) < 0 {
		return s
	}
	return strings.Map(func(r rune) rune {
		if r >= 0x64b && r <= 0x652 || r == 0x640 {
			return -1
		}
		return r
	}, s)
}

// lower folds case. The Turkish dotted İ becomes a plain i, as Turkish
// programs write it in front of subjects that others then fold.
func lower(s string) string {
	for i := 0; i < len(s); i++ {
		if s[i] >= 0x80 {
			return dropVowels(strings.ReplaceAll(strings.ToLower(s), "i̇", "i"))
		}
	}
	return strings.ToLower(s)
}

// String says which habit of which program an entry is, for Reasons.
func (e *entry) String() string {
	if e == nil {
		return ""
	}
	return e.clients + " (" + e.lang + ")"
}

// lexWords cuts a text into its words, in lower case: letters and digits
// that stand together.
func lexWords(s string) []string {
	return strings.FieldsFunc(lower(s), func(r rune) bool {
		return !unicode.IsLetter(r) && !unicode.IsDigit(r) && !unicode.IsMark(r)
	})
}
