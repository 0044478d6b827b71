package parser

import (
	"bytes"
	"regexp"
	"strings"

	"golang.org/x/net/html"
)

// attributes are those of an element that change how its text is read.
type attributes struct {
	href      string
	container *container
	cite      bool // it says itself that it quotes
	hidden    bool
	checkbox  bool
	checked   bool
	style     style
}

// style is what a style attribute says, as far as it matters for reading.
type style struct {
	hides    bool
	white    bool // white letters
	coloured bool // on another ground than white
	pre      bool
	indent   bool // a blockquote that only indents
	tight    bool // a paragraph without a blank line around it

	container *container // that a declaration shows
}

// read reads the attributes of a tag. sheet tells which names are not shown.
func (a *attributes) read(z *html.Tokenizer, sheet styleSheet) {
	for more := true; more; {
		var key, value []byte
		key, value, more = z.TagAttr()
		if containers.names[string(key)] {
			a.container = prefer(a.container, containers.find(string(key)+"=", value))
		}
		switch string(key) {
		case "href":
			a.href = strings.TrimSpace(string(value))
		case "id":
			a.hidden = a.hidden || sheet["#"+string(value)]
			a.container = prefer(a.container, containers.find("#", value))
		case "class":
			a.readClasses(value, sheet)
			// Word and Outlook set all paragraphs of this class tight in their style sheet.
			a.style.tight = a.style.tight || bytes.HasPrefix(value, []byte("Mso"))
		case "hidden":
			a.hidden = true
		case "type":
			a.checkbox = bytes.EqualFold(value, []byte("checkbox"))
			a.cite = a.cite || bytes.EqualFold(value, []byte("cite"))
		case "checked":
			a.checked = true
		case "style":
			a.style.read(value)
			a.container = prefer(a.container, a.style.container)
		case "color":
			a.style.white = a.style.white || isWhite(strings.ToLower(string(value)))
		case "bgcolor":
			a.style.coloured = a.style.coloured || !isWhite(strings.ToLower(string(value)))
		}
	}
}

func (a *attributes) readClasses(value []byte, sheet styleSheet) {
	for len(value) > 0 {
		class := value
		if end := bytes.IndexAny(value, " \t\n\r\f"); end >= 0 {
			class, value = value[:end], value[end+1:]
		} else {
			value = nil
		}
		a.hidden = a.hidden || len(sheet) > 0 && sheet["."+string(class)]
		a.container = prefer(a.container, containers.find(".", class))
	}
}

// hiding are declarations that take text out of sight, by property. Mails
// use them for preview lines, tracking and, in spam, to mislead readers.
var hiding = map[string]*regexp.Regexp{
	"display":    regexp.MustCompile(`^none`),
	"visibility": regexp.MustCompile(`^(hidden|collapse)`),
	"font-size":  regexp.MustCompile(`^(0|[01]px|0?\.[0-9]+p[xt])($|[^0-9.]|px|pt|em|%)`),
	"opacity":    regexp.MustCompile(`^(0|0?\.0[0-9]*|0%)$`),
	"max-height": regexp.MustCompile(`^0(px|pt|em)?$`),
	"mso-hide":   regexp.MustCompile(`^all`),
}

// read reads the declarations of a style attribute.
func (s *style) read(value []byte) {
	for declaration := range strings.SplitSeq(strings.ToLower(string(value)), ";") {
		property, setting, _ := strings.Cut(declaration, ":")
		property = strings.TrimSpace(property)
		setting = strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(setting), "!important"))
		if hides := hiding[property]; hides != nil && hides.MatchString(setting) {
			s.hides = true
		}
		if strings.HasPrefix(property, "border-top") {
			s.container = prefer(s.container, containers.find("style ", []byte(strings.ReplaceAll(property+":"+setting, " ", ""))))
		}
		switch property {
		case "color":
			s.white = isWhite(setting)
		case "background", "background-color":
			s.coloured = !isWhite(setting) && !strings.HasPrefix(setting, "transparent") && !strings.HasPrefix(setting, "none")
		case "white-space":
			s.pre = strings.HasPrefix(setting, "pre") || setting == "break-spaces"
		case "margin":
			s.tight = isTight(strings.Fields(setting))
		case "border", "border-left":
			// Gmail's indent button writes a blockquote without a border.
			s.indent = strings.HasPrefix(setting, "none")
		}
	}
}

// styleSheet holds the selectors of classes and ids that are not shown.
type styleSheet map[string]bool

// read reads the rules of a style element. Those inside @media and the like
// are passed over: they hide on some screens what others show.
func (sheet styleSheet) read(text string) {
	for {
		selectors, rest, found := strings.Cut(text, "{")
		if !found {
			return
		}
		if strings.Contains(selectors, "@") {
			text = afterBlock(rest)
			continue
		}
		declarations, next, _ := strings.Cut(rest, "}")
		var s style
		s.read([]byte(declarations))
		for _, selector := range strings.Split(selectors, ",") {
			if s.hides {
				sheet.hide(strings.TrimSpace(selector))
			}
		}
		text = next
	}
}

// hide takes in a selector of one class or id, with or without the name of
// an element before it. Others depend on where an element stands.
func (sheet styleSheet) hide(selector string) {
	const enough = 200
	mark := strings.IndexAny(selector, ".#")
	if mark >= 0 && !strings.ContainsAny(selector[mark+1:], ".#:>[ +~*") && len(sheet) < enough {
		sheet[selector[mark:]] = true
	}
}

// afterBlock returns what follows the brace that ends the block at hand.
func afterBlock(text string) string {
	depth := 1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return text[i+1:]
			}
		}
	}
	return ""
}

// isTight reads a margin: its first value is the top, its third the bottom.
func isTight(margin []string) bool {
	return len(margin) > 0 && margin[0][0] == '0' && (len(margin) < 3 || margin[2][0] == '0')
}

func isWhite(colour string) bool {
	switch strings.ReplaceAll(colour, " ", "") {
	case "white", "#fff", "#ffffff", "rgb(255,255,255)", "#fefefe", "rgba(255,255,255,1)":
		return true
	}
	return false
}

var metaCharsetPattern = regexp.MustCompile(`(?i)<meta[^>]{0,200}charset\s*=\s*["']?([a-z0-9_-]+)`)

// metaCharset returns the charset that HTML names for itself in its first
// kilobyte, where browsers look for it, too.
func metaCharset(source []byte) string {
	found := metaCharsetPattern.FindSubmatch(source[:min(len(source), 1024)])
	if found == nil {
		return ""
	}
	return string(found[1])
}
