package minutes

import (
	"html"
	"strings"
	"unicode"
	"unicode/utf8"
)

// plain is a piece of markdown as a reader sees it: links are their text,
// emphasis and escapes are gone, entities resolved. What merely looks like HTML
// ("<device-type>") stays.
func plain(s string) string {
	if !strings.ContainsAny(s, "*_`~[\\&<") {
		return strings.TrimSpace(s)
	}
	var b strings.Builder
	b.Grow(len(s))
	links := strings.LastIndex(s, "](") // behind it there is no need to look for one
	for i := 0; i < len(s); {
		switch c := s[i]; {
		case c == '\\' && i+1 < len(s) && isPunct(s[i+1]):
			b.WriteByte(s[i+1])
			i += 2
		case c == '*' || c == '`' || c == '~' && strings.HasPrefix(s[i:], "~~"):
			for i < len(s) && s[i] == c {
				i++
			}
		case c == '_' && !(wordAt(s, i-1) && wordAt(s, i+1)):
			i++
		case c == '[' && i < links:
			text, _, end := linkAt(s, i)
			if end == 0 {
				b.WriteByte(c)
				i++
				continue
			}
			b.WriteString(plainShort(text))
			i = end
		case c == '<':
			if n := tagWidth(s[i:]); n > 0 {
				i += n
				b.WriteByte(' ')
				continue
			}
			b.WriteByte(c)
			i++
		default:
			b.WriteByte(c)
			i++
		}
	}
	out := b.String()
	if strings.Contains(out, "&") {
		out = html.UnescapeString(out)
	}
	if strings.Contains(out, "  ") || strings.IndexByte(out, '\t') >= 0 {
		return strings.Join(strings.Fields(out), " ")
	}
	return strings.TrimSpace(out)
}

// plainShort is plain for the text of a link, which holds no link itself.
func plainShort(s string) string {
	if strings.IndexByte(s, '*') < 0 && strings.IndexByte(s, '`') < 0 && strings.IndexByte(s, '~') < 0 {
		return s
	}
	return unmarked.Replace(s)
}

var (
	unmarked = strings.NewReplacer("**", "", "`", "", "~~", "")
	hollow   = strings.NewReplacer("()", "", "( )", "", "[]", "", "<>", "") // what is left around a link
)

func isPunct(c byte) bool {
	return c >= '!' && c <= '/' || c >= ':' && c <= '@' || c >= '[' && c <= '`' || c >= '{' && c <= '~'
}

func wordAt(s string, i int) bool {
	return i >= 0 && i < len(s) && (s[i] >= 0x80 || digitAt(s, i) || s[i]|0x20 >= 'a' && s[i]|0x20 <= 'z')
}

// maxLink bounds the search for the parts of a link, so that a megabyte of
// brackets stays linear.
const maxLink = 2000

// linkAt reads "[text](url)" at s[i] and also "[text](url]", a slip that loses
// the link in markdown but not for a reader. end is 0 where there is none.
func linkAt(s string, i int) (text, url string, end int) {
	limit := min(len(s), i+maxLink)
	depth, j := 0, i
	for ; j < limit; j++ {
		if s[j] == '\\' {
			j++
			continue
		}
		if s[j] == '[' {
			if depth++; depth > 8 {
				return "", "", 0
			}
		} else if s[j] == ']' {
			if depth--; depth == 0 {
				break
			}
		}
	}
	if j+1 >= limit || s[j+1] != '(' {
		return "", "", 0
	}
	text = s[i+1 : j]
	depth = 0
	for k := j + 1; k < limit; k++ {
		switch s[k] {
		case '(':
			depth++
		case ')', ']':
			if depth--; depth == 0 || s[k] == ']' {
				url, _, _ = strings.Cut(strings.TrimSpace(s[j+2:k]), " ")
				return text, strings.Trim(url, "<>"), k + 1
			}
		}
	}
	return "", "", 0
}

// tags are the HTML elements that editors and exports put into markdown. Others
// are taken for text.
var tags = map[string]bool{"br": true, "p": true, "ul": true, "ol": true, "li": true, "span": true, "div": true, "b": true,
	"i": true, "u": true, "em": true, "strong": true, "a": true, "font": true, "sup": true, "sub": true, "td": true, "tr": true,
	"del": true, "s": true, "code": true, "img": true, "details": true, "summary": true, "small": true, "mark": true}

