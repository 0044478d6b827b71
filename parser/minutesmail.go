package parser

import (
	"path"
	"regexp"
	"strings"
	"time"

	"minuted/parser/minutes"
)

// replyMark is how the subject of an answer begins.
var replyMark = regexp.MustCompile(`(?i)^\s*(?:re|aw|sv|vs|antw|antwort|rép|ref|rv|odp|r|回复|答复|回覆)\s*(?:\[\d+\])?\s*[:：]`)

// readMinutes sets Minutes where a mail holds the minutes of a call: in a
// file, or in its own words. Having points is not enough, any list has those:
// a text must also look like minutes, by the subject, by the name of its file
// or by its dated headings and labels. What somebody forwards or quotes are
// the minutes of somebody else, and what answers minutes is none.
func readMinutes(m *Mail, html string, o Options) {
	if m.Automatic {
		return
	}
	r := minutesReader{options: o, day: standInDay(m, o)}
	subject := r.subject(m.Subject)
	for _, a := range m.Attachments {
		if isMinutesFile(a) && (r.read(a.Data, a.Name, r.subject(a.Name)) || r.read(a.Data, a.Name, subject)) {
			m.Minutes, m.Reasons["minutes"] = &r.page, "the file "+a.Name+" looks like minutes"
			return
		}
	}
	answers := len(m.InReplyTo) > 0 || replyMark.MatchString(m.Subject)
	if len(m.Forwards) == 0 && r.read([]byte(ownText(m, html, answers)), "", subject) {
		m.Minutes, m.Reasons["minutes"] = &r.page, "its text looks like minutes"
	}
}

// standInDay returns the day that stands in for a date that the text lacks, or "".
func standInDay(m *Mail, o Options) string {
	day := o.Base
	if day.IsZero() {
		day = m.Date
	}
	if day.IsZero() {
		return ""
	}
	return day.Format(time.DateOnly)
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
	day     string
	page    minutes.Page
}

// subject says "minutes" where the team's own word for them stands.
func (r *minutesReader) subject(subject string) string {
	for _, word := range r.options.Minutes {
		if word != "" && strings.Contains(strings.ToLower(subject), strings.ToLower(word)) {
			return "minutes"
		}
	}
	return subject
}

// read reads text and says whether it is minutes.
func (r *minutesReader) read(text []byte, name, subject string) bool {
	if !minutes.Looks(text, subject) {
		return false
	}
	r.page = minutes.Read(text, minutes.Options{Name: name, Date: r.day, People: r.options.People})
	return points(r.page) > 0
}

// points counts what the meetings of a page hold.
func points(page minutes.Page) int {
	n := 0
	for _, meeting := range page.Meetings {
		n += len(meeting.Topics) + len(meeting.Decisions) + len(meeting.Actions)
	}
	return n
}
