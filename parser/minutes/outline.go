package minutes

import "strings"

// node is a piece of the text that belongs together: a heading, an item with
// its wrapped lines, a paragraph, a table. Nodes hang under what they stand
// under: items under the item they are indented below, all under a heading.
type node struct {
	row
	end   int  // last line of a wrapped item
	after bool // a blank line stands before it
	table []row
	kids  []*node

	label  label // what group it opens, if any
	mark   *mark // the marker it begins with or holds, where it is marked
	marked bool
}

// join makes nodes of rows: wrapped lines are joined to the line they continue.
func join(rows []row) []*node {
	var out []*node
	var last *node
	gap := false
	for i := 0; i < len(rows); i++ {
		r := rows[i]
		switch {
		case r.shape == blank:
			gap = true
			continue
		case r.shape == code:
			last = nil
			gap = true
			continue
		case r.shape == cells:
			n := &node{row: r, end: r.n, after: gap}
			for ; i < len(rows) && rows[i].shape == cells; i++ {
				n.table = append(n.table, rows[i])
				n.end = rows[i].n
			}
			i--
			out, last = append(out, n), nil
		case last != nil && !gap && last.continues(r, rows[i-1]):
			last.wrap(r)
		default:
			last = &node{row: r, end: r.n, after: gap}
			out = append(out, last)
			if r.shape == rule || r.shape == heading {
				last = nil
			}
		}
		gap = false
	}
	for i, n := range out {
		n.unwrap()
		n.recognise()
		if i > 0 && (n.shape == bullet || n.shape == numbered) && shouts(out[i-1]) {
			out[i-1].shape, out[i-1].level = heading, handmade
		}
	}
	entitle(out)
	return out
}

// entitle makes headings of lines that stand alone above what was said about
// them, as in plain text:
//
//	T-12 Device trees
//	- the kernel renames two nodes
//
// One with an id of an agenda is such a line; others are where there are
// several, since one alone may be a sentence that a list goes on with.
func entitle(nodes []*node) {
	var plain []*node
	for i, n := range nodes {
		switch alone := n.standsAlone(); {
		case alone && hasItemID(n.text):
			n.shape, n.level = heading, handmade
		case alone && i+1 < len(nodes) && nodes[i+1].shape == bullet && !nodes[i+1].after:
			plain = append(plain, n)
		}
	}
	for _, n := range plain {
		if len(plain) > 1 {
			n.shape, n.level, n.text = heading, handmade, strings.TrimSuffix(n.text, ":")
		}
	}
}

// standsAlone reports whether a node is one line, and no sentence.
func (n *node) standsAlone() bool {
	return n.shape == prose && n.after && n.indent == 0 && n.end == n.n && !n.marked && n.label.kind == none &&
		len(n.text) <= maxHead && !strings.ContainsAny(n.text[max(0, len(n.text)-1):], ".,;!?") && !introduces(n.text)
}

// maxHead is how long a line of plain text may be that heads what follows.
const maxHead = 80

// hasItemID reports whether a line begins with the id of an item: "T-12 Device trees".
func hasItemID(s string) bool {
	digits := strings.TrimLeft(strings.TrimPrefix(s, "T-"), "0123456789")
	return strings.HasPrefix(s, "T-") && len(digits) < len(s)-len("T-") && strings.IndexAny(digits, " :.)") == 0
}