// tagWidth is the width of a known HTML tag at the start of s, or 0.
func tagWidth(s string) int {
	i := 1
	if i < len(s) && s[i] == '/' {
		i++
	}
	start := i
	for i < len(s) && i < start+8 && letterAt(s[i:]) {
		i++
	}
	if i == len(s) || strings.IndexByte(" />", s[i]) < 0 || !tags[strings.ToLower(s[start:i])] {
		return 0
	}
	if end := strings.IndexByte(s[i:min(len(s), i+300)], '>'); end >= 0 {
		return i + end + 1
	}
	return 0
}

// span is an address in a text and where its whole link stands there.
type span struct {
	url        string
	start, end int
}

// addresses finds all http addresses in order, whether they are links, in angle
// brackets or bare.
func addresses(s string) []span {
	var out []span
	for i := 0; ; {
		at := strings.Index(s[i:], "://")
		if at < 0 {
			return out
		}
		at += i
		scheme := "http"
		start := at - len(scheme)
		if at > 0 && s[at-1]|0x20 == 's' {
			start--
		}
		if start < i || !strings.EqualFold(s[start:start+len(scheme)], scheme) {
			i = at + 3
			continue
		}
		a := addressAt(s, start)
		out = append(out, a)
		i = a.end
	}
}

func addressAt(s string, start int) span {
	end := start
	for end < len(s) && !strings.ContainsRune(" \t<>\"|", rune(s[end])) && !strings.HasPrefix(s[end:], "](") {
		end++
	}
	a := span{start: start, end: end}
	linked := start > 1 && s[start-1] == '(' && s[start-2] == ']'
	if linked {
		a.end = start + closing(s[start:end])
		a.url = s[start:a.end]
		a.end = min(len(s), a.end+1)
		if open := strings.LastIndexByte(s[max(0, start-maxLink):start-2], '['); open >= 0 {
			a.start = max(0, start-maxLink) + open
		}
	} else {
		a.url = trimAddress(s[start:end])
		a.end = start + len(a.url)
	}
	a.url = strings.ReplaceAll(a.url, `\_`, "_")
	return a
}

// closing is where the parenthesis that opened before s closes, or a bracket
// that was typed in its place.
func closing(s string) int {
	depth := 0
	for i := 0; i < len(s); i++ {
		switch s[i] {
		case '(':
			depth++
		case ')', ']':
			if depth--; depth < 0 || s[i] == ']' {
				return i
			}
		}
	}
	return len(s)
}

// trimAddress takes off the punctuation of the sentence around a bare address.
func trimAddress(s string) string {
	surplus := strings.Count(s, ")") - strings.Count(s, "(")
	for s != "" {
		last, size := utf8.DecodeLastRuneInString(s)
		unmatched := last == ')' && surplus > 0
		if unmatched {
			surplus--
		}
		if !unmatched && !strings.ContainsRune(".,;:!?]*_~'’”\\`", last) || last == '_' && wordAt(s, len(s)-2) {
			return s
		}
		s = s[:len(s)-size]
	}
	return s
}

// urls are the addresses of a text, in order, each once.
func urls(s string) []string {
	out := []string{}
	if !strings.Contains(s, "://") {
		return out
	}
	seen := map[string]bool{}
	for _, a := range addresses(s) {
		if a.url != "" && !seen[a.url] {
			seen[a.url] = true
			out = append(out, a.url)
		}
	}
	return out
}

// unlinked is a text without its addresses, and without the brackets they leave.
func unlinked(s string) string {
	spans := addresses(s)
	if len(spans) == 0 {
		return s
	}
	var b strings.Builder
	last := 0
	for _, a := range spans {
		b.WriteString(s[last:max(last, a.start)])
		last = max(last, a.end)
	}
	b.WriteString(s[last:])
	return hollow.Replace(b.String())
}

// phrase is a text in small letters and digits, one blank between words: what
// tables of words are asked with.
func phrase(s string) string {
	b := make([]byte, 0, len(s))
	gap := false
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch {
		case c >= 'A' && c <= 'Z':
			c += 'a' - 'A'
		case c >= 'a' && c <= 'z' || c >= '0' && c <= '9':
		case c == '\'':
			continue
		case c >= 0x80:
			r, size := utf8.DecodeRuneInString(s[i:])
			i += size - 1
			if letter := unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r); letter && gap {
				b = append(b, ' ')
				gap = false
			} else if !letter {
				gap = gap || len(b) > 0 && r != '’'
				continue
			}
			b = utf8.AppendRune(b, unicode.ToLower(r))
			continue
		default:
			gap = len(b) > 0
			continue
		}
		if gap {
			b = append(b, ' ')
			gap = false
		}
		b = append(b, c)
	}
	return string(b)
}
