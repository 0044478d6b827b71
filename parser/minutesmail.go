package parser

import (
	"path"
	"regexp"
	"strings"

	"minuted/parser/minutes"
)

// minutesWords are what the subject of minutes, or the name of their file,
// says, by language. A word that also means something else (notes, protocol)
// stands here with the words that make it minutes.
var minutesWords = []string{
	"meeting minutes", "minutes of", "minutes from", "minutes for", "minutes:", "minutes -", "minutes_", "minutes-", // English
	"meeting notes", "call notes", "notes from", "notes of the", "sync notes", "standup notes", "meeting record", "meeting summary",
	"sitzungsprotokoll", "besprechungsprotokoll", "gesprächsprotokoll", "protokoll vom", "protokoll der", "protokoll des", "protokoll zu", // German
	"compte rendu", "compte-rendu", "procès-verbal", "procès verbal", "relevé de décisions", // French
	"notulen", "verslag van", // Dutch
	"acta de", "acta del", "minuta de", "minuta da", "ata da", "ata de", "resumen de la reunión", // Spanish, Portuguese
	"verbale del", "verbale della", "verbale riunione", // Italian
	"mötesprotokoll", "mötesanteckningar", "møtereferat", "referat fra", "mødereferat", "pöytäkirja", "kokousmuistio", // Nordic
	"protokół z", "notatka ze spotkania", "zápis z", "zápis ze", // Polish, Czech
	"протокол встречи", "протокол совещания", // Russian
	"議事録", "会议纪要", "會議記錄", "회의록", // Japanese, Chinese, Korean
}

// aloneWord is "minutes" as the subject's first or last word. A number before
// it makes it a length of time.
var aloneWord = regexp.MustCompile(`(?i)^(?:draft\s+)?minutes\b|(?:^|[^\d\s]\s+)minutes$`)

// lengths before "minutes" that no digit gives away.
var lengths = regexp.MustCompile(`(?i)\b(?:few|couple of|two|three|five|ten|fifteen|twenty|thirty|sixty|last|spare|many|some|more|\d+)\s+minutes\b`)

// replyMark is how the subject of an answer begins, whatever it answers.
var replyMark = regexp.MustCompile(`(?i)^\s*(?:re|aw|sv|vs|antw|antwort|rép|ref|rv|odp|r|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:：]`)

// headingLine shows that a text has chapters: markdown marks, or a line that
// is underlined.
var headingLine = regexp.MustCompile(`(?m)^#{1,6}\s+\S|^(?:={3,}|-{3,})\s*$`)

// readMinutes sets Minutes where a mail holds the minutes of a call: in a
// file, or in its own words. Having topics and actions is not enough, any list
// has those: it must also say that it is minutes, by its subject, by the name
// of the file, or by a dated heading. What somebody forwards or quotes are the
// minutes of somebody else, and what answers minutes is none.
func readMinutes(m *Mail, html string, o Options) {
	if m.Automatic {
		return
	}
	r := minutesReader{options: o, base: m.Date.Format("2006-01-02")}
	if !o.Base.IsZero() {
		r.base = o.Base.Format("2006-01-02")
	}
	answers := len(m.InReplyTo) > 0 || replyMark.MatchString(m.Subject)
	named := !answers && r.says(m.Subject)
	for _, a := range m.Attachments {
		if isMinutesFile(a) && r.read(string(a.Data), a.Name, named || r.says(a.Name)) {
			m.Minutes, m.Reasons["minutes"] = &r.page, "the file "+a.Name+" holds minutes: "+r.why
			return
		}
	}
	if len(m.Forwards) == 0 && r.read(ownText(m, html, answers), "", named) {
		m.Minutes, m.Reasons["minutes"] = &r.page, "its text is minutes: "+r.why
	}
}

// ownText returns the words in which minutes may stand. An answer is read
// without what it quotes; other mail whole, and HTML with its headings and
// links, which minutes live by.
func ownText(m *Mail, html string, answers bool) string {
	switch {
	case answers:
		return m.Reply
	case html != "":
		return renderMarkdown(html).text
	}
	return m.Text
}

// isMinutesFile knows the files that minutes come in.
func isMinutesFile(a Attachment) bool {
	switch strings.ToLower(path.Ext(a.Name)) {
	case ".md", ".markdown", ".txt":
		return len(a.Data) > 0
	case "":
		return a.Type == "text/markdown" && len(a.Data) > 0
	}
	return false
}

// minutesReader reads texts that may be minutes, until one is.
type minutesReader struct {
	options Options
	base    string // the day that stands in for a date that the text lacks
	page    minutes.Page
	why     string
}

// says tells whether a subject or file name says minutes.
func (r *minutesReader) says(name string) bool {
	name = strings.ToLower(strings.TrimSpace(name))
	for _, word := range r.options.Minutes {
		if word != "" && strings.Contains(name, strings.ToLower(word)) {
			return true
		}
	}
	if strings.HasSuffix(name, "?") || lengths.MatchString(name) {
		return false
	}
	for _, word := range minutesWords {
		if strings.Contains(name, word) {
			return true
		}
	}
	return aloneWord.MatchString(strings.TrimSuffix(name, path.Ext(name)))
}

// read reads text and says whether it is minutes.
func (r *minutesReader) read(text, name string, named bool) bool {
	if !named && !headingLine.MatchString(text) {
		return false
	}
	o := minutes.Options{Name: name, People: r.options.People}
	page := minutes.Read([]byte(text), o)
	points, dated := weigh(page)
	switch {
	case named && points > 0:
		r.why = "it is named so, and has topics or actions"
	case dated && points > 1:
		r.why = "a dated heading with topics or actions below it"
	default:
		return false
	}
	if !dated {
		o.Date = r.base
		page = minutes.Read([]byte(text), o)
	}
	r.page = page
	return true
}

// weigh counts what a page holds, and says whether each of its meetings knows
// its day by a heading.
func weigh(page minutes.Page) (points int, dated bool) {
	dated = len(page.Meetings) > 0
	for _, meeting := range page.Meetings {
		points += len(meeting.Topics) + len(meeting.Decisions) + len(meeting.Actions)
		dated = dated && meeting.Date != "" && meeting.Heading != ""
	}
	return points, dated
}
