package parser

import (
	"bytes"
	"strings"

	"golang.org/x/net/html/atom"
)

// container is what the table of containers says of an element: how the
// original stands in it, and whose habit that is.
type container struct {
	*entry
	rank int // its place in the table: the first that knows an element counts
}

// containerTable finds containers by what their elements are named.
type containerTable struct {
	exact  map[string]*container // ".class", "#id", "name=value", "style declaration"
	starts []glob
	names  map[string]bool // attributes that tell, beside class, id and style
}

// glob is a name with "…" in it.
type glob struct {
	before, after string // what stands around the "…"; a trailing one is cut off
	open          bool   // any letters may follow after, too
	container     *container
}

var containers = newContainers(readTable("containers"))

func newContainers(table []entry) containerTable {
	t := containerTable{exact: map[string]*container{}, names: map[string]bool{}}
	for i := range table {
		c := &container{entry: &table[i], rank: i}
		for _, words := range table[i].words {
			t.add(words, c)
		}
	}
	return t
}

func (t *containerTable) add(words string, c *container) {
	key := strings.ToLower(words)
	switch {
	case strings.HasPrefix(key, "["):
		key = strings.Trim(key, "[]")
		name, _, _ := strings.Cut(key, "=")
		t.names[name] = true
	case strings.HasPrefix(key, "style "):
		key = "style " + strings.ReplaceAll(key[len("style "):], " ", "")
	}
	before, after, wild := strings.Cut(key, "…")
	if !wild {
		if t.exact[key] == nil {
			t.exact[key] = c
		}
		return
	}
	after, open := strings.CutSuffix(after, "…")
	t.starts = append(t.starts, glob{before, after, open, c})
}

// maxContainerName bounds names that are looked up; real ones are shorter.
const maxContainerName = 100

// find looks up one name: kind is "." or "#" or "NAME=", name as written.
func (t *containerTable) find(kind string, name []byte) *container {
	var room [maxContainerName]byte
	if len(kind)+len(name) > len(room) || len(name) == 0 {
		return nil
	}
	key := append(append(room[:0], kind...), name...)
	for i, c := range key {
		if c >= 'A' && c <= 'Z' {
			key[i] = c + 'a' - 'A'
		}
	}
	if c := t.exact[string(key)]; c != nil {
		return c
	}
	for i := range t.starts {
		if t.starts[i].fits(key) {
			return t.starts[i].container
		}
	}
	return nil
}

func (g *glob) fits(key []byte) bool {
	if len(key) < len(g.before) || string(key[:len(g.before)]) != g.before {
		return false
	}
	key = key[len(g.before):]
	if g.open && g.after != "" {
		return bytes.Contains(key, []byte(g.after))
	}
	return bytes.HasSuffix(key, []byte(g.after))
}

// prefer keeps of two containers that an element is the first of the table.
func prefer(a, b *container) *container {
	if a == nil || b != nil && b.rank < a.rank {
		return b
	}
	return a
}

// enter takes in the container that an element is. Inside a quotation
// nothing needs to be told apart any more.
func (r *renderer) enter(e *element, c *container) {
	if c == nil || r.quotes > 0 || r.skipped > 0 || r.unseen > 0 {
		return
	}
	if e.tag == atom.A && c.kind != "below" {
		return // a place in a page that bears such a name
	}
	e.container = c
	switch c.kind {
	case "quote":
		e.quote = true
		r.habit(c)
	case "around":
		e.around = true
		r.habit(c)
	case "below":
		// In a container it begins an original inside of what is forwarded.
		if r.below < 0 && r.arounds == 0 {
			r.below, r.belowHabit = len(r.out), c
		}
	}
}

func (r *renderer) habit(c *container) {
	if r.known == nil {
		r.known = c.entry
	}
}

// leave takes in the end of a container.
func (r *renderer) leave(e element) {
	if e.container.kind == "above" {
		r.lead = span{e.at, len(r.out)}
	}
}

// span is a run of bytes of what is written.
type span struct{ start, end int }

// maxLead is how many lines tell who wrote, above a quotation: "Original
// Message" or the like, then a line that may be broken once.
const maxLead = 3

// quotation is called where a quotation begins: the line above it that tells
// who wrote belongs to it. Lines that the rules for text know are left to
// them, which read more in them.
func (r *renderer) quotation() {
	lead, inside := r.lead, r.firstInside()
	r.lead = span{-1, -1}
	if lead.end != len(r.out) || lead.start == lead.end {
		lead = inside
	}
	if lead.start < 0 || lead.end-lead.start > maxAttribution {
		return
	}
	said := bytes.Trim(r.out[lead.start:lead.end], "\n ")
	if len(said) == 0 || bytes.Count(said, []byte("\n")) >= maxLead || isAttributed(string(said)) {
		return
	}
	r.mark(lead.start)
	r.lineQuotes = 1
}

// firstInside returns what stands between the beginning of the innermost
// container around a quotation and its first quotation, which is now. A
// quotation in a container is one in all that are around it.
func (r *renderer) firstInside() span {
	found, innermost := span{-1, -1}, true
	for i := len(r.stack) - 1; i >= 0; i-- {
		e := &r.stack[i]
		if !e.around {
			continue
		}
		if innermost && !e.quoted {
			found = span{e.at, len(r.out)}
		}
		e.quoted, innermost = true, false
	}
	return found
}

// isAttributed says whether the rules for text know the mark that a quotation
// has above it.
func isAttributed(lead string) bool {
	return len(newProse(lead+"\n> x").findMarks()) > 0
}

// mark writes quote marks in front of the lines from start on.
func (r *renderer) mark(start int) {
	if start > 0 && start < len(r.out) && r.out[start] != '\n' && r.out[start-1] != '\n' {
		return // in the middle of a line
	}
	for start < len(r.out) && r.out[start] == '\n' {
		start++
	}
	lines := strings.Split(string(r.out[start:]), "\n")
	r.out = r.out[:start]
	for i, line := range lines {
		switch {
		case i > 0:
			r.out = append(r.out, '\n')
			fallthrough
		default:
			r.out = append(r.out, '>')
			if line != "" {
				r.out = append(r.out, ' ')
			}
		}
		r.out = append(r.out, line...)
	}
}

// closeBelow marks what stands below the beginning of an original that has
// no end. Header lines must come first, in whatever language; those that the
// rules for text know are left to them.
func (r *renderer) closeBelow() {
	if r.below < 0 || r.below >= len(r.out) {
		return
	}
	original := newProse(string(r.out[r.below:min(len(r.out), r.below+maxValue)]))
	if !original.looksLikeHead() {
		return
	}
	r.habit(r.belowHabit)
	if marks := original.findMarks(); len(marks) == 0 || marks[0].first > original.next(0)+1 {
		r.mark(r.below)
	}
}

// looksLikeHead says whether a text begins with header lines: of the first
// lines that say something, two have a name and a colon.
func (p *prose) looksLikeHead() bool {
	const within, names = 6, 2
	seen, named := 0, 0
	for i := 0; i < len(p.lines) && seen < within; i++ {
		text := p.at(i)
		if text == "" {
			continue
		}
		seen++
		if at, _ := findColon(text); at > 0 && at <= maxName {
			named++
		}
	}
	return named >= names
}
