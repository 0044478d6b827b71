package parser

import "strings"

// readPrintedPeople reads a list of people as mail programs print it for
// people: names without quotes, names with commas, addresses in <>, [] or (),
// with mailto: and with links of their own, or no address at all.
func readPrintedPeople(list string) []Address {
	if len(list) > maxValue {
		list = list[:maxValue]
	}
	list = trimBehalf(plainAddresses(list))
	var people []Address
	for _, piece := range splitOutsideQuotes(list, ';') {
		people = append(people, readCommaList(piece)...)
	}
	return people
}

// plainAddresses rewrites the ways to print an address as <address>.
func plainAddresses(list string) string {
	list = strings.ReplaceAll(addressMarks.Replace(list), `";<`, `" <`) // QQ
	if strings.Count(list, "@") > strings.Count(list, "<mailto:") {
		list = dropMailto(list)
	}
	return strings.ReplaceAll(list, "<mailto:", "<")
}

var addressMarks = strings.NewReplacer("[mailto:", "<", "&lt;", "<", "&gt;", ">", "&quot;", `"`, "(mailto:", "<",
	"[", "<", "]", ">", "*", "", "\ufeff", "", "\u200b", "")

// dropMailto removes links that repeat an address: "a@x<mailto:a@x>".
func dropMailto(list string) string {
	for {
		start := strings.Index(list, "<mailto:")
		if start < 0 {
			return list
		}
		end := strings.IndexByte(list[start:], '>')
		if end < 0 {
			return list[:start]
		}
		if !strings.Contains(list[:start]+list[start+end:], "@") {
			return list
		}
		list = list[:start] + list[start+end+1:]
	}
}

var behalfTable = byWords(separatorTable, "behalf")

// trimBehalf cuts off for whom Outlook says a mail was written.
func trimBehalf(list string) string {
	folded := strings.ToLower(list)
	if len(folded) != len(list) {
		return list
	}
	for words := range behalfTable {
		// A word alone, like the Swedish "för", counts only behind an address.
		at := strings.Index(folded, "> "+words+" ")
		if at >= 0 {
			at++
		} else if strings.Contains(words, " ") {
			at = strings.Index(folded, " "+words+" ")
		}
		if at > 0 {
			list, folded = list[:at], folded[:at]
		}
	}
	return list
}

// splitOutsideQuotes splits at a mark that stands outside quotes and <>.
func splitOutsideQuotes(s string, mark byte) []string {
	var pieces []string
	quoted, start := false, 0
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == '"':
			quoted = !quoted && strings.IndexByte(s[i+1:], '"') >= 0
		case s[i] == mark && !quoted:
			pieces = append(pieces, s[start:i])
			start = i + 1
		}
	}
	return append(pieces, s[start:])
}

// readCommaList reads people parted by commas. A comma may also stand in a
// name ("Doe, John <j@x>"): a piece without an address waits for the next.
func readCommaList(list string) []Address {
	var people []Address
	pending := ""
	pieces := splitOutsideQuotes(list, ',')
	for _, piece := range pieces {
		if pending != "" {
			piece = pending + "," + piece
			pending = ""
		}
		if !strings.Contains(piece, "@") {
			pending = piece
			continue
		}
		people = append(people, readPerson(piece))
	}
	return append(people, readNameless(pending)...)
}

// readNameless reads what has no address: one name, or several where each has
// more than one word.
func readNameless(list string) []Address {
	pieces := strings.Split(list, ",")
	for _, piece := range pieces {
		if len(strings.Fields(piece)) < 2 {
			pieces = []string{list}
			break
		}
	}
	var people []Address
	for _, piece := range pieces {
		if name := unquoteName(strings.ReplaceAll(strings.ReplaceAll(piece, "<", " "), ">", " ")); name != "" {
			people = append(people, Address{Name: name})
		}
	}
	return people
}

// readPerson reads one person: "Name <address>", "address", "Name (address)",
// "Name address".
func readPerson(text string) Address {
	if open := strings.LastIndexByte(text, '<'); open >= 0 {
		address, _, _ := strings.Cut(text[open+1:], ">")
		if strings.Contains(address, "@") {
			return person(text[:open], address)
		}
	}
	for _, word := range strings.Fields(text) {
		if strings.Contains(word, "@") {
			name, _, _ := strings.Cut(text, word)
			return person(name, word)
		}
	}
	return person(text, "")
}

// person tidies a name and an address. A name that repeats the address is none,
// though it counts where a program printed both in full.
func person(name, address string) Address {
	address = strings.Trim(address, " <>()[]\"',;")
	name = unquoteName(strings.Trim(name, " <("))
	return Address{Name: name, Address: address}
}

// unquoteName takes the quotes of all languages off a name.
func unquoteName(name string) string {
	name = strings.Trim(trimInvisible(name), " ,;:\t")
	name = strings.Trim(name, "\"'“”„«»‘’\\\u00a0\u202f ")
	return strings.Join(strings.Fields(name), " ")
}
