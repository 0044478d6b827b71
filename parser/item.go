package parser

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// readItem sets Tags, Title, Summary and Links: what makes a mail something
// to talk about, and what is said of it. Tags count in the subject, in the
// sender's own words and in a forwarder's comment; in what is quoted they are
// somebody else's.
func readItem(m *Mail, o Options) {
	m.Pasted = strings.Contains(m.Reply, letterFoot)
	texts := []string{m.Subject, surelyOwn(*m)}
	for _, f := range m.Forwards {
		texts = append(texts, f.Comment)
	}
	m.Tags = chooseTags(texts, o.Tags)
	m.Title = m.title()
	m.Summary = m.summary()
	if m.Title == "" {
		m.Title = shorten(m.Summary, 80)
	}
	m.Links = m.findLinks()
}

// surelyOwn are the words that are surely the sender's: of an answer into which a
// letter of ours was pasted without a mark, the first paragraph.
func surelyOwn(m Mail) string {
	if !m.Pasted {
		return m.Reply
	}
	first, _, _ := strings.Cut(strings.TrimLeft(m.Reply, "\n"), "\n\n")
	return first
}

// chooseTags returns the tags of texts in lower case and in order, without
// duplicates. Where some are asked for, other tags count only beside one of
// those, and behind them.
func chooseTags(texts, asked []string) []string {
	var first, others []string
	for _, text := range texts {
		for _, t := range findTags(text) {
			switch name := t.name; {
			case slices.Contains(first, name) || slices.Contains(others, name):
			case len(asked) == 0 || slices.ContainsFunc(asked, func(a string) bool { return foldTag(a) == name }):
				first = append(first, name)
			default:
				others = append(others, name)
			}
		}
	}
	if len(first) == 0 {
		return nil
	}
	return append(first, others...)
}

// tag is a #word in a text.
type tag struct {
	start, end int // with its #
	name       string
}

const (
	maxTag  = 100 // bytes of the longest tag
	maxTags = 100 // in one text
)

// findTags finds the tags of a text: # before a word, neither inside a word
// nor in a link nor in code. #12 is a number and #ff8800 a colour.
func findTags(text string) []tag {
	if nextHash(text, 0) < 0 {
		return nil
	}
	var tags []tag
	code := codeSpans(text)
	for at := 0; at < len(text) && len(tags) < maxTags; {
		start := nextHash(text, at)
		if start < 0 {
			break
		}
		_, size := utf8.DecodeRuneInString(text[start:])
		at = start + size
		end := wordEnd(text, at)
		if end == at || !mayTag(text, start) || code.holds(start) {
			continue
		}
		if name := foldTag(text[at:end]); isTagName(name) {
			tags = append(tags, tag{start, end, name})
		}
		at = end
	}
	return tags
}

// nextHash finds the next #, or the wide one that Japanese keyboards type.
func nextHash(text string, at int) int {
	hash := strings.IndexByte(text[at:], '#')
	near := text[at:]
	if hash >= 0 {
		near = near[:hash]
	}
	if wide := strings.Index(near, "＃"); wide >= 0 {
		return at + wide
	}
	if hash < 0 {
		return -1
	}
	return at + hash
}

// foldTag gives a tag one form: without #, in lower case, its accents composed.
func foldTag(name string) string {
	return norm.NFC.String(lower(strings.TrimLeft(strings.TrimSpace(name), "#＃")))
}

// wordEnd returns where the word at at ends: letters, digits and the marks
// on them, and dashes and underscores between.
func wordEnd(text string, at int) int {
	end := at
	for i, r := range text[at:min(len(text), at+maxTag)] {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) && i > 0 || r == '\u200d':
			end = at + i + utf8.RuneLen(r)
		case (r == '-' || r == '_') && i > 0:
		default:
			return end
		}
	}
	return end
}

// mayTag looks at what stands before a #: a word would make it part of that
// (C#, page#part), and a link holds it from the last blank on.
func mayTag(text string, start int) bool {
	before, _ := utf8.DecodeLastRuneInString(text[:start])
	if start > 0 && (unicode.IsLetter(before) || unicode.IsDigit(before) || strings.ContainsRune("#＃&/=?%_@\\", before)) {
		return false
	}
	word := text[max(0, start-maxTag*20):start]
	word = word[strings.LastIndexAny(word, " \t\n<>\"")+1:]
	return !strings.Contains(word, "://") && !strings.HasPrefix(word, "www.")
}

func isTagName(name string) bool {
	letter, digit, hex := false, false, true
	for _, r := range name {
		letter = letter || unicode.IsLetter(r)
		digit = digit || unicode.IsDigit(r)
		hex = hex && (unicode.IsDigit(r) || r >= 'a' && r <= 'f')
	}
	colour := hex && digit && (len(name) == 3 || len(name) == 6 || len(name) == 8)
	return letter && !colour
}

// spans are parts of a text, in order.
type spans [][2]int

func (s spans) holds(at int) bool {
	i, _ := slices.BinarySearchFunc(s, at, func(span [2]int, at int) int { return span[1] - at })
	return i < len(s) && s[i][0] <= at
}

// codeSpans finds code between backquotes, where #include is no tag.
func codeSpans(text string) spans {
	var list spans
	for at := 0; ; {
		open := strings.IndexByte(text[at:], '`')
		if open < 0 {
			return list
		}
		open += at
		mark, limit := "`", 200
		if strings.HasPrefix(text[open:], "```") {
			mark, limit = "```", len(text)
		}
		begin := open + len(mark)
		end := strings.Index(text[begin:min(len(text), begin+limit)], mark)
		if end < 0 {
			if mark == "```" {
				return list
			}
			at = begin
			continue
		}
		list = append(list, [2]int{open, begin + end})
		at = begin + end + len(mark)
	}
}

