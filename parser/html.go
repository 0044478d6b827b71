package parser

import (
	"bytes"
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/net/html"
	"golang.org/x/net/html/atom"
)

// link is a link of an HTML text: where it leads and what it says.
type link struct{ url, text string }

// page is HTML as a reader sees it.
type page struct {
	text   string
	links  []link
	hidden string // the beginning of text that is not shown
	// container is the habit of the program whose container of an original
	// was known first, nil without any.
	container *entry
}

// renderHTML turns HTML into text: blocks on lines of their own, lists with
// their marks, cells of a row side by side, quotes with "> ". It reads tokens
// and not a tree, so that depth costs nothing.
func renderHTML(source string) page {
	return render(source, false)
}

// renderMarkdown turns HTML into markdown: headings and links keep their marks.
func renderMarkdown(source string) page {
	return render(source, true)
}

func render(source string, markdown bool) page {
	r := renderer{
		markdown: markdown,
		anchor:   -1,
		lead:     span{-1, -1},
		below:    -1,
		out:      make([]byte, 0, len(source)/4),
		sheet:    styleSheet{},
		open:     map[atom.Atom]int{},
		unpushed: map[atom.Atom]int{},
	}
	z := html.NewTokenizer(strings.NewReader(source))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return r.page()
		case html.TextToken:
			r.text(z.Text())
		case html.StartTagToken, html.SelfClosingTagToken:
			r.start(z)
		case html.EndTagToken:
			name, _ := z.TagName()
			r.end(atom.Lookup(name))
		}
	}
}

// Bounds of a rendered page, far above what people write.
const (
	maxElements = 512  // open inside each other
	maxLinks    = 1000 // kept
	maxIndent   = 10   // of quotes and of lists
)

// renderer holds what is open and what is still to be written before the
// next word: breaks wait, because blocks ask for them at both ends.
type renderer struct {
	markdown bool
	out      []byte
	links    []link
	hidden   []byte
	sheet    styleSheet
	stack    []element
	open     map[atom.Atom]int // how many of each are on the stack
	unpushed map[atom.Atom]int // how many of each were too deep for it

	skipped, unseen, quotes, pres, coloured int // how many elements on the stack ask for it
	lists                                   []list

	breaks     int    // line ends to write before the next word
	lineQuotes int    // depth of quotes in the line at hand
	marker     string // of a list item, to write before the next word
	space      bool   // a blank to write
	cell       bool   // the next word begins another cell of the row
	anchor     int    // where on the stack a link waits for its first word, or -1
	fresh      bool   // nothing was written in this cell yet: its blocks do not break the row

	arounds    int        // how many containers around a quotation are open
	lead       span       // the last element that tells who wrote
	below      int        // where an original begins that has no end, or -1
	belowHabit *container // whose habit that is
	known      *entry     // of the first container
}

// element is an open element and what it changes until it ends.
type element struct {
	tag    atom.Atom
	skip   bool // its text is no text of the mail
	hide   bool // its text is not shown
	quote  bool
	pre    bool // its blanks count
	ground bool // it has a coloured ground
	list   bool
	margin int // line ends around it
	href   string
	at     int // where its text begins in out

	container *container // nil for most
	around    bool       // it stands around a quotation
	quoted    bool       // and that has begun
}

type list struct {
	ordered bool
	number  int
}

// margin is the line ends that an element asks for around itself: 1 ends the
// line, 2 leaves a line blank.
var margin = map[atom.Atom]int{
	atom.Address: 1, atom.Article: 1, atom.Aside: 1, atom.Body: 1, atom.Center: 1, atom.Dd: 1, atom.Details: 1,
	atom.Div: 1, atom.Dl: 2, atom.Dt: 1, atom.Fieldset: 1, atom.Figure: 1, atom.Footer: 1, atom.Form: 1,
	atom.H1: 2, atom.H2: 2, atom.H3: 2, atom.H4: 2, atom.H5: 2, atom.H6: 2, atom.Header: 1, atom.Li: 1,
	atom.Main: 1, atom.Nav: 1, atom.Ol: 1, atom.P: 2, atom.Pre: 2, atom.Section: 1, atom.Summary: 1,
	atom.Table: 1, atom.Tr: 1, atom.Ul: 1, atom.Caption: 1, atom.Legend: 1, atom.Blockquote: 1,
}

// headings are the marks of markdown.
var headings = map[atom.Atom]string{
	atom.H1: "# ", atom.H2: "## ", atom.H3: "### ", atom.H4: "#### ", atom.H5: "##### ", atom.H6: "###### ",
}

