package parser

import (
	"strings"
	"unicode"
)

// footer is what a line is that ends the sender's own words.
type footer int

const (
	noFooter    footer = iota
	footerLine         // this line only
	footerBlock        // this line and what is below it, up to the next quote
)

var (
	signatureTable = readTable("signatures")
	deviceLines    = newDeviceLines(signatureTable)
	deviceThings   = newWordSet(signatureTable, "thing")
	listLines      = newOpenings(signatureTable, "list")
	legalLines     = newOpenings(signatureTable, "legal")
	boilerLines    = newOpenings(signatureTable, "boiler")
	lawyerWords    = newPhrases(signatureTable, "lawyer")
	bannerLines    = newOpenings(signatureTable, "banner")
	stampLines     = newOpenings(signatureTable, "stamp")
	mailWords      = newPhrases(signatureTable, "letter")
	cautionLines   = newOpenings(signatureTable, "caution")
	outsideWords   = newPhrases(signatureTable, "outside")
	closingLines   = newOpenings(signatureTable, "closing")
	answerWords    = newWordSet(signatureTable, "answer")
	deviceStems    = newWordSet(signatureTable, "stem")
)

// footerAt says whether the own words end on line i.
func (r *replyReader) footerAt(i, end int) footer {
	text := r.at(i)
	if text == "" {
		return noFooter
	}
	lead := leadOf(strings.TrimLeft(text, "<(*_[ "))
	switch {
	case isDelimiter(text):
		return footerBlock
	case r.said && isFooterRule(text) && r.fewBelow(i, end):
		return footerBlock
	case (lead&leadDevice != 0 || endsInDevice(text)) && isDeviceLine(text):
		if !r.said {
			return footerLine // some programs write it on top
		}
		return footerBlock
	case lead&leadFooter == 0:
		return noFooter
	case (r.said || r.quoted.Len() > 0) && listLines.match(strings.TrimLeft(text, "<(*_[ ")):
		return footerBlock
	case r.opensParagraph(i) && r.isLegal(i, strings.TrimLeft(text, "*_ ")):
		return footerBlock
	}
	return noFooter
}

// isLegal says whether a company put the paragraph there that begins with
// text on line i.
func (r *replyReader) isLegal(i int, text string) bool {
	return legalLines.match(text) || boilerLines.match(text) && r.mentions(i, r.paragraphEnd(i), lawyerWords)
}

// isDelimiter knows the line in front of a signature: "-- " (RFC 3676
// section 4.3), which many programs strip of its blank, and the dash that
// GitHub and phones write.
func isDelimiter(text string) bool {
	return text == "--" || text == "—" || text == "––" || text == "——"
}

// isFooterRule knows the rules that lists (Mailman: 47 underscores), gateways
// and people draw in front of a footer. Dashes are left out: people draw
// tables with them.
func isFooterRule(text string) bool {
	if len(text) < 5 || text[0] < 0x80 && strings.IndexByte("_*.-", text[0]) < 0 || strings.Trim(text, "*") == "" {
		return false
	}
	switch {
	case strings.Trim(text, "_") == "", strings.Trim(text, "*. ") == "", strings.Trim(text, "—") == "":
		return true
	}
	return strings.HasPrefix(text, "-=-=") && strings.Trim(text, "-=") == "" // groups.io
}

// fewBelow says whether so little stands below a rule, up to the next quote,
// that it is a footer and no chapter. One that ends with closing words and a
// name is the second half of an answer.
func (r *replyReader) fewBelow(i, end int) bool {
	const few = 15
	lines := 0
	for i++; i < end && r.depth(i) == 0 && lines <= few; i++ {
		if r.markFrom(i) != nil {
			break
		}
		if lines > 0 && closingLines.match(r.at(i)) && len(r.at(i)) < 40 {
			return false
		}
		if !r.blank(i) {
			lines++
		}
	}
	return lines <= few
}

// opensParagraph says whether nothing stands right above line i.
func (r *replyReader) opensParagraph(i int) bool {
	return r.said && (i == 0 || r.blank(i-1) || isRule(r.at(i-1)))
}

// skipBanner skips the warnings that gateways put above a mail from outside,
// each up to the next blank line.
func (r *replyReader) skipBanner(first, end int) int {
	const most = 3
	i := first
	for range most {
		for i < end && r.blank(i) {
			i++
		}
		last := r.bannerEnd(i, end)
		if last == i {
			break
		}
		i = last
	}
	if i == end {
		return first // nothing but a warning: somebody wrote it
	}
	return i
}

// bannerEnd returns the line behind a banner that begins on line i, or i.
// Proofpoint sets words of its own around one, the last behind blank lines.
func (r *replyReader) bannerEnd(i, end int) int {
	if i == end || r.depth(i) > 0 {
		return i
	}
	text := strings.TrimLeftFunc(r.at(i), isOrnament)
	last := min(r.paragraphEnd(i), end)
	switch {
	case bannerLines.match(text):
	case stampLines.match(text) && isStamp(r.at(i), text):
	case cautionLines.match(text) && r.mentions(i, last, outsideWords) && r.mentions(i, last, mailWords):
	default:
		return i
	}
	const start, stop, longest = "BannerStart", "BannerEnd", 30
	if strings.HasSuffix(text, start) {
		for at := last; at < end && at < i+longest; at++ {
			if strings.HasSuffix(r.at(at), stop) {
				return at + 1
			}
		}
	}
	return last
}

// isStamp says whether words that people use as well stand as gateways put
// them: with an ornament in front, in capitals, or alone on their line.
func isStamp(line, text string) bool {
	const alone = 3
	first := firstWord(text)
	return len(text) < len(line) || len(first) > 2 && first == strings.ToUpper(first) || strings.Count(text, " ") < alone
}