// title returns the subject without what programs, lists and tags put on it.
// Where nothing is left the forwarded subject stands in.
func (m *Mail) title() string {
	subjects := []string{m.Subject}
	for _, f := range m.Forwards {
		subjects = append(subjects, f.Subject)
	}
	for _, subject := range subjects {
		title, _ := trimSubject(subject)
		title, _ = trimSubject(withoutTags(title)) // "#architecture Re: x"
		if title = strings.Trim(title, " -–—:,"); title != "" && subjectKind(title+": x") == plainSubject {
			return title
		}
	}
	return ""
}

// maxSummary is as much of a comment as an agenda shows.
const maxSummary = 500

// summary returns the comment that came with the tag, without the tag. Above
// a forward that is all the forwarder wrote; in a mail of one's own it is the
// paragraph with the tag, or where the tag stands alone the one below it or above.
func (m *Mail) summary() string {
	comment := ""
	for _, f := range m.Forwards {
		if comment == "" || hasTag(f.Comment, m.Tags) && !hasTag(comment, m.Tags) {
			comment = f.Comment
		}
	}
	if comment != "" {
		return shorten(said(comment), maxSummary)
	}
	return shorten(nearTag(m.Reply, m.Tags), maxSummary)
}

// nearTag returns the paragraph with a tag in it, or the next best: the one
// below a tag that stands alone, else the one above it. Where the subject has
// the tag it is the first paragraph that does more than greet.
func nearTag(text string, tags []string) string {
	paragraphs := splitParagraphs(text)
	tagged := slices.IndexFunc(paragraphs, func(paragraph string) bool { return hasTag(paragraph, tags) })
	if tagged >= 0 {
		if said := said(paragraphs[tagged]); said != "" {
			return said
		}
	}
	below, above := paragraphs[tagged+1:], slices.Clone(paragraphs[:max(tagged, 0)])
	slices.Reverse(above)
	for _, paragraph := range append(below, above...) {
		if said := said(paragraph); said != "" && !isGreeting(said) {
			return said
		}
	}
	if len(paragraphs) > 0 {
		return said(paragraphs[0])
	}
	return ""
}

// said returns what a paragraph says beside its tags, on one line. More than
// a summary shows is not looked at.
func said(paragraph string) string {
	const enough = maxSummary + maxTag
	if len(paragraph) > enough {
		paragraph = strings.ToValidUTF8(paragraph[:enough], "")
	}
	return oneLine(withoutTags(paragraph))
}

// splitParagraphs cuts a text at its blank lines.
func splitParagraphs(text string) []string {
	var list []string
	start := -1
	for at := 0; at < len(text); {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			end = len(text) - at
		}
		switch blank := trimInvisible(text[at:at+end]) == ""; {
		case blank && start >= 0:
			list = append(list, text[start:at])
			start = -1
		case !blank && start < 0:
			start = at
		}
		at += end + 1
	}
	if start >= 0 {
		list = append(list, text[start:])
	}
	return list
}

func hasTag(text string, tags []string) bool {
	for _, t := range findTags(text) {
		if slices.Contains(tags, t.name) {
			return true
		}
	}
	return false
}

// isGreeting knows a paragraph that only greets: few words and a comma.
func isGreeting(paragraph string) bool {
	const longest = 60
	return len(paragraph) <= longest && len(strings.Fields(paragraph)) <= 4 && strings.ContainsAny(paragraph[len(paragraph)-1:], ",!")
}

var articles = byWords(subjectTable, "article")

// withoutTags takes the tags out of a text. One that is a word of its
// sentence ("the #architecture of it") loses only its #.
func withoutTags(text string) string {
	var out strings.Builder
	at := 0
	for _, t := range findTags(text) {
		before := text[at:t.start]
		out.WriteString(before)
		at = t.end
		switch {
		case articles[lastWord(before)] != nil:
			out.WriteString(strings.TrimLeft(text[t.start:t.end], "#＃"))
		case startsSentence(text[:t.start]) && at < len(text) && strings.IndexByte(":,;-", text[at]) >= 0:
			at++ // "#architecture: shall we"
		default:
			trimLast(&out)
		}
	}
	if at == 0 {
		return text
	}
	out.WriteString(text[at:])
	return strings.TrimSpace(out.String())
}

// trimLast drops the blank before a tag that was taken out.
func trimLast(out *strings.Builder) {
	if text := out.String(); strings.HasSuffix(text, " ") {
		out.Reset()
		out.WriteString(strings.TrimRight(text, " "))
	}
}

func startsSentence(before string) bool {
	before = strings.TrimRight(before, " \t")
	return before == "" || strings.HasSuffix(before, "\n")
}

// lastWord returns the word right before a tag, in lower case, "" where a
// line break or a mark stands between.
func lastWord(text string) string {
	trimmed := strings.TrimRight(text, " ")
	if trimmed == text {
		return ""
	}
	return lower(trimmed[strings.LastIndexAny(trimmed, " \n\t(\"'’")+1:])
}

func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

// shorten cuts a text at a blank, with a mark that it goes on.
func shorten(text string, limit int) string {
	if len(text) <= limit {
		return text
	}
	cut := strings.LastIndexByte(text[:limit], ' ')
	if cut < limit/2 {
		cut = limit
	}
	return strings.ToValidUTF8(text[:cut], "") + "…"
}
