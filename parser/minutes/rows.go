package minutes

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"
)

// shape is what kind of line a row is, before anybody asks what it means.
type shape int

const (
	blank shape = iota
	prose
	bullet   // - * + • o
	numbered // 1. 2) a)
	heading
	rule  // --- *** ===, separators as well as underlines that belong to no heading
	cells // a row of a table
	code  // fenced, or an HTML comment: never read
)

// box is the state of a task box in front of an item.
type box int

const (
	noBox box = iota
	openBox
	tickedBox
)

// row is one line of the text. Rows are never joined, so each finding knows its line.
type row struct {
	n       int
	raw     string // without line end, as valid UTF-8
	indent  int    // columns, a tab counts to the next multiple of four
	shape   shape
	level   int // of a heading; 7 for a line that is all bold, capitals or underlined by hand
	box     box
	quoted  bool   // behind ">"
	speaker string // nick of a chat log
	text    string // without indent, quote, bullet, box
}

// handmade is the level of headings that are none in markdown.
const handmade = 7

// scan cuts the text into rows and finds out the shape of each. matter are the
// rows of YAML front matter.
func scan(text []byte) (rows, matter []row) {
	rows = split(text)
	matter = frontMatter(rows)
	chat := isChat(rows)
	fence, comment := "", false
	for i := range rows[len(matter):] {
		i += len(matter)
		r := &rows[i]
		switch {
		case comment:
			r.shape = code
			comment = !strings.Contains(r.raw, "-->")
		case fence != "":
			r.shape = code
			if strings.HasPrefix(strings.TrimSpace(r.raw), fence) {
				fence = ""
			}
		case opensComment(r.raw):
			r.shape = code
			comment = !strings.Contains(r.raw, "-->")
		default:
			if fence = fenceOf(rows, i); fence != "" {
				r.shape = code
				continue
			}
			r.read(chat)
		}
	}
	underline(rows)
	tabulate(rows)
	return rows, matter
}

// maxMatter is the longest front matter that site generators are given.
const maxMatter = 60

// frontMatter marks "--- key: value ---" at the top as not to be read as text.
func frontMatter(rows []row) []row {
	if strings.TrimSpace(rows[0].raw) != "---" {
		return nil
	}
	for i := 1; i < min(len(rows), maxMatter); i++ {
		t := strings.TrimSpace(rows[i].raw)
		if t == "---" || t == "..." {
			for j := range rows[:i+1] {
				rows[j].shape = code
			}
			return rows[:i+1]
		}
		if t != "" && !strings.Contains(t, ":") && t[0] != '-' && t[0] != '#' && rows[i].raw[0] != ' ' {
			return nil
		}
	}
	return nil
}

// split cuts at LF, CRLF and lone CR (old Mac files) and mends what is not UTF-8.
func split(text []byte) []row {
	text = bytes.TrimPrefix(text, []byte("\xef\xbb\xbf"))
	s := string(text)
	if !utf8.ValidString(s) {
		s = strings.ToValidUTF8(s, "\uFFFD")
	}
	if strings.Contains(s, "\r") {
		s = strings.ReplaceAll(s, "\r\n", "\n")
		s = strings.ReplaceAll(s, "\r", "\n")
	}
	s = strings.TrimSuffix(s, "\n")
	rows := make([]row, 0, strings.Count(s, "\n")+1)
	for n := 1; ; n++ {
		line, rest, more := strings.Cut(s, "\n")
		rows = append(rows, row{n: n, raw: line})
		if !more {
			return rows
		}
		s = rest
	}
}

func opensComment(raw string) bool {
	return strings.HasPrefix(strings.TrimSpace(raw), "<!--")
}

// maxFenced is how far the end of a fence is looked for: without an end the
// fence is a typing error, and the minutes go on below it.
const maxFenced = 500

func fenceOf(rows []row, i int) string {
	t := strings.TrimSpace(rows[i].raw)
	for _, f := range [...]string{"```", "~~~"} {
		if !strings.HasPrefix(t, f) || strings.Contains(t[3:], f) {
			continue
		}
		for _, r := range rows[i+1 : min(len(rows), i+maxFenced)] {
			if strings.HasPrefix(strings.TrimSpace(r.raw), f) {
				return f
			}
		}
	}
	return ""
}