// paragraphEnd returns the first line from i on that is blank.
func (p *prose) paragraphEnd(i int) int {
	for i < len(p.lines) && !p.blank(i) {
		i++
	}
	return i
}

// mentions says whether one of some phrases stands in lines.
func (p *prose) mentions(i, end int, list phrases) bool {
	for ; i < end; i++ {
		if _, found := list.find(lexWords(clip(p.at(i), maxValue))); found.entry != nil {
			return true
		}
	}
	return false
}

// isOrnament says whether a rune in front of a warning only draws the eye.
func isOrnament(r rune) bool {
	return r < 0x80 && !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '#' || unicode.IsSymbol(r) || r == 0xfe0f || isInvisible(r)
}

// openings knows lines by how they begin, by their first word.
type openings map[string][]string

func newOpenings(table []entry, kind string) openings {
	index := openings{}
	for _, e := range table {
		if e.kind != kind {
			continue
		}
		for _, words := range e.words {
			words = lower(words)
			first := firstWord(words)
			index[first] = append(index[first], words)
		}
	}
	return index
}

func (o openings) match(text string) bool {
	const enough = 80
	if len(text) > enough {
		text = strings.ToValidUTF8(text[:enough], "")
	}
	if o[lower(firstWord(text))] == nil {
		return false
	}
	text = lower(text)
	for _, words := range o[firstWord(text)] {
		if strings.HasPrefix(text, words) {
			return true
		}
	}
	return false
}

// deviceLine is how a program names the device it ran on: words before and
// behind the name.
type deviceLine struct{ before, behind string }

// deviceIndex finds device lines by their first word; those that begin with
// the name of the device stand under "".
type deviceIndex map[string][]deviceLine

func newDeviceLines(table []entry) deviceIndex {
	index := deviceIndex{}
	for _, e := range table {
		if e.kind != "device" {
			continue
		}
		for _, words := range e.words {
			before, behind, _ := strings.Cut(lower(words), "…")
			line := deviceLine{strings.TrimSpace(before), strings.TrimSpace(behind)}
			first := firstWord(line.before)
			if strings.IndexFunc(first, isWide) >= 0 {
				first = "" // no blanks, no words
			}
			index[first] = append(index[first], line)
		}
	}
	return index
}

// endsInDevice says whether a line may name a device though its first word
// does not say so: in Hungarian and Turkish the name comes first, and East
// Asian scripts have no first word.
func endsInDevice(text string) bool {
	if len(text) > 3*maxDevice {
		return false
	}
	text = deviceText(text)
	if text == "" || len(text) > maxDevice {
		return false
	}
	return text[0] >= 0xe1 || text[len(text)-1] >= 0x80 && strings.IndexFunc(text, isWide) >= 0 || deviceEnds[lower(finalWord(text))]
}

// deviceText takes the link and the brackets off a line of a device.
func deviceText(text string) string {
	return strings.Trim(dropLink(text), "<>()*_[] .\u200f\u200e")
}

var deviceEnds = newDeviceEnds()

func newDeviceEnds() map[string]bool {
	ends := map[string]bool{"mobile": true}
	for _, line := range deviceLines[""] {
		ends[finalWord(line.behind)] = true
	}
	return ends
}

func isWide(r rune) bool { return r >= 0x1100 }

func newWordSet(table []entry, kind string) map[string]bool {
	set := map[string]bool{}
	for _, e := range table {
		if e.kind == kind {
			for _, word := range e.words {
				set[lower(word)] = true
			}
		}
	}
	return set
}

// maxDevice is the longest line of a device, without its link.
const maxDevice = 90

// isDeviceLine says whether a program wrote a line to name itself.
func isDeviceLine(text string) bool {
	text = deviceText(text)
	if text == "" || len(text) > maxDevice {
		return false
	}
	text = lower(text)
	for _, lines := range [][]deviceLine{deviceLines[firstWord(text)], deviceLines[""]} {
		for _, line := range lines {
			if line.match(text) {
				return true
			}
		}
	}
	return strings.HasSuffix(text, " from mobile") && strings.Count(text, " ") < 4
}

// dropLink drops the link to the program at or behind its name. What follows
// is dropped with it, except for the few words that some languages end with.
func dropLink(text string) string {
	for _, mark := range []string{"<http", "(http", "http"} {
		at := strings.Index(text, mark)
		if at <= 0 {
			continue
		}
		const few = 60
		shut := strings.IndexByte(text[at:], '>')
		if mark == "<http" && shut > 0 && len(text)-at-shut < few {
			return strings.TrimSpace(text[:at]) + " " + strings.TrimSpace(text[at+shut+1:])
		}
		text = text[:at]
	}
	return text
}

// match says whether text is the line, with a device or a program named in
// it. People write "Sent from my desk", too: what is named must be known, or
// be short and look like a product, with a digit.
func (l deviceLine) match(text string) bool {
	if !strings.HasPrefix(text, l.before) || !strings.HasSuffix(text, l.behind) || len(text) < len(l.before)+len(l.behind) {
		return false
	}
	name := strings.TrimSpace(text[len(l.before) : len(text)-len(l.behind)])
	if name == "" {
		return l.behind != "" || strings.Contains(l.before, " ")
	}
	if end := strings.IndexAny(name, ",.!?;"); end > 0 {
		name = name[:end] // "… please excuse any typos"
	}
	words := lexWords(name)
	for i, word := range words {
		if i < 6 && (deviceThings[word] || hasThing(word)) {
			return true
		}
	}
	return len(words) < 6 && hasDigit(name)
}

// hasThing finds names with endings: iPhonesta, iPhone'umdan, iPhonu, 华为手机.
func hasThing(word string) bool {
	for stem := range deviceStems {
		if strings.Contains(word, stem) {
			return true
		}
	}
	return false
}