// void elements have no end tag.
var void = map[atom.Atom]bool{
	atom.Area: true, atom.Base: true, atom.Br: true, atom.Col: true, atom.Embed: true, atom.Hr: true, atom.Img: true,
	atom.Input: true, atom.Link: true, atom.Meta: true, atom.Param: true, atom.Source: true, atom.Track: true, atom.Wbr: true,
}

// unread elements hold no text of the mail.
var unread = map[atom.Atom]bool{
	atom.Head: true, atom.Style: true, atom.Script: true, atom.Title: true, atom.Template: true, atom.Select: true,
	atom.Svg: true, atom.Math: true, atom.Object: true, atom.Iframe: true, atom.Noframes: true, atom.Textarea: true,
}

// ends tells which open element an element ends without an end tag.
var ends = map[atom.Atom][]atom.Atom{
	atom.Li: {atom.Li, atom.P}, atom.Dt: {atom.Dt, atom.Dd, atom.P}, atom.Dd: {atom.Dt, atom.Dd, atom.P},
	atom.Td: {atom.Td, atom.Th, atom.P}, atom.Th: {atom.Td, atom.Th, atom.P}, atom.Tr: {atom.Td, atom.Th, atom.Tr, atom.P},
	atom.P: {atom.P}, atom.Div: {atom.P}, atom.Ul: {atom.P}, atom.Ol: {atom.P}, atom.Table: {atom.P}, atom.Blockquote: {atom.P},
	atom.H1: {atom.P}, atom.H2: {atom.P}, atom.H3: {atom.P}, atom.Pre: {atom.P}, atom.Body: {atom.Head},
}

// habits is what the tables above say of an element, looked up once a tag.
type habits struct {
	margin       int
	void, unread bool
	ends         []atom.Atom
}

var elements = newElements()

func newElements() map[atom.Atom]habits {
	all := map[atom.Atom]habits{}
	change := func(tag atom.Atom, set func(*habits)) {
		h := all[tag]
		set(&h)
		all[tag] = h
	}
	for tag, n := range margin {
		change(tag, func(h *habits) { h.margin = n })
	}
	for tag := range void {
		change(tag, func(h *habits) { h.void = true })
	}
	for tag := range unread {
		change(tag, func(h *habits) { h.unread = true })
	}
	for tag, list := range ends {
		change(tag, func(h *habits) { h.ends = list })
	}
	return all
}

// start takes in a start tag.
func (r *renderer) start(z *html.Tokenizer) {
	name, hasAttributes := z.TagName()
	tag := atom.Lookup(name)
	known := elements[tag]
	e := element{tag: tag, skip: known.unread, margin: known.margin, pre: tag == atom.Pre, quote: tag == atom.Blockquote, list: tag == atom.Ul || tag == atom.Ol}
	a := attributes{}
	if hasAttributes {
		a.read(z, r.sheet)
	}
	e.apply(a, r.coloured)
	for _, ended := range known.ends {
		if len(r.stack) > 0 && r.stack[len(r.stack)-1].tag == ended {
			r.pop()
		}
	}
	r.enter(&e, a.container)
	if known.void {
		r.void(tag, a)
		return
	}
	r.begin(e)
}

// apply sets what the attributes of an element change. ground is how many
// elements around it have a coloured ground, on which white can be read.
func (e *element) apply(a attributes, ground int) {
	e.href = a.href
	if e.tag == atom.P && a.style.tight {
		e.margin = 1
	}
	e.hide = a.hidden || a.style.hides
	e.pre = e.pre || a.style.pre
	e.ground = a.style.coloured
	if a.style.white && !a.style.coloured && ground == 0 {
		e.hide = true
	}
	if e.quote && a.style.indent && !a.cite {
		e.quote = false
	}
}

// begin writes what stands before an element and opens it.
func (r *renderer) begin(e element) {
	switch e.tag {
	case atom.Td, atom.Th:
		if r.breaks == 0 && len(r.out) > 0 {
			r.cell = true
		}
		r.fresh = true
	case atom.Tr, atom.Li, atom.Blockquote:
		r.fresh = false
	}
	if e.quote && r.quotes == 0 && r.unseen == 0 && r.skipped == 0 {
		r.quotation()
	}
	r.breakLine(e.margin)
	if e.list {
		r.lists = append(r.lists, list{ordered: e.tag == atom.Ol})
	}
	switch {
	case e.tag == atom.Li:
		r.item()
	case r.markdown && headings[e.tag] != "":
		r.marker = headings[e.tag]
	}
	r.push(e)
}

