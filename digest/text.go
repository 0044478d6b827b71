package digest

import (
	"strings"
	"unicode/utf8"

	"github.com/rivo/uniseg"
)

// columns is where lines of plain text end: what every mail program shows
// without wrapping again, also when quoted twice. Links may be longer.
const columns = 72

// usualText is room for most letters at once.
const usualText = 8 << 10

// printText prints blocks as plain text.
func printText(blocks []block) string {
	var t textPrinter
	t.Grow(usualText)
	t.blocks(blocks)
	return strings.TrimLeft(t.String(), "\n")
}

type textPrinter struct {
	strings.Builder
	words []token // of the line at hand
}

func (t *textPrinter) blocks(blocks []block) {
	for i, b := range blocks {
		switch b.Kind {
		case "opening", "paragraph":
			t.gap(1)
			t.wrap("", "", b.Head)
		case "heading":
			t.heading(append(append(line{}, b.Head...), b.Quiet...))
		case "panel":
			t.heading(b.Head)
			t.blocks(b.Inner)
		case "entry":
			if !b.Tight || i == 0 || !blocks[i-1].Tight {
				t.gap(1)
			}
			t.entry(b, hang(blocks, i))
		case "answers":
			t.gap(1)
			t.answers("", b.Answers)
		case "facts":
			t.gap(1)
			t.facts(b.Rows)
		case "bars":
			t.gap(1)
			t.bars(b.Rows)
		case "code":
			t.gap(1)
			t.lines("  ", b.Notes)
		case "foot":
			t.gap(2)
			t.lines("", b.Notes)
		}
	}
}

func (t *textPrinter) gap(n int) { t.WriteString(strings.Repeat("\n", n)) }

func (t *textPrinter) heading(l line) {
	t.gap(2)
	t.wrap("", "", l)
}

func (t *textPrinter) lines(indent string, lines []line) {
	for _, l := range lines {
		t.wrap(indent, indent, l)
	}
}

// hang returns how far the titles of the entries around entry i are indented,
// behind the longest id among them.
func hang(blocks []block, i int) int {
	for i > 0 && blocks[i-1].Kind == "entry" {
		i--
	}
	longest := 0
	for ; i < len(blocks) && blocks[i].Kind == "entry"; i++ {
		longest = max(longest, len(blocks[i].ID))
	}
	if longest == 0 {
		return 0
	}
	return max(longest, len("T-12")) + 2
}

func (t *textPrinter) entry(b block, width int) {
	indent := "  "
	switch {
	case b.Quote != nil:
		t.wrap(indent+"> ", indent+"> ", b.Quote)
	case b.Tick:
		first := indent + "[ ] " + pad(b.ID, width)
		indent += "    " + strings.Repeat(" ", width)
		t.wrap(first, indent, b.Head)
	case b.ID != "":
		first := indent + pad(b.ID, width)
		indent += strings.Repeat(" ", width)
		t.wrap(first, indent, b.Head)
	default:
		t.wrap(indent, indent, b.Head)
	}
	t.lines(indent, b.Notes)
	t.answers(indent, b.Answers)
}

// answers prints ready answers behind an arrow, as many in a line as it holds.
func (t *textPrinter) answers(indent string, list []answer) {
	used := 0
	for i, a := range list {
		wide := columnsOf(a.Label)
		switch {
		case i == 0:
			t.WriteString(indent + "-> ")
			used = len(indent) + 3
		case used+4+wide > columns:
			t.WriteString("\n" + indent + "-> ")
			used = len(indent) + 3
		default:
			t.WriteString("    ")
			used += 4
		}
		t.WriteString(a.Label)
		used += wide
	}
	if len(list) > 0 {
		t.WriteString("\n")
	}
}

// widest is how wide a column of labels gets; a wider label has a line of its own.
const widest = 30

// facts prints labels and values in two columns.
func (t *textPrinter) facts(rows []row) {
	width := labelWidth(rows) + 2
	indent := "  " + strings.Repeat(" ", width)
	for _, r := range rows {
		t.wrap(t.label(r, width), indent, r.Value)
	}
}

