package digest

import (
	"net/url"
	"regexp"
	"strings"
	"unicode"

	"github.com/rivo/uniseg"
	"golang.org/x/net/idna"
)

// Words are what somebody wrote, on their way through a template. They are
// marked there, so that they mean nothing but themselves: no sign at the start
// of a line, no ready answer, no id of ours.
type Words string

// Link is an address that somebody wrote and that may be followed.
type Link string

// The marks cannot occur in what they enclose: clean removes control characters.
const (
	wordsBegin = '\x02'
	linkBegin  = '\x01'
	markEnd    = '\x03'
)

// String returns the words, marked, the links in them marked as such.
func (w Words) String() string {
	if w == "" {
		return ""
	}
	if !strings.Contains(string(w), "://") {
		return string(wordsBegin) + string(w) + string(markEnd)
	}
	var b strings.Builder
	for i, word := range strings.Split(string(w), " ") {
		if i > 0 {
			b.WriteString(Words(" ").String())
		}
		if link := linkOf(word); link != "" {
			b.WriteString(link.String())
		} else {
			b.WriteString(string(wordsBegin) + word + string(markEnd))
		}
	}
	return b.String()
}

// String returns the address, marked.
func (l Link) String() string {
	if l == "" {
		return ""
	}
	return string(linkBegin) + string(l) + string(markEnd)
}

// longestWords is how much of somebody's words a letter repeats (160 is what a
// text message holds: enough to recognise them).
const longestWords = 160

// cut returns somebody's words on one line, without what does not show and the
// signs of a list before them, and no longer than a letter repeats.
func cut(s string) Words {
	return Words(shorten(listSigns.ReplaceAllString(withoutMarkdown(unticked(clean(s))), ""), longestWords))
}

// tick is a box or a mark in front of an id. Broken to the start of a line and
// quoted back, it would be the reader's own.
var tick = regexp.MustCompile(`(?i)(?:\[\s*(?:x{1,3}|х{1,3}|[v✓✔√*]|done|ok|yes)\s*\]|[☑☒✅✓✔])(\s*[#(\[]?[AT]\s?[-‐‑–])`)

// unticked takes the ticks out of somebody's words.
func unticked(s string) string {
	if !strings.ContainsAny(s, "[☑☒✅✓✔") {
		return s
	}
	return tick.ReplaceAllString(s, "(x)$1")
}

// Minutes are often Markdown. Its links and stress are for a page, not for a line.
var (
	markdownLink   = regexp.MustCompile(`!?\[([^\]]+)\]\([^)\s]*\)`)
	markdownStress = regexp.MustCompile(`\*{1,2}([^\s*](?:[^*]*[^\s*])?)\*{1,2}`)
)

func withoutMarkdown(s string) string {
	if strings.Contains(s, "](") {
		s = markdownLink.ReplaceAllString(s, "$1")
	}
	if strings.Contains(s, "*") {
		s = markdownStress.ReplaceAllString(s, "$1")
	}
	return s
}

// listSigns begin a line of a list or a quote. At the start of a line of ours
// they would look like signs of the letter.
var listSigns = regexp.MustCompile(`^(?:(?:->|[-*#>|•]+|\[[ xX]\]) +)+`)

// quote returns somebody's line as it was written.
func quote(s string) Words { return Words(shorten(clean(s), longestWords)) }

// whole returns somebody's words on one line, without what does not show.
func whole(s string) Words { return Words(unticked(clean(s))) }

// clean puts text on one line and removes what does not show or changes how
// its surroundings show: control, bidi, zero-width and tag characters, but not
// the joiners that belong to their words.
func clean(s string) string {
	if plain(s) {
		return s
	}
	s = settleJoiners(strings.Map(visible, strings.ToValidUTF8(s, "\uFFFD")))
	return strings.Join(strings.Fields(s), " ")
}

// plain says whether clean would change nothing, as it is with most text.
func plain(s string) bool {
	for i := range len(s) {
		if s[i] < ' ' || s[i] > '~' || s[i] == ' ' && (i == 0 || i == len(s)-1 || s[i+1] == ' ') {
			return false
		}
	}
	return true
}

// visible maps line ends to spaces and drops what nobody sees, but joiners,
// which depend on what stands around them.
func visible(r rune) rune {
	switch {
	case r == '\n', r == '\r', r == '\t', r == '\u2028', r == '\u2029':
		return ' '
	case isJoiner(r):
		return r
	case unicode.IsControl(r), unicode.Is(unicode.Cf, r), unicode.Is(blank, r):
		return -1
	}
	return r
}

// blank are the characters that are no formatting by category and yet show
// nothing: fillers, the empty braille cell, the selectors that carry hidden text.
var blank = &unicode.RangeTable{
	R16: []unicode.Range16{
		{Lo: 0x034F, Hi: 0x034F, Stride: 1},
		{Lo: 0x115F, Hi: 0x1160, Stride: 1},
		{Lo: 0x17B4, Hi: 0x17B5, Stride: 1},
		{Lo: 0x180B, Hi: 0x180F, Stride: 1},
		{Lo: 0x2800, Hi: 0x2800, Stride: 1},
		{Lo: 0x3164, Hi: 0x3164, Stride: 1},
		{Lo: 0xFE00, Hi: 0xFE0E, Stride: 1},
		{Lo: 0xFFA0, Hi: 0xFFA0, Stride: 1},
	},
	R32: []unicode.Range32{{Lo: 0xE0000, Hi: 0xE0FFF, Stride: 1}},
}

// shorten cuts text to at most n graphemes, at a word where there is one, and
// ends it with … then.
func shorten(s string, n int) string {
	if len(s) <= n {
		return s
	}
	rest, state, end, word := s, -1, 0, 0
	for count := 0; rest != ""; count++ {
		var cluster string
		cluster, rest, _, state = uniseg.FirstGraphemeClusterInString(rest, state)
		if count == n-1 && rest != "" {
			if word == 0 || word < end/2 {
				word = end
			}
			return strings.TrimRight(s[:word], " ,;:.") + "…"
		}
		if cluster == " " {
			word = end
		}
		end += len(cluster)
	}
	return s
}

// longestLink is what browsers and mail programs still follow.
const longestLink = 2000

// linkOf returns an address that may be followed, with its host as the network
// knows it; empty where text is no such address, or was cut.
func linkOf(s string) Link {
	if s = clean(s); len(s) > longestLink {
		return ""
	}
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") || strings.ContainsAny(s, " …") {
		return ""
	}
	// A name before @ is how addresses pretend to lead elsewhere.
	u.User = nil
	host, err := idna.Lookup.ToASCII(u.Hostname())
	if err != nil {
		return ""
	}
	if port := u.Port(); port != "" {
		host += ":" + port
	}
	u.Host = host
	return Link(u.String())
}

// linksOf returns the addresses among them that may be followed, at most most.
func linksOf(raw []string, most int) (links []Link) {
	for _, s := range raw {
		if link := linkOf(s); link != "" && len(links) < most {
			links = append(links, link)
		}
	}
	return links
}