// read finds the row's shape and what stands behind its sign.
func (r *row) read(chat bool) {
	s := r.raw
	if chat {
		r.speaker, s = nick(s)
		if bots[strings.ToLower(r.speaker)] {
			r.shape = code
			return
		}
	}
	s = r.unindent(s)
	for strings.HasPrefix(s, ">") {
		r.quoted = true
		s = r.unindent(s[1:])
	}
	s = strings.TrimRight(s, " \t")
	r.text = s
	switch {
	case s == "":
		r.shape = blank
	case isRule(s):
		r.shape = rule
	case r.headed(s) || r.wikiHeaded(s):
	case r.bulleted(s):
	default:
		r.shape = prose
		r.unbox()
	}
}

func (r *row) unindent(s string) string {
	for i := 0; i < len(s); i++ {
		switch {
		case s[i] == ' ':
			r.indent++
		case s[i] == '\t':
			r.indent += 4 - r.indent%4
		case strings.HasPrefix(s[i:], "\u00a0"):
			r.indent++
			i++
		default:
			return s[i:]
		}
	}
	return ""
}

// isRule reports whether a line is three or more of one sign and nothing else.
func isRule(s string) bool {
	n, sign := 0, s[0]
	if strings.IndexByte("-=*_~#+", sign) < 0 {
		return false
	}
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case sign:
			n++
		case ' ', '\t':
		default:
			return false
		}
	}
	return n >= 3
}

// headed takes "## Title" and "##Title"; a single "#word" is a tag or a bot's command.
func (r *row) headed(s string) bool {
	n := 0
	for n < len(s) && s[n] == '#' {
		n++
	}
	if n == 0 || n > 6 || n == len(s) || (n == 1 && s[1] != ' ' && s[1] != '\t') {
		return false
	}
	r.shape, r.level = heading, n
	r.text = strings.TrimSpace(strings.TrimRight(s[n:], "# \t"))
	return true
}

// wikiHeaded takes "== Title ==" of MediaWiki and MoinMoin, "== Title" of
// AsciiDoc and "h2. Title" of Confluence.
func (r *row) wikiHeaded(s string) bool {
	n := 0
	for n < len(s) && s[n] == '=' {
		n++
	}
	if n >= 1 && n <= 6 && n+1 < len(s) && s[n] == ' ' && (n > 1 || strings.HasSuffix(s, " =")) {
		r.shape, r.level = heading, n
		r.text = strings.Trim(s, "= \t")
		return true
	}
	if len(s) > 4 && s[0] == 'h' && s[1] >= '1' && s[1] <= '6' && s[2:4] == ". " {
		r.shape, r.level = heading, int(s[1]-'0')
		r.text = strings.TrimSpace(s[4:])
		return true
	}
	return false
}

// bulleted takes off a bullet or number and then a task box.
func (r *row) bulleted(s string) bool {
	n := signWidth(s, r.indent)
	if n > 0 && strings.HasPrefix(s, "- ") && strings.HasSuffix(s, " -") { // "- DRAFT -", a centred line
		return false
	}
	if deep := depthOf(s); deep > 1 { // "** item" of wikis is one level further in
		n = deep
		r.indent += 2 * (deep - 1)
	}
	r.indent += glyphDepth[firstRune(s)]
	if n == 0 {
		if n = numberWidth(s); n == 0 {
			return false
		}
		r.shape = numbered
	} else {
		r.shape = bullet
	}
	r.text = strings.TrimLeft(s[n:], " \t\u00a0")
	r.unbox()
	return true
}

// depthOf is the number of stars or dashes in front of "** item" and "-- item".
func depthOf(s string) int {
	n := 1
	for n < len(s) && n < 6 && s[n] == s[0] {
		n++
	}
	if n < len(s) && s[n] == ' ' && (s[0] == '*' || s[0] == '-') {
		return n
	}
	return 0
}

// glyphDepth is the level of the bullets that word processors paste, which
// often lose their indent on the way.
var glyphDepth = map[rune]int{'○': 2, '◦': 2, '■': 4, '▪': 4}