// longestBar is the length of the longest bar, in signs.
const longestBar = 16

func (t *textPrinter) bars(rows []row) {
	width := labelWidth(rows) + 2
	for _, r := range rows {
		bar := strings.Repeat("#", max(1, r.Percent*longestBar/100))
		t.wrap(t.label(r, width)+pad(bar, longestBar+2), "  ", r.Value)
	}
}

func labelWidth(rows []row) (width int) {
	for _, r := range rows {
		if wide := columnsOf(r.Label.String()); wide <= widest {
			width = max(width, wide)
		}
	}
	return width
}

// label returns what stands before a value; a label that is too wide for that
// is printed above it.
func (t *textPrinter) label(r row, width int) string {
	label := r.Label.String()
	if columnsOf(label) > widest {
		t.wrap("  ", "  ", r.Label)
		label = ""
	}
	return "  " + pad(label, width)
}

// columnsOf returns how many columns text takes. Most is plain, and not searched for
// characters that join others.
func columnsOf(text string) int {
	for i := range len(text) {
		if text[i] < ' ' || text[i] > '~' {
			return uniseg.StringWidth(text)
		}
	}
	return len(text)
}

// pad fills text with spaces to a width; text that is wider keeps one space.
func pad(text string, width int) string {
	return text + strings.Repeat(" ", max(1, width-columnsOf(text)))
}

// wrap prints a line in as many lines as it needs: the first behind first, the
// others behind rest.
func (t *textPrinter) wrap(first, rest string, l line) {
	w := wrapper{out: &t.Builder, rest: rest}
	w.out.WriteString(first)
	w.used = columnsOf(first)
	t.words = wordsOf(t.words[:0], l)
	for _, word := range t.words {
		w.word(word)
	}
	w.out.WriteString("\n")
}

type wrapper struct {
	out     *strings.Builder
	rest    string
	used    int
	started bool // a word stands in this line
}

// token is a word that holds together; a link is never broken.
type token struct {
	text string
	link bool
}

// wordsOf appends the words of a line, which is split at its spaces; spans
// without a space between them stay together.
func wordsOf(list []token, l line) []token {
	open := false
	for _, s := range l {
		first := true
		for piece := range strings.SplitSeq(s.Text, " ") {
			if !first {
				open = false
			}
			first = false
			if piece == "" {
				continue
			}
			if open {
				list[len(list)-1].text += piece
				list[len(list)-1].link = list[len(list)-1].link || s.Kind == "link"
			} else {
				list = append(list, token{text: piece, link: s.Kind == "link"})
			}
			open = true
		}
	}
	return list
}

func (w *wrapper) word(word token) {
	wide := columnsOf(word.text)
	room := columns - w.used
	if w.started {
		room--
	}
	switch {
	case wide <= room:
		w.put(word.text, wide)
	case word.link || wide <= columns-len(w.rest):
		w.newLine()
		w.put(word.text, wide)
	default:
		w.breakUp(word.text)
	}
}

func (w *wrapper) put(text string, wide int) {
	if w.started {
		w.out.WriteByte(' ')
		w.used++
	}
	w.out.WriteString(text)
	w.used += wide
	w.started = true
}

func (w *wrapper) newLine() {
	if !w.started {
		return
	}
	w.out.WriteString("\n" + w.rest)
	w.used, w.started = len(w.rest), false
}

// breakUp puts a word that no line holds, as Chinese or Japanese text without
// spaces, on as many lines as it needs.
func (w *wrapper) breakUp(text string) {
	if text[0] < utf8.RuneSelf {
		w.newLine() // a long name or path: as much of it as possible in one piece
	}
	piece, state := "", -1
	for text != "" {
		var cluster string
		cluster, text, _, state = uniseg.FirstGraphemeClusterInString(text, state)
		room := columns - w.used
		if w.started {
			room--
		}
		if columnsOf(piece)+columnsOf(cluster) > room && piece != "" {
			w.put(piece, columnsOf(piece))
			w.newLine()
			piece = ""
		} else if columnsOf(cluster) > room {
			w.newLine()
		}
		piece += cluster
	}
	w.put(piece, columnsOf(piece))
}