// shouts reports whether a paragraph is one word in capitals, which is a
// heading if a list follows: "UPDATES".
func shouts(n *node) bool {
	return n.shape == prose && n.end == n.n && len(n.text) >= 5 && strings.Trim(n.text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

// continues reports whether row r, right below row above, goes on with n.
func (n *node) continues(r, above row) bool {
	if r.shape != prose || r.box != noBox || r.quoted != n.quoted || r.speaker != "" {
		return false
	}
	if strings.HasSuffix(above.raw, "<br>") || strings.HasSuffix(above.raw, "<br/>") || strings.HasSuffix(above.raw, `\`) {
		return false
	}
	if strings.HasSuffix(n.text, ":") && n.shape == prose || isHandmade(n.text) || numberedTopic(n.text) || opensEntry(r.text) {
		return false
	}
	if n.shape != prose && r.indent > n.indent || strings.HasSuffix(strings.TrimRight(above.raw, " "), ",") {
		return true
	}
	return wrapped(above.raw, r.text)
}

// wrap columns between which mail programs and editors break lines. Shorter
// lines were ended by hand, longer ones are paragraphs of their own.
const minWrap, maxWrap = 56, 110

func wrapped(above, next string) bool {
	word, _, _ := strings.Cut(next, " ")
	width := len(strings.TrimRight(above, " "))
	return width+1+len(word) > minWrap && width <= maxWrap
}

// opensEntry reports whether a line that could continue the one above begins
// something of its own: a marker, "Name: …", "Label:".
func opensEntry(s string) bool {
	if _, ok := markerAt(s); ok {
		return true
	}
	head, ok := runIn(s)
	return ok && len(head) <= 40 && strings.Count(head, " ") <= 3
}

// runIn is the "Scribe" of "Scribe: Kim", also of "**Scribe**: Kim", with its markdown.
func runIn(s string) (string, bool) {
	at := strings.IndexByte(s[:min(len(s), 80)], ':')
	if at <= 0 {
		return "", false
	}
	rest := strings.TrimLeft(s[at+1:], "*_")
	if rest != "" && rest[0] != ' ' && rest[0] != '\t' {
		return "", false
	}
	return s[:at], true
}

func (n *node) wrap(r row) {
	n.end = r.n
	n.table = append(n.table, r) // joined at once in unwrap, so that a megabyte of lines stays linear
}

func (n *node) unwrap() {
	if len(n.table) == 0 || n.shape == cells {
		return
	}
	parts := []string{n.text}
	for _, r := range n.table {
		parts = append(parts, r.text)
	}
	n.text, n.table = strings.Join(parts, " "), nil
}

// recognise finds out, once, what a node says about itself.
func (n *node) recognise() {
	n.text = strings.TrimSpace(strings.TrimSuffix(strings.TrimSuffix(n.text, "<br>"), `\`))
	if n.shape == rule || n.shape == cells {
		return
	}
	n.text = unstamped(n.text)
	n.label = labelOf(n)
	if n.label.kind == topical && n.label.rest != "" {
		n.shape, n.level, n.text, n.label = heading, handmade-1, n.label.rest, label{}
	}
	if n.indent > 3 && n.shape == prose {
		// stands in an item
	} else if n.shape == prose && n.label.kind == none && (isHandmade(n.text) || numberedTopic(n.text)) || n.shape == prose && n.label.kind != none && n.label.rest == "" {
		n.shape, n.level = heading, handmade
		n.text = strings.TrimSuffix(strings.Trim(n.text, "*_ "), ":")
	}
	if n.label.kind != none && n.label.rest == "" {
		return
	}
	if n.shape != heading {
		if m, ok := markerIn(n.text); ok {
			n.mark, n.marked = &m, true
		}
	}
}

// unstamped drops the "(kim, 15:03:12)" that MeetBot puts behind each line.
func unstamped(s string) string {
	if !strings.HasSuffix(s, ")") {
		return s
	}
	at := strings.LastIndexByte(s, '(')
	if at <= 0 || len(s)-at > 45 {
		return s
	}
	who, when, ok := strings.Cut(s[at+1:len(s)-1], ", ")
	if !ok || strings.Contains(who, " ") || len(when) < 5 || strings.Trim(when, "0123456789:") != "" {
		return s
	}
	return strings.TrimSpace(s[:at])
}

// numberedTopic recognises "TOP 1: Umzug" and "Agenda item 3: Budget" in plain text.
func numberedTopic(s string) bool {
	if len(s) > 100 {
		return false
	}
	for _, word := range [...]string{"TOP ", "Agenda item ", "Item ", "Topic ", "Punkt ", "Point "} {
		if rest, ok := strings.CutPrefix(s, word); ok && digitAt(rest, 0) {
			return strings.IndexAny(rest[:min(len(rest), 4)], ":.)-–") > 0 || word == "TOP "
		}
	}
	return false
}

// isHandmade reports whether a line is a heading that somebody made by hand:
// all bold, or all capitals.
func isHandmade(s string) bool {
	if len(s) > 100 || len(s) < 4 {
		return false
	}
	for _, sign := range [...]string{"**", "__", "*"} {
		inner, ok := strings.CutPrefix(s, sign)
		if !ok {
			continue
		}
		inner, ok = strings.CutSuffix(strings.TrimSuffix(inner, ":"), sign)
		return ok && !strings.Contains(inner, sign) && !hasMarker(inner)
	}
	return isCapitals(s)
}

func hasMarker(s string) bool {
	m, ok := markerAt(s)
	return ok && m.rest != ""
}

// isCapitals takes "ACTION ITEMS" but not "HTML5" or "DONE.".
func isCapitals(s string) bool {
	words, letters := 0, 0
	for _, w := range strings.Fields(s) {
		words++
		for _, c := range w {
			if c >= 'a' && c <= 'z' || c >= 0x80 {
				return false
			}
			if c >= 'A' && c <= 'Z' {
				letters++
			}
		}
	}
	return words >= 2 && words <= 6 && letters*2 > len(s)
}

// tree hangs nodes under what they stand under.
func tree(flat []*node) *node {
	root := &node{row: row{shape: heading}}
	heads := []*node{root}
	var items []*node // open items under the last heading
	for _, n := range flat {
		switch n.shape {
		case rule:
			heads, items = untilHandmade(heads), nil
			heads[len(heads)-1].add(n)
		case heading:
			items = nil
			for len(heads) > 1 && heads[len(heads)-1].level >= n.level {
				heads = heads[:len(heads)-1]
			}
			heads[len(heads)-1].add(n)
			if n.label.rest == "" { // "#### Present: Kim, Lee" is complete in itself
				heads = append(heads, n)
			}
		case bullet, numbered:
			items = above(items, n)
			under(heads, items).add(n)
			items = append(items, n)
		default:
			if items = holding(items, n); len(items) == 0 {
				heads = leave(heads, n)
			}
			parent := under(heads, items)
			parent.add(n)
			if strings.HasSuffix(n.text, ":") && n.shape == prose {
				items = append(items, n)
			}
		}
	}
	return root
}

func (n *node) add(kid *node) { n.kids = append(n.kids, kid) }

func under(heads, items []*node) *node {
	if len(items) > 0 {
		return items[len(items)-1]
	}
	return heads[len(heads)-1]
}

func untilHandmade(heads []*node) []*node {
	for len(heads) > 1 && heads[len(heads)-1].level == handmade {
		heads = heads[:len(heads)-1]
	}
	return heads
}

// above closes the items that n does not stand under. A dash below a number at
// the same indent belongs to the number ("1. Topic", then "- said"), and
// bullets belong to the paragraph that ends with a colon above them.
func above(items []*node, n *node) []*node {
	for len(items) > 0 {
		last := items[len(items)-1]
		switch {
		case last.shape == prose && n.indent >= last.indent:
			return items
		case n.indent > last.indent:
			return items
		case n.indent == last.indent && n.shape == bullet && last.shape == numbered && (n.after || len(last.kids) > 0 || last.label.kind != none):
			return items
		}
		items = items[:len(items)-1]
	}
	return items
}

// holding closes the items that a paragraph does not stand in.
func holding(items []*node, n *node) []*node {
	for len(items) > 0 {
		last := items[len(items)-1]
		if n.indent > last.indent || !n.after && last.shape == numbered && n.indent == last.indent {
			return items
		}
		if !n.after && last.shape != prose && n.indent == last.indent && !n.marked {
			return items
		}
		items = items[:len(items)-1]
	}
	return items
}

// leave closes handmade headings that a paragraph ends: once its list is
// there, a paragraph behind a blank line is no longer part of it.
func leave(heads []*node, n *node) []*node {
	last := heads[len(heads)-1]
	if last.level != handmade || last.label.kind == none || len(last.kids) == 0 || !n.after || n.indent > 0 {
		return heads
	}
	return heads[:len(heads)-1]
}