func firstRune(s string) rune {
	c, _ := utf8.DecodeRuneInString(s)
	return c
}

var signs = [...]string{"•", "◦", "▪", "‣", "·", "●", "○", "–", "—", "■"}

// signWidth is the width of a bullet at the start of s. Mail programs and
// hurried people leave out the blank behind it.
func signWidth(s string, indent int) int {
	for _, sign := range signs {
		if strings.HasPrefix(s, sign) {
			return len(sign)
		}
	}
	switch c := s[0]; {
	case strings.IndexByte("-*+", c) >= 0 && len(s) == 1:
		return 1
	case strings.IndexByte("-*+", c) >= 0 && (s[1] == ' ' || s[1] == '\t'):
		return 1
	case c == '-' && (letterAt(s[1:]) || s[1] == '[' || s[1] == '@'):
		return 1
	case c == '*' && letterAt(s[1:]) && strings.IndexByte(s[1:], '*') < 0:
		return 1
	case c == 'o' && indent > 0 && len(s) > 1 && (s[1] == ' ' || s[1] == '\t'): // Outlook's second level
		return 1
	}
	return 0
}

func letterAt(s string) bool { return letterWidth(s) > 0 }

// letterWidth is how many bytes the letter at the start of s takes; 0: there is none.
func letterWidth(s string) int {
	switch {
	case s == "":
		return 0
	case s[0] < utf8.RuneSelf:
		if s[0]|0x20 >= 'a' && s[0]|0x20 <= 'z' {
			return 1
		}
		return 0
	}
	r, width := utf8.DecodeRuneInString(s)
	if !unicode.IsLetter(r) && !unicode.IsMark(r) {
		return 0
	}
	return width
}

// numberWidth is the width of "1.", "12)", "(3)", "2.1.", "a)" at the start of s.
func numberWidth(s string) int {
	i := 0
	if s[0] == '(' {
		i = 1
	}
	start := i
	for i < len(s) && i-start < 7 && (s[i] >= '0' && s[i] <= '9' || s[i] == '.' && i > start && digitAt(s, i-1) && digitAt(s, i+1)) {
		i++
	}
	if i == start && i+1 < len(s) && s[i] >= 'a' && s[i] <= 'h' && s[i+1] == ')' {
		i++
	} else if i == start || i-start > 5 {
		return 0
	}
	if i == len(s) {
		return 0
	}
	closed := s[i] == ')' || s[i] == '.' && start == 0
	dotted := start == 0 && strings.IndexByte(s[:i], '.') > 0 && s[i] == ' ' && i <= 4 // "2.1 Title"
	switch {
	case dotted:
		return i
	case !closed || i-start > 3 && s[i] == '.' && strings.IndexByte(s[:i], '.') < 0: // "2017." is a year
		return 0
	case i+1 == len(s) || s[i+1] == ' ' || s[i+1] == '\t' || letterAt(s[i+1:]) || s[i+1] == '*' || s[i+1] == '[':
		return i + 1
	}
	return 0
}

func digitAt(s string, i int) bool { return i >= 0 && i < len(s) && s[i] >= '0' && s[i] <= '9' }

// boxes are the task boxes of GitHub, of exports that escape brackets, of
// confluence and of people with a good keyboard.
var boxes = [...]struct {
	sign  string
	state box
}{
	{"[ ]", openBox}, {"[]", openBox}, {"[_]", openBox}, {`\[ \]`, openBox}, {"☐", openBox}, {"⬜", openBox}, {"🔲", openBox},
	{"[x]", tickedBox}, {"[X]", tickedBox}, {"[✓]", tickedBox}, {"[✔]", tickedBox}, {"[*]", tickedBox},
	{`\[x\]`, tickedBox}, {`\[X\]`, tickedBox}, {"☑", tickedBox}, {"☒", tickedBox},
}

