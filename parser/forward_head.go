package parser

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// head is the block of header lines that a program prints above an original.
type head struct {
	first, last int // the lines it stands on
	depth       int // their quote marks
	fields      []headField
	lang        string // of the line that named the sender
}

type headField struct {
	kind  string // from, to, cc, date, subject, reply-to, other
	value string
}

var (
	headerTable = readTable("headers")
	headerNames = byWords(headerTable)
)

const (
	// maxName is the longest name of a header line, in bytes.
	maxName = 40
	// maxHead is how many lines a block may take: lists of recipients wrap.
	maxHead = 60
	// maxValue bounds a header that is wrapped, like a list of recipients.
	maxValue = 8192
)

func (h *head) get(kind string) string {
	for _, f := range h.fields {
		if f.kind == kind {
			return f.value
		}
	}
	return ""
}

func (h *head) has(kind string) bool { return h.index(kind) >= 0 }

func (h *head) index(kind string) int {
	return slices.IndexFunc(h.fields, func(f headField) bool { return f.kind == kind })
}

// headAt reads the block that begins on line i. below says that a line above
// announced an original, so that little evidence is enough.
func (p *prose) headAt(i int, below bool) *head {
	name, _, ok := cutHeader(p.at(i))
	if !ok || p.looks > maxLooks {
		return nil
	}
	p.looks++
	if h := p.gluedHead(i); h != nil {
		return h
	}
	h := &head{first: i, last: i, depth: p.depth(i), lang: name.lang}
	p.readHead(h, below)
	if !h.believable(below) || !below && p.isLower(h) {
		return nil
	}
	return h
}

// isLower says whether no name of a block begins with a capital: that is a
// piece of a configuration.
func (p *prose) isLower(h *head) bool {
	for i := h.first; i <= h.last; i++ {
		text := strings.TrimLeft(p.at(i), "*_ \t")
		if text != "" && (text[0] < 'a' || text[0] > 'z') {
			return false
		}
	}
	return true
}

// readHead collects header lines, the lines they are wrapped to, and the
// blank lines that some programs put between them.
func (p *prose) readHead(h *head, below bool) {
	for i := h.first; i < len(p.lines) && i < h.first+maxHead; i++ {
		text := p.at(i)
		if p.depth(i) != h.depth && text != "" {
			return
		}
		name, value, ok := cutHeader(text)
		switch {
		case ok && !h.has(name.kind) || ok && name.kind == "other":
			h.add(name, value)
			h.last = i
		case ok:
			return // a second sender begins the next block
		case text == "":
			if !p.headGoesOn(h, i, 2) {
				return
			}
		case p.wraps(h, i):
			h.fold(text)
			h.last = i
		default:
			return
		}
	}
}

func (h *head) add(name *entry, value string) {
	h.fields = append(h.fields, headField{name.kind, value})
	if name.kind == "from" {
		h.lang = name.lang
	}
}

// fold joins the rest of a wrapped header to it.
func (h *head) fold(text string) {
	last := &h.fields[len(h.fields)-1]
	if len(last.value) < maxValue {
		last.value = strings.TrimSpace(last.value + " " + text)
	}
}

// headGoesOn says whether a header line that is still missing follows within
// some lines, blank ones among them.
func (p *prose) headGoesOn(h *head, i, within int) bool {
	for next := i + 1; next < len(p.lines) && next <= i+within+1; next++ {
		text := p.at(next)
		if text == "" {
			continue
		}
		name, _, ok := cutHeader(text)
		return ok && p.depth(next) == h.depth && (name.kind != "other" && !h.has(name.kind))
	}
	return false
}

// wraps says whether line i is the rest of the header above it: another
// header follows before a blank line, or the line above was full.
func (p *prose) wraps(h *head, i int) bool {
	if h.last != i-1 {
		return false
	}
	if above := p.at(i - 1); strings.Count(above, "<") > strings.Count(above, ">") {
		return true // inside an address
	}
	for next := i + 1; next < len(p.lines) && next <= i+8; next++ {
		text := p.at(next)
		if text == "" || p.depth(next) != h.depth {
			break
		}
		if name, _, ok := cutHeader(text); ok {
			return !h.has(name.kind)
		}
	}
	const full = 65
	return len(p.at(i-1)) >= full && (i+1 >= len(p.lines) || p.blank(i+1)) && len(p.at(i)) < full+15
}

// believable says whether lines that look like headers are the head of an
// original. A line on its own is not, nor are lines of an agenda with a date
// and a place: it takes a sender, or a date and somebody it was sent to.
func (h *head) believable(below bool) bool {
	from, to, date, subject := h.has("from"), h.has("to"), h.has("date"), h.has("subject")
	known := 0
	for _, kind := range []string{"from", "to", "cc", "date", "subject", "reply-to"} {
		if h.has(kind) {
			known++
		}
	}
	if below {
		return from || subject || known > 1
	}
	address := false
	for _, f := range h.fields {
		address = address || hasAddress(f.value)
	}
	switch {
	case from && address && (date || subject || to):
		return true
	case date && to && address:
		return true
	case !from || !date || to && !subject && h.index("to") < h.index("date"):
		return false // from Monday to Friday, from Berlin to London
	}
	return readPrintedDate(h.get("date"), h.lang) != "" || known > 3 && hasClock(dropInvisible(h.get("date")))
}