// push opens an element. Those too deep are only counted, except those that
// hide text; where even they are too many, nothing more is shown.
func (r *renderer) push(e element) {
	hides := e.hide || e.skip
	if len(r.stack) >= maxElements && !hides || len(r.stack) >= 2*maxElements {
		r.unpushed[e.tag]++
		if hides {
			r.unseen++
		}
		return
	}
	e.at = len(r.out)
	if e.href != "" {
		r.anchor = len(r.stack)
	}
	r.count(e, 1)
	r.stack = append(r.stack, e)
}

// count adds or takes away what an element asks for.
func (r *renderer) count(e element, by int) {
	r.open[e.tag] += by
	if e.skip {
		r.skipped += by
	}
	if e.hide {
		r.unseen += by
	}
	if e.quote {
		r.quotes += by
	}
	if e.pre {
		r.pres += by
	}
	if e.ground {
		r.coloured += by
	}
	if e.around {
		r.arounds += by
	}
}

// end takes in an end tag, and ends with it what is open inside.
func (r *renderer) end(tag atom.Atom) {
	if r.unpushed[tag] > 0 {
		r.unpushed[tag]--
		return
	}
	if r.open[tag] == 0 || !r.reaches(tag) {
		return
	}
	for {
		if r.pop() == tag {
			return
		}
	}
}

// reaches says whether the innermost element of that tag can be ended from
// here: a stray end tag in a cell does not end what the table stands in.
func (r *renderer) reaches(tag atom.Atom) bool {
	for i := len(r.stack) - 1; i >= 0; i-- {
		switch open := r.stack[i].tag; {
		case open == tag:
			return true
		case (open == atom.Td || open == atom.Th) && tag != atom.Tr && tag != atom.Table && tag != atom.Tbody && tag != atom.Body:
			return false
		}
	}
	return false
}

// pop ends the innermost element.
func (r *renderer) pop() atom.Atom {
	e := r.stack[len(r.stack)-1]
	r.stack = r.stack[:len(r.stack)-1]
	if r.anchor == len(r.stack) {
		r.anchor, e.at = -1, len(r.out) // a link without words
	}
	if e.href != "" && r.unseen == 0 {
		r.link(e)
	}
	r.count(e, -1)
	if e.container != nil {
		r.leave(e)
	}
	if e.list {
		r.lists = r.lists[:len(r.lists)-1]
	}
	switch e.tag {
	case atom.Li, atom.H1, atom.H2, atom.H3, atom.H4, atom.H5, atom.H6:
		r.marker = ""
	case atom.Td, atom.Th:
		r.endCell(e)
		return e.tag
	}
	r.breakLine(e.margin)
	return e.tag
}

// endCell keeps a cell of one line in its row, though Word writes a
// paragraph into every cell.
func (r *renderer) endCell(e element) {
	oneLine := e.at <= len(r.out) && bytes.IndexByte(bytes.TrimLeft(r.out[e.at:], "\n"), '\n') < 0
	if oneLine && !r.fresh {
		r.breaks = 0
	}
	r.fresh = false
}

// void writes an element that has no content.
func (r *renderer) void(tag atom.Atom, a attributes) {
	if r.skipped > 0 || r.unseen > 0 {
		return
	}
	switch tag {
	case atom.Br:
		if !r.fresh {
			r.breaks++
		}
	case atom.Hr:
		if r.lineQuotes < r.quotes {
			return // Outlook begins an original with a rule; it says nothing
		}
		r.breakLine(1)
		r.word("---")
		r.breakLine(1)
	case atom.Input:
		if a.checkbox {
			r.word(box[a.checked])
			r.space = true
		}
	}
}

var box = map[bool]string{false: "[ ]", true: "[x]"}

// item sets the marker of a list item. An item outside of any list is shown
// as one of an unordered list, as browsers do.
func (r *renderer) item() {
	if len(r.lists) == 0 {
		r.marker = "- "
		return
	}
	innermost := &r.lists[len(r.lists)-1]
	innermost.number++
	indent := strings.Repeat("  ", min(len(r.lists)-1, maxIndent))
	if innermost.ordered {
		r.marker = indent + strconv.Itoa(innermost.number) + ". "
		return
	}
	r.marker = indent + "- "
}

// text takes in text between tags.
func (r *renderer) text(b []byte) {
	switch {
	case r.skipped > 0:
		if r.stack[len(r.stack)-1].tag == atom.Style {
			r.sheet.read(string(b))
		}
	case r.unseen > 0:
		r.hide(b)
	case r.pres > 0:
		r.preformatted(b)
	default:
		r.words(b)
	}
}

// hide keeps the beginning of hidden text for the problem that names it.
func (r *renderer) hide(b []byte) {
	const enough = 80
	if len(r.hidden) < enough {
		r.hidden = append(r.hidden, bytes.TrimSpace(b)...)
	}
}