func (r *row) unbox() {
	if r.text == "" || r.text[0] != '[' && r.text[0] != '\\' && r.text[0] < 0x80 {
		return
	}
	for _, b := range boxes {
		rest, ok := strings.CutPrefix(r.text, b.sign)
		if ok && !strings.HasPrefix(rest, "(") {
			r.box, r.text = b.state, strings.TrimLeft(strings.TrimPrefix(rest, "\ufe0f"), " \t\u00a0")
			return
		}
	}
}

// underline turns a line with a rule under it into a heading, as markdown
// does, but leaves a short rule alone where the page uses it as separator: it
// then stands behind a blank line elsewhere.
func underline(rows []row) {
	apart := map[string]bool{}
	for i := range rows {
		if rows[i].shape == rule && (i == 0 || rows[i-1].shape == blank) {
			apart[rows[i].text] = true
		}
	}
	for i := 1; i < len(rows); i++ {
		r, above := &rows[i], &rows[i-1]
		if r.shape != rule || strings.IndexByte("=-~", r.text[0]) < 0 || !titleLike(rows, i-1) {
			continue
		}
		if len(r.text) <= 5 && apart[r.text] {
			continue
		}
		above.shape, above.level = heading, 1
		if r.text[0] != '=' {
			above.level = 2
		}
		r.shape = blank
	}
}

// titleLike reports whether rows[i] may be a heading by being underlined.
func titleLike(rows []row, i int) bool {
	r := rows[i]
	alone := i == 0 || rows[i-1].shape != prose
	plain := r.shape == prose || r.shape == numbered && r.indent == 0
	return plain && alone && len(r.text) <= 120 && !strings.HasPrefix(r.text, "|") && !strings.Contains(r.text, "://")
}

// tabulate marks the rows of tables: pipes in front, or pipes above a line of
// dashes and pipes.
func tabulate(rows []row) {
	for i := range rows {
		r := &rows[i]
		if r.shape != prose && r.shape != rule {
			continue
		}
		t := r.text
		bar := len(t) > 1 && t[0] == '|' && strings.Count(t, "|") >= 2
		grid := len(t) > 3 && t[0] == '+' && (t[1] == '-' || t[1] == '=') && strings.HasSuffix(t, "+")
		if bar || grid {
			r.shape = cells
			continue
		}
		if isDelimiter(t) && i > 0 && strings.Contains(rows[i-1].text, "|") {
			r.shape, rows[i-1].shape = cells, cells
			for j := i + 1; j < len(rows) && rows[j].shape == prose && strings.Contains(rows[j].text, "|"); j++ {
				rows[j].shape = cells
			}
		}
	}
}

// isDelimiter reports whether a line is the "--- | :---:" of a table.
func isDelimiter(s string) bool {
	return strings.Contains(s, "|") && strings.Contains(s, "--") && strings.Trim(s, "|-:+= \t") == ""
}

// isChat reports whether the text is the log of a chat: three lines that begin
// with a nick in angle brackets, with or without a time in front.
func isChat(rows []row) bool {
	n := 0
	for _, r := range rows {
		if who, _ := nick(r.raw); who != "" {
			if n++; n == 3 {
				return true
			}
		}
	}
	return false
}

// bots repeat in a log what people told them; they promise nothing.
var bots = set("trackbot rrsagent zakim meetbot zodbot collabot openstack ircbot rssagent gb ghurlbot agendabot supybot mwbot stashbot")

// nick cuts "15:04:05 <kim> text" into who and what. Without a nick in angle
// brackets the line stays as it is.
func nick(s string) (who, what string) {
	t := strings.TrimLeft(s, " \t")
	if t == "" || t[0] != '<' && t[0] != '[' && t[0] != '(' && !digitAt(t, 0) {
		return "", s
	}
	open := strings.IndexByte(t[:min(len(t), 30)], '<')
	if open < 0 || strings.Trim(t[:open], "0123456789:-./T[]() APMZ+") != "" {
		return "", s
	}
	end := strings.IndexByte(t[:min(len(t), open+35)], '>')
	if end <= open+1 || strings.ContainsAny(t[open+1:end], "/ =") || open == 0 && !strings.HasPrefix(t[end+1:], " ") {
		return "", s
	}
	return strings.Trim(t[open+1:end], "@+ "), strings.TrimPrefix(t[end+1:], " ")
}