// cutHeader reads a header line: a name that the table knows, a colon, a
// value. Programs make the name bold with stars, put a blank before the
// colon (French) or a wide colon (Chinese, Japanese) behind it.
func cutHeader(line string) (name *entry, value string, ok bool) {
	line = strings.TrimLeft(line, "*_ \t")
	if line == "" || line[0] < 'A' || line[0] > 'z' && line[0] < 0x80 {
		return nil, "", false
	}
	at, size := findColon(line)
	if at <= 0 {
		return nil, "", false
	}
	label := lower(trimInvisible(strings.Trim(line[:at], "*_ ")))
	if name = headerNames[label]; name == nil && label != "" && label[0] >= 0xe3 {
		name = headerNames[spread.Replace(label)]
	}
	if name == nil {
		return nil, "", false
	}
	value = line[at+size:]
	if strings.HasPrefix(value, "//") {
		return nil, "", false // "from://"
	}
	value = strings.TrimLeft(value, "*_")
	// Thunderbird prints the lines as a table, whose cells HTML is rendered to.
	value = strings.TrimPrefix(trimInvisible(value), "| ")
	return name, trimInvisible(value), true
}

// spread takes out the blanks that Chinese programs set names wide with: 主　题.
var spread = strings.NewReplacer(" ", "", "\u3000", "", "\u00a0", "")

// findColon finds the colon that ends a name.
func findColon(line string) (at, size int) {
	head := line
	if len(head) > maxName {
		head = head[:maxName]
	}
	narrow, wide := strings.IndexByte(head, ':'), strings.Index(head, "：")
	if wide >= 0 && (narrow < 0 || wide < narrow) {
		return wide, len("：")
	}
	return narrow, 1
}

// gluedHead reads a block that stands on one line, as Yahoo, Onet and some
// phones write it when line breaks are lost.
func (p *prose) gluedHead(i int) *head {
	line := p.at(i)
	h := readGlued(line)
	if h == nil {
		return nil
	}
	h.first, h.last, h.depth = i, i, p.depth(i)
	return h
}

// maxGlued bounds a line that is searched for glued headers.
const maxGlued = 4096

// label is a header name found inside a line.
type label struct {
	start, end int // of the name and its colon
	name       *entry
}

// readGlued reads header lines that stand on one line. It takes three of
// them to tell such a line from a sentence with a colon.
func readGlued(line string) *head {
	if len(line) > maxGlued || strings.Count(line, ":")+strings.Count(line, "：") < 2 {
		return nil
	}
	labels := findLabels(line)
	if len(labels) < 3 || labels[0].start != 0 {
		return nil
	}
	h := &head{lang: labels[0].name.lang}
	for i, l := range labels {
		end := len(line)
		if i+1 < len(labels) {
			end = labels[i+1].start
		}
		h.add(l.name, strings.TrimSpace(line[l.end:end]))
	}
	if !h.has("from") {
		return nil
	}
	return h
}

// findLabels finds the names of headers in a line, each kind once.
func findLabels(line string) []label {
	var found []label
	seen := map[string]bool{}
	for at, r := range line {
		if r != ':' && r != '：' && r != ' ' {
			continue
		}
		from := 0
		if len(found) > 0 {
			from = found[len(found)-1].end
		}
		l, ok := labelBefore(line, from, at)
		if !ok || seen[l.name.kind] || r == ' ' && !l.unmarked(line, at) {
			continue
		}
		l.end = at + utf8.RuneLen(r)
		seen[l.name.kind] = true
		found = append(found, l)
	}
	return found
}

// labelBefore finds the longest name that ends at at. A name of one or two
// letters must not be the end of a word.
func labelBefore(line string, from, at int) (label, bool) {
	end := at
	for end > from && line[end-1] == ' ' {
		end--
	}
	for start := max(from, end-maxName); start < end; start++ {
		if !utf8.RuneStart(line[start]) {
			continue
		}
		name := line[start:end]
		e := headerNames[lower(name)]
		if e == nil || !isCapital(name) {
			continue
		}
		if utf8.RuneCountInString(name) <= 3 && start > from && isWordByte(line[start-1]) {
			continue
		}
		return label{start: start, name: e}, true
	}
	return label{}, false
}

func isCapital(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return string(r) != lower(string(r)) || r >= 0x590
}

// isWordByte says whether a byte can belong to a word that a glued name
// would be the end of.
func isWordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 0x80
}

// unmarked says whether a name that has no colon may count: it is glued to
// what is surely the end of a value, as in "…CETAssunto Hello" of the
// Portuguese Yahoo and "<a@x>Dw Ann" of the Polish one.
func (l label) unmarked(line string, end int) bool {
	if l.start == 0 || l.name.kind != "cc" && l.name.kind != "subject" {
		return false
	}
	if strings.HasPrefix(strings.TrimLeft(line[end:], " "), ":") {
		return false // the colon comes after a blank, as in French
	}
	before := line[l.start-1]
	return before == '>' || before >= 'A' && before <= 'Z' || isDigit(before)
}

// original turns a head into the original that it describes.
func (h *head) original() Forward {
	f := Forward{Via: "inline", Subject: strings.Trim(h.get("subject"), " *")}
	if list := readPrintedPeople(h.get("from")); len(list) > 0 {
		f.From = &list[0]
	}
	f.To = readPrintedPeople(h.get("to"))
	f.Cc = readPrintedPeople(h.get("cc"))
	f.DateText = strings.Trim(h.get("date"), " *")
	f.Date = readPrintedDate(f.DateText, h.lang)
	return f
}