func (r *renderer) preformatted(b []byte) {
	for {
		line, rest, more := bytes.Cut(b, []byte("\n"))
		if len(line) > 0 {
			r.word(plainSpace(string(line)))
		}
		if !more {
			return
		}
		r.breaks++
		b = rest
	}
}

// words writes text with its blanks and line ends folded to one blank.
func (r *renderer) words(b []byte) {
	for len(b) > 0 {
		start := 0
		for start < len(b) && isBlank(b[start]) {
			start++
		}
		end := start
		for end < len(b) && !isBlank(b[end]) {
			end++
		}
		r.space = r.space || start > 0
		if end > start {
			r.wordBytes(b[start:end])
		}
		b = b[end:]
	}
}

func isBlank(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' }

func (r *renderer) wordBytes(b []byte) {
	for i := 0; i < len(b); i++ {
		if b[i] >= utf8.RuneSelf {
			r.wide(plainSpace(string(b)))
			return
		}
	}
	r.before()
	r.out = append(r.out, b...)
}

// wide writes a word with letters beyond ASCII. Where no-break spaces stand
// alone in a line they are there to leave it blank.
func (r *renderer) wide(s string) {
	switch {
	case strings.Trim(s, " ") != "":
		r.word(s)
	case r.breaks > 0 && !r.fresh:
		r.breaks = max(r.breaks, 2)
	case s != "":
		r.space = true
	}
}

func (r *renderer) word(s string) {
	r.before()
	r.out = append(r.out, s...)
}

// plainSpace writes a no-break space as a blank and leaves out letters
// without width, which newsletters use to fill a preview line.
func plainSpace(s string) string { return noWidth.Replace(s) }

var noWidth = strings.NewReplacer("\u00a0", " ", "\u200b", "", "\ufeff", "", "\u00ad", "", "\u2060", "", "\u034f", "")

// before writes what was put off until the next word.
func (r *renderer) before() {
	r.fresh = false
	if len(r.out) == 0 {
		r.indent()
	} else if r.breaks > 0 || r.lineQuotes != r.quotes {
		r.newLine()
		r.indent()
	} else if r.cell {
		r.out = append(r.out, " | "...)
	} else if r.space {
		r.out = append(r.out, ' ')
	}
	r.breaks, r.cell, r.space = 0, false, false
	if r.anchor >= 0 {
		if strings.HasPrefix(r.stack[r.anchor].href, "mailto:") && writesMail(r.stack[r.anchor].href) {
			r.out = append(r.out, "-> "...) // an answer that is offered, as our text marks it
		}
		r.stack[r.anchor].at = len(r.out)
		r.anchor = -1
	}
}

// newLine ends the line. Blank lines inside a quote are quoted as well, as
// mail programs write them.
func (r *renderer) newLine() {
	r.out = bytes.TrimRight(r.out, " ")
	blank := min(r.breaks, 3) - 1
	between := min(r.lineQuotes, r.quotes)
	for range blank {
		r.out = append(r.out, '\n')
		r.quoteMarks(between)
		r.out = bytes.TrimRight(r.out, " ")
	}
	r.out = append(r.out, '\n')
}

// indent begins a line with the marks of quotes and lists.
func (r *renderer) indent() {
	r.quoteMarks(r.quotes)
	r.lineQuotes = r.quotes
	switch {
	case r.marker != "":
		r.out = append(r.out, r.marker...)
	case len(r.lists) > 0 && r.open[atom.Li] > 0:
		for range min(len(r.lists), maxIndent) {
			r.out = append(r.out, "  "...)
		}
	}
	r.marker = ""
}

func (r *renderer) quoteMarks(n int) {
	for range min(n, maxIndent) {
		r.out = append(r.out, "> "...)
	}
}

// breakLine asks for line ends before the next word.
func (r *renderer) breakLine(n int) {
	if n == 0 || r.fresh || r.skipped > 0 {
		return
	}
	r.breaks = max(r.breaks, n)
	r.space = false
}

// link keeps a link with what it says.
func (r *renderer) link(e element) {
	if len(r.links) >= maxLinks {
		return
	}
	said := strings.Join(strings.Fields(string(r.out[e.at:])), " ")
	r.links = append(r.links, link{url: e.href, text: said})
	if r.markdown && said != "" && said != e.href {
		r.out = append(r.out[:e.at], "["+said+"]("+e.href+")"...)
	}
}

func (r *renderer) page() page {
	for len(r.stack) > 0 {
		r.pop()
	}
	r.closeBelow()
	return page{
		text: string(bytes.TrimRight(r.out, " \n")), links: r.links,
		hidden: strings.ToValidUTF8(string(r.hidden), ""), container: r.known,
	}
}
